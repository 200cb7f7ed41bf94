package auth_test

import (
	"strings"
	"testing"
	"time"

	"feltbog/auth"
	"feltbog/models"
)

// makeToken makes a token that is good for an hour.
func (w *world) makeToken(p person) (*models.Token, string) {
	w.t.Helper()
	t, secret, err := w.MakeToken(w.t.Context(), p.actor, auth.NewToken{Name: "Figures", Scope: models.ScopeRead, ExpiresAt: w.clock.now().Add(time.Hour)})
	must(w.t, err)
	return t, secret
}

func TestAPersonalToken(t *testing.T) {
	w := newWorld(t)
	admin := w.signUp("lea@example.org")

	t.Run("speaks for its owner, but never for an administrator", func(t *testing.T) {
		made, secret := w.makeToken(admin)
		if !auth.IsPersonal(secret) || !strings.HasSuffix(secret, made.Hint) || auth.IsPersonal(admin.tokens.Access) {
			t.Errorf("the secret of %+v is %s", made, secret)
		}
		actor, err := w.AuthenticateToken(t.Context(), secret)
		must(t, err)
		if actor.UserID != admin.ID || actor.SessionID != made.ID || actor.Admin || actor.Token == nil || actor.Token.Scope != models.ScopeRead {
			t.Errorf("it speaks for %+v", actor)
		}
		_, err = w.Authenticate(t.Context(), secret)
		refused(t, err, models.KindUnauthenticated, "token_invalid")
		_, err = w.AuthenticateToken(t.Context(), secret+"x")
		refused(t, err, models.KindUnauthenticated, "personal_token_invalid")
	})

	t.Run("notes its use once a minute", func(t *testing.T) {
		made, secret := w.makeToken(admin)
		used := func() time.Time {
			t.Helper()
			_, err := w.AuthenticateToken(t.Context(), secret)
			must(t, err)
			kept, err := w.db.Token(t.Context(), made.ID)
			must(t, err)
			return *kept.UsedAt
		}
		first := used()
		w.clock.pass(59 * time.Second)
		if again := used(); !again.Equal(first) {
			t.Errorf("it was noted again after %s", again.Sub(first))
		}
		w.clock.pass(time.Second)
		if later := used(); later.Sub(first) != time.Minute {
			t.Errorf("it was noted again after %s", later.Sub(first))
		}
	})

	t.Run("expires with what it opened", func(t *testing.T) {
		made, secret := w.makeToken(admin)
		actor, err := w.AuthenticateToken(t.Context(), secret)
		must(t, err)
		address, err := w.SignFile(actor, models.NewID(), models.NewID())
		must(t, err)
		if until, err := w.Lives(t.Context(), actor); err != nil || !until.Equal(made.ExpiresAt) {
			t.Errorf("it lives until %s, %v", until, err)
		}
		grant, err := w.OpenFile(t.Context(), address)
		must(t, err)
		if grant.Actor.Token == nil || grant.Actor.Token.ID != made.ID {
			t.Errorf("the file is opened by %+v", grant.Actor)
		}
		w.clock.pass(time.Hour)
		_, err = w.AuthenticateToken(t.Context(), secret)
		refused(t, err, models.KindUnauthenticated, "personal_token_expired")
		_, err = w.Lives(t.Context(), actor)
		refused(t, err, models.KindUnauthenticated, "personal_token_expired")
		_, err = w.OpenFile(t.Context(), address)
		refused(t, err, models.KindUnauthenticated, "personal_token_expired")
	})

	t.Run("ends, and open streams are told", func(t *testing.T) {
		made, secret := w.makeToken(admin)
		must(t, w.EndToken(t.Context(), admin.actor, made.ID))
		_, err := w.AuthenticateToken(t.Context(), secret)
		refused(t, err, models.KindUnauthenticated, "personal_token_invalid")
		if by := w.ended(admin.ID)[made.ID]; by != admin.ID {
			t.Errorf("its end is told as %s's", by)
		}
	})

	t.Run("is no token without its account", func(t *testing.T) {
		bo := w.signUp("bo@example.org")
		_, secret := w.makeToken(bo)
		must(t, w.db.DeleteUser(t.Context(), bo.ID)) // as if its tokens had been forgotten
		_, err := w.AuthenticateToken(t.Context(), secret)
		refused(t, err, models.KindUnauthenticated, "personal_token_invalid")
	})
}

// A token that is made while the password changes elsewhere is ended with the others, or never made.
func TestNoTokenOutlivesAChangeOfThePassword(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	for range 8 {
		thief := w.whoIs(w.signIn(lea.Email, password))
		secrets := make([]string, 4)
		errs := sideBySide(5, func(i int) (err error) {
			if i == 4 {
				_, err = w.ChangePassword(t.Context(), lea.actor, password, another, true)
				return err
			}
			_, secrets[i], err = w.MakeToken(t.Context(), thief, auth.NewToken{Name: "Theft", Scope: models.ScopeWrite, ExpiresAt: w.clock.now().Add(time.Hour)})
			return err
		})
		must(t, errs[4])
		for _, secret := range secrets {
			_, err := w.AuthenticateToken(t.Context(), secret)
			refused(t, err, models.KindUnauthenticated, "personal_token_invalid")
		}
		_, err := w.ChangePassword(t.Context(), lea.actor, another, password, true)
		must(t, err)
	}
}

func TestAnAccountHasFiftyTokensHoweverFast(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	for range models.MaxTokens - 2 {
		w.makeToken(lea)
	}
	errs := sideBySide(6, func(int) error {
		_, _, err := w.MakeToken(t.Context(), lea.actor, auth.NewToken{Name: "One more", Scope: models.ScopeRead, ExpiresAt: w.clock.now().Add(time.Hour)})
		return err
	})
	if made, refused := count(errs, ""), count(errs, "tokens_too_many"); made != 2 || refused != 4 {
		t.Errorf("%d were made and %d refused: %v", made, refused, errs)
	}
	w.clock.pass(2 * time.Hour)
	lea.actor = w.whoIs(w.signIn(lea.Email, password))
	w.makeToken(lea) // those that expired don't count
}
