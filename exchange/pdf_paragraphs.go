package exchange

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// pdfParagraph is what was found to be one block.
type pdfParagraph struct {
	kind   models.BlockKind
	level  int
	page   int // from 1
	text   []byte
	height float64 // of most of its letters
	rows   int
	at     float64 // where the bullet of an item stands
	hang   float64 // where the words of an item begin; negative while that isn't known
}

// pdfLayout is a file's text in the order in which people read it.
type pdfLayout struct {
	paragraphs []pdfParagraph
	numbered   bool  // there were numbers in the margin
	empty      []int // pages with nothing to read
}

// layout finds what is to be read, and in which order.
func (p *pdfPages) layout() pdfLayout {
	p.dropRunning()
	numbers := p.takeNumbers()
	s := pdfTypesetter{byNumbers: numbers == numbersParagraphs}
	var regions []pdfRegion
	var empty []int
	for i := range p.pages {
		if len(p.pages[i].lines) == 0 {
			empty = append(empty, i+1)
		}
		regions = append(regions, p.pages[i].regions(i+1)...)
	}
	s.measure(regions)
	s.hyphens = newPDFHyphens(regions)
	body, notes := s.divide(regions)
	paragraphs := weaveNotes(s.set(body), s.set(notes))
	s.mark(paragraphs)
	return pdfLayout{paragraphs, numbers != numbersNothing, empty}
}

// pdfTypesetter puts lines together to paragraphs.
type pdfTypesetter struct {
	byNumbers bool    // numbers in the margin say where paragraphs begin
	height    float64 // of most letters of the file
	even      bool    // most letters have that height, so that others mean something
	leading   float64 // from line to line, in heights
	hyphens   pdfHyphens
	labels    map[string]int // how often rows begin with a name and a colon
}

// measure finds the height of most letters, and how far lines are from each other.
func (s *pdfTypesetter) measure(regions []pdfRegion) {
	s.labels = map[string]int{}
	weights := map[float64]int{}
	total := 0
	var leads []float64
	for _, r := range regions {
		for i, row := range r.rows {
			if label := labelOf(row.text()); label != "" {
				s.labels[label]++
			}
			h := math.Round(row.height()*10) / 10
			weights[h] += len(row.text())
			total += len(row.text())
			if i > 0 && oneSize(row.height(), r.rows[i-1].height()) && row.height() > 0 {
				if lead := (row.y1 - r.rows[i-1].y1) / row.height(); lead > 0.8 && lead < 4 {
					leads = append(leads, lead)
				}
			}
		}
	}
	most := 0
	for h, w := range weights {
		if w > most || (w == most && h < s.height) {
			s.height, most = h, w
		}
	}
	oneLevel := 0
	for h, w := range weights {
		if oneSize(h, s.height) {
			oneLevel += w
		}
	}
	s.even = 2*oneLevel > total
	s.leading = lowerThird(leads, 1.2)
}

// size gives the height of the letters of a row; that of most of the file's, where it has small capitals
// among these.
func (s *pdfTypesetter) size(r *pdfRow) float64 {
	if r.height() < s.height && oneSize(r.tall, s.height) {
		return s.height
	}
	return r.height()
}

// lowerThird gives the value that three in ten of the values are below: what lines of a paragraph are apart,
// also where most paragraphs are a line.
func lowerThird(values []float64, none float64) float64 {
	if len(values) == 0 {
		return none
	}
	slices.Sort(values)
	return values[len(values)*3/10]
}

// oneSize says whether two heights are those of letters of one size.
func oneSize(a, b float64) bool { return a < 1.12*b && b < 1.12*a }

// divide parts the footnotes at the foot of each column from the text, so that this goes on without them.
func (s *pdfTypesetter) divide(regions []pdfRegion) (body, notes []pdfRegion) {
	texted, noted := 0, 0 // the last pages with text on them, and with footnotes
	for _, r := range regions {
		if r.rows[0].cells[0].rotated {
			r.loose = true
			notes = append(notes, r)
			continue
		}
		if rows := s.asides(r); len(rows) > 0 {
			aside := r
			aside.rows, aside.loose = rows, true
			notes = append(notes, aside)
		}
		at := len(r.rows)
		for at > 0 && r.rows[at-1].height() < 0.88*s.height {
			at--
		}
		for at < len(r.rows) && !beginsPDFNote(r.rows[at].text()) && (noted != r.page || !goesOnWith(r.rows[at].text())) {
			at++
		}
		if !s.even || s.byNumbers || (at == 0 && texted != r.page) {
			at = len(r.rows)
		}
		text, foot := r, r
		text.rows, foot.rows = r.rows[:at:at], r.rows[at:]
		if len(text.rows) > 0 {
			texted = r.page
			body = append(body, text)
		}
		if len(foot.rows) > 0 {
			noted = r.page
			notes = append(notes, foot)
		}
	}
	return body, notes
}

