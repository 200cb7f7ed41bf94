package api_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/api"
	"feltbog/meili"
	"feltbog/models"
)

// blind is a project in which a round is coded blind: of three notes, by two coders and two owners, with
// an open note beside it. Two of them made at the same time of the same seed are alike, but for what is
// done in one of them that the observers must not notice.
type blind struct {
	*world
	otto    *project // an owner who codes in the round, and whose deeds are hidden
	base    time.Time
	indexer *meili.Indexer
	codes   []string
	notes   []*note // the first three are the round's
	site    string
	round   string
	// filed is a note with an original, file an attachment.
	filed, file string
	// mine are lea's codings in the round, open those of everybody from before it, and links two of those.
	mine, open, links, memos []string
	hidden                   *hidden
	logs                     map[string]*transcript
	taps                     map[string]*tap
	step                     int
}

// The observers: a coder of the round, an owner who codes in it, an owner and administrator who doesn't,
// an editor who doesn't, and a reader.
var observers = []string{"lea", "kim", "olga", "eva", "ida"}

// words are what the paragraphs of notes are made of.
var words = strings.Fields("register dashboard meeting caseworker spreadsheet supplier statistics pilot archive consultant foundation rumour")

// newBlind makes the project up to where its round is coded blind.
func newBlind(t *testing.T, base time.Time) *blind {
	t.Helper()
	b := &blind{base: base, logs: map[string]*transcript{}, taps: map[string]*tap{}}
	b.world = newWorld(t)
	b.frozen.Store(&base)
	b.index2()
	b.User("olga") // the first account is the administrator's
	b.otto = b.User("otto").Project("Havnsø").
		Member("olga", models.RoleOwner).Member("kim", models.RoleOwner).Member("eva", models.RoleEditor).
		Member("lea", models.RoleCoder).Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	otto := b.otto
	for _, c := range otto.get(otto.path + "/codes").want(http.StatusOK).items() {
		if at(t, c, "parentId") == "" && len(b.codes) < 5 {
			b.codes = append(b.codes, at(t, c, "id").(string))
		}
	}
	b.site = otto.post(otto.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
	otto.post(otto.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated)
	for i := range 5 {
		var text []string
		for p := range 6 {
			text = append(text, fmt.Sprintf("The %s of note %d comes before the %s, paragraph %d says.", words[(i+p)%len(words)], i, words[(i*3+p*5)%len(words)], p))
		}
		n := otto.Note(strings.Join(text, "\n\n"), object{"id": b.id("note", i), "title": fmt.Sprintf("Day %d", i), "siteId": b.site, "observedOn": fmt.Sprintf("2025-03-%02d", i+3)})
		b.notes = append(b.notes, n)
	}
	form, header := aForm(t, object{"kind": "document"}, text("plan.txt", "The plan of the pilot."))
	b.filed = otto.post(otto.path+"/imports", form, header).want(http.StatusOK).text("items", 0, "noteId")
	form, header = aForm(t, nil, picture)
	b.file = otto.post(b.notes[3].at+"/attachments", form, header).want(http.StatusCreated).text("attachments", 0, "id")
	b.before()
	// Hits that fit alike come in the order in which they were indexed, which is the same from here on.
	if err := b.indexer.Rebuild(t.Context(), models.ID(otto.id)); err != nil {
		t.Fatal(err)
	}
	b.round = otto.post(otto.path+"/rounds", object{
		"id": b.id("round"), "name": "First round", "noteIds": b.inRound(), "codeIds": b.codes[:4],
		"coderIds": b.ids("lea", "bo", "kim", "otto"), "codersPerNote": 4, "assignment": b.everybody(),
	}).want(http.StatusCreated).id()
	for _, who := range observers {
		b.logs[who] = newTranscript()
		b.User(who).client.Timeout = 0 // a stream stays open
		b.taps[who], _ = otto.As(who).Listen()
	}
	b.move(otto, "blind", "")
	b.hidden = newHidden(b)
	return b
}

// index2 keeps the search index, in a way that can be waited for.
func (b *blind) index2() {
	ctx, stop := contextOf(b.t)
	b.indexer = meili.NewIndexer(b.index, b.db, meili.Options{Log: slog.New(slog.NewJSONHandler(b.log, nil)), Lease: time.Second})
	var running sync.WaitGroup
	running.Go(func() { b.indexer.Run(ctx) })
	b.t.Cleanup(func() {
		stop()
		running.Wait()
		if err := b.index.DropAll(b.t.Context()); err != nil && b.t.Context().Err() == nil {
			b.t.Error(err)
		}
	})
}

// before is what was coded and written in the open before the round.
func (b *blind) before() {
	for _, who := range []string{"lea", "bo", "otto"} {
		j := b.otto.As(who)
		for i, n := range b.notes {
			r := j.post(j.path+"/codings", object{"id": b.id("open", who, i), "noteId": n.id, "codeId": b.codes[(i+len(who))%5], "anchor": n.Paragraph(i)}).want(http.StatusCreated)
			b.open = append(b.open, r.id())
		}
		for i, target := range []object{{"noun": "note", "id": b.notes[0].id}, {"noun": "coding", "id": b.id("open", who, 1)}, {"noun": "note", "id": b.notes[3].id}, {"noun": "site", "id": b.site}} {
			for _, private := range []bool{false, true} {
				r := j.post(j.path+"/memos", object{"id": b.id("memo", who, i, private), "target": target, "private": private, "text": fmt.Sprintf("%s thinks of the register, %d.", who, i)}).want(http.StatusCreated)
				b.memos = append(b.memos, r.id())
			}
		}
		for i, to := range []int{1, 4} { // within the round's notes, and out of them
			r := j.post(j.path+"/links", object{"id": b.id("link", who, i), "fromId": b.id("open", who, 0), "toId": b.id("open", who, to), "kind": "explains"}).want(http.StatusCreated)
			b.links = append(b.links, r.id())
		}
		for i := range 4 {
			j.post(j.path+"/comments", object{"id": b.id("comment", who, i), "codingId": b.open[i], "text": "Said before the round."}).want(http.StatusCreated)
		}
		r := j.post(j.path+"/links", object{"id": b.id("link", who, 2), "fromId": b.id("open", who, 3), "toId": b.id("open", who, 4), "kind": "repeats"}).want(http.StatusCreated)
		b.links = append(b.links, r.id())
	}
}

// id is the same in both worlds.
func (b *blind) id(of ...any) string {
	return string(models.IDOf(b.base, fmt.Sprint(of...)))
}

func (b *blind) ids(names ...string) array {
	var out array
	for _, name := range names {
		out = append(out, b.User(name).id)
	}
	return out
}

func (b *blind) inRound() array {
	return array{b.notes[0].id, b.notes[1].id, b.notes[2].id}
}

func (b *blind) everybody() array {
	var out array
	for _, n := range b.inRound() {
		out = append(out, object{"noteId": n, "coderIds": b.ids("lea", "bo", "kim", "otto")})
	}
	return out
}

// move moves the round on.
func (b *blind) move(who *project, to, why string) {
	b.t.Helper()
	at := who.path + "/rounds/" + b.round
	who.post(at+"/move", object{"to": to, "why": why}, seeing(who.get(at).version())).want(http.StatusOK)
}

// settled waits until the index holds everything.
func (b *blind) settled() {
	b.t.Helper()
	if err := b.indexer.Wait(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// tick lets a second go by, which is the same second in both worlds.
func (b *blind) tick() {
	b.step++
	at := b.base.Add(time.Duration(b.step) * time.Second)
	b.frozen.Store(&at)
}

// Paragraph is the anchor of a paragraph of the note.
func (n *note) Paragraph(i int) object {
	n.w.t.Helper()
	paragraphs := strings.Split(n.text, "\n\n")
	return n.Anchor(paragraphs[i%len(paragraphs)])
}

// transcript is what somebody was answered, in a form that is the same in two worlds that are alike:
// ids are numbered in the order in which they came up, and what is sealed is known by its length.
type transcript struct {
	ids map[string]int
	// told are the ids that stood in answers and on the stream.
	told    map[string]bool
	hints   map[string]int // of the stream
	entries []entry
}

type entry struct{ asked, answered string }

var (
	anID     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	aCursor  = regexp.MustCompile(`("next":"|cursor=)[A-Za-z0-9_-]+`)
	aTicket  = regexp.MustCompile(`/files/[A-Za-z0-9_.-]+`)
	aRequest = regexp.MustCompile(`"requestId":"[^"]*"`)
	aTime    = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

func (l *transcript) hears(answer string) {
	for _, id := range anID.FindAllString(answer, -1) {
		l.told[id] = true
	}
}

func (l *transcript) alike(text string) string {
	text = aCursor.ReplaceAllStringFunc(text, func(s string) string { return fmt.Sprintf("a cursor of %d", len(s)) })
	text = aTicket.ReplaceAllStringFunc(text, func(s string) string { return fmt.Sprintf(`/files/%d long`, len(s)) })
	text = aRequest.ReplaceAllString(text, "")
	return anID.ReplaceAllStringFunc(text, func(id string) string {
		if l.ids[id] == 0 {
			l.ids[id] = len(l.ids) + 1
		}
		return fmt.Sprintf("id %d", l.ids[id])
	})
}

func newTranscript() *transcript {
	return &transcript{ids: map[string]int{}, told: map[string]bool{}, hints: map[string]int{}}
}

// ask sends a request and writes the whole answer down. Times of accounts, sessions and signed addresses
// are the server's own clock's.
func (b *blind) ask(who, method, path string, body any, o ...option) *reply {
	b.t.Helper()
	p := b.User(who)
	r := p.do(method, path, body, o...)
	head := r.header.Clone()
	for _, own := range []string{"Date", "X-Request-Id", "Set-Cookie", "Last-Modified"} {
		head.Del(own)
	}
	answered := fmt.Sprintf("%d %v\n%s", r.status, head, r.raw)
	if path == "/me" || strings.HasSuffix(path, "/file") || strings.Contains(path, "/attachments/") || strings.HasPrefix(path, "/me/sessions") || strings.HasPrefix(path, "/users") {
		head.Del("Content-Length")
		answered = aTime.ReplaceAllString(fmt.Sprintf("%d %v\n%s", r.status, head, r.raw), "a time")
	}
	l := b.logs[who]
	l.hears(string(r.raw))
	l.entries = append(l.entries, entry{l.alike(method + " " + path), l.alike(answered)})
	return r
}

// hear writes down what an observer's stream told until the end of a deed that all are told of.
func (b *blind) hear(who string) {
	b.t.Helper()
	for {
		if m := b.listen(who); strings.Contains(m.data, `"description":"`+endOf(b.step)+`"`) {
			return
		}
	}
}

// listen writes down the next that an observer's stream tells. What only hints at something comes by
// another way, and in no order with changes.
func (b *blind) listen(who string) message {
	b.t.Helper()
	l, m := b.logs[who], b.taps[who].next()
	l.hears(m.data)
	if m.event != "change" {
		l.hints[m.event+" "+anID.ReplaceAllString(m.data, "an id")]++
		return m
	}
	l.entries = append(l.entries, entry{"stream", l.alike(m.event + " " + m.data)})
	return m
}

func endOf(step int) string { return fmt.Sprintf("Until step %d.", step) }

// pause tells everybody of something, and writes down what they heard up to there.
func (b *blind) pause() {
	b.t.Helper()
	b.settled()
	olga := b.otto.As("olga")
	olga.patch(olga.path, object{"description": endOf(b.step)}, seeing(olga.get(olga.path).version())).want(http.StatusOK)
	for _, who := range observers {
		b.hear(who)
	}
	b.settled()
}

// same compares what somebody was answered in two worlds, and says where it differs.
func same(t *testing.T, who string, quiet, busy *transcript) {
	t.Helper()
	if len(quiet.entries) != len(busy.entries) {
		t.Errorf("%s was answered %d times in the quiet world, %d times in the busy one", who, len(quiet.entries), len(busy.entries))
	}
	if diff := cmp.Diff(quiet.hints, busy.hints); diff != "" {
		t.Errorf("%s can tell that others worked, by what their stream hints at (-quiet +busy):\n%s", who, diff)
	}
	faults := 0
	for i := range min(len(quiet.entries), len(busy.entries)) {
		q, s := quiet.entries[i], busy.entries[i]
		if q == s {
			continue
		}
		faults++
		if faults > 5 {
			t.Errorf("%s: and so on", who)
			return
		}
		t.Errorf("%s can tell that others worked, by %s (%s):\nquiet %s\nbusy  %s", who, q.asked, s.asked, around(q.answered, s.answered), around(s.answered, q.answered))
	}
}

// around is the part of a text where it begins to differ from another.
func around(text, other string) string {
	i := 0
	for i < len(text) && i < len(other) && text[i] == other[i] {
		i++
	}
	return text[max(0, i-120):min(len(text), i+200)]
}

// hidden are the deeds of others in the busy world.
type hidden struct {
	*blind
	rand  *rand.Rand
	times map[string]int
	n     int
	// What bo and otto have in the round: codings, memos and links by their versions.
	codings, memos, links, comments map[string]int
	owner                           map[string]string
	// seen are all ids that answers to hidden deeds told, without those that everybody knows.
	seen  []string
	known map[string]bool
}

func newHidden(b *blind) *hidden {
	h := &hidden{
		blind: b, known: map[string]bool{}, rand: rand.New(rand.NewPCG(20250304, 2)), times: map[string]int{},
		codings: map[string]int{}, comments: map[string]int{}, memos: map[string]int{}, links: map[string]int{}, owner: map[string]string{},
	}
	for _, address := range []string{"", "/members", "/codes", "/notes", "/sites", "/participants", "/rounds", "/codings", "/memos", "/links", "/comments"} {
		for _, id := range anID.FindAllString(string(b.otto.get(b.otto.path+address).want(http.StatusOK).raw), -1) {
			h.known[id] = true
		}
	}
	return h
}

// keep remembers the ids of an answer, to ask for them later as one who shouldn't know them.
func (h *hidden) keep(r *reply) *reply {
	for _, id := range anID.FindAllString(string(r.raw), -1) {
		if !h.known[id] && !slices.Contains(h.seen, id) {
			h.seen = append(h.seen, id)
		}
	}
	return r
}

// did counts a hidden deed.
func (h *hidden) did(kind string) { h.times[kind]++ }

// classes of operations: every one of the API's document is in one of these tables, see TestBlind.
func operationsOf(t *testing.T) []string {
	t.Helper()
	var all []string
	for path, item := range theContract(t).doc.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, method+" "+strings.TrimPrefix(path, "/api/v1"))
		}
	}
	slices.Sort(all)
	if len(all) < len(api.Routes()) {
		t.Fatalf("the document has %d operations, the API %d", len(all), len(api.Routes()))
	}
	return all
}
