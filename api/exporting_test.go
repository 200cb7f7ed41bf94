package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/models"
)

// waitingTexts is a store that doesn't give texts, but for one note's, before it is let.
type waitingTexts struct {
	coding.Store

	but   models.ID
	asked chan struct{} // takes one for each text asked for
	let   chan struct{} // closed when they may come
}

func (s waitingTexts) Text(ctx context.Context, note models.ID, version int) (*models.Text, error) {
	if note != s.but {
		s.asked <- struct{}{}
		select {
		case <-s.let:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.Store.Text(ctx, note, version)
}

// waiting serves from a store whose texts wait, but for one note's.
func (w *world) waiting(but string, change func(*api.Options)) waitingTexts {
	w.t.Helper()
	s := waitingTexts{w.db, models.ID(but), make(chan struct{}, 20), make(chan struct{})}
	o := w.options
	o.Service = coding.New(s, w.index, coding.Options{})
	change(&o)
	w.serve(o)
	return s
}

func TestExportsAtOnceAreBounded(t *testing.T) {
	w := newWorld(t)
	lea := w.User("lea").Project("Havnsø")
	lea.Note("The registers carry us.")
	everybody := []*project{lea}
	for _, name := range []string{"bo", "ida", "karen", "jonas"} {
		lea.Member(name, models.RoleReader)
		everybody = append(everybody, lea.As(name))
	}
	store := w.waiting("", func(*api.Options) {})

	var running sync.WaitGroup
	export := func(j *project) {
		req := j.request(request{method: http.MethodGet, path: j.path + "/exports/notes", header: http.Header{}})
		running.Go(func() {
			res, err := j.client.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			if _, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
				t.Errorf("an export that was let in: %d, %v", res.StatusCode, err)
			}
		})
		<-store.asked // now it is under way
	}
	export(lea)
	export(lea)
	r := lea.get(lea.path+"/exports/codebook").refused(http.StatusTooManyRequests, "exports_too_many")
	if r.header.Get("Retry-After") == "" {
		t.Error("it doesn't say when to come again")
	}
	for _, j := range everybody[1:4] {
		export(j)
		export(j)
	}
	jonas := everybody[4]
	r = jonas.get(jonas.path+"/exports/codings").refused(http.StatusServiceUnavailable, "exports_busy")
	if r.header.Get("Retry-After") == "" {
		t.Error("it doesn't say when to come again")
	}
	close(store.let)
	running.Wait()
	for _, j := range everybody {
		j.get(j.path + "/exports/codebook").want(http.StatusOK)
		j.get(j.path + "/exports/codebook").want(http.StatusOK)
	}
}

func TestAnExportEndsWithTheSession(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	long := j.Note(strings.Repeat("The registers carry us. ", 10_000))
	j.Note("The last.")
	// export begins an export, signs out in the midst of it, and gives what came.
	export := func(but string) (status int, body string, err error) {
		t.Helper()
		store := w.waiting(but, func(o *api.Options) { o.Recheck = 5 * time.Millisecond })
		req := j.request(request{method: http.MethodGet, path: j.path + "/exports/notes", header: http.Header{}})
		var exporting sync.WaitGroup
		exporting.Go(func() {
			var res *http.Response
			if res, err = j.client.Do(req); err != nil {
				return
			}
			defer res.Body.Close()
			var read []byte
			read, err = io.ReadAll(res.Body)
			status, body = res.StatusCode, string(read)
		})
		<-store.asked
		j.post("/auth/sign-out", nil).want(http.StatusNoContent)
		exporting.Wait()
		return status, body, err
	}

	t.Run("with the reason, where nothing went out yet", func(t *testing.T) {
		w.in(t)
		status, body, err := export("")
		if err != nil || status != http.StatusUnauthorized || !strings.Contains(body, "session_ended") {
			t.Errorf("%d %s %v", status, body, err)
		}
	})

	t.Run("broken off, where it had begun", func(t *testing.T) {
		w.in(t)
		j.take(j.post("/auth/sign-in", object{"email": j.email, "password": j.password}).want(http.StatusOK))
		status, body, err := export(long.id)
		if status != http.StatusOK || body == "" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d, %d bytes, and then %v", status, len(body), err)
		}
	})
}

func TestAnExportThatNobodyTakesEndsWithTheSession(t *testing.T) {
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.Recheck = 5 * time.Millisecond })
	j := w.User("lea").Project("Havnsø")
	for range 8 {
		j.Note(strings.Repeat("The registers carry us. ", 80_000)) // more than the buffers on the way hold
	}
	res, err := j.client.Do(j.request(request{method: http.MethodGet, path: j.path + "/exports/notes?format=jsonl", header: http.Header{}}))
	if err != nil {
		t.Fatal(err)
	}
	j.post("/auth/sign-out", nil).want(http.StatusNoContent)
	id := res.Header.Get("X-Request-Id")
	eventually(t, "the export has ended though its reader takes nothing", func() bool {
		for line := range strings.Lines(w.log.String()) {
			if strings.Contains(line, id) {
				return true
			}
		}
		return false
	})
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("what came looks like the whole")
	}
	res.Body.Close()
}