// asides takes out of a region what stands left of its text on a row in the midst of a sentence: words
// below a picture that the text flows around.
func (s *pdfTypesetter) asides(r pdfRegion) []pdfRow {
	var out []pdfRow
	for i := 1; i < len(r.rows) && !s.byNumbers; i++ {
		row, above := &r.rows[i], r.rows[i-1]
		if sentenceEnds(above.text()) {
			continue
		}
		for k := 1; k < len(row.cells); k++ {
			c, before := row.cells[k], row.cells[k-1]
			if math.Abs(c.x0-above.cells[0].x0) < 0.3*c.height() && goesOnWith(c.text) && c.x0-before.x1 > 2*c.height() {
				aside := *row
				aside.cells = row.cells[:k:k]
				aside.x1 = before.x1
				out = append(out, aside)
				row.cells, row.x0 = row.cells[k:], c.x0
				break
			}
		}
	}
	return out
}

// beginsPDFNote says whether a line begins as a footnote does, with a number or a sign and a word.
func beginsPDFNote(text string) bool {
	mark, rest, found := strings.Cut(text, " ")
	mark = strings.TrimRight(mark, ".)")
	return found && rest != "" && (isShortNumber(mark) || strings.Trim(mark, "*†‡") == "")
}

// weaveNotes puts the footnotes of each page behind the last paragraph that begins on it.
func weaveNotes(body, notes []pdfParagraph) []pdfParagraph {
	out := make([]pdfParagraph, 0, len(body)+len(notes))
	for i, x := range body {
		out = append(out, x)
		for len(notes) > 0 && (i+1 == len(body) || body[i+1].page > notes[0].page) {
			out = append(out, notes[0])
			notes = notes[1:]
		}
	}
	return append(out, notes...)
}

// pdfPlace is a row with what stands around it.
type pdfPlace struct {
	*pdfRegion

	row  int
	lead float64 // from line to line of a paragraph here
}

func (p pdfPlace) here() *pdfRow { return &p.rows[p.row] }

// next is where the row after this one begins, and this one's own beginning at the end of the region.
func (p pdfPlace) next() float64 {
	if p.row+1 < len(p.rows) {
		return p.rows[p.row+1].x0
	}
	return p.here().x0
}

// reach is how far right lines around a row go; where there are few, those of the same width of the page.
func (s *pdfTypesetter) reach(p pdfPlace) float64 {
	reach := 0.0
	if len(p.rows) < 6 && p.here().height() < 1.15*s.height {
		reach = p.wide
	}
	for _, row := range p.rows[max(0, p.row-1):min(len(p.rows), p.row+4)] {
		reach = max(reach, row.x1)
	}
	return reach
}

// set puts the rows of all regions together to paragraphs.
func (s *pdfTypesetter) set(regions []pdfRegion) []pdfParagraph {
	var out []pdfParagraph
	var before pdfPlace
	for i := range regions {
		r := &regions[i]
		lead, table := s.lead(r), pdfTableRows(r)
		for j := range r.rows {
			at := pdfPlace{r, j, lead}
			switch {
			case table[j] && !s.byNumbers:
				out = append(out, pdfTableRow(at))
				before = pdfPlace{}
			case before.pdfRegion == nil || s.begins(before, at, &out[len(out)-1]):
				out = append(out, pdfParagraphOf(at))
				before = at
			default:
				last := &out[len(out)-1]
				if last.hang < 0 {
					last.hang = at.here().x0
				}
				last.text = s.hyphens.join(last.text, at.here().text())
				last.rows++
				before = at
			}
		}
	}
	return out
}

