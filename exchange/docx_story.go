package exchange

import (
	"strings"

	"feltbog/models"
)

// docxPart is a part of a Word document with running text, as far as it was read.
type docxPart struct {
	*docxReader
	x         *xmlReader
	relations relations

	emit    func(leaf)     // takes the paragraphs of the story that is read
	at      *docxParagraph // that is read
	carried *docxParagraph // the one before, when its end was deleted
	pending []anchor       // of comments that begin or end between paragraphs
	fields  []docxField
	link    string // of the hyperlink that is read
	gone    int    // stretches around this place that are deleted or moved away
	moved   int    // of these the ones that are moved
	cells   int    // table cells around this place
}

// docxParagraph is a paragraph on its way.
type docxParagraph struct {
	leaf
	docxProperties
	style *docxStyle
	boxes []leaf // text boxes, which follow it
	quiet bool   // it has hidden text
}

// docxProperties are the properties of a paragraph that matter here.
type docxProperties struct {
	styleID string
	list    docxPlace
	outline int  // as in docxStyle
	joined  bool // its end is deleted, so that the next paragraph goes on with it
}

// part begins to read a part, at its outermost element. A missing part has none.
func (d *docxReader) part(name string, relations relations) (*docxPart, error) {
	x, err := d.parts.xml(name, docxNames)
	if err != nil {
		return nil, err
	}
	x.root()
	return &docxPart{docxReader: d, x: x, relations: relations}, x.err
}

// story reads text that stands apart from what is around it (a body, a note, a box, a cell), and gives
// its paragraphs one by one.
func (p *docxPart) story(read func(), emit func(leaf)) {
	outer := *p
	p.emit, p.at, p.carried, p.pending = emit, nil, nil, nil
	read()
	p.flush()
	if len(p.pending) > 0 {
		emit(leaf{anchors: p.pending})
	}
	p.emit, p.at, p.carried, p.pending = outer.emit, outer.at, outer.carried, outer.pending
}

// blocks reads the paragraphs and tables in an element.
func (p *docxPart) blocks() {
	for in := p.x.depth; p.x.more(in); {
		p.block()
	}
}

func (p *docxPart) block() {
	switch p.x.name {
	case "w:p":
		p.paragraph()
	case "w:tbl":
		p.flush()
		p.table()
	case "m:oMathPara", "m:oMath":
		p.flush()
		p.begin()
		p.equation()
		p.end()
	case "w:altChunk", "w:subDoc":
		p.warn(Warning{Code: "parts_left_out", Sentence: "This file takes in other files. They are left out: upload them on their own."})
	default:
		p.around(p.blocks)
	}
}

// around reads what may stand around both paragraphs and words, and hands on what is in it.
func (p *docxPart) around(inner func()) {
	switch p.x.name {
	case "w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo":
		inner()
	case "w:del", "w:moveFrom":
		p.left(inner)
	case "mc:AlternateContent":
		p.choose(inner)
	case "w:commentRangeStart":
		p.comment(anchorStart)
	case "w:commentRangeEnd":
		p.comment(anchorEnd)
	}
}

// left reads what is deleted, or moved away from here.
func (p *docxPart) left(inner func()) {
	moved := 0
	if p.x.name == "w:moveFrom" {
		moved = 1
	}
	p.gone++
	p.moved += moved
	inner()
	p.gone--
	p.moved -= moved
}

// choose reads one of several alternatives: the first that needs nothing unknown, else the fallback.
func (p *docxPart) choose(inner func()) {
	done := false
	for in := p.x.depth; p.x.more(in); {
		if !done && (p.x.name == "mc:Fallback" || p.x.name == "mc:Choice" && p.understands(p.x.attr("Requires"))) {
			done = true
			inner()
		}
	}
}

// understands says whether all prefixes stand for namespaces that this reader knows.
func (p *docxPart) understands(prefixes string) bool {
	for prefix := range strings.FieldsSeq(prefixes) {
		if short, _ := p.x.lookUp([]byte(prefix)); short == "?" {
			return false
		}
	}
	return true
}

