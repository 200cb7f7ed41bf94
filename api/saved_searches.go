package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// queryPointers name the fields of a saved query as they stand in a body.
var queryPointers = map[string]string{
	"/q": "/query/q", "/types": "/query/type", "/kinds": "/query/kind", "/codes": "/query/code", "/phase": "/query/phase",
	"/language": "/query/language", "/order": "/query/order", "/attribute": "/query/attribute",
}

// GET /projects/:project/saved-searches lists the searches that one saved.
func (s *server) listSavedSearches(c *gin.Context) error {
	saved, err := s.coding.SavedSearches(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, saved)
}

// POST /projects/:project/saved-searches keeps a search under a name, for oneself.
func (s *server) createSavedSearch(c *gin.Context) error {
	in, err := decode[coding.NewSavedSearch](c)
	if err != nil {
		return err
	}
	saved, err := s.coding.CreateSavedSearch(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return repoint(err, queryPointers)
	}
	return answerRecord(c, http.StatusCreated, saved)
}

// PATCH /projects/:project/saved-searches/:savedSearch writes one's own saved search anew.
func (s *server) changeSavedSearch(c *gin.Context) error {
	return repoint(changeRecord(c, "savedSearch", s.coding.ChangeSavedSearch), queryPointers)
}

// DELETE /projects/:project/saved-searches/:savedSearch removes one's own saved search.
func (s *server) deleteSavedSearch(c *gin.Context) error {
	return deleteRecord(c, "savedSearch", s.coding.DeleteSavedSearch)
}
