package coding

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"feltbog/models"
)

// History lists what happened in a project, newest first, as far as the actor may know of it.
func (s *Service) History(ctx context.Context, actor models.Actor, space models.ID, q EventQuery, p models.Page) (models.List[*models.Event], error) {
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return models.List[*models.Event]{}, err
	}
	q.Layer = q.Layer.OrOpen()
	page, err := s.store.Events(ctx, space, v.events(q), p)
	// Notes in the bin are told of without what hung on them.
	for _, e := range page.Items {
		if e.Noun != models.NounNote && slices.Contains(v.hidden, e.NoteID) {
			e.Before, e.After = nil, nil
		}
	}
	return page, err
}

// event finds an event that the viewer may know of, in whatever layer.
func (s *Service) event(ctx context.Context, v sight, space, id models.ID) (*models.Event, error) {
	page, err := s.store.Events(ctx, space, v.events(EventQuery{ID: id}), models.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return nil, models.NotFound("event")
	}
	return page.Items[0], nil
}

// Undone tells what an undo did: the new events' batch or event, and the records it left alone
// because they had moved on.
type Undone struct {
	Events  int         `json:"events"` // how many changes were taken back
	Batch   models.ID   `json:"batch"`  // of the new events
	MovedOn []models.ID `json:"movedOn"`
}

// Undo takes back one event, or the whole batch it belongs to, by new changes that restore what was
// before. It needs the right to the inverse action, and returns Conflict (moved_on) naming the
// records that changed since; with rest it leaves those alone and takes back the others.
func (s *Service) Undo(ctx context.Context, actor models.Actor, space, id models.ID, rest bool) (Undone, error) {
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return Undone{}, err
	}
	e, err := s.event(ctx, v, space, id)
	if err != nil {
		return Undone{}, err
	}
	events := []*models.Event{e}
	undoes := e.ID
	if e.Batch != "" {
		undoes = e.Batch
		if events, err = s.batchEvents(ctx, v, space, e.Batch); err != nil {
			return Undone{}, err
		}
	}
	action, trusted := rightToUndo(events)
	if action == "" {
		return Undone{}, models.Conflict("undo_impossible", "This can't be undone.")
	}
	out := Undone{Batch: models.NewID(), MovedOn: []models.ID{}}
	if isTextEdit(events[0]) {
		return s.undoTextEdit(ctx, actor, space, events[0], out)
	}
	if len(events) > models.MaxBatch {
		ctx = context.WithValue(ctx, keyContext{}, nil) // a key keeps one answer, and here are several transactions
	}
	for chunk := range slices.Chunk(inUndoOrder(events), models.MaxBatch) {
		done, err := change(ctx, s, actor, space, action, func(ctx context.Context, w *work) (Undone, error) {
			w.batch, w.undoes, w.trusted = out.Batch, undoes, trusted
			done, err := s.undoChunk(ctx, w, chunk, rest)
			done.Batch = out.Batch
			return done, err
		})
		if err != nil {
			return out, err
		}
		out.Batch = done.Batch // of the first time, where this is a repetition
		out.Events += done.Events
		out.MovedOn = append(out.MovedOn, done.MovedOn...)
	}
	if out.Events == 0 {
		return out, movedOn(out.MovedOn)
	}
	return out, nil
}

// batchEvents gives the events of a batch that the viewer may know of, oldest first, and all its moves.
func (s *Service) batchEvents(ctx context.Context, v sight, space, batch models.ID) ([]*models.Event, error) {
	all, err := s.wholeBatch(ctx, space, v.events(EventQuery{Batch: batch}))
	if err != nil {
		return nil, err
	}
	moved, err := s.moves(ctx, space, batch)
	for _, e := range moved {
		if !v.hears(e.Audience) {
			all = append(all, e)
		}
	}
	return all, err
}

