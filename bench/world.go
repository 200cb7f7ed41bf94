package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"feltbog/local"
	"feltbog/models"
	"feltbog/mongodb"
)

const (
	// database is what the server calls its database; limits is one like it that the server knows
	// nothing of, in which the raw writes lie.
	database = "feltbog"
	limits   = "limits"
	teamSize = 16
	siteSize = 10
	codeSize = 30
	// codeColours is how many colours codes are painted in.
	codeColours = 12
)

// world is a running server with its engines, the people who use it, and what they have written.
type world struct {
	size     sizes
	out      io.Writer
	begun    time.Time
	folder   string
	server   *server
	engines  local.Connection
	client   *mongo.Client
	language *language

	owner        *person
	team         []*person
	large, small *space
	report       *report
	passages     int // in the index of the large project
	indexUID     string
}

// newWorld builds and starts the server, makes the people and fills the projects.
func newWorld(ctx context.Context, size sizes, binary string, out io.Writer) (_ *world, err error) {
	w := &world{size: size, out: out, begun: time.Now(), report: newReport(size), language: newLanguage(1), large: &space{}, small: &space{}}
	if w.folder, err = os.MkdirTemp("", "feltbog-bench-"); err != nil {
		return nil, fmt.Errorf("make a folder for the data: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close(ctx))
		}
	}()
	w.server = &server{binary: binary, data: filepath.Join(w.folder, "data"), logs: filepath.Join(w.folder, "server.log")}
	if binary == "" {
		w.tell("building the server")
		if w.server.binary, err = build(ctx, w.folder); err != nil {
			return nil, err
		}
	}
	if w.server.addr, err = freeAddr(ctx); err != nil {
		return nil, err
	}
	if w.server.ops, err = freeAddr(ctx); err != nil {
		return nil, err
	}
	w.tell("making the people and their projects")
	if _, err := w.server.start(ctx); err != nil {
		return nil, err
	}
	if err := w.people(ctx); err != nil {
		return nil, err
	}
	if err := w.server.stop(); err != nil {
		return nil, err
	}
	if err := w.fill(ctx); err != nil {
		return nil, err
	}
	w.tell("starting on the data")
	if _, err := w.server.start(ctx); err != nil {
		return nil, err
	}
	if err := w.connect(ctx); err != nil {
		return nil, err
	}
	w.tell("indexing the notes for search")
	if err := w.index(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

// tell says what goes on.
func (w *world) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(w.out, "%6.1f s  %s\n", time.Since(w.begun).Seconds(), fmt.Sprintf(format, args...))
}

// people makes the accounts, the two projects, their sites and codes.
func (w *world) people(ctx context.Context) error {
	w.owner = newPerson(w.server, "owner")
	if err := w.owner.signIn(ctx, "/auth/sign-up", map[string]any{"email": w.owner.email, "name": "Owner", "password": w.owner.password}); err != nil {
		return err
	}
	for i := range teamSize {
		p := newPerson(w.server, fmt.Sprintf("coder-%d", i+1))
		if err := w.owner.ask(ctx, http.MethodPost, "/users", map[string]any{"email": p.email, "name": p.email, "password": p.password}, nil); err != nil {
			return err
		}
		if err := p.signIn(ctx, "/auth/sign-in", map[string]any{"email": p.email, "password": p.password}); err != nil {
			return err
		}
		w.team = append(w.team, p)
	}
	return errors.Join(w.project(ctx, w.large, "Large"), w.project(ctx, w.small, "Small"))
}

// project makes a project with the whole team in it.
func (w *world) project(ctx context.Context, sp *space, name string) error {
	made, err := w.make(ctx, "/projects", map[string]any{"name": name})
	if err != nil {
		return err
	}
	sp.id = made
	at := "/projects/" + string(sp.id)
	for _, p := range w.team {
		sp.coders = append(sp.coders, p.id)
		if err := w.owner.ask(ctx, http.MethodPost, at+"/members", map[string]any{"email": p.email, "role": models.RoleCoder}, nil); err != nil {
			return err
		}
	}
	for i := range siteSize {
		id, err := w.make(ctx, at+"/sites", map[string]any{"name": fmt.Sprintf("Site %d", i+1), "kind": "agency"})
		if err != nil {
			return err
		}
		sp.sites = append(sp.sites, id)
	}
	for i := range codeSize {
		code := map[string]any{"name": fmt.Sprintf("Code %d", i+1), "colour": i%codeColours + 1}
		if i < 9 {
			code["shortcut"] = strconv.Itoa(i + 1)
		}
		id, err := w.make(ctx, at+"/codes", code)
		if err != nil {
			return err
		}
		sp.codes = append(sp.codes, id)
	}
	return nil
}

// make makes a record and gives its id.
func (w *world) make(ctx context.Context, path string, in map[string]any) (models.ID, error) {
	var made struct {
		ID models.ID `json:"id"`
	}
	err := w.owner.ask(ctx, http.MethodPost, path, in, &made)
	return made.ID, err
}

// fill writes the data in bulk while the server is down, so that none of it runs through its streams.
func (w *world) fill(ctx context.Context) (err error) {
	w.tell("filling the projects: %d notes with %d codings", w.size.notes, w.size.notes*w.size.codingsPerNote)
	engines, err := local.Start(ctx, local.Options{Dir: w.server.data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engines.Close()) }()
	client, err := connect(engines.Connection)
	if err != nil {
		return err
	}
	defer client.Disconnect(context.WithoutCancel(ctx)) //nolint:errcheck // the engines end with it
	if err := w.seed(ctx, client.Database(database)); err != nil {
		return err
	}
	// The limits stand on the same indexes.
	db, err := mongodb.Open(ctx, engines.MongoURI, limits)
	if err != nil {
		return err
	}
	return db.Close(ctx)
}

// connect opens the driver as the server does.
func connect(at local.Connection) (*mongo.Client, error) {
	return mongo.Connect(options.Client().ApplyURI(at.MongoURI).SetMaxPoolSize(200).SetBSONOptions(asServer).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()))
}

// connect finds the engines of the running server.
func (w *world) connect(ctx context.Context) (err error) {
	if w.engines, err = local.Attach(ctx, w.server.data); err != nil {
		return err
	}
	w.client, err = connect(w.engines)
	return err
}

func (w *world) db() *mongo.Database  { return w.client.Database(database) }
func (w *world) raw() *mongo.Database { return w.client.Database(limits) }

// awake lets everybody sign in again where that is due.
func (w *world) awake(ctx context.Context) error {
	for _, p := range append([]*person{w.owner}, w.team...) {
		if err := p.awake(ctx); err != nil {
			return err
		}
	}
	return nil
}

// close ends the server and removes everything.
func (w *world) close(ctx context.Context) error {
	var errs []error
	if w.client != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		errs = append(errs, w.client.Disconnect(ctx))
	}
	if w.server != nil {
		errs = append(errs, w.server.stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.folder))...)
}
