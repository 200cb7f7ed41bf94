package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"feltbog/models"
)

// quotes are real words of the transcripts, and the codes that they are given.
var quotes = map[string][]struct{ key, quote string }{
	"EP_51_MAStorey_Productivity.md": {
		{"problem", "I'm not a fan of developing a lot of metrics, honestly."},
		{"foundation", "SPACE framework is very much an overarching framework"},
		{"old_news", "They think about lines of code. They think about pull requests."},
	},
	"EP_53_Mauricio_Aniche.md": {
		{"foundation", "you look at the requirements"},
		{"problem", "if you're a busy person and you cannot read all the chapters"},
		{"future", "to explore all the possible edge cases to look for bugs"},
	},
	"EP_60_Yehonathan_Sharvit.txt": {
		{"connector", "And now you ask yourself, how should I represent data"},
		{"foundation", "it’s simple tools to represent data"},
		{"problem", "banana but instead of having the banana"},
	},
	"practical-ai-12.md": {
		{"future", "deep learning is revolutionizing medicine in general"},
		{"agency", "the student is able to learn from that"},
		{"foundation", "the teacher knows 1.7 million active molecules in great detail"},
	},
}

// transcripts are the files to import: three as they are, and one as an old text editor would have it.
func transcripts(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root(t), "testdata", "transcripts", "*", "*.md"))
	if err != nil || len(found) != len(quotes) {
		t.Fatalf("The transcripts are %v (%v).", found, err)
	}
	for i, path := range found {
		name := filepath.Base(path)
		if quotes[name] != nil {
			continue
		}
		text, err := os.ReadFile(path)
		if err == nil {
			text, err = charmap.Windows1252.NewEncoder().Bytes(text)
		}
		if err != nil {
			t.Fatal(err)
		}
		found[i] = filepath.Join(t.TempDir(), strings.TrimSuffix(name, ".md")+".txt")
		write(t, found[i], text)
	}
	return found
}

// TestFieldwork is the main job on real interviews, from an empty folder through crashes to the end.
func TestFieldwork(t *testing.T) {
	t.Parallel()
	mongod, mongodBroken := fragile(t, "FELTBOG_MONGOD", "mongod")
	meilisearch, meilisearchBroken := fragile(t, "FELTBOG_MEILISEARCH", "meilisearch")
	s := serve(t, dataDir(t), []string{mongod, meilisearch})
	if !strings.Contains(s.out.String(), "There are no accounts yet") {
		t.Errorf("An empty server says %q.", s.out.String())
	}
	lea := s.signUp(t)
	j := lea.project(t)
	w := &fieldwork{project: j, notes: map[string]string{}}

	need(t, t.Run("transcripts are imported beside the running server", w.importing))
	need(t, t.Run("passages are coded, and whoever watches sees it", w.coding))
	need(t, t.Run("they are found again", w.finding))
	need(t, t.Run("a second server on the data is refused", func(t *testing.T) {
		out, errs := run(t, 1, nil, "serve", "--data", s.dir, "--addr", "127.0.0.1:0")
		if out != "" || !strings.Contains(errs, "feltbog: another Feltbog server uses the data directory "+s.dir) {
			t.Errorf("It says %q and %q.", out, errs)
		}
	}))
	need(t, t.Run("kill -9 of the server loses and doubles nothing", w.killServer))
	need(t, t.Run("without mongod there is 503, and then everything", func(t *testing.T) { w.killMongod(t, mongodBroken) }))
	need(t, t.Run("without meilisearch writing goes on, and search catches up", func(t *testing.T) { w.killMeilisearch(t, meilisearchBroken) }))
	need(t, t.Run("told to stop, it ends its streams, its engines and itself", func(t *testing.T) {
		engines := []int{s.engine(t, "mongod"), s.engine(t, "meilisearch")}
		l := j.listen(t)
		s.stop(t)
		eventually(t, "the stream ends", func() error {
			if !l.ended() {
				return errors.New("it goes on")
			}
			return nil
		})
		for _, pid := range engines {
			if err := gone(pid); err != nil {
				t.Error(err)
			}
		}
	}))
}

// fieldwork is the project with what must be in it.
type fieldwork struct {
	*project

	notes   map[string]string // ids by file
	codings []record          // all that were acknowledged
}

