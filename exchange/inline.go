package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// The inline half of Markdown: emphasis, strong, code, links, references and escapes, by the rules of
// CommonMark 0.31, read into characters and marks instead of a tree. Goldmark reads the blocks, but
// not this: its inline half takes time in the square of a paragraph's length (0.1 s for 40 kB of
// "[*a*](b) ", so minutes for the largest text), and ours takes linear time.
//
// We differ from CommonMark on purpose where it would drop words: HTML stays text, an automatic link
// is a web or mail address only, and a link's destination may not be a mere time or number, so that
// "[laughs](00:12)" stays as it was typed.

// inlineReader reads the source of one leaf block.
type inlineReader struct {
	source string
	pos    int
	line   int // where the source's present line begins, after its white space
	refs   references
	cell   bool // in a table cell, where pipes in code are escaped

	pieces   []piece
	points   []rune // the characters of all pieces of text and code, one after another
	brackets []bracket
	delims   []int         // places in pieces of the delimiter runs that may still match
	ticks    map[int][]int // where the runs of backticks begin, by length
	urls     []string
}

type pieceKind uint8

const (
	pieceText       pieceKind = iota
	pieceCode                 // the text of a code span
	pieceDelimiters           // a run of * or _
	pieceBracket              // "[", unless it turns out to begin a link
	pieceImage                // "![", likewise
	pieceLink                 // where a link begins
	pieceLinkEnd
)

// A piece is a stretch of characters, a run of delimiters, or a place where something begins or ends.
type piece struct {
	kind     pieceKind
	from, to int32 // characters in points

	delim             byte  // of a run of delimiters
	count, original   int32 // its delimiters left, and all of them
	canOpen, canClose bool
	opens, closes     [2]int32 // how often emphasis and strong begin after and end before what is left
	url               int32    // of a link, its place in urls
}

type bracket struct {
	piece    int
	delims   int // how many delimiter runs stood before it
	from     int // where its label begins in the source
	inactive bool
}

// readInline reads the inline markup of a leaf's source.
func readInline(source string, refs references, cell bool) words {
	r := inlineReader{source: strings.Trim(source, " \t\n"), refs: refs, cell: cell}
	r.points = make([]rune, 0, len(r.source))
	for r.pos < len(r.source) {
		r.step()
	}
	r.matchDelimiters(0)
	return r.assemble()
}

// special tells the bytes that may begin a construct.
var special = [256]bool{
	'\\': true, '&': true, '\n': true, '`': true, '*': true, '_': true, '[': true, ']': true, '<': true, '!': true,
}

// step reads one construct, or the text up to the next byte that may begin one.
func (r *inlineReader) step() {
	switch c := r.source[r.pos]; c {
	case '\\':
		r.readEscape()
	case '&':
		decoded, size := decodeReference(r.source[r.pos:])
		r.put(strings.Map(kept, decoded))
		r.pos += size
	case '\n':
		r.readLineBreak()
	case '`':
		r.readCode()
	case '*', '_':
		r.readDelimiters()
	case '[':
		r.readBracket(pieceBracket, 1)
	case ']':
		r.readClosingBracket()
	case '<':
		r.readAutomaticLink()
	default:
		if c == '!' && strings.HasPrefix(r.source[r.pos:], "![") {
			r.readBracket(pieceImage, 2)
			return
		}
		end := r.pos + 1
		for end < len(r.source) && !special[r.source[end]] {
			end++
		}
		r.put(r.source[r.pos:end])
		r.pos = end
	}
}

// put appends text.
func (r *inlineReader) put(s string) {
	if n := len(r.pieces); n == 0 || r.pieces[n-1].kind != pieceText {
		r.add(piece{kind: pieceText})
	}
	for _, p := range s {
		r.points = append(r.points, p)
	}
	r.pieces[len(r.pieces)-1].to = int32(len(r.points))
}

// add appends a piece that begins at the end of the characters so far.
func (r *inlineReader) add(p piece) {
	p.from = int32(len(r.points))
	p.to = p.from
	r.pieces = append(r.pieces, p)
}

