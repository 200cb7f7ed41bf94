package meili_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/local"
	"feltbog/local/enginetest"
	"feltbog/meili"
	"feltbog/models"
	"feltbog/mongodb"
)

// diary is a log that a test can read.
type diary struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all.Write(p)
}

func (d *diary) count(what string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Count(d.all.String(), what)
}

// process is an indexer as another process would run one.
type process struct {
	*meili.Indexer
	diary *diary
	stop  func()
}

func (w *world) process(store meili.Store) *process {
	p := &process{diary: &diary{}}
	p.Indexer = meili.NewIndexer(w.index, store, meili.Options{Log: slog.New(slog.NewTextHandler(p.diary, nil)), Lease: 2 * time.Second})
	p.stop = w.run(p.Indexer)
	return p
}

// eventually waits for a fact.
func eventually(t *testing.T, fact string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("it never came about that %s", fact)
		case <-tick.C:
		}
	}
}

const (
	keeps   = "This process keeps the search index."
	rebuilt = "A search index was built anew."
	lost    = "has lost its data"
	tooOld  = "too far behind"
)

// immortal is a store in which the lease of a dead process stays until it runs out.
type immortal struct{ *mongodb.DB }

func (immortal) LeaveLease(context.Context, string) error { return nil }

func TestOneIndexerWorksAtATime(t *testing.T) {
	w := emptyWorld(t, enginetest.Prefix(t))
	first := w.process(immortal{w.db})
	eventually(t, "the first keeps the index", func() bool { return first.diary.count(keeps) == 1 })
	second, third := w.process(w.db), w.process(w.db)
	w.note(w.owner, "one", "the first herring")
	w.must(second.Wait(w.ctx)) // who waits need not be who works
	if got := w.found(w.owner, q("herring")); len(got) != 1 {
		t.Fatalf("found %v", got)
	}
	if second.diary.count(keeps)+third.diary.count(keeps) != 0 {
		t.Fatal("two keep the index at once")
	}
	first.stop() // as if it were killed: it doesn't leave its lease
	w.note(w.owner, "two", "the second herring")
	w.must(second.Wait(w.ctx))
	if got := w.found(w.owner, q("herring")); len(got) != 2 {
		t.Errorf("found %v", got)
	}
	if n := second.diary.count(keeps) + third.diary.count(keeps); n != 1 {
		t.Errorf("%d took over", n)
	}
	second.stop() // in order: the third need not wait
	w.note(w.owner, "three", "the third herring")
	w.must(third.Wait(w.ctx))
	if got := w.found(w.owner, q("herring")); len(got) != 3 {
		t.Errorf("found %v", got)
	}
	if n := first.diary.count(rebuilt) + second.diary.count(rebuilt) + third.diary.count(rebuilt); n != 1 {
		t.Errorf("built anew %d times, want the first only", n)
	}
}

// forgetful is a store whose lease is another's as soon as it is wanted.
type forgetful struct {
	*mongodb.DB
	lost atomic.Bool
}

func (f *forgetful) KeepLease(ctx context.Context, holder string, ttl time.Duration, s coding.IndexState) error {
	if f.lost.Load() {
		holder = "somebody else"
	}
	return f.DB.KeepLease(ctx, holder, ttl, s)
}

func TestAnIndexerThatLosesItsLeaseStops(t *testing.T) {
	w := emptyWorld(t, enginetest.Prefix(t))
	store := &forgetful{DB: w.db}
	p := w.process(store)
	w.settle()
	before, err := w.db.IndexState(w.ctx)
	w.must(err)
	store.lost.Store(true)
	w.note(w.owner, "one", "the herring")
	eventually(t, "it stops", func() bool { return p.diary.count("lease_lost") > 0 })
	after, err := w.db.IndexState(w.ctx)
	w.must(err)
	if after.EventID != before.EventID {
		t.Errorf("it wrote that it came from %v to %v", before, after)
	}
	store.lost.Store(false)
	w.must(p.Wait(w.ctx))
	if got := w.found(w.owner, q("herring")); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}

