package api

import (
	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// GET /projects/:project/search finds passages, memos and codes.
func (s *server) search(c *gin.Context) error {
	return models.Unavailable("search_unavailable", "Search isn't there yet.", nil)
}
