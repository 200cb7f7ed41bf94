package meili_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// TestFindingWhatChanges follows notes, memos and codes through what happens to them.
func TestFindingWhatChanges(t *testing.T) {
	w := newWorld(t)
	bo := w.member("Bo", models.RoleEditor)
	ann := w.member("Ann", models.RoleCoder)
	finds := func(t *testing.T, who models.Actor, query string, want ...string) {
		t.Helper()
		w.settle()
		if want == nil {
			want = []string{}
		}
		if diff := cmp.Diff(want, w.found(who, q(query))); diff != "" {
			t.Errorf("%s finds for %s (-want +got):\n%s", query, w.names[who.UserID], diff)
		}
	}
	all := func(t *testing.T, query string, want ...string) {
		t.Helper()
		for _, who := range []models.Actor{w.owner, bo, ann} {
			finds(t, who, query, want...)
		}
	}

	t.Run("a text is found as it was last written, and its codings with it", func(t *testing.T) {
		w.site("quay", "")
		n := w.note(w.owner, "edited", "the herring arrives\nthe ledger is wet\nnobody counts")
		w.put(bo, "edited", "foundation", "ledger")
		w.put(bo, "edited", "future", "counts")
		all(t, "herring", "the [herring] arrives")
		edited, err := w.service.EditText(w.ctx, w.owner, w.space, n.ID, 0, content("a new line\nthe salmon arrives\nthe ledger is wet"))
		w.must(err)
		all(t, "herring")
		all(t, "salmon", "the [salmon] arrives")
		all(t, "nobody counts")
		page := w.search(ann, passages(coding.SearchRequest{AllCodes: []models.ID{w.ids["foundation"]}}))
		if page.Total != 1 || page.Items[0].Text != "the ledger is wet" || page.Items[0].Start != 30 {
			t.Errorf("the coding is found on %+v", page.Items)
		}
		events, err := w.service.History(w.ctx, w.owner, w.space, coding.EventQuery{RecordID: n.ID}, models.Page{Limit: 1})
		w.must(err)
		_, err = w.service.Undo(w.ctx, w.owner, w.space, events.Items[0].ID, false)
		w.must(err)
		all(t, "salmon")
		all(t, "herring", "the [herring] arrives")
		if page := w.search(ann, passages(coding.SearchRequest{AllCodes: []models.ID{w.ids["foundation"]}})); page.Total != 1 || page.Items[0].Start != 20 {
			t.Errorf("the coding is found on %+v", page.Items)
		}
		_ = edited
	})
	t.Run("a note that moves to another site is found there", func(t *testing.T) {
		_, err := w.service.ChangeNote(w.ctx, w.owner, w.space, w.ids["edited"], 0, coding.NoteFields{SiteID: new(w.ids["quay"]), ObservedOn: new(models.Date("2024-01-31"))})
		w.must(err)
		w.settle()
		at := coding.SearchRequest{Q: "herring", Sites: []models.ID{w.ids["quay"]}, From: "2024-01-31", To: "2024-01-31"}
		if got := w.search(ann, at); got.Total != 1 || got.Facets.Site[string(w.ids["quay"])] != 1 {
			t.Errorf("found %+v", got)
		}
		_, err = w.service.ChangeNote(w.ctx, w.owner, w.space, w.ids["edited"], 0, coding.NoteFields{SiteID: new(models.ID("")), ObservedOn: new(models.Date(""))})
		w.must(err)
		w.settle()
		if got := w.search(ann, q("herring")); got.Total != 1 || len(got.Facets.Site) != 0 || w.search(ann, at).Total != 0 {
			t.Errorf("found %+v", got)
		}
	})
	t.Run("codings are found as they come, change and go", func(t *testing.T) {
		coded := func(key string) string {
			w.settle()
			page := w.search(ann, passages(coding.SearchRequest{AllCodes: []models.ID{w.ids[key]}}))
			var texts []string
			for _, h := range page.Items {
				texts = append(texts, h.Text)
			}
			return fmt.Sprint(texts, page.Facets.Code[string(w.ids[key])])
		}
		c := w.put(bo, "edited", "agency", "arrives")
		if got := coded("agency"); got != "[the herring arrives] 1" {
			t.Errorf("put: %s", got)
		}
		c, err := w.service.ChangeCoding(w.ctx, bo, w.space, c.ID, c.Version, coding.CodingFields{Anchor: &models.Anchor{Start: 20, End: 37, Quote: "the ledger is wet"}})
		w.must(err)
		if got := coded("agency"); got != "[the ledger is wet] 1" {
			t.Errorf("moved: %s", got)
		}
		c, err = w.service.ChangeCoding(w.ctx, bo, w.space, c.ID, c.Version, coding.CodingFields{CodeID: new(w.ids["ground"])})
		w.must(err)
		if got := coded("agency") + coded("ground"); got != "[] 0[the ledger is wet] 1" {
			t.Errorf("recoded: %s", got)
		}
		w.must(w.service.RemoveCoding(w.ctx, bo, w.space, c.ID, c.Version))
		if got := coded("ground"); got != "[] 0" {
			t.Errorf("removed: %s", got)
		}
	})
	t.Run("the bin hides, restoring brings back, purging removes", func(t *testing.T) {
		n := w.note(w.owner, "binned", "the walrus sleeps\nthe walrus wakes")
		w.put(bo, "binned", "future", "wakes")
		w.memo(bo, models.NounNote, n.ID, false, "about a walrus")
		w.memo(ann, models.NounNote, n.ID, true, "my own walrus")
		finds(t, bo, "walrus", "memo: about a [walrus]", "the [walrus] sleeps", "the [walrus] wakes")
		finds(t, ann, "walrus", "memo: about a [walrus]", "memo: my own [walrus]", "the [walrus] sleeps", "the [walrus] wakes")
		w.must(w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, n.ID, 0))
		all(t, "walrus")
		_, err := w.service.Restore(w.ctx, w.owner, w.space, models.NounNote, n.ID)
		w.must(err)
		finds(t, ann, "walrus", "memo: about a [walrus]", "memo: my own [walrus]", "the [walrus] sleeps", "the [walrus] wakes")
		if page := w.search(ann, q("walrus wakes")); len(page.Items) != 1 || len(page.Items[0].Codes) != 1 {
			t.Errorf("restored as %+v", page.Items)
		}
		w.must(w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, n.ID, 0))
		w.must(w.service.Purge(w.ctx, w.owner, w.space, models.NounNote, n.ID))
		all(t, "walrus")
	})
	t.Run("a draft is its author's until it is shared", func(t *testing.T) {
		n := w.note(bo, "draft", "the puffin is shy\nthe puffin flies", draft)
		w.put(bo, "draft", "future", "flies")
		w.memo(bo, models.NounNote, n.ID, false, "shy like a puffin")
		finds(t, bo, "puffin", "memo: shy like a [puffin]", "the [puffin] flies", "the [puffin] is shy")
		finds(t, ann, "puffin")
		finds(t, w.owner, "puffin")
		_, err := w.service.ChangeNote(w.ctx, bo, w.space, n.ID, 0, coding.NoteFields{Draft: new(false)})
		w.must(err)
		all(t, "puffin", "memo: shy like a [puffin]", "the [puffin] flies", "the [puffin] is shy")
		if page := w.search(ann, passages(coding.SearchRequest{Q: "puffin", AllCodes: []models.ID{w.ids["future"]}})); page.Total != 1 {
			t.Errorf("found %+v", page)
		}
		secret := w.note(bo, "secret", "the auk is extinct", draft)
		finds(t, bo, "auk", "the [auk] is extinct")
		w.must(w.service.BinRecord(w.ctx, bo, w.space, models.NounNote, secret.ID, 0))
		finds(t, bo, "auk")
	})
	t.Run("memos are found by who may read them", func(t *testing.T) {
		m := w.memo(bo, models.NounSite, w.ids["quay"], true, "an albatross thought, ålegræs")
		w.memo(ann, models.NounProject, w.space, false, "the albatross of the project")
		finds(t, bo, "albatross", "memo: an [albatross] thought, ålegræs", "memo: the [albatross] of the project")
		finds(t, ann, "albatross", "memo: the [albatross] of the project")
		finds(t, bo, "aalegraes", "memo: an albatross thought, [ålegræs]")
		m, err := w.service.ChangeMemo(w.ctx, bo, w.space, m.ID, m.Version, coding.MemoFields{Private: new(false), Text: new("an albatross shared")})
		w.must(err)
		all(t, "albatross", "memo: an [albatross] shared", "memo: the [albatross] of the project")
		w.must(w.service.DeleteMemo(w.ctx, bo, w.space, m.ID, m.Version))
		all(t, "albatross", "memo: the [albatross] of the project")
		hit := w.search(bo, q("albatross")).Items[0]
		if hit.Type != coding.HitMemo || hit.MemoID == "" || *hit.Target != (models.Target{Noun: models.NounProject, ID: w.space}) || hit.Start != 0 || hit.End != 28 {
			t.Errorf("found as %+v", hit)
		}
		on := w.memo(bo, models.NounNote, w.ids["edited"], false, "seen from the crow's nest")
		w.settle()
		if hit := w.search(ann, q("nest")).Items[0]; hit.MemoID != on.ID || hit.NoteID != w.ids["edited"] || hit.Title != "edited" {
			t.Errorf("found as %+v", hit)
		}
	})
	t.Run("codes are found by name and definition", func(t *testing.T) {
		all(t, "registers that everything", "code: Data as foundation\n\n[Registers] [that] [everything] else is said to stand on.")
		c, err := w.service.ChangeCode(w.ctx, w.owner, w.space, w.ids["future"], 0, coding.CodeFields{Definition: new("Kingfishers to come, 🐦 blåfugl."), WhenToUse: new("When hope is spoken of.")})
		w.must(err)
		all(t, "kingfishers blaafugl", "code: Data as future\n\n[Kingfishers] to come, 🐦 [blåfugl].\n\nWhen hope is spoken of.")
		hit := w.search(ann, q("kingfishers")).Items[0]
		if hit.Type != coding.HitCode || hit.CodeID != c.ID || hit.Title != "Data as future" || len(hit.Codes) != 0 {
			t.Errorf("found as %+v", hit)
		}
	})
	t.Run("what others keep to themselves doesn't show in totals, facets or spellings", func(t *testing.T) {
		before := w.search(ann, q("penguin data"))
		var words []string
		for i := range 200 { // more spellings than the engine considers
			words = append(words, fmt.Sprintf("pengui%c%c", 'a'+i%26, 'a'+i/26))
		}
		w.note(bo, "many penguins", strings.Join(words, " data\n")+" data", draft)
		w.note(w.owner, "one penguin", "penguin data")
		w.settle()
		after := w.search(ann, q("penguin data"))
		if before.Total != 0 || after.Total != 1 || after.Items[0].Text != "penguin data" || after.Facets.Type["passage"] != 1 {
			t.Errorf("found %+v, then %+v", before, after)
		}
		if mine := w.search(bo, q("penguin data")); mine.Total < 2 {
			t.Errorf("its author finds %d", mine.Total)
		}
		if page := w.search(ann, coding.SearchRequest{}); page.Facets.Type["passage"] != page.Total-page.Facets.Type["memo"]-page.Facets.Type["code"] || page.Total > 20 {
			t.Errorf("all of it: %+v", page)
		}
	})
	t.Run("strangers find nothing", func(t *testing.T) {
		_, err := w.service.Search(w.ctx, w.user("stranger"), w.space, q("data"))
		refused(t, err, models.KindNotFound, "project_not_found")
	})
	t.Run("one project isn't found in another", func(t *testing.T) {
		p, err := w.service.CreateProject(w.ctx, w.owner, coding.NewProject{Name: "elsewhere"})
		w.must(err)
		page, err := w.service.Search(w.ctx, w.owner, p.ID, q(""))
		w.must(err)
		if page.Total != 0 || page.Items == nil || page.Facets.Code == nil {
			t.Errorf("found %+v", page)
		}
	})
	t.Run("a purged project leaves no index", func(t *testing.T) {
		p, err := w.service.CreateProject(w.ctx, w.owner, coding.NewProject{Name: "gone"})
		w.must(err)
		home := w.space
		w.space = p.ID
		defer func() { w.space = home }()
		w.note(w.owner, "shared", "the dodo")
		w.note(w.owner, "own", "the dodo too", draft)
		finds(t, w.owner, "dodo", "the [dodo]", "the [dodo] too")
		entries, err := w.db.IndexEntries(w.ctx, p.ID)
		w.must(err)
		if len(entries) != 2 {
			t.Errorf("indexes %v", entries)
		}
		w.must(w.service.DeleteProject(w.ctx, w.owner, p.ID))
		_, err = w.service.Search(w.ctx, w.owner, p.ID, q("dodo"))
		refused(t, err, models.KindNotFound, "project_not_found")
		w.must(w.service.Purge(w.ctx, w.owner, p.ID, models.NounProject, p.ID))
		w.settle()
		for _, e := range entries {
			if w.has(e.UID) {
				t.Errorf("%s is still there", e.UID)
			}
		}
	})
}

