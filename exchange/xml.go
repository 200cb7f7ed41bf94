package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Bounds on XML, which keep the time that a document takes in proportion to its size.
const (
	maxXMLDepth    = 500 // elements within each other; Office stays far below
	maxXMLBindings = 256 // namespaces that are declared around one place
	maxXMLNames    = 2_000
	maxXMLAttrs    = 1_000
	maxXMLText     = 64 << 10  // bytes of text that are given at a time
	maxXMLValue    = 64 << 10  // bytes of an attribute that anybody asks for
	maxXMLWords    = 1_000_000 // characters of a title or name
)

// xmlReader reads XML from memory, an element or a stretch of text at a time. It is ours because
// encoding/xml takes twice as long to find the tags of a long Word document as this takes to read all of
// it. It does less: names of entities beyond the five of XML are an error, a DOCTYPE is skipped unread,
// comments and instructions are dropped, and nothing is ever looked up outside the text.
//
// A name is the short name of its namespace, as [newXML] is told them, a colon and the local name. It
// is the local name alone in no namespace, and one after "?:" in a namespace that isn't told.
//
// Errors stay: after one, next says false and err holds it.
type xmlReader struct {
	data []byte
	pos  int
	err  error

	kind  xmlKind
	name  string // of the element that was just begun or ended
	text  []byte // as it stands in the file; see runes
	depth int    // elements around this place, the one that was just begun among them

	cdata bool // text is as it is, without references
	empty bool // the element that was just begun ends at once
	attrs []xmlAttr

	open       []xmlElement
	bindings   []xmlBinding
	names      map[string]string // of elements, by their names in the file
	namespaces map[string]string
}

type xmlKind uint8

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlChars
)

type xmlAttr struct{ name, value []byte }

type xmlElement struct {
	raw      []byte
	name     string
	bindings int // before it
}

// xmlBinding says what a prefix stands for.
type xmlBinding struct {
	prefix []byte
	short  string
}

// newXML begins to read XML in UTF-8. Namespaces gives the short name of each namespace by its address;
// several may have one short name.
func newXML(data []byte, namespaces map[string]string) *xmlReader {
	x := &xmlReader{data: data, names: map[string]string{}, namespaces: namespaces}
	if !utf8.Valid(data) {
		x.fail(errors.New("not UTF-8"))
	}
	return x
}

// fail ends the reading. What is no error of ours makes the file a damaged one.
func (x *xmlReader) fail(cause error) {
	if x.err == nil {
		x.err = damaged(fmt.Errorf("XML at byte %d: %w", x.pos, cause))
	}
}

// stop ends the reading with an error as it is.
func (x *xmlReader) stop(err error) {
	if x.err == nil {
		x.err = err
	}
}

// more goes on to the next child of the element whose depth is given: to where an element begins, whose
// name it then has, or to text, which has no name. What a caller leaves unread of a child is skipped. It
// says false at the element's end. Use it as
//
//	for in := x.depth; x.more(in); {
//		switch x.name { … }
//	}
func (x *xmlReader) more(depth int) bool {
	for x.next() {
		switch x.kind {
		case xmlStart:
			if x.depth == depth+1 {
				return true
			}
		case xmlChars:
			if x.depth == depth {
				x.name = ""
				return true
			}
		case xmlEnd:
			if x.depth < depth {
				return false
			}
		}
	}
	return false
}

// root goes to where the outermost element begins.
func (x *xmlReader) root() bool {
	for x.next() {
		if x.kind == xmlStart {
			return true
		}
	}
	return false
}

// next goes on to the next beginning, end or text.
func (x *xmlReader) next() bool {
	if x.err != nil {
		return false
	}
	if x.empty {
		x.empty = false
		x.end()
		return true
	}
	for x.pos < len(x.data) {
		if x.data[x.pos] != '<' {
			if x.readText() {
				return true
			}
			continue
		}
		rest := x.data[x.pos:]
		switch {
		case len(rest) > 1 && rest[1] == '/':
			return x.readEnd()
		case len(rest) > 1 && rest[1] == '?':
			x.skipPast("?>", 2)
		case bytes.HasPrefix(rest, []byte("<!--")):
			x.skipPast("-->", 4)
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			from := x.pos + 9
			x.skipPast("]]>", 9)
			if x.pos-from > maxXMLText {
				x.fail(errors.New("a marked section that is too long"))
			}
			if x.err == nil && x.depth > 0 {
				x.kind, x.text, x.cdata = xmlChars, x.data[from:x.pos-3], true
				return true
			}
		case len(rest) > 1 && rest[1] == '!':
			x.skipDoctype()
		default:
			return x.readStart()
		}
		if x.err != nil {
			return false
		}
	}
	if x.depth > 0 {
		x.fail(errors.New("it ends too early"))
	}
	return false
}

