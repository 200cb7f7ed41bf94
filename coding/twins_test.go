package coding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

// onLast asks for a code on the last place where the words stand.
func (st *study) onLast(n *models.Note, key, quote string) coding.NewCoding {
	st.t.Helper()
	in := st.on(n, key, quote)
	t, err := st.service.NoteText(st.ctx, models.Actor{UserID: n.AuthorID}, st.space, n.ID, 0)
	st.must(err)
	in.Anchor.Start = len([]rune(t.Text[:strings.LastIndex(t.Text, quote)]))
	in.Anchor.End = in.Anchor.Start + len([]rune(quote))
	return in
}

func (st *study) edit(n *models.Note, text string) *models.Note {
	st.t.Helper()
	n, err := st.service.EditText(st.ctx, models.Actor{UserID: n.AuthorID}, st.space, n.ID, 0, content(text))
	st.must(err)
	return n
}

func (st *study) memoOn(author models.Actor, c *models.Coding, private bool) *models.Memo {
	st.t.Helper()
	m, err := st.service.CreateMemo(st.ctx, author, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounCoding, ID: c.ID}, Text: "En tanke.", Private: private})
	st.must(err)
	return m
}

func (st *study) link(author models.Actor, from, to *models.Coding) *models.Link {
	st.t.Helper()
	l, err := st.service.CreateLink(st.ctx, author, st.space, coding.NewLink{FromID: from.ID, ToID: to.ID, Kind: models.LinkExplains})
	st.must(err)
	return l
}

// lie gives where each coding of a note lies and whether it is up for review.
func (st *study) lie(n *models.Note) map[models.ID]string {
	st.t.Helper()
	out := map[models.ID]string{}
	for _, c := range st.codings(n) {
		out[c.ID] = fmt.Sprintf("%d-%d %q %t", c.Anchor.Start, c.Anchor.End, c.Anchor.Quote, c.Review)
	}
	return out
}

