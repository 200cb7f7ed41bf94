package exchange

import (
	"path"
	"strings"
	"unicode"

	"feltbog/models"
)

// inline reads the words in an element of a paragraph. What isn't known holds words like any other, so
// that fields and what later versions may bring are kept.
func (d *odtReader) inline() {
	for in := d.x.depth; d.x.more(in); {
		switch name := d.x.name; name {
		case "":
			d.text()
		case "text:span":
			d.span()
		case "text:a":
			d.hyperlink()
		case "text:s":
			d.putPoints(' ', min(max(d.x.number("text:c", 1), 1), models.MaxTextLength))
		case "text:tab":
			d.putPoints('\t', 1)
		case "text:line-break":
			d.putPoints('\n', 1)
		case "text:note":
			d.note()
		case "office:annotation", "office:annotation-end":
			d.annotation()
		case "text:hidden-text", "text:hidden-paragraph":
			d.hiddenField(name)
		case "text:ruby-text", "text:script", "text:tracked-changes", "office:event-listeners":
		default:
			if isDrawing(name) {
				d.drawn()
			} else {
				d.inline()
			}
		}
	}
}

// isDrawing tells the elements of drawings, frames and text boxes.
func isDrawing(name string) bool {
	return strings.HasPrefix(name, "draw:") || strings.HasPrefix(name, "dr3d:")
}

// shown gives the look of words here, and false for hidden ones. What the style that people named does
// to all words of a paragraph is no mark.
func (d *odtReader) shown() (look, bool) {
	at := d.at
	own, common := at.look.or(at.style.own), at.style.common
	return look{
		strong:   own.bold == toggleOn && common.bold != toggleOn,
		emphasis: own.italic == toggleOn && common.italic != toggleOn,
		link:     at.link,
	}, own.or(common).hidden != toggleOn
}

// text reads characters. White space is one space, as in web pages.
func (d *odtReader) text() {
	at := d.at
	from := len(at.points)
	at.points = d.x.runes(at.points)
	end := from
	for _, r := range at.points[from:] {
		space := r == ' ' || r == '\n' || r == '\t'
		if space {
			if at.space {
				continue
			}
			r = ' '
		}
		at.space = space
		at.points[end] = r
		end++
	}
	at.points = at.points[:end]
	shown, ok := d.shown()
	if !ok {
		if !at.blank(span{from, end}) {
			d.warn(warnHidden)
		}
		at.points = at.points[:from]
		return
	}
	d.count(&at.leaf, from)
	d.mark(&at.leaf, from, shown)
}

// putPoints appends a character some times.
func (d *odtReader) putPoints(r rune, times int) {
	shown, ok := d.shown()
	if !ok {
		return
	}
	for n := range times {
		if d.total > models.MaxTextLength {
			d.total += times - n
			break
		}
		d.put(&d.at.leaf, shown, r)
	}
	d.at.space = false
}

// span reads words that look otherwise than those around them.
func (d *odtReader) span() {
	outer := d.at.look
	style := d.styles.get("text", d.x.attr("text:style-name"))
	d.at.look = style.own.or(style.common).or(outer)
	d.inline()
	d.at.look = outer
}

// hyperlink reads words that lead somewhere.
func (d *odtReader) hyperlink() {
	outer := d.at.link
	if url := cleanURL(d.x.attr("xlink:href")); url != "" {
		d.at.link = url
	}
	d.inline()
	d.at.link = outer
}

// hiddenField reads a field that hides its text or its paragraph on a condition.
func (d *odtReader) hiddenField(name string) {
	hidden := d.x.attr("text:is-hidden") == "true"
	switch {
	case name == "text:hidden-paragraph":
		d.at.hidden = d.at.hidden || hidden
	case hidden:
		d.warn(warnHidden)
	default:
		d.inline()
	}
}

// note reads a footnote or endnote, which stands where its mark does.
func (d *odtReader) note() {
	if _, ok := d.shown(); !ok {
		return
	}
	i := d.addNote()
	var text leaf
	for in := d.x.depth; d.x.more(in); {
		if d.x.name == "text:note-body" {
			cells := d.cells
			d.cells = 0
			d.story(d.blocks, text.joinLine)
			d.cells = cells
		}
	}
	d.setNote(i, text)
	d.putNote(&d.at.leaf, i)
	if err := d.over(); err != nil {
		d.x.stop(err)
	}
}

