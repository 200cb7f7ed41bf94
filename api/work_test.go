package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"feltbog/exchange"
	"feltbog/models"
)

var workTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"GET /submissions/:submission/export": func(x courseTrial) (string, any, []option) {
		return x.Exercise().Answer(x.student).path + "/export", nil, nil
	},
	"GET /exercises/:exercise/export": func(x courseTrial) (string, any, []option) { return x.Exercise().path + "/export", nil, nil },
}

// words reads a file that was taken out as whoever gets it would.
func wordsOf(t *testing.T, name string, r *reply) string {
	t.Helper()
	program, _ := exec.LookPath("pdftotext")
	d, err := exchange.Read(name, r.raw, exchange.Options{PDFToText: program})
	if err != nil {
		t.Fatalf("%s can't be read: %v", name, err)
	}
	return strings.Join(strings.Fields(d.Content.Text), " ")
}

// TestWorkIsTakenOut opens everything that can be taken out, and reads it back.
func TestWorkIsTakenOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)
	x := c.Exercise(object{"open": true})
	note := x.Released("The registers are what everything else stands on.")
	a := x.Answer(anna).Complete()
	a.Write(0, "=HYPERLINK(\"https://example.org\") is *what* I **wrote** 🙂 about æøå.")
	a.Quote(0, note, "everything else stands").want(http.StatusCreated)
	receipt := a.Submit().want(http.StatusCreated)
	b := x.Answer(bo)
	b.Write(1, "Only begun.")
	w.User("lea").put(a.path+"/feedback", object{"mark": "12", "comment": "Well seen."}).want(http.StatusOK)
	w.User("lea").post(a.path+"/feedback/remarks", object{"promptId": a.prompts[1], "text": "Say more here."}).want(http.StatusCreated)

	for _, format := range []string{"docx", "pdf", "json"} {
		read := func(r *reply) string {
			if format == "json" {
				return string(r.raw)
			}
			return wordsOf(t, "a."+format, r)
		}
		r := anna.get(a.path + "/export?format=" + format).want(http.StatusOK)
		if got := r.header.Get("Content-Disposition"); !strings.Contains(got, "."+format) {
			t.Errorf("Content-Disposition = %s", got)
		}
		got := read(r)
		for _, want := range []string{"Havnsø Kommune", "everything else stands", "the words of source 3", "They say so themselves."} {
			if !strings.Contains(got, want) {
				t.Errorf("%q isn't in the %s: %s", want, format, got)
			}
		}
		if squeezed := strings.ReplaceAll(got, " ", ""); !strings.Contains(squeezed, receipt.text("hash")) {
			t.Errorf("the receipt isn't in the %s", format)
		}
		if strings.Contains(got, "Well seen.") || strings.Contains(got, "Say more here.") {
			t.Errorf("feedback that wasn't returned is in the %s", format)
		}
		if got := read(w.User("lea").get(a.path + "/export?feedback=true&format=" + format).want(http.StatusOK)); !strings.Contains(got, "Well seen.") || !strings.Contains(got, "Say more here.") {
			t.Errorf("the feedback that was asked for isn't in the %s", format)
		}
		if strings.Contains(read(anna.get(a.path+"/export?feedback=true&format="+format).want(http.StatusOK)), "Well seen.") {
			t.Errorf("a student may ask for feedback that wasn't returned, as %s", format)
		}
	}
	bo.get(a.path+"/export").refused(http.StatusNotFound, "submission_not_found")
	x.Bring(bo, "What bo alone has seen.")
	taken, err := w.options.Teaching.Work(t.Context(), models.Actor{UserID: models.ID(anna.id)}, models.ID(a.id), false)
	if err != nil || len(taken.Sources) != 1 || taken.Sources[models.ID(note.id)].Title == "" {
		t.Errorf("of notes is taken out %v, %v", taken.Sources, err)
	}
	if got := wordsOf(t, "b.docx", bo.get(b.path+"/export?language=da").want(http.StatusOK)); !strings.Contains(got, "Only begun.") || !strings.Contains(got, "Ikke afleveret.") {
		t.Errorf("what isn't submitted reads %s", got)
	}
	anna.get(a.path+"/export?format=odt").refused(http.StatusUnprocessableEntity, "format_unknown")
	anna.get(a.path+"/export?language=de").refused(http.StatusUnprocessableEntity, "language_unknown")

	table := w.User("lea").get(x.path + "/export").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(table.raw), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+2*len(a.prompts) {
		t.Fatalf("the table has %d rows", len(rows))
	}
	find := func(name string, prompt int) []string {
		all := slices.DeleteFunc(slices.Clone(rows[1:]), func(r []string) bool { return r[0] != name })
		return all[prompt]
	}
	if got := find("anna", 0); strings.HasPrefix(got[7], "=") || !strings.Contains(got[7], "HYPERLINK") || got[2] != "anna@example.org" || got[9] != "2" || got[14] != "12" || got[15] != "Well seen." || got[13] != receipt.text("hash") {
		t.Errorf("the row of anna is %q", got)
	}
	if got := find("anna", 1); !strings.Contains(got[16], "Say more here.") {
		t.Errorf("the second row of anna is %q", got)
	}
	if got := find("bo", 1); got[7] != "Only begun." || got[11] != "" {
		t.Errorf("the row of bo is %q", got)
	}

	book, err := excelize.OpenReader(bytes.NewReader(w.User("lea").get(x.path + "/export?format=xlsx&language=da").want(http.StatusOK).raw))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(cells) != len(rows) || cells[0][0] != "Navn" {
		t.Errorf("the workbook has %d rows, %v", len(cells), err)
	}

	raw := w.User("lea").get(x.path + "/export?format=zip").want(http.StatusOK).raw
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) != 3 || files["anna.docx"] == nil || files["bo.docx"] == nil || !bytes.Equal(files["answers and marks.csv"], table.raw) {
		t.Errorf("in the archive are %d files", len(files))
	}
	if got := wordsOf(t, "a.docx", &reply{raw: files["anna.docx"]}); !strings.Contains(got, "Well seen.") {
		t.Error("the archive lacks the feedback")
	}

	w.User("lea").post(a.path+"/return", nil).want(http.StatusOK)
	if got := wordsOf(t, "a.docx", anna.get(a.path+"/export").want(http.StatusOK)); !strings.Contains(got, "Well seen.") || !strings.Contains(got, "12") {
		t.Error("the feedback that was returned isn't in the document")
	}
}

