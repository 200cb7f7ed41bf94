package meili_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

func TestACodingChangesOnlyTheLabelsOfItsPassages(t *testing.T) {
	w := newWorld(t)
	n := w.note(w.owner, "one", "the first herring\nthe second herring")
	w.settle()
	// What the engine holds is changed behind the indexer's back, so that it shows whether it is written again.
	address, key := enginetest.Meili(t)
	engine := meilisearch.New(address, meilisearch.WithAPIKey(key))
	for i := range 2 {
		task, err := engine.Index(mustUID(t, w)).UpdateDocumentsWithContext(w.ctx, []map[string]any{
			{"id": fmt.Sprintf("%s_%d", n.ID, i), "text": fmt.Sprintf("tampered %d", i), "speaker": "nobody"},
		}, nil)
		w.must(err)
		_, err = engine.WaitForTaskWithContext(w.ctx, task.TaskUID, 10*time.Millisecond)
		w.must(err)
	}
	w.put(w.owner, "one", "future", "second")
	w.settle()
	page := w.search(w.owner, passages(coding.SearchRequest{AnyCodes: []models.ID{w.ids["future"]}}))
	if page.Total != 1 || page.Items[0].Text != "tampered 1" || page.Items[0].Speaker != "nobody" {
		t.Errorf("found %+v", page.Items)
	}
	_, err := w.service.EditText(w.ctx, w.owner, w.space, n.ID, 0, content("the first herring\nthe third herring"))
	w.must(err)
	w.settle()
	for _, h := range w.search(w.owner, passages(q(""))).Items {
		if !strings.HasSuffix(h.Text, "herring") || h.Speaker != "" {
			t.Errorf("after an edit: %+v", h)
		}
	}
}

// TestAnEngineThatForgets puts an engine between that says of a write that it was done, and doesn't do
// it: the later look finds that out.
func TestAnEngineThatForgets(t *testing.T) {
	address, key := enginetest.Meili(t)
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	var forget, forgotten, done atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/documents") && forget.Add(-1) >= 0 {
			forgotten.Add(1)
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(http.StatusAccepted)
			_, _ = fmt.Fprintf(rw, `{"taskUid":%d,"indexUid":"x","status":"enqueued","type":"documentAdditionOrUpdate","enqueuedAt":"2024-01-01T00:00:00Z"}`, done.Load())
			return
		}
		forward.ServeHTTP(rw, r)
	}))
	t.Cleanup(proxy.Close)
	w := worldOn(t, proxy.URL, key, enginetest.Prefix(t))
	w.run(w.indexer)
	w.settle()
	tasks, err := meilisearch.New(address, meilisearch.WithAPIKey(key)).GetTasksWithContext(w.ctx, &meilisearch.TasksQuery{Limit: 1, Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusSucceeded}})
	w.must(err)
	done.Store(tasks.Results[0].UID)
	for word, times := range map[string]int64{"walrus": 1, "puffin": 5} { // 5 is more than is tried at once
		forgotten.Store(0)
		forget.Store(times)
		w.note(w.owner, word, word)
		w.settle()
		if got := w.found(w.owner, q(word)); len(got) != 1 || forgotten.Load() != times {
			t.Errorf("found %v after %d writes were forgotten", got, forgotten.Load())
		}
	}
}
