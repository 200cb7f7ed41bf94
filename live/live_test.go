package live_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"feltbog/auth"
	"feltbog/live"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
)

// house is a hub over a real change stream.
type house struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // a test's world has one
	db  *mongodb.DB
	hub *live.Hub
}

func openHouse(t *testing.T) *house {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	db, err := mongodb.Open(ctx, enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(ctx)) })
	h := &house{t: t, ctx: ctx, db: db}
	h.hub = h.start(ctx)
	return h
}

// start makes another hub, as another process or the same after a restart has it.
func (h *house) start(ctx context.Context) *live.Hub {
	h.t.Helper()
	secret, err := h.db.ServerSecret(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	hub := live.New(h.db.Watch, auth.NewSealer(secret, "stream positions"), slog.New(slog.DiscardHandler))
	go hub.Run(ctx)
	select {
	case <-hub.Ready():
	case <-ctx.Done():
		h.t.Fatal("the hub didn't get ready")
	}
	return hub
}

// happens writes events in one transaction.
func (h *house) happens(events ...models.Event) {
	h.t.Helper()
	for i := range events {
		events[i].ID, events[i].At = models.NewID(), time.Now()
	}
	if err := h.db.Tx(h.ctx, func(ctx context.Context) error { return h.db.Append(ctx, events) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) watch(hub *live.Hub, actor models.Actor, space models.ID, after string) *live.Subscription {
	h.t.Helper()
	s, err := hub.Subscribe(actor, space, after)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// next waits for a message; ok is false when the subscription ended.
func (h *house) next(s *live.Subscription) (m live.Message, ok bool) {
	h.t.Helper()
	select {
	case m, ok = <-s.Messages():
		return m, ok
	case <-h.ctx.Done():
		h.t.Fatal("no message came")
	}
	return m, false
}

func (h *house) expect(s *live.Subscription, event string, records ...models.ID) live.Message {
	h.t.Helper()
	m, ok := h.next(s)
	if !ok || m.Event != event || m.ID == "" {
		h.t.Fatalf("got %q %s, open %v; want %q", m.Event, m.Data, ok, event)
	}
	var body struct{ Events []models.Event }
	if err := json.Unmarshal(m.Data, &body); err != nil {
		h.t.Fatal(err)
	}
	if event == live.MessageChange && len(body.Events) != len(records) {
		h.t.Fatalf("%d events, want %d", len(body.Events), len(records))
	}
	for i, id := range records {
		if body.Events[i].RecordID != id {
			h.t.Fatalf("event %d is of %s, want %s", i, body.Events[i].RecordID, id)
		}
	}
	return m
}

func (h *house) ended(s *live.Subscription) {
	h.t.Helper()
	for {
		if _, ok := h.next(s); !ok {
			return
		}
	}
}

func event(space, record models.ID) models.Event {
	return models.Event{SpaceID: space, RecordID: record, Noun: models.NounCoding, Verb: models.VerbCreated, Type: "coding.created"}
}

func TestAReaderSeesWhatHappensInItsSpaceAndNothingElse(t *testing.T) {
	h := openHouse(t)
	space, other, lea, bo := models.NewID(), models.NewID(), models.NewID(), models.NewID()
	s := h.watch(h.hub, models.Actor{UserID: lea}, space, "")
	h.expect(s, live.MessageHello)
	a, b, c := models.NewID(), models.NewID(), models.NewID()
	h.happens(event(other, models.NewID()))
	h.happens(event(space, a))
	hidden := event(space, models.NewID())
	hidden.Audience = bo
	h.happens(hidden)
	mine := event(space, b)
	mine.Audience = lea
	h.happens(mine)
	h.happens(event(space, c))
	lengths := map[int]bool{}
	for _, id := range []models.ID{a, b, c} {
		lengths[len(h.expect(s, live.MessageChange, id).ID)] = true
	}
	if len(lengths) != 1 {
		t.Fatalf("the ids differ in length: %v", lengths)
	}
}

func TestABatchComesAsOneMessage(t *testing.T) {
	h := openHouse(t)
	space := models.NewID()
	s := h.watch(h.hub, models.Actor{UserID: models.NewID()}, space, "")
	h.expect(s, live.MessageHello)
	batch := models.NewID()
	var events []models.Event
	var ids []models.ID
	for range 500 {
		e := event(space, models.NewID())
		e.Batch = batch
		events, ids = append(events, e), append(ids, e.RecordID)
	}
	h.happens(events...)
	h.expect(s, live.MessageChange, ids...)
}

func TestAReaderResumesWhereItWas(t *testing.T) {
	h := openHouse(t)
	space := models.NewID()
	actor := models.Actor{UserID: models.NewID()}
	s := h.watch(h.hub, actor, space, "")
	hello := h.expect(s, live.MessageHello)
	a, b, c := models.NewID(), models.NewID(), models.NewID()
	h.happens(event(space, a))
	first := h.expect(s, live.MessageChange, a)
	s.Close()
	h.happens(event(space, b))
	h.happens(event(models.NewID(), models.NewID()))
	h.happens(event(space, c))
	last := models.NewID()
	elsewhere := models.NewID()
	other := h.watch(h.hub, actor, elsewhere, "")
	h.expect(other, live.MessageHello)
	h.happens(event(elsewhere, last))
	h.expect(other, live.MessageChange, last) // so that the hub has seen everything before

	again := h.watch(h.hub, actor, space, first.ID)
	h.expect(again, live.MessageHello)
	for _, id := range []models.ID{b, c} {
		h.expect(again, live.MessageChange, id)
	}
	fromHello := h.watch(h.hub, actor, space, hello.ID)
	h.expect(fromHello, live.MessageHello)
	h.expect(fromHello, live.MessageChange, a)

	// Another process, or this one after a restart, knows the position too.
	restarted := h.watch(h.start(h.ctx), actor, space, first.ID)
	m, _ := h.next(restarted)
	if m.Event != live.MessageHello {
		t.Fatalf("after a restart: %s", m.Event)
	}
	for _, id := range []models.ID{b, c} {
		h.expect(restarted, live.MessageChange, id)
	}
}

func TestAPositionThatIsNoneMeansReset(t *testing.T) {
	h := openHouse(t)
	for _, after := range []string{"made up", "AAAA", "8265"} {
		s := h.watch(h.hub, models.Actor{UserID: models.NewID()}, models.NewID(), after)
		h.expect(s, live.MessageReset)
	}
}

func TestWhatWasDeletedForGoodIsNotToldAgain(t *testing.T) {
	h := openHouse(t)
	space, other := models.NewID(), models.NewID()
	actor := models.Actor{UserID: models.NewID()}
	s, elsewhere := h.watch(h.hub, actor, space, ""), h.watch(h.hub, actor, other, "")
	hello, there := h.expect(s, live.MessageHello), h.expect(elsewhere, live.MessageHello)
	memo, kept := models.NewID(), models.NewID()
	wrote := event(space, memo)
	wrote.After = &models.Image{Memo: &models.Memo{Text: "Kanariefuglen"}}
	h.happens(wrote)
	h.happens(event(other, kept))
	purge := event(space, memo)
	purge.Verb = models.VerbPurged
	h.happens(purge)
	h.expect(s, live.MessageChange, memo)
	after := h.expect(s, live.MessageChange, memo)
	for _, hub := range []*live.Hub{h.hub, h.start(h.ctx)} {
		again := h.watch(hub, actor, space, hello.ID)
		h.expect(again, live.MessageReset)
		select {
		case m := <-again.Messages():
			t.Fatalf("told again: %s", m.Data)
		default:
		}
		h.expect(h.watch(hub, actor, space, after.ID), live.MessageHello)
	}
	unharmed := h.watch(h.hub, actor, other, there.ID)
	h.expect(unharmed, live.MessageHello)
	h.expect(unharmed, live.MessageChange, kept)
}

func TestAStreamEndsWithTheRightToReadIt(t *testing.T) {
	h := openHouse(t)
	space := models.NewID()
	lea := models.Actor{UserID: models.NewID(), SessionID: models.NewID()}
	bo := models.Actor{UserID: models.NewID(), SessionID: models.NewID()}
	t.Run("with the membership", func(*testing.T) {
		mine, others := h.watch(h.hub, lea, space, ""), h.watch(h.hub, bo, space, "")
		e := event(space, models.NewID())
		e.Noun, e.Verb, e.After = models.NounMember, models.VerbDeleted, &models.Image{Member: &models.Member{UserID: lea.UserID}}
		h.happens(e)
		h.ended(mine)
		h.expect(others, live.MessageHello)
		h.expect(others, live.MessageChange, e.RecordID)
	})
	t.Run("with the session", func(*testing.T) {
		mine, others := h.watch(h.hub, lea, space, ""), h.watch(h.hub, bo, space, "")
		e := models.Event{SpaceID: lea.UserID, Audience: lea.UserID, RecordID: lea.SessionID, Noun: models.NounAccount, Verb: models.VerbEnded}
		h.happens(e)
		h.ended(mine)
		h.expect(others, live.MessageHello)
		after := event(space, models.NewID())
		h.happens(after)
		h.expect(others, live.MessageChange, after.RecordID)
	})
	t.Run("with the project", func(*testing.T) {
		s := h.watch(h.hub, lea, space, "")
		e := event(space, space)
		e.Noun, e.Verb = models.NounProject, models.VerbDeleted
		h.happens(e)
		h.ended(s)
	})
	t.Run("with the server", func(t *testing.T) {
		s := h.watch(h.hub, lea, space, "")
		h.hub.Stop()
		h.ended(s)
		if _, err := h.hub.Subscribe(lea, space, ""); models.KindOf(err) != models.KindUnavailable {
			t.Fatalf("a stopped hub takes readers: %v", err)
		}
	})
}

func TestASlowReaderStallsNobody(t *testing.T) {
	h := openHouse(t)
	space := models.NewID()
	slow := h.watch(h.hub, models.Actor{UserID: models.NewID()}, space, "")
	quick := h.watch(h.hub, models.Actor{UserID: models.NewID()}, space, "")
	h.expect(quick, live.MessageHello)
	for range 400 {
		e := event(space, models.NewID())
		h.happens(e)
		h.expect(quick, live.MessageChange, e.RecordID)
	}
	h.ended(slow)
	if got := h.hub.Watchers(); got != 1 {
		t.Fatalf("%d watchers are left, want 1", got)
	}
}
