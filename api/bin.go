package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// bin gives the use case that puts a record of a noun into the bin.
func (s *server) bin(noun models.Noun) func(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	return func(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
		return s.coding.BinRecord(ctx, actor, space, noun, id, seen)
	}
}

// GET /projects/:project/bin lists what lies in the bin and could be restored.
func (s *server) listBin(c *gin.Context) error {
	items, err := s.coding.Bin(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, items)
}

// POST /projects/:project/bin/:noun/:record/restore takes a record out of the bin.
func (s *server) restoreRecord(c *gin.Context) error {
	noun, err := binnedNoun(c)
	if err != nil {
		return err
	}
	image, err := s.coding.Restore(c.Request.Context(), actor(c), space(c), noun, id(c, "record"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, image.Record())
}

// DELETE /projects/:project/bin/:noun/:record deletes what lies in the bin for good.
func (s *server) purgeRecord(c *gin.Context) error {
	noun, err := binnedNoun(c)
	if err != nil {
		return err
	}
	err = s.coding.Purge(c.Request.Context(), actor(c), space(c), noun, id(c, "record"))
	if e, ok := errors.AsType[*models.Error](err); ok && e.Code == "answer_purged" {
		err = nil // a repetition: this very request purged what it told of, its own answer too
	}
	if err != nil {
		return err
	}
	return answerNothing(c)
}

// binnedNoun gives the noun of the path, if records of it lie in bins. Projects have routes of their own.
func binnedNoun(c *gin.Context) (models.Noun, error) {
	switch noun := models.Noun(c.Param("noun")); noun {
	case models.NounNote, models.NounSite, models.NounParticipant, models.NounCode, models.NounCoding, models.NounMemo, models.NounLink,
		models.NounComment, models.NounRound:
		return noun, nil
	case models.NounProject, models.NounMember, models.NounAccount:
	}
	return "", models.NotFound("record")
}
