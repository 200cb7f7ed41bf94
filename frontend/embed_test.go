package frontend_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"feltbog/frontend"
)

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   string
}

func get(t *testing.T, h http.Handler, path string, header ...string) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func TestServe(t *testing.T) {
	script := strings.Repeat("console.log('a note')\n", 200)
	h := frontend.Serve(fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>Feltbog</title>")},
		"assets/app-abc123.js": {Data: []byte(script)},
		".gitkeep":             {},
	})

	t.Run("a page is asked for again each time, and names its content", func(t *testing.T) {
		first := get(t, h, "/")
		if first.status != http.StatusOK || first.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("GET / = %d, Cache-Control %q", first.status, first.header.Get("Cache-Control"))
		}
		again := get(t, h, "/", "If-None-Match", first.header.Get("ETag"))
		if again.status != http.StatusNotModified {
			t.Errorf("the same again = %d, want 304", again.status)
		}
	})
	t.Run("a page may load nothing but what is ours", func(t *testing.T) {
		policy := get(t, h, "/").header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "connect-src 'self';") || strings.Contains(policy, "unsafe-eval") {
			t.Errorf("policy %q", policy)
		}
	})
	t.Run("the app reads its own addresses", func(t *testing.T) {
		for _, address := range []string{"/projects/1", "/projects/1/notes/2"} {
			if got := get(t, h, address); got.status != http.StatusOK || got.body != get(t, h, "/").body {
				t.Errorf("GET %s = %d", address, got.status)
			}
		}
	})
	t.Run("an asset is kept for good", func(t *testing.T) {
		res := get(t, h, "/assets/app-abc123.js")
		if got := res.header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("Cache-Control %q", got)
		}
		if got := res.header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
		if res.body != script {
			t.Error("the script is not the one that was built")
		}
	})
	t.Run("an asset goes zipped to those who can read that, and only to them", func(t *testing.T) {
		res := get(t, h, "/assets/app-abc123.js", "Accept-Encoding", "br, gzip;q=0.8")
		if res.header.Get("Content-Encoding") != "gzip" {
			t.Fatal("it isn't zipped")
		}
		r, err := gzip.NewReader(strings.NewReader(res.body))
		if err != nil {
			t.Fatal(err)
		}
		if unzipped, err := io.ReadAll(r); err != nil || string(unzipped) != script {
			t.Error("unzipped, it is not the script")
		}
		plain := get(t, h, "/assets/app-abc123.js", "Accept-Encoding", "gzip;q=0")
		if plain.header.Get("Content-Encoding") != "" || plain.header.Get("ETag") == res.header.Get("ETag") {
			t.Error("a refused encoding was sent, or both share one ETag")
		}
	})
	for _, path := range []string{"/nothing.js", "/.gitkeep", "/assets/", "/../embed.go"} {
		t.Run("there is no "+path, func(t *testing.T) {
			if res := get(t, h, path); res.status != http.StatusNotFound {
				t.Errorf("= %d, want 404", res.status)
			}
		})
	}
	t.Run("pages can't be written", func(t *testing.T) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST / = %d, Allow %q", w.Code, w.Header().Get("Allow"))
		}
	})
	t.Run("before the first build, the answer says what to do", func(t *testing.T) {
		res := get(t, frontend.Serve(fstest.MapFS{".gitkeep": {}}), "/")
		if res.status != http.StatusNotFound || !strings.Contains(res.body, "make build") {
			t.Errorf("GET / = %d %q", res.status, res.body)
		}
	})
}

// TestBuild looks at the pages as they were built, if they were.
func TestWorker(t *testing.T) {
	res := get(t, frontend.Handler(), "/sw.js")
	if res.status == http.StatusNotFound {
		t.Skip("the pages have not been built: make build")
	}
	if got := res.header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := res.header.Get("Content-Security-Policy"); got != frontend.WorkerPolicy {
		t.Errorf("policy %q", got)
	}
	list := regexp.MustCompile(`const files = (\[.*\])`).FindStringSubmatch(res.body)
	if list == nil || !regexp.MustCompile(`const version = '[0-9a-f]{12}'`).MatchString(res.body) {
		t.Fatalf("the build wrote no list of files:\n%.300s", res.body)
	}
	var files []string
	if err := json.Unmarshal([]byte(list[1]), &files); err != nil || len(files) < 5 {
		t.Fatalf("%q: %v", files, err)
	}
	for _, file := range files {
		if got := get(t, frontend.Handler(), file); got.status != http.StatusOK || strings.Contains(file, "/api/") {
			t.Errorf("%s = %d", file, got.status)
		}
	}
}

func TestBuild(t *testing.T) {
	pages, err := fs.Glob(frontend.Files(), "*.html")
	if err != nil || len(pages) == 0 {
		t.Skip("the pages have not been built: make build")
	}
	address := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	for _, page := range pages {
		t.Run(page+" needs only what was built, and nothing of other origins", func(t *testing.T) {
			html := get(t, frontend.Page(page), "/anywhere").body
			for _, found := range address.FindAllStringSubmatch(html, -1) {
				switch to := found[1]; {
				case strings.HasPrefix(to, "/assets/"):
					if res := get(t, frontend.Handler(), to); res.status != http.StatusOK {
						t.Errorf("%s is not there", to)
					}
				case !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//"):
					t.Errorf("%q leads elsewhere", to)
				}
			}
			if inline := regexp.MustCompile(`<script>|<style|\son\w+=|\sstyle=|\{\{`).FindString(html); inline != "" {
				t.Errorf("%q is refused by the page's own policy, or was left by the build", inline)
			}
		})
	}
}
