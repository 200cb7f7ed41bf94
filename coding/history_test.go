package coding_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

func (st *study) undo(actor models.Actor, q coding.EventQuery) error {
	st.t.Helper()
	q.Viewer = actor.UserID
	page, err := st.service.History(st.ctx, actor, st.space, q, models.Page{Limit: 1})
	st.must(err)
	if len(page.Items) == 0 {
		st.t.Fatal("nothing to undo")
	}
	_, err = st.service.Undo(st.ctx, actor, st.space, page.Items[0].ID, false)
	return err
}

func TestUndoTakesEachKindOfChangeBack(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	c := st.put(st.owner, n, "future", "Jonas")
	byRecord := func(id models.ID) coding.EventQuery { return coding.EventQuery{RecordID: id} }

	t.Run("a coding that was put", func(t *testing.T) {
		d := st.put(st.owner, n, "agency", "vinduet")
		st.must(st.undo(st.owner, byRecord(d.ID)))
		if _, err := st.service.Coding(st.ctx, st.owner, st.space, d.ID); !isNotFound(err) {
			t.Fatal("still there")
		}
		st.must(st.undo(st.owner, byRecord(d.ID))) // undoing the undo brings it back
		if _, err := st.service.Coding(st.ctx, st.owner, st.space, d.ID); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a coding that was removed", func(t *testing.T) {
		st.must(st.service.RemoveCoding(st.ctx, st.owner, st.space, c.ID, 0))
		st.must(st.undo(st.owner, byRecord(c.ID)))
		if got, err := st.service.Coding(st.ctx, st.owner, st.space, c.ID); err != nil || got.Anchor.Quote != "Jonas" {
			t.Fatal(err)
		}
	})
	t.Run("a coding's new code and long new edges", func(t *testing.T) {
		long := st.note(st.owner, strings.Repeat("et langt afsnit om data ", 60))
		d := st.put(st.owner, long, "future", strings.TrimSpace(strings.Repeat("et langt afsnit om data ", 40)))
		_, err := st.service.ChangeCoding(st.ctx, st.owner, st.space, d.ID, 0, coding.CodingFields{CodeID: new(st.codes["agency"]), Anchor: new(st.on(long, "agency", "et langt").Anchor)})
		st.must(err)
		st.must(st.undo(st.owner, byRecord(d.ID)))
		got, err := st.service.Coding(st.ctx, st.owner, st.space, d.ID)
		st.must(err)
		if got.Anchor != d.Anchor || got.CodeID != d.CodeID {
			t.Fatalf("%+v, want %+v", got.Anchor, d.Anchor)
		}
	})
	t.Run("a note's fields", func(t *testing.T) {
		_, err := st.service.ChangeNote(st.ctx, st.owner, st.space, n.ID, 1, coding.NoteFields{Title: new("Tirsdag"), Phase: new("early")})
		st.must(err)
		st.must(st.undo(st.owner, byRecord(n.ID)))
		got, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		if got.Title != n.Title || got.Phase != "" || got.Version != 3 {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("a note's text, with its codings", func(t *testing.T) {
		now, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, now.Version, content("Noget helt andet."))
		st.must(err)
		if got, _ := st.service.Coding(st.ctx, st.owner, st.space, c.ID); !got.Review {
			t.Fatal("should be up for review")
		}
		st.must(st.undo(st.owner, byRecord(n.ID)))
		text, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
		st.must(err)
		got, err := st.service.Coding(st.ctx, st.owner, st.space, c.ID)
		st.must(err)
		if text.Text != monday || text.Version != 3 || got.Review || got.Anchor.Start != c.Anchor.Start {
			t.Fatalf("%q, %+v", text.Text, got)
		}
	})
	t.Run("a removal, into a text that was edited since", func(t *testing.T) {
		now, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		d, e := st.put(st.owner, now, "agency", "uden kort"), st.put(st.owner, now, "agency", "i en skov")
		st.must(st.service.RemoveCoding(st.ctx, st.owner, st.space, d.ID, 0))
		st.must(st.service.RemoveCoding(st.ctx, st.owner, st.space, e.ID, 0))
		_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, now.Version, content("Nyt. "+strings.Replace(monday, "i en skov", "i et krat", 1)))
		st.must(err)
		st.must(st.undo(st.owner, byRecord(d.ID)))
		st.must(st.undo(st.owner, byRecord(e.ID)))
		moved, err := st.service.Coding(st.ctx, st.owner, st.space, d.ID)
		st.must(err)
		gone, err := st.service.Coding(st.ctx, st.owner, st.space, e.ID)
		st.must(err)
		if moved.Review || moved.Anchor.Start != d.Anchor.Start+5 || !gone.Review || gone.Anchor.Quote != "i en skov" {
			t.Fatalf("%+v, %+v", moved, gone)
		}
	})
	t.Run("a code's definition, raising the codebook's version", func(t *testing.T) {
		before, err := st.service.Project(st.ctx, st.owner, st.space)
		st.must(err)
		_, err = st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes["agency"], 0, coding.CodeFields{Definition: new("Data acts.")})
		st.must(err)
		st.must(st.undo(st.owner, byRecord(st.codes["agency"])))
		now, err := st.service.Project(st.ctx, st.owner, st.space)
		st.must(err)
		got, err := st.service.Code(st.ctx, st.owner, st.space, st.codes["agency"])
		st.must(err)
		if got.Definition != "" || now.CodebookVersion != before.CodebookVersion+2 {
			t.Fatalf("%q, version %d after %d", got.Definition, now.CodebookVersion, before.CodebookVersion)
		}
	})
	t.Run("a member's role", func(t *testing.T) {
		bo := st.member("Bo", models.RoleCoder)
		m, err := st.service.ChangeMember(st.ctx, st.owner, st.space, bo.UserID, 0, models.RoleReader)
		st.must(err)
		st.must(st.undo(st.owner, byRecord(m.ID)))
		_, err = st.service.CreateMemo(st.ctx, bo, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Text: "x"})
		st.must(err)
	})
	t.Run("a batch as a whole", func(t *testing.T) {
		before := st.usage("foundation")
		all, _, err := st.service.PutCodings(st.ctx, st.owner, st.space, []coding.NewCoding{st.on(n, "foundation", "Registrene"), st.on(n, "foundation", "kort")})
		st.must(err)
		st.must(st.undo(st.owner, byRecord(all[0].ID)))
		if got := st.usage("foundation"); got != before {
			t.Fatalf("usage %d, want %d", got, before)
		}
	})
	st.counted()
}

