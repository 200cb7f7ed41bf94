package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/models"
)

// cookie gives the refresh cookie as an answer set it.
func (r *reply) cookie() *http.Cookie {
	r.t.Helper()
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.Name == "feltbog_refresh" {
			return c
		}
	}
	r.t.Fatalf("%s set no cookie", r.what)
	return nil
}

func TestSignUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(a *auth.Options, o *api.Options) {
		a.SignUp, a.SetupCode, o.Secure = auth.SignUpInvite, "abcde-fghjk", true
	})
	lea := w.Stranger()
	account := object{"email": "lea@example.org", "name": "Lea", "password": "four words of lea"}

	lea.post("/auth/sign-up", account).refused(http.StatusForbidden, "setup_code_wrong")
	account["setupCode"] = "abcde-fghjk"
	r := lea.post("/auth/sign-up", account).want(http.StatusCreated)
	if r.value("user", "admin") != true || r.text("user", "language") != "en" || strings.Contains(string(r.raw), "assword") {
		t.Errorf("= %s", r.raw)
	}
	if c := r.cookie(); !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/api/v1/auth" || c.Expires.IsZero() {
		t.Errorf("cookie = %v", c)
	}
	w.Stranger().post("/auth/sign-up", object{"email": "bo@example.org", "name": "Bo", "password": "four words of bo"}).
		refused(http.StatusForbidden, "sign_up_invite_only")
}

func TestSignUpRefusals(t *testing.T) {
	w := newWorld(t)
	w.User("lea")
	for what, c := range map[string]struct {
		body     object
		status   int
		code     string
		pointers []string
	}{
		"everything wrong at once":    {object{"email": "lea", "name": "", "password": "short", "language": "fr"}, 422, "email_malformed", []string{"/email", "/name", "/language", "/password"}},
		"an e-mail that is taken":     {object{"email": "LEA@example.org", "name": "L", "password": "four other words"}, 409, "email_taken", []string{"/email"}},
		"a password everybody uses":   {object{"email": "x@example.org", "name": "X", "password": "password123"}, 422, "password_too_common", []string{"/password"}},
		"a field that isn't there":    {object{"email": "x@example.org", "admin": true}, 422, "field_unknown", []string{"/admin"}},
		"a password that is a number": {object{"email": "x@example.org", "name": "X", "password": 1234567890}, 422, "field_type", []string{"/password"}},
	} {
		t.Run(what, func(t *testing.T) {
			w.in(t)
			w.Stranger().post("/auth/sign-up", c.body).refused(c.status, c.code).pointing(c.pointers...)
		})
	}
}

