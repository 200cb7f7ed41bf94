package exchange

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// KeyFromName makes a code's key of its name: lower-case ASCII letters and digits, words joined by
// underscores, at most 60 characters. æ, ø and å are written ae, oe and aa, other letters lose their
// accents, and letters of other scripts are left out. A name without a usable character gives "code".
func KeyFromName(name string) string {
	name = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "ö", "oe", "ä", "ae", "ü", "ue", "ß", "ss").
		Replace(strings.ToLower(norm.NFC.String(name)))
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		default:
			gap = true
		}
	}
	key := b.String()
	if len(key) > 60 {
		key = strings.TrimRight(key[:60], "_")
	}
	if key == "" {
		return "code"
	}
	return key
}
