package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/sandbox"
)

// uploadedTable is what was understood of a table, with its first rows by the names of their columns.
type uploadedTable struct {
	*models.UploadedTable
	Preview []previewedRow `json:"preview"`
}

// previewedRow is a row as it was understood, in the order of the columns.
type previewedRow struct {
	columns []models.TableColumn
	values  []string
}

// MarshalJSON writes the columns that aren't left out.
func (r previewedRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range r.columns {
		if c.Field == "" || i >= len(r.values) {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		for j, text := range []string{c.Name, r.values[i]} {
			quoted, err := json.Marshal(text)
			if err != nil {
				return nil, fmt.Errorf("write a row: %w", err)
			}
			if j > 0 {
				b.WriteByte(':')
			}
			b.Write(quoted)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func tableOf(t *models.UploadedTable) *uploadedTable {
	out := &uploadedTable{UploadedTable: t, Preview: make([]previewedRow, len(t.Preview))}
	for i, row := range t.Preview {
		out.Preview[i] = previewedRow{t.Columns, row}
	}
	return out
}

// readTable reads a table for an import in one step. One that leaves a question is refused, and names it.
func readTable(ctx context.Context, files *sandbox.Pool, u *coding.Upload) {
	sheet, err := files.Sheet(ctx, u.Name, u.Data, exchange.Options{})
	if err != nil {
		u.Problem = faultOf(err)
		return
	}
	fields := u.Fields
	u.Table = func(attributes []models.Attribute) (coding.Table, error) {
		table := exchange.GuessTable(&sheet, attributes)
		if len(table.Questions) > 0 {
			return coding.Table{}, coding.Ambiguous(table.Questions)
		}
		mapping := table.Mapping()
		rows, err := exchange.TableRows(&sheet, mapping, attributes)
		return coding.Table{Mapping: mapping, Rows: rows, Fields: fields}, err
	}
}
