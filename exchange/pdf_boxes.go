package exchange

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// Bounds on what pdftotext may write of one file.
const (
	maxPDFPages = 20_000
	maxPDFLine  = 1 << 20 // bytes of one line of its output, which holds one word at most
)

// pdfBox is where something stands on a page, in points from its upper left corner.
type pdfBox struct{ x0, y0, x1, y1 float64 }

func (b pdfBox) width() float64  { return b.x1 - b.x0 }
func (b pdfBox) height() float64 { return b.y1 - b.y0 }

// around gives the box that holds both.
func (b pdfBox) around(o pdfBox) pdfBox {
	return pdfBox{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

// beside says whether two boxes stand on one line: they share more than half of the lower one's height.
func (b pdfBox) beside(o pdfBox) bool {
	return min(b.y1, o.y1)-max(b.y0, o.y0) > min(b.height(), o.height())/2
}

// pdfWord is a word with its box.
type pdfWord struct {
	pdfBox

	text string
}

// pdfLine is a run of words on one line of one page.
type pdfLine struct {
	pdfBox // its heights are those of most of its letters

	text    string
	first   float64 // width of its first word
	tall    float64 // height of its tallest letters
	gaps    []pdfGap
	rotated bool
	opens   bool // a paragraph's number stands beside it
}

// pdfGap is a wide space between two words of a line. It may be that between two columns.
type pdfGap struct {
	at            int     // bytes of the text before it
	pdfBox                // where it is, with the heights of the letters behind it
	first         float64 // width of the word behind it
	before, after float64 // where the letters before it begin and end in height
}

// split divides a line at one of its gaps.
func (l pdfLine) split(gap int) (left, right pdfLine) {
	g := l.gaps[gap]
	left, right = l, l
	left.text, left.x1, left.gaps = l.text[:g.at], g.x0, l.gaps[:gap:gap]
	right.text, right.first, right.gaps = l.text[g.at+1:], g.first, nil
	left.y0, left.y1 = g.before, g.after
	right.x0, right.y0, right.y1 = g.x1, g.y0, g.y1
	for _, later := range l.gaps[gap+1:] {
		later.at -= g.at + 1
		right.gaps = append(right.gaps, later)
	}
	right.opens = false
	return left, right
}

// pdfPage is a page with its lines, in no order.
type pdfPage struct {
	width, height float64
	lines         []pdfLine
}

// pdfPages is all that pdftotext says of a file.
type pdfPages struct {
	pages            []pdfPage
	title, author    string
	created, changed time.Time
	points, unmapped int
}

// parseBoxes reads what `pdftotext -bbox-layout` writes: XHTML of which each element has a line. What it
// doesn't know it leaves out. It returns a TooLarge error for more words than a text may have.
func parseBoxes(r io.Reader) (*pdfPages, error) {
	p := &pdfPages{}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4<<10), maxPDFLine)
	var line []pdfWord
	for lines.Scan() {
		s := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(s, "<word "):
			if w, ok := parseBoxWord(s); ok && len(p.pages) > 0 {
				p.count(w.text)
				line = append(line, w)
			}
		case s == "</line>":
			p.addLine(line)
			line = line[:0]
		case strings.HasPrefix(s, "<page "):
			if len(p.pages) == maxPDFPages {
				return nil, models.TooLarge("text_too_long", fmt.Sprintf("A PDF may have %d pages. Divide this one.", maxPDFPages))
			}
			p.pages = append(p.pages, pdfPage{width: boxAttribute(s, "width"), height: boxAttribute(s, "height")})
		case len(p.pages) == 0:
			p.head(s)
		}
		if p.points > 2*models.MaxTextLength {
			return nil, tooLong(p.points)
		}
	}
	p.addLine(line)
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// count counts the letters of a word, and those that no font has a meaning for.
func (p *pdfPages) count(text string) {
	for _, r := range text {
		p.points++
		if r == utf8.RuneError || unicode.Is(unicode.Co, r) {
			p.unmapped++
		}
	}
}

// parseBoxWord reads `<word xMin="1" yMin="2" xMax="3" yMax="4">text</word>`.
func parseBoxWord(s string) (pdfWord, bool) {
	head, rest, found := strings.Cut(s, ">")
	text, _, ended := strings.Cut(rest, "</word>")
	if !found || !ended {
		return pdfWord{}, false
	}
	text = strings.Map(kept, strings.ToValidUTF8(html.UnescapeString(text), "\ufffd"))
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "\x00", "")), " ")
	w := pdfWord{pdfBox{boxAttribute(head, "xMin"), boxAttribute(head, "yMin"), boxAttribute(head, "xMax"), boxAttribute(head, "yMax")}, strings.Clone(text)}
	return w, text != "" && w.x1 >= w.x0 && w.y1 > w.y0
}

// boxAttribute gives the number that an attribute of an element holds, within what a page can have.
func boxAttribute(s, name string) float64 {
	_, rest, _ := strings.Cut(s, " "+name+`="`)
	value, _, _ := strings.Cut(rest, `"`)
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || n != n {
		return 0
	}
	return min(max(n, -1e5), 1e5)
}

