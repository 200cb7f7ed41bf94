package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"feltbog/models"
)

func TestSavedSearches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleReader)
	bo := j.As("bo")
	path := j.path + "/saved-searches"
	query := object{
		"q": "register -skat", "type": array{"passage"}, "site": array{j.id}, "kind": array{"interview"}, "code": array{j.Code("foundation")},
		"codeAny": array{j.id}, "codeNone": array{j.id}, "coder": array{j.person.id}, "participant": array{j.id},
		"phase": "before", "language": "da", "from": "2023-01-01", "to": "2024-12-31", "order": "-observedOn",
	}

	t.Run("a search is kept as it was asked", func(t *testing.T) {
		w.in(t)
		chosen := string(models.NewID())
		k := key()
		body := object{"id": chosen, "name": " Registers ", "query": query}
		made := bo.post(path, body, k).want(http.StatusCreated)
		if made.id() != chosen || made.version() != 1 || made.text("name") != "Registers" || made.text("createdBy") != bo.person.id || made.header.Get("ETag") != `"1"` {
			t.Errorf("= %s", made.raw)
		}
		list := bo.get(path).want(http.StatusOK)
		if len(list.items()) != 1 || fmt.Sprint(list.value("items", 0, "query")) != fmt.Sprint(query) {
			t.Errorf("= %s", list.raw)
		}
		if again := bo.post(path, body, k).want(http.StatusCreated); !bytes.Equal(again.raw, made.raw) {
			t.Errorf("again = %s", again.raw)
		}
		bo.post(path, body).refused(http.StatusConflict, "id_taken")

		changed := bo.patch(path+"/"+chosen, object{"query": object{"q": "cards", "phase": " late "}}, seeing(1)).want(http.StatusOK)
		if changed.version() != 2 || changed.text("name") != "Registers" || fmt.Sprint(changed.value("query")) != "map[phase:late q:cards]" {
			t.Errorf("= %s", changed.raw)
		}
		stale := bo.patch(path+"/"+chosen, object{"name": "Cards"}, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		if stale.number("current", "version") != 2 {
			t.Errorf("= %s", stale.raw)
		}
		bo.patch(path+"/"+chosen, object{"name": "Cards"}).refused(http.StatusBadRequest, "if_match_missing")
		bo.delete(path+"/"+chosen, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		bo.delete(path + "/" + chosen).want(http.StatusNoContent)
		bo.delete(path+"/"+chosen).refused(http.StatusNotFound, "saved_search_not_found")
		bo.post(path, object{"id": chosen, "name": "Registers"}).refused(http.StatusConflict, "id_taken")
		bo.post(path, body, k).refused(http.StatusConflict, "answer_purged")
		if left := bo.get(path).want(http.StatusOK); len(left.items()) != 0 {
			t.Errorf("= %s", left.raw)
		}
	})

	t.Run("nobody sees those of others, and nothing tells of them", func(t *testing.T) {
		w.in(t)
		j.unchanged(func() {
			id := bo.post(path, object{"name": "Mine"}).want(http.StatusCreated).id()
			if r := j.get(path).want(http.StatusOK); len(r.items()) != 0 {
				t.Errorf("= %s", r.raw)
			}
			j.patch(path+"/"+id, object{"name": "Yours"}, seeing(1)).refused(http.StatusNotFound, "saved_search_not_found")
			j.delete(path+"/"+id).refused(http.StatusNotFound, "saved_search_not_found")
			bo.delete(path + "/" + id).want(http.StatusNoContent)
		})
	})

	t.Run("they are listed by name", func(t *testing.T) {
		w.in(t)
		for _, name := range []string{"cards", "Basement", "attic"} {
			j.post(path, object{"name": name}).want(http.StatusCreated)
		}
		if got := j.get(path).want(http.StatusOK).names(); !slices.Equal(got, []string{"attic", "Basement", "cards"}) {
			t.Errorf("= %q", got)
		}
	})

	t.Run("what a search would refuse isn't kept", func(t *testing.T) {
		w.in(t)
		many := slices.Repeat(array{j.id}, 201)
		for code, faulty := range map[string]struct {
			query   object
			pointer string
		}{
			"query_too_long":  {object{"q": strings.Repeat("x", 501)}, "/query/q"},
			"kind_unknown":    {object{"kind": array{"poem"}}, "/query/kind"},
			"type_unknown":    {object{"type": array{"event"}}, "/query/type"},
			"order_unknown":   {object{"order": "length"}, "/query/order"},
			"id_malformed":    {object{"code": array{"foundation"}}, "/query/code/0"},
			"field_unknown":   {object{"cursor": "x"}, "/query/cursor"},
			"field_malformed": {object{"to": "yesterday"}, "/query/to"},
			"field_type":      {object{"site": j.id}, "/query/site"},
			"filter_too_long": {object{"coder": many}, "/query/coder"},
			"name_too_long":   {object{"phase": strings.Repeat("x", 201)}, "/query/phase"},
		} {
			j.post(path, object{"name": "Faulty", "query": faulty.query}).refused(http.StatusUnprocessableEntity, code).pointing(faulty.pointer)
		}
		j.post(path, object{"name": " "}).refused(http.StatusUnprocessableEntity, "name_missing").pointing("/name")
		j.post(path, object{"name": strings.Repeat("ø", 201)}).refused(http.StatusUnprocessableEntity, "name_too_long").pointing("/name")
	})

	t.Run("a member may keep 200", func(t *testing.T) {
		w.in(t)
		for n := range models.MaxSaved {
			bo.post(path, object{"name": strconv.Itoa(n)}).want(http.StatusCreated)
		}
		bo.post(path, object{"name": "One more"}).refused(http.StatusUnprocessableEntity, "saved_search_limit")
		j.post(path, object{"name": "One of somebody else"}).want(http.StatusCreated)
	})

	t.Run("whoever left sees theirs no more, and an archived project keeps them", func(t *testing.T) {
		w.in(t)
		j.Member("ida", models.RoleCoder)
		ida := j.As("ida")
		id := ida.post(path, object{"name": "Ida's"}).want(http.StatusCreated).id()
		j.patch(j.path, object{"archived": true}, seeing(j.get(j.path).version())).want(http.StatusOK)
		ida.patch(path+"/"+id, object{"name": "Still Ida's"}, seeing(1)).want(http.StatusOK)
		ida.delete(j.path + "/members/" + ida.person.id).want(http.StatusNoContent)
		ida.get(path).refused(http.StatusNotFound, "project_not_found")
		ida.delete(path+"/"+id).refused(http.StatusNotFound, "project_not_found")
		for _, r := range w.saved() {
			if r.ID == models.ID(id) && r.CreatedBy == models.ID(ida.person.id) {
				return
			}
		}
		t.Error("it is gone")
	})

	t.Run("they go with the account and with the project", func(t *testing.T) {
		w.in(t)
		ida := w.User("ida")
		ida.do(http.MethodDelete, "/me", object{"password": ida.password}).want(http.StatusNoContent)
		for _, r := range w.saved() {
			if r.CreatedBy == models.ID(ida.id) || r.Name == "Still Ida's" {
				t.Errorf("left: %+v", r)
			}
		}
		j.delete(j.path).want(http.StatusNoContent)
		j.post(j.path+"/purge", nil).want(http.StatusNoContent)
		if left := w.saved(); len(left) != 0 {
			t.Errorf("%d are left", len(left))
		}
	})
}

// saved gives all saved searches of the people of this world, as they are kept.
func (w *world) saved() []*models.SavedSearch {
	w.t.Helper()
	var all []*models.SavedSearch
	for _, p := range w.people {
		of, err := w.db.SavedSearchesOf(w.t.Context(), models.ID(p.id))
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, of...)
	}
	return all
}
