package exchange

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// csvTable writes comma-separated values (RFC 4180) in UTF-8.
//
// It is made for spreadsheets, and so differs from the bare values in two ways: a byte order mark
// stands first, by which Excel knows UTF-8; and an apostrophe is put before a text that begins with
// one of = + - @ tab and carriage return, which a spreadsheet would take for a formula and carry out
// (CSV injection: OWASP). JSON Lines gives the values as they are.
//
// encoding/csv isn't used, since with the line ends of RFC 4180 it changes those within cells as well.
type csvTable struct {
	out     *bufio.Writer
	columns int
}

// byteOrderMark is U+FEFF.
const byteOrderMark = "\uFEFF"

func newCSV(out io.Writer, columns []Column, _ string) (TableWriter, error) {
	t := &csvTable{out: bufio.NewWriterSize(out, 64<<10), columns: len(columns)}
	titles := make([]Cell, len(columns))
	for i, c := range columns {
		titles[i] = Text(c.Title)
	}
	_, _ = t.out.WriteString(byteOrderMark) // an error stays with the buffer
	if err := t.Write(titles...); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *csvTable) Write(row ...Cell) error {
	if len(row) != t.columns {
		return errCells(len(row), t.columns)
	}
	end := ","
	for i, c := range row {
		if i == len(row)-1 {
			end = "\r\n"
		}
		words := c.words()
		if !c.isNumber() {
			words = guardFormula(words)
		}
		if _, err := t.out.WriteString(quoteCSV(words) + end); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	return nil
}

// guardFormula keeps a spreadsheet from taking a text for a formula.
func guardFormula(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func quoteCSV(s string) string {
	if !strings.ContainsAny(s, "\",;\t\r\n") && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

func (t *csvTable) Finish() error {
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (*csvTable) Close() error { return nil }
