package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// jsonlTable writes JSON Lines: an object for each row, with the keys of the columns in their order.
// Nothing is guarded or cut, and a list is an array.
type jsonlTable struct {
	out  *bufio.Writer
	keys []string // each with what stands before its value
	line bytes.Buffer
}

func newJSONL(out io.Writer, columns []Column, _ string) (TableWriter, error) {
	t := &jsonlTable{out: bufio.NewWriterSize(out, 64<<10), keys: make([]string, len(columns))}
	for i, c := range columns {
		key, err := json.Marshal(c.Key)
		if err != nil {
			return nil, fmt.Errorf("write JSON: %w", err)
		}
		before := ","
		if i == 0 {
			before = "{"
		}
		t.keys[i] = before + string(key) + ":"
	}
	return t, nil
}

func (t *jsonlTable) Write(row ...Cell) error {
	if len(row) != len(t.keys) {
		return errCells(len(row), len(t.keys))
	}
	t.line.Reset()
	e := json.NewEncoder(&t.line)
	e.SetEscapeHTML(false)
	for i, c := range row {
		t.line.WriteString(t.keys[i])
		if err := e.Encode(c.inJSON()); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		t.line.Truncate(t.line.Len() - 1) // the line end that Encode adds
	}
	t.line.WriteString("}\n")
	if _, err := t.line.WriteTo(t.out); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// inJSON gives a cell as JSON has it.
func (c Cell) inJSON() any {
	switch c.kind {
	case cellNumber:
		return c.number
	case cellList:
		return append([]string{}, c.list...)
	case cellValue:
		return c.value
	case cellText:
	}
	return c.text
}

func (t *jsonlTable) Finish() error {
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (*jsonlTable) Close() error { return nil }
