package coding

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feltbog/models"
)

// RoundStep asks for a round to move to another state.
type RoundStep struct {
	To  models.RoundState `json:"to"`
	Why string            `json:"why"`
}

// follows says to which states a round can move from each.
var follows = map[models.RoundState][]models.RoundState{
	models.RoundDraft:  {models.RoundBlind},
	models.RoundBlind:  {models.RoundLocked},
	models.RoundLocked: {models.RoundRevealed, models.RoundBlind},
}

// MoveRound moves a round on: from draft to blind, locked and revealed, or back from locked to blind,
// which needs a reason. From blind until it is revealed, the texts of its notes and its codes can't be
// changed, and the open layer of its notes is at rest.
func (s *Service) MoveRound(ctx context.Context, actor models.Actor, space, id models.ID, seen int, step RoundStep) (*models.Round, error) {
	if err := models.First(models.OneOf(step.To, models.RoundStates()[1:], "kind_unknown", "/to"), models.CleanProse(&step.Why, "/why")); err != nil {
		return nil, err
	}
	if _, _, err := s.allow(ctx, actor, space, rounds.action); err != nil {
		return nil, err
	}
	is, err := s.store.Rounds().Find(ctx, space, id)
	if err != nil {
		return nil, err
	}
	var moved *models.Round
	err = s.store.Tx(ctx, func(ctx context.Context) error {
		// Whoever writes on these notes, in whatever layer, meets this move, and what they found fit is
		// looked at anew. It comes before all else, since a busy coder leaves only moments for it.
		if err := s.store.GuardExclusive(ctx, space, Where{"noteId": is.NoteIDs}); err != nil {
			return err
		}
		var err error
		moved, err = change(ctx, s, actor, space, rounds.action, func(ctx context.Context, w *work) (*models.Round, error) {
			return s.move(ctx, w, is, seen, step)
		})
		return err
	})
	return moved, err
}

// move moves a round on in the transaction of w, which has taken the guards of the round as it was seen to be.
func (s *Service) move(ctx context.Context, w *work, is *models.Round, seen int, step RoundStep) (*models.Round, error) {
	r, err := rounds.update(ctx, s, w, is.ID, seen, func(r *models.Round) error {
		if !slices.Contains(follows[r.State], step.To) {
			return errRoundState(fmt.Sprintf("This round is %s now, and can't become %s from there.", r.State, step.To))
		}
		if !slices.Equal(r.NoteIDs, is.NoteIDs) {
			return models.Stale(r) // a draft that was changed this very moment
		}
		if r.State == models.RoundLocked && step.To == models.RoundBlind && step.Why == "" {
			return models.Invalid("why_missing", "Say why the round is opened again. Its coders are told.", models.Field{Pointer: "/why", Problem: "missing"})
		}
		if r.State == models.RoundDraft {
			if err := s.begin(ctx, w, r); err != nil {
				return err
			}
		}
		r.State = step.To
		r.Moves = append(slices.Clone(r.Moves), models.RoundMove{To: step.To, At: w.at, By: w.actor.UserID, Why: step.Why})
		return nil
	})
	if err != nil {
		return nil, err
	}
	tellMoved(w, r)
	if len(r.Moves) == 1 {
		// Where others read isn't told on its notes from now on.
		err = s.store.DropPresence(ctx, PresenceQuery{SpaceID: w.space, NoteIDs: r.NoteIDs})
	}
	return r, err
}

// tellMoved tells those whom a move concerns: its coders, and whoever set the round up when others lock or reveal it.
func tellMoved(w *work, r *models.Round) {
	about := models.Notice{Cause: w.events[len(w.events)-1].ID, RoundID: r.ID}
	switch {
	case r.State == models.RoundBlind && len(r.Moves) == 1:
		about.Kind = models.NoticeAssignment
		for _, coder := range r.CoderIDs {
			about.Count = 0
			for _, a := range r.Assignment {
				if slices.Contains(a.CoderIDs, coder) {
					about.Count++
				}
			}
			if about.Count > 0 {
				w.notify(about, coder)
			}
		}
		return
	case r.State == models.RoundBlind:
		about.Kind = models.NoticeReopened
	case r.State == models.RoundLocked:
		about.Kind = models.NoticeLocked
	case r.State == models.RoundRevealed:
		about.Kind = models.NoticeRevealed
	}
	w.notify(about, r.CoderIDs...)
	w.notify(about, r.CreatedBy)
}

