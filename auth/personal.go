package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"feltbog/models"
)

// personalPrefix begins every personal token, so that people and scanners for leaked secrets know one.
const personalPrefix = "fb_"

// touchEvery is how often the use of a token is noted.
const touchEvery = time.Minute

// NewToken is what a personal token is made of. No projects are all of its owner's.
type NewToken struct {
	Name      string
	Scope     models.TokenScope
	Projects  []models.ID
	ExpiresAt time.Time
}

// IsPersonal says whether a bearer token is a personal one, by how it begins.
func IsPersonal(token string) bool { return strings.HasPrefix(token, personalPrefix) }

// MakeToken makes a personal token of the actor's and gives its secret, which is told nowhere else: only
// its hash is kept. It returns Invalid with all faults at once, Conflict (tokens_too_many), TooMany,
// and Unauthenticated where the session ends at the same moment.
func (s *Service) MakeToken(ctx context.Context, actor models.Actor, in NewToken) (*models.Token, string, error) {
	if wait := s.making.take(string(actor.UserID), s.clock()); wait > 0 {
		return nil, "", errTooMany(wait)
	}
	bits := make([]byte, 32)
	rand.Read(bits) // never fails, says its documentation
	secret := personalPrefix + base64.RawURLEncoding.EncodeToString(bits)
	token := &models.Token{
		UserID: actor.UserID, Name: strings.TrimSpace(in.Name), Scope: in.Scope, Projects: distinct(in.Projects),
		ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Millisecond), Hint: secret[len(secret)-4:], Hash: hashOf(secret),
	}
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		now := s.clock()
		token.ID, token.CreatedAt = models.NewID(), now
		// The session too, since it may have ended with a change of the password, and all tokens with it.
		if _, err := s.actor(ctx, actor.UserID, actor.SessionID); err != nil {
			return err
		}
		if err := s.checkToken(ctx, token); err != nil {
			return err
		}
		all, err := s.store.Tokens(ctx, actor.UserID)
		if err != nil {
			return err
		}
		live := slices.DeleteFunc(all, func(t *models.Token) bool { return !t.ExpiresAt.After(now) })
		if len(live) >= models.MaxTokens {
			return models.Conflict("tokens_too_many", fmt.Sprintf("You have %d tokens. End one that you don't need any more first.", models.MaxTokens))
		}
		return s.store.InsertToken(ctx, token)
	})
	if err != nil {
		return nil, "", err
	}
	return token, secret, nil
}

// checkToken finds everything that is wrong with a new token.
func (s *Service) checkToken(ctx context.Context, t *models.Token) error {
	var f faults
	checkName(&f, t.Name)
	if !slices.Contains(models.TokenScopes(), t.Scope) {
		f.add("/scope", "scope_unknown", "The scope of a token is read or write.")
	}
	if !t.ExpiresAt.After(t.CreatedAt) || t.ExpiresAt.After(t.CreatedAt.Add(models.MaxTokenLifetime)) {
		f.add("/expiresAt", "expiry_out_of_range", "A token expires within 366 days from now.")
	}
	if len(t.Projects) > models.MaxTokenProjects {
		f.add("/projects", "projects_too_many", fmt.Sprintf("A token can be limited to %d projects.", models.MaxTokenProjects))
		return f.err()
	}
	memberships, err := s.store.Memberships(ctx, t.UserID)
	if err != nil {
		return err
	}
	for i, id := range t.Projects {
		if !slices.ContainsFunc(memberships, func(m *models.Member) bool { return m.SpaceID == id }) {
			f.add(fmt.Sprintf("/projects/%d", i), "project_unknown", "A token can only be for projects that you are in.")
		}
	}
	return f.err()
}

// Tokens lists the actor's personal tokens, the newest first, also those that expired lately.
func (s *Service) Tokens(ctx context.Context, actor models.Actor) ([]*models.Token, error) {
	return s.store.Tokens(ctx, actor.UserID)
}