func TestUndoIsRefusedWhereTheRecordMovedOn(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	all, _, err := st.service.PutCodings(st.ctx, st.owner, st.space, []coding.NewCoding{st.on(n, "foundation", "Registrene"), st.on(n, "foundation", "kort"), st.on(n, "foundation", "skov")})
	st.must(err)
	event := st.history(coding.EventQuery{RecordID: all[0].ID})[0]
	_, err = st.service.ChangeCoding(st.ctx, st.owner, st.space, all[1].ID, 0, coding.CodingFields{CodeID: new(st.codes["agency"])})
	st.must(err)
	_, err = st.service.Undo(st.ctx, st.owner, st.space, event.ID, false)
	st.refused(err, "moved_on")
	if f := problemOf(err).Fields; len(f) != 1 || f[0].Problem != string(all[1].ID) {
		t.Fatalf("it names %+v", f)
	}
	if got := len(st.codings(n)); got != 3 {
		t.Fatalf("%d codings are left after a refusal", got)
	}
	done, err := st.service.Undo(st.ctx, st.owner, st.space, event.ID, true)
	st.must(err)
	if left := st.codings(n); done.Events != 2 || len(left) != 1 || left[0].ID != all[1].ID {
		t.Fatalf("%+v, %d left", done, len(left))
	}
	st.counted()
}

func TestUndoNeedsTheRightToTheInverse(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, reader := st.member("Bo", models.RoleCoder), st.member("Rie", models.RoleReader)
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Jonas")
	st.refused(st.undo(st.owner, coding.EventQuery{RecordID: c.ID}), "not_yours")
	st.refused(st.undo(reader, coding.EventQuery{RecordID: c.ID}), "role_insufficient")
	st.refused(st.undo(bo, coding.EventQuery{RecordID: n.ID}), "not_yours")
	st.refused(st.undo(bo, coding.EventQuery{RecordID: st.codes["future"]}), "role_insufficient")
	st.must(st.undo(bo, coding.EventQuery{RecordID: c.ID}))
}