// readText reads up to the next tag, or a piece of a long text. There is no text outside the outermost
// element.
func (x *xmlReader) readText() bool {
	rest := x.data[x.pos:]
	end := bytes.IndexByte(rest[:min(len(rest), maxXMLText)], '<')
	switch {
	case end >= 0:
	case len(rest) <= maxXMLText:
		end = len(rest)
	default:
		end = pieceEnd(rest)
	}
	x.kind, x.text, x.cdata = xmlChars, x.data[x.pos:x.pos+end], false
	x.pos += end
	return x.depth > 0
}

// pieceEnd gives where a piece of a text may end: not within a character, a reference or a line end.
func pieceEnd(text []byte) int {
	end := maxXMLText
	if at := bytes.LastIndexByte(text[end-12:end], '&'); at >= 0 {
		end += at - 12
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	if text[end-1] == '\r' && text[end] == '\n' {
		end++
	}
	return end
}

// readStart reads a tag that begins an element.
func (x *xmlReader) readStart() bool {
	from := x.pos + 1
	i := from
	for i < len(x.data) && !endsName[x.data[i]] {
		i++
	}
	if i == from || len(x.open) >= maxXMLDepth {
		x.fail(errors.New("a tag without a name, or too many within each other"))
		return false
	}
	element := xmlElement{raw: x.data[from:i], bindings: len(x.bindings)}
	x.attrs = x.attrs[:0]
	x.pos = i
	if !x.readAttrs() {
		x.fail(errors.New("a broken tag"))
		return false
	}
	element.name = x.resolve(element.raw)
	x.open = append(x.open, element)
	x.kind, x.name, x.depth = xmlStart, element.name, len(x.open)
	return true
}

// endsName tells the bytes that end a name in a tag.
var endsName = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '/': true, '>': true, '=': true, '<': true, '"': true, '\'': true}

// readAttrs reads a tag from behind its name to its end, and says whether all was well.
func (x *xmlReader) readAttrs() bool {
	data, i := x.data, x.pos
	for {
		for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
			i++
		}
		if i >= len(data) {
			return false
		}
		if data[i] == '>' {
			x.pos = i + 1
			return true
		}
		if data[i] == '/' {
			x.pos, x.empty = i+2, true
			return i+1 < len(data) && data[i+1] == '>'
		}
		from := i
		for i < len(data) && !endsName[data[i]] {
			i++
		}
		name := data[from:i]
		for i < len(data) && (data[i] == ' ' || data[i] == '=' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
			i++
		}
		if len(name) == 0 || i >= len(data) || data[i] != '"' && data[i] != '\'' {
			return false
		}
		n := bytes.IndexByte(data[i+1:], data[i])
		if n < 0 || len(x.attrs) >= maxXMLAttrs {
			return false
		}
		a := xmlAttr{name: name, value: data[i+1 : i+1+n]}
		i += n + 2
		if bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':') {
			if !x.bind(a) {
				return false
			}
			continue
		}
		x.attrs = append(x.attrs, a)
	}
}

// readEnd reads a tag that ends an element.
func (x *xmlReader) readEnd() bool {
	n := bytes.IndexByte(x.data[x.pos:], '>')
	if n < 0 || len(x.open) == 0 {
		x.fail(errors.New("an end without a beginning"))
		return false
	}
	raw := bytes.TrimRight(x.data[x.pos+2:x.pos+n], " \t\r\n")
	if !bytes.Equal(raw, x.open[len(x.open)-1].raw) {
		x.fail(errors.New("the end of another element"))
		return false
	}
	x.pos += n + 1
	x.end()
	return true
}

// end leaves the innermost element.
func (x *xmlReader) end() {
	element := x.open[len(x.open)-1]
	x.open = x.open[:len(x.open)-1]
	x.kind, x.name, x.depth = xmlEnd, element.name, len(x.open)
	x.attrs = x.attrs[:0]
	if len(x.bindings) > element.bindings {
		x.bindings = x.bindings[:element.bindings]
		x.forget()
	}
}

// forget drops the names that were resolved, for prefixes stand for other namespaces now. To clear a map
// takes as long as it once was large.
func (x *xmlReader) forget() {
	if len(x.names) > 0 {
		x.names = map[string]string{}
	}
}
