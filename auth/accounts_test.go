package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/auth"
	"feltbog/models"
	"feltbog/mongodb"
)

func TestSigningUp(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("  Lea@Example.org ")
	bo := w.signUp("bo@example.org")

	t.Run("the first account is the administrator, the second is not", func(t *testing.T) {
		if !lea.Admin || !lea.actor.Admin || bo.Admin || bo.actor.Admin {
			t.Errorf("administrators: first %v, second %v", lea.Admin, bo.Admin)
		}
	})
	t.Run("an account is as it was asked for, and its password is not in it", func(t *testing.T) {
		kept, err := w.Me(t.Context(), lea.actor)
		must(t, err)
		if kept.Email != "Lea@Example.org" || kept.EmailKey != "lea@example.org" || kept.Language != "en" || kept.Version != 1 {
			t.Errorf("kept %+v", kept)
		}
		if !strings.HasPrefix(kept.PasswordHash, "$argon2id$v=19$") || strings.Contains(kept.PasswordHash, password) {
			t.Errorf("the password is kept as %s", kept.PasswordHash)
		}
		if diff := cmp.Diff(kept, lea.User); diff != "" {
			t.Errorf("kept and given differ (-kept +given):\n%s", diff)
		}
	})
	t.Run("an e-mail makes one account, in whatever case", func(t *testing.T) {
		_, _, err := w.SignUp(t.Context(), auth.NewAccount{Email: "LEA@example.ORG", Name: "L", Password: password}, hall)
		refused(t, err, models.KindConflict, "email_taken")
	})
	t.Run("asking to be an administrator makes none", func(t *testing.T) {
		_, user, err := w.SignUp(t.Context(), auth.NewAccount{Email: "eve@example.org", Name: "Eve", Password: password, Admin: true}, hall)
		must(t, err)
		if user.Admin {
			t.Error("somebody made themself an administrator")
		}
	})
}

