package auth_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/auth"
	"feltbog/models"
)

// tray collects letters instead of sending them.
type tray struct {
	mu      sync.Mutex
	letters []models.Letter
	fails   error
}

func (p *tray) Send(_ context.Context, letters ...models.Letter) []error {
	p.mu.Lock()
	defer p.mu.Unlock()
	errs := make([]error, len(letters))
	for i := range errs {
		errs[i] = p.fails
	}
	p.letters = append(p.letters, letters...)
	return errs
}

// taken gives the letters once all that was begun has ended.
func (p *tray) taken(t *testing.T, s *auth.Service) []models.Letter {
	t.Helper()
	must(t, s.Close())
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.letters
}

func withPost(p *tray) func(*auth.Options) {
	return func(o *auth.Options) { o.Post, o.PublicURL = p, "https://feltbog.example.org" }
}

func secretOf(t *testing.T, l models.Letter) string {
	t.Helper()
	_, after, ok := strings.Cut(l.Text, "https://feltbog.example.org"+auth.ResetPath)
	if !ok {
		t.Fatalf("there is no link in %s", l.Text)
	}
	secret, _, _ := strings.Cut(after, "\n")
	return secret
}

// stuck is a store that looks no account up until it is let go.
type stuck struct {
	auth.Store
	let chan struct{}
}

func (s stuck) UserByEmail(ctx context.Context, email string) (*models.User, error) {
	<-s.let
	return s.Store.UserByEmail(ctx, email)
}

func TestTheAnswerComesBeforeAnybodyIsLookedFor(t *testing.T) {
	post := &tray{}
	w := newWorld(t)
	w.signUp("lea@example.org")
	store := stuck{w.db, make(chan struct{})}
	s := w.process(store, withPost(post))
	for _, email := range []string{"lea@example.org", "nobody@example.org"} {
		must(t, s.ForgotPassword(t.Context(), email, hall)) // it would wait for ever if it looked
	}
	close(store.let)
	if letters := post.taken(t, s); len(letters) != 1 || letters[0].To != "lea@example.org" {
		t.Fatalf("letters: %+v", letters)
	}
}

func TestWhatIsBegunIsBounded(t *testing.T) {
	w := newWorld(t)
	store := stuck{w.db, make(chan struct{})}
	s := w.process(store, withPost(&tray{}))
	nowhere := auth.Client{}
	var err error
	for range 200 {
		if err = s.ForgotPassword(t.Context(), "lea@example.org", nowhere); err != nil {
			break
		}
		w.clock.pass(time.Hour)
	}
	refused(t, err, models.KindUnavailable, "busy")
	close(store.let)
	must(t, s.Close())
}

func TestAResetLinkWorksOnceAlsoAtOnce(t *testing.T) {
	post := &tray{}
	w := newWorld(t, withPost(post))
	lea := w.signUp("lea@example.org")
	must(t, w.ForgotPassword(t.Context(), lea.Email, hall))
	must(t, w.ForgotPassword(t.Context(), lea.Email, hall))
	letters := post.taken(t, w.Service)
	errs := sideBySide(4, func(i int) error {
		return w.UseReset(t.Context(), secretOf(t, letters[i%2]), another, hall)
	})
	if count(errs, "") != 1 || count(errs, "reset_gone") != 3 {
		t.Fatalf("errors: %v", errs)
	}
	if w.lives(lea.tokens) {
		t.Error("a session outlived the reset")
	}
	w.signIn(lea.Email, another)
}

func TestAResetLinkEndsAfterADay(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	link, err := w.MakeResetLinkFor(t.Context(), auth.Operator(), lea.Email)
	must(t, err)
	w.clock.pass(auth.ResetLifetime)
	refused(t, w.UseReset(t.Context(), link.Secret, another, hall), models.KindNotFound, "reset_gone")
	w.signIn(lea.Email, password)
}

