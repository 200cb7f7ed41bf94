package teaching

import (
	"context"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// Codes gives the codebook of an exercise in its order.
func (s *Service) Codes(ctx context.Context, actor models.Actor, exercise models.ID) ([]*models.Code, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseRead)
	if err != nil {
		return nil, err
	}
	return s.desk.Codes(ctx, x.guest(""), exercise)
}

// CreateCode adds a code to the codebook of an exercise.
func (s *Service) CreateCode(ctx context.Context, actor models.Actor, exercise, id models.ID, f coding.CodeFields) (*models.Code, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*models.Code, error) {
		return s.desk.CreateCode(ctx, x.guest(""), exercise, id, f)
	})
}

// ChangeCode writes a code's fields. One that a prompt is tied to isn't archived (code_tied).
func (s *Service) ChangeCode(ctx context.Context, actor models.Actor, exercise, id models.ID, seen int, f coding.CodeFields) (*models.Code, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*models.Code, error) {
		if f.Archived != nil && *f.Archived {
			if err := s.untied(ctx, &x, id); err != nil {
				return nil, err
			}
		}
		return s.desk.ChangeCode(ctx, x.guest(""), exercise, id, seen, f)
	})
}

// DeleteCode puts a code into the bin that no prompt is tied to and no evidence has.
func (s *Service) DeleteCode(ctx context.Context, actor models.Actor, exercise, id models.ID, seen int) error {
	_, err := changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (struct{}, error) {
		if err := s.untied(ctx, &x, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.desk.DeleteCode(ctx, x.guest(""), exercise, id, seen)
	})
	return err
}

// untied refuses to take a code from a prompt that is tied to it: nobody could put evidence on the answer then. It
// writes the exercise, so that it meets whoever ties a prompt to the code.
func (s *Service) untied(ctx context.Context, x *exercisePlace, code models.ID) error {
	if slices.ContainsFunc(x.exercise.Prompts, func(p models.Prompt) bool { return p.CodeID == code }) {
		return models.Conflict("code_tied", "A prompt is tied to this code. Tie it to another first.")
	}
	x.exercise.UpdatedAt = x.at
	return s.store.Exercises().Replace(ctx, x.exercise, x.exercise.Version)
}
