package coding_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"feltbog/coding"
	"feltbog/models"
)

const monday = "Registrene bærer os, siger Kirsten. Uden dem stod vi i en skov uden kort.\n\nOm to år styrer data det hele, siger Jonas 🛰. Kirsten ser ud ad vinduet."

func TestPuttingACodingTwiceIsTheSameCoding(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	in := st.on(n, "foundation", "Registrene bærer os")
	first, made, err := st.service.PutCoding(st.ctx, st.owner, st.space, in)
	st.must(err)
	if !made {
		t.Fatal("the first was not made")
	}
	for range 2 {
		again, made, err := st.service.PutCoding(st.ctx, st.owner, st.space, in)
		st.must(err)
		if made || again.ID != first.ID {
			t.Fatalf("made %v, id %s, want %s", made, again.ID, first.ID)
		}
	}
	if got := st.usage("foundation"); got != 1 {
		t.Fatalf("usage %d, want 1", got)
	}
	bo := st.member("Bo", models.RoleCoder)
	if other, made, err := st.service.PutCoding(st.ctx, bo, st.space, in); err != nil || !made || other.ID == first.ID {
		t.Fatalf("another coder's is another coding: %v %v", made, err)
	}
	st.counted()
}

func TestABatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	good, bad := st.on(n, "foundation", "Kirsten"), st.on(n, "future", "to år")
	bad.Anchor.Quote = "to uger"
	_, _, err := st.service.PutCodings(st.ctx, st.owner, st.space, []coding.NewCoding{good, bad})
	st.refused(err, "quote_mismatch")
	if e := problemOf(err); len(e.Fields) != 1 || e.Fields[0].Pointer != "/items/1/anchor/quote" {
		t.Fatalf("the fault is at %+v", e.Fields)
	}
	if got := len(st.codings(n)); got != 0 {
		t.Fatalf("%d codings were kept", got)
	}
	bad.Anchor.Quote = "to år"
	all, made, err := st.service.PutCodings(st.ctx, st.owner, st.space, []coding.NewCoding{good, bad, good})
	st.must(err)
	if !made || len(all) != 3 || all[0].ID != all[2].ID {
		t.Fatalf("made %v, %d codings", made, len(all))
	}
	if events := st.history(coding.EventQuery{Nouns: []models.Noun{models.NounCoding}}); len(events) != 2 || events[0].Batch == "" || events[0].Batch != events[1].Batch {
		t.Fatalf("%d events", len(events))
	}
	st.counted()
	_, _, err = st.service.PutCodings(st.ctx, st.owner, st.space, make([]coding.NewCoding, models.MaxBatch+1))
	st.refused(err, "batch_size")
}

func TestAnIdThatWasUsedNeverMakesAnotherRecord(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	in := st.on(n, "foundation", "Kirsten")
	in.ID = models.NewID()
	c, _, err := st.service.PutCoding(st.ctx, st.owner, st.space, in)
	st.must(err)
	other := st.on(n, "future", "Jonas")
	other.ID = c.ID
	_, _, err = st.service.PutCoding(st.ctx, st.owner, st.space, other)
	st.refused(err, "id_taken")
	st.must(st.service.RemoveCoding(st.ctx, st.owner, st.space, c.ID, 0))
	_, _, err = st.service.PutCoding(st.ctx, st.owner, st.space, other)
	st.refused(err, "id_taken")
	st.counted()
}

func TestCodingsOverlapAndNestAtWill(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	st.put(st.owner, n, "foundation", "Registrene bærer os")
	st.put(st.owner, n, "future", "bærer os, siger")
	st.put(st.owner, n, "agency", "Registrene bærer os")
	st.put(st.owner, n, "agency", "bærer")
	got := st.codings(n)
	if len(got) != 4 {
		t.Fatalf("%d codings", len(got))
	}
	for i := 1; i < len(got); i++ {
		if got[i].Anchor.Start < got[i-1].Anchor.Start {
			t.Fatal("not in the order of the words")
		}
	}
}

