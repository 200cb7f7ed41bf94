package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// GET /projects/:project/members lists who is in a project, or with ?former=true who has left.
func (s *server) listMembers(c *gin.Context) error {
	q := parameters(c, "former")
	list := s.coding.Members
	if q.flag("former") {
		list = s.coding.FormerMembers
	}
	if err := q.done(); err != nil {
		return err
	}
	members, err := list(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, members)
}

// POST /projects/:project/members brings the account with an e-mail into a project.
func (s *server) addMember(c *gin.Context) error {
	in, err := decode[struct {
		Email string      `json:"email"`
		Role  models.Role `json:"role"`
	}](c)
	if err != nil {
		return err
	}
	member, err := s.coding.AddMember(c.Request.Context(), actor(c), space(c), in.Email, in.Role)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, member)
}

// PATCH /projects/:project/members/:user gives a member another role.
func (s *server) changeMember(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Role models.Role `json:"role"`
	}](c)
	if err != nil {
		return err
	}
	member, err := s.coding.ChangeMember(c.Request.Context(), actor(c), space(c), id(c, "user"), version, in.Role)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, member)
}

// DELETE /projects/:project/members/:user takes a member out of a project; anybody may leave.
func (s *server) removeMember(c *gin.Context) error {
	if err := s.coding.RemoveMember(c.Request.Context(), actor(c), space(c), id(c, "user")); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /projects/:project/leave takes oneself out of a project.
func (s *server) leaveProject(c *gin.Context) error {
	if err := s.coding.RemoveMember(c.Request.Context(), actor(c), space(c), actor(c).UserID); err != nil {
		return err
	}
	return answerNothing(c)
}

// leaving is the word for having no role any more.
const leaving = "leave"

// POST /projects/:project/hand-over makes another member the owner, and says what becomes of oneself.
func (s *server) handOver(c *gin.Context) error {
	in, err := decode[struct {
		UserID models.ID `json:"userId"`
		Then   string    `json:"then"`
	}](c)
	if err != nil {
		return err
	}
	role := models.Role(in.Then)
	switch in.Then {
	case leaving:
		role = ""
	case "":
		role = "none" // it has to be said
	}
	if err := s.coding.HandOver(c.Request.Context(), actor(c), space(c), in.UserID, role); err != nil {
		return err
	}
	return answerNothing(c)
}
