package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// GET /projects/:project/sites lists the organisations and places under study.
func (s *server) listSites(c *gin.Context) error {
	q := parameters(c, "limit", "cursor")
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	sites, err := s.coding.Sites(c.Request.Context(), actor(c), space(c), page)
	if err != nil {
		return err
	}
	return answerPage(s, c, sites)
}

// POST /projects/:project/sites adds a site, within another one if parentId names it.
func (s *server) createSite(c *gin.Context) error {
	in, err := decode[struct {
		ID models.ID `json:"id"`
		coding.SiteFields
	}](c)
	if err != nil {
		return err
	}
	site, err := s.coding.CreateSite(c.Request.Context(), actor(c), space(c), in.ID, in.SiteFields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, site)
}

// GET /projects/:project/sites/:site gives a site.
func (s *server) showSite(c *gin.Context) error {
	return showRecord(c, "site", s.coding.Site)
}

// PATCH /projects/:project/sites/:site changes a site.
func (s *server) changeSite(c *gin.Context) error {
	return changeRecord(c, "site", s.coding.ChangeSite)
}

// DELETE /projects/:project/sites/:site puts a site into the bin.
func (s *server) deleteSite(c *gin.Context) error {
	return deleteRecord(c, "site", s.bin(models.NounSite))
}