// head reads a line of the head, which says what the file says of itself.
func (p *pdfPages) head(s string) {
	if rest, ok := strings.CutPrefix(s, "<title>"); ok {
		title, _, _ := strings.Cut(rest, "</title>")
		p.title = html.UnescapeString(title)
		return
	}
	rest, ok := strings.CutPrefix(s, `<meta name="`)
	if !ok {
		return
	}
	name, rest, _ := strings.Cut(rest, `" content="`)
	value, _, _ := strings.Cut(rest, `"`)
	value = html.UnescapeString(value)
	switch name {
	case "Author":
		p.author = value
	case "CreationDate":
		p.created = pdfDate(value)
	case "ModDate":
		p.changed = pdfDate(value)
	}
}

// pdfDate reads a time, and gives none for what is not one.
func pdfDate(s string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z07", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, s); err == nil && at.Year() > 1970 && at.Year() < 3000 {
			return at.UTC()
		}
	}
	return time.Time{}
}

// meta gives what the file says of itself. A title that is the name of a file is none.
func (p *pdfPages) meta() Meta {
	m := Meta{Title: pdfName(p.title), Author: pdfName(p.author), CreatedAt: p.created, ChangedAt: p.changed}
	if strings.HasPrefix(m.Title, "Microsoft Word - ") || strings.EqualFold(m.Title, "untitled") || (len(path.Ext(m.Title)) > 2 && len(path.Ext(m.Title)) < 6 && !strings.Contains(path.Ext(m.Title), " ")) {
		m.Title = ""
	}
	return m
}

// pdfName makes one line of what a PDF says of itself, and none of what is too long for a name: programs
// put whole paragraphs there.
func pdfName(s string) string {
	line := oneLine(s, 2*models.MaxName)
	if utf8.RuneCountInString(line) > models.MaxName {
		return ""
	}
	return line
}

// addLine adds the words of a line to the last page, as one line or, where there are wide gaps between
// them or a number stands alone before them, as several.
func (p *pdfPages) addLine(line []pdfWord) {
	for start := 0; start < len(line); {
		end := start + 1
		for end < len(line) {
			gap, height := line[end].x0-line[end-1].x1, max(line[end].height(), line[end-1].height())
			if gap > 1.5*height || (end == start+1 && gap > 0.6*height && isShortNumber(line[start].text)) {
				break
			}
			end++
		}
		page := &p.pages[len(p.pages)-1]
		page.lines = append(page.lines, newPDFLine(line[start:end]))
		start = end
	}
}

// newPDFLine joins words.
func newPDFLine(line []pdfWord) pdfLine {
	l := pdfLine{pdfBox: line[0].pdfBox, first: line[0].width()}
	letters, narrow := 0, 0
	var text strings.Builder
	for i, w := range line {
		if i > 0 && w.x0-line[i-1].x1 > 0.5*w.height() {
			l.gaps = append(l.gaps, pdfGap{
				at: text.Len(), pdfBox: pdfBox{line[i-1].x1, w.y0, w.x0, w.y1}, first: w.width(), before: line[i-1].y0, after: line[i-1].y1,
			})
		}
		if i > 0 && !gluedTo(line[i-1], w) {
			text.WriteByte(' ')
		}
		text.WriteString(w.text)
		l.pdfBox = l.around(w.pdfBox)
		l.tall = max(l.tall, w.height())
		n := utf8.RuneCountInString(w.text)
		letters += n
		if n > 2 && w.width() < w.height()/2 {
			narrow += n
		}
	}
	l.text = text.String()
	l.rotated = 2*narrow > letters
	most := mostLetters(line)
	l.y0, l.y1 = most.y0, most.y1
	return l
}

// gluedTo says whether a word belongs to the one before it without a space: a mark after small capitals,
// say, for pdftotext begins a word wherever the font changes.
func gluedTo(before, w pdfWord) bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return w.x0-before.x1 < 0.1*w.height() && strings.ContainsRune(".,:;!?)]}’”»", r)
}

// mostLetters gives the word of the height that most letters of a line have.
func mostLetters(line []pdfWord) pdfBox {
	if len(line) == 1 {
		return line[0].pdfBox
	}
	sorted := slices.SortedFunc(slices.Values(line), func(a, b pdfWord) int {
		return cmp.Or(cmp.Compare(a.height(), b.height()), cmp.Compare(a.y1, b.y1))
	})
	total := 0
	for _, w := range sorted {
		total += len(w.text)
	}
	so := 0
	for _, w := range sorted {
		if so += len(w.text); 2*so >= total {
			return w.pdfBox
		}
	}
	return sorted[0].pdfBox
}

// isShortNumber says whether a word is a number of up to four digits.
func isShortNumber(s string) bool {
	return s != "" && len(s) <= 4 && strings.Trim(s, "0123456789") == ""
}
