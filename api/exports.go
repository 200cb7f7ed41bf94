package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// ExportKind is what an export holds.
type ExportKind string

// What can be exported.
const (
	ExportCodings  ExportKind = "codings"
	ExportNotes    ExportKind = "notes"
	ExportCodebook ExportKind = "codebook"
)

// ExportKinds lists what can be exported.
func ExportKinds() []ExportKind {
	return []ExportKind{ExportCodings, ExportNotes, ExportCodebook}
}

// Export says what goes into a file, and how.
type Export struct {
	What   ExportKind
	Format exchange.TableFormat
	// Filter selects codings; the other kinds don't look at it.
	Filter coding.CodingFilter
	// TempDir is where a workbook waits until all its rows are there; the system's own if empty.
	TempDir string
}

// WriteExport writes what the actor may read of a project to out, row by row, and says how many rows
// there were. With an error, what was written is no whole file.
func WriteExport(ctx context.Context, service *coding.Service, actor models.Actor, space models.ID, e Export, out io.Writer) (rows int, err error) {
	columns, ok := exportColumns[e.What]
	if !ok {
		return 0, fmt.Errorf("there is no export of %q", e.What)
	}
	var attributes models.Definitions
	if e.What == ExportNotes {
		project, err := service.Project(ctx, actor, space)
		if err != nil {
			return 0, err
		}
		attributes = project.Attributes
		columns = append(slices.Clone(columns), attributeColumns(columns, attributes)...)
	}
	table, err := exchange.NewTable(e.Format, out, columns, e.TempDir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	write := func(cells []exchange.Cell) error {
		rows++
		return table.Write(cells...)
	}
	switch e.What {
	case ExportCodings:
		err = service.ExportCodings(ctx, actor, space, e.Filter, func(c coding.ExportedCoding) error { return write(codingCells(c)) })
	case ExportNotes:
		err = service.ExportNotes(ctx, actor, space, func(n coding.ExportedNote) error { return write(noteCells(n, attributes)) })
	case ExportCodebook:
		err = service.ExportCodebook(ctx, actor, space, func(c coding.ExportedCode) error { return write(codeCells(c)) })
	}
	if err != nil {
		return rows, err
	}
	return rows, table.Finish()
}

// exportColumns are the columns of each export, in the order of the cells below. The headings of the
// codebook are those that exchange.ReadCodebookCSV reads.
var exportColumns = map[ExportKind][]exchange.Column{
	ExportCodings: {
		{Key: "site", Title: "Site"},
		{Key: "note", Title: "Note"},
		{Key: "kind", Title: "Kind"},
		{Key: "observedOn", Title: "Observed on"},
		{Key: "participants", Title: "Participants"},
		{Key: "coder", Title: "Coder"},
		{Key: "code", Title: "Code"},
		{Key: "quote", Title: "Quote"},
		{Key: "start", Title: "Start"},
		{Key: "end", Title: "End"},
		{Key: "textVersion", Title: "Text version"},
		{Key: "memos", Title: "Memos"},
		{Key: "comments", Title: "Comments"},
		{Key: "createdAt", Title: "Created at"},
		{Key: "id", Title: "Coding id"},
		{Key: "noteId", Title: "Note id"},
		{Key: "codeId", Title: "Code id"},
		{Key: "coderId", Title: "Coder id"},
		{Key: "siteId", Title: "Site id"},
	},
	ExportNotes: {
		{Key: "title", Title: "Title"},
		{Key: "kind", Title: "Kind"},
		{Key: "site", Title: "Site"},
		{Key: "observedOn", Title: "Observed on"},
		{Key: "startsAt", Title: "Starts at"},
		{Key: "endsAt", Title: "Ends at"},
		{Key: "observer", Title: "Observer"},
		{Key: "participants", Title: "Participants"},
		{Key: "language", Title: "Language"},
		{Key: "phase", Title: "Phase"},
		{Key: "purpose", Title: "Purpose"},
		{Key: "agenda", Title: "Agenda"},
		{Key: "words", Title: "Words"},
		{Key: "text", Title: "Text"},
		{Key: "id", Title: "Note id"},
	},
	ExportCodebook: {
		{Key: "path", Title: "Path"},
		{Key: "key", Title: "Key"},
		{Key: "parent", Title: "Parent"},
		{Key: "name", Title: "Name"},
		{Key: "letter", Title: "Letter"},
		{Key: "colour", Title: "Colour"},
		{Key: "definition", Title: "Definition"},
		{Key: "whenToUse", Title: "When to use"},
		{Key: "whenNot", Title: "When not"},
		{Key: "examples", Title: "Examples"},
		{Key: "codings", Title: "Codings"},
	},
}

func codingCells(c coding.ExportedCoding) []exchange.Cell {
	return []exchange.Cell{
		exchange.Text(c.Site), exchange.Text(c.Note.Title), exchange.Text(c.Note.Kind),
		exchange.Text(c.Note.ObservedOn), exchange.List("; ", c.Participants...),
		exchange.Text(c.Coder), exchange.Text(c.CodePath), exchange.Text(c.Anchor.Quote),
		exchange.Number(c.Anchor.Start), exchange.Number(c.Anchor.End), exchange.Number(c.Anchor.TextVersion),
		exchange.List("\n\n", c.Memos...), exchange.List("\n\n", c.Comments...), exchange.Text(c.CreatedAt.UTC().Format(time.RFC3339)),
		exchange.Text(c.ID), exchange.Text(c.NoteID), exchange.Text(c.CodeID),
		exchange.Text(c.CoderID), exchange.Text(c.Note.SiteID),
	}
}

// attributeColumns are the columns of a project's attributes. One that is named as another column is
// says so.
func attributeColumns(others []exchange.Column, attributes models.Definitions) []exchange.Column {
	out := make([]exchange.Column, len(attributes))
	for i, a := range attributes {
		out[i] = exchange.Column{Key: "attribute:" + a.Name, Title: a.Name}
		if slices.ContainsFunc(others, func(c exchange.Column) bool { return strings.EqualFold(c.Title, a.Name) }) {
			out[i].Title += " (attribute)"
		}
	}
	return out
}

func noteCells(n coding.ExportedNote, attributes models.Definitions) []exchange.Cell {
	var meeting models.Meeting
	if n.Meeting != nil {
		meeting = *n.Meeting
	}
	words := 0
	for range strings.FieldsSeq(n.Text) {
		words++
	}
	cells := []exchange.Cell{
		exchange.Text(n.Title), exchange.Text(n.Kind), exchange.Text(n.Site),
		exchange.Text(n.ObservedOn), exchange.Text(n.StartsAt), exchange.Text(n.EndsAt),
		exchange.Text(n.Observer), exchange.List("; ", n.Participants...),
		exchange.Text(n.Language), exchange.Text(n.Phase), exchange.Text(meeting.Purpose),
		exchange.List("\n", meeting.Agenda...), exchange.Number(words), exchange.Text(n.Text),
		exchange.Text(n.ID),
	}
	for _, a := range attributes {
		cells = append(cells, exchange.Value(n.Attributes[a.ID]))
	}
	return cells
}

func codeCells(c coding.ExportedCode) []exchange.Cell {
	not := make([]string, len(c.WhenNot))
	for i, w := range c.WhenNot {
		line := w.Text
		if w.Against != "" {
			line = w.Against + ": " + line
		}
		if w.Example != "" {
			line += " (" + w.Example + ")"
		}
		not[i] = line
	}
	return []exchange.Cell{
		exchange.Text(c.Path), exchange.Text(c.Key), exchange.Text(c.ParentKey), exchange.Text(c.Name),
		exchange.Text(c.Letter), exchange.Number(c.Colour), exchange.Text(c.Definition),
		exchange.Text(c.WhenToUse), exchange.List("\n", not...), exchange.List("\n", c.Examples...),
		exchange.Number(c.Codings),
	}
}

// GET /projects/:project/exports/codings sends codings as a file: all, or those of the same filters
// that the list of codings has.
func (s *server) exportCodings(c *gin.Context) error {
	q := parameters(c, append([]string{"format"}, codingFilters...)...)
	return s.export(c, q, Export{What: ExportCodings, Filter: codingFilter(q)})
}

// GET /projects/:project/exports/notes sends the notes with their words as a file.
func (s *server) exportNotes(c *gin.Context) error {
	return s.export(c, parameters(c, "format"), Export{What: ExportNotes})
}

// GET /projects/:project/exports/codebook sends the codebook as a file.
func (s *server) exportCodebook(c *gin.Context) error {
	return s.export(c, parameters(c, "format"), Export{What: ExportCodebook})
}

// export sends a file while it is made. What fails before its first bytes is answered as a problem.
// After them the connection is broken off, so that nobody takes what came for the whole.
func (s *server) export(c *gin.Context, q *query, e Export) error {
	format := q.one("format")
	if err := q.done(); err != nil {
		return err
	}
	var err error
	if e.Format, err = exchange.ParseTableFormat(format); err != nil {
		return err
	}
	e.TempDir = s.tempDir
	who := actor(c)
	project, err := s.coding.Project(c.Request.Context(), who, space(c))
	if err != nil {
		return err
	}
	done, err := s.exports.take(who.UserID)
	if err != nil {
		return err
	}
	defer done()
	ctx, end := s.whileSignedIn(c)
	defer end()
	out := &download{ctx, c, e.Format.MediaType(), ExportName(project.Name, e, time.Now())}
	_, err = WriteExport(ctx, s.coding, who, space(c), e, out)
	if ended := context.Cause(ctx); err != nil && models.KindOf(ended) == models.KindUnauthenticated {
		err = ended
	}
	switch {
	case err == nil:
		_, err = out.Write(nil) // JSON Lines without a row are a file of no bytes
	case c.Writer.Written():
		fail(c, err) // for the log alone: nothing more can be answered
		panic(http.ErrAbortHandler)
	}
	return err
}

// ExportName is the name of an exported file: the project's, what is in it, and the day (UTC). It has
// no characters that some system doesn't take in a file's name.
func ExportName(project string, e Export, at time.Time) string {
	project = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, project)
	return exchange.FileName(fmt.Sprintf("%s %s %s.%s", project, e.What, at.UTC().Format(time.DateOnly), e.Format))
}

// download is an answer whose headers say that it is a file from the first byte on, and not before:
// until then it can still become a problem.
type download struct {
	ctx             context.Context //nolint:containedctx // an io.Writer is given none
	c               *gin.Context
	mediaType, name string
}

func (d *download) Write(b []byte) (int, error) {
	// First the deadline, then the look: the other way round, a session that ends between the two would
	// wait for its reader after all.
	_ = http.NewResponseController(d.c.Writer).SetWriteDeadline(time.Now().Add(exportStall)) // where there are any
	if d.ctx.Err() != nil {
		return 0, context.Cause(d.ctx)
	}
	if !d.c.Writer.Written() {
		d.c.Header("Content-Type", d.mediaType)
		d.c.Header("Content-Disposition", attachment(d.name))
		d.c.Status(http.StatusOK)
	}
	return d.c.Writer.Write(b)
}