func TestAnIndexerGoesOnWhereTheLastOneStood(t *testing.T) {
	w := emptyWorld(t, enginetest.Prefix(t))
	w.settleOnce()
	n := w.note(w.owner, "one", "the herring\nthe cod")
	w.put(w.owner, "one", "future", "cod")
	gone := w.note(w.owner, "two", "the eel")
	lag, err := w.indexer.Lag(w.ctx)
	w.must(err)
	if lag.Events != 3 || lag.For < 0 {
		t.Errorf("lag %+v", lag)
	}
	p := w.process(w.db)
	w.must(p.Wait(w.ctx))
	if got := w.found(w.owner, passages(coding.SearchRequest{AllCodes: []models.ID{w.ids["future"]}})); len(got) != 1 || got[0] != "the cod" {
		t.Errorf("found %v", got)
	}
	if lag, err := w.indexer.Lag(w.ctx); err != nil || lag != (meili.Lag{}) {
		t.Errorf("lag %+v, %v", lag, err)
	}
	p.stop()
	w.must(w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, gone.ID, 0))
	_, err = w.service.EditText(w.ctx, w.owner, w.space, n.ID, 0, content("the salmon"))
	w.must(err)
	later := w.process(w.db)
	w.must(later.Wait(w.ctx))
	if got := w.found(w.owner, passages(q(""))); len(got) != 1 || got[0] != "the salmon" {
		t.Errorf("found %v", got)
	}
	if p.diary.count(rebuilt)+later.diary.count(rebuilt) != 0 {
		t.Error("it was built anew")
	}
}

func TestAnIndexThatCannotBeFollowedIsBuiltAnew(t *testing.T) {
	w := emptyWorld(t, enginetest.Prefix(t))
	w.note(w.owner, "one", "the herring")
	w.note(w.owner, "own", "my herring", draft)
	w.settleOnce()
	check := func(t *testing.T, why string, want ...string) {
		t.Helper()
		p := w.process(w.db)
		defer p.stop()
		w.must(p.Wait(w.ctx))
		if got := w.found(w.owner, q("herring")); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("found %q", got)
		}
		if p.diary.count(rebuilt) == 0 || p.diary.count(why) == 0 {
			t.Errorf("it says %s", p.diary.all.String())
		}
	}
	t.Run("when its place in the stream is lost", func(t *testing.T) {
		state, err := w.db.TakeLease(w.ctx, "thief", time.Minute)
		w.must(err)
		w.note(w.owner, "two", "the second herring")
		state.Position = "8200"
		w.must(w.db.KeepLease(w.ctx, "thief", time.Minute, state))
		w.must(w.db.LeaveLease(w.ctx, "thief"))
		check(t, tooOld, "my [herring]", "the [herring]", "the second [herring]")
	})
	t.Run("when the engine has lost its data", func(t *testing.T) {
		w.must(w.index.DropAll(w.ctx))
		_, err := w.service.Search(w.ctx, w.owner, w.space, q("herring"))
		refused(t, err, models.KindUnavailable, "search_unavailable")
		check(t, lost, "my [herring]", "the [herring]", "the second [herring]")
	})
	t.Run("when another version of the program made it", func(t *testing.T) {
		entries, err := w.db.IndexEntries(w.ctx, w.space)
		w.must(err)
		for _, e := range entries {
			e.Settings = 0
			w.must(w.db.KeepIndexEntry(w.ctx, e))
		}
		check(t, keeps, "my [herring]", "the [herring]", "the second [herring]")
	})
	t.Run("and leaves nothing of spaces that are no more", func(t *testing.T) {
		// The same engine under another store: it must forget what it held.
		prefix := strings.TrimSuffix(mustUID(t, w), "_"+string(w.space))
		other := emptyWorld(t, prefix)
		other.settleOnce()
		if w.has(mustUID(t, w)) || !w.has(mustUID(t, other)) {
			t.Error("an index of a space that isn't there stays, or one of a space that is there goes")
		}
	})
}

