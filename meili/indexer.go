package meili

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Store is what the indexer reads, and where it keeps how far it has come.
type Store interface {
	Notes() coding.Records[*models.Note]
	Memos() coding.Records[*models.Memo]
	Codes() coding.Records[*models.Code]
	Codings() coding.Records[*models.Coding]
	Comments() coding.Records[*models.Comment]
	RoundLayers(ctx context.Context, space models.ID) ([]*models.Round, error)
	Text(ctx context.Context, note models.ID, version int) (*models.Text, error)
	// Spaces gives every space there is, also those in the bin.
	Spaces(ctx context.Context) ([]models.ID, error)

	// Watch opens the stream of events after a position; where both are zero, from now on.
	Watch(ctx context.Context, after coding.Position, from time.Time) (coding.Changes, error)
	// Now gives the present as a position to compare with.
	Now(ctx context.Context) (coding.Position, error)
	// EventsAfter counts up to limit events with a later id, and gives the time of the first.
	EventsAfter(ctx context.Context, id models.ID, limit int) (int, time.Time, error)

	// TakeLease makes holder the only indexer, or returns Conflict. KeepLease holds the lease for longer
	// and writes how far its holder has come, or returns Conflict when another has taken it.
	TakeLease(ctx context.Context, holder string, ttl time.Duration) (coding.IndexState, error)
	KeepLease(ctx context.Context, holder string, ttl time.Duration, s coding.IndexState) error
	LeaveLease(ctx context.Context, holder string) error
	IndexState(ctx context.Context) (coding.IndexState, error)

	// IndexEntries gives the indexes that were made: those of a space, or all where that is empty.
	IndexEntries(ctx context.Context, space models.ID) ([]coding.IndexEntry, error)
	KeepIndexEntry(ctx context.Context, e coding.IndexEntry) error
	DropIndexEntry(ctx context.Context, uid string) error

	// AskRebuild asks for a fresh index of a space; Rebuilds gives what was asked for, each with what
	// identifies the last ask, and DropRebuild says that it was done.
	AskRebuild(ctx context.Context, space models.ID) error
	Rebuilds(ctx context.Context) (map[models.ID]models.ID, error)
	DropRebuild(ctx context.Context, space, ask models.ID) error
}

// Options are what an Indexer may be given.
type Options struct {
	Log *slog.Logger // slog.Default if nil
	// Lease is how long another process waits before it takes over from one that died; 5 s if zero.
	Lease time.Duration
}

// Times of the indexer.
const (
	defaultLease = 5 * time.Second
	// Events are gathered for this long after the first.
	debounce = 50 * time.Millisecond
	// A batch has this many events at most, or little more: how far the index has come is written down
	// after each.
	gather = 500
	// What failed is tried again after a wait that doubles between these two.
	shortestWait = 100 * time.Millisecond
	longestWait  = 5 * time.Second
	// rebuildPoll is how often to look whether a rebuild was asked for.
	rebuildPoll = time.Second
	// waitPoll is how often Wait and Rebuild look at where things stand.
	waitPoll = 20 * time.Millisecond
)

// Indexer keeps the indexes equal to the store. Of all processes that run one, the holder of the lease
// works and the others wait for it to leave or die. It goes on from where the last one stood.
type Indexer struct {
	index *Index
	store Store
	log   *slog.Logger
	lease time.Duration
	cuts  *cuts

	asked chan struct{} // says that this process asked for a rebuild

	// writing is held while documents are written in the course of things, so that a rebuild can keep
	// the indexes still while it swaps them.
	writing sync.Mutex

	mu      sync.Mutex
	state   coding.IndexState
	holds   bool
	changed map[models.ID]map[unit]depth // since a rebuild of the space began
}

// NewIndexer makes an Indexer; Run starts it.
func NewIndexer(index *Index, store Store, o Options) *Indexer {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Lease == 0 {
		o.Lease = defaultLease
	}
	return &Indexer{index: index, store: store, log: o.Log, lease: o.Lease, cuts: newCuts(), asked: make(chan struct{}, 1), changed: map[models.ID]map[unit]depth{}}
}

