package exchange

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"feltbog/models"
)

// maxHTMLDepth is how many elements are within each other; what is deeper is read as if it stood here.
const maxHTMLDepth = 256

// htmlReader is one page, or the pages of a book, on the way into content.
type htmlReader struct {
	spool
	survey *survey
	root   string // the name of the elements that are read, empty for all
	book   bool   // asides are footnotes and the like, headers hold titles
	meta   Meta

	file   string
	open   []htmlElement
	counts map[string]int // of open elements by name
	in     htmlPlace
	url    string
	lists  []htmlList
	item   *models.Block // of the list whose words come next
	label  string        // of the item, in a list by Word
	spans  []int         // rows that the cells above still reach into, by column
	column int
	tables int // and forms so far in the survey
	forms  int
	refs   map[string]int       // footnotes by the places of their words
	times  map[string]time.Time // of comments, by the places of their words
	author string               // of the comment that comes
	alt    string               // of a picture in a block that has no words yet
	space  bool                 // white space that is written once words follow
	spaced look                 // of that white space
	newPre bool                 // a line end at the beginning of preformatted text is none
}

// htmlPlace counts what is around a place.
type htmlPlace struct {
	skip, root, strong, emphasis, code, pre, quotes, label, articles int
	heading                                                          int // its level
}

// htmlElement is an element that hasn't ended.
type htmlElement struct {
	name          string
	block         bool
	adds          htmlPlace
	url           string // that it leads to
	list          bool
	table         htmlTable
	columns, rows int    // of a cell
	note          int    // the footnote whose words it holds
	comment       string // the comment whose words it holds
	labelled      bool   // the words of the footnote may begin with its number
	points        int    // that were written before it
	word          bool   // it is a paragraph that Word took for an item of a list, and said nothing of its label
}

// htmlTable is what an element is to a table of data.
type htmlTable uint8

const (
	tableNone htmlTable = iota
	tableGrid
	tableLine
	tableCell
)

// htmlList is a list around.
type htmlList struct {
	ordered bool
	level   int
	next    int
}

func newHTMLReader(s *survey) *htmlReader {
	return &htmlReader{survey: s, counts: map[string]int{}, refs: map[string]int{}, times: map[string]time.Time{}}
}

// readFile reads a page.
func (h *htmlReader) readFile(file, text string, xml bool) {
	h.file = file
	p := newHTMLPage(text, xml)
	title := false
	for h.err == nil {
		kind, err := p.next()
		if err != nil {
			h.err = err
		}
		if kind == html.ErrorToken {
			break
		}
		switch kind {
		case html.TextToken:
			switch {
			case title && h.meta.Title == "" && h.counts["svg"] == 0:
				h.meta.Title = oneLine(string(p.text), models.MaxName)
			case h.in.label > 0:
				h.label = (h.label + string(p.text))[:min(len(h.label)+len(p.text), 100)]
			default:
				h.writeText(p.text)
			}
		case html.StartTagToken:
			h.start(&p.tag)
			title = p.tag.name == "title"
		case html.EndTagToken:
			h.end(p.tag.name)
			title = false
		case html.ErrorToken, html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
	h.popTo(0)
	h.breakLeaf()
	h.lists, h.item = nil, nil
}

// shown says whether words here are kept.
func (h *htmlReader) shown() bool {
	return h.in.skip == 0 && (h.root == "" || h.in.root > 0)
}

func (h *htmlReader) look() look {
	if h.in.pre > 0 {
		return look{}
	}
	return look{strong: h.in.strong > 0, emphasis: h.in.emphasis > 0, code: h.in.code > 0, link: h.url}
}

// writeText writes text, with white space as a browser shows it.
func (h *htmlReader) writeText(text []byte) {
	if !h.shown() {
		return
	}
	s := h.look()
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case h.in.pre > 0:
			first := h.newPre
			h.newPre = first && r == '\r'
			if r != '\r' && (r != '\n' || !first) {
				h.write(r, s)
			}
		case r == ' ', r == '\t', r == '\n', r == '\r', r == '\f':
			if !h.space {
				h.space, h.spaced = true, s
			}
		default:
			h.writeSpace()
			h.write(r, s)
		}
	}
}

// writeSpace writes the white space before words, unless they begin a line.
func (h *htmlReader) writeSpace() {
	points := h.line.points
	if h.space && len(points) > 0 && points[len(points)-1] != '\n' {
		h.write(' ', h.spaced)
	}
	h.space = false
}

// breakLeaf ends the block that is being written, if there are words in it.
func (h *htmlReader) breakLeaf() {
	h.space = false
	if h.row != nil {
		if points := h.line.points; len(points) > 0 && points[len(points)-1] != '\n' {
			h.write('\n', look{})
		}
		return
	}
	blank := h.line.blank(span{0, len(h.line.points)})
	if blank && h.alt != "" {
		h.writePlain(h.alt)
		blank = false
	}
	h.alt = ""
	if blank {
		h.endLeaf(models.Block{Kind: models.BlockParagraph})
		return
	}
	block := h.block()
	if block.Kind == models.BlockCode {
		w := &h.line.words
		for n := len(w.points); n > 0 && w.points[n-1] == '\n'; n-- {
			w.points = w.points[:n-1]
		}
	}
	h.endLeaf(block)
}

// block gives the kind of block that the words are which end here.
func (h *htmlReader) block() models.Block {
	switch {
	case h.in.heading > 0:
		return models.Block{Kind: models.BlockHeading, Level: min(h.in.heading, 6)}
	case h.in.pre > 0:
		return models.Block{Kind: models.BlockCode}
	case h.item != nil:
		block := *h.item
		if h.label != "" {
			block.Number = labelNumber(strings.Trim(h.label, " \t\r\n\u00a0"))
		}
		h.item, h.label = nil, ""
		return block
	case h.in.quotes > 0:
		return models.Block{Kind: models.BlockQuote, Level: h.in.quotes}
	}
	return models.Block{Kind: models.BlockParagraph}
}

