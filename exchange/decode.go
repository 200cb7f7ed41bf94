package exchange

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/charmap"

	"feltbog/models"
)

// Decode turns the bytes of a text file into a string and tells the encoding it was read as, by its
// IANA name in lower case. It knows UTF-8, UTF-16 with and without a byte order mark, and the
// single-byte encodings of which Windows-1252 is the common one. The string has no byte order mark and
// is otherwise not normalised.
//
// It returns an Invalid error for no bytes (file_empty), bytes that are no text (file_binary) and
// text in an encoding it can't tell or that is broken (file_encoding_unknown).
func Decode(data []byte) (text, encoding string, err error) {
	if len(data) == 0 {
		return "", "", fileEmpty()
	}
	if err := signedBinary(data); err != nil {
		return "", "", err
	}
	wide := unmarkedUTF16(data)
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
		if !utf8.Valid(data) {
			return "", "", encodingUnknown("This file says it is UTF-8, but some of its bytes are not. Save it as UTF-8 again.")
		}
		text, encoding = string(data), "utf-8"
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text, err = decodeUTF16(data[2:], littleEndian)
		encoding = "utf-16le"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = decodeUTF16(data[2:], bigEndian)
		encoding = "utf-16be"
	case wide != "":
		text, err = decodeAs(data, wide)
		encoding = wide
	case looksBinary(data):
		return "", "", binary("This file is not text. Save it as plain text or Markdown first.")
	case utf8.Valid(data):
		text, encoding = string(data), "utf-8"
	default:
		text, encoding, err = decodeLegacy(data)
	}
	if err != nil {
		return "", "", err
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", "", holdsNUL()
	}
	return text, encoding, nil
}

// signedBinary gives the error for a file that begins as one of another kind does.
func signedBinary(data []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.bytes)) {
			return binary("This file is " + s.name + ", not text. Save it as plain text or Markdown first.")
		}
	}
	return nil
}

func holdsNUL() error {
	return binary("This file holds NUL characters, so it is not text. Save it as plain text or Markdown first.")
}

func binary(sentence string) error { return models.Invalid("file_binary", sentence) }

func encodingUnknown(sentence string) error {
	return models.Invalid("file_encoding_unknown", sentence)
}

