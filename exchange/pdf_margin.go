package exchange

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

// marginNumber is a number that stands alone left of all text of its page.
type marginNumber struct {
	pdfBox

	page, line, value int
}

// pdfNumbering is what the numbers in the margin count.
type pdfNumbering int

const (
	numbersNothing pdfNumbering = iota
	numbersLines
	numbersParagraphs
)

// takeNumbers takes the numbers out of the margin. Those that count paragraphs leave a mark at the line
// that they stand beside.
func (p *pdfPages) takeNumbers() pdfNumbering {
	var all []marginNumber
	for i, page := range p.pages {
		all = append(all, page.marginNumbers(i)...)
	}
	what := countedBy(all)
	if what == numbersNothing {
		return what
	}
	taken := make([]map[int]bool, len(p.pages))
	for _, n := range all {
		if taken[n.page] == nil {
			taken[n.page] = map[int]bool{}
		}
		taken[n.page][n.line] = true
	}
	for _, n := range all {
		if what == numbersParagraphs {
			p.pages[n.page].open(n, taken[n.page])
		}
	}
	for i := range p.pages {
		page := &p.pages[i]
		var kept []pdfLine
		for j, l := range page.lines {
			if !taken[i][j] {
				kept = append(kept, l)
			}
		}
		page.lines = kept
	}
	return what
}

// marginNumbers finds the numbers in the left margin of a page, from top to bottom.
func (page *pdfPage) marginNumbers(number int) []marginNumber {
	left := math.Inf(1)
	for _, l := range page.lines {
		if !l.rotated && !isShortNumber(l.text) {
			left = min(left, l.x0)
		}
	}
	var found []marginNumber
	for i, l := range page.lines {
		if isShortNumber(l.text) && l.x1 <= left {
			value, _ := strconv.Atoi(l.text)
			found = append(found, marginNumber{l.pdfBox, number, i, value})
		}
	}
	slices.SortFunc(found, func(a, b marginNumber) int { return cmp.Compare(a.y0, b.y0) })
	return found
}

// countedBy tells what numbers count: nothing, when they don't go up one by one or five by five; lines,
// when they stand at equal distances; else paragraphs.
func countedBy(all []marginNumber) pdfNumbering {
	if len(all) < 3 {
		return numbersNothing
	}
	steps := map[int]int{}
	var gaps []float64
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.page != b.page && b.value <= a.value {
			steps[0]++ // they begin anew with the page
			continue
		}
		steps[b.value-a.value]++
		if a.page == b.page {
			gaps = append(gaps, b.y0-a.y0)
		}
	}
	if 10*(max(steps[1], steps[5])+steps[0]) < 9*(len(all)-1) || len(gaps) == 0 {
		return numbersNothing
	}
	slices.Sort(gaps)
	median, even := gaps[len(gaps)/2], 0
	for _, g := range gaps {
		if math.Abs(g-median) < 0.1*median {
			even++
		}
	}
	if 10*even >= 9*len(gaps) || steps[5] > steps[1] {
		return numbersLines
	}
	return numbersParagraphs
}

// open marks the line that a number stands beside, or the next one below it.
func (page *pdfPage) open(n marginNumber, taken map[int]bool) {
	best := -1
	for i, l := range page.lines {
		if taken[i] || l.rotated || l.y1 <= n.y0+n.height()/4 {
			continue
		}
		if best < 0 || l.y0 < page.lines[best].y0 || (l.y0 == page.lines[best].y0 && l.x0 < page.lines[best].x0) {
			best = i
		}
	}
	if best >= 0 {
		page.lines[best].opens = true
	}
}