func TestTheCodebookCanBeReadInEveryVersion(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	p, err := st.service.Project(st.ctx, st.owner, st.space)
	st.must(err)
	was := p.CodebookVersion
	_, err = st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes["future"], 0, coding.CodeFields{Name: new("Fremtid")})
	st.must(err)
	_, err = st.service.CreateCode(st.ctx, st.owner, st.space, "", coding.CodeFields{Name: new("Ny"), ParentID: new(st.codes["future"])})
	st.must(err)
	st.must(st.service.DeleteCode(st.ctx, st.owner, st.space, st.codes["foundation_ground"], 0))
	for version, want := range map[int]string{
		was:     "Data as foundation, The ground is there, Data as future, Data as having agency",
		was + 1: "Data as foundation, The ground is there, Fremtid, Data as having agency",
		was + 2: "Data as foundation, Ny, The ground is there, Fremtid, Data as having agency",
		was + 3: "Data as foundation, Ny, Fremtid, Data as having agency",
	} {
		all, err := st.service.CodebookAt(st.ctx, st.owner, st.space, version)
		st.must(err)
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = c.Name
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("version %d: %s, want %s", version, got, want)
		}
	}
	_, err = st.service.CodebookAt(st.ctx, st.owner, st.space, was+4)
	st.refused(err, "codebook_version_not_found")
}

func TestADraftIsForItsAuthorAlone(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n, err := st.service.CreateNote(st.ctx, bo, st.space, coding.NewNote{NoteFields: coding.NoteFields{Title: new("Kladde"), Kind: new(models.KindFieldNote), Draft: new(true)}, Content: content(monday)})
	st.must(err)
	c := st.put(bo, n, "future", "Jonas")
	m, err := st.service.CreateMemo(st.ctx, bo, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounCoding, ID: c.ID}, Text: "Delt memo på en kladde"})
	st.must(err)
	sees := func(who models.Actor) (seen []string) {
		note := func(what string, err error, n int) {
			if err == nil && n > 0 {
				seen = append(seen, what)
			}
		}
		_, err := st.service.Note(st.ctx, who, st.space, n.ID)
		note("note", err, 1)
		_, err = st.service.NoteText(st.ctx, who, st.space, n.ID, 0)
		note("text", err, 1)
		notes, err := st.service.Notes(st.ctx, who, st.space, coding.NoteFilter{}, models.Page{Limit: 10})
		note("notes", err, len(notes.Items))
		cs, err := st.service.NoteCodings(st.ctx, who, st.space, n.ID, models.LayerOpen, models.Page{Limit: 10})
		note("note's codings", err, len(cs.Items))
		ex, err := st.service.Excerpts(st.ctx, who, st.space, coding.CodingFilter{}, models.Page{Limit: 10})
		note("excerpts", err, len(ex.Items))
		ex, err = st.service.Excerpts(st.ctx, who, st.space, coding.CodingFilter{NoteID: n.ID, From: "1900-01-01"}, models.Page{Limit: 10})
		note("excerpts by date", err, len(ex.Items))
		_, err = st.service.Coding(st.ctx, who, st.space, c.ID)
		note("coding", err, 1)
		_, err = st.service.Memo(st.ctx, who, st.space, m.ID)
		note("memo", err, 1)
		ms, err := st.service.Memos(st.ctx, who, st.space, "", "", models.LayerOpen, models.Page{Limit: 10})
		note("memos", err, len(ms.Items))
		usage, err := st.service.CodebookUsage(st.ctx, who, st.space, models.LayerOpen)
		note("usage", err, len(usage))
		events, err := st.service.History(st.ctx, who, st.space, coding.EventQuery{NoteID: n.ID}, models.Page{Limit: 10})
		note("history", err, len(events.Items))
		return seen
	}
	if got := sees(st.owner); len(got) != 0 {
		t.Fatalf("an owner sees of another's draft: %v", got)
	}
	if got := strings.Join(sees(bo), ", "); got != "note, text, notes, note's codings, excerpts, coding, memo, memos, usage, history" {
		t.Fatalf("its author sees: %s", got)
	}
	_, _, err = st.service.PutCoding(st.ctx, st.owner, st.space, coding.NewCoding{NoteID: n.ID, CodeID: st.codes["future"], Anchor: c.Anchor})
	st.refused(err, "note_unknown")
	st.refused(st.service.RemoveCoding(st.ctx, st.owner, st.space, c.ID, 0), "coding_not_found")
	n, err = st.service.ChangeNote(st.ctx, bo, st.space, n.ID, n.Version, coding.NoteFields{Draft: new(false), ObservedOn: new(models.Date("2024-02-01"))})
	st.must(err)
	if got := strings.Join(sees(st.owner), ", "); !strings.HasPrefix(got, "note, text, notes, note's codings, excerpts, excerpts by date, coding, memo, memos, usage") {
		t.Fatalf("after sharing an owner sees: %s", got)
	}
	_, err = st.service.ChangeNote(st.ctx, bo, st.space, n.ID, n.Version, coding.NoteFields{Draft: new(true)})
	st.refused(err, "note_shared")
}

