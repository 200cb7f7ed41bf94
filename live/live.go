// Package live brings what happened to open browsers. One feed of events per process is fanned out
// to any number of subscriptions; a reader that can't keep up is let go and comes back by itself. It
// imports coding and models.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sort"
	"sync"
	"time"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

// Opener opens a feed behind a position, or where it is empty at a time. It returns
// coding.ErrPositionLost when the position is too old to go on from.
type Opener func(ctx context.Context, after coding.Position, from time.Time) (coding.Changes, error)

// Sealer hides a position, so that its reader can't count what happened unseen.
type Sealer interface {
	Seal(plain []byte, length int) (string, error)
	Open(sealed string) ([]byte, error)
}

// Names of the messages.
const (
	MessageHello  = "hello"  // the first: the position to resume from
	MessageChange = "change" // what one transaction changed: {"batch", "events"}
	MessageReset  = "reset"  // the position is too old: fetch everything again
	MessageUpload = "upload" // how far an upload of the reader's own has come; it has no id, and isn't told again
	// MessageInbox says that there is something new in the reader's inbox, MessagePresence where another
	// reads now. Neither has an id, nor is told again.
	MessageInbox    = "inbox"
	MessagePresence = "presence"
	// MessageCells, MessageSubmission and MessageExercise tell readers of an exercise how far answers and
	// submissions have come, and that it was changed. They have no ids either: whoever comes back asks.
	MessageCells      = "cells"
	MessageSubmission = "submission"
	MessageExercise   = "exercise"
	// MessageNotes tells readers of an exercise that its notes, as far as they see them, are others by now;
	// MessageExercises readers of a course that its exercises are, or how far they have come with them.
	MessageNotes     = "notes"
	MessageExercises = "exercises"
)

// Message is one server-sent event.
type Message struct {
	ID    string
	Event string
	Data  []byte
}

// Bounds of what is kept for readers that were away for a moment, and of what one may lag behind.
const (
	keptMessages = 20_000
	keptBytes    = 8 << 20
	keptFor      = 5 * time.Minute
	lag          = 256
	// sealedLength is the length in bytes that every position is padded to before it is sealed. Resume
	// tokens of MongoDB 6 to 8 have up to 300.
	sealedLength = 512
)

// kept is one message with who may see it.
type kept struct {
	position coding.Position
	space    models.ID
	audience models.ID
	message  Message
}

// Hub fans events out. It is safe for concurrent use.
type Hub struct {
	open   Opener
	sealer Sealer
	log    *slog.Logger
	mu     sync.Mutex
	subs   map[models.ID]map[*Subscription]struct{}
	ring   []kept
	bytes  int
	floor  coding.Position // all that came after it is in the ring
	// purged says of a space since when something in it was last deleted for good: what came before is
	// not told again, since it may hold the words.
	purged map[models.ID]coding.Position
	latest coding.Position
	ready  chan struct{}
	closed bool
	// following says that FollowWork misses nothing now; cells are those it hasn't told of yet.
	following bool
	cells     map[models.ID]map[cell]*teaching.CellNews
}

// New makes a hub over a feed. Run makes it work.
func New(open Opener, sealer Sealer, log *slog.Logger) *Hub {
	return &Hub{
		open: open, sealer: sealer, log: log,
		subs: map[models.ID]map[*Subscription]struct{}{}, purged: map[models.ID]coding.Position{}, ready: make(chan struct{}),
		cells: map[models.ID]map[cell]*teaching.CellNews{},
	}
}

// Ready is closed once the feed was opened for the first time: what happens from then on is seen.
func (h *Hub) Ready() <-chan struct{} { return h.ready }

// Watchers is the number of open subscriptions.
func (h *Hub) Watchers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, subs := range h.subs {
		n += len(subs)
	}
	return n
}

// Run reads the feed until ctx ends, and opens it again when it breaks. Then all subscriptions end.
func (h *Hub) Run(ctx context.Context) {
	defer h.Stop()
	h.again(ctx, "events", func(working func()) error {
		err := h.follow(ctx, working)
		if ctx.Err() == nil && errors.Is(err, coding.ErrPositionLost) {
			h.reset()
		}
		return err
	})
}

