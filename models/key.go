package models

import (
	"strconv"
	"strings"
	"unicode"
)

// maxKey bounds a code's key, in bytes.
const maxKey = 60

// plainLetters writes the letters of the languages around us without their marks. Letters that aren't
// here and aren't ASCII are left out of keys.
var plainLetters = strings.NewReplacer(
	"æ", "ae", "ø", "oe", "å", "aa", "ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "þ", "th", "ð", "d",
	"à", "a", "á", "a", "â", "a", "ã", "a", "ą", "a", "ç", "c", "ć", "c", "č", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "ę", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ł", "l", "ñ", "n", "ń", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o",
	"ś", "s", "š", "s", "ù", "u", "ú", "u", "û", "u", "ý", "y", "ÿ", "y", "ź", "z", "ż", "z", "ž", "z",
	"'", "", "’", "",
)

// KeyFrom makes a code's key of its name: lower-case ASCII letters and digits, words joined by
// underscores, beginning with a letter, at most 60 characters. Where taken says so, a number is added.
func KeyFrom(name string, taken func(key string) bool) string {
	var b strings.Builder
	gap := false
	for _, r := range plainLetters.Replace(strings.ToLower(name)) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
	}
	key := b.String()
	switch {
	case key == "":
		key = "code"
	case key[0] < 'a':
		key = "code_" + key
	}
	key = strings.TrimRight(key[:min(len(key), maxKey)], "_")
	base := key
	for n := 2; taken(key); n++ {
		number := "_" + strconv.Itoa(n)
		key = base[:min(len(base), maxKey-len(number))] + number
	}
	return key
}
