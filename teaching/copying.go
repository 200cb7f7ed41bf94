package teaching

import (
	"cmp"
	"context"
	"fmt"

	"feltbog/coding"
	"feltbog/models"
)

// CourseCopy asks for a copy of a course, to be held again. Name is that of the course if it is empty.
type CourseCopy struct {
	ID   models.ID `json:"id"`
	Name string    `json:"name"`
	Term string    `json:"term"`
}

// CopyCourse makes a course with the exercises of another: their prompts, settings and codebooks. Nothing of its
// people goes along, no work, no notes that were released, and no due times; students see none of the
// exercises yet. The actor is its instructor.
func (s *Service) CopyCourse(ctx context.Context, actor models.Actor, course models.ID, in CourseCopy) (*models.Course, error) {
	return change(ctx, s, actor, course, models.CourseManage, func(ctx context.Context, p place) (*models.Course, error) {
		made, err := s.CreateCourse(ctx, actor, NewCourse{
			ID: in.ID, Name: cmp.Or(in.Name, p.course.Name), Term: in.Term, Description: p.course.Description, Language: p.course.Language,
		})
		if err != nil {
			return nil, err
		}
		to, err := s.enter(ctx, actor, made.ID, models.CourseManage)
		if err != nil {
			return nil, err
		}
		to.course.CopiedFrom, to.course.GroupsByChoice, to.course.GroupSize = course, p.course.GroupsByChoice, p.course.GroupSize
		if err := replace(ctx, s.store.Courses(), &to, to.course); err != nil {
			return nil, err
		}
		exercises, err := s.store.Exercises().All(ctx, course, coding.Query{Order: []string{"createdAt"}}, models.MaxExercises)
		if err != nil {
			return nil, err
		}
		for _, e := range exercises {
			if err := s.copyExercise(ctx, exercisePlace{p, e}, to); err != nil {
				return nil, fmt.Errorf("copy exercise %s: %w", e.ID, err)
			}
		}
		return seenBy(to.course, to.member), nil
	})
}

// copyExercise makes an exercise in another course as this one was set up.
func (s *Service) copyExercise(ctx context.Context, from exercisePlace, to place) error {
	space, err := s.desk.Project(ctx, from.guest(""), from.exercise.ID)
	if err != nil {
		return err
	}
	codes, err := s.desk.CodeEntries(ctx, from.guest(""), space.ID)
	if err != nil {
		return err
	}
	e := *from.exercise
	if e.Head, err = to.head("", to.course.ID); err != nil {
		return err
	}
	e.CreatedAt = from.exercise.CreatedAt // which orders them
	e.Open, e.DueAt, e.Due, e.Extensions = false, "", nil, []models.Extension{}
	x := exercisePlace{to, &e}
	if err := s.desk.CreateSpace(ctx, x.guest(""), coding.NewSpace{ID: e.ID, CourseID: to.course.ID, Name: space.Name, Language: space.Language, Codes: codes}); err != nil {
		return err
	}
	made, err := s.desk.Codes(ctx, x.guest(""), e.ID)
	if err != nil {
		return err
	}
	keys, ids := map[models.ID]string{}, map[string]models.ID{}
	for _, c := range codes {
		keys[c.ID] = c.Key
	}
	for _, c := range made {
		ids[c.Key] = c.ID
	}
	e.Prompts = make([]models.Prompt, len(from.exercise.Prompts))
	for i, prompt := range from.exercise.Prompts {
		prompt.ID, prompt.CodeID = models.NewID(), ids[keys[prompt.CodeID]]
		e.Prompts[i] = prompt
	}
	return s.store.Exercises().Insert(ctx, &e)
}
