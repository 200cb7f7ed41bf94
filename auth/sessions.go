package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"feltbog/models"
)

// Session is a session as its owner sees it in the list.
type Session struct {
	*models.Session
	// Current marks the session that asked.
	Current bool `json:"current"`
}

// SignIn opens a session. An unknown e-mail, a persona's and a wrong password get the same answer
// after the same work: Unauthenticated (credentials_wrong). It returns TooMany when an account or an
// address is being guessed at, and Unavailable (busy) when too many wait for their hash.
func (s *Service) SignIn(ctx context.Context, email, password string, from Client) (Tokens, *models.User, error) {
	if err := s.notGuessing(from); err != nil {
		return Tokens{}, nil, err
	}
	user, err := s.store.UserByEmail(ctx, email)
	if isNotFound(err) {
		user, err = &models.User{EmailKey: EmailKey(email)}, nil
	}
	if err != nil {
		return Tokens{}, nil, fmt.Errorf("find the account of a sign-in: %w", err)
	}
	ok, hash, err := s.verify(ctx, user, password)
	if err != nil {
		return Tokens{}, nil, err
	}
	var tokens Tokens
	if ok {
		tokens, err = s.open(ctx, user, from.Device, func(ctx context.Context) error {
			return s.store.TouchUser(ctx, user.ID, user.PasswordHash, hash)
		})
		ok = !isNotFound(err) // the password was changed, or the account deleted, while we hashed
	}
	if !ok {
		s.failed(from)
		return Tokens{}, nil, models.Unauthenticated("credentials_wrong", "This e-mail and password don't belong together. Check both, or ask the administrator for a new password.")
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	return tokens, user, nil
}

// notGuessing refuses an address that too many failures came from lately.
func (s *Service) notGuessing(from Client) error {
	if !from.Address.IsValid() {
		return nil
	}
	if wait := s.failures.wait(addressKey(from.Address), s.clock()); wait > 0 {
		return errTooMany(wait)
	}
	return nil
}

// failed counts a failure at its address.
func (s *Service) failed(from Client) {
	if from.Address.IsValid() {
		s.failures.charge(addressKey(from.Address), s.clock())
	}
}

// verify says whether a password is the account's, and gives the hash to keep of it from now on: a
// new one where today's cost is another. Each attempt at an account counts, but successes are given back.
func (s *Service) verify(ctx context.Context, user *models.User, password string) (ok bool, hash string, err error) {
	now := s.clock()
	if wait := s.attempts.take(user.EmailKey, now); wait > 0 {
		return false, "", errTooMany(wait)
	}
	ok, outdated, err := s.hasher.verify(ctx, password, user.PasswordHash)
	if ok || err != nil {
		s.attempts.refund(user.EmailKey, now)
	}
	if err != nil || !ok || !outdated {
		return ok, user.PasswordHash, err
	}
	hash, err = s.hasher.hash(ctx, password)
	return err == nil, hash, err
}

// open makes a session in the transaction that before begins.
func (s *Service) open(ctx context.Context, user *models.User, device string, before func(ctx context.Context) error) (Tokens, error) {
	var session models.Session
	var first string
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		if err := before(ctx); err != nil {
			return err
		}
		now := s.clock()
		id := models.NewID()
		first = s.refresh.nth(id, 1)
		session = models.Session{
			ID: id, UserID: user.ID, Device: shorten(device), CreatedAt: now, UsedAt: now,
			ExpiresAt: now.Add(SessionIdle), RefreshHash: hashOf(first),
		}
		all, err := s.store.Sessions(ctx, user.ID, now)
		if err != nil {
			return err
		}
		if len(all) >= maxSessions {
			if err := s.end(ctx, user.ID, user.ID, idsOf(all[maxSessions-1:])); err != nil {
				return err
			}
		}
		return s.store.InsertSession(ctx, &session, user.Admin)
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("open a session: %w", err)
	}
	return s.tokens(&session, first)
}

// tokens hands out what a session's client gets.
func (s *Service) tokens(session *models.Session, refresh string) (Tokens, error) {
	access, err := s.access.sign(session.UserID, session.ID)
	return Tokens{
		Access: access, ExpiresIn: int(AccessLifetime / time.Second),
		Refresh: refresh, RefreshExpires: session.ExpiresAt,
	}, err
}

// Refresh takes a refresh token for new tokens. The one before the current is taken too for the
// RefreshGrace, and gives the current one again. Any older one means that two hold the same token:
// the session ends. It returns Unauthenticated (refresh_invalid, refresh_reused, session_ended).
func (s *Service) Refresh(ctx context.Context, refresh string) (Tokens, *models.User, error) {
	id, n, ok := s.refresh.open(refresh)
	if !ok {
		return Tokens{}, nil, models.Unauthenticated("refresh_invalid", "This sign-in isn't valid. Sign in again.")
	}
	next := s.refresh.nth(id, n+1)
	session, err := s.rotate(ctx, id, hashOf(refresh), hashOf(next))
	if err != nil {
		return Tokens{}, nil, err
	}
	user, err := s.store.User(ctx, session.UserID)
	if isNotFound(err) {
		return Tokens{}, nil, errSessionEnded()
	}
	if err != nil {
		return Tokens{}, nil, fmt.Errorf("find the account of a session: %w", err)
	}
	tokens, err := s.tokens(session, next)
	return tokens, user, err
}

