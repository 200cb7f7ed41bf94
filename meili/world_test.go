package meili_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/meili"
	"feltbog/models"
	"feltbog/mongodb"
)

// world is a project with people in it, in a database and under a prefix of its own, with an indexer.
type world struct {
	*testing.T
	ctx     context.Context //nolint:containedctx // a test's world has one
	db      *mongodb.DB
	index   *meili.Index
	service *coding.Service
	indexer *meili.Indexer
	space   models.ID
	owner   models.Actor
	ids     map[string]models.ID // of codes by key, of notes by title, of people, sites and participants by name
	names   map[models.ID]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t, enginetest.Prefix(t))
	w.run(w.indexer)
	return w
}

// emptyWorld is a world whose indexer doesn't run yet.
func emptyWorld(t *testing.T, prefix string) *world {
	t.Helper()
	url, key := enginetest.Meili(t)
	return worldOn(t, url, key, prefix)
}

func worldOn(t *testing.T, url, key, prefix string) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	db, err := mongodb.Open(ctx, enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(ctx)) })
	w := &world{T: t, ctx: ctx, db: db, ids: map[string]models.ID{}, names: map[models.ID]string{}}
	w.index = meili.New(url, key, prefix, db)
	t.Cleanup(func() {
		if err := w.index.DropAll(context.WithoutCancel(ctx)); err != nil {
			t.Log(err)
		}
	})
	w.service = coding.New(db, w.index, coding.Options{})
	w.indexer = w.newIndexer()
	w.owner = w.user("Lea")
	p, err := w.service.CreateProject(ctx, w.owner, coding.NewProject{Name: "Havnsø", Codes: []models.CodeEntry{
		{Code: models.Code{Key: "foundation", Name: "Data as foundation", Colour: 1, Definition: "Registers that everything else is said to stand on."}},
		{Code: models.Code{Key: "ground", Name: "The ground is there", Colour: 1}, ParentKey: "foundation"},
		{Code: models.Code{Key: "future", Name: "Data as future", Colour: 3}},
		{Code: models.Code{Key: "agency", Name: "Data as having agency", Colour: 6}},
	}})
	w.must(err)
	w.space = p.ID
	all, err := w.service.Codes(ctx, w.owner, w.space)
	w.must(err)
	for _, c := range all {
		w.call(c.Key, c.ID)
	}
	return w
}

func (w *world) newIndexer() *meili.Indexer {
	return meili.NewIndexer(w.index, w.db, meili.Options{Log: slog.New(slog.DiscardHandler), Lease: 2 * time.Second})
}

// run starts an indexer and gives what stops it and waits for its end.
func (w *world) run(ix *meili.Indexer) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	var done sync.WaitGroup
	done.Go(func() { ix.Run(ctx) })
	stop = func() { cancel(); done.Wait() }
	w.Cleanup(stop)
	return stop
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// call gives a record a name to speak of it by.
func (w *world) call(name string, id models.ID) models.ID {
	w.ids[name], w.names[id] = id, name
	return id
}

func (w *world) user(name string) models.Actor {
	w.Helper()
	u := &models.User{ID: models.NewID(), Name: name, Email: name + "@example.org", EmailKey: strings.ToLower(name) + "@example.org", Version: 1}
	w.must(w.db.InsertUser(w.ctx, u))
	w.call(name, u.ID)
	return models.Actor{UserID: u.ID}
}

func (w *world) member(name string, role models.Role) models.Actor {
	w.Helper()
	a := w.user(name)
	_, err := w.service.AddMember(w.ctx, w.owner, w.space, name+"@example.org", role)
	w.must(err)
	return a
}

func (w *world) site(name, parent string) models.ID {
	w.Helper()
	s, err := w.service.CreateSite(w.ctx, w.owner, w.space, "", coding.SiteFields{Name: &name, ParentID: new(w.ids[parent])})
	w.must(err)
	return w.call(name, s.ID)
}

func (w *world) participant(name string) models.ID {
	w.Helper()
	p, err := w.service.CreateParticipant(w.ctx, w.owner, w.space, "", coding.ParticipantFields{Pseudonym: &name})
	w.must(err)
	return w.call(name, p.ID)
}

// content makes a block of each line.
func content(text string) models.Content {
	c := models.Content{Text: text}
	at := 0
	for line := range strings.Lines(text) {
		n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n"))
		c.Blocks = append(c.Blocks, models.Block{Kind: models.BlockParagraph, Start: at, End: at + n})
		at += utf8.RuneCountInString(line)
	}
	return c
}