func TestFaultsOfNewAccounts(t *testing.T) {
	w := newWorld(t)
	good := auth.NewAccount{Email: "lea@example.org", Name: "Lea Hansen", Password: password, Language: "da"}
	for name, c := range map[string]struct {
		change func(*auth.NewAccount)
		fields []models.Field
	}{
		"no e-mail":                    {func(n *auth.NewAccount) { n.Email = " " }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"no domain":                    {func(n *auth.NewAccount) { n.Email = "lea" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"a name with the address":      {func(n *auth.NewAccount) { n.Email = "Lea <lea@example.org>" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"two addresses":                {func(n *auth.NewAccount) { n.Email = "lea@example.org,bo@example.org" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"a persona's address":          {func(n *auth.NewAccount) { n.Email = "lea@Persona.invalid" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"an e-mail of 255 bytes":       {func(n *auth.NewAccount) { n.Email = strings.Repeat("l", 243) + "@example.org" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"an e-mail with a NUL":         {func(n *auth.NewAccount) { n.Email = "l\x00@example.org" }, []models.Field{{Pointer: "/email", Problem: "email_malformed"}}},
		"no name":                      {func(n *auth.NewAccount) { n.Name = "\t " }, []models.Field{{Pointer: "/name", Problem: "name_missing"}}},
		"a name of 201":                {func(n *auth.NewAccount) { n.Name = strings.Repeat("å", 201) }, []models.Field{{Pointer: "/name", Problem: "name_too_long"}}},
		"a name of two lines":          {func(n *auth.NewAccount) { n.Name = "Lea\nHansen" }, []models.Field{{Pointer: "/name", Problem: "name_control_character"}}},
		"an unknown language":          {func(n *auth.NewAccount) { n.Language = "tlh" }, []models.Field{{Pointer: "/language", Problem: "language_unknown"}}},
		"no password":                  {func(n *auth.NewAccount) { n.Password = "" }, []models.Field{{Pointer: "/password", Problem: "password_too_short"}}},
		"a password of 9":              {func(n *auth.NewAccount) { n.Password = "æblegrød!" }, []models.Field{{Pointer: "/password", Problem: "password_too_short"}}},
		"a password of 201":            {func(n *auth.NewAccount) { n.Password = strings.Repeat("lamp ", 41) }, []models.Field{{Pointer: "/password", Problem: "password_too_long"}}},
		"a common password":            {func(n *auth.NewAccount) { n.Password = "PassWord123" }, []models.Field{{Pointer: "/password", Problem: "password_too_common"}}},
		"a common Danish password":     {func(n *auth.NewAccount) { n.Password = "adgangskode" }, []models.Field{{Pointer: "/password", Problem: "password_too_common"}}},
		"a run of letters":             {func(n *auth.NewAccount) { n.Password = "ghijklmnopqrst" }, []models.Field{{Pointer: "/password", Problem: "password_too_common"}}},
		"a run of digits, down":        {func(n *auth.NewAccount) { n.Password = "43210987654321" }, []models.Field{{Pointer: "/password", Problem: "password_too_common"}}},
		"four letters again and again": {func(n *auth.NewAccount) { n.Password = "abbaabbacdcdabba" }, []models.Field{{Pointer: "/password", Problem: "password_too_common"}}},
		"the name as password":         {func(n *auth.NewAccount) { n.Password = "lea hansen" }, []models.Field{{Pointer: "/password", Problem: "password_is_name"}}},
		"the e-mail as password":       {func(n *auth.NewAccount) { n.Password = "Lea@Example.org" }, []models.Field{{Pointer: "/password", Problem: "password_is_name"}}},
		"everything at once": {
			func(n *auth.NewAccount) { *n = auth.NewAccount{Email: "lea", Password: "short", Language: "x"} },
			[]models.Field{
				{Pointer: "/email", Problem: "email_malformed"},
				{Pointer: "/name", Problem: "name_missing"},
				{Pointer: "/language", Problem: "language_unknown"},
				{Pointer: "/password", Problem: "password_too_short"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := good
			c.change(&in)
			_, _, err := w.SignUp(t.Context(), in, hall)
			e := refused(t, err, models.KindInvalid, c.fields[0].Problem)
			if diff := cmp.Diff(c.fields, e.Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("nothing was made, and nothing hashed", func(t *testing.T) {
		if n := w.Hashes(); n != 0 {
			t.Errorf("%d hashes", n)
		}
		_, user, err := w.SignUp(t.Context(), good, hall)
		must(t, err)
		if !user.Admin || user.Language != "da" {
			t.Errorf("the first account is %+v", user)
		}
	})
	t.Run("limits are met exactly", func(t *testing.T) {
		_, _, err := w.SignUp(t.Context(), auth.NewAccount{
			Email: strings.Repeat("l", 242) + "@example.org", Name: strings.Repeat("å", 200), Password: strings.Repeat("lamp ", 40),
		}, hall)
		must(t, err)
		_, _, err = w.SignUp(t.Context(), auth.NewAccount{Email: "x@localhost", Name: "å", Password: "æblegrød!1"}, hall)
		must(t, err)
	})
}

func TestWhoMaySignUp(t *testing.T) {
	for rule, code := range map[auth.SignUpRule]string{auth.SignUpInvite: "sign_up_invite_only", auth.SignUpClosed: "sign_up_closed", "": "sign_up_invite_only"} {
		t.Run("where it is "+string(rule)+", only the first may", func(t *testing.T) {
			w := newWorld(t, func(o *auth.Options) { o.SignUp = rule })
			w.signUp("lea@example.org")
			_, _, err := w.SignUp(t.Context(), auth.NewAccount{Email: "bo@example.org", Name: "Bo", Password: password}, hall)
			refused(t, err, models.KindForbidden, code)
			if n := w.Hashes(); n != 1 {
				t.Errorf("%d hashes were made, one of them for nothing", n)
			}
		})
	}
	t.Run("an unknown rule makes no service, nor does a short secret", func(t *testing.T) {
		if _, err := auth.New(nil, auth.Options{SignUp: "opne", Secret: make([]byte, 32)}); err == nil {
			t.Error("the rule opne was taken")
		}
		if _, err := auth.New(nil, auth.Options{Secret: make([]byte, 31)}); err == nil {
			t.Error("a secret of 31 bytes was taken")
		}
	})
	t.Run("the setup code is needed for the first account only", func(t *testing.T) {
		w := newWorld(t, func(o *auth.Options) { o.SetupCode = auth.SetupCode(o.Secret) })
		lea := auth.NewAccount{Email: "lea@example.org", Name: "Lea", Password: password}
		for _, code := range []string{"", "23456-789ab-cdefg-hjkmn"} {
			lea.SetupCode = code
			_, _, err := w.SignUp(t.Context(), lea, hall)
			refused(t, err, models.KindForbidden, "setup_code_wrong")
		}
		lea.SetupCode = " " + strings.ToUpper(strings.ReplaceAll(auth.SetupCode(w.o.Secret), "-", " "))
		_, user, err := w.SignUp(t.Context(), lea, hall)
		must(t, err)
		if !user.Admin {
			t.Error("the first account isn't an administrator")
		}
		w.signUp("bo@example.org")
	})
}

func TestFiftyFirstSignUpsAtOnce(t *testing.T) {
	for rule, accounts := range map[auth.SignUpRule]int{auth.SignUpOpen: 50, auth.SignUpInvite: 1} {
		t.Run(fmt.Sprintf("where sign-up is %s, make %d accounts and one administrator", rule, accounts), func(t *testing.T) {
			w := newWorld(t, func(o *auth.Options) { o.SignUp = rule })
			processes := []*auth.Service{w.Service, w.process(w.db, func(o *auth.Options) { o.SignUp = rule })}
			errs := sideBySide(50, func(i int) error {
				_, _, err := processes[i%2].SignUp(t.Context(), auth.NewAccount{Email: fmt.Sprintf("p%d@example.org", i), Name: "P", Password: password}, hall)
				return err
			})
			if count(errs, "") != accounts || count(errs, "sign_up_invite_only") != 50-accounts {
				t.Errorf("%d made, %d refused: %v", count(errs, ""), count(errs, "sign_up_invite_only"), errors.Join(errs...))
			}
			list, err := w.ListUsers(t.Context(), auth.Operator(), models.Page{Limit: 100})
			must(t, err)
			administrators := 0
			for _, u := range list.Items {
				if u.Admin {
					administrators++
				}
			}
			if len(list.Items) != accounts || administrators != 1 {
				t.Errorf("%d accounts, %d administrators", len(list.Items), administrators)
			}
		})
	}
}

func TestASignUpThatLosesItsTransaction(t *testing.T) {
	w := newWorld(t)
	s := w.process(again{w.db, func() { w.signUp("quicker@example.org") }})
	_, user, err := s.SignUp(t.Context(), auth.NewAccount{Email: "lea@example.org", Name: "Lea", Password: password}, hall)
	must(t, err)
	kept, err := w.db.User(t.Context(), user.ID)
	must(t, err)
	if user.Admin || kept.Admin {
		t.Errorf("both were the first: given %v, kept %v", user.Admin, kept.Admin)
	}
}

// again runs each transaction for nothing first, as an engine does that loses its primary.
type again struct {
	*mongodb.DB
	between func()
}

func (a again) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	lost := errors.New("lost")
	err := a.DB.Tx(ctx, func(ctx context.Context) error { return errors.Join(fn(ctx), lost) })
	if !errors.Is(err, lost) {
		return err
	}
	a.between()
	return a.DB.Tx(ctx, fn)
}

func TestChangingTheProfile(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	name, danish, none := " Lea Holm ", "da", ""

	changed, err := w.ChangeProfile(t.Context(), lea.actor, 1, auth.ProfileFields{Name: &name})
	must(t, err)
	if changed.Name != "Lea Holm" || changed.Language != "en" || changed.Version != 2 {
		t.Errorf("changed to %+v", changed)
	}
	_, err = w.ChangeProfile(t.Context(), lea.actor, 1, auth.ProfileFields{Language: &danish})
	if e := refused(t, err, models.KindStale, "version_stale"); cmp.Diff(e.Current, any(changed)) != "" {
		t.Errorf("the current version is given as %+v", e.Current)
	}
	_, err = w.ChangeProfile(t.Context(), lea.actor, 0, auth.ProfileFields{Name: &none, Language: &none})
	if e := refused(t, err, models.KindInvalid, "name_missing"); len(e.Fields) != 2 {
		t.Errorf("fields %v", e.Fields)
	}
	kept, err := w.Me(t.Context(), lea.actor)
	must(t, err)
	if diff := cmp.Diff(changed, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestChangingTheEmail(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	w.signUp("bo@example.org")

	_, err := w.ChangeEmail(t.Context(), lea.actor, 0, another, "lea@example.com")
	e := refused(t, err, models.KindInvalid, "password_wrong")
	if diff := cmp.Diff([]models.Field{{Pointer: "/password", Problem: "password_wrong"}}, e.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	_, err = w.ChangeEmail(t.Context(), lea.actor, 0, password, "lea")
	refused(t, err, models.KindInvalid, "email_malformed")
	_, err = w.ChangeEmail(t.Context(), lea.actor, 0, password, "BO@example.org")
	refused(t, err, models.KindConflict, "email_taken")
	_, err = w.ChangeEmail(t.Context(), lea.actor, 7, password, "lea@example.com")
	refused(t, err, models.KindStale, "version_stale")

	_, err = w.ChangeEmail(t.Context(), lea.actor, 1, password, "Lea@Example.com")
	must(t, err)
	_, _, err = w.SignIn(t.Context(), "lea@example.org", password, hall)
	refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	w.signIn("lea@example.com", password)
	w.signUp("lea@example.org")
}

func TestChangingThePassword(t *testing.T) {
	w := newWorld(t)
	lea := w.signUp("lea@example.org")
	elsewhere := w.signIn("lea@example.org", password)
	bo := w.signUp("bo@example.org")

	_, err := w.ChangePassword(t.Context(), lea.actor, another, another, true)
	refused(t, err, models.KindInvalid, "password_wrong")
	_, err = w.ChangePassword(t.Context(), lea.actor, password, "lea@example.org", true)
	refused(t, err, models.KindInvalid, "password_is_name")
	if !w.lives(elsewhere) {
		t.Error("a refused change ended a session")
	}
	there := w.whoIs(elsewhere).SessionID

	_, err = w.ChangePassword(t.Context(), lea.actor, password, another, true)
	must(t, err)
	if w.lives(elsewhere) || !w.lives(lea.tokens) || !w.lives(bo.tokens) {
		t.Errorf("sessions live: elsewhere %v, here %v, another's %v", w.lives(elsewhere), w.lives(lea.tokens), w.lives(bo.tokens))
	}
	if diff := cmp.Diff(map[models.ID]models.ID{there: lea.ID}, w.ended(lea.ID)); diff != "" {
		t.Errorf("streams were told (-want +got):\n%s", diff)
	}
	_, _, err = w.SignIn(t.Context(), "lea@example.org", password, hall)
	refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	w.signIn("lea@example.org", another)
}

func TestDeletingAnAccount(t *testing.T) {
	w := newWorld(t)
	lea, bo := w.signUp("lea@example.org"), w.signUp("bo@example.org")
	left := 0
	leave := func(ctx context.Context, actor models.Actor) error {
		left++
		if actor != bo.actor {
			t.Errorf("%v leaves, not %v", actor, bo.actor)
		}
		_, err := w.Me(ctx, actor)
		return err
	}

	t.Run("needs the password", func(t *testing.T) {
		refused(t, w.DeleteAccount(t.Context(), bo.actor, another, leave), models.KindInvalid, "password_wrong")
	})
	t.Run("is not for the only administrator", func(t *testing.T) {
		refused(t, w.DeleteAccount(t.Context(), lea.actor, password, leave), models.KindConflict, "administrator_needed")
	})
	t.Run("is not for the only owner of a project", func(t *testing.T) {
		refused(t, w.DeleteAccount(t.Context(), bo.actor, password, func(context.Context, models.Actor) error {
			return models.Conflict("owner_needed", "You are the only owner.")
		}), models.KindConflict, "owner_needed")
	})
	t.Run("is not done unless it is", func(t *testing.T) {
		if left != 0 || !w.lives(bo.tokens) || len(w.ended(bo.ID)) != 0 {
			t.Errorf("%d left, session lives %v, told %v", left, w.lives(bo.tokens), w.ended(bo.ID))
		}
	})
	t.Run("leaves first, then ends the sessions and frees the address", func(t *testing.T) {
		must(t, w.DeleteAccount(t.Context(), bo.actor, password, leave))
		if left != 1 || w.lives(bo.tokens) {
			t.Errorf("%d left, session lives %v", left, w.lives(bo.tokens))
		}
		if diff := cmp.Diff(map[models.ID]models.ID{bo.actor.SessionID: bo.ID}, w.ended(bo.ID)); diff != "" {
			t.Errorf("streams were told (-want +got):\n%s", diff)
		}
		_, _, err := w.Refresh(t.Context(), bo.tokens.Refresh)
		refused(t, err, models.KindUnauthenticated, "session_ended")
		_, _, err = w.SignIn(t.Context(), "bo@example.org", password, hall)
		refused(t, err, models.KindUnauthenticated, "credentials_wrong")
		if again := w.signUp("bo@example.org"); again.ID == bo.ID {
			t.Error("the old account came back")
		}
	})
}

func TestTwoAdministratorsLeavingAtOnce(t *testing.T) {
	w := newWorld(t)
	w.signUp("nobody@example.org") // the first
	first, err := w.db.UserByEmail(t.Context(), "nobody@example.org")
	must(t, err)
	stays := models.Actor{UserID: first.ID}
	for i := range 5 {
		email := fmt.Sprintf("admin%d@example.org", i)
		_, _, err := w.CreateUser(t.Context(), auth.Operator(), auth.NewAccount{Email: email, Name: "A", Password: password, Admin: true})
		must(t, err)
		actors := []models.Actor{stays, w.whoIs(w.signIn(email, password))}
		errs := sideBySide(2, func(i int) error {
			return w.DeleteAccount(t.Context(), actors[i], password, func(context.Context, models.Actor) error { return nil })
		})
		if count(errs, "") != 1 || count(errs, "administrator_needed") != 1 {
			t.Fatalf("of two administrators, %d left: %v", count(errs, ""), errors.Join(errs...))
		}
		if errs[0] == nil {
			stays = actors[1]
		}
	}
}
