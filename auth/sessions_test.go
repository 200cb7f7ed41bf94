package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"

	"feltbog/auth"
	"feltbog/models"
	"feltbog/mongodb"
)

func TestSigningIn(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	persona, err := w.CreatePersona(t.Context(), models.NewID(), "Bo", "")
	must(t, err)

	t.Run("opens a session of one's own", func(t *testing.T) {
		tokens, user, err := w.SignIn(t.Context(), " LEA@example.org", password, auth.Client{Device: "Fire\nfox " + strings.Repeat("ø", 300)})
		must(t, err)
		if user.ID != lea.ID || tokens.ExpiresIn != 600 || !tokens.RefreshExpires.Equal(w.clock.now().Add(auth.SessionIdle).Truncate(time.Millisecond)) {
			t.Errorf("signed in as %s with %+v", user.ID, tokens)
		}
		actor := w.whoIs(tokens)
		if actor.UserID != lea.ID || actor.SessionID == lea.actor.SessionID || !actor.Admin {
			t.Errorf("acts as %+v", actor)
		}
		all, err := w.Sessions(t.Context(), actor)
		must(t, err)
		if device := all[0].Device; !strings.HasPrefix(device, "Fire fox ø") || len([]rune(device)) != 200 {
			t.Errorf("the device is %q", device)
		}
	})
	t.Run("gives the same answer after the same work, whatever is wrong", func(t *testing.T) {
		var answers []string
		for _, c := range [][2]string{{lea.Email, another}, {"nobody@example.org", password}, {persona.Email, password}, {persona.Email, ""}, {strings.Repeat("x", 1<<20), password}} {
			before := w.Hashes()
			_, user, err := w.SignIn(t.Context(), c[0], c[1], hall)
			e := refused(t, err, models.KindUnauthenticated, "credentials_wrong")
			if n := w.Hashes() - before; n != 1 || user != nil {
				t.Errorf("%.20s: %d hashes", c[0], n)
			}
			answers = append(answers, fmt.Sprint(*e))
		}
		for _, a := range answers[1:] {
			if a != answers[0] {
				t.Errorf("answers %q and %q", answers[0], a)
			}
		}
	})
	t.Run("costs what the design says", func(t *testing.T) {
		s := w.process(w.db, func(o *auth.Options) { o.Hashing = argon2id.Params{} })
		user, _, err := s.CreateUser(t.Context(), auth.Operator(), auth.NewAccount{Email: "dear@example.org", Name: "D", Password: password})
		must(t, err)
		if !strings.HasPrefix(user.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("the hash is %s", user.PasswordHash)
		}
	})
	t.Run("hashes again when the cost was changed", func(t *testing.T) {
		dearer := cheap
		dearer.Iterations = 2
		s := w.process(w.db, func(o *auth.Options) { o.Hashing = dearer })
		for range 2 {
			_, _, err := s.SignIn(t.Context(), lea.Email, password, hall)
			must(t, err)
		}
		if n := s.Hashes(); n != 3 { // two checks, and once anew
			t.Errorf("%d hashes", n)
		}
		kept, err := w.Me(t.Context(), lea.actor)
		must(t, err)
		if !strings.Contains(kept.PasswordHash, "m=64,t=2,p=1") || kept.Version != 1 {
			t.Errorf("version %d with hash %s", kept.Version, kept.PasswordHash)
		}
		_, _, err = s.SignIn(t.Context(), lea.Email, another, hall)
		refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	})
}

