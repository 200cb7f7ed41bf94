package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
)

// TokenUse says what a personal token needs for a route.
type TokenUse string

// The uses of tokens.
const (
	TokenNever  TokenUse = "never"  // it takes somebody who is signed in
	TokenReads  TokenUse = "reads"  // any token
	TokenWrites TokenUse = "writes" // one of scope write
	TokenMakes  TokenUse = "makes"  // one of scope write that is for all projects, since it makes another
)

// tokenUses are the routes for which the rule of TokenUse doesn't say it.
var tokenUses = map[string]TokenUse{
	"GET /me":                      TokenReads,
	"GET /projects":                TokenReads,
	"GET /codebook-templates":      TokenReads,
	"GET /codebook-templates/:key": TokenReads,
	"POST /projects":               TokenMakes,
	"POST /projects/:project/copy": TokenMakes,
	// Who is in a project is nothing for tokens, also where members need no further right for it.
	"POST /projects/:project/leave":     TokenNever,
	"POST /projects/:project/hand-over": TokenNever,
	// A script reads nowhere.
	"PUT /projects/:project/presence":    TokenNever,
	"DELETE /projects/:project/presence": TokenNever,
	// What only shows what would be.
	"POST /projects/:project/notes/:note/text/preview":  TokenReads,
	"POST /projects/:project/codes/import/preview":      TokenReads,
	"POST /projects/:project/codes/:code/merge/preview": TokenReads,
}

// TokenUse says what a personal token needs for the route. Outside projects a route is closed to tokens
// unless the table says otherwise. In projects reading is for every token; members and purging for none.
func (r Route) TokenUse() TokenUse {
	if use, ok := tokenUses[r.Method+" "+strings.TrimPrefix(r.Path, v1)]; ok {
		return use
	}
	switch {
	case !strings.HasPrefix(r.Path, v1+"/projects/:project"), r.Who == Administrator, !r.Who.Tokenable():
		return TokenNever
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return TokenReads
	}
	return TokenWrites
}

// allows says whether a token is good for a use.
func (u TokenUse) allows(t *models.Token) bool {
	switch u {
	case TokenReads:
		return true
	case TokenWrites:
		return t.Scope == models.ScopeWrite
	case TokenMakes:
		return t.Scope == models.ScopeWrite && len(t.Projects) == 0
	case TokenNever:
	}
	return false
}

// GET /me/tokens lists one's personal tokens.
func (s *server) listTokens(c *gin.Context) error {
	tokens, err := s.auth.Tokens(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, tokens)
}

// POST /me/tokens makes a personal token. Its secret is told in this answer and nowhere else.
func (s *server) makeToken(c *gin.Context) error {
	in, err := decode[struct {
		Name      string            `json:"name"`
		Scope     models.TokenScope `json:"scope"`
		Projects  []models.ID       `json:"projects"`
		ExpiresAt time.Time         `json:"expiresAt"`
	}](c)
	if err != nil {
		return err
	}
	token, secret, err := s.auth.MakeToken(c.Request.Context(), actor(c), auth.NewToken{
		Name: in.Name, Scope: in.Scope, Projects: in.Projects, ExpiresAt: in.ExpiresAt,
	})
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, struct {
		Token  *models.Token `json:"token"`
		Secret string        `json:"secret"`
	}{token, secret})
}

// DELETE /me/tokens/:token ends a personal token at once.
func (s *server) endToken(c *gin.Context) error {
	if err := s.auth.EndToken(c.Request.Context(), actor(c), id(c, "token")); err != nil {
		return err
	}
	return answerNothing(c)
}
