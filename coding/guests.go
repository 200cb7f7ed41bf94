package coding

import (
	"context"
	"fmt"

	"feltbog/models"
)

// GuestFilter selects notes of an exercise: those that were released to it, and those that submissions brought.
type GuestFilter struct {
	Released, Own bool
	// Submission, if set, is the one whose own notes alone are selected.
	Submission models.ID
	// Bin selects what lies in the bin instead, the last one first.
	Bin bool
}

// query says which notes are selected; nil if there can be none.
func (f GuestFilter) query() *Query {
	q := &Query{Where: Where{}, Order: []string{"createdAt"}}
	if f.Bin {
		q.Bin, q.Order = true, []string{"-deletedAt"}
	}
	switch {
	case f.Submission != "" && f.Own:
		q.Where["partyId"] = f.Submission
	case f.Submission != "" || !f.Own && !f.Released:
		return nil
	case !f.Own:
		q.Where["release.noteId"] = Present{}
	case !f.Released:
		q.Where["partyId"] = Present{}
	}
	return q
}

// GuestNotes lists notes of an exercise that a guest may know of, in the order they came to it.
func (s *Service) GuestNotes(ctx context.Context, guest models.Actor, f GuestFilter, p models.Page) (models.List[*models.Note], error) {
	var none models.List[*models.Note]
	space := guest.Guest.SpaceID
	if _, err := s.reader(ctx, guest, space); err != nil {
		return none, err
	}
	q := f.query()
	if q == nil {
		return none, nil
	}
	q.Viewer = guest.Viewer()
	return s.store.Notes().List(ctx, space, *q, p)
}

// partyOf gives the submission that new notes are of, if a guest brings them, and refuses more of them than
// a submission may bring.
func (s *Service) partyOf(ctx context.Context, w *work, more int) (models.ID, error) {
	guest := w.guest()
	switch {
	case guest == nil:
		return "", nil
	case guest.Party == "":
		return "", models.Forbidden("role_insufficient", "Only who answers the exercise brings notes of their own into it.")
	}
	there, err := s.store.NoteIDs(ctx, w.space, Query{Where: Where{"partyId": guest.Party}})
	if err == nil && len(there)+more > models.MaxOwnNotes {
		err = models.Invalid("own_notes_too_many", fmt.Sprintf("You can bring %d notes of your own into an exercise. Delete one that isn't needed.", models.MaxOwnNotes))
	}
	return guest.Party, err
}
