package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/auth"
	"feltbog/demo"
	"feltbog/models"
	"feltbog/teaching"
)

// taught is the course of a copy, read back as its instructor sees it.
type taught struct {
	course   *models.Course
	members  []teaching.Member
	groups   []teaching.ClassGroup
	exercise *models.Exercise
	board    *teaching.Board
	notes    []*teaching.Note
	texts    map[models.ID]*models.Text // the released ones
	work     []*teaching.SubmissionView
	said     map[models.ID]*models.Feedback
}

// class reads the course of a copy back. There is one.
func (w *world) class(owner models.Actor) *taught {
	w.t.Helper()
	ctx := w.t.Context()
	courses, err := w.teaching.Courses(ctx, owner, false)
	w.must(err)
	if len(courses) != 1 {
		w.t.Fatalf("The owner has %d courses.", len(courses))
	}
	c := &taught{course: courses[0], texts: map[models.ID]*models.Text{}, said: map[models.ID]*models.Feedback{}}
	exercises, err := w.teaching.Exercises(ctx, owner, c.course.ID, false)
	w.must(err)
	if len(exercises) != 1 {
		w.t.Fatalf("The course has %d exercises.", len(exercises))
	}
	c.exercise = exercises[0]
	c.members, err = w.teaching.Members(ctx, owner, c.course.ID, teaching.MemberFilter{Role: models.RoleStudent})
	w.must(err)
	c.groups, err = w.teaching.Groups(ctx, owner, c.course.ID)
	w.must(err)
	c.board, err = w.teaching.Board(ctx, owner, c.exercise.ID)
	w.must(err)
	notes, err := w.teaching.Notes(ctx, owner, c.exercise.ID, teaching.NoteFilter{}, models.Page{Limit: models.MaxPageSize})
	w.must(err)
	c.notes = notes.Items
	for _, n := range c.notes {
		c.texts[n.ID], err = w.teaching.NoteText(ctx, owner, c.exercise.ID, n.ID)
		w.must(err)
	}
	heads, err := w.teaching.Submissions(ctx, owner, c.exercise.ID)
	w.must(err)
	for _, h := range heads {
		v, err := w.teaching.Submission(ctx, owner, h.ID)
		w.must(err)
		c.work = append(c.work, v)
		if f, err := w.teaching.Feedback(ctx, owner, h.ID); err == nil {
			c.said[h.ID] = f
		}
	}
	return c
}

// prose adds everything that was written for the course, by where it stands. What is quoted isn't.
func (c *taught) prose(all map[string]string) {
	all["course"] = c.course.Description
	for _, v := range c.work {
		who := string(v.Submission.ID)
		all["why "+who] = v.Submission.Organisation.Why
		for _, a := range v.Answers {
			all["answer "+who+string(a.PromptID)] = a.Text
			for _, e := range a.Evidence {
				all["evidence "+string(e.ID)] = e.Why
			}
		}
	}
	for _, f := range c.said {
		all["feedback "+string(f.ID)] = f.Comment
		for _, r := range f.Remarks {
			all["remark "+string(r.ID)] = r.Text
		}
	}
}

