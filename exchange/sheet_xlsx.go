package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"feltbog/models"
)

// A workbook is read by a reader of our own, on the one that reads the XML of documents and with its bounds:
// the library that writes ours (excelize) tells which cells are dates only with the whole sheet in memory,
// many times over.

// maxWorkbookCells bounds the cells of a sheet with something in them.
const maxWorkbookCells = 500_000

// sheetSpaces are the namespaces of workbooks, as Excel writes them and as the strict form of the standard
// has them.
var sheetSpaces = map[string]string{
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":           "x",
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                       "x",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":             "r",
}

// readWorkbook reads a sheet of a workbook: the one that is asked for, or else the first with something
// in it.
func readWorkbook(data []byte, o Options) (Sheet, []Row, error) {
	c, err := openContainer(data)
	if err != nil {
		return Sheet{}, nil, err
	}
	w := &workbook{container: c}
	if err := w.open(); err != nil {
		return Sheet{}, nil, err
	}
	if o.Sheet != "" && !slices.ContainsFunc(w.sheets, func(s sheetPart) bool { return s.name == o.Sheet }) {
		return Sheet{}, nil, models.Invalid("sheet_unknown", "There is no sheet of this name in the workbook.")
	}
	s := Sheet{Others: []string{}}
	var lines []Row
	for _, part := range w.sheets {
		switch {
		case o.Sheet != "" && part.name == o.Sheet, o.Sheet == "" && s.Name == "" && !part.hidden:
			read := Sheet{Name: part.name}
			rows, err := w.read(part, &read)
			if err != nil {
				return s, nil, err
			}
			if len(rows) > 0 {
				s.Name, s.Warnings, lines = read.Name, read.Warnings, rows
			}
		case !part.hidden && w.hasSomething(part):
			s.Others = append(s.Others, part.name)
		}
	}
	if s.Name == "" {
		return s, nil, tableEmpty()
	}
	return s, lines, nil
}

// sheetPart is a sheet of a workbook, and where it is in the archive.
type sheetPart struct {
	name, part string
	hidden     bool
}

// workbook reads sheets.
type workbook struct {
	*container
	sheets   []sheetPart
	words    []string    // that cells share
	styles   []valueKind // of cells, by the number of their style
	from1904 bool
}

// open reads what the sheets have in common.
func (w *workbook) open() error {
	top, err := w.relations("")
	if err != nil {
		return err
	}
	main := top.one("officeDocument", "xl/workbook.xml")
	if !w.has(main) {
		return damaged(fmt.Errorf("no part %s", main))
	}
	parts, err := w.relations(main)
	if err != nil {
		return err
	}
	x, err := w.xml(main, sheetSpaces)
	if err != nil {
		return err
	}
	for x.next() {
		if x.kind != xmlStart {
			continue
		}
		switch x.name {
		case "x:workbookPr":
			v := x.attr("date1904")
			w.from1904 = v == "1" || v == "true"
		case "x:sheet":
			part := sheetPart{name: x.attr("name"), hidden: x.attr("state") != "" && x.attr("state") != "visible"}
			r := parts.byID[x.attr("r:id")]
			part.part = r.target
			if part.part != "" && !r.external && len(w.sheets) < maxParts {
				w.sheets = append(w.sheets, part)
			}
		}
	}
	if x.err != nil {
		return x.err
	}
	if part := parts.byKind["sharedStrings"]; part != "" {
		if err := w.readWords(part); err != nil {
			return err
		}
	}
	if part := parts.byKind["styles"]; part != "" {
		return w.readStyles(part)
	}
	return nil
}

// readWords reads the words that cells share.
func (w *workbook) readWords(part string) error {
	x, err := w.xml(part, sheetSpaces)
	if err != nil {
		return err
	}
	for x.next() {
		if x.kind == xmlStart && x.name == "x:si" {
			w.words = append(w.words, cleanCell(richWords(x)))
		}
	}
	return x.err
}

// richWords gives the words of an element with runs of text, without how they are pronounced.
func richWords(x *xmlReader) string {
	var b strings.Builder
	for in := x.depth; x.more(in); {
		switch x.name {
		case "x:t":
			b.WriteString(x.words())
		case "x:r":
			for run := x.depth; x.more(run); {
				if x.name == "x:t" {
					b.WriteString(x.words())
				}
			}
		}
	}
	return b.String()
}

// hasSomething says whether a sheet has a value. One too large to look at may well have one.
func (w *workbook) hasSomething(part sheetPart) bool {
	f := w.parts[partName(part.part)]
	if f == nil || f.UncompressedSize64 > uint64(max(w.left/2, 0)) {
		return f != nil
	}
	x, err := w.xml(part.part, sheetSpaces)
	if err != nil {
		return false
	}
	for x.next() {
		if x.kind == xmlStart && (x.name == "x:v" || x.name == "x:t") {
			return true
		}
	}
	return false
}

