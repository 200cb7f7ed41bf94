package api_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// required are the kinds of hidden deeds without which the comparison says too little.
var required = []string{
	"a coding", "many codings at once", "a coding changed", "a coding removed", "an undo",
	"a memo in the round", "a private memo", "a private memo elsewhere", "a memo changed", "a memo binned and restored", "a purge tried",
	"a link", "a link changed", "a link removed", "done with a note", "not done after all",
	"a merge tried", "a split tried", "a change of a code tried", "a text edit tried", "a note binned, tried", "an in-vivo code tried",
	"an open coding tried", "an open memo tried",
	"a comment", "a comment changed", "a comment removed", "a mention tried", "presence", "presence ended", "an inbox read", "a token",
	"an upload", "an upload let go", "a draft", "a draft of a note", "an export", "a saved search", "another session",
}

// writes are the operations that change something: with the kind of hidden deed that does them, or with
// why there is none.
var writes = map[string]string{
	"POST /projects/{project}/comments":                           "a comment",
	"PATCH /projects/{project}/comments/{comment}":                "a comment changed",
	"DELETE /projects/{project}/comments/{comment}":               "a comment removed",
	"PUT /projects/{project}/presence":                            "presence",
	"DELETE /projects/{project}/presence":                         "presence ended",
	"POST /me/inbox/read":                                         "an inbox read",
	"POST /me/tokens":                                             "a token",
	"DELETE /me/tokens/{token}":                                   "a token",
	"POST /projects/{project}/codings":                            "a coding",
	"POST /projects/{project}/codings/batch":                      "many codings at once",
	"PATCH /projects/{project}/codings/{coding}":                  "a coding changed",
	"DELETE /projects/{project}/codings/{coding}":                 "a coding removed",
	"POST /projects/{project}/events/{event}/undo":                "an undo",
	"POST /projects/{project}/memos":                              "a memo in the round",
	"PATCH /projects/{project}/memos/{memo}":                      "a memo changed",
	"DELETE /projects/{project}/memos/{memo}":                     "a memo binned and restored",
	"POST /projects/{project}/bin/{noun}/{record}/restore":        "a memo binned and restored",
	"DELETE /projects/{project}/bin/{noun}/{record}":              "a purge tried",
	"POST /projects/{project}/links":                              "a link",
	"PATCH /projects/{project}/links/{link}":                      "a link changed",
	"DELETE /projects/{project}/links/{link}":                     "a link removed",
	"PUT /projects/{project}/rounds/{round}/notes/{note}/done":    "done with a note",
	"DELETE /projects/{project}/rounds/{round}/notes/{note}/done": "not done after all",
	"POST /projects/{project}/codes/{code}/merge":                 "a merge tried",
	"POST /projects/{project}/codes/{code}/split":                 "a split tried",
	"PATCH /projects/{project}/codes/{code}":                      "a change of a code tried",
	"DELETE /projects/{project}/codes/{code}":                     "a change of a code tried",
	"POST /projects/{project}/codes/in-vivo":                      "an in-vivo code tried",
	"PUT /projects/{project}/notes/{note}/text":                   "a text edit tried",
	"DELETE /projects/{project}/notes/{note}":                     "a note binned, tried",
	"POST /projects/{project}/notes":                              "a draft of a note",
	"POST /projects/{project}/uploads":                            "an upload",
	"PATCH /projects/{project}/uploads/{upload}":                  "an upload",
	"DELETE /projects/{project}/uploads/{upload}":                 "an upload let go",
	"PUT /projects/{project}/drafts/{draft}":                      "a draft",
	"DELETE /projects/{project}/drafts/{draft}":                   "a draft",
	"POST /projects/{project}/saved-searches":                     "a saved search",
	"PATCH /projects/{project}/saved-searches/{savedSearch}":      "a saved search",
	"DELETE /projects/{project}/saved-searches/{savedSearch}":     "a saved search",
	"POST /auth/sign-in":                                          "another session",
	"POST /auth/sign-out":                                         "another session",
}