// start begins an element.
func (h *htmlReader) start(t *htmlTag) {
	h.language(t)
	switch t.name {
	case "br":
		h.space = false
		if h.shown() {
			h.write('\n', look{})
		}
	case "wbr", "col", "source", "input", "link":
	case "hr":
		h.breakLeaf()
	case "img":
		if h.shown() && h.alt == "" {
			h.alt = oneLine(t.attr("alt"), 1_000)
		}
	case "meta":
		h.htmlMeta(t)
	default:
		if voids[t.name] {
			return
		}
		h.push(t)
		if t.empty {
			h.end(t.name)
		}
	}
}

func (h *htmlReader) language(t *htmlTag) {
	if h.meta.Language != "" || t.name != "html" && t.name != "body" {
		return
	}
	h.meta.Language = languageOf(t.attr("lang"))
	if h.meta.Language == "" {
		h.meta.Language = languageOf(t.attr("xml:lang"))
	}
}

// inlines are the elements that stand in a line of words. What isn't among them ends the line.
var inlines = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "data": true,
	"del": true, "dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true, "mark": true, "nobr": true,
	"output": true, "q": true, "rb": true, "rp": true, "rt": true, "rtc": true, "ruby": true, "s": true, "samp": true, "small": true,
	"span": true, "strike": true, "strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true,
	"script": true, "style": true, "noscript": true, "template": true, "svg": true, "math": true, "button": true, "select": true,
	"textarea": true, "option": true, "object": true, "iframe": true, "audio": true, "video": true, "canvas": true, "picture": true,
	"map": true, "o:p": true, "title": true, "meter": true, "progress": true, "datalist": true, "slot": true,
}

// closers gives the elements that end where one begins, and those beyond which they don't.
var closers = map[string]struct{ ends, within []string }{
	"li":     {[]string{"li"}, []string{"ul", "ol", "menu", "dir", "td", "th"}},
	"dt":     {[]string{"dt", "dd"}, []string{"dl", "td", "th"}},
	"dd":     {[]string{"dt", "dd"}, []string{"dl", "td", "th"}},
	"td":     {[]string{"td", "th"}, []string{"table", "tr"}},
	"th":     {[]string{"td", "th"}, []string{"table", "tr"}},
	"tr":     {[]string{"tr", "caption", "colgroup"}, []string{"table"}},
	"tbody":  {[]string{"tbody", "thead", "tfoot", "caption", "colgroup"}, []string{"table"}},
	"thead":  {[]string{"caption", "colgroup"}, []string{"table"}},
	"tfoot":  {[]string{"tbody", "thead", "caption", "colgroup"}, []string{"table"}},
	"body":   {[]string{"head"}, nil},
	"option": {[]string{"option"}, []string{"select"}},
}

// closeImplied ends the elements that the beginning of another ends.
func (h *htmlReader) closeImplied(name string, block bool) {
	c, ok := closers[name]
	for i := len(h.open) - 1; i >= 0; i-- {
		e := &h.open[i]
		switch {
		case ok && slices.Contains(c.ends, e.name):
			h.popTo(i)
			return
		case ok && slices.Contains(c.within, e.name), !ok && e.block && e.name != "p":
			return
		case !ok && block && e.name == "p":
			h.popTo(i)
			return
		case !ok && !block:
			return
		}
	}
}

// end ends an element, and with a block all that is open within.
func (h *htmlReader) end(name string) {
	if h.counts[name] == 0 {
		if name == "p" {
			h.breakLeaf()
		}
		return
	}
	cell := name == "table" || name == "tr" || name == "td" || name == "th" || name == "body" || name == "html" || name == "tbody"
	for i := len(h.open) - 1; i >= 0; i-- {
		e := &h.open[i]
		switch {
		case e.name == name && e.block:
			h.popTo(i)
			return
		case e.name == name:
			h.remove(i)
			return
		case !cell && e.table == tableCell:
			return // what began outside of a cell doesn't end in it
		}
	}
}

// remove ends an element in a line, while others that began within it go on.
func (h *htmlReader) remove(i int) {
	e := h.open[i]
	h.open = append(h.open[:i], h.open[i+1:]...)
	h.leave(e)
}

// popTo ends all elements from the given one on.
func (h *htmlReader) popTo(from int) {
	for i := len(h.open) - 1; i >= from; i-- {
		e := h.open[i]
		h.open = h.open[:i]
		h.leave(e)
	}
}

// leave takes back what an element adds to what is around a place.
func (h *htmlReader) leave(e htmlElement) {
	h.counts[e.name]--
	if e.block {
		h.endBlock(e)
	}
	if e.name == "q" && h.shown() {
		h.write('”', h.look())
	}
	h.in.add(e.adds, -1)
	if e.url != "" {
		h.url = ""
		for i := len(h.open) - 1; i >= 0 && h.url == ""; i-- {
			h.url = h.open[i].url
		}
	}
}

// add adds what an element adds so many times.
func (p *htmlPlace) add(e htmlPlace, times int) {
	p.skip += times * e.skip
	p.root += times * e.root
	p.strong += times * e.strong
	p.emphasis += times * e.emphasis
	p.code += times * e.code
	p.pre += times * e.pre
	p.quotes += times * e.quotes
	p.label += times * e.label
	p.articles += times * e.articles
	p.heading += times * e.heading
}