// begin makes sure that a draft can go blind, and pins what it is coded with.
func (s *Service) begin(ctx context.Context, w *work, r *models.Round) error {
	if err := models.First(complete(r), s.settledDown(ctx, w), s.codersFit(ctx, w, r), s.codesFit(ctx, w, r), s.notInRounds(ctx, w, r)); err != nil {
		return err
	}
	found, err := s.store.Notes().All(ctx, w.space, Query{Where: Where{"_id": r.NoteIDs, "draft": false}}, len(r.NoteIDs))
	if err != nil {
		return err
	}
	texts := make(map[models.ID]int, len(found))
	for _, n := range found {
		texts[n.ID] = n.TextVersion
	}
	r.Texts = make([]models.PinnedText, len(r.NoteIDs))
	for i, id := range r.NoteIDs {
		if texts[id] == 0 {
			return models.Conflict("round_incomplete", "A note of this round isn't there any more. Take it out of the round, or restore it.",
				models.Field{Pointer: fmt.Sprintf("/noteIds/%d", i), Problem: "not there"})
		}
		r.Texts[i] = models.PinnedText{NoteID: id, TextVersion: texts[id]}
	}
	p, err := s.store.Projects().Find(ctx, w.space, w.space)
	if err != nil {
		return err
	}
	r.CodebookVersion = p.CodebookVersion
	return nil
}

// complete refuses a draft that lacks something, and says what.
func complete(r *models.Round) error {
	var missing []models.Field
	for pointer, n := range map[string]int{"/noteIds": len(r.NoteIDs), "/codeIds": len(r.CodeIDs), "/coderIds": len(r.CoderIDs)} {
		if n == 0 {
			missing = append(missing, models.Field{Pointer: pointer, Problem: "missing"})
		}
	}
	slices.SortFunc(missing, func(a, b models.Field) int { return len(b.Pointer) - len(a.Pointer) })
	for i, note := range r.NoteIDs {
		if len(r.Coders(note)) == 0 && len(missing) < 100 {
			missing = append(missing, models.Field{Pointer: fmt.Sprintf("/noteIds/%d", i), Problem: "nobody codes it"})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return models.Conflict("round_incomplete", "A round needs notes, codes and coders, and each note somebody who codes it.", missing...)
}

// settledDown refuses to begin while an edit or a merge of more codings than one transaction holds is
// being carried through: it would go on moving open codings of the round's notes.
func (s *Service) settledDown(ctx context.Context, w *work) error {
	jobs, err := s.store.Jobs(ctx, w.at.Add(time.Hour))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(jobs, func(j Job) bool { return j.SpaceID == w.space && j.Kind != JobPurge }) {
		return models.Conflict("round_busy", "An edit of a text or of the codebook is still being carried through. Try again in a moment.")
	}
	return nil
}

// codersFit refuses coders who aren't members or only read.
func (s *Service) codersFit(ctx context.Context, w *work, r *models.Round) error {
	for i, coder := range r.CoderIDs {
		m, err := s.store.Membership(ctx, w.space, coder)
		if err != nil && !isNotFound(err) {
			return err
		}
		if err != nil || m.Role.May(models.ActionCode) == models.GrantNone {
			return models.Conflict("round_reader", "A coder of a round has to be an owner, editor or coder of the project.",
				models.Field{Pointer: fmt.Sprintf("/coderIds/%d", i), Problem: "may not code"})
		}
	}
	return nil
}

// codesFit refuses codes that can't be put.
func (s *Service) codesFit(ctx context.Context, w *work, r *models.Round) error {
	found, err := s.store.Codes().All(ctx, w.space, Query{Where: Where{"_id": r.CodeIDs, "archived": false}}, len(r.CodeIDs))
	if err != nil {
		return err
	}
	for i, id := range r.CodeIDs {
		if !slices.ContainsFunc(found, func(c *models.Code) bool { return c.ID == id && c.MergedInto == "" }) {
			return models.Conflict("round_incomplete", "A code of this round can't be put any more. Take it out of the round.",
				models.Field{Pointer: fmt.Sprintf("/codeIds/%d", i), Problem: "archived, merged or not there"})
		}
	}
	return nil
}

// notInRounds refuses notes that another round is coding blind.
func (s *Service) notInRounds(ctx context.Context, w *work, r *models.Round) error {
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	for i, id := range r.NoteIDs {
		if other := roundOf(sealed, id); other != nil {
			return models.Conflict("note_in_round", fmt.Sprintf("A note of this round is in the round %q, which isn't revealed yet. A note is in one such round at a time.", other.Name),
				models.Field{Pointer: fmt.Sprintf("/noteIds/%d", i), Problem: "in another round"})
		}
	}
	return nil
}
