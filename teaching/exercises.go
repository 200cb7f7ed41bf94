package teaching

import (
	"cmp"
	"context"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// exercisePlace is where in an exercise an actor stands.
type exercisePlace struct {
	place
	exercise *models.Exercise
}

// enterExercise finds an actor in the course of an exercise and asks whether they may. It returns NotFound
// to strangers, for an exercise in the bin, and to students for one that isn't open.
func (s *Service) enterExercise(ctx context.Context, actor models.Actor, exercise models.ID, action models.Action) (exercisePlace, error) {
	x, err := s.enterAny(ctx, actor, exercise, action)
	if err == nil && x.exercise.DeletedAt != nil {
		err = models.NotFound(models.NounExercise)
	}
	return x, err
}

// enterAny is enterExercise for an exercise that may lie in the bin, too.
func (s *Service) enterAny(ctx context.Context, actor models.Actor, exercise models.ID, action models.Action) (exercisePlace, error) {
	x := exercisePlace{}
	if actor.Token != nil {
		return x, models.OutOfScope()
	}
	var err error
	if x.exercise, err = s.store.ExerciseByID(ctx, exercise); err != nil {
		return x, err
	}
	x.place, err = s.enter(ctx, actor, x.exercise.SpaceID, action)
	switch unknown := models.NotFound(models.NounExercise); {
	case models.KindOf(err) == models.KindNotFound:
		return x, unknown
	case x.member != nil && x.member.Role == models.RoleStudent && (!x.exercise.Open || x.exercise.DeletedAt != nil):
		return x, unknown // also where the role wouldn't do
	}
	return x, err
}

// changeExercise runs fn in one transaction as a member of the exercise's course who has the right to the
// action.
func changeExercise[R any](ctx context.Context, s *Service, actor models.Actor, exercise models.ID, action models.Action,
	fn func(ctx context.Context, x exercisePlace) (R, error),
) (R, error) {
	var out R
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterExercise(ctx, actor, exercise, action)
		if err != nil {
			return err
		}
		out, err = fn(ctx, x)
		return err
	})
	return out, err
}

// guest lends the actor the exercise's space, as far as their rights in the course go. A submission is the
// one they work on: they write in its layer, and hear of its own notes.
func (x *exercisePlace) guest(submission models.ID) models.Actor {
	g := &models.Guest{SpaceID: x.exercise.ID, Role: models.RoleReader, Party: submission, All: x.member.May(models.CourseReadWork) == models.GrantAny}
	switch {
	case x.member.May(models.CourseExercises) == models.GrantAny:
		g.Role = models.RoleOwner
	case submission != "":
		g.Role = models.RoleCoder
	}
	actor := x.actor
	actor.Guest = g
	return actor
}

// shown gives the exercise as its reader may see it who answers nothing.
func (x *exercisePlace) shown() *models.Exercise {
	e := *x.exercise
	if x.member.May(models.CourseReadWork) != models.GrantAny {
		e.Extensions = []models.Extension{}
	}
	return &e
}

// keep writes an exercise that was changed, and gives it as it then is.
func (s *Service) keep(ctx context.Context, x *exercisePlace) (*models.Exercise, error) {
	if err := replace(ctx, s.store.Exercises(), &x.place, x.exercise); err != nil {
		return nil, err
	}
	return x.shown(), nil
}

// NewExercise asks for an exercise. Codes are its codebook to begin with, in tree order; the prompts of the
// template are tied to those.
type NewExercise struct {
	ID       models.ID
	Template *Template // nil for an exercise without prompts
	Title    models.Bilingual
	Language string // of the codebook; empty for the course's
	Codes    func(language string) []models.CodeEntry
}

// CreateExercise makes an exercise that students don't see yet, and its space.
func (s *Service) CreateExercise(ctx context.Context, actor models.Actor, course models.ID, in NewExercise) (*models.Exercise, error) {
	return change(ctx, s, actor, course, models.CourseExercises, func(ctx context.Context, p place) (*models.Exercise, error) {
		if err := s.exercisesLeft(ctx, course); err != nil {
			return nil, err
		}
		head, err := p.head(in.ID, course)
		if err != nil {
			return nil, err
		}
		e := &models.Exercise{
			Head: head, Title: in.Title, Prompts: []models.Prompt{}, Extensions: []models.Extension{}, Work: models.WorkIndividual, TimeZone: usualTimeZone,
			Passages: 1, Reasons: true, Released: true, OwnNotes: true, Web: true,
		}
		if in.Template != nil {
			e.Template, e.Instructions = in.Template.Key, in.Template.Instructions
			if e.Title == (models.Bilingual{}) {
				e.Title = in.Template.Title
			}
		}
		language := cmp.Or(in.Language, p.course.Language)
		if err := models.First(cleanWords(e), models.OneOf(language, []string{"en", "da"}, "language_unknown", "/language")); err != nil {
			return nil, err
		}
		x := exercisePlace{p, e}
		owner := x.guest("")
		if err := s.desk.CreateSpace(ctx, owner, coding.NewSpace{
			ID: e.ID, CourseID: course, Name: e.Title.In(language), Language: language, Codes: in.Codes(language),
		}); err != nil {
			return nil, err
		}
		if in.Template != nil {
			if e.Prompts, err = s.tied(ctx, owner, e.ID, in.Template.Prompts); err != nil {
				return nil, err
			}
		}
		return x.shown(), s.store.Exercises().Insert(ctx, e)
	})
}

// exercisesLeft refuses to make more exercises than a course may have.
func (s *Service) exercisesLeft(ctx context.Context, course models.ID) error {
	all, err := s.store.Exercises().All(ctx, course, coding.Query{}, models.MaxExercises)
	if err == nil && len(all) == models.MaxExercises {
		err = models.Conflict("exercises_too_many", "This course has as many exercises as it may have. Delete one that isn't needed.")
	}
	return err
}

