package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"feltbog/models"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	halt := w.Indexing()
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("eva", models.RoleReader)
	bo := j.As("bo")
	tour := j.Note("Åbent 🙂 👩‍👩‍👧 hus: x\u030cåle i Ærøskøbing.\n\n»Så finder jeg endnu et skema frem,« siger Ruth. Endnu et skema, og endnu et skema.", object{"title": "tour", "language": "da"})
	near := j.Note("En ny platform, endu et skema, ingen svarer. Registrene i Ærøskøbing.", object{"title": "near", "language": "da"})
	draft := bo.Note("Endnu et skema, som ingen må se.", object{"title": "draft", "draft": true})
	code := j.Code("problem")

	ask := func(who *project, extent, q string, more ...string) *reply {
		query := url.Values{"put": {code}, "extent": {extent}, "q": {q}}
		return who.get(j.path + "/search/candidates?" + query.Encode() + strings.Join(more, "")).want(http.StatusOK)
	}
	// places gives title, block and words of the candidates, the near spellings with a tilde.
	places := func(r *reply) string {
		var all []string
		for i := range r.items() {
			sign := ""
			if r.value("items", i, "near").(bool) {
				sign = "~"
			}
			all = append(all, fmt.Sprintf("%s %d %s%s", r.text("items", i, "title"), r.number("items", i, "block"), sign, r.text("items", i, "anchor", "quote")))
		}
		slices.Sort(all)
		return strings.Join(all, " | ")
	}
	eventually(t, "everything can be found", func() bool {
		return len(ask(j, "passage", "endnu et skema").items()) == 2 && len(ask(bo, "passage", "endnu et skema").items()) == 3
	})

	t.Run("matched words are whole words of the text, and near spellings are told", func(t *testing.T) {
		w.in(t)
		for q, want := range map[string]string{
			`"endnu et skema"`: "tour 2 Endnu et skema | tour 2 endnu et skema | tour 2 endnu et skema",
			"endnu et skema":   "near 1 ~endu et skema | tour 2 Endnu et skema | tour 2 endnu et skema | tour 2 endnu et skema",
			"xåle":             "tour 1 x\u030cåle",
			"👩‍👩‍👧":            "tour 1 👩‍👩‍👧",
			"aeroesk":          "near 1 Ærøskøbing | tour 1 Ærøskøbing",
			"registrne":        "near 1 ~Registrene",
			"registr":          "near 1 Registrene",
			"skema -ruth":      "near 1 skema",
			"":                 "",
			"nothinglikeit":    "",
		} {
			if got := places(ask(j, "words", q)); got != want {
				t.Errorf("%s gives %q, want %q", q, got, want)
			}
		}
	})

	t.Run("passages are whole, and marked", func(t *testing.T) {
		w.in(t)
		r := ask(j, "passage", "endnu skema", "&order=observedOn")
		if got := places(r); !strings.Contains(got, "near 1 ~En ny platform") || !strings.Contains(got, "tour 2 »Så finder") || len(r.items()) != 2 {
			t.Errorf("= %s", got)
		}
		for i := range r.items() {
			points := []rune(tour.text)
			if r.text("items", i, "noteId") == near.id {
				points = []rune(near.text)
			}
			start, end := r.number("items", i, "marks", 0, 0), r.number("items", i, "marks", 0, 1)
			if words := string(points[start:end]); words != "endnu" && words != "endu" {
				t.Errorf("marked %q", words)
			}
			a := r.value("items", i, "anchor")
			if got := string(points[int(at(t, a, "start").(float64)):int(at(t, a, "end").(float64))]); got != at(t, a, "quote") {
				t.Errorf("%q stands where %q should", got, at(t, a, "quote"))
			}
		}
		if got := places(ask(j, "passage", "")); strings.Count(got, "|") != 2 {
			t.Errorf("without words = %q", got)
		}
	})

	t.Run("nobody gets somebody else's draft", func(t *testing.T) {
		w.in(t)
		for _, extent := range []string{"passage", "words"} {
			if r := ask(j, extent, "endnu et skema"); strings.Contains(string(r.raw), draft.id) || strings.Contains(string(r.raw), "ingen må se") {
				t.Errorf("= %s", r.raw)
			}
		}
		if got := places(ask(bo, "words", `"endnu et skema"`)); !strings.Contains(got, "draft 1 Endnu et skema") {
			t.Errorf("the author's own: %q", got)
		}
	})

	t.Run("what is chosen is put as one batch, and taken back as one", func(t *testing.T) {
		w.in(t)
		r := ask(j, "words", "endnu et skema")
		body := array{}
		for _, item := range r.items() {
			body = append(body, object{"noteId": at(t, item, "noteId"), "codeId": r.text("codeId"), "anchor": at(t, item, "anchor")})
		}
		put := j.post(j.path+"/codings/batch", object{"items": body}).want(http.StatusCreated)
		if len(put.items()) != 4 {
			t.Fatalf("= %s", put.raw)
		}
		if again := ask(j, "words", "endnu et skema"); len(again.items()) != 0 || again.number("already") != 4 {
			t.Errorf("again = %s", again.raw)
		}
		if others := ask(bo, "words", "endnu et skema"); len(others.items()) != 5 || others.number("already") != 0 {
			t.Errorf("for others = %s", others.raw)
		}
		event := j.get(j.path+"/events?noun=coding&record="+put.text("items", 2, "id")).text("items", 0, "id")
		j.post(j.path+"/events/"+event+"/undo", nil).want(http.StatusCreated)
		if after := ask(j, "words", "endnu et skema"); len(after.items()) != 4 || after.number("already") != 0 {
			t.Errorf("afterwards = %s", after.raw)
		}
	})

	t.Run("words within a coding of one's own have the code already", func(t *testing.T) {
		w.in(t)
		tour.Coding("problem", "finder jeg endnu et skema frem")
		if r := ask(j, "words", `"endnu et skema"`); len(r.items()) != 2 || r.number("already") != 1 {
			t.Errorf("= %s", r.raw)
		}
		if r := ask(j, "passage", `"endnu et skema"`); len(r.items()) != 1 || r.number("already") != 0 {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("a code that can't be put", func(t *testing.T) {
		w.in(t)
		at := j.path + "/search/candidates?q=skema"
		j.get(at).refused(http.StatusUnprocessableEntity, "code_unknown").pointing("/put")
		j.get(at+"&put="+string(models.NewID())).refused(http.StatusUnprocessableEntity, "code_unknown").pointing("/put")
		j.get(at+"&extent=page&put="+code).refused(http.StatusUnprocessableEntity, "extent_unknown").pointing("/extent")
		j.get(at+"&type=memo&put="+code).refused(http.StatusUnprocessableEntity, "parameter_unknown")
		j.As("eva").get(at+"&put="+code).refused(http.StatusForbidden, "role_insufficient")

		old := j.post(j.path+"/codes", object{"name": "Old"}).want(http.StatusCreated).id()
		j.post(j.path+"/codes/"+old+"/merge", object{"into": code}, seeing(1)).want(http.StatusOK)
		if r := j.get(at + "&put=" + old).want(http.StatusOK); r.text("codeId") != code {
			t.Errorf("a merged code = %s", r.raw)
		}
		gone := j.post(j.path+"/codes", object{"name": "Gone"}).want(http.StatusCreated).id()
		j.patch(j.path+"/codes/"+gone, object{"archived": true}, seeing(1)).want(http.StatusOK)
		j.get(at+"&put="+gone).refused(http.StatusConflict, "code_archived")
	})

	t.Run("there are a thousand at most, and more are said to be", func(t *testing.T) {
		w.in(t)
		many := j.Note(strings.TrimSpace(strings.Repeat("Kartoteket.\n\n", 1030)), object{"title": "many", "language": "da"})
		eventually(t, "all of it can be found", func() bool {
			return j.get(j.path+"/search?q=kartoteket&limit=1").number("total") == 1030
		})
		r := ask(j, "words", "kartoteket")
		if len(r.items()) != 1000 || r.value("more") != true {
			t.Errorf("%d, more: %v", len(r.items()), r.value("more"))
		}
		body := array{}
		for _, item := range r.items() {
			body = append(body, object{"noteId": many.id, "codeId": code, "anchor": at(t, item, "anchor")})
		}
		j.post(j.path+"/codings/batch", object{"items": body}).want(http.StatusCreated)
		if rest := ask(j, "words", "kartoteket"); len(rest.items()) != 30 || rest.number("already") != 1000 || rest.value("more") != false {
			t.Errorf("%d, already %d, more: %v", len(rest.items()), rest.number("already"), rest.value("more"))
		}
	})

	t.Run("passages whose text was edited since are left out", func(t *testing.T) {
		w.in(t)
		halt()
		near.put(near.at+"/text", object{"text": "Kort: " + near.text}, seeing(1)).want(http.StatusOK)
		r := ask(j, "words", "endnu et skema")
		if r.number("changed") != 1 || strings.Contains(string(r.raw), near.id) || len(r.items()) != 2 {
			t.Errorf("= %s", r.raw)
		}
		j.delete(tour.at).want(http.StatusNoContent)
		if r := ask(j, "words", "endnu et skema"); r.number("changed") != 1 || len(r.items()) != 0 {
			t.Errorf("with a note in the bin = %s", r.raw)
		}
	})
}
