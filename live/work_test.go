package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"feltbog/live"
	"feltbog/models"
	"feltbog/teaching"
)

// works is a hub that follows what the test tells of the work on exercises.
type works struct {
	t    *testing.T
	hub  *live.Hub
	tell func(teaching.WorkNews)
	// breaks ends the feed, which is opened again.
	breaks chan error
	opened chan struct{}
}

func newWorks(t *testing.T) *works {
	t.Helper()
	w := &works{t: t, hub: live.New(nil, nil, slog.New(slog.DiscardHandler)), breaks: make(chan error), opened: make(chan struct{})}
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.hub.FollowWork(ctx, func(ctx context.Context, opened func(), each func(teaching.WorkNews)) error {
			w.tell = each
			opened()
			select {
			case w.opened <- struct{}{}:
			case <-ctx.Done():
			}
			select {
			case err := <-w.breaks:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	t.Cleanup(func() {
		end()
		<-ended
	})
	return w
}

// sit takes a seat and reads that it stands.
func (w *works) sit(seat teaching.Seat) *live.Subscription {
	w.t.Helper()
	s, err := w.hub.Sit(models.Actor{UserID: models.NewID()}, seat)
	if err != nil {
		w.t.Fatal(err)
	}
	if m := <-s.Messages(); m.Event != live.MessageHello || m.ID != "" {
		w.t.Fatalf("first = %v", m)
	}
	return s
}

// heard gives the next message, and fails where the subscription ended.
func (w *works) heard(s *live.Subscription) live.Message {
	w.t.Helper()
	select {
	case m, ok := <-s.Messages():
		if !ok {
			w.t.Fatal("the subscription ended")
		}
		return m
	case <-time.After(10 * time.Second):
		w.t.Fatal("nothing is told")
	}
	return live.Message{}
}

// ended says that the subscription ends, whatever is told before.
func (w *works) ended(s *live.Subscription) {
	w.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case _, ok := <-s.Messages():
			if !ok {
				return
			}
		case <-deadline:
			w.t.Fatal("the subscription goes on")
		}
	}
}

func cellOf(exercise, submission, prompt models.ID, words int) teaching.WorkNews {
	return teaching.WorkNews{ExerciseID: exercise, Cell: &teaching.CellNews{SubmissionID: submission, BoardCell: teaching.BoardCell{PromptID: prompt, State: teaching.StateWriting, Words: words}}}
}

func TestNobodySitsWhereNothingIsFollowed(t *testing.T) {
	hub := live.New(nil, nil, slog.New(slog.DiscardHandler))
	if _, err := hub.Sit(models.Actor{}, teaching.Seat{}); models.KindOf(err) != models.KindUnavailable {
		t.Errorf("= %v", err)
	}
}

func TestAnAnswerIsToldOfOnceForAllThatWasTyped(t *testing.T) {
	w := newWorks(t)
	<-w.opened
	exercise, mine, other, prompt := models.NewID(), models.NewID(), models.NewID(), models.NewID()
	whole := w.sit(teaching.Seat{ExerciseID: exercise, Whole: true})
	own := w.sit(teaching.Seat{ExerciseID: exercise, SubmissionID: mine})
	nobodys := w.sit(teaching.Seat{ExerciseID: exercise})
	elsewhere := w.sit(teaching.Seat{ExerciseID: models.NewID(), Whole: true})
	for words := range 500 {
		w.tell(cellOf(exercise, mine, prompt, words+1))
		w.tell(cellOf(exercise, other, prompt, words+1))
	}
	// A submission is told of behind the cells that were changed before it.
	w.tell(teaching.WorkNews{ExerciseID: exercise, Submission: &teaching.SubmissionNews{SubmissionID: other, State: teaching.StateSubmitted}})
	words := func(s *live.Subscription) string {
		got := map[models.ID]int{}
		for {
			m := w.heard(s)
			var body struct {
				Items []teaching.CellNews
			}
			if m.Event == live.MessageSubmission {
				return fmt.Sprint(len(got), got[mine], got[other])
			}
			if err := json.Unmarshal(m.Data, &body); err != nil || m.Event != live.MessageCells {
				t.Fatalf("%s %s: %v", m.Event, m.Data, err)
			}
			for _, c := range body.Items {
				got[c.SubmissionID] = c.Words
			}
			if s == own && got[mine] == 500 {
				return fmt.Sprint(len(got), got[mine], got[other])
			}
		}
	}
	if got := words(whole); got != "2 500 500" {
		t.Errorf("who sees all hears %s", got)
	}
	if got := words(own); got != "1 500 0" {
		t.Errorf("who sees theirs hears %s", got)
	}
	for _, s := range []*live.Subscription{own, nobodys, elsewhere} {
		select {
		case m := <-s.Messages():
			t.Errorf("told %v", m)
		default:
		}
	}
}

func TestReadersComeBackWhenSomethingMayHaveBeenMissed(t *testing.T) {
	w := newWorks(t)
	<-w.opened
	exercise := models.NewID()
	s := w.sit(teaching.Seat{ExerciseID: exercise})
	w.breaks <- errors.New("the engine went away")
	w.ended(s)
	<-w.opened
	s = w.sit(teaching.Seat{ExerciseID: exercise, SubmissionID: models.NewID()})
	for range 1000 { // it reads nothing
		w.tell(teaching.WorkNews{ExerciseID: exercise, Exercise: &teaching.ExerciseNews{Version: 2, Open: true}})
	}
	w.ended(s)
}

func TestASeatIsLostWithItsPlaceInTheCourse(t *testing.T) {
	w := newWorks(t)
	<-w.opened
	exercise, course, anna := models.NewID(), models.NewID(), models.NewID()
	for name, news := range map[string]teaching.WorkNews{
		"a membership that changed": {MemberID: anna}, "a course that went": {CourseID: course},
		"an exercise that went":       {ExerciseID: exercise, Exercise: &teaching.ExerciseNews{Open: true, Gone: true}},
		"an exercise that isn't open": {ExerciseID: exercise, Exercise: &teaching.ExerciseNews{}},
	} {
		s := w.sit(teaching.Seat{CourseID: course, ExerciseID: exercise, MemberID: anna, Student: true})
		still := w.sit(teaching.Seat{CourseID: models.NewID(), ExerciseID: models.NewID(), MemberID: models.NewID()})
		w.tell(news)
		w.ended(s)
		select {
		case m, ok := <-still.Messages():
			t.Errorf("%s is told to others: %v, %v", name, m, ok)
		default:
		}
		still.Close()
	}
}

func TestACourseIsToldOfToThoseWhomItConcerns(t *testing.T) {
	w := newWorks(t)
	<-w.opened
	course, anna, per, herons := models.NewID(), models.NewID(), models.NewID(), models.NewID()
	seats := map[string]teaching.Seat{
		"the teacher": {CourseID: course, MemberID: models.NewID()},
		"anna":        {CourseID: course, MemberID: anna, GroupID: herons, Student: true},
		"per":         {CourseID: course, MemberID: per, Student: true},
		"another":     {CourseID: models.NewID(), MemberID: models.NewID(), Student: true},
	}
	exercise := func(n teaching.ExerciseNews) teaching.WorkNews {
		n.CourseID = course
		return teaching.WorkNews{ExerciseID: models.NewID(), Exercise: &n}
	}
	submission := func(member, group models.ID) teaching.WorkNews {
		return teaching.WorkNews{ExerciseID: models.NewID(), Submission: &teaching.SubmissionNews{CourseID: course, MemberID: member, GroupID: group}}
	}
	for name, c := range map[string]struct {
		news teaching.WorkNews
		hear []string
	}{
		"an exercise that is open":          {exercise(teaching.ExerciseNews{Open: true}), []string{"the teacher", "anna", "per"}},
		"one that was closed":               {exercise(teaching.ExerciseNews{}), []string{"the teacher", "anna", "per"}},
		"one that students have never seen": {exercise(teaching.ExerciseNews{Shut: true}), []string{"the teacher"}},
		"work of a student":                 {submission(per, ""), []string{"per"}},
		"work of a group":                   {submission("", herons), []string{"anna"}},
		"how far an answer is":              {cellOf(models.NewID(), models.NewID(), models.NewID(), 1), nil},
	} {
		t.Run(name, func(t *testing.T) {
			heard := map[string]*live.Subscription{}
			for who, seat := range seats {
				heard[who] = w.sit(seat)
			}
			w.tell(c.news)
			for who, s := range heard {
				select {
				case m := <-s.Messages():
					if m.Event != live.MessageExercises || !slices.Contains(c.hear, who) {
						t.Errorf("%s hears %v", who, m)
					}
				default:
					if slices.Contains(c.hear, who) {
						t.Errorf("%s hears nothing", who)
					}
				}
				s.Close()
			}
		})
	}
}
