package coding

import (
	"context"

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
