package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// unicodeName finds the name in UTF-8 that Info-ZIP, WinZip and 7-Zip keep in the extra field 0x7075 of
// an entry: a version, a check sum of four bytes, and the name.
func unicodeName(extra []byte) string {
	const field, before = 0x7075, 5
	for len(extra) >= 4 {
		id, size := int(extra[0])|int(extra[1])<<8, int(extra[2])|int(extra[3])<<8
		extra = extra[4:]
		if size > len(extra) {
			return ""
		}
		if id == field && size > before && extra[0] == 1 && utf8.Valid(extra[before:size]) {
			return string(extra[before:size])
		}
		extra = extra[size:]
	}
	return ""
}

// nameEncodings are those in which archives have names that aren't UTF-8: of DOS in America, of DOS in
// Western Europe, which Windows still uses for archives, and of Windows.
var nameEncodings = []*charmap.Charmap{charmap.CodePage437, charmap.CodePage850, charmap.Windows1252}

// decodeName reads a name in the encoding that makes the most letters of it that names around us have.
func decodeName(name string) string {
	best, most := "", 0
	for i, m := range nameEncodings {
		var b strings.Builder
		score := 0
		for k := range len(name) {
			r := m.DecodeByte(name[k])
			b.WriteRune(r)
			switch {
			case r <= unicode.MaxASCII:
			case strings.ContainsRune("æøåÆØÅäöüÄÖÜßéÉðþ", r):
				score += 2
			case !unicode.IsLetter(r):
				score -= 2
			}
		}
		if i == 0 || score > most {
			best, most = b.String(), score
		}
	}
	return best
}
