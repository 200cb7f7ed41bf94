package coding_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"feltbog/coding"
	"feltbog/models"
)

// textOf makes a version of a text whose blocks are its lines.
func textOf(s string, version int) *coding.Text {
	t := &models.Text{Text: s, Version: version, Length: utf8.RuneCountInString(s), Blocks: []models.Block{}, Marks: []models.Mark{}}
	at := 0
	for line := range strings.SplitSeq(s, "\n") {
		n := utf8.RuneCountInString(line)
		if n > 0 {
			t.Blocks = append(t.Blocks, models.Block{Kind: models.BlockParagraph, Start: at, End: at + n})
		}
		at += n + 1
	}
	return coding.NewText(t)
}

func TestOffsetsMatchTheSharedVectors(t *testing.T) {
	raw, err := os.ReadFile("../testdata/offsets.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Texts []struct {
			Name   string   `json:"name"`
			Text   string   `json:"text"`
			Places [][3]int `json:"places"`
		} `json:"texts"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Texts) < 8 {
		t.Fatalf("only %d vectors", len(vectors.Texts))
	}
	for _, v := range vectors.Texts {
		t.Run(v.Name, func(t *testing.T) {
			text := textOf(v.Text, 1)
			for _, p := range v.Places {
				if got := text.Byte(p[0]); got != p[1] {
					t.Errorf("Byte(%d) = %d, want %d", p[0], got, p[1])
				}
				if got := text.Point(p[1]); got != p[0] {
					t.Errorf("Point(%d) = %d, want %d", p[1], got, p[0])
				}
				if got := coding.UTF16(v.Text, p[0]); got != p[2] {
					t.Errorf("UTF16(%d) = %d, want %d", p[0], got, p[2])
				}
				if got := coding.FromUTF16(v.Text, p[2]); got != p[0] {
					t.Errorf("FromUTF16(%d) = %d, want %d", p[2], got, p[0])
				}
			}
		})
	}
}

func TestAPlaceInsideACharacterBelongsToIt(t *testing.T) {
	text := textOf("å🛰b", 1)
	for at, want := range map[int]int{0: 0, 1: 0, 2: 1, 3: 1, 5: 1, 6: 2, 7: 3, 99: 3} {
		if got := text.Point(at); got != want {
			t.Errorf("Point(%d) = %d, want %d", at, got, want)
		}
	}
	if got := coding.FromUTF16("å🛰b", 2); got != 1 {
		t.Errorf("the second half of a surrogate pair is code point %d, want 1", got)
	}
}

func FuzzTextOffsets(f *testing.F) {
	f.Add("Æ🛰a\n", uint16(2), uint16(3))
	f.Add(strings.Repeat("æ", 3000), uint16(1024), uint16(2048))
	f.Fuzz(func(t *testing.T, s string, a, b uint16) {
		if !utf8.ValidString(s) {
			t.Skip("not UTF-8: refused before it becomes a text")
		}
		text := textOf(s, 1)
		runes := []rune(s)
		start, end := int(a)%(len(runes)+1), int(b)%(len(runes)+1)
		if start > end {
			start, end = end, start
		}
		if got, want := text.Slice(start, end), string(runes[start:end]); got != want {
			t.Fatalf("Slice(%d, %d) = %q, want %q", start, end, got, want)
		}
		if got := text.Point(text.Byte(start)); got != start {
			t.Fatalf("Point(Byte(%d)) = %d", start, got)
		}
		if got := coding.FromUTF16(s, coding.UTF16(s, start)); got != start {
			t.Fatalf("FromUTF16(UTF16(%d)) = %d", start, got)
		}
	})
}
