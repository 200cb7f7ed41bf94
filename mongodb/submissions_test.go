package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
	"feltbog/teaching"
)

// lecture is a course of students who have each begun one exercise.
type lecture struct {
	db          *mongodb.DB
	uri         string
	exercise    *models.Exercise
	users       []models.ID
	submissions []models.ID
}

func newLecture(tb testing.TB, students int) *lecture {
	tb.Helper()
	l := &lecture{uri: enginetest.Mongo(tb)}
	var err error
	if l.db, err = mongodb.Open(tb.Context(), l.uri, enginetest.Database(tb)); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.db.Close(context.WithoutCancel(tb.Context())) })
	at := time.Now().UTC().Truncate(time.Millisecond)
	head := func(space models.ID) models.Head {
		return models.Head{ID: models.NewID(), SpaceID: space, Version: 1, CreatedAt: at, UpdatedAt: at}
	}
	c := &models.Course{Head: head(""), Name: "Organising with data", Language: "en"}
	c.SpaceID = c.ID
	l.exercise = &models.Exercise{Head: head(c.ID), Title: models.Bilingual{En: "Data"}, Open: true, Work: models.WorkIndividual, TimeZone: "UTC", MinWords: 100, Passages: 1, Reasons: true, Web: true}
	for i := range 6 {
		question := strings.Repeat("Where does somebody in the organisation expect data to show what is coming? ", 4)
		l.exercise.Prompts = append(l.exercise.Prompts, models.Prompt{ID: models.NewID(), Title: models.Bilingual{En: fmt.Sprint("Prompt ", i)}, Question: models.Bilingual{En: question, Da: question}, CodeID: models.NewID()})
	}
	var members []*models.CourseMember
	var submissions []*models.Submission
	for i := range students {
		m := &models.CourseMember{Head: head(c.ID), UserID: models.NewID(), Role: models.RoleStudent, Number: i + 1, Rights: []models.Action{}}
		s := &models.Submission{Head: head(l.exercise.ID), CourseID: c.ID, MemberID: m.ID}
		members, submissions = append(members, m), append(submissions, s)
		l.users, l.submissions = append(l.users, m.UserID), append(l.submissions, s.ID)
	}
	if err := models.First(l.db.Courses().Insert(tb.Context(), c), l.db.Exercises().Insert(tb.Context(), l.exercise),
		l.db.CourseMembers().Insert(tb.Context(), members...), l.db.Submissions().Insert(tb.Context(), submissions...)); err != nil {
		tb.Fatal(err)
	}
	return l
}

func TestAnAnswerIsWrittenAsItWasRead(t *testing.T) {
	t.Parallel()
	l := newLecture(t, 1)
	a := models.NewAnswer(l.submissions[0], l.exercise.ID, l.exercise.Prompts[0].ID)
	a.Text = "Data"
	if err := l.db.SaveAnswer(t.Context(), a, 0); err != nil {
		t.Fatal(err)
	}
	if err := l.db.SaveAnswer(t.Context(), models.NewAnswer(a.SubmissionID, a.ExerciseID, a.PromptID), 0); !errors.Is(err, teaching.ErrMoved) {
		t.Errorf("a second first one: %v", err)
	}
	if err := l.db.SaveAnswer(t.Context(), a, 1); err != nil {
		t.Fatal(err)
	}
	if err := l.db.SaveAnswer(t.Context(), a, 1); !errors.Is(err, teaching.ErrMoved) {
		t.Errorf("one that was read before: %v", err)
	}
	st, err := l.db.Standing(t.Context(), a.SubmissionID, a.PromptID, l.users[0])
	if err != nil || st.Answer == nil || st.Answer.Edition != 2 || st.Answer.Text != "Data" || st.Member.UserID != l.users[0] || len(st.Exercise.Prompts) != 6 || st.Course.Name == "" {
		t.Errorf("it stands as %+v %v", st, err)
	}
	if st, err = l.db.Standing(t.Context(), a.SubmissionID, "", models.NewID()); err != nil || st.Member != nil || st.Answer != nil {
		t.Errorf("a stranger stands as %+v %v", st, err)
	}
	if _, err = l.db.Standing(t.Context(), models.NewID(), a.PromptID, l.users[0]); models.KindOf(err) != models.KindNotFound {
		t.Errorf("nothing stands as %v", err)
	}
}

