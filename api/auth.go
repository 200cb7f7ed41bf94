package api

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
)

// refreshCookie carries the refresh token, to the routes of auth alone.
const (
	refreshCookie = "feltbog_refresh"
	refreshPath   = v1 + "/auth"
)

// signedIn is the answer to a sign-up, a sign-in and a refresh.
type signedIn struct {
	AccessToken string `json:"accessToken"`
	// ExpiresIn is the lifetime of the access token in seconds.
	ExpiresIn int          `json:"expiresIn"`
	User      *models.User `json:"user"`
	// ProjectID is the project that a sign-up with an invitation joined.
	ProjectID models.ID `json:"projectId,omitempty"`
	// CourseID is the course that a sign-up with its link or code joined.
	CourseID models.ID `json:"courseId,omitempty"`
}

// POST /auth/sign-up makes an account and signs in; the first account is the administrator. With an
// invitation, or the link or code of a course, it is a member of that at once, also where nobody else may
// sign up.
func (s *server) signUp(c *gin.Context) error {
	in, err := decode[struct {
		Email      string `json:"email"`
		Name       string `json:"name"`
		Password   string `json:"password"`
		Language   string `json:"language"`
		SetupCode  string `json:"setupCode"`
		Invitation string `json:"invitation"`
		Course     string `json:"course"`
	}](c)
	if err != nil {
		return err
	}
	account := auth.NewAccount{Email: in.Email, Name: in.Name, Password: in.Password, Language: in.Language, SetupCode: in.SetupCode}
	var joined signedIn
	if in.Invitation != "" || in.Course != "" {
		if err := s.lookBefore(c, in.Invitation, in.Course); err != nil {
			return err
		}
		account.Join = func(ctx context.Context, actor models.Actor) error {
			return s.joinBoth(ctx, actor, in.Invitation, in.Course, &joined)
		}
	}
	if in.Course != "" {
		account.Turn = func(ctx context.Context, fn func(ctx context.Context) error) error {
			return s.teaching.InTurn(ctx, in.Course, fn)
		}
	}
	tokens, user, err := s.auth.SignUp(c.Request.Context(), account, client(c))
	if err != nil {
		return err
	}
	return s.answerSignedIn(c, http.StatusCreated, tokens, user, joined)
}

// lookBefore looks at what a sign-up comes with, before a password is hashed for nothing.
func (s *server) lookBefore(c *gin.Context, invitation, course string) error {
	if invitation != "" {
		if _, err := s.look(c, models.Actor{}, invitation); err != nil {
			return err
		}
	}
	if course != "" {
		if _, err := s.lookAt(c, models.Actor{}, course); err != nil {
			return err
		}
	}
	return nil
}

// joinBoth brings a new account into what it was made with, and notes where that is.
func (s *server) joinBoth(ctx context.Context, actor models.Actor, invitation, course string, joined *signedIn) (err error) {
	if invitation != "" {
		project, err := s.coding.AcceptInvitation(ctx, actor, invitation)
		if err != nil {
			return err
		}
		joined.ProjectID = project.ID
	}
	if course != "" {
		joined.CourseID, err = s.teaching.Join(ctx, actor, course)
	}
	return err
}

// POST /auth/sign-in opens a session.
func (s *server) signIn(c *gin.Context) error {
	in, err := decode[struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}](c)
	if err != nil {
		return err
	}
	tokens, user, err := s.auth.SignIn(c.Request.Context(), in.Email, in.Password, client(c))
	if err != nil {
		return err
	}
	return s.answerSignedIn(c, http.StatusOK, tokens, user, signedIn{})
}

// POST /auth/refresh takes the refresh cookie for a new one and a new access token.
func (s *server) refresh(c *gin.Context) error {
	token, err := c.Cookie(refreshCookie)
	if err != nil || token == "" {
		return models.Unauthenticated("refresh_missing", "Nobody is signed in here. Sign in first.")
	}
	tokens, user, err := s.auth.Refresh(c.Request.Context(), token)
	if models.KindOf(err) == models.KindUnauthenticated {
		s.forgetCookie(c)
	}
	if err != nil {
		return err
	}
	return s.answerSignedIn(c, http.StatusOK, tokens, user, signedIn{})
}

// POST /auth/sign-out ends the session of the refresh cookie, and that of the access token, as far as
// there are any, and takes the cookie away.
func (s *server) signOut(c *gin.Context) error {
	ctx := c.Request.Context()
	if token, err := c.Cookie(refreshCookie); err == nil && token != "" {
		if err := s.auth.SignOut(ctx, token); err != nil {
			return err
		}
	}
	if a, err := s.auth.Authenticate(ctx, bearer(c)); err == nil {
		if err := s.auth.EndSession(ctx, a, a.SessionID); err != nil {
			return err
		}
	} else if models.KindOf(err) != models.KindUnauthenticated {
		return err
	}
	s.forgetCookie(c)
	return answerNothing(c)
}

func (s *server) answerSignedIn(c *gin.Context, status int, tokens auth.Tokens, user *models.User, out signedIn) error {
	s.setCookie(c, tokens.Refresh, tokens.RefreshExpires)
	out.AccessToken, out.ExpiresIn, out.User = tokens.Access, tokens.ExpiresIn, user
	return answer(c, status, out)
}

// setCookie keeps the refresh token until its session ends.
func (s *server) setCookie(c *gin.Context, token string, until time.Time) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: refreshCookie, Value: token, Path: refreshPath, Expires: until,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode,
	})
}

// forgetCookie takes the refresh token away.
func (s *server) forgetCookie(c *gin.Context) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: refreshCookie, Path: refreshPath, MaxAge: -1,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode,
	})
}

// client tells auth where a request comes from.
func client(c *gin.Context) auth.Client {
	address, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		address = netip.Addr{}
	}
	return auth.Client{Device: c.Request.UserAgent(), Address: address}
}
