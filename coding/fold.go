package coding

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Folding makes words that people hold for the same equal, beyond what the search engine does by
// itself: it takes accents off, but leaves ø alone, and takes å for a. Field and query are folded
// alike, so `aa` and `å`, `oe` and `ø`, `ae` and `æ` find each other, as do ä and æ, ö and ø.

// folds are the letters with a spelling of their own. Some are written with two code points too;
// foldNext sees to those.
var folds = map[rune]string{
	'å': "aa", 'ǻ': "aa", 'æ': "ae", 'ǽ': "ae", 'ǣ': "ae", 'ä': "ae", 'ø': "oe", 'ǿ': "oe", 'ö': "oe",
	'ð': "d", 'þ': "th", 'ß': "ss",
}

// Combining marks that make another letter of the one before.
const (
	combiningDiaeresis = '\u0308'
	combiningRing      = '\u030a'
)

// Fold gives a text as it is searched: in lower case, with å, æ, ø and their kin spelled out, all
// spaces alike, and without characters that have no width.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	var buf [utf8.UTFMax]byte
	for at := 0; at < len(text); {
		piece, size := foldNext(text[at:], &buf)
		b.Write(piece)
		at += size
	}
	return b.String()
}

// foldNext folds the first code point of text, and the combining mark after it where the two are one
// letter. It gives the folded bytes, which may lie in buf, and how many bytes of text they stand for.
func foldNext(text string, buf *[utf8.UTFMax]byte) (piece []byte, size int) {
	c := text[0]
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if (c == 'a' || c == 'o') && len(text) > 2 && text[1] >= utf8.RuneSelf {
			mark, n := utf8.DecodeRuneInString(text[1:])
			switch {
			case c == 'a' && mark == combiningRing:
				return append(buf[:0], "aa"...), 1 + n
			case mark == combiningDiaeresis:
				return append(buf[:0], c, 'e'), 1 + n
			}
		}
		return append(buf[:0], c), 1
	}
	r, size := utf8.DecodeRuneInString(text)
	r = unicode.ToLower(r)
	if spelled, ok := folds[r]; ok {
		return append(buf[:0], spelled...), size
	}
	switch {
	case widthless(r):
		return nil, size
	case unicode.IsSpace(r):
		r = ' '
	}
	return utf8.AppendRune(buf[:0], r), size
}

// widthless says whether r can't be seen: such characters come with copied text, and pick the looks of an emoji.
func widthless(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufe0e', '\ufe0f', '\ufeff':
		return true
	}
	return false
}

// joins says whether r is part of the character before it: a combining mark, a skin tone, or what
// ties an emoji together. after is the code point before r.
func joins(after, r rune) bool {
	return unicode.Is(unicode.M, r) || widthless(r) || (r >= 0x1F3FB && r <= 0x1F3FF) || (after == '\u200d' && unicode.Is(unicode.So, r))
}

// Unfold maps spans [start, end) of bytes in Fold(text), in order of start, to spans of code points in
// text. A span that touches a character covers all of it; spans that meet become one.
func Unfold(text string, spans [][2]int) [][2]int {
	out := make([][2]int, 0, len(spans))
	var buf [utf8.UTFMax]byte
	var last rune // before at
	point, folded, began := 0, 0, -1
	for at := 0; at < len(text); {
		piece, size := foldNext(text[at:], &buf)
		first, _ := utf8.DecodeRuneInString(text[at:])
		from, to := folded, folded+len(piece)
		for len(spans) > 0 && spans[0][1] <= from {
			spans = spans[1:]
		}
		covered := len(spans) > 0 && spans[0][0] < to && from < to
		switch {
		case covered && began < 0:
			began = point
		case !covered && began >= 0 && !joins(last, first):
			out = append(out, [2]int{began, point})
			began = -1
		}
		last, _ = utf8.DecodeLastRuneInString(text[:at+size])
		point += utf8.RuneCountInString(text[at : at+size])
		folded, at = to, at+size
	}
	if began >= 0 {
		out = append(out, [2]int{began, point})
	}
	return out
}
