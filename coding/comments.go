package coding

import (
	"context"
	"strings"

	"feltbog/models"
)

// maxQuoted is how many code points of the words it is on a memo made of a comment repeats.
const maxQuoted = 200

// noteComments makes shared memos on a note of the comments that stood in its file.
func (s *Service) noteComments(ctx context.Context, w *work, n *models.Note, c models.Content, comments []Comment) error {
	if len(comments) == 0 {
		return nil
	}
	text := NewText(&models.Text{Text: c.Text, Length: points(c.Text)})
	written := map[string]bool{}
	if n.TextVersion > 1 { // an earlier version had some of them
		old, err := s.store.Memos().All(ctx, w.space, Query{Where: Where{"target.id": n.ID}, Viewer: w.actor.Viewer()}, models.MaxBatch)
		if err != nil {
			return err
		}
		for _, m := range old {
			written[m.Text] = true
		}
	}
	var all []*models.Memo
	for _, comment := range comments {
		words := comment.memo(text)
		if written[words] {
			continue
		}
		written[words] = true
		all = append(all, &models.Memo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, AuthorID: w.actor.UserID, Text: words})
	}
	if len(all) == 0 {
		return nil
	}
	return memos.createAll(ctx, s, w, all...)
}

// memo is a comment as a memo says it: who, when, on which words, and what.
func (c *Comment) memo(t *Text) string {
	var head []string
	if c.Author != "" {
		head = append(head, oneLine(c.Author))
	}
	if !c.At.IsZero() {
		head = append(head, c.At.UTC().Format("2 January 2006"))
	}
	if start, end := max(c.Start, 0), min(c.End, t.Length); start < end {
		head = append(head, "on “"+cut(oneLine(t.Slice(start, end)), maxQuoted)+"”")
	}
	text := strings.TrimSpace(c.Text)
	if len(head) > 0 {
		text = strings.Join(head, ", ") + ": " + text
	}
	return cut(printable(text), models.MaxProse)
}

// printable leaves out the control characters that a memo can't have.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
