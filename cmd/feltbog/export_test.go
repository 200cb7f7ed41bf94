package main_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExport writes the demo project to files beside the running server.
func TestExport(t *testing.T) {
	t.Parallel()
	s := serve(t, dataDir(t), nil, "--demo")
	admin := s.signIn(t, submatch(t, shownEmail, s.out.String()), submatch(t, shownPassword, s.out.String()))
	run(t, 0, nil, "user", "add", "bo@example.org", "--data", s.dir)
	demo, dir := admin.demo(t), t.TempDir()
	project := strings.TrimPrefix(demo.path, "/projects/")
	export := func(t *testing.T, code int, args ...string) (out, errs string) {
		t.Helper()
		return run(t, code, nil, append([]string{"export", "--data", s.dir, "--project", project}, args...)...)
	}
	rows := func(t *testing.T, path string) [][]string {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatalf("%v: %.300s", err, text)
		}
		return rows
	}
	file := filepath.Join(dir, "codings.csv")

	t.Run("a file takes the place of an older one", func(t *testing.T) {
		write(t, file, []byte("an older one"))
		told, _ := export(t, 0, "--what", "codings", "--format", "csv", "--output", file)
		if want := fmt.Sprintf("%d rows written to %s\n", demo.counts["codings"], file); told != want {
			t.Errorf("It says %q, want %q.", told, want)
		}
		if got := rows(t, file); len(got) != demo.counts["codings"]+1 || got[0][0] != "Site" {
			t.Errorf("There are %d rows under %v.", len(got), got[0])
		}
	})
	t.Run("standard output has the file alone", func(t *testing.T) {
		out, _ := export(t, 0, "--what", "notes", "--format", "jsonl", "--output", "-")
		if got := strings.Count(out, "\n"); got != demo.counts["notes"] {
			t.Errorf("There are %d notes, want %d.", got, demo.counts["notes"])
		}
		for line := range strings.Lines(out) {
			if !json.Valid([]byte(line)) {
				t.Errorf("A line is %.300s", line)
			}
		}
	})
	t.Run("what can't be written leaves no file, and the older one as it was", func(t *testing.T) {
		before := len(rows(t, file))
		for want, args := range map[string][]string{
			"The format of an export is csv, xlsx or jsonl.": {"--format", "pdf"},
			"--what is one of [codings notes codebook]":      {"--what", "users"},
			"of this user's": {"--user", "bo@example.org"},
			"nobody has an account with the e-mail stranger@example.org": {"--user", "stranger@example.org"},
		} {
			if _, errs := export(t, 1, append(args, "--output", file)...); !strings.Contains(errs, want) {
				t.Errorf("With %v it says %q.", args, errs)
			}
		}
		if _, errs := export(t, 1, "--output", dir); !strings.Contains(errs, dir) {
			t.Errorf("Where a folder is, it says %q.", errs)
		}
		if made, err := os.ReadDir(dir); err != nil || len(made) != 1 || len(rows(t, file)) != before {
			t.Errorf("There are the files %v (%v).", made, err)
		}
		if made, err := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); err != nil || len(made) > 0 {
			t.Errorf("There are the files %v (%v).", made, err)
		}
	})
}
