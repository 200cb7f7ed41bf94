package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local"
	"feltbog/local/enginetest"
)

// deadline bounds every wait in these tests; none of them measures time.
const deadline = time.Minute

// serverVariable makes the test binary a server on the data directory that it names.
const serverVariable = "FELTBOG_LOCAL_TEST_SERVER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serverVariable); dir != "" {
		fmt.Fprintln(os.Stderr, serve(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serve starts engines, tells on standard output of their processes, and waits to be killed.
func serve(dir string) error {
	o, err := enginetest.Options()
	if err != nil {
		return err
	}
	if err := os.Remove(o.Dir); err != nil {
		return err
	}
	o.Dir = dir
	e, err := local.Start(context.Background(), o)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(e.Processes()); err != nil {
		return err
	}
	select {}
}

// newOptions returns options for an empty data directory that is removed after the test.
func newOptions(t *testing.T) local.Options {
	t.Helper()
	o, err := enginetest.Options()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(o.Dir); err != nil {
			t.Error(err)
		}
	})
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	return o
}

// start starts engines that are closed after the test at the latest.
func start(t *testing.T, o local.Options) *local.Engines {
	t.Helper()
	e, err := local.Start(within(t), o)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, e) })
	return e
}

func stop(t *testing.T, e *local.Engines) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// within returns a context that ends at the deadline.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

// eventually polls until check returns nil.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	ctx := within(t)
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("Not in time: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// entries is a collection of documents {_id: n}.
type entries struct{ *mongo.Collection }

func connect(t *testing.T, uri string) entries {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // No farewell: the server may be gone.
		client.Disconnect(ctx)
	})
	return entries{client.Database("book").Collection("entries")}
}

func (c entries) put(n int) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	_, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: n}})
	return err
}

func (c entries) mustPut(t *testing.T, n int) {
	t.Helper()
	if err := c.put(n); err != nil {
		t.Fatal(err)
	}
}

func (c entries) count(t *testing.T) int {
	t.Helper()
	n, err := c.CountDocuments(within(t), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// meili asks Meilisearch and returns its answer's status and body.
func meili(c local.Connection, method, path, body string) (int, string, error) {
	request, err := http.NewRequest(method, c.MeilisearchURL+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Authorization", "Bearer "+c.MeilisearchKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// findNote polls until the search for "registers" finds the one note that indexNote put there.
func findNote(t *testing.T, c local.Connection) {
	t.Helper()
	eventually(t, func() error {
		_, body, err := meili(c, http.MethodPost, "/indexes/notes/search", `{"q": "registers"}`)
		if err == nil && !strings.Contains(body, `"id":7`) {
			err = errors.New(body)
		}
		return err
	})
}

func indexNote(t *testing.T, c local.Connection) {
	t.Helper()
	status, body, err := meili(c, http.MethodPost, "/indexes/notes/documents", `[{"id": 7, "text": "The registers are the ground."}]`)
	if err != nil || status != http.StatusAccepted {
		t.Fatalf("Index: %d %s %v", status, body, err)
	}
	findNote(t, c)
}

// pid returns the process of an engine.
func pid(t *testing.T, e *local.Engines, name string) int {
	t.Helper()
	for _, p := range e.Processes() {
		if p.Name == name {
			return p.PID
		}
	}
	t.Fatalf("%s does not run.", name)
	return 0
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// gone returns nil once a process is no more, or is waiting only for its parent to look.
func gone(pid int) error {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return nil
	}
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && bytes.Contains(stat, []byte(") Z ")) {
		return nil
	}
	return fmt.Errorf("process %d is still there", pid)
}

// addresses returns the host and port of mongod and of meilisearch.
func addresses(t *testing.T, c local.Connection) []string {
	t.Helper()
	var found []string
	for _, text := range []string{c.MongoURI, c.MeilisearchURL} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, u.Host)
	}
	return found
}

// occupy listens at an address until the test ends, and hangs up on whoever calls.
func occupy(t *testing.T, address string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			caller, err := l.Accept()
			if err != nil {
				return
			}
			caller.Close()
		}
	}()
}

// mongodOf returns the path of the mongod that a start with the options runs.
func mongodOf(t *testing.T, o local.Options) string {
	t.Helper()
	if o.Mongod != "" {
		return o.Mongod
	}
	if path, err := exec.LookPath("mongod"); err == nil {
		return path
	}
	found, err := filepath.Glob(filepath.Join(o.Cache, "mongod-*", "mongod"))
	if err != nil || len(found) == 0 {
		t.Fatalf("There is no mongod in %s: run `make engines`.", o.Cache)
	}
	return found[len(found)-1]
}

