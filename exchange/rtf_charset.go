package exchange

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Code pages that have no number of their own in rich text.
const (
	pageSymbol  = -2
	pageMac     = 10000
	pageWestern = 1252
)

// charsetPages gives the code page of each \fcharset of a font but the default one.
var charsetPages = map[int]int{
	0: pageWestern, 2: pageSymbol, 77: pageMac, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254,
	163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}

// codePages gives the encodings by the numbers that Windows has for them.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866, 874: charmap.Windows874,
	932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253,
	1254: charmap.Windows1254, 1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257,
	1258: charmap.Windows1258, 10000: charmap.Macintosh, 10007: charmap.MacintoshCyrillic,
	20866: charmap.KOI8R, 21866: charmap.KOI8U, 54936: simplifiedchinese.GB18030, 65001: unicode.UTF8,
}

// decodePage reads bytes in a code page, in Windows-1252 where it is unknown.
func decodePage(data []byte, page int) string {
	if ascii(data) {
		return string(data)
	}
	e, ok := codePages[page]
	if !ok {
		e = charmap.Windows1252
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return string(data)
	}
	return string(text)
}

func ascii(data []byte) bool {
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// fontWord reads a control word of the table of fonts.
func (r *rtfReader) fontWord(word string, n int) {
	if word == "f" {
		r.state.font = n
		r.caption.Reset()
		return
	}
	page, known := charsetPages[n]
	if word == "cpg" {
		page = n
		_, known = codePages[n]
	}
	if known && (word == "cpg" || word == "fcharset") {
		font := r.fonts[r.state.font]
		font.page = page
		r.setFont(font)
	}
}

// fontName reads a character of the name of a font, which a semicolon ends.
func (r *rtfReader) fontName(c rune) {
	if c != ';' {
		if r.caption.Len() < maxInstruction {
			r.caption.WriteRune(c)
		}
		return
	}
	if name := strings.TrimSpace(r.caption.String()); isSymbolFont(name) {
		font := r.fonts[r.state.font]
		font.name = name
		r.setFont(font)
	}
	r.caption.Reset()
}

func (r *rtfReader) setFont(font rtfFont) {
	if len(r.fonts) < maxStyles {
		r.fonts[r.state.font] = font
	}
}
