package api_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/models"
)

// personal is a personal token of somebody's.
type personal struct {
	id, secret string
}

// sent sends the token instead of one's own session.
func (k personal) sent() option { return with("Authorization", "Bearer "+k.secret) }

// Token makes a personal token for an hour, limited to projects if there are any.
func (p *person) Token(scope models.TokenScope, projects ...string) personal {
	p.w.t.Helper()
	body := object{"name": "Figures", "scope": scope, "expiresAt": time.Now().Add(time.Hour)}
	if len(projects) > 0 {
		body["projects"] = projects
	}
	r := p.post("/me/tokens", body).want(http.StatusCreated)
	return personal{r.text("token", "id"), r.text("secret")}
}

// script is somebody's script, which has a token and nothing else.
func (p *person) script(k personal) *person {
	p.w.t.Helper()
	s := p.w.Stranger()
	s.token, s.name, s.id = k.secret, p.name, p.id
	return s
}

// neverOrRead are the routes where the rule for tokens has an outcome that somebody should have thought of:
// closed to every token although signed-in people may use them, or good for reading although they aren't GET or HEAD.
var neverOrRead = map[api.TokenUse][]string{
	api.TokenReads: {
		"POST /projects/:project/codes/:code/merge/preview", "POST /projects/:project/codes/import/preview",
		"POST /projects/:project/notes/:note/text/preview",
	},
	api.TokenMakes: {"POST /projects", "POST /projects/:project/copy"},
}

// openOutside are the routes outside projects that a token is good for.
var openOutside = []string{"GET /codebook-templates", "GET /codebook-templates/:key", "GET /me", "GET /projects", "POST /projects"}

