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

// answerMember sends a member with their version as ETag.
func answerMember(c *gin.Context, status int, m teaching.Member) error {
	tag(c, m.Version)
	return answer(c, status, m)
}

// POST /courses/:course/members puts somebody on the roster.
func (s *server) addCourseMember(c *gin.Context) error {
	in, err := decode[struct {
		ID      models.ID         `json:"id"`
		Name    string            `json:"name"`
		Email   string            `json:"email"`
		Role    models.CourseRole `json:"role"`
		GroupID models.ID         `json:"groupId"`
	}](c)
	if err != nil {
		return err
	}
	m, err := s.teaching.AddMember(c.Request.Context(), actor(c), course(c), teaching.NewMember(in))
	if err != nil {
		return err
	}
	return answerMember(c, http.StatusCreated, m)
}

// PATCH /courses/:course/members/:member changes a member.
func (s *server) changeCourseMember(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[teaching.MemberFields](c)
	if err != nil {
		return err
	}
	m, err := s.teaching.ChangeMember(c.Request.Context(), actor(c), course(c), id(c, "member"), version, fields)
	if err != nil {
		return err
	}
	return answerMember(c, http.StatusOK, m)
}

// DELETE /courses/:course/members/:member takes somebody out of the course.
func (s *server) removeCourseMember(c *gin.Context) error {
	if err := s.teaching.RemoveMember(c.Request.Context(), actor(c), course(c), id(c, "member")); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/members/:member/restore brings somebody back into the course.
func (s *server) restoreCourseMember(c *gin.Context) error {
	m, err := s.teaching.RestoreMember(c.Request.Context(), actor(c), course(c), id(c, "member"))
	if err != nil {
		return err
	}
	return answerMember(c, http.StatusOK, m)
}

// POST /courses/:course/roster/confirm says that members are their matches on the roster.
func (s *server) confirmMembers(c *gin.Context) error {
	in, err := decode[struct {
		MemberIDs []models.ID `json:"memberIds"`
	}](c)
	if err != nil {
		return err
	}
	members, err := s.teaching.Confirm(c.Request.Context(), actor(c), course(c), in.MemberIDs)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, members)
}

// POST /courses/:course/members/:member/erase deletes somebody's personal data for good.
func (s *server) eraseCourseMember(c *gin.Context) error {
	m, err := s.teaching.EraseMember(c.Request.Context(), actor(c), course(c), id(c, "member"))
	if err != nil {
		return err
	}
	return answerMember(c, http.StatusOK, m)
}
