package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maypok86/otter/v2"
	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/models"
)

// unit is what the documents of an index are kept in step with together: a note with its memos and
// comments, or a memo or code that is on no note.
type unit struct {
	noun models.Noun
	id   models.ID
}

// depth says in which indexes the documents of a unit may have to change.
type depth int

const (
	// atHome: only in the one where they belong.
	atHome depth = iota
	// everywhere: they may have moved, or go.
	everywhere
)

// touched gives the unit whose documents depend on the record of an event, if there is one.
func touched(e *models.Event) (unit, depth, bool) {
	switch e.Noun {
	case models.NounNote:
		return unit{models.NounNote, e.RecordID}, everywhere, true
	case models.NounCoding, models.NounComment:
		return unit{models.NounNote, e.NoteID}, atHome, true
	case models.NounMemo:
		if e.NoteID != "" {
			return unit{models.NounNote, e.NoteID}, everywhere, true
		}
		return unit{models.NounMemo, e.RecordID}, everywhere, true
	case models.NounCode:
		return unit{models.NounCode, e.RecordID}, atHome, true
	case models.NounProject, models.NounMember, models.NounSite, models.NounParticipant, models.NounLink, models.NounRound, models.NounAccount:
	}
	return unit{}, atHome, false
}

// revealed gives the notes of a round that an event revealed: what was coded and written in it can be
// found from then on.
func revealed(e *models.Event) []models.ID {
	if e.Noun != models.NounRound || e.After == nil || e.After.Round.State != models.RoundRevealed {
		return nil
	}
	return e.After.Round.NoteIDs
}

// Sizes of what is done at once. Meilisearch takes large batches at little more cost than small ones,
// but does one after the other: what waits behind a batch waits for all of it.
const (
	chunkUnits   = 500       // units looked at together
	chunkPoints  = 8_000_000 // code points of their texts
	requestBytes = 4 << 20   // documents of one request
	lookPage     = 20_000    // documents looked up with one request
)

// syncer makes indexes equal to the store.
type syncer struct {
	index *Index
	store Store
	// suffix is put behind the names of indexes: it is that of fresh ones during a rebuild.
	suffix string
	// made are the indexes known to have their settings.
	made map[target]bool
	cuts *cuts
}

// cuts are the passages of text versions, which take time to cut and never change.
type cuts = otter.Cache[string, []coding.Passage]

func newCuts() *cuts {
	const most = 500_000 // passages, of about 64 bytes
	return otter.Must(&otter.Options[string, []coding.Passage]{
		MaximumWeight: most,
		Weigher:       func(_ string, p []coding.Passage) uint32 { return uint32(min(len(p), most)) + 1 }, //nolint:gosec // bounded
	})
}

func newSyncer(x *Index, store Store, c *cuts) *syncer {
	return &syncer{index: x, store: store, made: map[target]bool{}, cuts: c}
}

// fresh gives a syncer for the indexes that will replace those of s.
func (s *syncer) fresh() *syncer {
	f := *s
	f.suffix, f.made = freshSuffix, map[target]bool{}
	return &f
}

func (s *syncer) uid(t target) string { return s.index.uid(t) + s.suffix }

// errUnequal says that an index was not what it had been told to be.
var errUnequal = errors.New("the index differs from what was written to it")

// sync makes the documents of units, by space, equal to the store as it is now. When it returns without
// an error, a later look has found them equal.
func (s *syncer) sync(ctx context.Context, units map[models.ID]map[unit]depth) error {
	const attempts = 3
	for range attempts {
		equal, err := s.attempt(ctx, units)
		if err != nil || equal {
			return err
		}
	}
	return errUnequal
}

// look is what some units' documents in one index should be.
type look struct {
	target target
	homes  []models.ID
	stamps map[string]string // by document
}

