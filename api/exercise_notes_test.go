package api_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/models"
)

// notesOf lists what somebody sees of the notes of an exercise, by title.
func (x *exercise) notesOf(p *person) []string {
	x.w.t.Helper()
	var titles []string
	for _, n := range p.get(x.path + "/notes").want(http.StatusOK).items() {
		titles = append(titles, at(x.w.t, n, "title").(string))
	}
	slices.Sort(titles)
	return titles
}

// TestReleases copies notes into an exercise.
func TestReleases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	x := c.Exercise()

	t.Run("the words go along, and nothing that the team made of the note", func(t *testing.T) {
		w.in(t)
		j := c.Project("Havnsø").Member("bo", models.RoleEditor)
		site := j.post(j.path+"/sites", object{"name": "Town hall", "kind": "municipality"}).want(http.StatusCreated).id()
		karen := j.post(j.path+"/participants", object{"pseudonym": "Karen", "actorRole": "analyst", "description": "knows-the-archive"}).want(http.StatusCreated).id()
		secret := j.put(j.path+"/attributes", object{"items": array{object{"name": "Recorded", "type": "text"}}}, seeing(j.get(j.path).version())).
			want(http.StatusOK).text("attributes", 0, "id")
		n := j.As("bo").Note("The registers are what everything else stands on.", object{
			"title": "A meeting", "kind": "meetingObservation", "siteId": site, "participantIds": array{karen}, "phase": "a-phase-of-theirs",
			"meeting": object{"purpose": "To decide", "agenda": array{"Data"}}, "attributes": object{secret: "an-attribute-of-theirs"},
		}).Coding("foundation", "registers")
		n.post(n.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": "a-memo-of-theirs"}).want(http.StatusCreated)
		body := object{"projectId": j.id, "noteId": n.id}
		made := x.post(x.path+"/releases", body).want(http.StatusCreated)
		if again := x.post(x.path+"/releases", body).want(http.StatusOK); again.id() != made.id() {
			t.Error("it was released twice")
		}

		text := anna.get(x.path + "/notes/" + made.id() + "/text").want(http.StatusOK)
		if text.text("text") != n.text {
			t.Errorf("the copy reads %q", text.text("text"))
		}
		list := anna.get(x.path + "/notes").want(http.StatusOK)
		for field, want := range map[string]string{"title": "A meeting", "siteName": "Town hall", "origin": "released", "observedOn": "2025-03-04"} {
			if got := list.text("items", 0, field); got != want {
				t.Errorf("%s = %q, want %q", field, got, want)
			}
		}
		if got := list.text("items", 0, "participants", 0, "pseudonym"); got != "Karen" {
			t.Errorf("the participant is %q", got)
		}
		anna.get(x.path+"/notes/"+made.id()+"/file").refused(http.StatusNotFound, "file_not_found")
		for _, answer := range []*reply{text, list, anna.get(x.path), anna.get(x.path + "/codes")} {
			for _, theirs := range []string{n.id, j.id, karen, site, secret, w.User("bo").id, "theirs", "knows-the-archive"} {
				if strings.Contains(string(answer.raw), theirs) {
					t.Errorf("%s tells %q: %s", answer.what, theirs, answer.raw)
				}
			}
		}
		releases := j.get(n.at + "/releases").want(http.StatusOK)
		if releases.text("items", 0, "exerciseId") != x.id || releases.text("items", 0, "courseName") != "Organising with data" {
			t.Errorf("its releases are %s", releases.raw)
		}
	})

	t.Run("only who owns the project and manages exercises releases", func(t *testing.T) {
		w.in(t)
		theirs := w.User("cilie").Project("Theirs").Note("Words of theirs.")
		body := object{"projectId": theirs.project.id, "noteId": theirs.id}
		x.post(x.path+"/releases", body).refused(http.StatusNotFound, "project_not_found")
		theirs.Member("lea", models.RoleEditor)
		x.post(x.path+"/releases", body).refused(http.StatusForbidden, "role_insufficient")
		draft := c.Project("Mine").Note("Not for others yet.", object{"draft": true})
		x.post(x.path+"/releases", object{"projectId": draft.project.id, "noteId": draft.id}).refused(http.StatusConflict, "note_draft")
	})

	t.Run("one that is taken out takes its words from answers and hand-ins", func(t *testing.T) {
		w.in(t)
		x := c.Exercise(object{"passages": 1})
		n := x.Released("The registers are what everything else stands on.")
		a := x.Answer(anna).Complete()
		a.Quote(0, n, "everything else").want(http.StatusCreated)
		a.post(a.path+"/submit", object{}).want(http.StatusCreated)
		x.delete(x.path + "/releases/" + n.id).want(http.StatusNoContent)
		x.delete(x.path+"/releases/"+n.id).refused(http.StatusNotFound, "note_not_found")
		a.withdrawn(n.id, "everything else")
		anna.get(x.path+"/notes/"+n.id+"/text").refused(http.StatusNotFound, "note_not_found")
	})

	t.Run("a note, a project and a participant that are purged are purged in their copies", func(t *testing.T) {
		w.in(t)
		x := c.Exercise()
		j := c.Project("Havnsø")
		karen := j.post(j.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated).id()
		copied := func(text string) (*note, *note) {
			n := j.Note(text, object{"title": text, "participantIds": array{karen}})
			id := x.post(x.path+"/releases", object{"projectId": j.id, "noteId": n.id}).want(http.StatusCreated).id()
			return n, &note{project: j, id: id, text: text}
		}
		original, first := copied("The registers come first.")
		_, second := copied("The registers come second.")
		a := x.Answer(anna)
		a.Quote(0, first, "come first").want(http.StatusCreated)
		a.Quote(1, second, "come second").want(http.StatusCreated)

		j.delete(original.at).want(http.StatusNoContent)
		x.post(x.path+"/releases", object{"projectId": j.id, "noteId": original.id}).refused(http.StatusNotFound, "note_not_found")
		if got := x.notesOf(anna); len(got) != 2 {
			t.Errorf("before the purge there are %v", got)
		}
		j.delete(j.path+"/bin/note/"+original.id, key()).want(http.StatusNoContent)
		a.withdrawn(first.id, "come first")
		if got := x.notesOf(anna); !slices.Equal(got, []string{second.text}) {
			t.Errorf("after the purge there are %v", got)
		}

		j.delete(j.path + "/participants/" + karen).want(http.StatusNoContent)
		j.delete(j.path + "/bin/participant/" + karen).want(http.StatusNoContent)
		if got := anna.get(x.path + "/notes"); strings.Contains(string(got.raw), "Karen") {
			t.Errorf("the participant is still there: %s", got.raw)
		}

		j.delete(j.path).want(http.StatusNoContent)
		j.post(j.path+"/purge", nil, key()).want(http.StatusNoContent)
		a.withdrawn(second.id, "come second")
		if got := x.notesOf(anna); len(got) != 0 {
			t.Errorf("after the project's purge there are %v", got)
		}
	})
}