// TestHitsThatAreGone asks an index that is behind: what it remembers isn't shown.
func TestHitsThatAreGone(t *testing.T) {
	w := newWorldOnce(t)
	bo := w.member("Bo", models.RoleEditor)
	n := w.note(w.owner, "one", "the walrus sleeps")
	memo := w.memo(bo, models.NounProject, w.space, false, "a walrus")
	w.settleOnce()
	if got := w.found(bo, q("walrus")); len(got) != 2 {
		t.Fatalf("found %v", got)
	}
	// From here on the index follows no more.
	texts := func() []string {
		out := []string{}
		for _, h := range w.search(bo, q("walrus")).Items {
			out = append(out, h.Text)
		}
		slices.Sort(out)
		return out
	}
	_, err := w.service.ChangeMemo(w.ctx, bo, w.space, memo.ID, 0, coding.MemoFields{Text: new("something else")})
	w.must(err)
	if diff := cmp.Diff([]string{"the walrus sleeps"}, texts()); diff != "" {
		t.Errorf("after a memo changed (-want +got):\n%s", diff)
	}
	_, err = w.service.ChangeNote(w.ctx, w.owner, w.space, n.ID, 0, coding.NoteFields{Title: new("another title")})
	w.must(err)
	if page := w.search(bo, q("walrus")); len(page.Items) != 1 || page.Items[0].Title != "another title" {
		t.Errorf("after a title changed: %+v", page.Items)
	}
	_, err = w.service.EditText(w.ctx, w.owner, w.space, n.ID, 0, content("no animal"))
	w.must(err)
	if got := texts(); len(got) != 0 {
		t.Errorf("after an edit: %v", got)
	}
	w.must(w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, n.ID, 0))
	if got := texts(); len(got) != 0 {
		t.Errorf("in the bin: %v", got)
	}
}
