package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

// binned lists what somebody finds of the own notes that were removed from an exercise, by id.
func (x *exercise) binned(p *person) []string {
	x.w.t.Helper()
	var ids []string
	for _, n := range p.get(x.path + "/notes?bin=true").want(http.StatusOK).items() {
		ids = append(ids, at(x.w.t, n, "id").(string))
	}
	return ids
}

// TestRemovedOwnNotes takes own notes away, and has them back.
func TestRemovedOwnNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Indexing()
	c := w.User("lea").Class("Organising with data")
	anna, per := c.Join("anna", models.RoleStudent), c.Join("per", models.RoleStudent)
	ida := c.Join("ida", models.RoleAssistant, models.GivenRights()...)
	x := c.Exercise()
	a := x.Answer(anna)
	x.Answer(per)
	form, header := aForm(t, nil, text("visit.md", "# A visit\n\nThe registers hum, says annas file."))
	filed := anna.post(x.path+"/own-notes/import", form, header).want(http.StatusOK).text("items", 0, "noteId")
	path := x.path + "/own-notes/" + filed
	finds := func() int { return len(anna.get(x.path + "/search?q=registers").want(http.StatusOK).items()) }

	t.Run("one that was removed lies in the bin of its people, and comes back as it was", func(t *testing.T) {
		w.in(t)
		eventually(t, "it is found", func() bool { return finds() == 1 })
		before := anna.get(x.path + "/notes").want(http.StatusOK)
		anna.delete(path).want(http.StatusNoContent)
		anna.get(x.path+"/notes/"+filed+"/text").refused(http.StatusNotFound, "note_not_found")
		if got := x.binned(anna); len(got) != 1 || got[0] != filed {
			t.Errorf("anna finds %v in the bin", got)
		}
		if got := x.binned(per); len(got) != 0 {
			t.Errorf("per finds %v in the bin", got)
		}
		for _, p := range []*person{c.person, ida} {
			p.get(x.path+"/notes?bin=true").refused(http.StatusForbidden, "course_role_insufficient")
		}
		per.post(path+"/restore", nil).refused(http.StatusNotFound, "note_not_found")
		eventually(t, "it isn't found", func() bool { return finds() == 0 })

		back := anna.post(path+"/restore", nil).want(http.StatusOK)
		if back.id() != filed || back.text("title") != "visit" || back.text("origin") != "own" {
			t.Errorf("it came back as %s", back.raw)
		}
		anna.post(path+"/restore", nil).want(http.StatusOK) // said twice
		if after := anna.get(x.path + "/notes").want(http.StatusOK); !bytes.Equal(after.raw, before.raw) {
			t.Errorf("the notes are\n%s\nand were\n%s", after.raw, before.raw)
		}
		if got := x.binned(anna); len(got) != 0 {
			t.Errorf("the bin still has %v", got)
		}
		url := anna.get(x.path + "/notes/" + filed + "/file").want(http.StatusOK).text("url")
		if got := w.Stranger().get(url).want(http.StatusOK); !strings.Contains(string(got.raw), "registers hum") {
			t.Errorf("the file reads %s", got.raw)
		}
		eventually(t, "it is found again", func() bool { return finds() == 1 })
		n := &note{project: &project{person: anna}, id: filed, text: anna.get(x.path + "/notes/" + filed + "/text").text("text")}
		evidence := a.Quote(0, n, "registers hum").want(http.StatusCreated)
		anna.delete(path).refused(http.StatusConflict, "note_in_use")
		anna.delete(a.path + "/evidence/" + evidence.id()).want(http.StatusNoContent)
	})

	t.Run("what was handed in keeps the words of one that was removed and came back", func(t *testing.T) {
		w.in(t)
		a.Complete()
		n := a.Own("Cards in boxes, on a shelf.")
		evidence := a.Quote(0, n, "Cards in boxes").want(http.StatusCreated).id()
		a.Submit().want(http.StatusCreated)
		was := anna.get(a.path + "/hand-ins/1").want(http.StatusOK).value("answers")
		anna.post(a.path+"/take-back", nil).want(http.StatusOK)
		anna.delete(a.path + "/evidence/" + evidence).want(http.StatusNoContent)
		for _, deed := range []func(){
			func() { anna.delete(x.path + "/own-notes/" + n.id).want(http.StatusNoContent) },
			func() { anna.post(x.path+"/own-notes/"+n.id+"/restore", nil).want(http.StatusOK) },
		} {
			deed()
			if now := anna.get(a.path + "/hand-ins/1").want(http.StatusOK).value("answers"); !reflect.DeepEqual(was, now) {
				t.Errorf("the hand-in has %v, and had %v", now, was)
			}
		}
	})

	t.Run("a group has back what one of it removed", func(t *testing.T) {
		w.in(t)
		x := c.Exercise(object{"work": "group"})
		eva, ole := c.Join("eva", models.RoleStudent), c.Join("ole", models.RoleStudent)
		c.Into(c.Group("One"), eva, ole)
		x.Answer(eva)
		n := x.Bring(eva, "Cards in boxes.")
		ole.delete(x.path + "/own-notes/" + n).want(http.StatusNoContent)
		eva.post(x.path+"/own-notes/"+n+"/restore", nil).want(http.StatusOK)
		ole.get(x.path + "/notes/" + n + "/text").want(http.StatusOK)
	})

	t.Run("only as many come back as may be brought", func(t *testing.T) {
		w.in(t)
		x := c.Exercise()
		begun := x.Answer(anna)
		first := x.Bring(anna, "The first.")
		anna.delete(x.path + "/own-notes/" + first).want(http.StatusNoContent)
		more := make([]*models.Note, models.MaxOwnNotes)
		for i := range more {
			more[i] = &models.Note{
				Head: models.Head{ID: models.NewID(), SpaceID: models.ID(x.id), Version: 1}, Title: "One more", Kind: models.KindFieldNote,
				PartyID: models.ID(begun.id), ParticipantIDs: []models.ID{}, TextVersion: 1,
			}
		}
		if err := w.db.Notes().Insert(t.Context(), more...); err != nil {
			t.Fatal(err)
		}
		anna.post(x.path+"/own-notes/"+first+"/restore", nil).refused(http.StatusUnprocessableEntity, "own_notes_too_many")
	})

	t.Run("after its time it goes for good, with its file and its words", func(t *testing.T) {
		w.in(t)
		anna.delete(path).want(http.StatusNoContent)
		tidy := func(days int) {
			now := time.Now().AddDate(0, 0, days)
			w.frozen.Store(&now)
			defer w.frozen.Store(nil)
			if err := w.options.Service.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		tidy(coding.BinDays - 1)
		if !strings.Contains(x.stored(), "registers hum") {
			t.Fatal("it went before its time")
		}
		tidy(coding.BinDays + 1)
		if kept := x.stored(); strings.Contains(kept, "registers hum") {
			t.Error("its words are left")
		}
		anna.post(path+"/restore", nil).refused(http.StatusNotFound, "note_not_found")
		if swept, err := w.db.SweepFiles(t.Context(), time.Now().AddDate(1, 0, 0)); err != nil || swept != 0 {
			t.Errorf("%d files were left, %v", swept, err)
		}
	})
}

