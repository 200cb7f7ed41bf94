package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/models"
)

// until gives the first message of a kind, however many others come before it.
func (l *tap) until(event string) message {
	l.t.Helper()
	for {
		if m := l.next(); m.event == event {
			return m
		}
	}
}

// hears repeats a deed until the stream tells of it: the feed behind a message that isn't told again
// may be opened a moment after the server began.
func (l *tap) hears(event string, deed func()) message {
	l.t.Helper()
	for range 500 {
		deed()
		for waited := false; !waited; {
			select {
			case m, ok := <-l.messages:
				if !ok {
					l.t.Fatal("the stream ended")
				}
				if m.event == event {
					return m
				}
			case <-time.After(50 * time.Millisecond):
				waited = true
			}
		}
	}
	l.t.Fatalf("nobody is told %s", event)
	return message{}
}

func TestComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	n := j.Note("The registers are what everything else stands on.").Coding("foundation", "registers")
	at := j.path + "/comments"

	t.Run("a thread is written, changed and listed", func(t *testing.T) {
		w.in(t)
		bo := j.As("bo")
		named := "Is it, @[" + j.person.id + "]?"
		r := bo.post(at, object{"codingId": n.coding, "text": named}).want(http.StatusCreated)
		if r.text("mentions", 0) != j.person.id || r.text("layer") != "open" || r.text("noteId") != n.id || r.text("kind") != "comment" {
			t.Errorf("= %s", r.raw)
		}
		j.post(at, object{"codingId": n.coding, "kind": "resolved"}).want(http.StatusCreated)
		j.post(at, object{"codingId": n.coding, "kind": "resolved"}).refused(http.StatusConflict, "thread_state")
		bo.patch(at+"/"+r.id(), object{"text": "It is."}, seeing(1)).want(http.StatusOK)
		bo.patch(at+"/"+r.id(), object{"text": "It was."}, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		for _, query := range []string{"", "?coding=" + n.coding, "?note=" + n.id, "?layer=open"} {
			all := j.As("ida").get(at + query).want(http.StatusOK)
			if len(all.items()) != 2 || all.text("items", 0, "text") != "It is." || all.text("items", 1, "kind") != "resolved" {
				t.Errorf("%s lists %s", query, all.raw)
			}
		}
		if others := j.get(at + "?layer=" + string(models.NewID())).want(http.StatusOK); len(others.items()) != 0 {
			t.Errorf("another layer has %s", others.raw)
		}
		j.get(at+"?layer=closed").refused(http.StatusUnprocessableEntity, "id_malformed")
		page := j.get(at + "?limit=1").want(http.StatusOK)
		if rest := j.get(at + "?limit=1&cursor=" + page.next()).want(http.StatusOK); rest.text("items", 0, "kind") != "resolved" {
			t.Errorf("the second page has %s", rest.raw)
		}
		bo.delete(at + "/" + r.id()).want(http.StatusNoContent)
		bo.delete(at+"/"+r.id()).refused(http.StatusNotFound, "comment_not_found")
		bo.post(j.path+"/bin/comment/"+r.id()+"/restore", nil).want(http.StatusOK)
	})

	t.Run("what is no comment is refused", func(t *testing.T) {
		w.in(t)
		j.post(at, object{"codingId": n.coding, "text": "@[" + w.User("eve").id + "]"}).refused(http.StatusUnprocessableEntity, "mention_unknown").pointing("/text")
		j.post(at, object{"codingId": n.coding, "kind": "shout", "text": "!"}).refused(http.StatusUnprocessableEntity, "kind_unknown").pointing("/kind")
		j.post(at, object{"codingId": n.coding}).refused(http.StatusUnprocessableEntity, "text_empty").pointing("/text")
		j.post(at, object{"codingId": string(models.NewID()), "text": "Hm."}).refused(http.StatusUnprocessableEntity, "coding_unknown").pointing("/codingId")
		j.post(at, object{"codingId": n.coding, "kind": "reopened", "text": "Hm."}).refused(http.StatusUnprocessableEntity, "text_misplaced").pointing("/text")
	})

	t.Run("an export has the threads in words", func(t *testing.T) {
		w.in(t)
		j.post(at, object{"codingId": n.coding, "text": "Ask @[" + w.User("bo").id + "]."}).want(http.StatusCreated)
		row := j.get(j.path + "/exports/codings?format=jsonl").want(http.StatusOK).lines()[0]
		if diff := cmp.Diff(array{"bo: It is.", "lea: Ask @bo."}, row["comments"]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestInbox(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	n := j.Note("The registers are what everything else stands on.")
	n.project = j.As("bo")
	n.Coding("foundation", "registers")
	bo := j.As("bo")
	write := func() {
		j.post(j.path+"/comments", object{"codingId": n.coding, "text": "Is it?"}).want(http.StatusCreated)
	}

	t.Run("its reader is told at once that there is something new, and nobody else", func(t *testing.T) {
		w.in(t)
		own, _ := bo.Listen()
		others, _ := j.Listen()
		if m := own.hears("inbox", write); m.id != "" || m.data != "{}" {
			t.Errorf("= %v", m)
		}
		last := j.Note("And then.").id
		for {
			m := others.next()
			if m.event == "inbox" {
				t.Fatal("another is told")
			}
			if m.records(t) == "note.created "+last {
				return
			}
		}
	})

	t.Run("it is read and unread", func(t *testing.T) {
		w.in(t)
		write()
		all := bo.get("/me/inbox?limit=1").want(http.StatusOK)
		item := all.items()[0]
		if at(t, item, "kind") != "reply" || at(t, item, "read") != false || at(t, item, "actorName") != "lea" || at(t, item, "codingId") != n.coding || all.number("unread") < 2 {
			t.Errorf("= %s", all.raw)
		}
		bo.get("/me/inbox?limit=1&cursor=" + all.next()).want(http.StatusOK)
		id := at(t, item, "id").(string)
		unread := func() int { t.Helper(); return bo.get("/me/inbox?unread=true").want(http.StatusOK).number("unread") }
		before := unread()
		j.post("/me/inbox/read", object{"ids": array{id}, "read": true}).want(http.StatusNoContent) // somebody else's
		if unread() != before {
			t.Error("another marked it")
		}
		bo.post("/me/inbox/read", object{"ids": array{id}, "read": true}).want(http.StatusNoContent)
		if unread() != before-1 {
			t.Error("it is unread")
		}
		bo.post("/me/inbox/read", object{"all": true, "read": true}).want(http.StatusNoContent)
		if got := bo.get("/me/inbox?unread=true").want(http.StatusOK); got.number("unread") != 0 || len(got.items()) != 0 {
			t.Errorf("= %s", got.raw)
		}
		bo.post("/me/inbox/read", object{"read": true}).refused(http.StatusUnprocessableEntity, "inbox_choice")
	})
}

func TestPresence(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleReader)
	n := j.Note("The registers are what everything else stands on.")
	bo := j.As("bo")
	block := 0
	read := func() {
		block++
		bo.put(j.path+"/presence", object{"noteId": n.id, "block": block})
	}
	readers := func() []any { return j.get(j.path + "/presence").want(http.StatusOK).items() }

	t.Run("others see who reads where, and that they left", func(t *testing.T) {
		w.in(t)
		l, _ := j.Listen()
		l.hears("presence", read)
		if all := readers(); len(all) != 1 || at(t, all[0], "userId") != bo.person.id || at(t, all[0], "noteId") != n.id {
			t.Errorf("= %v", all)
		}
		own, _ := bo.Listen()
		own.Close()
		for m := l.until("presence"); m.data != `{"userId":"`+bo.person.id+`","noteId":"","block":0}`; m = l.until("presence") {
			continue
		}
		if all := readers(); len(all) != 0 {
			t.Errorf("they left, and still there are %v", all)
		}
	})

	t.Run("whoever doesn't show it isn't seen", func(t *testing.T) {
		w.in(t)
		l, _ := j.Listen()
		l.hears("presence", read)
		me := bo.get("/me").want(http.StatusOK)
		bo.patch("/me", object{"showPresence": false}, seeing(me.version())).want(http.StatusOK)
		if all := readers(); len(all) != 0 {
			t.Errorf("= %v", all)
		}
		bo.put(j.path+"/presence", object{"noteId": n.id, "block": 1}).want(http.StatusNoContent)
		if all := readers(); len(all) != 0 {
			t.Errorf("= %v", all)
		}
	})

	t.Run("a place is one", func(t *testing.T) {
		w.in(t)
		bo.put(j.path+"/presence", object{"noteId": string(models.NewID()), "block": 1}).refused(http.StatusNotFound, "note_not_found")
		bo.put(j.path+"/presence", object{"noteId": n.id, "block": 20_000}).refused(http.StatusUnprocessableEntity, "block_unknown")
		draft := j.Note("Not yet.", object{"draft": true})
		bo.put(j.path+"/presence", object{"noteId": draft.id, "block": 0}).refused(http.StatusNotFound, "note_not_found")
		j.put(j.path+"/presence", object{"noteId": draft.id, "block": 0}).want(http.StatusNoContent)
		if all := readers(); len(all) != 0 {
			t.Errorf("a draft is read by %v", all)
		}
	})
}