// rotate replaces the hash of a session's refresh token, or finds that it was replaced a moment ago.
func (s *Service) rotate(ctx context.Context, id models.ID, given, next string) (*models.Session, error) {
	for { // Again when another took the same token meanwhile: then next is the current one.
		session, err := s.store.Session(ctx, id)
		now := s.clock()
		if isNotFound(err) || (err == nil && !session.ExpiresAt.After(now)) {
			return nil, errSessionEnded()
		}
		if err != nil {
			return nil, fmt.Errorf("find a session: %w", err)
		}
		if session.PreviousHash == given && session.RefreshHash == next && now.Sub(session.RotatedAt) < RefreshGrace {
			return session, nil
		}
		if session.RefreshHash != given {
			return nil, s.reused(ctx, session)
		}
		session.RefreshHash, session.PreviousHash, session.RotatedAt, session.UsedAt = next, given, now, now
		session.ExpiresAt = earlier(now.Add(SessionIdle), session.CreatedAt.Add(SessionLifetime))
		ok, err := s.store.RotateSession(ctx, session, given)
		if ok || err != nil {
			return session, err
		}
	}
}

// reused ends a session whose old refresh token came back.
func (s *Service) reused(ctx context.Context, session *models.Session) error {
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		return s.end(ctx, session.UserID, session.UserID, []models.ID{session.ID})
	})
	if err != nil {
		return fmt.Errorf("end a session whose token was used twice: %w", err)
	}
	return models.Unauthenticated("refresh_reused", "This sign-in was used in two places, so we ended it to be safe. Sign in again.")
}

// end ends those of an account's sessions that are in ids, and tells open streams of it. Nil ids are
// all that speaks for the account: every session and every personal token.
func (s *Service) end(ctx context.Context, by, user models.ID, ids []models.ID) error {
	ended, err := s.store.DeleteSessions(ctx, user, ids)
	if err != nil {
		return err
	}
	if ids == nil {
		tokens, err := s.store.DeleteTokens(ctx, user, nil)
		if err != nil {
			return err
		}
		ended = append(ended, tokens...)
	}
	return s.tellEnded(ctx, by, user, ended)
}

// tellEnded tells open streams that sessions or tokens of an account have ended.
func (s *Service) tellEnded(ctx context.Context, by, user models.ID, ended []models.ID) error {
	events := make([]models.Event, len(ended))
	for i, id := range ended {
		events[i] = models.Event{
			ID: models.NewID(), SpaceID: user, Type: models.TypeOf(models.NounAccount, models.VerbEnded),
			Noun: models.NounAccount, Verb: models.VerbEnded, ActorID: by, At: s.clock(), RecordID: id, Audience: user,
		}
	}
	return s.store.Append(ctx, events)
}

// SignOut ends the session of a refresh token. A token of no session has nothing to end.
func (s *Service) SignOut(ctx context.Context, refresh string) error {
	id, _, ok := s.refresh.open(refresh)
	if !ok {
		return nil
	}
	return s.store.Tx(ctx, func(ctx context.Context) error {
		session, err := s.store.Session(ctx, id)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.end(ctx, session.UserID, session.UserID, []models.ID{id})
	})
}

// Sessions lists the actor's sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, actor models.Actor) ([]Session, error) {
	all, err := s.store.Sessions(ctx, actor.UserID, s.clock())
	if err != nil {
		return nil, err
	}
	out := make([]Session, len(all))
	for i, session := range all {
		out[i] = Session{session, session.ID == actor.SessionID}
	}
	return out, nil
}

// EndSession ends one of the actor's sessions. It returns NotFound (session_not_found) if it isn't theirs.
func (s *Service) EndSession(ctx context.Context, actor models.Actor, id models.ID) error {
	return s.store.Tx(ctx, func(ctx context.Context) error {
		session, err := s.store.Session(ctx, id)
		if isNotFound(err) || (err == nil && session.UserID != actor.UserID) {
			return models.NotFound("session")
		}
		if err != nil {
			return err
		}
		return s.end(ctx, actor.UserID, actor.UserID, []models.ID{id})
	})
}

// EndOtherSessions ends all of the actor's sessions but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, actor models.Actor) error {
	return s.store.Tx(ctx, func(ctx context.Context) error { return s.endOthers(ctx, actor) })
}

func (s *Service) endOthers(ctx context.Context, actor models.Actor) error {
	all, err := s.store.Sessions(ctx, actor.UserID, time.Time{})
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(idsOf(all), func(id models.ID) bool { return id == actor.SessionID })
	return s.end(ctx, actor.UserID, actor.UserID, others)
}

// idsOf gives the ids of sessions, never nil.
func idsOf(all []*models.Session) []models.ID {
	ids := make([]models.ID, len(all))
	for i, session := range all {
		ids[i] = session.ID
	}
	return ids
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// shorten makes one line of at most models.MaxName code points of what a client says of itself.
func shorten(device string) string {
	runes := []rune(strings.ToValidUTF8(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, device)), ""))
	return string(runes[:min(len(runes), models.MaxName)])
}
