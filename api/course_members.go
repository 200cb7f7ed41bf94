package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// GET /courses/:course/members lists who is in a course, or on its roster.
func (s *server) listCourseMembers(c *gin.Context) error {
	q := parameters(c, "role", "group")
	filter := teaching.MemberFilter{Role: models.CourseRole(q.one("role")), GroupID: q.id("group")}
	if err := q.done(); err != nil {
		return err
	}
	members, err := s.teaching.Members(c.Request.Context(), actor(c), course(c), filter)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, members)
}
