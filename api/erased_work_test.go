package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

// TestErasingWorkThatWasMade erases what a student made by the operations that students have: nothing of
// their words is left in the store, nor found.
func TestErasingWorkThatWasMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Indexing()
	c := w.User("lea").Class("Organising with data")
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)
	x := c.Exercise(object{"ownNotes": true, "shownToClass": true})
	shared := x.Released("The registers are the ground.")
	a, b := x.Answer(anna), x.Answer(bo)
	b.Complete()
	b.Quote(0, shared, "registers").want(http.StatusCreated)

	const words = "Kirsten hums annually"
	own := &note{project: &project{person: anna}, id: x.Bring(anna, "Boxes: "+words+"."), text: "Boxes: " + words + "."}
	form, header := aForm(t, nil, text("visit.md", "# A visit\n\n"+words+" in a file."))
	filed := anna.post(x.path+"/own-notes/import", form, header).want(http.StatusOK).text("items", 0, "noteId")
	gone := x.Bring(anna, words+", and went into the bin.")
	anna.delete(x.path + "/own-notes/" + gone).want(http.StatusNoContent)
	for i := range a.prompts {
		a.Write(i, fmt.Sprintf("%s in answer %d.", words, i))
		a.Cite(i, words+" on the web")
	}
	a.Quote(0, own, words).want(http.StatusCreated)
	a.Quote(0, shared, "the ground").want(http.StatusCreated)
	a.window().Write(1, words+" in another window")
	a.About(words)
	a.Submit().want(http.StatusCreated)
	c.post(a.path+"/feedback/remarks", object{"promptId": a.prompts[0], "text": "Who? " + words}).want(http.StatusCreated)
	c.put(a.path+"/feedback", object{"mark": "10", "comment": "Well seen: " + words}, seeing(c.get(a.path+"/feedback").want(http.StatusOK).number("version"))).want(http.StatusOK)
	c.post(a.path+"/return", nil).want(http.StatusOK)
	indexed := func() int { // in the index that is the submission's alone
		found, err := w.index.Find(t.Context(), coding.IndexQuery{
			SpaceID: models.ID(x.id), Audience: models.ID(a.id), Layer: models.LayerOpen, Terms: []coding.Term{{Text: "hums"}}, Limit: 10,
		})
		if err != nil {
			t.Fatal(err)
		}
		return found.Total
	}
	eventually(t, "the notes are found", func() bool { return indexed() == 2 })
	if n := strings.Count(x.stored(), words); n < 25 {
		t.Fatalf("the words stand in %d places", n)
	}
	url := c.get(x.path + "/notes/" + filed + "/file").want(http.StatusOK).text("url")

	c.post(c.path+"/members/"+c.seat(anna)+"/erase", nil).want(http.StatusOK)
	kept := x.stored()
	if i := strings.Index(kept, "Kirsten"); i >= 0 {
		t.Errorf("words are left: …%s", kept[max(0, i-300):min(len(kept), i+100)])
	}
	for _, path := range []string{a.path, a.path + "/feedback", a.path + "/hand-ins/1", x.path + "/notes", x.path + "/board", x.path + "/class?prompt=" + a.prompts[0]} {
		if got := c.get(path).want(http.StatusOK); strings.Contains(string(got.raw), "Kirsten") {
			t.Errorf("%s tells %s", path, got.raw)
		}
	}
	view := c.get(a.path)
	if view.text("state") != "returned" || view.number("answers", 0, "words") != 6 || len(view.list("answers", 0, "evidence")) != 3 || c.get(a.path+"/feedback").text("mark") != "10" {
		t.Errorf("the figures are %s", view.raw)
	}
	for _, id := range []string{own.id, filed, gone} {
		c.get(x.path+"/notes/"+id+"/text").refused(http.StatusNotFound, "note_not_found")
	}
	w.Stranger().get(url).refused(http.StatusNotFound, "note_not_found")
	left := x.get(x.path + "/notes/" + shared.id + "/text").want(http.StatusOK)
	if left.text("text") != shared.text {
		t.Errorf("the released note reads %s", left.raw)
	}
	codings, err := w.db.Codings().All(t.Context(), models.ID(x.id), coding.Query{}, 10)
	if err != nil || len(codings) != 1 || codings[0].CoderID != models.ID(bo.id) {
		t.Errorf("%d codings are left, %v; bo's alone should be", len(codings), err)
	}
	eventually(t, "nothing of them is found", func() bool { return indexed() == 0 })
	if n := len(c.get(x.path + "/search?q=registers").items()); n != 1 {
		t.Errorf("%d notes of the class are found", n)
	}
}