func TestSessions(t *testing.T) {
	w := newWorld(t)
	lea := w.User("lea")
	signIn := func(password string) *reply {
		return w.Stranger().post("/auth/sign-in", object{"email": lea.email, "password": password})
	}

	t.Run("a wrong password and an unknown e-mail look the same", func(t *testing.T) {
		w.in(t)
		wrong := signIn("not my password").refused(http.StatusUnauthorized, "credentials_wrong")
		unknown := w.Stranger().post("/auth/sign-in", object{"email": "nobody@example.org", "password": "x"}).refused(http.StatusUnauthorized, "credentials_wrong")
		if wrong.text("detail") != unknown.text("detail") {
			t.Errorf("%s\n%s", wrong.raw, unknown.raw)
		}
	})

	t.Run("the cookie gives new tokens, once each", func(t *testing.T) {
		w.in(t)
		before := lea.token
		r := lea.post("/auth/refresh", nil).want(http.StatusOK)
		lea.take(r)
		if lea.token == "" || r.text("user", "id") != lea.id || r.cookie().Value == "" {
			t.Errorf("= %s", r.raw)
		}
		lea.get("/me", with("Authorization", "Bearer "+before)).want(http.StatusOK)
		lea.get("/me").want(http.StatusOK)
	})

	t.Run("without a cookie there is nothing to refresh", func(t *testing.T) {
		w.in(t)
		w.Stranger().post("/auth/refresh", nil).refused(http.StatusUnauthorized, "refresh_missing")
	})

	t.Run("a cookie that isn't ours is taken away", func(t *testing.T) {
		w.in(t)
		r := w.Stranger().post("/auth/refresh", nil, with("Cookie", "feltbog_refresh=made-up")).refused(http.StatusUnauthorized, "refresh_invalid")
		if c := r.cookie(); c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("cookie = %v", c)
		}
	})

	t.Run("a used-up cookie ends the session", func(t *testing.T) {
		w.in(t)
		thief := w.Stranger()
		r := thief.post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).want(http.StatusOK)
		thief.take(r)
		old := "feltbog_refresh=" + r.cookie().Value
		for range 2 {
			thief.post("/auth/refresh", nil).want(http.StatusOK)
		}
		w.Stranger().post("/auth/refresh", nil, with("Cookie", old)).refused(http.StatusUnauthorized, "refresh_reused")
		thief.get("/me").refused(http.StatusUnauthorized, "session_ended")
	})

	t.Run("pages of other sites can't use the cookie", func(t *testing.T) {
		w.in(t)
		for _, header := range []option{with("Sec-Fetch-Site", "cross-site"), with("Sec-Fetch-Site", "same-site"), with("Origin", "https://evil.example"), with("Origin", "null")} {
			for _, path := range []string{"/auth/refresh", "/auth/sign-out", "/auth/sign-in", "/auth/sign-up"} {
				lea.post(path, object{}, header).refused(http.StatusForbidden, "origin_foreign")
			}
		}
		lea.take(lea.post("/auth/refresh", nil, with("Sec-Fetch-Site", "same-origin"), with("Origin", w.url)).want(http.StatusOK))
		lea.take(lea.post("/auth/refresh", nil, with("Origin", "https://feltbog.example.org")).want(http.StatusOK))
	})

	t.Run("sessions are listed, and ended one by one or all but one's own", func(t *testing.T) {
		w.in(t)
		lea.delete("/me/sessions").want(http.StatusNoContent)
		phone, laptop := w.Stranger(), w.Stranger()
		phone.take(phone.post("/auth/sign-in", object{"email": lea.email, "password": lea.password}, with("User-Agent", "A phone")).want(http.StatusOK))
		laptop.take(signIn(lea.password).want(http.StatusOK))
		var device, current int
		var id string
		for _, s := range lea.get("/me/sessions").want(http.StatusOK).items() {
			if at(t, s, "device") == "A phone" {
				device++
				id = at(t, s, "id").(string)
			}
			if at(t, s, "current") == true {
				current++
			}
		}
		if device != 1 || current != 1 {
			t.Errorf("%d phones, %d current", device, current)
		}
		w.User("bo").delete("/me/sessions/"+id).refused(http.StatusNotFound, "session_not_found")
		lea.delete("/me/sessions/" + id).want(http.StatusNoContent)
		phone.get("/me").refused(http.StatusUnauthorized, "session_ended")
		laptop.get("/me").want(http.StatusOK)
		lea.delete("/me/sessions").want(http.StatusNoContent)
		laptop.get("/me").refused(http.StatusUnauthorized, "session_ended")
		lea.get("/me").want(http.StatusOK)
	})

	t.Run("signing out ends the session and takes the cookie", func(t *testing.T) {
		w.in(t)
		r := lea.post("/auth/sign-out", nil).want(http.StatusNoContent)
		if c := r.cookie(); c.MaxAge >= 0 || c.Path != "/api/v1/auth" {
			t.Errorf("cookie = %v", c)
		}
		lea.get("/me").refused(http.StatusUnauthorized, "session_ended")
		lea.post("/auth/refresh", nil).refused(http.StatusUnauthorized, "refresh_missing")
		lea.post("/auth/sign-out", nil).want(http.StatusNoContent)
	})

	t.Run("who has no cookie signs out with the access token", func(t *testing.T) {
		w.in(t)
		script := w.Stranger()
		script.take(signIn(lea.password).want(http.StatusOK))
		script.post("/auth/sign-out", nil).want(http.StatusNoContent)
		script.get("/me").refused(http.StatusUnauthorized, "session_ended")
		script.post("/auth/sign-out", nil).want(http.StatusNoContent)
	})

	t.Run("guessing is slowed down", func(t *testing.T) {
		w.in(t)
		bo := w.User("bo")
		for range 30 {
			r := w.Stranger().post("/auth/sign-in", object{"email": bo.email, "password": "a guess"})
			if r.status == http.StatusTooManyRequests {
				if r.header.Get("Retry-After") == "" {
					t.Error("the answer doesn't say how long to wait")
				}
				return
			}
		}
		t.Error("thirty guesses were taken")
	})
}

