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
}

// POST /auth/sign-up makes an account and signs in; the first account is the administrator. With an
// invitation it is a member of that project at once, also where nobody else may sign up.
func (s *server) signUp(c *gin.Context) error {
	in, err := decode[struct {
		Email      string `json:"email"`
		Name       string `json:"name"`
		Password   string `json:"password"`
		Language   string `json:"language"`
		SetupCode  string `json:"setupCode"`
		Invitation string `json:"invitation"`
	}](c)
	if err != nil {
		return err
	}
	account := auth.NewAccount{Email: in.Email, Name: in.Name, Password: in.Password, Language: in.Language, SetupCode: in.SetupCode}
	var joined models.ID
	if in.Invitation != "" {
		if _, err := s.look(c, models.Actor{}, in.Invitation); err != nil {
			return err // before a password is hashed for nothing
		}
		account.Join = func(ctx context.Context, actor models.Actor) error {
			project, err := s.coding.AcceptInvitation(ctx, actor, in.Invitation)
			if err == nil {
				joined = project.ID
			}
			return err
		}
	}
	tokens, user, err := s.auth.SignUp(c.Request.Context(), account, client(c))
	if err != nil {
		return err
	}
	return s.answerSignedIn(c, http.StatusCreated, tokens, user, joined)
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
	return s.answerSignedIn(c, http.StatusOK, tokens, user, "")
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
	return s.answerSignedIn(c, http.StatusOK, tokens, user, "")
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

func (s *server) answerSignedIn(c *gin.Context, status int, tokens auth.Tokens, user *models.User, joined models.ID) error {
	s.setCookie(c, tokens.Refresh, tokens.RefreshExpires)
	return answer(c, status, signedIn{tokens.Access, tokens.ExpiresIn, user, joined})
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
