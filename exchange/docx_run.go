package exchange

import (
	"strconv"
	"strings"

	"feltbog/models"
)

// docxLook is how the words of a run are shown.
type docxLook struct {
	toggles toggles // as the run and its style have them, without the paragraph's
	style   string
	font    string // when it is one of symbols
}

// inline reads the words in an element of a paragraph.
func (p *docxPart) inline() {
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:r":
			p.run()
		case "w:pPr":
			p.at.docxProperties = p.paragraphProperties()
			p.at.style = p.styles.paragraphOf(p.at.styleID)
		case "w:hyperlink":
			p.hyperlink()
		case "w:fldSimple":
			p.simpleField()
		case "w:dir", "w:bdo":
			p.inline()
		case "m:oMath", "m:oMathPara":
			p.equation()
		case "w:subDoc":
			p.block()
		default:
			p.around(p.inline)
		}
	}
}

// runProperties reads the properties of a run or of a style.
func (p *docxPart) runProperties() docxLook {
	var l docxLook
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:b":
			l.toggles.bold = p.toggle()
		case "w:i":
			l.toggles.italic = p.toggle()
		case "w:vanish":
			l.toggles.hidden = p.toggle()
		case "w:rStyle":
			l.style = p.x.attr("w:val")
		case "w:rFonts":
			if font, _ := p.x.find("w:ascii"); isSymbolFont(string(font)) {
				l.font = string(font)
			}
		}
	}
	return l
}

// toggle reads a property that is on unless its value says that it is off.
func (p *docxPart) toggle() toggle {
	value, _ := p.x.find("w:val")
	switch string(value) {
	case "0", "false", "off":
		return toggleOff
	}
	return toggleOn
}

// settle tells how a run looks. What the paragraph's style does to all its words is no mark; of a
// property that both a paragraph's and a character's style switch on, the second switches it off again.
func (p *docxPart) settle(l docxLook) (shown look, hidden bool) {
	if l.toggles == (toggles{}) && l.style == "" {
		return look{link: p.linkHere()}, p.at.style.toggles.hidden == toggleOn
	}
	var styled toggles
	if style, ok := p.styles.byID[l.style]; ok && l.style != "" {
		styled = style.toggles
	}
	paragraph := p.at.style.toggles
	shown = look{
		strong:   l.toggles.bold.or(styled.bold) == toggleOn && paragraph.bold != toggleOn,
		emphasis: l.toggles.italic.or(styled.italic) == toggleOn && paragraph.italic != toggleOn,
		link:     p.linkHere(),
	}
	hidden = (styled.hidden == toggleOn) != (paragraph.hidden == toggleOn)
	if l.toggles.hidden != 0 {
		hidden = l.toggles.hidden == toggleOn
	}
	return shown, hidden
}

// run reads a run: words that look the same.
func (p *docxPart) run() {
	var l docxLook
	for in := p.x.depth; p.x.more(in); {
		if p.x.name == "w:rPr" {
			l = p.runProperties()
		} else {
			p.runPart(&l)
		}
	}
}

// runPart reads a stretch of text in a run, or what stands for a character.
func (p *docxPart) runPart(l *docxLook) {
	switch p.x.name {
	case "w:t":
		p.text(l)
	case "w:delText":
		if p.moved == 0 && strings.TrimSpace(p.x.words()) != "" {
			p.warn(warnDeleted)
		}
	case "w:tab", "w:ptab":
		p.putPoint(l, '\t')
	case "w:br", "w:cr":
		p.putPoint(l, '\n')
	case "w:noBreakHyphen":
		p.putPoint(l, '\u2011')
	case "w:sym":
		p.symbol(l)
	case "w:fldChar":
		p.fieldChar(l)
	case "w:instrText":
		p.instruction()
	case "w:footnoteReference":
		p.noteReference("footnote", l)
	case "w:endnoteReference":
		p.noteReference("endnote", l)
	case "w:commentReference":
		p.comment(anchorPoint)
	case "w:drawing", "w:pict", "w:object":
		p.drawing(l)
	case "w:ruby", "w:rubyBase":
		for in := p.x.depth; p.x.more(in); {
			switch p.x.name {
			case "w:rubyBase":
				p.runPart(l)
			case "w:r":
				p.run()
			}
		}
	case "mc:AlternateContent":
		p.choose(func() {
			for in := p.x.depth; p.x.more(in); {
				p.runPart(l)
			}
		})
	}
}

// shown gives the look of words that are to be kept, and false for those that are left out: deleted,
// hidden, or within the instruction of a field.
func (p *docxPart) shown(l *docxLook) (look, bool) {
	if p.gone > 0 || p.unspoken() {
		return look{}, false
	}
	shown, hidden := p.settle(*l)
	return shown, !hidden
}

