package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// How many exports run at once. Each reads a whole project and may hold a workbook on disk, so a few
// people's must not take what everybody else needs to read and code.
const (
	exportsPerUser = 2
	exportsInAll   = 8
)

// exportWait is after how many seconds it is worth while to ask for an export again.
const exportWait = 10

// exportStall is how long a reader may take no byte of an export before it is broken off.
const exportStall = time.Minute

// turns counts what each user has running, and what runs in all.
type turns struct {
	mu     sync.Mutex
	byUser map[models.ID]int
	all    int
}

// take begins a turn of a user's; end it by calling what it gives. It returns TooMany (exports_too_many)
// where the user has enough running, and Unavailable (exports_busy) where all have.
func (t *turns) take(user models.ID) (end func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.byUser[user] >= exportsPerUser:
		return nil, models.TooMany("exports_too_many", "You have two exports running. Wait until one is done, or end it.", exportWait)
	case t.all >= exportsInAll:
		busy := models.Unavailable("exports_busy", "Many exports are running just now. Try again in a moment.", nil)
		busy.RetryAfter = exportWait
		return nil, busy
	}
	if t.byUser == nil {
		t.byUser = map[models.ID]int{}
	}
	t.byUser[user]++
	t.all++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.all--
		t.byUser[user]--
		if t.byUser[user] == 0 {
			delete(t.byUser, user)
		}
	}, nil
}

// whileSignedIn gives a context that ends when the session of the request does, with session_ended as its
// cause. It asks now and then, as streams do; a write that waits for its reader then ends at once.
func (s *server) whileSignedIn(c *gin.Context) (ctx context.Context, end func()) {
	ctx, stop := context.WithCancelCause(c.Request.Context())
	who, out := actor(c), http.NewResponseController(c.Writer)
	var asking sync.WaitGroup
	asking.Go(func() {
		check := time.NewTicker(s.recheck)
		defer check.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-check.C:
			}
			// An engine that doesn't answer ends nobody's session.
			if _, err := s.auth.Lives(ctx, who); models.KindOf(err) == models.KindUnauthenticated {
				stop(err)
				_ = out.SetWriteDeadline(time.Now()) // where there are any
				return
			}
		}
	})
	return ctx, func() {
		stop(nil)
		asking.Wait()
		_ = out.SetWriteDeadline(time.Time{}) // else the answer that says why couldn't go out
	}
}