func TestACodingChangesItsCodeAndItsEdges(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	c := st.put(st.owner, n, "future", "Registrene")
	changed, err := st.service.ChangeCoding(st.ctx, st.owner, st.space, c.ID, 1, coding.CodingFields{CodeID: new(st.codes["foundation"]), Anchor: new(st.on(n, "future", "Registrene bærer os").Anchor)})
	st.must(err)
	if changed.Version != 2 || changed.Anchor.Quote != "Registrene bærer os" || changed.CodeID != st.codes["foundation"] {
		t.Fatalf("%+v", changed)
	}
	lie := changed.Anchor
	lie.Quote = "Noget andet"
	_, err = st.service.ChangeCoding(st.ctx, st.owner, st.space, c.ID, 2, coding.CodingFields{Anchor: &lie})
	st.refused(err, "quote_mismatch")
	_, err = st.service.ChangeCoding(st.ctx, st.owner, st.space, c.ID, 1, coding.CodingFields{CodeID: new(st.codes["agency"])})
	st.refused(err, "version_stale")
	bo := st.member("Bo", models.RoleOwner)
	_, err = st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, 2, coding.CodingFields{CodeID: new(st.codes["agency"])})
	st.refused(err, "not_yours")
	st.refused(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0), "not_yours")
	st.counted()
}

func TestEditingATextMovesItsCodings(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	st.put(st.owner, n, "foundation", "Registrene bærer os")
	st.put(st.owner, n, "future", "Om to år styrer data det hele")
	bo := st.member("Bo", models.RoleCoder)
	st.put(bo, n, "agency", "styrer data")
	edited, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Mandag kl. 9.\n\n"+strings.Replace(monday, "Om to år", "Om tre år", 1)))
	st.must(err)
	if edited.TextVersion != 2 || edited.Version != 2 {
		t.Fatalf("%+v", edited)
	}
	byCode := map[models.ID]*models.Coding{}
	for _, c := range st.codings(edited) {
		byCode[c.CodeID] = c
		if c.Anchor.TextVersion != 2 {
			t.Fatalf("left behind: %+v", c.Anchor)
		}
	}
	if c := byCode[st.codes["foundation"]]; c.Review || c.Anchor.Start != 15 {
		t.Errorf("didn't move with its words: %+v", c)
	}
	if c := byCode[st.codes["future"]]; !c.Review || c.Anchor.Quote != "Om to år styrer data det hele" {
		t.Errorf("changed words aren't up for review: %+v", c)
	}
	if c := byCode[st.codes["agency"]]; c.Review {
		t.Errorf("the other coder's coding should have moved: %+v", c)
	}
	review, err := st.service.Excerpts(st.ctx, st.owner, st.space, coding.CodingFilter{Review: true}, models.Page{Limit: 10})
	st.must(err)
	if len(review.Items) != 1 {
		t.Fatalf("%d in the review list", len(review.Items))
	}
	// Anchored anew, it leaves the list.
	_, err = st.service.ChangeCoding(st.ctx, st.owner, st.space, review.Items[0].ID, 0, coding.CodingFields{Anchor: new(st.on(edited, "future", "Om tre år styrer data").Anchor)})
	st.must(err)
	review, err = st.service.Excerpts(st.ctx, st.owner, st.space, coding.CodingFilter{Review: true}, models.Page{Limit: 10})
	st.must(err)
	if len(review.Items) != 0 {
		t.Fatal("still in the review list")
	}
}

func TestAPreviewTellsWhatAnEditDoes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday+"\n\nKirsten nikker til Jonas. Kirsten nikker til Jonas igen.")
	st.put(st.owner, n, "foundation", "Registrene bærer os")
	st.put(st.owner, n, "future", "Om to år styrer data det hele")
	st.put(st.owner, n, "future", "år styrer data")
	st.put(bo, n, "future", "Om to år")
	st.put(bo, n, "agency", "styrer data")
	st.put(bo, n, "agency", "vinduet")
	// Two that fall together once only one of the places is left, and lose their words together later.
	for _, in := range []coding.NewCoding{st.on(n, "foundation", "Kirsten nikker til Jonas"), st.onLast(n, "foundation", "Kirsten nikker til Jonas")} {
		_, _, err := st.service.PutCoding(st.ctx, bo, st.space, in)
		st.must(err)
	}
	var met coding.CarriedCounts
	joined := 0
	for _, text := range []string{
		monday + "\n\nKirsten nikker til Jonas. Kirsten nikker til Jonas igen. Slut.",
		strings.Replace(monday, "Om to år", "Om tre år", 1) + "\n\nKirsten nikker til Jonas. Kirsten nikker til Jonas igen. Slut.",
		"Før.\n\n" + strings.Replace(monday, "ser ud ad vinduet", "går", 1) + "\n\nKirsten nikker til Jonas.",
		"Noget helt andet.",
		monday,
	} {
		events := len(st.history(coding.EventQuery{}))
		before := map[models.ID]*models.Coding{}
		for _, c := range st.codings(n) {
			before[c.ID] = c
		}
		preview, err := st.service.PreviewText(st.ctx, st.owner, st.space, n.ID, n.Version, content(text))
		st.must(err)
		if preview.TextVersion != n.TextVersion || len(st.history(coding.EventQuery{})) != events {
			t.Fatalf("it wrote something: %+v", preview)
		}
		n, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content(text))
		st.must(err)
		want := coding.TextPreview{TextVersion: n.TextVersion - 1, Length: n.Length, Review: []coding.ReviewedCoding{}}
		for _, c := range st.codings(n) {
			was := before[c.ID].Anchor
			switch {
			case c.Review:
				want.Codings.Review++
				want.Review = append(want.Review, coding.ReviewedCoding{ID: c.ID, CodeID: c.CodeID, CoderID: c.CoderID, Quote: c.Anchor.Quote, Start: c.Anchor.Start, End: c.Anchor.End})
			case c.Anchor.Start == was.Start && c.Anchor.End == was.End:
				want.Codings.Kept++
			default:
				want.Codings.Moved++
			}
		}
		met.Kept, met.Moved, met.Review = met.Kept+want.Codings.Kept, met.Moved+want.Codings.Moved, met.Review+want.Codings.Review
		joined += len(before) - len(st.codings(n))
		byID := cmpopts.SortSlices(func(a, b coding.ReviewedCoding) bool { return a.ID < b.ID })
		if diff := cmp.Diff(want, preview, byID); diff != "" {
			t.Errorf("%q: (-edit +preview)\n%s", text, diff)
		}
	}
	if met.Kept == 0 || met.Moved == 0 || met.Review == 0 || joined == 0 {
		t.Errorf("not everything was tried: %+v, %d fell together", met, joined)
	}
	st.counted()
}

