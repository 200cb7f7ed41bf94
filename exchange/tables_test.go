package exchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"feltbog/exchange"
	"feltbog/models"
)

var columns = []exchange.Column{{Key: "quote", Title: "Quote"}, {Key: "start", Title: "Start"}, {Key: "people", Title: "People"}}

// table writes rows in a format, and holds the writer to leaving nothing behind.
func table(t *testing.T, f exchange.TableFormat, rows ...[]exchange.Cell) []byte {
	t.Helper()
	dir := t.TempDir()
	var out bytes.Buffer
	w, err := exchange.NewTable(f, &out, columns, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Finish(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%s leaves %v behind (%v)", f, left, err)
	}
	return out.Bytes()
}

// odd are texts that a format could get wrong.
var odd = []string{
	"", "plain", "æøå 🙂 e\u0301 ﷽", `she said "no", twice`, "a, b; c", "two\nlines", "two\r\nlines", "\nfirst", "last\n", " spaces ", "tab\tin it",
	"=1+1", "+45 12 34", "-3", "@SUM(A1)", "\ttab", "\rreturn", "'quoted'", `=HYPERLINK("http://x","y")`, "a=b", "<b>&amp;</b>", "_x000D_", "007", "1e9", "TRUE", "2025-03-04",
	"line\u2028separator", "null", "sep=;",
}

func rowsOf(texts []string) [][]exchange.Cell {
	rows := make([][]exchange.Cell, len(texts))
	for i, s := range texts {
		rows[i] = []exchange.Cell{exchange.Text(s), exchange.Number(i), exchange.List("; ", "Karen", s)}
	}
	return rows
}

func TestCSVIsWrittenForSpreadsheets(t *testing.T) {
	const heading = "\ufeffQuote,Start,People\r\n"
	for in, want := range map[string]string{
		"plain":        `plain`,
		`a "b"`:        `"a ""b"""`,
		"a,b":          `"a,b"`,
		"a;b":          `"a;b"`,
		"a\nb":         "\"a\nb\"",
		" a":           `" a"`,
		"=1+1":         `'=1+1`,
		"+45":          `'+45`,
		"-3":           `'-3`,
		"@SUM(A1)":     `'@SUM(A1)`,
		"\tx":          "\"'\tx\"",
		"\rx":          "\"'\rx\"",
		"a=b":          `a=b`,
		" =1":          `" =1"`,
		`=1,"x"`:       `"'=1,""x"""`,
		"æøå 🙂 \u2212": "æøå 🙂 \u2212",
	} {
		got := string(table(t, exchange.FormatCSV, []exchange.Cell{exchange.Text(in), exchange.Number(-7), exchange.List("; ", "-Bo", "Åse")}))
		if want = heading + want + ",-7,\"'-Bo; Åse\"\r\n"; got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	if got := string(table(t, exchange.FormatCSV)); got != heading {
		t.Errorf("a table without rows is %q", got)
	}
}

func TestCSVIsReadAgain(t *testing.T) {
	written := table(t, exchange.FormatCSV, rowsOf(odd)...)
	got, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written, []byte("\ufeff")))).ReadAll()
	if err != nil || len(got) != len(odd)+1 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, s := range odd {
		guarded := s
		if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
			guarded = "'" + s
		}
		reads := strings.NewReplacer("\r\n", "\n") // encoding/csv gives every line end so
		if want := []string{reads.Replace(guarded), strconv.Itoa(i), reads.Replace("Karen; " + s)}; !slices.Equal(got[i+1], want) {
			t.Errorf("%q is read as %q", want, got[i+1])
		}
	}
}

func TestJSONLinesAreReadAgain(t *testing.T) {
	lines := bytes.Split(bytes.TrimSuffix(table(t, exchange.FormatJSONL, rowsOf(odd)...), []byte("\n")), []byte("\n"))
	if len(lines) != len(odd) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, s := range odd {
		var got struct {
			Quote  string
			Start  int
			People []string
		}
		d := json.NewDecoder(bytes.NewReader(lines[i]))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); err != nil || got.Quote != s || got.Start != i || !slices.Equal(got.People, []string{"Karen", s}) {
			t.Errorf("%s is read as %+v (%v)", lines[i], got, err)
		}
	}
	got := string(table(t, exchange.FormatJSONL, []exchange.Cell{exchange.Text("<=>"), exchange.Number(0), exchange.List(", ")}))
	if want := `{"quote":"<=>","start":0,"people":[]}` + "\n"; got != want {
		t.Errorf("a row is %q, want %q", got, want)
	}
}

