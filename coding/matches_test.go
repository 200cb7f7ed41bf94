package coding_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
)

// TestMatches reads texts with what the engine marked in [ ], and in { } what it marked for a near spelling.
func TestMatches(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		phrase bool
		want   []string
	}{
		"a word cut short is taken whole":                {"De [regist]re, de har", false, []string{"registre"}},
		"a compound is taken whole":                      {"[Blåbær]grød på Ærø", false, []string{"Blåbærgrød"}},
		"words that follow each other are one":           {"får vi [endnu] [et] [skema] at", false, []string{"endnu et skema"}},
		"others are not":                                 {"[endnu] en gang [et] andet [skema]", false, []string{"endnu", "et", "skema"}},
		"a hyphen holds together":                        {"en [e]-[mail] til", false, []string{"e-mail"}},
		"a comma doesn't":                                {"[data], [data]", false, []string{"data", "data"}},
		"but within a phrase it does":                    {"»[data], [som fundament]«", true, []string{"data, som fundament"}},
		"and so does the end of a sentence":              {"of data [a foundation]. [Second sentence] about", true, []string{"a foundation. Second sentence"}},
		"the end of a line doesn't":                      {"[data]\n[data]", true, []string{"data", "data"}},
		"combining marks belong to their letter":         {"[Cafe\u0301] [a\u030a]le", false, []string{"Cafe\u0301 a\u030ale"}},
		"an emoji stands for itself":                     {"ord[👩‍👩‍👧]ord", false, []string{"👩‍👩‍👧"}},
		"a word beside an emoji is a word":               {"🙂[register]🙂", false, []string{"register"}},
		"scripts without spaces aren't widened":          {"数据[治理]很重要", false, []string{"治理"}},
		"a near spelling is told":                        {"{endu} [et] [skema], og [skema]", false, []string{"~endu et skema", "skema"}},
		"the rest of a misspelt word is its part":        {"de {registr}erne", false, []string{"~registrerne"}},
		"nothing marked, nothing matched":                {"ord", false, nil},
		"marks in one word are one":                      {"[data]fordeleren[data]", false, []string{"datafordelerendata"}},
		"a quotation mark between two words parts them":  {"[data] »[skema]«", false, []string{"data", "skema"}},
		"numbers and letters written together are whole": {"[v2]beta", false, []string{"v2beta"}},
	} {
		t.Run(name, func(t *testing.T) {
			text, marks, near := bracketed(c.text)
			var got []string
			points := []rune(text)
			for _, m := range coding.Matches(text, marks, near, c.phrase) {
				words := string(points[m.Start:m.End])
				if m.Near {
					words = "~" + words
				}
				got = append(got, words)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
		})
	}
}

// bracketed takes the brackets out of a text, and gives where they stood.
func bracketed(written string) (text string, marks, near [][2]int) {
	var b strings.Builder
	point, begun := 0, 0
	for _, r := range written {
		switch r {
		case '[', '{':
			begun = point
		case '}':
			near = append(near, [2]int{begun, point})
			marks = append(marks, [2]int{begun, point})
		case ']':
			marks = append(marks, [2]int{begun, point})
		default:
			b.WriteRune(r)
			point++
		}
	}
	return b.String(), marks, near
}
