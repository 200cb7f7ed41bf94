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
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

		c = v1 + "/courses/:course/exercises"
		x = v1 + "/exercises/:exercise"
	)
	type s = server
	return append(exerciseNoteRoutes(), []Route{
		{get, v1 + "/exercise-templates", SignedIn, (*s).listExerciseTemplates, nothing},
		{get, c, models.CourseRead, (*s).listExercises, nothing},
		{post, c, models.CourseExercises, (*s).createExercise, record},
		{get, x, models.CourseRead, (*s).showExercise, nothing},
		{patch, x, models.CourseExercises, (*s).changeExercise, record},
		{del, x, models.CourseExercises, (*s).deleteExercise, nothing},
		{post, x + "/restore", models.CourseExercises, (*s).restoreExercise, nothing},
		{put, x + "/extensions/:member", models.CourseExercises, (*s).extend, record},
		{del, x + "/extensions/:member", models.CourseExercises, (*s).endExtension, nothing},
	}...)
}

// DELETE /exercises/:exercise puts an exercise into the bin.
func (s *server) deleteExercise(c *gin.Context) error {
	if err := s.teaching.DeleteExercise(c.Request.Context(), actor(c), exercise(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /exercises/:exercise/restore takes an exercise out of the bin.
func (s *server) restoreExercise(c *gin.Context) error {
	restored, err := s.teaching.RestoreExercise(c.Request.Context(), actor(c), exercise(c))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, restored)
}

// PUT /exercises/:exercise/extensions/:member gives a student more time.
func (s *server) extend(c *gin.Context) error {
	in, err := decode[struct {
		DueAt string `json:"dueAt"`
	}](c)
	if err != nil {
		return err
	}
	changed, err := s.teaching.Extend(c.Request.Context(), actor(c), exercise(c), id(c, "member"), in.DueAt)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}

// DELETE /exercises/:exercise/extensions/:member takes it away again.
func (s *server) endExtension(c *gin.Context) error {
	changed, err := s.teaching.EndExtension(c.Request.Context(), actor(c), exercise(c), id(c, "member"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}

// GET /exercise-templates lists the built-in exercises.
func (*server) listExerciseTemplates(c *gin.Context) error {
	all, err := teaching.Templates()
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// GET /courses/:course/exercises lists the exercises of a course, or those in the bin.
func (s *server) listExercises(c *gin.Context) error {
	q := parameters(c, "bin")
	bin := q.flag("bin")
	if err := q.done(); err != nil {
		return err
	}
	all, err := s.teaching.Exercises(c.Request.Context(), actor(c), course(c), bin)
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
	found, err := s.teaching.Exercise(c.Request.Context(), actor(c), exercise(c))
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
	changed, err := s.teaching.ChangeExercise(c.Request.Context(), actor(c), exercise(c), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}