func (r *inlineReader) readEscape() {
	if r.pos+1 < len(r.source) {
		switch next := r.source[r.pos+1]; {
		case next == '\n':
			r.pos++
			r.breakLine("\n")
			return
		case isPunctuation(next):
			r.put(string(next))
			r.pos += 2
			return
		}
	}
	r.put(`\`)
	r.pos++
}

// isPunctuation tells the ASCII characters that a backslash may escape.
func isPunctuation(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}

// readLineBreak reads a line end that no backslash precedes. Two spaces before it make it a hard one,
// which stays a line end; a soft one becomes a space, for a quote runs on over it.
func (r *inlineReader) readLineBreak() {
	end := r.pos
	for end > r.line && (r.source[end-1] == ' ' || r.source[end-1] == '\t') {
		end--
	}
	// The white space before the line end is the last that was put.
	if n := r.pos - end; n > 0 {
		r.points = r.points[:len(r.points)-n]
		r.pieces[len(r.pieces)-1].to = int32(len(r.points))
	}
	if strings.HasSuffix(r.source[end:r.pos], "  ") {
		r.breakLine("\n")
	} else {
		r.breakLine(" ")
	}
}

func (r *inlineReader) breakLine(with string) {
	r.put(with)
	r.pos++
	for r.pos < len(r.source) && (r.source[r.pos] == ' ' || r.source[r.pos] == '\t') {
		r.pos++
	}
	r.line = r.pos
}

func (r *inlineReader) readCode() {
	if r.ticks == nil {
		r.findTicks()
	}
	n := runLength(r.source[r.pos:])
	start := r.pos + n
	places := r.ticks[n]
	for len(places) > 0 && places[0] < start {
		places = places[1:]
	}
	r.ticks[n] = places
	if len(places) == 0 {
		r.put(r.source[r.pos:start])
		r.pos = start
		return
	}
	content := strings.ReplaceAll(r.source[start:places[0]], "\n", " ")
	if len(content) > 2 && content[0] == ' ' && content[len(content)-1] == ' ' && strings.Trim(content, " ") != "" {
		content = content[1 : len(content)-1]
	}
	if r.cell {
		content = unescapePipes(content)
	}
	r.add(piece{kind: pieceCode})
	for _, p := range content {
		r.points = append(r.points, p)
	}
	r.pieces[len(r.pieces)-1].to = int32(len(r.points))
	r.pos = places[0] + n
}

// findTicks notes where the runs of backticks of each length begin, so that looking for the end of a
// code span doesn't read the rest of the leaf each time.
func (r *inlineReader) findTicks() {
	r.ticks = map[int][]int{}
	for i := r.pos; i < len(r.source); {
		if r.source[i] != '`' {
			i++
			continue
		}
		n := runLength(r.source[i:])
		r.ticks[n] = append(r.ticks[n], i)
		i += n
	}
}