func TestACodingMovesToWhereAnotherLayBefore(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, "en to tre fire")
	for _, quote := range []string{"en", "to", "tre"} {
		st.put(st.owner, n, "future", quote)
	}
	// "Nu " is as long as "en " and "to ": each coding lands on the numbers that the next one had.
	_, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Nu en to tre fire"))
	st.must(err)
	var on []string
	for _, c := range st.codings(n) {
		if c.Review {
			t.Errorf("%q is up for review", c.Anchor.Quote)
		}
		on = append(on, c.Anchor.Quote)
	}
	if diff := cmp.Diff([]string{"en", "to", "tre"}, on); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	st.counted()
}

func TestAPreviewNamesTheFirstHundredOnly(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	var b strings.Builder
	for i := range 130 {
		fmt.Fprintf(&b, "Linje %d har et ord%d her.\n\n", i, i)
	}
	n := st.note(st.owner, strings.TrimSpace(b.String()))
	for i := range 130 {
		st.put(st.owner, n, "future", fmt.Sprintf("ord%d ", i))
	}
	preview, err := st.service.PreviewText(st.ctx, st.owner, st.space, n.ID, n.Version, content(strings.ReplaceAll(strings.TrimSpace(b.String()), "ord", "tegn")))
	st.must(err)
	if preview.Codings != (coding.CarriedCounts{Review: 130}) || len(preview.Review) != 100 || preview.Review[0].Quote != "ord0 " {
		t.Errorf("it counts %+v and names %d", preview.Codings, len(preview.Review))
	}
}

func TestAPreviewIsRefusedWhatTheEditIsRefused(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	bo, stranger := st.member("Bo", models.RoleCoder), st.user("Ida")
	for code, try := range map[string]struct {
		actor models.Actor
		seen  int
		text  models.Content
	}{
		"project_not_found": {stranger, 1, content("Nyt.")},
		"not_yours":         {bo, 1, content("Nyt.")},
		"version_stale":     {st.owner, 2, content("Nyt.")},
		"text_binary":       {st.owner, 1, models.Content{Text: "a\x00b"}},
	} {
		_, err := st.service.PreviewText(st.ctx, try.actor, st.space, n.ID, try.seen, try.text)
		st.refused(err, code)
		_, err = st.service.EditText(st.ctx, try.actor, st.space, n.ID, try.seen, try.text)
		st.refused(err, code)
	}
	_, err := st.service.ChangeProject(st.ctx, st.owner, st.space, 0, coding.ProjectFields{Archived: new(true)})
	st.must(err)
	_, err = st.service.PreviewText(st.ctx, st.owner, st.space, n.ID, 1, content("Nyt."))
	st.refused(err, "project_archived")
}

