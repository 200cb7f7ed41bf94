package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

// roster is what was understood of a table of students.
type roster struct {
	Rows       []rosterRow `json:"rows"`
	Added      int         `json:"added"`
	Known      int         `json:"known"`
	Duplicates int         `json:"duplicates"`
	Faulty     int         `json:"faulty"`
	Encoding   string      `json:"encoding"`
	Delimiter  string      `json:"delimiter"`
}

type rosterRow struct {
	Line    int                  `json:"line"`
	Name    string               `json:"name"`
	Email   string               `json:"email"`
	Group   string               `json:"group"`
	State   teaching.RosterState `json:"state"`
	Problem *problem             `json:"problem,omitempty"`
}

// POST /courses/:course/roster adds the students of a table.
func (s *server) enrol(c *gin.Context) error {
	q := parameters(c, "preview", "encoding")
	preview, encoding := q.flag("preview"), q.one("encoding")
	if err := q.done(); err != nil {
		return err
	}
	found, err := s.teaching.Enrol(c.Request.Context(), actor(c), course(c), preview, func(ctx context.Context) (teaching.RosterTable, error) {
		return s.readRoster(ctx, bodyOf(c), encoding)
	})
	if err != nil {
		return err
	}
	out := roster{
		Rows: make([]rosterRow, len(found.Rows)), Added: found.Added, Known: found.Known, Duplicates: found.Duplicates, Faulty: found.Faulty,
		Encoding: found.Encoding, Delimiter: found.Delimiter,
	}
	for i, r := range found.Rows {
		out.Rows[i] = rosterRow{Line: r.Line, Name: r.Name, Email: r.Email, Group: r.Group, State: r.State}
		if r.Problem != nil {
			p := problemOf(r.Problem)
			out.Rows[i].Problem = &p
		}
	}
	return answer(c, http.StatusOK, out)
}

// readRoster reads a table of whatever kind, in a process of its own. Workbooks are known by their first bytes.
func (s *server) readRoster(ctx context.Context, data []byte, encoding string) (teaching.RosterTable, error) {
	name := "roster.csv"
	if bytes.HasPrefix(data, []byte("PK")) {
		name = "roster.xlsx"
	}
	sheet, err := s.files.Sheet(ctx, name, data, exchange.Options{Bare: true, Encoding: encoding})
	if refused, ok := errors.AsType[*models.Error](err); ok && refused.Code == "format_unknown" {
		err = models.Invalid("roster_not_a_table", "This file isn't a table. A roster is a CSV file or a workbook, with names and e-mail addresses.").Because(err)
	}
	if err != nil {
		return teaching.RosterTable{}, err
	}
	table := teaching.RosterTable{Encoding: sheet.Encoding, Delimiter: sheet.Separator, Lines: make([]teaching.RosterLine, len(sheet.Rows))}
	for i, r := range sheet.Rows {
		table.Lines[i] = teaching.RosterLine{Number: r.Number, Values: r.Values}
	}
	return table, nil
}
