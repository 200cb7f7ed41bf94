package auth

import (
	"cmp"
	"context"
	"encoding/base64"
	"strings"

	"feltbog/models"
)

// Operator is whoever can run commands on the server: an administrator without an account.
func Operator() models.Actor { return models.Actor{Admin: true} }

// administrator refuses everybody else.
func administrator(actor models.Actor) error {
	if !actor.Admin {
		return models.Forbidden("administrator_only", "Only an administrator can do that.")
	}
	return nil
}

// CreateUser makes an account for somebody else. Without a password it makes one, and gives it: it is
// told nowhere else. The first account is an administrator whatever is asked. It returns Forbidden,
// Invalid and Conflict (email_taken).
func (s *Service) CreateUser(ctx context.Context, actor models.Actor, in NewAccount) (user *models.User, password string, err error) {
	if err := administrator(actor); err != nil {
		return nil, "", err
	}
	if in.Password == "" {
		password = NewPassword()
		in.Password = password
	}
	if user, err = s.newUser(ctx, &in); err != nil {
		return nil, "", err
	}
	err = s.store.Tx(ctx, func(ctx context.Context) error {
		user.Admin = in.Admin
		return s.insert(ctx, user)
	})
	if err != nil {
		return nil, "", err
	}
	return user, password, nil
}

// ListUsers lists the accounts by e-mail, without personas. It returns Forbidden and Malformed (cursor_malformed).
func (s *Service) ListUsers(ctx context.Context, actor models.Actor, p models.Page) (models.List[*models.User], error) {
	none := models.List[*models.User]{Items: []*models.User{}}
	if err := administrator(actor); err != nil {
		return none, err
	}
	after, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return none, models.Malformed("cursor_malformed", "This cursor isn't one we gave for this list. Begin again without it.",
			models.Field{Pointer: "cursor", Problem: "malformed"}).Because(err)
	}
	limit := min(max(p.Limit, 1), models.MaxPageSize)
	users, err := s.store.ListUsers(ctx, string(after), limit+1)
	if err != nil {
		return none, err
	}
	if len(users) <= limit {
		return models.List[*models.User]{Items: users}, nil
	}
	users = users[:limit]
	return models.List[*models.User]{Items: users, Next: base64.RawURLEncoding.EncodeToString([]byte(users[limit-1].EmailKey))}, nil
}

// ResetPassword writes the password of the account with this e-mail, and ends all its sessions and tokens.
// Without a password it makes one, and gives it. It returns Forbidden, NotFound and Invalid.
func (s *Service) ResetPassword(ctx context.Context, actor models.Actor, email, password string) (*models.User, string, error) {
	if err := administrator(actor); err != nil {
		return nil, "", err
	}
	user, err := s.store.UserByEmail(ctx, email)
	if err != nil {
		return nil, "", err
	}
	if user.Persona {
		return nil, "", models.NotFound(models.NounAccount)
	}
	made := ""
	if password == "" {
		made = NewPassword()
		password = made
	}
	var f faults
	checkPassword(&f, password, user.Email, user.Name)
	if err := f.err(); err != nil {
		return nil, "", err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return nil, "", err
	}
	user, err = s.change(ctx, user.ID, 0, func(ctx context.Context, u *models.User) error {
		u.PasswordHash = hash
		return s.end(ctx, cmp.Or(actor.UserID, u.ID), u.ID, nil)
	})
	if err != nil {
		return nil, "", err
	}
	return user, made, nil
}

// CreatePersona makes somebody who can't sign in, such as a coder of the demo project. The id makes
// the address its own, so each copy of a demo has personas of its own; a persona that exists is given again.
func (s *Service) CreatePersona(ctx context.Context, id models.ID, name, language string) (*models.User, error) {
	id, err := models.ChosenID(id)
	if err != nil {
		return nil, err
	}
	var f faults
	name, language = strings.TrimSpace(name), cmp.Or(language, "en")
	checkName(&f, name)
	checkLanguage(&f, language)
	if err := f.err(); err != nil {
		return nil, err
	}
	email := personaEmail(name, id)
	now := s.clock()
	user := &models.User{
		ID: id, Email: email, EmailKey: EmailKey(email), Name: name, Language: language, Persona: true, ShowPresence: true,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	err = s.store.Tx(ctx, func(ctx context.Context) error {
		known, err := s.store.User(ctx, id)
		if err == nil && known.Persona {
			user = known
			return nil
		}
		if err != nil && !isNotFound(err) {
			return err
		}
		return s.store.InsertUser(ctx, user)
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

// personaEmail writes an address such as lea.0f3a9c2b41d0@persona.invalid.
func personaEmail(name string, id models.ID) string {
	plain := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(strings.ToLower(name))
	parts := strings.FieldsFunc(plain, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(append(parts, string(id[len(id)-12:])), ".") + models.PersonaDomain
}