// note adds a note; with is for what else is known of it.
func (w *world) note(author models.Actor, title, text string, with ...func(*coding.NoteFields)) *models.Note {
	w.Helper()
	f := coding.NoteFields{Title: &title, Kind: new(models.KindFieldNote)}
	for _, set := range with {
		set(&f)
	}
	n, err := w.service.CreateNote(w.ctx, author, w.space, coding.NewNote{NoteFields: f, Content: content(text)})
	w.must(err)
	w.call(title, n.ID)
	return n
}

func draft(f *coding.NoteFields) { f.Draft = new(true) }

// put puts a code on words of a note.
func (w *world) put(coder models.Actor, title, key, quote string) *models.Coding {
	w.Helper()
	t, err := w.service.NoteText(w.ctx, coder, w.space, w.ids[title], 0)
	w.must(err)
	at := strings.Index(t.Text, quote)
	if at < 0 {
		w.Fatalf("%q isn't in %s", quote, title)
	}
	start := utf8.RuneCountInString(t.Text[:at])
	c, _, err := w.service.PutCoding(w.ctx, coder, w.space, coding.NewCoding{
		NoteID: w.ids[title], CodeID: w.ids[key],
		Anchor: models.Anchor{Start: start, End: start + utf8.RuneCountInString(quote), Quote: quote, TextVersion: t.Version},
	})
	w.must(err)
	return c
}

func (w *world) memo(author models.Actor, noun models.Noun, about models.ID, private bool, text string) *models.Memo {
	w.Helper()
	m, err := w.service.CreateMemo(w.ctx, author, w.space, coding.NewMemo{Target: models.Target{Noun: noun, ID: about}, Private: private, Text: text})
	w.must(err)
	return m
}

// settle waits until everything is in the index.
func (w *world) settle() {
	w.Helper()
	w.must(w.indexer.Wait(w.ctx))
}

func (w *world) search(who models.Actor, r coding.SearchRequest) coding.SearchPage {
	w.Helper()
	page, err := w.service.Search(w.ctx, who, w.space, r)
	w.must(err)
	return page
}

// marked writes a hit's text with its marks in brackets.
func (w *world) marked(h coding.Hit) string {
	w.Helper()
	points, first := []rune(h.Text), 0
	if h.Type == coding.HitPassage {
		first = h.Start
		t, err := w.db.Text(w.ctx, h.NoteID, w.textVersion(h.NoteID))
		w.must(err)
		if all := []rune(t.Text); string(all[h.Start:h.End]) != h.Text {
			w.Errorf("the words at %d to %d are %q, not %q", h.Start, h.End, string(all[h.Start:h.End]), h.Text)
		}
	}
	var b strings.Builder
	at := 0
	for _, m := range h.Marks {
		b.WriteString(string(points[at:m[0]-first]) + "[" + string(points[m[0]-first:m[1]-first]) + "]")
		at = m[1] - first
	}
	return b.String() + string(points[at:])
}

func (w *world) textVersion(note models.ID) int {
	w.Helper()
	n, err := w.db.Notes().FindAny(w.ctx, w.space, note)
	w.must(err)
	return n.TextVersion
}

// found gives what a search finds: passages and memos with their marks, in alphabetical order.
func (w *world) found(who models.Actor, r coding.SearchRequest) []string {
	w.Helper()
	page := w.search(who, r)
	if page.Total != len(page.Items) && len(page.Items) < max(r.Limit, coding.DefaultHits) {
		w.Errorf("%d hits, but a total of %d", len(page.Items), page.Total)
	}
	out := []string{}
	for _, h := range page.Items {
		text := w.marked(h)
		if h.Type != coding.HitPassage {
			text = string(h.Type) + ": " + text
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// counts writes a facet with names for ids.
func (w *world) counts(facet map[string]int) string {
	var out []string
	for value, n := range facet {
		name := value
		if known, ok := w.names[models.ID(value)]; ok {
			name = known
		}
		out = append(out, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// newWorldOnce is a world whose indexer settleOnce lets run up to now and no further.
func newWorldOnce(t *testing.T) *world {
	t.Helper()
	return emptyWorld(t, enginetest.Prefix(t))
}

func (w *world) settleOnce() {
	w.Helper()
	stop := w.run(w.indexer)
	w.settle()
	stop()
}

// has says whether the engine has an index.
func (w *world) has(uid string) bool {
	w.Helper()
	url, key := enginetest.Meili(w.T)
	client := meilisearch.New(url, meilisearch.WithAPIKey(key))
	_, err := client.GetIndexWithContext(w.ctx, uid)
	return err == nil
}