func TestGuessingAtAnAccount(t *testing.T) {
	for name, email := range map[string]string{"that exists": "lea@example.org", "that doesn't": "nobody@example.org"} {
		t.Run(name+" is slowed down from anywhere", func(t *testing.T) {
			w := newWorld(t)
			w.signUp("lea@example.org")
			from := func(i int) auth.Client {
				return auth.Client{Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}
			}
			for i := range 10 {
				_, _, err := w.SignIn(t.Context(), strings.ToUpper(email), another, from(i))
				refused(t, err, models.KindUnauthenticated, "credentials_wrong")
			}
			before := w.Hashes()
			_, _, err := w.SignIn(t.Context(), email, password, from(10))
			if e := refused(t, err, models.KindTooMany, "attempts_too_many"); e.RetryAfter < 1 || e.RetryAfter > 31 {
				t.Errorf("retry after %d s", e.RetryAfter)
			}
			if w.Hashes() != before {
				t.Error("a refused attempt was hashed")
			}
			w.clock.pass(31 * time.Second)
			_, _, err = w.SignIn(t.Context(), email, another, from(10))
			refused(t, err, models.KindUnauthenticated, "credentials_wrong")
			_, _, err = w.SignIn(t.Context(), email, another, from(10))
			refused(t, err, models.KindTooMany, "attempts_too_many")
		})
	}
	t.Run("does not shut its owner out for long", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		sideBySide(100, func(int) error {
			_, _, err := w.SignIn(t.Context(), "lea@example.org", another, auth.Client{})
			return err
		})
		w.clock.pass(31 * time.Second)
		w.signIn("lea@example.org", password)
	})
	t.Run("is not what its owner does by signing in often", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		for range 40 {
			w.signIn("lea@example.org", password)
		}
	})
	t.Run("counts where the password is asked for again", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		for range 10 {
			_, err := w.ChangePassword(t.Context(), lea.actor, another, another, true)
			refused(t, err, models.KindInvalid, "password_wrong")
		}
		_, err := w.ChangePassword(t.Context(), lea.actor, password, another, true)
		refused(t, err, models.KindTooMany, "attempts_too_many")
	})
}

func TestGuessingFromAnAddress(t *testing.T) {
	guess := func(w *world, n int, from string) []error {
		return sideBySide(n, func(int) error {
			_, _, err := w.SignIn(w.t.Context(), string(models.NewID())+"@example.org", password, auth.Client{Address: netip.MustParseAddr(from)})
			return err
		})
	}
	t.Run("at many accounts is slowed down, and for others it isn't", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		for range 50 {
			guess(w, 1, "192.0.2.7")
		}
		_, _, err := w.SignIn(t.Context(), "lea@example.org", password, hall)
		if e := refused(t, err, models.KindTooMany, "attempts_too_many"); e.RetryAfter < 1 || e.RetryAfter > 3 {
			t.Errorf("retry after %d s", e.RetryAfter)
		}
		_, _, err = w.SignUp(t.Context(), auth.NewAccount{Email: "bo@example.org", Name: "Bo", Password: password}, hall)
		refused(t, err, models.KindTooMany, "attempts_too_many")
		_, _, err = w.SignIn(t.Context(), "lea@example.org", password, auth.Client{Address: netip.MustParseAddr("192.0.2.8")})
		must(t, err)
		w.clock.pass(3 * time.Second)
		w.signIn("lea@example.org", password)
	})
	t.Run("by signing up with addresses that are taken is slowed down too", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		taken := func() error {
			_, _, err := w.SignUp(t.Context(), auth.NewAccount{Email: "lea@example.org", Name: "L", Password: password}, hall)
			return err
		}
		for range 50 {
			refused(t, taken(), models.KindConflict, "email_taken")
		}
		refused(t, taken(), models.KindTooMany, "attempts_too_many")
	})
	t.Run("side by side is paid for afterwards, but not for ever", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		errs := guess(w, 300, "192.0.2.7")
		if count(errs, "credentials_wrong")+count(errs, "attempts_too_many") != 300 {
			t.Fatal(errors.Join(errs...))
		}
		w.clock.pass(2 * 51 * time.Second)
		w.signIn("lea@example.org", password)
	})
	t.Run("of one IPv6 customer is one address", func(t *testing.T) {
		w := newWorld(t)
		for i := range 50 {
			guess(w, 1, fmt.Sprintf("2001:db8:0:1::%x", i+1))
		}
		if errs := guess(w, 1, "2001:db8:0:1:ffff::1"); count(errs, "attempts_too_many") != 1 {
			t.Errorf("the same network: %v", errs)
		}
		if errs := guess(w, 1, "2001:db8:0:2::1"); count(errs, "credentials_wrong") != 1 {
			t.Errorf("another network: %v", errs)
		}
	})
	t.Run("is not what a lecture hall does", func(t *testing.T) {
		w := newWorld(t)
		w.signUp("lea@example.org")
		for i := range 250 {
			email := fmt.Sprintf("s%d@example.org", i)
			w.signUp(email)
			w.signIn(email, password)
		}
	})
}

