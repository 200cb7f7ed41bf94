package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"feltbog/models"
)

// dropped are the elements in which there are no words of the text.
var dropped = map[string]bool{
	"script": true, "style": true, "noscript": true, "template": true, "svg": true, "math": true, "button": true, "select": true,
	"textarea": true, "option": true, "object": true, "iframe": true, "audio": true, "video": true, "canvas": true, "map": true,
	"title": true, "nav": true, "head": true, "noembed": true, "noframes": true, "rp": true, "datalist": true, "dialog": true,
	"meter": true, "progress": true, "xml": true, "applet": true,
}

// push begins an element.
func (h *htmlReader) push(t *htmlTag) {
	e := htmlElement{name: t.name, block: !inlines[t.name]}
	wraps, grid := h.surveyed(t.name)
	h.closeImplied(t.name, e.block)
	if len(h.open) >= maxHTMLDepth {
		if e.block {
			h.breakLeaf()
		}
		return
	}
	if e.block {
		h.breakLeaf()
	}
	look := h.survey.appearance(t)
	h.weigh(&e, t, look)
	h.enter(&e, t, look)
	if t.name == "form" && !wraps {
		e.adds.skip = 1
	}
	if h.in.skip+e.adds.skip == 0 && (h.root == "" || h.in.root+e.adds.root > 0) {
		h.begin(&e, t)
		if grid && h.row == nil && h.innermost() == tableNone {
			e.table = tableGrid
			h.spans = h.spans[:0]
		}
	}
	e.points = h.total
	h.in.add(e.adds, 1)
	h.open = append(h.open, e)
	h.counts[e.name]++
}

// surveyed gives what was found of an element before: whether a form is wrapped around text, and
// whether a table is one of data.
func (h *htmlReader) surveyed(name string) (wraps, grid bool) {
	switch name {
	case "form":
		wraps = h.forms < len(h.survey.forms) && h.survey.forms[h.forms]
		h.forms++
	case "table":
		grid = h.tables < len(h.survey.tables) && h.survey.tables[h.tables]
		h.tables++
	}
	return wraps, grid
}

// weigh says what an element does to the words in it.
func (h *htmlReader) weigh(e *htmlElement, t *htmlTag, look appearance) {
	switch t.name {
	case "b", "strong":
		if !look.plain {
			e.adds.strong = 1
		}
	case "i", "em", "cite", "dfn", "var":
		e.adds.emphasis = 1
	case "code", "tt", "kbd", "samp":
		e.adds.code = 1
	case "pre", "xmp", "listing", "plaintext":
		e.adds.pre = 1
		h.newPre = true
	case "blockquote":
		e.adds.quotes = 1
	case "h1", "h2", "h3", "h4", "h5", "h6":
		e.adds.heading = int(t.name[1] - '0')
	}
	if look.bold {
		e.adds.strong = 1
	}
	if look.italic {
		e.adds.emphasis = 1
	}
	switch class := t.attr("class"); {
	case t.name != "p":
	case class == "MsoTitle", strings.HasSuffix(class, " title"):
		e.adds.heading = 1
	case class == "MsoQuote", class == "MsoIntenseQuote", class == "MsoBlockText":
		e.adds.quotes = 1
	}
}

// enter says whether an element's words are kept.
func (h *htmlReader) enter(e *htmlElement, t *htmlTag, look appearance) {
	switch {
	case t.name == "article":
		e.adds.articles = 1
	case t.name == "main", t.role("main"):
		e.adds.articles = 1
	}
	if h.root != "" && (t.name == h.root || h.root == "main" && t.role("main")) {
		e.adds.root = 1
	}
	style := t.attr("style")
	_, hidden := t.find("hidden")
	switch {
	case dropped[t.name], t.role("navigation", "search", "doc-backlink"), hidden, t.attr("aria-hidden") == "true":
		e.adds.skip = 1
	case t.name == "header", t.name == "footer", t.name == "aside", t.role("banner", "contentinfo", "complementary"):
		if h.in.articles == 0 && !h.book {
			e.adds.skip = 1
		}
	case t.name == "del":
		e.adds.skip = 1
		h.warn(warnDeleted)
	case strings.Contains(style, "mso-hide:all"):
		e.adds.skip = 1
		h.warn(warnHidden)
	case look.hidden:
		e.adds.skip = 1
	case strings.Contains(style, "mso-list:Ignore"), strings.Contains(style, "mso-list: Ignore"):
		e.adds.label = 1
		h.label = ""
	}
}

// begin begins an element whose words are kept.
func (h *htmlReader) begin(e *htmlElement, t *htmlTag) {
	if h.beginAside(e, t) {
		return
	}
	switch t.name {
	case "a":
		if e.url = cleanURL(t.attr("href")); e.url != "" {
			h.url = e.url
		}
	case "q":
		h.writeSpace()
		h.write('“', h.look())
	case "ul", "ol", "menu", "dir":
		h.beginList(e, t)
	case "li":
		h.beginItem(t)
	case "p":
		h.wordItem(e, t)
	case "tr":
		if h.innermost() == tableGrid {
			h.beginTableRow(e)
		}
	case "td", "th":
		if h.innermost() == tableGrid { // a row that doesn't say so
			h.beginTableRow(&htmlElement{})
		}
		if in := h.innermost(); h.row != nil && (in == tableLine || in == tableGrid) {
			e.columns, e.rows = t.number("colspan", 1, maxColumns, 1), t.number("rowspan", 1, 1_000, 1)
			h.beginCell(e)
		}
	}
}

