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
			b.touch(e.SpaceID, u, d)
		}
		for _, note := range revealed(e) {
			b.touch(e.SpaceID, unit{models.NounNote, note}, everywhere)
		}
	}
	b.events += len(changes)
	b.position = position
}

func (b *batch) touch(space models.ID, u unit, d depth) {
	if b.units[space] == nil {
		b.units[space] = map[unit]depth{}
	}
	b.units[space][u] = max(b.units[space][u], d)
}

// join takes in a batch that came after.
func (b *batch) join(later batch) {
	for space, units := range later.units {
		for u, d := range units {
			b.touch(space, u, d)
		}
	}
	maps.Copy(b.purged, later.purged)
	b.events += later.events
	b.position, b.latest = later.position, max(b.latest, later.latest)
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
		delete(b.units, space)
	}
	return h.syncer.sync(ctx, b.units)
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
