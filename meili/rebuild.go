package meili

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/models"
)

// Rebuild builds the index of a space anew from the store and puts it in the old one's place, whichever
// process keeps the index, and waits until that is done. Searches go on meanwhile.
func (ix *Indexer) Rebuild(ctx context.Context, space models.ID) error {
	if err := ix.store.AskRebuild(ctx, space); err != nil {
		return fmt.Errorf("ask for a rebuild of %s: %w", space, err)
	}
	select {
	case ix.asked <- struct{}{}:
	default: // it has been told already
	}
	for {
		asked, err := ix.store.Rebuilds(ctx)
		if err != nil {
			return fmt.Errorf("wait for the rebuild of %s: %w", space, err)
		}
		if _, still := asked[space]; !still {
			return nil
		}
		if !sleep(ctx, waitPoll) {
			return fmt.Errorf("wait for the rebuild of %s: %w", space, ctx.Err())
		}
	}
}

// engineMark is the one document of the state index: it names the engine's data.
type engineMark struct {
	ID     string `json:"id"`
	Engine string `json:"engine"`
}

// check finds out whether the engine still has the data that the state tells of, and whether that is of
// this format. Where it was lost, everything is to be built anew.
func (h *holding) check(ctx context.Context) error {
	uid := h.index.prefix + stateSuffix
	var mark engineMark
	limited, cancel := context.WithTimeout(ctx, writeDeadline)
	err := h.index.engine.Index(uid).GetDocumentWithContext(limited, "engine", nil, &mark)
	cancel()
	if err != nil {
		if err := failed("look at the engine's mark", err); codeOf(err) != notFound && codeOf(err) != "document_not_found" {
			return err
		}
	}
	if mark.Engine != "" && mark.Engine == h.standing().Engine {
		return h.outdated(ctx)
	}
	h.log.InfoContext(ctx, "The search engine is new or has lost its data; the index is built anew.")
	h.writing.Lock()
	clear(h.syncer.made)
	h.writing.Unlock()
	if err := h.rebuildAll(ctx); err != nil {
		return err
	}
	if err := h.dropStray(ctx); err != nil {
		return err
	}
	mark = engineMark{ID: "engine", Engine: string(models.NewID())}
	err = h.index.do(ctx, "mark the engine", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		key := "id"
		return h.index.engine.Index(uid).AddDocumentsWithContext(ctx, []engineMark{mark}, &meilisearch.DocumentOptions{PrimaryKey: &key})
	})
	if err != nil {
		return err
	}
	h.advance(func(s *coding.IndexState) { s.Engine = mark.Engine })
	if err := h.store.KeepLease(ctx, h.holder, h.lease, h.standing()); err != nil {
		return fmt.Errorf("remember the engine: %w", err)
	}
	return nil
}

// dropStray removes indexes of spaces that the store doesn't know: an engine may be older than the store.
func (h *holding) dropStray(ctx context.Context) error {
	spaces, err := h.store.Spaces(ctx)
	if err != nil {
		return fmt.Errorf("find all spaces: %w", err)
	}
	uids, err := h.index.uids(ctx)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		space, _, _ := strings.Cut(strings.TrimPrefix(uid, h.index.prefix+"_"), "_")
		if id, err := models.ParseID(space); err != nil || slices.Contains(spaces, id) {
			continue
		}
		if err := h.index.drop(ctx, uid); err != nil {
			return err
		}
	}
	return nil
}

// outdated asks for a rebuild of every space whose index another version of this program made.
func (h *holding) outdated(ctx context.Context) error {
	made, err := h.store.IndexEntries(ctx, "")
	if err != nil {
		return fmt.Errorf("find the indexes: %w", err)
	}
	h.writing.Lock()
	defer h.writing.Unlock()
	for _, e := range made {
		if e.Settings == format {
			h.syncer.made[target{e.SpaceID, e.OwnerID}] = true
		} else if err := h.store.AskRebuild(ctx, e.SpaceID); err != nil {
			return fmt.Errorf("ask for a rebuild of %s: %w", e.SpaceID, err)
		}
	}
	return nil
}

// rebuildAll asks for a rebuild of every space there is, and of those that are gone but have an index.
func (h *holding) rebuildAll(ctx context.Context) error {
	spaces, err := h.store.Spaces(ctx)
	if err != nil {
		return fmt.Errorf("find all spaces: %w", err)
	}
	made, err := h.store.IndexEntries(ctx, "")
	if err != nil {
		return fmt.Errorf("find the indexes: %w", err)
	}
	for _, e := range made {
		spaces = append(spaces, e.SpaceID)
	}
	slices.Sort(spaces)
	for _, space := range slices.Compact(spaces) {
		if err := h.store.AskRebuild(ctx, space); err != nil {
			return fmt.Errorf("ask for a rebuild of %s: %w", space, err)
		}
	}
	return nil
}

// rebuilds builds anew what is asked for.
func (h *holding) rebuilds(ctx context.Context) error {
	var back backOff
	for ctx.Err() == nil {
		if err := h.rebuildAsked(ctx); err == nil {
			back = backOff{}
			h.rest(ctx)
		} else if ctx.Err() == nil {
			h.log.WarnContext(ctx, "A search index can't be built anew just now; it is tried again.", slog.Any("error", err))
			back.wait(ctx)
		}
	}
	return nil
}

// rest waits until it is time to look for rebuilds again.
func (h *holding) rest(ctx context.Context) {
	timer := time.NewTimer(rebuildPoll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-h.asked:
	}
}

