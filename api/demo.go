package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// How often copies of the demo may be made.
const (
	demosAtOnce   = 4 // in this process
	demosPerHour  = 5 // of one person
	demoPatience  = 2 * time.Minute
	demoTryLater  = 10 // seconds
	demosRemember = time.Hour
)

// demoDesk lets people have the demo made for them: each one copy at a time, and not without end.
type demoDesk struct {
	mu     sync.Mutex
	making map[models.ID]bool
	made   map[models.ID][]time.Time
}

// begin lets somebody's copy be made, or says why not now. Whoever is let calls end afterwards.
func (d *demoDesk) begin(user models.ID, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, times := range d.made {
		for len(times) > 0 && now.Sub(times[0]) > demosRemember {
			times = times[1:]
		}
		if d.made[id] = times; len(times) == 0 {
			delete(d.made, id)
		}
	}
	switch mine := d.made[user]; {
	case d.making[user]:
		return models.TooMany("demo_under_way", "Your copy of the demo is being made just now.", demoTryLater)
	case len(mine) >= demosPerHour:
		wait := demosRemember - now.Sub(mine[0])
		return models.TooMany("demos_too_many", "You had the demo made several times this hour. Wait a while.", int(wait/time.Second)+1)
	case len(d.making) >= demosAtOnce:
		return models.TooMany("demos_busy", "Others are having the demo made just now. Try again in a moment.", demoTryLater)
	}
	d.making[user] = true
	d.made[user] = append(d.made[user], now)
	return nil
}

func (d *demoDesk) end(user models.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.making, user)
}

// POST /me/demo makes a copy of the demo project for oneself, unless one has a copy that isn't deleted.
// What has begun is finished, also when nobody waits for it any more.
func (s *server) makeDemo(c *gin.Context) error {
	if s.demo == nil {
		return models.NotFound("demo")
	}
	who := actor(c)
	if err := s.desk.begin(who.UserID, time.Now()); err != nil {
		return err
	}
	defer s.desk.end(who.UserID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), demoPatience)
	defer cancel()
	projects, err := s.coding.Projects(ctx, who, false)
	if err != nil {
		return err
	}
	for _, p := range projects {
		if p.Demo != "" && p.Role == models.RoleOwner {
			return models.Conflict("demo_exists", "You have a copy of the demo already. Delete it to begin anew.")
		}
	}
	project, err := s.demo(ctx, who)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, project)
}