func TestClass(t *testing.T) {
	w := newWorld(t)
	made := w.Demo("teacher@example.org")
	c, owner := made.class, models.Actor{UserID: made.owner}

	same := func(t *testing.T, what string, got, want any) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}

	t.Run("it says that it is invented, and its owner teaches it", func(t *testing.T) {
		if c.course.Role != models.RoleInstructor || !strings.Contains(c.course.Name, "invented") || !strings.Contains(c.course.Description, "This course is invented") {
			t.Errorf("The course is %+v.", c.course)
		}
		_, err := w.teaching.Joining(t.Context(), owner, c.course.ID)
		if models.KindOf(err) != models.KindNotFound {
			t.Errorf("Anybody may join: %v", err)
		}
	})

	t.Run("ten students who can't sign in are in two groups", func(t *testing.T) {
		same(t, "students", len(c.members), studentCount)
		same(t, "groups", len(c.groups), 2)
		for _, g := range c.groups {
			same(t, "in "+g.Name, g.Count, studentCount/2)
		}
		for i, u := range made.personas[coderCount:] {
			m := c.members[slices.IndexFunc(c.members, func(m teaching.Member) bool { return m.UserID == u.ID })]
			if !u.Persona || m.Number != i+2 || m.State != teaching.MemberJoined || made.members[u.ID] != "" {
				t.Errorf("%s is %+v.", u.Name, m)
			}
		}
	})

	t.Run("answers are in all states", func(t *testing.T) {
		states := map[teaching.State]int{}
		for _, r := range c.board.Rows {
			states[r.State]++
			for _, cell := range r.Cells {
				states["cell "+cell.State]++
			}
		}
		for _, s := range teaching.States() {
			if states["cell "+s] == 0 {
				t.Errorf("No answer is %s.", s)
			}
		}
		same(t, "not begun", states[teaching.StateNotBegun], 2)
		same(t, "submitted", states[teaching.StateSubmitted], 2)
		same(t, "returned", states[teaching.StateReturned], 2)
		same(t, "organisations of a kind of their own", len(set(c.work, func(v *teaching.SubmissionView) string { return string(v.Submission.Organisation.Kind) })), len(c.work))
	})

	t.Run("one was late in spite of an extension, the others in time", func(t *testing.T) {
		same(t, "extensions", len(c.exercise.Extensions), 2)
		late := 0
		for _, v := range c.work {
			for _, h := range v.HandIns {
				if h.Late {
					late++
					if !v.Due.After(*c.exercise.Due) || !h.At.After(*v.Due) {
						t.Errorf("Handed in at %s, and due at %s.", h.At, v.Due)
					}
				} else if h.At.After(*c.exercise.Due) {
					t.Errorf("Handed in at %s, and not late.", h.At)
				}
			}
		}
		same(t, "late", late, 1)
	})

	t.Run("answers are long enough and stand on words that are found where they are quoted", func(t *testing.T) {
		same(t, "released notes", len(c.notes), 7)
		sources := map[bool]int{}
		for _, v := range c.work {
			for _, a := range v.Answers {
				if v.Submission.Submitted() && a.Text != "" && (a.Words < 60 || a.Words > 150) {
					t.Errorf("An answer of %s has %d words.", v.Whose.Name, a.Words)
				}
				for _, e := range a.Evidence {
					sources[e.Web != nil]++
					if e.Web != nil {
						if !strings.Contains(e.Web.URL, ".example.org/") {
							t.Errorf("%s may be somebody’s.", e.Web.URL)
						}
						continue
					}
					text := []rune(c.texts[e.NoteID].Text)
					if got := string(text[e.Anchor.Start:e.Anchor.End]); got != e.Anchor.Quote || got == "" || e.CodingID == "" {
						t.Errorf("Evidence is on %q, and quotes %q.", got, e.Anchor.Quote)
					}
				}
			}
		}
		if sources[false] < 25 || sources[true] < 3 {
			t.Errorf("Sources on the web or not: %v", sources)
		}
	})

	t.Run("what was returned has a mark, a comment, and remarks on words of it", func(t *testing.T) {
		same(t, "feedback", len(c.said), 2)
		for _, v := range c.work {
			f := c.said[v.Submission.ID]
			if (f != nil) != (v.Submission.ReturnedAt != nil) {
				t.Errorf("Of %s is said %+v.", v.Whose.Name, f)
			}
			if f == nil {
				continue
			}
			if f.Mark == "" || f.Comment == "" || len(f.Remarks) < 3 {
				t.Errorf("Of %s is said too little: %+v", v.Whose.Name, f)
			}
			for _, r := range f.Remarks {
				at := slices.IndexFunc(v.Answers, func(a teaching.AnswerView) bool { return a.PromptID == r.PromptID })
				if got := string([]rune(v.Answers[at].Text)[r.Start:r.End]); got != r.Quote || got == "" {
					t.Errorf("A remark is on %q, and quotes %q.", got, r.Quote)
				}
			}
		}
	})

	t.Run("the team's counts know nothing of the students' passages", func(t *testing.T) {
		for _, k := range made.codings {
			if slices.ContainsFunc(made.personas[coderCount:], func(u *models.User) bool { return u.ID == k.CoderID }) {
				t.Errorf("A student has coded %s.", k.NoteID)
			}
		}
	})

	t.Run("a new copy of the demo puts the course of the deleted one into the bin", func(t *testing.T) {
		ctx := t.Context()
		w.must(w.service.DeleteProject(ctx, owner, made.project.ID))
		if standing, err := w.teaching.Courses(ctx, owner, false); err != nil || len(standing) != 1 {
			t.Fatalf("After the project was deleted there are the courses %v (%v).", standing, err)
		}
		again, err := demo.Load(ctx, w.service, w.teaching, w.accounts, owner)
		w.must(err)
		standing, err := w.teaching.Courses(ctx, owner, false)
		w.must(err)
		binned, err := w.teaching.Courses(ctx, owner, true)
		w.must(err)
		if len(standing) != 1 || standing[0].DemoOf != again.ID || len(binned) != 1 || binned[0].ID != c.course.ID {
			t.Errorf("Courses are %v, and in the bin %v.", standing, binned)
		}
	})

	t.Run("a copy that can't be finished leaves no course", func(t *testing.T) {
		user, _, err := w.accounts.CreateUser(t.Context(), auth.Operator(), auth.NewAccount{Email: "unlucky@example.org", Name: "Unlucky"})
		w.must(err)
		unlucky := models.Actor{UserID: user.ID}
		if _, err := demo.Load(t.Context(), w.service, w.teaching, &personas{Service: w.accounts, most: coderCount + 4}, unlucky); err == nil {
			t.Fatal("It could be finished.")
		}
		for _, bin := range []bool{false, true} {
			courses, err := w.teaching.Courses(t.Context(), unlucky, bin)
			projects, err2 := w.service.Projects(t.Context(), unlucky, bin)
			if fmt.Sprint(len(courses), len(projects), err, err2) != "0 0 <nil> <nil>" {
				t.Errorf("There are left, in the bin %v: %v, %v (%v, %v)", bin, courses, projects, err, err2)
			}
		}
	})
}
