package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/drafts lists what one is writing, without the words.
func (s *server) listDrafts(c *gin.Context) error {
	drafts, err := s.coding.Drafts(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, drafts)
}

// GET /projects/:project/drafts/:draft gives one's own draft with its words.
func (s *server) showDraft(c *gin.Context) error {
	draft, err := s.coding.Draft(c.Request.Context(), actor(c), space(c), id(c, "draft"))
	if err != nil {
		return err
	}
	tag(c, draft.Version)
	return answer(c, http.StatusOK, draft)
}

// PUT /projects/:project/drafts/:draft overwrites one's own draft, or begins one where If-Match is
// missing. It answers without the words: they come every few seconds.
func (s *server) saveDraft(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decode[coding.DraftFields](c)
	if err != nil {
		return err
	}
	draft, err := s.coding.SaveDraft(c.Request.Context(), actor(c), space(c), id(c, "draft"), version, in)
	if err != nil {
		return err
	}
	tag(c, draft.Version)
	return answer(c, http.StatusOK, draft)
}

// DELETE /projects/:project/drafts/:draft removes one's own draft.
func (s *server) deleteDraft(c *gin.Context) error {
	return deleteRecord(c, "draft", s.coding.DeleteDraft)
}
