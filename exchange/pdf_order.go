package exchange

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// pdfRegion is a part of a page that is read from top to bottom: a column, or the page's whole width.
type pdfRegion struct {
	page        int
	rows        []pdfRow
	left, right float64
	loose       bool    // its rows have nothing to do with each other
	wide        float64 // how far right the regions of the page go that stand above or below this one
}

// pdfRow is what stands on one line of a region.
type pdfRow struct {
	pdfBox

	cells []pdfLine
	tall  float64
	opens bool
}

// text gives the words of a row.
func (r pdfRow) text() string {
	texts := make([]string, len(r.cells))
	for i, c := range r.cells {
		texts[i] = c.text
	}
	return strings.Join(texts, " ")
}

// takes says whether a line stands on the row: at its height, and not far off in letters of another size.
func (r pdfRow) takes(l pdfLine) bool {
	apart := max(l.x0-r.x1, r.x0-l.x1)
	return r.beside(l.pdfBox) && (apart < 3*l.height() || oneSize(r.height(), l.height()))
}

// deepestPageCut is how often a page is cut in two, one part within the other.
const deepestPageCut = 12

// regions gives the regions of a page in the order in which people read them.
func (page *pdfPage) regions(number int) []pdfRegion {
	var upright, rotated []pdfLine
	for _, l := range page.lines {
		if l.rotated {
			rotated = append(rotated, l)
		} else {
			upright = append(upright, l)
		}
	}
	var out []pdfRegion
	for _, lines := range cutPage(upright, deepestPageCut) {
		out = append(out, newPDFRegion(number, lines))
	}
	for i := range out {
		out[i].wide = out[i].right
		for _, o := range out {
			if o.left < out[i].right && o.right > out[i].left {
				out[i].wide = max(out[i].wide, o.right)
			}
		}
	}
	if len(rotated) > 0 {
		out = append(out, newPDFRegion(number, rotated))
	}
	return out
}

// cutPage divides lines into those that are read one part after the other: first where a band of the page is
// empty, then into columns, which a line across all of them ends.
func cutPage(lines []pdfLine, depth int) [][]pdfLine {
	if len(lines) < 3 || depth == 0 {
		if len(lines) == 0 {
			return nil
		}
		return [][]pdfLine{lines}
	}
	slices.SortStableFunc(lines, func(a, b pdfLine) int { return cmp.Or(cmp.Compare(a.y0, b.y0), cmp.Compare(a.x0, b.x0)) })
	height := medianLineHeight(lines)
	if at := emptyBand(lines, 1.8*height); at > 0 {
		return append(cutPage(lines[:at:at], depth-1), cutPage(lines[at:], depth-1)...)
	}
	gutter, ok := findGutter(lines, lines, height, 0.6*height, 2)
	if !ok {
		gutter, ok = findGutter(lines, atGaps(lines), height, 0.35*height, 6)
	}
	if !ok {
		return [][]pdfLine{lines}
	}
	lines = apartAt(lines, gutter)
	var out [][]pdfLine
	var left, right []pdfLine
	flush := func() {
		out = append(append(out, cutPage(left, depth-1)...), cutPage(right, depth-1)...)
		left, right = nil, nil
	}
	var across []pdfLine
	for _, l := range lines {
		switch {
		case l.x1 <= gutter.x1 && (l.x0+l.x1)/2 < gutter.x0:
			out = append(out, across)
			across = nil
			left = append(left, l)
		case l.x0 >= gutter.x0:
			out = append(out, across)
			across = nil
			right = append(right, l)
		default:
			flush()
			across = append(across, l)
		}
	}
	out = append(out, across)
	flush()
	return slices.DeleteFunc(out, func(part []pdfLine) bool { return len(part) == 0 })
}

// atGaps divides all lines at all their gaps.
func atGaps(lines []pdfLine) []pdfLine {
	var parts []pdfLine
	for _, l := range lines {
		for len(l.gaps) > 0 {
			var left pdfLine
			left, l = l.split(0)
			parts = append(parts, left)
		}
		parts = append(parts, l)
	}
	return parts
}

// apartAt divides those lines that have a gap at the gutter.
func apartAt(lines []pdfLine, gutter pdfBox) []pdfLine {
	var parts []pdfLine
	middle := (gutter.x0 + gutter.x1) / 2
	for _, l := range lines {
		for i, g := range l.gaps {
			if g.x0 < middle && middle < g.x1 {
				var left pdfLine
				left, l = l.split(i)
				parts = append(parts, left)
				break
			}
		}
		parts = append(parts, l)
	}
	return parts
}