func TestPersonasAndAccountsThatWereDeletedGetNothing(t *testing.T) {
	post := &tray{}
	w := newWorld(t, withPost(post))
	w.signUp("admin@example.org")
	lea := w.signUp("lea@example.org")
	link, err := w.MakeResetLink(t.Context(), auth.Operator(), lea.ID)
	must(t, err)
	persona, err := w.CreatePersona(t.Context(), models.NewID(), "Per", "da")
	must(t, err)
	_, err = w.MakeResetLink(t.Context(), auth.Operator(), persona.ID)
	refused(t, err, models.KindNotFound, "account_not_found")
	_, err = w.MakeResetLinkFor(t.Context(), auth.Operator(), persona.Email)
	refused(t, err, models.KindNotFound, "account_not_found")
	must(t, w.DeleteAccount(t.Context(), lea.actor, password, func(context.Context, models.Actor) error { return nil }))
	refused(t, w.UseReset(t.Context(), link.Secret, another, hall), models.KindNotFound, "reset_gone")
	must(t, w.ForgotPassword(t.Context(), lea.Email, hall))
	if letters := post.taken(t, w.Service); len(letters) != 0 {
		t.Fatalf("letters: %+v", letters)
	}
	_, err = w.MakeResetLink(t.Context(), lea.actor, persona.ID)
	refused(t, err, models.KindForbidden, "administrator_only")
}

func TestLettersAreInTheLanguageOfWhoeverGetsThem(t *testing.T) {
	post := &tray{}
	w := newWorld(t, withPost(post))
	lea, bo := w.signUp("lea@example.org"), w.signUp("bo@example.org")
	danish := "da"
	_, err := w.ChangeProfile(t.Context(), bo.actor, 0, auth.ProfileFields{Language: &danish})
	must(t, err)
	must(t, w.ForgotPassword(t.Context(), bo.Email, hall))
	post.taken(t, w.Service)
	until := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	to := func(email string) auth.InvitationLetter {
		return auth.InvitationLetter{Email: email, Project: "Havnsø", Role: models.RoleCoder, Link: "https://feltbog.example.org/invitations/x", ExpiresAt: until}
	}
	_, err = w.SendInvitations(t.Context(), lea.actor, []auth.InvitationLetter{to("bo@example.org"), to("new@example.org")})
	must(t, err)
	_, err = w.SendInvitations(t.Context(), bo.actor, []auth.InvitationLetter{to("lea@example.org"), to("new@example.org")})
	must(t, err)
	for i, want := range []string{"bedt om en ny adgangskode", "som koder", "as a coder", "as a coder", "som koder"} {
		if l := post.letters[i]; !strings.Contains(l.Text, want) {
			t.Errorf("letter %d to %s: %s", i, l.To, l.Text)
		}
	}
	if !strings.Contains(post.letters[1].Text, "1. marts 2026") || !strings.Contains(post.letters[2].Text, "1 March 2026") {
		t.Errorf("dates: %s\n%s", post.letters[1].Text, post.letters[2].Text)
	}
}

func TestOneAccountSendsSoManyLettersAndNoMore(t *testing.T) {
	post := &tray{}
	w := newWorld(t, withPost(post))
	lea := w.signUp("lea@example.org")
	many := make([]auth.InvitationLetter, models.MaxInvitations+1)
	for i := range many {
		many[i] = auth.InvitationLetter{Email: "x@example.org", Role: models.RoleCoder}
	}
	errs, err := w.SendInvitations(t.Context(), lea.actor, many)
	must(t, err)
	if count(errs, "") != models.MaxInvitations || count(errs, "mails_too_many") != 1 {
		t.Fatalf("%d were sent", count(errs, ""))
	}
	post.fails = context.DeadlineExceeded
	w.clock.pass(time.Hour)
	errs, err = w.SendInvitations(t.Context(), lea.actor, many[:1])
	must(t, err)
	refused(t, errs[0], models.KindUnavailable, "mail_failed")
}
