package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"feltbog/models"
)

// Sheet is a table as it was read: of a CSV file, or one sheet of a workbook. Values are as people see
// them, but dates of a workbook are YYYY-MM-DD, its numbers have a decimal point, and a formula is its value.
type Sheet struct {
	Name     string   `json:"name"`   // of the sheet, empty for CSV
	Others   []string `json:"others"` // the workbook's other sheets with something in them
	Format   Format   `json:"format"`
	Encoding string   `json:"encoding"`
	// Separator is what stands between the values of a line; empty for a workbook.
	Separator string `json:"separator"`
	// Columns are the heads of the columns, which stand in the first row with more than one value. Each is
	// told apart from the others.
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
	// Warnings tell of ragged rows, by their numbers, and of what else was left out.
	Warnings []Warning `json:"warnings"`
}

// Row is one row of a sheet, with as many values as the sheet has columns.
type Row struct {
	Number int      `json:"number"` // of the line or row in the file, from 1
	Values []string `json:"values"`
	// cells counts the values that stand there, empty ones among them.
	cells int
}

// ReadSheet reads a table: CSV and its like with whatever separator, or a sheet of a workbook. Beside the
// errors of [Detect] and [Decode] it returns Invalid errors for a file that is no table (format_unknown), a
// table without rows (table_empty), a quotation mark that is missing (table_quotes), a sheet that isn't
// there (sheet_unknown) and a damaged workbook (file_damaged), and TooLarge ones beyond
// models.MaxTableRows and models.MaxTableColumns (table_too_large) and for a workbook that unpacks to too
// much (file_too_large_inside).
func ReadSheet(name string, data []byte, o Options) (Sheet, error) {
	format, err := Detect(name, data)
	if err != nil {
		return Sheet{}, err
	}
	var s Sheet
	var lines []Row
	switch {
	case !format.Table():
		err = formatUnknown()
	case format == FileXLSX:
		s, lines, err = readWorkbook(data, o)
	default:
		s, lines, err = readSeparated(data, o)
	}
	if err != nil {
		return Sheet{}, err
	}
	s.Format = format
	if err := cleanLines(lines); err != nil {
		return s, err
	}
	if o.Bare {
		err = s.takeBare(lines)
	} else {
		err = s.take(lines)
	}
	return s, err
}

// cleanLines cleans the values of lines, which are as the file has them.
func cleanLines(lines []Row) error {
	size := 0
	for i := range lines {
		for j, v := range lines[i].Values {
			if size += len(v); size > maxTableBytes {
				return tooMuch()
			}
			lines[i].Values[j] = cleanCell(v)
		}
		lines[i].Values = withoutTail(lines[i].Values)
	}
	return nil
}

// takeBare makes rows of all lines that have a value.
func (s *Sheet) takeBare(lines []Row) error {
	lines = slices.DeleteFunc(lines, func(l Row) bool { return len(l.Values) == 0 })
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Values))
	}
	switch {
	case len(lines) == 0:
		return tableEmpty()
	case width > models.MaxTableColumns:
		return tooWide()
	case len(lines) > models.MaxTableRows:
		return tooManyRows()
	}
	s.Columns = heads(make([]string, width))
	for _, l := range lines {
		values := make([]string, width)
		copy(values, l.Values)
		s.Rows = append(s.Rows, Row{Number: l.Number, Values: values})
	}
	return nil
}

// take makes heads and rows of lines.
func (s *Sheet) take(lines []Row) error {
	at := slices.IndexFunc(lines, func(l Row) bool { return filled(l.Values) > 1 })
	if at < 0 {
		at = slices.IndexFunc(lines, func(l Row) bool { return filled(l.Values) > 0 })
	}
	if at < 0 {
		return tableEmpty()
	}
	width := len(lines[at].Values)
	if width > models.MaxTableColumns {
		return tooWide()
	}
	var above, short, long []int
	for _, l := range lines[:at] {
		if len(l.Values) > 0 {
			above = append(above, l.Number)
		}
	}
	for _, l := range lines[at+1:] {
		n := len(l.Values)
		switch {
		case n == 0:
			continue
		case n > width:
			long = append(long, l.Number)
		case n < width && s.Separator != "" && l.cells < width:
			short = append(short, l.Number)
		}
		values := make([]string, width)
		copy(values, l.Values)
		s.Rows = append(s.Rows, Row{Number: l.Number, Values: values})
		if len(s.Rows) > models.MaxTableRows {
			return tooManyRows()
		}
	}
	if len(s.Rows) == 0 {
		return tableEmpty()
	}
	s.Columns = heads(lines[at].Values)
	s.dropEmpty(lines[at].Values)
	s.warn("rows_above", "Above the names of the columns stands something that was left out, in row %s.", above)
	s.warn("rows_short", "Fewer values than there are columns stand in row %s. Look whether they are in the right columns.", short)
	s.warn("rows_long", "More values than there are columns stand in row %s. Those beyond the last column were left out.", long)
	return nil
}

