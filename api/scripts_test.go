package api_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"feltbog/models"
)

// TestQuickstart runs the script that docs/scripts.md shows, with a token, as its readers do.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal("This test needs python3, as make test does.")
	}
	w := newWorld(t)
	w.User("admin")
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	var notes []*note
	for _, text := range []string{"Æblet sagde: 🙂 the registers come first.", "The cards come after.", "Nothing more."} {
		notes = append(notes, j.Note(text))
	}
	theirs := *notes[1]
	theirs.project = j.As("bo")
	theirs.Coding("future", "cards")
	j.delete(j.path + "/members/" + w.User("bo").id).want(http.StatusNoContent)
	j.departed("pseudonym")

	run := func(t *testing.T, url string, k personal, words ...string) (out, complaint string, ok bool) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), python, append([]string{"../docs/scripts/quickstart.py"}, words...)...)
		cmd.Env = append(os.Environ(), "FELTBOG_URL="+url, "FELTBOG_TOKEN="+k.secret, "PYTHONUTF8=1")
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		ok = cmd.Run() == nil
		return stdout.String(), stderr.String(), ok
	}
	reads, writes := j.Token(models.ScopeRead, j.id), j.Token(models.ScopeWrite, j.id)

	t.Run("it lists projects and notes, page by page", func(t *testing.T) {
		out, complaint, ok := run(t, w.url, reads, "projects")
		if !ok || out != j.id+" Havnsø\n" {
			t.Errorf("projects: %s%s", out, complaint)
		}
		out, complaint, ok = run(t, w.url, reads, "notes", j.id)
		if lines := strings.Split(strings.TrimSpace(out), "\n"); !ok || len(lines) != len(notes) || !strings.Contains(out, notes[2].id) {
			t.Errorf("notes: %s%s", out, complaint)
		}
	})

	t.Run("it puts a code once, though the answer gets lost", func(t *testing.T) {
		var tries atomic.Int32
		lossy := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, r)
			if r.Method == http.MethodPost && tries.Add(1) == 1 {
				out.Header().Set("Retry-After", "0")
				http.Error(out, "the gateway gave up", http.StatusServiceUnavailable)
				return
			}
			maps.Copy(out.Header(), answer.Header())
			out.WriteHeader(answer.Code)
			_, _ = io.Copy(out, answer.Body)
		}))
		defer lossy.Close()
		out, complaint, ok := run(t, lossy.URL, writes, "code", j.id, notes[0].id, "foundation", "the registers")
		if !ok || tries.Load() != 2 {
			t.Fatalf("after %d tries: %s%s", tries.Load(), out, complaint)
		}
		r := j.get(j.path + "/notes/" + notes[0].id + "/codings").want(http.StatusOK)
		if len(r.items()) != 1 || r.text("items", 0, "id") != strings.TrimSpace(out) || r.text("items", 0, "anchor", "quote") != "the registers" {
			t.Errorf("codings = %s", r.raw)
		}
		if _, complaint, ok := run(t, w.url, reads, "code", j.id, notes[0].id, "foundation", "come first"); ok || !strings.Contains(complaint, "(token_scope)") {
			t.Errorf("a token for reading: %s", complaint)
		}
	})

	t.Run("it makes a table of codings, with the coders as the project calls them", func(t *testing.T) {
		out, complaint, ok := run(t, w.url, reads, "codings", j.id)
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if !ok || err != nil || len(rows) != 3 {
			t.Fatalf("codings: %v %s%s", err, out, complaint)
		}
		if rows[1][3] != "lea" || rows[1][4] != "the registers" || rows[2][3] != "Coder 2" || rows[2][4] != "cards" {
			t.Errorf("codings = %v", rows)
		}
	})

	t.Run("it saves an export", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "codings.jsonl")
		if _, complaint, ok := run(t, w.url, reads, "export", j.id, file); !ok {
			t.Fatal(complaint)
		}
		saved, err := os.ReadFile(file)
		if err != nil || bytes.Count(saved, []byte("\n")) != 2 || !bytes.Contains(saved, []byte("Coder 2")) {
			t.Errorf("saved %s, %v", saved, err)
		}
	})

	t.Run("it says what the server says", func(t *testing.T) {
		_, complaint, ok := run(t, w.url, personal{secret: "fb_made-up"}, "projects")
		if ok || !strings.Contains(complaint, "(personal_token_invalid)") || strings.Contains(complaint, "Traceback") {
			t.Errorf("it says %s", complaint)
		}
	})
}