// mustUID gives the name of the shared index of a world.
func mustUID(t *testing.T, w *world) string {
	t.Helper()
	entries, err := w.db.IndexEntries(w.ctx, w.space)
	w.must(err)
	for _, e := range entries {
		if e.OwnerID == "" {
			return e.UID
		}
	}
	t.Fatal("there is no index")
	return ""
}

// load writes to a world until it is stopped, and says how many passages are coded then.
func (w *world) load(writers int) (stop func() int) {
	var stopped atomic.Bool
	var done sync.WaitGroup
	var coded atomic.Int64
	var failed atomic.Value
	for i := range writers {
		done.Go(func() {
			for n := 0; !stopped.Load(); n++ {
				title := fmt.Sprintf("writer %d note %d", i, n)
				text := fmt.Sprintf("herring %d of %d\nherring again", n, i)
				note, err := w.service.CreateNote(w.ctx, w.owner, w.space, coding.NewNote{
					NoteFields: coding.NoteFields{Title: &title, Kind: new(models.KindFieldNote)}, Content: content(text),
				})
				if err == nil {
					_, _, err = w.service.PutCoding(w.ctx, w.owner, w.space, coding.NewCoding{NoteID: note.ID, CodeID: w.ids["future"], Anchor: models.Anchor{Start: 0, End: 7, Quote: "herring"}})
				}
				if err == nil && n%5 == 4 {
					err = w.service.BinRecord(w.ctx, w.owner, w.space, models.NounNote, note.ID, 0)
					coded.Add(-1)
				}
				if err != nil {
					failed.Store(err)
					return
				}
				coded.Add(1)
			}
		})
	}
	return func() int {
		w.Helper()
		stopped.Store(true)
		done.Wait()
		if err := failed.Load(); err != nil {
			w.Fatal(err)
		}
		return int(coded.Load())
	}
}

// whole fails unless search finds n coded and 2n passages.
func (w *world) whole(n int) {
	w.Helper()
	coded := w.search(w.owner, passages(coding.SearchRequest{Q: "herring", AllCodes: []models.ID{w.ids["future"]}}))
	all := w.search(w.owner, passages(q("herring")))
	if coded.Total != n || all.Total != 2*n || n == 0 {
		w.Errorf("%d coded passages of %d are found, want %d of %d", coded.Total, all.Total, n, 2*n)
	}
}

func TestRebuildingUnderLoadLosesNothing(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.note(w.owner, fmt.Sprint("old ", i), "a mackerel\nanother mackerel")
	}
	w.note(w.owner, "own", "my mackerel", draft)
	w.settle()
	stop := w.load(3)
	watching, seen := make(chan struct{}), make(chan error, 1)
	go func() { // searches go on, and find what was there all the time
		for {
			select {
			case <-watching:
				seen <- nil
				return
			default:
			}
			page, err := w.service.Search(w.ctx, w.owner, w.space, q("mackerel"))
			if err == nil && page.Total != 121 {
				err = fmt.Errorf("%d mackerels", page.Total)
			}
			if err != nil {
				seen <- err
				return
			}
		}
	}()
	for range 2 {
		w.must(w.indexer.Rebuild(w.ctx, w.space))
	}
	close(watching)
	if err := <-seen; err != nil {
		t.Errorf("while it was built anew: %v", err)
	}
	n := stop()
	w.settle()
	w.whole(n)
	if w.has(mustUID(t, w) + "_fresh") {
		t.Error("a fresh index was left behind")
	}
}

func TestRebuildingMendsWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	w.note(w.owner, "one", "the herring")
	w.settle()
	uid := mustUID(t, w)
	url, key := enginetest.Meili(t)
	engine := meilisearch.New(url, meilisearch.WithAPIKey(key))
	task, err := engine.Index(uid).DeleteAllDocumentsWithContext(w.ctx, nil)
	w.must(err)
	_, err = engine.WaitForTaskWithContext(w.ctx, task.TaskUID, 10*time.Millisecond)
	w.must(err)
	if got := w.found(w.owner, q("herring")); len(got) != 0 {
		t.Fatalf("found %v", got)
	}
	w.must(w.indexer.Rebuild(w.ctx, w.space))
	if got := w.found(w.owner, q("herring")); len(got) != 1 {
		t.Errorf("found %v", got)
	}
	w.must(w.indexer.Rebuild(w.ctx, models.NewID())) // a space that isn't there
}