// outrun is a store in which something happens after somebody has read an answer, before they write it.
type outrun struct {
	teaching.Store
	once sync.Once
	then func()
}

func (m *outrun) Standing(ctx context.Context, submission, prompt, user models.ID) (*teaching.Standing, error) {
	st, err := m.Store.Standing(ctx, submission, prompt, user)
	m.once.Do(m.then)
	return st, err
}

// TestErasureMeetsAutosave erases a student while an autosave of theirs has read the answer and not yet
// written it: an answer that is there, and one that they had not begun.
func TestErasureMeetsAutosave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()

	for i, begun := range []bool{true, false} {
		anna := c.Join(fmt.Sprint("anna", i), models.RoleStudent)
		a := x.Answer(anna)
		if begun {
			a.Write(0, secretWords)
		}
		seat := c.seat(anna)
		store := &outrun{Store: w.db, then: func() { c.post(c.path+"/members/"+seat+"/erase", nil).want(http.StatusOK) }}
		late := teaching.New(store, w.options.Service, nil)
		_, _, err := late.SaveAnswer(t.Context(), models.Actor{UserID: models.ID(anna.id)}, models.ID(a.id), models.ID(a.prompts[0]), a.heard[a.prompts[0]],
			teaching.Writing{Text: secretWords, Revision: models.NewID(), Writer: models.NewID()})
		if models.KindOf(err) != models.KindNotFound {
			t.Errorf("begun %t: the late autosave is answered with %v", begun, err)
		}
		if kept := x.stored(); strings.Contains(kept, secretWords) {
			t.Errorf("begun %t: the words came back", begun)
		}
		if got := c.get(a.path).want(http.StatusOK); !begun && (got.text("state") != "notBegun" || got.text("answers", 0, "state") != "notBegun") {
			t.Errorf("what nobody began is %s", got.raw)
		}
	}
}

// TestErasureMeetsWriting erases students whose windows write as fast as they can.
func TestErasureMeetsWriting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	for i := range 4 {
		anna := c.Join(fmt.Sprint("anna", i), models.RoleStudent)
		a, seat := x.Answer(anna), c.seat(anna)
		var all sync.WaitGroup
		for prompt := range a.prompts {
			b := a.window()
			all.Go(func() {
				for range 20 {
					if r := b.send(prompt, b.writing(secretWords)); r.status == http.StatusNotFound {
						return
					}
					_ = b.post(b.answerPath(prompt)+"/evidence", object{"web": object{"url": "https://example.org", "quote": secretWords}})
				}
			})
		}
		c.post(c.path+"/members/"+seat+"/erase", nil).want(http.StatusOK)
		all.Wait()
		a.get(a.path).refused(http.StatusNotFound, "submission_not_found")
		if kept := x.stored(); strings.Contains(kept, secretWords) {
			at := strings.Index(kept, secretWords)
			t.Errorf("the words came back: …%s", kept[max(0, at-300):at])
		}
	}
}

// broken is a store after whose first transaction the program stops.
type broken struct {
	teaching.Store
	stop context.CancelFunc
}

func (b *broken) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	defer b.stop()
	return b.Store.Tx(ctx, fn)
}

// TestErasureThatBrokeOff stops the program between the first and the last step of a deletion of personal data.
func TestErasureThatBrokeOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	anna := c.Join("anna", models.RoleStudent)
	x.Finished(models.ID(c.seat(anna)), "")
	ctx, stop := context.WithCancel(t.Context())
	if err := teaching.New(&broken{w.db, stop}, w.options.Service, nil).LeaveAll(ctx, models.Actor{UserID: models.ID(anna.id)}); err == nil {
		t.Fatal("nothing broke off")
	}
	if !strings.Contains(x.stored(), secretWords) {
		t.Fatal("all was deleted before it broke off")
	}
	for range 2 {
		if err := w.options.Teaching.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if kept := x.stored(); strings.Contains(kept, secretWords) || strings.Contains(kept, "erasing") {
			i := max(strings.Index(kept, secretWords), strings.Index(kept, "erasing"))
			t.Errorf("something is left: …%s", kept[max(0, i-300):min(len(kept), i+100)])
		}
	}
}