// attempt writes what differs, waits until that is done, and says whether a later look finds the
// indexes as they were to be.
func (s *syncer) attempt(ctx context.Context, units map[models.ID]map[unit]depth) (bool, error) {
	var looks []look
	var tasks []*meilisearch.TaskInfo
	for space, depths := range units {
		rest := slices.SortedFunc(maps.Keys(depths), func(a, b unit) int { return strings.Compare(string(a.noun)+string(a.id), string(b.noun)+string(b.id)) })
		for len(rest) > 0 {
			p, err := s.picture(ctx, space, rest[:min(len(rest), chunkUnits)])
			if err != nil {
				return false, err
			}
			some, sent, err := s.write(ctx, space, p, rest[:p.units], depths)
			if err != nil {
				return false, err
			}
			rest = rest[p.units:]
			looks, tasks = append(looks, some...), append(tasks, sent...)
		}
	}
	if len(tasks) == 0 {
		return true, nil // this was the later look
	}
	for _, task := range tasks {
		if err := s.index.wait(ctx, "write documents", task); err != nil {
			return false, err
		}
	}
	for _, l := range looks {
		have, err := s.stamps(ctx, s.uid(l.target), l.homes)
		if err != nil || !maps.Equal(have, l.stamps) {
			return false, err
		}
	}
	return true, nil
}

// write sends what differs between a picture and the indexes, and gives what they should be then.
func (s *syncer) write(ctx context.Context, space models.ID, p *picture, chunk []unit, depths map[unit]depth) ([]look, []*meilisearch.TaskInfo, error) {
	targets, err := s.targets(ctx, space, p, chunk, depths)
	if err != nil {
		return nil, nil, err
	}
	homes := make([]models.ID, len(chunk))
	for i, u := range chunk {
		homes[i] = u.id
	}
	var looks []look
	var tasks []*meilisearch.TaskInfo
	for _, t := range targets {
		uid := s.uid(t)
		have, err := s.stamps(ctx, uid, homes)
		if err != nil {
			return nil, nil, err
		}
		want := p.entries[t]
		l := look{target: t, homes: homes, stamps: make(map[string]string, len(want))}
		w := writer{syncer: s, uid: uid}
		for _, e := range want {
			l.stamps[e.id] = e.labels.Stamp
			if have[e.id] == e.labels.Stamp {
				continue
			}
			if err := s.ensure(ctx, t); err != nil {
				return nil, nil, err
			}
			if err := w.put(ctx, e, have[e.id]); err != nil {
				return nil, nil, err
			}
		}
		var gone []string
		for id := range have {
			if _, ok := l.stamps[id]; !ok {
				gone = append(gone, id)
			}
		}
		if err := w.flush(ctx); err != nil {
			return nil, nil, err
		}
		if err := w.remove(ctx, gone); err != nil {
			return nil, nil, err
		}
		looks, tasks = append(looks, l), append(tasks, w.tasks...)
	}
	return looks, tasks, nil
}

