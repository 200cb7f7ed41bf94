package coding_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Register", "register"},
		{"Århus Aarhus århus", "aarhus aarhus aarhus"},
		{"A\u030arhus a\u030a \u212b", "aarhus aa aa"}, // with a combining ring; the sign for ångström
		{"ÆØÅ æøå", "aeoeaa aeoeaa"},
		{"Ärende öppen O\u0308ppen a\u0308rende", "aerende oeppen oeppen aerende"},
		{"Ǽǿǻ", "aeoeaa"},
		{"Þórður Weiß", "thórdur weiss"},
		{"café Über naïve", "café über naïve"}, // the engine's own business
		{"e\u0301 u\u0308 n\u030a", "e\u0301 u\u0308 n\u030a"},
		{"a\u00a0b\u2009c\td\ne", "a b c\td\ne"},
		{"zero\u200bwidth soft\u00adhyphen \ufeff", "zerowidth softhyphen "},
		{"👩\u200d👩\u200d👧", "👩👩👧"},
		{"a", "a"},
		{"o\xff", "o\ufffd"},
		{"a\xcc", "a\ufffd"},
	} {
		if got := coding.Fold(c.text); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestUnfold(t *testing.T) {
	for _, c := range []struct {
		text string
		word string   // looked for in the folded text
		want []string // the words of the text that are marked
	}{
		{"registre", "regis", []string{"regis"}},
		{"Blåbærgrød på Ærø", "blaabaergroed", []string{"Blåbærgrød"}},
		{"Blåbærgrød på Ærø", "aeroe", []string{"Ærø"}},
		{"Blåbærgrød på Ærø", "ae", []string{"æ", "Æ"}},
		{"på", "pa", []string{"på"}}, // half of the folded å marks all of it
		{"på", "a", []string{"å"}},
		{"🧑🏽\u200d💻 koder i Ǻlborg", "koder", []string{"koder"}},
		{"🧑🏽\u200d💻 koder", "🧑", []string{"🧑🏽\u200d💻"}}, // an emoji is marked whole
		{"cafe\u0301 noir", "cafe", []string{"cafe\u0301"}},
		{"a\u030aben", "aaben", []string{"a\u030aben"}},
		{"zero\u200bwidth", "zerow", []string{"zero\u200bw"}},
		{"data data", "data", []string{"data", "data"}},
		{"datadata", "data", []string{"datadata"}},
	} {
		folded := coding.Fold(c.text)
		var spans [][2]int
		for at := 0; ; {
			i := strings.Index(folded[at:], c.word)
			if i < 0 {
				break
			}
			spans = append(spans, [2]int{at + i, at + i + len(c.word)})
			at += i + len(c.word)
		}
		points := []rune(c.text)
		var got []string
		for _, m := range coding.Unfold(c.text, spans) {
			got = append(got, string(points[m[0]:m[1]]))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", c.word, c.text, diff)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Blåbærgrød på Ærø", "A\u030a o\u0308 👩\u200d👧 cafe\u0301", "zero\u200bwidth", "\xff\xcc\x8a", "İstanbul ẞ Ǆ"} {
		f.Add(s, 3, 9)
	}
	f.Fuzz(func(t *testing.T, text string, a, b int) {
		folded := coding.Fold(text)
		if again := coding.Fold(folded); again != folded && utf8.ValidString(text) && !strings.ContainsAny(folded, "\u030a\u0308") {
			t.Fatalf("folded twice, %q becomes %q and then %q", text, folded, again)
		}
		if strings.ContainsAny(folded, "åæøäöÅÆØÄÖ") {
			t.Fatalf("%q folds to %q", text, folded)
		}
		points := []rune(text)
		all := coding.Unfold(text, [][2]int{{0, len(folded)}})
		if folded != "" && (len(all) != 1 || coding.Fold(string(points[all[0][0]:all[0][1]])) != folded) {
			t.Fatalf("all of %q is marked as %v", text, all)
		}
		from, to := within(a, len(folded)), within(b, len(folded))
		if from > to {
			from, to = to, from
		}
		for _, m := range coding.Unfold(text, [][2]int{{from, to}}) {
			if m[0] < 0 || m[0] >= m[1] || m[1] > len(points) {
				t.Fatalf("span %v of %d code points", m, len(points))
			}
			if got := coding.Fold(string(points[m[0]:m[1]])); utf8.ValidString(folded[from:to]) && utf8.ValidString(text) && !strings.Contains(got, folded[from:to]) {
				t.Fatalf("bytes %d to %d of %q, %q, are marked as %q", from, to, folded, folded[from:to], got)
			}
		}
	})
}

// within brings an offset into [0, n].
func within(at, n int) int {
	return max(at, -at, 0) % (n + 1)
}

func TestUnfoldMarksInOnePass(t *testing.T) {
	text := strings.Repeat("på Ærø 👩\u200d👧 ", 50)
	folded := coding.Fold(text)
	var spans, one [][2]int
	for at := range len(folded) {
		if strings.HasPrefix(folded[at:], "aeroe") {
			spans = append(spans, [2]int{at, at + 5})
			one = append(one, coding.Unfold(text, [][2]int{{at, at + 5}})...)
		}
	}
	if got := coding.Unfold(text, spans); len(got) != 50 || !slices.Equal(got, one) {
		t.Errorf("%d spans together and one by one: %v %v", len(spans), got, one)
	}
}
