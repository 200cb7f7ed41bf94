package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feltbog/mail/mailtest"
)

// study is what somebody has of the demo project.
type study struct {
	*project

	personas []string // their user ids
	counts   map[string]int
}

// demo reads the one demo project of a person.
func (p *person) demo(t *testing.T) study {
	t.Helper()
	projects := get[page](t, p, "/projects").Items
	if len(projects) != 1 || !strings.Contains(projects[0].Name, "invented") {
		t.Fatalf("The projects are %v.", projects)
	}
	d := study{project: &project{person: p, path: "/projects/" + projects[0].ID}, counts: map[string]int{}}
	for _, list := range []string{"notes", "codings", "memos", "links", "sites", "participants"} {
		d.counts[list] = len(all(t, p, d.path+"/"+list))
		if d.counts[list] == 0 {
			t.Errorf("The demo project has no %s.", list)
		}
	}
	courses := get[page](t, p, "/courses").Items
	if len(courses) != 1 || !strings.Contains(courses[0].Name, "invented") {
		t.Errorf("The courses are %v.", courses)
	}
	for _, m := range get[page](t, p, d.path+"/members").Items {
		if m.UserID != p.id {
			d.personas = append(d.personas, m.UserID)
		}
	}
	return d
}

// searchable says whether a search finds the notes of the demo project.
func (d study) searchable() error {
	found, err := d.search("type=passage&q=fundament")
	if err == nil && len(found) == 0 {
		err = errors.New("nothing is found")
	}
	return err
}

var (
	shownEmail    = regexp.MustCompile(`Sign in as +(\S+)\n`)
	shownPassword = regexp.MustCompile(`(?:Password|New password of \S+):? +(\S+)\n`)
)

// submatch gives what a pattern catches in a text.
func submatch(t *testing.T, pattern *regexp.Regexp, text string) string {
	t.Helper()
	found := pattern.FindAllStringSubmatch(text, -1)
	if len(found) != 1 {
		t.Fatalf("%s is %d times in %q.", pattern, len(found), text)
	}
	return found[0][1]
}

