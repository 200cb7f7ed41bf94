package exchange

import (
	"strings"

	"feltbog/models"
)

// odtParagraph is a paragraph on its way.
type odtParagraph struct {
	leaf
	style  odtStyle
	look   toggles // of the words that are read
	link   string
	boxes  []leaf
	hidden bool
	space  bool // white space that comes is left out, for it stands behind other
}

// odtStory is the state of reading text that stands apart from what is around it.
type odtStory struct {
	emit    func(leaf)    // takes its paragraphs
	at      *odtParagraph // that is read
	pending []anchor      // of comments between paragraphs
	item    odtItem
}

// story reads text that stands apart from what is around it (a body, a note, a box, a cell), and gives its
// paragraphs one by one.
func (d *odtReader) story(read func(), emit func(leaf)) {
	outer := d.odtStory
	d.odtStory = odtStory{emit: emit}
	read()
	if len(d.pending) > 0 {
		emit(leaf{anchors: d.pending})
	}
	d.odtStory = outer
}

// blocks reads the paragraphs, lists and tables in an element.
func (d *odtReader) blocks() {
	for in := d.x.depth; d.x.more(in); {
		d.block()
	}
}

func (d *odtReader) block() {
	switch d.x.name {
	case "text:p":
		d.paragraph(0)
	case "text:h":
		d.paragraph(min(max(d.x.number("text:outline-level", 1), 1), 6))
	case "text:list":
		d.list()
	case "text:numbered-paragraph":
		d.numbered()
	case "table:table":
		d.table()
	case "text:section":
		if display := d.x.attr("text:display"); display == "none" || d.x.attr("text:is-hidden") == "true" {
			d.warn(warnHidden)
			return
		}
		d.blocks()
	case "text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index",
		"text:alphabetical-index", "text:bibliography", "text:index-body", "text:index-title":
		d.blocks()
	case "office:annotation", "office:annotation-end":
		d.annotation()
	case "text:tracked-changes":
		d.changes()
	default:
		if isDrawing(d.x.name) {
			d.drawn()
		}
	}
}

// changes looks whether there are words among what was deleted.
func (d *odtReader) changes() {
	for in := d.x.depth; d.x.more(in); {
		if d.x.name != "text:changed-region" {
			continue
		}
		for in := d.x.depth; d.x.more(in); {
			if d.x.name == "text:deletion" && strings.TrimSpace(d.deletedWords()) != "" {
				d.warn(warnDeleted)
			}
		}
	}
}

// deletedWords gives the words of a deletion, without who deleted them.
func (d *odtReader) deletedWords() string {
	var said strings.Builder
	for in := d.x.depth; d.x.more(in); {
		if d.x.name == "text:p" || d.x.name == "text:h" {
			said.WriteString(d.x.words())
		}
	}
	return said.String()
}

// paragraph reads a paragraph, or a heading of a level from 1.
func (d *odtReader) paragraph(level int) {
	at := &odtParagraph{style: d.styles.get("paragraph", d.x.attr("text:style-name")), space: true}
	at.anchors, d.pending = d.pending, nil
	outer := d.at
	d.at = at
	d.inline()
	d.at = outer
	at.block = d.blockOf(at, level)
	if at.hidden {
		d.warn(warnHidden)
		at.points, at.marks = nil, nil
		at.anchors = hiddenAnchors(at.anchors)
	}
	if at.style.role.title && d.title == "" {
		d.title = oneLine(at.plain(), models.MaxName)
	}
	d.emit(at.leaf)
	for _, box := range at.boxes {
		d.emit(box)
	}
}

// hiddenAnchors gives the anchors that stay where the words around them are left out: those of comments.
func hiddenAnchors(anchors []anchor) []anchor {
	var stay []anchor
	for _, a := range anchors {
		if a.kind != anchorNote {
			stay = append(stay, anchor{kind: a.kind, of: a.of})
		}
	}
	return stay
}

