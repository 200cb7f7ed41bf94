package auth_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/auth"
	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

const (
	password = "blue tractor under snow"
	another  = "seven lamps on the quay"
)

var (
	hall = auth.Client{Device: "Firefox on Linux", Address: netip.MustParseAddr("192.0.2.7")}
	// These hashes cost next to nothing.
	cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
)

// world is a database of its own, a clock that stands still, and a Service over both.
type world struct {
	*auth.Service
	t     *testing.T
	db    *mongodb.DB
	clock *clock
	o     auth.Options
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// newWorld makes a world where anybody may sign up, unless change says otherwise.
func newWorld(t *testing.T, change ...func(*auth.Options)) *world {
	t.Helper()
	t.Parallel()
	db := emptyDatabase(t)
	secret, err := db.ServerSecret(t.Context())
	must(t, err)
	w := &world{t: t, db: db, clock: &clock{at: time.Now()}}
	w.o = auth.Options{SignUp: auth.SignUpOpen, Secret: secret, Now: w.clock.now, Hashing: cheap}
	w.Service = w.process(db, change...)
	return w
}

// database is opened once and used by one test after the other: each has some sixty files, and an
// engine that makes and drops them for every test runs out of those it may open.
type database struct {
	*mongodb.DB
	client *mongo.Client
	name   string
}

var (
	idleMu sync.Mutex
	idle   []*database
)

// emptyDatabase gives a database without accounts that is nobody else's until the test ends.
func emptyDatabase(t *testing.T) *mongodb.DB {
	t.Helper()
	idleMu.Lock()
	defer idleMu.Unlock()
	var d *database
	if last := len(idle) - 1; last >= 0 {
		d, idle = idle[last], idle[:last]
	} else {
		d = &database{name: enginetest.Prefix(t) + "auth"}
		var err error
		d.DB, err = mongodb.Open(t.Context(), enginetest.Mongo(t), d.name)
		must(t, err)
		d.client, err = mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(t)))
		must(t, err)
	}
	t.Cleanup(func() {
		for _, c := range []string{"users", "sessions", "resets", "tokens", "settings", "events", "members"} {
			_, err := d.client.Database(d.name).Collection(c).DeleteMany(context.Background(), bson.D{})
			must(t, err)
		}
		idleMu.Lock()
		defer idleMu.Unlock()
		idle = append(idle, d)
	})
	return d.DB
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, d := range idle {
		ctx := context.Background()
		if err := errors.Join(d.Drop(ctx), d.Close(ctx), d.client.Disconnect(ctx)); err != nil {
			slog.Error("A database of the tests is left behind.", slog.Any("error", err))
			code = 1
		}
	}
	os.Exit(code)
}

// process makes another Service over the same database, as another process would.
func (w *world) process(store auth.Store, change ...func(*auth.Options)) *auth.Service {
	w.t.Helper()
	o := w.o
	for _, c := range change {
		c(&o)
	}
	s, err := auth.New(store, o)
	must(w.t, err)
	return s
}

// person is somebody who signed up.
type person struct {
	*models.User
	tokens auth.Tokens
	actor  models.Actor
}

func (w *world) signUp(email string) person {
	w.t.Helper()
	tokens, user, err := w.SignUp(w.t.Context(), auth.NewAccount{Email: email, Name: "Somebody", Password: password}, hall)
	must(w.t, err)
	return person{user, tokens, w.whoIs(tokens)}
}

func (w *world) signIn(email, password string) auth.Tokens {
	w.t.Helper()
	tokens, _, err := w.SignIn(w.t.Context(), email, password, hall)
	must(w.t, err)
	return tokens
}

func (w *world) whoIs(tokens auth.Tokens) models.Actor {
	w.t.Helper()
	actor, err := w.Authenticate(w.t.Context(), tokens.Access)
	must(w.t, err)
	return actor
}

// lives says whether a session still answers.
func (w *world) lives(tokens auth.Tokens) bool {
	w.t.Helper()
	_, err := w.Authenticate(w.t.Context(), tokens.Access)
	if err != nil {
		refused(w.t, err, models.KindUnauthenticated, "session_ended")
	}
	return err == nil
}

// ended gives the sessions that the account's own stream was told the end of, by who ended them.
func (w *world) ended(user models.ID) map[models.ID]models.ID {
	w.t.Helper()
	list, err := w.db.Events(w.t.Context(), user, coding.EventQuery{Viewer: user}, models.Page{Limit: 1000})
	must(w.t, err)
	out := map[models.ID]models.ID{}
	for _, e := range list.Items {
		if e.Type != "account.ended" || e.Noun != models.NounAccount || e.Verb != models.VerbEnded || e.Audience != user {
			w.t.Errorf("an event of the account's stream is %+v", e)
		}
		out[e.RecordID] = e.ActorID
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks what an error says to its receiver, and gives it.
func refused(t *testing.T, err error, kind models.Kind, code string) *models.Error {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != kind || e.Code != code {
		t.Fatalf("got error %v, want kind %d with code %s", err, kind, code)
	}
	return e
}

// sideBySide runs fn n times at once and gives the errors.
func sideBySide(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// count says how many errors carry a code; the empty code counts successes.
func count(errs []error, code string) (n int) {
	for _, err := range errs {
		e, ok := errors.AsType[*models.Error](err)
		if (ok && e.Code == code) || (err == nil && code == "") {
			n++
		}
	}
	return n
}
