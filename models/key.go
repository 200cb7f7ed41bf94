package models

import (
	"fmt"
	"strings"
	"unicode"
)

// KeyFrom makes a code's key from its name: lower case, digits and underscores, æøå and their
// Swedish and German kin spelled out. Where taken says so, a number is added.
func KeyFrom(name string, taken func(key string) bool) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'æ', r == 'ä':
			b.WriteString("ae")
		case r == 'ø', r == 'ö':
			b.WriteString("oe")
		case r == 'å':
			b.WriteString("aa")
		case r == 'ü':
			b.WriteString("ue")
		case r == 'é':
			b.WriteString("e")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			fmt.Fprintf(&b, "u%x", r)
		default:
			if !strings.HasSuffix(b.String(), "_") {
				b.WriteByte('_')
			}
		}
	}
	key := strings.Trim(b.String(), "_")
	if key == "" || key[0] < 'a' {
		key = "code_" + key
	}
	key = strings.TrimRight(key[:min(len(key), 60)], "_")
	for n, base := 2, key; taken != nil && taken(key); n++ {
		key = fmt.Sprintf("%s_%d", base, n)
	}
	return key
}
