package meili

import (
	"context"
	"fmt"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// picture is what the store says the documents of some units should be, by index. It covers the first
// units of those asked for: as many as are good to have in memory at once, at least one.
type picture struct {
	units   int
	entries map[target][]*entry
}

// most bounds a list that has no bound of its own.
const most = 10_000_000

// picture reads the store. What is in the bin, purged or merged away has no documents. What only one
// person may see goes to that person's index.
func (s *syncer) picture(ctx context.Context, space models.ID, units []unit) (*picture, error) {
	p := &picture{units: len(units), entries: map[target][]*entry{}}
	ids := map[models.Noun][]models.ID{}
	for _, u := range units {
		ids[u.noun] = append(ids[u.noun], u.id)
	}
	if asked := ids[models.NounNote]; len(asked) > 0 {
		notes, err := s.store.Notes().All(ctx, space, coding.Query{Where: coding.Where{"_id": asked}}, len(asked))
		if err != nil {
			return nil, fmt.Errorf("read notes: %w", err)
		}
		length := map[models.ID]int{}
		for _, n := range notes {
			length[n.ID] = n.Length
		}
		sum := 0
		for i, u := range units {
			sum += length[u.id]
			if sum > chunkPoints && i > 0 {
				return s.picture(ctx, space, units[:i])
			}
		}
		if err := s.notes(ctx, space, asked, notes, p); err != nil {
			return nil, err
		}
	}
	if asked := ids[models.NounMemo]; len(asked) > 0 {
		memos, err := s.store.Memos().All(ctx, space, coding.Query{Where: coding.Where{"_id": asked}}, len(asked))
		if err != nil {
			return nil, fmt.Errorf("read memos: %w", err)
		}
		for _, m := range memos {
			p.add(memoTarget(m, nil), memoEntry(m, nil))
		}
	}
	if asked := ids[models.NounCode]; len(asked) > 0 {
		codes, err := s.store.Codes().All(ctx, space, coding.Query{Where: coding.Where{"_id": asked}}, len(asked))
		if err != nil {
			return nil, fmt.Errorf("read codes: %w", err)
		}
		for _, c := range codes {
			if c.MergedInto == "" {
				p.add(target{space: space}, codeEntry(c))
			}
		}
	}
	return p, nil
}

func (p *picture) add(t target, e ...*entry) { p.entries[t] = append(p.entries[t], e...) }

// layers gives those whose codings, memos and comments can be found: the open one, and the rounds that are revealed.
// What hangs on notes in a blind or locked round is in no index, not even in its author's.
func (s *syncer) layers(ctx context.Context, space models.ID) ([]models.Layer, error) {
	rounds, err := s.store.RoundLayers(ctx, space)
	if err != nil {
		return nil, fmt.Errorf("read rounds: %w", err)
	}
	layers := []models.Layer{models.LayerOpen}
	for _, r := range rounds {
		if r.State == models.RoundRevealed {
			layers = append(layers, r.Layer())
		}
	}
	return layers, nil
}

// notes adds the passages, memos and comments of live notes.
func (s *syncer) notes(ctx context.Context, space models.ID, asked []models.ID, notes []*models.Note, p *picture) error {
	layers, err := s.layers(ctx, space)
	if err != nil {
		return err
	}
	on := coding.Where{"noteId": asked}
	memos, err := s.store.Memos().All(ctx, space, coding.Query{Where: on}, most)
	if err != nil {
		return fmt.Errorf("read memos: %w", err)
	}
	// In the order of the index over them, which needs no sorting.
	codings, err := s.store.Codings().All(ctx, space, coding.Query{
		Where: coding.Where{"noteId": asked, "layer": layers}, Order: []string{"noteId", "layer", "anchor.start", "anchor.end", "codeId", "coderId"},
	}, most)
	if err != nil {
		return fmt.Errorf("read codings: %w", err)
	}
	comments, err := s.store.Comments().All(ctx, space, coding.Query{Where: coding.Where{"noteId": asked, "layer": layers, "kind": models.CommentWords}}, most)
	if err != nil {
		return fmt.Errorf("read comments: %w", err)
	}
	standing := make(map[models.ID]bool, len(codings))
	byNote := map[models.ID][]*models.Coding{}
	for _, c := range codings {
		standing[c.ID] = true
		byNote[c.NoteID] = append(byNote[c.NoteID], c)
	}
	live := map[models.ID]*models.Note{}
	for _, n := range notes {
		live[n.ID] = n
		if err := s.note(ctx, n, byNote[n.ID], p); err != nil {
			return err
		}
	}
	for _, m := range memos {
		if n := live[m.NoteID]; n != nil && slices.Contains(layers, m.Layer.OrOpen()) {
			p.add(memoTarget(m, n), memoEntry(m, n))
		}
	}
	for _, c := range comments {
		if n := live[c.NoteID]; n != nil && standing[c.CodingID] {
			p.add(noteTarget(n), commentEntry(c, n))
		}
	}
	return nil
}

// note adds the passages of one note.
func (s *syncer) note(ctx context.Context, n *models.Note, codings []*models.Coding, p *picture) error {
	var read *coding.Text
	text := func() (*coding.Text, error) {
		if read == nil {
			t, err := s.store.Text(ctx, n.ID, n.TextVersion)
			if err != nil {
				return nil, err
			}
			read = coding.NewText(t)
		}
		return read, nil
	}
	id := coding.TextID(n.ID, n.TextVersion)
	passages, ok := s.cuts.GetIfPresent(id)
	if !ok {
		t, err := text()
		if models.KindOf(err) == models.KindNotFound {
			return nil // purged between the two reads: the event is on its way
		}
		if err != nil {
			return fmt.Errorf("read text %s: %w", id, err)
		}
		passages = coding.Passages(t.Text)
		s.cuts.Set(id, passages)
	}
	here := codings[:0:0]
	for _, c := range codings {
		if c.Anchor.TextVersion == n.TextVersion { // else it is about to be carried there
			here = append(here, c)
		}
	}
	p.add(noteTarget(n), passageEntries(n, passages, here, text)...)
	return nil
}

// noteTarget gives the index of a note's passages and comments: its author's while it is a draft, and that of
// the submission whose people brought it.
func noteTarget(n *models.Note) target { return target{n.SpaceID, n.Scope().Audience} }

// memoTarget gives the index of a memo: its author's while it is private, or while its note is a draft.
func memoTarget(m *models.Memo, n *models.Note) target {
	switch {
	case m.Private:
		return target{m.SpaceID, m.AuthorID}
	case n != nil:
		return noteTarget(n)
	}
	return target{space: m.SpaceID}
}
