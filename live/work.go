package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

// WorkWatcher calls each with what is new of the work on exercises, in order, until ctx ends or it breaks,
// and opened once it misses nothing any more.
type WorkWatcher func(ctx context.Context, opened func(), each func(teaching.WorkNews)) error

// workPace is how long cells are gathered before readers are told of them: a class that writes at once
// changes hundreds a second, each by a few words.
const workPace = 250 * time.Millisecond

// wholeLag is how many messages a reader of all work may lag behind: when all is returned at once, each
// submission is told of.
const wholeLag = 4096

// cell names an answer.
type cell struct{ submission, prompt models.ID }

// roomOf is where the subscriptions of an exercise's readers are. It is no space, so that nothing else that
// happens in the exercise's own space gets there.
func roomOf(exercise models.ID) models.ID { return "exercise " + exercise }

// courseRoomOf is where the subscriptions of a course's readers are.
func courseRoomOf(course models.ID) models.ID { return "course " + course }

// FollowWork tells readers of exercises how far answers have come, until ctx ends. When the feed breaks all
// of them are let go, since something may have been missed: they come back and ask.
func (h *Hub) FollowWork(ctx context.Context, watch WorkWatcher) {
	h.again(ctx, "work on exercises", func(working func()) error {
		defer h.unfollow()
		return watch(ctx, func() {
			working()
			h.mu.Lock()
			defer h.mu.Unlock()
			h.following = true
		}, func(n teaching.WorkNews) {
			working()
			h.tellWork(n)
		})
	})
}

// unfollow lets all readers of exercises go.
func (h *Hub) unfollow() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.following = false
	h.endSeats(func(*teaching.Seat) bool { return true })
}

// Sit opens a subscription of an exercise, or of a course, for somebody who has this seat there; the caller
// has asked for it.
// The first message is hello. What happens from then on is told.
func (h *Hub) Sit(actor models.Actor, seat teaching.Seat) (*Subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || !h.following {
		return nil, models.Unavailable("stream_closed", "The server is stopping. Connect again in a moment.", nil)
	}
	room := roomOf(seat.ExerciseID)
	if seat.ExerciseID == "" {
		room = courseRoomOf(seat.CourseID)
	}
	most := lag
	if seat.Whole {
		most = wholeLag
	}
	s := &Subscription{hub: h, actor: actor, space: room, messages: make(chan Message, most), seat: &seat}
	s.messages <- Message{Event: MessageHello, Data: []byte("{}")}
	if h.subs[room] == nil {
		h.subs[room] = map[*Subscription]struct{}{}
	}
	h.subs[room][s] = struct{}{}
	return s, nil
}

// Seat is where the reader of an exercise sits by now: a submission that was begun meanwhile is theirs.
func (s *Subscription) Seat() teaching.Seat {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return *s.seat
}

// tellWork hands news to those whom they concern.
func (h *Hub) tellWork(n teaching.WorkNews) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case n.Cell != nil:
		h.gather(n.ExerciseID, n.Cell)
	case n.Submission != nil:
		h.tellCells(n.ExerciseID) // before what may say that they are frozen
		h.tellSubmission(n.ExerciseID, n.Submission)
	case n.Exercise != nil:
		h.tellExercise(n.ExerciseID, n.Exercise)
	default:
		h.endSeats(func(s *teaching.Seat) bool { return s.MemberID == n.MemberID || s.CourseID == n.CourseID })
	}
}

// endSeats ends the subscriptions of readers of exercises whose seats are lost. h.mu is held.
func (h *Hub) endSeats(lost func(*teaching.Seat) bool) {
	for _, subs := range h.subs {
		for s := range subs {
			if s.seat != nil && lost(s.seat) {
				h.drop(s)
			}
		}
	}
}

// gather keeps how far an answer has come until readers are told. Only the latest of an answer is told.
// h.mu is held.
func (h *Hub) gather(exercise models.ID, c *teaching.CellNews) {
	if len(h.subs[roomOf(exercise)]) == 0 {
		return
	}
	if h.cells[exercise] == nil {
		h.cells[exercise] = map[cell]*teaching.CellNews{}
		time.AfterFunc(workPace, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.tellCells(exercise)
		})
	}
	h.cells[exercise][cell{c.SubmissionID, c.PromptID}] = c
}