// lead gives how far the lines of a paragraph are apart in a region.
func (s *pdfTypesetter) lead(r *pdfRegion) float64 {
	var leads []float64
	for i := 1; i < len(r.rows); i++ {
		a, b := r.rows[i-1], r.rows[i]
		if lead := (b.y1 - a.y1) / s.size(&b); oneSize(s.size(&a), s.size(&b)) && lead > 0.8 && lead < 4 {
			leads = append(leads, lead)
		}
	}
	if len(leads) < 5 {
		return s.leading
	}
	return lowerThird(leads, s.leading)
}

func pdfParagraphOf(at pdfPlace) pdfParagraph {
	row := at.here()
	x := pdfParagraph{kind: models.BlockParagraph, page: at.page, height: row.height(), rows: 1}
	text := row.text()
	if row.cells[0].rotated {
		x.height = 0 // what is tall is wide
	}
	if words, ok := cutPDFBullet(text); ok {
		text = words
		x.kind, x.at, x.hang = models.BlockListItem, row.x0, -1
		if len(row.cells) > 1 && words != "" {
			x.hang = row.cells[1].x0
		}
	}
	x.text = []byte(text)
	return x
}

func pdfTableRow(at pdfPlace) pdfParagraph {
	row := at.here()
	texts := make([]string, len(row.cells))
	for i, c := range row.cells {
		texts[i] = c.text
	}
	return pdfParagraph{kind: models.BlockTableRow, page: at.page, height: row.height(), rows: 1, text: []byte(strings.Join(texts, "\t"))}
}

// begins says whether a row begins a new paragraph rather than going on with the last.
func (s *pdfTypesetter) begins(before, at pdfPlace, last *pdfParagraph) bool {
	a, b := before.here(), at.here()
	if before.loose || at.loose {
		return true
	}
	if s.byNumbers {
		return b.opens
	}
	text := b.text()
	if _, bullet := cutPDFBullet(text); bullet || (!oneSize(a.height(), b.height()) && !oneSize(a.tall, b.tall)) {
		return true
	}
	short := a.x1+0.3*b.height()+b.cells[0].first < s.reach(before)-0.5*b.height()
	ended := sentenceEnds(a.text())
	if (ended || short) && s.labels[labelOf(text)] > 1 {
		return true
	}
	if before.pdfRegion != at.pdfRegion {
		indented := b.x0 > at.left+0.7*b.height() && at.next() < b.x0-0.5*b.height()
		return !goesOnWith(text) && (indented || ended || short)
	}
	lead := (b.y1 - a.y1) / (at.lead * s.size(b))
	if lead > 0 && lead < 2 && breaksOff(a.text()) {
		return false // a word goes on
	}
	if lead < 0 || lead > 1.17 {
		return true
	}
	if last.kind == models.BlockListItem && math.Abs(b.x0-last.hang) < 0.5*b.height() {
		return false
	}
	switch {
	case goesOnWith(text):
		return false
	case b.x0 > a.x0+0.8*b.height():
		return (ended || short) && (last.rows == 1 || at.next() < b.x0-0.5*b.height() || ended)
	case b.x0 < a.x0-0.8*b.height() && last.rows > 1:
		return ended || short
	case short:
		return true
	}
	return ended && a.x1+0.3*b.height()+b.cells[0].first < at.right-0.5*b.height()
}

// goesOnWith says whether a text begins in the midst of a sentence.
func goesOnWith(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r) || r == ',' || r == ';' || r == ')'
}

// breaksOff says whether a text ends within a word, with a hyphen or a dash.
func breaksOff(text string) bool {
	dash, size := utf8.DecodeLastRuneInString(text)
	r, _ := utf8.DecodeLastRuneInString(text[:len(text)-size])
	return strings.ContainsRune("-\u2010–\u00ad", dash) && isWordy(r)
}

// labelOf gives the name of whoever speaks, as transcripts have it before what is said, or the time code.
func labelOf(text string) string {
	label, _, found := strings.Cut(text, ": ")
	if !found && strings.HasSuffix(text, ":") {
		label, found = strings.TrimSuffix(text, ":"), true
	}
	if r, _ := utf8.DecodeRuneInString(label); !found || len(label) > 60 || !unicode.IsUpper(r) || strings.Count(label, " ") > 3 {
		return ""
	}
	return label
}

// sentenceEnds says whether a text ends with a sentence.
func sentenceEnds(text string) bool {
	text = strings.TrimRight(text, "\"'”’»)] ")
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?:…", r)
}
