package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// codingFilters are the parameters of a codingFilter.
var codingFilters = []string{"code", "alone", "coder", "site", "note", "kind", "from", "to", "attribute", "review", "layer"}

// codingFilter reads which codings are asked for.
func codingFilter(q *query) coding.CodingFilter {
	f := coding.CodingFilter{
		CodeID: q.id("code"), Alone: q.flag("alone"), CoderID: q.id("coder"), SiteID: q.id("site"), NoteID: q.id("note"),
		Kind: models.NoteKind(q.one("kind")), From: q.date("from"), To: q.date("to"), Attributes: q.some("attribute"), Review: q.flag("review"), Layer: q.layer(),
	}
	if err := f.Check(); err != nil && q.err == nil {
		q.err = err
	}
	return f
}

// GET /projects/:project/codings lists codings with the words around them: the newest first, or with
// ?order=place site by site and note by note.
func (s *server) listExcerpts(c *gin.Context) error {
	q := parameters(c, append([]string{"order", "limit", "cursor"}, codingFilters...)...)
	filter, page := codingFilter(q), s.page(c, q)
	list := s.coding.Excerpts
	switch q.one("order") {
	case "", "newest":
	case "place":
		list = s.coding.ExcerptsByPlace
	default:
		q.fault("parameter_malformed", "order", "The order is newest or place.")
	}
	if err := q.done(); err != nil {
		return err
	}
	excerpts, err := list(c.Request.Context(), actor(c), space(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, excerpts)
}

// GET /projects/:project/codings/counts counts the codings that the filters of their list select.
func (s *server) countCodings(c *gin.Context) error {
	q := parameters(c, "code", "alone", "coder", "site", "note", "kind", "from", "to", "attribute", "layer")
	filter := codingFilter(q)
	if err := q.done(); err != nil {
		return err
	}
	counts, err := s.coding.CountCodings(c.Request.Context(), actor(c), space(c), filter)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, counts)
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
