package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// Bounds on what is gathered before it is laid down as content, which has narrower ones.
const (
	maxFlowPoints = 2 * models.MaxTextLength
	maxFlowLeaves = 2 * models.MaxBlocks
	maxFlowMarks  = 10 * maxMarks
	maxRemarks    = 5_000
	maxAside      = 4 // footnotes, text boxes and comments within each other
)

// spool gathers the blocks of a document whose footnotes and comments don't stand where they belong in
// the text. It is written into character by character, with the style that each has, and laid down as
// content when the whole document was read. Its first error stays in err; what is written after it
// is dropped.
type spool struct {
	leaves   []passage
	line     passage  // that is being written
	row      *passage // of a table, nil outside
	cells    int      // in the row
	after    []passage
	notes    map[int]passage // the words of footnotes, by their numbers
	noted    int             // footnotes so far
	comments []remark
	asides   []aside
	points   int
	marked   int
	last     map[models.MarkKind]int // the place among the line's marks of the last one of each kind
	err      error
}

// spot is the place of a comment's start or end.
type spot struct {
	key string
	end bool
	at  int
}

// remark is a comment and the keys of its anchors.
type remark struct {
	key     string // of the words it is about, empty where the file doesn't say
	here    string // of where it stands
	comment Comment
}

// aside is what is put away while a footnote, a text box or a comment is read.
type aside struct {
	leaves []passage
	line   passage
	row    *passage
	cells  int
	after  []passage
}

// style is what marks a character.
type style struct {
	strong, emphasis, code bool
	url                    string
}

// write adds a character to the line, or what a text keeps for it.
func (f *spool) write(r rune, s style) {
	if r = kept(r); r < 0 || f.err != nil {
		return
	}
	if !utf8.ValidRune(r) {
		r = unicode.ReplacementChar
	}
	at := len(f.line.words.points)
	f.line.words.points = append(f.line.words.points, r)
	f.points++
	if f.points > maxFlowPoints {
		f.err = tooLong(f.points)
		return
	}
	if s == (style{}) {
		return
	}
	if s.url != "" {
		f.mark(models.MarkLink, s.url, at)
	}
	if s.strong {
		f.mark(models.MarkStrong, "", at)
	}
	if s.emphasis {
		f.mark(models.MarkEmphasis, "", at)
	}
	if s.code {
		f.mark(models.MarkCode, "", at)
	}
}

// writePlain adds words without a style.
func (f *spool) writePlain(text string) {
	for _, r := range text {
		f.write(r, style{})
	}
}

// mark marks the character that was just written.
func (f *spool) mark(kind models.MarkKind, url string, at int) {
	w := &f.line.words
	if i, ok := f.last[kind]; ok && i < len(w.marks) {
		if m := &w.marks[i]; m.Kind == kind && m.End == at && m.URL == url {
			m.End++
			return
		}
	}
	if f.last == nil {
		f.last = map[models.MarkKind]int{}
	}
	f.last[kind] = len(w.marks)
	w.marks = append(w.marks, models.Mark{Kind: kind, Start: at, End: at + 1, URL: url})
	f.marked++
	if f.marked > maxFlowMarks {
		f.err = tooManyMarks()
	}
}

// take gives the line as it is and begins a new one.
func (f *spool) take() passage {
	l := f.line
	f.line = passage{}
	clear(f.last)
	return l
}

// endLeaf ends a block, in a row of a table the line of a cell.
func (f *spool) endLeaf(block models.Block) {
	if f.row != nil {
		f.write('\n', style{})
		return
	}
	l := f.take()
	l.block = block
	f.push(l)
}

func (f *spool) push(l passage) {
	if l.block.Kind == models.BlockHeading {
		l.words.flatten()
		l.words.unstyle(models.MarkStrong)
		l.words.unstyle(models.MarkEmphasis)
	}
	if !l.empty() {
		f.leaves = append(f.leaves, l)
	}
	f.leaves = append(f.leaves, f.after...)
	f.after = nil
	if len(f.leaves) > maxFlowLeaves && f.err == nil {
		f.err = tooManyBlocks()
	}
}

// endCell makes the line a cell of the row, which it begins if there is none.
func (f *spool) endCell() {
	l := f.take()
	l.words.flatten()
	l.trim()
	if f.row == nil {
		f.beginRow()
	}
	if f.cells > 0 {
		f.row.words.points = append(f.row.words.points, '\t')
		f.points++
		if f.points > maxFlowPoints && f.err == nil {
			f.err = tooLong(f.points)
		}
	}
	f.cells++
	f.row.append(l)
}

func (f *spool) beginRow() {
	f.row, f.cells = &passage{}, 0
}

// endRow ends a row, if there is one. Words behind its last cell become one more.
func (f *spool) endRow() {
	if f.row == nil {
		return
	}
	if !f.line.empty() {
		f.endCell()
	}
	f.take()
	l := *f.row
	f.row = nil
	l.block = models.Block{Kind: models.BlockTableRow}
	f.push(l)
}

