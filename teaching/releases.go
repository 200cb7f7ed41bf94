package teaching

import (
	"context"
	"errors"
	"time"

	"feltbog/models"
)

// Release copies a note of a project that the actor owns into an exercise. Made is false where it was
// released before; then that copy is returned.
func (s *Service) Release(ctx context.Context, actor models.Actor, exercise, project, note models.ID) (n *Note, made bool, err error) {
	for range 2 { // another may release it at the same moment
		n, err = changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*Note, error) {
			var copied *models.Note
			copied, made, err = s.desk.Release(ctx, x.guest(""), project, note)
			if err != nil {
				return nil, err
			}
			return x.noteOf(copied, nil), nil
		})
		if e, ok := errors.AsType[*models.Error](err); !ok || e.Code != "note_released" {
			break
		}
	}
	return n, made, err
}

// TakeRelease takes a released note out of an exercise, with what it gave to answers.
func (s *Service) TakeRelease(ctx context.Context, actor models.Actor, exercise, note models.ID) error {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseExercises)
	if err != nil {
		return err
	}
	return s.desk.TakeRelease(ctx, x.guest(""), note)
}

// Released is an exercise that a project's note was released to. Of a course that the reader isn't in, they
// learn no more than these names.
type Released struct {
	ExerciseID  models.ID        `json:"exerciseId"`
	Title       models.Bilingual `json:"title"`
	CourseID    models.ID        `json:"courseId"`
	CourseName  string           `json:"courseName"`
	TextVersion int              `json:"textVersion"`
	ReleasedAt  time.Time        `json:"releasedAt"`
}

// Releases lists the exercises that a project's note was released to, for owners of the project.
func (s *Service) Releases(ctx context.Context, actor models.Actor, project, note models.ID) ([]Released, error) {
	copies, err := s.desk.Releases(ctx, actor, project, note)
	if err != nil {
		return nil, err
	}
	out := []Released{}
	for _, n := range copies {
		e, err := s.store.ExerciseByID(ctx, n.SpaceID)
		if models.KindOf(err) == models.KindNotFound || n.DeletedAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := s.store.Courses().FindAny(ctx, e.SpaceID, e.SpaceID)
		if models.KindOf(err) == models.KindNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Released{e.ID, e.Title, c.ID, c.Name, n.Release.TextVersion, n.Release.At})
	}
	return out, nil
}
