package auth

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// NewAccount is what an account is made of. Language is en if empty.
type NewAccount struct {
	Email    string
	Name     string
	Password string
	Language string
	// Admin makes an administrator; SignUp ignores it.
	Admin bool
	// SetupCode is only looked at for the first account.
	SetupCode string
	// Join lets somebody in who was invited, whatever the rule of sign-up. It runs in the transaction that
	// makes the account, and its error is the sign-up's.
	Join func(ctx context.Context, actor models.Actor) error
	// Turn runs the transaction that makes the account, of which the password is hashed by then: many who join
	// the same wait there for each other. Nil runs it at once.
	Turn func(ctx context.Context, fn func(ctx context.Context) error) error
}

// ProfileFields are what people change of their account without a password. Nil leaves a field as it is.
type ProfileFields struct {
	Name     *string
	Language *string
	// ShowPresence is whether others see where this person reads.
	ShowPresence *bool
}

// EmailKey is what makes an e-mail address unique: case and outer spaces don't.
func EmailKey(email string) string { return models.EmailKey(email) }

// SignUp makes an account and opens a session. The first account can always be made, and is the
// administrator. It returns Forbidden (sign_up_closed, sign_up_invite_only, setup_code_wrong), Invalid
// with all faults at once, Conflict (email_taken) and TooMany.
func (s *Service) SignUp(ctx context.Context, in NewAccount, from Client) (Tokens, *models.User, error) {
	if err := s.notGuessing(from); err != nil {
		return Tokens{}, nil, err
	}
	exists, err := s.store.FirstAccountExists(ctx)
	if err != nil {
		return Tokens{}, nil, fmt.Errorf("look for the first account: %w", err)
	}
	if exists {
		if err := s.maySignUp(in); err != nil {
			return Tokens{}, nil, err
		}
	} else if s.setupCode != "" && !sameCode(in.SetupCode, s.setupCode) {
		s.failed(from)
		return Tokens{}, nil, models.Forbidden("setup_code_wrong", "The first account needs the setup code that the server printed when it started.")
	}
	user, err := s.newUser(ctx, &in)
	if err != nil {
		return Tokens{}, nil, err
	}
	var tokens Tokens
	open := func(ctx context.Context) (err error) {
		tokens, err = s.open(ctx, user, from.Device, func(ctx context.Context) error { return s.begin(ctx, user, &in) })
		return err
	}
	if in.Turn != nil {
		err = in.Turn(ctx, open)
	} else {
		err = open(ctx)
	}
	if kind := models.KindOf(err); kind == models.KindConflict || kind == models.KindNotFound {
		s.failed(from) // an e-mail that is taken says that there is such an account; an invitation may be guessed at
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	return tokens, user, nil
}

// begin adds the account of a sign-up, and brings it to where it was invited.
func (s *Service) begin(ctx context.Context, user *models.User, in *NewAccount) error {
	user.Admin = false // whatever was asked, and each time the transaction runs
	if err := s.insert(ctx, user); err != nil {
		return err
	}
	if in.Join != nil {
		return in.Join(ctx, models.Actor{UserID: user.ID})
	}
	if user.Admin {
		return nil
	}
	return s.maySignUp(*in)
}

// maySignUp is the rule for everybody after the first.
func (s *Service) maySignUp(in NewAccount) error {
	if in.Join != nil {
		return nil
	}
	switch s.rule {
	case SignUpOpen:
		return nil
	case SignUpInvite:
		return models.Forbidden("sign_up_invite_only", "This server takes new accounts by invitation. Ask the administrator for one.")
	case SignUpClosed:
	}
	return models.Forbidden("sign_up_closed", "This server takes no new accounts. Ask the administrator.")
}

// insert adds an account in a transaction, as an administrator if it is the first.
func (s *Service) insert(ctx context.Context, user *models.User) error {
	first, err := s.store.ClaimFirstAccount(ctx, user.ID)
	if err != nil {
		return err
	}
	user.Admin = user.Admin || first
	return s.store.InsertUser(ctx, user)
}

// newUser checks what an account is made of and hashes its password.
func (s *Service) newUser(ctx context.Context, in *NewAccount) (*models.User, error) {
	var f faults
	in.Email, in.Name, in.Language = strings.TrimSpace(in.Email), strings.TrimSpace(in.Name), cmp.Or(in.Language, "en")
	checkEmail(&f, in.Email)
	checkName(&f, in.Name)
	checkLanguage(&f, in.Language)
	checkPassword(&f, in.Password, in.Email, in.Name)
	if err := f.err(); err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	now := s.clock()
	return &models.User{
		ID: models.NewID(), Email: in.Email, EmailKey: EmailKey(in.Email), Name: in.Name, Language: in.Language,
		Admin: in.Admin, ShowPresence: true, PasswordHash: hash, Version: 1, CreatedAt: now, UpdatedAt: now,
	}, nil
}

// Me gives the actor's account.
func (s *Service) Me(ctx context.Context, actor models.Actor) (*models.User, error) {
	return s.store.User(ctx, actor.UserID)
}

// ChangeProfile writes the actor's name, language and whether others see where they read. Seen is the version they saw, 0 for whatever
// it is now. It returns Stale and Invalid.
func (s *Service) ChangeProfile(ctx context.Context, actor models.Actor, seen int, in ProfileFields) (*models.User, error) {
	return s.change(ctx, actor.UserID, seen, func(_ context.Context, u *models.User) error {
		var f faults
		if in.Name != nil {
			u.Name = strings.TrimSpace(*in.Name)
			checkName(&f, u.Name)
		}
		if in.Language != nil {
			u.Language = *in.Language
			checkLanguage(&f, u.Language)
		}
		if in.ShowPresence != nil {
			u.ShowPresence = *in.ShowPresence
		}
		return f.err()
	})
}

// ChangeEmail writes the actor's address. It needs the password, and returns Invalid
// (password_wrong, email_malformed), TooMany, Stale and Conflict (email_taken).
func (s *Service) ChangeEmail(ctx context.Context, actor models.Actor, seen int, password, email string) (*models.User, error) {
	var f faults
	email = strings.TrimSpace(email)
	checkEmail(&f, email)
	if err := f.err(); err != nil {
		return nil, err
	}
	verified, err := s.confirm(ctx, actor, password, "/password")
	if err != nil {
		return nil, err
	}
	return s.change(ctx, actor.UserID, seen, func(ctx context.Context, u *models.User) error {
		u.Email, u.EmailKey = email, EmailKey(email)
		if err := verified.still(u, "/password"); err != nil {
			return err
		}
		return s.store.DropResets(ctx, u.ID) // a link may lie in the mailbox that is given up
	})
}

// ChangePassword needs the current password, and ends all other sessions of the actor, and their
// personal tokens too if endTokens is set. It returns Invalid (password_wrong, or what is wrong with the
// new one) and TooMany.
func (s *Service) ChangePassword(ctx context.Context, actor models.Actor, current, password string, endTokens bool) (*models.User, error) {
	verified, err := s.confirm(ctx, actor, current, "/currentPassword")
	if err != nil {
		return nil, err
	}
	var f faults
	checkPassword(&f, password, verified.user.Email, verified.user.Name)
	if err := f.err(); err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, actor.UserID, 0, func(ctx context.Context, u *models.User) error {
		if err := verified.still(u, "/currentPassword"); err != nil {
			return err
		}
		u.PasswordHash = hash
		if endTokens {
			if err := s.endTokens(ctx, actor.UserID, nil); err != nil {
				return err
			}
		}
		return s.endOthers(ctx, actor)
	})
}