// rebuildAsked builds anew what is asked for, one space after the other.
func (h *holding) rebuildAsked(ctx context.Context) error {
	asked, err := h.store.Rebuilds(ctx)
	if err != nil {
		return fmt.Errorf("find what to rebuild: %w", err)
	}
	for space, ask := range asked {
		if err := h.rebuild(ctx, space); err != nil {
			return fmt.Errorf("rebuild %s: %w", space, err)
		}
		if err := h.store.DropRebuild(ctx, space, ask); err != nil {
			return fmt.Errorf("rebuilt %s: %w", space, err)
		}
	}
	return nil
}

// rebuild fills fresh indexes for a space from the store, while events go on being written to the old
// ones. What changes meanwhile is noted, and written to the fresh ones too: first while more may come,
// and for the last time while writing stands still for the swap.
func (h *holding) rebuild(ctx context.Context, space models.ID) error {
	began := time.Now()
	h.mu.Lock()
	h.changed[space] = map[unit]depth{}
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.changed, space)
	}()
	fresh := h.syncer.fresh()
	if err := h.dropFresh(ctx, space); err != nil {
		return err
	}
	if err := fresh.fill(ctx, space); err != nil {
		return err
	}
	const few = 20
	for units := h.taken(space); len(units) > 0; units = h.taken(space) {
		if err := fresh.sync(ctx, map[models.ID]map[unit]depth{space: units}); err != nil {
			return err
		}
		if len(units) < few {
			break
		}
	}
	h.writing.Lock()
	defer h.writing.Unlock()
	if err := fresh.sync(ctx, map[models.ID]map[unit]depth{space: h.taken(space)}); err != nil {
		return err
	}
	if err := h.swap(ctx, space, fresh); err != nil {
		return err
	}
	h.log.InfoContext(ctx, "A search index was built anew.", slog.String("space_id", string(space)), slog.Duration("took", time.Since(began)))
	return nil
}

// taken gives the units of a space that changed since it was last asked.
func (h *holding) taken(space models.ID) map[unit]depth {
	h.mu.Lock()
	defer h.mu.Unlock()
	units := maps.Clone(h.changed[space])
	clear(h.changed[space])
	return units
}

// dropFresh removes what a rebuild left that was cut off.
func (h *holding) dropFresh(ctx context.Context, space models.ID) error {
	uids, err := h.index.uids(ctx)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		if strings.HasPrefix(uid, h.index.uid(target{space: space})) && strings.HasSuffix(uid, freshSuffix) {
			if err := h.index.drop(ctx, uid); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill writes all of a space to fresh indexes. It waits for each request, so that what is written to
// the old indexes meanwhile need not wait long.
func (s *syncer) fill(ctx context.Context, space models.ID) error {
	notes := func(p models.Page) (models.List[*models.Note], error) {
		return s.store.Notes().List(ctx, space, coding.Query{}, p)
	}
	memos := func(p models.Page) (models.List[*models.Memo], error) {
		return s.store.Memos().List(ctx, space, coding.Query{Where: coding.Where{"noteId": ""}}, p)
	}
	codes := func(p models.Page) (models.List[*models.Code], error) {
		return s.store.Codes().List(ctx, space, coding.Query{}, p)
	}
	return errors.Join(fill(ctx, s, space, models.NounNote, notes), fill(ctx, s, space, models.NounMemo, memos), fill(ctx, s, space, models.NounCode, codes))
}

// fill writes the records of one noun, page by page.
func fill[R models.Record](ctx context.Context, s *syncer, space models.ID, noun models.Noun, list func(models.Page) (models.List[R], error)) error {
	const page = 100
	for cursor := ""; ; {
		records, err := list(models.Page{Limit: page, Cursor: cursor})
		if err != nil {
			return fmt.Errorf("list every %s of %s: %w", noun, space, err)
		}
		units := map[unit]depth{}
		for _, r := range records.Items {
			units[unit{noun, r.Meta().ID}] = atHome
		}
		if err := s.sync(ctx, map[models.ID]map[unit]depth{space: units}); err != nil {
			return err
		}
		if cursor = records.Next; cursor == "" {
			return nil
		}
	}
}

// swap puts fresh indexes in the place of the old ones, all at once, and removes those.
func (h *holding) swap(ctx context.Context, space models.ID, fresh *syncer) error {
	old, err := h.store.IndexEntries(ctx, space)
	if err != nil {
		return fmt.Errorf("find the indexes of %s: %w", space, err)
	}
	var swaps []*meilisearch.SwapIndexesParams
	var rest []string
	for t := range fresh.made {
		live := h.syncer.uid(t)
		there, err := h.index.exists(ctx, live)
		if err != nil {
			return err
		}
		if there {
			rest = append(rest, fresh.uid(t))
		}
		if err := h.store.KeepIndexEntry(ctx, coding.IndexEntry{UID: live, SpaceID: t.space, OwnerID: t.owner, Settings: format}); err != nil {
			return fmt.Errorf("remember index %s: %w", live, err)
		}
		swaps = append(swaps, &meilisearch.SwapIndexesParams{Indexes: []string{fresh.uid(t), live}, Rename: !there})
	}
	if len(swaps) > 0 {
		err := h.index.do(ctx, "swap indexes", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return h.index.engine.SwapIndexesWithContext(ctx, swaps)
		})
		if err != nil {
			return err
		}
	}
	for t := range fresh.made {
		h.syncer.made[t] = true
		h.index.learn(h.syncer.uid(t), true)
	}
	for _, uid := range rest {
		err = errors.Join(err, h.index.drop(ctx, uid))
	}
	for _, e := range old {
		if !fresh.made[target{e.SpaceID, e.OwnerID}] {
			err = errors.Join(err, h.dropIndex(ctx, e))
		}
	}
	return err
}
