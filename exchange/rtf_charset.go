package exchange

import (
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

// symbol gives the character that stands in a font of symbols at a place in the private area or below
// 256. Those that documents hold are bullets and arrows; of the others there is no telling.
func symbol(r rune) rune {
	if r >= 0xf000 && r <= 0xf0ff {
		r -= 0xf000
	}
	switch r {
	case 0xb7, 0xa7, 0x6c, 0x6e, 0x75, 0x76, 0xa8, 0xd8:
		return '•'
	case 0xe0, 0xae:
		return '→'
	case 0xdf, 0xac:
		return '←'
	case 0xfc, 0xfe:
		return '✓'
	case 0xd7:
		return '×'
	case 0xb3:
		return '≥'
	case 0xa3:
		return '≤'
	case 0xb1:
		return '±'
	case 0xb0:
		return '°'
	}
	return r
}
