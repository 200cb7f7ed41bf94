package exchange

import (
	"regexp"
	"slices"
	"strings"

	"feltbog/models"
)

// A transcript may be laid out as a table: who speaks in one column, the words in another, and perhaps
// times or numbers of lines in more.

const (
	minTurnRows    = 4
	maxTurnColumns = 5
)

var (
	cellTime     = regexp.MustCompile(`^(?:` + bracketedTime + `|` + hashedTime + `|` + timeCode + `)(?:\s*[-–—]\s*(?:` + bracketedTime + `|` + timeCode + `))?$`)
	speakerTitle = regexp.MustCompile(`(?i)^(?:speakers?|speaker name|talere?|talare|sprecher)$`)
	otherTitle   = regexp.MustCompile(`(?i)^(?:who|hvem|vem|wer|person|name|navn|namn|participant|deltager|deltagare|time|time ?code|tid|tidskode|zeit|start)$`)
	lineNumber   = regexp.MustCompile(`^\d*\.?$`)
)

// turnRows are the rows of one table, by what is in their columns.
type turnRows struct {
	runes                  []rune
	rows                   []turnRow
	speaker, words, clocks int  // columns; clocks is -1 where there are no times
	titled                 bool // the column of speakers says that it is one
}

// turnRow is a row: its block and its cells.
type turnRow struct {
	block int
	cells []span
}

// rowTurns makes turns of the rows of a table when most words of a document stand in such tables.
func rowTurns(doc Document) (Document, bool) {
	if !slices.ContainsFunc(doc.Content.Blocks, func(b models.Block) bool { return b.Kind == models.BlockTableRow }) {
		return doc, false
	}
	t := turner{source: doc.Content, runes: []rune(doc.Content.Text), labels: map[string]int{}}
	tables := tablesOfTurns(doc.Content.Blocks, t.runes)
	if len(tables) == 0 {
		return doc, false
	}
	for i, b := range doc.Content.Blocks {
		for t.mark < len(t.source.Marks) && t.source.Marks[t.mark].Start < b.Start {
			t.mark++
		}
		if err := t.row(b, tables[i]); err != nil {
			return doc, false
		}
	}
	content, err := t.content()
	if err != nil || t.inTurns*2 < t.all {
		return doc, false
	}
	return t.document(doc, content), true
}

// placedRow is a row and the table that it is of.
type placedRow struct {
	table *turnRows
	row   turnRow
}

// row writes a block: a row of such a table as a turn, any other as it is.
func (t *turner) row(b models.Block, at placedRow) error {
	if at.table == nil {
		if b.Kind != models.BlockFootnote {
			t.end()
		}
		return t.write(b, span{b.Start, b.End})
	}
	r := at.table
	name := speakerName(strings.TrimRight(r.cell(at.row, r.speaker), ": "))
	said := at.row.cells[r.words]
	if name != "" {
		t.speaker, t.speaks = name, true
	}
	w := wordsOf(t.runes)
	if !t.speaks || w.blank(said) {
		return t.write(b, span{b.Start, b.End})
	}
	turn := models.Block{Kind: models.BlockTurn, Speaker: t.speaker, Page: b.Page}
	if r.clocks >= 0 {
		if at, ok := seconds(anyTime.FindString(r.cell(at.row, r.clocks))); ok {
			turn.Seconds = &at
		}
	}
	t.inTurns += countWords(t.runes[said.start:said.end])
	if name != "" {
		t.labels[name]++
	}
	return t.write(turn, said)
}

// tablesOfTurns finds the rows of all tables that hold turns, by their blocks.
func tablesOfTurns(blocks []models.Block, points []rune) map[int]placedRow {
	found := map[int]placedRow{}
	for from := 0; from < len(blocks); {
		r := turnRows{runes: points}
		at := from
		for ; at < len(blocks); at++ {
			if blocks[at].Kind == models.BlockTableRow {
				r.rows = append(r.rows, turnRow{at, cellsOf(points, blocks[at])})
			} else if blocks[at].Kind != models.BlockFootnote || len(r.rows) == 0 {
				break
			}
		}
		if r.understand() {
			for _, row := range r.rows {
				found[row.block] = placedRow{&r, row}
			}
		}
		from = at + 1
	}
	return found
}

