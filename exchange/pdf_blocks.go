package exchange

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// pdfBullets are the signs before the items of a list, those of two symbol fonts among them.
const pdfBullets = "•◦▪‣■□●○∙⁃➢✓\uf0b7\uf0a7\uf0d8"

// cutPDFBullet takes the sign off an item of a list.
func cutPDFBullet(text string) (words string, ok bool) {
	r, size := utf8.DecodeRuneInString(text)
	if !strings.ContainsRune(pdfBullets, r) {
		return text, false
	}
	return strings.TrimLeft(text[size:], " "), true
}

// pdfTableRows tells the rows of tables: two or more one below the other, of cells that begin or end alike.
func pdfTableRows(r *pdfRegion) map[int]bool {
	found := map[int]bool{}
	for i := 1; i < len(r.rows); i++ {
		if a, b := &r.rows[i-1], &r.rows[i]; a.isCells() && b.isCells() && alignedCells(a.cells, b.cells) && b.y0-a.y1 < 3*b.height() {
			found[i-1], found[i] = true, true
		}
	}
	return found
}

// isCells says whether a row may be one of a table: it has cells, with words in two at least, and isn't
// an item of a list or what somebody says behind a name.
func (r pdfRow) isCells() bool {
	if len(r.cells) < 2 || strings.HasSuffix(r.cells[0].text, ":") {
		return false
	}
	if _, bullet := cutPDFBullet(r.cells[0].text); bullet {
		return false
	}
	worded := 0
	for _, c := range r.cells {
		if strings.ContainsFunc(c.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			worded++
		}
	}
	return worded > 1
}

// alignedCells says whether two rows have white space at one place, and behind it cells that stand alike.
func alignedCells(a, b []pdfLine) bool {
	for i := 1; i < len(a); i++ {
		for j := 1; j < len(b); j++ {
			c, d := a[i], b[j]
			alike := math.Abs(c.x0-d.x0) < 3 || math.Abs(c.x1-d.x1) < 3 || math.Abs(c.x0+c.x1-d.x0-d.x1) < 6
			if alike && min(c.x0, d.x0)-max(a[i-1].x1, b[j-1].x1) > c.height() {
				return true
			}
		}
	}
	return false
}

// mark tells headings, by their size, and how deep the items of lists are.
func (s *pdfTypesetter) mark(paragraphs []pdfParagraph) {
	var sizes []float64
	heading := func(x *pdfParagraph) bool {
		return s.even && x.kind == models.BlockParagraph && x.rows < 5 && x.height > 1.15*s.height && x.height < 6*s.height &&
			utf8.RuneCount(x.text) < 200 && bytes.ContainsFunc(x.text, unicode.IsLetter)
	}
	for i := range paragraphs {
		if x := &paragraphs[i]; heading(x) && !slices.ContainsFunc(sizes, func(h float64) bool { return oneLevel(h, x.height) }) {
			sizes = append(sizes, x.height)
		}
	}
	slices.SortFunc(sizes, func(a, b float64) int { return cmp.Compare(b, a) })
	var depths []float64
	for i := range paragraphs {
		x := &paragraphs[i]
		if heading(x) {
			x.kind = models.BlockHeading
			x.level = min(6, 1+slices.IndexFunc(sizes, func(h float64) bool { return oneLevel(h, x.height) }))
		}
		if x.kind != models.BlockListItem {
			depths = nil
			continue
		}
		for len(depths) > 0 && depths[len(depths)-1] > x.at+0.5*x.height {
			depths = depths[:len(depths)-1]
		}
		if len(depths) == 0 || x.at > depths[len(depths)-1]+0.5*x.height {
			depths = append(depths, x.at)
		}
		x.level = min(9, len(depths))
	}
}

// oneLevel says whether headings of these heights are of one level.
func oneLevel(a, b float64) bool { return a < 1.05*b && b < 1.05*a }
