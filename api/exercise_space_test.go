package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/models"
)

// TestAnExerciseIsNoProject walks every route of projects with an exercise in the place of the project, as
// its instructor, a student who answers it and somebody else: none of them finds one there.
func TestAnExerciseIsNoProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	x := c.Exercise()
	n := x.Released("The registers are what everything else stands on.")
	a := x.Answer(anna)
	a.Quote(0, n, "registers").want(http.StatusCreated)
	own := x.Bring(anna, "Cards in boxes.")
	code := x.get(x.path+"/codes").want(http.StatusOK).text("items", 0, "id")
	elsewhere := c.Project("Havnsø").Member("editor", models.RoleEditor)

	for _, r := range api.Routes() {
		suffix, of := strings.CutPrefix(r.Path, "/api/v1/projects/:project")
		if !of {
			continue
		}
		name := r.Method + " " + suffix
		t.Run(name, func(t *testing.T) {
			w.in(t)
			// A body that would do, and an address of what really lies in the exercise.
			var body any
			var options []option
			tried := trial{owner: elsewhere, who: elsewhere, role: models.RoleOwner}
			var address string
			if try := trials[name]; try != nil {
				address, body, options = try(tried)
			} else if destroy := destroying[name]; destroy != nil {
				address, body = destroy(tried.fresh())
			}
			if r.Method == http.MethodHead { // which is tried as its GET is
				options = []option{with("Tus-Resumable", "1.0.0")}
			}
			_, query, _ := strings.Cut(address, "?")
			for _, note := range []string{n.id, own} {
				path := strings.NewReplacer(":note", note, ":record", note, ":noun", "note", ":code", code, ":user", anna.id).Replace(suffix)
				for strings.Contains(path, ":") {
					at := strings.Index(path, ":")
					end := at + strings.IndexByte(path[at:]+"/", '/')
					path = path[:at] + string(models.NewID()) + path[end:]
				}
				for _, p := range []*person{c.person, anna, w.User("bo")} {
					if got := p.do(r.Method, "/projects/"+x.id+path+"?"+query, body, options...); got.status != http.StatusNotFound {
						t.Errorf("%s is told %d %s", p.name, got.status, got.raw)
					}
				}
				if !strings.Contains(suffix, ":note") && !strings.Contains(suffix, ":record") {
					break
				}
			}
		})
	}

	t.Run("evidence that was coded before opens no way to code more", func(t *testing.T) {
		w.in(t)
		tied := at(t, anna.get(x.path).list("prompts")[0], "codeId")
		for _, words := range []string{"registers", "everything"} {
			anna.post("/projects/"+x.id+"/codings", object{"layer": a.id, "noteId": n.id, "codeId": tied, "anchor": n.Anchor(words)}).
				refused(http.StatusNotFound, "project_not_found")
		}
	})

	t.Run("it is in no list of projects, and no token is good for it", func(t *testing.T) {
		w.in(t)
		for _, p := range []*person{c.person, anna} {
			for _, list := range []string{"/projects", "/projects?bin=true", "/me/inbox", "/me/tokens"} {
				if got := p.get(list).want(http.StatusOK); strings.Contains(string(got.raw), x.id) {
					t.Errorf("%s tells %s of it: %s", list, p.name, got.raw)
				}
			}
			p.post("/me/tokens", object{"name": "R", "scope": "read", "projects": array{x.id}, "expiresAt": time.Now().Add(time.Hour)}).
				refused(http.StatusUnprocessableEntity, "project_unknown")
		}
		token := c.Token(models.ScopeRead)
		c.get(x.path, token.sent()).refused(http.StatusForbidden, "token_scope")
		c.get("/projects/"+x.id+"/codes", token.sent()).refused(http.StatusNotFound, "project_not_found")
	})
}

// TestTheTeamsCountsStay looks at what a project tells of itself before and after a note of it was released
// and coded by students.
func TestTheTeamsCountsStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	n := c.Project("Havnsø").Note("The registers are what everything else stands on.").Coding("foundation", "registers")
	looks := func() string {
		var all strings.Builder
		for _, at := range []string{"", "/codebook/usage", "/codings", "/notes", "/notes/progress", "/activity", "/codes", n.at[len(n.path):] + "/codings", "/events"} {
			fmt.Fprintf(&all, "%s %s\n", at, n.get(n.path+at).want(http.StatusOK).raw)
		}
		return all.String()
	}
	before := looks()
	copied := x.post(x.path+"/releases", object{"projectId": n.project.id, "noteId": n.id}).want(http.StatusCreated).id()
	anna := c.Join("anna", models.RoleStudent)
	x.Answer(anna).Quote(0, &note{project: n.project, id: copied, text: n.text}, "everything else").want(http.StatusCreated)
	if after := looks(); after != before {
		t.Errorf("the project tells of it:\n%s\nbefore:\n%s", after, before)
	}
}
