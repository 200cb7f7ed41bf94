package api_test

import (
	"net/http"
	"testing"

	"feltbog/models"
)

// last gives the id of the newest event.
func (j *project) last() string {
	j.w.t.Helper()
	return j.get(j.path+"/events?limit=1").want(http.StatusOK).text("items", 0, "id")
}

func TestHistory(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	n := j.As("bo").Note("The registers are what everything else stands on.").Coding("foundation", "registers")
	j.Note("Not yet.", object{"draft": true})

	for query, want := range map[string]int{
		"?noun=coding":                     1,
		"?noun=coding&noun=note":           2,
		"?record=" + n.coding:              1,
		"?note=" + n.id:                    2,
		"?actor=" + w.User("bo").id:        2,
		"?batch=" + string(models.NewID()): 0,
	} {
		if r := j.As("bo").get(j.path + "/events" + query).want(http.StatusOK); len(r.items()) != want {
			t.Errorf("%s has %d events, want %d: %.500s", query, len(r.items()), want, r.raw)
		}
	}
	if r := j.As("bo").get(j.path + "/events?record=" + n.coding).want(http.StatusOK); r.text("items", 0, "after", "coding", "anchor", "quote") != "registers" || r.text("items", 0, "actorId") != w.User("bo").id {
		t.Errorf("= %s", r.raw)
	}
}

func TestUndo(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	n := j.Note("The registers are what everything else stands on.")
	mine := *n
	mine.project = j.As("bo")

	t.Run("one's own coding", func(t *testing.T) {
		w.in(t)
		mine.Coding("foundation", "registers")
		r := mine.post(j.path+"/events/"+j.last()+"/undo", object{}).want(http.StatusCreated)
		if r.number("events") != 1 || len(r.list("movedOn")) != 0 {
			t.Errorf("= %s", r.raw)
		}
		j.get(j.path+"/codings/"+mine.coding).refused(http.StatusNotFound, "coding_not_found")
		mine.post(j.path+"/events/"+j.last()+"/undo", nil).want(http.StatusCreated)
		j.get(j.path + "/codings/" + mine.coding).want(http.StatusOK)
	})

	t.Run("nobody else's", func(t *testing.T) {
		w.in(t)
		mine.Coding("future", "everything")
		event := j.last()
		j.unchanged(func() {
			j.post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusForbidden, "not_yours")
			j.As("ida").post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusForbidden, "role_insufficient")
			w.User("eve").post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusNotFound, "project_not_found")
			w.Stranger().post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusUnauthorized, "token_missing")
		})
	})

	t.Run("not what changed again since, but the rest of a batch", func(t *testing.T) {
		w.in(t)
		r := mine.post(j.path+"/codings/batch", object{"items": array{
			object{"noteId": n.id, "codeId": j.Code("agency"), "anchor": n.Anchor("registers")},
			object{"noteId": n.id, "codeId": j.Code("agency"), "anchor": n.Anchor("stands")},
		}}).want(http.StatusCreated)
		event := j.last()
		mine.patch(j.path+"/codings/"+r.text("items", 0, "id"), object{"codeId": j.Code("problem")}, seeing(1)).want(http.StatusOK)
		j.unchanged(func() {
			mine.post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusConflict, "moved_on").pointing("/records/0")
			mine.post(j.path+"/events/"+event+"/undo", object{"all": true}).refused(http.StatusUnprocessableEntity, "field_unknown")
		})
		undone := mine.post(j.path+"/events/"+event+"/undo", object{"rest": true}).want(http.StatusCreated)
		if undone.number("events") != 1 || undone.text("movedOn", 0) != r.text("items", 0, "id") {
			t.Errorf("= %s", undone.raw)
		}
	})

	t.Run("an edit of a text, with its codings", func(t *testing.T) {
		w.in(t)
		own := j.Note("The registers come first.").Coding("foundation", "registers")
		j.put(own.at+"/text", object{"text": "Nothing comes first."}, seeing(1)).want(http.StatusOK)
		event := j.get(j.path+"/events?noun=note&record="+own.id).text("items", 0, "id")
		j.post(j.path+"/events/"+event+"/undo", nil).want(http.StatusCreated)
		if got := j.get(own.at + "/text").want(http.StatusOK); got.text("text") != own.text || got.number("textVersion") != 3 {
			t.Errorf("= %s", got.raw)
		}
		if c := j.get(j.path + "/codings/" + own.coding).want(http.StatusOK); c.value("review") != false || c.text("anchor", "quote") != "registers" {
			t.Errorf("= %s", c.raw)
		}
	})

	t.Run("a merge, with the codings of everybody", func(t *testing.T) {
		w.in(t)
		n := j.Note("The future is here.")
		own := *n
		own.project = j.As("bo")
		own.Coding("connector", "future")
		j.post(j.path+"/codes/"+j.Code("connector")+"/merge", object{"into": j.Code("future")}).want(http.StatusOK)
		j.As("bo").post(j.path+"/events/"+j.last()+"/undo", nil).refused(http.StatusForbidden, "role_insufficient")
		j.post(j.path+"/events/"+j.last()+"/undo", nil).want(http.StatusCreated)
		if got := j.get(j.path + "/codings/" + own.coding).text("codeId"); got != j.Code("connector") {
			t.Errorf("the coding has code %s", got)
		}
	})
}