// signatures are the beginnings of files that come with a wrong ending now and then.
var signatures = []struct{ bytes, name string }{
	{"%PDF-", "a PDF"},
	{"PK\x03\x04", "a Word file or another archive"},
	{"\xd0\xcf\x11\xe0", "an old Word file or another Office file"},
	{"{\\rtf", "rich text (RTF)"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
	{"GIF8", "a picture"},
	{"ID3", "a recording"},
	{"RIFF", "a recording"},
	{"OggS", "a recording"},
	{"\x1f\x8b", "an archive"},
}

// looksBinary tells bytes of no text: one NUL, or more than one control character in twenty bytes.
// Texts hold a few, such as form feeds and the end mark of DOS; chance makes it two in twenty.
func looksBinary(data []byte) bool {
	controls := 0
	for _, b := range data {
		switch {
		case b == 0:
			return true
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f', b == 0x7f:
			controls++
		}
	}
	return controls*20 > len(data)
}

func littleEndian(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }

func bigEndian(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }

// unmarkedUTF16 tells UTF-16 that has no byte order mark, by reading the beginning both ways: text of
// Europe and the countries around it comes out of one of them, and nothing sensible of the other. It
// gives the name of the encoding, empty when the bytes are none.
func unmarkedUTF16(data []byte) string {
	if len(data) < 4 || len(data)%2 != 0 || utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 {
		return ""
	}
	head := data[:min(len(data), 4096)]
	little, big := writtenWide(head, littleEndian), writtenWide(head, bigEndian)
	switch {
	case little && !big:
		return "utf-16le"
	case big && !little:
		return "utf-16be"
	}
	return ""
}

// writtenWide tells whether nearly all units of UTF-16 are letters, digits, spaces and marks of the
// scripts before the ideographs, to which chance leads.
func writtenWide(data []byte, unit func([]byte) uint16) bool {
	written, all := 0, 0
	for ; len(data) >= 2; data = data[2:] {
		r := rune(unit(data))
		all++
		switch {
		case r == 0:
			return false
		case r == '\t', r == '\n', r == '\r', ' ' <= r && r < 0x7f:
			written++
		case r >= 0xa0 && r < 0x700, r >= 0x2010 && r <= 0x203a, r == '€', r == '•':
			written++
		}
	}
	return written*20 >= all*19
}

func decodeUTF16(data []byte, unit func([]byte) uint16) (string, error) {
	var b strings.Builder
	b.Grow(len(data))
	broken := len(data)%2 != 0
	for ; len(data) >= 2 && !broken; data = data[2:] {
		r := rune(unit(data))
		if utf16.IsSurrogate(r) {
			if len(data) >= 4 {
				r = utf16.DecodeRune(r, rune(unit(data[2:])))
				data = data[2:]
			}
			broken = r == unicode.ReplacementChar || utf16.IsSurrogate(r)
		}
		b.WriteRune(r)
	}
	if broken {
		return "", encodingUnknown("This file says it is UTF-16, but some of its bytes are not. Save it as UTF-8.")
	}
	return b.String(), nil
}

// decodeLegacy reads bytes that are not UTF-8. The detector guesses from the frequency of letters
// and is often wrong about a short text, so the alphabets of Europe are tried first, then Windows-1252
// wherever it reads as a text of Western Europe, the encodings of old Macs and of DOS, and the detector is
// asked about the rest.
func decodeLegacy(data []byte) (text, encoding string, err error) {
	if at, ok := brokenUTF8(data); ok {
		return "", "", encodingUnknown(fmt.Sprintf(
			"This file is UTF-8 but for some bytes, the first of them on line %d. Save it as UTF-8 again.",
			bytes.Count(data[:at], []byte("\n"))+1))
	}
	if encoding := byAlphabet(data); encoding != "" {
		text, err := decodeAs(data, encoding)
		return text, encoding, err
	}
	if text, ok := decodeCharmap(data, charmap.Windows1252); ok {
		if western, _ := judge(text); western {
			return text, "windows-1252", nil
		}
	}
	if text, ok := decodeCharmap(data, charmap.Macintosh); ok {
		if western, nordic := judge(text); western && nordic {
			return text, "macintosh", nil
		}
	}
	if text, ok := decodeCharmap(data, charmap.CodePage850); ok {
		if western, nordic := judge(text); western && nordic {
			return text, "ibm850", nil
		}
	}
	guess := chardet.Detect(sample(data))
	encoding = strings.ToLower(guess.Charset)
	if m := charmaps[encoding]; m != nil && guess.Confidence >= 0.8 {
		if text, ok := decodeCharmap(data, m); ok {
			return text, encoding, nil
		}
	}
	return "", "", encodingUnknown("The character encoding of this file can't be told. Save it as UTF-8.")
}

// brokenUTF8 tells text that is UTF-8 but for a few bytes, cut or pasted wrongly: most of its sequences
// beyond ASCII are right, which doesn't happen by chance. It gives the first wrong byte's place.
func brokenUTF8(data []byte) (at int, ok bool) {
	right, wrong := 0, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			if wrong == 0 {
				at = i
			}
			wrong++
		case size > 1:
			right++
		}
		i += size
	}
	return at, right >= 2*wrong
}

func decodeCharmap(data []byte, m *charmap.Charmap) (string, bool) {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for _, c := range data {
		r := m.DecodeByte(c)
		if r == utf8.RuneError {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// judge tells whether a decoded text looks right as one of Western Europe: letters beyond ASCII are
// the fewer among its letters, or all Nordic, and no symbol stands inside a word but an apostrophe, a
// dash and the like. Cyrillic or Greek read wrongly is nearly all such letters; Polish or Czech has
// symbols in words.
func judge(text string) (western, nordic bool) {
	letters, high, foreign, odd := 0, 0, 0, 0
	before, last := ' ', ' '
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if r > unicode.MaxASCII {
				high++
				if !strings.ContainsRune("æøåÆØÅäöÄÖéÉüÜ", r) {
					foreign++
				}
			}
			if last > unicode.MaxASCII && unicode.IsLetter(before) && !unicode.IsLetter(last) && !joins(last) {
				odd++
			}
		}
		before, last = last, r
	}
	nordic = high > 0 && foreign == 0
	return (nordic || high*2 <= letters) && odd*50 <= high, nordic
}

// joins tells the characters that may stand between two letters.
func joins(r rune) bool {
	return strings.ContainsRune("’‘´“”„‚»«‹›–—…·•°\u00a0\u00adªº§€™®", r)
}

// sample cuts out what the detector is shown: 64 kB from shortly before the first byte beyond ASCII.
func sample(data []byte) []byte {
	start := max(0, bytes.IndexFunc(data, func(r rune) bool { return r > unicode.MaxASCII })-1000)
	return data[start:min(len(data), start+64<<10)]
}
