package exchange

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"feltbog/models"
)

// TableFormat is a format in which rows go out.
type TableFormat string

// The formats of tables.
const (
	FormatCSV   TableFormat = "csv"
	FormatXLSX  TableFormat = "xlsx"
	FormatJSONL TableFormat = "jsonl"
)

// tableFormat is what one format is made of. A new format is a writer and its line in tableFormats.
type tableFormat struct {
	mediaType string
	open      func(out io.Writer, columns []Column, tempDir string) (TableWriter, error)
}

var tableFormats = map[TableFormat]tableFormat{
	FormatCSV:   {"text/csv; charset=utf-8", newCSV},
	FormatXLSX:  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", newXLSX},
	FormatJSONL: {"application/x-ndjson", newJSONL},
}

// ParseTableFormat reads the name of a format; an empty one means CSV. It returns an Invalid error
// (format_unknown) for any other word.
func ParseTableFormat(s string) (TableFormat, error) {
	if s == "" {
		return FormatCSV, nil
	}
	if _, ok := tableFormats[TableFormat(s)]; !ok {
		return "", models.Invalid("format_unknown", "The format of an export is csv, xlsx or jsonl.",
			models.Field{Pointer: "/format", Problem: "neither csv, xlsx nor jsonl"})
	}
	return TableFormat(s), nil
}

// MediaType is the Content-Type of a file of this format. The name of the format is also the ending
// of its files.
func (f TableFormat) MediaType() string { return tableFormats[f].mediaType }

// Column is a column of a table: its name for programs, and its title for people.
type Column struct {
	Key   string // in camelCase; the name in JSON
	Title string // the heading in CSV and XLSX
}

// Cell is one value of a row: a text, a whole number, a list of texts, or the value of an attribute.
type Cell struct {
	text    string
	number  int
	list    []string
	between string
	value   any
	kind    cellKind
}

type cellKind int

const (
	cellText cellKind = iota
	cellNumber
	cellList
	cellValue
)

// Text is a cell with a text.
func Text[S ~string](s S) Cell { return Cell{text: string(s)} }

// Number is a cell with a whole number.
func Number(n int) Cell { return Cell{kind: cellNumber, number: n} }

// Value is a cell with the value of an attribute: a string, a float64, a bool, or nil for none.
func Value(v any) Cell { return Cell{kind: cellValue, value: v} }

// List is a cell with several texts: an array in JSON, and in a spreadsheet one text in which between
// stands between them.
func List(between string, items ...string) Cell {
	return Cell{kind: cellList, list: items, between: between}
}

// isNumber says whether a cell is a number, which a spreadsheet may add up.
func (c Cell) isNumber() bool {
	_, ok := c.value.(float64)
	return c.kind == cellNumber || ok
}

// words gives a cell as a spreadsheet shows it.
func (c Cell) words() string {
	switch c.kind {
	case cellNumber:
		return strconv.Itoa(c.number)
	case cellList:
		return strings.Join(c.list, c.between)
	case cellValue:
		switch v := c.value.(type) {
		case nil:
			return ""
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		default:
			return fmt.Sprint(v)
		}
	case cellText:
	}
	return c.text
}

// TableWriter writes a table row by row, and holds no more of it in memory than a few rows.
type TableWriter interface {
	// Write adds a row: a cell for each column.
	Write(row ...Cell) error
	// Finish writes what makes the file whole. Without it the file is broken off.
	Finish() error
	// Close gives back what the writer holds beside its file, whether or not it was finished.
	Close() error
}

// NewTable begins a table in a format. What can't be written on the fly waits in a file of its own
// folder in tempDir (the system's own if empty), which Close removes.
func NewTable(f TableFormat, out io.Writer, columns []Column, tempDir string) (TableWriter, error) {
	format, ok := tableFormats[f]
	if !ok {
		return nil, fmt.Errorf("there is no table format %q", f)
	}
	return format.open(out, columns, tempDir)
}

// errCells says that a row doesn't fit its table.
func errCells(row, columns int) error {
	return fmt.Errorf("a row of %d cells in a table of %d columns", row, columns)
}