func TestTheLimiterForgets(t *testing.T) {
	if kept := auth.FillLimiter(25_000); kept > 20_000 {
		t.Errorf("%d buckets are kept", kept)
	}
}

func TestHashingIsBounded(t *testing.T) {
	slow := func(o *auth.Options) {
		o.Hashing = argon2id.Params{Memory: 128 * 1024, Iterations: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}
		o.HashSlots, o.HashQueue = 1, 1
	}
	w := newWorld(t)
	t.Run("beyond the queue, callers are told to come back", func(t *testing.T) {
		s := w.process(w.db, slow)
		errs := sideBySide(10, func(i int) error {
			_, _, err := s.SignIn(t.Context(), fmt.Sprintf("s%d@example.org", i), password, hall)
			if models.KindOf(err) == models.KindUnavailable {
				if e := refused(t, err, models.KindUnavailable, "busy"); e.RetryAfter < 1 {
					return fmt.Errorf("retry after %d s", e.RetryAfter)
				}
			}
			return err
		})
		done, busy := count(errs, "credentials_wrong"), count(errs, "busy")
		if done < 2 || busy == 0 || done+busy != 10 || s.Hashes() != int64(done) {
			t.Errorf("%d done, %d told to come back, %d hashes: %v", done, busy, s.Hashes(), errors.Join(errs...))
		}
		_, _, err := s.SignIn(t.Context(), "late@example.org", password, hall)
		refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	})
	t.Run("who gives up stops waiting", func(t *testing.T) {
		s := w.process(deaf{w.db}, slow)
		first := make(chan error, 1)
		go func() {
			_, _, err := s.SignIn(context.WithoutCancel(t.Context()), "a@example.org", password, hall)
			first <- err
		}()
		for s.Hashes() == 0 {
			if len(first) != 0 {
				t.Fatal("the first ended without hashing")
			}
			runtime.Gosched()
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, err := s.SignIn(ctx, "b@example.org", password, hall)
		refused(t, err, models.KindUnavailable, "busy")
		if !errors.Is(err, context.Canceled) || len(first) != 0 {
			t.Errorf("gave up with %v, after the first had ended: %v", err, len(first) != 0)
		}
		refused(t, <-first, models.KindUnauthenticated, "credentials_wrong")
	})
}

// deaf looks up accounts for callers who gave up, too.
type deaf struct{ *mongodb.DB }

func (d deaf) UserByEmail(ctx context.Context, email string) (*models.User, error) {
	return d.DB.UserByEmail(context.WithoutCancel(ctx), email)
}

func TestAPasswordChangedDuringASignIn(t *testing.T) {
	t.Run("is the one that counts", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		s := w.process(meanwhile{w.db, func() {
			_, _, err := w.ResetPassword(t.Context(), auth.Operator(), lea.Email, another)
			must(t, err)
		}})
		_, _, err := s.SignIn(t.Context(), lea.Email, password, hall)
		refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	})
	t.Run("leaves no session of the old one", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		passwords := []string{password, another}
		for i := range 10 {
			errs := sideBySide(9, func(j int) (err error) {
				if j == 4 {
					_, _, err = w.ResetPassword(t.Context(), auth.Operator(), lea.Email, passwords[(i+1)%2])
				} else {
					_, _, err = w.SignIn(t.Context(), lea.Email, passwords[i%2], auth.Client{})
				}
				return err
			})
			if count(errs, "")+count(errs, "credentials_wrong") != 9 || errs[4] != nil {
				t.Fatal(errors.Join(errs...))
			}
			all, err := w.Sessions(t.Context(), lea.actor)
			must(t, err)
			if len(all) != 0 {
				t.Fatalf("%d sessions of the old password live", len(all))
			}
			w.clock.pass(time.Hour)
		}
	})
}

// meanwhile does something before a sign-in is written down.
type meanwhile struct {
	*mongodb.DB
	do func()
}

func (m meanwhile) TouchUser(ctx context.Context, id models.ID, verified, hash string) error {
	m.do()
	return m.DB.TouchUser(ctx, id, verified, hash)
}