// withdrawn wants the words of a note gone from a submission, its hand-ins too, and the evidence still there.
func (a *answering) withdrawn(note, words string) {
	a.w.t.Helper()
	views := []*reply{a.get(a.path).want(http.StatusOK)}
	if a.get(a.path).number("submission", "handIns") > 0 {
		views = append(views, a.get(a.path+"/hand-ins/1").want(http.StatusOK))
	}
	for _, v := range views {
		all := string(v.raw)
		if strings.Contains(all, words) || !strings.Contains(all, `"withdrawn":true`) || !strings.Contains(all, note) {
			a.w.t.Errorf("%s = %s", v.what, all)
		}
	}
}

// TestOwnNotes brings notes that their people and those who see all work alone know of.
func TestOwnNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Indexing()
	c := w.User("lea").Class("Organising with data")
	anna, per := c.Join("anna", models.RoleStudent), c.Join("per", models.RoleStudent)
	deaf, ida := c.Join("deaf", models.RoleAssistant, models.CourseExercises), c.Join("ida", models.RoleAssistant, models.CourseReadWork)
	x := c.Exercise()
	shared, _ := x.Release("The registers are shared.")
	x.Answer(per)
	a := x.Answer(anna)
	own := x.Bring(anna, "The registers stand in boxes of annas.")
	form, header := aForm(t, nil, text("visit.md", "# A visit\n\nThe registers hum, says annas file."), text("rows.csv", "title,observedOn\nA,2024-01-01"))
	imports := anna.post(x.path+"/own-notes/import", form, header).want(http.StatusOK)
	filed := imports.text("items", 0, "noteId")
	if imports.text("items", 0, "status") != "created" || imports.text("items", 1, "problem", "code") != "format_is_table" {
		t.Fatalf("the import gave %s", imports.raw)
	}

	t.Run("who may know of them sees them in lists, texts, files and search", func(t *testing.T) {
		w.in(t)
		for _, p := range []*person{anna, c.person, ida} {
			list := p.get(x.path + "/notes?submission=" + a.id).want(http.StatusOK)
			if len(list.items()) != 2 || list.text("items", 0, "origin") != "own" || list.text("items", 0, "authorId") != c.seat(anna) {
				t.Errorf("%s sees %s", p.name, list.raw)
			}
			p.get(x.path + "/notes/" + own + "/text").want(http.StatusOK)
			url := p.get(x.path + "/notes/" + filed + "/file").want(http.StatusOK).text("url")
			if got := w.Stranger().get(url).want(http.StatusOK); !strings.Contains(string(got.raw), "registers hum") {
				t.Errorf("%s fetches %s", p.name, got.raw)
			}
		}
		eventually(t, "anna finds all three notes", func() bool {
			return len(anna.get(x.path+"/search?q=registers").want(http.StatusOK).items()) == 3
		})
	})

	t.Run("nobody else does", func(t *testing.T) {
		w.in(t)
		for _, p := range []*person{per, deaf} {
			for _, list := range []string{"/notes", "/notes?submission=" + a.id, "/search?q=registers", "/search?q=annas", "/search?q=boxes"} {
				got := p.get(x.path + list).want(http.StatusOK)
				if strings.Contains(string(got.raw), "annas") || strings.Contains(string(got.raw), own) || strings.Contains(string(got.raw), filed) {
					t.Errorf("%s is told by %s: %s", p.name, list, got.raw)
				}
			}
			for _, id := range []string{own, filed} {
				p.get(x.path+"/notes/"+id+"/text").refused(http.StatusNotFound, "note_not_found")
			}
			if n := len(p.get(x.path + "/search?q=registers").items()); n != 1 {
				t.Errorf("%s finds %d notes", p.name, n)
			}
		}
		per.get(x.path+"/notes/"+filed+"/file").refused(http.StatusNotFound, "note_not_found")
		deaf.get(x.path+"/notes/"+filed+"/file").refused(http.StatusForbidden, "course_role_insufficient")
		per.delete(x.path+"/own-notes/"+own).refused(http.StatusNotFound, "note_not_found")
		c.delete(x.path+"/releases/"+own).refused(http.StatusNotFound, "note_not_found")
		b := x.Answer(per)
		b.Quote(0, &note{project: &project{person: per}, id: own, text: "The registers stand in boxes of annas."}, "boxes").refused(http.StatusUnprocessableEntity, "note_unknown")
		// The same bytes are new to who doesn't know of them.
		form, header := aForm(t, nil, text("visit.md", "# A visit\n\nThe registers hum, says annas file."))
		if got := per.post(x.path+"/own-notes/import", form, header).want(http.StatusOK); got.text("items", 0, "status") != "created" {
			t.Errorf("the import of per's gave %s", got.raw)
		}
		if got := anna.post(x.path+"/own-notes/import", form, header).want(http.StatusOK); got.text("items", 0, "noteId") != filed {
			t.Errorf("the second import gave %s", got.raw)
		}
	})

	t.Run("in a group they are the group's", func(t *testing.T) {
		w.in(t)
		x, group := c.Exercise(object{"work": "group"}), c.Group("One")
		eva := c.Join("eva", models.RoleStudent)
		for _, p := range []*person{per, eva} {
			if err := w.db.SetGroups(t.Context(), models.ID(c.id), map[models.ID]models.ID{models.ID(c.seat(p)): models.ID(group)}, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		b := x.Answer(per)
		n := &note{project: &project{person: per}, id: x.Bring(per, "Cards in boxes."), text: "Cards in boxes."}
		evidence := b.Quote(0, n, "boxes").want(http.StatusCreated).id()
		eva.get(x.path + "/notes/" + n.id + "/text").want(http.StatusOK)
		anna.get(x.path+"/notes/"+n.id+"/text").refused(http.StatusNotFound, "note_not_found")
		eva.delete(b.path + "/evidence/" + evidence).want(http.StatusNoContent) // and with it the coding that per put
		eva.delete(x.path + "/own-notes/" + n.id).want(http.StatusNoContent)
	})

	t.Run("an address of a file ends with the right to it", func(t *testing.T) {
		w.in(t)
		url := ida.get(x.path + "/notes/" + filed + "/file").want(http.StatusOK).text("url")
		member := c.get(c.path + "/members").want(http.StatusOK)
		for _, m := range member.items() {
			if at(t, m, "id") == c.seat(ida) {
				c.patch(c.path+"/members/"+c.seat(ida), object{"rights": array{}}, seeing(int(at(t, m, "version").(float64)))).want(http.StatusOK)
			}
		}
		w.Stranger().get(url).refused(http.StatusForbidden, "course_role_insufficient")
	})

	t.Run("one that evidence stands on stays, and goes once that is taken away", func(t *testing.T) {
		w.in(t)
		n := &note{project: &project{person: anna}, id: own, text: "The registers stand in boxes of annas."}
		evidence := a.Quote(0, n, "boxes").want(http.StatusCreated).id()
		anna.delete(x.path+"/own-notes/"+own).refused(http.StatusConflict, "note_in_use")
		anna.get(x.path + "/notes/" + own + "/text").want(http.StatusOK)
		anna.delete(a.path + "/evidence/" + evidence).want(http.StatusNoContent)
		anna.delete(x.path + "/own-notes/" + own).want(http.StatusNoContent)
		anna.get(x.path+"/notes/"+own+"/text").refused(http.StatusNotFound, "note_not_found")
	})

	t.Run("they can be switched off, and released notes aren't anybody's own", func(t *testing.T) {
		w.in(t)
		anna.delete(x.path+"/own-notes/"+shared).refused(http.StatusNotFound, "note_not_found")
		x.patch(x.path, object{"ownNotes": false}, seeing(x.version())).want(http.StatusOK)
		anna.post(x.path+"/own-notes", object{"title": "More", "text": "More."}).refused(http.StatusConflict, "own_notes_off")
	})
}

// TestExerciseSettings holds what was begun.
func TestExerciseSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	x := c.Exercise(object{"dueAt": "2027-03-01T12:00"})
	a := x.Answer(anna)

	t.Run("what was begun stays", func(t *testing.T) {
		w.in(t)
		x.patch(x.path, object{"work": "group"}, seeing(x.version())).refused(http.StatusConflict, "exercise_begun")
		prompts := x.get(x.path).list("prompts")
		a.Write(0, "Registers.")
		x.patch(x.path, object{"prompts": prompts[1:]}, seeing(x.version())).refused(http.StatusConflict, "prompt_answered")
		r := x.patch(x.path, object{"prompts": append(append(array{}, prompts[2:]...), prompts[0])}, seeing(x.version())).want(http.StatusOK)
		if got := r.list("prompts"); len(got) != 5 || at(t, got[4], "id") != at(t, prompts[0], "id") {
			t.Errorf("the prompts are %v", got)
		}
		x.delete(x.path+"/codes/"+at(t, prompts[0], "codeId").(string)).refused(http.StatusConflict, "code_tied")
		x.patch(x.path+"/codes/"+at(t, prompts[0], "codeId").(string), object{"archived": true}, seeing(1)).refused(http.StatusConflict, "code_tied")
	})

	t.Run("a student sees their own due time and nobody's extension", func(t *testing.T) {
		w.in(t)
		x.put(x.path+"/extensions/"+c.seat(anna), object{"dueAt": "2027-03-08T12:00"}).want(http.StatusOK)
		per := c.Join("per", models.RoleStudent)
		for p, due := range map[*person]string{anna: "2027-03-08T11:00:00Z", per: "2027-03-01T11:00:00Z"} {
			got := p.get(x.path).want(http.StatusOK)
			if got.text("due") != due || got.text("mine", "due") != due || len(got.list("extensions")) != 0 {
				t.Errorf("%s sees %s", p.name, got.raw)
			}
		}
		if got := anna.get(c.path+"/exercises").text("items", 0, "mine", "state"); got != "writing" {
			t.Errorf("anna's work is %s", got)
		}
		x.put(x.path+"/extensions/"+c.seat(c.person), object{"dueAt": "2027-03-08T12:00"}).refused(http.StatusNotFound, "course_member_not_found")
		x.put(x.path+"/extensions/"+c.seat(anna), object{"dueAt": ""}).refused(http.StatusUnprocessableEntity, "due_malformed")
		if got := x.delete(x.path + "/extensions/" + c.seat(anna)).want(http.StatusOK); len(got.list("extensions")) != 0 {
			t.Errorf("it has extensions: %s", got.raw)
		}
	})

	t.Run("one in the bin is gone for everybody, comes back whole, and is purged with all of it", func(t *testing.T) {
		w.in(t)
		x.delete(x.path).want(http.StatusNoContent)
		for _, p := range []*person{c.person, anna} {
			p.get(x.path).refused(http.StatusNotFound, "exercise_not_found")
			p.get(a.path).refused(http.StatusNotFound, "submission_not_found")
		}
		x.post(x.path+"/restore", nil).want(http.StatusOK)
		if got := anna.get(a.path).want(http.StatusOK); !strings.Contains(string(got.raw), "Registers.") {
			t.Errorf("it came back as %s", got.raw)
		}
		x.delete(x.path).want(http.StatusNoContent)
		late := time.Now().AddDate(0, 0, 31)
		w.frozen.Store(&late)
		if err := w.options.Service.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.frozen.Store(nil)
		x.post(x.path+"/restore", nil).refused(http.StatusNotFound, "exercise_not_found")
		if left, err := w.db.Answers(t.Context(), models.ID(a.id)); err != nil || len(left) != 0 {
			t.Errorf("%d answers are left, %v", len(left), err)
		}
	})
}

