package exchange

import (
	"regexp"
	"strings"
)

// control reads a control word or symbol behind its backslash.
func (r *rtfReader) control() {
	if r.pos >= len(r.data) {
		return
	}
	c := r.data[r.pos]
	if !letter(c) {
		r.pos++
		r.controlSymbol(c)
		return
	}
	from := r.pos
	for r.pos < len(r.data) && letter(r.data[r.pos]) && r.pos-from < 32 {
		r.pos++
	}
	word := string(r.data[from:r.pos])
	n, given := r.parameter()
	if r.pos < len(r.data) && r.data[r.pos] == ' ' {
		r.pos++
	}
	switch word {
	case "bin":
		r.pos = min(r.pos+max(n, 0), len(r.data))
		return
	case "u":
		if given {
			r.unit(n)
		}
		return
	}
	if len(r.pending) > 0 {
		r.flush()
	}
	r.skip = 0
	starred := r.state.starred
	r.state.starred = false
	if r.destination(word, starred) {
		return
	}
	if !given {
		n = 1
	}
	r.word(word, n, given)
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// parameter reads the number behind a control word.
func (r *rtfReader) parameter() (n int, given bool) {
	i, negative := r.pos, false
	if i < len(r.data) && r.data[i] == '-' {
		negative = true
		i++
	}
	from := i
	for i < len(r.data) && r.data[i] >= '0' && r.data[i] <= '9' {
		if i-from < 10 {
			n = n*10 + int(r.data[i]-'0')
		}
		i++
	}
	if i == from {
		return 0, false
	}
	r.pos = i
	if negative {
		n = -n
	}
	return n, true
}

// controlSymbol reads what stands behind a backslash and is no letter.
func (r *rtfReader) controlSymbol(c byte) {
	switch c {
	case '\'':
		if r.pos+2 <= len(r.data) {
			high, low := hexDigit(r.data[r.pos]), hexDigit(r.data[r.pos+1])
			if high >= 0 && low >= 0 {
				r.pos += 2
				r.char(byte(high<<4 | low))
			}
		}
		return
	case '*':
		r.state.starred = true
		return
	case '\\', '{', '}':
		r.char(c)
		return
	}
	if r.skip > 0 {
		r.skip--
		return
	}
	r.flush()
	switch c {
	case '~':
		r.put('\u00a0')
	case '_':
		r.put('\u2011')
	case '\t':
		r.put('\t')
	case '\n', '\r':
		if r.state.dest == destBody {
			r.endParagraph()
		}
	}
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// skipped are the destinations with nothing to read in them, beside those that an asterisk marks and
// that aren't known.
var skipped = map[string]bool{
	"colortbl": true, "filetbl": true, "private": true, "nonesttables": true, "nonshppict": true, "shprslt": true,
	"header": true, "headerl": true, "headerr": true, "headerf": true, "footer": true, "footerl": true, "footerr": true, "footerf": true,
	"ftnsep": true, "ftnsepc": true, "ftncn": true, "aftnsep": true, "aftnsepc": true, "aftncn": true,
	"xe": true, "tc": true, "tcn": true, "rxe": true, "txe": true, "bxe": true, "template": true, "mmathPr": true, "revtbl": true,
	"pntxta": true, "pntxtb": true, "listname": true, "leveltext": true, "levelnumbers": true, "mmath": true,
}

// rtfCaptions are the destinations that are read for a field of its own.
var rtfCaptions = map[string]rtfOpening{
	"title": opensTitle, "author": opensAuthor, "pntext": opensLabel, "listtext": opensLabel,
	"atnauthor": opensCommentAuthor, "atndate": opensCommentTime, "atnref": opensCommentReference,
	"atrfstart": opensRangeStart, "atrfend": opensRangeEnd,
}

// rtfTables are the destinations of the file's head.
var rtfTables = map[string]rtfDest{
	"fonttbl": destFonts, "stylesheet": destStyles, "listtable": destLists, "listoverridetable": destOverrides,
	"info": destInfo, "pn": destProperties, "nesttableprops": destProperties,
}

// destination goes to where the text of a group belongs, and says whether the word told.
func (r *rtfReader) destination(word string, starred bool) bool {
	s := &r.state
	if s.dest == destSkip {
		switch word {
		case "ud", "result":
			s.dest = s.resume
		case "shptxt", "dptxbxtext":
			s.dest = s.resume
			r.beginAside(opensBox)
		case "shprslt":
			s.resume = destSkip // the same again for programs that know no shapes
		}
		return true
	}
	if opening, ok := rtfCaptions[word]; ok {
		r.beginCaption(opening)
		return true
	}
	if dest, ok := rtfTables[word]; ok {
		s.dest = dest
		return true
	}
	switch word {
	case "upr", "object", "shp", "shpinst", "do":
		s.resume, s.dest = s.dest, destSkip
	case "pict":
		if s.dest == destBody {
			r.warn(warnObjects)
		}
		s.leaveOut()
	case "shppict":
		// the picture within says what is to be said
	case "creatim", "revtim":
		s.opened = opensCreated
		if word == "revtim" {
			s.opened = opensChanged
		}
		r.stamp = [5]int{}
	case "field":
		s.field = &strings.Builder{}
	case "fldinst":
		s.dest = destField
	case "fldrslt":
		if url := hyperlink(s.field); url != "" {
			s.look.link = url
		}
	case "footnote":
		r.beginNote()
	case "annotation":
		r.beginAside(opensComment)
	default:
		if starred || skipped[word] {
			s.leaveOut()
			return true
		}
		return false
	}
	return true
}

// leaveOut drops everything in the group.
func (s *rtfState) leaveOut() { s.dest, s.resume = destSkip, destSkip }

func (r *rtfReader) beginCaption(opening rtfOpening) {
	s := &r.state
	inInfo := s.dest == destInfo
	if (opening == opensTitle || opening == opensAuthor) != inInfo {
		s.leaveOut()
		return
	}
	s.dest, s.opened = destCaption, opening
	r.caption.Reset()
}

// beginNote begins a footnote or an endnote where its mark stands.
func (r *rtfReader) beginNote() {
	s := &r.state
	if s.dest != destBody || s.gone() || s.hidden || len(r.asides) >= maxAsides {
		s.leaveOut()
		return
	}
	s.note = r.note()
	r.beginAside(opensNote)
}

// beginAside begins a group whose text stands apart from what is around it.
func (r *rtfReader) beginAside(opening rtfOpening) {
	s := &r.state
	if s.dest != destBody || s.opened != opensNothing || len(r.stack) == 0 || !r.setAside() {
		s.leaveOut()
		return
	}
	s.opened = opening
	s.look, s.para, s.hidden, s.deleted, s.moved, s.field = look{}, rtfPara{}, false, false, false, nil
}

var hyperlinkField = regexp.MustCompile(`(?i)^\s*HYPERLINK\s+(?:\\[mnt]\s+)*(?:"([^"]+)"|([^\s"\\]+))`)

// hyperlink gives the address that a field leads to, empty when it is another kind of field.
func hyperlink(instruction *strings.Builder) string {
	if instruction == nil {
		return ""
	}
	m := hyperlinkField.FindStringSubmatch(instruction.String())
	if m == nil {
		return ""
	}
	return cleanURL(m[1] + m[2])
}

// characters are the control words that stand for one.
var characters = map[string]rune{
	"tab": '\t', "emdash": '—', "endash": '–', "lquote": '‘', "rquote": '’', "ldblquote": '“', "rdblquote": '”',
	"bullet": '•', "emspace": '\u2003', "enspace": '\u2002', "qmspace": '\u2005', "zwj": '\u200d', "zwnj": '\u200c',
	"ltrmark": '\u200e', "rtlmark": '\u200f', "line": '\n', "softline": '\n', "lbr": '\n', "page": '\n', "column": '\n',
}

// word reads a control word that names no destination; n is 1 where it isn't given.
func (r *rtfReader) word(word string, n int, given bool) {
	if c, ok := characters[word]; ok {
		r.put(c)
		return
	}
	s := &r.state
	switch s.dest {
	case destFonts:
		r.fontWord(word, n)
		return
	case destStyle:
		r.styleWord(word, n)
		return
	case destLists:
		r.listWord(word, n)
		return
	case destOverrides:
		r.overrideWord(word, n)
		return
	case destInfo:
		r.stampWord(word, n)
		return
	case destBody, destSkip, destProperties, destStyles, destCaption, destField:
	}
	switch word {
	case "ansi":
		r.page = pageWestern
	case "mac":
		r.page = pageMac
	case "pc":
		r.page = 437
	case "pca":
		r.page = 850
	case "ansicpg":
		if _, ok := codePages[n]; ok {
			r.page = n
		}
	case "deff":
		r.font, s.font = n, n
	case "uc":
		s.uc = min(max(n, 0), 100)
	case "f":
		s.font = n
	case "plain":
		s.font, s.hidden, s.deleted, s.moved = r.font, false, false, false
		s.look = look{link: s.look.link}
	case "b":
		s.look.strong = n != 0
	case "i":
		s.look.emphasis = n != 0
	case "v":
		s.hidden = n != 0
	case "deleted":
		s.deleted = n != 0
	case "mvf":
		s.moved = n != 0
	default:
		r.paragraphWord(word, n, given)
	}
}

// paragraphWord reads a control word about a paragraph, a list or a table.
func (r *rtfReader) paragraphWord(word string, n int, given bool) {
	s := &r.state
	switch word {
	case "pard":
		s.para = rtfPara{}
		r.oldLevel = 0
	case "s":
		s.para.style = n
	case "outlinelevel":
		s.para.outline = outlineLevel(n)
	case "ls":
		s.para.list = max(n, 0)
	case "ilvl":
		if given {
			s.para.level = min(max(n, 0), listLevels-1)
		}
	case "pnlvl":
		r.oldLevel = min(max(n-1, 0), listLevels-1)
	case "intbl":
		s.para.inTable = n != 0
	}
	if s.dest != destBody {
		return
	}
	switch word {
	case "par", "sect":
		r.endParagraph()
	case "cell":
		r.endCell()
		r.label = ""
	case "nestcell", "nestrow":
		r.write('\n', look{})
	case "row":
		r.endRow()
	}
}

// outlineLevel gives the level of a heading for an outline level counted from 0, of which 9 is body text.
func outlineLevel(n int) int {
	if n < 0 || n >= 9 {
		return 0
	}
	return n + 1
}

func (r *rtfReader) styleWord(word string, n int) {
	switch word {
	case "s":
		r.styleNumber = n
	case "outlinelevel":
		r.style.outline = outlineLevel(n)
	}
}

func (r *rtfReader) stampWord(word string, n int) {
	switch word {
	case "yr":
		r.stamp[0] = n
	case "mo":
		r.stamp[1] = n
	case "dy":
		r.stamp[2] = n
	case "hr":
		r.stamp[3] = n
	case "min":
		r.stamp[4] = n
	}
}
