package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

// someEvent is an event of a space of its own.
func someEvent(verb models.Verb) models.Event {
	space := models.NewID()
	note := &models.Note{Head: models.Head{ID: models.NewID(), SpaceID: space, Version: 1}, Title: "Mandag på rådhuset", ParticipantIDs: []models.ID{}}
	return models.Event{
		ID: models.NewID(), SpaceID: space, Type: models.TypeOf(models.NounNote, verb), Noun: models.NounNote, Verb: verb,
		ActorID: models.NewID(), At: time.Now().UTC().Truncate(time.Millisecond), RecordID: note.ID, NoteID: note.ID, After: note.Image(),
	}
}

func watch(t *testing.T, db *mongodb.DB, after coding.Position, from time.Time) coding.Changes {
	t.Helper()
	c, err := db.Watch(t.Context(), after, from)
	noError(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

// take reads n changes.
func take(t *testing.T, c coding.Changes, n int) []coding.Change {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var all []coding.Change
	for len(all) < n {
		some, err := c.Next(ctx)
		noError(t, err)
		all = append(all, some...)
	}
	if len(all) > n {
		t.Fatalf("%d changes, want %d", len(all), n)
	}
	return all
}

func eventsOf(all []coding.Change) []models.Event {
	out := make([]models.Event, len(all))
	for i := range all {
		out[i] = all[i].Event
	}
	return out
}

func TestTheStreamOfEvents(t *testing.T) {
	db, other := openTwice(t)
	began := time.Now()
	early := someEvent(models.VerbCreated)
	noError(t, db.Append(t.Context(), []models.Event{early}))

	t.Run("begins now, and gives whole events in their order", func(t *testing.T) {
		c := watch(t, db, "", time.Time{})
		batch := []models.Event{someEvent(models.VerbCreated), someEvent(models.VerbUpdated), someEvent(models.VerbPurged)}
		batch[2].After = nil
		noError(t, other.Tx(t.Context(), func(ctx context.Context) error { return other.Append(ctx, batch) }))
		got := take(t, c, 3)
		if diff := cmp.Diff(batch, eventsOf(got)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if got[0].Position >= got[1].Position || got[1].Position >= got[2].Position || got[2].Position > c.Position() {
			t.Errorf("positions out of order: %v %v", got, c.Position())
		}
	})
	t.Run("goes on after a position, also within a transaction", func(t *testing.T) {
		first := watch(t, db, "", time.Time{})
		batch := []models.Event{someEvent(models.VerbCreated), someEvent(models.VerbUpdated), someEvent(models.VerbUpdated)}
		noError(t, db.Tx(t.Context(), func(ctx context.Context) error { return db.Append(ctx, batch) }))
		got := take(t, first, 3)
		again := take(t, watch(t, other, got[0].Position, time.Time{}), 2)
		if diff := cmp.Diff(batch[1:], eventsOf(again)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if again[0].Position != got[1].Position {
			t.Errorf("one event has two positions: %s and %s", again[0].Position, got[1].Position)
		}
	})
	t.Run("begins at a time", func(t *testing.T) {
		got := take(t, watch(t, db, "", began.Add(-time.Second)), 7)
		if got[0].Event.ID != early.ID {
			t.Errorf("begins with %v", got[0].Event)
		}
	})
	t.Run("gives none where there are none, and moves on", func(t *testing.T) {
		c := watch(t, db, "", time.Time{})
		begin := c.Position()
		if begin == "" {
			t.Fatal("a fresh stream has no position")
		}
		noError(t, other.InsertUser(t.Context(), someAccount("elsewhere@example.org")))
		now, err := db.Now(t.Context())
		noError(t, err)
		for n := 0; begin >= now; n++ { // both may fall into one tick of the engine's clock
			noError(t, other.InsertUser(t.Context(), someAccount(fmt.Sprintf("tick%d@example.org", n))))
			now, err = db.Now(t.Context())
			noError(t, err)
		}
		for c.Position() < now {
			got, err := c.Poll(t.Context())
			noError(t, err)
			if len(got) > 0 {
				t.Fatalf("got %v", got)
			}
		}
		missed := someEvent(models.VerbCreated)
		noError(t, db.Append(t.Context(), []models.Event{missed}))
		if got := take(t, watch(t, other, c.Position(), time.Time{}), 1); got[0].Event.ID != missed.ID || got[0].Position < now {
			t.Errorf("got %v, after %s", got, now)
		}
	})
	t.Run("is lost from a position that is none", func(t *testing.T) {
		whole := watch(t, db, "", time.Time{}).Position()
		for _, position := range []coding.Position{"x", "8", "82", "82FF", "00", whole[:20], coding.Position(strings.Repeat("F", 200))} {
			c, err := db.Watch(t.Context(), position, time.Time{})
			if err == nil {
				_, err = c.Poll(t.Context())
			}
			if !errors.Is(err, coding.ErrPositionLost) {
				t.Errorf("%s: %v", position, err)
			}
		}
	})
	t.Run("is lost when its database goes", func(t *testing.T) {
		gone, err := mongodb.Open(t.Context(), enginetest.Mongo(t), enginetest.Database(t))
		noError(t, err)
		defer gone.Close(context.Background())
		c := watch(t, gone, "", time.Time{})
		noError(t, gone.Drop(t.Context()))
		if _, err := c.Next(t.Context()); !errors.Is(err, coding.ErrPositionLost) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ends with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := db.Watch(ctx, "", time.Time{})
		noError(t, err)
		cancel()
		if _, err := c.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		noError(t, c.Close(ctx))
	})
}
