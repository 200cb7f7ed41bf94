// Package main_test runs the built binary the way people do: a server in local mode with engines of
// its own, its commands beside it, and HTTP.
package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"feltbog/local/enginetest"
)

// Bounds of waiting; none of them measures time. A request may take as long as the server gives one
// (30 seconds), and a little more.
const (
	deadline        = 90 * time.Second
	requestDeadline = 45 * time.Second
	poll            = 50 * time.Millisecond
)

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(built.folder) //nolint:gosec // the folder is ours
	os.Exit(code)
}

// built is the binary, which the first test that needs it builds.
var built struct {
	once         sync.Once
	folder, root string
	err          error
}

func binary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.root, built.err = enginetest.Root(); built.err != nil {
			return
		}
		if built.folder, built.err = os.MkdirTemp("", "feltbog-binary-"); built.err != nil { //nolint:usetesting // it serves all tests
			return
		}
		cmd := exec.Command("go", "build", "-o", filepath.Join(built.folder, "feltbog"), "./cmd/feltbog")
		cmd.Dir = built.root
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("build the binary: %v", built.err)
	}
	return filepath.Join(built.folder, "feltbog")
}

// output collects what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// tail is the end of it, for messages, without what was answered well.
func (o *output) tail() string {
	var kept strings.Builder
	for line := range strings.Lines(o.String()) {
		if !strings.Contains(line, `"level":"INFO","msg":"request"`) {
			kept.WriteString(line)
		}
	}
	text := kept.String()
	return text[max(0, len(text)-6000):]
}

// process is a running feltbog, or one that ended.
type process struct {
	cmd       *exec.Cmd
	out, errs output
	done      chan struct{}
}

// launch starts feltbog with settings and arguments, in the project's root, where it finds the engines
// that `make engines` fetched. The caller ends it.
func launch(t *testing.T, settings []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary(t), args...), done: make(chan struct{})}
	p.cmd.Dir = built.root
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if !strings.HasPrefix(name, "FELTBOG_") || name == "FELTBOG_MONGOD" || name == "FELTBOG_MEILISEARCH" {
			p.cmd.Env = append(p.cmd.Env, setting)
		}
	}
	p.cmd.Env = append(p.cmd.Env, settings...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errs
	p.cmd.WaitDelay = 10 * time.Second
	tie(p.cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // which the process is tied to
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return p
}

// end ends the process if it hasn't ended.
func (p *process) end() {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
}

func (p *process) signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// wait waits until the process has ended, and gives its exit code: -1 if a signal ended it.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(deadline):
		t.Fatalf("%v does not end.\n%s%s", p.cmd.Args, p.out.tail(), p.errs.tail())
	}
	return 0
}

// run runs a command to its end, and says what it printed. It must end with the code.
func run(t *testing.T, code int, settings []string, args ...string) (out, errs string) {
	t.Helper()
	p := launch(t, settings, args...)
	defer p.end()
	if got := p.wait(t); got != code {
		t.Fatalf("feltbog %s ended with the code %d, want %d.\n%s%s", strings.Join(args, " "), got, code, p.out.tail(), p.errs.tail())
	}
	return p.out.String(), p.errs.String()
}

// dataDir is an empty data directory: in memory where there is room, since so many servers start.
func dataDir(t *testing.T) string {
	t.Helper()
	o, err := enginetest.Options()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		eventually(t, "the data directory can be removed", func() error { return os.RemoveAll(o.Dir) })
	})
	return o.Dir
}

// server is a feltbog that serves. It can be started again on its data.
type server struct {
	*process

	dir      string
	settings []string
	args     []string
	url      string
}

