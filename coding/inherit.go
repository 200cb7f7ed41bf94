package coding

import (
	"slices"
	"sort"

	"feltbog/models"
)

// inherit gives the blocks of a text that was typed what its format can't say, from the blocks that their
// words were in before: who speaks and when, that they are a footnote, and their page. A block that was
// parted gives its time code to the first part alone; blocks that were joined take after the one with the
// most words in them. A text with such blocks of its own, from a file, inherits nothing.
func inherit(from, to *Text) {
	if !slices.ContainsFunc(from.Blocks, bequeaths) || slices.ContainsFunc(to.Blocks, bequeaths) {
		return
	}
	blocks := slices.Clone(to.Blocks)
	given, page := -1, 0
	for i, heir := range heirs(from, to) {
		b := &blocks[i]
		if heir < 0 {
			b.Page = page // it was written between others
			continue
		}
		was := from.Blocks[heir]
		b.Page, page = was.Page, was.Page
		if b.Kind == models.BlockParagraph && (was.Kind == models.BlockTurn || was.Kind == models.BlockFootnote) {
			b.Kind, b.Speaker, b.Number = was.Kind, was.Speaker, was.Number
			if heir != given {
				b.Seconds = was.Seconds
			}
			given = heir
		}
	}
	to.Blocks = blocks
}

// bequeaths says whether a block has what light Markdown can't say.
func bequeaths(b models.Block) bool {
	return b.Kind == models.BlockTurn || b.Kind == models.BlockFootnote || b.Page > 0
}

// heirs gives for each block of a text the block of the text before that it shares the most words with, -1
// where those aren't half of the shorter of the two.
func heirs(from, to *Text) []int {
	before, after := extents(from), extents(to)
	out, shares := make([]int, len(after)), make([][]share, len(after))
	oldAt, at := 0, 0 // bytes behind the last edit
	for _, e := range append(diff(from.Text.Text, to.Text.Text), edit{len(from.Text.Text), 0, len(to.Text.Text), 0}) {
		// What stayed reaches to the next edit.
		for i := reaching(after, at); i < len(after) && after[i].start < e.toStart; i++ {
			shift := oldAt - at
			stayed := extent{max(after[i].start, at) + shift, min(after[i].end, e.toStart) + shift}
			for j := reaching(before, stayed.start); j < len(before) && before[j].start < stayed.end; j++ {
				n := min(before[j].end, stayed.end) - max(before[j].start, stayed.start)
				if last := len(shares[i]) - 1; last >= 0 && shares[i][last].block == j {
					shares[i][last].bytes += n
				} else {
					shares[i] = append(shares[i], share{j, n})
				}
			}
		}
		oldAt, at = e.fromEnd, e.toEnd
	}
	for i := range out {
		most := share{block: -1}
		for _, s := range shares[i] {
			if s.bytes > most.bytes {
				most = s
			}
		}
		out[i] = most.block
		if most.block >= 0 && 2*most.bytes < min(after[i].end-after[i].start, before[most.block].end-before[most.block].start) {
			out[i] = -1
		}
	}
	return out
}

// share is how many bytes of a block were in a block of the text before.
type share struct{ block, bytes int }

// extent is where a block lies, in bytes.
type extent struct{ start, end int }

func extents(t *Text) []extent {
	out := make([]extent, len(t.Blocks))
	for i, b := range t.Blocks {
		out[i] = extent{t.Byte(b.Start), t.Byte(b.End)}
	}
	return out
}

// reaching finds the first block that ends behind a byte.
func reaching(blocks []extent, at int) int {
	return sort.Search(len(blocks), func(i int) bool { return blocks[i].end > at })
}
