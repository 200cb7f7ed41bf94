package main_test

import (
	"strings"
	"testing"
)

func TestReadFiles(t *testing.T) {
	t.Parallel()
	t.Run("the command that the server starts is not for people", func(t *testing.T) {
		t.Parallel()
		out, _ := run(t, 0, nil, "--help")
		if strings.Contains(out, "read-files") || !strings.Contains(out, "reindex") {
			t.Errorf("The help says %q.", out)
		}
	})
	t.Run("it ends when no more files can come", func(t *testing.T) {
		t.Parallel()
		run(t, 0, nil, "read-files") // its standard input is empty
	})
	t.Run("a program for PDFs that isn't there is told of at the start", func(t *testing.T) {
		t.Parallel()
		_, errs := run(t, 1, []string{"FELTBOG_PDFTOTEXT=/nowhere/pdftotext"}, "user", "list", "--data", t.TempDir())
		if !strings.Contains(errs, "FELTBOG_PDFTOTEXT names no program") {
			t.Errorf("It says %q.", errs)
		}
	})
}
