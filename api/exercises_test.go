package api_test

import (
	"net/http"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/models"
)

// exercise is an exercise of a class, as its instructor sees it.
type exercise struct {
	*class
	id   string
	path string // /exercises/ID
}

// Exercise makes the built-in exercise and opens it. Fields may be changed.
func (c *class) Exercise(fields ...object) *exercise {
	c.w.t.Helper()
	r := c.post(c.path+"/exercises", object{"template": "public-organisation"}).want(http.StatusCreated)
	x := &exercise{class: c, id: r.id(), path: "/exercises/" + r.id()}
	for _, f := range append([]object{{"open": true}}, fields...) {
		c.patch(x.path, f, seeing(x.version())).want(http.StatusOK)
	}
	return x
}

func (x *exercise) version() int {
	x.w.t.Helper()
	v, _ := x.get(x.path).want(http.StatusOK).value("version").(float64)
	return int(v)
}

// Begin makes somebody's submission.
func (x *exercise) Begin(p *person) models.ID {
	x.w.t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	made := &models.Submission{
		Head:     models.Head{ID: models.NewID(), SpaceID: models.ID(x.id), Version: 1, CreatedAt: now, UpdatedAt: now},
		CourseID: models.ID(x.class.id), MemberID: models.ID(x.seat(p)),
	}
	if err := x.w.db.Submissions().Insert(x.w.t.Context(), made); err != nil {
		x.w.t.Fatal(err)
	}
	return made.ID
}

// Release makes a project of the instructor's with a note, releases that, and gives the copy's id.
func (x *exercise) Release(text string) (copied string, original *note) {
	x.w.t.Helper()
	original = x.Project("Havnsø").Note(text)
	return x.post(x.path+"/releases", object{"projectId": original.project.id, "noteId": original.id}).want(http.StatusCreated).id(), original
}

// Bring adds an own note of somebody who has begun.
func (x *exercise) Bring(p *person, text string) string {
	x.w.t.Helper()
	return p.post(x.path+"/own-notes", object{"title": "What I saw", "text": text}).want(http.StatusCreated).id()
}

// worker is who tries, if they are a student, and the student otherwise: with a submission.
func (x courseTrial) worker(e *exercise) *person {
	p := x.student
	if x.role == models.RoleStudent {
		p = x.who
	}
	e.Begin(p)
	return p
}

var exerciseTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"GET /courses/:course/exercises": func(x courseTrial) (string, any, []option) { return x.path + "/exercises", nil, nil },
	"POST /courses/:course/exercises": func(x courseTrial) (string, any, []option) {
		return x.path + "/exercises", object{"template": "public-organisation"}, nil
	},
	"GET /exercises/:exercise": func(x courseTrial) (string, any, []option) { return x.Exercise().path, nil, nil },
	"PATCH /exercises/:exercise": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		return e.path, object{"minWords": 100}, []option{seeing(e.version())}
	},
	"DELETE /exercises/:exercise":       func(x courseTrial) (string, any, []option) { return x.Exercise().path, nil, nil },
	"POST /exercises/:exercise/restore": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/restore", nil, nil },
	"PUT /exercises/:exercise/extensions/:member": func(x courseTrial) (string, any, []option) {
		return x.Exercise().path + "/extensions/" + x.seat(x.student), object{"dueAt": "2027-03-01T12:00"}, nil
	},
	"DELETE /exercises/:exercise/extensions/:member": func(x courseTrial) (string, any, []option) {
		return x.Exercise().path + "/extensions/" + x.seat(x.student), nil, nil
	},
	"GET /exercises/:exercise/codes": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/codes", nil, nil },
	"POST /exercises/:exercise/codes": func(x courseTrial) (string, any, []option) {
		return x.Exercise().path + "/codes", object{"name": "Rumour"}, nil
	},
	"PATCH /exercises/:exercise/codes/:code": func(x courseTrial) (string, any, []option) {
		path := x.Exercise().path + "/codes"
		return path + "/" + x.post(path, object{"name": "Rumour"}).id(), object{"definition": "More."}, []option{seeing(1)}
	},
	"DELETE /exercises/:exercise/codes/:code": func(x courseTrial) (string, any, []option) {
		path := x.Exercise().path + "/codes"
		return path + "/" + x.post(path, object{"name": "Rumour"}).id(), nil, nil
	},
	"GET /exercises/:exercise/notes": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/notes", nil, nil },
	"GET /exercises/:exercise/notes/:note/text": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		n, _ := e.Release("The registers are old.")
		return e.path + "/notes/" + n + "/text", nil, nil
	},
	"GET /exercises/:exercise/notes/:note/file": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		form, header := aForm(x.w.t, nil, text("a.txt", "Words "+string(models.NewID())))
		r := x.worker(e).post(e.path+"/own-notes/import", form, header).want(http.StatusOK)
		return e.path + "/notes/" + r.text("items", 0, "noteId") + "/file", nil, nil
	},
	"POST /exercises/:exercise/releases": func(x courseTrial) (string, any, []option) {
		e, owner := x.Exercise(), x.person
		if x.role == models.RoleAssistant {
			owner = x.who
		}
		n := owner.Project("Havnsø").Note("The registers are old.")
		return e.path + "/releases", object{"projectId": n.project.id, "noteId": n.id}, nil
	},
	"DELETE /exercises/:exercise/releases/:note": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		n, _ := e.Release("The registers are old.")
		return e.path + "/releases/" + n, nil, nil
	},
	"POST /exercises/:exercise/own-notes": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		x.worker(e)
		return e.path + "/own-notes", object{"title": "What I saw", "text": "Cards in boxes."}, nil
	},
	"POST /exercises/:exercise/own-notes/import": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		x.worker(e)
		form, header := aForm(x.w.t, nil, text("a.txt", "Words "+string(models.NewID())))
		return e.path + "/own-notes/import", form, []option{header}
	},
	"DELETE /exercises/:exercise/own-notes/:note": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		return e.path + "/own-notes/" + e.Bring(x.worker(e), "Cards in boxes."), nil, nil
	},
	"POST /exercises/:exercise/own-notes/:note/restore": func(x courseTrial) (string, any, []option) {
		e := x.Exercise()
		p := x.worker(e)
		path := e.path + "/own-notes/" + e.Bring(p, "Cards in boxes.")
		p.delete(path).want(http.StatusNoContent)
		return path + "/restore", nil, nil
	},
	"GET /exercises/:exercise/search": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/search?q=cards", nil, nil },
}

