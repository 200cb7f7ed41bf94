package sandbox

import (
	"context"
	"sync"
	"time"
)

// watchEvery is how often a child at work is looked at. What it can take of memory in between is a
// small part of its limit.
const watchEvery = 20 * time.Millisecond

// clock counts the time that a child works, without that in which it waits for us.
type clock struct {
	mu    sync.Mutex
	spent time.Duration
	since time.Time // zero while it stands still
}

func newClock() *clock { return &clock{since: time.Now()} }

func (c *clock) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spent += time.Since(c.since)
	c.since = time.Time{}
}

func (c *clock) resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
}

func (c *clock) time() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return c.spent
	}
	return c.spent + time.Since(c.since)
}

// watch kills a child that takes too much, or whose file nobody waits for any more.
type watch struct {
	stopping chan struct{}
	stopped  sync.WaitGroup
	cause    error // why the child was killed, nil if it wasn't; to be read after stop
}

func (p *Pool) watch(ctx context.Context, w *worker, c *clock) *watch {
	v := &watch{stopping: make(chan struct{})}
	v.stopped.Go(func() {
		look := time.NewTicker(watchEvery)
		defer look.Stop()
		for v.cause == nil {
			select {
			case <-v.stopping:
				return
			case <-ctx.Done():
				v.cause = ctx.Err()
			case <-look.C:
				switch {
				case c.time() > p.config.Time:
					v.cause = tooSlow()
				case memoryOf(w.cmd.Process.Pid) > p.config.Memory:
					v.cause = tooLarge()
				}
			}
		}
		w.kill()
	})
	return v
}

// stop ends the watch and tells why it killed the child, if it did.
func (v *watch) stop() error {
	close(v.stopping)
	v.stopped.Wait()
	return v.cause
}
