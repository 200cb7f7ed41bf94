package meili_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

// held gives all that the engine holds of a space, in whatever index, as text.
func (w *world) held() string {
	w.Helper()
	url, key := enginetest.Meili(w.T)
	engine := meilisearch.New(url, meilisearch.WithAPIKey(key))
	made, err := w.db.IndexEntries(w.ctx, w.space)
	w.must(err)
	var all strings.Builder
	for _, e := range made {
		var page meilisearch.DocumentsResult
		w.must(engine.Index(e.UID).GetDocumentsWithContext(w.ctx, &meilisearch.DocumentsQuery{Limit: 1_000}, &page))
		for _, d := range page.Results {
			for field, value := range d {
				all.WriteString(field + " " + string(value) + "\n")
			}
		}
	}
	return all.String()
}

// round sets up a round of a note and moves it to blind.
func (w *world) round(title string, coders ...models.Actor) *models.Round {
	w.Helper()
	var ids []models.ID
	for _, c := range coders {
		ids = append(ids, c.UserID)
	}
	name, method := "First round", models.RoundByHand
	r, err := w.service.CreateRound(w.ctx, w.owner, w.space, coding.NewRound{RoundFields: coding.RoundFields{
		Name: &name, Method: &method, NoteIDs: &[]models.ID{w.ids[title]}, CodeIDs: &[]models.ID{w.ids["foundation"], w.ids["future"]}, CoderIDs: &ids,
		Assignment: &[]models.Assignment{{NoteID: w.ids[title], CoderIDs: ids}},
	}})
	w.must(err)
	return w.move(r, models.RoundBlind)
}

func (w *world) move(r *models.Round, to models.RoundState) *models.Round {
	w.Helper()
	moved, err := w.service.MoveRound(w.ctx, w.owner, w.space, r.ID, 0, coding.RoundStep{To: to, Why: "It is time."})
	w.must(err)
	return moved
}

func TestARoundIsFoundOnceItIsRevealed(t *testing.T) {
	w := newWorld(t)
	bo, ida := w.member("Bo", models.RoleCoder), w.member("Ida", models.RoleReader)
	w.note(w.owner, "one", "the herring arrives\nthe ledger is wet")
	w.comment(bo, w.put(bo, "one", "agency", "herring").ID, "an open remark")
	w.memo(bo, models.NounNote, w.ids["one"], false, "an open thought")
	r := w.round("one", w.owner, bo)
	layer := r.Layer()
	w.put(bo, "one", "foundation", "ledger")
	secret := w.put(bo, "one", "future", "herring")
	w.memo(bo, models.NounCoding, secret.ID, false, "a hidden thought")
	w.comment(bo, secret.ID, "a hidden remark")
	w.memo(bo, models.NounNote, w.ids["one"], true, "a private thought")
	silent := func(state string) {
		t.Helper()
		w.settle()
		if held := w.held(); strings.Contains(held, string(layer)) || strings.Contains(held, "hidden") || strings.Contains(held, "private thought") {
			t.Errorf("while it is %s, the engine holds %s", state, held)
		}
		for _, who := range []models.Actor{w.owner, bo, ida} {
			_, err := w.service.Search(w.ctx, who, w.space, coding.SearchRequest{Layer: layer})
			if e, ok := errors.AsType[*models.Error](err); !ok || e.Code != "round_not_revealed" {
				t.Errorf("while it is %s, a search in it gives %v", state, err)
			}
		}
	}
	silent("blind")

	t.Run("its coders find nothing of the open layer on its notes", func(t *testing.T) {
		agency := coding.SearchRequest{AllCodes: []models.ID{w.ids["agency"]}}
		none := passages(coding.SearchRequest{NoCodes: []models.ID{w.ids["agency"]}})
		for who, sees := range map[models.Actor]bool{w.owner: false, bo: false, ida: true} {
			name := w.names[who.UserID]
			if got := len(w.found(who, agency)) > 0; got != sees {
				t.Errorf("%s finds the open coding: %t", name, got)
			}
			if got := len(w.found(who, none)) == 1; got != sees {
				t.Errorf("%s finds what is coded among what isn't: %t", name, !got)
			}
			page := w.search(who, coding.SearchRequest{Q: "thought"})
			if got := page.Total > 0 && page.Facets.Type["memo"] > 0; got != sees {
				t.Errorf("%s finds the open memo: %t", name, got)
			}
			page = w.search(who, coding.SearchRequest{Q: "remark"})
			if got := page.Total > 0 && page.Facets.Type["comment"] > 0; got != sees || len(page.Items) != page.Total {
				t.Errorf("%s finds the open comment: %+v", name, page)
			}
			page = w.search(who, q("herring"))
			if got := len(page.Items[0].Codes) > 0 && page.Facets.Code[string(w.ids["agency"])] == 1 && page.Facets.Coder[string(bo.UserID)] == 1; got != sees {
				t.Errorf("%s sees the open coding on a hit, or counted: %+v", name, page)
			}
		}
	})

	w.move(r, models.RoundLocked)
	silent("locked")
	w.move(r, models.RoundRevealed)
	w.comment(w.owner, secret.ID, "a later remark")
	told := func(when string) {
		t.Helper()
		w.settle()
		for _, who := range []models.Actor{w.owner, bo, ida} {
			name := w.names[who.UserID]
			page := w.search(who, passages(coding.SearchRequest{Layer: layer, AllCodes: []models.ID{w.ids["foundation"]}, Coders: []models.ID{bo.UserID}}))
			if page.Total != 1 || !slices.Equal(page.Items[0].Codes, []models.ID{w.ids["foundation"]}) || w.counts(page.Facets.Code) != "foundation 1" {
				t.Errorf("%s: %s finds %+v", when, name, page)
			}
			want := []string{"memo: a hidden [thought]"}
			if who == bo {
				want = append(want, "memo: a private [thought]")
			}
			if got := w.found(who, coding.SearchRequest{Layer: layer, Q: "thought"}); !slices.Equal(got, want) {
				t.Errorf("%s: %s finds %q, want %q", when, name, got, want)
			}
			if got := w.found(who, q("thought")); !slices.Equal(got, []string{"memo: an open [thought]"}) {
				t.Errorf("%s: in the open layer %s finds %q", when, name, got)
			}
			if got := w.found(who, coding.SearchRequest{Layer: layer, Q: "remark"}); !slices.Equal(got, []string{"comment: a hidden [remark]", "comment: a later [remark]"}) {
				t.Errorf("%s: %s finds of what was said %q", when, name, got)
			}
			if got := w.found(who, q("remark")); !slices.Equal(got, []string{"comment: an open [remark]"}) {
				t.Errorf("%s: in the open layer %s finds of what was said %q", when, name, got)
			}
			if got := w.search(who, passages(coding.SearchRequest{AllCodes: []models.ID{w.ids["foundation"]}})); got.Total != 0 {
				t.Errorf("%s: in the open layer %s finds codings of the round: %+v", when, name, got)
			}
		}
	}
	told("revealed")
	w.must(w.indexer.Rebuild(w.ctx, w.space))
	told("built anew")
}
