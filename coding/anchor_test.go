package coding_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

func codeOf(err error) string {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestAnchorsRefuseWhatIsNotASpanOfTheText(t *testing.T) {
	text := textOf("Registrene bærer os.", 1)
	for name, c := range map[string]struct {
		start, end int
		quote      string
		want       string
	}{
		"before the text":             {-1, 3, "Reg", "anchor_out_of_text"},
		"past the text":               {0, 21, "Registrene bærer os.", "anchor_out_of_text"},
		"an end before its start":     {5, 3, "", "anchor_reversed"},
		"an empty span":               {5, 5, "", "anchor_empty"},
		"a quote of other words":      {0, 10, "Registeret", "quote_mismatch"},
		"a quote that is one off":     {1, 10, "Registren", "quote_mismatch"},
		"the right words":             {11, 16, "bærer", ""},
		"the whole text":              {0, 20, "Registrene bærer os.", ""},
		"a quote in another encoding": {11, 16, "bærer", "quote_mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			quote := c.quote
			if name == "a quote in another encoding" {
				quote = "bæ̈rer"
			}
			_, err := coding.CheckAnchor(text, models.Anchor{Start: c.start, End: c.end, Quote: quote})
			if got := codeOf(err); got != c.want || (c.want == "" && err != nil) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestAnchorsKeepTheWordsAround(t *testing.T) {
	text := textOf(strings.Repeat("a", 40)+"ÆØÅ"+strings.Repeat("b", 40), 1)
	a, err := coding.AnchorAt(text, 40, 43)
	if err != nil {
		t.Fatal(err)
	}
	if a.Quote != "ÆØÅ" || a.Prefix != strings.Repeat("a", 32) || a.Suffix != strings.Repeat("b", 32) {
		t.Fatalf("got %+v", a)
	}
}

func TestCodingsMoveWithTheirWords(t *testing.T) {
	const old = "Vi talte om registrene. De er grunden, sagde Kirsten, og grunden skal holde.\n\nBagefter drak vi kaffe."
	for _, c := range []struct {
		name, quote, edited string
		review              bool
	}{
		{"words added before", "De er grunden", "Mandag. " + old, false},
		{"words added within the paragraph", "grunden skal holde", strings.Replace(old, "sagde Kirsten", "sagde Kirsten stille", 1), false},
		{"a paragraph taken out before", "drak vi kaffe", strings.SplitN(old, "\n\n", 2)[1], false},
		{"nothing changed", "registrene", old, false},
		{"a word of the quote changed", "De er grunden", strings.Replace(old, "De er grunden", "De er fundamentet", 1), true},
		{"the quote taken out", "Bagefter drak vi kaffe.", strings.SplitN(old, "\n\n", 2)[0], true},
		{"everything else rewritten", "De er grunden, sagde Kirsten", "Helt ny tekst. De er grunden, sagde Kirsten og gik.", false},
		{"everything gone", "registrene", "", true},
		{"the paragraphs swapped", "Bagefter drak vi kaffe.", "Bagefter drak vi kaffe.\n\nVi talte om registrene. De er grunden, sagde Kirsten, og grunden skal holde.", false},
		{"a short word that stands elsewhere only", "drak", "Nu drak hun.\n\nVi talte om registrene. De er grunden, sagde Kirsten, og grunden skal holde.\n\nBagefter gik vi.", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := textOf(old, 1), textOf(c.edited, 2)
			start := from.Point(strings.Index(old, c.quote))
			a, err := coding.AnchorAt(from, start, start+len([]rune(c.quote)))
			if err != nil {
				t.Fatal(err)
			}
			moved, review := coding.NewCarrier(from, to).Carry(a)
			if review != c.review {
				t.Fatalf("review is %v, want %v; anchor %+v", review, c.review, moved)
			}
			if moved.Quote != c.quote || moved.TextVersion != 2 {
				t.Fatalf("the anchor lost its quote or its version: %+v", moved)
			}
			if !review && to.Slice(moved.Start, moved.End) != c.quote {
				t.Fatalf("the anchor lies on %q", to.Slice(moved.Start, moved.End))
			}
		})
	}
}

func TestTheSecondOfTwoEqualQuotesStaysTheSecond(t *testing.T) {
	const old = "Data er ny olie, sagde hun. Vi lo. Data er ny olie, sagde han."
	from, to := textOf(old, 1), textOf("Indledning. "+old, 2)
	second := from.Point(strings.LastIndex(old, "Data er ny olie"))
	a, _ := coding.AnchorAt(from, second, second+15)
	moved, review := coding.NewCarrier(from, to).Carry(a)
	if review || moved.Start != second+12 {
		t.Fatalf("review %v, start %d, want %d", review, moved.Start, second+12)
	}
}

// FuzzCarry holds two promises through any edit: an anchor that isn't up for review lies on its
// quote, and one that is keeps its quote and lies within the text.
func FuzzCarry(f *testing.F) {
	f.Add("Registrene bærer os. Alt hviler på dem.", "Alt hviler på registrene. De bærer os.", uint16(3), uint16(9))
	f.Add("a b c", "", uint16(0), uint16(1))
	f.Add("æøå 🛰 æøå", "🛰 æøå", uint16(4), uint16(5))
	f.Fuzz(func(t *testing.T, old, edited string, x, y uint16) {
		from, to := textOf(strings.ToValidUTF8(old, "?"), 1), textOf(strings.ToValidUTF8(edited, "?"), 2)
		if from.Length == 0 {
			return
		}
		start := int(x) % from.Length
		end := start + 1 + int(y)%(from.Length-start)
		a, err := coding.AnchorAt(from, start, end)
		if err != nil {
			t.Fatal(err)
		}
		moved, review := coding.NewCarrier(from, to).Carry(a)
		if moved.Quote != a.Quote || moved.Start < 0 || moved.End < moved.Start || (moved.End > to.Length) {
			t.Fatalf("out of place: %+v in %d code points", moved, to.Length)
		}
		if !review && to.Slice(moved.Start, moved.End) != a.Quote {
			t.Fatalf("lies on %q, not %q", to.Slice(moved.Start, moved.End), a.Quote)
		}
	})
}

func TestALongTextThatIsWhollyRewrittenIsComparedInBoundedTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range 100_000 {
			b.WriteString([]string{"data ", "og ", "register ", "møde ", "hun ", "sagde ", "ikke "}[random.IntN(7)])
		}
		return b.String()
	}
	old := text()
	const quote = "Kirsten lagde mappen på bordet og så ud ad vinduet."
	from, to := textOf(old+quote, 1), textOf(quote+" "+text(), 2)
	a, err := coding.AnchorAt(from, from.Length-len([]rune(quote)), from.Length)
	if err != nil {
		t.Fatal(err)
	}
	if moved, review := coding.NewCarrier(from, to).Carry(a); review || moved.Start != 0 {
		t.Fatalf("the quote at the start wasn't found: review %v, %+v", review, moved)
	}
}
