package exchange

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// Plain reads plain text. The content's text is the normalised text, blank lines at its ends and
// all. Its blocks are paragraphs: as many lines as follow each other without a blank one, whole
// lines with their indentation; a line of white space is blank. The errors are those of [Normalise]
// and blocks_too_many, Invalid, past models.MaxBlocks.
func Plain(text string) (models.Content, error) {
	text, err := Normalise(text)
	if err != nil {
		return models.Content{}, err
	}
	blocks, err := paragraphs(text)
	if err != nil {
		return models.Content{}, err
	}
	return models.Content{Text: text, Blocks: blocks, Marks: []models.Mark{}}, nil
}

// paragraphs finds the runs of lines without a blank one between them.
func paragraphs(text string) ([]models.Block, error) {
	blocks := []models.Block{}
	open := false
	at := 0 // in code points
	for line := range strings.SplitSeq(text, "\n") {
		length := utf8.RuneCountInString(line)
		switch {
		case blank(line):
			open = false
		case open:
			blocks[len(blocks)-1].End = at + length
		case len(blocks) == models.MaxBlocks:
			return nil, tooManyBlocks()
		default:
			open = true
			blocks = append(blocks, models.Block{Kind: models.BlockParagraph, Start: at, End: at + length})
		}
		at += length + 1
	}
	return blocks, nil
}

func blank(line string) bool {
	return strings.IndexFunc(line, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}

func tooManyBlocks() error {
	return models.Invalid("blocks_too_many", fmt.Sprintf(
		"A text may have %d paragraphs, and this one has more. Divide it into several notes.", models.MaxBlocks))
}
