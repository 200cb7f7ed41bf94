package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/models"
)

// class is a course, as its instructor sees it.
type class struct {
	*person
	id   string
	path string // /courses/ID
}

// Class makes a course.
func (p *person) Class(name string) *class {
	p.w.t.Helper()
	r := p.post("/courses", object{"name": name, "term": "Spring 2027"}).want(http.StatusCreated)
	return &class{person: p, id: r.id(), path: "/courses/" + r.id()}
}

// Join brings a person into the course, with these rights if they assist.
func (c *class) Join(name string, role models.CourseRole, rights ...models.Action) *person {
	c.w.t.Helper()
	who := c.w.User(name)
	members := c.w.db.CourseMembers()
	last, err := c.w.db.LastNumber(c.w.t.Context(), models.ID(c.id))
	if err != nil {
		c.w.t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	err = members.Insert(c.w.t.Context(), &models.CourseMember{
		Head:   models.Head{ID: models.NewID(), SpaceID: models.ID(c.id), Version: 1, CreatedAt: now, UpdatedAt: now},
		UserID: models.ID(who.id), Role: role, Number: last + 1, Rights: append([]models.Action{}, rights...), JoinedAt: &now,
	})
	if err != nil {
		c.w.t.Fatal(err)
	}
	return who
}

// courseTrial is one route of teaching tried by one person. What is tried is the instructor's class, and
// of work that of the student.
type courseTrial struct {
	*class
	student *person
	// who tries it, in which role; empty for those who aren't in the course.
	who  *person
	role models.CourseRole
}

// courseTrials say for each route of teaching how it is tried: its address, and what is sent. A new
// route must be added to one of these.
var courseTrials = []map[string]func(x courseTrial) (path string, body any, o []option){
	{
		"GET /courses/:course": func(x courseTrial) (string, any, []option) { return x.path, nil, nil },
		"PATCH /courses/:course": func(x courseTrial) (string, any, []option) {
			return x.path, object{"term": "Autumn 2027"}, []option{seeing(1)}
		},
	},
	exerciseTrials,
	peopleTrials,
	submissionTrials,
	workTrials,
	feedbackTrials,
}

// courseElsewhere are routes that other tests try with every role: TestClassStream and TestCourseStream.
var courseElsewhere = map[string]bool{"GET /exercises/:exercise/stream": true, "GET /courses/:course/stream": true}

// wholeClass are routes that are of the work of all, so that a right to one's own isn't enough.
var wholeClass = map[string]bool{"GET /exercises/:exercise/board": true, "GET /exercises/:exercise/export": true}

// courseRouteName is the name of a route in courseTrials; empty for routes that aren't of teaching.
func courseRouteName(r api.Route) string {
	name := strings.TrimPrefix(r.Path, "/api/v1")
	for _, of := range []string{"/courses/:", "/exercises/:", "/submissions/:"} {
		if strings.HasPrefix(name, of) {
			return r.Method + " " + name
		}
	}
	return ""
}

// TestCourseRights walks every route of teaching with every role, with assistants who were given all
// rights and none, with a student whose work it isn't, with a stranger and somebody who is not signed in,
// and with a personal token, and compares what happens with the table of roles.
func TestCourseRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trials := map[string]func(x courseTrial) (string, any, []option){}
	for _, some := range courseTrials {
		maps.Copy(trials, some)
	}
	stranger := w.User("stranger")
	for i, r := range api.Routes() {
		name := courseRouteName(r)
		if name == "" || courseElsewhere[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w.in(t)
			try := trials[name]
			if try == nil {
				t.Fatal("nobody said how this route is tried")
			}
			instructor := fmt.Sprintf("lea%d", i) // nobody may be one of as many courses as are made here
			send := func(who string, role models.CourseRole, rights []models.Action, o ...option) *reply {
				lea := w.User(instructor)
				c := lea.Class("Organising with data")
				x := courseTrial{class: c, student: c.Join("anna", models.RoleStudent), role: role}
				switch who {
				case "lea":
					x.who = lea
				case "anna", "stranger":
					x.who = w.User(who)
				case "":
					x.who = w.Stranger()
				default:
					x.who = c.Join(who, role, rights...)
				}
				path, body, options := try(x)
				return x.who.do(r.Method, path, body, append(options, o...)...)
			}
			judge := func(as string, g models.Grant, got *reply) {
				if g == models.GrantNone {
					got.refused(http.StatusForbidden, "course_role_insufficient")
				} else if got.status >= 300 {
					t.Errorf("%s is told %d %s", as, got.status, got.raw)
				}
			}
			may := func(role models.CourseRole, rights ...models.Action) models.Grant {
				g := (&models.CourseMember{Role: role, Rights: rights}).May(r.Who)
				if g == models.GrantOwn && wholeClass[name] {
					return models.GrantNone
				}
				return g
			}
			judge("an instructor", may(models.RoleInstructor), send("lea", models.RoleInstructor, nil))
			judge("an assistant", may(models.RoleAssistant), send("bo", models.RoleAssistant, nil))
			judge("an assistant with all rights", may(models.RoleAssistant, models.GivenRights()...), send("ida", models.RoleAssistant, models.GivenRights()))
			judge("the student", may(models.RoleStudent), send("anna", models.RoleStudent, nil))
			if strings.Contains(name, "/submissions/:") {
				send("per", models.RoleStudent, nil).refused(http.StatusNotFound, "submission_not_found")
			} else {
				judge("a student", may(models.RoleStudent), send("per", models.RoleStudent, nil))
			}
			send("lea", models.RoleInstructor, nil, w.User(instructor).Token(models.ScopeWrite).sent()).refused(http.StatusForbidden, "token_scope")
			if got := send("stranger", "", nil); got.status != http.StatusNotFound {
				t.Errorf("a stranger (%s) is told %d %s", stranger.name, got.status, got.raw)
			}
			send("", "", nil).refused(http.StatusUnauthorized, "token_missing")
		})
	}
}
