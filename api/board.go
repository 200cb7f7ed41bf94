package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/live"
	"feltbog/models"
)

// GET /exercises/:exercise/board gives how far everybody has come with each prompt.
func (s *server) showBoard(c *gin.Context) error {
	board, err := s.teaching.Board(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, board)
}

// sit opens a subscription of an exercise. A submission that is begun between the look at the seat and the
// subscription would be told of before anybody listens, so the seat is looked at once more.
func (s *server) sit(c *gin.Context) (*live.Subscription, error) {
	ctx, exercise := c.Request.Context(), id(c, "exercise")
	for {
		seat, err := s.teaching.Seat(ctx, actor(c), exercise)
		if err != nil {
			return nil, err
		}
		sub, err := s.hub.Sit(actor(c), seat)
		if err != nil {
			return nil, err
		}
		now, err := s.teaching.Seat(ctx, actor(c), exercise)
		if err == nil && now == sub.Seat() {
			return sub, nil
		}
		sub.Close()
		if err != nil {
			return nil, err
		}
	}
}

// GET /exercises/:exercise/stream tells as server-sent events how far answers and submissions come, students
// of their own. It ends with the session, and with whatever gave the right to read.
func (s *server) followClass(c *gin.Context) error {
	sub, err := s.sit(c)
	if err != nil {
		return err
	}
	return s.follow(c, sub, func() error {
		if _, err := s.auth.Lives(c.Request.Context(), actor(c)); err != nil {
			return err
		}
		now, err := s.teaching.Seat(c.Request.Context(), actor(c), id(c, "exercise"))
		if err != nil {
			return err
		}
		was := sub.Seat()
		if was.SubmissionID == "" {
			now.SubmissionID = "" // news of one that has begun is on its way
		}
		if now != was {
			return models.NotFound(models.NounExercise) // they come back to the seat they have by now
		}
		return nil
	})
}