// annotation reads a comment, or where one ends.
func (d *odtReader) annotation() {
	name := d.x.attr("office:name")
	if d.x.name == "office:annotation-end" {
		if i, ok := d.commentOf[name]; ok {
			d.anchor(anchor{kind: anchorEnd, of: i})
		}
		return
	}
	var author, at string
	var text leaf
	total, looks := d.total, d.looks // what comments say is no part of the text
	d.story(func() {
		for in := d.x.depth; d.x.more(in); {
			switch d.x.name {
			case "dc:creator":
				author = d.x.words()
			case "dc:date":
				at = d.x.words()
			default:
				d.block()
			}
		}
	}, text.joinLine)
	d.total, d.looks = total, looks
	if i := d.addComment(name, author, timeOf(at), text.plain()); i >= 0 {
		d.anchor(anchor{kind: anchorStart, of: i})
	}
}

// anchor notes a place of a comment here.
func (d *odtReader) anchor(a anchor) {
	if d.at == nil {
		d.pending = d.hold(d.pending, a)
		return
	}
	a.at = len(d.at.points)
	d.at.anchors = d.hold(d.at.anchors, a)
}

// drawn reads what is in a drawing: its text boxes stand behind the paragraph, its formulas in it.
func (d *odtReader) drawn() {
	switch d.x.name {
	case "draw:image":
		d.warn(warnObjects)
		return
	case "draw:object":
		if !d.formula(d.x.attr("xlink:href")) {
			d.warn(warnObjects)
		}
		return
	}
	formula := false
	for in := d.x.depth; d.x.more(in); {
		switch name := d.x.name; {
		case name == "draw:object":
			if formula = d.formula(d.x.attr("xlink:href")); !formula {
				d.warn(warnObjects)
			}
		case name == "draw:image" && formula:
			// The picture of a formula whose text is there.
		case isDrawing(name):
			d.drawn()
		case strings.HasPrefix(name, "text:"), strings.HasPrefix(name, "table:"):
			d.box()
		}
	}
}

// box reads a paragraph, list or table in a text box.
func (d *odtReader) box() {
	if at := d.at; at == nil {
		d.block()
	} else {
		if _, ok := d.shown(); !ok {
			return
		}
		cells := d.cells
		d.cells = 0
		d.story(d.block, func(l leaf) { at.boxes = d.keep(at.boxes, l) })
		d.cells = cells
	}
	if err := d.over(); err != nil {
		d.x.stop(err)
	}
}

// formula appends the text of a formula that is a document of its own, and says whether it is one.
func (d *odtReader) formula(address string) bool {
	part := path.Join(address, "content.xml")
	points, known := d.math[part]
	if !known && d.at != nil && len(d.math) < maxStyles {
		points = d.readFormula(part)
		d.math[part] = points
	}
	if len(points) == 0 || d.at == nil {
		return false
	}
	if shown, ok := d.shown(); ok {
		d.put(&d.at.leaf, shown, points...)
		d.at.space = false
	}
	return true
}

// readFormula gives the text of a formula, nothing where the part is none.
func (d *odtReader) readFormula(part string) []rune {
	x, err := d.parts.xml(part, odtNames)
	if err != nil {
		d.x.stop(err)
		return nil
	}
	if !x.root() || x.name != "math:math" {
		return nil
	}
	var points []rune
	for skipped := 0; x.next(); {
		switch {
		case x.kind == xmlStart && x.name == "math:annotation" && skipped == 0:
			skipped = x.depth
		case x.kind == xmlEnd && x.depth < skipped:
			skipped = 0
		case x.kind == xmlChars && skipped == 0 && len(points) < maxInstruction:
			points = appendSymbol(points, x.runes(nil))
		}
	}
	if x.err != nil {
		d.x.stop(x.err)
	}
	return points
}

// appendSymbol appends a name, number or sign of a formula, with a space between two of which one is a
// word.
func appendSymbol(points, symbol []rune) []rune {
	w := words{points: symbol}
	if w.trim() == 0 {
		return points
	}
	if n := len(points); n > 0 && unicode.IsLetter(points[n-1]) && unicode.IsLetter(w.points[0]) &&
		(len(w.points) > 1 || n > 1 && unicode.IsLetter(points[n-2])) {
		points = append(points, ' ')
	}
	return append(points, w.points...)
}
