package auth

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"feltbog/models"
)

// issuer and audience mark our access tokens as ours and for this.
const (
	issuer   = "feltbog"
	audience = "feltbog/api"
)

// claims are what an access token says: the subject is the user.
type claims struct {
	jwt.RegisteredClaims
	SessionID models.ID `json:"sid"`
}

// accessTokens writes and reads access tokens: JWT under HS256 (RFC 7519), for one user in one session.
type accessTokens struct {
	key []byte
	now func() time.Time
}

func (t accessTokens) sign(user, session models.ID) (string, error) {
	now := t.now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: string(user),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLifetime)),
		},
		SessionID: session,
	}).SignedString(t.key)
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return token, nil
}

func (t accessTokens) open(token string) (user, session models.ID, err error) {
	var c claims
	_, err = jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithTimeFunc(t.now), jwt.WithStrictDecoding())
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "", "", models.Unauthenticated("token_expired", "Your access token has expired. Refresh it, or sign in again.").Because(err)
	case err != nil:
		return "", "", models.Unauthenticated("token_invalid", "This access token isn't valid. Sign in again.").Because(err)
	case c.Subject == "" || c.SessionID == "":
		return "", "", models.Unauthenticated("token_invalid", "This access token isn't valid. Sign in again.")
	}
	return models.ID(c.Subject), c.SessionID, nil
}

// refreshTokens writes and reads refresh tokens. The nth token of a session follows from the
// server's secret, the session and n: so the token after one can be given again to a second tab,
// although the store keeps only hashes.
type refreshTokens struct{ key []byte }

func (t refreshTokens) nth(session models.ID, n int) string {
	name := string(session) + "." + strconv.Itoa(n)
	return name + "." + base64.RawURLEncoding.EncodeToString(mac(t.key, name))
}

// open tells which token it is; false if it isn't one of ours.
func (t refreshTokens) open(token string) (session models.ID, n int, ok bool) {
	id, rest, _ := strings.Cut(token, ".")
	number, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil || !hmac.Equal([]byte(token), []byte(t.nth(models.ID(id), n))) {
		return "", 0, false
	}
	return models.ID(id), n, true
}

// hashOf is a refresh token as the store keeps it.
func hashOf(token string) string { return models.HashSecret(token) }

// Authenticate says who an access token speaks for. The session is looked up each time, so an ended
// one is noticed at once. It returns Unauthenticated (token_invalid, token_expired, session_ended).
func (s *Service) Authenticate(ctx context.Context, access string) (models.Actor, error) {
	user, session, err := s.access.open(access)
	if err != nil {
		return models.Actor{}, err
	}
	return s.actor(ctx, user, session)
}

// actor gives the user in a session that lives.
func (s *Service) actor(ctx context.Context, user, session models.ID) (models.Actor, error) {
	actor, err := s.store.SessionActor(ctx, session, s.clock())
	if isNotFound(err) || (err == nil && actor.UserID != user) {
		return models.Actor{}, errSessionEnded()
	}
	return actor, err
}

func errSessionEnded() error {
	return models.Unauthenticated("session_ended", "This session has ended. Sign in again.")
}

// FileGrant is a file of a note that somebody may fetch without headers.
type FileGrant struct {
	NoteID, FileID models.ID
	Actor          models.Actor
}

// fileTokenLength is for four ids of 36 bytes.
const fileTokenLength = 4 * 36

// SignFile makes the token of a note's file for a browser that asks for it without headers. It holds
// for one file of one note and one user as long as the session lives.
func (s *Service) SignFile(actor models.Actor, note, file models.ID) (string, error) {
	return s.files.Seal([]byte(note+file+actor.UserID+actor.SessionID), fileTokenLength)
}

// OpenFile says what a file's token was made for. The session, or the personal token it was made with, is
// looked up each time; the right to the note is the caller's to check. It returns Unauthenticated (file_token_invalid, session_ended).
func (s *Service) OpenFile(ctx context.Context, token string) (FileGrant, error) {
	plain, err := s.files.Open(token)
	if err != nil || len(plain) != fileTokenLength {
		return FileGrant{}, models.Unauthenticated("file_token_invalid", "This address doesn't open a file. Ask for the file from its note again.").Because(err)
	}
	actor, err := s.owner(ctx, models.ID(plain[72:108]), models.ID(plain[108:]))
	if err != nil {
		return FileGrant{}, err
	}
	return FileGrant{NoteID: models.ID(plain[:36]), FileID: models.ID(plain[36:72]), Actor: actor}, nil
}