// tied gives the prompts of a template with the codes of a codebook that has their keys.
func (s *Service) tied(ctx context.Context, actor models.Actor, space models.ID, asked []TemplatePrompt) ([]models.Prompt, error) {
	codes, err := s.desk.Codes(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]models.ID, len(codes))
	for _, c := range codes {
		ids[c.Key] = c.ID
	}
	prompts := make([]models.Prompt, len(asked))
	for i, p := range asked {
		prompts[i] = models.Prompt{ID: models.NewID(), Title: p.Title, Question: p.Question, CodeID: ids[p.Code]}
	}
	return prompts, nil
}

// Exercises lists the exercises of a course in the order they were made; for students those that are open.
// With bin it lists those in the bin instead, the last one first, for those who manage exercises.
func (s *Service) Exercises(ctx context.Context, actor models.Actor, course models.ID, bin bool) ([]*models.Exercise, error) {
	action, query := models.CourseRead, coding.Query{Order: []string{"createdAt"}}
	if bin {
		action, query = models.CourseExercises, coding.Query{Order: []string{"-deletedAt"}, Bin: true}
	}
	p, err := s.enter(ctx, actor, course, action)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Exercises().All(ctx, course, query, models.MaxPageSize)
	if err != nil {
		return nil, err
	}
	if p.member.Role == models.RoleStudent {
		all = slices.DeleteFunc(all, func(e *models.Exercise) bool { return !e.Open })
	}
	return s.seenAll(ctx, &p, all)
}

// Exercise gives an exercise as the actor sees it.
func (s *Service) Exercise(ctx context.Context, actor models.Actor, exercise models.ID) (*models.Exercise, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseRead)
	if err != nil {
		return nil, err
	}
	return s.seen(ctx, &x)
}

// DeleteExercise puts an exercise into the bin, with its space and all that was answered. Students don't know
// of it from then on.
func (s *Service) DeleteExercise(ctx context.Context, actor models.Actor, exercise models.ID) error {
	_, err := changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (struct{}, error) {
		x.exercise.DeletedAt, x.exercise.DeletedBy = &x.at, actor.UserID
		if err := replace(ctx, s.store.Exercises(), &x.place, x.exercise); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.desk.DeleteProject(ctx, x.guest(""), exercise)
	})
	return err
}

// RestoreExercise takes an exercise out of the bin.
func (s *Service) RestoreExercise(ctx context.Context, actor models.Actor, exercise models.ID) (*models.Exercise, error) {
	var out *models.Exercise
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterAny(ctx, actor, exercise, models.CourseExercises)
		if err != nil {
			return err
		}
		out = x.shown()
		if x.exercise.DeletedAt == nil {
			return nil
		}
		x.exercise.DeletedAt, x.exercise.DeletedBy = nil, ""
		if err := replace(ctx, s.store.Exercises(), &x.place, x.exercise); err != nil {
			return err
		}
		out = x.shown()
		_, err = s.desk.RestoreProject(ctx, x.guest(""), exercise)
		return err
	})
	return out, err
}

// ExerciseFields are the fields of an exercise that its instructors write. Nil leaves a field as it is.
type ExerciseFields struct {
	Title        *models.Bilingual `json:"title"`
	Instructions *models.Bilingual `json:"instructions"`
	Open         *bool             `json:"open"`
	// Prompts are all prompts, in their order. One without an id is new.
	Prompts      *[]models.Prompt `json:"prompts"`
	Work         *models.Work     `json:"work"`
	DueAt        *string          `json:"dueAt"`
	TimeZone     *string          `json:"timeZone"`
	LateAllowed  *bool            `json:"lateAllowed"`
	MinWords     *int             `json:"minWords"`
	MaxWords     *int             `json:"maxWords"`
	Passages     *int             `json:"passages"`
	Reasons      *bool            `json:"reasons"`
	Released     *bool            `json:"released"`
	OwnNotes     *bool            `json:"ownNotes"`
	Web          *bool            `json:"web"`
	ShownToClass *bool            `json:"shownToClass"`
	NamesShown   *bool            `json:"namesShown"`
}

func (f *ExerciseFields) apply(e *models.Exercise) {
	set(&e.Title, f.Title)
	set(&e.Instructions, f.Instructions)
	set(&e.Open, f.Open)
	set(&e.Prompts, f.Prompts)
	set(&e.Work, f.Work)
	set(&e.DueAt, f.DueAt)
	set(&e.TimeZone, f.TimeZone)
	set(&e.LateAllowed, f.LateAllowed)
	set(&e.MinWords, f.MinWords)
	set(&e.MaxWords, f.MaxWords)
	set(&e.Passages, f.Passages)
	set(&e.Reasons, f.Reasons)
	set(&e.Released, f.Released)
	set(&e.OwnNotes, f.OwnNotes)
	set(&e.Web, f.Web)
	set(&e.ShownToClass, f.ShownToClass)
	set(&e.NamesShown, f.NamesShown)
}

// ChangeExercise writes an exercise's fields.
func (s *Service) ChangeExercise(ctx context.Context, actor models.Actor, exercise models.ID, seen int, f ExerciseFields) (*models.Exercise, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseExercises, func(ctx context.Context, x exercisePlace) (*models.Exercise, error) {
		if outdated(x.exercise, seen) {
			return nil, models.Stale(x.shown())
		}
		before := *x.exercise
		f.apply(x.exercise)
		if err := s.checkExercise(ctx, &x, &before); err != nil {
			return nil, err
		}
		return s.keep(ctx, &x)
	})
}
