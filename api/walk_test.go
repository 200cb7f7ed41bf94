package api_test

import (
	"net/http"
	"testing"

	"feltbog/models"
)

// TestWalk goes through the main job from an empty server to coded, found and undone notes.
func TestWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.Stranger()

	r := lea.post("/auth/sign-up", object{"email": "lea@example.org", "name": "Lea", "password": "four words of lea"}).want(http.StatusCreated)
	if r.number("expiresIn") <= 0 || r.text("user", "id") == "" || r.text("user", "email") != "lea@example.org" {
		t.Errorf("sign-up = %s", r.raw)
	}
	lea.take(lea.post("/auth/sign-in", object{"email": "lea@example.org", "password": "four words of lea"}).want(http.StatusOK))

	r = lea.post("/projects", object{"name": "Havnsø", "codebookTemplate": "data-in-organisational-practice"}).want(http.StatusCreated)
	path := "/projects/" + r.id()

	bo := w.User("bo")
	r = lea.post(path+"/members", object{"email": "bo@example.org", "role": models.RoleCoder}).want(http.StatusCreated)
	if r.text("userId") != bo.id || r.text("role") != "coder" {
		t.Errorf("member = %s", r.raw)
	}

	r = lea.get(path + "/codes").want(http.StatusOK)
	if len(r.items()) != 8 || r.value("next") != nil {
		t.Errorf("codes = %s", r.raw)
	}
	code := at(t, r.items()[0], "id").(string)

	site := lea.post(path+"/sites", object{"name": "Havnsø Kommune", "kind": "municipality"}).want(http.StatusCreated).id()

	text := "Æblet sagde: 🙂 the registers come first.\n\nThen the meeting began."
	r = bo.post(path+"/notes", object{
		"title": "Monday", "kind": "fieldNote", "siteId": site, "observedOn": "2025-03-03", "language": "en", "text": text,
	}).want(http.StatusCreated)
	if r.version() != 1 || r.number("textVersion") != 1 || r.number("length") != 65 {
		t.Errorf("note = %s", r.raw)
	}
	if got := r.header.Get("ETag"); got != `"1"` {
		t.Errorf("ETag = %s", got)
	}
	n := &note{project: &project{person: bo, path: path}, id: r.id(), at: path + "/notes/" + r.id(), text: text}

	form, header := aForm(t, object{"siteId": site, "kind": "interview"}, file{"tirsdag.txt", []byte("Tuesday was quiet.")})
	r = bo.post(path+"/imports", form, header).want(http.StatusOK)
	if r.text("items", 0, "status") != "created" || r.text("items", 0, "noteId") == "" || r.value("items", 0, "problem") != nil {
		t.Errorf("imports = %s", r.raw)
	}

	r = bo.get(n.at + "/text").want(http.StatusOK)
	if r.text("text") != text || r.text("noteId") != n.id || r.number("textVersion") != 1 || len(r.list("blocks")) != 2 || r.value("marks") == nil {
		t.Errorf("text = %s", r.raw)
	}

	chosen := string(models.NewID())
	asked := object{"id": chosen, "noteId": n.id, "codeId": code, "anchor": n.Anchor("the registers")}
	r = bo.post(path+"/codings", asked).want(http.StatusCreated)
	if r.id() != chosen || r.version() != 1 || r.text("coderId") != bo.id || r.text("createdAt") == "" {
		t.Errorf("coding = %s", r.raw)
	}
	delete(asked, "id")
	if r = bo.post(path+"/codings", asked).want(http.StatusOK); r.id() != chosen {
		t.Errorf("the same coding again = %s", r.raw)
	}

	r = bo.post(path+"/codings/batch", object{"items": array{
		object{"noteId": n.id, "codeId": code, "anchor": n.Anchor("the meeting")},
		object{"noteId": n.id, "codeId": code, "anchor": n.Anchor("🙂")},
	}}).want(http.StatusCreated)
	if len(r.items()) != 2 || r.text("items", 1, "anchor", "quote") != "🙂" {
		t.Errorf("batch = %s", r.raw)
	}

	r = lea.get(n.at + "/codings?limit=2").want(http.StatusOK)
	if len(r.items()) != 2 || r.next() == "" {
		t.Fatalf("first page = %s", r.raw)
	}
	r = lea.get(n.at + "/codings?limit=2&cursor=" + r.next()).want(http.StatusOK)
	if len(r.items()) != 1 || r.value("next") != nil {
		t.Errorf("second page = %s", r.raw)
	}

	r = lea.get(path + "/events?noun=coding&record=" + chosen).want(http.StatusOK)
	if len(r.items()) != 1 || r.text("items", 0, "type") != "coding.created" {
		t.Fatalf("events = %s", r.raw)
	}
	bo.post(path+"/events/"+r.text("items", 0, "id")+"/undo", nil).want(http.StatusCreated)
	bo.get(path+"/codings/"+chosen).refused(http.StatusNotFound, "coding_not_found")
}
