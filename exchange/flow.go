package exchange

import (
	"slices"

	"feltbog/models"
)

// Bounds on what a document may make us keep at a time.
const (
	maxLooks    = 10 * maxMarks        // marks before those that meet are joined
	maxKept     = 2 * models.MaxBlocks // blocks that wait for their place
	maxComments = 5_000
	maxAnchors  = 4 * maxComments
	maxSaid     = 8 << 20 // bytes of all comments
	maxColumns  = 200     // that one cell takes
)

// flow lays the running text of a document into blocks, notes behind the blocks that hold their marks, and
// finds where comments stand. Readers of formats that tell notes before the text, or in its midst, hand it
// leaf after leaf; others write into a [spool].
type flow struct {
	builder
	total     int // characters that were read; those over the limit are counted and not kept
	looks     int
	kept      int
	anchored  int // places of comments
	notes     []note
	numbered  int // notes that have their numbers
	comments  []placedComment
	commentOf map[string]int // the place of a comment among all, by what the file calls it
	said      int            // bytes of the comments
	warnings  []Warning
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
	if look.code {
		f.extendMark(l, models.Mark{Kind: models.MarkCode, Start: from})
	}
}

// extendMark adds a mark that ends where the leaf does, or lengthens one of the last ones to there.
func (f *flow) extendMark(l *leaf, m models.Mark) {
	m.End = len(l.points)
	for i := len(l.marks) - 1; i >= max(0, len(l.marks)-4); i-- {
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

// lay gives a leaf its place at the end of the text, and puts the notes behind it whose marks it has.
func (f *flow) lay(l leaf) error {
	if err := f.over(); err != nil {
		return err
	}
	notes := f.writeMarks(&l)
	l.normalise()
	if l.block.Kind != models.BlockTableRow && l.block.Kind != models.BlockCode {
		l.tidy()
	}
	if l.block.Kind == models.BlockHeading {
		l.flatten()
		l.unstyle(models.MarkStrong)
		l.unstyle(models.MarkEmphasis)
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
	return f.layNotes(notes)
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

// warn tells once of something that is left out.
func (f *flow) warn(w Warning) {
	if !slices.ContainsFunc(f.warnings, func(said Warning) bool { return said.Code == w.Code }) {
		f.warnings = append(f.warnings, w)
	}
}
