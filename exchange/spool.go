package exchange

import (
	"time"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

const maxAsides = 4 // footnotes, text boxes and comments within each other

// spool gathers the leaves of a document in whose midst footnotes and comments stand, or that tells them
// at its end. It is written into character by character, and laid when the whole document was read. Its
// first error stays in err; what is written after it is dropped.
type spool struct {
	flow
	leaves []leaf
	line   leaf      // that is being written
	row    *tableRow // nil outside of tables
	after  []leaf    // what stands behind the line
	asides []aside
	err    error
}

// aside is what is put away while a footnote, a text box or a comment is read.
type aside struct {
	leaves             []leaf
	line               leaf
	row                *tableRow
	after              []leaf
	total, looks, kept int
}

// write adds a character to the line, or what a text keeps for it.
func (s *spool) write(r rune, l look) {
	if r = kept(r); r < 0 || s.err != nil {
		return
	}
	if !utf8.ValidRune(r) {
		r = unicode.ReplacementChar
	}
	s.put(&s.line, l, r)
	if s.looks > maxLooks {
		s.check()
	}
}

// writePlain adds words that look like any.
func (s *spool) writePlain(text string) {
	for _, r := range text {
		s.write(r, look{})
	}
}

// check keeps the error of a document that is over a bound.
func (s *spool) check() {
	if s.err == nil {
		s.err = s.over()
	}
}

// take gives the line as it is and begins a new one.
func (s *spool) take() leaf {
	l := s.line
	s.line = leaf{}
	return l
}

// endLeaf ends a block, in a row of a table the line of a cell.
func (s *spool) endLeaf(block models.Block) {
	if s.row != nil {
		s.write('\n', look{})
		return
	}
	l := s.take()
	l.block = block
	s.push(l)
}

func (s *spool) push(l leaf) {
	if !l.empty() {
		s.leaves = s.keep(s.leaves, l)
	}
	s.leaves = append(s.leaves, s.after...)
	s.after = nil
	s.check()
}

// endCell makes the line a cell of the row, which it begins if there is none.
func (s *spool) endCell() {
	l := s.take()
	l.flatten()
	l.tidy()
	if s.row == nil {
		s.beginRow()
	}
	s.nextColumns(s.row, 1)
	s.row.extend(&l)
}

func (s *spool) beginRow() { s.row = &tableRow{} }

// endRow ends a row, if there is one. Words behind its last cell become one more.
func (s *spool) endRow() {
	if s.row == nil {
		return
	}
	if !s.line.empty() {
		s.endCell()
	}
	s.take()
	l := s.row.leaf
	s.row = nil
	l.block = models.Block{Kind: models.BlockTableRow}
	s.push(l)
}

// note writes the mark of a new note and gives its place.
func (s *spool) note() int {
	of := s.addNote()
	s.check()
	if s.err == nil {
		s.putNote(&s.line, of)
	}
	return of
}

// setAside puts away what is being written, to read something that stands in its midst. It says false
// when there is too much within each other.
func (s *spool) setAside() bool {
	if len(s.asides) >= maxAsides {
		return false
	}
	s.asides = append(s.asides, aside{s.leaves, s.take(), s.row, s.after, s.total, s.looks, s.kept})
	s.leaves, s.row, s.after = nil, nil, nil
	return true
}

// takeUp goes on with what was put away, and gives the leaves that were written meanwhile.
func (s *spool) takeUp() []leaf {
	s.endRow()
	s.endLeaf(models.Block{Kind: models.BlockParagraph})
	written := s.leaves
	a := s.asides[len(s.asides)-1]
	s.asides = s.asides[:len(s.asides)-1]
	s.leaves, s.line, s.row, s.after = a.leaves, a.line, a.row, a.after
	return written
}

// takeUpComment goes on with what was put away. What was written meanwhile are the words of a comment,
// which are no part of the text.
func (s *spool) takeUpComment(key, author string, at time.Time) {
	a := s.asides[len(s.asides)-1]
	text := joined(s.takeUp())
	s.total, s.looks, s.kept = a.total, a.looks, a.kept
	if i := s.addComment(key, author, at, text.plain()); i >= 0 {
		s.anchor(anchorPoint, i)
	}
}

// spot says that a comment starts, ends or stands here.
func (s *spool) spot(kind anchorKind, key string) {
	if i := s.awaitComment(key); i >= 0 {
		s.anchor(kind, i)
	}
}

func (s *spool) anchor(kind anchorKind, of int) {
	s.line.anchors = s.hold(s.line.anchors, anchor{at: len(s.line.points), kind: kind, of: of})
}

// document lays everything.
func (s *spool) document() (Document, error) {
	s.endRow()
	s.endLeaf(models.Block{Kind: models.BlockParagraph})
	for _, l := range s.leaves {
		if s.err == nil {
			s.err = s.lay(l)
		}
	}
	if s.err != nil {
		return Document{}, s.err
	}
	return s.flow.document()
}
