package teaching

import (
	"context"
	"sync"

	"feltbog/models"
)

// turns let those who change who is in the same course go one after the other. The store's guard would let one
// of them through as well, and send all others back to their start, again and again: of a class that joins by
// the code on a slide, nearly everything would be done in vain. Turns are of one process, and nothing rests on
// them: the guard decides.
type turns struct {
	mu    sync.Mutex
	lines map[models.ID]*line
}

// line is where those wait for a turn who want the same course; it goes with the last of them.
type line struct {
	turn chan struct{}
	in   int
}

type turnKey struct{}

// take runs fn when it is its turn, in the order of those who came. Within a turn for the course it joins that.
func (t *turns) take(ctx context.Context, course models.ID, fn func(ctx context.Context) error) error {
	if ctx.Value(turnKey{}) == course {
		return fn(ctx)
	}
	l := t.join(course)
	defer t.leave(course, l)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	return fn(context.WithValue(ctx, turnKey{}, course))
}

func (t *turns) join(course models.ID) *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[course]
	if l == nil {
		l = &line{turn: make(chan struct{}, 1)}
		t.lines[course] = l
	}
	l.in++
	return l
}

func (t *turns) leave(course models.ID, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l.in--
	if l.in == 0 {
		delete(t.lines, course)
	}
}
