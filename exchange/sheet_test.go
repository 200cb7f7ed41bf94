package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"feltbog/exchange"
	"feltbog/models"
)

// sheetOf reads a table that can be read.
func sheetOf(t *testing.T, name, data string) exchange.Sheet {
	t.Helper()
	s, err := exchange.ReadSheet(name, []byte(data), exchange.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// lines writes a table as lines of values with | between them, the heads first.
func lines(s exchange.Sheet) string {
	out := []string{strings.Join(s.Columns, "|")}
	for _, r := range s.Rows {
		out = append(out, fmt.Sprintf("%d %s", r.Number, strings.Join(r.Values, "|")))
	}
	return strings.Join(out, "\n")
}

func warned(s exchange.Sheet) string {
	var out []string
	for _, w := range s.Warnings {
		out = append(out, w.Code+": "+w.Sentence)
	}
	return strings.Join(out, "\n")
}

func TestSeparatedValues(t *testing.T) {
	for _, c := range []struct {
		name, file, data, want string
	}{
		{"commas", "a.csv", "Title,Text\nOne,\"Words, and more\"\nTwo,\"Two \"\"lines\"\"\nhere\"\nThree,x\n", "Title|Text\n2 One|Words, and more\n3 Two|Two \"lines\"\nhere\n5 Three|x"},
		{"semicolons with decimal commas and commas in the words", "a.csv", "Titel;Antal;Tekst\nEn;1,5;Ja, det gør han\nTo;2,5;Nej, aldrig, sagde hun, aldrig\n", "Titel|Antal|Tekst\n2 En|1,5|Ja, det gør han\n3 To|2,5|Nej, aldrig, sagde hun, aldrig"},
		{"tabs", "a.tsv", "name\tkind\nTown hall\tmunicipality\n", "name|kind\n2 Town hall|municipality"},
		{"tabs in a file that says csv", "a.csv", "name\tkind\nTown, hall\tmunicipality\n", "name|kind\n2 Town, hall|municipality"},
		{"bars", "a.csv", "name|kind\nTown hall|municipality\n", "name|kind\n2 Town hall|municipality"},
		{"a line that names the separator", "a.csv", "sep=;\nname;note, long\nA;b\n", "name|note, long\n3 A|b"},
		{"a byte order mark, and line ends of Windows", "a.csv", "\ufeffname,kind\r\nA,\"b\r\nc\"\r\n", "name|kind\n2 A|b\nc"},
		{"line ends of old Macs", "a.csv", "name,kind\rA,b\r", "name|kind\n2 A|b"},
		{"a code page", "a.csv", "Navn;Slags\nR\xe5dhuset i \xc5rhus og \xd8ster Alling;kommune\nK\xf8ge;kommune\n", "Navn|Slags\n2 Rådhuset i Århus og Øster Alling|kommune\n3 Køge|kommune"},
		{"one column", "a.csv", "name\nTown hall\nLibrary\n", "name\n2 Town hall\n3 Library"},
		{"quotation marks within values", "a.csv", "Title,Text\nOne,He said \"no\" twice\n", "Title|Text\n2 One|He said \"no\" twice"},
		{"a title above, blank lines, and names that are missing or double", "a.csv", "Our sites 2024,,,\n\nName,,Name,\nA,b,c,\n,,,\nD,,f,\n", "Name|Column 2|Name (2)\n4 A|b|c\n6 D||f"},
		{"formulas are values and nothing more", "a.csv", "Title,Text\n=1+1,@SUM(A1)\n", "Title|Text\n2 =1+1|@SUM(A1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, lines(sheetOf(t, c.file, c.data))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRaggedRowsAreToldOfByTheirNumbers(t *testing.T) {
	s := sheetOf(t, "a.csv", "Title,Date,Text\nOne,2024-01-01,Words\nTwo,Words\nThree,2024-01-01,Words, and a comma\nFour,2024-01-01,Words\n")
	if got := lines(s); got != "Title|Date|Text\n2 One|2024-01-01|Words\n3 Two|Words|\n4 Three|2024-01-01|Words\n5 Four|2024-01-01|Words" {
		t.Error(got)
	}
	want := "rows_short: Fewer values than there are columns stand in row 3. Look whether they are in the right columns.\n" +
		"rows_long: More values than there are columns stand in row 4. Those beyond the last column were left out."
	if diff := cmp.Diff(want, warned(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTablesOfOthers(t *testing.T) {
	for _, c := range []struct {
		file string
		want exchange.Sheet
		text string
		warn string
	}{
		{
			"stanley-cups-utf-16.csv",
			exchange.Sheet{Others: []string{}, Format: exchange.FileCSV, Encoding: "utf-16be", Separator: ","},
			"Team|Location|Stanley Cups\n3 Blues|STL|1\n4 Flyers|PHI|2\n5 Maple Leafs|TOR|13",
			"rows_above: Above the names of the columns stands something that was left out, in row 1.",
		},
		{
			"testEXCEL_dateFormats.xlsx",
			exchange.Sheet{Name: "Munka1", Others: []string{}, Format: exchange.FileXLSX},
			"date\n2 2018-09-20\n3 1996-08-10", "",
		},
	} {
		data, err := os.ReadFile("testdata/documents/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		s := sheetOf(t, c.file, string(data))
		if diff := cmp.Diff(c.want, s, cmpopts.IgnoreFields(exchange.Sheet{}, "Columns", "Rows", "Warnings")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.file, diff)
		}
		if diff := cmp.Diff(c.text+"\n"+c.warn, lines(s)+"\n"+warned(s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.file, diff)
		}
	}
}

// workbook makes a workbook.
func workbook(t *testing.T, build func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	build(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// withSheet makes a workbook of the rows of its only sheet.
func withSheet(t *testing.T, rows string) string {
	t.Helper()
	plain := workbook(t, func(*excelize.File) {})
	whole, err := zip.NewReader(strings.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range whole.File {
		if f.Name == "xl/worksheets/sheet1.xml" {
			continue
		}
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows+`</sheetData></worksheet>`); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWorkbooks(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	styled := func(f *excelize.File, cell, format string, v float64) {
		t.Helper()
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		must(err)
		must(f.SetCellValue("Notes", cell, v))
		must(f.SetCellStyle("Notes", cell, cell, style))
	}
	data := workbook(t, func(f *excelize.File) {
		_, err := f.NewSheet("Notes")
		must(err)
		_, err = f.NewSheet("Sites")
		must(err)
		must(f.SetCellStr("Sites", "A1", "Name"))
		must(f.SetSheetRow("Notes", "A1", &[]any{"Notes of 2024"}))
		must(f.SetSheetRow("Notes", "A3", &[]any{"Title", "Date", "Start", "When", "Number", "Yes", "Code", "Site", "Sum"}))
		must(f.SetSheetRow("Notes", "A4", &[]any{"Én", nil, nil, nil, 0.1 + 0.2, true, "007", "Town hall"}))
		styled(f, "B4", "[$-406]d. mmmm yyyy", 45385)
		styled(f, "C4", "hh:mm", 0.5625)
		styled(f, "D4", `dd\-mm\-yyyy hh:mm`, 45385.75)
		must(f.SetSheetRow("Notes", "A6", &[]any{"To", "3. april 2024", nil, nil, 1e21, false, "#N/A as words"}))
		styled(f, "E7", `#,##0 "days"`, 45385)
		must(f.SetCellStr("Notes", "A7", "Tre"))
		must(f.MergeCell("Notes", "H4", "H7"))
		must(f.SetCellFormula("Notes", "I4", "1+1"))
	})
	s := sheetOf(t, "notes.xlsx", data)
	want := "Title|Date|Start|When|Number|Yes|Code|Site|Sum\n" +
		"4 Én|2024-04-03|13:30|2024-04-03 18:00|0.3|true|007|Town hall|\n" +
		"6 To|3. april 2024|||1000000000000000000000|false|#N/A as words|Town hall|\n" +
		"7 Tre||||45385|||Town hall|"
	if diff := cmp.Diff(want, lines(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.Name != "Notes" || strings.Join(s.Others, ",") != "Sites" || s.Separator != "" {
		t.Errorf("%q beside %q, separated by %q", s.Name, s.Others, s.Separator)
	}
	t.Run("a sheet that is asked for", func(t *testing.T) {
		_, err := exchange.ReadSheet("notes.xlsx", []byte(data), exchange.Options{Sheet: "Nowhere"})
		checkProblem(t, err, "sheet_unknown")
		_, err = exchange.ReadSheet("notes.xlsx", []byte(data), exchange.Options{Sheet: "Sites"})
		checkProblem(t, err, "table_empty")
	})
	t.Run("a formula is its value", func(t *testing.T) {
		s := sheetOf(t, "a.xlsx", withSheet(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c><c r="B1" t="str"><f>"S"&amp;"um"</f><v>Sum</v></c></row>`+
			`<row r="3"><c r="A3" t="inlineStr"><is><r><t>On</t></r><r><t>e</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="B3"><f>1+1</f><v>2</v></c></row>`+
			`<row><c t="inlineStr"><is><t>Two</t></is></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`))
		if got := lines(s) + "; " + warned(s); got != "Title|Sum\n3 One|2\n4 Two|; cells_faulty: A formula that has no value, such as #N/A, was left empty in row 4." {
			t.Error(got)
		}
	})
	t.Run("dates that count from 1904", func(t *testing.T) {
		s := sheetOf(t, "a.xlsx", workbook(t, func(f *excelize.File) {
			must(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)}))
			must(f.SetSheetRow("Sheet1", "A1", &[]any{"Title", "Date"}))
			must(f.SetSheetRow("Sheet1", "A2", &[]any{"One", 43923}))
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			must(err)
			must(f.SetCellStyle("Sheet1", "B2", "B2", style))
		}))
		if got := lines(s); got != "Title|Date\n2 One|2024-04-03" {
			t.Error(got)
		}
	})
}

// problem gives the error that people can act on, nil if there is none.
func problem(err error) *models.Error {
	e, _ := errors.AsType[*models.Error](err)
	return e
}

func checkProblem(t *testing.T, err error, code string) {
	t.Helper()
	p := problem(err)
	if p == nil || p.Code != code || p.Sentence == "" {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestTablesThatAreRefused(t *testing.T) {
	empty := workbook(t, func(*excelize.File) {})
	bomb := withSheet(t, strings.Repeat(" ", 65<<20))
	many := func() string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 10_001 {
			_, _ = z.Create(fmt.Sprintf("xl/%d", i))
		}
		_ = z.Close()
		return b.String()
	}()
	locked := workbook(t, func(*excelize.File) {})
	var b bytes.Buffer
	f, err := excelize.OpenReader(strings.NewReader(locked))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, data, code string }{
		{"empty.csv", "", "file_empty"},
		{"heads.csv", "Title,Text\n", "table_empty"},
		{"blank.csv", ",,\n,,\n", "table_empty"},
		{"open.csv", "Title,Text\nOne,\"never closed\nTwo,x\n", "table_quotes"},
		{"binary.csv", "\x00\x01\x02\x03\x00\x00", "file_binary"},
		{"long.csv", "Title,Text\n" + strings.Repeat("a,b\n", models.MaxTableRows+1), "table_too_large"},
		{"wide.csv", strings.Repeat("a,", models.MaxTableColumns+1) + "b\n1,2\n", "table_too_large"},
		{"much.csv", "Title,Text\n" + strings.Repeat("a,"+strings.Repeat("b", 1<<20)+"\n", 25), "table_too_large"},
		{"empty.xlsx", empty, "table_empty"},
		{"cut.xlsx", empty[:len(empty)/2], "file_damaged"},
		{"words.xlsx", "Title,Text", "format_mismatch"},
		{"spread.xlsx", withSheet(t, `<row r="1"><c r="XFD1"><v>1</v></c></row>`), "table_too_large"},
		{"bomb.xlsx", bomb, "file_too_large_inside"},
		{"many.xlsx", many, "file_too_many_inside"},
		{"locked.xlsx", b.String(), "file_protected"},
		{"note.txt", "Words.", "format_unknown"},
	} {
		_, err := exchange.ReadSheet(c.name, []byte(c.data), exchange.Options{})
		t.Run(c.name, func(t *testing.T) { checkProblem(t, err, c.code) })
	}
}

func FuzzSheet(f *testing.F) {
	seeds := []string{"Title;Text\nOne;\"x\"\n", "a\tb\n1\t2", "sep=,\na,b\n1", "\xff\xfea\x00,\x00b\x00\n\x001\x00"}
	for _, file := range []string{"stanley-cups-utf-16.csv", "testEXCEL_dateFormats.xlsx"} {
		data, err := os.ReadFile("testdata/documents/" + file)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(data))
	}
	for _, s := range seeds {
		f.Add("a.csv", []byte(s))
		f.Add("a.xlsx", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		s, err := exchange.ReadSheet(name, data, exchange.Options{})
		if err != nil {
			if problem(err) == nil {
				t.Fatalf("%v is no problem for people", err)
			}
			return
		}
		if len(s.Rows) == 0 || len(s.Rows) > models.MaxTableRows || len(s.Columns) == 0 || len(s.Columns) > models.MaxTableColumns {
			t.Fatalf("%d rows, %d columns", len(s.Rows), len(s.Columns))
		}
		for _, r := range s.Rows {
			if len(r.Values) != len(s.Columns) || r.Number < 1 {
				t.Fatalf("row %d has %d values of %d", r.Number, len(r.Values), len(s.Columns))
			}
			for _, v := range r.Values {
				if n, err := exchange.Normalise(v); err != nil || n != v {
					t.Fatalf("%q isn't normalised", v)
				}
			}
		}
		table := exchange.GuessTable(&s, nil)
		exchange.Understand(&s, table.Mapping(), nil)
	})
}