// runLength tells how often the first byte of s is repeated.
func runLength(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

func (r *inlineReader) readDelimiters() {
	n := runLength(r.source[r.pos:])
	before, after := '\n', '\n'
	if r.pos > 0 {
		before, _ = utf8.DecodeLastRuneInString(r.source[:r.pos])
	}
	if r.pos+n < len(r.source) {
		after, _ = utf8.DecodeRuneInString(r.source[r.pos+n:])
	}
	c := r.source[r.pos]
	if canOpen, canClose := flanking(c, before, after); canOpen || canClose {
		r.delims = append(r.delims, len(r.pieces))
		r.add(piece{
			kind: pieceDelimiters, delim: c, count: int32(n), original: int32(n), canOpen: canOpen, canClose: canClose,
		})
	} else {
		r.put(r.source[r.pos : r.pos+n])
	}
	r.pos += n
}

func (r *inlineReader) readBracket(kind pieceKind, size int) {
	r.brackets = append(r.brackets, bracket{piece: len(r.pieces), delims: len(r.delims), from: r.pos + size})
	r.add(piece{kind: kind})
	r.pos += size
}

func (r *inlineReader) readClosingBracket() {
	url, end := "", 0
	var open bracket
	if n := len(r.brackets); n > 0 {
		open = r.brackets[n-1]
		r.brackets = r.brackets[:n-1]
		if !open.inactive {
			url, end = r.linkTail(open.from)
		}
	}
	if end == 0 {
		r.put("]")
		r.pos++
		return
	}
	r.pos = end
	r.matchDelimiters(open.delims)
	opening := &r.pieces[open.piece]
	if opening.kind == pieceImage {
		opening.kind = pieceText // the words of an image are its description
		return
	}
	opening.kind = pieceText
	if url = cleanURL(url); url != "" {
		opening.kind = pieceLink
		opening.url = int32(len(r.urls))
		r.urls = append(r.urls, url)
		r.add(piece{kind: pieceLinkEnd})
	}
	// There are no links in links.
	for i := len(r.brackets) - 1; i >= 0 && !r.brackets[i].inactive; i-- {
		if r.pieces[r.brackets[i].piece].kind == pieceBracket {
			r.brackets[i].inactive = true
		}
	}
}

func (r *inlineReader) readAutomaticLink() {
	address, url := automaticLink(r.source[r.pos:])
	if url = cleanURL(url); url == "" {
		r.put("<")
		r.pos++
		return
	}
	r.add(piece{kind: pieceLink, url: int32(len(r.urls))})
	r.urls = append(r.urls, url)
	r.put(address)
	r.add(piece{kind: pieceLinkEnd})
	r.pos += len(address) + 2
}

// assemble lays the pieces out into characters and marks.
func (r *inlineReader) assemble() words {
	if len(r.pieces) == 1 && r.pieces[0].kind == pieceText {
		return words{points: r.points}
	}
	w := words{points: make([]rune, 0, len(r.points))}
	var depth [2]int32
	var since [2]int // where the outermost emphasis and strong began
	link := models.Mark{Kind: models.MarkLink}
	kinds := [2]models.MarkKind{models.MarkEmphasis, models.MarkStrong}
	for i := range r.pieces {
		p := &r.pieces[i]
		for k, n := range p.closes {
			if depth[k] -= n; n > 0 && depth[k] == 0 {
				w.marks = append(w.marks, models.Mark{Kind: kinds[k], Start: since[k], End: len(w.points)})
			}
		}
		switch start := len(w.points); p.kind {
		case pieceText, pieceCode:
			w.points = append(w.points, r.points[p.from:p.to]...)
			if p.kind == pieceCode {
				w.marks = append(w.marks, models.Mark{Kind: models.MarkCode, Start: start, End: start + int(p.to-p.from)})
			}
		case pieceDelimiters:
			for range p.count {
				w.points = append(w.points, rune(p.delim))
			}
		case pieceBracket:
			w.points = append(w.points, '[')
		case pieceImage:
			w.points = append(w.points, '!', '[')
		case pieceLink:
			link.Start, link.URL = start, r.urls[p.url]
		case pieceLinkEnd:
			link.End = start
			w.marks = append(w.marks, link)
		}
		for k, n := range p.opens {
			if n > 0 && depth[k] == 0 {
				since[k] = len(w.points)
			}
			depth[k] += n
		}
	}
	return w
}

// flanking tells whether a run of c between two characters may open and close emphasis.
func flanking(c byte, before, after rune) (canOpen, canClose bool) {
	spaceBefore, spaceAfter := unicode.IsSpace(before), unicode.IsSpace(after)
	markBefore, markAfter := isMark(before), isMark(after)
	left := !spaceAfter && (!markAfter || spaceBefore || markBefore)
	right := !spaceBefore && (!markBefore || spaceAfter || markAfter)
	if c == '_' {
		return left && (!right || markBefore), right && (!left || markAfter)
	}
	return left, right
}

// isMark tells what CommonMark calls a punctuation character.
func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
