package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/links lists the relations between codings, or those of one ?coding=.
func (s *server) listLinks(c *gin.Context) error {
	q := parameters(c, "coding", "layer", "limit", "cursor")
	of, layer, page := q.id("coding"), q.layer(), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	links, err := s.coding.Links(c.Request.Context(), actor(c), space(c), of, layer, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, links)
}

// POST /projects/:project/links relates two codings.
func (s *server) createLink(c *gin.Context) error {
	in, err := decode[coding.NewLink](c)
	if err != nil {
		return err
	}
	link, err := s.coding.CreateLink(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, link)
}

// PATCH /projects/:project/links/:link writes one's own link anew.
func (s *server) changeLink(c *gin.Context) error {
	return changeRecord(c, "link", s.coding.ChangeLink)
}

// DELETE /projects/:project/links/:link puts one's own link into the bin.
func (s *server) deleteLink(c *gin.Context) error {
	return deleteRecord(c, "link", s.coding.DeleteLink)
}
