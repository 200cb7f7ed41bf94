package coding

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// Words of a passage: from passageWords on it ends with the next sentence, and at passageLimit words
// even within one. All words of a search must stand in one passage, so it must not be short; it is
// what a reader is shown, so it must not be long.
const (
	passageWords = 200
	passageLimit = 250
)

// Passage is a piece of a text as search finds it: a block, or a part of a long one, at the code points
// [Start, End), without the spaces around it.
type Passage struct {
	Start, End int
	Block      int // its number in the text, from 1; 0 where it lies in none
	Kind       models.BlockKind
	Speaker    string
}

// Passages cuts a text into passages. They stand in order, don't overlap, and hold everything but
// spaces. A long block is cut at the ends of sentences, never within a word or a character; words of
// scripts without spaces between them may be parted. What lies in no block counts as a paragraph.
func Passages(t *models.Text) []Passage {
	c := cutter{text: t.Text}
	for i, b := range t.Blocks {
		c.cut(b.Start, 0, models.Block{Kind: models.BlockParagraph})
		c.cut(b.End, i+1, b)
	}
	c.cut(t.Length, 0, models.Block{Kind: models.BlockParagraph})
	return c.out
}

// cutter walks through a text once.
type cutter struct {
	text  string
	at    int // bytes read
	point int // code points read
	out   []Passage
}

// cut makes passages of what lies between here and a code point.
func (c *cutter) cut(until, number int, b models.Block) {
	p := Passage{Start: -1, Block: number, Kind: b.Kind, Speaker: b.Speaker}
	words := 0
	var last rune // before here, in this block
	shut := func() {
		if p.Start >= 0 {
			c.out = append(c.out, p)
		}
		p.Start, words = -1, 0
	}
	for c.point < until {
		r, size := utf8.DecodeRuneInString(c.text[c.at:])
		c.at += size
		c.point++
		if unicode.IsSpace(r) {
			if words >= passageWords && (words >= passageLimit || r == '\n' || endsSentence(c.text[:c.at-size])) {
				shut()
			}
			last = r
			continue
		}
		if beginsWord(last, r) {
			if ideographic(r) && (words >= passageLimit || (words >= passageWords && strings.ContainsRune("。！？", last))) {
				shut() // there is no space to end it at
			}
			words++
		}
		if p.Start < 0 {
			p.Start = c.point - 1
		}
		p.End, last = c.point, r
	}
	shut()
}

// beginsWord says whether a word begins with r, which comes after last.
func beginsWord(last, r rune) bool {
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || r == '\'' || r == '’'
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return false
	}
	return !inWord(last) || ideographic(r)
}

// ideographic says whether r is a word, or a syllable, of its own.
func ideographic(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// endsSentence says whether a sentence ends at the end of s: with a full stop or its like, and perhaps
// closing marks after it.
func endsSentence(s string) bool {
	for s != "" {
		r, size := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".!?…。！？؟।", r):
			return true
		case unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || r == '"' || r == '\'':
			s = s[:len(s)-size]
		default:
			return false
		}
	}
	return false
}
