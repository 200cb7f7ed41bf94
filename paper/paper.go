// Package paper writes what is printed and handed in: a text with headings, passages and their sources,
// as a document of Word and as a PDF. It imports models and exchange, and knows nothing of where its
// words come from.
package paper

import (
	"slices"
	"strings"
	"time"

	"feltbog/exchange"
	"feltbog/models"
)

// Paper is what is printed.
type Paper struct {
	Title    string
	Author   string
	Language string // a tag such as en or da
	Created  time.Time
	Parts    []Part
}

// Kind is how a part looks.
type Kind int

// The kinds of parts.
const (
	Heading    Kind = iota // of a section
	Subheading             // within a section
	Body                   // what somebody wrote
	Passage                // a quotation
	Small                  // where a passage is from, a date, a receipt
)

// Part is a piece of a paper: of a heading its words, of a body its blocks.
type Part struct {
	Kind    Kind
	Content models.Content
}

// Line makes a part of one line, all of it a link where there is an address.
func Line(k Kind, words, address string) Part {
	words = strings.Join(strings.Fields(clean(words)), " ")
	end := len([]rune(words))
	p := Part{Kind: k, Content: models.Content{Text: words, Blocks: []models.Block{{Kind: models.BlockParagraph, End: end}}}}
	if address != "" {
		p.Content.Marks = []models.Mark{{Kind: models.MarkLink, End: end, URL: address}}
	}
	return p
}

// Written makes a part of light Markdown; what isn't that is printed as it stands.
func Written(k Kind, markdown string) Part {
	content, _, err := exchange.Markdown(clean(markdown))
	if err != nil {
		return Verbatim(k, markdown)
	}
	return Part{Kind: k, Content: content}
}

// Verbatim makes a part of words without markup: each line a paragraph.
func Verbatim(k Kind, words string) Part {
	p := Part{Kind: k}
	var text []rune
	for line := range strings.SplitSeq(clean(words), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(text) > 0 {
			text = append(text, '\n', '\n')
		}
		start := len(text)
		text = append(text, []rune(line)...)
		p.Content.Blocks = append(p.Content.Blocks, models.Block{Kind: models.BlockParagraph, Start: start, End: len(text)})
	}
	p.Content.Text = string(text)
	return p
}

// clean takes out what neither format can hold: bytes that are no text, and control characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// run is a piece of a block with one look.
type run struct {
	text         string
	strong, slim bool // slim is emphasis
	code         bool
	link         string
}

// runs cuts the words of a block where its look changes.
func (p *Part) runs(text []rune, b models.Block) []run {
	cuts := []int{b.Start, b.End}
	var marks []models.Mark
	for _, m := range p.Content.Marks {
		if m.Start < b.End && m.End > b.Start {
			marks = append(marks, m)
			cuts = append(cuts, max(m.Start, b.Start), min(m.End, b.End))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []run
	for i, from := range cuts[:len(cuts)-1] {
		r := run{text: string(text[from:cuts[i+1]])}
		for _, m := range marks {
			if m.Start > from || m.End <= from {
				continue
			}
			switch m.Kind {
			case models.MarkStrong:
				r.strong = true
			case models.MarkEmphasis:
				r.slim = true
			case models.MarkCode:
				r.code = true
			case models.MarkLink:
				if safe(m.URL) {
					r.link = m.URL
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// safe says whether an address may stand in a paper: one of the web or of mail.
func safe(address string) bool {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if len(address) > len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}
