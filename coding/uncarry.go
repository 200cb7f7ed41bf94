package coding

import (
	"context"
	"errors"

	"feltbog/models"
)

// earlier is what an edit of a text did to codings, for an undo that writes the text before it again.
type earlier struct {
	// version is the text before the edit: the words are those again, so places in it hold.
	version int
	byID    map[models.ID]*models.Event
}

// earlierOf looks up what the edit that w undoes did to these codings; nil where w undoes none.
func (s *Service) earlierOf(ctx context.Context, w *work, all []*models.Coding) (*earlier, error) {
	if w.undoes == "" {
		return nil, nil //nolint:nilnil // nothing is undone
	}
	note, err := s.store.Events(ctx, w.space, EventQuery{Everything: true, Batch: w.undoes, Nouns: []models.Noun{models.NounNote}, Oldest: true}, models.Page{Limit: 1})
	if err != nil || len(note.Items) == 0 || !isTextEdit(note.Items[0]) {
		return nil, err
	}
	out := &earlier{version: note.Items[0].Before.Note.TextVersion, byID: map[models.ID]*models.Event{}}
	if len(all) == 0 {
		return out, nil
	}
	ids := make([]models.ID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	events, err := s.wholeBatch(ctx, w.space, EventQuery{Everything: true, Batch: w.undoes, RecordIDs: ids})
	for _, e := range events {
		out.byID[e.RecordID] = e
	}
	return out, err
}

// lead writes where a coding lay before the edit, in the text that has the same words again. It says
// no of one that was put or changed since: where that goes is for the comparison to tell.
func (e *earlier) lead(c *models.Coding, to int) bool {
	if e == nil || e.byID[c.ID] == nil {
		return false
	}
	before, after := e.byID[c.ID].Before, e.byID[c.ID].After
	if before == nil || after == nil || before.Coding == nil || after.Coding.Version != c.Version || before.Coding.Anchor.TextVersion != e.version {
		return false
	}
	quote := c.Anchor.Quote // an edit never changes it, and an event may hold only its ends
	c.Anchor, c.Review = before.Coding.Anchor, before.Coding.Review
	c.Anchor.Quote, c.Anchor.QuoteHash, c.Anchor.TextVersion = quote, "", to
	return true
}

// bringBack takes those codings out of the bin that fell together with a twin in the edit that w
// undoes, with their memos and links: up to models.MaxBatch, and says whether more are left.
func (s *Service) bringBack(ctx context.Context, w *work, n *models.Note, to *Text, was *earlier) (bool, error) {
	if was == nil {
		return false, nil
	}
	joined, err := s.wholeBatch(ctx, w.space, EventQuery{Everything: true, Batch: w.undoes, Nouns: []models.Noun{models.NounCoding}, Verb: models.VerbDeleted})
	if err != nil {
		return false, err
	}
	done := 0
	for _, e := range joined {
		back, err := s.part(ctx, w, n, to, was, e)
		if err != nil {
			return false, err
		}
		if back {
			done++
		}
		if done == models.MaxBatch {
			return true, nil
		}
	}
	moved, err := s.moves(ctx, w.space, w.undoes)
	if err != nil {
		return false, err
	}
	for _, e := range moved {
		if err := s.moveBack(ctx, w, e); err != nil && !errors.Is(err, errMovedOn) {
			return false, err
		}
	}
	return false, nil
}

// part takes one coding out of the bin that fell together with its twin. It leaves one that moved on
// since, whose code is gone, or whose place another has taken.
func (s *Service) part(ctx context.Context, w *work, n *models.Note, to *Text, was *earlier, e *models.Event) (bool, error) {
	if e.After == nil {
		return false, nil // purged
	}
	c, err := s.store.Codings().FindAny(ctx, w.space, e.RecordID)
	if isNotFound(err) || (err == nil && (c.DeletedAt == nil || c.Version != e.After.Coding.Version)) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	code, err := s.live(ctx, w.space, c.CodeID)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	back := *c
	back.DeletedAt, back.DeletedBy, back.CodeID = nil, "", code.ID
	if back.Anchor.TextVersion == was.version {
		back.Anchor.TextVersion = to.Version
	} else if back.Anchor, back.Review, err = s.carried(ctx, n.ID, to.Version, back.Anchor); err != nil {
		return false, err
	}
	if twin, err := s.twin(ctx, w.space, &back); err != nil || twin != nil {
		return false, err
	}
	if err := rewrite(ctx, s, w, codings, c, &back, models.VerbRestored, n.Scope().Audience); err != nil {
		return false, err
	}
	return true, s.store.Count(ctx, usageOf(&back), 1)
}
