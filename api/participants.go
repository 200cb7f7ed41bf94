package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// GET /projects/:project/participants lists the people observed, of one ?site= or of all.
func (s *server) listParticipants(c *gin.Context) error {
	q := parameters(c, "site", "limit", "cursor")
	site, page := q.id("site"), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	participants, err := s.coding.Participants(c.Request.Context(), actor(c), space(c), site, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, participants)
}

// POST /projects/:project/participants adds a person observed, by pseudonym.
func (s *server) createParticipant(c *gin.Context) error {
	in, err := decode[struct {
		ID models.ID `json:"id"`
		coding.ParticipantFields
	}](c)
	if err != nil {
		return err
	}
	participant, err := s.coding.CreateParticipant(c.Request.Context(), actor(c), space(c), in.ID, in.ParticipantFields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, participant)
}

// GET /projects/:project/participants/:participant gives a participant.
func (s *server) showParticipant(c *gin.Context) error {
	return showRecord(c, "participant", s.coding.Participant)
}

// PATCH /projects/:project/participants/:participant changes a participant.
func (s *server) changeParticipant(c *gin.Context) error {
	return changeRecord(c, "participant", s.coding.ChangeParticipant)
}

// DELETE /projects/:project/participants/:participant puts a participant into the bin.
func (s *server) deleteParticipant(c *gin.Context) error {
	return deleteRecord(c, "participant", s.bin(models.NounParticipant))
}
