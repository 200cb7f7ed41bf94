package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/models"
)

// ChangeMembership changes somebody's place in the course as an instructor would.
func (c *class) ChangeMembership(who *person, change func(*models.CourseMember)) {
	c.w.t.Helper()
	m := c.Membership(who)
	change(m)
	m.Version++
	if err := c.w.db.CourseMembers().Replace(c.w.t.Context(), m, m.Version-1); err != nil {
		c.w.t.Fatal(err)
	}
}

// Grouped makes a group of these people.
func (c *class) Grouped(name string, people ...*person) models.ID {
	c.w.t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	g := &models.Group{Head: models.Head{ID: models.NewID(), SpaceID: models.ID(c.id), Version: 1, CreatedAt: now, UpdatedAt: now}, Name: name}
	if err := c.w.db.Groups().Insert(c.w.t.Context(), g); err != nil {
		c.w.t.Fatal(err)
	}
	for _, p := range people {
		c.ChangeMembership(p, func(m *models.CourseMember) { m.GroupID = g.ID })
	}
	return g.ID
}

// ofGroup is what Writes is told of the group whose work it is.
func ofGroup(group models.ID) func(*work) { return func(k *work) { k.group = group } }

// row gives the row of the board with a name.
func row(t *testing.T, board *reply, name string) object {
	t.Helper()
	for _, r := range board.list("rows") {
		if at(t, r, "name") == name {
			return r.(object)
		}
	}
	t.Fatalf("%s isn't on the board: %s", name, board.raw)
	return nil
}