func TestAWorkbookIsReadAgain(t *testing.T) {
	book := open(t, table(t, exchange.FormatXLSX, rowsOf(odd)...))
	rows, err := book.GetRows("Sheet1")
	if err != nil || len(rows) != len(odd)+1 || !slices.Equal(rows[0], []string{"Quote", "Start", "People"}) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, s := range odd {
		// A carriage return is white space to XML, and comes back as a line end.
		reads := strings.NewReplacer("\r\n", "\n", "\r", "\n")
		want := []string{s, strconv.Itoa(i), "Karen; " + s}
		got := rows[i+1]
		for k := range want {
			if k >= len(got) || reads.Replace(got[k]) != reads.Replace(want[k]) {
				t.Errorf("%q is read as %q", want, got)
				break
			}
		}
		at := "A" + strconv.Itoa(i+2)
		kind, err := book.GetCellType("Sheet1", at)
		if s != "" && (err != nil || kind != excelize.CellTypeInlineString) {
			t.Errorf("%q is a cell of kind %v (%v)", s, kind, err)
		}
		if formula, err := book.GetCellFormula("Sheet1", at); err != nil || formula != "" {
			t.Errorf("%q is the formula %q (%v)", s, formula, err)
		}
	}
}

func TestACellOfAWorkbookThatIsTooLongIsCutAndSaysSo(t *testing.T) {
	const most = 32_767
	for name, c := range map[string]struct {
		in  string
		cut bool
	}{
		"just fits":                   {strings.Repeat("a", most), false},
		"fits in another script":      {strings.Repeat("å", most), false},
		"one too many":                {strings.Repeat("a", most+1), true},
		"pairs of surrogates":         {strings.Repeat("🙂", most), true},
		"pairs of surrogates, offset": {"a" + strings.Repeat("🙂", most/2+1), true},
	} {
		book := open(t, table(t, exchange.FormatXLSX, []exchange.Cell{exchange.Text(c.in), exchange.Number(0), exchange.List("")}))
		got, err := book.GetCellValue("Sheet1", "A2")
		if err != nil {
			t.Fatal(err)
		}
		kept, noted := strings.CutSuffix(got, " … [cut here: a cell of Excel holds 32,767 characters]")
		if noted != c.cut || !strings.HasPrefix(c.in, kept) || (!c.cut && kept != c.in) || len(utf16.Encode([]rune(got))) > most || len(utf16.Encode([]rune(kept))) < most-100 {
			t.Errorf("%s: %d of %d bytes are kept, with a note: %v", name, len(kept), len(c.in), noted)
		}
	}
}

func TestALargeWorkbookWaitsInAFile(t *testing.T) {
	dir := t.TempDir()
	w, err := exchange.NewTable(exchange.FormatXLSX, io.Discard, columns, dir)
	if err != nil {
		t.Fatal(err)
	}
	quote := strings.Repeat("The registers carry us. ", 1000)
	for i := range 1000 { // 24 MB
		if err := w.Write(exchange.Text(quote), exchange.Number(i), exchange.List("")); err != nil {
			t.Fatal(err)
		}
	}
	folders, err := os.ReadDir(dir)
	if err != nil || len(folders) != 1 {
		t.Fatalf("it waits in %v (%v)", folders, err)
	}
	if files, err := os.ReadDir(dir + "/" + folders[0].Name()); err != nil || len(files) != 1 {
		t.Errorf("it waits in %v (%v)", files, err)
	}
	if err := w.Close(); err != nil { // without having finished
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v behind (%v)", left, err)
	}
}

func TestASheetThatIsFullSaysSo(t *testing.T) {
	w, err := exchange.NewTable(exchange.FormatXLSX, io.Discard, columns, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	row := []exchange.Cell{exchange.Text(""), exchange.Number(0), exchange.Text("")}
	for i := range 1_048_575 { // and the heading
		if err := w.Write(row...); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
	}
	if e, ok := errors.AsType[*models.Error](w.Write(row...)); !ok || e.Code != "rows_too_many" {
		t.Errorf("one more gives %v", e)
	}
}

func TestATableRefuses(t *testing.T) {
	if _, err := exchange.ParseTableFormat("pdf"); models.KindOf(err) != models.KindInvalid {
		t.Errorf("an unknown format gives %v", err)
	}
	if f, err := exchange.ParseTableFormat(""); f != exchange.FormatCSV || err != nil {
		t.Errorf("no format gives %q, %v", f, err)
	}
	for _, f := range []exchange.TableFormat{exchange.FormatCSV, exchange.FormatXLSX, exchange.FormatJSONL} {
		w, err := exchange.NewTable(f, failing{}, columns, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(exchange.Text("alone")); err == nil {
			t.Errorf("%s takes a row with too few cells", f)
		}
		if err := errors.Join(w.Write(rowsOf([]string{"x"})[0]...), w.Finish()); !errors.Is(err, errFull) {
			t.Errorf("%s says %v where nothing can be written", f, err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

var errFull = errors.New("no room")

// failing is a file that can't be written.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func open(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}