func TestACodingOfAnOlderTextIsCarriedForward(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	in, gone := st.on(n, "foundation", "Registrene bærer os"), st.on(n, "future", "Om to år")
	_, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Før.\n\n"+strings.Replace(monday, "Om to år ", "", 1)))
	st.must(err)
	c, _, err := st.service.PutCoding(st.ctx, st.owner, st.space, in)
	st.must(err)
	if c.Anchor.TextVersion != 2 || c.Anchor.Start != 6 {
		t.Fatalf("%+v", c.Anchor)
	}
	_, _, err = st.service.PutCoding(st.ctx, st.owner, st.space, gone)
	st.refused(err, "text_changed")
}

func TestAnEditOfANoteWithMoreCodingsThanOneTransactionMoves(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	var b strings.Builder
	for range 1300 {
		b.WriteString("ord ")
	}
	n := st.note(st.owner, b.String())
	for _, key := range []string{"foundation", "future"} {
		var in []coding.NewCoding
		for i := range 800 {
			in = append(in, coding.NewCoding{NoteID: n.ID, CodeID: st.codes[key], Anchor: models.Anchor{Start: 4 * i, End: 4*i + 3, Quote: "ord"}})
		}
		_, _, err := st.service.PutCodings(st.ctx, st.owner, st.space, in)
		st.must(err)
	}
	preview, err := st.service.PreviewText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Først. "+b.String()))
	st.must(err)
	if preview.Codings != (coding.CarriedCounts{Moved: 1600}) {
		t.Errorf("the preview counts %+v", preview.Codings)
	}
	_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Først. "+b.String()))
	st.must(err)
	all, err := st.db.Codings().All(st.ctx, st.space, coding.Query{}, 5000)
	st.must(err)
	for _, c := range all {
		if c.Anchor.TextVersion != 2 || c.Review || (c.Anchor.Start-7)%4 != 0 {
			t.Fatalf("%+v", c.Anchor)
		}
	}
	jobs, err := st.db.Jobs(st.ctx, soon())
	st.must(err)
	if len(all) != 1600 || len(jobs) != 0 {
		t.Fatalf("%d codings, %d jobs left", len(all), len(jobs))
	}
	st.counted()

	// All of them lose their words at once, and come back at once.
	n, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, 0, content("Intet."))
	st.must(err)
	review, err := st.db.Codings().All(st.ctx, st.space, coding.Query{Where: coding.Where{"review": true}}, 5000)
	st.must(err)
	if len(review) != 1600 {
		t.Fatalf("%d codings are up for review", len(review))
	}
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	was := map[models.ID]models.Anchor{}
	for _, c := range all {
		was[c.ID] = c.Anchor
	}
	back, err := st.db.Codings().All(st.ctx, st.space, coding.Query{}, 5000)
	st.must(err)
	for _, c := range back {
		if a := was[c.ID]; c.Review || c.Anchor.Start != a.Start || c.Anchor.End != a.End || c.Anchor.Prefix != a.Prefix || c.Anchor.TextVersion != 4 {
			t.Fatalf("%+v, and was %+v", c.Anchor, a)
		}
	}
	st.counted()
}

func TestMergingACodeTakesItsCodingsAndSubCodesOver(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	st.put(st.owner, n, "foundation", "Registrene")
	st.put(bo, n, "foundation", "Kirsten")
	st.put(st.owner, n, "foundation", "skov")
	st.put(st.owner, n, "agency", "skov") // its twin goes
	before := st.on(n, "foundation", "kort")
	_, err := st.service.MergeCode(st.ctx, bo, st.space, st.codes["foundation"], st.codes["agency"], 0)
	st.refused(err, "role_insufficient")
	merged, err := st.service.MergeCode(st.ctx, st.owner, st.space, st.codes["foundation"], st.codes["agency"], 0)
	st.must(err)
	if merged.MergedInto != st.codes["agency"] || st.usage("agency") != 3 || st.usage("foundation") != 0 {
		t.Fatalf("merged into %q, %d and %d codings", merged.MergedInto, st.usage("agency"), st.usage("foundation"))
	}
	if c, err := st.service.Code(st.ctx, st.owner, st.space, st.codes["foundation_ground"]); err != nil || c.ParentID != st.codes["agency"] {
		t.Fatalf("the sub-code hangs under %v, %v", c, err)
	}
	late, _, err := st.service.PutCoding(st.ctx, st.owner, st.space, before)
	st.must(err)
	if late.CodeID != st.codes["agency"] {
		t.Fatal("a coding with the merged code wasn't led on")
	}
	st.must(st.service.RemoveCoding(st.ctx, st.owner, st.space, late.ID, 0))
	event := st.history(coding.EventQuery{RecordID: st.codes["foundation"]})[0]
	undone, err := st.service.Undo(st.ctx, st.owner, st.space, event.ID, false)
	st.must(err)
	if st.usage("foundation") != 3 || st.usage("agency") != 1 {
		t.Fatalf("undo left %d and %d, %+v", st.usage("foundation"), st.usage("agency"), undone)
	}
	if c, _ := st.service.Code(st.ctx, st.owner, st.space, st.codes["foundation_ground"]); c.ParentID != st.codes["foundation"] {
		t.Fatal("the sub-code didn't come back")
	}
	st.counted()
}

