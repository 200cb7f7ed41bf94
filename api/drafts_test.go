package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"feltbog/models"
)

// aDraft is a body that saves a draft, under a new revision.
func aDraft(text string) object {
	return object{"revision": string(models.NewID()), "note": object{"title": "Supplier meeting", "kind": "meetingObservation"}, "format": "markdown", "text": text}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	w.User("stranger")
	bo, ida := j.As("bo"), j.As("ida")
	path := j.path + "/drafts"
	begin := func(who *project, text string) string {
		id := string(models.NewID())
		who.put(path+"/"+id, aDraft(text)).want(http.StatusOK)
		return path + "/" + id
	}

	t.Run("a draft is overwritten as its author types", func(t *testing.T) {
		w.in(t)
		j.unchanged(func() {
			id := string(models.NewID())
			at := path + "/" + id
			body := aDraft("Half a sent")
			body["note"] = object{
				"title": " Board ", "kind": "workshop", "siteId": j.id, "observedOn": "2024-04-11", "startsAt": "13:00", "endsAt": "12:00",
				"participantIds": array{j.id}, "language": "da", "phase": "tender", "meeting": object{"purpose": "To show it", "agenda": array{"", "Demo"}}, "draft": true,
			}
			made := bo.put(at, body).want(http.StatusOK)
			if made.version() != 1 || made.header.Get("ETag") != `"1"` || made.value("text") != nil || made.number("length") != 11 {
				t.Errorf("= %s", made.raw)
			}
			body["text"], body["revision"] = "Half a sentence", string(models.NewID())
			bo.put(at, body, seeing(1)).want(http.StatusOK)
			read := bo.get(at).want(http.StatusOK)
			if read.version() != 2 || read.text("text") != "Half a sentence" || read.text("note", "title") != "Board" || read.text("format") != "markdown" ||
				fmt.Sprint(read.value("note", "meeting")) != "map[agenda:[ Demo] purpose:To show it]" || read.text("note", "endsAt") != "12:00" {
				t.Errorf("= %s", read.raw)
			}
			list := bo.get(path).want(http.StatusOK)
			if len(list.items()) != 1 || list.value("items", 0, "text") != nil || list.text("items", 0, "id") != id {
				t.Errorf("= %s", list.raw)
			}
			bo.delete(at, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
			bo.delete(at, seeing(2)).want(http.StatusNoContent)
			bo.delete(at).refused(http.StatusNotFound, "draft_not_found")
			bo.put(at, body, seeing(2)).refused(http.StatusNotFound, "draft_not_found")
		})
	})

	t.Run("two windows don't overwrite each other", func(t *testing.T) {
		w.in(t)
		at := begin(bo, "From the phone")
		stale := bo.put(at, aDraft("From the laptop")).refused(http.StatusPreconditionFailed, "version_stale")
		if stale.text("current", "text") != "From the phone" || stale.number("current", "version") != 1 {
			t.Errorf("= %s", stale.raw)
		}
		bo.put(at, aDraft("From the phone, later"), seeing(1)).want(http.StatusOK)
		bo.put(at, aDraft("From the laptop"), seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		if got := bo.get(at).text("text"); got != "From the phone, later" {
			t.Errorf("= %q", got)
		}
	})

	t.Run("who didn't hear the answer sends the same again", func(t *testing.T) {
		w.in(t)
		body := aDraft("Words")
		at := path + "/" + string(models.NewID())
		for range 2 {
			if r := bo.put(at, body).want(http.StatusOK); r.version() != 1 {
				t.Errorf("= %s", r.raw)
			}
		}
		later := aDraft("More words")
		bo.put(at, later, seeing(1)).want(http.StatusOK)
		if r := bo.put(at, later, seeing(1)).want(http.StatusOK); r.version() != 2 {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("nobody else sees a draft, whatever their role", func(t *testing.T) {
		w.in(t)
		at := begin(bo, "Bo's words")
		for _, other := range []*project{j, ida} {
			other.get(at).refused(http.StatusNotFound, "draft_not_found")
			other.delete(at).refused(http.StatusNotFound, "draft_not_found")
			if list := other.get(path).want(http.StatusOK); len(list.items()) != 0 {
				t.Errorf("= %s", list.raw)
			}
		}
		stranger := j.As("stranger")
		stranger.get(at).refused(http.StatusNotFound, "project_not_found")
		stranger.delete(at).refused(http.StatusNotFound, "project_not_found")
		stranger.put(at, aDraft("x")).refused(http.StatusNotFound, "project_not_found")
		w.Stranger().get(at).refused(http.StatusUnauthorized, "token_missing")
		j.put(at, aDraft("Lea's words, under the same id")).want(http.StatusOK)
		if got := bo.get(at).text("text"); got != "Bo's words" {
			t.Errorf("= %q", got)
		}
		elsewhere := j.Project("Another").path + strings.TrimPrefix(at, j.path)
		j.get(elsewhere).refused(http.StatusNotFound, "draft_not_found")
	})

	t.Run("a note with its id ends it", func(t *testing.T) {
		w.in(t)
		at := begin(bo, "A note to be")
		id := at[strings.LastIndex(at, "/")+1:]
		note := object{"id": id, "title": "Saved", "kind": "fieldNote", "text": "A note to be"}
		j.post(j.path+"/notes", object{"id": string(models.NewID()), "title": "Another", "kind": "fieldNote", "text": "Words"}).want(http.StatusCreated)
		bo.get(at).want(http.StatusOK)
		bo.post(j.path+"/notes", note).want(http.StatusCreated)
		bo.get(at).refused(http.StatusNotFound, "draft_not_found")
		bo.put(at, aDraft("Typed in a second window"), seeing(1)).refused(http.StatusConflict, "draft_saved")
		bo.put(at, aDraft("Typed in a second window")).refused(http.StatusConflict, "draft_saved")
		edit := aDraft("A note to be, better")
		edit["noteId"], edit["noteVersion"] = id, 1
		bo.put(at, edit).want(http.StatusOK)
		j.put(at, edit).want(http.StatusOK)
	})

	t.Run("the words of a purged note go from drafts of its edits", func(t *testing.T) {
		w.in(t)
		n := j.Note("Words to be forgotten.")
		at := path + "/" + n.id
		edit := aDraft("Words to be forgotten, edited")
		edit["noteId"], edit["noteVersion"] = n.id, 1
		bo.put(at, edit).want(http.StatusOK)
		j.delete(n.at).want(http.StatusNoContent)
		bo.get(at).want(http.StatusOK)
		j.delete(j.path + "/bin/note/" + n.id).want(http.StatusNoContent)
		bo.get(at).refused(http.StatusNotFound, "draft_not_found")
		bo.put(at, edit).refused(http.StatusNotFound, "note_not_found")
	})

	t.Run("what a draft holds is bounded", func(t *testing.T) {
		w.in(t)
		at := path + "/" + string(models.NewID())
		long := strings.Repeat("å", models.MaxTextLength)
		bo.put(at, aDraft(long)).want(http.StatusOK)
		bo.put(path+"/"+string(models.NewID()), aDraft(long+"å")).refused(http.StatusRequestEntityTooLarge, "text_too_long").pointing("/text")
		for code, faulty := range map[string]object{
			"name_too_long": {"note": object{"title": strings.Repeat("x", 201)}}, "kind_unknown": {"note": object{"kind": "poem"}},
			"format_unknown": {"format": "html"}, "revision_missing": {"revision": ""}, "field_malformed": {"note": object{"startsAt": "25:00"}},
			"field_unknown": {"note": object{"observer": "x"}}, "prose_too_long": {"note": object{"meeting": object{"purpose": strings.Repeat("x", 20_001)}}},
			"agenda_too_long":       {"note": object{"meeting": object{"agenda": make([]string, 101)}}},
			"participants_too_many": {"note": object{"participantIds": strings.Split(strings.Repeat(j.id+" ", 201), " ")[:201]}},
		} {
			body := aDraft("Words")
			maps.Copy(body, faulty)
			bo.put(path+"/"+string(models.NewID()), body).refused(http.StatusUnprocessableEntity, code)
		}
		bo.put(path+"/9b2f0c3e-58d6-4d52-a51f-4b0f3c1d2e00", aDraft("Words")).refused(http.StatusUnprocessableEntity, "id_malformed")
		bo.put(at, aDraft("Words"), with("If-Match", "x")).refused(http.StatusBadRequest, "if_match_malformed")
	})

	t.Run("a member may keep 200", func(t *testing.T) {
		w.in(t)
		n := len(j.get(path).want(http.StatusOK).items())
		for ; n < models.MaxDrafts; n++ {
			begin(j, strconv.Itoa(n))
		}
		j.put(path+"/"+string(models.NewID()), aDraft("One more")).refused(http.StatusUnprocessableEntity, "draft_limit")
	})

	t.Run("who became a reader still reads theirs, and an archived project takes no more", func(t *testing.T) {
		w.in(t)
		at := begin(bo, "Words")
		j.patch(j.path+"/members/"+bo.person.id, object{"role": "reader"}, seeing(1)).want(http.StatusOK)
		bo.put(at, aDraft("More words"), seeing(1)).refused(http.StatusForbidden, "role_insufficient")
		bo.get(at).want(http.StatusOK)
		j.patch(j.path, object{"archived": true}, seeing(j.get(j.path).version())).want(http.StatusOK)
		j.put(path+"/"+string(models.NewID()), aDraft("x")).refused(http.StatusConflict, "project_archived")
		bo.delete(at).want(http.StatusNoContent)
	})

	t.Run("whoever leaves takes theirs along", func(t *testing.T) {
		w.in(t)
		bo.delete(j.path + "/members/" + bo.person.id).want(http.StatusNoContent)
		bo.get(path).refused(http.StatusNotFound, "project_not_found")
		j.Member("bo", models.RoleCoder)
		if list := bo.get(path).want(http.StatusOK); len(list.items()) != 0 {
			t.Errorf("= %s", list.raw)
		}
	})

	if strings.Contains(w.log.String(), "sentence") || strings.Contains(w.log.String(), "From the phone") {
		t.Error("the log tells what was written")
	}
}

func TestSource(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	plain := j.Note("Plain words.\n\nAnd *these*.")
	if r := j.get(plain.at + "/text/source").want(http.StatusOK); r.text("format") != "plain" || r.text("text") != "Plain words.\n\nAnd *these*." {
		t.Errorf("= %s", r.raw)
	}
	written := "# Registers\n\n“It **all** stands on this,” he said.\n"
	n := j.post(j.path+"/notes", object{"title": "A note", "kind": "fieldNote", "text": written, "format": "markdown"}).want(http.StatusCreated)
	r := j.get(j.path + "/notes/" + n.id() + "/text/source").want(http.StatusOK)
	if r.text("format") != "markdown" || strings.TrimSpace(r.text("text")) != strings.TrimSpace(written) || r.number("textVersion") != 1 {
		t.Errorf("= %s", r.raw)
	}
	w.User("stranger")
	j.As("stranger").get(plain.at+"/text/source").refused(http.StatusNotFound, "project_not_found")
}
