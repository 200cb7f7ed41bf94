// Package meili keeps the search index in Meilisearch: one index a space for what all its members may
// read, and one for each author of drafts and private memos in it. Index finds; Indexer follows the
// store's events and keeps the indexes equal to the store, from which they can be made anew at any
// time. It imports models, coding and the client of Meilisearch, and knows nothing of MongoDB or HTTP.
package meili

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/models"
)

// Deadlines of one request to the engine.
const (
	searchDeadline = 10 * time.Second
	writeDeadline  = time.Minute
)

// taskPoll is how long to wait before a task is looked at again.
const taskPoll = 10 * time.Millisecond

// Index finds passages, memos, comments and codes. It is safe for concurrent use.
type Index struct {
	engine meilisearch.ServiceManager
	prefix string
	store  Store

	mu sync.Mutex
	// own says of authors' indexes whether they exist, and since when that is known.
	own map[string]existence
}

// existence is what was last known of an index. That one doesn't exist is believed for a moment only.
type existence struct {
	exists bool
	at     time.Time
}

// New makes an Index over a Meilisearch server. Names of indexes begin with prefix, so that deployments
// can share a server. It doesn't connect; see Ping.
func New(url, key, prefix string, store Store) *Index {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	transport.DisableCompression = true                          // compressing costs a search 40 ms
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 64
	transport.Proxy = nil
	return &Index{
		engine: meilisearch.New(url, meilisearch.WithAPIKey(key), meilisearch.DisableRetries(),
			meilisearch.WithCustomClient(&http.Client{Transport: transport})),
		prefix: strings.TrimRight(prefix, "_"),
		store:  store,
		own:    map[string]existence{},
	}
}

// Ping says whether the engine answers.
func (x *Index) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, searchDeadline)
	defer cancel()
	if _, err := x.engine.VersionWithContext(ctx); err != nil {
		return unavailable(ctx, failed("ping", err))
	}
	return nil
}

// target is what an index holds: what is shared in a space, or what an owner alone may find there.
type target struct{ space, owner models.ID }

// Suffixes of names that begin with the prefix, where a space's id isn't next.
const (
	freshSuffix = "_fresh" // of an index that will replace another
	stateSuffix = "_state" // of the index that names the engine's data
)

func (x *Index) uid(t target) string {
	if t.owner == "" {
		return x.prefix + "_" + string(t.space)
	}
	return x.prefix + "_" + string(t.space) + "_" + string(t.owner)
}

// engineError is what went wrong with the engine, without the words that were sent to it.
type engineError struct {
	doing  string
	status int
	code   string
	cause  error
}

func (e *engineError) Error() string {
	switch {
	case e.cause != nil:
		return fmt.Sprintf("Meilisearch: %s: %v", e.doing, e.cause)
	case e.code != "":
		return fmt.Sprintf("Meilisearch: %s: %s (status %d)", e.doing, e.code, e.status)
	}
	return fmt.Sprintf("Meilisearch: %s: status %d", e.doing, e.status)
}

func (e *engineError) Unwrap() error { return e.cause }

// failed turns an error of the client into one that tells what was done and why it failed.
func failed(doing string, err error) error {
	e, ok := errors.AsType[*meilisearch.Error](err)
	if !ok {
		return &engineError{doing: doing, cause: err}
	}
	return &engineError{doing: doing, status: e.StatusCode, code: e.MeilisearchApiError.Code, cause: e.OriginError}
}

// codeOf gives the engine's own name of an error, such as index_not_found.
func codeOf(err error) string {
	if e, ok := errors.AsType[*engineError](err); ok {
		return e.code
	}
	return ""
}

const notFound = "index_not_found"

// unavailable is the error for whoever searches, unless they have gone away themselves.
func unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return models.Unavailable("search_unavailable", "Search doesn't answer just now. Everything else works; try again in a moment.", err)
}

// wait waits until the engine has done a task; it returns an error if that failed, other than with one
// of the codes.
func (x *Index) wait(ctx context.Context, doing string, task *meilisearch.TaskInfo, except ...string) error {
	ticker := time.NewTicker(taskPoll)
	defer ticker.Stop()
	for {
		t, err := x.task(ctx, task.TaskUID)
		if err != nil {
			return failed(doing, err)
		}
		switch t.Status {
		case meilisearch.TaskStatusSucceeded:
			return nil
		case meilisearch.TaskStatusFailed, meilisearch.TaskStatusCanceled:
			if slices.Contains(except, t.Error.Code) {
				return nil
			}
			return &engineError{doing: doing, code: t.Error.Code, cause: errors.New(t.Error.Message)}
		case meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing, meilisearch.TaskStatusUnknown:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

func (x *Index) task(ctx context.Context, uid int64) (*meilisearch.Task, error) {
	ctx, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	return x.engine.GetTaskWithContext(ctx, uid)
}

// do starts a task and waits for it.
func (x *Index) do(ctx context.Context, doing string, start func(ctx context.Context) (*meilisearch.TaskInfo, error), except ...string) error {
	limited, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	task, err := start(limited)
	if err != nil {
		return failed(doing, err)
	}
	return x.wait(ctx, doing, task, except...)
}

// exists says whether there is an index.
func (x *Index) exists(ctx context.Context, uid string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, writeDeadline)
	defer cancel()
	_, err := x.engine.GetIndexWithContext(ctx, uid)
	if err == nil {
		return true, nil
	}
	if err := failed("find index "+uid, err); codeOf(err) != notFound {
		return false, err
	}
	return false, nil
}

// make makes an index with its settings, or brings those of an index up to date.
func (x *Index) make(ctx context.Context, uid string) error {
	err := x.do(ctx, "make index "+uid, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.engine.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"})
	}, "index_already_exists")
	if err != nil {
		return err
	}
	return x.do(ctx, "settings of "+uid, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.engine.Index(uid).UpdateSettingsWithContext(ctx, settings())
	})
}

// drop removes an index; that it isn't there doesn't matter.
func (x *Index) drop(ctx context.Context, uid string) error {
	return x.do(ctx, "remove index "+uid, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.engine.DeleteIndexWithContext(ctx, uid)
	}, notFound)
}

// DropAll removes all indexes of this deployment; tests and the benchmark clean up with it.
func (x *Index) DropAll(ctx context.Context) error {
	uids, err := x.uids(ctx)
	for _, uid := range uids {
		err = errors.Join(err, x.drop(ctx, uid))
	}
	return err
}

// uids gives the names of all indexes of this deployment.
func (x *Index) uids(ctx context.Context) ([]string, error) {
	const page = 1000
	var out []string
	for offset := int64(0); ; offset += page {
		limited, cancel := context.WithTimeout(ctx, writeDeadline)
		all, err := x.engine.ListIndexesWithContext(limited, &meilisearch.IndexesQuery{Limit: page, Offset: offset})
		cancel()
		if err != nil {
			return out, failed("list indexes", err)
		}
		for _, index := range all.Results {
			if strings.HasPrefix(index.UID, x.prefix+"_") {
				out = append(out, index.UID)
			}
		}
		if offset+page >= all.Total {
			return out, nil
		}
	}
}

var _ coding.Index = (*Index)(nil)