// Run follows the events until ctx ends. Whatever fails is tried again, by this process or another.
func (ix *Indexer) Run(ctx context.Context) {
	holder := string(models.NewID())
	var back backOff
	for ctx.Err() == nil {
		began := time.Now()
		state, err := ix.store.TakeLease(ctx, holder, ix.lease)
		if models.KindOf(err) == models.KindConflict {
			back = backOff{}
			sleep(ctx, ix.lease/5)
			continue
		}
		if err == nil {
			err = ix.hold(ctx, holder, state, began.Add(ix.lease))
			ix.leave(ctx, holder)
			if time.Since(began) > 2*longestWait {
				back = backOff{}
			}
		}
		if ctx.Err() == nil {
			if back.last < longestWait { // else it has been said
				ix.log.WarnContext(ctx, "The search index can't be kept just now; it is tried again.", slog.Any("error", err))
			}
			back.wait(ctx)
		}
	}
}

// leave lets another process take over at once.
func (ix *Indexer) leave(ctx context.Context, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := ix.store.LeaveLease(ctx, holder); err != nil {
		ix.log.WarnContext(ctx, "The lease of the search index is left to run out.", slog.Any("error", err))
	}
}

// hold works while this process has the lease, which runs until ends if it isn't renewed.
func (ix *Indexer) hold(ctx context.Context, holder string, state coding.IndexState, ends time.Time) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	h := &holding{Indexer: ix, holder: holder, syncer: newSyncer(ix.index, ix.store, ix.cuts), batches: make(chan batch)}
	ix.set(state, true)
	defer func() { ix.set(h.standing(), false) }()
	var all sync.WaitGroup
	run := func(work func(context.Context) error) {
		all.Go(func() {
			if err := work(ctx); err != nil {
				stop(err)
			}
		})
	}
	run(func(ctx context.Context) error { return h.renew(ctx, ends) })
	run(h.begin)
	all.Wait()
	return context.Cause(ctx)
}

func (ix *Indexer) set(s coding.IndexState, holds bool) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.state, ix.holds = s, holds
	if !holds {
		clear(ix.changed)
	}
}

// standing is how far this process has come.
func (ix *Indexer) standing() coding.IndexState {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.state
}

func (ix *Indexer) advance(change func(s *coding.IndexState)) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	change(&ix.state)
}

// Wait waits until the index holds everything that was written before it was called, by whichever
// process keeps the index.
func (ix *Indexer) Wait(ctx context.Context) error {
	now, err := ix.store.Now(ctx)
	if err != nil {
		return fmt.Errorf("wait for the index: %w", err)
	}
	for {
		ix.mu.Lock()
		state, holds := ix.state, ix.holds
		ix.mu.Unlock()
		if !holds {
			if state, err = ix.store.IndexState(ctx); err != nil {
				return fmt.Errorf("wait for the index: %w", err)
			}
		}
		if state.Position >= now {
			// A lost index stands where it stood until it is built anew.
			asked, err := ix.store.Rebuilds(ctx)
			if err != nil {
				return fmt.Errorf("wait for the index: %w", err)
			}
			if len(asked) == 0 {
				return nil
			}
		}
		if !sleep(ctx, waitPoll) {
			return fmt.Errorf("wait for the index: %w", ctx.Err())
		}
	}
}

// Lag is how far the index is behind the store.
type Lag struct {
	Events int     // that are not in the index yet; at most 10,000
	For    float64 // seconds that the oldest of them has waited
}

// Lag tells how far the index is behind, whichever process keeps it.
func (ix *Indexer) Lag(ctx context.Context) (Lag, error) {
	const limit = 10_000
	state, err := ix.store.IndexState(ctx)
	if err != nil {
		return Lag{}, fmt.Errorf("lag of the index: %w", err)
	}
	n, oldest, err := ix.store.EventsAfter(ctx, state.EventID, limit)
	if err != nil || n == 0 {
		return Lag{}, err
	}
	return Lag{Events: n, For: max(0, time.Since(oldest).Seconds())}, nil
}

// renew holds the lease for longer, again and again, and writes down how far the index has come. When
// the lease may have run out before that succeeds, it gives up.
func (h *holding) renew(ctx context.Context, ends time.Time) error {
	for sleep(ctx, h.lease/4) {
		began := time.Now()
		limited, cancel := context.WithDeadline(ctx, ends)
		err := h.store.KeepLease(limited, h.holder, h.lease, h.standing())
		cancel()
		switch {
		case err == nil:
			ends = began.Add(h.lease)
		case models.KindOf(err) == models.KindConflict, time.Now().After(ends):
			return fmt.Errorf("keep the lease: %w", err)
		}
	}
	return nil
}

// backOff is a wait that doubles each time.
type backOff struct{ last time.Duration }

func (b *backOff) wait(ctx context.Context) bool {
	b.last = min(max(2*b.last, shortestWait), longestWait)
	return sleep(ctx, b.last)
}

// sleep waits, and says false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
