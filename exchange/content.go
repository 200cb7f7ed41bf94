package exchange

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// A text of the greatest length with all its blocks and marks must fit a document of the store (16 MB).
const (
	maxMarks    = 20_000
	maxURLBytes = 2_000_000 // of all links of a text
)

// builder lays leaf blocks one after another into content.
type builder struct {
	text     strings.Builder
	points   int // in text so far
	blocks   []models.Block
	marks    []models.Mark
	urlBytes int
}

// joint is what stands between two blocks: a line end between items of a list and rows of a table, a
// blank line between any others.
func joint(before, after models.BlockKind) string {
	if before == after && (after == models.BlockListItem || after == models.BlockTableRow) {
		return "\n"
	}
	return "\n\n"
}

// spacious are the blocks that keep the white space at their ends: paragraphs, for they are what plain
// text is made of, code, and rows, in which it divides empty cells.
var spacious = []models.BlockKind{models.BlockParagraph, models.BlockCode, models.BlockTableRow}

// add appends one leaf. One without a visible character is left out. Should there be blank lines in a
// paragraph, it becomes several blocks.
func (b *builder) add(block models.Block, w words) error {
	text := string(w.points)
	if !norm.NFC.IsNormalString(text) {
		w.compose(text)
		text = string(w.points)
	}
	if !slices.Contains(spacious, block.Kind) {
		if n := len(w.points); w.trim() < n {
			text = string(w.points)
		}
	}
	spans := []span{{0, len(w.points)}}
	if block.Kind == models.BlockParagraph {
		spans = w.paragraphs()
	}
	if len(spans) == 0 || w.blank(spans[0]) {
		return nil
	}
	if len(b.blocks)+len(spans) > models.MaxBlocks {
		return tooManyBlocks()
	}
	if n := len(b.blocks); n > 0 {
		s := joint(b.blocks[n-1].Kind, block.Kind)
		b.text.WriteString(s)
		b.points += len(s)
	}
	start := b.points
	b.text.WriteString(text)
	b.points += len(w.points)
	for _, s := range spans {
		block.Start, block.End = start+s.start, start+s.end
		b.blocks = append(b.blocks, block)
		for _, m := range w.canonical(w.marks, s) {
			m.Start += start
			m.End += start
			b.urlBytes += len(m.URL)
			b.marks = append(b.marks, m)
		}
	}
	if len(b.marks) > maxMarks || b.urlBytes > maxURLBytes {
		return tooManyMarks()
	}
	return nil
}

func tooManyMarks() error {
	return models.Invalid("marks_too_many", fmt.Sprintf(
		"A text may have %d places of emphasis, links and code, and this one has more. Divide it into several notes, or send it as plain text.", maxMarks))
}

// content gives what was built. It returns a TooLarge error when the text came out too long.
func (b *builder) content() (models.Content, error) {
	if b.points > models.MaxTextLength {
		return models.Content{}, tooLong(b.points)
	}
	c := models.Content{Text: b.text.String(), Blocks: b.blocks, Marks: b.marks}
	if c.Blocks == nil {
		c.Blocks = []models.Block{}
	}
	if c.Marks == nil {
		c.Marks = []models.Mark{}
	}
	return c, nil
}