// comment notes that a comment begins, ends or points here.
func (p *docxPart) comment(kind anchorKind) {
	i, ok := p.commentOf[p.x.attr("w:id")]
	if !ok {
		return
	}
	if p.at == nil {
		p.pending = p.hold(p.pending, anchor{kind: kind, of: i})
	} else {
		p.at.anchors = p.hold(p.at.anchors, anchor{at: len(p.at.points), kind: kind, of: i})
	}
}

// paragraph reads a paragraph.
func (p *docxPart) paragraph() {
	p.begin()
	p.inline()
	if p.at.joined {
		p.carried, p.at = p.at, nil
		return
	}
	p.end()
}

// begin begins a paragraph, with the words of the one before it when that has no end.
func (p *docxPart) begin() {
	p.at = &docxParagraph{docxProperties: docxProperties{list: docxPlace{level: -1}}, style: p.styles.paragraph}
	if p.carried != nil {
		p.at.leaf, p.at.boxes, p.at.quiet = p.carried.leaf, p.carried.boxes, p.carried.quiet
		p.carried = nil
	}
	for _, a := range p.pending {
		a.at = len(p.at.points)
		p.at.anchors = append(p.at.anchors, a)
	}
	p.pending = nil
}

// flush ends a paragraph without an end that no other one follows.
func (p *docxPart) flush() {
	if p.carried != nil {
		p.at, p.carried = p.carried, nil
		p.end()
	}
}

// end hands the paragraph on, and the text boxes in it behind it.
func (p *docxPart) end() {
	at := p.at
	p.at = nil
	at.block = p.blockOf(at)
	if at.style.role.title && p.title == "" && at.block.Kind == models.BlockHeading {
		p.title = oneLine(at.plain(), models.MaxName)
	}
	p.emit(at.leaf)
	for _, box := range at.boxes {
		p.emit(box)
	}
}

// blockOf tells what a paragraph is. Items are counted here, also those in cells.
func (p *docxPart) blockOf(at *docxParagraph) models.Block {
	place, style := at.list, at.style
	if place.list == "" {
		place.list = style.list.list
	}
	if place.level < 0 {
		place.level = style.list.level
	}
	if place.level < 0 && at.list.list == "" {
		place.level = p.numbering.levelOf(place.list, at.styleID)
	}
	number, item := 0, false
	if place.list != "" && place.list != "0" && p.gone == 0 && (len(at.points) > 0 || !at.quiet) {
		number, item = p.numbering.count(place)
	}
	role, outline := style.role, style.outline
	if at.outline != 0 {
		outline = at.outline
	}
	switch {
	case role.kind == models.BlockHeading && at.outline >= 0:
		return models.Block{Kind: models.BlockHeading, Level: role.level}
	case outline > 0:
		return models.Block{Kind: models.BlockHeading, Level: min(outline, 6)}
	case item:
		return models.Block{Kind: models.BlockListItem, Level: max(place.level, 0) + 1, Number: number}
	case role.kind == models.BlockQuote:
		return models.Block{Kind: models.BlockQuote, Level: 1}
	}
	return models.Block{Kind: models.BlockParagraph}
}

// paragraphProperties reads the properties of a paragraph or of a style.
func (p *docxPart) paragraphProperties() docxProperties {
	properties := docxProperties{list: docxPlace{level: -1}}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:pStyle":
			properties.styleID = p.x.attr("w:val")
		case "w:outlineLvl":
			properties.outline = p.x.number("w:val", 9) + 1
			if properties.outline < 1 || properties.outline > 9 {
				properties.outline = -1
			}
		case "w:numPr":
			for in := p.x.depth; p.x.more(in); {
				switch p.x.name {
				case "w:ilvl":
					properties.list.level = min(max(p.x.number("w:val", 0), 0), listLevels-1)
				case "w:numId":
					properties.list.list = p.x.attr("w:val")
				}
			}
		case "w:rPr":
			for in := p.x.depth; p.x.more(in); {
				if p.x.name == "w:del" || p.x.name == "w:moveFrom" {
					properties.joined = true
				}
			}
		}
	}
	return properties
}
