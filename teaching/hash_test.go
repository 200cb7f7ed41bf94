package teaching_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

// codeOf gives the code of an error that callers can act on.
func codeOf(err error) string {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"names in order":           {`{"b": 1, "a": {"d": [3, 1, 2], "c": null}}`, `{"a":{"c":null,"d":[3,1,2]},"b":1}`},
		"without white space":      {"{ \"a\" :\n [ true , false ] }", `{"a":[true,false]}`},
		"letters as they are":      {`{"a":"bl\u00e5b\u00e6r <b> & \"q\" \/"}`, `{"a":"blåbær <b> & \"q\" /"}`},
		"line separators too":      {`{"a":"x\u2028y\u2029z"}`, "{\"a\":\"x\u2028y\u2029z\"}"},
		"what only looks like one": {`{"a":"\\u2028 \\\\u2029 \\\u2028"}`, "{\"a\":\"\\\\u2028 \\\\\\\\u2029 \\\\\u2028\"}"},
		"the short escapes":        {`{"a":"\n\t\u0001\b\f\r"}`, `{"a":"\n\t\u0001\b\f\r"}`},
		"whole numbers":            {`{"a":12345678901,"b":0,"c":-5}`, `{"a":12345678901,"b":0,"c":-5}`},
		"beyond the basic plane":   {`{"a":"\ud83d\udcc8"}`, `{"a":"📈"}`},
		"what is left out":         {`{"hash":"x","a":1,"deep":{"hash":"y"}}`, `{"a":1,"deep":{"hash":"y"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := teaching.Canonical([]byte(c.in), "hash")
			if err != nil || string(got) != c.want {
				t.Errorf("%s\n is %s %v\nwant %s", c.in, got, err, c.want)
			}
		})
	}
	if _, err := teaching.Canonical([]byte("{")); err == nil {
		t.Error("half an object was taken")
	}
}

func TestHashOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 3, 10, 11, 59, 59, 120_000_000, time.UTC)
	h := &models.HandIn{
		ID: "s 1", SubmissionID: "0192d0a0-0000-7000-8000-000000000001", ExerciseID: "0192d0a0-0000-7000-8000-000000000002",
		Number: 1, At: at, By: "0192d0a0-0000-7000-8000-000000000003", MemberIDs: []models.ID{"0192d0a0-0000-7000-8000-000000000003"},
		Organisation: models.Organisation{Name: "Havnsø Kommune", Kind: models.OrganisationMunicipality, Why: "It is small."},
		Answers: []models.HandedAnswer{{
			PromptID: "0192d0a0-0000-7000-8000-000000000004", Title: models.Bilingual{En: "Future", Da: "Fremtid"}, Question: models.Bilingual{En: "Where?"},
			Text: "Data & <hope>\u2028 – “blåbær”", Words: 3, Evidence: []models.Evidence{},
		}},
	}
	hash, err := teaching.HashOf(h)
	if err != nil || len(hash) != 64 || strings.ToLower(hash) != hash {
		t.Fatalf("hash %q %v", hash, err)
	}
	// A change of the form is a change of what receipts promise: this one was computed by jq and sha256sum.
	const want = "6ec9eaeb404cae145875f91894a9625f6be1baf1179eeb394503081ea6e17013"
	if hash != want {
		t.Errorf("hash %s, want %s", hash, want)
	}
	h.Hash = hash
	h.TakenBackAt = &at
	if again, _ := teaching.HashOf(h); again != hash {
		t.Error("the hash and when it was taken back are part of the hash")
	}
	for name, change := range map[string]func(h *models.HandIn){
		"a word":          func(h *models.HandIn) { h.Answers[0].Text += "." },
		"the time":        func(h *models.HandIn) { h.At = h.At.Add(time.Millisecond) },
		"who":             func(h *models.HandIn) { h.MemberIDs = append(h.MemberIDs, h.SubmissionID) },
		"lateness":        func(h *models.HandIn) { h.Late = true },
		"the number":      func(h *models.HandIn) { h.Number = 2 },
		"an organisation": func(h *models.HandIn) { h.Organisation.Kind = "" },
		"the question":    func(h *models.HandIn) { h.Answers[0].Question.Da = "Hvor?" },
		"evidence":        func(h *models.HandIn) { h.Answers[0].Evidence = []models.Evidence{{Why: "so"}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var other models.HandIn
			raw, err := json.Marshal(h)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, &other); err != nil {
				t.Fatal(err)
			}
			if same, _ := teaching.HashOf(&other); same != hash {
				t.Fatal("what was read back has another hash")
			}
			change(&other)
			if changed, _ := teaching.HashOf(&other); changed == hash {
				t.Error("makes no other hash")
			}
		})
	}
}
