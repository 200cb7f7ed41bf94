package exchange

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// Normalise brings a text into the one form in which texts are kept and offsets are counted: NFC,
// lines ended by \n alone, no byte order mark, no soft hyphens, no control characters but tab and
// newline. What it gives, it leaves as it is.
//
// It returns an Invalid error for bytes that are not UTF-8 (text_not_utf8) and for NUL
// (text_binary), and a TooLarge one for more than models.MaxTextLength code points (text_too_long).
func Normalise(s string) (string, error) {
	return normaliseWithin(s, models.MaxTextLength)
}

// normaliseWithin normalises with another limit, for text that holds markup.
func normaliseWithin(s string, limit int) (string, error) {
	if !utf8.ValidString(s) {
		return "", models.Invalid("text_not_utf8", "This text is not valid UTF-8. Save it as UTF-8 and try again.")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "", models.Invalid("text_binary", "This text holds NUL characters, so it is a binary file or was cut out of one.")
	}
	// NFC makes one code point of four at most, and CR LF of two: a text longer than that stays too long.
	if n := utf8.RuneCountInString(s); n > 4*limit {
		return "", tooLong(n)
	}
	// What is left out may have stood between a letter and its accent, so composing comes last.
	s = norm.NFC.String(clean(s))
	if len(s) > limit {
		if n := utf8.RuneCountInString(s); n > limit {
			return "", tooLong(n)
		}
	}
	return s, nil
}

func tooLong(n int) error {
	return models.TooLarge("text_too_long", fmt.Sprintf(
		"A text may have %d characters, and this one has %d. Divide it into several notes.", models.MaxTextLength, n))
}

// clean replaces line ends and drops what has no place in a text.
func clean(s string) string {
	first := strings.IndexFunc(s, func(r rune) bool { return kept(r) != r })
	if first < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:first])
	for i := first; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == '\r' && i < len(s) && s[i] == '\n' {
			continue
		}
		if r = kept(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// kept gives the character that a text keeps for r, and -1 for one that is dropped.
func kept(r rune) rune {
	switch {
	case r == '\n', r == '\t', ' ' <= r && r < 0x7f:
		return r
	case r == '\r', r == 0x85, r == 0x2028, r == 0x2029: // carriage return, next line, line and paragraph separator
		return '\n'
	case r == 0xad, r == 0xfeff, unicode.IsControl(r): // soft hyphen, byte order mark
		return -1
	default:
		return r
	}
}
