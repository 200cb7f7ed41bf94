package exchange

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// pageEdge is the part of a page's height, at its head and at its foot, in which running titles and page
// numbers are looked for.
const pageEdge = 0.15

// runningLine is a line that may be a running title: what it says but for its numbers, and these.
type runningLine struct {
	page, line int
	skeleton   string
	numbers    []int
	y          float64
}

// dropRunning takes out what stands at the same height of several pages and says the same, but for
// numbers that grow with the pages: running titles, page numbers, and what printers leave in margins.
func (p *pdfPages) dropRunning() {
	groups := map[string][]runningLine{}
	for i, page := range p.pages {
		for j, l := range page.lines {
			if !l.rotated && l.y1 > page.height*pageEdge && l.y0 < page.height*(1-pageEdge) {
				continue
			}
			r := runningLine{page: i, line: j, y: l.y0}
			r.skeleton, r.numbers = lineSkeleton(l.text)
			groups[r.skeleton] = append(groups[r.skeleton], r)
		}
	}
	found := make([]map[int]bool, len(p.pages))
	for i := range found {
		found[i] = map[int]bool{}
	}
	need := 2
	if len(p.pages) > 4 {
		need = 3
	}
	var titles []runningLine
	for _, group := range groups {
		for i, r := range recurringLines(group, need) {
			found[r.page][r.line] = true
			if i == 0 && len(r.skeleton) > 7 && len(titles) < 50 {
				titles = append(titles, r)
			}
		}
	}
	for _, group := range groups {
		if len(group) < need {
			for _, r := range group {
				found[r.page][r.line] = found[r.page][r.line] || slices.ContainsFunc(titles, r.misread)
			}
		}
	}
	for i := range p.pages {
		p.pages[i].drop(found[i])
	}
}

// lineSkeleton divides what a line says from the numbers in it. A word of Roman digits alone is a number.
func lineSkeleton(text string) (string, []int) {
	var numbers []int
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && '0' <= text[j] && text[j] <= '9' {
			j++
		}
		if j == i {
			b.WriteByte(text[i])
			i++
			continue
		}
		n, _ := strconv.Atoi(text[i:min(j, i+9)])
		numbers = append(numbers, n)
		b.WriteByte('#')
		i = j
	}
	s := strings.Trim(b.String(), " -–—|·•")
	if n, ok := romanNumber(s); ok {
		return "#", []int{n}
	}
	return s, numbers
}

// romanNumber reads a small Roman number in lower case, as prefaces have them for their pages.
func romanNumber(s string) (int, bool) {
	n, last := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		value := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}[s[i]]
		if value == 0 {
			return 0, false
		}
		if value < last {
			n -= value
		} else {
			n, last = n+value, value
		}
	}
	return n, n > 0
}

// recurringLines gives those lines of one skeleton that stand at the height of others on other pages and
// whose numbers fit these: each is the same, or grows with the pages.
func recurringLines(group []runningLine, need int) []runningLine {
	slices.SortFunc(group, func(a, b runningLine) int {
		return cmp.Or(cmp.Compare(math.Round(a.y/2), math.Round(b.y/2)), cmp.Compare(a.page, b.page), cmp.Compare(a.line, b.line))
	})
	const nearby = 8 // neighbours looked at, so that many alike cost little
	var kept []runningLine
	for i, r := range group {
		pages := map[int]bool{r.page: true}
		for j := max(0, i-nearby); j < min(len(group), i+nearby+1); j++ {
			if o := group[j]; o.page != r.page && math.Abs(o.y-r.y) < 4 && numbersFit(r, o) {
				pages[o.page] = true
			}
		}
		if len(pages) >= need {
			kept = append(kept, r)
		}
	}
	return kept
}

// misread says whether a line is a title that was read with a letter or two wrong, as scans are.
func (r runningLine) misread(title runningLine) bool {
	if math.Abs(r.y-title.y) > 6 || len(r.skeleton) != len(title.skeleton) {
		return false
	}
	wrong := 0
	for i := range len(r.skeleton) {
		if r.skeleton[i] != title.skeleton[i] {
			wrong++
		}
	}
	return wrong*8 <= len(r.skeleton)
}

// numbersFit says whether two lines that say the same have the numbers that their pages would give them.
func numbersFit(a, b runningLine) bool {
	if len(a.numbers) != len(b.numbers) {
		return false
	}
	for i, n := range a.numbers {
		if m := b.numbers[i]; n != m && n-m != a.page-b.page {
			// A sample of pages keeps the numbers of the whole: they grow, and not by much.
			if (n < m) != (a.page < b.page) || len(a.numbers) > 1 || max(n-m, m-n) > 8*max(a.page-b.page, b.page-a.page) {
				return false
			}
		}
	}
	return true
}

// drop takes out those of the lines found that nothing else stands outside of, nor close beside within:
// a line of the text that recurs there stays.
func (page *pdfPage) drop(found map[int]bool) {
	const most = 20_000_000 // pairs looked at; no page that people read has so many
	if len(found) == 0 || len(found)*len(page.lines) > most {
		return
	}
	var kept []pdfLine
	for i, l := range page.lines {
		if !found[i] || (!l.rotated && !page.apart(l, found)) {
			kept = append(kept, l)
		}
	}
	page.lines = kept
}

// apart says whether only lines found stand further out than l, and none of the others close to it.
func (page *pdfPage) apart(l pdfLine, found map[int]bool) bool {
	const touching = 1 // point
	atHead := l.y0 < page.height/2
	for i, o := range page.lines {
		if found[i] || o.rotated {
			continue
		}
		outside, gap := o.y1-l.y0 < touching, o.y0-l.y1
		if !atHead {
			outside, gap = l.y1-o.y0 < touching, l.y0-o.y1
		}
		overlapping := o.x0 < l.x1 && o.x1 > l.x0
		if outside || (overlapping && gap < 0.4*l.height()) {
			return false
		}
	}
	return true
}
