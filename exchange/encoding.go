package exchange

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"feltbog/models"
)

// charmaps are the single-byte encodings by their IANA names in lower case, which are those that the
// detector gives them.
var charmaps = map[string]*charmap.Charmap{
	"windows-874":    charmap.Windows874,
	"windows-1250":   charmap.Windows1250,
	"windows-1251":   charmap.Windows1251,
	"windows-1252":   charmap.Windows1252, // and of ISO-8859-1 all that is written
	"windows-1253":   charmap.Windows1253,
	"windows-1254":   charmap.Windows1254,
	"windows-1255":   charmap.Windows1255,
	"windows-1256":   charmap.Windows1256,
	"windows-1257":   charmap.Windows1257,
	"windows-1258":   charmap.Windows1258,
	"iso-8859-1":     charmap.ISO8859_1,
	"iso-8859-2":     charmap.ISO8859_2,
	"iso-8859-3":     charmap.ISO8859_3,
	"iso-8859-4":     charmap.ISO8859_4,
	"iso-8859-5":     charmap.ISO8859_5,
	"iso-8859-6":     charmap.ISO8859_6,
	"iso-8859-7":     charmap.ISO8859_7,
	"iso-8859-8":     charmap.ISO8859_8,
	"iso-8859-9":     charmap.ISO8859_9,
	"iso-8859-10":    charmap.ISO8859_10,
	"iso-8859-13":    charmap.ISO8859_13,
	"iso-8859-14":    charmap.ISO8859_14,
	"iso-8859-15":    charmap.ISO8859_15,
	"iso-8859-16":    charmap.ISO8859_16,
	"koi8-r":         charmap.KOI8R,
	"koi8-u":         charmap.KOI8U,
	"macintosh":      charmap.Macintosh,
	"x-mac-cyrillic": charmap.MacintoshCyrillic,
	"ibm437":         charmap.CodePage437,
	"ibm850":         charmap.CodePage850,
	"ibm852":         charmap.CodePage852,
	"ibm855":         charmap.CodePage855,
	"ibm865":         charmap.CodePage865,
	"ibm866":         charmap.CodePage866,
}

// Encodings lists the names of the character encodings that a text file can be read in, as
// [Options].Encoding takes them: those of today first, the others by name.
func Encodings() []string {
	names := make([]string, 0, len(charmaps)+3)
	for name := range charmaps {
		names = append(names, name)
	}
	slices.Sort(names)
	return append([]string{"utf-8", "utf-16le", "utf-16be"}, names...)
}

// DecodeAs reads bytes in the encoding of that IANA name, or as [Decode] when it is empty. Beside the
// errors of Decode it returns an Invalid one for a name that isn't among [Encodings] (encoding_unknown).
// Bytes that the encoding doesn't have give file_encoding_unknown.
func DecodeAs(data []byte, name string) (text, encoding string, err error) {
	if name == "" || len(data) == 0 {
		return Decode(data)
	}
	name = strings.ToLower(name)
	if !slices.Contains(Encodings(), name) {
		return "", "", models.Invalid("encoding_unknown",
			"This character encoding isn't known here. Choose one of those that are listed.",
			models.Field{Pointer: "/encoding", Problem: "not a known character encoding"})
	}
	if err := signedBinary(data); err != nil {
		return "", "", err
	}
	text, err = decodeAs(data, name)
	if err != nil {
		return "", "", err
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", "", holdsNUL()
	}
	return text, name, nil
}

// decodeAs reads bytes in one of Encodings.
func decodeAs(data []byte, name string) (string, error) {
	var text string
	var ok bool
	switch name {
	case "utf-8":
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		text, ok = string(data), utf8.Valid(data)
	case "utf-16le":
		return decodeUTF16(bytes.TrimPrefix(data, []byte("\xff\xfe")), littleEndian)
	case "utf-16be":
		return decodeUTF16(bytes.TrimPrefix(data, []byte("\xfe\xff")), bigEndian)
	default:
		text, ok = decodeCharmap(data, charmaps[name])
	}
	if !ok {
		return "", encodingUnknown("This file holds bytes that " + name + " doesn't have. Choose another character encoding.")
	}
	return text, nil
}
