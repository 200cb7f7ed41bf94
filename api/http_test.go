package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/meili"
	"feltbog/models"
)

func TestHTTP(t *testing.T) {
	w := newWorld(t, func(_ *auth.Options, o *api.Options) {
		o.Frontend = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/panic" {
				panic("a note's words")
			}
			_, _ = w.Write([]byte("a page"))
		})
	})
	lea := w.User("lea")
	j := lea.Project("Havnsø")

	t.Run("an address that isn't there is a problem", func(t *testing.T) {
		w.in(t)
		lea.get("/nothing").refused(http.StatusNotFound, "route_not_found")
		lea.get("/api/nothing").refused(http.StatusNotFound, "route_not_found")
		lea.get("/api/v1/projects/").refused(http.StatusNotFound, "route_not_found")
	})

	t.Run("a method that isn't taken is a problem, with those that are", func(t *testing.T) {
		w.in(t)
		r := lea.put("/projects", object{}).refused(http.StatusMethodNotAllowed, "method_not_allowed")
		if got := r.header.Get("Allow"); !strings.Contains(got, "GET") || !strings.Contains(got, "POST") {
			t.Errorf("Allow = %q", got)
		}
	})

	t.Run("what isn't the API goes to the pages", func(t *testing.T) {
		w.in(t)
		if got := w.raw(http.MethodGet, "/", nil, ""); got.Code != http.StatusOK || got.Body.String() != "a page" {
			t.Errorf("GET / = %d %s", got.Code, got.Body)
		}
	})

	t.Run("a malformed id in an address is like one that names nothing", func(t *testing.T) {
		w.in(t)
		lea.get("/projects/havnsoe").refused(http.StatusNotFound, "project_not_found")
		lea.get("/projects/"+strings.ToUpper(j.id)).refused(http.StatusNotFound, "project_not_found")
		lea.get("/projects/%ff").refused(http.StatusNotFound, "project_not_found")
		lea.get(j.path+"/notes/%00").refused(http.StatusNotFound, "note_not_found")
		lea.get(j.path+"/notes/1").refused(http.StatusNotFound, "note_not_found")
		lea.get(j.path+"/notes/"+string(models.NewID())).refused(http.StatusNotFound, "note_not_found")
		lea.delete(j.path+"/members/bo").refused(http.StatusNotFound, "member_not_found")
	})

	t.Run("a panic is answered like any fault, and its words stay here", func(t *testing.T) {
		w.in(t)
		got := w.raw(http.MethodGet, "/panic", nil, "")
		var p struct{ Code, Detail, RequestID string }
		if err := json.Unmarshal(got.Body.Bytes(), &p); err != nil || got.Code != http.StatusInternalServerError || p.Code != "internal" {
			t.Errorf("= %d %s", got.Code, got.Body)
		}
		log := w.log.String()
		if strings.Contains(got.Body.String()+log, "note's words") || !strings.Contains(log, p.RequestID) || !strings.Contains(log, "http_test.go") {
			t.Errorf("answer %s\nlog %s", got.Body, log)
		}
	})

	t.Run("so is a panic beneath a route", func(t *testing.T) {
		w.in(t)
		o, whole := w.options, w.handler
		o.Service = coding.New(nil, nil, coding.Options{}) // there is no store to ask
		w.serve(o)
		got := w.raw(http.MethodGet, "/api/v1/projects", http.Header{"Authorization": {"Bearer " + lea.token}}, "")
		w.handler = whole
		if got.Code != http.StatusInternalServerError || !strings.Contains(got.Body.String(), `"code":"internal"`) ||
			strings.Contains(got.Body.String(), "nil pointer") || !strings.Contains(w.log.String(), "nil pointer") {
			t.Errorf("= %d %s", got.Code, got.Body)
		}
	})

	t.Run("every answer has a request id, and takes over a sane one", func(t *testing.T) {
		w.in(t)
		if got := lea.get("/me", with("X-Request-Id", "proxy-4711-abc")).header.Get("X-Request-Id"); got != "proxy-4711-abc" {
			t.Errorf("X-Request-Id = %q", got)
		}
		if got := lea.get("/me", with("X-Request-Id", "no good\tone")).header.Get("X-Request-Id"); !regexp.MustCompile(`^[0-9a-f-]{36}$`).MatchString(got) {
			t.Errorf("X-Request-Id = %q", got)
		}
	})

	t.Run("answers are neither kept nor framed nor guessed at", func(t *testing.T) {
		w.in(t)
		h := lea.get("/me").want(http.StatusOK).header
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
	})

	t.Run("a body says that it is JSON", func(t *testing.T) {
		w.in(t)
		for _, mediaType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1", "nonsense/"} {
			lea.post("/projects", []byte(`{"name":"x"}`), with("Content-Type", mediaType)).refused(http.StatusUnsupportedMediaType, "body_not_json")
		}
		lea.post("/projects", []byte(`{"name":"x"}`), with("Content-Type", "application/json"), with("Content-Encoding", "gzip")).
			refused(http.StatusUnsupportedMediaType, "body_encoded")
		lea.post("/projects", []byte(`{"name":"With a charset"}`), with("Content-Type", "application/json; charset=UTF-8")).want(http.StatusCreated)
	})

	t.Run("nobody gets in without a token, or with a wrong one", func(t *testing.T) {
		w.in(t)
		stranger := w.Stranger()
		r := stranger.get("/projects").refused(http.StatusUnauthorized, "token_missing")
		if r.header.Get("WWW-Authenticate") != "Bearer" {
			t.Error("the answer doesn't say how to sign in")
		}
		stranger.get("/projects", with("Authorization", "Bearer nonsense")).refused(http.StatusUnauthorized, "token_invalid")
		stranger.get("/projects", with("Authorization", "Basic bGVhOng=")).refused(http.StatusUnauthorized, "token_missing")
	})

	t.Run("health and readiness", func(t *testing.T) {
		w.in(t)
		if got := w.raw(http.MethodGet, "/healthz", nil, ""); got.Code != http.StatusOK {
			t.Errorf("healthz = %d", got.Code)
		}
		if r := lea.get("/readyz").want(http.StatusOK); r.value("mongodb") != true || r.value("meilisearch") != true {
			t.Errorf("readyz = %s", r.raw)
		}
	})
}

