package api_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/live"
	"feltbog/local/enginetest"
	"feltbog/meili"
	"feltbog/models"
	"feltbog/mongodb"
	"feltbog/sandbox"
	"feltbog/teaching"
)

// secret is the servers' secret in tests.
var secret = bytes.Repeat([]byte("feltbog "), 4)

// asReader is the argument by which the test binary is the process that reads files.
const asReader = "read-files"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == asReader {
		if err := sandbox.Serve(os.Stdin, os.Stdout, sandbox.Exchange()); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// readers reads files as a server does, in processes of its own.
func readers(t *testing.T, log *slog.Logger) *sandbox.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, _ := exec.LookPath("pdftotext")                                                                               // where there is none, PDFs are refused
	files := sandbox.New(sandbox.Config{Command: []string{self, asReader}, PDFToText: program, Memory: 1 << 30, Log: log}) // the race detector needs several times as much
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return files
}

// world is a whole server on real engines, with a database of its own, and the people in it.
type world struct {
	t       *testing.T
	url     string
	handler http.Handler
	options api.Options
	index   *meili.Index
	db      *mongodb.DB
	log     *journal
	people  map[string]*person
	stop    func() // ends the live hub
	frozen  atomic.Pointer[time.Time]
}

// now is the clock of the use cases: it stands still once it was frozen.
func (w *world) now() time.Time {
	if at := w.frozen.Load(); at != nil {
		return *at
	}
	return time.Now()
}

// newWorld starts a server. Options may be changed before that.
func newWorld(t *testing.T, change ...func(*auth.Options, *api.Options)) *world {
	t.Helper()
	db, err := mongodb.Open(t.Context(), enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(t.Context())) })
	w := &world{t: t, db: db, log: &journal{}, people: map[string]*person{}}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	accounts := auth.Options{
		SignUp: auth.SignUpOpen, Secret: secret,
		Hashing: argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	}
	address, key := enginetest.Meili(t)
	w.index = meili.New(address, key, enginetest.Prefix(t), db)
	hub := live.New(db.Watch, auth.NewSealer(secret, "stream positions"), log)
	files := readers(t, log)
	service := coding.New(db, w.index, coding.Options{Reader: sandbox.NewReader(files), Now: w.now})
	o := api.Options{
		Service: service, Teaching: teaching.New(db, service, w.now), Hub: hub, Files: files, Secret: secret, Log: log,
		PublicURL: "https://feltbog.example.org",
		Ready:     func(context.Context) map[string]bool { return map[string]bool{"mongodb": true, "meilisearch": true} },
	}
	for _, c := range change {
		c(&accounts, &o)
	}
	if o.Auth, err = auth.New(db, accounts); err != nil {
		t.Fatal(err)
	}
	w.options = o
	w.serve(o)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	w.stop = stop
	var running sync.WaitGroup
	running.Go(func() { hub.Run(ctx) })
	running.Go(func() { hub.FollowUploads(ctx, db.WatchUploads) })
	running.Go(func() { hub.FollowTalk(ctx, db.WatchTalk) })
	running.Go(func() { hub.FollowWork(ctx, o.Teaching.WatchWork) })
	running.Go(func() {
		service.ReadUploads(ctx, func(err error) { log.Error("reading failed", slog.Any("error", err)) })
	})
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(out, r) }))
	t.Cleanup(func() {
		stop()
		running.Wait()
		server.Close()
	})
	<-hub.Ready()
	w.url = server.URL
	return w
}

// serve answers with other options from here on.
func (w *world) serve(o api.Options) {
	w.t.Helper()
	handler, err := api.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.handler = handler
}

// Indexing keeps the search index equal to the store from here on, until it is stopped.
func (w *world) Indexing() (halt func()) {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(w.t.Context()))
	indexer := meili.NewIndexer(w.index, w.db, meili.Options{Log: slog.New(slog.NewJSONHandler(w.log, nil)), Lease: time.Second})
	var running sync.WaitGroup
	running.Go(func() { indexer.Run(ctx) })
	halt = func() {
		stop()
		running.Wait()
	}
	w.t.Cleanup(func() {
		halt()
		if err := w.index.DropAll(context.WithoutCancel(w.t.Context())); err != nil {
			w.t.Error(err)
		}
	})
	return halt
}