// cellsBody is the data of a cells message.
type cellsBody struct {
	Items []*teaching.CellNews `json:"items"`
}

// tellCells tells of the cells that were gathered: all to those who see all work, and their own to the
// others. h.mu is held.
func (h *Hub) tellCells(exercise models.ID) {
	gathered := h.cells[exercise]
	delete(h.cells, exercise)
	if len(gathered) == 0 {
		return
	}
	all := cellsBody{}
	of := map[models.ID]*cellsBody{}
	for _, c := range gathered {
		all.Items = append(all.Items, c)
		if of[c.SubmissionID] == nil {
			of[c.SubmissionID] = &cellsBody{}
		}
		of[c.SubmissionID].Items = append(of[c.SubmissionID].Items, c)
	}
	whole := h.written(MessageCells, all)
	for s := range h.subs[roomOf(exercise)] {
		if s.seat.Whole {
			s.tell(h, whole)
		} else if own := of[s.seat.SubmissionID]; own != nil {
			s.tell(h, h.written(MessageCells, own))
		}
	}
}

// tellSubmission tells how far a submission has come. One that was just begun becomes that of its people.
// h.mu is held.
func (h *Hub) tellSubmission(exercise models.ID, n *teaching.SubmissionNews) {
	m := h.written(MessageSubmission, n)
	for s := range h.subs[roomOf(exercise)] {
		seat := s.seat
		if seat.SubmissionID == "" && (n.MemberID != "" && n.MemberID == seat.MemberID || n.GroupID != "" && n.GroupID == seat.GroupID) {
			seat.SubmissionID = n.SubmissionID
		}
		if seat.Whole || seat.SubmissionID == n.SubmissionID {
			s.tell(h, m)
		}
	}
	h.tellCourse(n.CourseID, func(s *teaching.Seat) bool {
		return s.Student && (n.MemberID != "" && n.MemberID == s.MemberID || n.GroupID != "" && n.GroupID == s.GroupID)
	})
}

// tellCourse tells those of a course's readers whom it concerns that its exercises are others by now, or how
// far they have come with them. h.mu is held.
func (h *Hub) tellCourse(course models.ID, concerns func(*teaching.Seat) bool) {
	for s := range h.subs[courseRoomOf(course)] {
		if concerns(s.seat) {
			s.tell(h, Message{Event: MessageExercises, Data: []byte("{}")})
		}
	}
}

// tellNotes tells readers of an exercise that its notes changed: all of them, or those who see the notes of
// one party, which is a submission. h.mu is held.
func (h *Hub) tellNotes(exercise, party models.ID) {
	for s := range h.subs[roomOf(exercise)] {
		if party == "" || s.seat.Whole || s.seat.SubmissionID == party {
			s.tell(h, Message{Event: MessageNotes, Data: []byte("{}")})
		}
	}
}

// tellExercise tells that an exercise was changed, and ends what can't be read any more. h.mu is held.
func (h *Hub) tellExercise(exercise models.ID, n *teaching.ExerciseNews) {
	m := h.written(MessageExercise, n)
	for s := range h.subs[roomOf(exercise)] {
		if n.Gone || !n.Open && s.seat.Student {
			h.drop(s)
		} else {
			s.tell(h, m)
		}
	}
	h.tellCourse(n.CourseID, func(s *teaching.Seat) bool { return !s.Student || !n.Shut })
}

// written makes a message of a value that is of ours.
func (h *Hub) written(event string, v any) Message {
	data, err := json.Marshal(v)
	if err != nil {
		h.log.Error("news of an exercise can't be written as JSON", slog.Any("error", err))
	}
	return Message{Event: event, Data: data}
}

// tell hands over a message, and lets go of a reader who lags too far. h.mu is held.
func (s *Subscription) tell(h *Hub, m Message) {
	select {
	case s.messages <- m:
	default:
		h.drop(s)
	}
}
