package coding_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// race runs two deeds at once, many times, each on a fresh note; odd rounds begin with the coder
// having used the code on the note before, so that both ways a coding is let through are raced.
func (st *study) race(coder models.Actor, deed func(n *models.Note) error, then func(n *models.Note, put *models.Coding, putErr, deedErr error)) {
	st.t.Helper()
	for round := range 24 {
		n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d.", monday, round))
		if round%2 == 1 {
			st.put(coder, n, "future", "Jonas")
		}
		in := st.on(n, "future", "to år")
		var wg sync.WaitGroup
		var put *models.Coding
		var putErr, deedErr error
		begin := make(chan struct{})
		wg.Go(func() {
			<-begin
			put, _, putErr = st.service.PutCoding(st.ctx, coder, st.space, in)
		})
		wg.Go(func() {
			<-begin
			deedErr = deed(n)
		})
		close(begin)
		wg.Wait()
		then(n, put, putErr, deedErr)
	}
}

// toldTruly fails unless what was acknowledged is there, and what was refused isn't.
func (st *study) toldTruly(n *models.Note, put *models.Coding, putErr error) {
	st.t.Helper()
	there := false
	for _, c := range st.codings(n) {
		there = there || (put != nil && c.ID == put.ID) || (put == nil && c.Anchor.Quote == "to år")
	}
	if there != (putErr == nil) {
		st.t.Fatalf("acknowledged: %v, there: %v", putErr == nil, there)
	}
}

// inOrder gives the events of the space since a time in the order in which they came to pass.
func (st *study) inOrder(from time.Time) []models.Event {
	st.t.Helper()
	last, err := st.service.CreateMemo(st.ctx, st.owner, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounCode, ID: st.codes["agency"]}, Text: "The end."})
	st.must(err)
	changes, err := st.db.Watch(st.ctx, "", from)
	st.must(err)
	defer changes.Close(st.ctx)
	var out []models.Event
	for {
		next, err := changes.Next(st.ctx)
		st.must(err)
		for _, c := range next {
			if c.Event.RecordID == last.ID {
				return out
			}
			if c.Event.SpaceID == st.space {
				out = append(out, c.Event)
			}
		}
	}
}

func TestACodingAndATextEditAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	st.race(bo, func(n *models.Note) error {
		_, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Først dette.\n\n"+monday))
		return err
	}, func(n *models.Note, _ *models.Coding, putErr, deedErr error) {
		st.must(putErr)
		st.must(deedErr)
		for _, c := range st.codings(n) {
			if c.Anchor.TextVersion != 2 || c.Review {
				t.Fatalf("a coding landed beside the edit: %+v", c.Anchor)
			}
		}
	})
	st.counted()
}

func TestACodingAndAMergeAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	st.race(bo, func(*models.Note) error {
		_, err := st.service.MergeCode(st.ctx, st.owner, st.space, st.codes["future"], st.codes["agency"], 0)
		return err
	}, func(n *models.Note, _ *models.Coding, putErr, deedErr error) {
		st.must(putErr)
		st.must(deedErr)
		for _, c := range st.codings(n) {
			if c.CodeID != st.codes["agency"] {
				t.Fatal("a coding landed on the merged code")
			}
		}
		event := st.history(coding.EventQuery{RecordID: st.codes["future"]})[0]
		_, err := st.service.Undo(st.ctx, st.owner, st.space, event.ID, true)
		st.must(err)
	})
	st.counted()
}

func TestACodingAndAnArchivedCodeAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	archive := func(yes bool) error {
		_, err := st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes["future"], 0, coding.CodeFields{Archived: &yes})
		return err
	}
	st.race(bo, func(*models.Note) error { return archive(true) }, func(_ *models.Note, _ *models.Coding, putErr, deedErr error) {
		st.must(deedErr)
		if putErr != nil {
			st.refused(putErr, "code_archived")
		}
		st.must(archive(false))
	})
	archived := false
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounCode && e.Verb == models.VerbUpdated:
			archived = e.After.Code.Archived
		case e.Noun == models.NounCoding && archived:
			t.Fatal("a coding landed on an archived code")
		}
	}
	st.counted()
}

func TestACodingAndItsCodersRemovalAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	st.race(bo, func(*models.Note) error {
		return st.service.RemoveMember(st.ctx, st.owner, st.space, bo.UserID)
	}, func(n *models.Note, put *models.Coding, putErr, deedErr error) {
		st.must(deedErr)
		if putErr != nil {
			st.refused(putErr, "project_not_found")
		}
		st.toldTruly(n, put, putErr)
		_, _, err := st.service.PutCoding(st.ctx, bo, st.space, st.on(n, "future", "siger"))
		st.refused(err, "project_not_found")
		_, err = st.service.AddMember(st.ctx, st.owner, st.space, "Bo@example.org", models.RoleCoder)
		st.must(err)
	})
	member := true
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounMember && e.After.Member.UserID == bo.UserID:
			member = e.Verb == models.VerbCreated
		case e.Noun == models.NounCoding && e.ActorID == bo.UserID && !member:
			t.Fatal("somebody who was removed put a coding")
		}
	}
}

func TestACodingAndADemotionAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	role := func(r models.Role) error {
		_, err := st.service.ChangeMember(st.ctx, st.owner, st.space, bo.UserID, 0, r)
		return err
	}
	st.race(bo, func(*models.Note) error { return role(models.RoleReader) }, func(n *models.Note, put *models.Coding, putErr, deedErr error) {
		st.must(deedErr)
		if putErr != nil {
			st.refused(putErr, "role_insufficient")
		}
		st.toldTruly(n, put, putErr)
		_, _, err := st.service.PutCoding(st.ctx, bo, st.space, st.on(n, "future", "siger"))
		st.refused(err, "role_insufficient")
		st.must(role(models.RoleCoder))
	})
	now := models.RoleCoder
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounMember && e.After.Member.UserID == bo.UserID:
			now = e.After.Member.Role
		case e.Noun == models.NounCoding && e.ActorID == bo.UserID && now == models.RoleReader:
			t.Fatal("a reader put a coding")
		}
	}
}

func TestACodingAndABinnedNoteAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	st.race(bo, func(n *models.Note) error {
		return st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0)
	}, func(n *models.Note, _ *models.Coding, putErr, deedErr error) {
		st.must(deedErr)
		if putErr != nil {
			st.refused(putErr, "note_unknown")
		}
		_, _, err := st.service.PutCoding(st.ctx, bo, st.space, coding.NewCoding{NoteID: n.ID, CodeID: st.codes["future"], Anchor: models.Anchor{Start: 0, End: 10, Quote: "Registrene"}})
		st.refused(err, "note_unknown")
	})
	binned := map[models.ID]bool{}
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounNote && e.Verb == models.VerbDeleted:
			binned[e.RecordID] = true
		case e.Noun == models.NounCoding && binned[e.NoteID]:
			t.Fatal("a coding landed on a note in the bin")
		}
	}
}

func TestACodingAndAnArchivedProjectAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	archive := func(yes bool) error {
		st.t.Helper()
		_, err := st.service.ChangeProject(st.ctx, st.owner, st.space, 0, coding.ProjectFields{Archived: &yes})
		return err
	}
	st.race(bo, func(*models.Note) error { return archive(true) }, func(_ *models.Note, _ *models.Coding, putErr, deedErr error) {
		st.must(deedErr)
		if putErr != nil {
			st.refused(putErr, "project_archived")
		}
		st.must(archive(false))
	})
	archived := false
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounProject:
			archived = e.After.Project.ArchivedAt != nil
		case e.Noun == models.NounCoding && archived:
			t.Fatal("a coding landed in an archived project")
		}
	}
}

func TestTwoOwnersCantBothStepDown(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleOwner)
	for range 10 {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []models.Actor{st.owner, bo} {
			wg.Go(func() {
				_, errs[i] = st.service.ChangeMember(st.ctx, who, st.space, who.UserID, 0, models.RoleEditor)
			})
		}
		wg.Wait()
		all, err := st.db.Members().All(st.ctx, st.space, coding.Query{Where: coding.Where{"role": models.RoleOwner}}, 5)
		st.must(err)
		if len(all) != 1 {
			t.Fatalf("%d owners are left; %v", len(all), errs)
		}
		other := st.owner.UserID
		if all[0].UserID == other {
			other = bo.UserID
		}
		_, err = st.service.ChangeMember(st.ctx, models.Actor{UserID: all[0].UserID}, st.space, other, 0, models.RoleOwner)
		st.must(err)
	}
}

