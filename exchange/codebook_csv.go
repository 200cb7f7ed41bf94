package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// columns gives the column that a heading names, in English or Danish, without regard to case, spaces
// and dashes.
var columns = map[string]string{
	"key": "key", "nøgle": "key",
	"name": "name", "navn": "name", "code": "name", "kode": "name",
	"parent": "parent", "parentcode": "parent", "overkode": "parent",
	"colour": "colour", "color": "colour", "farve": "colour",
	"letter": "letter", "bogstav": "letter",
	"shortcut": "shortcut", "genvej": "shortcut",
	"definition": "definition",
	"whentouse":  "whenToUse", "hvornår": "whenToUse",
	"whennot": "whenNot", "whennottouse": "whenNot", "hvornårikke": "whenNot",
	"example": "examples", "examples": "examples", "eksempel": "examples", "eksempler": "examples",
}

// row is one code of the table, not yet placed.
type row struct {
	CodeEntry
	line    int
	parent  string // as the table names it
	whenNot string
}

// table is a codebook on its way out of a CSV file. It gathers what is wrong, line by line.
type table struct {
	rows   []row
	faults []models.Field
	keys   map[string]int   // the row of each key in the table
	names  map[string][]int // the rows of each name, folded
}

// ReadCodebookCSV reads a codebook from a table of comma-, semicolon- or tab-separated values in any
// encoding that [Decode] knows. The first line names the columns, of which name must be there: key,
// name, parent, colour, letter, shortcut, definition, when to use, when not, examples; Danish names do
// as well, and other columns are passed over. A parent is named by key, by name or by the path to it
// ("Data > Registers"). Each line of a cell of examples is an example; each line of "when not" tells
// the code from another, which it may name first ("Data as future: …").
//
// Entries come with each parent before its children and otherwise in the table's order. A key that is
// missing is made of the name; what else the table doesn't say is left zero. Besides the errors of
// Decode and [Normalise] it returns an Invalid one that names every faulty line (codebook_invalid), or
// says that there are more than models.MaxCodes codes (codes_too_many).
func ReadCodebookCSV(data []byte) ([]CodeEntry, error) {
	text, _, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if text, err = Normalise(text); err != nil {
		return nil, err
	}
	var t table
	if err := t.read(text); err != nil {
		return nil, err
	}
	t.makeKeys()
	entries := t.place()
	if len(t.faults) > 0 {
		return nil, t.invalid()
	}
	return entries, nil
}

func (t *table) fault(line int, format string, args ...any) {
	if len(t.faults) < 100 {
		t.faults = append(t.faults, models.Field{
			Pointer: "/lines/" + strconv.Itoa(line), Problem: fmt.Sprintf("Line %d: ", line) + fmt.Sprintf(format, args...),
		})
	}
}

func (t *table) invalid() error {
	slices.SortStableFunc(t.faults, func(a, b models.Field) int {
		return lineOf(a) - lineOf(b)
	})
	sentence := t.faults[0].Problem
	if n := len(t.faults) - 1; n > 0 {
		sentence += fmt.Sprintf(" There is more to mend (%d).", n)
	}
	return models.Invalid("codebook_invalid", sentence, t.faults...)
}

func lineOf(f models.Field) int {
	n, err := strconv.Atoi(strings.TrimPrefix(f.Pointer, "/lines/"))
	if err != nil {
		return 0
	}
	return n
}

