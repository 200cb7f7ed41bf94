package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
)

// GET /me gives one's own account.
func (s *server) showMe(c *gin.Context) error {
	user, err := s.auth.Me(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	return answerUser(c, http.StatusOK, user)
}

// PATCH /me changes one's name, language and whether others see where one reads.
func (s *server) changeMe(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Name     *string `json:"name"`
		Language *string `json:"language"`
		// ShowPresence is whether others see where one reads.
		ShowPresence *bool `json:"showPresence"`
	}](c)
	if err != nil {
		return err
	}
	user, err := s.auth.ChangeProfile(c.Request.Context(), actor(c), version, auth.ProfileFields{Name: in.Name, Language: in.Language, ShowPresence: in.ShowPresence})
	if err != nil {
		return err
	}
	if !user.ShowPresence {
		if err := s.coding.ForgetPresence(c.Request.Context(), user.ID, ""); err != nil {
			return err
		}
	}
	return answerUser(c, http.StatusOK, user)
}

// PUT /me/email changes one's address, which is what one signs in with.
func (s *server) changeEmail(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}](c)
	if err != nil {
		return err
	}
	user, err := s.auth.ChangeEmail(c.Request.Context(), actor(c), version, in.Password, in.Email)
	if err != nil {
		return err
	}
	return answerUser(c, http.StatusOK, user)
}

// PUT /me/password changes one's password and ends all other sessions, and one's tokens unless told otherwise.
func (s *server) changePassword(c *gin.Context) error {
	in, err := decode[struct {
		Current   string `json:"current"`
		New       string `json:"new"`
		EndTokens *bool  `json:"endTokens"`
	}](c)
	if err != nil {
		return err
	}
	_, err = s.auth.ChangePassword(c.Request.Context(), actor(c), in.Current, in.New, in.EndTokens == nil || *in.EndTokens)
	if err != nil {
		return repoint(err, map[string]string{"/currentPassword": "/current", "/password": "/new"})
	}
	return answerNothing(c)
}

// DELETE /me deletes one's account, and with it what nobody else could see.
func (s *server) deleteMe(c *gin.Context) error {
	in, err := decode[struct {
		Password string `json:"password"`
	}](c)
	if err != nil {
		return err
	}
	err = s.auth.DeleteAccount(c.Request.Context(), actor(c), in.Password, s.leaveAll)
	if err != nil {
		return err
	}
	s.forgetCookie(c)
	return answerNothing(c)
}

// leaveAll takes an account out of all projects and courses, or out of none where one of them needs it.
func (s *server) leaveAll(ctx context.Context, actor models.Actor) error {
	if err := s.teaching.MayLeaveAll(ctx, actor); err != nil {
		return err
	}
	if err := s.coding.LeaveAll(ctx, actor); err != nil {
		return err
	}
	return s.teaching.LeaveAll(ctx, actor)
}

// GET /me/sessions lists where one is signed in.
func (s *server) listSessions(c *gin.Context) error {
	sessions, err := s.auth.Sessions(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, sessions)
}

// DELETE /me/sessions signs out everywhere else.
func (s *server) endOtherSessions(c *gin.Context) error {
	if err := s.auth.EndOtherSessions(c.Request.Context(), actor(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// DELETE /me/sessions/:session signs out on one device.
func (s *server) endSession(c *gin.Context) error {
	if err := s.auth.EndSession(c.Request.Context(), actor(c), id(c, "session")); err != nil {
		return err
	}
	return answerNothing(c)
}

func answerUser(c *gin.Context, status int, user *models.User) error {
	tag(c, user.Version)
	return answer(c, status, user)
}

// repoint names the fields of an error as the request did.
func repoint(err error, pointers map[string]string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err
	}
	renamed := *e
	renamed.Fields = make([]models.Field, len(e.Fields))
	for i, f := range e.Fields {
		if to, known := pointers[f.Pointer]; known {
			f.Pointer = to
		}
		renamed.Fields[i] = f
	}
	return &renamed
}
