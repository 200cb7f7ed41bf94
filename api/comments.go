package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/comments lists comments: on one ?coding=, on the codings of one ?note=, or all.
func (s *server) listComments(c *gin.Context) error {
	q := parameters(c, "note", "coding", "layer", "limit", "cursor")
	layer, note, on, page := q.layer(), q.id("note"), q.id("coding"), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	comments, err := s.coding.Comments(c.Request.Context(), actor(c), space(c), layer, note, on, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, comments)
}

// POST /projects/:project/comments writes in the thread of a coding, resolves it or opens it again.
func (s *server) createComment(c *gin.Context) error {
	in, err := decode[coding.NewComment](c)
	if err != nil {
		return err
	}
	comment, err := s.coding.CreateComment(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, comment)
}

// PATCH /projects/:project/comments/:comment writes one's own comment anew.
func (s *server) changeComment(c *gin.Context) error {
	return changeRecord(c, "comment", s.coding.ChangeComment)
}

// DELETE /projects/:project/comments/:comment puts one's own comment into the bin.
func (s *server) deleteComment(c *gin.Context) error {
	return deleteRecord(c, "comment", s.coding.DeleteComment)
}
