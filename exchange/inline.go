package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// The inline half of Markdown: emphasis, strong, code, links, references and escapes, by the rules of
// CommonMark 0.31, read into characters with a style each instead of a tree. Goldmark reads the
// blocks, but not this: its inline half takes time in the square of a paragraph's length (0.1 s for
// 40 kB of "[*a*](b) ", so minutes for the largest text), and ours takes linear time.
//
// We differ from CommonMark on purpose where it would drop words: HTML stays text, an automatic link
// is a web or mail address only, and a link's destination may not be a mere time or number, so that
// "[laughs](00:12)" stays as it was typed.

// style is how one character is marked: a set of flags, and which of the leaf's links it belongs to.
type style struct {
	flags styleFlags
	link  int32 // index into styled.urls from 1, 0 for none
}

type styleFlags uint8

const (
	styleEmphasis styleFlags = 1 << iota
	styleStrong
	styleCode
)

// styled is text with a style for each character.
type styled struct {
	points []rune
	styles []style // as long as points
	urls   urlList
}

// references are the link targets a document defines, by folded label.
type references map[string]string

// inlineReader reads the source of one leaf block.
type inlineReader struct {
	source string
	pos    int
	line   int // where the source's present line begins, after its white space
	refs   references
	cell   bool // in a table cell, where pipes in code are escaped

	pieces   []piece
	points   []rune // the characters of all text pieces, one after another
	code     []bool // which of them are code
	brackets []bracket
	delims   []int // places in pieces of the delimiter runs that may still match
	ticks    map[int][]int
	urls     urlList
}

// urlList gathers the addresses of links, each once: neighbouring links to one address are one link.
type urlList struct {
	list   []string
	places map[string]int32
}

// link gives the place of an address in the list, from 1.
func (u *urlList) link(url string) int32 {
	n, known := u.places[url]
	if !known {
		if u.places == nil {
			u.places = map[string]int32{}
		}
		u.list = append(u.list, url)
		n = int32(len(u.list)) //nolint:gosec // a text has at most 2,000,000 characters
		u.places[url] = n
	}
	return n
}

// A piece is a stretch of characters, a run of delimiters, or a place where a link begins or ends.
type piece struct {
	from, to int // characters in points

	delim             byte // '*' or '_' for a run of delimiters
	count, original   int  // its characters left, and all of them
	canOpen, canClose bool
	opens, closes     [2]int // how often emphasis and strong begin after and end before what is left
	link              int32  // the link that begins here
	linkEnds          bool
	bracket           string // "[" or "![" while it is not part of a link
}

type bracket struct {
	piece    int
	delims   int // how many delimiter runs stood before it
	from     int // where its label begins in the source
	image    bool
	inactive bool
}

// readInline reads the inline markup of a leaf's source, whose lines don't begin with white space.
func readInline(source string, refs references, cell bool) styled {
	r := inlineReader{source: strings.TrimRight(source, " \t\n"), refs: refs, cell: cell}
	for r.pos < len(r.source) {
		r.step()
	}
	r.matchDelimiters(0)
	return r.assemble()
}

// step reads one construct, or the text up to the next character that may begin one.
func (r *inlineReader) step() {
	switch c := r.source[r.pos]; c {
	case '\\':
		r.readEscape()
	case '&':
		r.readReference()
	case '\n':
		r.readLineBreak()
	case '`':
		r.readCode()
	case '*', '_':
		r.readDelimiters()
	case '[':
		r.readBracket("[")
	case ']':
		r.readClosingBracket()
	case '<':
		r.readAutomaticLink()
	default:
		if c == '!' && strings.HasPrefix(r.source[r.pos:], "![") {
			r.readBracket("![")
			return
		}
		end := len(r.source)
		if n := strings.IndexAny(r.source[r.pos+1:], "\\&\n`*_[]<!"); n >= 0 {
			end = r.pos + 1 + n
		}
		r.put(r.source[r.pos:end], false)
		r.pos = end
	}
}

// put appends text to the characters.
func (r *inlineReader) put(s string, code bool) {
	from := len(r.points)
	for _, p := range s {
		if p = kept(p); p >= 0 {
			r.points = append(r.points, p)
			r.code = append(r.code, code)
		}
	}
	if n := len(r.pieces); n > 0 && r.pieces[n-1].isText() {
		r.pieces[n-1].to = len(r.points)
		return
	}
	r.pieces = append(r.pieces, piece{from: from, to: len(r.points)})
}

func (p *piece) isText() bool {
	return p.delim == 0 && p.bracket == "" && p.link == 0 && !p.linkEnds
}

