package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"feltbog/models"
)

// answering is somebody's submission, as one of its authors sees it in one window.
type answering struct {
	*person
	x       *exercise
	id      string
	path    string   // /submissions/ID
	prompts []string // their ids, in order
	writer  string
	heard   map[string]int // the version of each answer that this window saw last
}

// Answer opens the submission of somebody, in a window of its own.
func (x *exercise) Answer(who *person) *answering {
	x.w.t.Helper()
	r := who.post(x.path+"/submissions", nil)
	if r.status != http.StatusCreated {
		r.want(http.StatusOK)
	}
	a := &answering{person: who, x: x, id: r.id(), path: "/submissions/" + r.id(), writer: string(models.NewID()), heard: map[string]int{}}
	for _, p := range who.get(x.path).want(http.StatusOK).list("prompts") {
		a.prompts = append(a.prompts, at(x.w.t, p, "id").(string))
	}
	return a
}

// answerPath is the address of the answer to a prompt.
func (a *answering) answerPath(prompt int) string { return a.path + "/answers/" + a.prompts[prompt] }

// writing is the body of a request that saves text.
func (a *answering) writing(text string, settles ...any) object {
	body := object{"text": text, "revision": string(models.NewID()), "writer": a.writer}
	if len(settles) > 0 {
		body["settles"] = settles
	}
	return body
}

// send saves what a window has written, seeing what it heard last.
func (a *answering) send(prompt int, body object) *reply {
	a.w.t.Helper()
	var o []option
	if seen := a.heard[a.prompts[prompt]]; seen > 0 {
		o = append(o, seeing(seen))
	}
	r := a.put(a.answerPath(prompt), body, o...)
	if r.status == http.StatusOK && r.text("kept") == "over" {
		a.heard[a.prompts[prompt]] = r.number("answer", "version")
	}
	return r
}

// Write saves a text as a window does that has heard of everything it wrote.
func (a *answering) Write(prompt int, text string) *reply {
	a.w.t.Helper()
	return a.send(prompt, a.writing(text)).want(http.StatusOK)
}

// Cite adds words of a source with a web address as evidence.
func (a *answering) Cite(prompt int, quote string) *reply {
	a.w.t.Helper()
	return a.post(a.answerPath(prompt)+"/evidence", object{"web": object{"url": "https://example.org/plan", "quote": quote}, "why": "They say so themselves."}).want(http.StatusCreated)
}

// About chooses an organisation.
func (a *answering) About(name string) {
	a.w.t.Helper()
	version := a.get(a.path).want(http.StatusOK).number("submission", "version")
	a.patch(a.path, object{"organisation": object{"name": name, "kind": "municipality"}}, seeing(version)).want(http.StatusOK)
}

// Complete answers every prompt, with evidence.
func (a *answering) Complete() *answering {
	a.w.t.Helper()
	a.About("Havnsø Kommune")
	for i := range a.prompts {
		a.Write(i, fmt.Sprintf("Answer %d stands on registers.", i))
		a.Cite(i, fmt.Sprintf("the words of source %d", i))
	}
	return a
}

// Released releases a note of the instructor's to an exercise.
func (x *exercise) Released(text string) *note {
	x.w.t.Helper()
	copied, original := x.Release(text)
	return &note{project: original.project, id: copied, text: text}
}

// Quote adds words of a note as evidence.
func (a *answering) Quote(prompt int, n *note, quote string) *reply {
	a.w.t.Helper()
	return a.post(a.answerPath(prompt)+"/evidence", object{"noteId": n.id, "anchor": n.Anchor(quote), "why": "It shows the ground."})
}

var submissionTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"POST /exercises/:exercise/submissions": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/submissions", nil, nil },
	"GET /exercises/:exercise/submissions": func(x courseTrial) (string, any, []option) {
		return x.Exercise().Answer(x.student).x.path + "/submissions", nil, nil
	},
	"GET /submissions/:submission": func(x courseTrial) (string, any, []option) { return x.Exercise().Answer(x.student).path, nil, nil },
	"PATCH /submissions/:submission": func(x courseTrial) (string, any, []option) {
		return x.Exercise().Answer(x.student).path, object{"organisation": object{"name": "Havnsø Kommune"}}, []option{seeing(1)}
	},
	"PUT /submissions/:submission/answers/:prompt": func(x courseTrial) (string, any, []option) {
		a := x.Exercise().Answer(x.student)
		return a.answerPath(0), a.writing("Data"), nil
	},
	"POST /submissions/:submission/answers/:prompt/evidence": func(x courseTrial) (string, any, []option) {
		return x.Exercise().Answer(x.student).answerPath(0) + "/evidence", object{"web": object{"url": "https://example.org", "quote": "Data"}}, nil
	},
	"PATCH /submissions/:submission/evidence/:evidence": func(x courseTrial) (string, any, []option) {
		a := x.Exercise().Answer(x.student)
		return a.path + "/evidence/" + a.Cite(0, "Data").id(), object{"why": "So"}, nil
	},
	"DELETE /submissions/:submission/evidence/:evidence": func(x courseTrial) (string, any, []option) {
		a := x.Exercise().Answer(x.student)
		return a.path + "/evidence/" + a.Cite(0, "Data").id(), nil, nil
	},
	"POST /submissions/:submission/submit": func(x courseTrial) (string, any, []option) {
		return x.Exercise().Answer(x.student).path + "/submit", object{"asIs": true}, nil
	},
	"POST /submissions/:submission/take-back": func(x courseTrial) (string, any, []option) {
		a := x.Exercise().Answer(x.student)
		a.post(a.path+"/submit", object{"asIs": true}).want(http.StatusCreated)
		return a.path + "/take-back", nil, nil
	},
	"GET /submissions/:submission/hand-ins/:number": func(x courseTrial) (string, any, []option) {
		a := x.Exercise().Answer(x.student)
		a.post(a.path+"/submit", object{"asIs": true}).want(http.StatusCreated)
		return a.path + "/hand-ins/1", nil, nil
	},
}

// TestSubmissions answers an exercise from the first word to the receipt.
func TestSubmissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna := lea.Join("anna", models.RoleStudent)

	t.Run("a submission is made when it is first opened, and once", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		first := anna.post(x.path+"/submissions", nil).want(http.StatusCreated)
		again := anna.post(x.path+"/submissions", nil).want(http.StatusOK)
		if first.id() != again.id() {
			t.Error("there are two submissions")
		}
		got := anna.get("/submissions/" + first.id()).want(http.StatusOK)
		if got.text("state") != "notBegun" || len(got.list("answers")) != 6 || got.text("whose", "name") != "anna" || got.value("whose", "members", 0, "me") != true {
			t.Errorf("it begins as %s", got.raw)
		}
	})
}
