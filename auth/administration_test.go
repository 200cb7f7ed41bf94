package auth_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/auth"
	"feltbog/models"
)

func TestCreatingAccounts(t *testing.T) {
	w := newWorld(t, func(o *auth.Options) { o.SignUp = auth.SignUpClosed })
	first, made, err := w.CreateUser(t.Context(), auth.Operator(), auth.NewAccount{Email: "lea@example.org", Name: "Lea"})
	must(t, err)

	t.Run("the first is an administrator, and sign-up is shut from then on", func(t *testing.T) {
		if !first.Admin {
			t.Error("nobody is an administrator")
		}
		_, _, err := w.SignUp(t.Context(), auth.NewAccount{Email: "eve@example.org", Name: "Eve", Password: password}, hall)
		refused(t, err, models.KindForbidden, "sign_up_closed")
	})
	t.Run("without a password get one that works", func(t *testing.T) {
		w.signIn("lea@example.org", made)
	})
	lea := w.whoIs(w.signIn("lea@example.org", made))
	t.Run("with a password get that one, and it isn't told again", func(t *testing.T) {
		bo, told, err := w.CreateUser(t.Context(), lea, auth.NewAccount{Email: "bo@example.org", Name: "Bo", Password: password, Language: "da"})
		must(t, err)
		if bo.Admin || told != "" || bo.Language != "da" {
			t.Errorf("made %+v, told %q", bo, told)
		}
		actor := w.whoIs(w.signIn("bo@example.org", password))
		_, _, err = w.CreateUser(t.Context(), actor, auth.NewAccount{Email: "eve@example.org", Name: "Eve"})
		refused(t, err, models.KindForbidden, "administrator_only")
		_, _, err = w.ResetPassword(t.Context(), actor, "lea@example.org", "")
		refused(t, err, models.KindForbidden, "administrator_only")
		_, err = w.ListUsers(t.Context(), actor, models.Page{Limit: 10})
		refused(t, err, models.KindForbidden, "administrator_only")
	})
	t.Run("may be administrators", func(t *testing.T) {
		_, told, err := w.CreateUser(t.Context(), lea, auth.NewAccount{Email: "kim@example.org", Name: "Kim", Admin: true})
		must(t, err)
		if !w.whoIs(w.signIn("kim@example.org", told)).Admin {
			t.Error("Kim is no administrator")
		}
	})
	t.Run("are held to the same rules", func(t *testing.T) {
		_, _, err := w.CreateUser(t.Context(), lea, auth.NewAccount{Email: "x", Password: "short"})
		if e := refused(t, err, models.KindInvalid, "email_malformed"); len(e.Fields) != 3 {
			t.Errorf("fields %v", e.Fields)
		}
		_, _, err = w.CreateUser(t.Context(), lea, auth.NewAccount{Email: "Lea@example.org", Name: "L"})
		refused(t, err, models.KindConflict, "email_taken")
	})
}

func TestListingAccounts(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 7 {
		email := fmt.Sprintf("P%d@example.org", 6-i)
		w.signUp(email)
		want = append([]string{email}, want...)
	}
	_, err := w.CreatePersona(t.Context(), models.NewID(), "Bo", "")
	must(t, err)

	var got []string
	page := models.Page{Limit: 3}
	for pages := 1; ; pages++ {
		list, err := w.ListUsers(t.Context(), auth.Operator(), page)
		must(t, err)
		for _, u := range list.Items {
			got = append(got, u.Email)
		}
		if page.Cursor = list.Next; page.Cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	_, err = w.ListUsers(t.Context(), auth.Operator(), models.Page{Limit: 3, Cursor: "%"})
	refused(t, err, models.KindMalformed, "cursor_malformed")
}

func TestResettingAPassword(t *testing.T) {
	w := newWorld(t)
	lea, bo := w.signUp("lea@example.org"), w.signUp("bo@example.org")
	persona, err := w.CreatePersona(t.Context(), models.NewID(), "Kim", "")
	must(t, err)

	user, told, err := w.ResetPassword(t.Context(), lea.actor, "BO@example.org", another)
	must(t, err)
	if user.ID != bo.ID || told != "" || w.lives(bo.tokens) || !w.lives(lea.tokens) {
		t.Errorf("reset for %s, told %q; sessions live: Bo's %v, Lea's %v", user.Email, told, w.lives(bo.tokens), w.lives(lea.tokens))
	}
	if diff := cmp.Diff(map[models.ID]models.ID{bo.actor.SessionID: lea.ID}, w.ended(bo.ID)); diff != "" {
		t.Errorf("streams were told (-want +got):\n%s", diff)
	}
	_, _, err = w.SignIn(t.Context(), "bo@example.org", password, hall)
	refused(t, err, models.KindUnauthenticated, "credentials_wrong")
	w.signIn("bo@example.org", another)

	_, told, err = w.ResetPassword(t.Context(), auth.Operator(), "bo@example.org", "")
	must(t, err)
	w.signIn("bo@example.org", told)

	_, _, err = w.ResetPassword(t.Context(), auth.Operator(), "bo@example.org", "short")
	refused(t, err, models.KindInvalid, "password_too_short")
	for _, email := range []string{"nobody@example.org", persona.Email} {
		_, _, err = w.ResetPassword(t.Context(), auth.Operator(), email, "")
		refused(t, err, models.KindNotFound, "account_not_found")
	}
}

func TestPersonas(t *testing.T) {
	w := newWorld(t)
	id := models.NewID()
	lea, err := w.CreatePersona(t.Context(), id, "Lea Østergård-Åkjær", "da")
	must(t, err)

	t.Run("have an address of their own that no mail reaches", func(t *testing.T) {
		want := "lea.oestergaard.aakjaer." + string(id[24:]) + "@persona.invalid"
		if lea.ID != id || lea.Email != want || !lea.Persona || lea.Admin || lea.Language != "da" {
			t.Errorf("made %+v", lea)
		}
		found, err := w.db.UserByEmail(t.Context(), lea.Email)
		must(t, err)
		if diff := cmp.Diff(lea, found); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
		other, err := w.CreatePersona(t.Context(), "", "Lea Østergård-Åkjær", "da")
		must(t, err)
		if other.Email == lea.Email || other.ID == lea.ID {
			t.Error("two copies share a persona")
		}
	})
	t.Run("are made once", func(t *testing.T) {
		again, err := w.CreatePersona(t.Context(), id, "Another name", "")
		must(t, err)
		if diff := cmp.Diff(lea, again); diff != "" {
			t.Errorf("given again (-want +got):\n%s", diff)
		}
	})
	t.Run("never take the place of an account, or the first one's", func(t *testing.T) {
		first := w.signUp("first@example.org")
		if !first.Admin {
			t.Error("a persona was taken for the first account")
		}
		_, err := w.CreatePersona(t.Context(), first.ID, "Lea", "")
		refused(t, err, models.KindConflict, "id_taken")
	})
	t.Run("have names like everybody", func(t *testing.T) {
		_, err := w.CreatePersona(t.Context(), models.NewID(), " ", "")
		refused(t, err, models.KindInvalid, "name_missing")
		_, err = w.CreatePersona(t.Context(), "8f14e45f-ceea-467f-a0e6-c1a2b3d4e5f6", "Lea", "")
		refused(t, err, models.KindInvalid, "id_malformed")
	})
}
