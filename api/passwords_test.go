package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"feltbog/mail/mailtest"
	"feltbog/models"
)

func TestForgottenPasswords(t *testing.T) {
	server := mailtest.Start(t)
	w := newWorld(t, posting(t, server))
	lea, bo := w.User("lea"), w.User("bo")
	forgot := func(email string) *reply {
		w.t.Helper()
		return w.Stranger().post("/auth/forgot-password", object{"email": email})
	}
	reset := func(secret, password string) *reply {
		w.t.Helper()
		return w.Stranger().post("/auth/reset-password", object{"token": secret, "password": password})
	}
	letter := func(t *testing.T, n int) string {
		t.Helper()
		l := server.Wait(t, n)[n-1]
		_, after, _ := strings.Cut(l.Text, "https://")
		link, _, _ := strings.Cut(after, "\n")
		return secretIn(t, "https://"+link)
	}

	t.Run("whether somebody has an account can't be told", func(t *testing.T) {
		w.in(t)
		persona := "lea.0f3a9c2b41d0@persona.invalid"
		known, unknown := forgot("LEA@example.org"), forgot("nobody@example.org")
		known.want(http.StatusAccepted)
		if unknown.status != known.status || !bytes.Equal(unknown.raw, known.raw) {
			t.Errorf("%d %s and %d %s", known.status, known.raw, unknown.status, unknown.raw)
		}
		forgot(persona).refused(http.StatusUnprocessableEntity, "email_malformed")
		forgot("no address").refused(http.StatusUnprocessableEntity, "email_malformed")
		if l := server.Wait(t, 1)[0]; l.To != "lea@example.org" || l.Subject != "Choose a new password for Feltbog" {
			t.Errorf("letter = %+v", l)
		}
	})

	t.Run("the link works once and ends every session", func(t *testing.T) {
		w.in(t)
		secret := letter(t, 1)
		stream, _ := lea.Project("Hers").Listen()
		reset(secret, "short").refused(http.StatusUnprocessableEntity, "password_too_short").pointing("/password")
		lea.get("/me").want(http.StatusOK)
		reset(secret, "four new words of lea").want(http.StatusNoContent)
		stream.ended()
		lea.get("/me").refused(http.StatusUnauthorized, "session_ended")
		gone := reset(secret, "four other words of lea").refused(http.StatusNotFound, "reset_gone")
		if unknown := reset(models.NewSecret(), "four other words of lea").refused(http.StatusNotFound, "reset_gone"); unknown.text("detail") != gone.text("detail") {
			t.Errorf("%s\n%s", gone.raw, unknown.raw)
		}
		w.Stranger().post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).refused(http.StatusUnauthorized, "credentials_wrong")
		lea.password = "four new words of lea"
		lea.take(lea.post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).want(http.StatusOK))
	})

	t.Run("a link is of no use once the password or the address was changed", func(t *testing.T) {
		w.in(t)
		n := len(server.Letters())
		forgot(bo.email).want(http.StatusAccepted)
		secret := letter(t, n+1)
		bo.put("/me/password", object{"current": bo.password, "new": "four later words of bo"}).want(http.StatusNoContent)
		reset(secret, "four other words of bo").refused(http.StatusNotFound, "reset_gone")
		forgot(bo.email).want(http.StatusAccepted)
		secret = letter(t, n+2)
		bo.put("/me/email", object{"email": "bo@new.example", "password": "four later words of bo"}).want(http.StatusOK)
		reset(secret, "four other words of bo").refused(http.StatusNotFound, "reset_gone")
	})

	t.Run("an administrator makes a link", func(t *testing.T) {
		w.in(t)
		bo.post("/users/"+lea.id+"/reset-link", nil).refused(http.StatusForbidden, "administrator_only")
		r := lea.post("/users/"+bo.id+"/reset-link", nil).want(http.StatusCreated)
		reset(secretIn(t, r.text("link")), "four last words of bo").want(http.StatusNoContent)
		lea.post("/users/"+string(models.NewID())+"/reset-link", nil).refused(http.StatusNotFound, "account_not_found")
	})

	t.Run("nobody's mailbox is filled, and guessing is slowed down", func(t *testing.T) {
		w.in(t)
		n := len(server.Letters())
		ida := w.User("ida")
		for range 60 {
			if r := forgot(ida.email); r.status == http.StatusTooManyRequests {
				break
			}
		}
		forgot(ida.email).refused(http.StatusTooManyRequests, "attempts_too_many")
		server.Wait(t, n+3)
		if err := w.options.Auth.Close(); err != nil { // all that was begun has ended
			t.Fatal(err)
		}
		if got := len(server.Letters()) - n; got != 3 {
			t.Errorf("%d letters were sent", got)
		}
	})

	t.Run("neither links nor addresses are in the log", func(t *testing.T) {
		for _, l := range server.Letters() {
			if _, after, _ := strings.Cut(l.Text, "/reset-password/"); strings.Contains(w.log.String(), after[:43]) || strings.Contains(w.log.String(), l.To) {
				t.Errorf("the log has the link or the address of %s", l.To)
			}
		}
	})
}

func TestWithoutMailAnAdministratorHelps(t *testing.T) {
	w := newWorld(t)
	w.User("lea")
	for _, email := range []string{"lea@example.org", "nobody@example.org"} {
		w.Stranger().post("/auth/forgot-password", object{"email": email}).refused(http.StatusConflict, "mail_not_configured")
	}
	if r := w.Stranger().get("/auth/options").want(http.StatusOK); r.value("signUp") != true || r.value("mail") != false {
		t.Errorf("options = %s", r.raw)
	}
}
