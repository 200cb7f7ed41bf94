package main_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"feltbog/models"
)

// smallDisk is a folder on a disk of its own that is soon full.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=700m")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("A small disk can't be mounted here: %v.", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// fill takes all the room that is left.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for chunk := make([]byte, 1<<20); len(chunk) > 0; {
		_, err := f.Write(chunk)
		if errors.Is(err, syscall.ENOSPC) {
			chunk = chunk[:len(chunk)/2]
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestFullDisk is a server whose disk fills up while people write.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	s := serve(t, filepath.Join(disk, "data"), nil)
	lea := s.signUp(t)
	j := lea.project(t)
	filler := filepath.Join(disk, "filler")
	acknowledged := map[string]string{} // the texts of notes by id

	// add writes a long note that can't be stored in less, with an id of the client's.
	add := func(t *testing.T) (*reply, error) {
		t.Helper()
		id := string(models.NewID())
		noise := make([]byte, 200_000)
		rand.NewChaCha8(sha256.Sum256([]byte(id))).Read(noise)
		for i, b := range noise {
			noise[i] = 'a' + b%26
		}
		text := fmt.Sprintf("The archive numbered %d. %s", len(acknowledged), noise) // One word, which search leaves alone.
		r, err := lea.try(http.MethodPost, j.path+"/notes", object{"id": id, "title": "Archive", "kind": "document", "siteId": j.site, "text": text}, "")
		if err != nil {
			return nil, fmt.Errorf("a write has no answer: %w", err)
		}
		if r.status == http.StatusCreated {
			acknowledged[id] = text
			return r, nil
		}
		return r, unavailable(r)
	}

	need(t, t.Run("while there is room, people write", func(t *testing.T) {
		for range 10 {
			r, err := add(t)
			if err != nil {
				t.Fatal(err)
			}
			r.want(t, http.StatusCreated)
		}
	}))
	need(t, t.Run("when there is none, they are told to come back", func(t *testing.T) {
		for end := time.Now().Add(deadline); ; {
			fill(t, filler) // again and again: engines give room back
			r, err := add(t)
			if err != nil {
				t.Fatal(err)
			}
			if r.status == http.StatusServiceUnavailable {
				t.Logf("After %d notes: %s", len(acknowledged), r.raw)
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%d notes fit on a full disk.", len(acknowledged))
			}
		}
		if r := lea.do(t, http.MethodGet, j.path+"/notes", nil); r.status != http.StatusOK {
			if err := unavailable(r); err != nil {
				t.Error(err)
			}
		}
	}))
	need(t, t.Run("the log says what to do", func(t *testing.T) {
		eventually(t, "the log says that space must be freed", func() error {
			for line := range strings.Lines(s.errs.String()) {
				var entry struct{ Level string }
				if json.Unmarshal([]byte(line), &entry) == nil && entry.Level == "ERROR" && strings.Contains(line, "free some space") {
					return nil
				}
			}
			return errors.New("it doesn't")
		})
	}))
	need(t, t.Run("with room again, all goes on, and nothing that was acknowledged is lost", func(t *testing.T) {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		before := len(acknowledged)
		eventually(t, "a note can be added", func() error {
			if _, err := add(t); err != nil {
				t.Fatal(err)
			}
			if len(acknowledged) == before {
				return errors.New("not now")
			}
			return nil
		})
		for id, text := range acknowledged {
			if got := string(j.text(t, id)); got != text {
				t.Errorf("The note %s has %d characters, want %d.", id, len(got), len(text))
			}
		}
		notes := map[string]bool{}
		for _, n := range all(t, lea, j.path+"/notes") {
			notes[n.ID] = true
		}
		eventually(t, "search finds every note", func() error {
			found, err := j.search("type=passage&q=archive+numbered")
			if err != nil {
				return err
			}
			seen := map[string]bool{}
			for _, h := range found {
				seen[h.NoteID] = true
			}
			if len(seen) != len(notes) {
				return fmt.Errorf("it finds %d of %d", len(seen), len(notes))
			}
			return nil
		})
		for id := range acknowledged {
			if !notes[id] {
				t.Errorf("The note %s is not in the list.", id)
			}
		}
	}))
}
