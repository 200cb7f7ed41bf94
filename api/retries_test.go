package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"feltbog/models"
)

// key sends a new Idempotency-Key.
func key() option { return with("Idempotency-Key", string(models.NewID())) }

func TestRetries(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	n := j.Note("The registers are what everything else stands on.")
	same := func(t *testing.T, a, b *reply) {
		t.Helper()
		if a.status != b.status || !bytes.Equal(a.raw, b.raw) || a.header.Get("ETag") != b.header.Get("ETag") {
			t.Errorf("the first answer was %d %s\nthe second %d %s", a.status, a.raw, b.status, b.raw)
		}
	}

	t.Run("a repeated request gets the first answer and does nothing twice", func(t *testing.T) {
		w.in(t)
		k := key()
		body := object{"noteId": n.id, "codeId": j.Code("foundation"), "anchor": n.Anchor("registers")}
		first := j.post(j.path+"/codings", body, k).want(http.StatusCreated)
		j.unchanged(func() { same(t, first, j.post(j.path+"/codings", body, k)) })

		j.patch(j.path+"/codings/"+first.id(), object{"codeId": j.Code("future")}, seeing(1)).want(http.StatusOK)
		same(t, first, j.post(j.path+"/codings", body, k))
		j.delete(j.path + "/codings/" + first.id()).want(http.StatusNoContent)
		j.unchanged(func() { same(t, first, j.post(j.path+"/codings", body, k)) })
	})

	t.Run("batches, projects and deletions can be repeated too", func(t *testing.T) {
		w.in(t)
		k := key()
		batch := object{"items": array{
			object{"noteId": n.id, "codeId": j.Code("agency"), "anchor": n.Anchor("stands")},
			object{"noteId": n.id, "codeId": j.Code("agency"), "anchor": n.Anchor("everything")},
		}}
		same(t, j.post(j.path+"/codings/batch", batch, k).want(http.StatusCreated), j.post(j.path+"/codings/batch", batch, k))

		k = key()
		project := object{"name": "Twice", "codebookTemplate": "data-in-organisational-practice"}
		same(t, j.post("/projects", project, k).want(http.StatusCreated), j.post("/projects", project, k))
		if all := j.get("/projects").names(); strings.Count(strings.Join(all, "|"), "Twice") != 1 {
			t.Errorf("projects = %q", all)
		}

		k = key()
		site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
		j.delete(j.path+"/sites/"+site, k).want(http.StatusNoContent)
		j.delete(j.path+"/sites/"+site, k).want(http.StatusNoContent)
		j.delete(j.path+"/sites/"+site).refused(http.StatusNotFound, "site_not_found")
	})

	t.Run("an undo can be repeated, also one of many transactions", func(t *testing.T) {
		w.in(t)
		long := j.Note(strings.Repeat("word ", 1100))
		items := make(array, 1100)
		for i := range items {
			items[i] = object{"noteId": long.id, "codeId": j.Code("connector"), "anchor": object{"start": 5 * i, "end": 5*i + 4, "quote": "word"}}
		}
		for _, part := range []array{items[:550], items[550:]} {
			j.post(j.path+"/codings/batch", object{"items": part}).want(http.StatusCreated)
		}
		j.post(j.path+"/codes/"+j.Code("connector")+"/merge", object{"into": j.Code("problem")}).want(http.StatusOK)
		merge := j.last()
		if r := j.post(j.path+"/events/"+merge+"/undo", nil, key()).want(http.StatusCreated); r.number("events") != 1101 {
			t.Errorf("undone: %s", r.raw)
		}
		if left := j.get(j.path + "/codings?limit=1&code=" + j.Code("problem")).want(http.StatusOK).items(); len(left) != 0 {
			t.Errorf("%d codings weren't moved back", len(left))
		}

		k, n := key(), j.Note("A word.").Coding("future", "word")
		coding := j.last()
		same(t, j.post(j.path+"/events/"+coding+"/undo", nil, k).want(http.StatusCreated), j.post(j.path+"/events/"+coding+"/undo", nil, k))
		k = key()
		j.put(n.at+"/text", object{"text": "Another."}, seeing(1)).want(http.StatusOK)
		edit := j.last()
		same(t, j.post(j.path+"/events/"+edit+"/undo", nil, k).want(http.StatusCreated), j.post(j.path+"/events/"+edit+"/undo", nil, k))
	})

	t.Run("a key is for one request", func(t *testing.T) {
		w.in(t)
		k := key()
		site := j.post(j.path+"/sites", object{"name": "Library"}, k).want(http.StatusCreated)
		j.unchanged(func() {
			j.post(j.path+"/sites", object{"name": "School"}, k).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
			j.post(j.path+"/participants", object{"name": "Library"}, k)
			j.patch(j.path+"/sites/"+site.id(), object{"name": "Library"}, seeing(1), k).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
		})
	})

	t.Run("the version that was seen is part of the request", func(t *testing.T) {
		w.in(t)
		site := j.post(j.path+"/sites", object{"name": "School"}).want(http.StatusCreated)
		k := key()
		j.patch(j.path+"/sites/"+site.id(), object{"name": "New school"}, seeing(1), k).want(http.StatusOK)
		j.patch(j.path+"/sites/"+site.id(), object{"name": "New school"}, seeing(2), k).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
	})

	t.Run("a key is its user's own", func(t *testing.T) {
		w.in(t)
		j.Member("bo", models.RoleEditor)
		k := key()
		j.post(j.path+"/sites", object{"name": "Harbour"}, k).want(http.StatusCreated)
		j.As("bo").post(j.path+"/sites", object{"name": "Harbour"}, k).want(http.StatusCreated)
	})

	t.Run("a refusal isn't remembered", func(t *testing.T) {
		w.in(t)
		k := key()
		j.post(j.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": ""}, k).refused(http.StatusUnprocessableEntity, "text_empty")
		j.post(j.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": "Look here."}, k).want(http.StatusCreated)
	})

	t.Run("a key is a UUIDv7", func(t *testing.T) {
		w.in(t)
		for _, bad := range []string{"1", "9b2f0c3e-58d6-4d52-a51f-4b0f3c1d2e00", "{" + string(models.NewID()) + "}"} {
			j.unchanged(func() {
				j.post(j.path+"/sites", object{"name": "Bridge"}, with("Idempotency-Key", bad)).refused(http.StatusBadRequest, "idempotency_key_malformed")
			})
		}
	})

	t.Run("what was purged isn't told again", func(t *testing.T) {
		w.in(t)
		k := key()
		body := object{"title": "A secret", "kind": "fieldNote", "text": "Nobody may know."}
		made := j.post(j.path+"/notes", body, k).want(http.StatusCreated)
		j.delete(j.path + "/notes/" + made.id()).want(http.StatusNoContent)
		purge := key()
		j.delete(j.path+"/bin/note/"+made.id(), purge).want(http.StatusNoContent)
		j.delete(j.path+"/bin/note/"+made.id(), purge).want(http.StatusNoContent)
		j.delete(j.path+"/bin/note/"+made.id(), key()).refused(http.StatusNotFound, "note_not_found")
		j.post(j.path+"/notes", body, k).refused(http.StatusConflict, "answer_purged")
	})
}

func TestVersions(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleEditor)
	site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated)
	at := j.path + "/sites/" + site.id()

	t.Run("an answer carries its version as ETag, which a change sends back", func(t *testing.T) {
		w.in(t)
		tag := j.get(at).want(http.StatusOK).header.Get("ETag")
		if tag != `"1"` {
			t.Fatalf("ETag = %s", tag)
		}
		r := j.patch(at, object{"kind": "municipality"}, with("If-Match", tag)).want(http.StatusOK)
		if r.header.Get("ETag") != `"2"` || r.version() != 2 || r.text("name") != "Town hall" {
			t.Errorf("= %s %s", r.header.Get("ETag"), r.raw)
		}
	})

	t.Run("weak and bare versions will do", func(t *testing.T) {
		w.in(t)
		j.patch(at, object{"kind": "a"}, with("If-Match", `W/"2"`)).want(http.StatusOK)
		j.patch(at, object{"kind": "b"}, with("If-Match", "3")).want(http.StatusOK)
	})

	t.Run("who saw an old version gets the current one", func(t *testing.T) {
		w.in(t)
		j.unchanged(func() {
			r := j.As("bo").patch(at, object{"name": "Rådhuset"}, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
			if r.number("current", "version") != 4 || r.text("current", "kind") != "b" {
				t.Errorf("current = %v", r.value("current"))
			}
			j.delete(at, seeing(3)).refused(http.StatusPreconditionFailed, "version_stale")
		})
	})

	t.Run("a change says what it saw", func(t *testing.T) {
		w.in(t)
		note := j.Note("Words.")
		for what, send := range map[string]func(o ...option) *reply{
			"site":    func(o ...option) *reply { return j.patch(at, object{"name": "x"}, o...) },
			"project": func(o ...option) *reply { return j.patch(j.path, object{"name": "x"}, o...) },
			"member": func(o ...option) *reply {
				return j.patch(j.path+"/members/"+j.person.id, object{"role": "owner"}, o...)
			},
			"note":    func(o ...option) *reply { return j.patch(note.at, object{"title": "x"}, o...) },
			"text":    func(o ...option) *reply { return j.put(note.at+"/text", object{"text": "x"}, o...) },
			"code":    func(o ...option) *reply { return j.patch(j.path+"/codes/"+j.Code("future"), object{"name": "x"}, o...) },
			"account": func(o ...option) *reply { return j.patch("/me", object{"name": "x"}, o...) },
		} {
			t.Run(what, func(t *testing.T) {
				w.in(t)
				j.unchanged(func() {
					send().refused(http.StatusBadRequest, "if_match_missing")
					for _, bad := range []string{"*", `"1", "2"`, `"0"`, `"-1"`, `"01"`, `"one"`, `"99999999999999999999"`} {
						send(with("If-Match", bad)).refused(http.StatusBadRequest, "if_match_malformed")
					}
				})
			})
		}
	})

	t.Run("a deletion may say what it saw, or not", func(t *testing.T) {
		w.in(t)
		j.delete(at, with("If-Match", "x")).refused(http.StatusBadRequest, "if_match_malformed")
		j.delete(at, seeing(4)).want(http.StatusNoContent)
		other := j.post(j.path+"/sites", object{"name": "Library"}).want(http.StatusCreated)
		j.delete(j.path + "/sites/" + other.id()).want(http.StatusNoContent)
	})
}