// serve starts a server on a data directory.
func serve(t *testing.T, dir string, settings []string, args ...string) *server {
	t.Helper()
	s := &server{dir: dir, settings: settings, args: append([]string{"serve", "--data", dir}, args...)}
	if !slices.Contains(args, "--addr") {
		s.args = append(s.args, "--addr", "127.0.0.1:0")
	}
	t.Cleanup(func() {
		if s.process == nil {
			return
		}
		s.end()
		if t.Failed() {
			t.Logf("The last server on %s said:\n%s%s", dir, s.out.tail(), s.errs.tail())
		}
	})
	s.start(t)
	return s
}

var address = regexp.MustCompile(`Feltbog is ready at http://(?:[^\s/]*):(\d+)\n`)

// start starts the server and waits until it says where it is.
func (s *server) start(t *testing.T) {
	t.Helper()
	s.process = launch(t, s.settings, s.args...)
	eventually(t, "the server says that it is ready", func() error {
		if at := address.FindStringSubmatch(s.out.String()); at != nil {
			s.url = "http://127.0.0.1:" + at[1]
			return nil
		}
		select {
		case <-s.done:
			t.Fatalf("The server did not start (the engines come from `make engines`):\n%s%s", s.out.tail(), s.errs.tail())
		default:
		}
		return errors.New("it hasn't yet")
	})
}

// stop ends the server in order.
func (s *server) stop(t *testing.T) {
	t.Helper()
	s.signal(syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Fatalf("The server ended with the code %d, want 0.\n%s", code, s.errs.tail())
	}
}

// engine is the process id of mongod or meilisearch, which stands in its lock.
func (s *server) engine(t *testing.T, name string) int {
	t.Helper()
	pid := 0
	eventually(t, name+" runs", func() error {
		text, err := os.ReadFile(filepath.Join(s.dir, "run", name+".lock"))
		if err == nil {
			pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		return err
	})
	return pid
}

// gone returns nil once a process is no more.
func gone(pid int) error {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return nil
	}
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && bytes.Contains(stat, []byte(") Z ")) {
		return nil
	}
	return fmt.Errorf("process %d is still there", pid)
}

// fragile is a setting that lets an engine be kept from starting again: it doesn't while the file is
// there. Otherwise it is back before anybody asks.
func fragile(t *testing.T, variable, engine string) (setting, broken string) {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		path, _ = exec.LookPath(engine)
	}
	if path == "" {
		found, err := filepath.Glob(filepath.Join(root(t), ".cache", "engines", engine+"-*", engine))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s is missing (%v): run `make engines` first.", engine, err)
		}
		path = found[0]
	}
	broken = filepath.Join(t.TempDir(), "broken")
	script := filepath.Join(t.TempDir(), engine)
	text := fmt.Sprintf("#!/bin/sh\nif [ -e '%s' ]; then echo 'kept from starting'; exit 1; fi\nexec '%s' \"$@\"\n", broken, path)
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	return variable + "=" + script, broken
}

func root(t *testing.T) string {
	t.Helper()
	binary(t)
	return built.root
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// eventually asks until it hears no error.
func eventually(t *testing.T, fact string, ask func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		if err = ask(); err == nil {
			return
		}
		time.Sleep(poll)
	}
	t.Fatalf("It never came to be that %s: %v", fact, err)
}

// need ends a test whose next parts stand on one that failed.
func need(t *testing.T, passed bool) {
	t.Helper()
	if !passed {
		t.FailNow()
	}
}

// object and array are JSON to send.
type (
	object = map[string]any
	array  = []any
)

// person is somebody who speaks HTTP with a server.
type person struct {
	s     *server
	id    string
	token string
}

var client = &http.Client{Timeout: requestDeadline}

// reply is an answer.
type reply struct {
	what   string
	status int
	header http.Header
	raw    []byte
}

