package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
)

// GET /auth/options says how one gets in here.
func (s *server) showEntry(c *gin.Context) error {
	entry, err := s.auth.Entry(c.Request.Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, entry)
}

// POST /auth/forgot-password sends a link for a new password, if there is such an account; the answer is
// the same if not.
func (s *server) forgotPassword(c *gin.Context) error {
	in, err := decode[struct {
		Email string `json:"email"`
	}](c)
	if err != nil {
		return err
	}
	if err := s.auth.ForgotPassword(c.Request.Context(), in.Email, client(c)); err != nil {
		return err
	}
	c.Status(http.StatusAccepted)
	return nil
}

// POST /auth/reset-password writes a new password with the secret of a link, and ends all sessions.
func (s *server) resetPassword(c *gin.Context) error {
	in, err := decode[struct {
		Token    string `json:"token"`
		Password string `json:"password"`
	}](c)
	if err != nil {
		return err
	}
	if err := s.auth.UseReset(c.Request.Context(), in.Token, in.Password, client(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /users/:user/reset-link makes a link by which somebody chooses a new password.
func (s *server) makeResetLink(c *gin.Context) error {
	link, err := s.auth.MakeResetLink(c.Request.Context(), actor(c), id(c, "user"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, gin.H{"link": s.origin(c) + auth.ResetPath + link.Secret, "expiresAt": link.ExpiresAt})
}
