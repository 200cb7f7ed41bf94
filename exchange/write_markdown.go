package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"feltbog/models"
)

// WriteMarkdown makes light Markdown of content: what [Markdown] reads from it is the same content, for
// whatever Markdown gave and for plain text. Characters that would be taken for markup are escaped, and
// written as references (&#42;) where an escape wouldn't do, such as white space at the ends of lines.
// Content that neither reader gives, such as a turn, is written as near as Markdown comes.
func WriteMarkdown(c models.Content) string {
	w := writer{words: words{[]rune(c.Text), slices.Clone(c.Marks)}, blocks: c.Blocks}
	slices.SortStableFunc(w.marks, func(a, b models.Mark) int { return cmp.Compare(a.Start, b.Start) })
	for from := 0; from < len(w.blocks); {
		from = w.write(from)
	}
	return w.out.String()
}

// FormatOf gives the format in which content is best edited: plain when plain text says all there is to
// it, markdown otherwise.
func FormatOf(c models.Content) string {
	if len(c.Marks) > 0 {
		return FormatMarkdown
	}
	blocks, err := paragraphs(c.Text)
	if err != nil || len(blocks) != len(c.Blocks) {
		return FormatMarkdown
	}
	for i := range blocks {
		if blocks[i] != c.Blocks[i] {
			return FormatMarkdown
		}
	}
	return FormatPlain
}

type writer struct {
	words  // the marks not yet written, in order of their starts
	blocks []models.Block
	out    strings.Builder
	lists  []listState // the lists that are open, outermost first
}

// inline writes the words of a leaf.
func (w *writer) inline(start, end int, at setting) {
	var here, later []models.Mark
	n := 0
	for ; n < len(w.marks) && w.marks[n].Start < end; n++ {
		here = append(here, w.marks[n])
		if w.marks[n].End > end { // no reader gives a mark over two leaves, but it would be divided
			later = append(later, w.marks[n])
		}
	}
	w.marks = w.marks[n:]
	if len(later) > 0 {
		w.marks = append(later, w.marks...)
	}
	leaf := words{w.points, w.canonical(here, span{start, end})}
	(&inlineWriter{words: leaf, start: start, end: end, setting: at}).write(&w.out)
}

// write writes the block at from, with those after it that share its paragraph, and gives the next.
func (w *writer) write(from int) (next int) {
	b := w.blocks[from]
	if b.Kind != models.BlockListItem {
		w.lists = w.lists[:0]
	}
	switch b.Kind {
	case models.BlockHeading:
		w.separate(from, "\n\n")
		w.out.WriteString(strings.Repeat("#", min(max(b.Level, 1), 6)) + " ")
		w.inline(b.Start, b.End, setting{heading: true})
	case models.BlockListItem:
		w.writeItem(from)
	case models.BlockQuote:
		w.separate(from, "\n\n")
		prefix := strings.Repeat("> ", min(max(b.Level, 1), maxDepth-1))
		w.out.WriteString(prefix)
		w.inline(b.Start, b.End, setting{prefix: prefix})
	case models.BlockTableRow:
		w.writeRow(from)
	case models.BlockCode:
		w.separate(from, "\n\n")
		code := string(w.points[b.Start:b.End])
		fence := strings.Repeat("`", max(3, longestRun(code)+1))
		w.out.WriteString(fence + "\n" + code + "\n" + fence)
	case models.BlockParagraph, models.BlockTurn, models.BlockFootnote:
		return w.writeParagraph(from)
	}
	return from + 1
}

// separate writes what stands between two blocks.
func (w *writer) separate(block int, joint string) {
	if block > 0 {
		w.out.WriteString(joint)
	}
}

// longestRun gives the length of the longest run of backticks.
func longestRun(s string) int {
	longest, n := 0, 0
	for _, r := range s {
		if r == '`' {
			n++
			longest = max(longest, n)
		} else {
			n = 0
		}
	}
	return longest
}

