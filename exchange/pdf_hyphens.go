package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfHyphens decides what becomes of a hyphen at the end of a line, by the words of the same text.
type pdfHyphens struct {
	words map[string]bool // in lower case, those with hyphens among them; none that a line end breaks
}

// newPDFHyphens learns the words of a text.
func newPDFHyphens(regions []pdfRegion) pdfHyphens {
	h := pdfHyphens{map[string]bool{}}
	broken := false
	for _, r := range regions {
		for _, row := range r.rows {
			words := strings.Fields(row.text())
			for i, w := range words {
				if i == 0 && broken {
					continue
				}
				if w = bareWord(w); i < len(words)-1 || !strings.HasSuffix(w, "-") {
					h.words[strings.Trim(w, "-")] = true
				}
			}
			broken = len(words) > 0 && strings.HasSuffix(words[len(words)-1], "-")
		}
	}
	return h
}

// bareWord gives a word as it is compared: in lower case, without the marks around it.
func bareWord(w string) string {
	w = strings.ReplaceAll(strings.ToLower(w), "\u2010", "-")
	return strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
}

// hyphenConnectives are words before which a hyphen stands for the end of a word that comes later: "ind- og udgang".
var hyphenConnectives = map[string]bool{"og": true, "eller": true, "samt": true, "and": true, "or": true, "to": true, "und": true, "oder": true, "och": true, "til": true}

// points of the compass are hyphenated with each other: "øst-vest".
var compassPoints = map[string]bool{
	"øst": true, "vest": true, "nord": true, "syd": true, "east": true, "west": true, "north": true, "south": true,
	"öst": true, "väst": true, "ost": true, "süd": true, "sør": true,
}

// longestWord is how far back a text is looked at where a line is put behind it.
const longestWord = 256

// join puts a line behind a text. A word that the line end breaks is joined: without its hyphen, unless
// the hyphen is its own.
func (h pdfHyphens) join(text []byte, line string) []byte {
	cut, between := h.seam(string(text[max(0, len(text)-longestWord):]), line)
	return append(append(text[:len(text)-cut], between...), line...)
}

// seam says how many bytes are cut off the end of a text before a line is put behind it, and what comes
// between them.
func (h pdfHyphens) seam(text, line string) (cut int, between string) {
	if strings.HasSuffix(text, "\u00ad") {
		return len("\u00ad"), ""
	}
	dash, size := utf8.DecodeLastRuneInString(text)
	head := text[:len(text)-size]
	last := head[strings.LastIndexAny(head, " \t\n")+1:]
	first, _ := utf8.DecodeRuneInString(line)
	before, _ := utf8.DecodeLastRuneInString(last)
	switch {
	case last != "" && addressGoesOn(last, dash):
		return 0, ""
	case last == "" || !isWordy(before) || !isWordy(first):
		return 0, " "
	case dash == '–' || dash == '—':
		return 0, ""
	case dash != '-' && dash != '\u2010':
		return 0, " "
	}
	word, _, _ := strings.Cut(line, " ")
	a, b := bareWord(last), bareWord(word)
	switch {
	case hyphenConnectives[b]:
		return 0, " "
	case h.own(a, b, before, first):
		return 0, ""
	}
	return size, ""
}

// isWordy says whether a character is one of words and numbers.
func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// addressGoesOn says whether the word that ends with the sign is an address that a line end breaks.
func addressGoesOn(word string, sign rune) bool {
	if sign == '@' {
		return true
	}
	return strings.ContainsRune("/-_=&?", sign) && (strings.Contains(word, ":/") || strings.HasPrefix(word, "www."))
}

// own says whether the hyphen between two parts is the word's own: one of them isn't lower-case letters,
// or the text has the word with the hyphen elsewhere, and not without.
func (h pdfHyphens) own(a, b string, before, first rune) bool {
	if !unicode.IsLetter(before) || !unicode.IsLower(first) {
		return true
	}
	part := a[strings.LastIndexByte(a, '-')+1:]
	switch {
	case h.words[part+b], h.words[a+b]:
		return false
	case h.words[a+"-"+b], utf8.RuneCountInString(a) == 1:
		return true
	}
	return compassPoints[part] && compassPoints[b]
}
