package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

// Own is a note that somebody brought themselves.
func (a *answering) Own(text string) *note {
	a.w.t.Helper()
	return &note{project: &project{person: a.person, id: a.x.id}, id: a.x.Bring(a.person, text), text: text}
}

// codings gives the live codings of a layer of an exercise.
func (x *exercise) codings(layer string) []*models.Coding {
	x.w.t.Helper()
	all, err := x.w.db.Codings().All(x.w.t.Context(), models.ID(x.id), coding.Query{Where: coding.Where{"layer": layer}}, 100)
	if err != nil {
		x.w.t.Fatal(err)
	}
	return all
}

const townHall = "The registers are old 🏛 news here. Everybody says that the registers are the ground.\n\nThen somebody asks for data from another office."

// TestEvidence takes passages of notes and of the web as evidence.
func TestEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, bo := lea.Join("anna", models.RoleStudent), lea.Join("bo", models.RoleStudent)

	t.Run("a passage of a released note is checked, anchored and coded in the submission's layer", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		r := a.Quote(1, n, "old 🏛 news").want(http.StatusCreated)
		if r.text("anchor", "quote") != "old 🏛 news" || r.text("anchor", "prefix") != "The registers are " || r.number("anchor", "textVersion") != 1 || r.text("why") != "It shows the ground." {
			t.Errorf("it is %s", r.raw)
		}
		put := x.codings(a.id)
		code := anna.get(x.path).text("prompts", 1, "codeId")
		if len(put) != 1 || string(put[0].ID) != r.text("codingId") || string(put[0].CodeID) != code || string(put[0].CoderID) != anna.id || string(put[0].NoteID) != n.id {
			t.Fatalf("it is coded as %+v", put)
		}
		if open := x.codings("open"); len(open) != 0 {
			t.Errorf("the open layer has %+v", open)
		}
	})

	t.Run("the same passage twice is there once, under another prompt it is another", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		first := a.Quote(0, n, "the ground").want(http.StatusCreated)
		if again := a.Quote(0, n, "the ground").want(http.StatusOK); again.id() != first.id() {
			t.Error("it is there twice")
		}
		a.Quote(1, n, "the ground").want(http.StatusCreated)
		if n := len(x.codings(a.id)); n != 2 {
			t.Errorf("there are %d codings", n)
		}
		body := object{"id": string(models.NewID()), "web": object{"url": "https://example.org", "quote": "x"}}
		a.post(a.answerPath(0)+"/evidence", body).want(http.StatusCreated)
		a.post(a.answerPath(0)+"/evidence", body).want(http.StatusOK)
		a.post(a.answerPath(1)+"/evidence", body).refused(http.StatusConflict, "id_taken")
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				if r := a.Quote(2, n, "another office"); r.status != http.StatusCreated && r.status != http.StatusOK {
					t.Errorf("six at once: %d %s", r.status, r.raw)
				}
			})
		}
		wait.Wait()
		if n := len(a.get(a.path).list("answers", 2, "evidence")); n != 1 {
			t.Errorf("six requests at once leave %d passages", n)
		}
	})

	t.Run("evidence and words that come at once are both kept", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		var wait sync.WaitGroup
		wait.Go(func() {
			for i := range 12 {
				a.Write(0, fmt.Sprintf("words %d", i))
			}
		})
		quotes := []string{"The registers", "old", "news", "here", "Everybody", "says"}
		for _, quote := range quotes {
			wait.Go(func() { a.Quote(0, n, quote).want(http.StatusCreated) })
		}
		wait.Wait()
		text, _, answer := a.answer(0)
		if text != "words 11" || len(answer["evidence"].(array)) != len(quotes) || len(x.codings(a.id)) != len(quotes) {
			t.Errorf("there is %q with %d passages and %d codings", text, len(answer["evidence"].(array)), len(x.codings(a.id)))
		}
	})

	t.Run("what isn't there, or isn't theirs, is no evidence", func(t *testing.T) {
		w.in(t)
		x, other := lea.Exercise(), lea.Exercise()
		n, a, b := x.Released(townHall), x.Answer(anna), x.Answer(bo)
		path := a.answerPath(0) + "/evidence"
		wrong := n.Anchor("the ground")
		wrong["quote"] = "the grounds"
		a.post(path, object{"noteId": n.id, "anchor": wrong}).refused(http.StatusUnprocessableEntity, "quote_mismatch")
		wrong["quote"], wrong["end"] = "the ground", wrong["end"].(int)+1
		a.post(path, object{"noteId": n.id, "anchor": wrong}).refused(http.StatusUnprocessableEntity, "quote_mismatch")
		a.post(path, object{"noteId": n.id, "anchor": object{"start": 5000, "end": 5001, "quote": "x"}}).refused(http.StatusUnprocessableEntity, "anchor_out_of_text")
		anywhere := object{"start": 0, "end": 3, "quote": "The"}
		project := lea.Project("Havnsø").Note(townHall)
		for what, note := range map[string]string{
			"a note of a project that wasn't released": project.id, "a note of another exercise": other.Released(townHall).id,
			"another's own note": b.Own(townHall).id, "nothing": string(models.NewID()),
		} {
			if r := a.post(path, object{"noteId": note, "anchor": anywhere}); r.status != http.StatusUnprocessableEntity || r.text("code") != "note_unknown" {
				t.Errorf("%s: %d %s", what, r.status, r.raw)
			}
		}
		a.post(path, object{"noteId": n.id}).refused(http.StatusUnprocessableEntity, "anchor_empty")
		a.post(path, object{"why": "x"}).refused(http.StatusUnprocessableEntity, "evidence_of_one")
		a.post(path, object{"noteId": n.id, "anchor": n.Anchor("The"), "web": object{"url": "https://a.dk", "quote": "x"}}).refused(http.StatusUnprocessableEntity, "evidence_of_one")
		if put := x.codings(a.id); len(put) != 0 {
			t.Errorf("there are codings: %+v", put)
		}
	})

	t.Run("evidence is from where the exercise says", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		own := a.Own("My own note says so, too.")
		a.Quote(0, own, "My own note").want(http.StatusCreated)
		lea.patch(x.path, object{"released": false, "web": false}, seeing(x.version())).want(http.StatusOK)
		a.Quote(0, n, "the ground").refused(http.StatusUnprocessableEntity, "note_not_offered").pointing("/noteId")
		a.post(a.answerPath(0)+"/evidence", object{"web": object{"url": "https://a.dk", "quote": "x"}}).refused(http.StatusUnprocessableEntity, "web_not_allowed")
		a.Quote(1, own, "says so").want(http.StatusCreated)
		lea.patch(x.path, object{"released": true, "ownNotes": false}, seeing(x.version())).want(http.StatusOK)
		a.Quote(2, own, "says so").refused(http.StatusUnprocessableEntity, "note_not_offered")
		a.Quote(2, n, "the ground").want(http.StatusCreated)
	})

	t.Run("the people of a group take each other's evidence away", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("In groups")
		ann, ben := c.Join("ann", models.RoleStudent), c.Join("ben", models.RoleStudent)
		c.Into(c.Group("One"), ann, ben)
		x := c.Exercise(object{"work": "group"})
		n, a, b := x.Released(townHall), x.Answer(ann), x.Answer(ben)
		id := a.Quote(0, n, "the ground").want(http.StatusCreated).id()
		if r := b.Quote(0, n, "the ground").want(http.StatusOK); r.id() != id {
			t.Error("ben's passage is another")
		}
		b.delete(b.path + "/evidence/" + id).want(http.StatusNoContent)
		if put := x.codings(a.id); len(put) != 0 {
			t.Errorf("its coding is left: %+v", put)
		}
		b.delete(b.path+"/evidence/"+id).refused(http.StatusNotFound, "evidence_not_found")
		b.Quote(0, n, "the ground").want(http.StatusCreated)
	})

	t.Run("a coding that is evidence twice goes with the last", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		code := lea.get(x.path).text("prompts", 0, "codeId")
		var prompts array
		for _, p := range lea.get(x.path).list("prompts") {
			p := p.(object)
			prompts = append(prompts, object{"id": p["id"], "title": p["title"], "question": p["question"], "codeId": code})
		}
		lea.patch(x.path, object{"prompts": prompts}, seeing(x.version())).want(http.StatusOK)
		n, a := x.Released(townHall), x.Answer(anna)
		first, second := a.Quote(0, n, "the ground").want(http.StatusCreated), a.Quote(1, n, "the ground").want(http.StatusCreated)
		if first.text("codingId") != second.text("codingId") || first.id() == second.id() {
			t.Fatalf("they are %s and %s", first.raw, second.raw)
		}
		a.delete(a.path + "/evidence/" + first.id()).want(http.StatusNoContent)
		if len(x.codings(a.id)) != 1 {
			t.Error("the other has lost its coding")
		}
		a.delete(a.path + "/evidence/" + second.id()).want(http.StatusNoContent)
		if len(x.codings(a.id)) != 0 {
			t.Error("the coding is left")
		}
	})

	t.Run("a web address is one that a browser opens", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna)
		path := a.answerPath(0) + "/evidence"
		for _, url := range []string{
			"", "example.org", "javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "ftp://example.org", "file:///etc/passwd",
			"http://", "https:///path", "https://user:secret@example.org", "https://exa mple.org", "https://example.org/\"onclick=", "https://example.org/<script>", "//example.org", "https://example.org\\@evil.org", "https://[::1", "http:example.org", "mailto:a@b.dk",
		} {
			a.post(path, object{"web": object{"url": url, "quote": "x"}}).refused(http.StatusUnprocessableEntity, "address_malformed").pointing("/web/url")
		}
		a.post(path, object{"web": object{"url": "https://example.org/" + strings.Repeat("x", 2000), "quote": "x"}}).refused(http.StatusUnprocessableEntity, "address_too_long")
		a.post(path, object{"web": object{"url": "https://example.org", "quote": " "}}).refused(http.StatusUnprocessableEntity, "quote_missing")
		a.post(path, object{"web": object{"url": "https://example.org", "quote": "x", "seenOn": "yesterday"}}).refused(http.StatusUnprocessableEntity, "field_malformed")
		for i, url := range []string{"https://example.org", "http://example.org:8080/a/b?c=d&e=%C3%A6#f", "https://blåbær.dk/æble", "HTTPS://EXAMPLE.ORG/"} {
			r := a.post(path, object{"web": object{"url": " " + url + " ", "title": "The plan", "quote": fmt.Sprint("line\r\n", i), "seenOn": "2027-03-01"}}).want(http.StatusCreated)
			if r.text("web", "url") != url || r.text("web", "quote") != fmt.Sprint("line\n", i) || r.text("web", "seenOn") != "2027-03-01" || r.value("noteId") != nil {
				t.Errorf("%s is kept as %s", url, r.raw)
			}
		}
		if again := a.post(path, object{"web": object{"url": "https://example.org", "quote": "line\n0"}}); again.status != http.StatusOK {
			t.Errorf("the same again is %d %s", again.status, again.raw)
		}
	})

	t.Run("evidence is changed, moved and bounded", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		of := a.Quote(0, n, "the ground").want(http.StatusCreated).id()
		web := a.Cite(0, "one").id()
		third := a.Cite(0, "three").id()
		a.patch(a.path+"/evidence/"+third, object{"why": "So", "position": 0}).want(http.StatusOK)
		a.patch(a.path+"/evidence/"+web, object{"web": object{"url": "https://example.com", "quote": "two"}, "position": 50}).want(http.StatusOK)
		a.patch(a.path+"/evidence/"+of, object{"web": object{"url": "https://example.com", "quote": "two"}}).refused(http.StatusUnprocessableEntity, "evidence_of_note")
		a.patch(a.path+"/evidence/"+of, object{"position": 51}).refused(http.StatusUnprocessableEntity, "number_out_of_range")
		a.patch(a.path+"/evidence/"+of, object{"why": strings.Repeat("x", 20_001)}).refused(http.StatusUnprocessableEntity, "prose_too_long")
		a.patch(a.path+"/evidence/"+string(models.NewID()), object{}).refused(http.StatusNotFound, "evidence_not_found")
		got := a.get(a.path)
		if got.text("answers", 0, "evidence", 0, "id") != third || got.text("answers", 0, "evidence", 1, "id") != of || got.text("answers", 0, "evidence", 2, "web", "quote") != "two" {
			t.Errorf("there is %s", got.raw)
		}
		for i := 3; i < models.MaxEvidence; i++ {
			a.Cite(0, fmt.Sprint("more ", i))
		}
		a.post(a.answerPath(0)+"/evidence", object{"web": object{"url": "https://example.org", "quote": "too much"}}).refused(http.StatusConflict, "evidence_limit")
	})
}

