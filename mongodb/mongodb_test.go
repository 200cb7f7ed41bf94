package mongodb_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

func TestAnIndexOfAnEarlierVersionGoes(t *testing.T) {
	uri, name := enginetest.Mongo(t), enginetest.Database(t)
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(context.WithoutCancel(t.Context()))
	indexes := client.Database(name).Collection("codings").Indexes()
	for name, field := range map[string]string{"coding_once": "noteId", "coding_once_in_text": "layer"} {
		old := mongo.IndexModel{Keys: bson.D{{Key: field, Value: 1}}, Options: options.Index().SetName(name).SetUnique(true)}
		if _, err := indexes.CreateOne(t.Context(), old); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second start finds it gone
		db, err := mongodb.Open(t.Context(), uri, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := indexes.ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, ix := range all {
			if ix.Name == "coding_once" || ix.Name == "coding_once_in_text" {
				t.Errorf("%s is still there", ix.Name)
			}
		}
	}
}

// TestTheListOfANotesCodingsIsReadFromAnIndex asks the engine how it finds one page of them.
func TestTheListOfANotesCodingsIsReadFromAnIndex(t *testing.T) {
	uri, name := enginetest.Mongo(t), enginetest.Database(t)
	db, err := mongodb.Open(t.Context(), uri, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(context.WithoutCancel(t.Context()))
	database := client.Database(name)
	if err := database.RunCommand(t.Context(), bson.D{{Key: "profile", Value: 2}}).Err(); err != nil {
		t.Fatal(err)
	}
	space, note := models.NewID(), models.NewID()
	for i := range 300 {
		on := note
		if i%3 > 0 {
			on = models.NewID()
		}
		c := &models.Coding{Head: models.Head{ID: models.NewID(), SpaceID: space, Version: 1}, Layer: models.LayerOpen, NoteID: on, CodeID: models.NewID(), CoderID: models.NewID(), Anchor: models.Anchor{Start: i, End: i + 5, TextVersion: 1}}
		if err := db.Codings().Insert(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	page, err := db.Codings().List(t.Context(), space, coding.Query{
		Where: coding.Where{"noteId": note, "layer": models.LayerOpen}, Order: []string{"anchor.start", "anchor.end", "codeId", "coderId"},
	}, models.Page{Limit: 20})
	if err != nil || len(page.Items) != 20 {
		t.Fatalf("%d codings, %v", len(page.Items), err)
	}
	var seen struct {
		Plan     string `bson:"planSummary"`
		Examined int    `bson:"docsExamined"`
		Sorted   bool   `bson:"hasSortStage"`
	}
	err = database.Collection("system.profile").FindOne(t.Context(), bson.D{{Key: "op", Value: "query"}, {Key: "ns", Value: name + ".codings"}}, options.FindOne().SetSort(bson.D{{Key: "ts", Value: -1}})).Decode(&seen)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(seen.Plan, "coderId: 1, _id: 1") || seen.Examined != 21 || seen.Sorted {
		t.Errorf("%+v", seen)
	}
}

// TestOpenWaitsForTheEngine opens a database whose engine comes after it was looked for in vain.
func TestOpenWaitsForTheEngine(t *testing.T) {
	uri, wall := behindAWall(t, enginetest.Mongo(t))
	wall.fall()
	at, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("serverSelectionTimeoutMS", "50") // the driver knocks twice a second
	at.RawQuery = query.Encode()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	name := enginetest.Database(t)
	go func() {
		for wall.turnedAway() < 3 && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		wall.rise()
	}()
	db, err := mongodb.Open(ctx, at.String(), name)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(ctx); err != nil {
		t.Error(err)
	}
	_ = db.Close(context.WithoutCancel(ctx))

	wall.fall()
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := mongodb.Open(soon, at.String(), name); models.KindOf(err) != models.KindUnavailable {
		t.Errorf("= %v", err)
	}
}

// TestADatabaseThatGoesAwayIsUnavailable cuts all connections under readers and writers, and holds
// every error they get to being one that says to come back.
func TestADatabaseThatGoesAwayIsUnavailable(t *testing.T) {
	uri, wall := behindAWall(t, enginetest.Mongo(t))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	db, err := mongodb.Open(ctx, uri, enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(ctx))
	space := models.NewID()
	if err := db.MakeGuards(ctx, space); err != nil {
		t.Fatal(err)
	}
	var busy sync.WaitGroup
	stop := make(chan struct{})
	var failed atomic.Int32
	var others sync.Map
	note := func(err error) {
		switch {
		case err == nil:
		case models.KindOf(err) == models.KindUnavailable:
			failed.Add(1)
		default:
			others.Store(err.Error(), true)
		}
	}
	for range 8 {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				short, cancel := context.WithTimeout(ctx, 3*time.Second)
				_, err := db.HiddenNotes(short, space, models.Viewer{UserID: space})
				note(err)
				note(db.GuardShared(short, space))
				cancel()
			}
		})
	}
	for n := 0; n < 10 || (failed.Load() < 20 && ctx.Err() == nil); n++ {
		wall.fall()
		wall.rise()
		if err := db.Ping(ctx); err != nil {
			note(err)
		}
	}
	close(stop)
	busy.Wait()
	others.Range(func(err, _ any) bool {
		t.Errorf("not unavailable: %v", err)
		return true
	})
	if failed.Load() == 0 {
		t.Error("nothing failed, so nothing was tried")
	}
}

// wall is a way to the engine that can be cut.
type wall struct {
	t      *testing.T
	engine string
	mu     sync.Mutex
	down   bool
	// refused counts those who were turned away.
	refused int
	open    map[net.Conn]bool
}

func behindAWall(t *testing.T, uri string) (string, *wall) {
	t.Helper()
	at, host := hostOf(t, uri)
	w := &wall{t: t, engine: host, open: map[net.Conn]bool{}}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close(); w.fall() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(c)
		}
	}()
	return at(listener.Addr().String()), w
}