// DeleteAccount removes the actor's account, sessions and tokens for good; the address may be used again.
// It needs the password. Leave takes the actor out of what they are a member of, and is asked
// before anything is removed. It returns Invalid (password_wrong), TooMany, Conflict
// (administrator_needed) and whatever leave returns.
func (s *Service) DeleteAccount(ctx context.Context, actor models.Actor, password string, leave func(ctx context.Context, actor models.Actor) error) error {
	verified, err := s.confirm(ctx, actor, password, "/password")
	if err != nil {
		return err
	}
	// Asked twice: before leaving anything, and in the transaction that removes the account.
	if err := s.dispensable(ctx, verified.user); err != nil {
		return err
	}
	if err := leave(ctx, actor); err != nil {
		return fmt.Errorf("leave what the account is a member of: %w", err)
	}
	return s.store.Tx(ctx, func(ctx context.Context) error {
		user, err := s.store.User(ctx, actor.UserID)
		if err != nil {
			return err
		}
		if err := verified.still(user, "/password"); err != nil {
			return err
		}
		if err := s.dispensable(ctx, user); err != nil {
			return err
		}
		if err := s.end(ctx, user.ID, user.ID, nil); err != nil {
			return err
		}
		if err := s.store.DropResets(ctx, user.ID); err != nil {
			return err
		}
		return s.store.DeleteUser(ctx, user.ID)
	})
}

