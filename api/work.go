package api

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

// workRoutes are the operations that take work out.
func workRoutes() []Route {
	type s = server
	return []Route{
		{http.MethodGet, v1 + "/submissions/:submission/export", models.CourseExport, (*s).exportSubmission, endless},
		{http.MethodGet, v1 + "/exercises/:exercise/export", models.CourseExport, (*s).exportExercise, endless},
	}
}

// paperFormats are what one submission can be taken out as.
var paperFormats = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"pdf":  "application/pdf",
	"json": "application/json",
}

// GET /submissions/:submission/export gives one submission as a document of Word, a PDF or JSON.
func (s *server) exportSubmission(c *gin.Context) error {
	q := parameters(c, "format", "language", "feedback")
	format, language, drafts := q.one("format"), q.one("language"), q.flag("feedback")
	if err := q.done(); err != nil {
		return err
	}
	if format == "" {
		format = "docx"
	}
	mediaType, ok := paperFormats[format]
	if !ok {
		return models.Invalid("format_unknown", "One submission is taken out as docx, pdf or json.", models.Field{Pointer: "/format", Problem: "none of them"})
	}
	words, err := paperWordsIn(language)
	if err != nil {
		return err
	}
	who := actor(c)
	end, err := s.exports.take(who.UserID)
	if err != nil {
		return err
	}
	defer end()
	w, err := s.teaching.Work(c.Request.Context(), who, submission(c), drafts)
	if err != nil {
		return err
	}
	name := fileTitle(w.Name+" "+w.Exercise.Title.In(words.language)) + "." + format
	out := &download{c.Request.Context(), c, mediaType, name}
	switch format {
	case "json":
		err = writeJSON(out, workAsJSON(w))
	case "pdf":
		p := words.paper(w)
		err = p.PDF(out)
	default:
		p := words.paper(w)
		err = p.Docx(out)
	}
	return broken(c, err)
}

// broken ends a file that can't be finished: what has gone out can't become a problem any more.
func broken(c *gin.Context, err error) error {
	if err == nil || !c.Writer.Written() {
		return err
	}
	fail(c, err) // for the log alone
	panic(http.ErrAbortHandler)
}

// fileTitle is a name without what systems don't take in names of files.
func fileTitle(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
}

// takenOut is a submission as a program gets it.
type takenOut struct {
	Exercise     models.Bilingual      `json:"exercise"`
	Name         string                `json:"name"`
	People       []string              `json:"people"`
	Organisation models.Organisation   `json:"organisation"`
	HandIn       *models.HandIn        `json:"handIn,omitempty"`
	Answers      []models.HandedAnswer `json:"answers"`
	Late         bool                  `json:"late"`
	ReturnedAt   *time.Time            `json:"returnedAt,omitempty"`
	Feedback     *models.Feedback      `json:"feedback,omitempty"`
}

func workAsJSON(w *teaching.Work) takenOut {
	people := make([]string, len(w.People))
	for i, p := range w.People {
		people[i] = p.Name
	}
	return takenOut{w.Exercise.Title, w.Name, people, w.Organisation, w.HandIn, w.Answers, w.Late, w.ReturnedAt, w.Feedback}
}

// GET /exercises/:exercise/export gives the work of all: as a table of answers and marks, or as an archive with a
// document for each.
func (s *server) exportExercise(c *gin.Context) error {
	q := parameters(c, "format", "language")
	format, language := q.one("format"), q.one("language")
	if err := q.done(); err != nil {
		return err
	}
	words, err := paperWordsIn(language)
	if err != nil {
		return err
	}
	if format == "" {
		format = string(exchange.FormatCSV)
	}
	if !slices.Contains([]string{"csv", "xlsx", "zip"}, format) {
		return models.Invalid("format_unknown", "The work of all is taken out as csv, xlsx or zip.", models.Field{Pointer: "/format", Problem: "none of them"})
	}
	who, exercise := actor(c), id(c, "exercise")
	e, err := s.teaching.Exercise(c.Request.Context(), who, exercise)
	if err != nil {
		return err
	}
	end, err := s.exports.take(who.UserID)
	if err != nil {
		return err
	}
	defer end()
	ctx, done := s.whileSignedIn(c)
	defer done()
	mediaType := "application/zip"
	if format != "zip" {
		mediaType = exchange.TableFormat(format).MediaType()
	}
	name := fileTitle(e.Title.In(words.language)) + " " + time.Now().UTC().Format(time.DateOnly) + "." + format
	out := &download{ctx, c, mediaType, name}
	each := func(do func(*teaching.Work) error) error { return s.teaching.EachWork(ctx, who, exercise, do) }
	if format == "zip" {
		return broken(c, words.archive(out, each, s.tempDir))
	}
	return broken(c, words.table(out, exchange.TableFormat(format), each, s.tempDir))
}

// works calls do with the work of each.
type works func(do func(*teaching.Work) error) error

// table writes a row for each answer.
func (p *paperWords) table(out io.Writer, format exchange.TableFormat, each works, tempDir string) error {
	t, err := exchange.NewTable(format, out, p.columns(), tempDir)
	if err != nil {
		return err
	}
	defer t.Close() //nolint:errcheck // what was written is told by Finish
	err = each(func(w *teaching.Work) error {
		for i := range w.Answers {
			if err := t.Write(p.row(w, i)...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.Finish()
}

// archive writes a document for each, and the table of all.
func (p *paperWords) archive(out io.Writer, each works, tempDir string) error {
	z := zip.NewWriter(out)
	add := func(name string, at time.Time) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
	}
	used := map[string]bool{}
	err := each(func(w *teaching.Work) error {
		f, err := add(unusedName(used, exchange.FileName(fileTitle(w.Name)))+".docx", w.At)
		if err != nil {
			return err
		}
		paper := p.paper(w)
		return paper.Docx(f)
	})
	if err != nil {
		return err
	}
	f, err := add(p.marksFile, time.Now())
	if err != nil {
		return err
	}
	if err := p.table(f, exchange.FormatCSV, each, tempDir); err != nil {
		return err
	}
	return z.Close()
}

// unusedName gives a name that no other has, in whatever case, by a number behind it if need be.
func unusedName(used map[string]bool, name string) string {
	unused := name
	for n := 2; used[strings.ToLower(unused)]; n++ {
		unused = fmt.Sprintf("%s (%d)", name, n)
	}
	used[strings.ToLower(unused)] = true
	return unused
}