// blockOf tells what a paragraph is. Items are counted here.
func (d *odtReader) blockOf(at *odtParagraph, level int) models.Block {
	number, item := 0, false
	if in := &d.item; in.list != nil && in.untaken && !at.hidden {
		style := d.styles.lists[in.list.style]
		if in.list.style == "" {
			style = d.styles.lists[at.style.list]
		}
		number, item = in.list.count(style, in.depth, in.start)
		in.untaken, in.start = false, -1
	}
	role := at.style.role
	switch {
	case level > 0:
		return models.Block{Kind: models.BlockHeading, Level: level}
	case role.kind == models.BlockHeading:
		return models.Block{Kind: models.BlockHeading, Level: role.level}
	case item:
		return models.Block{Kind: models.BlockListItem, Level: d.item.depth, Number: number}
	case role.kind == models.BlockQuote:
		return models.Block{Kind: models.BlockQuote, Level: 1}
	}
	return models.Block{Kind: models.BlockParagraph}
}

// list reads a list.
func (d *odtReader) list() {
	outer := d.item
	style := d.x.attr("text:style-name")
	switch {
	case outer.list == nil:
		d.item.list = d.listFor(style, d.x.attr("xml:id"), d.x.attr("text:continue-list"), d.x.attr("text:continue-numbering") == "true")
	case style != "" && style != outer.list.style:
		// A list within another one may look otherwise; it is counted on its own.
		d.item.list = &odtList{style: style}
	}
	d.item.depth++
	for in := d.x.depth; d.x.more(in); {
		switch d.x.name {
		case "text:list-item":
			d.item.untaken, d.item.start = true, d.x.number("text:start-value", -1)
			d.blocks()
		case "text:list-header":
			d.item.untaken = false
			d.blocks()
		}
	}
	d.item = outer
	d.item.untaken = false
}

// listFor gives the list that begins here, or the one before that goes on.
func (d *odtReader) listFor(style, id, continues string, goesOn bool) *odtList {
	l := &d.lists
	list := &odtList{style: style}
	if before, ok := l.byID[continues]; ok && continues != "" {
		list = before
	} else if before, ok := l.latest[style]; ok && goesOn {
		list = before
	}
	if len(l.byID) < maxStyles && id != "" {
		l.byID[id] = list
	}
	if len(l.latest) < maxStyles {
		l.latest[style] = list
	}
	return list
}

// numbered reads a paragraph that is an item of a list without standing in one.
func (d *odtReader) numbered() {
	outer := d.item
	style, id := d.x.attr("text:style-name"), d.x.attr("text:list-id")
	d.item = odtItem{
		list: d.listFor(style, id, id, id == ""), depth: min(max(d.x.number("text:level", 1), 1), odtLevels),
		untaken: true, start: d.x.number("text:start-value", -1),
	}
	d.blocks()
	d.item = outer
}

// table reads the rows in an element.
func (d *odtReader) table() {
	for in := d.x.depth; d.x.more(in); {
		switch d.x.name {
		case "table:table-row":
			d.row()
		case "table:table-header-rows", "table:table-rows", "table:table-row-group":
			d.table()
		}
	}
}

// row reads a row. One that is repeated stands as often in the text.
func (d *odtReader) row() {
	row := tableRow{leaf: leaf{block: models.Block{Kind: models.BlockTableRow}, anchors: d.pending}, nested: d.cells > 0}
	d.pending = nil
	again := min(d.x.number("table:number-rows-repeated", 1), models.MaxBlocks+1) - 1
	for in := d.x.depth; d.x.more(in); {
		if d.x.name == "table:table-cell" || d.x.name == "table:covered-table-cell" {
			d.cell(&row)
		}
	}
	first := row.again()
	d.emit(row.leaf)
	if first.empty() {
		return
	}
	for ; again > 0 && d.total <= models.MaxTextLength && d.x.err == nil; again-- {
		d.total += len(first.points)
		d.emit(first.again())
	}
}

// cell reads a cell. A cell over several columns has its words in the first, and covers cells that are
// written empty.
func (d *odtReader) cell(row *tableRow) {
	var cell leaf
	columns := min(max(d.x.number("table:number-columns-repeated", 1), 1), maxColumns)
	d.cells++
	d.story(d.blocks, func(l leaf) {
		l.tidy()
		l.flatten()
		cell.join(&l, ' ')
	})
	d.cells--
	again := cell.again()
	for i := range columns {
		if i > 0 {
			cell = again
			d.total += len(cell.points)
			if d.total > models.MaxTextLength {
				return
			}
		}
		if row.nested {
			row.join(&cell, ' ')
			continue
		}
		d.nextColumns(row, 1)
		row.extend(&cell)
	}
}