// try sends a request; any answer is one. A key makes it one that may be sent again.
func (p *person) try(method, path string, body any, key string) (*reply, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	if body == nil {
		raw = nil
	}
	if !strings.HasPrefix(path, "/readyz") && !strings.HasPrefix(path, "/healthz") {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(context.Background(), method, p.s.url+path, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	r := &reply{what: method + " " + path, status: res.StatusCode, header: res.Header}
	r.raw, err = io.ReadAll(res.Body)
	return r, err
}

func (p *person) do(t *testing.T, method, path string, body any) *reply {
	t.Helper()
	r, err := p.try(method, path, body, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *reply) want(t *testing.T, status int) *reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("%s = %d, want %d\n%.2000s", r.what, r.status, status, r.raw)
	}
	return r
}

// decode reads the body of an answer.
func decode[T any](t *testing.T, r *reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.raw, &v); err != nil {
		t.Fatalf("%s: %v\n%.2000s", r.what, err, r.raw)
	}
	return v
}

func get[T any](t *testing.T, p *person, path string) T {
	t.Helper()
	return decode[T](t, p.do(t, http.MethodGet, path, nil).want(t, http.StatusOK))
}

func post[T any](t *testing.T, p *person, path string, body any) T {
	t.Helper()
	return decode[T](t, p.do(t, http.MethodPost, path, body).want(t, http.StatusCreated))
}

// problem is the body of a refusal.
type problem struct {
	Code, Detail string
	Status       int
}

// unavailable says what is wrong with an answer that should be: not now, and a sentence.
func unavailable(r *reply) error {
	var p problem
	if err := json.Unmarshal(r.raw, &p); err != nil {
		return fmt.Errorf("%s = %d %.500s", r.what, r.status, r.raw)
	}
	if r.status != http.StatusServiceUnavailable || r.header.Get("Content-Type") != "application/problem+json" || r.header.Get("Retry-After") == "" ||
		p.Code == "" || p.Status != r.status || !strings.Contains(p.Detail, " ") || !strings.HasSuffix(p.Detail, ".") {
		return fmt.Errorf("%s = %d %v %s, want 503 with a sentence and Retry-After", r.what, r.status, r.header, r.raw)
	}
	return nil
}

// record is what tests look at in the records of the API.
type record struct {
	ID       string
	Key      string
	Name     string
	Title    string
	Kind     string
	SiteID   string
	NoteID   string
	CodeID   string
	CoderID  string
	UserID   string
	Text     string
	Admin    bool
	ParentID string
	Anchor   struct {
		Start, End int
		Quote      string
	}
}

type page struct {
	Items []record
	Next  *string
}

// all reads a list to its end.
func all(t *testing.T, p *person, path string) []record {
	t.Helper()
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	var items []record
	for cursor := ""; ; {
		got := get[page](t, p, path+sign+"limit=1000"+cursor)
		items = append(items, got.Items...)
		if got.Next == nil {
			return items
		}
		cursor = "&cursor=" + *got.Next
	}
}

type signedIn struct {
	AccessToken string
	User        record
}

func (p *person) take(s signedIn) *person {
	p.token, p.id = s.AccessToken, s.User.ID
	return p
}

func (s *server) stranger() *person { return &person{s: s} }

// signUp makes the first account of a server.
func (s *server) signUp(t *testing.T) *person {
	t.Helper()
	p := s.stranger()
	made := post[signedIn](t, p, "/auth/sign-up", object{"email": leaEmail, "name": "Lea", "password": leaPassword})
	if !made.User.Admin {
		t.Errorf("The first account is no administrator.")
	}
	return p.take(made)
}

// Lea is who works in most tests.
const (
	leaEmail    = "lea@example.org"
	leaPassword = "four words of lea"
)

// signIn opens a session.
func (s *server) signIn(t *testing.T, email, password string) *person {
	t.Helper()
	p := s.stranger()
	r := p.do(t, http.MethodPost, "/auth/sign-in", object{"email": email, "password": password}).want(t, http.StatusOK)
	return p.take(decode[signedIn](t, r))
}

// project is a project with the six codes and a site.
type project struct {
	*person

	path  string
	site  string
	codes map[string]string
	texts map[string]string // read already, by note
}

