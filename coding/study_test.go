package coding_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

// study is a project with people in it, in a database of its own.
type study struct {
	t       *testing.T
	ctx     context.Context //nolint:containedctx // a test's world has one
	db      *mongodb.DB
	service *coding.Service
	space   models.ID
	owner   models.Actor
	codes   map[string]models.ID
}

func openStudy(t *testing.T) *study {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // so that none hangs; others run beside it
	t.Cleanup(cancel)
	db, err := mongodb.Open(ctx, enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(ctx)) })
	st := &study{t: t, ctx: ctx, db: db, service: coding.New(db, nil, coding.Options{}), codes: map[string]models.ID{}}
	st.owner = st.user("Lea")
	p, err := st.service.CreateProject(ctx, st.owner, coding.NewProject{Name: "Havnsø", Codes: []models.CodeEntry{
		{Code: models.Code{Key: "foundation", Name: "Data as foundation", Colour: 1}},
		{Code: models.Code{Key: "foundation_ground", Name: "The ground is there", Colour: 1}, ParentKey: "foundation"},
		{Code: models.Code{Key: "future", Name: "Data as future", Colour: 3}},
		{Code: models.Code{Key: "agency", Name: "Data as having agency", Colour: 6}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	st.space = p.ID
	st.readCodes()
	return st
}

func (st *study) readCodes() {
	st.t.Helper()
	all, err := st.service.Codes(st.ctx, st.owner, st.space)
	st.must(err)
	for _, c := range all {
		st.codes[c.Key] = c.ID
	}
}

func (st *study) must(err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
}

// refused fails unless err is the problem with this code.
func (st *study) refused(err error, code string) {
	st.t.Helper()
	if got := codeOf(err); got != code {
		st.t.Fatalf("got %v, want %s", err, code)
	}
}

// user makes an account; how accounts are made is auth's business.
func (st *study) user(name string) models.Actor {
	st.t.Helper()
	u := &models.User{ID: models.NewID(), Name: name, Email: name + "@example.org", EmailKey: strings.ToLower(name) + "@example.org", Version: 1}
	st.must(st.db.InsertUser(st.ctx, u))
	return models.Actor{UserID: u.ID}
}

func (st *study) member(name string, role models.Role) models.Actor {
	st.t.Helper()
	a := st.user(name)
	_, err := st.service.AddMember(st.ctx, st.owner, st.space, name+"@example.org", role)
	st.must(err)
	return a
}

func content(text string) models.Content {
	t := textOf(text, 1)
	return models.Content{Text: text, Blocks: t.Blocks, Marks: []models.Mark{}}
}

func (st *study) note(author models.Actor, text string) *models.Note {
	st.t.Helper()
	n, err := st.service.CreateNote(st.ctx, author, st.space, coding.NewNote{
		NoteFields: coding.NoteFields{Title: new("Mandag på rådhuset"), Kind: new(models.KindFieldNote)}, Content: content(text),
	})
	st.must(err)
	return n
}

// on asks for a code on words of a note's current text.
func (st *study) on(n *models.Note, key, quote string) coding.NewCoding {
	st.t.Helper()
	t, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
	if err != nil {
		t, err = st.service.NoteText(st.ctx, models.Actor{UserID: n.AuthorID}, st.space, n.ID, 0)
	}
	st.must(err)
	at := strings.Index(t.Text, quote)
	if at < 0 {
		st.t.Fatalf("%q isn't in the text", quote)
	}
	start := len([]rune(t.Text[:at]))
	return coding.NewCoding{NoteID: n.ID, CodeID: st.codes[key], Anchor: models.Anchor{Start: start, End: start + len([]rune(quote)), Quote: quote, TextVersion: t.Version}}
}

func (st *study) put(coder models.Actor, n *models.Note, key, quote string) *models.Coding {
	st.t.Helper()
	c, _, err := st.service.PutCoding(st.ctx, coder, st.space, st.on(n, key, quote))
	st.must(err)
	return c
}

func (st *study) codings(n *models.Note) []*models.Coding {
	st.t.Helper()
	page, err := st.service.NoteCodings(st.ctx, models.Actor{UserID: n.AuthorID}, st.space, n.ID, models.LayerOpen, models.Page{Limit: 1000})
	st.must(err)
	return page.Items
}

// usage gives how many codings of a code the codebook shows, over all sites.
func (st *study) usage(key string) int {
	st.t.Helper()
	all, err := st.service.CodebookUsage(st.ctx, st.owner, st.space, models.LayerOpen)
	st.must(err)
	sum := 0
	for _, u := range all {
		if u.CodeID == st.codes[key] {
			sum += u.Count
		}
	}
	return sum
}

func (st *study) history(q coding.EventQuery) []*models.Event {
	st.t.Helper()
	page, err := st.service.History(st.ctx, st.owner, st.space, q, models.Page{Limit: 1000})
	st.must(err)
	return page.Items
}

// counted fails unless the usage counters equal what is really there.
func (st *study) counted() {
	st.t.Helper()
	st.readCodes()
	all, err := st.db.Codings().All(st.ctx, st.space, coding.Query{}, 10_000)
	st.must(err)
	want := map[models.ID]int{}
	for _, c := range all {
		want[c.CodeID]++
	}
	for key, id := range st.codes {
		if got := st.usage(key); got != want[id] {
			st.t.Errorf("the codebook counts %d codings of %s, there are %d", got, key, want[id])
		}
	}
}

func problemOf(err error) *models.Error {
	e, _ := errors.AsType[*models.Error](err)
	return e
}

// soon is a time after everything the test did.
func soon() time.Time { return time.Now().Add(time.Hour) }
