package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// find gives an attribute of the element that was just begun as it stands in the file.
func (x *xmlReader) find(name string) (value []byte, ok bool) {
	short, local, found := strings.Cut(name, ":")
	if !found {
		short, local = "", name
	}
	for _, a := range x.attrs {
		if len(a.name) < len(local) || string(a.name[len(a.name)-len(local):]) != local {
			continue
		}
		prefix := a.name[:len(a.name)-len(local)]
		if len(prefix) == 0 {
			if short == "" {
				return a.value, true
			}
			continue
		}
		if prefix[len(prefix)-1] != ':' || short == "" {
			continue
		}
		if s, _ := x.lookUp(prefix[:len(prefix)-1]); s == short {
			return a.value, true
		}
	}
	return nil, false
}

// attr gives an attribute of the element that was just begun, empty where it has none.
func (x *xmlReader) attr(name string) string {
	value, _ := x.find(name)
	if len(value) > maxXMLValue {
		return ""
	}
	if bytes.IndexByte(value, '&') < 0 {
		return string(value)
	}
	return string(x.decode(nil, value))
}

// number gives an attribute that is a whole number, and otherwise what is given for it.
func (x *xmlReader) number(name string, otherwise int) int {
	value, ok := x.find(name)
	if !ok || len(value) > 9 {
		return otherwise
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil {
		return otherwise
	}
	return n
}

// runes appends the text that was just read, as a text keeps it.
func (x *xmlReader) runes(points []rune) []rune {
	from := len(points)
	if x.cdata {
		for _, r := range string(x.text) {
			points = append(points, r)
		}
	} else {
		points = x.decode(points, x.text)
	}
	return keptPoints(points, from)
}

// keptPoints drops from the characters after a place what a text doesn't keep, and has each line end once.
func keptPoints(points []rune, from int) []rune {
	end, after := from, rune(0)
	for _, r := range points[from:] {
		before := after
		after = r
		if r < ' ' || r > '~' {
			if before == '\r' && r == '\n' {
				continue
			}
			if r = kept(r); r < 0 {
				continue
			}
		}
		points[end] = r
		end++
	}
	return points[:end]
}

// words gives all the text in the element that was just begun, and goes to its end.
func (x *xmlReader) words() string {
	var points []rune
	for in := x.depth; x.next() && (x.kind != xmlEnd || x.depth >= in); {
		if x.kind == xmlChars && len(points) < maxXMLWords {
			points = x.runes(points)
		}
	}
	return string(points)
}

// decode appends characters with their references resolved.
func (x *xmlReader) decode(points []rune, source []byte) []rune {
	for i := 0; i < len(source); {
		c := source[i]
		switch {
		case c == '&':
			end := bytes.IndexByte(source[i:min(len(source), i+12)], ';')
			if end < 0 {
				x.fail(errors.New("a broken reference"))
				return points
			}
			points = append(points, x.reference(string(source[i+1:i+end])))
			i += end + 1
		case c < utf8.RuneSelf:
			points = append(points, rune(c))
			i++
		default:
			r, size := utf8.DecodeRune(source[i:])
			points = append(points, r)
			i += size
		}
	}
	return points
}

// reference gives the character that a reference names.
func (x *xmlReader) reference(name string) rune {
	switch name {
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "amp":
		return '&'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || digits == name {
		x.fail(fmt.Errorf("the entity %q, which XML doesn't have", name))
		return unicode.ReplacementChar
	}
	if n > unicode.MaxRune || !utf8.ValidRune(rune(n)) {
		return unicode.ReplacementChar
	}
	return rune(n)
}