// wholeBatch gives all that a query selects, oldest first. It is for queries that name a batch.
func (s *Service) wholeBatch(ctx context.Context, space models.ID, q EventQuery) ([]*models.Event, error) {
	var all []*models.Event
	q.Oldest = true
	for cursor := ""; ; {
		page, err := s.store.Events(ctx, space, q, models.Page{Limit: models.MaxPageSize, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all, nil
		}
	}
}

// rightToUndo gives the action that undoing needs, and whether it may move the codings of others: a
// codebook change and a text edit did so in the first place.
func rightToUndo(events []*models.Event) (action models.Action, trusted bool) {
	for _, e := range events {
		if e.Before == nil && e.After == nil {
			return "", false // purged
		}
		switch e.Noun {
		case models.NounProject:
			if onlyAttributes(e) {
				return models.ActionChangeAttributes, false
			}
			return models.ActionChangeProject, false
		case models.NounMember:
			return models.ActionChangeMembers, false
		case models.NounRound:
			return models.ActionManageRounds, false
		case models.NounSite:
			return models.ActionChangeSites, false
		case models.NounParticipant:
			return models.ActionChangeParticipant, false
		case models.NounNote:
			return models.ActionChangeNotes, isTextEdit(e)
		case models.NounCode:
			if len(events) == 2 && e.After != nil && e.After.Code != nil && e.After.Code.InVivo {
				return models.ActionAddInVivoCode, false
			}
			return models.ActionChangeCodebook, true
		}
	}
	switch events[0].Noun {
	case models.NounCoding:
		return models.ActionCode, false
	case models.NounMemo:
		return models.ActionWriteMemos, false
	case models.NounLink:
		return models.ActionLink, false
	case models.NounComment:
		return models.ActionWriteComments, false
	}
	return "", false
}

// onlyAttributes says whether an event changed nothing of a project but which attributes its notes have.
func onlyAttributes(e *models.Event) bool {
	if e.Verb != models.VerbUpdated || e.Before == nil || e.After == nil {
		return false
	}
	before, after := *e.Before.Project, *e.After.Project
	return before.Name == after.Name && before.Description == after.Description &&
		(before.DepartedCoders == models.DepartedByPseudonym) == (after.DepartedCoders == models.DepartedByPseudonym) && (before.ArchivedAt == nil) == (after.ArchivedAt == nil)
}

func isTextEdit(e *models.Event) bool {
	return e.Noun == models.NounNote && e.Verb == models.VerbUpdated && e.Before != nil && e.After != nil &&
		e.Before.Note.TextVersion != e.After.Note.TextVersion
}

// inUndoOrder puts what was changed or binned first, the ground before what stands on it, and then
// what was made, the last first.
func inUndoOrder(events []*models.Event) []*models.Event {
	rank := map[models.Noun]int{models.NounProject: 0, models.NounMember: 1, models.NounSite: 2, models.NounParticipant: 3, models.NounNote: 4, models.NounCode: 5, models.NounCoding: 6, models.NounMemo: 7, models.NounLink: 8, models.NounComment: 9}
	var changed, made []*models.Event
	for _, e := range events {
		if e.Verb == models.VerbCreated || e.Verb == models.VerbRestored {
			made = append(made, e)
		} else {
			changed = append(changed, e)
		}
	}
	slices.SortStableFunc(changed, func(a, b *models.Event) int { return rank[a.Noun] - rank[b.Noun] })
	slices.Reverse(made)
	return append(changed, made...)
}

// undoChunk takes back up to models.MaxBatch events in the transaction of w.
func (s *Service) undoChunk(ctx context.Context, w *work, events []*models.Event, rest bool) (Undone, error) {
	var done Undone
	for _, e := range events {
		err := s.undoOne(ctx, w, e)
		if errors.Is(err, errMovedOn) {
			if !w.actor.Hears(e.Audience) {
				continue // a private memo of somebody else's, which stays where it is unnamed
			}
			done.MovedOn = append(done.MovedOn, e.RecordID)
			continue
		}
		if err != nil {
			return done, err
		}
		done.Events++
	}
	if len(done.MovedOn) > 0 && !rest {
		return done, movedOn(done.MovedOn)
	}
	return done, nil
}

// errMovedOn says within this file that a record changed since the event.
var errMovedOn = errors.New("moved on")

func movedOn(ids []models.ID) error {
	fields := make([]models.Field, 0, min(len(ids), 100))
	for i, id := range ids[:min(len(ids), 100)] {
		fields = append(fields, models.Field{Pointer: fmt.Sprintf("/records/%d", i), Problem: string(id)})
	}
	return models.Conflict("moved_on", "This was changed again since. Undo the later change first, or undo the rest without it.", fields...)
}

func (s *Service) undoOne(ctx context.Context, w *work, e *models.Event) error {
	if isMove(e) {
		return s.moveBack(ctx, w, e)
	}
	switch e.Noun {
	case models.NounProject:
		return takeBack(ctx, s, w, projects, e, func(p *models.Project, was *models.Image) error {
			version := p.CodebookVersion
			*p = *keepHead(was.Project, p)
			p.CodebookVersion = version
			return nil
		})
	case models.NounMember:
		return takeBack(ctx, s, w, members, e, func(m *models.Member, was *models.Image) error { *m = *keepHead(was.Member, m); return nil })
	case models.NounSite:
		return takeBack(ctx, s, w, sites, e, func(r *models.Site, was *models.Image) error { *r = *keepHead(was.Site, r); return nil })
	case models.NounParticipant:
		return takeBack(ctx, s, w, participants, e, func(r *models.Participant, was *models.Image) error { *r = *keepHead(was.Participant, r); return nil })
	case models.NounNote:
		return takeBack(ctx, s, w, notes, e, func(n *models.Note, was *models.Image) error {
			version, length := n.TextVersion, n.Length
			*n = *keepHead(was.Note, n)
			n.TextVersion, n.Length = version, length
			var err error
			n.Attributes, err = s.fitting(ctx, w, n.Attributes)
			return err
		})
	case models.NounCode:
		return takeBack(ctx, s, w, codes, e, func(c *models.Code, was *models.Image) error { *c = *keepHead(was.Code, c); return nil })
	case models.NounCoding:
		return takeBack(ctx, s, w, codings, e, func(c *models.Coding, was *models.Image) error {
			*c = *keepHead(was.Coding, c)
			return s.wholeQuote(ctx, c)
		})
	case models.NounMemo:
		return takeBack(ctx, s, w, memos, e, func(m *models.Memo, was *models.Image) error { *m = *keepHead(was.Memo, m); return nil })
	case models.NounRound:
		if e.Before != nil && e.After != nil && e.Before.Round.State != e.After.Round.State {
			return models.Conflict("undo_impossible", "A round isn't moved back by undoing it. A locked round can be opened again, which its coders are told.")
		}
		return takeBack(ctx, s, w, rounds, e, func(r *models.Round, was *models.Image) error { *r = *keepHead(was.Round, r); return nil })
	case models.NounLink:
		return takeBack(ctx, s, w, links, e, func(l *models.Link, was *models.Image) error { *l = *keepHead(was.Link, l); return nil })
	case models.NounComment:
		return takeBack(ctx, s, w, comments, e, func(c *models.Comment, was *models.Image) error { *c = *keepHead(was.Comment, c); return nil })
	}
	return models.Conflict("undo_impossible", "This can't be undone.")
}

// keepHead gives a copy of was with the head that now has.
func keepHead[T any, R interface {
	*T
	models.Record
}](was, now R) R {
	copied := *was
	out := R(&copied)
	*out.Meta() = *now.Meta()
	return out
}

// wholeQuote fills in a long quote that the event kept only in part.
func (s *Service) wholeQuote(ctx context.Context, c *models.Coding) error {
	if c.Anchor.QuoteHash == "" {
		return nil
	}
	t, err := s.text(ctx, c.NoteID, c.Anchor.TextVersion)
	if err != nil {
		return err
	}
	a, err := AnchorAt(t, c.Anchor.Start, c.Anchor.End)
	if err != nil || models.HashQuote(a.Quote) != c.Anchor.QuoteHash {
		return models.Conflict("undo_impossible", "The words this coding was on are gone, so this can't be undone.")
	}
	c.Anchor = a
	return nil
}

// takeBack makes the change that is the inverse of an event.
func takeBack[R models.Record](ctx context.Context, s *Service, w *work, k kind[R], e *models.Event, back func(r R, was *models.Image) error) error {
	if e.After == nil {
		return models.Conflict("undo_impossible", "This can't be undone.")
	}
	seen := e.After.Record().Meta().Version
	binned := e.Verb == models.VerbDeleted
	r, err := k.records(s.store).FindAny(ctx, w.space, e.RecordID)
	if isNotFound(err) || (err == nil && ((r.Meta().DeletedAt != nil) != binned || r.Meta().Version != seen)) {
		return errMovedOn
	}
	if err != nil {
		return err
	}
	switch e.Verb {
	case models.VerbCreated, models.VerbRestored:
		_, err = k.bin(ctx, s, w, e.RecordID, seen)
	case models.VerbDeleted:
		_, err = k.restore(ctx, s, w, e.RecordID, seen)
	case models.VerbUpdated:
		_, err = k.update(ctx, s, w, e.RecordID, seen, func(r R) error { return back(r, e.Before) })
	case models.VerbPurged, models.VerbEnded:
		return models.Conflict("undo_impossible", "This can't be undone.")
	}
	return err
}

// undoTextEdit writes the earlier text as a new version; the codings move back with their words.
func (s *Service) undoTextEdit(ctx context.Context, actor models.Actor, space models.ID, e *models.Event, out Undone) (Undone, error) {
	var job Job
	done, err := change(ctx, s, actor, space, notes.action, func(ctx context.Context, w *work) (Undone, error) {
		w.batch, w.undoes, w.trusted = out.Batch, e.Batch, true
		n, err := notes.find(ctx, s, w, e.RecordID, false)
		if err != nil {
			return out, err
		}
		if err := w.mine(notes.action, n.AuthorID); err != nil {
			return out, err
		}
		if n.TextVersion != e.After.Note.TextVersion {
			return out, movedOn([]models.ID{n.ID})
		}
		t, err := s.text(ctx, n.ID, e.Before.Note.TextVersion)
		if err != nil {
			return out, err
		}
		_, job, err = s.editText(ctx, w, n.ID, n.Version, models.Content{Text: t.Text.Text, Blocks: t.Blocks, Marks: t.Marks}, func(n *models.Note) {
			n.ReplaceFile(e.Before.Note.File)
		})
		return Undone{Events: 1, Batch: out.Batch, MovedOn: []models.ID{}}, err
	})
	if err != nil {
		return out, err
	}
	if job.ID != "" {
		return done, s.finish(ctx, job)
	}
	return done, nil
}