// EndToken ends one of the actor's tokens, and what it opened. It returns NotFound (token_not_found) if
// it isn't theirs.
func (s *Service) EndToken(ctx context.Context, actor models.Actor, id models.ID) error {
	return s.store.Tx(ctx, func(ctx context.Context) error {
		token, err := s.store.Token(ctx, id)
		if isNotFound(err) || (err == nil && token.UserID != actor.UserID) {
			return models.NotFound("token")
		}
		if err != nil {
			return err
		}
		return s.endTokens(ctx, actor.UserID, []models.ID{id})
	})
}

// endTokens ends those of an account's tokens that are in ids, all if nil, and tells open streams of it.
func (s *Service) endTokens(ctx context.Context, user models.ID, ids []models.ID) error {
	ended, err := s.store.DeleteTokens(ctx, user, ids)
	if err != nil {
		return err
	}
	return s.tellEnded(ctx, user, user, ended)
}

// AuthenticateToken says who a personal token speaks for. The token and its account are looked up each
// time, so an ended one is noticed at once. It returns Unauthenticated (personal_token_invalid, personal_token_expired).
func (s *Service) AuthenticateToken(ctx context.Context, secret string) (models.Actor, error) {
	token, err := s.liveToken(s.store.TokenByHash(ctx, hashOf(secret)))
	if err != nil {
		return models.Actor{}, err
	}
	now := s.clock()
	if token.UsedAt == nil || now.Sub(*token.UsedAt) >= touchEvery {
		if err := s.store.TouchToken(ctx, token.ID, now, now.Add(-touchEvery)); err != nil {
			return models.Actor{}, err
		}
	}
	return tokenActor(token), nil
}

// tokenActor is who comes with a token. An administrator's token is no administrator.
func tokenActor(t *models.Token) models.Actor {
	return models.Actor{UserID: t.UserID, SessionID: t.ID, Token: t}
}

// liveToken refuses a token that isn't there, or that has expired.
func (s *Service) liveToken(token *models.Token, err error) (*models.Token, error) {
	switch {
	case isNotFound(err):
		return nil, models.Unauthenticated("personal_token_invalid", "This personal token isn't known here, or was ended. Make another one in your settings.")
	case err != nil:
		return nil, fmt.Errorf("find a personal token: %w", err)
	case !token.ExpiresAt.After(s.clock()):
		return nil, models.Unauthenticated("personal_token_expired", "This personal token has expired. Make another one in your settings.")
	}
	return token, nil
}

// owner gives the user in what lives under an id: a session or a personal token.
func (s *Service) owner(ctx context.Context, user, id models.ID) (models.Actor, error) {
	actor, ended := s.actor(ctx, user, id)
	if models.KindOf(ended) != models.KindUnauthenticated {
		return actor, ended
	}
	token, err := s.store.Token(ctx, id)
	if isNotFound(err) || (err == nil && token.UserID != user) {
		return models.Actor{}, ended
	}
	if token, err = s.liveToken(token, err); err != nil {
		return models.Actor{}, err
	}
	return tokenActor(token), nil
}

// Lives says until when the actor's session or token lives as it stands. It returns Unauthenticated once
// it has ended.
func (s *Service) Lives(ctx context.Context, actor models.Actor) (until time.Time, err error) {
	if actor.Token != nil {
		token, err := s.liveToken(s.store.Token(ctx, actor.Token.ID))
		if err != nil {
			return time.Time{}, err
		}
		return token.ExpiresAt, nil
	}
	session, err := s.store.Session(ctx, actor.SessionID)
	if isNotFound(err) || (err == nil && (session.UserID != actor.UserID || !session.ExpiresAt.After(s.clock()))) {
		return time.Time{}, errSessionEnded()
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find a session: %w", err)
	}
	return session.ExpiresAt, nil
}

// distinct gives ids in order, each once, never nil.
func distinct(ids []models.ID) []models.ID {
	ids = append([]models.ID{}, ids...)
	slices.Sort(ids)
	return slices.Compact(ids)
}