// TestBoard shows how far a class has come.
func TestBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, per, mia := lea.Join("anna", models.RoleStudent), lea.Join("per", models.RoleStudent), lea.Join("mia", models.RoleStudent)
	bo := lea.Join("bo", models.RoleAssistant, models.CourseReadWork)
	lea.ChangeMembership(per, func(m *models.CourseMember) { m.Pseudonym = "Heron" })

	t.Run("every student has a row, also those who haven't begun", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"minWords": 3, "dueAt": "2099-03-01T12:00", "timeZone": "Europe/Copenhagen"})
		x.Writes(anna, "Data came late.").Submits()
		k := x.Writes(per, "Data came late.")
		k.Write(1, "Data.")
		k.evident = []models.Evidence{}
		k.Write(2, "Nothing to be seen here.")
		board := lea.get(x.path + "/board").want(http.StatusOK)
		if n := len(board.list("rows")); n != 3 || len(board.list("prompts")) != 6 {
			t.Fatalf("%d rows, %d prompts", n, len(board.list("prompts")))
		}
		for name, want := range map[string]string{
			"anna": "submitted [submitted submitted submitted submitted submitted submitted]",
			"per":  "writing [ready writing evidenceMissing ready ready ready]",
			"mia":  "notBegun [notBegun notBegun notBegun notBegun notBegun notBegun]",
		} {
			r := row(t, board, name)
			var cells []string
			for i := range 6 {
				cells = append(cells, at(t, r, "cells", i, "state").(string))
			}
			if got := fmt.Sprint(at(t, r, "state"), " ", cells); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
			if due := at(t, r, "due"); due != "2099-03-01T11:00:00Z" {
				t.Errorf("%s has until %v", name, due)
			}
		}
		for state, n := range map[string]int{"notBegun": 1, "writing": 1, "evidenceMissing": 0, "ready": 0, "submitted": 1, "returned": 0} {
			if board.number("counts", state) != n {
				t.Errorf("%d are %s", board.number("counts", state), state)
			}
		}
		if strings.Contains(string(board.raw), "Nothing to be seen") {
			t.Error("the board has the words of an answer")
		}
		if at(t, row(t, board, "anna"), "organisation", "name") != "Havnsø" || at(t, row(t, board, "anna"), "feedback") != false {
			t.Errorf("anna = %v", row(t, board, "anna"))
		}
		lea.put(k.path+"/feedback", object{"comment": "Go on."}).want(http.StatusOK)
		if at(t, row(t, lea.get(x.path+"/board"), "per"), "feedback") != true {
			t.Error("nothing was said of per")
		}
		row(t, bo.get(x.path+"/board").want(http.StatusOK), "Heron") // an assistant sees pseudonyms
	})

	t.Run("who is given more time afterwards isn't late any more", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"dueAt": "2020-03-01T12:00", "lateAllowed": true, "passages": 0})
		k := x.Writes(anna, "Data came late.").Submits()
		late := func(want bool) {
			t.Helper()
			taken := lea.get(k.path + "/export?format=json").want(http.StatusOK)
			if got := at(t, row(t, lea.get(x.path+"/board").want(http.StatusOK), "anna"), "late"); got != want || taken.value("late") != want {
				t.Errorf("late = %v on the board and %v outside, want %v", got, taken.value("late"), want)
			}
		}
		late(true)
		lea.put(x.path+"/extensions/"+string(lea.Membership(anna).ID), object{"dueAt": "2099-03-01T12:00"}).want(http.StatusOK)
		late(false)
		if !lea.get(k.path + "/hand-ins/1").want(http.StatusOK).value("late").(bool) {
			t.Error("what was submitted was changed")
		}
		lea.delete(x.path + "/extensions/" + string(lea.Membership(anna).ID)).want(http.StatusOK)
		late(true)
		early := x.Writes(per, "Data came early.")
		x.patch(x.path, object{"dueAt": "2099-03-01T12:00"}, seeing(x.version())).want(http.StatusOK)
		early.Submits()
		x.patch(x.path, object{"dueAt": "2020-03-01T12:00"}, seeing(x.version())).want(http.StatusOK)
		if at(t, row(t, lea.get(x.path+"/board").want(http.StatusOK), "per"), "late") != false {
			t.Error("a due time that was brought forward made somebody late")
		}
	})

	t.Run("who only opened the exercise hasn't begun, and who did anything has", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		looks := func(want string, changed bool, notBegun int) {
			t.Helper()
			board := lea.get(x.path + "/board").want(http.StatusOK)
			r := row(t, board, "anna")
			if _, is := r["changedAt"]; at(t, r, "state") != want || is != changed || board.number("counts", "notBegun") != notBegun {
				t.Errorf("anna = %v of %s", r, board.raw)
			}
			of := want
			if want != "notBegun" {
				of = "writing"
			}
			if got := anna.get(x.path).text("mine", "state"); got != of {
				t.Errorf("anna sees %s", got)
			}
		}
		looks("notBegun", false, 3)
		a := x.Answer(anna)
		if at(t, row(t, lea.get(x.path+"/board"), "anna"), "submissionId") != a.id {
			t.Error("what anna opened can't be opened beside the board")
		}
		looks("notBegun", false, 3)
		a.Write(0, "Data")
		looks("writing", true, 2)
		a.Write(0, " ")
		looks("notBegun", false, 3)
		id := a.Cite(0, "It is there.").id()
		looks("writing", true, 2)
		a.delete(a.path + "/evidence/" + id).want(http.StatusNoContent)
		looks("notBegun", false, 3)
		a.About("Havnsø")
		looks("writing", true, 2)
	})

	t.Run("work stays whose student has left", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		gone := lea.Join("gone", models.RoleStudent)
		x.Writes(gone, "Data came late.")
		lea.delete(lea.path + "/members/" + string(lea.Membership(gone).ID)).want(http.StatusNoContent)
		if board := lea.get(x.path + "/board").want(http.StatusOK); at(t, row(t, board, "gone"), "state") != "ready" {
			t.Errorf("= %s", board.raw)
		}
	})

	t.Run("groups are rows with who is in them, and students without a group are seen", func(t *testing.T) {
		w.in(t)
		c := w.User("ida").Class("Another course")
		one, two, three := c.Join("one", models.RoleStudent), c.Join("two", models.RoleStudent), c.Join("three", models.RoleStudent)
		herons := c.Grouped("Herons", one, two)
		c.Group("Nobody is in it")
		x := c.Exercise(object{"work": "group"})
		x.Writes(one, "Data came late.", ofGroup(herons))
		board := c.get(x.path + "/board").want(http.StatusOK)
		if got := fmt.Sprint(at(t, row(t, board, "Herons"), "people"), " ", at(t, row(t, board, "Herons"), "state")); got != "[one two] ready" {
			t.Errorf("= %s", got)
		}
		if r := row(t, board, "three"); r["submissionId"] != nil || r["memberId"] != string(c.Membership(three).ID) || len(board.list("rows")) != 2 {
			t.Errorf("= %s", board.raw)
		}
	})

	t.Run("students have no board", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		mia.get(x.path+"/board").refused(http.StatusForbidden, "course_role_insufficient")
	})
}