func TestTheBinHidesRestoresAndPurges(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{NoteFields: coding.NoteFields{Title: new("Hemmelig"), Kind: new(models.KindFieldNote)}, Content: content("Kanariefuglen synger i gangen hos Kirsten.")})
	st.must(err)
	kept := st.note(st.owner, monday)
	c := st.put(st.owner, n, "future", "Kanariefuglen synger")
	other := st.put(st.owner, kept, "future", "Jonas")
	_, err = st.service.CreateMemo(st.ctx, st.owner, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounCoding, ID: c.ID}, Text: "Kanariefuglen igen"})
	st.must(err)
	_, err = st.service.CreateLink(st.ctx, st.owner, st.space, coding.NewLink{FromID: c.ID, ToID: other.ID, Kind: models.LinkExplains, Text: "Kanariefuglen forklarer"})
	st.must(err)
	ctx := coding.WithKey(st.ctx, coding.Key{ID: models.NewID(), Hash: "h"})
	key := st.on(n, "agency", "Kanariefuglen")
	_, _, err = st.service.PutCoding(ctx, st.owner, st.space, key)
	st.must(err)
	// One that was put before makes nothing, and its answer holds the words all the same.
	_, _, err = st.service.PutCoding(coding.WithKey(st.ctx, coding.Key{ID: models.NewID(), Hash: "h"}), st.owner, st.space, key)
	st.must(err)

	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	if got := st.usage("future"); got != 1 {
		t.Fatalf("the codebook counts %d with a note in the bin", got)
	}
	ex, err := st.service.Excerpts(st.ctx, st.owner, st.space, coding.CodingFilter{}, models.Page{Limit: 10})
	st.must(err)
	if len(ex.Items) != 1 {
		t.Fatalf("%d excerpts", len(ex.Items))
	}
	for _, e := range st.history(coding.EventQuery{NoteID: n.ID, Nouns: []models.Noun{models.NounCoding}}) {
		if e.After != nil {
			t.Fatal("the history shows words of a note in the bin")
		}
	}
	items, err := st.service.Bin(st.ctx, st.owner, st.space)
	st.must(err)
	if len(items) != 1 || items[0].Name != "Hemmelig" || items[0].PurgeAt.Sub(items[0].DeletedAt) != 30*24*time.Hour {
		t.Fatalf("the bin holds %+v", items)
	}
	_, err = st.service.Restore(st.ctx, st.owner, st.space, models.NounNote, n.ID)
	st.must(err)
	if got := st.usage("future"); got != 2 || len(st.codings(n)) != 2 {
		t.Fatalf("restored with %d codings", got)
	}
	st.refused(st.service.Purge(st.ctx, st.owner, st.space, models.NounNote, n.ID), "not_in_bin")
	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	editor := st.member("Eva", models.RoleEditor)
	st.refused(st.service.Purge(st.ctx, editor, st.space, models.NounNote, n.ID), "role_insufficient")
	st.must(st.service.Purge(st.ctx, st.owner, st.space, models.NounNote, n.ID))

	st.wordless("Kanariefuglen", "Hemmelig")
	_, _, err = st.service.PutCoding(ctx, st.owner, st.space, key)
	st.refused(err, "answer_purged")
	again := coding.NewNote{ID: n.ID, NoteFields: coding.NoteFields{Title: new("Ny"), Kind: new(models.KindFieldNote)}, Content: content("x")}
	_, err = st.service.CreateNote(st.ctx, st.owner, st.space, again)
	st.refused(err, "id_taken")
	events := st.history(coding.EventQuery{RecordID: n.ID})
	if events[0].Verb != models.VerbPurged || events[0].ActorID != st.owner.UserID {
		t.Fatalf("the tombstone's event: %+v", events[0])
	}
	st.counted()
}

// wordless fails if any of the words is left anywhere in the database.
func (st *study) wordless(words ...string) {
	st.t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(st.t)))
	st.must(err)
	defer client.Disconnect(st.ctx)
	db := client.Database(st.db.Name())
	names, err := db.ListCollectionNames(st.ctx, bson.D{})
	st.must(err)
	looked := 0
	for _, name := range names {
		cursor, err := db.Collection(name).Find(st.ctx, bson.D{})
		st.must(err)
		for cursor.Next(st.ctx) {
			looked++
			for _, w := range words { // as bytes, since kept answers aren't strings to the engine
				if strings.Contains(string(cursor.Current), w) {
					st.t.Errorf("%q is still in %s: %.300q", w, name, cursor.Current)
				}
			}
		}
	}
	if looked < 10 {
		st.t.Fatalf("looked at %d documents only", looked)
	}
}

