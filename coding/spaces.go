package coding

import (
	"context"

	"feltbog/models"
)

// NewSpace asks for the space of an exercise. Codes are its codebook to begin with, in tree order.
type NewSpace struct {
	ID       models.ID // the exercise's
	CourseID models.ID
	Name     string
	Language string
	Codes    []models.CodeEntry
}

// CreateSpace makes the space of an exercise. It has no members: whoever comes into it is a guest, whose
// rights in the course the caller looked at. The actor must be lent the space as its owner.
func (s *Service) CreateSpace(ctx context.Context, actor models.Actor, in NewSpace) error {
	_, err := once(ctx, s, actor, func(ctx context.Context, w *work) (struct{}, error) {
		var err error
		w.space = in.ID
		if w.member, err = s.membership(ctx, actor, in.ID); err != nil {
			return struct{}{}, hide(err)
		}
		p := &models.Project{
			Head: models.Head{ID: in.ID}, Kind: models.SpaceExercise, CourseID: in.CourseID, Name: in.Name, Language: in.Language,
			Phases: []string{}, ActorRoles: []string{}, Attributes: models.Definitions{},
		}
		if _, err := projects.create(ctx, s, w, p); err != nil {
			return struct{}{}, err
		}
		if err := s.store.MakeGuards(ctx, in.ID); err != nil || len(in.Codes) == 0 {
			return struct{}{}, err
		}
		return struct{}{}, s.addCodes(ctx, w, in.Codes)
	})
	return err
}
