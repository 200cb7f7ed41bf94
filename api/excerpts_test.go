package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"feltbog/models"
)

// quotes gives the words of excerpts in their order.
func quotes(t *testing.T, items []any) string {
	t.Helper()
	var all []string
	for _, item := range items {
		all = append(all, at(t, item, "anchor", "quote").(string))
	}
	return strings.Join(all, " ")
}

func TestExcerptsByPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	site := func(name string) string {
		return j.post(j.path+"/sites", object{"name": name}).want(http.StatusCreated).id()
	}
	west, east := site("west"), site("East")
	j.Note("late", object{"siteId": west, "observedOn": "2024-03-02", "kind": "interview"}).Coding("future", "late")
	j.Note("nowhere", object{"observedOn": "2020-01-01"}).Coding("future", "nowhere")
	two := j.Note("one two three four", object{"siteId": west, "observedOn": "2024-03-01", "language": "en"}).
		Coding("foundation", "four").Coding("foundation_ground", "two").Coding("foundation_barrier", "three").Coding("future", "one")
	j.Note("undated", object{"siteId": east, "observedOn": ""}).Coding("foundation", "undated")
	j.Note("dated", object{"siteId": east, "observedOn": "2024-05-05"}).Coding("foundation", "dated")
	j.As("bo").Note("draft", object{"draft": true, "siteId": east}).Coding("foundation", "draft")
	const all = "dated undated one two three four late nowhere"

	t.Run("site by site, day by day, and as the words stand", func(t *testing.T) {
		w.in(t)
		if got := quotes(t, j.get(j.path+"/codings?order=place").want(http.StatusOK).items()); got != all {
			t.Errorf("= %s", got)
		}
		if got := quotes(t, j.As("bo").get(j.path+"/codings?order=place").want(http.StatusOK).items()); got != strings.Replace(all, "undated", "undated draft", 1) && got != strings.Replace(all, "undated", "draft undated", 1) {
			t.Errorf("with one's own draft = %s", got)
		}
	})

	t.Run("page by page without a gap", func(t *testing.T) {
		w.in(t)
		for _, limit := range []string{"1", "2", "3", "7", "8"} {
			var got []string
			for path := j.path + "/codings?order=place&limit=" + limit; ; {
				r := j.get(path).want(http.StatusOK)
				got = append(got, quotes(t, r.items()))
				if r.next() == "" {
					break
				}
				path = j.path + "/codings?order=place&limit=" + limit + "&cursor=" + r.next()
			}
			if strings.Join(got, " ") != all {
				t.Errorf("in pages of %s: %q", limit, got)
			}
		}
	})

	t.Run("what is filtered", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string]string{
			"code=" + j.Code("foundation"):                 "dated undated two three four",
			"code=" + j.Code("foundation") + "&alone=true": "dated undated four",
			"site=" + west:                   "one two three four late",
			"kind=interview":                 "late",
			"from=2024-03-02":                "dated late",
			"note=" + two.id:                 "one two three four",
			"coder=" + w.User("bo").id:       "",
			"code=" + string(models.NewID()): "",
			"review=true":                    "",
		} {
			for _, order := range []string{"place", "newest"} {
				got := strings.Fields(quotes(t, j.get(j.path+"/codings?order="+order+"&"+query).want(http.StatusOK).items()))
				words := strings.Fields(want)
				if order == "newest" {
					slices.Sort(got)
					slices.Sort(words)
				}
				if !slices.Equal(got, words) {
					t.Errorf("%s by %s = %q", query, order, got)
				}
			}
			if query == "review=true" {
				continue
			}
			if counts := j.get(j.path + "/codings/counts?" + query).want(http.StatusOK); counts.number("total") != len(strings.Fields(want)) {
				t.Errorf("%s counts %s", query, counts.raw)
			}
		}
		j.get(j.path+"/codings?kind=poem").refused(http.StatusUnprocessableEntity, "kind_unknown").pointing("/kind")
		j.get(j.path+"/codings?order=size").refused(http.StatusUnprocessableEntity, "parameter_malformed").pointing("/order")
		j.get(j.path+"/codings/counts?review=true").refused(http.StatusUnprocessableEntity, "parameter_unknown").pointing("/review")
	})

	t.Run("a cursor of one order is none of the other", func(t *testing.T) {
		w.in(t)
		cursor := j.get(j.path + "/codings?limit=1").want(http.StatusOK).next()
		j.get(j.path+"/codings?limit=1&order=place&cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed")
	})

	t.Run("counts by what tells codings apart, without the drafts of others", func(t *testing.T) {
		w.in(t)
		r := j.get(j.path + "/codings/counts?code=" + j.Code("foundation")).want(http.StatusOK)
		if r.number("total") != 5 || r.number("notes") != 3 || len(r.list("codes")) != 3 || r.text("codes", 0, "id") != j.Code("foundation") ||
			r.text("sites", 0, "id") != west || r.number("sites", 0, "count") != 3 || len(r.list("coders")) != 1 || len(r.list("kinds")) != 1 {
			t.Errorf("= %s", r.raw)
		}
		if r := j.As("bo").get(j.path + "/codings/counts?coder=" + w.User("bo").id).want(http.StatusOK); r.number("total") != 1 {
			t.Errorf("of one's own draft = %s", r.raw)
		}
	})
}

func TestWhatAnExcerptTells(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	n := j.Note("A line first.\n\nThe registers carry us.", object{"language": "en"}).Coding("foundation", "registers")
	write := func(who, text string, private bool) {
		j.As(who).post(j.path+"/memos", object{"target": object{"noun": "coding", "id": n.coding}, "text": text, "private": private}).want(http.StatusCreated)
	}
	write("bo", "Only for me.", true)
	write("bo", "For all.", false)
	r := j.get(j.path + "/codings").want(http.StatusOK)
	if r.text("items", 0, "context", "before") != "The " || r.number("items", 0, "context", "block") != 2 || r.value("items", 0, "context", "seconds") != nil ||
		r.text("items", 0, "note", "language") != "en" || len(r.list("items", 0, "memos")) != 1 || r.text("items", 0, "memos", 0, "text") != "For all." {
		t.Errorf("= %s", r.raw)
	}
	if r := j.As("bo").get(j.path + "/codings").want(http.StatusOK); len(r.list("items", 0, "memos")) != 2 {
		t.Errorf("= %s", r.raw)
	}
}
