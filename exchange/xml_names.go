package exchange

import (
	"bytes"
	"errors"
	"slices"
)

// skipPast goes behind what ends a construct whose beginning has a size.
func (x *xmlReader) skipPast(end string, size int) {
	n := bytes.Index(x.data[x.pos+size:], []byte(end))
	if n < 0 {
		x.fail(errors.New("it ends too early"))
		return
	}
	x.pos += size + n + len(end)
}

// skipDoctype goes behind a document type with all that it declares.
func (x *xmlReader) skipDoctype() {
	brackets := 0
	for i := x.pos + 2; i < len(x.data); i++ {
		switch c := x.data[i]; c {
		case '"', '\'':
			n := bytes.IndexByte(x.data[i+1:], c)
			if n < 0 {
				i = len(x.data)
				break
			}
			i += n + 1
		case '[', '<':
			brackets++
		case ']':
			brackets--
		case '>':
			if brackets == 0 {
				x.pos = i + 1
				return
			}
			brackets--
		}
	}
	x.fail(errors.New("it ends too early"))
}

// bind declares a prefix.
func (x *xmlReader) bind(a xmlAttr) bool {
	if len(x.bindings) >= maxXMLBindings {
		return false
	}
	prefix := bytes.TrimPrefix(a.name[5:], []byte(":"))
	short, told := x.namespaces[string(a.value)]
	if !told && len(a.value) > 0 {
		short = "?"
	}
	if before, bound := x.lookUp(prefix); !bound || before != short {
		x.forget()
	}
	x.bindings = append(x.bindings, xmlBinding{prefix, short})
	return true
}

// lookUp gives the short name of the namespace that a prefix stands for.
func (x *xmlReader) lookUp(prefix []byte) (short string, bound bool) {
	for _, b := range slices.Backward(x.bindings) {
		if bytes.Equal(b.prefix, prefix) {
			return b.short, true
		}
	}
	switch string(prefix) {
	case "":
		return "", true
	case "xml":
		return "xml", true
	}
	return "?", false
}

// resolve gives the name of an element from the one in the file.
func (x *xmlReader) resolve(raw []byte) string {
	if name, ok := x.names[string(raw)]; ok {
		return name
	}
	prefix, local, found := bytes.Cut(raw, []byte(":"))
	if !found {
		prefix, local = nil, raw
	}
	name := string(local)
	if short, _ := x.lookUp(prefix); short != "" {
		name = short + ":" + name
	}
	if len(x.names) < maxXMLNames {
		x.names[string(raw)] = name
	}
	return name
}