func medianLineHeight(lines []pdfLine) float64 {
	heights := make([]float64, len(lines))
	for i, l := range lines {
		heights[i] = l.height()
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// emptyBand finds the first line below an empty band of the page, in lines sorted by where they begin.
func emptyBand(lines []pdfLine, height float64) int {
	bottom := lines[0].y1
	for i, l := range lines {
		if l.y0-bottom >= height {
			return i
		}
		bottom = max(bottom, l.y1)
	}
	return 0
}

// findGutter finds the white space between two columns of text, of a least width: nearly no line is
// across it, and on both sides of it stand so many lines that are long enough for text, not the short
// cells of a table. The parts of the lines say what is white.
func findGutter(lines, parts []pdfLine, height, least float64, both int) (pdfBox, bool) {
	left, right := lines[0].x0, lines[0].x1
	for _, l := range lines {
		left, right = min(left, l.x0), max(right, l.x1)
	}
	width := int(min(right-left, 5000)) + 1
	cover := make([]int, width+1) // at first the changes, then how many lines cover each point of width
	at := func(x float64) int { return min(max(int(math.Round(x-left)), 0), width) }
	for _, l := range parts {
		cover[at(l.x0)]++
		cover[at(l.x1)]--
	}
	for i := 1; i <= width; i++ {
		cover[i] += cover[i-1]
	}
	most := len(lines) / 8
	best, found := pdfBox{}, false
	for i := 1; i < width; {
		if cover[i] > most {
			i++
			continue
		}
		j := i
		for j < width && cover[j] <= most {
			j++
		}
		g := pdfBox{x0: left + float64(i) - 0.5, x1: left + float64(j) + 0.5}
		if float64(j-i) >= least && j < width && areColumns(apartAt(lines, g), g, height, both) && (!found || g.width() > best.width()) {
			best, found = g, true
		}
		i = j
	}
	return best, found
}

// areColumns says whether text stands on both sides of a gutter, and beside each other.
func areColumns(lines []pdfLine, gutter pdfBox, height float64, both int) bool {
	var sides [2][]pdfLine
	for _, l := range lines {
		switch {
		case l.x1 <= gutter.x1 && (l.x0+l.x1)/2 < gutter.x0:
			sides[0] = append(sides[0], l)
		case l.x0 >= gutter.x0:
			sides[1] = append(sides[1], l)
		}
	}
	var spans [2]pdfBox
	for i, side := range sides {
		if len(side) < both {
			return false
		}
		widths := make([]float64, len(side))
		spans[i] = side[0].pdfBox
		for j, l := range side {
			widths[j] = l.width()
			spans[i] = spans[i].around(l.pdfBox)
		}
		slices.Sort(widths)
		if widths[len(widths)/2] < 9*height {
			return false
		}
	}
	return min(spans[0].y1, spans[1].y1)-max(spans[0].y0, spans[1].y0) > 1.5*height
}

// newPDFRegion puts lines into rows.
func newPDFRegion(page int, lines []pdfLine) pdfRegion {
	slices.SortStableFunc(lines, func(a, b pdfLine) int { return cmp.Or(cmp.Compare(a.y0+a.y1, b.y0+b.y1), cmp.Compare(a.x0, b.x0)) })
	r := pdfRegion{page: page, left: lines[0].x0, right: lines[0].x1}
	for _, l := range lines {
		r.left, r.right = min(r.left, l.x0), max(r.right, l.x1)
		if n := len(r.rows); n > 0 && r.rows[n-1].takes(l) {
			row := &r.rows[n-1]
			row.cells = append(row.cells, l)
			if len(row.cells[0].text) < len(l.text) { // the row has the heights of most of its letters
				row.y0, row.y1 = l.y0, l.y1
			}
			row.x0, row.x1 = min(row.x0, l.x0), max(row.x1, l.x1)
			row.opens, row.tall = row.opens || l.opens, max(row.tall, l.tall)
			continue
		}
		r.rows = append(r.rows, pdfRow{pdfBox: l.pdfBox, cells: []pdfLine{l}, tall: l.tall, opens: l.opens})
	}
	for i := range r.rows {
		slices.SortStableFunc(r.rows[i].cells, func(a, b pdfLine) int { return cmp.Compare(a.x0, b.x0) })
	}
	return r
}
