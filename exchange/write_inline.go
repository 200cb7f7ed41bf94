package exchange

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// setting says where a leaf's words stand, which decides how line ends and the characters beside them
// are written.
type setting struct {
	prefix  string // what the lines after the first begin with
	heading bool   // one line that may not end in #
	cell    bool   // one line in which pipes are escaped
}

// A token is one character, a stretch of code, or a delimiter.
type token struct {
	kind  tokenKind
	form  form
	point rune // a character, or the delimiter of emphasis
	text  int32
}

type tokenKind uint8

const (
	tokenText  tokenKind = iota // a character
	tokenBreak                  // a line end
	tokenCode                   // a code span, in texts
	tokenOpens
	tokenCloses
	tokenLinkOpens
	tokenLinkCloses // with the address in texts
)

// strong stands for the delimiter ** in a token.
const strong = 'S'

// form is how a character is written.
type form uint8

const (
	formRaw       form = iota // as it is
	formEscaped               // after a backslash
	formReference             // as &#42;
)

// inlineWriter writes the words [start, end) of a text with their marks.
type inlineWriter struct {
	words
	start, end int
	setting
	tokens []token
	texts  []string      // of code spans and the ends of links
	delims []int         // the tokens that open or close emphasis and strong
	open   []models.Mark // the marks around the next token, outermost first
	strong []models.Mark // all of the leaf, in order
}

func (w *inlineWriter) write(out *strings.Builder) {
	if w.start >= w.end {
		return
	}
	w.tokenise()
	w.escape()
	w.flank()
	for i := range w.tokens {
		w.spell(out, &w.tokens[i])
	}
}

func (w *inlineWriter) spell(out *strings.Builder, t *token) {
	switch {
	case t.kind == tokenCode || t.kind == tokenLinkCloses:
		out.WriteString(w.texts[t.text])
	case t.kind == tokenLinkOpens:
		out.WriteByte('[')
	case (t.kind == tokenOpens || t.kind == tokenCloses) && t.point == strong:
		out.WriteString("**")
	case t.form == formReference:
		out.WriteString("&#" + strconv.Itoa(int(t.point)) + ";")
	case t.kind == tokenBreak:
		out.WriteString("\\\n" + w.prefix)
	case t.form == formEscaped:
		out.WriteByte('\\')
		out.WriteRune(t.point)
	default:
		out.WriteRune(t.point)
	}
}

// first gives the character that a token's spelling begins with.
func (t *token) first() rune {
	switch {
	case t.kind == tokenCode:
		return '`'
	case t.kind == tokenLinkOpens:
		return '['
	case t.kind == tokenLinkCloses:
		return ']'
	case t.point == strong && t.kind != tokenText:
		return '*'
	case t.form == formReference:
		return '&'
	case t.form == formEscaped, t.kind == tokenBreak:
		return '\\'
	default:
		return t.point
	}
}

// last gives the character that a token's spelling ends with.
func (t *token) last() rune {
	switch {
	case t.kind == tokenCode:
		return '`'
	case t.kind == tokenLinkOpens:
		return '['
	case t.kind == tokenLinkCloses:
		return ')'
	case t.point == strong && t.kind != tokenText:
		return '*'
	case t.form == formReference:
		return ';'
	default:
		return t.point
	}
}

// tokenise lays out words and delimiters. Marks that cross are divided: the inner one ends with the
// outer and begins again, which the reader joins.
func (w *inlineWriter) tokenise() {
	var code, marks []models.Mark
	edges := []int{w.end}
	for _, m := range w.marks {
		if m.Kind == models.MarkCode {
			code = append(code, m)
			continue
		}
		if m.Kind == models.MarkStrong {
			w.strong = append(w.strong, m)
		}
		marks = append(marks, m)
		edges = append(edges, m.Start, m.End)
	}
	slices.Sort(edges)
	w.tokens = make([]token, 0, w.end-w.start+2*len(marks))
	for i := w.start; i < w.end; {
		for edges[0] < i {
			edges = edges[1:]
		}
		if edges[0] == i {
			marks = w.turn(i, marks)
		}
		for edges[0] == i {
			edges = edges[1:]
		}
		for len(code) > 0 && code[0].End <= i {
			code = code[1:]
		}
		if len(code) > 0 && code[0].Start <= i && w.points[i] != '\n' {
			end := i + 1
			for end < min(code[0].End, edges[0]) && w.points[end] != '\n' {
				end++
			}
			w.addText(tokenCode, w.codeSpan(string(w.points[i:end])))
			i = end
			continue
		}
		kind := tokenText
		if w.points[i] == '\n' {
			kind = tokenBreak
		}
		w.tokens = append(w.tokens, token{kind: kind, point: w.points[i]})
		i++
	}
	w.turn(w.end, nil)
}

func (w *inlineWriter) addText(kind tokenKind, text string) {
	w.tokens = append(w.tokens, token{kind: kind, text: int32(len(w.texts))})
	w.texts = append(w.texts, text)
}

