package exchange

import (
	"strings"
	"unicode"
)

// alphabet is what a language writes beyond the letters of English, in small letters, and the
// single-byte encodings in which it is found, the likeliest first.
type alphabet struct {
	letters   string
	needs     string // one of these is in every text of the language, if it isn't empty
	distinct  int    // so many of the letters must be there
	encodings []string
}

var (
	western = []string{"windows-1252"}
	central = []string{"windows-1250", "iso-8859-2"}
	turkish = []string{"windows-1254"}
	baltic  = []string{"windows-1257", "iso-8859-13"}
)

// alphabets are tried in this order, those of Western Europe first, for where few letters leave the
// choice open, they are the likelier ones. What would take the same bytes for another language's letters
// has to show two of them at least.
var alphabets = []alphabet{
	{"æøåéäöüóèàê", "", 0, western},        // Danish, Norwegian, Swedish, Finnish, German
	{"äöüßéåàšžõ", "", 0, western},         // German, Estonian
	{"àâæçéèêëîïôœùûüÿ", "", 0, western},   // French
	{"áéíóúñüïçàèòªº", "", 0, western},     // Spanish, Catalan
	{"ãõáéíóúâêôàçªº", "", 0, western},     // Portuguese
	{"àèéìíîòóùú", "", 0, western},         // Italian
	{"ëïéèöüáóíúêâôû", "", 0, western},     // Dutch
	{"áðéíóúýþæöø", "áéíóúæ", 0, western},  // Icelandic, Faroese
	{"ąćęłńóśźż", "", 2, central},          // Polish
	{"áčďéěíňóřšťúůýžäôľ", "", 2, central}, // Czech, Slovak
	{"áéíóöőúüű", "", 2, central},          // Hungarian
	{"čćđšž", "", 2, central},              // Croatian, Slovene
	{"ăâîşţ", "", 2, central},              // Romanian
	{"ąčęėįšųūž", "", 2, baltic},           // Lithuanian
	{"āčēģīķļņšūž", "", 2, baltic},         // Latvian
	{"çğıöşüâîû", "ğış", 2, turkish},       // Turkish
}

// byAlphabet tells the single-byte encoding in which all letters beyond ASCII are of one language, empty
// when there is none.
func byAlphabet(data []byte) string {
	texts := map[string]string{}
	for _, a := range alphabets {
		for _, name := range a.encodings {
			if name == "windows-1252" && latinNine(data) {
				name = "iso-8859-15"
			}
			text, read := texts[name]
			if !read {
				text, _ = decodeCharmap(sample(data), charmaps[name])
				texts[name] = text
			}
			if !a.fits(text) {
				continue
			}
			if _, ok := decodeCharmap(data, charmaps[name]); ok {
				return name
			}
		}
	}
	return ""
}

// fits tells whether a text may be of the alphabet's language: letters beyond ASCII are its own, and the
// fewer among all letters or Nordic, and no symbol ends a word that none ends.
func (a *alphabet) fits(text string) bool {
	if text == "" {
		return false
	}
	letters, high := 0, 0
	seen := map[rune]bool{}
	last := ' '
	for _, r := range text {
		switch {
		case r <= unicode.MaxASCII:
			if unicode.IsLetter(r) {
				letters++
			}
		case unicode.IsLetter(r):
			small := unicode.ToLower(r)
			if r == 'İ' {
				small = 'ı'
			}
			if !strings.ContainsRune(a.letters, small) {
				return false
			}
			seen[small] = true
			letters++
			high++
		case unicode.IsControl(r), unicode.IsLetter(last) && !joins(r):
			return false
		}
		last = r
	}
	if len(seen) < a.distinct || a.needs != "" && !anyOf(seen, a.needs) {
		return false
	}
	return high*2 <= letters || a.distinct == 0 && onlyOf(seen, "æøåäöéü")
}

func anyOf(seen map[rune]bool, letters string) bool {
	for _, r := range letters {
		if seen[r] {
			return true
		}
	}
	return false
}

func onlyOf(seen map[rune]bool, letters string) bool {
	for r := range seen {
		if !strings.ContainsRune(letters, r) {
			return false
		}
	}
	return true
}

// latinNine tells ISO-8859-15 from Windows-1252: none of the bytes that only Windows has, and the euro
// where ISO-8859-1 has a sign that nobody writes, or within a word a letter where it has a symbol.
func latinNine(data []byte) bool {
	found := false
	for i, c := range data {
		switch {
		case 0x80 <= c && c < 0xa0:
			return false
		case c == 0xa4:
			found = true
		case strings.IndexByte("\xa6\xa8\xb4\xb8\xbc\xbd\xbe", c) >= 0:
			found = found || i > 0 && i+1 < len(data) && latinLetter(data[i-1]) && latinLetter(data[i+1])
		}
	}
	return found
}

func latinLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0xc0 && c != 0xd7 && c != 0xf7
}
