package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		want         []string // the paragraphs
	}{
		{"takes lines without a blank one between them for a paragraph", "a\nb\n\nc", []string{"a\nb", "c"}},
		{"takes lines of white space for blank", "a\n \t\u00a0\nb", []string{"a", "b"}},
		{"keeps indentation and spaces at the ends of lines", "  a  \n\n\tb ", []string{"  a  ", "\tb "}},
		{"keeps blank lines at the ends of the text out of paragraphs", "\n\na\n\n", []string{"a"}},
		{"normalises first", "\ufeffA\u030a\r\n\r\nb", []string{"Å", "b"}},
		{"finds none in white space", " \n\t\n", nil},
		{"finds none in nothing", "", nil},
		{"counts in code points", "👩‍💻\n\næøå", []string{"👩‍💻", "æøå"}},
		{"takes markup for words", "# *a*", []string{"# *a*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, err := exchange.Plain(c.source)
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, content)
			if normal, err := exchange.Normalise(c.source); err != nil || content.Text != normal {
				t.Errorf("the text is %q, want %q", content.Text, normal)
			}
			var got []string
			for _, b := range content.Blocks {
				if b.Kind != models.BlockParagraph {
					t.Errorf("there is a %s", b.Kind)
				}
				got = append(got, string([]rune(content.Text)[b.Start:b.End]))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("refuses a million paragraphs of one letter, and names the limit", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.Plain(strings.Repeat("a\n\n", models.MaxTextLength/3))
		if e := wantCode(t, err, models.KindInvalid, "blocks_too_many"); !strings.Contains(e.Sentence, "20000") {
			t.Error(e.Sentence)
		}
	})
	t.Run("takes as many paragraphs as there may be", func(t *testing.T) {
		t.Parallel()
		content, err := exchange.Plain(strings.Repeat("a\n\n", models.MaxBlocks))
		if err != nil || len(content.Blocks) != models.MaxBlocks {
			t.Errorf("got %d, %v", len(content.Blocks), err)
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range nasty() {
		f.Add(s)
	}
	f.Add("a\n \n\n\tb\n")
	f.Add("\u00a0\n\u2003a")
	f.Fuzz(func(t *testing.T, source string) {
		content, err := exchange.Plain(source)
		if err != nil {
			return
		}
		checkContent(t, content)
		if exchange.FormatOf(content) != exchange.FormatPlain {
			t.Errorf("%q is no plain text", source)
		}
		if len(content.Blocks) > 0 {
			checkRoundTrip(t, source, content)
		}
	})
}
