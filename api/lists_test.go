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

func TestLists(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleReader)
	var names []string
	for i := range 7 {
		names = append(names, fmt.Sprintf("Site %d", i))
		j.post(j.path+"/sites", object{"name": names[i]}).want(http.StatusCreated)
	}

	t.Run("pages follow each other without a gap", func(t *testing.T) {
		w.in(t)
		var got []string
		for path := j.path + "/sites?limit=3"; ; {
			r := j.get(path).want(http.StatusOK)
			got = append(got, r.names()...)
			if r.next() == "" {
				break
			}
			path = j.path + "/sites?limit=3&cursor=" + r.next()
		}
		if !slices.Equal(got, names) {
			t.Errorf("= %q", got)
		}
	})

	t.Run("the size of a page may change on the way", func(t *testing.T) {
		w.in(t)
		r := j.get(j.path + "/sites?limit=2").want(http.StatusOK)
		if got := j.get(j.path + "/sites?limit=5&cursor=" + r.next()).want(http.StatusOK).names(); !slices.Equal(got, names[2:]) {
			t.Errorf("= %q", got)
		}
	})

	t.Run("an empty list is a list", func(t *testing.T) {
		w.in(t)
		for _, path := range []string{"/notes", "/participants", "/memos", "/links", "/codings", "/bin"} {
			if r := j.get(j.path + path).want(http.StatusOK); strings.TrimSpace(string(r.raw)) != `{"items":[],"next":null}` {
				t.Errorf("%s = %s", path, r.raw)
			}
		}
	})

	t.Run("a cursor is its reader's, its list's and its query's own", func(t *testing.T) {
		w.in(t)
		cursor := j.get(j.path + "/sites?limit=2").want(http.StatusOK).next()
		other := j.Project("Another")
		for range 3 {
			j.Note("Words.")
		}
		j.As("bo").get(j.path+"/sites?cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed").pointing("/cursor")
		j.get(other.path+"/sites?cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed")
		j.get(j.path+"/participants?cursor="+cursor).refused(http.StatusBadRequest, "cursor_malformed")
		notes := j.get(j.path + "/notes?limit=1&kind=fieldNote").want(http.StatusOK).next()
		j.get(j.path+"/notes?limit=1&cursor="+notes).refused(http.StatusBadRequest, "cursor_malformed")
		j.get(j.path + "/notes?kind=fieldNote&limit=1&cursor=" + notes).want(http.StatusOK)
	})

	t.Run("a cursor can't be made up or changed", func(t *testing.T) {
		w.in(t)
		cursor := j.get(j.path + "/sites?limit=2").want(http.StatusOK).next()
		changed := []byte(cursor)
		changed[len(changed)/2] ^= 1
		for _, bad := range []string{"x", string(changed), cursor + "A", cursor[:len(cursor)-4], "WyJhIl0", "%00"} {
			if r := j.get(j.path + "/sites?cursor=" + bad); r.status != http.StatusBadRequest {
				t.Errorf("%s = %d %s", bad, r.status, r.raw)
			}
		}
	})

	t.Run("accounts are paged as well", func(t *testing.T) {
		w.in(t)
		w.User("ida")
		r := j.get("/users?limit=2").want(http.StatusOK)
		rest := j.get("/users?limit=2&cursor=" + r.next()).want(http.StatusOK)
		if got := append(r.names(), rest.names()...); !slices.Equal(got, []string{"bo", "ida", "lea"}) || rest.next() != "" {
			t.Errorf("= %q", got)
		}
	})
}

func TestNoteFilters(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	municipality := j.post(j.path+"/sites", object{"name": "Kommunen"}).want(http.StatusCreated).id()
	office := j.post(j.path+"/sites", object{"name": "Jobcentret", "parentId": municipality}).want(http.StatusCreated).id()
	manager := j.post(j.path+"/participants", object{"pseudonym": "Karen", "actorRole": "manager", "siteId": office}).want(http.StatusCreated).id()
	j.Note("One.", object{"title": "one", "siteId": municipality, "observedOn": "2023-01-01", "language": "da", "phase": "before"})
	j.Note("Two.", object{"title": "two", "siteId": office, "observedOn": "2024-01-01", "kind": "interview", "participantIds": array{manager}})
	j.As("bo").Note("Three.", object{"title": "three", "observedOn": "2025-01-01", "draft": true})

	for query, want := range map[string]string{
		"":                                "two one",
		"order=observedOn":                "one two",
		"order=title":                     "one two",
		"site=" + municipality:            "two one",
		"site=" + office:                  "two",
		"kind=interview":                  "two",
		"participant=" + manager:          "two",
		"language=da":                     "one",
		"phase=before":                    "one",
		"from=2023-06-01":                 "two",
		"to=2023-06-01":                   "one",
		"from=2023-01-01&to=2023-01-01":   "one",
		"drafts=true":                     "",
		"phase=" + url.QueryEscape("før"): "",
	} {
		t.Run("?"+query, func(t *testing.T) {
			w.in(t)
			var got []string
			for _, item := range j.get(j.path + "/notes?" + query).want(http.StatusOK).items() {
				got = append(got, at(t, item, "title").(string))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("= %q, want %q", got, want)
			}
		})
	}
	if got := j.As("bo").get(j.path + "/notes?drafts=true").want(http.StatusOK).items(); len(got) != 1 {
		t.Errorf("bo's drafts = %v", got)
	}
}