// in makes what people do from here on part of a subtest, until that ends.
func (w *world) in(t *testing.T) {
	t.Helper()
	whole := w.t
	w.t = t
	t.Cleanup(func() { w.t = whole })
}

// journal collects what a server logs.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// person is somebody with an account who is signed in, or a stranger without one.
type person struct {
	w        *world
	name     string
	id       string
	email    string
	password string
	token    string
	client   *http.Client
}

// Stranger is somebody without an account.
func (w *world) Stranger() *person {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &person{w: w, client: &http.Client{Jar: jar, Timeout: time.Minute}}
}

// User is the person of that name, who signs up when first mentioned.
func (w *world) User(name string) *person {
	w.t.Helper()
	if p := w.people[name]; p != nil {
		return p
	}
	p := w.Stranger()
	p.name, p.email, p.password = name, name+"@example.org", "four words of "+name
	r := p.post("/auth/sign-up", object{"email": p.email, "name": name, "password": p.password}).want(http.StatusCreated)
	p.take(r)
	w.people[name] = p
	return p
}

// take remembers the tokens of an answer.
func (p *person) take(r *reply) {
	p.token = r.text("accessToken")
	p.id = r.text("user", "id")
}

// object and array are how tests write JSON.
type (
	object = map[string]any
	array  = []any
)

// project is a project of its owner's, with the six codes.
type project struct {
	*person
	path  string // of the project: /projects/ID
	id    string
	codes map[string]string
}

// Project makes a project with the six codes.
func (p *person) Project(name string) *project {
	p.w.t.Helper()
	r := p.post("/projects", object{"name": name, "codebookTemplate": "data-in-organisational-practice"}).want(http.StatusCreated)
	return &project{person: p, id: r.id(), path: "/projects/" + r.id()}
}

// Member brings a person into the project.
func (j *project) Member(name string, role models.Role) *project {
	j.w.t.Helper()
	somebody := j.w.User(name)
	j.post(j.path+"/members", object{"email": somebody.email, "role": role}).want(http.StatusCreated)
	return j
}

// As is the project seen by another member.
func (j *project) As(name string) *project {
	j.w.t.Helper()
	other := *j
	other.person = j.w.User(name)
	return &other
}

// Code gives the id of a code by its key.
func (j *project) Code(key string) string {
	j.w.t.Helper()
	if j.codes == nil {
		j.codes = map[string]string{}
		for _, item := range j.get(j.path + "/codes").want(http.StatusOK).items() {
			j.codes[at(j.w.t, item, "key").(string)] = at(j.w.t, item, "id").(string)
		}
	}
	if j.codes[key] == "" {
		j.w.t.Fatalf("there is no code %s", key)
	}
	return j.codes[key]
}

// note is a note of a project.
type note struct {
	*project
	id   string
	at   string // its path
	text string
	// coding is the id of the last coding put.
	coding string
}

// Note adds a field note with this text. Fields may be changed.
func (j *project) Note(text string, fields ...object) *note {
	j.w.t.Helper()
	body := object{"title": "A day at the town hall", "kind": "fieldNote", "observedOn": "2025-03-04", "language": "en", "text": text}
	for _, more := range fields {
		maps.Copy(body, more)
	}
	r := j.post(j.path+"/notes", body).want(http.StatusCreated)
	return &note{project: j, id: r.id(), at: j.path + "/notes/" + r.id(), text: text}
}

// Anchor is the place of a quote that stands in the note once.
func (n *note) Anchor(quote string) object {
	n.w.t.Helper()
	before, _, found := strings.Cut(n.text, quote)
	if !found {
		n.w.t.Fatalf("%q isn't in the note", quote)
	}
	start := utf8.RuneCountInString(before)
	return object{"start": start, "end": start + utf8.RuneCountInString(quote), "quote": quote}
}

// Coding puts a code on a quote.
func (n *note) Coding(key, quote string) *note {
	n.w.t.Helper()
	r := n.post(n.path+"/codings", object{"noteId": n.id, "codeId": n.Code(key), "anchor": n.Anchor(quote)}).want(http.StatusCreated)
	n.coding = r.id()
	return n
}

// eventually asks until the fact holds, or fails after a minute: a busy machine may need many seconds for what takes a moment.
func eventually(t *testing.T, fact string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if holds() {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatalf("it never came to be that %s", fact)
}
