package exchange

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"feltbog/models"
)

// maxRTFDepth is how many groups of rich text are within each other.
const maxRTFDepth = 1_000

// readRTF reads rich text, as Word, WordPad, LibreOffice, Google Docs and others write it. Deleted and
// hidden text, pictures, headers and footers are left out, tables within tables become part of their
// cell, and a text box stands behind the paragraph it hangs on. Beside the errors of content it returns
// an Invalid one when there are too many groups within each other (file_damaged).
func readRTF(data []byte, _ Options) (Document, error) {
	r := rtfReader{
		data: data, page: pageWestern, fonts: map[int]rtfFont{}, styles: map[int]rtfStyle{}, list: &rtfList{},
		lists: map[int]*rtfList{}, overrides: map[int]rtfOverride{},
		override: rtfOverride{starts: map[int]int{}}, overrideLevel: -1,
	}
	r.state.uc = 1
	r.read()
	r.endParagraph()
	doc, err := r.document()
	if err != nil {
		return Document{}, err
	}
	doc.Meta = r.meta
	return doc, nil
}

// rtfReader is one document in rich text on its way into content.
type rtfReader struct {
	spool
	data  []byte
	pos   int
	state rtfState
	stack []rtfState

	page    int    // code page of the document
	font    int    // default font
	pending []byte // characters in the code page of the font that was then current
	high    rune   // first half of a pair of code units
	skip    int    // characters that follow \u for those who don't know it

	fonts         map[int]rtfFont
	styles        map[int]rtfStyle
	style         rtfStyle // that is being defined, with its number
	styleNumber   int
	lists         map[int]*rtfList
	list          *rtfList
	overrides     map[int]rtfOverride
	override      rtfOverride
	overrideLevel int
	label         string // of the paragraph, as programs show it that know no lists
	oldLevel      int    // of a list as it was written before there were tables of them

	caption strings.Builder // what is read for a field of its own
	stamp   [5]int          // year, month, day, hour and minute
	author  string          // of the comment that comes
	comment struct {
		key string // of the words it is about, empty where the file doesn't say
		at  time.Time
	}
	meta Meta
}

// rtfFont is a font: the code page of its characters, and its name.
type rtfFont struct {
	page int
	name string
}

// rtfState is what a group keeps to itself.
type rtfState struct {
	dest    rtfDest
	resume  rtfDest // where what is shown of a skipped group goes
	opened  rtfOpening
	note    int // that the group is
	starred bool
	uc      int
	font    int
	look    look
	hidden  bool
	deleted bool
	moved   bool // away from here
	para    rtfPara
	field   *strings.Builder // the instruction of the field around
}

// gone says whether text is deleted here or moved away.
func (s *rtfState) gone() bool { return s.deleted || s.moved }

// rtfDest says where text goes.
type rtfDest uint8

const (
	destBody rtfDest = iota
	destSkip
	destProperties // control words count, text doesn't
	destFonts
	destStyles
	destStyle
	destLists
	destOverrides
	destInfo
	destCaption
	destField
)

// takesText says whether text is kept there.
func (d rtfDest) takesText() bool {
	return d == destBody || d == destCaption || d == destField || d == destStyle || d == destFonts
}

// rtfOpening says what ends with a group.
type rtfOpening uint8

const (
	opensNothing rtfOpening = iota
	opensTitle
	opensAuthor
	opensCreated
	opensChanged
	opensLabel
	opensNote
	opensBox
	opensComment
	opensCommentAuthor
	opensCommentTime
	opensCommentReference
	opensRangeStart
	opensRangeEnd
)

// read reads the file to its end or the first error.
func (r *rtfReader) read() {
	for r.pos < len(r.data) && r.err == nil {
		c := r.data[r.pos]
		r.pos++
		switch c {
		case '{':
			r.open()
		case '}':
			if len(r.stack) == 0 {
				return
			}
			r.close()
			if len(r.stack) == 0 {
				return // what programs append behind the last group is no text
			}
		case '\\':
			r.control()
		case '\r', '\n', 0:
		default:
			r.char(c)
		}
	}
	if len(r.stack) > 0 {
		r.warn(warnCutShort)
	}
	for len(r.stack) > 0 {
		r.close()
	}
}

func (r *rtfReader) open() {
	r.flush()
	r.skip = 0
	if len(r.stack) >= maxRTFDepth {
		r.err = models.Invalid("file_damaged", "This file is damaged: its parts stand too deep within each other. Open it where it was made, save it again, and upload that copy.")
		return
	}
	r.stack = append(r.stack, r.state)
	r.state.opened, r.state.starred = opensNothing, false
	if r.state.dest == destStyles {
		r.state.dest = destStyle
		r.style, r.styleNumber = rtfStyle{}, 0
		r.caption.Reset()
	}
}

func (r *rtfReader) close() {
	r.flush()
	r.skip = 0
	if len(r.stack) == 1 { // while it is known what paragraph this is
		r.endParagraph()
	}
	closed := r.state
	r.state = r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if closed.dest == destStyle && r.state.dest == destStyles {
		r.style.name = strings.TrimSuffix(strings.TrimSpace(r.caption.String()), ";")
		if len(r.styles) < maxStyles {
			r.styles[r.styleNumber] = r.style
		}
	}
	if closed.opened != opensNothing {
		r.closeOpened(closed)
	}
}