// raw sends a request past the client of the tests.
func (w *world) raw(method, path string, header http.Header, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	if header != nil {
		req.Header = header
	}
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, req)
	return out
}

func TestReadinessNamesTheEngineThatIsDown(t *testing.T) {
	w := newWorld(t, func(_ *auth.Options, o *api.Options) {
		o.Ready = func(context.Context) map[string]bool { return map[string]bool{"mongodb": true, "meilisearch": false} }
	})
	if r := w.Stranger().get("/readyz").want(http.StatusServiceUnavailable); r.value("meilisearch") != false || r.value("mongodb") != true {
		t.Errorf("readyz = %s", r.raw)
	}
}

func TestADeadEngineLosesNothing(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	w.stop()
	if err := w.db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := j.post(j.path+"/sites", object{"name": "Town hall"}).refused(http.StatusServiceUnavailable, "store_unavailable")
	if r.header.Get("Retry-After") == "" {
		t.Error("the answer doesn't say when to come back")
	}
	if !strings.Contains(w.log.String(), `"level":"ERROR"`) || !strings.Contains(w.log.String(), "cause") {
		t.Errorf("the log doesn't tell the cause:\n%s", w.log)
	}
}

func TestADeadSearchEngineStopsSearchAlone(t *testing.T) {
	w := newWorld(t)
	o := w.options
	o.Service = coding.New(w.db, meili.New("http://127.0.0.1:1", "", "test", w.db), coding.Options{})
	w.serve(o)
	j := w.User("lea").Project("Havnsø")
	r := j.get(j.path+"/search?q=registers").refused(http.StatusServiceUnavailable, "search_unavailable")
	if r.header.Get("Retry-After") == "" {
		t.Error("the answer doesn't say when to come back")
	}
	if strings.Contains(string(r.raw), "127.0.0.1") || !strings.Contains(w.log.String(), "127.0.0.1") {
		t.Errorf("the cause belongs into the log alone: %s\n%s", r.raw, w.log)
	}
	j.Note("The registers come first.").Coding("foundation", "registers")
	if strings.Contains(w.log.String(), "registers") {
		t.Errorf("the log tells what was looked for: %s", w.log)
	}
}