// open are the operations that are nobody's secret: what they do is told to all members, or concerns no
// project, so that they can't tell of a round.
var open = map[string]string{
	"GET /api/openapi.yaml": "the document", "GET /api/docs": "the document", "GET /healthz": "no project", "GET /readyz": "no project",
	"POST /auth/forgot-password": "an account", "POST /auth/reset-password": "an account", "POST /users/{user}/reset-link": "an account",
	"POST /invitations/look": "an account", "POST /invitations/accept": "told to all", "POST /projects/{project}/invitations": "told to owners",
	"DELETE /projects/{project}/invitations/{invitation}": "told to owners", "POST /projects/{project}/leave": "told to all", "POST /projects/{project}/hand-over": "told to all",
	"GET /files/{token}":                        "asked with each signed address",
	"GET /projects/{project}/stream":            "heard all along",
	"HEAD /projects/{project}/uploads/{upload}": "as its GET, which is compared",
	"POST /auth/sign-up":                        "an account", "POST /auth/refresh": "an account",
	"PATCH /me": "an account", "DELETE /me": "an account", "PUT /me/password": "an account", "PUT /me/email": "an account",
	"DELETE /me/sessions": "an account", "DELETE /me/sessions/{session}": "an account", "POST /me/demo": "another project",
	"POST /users": "an account", "POST /projects": "another project", "POST /projects/{project}/copy": "another project",
	"PATCH /projects/{project}": "told to all", "DELETE /projects/{project}": "told to all", "POST /projects/{project}/restore": "told to all",
	"POST /projects/{project}/purge": "told to all", "PUT /projects/{project}/attributes": "told to all",
	"POST /projects/{project}/members": "told to all", "PATCH /projects/{project}/members/{user}": "told to all", "DELETE /projects/{project}/members/{user}": "told to all",
	"POST /projects/{project}/sites": "told to all", "PATCH /projects/{project}/sites/{site}": "told to all", "DELETE /projects/{project}/sites/{site}": "told to all",
	"POST /projects/{project}/participants": "told to all", "PATCH /projects/{project}/participants/{participant}": "told to all", "DELETE /projects/{project}/participants/{participant}": "told to all",
	"PATCH /projects/{project}/notes/{note}": "told to all", "POST /projects/{project}/notes/{note}/attachments": "told to all",
	"DELETE /projects/{project}/notes/{note}/attachments/{file}": "told to all", "POST /projects/{project}/imports": "told to all",
	"POST /projects/{project}/uploads/commit": "told to all", "PUT /projects/{project}/uploads/{upload}/options": "its author's upload",
	"POST /projects/{project}/codes": "told to all", "POST /projects/{project}/codes/import": "told to all",
	"POST /projects/{project}/rounds": "told to all", "PATCH /projects/{project}/rounds/{round}": "told to all", "DELETE /projects/{project}/rounds/{round}": "told to all",
	"POST /projects/{project}/rounds/{round}/draw": "told to all", "POST /projects/{project}/rounds/{round}/move": "told to all",
}

// TestBlind is the promise of a blind round. Of two worlds made alike, others do in one of them whatever
// they can: no member can tell the two apart by anything that they can read or be told, before the round
// is revealed.
func TestBlind(t *testing.T) {
	t.Parallel() // It takes longest of all, mostly waiting for the engines.
	t.Run("every operation is compared, or hidden, or nobody's secret", func(t *testing.T) {
		for _, operation := range operationsOf(t) {
			if strings.Contains(operation, " /courses") || strings.Contains(operation, " /exercise") || strings.Contains(operation, " /submissions") {
				continue // of courses, whose spaces have no rounds and are no projects: TestCourseRights
			}
			_, read := reads[operation]
			kind, written := writes[operation]
			_, told := open[operation]
			if n := count(read, written, told); n != 1 {
				t.Errorf("%s is in %d of the tables", operation, n)
			}
			if written && deeds[kind] == nil {
				t.Errorf("%s is done by %q, which is no deed", operation, kind)
			}
		}
		for _, kind := range required {
			if deeds[kind] == nil {
				t.Errorf("there is no deed %q", kind)
			}
		}
	})

	base := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	busy := newBlind(t, base)
	busy.work(true)
	quiet := newBlind(t, base)
	quiet.work(false)
	quiet.hidden.seen = busy.hidden.seen

	for _, kind := range required {
		if busy.hidden.times[kind] == 0 {
			t.Errorf("nobody did %s", kind)
		}
	}
	for _, b := range []*blind{quiet, busy} {
		for _, who := range observers {
			// How far its coders have come is for owners who don't code in the round to know.
			b.readAll(who, progressOf(who == "olga")...)
			b.probe(who)
			b.tick()
		}
		b.tick()
		b.move(b.otto, "locked", "")
		b.pause()
		for _, who := range []string{"lea", "kim"} {
			for b.logs[who].hints["inbox {}"] < 2 { // when it went blind, and now
				b.listen(who)
			}
		}
		for _, who := range observers[:3] {
			b.readAll(who, progressOf(who != "lea")...)
		}
	}
	for _, who := range observers {
		t.Run(who, func(t *testing.T) { same(t, who, quiet.logs[who], busy.logs[who]) })
	}

	// Codings, memos, links and comments from before the round, on its notes, are in the way of an open mind.
	var earlier []string
	for _, who := range []string{"lea", "bo", "otto"} {
		for i := range 3 {
			earlier = append(earlier, busy.id("open", who, i), busy.id("comment", who, i))
		}
		for i := range 2 {
			earlier = append(earlier, busy.id("memo", who, i, false), busy.id("link", who, i))
		}
	}
	for who, sees := range map[string]bool{"lea": false, "kim": false, "olga": true, "eva": true, "ida": true} {
		t.Run("what was open before is seen by those alone who don't code: "+who, func(t *testing.T) {
			busy.in(t)
			for _, id := range earlier {
				if got := busy.logs[who].told[id]; got != sees {
					t.Errorf("%s was told of %s: %t", who, id, got)
				}
			}
			found := string(busy.User(who).get(busy.otto.path + "/search?type=passage&coder=" + busy.User("bo").id).want(http.StatusOK).raw)
			if got := strings.Contains(found, busy.notes[0].id); got != sees {
				t.Errorf("%s finds by its coder what is on the round's notes: %t", who, got)
			}
		})
	}

	t.Run("once the round is revealed, all of it tells", func(t *testing.T) {
		for _, b := range []*blind{quiet, busy} {
			b.in(t)
			b.tick()
			b.move(b.otto, "revealed", "")
			b.settled()
		}
		for _, address := range []string{
			"/notes/" + busy.notes[0].id + "/codings", "/codings", "/codings/counts", "/codebook/usage", "/memos", "/links", "/comments", "/events", "/search", "/search?q=nobody",
			"/exports/codings?format=csv",
		} {
			mark := "?"
			if strings.Contains(address, "?") {
				mark = "&"
			}
			address += mark + "layer=" + busy.round
			told := map[*blind]string{}
			for _, b := range []*blind{quiet, busy} {
				l := newTranscript()
				told[b] = l.alike(string(b.User("lea").get(b.otto.path + address).want(http.StatusOK).raw))
			}
			if told[quiet] == told[busy] {
				t.Errorf("%s tells nothing of what others did: %s", address, told[busy])
			}
		}
	})
}

