package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/mail"
	"feltbog/mail/mailtest"
	"feltbog/models"
)

// posting sends a world's letters to a mail server on this machine.
func posting(t *testing.T, server *mailtest.Server) func(*auth.Options, *api.Options) {
	t.Helper()
	sender, err := mail.New(mail.Config{Addr: server.Addr, From: "Feltbog <feltbog@example.org>", TLS: mail.STARTTLS, Roots: server.Roots})
	if err != nil {
		t.Fatal(err)
	}
	return func(a *auth.Options, _ *api.Options) { a.Post, a.PublicURL = sender, "https://feltbog.example.org" }
}

// Invite makes one invitation, and gives it and what its link carries.
func (j *project) Invite(body object) (id, secret string) {
	j.w.t.Helper()
	r := j.post(j.path+"/invitations", body).want(http.StatusCreated)
	return r.text("items", 0, "invitation", "id"), secretIn(j.w.t, r.text("items", 0, "link"))
}

func secretIn(t *testing.T, link string) string {
	t.Helper()
	for _, kind := range []string{"invitations", "reset-password"} {
		if secret, ok := strings.CutPrefix(link, "https://feltbog.example.org/"+kind+"/"); ok && len(secret) == 43 {
			return secret
		}
	}
	t.Fatalf("%q is no link", link)
	return ""
}

func (p *person) accept(secret string) *reply {
	p.w.t.Helper()
	return p.post("/invitations/accept", object{"token": secret})
}

