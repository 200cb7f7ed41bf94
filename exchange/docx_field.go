package exchange

import (
	"slices"
	"strings"
)

// A field is an instruction and its result: a page number, a date, an address. Both stand in runs
// between marks where the instruction begins, where the result begins, and where that ends, and may go
// on over paragraphs and hold fields.

const (
	maxFields      = 100 // within each other
	maxInstruction = 4_000
)

// docxField is a field whose end wasn't met yet.
type docxField struct {
	result      bool // its result was begun
	instruction []rune
	link        string
}

// unspoken says whether this place is in the instruction of a field around the innermost one.
func (p *docxPart) unspoken() bool {
	if len(p.fields) == 0 {
		return false
	}
	return slices.ContainsFunc(p.fields[:len(p.fields)-1], func(f docxField) bool { return !f.result })
}

// linkHere gives the address that words here lead to.
func (p *docxPart) linkHere() string {
	for _, f := range slices.Backward(p.fields) {
		if f.result && f.link != "" {
			return f.link
		}
	}
	return p.link
}

// fieldChar reads a mark of a field.
func (p *docxPart) fieldChar(l *docxLook) {
	switch p.x.attr("w:fldCharType") {
	case "begin":
		if len(p.fields) < maxFields {
			p.fields = append(p.fields, docxField{})
		}
		p.formField(l)
	case "separate":
		if n := len(p.fields); n > 0 {
			f := &p.fields[n-1]
			f.result, f.link = true, linkOf(string(f.instruction))
		}
	case "end":
		if n := len(p.fields); n > 0 {
			p.fields = p.fields[:n-1]
		}
	}
}

// instruction reads a stretch of the instruction of a field.
func (p *docxPart) instruction() {
	n := len(p.fields)
	if n == 0 || p.fields[n-1].result {
		return
	}
	f := &p.fields[n-1]
	for in := p.x.depth; p.x.more(in); {
		if p.x.name == "" && len(f.instruction)+len(p.x.text) < maxInstruction {
			f.instruction = p.x.runes(f.instruction)
		}
	}
}

// simpleField reads a field whose instruction is an attribute.
func (p *docxPart) simpleField() {
	if len(p.fields) >= maxFields {
		p.inline()
		return
	}
	n := len(p.fields)
	p.fields = append(p.fields, docxField{result: true, link: linkOf(p.x.attr("w:instr"))})
	p.inline()
	p.fields = p.fields[:min(n, len(p.fields))]
}

// linkOf gives the address in the instruction of a field such as HYPERLINK "https://example.org" \l "part",
// empty when it leads nowhere outside the document.
func linkOf(instruction string) string {
	name, rest := instructionWord(instruction)
	if !strings.EqualFold(name, "HYPERLINK") {
		return ""
	}
	url, part := "", ""
	for rest != "" {
		var word string
		switch word, rest = instructionWord(rest); word {
		case `\l`:
			part, rest = instructionWord(rest)
		case `\o`, `\t`:
			_, rest = instructionWord(rest)
		default:
			if url == "" && !strings.HasPrefix(word, `\`) {
				url = word
			}
		}
	}
	if url != "" && part != "" && !strings.Contains(url, "#") {
		url += "#" + part
	}
	return cleanURL(url)
}

// instructionWord takes the first word, or what stands in quotation marks, from an instruction.
func instructionWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \t\n")
	if quoted, ok := strings.CutPrefix(s, `"`); ok {
		word, rest, _ = strings.Cut(quoted, `"`)
		return word, rest
	}
	if n := strings.IndexAny(s, " \t\n"); n >= 0 {
		return s[:n], s[n:]
	}
	return s, ""
}

// formField reads the choice or the tick of an old form, which are no text of its result.
func (p *docxPart) formField(l *docxLook) {
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "w:ffData" {
			continue
		}
		for in := p.x.depth; p.x.more(in); {
			switch p.x.name {
			case "w:ddList":
				p.formChoice(l)
			case "w:checkBox":
				p.formTick(l)
			}
		}
	}
}

func (p *docxPart) formChoice(l *docxLook) {
	chosen, standard, entries := -1, 0, []string{}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:result":
			chosen = p.x.number("w:val", -1)
		case "w:default":
			standard = p.x.number("w:val", 0)
		case "w:listEntry":
			if len(entries) < maxInstruction {
				entries = append(entries, p.x.attr("w:val"))
			}
		}
	}
	if chosen < 0 {
		chosen = standard
	}
	if shown, ok := p.shown(l); ok && chosen >= 0 && chosen < len(entries) {
		p.put(&p.at.leaf, shown, keptPoints([]rune(entries[chosen]), 0)...)
	}
}

func (p *docxPart) formTick(l *docxLook) {
	ticked := toggle(0)
	for in := p.x.depth; p.x.more(in); {
		switch {
		case p.x.name == "w:checked", p.x.name == "w:default" && ticked == 0:
			ticked = p.toggle()
		}
	}
	if ticked == toggleOn {
		p.putPoint(l, '☒')
	} else {
		p.putPoint(l, '☐')
	}
}
