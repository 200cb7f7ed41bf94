package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/codings lists codings with the words around them, the newest first.
func (s *server) listExcerpts(c *gin.Context) error {
	q := parameters(c, "code", "coder", "site", "note", "from", "to", "review", "limit", "cursor")
	filter := coding.CodingFilter{
		CodeID: q.id("code"), CoderID: q.id("coder"), SiteID: q.id("site"), NoteID: q.id("note"),
		From: q.date("from"), To: q.date("to"), Review: q.flag("review"),
	}
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	excerpts, err := s.coding.Excerpts(c.Request.Context(), actor(c), space(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, excerpts)
}

// POST /projects/:project/codings puts a code on an anchor. It answers 200 where the same coder had
// put it there already.
func (s *server) putCoding(c *gin.Context) error {
	in, err := decode[coding.NewCoding](c)
	if err != nil {
		return err
	}
	put, made, err := s.coding.PutCoding(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	if !made {
		return answerRecord(c, http.StatusOK, put)
	}
	return answerRecord(c, http.StatusCreated, put)
}

// POST /projects/:project/codings/batch puts up to 1,000 codings, all or none.
func (s *server) putCodings(c *gin.Context) error {
	in, err := decode[struct {
		Items []coding.NewCoding `json:"items"`
	}](c)
	if err != nil {
		return err
	}
	put, _, err := s.coding.PutCodings(c.Request.Context(), actor(c), space(c), in.Items)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusCreated, put)
}

// GET /projects/:project/codings/:coding gives a coding.
func (s *server) showCoding(c *gin.Context) error {
	return showRecord(c, "coding", s.coding.Coding)
}

// PATCH /projects/:project/codings/:coding gives one's own coding another code or other edges.
func (s *server) changeCoding(c *gin.Context) error {
	return changeRecord(c, "coding", s.coding.ChangeCoding)
}

// DELETE /projects/:project/codings/:coding removes one's own coding.
func (s *server) removeCoding(c *gin.Context) error {
	return deleteRecord(c, "coding", s.coding.RemoveCoding)
}