func (p *person) look(secret string) *reply {
	p.w.t.Helper()
	return p.post("/invitations/look", object{"token": secret})
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("ida", models.RoleEditor)
	gone := func(t *testing.T, secret string, who *person) {
		t.Helper()
		unknown := who.look(models.NewSecret()).refused(http.StatusNotFound, "invitation_gone")
		for _, r := range []*reply{who.look(secret), who.accept(secret)} {
			r.refused(http.StatusNotFound, "invitation_gone")
			if r.text("detail") != unknown.text("detail") {
				t.Errorf("%s isn't what an unknown link gets: %s", r.raw, unknown.raw)
			}
		}
	}

	t.Run("a link is looked at by anybody and makes one member", func(t *testing.T) {
		w.in(t)
		_, secret := j.Invite(object{"role": "coder"})
		view := w.Stranger().look(secret).want(http.StatusOK)
		if view.text("projectName") != "Havnsø" || view.text("role") != "coder" || view.text("invitedBy") != "lea" || view.value("member") != false || view.text("email") != "" {
			t.Errorf("look = %s", view.raw)
		}
		bo := w.User("bo")
		w.Stranger().accept(secret).refused(http.StatusUnauthorized, "token_missing")
		if r := bo.accept(secret).want(http.StatusOK); r.id() != j.id || r.text("role") != "coder" {
			t.Errorf("accept = %s", r.raw)
		}
		if r := bo.accept(secret).want(http.StatusOK); r.id() != j.id {
			t.Errorf("the answer that was lost = %s", r.raw)
		}
		if r := bo.look(secret).want(http.StatusOK); r.value("member") != true {
			t.Errorf("look = %s", r.raw)
		}
		gone(t, secret, w.User("eve"))
		gone(t, secret, w.User("ida"))

		list := j.get(j.path + "/invitations").want(http.StatusOK)
		if list.text("items", 0, "state") != "used" || list.number("items", 0, "uses") != 1 || strings.Contains(string(list.raw), secret) {
			t.Errorf("list = %s", list.raw)
		}
		e := j.get(j.path + "/events?noun=member&limit=1").want(http.StatusOK)
		if e.text("items", 0, "actorId") != bo.id || e.text("items", 0, "type") != "member.created" || e.text("items", 0, "after", "member", "invitedBy") != j.person.id {
			t.Errorf("history = %s", e.raw)
		}
	})

	t.Run("a link for a class lets everybody in until it is withdrawn", func(t *testing.T) {
		w.in(t)
		id, secret := j.Invite(object{"role": "reader", "maxUses": 0})
		for _, name := range []string{"ann", "ben", "cia"} {
			w.User(name).accept(secret).want(http.StatusOK)
		}
		j.delete(j.path + "/invitations/" + id).want(http.StatusNoContent)
		j.delete(j.path + "/invitations/" + id).want(http.StatusNoContent)
		gone(t, secret, w.User("eve"))
		gone(t, secret, w.User("ann"))
		w.User("ann").get(j.path).want(http.StatusOK)
		w.User("nils").Project("Another").delete(j.path+"/invitations/"+id).refused(http.StatusNotFound, "project_not_found")
		other := w.User("nils").Project("Another")
		other.delete(other.path+"/invitations/"+id).refused(http.StatusNotFound, "invitation_not_found")
	})

	t.Run("a limit holds, also when many come at once", func(t *testing.T) {
		w.in(t)
		_, secret := j.Invite(object{"role": "reader", "maxUses": 3})
		var all []*person
		for _, name := range []string{"m1", "m2", "m3", "m4", "m5", "m6"} {
			all = append(all, w.User(name))
		}
		statuses := make(chan int, len(all))
		for _, p := range all {
			go func() { statuses <- p.accept(secret).status }()
		}
		in := 0
		for range all {
			if <-statuses == http.StatusOK {
				in++
			}
		}
		if in != 3 {
			t.Errorf("%d got in by a link for 3", in)
		}
	})

	t.Run("a higher role stays, and an older invitation gives nobody back what was taken", func(t *testing.T) {
		w.in(t)
		_, reader := j.Invite(object{"role": "reader", "maxUses": 0})
		_, coder := j.Invite(object{"role": "coder", "maxUses": 0})
		ida := w.User("ida")
		if r := ida.accept(reader).want(http.StatusOK); r.text("role") != "editor" {
			t.Errorf("role = %s", r.raw)
		}
		kai := w.User("kai")
		kai.accept(coder).want(http.StatusOK)
		j.patch(j.path+"/members/"+kai.id, object{"role": "reader"}, seeing(1)).want(http.StatusOK)
		if r := kai.accept(coder).want(http.StatusOK); r.text("role") != "reader" {
			t.Errorf("an older link undid what the owner decided: %s", r.raw)
		}
		_, later := j.Invite(object{"role": "coder"})
		if r := kai.accept(later).want(http.StatusOK); r.text("role") != "coder" {
			t.Errorf("a later link = %s", r.raw)
		}
		j.delete(j.path + "/members/" + kai.id).want(http.StatusNoContent)
		gone(t, coder, kai)
		_, again := j.Invite(object{"role": "coder"})
		kai.accept(again).want(http.StatusOK)
		kai.post(j.path+"/leave", nil).want(http.StatusNoContent)
		kai.get(j.path).refused(http.StatusNotFound, "project_not_found")
		_, third := j.Invite(object{"role": "coder", "maxUses": 0})
		kai.accept(third).want(http.StatusOK)
		kai.post(j.path+"/leave", nil).want(http.StatusNoContent)
		kai.accept(third).want(http.StatusOK) // who left by themself may come back
	})

	t.Run("an owner who is removed leaves no way back", func(t *testing.T) {
		w.in(t)
		j.Member("otto", models.RoleOwner)
		_, secret := j.As("otto").Invite(object{"role": "owner"})
		j.delete(j.path + "/members/" + w.User("otto").id).want(http.StatusNoContent)
		gone(t, secret, w.User("eve"))
	})

	t.Run("a project in the bin takes nobody in", func(t *testing.T) {
		w.in(t)
		other := w.User("lea").Project("To the bin")
		_, secret := other.Invite(object{"role": "coder"})
		other.delete(other.path).want(http.StatusNoContent)
		gone(t, secret, w.User("eve"))
	})

	t.Run("what can't be asked for", func(t *testing.T) {
		w.in(t)
		later := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		for code, body := range map[string]object{
			"role_unknown":            {"role": "boss"},
			"invitation_expiry":       {"role": "coder", "expiresAt": later(181 * 24 * time.Hour)},
			"invitation_uses":         {"role": "coder", "maxUses": 1001},
			"invitation_owner_once":   {"role": "owner", "maxUses": 0},
			"invitation_email_once":   {"role": "coder", "maxUses": 2, "emails": array{"x@example.org"}},
			"email_malformed":         {"role": "coder", "emails": array{"x@example.org", "nobody"}},
			"prose_too_long":          {"role": "coder", "message": strings.Repeat("a", 2001)},
			"prose_control_character": {"role": "coder", "message": "a\x00b"},
		} {
			j.post(j.path+"/invitations", body).refused(http.StatusUnprocessableEntity, code)
		}
		j.post(j.path+"/invitations", object{"role": "coder", "expiresAt": later(-time.Hour)}).refused(http.StatusUnprocessableEntity, "invitation_expiry").pointing("/expiresAt")
		many := make(array, 51)
		for i := range many {
			many[i] = strings.Repeat("x", i+1) + "@example.org"
		}
		j.post(j.path+"/invitations", object{"role": "coder", "emails": many}).refused(http.StatusUnprocessableEntity, "invitation_emails_limit")
		other := w.User("lea").Project("Full")
		for range 4 {
			other.post(other.path+"/invitations", object{"role": "coder", "emails": many[:50]}).want(http.StatusCreated)
		}
		other.post(other.path+"/invitations", object{"role": "coder"}).refused(http.StatusConflict, "invitation_limit")
	})

	t.Run("who has an account with the address finds it in the inbox, as long as it can be used", func(t *testing.T) {
		w.in(t)
		una := w.User("una")
		inbox := func() []any { return una.get("/me/inbox").want(http.StatusOK).items() }
		id, _ := j.Invite(object{"role": "coder", "emails": array{"UNA@example.org"}})
		if all := inbox(); len(all) != 1 || at(t, all[0], "kind") != "invitation" || at(t, all[0], "projectName") != "Havnsø" || at(t, all[0], "actorName") != "lea" || at(t, all[0], "read") != false {
			t.Errorf("inbox = %v", all)
		}
		j.delete(j.path + "/invitations/" + id).want(http.StatusNoContent)
		if all := inbox(); len(all) != 0 {
			t.Errorf("a withdrawn one stays: %v", all)
		}
		_, secret := j.Invite(object{"role": "coder", "emails": array{"una@example.org"}})
		una.accept(secret).want(http.StatusOK)
		if all := inbox(); len(all) != 0 {
			t.Errorf("a used one stays: %v", all)
		}
	})

	t.Run("a repeated request tells no link and keeps none", func(t *testing.T) {
		w.in(t)
		k := key()
		first := j.post(j.path+"/invitations", object{"role": "coder"}, k).want(http.StatusCreated)
		second := j.post(j.path+"/invitations", object{"role": "coder"}, k).want(http.StatusCreated)
		if first.text("items", 0, "invitation", "id") != second.text("items", 0, "invitation", "id") || second.text("items", 0, "link") != "" {
			t.Errorf("first %s\nsecond %s", first.raw, second.raw)
		}
	})

	t.Run("no secret is in the log", func(t *testing.T) {
		w.in(t)
		_, secret := j.Invite(object{"role": "coder"})
		w.Stranger().look(secret).want(http.StatusOK)
		if strings.Contains(w.log.String(), secret) {
			t.Error("the log has what a link carries")
		}
	})

	t.Run("guessing is slowed down", func(t *testing.T) {
		w.in(t)
		for range 200 {
			if r := w.Stranger().look(models.NewSecret()); r.status == http.StatusTooManyRequests {
				r.refused(http.StatusTooManyRequests, "attempts_too_many")
				return
			}
		}
		t.Error("200 guesses were taken")
	})
}

