package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	case '[':
		return w.definesInCode(i)
	}
	return false
}

// definesInCode tells whether code on the rest of a line could make a definition of it: those are read
// before code is.
func (w *inlineWriter) definesInCode(i int) bool {
	for ; i < len(w.tokens) && w.tokens[i].kind != tokenBreak; i++ {
		if t := &w.tokens[i]; t.kind == tokenCode && strings.Contains(w.texts[t.text], "]:") {
			return true
		}
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
