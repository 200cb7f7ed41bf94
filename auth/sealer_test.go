package auth_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"feltbog/auth"
	"feltbog/models"
)

var secret = []byte("thirty-two bytes, quite unrandom")

func TestSealing(t *testing.T) {
	positions := auth.NewSealer(secret, "stream positions")

	t.Run("hides a value at a fixed length", func(t *testing.T) {
		texts := map[string]bool{}
		length := 0
		for n := range 65 {
			plain := bytes.Repeat([]byte("p"), n)
			text, err := positions.Seal(plain, 64)
			must(t, err)
			if length == 0 {
				length = len(text)
			}
			if len(text) != length || !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(text) {
				t.Fatalf("%d bytes are sealed as %s", n, text)
			}
			again, err := positions.Seal(plain, 64)
			must(t, err)
			texts[text], texts[again] = true, true
			open, err := auth.NewSealer(secret, "stream positions").Open(text)
			must(t, err)
			if !bytes.Equal(open, plain) {
				t.Fatalf("%q opens as %q", plain, open)
			}
		}
		if len(texts) != 2*65 {
			t.Error("the same value was sealed in the same way")
		}
	})
	t.Run("refuses what is too long", func(t *testing.T) {
		if _, err := positions.Seal(make([]byte, 65), 64); err == nil {
			t.Error("65 bytes went into 64")
		}
		if _, err := positions.Seal(nil, 1<<16); err == nil {
			t.Error("a length that can't be written down was taken")
		}
	})
	t.Run("opens nothing that was changed, or sealed elsewhere", func(t *testing.T) {
		text, err := positions.Seal([]byte("17"), 64)
		must(t, err)
		for i := range text {
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_A"
			changed := []byte(text)
			changed[i] = alphabet[strings.IndexByte(alphabet, text[i])+1]
			_, err := positions.Open(string(changed))
			refused(t, err, models.KindMalformed, "seal_broken")
		}
		for _, other := range []string{"", "=", "A", text[:len(text)-1], text + "AAAA", text + "\n"} {
			_, err := positions.Open(other)
			refused(t, err, models.KindMalformed, "seal_broken")
		}
		_, err = auth.NewSealer(secret, "list cursors").Open(text)
		refused(t, err, models.KindMalformed, "seal_broken")
		_, err = auth.NewSealer(make([]byte, 32), "stream positions").Open(text)
		refused(t, err, models.KindMalformed, "seal_broken")
	})
}

func FuzzOpeningASeal(f *testing.F) {
	s := auth.NewSealer(secret, "fuzz")
	text, err := s.Seal([]byte("value"), 16)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, given string) {
		// Each process that fuzzes has a seal of its own among the seeds, and all of them open.
		if plain, err := s.Open(given); err == nil && string(plain) != "value" {
			t.Errorf("%q opens as %q", given, plain)
		}
	})
}

func TestCodesForPeople(t *testing.T) {
	shape := regexp.MustCompile(`^([02-9a-hjkmnp-z]{5}-){3}[02-9a-hjkmnp-z]{5}$`)
	seen := map[string]bool{}
	for range 1000 {
		seen[auth.NewPassword()] = true
	}
	seen[auth.SetupCode(secret)] = true
	seen[auth.SetupCode(make([]byte, 32))] = true
	for code := range seen {
		if !shape.MatchString(code) {
			t.Errorf("a code is %s", code)
		}
	}
	if len(seen) != 1002 {
		t.Errorf("%d codes of 1002 differ", len(seen))
	}
	if again := auth.SetupCode(bytes.Clone(secret)); !seen[again] {
		t.Error("two processes print two setup codes")
	}
}