func TestCodingsWhoseWordsGoTogetherAreAllUpForReview(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	for _, quote := range []string{"Om to år", "to år", "styrer data det hele", "Jonas"} {
		st.put(st.owner, n, "future", quote)
	}
	before := st.lie(n)
	n = st.edit(n, "Noget helt andet.")
	all := st.codings(n)
	if len(all) != 4 {
		t.Fatalf("%d codings are left of 4", len(all))
	}
	for _, c := range all {
		if !c.Review {
			t.Errorf("%q isn't up for review", c.Anchor.Quote)
		}
	}
	if got := st.usage("future"); got != 4 {
		t.Errorf("the codebook counts %d", got)
	}
	review, err := st.service.Excerpts(st.ctx, st.owner, st.space, coding.CodingFilter{Review: true}, models.Page{Limit: 2})
	st.must(err)
	rest, err := st.service.Excerpts(st.ctx, st.owner, st.space, coding.CodingFilter{Review: true}, models.Page{Limit: 2, Cursor: review.Next})
	st.must(err)
	if len(review.Items)+len(rest.Items) != 4 {
		t.Errorf("the pages of the review list hold %d and %d", len(review.Items), len(rest.Items))
	}
	paged := map[models.ID]bool{}
	for cursor := ""; ; {
		page, err := st.service.NoteCodings(st.ctx, st.owner, st.space, n.ID, models.LayerOpen, models.Page{Limit: 1, Cursor: cursor})
		st.must(err)
		for _, c := range page.Items {
			paged[c.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(paged) != 4 {
		t.Errorf("the pages of the note's list hold %d of 4", len(paged))
	}
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	same(t, before, st.lie(n))
	st.counted()
}

func same(t *testing.T, want, got map[models.ID]string) {
	t.Helper()
	for id, w := range want {
		if got[id] != w {
			t.Errorf("%s lies at %q, want %q", id, got[id], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d codings, want %d", len(got), len(want))
	}
}

func TestTwinsFallTogetherWithTheirMemosAndLinks(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	text := monday + "\n\nKirsten nikker til Jonas. Og Kirsten nikker til Jonas."
	n := st.note(st.owner, text)
	first, _, err := st.service.PutCoding(st.ctx, bo, st.space, st.on(n, "future", "Kirsten nikker til Jonas"))
	st.must(err)
	second, _, err := st.service.PutCoding(st.ctx, bo, st.space, st.onLast(n, "future", "Kirsten nikker til Jonas"))
	st.must(err)
	third := st.put(bo, n, "agency", "Jonas")
	shared, secret := st.memoOn(st.owner, second, false), st.memoOn(bo, second, true)
	out, between := st.link(st.owner, second, third), st.link(bo, first, second)
	before := st.lie(n)

	check := func(what string, on *models.Coding, related bool) {
		t.Helper()
		for who, m := range map[models.Actor]*models.Memo{st.owner: shared, bo: secret} {
			if got, err := st.service.Memo(st.ctx, who, st.space, m.ID); err != nil || got.Target.ID != on.ID {
				t.Fatalf("%s: a memo is on %+v, %v", what, got, err)
			}
		}
		all, err := st.service.Links(st.ctx, st.owner, st.space, on.ID, models.LayerOpen, models.Page{Limit: 10})
		st.must(err)
		has := func(id models.ID) bool {
			return slices.ContainsFunc(all.Items, func(l *models.Link) bool { return l.ID == id })
		}
		if !has(out.ID) || has(between.ID) != related {
			t.Fatalf("%s: the links are %+v", what, all.Items)
		}
		st.counted()
	}
	n = st.edit(n, monday+"\n\nKirsten nikker til Jonas.")
	if _, there := st.lie(n)[second.ID]; there || len(st.codings(n)) != 2 {
		t.Fatalf("they didn't fall together: %v", st.lie(n))
	}
	check("after the edit", first, false)
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	same(t, before, st.lie(n))
	check("after its undo", second, true)
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	check("after the undo's undo", first, false)
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	same(t, before, st.lie(n))

	// A merge of codes makes twins too.
	twin := st.put(bo, n, "agency", "Kirsten nikker til Jonas")
	_, err = st.service.MergeCode(st.ctx, st.owner, st.space, st.codes["agency"], st.codes["future"], 0)
	st.must(err)
	if _, there := st.lie(n)[twin.ID]; there {
		t.Fatal("the merge left two")
	}
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: st.codes["agency"]}))
	if _, there := st.lie(n)[twin.ID]; !there {
		t.Fatal("the merge's undo lost one")
	}
	st.counted()
}

func TestACodingAnchoredAnewOntoItsTwinIsThatTwin(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	lost := st.put(bo, n, "future", "Om to år styrer")
	n = st.edit(n, strings.Replace(monday, "Om to år", "Om tre år", 1))
	kept := st.put(bo, n, "future", "Om tre år")
	memo := st.memoOn(st.owner, lost, true)
	got, err := st.service.ChangeCoding(st.ctx, bo, st.space, lost.ID, 0, coding.CodingFields{Anchor: new(st.on(n, "future", "Om tre år").Anchor)})
	st.must(err)
	if got.ID != kept.ID || len(st.codings(n)) != 1 {
		t.Fatalf("it is %s, with %d codings; want %s alone", got.ID, len(st.codings(n)), kept.ID)
	}
	if m, err := st.service.Memo(st.ctx, st.owner, st.space, memo.ID); err != nil || m.Target.ID != kept.ID {
		t.Fatalf("the memo is on %+v, %v", m, err)
	}
	st.refused(st.undo(st.owner, coding.EventQuery{RecordID: lost.ID}), "not_yours")
	st.must(st.undo(bo, coding.EventQuery{RecordID: lost.ID}))
	if c, err := st.service.Coding(st.ctx, bo, st.space, lost.ID); err != nil || !c.Review || c.Anchor.Quote != "Om to år styrer" {
		t.Fatalf("undone, it is %+v, %v", c, err)
	}
	if m, err := st.service.Memo(st.ctx, st.owner, st.space, memo.ID); err != nil || m.Target.ID != lost.ID {
		t.Fatalf("undone, the memo is on %+v, %v", m, err)
	}
	st.counted()
}

// TestNoEditLosesACoding edits a note at random, again and again. Every coding is still there: carried
// to the same words, up for review, or one with a twin on the same words; and the undo of each edit
// puts all of them back to where they lay.
func TestNoEditLosesACoding(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	vocabulary := strings.Fields("registret data kommunen siger at vi mangler 🛰 æbler og å")
	words := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = vocabulary[dice.IntN(len(vocabulary))]
		}
		return out
	}
	text := words(40)
	n := st.note(st.owner, strings.Join(text, " "))
	joined := 0
	for range 25 {
		st.putAtRandom(dice, n, bo)
		before := st.lie(n)
		known := map[models.ID]*models.Coding{}
		for _, c := range st.codings(n) {
			known[c.ID] = c
		}
		at := dice.IntN(len(text))
		end := min(len(text), at+dice.IntN(12))
		text = slices.Concat(text[:at], words(dice.IntN(6)), text[end:])
		if len(text) < 12 {
			text = append(text, words(30)...)
		}
		n = st.edit(n, strings.Join(text, " "))
		joined += st.allThere(n, known)
		if dice.IntN(2) == 0 {
			continue
		}
		st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
		same(t, before, st.lie(n))
		current, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
		st.must(err)
		text = strings.Fields(current.Text)
		n, err = st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
	}
	t.Logf("%d codings at the end, %d fell together", len(st.codings(n)), joined)
	st.counted()
}

