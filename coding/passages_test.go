package coding_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// blocksOf makes a text with a block for each part; parts are separated by empty lines.
func blocksOf(parts ...string) *models.Text {
	t := &models.Text{}
	for _, part := range parts {
		if t.Text != "" {
			t.Text += "\n\n"
		}
		start := utf8.RuneCountInString(t.Text)
		t.Text += part
		t.Blocks = append(t.Blocks, models.Block{Kind: models.BlockParagraph, Start: start, End: utf8.RuneCountInString(t.Text)})
	}
	t.Length = utf8.RuneCountInString(t.Text)
	return t
}

func passagesOf(t *models.Text) []string {
	points := []rune(t.Text)
	out := []string{}
	for _, p := range coding.Passages(t) {
		out = append(out, string(points[p.Start:p.End]))
	}
	return out
}

// sentence has n words.
func sentence(word string, n int) string { return strings.Repeat(word+" ", n-1) + word + "." }

func TestPassages(t *testing.T) {
	long := sentence("ord", 120)
	cases := map[string]struct {
		text *models.Text
		want []string
	}{
		"are the blocks of a text":             {blocksOf("Mandag på rådhuset.", "  – Hvad gør vi? 👩‍👩‍👧  "), []string{"Mandag på rådhuset.", "– Hvad gør vi? 👩‍👩‍👧"}},
		"leave out empty blocks":               {blocksOf("et", "  ", "to"), []string{"et", "to"}},
		"are the whole text where it has none": {&models.Text{Text: " et\n\nto ", Length: 8}, []string{"et\n\nto"}},
		"are none in an empty text":            {&models.Text{}, []string{}},
		"hold what lies in no block": {
			&models.Text{Text: "før\n# Titel\nefter", Length: 17, Blocks: []models.Block{{Kind: models.BlockHeading, Start: 6, End: 11}}},
			[]string{"før\n#", "Titel", "efter"},
		},
		"are not cut up to 200 words": {blocksOf(sentence("a", 100) + " " + sentence("b", 100)), []string{sentence("a", 100) + " " + sentence("b", 100)}},
		"end with the first sentence above 200 words": {
			blocksOf(long + " " + long + " " + long), []string{long + " " + long, long},
		},
		"end with a sentence in quotation marks": {
			blocksOf(sentence("a", 199) + " »Ja!« " + sentence("b", 60)), []string{sentence("a", 199) + " »Ja!«", sentence("b", 60)},
		},
		"end with a line": {
			blocksOf(strings.TrimSuffix(sentence("a", 210), ".") + "\n" + sentence("b", 60)), []string{strings.TrimSuffix(sentence("a", 210), "."), sentence("b", 60)},
		},
		"end at 250 words where no sentence does": {
			blocksOf(sentence("blåbærgrød", 600)),
			[]string{strings.TrimSuffix(sentence("blåbærgrød", 250), "."), strings.TrimSuffix(sentence("blåbærgrød", 250), "."), sentence("blåbærgrød", 100)},
		},
		"never end within a word": {
			blocksOf(strings.Repeat("e-mail/sms ", 84) + strings.Repeat("x", 5000)),
			[]string{strings.TrimSpace(strings.Repeat("e-mail/sms ", 84)), strings.Repeat("x", 5000)},
		},
		"never end within a character": {
			blocksOf(strings.TrimSpace(strings.Repeat("a\u030a\u0301 ", 260))),
			[]string{strings.TrimSpace(strings.Repeat("a\u030a\u0301 ", 250)), strings.TrimSpace(strings.Repeat("a\u030a\u0301 ", 10))},
		},
		"end with a sentence of a script without spaces": {
			blocksOf(strings.Repeat("数", 205) + "。" + strings.Repeat("据", 20)), []string{strings.Repeat("数", 205) + "。", strings.Repeat("据", 20)},
		},
		"end within a sentence of a script without spaces": {
			blocksOf(strings.Repeat("数", 300)), []string{strings.Repeat("数", 250), strings.Repeat("数", 50)},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, passagesOf(c.text)); diff != "" {
				t.Errorf("passages (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("know their block and speaker", func(t *testing.T) {
		text := blocksOf("Overskrift", sentence("ord", 300))
		text.Blocks[0].Kind, text.Blocks[1].Kind, text.Blocks[1].Speaker = models.BlockHeading, models.BlockTurn, "Mette"
		want := []coding.Passage{
			{Start: 0, End: 10, Block: 1, Kind: models.BlockHeading},
			{Start: 12, End: 12 + 999, Block: 2, Kind: models.BlockTurn, Speaker: "Mette"},
			{Start: 12 + 1000, End: text.Length, Block: 2, Kind: models.BlockTurn, Speaker: "Mette"},
		}
		if diff := cmp.Diff(want, coding.Passages(text)); diff != "" {
			t.Errorf("passages (-want +got):\n%s", diff)
		}
	})
}

func TestPassagesCoverEverythingButSpaces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{" ", " ", " ", "\n", "\n\n", "data", "på", "e-mail", "a\u030a", "👩‍👩‍👧", ".", "! ", "數據", "。", "ภาษา", "3.14", "»", "«", "x\u0301\u0302", "\u00a0", "ord ord ord ord ord ord ord "}
	for range 300 {
		var b strings.Builder
		for range r.IntN(2000) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := &models.Text{Text: b.String(), Length: utf8.RuneCountInString(b.String())}
		for at := 0; r.IntN(10) > 0 && at < text.Length; {
			start := at + r.IntN(20)*r.IntN(2)
			end := start + r.IntN(2000)
			if end > text.Length {
				break
			}
			text.Blocks = append(text.Blocks, models.Block{Kind: models.BlockParagraph, Start: start, End: end})
			at = end
		}
		points := []rune(text.Text)
		at := 0
		for _, p := range coding.Passages(text) {
			if p.Start < at || p.End <= p.Start || p.End > text.Length {
				t.Fatalf("passage %v after %d, of %d", p, at, text.Length)
			}
			if between := strings.TrimSpace(string(points[at:p.Start])); between != "" {
				t.Fatalf("%q lies in no passage", between)
			}
			if unicode.IsSpace(points[p.Start]) || unicode.IsSpace(points[p.End-1]) {
				t.Fatalf("spaces around %q", string(points[p.Start:p.End]))
			}
			at = p.End
		}
		if rest := strings.TrimSpace(string(points[at:])); rest != "" {
			t.Fatalf("%q lies in no passage", rest)
		}
	}
}

func BenchmarkPassages(b *testing.B) {
	parts := make([]string, 300)
	for i := range parts {
		parts[i] = strings.Repeat(sentence("blåbær", 20)+" ", 10)
	}
	text := blocksOf(parts...)
	b.SetBytes(int64(len(text.Text)))
	for b.Loop() {
		coding.Passages(text)
	}
}
