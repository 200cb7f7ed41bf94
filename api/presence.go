package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// GET /projects/:project/presence lists who reads which note now.
func (s *server) listPresence(c *gin.Context) error {
	all, err := s.coding.Presences(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// PUT /projects/:project/presence says where one reads, to be said again within a minute.
func (s *server) appear(c *gin.Context) error {
	if s.places.Take(string(actor(c).UserID)) > 0 {
		return models.TooMany("presence_too_often", "You say too often where you read.", 1)
	}
	at, err := decode[coding.Place](c)
	if err != nil {
		return err
	}
	if err := s.coding.Appear(c.Request.Context(), actor(c), space(c), at); err != nil {
		return err
	}
	return answerNothing(c)
}

// DELETE /projects/:project/presence says that one reads nothing any more.
func (s *server) disappear(c *gin.Context) error {
	if err := s.coding.Disappear(c.Request.Context(), actor(c), space(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// leave forgets where somebody read whose last stream of a project has ended.
func (s *server) leave(who models.Actor, project models.ID) {
	if s.hub.Stopped() || s.hub.Watches(who.UserID, project) {
		return // they come back at once, or never went
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.coding.ForgetPresence(ctx, who.UserID, project); err != nil {
		s.log.WarnContext(ctx, "somebody who left goes on being shown for a minute", slog.Any("error", err))
	}
}