// TestNotesThatAreNoLongerOffered switches off where evidence may be from: lists and search leave those notes
// out, and what stands on them stays and can be read.
func TestNotesThatAreNoLongerOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Indexing()
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	ida := c.Join("ida", models.RoleAssistant, models.CourseReadWork)
	x := c.Exercise()
	released := x.Released("The registers are shared.")
	a := x.Answer(anna)
	own := a.Own("The registers stand in boxes.")
	quoted := []string{a.Quote(0, released, "registers").want(http.StatusCreated).id(), a.Quote(0, own, "boxes").want(http.StatusCreated).id()}
	ids := func(p *person, path string) (ids []string) {
		for _, n := range p.get(x.path + path).want(http.StatusOK).items() {
			if id, ok := n.(object)["noteId"]; ok {
				ids = append(ids, id.(string))
				continue
			}
			ids = append(ids, at(t, n, "id").(string))
		}
		return ids
	}
	eventually(t, "both are found", func() bool { return len(ids(anna, "/search?q=registers")) == 2 })

	for _, tried := range []struct {
		name  string
		set   object
		ofOwn []string // what anna is offered
		ofAll []string // and who reads all work is
		found []string // what anna finds, and who reads all work finds of it what was released
	}{
		{"released notes", object{"released": false, "ownNotes": true}, []string{own.id}, []string{own.id}, []string{own.id}},
		{"own notes", object{"released": true, "ownNotes": false}, []string{released.id}, []string{released.id}, []string{released.id}},
		{"both", object{"released": false, "ownNotes": false}, nil, nil, nil},
		{"neither", object{"released": true, "ownNotes": true}, []string{released.id, own.id}, []string{released.id, own.id}, []string{released.id, own.id}},
	} {
		t.Run(tried.name+" switched off", func(t *testing.T) {
			w.in(t)
			x.patch(x.path, tried.set, seeing(x.version())).want(http.StatusOK)
			same := func(what string, got, want []string) {
				t.Helper()
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s has %v, want %v", what, got, want)
				}
			}
			same("anna's list", ids(anna, "/notes"), tried.ofOwn)
			same("what anna finds", ids(anna, "/search?q=registers"), tried.found)
			for _, p := range []*person{c.person, ida} {
				same(p.name+"'s list", ids(p, "/notes"), tried.ofAll)
			}
			var offered []string // of anna's own
			if tried.set["ownNotes"] == true {
				offered = []string{own.id}
			}
			same("the list of her own", ids(c.person, "/notes?submission="+a.id), offered)
			for _, p := range []*person{anna, c.person, ida} {
				same("all that "+p.name+" may read", ids(p, "/notes?all=true"), []string{released.id, own.id})
				for _, n := range []*note{released, own} {
					if got := p.get(x.path + "/notes/" + n.id + "/text").want(http.StatusOK).text("text"); got != n.text {
						t.Errorf("%s reads %q", p.name, got)
					}
				}
			}
			evidence := anna.get(a.path).want(http.StatusOK).list("answers", 0, "evidence")
			if len(evidence) != 2 || at(t, evidence[0], "id") != quoted[0] || at(t, evidence[1], "anchor", "quote") != "boxes" {
				t.Errorf("the evidence is %v", evidence)
			}
		})
	}

	t.Run("an own note is removed and comes back while own notes are off", func(t *testing.T) {
		w.in(t)
		more := x.Bring(anna, "More boxes.")
		x.patch(x.path, object{"ownNotes": false}, seeing(x.version())).want(http.StatusOK)
		anna.delete(x.path + "/own-notes/" + more).want(http.StatusNoContent)
		if got := x.binned(anna); len(got) != 1 || got[0] != more {
			t.Errorf("in the bin: %v", got)
		}
		anna.post(x.path+"/own-notes/"+more+"/restore", nil).want(http.StatusOK)
	})
}

