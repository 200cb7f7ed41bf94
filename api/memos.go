package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/memos lists memos: on one ?target=, on or in one ?note=, or all.
func (s *server) listMemos(c *gin.Context) error {
	q := parameters(c, "target", "note", "layer", "limit", "cursor")
	target, note, layer, page := q.id("target"), q.id("note"), q.layer(), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	memos, err := s.coding.Memos(c.Request.Context(), actor(c), space(c), target, note, layer, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, memos)
}

// POST /projects/:project/memos writes a memo on the project, a site, a note, a code or a coding.
func (s *server) createMemo(c *gin.Context) error {
	in, err := decode[coding.NewMemo](c)
	if err != nil {
		return err
	}
	memo, err := s.coding.CreateMemo(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, memo)
}

// GET /projects/:project/memos/:memo gives a memo.
func (s *server) showMemo(c *gin.Context) error {
	return showRecord(c, "memo", s.coding.Memo)
}

// PATCH /projects/:project/memos/:memo writes one's own memo anew, or shares it.
func (s *server) changeMemo(c *gin.Context) error {
	return changeRecord(c, "memo", s.coding.ChangeMemo)
}

// DELETE /projects/:project/memos/:memo puts one's own memo into the bin.
func (s *server) deleteMemo(c *gin.Context) error {
	return deleteRecord(c, "memo", s.coding.DeleteMemo)
}
