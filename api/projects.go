package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// GET /projects lists one's projects; with ?bin=true those of one's own that lie in the bin.
func (s *server) listProjects(c *gin.Context) error {
	q := parameters(c, "bin")
	bin := q.flag("bin")
	if err := q.done(); err != nil {
		return err
	}
	projects, err := s.coding.Projects(c.Request.Context(), actor(c), bin)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, projects)
}

// POST /projects makes a project, with a copy of a built-in codebook if one is named.
func (s *server) createProject(c *gin.Context) error {
	in, err := decode[struct {
		ID               models.ID `json:"id"`
		Name             string    `json:"name"`
		Description      string    `json:"description"`
		Language         string    `json:"language"`
		CodebookTemplate string    `json:"codebookTemplate"`
	}](c)
	if err != nil {
		return err
	}
	asked := coding.NewProject{ID: in.ID, Name: in.Name, Description: in.Description, Language: in.Language}
	if in.CodebookTemplate != "" {
		t, err := exchange.FindTemplate(in.CodebookTemplate)
		if err != nil {
			return err
		}
		asked.Codes = t.Codes(in.Language)
		asked.Phases, asked.ActorRoles = t.PhaseNames(in.Language), t.ActorRoleNames(in.Language)
	}
	project, err := s.coding.CreateProject(c.Request.Context(), actor(c), asked)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, project)
}

// GET /projects/:project gives a project.
func (s *server) showProject(c *gin.Context) error {
	project, err := s.coding.Project(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, project)
}

// PATCH /projects/:project changes a project's name and description, or archives it.
func (s *server) changeProject(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	in, err := decode[coding.ProjectFields](c)
	if err != nil {
		return err
	}
	project, err := s.coding.ChangeProject(c.Request.Context(), actor(c), space(c), version, in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, project)
}

// PUT /projects/:project/attributes says which attributes notes have. If-Match is the version of the project.
func (s *server) setAttributes(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Items []models.Attribute `json:"items"`
	}](c)
	if err != nil {
		return err
	}
	project, err := s.coding.SetAttributes(c.Request.Context(), actor(c), space(c), version, in.Items)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, project)
}

// DELETE /projects/:project puts a project into the bin.
func (s *server) deleteProject(c *gin.Context) error {
	if err := s.coding.DeleteProject(c.Request.Context(), actor(c), space(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /projects/:project/restore takes a project out of the bin.
func (s *server) restoreProject(c *gin.Context) error {
	project, err := s.coding.RestoreProject(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, project)
}

// POST /projects/:project/purge deletes a project in the bin for good.
func (s *server) purgeProject(c *gin.Context) error {
	if err := s.coding.Purge(c.Request.Context(), actor(c), space(c), models.NounProject, space(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /projects/:project/copy makes a project with the settings and the codebook of this one.
func (s *server) copyProject(c *gin.Context) error {
	in, err := decode[struct {
		ID          models.ID `json:"id"`
		Name        string    `json:"name"`
		Description string    `json:"description"`
	}](c)
	if err != nil {
		return err
	}
	project, err := s.coding.CopyProject(c.Request.Context(), actor(c), space(c), coding.NewProject{ID: in.ID, Name: in.Name, Description: in.Description})
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, project)
}

// GET /projects/:project/activity tells what has been going on in a project.
func (s *server) showActivity(c *gin.Context) error {
	activity, err := s.coding.Activity(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, activity)
}