func TestTwoMovesCantCloseACircle(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	site := func(name string) models.ID {
		s, err := st.service.CreateSite(st.ctx, st.owner, st.space, "", coding.SiteFields{Name: &name})
		st.must(err)
		return s.ID
	}
	for range 10 {
		a, b := site("A"), site("B")
		var wg sync.WaitGroup
		codes := make([]error, 2)
		sites := make([]error, 2)
		root := models.ID("")
		for _, id := range []models.ID{st.codes["future"], st.codes["agency"]} {
			_, err := st.service.ChangeCode(st.ctx, st.owner, st.space, id, 0, coding.CodeFields{ParentID: &root})
			st.must(err)
		}
		for i, move := range [][4]models.ID{{st.codes["future"], st.codes["agency"], a, b}, {st.codes["agency"], st.codes["future"], b, a}} {
			wg.Go(func() {
				_, codes[i] = st.service.ChangeCode(st.ctx, st.owner, st.space, move[0], 0, coding.CodeFields{ParentID: &move[1]})
			})
			wg.Go(func() {
				_, sites[i] = st.service.ChangeSite(st.ctx, st.owner, st.space, move[2], 0, coding.SiteFields{ParentID: &move[3]})
			})
		}
		wg.Wait()
		for name, errs := range map[string][]error{"code_cycle": codes, "site_cycle": sites} {
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("exactly one move should pass: %v", errs)
			}
			st.refused(first(errs...), name)
		}
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestTwoCodersOfOneNoteDontWaitForEachOther(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, strings.Repeat("ord ", 400))
	var wg sync.WaitGroup
	for i, name := range []string{"Bo", "Ida", "Per", "Eva"} {
		coder := st.member(name, models.RoleCoder)
		wg.Go(func() {
			for j := range 50 {
				start := 4 * (j + 50*i)
				_, _, err := st.service.PutCoding(st.ctx, coder, st.space, coding.NewCoding{NoteID: n.ID, CodeID: st.codes["future"], Anchor: models.Anchor{Start: start, End: start + 3, Quote: "ord"}})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(st.codings(n)); got != 200 {
		t.Fatalf("%d codings", got)
	}
	st.counted()
}

func TestOneMoreSearchThanMayBeSavedIsRefusedAlsoAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	save := func() error {
		_, err := st.service.CreateSavedSearch(st.ctx, st.owner, st.space, coding.NewSavedSearch{Name: "Registre", Query: models.SearchQuery{Q: "registre"}})
		return err
	}
	for range models.MaxSaved - 2 {
		st.must(save())
	}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { errs[i] = save() })
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
		} else {
			st.refused(err, "saved_search_limit")
		}
	}
	if kept != 2 {
		t.Fatalf("%d were kept where there was room for 2", kept)
	}
}

func TestAnUploadSentTwiceAtOnceMakesItsNotesOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	for round := range 6 {
		results := make([][]coding.UploadResult, 4)
		var wg sync.WaitGroup
		for i := range results {
			files := []coding.Upload{}
			for j := range 3 {
				text := fmt.Sprintf("Fil %d af runde %d.", j, round)
				files = append(files, coding.Upload{Name: "note.txt", Data: []byte(text), MediaType: "text/plain", Fields: coding.NoteFields{Title: new("Fil"), Kind: new(models.KindFieldNote)}, Content: content(text)})
			}
			wg.Go(func() {
				next := func() (coding.Upload, bool) {
					if len(files) == 0 {
						return coding.Upload{}, false
					}
					u := files[0]
					files = files[1:]
					return u, true
				}
				if err := st.service.Import(st.ctx, st.owner, st.space, next, func(r coding.UploadResult) { results[i] = append(results[i], r) }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		created := 0
		for _, all := range results {
			for j, r := range all {
				if r.NoteID == "" || r.NoteID != results[0][j].NoteID {
					t.Errorf("file %d became %q for one and %q for another", j, r.NoteID, results[0][j].NoteID)
				}
				if r.Status == coding.UploadCreated {
					created++
				}
			}
		}
		if created != 3 {
			t.Fatalf("%d notes were made of 3 files", created)
		}
	}
}