func TestMe(t *testing.T) {
	w := newWorld(t)
	lea := w.User("lea")

	t.Run("name and language", func(t *testing.T) {
		w.in(t)
		me := lea.get("/me").want(http.StatusOK)
		r := lea.patch("/me", object{"name": "Lea Holm", "language": "da"}, seeing(me.version())).want(http.StatusOK)
		if r.text("name") != "Lea Holm" || r.text("language") != "da" || r.header.Get("ETag") == me.header.Get("ETag") {
			t.Errorf("= %s", r.raw)
		}
		lea.patch("/me", object{"name": "Lea"}, seeing(me.version())).refused(http.StatusPreconditionFailed, "version_stale")
	})

	t.Run("the password, with the old one, which ends the other sessions", func(t *testing.T) {
		w.in(t)
		other := w.Stranger()
		other.take(other.post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).want(http.StatusOK))
		lea.put("/me/password", object{"current": "wrong wrong wrong", "new": "four new words of lea"}).
			refused(http.StatusUnprocessableEntity, "password_wrong").pointing("/current")
		lea.put("/me/password", object{"current": lea.password, "new": "short"}).
			refused(http.StatusUnprocessableEntity, "password_too_short").pointing("/new")
		lea.put("/me/password", object{"current": lea.password, "new": "four new words of lea"}).want(http.StatusNoContent)
		lea.password = "four new words of lea"
		other.get("/me").refused(http.StatusUnauthorized, "session_ended")
		lea.get("/me").want(http.StatusOK)
		w.Stranger().post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).want(http.StatusOK)
	})

	t.Run("the e-mail, with the password", func(t *testing.T) {
		w.in(t)
		lea.put("/me/email", object{"email": "lea@new.example", "password": "wrong"}).refused(http.StatusUnprocessableEntity, "password_wrong").pointing("/password")
		r := lea.put("/me/email", object{"email": "lea@new.example", "password": lea.password}).want(http.StatusOK)
		if r.text("email") != "lea@new.example" {
			t.Errorf("= %s", r.raw)
		}
		lea.email = "lea@new.example"
		w.Stranger().post("/auth/sign-in", object{"email": lea.email, "password": lea.password}).want(http.StatusOK)
		lea.put("/me/email", object{"email": w.User("bo").email, "password": lea.password}).refused(http.StatusConflict, "email_taken")
	})

	t.Run("the whole account, but not while a project would be without an owner", func(t *testing.T) {
		w.in(t)
		bo := w.User("bo")
		j := bo.Project("Bo's own")
		bo.do(http.MethodDelete, "/me", object{"password": "wrong"}).refused(http.StatusUnprocessableEntity, "password_wrong")
		bo.do(http.MethodDelete, "/me", object{"password": bo.password}).refused(http.StatusConflict, "owner_needed")
		j.Member("lea", models.RoleOwner)
		draft := j.Note("Mine alone.", object{"draft": true})
		r := bo.do(http.MethodDelete, "/me", object{"password": bo.password}).want(http.StatusNoContent)
		if r.cookie().MaxAge >= 0 {
			t.Error("the cookie stayed")
		}
		bo.get("/me").refused(http.StatusUnauthorized, "session_ended")
		w.Stranger().post("/auth/sign-in", object{"email": bo.email, "password": bo.password}).refused(http.StatusUnauthorized, "credentials_wrong")
		j.As("lea").get(draft.at).refused(http.StatusNotFound, "note_not_found")
		if all := j.As("lea").get(j.path + "/members").want(http.StatusOK).items(); len(all) != 1 {
			t.Errorf("members = %v", all)
		}
	})

	t.Run("the only administrator stays", func(t *testing.T) {
		w.in(t)
		lea.do(http.MethodDelete, "/me", object{"password": lea.password}).refused(http.StatusConflict, "administrator_needed")
	})
}

func TestUsers(t *testing.T) {
	w := newWorld(t)
	lea, bo := w.User("lea"), w.User("bo")

	t.Run("an administrator makes accounts, with a password that is told once", func(t *testing.T) {
		w.in(t)
		r := lea.post("/users", object{"email": "ida@example.org", "name": "Ida"}).want(http.StatusCreated)
		password := r.text("password")
		if password == "" || r.id() == "" || r.value("admin") != false {
			t.Errorf("= %s", r.raw)
		}
		w.Stranger().post("/auth/sign-in", object{"email": "ida@example.org", "password": password}).want(http.StatusOK)
		if list := lea.get("/users").want(http.StatusOK); strings.Contains(string(list.raw), "assword") || !slices.Contains(list.names(), "Ida") {
			t.Errorf("= %s", list.raw)
		}
	})

	t.Run("a password that was given isn't told again", func(t *testing.T) {
		w.in(t)
		if r := lea.post("/users", object{"email": "per@example.org", "name": "Per", "password": "four words of per", "admin": true}).want(http.StatusCreated); r.value("password") != nil || r.value("admin") != true {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("nobody else may look", func(t *testing.T) {
		w.in(t)
		bo.get("/users").refused(http.StatusForbidden, "administrator_only")
		bo.post("/users", object{"email": "x@example.org", "name": "X"}).refused(http.StatusForbidden, "administrator_only")
		w.Stranger().get("/users").refused(http.StatusUnauthorized, "token_missing")
	})
}

func TestAProxyIsBelievedOnlyIfTrusted(t *testing.T) {
	guesses := func(w *world) int {
		n := 0
		for i := range 120 {
			// Each guess is at another account, and says it comes from another address.
			r := w.Stranger().post("/auth/sign-in", object{"email": "nobody" + url.QueryEscape(string(rune('a'+i%26))) + string(rune('a'+i/26)) + "@example.org", "password": "x"},
				with("X-Forwarded-For", "192.0.2."+string(rune('0'+i%10))))
			if r.status == http.StatusTooManyRequests {
				return n
			}
			n++
		}
		return n
	}
	if n := guesses(newWorld(t)); n > 60 {
		t.Errorf("%d guesses from one address, which said it was many", n)
	}
	if n := guesses(newWorld(t, func(_ *auth.Options, o *api.Options) { o.TrustedProxies = []string{"127.0.0.1", "::1"} })); n < 120 {
		t.Errorf("%d guesses from ten addresses behind a proxy", n)
	}
}