func TestMetrics(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	metrics, err := api.NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.Metrics = metrics })
	j := w.User("lea").Project("Havnsø")
	j.get(j.path)
	j.get(j.path + "/notes/nothing")
	w.raw("BREW", "/coffee", nil, "")
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if f.GetName() == "feltbog_http_requests_total" {
				counted[fmt.Sprintf("%s %s %s", labels["method"], labels["route"], labels["status"])] = m.GetCounter().GetValue()
			}
		}
	}
	for _, want := range []string{"GET /api/v1/projects/:project 2xx", "GET /api/v1/projects/:project/notes/:note 4xx", "POST /api/v1/auth/sign-up 2xx", "other other 4xx"} {
		if counted[want] != 1 {
			t.Errorf("%s was counted %v times, want 1: %v", want, counted[want], counted)
		}
	}
}

// TestNoWordsInLogs does everything with one word in it, and looks for the word in the log.
func TestNoWordsInLogs(t *testing.T) {
	const canary = "kanariefugl"
	w := newWorld(t)
	lea := w.User("lea")
	bo := w.User(canary)
	j := lea.Project("Project "+canary).Member(canary, models.RoleEditor)
	lea.post("/auth/sign-in", object{"email": canary + "@example.org", "password": canary}).refused(http.StatusUnauthorized, "credentials_wrong")
	lea.post("/auth/sign-up", object{"email": canary + "@example.org", "name": canary, "password": "four words of " + canary}).refused(http.StatusConflict, "email_taken")
	n := j.As(canary).Note("The "+canary+" sang in the registry.", object{"title": canary}).Coding("foundation", canary+" sang")
	bo.patch(n.path+"/codings/"+n.coding, object{"anchor": object{"start": 1, "end": 4, "quote": canary}}, seeing(1)).refused(http.StatusUnprocessableEntity, "quote_mismatch")
	bo.post(n.path+"/codes", object{"name": canary, "key": canary}).want(http.StatusCreated)
	bo.post(n.path+"/codes", object{"name": canary, "key": canary}).refused(http.StatusConflict, "code_key_taken")
	bo.post(n.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": canary}).want(http.StatusCreated)
	bo.get(n.path + "/notes?phase=" + canary).want(http.StatusOK)
	bo.get(n.path + "/search?q=" + canary)
	bo.get(n.path+"/notes?"+canary+"=1").refused(http.StatusUnprocessableEntity, "parameter_unknown")
	bo.post(n.path+"/sites", []byte(`{"`+canary+`":"`+canary+`"}`), with("Content-Type", "application/json")).refused(http.StatusUnprocessableEntity, "field_unknown")
	form, header := aForm(t, nil, file{canary + ".txt", []byte(canary)}, file{canary + ".pdf", []byte(canary)})
	bo.post(n.path+"/imports", form, header).want(http.StatusOK)
	bo.put(n.at+"/text", object{"text": "Now the " + canary + " is silent."}, seeing(1)).want(http.StatusOK)
	bo.delete(n.at).want(http.StatusNoContent)
	eventually(t, "the log has the last request", func() bool {
		return strings.Contains(w.log.String(), `"method":"DELETE","route":"/api/v1/projects/:project/notes/:note","status":204`)
	})
	if log := w.log.String(); strings.Contains(log, canary) {
		for line := range strings.Lines(log) {
			if strings.Contains(line, canary) {
				t.Errorf("the log tells what people wrote: %s", line)
			}
		}
	}
}

func TestPatience(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	o := w.options
	o.Patience = time.Nanosecond
	w.serve(o)

	t.Run("an ordinary request that takes too long is told to come back", func(t *testing.T) {
		w.in(t)
		if r := j.get(j.path); r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
			t.Errorf("= %d %s", r.status, r.raw)
		}
	})

	t.Run("uploads and streams take as long as they take", func(t *testing.T) {
		w.in(t)
		form, header := aForm(t, object{"kind": "document"}, text("a.txt", "Words."))
		j.post(j.path+"/imports", form, header).want(http.StatusOK)
		l, _ := j.Listen()
		l.Close()
	})
}