// TestEvidenceMeetsWithdrawal puts a passage that is evidence already on another answer, too, while its note is
// taken out of the exercise: its words are left nowhere.
func TestEvidenceMeetsWithdrawal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	x := c.Exercise()
	prompts := x.get(x.path).want(http.StatusOK).list("prompts")
	for _, p := range prompts {
		p.(object)["codeId"] = at(t, prompts[0], "codeId")
	}
	x.patch(x.path, object{"prompts": prompts}, seeing(x.version())).want(http.StatusOK)
	a := x.Answer(anna)
	for range 8 {
		n := x.Released("Kirsten keeps the cards in boxes.")
		a.Quote(0, n, "cards in boxes").want(http.StatusCreated)
		var all sync.WaitGroup
		for prompt := 1; prompt < len(a.prompts); prompt++ {
			all.Go(func() { a.Quote(prompt, n, "cards in boxes") })
		}
		all.Go(func() { x.delete(x.path + "/releases/" + n.id).want(http.StatusNoContent) })
		all.Wait()
		a.withdrawn(n.id, "cards in boxes")
	}
}

// TestEvidenceFitsIntoAHandIn quotes most of a long note again and again.
func TestEvidenceFitsIntoAHandIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	n := x.Released(strings.Repeat("æøå ", 26_000))
	a := x.Answer(c.Join("anna", models.RoleStudent)).Complete()
	quote := func(prompt, start int) *reply {
		runes := []rune(n.text)[4*start : 4*start+100_000]
		return a.post(a.answerPath(prompt)+"/evidence", object{"noteId": n.id, "anchor": object{"start": 4 * start, "end": 4*start + 100_000, "quote": string(runes)}, "why": "It is long."})
	}
	var ids []string
	for i := range 9 {
		ids = append(ids, quote(i%len(a.prompts), i).want(http.StatusCreated).id())
	}
	quote(0, 9).refused(http.StatusConflict, "passages_too_long")
	long := object{"why": strings.Repeat("why ", 4_900)}
	for i, id := range ids {
		if r := a.patch(a.path+"/evidence/"+id, long); i < 5 {
			r.want(http.StatusOK)
		} else {
			r.refused(http.StatusConflict, "passages_too_long")
		}
	}
	a.Submit().want(http.StatusCreated)
}
