package exchange

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// words are the characters of a leaf block and the marks on them.
type words struct {
	points []rune
	marks  []models.Mark
}

// span is a range of characters [start, end).
type span struct{ start, end int }

// blank tells whether the span holds white space alone.
func (w *words) blank(s span) bool {
	return !slices.ContainsFunc(w.points[s.start:s.end], func(r rune) bool { return !unicode.IsSpace(r) })
}

// flatten makes one line without tabs of the words.
func (w *words) flatten() {
	for i, r := range w.points {
		if r == '\n' || r == '\t' {
			w.points[i] = ' '
		}
	}
}

// compose brings the characters, which are also given as a string, into NFC. Markup may have stood
// between a letter and its accent; the accent then takes the letter's marks.
func (w *words) compose(s string) {
	composed := make([]rune, 0, len(w.points))
	places := make([]int, len(w.points)+1) // where each old character went; within a changed segment to its end
	var it norm.Iter
	it.InitString(norm.NFC, s)
	for at := 0; !it.Done(); {
		from := it.Pos()
		segment := string(it.Next())
		source := s[from:it.Pos()]
		n := utf8.RuneCountInString(source)
		start := len(composed)
		composed = append(composed, []rune(segment)...)
		for i := range n {
			switch {
			case i == 0 || segment == source:
				places[at+i] = start + i
			default:
				places[at+i] = len(composed)
			}
		}
		at += n
	}
	places[len(w.points)] = len(composed)
	w.points = composed
	for i := range w.marks {
		w.marks[i].Start, w.marks[i].End = places[w.marks[i].Start], places[w.marks[i].End]
	}
}

// trim cuts off white space at both ends, and gives how many characters are left.
func (w *words) trim() int {
	s := w.inner(span{0, len(w.points)})
	w.points = w.points[s.start:s.end]
	marks := w.marks[:0]
	for _, m := range w.marks {
		m.Start = max(m.Start, s.start) - s.start
		m.End = min(m.End, s.end) - s.start
		if m.Start < m.End {
			marks = append(marks, m)
		}
	}
	w.marks = marks
	return len(w.points)
}

// inner gives a span without the white space at its ends.
func (w *words) inner(s span) span {
	for s.start < s.end && unicode.IsSpace(w.points[s.start]) {
		s.start++
	}
	for s.end > s.start && unicode.IsSpace(w.points[s.end-1]) {
		s.end--
	}
	return s
}

// paragraphs finds the runs of lines without a blank one between them, as paragraphs does in a text.
func (w *words) paragraphs() []span {
	var spans []span
	open := false
	for at := 0; at <= len(w.points); {
		end := at
		for end < len(w.points) && w.points[end] != '\n' {
			end++
		}
		switch {
		case w.blank(span{at, end}):
			open = false
		case open:
			spans[len(spans)-1].end = end
		default:
			open = true
			spans = append(spans, span{at, end})
		}
		at = end + 1
	}
	return spans
}

// canonical gives the marks within a span in the one form in which they are kept: those of a kind
// joined where they meet (links, when they lead to one address), without the white space at their
// ends, in order of their starts, longer ones first.
func (w *words) canonical(marks []models.Mark, within span) []models.Mark {
	var clipped []models.Mark
	for _, m := range marks {
		m.Start, m.End = max(m.Start, within.start), min(m.End, within.end)
		if m.Start < m.End {
			clipped = append(clipped, m)
		}
	}
	slices.SortStableFunc(clipped, func(a, b models.Mark) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.Start, b.Start))
	})
	joined := clipped[:0]
	for _, m := range clipped {
		if n := len(joined); n > 0 && joined[n-1].Kind == m.Kind {
			last := &joined[n-1]
			if m.Start <= last.End && m.URL == last.URL {
				last.End = max(last.End, m.End)
				continue
			}
			m.Start = max(m.Start, last.End) // of links to two addresses the first keeps what both cover
		}
		if m.Start < m.End {
			joined = append(joined, m)
		}
	}
	kept := joined[:0]
	for _, m := range joined {
		if s := w.inner(span{m.Start, m.End}); s.start < s.end {
			m.Start, m.End = s.start, s.end
			kept = append(kept, m)
		}
	}
	slices.SortStableFunc(kept, func(a, b models.Mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(rank(a.Kind), rank(b.Kind)))
	})
	return kept
}

// rank orders marks on the same words, outermost first.
func rank(k models.MarkKind) int {
	switch k {
	case models.MarkLink:
		return 0
	case models.MarkStrong:
		return 1
	case models.MarkEmphasis:
		return 2
	case models.MarkCode:
		return 3
	default:
		return 4
	}
}
