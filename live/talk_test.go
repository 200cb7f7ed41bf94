package live_test

import (
	"context"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/live"
	"feltbog/models"
)

// talks makes a hub follow inboxes and presence, and waits until it does.
func (h *house) talks(hub *live.Hub) {
	h.t.Helper()
	go hub.FollowTalk(h.ctx, h.db.WatchTalk)
	probe := models.Actor{UserID: models.NewID()}
	s := h.watch(hub, probe, models.NewID(), "")
	defer s.Close()
	for try := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case m := <-s.Messages():
			if m.Event == live.MessageInbox {
				try.Stop()
				return
			}
		case <-try.C:
			h.notify(models.NewID(), probe.UserID)
		case <-h.ctx.Done():
			h.t.Fatal("the hub doesn't follow")
		}
	}
}

func (h *house) notify(space models.ID, readers ...models.ID) {
	h.t.Helper()
	for _, reader := range readers {
		n := models.Notice{ID: models.NewID(), UserID: reader, SpaceID: space, Cause: models.NewID(), At: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}
		if err := h.db.Tx(h.ctx, func(ctx context.Context) error { return h.db.Notify(ctx, n) }); err != nil {
			h.t.Fatal(err)
		}
	}
}

// told waits for a message that has no id.
func (h *house) told(s *live.Subscription, event, data string) {
	h.t.Helper()
	if m, ok := h.next(s); !ok || m.Event != event || string(m.Data) != data || m.ID != "" {
		h.t.Fatalf("got %q %s with the id %q, open %v; want %q %s", m.Event, m.Data, m.ID, ok, event, data)
	}
}

func TestANoticeReachesItsReaderInAllProcessesAndNobodyElse(t *testing.T) {
	h := openHouse(t)
	other := h.start(h.ctx)
	h.talks(h.hub)
	h.talks(other)
	ann, bo := models.Actor{UserID: models.NewID()}, models.Actor{UserID: models.NewID()}
	here, elsewhere := models.NewID(), models.NewID()
	one, two, foreign := h.watch(h.hub, ann, here, ""), h.watch(other, ann, elsewhere, ""), h.watch(h.hub, bo, here, "")
	for _, s := range []*live.Subscription{one, two, foreign} {
		h.expect(s, live.MessageHello)
	}
	h.notify(here, ann.UserID)
	h.told(one, live.MessageInbox, "{}")
	h.told(two, live.MessageInbox, "{}")
	h.notify(here, bo.UserID)
	h.told(foreign, live.MessageInbox, "{}") // the first that it hears of
}

func TestOthersAreToldWhereSomebodyReadsOnceForEachPlace(t *testing.T) {
	h := openHouse(t)
	other := h.start(h.ctx)
	h.talks(h.hub)
	h.talks(other)
	ann, bo := models.Actor{UserID: models.NewID()}, models.Actor{UserID: models.NewID()}
	here, elsewhere, note := models.NewID(), models.NewID(), models.NewID()
	one, two := h.watch(h.hub, bo, here, ""), h.watch(other, bo, here, "")
	own, foreign := h.watch(h.hub, ann, here, ""), h.watch(h.hub, bo, elsewhere, "")
	for _, s := range []*live.Subscription{one, two, own, foreign} {
		h.expect(s, live.MessageHello)
	}
	reads := func(space models.ID, who models.Actor, block int) {
		t.Helper()
		if err := h.db.SavePresence(h.ctx, &models.Presence{SpaceID: space, UserID: who.UserID, NoteID: note, Block: block, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	place := func(who models.Actor, note models.ID, block string) string {
		return `{"userId":"` + string(who.UserID) + `","noteId":"` + string(note) + `","block":` + block + `}`
	}
	reads(here, ann, 3)
	reads(here, ann, 3)
	reads(here, ann, 4)
	if err := h.db.DropPresence(h.ctx, coding.PresenceQuery{SpaceID: here, UserID: ann.UserID}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*live.Subscription{one, two} {
		h.told(s, live.MessagePresence, place(ann, note, "3"))
		h.told(s, live.MessagePresence, place(ann, note, "4"))
		h.told(s, live.MessagePresence, place(ann, "", "0"))
	}
	reads(here, bo, 1)
	h.told(own, live.MessagePresence, place(bo, note, "1")) // nothing of oneself
	h.happens(event(elsewhere, models.NewID()))
	if m, _ := h.next(foreign); m.Event != live.MessageChange {
		t.Errorf("another project is told %q %s", m.Event, m.Data)
	}
}