const (
	projectName = "Long talks"
	siteName    = "The studio"
)

func (p *person) project(t *testing.T) *project {
	t.Helper()
	made := post[record](t, p, "/projects", object{"name": projectName, "codebookTemplate": "data-in-organisational-practice"})
	j := &project{person: p, path: "/projects/" + made.ID, codes: map[string]string{}, texts: map[string]string{}}
	for _, c := range all(t, p, j.path+"/codes") {
		j.codes[c.Key] = c.ID
	}
	j.site = post[record](t, p, j.path+"/sites", object{"name": siteName, "kind": "broadcaster"}).ID
	return j
}

// note adds a note and gives its id.
func (j *project) note(t *testing.T, text string) string {
	t.Helper()
	id := post[record](t, j.person, j.path+"/notes", object{
		"title": "A day at the town hall", "kind": "fieldNote", "siteId": j.site, "observedOn": "2025-03-04", "language": "en", "text": text,
	}).ID
	return id
}

// text is the text of a note, in code points.
func (j *project) text(t *testing.T, note string) []rune {
	t.Helper()
	if j.texts[note] == "" {
		j.texts[note] = get[record](t, j.person, j.path+"/notes/"+note+"/text").Text
	}
	return []rune(j.texts[note])
}

// on asks for a code on words that stand in the note once.
func (j *project) on(t *testing.T, note, key, quote string) object {
	t.Helper()
	text := string(j.text(t, note))
	before, after, found := strings.Cut(text, quote)
	if !found || strings.Contains(after, quote) || j.codes[key] == "" {
		t.Fatalf("%q is not in the note once, or there is no code %s.", quote, key)
	}
	start := utf8.RuneCountInString(before)
	return object{"noteId": note, "codeId": j.codes[key], "anchor": object{"start": start, "end": start + utf8.RuneCountInString(quote), "quote": quote}}
}

// hit is something found.
type hit struct {
	Type, NoteID, Text string
	Start, End         int
	Marks              [][2]int
	Codes              []string
}

type hits struct {
	Items []hit
	Total int
	Next  *string
}

// search finds all hits of a query, which is written as in an address.
func (j *project) search(query string) ([]hit, error) {
	var found []hit
	for cursor := ""; ; {
		r, err := j.try(http.MethodGet, j.path+"/search?limit=200&"+query+cursor, nil, "")
		if err != nil {
			return nil, err
		}
		var got hits
		if r.status != http.StatusOK {
			return nil, fmt.Errorf("search %s = %d %s", query, r.status, r.raw)
		}
		if err := json.Unmarshal(r.raw, &got); err != nil {
			return nil, err
		}
		found = append(found, got.Items...)
		if got.Next == nil {
			return found, nil
		}
		cursor = "&cursor=" + *got.Next
	}
}

// findable says which of the codings a search by their code doesn't find.
func (j *project) findable(codings []record) error {
	byCode := map[string][]record{}
	for _, c := range codings {
		byCode[c.CodeID] = append(byCode[c.CodeID], c)
	}
	for code, wanted := range byCode {
		found, err := j.search("type=passage&code=" + code)
		if err != nil {
			return err
		}
		for _, c := range wanted {
			if !slices.ContainsFunc(found, func(h hit) bool {
				return h.NoteID == c.NoteID && h.Start <= c.Anchor.Start && c.Anchor.End <= h.End && slices.Contains(h.Codes, code)
			}) {
				return fmt.Errorf("the coding of %q at %d is not among %d hits", c.Anchor.Quote, c.Anchor.Start, len(found))
			}
		}
	}
	return nil
}

// freeAddress is an address on loopback that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// fetch gives the body at an address. A status of zero lets it be any.
func fetch(t *testing.T, address string, status int) string {
	t.Helper()
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || (status != 0 && res.StatusCode != status) {
		t.Fatalf("%s = %d (%v) %.500s", address, res.StatusCode, err, body)
	}
	return string(body)
}