// writeParagraph writes a paragraph with the blank lines around it that are the text's own, beyond the
// joints, and those after it that can't be told from it because the text between them is no joint.
func (w *writer) writeParagraph(first int) (next int) {
	w.separate(first, "\n\n")
	last := first
	for last+1 < len(w.blocks) && w.isParagraph(last+1) && !w.jointBefore(last+1) {
		last++
	}
	start, end := w.blocks[first].Start, w.blocks[last].End
	switch {
	case first == 0:
		start = 0
	case w.isParagraph(first - 1):
		start = w.blocks[first-1].End + 2
	default:
		// A blank line ended whatever came before; more of them are the paragraph's.
		start = min(start, w.blocks[first-1].End+2)
	}
	switch {
	case last+1 == len(w.blocks):
		end = len(w.points)
	case !w.isParagraph(last + 1):
		end = max(end, w.blocks[last+1].Start-2)
	}
	w.inline(start, end, setting{})
	return last + 1
}

func (w *writer) isParagraph(i int) bool {
	return w.blocks[i].Kind == models.BlockParagraph || w.blocks[i].Kind == models.BlockTurn || w.blocks[i].Kind == models.BlockFootnote
}

// jointBefore tells whether a blank line without white space in it follows the block before.
func (w *writer) jointBefore(i int) bool {
	end := w.blocks[i-1].End
	return w.blocks[i].Start >= end+2 && w.points[end] == '\n' && w.points[end+1] == '\n'
}

// listState is one list that the next item may go on with.
type listState struct {
	ordered   bool
	next      int // the number of its next item
	delimiter string
	indent    int // of its items' text
}

// writeItem writes an item of a list. Markdown numbers the items of a list one after another, so a
// number out of order begins a new list, told from the one before by its other delimiter.
func (w *writer) writeItem(i int) {
	b := w.blocks[i]
	level := min(max(b.Level, 1), maxDepth/2)
	fresh := i == 0 || w.blocks[i-1].Kind != models.BlockListItem
	if fresh {
		w.lists = w.lists[:0]
	}
	joint := "\n"
	if fresh {
		joint = "\n\n"
	}
	w.lists = w.lists[:min(len(w.lists), level)]
	ordered := b.Number > 0
	goesOn := false
	delimiter := "."
	if len(w.lists) == level {
		l := w.lists[level-1]
		goesOn = l.ordered == ordered && (!ordered || l.next == b.Number)
		if ordered && l.ordered && !goesOn && l.delimiter == "." {
			delimiter = ")"
		}
		if goesOn {
			delimiter = l.delimiter
		}
		w.lists = w.lists[:level-1]
	}
	if !goesOn && ordered {
		// Only a list that begins with 1 may follow a paragraph without a blank line.
		joint = "\n\n"
	}
	w.separate(i, joint)
	indent := 0
	if n := len(w.lists); n > 0 {
		indent = w.lists[n-1].indent
	}
	w.out.WriteString(strings.Repeat(" ", indent))
	for len(w.lists) < level-1 {
		indent += 2
		w.out.WriteString("- ")
		w.lists = append(w.lists, listState{indent: indent})
	}
	marker := "- "
	if ordered {
		marker = strconv.Itoa(b.Number) + delimiter + " "
	}
	indent += len(marker)
	w.lists = append(w.lists, listState{ordered: ordered, next: min(b.Number+1, maxNumber), delimiter: delimiter, indent: indent})
	w.out.WriteString(marker)
	w.inline(b.Start, b.End, setting{prefix: strings.Repeat(" ", indent)})
}

// writeRow writes a row of a table, and after the first the line that makes a table of it.
func (w *writer) writeRow(i int) {
	b := w.blocks[i]
	first := i == 0 || w.blocks[i-1].Kind != models.BlockTableRow
	if first {
		w.separate(i, "\n\n")
	} else {
		w.separate(i, "\n")
	}
	cells := 0
	for from := b.Start; from <= b.End; cells++ {
		end := from
		for end < b.End && w.points[end] != '\t' {
			end++
		}
		w.out.WriteString("| ")
		w.inline(from, end, setting{cell: true})
		w.out.WriteString(" ")
		from = end + 1
	}
	w.out.WriteString("|")
	if first {
		w.out.WriteString("\n" + strings.Repeat("| --- ", cells) + "|")
	}
}
