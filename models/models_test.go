package models_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"feltbog/models"
)

func TestMentionsAreBlankedInTheirPlace(t *testing.T) {
	who := "@[01a20154-dc84-70f8-a975-68aa2c9013e7]"
	for text, want := range map[string]string{
		"":                          "",
		"å " + who + "ø " + who:     "å " + strings.Repeat(" ", 39) + "ø " + strings.Repeat(" ", 39),
		"@[nobody] @Bo " + who[:38]: "@[nobody] @Bo " + who[:38],
	} {
		if got := models.BlankMentions(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestIdsDatesAndClocksAreReadStrictly(t *testing.T) {
	for _, c := range []struct {
		name string
		read func() error
		ok   bool
	}{
		{"an id", func() error { var v models.ID; return v.UnmarshalText([]byte("01a20154-dc84-70f8-a975-68aa2c9013e7")) }, true},
		{"an id in upper case", func() error { var v models.ID; return v.UnmarshalText([]byte("01A20154-DC84-70F8-A975-68AA2C9013E7")) }, false},
		{"an id in braces", func() error {
			var v models.ID
			return v.UnmarshalText([]byte("{01a20154-dc84-70f8-a975-68aa2c9013e7}"))
		}, false},
		{"no id", func() error { var v models.ID; return v.UnmarshalText(nil) }, true},
		{"a date", func() error { var v models.Date; return v.UnmarshalText([]byte("2024-02-29")) }, true},
		{"a day that isn't", func() error { var v models.Date; return v.UnmarshalText([]byte("2023-02-29")) }, false},
		{"a time of day", func() error { var v models.Clock; return v.UnmarshalText([]byte("09:05")) }, true},
		{"a time of day with one digit", func() error { var v models.Clock; return v.UnmarshalText([]byte("9:05")) }, false},
		{"a time that isn't", func() error { var v models.Clock; return v.UnmarshalText([]byte("24:00")) }, false},
		{"a chosen id of version 4", func() error {
			_, err := models.ChosenID("8a4b2a3c-6f0e-4d41-9d5e-0a2f6c1b7e11")
			return err
		}, false},
	} {
		if err := c.read(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestTheRoleTableIsMonotonous(t *testing.T) {
	actions := []models.Action{
		models.ActionRead, models.ActionAddNotes, models.ActionChangeNotes, models.ActionChangeSites, models.ActionAddParticipants,
		models.ActionChangeParticipant, models.ActionChangeCodebook, models.ActionAddInVivoCode, models.ActionCode, models.ActionWriteMemos,
		models.ActionLink, models.ActionChangeProject, models.ActionChangeMembers, models.ActionDeleteProject, models.ActionPurge,
	}
	for _, a := range actions {
		roles := models.Roles()
		for i := 1; i < len(roles); i++ {
			if roles[i].May(a) > roles[i-1].May(a) {
				t.Errorf("a %s may %s more than an %s", roles[i], a, roles[i-1])
			}
		}
		if models.RoleOwner.May(a) == models.GrantNone || (a != models.ActionRead && models.RoleReader.May(a) != models.GrantNone) {
			t.Errorf("%s: owner %v, reader %v", a, models.RoleOwner.May(a), models.RoleReader.May(a))
		}
		if models.Role("king").May(a) != models.GrantNone {
			t.Errorf("an unknown role may %s", a)
		}
	}
}

func TestALongQuoteIsKeptInEventsAsItsEndsAndHash(t *testing.T) {
	quote := ""
	for i := range 400 {
		quote += fmt.Sprint(i % 10) //nolint:perfsprint // a test
	}
	c := &models.Coding{Anchor: models.Anchor{Quote: quote}}
	kept := c.Image().Coding.Anchor
	if len(kept.Quote) > 250 || kept.QuoteHash != models.HashQuote(quote) || c.Anchor.Quote != quote {
		t.Fatalf("%+v", kept)
	}
	c.Anchor.Quote = "short"
	if kept := c.Image().Coding.Anchor; kept.Quote != "short" || kept.QuoteHash != "" {
		t.Fatalf("%+v", kept)
	}
}

func TestKeysAreMadeOfNames(t *testing.T) {
	taken := map[string]bool{"data": true, "data_2": true}
	for name, want := range map[string]string{
		"Data as foundation":        "data_as_foundation",
		"Åbne data på Ærø":          "aabne_data_paa_aeroe",
		"  R&D / GDPR: “why”?  ":    "r_d_gdpr_why",
		"Supplier's incentive":      "suppliers_incentive",
		"crème brûlée, Łódź":        "creme_brulee_lodz",
		"Über Öl":                   "ueber_oel",
		"данные":                    "code",
		"":                          "code",
		"1. vision":                 "code_1_vision",
		"data":                      "data_3",
		strings.Repeat("lang ", 20): strings.TrimSuffix(strings.Repeat("lang_", 12), "_"),
	} {
		if got := models.KeyFrom(name, func(k string) bool { return taken[k] }); got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
	}
}

func FuzzKeyFrom(f *testing.F) {
	for _, s := range []string{"Data", "æøå", "İ", "ﬁ", "", "_", "a__b", "9"} {
		f.Add(s)
	}
	free := func(string) bool { return false }
	f.Fuzz(func(t *testing.T, name string) {
		key := models.KeyFrom(name, free)
		if !regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`).MatchString(key) || len(key) > 60 {
			t.Errorf("%q gives %q", name, key)
		}
		if again := models.KeyFrom(key, free); again != key {
			t.Errorf("%q gives %q, and that %q", name, key, again)
		}
	})
}

func TestAnErrorIsFoundThroughItsWrapping(t *testing.T) {
	err := fmt.Errorf("insert: %w", models.Conflict("id_taken", "Taken.").Because(errors.New("E11000")))
	if models.KindOf(err) != models.KindConflict || models.KindOf(errors.New("x")) != models.KindInternal {
		t.Fatal(models.KindOf(err))
	}
}

func TestAnIDOfWordsIsTheSameEachTime(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	id := models.IDOf(at, "a", "b")
	if again := models.IDOf(at, "a", "b"); again != id {
		t.Errorf("%s, then %s", id, again)
	}
	if chosen, err := models.ChosenID(id); err != nil || chosen != id || !strings.HasPrefix(string(id), "018bcfe5-6800-7") {
		t.Errorf("%s is no UUIDv7 of its time: %v", id, err)
	}
	for _, other := range []models.ID{models.IDOf(at, "ab"), models.IDOf(at, "a", "c"), models.IDOf(at.Add(time.Millisecond), "a", "b")} {
		if other == id {
			t.Errorf("other words give %s too", id)
		}
	}
}