// turn ends and begins the marks that do so at i, and gives the marks that begin later.
func (w *inlineWriter) turn(i int, marks []models.Mark) []models.Mark {
	keep := slices.IndexFunc(w.open, func(m models.Mark) bool { return m.End <= i })
	if keep < 0 {
		keep = len(w.open)
	}
	var begin []models.Mark
	for at := len(w.open) - 1; at >= keep; at-- {
		m := w.open[at]
		w.delimit(m, tokenCloses)
		if m.End > i {
			begin = append(begin, m)
		}
	}
	w.open = w.open[:keep]
	for len(marks) > 0 && marks[0].Start <= i {
		begin = append(begin, marks[0])
		marks = marks[1:]
	}
	// The longest goes outside.
	slices.SortStableFunc(begin, func(a, b models.Mark) int {
		return cmp.Or(cmp.Compare(b.End, a.End), cmp.Compare(rank(a.Kind), rank(b.Kind)))
	})
	for _, m := range begin {
		w.delimit(m, tokenOpens)
		w.open = append(w.open, m)
	}
	return marks
}

func (w *inlineWriter) delimit(m models.Mark, kind tokenKind) {
	switch {
	case m.Kind == models.MarkLink && kind == tokenOpens:
		w.tokens = append(w.tokens, token{kind: tokenLinkOpens})
	case m.Kind == models.MarkLink:
		w.addText(tokenLinkCloses, "]("+destination(m.URL)+")")
	default:
		delimiter := strong
		if m.Kind == models.MarkEmphasis {
			delimiter = w.emphasis(m)
		}
		w.delims = append(w.delims, len(w.tokens))
		w.tokens = append(w.tokens, token{kind: kind, point: delimiter})
	}
}

// emphasis gives the delimiter of an emphasis: * unless strong stands on, in or beside it, because a
// run such as *** can be read in two ways.
func (w *inlineWriter) emphasis(m models.Mark) rune {
	i, _ := slices.BinarySearchFunc(w.strong, m.Start, func(s models.Mark, start int) int {
		return cmp.Compare(s.End, start)
	})
	if i < len(w.strong) && w.strong[i].Start <= m.End {
		return '_'
	}
	return '*'
}