func TestTheBinIsEmptiedAfterThirtyDays(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, "Kanariefuglen synger.")
	st.put(st.owner, n, "future", "Kanariefuglen")
	young := st.note(st.owner, "Spurven tier.")
	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	at := time.Now()
	later := func(days int) *coding.Service {
		return coding.New(st.db, nil, coding.Options{Now: func() time.Time { return at.AddDate(0, 0, days) }})
	}
	st.must(later(20).BinRecord(st.ctx, st.owner, st.space, models.NounNote, young.ID, 0))
	st.must(later(29).Tidy(st.ctx))
	_, err := st.service.Restore(st.ctx, st.owner, st.space, models.NounNote, n.ID)
	st.must(err)
	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	st.must(later(31).Tidy(st.ctx))
	st.wordless("Kanariefuglen")
	_, err = st.service.Restore(st.ctx, st.owner, st.space, models.NounNote, young.ID)
	st.must(err)
}

func TestAWholeProjectCanBePurged(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	kept := func() context.Context { return coding.WithKey(st.ctx, coding.Key{ID: models.NewID(), Hash: "h"}) }
	n, err := st.service.CreateNote(kept(), st.owner, st.space, coding.NewNote{NoteFields: coding.NoteFields{Title: new("Kanariefuglen"), Kind: new(models.KindFieldNote)}, Content: content("Kanariefuglen synger.")})
	st.must(err)
	in := st.on(n, "future", "Kanariefuglen")
	for range 2 { // the second makes nothing, and answers with the words all the same
		_, _, err = st.service.PutCoding(kept(), st.owner, st.space, in)
		st.must(err)
	}
	_, err = st.service.CreateMemo(kept(), st.owner, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Text: "Kanariefuglen igen"})
	st.must(err)
	_, err = st.service.CreateSavedSearch(kept(), st.owner, st.space, coding.NewSavedSearch{Name: "Kanariefuglen", Query: models.SearchQuery{Q: "Kanariefuglen"}})
	st.must(err)
	_, err = st.service.CreateSite(kept(), st.owner, st.space, "", coding.SiteFields{Name: new("Kanariefuglen")})
	st.must(err)
	_, err = st.service.SaveDraft(st.ctx, st.owner, st.space, models.NewID(), 0, coding.DraftFields{Revision: models.NewID(), Text: "Kanariefuglen er halvt skrevet"})
	st.must(err)
	st.refused(st.service.Purge(st.ctx, st.owner, st.space, models.NounProject, st.space), "not_in_bin")
	st.must(st.service.DeleteProject(st.ctx, st.owner, st.space))
	_, err = st.service.Note(st.ctx, st.owner, st.space, n.ID)
	st.refused(err, "project_not_found")
	bin, err := st.service.Projects(st.ctx, st.owner, true)
	st.must(err)
	if len(bin) != 1 {
		t.Fatalf("%d projects in the bin", len(bin))
	}
	_, err = st.service.RestoreProject(st.ctx, st.owner, st.space)
	st.must(err)
	st.must(st.service.DeleteProject(st.ctx, st.owner, st.space))
	st.must(st.service.Purge(st.ctx, st.owner, st.space, models.NounProject, st.space))
	st.wordless("Kanariefuglen", "Havnsø")
}

