package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"feltbog/models"
)

// TestCourseStream follows a course with every role: what each hears of is what their list of exercises shows.
func TestCourseStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, per := lea.Join("anna", models.RoleStudent), lea.Join("per", models.RoleStudent)
	ida := lea.Join("ida", models.RoleAssistant)
	path := lea.path + "/stream"
	elsewhere := w.User("eva").Class("Another course")
	eventually(t, "the hub follows the work", func() bool {
		w.in(t)
		return elsewhere.Follows(elsewhere.Exercise())
	})
	stream := func(who *person) *tap {
		t.Helper()
		l, first := who.Tap(path)
		if first.event != "hello" || first.id != "" {
			t.Errorf("first = %v", first)
		}
		return l
	}
	hears := func(l *tap, of string) {
		t.Helper()
		if m := l.next(); m.event != "exercises" || m.data != "{}" {
			t.Errorf("of %s = %v", of, m)
		}
	}

	t.Run("who teaches hears of every exercise, students of what they see and of their own work", func(t *testing.T) {
		w.in(t)
		taught, helped := stream(lea.person), stream(ida)
		mine, others := stream(anna), stream(per)
		made := lea.post(lea.path+"/exercises", object{"template": "public-organisation"}).want(http.StatusCreated)
		x := &exercise{class: lea, id: made.id(), path: "/exercises/" + made.id()}
		hears(taught, "a new one")
		hears(helped, "a new one")
		change := func(fields object) { lea.patch(x.path, fields, seeing(x.version())).want(http.StatusOK) }
		change(object{"minWords": 3}) // no student hears of it
		hears(taught, "a change")
		hears(helped, "a change")
		change(object{"open": true})
		for of, l := range map[string]*tap{"lea": taught, "ida": helped, "anna": mine, "per": others} {
			hears(l, "the opening for "+of)
		}
		k := x.Writes(anna, "Data came late.")
		hears(mine, "what was begun")
		k.Submits()
		hears(mine, "what was submitted")
		if err := k.TakesBack(); err != nil {
			t.Fatal(err)
		}
		hears(mine, "what was taken back")
		k.Submits()
		hears(mine, "what was submitted again")
		k.put(k.path+"/feedback", object{"mark": "10"}).want(http.StatusOK) // nobody hears of it
		k.post(k.path+"/return", nil).want(http.StatusOK)
		hears(mine, "what was returned")
		// Of all that per hears nothing, and of the next change everybody once.
		change(object{"open": false})
		for of, l := range map[string]*tap{"lea": taught, "ida": helped, "anna": mine, "per": others} {
			hears(l, "the closing for "+of)
		}
		lea.ChangeMembership(per, func(m *models.CourseMember) { m.Pseudonym = "Heron" })
		others.ended()
		lea.delete(lea.path + "/members/" + string(lea.Membership(anna).ID)).want(http.StatusNoContent)
		mine.ended()
		anna.get(path).refused(http.StatusNotFound, "course_not_found")
	})

	t.Run("the notes of an exercise are heard of by those who see them", func(t *testing.T) {
		w.in(t)
		bo, mia := lea.Join("bo", models.RoleStudent), lea.Join("mia", models.RoleStudent)
		x := lea.Exercise(object{"ownNotes": true})
		x.Begin(bo)
		x.Begin(mia)
		taps := map[string]*tap{}
		for name, who := range map[string]*person{"lea": lea.person, "bo": bo, "mia": mia} {
			taps[name], _ = who.Tap(x.path + "/stream")
		}
		copied, _ := x.Release("Data is what the registers hold.")
		own := x.Bring(bo, "What I saw myself.")
		lea.delete(x.path + "/releases/" + copied).want(http.StatusNoContent)
		bo.delete(x.path + "/own-notes/" + own).want(http.StatusNoContent)
		counts := map[string]int{}
		for counts["bo"] < 5 { // then the others have been told, too; what is withdrawn is deleted, and then purged
			if m := taps["bo"].next(); m.event == "notes" {
				counts["bo"]++
			}
		}
		last := lea.patch(x.path, object{"minWords": 4}, seeing(x.version())).want(http.StatusOK).version()
		for name, l := range taps {
			for m := l.next(); m.event != "exercise" || m.data != fmt.Sprintf(`{"version":%d}`, last); m = l.next() {
				if m.event == "notes" && m.data == "{}" {
					counts[name]++
				}
			}
		}
		// Mia sees what was released and withdrawn, and not what is another's own.
		if got := fmt.Sprint(counts); got != "map[bo:5 lea:5 mia:3]" {
			t.Errorf("they hear %s times of notes", got)
		}
	})

	t.Run("it is not for strangers, nor for tokens", func(t *testing.T) {
		w.in(t)
		w.User("eve").get(path).refused(http.StatusNotFound, "course_not_found")
		w.Stranger().get(path).refused(http.StatusUnauthorized, "token_missing")
		lea.get(path, lea.Token(models.ScopeWrite).sent()).refused(http.StatusForbidden, "token_scope")
		c := w.User("max").Class("A course that goes")
		l, _ := c.Tap(c.path + "/stream")
		c.delete(c.path).want(http.StatusNoContent)
		l.ended()
	})
}
