package exchange

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// leaf is a block of running text on its way to its place, with what stands at points of it.
type leaf struct {
	block models.Block
	words
	anchors []anchor // in order of their places
}

// anchor is a place in a leaf's text.
type anchor struct {
	at   int // code points from the start of the leaf
	kind anchorKind
	of   int // the comment or note, as the flow counts them
}

type anchorKind uint8

const (
	anchorNote  anchorKind = iota // where noteHolder stands for the mark of a note
	anchorStart                   // of a comment
	anchorEnd
	anchorPoint // of a comment that may have no more than this
)

// noteHolder stands in a leaf for the mark of a note until the note has its number.
const noteHolder = '\ufffc'

// look is how a stretch of words is shown.
type look struct {
	strong, emphasis, code bool
	link                   string
}

// empty tells a leaf with nothing to see, and no comment on it.
func (l *leaf) empty() bool {
	return len(l.anchors) == 0 && l.blank(span{0, len(l.points)})
}

// join appends another leaf's words behind a separator, which is left out where either has none.
func (l *leaf) join(other *leaf, separator rune) {
	if len(l.points) > 0 && len(other.points) > 0 {
		l.points = append(l.points, separator)
	}
	l.extend(other)
}

// joinLine appends another leaf as a line.
func (l *leaf) joinLine(other leaf) {
	other.tidy()
	l.join(&other, '\n')
}

// extend appends another leaf's words.
func (l *leaf) extend(other *leaf) {
	by := len(l.points)
	l.points = append(l.points, other.points...)
	for _, m := range other.marks {
		m.Start += by
		m.End += by
		l.marks = append(l.marks, m)
	}
	for _, a := range other.anchors {
		a.at += by
		l.anchors = append(l.anchors, a)
	}
}

// again gives a copy of a leaf that stands in the text once more. Comments are on the first.
func (l *leaf) again() leaf {
	copied := leaf{block: l.block, words: words{points: slices.Clone(l.points), marks: slices.Clone(l.marks)}}
	for _, a := range l.anchors {
		if a.kind == anchorNote {
			copied.anchors = append(copied.anchors, a)
		}
	}
	return copied
}

// plain gives the words without the marks of notes.
func (l *leaf) plain() string {
	points := make([]rune, 0, len(l.points))
	from := 0
	for _, a := range l.anchors {
		if a.kind == anchorNote {
			points = append(points, l.points[from:a.at]...)
			from = a.at + 1
		}
	}
	return string(append(points, l.points[from:]...))
}

// tidy cuts off white space at both ends.
func (l *leaf) tidy() {
	s := l.inner(span{0, len(l.points)})
	for i := range l.anchors {
		l.anchors[i].at = min(max(l.anchors[i].at, s.start), s.end) - s.start
	}
	l.trim()
}

// normalise brings the words into NFC, and the anchors with them.
func (l *leaf) normalise() {
	text := string(l.points)
	if norm.NFC.IsNormalString(text) {
		return
	}
	n := len(l.marks)
	for _, a := range l.anchors {
		l.marks = append(l.marks, models.Mark{Start: a.at, End: a.at})
	}
	l.compose(text)
	for i, m := range l.marks[n:] {
		l.anchors[i].at = m.Start
	}
	l.marks = l.marks[:n]
}

// unstyle drops the marks of a kind when they cover all words: they are how such a block looks.
func (w *words) unstyle(kind models.MarkKind) {
	covered := 0
	for _, m := range w.marks {
		if m.Kind == kind {
			covered += visible(w.points[m.Start:m.End])
		}
	}
	if covered > 0 && covered >= visible(w.points) {
		w.marks = slices.DeleteFunc(w.marks, func(m models.Mark) bool { return m.Kind == kind })
	}
}

// visible counts the characters that aren't white space.
func visible(points []rune) int {
	n := 0
	for _, r := range points {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// joined makes one leaf of several, a line of each.
func joined(leaves []leaf) leaf {
	var all leaf
	for _, l := range leaves {
		all.joinLine(l)
	}
	return all
}

// tableRow is a row of a table on its way.
type tableRow struct {
	leaf
	columns int
	nested  bool // its table stands in a cell, where there are no columns
}
