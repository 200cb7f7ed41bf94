package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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