func (w *fieldwork) importing(t *testing.T) {
	files := transcripts(t)
	flags := []string{"import", "--data", w.s.dir, "--project", projectName, "--site", siteName, "--kind", "interview", "--user", leaEmail}
	told := func(status, summary string) {
		t.Helper()
		out, errs := run(t, 0, nil, append(flags, files...)...)
		var want strings.Builder
		for _, f := range files {
			fmt.Fprintf(&want, "%s\t%s\n", status, filepath.Base(f))
		}
		fmt.Fprintln(&want, summary)
		if out != want.String() || errs != "" {
			t.Errorf("It says\n%s%s, want\n%s", out, errs, want.String())
		}
	}
	told("created", "4 imported, 0 imported before, 0 refused")
	told("duplicate", "0 imported, 4 imported before, 0 refused")

	dir := t.TempDir()
	png := filepath.Join(dir, "photo.txt")
	empty := filepath.Join(dir, "empty.md")
	good := filepath.Join(dir, "good.txt")
	write(t, png, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"))
	write(t, empty, nil)
	write(t, good, []byte("The tape ran out before the coffee did."))
	out, errs := run(t, 1, nil, append(flags, png, empty, good, filepath.Join(dir, "absent.txt"))...)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	want := []string{"refused\tphoto.txt", "refused\tempty.md", "created\tgood.txt", "refused\tabsent.txt", "1 imported, 0 imported before, 3 refused"}
	if len(lines) != len(want)+3 || !slices.Equal(lines[:len(want)], want) {
		t.Fatalf("It says\n%s", out)
	}
	for i, name := range []string{"photo.txt", "empty.md", "absent.txt"} {
		reason, found := strings.CutPrefix(lines[len(want)+i], "  "+name+": ")
		if !found || !strings.Contains(reason, " ") || !strings.HasSuffix(reason, ".") {
			t.Errorf("%s is refused so: %q", name, lines[len(want)+i])
		}
	}
	if errs != "feltbog: some files were refused\n" {
		t.Errorf("It ends with %q.", errs)
	}

	listed := get[struct {
		Items []struct {
			record

			File *struct{ Name string }
		}
	}](t, w.person, w.path+"/notes?limit=100")
	for _, n := range listed.Items {
		if n.File == nil || n.Kind != "interview" || n.SiteID != w.site || n.Title == "" {
			t.Errorf("A note is %+v.", n)
			continue
		}
		w.notes[n.File.Name] = n.ID
	}
	if len(listed.Items) != 5 || len(w.notes) != 5 {
		t.Errorf("There are %d notes: %v", len(listed.Items), w.notes)
	}
}

func (w *fieldwork) coding(t *testing.T) {
	l := w.listen(t)
	for _, name := range slices.Sorted(maps.Keys(quotes)) {
		note := w.notes[name]
		var batch array
		for i, q := range quotes[name] {
			asked := w.on(t, note, q.key, q.quote)
			if i > 0 {
				batch = append(batch, asked)
				continue
			}
			w.codings = append(w.codings, post[record](t, w.person, w.path+"/codings", asked))
		}
		w.codings = append(w.codings, post[page](t, w.person, w.path+"/codings/batch", object{"items": batch}).Items...)
	}
	for _, c := range w.codings {
		text := w.text(t, c.NoteID)
		if got := string(text[c.Anchor.Start:c.Anchor.End]); got != c.Anchor.Quote {
			t.Errorf("The coding is on %q, and its quote is %q.", got, c.Anchor.Quote)
		}
		eventually(t, "the stream tells of coding "+c.ID, func() error {
			if !l.saw("coding.created " + c.ID) {
				return errors.New("it doesn't yet")
			}
			return nil
		})
	}
}

func (w *fieldwork) finding(t *testing.T) {
	eventually(t, "search finds every coding by its code", func() error { return w.findable(w.codings) })
	eventually(t, "all notes are in the index", func() error {
		found, err := w.search("q=" + url.QueryEscape(`"tape ran out"`))
		if err == nil && len(found) != 1 {
			err = fmt.Errorf("the last is not: %v", found)
		}
		return err
	})
	storey, ai := w.notes["EP_51_MAStorey_Productivity.md"], w.notes["practical-ai-12.md"]
	elsewhere := post[record](t, w.person, w.path+"/sites", object{"name": "Elsewhere", "kind": "other"}).ID
	for _, test := range []struct {
		name, query string
		note        string   // that all hits are in, if any
		marks       []string // what the first mark of each hit may be
		min         int
	}{
		{"by a word", "q=molecules", ai, []string{"molecules"}, 1},
		{"by a word with a typo", "q=molecuels", ai, []string{"molecules", "molecule"}, 1},
		{"by a name with a typo", "q=Margeret-Anne", storey, []string{"Margaret"}, 1},
		{"by a phrase", "q=" + url.QueryEscape(`"a fan of developing"`), storey, []string{"a fan of developing", "a"}, 1},
		{"by a code", "type=passage&code=" + w.codes["agency"], ai, nil, 1},
		{"by a word and a code", "q=teacher&code=" + w.codes["foundation"], ai, []string{"teacher"}, 1},
		{"by a word and a site", "q=molecules&site=" + w.site, ai, []string{"molecules"}, 1},
		{"by a word and a kind", "q=molecules&kind=interview", ai, []string{"molecules"}, 1},
		{"nothing at another site", "q=molecules&site=" + elsewhere, "", nil, 0},
		{"nothing with another code", "type=passage&q=molecules&code=" + w.codes["connector"], "", nil, 0},
		{"nothing of another kind", "q=molecules&kind=workshop", "", nil, 0},
		{"nothing that is excluded", "q=" + url.QueryEscape("molecules -deep -molecules"), "", nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := w.search(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if len(found) < test.min || (test.min == 0 && len(found) > 0) {
				t.Errorf("It finds %d passages: %v", len(found), found)
			}
			for _, h := range found {
				if h.NoteID != test.note {
					t.Errorf("It finds a passage of another note: %v", h)
					continue
				}
				w.check(t, h, test.marks)
			}
		})
	}
}

// check holds a hit against the note's text.
func (w *fieldwork) check(t *testing.T, h hit, marks []string) {
	t.Helper()
	text := w.text(t, h.NoteID)
	if h.Start < 0 || h.End > len(text) || string(text[h.Start:h.End]) != h.Text {
		t.Errorf("The passage isn't the text at [%d, %d): %q", h.Start, h.End, h.Text)
		return
	}
	if (len(h.Marks) > 0) != (marks != nil) {
		t.Errorf("The passage %q has the marks %v.", h.Text, h.Marks)
	}
	for _, m := range h.Marks {
		if m[0] < h.Start || m[1] > h.End || m[0] >= m[1] {
			t.Fatalf("The mark %v lies outside of [%d, %d).", m, h.Start, h.End)
		}
	}
	if marks == nil || len(h.Marks) == 0 {
		return
	}
	marked := string(text[h.Marks[0][0]:h.Marks[0][1]])
	if !slices.ContainsFunc(marks, func(m string) bool { return strings.EqualFold(m, marked) }) {
		t.Errorf("What is marked is %q, want one of %q.", marked, marks)
	}
}

// entry is one write that may be sent again: its client chose the ids, or a key.
type entry struct {
	path string
	body object
	key  string
	// ids are those that the answer gave; none if there was no answer.
	ids []string
}

// send sends an entry. Anything but an answer that it was done is an error, with the answer if there is one.
func (w *fieldwork) send(e *entry) (*reply, error) {
	r, err := w.try(http.MethodPost, w.path+e.path, e.body, e.key)
	if err != nil {
		return nil, err
	}
	if r.status != http.StatusCreated && r.status != http.StatusOK {
		return r, fmt.Errorf("%s = %d %.500s", r.what, r.status, r.raw)
	}
	var got struct {
		ID    string
		Items []struct{ ID string }
	}
	if err := json.Unmarshal(r.raw, &got); err != nil {
		return r, err
	}
	var ids []string
	if got.ID != "" {
		ids = append(ids, got.ID)
	}
	for _, item := range got.Items {
		ids = append(ids, item.ID)
	}
	if e.ids != nil && !slices.Equal(ids, e.ids) {
		return r, fmt.Errorf("%s answered %v, and now %v", e.path, e.ids, ids)
	}
	e.ids = ids
	return r, nil
}

// desk hands out writes, none of which is like another.
type desk struct {
	w     *fieldwork
	code  string // that codings are given
	note  string
	words [][2]int
	text  []rune
	next  int
	memos string // how memos begin
}

// desk makes one. Codings are on the note's words, with a code that nobody else puts there.
func (w *fieldwork) desk(t *testing.T, file, key, memos string) *desk {
	t.Helper()
	d := &desk{w: w, code: w.codes[key], note: w.notes[file], text: w.text(t, w.notes[file]), memos: memos}
	start := 0
	for i, r := range append(slices.Clone(d.text), ' ') {
		if r == ' ' || r == '\n' {
			if i-start > 3 {
				d.words = append(d.words, [2]int{start, i})
			}
			start = i + 1
		}
	}
	return d
}

func (d *desk) coding(id bool) object {
	at := d.words[d.next]
	d.next++
	c := object{"noteId": d.note, "codeId": d.code, "anchor": object{"start": at[0], "end": at[1], "quote": string(d.text[at[0]:at[1]])}}
	if id {
		c["id"] = string(models.NewID())
	}
	return c
}

// single is a coding with an id of the client's.
func (d *desk) single() *entry { return &entry{path: "/codings", body: d.coding(true)} }

// batch is a few codings at once, whose ids the server chooses.
func (d *desk) batch() *entry {
	var items array
	for range 10 {
		items = append(items, d.coding(false))
	}
	return &entry{path: "/codings/batch", body: object{"items": items}, key: string(models.NewID())}
}

// memo is a memo whose id the server chooses. Nothing but the key would keep it from being there twice.
func (d *desk) memo() *entry {
	d.next++
	return &entry{
		path: "/memos", key: string(models.NewID()),
		body: object{"target": object{"noun": "note", "id": d.note}, "text": fmt.Sprintf("%s, the page numbered %d.", d.memos, d.next)},
	}
}

// killServer kills the server under four who write, and starts it again.
func (w *fieldwork) killServer(t *testing.T) {
	var mu sync.Mutex
	var acknowledged, unanswered []*entry
	enough := make(chan struct{})
	writer := func(next func() *entry) {
		for {
			e := next()
			_, err := w.send(e)
			mu.Lock()
			if err == nil {
				acknowledged = append(acknowledged, e)
				if len(acknowledged) == 80 {
					close(enough)
				}
			} else {
				unanswered = append(unanswered, e)
			}
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}
	var writers sync.WaitGroup
	for _, next := range []func() *entry{
		w.desk(t, "EP_51_MAStorey_Productivity.md", "agency", "").single,
		w.desk(t, "EP_53_Mauricio_Aniche.md", "agency", "").batch,
		w.desk(t, "EP_60_Yehonathan_Sharvit.txt", "agency", "Kvittering").memo,
		w.desk(t, "practical-ai-12.md", "connector", "").single,
	} {
		writers.Go(func() { writer(next) })
	}
	select {
	case <-enough:
	case <-time.After(deadline):
		t.Error("The writing takes too long.")
	}
	engines := []int{w.s.engine(t, "mongod"), w.s.engine(t, "meilisearch")}
	w.s.signal(syscall.SIGKILL)
	writers.Wait()
	w.s.wait(t)
	for _, pid := range engines {
		eventually(t, "the engines end with the server", func() error { return gone(pid) })
	}
	w.s.start(t)
	if len(unanswered) != 4 {
		t.Fatalf("%d writes have no answer, want those of the four writers.", len(unanswered))
	}
	w.holds(t, acknowledged, unanswered)
	// Whoever has no answer asks again, and so does one whose answer was lost after it was sent.
	for _, e := range slices.Concat(unanswered, acknowledged[len(acknowledged)-8:]) {
		if _, err := w.send(e); err != nil {
			t.Error(err)
		}
	}
	w.holds(t, slices.Concat(acknowledged, unanswered), nil)
	w.codings = all(t, w.person, w.path+"/codings")
	eventually(t, "all memos are found again, each once", func() error {
		memos := 0
		for _, e := range slices.Concat(acknowledged, unanswered) {
			if e.path == "/memos" {
				memos++
			}
		}
		found, err := w.search("type=memo&q=Kvittering")
		if err == nil && len(found) != memos {
			err = fmt.Errorf("%d of %d", len(found), memos)
		}
		return err
	})
}

// holds says that the project has every write once, all of each batch or nothing of it, and nothing but
// these writes; and that a search by code finds all its codings.
func (w *fieldwork) holds(t *testing.T, acknowledged, perhaps []*entry) {
	t.Helper()
	codings, memos := all(t, w.person, w.path+"/codings"), all(t, w.person, w.path+"/memos")
	place := func(note, code, start, end any) string { return fmt.Sprint(note, " ", code, " ", start, "-", end) }
	there, ids := map[string]int{}, map[string]string{}
	for _, c := range codings {
		at := place(c.NoteID, c.CodeID, c.Anchor.Start, c.Anchor.End)
		there[at]++
		ids[at] = c.ID
	}
	for _, m := range memos {
		there[m.Text]++
		ids[m.Text] = m.ID
	}
	known := map[string]bool{}
	for _, c := range w.codings {
		at := place(c.NoteID, c.CodeID, c.Anchor.Start, c.Anchor.End)
		known[at] = true
		if there[at] != 1 {
			t.Errorf("The coding %s is there %d times.", c.ID, there[at])
		}
	}
	for i, e := range slices.Concat(acknowledged, perhaps) {
		var whats []string
		items, _ := e.body["items"].(array)
		switch {
		case e.path == "/memos":
			whats = []string{e.body["text"].(string)}
		case items == nil:
			items = array{e.body}
		}
		for _, item := range items {
			o := item.(object)
			a := o["anchor"].(object)
			whats = append(whats, place(o["noteId"], o["codeId"], a["start"], a["end"]))
		}
		for k, what := range whats {
			known[what] = true
			switch n := there[what]; {
			case n != 1 && (i < len(acknowledged) || n != there[whats[0]]):
				t.Errorf("%s of %q is there %d times.", e.path, what, n)
			case n > 1:
				t.Errorf("%s of %q, which was not acknowledged, is there %d times.", e.path, what, n)
			case n == 1 && e.ids != nil && ids[what] != e.ids[k]:
				t.Errorf("%s of %q has the id %s, and was acknowledged with %s.", e.path, what, ids[what], e.ids[k])
			}
		}
	}
	for what := range there {
		if !known[what] {
			t.Errorf("Nobody has written %s.", what)
		}
	}
	if !t.Failed() {
		eventually(t, "search finds every coding by its code", func() error { return w.findable(codings) })
	}
}

// insist sends an entry again and again until it is done, as a browser does; 503 is the one refusal it
// may hear.
func (w *fieldwork) insist(e *entry) error {
	var err error
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(poll) {
		var r *reply
		if r, err = w.send(e); err == nil {
			return nil
		}
		if r == nil {
			return fmt.Errorf("the server gave no answer: %w", err)
		}
		if err := unavailable(r); err != nil {
			return err
		}
	}
	return fmt.Errorf("it was never done: %w", err)
}

// ready says whether /readyz says this of the engines.
func (w *fieldwork) ready(mongodb, meilisearch bool) error {
	r, err := w.try(http.MethodGet, "/readyz", nil, "")
	if err != nil {
		return err
	}
	status := http.StatusOK
	if !mongodb || !meilisearch {
		status = http.StatusServiceUnavailable
	}
	var got map[string]any
	if err := json.Unmarshal(r.raw, &got); err != nil {
		return err
	}
	if got["mongodb"] != mongodb || got["meilisearch"] != meilisearch || r.status != status {
		return fmt.Errorf("/readyz = %d %s", r.status, r.raw)
	}
	return nil
}

// killMongod kills the database under three who write, keeps it down until somebody has been refused,
// and lets it come back.
func (w *fieldwork) killMongod(t *testing.T, broken string) {
	t.Helper()
	var mu sync.Mutex
	var acknowledged []*entry
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for _, next := range []func() *entry{
		w.desk(t, "EP_51_MAStorey_Productivity.md", "old_news", "").batch,
		w.desk(t, "EP_60_Yehonathan_Sharvit.txt", "old_news", "").single,
		w.desk(t, "practical-ai-12.md", "old_news", "").single,
	} {
		writers.Go(func() {
			for {
				e := next()
				err := w.insist(e)
				mu.Lock()
				if err != nil {
					t.Error(err)
				} else {
					acknowledged = append(acknowledged, e)
				}
				mu.Unlock()
				select {
				case <-stop:
					return
				default:
				}
				if err != nil {
					return
				}
			}
		})
	}
	written := func(n int) {
		t.Helper()
		mu.Lock()
		n += len(acknowledged)
		mu.Unlock()
		eventually(t, "they go on writing", func() error {
			mu.Lock()
			defer mu.Unlock()
			if len(acknowledged) < n {
				return fmt.Errorf("%d of %d are written", len(acknowledged), n)
			}
			return nil
		})
	}
	before := w.codings
	written(30)
	pid := w.s.engine(t, "mongod")
	write(t, broken, nil)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "whoever reads is told to come back", func() error {
		r, err := w.try(http.MethodGet, w.path+"/notes", nil, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.status != http.StatusOK {
			if err := unavailable(r); err != nil {
				t.Error(err)
			}
			return nil
		}
		return errors.New("the notes are read")
	})
	r, err := w.send(&entry{path: "/memos", body: object{"target": object{"noun": "note", "id": w.notes["practical-ai-12.md"]}, "text": "Not now."}, key: string(models.NewID())})
	if r == nil {
		t.Fatalf("A write without a database has no answer: %v", err)
	}
	if err := unavailable(r); err != nil {
		t.Error(err)
	}
	if err := w.ready(false, true); err != nil {
		t.Error(err)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both engines are ready again", func() error { return w.ready(true, true) })
	written(30)
	close(stop)
	writers.Wait()
	w.codings = before
	w.holdsMore(t, acknowledged)
	if !strings.Contains(w.s.errs.String(), "An engine ended; it is started again.") {
		t.Error("The log doesn't tell of the engine.")
	}
}

// holdsMore says that what was there is there still, and these writes beside it, each once.
func (w *fieldwork) holdsMore(t *testing.T, acknowledged []*entry) {
	t.Helper()
	before, ids := w.codings, map[string]int{}
	w.codings = all(t, w.person, w.path+"/codings")
	for _, c := range w.codings {
		ids[c.ID]++
	}
	n := len(before)
	for _, c := range before {
		if ids[c.ID] != 1 {
			t.Errorf("The coding %s is there %d times.", c.ID, ids[c.ID])
		}
	}
	for _, e := range acknowledged {
		for _, id := range e.ids {
			n++
			if ids[id] != 1 {
				t.Errorf("The coding %s, which was acknowledged, is there %d times.", id, ids[id])
			}
		}
	}
	if n != len(w.codings) {
		t.Errorf("There are %d codings, want %d.", len(w.codings), n)
	}
	eventually(t, "search finds every coding by its code", func() error { return w.findable(w.codings) })
}

// killMeilisearch keeps the search engine down while others write.
func (w *fieldwork) killMeilisearch(t *testing.T, broken string) {
	t.Helper()
	pid := w.s.engine(t, "meilisearch")
	write(t, broken, nil)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "search is told to come back", func() error {
		r, err := w.try(http.MethodGet, w.path+"/search?q=molecules", nil, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := unavailable(r); err != nil {
			return err
		}
		var p problem
		if err := json.Unmarshal(r.raw, &p); err != nil || p.Code != "search_unavailable" {
			t.Errorf("It answers %s.", r.raw)
		}
		return nil
	})
	if err := w.ready(true, false); err != nil {
		t.Error(err)
	}
	d := w.desk(t, "EP_53_Mauricio_Aniche.md", "connector", "")
	var acknowledged []*entry
	for range 10 {
		e := d.single()
		if _, err := w.send(e); err != nil {
			t.Fatal(err)
		}
		acknowledged = append(acknowledged, e)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	eventually(t, "both engines are ready again", func() error { return w.ready(true, true) })
	w.holdsMore(t, acknowledged)
}

// listener is an open stream and what it has told.
type listener struct {
	mu   sync.Mutex
	told map[string]bool
	over bool
}

func (l *listener) saw(what string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told[what]
}

func (l *listener) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// listen opens the project's stream and waits for its first message.
func (j *project) listen(t *testing.T) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, j.s.url+"/api/v1"+j.path+"/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+j.token)
	res, err := new(http.Client).Do(req) //nolint:bodyclose // its reader closes it
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("The stream = %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	l := &listener{told: map[string]bool{}}
	go func() {
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			l.hear(lines.Bytes())
		}
		l.mu.Lock()
		l.over = true
		l.mu.Unlock()
	}()
	eventually(t, "the stream says hello", func() error {
		if !l.saw("hello") {
			return errors.New("it is silent")
		}
		return nil
	})
	return l
}

// hear takes in one line.
func (l *listener) hear(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if event, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
		l.told[string(event)] = true
	}
	data, ok := bytes.CutPrefix(line, []byte("data: "))
	var body struct {
		Events []struct{ Type, RecordID string }
	}
	if !ok || json.Unmarshal(data, &body) != nil {
		return
	}
	for _, e := range body.Events {
		l.told[e.Type+" "+e.RecordID] = true
	}
}
