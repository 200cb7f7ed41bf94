package meili_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

func (w *world) comment(author models.Actor, on models.ID, text string) *models.Comment {
	w.Helper()
	c, err := w.service.CreateComment(w.ctx, author, w.space, coding.NewComment{CodingID: on, Text: text})
	w.must(err)
	return c
}

// undo takes back the last that was done to a record.
func (w *world) undo(who models.Actor, record models.ID) {
	w.Helper()
	page, err := w.service.History(w.ctx, who, w.space, coding.EventQuery{RecordID: record}, models.Page{Limit: 1})
	w.must(err)
	_, err = w.service.Undo(w.ctx, who, w.space, page.Items[0].ID, false)
	w.must(err)
}

// TestFindingComments follows comments through what happens to them, to their codings and to their notes.
func TestFindingComments(t *testing.T) {
	w := newWorld(t)
	bo, ann := w.member("Bo", models.RoleEditor), w.member("Annegrethe", models.RoleCoder)
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
	w.site("quay", "")
	w.note(w.owner, "one", "the herring arrives\nthe ledger is wet\nnobody counts", func(f *coding.NoteFields) { f.SiteID = new(w.ids["quay"]) })
	ledger := w.put(bo, "one", "foundation", "ledger")

	t.Run("they are found by their words, with whose they are and where", func(t *testing.T) {
		c := w.comment(ann, ledger.ID, "is it a walrus, på ålegræs?")
		all(t, "walrus aalegraes", "comment: is it a [walrus], på [ålegræs]?")
		page := w.search(bo, coding.SearchRequest{Types: []coding.HitType{coding.HitComment}})
		if page.Total != 1 || page.Facets.Type["comment"] != 1 || page.Facets.Site[string(w.ids["quay"])] != 1 {
			t.Fatalf("comments are found as %+v", page)
		}
		hit := page.Items[0]
		if hit.CommentID != c.ID || hit.CodingID != ledger.ID || hit.AuthorID != ann.UserID || hit.NoteID != w.ids["one"] || hit.Title != "one" || hit.End != 27 || len(hit.Codes) != 0 {
			t.Errorf("found as %+v", hit)
		}
	})
	t.Run("the filters of notes are theirs, those of codings aren't", func(t *testing.T) {
		for name, r := range map[string]struct {
			coding.SearchRequest
			total int
		}{
			"site":       {coding.SearchRequest{Sites: []models.ID{w.ids["quay"]}}, 1},
			"kind":       {coding.SearchRequest{Kinds: []models.NoteKind{models.KindFieldNote}}, 1},
			"other kind": {coding.SearchRequest{Kinds: []models.NoteKind{models.KindInterview}}, 0},
			"code":       {coding.SearchRequest{AllCodes: []models.ID{w.ids["foundation"]}}, 0},
			"coder":      {coding.SearchRequest{Coders: []models.ID{bo.UserID}}, 0},
			"passages":   {coding.SearchRequest{Types: []coding.HitType{coding.HitPassage}}, 0},
		} {
			r.Q = "walrus"
			if page := w.search(ann, r.SearchRequest); page.Total != r.total {
				t.Errorf("by %s: %+v", name, page)
			}
		}
	})
	t.Run("a change brings new words; who is mentioned isn't among them", func(t *testing.T) {
		c := w.comment(bo, ledger.ID, "the puffin is shy")
		all(t, "puffin", "comment: the [puffin] is shy")
		_, err := w.service.ChangeComment(w.ctx, bo, w.space, c.ID, 0, coding.CommentFields{Text: new("Æh, @[" + string(ann.UserID) + "] knows the auk")})
		w.must(err)
		all(t, "puffin")
		all(t, "auk", "comment: Æh, @["+string(ann.UserID)+"] knows the [auk]")
		all(t, "annegrethe")
		for part := range strings.SplitSeq(string(ann.UserID), "-") {
			all(t, part)
		}
	})
	t.Run("marks of a thread are no words", func(t *testing.T) {
		before := w.search(ann, coding.SearchRequest{}).Total
		_, err := w.service.CreateComment(w.ctx, ann, w.space, coding.NewComment{CodingID: ledger.ID, Kind: models.CommentResolved})
		w.must(err)
		w.settle()
		if got := w.search(ann, coding.SearchRequest{}); got.Total != before {
			t.Errorf("resolved, there are %d hits of %d", got.Total, before)
		}
	})
	t.Run("the bin hides them, their codings' and their notes' too", func(t *testing.T) {
		n := w.note(w.owner, "binned", "the tide turns")
		on := w.put(bo, "binned", "future", "tide")
		c := w.comment(ann, on.ID, "like a kittiwake")
		all(t, "kittiwake", "comment: like a [kittiwake]")
		w.must(w.service.DeleteComment(w.ctx, ann, w.space, c.ID, 0))
		all(t, "kittiwake")
		_, err := w.service.Restore(w.ctx, ann, w.space, models.NounComment, c.ID)
		w.must(err)
		all(t, "kittiwake", "comment: like a [kittiwake]")
		w.must(w.service.RemoveCoding(w.ctx, bo, w.space, on.ID, 0))
		all(t, "kittiwake")
		w.undo(bo, on.ID)
		all(t, "kittiwake", "comment: like a [kittiwake]")
		w.must(w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, n.ID, 0))
		all(t, "kittiwake")
		w.must(w.service.Purge(w.ctx, w.owner, w.space, models.NounNote, n.ID))
		w.settle()
		if strings.Contains(w.held(), "kittiwake") {
			t.Error("the engine holds what was purged")
		}
	})
	t.Run("on a draft they are its author's", func(t *testing.T) {
		n := w.note(bo, "draft", "the fog lifts", draft)
		on := w.put(bo, "draft", "future", "fog")
		c := w.comment(bo, on.ID, "or a cormorant")
		finds(t, bo, "cormorant", "comment: or a [cormorant]")
		finds(t, ann, "cormorant")
		finds(t, w.owner, "cormorant")
		_, err := w.service.ChangeNote(w.ctx, bo, w.space, n.ID, 0, coding.NoteFields{Draft: new(false)})
		w.must(err)
		all(t, "cormorant", "comment: or a [cormorant]")
		w.must(w.service.DeleteComment(w.ctx, bo, w.space, c.ID, 0))
		w.must(w.service.Purge(w.ctx, w.owner, w.space, models.NounComment, c.ID))
		w.settle()
		if strings.Contains(w.held(), "cormorant") {
			t.Error("the engine holds what was purged")
		}
	})
	t.Run("they go with their codings to another place and to a twin", func(t *testing.T) {
		n := w.note(w.owner, "twins", "the sand moves")
		stays, goes := w.put(bo, "twins", "future", "sand"), w.put(bo, "twins", "agency", "sand")
		w.comment(ann, goes.ID, "so does the razorbill")
		lies := func(when string, on models.ID) {
			t.Helper()
			all(t, "razorbill", "comment: so does the [razorbill]")
			if hit := w.search(ann, q("razorbill")).Items[0]; hit.CodingID != on {
				t.Errorf("%s, it is on %s, want %s", when, hit.CodingID, on)
			}
		}
		lies("written", goes.ID)
		_, err := w.service.EditText(w.ctx, w.owner, w.space, n.ID, 0, content("much later\nthe sand moves"))
		w.must(err)
		lies("carried", goes.ID)
		_, err = w.service.MergeCode(w.ctx, w.owner, w.space, w.ids["agency"], w.ids["future"], 0)
		w.must(err)
		lies("merged", stays.ID)
		w.undo(w.owner, w.ids["agency"])
		lies("taken back", goes.ID)
	})
	t.Run("an index that is built anew finds the same", func(t *testing.T) {
		w.must(w.indexer.Rebuild(w.ctx, w.space))
		all(t, "razorbill", "comment: so does the [razorbill]")
		all(t, "walrus", "comment: is it a [walrus], på ålegræs?")
		all(t, "kittiwake")
		all(t, "cormorant")
	})
}
