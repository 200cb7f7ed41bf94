package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/models"
)

// watcherCount is how many browsers look on.
const watcherCount = 200

// patience is how long anything is waited for before it counts as lost.
const patience = 20 * time.Second

// probe is one change that is looked out for.
type probe struct {
	id       []byte
	begun    time.Time
	left     atomic.Int64
	slowest  atomic.Int64 // nanoseconds since begun
	all      chan struct{}
	upstream chan time.Duration
}

// audience are the browsers that look on, and the engine's own change stream beside them.
type audience struct {
	probe atomic.Pointer[probe]
	lost  atomic.Int64
	ends  []func()
	done  sync.WaitGroup
}

// followLive times how long a new coding takes into another browser and into search.
func followLive(ctx context.Context, w *world) (err error) {
	if err := w.awake(ctx); err != nil {
		return err
	}
	alone, err := w.server.memory()
	if err != nil {
		return err
	}
	a := &audience{}
	defer a.close()
	if err := a.gather(ctx, w); err != nil {
		return err
	}
	memory, err := w.server.memory()
	if err != nil {
		return err
	}
	d := w.sit(w.team[2], w.large, w.large.notes[60])
	if err := errors.Join(d.settle(ctx), w.lookOn(ctx, d.note.NoteID)); err != nil {
		return err
	}
	var coded models.ID
	browsers, streams, err := a.seen(ctx, d.who, d.path(), 4*w.size.fresh, func() (body []byte, id models.ID, err error) {
		body, id, err = d.request(d.code())
		coded = id
		return body, id, err
	})
	if err != nil {
		return err
	}
	thread := "/projects/" + string(w.large.id) + "/comments"
	readers, _, err := a.seen(ctx, w.team[3], thread, 2*w.size.fresh, func() (body []byte, id models.ID, err error) {
		id = models.NewID()
		body, err = json.Marshal(map[string]any{"id": id, "codingId": coded, "text": "Is this what the others mean by it?"})
		return body, id, err
	})
	if err != nil {
		return err
	}
	if n := a.lost.Load(); n > 0 {
		return fmt.Errorf("%d of %d streams broke off", n, watcherCount)
	}
	w.report.below(fmt.Sprintf("a new coding is in all of %d browsers that watch its note, p95", watcherCount), "ms", milliseconds(browsers.at(0.95)), milliseconds(streams.at(0.95)), 150,
		fmt.Sprintf("p50 %s; limit: the engine's change stream alone", amount(milliseconds(browsers.at(0.5)), "ms")))
	w.report.below(fmt.Sprintf("a new comment is in all of %d other browsers, p95", watcherCount), "ms", milliseconds(readers.at(0.95)), 0, 150,
		"p50 "+amount(milliseconds(readers.at(0.5)), "ms"))
	found, tasks, err := w.found(ctx)
	if err != nil {
		return err
	}
	w.report.below("a new coding is in search, p95", "ms", milliseconds(found.at(0.95)), milliseconds(tasks.at(0.95)), 1000,
		fmt.Sprintf("p50 %s; limit: one task of Meilisearch", amount(milliseconds(found.at(0.5)), "ms")))
	after, err := w.server.memory()
	if err != nil {
		return err
	}
	w.report.below(fmt.Sprintf("memory of the server with %d watchers", watcherCount), "MB", max(memory, after), 0, 150, "before them "+amount(alone, "MB"))
	return nil
}

// gather opens the streams and waits until each has said hello.
func (a *audience) gather(ctx context.Context, w *world) error {
	ctx, cancel := context.WithCancel(ctx)
	a.ends = append(a.ends, cancel)
	hello := make(chan error, watcherCount)
	for i := range watcherCount {
		who := *w.team[i%teamSize]
		who.client = newClient()
		a.done.Go(func() { a.watch(ctx, &who, w.large.id, hello) })
	}
	for range watcherCount {
		select {
		case err := <-hello:
			if err != nil {
				return err
			}
		case <-time.After(patience):
			return errors.New("the streams don't open")
		}
	}
	return a.listen(ctx, w)
}

// watch reads one stream as a browser does.
func (a *audience) watch(ctx context.Context, who *person, space models.ID, hello chan<- error) {
	defer who.client.CloseIdleConnections()
	stream, err := who.send(ctx, http.MethodGet, "/projects/"+string(space)+"/stream", "", nil)
	if err != nil {
		hello <- err
		return
	}
	defer stream.Close() //nolint:errcheck // it was only read
	lines := bufio.NewReader(stream)
	greeted := false
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if ctx.Err() == nil {
				a.lost.Add(1)
			}
			return
		}
		if !greeted && bytes.HasPrefix(line, []byte("event: hello")) {
			greeted = true
			hello <- nil
		}
		if p := a.probe.Load(); p != nil && bytes.HasPrefix(line, []byte("data: ")) && bytes.Contains(line, p.id) {
			took := int64(time.Since(p.begun))
			for seen := p.slowest.Load(); took > seen && !p.slowest.CompareAndSwap(seen, took); seen = p.slowest.Load() {
			}
			if p.left.Add(-1) == 0 {
				close(p.all)
			}
		}
	}
}