// closeOpened keeps what was read in a group for a field of its own.
func (r *rtfReader) closeOpened(closed rtfState) {
	caption := r.caption.String()
	switch closed.opened {
	case opensNothing:
	case opensTitle:
		r.meta.Title = oneLine(caption, models.MaxName)
	case opensAuthor:
		r.meta.Author = oneLine(caption, models.MaxName)
	case opensCreated:
		r.meta.CreatedAt = r.stamped()
	case opensChanged:
		r.meta.ChangedAt = r.stamped()
	case opensLabel:
		r.label = caption
	case opensNote:
		r.setNote(closed.note, joined(r.takeUp()))
	case opensBox:
		r.after = append(r.after, r.takeUp()...)
	case opensComment:
		r.takeUpComment(r.comment.key, r.author, r.comment.at)
		r.comment.key, r.comment.at, r.author = "", time.Time{}, ""
	case opensCommentAuthor:
		r.author = caption
	case opensCommentTime:
		r.comment.at = commentTime(caption)
	case opensCommentReference:
		r.comment.key = strings.TrimSpace(caption)
	case opensRangeStart:
		r.spot(anchorStart, strings.TrimSpace(caption))
	case opensRangeEnd:
		r.spot(anchorEnd, strings.TrimSpace(caption))
	}
}

// stamped gives the time of day that control words spelled out.
func (r *rtfReader) stamped() time.Time {
	s := r.stamp
	t := time.Date(s[0], time.Month(s[1]), s[2], s[3], s[4], 0, 0, time.UTC)
	if t.Month() != time.Month(s[1]) || t.Day() != s[2] {
		return time.Time{}
	}
	return likely(t)
}

// commentTime reads the time of a comment: a number with the minute in its lowest six bits, then the
// hour, the day, the month, and the years since 1900.
func commentTime(s string) time.Time {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return time.Time{}
	}
	minute, hour, day, month, year := n&63, n>>6&31, n>>11&31, n>>16&15, n>>20&511
	if minute > 59 || hour > 23 || day < 1 || month < 1 || month > 12 {
		return time.Time{}
	}
	return time.Date(int(1900+year), time.Month(month), int(day), int(hour), int(minute), 0, 0, time.UTC)
}

// char takes a byte of text, which is a character in the font's code page or half of one.
func (r *rtfReader) char(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	if !r.state.dest.takesText() {
		return
	}
	r.pending = append(r.pending, c)
	if len(r.pending) >= 1<<16 && c < 0x80 {
		r.flush()
	}
}

// flush writes the bytes of text that are pending.
func (r *rtfReader) flush() {
	if len(r.pending) == 0 {
		r.high = 0
		return
	}
	page := r.fonts[r.state.font].page
	if page == 0 {
		page = r.page
	}
	symbols := page == pageSymbol && r.state.dest == destBody
	for _, c := range decodePage(r.pending, page) {
		if symbols && c >= 0x80 {
			r.symbol(c)
		} else {
			r.put(c)
		}
	}
	r.pending = r.pending[:0]
	r.high = 0
}

// unit takes a code unit of UTF-16.
func (r *rtfReader) unit(n int) {
	high := r.high
	if len(r.pending) > 0 {
		high = 0
	}
	r.flush()
	c := rune(uint16(n)) //nolint:gosec // negative numbers are how those over 32767 are written
	switch {
	case utf16.IsSurrogate(c) && c < 0xdc00:
		r.high = c
	case utf16.IsSurrogate(c):
		r.put(utf16.DecodeRune(high, c))
	case c >= 0xf000 && c <= 0xf0ff:
		r.symbol(c)
	default:
		r.put(c)
	}
	r.skip = r.state.uc
}

// symbol writes a character of a font of symbols. Such a font that has no known name is taken for Symbol,
// in which the bullets of lists are.
func (r *rtfReader) symbol(c rune) {
	font := r.fonts[r.state.font].name
	if !isSymbolFont(font) {
		font = "symbol"
	}
	if known, ok := symbolOf(font, c); ok {
		r.put(known)
	} else if r.state.dest == destBody && !r.state.hidden && !r.state.gone() {
		r.warn(warnSymbols)
	}
}

// put writes a character to where text goes.
func (r *rtfReader) put(c rune) {
	s := &r.state
	switch s.dest {
	case destBody:
		switch {
		case s.moved:
		case s.deleted:
			r.warn(warnDeleted)
		case s.hidden:
			if !unicode.IsSpace(c) {
				r.warn(warnHidden)
			}
		default:
			r.write(c, s.look)
		}
	case destFonts:
		r.fontName(c)
	case destCaption, destStyle:
		if r.caption.Len() < maxInstruction {
			r.caption.WriteRune(c)
		}
	case destField:
		if s.field != nil && s.field.Len() < maxInstruction {
			s.field.WriteRune(c)
		}
	case destSkip, destProperties, destStyles, destLists, destOverrides, destInfo:
	}
}

// endParagraph ends a paragraph, in a table a line of its cell.
func (r *rtfReader) endParagraph() {
	r.flush()
	if r.row != nil && !r.state.para.inTable {
		line := r.take()
		r.endRow()
		r.line = line
	}
	if r.row != nil || r.state.para.inTable {
		r.write('\n', look{})
		return
	}
	r.endLeaf(r.block())
	r.label = ""
}
