package api

import (
	"cmp"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

// exerciseRoutes are the operations on exercises and what lies in their spaces.
func exerciseRoutes() []Route {
	const (
		get, post, patch = http.MethodGet, http.MethodPost, http.MethodPatch

		c = v1 + "/courses/:course/exercises"
		x = v1 + "/exercises/:exercise"
	)
	type s = server
	return []Route{
		{get, v1 + "/exercise-templates", SignedIn, (*s).listExerciseTemplates, nothing},
		{get, c, models.CourseRead, (*s).listExercises, nothing},
		{post, c, models.CourseExercises, (*s).createExercise, record},
		{get, x, models.CourseRead, (*s).showExercise, nothing},
		{patch, x, models.CourseExercises, (*s).changeExercise, record},
	}
}

// GET /exercise-templates lists the built-in exercises.
func (*server) listExerciseTemplates(c *gin.Context) error {
	all, err := teaching.Templates()
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// GET /courses/:course/exercises lists the exercises of a course.
func (s *server) listExercises(c *gin.Context) error {
	all, err := s.teaching.Exercises(c.Request.Context(), actor(c), course(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// POST /courses/:course/exercises makes an exercise, from a built-in one or without prompts.
func (s *server) createExercise(c *gin.Context) error {
	in, err := decode[struct {
		ID       models.ID        `json:"id"`
		Template string           `json:"template"`
		Title    models.Bilingual `json:"title"`
		Language string           `json:"language"`
	}](c)
	if err != nil {
		return err
	}
	asked := teaching.NewExercise{ID: in.ID, Title: in.Title, Language: in.Language}
	codebook := ""
	if in.Template != "" {
		if asked.Template, err = teaching.FindTemplate(in.Template); err != nil {
			return err
		}
		codebook = asked.Template.Codebook
	}
	six, err := exchange.FindTemplate(cmp.Or(codebook, exchange.DefaultTemplate))
	if err != nil {
		return err
	}
	asked.Codes = six.Codes
	made, err := s.teaching.CreateExercise(c.Request.Context(), actor(c), course(c), asked)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, made)
}

// GET /exercises/:exercise gives an exercise.
func (s *server) showExercise(c *gin.Context) error {
	found, err := s.teaching.Exercise(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, found)
}

// PATCH /exercises/:exercise changes an exercise.
func (s *server) changeExercise(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[teaching.ExerciseFields](c)
	if err != nil {
		return err
	}
	changed, err := s.teaching.ChangeExercise(c.Request.Context(), actor(c), id(c, "exercise"), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}
