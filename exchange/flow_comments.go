package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// addComment keeps a comment and gives its place, -1 when there are too many.
func (f *flow) addComment(author, at, text string) int {
	if f.said += len(text); f.said > maxSaid || len(f.comments) >= maxComments {
		f.warn("comments_left_out", "This file has more comments than can be kept. The last ones are left out.")
		return -1
	}
	if text = strings.TrimSpace(norm.NFC.String(text)); text == "" {
		return -1
	}
	f.comments = append(f.comments, placedComment{
		Comment: Comment{Start: -1, End: -1, Author: oneLine(author), At: timeOf(at), Text: text}, point: -1,
	})
	return len(f.comments) - 1
}

// placeComment notes a place that was found for a comment.
func (f *flow) placeComment(a anchor, at int) {
	c := &f.comments[a.of]
	switch {
	case a.kind == anchorStart && c.Start < 0:
		c.Start = at
	case a.kind == anchorEnd:
		c.End = at
	case a.kind == anchorPoint && c.point < 0:
		c.point = at
	}
}

// settle gives the comments that have a place, each on words: one at a mere point is on its block.
func (f *flow) settle(c models.Content) []Comment {
	if len(f.comments) == 0 || len(c.Blocks) == 0 {
		return nil
	}
	text := words{points: []rune(c.Text)}
	var settled []Comment
	for _, placed := range f.comments {
		comment := placed.Comment
		if comment.Start < 0 || comment.End < 0 {
			at := max(placed.point, comment.Start, comment.End)
			if at < 0 {
				continue
			}
			comment.Start, comment.End = at, at
		}
		at := comment.Start
		s := text.inner(span{min(at, len(text.points)), min(max(at, comment.End), len(text.points))})
		if s.start == s.end {
			i, found := slices.BinarySearchFunc(c.Blocks, at, func(b models.Block, at int) int { return cmp.Compare(b.Start, at) })
			if !found && i > 0 {
				i--
			}
			i = min(i, len(c.Blocks)-1)
			s = text.inner(span{c.Blocks[i].Start, c.Blocks[i].End})
		}
		comment.Start, comment.End = s.start, s.end
		settled = append(settled, comment)
	}
	slices.SortStableFunc(settled, func(a, b Comment) int { return cmp.Compare(a.Start, b.Start) })
	return settled
}

// oneLine gives a name or title as it is kept: one line, not too long, empty when it is no text.
func oneLine(s string) string {
	if len(s) > 100*models.MaxName {
		return ""
	}
	s, err := Normalise(s)
	if err != nil {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	if points := []rune(s); len(points) > models.MaxName {
		s = strings.TrimRightFunc(string(points[:models.MaxName]), unicode.IsSpace)
	}
	return s
}

// timeOf reads a time as documents have it, the zero time when it is none. Where no zone is named, it is
// taken for UTC.
func timeOf(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// languageOf gives a language tag when it is one.
func languageOf(s string) string {
	if s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-"); len(s) < 36 && languageTag.MatchString(s) {
		return s
	}
	return ""
}
