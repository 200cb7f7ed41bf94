package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/live"
	"feltbog/models"
	"feltbog/teaching"
)

// GET /exercises/:exercise/board gives how far everybody has come with each prompt.
func (s *server) showBoard(c *gin.Context) error {
	board, err := s.teaching.Board(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, board)
}

// sit opens a subscription at a seat. A submission that is begun between the look at the seat and the
// subscription would be told of before anybody listens, so the seat is looked at once more.
func (s *server) sit(c *gin.Context, look func() (teaching.Seat, error)) (*live.Subscription, error) {
	for {
		seat, err := look()
		if err != nil {
			return nil, err
		}
		sub, err := s.hub.Sit(actor(c), seat)
		if err != nil {
			return nil, err
		}
		now, err := look()
		if err == nil && now == sub.Seat() {
			return sub, nil
		}
		sub.Close()
		if err != nil {
			return nil, err
		}
	}
}

// followSeat answers with what is told at a seat, for as long as the session and the seat are as they were.
func (s *server) followSeat(c *gin.Context, of models.Noun, look func() (teaching.Seat, error)) error {
	sub, err := s.sit(c, look)
	if err != nil {
		return err
	}
	return s.follow(c, sub, func() error {
		if _, err := s.auth.Lives(c.Request.Context(), actor(c)); err != nil {
			return err
		}
		now, err := look()
		if err != nil {
			return err
		}
		was := sub.Seat()
		if was.SubmissionID == "" {
			now.SubmissionID = "" // news of one that has begun is on its way
		}
		if now != was {
			return models.NotFound(of) // they come back to the seat they have by now
		}
		return nil
	})
}

// GET /exercises/:exercise/stream tells as server-sent events how far answers and submissions come, students
// of their own. It ends with the session, and with whatever gave the right to read.
func (s *server) followClass(c *gin.Context) error {
	return s.followSeat(c, models.NounExercise, func() (teaching.Seat, error) {
		return s.teaching.Seat(c.Request.Context(), actor(c), id(c, "exercise"))
	})
}

// GET /courses/:course/stream tells as server-sent events that the exercises of a course are others by now, and
// students that they have come further with them. It ends with the session, and with the membership.
func (s *server) followCourse(c *gin.Context) error {
	return s.followSeat(c, models.NounCourse, func() (teaching.Seat, error) {
		return s.teaching.CourseSeat(c.Request.Context(), actor(c), id(c, "course"))
	})
}
