package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// lineEnds says where a leaf's words stand, which decides how line ends and the characters beside them
// are written.
type lineEnds struct {
	prefix  string // what the lines after the first begin with
	heading bool   // one line that may not end in #
	cell    bool   // one line in which pipes are escaped
}

// A token is one character of the words, a line end, a stretch of code, or a delimiter.
type token struct {
	kind  tokenKind
	form  form
	point rune
	code  string // of a stretch of code, with its backticks
	url   string // of the end of a link
}

type tokenKind uint8

const (
	tokenText tokenKind = iota
	tokenBreak
	tokenCode
	tokenOpens  // point is the delimiter: '*', '_' for emphasis and 'S' for strong
	tokenCloses // likewise
	tokenLinkOpens
	tokenLinkCloses
)

// form is how a character is written.
type form uint8

const (
	formRaw form = iota
	formEscaped
	formReference
)

// inline writes the words of a leaf.
func (w *writer) inline(start, end int, ends lineEnds) {
	if start >= end {
		return
	}
	t := tokenizer{words: w.words, start: start, end: end, ends: ends}
	t.run()
	t.escape()
	t.flank()
	for i := range t.tokens {
		k := &t.tokens[i]
		w.out.WriteString(k.raw())
		if k.kind == tokenBreak && k.form == formRaw {
			w.out.WriteString(ends.prefix)
		}
	}
}