func TestTheEngineIsKilledWhileItIndexes(t *testing.T) {
	o, err := enginetest.Options()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(o.Dir) })
	engines, err := local.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engines.Close() })
	w := worldOn(t, engines.MeilisearchURL, engines.MeilisearchKey, "feltbog")
	w.run(w.indexer)
	w.settle()
	stop := w.load(2)
	for range 3 {
		seen := w.search(w.owner, q("herring")).Total
		eventually(t, "the index grows", func() bool {
			page, err := w.service.Search(w.ctx, w.owner, w.space, q("herring"))
			return err == nil && page.Total > seen
		})
		for _, p := range engines.Processes() {
			if p.Name == "meilisearch" {
				w.must(syscall.Kill(p.PID, syscall.SIGKILL))
			}
		}
		eventually(t, "search says that it doesn't answer, or answers again", func() bool {
			_, err := w.service.Search(w.ctx, w.owner, w.space, q("herring"))
			if err != nil {
				refused(t, err, models.KindUnavailable, "search_unavailable")
				e, _ := errors.AsType[*models.Error](err)
				return e.RetryAfter > 0
			}
			return true
		})
		eventually(t, "search answers again", func() bool {
			_, err := w.service.Search(w.ctx, w.owner, w.space, q("herring"))
			return err == nil
		})
	}
	n := stop()
	w.settle()
	w.whole(n)
}

func TestManyNotesAreFewTasks(t *testing.T) {
	w := newWorldOnce(t)
	w.settleOnce()
	const notes = 100
	left := notes
	next := func() (coding.Upload, bool) {
		left--
		text := fmt.Sprintf("note %d\n%s", left, strings.Repeat("A line about herring and the sea.\n", 50))
		return coding.Upload{
			Name: fmt.Sprint("note ", left), Data: []byte(text), MediaType: "text/plain", Content: content(text),
			Fields: coding.NoteFields{Title: new(fmt.Sprint("note ", left)), Kind: new(models.KindInterview)},
		}, left >= 0
	}
	w.must(w.service.Import(w.ctx, w.owner, w.space, next, func(coding.UploadResult) {}))
	w.settleOnce()
	if page := w.search(w.owner, q("herring")); page.Total != notes*50 {
		t.Errorf("%d passages", page.Total)
	}
	url, key := enginetest.Meili(t)
	tasks, err := meilisearch.New(url, meilisearch.WithAPIKey(key)).GetTasksWithContext(w.ctx, &meilisearch.TasksQuery{
		IndexUIDS: []string{mustUID(t, w)}, Types: []meilisearch.TaskType{meilisearch.TaskTypeDocumentAdditionOrUpdate}, Limit: 100,
	})
	w.must(err)
	if n := len(tasks.Results); n > 5 {
		t.Errorf("%d tasks for %d notes", n, notes)
	}
}

func TestTheEngineIsDown(t *testing.T) {
	w := worldOn(t, "http://127.0.0.1:1", "key", "feltbog")
	p := w.process(w.db)
	w.note(w.owner, "one", "the herring") // everything else works
	_, err := w.service.Search(w.ctx, w.owner, w.space, q("herring"))
	refused(t, err, models.KindUnavailable, "search_unavailable")
	if models.KindOf(w.index.Ping(w.ctx)) != models.KindUnavailable {
		t.Error("the engine answers")
	}
	eventually(t, "the indexer says so", func() bool { return p.diary.count("The search index can't be kept just now") > 0 })
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	if err := w.indexer.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("waited: %v", err)
	}
	if _, err := w.service.Search(ctx, w.owner, w.space, q("herring")); models.KindOf(err) == models.KindUnavailable && strings.Contains(err.Error(), "search_unavailable") {
		t.Errorf("who has gone away is told %v", err)
	}
}
