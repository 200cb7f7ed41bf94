package meili_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

func TestAttributes(t *testing.T) {
	w := newWorld(t)
	bo := w.member("Bo", models.RoleCoder)
	project, err := w.service.SetAttributes(w.ctx, w.owner, w.space, 0, []models.Attribute{
		{Name: "Source", Type: models.AttributeChoice, Choices: []string{"Register", `"Memory" OR x`}},
		{Name: "Present", Type: models.AttributeNumber},
		{Name: "Recorded", Type: models.AttributeBoolean},
		{Name: "Approved", Type: models.AttributeDate},
		{Name: "Room", Type: models.AttributeText},
		{Name: "Unused", Type: models.AttributeText},
	})
	w.must(err)
	for _, a := range project.Attributes {
		w.call(a.Name, a.ID)
	}
	with := func(v models.Attributes) func(*coding.NoteFields) {
		return func(f *coding.NoteFields) { f.Attributes = v }
	}
	id := w.ids
	w.note(w.owner, "one", "data one alpha\ndata one beta", with(models.Attributes{id["Source"]: "Register", id["Present"]: 3.0, id["Recorded"]: true, id["Approved"]: "2024-03-01"}))
	w.note(w.owner, "two", "data two", with(models.Attributes{id["Source"]: `"Memory" OR x`, id["Present"]: 12.5, id["Recorded"]: false, id["Approved"]: "2024-04-01", id["Room"]: "3"}))
	three := w.note(w.owner, "three", "data three", with(models.Attributes{id["Present"]: -1.0, id["Room"]: strings.Repeat("long ", 100)}))
	w.note(w.owner, "four", "data four")
	w.note(bo, "five", "data five", draft, with(models.Attributes{id["Recorded"]: true}))
	w.memo(w.owner, models.NounNote, id["two"], false, "data of two")
	w.settle()
	by := func(name, value string) string { return string(id[name]) + ":" + value }
	find := func(who models.Actor, asked ...string) string {
		found := w.found(who, coding.SearchRequest{Q: "data", Attributes: asked, Types: []coding.HitType{coding.HitPassage, coding.HitMemo}})
		for i := range found {
			found[i] = strings.Replace(found[i], "[data] ", "", 1)
		}
		slices.Sort(found)
		return strings.Join(found, ", ")
	}
	for _, c := range []struct {
		asked []string
		want  string
	}{
		{nil, "four, memo: of two, one alpha, one beta, three, two"},
		{[]string{by("Source", "Register")}, "one alpha, one beta"},
		{[]string{by("Source", `"Memory" OR x`)}, "memo: of two, two"},
		{[]string{by("Source", "Register"), by("Source", `"Memory" OR x`)}, "memo: of two, one alpha, one beta, two"},
		{[]string{by("Source", "Register"), by("Recorded", "false")}, ""},
		{[]string{by("Recorded", "true")}, "one alpha, one beta"},
		{[]string{by("Recorded", "false")}, "memo: of two, two"},
		{[]string{by("Present", ">=3")}, "memo: of two, one alpha, one beta, two"},
		{[]string{by("Present", ">=-1"), by("Present", "<=3")}, "one alpha, one beta, three"},
		{[]string{by("Present", "-1")}, "three"},
		{[]string{by("Present", "12.5"), by("Present", "3")}, "memo: of two, one alpha, one beta, two"},
		{[]string{by("Approved", "<=2024-03-31")}, "one alpha, one beta"},
		{[]string{by("Approved", ">=2024-03-02")}, "memo: of two, two"},
		{[]string{by("Approved", "2024-04-01")}, "memo: of two, two"},
		{[]string{by("Room", "3")}, "memo: of two, two"},
		{[]string{by("Unused", "3")}, ""},
		{[]string{string(models.NewID()) + ":3"}, ""},
	} {
		if got := find(w.owner, c.asked...); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.asked, got, c.want)
		}
	}
	if got := find(bo, by("Recorded", "true")); got != "five, one alpha, one beta" {
		t.Errorf("with a draft of one's own: %s", got)
	}
	facets := func(who models.Actor, asked ...string) map[string]string {
		out := map[string]string{}
		for attribute, counts := range w.search(who, coding.SearchRequest{Q: "data", Attributes: asked}).Facets.Attributes {
			out[w.names[models.ID(attribute)]] = w.counts(counts)
		}
		return out
	}
	want := map[string]string{"Source": `"Memory" OR x 2, Register 2`, "Recorded": "false 2, true 3", "Room": "3 2"}
	got := facets(bo)
	delete(got, "Unused") // the engine may count none of it
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}

	t.Run("a value that changes is found where it is, and no longer where it was", func(t *testing.T) {
		w.T = t
		_, err := w.service.ChangeNote(w.ctx, w.owner, w.space, three.ID, 0, coding.NoteFields{Attributes: models.Attributes{id["Present"]: nil, id["Room"]: "short"}})
		w.must(err)
		w.settle()
		if got := find(w.owner, by("Present", "-1")) + "|" + find(w.owner, by("Room", "short")); got != "|three" {
			t.Error(got)
		}
	})
	t.Run("places for a code are found by the same filter", func(t *testing.T) {
		w.T = t
		c, err := w.service.Candidates(w.ctx, w.owner, w.space, coding.CandidateRequest{
			SearchRequest: coding.SearchRequest{Q: "data", Attributes: []string{by("Source", "Register")}}, CodeID: id["agency"], Extent: coding.ExtentPassage,
		})
		w.must(err)
		if len(c.Items) != 2 || c.Items[0].NoteID != id["one"] {
			t.Errorf("%+v", c.Items)
		}
	})
	t.Run("a purged note is found by no value", func(t *testing.T) {
		w.T = t
		err := w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, id["two"], 0)
		w.must(err)
		w.must(w.service.Purge(w.ctx, w.owner, w.space, models.NounNote, id["two"]))
		w.settle()
		if got := find(w.owner, by("Recorded", "false")); got != "" {
			t.Error(got)
		}
	})
}
