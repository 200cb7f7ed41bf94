package exchange

import (
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// Bounds on what a document of a word processor may make us keep at a time.
const (
	maxLooks    = 2 * maxMarks         // marks before those that meet are joined
	maxKept     = 2 * models.MaxBlocks // paragraphs of notes and boxes that wait for their place
	maxComments = 5_000
	maxSaid     = 8 << 20 // bytes of all comments
	maxColumns  = 63      // of a table, as in Word
)

// leaf is a block of running text on its way to its place, with what stands at points of it.
type leaf struct {
	block models.Block
	words
	anchors []anchor
}

// anchor is a place in a leaf's text.
type anchor struct {
	at   int // code points from the start of the leaf
	kind anchorKind
	of   int // the comment or note, by its place in the flow
}

type anchorKind uint8

const (
	anchorNote  anchorKind = iota // where the mark of a note stands
	anchorStart                   // of a comment
	anchorEnd
	anchorPoint // of a comment that may have no more than this
)

// look is how a stretch of words is shown.
type look struct {
	strong, emphasis bool
	link             string
}

// join appends another leaf's words behind a separator, which is left out where either has none.
func (l *leaf) join(other *leaf, separator rune) {
	if len(l.points) > 0 && len(other.points) > 0 {
		l.points = append(l.points, separator)
	}
	l.extend(other)
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

// tableRow is a row of a table on its way.
type tableRow struct {
	leaf
	columns int
	nested  bool // its table stands in a cell, where there are no columns
}

// flow lays the running text of a word processor's document into blocks, notes behind the blocks that
// hold their marks, and finds where comments stand.
type flow struct {
	builder
	total    int // characters that were read; those over the limit are counted and not kept
	looks    int
	kept     int
	notes    []note
	numbered int // notes that have their numbers
	comments []placedComment
	said     int // bytes of the comments
	warnings []Warning
}

// note is a footnote or endnote, which has its number when its first mark has its place.
type note struct {
	leaf
	number int
}

// placedComment is a comment with the places that were found for it, -1 for none.
type placedComment struct {
	Comment
	point int
}

// warn tells once of something that is left out.
func (f *flow) warn(code, sentence string) {
	if !slices.ContainsFunc(f.warnings, func(w Warning) bool { return w.Code == code }) {
		f.warnings = append(f.warnings, Warning{Code: code, Sentence: sentence})
	}
}

// warnHidden tells of text that nobody sees where the document was made.
func (f *flow) warnHidden() {
	f.warn("hidden_text", "This file holds hidden text. It is left out.")
}

// warnObjects tells of what isn't words.
func (f *flow) warnObjects() {
	f.warn("objects_left_out", "This file holds pictures, charts or other objects. They are left out; their captions are kept.")
}

// put appends characters to a leaf.
func (f *flow) put(l *leaf, look look, points ...rune) {
	from := len(l.points)
	l.points = append(l.points, points...)
	f.count(l, from)
	f.mark(l, from, look)
}

// count counts the characters of a leaf from a place on, and drops those that are over the limit.
func (f *flow) count(l *leaf, from int) {
	n := len(l.points) - from
	if left := max(models.MaxTextLength-f.total, 0); n > left {
		l.points = l.points[:from+left]
	}
	f.total += n
}

// mark notes the look of a leaf's characters from a place on.
func (f *flow) mark(l *leaf, from int, look look) {
	if from == len(l.points) {
		return
	}
	if look.link != "" {
		f.extendMark(l, models.Mark{Kind: models.MarkLink, Start: from, URL: look.link})
	}
	if look.strong {
		f.extendMark(l, models.Mark{Kind: models.MarkStrong, Start: from})
	}
	if look.emphasis {
		f.extendMark(l, models.Mark{Kind: models.MarkEmphasis, Start: from})
	}
}

// extendMark adds a mark that ends where the leaf does, or lengthens one of the last ones to there.
func (f *flow) extendMark(l *leaf, m models.Mark) {
	m.End = len(l.points)
	for i := len(l.marks) - 1; i >= max(0, len(l.marks)-3); i-- {
		if last := &l.marks[i]; last.Kind == m.Kind && last.End == m.Start && last.URL == m.URL {
			last.End = m.End
			return
		}
	}
	f.looks++
	l.marks = append(l.marks, m)
}

// nextColumns goes on by some columns of a row. Columns are divided by tabs, so that the values of one
// stand in one also where cells are merged.
func (f *flow) nextColumns(row *tableRow, n int) {
	for range n {
		if row.columns > 0 && !row.nested {
			f.put(&row.leaf, look{}, '\t')
		}
		row.columns++
	}
}

// over says what the document has too much of, nil when it is within bounds so far.
func (f *flow) over() error {
	switch {
	case f.looks > maxLooks:
		return tooManyMarks()
	case f.kept > maxKept:
		return tooManyBlocks()
	}
	return nil
}

// keep holds a leaf that has to wait for its place.
func (f *flow) keep(leaves []leaf, l leaf) []leaf {
	if len(l.points) == 0 && len(l.anchors) == 0 {
		return leaves
	}
	f.kept++
	return append(leaves, l)
}

// addNote keeps an empty note and gives its place.
func (f *flow) addNote() int {
	f.kept++
	f.notes = append(f.notes, note{leaf: leaf{block: models.Block{Kind: models.BlockFootnote}}})
	return len(f.notes) - 1
}

// noteMark appends the mark of a note, which is written when the leaf has its place.
func (f *flow) noteMark(l *leaf, of int) {
	if f.total += 3; f.total <= models.MaxTextLength {
		l.anchors = append(l.anchors, anchor{at: len(l.points), kind: anchorNote, of: of})
	}
}

// lay gives a leaf its place at the end of the text, and puts the notes behind it whose marks it has.
func (f *flow) lay(l leaf) error {
	if err := f.over(); err != nil {
		return err
	}
	notes := f.writeMarks(&l)
	l.normalise()
	if l.block.Kind != models.BlockTableRow {
		l.tidy()
	}
	if l.block.Kind == models.BlockHeading {
		l.flatten()
	}
	before := len(f.blocks)
	if err := f.add(l.block, l.words); err != nil {
		return err
	}
	start, size := f.points, 0
	if len(f.blocks) > before {
		start, size = f.points-len(l.points), len(l.points)
	}
	for _, a := range l.anchors {
		f.placeComment(a, start+min(a.at, size))
	}
	for _, i := range notes {
		n := f.notes[i].leaf
		n.block.Number = f.notes[i].number
		prefixed := leaf{block: n.block, words: words{points: []rune("[" + strconv.Itoa(n.block.Number) + "] ")}}
		n.tidy()
		prefixed.extend(&n)
		if err := f.lay(prefixed); err != nil {
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
	old := l.words
	points := make([]rune, 0, len(old.points)+8)
	shifts := []span{{0, 0}} // from which old place on, by how much
	copied := 0
	others := l.anchors[:0]
	for _, a := range l.anchors {
		points = append(points, old.points[copied:a.at]...)
		copied = a.at
		if a.kind != anchorNote {
			a.at = len(points)
			others = append(others, a)
			continue
		}
		n := &f.notes[a.of]
		if n.number == 0 {
			f.numbered++
			n.number = f.numbered
			fresh = append(fresh, a.of)
		}
		points = append(points, []rune("["+strconv.Itoa(n.number)+"]")...)
		shifts = append(shifts, span{copied, len(points) - copied})
	}
	l.anchors = others
	points = append(points, old.points[copied:]...)
	l.points = points
	for i := range l.marks {
		l.marks[i].Start += shiftAt(shifts, l.marks[i].Start, true)
		l.marks[i].End += shiftAt(shifts, l.marks[i].End, false)
	}
	return fresh
}

// shiftAt tells how far a place was moved by what was written before it, and also at it where it says so.
func shiftAt(shifts []span, at int, also bool) int {
	n, _ := slices.BinarySearchFunc(shifts, at, func(s span, at int) int {
		if s.start < at || also && s.start == at {
			return -1
		}
		return 1
	})
	if n == 0 {
		return 0
	}
	return shifts[n-1].end
}

// document gives what was laid.
func (f *flow) document() (Document, error) {
	if f.total > models.MaxTextLength {
		return Document{}, tooLong(f.total)
	}
	content, err := f.content()
	if err != nil {
		return Document{}, err
	}
	return Document{Content: content, Comments: f.settle(content), Warnings: f.warnings}, nil
}