// read reads the lines into rows.
func (t *table) read(text string) error {
	comma, text, skipped := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	heading, err := r.Read()
	if err != nil {
		t.unreadable(err, skipped)
		return t.invalid()
	}
	names := make([]string, len(heading))
	for i, cell := range heading {
		names[i] = columns[foldHeading(cell)]
		if names[i] != "" && slices.Contains(names[:i], names[i]) {
			t.fault(1+skipped, "two columns are called %s.", strings.TrimSpace(cell))
		}
	}
	if !slices.Contains(names, "name") {
		t.fault(1+skipped, "there is no column called name. The first line must name the columns.")
	}
	if len(t.faults) > 0 {
		return t.invalid()
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.unreadable(err, skipped)
			return t.invalid()
		}
		if blank(strings.Join(cells, "")) {
			continue
		}
		if len(t.rows) == models.MaxCodes {
			return models.Invalid("codes_too_many", fmt.Sprintf(
				"A codebook may have %d codes, and this one has more.", models.MaxCodes))
		}
		line, _ := r.FieldPos(0)
		t.readCells(line+skipped, names, cells)
	}
	if len(t.rows) == 0 {
		t.fault(1+skipped, "there is no code under the names of the columns.")
		return t.invalid()
	}
	return nil
}

func (t *table) unreadable(err error, skipped int) {
	line := 1
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.Line
	}
	t.fault(line+skipped, "a quotation mark is missing or stands where none may.")
}

// separator finds what separates the cells: the one by which the first line names most columns. A line
// "sep=;" as spreadsheets write it is taken at its word and skipped.
func separator(text string) (comma rune, rest string, skipped int) {
	first, rest, _ := strings.Cut(text, "\n")
	switch first {
	case "sep=,", "sep=;", "sep=\t":
		return rune(first[len(first)-1]), rest, 1
	}
	best := -1
	for _, c := range ",;\t" {
		known := 0
		for cell := range strings.SplitSeq(first, string(c)) {
			if columns[foldHeading(cell)] != "" {
				known++
			}
		}
		if known > best {
			best, comma = known, c
		}
	}
	return comma, text, 0
}

func foldHeading(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '"' || r == '?' {
			return -1
		}
		return r
	}, s))
}

var keyPattern = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// readCells reads one line and notes what is wrong with each cell.
func (t *table) readCells(line int, names, cells []string) {
	r := row{line: line}
	r.WhenNot, r.Examples = []models.Contrast{}, []string{}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i >= len(names) {
			if cell != "" {
				t.fault(line, "there are more cells than columns.")
			}
			break
		}
		length := utf8.RuneCountInString(cell)
		switch names[i] {
		case "key":
			r.Key = cell
			if cell != "" && (!keyPattern.MatchString(cell) || length > models.MaxName) {
				t.fault(line, "a key is written in lower-case letters and digits with underscores between words.")
			}
		case "name":
			r.Name = strings.Join(strings.Fields(cell), " ")
			if r.Name == "" || length > models.MaxName {
				t.fault(line, "a name has 1 to %d characters.", models.MaxName)
			}
		case "parent":
			r.parent = cell
		case "colour":
			if cell == "" {
				break
			}
			n, err := strconv.Atoi(cell)
			if err != nil || n < 1 || n > models.PaletteSlots {
				t.fault(line, "a colour is a number from 1 to %d.", models.PaletteSlots)
			}
			r.Colour = n
		case "letter":
			if r.Letter = cell; length > 1 {
				t.fault(line, "a letter is one character.")
			}
		case "shortcut":
			if r.Shortcut = cell; length > 1 {
				t.fault(line, "a shortcut is one character.")
			}
		default:
			if length > models.MaxProse {
				t.fault(line, "a cell has at most %d characters.", models.MaxProse)
			}
			r.readProse(names[i], cell)
		}
	}
	if r.Name == "" && len(cells) <= slices.Index(names, "name") {
		t.fault(line, "a name has 1 to %d characters.", models.MaxName)
	}
	t.rows = append(t.rows, r)
}

func (r *row) readProse(column, cell string) {
	switch column {
	case "definition":
		r.Definition = cell
	case "whenToUse":
		r.WhenToUse = cell
	case "whenNot":
		r.whenNot = cell
	case "examples":
		for line := range strings.SplitSeq(cell, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				r.Examples = append(r.Examples, line)
			}
		}
	}
}