// TestAGroupsMarkIsOfThoseWhoSubmitted moves students to other groups after they submitted.
func TestAGroupsMarkIsOfThoseWhoSubmitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna, bo, cia := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent), c.Join("cia", models.RoleStudent)
	group, other := c.Grouped("Registers", anna, bo), c.Grouped("Silos", cia)
	x := c.Exercise(object{"work": "group", "passages": 0})
	k := x.Writes(anna, "Data came late.", ofGroup(group)).Submits()
	c.ChangeMembership(anna, func(m *models.CourseMember) { m.GroupID = other })
	c.ChangeMembership(cia, func(m *models.CourseMember) { m.GroupID = group })
	bo.post(c.path+"/leave", nil).want(http.StatusNoContent)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(c.get(x.path+"/export").want(http.StatusOK).raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1+len(k.prompts) || rows[1][0] != "Registers" || rows[1][1] != "anna; bo" {
		t.Errorf("the table is %q, %v", rows, err)
	}
	if err := k.TakesBack(); models.KindOf(err) != models.KindNotFound { // anna isn't in the group any more
		t.Errorf("anna takes it back: %v", err)
	}
}

// TestNoWorkIsWrittenOverInAnArchive has people of the same name, and one whose name is what the second of them gets.
func TestNoWorkIsWrittenOverInAnArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise(object{"passages": 0})
	for i, name := range []string{"Anna", "ANNA", "Anna (2)", "Anna (2)"} {
		who := c.Join([]string{"a", "b", "c", "d"}[i], models.RoleStudent)
		c.ChangeMembership(who, func(m *models.CourseMember) { m.Name = name })
		x.Writes(who, "Data came late.")
	}
	raw := c.get(x.path + "/export?format=zip").want(http.StatusOK).raw
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range archive.File {
		names[strings.ToLower(f.Name)] = true
	}
	if len(names) != 5 {
		t.Errorf("four documents and a table are in files of %d names: %v", len(names), names)
	}
}