// innermost gives what the nearest element around is to a table of data.
func (h *htmlReader) innermost() htmlTable {
	for _, e := range slices.Backward(h.open) {
		if e.table != tableNone {
			return e.table
		}
	}
	return tableNone
}

func (h *htmlReader) beginTableRow(e *htmlElement) {
	h.endRow()
	h.beginRow()
	h.column = 0
	e.table = tableLine
}

// beginCell begins a cell, behind those that reach down from rows above.
func (h *htmlReader) beginCell(e *htmlElement) {
	e.table = tableCell
	h.reach()
}

// reach makes an empty cell in each column from here on that a cell of a row above reaches into.
func (h *htmlReader) reach() {
	for h.column < len(h.spans) && h.spans[h.column] > 0 {
		h.spans[h.column]--
		h.column++
		h.endCell()
	}
}

// endTableCell ends a cell with the columns and rows that it takes.
func (h *htmlReader) endTableCell(columns, rows int) {
	for i := range columns {
		h.endCell()
		if h.column >= maxColumns {
			continue
		}
		for len(h.spans) <= h.column {
			h.spans = append(h.spans, 0)
		}
		if i == 0 || rows > 1 {
			h.spans[h.column] = rows - 1
		}
		h.column++
	}
}

var googleList = regexp.MustCompile(`\blst-kix_[A-Za-z0-9_]+-([0-8])\b`)

func (h *htmlReader) beginList(e *htmlElement, t *htmlTag) {
	l := htmlList{ordered: t.name == "ol", level: len(h.lists) + 1, next: t.number("start", 0, maxNumber, 1)}
	if m := googleList.FindStringSubmatch(t.attr("class")); m != nil {
		level, _ := strconv.Atoi(m[1]) // Google Docs writes each level as a list of its own
		l.level = level + 1
	}
	e.list = true
	h.lists = append(h.lists, l)
}

func (h *htmlReader) beginItem(t *htmlTag) {
	h.label = ""
	h.item = &models.Block{Kind: models.BlockListItem, Level: 1}
	if len(h.lists) == 0 {
		return
	}
	l := &h.lists[len(h.lists)-1]
	h.item.Level = l.level
	if l.ordered {
		l.next = t.number("value", 0, maxNumber, l.next)
		h.item.Number = l.next
		l.next = min(l.next+1, maxNumber)
	}
}

var (
	wordLevel  = regexp.MustCompile(`mso-list:\s*l\d+ level([1-9])`)
	wordMargin = regexp.MustCompile(`margin-left:\s*([0-9.]{1,8})(pt|cm|in)`)
	wordLabel  = regexp.MustCompile(`^(\(?(?:[0-9]{1,3}|[a-zA-Z])[.)]|[·•o§–-])[ \x{a0}]{2,}`)
)

// wordItem knows the paragraphs that Word writes for items of lists: in full they tell their level and
// hold their label apart; filtered, all there is is a class, an indent and the label among the words.
func (h *htmlReader) wordItem(e *htmlElement, t *htmlTag) {
	css, class := t.attr("style"), t.attr("class")
	if m := wordLevel.FindStringSubmatch(css); m != nil {
		level, _ := strconv.Atoi(m[1])
		h.item, h.label = &models.Block{Kind: models.BlockListItem, Level: level}, ""
		return
	}
	if !strings.HasPrefix(class, "MsoListParagraph") || strings.Contains(css, "mso-list:none") {
		return
	}
	level := 1
	if m := wordMargin.FindStringSubmatch(css); m != nil {
		size, _ := strconv.ParseFloat(m[1], 64)
		size *= map[string]float64{"pt": 1, "cm": 28.35, "in": 72}[m[2]]
		level = min(max(int(size/36+0.5), 1), 9)
	}
	e.word = true
	h.item, h.label = &models.Block{Kind: models.BlockListItem, Level: level}, ""
}

// cutLabel takes the label off the words of an item, which is none if there is no label.
func (h *htmlReader) cutLabel() {
	w := &h.line.words
	m := wordLabel.FindStringSubmatch(string(w.points[:min(len(w.points), 40)]))
	if m == nil {
		h.item = nil
		return
	}
	n := len([]rune(m[0]))
	for i := range n {
		w.points[i] = ' ' // and white space is trimmed off
	}
	h.label = m[1]
}

// endBlock ends a block.
func (h *htmlReader) endBlock(e htmlElement) {
	if e.word && h.item != nil {
		h.cutLabel()
	}
	switch e.table {
	case tableCell:
		h.space = false
		h.endTableCell(e.columns, e.rows)
	case tableLine, tableGrid:
		h.space = false
		if h.row != nil {
			h.reach()
		}
		h.endRow()
	case tableNone:
		h.breakLeaf()
	}
	if e.list && len(h.lists) > 0 {
		h.lists = h.lists[:len(h.lists)-1]
	}
	if e.name == "li" || e.word {
		h.item, h.label = nil, ""
	}
	switch {
	case e.note > 0:
		leaves := h.takeUp()
		if e.labelled && len(leaves) > 0 {
			leaves[0].cutNumber(e.note)
		}
		h.setNote(e.note, joined(leaves))
	case e.comment != "":
		h.takeUpComment(e.comment, h.author, h.times[e.comment])
		h.author = ""
	}
}
