package coding

import (
	"context"
	"fmt"

	"feltbog/models"
)

// GuestNotes lists the notes of an exercise that a guest may know of, in the order they came to it: those of
// one submission, if one is named.
func (s *Service) GuestNotes(ctx context.Context, guest models.Actor, submission models.ID, p models.Page) (models.List[*models.Note], error) {
	space := guest.Guest.SpaceID
	if _, err := s.reader(ctx, guest, space); err != nil {
		return models.List[*models.Note]{}, err
	}
	q := Query{Where: Where{}, Order: []string{"createdAt"}, Viewer: guest.Viewer()}
	if submission != "" {
		q.Where["partyId"] = submission
	}
	return s.store.Notes().List(ctx, space, q, p)
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
