package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"feltbog/api"
	"feltbog/models"
)

// reading is how an operation that reads is tried by a student who has submitted.
type reading struct {
	status int
	more   string // what is asked for beside the address
}

// readByStudents are the operations that read of teaching, and some others. Every new one must be added:
// TestNothingOfFeedbackIsSeenBeforeItIsReturned holds what a student reads against what they read before.
var readByStudents = map[string]reading{
	"GET /courses":                                  {status: http.StatusOK},
	"GET /me/inbox":                                 {status: http.StatusOK},
	"GET /courses/:course":                          {status: http.StatusOK},
	"GET /courses/:course/members":                  {status: http.StatusOK},
	"GET /courses/:course/groups":                   {status: http.StatusOK},
	"GET /courses/:course/join":                     {status: http.StatusForbidden},
	"GET /courses/:course/exercises":                {status: http.StatusOK},
	"GET /exercises/:exercise":                      {status: http.StatusOK},
	"GET /exercises/:exercise/codes":                {status: http.StatusOK},
	"GET /exercises/:exercise/notes":                {status: http.StatusOK},
	"GET /exercises/:exercise/search":               {status: http.StatusOK, more: "?q=data"},
	"GET /exercises/:exercise/submissions":          {status: http.StatusOK},
	"GET /exercises/:exercise/board":                {status: http.StatusForbidden},
	"GET /exercises/:exercise/class":                {status: http.StatusOK, more: "?prompt=:prompt"},
	"GET /exercises/:exercise/map":                  {status: http.StatusOK},
	"GET /exercises/:exercise/export":               {status: http.StatusForbidden, more: "?format=csv"},
	"GET /submissions/:submission":                  {status: http.StatusOK},
	"GET /submissions/:submission/feedback":         {status: http.StatusNotFound},
	"GET /submissions/:submission/export":           {status: http.StatusOK, more: "?format=json"},
	"GET /exercises/:exercise/notes/:note/text":     {status: http.StatusOK},
	"GET /exercises/:exercise/notes/:note/file":     {status: http.StatusNotFound},
	"GET /submissions/:submission/hand-ins/:number": {status: http.StatusOK},
	"GET /exercises/:exercise/stream":               {}, // it stays open, and what it tells is heard beside
	"GET /courses/:course/stream":                   {}, // so does this one
}

// readings gives all that somebody reads about a submission, by operation.
func readings(k *work, note string, who *person) (answers map[string]string, status map[string]int) {
	k.w.t.Helper()
	fill := strings.NewReplacer(":course", k.class.id, ":exercise", k.exercise.id, ":submission", k.id, ":prompt", k.prompts[0], ":number", "1", ":note", note)
	answers, status = map[string]string{}, map[string]int{}
	for _, r := range api.Routes() {
		name := r.Method + " " + strings.TrimPrefix(r.Path, "/api/v1")
		try, known := readByStudents[name]
		if !known && courseRouteName(r) != "" && r.Method == http.MethodGet {
			k.w.t.Errorf("nobody said how %s is read", name)
		}
		if !known || courseElsewhere[name] {
			continue
		}
		got := who.get(fill.Replace(strings.TrimPrefix(name, "GET ") + try.more))
		status[name] = got.status
		answers[name] = fmt.Sprintf("%d %s %s", got.status, got.header.Get("ETag"), bytes.ReplaceAll(got.raw, []byte(got.header.Get("X-Request-Id")), nil))
	}
	return answers, status
}

// TestNothingOfFeedbackIsSeenBeforeItIsReturned reads all that a student can read, byte for byte, while
// instructors write, change, remark, mark and return the work of others.
func TestNothingOfFeedbackIsSeenBeforeItIsReturned(t *testing.T) {
	t.Parallel()
	for _, together := range []bool{false, true} {
		t.Run(map[bool]string{false: "of a student's work", true: "of a group's"}[together], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			lea := w.User("lea").Class("Organising with data")
			bo := lea.Join("bo", models.RoleAssistant, models.CourseReadWork, models.CourseFeedback)
			anna, per := lea.Join("anna", models.RoleStudent), lea.Join("per", models.RoleStudent)
			x := lea.Exercise(object{"shownToClass": true, "namesShown": true, "passages": 0})
			whose := [2]func(*work){func(*work) {}, func(*work) {}}
			if together {
				x = lea.Exercise(object{"shownToClass": true, "namesShown": true, "passages": 0, "work": "group"})
				whose = [2]func(*work){ofGroup(lea.Grouped("Herons", anna)), ofGroup(lea.Grouped("Rooks", per))}
			}
			k := x.Writes(anna, "Data came late.", whose[0]).Submits()
			other := x.Writes(per, "Data came early.", whose[1]).Submits()
			eventually(t, "the hub follows the work", func() bool { return lea.Follows(x) })
			note, _ := x.Release("Data is what the registers hold.")
			before, status := readings(k, note, anna)
			for name, got := range status {
				if got != readByStudents[name].status {
					t.Errorf("%s is %d: %s", name, got, before[name])
				}
			}
			l, _ := anna.Tap(x.path + "/stream")
			same := func(deed string) {
				t.Helper()
				after, _ := readings(k, note, anna)
				for name, now := range after {
					if now != before[name] {
						t.Errorf("after %s, %s is\n%s\nand was\n%s", deed, name, now, before[name])
					}
				}
			}
			remark := ""
			for _, deed := range []struct {
				name string
				do   func()
			}{
				{"a mark was written", func() { k.put(k.path+"/feedback", object{"mark": "10"}).want(http.StatusOK) }},
				{"a comment was written", func() {
					bo.put(k.path+"/feedback", object{"mark": "10", "comment": "Say more."}, seeing(1)).want(http.StatusOK)
				}},
				{"words were remarked on", func() { remark = k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated).text("remarks", 0, "id") }},
				{"an answer was remarked on", func() { k.Remark(1, 0, 0, "", "Short.").want(http.StatusCreated) }},
				{"a remark was changed", func() { bo.patch(k.path+"/feedback/remarks/"+remark, object{"text": "Whose?"}).want(http.StatusOK) }},
				{"a remark was deleted", func() { lea.delete(k.path + "/feedback/remarks/" + remark).want(http.StatusOK) }},
				{"the mark was changed", func() { k.put(k.path+"/feedback", object{"mark": "12"}, seeing(6)).want(http.StatusOK) }},
				{"another's work was marked", func() { lea.put(other.path+"/feedback", object{"mark": "2"}).want(http.StatusOK) }},
				{"another's work was returned", func() { lea.post(other.path+"/return", nil).want(http.StatusOK) }},
			} {
				deed.do()
				same(deed.name)
			}
			for _, m := range heard(t, x, l) {
				if m.event != "notes" { // the one that was released before
					t.Errorf("anna hears %v", m)
				}
			}
			lea.post(k.path+"/return", nil).want(http.StatusOK)
			if now, _ := readings(k, note, anna); !strings.Contains(now["GET /submissions/:submission/feedback"], `"mark":"12"`) || strings.Contains(now["GET /exercises/:exercise/class"], `"mark"`) {
				t.Errorf("once it is returned, anna reads %v", now)
			}
		})
	}
}
