package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"feltbog/models"
)

// xlsxTable writes an Excel workbook with one sheet. Texts are typed as texts, so that none is taken
// for a formula. The rows wait in a file until all are there, since a workbook's parts can't be
// written side by side.
type xlsxTable struct {
	out     io.Writer
	book    *excelize.File
	sheet   *excelize.StreamWriter
	folder  string // of our own, where excelize keeps the rows
	columns int
	rows    int
	line    []any
}

// What Excel can hold.
const (
	maxCell = excelize.TotalCellChars // UTF-16 code units of one cell
	maxRows = excelize.TotalRows      // rows of one sheet, the heading among them
)

// cutNote ends a cell that had to be cut.
const cutNote = " … [cut here: a cell of Excel holds 32,767 characters]"

func newXLSX(out io.Writer, columns []Column, tempDir string) (w TableWriter, err error) {
	folder, err := os.MkdirTemp(tempDir, "feltbog-export-")
	if err != nil {
		return nil, fmt.Errorf("make room for a workbook: %w", err)
	}
	t := &xlsxTable{
		out: out, folder: folder, columns: len(columns), line: make([]any, len(columns)),
		book: excelize.NewFile(excelize.Options{TmpDir: folder}),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Close())
		}
	}()
	const name = "Sheet1" // the one that a new workbook has
	if t.sheet, err = t.book.NewStreamWriter(name); err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	if err := t.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("begin a sheet: %w", err)
	}
	titles := make([]Cell, len(columns))
	for i, c := range columns {
		titles[i] = Text(c.Title)
	}
	if err := t.Write(titles...); err != nil {
		return nil, err
	}
	return t, nil
}

// Write returns an Invalid error (rows_too_many) for more rows than a sheet can hold.
func (t *xlsxTable) Write(row ...Cell) error {
	if len(row) != t.columns {
		return errCells(len(row), t.columns)
	}
	if t.rows == maxRows {
		return models.Invalid("rows_too_many", "A sheet of Excel holds 1,048,576 rows, and there are more. Export as CSV or JSON Lines, or choose fewer.",
			models.Field{Pointer: "/format", Problem: "too many rows for a sheet"})
	}
	t.rows++
	for i, c := range row {
		switch words := c.words(); {
		case c.kind == cellNumber:
			t.line[i] = c.number
		case c.isNumber():
			t.line[i] = c.value
		case words == "":
			t.line[i] = nil
		default:
			t.line[i] = cut(words)
		}
	}
	at, err := excelize.CoordinatesToCellName(1, t.rows)
	if err == nil {
		err = t.sheet.SetRow(at, t.line)
	}
	if err != nil {
		return fmt.Errorf("write row %d of a sheet: %w", t.rows, err)
	}
	return nil
}

// cut shortens a text to what a cell can hold, and says so.
func cut(s string) string {
	if len(s) <= maxCell {
		return s // no text has more UTF-16 code units than bytes
	}
	units, end := 0, 0
	for i, r := range s {
		units += max(utf16.RuneLen(r), 1)
		if units <= maxCell-len(cutNote) {
			end = i + len(string(r))
		}
		if units > maxCell {
			return s[:end] + cutNote
		}
	}
	return s
}

func (t *xlsxTable) Finish() error {
	if err := t.sheet.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	// Left alone, excelize gathers the whole workbook in memory; so it is given a zip file that goes
	// straight to where the workbook is to go.
	t.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(t.out) })
	if err := t.book.Write(io.Discard); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

func (t *xlsxTable) Close() error {
	return errors.Join(t.book.Close(), os.RemoveAll(t.folder))
}