// destination writes a link's address so that nothing in it ends it or is decoded.
func destination(url string) string {
	var b strings.Builder
	balanced := true
	depth := 0
	for _, c := range url {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		balanced = balanced && depth >= 0 && depth <= maxParentheses
	}
	balanced = balanced && depth == 0
	for i, c := range url {
		if !balanced && (c == '(' || c == ')') || c == '&' && isReference(url[i:]) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// codeSpan writes code between backticks of a number it doesn't hold itself.
func (w *inlineWriter) codeSpan(code string) string {
	if w.cell && strings.Contains(code, "|") {
		code = escapePipes(code)
	}
	runs := map[int]bool{}
	for i := 0; i < len(code); {
		if code[i] != '`' {
			i++
			continue
		}
		n := runLength(code[i:])
		runs[n] = true
		i += n
	}
	fence := "`"
	for runs[len(fence)] {
		fence += "`"
	}
	pad := ""
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") ||
		strings.HasPrefix(code, " ") && strings.HasSuffix(code, " ") && strings.Trim(code, " ") != "" {
		pad = " "
	}
	return fence + pad + code + pad + fence
}

// escape decides for each character whether it can stand as it is.
func (w *inlineWriter) escape() {
	last := len(w.tokens) - 1 // the last character or code
	for last >= 0 && w.tokens[last].kind != tokenText && w.tokens[last].kind != tokenCode {
		last--
	}
	oneLine := w.heading || w.cell
	lineStart, inLink := true, false
	digits := 0 // that the line has begun with, and nothing else
	for i := range w.tokens {
		t := &w.tokens[i]
		switch {
		case t.kind == tokenLinkOpens:
			inLink = true
		case t.kind == tokenLinkCloses:
			inLink = false
		case t.kind == tokenCode:
			lineStart, digits = false, 0
		case t.kind == tokenBreak && (oneLine || i > last):
			// A hard break needs words after it.
			t.form = formReference
			lineStart, digits = false, 0
		case t.kind == tokenBreak:
			lineStart, digits = true, 0
		case t.kind != tokenText:
		case unicode.IsSpace(t.point):
			if lineStart || i >= last || w.tokens[i+1].kind == tokenBreak {
				t.form = formReference
			}
			lineStart, digits = false, 0
		case '0' <= t.point && t.point <= '9' && (lineStart || digits > 0):
			lineStart = false
			digits++
		default:
			if w.isMarkup(i) || inLink && (t.point == '[' || t.point == ']') ||
				!oneLine && (lineStart && w.beginsBlock(i) || digits > 0 && w.endsNumber(i)) {
				t.form = formEscaped
			}
			lineStart, digits = false, 0
		}
	}
	if t := &w.tokens[len(w.tokens)-1]; w.heading && t.kind == tokenText && t.point == '#' {
		t.form = formReference
	}
}

// beginsBlock tells whether a character at the beginning of a line could be taken for a block.
func (w *inlineWriter) beginsBlock(i int) bool {
	switch w.tokens[i].point {
	case '#', '>', '|', '~', '=', ':':
		return true
	case '-', '+':
		return !isWordCharacter(w.next(i))
	}
	return false
}

// endsNumber tells whether a character after digits makes the number of a list item of them.
func (w *inlineWriter) endsNumber(i int) bool {
	p := w.tokens[i].point
	return (p == '.' || p == ')') && !isWordCharacter(w.next(i))
}

// next gives the character after a token, a line end where there is none or a delimiter.
func (w *inlineWriter) next(i int) rune {
	if i+1 < len(w.tokens) && w.tokens[i+1].kind == tokenText {
		return w.tokens[i+1].point
	}
	return '\n'
}

// isMarkup tells whether a character could be taken for inline markup.
func (w *inlineWriter) isMarkup(i int) bool {
	switch w.tokens[i].point {
	case '\\', '`':
		return true
	case '*':
		return !w.between(i, unicode.IsSpace)
	case '_':
		return !w.between(i, isWordCharacter)
	case '|':
		return w.cell
	case '&':
		return isReference(w.ahead(i, 40))
	case '<':
		return w.isAutomaticLink(i)
	case '!':
		return i+1 < len(w.tokens) && w.tokens[i+1].kind == tokenLinkOpens
	case ']':
		next := w.next(i)
		return next == '(' || next == ':' && definitionTail.MatchString(w.ahead(i, 250))
	}
	return false
}

// definitionTail is what may make a definition of words in brackets.
var definitionTail = regexp.MustCompile(`^\]:(?:[ \t]*<?(?i:http|mailto)|[ \t]{200})`)

// ahead gives the words from a token up to the next delimiter, at most n characters.
func (w *inlineWriter) ahead(i, n int) string {
	var b strings.Builder
	for ; i < len(w.tokens) && n > 0 && w.tokens[i].kind == tokenText; i++ {
		b.WriteRune(w.tokens[i].point)
		n--
	}
	return b.String()
}

// isAutomaticLink tells whether a < and the word after it could be taken for an address. A delimiter in
// the word may make one of it.
func (w *inlineWriter) isAutomaticLink(i int) bool {
	word := []byte{'<'}
	for i++; i < len(w.tokens) && len(word) < maxDestination; i++ {
		t := &w.tokens[i]
		switch {
		case t.kind == tokenBreak || t.kind == tokenText && (t.point == '<' || unicode.IsSpace(t.point)):
			return false
		case t.kind != tokenText:
			return true
		case t.point == '>':
			address, _ := automaticLink(string(append(word, '>')))
			return address != ""
		}
		word = utf8.AppendRune(word, t.point)
	}
	return false
}

// between tells whether a character stands between two of a kind, and well away from delimiters. A star
// between spaces or an underscore between letters is never a delimiter itself.
func (w *inlineWriter) between(i int, kind func(rune) bool) bool {
	if i < 2 || i+2 >= len(w.tokens) {
		return false
	}
	for _, t := range w.tokens[i-2 : i+3] {
		if t.kind != tokenText {
			return false
		}
	}
	return kind(w.tokens[i-1].point) && kind(w.tokens[i+1].point)
}

func isWordCharacter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// flank sees to it that every delimiter can open or close where it stands. What it can do depends on
// the characters beside it; one that is in the way is written as a reference, which begins and ends
// with punctuation. That can stand in the way of a delimiter on its other side, so it takes some rounds.
func (w *inlineWriter) flank() {
	for changed := true; changed; {
		changed = false
		for _, i := range w.delims {
			before, after := '\n', '\n'
			if i > 0 {
				before = w.tokens[i-1].last()
			}
			if i+1 < len(w.tokens) {
				after = w.tokens[i+1].first()
			}
			t := &w.tokens[i]
			canOpen, canClose := flanking(byte(t.first()), before, after)
			inside, outside, can, space := i+1, i-1, canOpen, unicode.IsSpace(after)
			if t.kind == tokenCloses {
				inside, outside, can, space = i-1, i+1, canClose, unicode.IsSpace(before)
			}
			switch {
			case can:
			case space: // where the marked words should be
				changed = w.refer(inside) || changed
			default:
				changed = w.refer(outside) || changed
			}
		}
	}
}

// refer writes a character as a reference, and tells whether it wasn't one yet.
func (w *inlineWriter) refer(i int) bool {
	if i < 0 || i >= len(w.tokens) {
		return false
	}
	t := &w.tokens[i]
	if t.kind != tokenText && t.kind != tokenBreak || t.form == formReference {
		return false
	}
	t.form = formReference
	return true
}
