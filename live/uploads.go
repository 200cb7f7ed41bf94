package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// UploadWatcher calls each with every change of an upload until ctx ends or it breaks.
type UploadWatcher func(ctx context.Context, each func(coding.UploadChange)) error

// uploadPace is how often an upload is told of while its bytes come in.
const uploadPace = 300 * time.Millisecond

// mostTold bounds what is remembered of what was told: of uploads, and of who reads where.
const mostTold = 20_000

// FollowUploads tells the authors of uploads how far these have come, until ctx ends. Nothing of it is
// kept: whoever was away asks.
func (h *Hub) FollowUploads(ctx context.Context, watch UploadWatcher) {
	h.again(ctx, "uploads", func(working func()) error {
		p := pacer{told: map[models.ID]telling{}}
		return watch(ctx, func(c coding.UploadChange) {
			working()
			if p.due(c, time.Now()) {
				h.tellUpload(c)
			}
		})
	})
}

// telling is what was last told of an upload.
type telling struct {
	coding.UploadChange
	at time.Time
}

// pacer decides what is worth telling: each state at once, bytes now and then.
type pacer struct{ told map[models.ID]telling }

func (p pacer) due(c coding.UploadChange, now time.Time) bool {
	last, known := p.told[c.ID]
	switch {
	case known && last.UploadChange == c:
		return false // its lease was renewed
	case known && last.State == c.State && now.Sub(last.at) < uploadPace:
		return false
	}
	if len(p.told) >= mostTold {
		clear(p.told) // of uploads that went unseen; others are told of once too often
	}
	if c.State == models.UploadCommitted || c.State == models.UploadCancelled {
		delete(p.told, c.ID)
	} else {
		p.told[c.ID] = telling{c, now}
	}
	return c.State != models.UploadCancelled
}

// tellUpload sends a change to its author. A reader that lags hears less of it and isn't let go.
func (h *Hub) tellUpload(c coding.UploadChange) {
	data, err := json.Marshal(c)
	if err != nil {
		h.log.Error("a change of an upload can't be written as JSON", slog.Any("error", err))
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs[c.SpaceID] {
		if s.actor.UserID == c.AuthorID && len(s.messages) < lag/2 { // the rest is for what can't be asked again
			s.messages <- Message{Event: MessageUpload, Data: data}
		}
	}
}