// initiateOnly leaves an empty database behind whose replica set is made, on another port than
// Feltbog will use, but which has no user.
func initiateOnly(t *testing.T, o local.Options) {
	t.Helper()
	folder := filepath.Join(o.Dir, "mongodb")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	const port = "19847"
	mongod := exec.Command(mongodOf(t, o), "--dbpath", folder, "--port", port, "--bind_ip", "127.0.0.1",
		"--nounixsocket", "--replSet", "feltbog", "--auth", "--keyFile", filepath.Join(o.Dir, "secrets", "mongod.key"))
	if err := mongod.Start(); err != nil {
		t.Fatal(err)
	}
	defer mongod.Wait()
	defer mongod.Process.Kill()
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://127.0.0.1:" + port + "/?directConnection=true"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(context.Background())
	if err := client.Database("admin").RunCommand(within(t), bson.D{{Key: "replSetInitiate", Value: bson.D{}}}).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()

	t.Run("a second start finds what was written, at the same addresses", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		first := start(t, o)
		connect(t, first.MongoURI).mustPut(t, 1)
		indexNote(t, first.Connection)
		stop(t, first)

		second := start(t, o)
		if second.Connection != first.Connection {
			t.Errorf("The connection was %v and is %v.", first.Connection, second.Connection)
		}
		if n := connect(t, second.MongoURI).count(t); n != 1 {
			t.Errorf("Found %d entries, want 1.", n)
		}
		findNote(t, second.Connection)
	})

	t.Run("ports that are taken are left to whoever has them", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		first := start(t, o)
		connect(t, first.MongoURI).mustPut(t, 1)
		indexNote(t, first.Connection)
		stop(t, first)
		for _, address := range addresses(t, first.Connection) {
			occupy(t, address)
		}

		second := start(t, o)
		for i, address := range addresses(t, second.Connection) {
			if address == addresses(t, first.Connection)[i] {
				t.Errorf("%s was taken.", address)
			}
		}
		entries := connect(t, second.MongoURI)
		entries.mustPut(t, 2) // The set of one has found itself under its new name.
		if n := entries.count(t); n != 2 {
			t.Errorf("Found %d entries, want 2.", n)
		}
		findNote(t, second.Connection)
	})

	t.Run("a first start that was cut off before the user was made is finished", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		stop(t, start(t, o)) // For the secrets.
		initiateOnly(t, o)
		e := start(t, o)
		connect(t, e.MongoURI).mustPut(t, 1)
	})

	t.Run("lost secrets are made anew, and nothing else is lost", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		first := start(t, o)
		connect(t, first.MongoURI).mustPut(t, 1)
		indexNote(t, first.Connection)
		stop(t, first)
		if err := os.RemoveAll(filepath.Join(o.Dir, "secrets")); err != nil {
			t.Fatal(err)
		}

		second := start(t, o)
		if n := connect(t, second.MongoURI).count(t); n != 1 {
			t.Errorf("Found %d entries, want 1.", n)
		}
		findNote(t, second.Connection)
		if second.MeilisearchKey == first.MeilisearchKey || second.MongoURI == first.MongoURI {
			t.Error("The secrets are those that were lost.")
		}
	})

	t.Run("a start that is given up leaves nothing running", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		ctx, cancel := context.WithCancel(within(t))
		result := make(chan error)
		go func() {
			_, err := local.Start(ctx, o)
			result <- err
		}()
		eventually(t, func() error {
			_, err := os.Stat(filepath.Join(o.Dir, "mongodb", "mongod.lock"))
			return err
		})
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("Start: %v, want that it was cancelled.", err)
		}
		start(t, o)
	})
}

