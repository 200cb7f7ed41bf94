package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
)

// GET /users lists the accounts of the server.
func (s *server) listUsers(c *gin.Context) error {
	q := parameters(c, "limit", "cursor")
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	users, err := s.auth.ListUsers(c.Request.Context(), actor(c), page)
	if err != nil {
		return err
	}
	return answerPage(s, c, users)
}

// POST /users makes an account for somebody. Without a password it makes one, which is told in this
// answer and nowhere else.
func (s *server) createUser(c *gin.Context) error {
	in, err := decode[struct {
		Email    string `json:"email"`
		Name     string `json:"name"`
		Password string `json:"password"`
		Language string `json:"language"`
		Admin    bool   `json:"admin"`
	}](c)
	if err != nil {
		return err
	}
	user, password, err := s.auth.CreateUser(c.Request.Context(), actor(c), auth.NewAccount{
		Email: in.Email, Name: in.Name, Password: in.Password, Language: in.Language, Admin: in.Admin,
	})
	if err != nil {
		return err
	}
	tag(c, user.Version)
	return answer(c, http.StatusCreated, struct {
		*models.User
		Password string `json:"password,omitempty"`
	}{user, password})
}