// heard collects what a stream tells until it tells that the exercise was changed, which the test does last.
func heard(t *testing.T, x *exercise, l *tap) []message {
	t.Helper()
	x.patch(x.path, object{"lateAllowed": true}, seeing(x.version())).want(http.StatusOK)
	var all []message
	for {
		m := l.next()
		if m.event == "exercise" {
			return all
		}
		all = append(all, m)
	}
}

// TestClassStream follows exercises with every role.
func TestClassStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, per := lea.Join("anna", models.RoleStudent), lea.Join("per", models.RoleStudent)
	bo, ida := lea.Join("bo", models.RoleAssistant, models.CourseReadWork), lea.Join("ida", models.RoleAssistant)
	stream := func(x *exercise, who *person) *tap {
		t.Helper()
		l, first := who.Tap(x.path + "/stream")
		if first.event != "hello" || first.id != "" {
			t.Errorf("first = %v", first)
		}
		return l
	}
	eventually(t, "the hub follows the work", func() bool {
		w.in(t)
		return lea.Follows(lea.Exercise())
	})

	t.Run("those who see all work hear of all of it, students of theirs, and nobody hears words", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"minWords": 3})
		leas := stream(x, lea.person)
		k := x.Writes(anna, "Secret words here.")
		other := x.Writes(per, "Other words here.")
		isLast := func(cell string) bool {
			return strings.Contains(cell, other.id) && strings.Contains(cell, other.prompts[len(other.prompts)-1])
		}
		for told := false; !told; { // what was written before the others listen has been told
			told = slices.ContainsFunc(strings.Split(leas.next().data, "}"), isLast)
		}
		taps := map[string]*tap{"lea": leas, "anna": stream(x, anna), "per": stream(x, per), "bo": stream(x, bo), "ida": stream(x, ida)}
		k.Write(0, "Few.")
		cell := taps["anna"].next()
		for _, fact := range []string{`"submissionId":"` + k.id, `"state":"writing"`, `"words":1`, `"passages":1`, `"promptId":"` + k.prompts[0]} {
			if cell.event != "cells" || !strings.Contains(cell.data, fact) {
				t.Errorf("%v lacks %s", cell, fact)
			}
		}
		if m := taps["lea"].next(); m.data != cell.data {
			t.Errorf("lea hears %v", m)
		}
		if m := taps["bo"].next(); m.data != cell.data {
			t.Errorf("bo hears %v", m)
		}
		k.Submits()
		for {
			m := taps["anna"].next()
			if m.event == "submission" {
				if !strings.Contains(m.data, `"state":"submitted"`) || !strings.Contains(m.data, k.id) {
					t.Errorf("= %v", m)
				}
				break
			}
		}
		other.Write(1, "Other words.")
		x.patch(x.path, object{"lateAllowed": true}, seeing(x.version())).want(http.StatusOK)
		for name, l := range taps {
			var all strings.Builder
			for m := l.next(); m.event != "exercise"; m = l.next() {
				all.WriteString(m.data)
			}
			ofAnna, ofPer := strings.Contains(all.String(), k.id), strings.Contains(all.String(), other.id)
			switch whole := name == "lea" || name == "bo"; {
			case whole && !ofAnna, name == "ida" && (ofAnna || ofPer), name == "anna" && ofPer, name == "per" && ofAnna:
				t.Errorf("%s hears %s", name, all.String())
			case strings.Contains(all.String(), "ords"+" here"):
				t.Errorf("%s hears words", name)
			}
		}
	})

	t.Run("a submission that was just begun is heard of by its people", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		mine, others := stream(x, anna), stream(x, per)
		k := x.Writes(anna, "Data came late.")
		m := mine.next()
		if m.event != "submission" || !strings.Contains(m.data, k.id) || !strings.Contains(m.data, string(lea.Membership(anna).ID)) {
			t.Errorf("first = %v", m)
		}
		if m := mine.next(); m.event != "cells" {
			t.Errorf("then = %v", m)
		}
		if all := heard(t, x, others); len(all) != 0 {
			t.Errorf("per hears %v", all)
		}
	})

	t.Run("a group hears of what is its own", func(t *testing.T) {
		w.in(t)
		c := w.User("eva").Class("Another course")
		one, two, three := c.Join("one", models.RoleStudent), c.Join("two", models.RoleStudent), c.Join("three", models.RoleStudent)
		herons := c.Grouped("Herons", one, two)
		x := c.Exercise(object{"work": "group"})
		l, others := stream(x, two), stream(x, three)
		x.Writes(one, "Data came late.", ofGroup(herons))
		if m := l.next(); m.event != "submission" {
			t.Errorf("first = %v", m)
		}
		if m := l.next(); m.event != "cells" {
			t.Errorf("then = %v", m)
		}
		if all := heard(t, x, others); len(all) != 0 {
			t.Errorf("another hears %v", all)
		}
		c.ChangeMembership(two, func(m *models.CourseMember) { m.GroupID = "" })
		l.ended() // and comes back without the group's work
	})

	t.Run("what is returned is heard of, and feedback never", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		k := x.Writes(anna, "Data came late.").Submits()
		l := stream(x, anna)
		heard(t, x, l) // what was before
		lea.put(k.path+"/feedback", object{"mark": "12"}).want(http.StatusOK)
		k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated)
		if all := heard(t, x, l); len(all) != 0 {
			t.Errorf("anna hears %v", all)
		}
		lea.post(k.path+"/return", nil).want(http.StatusOK)
		if m := l.next(); m.event != "submission" || !strings.Contains(m.data, `"state":"returned"`) {
			t.Errorf("first = %v", m)
		}
	})

	t.Run("it ends with the place in the course, the exercise and the session", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		gone := lea.Join("gone", models.RoleStudent)
		l := stream(x, gone)
		lea.delete(lea.path + "/members/" + string(lea.Membership(gone).ID)).want(http.StatusNoContent)
		l.ended()
		gone.get(x.path+"/stream").refused(http.StatusNotFound, "exercise_not_found")
		l = stream(x, ida)
		lea.ChangeMembership(ida, func(m *models.CourseMember) { m.Rights = []models.Action{models.CourseReadWork} })
		l.ended()
		l = stream(x, anna)
		still := stream(x, lea.person)
		lea.patch(x.path, object{"open": false}, seeing(x.version())).want(http.StatusOK)
		l.ended()
		if m := still.next(); m.event != "exercise" {
			t.Errorf("lea hears %v", m)
		}
		anna.get(x.path+"/stream").refused(http.StatusNotFound, "exercise_not_found")
		l = stream(x, bo)
		bo.post("/auth/sign-out", nil).want(http.StatusNoContent)
		l.ended()
		still.Close()
		c := w.User("max").Class("A course that goes")
		x = c.Exercise()
		l = stream(x, c.person)
		c.delete(c.path).want(http.StatusNoContent)
		l.ended()
	})

	t.Run("it is not for strangers", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		w.User("eve").get(x.path+"/stream").refused(http.StatusNotFound, "exercise_not_found")
		w.Stranger().get(x.path+"/stream").refused(http.StatusUnauthorized, "token_missing")
		lea.get(x.path+"/stream", lea.Token(models.ScopeWrite).sent()).refused(http.StatusForbidden, "token_scope")
	})
}