// again reads a feed anew whenever it breaks, until ctx ends. It waits longer each time, unless the feed
// said that it is working.
func (h *Hub) again(ctx context.Context, feed string, read func(working func()) error) {
	const shortest, longest = 100 * time.Millisecond, 5 * time.Second
	pause := shortest
	for ctx.Err() == nil {
		err := read(func() { pause = shortest })
		if ctx.Err() != nil {
			return
		}
		h.log.WarnContext(ctx, "a live feed broke; it is opened again", slog.String("feed", feed), slog.Any("error", err), slog.Duration("pause", pause))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longest)
	}
}

// follow reads one feed until it breaks.
func (h *Hub) follow(ctx context.Context, working func()) error {
	h.mu.Lock()
	after := h.latest
	h.mu.Unlock()
	feed, err := h.open(ctx, after, time.Now().Add(-keptFor))
	if err != nil {
		return err
	}
	defer feed.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the feed broke or the process ends
	if after == "" {
		h.mu.Lock()
		h.floor = feed.Position()
		h.mu.Unlock()
	}
	for {
		changes, err := feed.Poll(ctx)
		if err != nil {
			return err
		}
		working()
		for len(changes) > 0 {
			n := together(changes)
			h.publish(changes[:n])
			changes = changes[n:]
		}
		h.advance(feed.Position())
	}
}

// advance notes where the feed stands. The first time, it is where the ring begins.
func (h *Hub) advance(p coding.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest = max(h.latest, p)
	select {
	case <-h.ready:
	default:
		close(h.ready)
	}
}

// together counts how many changes at the front make one message: those of one batch for the same readers.
func together(changes []coding.Change) int {
	first := changes[0].Event
	n := 1
	for first.Batch != "" && n < len(changes) && n < models.MaxBatch {
		e := changes[n].Event
		if e.Batch != first.Batch || e.SpaceID != first.SpaceID || audience(&e) != audience(&first) {
			break
		}
		n++
	}
	return n
}

// audience gives the only user who is told of an event, empty for every member.
func audience(e *models.Event) models.ID {
	if e.Blind {
		return e.ActorID
	}
	return e.Audience
}

// body is the data of a change message.
type body struct {
	Batch  models.ID      `json:"batch,omitempty"`
	Events []models.Event `json:"events"`
}

func (h *Hub) publish(changes []coding.Change) {
	b := body{Batch: changes[0].Event.Batch, Events: make([]models.Event, len(changes))}
	for i, c := range changes {
		b.Events[i] = c.Event
	}
	position := changes[len(changes)-1].Position
	data, err := json.Marshal(b)
	if err != nil {
		h.log.Error("an event can't be written as JSON", slog.Any("error", err), slog.String("event_id", string(b.Events[0].ID)))
		return
	}
	k := kept{
		position: position, space: b.Events[0].SpaceID, audience: audience(&b.Events[0]),
		message: Message{ID: h.seal(position), Event: MessageChange, Data: data},
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest = position
	h.keep(k)
	if k.audience == "" || b.Events[0].Noun != models.NounAccount {
		for s := range h.subs[k.space] {
			s.offer(h, k)
		}
	}
	if slices.ContainsFunc(b.Events, func(e models.Event) bool { return e.Noun == models.NounNote }) {
		h.tellNotes(k.space, k.audience)
	}
	for i := range b.Events {
		h.endFor(&b.Events[i])
		if b.Events[i].Verb == models.VerbPurged {
			h.forget(k.space, position)
		}
	}
}

// forget empties what the ring holds of a space in which something was deleted for good. h.mu is held.
func (h *Hub) forget(space models.ID, position coding.Position) {
	h.purged[space] = position
	for i := range h.ring {
		if k := &h.ring[i]; k.space == space && k.position < position {
			h.bytes -= len(k.message.Data)
			k.space, k.message = "", Message{}
		}
	}
}

// endFor ends the subscriptions whose right to read an event took away. h.mu is held.
func (h *Hub) endFor(e *models.Event) {
	switch models.TypeOf(e.Noun, e.Verb) {
	case models.TypeOf(models.NounMember, models.VerbDeleted):
		if e.After == nil || e.After.Member == nil {
			return
		}
		for s := range h.subs[e.SpaceID] {
			if s.actor.UserID == e.After.Member.UserID {
				h.drop(s)
			}
		}
	case models.TypeOf(models.NounProject, models.VerbDeleted), models.TypeOf(models.NounProject, models.VerbPurged):
		for s := range h.subs[e.SpaceID] {
			h.drop(s)
		}
	case models.TypeOf(models.NounAccount, models.VerbEnded):
		for _, subs := range h.subs {
			for s := range subs {
				if s.actor.SessionID == e.RecordID {
					h.drop(s)
				}
			}
		}
	}
}

// keep remembers a message within the bounds. h.mu is held.
func (h *Hub) keep(k kept) {
	h.ring = append(h.ring, k)
	h.bytes += len(k.message.Data)
	for len(h.ring) > keptMessages || (h.bytes > keptBytes && len(h.ring) > 1) {
		h.floor = h.ring[0].position
		h.bytes -= len(h.ring[0].message.Data)
		h.ring[0] = kept{}
		h.ring = h.ring[1:]
	}
}

// reset tells every reader to fetch everything again, after events were lost.
func (h *Hub) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ring, h.bytes, h.floor, h.latest = nil, 0, "", ""
	for _, subs := range h.subs {
		for s := range subs {
			h.drop(s)
		}
	}
}