// listen reads the engine's change stream of the same events.
func (a *audience) listen(ctx context.Context, w *world) error {
	inserts := bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "operationType", Value: "insert"}}}}}
	stream, err := w.db().Collection("events").Watch(ctx, inserts)
	if err != nil {
		return err
	}
	a.done.Go(func() {
		defer stream.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
		for stream.Next(ctx) {
			id, ok := stream.Current.Lookup("fullDocument", "recordId").StringValueOK()
			if p := a.probe.Load(); ok && p != nil && id == string(p.id) {
				p.upstream <- time.Since(p.begun)
			}
		}
	})
	return nil
}

// close ends all streams.
func (a *audience) close() {
	for _, end := range a.ends {
		end()
	}
	a.done.Wait()
}

// seen makes records one after the other and times when the last browser has heard of each.
func (a *audience) seen(ctx context.Context, who *person, path string, times int, request func() (body []byte, id models.ID, err error)) (browsers, streams samples, err error) {
	for range times {
		body, id, err := request()
		if err != nil {
			return nil, nil, err
		}
		p := &probe{id: []byte(id), begun: time.Now(), all: make(chan struct{}), upstream: make(chan time.Duration, 1)}
		p.left.Store(watcherCount)
		a.probe.Store(p)
		if err := who.post(ctx, path, body); err != nil {
			return nil, nil, err
		}
		select {
		case <-p.all:
		case <-time.After(patience):
			return nil, nil, fmt.Errorf("%d browsers never heard of it", p.left.Load())
		}
		browsers, streams = append(browsers, time.Duration(p.slowest.Load())), append(streams, <-p.upstream)
		time.Sleep(20 * time.Millisecond)
	}
	return browsers, streams, nil
}

// lookOn lets the whole team say that they read a note.
func (w *world) lookOn(ctx context.Context, note models.ID) error {
	place := map[string]any{"noteId": note, "block": 0}
	for _, who := range w.team {
		if err := who.ask(ctx, http.MethodPut, "/projects/"+string(w.large.id)+"/presence", place, nil); err != nil {
			return err
		}
	}
	return nil
}

// found times how long a coding takes until search filters by it, in turns with a task that gives the
// engine a single document.
func (w *world) found(ctx context.Context) (ours, limit samples, err error) {
	fresh, err := w.make(ctx, "/projects/"+string(w.large.id)+"/codes", map[string]any{"name": "Fresh"})
	if err != nil {
		return nil, nil, err
	}
	if err := w.settled(ctx); err != nil {
		return nil, nil, err
	}
	path := "/projects/" + string(w.large.id) + "/search?" + url.Values{"code": {string(fresh)}, "limit": {"1"}}.Encode()
	before := 0
	for i := range w.size.fresh {
		d := w.sit(w.team[3], w.large, w.large.notes[(100+i)%len(w.large.notes)])
		body, _, err := d.request(fresh)
		if err != nil {
			return nil, nil, err
		}
		begun := time.Now()
		if err := d.who.post(ctx, d.path(), body); err != nil {
			return nil, nil, err
		}
		for {
			var page struct {
				Total int `json:"total"`
			}
			if err := w.owner.ask(ctx, http.MethodGet, path, nil, &page); err != nil {
				return nil, nil, err
			}
			if page.Total > before {
				before = page.Total
				break
			}
			if time.Since(begun) > patience {
				return nil, nil, errors.New("a coding never came into search")
			}
			time.Sleep(5 * time.Millisecond)
		}
		ours = append(ours, time.Since(begun))
		if err := w.settled(ctx); err != nil {
			return nil, nil, err
		}
		took, err := w.task(ctx, i)
		if err != nil {
			return nil, nil, err
		}
		limit = append(limit, took)
	}
	return ours, limit, nil
}

// task gives the engine one passage of its own index again, with a further field, and waits until that is done.
func (w *world) task(ctx context.Context, i int) (time.Duration, error) {
	m := w.meilisearch()
	var page struct {
		Results []map[string]any `json:"results"`
	}
	if err := m.do(ctx, request{method: http.MethodGet, path: fmt.Sprintf("/indexes/%s/documents?limit=1&offset=%d", w.indexUID, 1000+i)}, &page); err != nil {
		return 0, err
	}
	if len(page.Results) != 1 {
		return 0, errors.New("the index has no such document")
	}
	body := fmt.Appendf(nil, `[{"id":%q,"bench":%d}]`, page.Results[0]["id"], i)
	var task struct {
		TaskUID int `json:"taskUid"`
	}
	begun := time.Now()
	if err := m.do(ctx, request{http.MethodPut, "/indexes/" + w.indexUID + "/documents", body}, &task); err != nil {
		return 0, err
	}
	for {
		var state struct {
			Status string `json:"status"`
		}
		if err := m.do(ctx, request{method: http.MethodGet, path: fmt.Sprintf("/tasks/%d", task.TaskUID)}, &state); err != nil {
			return 0, err
		}
		switch state.Status {
		case "succeeded":
			return time.Since(begun), nil
		case "failed", "canceled":
			return 0, errors.New("the engine's task " + state.Status)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// listener is a small server within the benchmark.
type listener struct {
	url   string
	close func()
}

func listen(ctx context.Context, h http.Handler) (*listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	go s.Serve(l) //nolint:errcheck // it ends when it is closed
	return &listener{"http://" + l.Addr().String(), func() { _ = s.Close() }}, nil
}