func (r *inlineReader) readEscape() {
	if r.pos+1 < len(r.source) {
		switch next := r.source[r.pos+1]; {
		case next == '\n':
			r.pos++
			r.breakLine("\n")
			return
		case isPunctuation(next):
			r.put(string(next), false)
			r.pos += 2
			return
		}
	}
	r.put(`\`, false)
	r.pos++
}

// isPunctuation tells the ASCII characters that a backslash may escape.
func isPunctuation(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}

var referencePattern = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

func (r *inlineReader) readReference() {
	decoded, size := decodeReference(r.source[r.pos:])
	r.put(decoded, false)
	r.pos += size
}

// decodeReference decodes the character reference that s begins with, or gives the one character that
// is none. NUL and what is no character become U+FFFD, as in CommonMark.
func decodeReference(s string) (decoded string, size int) {
	m := referencePattern.FindString(s)
	if m == "" {
		return s[:1], 1
	}
	if m[1] != '#' {
		if entity, ok := util.LookUpHTML5EntityByName(m[1 : len(m)-1]); ok {
			return string(entity.Characters), len(m)
		}
		return s[:1], 1
	}
	digits, base := m[2:len(m)-1], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return string(unicode.ReplacementChar), len(m)
	}
	return string(rune(n)), len(m)
}

// readLineBreak reads a line end that no backslash precedes. Two spaces before it make it a hard one,
// which stays a line end; a soft one becomes a space, for a quote runs on over it.
func (r *inlineReader) readLineBreak() {
	spaces, end := 0, r.pos
	for end > r.line && (r.source[end-1] == ' ' || r.source[end-1] == '\t') {
		end--
		if r.source[end] == ' ' {
			spaces++
		}
	}
	// The white space before the line end is the last that was put, unless it stands in a code span.
	if n := r.pos - end; n > 0 {
		r.points = r.points[:len(r.points)-n]
		r.code = r.code[:len(r.points)]
		r.pieces[len(r.pieces)-1].to = len(r.points)
	}
	if spaces >= 2 {
		r.breakLine("\n")
	} else {
		r.breakLine(" ")
	}
}

func (r *inlineReader) breakLine(with string) {
	r.put(with, false)
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
		r.put(r.source[r.pos:start], false)
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
	r.put(content, true)
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

func runLength(s string) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// unescapePipes halves the backslashes before each pipe, of which the last one escapes it.
func unescapePipes(s string) string {
	if !strings.Contains(s, `\|`) {
		return s
	}
	var b strings.Builder
	for {
		n := strings.IndexByte(s, '|')
		if n < 0 {
			b.WriteString(s)
			return b.String()
		}
		before := strings.TrimRight(s[:n], `\`)
		b.WriteString(before)
		b.WriteString(s[len(before) : len(before)+(n-len(before))/2])
		b.WriteByte('|')
		s = s[n+1:]
	}
}

func (r *inlineReader) readDelimiters() {
	n := runLength(r.source[r.pos:])
	before, _ := utf8.DecodeLastRuneInString(r.source[:r.pos])
	after, _ := utf8.DecodeRuneInString(r.source[r.pos+n:])
	c := r.source[r.pos]
	canOpen, canClose := flanking(c, runeOr(before, r.pos > 0), runeOr(after, r.pos+n < len(r.source)))
	if !canOpen && !canClose {
		r.put(r.source[r.pos:r.pos+n], false)
		r.pos += n
		return
	}
	at := len(r.points)
	r.delims = append(r.delims, len(r.pieces))
	r.pieces = append(r.pieces, piece{
		from: at, to: at, delim: c, count: n, original: n, canOpen: canOpen, canClose: canClose,
	})
	r.pos += n
}

// runeOr gives r, or a line end where the source ends.
func runeOr(r rune, ok bool) rune {
	if ok {
		return r
	}
	return '\n'
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

func (r *inlineReader) readBracket(s string) {
	r.brackets = append(r.brackets, bracket{
		piece: len(r.pieces), delims: len(r.delims), from: r.pos + len(s), image: s == "![",
	})
	at := len(r.points)
	r.pieces = append(r.pieces, piece{from: at, to: at, bracket: s})
	r.pos += len(s)
}

func (r *inlineReader) readClosingBracket() {
	if len(r.brackets) == 0 {
		r.put("]", false)
		r.pos++
		return
	}
	open := r.brackets[len(r.brackets)-1]
	r.brackets = r.brackets[:len(r.brackets)-1]
	url, end := "", 0
	if !open.inactive {
		url, end = r.linkTail(open)
	}
	if end == 0 {
		r.put("]", false)
		r.pos++
		return
	}
	r.pos = end
	r.matchDelimiters(open.delims)
	opening := &r.pieces[open.piece]
	opening.bracket = ""
	if open.image { // the words of an image are its description
		return
	}
	if url = cleanURL(url); url != "" {
		opening.link = r.urls.link(url)
		at := len(r.points)
		r.pieces = append(r.pieces, piece{from: at, to: at, linkEnds: true})
	}
	// There are no links in links.
	for i := len(r.brackets) - 1; i >= 0 && !r.brackets[i].inactive; i-- {
		if !r.brackets[i].image {
			r.brackets[i].inactive = true
		}
	}
}

const (
	maxDestination = 4_000 // bytes of a link's destination
	maxTitle       = 1_000 // bytes of a link's title and of a label
)

// linkTail reads what follows the text of a link, from the closing bracket at pos: a destination in
// parentheses, or a reference by label. It gives the place after it, 0 when there is none.
func (r *inlineReader) linkTail(open bracket) (url string, end int) {
	rest := r.source[r.pos+1:]
	if strings.HasPrefix(rest, "(") {
		if url, size := inlineDestination(rest); size > 0 {
			return url, r.pos + 1 + size
		}
	}
	if len(r.refs) == 0 {
		return "", 0
	}
	label, end := r.source[open.from:r.pos], r.pos+1
	if strings.HasPrefix(rest, "[") {
		if n := strings.IndexAny(rest[1:min(len(rest), maxTitle)], "[]"); n >= 0 && rest[n+1] == ']' {
			if n > 0 {
				label = rest[1 : n+1]
			}
			end += n + 2
		}
	}
	if len(label) > maxTitle {
		return "", 0
	}
	if url, ok := r.refs[foldLabel(label)]; ok {
		return url, end
	}
	return "", 0
}

// foldLabel brings a reference's label into the form in which labels are compared.
func foldLabel(label string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(label), " ")))
}

// inlineDestination reads "(destination "title")" and gives the destination, decoded, and the size of
// the whole, 0 when it is no such thing.
func inlineDestination(s string) (destination string, size int) {
	i := skipSpace(s, 1)
	raw, n := rawDestination(s[i:])
	if n == 0 {
		return "", 0
	}
	i += n
	after := skipSpace(s, i)
	if after > i && after < len(s) && strings.IndexByte(`"'(`, s[after]) >= 0 {
		n := titleSize(s[after:])
		if n == 0 {
			return "", 0
		}
		after = skipSpace(s, after+n)
	}
	if after >= len(s) || s[after] != ')' || isTimeOrNumber(raw) {
		return "", 0
	}
	return unescape(raw), after + 1
}