// cellsOf gives the cells of a row.
func cellsOf(points []rune, b models.Block) []span {
	var cells []span
	start := b.Start
	for i := b.Start; i <= b.End; i++ {
		if i == b.End || points[i] == '\t' {
			cells = append(cells, span{start, i})
			start = i + 1
		}
	}
	return cells
}

func (r *turnRows) cell(row turnRow, column int) string {
	c := row.cells[column]
	return strings.TrimSpace(string(r.runes[c.start:c.end]))
}

// understand finds out what the columns hold, and leaves the row with their titles out. It says
// whether the rows are turns.
func (r *turnRows) understand() bool {
	if len(r.rows) < minTurnRows {
		return false
	}
	columns := len(r.rows[0].cells)
	if columns < 2 || columns > maxTurnColumns {
		return false
	}
	for _, row := range r.rows {
		if len(row.cells) != columns {
			return false
		}
	}
	r.takeTitles(columns)
	r.clocks, r.speaker, r.words = -1, -1, -1
	most := 0
	for i := range columns {
		if all, clocks, _, said := r.weigh(i); all > 0 && clocks == all {
			if r.clocks < 0 {
				r.clocks = i
			}
		} else if said > most {
			most, r.words = said, i
		}
	}
	for i := range columns {
		if all, _, labels, _ := r.weigh(i); r.speaker < 0 && i != r.words && i != r.clocks && all > 0 && labels == all {
			r.speaker = i
			continue
		}
		// What isn't kept may be no more than numbers of lines and times.
		if all, clocks, _, _ := r.weigh(i); i != r.words && i != r.clocks && clocks < all && !r.numbered(i) {
			return false
		}
	}
	return r.speaker >= 0 && r.words >= 0 && r.areTurns(most)
}

// takeTitles takes off the row with the titles of the columns.
func (r *turnRows) takeTitles(columns int) {
	titles := false
	for i := range columns {
		title := r.cell(r.rows[0], i)
		r.titled = r.titled || speakerTitle.MatchString(title)
		titles = titles || r.titled || otherTitle.MatchString(title)
	}
	if titles {
		r.rows = r.rows[1:]
	}
}

// numbered says whether there is nothing but numbers in a column.
func (r *turnRows) numbered(column int) bool {
	return !slices.ContainsFunc(r.rows, func(row turnRow) bool { return !lineNumber.MatchString(r.cell(row, column)) })
}

// ofRecording tells times in a recording from those of a day: they begin near zero, or have seconds beside hours.
func (r *turnRows) ofRecording() bool {
	const late = 240.0
	for _, row := range r.rows {
		code := anyTime.FindString(r.cell(row, r.clocks))
		if at, ok := seconds(code); ok {
			return at <= late || strings.Count(code, ":") == 2
		}
	}
	return false
}

// weigh counts the cells of a column with something in them, those that are times and labels, and the words.
func (r *turnRows) weigh(column int) (all, clocks, labels, said int) {
	for _, row := range r.rows {
		c := r.cell(row, column)
		if c == "" {
			continue
		}
		all++
		clocks += number(cellTime.MatchString(c))
		labels += number(isLabel(strings.TrimRight(c, ": "), true))
		said += countWords([]rune(c))
	}
	return all, clocks, labels, said
}

// areTurns tells turns from the rows of other tables: few speak, they come again and take turns, and they say more
// than a word or two.
func (r *turnRows) areTurns(said int) bool {
	counts := map[string]int{}
	turns, persons, changes, last := 0, 0, 0, ""
	for _, row := range r.rows {
		label := strings.TrimRight(r.cell(row, r.speaker), ": ")
		if label == "" {
			continue
		}
		turns++
		counts[label]++
		persons += number(isPerson(label))
		changes += number(label != last)
		last = label
	}
	switch {
	case turns < 3 || said < 3*turns || len(counts)*4 > turns*3 || !recur(counts):
		return false
	case r.titled:
		return true
	case r.clocks >= 0:
		return r.ofRecording()
	}
	return persons*2 > turns && changes*2 > turns && len(counts) > 1
}