func TestWhatTokensAreGoodFor(t *testing.T) {
	found := map[api.TokenUse][]string{}
	var outside []string
	for _, r := range api.Routes() {
		if r.Who == api.Anybody {
			continue
		}
		name, use := r.Method+" "+strings.TrimPrefix(r.Path, "/api/v1"), r.TokenUse()
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if (use == api.TokenReads && !reads) || use == api.TokenMakes {
			found[use] = append(found[use], name)
		}
		if use != api.TokenNever && !strings.Contains(name, ":project") {
			outside = append(outside, name)
		}
		if (r.Who == models.ActionChangeMembers || r.Who == models.ActionPurge || r.Who == api.Administrator) && use != api.TokenNever {
			t.Errorf("a token is good for %s", name)
		}
		if use != api.TokenReads {
			if op := theContract(t).doc.Paths.Find(regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}")).GetOperation(r.Method); op.Responses.Value("403") == nil {
				t.Errorf("the document doesn't say that %s may be refused to a token (403)", name)
			}
		}
	}
	for use, want := range neverOrRead {
		if got := found[use]; !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("%s: %q, want %q", use, got, want)
		}
	}
	slices.Sort(outside)
	if !slices.Equal(outside, openOutside) {
		t.Errorf("outside projects a token is good for %q, want %q", outside, openOutside)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.User("admin")
	lea := w.User("lea")
	j := lea.Project("Havnsø").Member("bo", models.RoleCoder)
	other := lea.Project("Elsewhere")
	n := j.Note("The registers are what everything else stands on.")

	t.Run("a secret is told once and kept as a hash", func(t *testing.T) {
		w.in(t)
		r := lea.post("/me/tokens", object{
			"name": " Figures in R ", "scope": "read", "projects": array{j.id, j.id}, "expiresAt": time.Now().Add(366*24*time.Hour - time.Minute),
		}).want(http.StatusCreated)
		secret := r.text("secret")
		if r.text("token", "name") != "Figures in R" || r.text("token", "hint") != secret[len(secret)-4:] || len(r.list("token", "projects")) != 1 {
			t.Errorf("= %s", r.raw)
		}
		list := lea.get("/me/tokens").want(http.StatusOK)
		if len(list.items()) != 1 || strings.Contains(string(list.raw), secret) || list.text("items", 0, "id") != r.text("token", "id") {
			t.Errorf("list = %s", list.raw)
		}
		script := lea.script(personal{secret: secret})
		if got := script.get("/me").want(http.StatusOK).id(); got != lea.id {
			t.Errorf("it speaks for %s", got)
		}
		if used := lea.get("/me/tokens").want(http.StatusOK).text("items", 0, "usedAt"); used == "" {
			t.Error("its use isn't noted")
		}
		if log := w.log.String(); strings.Contains(log, secret) || strings.Contains(log, secret[3:]) || !strings.Contains(log, r.text("token", "id")) {
			t.Error("the log tells the secret, or not which token it was")
		}
		kept, err := w.db.Token(t.Context(), models.ID(r.text("token", "id")))
		if err != nil || strings.Contains(secret, kept.Hash) || len(kept.Hash) != 64 {
			t.Errorf("kept is %+v, %v", kept, err)
		}
		lea.delete("/me/tokens/" + r.text("token", "id")).want(http.StatusNoContent)
		script.get("/me").refused(http.StatusUnauthorized, "personal_token_invalid")
		lea.delete("/me/tokens/"+r.text("token", "id")).refused(http.StatusNotFound, "token_not_found")
	})

	t.Run("everything that is wrong with one is said at once", func(t *testing.T) {
		w.in(t)
		lea.post("/me/tokens", object{"name": " ", "scope": "all", "projects": array{w.User("bo").Project("Bo's").id}, "expiresAt": time.Now().Add(367 * 24 * time.Hour)}).
			refused(http.StatusUnprocessableEntity, "name_missing").pointing("/name", "/scope", "/expiresAt", "/projects/0")
		lea.post("/me/tokens", object{"name": "Old", "scope": "read", "expiresAt": time.Now().Add(-time.Second)}).
			refused(http.StatusUnprocessableEntity, "expiry_out_of_range")
		lea.post("/me/tokens", object{"name": "For ever", "scope": "read"}).refused(http.StatusUnprocessableEntity, "expiry_out_of_range")
		many := make(array, models.MaxTokenProjects+1)
		for i := range many {
			many[i] = string(models.NewID())
		}
		lea.post("/me/tokens", object{"name": "Many", "scope": "read", "projects": many, "expiresAt": time.Now().Add(time.Hour)}).
			refused(http.StatusUnprocessableEntity, "projects_too_many")
	})

	t.Run("another's is not there", func(t *testing.T) {
		w.in(t)
		k := lea.Token(models.ScopeRead)
		w.User("bo").delete("/me/tokens/"+k.id).refused(http.StatusNotFound, "token_not_found")
		if all := w.User("bo").get("/me/tokens").want(http.StatusOK).items(); len(all) != 0 {
			t.Errorf("bo sees %v", all)
		}
		lea.script(k).get("/me").want(http.StatusOK)
		lea.script(personal{secret: "fb_made-up"}).get("/me").refused(http.StatusUnauthorized, "personal_token_invalid")
		w.Stranger().post("/auth/sign-out", nil, k.sent()).want(http.StatusNoContent)
		lea.script(k).get("/me").want(http.StatusOK)
	})

	t.Run("one of some projects knows no others", func(t *testing.T) {
		w.in(t)
		script := lea.script(lea.Token(models.ScopeWrite, j.id))
		if all := script.get("/projects").want(http.StatusOK).items(); len(all) != 1 || at(t, all[0], "id") != j.id {
			t.Errorf("it sees %v", all)
		}
		script.get(j.path).want(http.StatusOK)
		script.get(other.path).refused(http.StatusNotFound, "project_not_found")
		script.get(other.path+"/stream").refused(http.StatusNotFound, "project_not_found")
		script.post(j.path+"/copy", object{"name": "A copy"}).refused(http.StatusForbidden, "token_scope")
		script.post("/projects", object{"name": "Another"}).refused(http.StatusForbidden, "token_scope")
		// Not even by repeating what the owner once did there.
		key := with("Idempotency-Key", string(models.NewID()))
		lea.post(other.path+"/sites", object{"name": "Town hall"}, key).want(http.StatusCreated)
		script.post(other.path+"/sites", object{"name": "Town hall"}, key).refused(http.StatusNotFound, "project_not_found")
		whole := lea.script(lea.Token(models.ScopeWrite))
		whole.post("/projects", object{"name": "Another"}).want(http.StatusCreated)
	})

	t.Run("undoing who is in a project is nothing for a token", func(t *testing.T) {
		w.in(t)
		w.User("ida")
		j.Member("ida", models.RoleReader)
		event := j.get(j.path+"/events?noun=member&limit=1").want(http.StatusOK).text("items", 0, "id")
		lea.script(lea.Token(models.ScopeWrite)).post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusForbidden, "token_scope")
		j.post(j.path+"/events/"+event+"/undo", nil).want(http.StatusCreated)
	})

	t.Run("what it opened ends with it", func(t *testing.T) {
		w.in(t)
		form, header := aForm(t, nil, picture)
		file := j.post(n.at+"/attachments", form, header).want(http.StatusCreated).text("attachments", 0, "id")
		k := lea.Token(models.ScopeRead)
		mine := *j
		mine.person = lea.script(k)
		l, _ := mine.Listen()
		signed := mine.get(n.at + "/attachments/" + file).want(http.StatusOK)
		w.Stranger().get(signed.text("url")).want(http.StatusOK)
		lea.delete("/me/tokens/" + k.id).want(http.StatusNoContent)
		l.ended()
		w.Stranger().get(signed.text("url")).refused(http.StatusUnauthorized, "session_ended")
	})

	t.Run("a new password ends them unless they are to stay, a reset and the account's end do", func(t *testing.T) {
		w.in(t)
		ole := w.User("ole")
		script := ole.script(ole.Token(models.ScopeRead))
		change := func(to string, more object) {
			body := object{"current": ole.password, "new": to}
			maps.Copy(body, more)
			ole.put("/me/password", body).want(http.StatusNoContent)
			ole.password = to
		}
		change("five words of ole now", object{"endTokens": false})
		script.get("/me").want(http.StatusOK)
		change("six words of ole today", nil)
		script.get("/me").refused(http.StatusUnauthorized, "personal_token_invalid")

		script = ole.script(ole.Token(models.ScopeRead))
		if _, _, err := w.options.Auth.ResetPassword(t.Context(), models.Actor{Admin: true}, ole.email, "seven words of ole"); err != nil {
			t.Fatal(err)
		}
		script.get("/me").refused(http.StatusUnauthorized, "personal_token_invalid")
		ole.take(ole.post("/auth/sign-in", object{"email": ole.email, "password": "seven words of ole"}).want(http.StatusOK))
		script = ole.script(ole.Token(models.ScopeRead))
		ole.do(http.MethodDelete, "/me", object{"password": "seven words of ole"}).want(http.StatusNoContent)
		script.get("/me").refused(http.StatusUnauthorized, "personal_token_invalid")
	})

	t.Run("there are fifty at most", func(t *testing.T) {
		w.in(t)
		per := w.User("per")
		for range models.MaxTokens {
			per.Token(models.ScopeRead)
		}
		body := object{"name": "One more", "scope": "read", "expiresAt": time.Now().Add(time.Hour)}
		per.post("/me/tokens", body).refused(http.StatusConflict, "tokens_too_many")
		for range models.MaxTokens {
			if r := per.post("/me/tokens", body); r.status == http.StatusTooManyRequests {
				return
			}
		}
		t.Error("a hundred tries were taken")
	})
}
