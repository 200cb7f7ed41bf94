package coding

import (
	"context"
	"slices"

	"feltbog/models"
)

// Place is where a member reads: a block of a note, counted from 0.
type Place struct {
	NoteID models.ID `json:"noteId"`
	Block  int       `json:"block"`
}

// PresenceChange tells where a member reads now. An empty NoteID says that they read nowhere any more.
type PresenceChange struct {
	SpaceID models.ID `json:"-"`
	UserID  models.ID `json:"userId"`
	NoteID  models.ID `json:"noteId"`
	Block   int       `json:"block"`
}

// Appear keeps where the actor reads, for models.PresenceFor. Nothing is kept of whoever doesn't show
// it, and of a note of which others may not know that it is read.
func (s *Service) Appear(ctx context.Context, actor models.Actor, space models.ID, at Place) error {
	if at.Block < 0 || at.Block >= models.MaxBlocks {
		return models.Invalid("block_unknown", "There is no such block in a note.", models.Field{Pointer: "/block", Problem: "out of range"})
	}
	n, err := s.Note(ctx, actor, space, at.NoteID)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	seen, err := s.presenceSeen(ctx, space, []*models.Note{n})
	if err != nil {
		return err
	}
	if !user.ShowPresence || !seen[n.ID] {
		return s.ForgetPresence(ctx, actor.UserID, space)
	}
	return s.store.SavePresence(ctx, &models.Presence{SpaceID: space, UserID: actor.UserID, NoteID: at.NoteID, Block: at.Block, At: s.clock()})
}

// Disappear forgets where the actor reads in a project.
func (s *Service) Disappear(ctx context.Context, actor models.Actor, space models.ID) error {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return err
	}
	return s.ForgetPresence(ctx, actor.UserID, space)
}

// ForgetPresence forgets where a user reads in a space, or in all spaces if that is empty. It asks for
// no right: it is for the server's own deeds.
func (s *Service) ForgetPresence(ctx context.Context, user, space models.ID) error {
	return s.store.DropPresence(ctx, PresenceQuery{SpaceID: space, UserID: user})
}

// Presences lists who reads which note of a project now.
func (s *Service) Presences(ctx context.Context, actor models.Actor, space models.ID) ([]*models.Presence, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	all, err := s.store.Presences(ctx, space, s.clock().Add(-models.PresenceFor))
	if err != nil {
		return nil, err
	}
	ids := make([]models.ID, len(all))
	for i, p := range all {
		ids[i] = p.NoteID
	}
	notes, err := liveByID(ctx, s.store.Notes(), actor, space, ids)
	if err != nil {
		return nil, err
	}
	known := make([]*models.Note, 0, len(notes))
	for _, n := range notes {
		known = append(known, n)
	}
	seen, err := s.presenceSeen(ctx, space, known)
	return slices.DeleteFunc(all, func(p *models.Presence) bool { return !seen[p.NoteID] }), err
}

// presenceSeen says of notes whether members may know who reads them. It is the one place that decides
// so, and it decides for all members alike, so that what isn't known to all is known to nobody.
func (s *Service) presenceSeen(ctx context.Context, space models.ID, notes []*models.Note) (map[models.ID]bool, error) {
	seen := make(map[models.ID]bool, len(notes))
	ids := make([]models.ID, len(notes))
	for i, n := range notes {
		seen[n.ID], ids[i] = n.Scope().Audience == "", n.ID
	}
	sealed, err := s.store.Rounds().All(ctx, space, Query{Where: Where{
		"noteIds": ids, "state": []models.RoundState{models.RoundBlind, models.RoundLocked},
	}}, models.MaxRounds)
	for _, r := range sealed {
		for _, id := range r.NoteIDs {
			delete(seen, id)
		}
	}
	return seen, err
}
