package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
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
)

// secret is the servers' secret in tests.
var secret = bytes.Repeat([]byte("feltbog "), 4)

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
	o := api.Options{
		Service: coding.New(db, w.index, coding.Options{}), Hub: hub, Secret: secret, Log: log,
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

// Indexing keeps the search index equal to the store from here on.
func (w *world) Indexing() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(w.t.Context()))
	indexer := meili.NewIndexer(w.index, w.db, meili.Options{Log: slog.New(slog.NewJSONHandler(w.log, nil)), Lease: time.Second})
	var running sync.WaitGroup
	running.Go(func() { indexer.Run(ctx) })
	w.t.Cleanup(func() {
		stop()
		running.Wait()
		if err := w.index.DropAll(context.WithoutCancel(w.t.Context())); err != nil {
			w.t.Error(err)
		}
	})
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

// request is one request on its way.
type request struct {
	method, path string
	body         any // JSON, or bytes as they are
	header       http.Header
}

// option changes a request.
type option func(*request)

// seeing sends the version that was seen.
func seeing(version int) option { return with("If-Match", fmt.Sprintf(`"%d"`, version)) }

// with sends a header.
func with(name, value string) option { return func(r *request) { r.header.Set(name, value) } }

// do sends a request. Every request of every test comes through here, and every answer is held
// against the API's document.
func (p *person) do(method, path string, body any, options ...option) *reply {
	p.w.t.Helper()
	r := request{method: method, path: path, body: body, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	req := p.request(r)
	res, err := p.client.Do(req)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	sent := req.Clone(req.Context())
	sent.Body = http.NoBody // it was read; GetBody gives it again
	validate(p.w.t, sent, res, raw)
	return &reply{t: p.w.t, what: method + " " + path, status: res.StatusCode, header: res.Header, raw: raw}
}

func (p *person) request(r request) *http.Request {
	p.w.t.Helper()
	var reader io.Reader = http.NoBody
	switch b := r.body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	case io.Reader:
		reader = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			p.w.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
		if r.header.Get("Content-Type") == "" {
			r.header.Set("Content-Type", "application/json")
		}
	}
	if !strings.HasPrefix(r.path, "/api/") && r.path != "/readyz" {
		r.path = "/api/v1" + r.path
	}
	req, err := http.NewRequestWithContext(p.w.t.Context(), r.method, p.w.url+r.path, reader)
	if err != nil {
		p.w.t.Fatal(err)
	}
	req.Header = r.header
	if p.token != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	return req
}

func (p *person) get(path string, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodGet, path, nil, o...)
}

func (p *person) post(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPost, path, body, o...)
}

func (p *person) put(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPut, path, body, o...)
}

func (p *person) patch(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPatch, path, body, o...)
}

func (p *person) delete(path string, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodDelete, path, nil, o...)
}

// reply is an answer as it came.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	raw    []byte
	parsed any
}

// want ends the test if the answer has another status.
func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s = %d, want %d\n%.1000s", r.what, r.status, status, r.raw)
	}
	return r
}

// refused says that the answer is a problem with this status and code, and a sentence.
func (r *reply) refused(status int, code string) *reply {
	r.t.Helper()
	if r.status != status || r.header.Get("Content-Type") != "application/problem+json" {
		r.t.Errorf("%s = %d %s, want the problem %d %s\n%.1000s", r.what, r.status, r.header.Get("Content-Type"), status, code, r.raw)
		return r
	}
	if got := r.text("code"); got != code {
		r.t.Errorf("%s has the code %s, want %s: %s", r.what, got, code, r.text("detail"))
	}
	if sentence := r.text("detail"); !strings.HasSuffix(sentence, ".") || !strings.ContainsRune(sentence, ' ') {
		r.t.Errorf("%s: %q is no sentence", r.what, sentence)
	}
	if r.text("requestId") == "" || r.number("status") != status {
		r.t.Errorf("%s lacks its request id or its status: %s", r.what, r.raw)
	}
	return r
}

// pointing says that the problem points at these places.
func (r *reply) pointing(pointers ...string) *reply {
	r.t.Helper()
	var got []string
	for _, e := range r.list("errors") {
		got = append(got, at(r.t, e, "pointer").(string))
	}
	if !slices.Equal(got, pointers) {
		r.t.Errorf("%s points at %q, want %q", r.what, got, pointers)
	}
	return r
}

// value gives what lies in the answer behind names and indexes; nil if there is nothing.
func (r *reply) value(path ...any) any {
	r.t.Helper()
	if r.parsed == nil {
		if err := json.Unmarshal(r.raw, &r.parsed); err != nil {
			r.t.Fatalf("%s: %v\n%.1000s", r.what, err, r.raw)
		}
	}
	return at(r.t, r.parsed, path...)
}

func at(tb testing.TB, v any, path ...any) any {
	tb.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, ok := v.(object)
			if !ok {
				return nil
			}
			v = o[step]
		case int:
			a, ok := v.(array)
			if !ok || step >= len(a) {
				tb.Fatalf("there is no item %d of %v", step, v)
			}
			v = a[step]
		}
	}
	return v
}

func (r *reply) text(path ...any) string {
	r.t.Helper()
	s, _ := r.value(path...).(string)
	return s
}

func (r *reply) number(path ...any) int {
	r.t.Helper()
	n, _ := r.value(path...).(float64)
	return int(n)
}

func (r *reply) list(path ...any) []any {
	r.t.Helper()
	a, _ := r.value(path...).(array)
	return a
}

// id, version and items are what most answers have.
func (r *reply) id() string   { r.t.Helper(); return r.text("id") }
func (r *reply) version() int { r.t.Helper(); return r.number("version") }
func (r *reply) items() []any { r.t.Helper(); return r.list("items") }
func (r *reply) next() string { r.t.Helper(); return r.text("next") }
func (r *reply) names() []string {
	r.t.Helper()
	var names []string
	for _, item := range r.items() {
		names = append(names, at(r.t, item, "name").(string))
	}
	return names
}

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

// eventually asks until the fact holds, or fails after ten seconds.
func eventually(t *testing.T, fact string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
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
