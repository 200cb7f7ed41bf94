package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// GET /exercises/:exercise/class lists what the class handed in to one ?prompt=.
func (s *server) listClassAnswers(c *gin.Context) error {
	q := parameters(c, "prompt")
	prompt := q.id("prompt")
	if err := q.done(); err != nil {
		return err
	}
	if prompt == "" {
		return models.Invalid("prompt_missing", "Say which prompt, with a parameter such as ?prompt=.", models.Field{Pointer: "/prompt", Problem: "missing"})
	}
	answers, err := s.teaching.ClassAnswers(c.Request.Context(), actor(c), id(c, "exercise"), prompt)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, answers)
}

// GET /exercises/:exercise/map counts in which kinds of organisations the class found each code.
func (s *server) showClassMap(c *gin.Context) error {
	found, err := s.teaching.ClassMap(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, found)
}