// targets gives the indexes in which documents of units are or should be.
func (s *syncer) targets(ctx context.Context, space models.ID, p *picture, chunk []unit, depths map[unit]depth) ([]target, error) {
	all := map[target]bool{{space: space}: true}
	for t := range p.entries {
		all[t] = true
	}
	if slices.ContainsFunc(chunk, func(u unit) bool { return depths[u] == everywhere }) {
		made, err := s.store.IndexEntries(ctx, space)
		if err != nil {
			return nil, fmt.Errorf("find the indexes of %s: %w", space, err)
		}
		for _, e := range made {
			all[target{e.SpaceID, e.OwnerID}] = true
		}
		for t := range s.made { // fresh indexes aren't remembered elsewhere
			if t.space == space {
				all[t] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b target) int { return strings.Compare(string(a.owner), string(b.owner)) }), nil
}

// ensure makes the index of a target, if it isn't there, and remembers it.
func (s *syncer) ensure(ctx context.Context, t target) error {
	if s.made[t] {
		return nil
	}
	uid := s.uid(t)
	if err := s.index.make(ctx, uid); err != nil {
		return err
	}
	if s.suffix == "" {
		e := coding.IndexEntry{UID: uid, SpaceID: t.space, OwnerID: t.owner, Settings: format}
		if err := s.store.KeepIndexEntry(ctx, e); err != nil {
			return fmt.Errorf("remember index %s: %w", uid, err)
		}
		s.index.learn(uid, true)
	}
	s.made[t] = true
	return nil
}

// stamps gives the stamps of the documents with these homes, by document.
func (s *syncer) stamps(ctx context.Context, uid string, homes []models.ID) (map[string]string, error) {
	out := map[string]string{}
	for {
		var page meilisearch.DocumentsResult
		limited, cancel := context.WithTimeout(ctx, writeDeadline)
		err := s.index.engine.Index(uid).GetDocumentsWithContext(limited, &meilisearch.DocumentsQuery{
			Filter: "home IN [" + strings.Join(quoted(homes), ", ") + "]", Fields: []string{"id", "stamp"}, Limit: lookPage, Offset: int64(len(out)),
		}, &page)
		cancel()
		if err != nil {
			err := failed("look at "+uid, err)
			if codeOf(err) == notFound {
				return out, nil
			}
			return nil, err
		}
		for _, raw := range page.Results {
			var d struct {
				ID    string `json:"id"`
				Stamp string `json:"stamp"`
			}
			if err := raw.DecodeInto(&d); err != nil {
				return nil, &engineError{doing: "look at " + uid, cause: err}
			}
			out[d.ID] = d.Stamp
		}
		if len(page.Results) == 0 || int64(len(out)) >= page.Total {
			return out, nil
		}
	}
}

// writer collects documents for one index and sends them in large requests.
type writer struct {
	*syncer
	uid   string
	whole [][]byte
	parts [][]byte
	size  int
	tasks []*meilisearch.TaskInfo
}

// put sends a document, or only its labels where the words are there already.
func (w *writer) put(ctx context.Context, e *entry, stamp string) error {
	if e.sameWords(stamp) {
		b, err := json.Marshal(struct {
			ID string `json:"id"`
			labels
		}{e.id, e.labels})
		if err != nil {
			return fmt.Errorf("labels of %s: %w", e.id, err)
		}
		w.parts = append(w.parts, b)
		return w.grow(ctx, len(b))
	}
	d, err := e.whole()
	if models.KindOf(err) == models.KindNotFound {
		return nil // purged since it was looked for: the event is on its way
	}
	if err != nil {
		return fmt.Errorf("document %s: %w", e.id, err)
	}
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("document %s: %w", e.id, err)
	}
	w.whole = append(w.whole, b)
	return w.grow(ctx, len(b))
}

func (w *writer) grow(ctx context.Context, n int) error {
	if w.size += n; w.size < requestBytes {
		return nil
	}
	return w.flush(ctx)
}

// flush sends what was collected.
func (w *writer) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	index := w.index.engine.Index(w.uid)
	if len(w.whole) > 0 {
		task, err := index.AddDocumentsNdjsonWithContext(ctx, joinLines(w.whole), nil)
		if err != nil {
			return failed("write documents to "+w.uid, err)
		}
		w.tasks = append(w.tasks, task)
	}
	if len(w.parts) > 0 {
		task, err := index.UpdateDocumentsNdjsonWithContext(ctx, joinLines(w.parts), nil)
		if err != nil {
			return failed("update documents of "+w.uid, err)
		}
		w.tasks = append(w.tasks, task)
	}
	w.whole, w.parts, w.size = nil, nil, 0
	return nil
}

func joinLines(lines [][]byte) []byte {
	n := 0
	for _, l := range lines {
		n += len(l) + 1
	}
	out := make([]byte, 0, n)
	for _, l := range lines {
		out = append(append(out, l...), '\n')
	}
	return out
}

// remove deletes documents.
func (w *writer) remove(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	task, err := w.index.engine.Index(w.uid).DeleteDocumentsWithContext(ctx, ids, nil)
	if err != nil {
		return failed("remove documents from "+w.uid, err)
	}
	w.tasks = append(w.tasks, task)
	return nil
}