func progressOf(known bool) []string {
	if known {
		return []string{"GET /projects/{project}/rounds/{round}/progress"}
	}
	return nil
}

func count(facts ...bool) (n int) {
	for _, fact := range facts {
		if fact {
			n++
		}
	}
	return n
}

// work is what lea does in a round, with what others do beside it in the busy world. Both worlds hear the
// same of lea, second by second.
func (b *blind) work(busy bool) {
	b.t.Helper()
	due := slices.Sorted(maps.Keys(deeds))
	b.hidden.rand.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
	random := rand.New(rand.NewPCG(20250304, 1))
	for range 30 {
		b.tick()
		if busy {
			for range 1 + b.hidden.rand.IntN(5) {
				kind := "a coding"
				if len(b.hidden.codings) > 5 {
					if kind = ""; len(due) > 0 {
						kind, due = due[0], due[1:]
					}
				}
				b.hidden.act(kind)
				if kind != "" && b.hidden.times[kind] == 0 {
					due = append(due, kind) // there was nothing yet to do it with
				}
			}
		}
		b.leaWorks(random)
		if random.IntN(8) == 0 {
			b.pause()
		}
	}
	if busy { // something of each kind is there when the round is revealed
		for range 3 {
			for _, kind := range []string{"a coding", "a memo in the round", "a comment", "a link"} {
				b.hidden.act(kind)
			}
		}
	}
	b.pause()
}

// leaWorks does one of the things that a coder of a round does.
func (b *blind) leaWorks(random *rand.Rand) {
	b.t.Helper()
	p := b.otto.path
	n := b.notes[random.IntN(3)]
	code, paragraph := b.codes[random.IntN(4)], random.IntN(6)
	one := func() string { return b.mine[random.IntN(len(b.mine))] }
	deed := random.IntN(10)
	if len(b.mine) < 2 {
		deed = 0
	}
	switch deed {
	case 0, 1, 2:
		r := b.ask("lea", http.MethodPost, p+"/codings", object{"id": b.id("mine", b.step), "noteId": n.id, "codeId": code, "anchor": n.Paragraph(paragraph)})
		if r.status == http.StatusCreated {
			b.mine = append(b.mine, r.id())
		}
	case 3:
		b.ask("lea", http.MethodPatch, p+"/codings/"+one(), object{"codeId": code}, seeing(1))
	case 4:
		b.ask("lea", http.MethodDelete, p+"/codings/"+one(), nil)
	case 5:
		b.ask("lea", http.MethodPost, p+"/memos", object{"id": b.id("my memo", b.step), "target": object{"noun": "coding", "id": one()}, "text": "A register, I believe."})
	case 6:
		b.ask("lea", http.MethodPost, p+"/links", object{"fromId": one(), "toId": one(), "kind": "leadsTo"})
	case 7:
		b.ask("lea", http.MethodPut, p+"/rounds/"+b.round+"/notes/"+n.id+"/done", nil)
	case 8:
		open := b.notes[3+random.IntN(2)]
		b.ask("lea", http.MethodPost, p+"/codings", object{"id": b.id("my open", b.step), "noteId": open.id, "codeId": b.codes[4], "anchor": open.Paragraph(paragraph)})
	case 9:
		b.ask("lea", http.MethodPost, p+"/memos", object{"id": b.id("my note", b.step), "target": object{"noun": "note", "id": n.id}, "private": true, "text": "For myself."})
	}
	for _, address := range []string{n.at + "/codings?layer=" + b.round, n.at + "/codings", p + "/codings/counts?layer=" + b.round, p + "/rounds/" + b.round + "/tasks", p + "/activity"} {
		b.ask("lea", http.MethodGet, address, nil)
	}
}

// contextOf is a context that outlives the test's own, until it is stopped.
func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(context.WithoutCancel(t.Context()))
}