// dropEmpty leaves out the columns that have neither a name nor a value.
func (s *Sheet) dropEmpty(names []string) {
	keep := make([]bool, len(names))
	for j, n := range names {
		keep[j] = n != "" || slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Values[j] != "" })
	}
	if !slices.Contains(keep, false) {
		return
	}
	kept := func(values []string) []string {
		out := make([]string, 0, len(values))
		for j, v := range values {
			if keep[j] {
				out = append(out, v)
			}
		}
		return out
	}
	s.Columns = kept(s.Columns)
	for i := range s.Rows {
		s.Rows[i].Values = kept(s.Rows[i].Values)
	}
}

// warn tells of rows by their numbers, if there are any.
func (s *Sheet) warn(code, sentence string, rows []int) {
	const named = 20
	if len(rows) == 0 {
		return
	}
	var list []string
	for _, n := range rows[:min(len(rows), named)] {
		list = append(list, strconv.Itoa(n))
	}
	words := strings.Join(list, ", ")
	values := inserted(list, len(rows)-named)
	if more := len(rows) - named; more > 0 {
		words += fmt.Sprintf(" and %d more", more)
	}
	s.Warnings = append(s.Warnings, Warning{Code: code, Sentence: fmt.Sprintf(sentence, words), Values: values})
}

// heads gives the columns names that tell them apart.
func heads(values []string) []string {
	out := make([]string, len(values))
	seen := map[string]bool{}
	for i, v := range values {
		name := strings.Join(strings.Fields(v), " ")
		if points := []rune(name); len(points) > models.MaxName-10 {
			name = strings.TrimSpace(string(points[:models.MaxName-10]))
		}
		if name == "" {
			name = "Column " + strconv.Itoa(i+1)
		}
		out[i] = name
		for n := 2; seen[strings.ToLower(out[i])]; n++ {
			out[i] = fmt.Sprintf("%s (%d)", name, n)
		}
		seen[strings.ToLower(out[i])] = true
	}
	return out
}

// cleanCell cleans a value: normalised as texts are, without what can't be seen at its ends.
func cleanCell(v string) string {
	if plainASCII(v) {
		return strings.TrimSpace(v)
	}
	if !utf8.ValidString(v) {
		v = strings.ToValidUTF8(v, "\ufffd")
	}
	text, err := Normalise(v)
	if err != nil {
		return "" // it holds NUL characters
	}
	return strings.TrimSpace(text)
}

// plainASCII says whether there is nothing to normalise.
func plainASCII(v string) bool {
	for i := range len(v) {
		if c := v[i]; c >= 0x7f || (c < ' ' && c != '\n' && c != '\t') {
			return false
		}
	}
	return true
}

func withoutTail(values []string) []string {
	for len(values) > 0 && values[len(values)-1] == "" {
		values = values[:len(values)-1]
	}
	return values
}

func filled(values []string) int {
	n := 0
	for _, v := range values {
		if v != "" {
			n++
		}
	}
	return n
}

func tableEmpty() error {
	return models.Invalid("table_empty", "There are no rows in this table, or it has no names of columns above them.")
}

// maxTableBytes bounds all values of a table: it is held in memory, and written down once more.
const maxTableBytes = 24 << 20

func tooMuch() error {
	return models.TooLarge("table_too_large", fmt.Sprintf("There is more in this table than may be: %d MB, and half a million cells of a workbook. Divide it, or leave out what isn't needed.", maxTableBytes>>20))
}

func tooManyRows() error {
	return models.TooLarge("table_too_large", fmt.Sprintf("A table may have %d rows, and this one has more. Divide it.", models.MaxTableRows))
}

func tooWide() error {
	return models.TooLarge("table_too_large", fmt.Sprintf("A table may have %d columns, and this one has more.", models.MaxTableColumns))
}
