package auth

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"feltbog/models"
)

// ResetLifetime is how long a link for a new password can be used.
const ResetLifetime = 24 * time.Hour

// ResetLink is a link for a new password that was just made.
type ResetLink struct {
	Secret    string
	ExpiresAt time.Time
}

// Guarded tries a secret that somebody brought, such as that of an invitation. Secrets that don't exist
// count as failed sign-ins do. It returns TooMany, and what try returns.
func (s *Service) Guarded(from Client, try func() error) error {
	if err := s.notGuessing(from); err != nil {
		return err
	}
	err := try()
	if isNotFound(err) {
		s.failed(from)
	}
	return err
}

// ForgotPassword sends a link for a new password to an address, if an account has it. Whether one has can't
// be told by the answer or its time: all the work comes after it. It returns Conflict (mail_not_configured),
// Invalid (email_malformed), TooMany and Unavailable (busy).
func (s *Service) ForgotPassword(ctx context.Context, email string, from Client) error {
	if s.post == nil {
		return models.Conflict("mail_not_configured", "This server sends no mail. Ask the administrator for a link to choose a new password.")
	}
	var f faults
	email = strings.TrimSpace(email)
	checkEmail(&f, email)
	if err := f.err(); err != nil {
		return err
	}
	if err := s.notGuessing(from); err != nil {
		return err
	}
	s.failed(from) // each question costs what a failed sign-in does
	return s.errands.begin(ctx, func(ctx context.Context) { s.remind(ctx, email) })
}

// remind sends the letter with the link. Personas and addresses that nobody has get none.
func (s *Service) remind(ctx context.Context, email string) {
	failed := func(err error) {
		s.log.ErrorContext(ctx, "a letter with a link for a new password could not be sent", slog.Any("error", err))
	}
	if s.forgotten.take(EmailKey(email), s.clock()) > 0 {
		return
	}
	user, err := s.store.UserByEmail(ctx, email)
	if isNotFound(err) || (err == nil && user.Persona) {
		return
	}
	if err != nil {
		failed(err)
		return
	}
	link, err := s.makeReset(ctx, user)
	if err != nil {
		failed(err)
		return
	}
	if err := s.post.Send(ctx, resetLetter(user, s.publicURL+ResetPath+link.Secret))[0]; err != nil {
		failed(err)
	}
}

// ResetPath and InvitationPath are where the app takes the secrets of links.
const (
	ResetPath      = "/reset-password/"
	InvitationPath = "/invitations/"
)

// MakeResetLink makes a link by which an account gets a new password, for an administrator to hand on. It
// returns Forbidden, and NotFound also for a persona.
func (s *Service) MakeResetLink(ctx context.Context, actor models.Actor, id models.ID) (ResetLink, error) {
	if err := administrator(actor); err != nil {
		return ResetLink{}, err
	}
	user, err := s.store.User(ctx, id)
	if err != nil {
		return ResetLink{}, err
	}
	return s.makeReset(ctx, user)
}

// MakeResetLinkFor is MakeResetLink of the account with an e-mail.
func (s *Service) MakeResetLinkFor(ctx context.Context, actor models.Actor, email string) (ResetLink, error) {
	if err := administrator(actor); err != nil {
		return ResetLink{}, err
	}
	user, err := s.store.UserByEmail(ctx, email)
	if err != nil {
		return ResetLink{}, err
	}
	return s.makeReset(ctx, user)
}

func (s *Service) makeReset(ctx context.Context, user *models.User) (ResetLink, error) {
	if user.Persona {
		return ResetLink{}, models.NotFound(models.NounAccount)
	}
	link := ResetLink{Secret: models.NewSecret(), ExpiresAt: s.clock().Add(ResetLifetime)}
	return link, s.store.InsertReset(ctx, &models.Reset{
		SecretHash: models.HashSecret(link.Secret), UserID: user.ID, PasswordHash: user.PasswordHash, ExpiresAt: link.ExpiresAt,
	})
}

// UseReset writes the password of the account that a link is of, and ends all its sessions. The link, and
// all others of the account, are of no use afterwards. It returns NotFound (reset_gone) for every link that
// can't be used, TooMany, and Invalid for a password that won't do.
func (s *Service) UseReset(ctx context.Context, secret, password string, from Client) error {
	return s.Guarded(from, func() error {
		user, err := s.resetOf(ctx, secret)
		if err != nil {
			return err
		}
		var f faults
		checkPassword(&f, password, user.Email, user.Name)
		if err := f.err(); err != nil {
			return err
		}
		hash, err := s.hasher.hash(ctx, password)
		if err != nil {
			return err
		}
		_, err = s.change(ctx, user.ID, 0, func(ctx context.Context, u *models.User) error {
			if _, err := s.resetOf(ctx, secret); err != nil { // another may have used it meanwhile
				return err
			}
			if err := s.store.DropResets(ctx, u.ID); err != nil {
				return err
			}
			u.PasswordHash = hash
			return s.end(ctx, u.ID, u.ID, nil)
		})
		if isNotFound(err) {
			return errResetGone()
		}
		return err
	})
}

// resetOf finds the account that a link gives a new password to.
func (s *Service) resetOf(ctx context.Context, secret string) (*models.User, error) {
	reset, err := s.store.Reset(ctx, models.HashSecret(secret), s.clock())
	if isNotFound(err) {
		return nil, errResetGone()
	}
	if err != nil {
		return nil, err
	}
	user, err := s.store.User(ctx, reset.UserID)
	if isNotFound(err) || (err == nil && user.PasswordHash != reset.PasswordHash) {
		return nil, errResetGone()
	}
	return user, err
}

func errResetGone() error {
	return &models.Error{
		Kind: models.KindNotFound, Code: "reset_gone",
		Sentence: "This link can't be used any more: it has expired or was used, or it isn't whole. Ask for a new one.",
	}
}