func (k *token) raw() string {
	switch k.kind {
	case tokenCode:
		return k.code
	case tokenOpens, tokenCloses:
		if k.point == strong {
			return "**"
		}
		return string(k.point)
	case tokenLinkOpens:
		return "["
	case tokenLinkCloses:
		return "](" + k.url + ")"
	case tokenBreak:
		if k.form == formRaw {
			return "\\\n"
		}
	case tokenText:
		switch k.form {
		case formRaw:
			return string(k.point)
		case formEscaped:
			return `\` + string(k.point)
		}
	}
	return "&#" + strconv.Itoa(int(k.point)) + ";"
}

// strong stands for the delimiter ** in a token.
const strong = 'S'

// tokenizer makes tokens of the words [start, end).
type tokenizer struct {
	words      styled
	start, end int
	ends       lineEnds
	tokens     []token
	open       []models.Mark // the marks around the next token, outermost first
}

// run lays out words and delimiters. Marks that cross are divided: the inner one ends with the outer
// and begins again, which the reader joins.
func (t *tokenizer) run() {
	marks := marksOf(t.words, span{t.start, t.end})
	code := slices.DeleteFunc(slices.Clone(marks), func(m models.Mark) bool { return m.Kind != models.MarkCode })
	marks = slices.DeleteFunc(marks, func(m models.Mark) bool { return m.Kind == models.MarkCode })
	edges := map[int]bool{}
	for _, m := range marks {
		edges[m.Start], edges[m.End] = true, true
	}
	for i := t.start; i < t.end; {
		if edges[i] {
			marks = t.turn(i, marks)
		}
		for len(code) > 0 && code[0].End <= i {
			code = code[1:]
		}
		if len(code) > 0 && code[0].Start <= i && t.words.points[i] != '\n' {
			end := i + 1
			for end < code[0].End && !edges[end] && t.words.points[end] != '\n' {
				end++
			}
			t.tokens = append(t.tokens, token{kind: tokenCode, code: t.codeSpan(string(t.words.points[i:end]))})
			i = end
			continue
		}
		r := t.words.points[i]
		kind := tokenText
		if r == '\n' {
			kind = tokenBreak
		}
		t.tokens = append(t.tokens, token{kind: kind, point: r})
		i++
	}
	t.turn(t.end, nil)
}

// turn ends and begins the marks that do so at i, and gives the marks that begin later.
func (t *tokenizer) turn(i int, marks []models.Mark) []models.Mark {
	var begin []models.Mark
	keep := len(t.open)
	for at, m := range t.open {
		if m.End <= i {
			keep = at
			break
		}
	}
	for at := len(t.open) - 1; at >= keep; at-- {
		m := t.open[at]
		t.delimit(m, tokenCloses)
		if m.End > i {
			begin = append(begin, m)
		}
	}
	t.open = t.open[:keep]
	for len(marks) > 0 && marks[0].Start <= i {
		begin = append(begin, marks[0])
		marks = marks[1:]
	}
	// The longest goes outside; of equals the link, then strong.
	slices.SortStableFunc(begin, func(a, b models.Mark) int {
		if a.End != b.End {
			return b.End - a.End
		}
		return rank(a.Kind) - rank(b.Kind)
	})
	for _, m := range begin {
		t.delimit(m, tokenOpens)
		t.open = append(t.open, m)
	}
	return marks
}

func rank(k models.MarkKind) int {
	return slices.Index([]models.MarkKind{models.MarkLink, models.MarkStrong, models.MarkEmphasis}, k)
}

func (t *tokenizer) delimit(m models.Mark, kind tokenKind) {
	k := token{kind: kind}
	switch m.Kind {
	case models.MarkStrong:
		k.point = strong
	case models.MarkLink:
		if k.kind = tokenLinkOpens; kind == tokenCloses {
			k.kind = tokenLinkCloses
			k.url = destination(m.URL)
		}
	default:
		k.point = t.emphasis(m)
	}
	t.tokens = append(t.tokens, k)
}

// emphasis gives the delimiter of an emphasis: * unless strong stands on, in or beside it, because a
// run such as *** can be read in two ways.
func (t *tokenizer) emphasis(m models.Mark) rune {
	for i := max(t.start, m.Start-1); i < min(t.end, m.End+1); i++ {
		if t.words.styles[i].flags&styleStrong != 0 {
			return '_'
		}
	}
	return '*'
}

// destination writes a link's address so that nothing in it ends it or is decoded.
func destination(url string) string {
	return strings.NewReplacer("(", `\(`, ")", `\)`, "&", `\&`, `\`, `\\`).Replace(url)
}

// codeSpan writes code between as many backticks as it doesn't hold itself.
func (t *tokenizer) codeSpan(code string) string {
	if t.ends.cell && strings.Contains(code, "|") {
		code = escapePipes(code)
	}
	fence := "`"
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
	for runs[len(fence)] {
		fence += "`"
	}
	pad := ""
	blank := strings.Trim(code, " ") == ""
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") ||
		!blank && strings.HasPrefix(code, " ") && strings.HasSuffix(code, " ") {
		pad = " "
	}
	return fence + pad + code + pad + fence
}

// escapePipes is the reverse of unescapePipes.
func escapePipes(s string) string {
	var b strings.Builder
	backslashes := 0
	for _, r := range s {
		switch r {
		case '\\':
			backslashes++
		case '|':
			b.WriteString(strings.Repeat(`\`, backslashes+1))
			backslashes = 0
		default:
			backslashes = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escape decides for each character whether it can stand as it is.
func (t *tokenizer) escape() {
	last := len(t.tokens) - 1 // the last token that isn't a line end or a delimiter
	for last >= 0 && t.tokens[last].kind != tokenText && t.tokens[last].kind != tokenCode {
		last--
	}
	oneLine := t.ends.heading || t.ends.cell
	lineStart, inLink := true, false
	for i := range t.tokens {
		k := &t.tokens[i]
		switch {
		case k.kind == tokenCode:
			lineStart = false
		case k.kind == tokenLinkOpens:
			inLink = true
		case k.kind == tokenLinkCloses:
			inLink = false
		case k.kind == tokenBreak && (oneLine || i > last):
			// A hard break needs words after it.
			k.form = formReference
		case k.kind == tokenBreak:
			lineStart = true
		case k.kind != tokenText:
		case unicode.IsSpace(k.point):
			if lineStart || i >= last || t.tokens[i+1].kind == tokenBreak {
				k.form = formReference
			}
			lineStart = false
		default:
			if lineStart && !oneLine && t.beginsBlock(i) || inLink && (k.point == '[' || k.point == ']') || t.isMarkup(i) {
				k.form = formEscaped
			}
			lineStart = false
		}
	}
	if t.ends.heading {
		if last := &t.tokens[len(t.tokens)-1]; last.kind == tokenText && last.point == '#' {
			last.form = formReference
		}
	}
	if !t.ends.heading && !t.ends.cell {
		t.escapeNumbers()
	}
}

// beginsBlock tells whether a character at the beginning of a line could be taken for a block.
func (t *tokenizer) beginsBlock(i int) bool {
	switch t.tokens[i].point {
	case '#', '>', '|', '~', '=', ':':
		return true
	case '-', '+':
		next := t.next(i)
		return !unicode.IsLetter(next) && !unicode.IsDigit(next)
	}
	return false
}

// escapeNumbers escapes the delimiter after a number at the beginning of a line.
func (t *tokenizer) escapeNumbers() {
	digits := 0 // so far on this line, -1 when there was something else
	for i := range t.tokens {
		k := &t.tokens[i]
		switch {
		case k.kind == tokenBreak && k.form == formRaw:
			digits = 0
		case k.kind != tokenText:
			if k.kind == tokenCode || k.kind == tokenBreak {
				digits = -1
			}
		case digits >= 0 && '0' <= k.point && k.point <= '9' && k.form == formRaw:
			digits++
		case digits > 0 && (k.point == '.' || k.point == ')'):
			if next := t.next(i); !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				k.form = formEscaped
			}
			digits = -1
		default:
			digits = -1
		}
	}
}

// next gives the character after a token, a line end where there is none or a delimiter.
func (t *tokenizer) next(i int) rune {
	if i+1 < len(t.tokens) && t.tokens[i+1].kind == tokenText {
		return t.tokens[i+1].point
	}
	return '\n'
}

// isMarkup tells whether a character could be taken for inline markup.
func (t *tokenizer) isMarkup(i int) bool {
	switch t.tokens[i].point {
	case '\\', '*', '`':
		return true
	case '_':
		return !t.insideWord(i)
	case '|':
		return t.ends.cell
	case '&':
		return referencePattern.MatchString(t.ahead(i, 40))
	case '<':
		next := t.next(i)
		return isWordCharacter(next) || isMark(next)
	case '!':
		return i+1 < len(t.tokens) && t.tokens[i+1].kind == tokenLinkOpens
	case ']':
		return t.next(i) == '(' || definitionTail.MatchString(t.ahead(i, 400))
	}
	return false
}

// definitionTail is what makes a definition of words in brackets.
var definitionTail = regexp.MustCompile(`^\]:[ \t]*<?(?i:http|mailto)`)

// ahead gives the words from a token up to the next delimiter, at most n characters.
func (t *tokenizer) ahead(i, n int) string {
	var b strings.Builder
	for ; i < len(t.tokens) && n > 0 && t.tokens[i].kind == tokenText; i++ {
		b.WriteRune(t.tokens[i].point)
		n--
	}
	return b.String()
}

// insideWord tells an underscore between two letters or digits that stand well away from delimiters,
// which is never one.
func (t *tokenizer) insideWord(i int) bool {
	if i < 2 || i+2 >= len(t.tokens) {
		return false
	}
	for _, k := range t.tokens[i-2 : i+3] {
		if k.kind != tokenText {
			return false
		}
	}
	before, after := t.tokens[i-1].point, t.tokens[i+1].point
	return isWordCharacter(before) && isWordCharacter(after)
}

func isWordCharacter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// flank sees to it that every delimiter can open or close where it stands. What it can do depends on
// the characters beside it; one that is in the way is written as a reference, which begins and ends
// with punctuation. As a delimiter's effect on others is local, a few rounds settle it.
func (t *tokenizer) flank() {
	for changed := true; changed; {
		changed = false
		for i := range t.tokens {
			k := &t.tokens[i]
			if k.kind != tokenOpens && k.kind != tokenCloses {
				continue
			}
			before, after := '\n', '\n'
			if i > 0 {
				before, _ = utf8.DecodeLastRuneInString(t.tokens[i-1].raw())
			}
			if i+1 < len(t.tokens) {
				after, _ = utf8.DecodeRuneInString(t.tokens[i+1].raw())
			}
			delimiter := byte('_')
			if k.point != '_' {
				delimiter = '*'
			}
			canOpen, canClose := flanking(delimiter, before, after)
			inner, outer := i+1, i-1
			can, space := canOpen, unicode.IsSpace(after)
			if k.kind == tokenCloses {
				inner, outer = outer, inner
				can, space = canClose, unicode.IsSpace(before)
			}
			if can {
				continue
			}
			if !space {
				inner = outer
			}
			if inner >= 0 && inner < len(t.tokens) {
				n := &t.tokens[inner]
				if (n.kind == tokenText || n.kind == tokenBreak) && n.form != formReference {
					n.form = formReference
					changed = true
				}
			}
		}
	}
}
