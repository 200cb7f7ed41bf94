package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

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

// GET /exercises/:exercise/stream tells as server-sent events how far answers and submissions come, students
// of their own. It ends with the session, and with whatever gave the right to read.
func (s *server) followClass(c *gin.Context) error {
	seat, err := s.teaching.Seat(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	sub, err := s.hub.Sit(actor(c), seat)
	if err != nil {
		return err
	}
	return s.follow(c, sub, func() error {
		if _, err := s.auth.Lives(c.Request.Context(), actor(c)); err != nil {
			return err
		}
		now, err := s.teaching.Seat(c.Request.Context(), actor(c), id(c, "exercise"))
		if err == nil && now != sub.Seat() {
			err = models.NotFound(models.NounExercise) // they come back to the seat they have by now
		}
		return err
	})
}
