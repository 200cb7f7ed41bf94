package live

import (
	"context"
	"encoding/json"
	"log/slog"

	"feltbog/coding"
	"feltbog/models"
)

// TalkWatcher calls told with whom a new notice is for, and moved with where somebody reads whenever
// that is said anew, until ctx ends or it breaks.
type TalkWatcher func(ctx context.Context, told func(user models.ID), moved func(coding.PresenceChange)) error

// FollowTalk tells readers that there is something in their inbox, and members where others read, until
// ctx ends. Nothing of it is kept: whoever was away asks.
func (h *Hub) FollowTalk(ctx context.Context, watch TalkWatcher) {
	h.again(ctx, "inboxes and presence", func(working func()) error {
		places := map[reader]coding.PresenceChange{}
		return watch(ctx, func(user models.ID) {
			working()
			h.tellInbox(user)
		}, func(c coding.PresenceChange) {
			working()
			if moved(places, c) {
				h.tellPresence(c)
			}
		})
	})
}

// reader is a user in a space.
type reader struct{ space, user models.ID }

// moved notes where somebody reads, and says whether that is somewhere else than before: most who say
// where they read only say that they are still there.
func moved(places map[reader]coding.PresenceChange, c coding.PresenceChange) bool {
	who := reader{c.SpaceID, c.UserID}
	if last, known := places[who]; known && last == c {
		return false
	}
	if len(places) >= mostTold {
		clear(places) // others are told of once too often
	}
	if c.NoteID == "" {
		delete(places, who)
	} else {
		places[who] = c
	}
	return true
}

// tellInbox tells one user, whatever project they look at, that there is something new for them.
func (h *Hub) tellInbox(user models.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, subs := range h.subs {
		for s := range subs {
			if s.actor.UserID == user && s.seat == nil {
				s.hint(Message{Event: MessageInbox, Data: []byte("{}")})
			}
		}
	}
}

// tellPresence tells the others in a project where somebody reads.
func (h *Hub) tellPresence(c coding.PresenceChange) {
	data, err := json.Marshal(c)
	if err != nil {
		h.log.Error("a presence can't be written as JSON", slog.Any("error", err))
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs[c.SpaceID] {
		if s.actor.UserID != c.UserID {
			s.hint(Message{Event: MessagePresence, Data: data})
		}
	}
}

// hint sends what can be asked for again. A reader that lags hears less of it and isn't let go. h.mu is held.
func (s *Subscription) hint(m Message) {
	if len(s.messages) < lag/2 { // the rest is for what can't be asked again
		s.messages <- m
	}
}

// Watches says whether somebody has an open subscription of a space in this process.
func (h *Hub) Watches(user, space models.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs[space] {
		if s.actor.UserID == user {
			return true
		}
	}
	return false
}
