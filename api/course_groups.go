package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// answerGroup sends a group with its version as ETag.
func answerGroup(c *gin.Context, status int, g teaching.ClassGroup) error {
	tag(c, g.Version)
	return answer(c, status, g)
}

// GET /courses/:course/groups lists the groups of a course.
func (s *server) listGroups(c *gin.Context) error {
	groups, err := s.teaching.Groups(c.Request.Context(), actor(c), course(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, groups)
}

// POST /courses/:course/groups makes a group.
func (s *server) createGroup(c *gin.Context) error {
	in, err := decode[struct {
		ID   models.ID `json:"id"`
		Name string    `json:"name"`
	}](c)
	if err != nil {
		return err
	}
	g, err := s.teaching.CreateGroup(c.Request.Context(), actor(c), course(c), in.ID, in.Name)
	if err != nil {
		return err
	}
	return answerGroup(c, http.StatusCreated, g)
}

// PATCH /courses/:course/groups/:group gives a group another name.
func (s *server) renameGroup(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Name string `json:"name"`
	}](c)
	if err != nil {
		return err
	}
	g, err := s.teaching.RenameGroup(c.Request.Context(), actor(c), course(c), id(c, "group"), version, in.Name)
	if err != nil {
		return err
	}
	return answerGroup(c, http.StatusOK, g)
}

// DELETE /courses/:course/groups/:group removes a group.
func (s *server) deleteGroup(c *gin.Context) error {
	if err := s.teaching.DeleteGroup(c.Request.Context(), actor(c), course(c), id(c, "group")); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/groups/:group/join puts a student into a group.
func (s *server) joinGroup(c *gin.Context) error {
	g, err := s.teaching.JoinGroup(c.Request.Context(), actor(c), course(c), id(c, "group"))
	if err != nil {
		return err
	}
	return answerGroup(c, http.StatusOK, g)
}

// POST /courses/:course/groups/leave takes a student out of their group.
func (s *server) leaveGroup(c *gin.Context) error {
	if err := s.teaching.LeaveGroup(c.Request.Context(), actor(c), course(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/groups/draw draws students into groups at random.
func (s *server) drawGroups(c *gin.Context) error {
	in, err := decode[teaching.GroupDraw](c)
	if err != nil {
		return err
	}
	drawn, err := s.teaching.DrawGroups(c.Request.Context(), actor(c), course(c), in)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, drawn)
}

// POST /courses/:course/groups/:group/restore takes a group out of the bin.
func (s *server) restoreGroup(c *gin.Context) error {
	g, err := s.teaching.RestoreGroup(c.Request.Context(), actor(c), course(c), id(c, "group"))
	if err != nil {
		return err
	}
	return answerGroup(c, http.StatusOK, g)
}

// PUT /courses/:course/groups/places puts many students into groups.
func (s *server) placeInGroups(c *gin.Context) error {
	in, err := decode[struct {
		Places []teaching.GroupPlace `json:"places"`
	}](c)
	if err != nil {
		return err
	}
	groups, err := s.teaching.PlaceInGroups(c.Request.Context(), actor(c), course(c), in.Places)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, groups)
}