// Stop ends all subscriptions and takes no more, so that a server can drain.
func (h *Hub) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, subs := range h.subs {
		for s := range subs {
			h.drop(s)
		}
	}
}

// Stopped says whether the hub takes no more subscriptions, since the server drains.
func (h *Hub) Stopped() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}

// drop ends a subscription. h.mu is held.
func (h *Hub) drop(s *Subscription) {
	if _, ok := h.subs[s.space][s]; !ok {
		return
	}
	delete(h.subs[s.space], s)
	if len(h.subs[s.space]) == 0 {
		delete(h.subs, s.space)
	}
	close(s.messages)
}

func (h *Hub) seal(p coding.Position) string {
	id, err := h.sealer.Seal([]byte(p), sealedLength)
	if err != nil {
		h.log.Error("a stream position can't be sealed; readers will fetch everything again", slog.Any("error", err))
	}
	return id
}

// Subscription is one reader of one space.
type Subscription struct {
	hub      *Hub
	actor    models.Actor
	space    models.ID
	messages chan Message
	// seat is where the reader of an exercise sits; nil for readers of projects.
	seat *teaching.Seat
}

// Subscribe opens a subscription for somebody who may read the space; the caller has asked that.
// After is the id of the last message seen, or empty. The first message is hello, with the position
// to resume from, or reset where after is too old or isn't one of ours.
func (h *Hub) Subscribe(actor models.Actor, space models.ID, after string) (*Subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, models.Unavailable("stream_closed", "The server is stopping. Connect again in a moment.", nil)
	}
	first := Message{ID: h.seal(h.latest), Event: MessageHello, Data: []byte("{}")}
	var missed []Message
	if after != "" {
		var ok bool
		if missed, ok = h.since(after, actor.UserID, space); !ok {
			first.Event, missed = MessageReset, nil
		}
	}
	s := &Subscription{hub: h, actor: actor, space: space, messages: make(chan Message, len(missed)+lag)}
	s.messages <- first
	for _, m := range missed {
		s.messages <- m
	}
	if h.subs[space] == nil {
		h.subs[space] = map[*Subscription]struct{}{}
	}
	h.subs[space][s] = struct{}{}
	return s, nil
}

// since gives what a reader missed after a sealed position. h.mu is held.
func (h *Hub) since(after string, viewer, space models.ID) ([]Message, bool) {
	plain, err := h.sealer.Open(after)
	if err != nil {
		return nil, false
	}
	position := coding.Position(plain)
	if position == "" || h.floor == "" || position < h.floor || position < h.purged[space] {
		return nil, false
	}
	from := sort.Search(len(h.ring), func(i int) bool { return h.ring[i].position > position })
	var missed []Message
	for _, k := range h.ring[from:] {
		if k.space == space && (k.audience == "" || k.audience == viewer) {
			missed = append(missed, k.message)
		}
	}
	return missed, true
}

// offer hands a message to a reader who may see it, and lets go of one who lags too far. h.mu is held.
func (s *Subscription) offer(h *Hub, k kept) {
	if !s.actor.Hears(k.audience) {
		return
	}
	select {
	case s.messages <- k.message:
	default:
		h.drop(s)
	}
}

// Messages gives the messages in order. It is closed when the reader lagged, lost its session or its
// membership, or the server stops.
func (s *Subscription) Messages() <-chan Message { return s.messages }

// Close ends the subscription.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.drop(s)
}