// seated is a store in which something happens once, in a transaction that has just seen who is in the course.
type seated struct {
	teaching.Store
	inTx func(ctx context.Context) bool
	once sync.Once
	then func()
}

func (m *seated) CourseMembership(ctx context.Context, course, user models.ID) (*models.CourseMember, error) {
	found, err := m.Store.CourseMembership(ctx, course, user)
	if m.inTx(ctx) {
		m.once.Do(m.then)
	}
	return found, err
}

// upload is a file of a student's, as it was read.
func upload(words string) coding.Upload {
	title := "Read"
	return coding.Upload{
		Name: "visit.txt", Data: []byte(words), MediaType: "text/plain", Fields: coding.NoteFields{Title: &title},
		Content: models.Content{Text: words, Blocks: []models.Block{{Kind: models.BlockParagraph, End: len(words)}}},
	}
}

// TestErasureMeetsOwnNotes erases a student in the very moment in which they bring something: whatever was done
// before they were erased goes with them, and the rest is refused.
func TestErasureMeetsOwnNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	brings := func(ctx context.Context, s *teaching.Service, who models.Actor, x models.ID, last func()) error {
		files := []coding.Upload{upload(secretWords + " in a file")}
		next := func() (coding.Upload, bool) {
			if len(files) == 0 {
				last()
				return coding.Upload{}, false
			}
			u := files[0]
			files = nil
			return u, true
		}
		return s.ImportNotes(ctx, who, x, next, func(coding.UploadResult) {})
	}
	for i, tried := range []struct {
		name string
		// early is set where the erasure comes before the transaction, and not in it.
		early bool
		begun bool
		do    func(ctx context.Context, s *teaching.Service, who models.Actor, x models.ID, last func()) error
	}{
		{name: "a file is brought, and read", early: true, begun: true, do: brings},
		{name: "a file is brought, and kept", begun: true, do: brings},
		{name: "a note is written", begun: true, do: func(ctx context.Context, s *teaching.Service, who models.Actor, x models.ID, _ func()) error {
			title := secretWords
			_, err := s.BringNote(ctx, who, x, coding.NewNote{NoteFields: coding.NoteFields{Title: &title, Kind: new(models.KindFieldNote)}, Content: upload(secretWords).Content})
			return err
		}},
		{name: "an exercise is begun", do: func(ctx context.Context, s *teaching.Service, who models.Actor, x models.ID, _ func()) error {
			_, _, err := s.OpenSubmission(ctx, who, x)
			return err
		}},
	} {
		t.Run(tried.name, func(t *testing.T) {
			w.in(t)
			anna := c.Join(fmt.Sprint("anna", i), models.RoleStudent)
			x, seat := c.Exercise(), c.seat(anna)
			if tried.begun {
				x.Answer(anna)
			}
			erase := func() { c.post(c.path+"/members/"+seat+"/erase", nil).want(http.StatusOK) }
			store, last := &seated{Store: w.db, inTx: w.db.InTx, then: erase}, func() {}
			if tried.early {
				store.then, last = func() {}, erase
			}
			err := tried.do(t.Context(), teaching.New(store, w.options.Service, nil), models.Actor{UserID: models.ID(anna.id)}, models.ID(x.id), last)
			if models.KindOf(err) != models.KindNotFound {
				t.Errorf("it is answered with %v", err)
			}
			if kept := x.stored(); strings.Contains(kept, secretWords) {
				t.Error("the words stay")
			}
			if swept, err := w.db.SweepFiles(t.Context(), time.Now().AddDate(1, 0, 0)); err != nil || swept != 0 {
				t.Errorf("%d files were left, %v", swept, err)
			}
			left, err := w.db.SubmissionsOf(t.Context(), models.ID(c.id), models.ID(seat))
			if want := map[bool]int{true: 1}[tried.begun]; err != nil || len(left) != want {
				t.Errorf("%d submissions are there, %v", len(left), err)
			}
		})
	}
}

// TestPurgeMeetsOwnNotes purges exercises while files are brought into them: nothing of those stays.
func TestPurgeMeetsOwnNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	for range 5 {
		x := c.Exercise()
		x.Answer(anna)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				form, header := aForm(t, nil, text("visit.txt", secretWords+string(models.NewID())))
				if r := anna.post(x.path+"/own-notes/import", form, header); r.status != http.StatusOK {
					r.refused(http.StatusNotFound, "exercise_not_found")
				}
			})
		}
		all.Go(func() {
			x.delete(x.path).want(http.StatusNoContent)
			if err := w.options.Service.PurgeSpace(t.Context(), models.ID(c.person.id), models.ID(x.id)); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if kept := x.stored(); strings.Contains(kept, secretWords) {
			t.Error("the words stay")
		}
		if swept, err := w.db.SweepFiles(t.Context(), time.Now().AddDate(1, 0, 0)); err != nil || swept != 0 {
			t.Errorf("%d files were left, %v", swept, err)
		}
	}
}
