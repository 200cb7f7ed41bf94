package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/models"
)

// message is one server-sent event.
type message struct{ id, event, data string }

// tap is an open stream.
type tap struct {
	t        *testing.T
	messages chan message
	cancel   context.CancelFunc
	beats    atomic.Int64
}

// Listen opens the project's stream and reads its first message.
func (j *project) Listen(o ...option) (*tap, message) {
	j.w.t.Helper()
	return j.Tap(j.path+"/stream", o...)
}

// Tap opens a stream and reads its first message.
func (p *person) Tap(path string, o ...option) (*tap, message) {
	p.w.t.Helper()
	r := request{method: http.MethodGet, path: path, header: http.Header{}}
	for _, change := range o {
		change(&r)
	}
	req := p.request(r)
	ctx, cancel := context.WithCancel(req.Context())
	res, err := p.client.Do(req.WithContext(ctx)) //nolint:bodyclose // its reader below closes it
	if err != nil {
		p.w.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		p.w.t.Fatalf("stream = %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	l := &tap{t: p.w.t, messages: make(chan message, 100), cancel: cancel}
	p.w.t.Cleanup(l.Close)
	go func() {
		defer close(l.messages)
		defer res.Body.Close()
		var whole bytes.Buffer
		var m message
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			whole.WriteString(lines.Text() + "\n")
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				m.id = value
			case "event":
				m.event = value
			case "data":
				m.data = value
			case ":":
				l.beats.Add(1)
			case "":
				if m.event != "" {
					validate(l.t, req, res, whole.Bytes())
					whole.Reset()
					l.messages <- m
				}
				m = message{}
			}
		}
	}()
	first := l.next()
	return l, first
}

// Close leaves the stream.
func (l *tap) Close() {
	l.cancel()
	for range l.messages {
		continue // until its reader has ended
	}
}

// next waits for a message.
func (l *tap) next() message {
	l.t.Helper()
	select {
	case m, ok := <-l.messages:
		if !ok {
			l.t.Fatal("the stream ended")
		}
		return m
	case <-time.After(10 * time.Second):
		l.t.Fatal("the stream is silent")
	}
	return message{}
}

// ended says that the stream ends.
func (l *tap) ended() {
	l.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case _, ok := <-l.messages:
			if !ok {
				return
			}
		case <-deadline:
			l.t.Fatal("the stream goes on")
		}
	}
}

// records gives the types and records of the events in a message.
func (m message) records(t *testing.T) string {
	t.Helper()
	var body struct {
		Events []struct{ Type, RecordID string }
	}
	if err := json.Unmarshal([]byte(m.data), &body); err != nil {
		t.Fatalf("%s: %v", m.data, err)
	}
	var all []string
	for _, e := range body.Events {
		all = append(all, e.Type+" "+e.RecordID)
	}
	return strings.Join(all, ", ")
}

func TestStream(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	n := j.Note("The registers are what everything else stands on.")

	t.Run("what one does, the other sees", func(t *testing.T) {
		w.in(t)
		l, hello := j.As("bo").Listen()
		if hello.event != "hello" || hello.id == "" {
			t.Errorf("first = %v", hello)
		}
		n.Coding("foundation", "registers")
		if m := l.next(); m.event != "change" || m.id == "" || m.records(t) != "coding.created "+n.coding {
			t.Errorf("= %v", m)
		}
		r := j.As("bo").post(j.path+"/codings/batch", object{"items": array{
			object{"noteId": n.id, "codeId": j.Code("future"), "anchor": n.Anchor("everything")},
			object{"noteId": n.id, "codeId": j.Code("future"), "anchor": n.Anchor("stands")},
		}}).want(http.StatusCreated)
		if m := l.next(); m.records(t) != "coding.created "+r.text("items", 0, "id")+", coding.created "+r.text("items", 1, "id") {
			t.Errorf("a batch = %v", m)
		}
	})

	t.Run("drafts and private memos are for their authors alone", func(t *testing.T) {
		w.in(t)
		others, _ := j.As("bo").Listen()
		own, _ := j.Listen()
		draft := j.Note("Not yet.", object{"draft": true})
		if m := own.next(); m.records(t) != "note.created "+draft.id {
			t.Errorf("own = %v", m)
		}
		shared := j.Note("For all.")
		if m := others.next(); m.records(t) != "note.created "+shared.id {
			t.Errorf("others = %v", m)
		}
	})

	t.Run("who comes back gets what was missed", func(t *testing.T) {
		w.in(t)
		l, hello := j.As("bo").Listen()
		l.Close()
		first := j.Note("While you were away.").id
		second := j.Note("And then.").id
		for _, resume := range []option{with("Last-Event-ID", hello.id), func(r *request) { r.path += "?after=" + hello.id }} {
			l, again := j.As("bo").Listen(resume)
			if again.event != "hello" {
				t.Fatalf("first = %v", again)
			}
			missed := l.next()
			if missed.records(t) != "note.created "+first {
				t.Errorf("= %v", missed)
			}
			if m := l.next(); m.records(t) != "note.created "+second {
				t.Errorf("= %v", m)
			}
			l.Close()
			l, _ = j.As("bo").Listen(with("Last-Event-ID", missed.id))
			if m := l.next(); m.records(t) != "note.created "+second {
				t.Errorf("behind the first = %v", m)
			}
			l.Close()
		}
	})

	t.Run("a position that isn't one of ours says to begin anew", func(t *testing.T) {
		w.in(t)
		if _, first := j.Listen(with("Last-Event-ID", "made-up")); first.event != "reset" || first.id == "" {
			t.Errorf("first = %v", first)
		}
	})

	t.Run("a stream ends with the membership", func(t *testing.T) {
		w.in(t)
		l, _ := j.As("ida").Listen()
		j.delete(j.path + "/members/" + w.User("ida").id).want(http.StatusNoContent)
		l.ended()
		w.User("ida").get(j.path+"/stream").refused(http.StatusNotFound, "project_not_found")
	})

	t.Run("a stream ends with the session", func(t *testing.T) {
		w.in(t)
		l, _ := j.As("bo").Listen()
		j.As("bo").post("/auth/sign-out", nil).want(http.StatusNoContent)
		l.ended()
		w.User("bo").get(j.path+"/stream").refused(http.StatusUnauthorized, "session_ended")
	})

	t.Run("a stream is not a place for strangers", func(t *testing.T) {
		w.in(t)
		w.User("eve").get(j.path+"/stream").refused(http.StatusNotFound, "project_not_found")
		w.Stranger().get(j.path+"/stream").refused(http.StatusUnauthorized, "token_missing")
	})

	t.Run("streams end with the server", func(t *testing.T) {
		w.in(t)
		l, _ := j.Listen()
		w.stop()
		l.ended()
		j.get(j.path+"/stream").refused(http.StatusServiceUnavailable, "stream_closed")
	})
}

func TestAStreamIsWatched(t *testing.T) {
	w := newWorld(t, func(_ *auth.Options, o *api.Options) {
		o.Heartbeat, o.Recheck = 20*time.Millisecond, 50*time.Millisecond
	})
	j := w.User("lea").Project("Havnsø")
	l, _ := j.Listen()

	t.Run("it says that it is alive", func(t *testing.T) {
		w.in(t)
		eventually(t, "the heart beats", func() bool { return l.beats.Load() > 2 })
	})

	t.Run("its reader is asked about even if nothing tells that the session ended", func(t *testing.T) {
		w.in(t)
		if _, err := w.db.DeleteSessions(t.Context(), models.ID(j.person.id), nil); err != nil {
			t.Fatal(err)
		}
		l.ended()
	})
}
