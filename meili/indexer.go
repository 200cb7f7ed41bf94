package meili

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
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

// Run follows the events until ctx ends. Whatever fails is tried again.
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
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := ix.store.LeaveLease(leaving, holder); err != nil {
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

// holding is an Indexer that has the lease.
type holding struct {
	*Indexer
	holder  string
	syncer  *syncer
	batches chan batch
}

// batch is events that came together: the units they touch, and where they end.
type batch struct {
	units    map[models.ID]map[unit]depth // by space
	purged   map[models.ID]bool           // spaces
	events   int
	position coding.Position
	latest   models.ID
}

func newBatch() batch {
	return batch{units: map[models.ID]map[unit]depth{}, purged: map[models.ID]bool{}}
}

// add takes in the changes that came at once.
func (b *batch) add(changes []coding.Change, position coding.Position) {
	for i := range changes {
		e := &changes[i].Event
		b.latest = max(b.latest, e.ID)
		if e.Noun == models.NounProject && e.Verb == models.VerbPurged {
			b.purged[e.SpaceID] = true
		}
		if u, d, ok := touched(e); ok {
			if b.units[e.SpaceID] == nil {
				b.units[e.SpaceID] = map[unit]depth{}
			}
			b.units[e.SpaceID][u] = max(b.units[e.SpaceID][u], d)
		}
	}
	b.events += len(changes)
	b.position = position
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

// begin makes sure that the engine's data is what the state tells of, opens the stream and follows it.
func (h *holding) begin(ctx context.Context) error {
	if err := h.check(ctx); err != nil {
		return err
	}
	changes, err := h.watch(ctx)
	if err != nil {
		return fmt.Errorf("follow the events: %w", err)
	}
	defer changes.Close(ctx) //nolint:errcheck // nothing can be done about it
	h.log.InfoContext(ctx, "This process keeps the search index.")
	var all sync.WaitGroup
	defer all.Wait()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for _, work := range []func(context.Context) error{
		func(ctx context.Context) error { return h.read(ctx, changes) }, h.rebuilds,
	} {
		all.Go(func() { stop(work(ctx)) })
	}
	if err := h.follow(ctx); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// watch opens the stream where the index stands. Where there is no such place any more, or never was,
// it opens it now, and asks for everything to be built anew.
func (h *holding) watch(ctx context.Context) (coding.Changes, error) {
	if position := h.standing().Position; position != "" {
		changes, err := h.store.Watch(ctx, position, time.Time{})
		if !errors.Is(err, coding.ErrPositionLost) {
			return changes, err
		}
		h.log.WarnContext(ctx, "The search index is too far behind to follow; it is built anew.", slog.Any("error", err))
	}
	changes, err := h.store.Watch(ctx, "", time.Time{})
	if err != nil {
		return nil, err
	}
	if err := h.rebuildAll(ctx); err != nil {
		return nil, errors.Join(err, changes.Close(ctx))
	}
	h.advance(func(s *coding.IndexState) { s.Position, s.EventID = changes.Position(), models.NewID() })
	if err := h.store.KeepLease(ctx, h.holder, h.lease, h.standing()); err != nil {
		return nil, errors.Join(err, changes.Close(ctx))
	}
	return changes, nil
}

// read hands on what comes.
func (h *holding) read(ctx context.Context, changes coding.Changes) error {
	for {
		some, err := changes.Poll(ctx)
		if err != nil {
			if errors.Is(err, coding.ErrPositionLost) {
				h.advance(func(s *coding.IndexState) { s.Position = "" })
			}
			return fmt.Errorf("read the events: %w", err)
		}
		for position := changes.Position(); ; {
			part := some[:min(len(some), gather)]
			some = some[len(part):]
			b := newBatch()
			b.add(part, position)
			if len(some) > 0 {
				b.position = part[len(part)-1].Position
			}
			select {
			case h.batches <- b:
			case <-ctx.Done():
				return nil
			}
			if len(some) == 0 {
				break
			}
		}
	}
}

// follow writes what comes to the index, batch by batch.
func (h *holding) follow(ctx context.Context) error {
	for {
		b, ok := h.next(ctx)
		if !ok {
			return nil
		}
		if err := h.apply(ctx, b); err != nil {
			return err
		}
		h.advance(func(s *coding.IndexState) {
			s.Position, s.EventID = b.position, max(s.EventID, b.latest)
		})
		if b.events > 0 {
			if err := h.store.KeepLease(ctx, h.holder, h.lease, h.standing()); err != nil {
				return fmt.Errorf("write down how far the index has come: %w", err)
			}
		}
	}
}

// next gathers a batch: what comes within a moment after the first event.
func (h *holding) next(ctx context.Context) (batch, bool) {
	var sum batch
	select {
	case sum = <-h.batches:
	case <-ctx.Done():
		return sum, false
	}
	if sum.events == 0 {
		return sum, true
	}
	timer := time.NewTimer(debounce)
	defer timer.Stop()
	for sum.events < gather {
		select {
		case b := <-h.batches:
			sum.join(b)
		case <-timer.C:
			return sum, true
		case <-ctx.Done():
			return sum, false
		}
	}
	return sum, true
}

func (b *batch) join(later batch) {
	for space, units := range later.units {
		if b.units[space] == nil {
			b.units[space] = map[unit]depth{}
		}
		for u, d := range units {
			b.units[space][u] = max(b.units[space][u], d)
		}
	}
	maps.Copy(b.purged, later.purged)
	b.events += later.events
	b.position, b.latest = later.position, max(b.latest, later.latest)
}

// apply brings the indexes up to a batch, and tries again until they are.
func (h *holding) apply(ctx context.Context, b batch) error {
	var back backOff
	for {
		err := h.write(ctx, b)
		if err == nil && back.last > 0 {
			h.log.InfoContext(ctx, "The search index can be written again.")
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		if back.last == 0 {
			h.log.WarnContext(ctx, "The search index falls behind; it is tried again.", slog.Any("error", err))
		}
		if !back.wait(ctx) {
			return ctx.Err()
		}
		// An engine that was away may come back without its data. That it is still away shows again above.
		if err := h.check(ctx); err != nil {
			h.log.DebugContext(ctx, "The search engine doesn't answer.", slog.Any("error", err))
		}
	}
}

func (h *holding) write(ctx context.Context, b batch) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	h.mu.Lock()
	for space, units := range h.changed {
		for u, d := range b.units[space] {
			units[u] = max(units[u], d)
		}
	}
	h.mu.Unlock()
	for space := range b.purged {
		if err := h.dropSpace(ctx, space); err != nil {
			return err
		}
	}
	for space, units := range b.units {
		if b.purged[space] {
			continue
		}
		if err := h.syncer.sync(ctx, space, units); err != nil {
			return err
		}
	}
	return nil
}

// dropSpace removes the indexes of a purged space.
func (h *holding) dropSpace(ctx context.Context, space models.ID) error {
	made, err := h.store.IndexEntries(ctx, space)
	if err != nil {
		return fmt.Errorf("find the indexes of %s: %w", space, err)
	}
	for _, e := range made {
		if err := h.dropIndex(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (h *holding) dropIndex(ctx context.Context, e coding.IndexEntry) error {
	if err := h.index.drop(ctx, e.UID); err != nil {
		return err
	}
	delete(h.syncer.made, target{e.SpaceID, e.OwnerID})
	if err := h.store.DropIndexEntry(ctx, e.UID); err != nil {
		return fmt.Errorf("forget index %s: %w", e.UID, err)
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
