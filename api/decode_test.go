package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/api"
	"feltbog/models"
)

// everything has a field of each sort that requests have.
type everything struct {
	ID      models.ID          `json:"id"`
	Name    *string            `json:"name"`
	Day     models.Date        `json:"day"`
	Kind    models.NoteKind    `json:"kind"`
	Start   int                `json:"start"`
	Flag    *bool              `json:"flag"`
	Words   []string           `json:"words"`
	Meeting *models.Meeting    `json:"meeting"`
	Anchors []models.Anchor    `json:"anchors"`
	Files   map[string]inner   `json:"files"`
	Weight  map[string]float64 `json:"weight"`
	inner
}

type inner struct {
	Deep   string `json:"deep"`
	Hidden string `json:"-"`
}

// FuzzUnmarshal holds the strict reader against encoding/json: it never panics, what it refuses has a
// kind and a code, and what it takes means the same to both.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { "id" : "" , "name" : "x" } `, `{"id":"0199a1b2-8b92-7ca4-8fb0-2b3c4d5e6f70","day":"2025-03-04","kind":"fieldNote","start":-3,"flag":true}`,
		`{"words":["a","\ud83d\ude42","\u00e6"],"meeting":{"purpose":"x","agenda":[]},"anchors":[{"start":1,"end":2,"quote":"x"},{}]}`,
		`{"files":{"a.txt":{"deep":"x"},"\"":{}},"weight":{"a":1.5e3,"b":-0},"deep":"y"}`,
		`{"name":"\ud800"}`, `{"name":null}`, `{"a":1,"a":2}`, `{"name":"a"}x`, `[`, `"`, "{\"name\":\"\xff\"}", `{"start":1e400}`, `{"words":[[[[[[]]]]]]}`,
		`{"Hidden":"x"}`, `{"DEEP":"x"}`, `{"start":1.0}`, `{"name":"\\\"\u0000\/"}`, "\ufeff{}", `null`, `1`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var strict, lax everything
		if err := api.Unmarshal(raw, &strict); err != nil {
			if kind := models.KindOf(err); kind != models.KindMalformed && kind != models.KindInvalid {
				t.Fatalf("%q is refused with %v", raw, err)
			}
			return
		}
		if err := json.Unmarshal(raw, &lax); err != nil {
			t.Fatalf("%q is taken, but %v", raw, err)
		}
		if d := cmp.Diff(lax, strict, cmp.AllowUnexported(everything{}, inner{})); d != "" {
			t.Fatalf("%q is read otherwise (-encoding/json +ours):\n%s", raw, d)
		}
	})
}
