package exchange

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// passage is a block on its way.
type passage struct {
	block   models.Block
	words   words
	notes   []int // footnotes whose marks stand in it, in order
	anchors []spot
}

// empty tells a passage with nothing to see, about which nobody says anything.
func (l *passage) empty() bool {
	return len(l.anchors) == 0 && l.words.blank(span{0, len(l.words.points)})
}

// append adds another passage's words at the end of a passage.
func (l *passage) append(other passage) {
	n := len(l.words.points)
	for _, m := range other.words.marks {
		m.Start += n
		m.End += n
		l.words.marks = append(l.words.marks, m)
	}
	for _, a := range other.anchors {
		a.at += n
		l.anchors = append(l.anchors, a)
	}
	l.words.points = append(l.words.points, other.words.points...)
	l.notes = append(l.notes, other.notes...)
}

// trim cuts off white space at both ends.
func (l *passage) trim() {
	s := l.words.inner(span{0, len(l.words.points)})
	for i := range l.anchors {
		l.anchors[i].at = min(max(l.anchors[i].at, s.start), s.end) - s.start
	}
	l.words.trim()
}

// compose brings the words into NFC.
func (l *passage) compose() {
	text := string(l.words.points)
	if norm.NFC.IsNormalString(text) {
		return
	}
	n := len(l.words.marks)
	for _, a := range l.anchors {
		l.words.marks = append(l.words.marks, models.Mark{Start: a.at, End: a.at})
	}
	l.words.compose(text)
	for i, m := range l.words.marks[n:] {
		l.anchors[i].at = m.Start
	}
	l.words.marks = l.words.marks[:n]
}

// unstyle drops the marks of a kind when they cover all words.
func (w *words) unstyle(kind models.MarkKind) {
	covered := 0
	for _, m := range w.marks {
		if m.Kind == kind {
			for _, r := range w.points[m.Start:m.End] {
				if !unicode.IsSpace(r) {
					covered++
				}
			}
		}
	}
	for _, r := range w.points {
		if !unicode.IsSpace(r) {
			covered--
		}
	}
	if covered >= 0 {
		w.marks = slices.DeleteFunc(w.marks, func(m models.Mark) bool { return m.Kind == kind })
	}
}

// joined makes one passage of several, a line of each.
func joined(leaves []passage) passage {
	var all passage
	for i, l := range leaves {
		l.trim()
		if i > 0 {
			all.words.points = append(all.words.points, '\n')
		}
		all.append(l)
	}
	return all
}
