package meili

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/coding"
)

// spelling tells which of the words that the engine matched are written as they were asked for. The
// engine says only that a word matched, not how.
type spelling struct {
	words  []string // each asked for by itself
	others []string // those of phrases, which the engine takes as they are
}

func spellingOf(terms []coding.Term) spelling {
	var s spelling
	for _, t := range terms {
		switch {
		case t.Not:
		case t.Phrase:
			s.others = append(s.others, wordsIn(t.Text)...)
		default:
			s.words = append(s.words, plain(t.Text))
		}
	}
	return s
}

// near gives the spans [start, end) of bytes in a folded text that hold a word which is not spelt as
// asked. Some says that a word asked for is there in no other way.
func (s spelling) near(folded string, spans [][2]int) (near [][2]int, some bool) {
	exact := make([]bool, len(s.words))
	for _, span := range spans {
		whole := true
		for _, word := range wordsIn(wholeWords(folded, span)) {
			whole = s.knows(word, exact) && whole
		}
		if !whole {
			near = append(near, span)
		}
	}
	for _, e := range exact {
		some = some || !e
	}
	return near, some
}

// knows says whether a word is one that was asked for, and ticks which. A word that only goes on after
// what was asked, such as `registers` after `register`, is no other spelling of it.
func (s spelling) knows(word string, exact []bool) bool {
	known := false
	for i, asked := range s.words {
		if strings.HasPrefix(word, asked) {
			exact[i], known = true, true
		}
	}
	for _, asked := range s.others {
		known = known || strings.Contains(word, asked) // some scripts have no spaces between words
	}
	return known
}

// wholeWords gives a span with the rest of the words that it begins and ends in: the engine marks only
// as much of a word as was asked for.
func wholeWords(text string, span [2]int) string {
	start, end := max(0, span[0]), min(len(text), span[1])
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !ofWord(r) {
			break
		}
		start -= size
	}
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !ofWord(r) {
			break
		}
		end += size
	}
	return text[start:max(start, end)]
}

// wordsIn gives the words of a folded text as they are compared.
func wordsIn(text string) []string {
	return strings.FieldsFunc(plain(text), func(r rune) bool { return !ofWord(r) })
}

// ofWord says whether r can be part of a word: what is neither space nor punctuation, as an emoji may
// be one too.
func ofWord(r rune) bool {
	return r != utf8.RuneError && !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.IsPunct(r) && (r >= utf8.RuneSelf || !unicode.IsSymbol(r))
}

// plain takes the accents off a folded text, as the engine does.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}