func TestWhatAnotherProcessLeftHalfDoneIsFinished(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	for _, quote := range []string{"Registrene", "Kirsten", "skov"} {
		st.put(st.owner, n, "future", quote)
	}
	// A merge and a text edit whose process died after their first transaction: the ground has
	// changed, the codings haven't been moved, and the jobs say so.
	code, err := st.db.Codes().Find(st.ctx, st.space, st.codes["future"])
	st.must(err)
	code.MergedInto, code.Archived = st.codes["agency"], true
	st.must(st.db.Codes().Replace(st.ctx, code, code.Version))
	note, err := st.db.Notes().Find(st.ctx, st.space, n.ID)
	st.must(err)
	note.TextVersion = 2
	st.must(st.db.Notes().Replace(st.ctx, note, note.Version))
	text := "Før.\n\n" + monday
	st.must(st.db.InsertTexts(st.ctx, &models.Text{ID: coding.TextID(n.ID, 2), SpaceID: st.space, NoteID: n.ID, Version: 2, Text: text, Length: len([]rune(text))}))
	past := time.Now().Add(-time.Hour)
	st.must(st.db.InsertJob(st.ctx, coding.Job{ID: models.NewID(), SpaceID: st.space, Kind: coding.JobMerge, Target: code.ID, Into: st.codes["agency"], ActorID: st.owner.UserID, Batch: models.NewID(), At: past}))
	st.must(st.db.InsertJob(st.ctx, coding.Job{ID: models.NewID(), SpaceID: st.space, Kind: coding.JobCarry, Target: n.ID, ActorID: st.owner.UserID, Batch: models.NewID(), At: past}))
	st.must(st.service.Tidy(st.ctx))
	for _, c := range st.codings(n) {
		if c.CodeID != st.codes["agency"] || c.Anchor.TextVersion != 2 || c.Review {
			t.Fatalf("%+v", c)
		}
	}
	st.counted()
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	ctx := coding.WithKey(st.ctx, coding.Key{ID: models.NewID(), Hash: "one"})
	ask := func() (*models.Note, error) {
		return st.service.CreateNote(ctx, st.owner, st.space, coding.NewNote{NoteFields: coding.NoteFields{Title: new("En"), Kind: new(models.KindFieldNote)}, Content: content(monday)})
	}
	first, err := ask()
	st.must(err)
	_, err = st.service.ChangeNote(st.ctx, st.owner, st.space, first.ID, 1, coding.NoteFields{Title: new("To")})
	st.must(err)
	again, err := ask()
	st.must(err)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Fatalf("the second answer is another:\n%s", diff)
	}
	page, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{}, models.Page{Limit: 10})
	st.must(err)
	if len(page.Items) != 1 {
		t.Fatalf("%d notes", len(page.Items))
	}
}

func TestARepeatedKeyForAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	key := models.NewID()
	n := coding.NewNote{NoteFields: coding.NoteFields{Title: new("En"), Kind: new(models.KindFieldNote)}, Content: content(monday)}
	_, err := st.service.CreateNote(coding.WithKey(st.ctx, coding.Key{ID: key, Hash: "one"}), st.owner, st.space, n)
	st.must(err)
	_, err = st.service.CreateNote(coding.WithKey(st.ctx, coding.Key{ID: key, Hash: "two"}), st.owner, st.space, n)
	st.refused(err, "idempotency_key_reused")
	// Another user's key of the same name is another key.
	bo := st.member("Bo", models.RoleCoder)
	_, err = st.service.CreateNote(coding.WithKey(st.ctx, coding.Key{ID: key, Hash: "two"}), bo, st.space, n)
	st.must(err)
}

func TestWhoeverLeavesForGoodLeavesNoWordsOfTheirOwnBehind(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.user("Bodil")
	ctx := coding.WithKey(st.ctx, coding.Key{ID: models.NewID(), Hash: "h"})
	_, err := st.service.AddMember(ctx, st.owner, st.space, "Bodil@example.org", models.RoleCoder)
	st.must(err)
	n := st.note(st.owner, monday)
	_, err = st.service.CreateNote(st.ctx, bo, st.space, coding.NewNote{NoteFields: coding.NoteFields{Title: new("Kladde"), Kind: new(models.KindFieldNote), Draft: new(true)}, Content: content("Kanariefuglen er min kladde.")})
	st.must(err)
	_, err = st.service.CreateMemo(st.ctx, bo, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Text: "Kanariefuglen for mig selv", Private: true})
	st.must(err)
	_, err = st.service.SaveDraft(st.ctx, bo, st.space, models.NewID(), 0, coding.DraftFields{Revision: models.NewID(), Text: "Kanariefuglen er halvt skrevet"})
	st.must(err)
	kept := st.put(bo, n, "future", "Jonas")
	st.must(st.service.LeaveAll(st.ctx, bo))
	st.must(st.db.DeleteUser(st.ctx, bo.UserID))
	st.wordless("Kanariefuglen", "Bodil")
	if c, err := st.service.Coding(st.ctx, st.owner, st.space, kept.ID); err != nil || c.CoderID != bo.UserID {
		t.Fatalf("what they coded for the team went too: %v", err)
	}
	st.refused(st.service.LeaveAll(st.ctx, st.owner), "owner_needed")
}