// TestReleaseMeetsPurge releases notes while their originals are purged: no copy outlives one.
func TestReleaseMeetsPurge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	j := c.Project("Havnsø")
	for range 12 {
		n := j.Note("The registers are old.")
		body := object{"projectId": j.id, "noteId": n.id}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { x.post(x.path+"/releases", body) })
		}
		both.Go(func() {
			j.delete(n.at).want(http.StatusNoContent)
			j.delete(j.path + "/bin/note/" + n.id).want(http.StatusNoContent)
		})
		both.Wait()
	}
	if left := x.notesOf(c.person); len(left) != 0 {
		t.Errorf("%d copies are left of notes that were purged", len(left))
	}
}

// TestRemovalMeetsEvidence takes own notes away while evidence is put on them: one of the two is refused.
func TestRemovalMeetsEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	x := c.Exercise()
	a := x.Answer(anna)
	for range 12 {
		n := &note{project: &project{person: anna}, id: x.Bring(anna, "Cards in boxes."), text: "Cards in boxes."}
		var quoted, removed *reply
		var both sync.WaitGroup
		both.Go(func() { quoted = a.Quote(0, n, "boxes") })
		both.Go(func() { removed = anna.delete(x.path + "/own-notes/" + n.id) })
		both.Wait()
		switch {
		case quoted.status == http.StatusCreated:
			removed.refused(http.StatusConflict, "note_in_use")
		case removed.status == http.StatusNoContent:
			quoted.refused(http.StatusUnprocessableEntity, "note_unknown")
		default:
			t.Errorf("both were refused: %d %s, %d %s", quoted.status, quoted.raw, removed.status, removed.raw)
		}
	}
}
