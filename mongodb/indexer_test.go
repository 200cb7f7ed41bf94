package mongodb_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

func TestTheIndexersLease(t *testing.T) {
	db, other := openTwice(t)
	state, err := db.IndexState(t.Context())
	noError(t, err)
	if state != (coding.IndexState{}) {
		t.Errorf("an empty store has the state %v", state)
	}
	if _, err := db.TakeLease(t.Context(), "one", time.Minute); err != nil {
		t.Fatal(err)
	}
	came := coding.IndexState{Position: "82AB", EventID: models.NewID(), Engine: "$engine"}

	t.Run("is one process's at a time", func(t *testing.T) {
		_, err := other.TakeLease(t.Context(), "two", time.Minute)
		refusedWith(t, err, models.KindConflict, "lease_taken")
		refusedWith(t, other.KeepLease(t.Context(), "two", time.Minute, coding.IndexState{Position: "82FF"}), models.KindConflict, "lease_lost")
		noError(t, other.LeaveLease(t.Context(), "two"))
		noError(t, db.KeepLease(t.Context(), "one", time.Minute, came))
	})
	t.Run("is taken again by who holds it", func(t *testing.T) {
		got, err := db.TakeLease(t.Context(), "one", time.Minute)
		noError(t, err)
		if got != came {
			t.Errorf("came to %v, want %v", got, came)
		}
	})
	t.Run("passes on when it runs out, and its holder can't write any more", func(t *testing.T) {
		noError(t, db.KeepLease(t.Context(), "one", -time.Second, came))
		got, err := other.TakeLease(t.Context(), "two", time.Minute)
		noError(t, err)
		if got != came {
			t.Errorf("came to %v, want %v", got, came)
		}
		refusedWith(t, db.KeepLease(t.Context(), "one", time.Minute, coding.IndexState{Position: "82FF"}), models.KindConflict, "lease_lost")
		noError(t, db.LeaveLease(t.Context(), "one"))
		_, err = db.TakeLease(t.Context(), "one", time.Minute)
		refusedWith(t, err, models.KindConflict, "lease_taken")
		if got, err := db.IndexState(t.Context()); err != nil || got != came {
			t.Errorf("state %v, %v", got, err)
		}
	})
	t.Run("passes on at once when it is left", func(t *testing.T) {
		noError(t, other.LeaveLease(t.Context(), "two"))
		got, err := db.TakeLease(t.Context(), "one", time.Minute)
		noError(t, err)
		if got != came {
			t.Errorf("came to %v, want %v", got, came)
		}
	})
}

func TestWhatTheIndexerRemembers(t *testing.T) {
	db, _ := openTwice(t)
	a, b, owner := models.NewID(), models.NewID(), models.NewID()

	t.Run("the indexes it made", func(t *testing.T) {
		entries := []coding.IndexEntry{{UID: "x_a", SpaceID: a, Settings: 1}, {UID: "x_b", SpaceID: b, OwnerID: owner, Settings: 1}}
		for _, e := range entries {
			noError(t, db.KeepIndexEntry(t.Context(), e))
		}
		entries[0].Settings = 2
		noError(t, db.KeepIndexEntry(t.Context(), entries[0]))
		all, err := db.IndexEntries(t.Context(), "")
		noError(t, err)
		slices.SortFunc(all, func(x, y coding.IndexEntry) int { return int(x.UID[2]) - int(y.UID[2]) })
		if diff := cmp.Diff(entries, all); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		noError(t, db.DropIndexEntry(t.Context(), "x_a"))
		if of, err := db.IndexEntries(t.Context(), a); err != nil || len(of) != 0 {
			t.Errorf("of a: %v, %v", of, err)
		}
		if of, err := db.IndexEntries(t.Context(), b); err != nil || len(of) != 1 {
			t.Errorf("of b: %v, %v", of, err)
		}
	})
	t.Run("what to build anew, until the last ask is met", func(t *testing.T) {
		noError(t, db.AskRebuild(t.Context(), a))
		first, err := db.Rebuilds(t.Context())
		noError(t, err)
		noError(t, db.AskRebuild(t.Context(), a))
		noError(t, db.DropRebuild(t.Context(), a, first[a]))
		second, err := db.Rebuilds(t.Context())
		noError(t, err)
		if len(second) != 1 || second[a] == "" || second[a] == first[a] {
			t.Fatalf("asks %v and %v", first, second)
		}
		noError(t, db.DropRebuild(t.Context(), a, second[a]))
		if left, err := db.Rebuilds(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	})
	t.Run("how many events it is behind", func(t *testing.T) {
		if n, _, err := db.EventsAfter(t.Context(), "", 10); err != nil || n != 0 {
			t.Errorf("%d events, %v", n, err)
		}
		events := []models.Event{someEvent(models.VerbCreated), someEvent(models.VerbUpdated), someEvent(models.VerbUpdated)}
		noError(t, db.Append(t.Context(), events))
		if n, at, err := db.EventsAfter(t.Context(), events[0].ID, 10); err != nil || n != 2 || !at.Equal(events[1].At) {
			t.Errorf("%d events since %v, %v", n, at, err)
		}
		if n, _, err := db.EventsAfter(t.Context(), "", 2); err != nil || n != 2 {
			t.Errorf("%d events, %v", n, err)
		}
	})
}
