package exchange

import (
	"slices"
	"strconv"

	"feltbog/models"
)

// note is a footnote or endnote, which has its number when its first mark has its place.
type note struct {
	leaf
	told   bool // it has words, if only none
	number int
}

// addNote keeps a note without words and gives its place among all, from 1 on.
func (f *flow) addNote() int {
	f.kept++
	f.notes = append(f.notes, note{})
	return len(f.notes)
}

// setNote gives a note its words.
func (f *flow) setNote(of int, l leaf) {
	n := &f.notes[of-1]
	n.leaf, n.told = l, true
}

// putNote appends the mark of a note, which is written when the leaf has its place.
func (f *flow) putNote(l *leaf, of int) {
	at := len(l.points)
	f.put(l, look{}, noteHolder)
	f.total += 2
	if len(l.points) > at {
		l.anchors = append(l.anchors, anchor{at: at, kind: anchorNote, of: of})
	}
}

// layNotes puts notes behind the leaf with their marks.
func (f *flow) layNotes(notes []int) error {
	for _, of := range notes {
		n := f.notes[of-1]
		if !n.told {
			continue
		}
		l := leaf{
			block: models.Block{Kind: models.BlockFootnote, Number: n.number},
			words: words{points: []rune("[" + strconv.Itoa(n.number) + "] ")},
		}
		n.tidy()
		l.extend(&n.leaf)
		if err := f.lay(l); err != nil {
			return err
		}
	}
	return nil
}

// writeMarks writes the marks of notes into a leaf, numbers those that are met for the first time and
// gives them.
func (f *flow) writeMarks(l *leaf) (fresh []int) {
	if !slices.ContainsFunc(l.anchors, func(a anchor) bool { return a.kind == anchorNote }) {
		return nil
	}
	old := l.points
	points := make([]rune, 0, len(old)+8)
	shifts := []span{{0, 0}} // from which old place on, by how much
	copied := 0
	others := l.anchors[:0]
	for _, a := range l.anchors {
		to := min(a.at, len(old))
		points = append(points, old[copied:to]...)
		copied = to
		if a.kind != anchorNote {
			a.at = len(points)
			others = append(others, a)
			continue
		}
		n := &f.notes[a.of-1]
		if n.number == 0 {
			f.numbered++
			n.number = f.numbered
			fresh = append(fresh, a.of)
		}
		points = append(points, []rune("["+strconv.Itoa(n.number)+"]")...)
		copied++
		shifts = append(shifts, span{copied, len(points) - copied})
	}
	l.anchors = others
	points = append(points, old[copied:]...)
	l.points = points
	for i := range l.marks {
		l.marks[i].Start += shiftAt(shifts, l.marks[i].Start)
		l.marks[i].End += shiftAt(shifts, l.marks[i].End)
	}
	return fresh
}

// shiftAt tells how far a place was moved by what was written before it.
func shiftAt(shifts []span, at int) int {
	n, _ := slices.BinarySearchFunc(shifts, at, func(s span, at int) int {
		if s.start <= at {
			return -1
		}
		return 1
	})
	if n == 0 {
		return 0
	}
	return shifts[n-1].end
}