func TestSigningUpWithAnInvitation(t *testing.T) {
	t.Parallel()
	for _, rule := range []auth.SignUpRule{auth.SignUpInvite, auth.SignUpClosed} {
		t.Run(string(rule), func(t *testing.T) {
			w := newWorld(t, func(a *auth.Options, _ *api.Options) { a.SignUp = rule })
			j := w.User("lea").Project("Havnsø")
			if r := w.Stranger().get("/auth/options").want(http.StatusOK); r.value("signUp") != false || r.value("mail") != false || r.value("setupCode") != false {
				t.Errorf("options = %s", r.raw)
			}
			_, secret := j.Invite(object{"role": "coder"})
			account := func(name, secret string) object {
				return object{"email": name + "@example.org", "name": name, "password": "four words of " + name, "invitation": secret}
			}
			w.Stranger().post("/auth/sign-up", account("bo", models.NewSecret())).refused(http.StatusNotFound, "invitation_gone")
			bo := w.Stranger()
			r := bo.post("/auth/sign-up", account("bo", secret)).want(http.StatusCreated)
			bo.take(r)
			if r.text("projectId") != j.id || r.value("user", "admin") != false {
				t.Errorf("sign-up = %s", r.raw)
			}
			if r := bo.get(j.path).want(http.StatusOK); r.text("role") != "coder" {
				t.Errorf("project = %s", r.raw)
			}
			w.Stranger().post("/auth/sign-up", account("eve", secret)).refused(http.StatusNotFound, "invitation_gone")
			if r := w.User("lea").get("/users").want(http.StatusOK); len(r.items()) != 2 {
				t.Errorf("an account was made without its membership: %s", r.raw)
			}
		})
	}
}