// TestDemo is what `make run` gives, and the commands beside it.
func TestDemo(t *testing.T) {
	t.Parallel()
	post := mailtest.Start(t, func(m *mailtest.Server) { m.NoTLS = true })
	s := serve(t, dataDir(t), []string{"FELTBOG_SMTP_ADDR=" + post.Addr, "FELTBOG_SMTP_FROM=Feltbog <feltbog@example.org>", "FELTBOG_SMTP_TLS=none"}, "--demo")
	data := []string{"--data", s.dir}
	email, password := submatch(t, shownEmail, s.out.String()), submatch(t, shownPassword, s.out.String())
	var admin *person
	var first study

	need(t, t.Run("the sign-in that is shown opens the demo project", func(t *testing.T) {
		if strings.Count(s.out.String(), password) != 1 || strings.Contains(s.errs.String(), password) {
			t.Error("The password is shown more than once.")
		}
		admin = s.signIn(t, email, password)
		first = admin.demo(t)
		notes, err := filepath.Glob(filepath.Join(root(t), "demo", "study", "[0-9]*.yaml"))
		if err != nil || len(notes) == 0 || first.counts["notes"] != len(notes) || len(first.personas) != 3 {
			t.Errorf("The demo project has %v and the personas %v.", first.counts, first.personas)
		}
		eventually(t, "search finds the demo's notes", first.searchable)
	}))

	need(t, t.Run("its personas can't sign in, nor be given a password", func(t *testing.T) {
		for _, m := range get[struct {
			Items []struct{ UserID, Email, Name string }
		}](t, admin, first.path+"/members").Items {
			if m.UserID == admin.id {
				continue
			}
			for _, guess := range []string{"", m.Name, password} {
				r := s.stranger().do(t, http.MethodPost, "/auth/sign-in", object{"email": m.Email, "password": guess})
				if r.status != http.StatusUnauthorized && r.status != http.StatusUnprocessableEntity {
					t.Errorf("The persona %s with %q: %d %s", m.Email, guess, r.status, r.raw)
				}
			}
			if _, errs := run(t, 1, nil, append([]string{"user", "reset-password", m.Email}, data...)...); !strings.Contains(errs, "nobody has an account") {
				t.Errorf("A password for %s: %q", m.Email, errs)
			}
		}
	}))

	need(t, t.Run("a second start keeps everything and shows no password", func(t *testing.T) {
		s.stop(t)
		s.start(t)
		if strings.Contains(s.out.String(), "Password") {
			t.Errorf("It says %q.", s.out.String())
		}
		again := s.signIn(t, email, password).demo(t)
		if again.path != first.path || !maps.Equal(again.counts, first.counts) || !slices.Equal(again.personas, first.personas) {
			t.Errorf("After a second start there is %v, before there was %v.", again, first)
		}
		eventually(t, "search finds the demo's notes", first.searchable)
	}))

	need(t, t.Run("an account made beside the server can have a copy with personas of its own", func(t *testing.T) {
		out, _ := run(t, 0, nil, append([]string{"user", "add", "bo@example.org", "--name", "Bo Ågård"}, data...)...)
		bo := s.signIn(t, "bo@example.org", submatch(t, shownPassword, out))
		if none := get[page](t, bo, "/projects").Items; len(none) != 0 {
			t.Errorf("Bo has the projects %v.", none)
		}
		run(t, 0, nil, append([]string{"demo", "--user", "bo@example.org"}, data...)...)
		second := bo.demo(t)
		if second.path == first.path || !maps.Equal(second.counts, first.counts) || len(second.personas) != 3 {
			t.Errorf("The copy has %v, the first %v.", second, first)
		}
		for _, p := range second.personas {
			if slices.Contains(first.personas, p) {
				t.Errorf("The persona %s is in both.", p)
			}
		}
		eventually(t, "search finds the copy's notes", second.searchable)
		if _, errs := run(t, 1, nil, append([]string{"demo", "--user", "nobody@example.org"}, data...)...); !strings.Contains(errs, "nobody has an account with the e-mail nobody@example.org") {
			t.Errorf("For nobody it says %q.", errs)
		}
		if _, errs := run(t, 1, nil, append([]string{"user", "add", "bo@example.org"}, data...)...); !strings.Contains(errs, "There is an account with this e-mail already.") {
			t.Errorf("For a known e-mail it says %q.", errs)
		}
	}))

	need(t, t.Run("the list shows who has an account", func(t *testing.T) {
		out, _ := run(t, 0, nil, append([]string{"user", "list"}, data...)...)
		rows := map[string][]string{}
		for line := range strings.Lines(out) {
			columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			rows[columns[0]] = columns[1:]
		}
		if a, b := rows[email], rows["bo@example.org"]; len(a) != 3 || a[2] != "administrator" || len(b) != 3 || b[0] != "Bo Ågård" || b[2] != "" {
			t.Errorf("The list is\n%s", out)
		}
	}))

	need(t, t.Run("a new password ends what the old one opened", func(t *testing.T) {
		old := s.signIn(t, email, password)
		out, _ := run(t, 0, nil, append([]string{"user", "reset-password", email}, data...)...)
		renewed := submatch(t, shownPassword, out)
		old.do(t, http.MethodGet, "/me", nil).want(t, http.StatusUnauthorized)
		s.stranger().do(t, http.MethodPost, "/auth/sign-in", object{"email": email, "password": password}).want(t, http.StatusUnauthorized)
		*admin = *s.signIn(t, email, renewed)
		link, _ := run(t, 0, nil, append([]string{"user", "reset-link", "--email", email}, data...)...)
		if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/reset-password/[\w-]{43}\n$`).MatchString(link) {
			t.Errorf("The link is %q.", link)
		}
		if _, errs := run(t, 1, nil, append([]string{"user", "reset-link", "--email", "nobody@example.org"}, data...)...); !strings.Contains(errs, "nobody has an account") {
			t.Errorf("A link for nobody: %q", errs)
		}
		if _, errs := run(t, 1, nil, append([]string{"user", "reset-password", "nobody@example.org"}, data...)...); !strings.Contains(errs, "nobody has an account") {
			t.Errorf("For nobody it says %q.", errs)
		}
	}))

	need(t, t.Run("a forgotten password is answered with a letter whose link leads here", func(t *testing.T) {
		s.stranger().do(t, http.MethodPost, "/auth/forgot-password", object{"email": email}).want(t, http.StatusAccepted)
		if l := post.Wait(t, 1)[0]; l.To != email || !strings.Contains(l.Text, "\n"+s.url+"/reset-password/") {
			t.Errorf("The letter is %+v.", l)
		}
	}))

	need(t, t.Run("the index is built anew while the server runs", func(t *testing.T) {
		out, _ := run(t, 0, nil, append([]string{"reindex"}, data...)...)
		if !strings.HasSuffix(out, "4 of 4 projects and exercises indexed\nThe search index is complete.\n") {
			t.Errorf("It says %q.", out)
		}
		if err := first.searchable(); err != nil {
			t.Error(err)
		}
	}))

	need(t, t.Run("and without it, from nothing", func(t *testing.T) {
		s.stop(t)
		if err := os.RemoveAll(filepath.Join(s.dir, "meilisearch")); err != nil {
			t.Fatal(err)
		}
		out, _ := run(t, 0, nil, append([]string{"reindex"}, data...)...)
		if !strings.HasSuffix(out, "The search index is complete.\n") {
			t.Errorf("It says %q.", out)
		}
		s.start(t)
		if err := first.searchable(); err != nil {
			t.Error(err)
		}
		if strings.Contains(s.errs.String(), "the index is built anew") {
			t.Error("The server builds an index anew that was complete.")
		}
	}))
}

// canary is a word that must not come out.
const canary = "Kanariefugl"

// TestBeyondLoopback is a server that other machines can reach, and what it says to whom.
func TestBeyondLoopback(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)

	need(t, t.Run("without an address of its own it refuses", func(t *testing.T) {
		out, errs := run(t, 1, nil, "serve", "--data", dir, "--addr", "0.0.0.0:0")
		if out != "" || !strings.Contains(errs, "can be reached from other machines: set FELTBOG_PUBLIC_URL") || !strings.Contains(errs, "--insecure") {
			t.Errorf("It says %q and %q.", out, errs)
		}
		if made, err := os.ReadDir(dir); err != nil || len(made) > 0 {
			t.Errorf("It has made %v (%v).", made, err)
		}
	}))
	need(t, t.Run("every fault of the settings is told at once", func(t *testing.T) {
		_, errs := run(t, 1, []string{"FELTBOG_SIGN_UP=perhaps", "FELTBOG_HOST=here"}, "serve", "--data", dir, "--addr", "127.0.0.1")
		for _, want := range []string{"FELTBOG_SIGN_UP is one of", "FELTBOG_HOST isn't a variable", "FELTBOG_ADDR is HOST:PORT"} {
			if !strings.Contains(errs, want) {
				t.Errorf("It says %q, and not %q.", errs, want)
			}
		}
	}))

	ops := freeAddress(t)
	s := serve(t, dir, []string{"FELTBOG_OPS_ADDR=" + ops}, "--addr", "0.0.0.0:0", "--insecure")
	lea := s.stranger()
	need(t, t.Run("the first sign-up needs the code that is printed", func(t *testing.T) {
		code := submatch(t, regexp.MustCompile(`needs this setup code: (\S+)\n`), s.out.String())
		signUp := object{"email": leaEmail, "name": "Lea", "password": leaPassword}
		for _, wrong := range []string{"", "guess"} {
			signUp["setupCode"] = wrong
			r := lea.do(t, http.MethodPost, "/auth/sign-up", signUp).want(t, http.StatusForbidden)
			if p := decode[problem](t, r); p.Code != "setup_code_wrong" {
				t.Errorf("With %q it says %s.", wrong, r.raw)
			}
		}
		signUp["setupCode"] = code
		lea.take(post[signedIn](t, lea, "/auth/sign-up", signUp))
		if strings.Contains(s.errs.String(), code) {
			t.Error("The setup code is in the log.")
		}
	}))

	var ids []string
	need(t, t.Run("what people write and look for is not in the log", func(t *testing.T) {
		j := lea.project(t)
		note := j.note(t, "At noon the "+canary+" sang in the archive.")
		asked := j.on(t, note, "future", canary+" sang")
		post[record](t, lea, j.path+"/codings", asked)
		post[record](t, lea, j.path+"/memos", object{"target": object{"noun": "note", "id": note}, "text": "Which " + canary + "?"})
		eventually(t, "the note and the memo are found", func() error {
			found, err := j.search("q=" + canary)
			if err == nil && len(found) != 2 {
				err = fmt.Errorf("there are %d", len(found))
			}
			return err
		})
		for _, refused := range []*reply{
			lea.do(t, http.MethodPost, j.path+"/codings", object{"noteId": note, "codeId": j.codes["future"], "anchor": object{"start": 0, "end": 4, "quote": canary}}),
			lea.do(t, http.MethodPost, j.path+"/notes", object{"title": 1, "text": canary}),
			lea.do(t, http.MethodPost, j.path+"/notes", object{canary: canary}),
			lea.do(t, http.MethodGet, j.path+"/notes/"+canary, nil),
			lea.do(t, http.MethodGet, j.path+"/search?q="+strings.Repeat(canary, 100), nil),
			lea.do(t, http.MethodGet, "/nowhere/"+canary, nil),
		} {
			if refused.status < 400 || refused.status >= 500 {
				t.Errorf("%.100s = %d %s", refused.what, refused.status, refused.raw)
			}
			ids = append(ids, refused.header.Get("X-Request-Id"))
		}
	}))
	need(t, t.Run("the log is lines of JSON with the ids of requests", func(t *testing.T) {
		eventually(t, "the last request is logged", func() error {
			if !strings.Contains(s.errs.String(), ids[len(ids)-1]) {
				return errors.New("it isn't yet")
			}
			return nil
		})
		logged := map[string]bool{}
		for line := range strings.Lines(s.errs.String()) {
			var entry struct {
				Time, Level, Msg string
				RequestID        string `json:"request_id"` //nolint:tagliatelle // as logs have it
			}
			if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Time == "" || entry.Level == "" || entry.Msg == "" {
				t.Errorf("A line of the log is %q (%v).", line, err)
			}
			if strings.Contains(line, canary) {
				t.Errorf("The log tells what is nobody's business: %s", line)
			}
			logged[entry.RequestID] = true
		}
		for _, id := range ids {
			if id == "" || !logged[id] {
				t.Errorf("The request %q is not in the log.", id)
			}
		}
	}))
	need(t, t.Run("figures are on their own address alone", func(t *testing.T) {
		figures := fetch(t, "http://"+ops+"/metrics", http.StatusOK)
		for _, want := range []string{"\nfeltbog_index_lag_seconds ", "\nfeltbog_http_requests_total{", "\nfeltbog_http_streams ", "\ngo_goroutines "} {
			if !strings.Contains(figures, want) {
				t.Errorf("There is no %s.", strings.TrimSpace(want))
			}
		}
		if strings.Contains(figures, canary) {
			t.Error("The figures tell what people write.")
		}
		eventually(t, "the index has no lag", func() error {
			lag := regexp.MustCompile(`(?m)^feltbog_index_lag_seconds .*$`).FindString(fetch(t, "http://"+ops+"/metrics", http.StatusOK))
			if lag != "feltbog_index_lag_seconds 0" {
				return errors.New(lag)
			}
			return nil
		})
		if public := fetch(t, s.url+"/metrics", 0); strings.Contains(public, "feltbog_index_lag_seconds") || strings.Contains(public, "go_goroutines") {
			t.Errorf("The main address shows the figures: %.300s", public)
		}
		if health := fetch(t, s.url+"/healthz", http.StatusOK); health != "ok\n" {
			t.Errorf("/healthz says %q.", health)
		}
	}))
}