// note writes the mark of a new footnote and gives its number.
func (f *spool) note() int {
	f.noted++
	if f.noted > models.MaxBlocks && f.err == nil {
		f.err = tooManyBlocks()
	}
	f.line.notes = append(f.line.notes, f.noted)
	f.writePlain(fmt.Sprintf("[%d]", f.noted))
	return f.noted
}

// setAside puts away what is being written, to read something that stands in its midst. It says false
// when there is too much within each other.
func (f *spool) setAside() bool {
	if len(f.asides) >= maxAside {
		return false
	}
	f.asides = append(f.asides, aside{f.leaves, f.take(), f.row, f.cells, f.after})
	f.leaves, f.row, f.after = nil, nil, nil
	return true
}

// takeUp goes on with what was put away, and gives the leaves that were written meanwhile.
func (f *spool) takeUp() []passage {
	f.endRow()
	f.endLeaf(models.Block{Kind: models.BlockParagraph})
	written := f.leaves
	a := f.asides[len(f.asides)-1]
	f.asides = f.asides[:len(f.asides)-1]
	f.leaves, f.line, f.row, f.cells, f.after = a.leaves, a.line, a.row, a.cells, a.after
	clear(f.last)
	return written
}

// setNote gives a footnote its words.
func (f *spool) setNote(number int, leaves []passage) {
	if f.notes == nil {
		f.notes = map[int]passage{}
	}
	f.notes[number] = joined(leaves)
}

// spot says that a comment starts or ends here.
func (f *spool) spot(key string, end bool) {
	if len(f.line.anchors) < 2*maxRemarks {
		f.line.anchors = append(f.line.anchors, spot{key, end, len(f.line.words.points)})
	}
}

// addRemark adds a comment, which stands here.
func (f *spool) addRemark(r remark) {
	if len(f.comments) >= maxRemarks || r.comment.Text == "" {
		return
	}
	r.here = fmt.Sprintf("here %d", len(f.comments))
	f.spot(r.here, true)
	f.comments = append(f.comments, r)
}

// lay lays everything down as content, each footnote behind the block with its mark.
func (f *spool) lay() (models.Content, []Comment, error) {
	f.endRow()
	f.endLeaf(models.Block{Kind: models.BlockParagraph})
	if f.err != nil {
		return models.Content{}, nil, f.err
	}
	var b builder
	places := map[string][2]int{}
	for _, l := range f.leaves {
		if err := f.layLeaf(&b, l, places); err != nil {
			return models.Content{}, nil, err
		}
	}
	c, err := b.content()
	if err != nil {
		return models.Content{}, nil, err
	}
	return c, f.placed(c, places), nil
}

func (f *spool) layLeaf(b *builder, l passage, places map[string][2]int) error {
	l.compose()
	if l.block.Kind != models.BlockCode && l.block.Kind != models.BlockTableRow {
		l.trim()
	}
	start := b.points
	if err := b.add(l.block, l.words); err != nil {
		return err
	}
	if b.points > start {
		start = b.points - len(l.words.points)
	}
	for _, a := range l.anchors {
		place, known := places[a.key]
		switch {
		case !known:
			place = [2]int{start + a.at, start + a.at}
		case a.end:
			place[1] = start + a.at
		}
		places[a.key] = place
	}
	for _, number := range l.notes {
		note, ok := f.notes[number]
		if !ok {
			continue
		}
		delete(f.notes, number)
		whole := passage{block: models.Block{Kind: models.BlockFootnote, Number: number}}
		whole.words.points = []rune(fmt.Sprintf("[%d] ", number))
		note.trim()
		whole.append(note)
		if err := f.layLeaf(b, whole, places); err != nil {
			return err
		}
	}
	return nil
}

// placed gives the comments with their places. One at a point is about the block around it.
func (f *spool) placed(c models.Content, places map[string][2]int) []Comment {
	var comments []Comment
	for _, r := range f.comments {
		place, known := places[r.key]
		if !known {
			place, known = places[r.here]
		}
		if !known || len(c.Blocks) == 0 {
			continue
		}
		if place[1] <= place[0] {
			i, _ := slices.BinarySearchFunc(c.Blocks, place[0], func(b models.Block, at int) int { return b.End - at })
			block := c.Blocks[min(i, len(c.Blocks)-1)]
			place = [2]int{block.Start, block.End}
		}
		r.comment.Start, r.comment.End = place[0], place[1]
		comments = append(comments, r.comment)
	}
	return comments
}

// cutLine makes a line of at most that many characters of what a file says, empty when it is no text.
func cutLine(s string, limit int) string {
	s, err := Normalise(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if err != nil {
		return ""
	}
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
	if utf8.RuneCountInString(s) > limit {
		s = strings.TrimSpace(string([]rune(s)[:limit]))
	}
	return s
}

// firstTime reads a time in the first of the forms that fits, zero when none does.
func firstTime(s string, layouts ...string) time.Time {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil && t.Year() > 1900 && t.Year() < 3000 {
			return t
		}
	}
	return time.Time{}
}