func TestRefreshing(t *testing.T) {
	t.Run("replaces the refresh token, and keeps only hashes", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		w.clock.pass(time.Hour)
		tokens, user, err := w.Refresh(t.Context(), lea.tokens.Refresh)
		must(t, err)
		if user.ID != lea.ID || tokens.Refresh == lea.tokens.Refresh || tokens.Access == lea.tokens.Access || w.whoIs(tokens) != lea.actor {
			t.Errorf("refreshed to %+v of %s", tokens, user.ID)
		}
		kept, err := w.db.Session(t.Context(), lea.actor.SessionID)
		must(t, err)
		if text := fmt.Sprint(*kept); strings.Contains(text, tokens.Refresh) || strings.Contains(text, lea.tokens.Refresh) || kept.RefreshHash == "" {
			t.Errorf("kept %s", text)
		}
		if !kept.UsedAt.Equal(w.clock.now().Truncate(time.Millisecond)) {
			t.Errorf("last used %v", kept.UsedAt)
		}
	})
	t.Run("takes the token before for a moment, and gives the same one again", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		first, _, err := w.Refresh(t.Context(), lea.tokens.Refresh)
		must(t, err)
		w.clock.pass(9 * time.Second)
		second, _, err := w.process(w.db).Refresh(t.Context(), lea.tokens.Refresh)
		must(t, err)
		if first.Refresh != second.Refresh {
			t.Error("two tabs got two refresh tokens")
		}
		third, _, err := w.Refresh(t.Context(), first.Refresh)
		must(t, err)
		if w.whoIs(second) != lea.actor || w.whoIs(third) != lea.actor {
			t.Error("a tab lost its session")
		}
	})
	t.Run("side by side gives everybody the same token", func(t *testing.T) {
		w := newWorld(t)
		token := w.signUp("lea@example.org").tokens.Refresh
		for range 5 {
			given := make([]string, 10)
			errs := sideBySide(10, func(i int) error {
				tokens, _, err := w.Refresh(t.Context(), token)
				given[i] = tokens.Refresh
				return err
			})
			must(t, errors.Join(errs...))
			for _, g := range given {
				if g != given[0] || g == token {
					t.Fatalf("given %v", given)
				}
			}
			token = given[0]
		}
	})
	for name, wait := range map[string]time.Duration{"with the token before, after the grace,": auth.RefreshGrace, "with an older token, at once,": 0} {
		t.Run(name+" ends the session", func(t *testing.T) {
			w := newWorld(t)
			lea := w.signUp("lea@example.org")
			other := w.signIn("lea@example.org", password)
			next, _, err := w.Refresh(t.Context(), lea.tokens.Refresh)
			must(t, err)
			if wait == 0 {
				next, _, err = w.Refresh(t.Context(), next.Refresh)
				must(t, err)
			}
			w.clock.pass(wait)
			_, _, err = w.Refresh(t.Context(), lea.tokens.Refresh)
			refused(t, err, models.KindUnauthenticated, "refresh_reused")
			_, _, err = w.Refresh(t.Context(), next.Refresh)
			refused(t, err, models.KindUnauthenticated, "session_ended")
			if w.lives(next) || !w.lives(other) {
				t.Errorf("the session lives %v, another %v", w.lives(next), w.lives(other))
			}
			if diff := cmp.Diff(map[models.ID]models.ID{lea.actor.SessionID: lea.ID}, w.ended(lea.ID)); diff != "" {
				t.Errorf("streams were told (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("with a made-up token ends nothing", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		id, rest, _ := strings.Cut(lea.tokens.Refresh, ".")
		_, mac, _ := strings.Cut(rest, ".")
		for _, token := range []string{"", ".", "..", "x", id, id + ".1.", id + ".2." + mac, id + ".01." + mac, id + ".1." + mac + "A", string(models.NewID()) + ".1." + mac} {
			_, _, err := w.Refresh(t.Context(), token)
			refused(t, err, models.KindUnauthenticated, "refresh_invalid")
			must(t, w.SignOut(t.Context(), token))
		}
		foreign := w.process(w.db, func(o *auth.Options) { o.Secret = make([]byte, 32) })
		_, _, err := foreign.Refresh(t.Context(), lea.tokens.Refresh)
		refused(t, err, models.KindUnauthenticated, "refresh_invalid")
		if !w.lives(lea.tokens) {
			t.Error("a made-up token ended the session")
		}
	})
	t.Run("keeps a session alive, but not for ever", func(t *testing.T) {
		w := newWorld(t)
		begin := w.clock.now()
		token := w.signUp("lea@example.org").tokens.Refresh
		for w.clock.now().Sub(begin) < auth.SessionLifetime-20*24*time.Hour {
			w.clock.pass(20 * 24 * time.Hour)
			tokens, _, err := w.Refresh(t.Context(), token)
			must(t, err)
			token = tokens.Refresh
			if left := begin.Add(auth.SessionLifetime).Sub(tokens.RefreshExpires); left < 0 {
				t.Fatalf("the session outlives its time by %v", -left)
			}
		}
		w.clock.pass(auth.SessionLifetime - w.clock.now().Sub(begin))
		_, _, err := w.Refresh(t.Context(), token)
		refused(t, err, models.KindUnauthenticated, "session_ended")
	})
	t.Run("comes too late after 30 days", func(t *testing.T) {
		w := newWorld(t)
		lea := w.signUp("lea@example.org")
		w.clock.pass(auth.SessionIdle)
		_, _, err := w.Refresh(t.Context(), lea.tokens.Refresh)
		refused(t, err, models.KindUnauthenticated, "session_ended")
	})
}

func TestSessions(t *testing.T) {
	w := newWorld(t)
	lea, bo := w.signUp("lea@example.org"), w.signUp("bo@example.org")
	w.clock.pass(time.Second)
	phone := w.signIn("lea@example.org", password)
	w.clock.pass(time.Second)
	desk := w.signIn("lea@example.org", password)

	list := func() (ids []models.ID) {
		t.Helper()
		all, err := w.Sessions(t.Context(), lea.actor)
		must(t, err)
		for _, s := range all {
			ids = append(ids, s.ID)
			if s.Current != (s.ID == lea.actor.SessionID) || s.UserID != lea.ID || s.Device != hall.Device {
				t.Errorf("a session is listed as %+v", s)
			}
		}
		return ids
	}
	here, there, away := lea.actor.SessionID, w.whoIs(phone).SessionID, w.whoIs(desk).SessionID

	if diff := cmp.Diff([]models.ID{away, there, here}, list()); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	for _, id := range []models.ID{bo.actor.SessionID, models.NewID()} {
		refused(t, w.EndSession(t.Context(), lea.actor, id), models.KindNotFound, "session_not_found")
	}
	if !w.lives(bo.tokens) {
		t.Error("Lea ended Bo's session")
	}
	must(t, w.EndSession(t.Context(), lea.actor, there))
	if w.lives(phone) {
		t.Error("an ended session lives")
	}
	refused(t, w.EndSession(t.Context(), lea.actor, there), models.KindNotFound, "session_not_found")
	if diff := cmp.Diff([]models.ID{away, here}, list()); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	must(t, w.EndOtherSessions(t.Context(), lea.actor))
	if diff := cmp.Diff([]models.ID{here}, list()); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	must(t, w.EndOtherSessions(t.Context(), lea.actor)) // none are left to end
	must(t, w.SignOut(t.Context(), lea.tokens.Refresh))
	must(t, w.SignOut(t.Context(), lea.tokens.Refresh))
	if w.lives(lea.tokens) || !w.lives(bo.tokens) {
		t.Errorf("after signing out, one's own session lives %v, another's %v", w.lives(lea.tokens), w.lives(bo.tokens))
	}
	if diff := cmp.Diff(map[models.ID]models.ID{here: lea.ID, there: lea.ID, away: lea.ID}, w.ended(lea.ID)); diff != "" {
		t.Errorf("streams were told (-want +got):\n%s", diff)
	}
}

func TestAnAccountHasAHundredSessions(t *testing.T) {
	w := newWorld(t)
	oldest := w.signUp("lea@example.org")
	var next auth.Tokens
	for i := range 100 {
		w.clock.pass(time.Second)
		if tokens := w.signIn("lea@example.org", password); i == 0 {
			next = tokens
		}
	}
	if w.lives(oldest.tokens) || !w.lives(next) {
		t.Errorf("of 101 sessions the oldest lives %v, the next %v", w.lives(oldest.tokens), w.lives(next))
	}
	if diff := cmp.Diff(map[models.ID]models.ID{oldest.actor.SessionID: oldest.ID}, w.ended(oldest.ID)); diff != "" {
		t.Errorf("streams were told (-want +got):\n%s", diff)
	}
}