// putAtRandom puts a few codings anywhere, as two coders with two codes.
func (st *study) putAtRandom(dice *rand.Rand, n *models.Note, bo models.Actor) {
	st.t.Helper()
	current, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
	st.must(err)
	points := []rune(current.Text)
	for range 6 {
		start := dice.IntN(len(points) - 1)
		end := min(len(points), start+1+dice.IntN(20))
		_, _, err := st.service.PutCoding(st.ctx, []models.Actor{st.owner, bo}[dice.IntN(2)], st.space, coding.NewCoding{
			NoteID: n.ID, CodeID: st.codes[[]string{"future", "agency"}[dice.IntN(2)]],
			Anchor: models.Anchor{Start: start, End: end, Quote: string(points[start:end])},
		})
		st.must(err)
	}
}

// allThere fails unless each coding is there or fell together with one on the same words; it counts the latter.
func (st *study) allThere(n *models.Note, known map[models.ID]*models.Coding) (joined int) {
	st.t.Helper()
	now := st.codings(n)
	current, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
	st.must(err)
	points := []rune(current.Text)
	live := map[models.ID]bool{}
	for _, c := range now {
		live[c.ID] = true
		if c.Anchor.TextVersion != n.TextVersion || c.Anchor.Quote != known[c.ID].Anchor.Quote {
			st.t.Errorf("%+v was left behind", c)
		}
		if !c.Review && string(points[c.Anchor.Start:c.Anchor.End]) != c.Anchor.Quote {
			st.t.Errorf("%q lies on %q", c.Anchor.Quote, string(points[c.Anchor.Start:c.Anchor.End]))
		}
	}
	for id, was := range known {
		if live[id] {
			continue
		}
		joined++
		if !slices.ContainsFunc(now, func(c *models.Coding) bool {
			return !c.Review && c.CoderID == was.CoderID && c.CodeID == was.CodeID && c.Anchor.Quote == was.Anchor.Quote
		}) {
			st.t.Errorf("the coding on %q went without a twin", was.Anchor.Quote)
		}
	}
	return joined
}