// text reads a stretch of text.
func (p *docxPart) text(l *docxLook) {
	shown, kept := p.shown(l)
	at := &p.at.leaf
	from := len(at.points)
	preserved := p.x.attr("xml:space") == "preserve"
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "" {
			continue
		}
		at.points = p.x.runes(at.points)
		if n := len(at.points) - from; n > models.MaxTextLength {
			p.total += n // too long whatever else comes
			at.points = at.points[:from]
		}
	}
	if !preserved {
		at.points = trimLines(at.points, from)
	}
	for i, r := range at.points[from:] {
		switch {
		case r == '\n':
			at.points[from+i] = ' '
		case 0xf000 <= r && r <= 0xf0ff && l.font != "":
			if s, ok := symbolOf(l.font, r); ok {
				at.points[from+i] = s
			}
		}
	}
	if !kept {
		if !p.unspoken() && !at.blank(span{from, len(at.points)}) {
			p.warnLeftOut()
		}
		at.points = at.points[:from]
		return
	}
	p.count(at, from)
	p.mark(at, from, shown)
}

// warnLeftOut tells of words that are deleted or hidden; those that are moved away stand elsewhere.
func (p *docxPart) warnLeftOut() {
	switch {
	case p.moved > 0:
	case p.gone > 0:
		p.warn(warnDeleted)
	default:
		p.at.quiet = true
		p.warn(warnHidden)
	}
}

// trimLines cuts off the white space at both ends of the characters from a place on that holds a line
// end: it is there for those who read the file's XML.
func trimLines(points []rune, from int) []rune {
	w := words{points: points[from:]}
	s := w.inner(span{0, len(w.points)})
	start, end := 0, len(w.points)
	for _, r := range w.points[:s.start] {
		if r == '\n' {
			start = s.start
		}
	}
	for _, r := range w.points[s.end:] {
		if r == '\n' {
			end = s.end
		}
	}
	if start == 0 && end == len(w.points) {
		return points
	}
	return append(points[:from], w.points[start:max(start, end)]...)
}

// putPoint appends one character.
func (p *docxPart) putPoint(l *docxLook, r rune) {
	if shown, ok := p.shown(l); ok {
		p.put(&p.at.leaf, shown, r)
	}
}

// symbol reads a character by its number in a font.
func (p *docxPart) symbol(l *docxLook) {
	code, err := strconv.ParseUint(p.x.attr("w:char"), 16, 16)
	if err != nil {
		return
	}
	r, ok := symbolOf(p.x.attr("w:font"), rune(code))
	if ok {
		p.putPoint(l, r)
		return
	}
	if _, shown := p.shown(l); shown {
		p.warn(warnSymbols)
	}
}

// noteReference reads where the mark of a note stands.
func (p *docxPart) noteReference(kind string, l *docxLook) {
	i, ok := p.noteOf[kind+p.x.attr("w:id")]
	if _, shown := p.shown(l); ok && shown {
		p.putNote(&p.at.leaf, i)
	}
}

// hyperlink reads words that lead somewhere.
func (p *docxPart) hyperlink() {
	outer := p.link
	r := p.relations.byID[p.x.attr("r:id")]
	if p.linked += len(r.target); r.external && p.linked <= 4*maxURLBytes {
		url := r.target
		if anchor := p.x.attr("w:anchor"); anchor != "" && !strings.Contains(url, "#") {
			url += "#" + anchor
		}
		if url = cleanURL(url); url != "" {
			p.link = url
		}
	}
	p.inline()
	p.link = outer
}

// drawing reads the text boxes in a drawing, which stand behind the paragraph.
func (p *docxPart) drawing(l *docxLook) {
	if _, shown := p.shown(l); !shown {
		return
	}
	p.drawn()
}

// drawn reads what is in an element of a drawing.
func (p *docxPart) drawn() {
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:txbxContent":
			p.box(p.blocks)
		case "a:p":
			p.box(p.drawnParagraph)
		case "a:blip", "v:imagedata", "c:chart", "dgm:relIds", "o:OLEObject":
			p.warn(warnObjects)
		case "mc:AlternateContent":
			p.choose(p.drawn)
		case "":
		default:
			p.drawn()
		}
	}
}

// box reads a text box.
func (p *docxPart) box(read func()) {
	fields, link, cells, at := p.fields, p.link, p.cells, p.at
	p.fields, p.link, p.cells = nil, "", 0
	p.story(read, func(l leaf) { at.boxes = p.keep(at.boxes, l) })
	p.fields, p.link, p.cells = fields, link, cells
	if err := p.over(); err != nil {
		p.x.stop(err)
	}
}

// drawnParagraph reads a paragraph of a shape that Word has no text box in.
func (p *docxPart) drawnParagraph() {
	p.begin()
	p.gather("a:t")
	p.end()
}

// equation reads the text of an equation, with the line of a fraction.
func (p *docxPart) equation() { p.gather("m:t") }

// gather appends all text that is in elements of one name.
func (p *docxPart) gather(name string) {
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case name:
			p.text(&docxLook{})
		case "m:den":
			p.putPoint(&docxLook{}, '/')
			p.gather(name)
		case "w:del", "w:moveFrom":
			p.left(func() { p.gather(name) })
		case "":
		default:
			p.gather(name)
		}
	}
}