// dispensable refuses to lose the only administrator.
func (s *Service) dispensable(ctx context.Context, user *models.User) error {
	if !user.Admin {
		return nil
	}
	return s.store.Tx(ctx, func(ctx context.Context) error {
		other, err := s.store.OtherAdministrator(ctx, user.ID)
		if err == nil && !other {
			err = models.Conflict("administrator_needed", "You are the only administrator. Make another administrator's account first.")
		}
		return err
	})
}

// confirmed is an account whose password was just given.
type confirmed struct{ user *models.User }

// confirm asks for the actor's password again. Attempts count as those of a sign-in do.
func (s *Service) confirm(ctx context.Context, actor models.Actor, password, pointer string) (confirmed, error) {
	user, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return confirmed{}, err
	}
	ok, _, err := s.verify(ctx, user, password)
	if err == nil && !ok {
		err = errPasswordWrong(pointer)
	}
	return confirmed{user}, err
}

// still refuses when the password was changed after it had been confirmed.
func (c confirmed) still(u *models.User, pointer string) error {
	if u.PasswordHash != c.user.PasswordHash {
		return errPasswordWrong(pointer)
	}
	return nil
}

func errPasswordWrong(pointer string) error {
	return models.Invalid("password_wrong", "This isn't your current password.", models.Field{Pointer: pointer, Problem: "password_wrong"})
}

// change writes an account that is still at the version seen (0: whatever it is now).
func (s *Service) change(ctx context.Context, id models.ID, seen int, edit func(ctx context.Context, u *models.User) error) (*models.User, error) {
	var user *models.User
	err := s.store.Tx(ctx, func(ctx context.Context) (err error) {
		if user, err = s.store.User(ctx, id); err != nil {
			return err
		}
		was := user.Version
		if seen != 0 && seen != was {
			return models.Stale(user)
		}
		if err := edit(ctx, user); err != nil {
			return err
		}
		user.Version, user.UpdatedAt = was+1, s.clock()
		return s.store.UpdateUser(ctx, user, was)
	})
	if err != nil {
		return nil, fmt.Errorf("change account %s: %w", id, err)
	}
	return user, nil
}

// faults collects everything that is wrong with a request, to say it at once.
type faults struct {
	code      string
	sentences []string
	fields    []models.Field
}

// add notes a fault. Its code is the problem of its field, and the first one's is the whole error's.
func (f *faults) add(pointer, code, sentence string) {
	f.code = cmp.Or(f.code, code)
	f.sentences = append(f.sentences, sentence)
	f.fields = append(f.fields, models.Field{Pointer: pointer, Problem: code})
}

func (f *faults) err() error {
	if f.code == "" {
		return nil
	}
	return models.Invalid(f.code, strings.Join(f.sentences, " "), f.fields...)
}

// checkEmail takes a bare address.
func checkEmail(f *faults, email string) {
	if !models.ValidEmail(email) {
		f.add("/email", "email_malformed", "This isn't an e-mail address.")
	}
}

func checkName(f *faults, name string) {
	switch {
	case name == "":
		f.add("/name", "name_missing", "A name is needed.")
	case utf8.RuneCountInString(name) > models.MaxName:
		f.add("/name", "name_too_long", fmt.Sprintf("A name may have %d characters.", models.MaxName))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		f.add("/name", "name_control_character", "A name can't have line breaks or control characters.")
	}
}

func checkLanguage(f *faults, language string) {
	if language != "en" && language != "da" {
		f.add("/language", "language_unknown", "The language is en or da.")
	}
}