// isTimeOrNumber tells a destination that leads nowhere, such as 00:12 or 3.
func isTimeOrNumber(s string) bool { return strings.Trim(s, "0123456789:.,- ") == "" }

// skipSpace gives the place of the first character from i that is no white space, over one line end.
func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n') {
		i++
	}
	return i
}

// rawDestination reads a link's destination as it is written, in angle brackets or bare.
func rawDestination(s string) (raw string, size int) {
	s = s[:min(len(s), maxDestination)]
	if strings.HasPrefix(s, "<") {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '\n', '<':
				return "", 0
			case '>':
				return s[1:i], i + 1
			}
		}
		return "", 0
	}
	depth, i := 0, 0
scan:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && isPunctuation(s[i+1]):
			i++
		case c == '(':
			if depth++; depth > 32 {
				return "", 0
			}
		case c == ')':
			if depth == 0 {
				break scan
			}
			depth--
		case c <= ' ':
			break scan
		}
	}
	if depth != 0 || i >= len(s) {
		return "", 0
	}
	return s[:i], i
}

// titleSize gives the size of the quoted title that s begins with, 0 when it doesn't end.
func titleSize(s string) int {
	closing := s[0]
	if closing == '(' {
		closing = ')'
	}
	for i := 1; i < min(len(s), maxTitle); i++ {
		switch s[i] {
		case '\\':
			i++
		case closing:
			return i + 1
		}
	}
	return 0
}

// unescape decodes the escapes and references in a destination.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '\\' && i+1 < len(s) && isPunctuation(s[i+1]):
			b.WriteByte(s[i+1])
			i += 2
		case s[i] == '&':
			decoded, size := decodeReference(s[i:])
			b.WriteString(decoded)
			i += size
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

var (
	automaticURL  = regexp.MustCompile(`^<((?i:https?://|mailto:)[^\s<>]{1,1000})>`)
	automaticMail = regexp.MustCompile(`^<([A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+)>`)
)

func (r *inlineReader) readAutomaticLink() {
	rest := r.source[r.pos:min(len(r.source), r.pos+maxDestination)]
	words, url := "", ""
	if m := automaticURL.FindStringSubmatch(rest); m != nil {
		words, url = m[1], m[1]
	} else if m := automaticMail.FindStringSubmatch(rest); m != nil {
		words, url = m[1], "mailto:"+m[1]
	}
	if url = cleanURL(url); url == "" {
		r.put("<", false)
		r.pos++
		return
	}
	at := len(r.points)
	r.pieces = append(r.pieces, piece{from: at, to: at, link: r.urls.link(url)})
	r.put(words, false)
	at = len(r.points)
	r.pieces = append(r.pieces, piece{from: at, to: at, linkEnds: true})
	r.pos += len(words) + 2
}
