package coding

import (
	"context"
	"fmt"

	"feltbog/models"
)

// Two codings by one coder with one code on the same words are the same coding: twins. They come
// about when an edit of a text, a merge of codes or a coding's own change leads one to where the other
// lies. Then they fall together: one stays, and what hung on the other hangs on it.

// twin finds the coding by the same coder with the same code on the very words of c; nil if there is
// none. One whose words are gone lies nowhere in particular, so it has none and is none.
func (s *Service) twin(ctx context.Context, space models.ID, c *models.Coding) (*models.Coding, error) {
	if c.Review {
		return nil, nil //nolint:nilnil // no twin is an answer
	}
	there, err := s.store.Codings().All(ctx, space, Query{Where: Where{
		"layer": c.Layer, "noteId": c.NoteID, "codeId": c.CodeID, "coderId": c.CoderID, "review": false,
		"anchor.start": c.Anchor.Start, "anchor.end": c.Anchor.End, "anchor.textVersion": c.Anchor.TextVersion,
	}}, 2)
	for _, t := range there {
		if t.ID != c.ID {
			return t, err
		}
	}
	return nil, err
}

// join lets a coding, as it is stored, fall together with its twin. It goes into the bin as it lies, so
// that undo can bring it back; its memos, links and comments, whoever wrote them, go over to the twin.
func (s *Service) join(ctx context.Context, w *work, c, twin *models.Coding) error {
	if w.batch == "" {
		w.batch = models.NewID() // one deed, undone as one
	}
	n, err := s.store.Notes().FindAny(ctx, w.space, c.NoteID)
	if err != nil {
		return err
	}
	audience := n.Scope().Audience
	binned := *c
	binned.DeletedAt, binned.DeletedBy = &w.at, w.actor.UserID
	if err := rewrite(ctx, s, w, codings, c, &binned, models.VerbDeleted, audience); err != nil {
		return err
	}
	if err := s.store.Count(ctx, usageOf(c), -1); err != nil {
		return err
	}
	for _, bin := range []bool{false, true} {
		if err := s.moveMemos(ctx, w, c.ID, twin.ID, bin, audience); err != nil {
			return err
		}
		if err := s.moveLinks(ctx, w, c.ID, twin.ID, bin, audience); err != nil {
			return err
		}
		if err := s.moveComments(ctx, w, c.ID, twin.ID, bin, audience); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) moveMemos(ctx context.Context, w *work, from, to models.ID, bin bool, audience models.ID) error {
	for {
		found, err := s.store.Memos().All(ctx, w.space, Query{Where: Where{"target.id": from}, Bin: bin}, models.MaxBatch)
		if err != nil {
			return err
		}
		for _, m := range found {
			moved := *m
			moved.Target.ID = to
			if err := rewrite(ctx, s, w, memos, m, &moved, models.VerbUpdated, audience); err != nil {
				return err
			}
		}
		if len(found) < models.MaxBatch {
			return nil
		}
	}
}

func (s *Service) moveComments(ctx context.Context, w *work, from, to models.ID, bin bool, audience models.ID) error {
	for {
		found, err := s.store.Comments().All(ctx, w.space, Query{Where: Where{"codingId": from}, Bin: bin}, models.MaxBatch)
		if err != nil {
			return err
		}
		for _, c := range found {
			moved := *c
			moved.CodingID = to
			if err := rewrite(ctx, s, w, comments, c, &moved, models.VerbUpdated, audience); err != nil {
				return err
			}
		}
		if len(found) < models.MaxBatch {
			return nil
		}
	}
}

func (s *Service) moveLinks(ctx context.Context, w *work, from, to models.ID, bin bool, audience models.ID) error {
	for {
		found, err := s.store.Links().All(ctx, w.space, Query{Any: Where{"fromId": from, "toId": from}, Bin: bin}, models.MaxBatch)
		if err != nil {
			return err
		}
		for _, l := range found {
			moved, verb := *l, models.VerbUpdated
			if moved.FromID == from {
				moved.FromID = to
			}
			if moved.ToID == from {
				moved.ToID = to
			}
			if moved.FromID == moved.ToID && !bin { // it related the two that are one now
				verb, moved.DeletedAt, moved.DeletedBy = models.VerbDeleted, &w.at, w.actor.UserID
			}
			if err := rewrite(ctx, s, w, links, l, &moved, verb, audience); err != nil {
				return err
			}
		}
		if len(found) < models.MaxBatch {
			return nil
		}
	}
}

// rewrite stores a record as part of somebody's larger deed, with its event: neither its author nor
// what it refers to is asked about.
func rewrite[R models.Record](ctx context.Context, s *Service, w *work, k kind[R], is, next R, verb models.Verb, audience models.ID) error {
	head := next.Meta()
	head.Version, head.UpdatedAt = is.Meta().Version+1, w.at
	if err := s.heedRounds(ctx, w, verb, is.Image(), next); err != nil {
		return err
	}
	if err := k.records(s.store).Replace(ctx, next, is.Meta().Version); err != nil {
		return fmt.Errorf("rewrite %s %s: %w", is.Noun(), head.ID, err)
	}
	w.record(verb, is.Image(), next, audience)
	return nil
}

// isMove says whether an event is of a memo, link or comment that went over to the twin of its coding, or back.
// Nothing else changes what a memo is about, what a link relates or whose thread a comment is in.
func isMove(e *models.Event) bool {
	if e.Before == nil || e.After == nil || e.Batch == "" {
		return false
	}
	switch e.Noun {
	case models.NounMemo:
		return e.Before.Memo.Target != e.After.Memo.Target
	case models.NounLink:
		return e.Before.Link.FromID != e.After.Link.FromID || e.Before.Link.ToID != e.After.Link.ToID
	case models.NounComment:
		return e.Before.Comment.CodingID != e.After.Comment.CodingID
	}
	return false
}

// moveBack takes back one event of which isMove says so. It leaves alone what would hang on a coding
// that isn't there.
func (s *Service) moveBack(ctx context.Context, w *work, e *models.Event) error {
	var on []models.ID
	switch e.Noun {
	case models.NounMemo:
		on = []models.ID{e.Before.Memo.Target.ID}
	case models.NounComment:
		on = []models.ID{e.Before.Comment.CodingID}
	default:
		on = []models.ID{e.Before.Link.FromID, e.Before.Link.ToID}
	}
	for _, id := range on {
		if _, err := s.store.Codings().Find(ctx, w.space, id); isNotFound(err) {
			return errMovedOn
		} else if err != nil {
			return err
		}
	}
	switch e.Noun {
	case models.NounMemo:
		return putBack(ctx, s, w, memos, e, func(m *models.Memo) { m.Target = e.Before.Memo.Target })
	case models.NounComment:
		return putBack(ctx, s, w, comments, e, func(c *models.Comment) { c.CodingID = e.Before.Comment.CodingID })
	}
	return putBack(ctx, s, w, links, e, func(l *models.Link) {
		l.FromID, l.ToID = e.Before.Link.FromID, e.Before.Link.ToID
	})
}

func putBack[T any, R interface {
	*T
	models.Record
}](ctx context.Context, s *Service, w *work, k kind[R], e *models.Event, back func(R),
) error {
	r, err := k.records(s.store).FindAny(ctx, w.space, e.RecordID)
	if isNotFound(err) || (err == nil && r.Meta().Version != e.After.Record().Meta().Version) {
		return errMovedOn
	}
	if err != nil {
		return err
	}
	copied := *r
	next := R(&copied)
	back(next)
	was := e.Before.Record().Meta()
	verb := models.VerbUpdated
	switch head := next.Meta(); {
	case was.DeletedAt == nil && head.DeletedAt != nil:
		verb, head.DeletedAt, head.DeletedBy = models.VerbRestored, nil, ""
	case was.DeletedAt != nil && head.DeletedAt == nil:
		verb, head.DeletedAt, head.DeletedBy = models.VerbDeleted, &w.at, w.actor.UserID
	}
	return rewrite(ctx, s, w, k, r, next, verb, e.Audience)
}

// moves gives the events of a batch that are moves, also those that only another user may know of: a
// private memo goes with its coding, whoever moves that.
func (s *Service) moves(ctx context.Context, space, batch models.ID) ([]*models.Event, error) {
	all, err := s.wholeBatch(ctx, space, EventQuery{Everything: true, Batch: batch, Nouns: []models.Noun{models.NounMemo, models.NounLink, models.NounComment}})
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for _, e := range all {
		if isMove(e) {
			out = append(out, e)
		}
	}
	return out, nil
}
