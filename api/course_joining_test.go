package api_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
	"feltbog/teaching"
)

// Another is the teaching of another server on the same database, which hears of nothing that this one does.
func (w *world) Another() *teaching.Service {
	w.t.Helper()
	db, err := mongodb.Open(w.t.Context(), enginetest.Mongo(w.t), w.db.Name())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close(context.WithoutCancel(w.t.Context())) })
	return teaching.New(db, nil, w.now)
}

// codeOf gives the code of an error that is told to people.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	e, ok := err.(*models.Error) //nolint:errorlint // it is given as it is
	if !ok {
		t.Fatal(err)
	}
	return e.Code
}

// numbered checks that so many are in the course, numbered in the order in which they came.
func (c *class) numbered(people int) {
	c.w.t.Helper()
	members, err := c.w.db.CourseMembers().All(c.w.t.Context(), models.ID(c.id), coding.Query{Order: []string{"number"}}, models.MaxCoursePeople)
	if err != nil || len(members) != people {
		c.w.t.Fatalf("%d are in the course, and should be %d; %v", len(members), people, err)
	}
	for i, m := range members {
		if m.Number != i+1 {
			c.w.t.Errorf("number %d follows %d", m.Number, i)
		}
	}
}

// TestAClassJoinsAtOnce lets people who have accounts join by one code at the same moment, and others sign up
// with it: all are in, each once.
func TestAClassJoinsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	code := lea.Open().code
	const known, fresh = 60, 20
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range known {
		p := w.User(fmt.Sprint("student", i))
		for range 1 + i%2 { // some tap twice
			all.Go(func() {
				<-start
				p.post("/courses/join", object{"code": code}).want(http.StatusOK)
			})
		}
	}
	for i := range fresh {
		all.Go(func() {
			<-start
			email := fmt.Sprint("fresh", i, "@example.org")
			r := w.Stranger().post("/auth/sign-up", object{"email": email, "name": email, "password": "four plain words together", "course": code}).want(http.StatusCreated)
			if r.text("courseId") != lea.id {
				t.Errorf("%s joined %s", email, r.raw)
			}
		})
	}
	close(start)
	all.Wait()
	lea.numbered(known + fresh + 1)
}

// guarded counts how often a transaction takes the guard of a course.
type guarded struct {
	teaching.Store
	taken atomic.Int64
}

func (g *guarded) GuardCourse(ctx context.Context, course models.ID) error {
	g.taken.Add(1)
	return g.Store.GuardCourse(ctx, course)
}

// TestWhoJoinsWaitsForTheirTurn joins at once in one process: nobody begins what another sends back to its start.
func TestWhoJoinsWaitsForTheirTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	code := lea.Open().code
	store := &guarded{Store: w.db}
	service := teaching.New(store, w.options.Service, nil)
	const students = 40
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range students {
		who := models.Actor{UserID: models.ID(w.User(fmt.Sprint("student", i)).id)}
		all.Go(func() {
			<-start
			if _, err := service.Join(t.Context(), who, code); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	lea.numbered(students + 1)
	if n := store.taken.Load(); n != students {
		t.Errorf("the guard was taken %d times for %d students", n, students)
	}

	t.Run("who is gone before their turn doesn't hold it up", func(t *testing.T) {
		w.in(t)
		ctx, gone := context.WithCancel(t.Context())
		one, two := w.User("one"), w.User("two")
		err := service.InTurn(t.Context(), code, func(inside context.Context) error {
			left := make(chan error)
			go func() {
				_, err := service.Join(ctx, models.Actor{UserID: models.ID(one.id)}, code)
				left <- err
			}()
			gone()
			if err := <-left; err == nil {
				t.Error("who is gone has joined")
			}
			_, err := service.Join(inside, models.Actor{UserID: models.ID(two.id)}, code) // in the turn that this is
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := service.Join(t.Context(), models.Actor{UserID: models.ID(one.id)}, code); err != nil {
			t.Error(err)
		}
	})
}

// TestClosingMeetsJoining ends the joining of a course in the ways there are, while a class joins it through two
// processes: who is let in is in, and nobody is let in who begins after that.
func TestClosingMeetsJoining(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	processes := []*teaching.Service{w.options.Teaching, w.Another()}
	people := make([]*person, 32)
	for i := range people {
		people[i] = w.User(fmt.Sprint("student", i))
	}
	for name, end := range map[string]func(c *class){
		"closing it":          func(c *class) { c.delete(c.path + "/join").want(http.StatusNoContent) },
		"making another code": func(c *class) { c.Open() },
		"archiving the course": func(c *class) {
			c.patch(c.path, object{"archived": true}, seeing(c.get(c.path).version())).want(http.StatusOK)
		},
		"deleting the course": func(c *class) { c.delete(c.path, seeing(c.get(c.path).version())).want(http.StatusNoContent) },
	} {
		t.Run(name, func(t *testing.T) {
			w.in(t)
			c := w.User("lea").Class("Organising with data")
			code := c.Open().code
			var over atomic.Bool
			var in atomic.Int64
			some := make(chan struct{}, len(people))
			var all sync.WaitGroup
			for i, p := range people {
				all.Go(func() {
					if i >= len(people)/2 { // those come while it ends, or after
						<-some
					}
					after := over.Load()
					_, err := processes[i%2].Join(t.Context(), models.Actor{UserID: models.ID(p.id)}, code)
					if err == nil {
						in.Add(1)
					}
					if err == nil && after {
						t.Error("somebody was let in who began when it was over")
					}
					if code := codeOf(t, err); code != "" && code != "join_gone" {
						t.Errorf("somebody was refused with %s", code)
					}
					some <- struct{}{}
				})
			}
			end(c)
			over.Store(true)
			all.Wait()
			c.numbered(int(in.Load()) + 1)
		})
	}

	t.Run("who is taken out doesn't come back by the same code", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Organising with data")
		code := c.Open().code
		for _, p := range people[:6] {
			actor := models.Actor{UserID: models.ID(p.id)}
			if _, err := processes[0].Join(t.Context(), actor, code); err != nil {
				t.Fatal(err)
			}
			seat := c.seat(p)
			var all sync.WaitGroup
			for k := range 4 {
				all.Go(func() {
					for range 5 {
						if code := codeOf(t, joined(processes[k%2].Join(t.Context(), actor, code))); code != "" && code != "join_gone" {
							t.Errorf("somebody was refused with %s", code)
						}
					}
				})
			}
			c.delete(c.path + "/members/" + seat).want(http.StatusNoContent)
			all.Wait()
			if code := codeOf(t, joined(processes[1].Join(t.Context(), actor, code))); code != "join_gone" {
				t.Errorf("then they are answered with %q", code)
			}
			c.numbered(1)
		}
	})
}

func joined(_ models.ID, err error) error { return err }