// sheetReader reads one sheet.
type sheetReader struct {
	*workbook
	x      *xmlReader
	lines  []Row
	merged []area
	faulty []int
	cells  int
	bytes  int
}

// area is where cells are merged, with rows and columns from 1.
type area struct{ top, left, bottom int }

// read gives the rows of a sheet that have a value.
func (w *workbook) read(part sheetPart, s *Sheet) ([]Row, error) {
	x, err := w.xml(part.part, sheetSpaces)
	if err != nil {
		return nil, err
	}
	r := &sheetReader{workbook: w, x: x}
	row := 0
	for x.next() {
		if x.kind != xmlStart {
			continue
		}
		switch x.name {
		case "x:row":
			row = x.number("r", row+1)
			if len(r.lines) > models.MaxTableRows+100 {
				return r.lines, nil // take refuses them
			}
			r.readRow(row)
		case "x:mergeCell":
			if a, ok := areaOf(x.attr("ref")); ok && len(r.merged) < maxParts {
				r.merged = append(r.merged, a)
			}
		}
	}
	s.warn("cells_faulty", "A formula that has no value, such as #N/A, was left empty in row %s.", r.faulty)
	return spread(r.lines, r.merged), x.err
}

// readRow reads the cells of a row.
func (r *sheetReader) readRow(number int) {
	var values []string
	column := 0
	for in := r.x.depth; r.x.more(in); {
		if r.x.name != "x:c" {
			continue
		}
		column++
		if c, _ := placeOf(r.x.attr("r")); c > 0 {
			column = c
		}
		v := r.readCell(number)
		if v == "" {
			continue
		}
		if column > models.MaxTableColumns {
			r.x.stop(tooWide())
			return
		}
		for len(values) < column {
			values = append(values, "")
		}
		values[column-1] = v
		r.cells++
		if r.bytes += len(v); r.cells > maxWorkbookCells || r.bytes > maxTableBytes {
			r.x.stop(tooMuch())
			return
		}
	}
	if len(values) > 0 {
		r.lines = append(r.lines, Row{Number: number, Values: values})
	}
}

// readCell gives the value of a cell as a table has it.
func (r *sheetReader) readCell(row int) string {
	kind, style := r.x.attr("t"), r.x.number("s", 0)
	var raw, inline string
	formula := false
	for in := r.x.depth; r.x.more(in); {
		switch r.x.name {
		case "x:v":
			raw = r.x.words()
		case "x:f":
			formula = true
		case "x:is":
			inline = richWords(r.x)
		}
	}
	if kind == "e" || (formula && raw == "" && kind != "str") {
		if len(r.faulty) == 0 || r.faulty[len(r.faulty)-1] != row {
			r.faulty = append(r.faulty, row)
		}
		return ""
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(r.words) {
			return ""
		}
		return r.words[i]
	case "inlineStr":
		return cleanCell(inline)
	case "str":
		return cleanCell(raw)
	case "d":
		return strings.TrimSuffix(cleanCell(raw), "T00:00:00")
	case "b":
		return strconv.FormatBool(strings.TrimSpace(raw) == "1" || raw == "true")
	}
	held := valueNumber
	if style >= 0 && style < len(r.styles) {
		held = r.styles[style]
	}
	return r.value(held, strings.TrimSpace(raw))
}

// spread gives the value of merged cells to each of their rows, beneath the heads of the columns.
func spread(lines []Row, merged []area) []Row {
	at := make(map[int]int, len(lines))
	head := -1
	for i, l := range lines {
		at[l.Number] = i
		if head < 0 && filled(l.Values) > 1 {
			head = l.Number
		}
	}
	for _, a := range merged {
		i, ok := at[a.top]
		if !ok || a.top <= head || a.left > len(lines[i].Values) {
			continue
		}
		v := lines[i].Values[a.left-1]
		for row := a.top + 1; row <= a.bottom && v != ""; row++ {
			j, ok := at[row]
			if !ok {
				continue // nothing else is in that row
			}
			for len(lines[j].Values) < a.left {
				lines[j].Values = append(lines[j].Values, "")
			}
			if lines[j].Values[a.left-1] == "" {
				lines[j].Values[a.left-1] = v
			}
		}
	}
	return lines
}

// placeOf gives the column and the row of a cell such as B12, from 1; zero where it is none.
func placeOf(ref string) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4 && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'; i++ {
		column = column*26 + int(ref[i]|0x20-'a') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	if err != nil || row < 1 || i == 0 {
		return 0, 0
	}
	return column, row
}

// areaOf reads an area such as A3:B5.
func areaOf(ref string) (area, bool) {
	from, to, _ := strings.Cut(ref, ":")
	left, top := placeOf(from)
	_, bottom := placeOf(to)
	return area{top, left, min(bottom, top+models.MaxTableRows)}, top > 0 && bottom > top && left <= models.MaxTableColumns
}