// TestTheEngineCountsAnswersAsWeDo compares the states that the engine computes with those of the rule.
func TestTheEngineCountsAnswersAsWeDo(t *testing.T) {
	t.Parallel()
	l := newLecture(t, 1)
	for i, fill := range []func(a *models.Answer){
		func(*models.Answer) {},
		func(a *models.Answer) { a.Text = " \n\t" },
		func(a *models.Answer) { a.Text, a.Words = "Data is", 2 },
		func(a *models.Answer) {
			a.Evidence = []models.Evidence{{ID: models.NewID(), Why: "so"}, {ID: models.NewID()}, {ID: models.NewID(), Why: "gone", Withdrawn: true}}
		},
		func(a *models.Answer) {
			a.Others = []models.OtherVersion{{Writer: models.NewID(), Text: "x", Revision: models.NewID()}}
		},
		func(a *models.Answer) { a.Sealed = 3 },
	} {
		a := models.NewAnswer(l.submissions[0], l.exercise.ID, l.exercise.Prompts[i].ID)
		a.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		fill(a)
		if err := l.db.SaveAnswer(t.Context(), a, 0); err != nil {
			t.Fatal(err)
		}
		for _, submission := range []models.ID{"", l.submissions[0]} {
			states, err := l.db.AnswerStates(t.Context(), l.exercise.ID, submission)
			at := slices.IndexFunc(states, func(s *teaching.AnswerState) bool { return s.PromptID == a.PromptID })
			if err != nil || len(states) != i+1 || *states[at] != *teaching.StateIn(a) {
				t.Errorf("answer %d: the engine says %+v %v, the rule %+v", i, states[at], err, teaching.StateIn(a))
			}
		}
	}
}

// BenchmarkAutosave measures the saving of answers through the use case, and of the same documents by the
// driver alone: with as many writers at once as GOMAXPROCS gives, times sixteen.
func BenchmarkAutosave(b *testing.B) {
	l := newLecture(b, 500)
	service := teaching.New(l.db, nil, nil)
	text := strings.Repeat("The municipality’s data-driven plan rests on registers, they say, and nobody doubts it. ", 20)
	client, err := mongo.Connect(options.Client().ApplyURI(l.uri))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Disconnect(context.WithoutCancel(b.Context()))
	raw := client.Database(l.db.Name()).Collection("bareAnswers")
	for _, u := range l.submissions {
		if _, err := raw.InsertOne(b.Context(), bson.D{{Key: "_id", Value: u}, {Key: "version", Value: 0}}); err != nil {
			b.Fatal(err)
		}
	}
	measure := func(name string, save func(student, turn int) error) {
		b.Run(name, func(b *testing.B) {
			var turns atomic.Int64
			var mu sync.Mutex
			var took []time.Duration
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					turn := int(turns.Add(1))
					began := time.Now()
					if err := save(turn%len(l.users), turn); err != nil {
						b.Error(err)
					}
					mu.Lock()
					took = append(took, time.Since(began))
					mu.Unlock()
				}
			})
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
	versions := make([]atomic.Int64, len(l.users))
	measure("use case", func(student, turn int) error {
		in := teaching.Writing{Text: fmt.Sprint(text, turn), Revision: models.NewID(), Writer: l.users[student]}
		saved, _, err := service.SaveAnswer(b.Context(), models.Actor{UserID: l.users[student]}, l.submissions[student], l.exercise.Prompts[0].ID, int(versions[student].Load()), in)
		if err == nil {
			versions[student].Store(int64(saved.Version))
		}
		return err
	})
	measure("driver alone", func(student, turn int) error {
		_, err := raw.UpdateOne(b.Context(), bson.D{{Key: "_id", Value: l.submissions[student]}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "text", Value: fmt.Sprint(text, turn)}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
		return err
	})
}