func TestSplittingACodeMovesTheChosenCodings(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	a, b := st.put(st.owner, n, "future", "Jonas"), st.put(st.owner, n, "future", "to år")
	parts := []coding.SplitPart{{Name: "Hope", CodingIDs: []models.ID{a.ID}}, {Name: "Plan"}}
	made, err := st.service.SplitCode(st.ctx, st.owner, st.space, st.codes["future"], parts)
	st.must(err)
	if len(made) != 2 || made[0].ParentID != st.codes["future"] {
		t.Fatalf("%+v", made)
	}
	moved, err := st.service.Coding(st.ctx, st.owner, st.space, a.ID)
	st.must(err)
	stayed, err := st.service.Coding(st.ctx, st.owner, st.space, b.ID)
	st.must(err)
	if moved.CodeID != made[0].ID || stayed.CodeID != st.codes["future"] {
		t.Fatal("the wrong one moved")
	}
	_, err = st.service.SplitCode(st.ctx, st.owner, st.space, st.codes["future"], []coding.SplitPart{{Name: "X", CodingIDs: []models.ID{a.ID}}})
	st.refused(err, "coding_unknown")
	st.counted()
	_, err = st.service.Undo(st.ctx, st.owner, st.space, st.history(coding.EventQuery{RecordID: made[0].ID})[0].ID, false)
	st.must(err)
	if st.usage("future") != 2 {
		t.Fatalf("undo left %d", st.usage("future"))
	}
	st.counted()
}

func TestAnInVivoCodeIsNamedByItsWords(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	code, c, err := st.service.CreateInVivoCode(st.ctx, bo, st.space, coding.NewCoding{NoteID: n.ID, Anchor: st.on(n, "future", "en skov uden kort").Anchor}, "")
	st.must(err)
	if code.Name != "en skov uden kort" || !code.InVivo || code.Key != "en_skov_uden_kort" || c.CodeID != code.ID || c.CoderID != bo.UserID {
		t.Fatalf("%+v %+v", code, c)
	}
	_, err = st.service.CreateCode(st.ctx, bo, st.space, "", coding.CodeFields{Name: new("Mine")})
	st.refused(err, "role_insufficient")
	event := st.history(coding.EventQuery{RecordID: c.ID})[0].ID
	_, err = st.service.Undo(st.ctx, st.owner, st.space, event, false)
	st.refused(err, "not_yours")
	_, err = st.service.Undo(st.ctx, bo, st.space, event, false)
	st.must(err)
	if _, err := st.service.Code(st.ctx, bo, st.space, code.ID); !isNotFound(err) {
		t.Fatalf("the code is still there: %v", err)
	}
	st.counted()
}

func TestCodesOfATableAreDressedWhereItLeavesThemBare(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	entries := []models.CodeEntry{
		{Code: models.Code{Key: "ny", Name: "ny kode"}},
		{Code: models.Code{Key: "under", Name: "Under"}, ParentKey: "ny"},
		{Code: models.Code{Key: "hope", Name: "Hope", Letter: "X", Colour: 9}, ParentKey: "future"},
	}
	all, err := st.service.ImportCodes(st.ctx, st.owner, st.space, entries)
	st.must(err)
	byKey := map[string]*models.Code{}
	for _, c := range all {
		byKey[c.Key] = c
	}
	if c := byKey["ny"]; c.Colour != 2 || c.Letter != "N" { // the first colour that no code wears
		t.Errorf("%+v", c)
	}
	if c := byKey["under"]; c.Colour != 2 || c.ParentID != byKey["ny"].ID {
		t.Errorf("%+v", c)
	}
	if c := byKey["hope"]; c.Colour != 9 || c.Letter != "X" || c.ParentID != st.codes["future"] {
		t.Errorf("%+v", c)
	}
	_, err = st.service.ImportCodes(st.ctx, st.owner, st.space, entries[:1])
	st.refused(err, "code_key_taken")
}

func isNotFound(err error) bool { return models.KindOf(err) == models.KindNotFound }
