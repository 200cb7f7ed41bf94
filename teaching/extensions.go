package teaching

import (
	"cmp"
	"context"
	"slices"

	"feltbog/models"
)

// settleDue says which moments the due times of an exercise mean.
func settleDue(e *models.Exercise) error {
	const whenever = "2000-01-01T00:00" // for none: the zone must be one all the same
	due, err := DueTime(cmp.Or(e.DueAt, whenever), e.TimeZone)
	if err != nil {
		return err
	}
	e.Due = nil
	if e.DueAt != "" {
		e.Due = &due
	}
	e.Extensions = slices.Clone(e.Extensions)
	for i := range e.Extensions {
		if e.Extensions[i].Due, err = DueTime(e.Extensions[i].DueAt, e.TimeZone); err != nil {
			return err
		}
	}
	return nil
}

// Extend gives a student, and with them their group, until another time. It returns NotFound for who isn't a
// student of the course.
func (s *Service) Extend(ctx context.Context, actor models.Actor, exercise, member models.ID, dueAt string) (*models.Exercise, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*models.Exercise, error) {
		m, err := s.store.CourseMembers().Find(ctx, x.course.ID, member)
		if err == nil && m.Role != models.RoleStudent {
			err = models.NotFound(models.NounCourseMember)
		}
		if err != nil {
			return nil, err
		}
		due, err := DueTime(dueAt, x.exercise.TimeZone)
		if err != nil {
			return nil, err
		}
		x.exercise.Extensions = append(without(x.exercise.Extensions, member), models.Extension{MemberID: member, DueAt: dueAt, Due: due, By: x.member.ID, At: x.at})
		return s.keep(ctx, &x)
	})
}

// EndExtension takes a student's extension away.
func (s *Service) EndExtension(ctx context.Context, actor models.Actor, exercise, member models.ID) (*models.Exercise, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*models.Exercise, error) {
		if _, err := s.store.CourseMembers().FindAny(ctx, x.course.ID, member); err != nil {
			return nil, err
		}
		x.exercise.Extensions = without(x.exercise.Extensions, member)
		return s.keep(ctx, &x)
	})
}

// without gives extensions without a member's.
func without(all []models.Extension, member models.ID) []models.Extension {
	return slices.DeleteFunc(slices.Clone(all), func(e models.Extension) bool { return e.MemberID == member })
}
