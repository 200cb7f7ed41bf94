package exchange

import "strings"

// Office writes the characters of fonts of symbols by their numbers in the font. These tables hold those
// whose meaning is certain; a space stands for one that isn't known.

// symbolFont is the font Symbol from 0x20 on, as Adobe's table of it has them.
var symbolFont = []rune(" !∀#∃%&∋()∗+,−./0123456789:;<=>?" +
	"≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_" +
	" αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ " +
	"                                " +
	"€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵" +
	"ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓" +
	"◊⟨®©™∑           ⟩∫")

// wingdings are some characters of the font Wingdings.
var wingdings = map[rune]rune{
	0x28: '☎', 0x2a: '✉', 0x3f: '✍', 0x41: '✌', 0x46: '☞', 0x4a: '☺', 0x4b: '😐', 0x4c: '☹',
	0x6c: '●', 0x6d: '❍', 0x6e: '■', 0x6f: '□', 0x71: '❑', 0x72: '❒', 0x74: '⧫', 0x75: '◆', 0x76: '❖',
	0x9e: '·', 0x9f: '•', 0xa1: '○', 0xa7: '▪', 0xa8: '◻', 0xab: '★',
	0xd8: '➢', 0xdf: '←', 0xe0: '→', 0xe1: '↑', 0xe2: '↓', 0xe8: '➔',
	0xef: '⇦', 0xf0: '⇨', 0xf1: '⇧', 0xf2: '⇩', 0xf3: '⬄', 0xfb: '✗', 0xfc: '✓', 0xfd: '☒', 0xfe: '☑',
}

// wingdings2 are some characters of the font Wingdings 2.
var wingdings2 = map[rune]rune{0x4f: '✗', 0x50: '✓', 0x51: '☒', 0x52: '☑', 0x53: '☒', 0x54: '☒', 0x97: '●', 0xa3: '□'}

// isSymbolFont says whether characters of a font aren't what their numbers say.
func isSymbolFont(font string) bool {
	switch strings.ToLower(font) {
	case "symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings":
		return true
	}
	return false
}

// symbolOf gives the character that has a number in a font, and false where it isn't certain. Numbers
// from 0xf000 on are those of the font; in other fonts a number is that of Unicode.
func symbolOf(font string, code rune) (rune, bool) {
	if !isSymbolFont(font) {
		private := 0xe000 <= code && code <= 0xf8ff
		surrogate := 0xd800 <= code && code <= 0xdfff
		return code, code > ' ' && !private && !surrogate && kept(code) == code
	}
	if code >= 0xf000 {
		code -= 0xf000
	}
	switch strings.ToLower(font) {
	case "symbol":
		if i := int(code) - 0x20; i > 0 && i < len(symbolFont) && symbolFont[i] != ' ' {
			return symbolFont[i], true
		}
	case "wingdings":
		r, ok := wingdings[code]
		return r, ok
	case "wingdings 2":
		r, ok := wingdings2[code]
		return r, ok
	}
	return 0, false
}
