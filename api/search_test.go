package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"feltbog/models"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Indexing()
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	municipality := j.post(j.path+"/sites", object{"name": "Kommunen"}).want(http.StatusCreated).id()
	office := j.post(j.path+"/sites", object{"name": "Jobcentret", "parentId": municipality}).want(http.StatusCreated).id()
	karen := j.post(j.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated).id()
	one := j.Note("The 🙂 registers of Sønderborg come first.\n\nNobody asked why.", object{"title": "one", "siteId": municipality, "observedOn": "2023-01-01"}).
		Coding("foundation_ground", "registers")
	two := j.As("bo").Note("Registers again, and the caseworker sighs.", object{"title": "two", "siteId": office, "kind": "interview", "observedOn": "2024-01-01", "phase": "before", "participantIds": array{karen}}).
		Coding("problem", "sighs")
	draft := j.Note("Registers nobody may read about yet.", object{"title": "draft", "draft": true, "observedOn": "2025-01-01"})
	memo := j.post(j.path+"/memos", object{"target": object{"noun": "note", "id": one.id}, "text": "Are the registers an argument?"}).want(http.StatusCreated).id()

	comment := j.As("bo").post(j.path+"/comments", object{"codingId": one.coding, "text": "@[" + w.User("lea").id + "] 🙂 an argument, or only furniture?"}).want(http.StatusCreated).id()

	search := func(who *project, query string) *reply {
		return who.get(j.path + "/search?" + query).want(http.StatusOK)
	}
	// titles gives what was found, notes by their titles, in alphabetical order.
	titles := func(r *reply) string {
		var all []string
		for _, item := range r.items() {
			switch at(t, item, "type") {
			case "passage":
				all = append(all, at(t, item, "title").(string))
			default:
				all = append(all, at(t, item, "type").(string))
			}
		}
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	eventually(t, "everything can be found", func() bool {
		return titles(search(j, "q=registers&type=passage")) == "draft one two" && titles(search(j, "q=argument&type=memo")) == "memo" && titles(search(j, "q=furniture")) == "comment" &&
			search(j, "q=registers&type=passage&code="+j.Code("foundation")).number("total") == 1 && search(j, "q=sighs&code="+j.Code("problem")).number("total") == 1
	})

	t.Run("marks are code points of the note", func(t *testing.T) {
		w.in(t)
		r := search(j, "q=registers&site="+municipality+"&to=2023-12-31&type=passage")
		if len(r.items()) != 1 || r.text("items", 0, "noteId") != one.id {
			t.Fatalf("= %s", r.raw)
		}
		points := []rune(one.text)
		start, end := r.number("items", 0, "marks", 0, 0), r.number("items", 0, "marks", 0, 1)
		if string(points[start:end]) != "registers" || string(points[r.number("items", 0, "start"):r.number("items", 0, "end")]) != r.text("items", 0, "text") {
			t.Errorf("= %s", r.raw)
		}
		if got := r.list("items", 0, "codes"); len(got) != 1 || got[0] != j.Code("foundation_ground") {
			t.Errorf("codes = %v", got)
		}
	})

	t.Run("a comment is found with its coding, and not by whom it mentions", func(t *testing.T) {
		w.in(t)
		r := search(j, "q=furniture&type=comment&kind=fieldNote&site="+municipality)
		if r.number("total") != 1 || r.number("facets", "type", "comment") != 1 || r.text("items", 0, "commentId") != comment || r.text("items", 0, "codingId") != one.coding ||
			r.text("items", 0, "authorId") != w.User("bo").id || r.text("items", 0, "noteId") != one.id || r.text("items", 0, "title") != "one" {
			t.Fatalf("= %s", r.raw)
		}
		points := []rune(r.text("items", 0, "text"))
		if start, end := r.number("items", 0, "marks", 0, 0), r.number("items", 0, "marks", 0, 1); string(points[start:end]) != "furniture" {
			t.Errorf("= %s", r.raw)
		}
		for _, query := range []string{"q=furniture&type=memo", "q=lea&type=comment", "q=" + w.User("lea").id[:8] + "&type=comment", "q=furniture&coder=" + w.User("lea").id} {
			if got := search(j, query).number("total"); got != 0 {
				t.Errorf("?%s finds %d", query, got)
			}
		}
	})

	t.Run("words and filters", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string]string{
			"q=" + url.QueryEscape("registres caseworkr"):      "two",
			"q=" + url.QueryEscape(`"come first"`):             "one",
			"q=" + url.QueryEscape("registers -nobody -again"): "one",
			"q=soenderborg": "one",
			"q=registers&type=passage&site=" + municipality:                     "one two",
			"q=registers&type=passage&site=" + office:                           "two",
			"q=registers&type=passage&site=" + office + "&site=" + municipality: "one two",
			"q=registers&kind=interview":                                        "two",
			"q=registers&type=passage&kind=interview&kind=fieldNote":            "draft one two",
			"q=registers&code=" + j.Code("foundation"):                          "one",
			"code=" + j.Code("foundation") + "&code=" + j.Code("problem"):       "",
			"codeAny=" + j.Code("foundation") + "&codeAny=" + j.Code("problem"): "one two",
			"q=registers&type=passage&codeNone=" + j.Code("foundation"):         "draft two",
			"codeAny=" + j.Code("foundation") + "&coder=" + w.User("bo").id:     "",
			"codeAny=" + j.Code("problem") + "&coder=" + w.User("bo").id:        "two",
			"q=registers&participant=" + karen:                                  "two",
			"q=registers&phase=before":                                          "two",
			"q=registers&type=passage&language=en&from=2024-01-01":              "draft two",
			"q=registers&type=memo":                                             "memo",
			"q=nothinglikeit":                                                   "",
		} {
			if !strings.Contains(query, "type=") {
				query += "&type=passage" // the codes of the template have many words
			}
			if got := titles(search(j, query)); got != want {
				t.Errorf("?%s finds %q, want %q", query, got, want)
			}
		}
	})

	t.Run("facets and totals count all of it", func(t *testing.T) {
		w.in(t)
		r := search(j, "q=registers&type=passage&limit=1")
		if r.number("total") != 3 || len(r.items()) != 1 || r.number("facets", "kind", "interview") != 1 || r.number("facets", "site", municipality) != 1 {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("by date, page by page", func(t *testing.T) {
		w.in(t)
		var all []string
		query := "q=registers&type=passage&order=observedOn&limit=1"
		for cursor := ""; ; {
			r := search(j, query+cursor)
			all = append(all, r.text("items", 0, "title"))
			if r.value("next") == nil {
				break
			}
			cursor = "&cursor=" + r.next()
		}
		if !slices.Equal(all, []string{"one", "two", "draft"}) {
			t.Errorf("= %q", all)
		}
		cursor := search(j, query).next()
		j.get(j.path+"/search?q=registers&type=passage&order=-observedOn&limit=1&cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed")
		j.As("bo").get(j.path+"/search?"+query+"&cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed")
	})

	t.Run("nobody finds somebody else's draft", func(t *testing.T) {
		w.in(t)
		r := search(j.As("bo"), "q=registers&type=passage")
		if titles(r) != "one two" || r.number("total") != 2 || strings.Contains(string(r.raw), draft.id) {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("what is changed or gone is found as it is", func(t *testing.T) {
		w.in(t)
		two.put(two.at+"/text", object{"text": "Now about something else."}, seeing(1)).want(http.StatusOK)
		j.delete(j.path + "/memos/" + memo).want(http.StatusNoContent)
		j.As("bo").delete(j.path + "/comments/" + comment).want(http.StatusNoContent)
		eventually(t, "the old words are gone", func() bool {
			return titles(search(j, "q=furniture")) == "" && titles(search(j, "q=caseworker&type=passage")) == "" && titles(search(j, "q=something&type=passage")) == "two" && titles(search(j, "q=argument&type=memo")) == ""
		})
	})

	t.Run("questions that make no sense", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string]struct {
			status  int
			code    string
			pointer string
		}{
			"q=" + strings.Repeat("x", 501): {422, "query_too_long", "/q"},
			"kind=poem":                     {422, "kind_unknown", "/kind"},
			"type=event":                    {422, "type_unknown", "/type"},
			"order=length":                  {422, "order_unknown", "/order"},
			"limit=201":                     {422, "limit_out_of_range", "/limit"},
			"code=foundation":               {422, "id_malformed", "/code"},
			"codes=x":                       {422, "parameter_unknown", "/codes"},
			"cursor=eyJzIjowfQ":             {400, "cursor_malformed", "/cursor"},
			"to=yesterday":                  {422, "date_malformed", "/to"},
			"code=" + strings.Repeat(j.id+"&code=", 201): {422, "parameter_repeated", "/code"},
		} {
			j.get(j.path+"/search?"+query).refused(want.status, want.code).pointing(want.pointer)
		}
	})
}
