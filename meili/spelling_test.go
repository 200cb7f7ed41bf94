package meili_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNearSpellings asks the engine, since only it says what matches: `≈` stands before what has a word
// asked for in a near spelling only.
func TestNearSpellings(t *testing.T) {
	w := newWorld(t)
	w.note(w.owner, "harbour", "1 The harbour office keeps registers.\n2 The harbor office keeps a register and a regster.\n"+
		"3 Cafe\u0301 Noir på Ærø, Aalborg og Ålborg.\n4 DataHub, og data i en hub: 👩‍👩‍👧.")
	w.settle()
	for query, want := range map[string][]string{
		"harbour office":       {"1", "≈2"},
		"harbor":               {"2", "≈1"},
		"register office":      {"1", "2"},
		"regist":               {"1", "2"},
		"registr office":       {"≈2"},
		`"harbor office"`:      {"2"},
		"cafe noir":            {"3"},
		"café noir":            {"3"},
		"ålborg ærø":           {"3"},
		"aalborg aeroe":        {"3"},
		"aalbrog":              {"≈3"},
		"data hub":             {"4"},
		"datahub":              {"4"},
		"👩‍👩‍👧":                {"4"},
		`office -"a regster"`:  {"1"},
		`"office keeps" harbr`: {"≈1", "≈2"},
	} {
		var got []string
		for _, hit := range w.search(w.owner, passages(q(query))).Items {
			sign := ""
			if hit.Near {
				sign = "≈"
			}
			got = append(got, fmt.Sprint(sign, hit.Text[:1]))
			if hit.Block == 0 {
				t.Errorf("%s finds a passage without its block", query)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}