// TestExercises makes and sets up exercises.
func TestExercises(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna := lea.Join("anna", models.RoleStudent)

	t.Run("the built-in exercise has six prompts, each tied to its code, in two languages", func(t *testing.T) {
		w.in(t)
		templates := lea.get("/exercise-templates").want(http.StatusOK).items()
		if len(templates) != 1 {
			t.Fatalf("there are %d templates", len(templates))
		}
		r := lea.post(lea.path+"/exercises", object{"template": "public-organisation", "language": "da"}).want(http.StatusCreated)
		prompts, _ := r.value("prompts").([]any)
		if len(prompts) != 6 || r.value("open") != false {
			t.Fatalf("%d prompts, open: %v", len(prompts), r.value("open"))
		}
		for _, p := range prompts {
			for _, text := range []string{"en", "da"} {
				if at(t, p, "title", text) == "" || at(t, p, "question", text) == "" {
					t.Errorf("%v lacks words", p)
				}
			}
			if at(t, p, "codeId") == "" {
				t.Errorf("%v is tied to nothing", p)
			}
		}
	})

	t.Run("students don't know of an exercise before it is open", func(t *testing.T) {
		w.in(t)
		r := lea.post(lea.path+"/exercises", object{"title": object{"en": "Another"}}).want(http.StatusCreated)
		path := "/exercises/" + r.id()
		anna.get(path).refused(http.StatusNotFound, "exercise_not_found")
		anna.patch(path, object{"open": true}, seeing(1)).refused(http.StatusNotFound, "exercise_not_found")
		if n := len(anna.get(lea.path + "/exercises").want(http.StatusOK).items()); n != 0 {
			t.Errorf("anna sees %d exercises", n)
		}
		lea.patch(path, object{"open": true}, seeing(1)).refused(http.StatusConflict, "exercise_empty")
	})

	t.Run("who manages exercises finds what lies in the bin, and gets what a change on an old version was refused for", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		was := x.version()
		lea.patch(x.path, object{"minWords": 50}, seeing(was)).want(http.StatusOK)
		stale := lea.patch(x.path, object{"minWords": 70, "maxWords": 90}, seeing(was)).refused(http.StatusPreconditionFailed, "version_stale")
		if got := at(t, stale.value("current"), "minWords"); got != 50.0 {
			t.Errorf("current has minWords %v", got)
		}
		lea.delete(x.path).want(http.StatusNoContent)
		in := func(p *person) (ids []any) {
			for _, e := range p.get(lea.path + "/exercises?bin=true").want(http.StatusOK).items() {
				ids = append(ids, at(t, e, "id"))
			}
			return ids
		}
		if ids := in(lea.person); len(ids) != 1 || ids[0] != x.id {
			t.Errorf("in the bin: %v", ids)
		}
		anna.get(lea.path+"/exercises?bin=true").refused(http.StatusForbidden, "course_role_insufficient")
		lea.post(x.path+"/restore", nil).want(http.StatusOK)
		if ids := in(lea.person); len(ids) != 0 {
			t.Errorf("in the bin: %v", ids)
		}
		lea.delete(x.path).want(http.StatusNoContent)
	})

	t.Run("no operation on projects takes an exercise", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		for _, r := range api.Routes() {
			if r.Path == "/api/v1/projects/:project" {
				for _, p := range []*person{lea.person, anna, w.User("bo")} {
					p.do(r.Method, "/projects/"+x.id, object{}, seeing(1)).refused(http.StatusNotFound, "project_not_found")
				}
			}
		}
		if n := len(lea.get("/projects").want(http.StatusOK).items()); n != 0 {
			t.Errorf("lea sees %d projects", n)
		}
	})

	t.Run("what can't be set is refused with a place", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		for code, f := range map[string]object{
			"words_reversed": {"minWords": 10, "maxWords": 5}, "evidence_from_nowhere": {"released": false, "ownNotes": false, "web": false},
			"work_unknown": {"work": "pairs"}, "time_zone_unknown": {"timeZone": "Copenhagen"}, "due_malformed": {"dueAt": "tomorrow"},
			"code_unknown": {"prompts": array{object{"title": object{"en": "One"}, "codeId": string(models.NewID())}}},
			"name_missing": {"title": object{}}, "number_out_of_range": {"passages": 51},
		} {
			lea.patch(x.path, f, seeing(x.version())).refused(http.StatusUnprocessableEntity, code)
		}
		lea.patch(x.path, object{"prompts": array{}}, seeing(x.version())).refused(http.StatusConflict, "exercise_empty")
		lea.patch(x.path, object{"dueAt": "2027-03-01T23:59"}, seeing(x.version())).want(http.StatusOK)
		if due := lea.get(x.path).value("due"); due != "2027-03-01T22:59:00Z" {
			t.Errorf("it is due %v", due)
		}
	})
}
