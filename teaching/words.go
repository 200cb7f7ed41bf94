package teaching

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words counts the words of an answer in light Markdown: runs of letters, their marks and digits, in which
// an apostrophe or a hyphen may stand. A web address is one word. What is Markdown alone doesn't count: the
// number of a list item, and where a link leads. The browser counts by the same rule, and both are tested
// with testdata/words.json.
func Words(text string) int {
	n := 0
	lineStart := true
	for i := 0; i < len(text); {
		if lineStart {
			i += listNumber(text[i:])
			lineStart = false
			continue
		}
		if length := wordAt(text[i:]); length > 0 {
			n++
			i += length
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch r {
		case '\n', '\r', '\u2028', '\u2029':
			lineStart = true
		case ']':
			i += linkDestination(text[i:])
		}
	}
	return n
}

// wordAt gives the length in bytes of the word that text begins with, 0 if there is none.
func wordAt(text string) int {
	if length := addressAt(text); length > 0 {
		return length
	}
	at := letters(text)
	for at > 0 && at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !joins(r) {
			break
		}
		more := letters(text[at+size:])
		if more == 0 {
			break
		}
		at += size + more
	}
	return at
}

// letters gives the length of the run of letters, marks and digits that text begins with.
func letters(text string) int {
	for i, r := range text {
		if r < utf8.RuneSelf {
			if r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' {
				continue
			}
		} else if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			continue
		}
		return i
	}
	return len(text)
}

// joins says whether a word goes on behind r: apostrophes, hyphens, and the signs without width that word
// processors put into words.
func joins(r rune) bool { return strings.ContainsRune("'’-\u2010\u2011\u00ad\u200c\u200d", r) }

// addressAt gives the length of the web address that text begins with, 0 if there is none.
func addressAt(text string) int {
	rest, ok := strings.CutPrefix(text, "http")
	if !ok {
		return 0
	}
	rest = strings.TrimPrefix(rest, "s")
	rest, ok = strings.CutPrefix(rest, "://")
	if !ok {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return blank(r) || strings.ContainsRune("<>()[]", r) })
	switch end {
	case 0:
		return 0
	case -1:
		return len(text)
	}
	if rest == "" {
		return 0
	}
	return len(text) - len(rest) + end
}

// blank is what JavaScript takes for white space, which differs from unicode.IsSpace by two signs.
func blank(r rune) bool { return r == '\ufeff' || r != '\u0085' && unicode.IsSpace(r) }

// listNumber gives the length of what stands before the words of a numbered list item, in quotes too.
func listNumber(text string) int {
	at := len(text) - len(strings.TrimLeft(text, " \t>"))
	digits := len(text[at:]) - len(strings.TrimLeft(text[at:], "0123456789"))
	end := at + digits
	if digits == 0 || digits > 9 || end+1 >= len(text) || text[end] != '.' && text[end] != ')' || text[end+1] != ' ' && text[end+1] != '\t' {
		return 0
	}
	return end + 1
}

// linkDestination gives the length of where a link leads, with its parentheses, behind the bracket that
// closes its words.
func linkDestination(text string) int {
	if !strings.HasPrefix(text, "(") {
		return 0
	}
	end := strings.IndexAny(text[1:], "()\n")
	if end < 0 || text[1+end] != ')' {
		return 0
	}
	return end + 2
}