func (w *wall) pass(from net.Conn) {
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", w.engine)
	w.mu.Lock()
	if err != nil || w.down {
		w.refused++
		w.mu.Unlock()
		_ = from.Close()
		return
	}
	w.open[from], w.open[to] = true, true
	w.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { relay(to, from) })
	both.Go(func() { relay(from, to) })
	both.Wait()
	w.mu.Lock()
	delete(w.open, from)
	delete(w.open, to)
	w.mu.Unlock()
}

func (w *wall) fall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for c := range w.open {
		_ = c.Close()
	}
}

func (w *wall) turnedAway() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refused
}

func (w *wall) rise() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}

func relay(to, from net.Conn) {
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			if _, werr := to.Write(b[:n]); werr != nil {
				err = errors.Join(err, werr)
			}
		}
		if err != nil {
			_, _ = to.Close(), from.Close()
			return
		}
	}
}

// hostOf gives the host of a URI, and what makes the same URI with another host.
func hostOf(t *testing.T, uri string) (with func(host string) string, host string) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	return func(host string) string { v := *u; v.Host = host; return v.String() }, u.Host
}

func TestFilesKeptAtOnceKeepTheirOwnBytes(t *testing.T) {
	db, err := mongodb.Open(t.Context(), enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			f := coding.FileData{ID: models.NewID(), Name: "note.txt", Data: bytes.Repeat([]byte{byte('a' + i)}, i*150_000)}
			if err := db.SaveFiles(t.Context(), f); err != nil {
				t.Error(err)
				return
			}
			r, err := db.OpenFile(t.Context(), f.ID)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, f.Data) {
				t.Errorf("file %d came back with %d bytes, not its %d: %v", i, len(got), len(f.Data), err)
			}
		})
	}
	all.Wait()
}