func TestBin(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader).Member("per", models.RoleEditor)
	n := j.As("bo").Note("The registers are what everything else stands on.").Coding("foundation", "registers")
	site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
	person := j.post(j.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated).id()
	code := j.post(j.path+"/codes", object{"name": "Rumour"}).want(http.StatusCreated).id()
	memo := j.As("bo").post(j.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": "Look at this."}).want(http.StatusCreated).id()
	for path, who := range map[string]string{"/sites/" + site: "lea", "/participants/" + person: "lea", "/codes/" + code: "lea", "/memos/" + memo: "bo", "/notes/" + n.id: "bo"} {
		j.As(who).delete(j.path + path).want(http.StatusNoContent)
		j.As(who).delete(j.path + path)
	}

	t.Run("what lies in it is gone, and listed for those who may restore it", func(t *testing.T) {
		w.in(t)
		j.get(n.at).refused(http.StatusNotFound, "note_not_found")
		j.get(n.at+"/text").refused(http.StatusNotFound, "note_not_found")
		j.get(j.path+"/codings/"+n.coding).refused(http.StatusNotFound, "coding_not_found")
		nouns := func(who string) map[string]string {
			all := map[string]string{}
			for _, item := range j.As(who).get(j.path + "/bin").want(http.StatusOK).items() {
				all[at(t, item, "noun").(string)] = at(t, item, "name").(string)
				if at(t, item, "deletedAt") == nil || at(t, item, "purgeAt") == nil || at(t, item, "deletedBy") == nil {
					t.Errorf("= %v", item)
				}
			}
			return all
		}
		if got := nouns("bo"); got["note"] == "" || got["memo"] != "Look at this." {
			t.Errorf("bo's bin = %v", got)
		}
		if got := nouns("lea"); got["site"] != "Town hall" || got["participant"] != "Karen" || got["code"] != "Rumour" || got["memo"] != "" {
			t.Errorf("lea's bin = %v", got)
		}
	})

	t.Run("it says what hangs on a note", func(t *testing.T) {
		w.in(t)
		for _, item := range j.As("bo").get(j.path + "/bin").want(http.StatusOK).items() {
			want := 0.0
			if at(t, item, "noun") == "note" {
				want = 1
			}
			if at(t, item, "codings") != want || at(t, item, "memos") != 0.0 { // the memo lies in the bin itself
				t.Errorf("= %v", item)
			}
		}
	})

	t.Run("it comes back by those who could have put it there", func(t *testing.T) {
		w.in(t)
		for _, c := range []struct{ path, who, stranger string }{
			{"/bin/site/" + site, "per", "bo"},
			{"/bin/participant/" + person, "per", "bo"},
			{"/bin/code/" + code, "per", "bo"},
			{"/bin/note/" + n.id, "bo", "ida"},
			{"/bin/memo/" + memo, "bo", "ida"},
		} {
			path := j.path + c.path + "/restore"
			j.As(c.stranger).post(path, nil).refused(http.StatusForbidden, "role_insufficient")
			w.User("eve").post(path, nil).refused(http.StatusNotFound, "project_not_found")
			w.Stranger().post(path, nil).refused(http.StatusUnauthorized, "token_missing")
			r := j.As(c.who).post(path, nil).want(http.StatusOK)
			if r.id() == "" || r.header.Get("ETag") == "" || r.value("deletedAt") != nil {
				t.Errorf("= %s", r.raw)
			}
		}
		j.get(j.path + "/codings/" + n.coding).want(http.StatusOK)
		if list := j.get(j.path + "/bin").want(http.StatusOK).items(); len(list) != 0 {
			t.Errorf("the bin has %v", list)
		}
		j.post(j.path+"/bin/memo/"+memo+"/restore", nil).refused(http.StatusNotFound, "memo_not_found")
	})

	t.Run("only what lies in it can be deleted for good", func(t *testing.T) {
		w.in(t)
		j.delete(j.path+"/bin/note/"+n.id).refused(http.StatusConflict, "not_in_bin")
		j.delete(j.path+"/bin/poem/"+n.id).refused(http.StatusNotFound, "record_not_found")
		j.delete(j.path+"/bin/project/"+j.id).refused(http.StatusNotFound, "record_not_found")
		j.delete(j.path+"/bin/note/"+string(models.NewID())).refused(http.StatusNotFound, "note_not_found")
	})

	t.Run("what is purged leaves no words", func(t *testing.T) {
		w.in(t)
		j.delete(n.at).want(http.StatusNoContent)
		j.As("bo").delete(j.path+"/bin/note/"+n.id).refused(http.StatusForbidden, "role_insufficient")
		j.delete(j.path + "/bin/note/" + n.id).want(http.StatusNoContent)
		j.delete(j.path+"/bin/note/"+n.id).refused(http.StatusNotFound, "note_not_found")
		j.post(j.path+"/bin/note/"+n.id+"/restore", nil).refused(http.StatusNotFound, "note_not_found")
		for _, e := range j.get(j.path + "/events?note=" + n.id).want(http.StatusOK).items() {
			if at(t, e, "before") != nil || at(t, e, "after") != nil {
				t.Errorf("the history remembers %v", e)
			}
		}
		j.get(j.path+"/memos/"+memo).refused(http.StatusNotFound, "memo_not_found")
		j.post(j.path+"/notes", object{"id": n.id, "title": "x", "kind": "fieldNote", "text": "y"}).refused(http.StatusConflict, "id_taken")
	})

	t.Run("a whole project", func(t *testing.T) {
		w.in(t)
		j.post(j.path+"/purge", nil).refused(http.StatusConflict, "not_in_bin")
		j.delete(j.path).want(http.StatusNoContent)
		j.get(j.path).refused(http.StatusNotFound, "project_not_found")
		j.As("bo").get(j.path).refused(http.StatusNotFound, "project_not_found")
		if list := j.get("/projects?bin=true").want(http.StatusOK).names(); len(list) != 1 || list[0] != "Havnsø" {
			t.Errorf("= %q", list)
		}
		if list := j.As("per").get("/projects?bin=true").want(http.StatusOK).names(); len(list) != 0 {
			t.Errorf("= %q", list)
		}
		if r := j.post(j.path+"/restore", nil).want(http.StatusOK); r.text("role") != "owner" {
			t.Errorf("= %s", r.raw)
		}
		j.As("bo").get(j.path).want(http.StatusOK)
		j.delete(j.path).want(http.StatusNoContent)
		j.post(j.path+"/purge", nil).want(http.StatusNoContent)
		j.post(j.path+"/restore", nil).refused(http.StatusNotFound, "project_not_found")
		if list := j.get("/projects?bin=true").want(http.StatusOK).names(); len(list) != 0 {
			t.Errorf("= %q", list)
		}
	})
}
