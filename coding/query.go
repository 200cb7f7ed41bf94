package coding

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// Limits of one search.
const (
	MaxQueryLength = 500 // code points
	// MaxQueryWords is how many words and phrases must match at most. Meilisearch leaves out what is
	// beyond ten without a word.
	MaxQueryWords = 10
)

// Term is one thing a search asks for: a word, which may be misspelt a little, or a phrase, which must
// stand in the text as it is; with Not, passages that have it are left out. Text is folded.
type Term struct {
	Text   string
	Phrase bool
	Not    bool
}

// ParseQuery reads the language of the search box: words, all of which must match, "exact phrases" in
// any kind of quotation marks, -excluded words and -"excluded phrases". Everything that has no meaning,
// such as a quotation mark without its partner, is passed over; no terms at all ask for everything. It
// returns Invalid (query_too_long).
func ParseQuery(q string) ([]Term, error) {
	if utf8.RuneCountInString(q) > MaxQueryLength {
		return nil, models.Invalid("query_too_long", fmt.Sprintf("A search may have %d characters.", MaxQueryLength), models.Field{Pointer: "/q", Problem: "too long"})
	}
	p := parser{rest: strings.ToValidUTF8(q, " ")}
	for p.rest != "" {
		p.next()
	}
	wanted := 0
	for _, t := range p.terms {
		if !t.Not {
			wanted++
		}
	}
	if wanted > MaxQueryWords {
		return nil, models.Invalid("query_too_long", "Search for at most ten words at once.", models.Field{Pointer: "/q", Problem: "too many words"})
	}
	return p.terms, nil
}

// RenderQuery writes terms in the syntax of Meilisearch. What is excluded comes first, so that the last
// word, if a word comes last, also matches longer words that begin with it. Excluded words are
// written as phrases, since a minus sign would reach only to the first part of `c-b`.
func RenderQuery(terms []Term) string {
	var not, wanted []string
	for _, t := range terms {
		switch {
		case t.Not:
			not = append(not, `-"`+t.Text+`"`)
		case t.Phrase:
			wanted = append(wanted, `"`+t.Text+`"`)
		default:
			wanted = append(wanted, t.Text)
		}
	}
	return strings.Join(append(not, wanted...), " ")
}

// parser reads a query from left to right.
type parser struct {
	rest  string
	terms []Term
}

// next reads one word or phrase, or passes over what is none.
func (p *parser) next() {
	p.rest = strings.TrimLeftFunc(p.rest, blank)
	not := len(p.rest) > 1 && p.rest[0] == '-' && p.rest[1] != '-'
	if not {
		p.rest = p.rest[1:]
	}
	first, size := utf8.DecodeRuneInString(p.rest)
	if quotes(first) {
		if end := strings.IndexFunc(p.rest[size:], quotes); end >= 0 {
			p.add(Term{Text: p.rest[size : size+end], Phrase: true, Not: not})
			_, closing := utf8.DecodeRuneInString(p.rest[size+end:])
			p.rest = p.rest[size+end+closing:]
			return
		}
	}
	end := strings.IndexFunc(p.rest, blank)
	if end < 0 {
		end = len(p.rest)
	}
	token := p.rest[:end]
	p.rest = p.rest[end:]
	p.word(token, not)
}

// word reads what stands between two spaces.
func (p *parser) word(token string, not bool) {
	parts := strings.FieldsFunc(token, func(r rune) bool { return !wordRune(r) })
	switch {
	case not, strings.ContainsFunc(token, spaceless), numeric(parts):
		p.add(Term{Text: token, Phrase: true, Not: not})
	default:
		for _, part := range parts {
			p.add(Term{Text: part})
		}
	}
}

// add keeps a term that has something to look for.
func (p *parser) add(t Term) {
	t.Text = strings.Map(func(r rune) rune {
		if quotes(r) || blank(r) {
			return ' '
		}
		return r
	}, t.Text)
	t.Text = strings.TrimFunc(Fold(t.Text), func(r rune) bool { return !wordRune(r) })
	if strings.ContainsFunc(t.Text, telling) {
		p.terms = append(p.terms, t)
	}
}

// blank says whether r separates words: spaces and control characters.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// quotes says whether r opens or closes a phrase.
func quotes(r rune) bool { return strings.ContainsRune("\"“”„‟«»＂", r) }

// wordRune says whether r can be part of a word as the search engine cuts them: it cuts at all ASCII
// signs, but not at others such as €.
func wordRune(r rune) bool {
	return telling(r) || unicode.Is(unicode.M, r) || widthless(r) || (r >= utf8.RuneSelf && r != utf8.RuneError && unicode.IsSymbol(r))
}

// telling says whether r alone is something to look for: a letter, a digit, an emoji.
func telling(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || (r >= utf8.RuneSelf && unicode.Is(unicode.So, r) && r != utf8.RuneError)
}

// spaceless says whether r belongs to a script that writes without spaces: only the engine knows where
// its words end.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// numeric says whether the parts are those of one number, date or time, such as 3.14.
func numeric(parts []string) bool {
	for _, part := range parts {
		if strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsDigit(r) }) {
			return false
		}
	}
	return len(parts) > 1
}
