package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/live"
	"feltbog/models"
)

// GET /projects/:project/stream sends what happens in a project as server-sent events, from now on
// or from behind the event that Last-Event-ID (or ?after=) names. It ends with the session and with
// the membership.
func (s *server) stream(c *gin.Context) error {
	q := parameters(c, "after")
	after := q.one("after")
	if last := c.GetHeader("Last-Event-ID"); last != "" {
		after = last
	}
	if err := q.done(); err != nil {
		return err
	}
	if err := s.mayRead(c); err != nil {
		return err
	}
	sub, err := s.hub.Subscribe(actor(c), space(c), after)
	if err != nil {
		return err
	}
	defer s.leave(actor(c), space(c))
	return s.follow(c, sub, func() error { return s.mayRead(c) })
}

// follow answers with a subscription for as long as its reader may read. It asks at once again: whoever was
// removed before the subscription began isn't told by it.
func (s *server) follow(c *gin.Context, sub *live.Subscription, mayRead func() error) error {
	defer sub.Close()
	if err := mayRead(); err != nil {
		return err
	}
	defer s.metrics.streaming()()
	out := http.NewResponseController(c.Writer)
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // or nginx would hold events back
	c.Status(http.StatusOK)
	s.send(c, out, sub, mayRead)
	return nil
}

// send writes messages until the reader goes, loses the right to them, or the hub ends.
func (s *server) send(c *gin.Context, out *http.ResponseController, sub *live.Subscription, mayRead func() error) {
	beat, check := time.NewTicker(s.heartbeat), time.NewTicker(s.recheck)
	defer beat.Stop()
	defer check.Stop()
	for {
		var err error
		select {
		case <-c.Request.Context().Done():
			return
		case <-check.C:
			// An engine that doesn't answer takes nobody's right away.
			if err := mayRead(); err != nil && models.KindOf(err) != models.KindUnavailable {
				return
			}
		case <-beat.C:
			_, err = c.Writer.WriteString(":\n\n")
		case m, ok := <-sub.Messages():
			if !ok {
				return
			}
			_, err = c.Writer.WriteString(eventText(m))
		}
		if err != nil || out.Flush() != nil {
			return
		}
	}
}

// eventText writes a message as server-sent events have it. Its data is JSON on one line. One without
// an id leaves the reader's position where it is.
func eventText(m live.Message) string {
	var b strings.Builder
	if m.ID != "" {
		fmt.Fprintf(&b, "id: %s\n", m.ID)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", m.Event, m.Data)
	return b.String()
}

// mayRead asks whether the session, or the token, lives and its user may read the project.
func (s *server) mayRead(c *gin.Context) error {
	ctx := c.Request.Context()
	if _, err := s.auth.Lives(ctx, actor(c)); err != nil {
		return err
	}
	_, err := s.coding.Project(ctx, actor(c), space(c))
	return err
}