func TestOneServer(t *testing.T) {
	t.Parallel()
	o := newOptions(t)

	if _, err := local.Attach(within(t), o.Dir); !errors.Is(err, local.ErrNotRunning) {
		t.Errorf("Attach where no server ever ran: %v, want ErrNotRunning.", err)
	}
	attached := make(chan local.Connection)
	go func() {
		ctx := within(t)
		for ctx.Err() == nil {
			// ErrNotRunning until Start has the lock; from then on it waits for the engines.
			if c, err := local.Attach(ctx, o.Dir); !errors.Is(err, local.ErrNotRunning) {
				attached <- c
				return
			}
		}
		close(attached)
	}()
	e := start(t, o)
	if c := <-attached; c != e.Connection {
		t.Errorf("Attach while the server starts: %v, want %v.", c, e.Connection)
	}

	_, err := local.Start(within(t), o)
	if err == nil || !strings.Contains(err.Error(), "another Feltbog server uses the data directory "+o.Dir) {
		t.Errorf("A second server on the same directory: %v, want a refusal that names it.", err)
	}
	connect(t, e.MongoURI).mustPut(t, 1) // The first does not mind.

	stop(t, e)
	stop(t, e) // Once more is no error.
	if running := e.Processes(); len(running) != 0 {
		t.Errorf("After Close there are %v.", running)
	}
	if _, err := local.Attach(within(t), o.Dir); !errors.Is(err, local.ErrNotRunning) {
		t.Errorf("Attach after Close: %v, want ErrNotRunning.", err)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()

	t.Run("a mongod that is killed comes back with every acknowledged write", func(t *testing.T) {
		t.Parallel()
		const kills = 3
		o := newOptions(t)
		var log logBuffer
		o.Log = slog.New(slog.NewJSONHandler(&log, nil))
		e := start(t, o)
		entries := connect(t, e.MongoURI)

		next, acknowledged := 0, []int{}
		write := func() error {
			next++
			err := entries.put(next)
			if err == nil {
				acknowledged = append(acknowledged, next)
			}
			return err
		}
		for range kills {
			before := pid(t, e, "mongod")
			for range 50 {
				eventually(t, write)
			}
			kill(t, before)
			eventually(t, write) // By the same client, so on the same port.
			if after := pid(t, e, "mongod"); after == before {
				t.Errorf("It still is process %d.", after)
			}
		}
		for _, n := range acknowledged {
			if err := entries.FindOne(within(t), bson.D{{Key: "_id", Value: n}}).Err(); err != nil {
				t.Errorf("The acknowledged write %d: %v.", n, err)
			}
		}
		eventually(t, func() error { return log.holds("An engine is back.", `"engine":"mongod"`) })
		if err := log.holds("An engine ended", `"exit":"signal 9 (killed)"`); err != nil {
			t.Error(err)
		}
	})

	t.Run("a meilisearch that is killed comes back where it was", func(t *testing.T) {
		t.Parallel()
		e := start(t, newOptions(t))
		indexNote(t, e.Connection)
		before := pid(t, e, "meilisearch")
		kill(t, before)
		findNote(t, e.Connection)
		if after := pid(t, e, "meilisearch"); after == before {
			t.Errorf("It still is process %d.", after)
		}
	})

	t.Run("Close during a restart ends it", func(t *testing.T) {
		t.Parallel()
		e := start(t, newOptions(t))
		kill(t, pid(t, e, "mongod"))
		stop(t, e)
		if running := e.Processes(); len(running) != 0 {
			t.Errorf("After Close there are %v.", running)
		}
	})
}

func TestKilledServer(t *testing.T) {
	t.Parallel()

	t.Run("its engines end with it", func(t *testing.T) {
		t.Parallel()
		server, engines := startServer(t, newOptions(t).Dir)
		kill(t, server)
		for _, p := range engines {
			eventually(t, func() error { return gone(p.PID) })
		}
	})

	t.Run("the next one waits for them and finds all that was written", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		server, engines := startServer(t, o.Dir)
		c, err := local.Attach(within(t), o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		connect(t, c.MongoURI).mustPut(t, 1)
		indexNote(t, c)
		kill(t, server)

		e := start(t, o)
		for _, p := range engines {
			if err := gone(p.PID); err != nil {
				t.Errorf("%s: %v.", p.Name, err)
			}
		}
		if n := connect(t, e.MongoURI).count(t); n != 1 {
			t.Errorf("Found %d entries, want 1.", n)
		}
		findNote(t, e.Connection)
	})

	t.Run("an engine that outlived it, as on other systems, is ended", func(t *testing.T) {
		t.Parallel()
		o := newOptions(t)
		stop(t, start(t, o))
		orphan := holdLock(t, filepath.Join(o.Dir, "run", "mongod.lock"))
		e := start(t, o)
		eventually(t, func() error { return gone(orphan) })
		connect(t, e.MongoURI).mustPut(t, 1)
	})
}

// startServer starts engines in a process of their own, by way of a command if one is given, and
// returns it and theirs.
func startServer(t *testing.T, dir string, by ...string) (server int, engines []local.Process) {
	t.Helper()
	command := slices.Concat(by, []string{os.Args[0]})
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), serverVariable+"="+dir)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	if err := json.NewDecoder(out).Decode(&engines); err != nil || len(engines) != 2 {
		t.Fatalf("The server started %v: %v", engines, err)
	}
	return cmd.Process.Pid, engines
}

// holdLock starts a process that holds the lock of an engine's files, as that engine would.
func holdLock(t *testing.T, path string) (pid int) {
	t.Helper()
	lock, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sleep", "600")
	cmd.ExtraFiles = []*os.File{lock}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait() // For whoever kills it.
	t.Cleanup(func() { cmd.Process.Kill() })
	if err := os.WriteFile(path, fmt.Appendln(nil, cmd.Process.Pid), 0o600); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// logBuffer collects log lines.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// holds returns nil if a line has all the pieces.
func (b *logBuffer) holds(pieces ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
next:
	for line := range strings.Lines(b.text.String()) {
		for _, piece := range pieces {
			if !strings.Contains(line, piece) {
				continue next
			}
		}
		return nil
	}
	return fmt.Errorf("no line with %q in the log:\n%s", pieces, b.text.String())
}