// Follows says whether the exercise's stream takes readers.
func (p *person) Follows(x *exercise) bool {
	p.w.t.Helper()
	res, err := p.client.Do(p.request(request{method: http.MethodGet, path: x.path + "/stream", header: http.Header{}}))
	if err != nil {
		p.w.t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// TestAClassStreamIsWatched asks its readers again even where nothing tells that their right ended.
func TestAClassStreamIsWatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.Recheck = 50 * time.Millisecond })
	lea := w.User("lea").Class("Organising with data")
	anna := lea.Join("anna", models.RoleStudent)
	x := lea.Exercise()
	eventually(t, "the hub follows the work", func() bool { return lea.Follows(x) })
	l, _ := anna.Tap(x.path + "/stream")
	if _, err := w.db.DeleteSessions(t.Context(), models.ID(anna.id), nil); err != nil {
		t.Fatal(err)
	}
	l.ended()
}

// TestWhoBeginsWhileTheyOpenTheStreamHearsOfTheirWork begins a submission at the same time as its stream is
// opened, as a page does that is opened for the first time.
func TestWhoBeginsWhileTheyOpenTheStreamHearsOfTheirWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	eventually(t, "the hub follows the work", func() bool { return c.Follows(c.Exercise()) })
	for range 20 {
		x := c.Exercise(object{"open": true})
		var begun sync.WaitGroup
		begun.Go(func() { anna.post(x.path+"/submissions", nil) })
		l, _ := anna.Tap(x.path + "/stream")
		begun.Wait()
		x.Answer(anna).Write(0, "Registers.")
		for l.next().event != "cells" {
			continue // how the submission began may be told before
		}
		l.Close()
	}
}
