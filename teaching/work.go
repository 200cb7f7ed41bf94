package teaching

import (
	"context"
	"time"

	"feltbog/models"
)

// WorkStore tells what happens to the work on exercises.
type WorkStore interface {
	// WatchWork calls each with every change from now on, in order, until ctx ends, it breaks or each fails;
	// opened is called once nothing will be missed any more.
	WatchWork(ctx context.Context, opened func(), each func(WorkChange) error) error
}

// WorkChange is what one write did to the work on exercises. One of the fields is set.
type WorkChange struct {
	Answer     *AnswerState
	Submission *models.Submission
	Exercise   *models.Exercise
	// MemberID is somebody whose place in a course changed or ended, CourseID a course that went.
	MemberID models.ID
	CourseID models.ID
}

// WorkNews is what readers of an exercise are told, or whose reading ends. It never holds words of an answer.
type WorkNews struct {
	ExerciseID models.ID
	Cell       *CellNews
	Submission *SubmissionNews
	Exercise   *ExerciseNews
	// MemberID is somebody whose place in a course changed or ended, CourseID a course that went: they are
	// asked again whether they may read.
	MemberID models.ID
	CourseID models.ID
}

// CellNews is how far an answer has come.
type CellNews struct {
	SubmissionID models.ID `json:"submissionId"`
	BoardCell
}

// SubmissionNews is how far a submission has come, and whose it is.
type SubmissionNews struct {
	CourseID     models.ID `json:"-"`
	SubmissionID models.ID `json:"submissionId"`
	MemberID     models.ID `json:"memberId,omitempty"`
	GroupID      models.ID `json:"groupId,omitempty"`
	State        State     `json:"state"`
	ChangedAt    time.Time `json:"changedAt"`
}

// ExerciseNews says that an exercise was changed.
type ExerciseNews struct {
	CourseID models.ID `json:"-"`
	Version  int       `json:"version"`
	Open     bool      `json:"-"` // whether students see it
	// Shut says that students don't see it and didn't before either.
	Shut bool `json:"-"`
	Gone bool `json:"-"`
}

// Seat is where a reader of an exercise's stream sits, or of a course's, without an ExerciseID: what they are
// told of is all work, or that of one submission.
type Seat struct {
	CourseID, ExerciseID, MemberID, GroupID models.ID
	// Whole is set for those who see all work, Student for students: they sit there while it is open.
	Whole, Student bool
	// SubmissionID is the reader's own, empty while there is none.
	SubmissionID models.ID
}

// Seat gives the actor's seat at an exercise.
func (s *Service) Seat(ctx context.Context, actor models.Actor, exercise models.ID) (Seat, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseRead)
	if err != nil {
		return Seat{}, err
	}
	seat := Seat{CourseID: x.course.ID, ExerciseID: exercise, MemberID: x.member.ID, GroupID: x.member.GroupID, Whole: x.seesAll()}
	if seat.Student = x.member.Role == models.RoleStudent; !seat.Student {
		return seat, nil
	}
	seat.SubmissionID, err = s.mine(ctx, &x)
	return seat, err
}

// CourseSeat gives the actor's seat in a course, in which they hear which exercises there are.
func (s *Service) CourseSeat(ctx context.Context, actor models.Actor, course models.ID) (Seat, error) {
	p, err := s.enter(ctx, actor, course, models.CourseRead)
	if err != nil {
		return Seat{}, err
	}
	return Seat{CourseID: course, MemberID: p.member.ID, GroupID: p.member.GroupID, Student: p.member.Role == models.RoleStudent}, nil
}

// mostExercises bounds the exercises that WatchWork remembers.
const mostExercises = 1_000

// WatchWork calls each with what readers are to be told of the work on exercises, until ctx ends or the
// store's feed breaks.
func (s *Service) WatchWork(ctx context.Context, opened func(), each func(WorkNews)) error {
	w := &workWatch{service: s, exercises: map[models.ID]*models.Exercise{}}
	return s.store.WatchWork(ctx, opened, func(c WorkChange) error {
		news, err := w.news(ctx, c)
		switch {
		case models.KindOf(err) == models.KindNotFound:
			return nil // it is gone meanwhile, and that is told of by itself
		case err != nil:
			return err
		}
		each(news)
		return nil
	})
}

// workWatch makes news of changes. It remembers exercises as the feed last told of them.
type workWatch struct {
	service   *Service
	exercises map[models.ID]*models.Exercise
}

func (w *workWatch) news(ctx context.Context, c WorkChange) (WorkNews, error) {
	switch {
	case c.Answer != nil:
		cell, err := w.cell(ctx, c.Answer)
		return WorkNews{ExerciseID: c.Answer.ExerciseID, Cell: cell}, err
	case c.Submission != nil:
		news, err := w.submission(ctx, c.Submission)
		return WorkNews{ExerciseID: c.Submission.SpaceID, Submission: news}, err
	case c.Exercise != nil:
		e := c.Exercise
		was := w.exercises[e.ID]
		w.remember(e)
		return WorkNews{ExerciseID: e.ID, Exercise: &ExerciseNews{
			CourseID: e.SpaceID, Version: e.Version, Open: e.Open, Shut: !e.Open && (e.Version == 1 || was != nil && !was.Open), Gone: e.DeletedAt != nil,
		}}, nil
	}
	return WorkNews{MemberID: c.MemberID, CourseID: c.CourseID}, nil
}

func (w *workWatch) remember(e *models.Exercise) {
	if len(w.exercises) >= mostExercises {
		clear(w.exercises)
	}
	w.exercises[e.ID] = e
}

func (w *workWatch) exercise(ctx context.Context, id models.ID) (*models.Exercise, error) {
	if e := w.exercises[id]; e != nil {
		return e, nil
	}
	e, err := w.service.store.ExerciseByID(ctx, id)
	if err != nil {
		return nil, err
	}
	w.remember(e)
	return e, nil
}

func (w *workWatch) cell(ctx context.Context, a *AnswerState) (*CellNews, error) {
	e, err := w.exercise(ctx, a.ExerciseID)
	if err != nil {
		return nil, err
	}
	sub := &models.Submission{}
	if a.Sealed > 0 { // only then it matters whether it was returned
		if sub, err = w.service.store.SubmissionByID(ctx, a.SubmissionID); err != nil {
			return nil, err
		}
	}
	return &CellNews{SubmissionID: a.SubmissionID, BoardCell: cellOf(e, sub, a.PromptID, a)}, nil
}

func (w *workWatch) submission(ctx context.Context, sub *models.Submission) (*SubmissionNews, error) {
	e, err := w.exercise(ctx, sub.SpaceID)
	if err != nil {
		return nil, err
	}
	var states []State
	if !sub.Submitted() {
		answers, err := w.service.store.AnswerStates(ctx, sub.SpaceID, sub.ID)
		if err != nil {
			return nil, err
		}
		for i := range e.Prompts {
			states = append(states, stateAt(e, sub, answers, e.Prompts[i].ID))
		}
	}
	return &SubmissionNews{CourseID: sub.CourseID, SubmissionID: sub.ID, MemberID: sub.MemberID, GroupID: sub.GroupID, State: WholeState(sub, states), ChangedAt: sub.UpdatedAt}, nil
}

// stateAt gives the state of an answer among all of a submission.
func stateAt(e *models.Exercise, sub *models.Submission, answers []*AnswerState, prompt models.ID) State {
	for _, a := range answers {
		if a.PromptID == prompt {
			return StateOf(e, sub, a)
		}
	}
	return StateOf(e, sub, nil)
}