func TestInvitationsByMail(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t, func(s *mailtest.Server) { s.Refuse = []string{"nobody@example.org"} })
	w := newWorld(t, posting(t, server))
	j := w.User("lea").Project("Søværnet")
	dan := w.User("dan")
	dan.patch("/me", object{"language": "da"}, seeing(1)).want(http.StatusOK)

	r := j.post(j.path+"/invitations", object{"role": "editor", "emails": array{"Dan@example.org", "new@example.org", "nobody@example.org", "NEW@example.org"}, "message": "We begin\non Monday."}).want(http.StatusCreated)
	if len(r.items()) != 3 {
		t.Fatalf("= %s", r.raw)
	}
	for i, want := range []string{"sent", "sent", "failed"} {
		if r.text("items", i, "mail") != want || (r.text("items", i, "problem") == "mail_failed") != (want == "failed") {
			t.Errorf("item %d = %s", i, r.raw)
		}
		secretIn(t, r.text("items", i, "link"))
	}
	letters := server.Wait(t, 2)
	for i, want := range []string{"lea inviterer dig til “Søværnet” i Feltbog", "lea invites you to “Søværnet” in Feltbog"} {
		l := letters[i]
		if l.Subject != want || !strings.Contains(l.Text, "\n"+r.text("items", i, "link")+"\n") || !strings.Contains(l.Text, "> We begin\n> on Monday.") {
			t.Errorf("letter %d: %s\n%s", i, l.Subject, l.Text)
		}
	}
	fresh := w.Stranger()
	if v := fresh.look(secretIn(t, r.text("items", 1, "link"))).want(http.StatusOK); v.text("email") != "new@example.org" {
		t.Errorf("look = %s", v.raw)
	}
	for _, secret := range []string{"nobody@example.org", "new@example.org", secretIn(t, r.text("items", 0, "link")), "Søværnet"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	// Names can't break out of where they stand.
	lea := w.User("lea")
	lea.patch("/me", object{"name": "Lea\r\nBcc: spy@example.org"}, seeing(1)).refused(http.StatusUnprocessableEntity, "name_control_character")
}
