package exchange_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"feltbog/exchange"
	"feltbog/models"
)

// pdfOptions are those of a server that has pdftotext.
func pdfOptions(tb testing.TB) exchange.Options {
	tb.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		tb.Fatal("This test needs pdftotext (Debian: poppler-utils).")
	}
	return exchange.Options{PDFToText: path}
}

// readPDF reads a PDF that can be read.
func readPDF(t *testing.T, data []byte) exchange.Document {
	t.Helper()
	d, err := exchange.Read("a.pdf", data, pdfOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	checkContent(t, d.Content)
	return d
}

// pdfText is a text on a page: its left end, its distance from the upper edge, its size and its words.
type pdfText struct {
	x, y, size float64
	text       string
}

// pdf makes a PDF in Helvetica of pages of 600 by 800 points. The objects go before the pages' own; info
// is what the file says of itself.
func pdf(tb testing.TB, info string, pages ...[]pdfText) []byte {
	tb.Helper()
	var b bytes.Buffer
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 5+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	object("<< " + info + " >>")
	for i, page := range pages {
		var content strings.Builder
		for _, t := range page {
			text, err := charmap.Windows1252.NewEncoder().String(t.text)
			if err != nil {
				tb.Fatal(err)
			}
			text = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text)
			fmt.Fprintf(&content, "BT /F1 %g Tf %g %g Td (%s) Tj ET\n", t.size, t.x, 800-t.y, text)
		}
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 6+2*i))
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", content.Len(), content.String()))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// below gives lines of text below each other, 14 points apart.
func below(x, y float64, texts ...string) []pdfText {
	var out []pdfText
	for i, text := range texts {
		out = append(out, pdfText{x, y + 14*float64(i), 11, text})
	}
	return out
}

// pdfBlocks draws each block as its kind, its level, its page and its words.
func pdfBlocks(d exchange.Document) []string {
	points := []rune(d.Content.Text)
	out := []string{}
	for _, b := range d.Content.Blocks {
		out = append(out, fmt.Sprintf("%s %d p%d: %s", b.Kind, b.Level, b.Page, string(points[b.Start:b.End])))
	}
	return out
}

func pdfWarnings(d exchange.Document) []string {
	codes := []string{}
	for _, w := range d.Warnings {
		codes = append(codes, w.Code)
	}
	return codes
}

func TestPDFLayout(t *testing.T) {
	t.Parallel()
	join := func(parts ...[]pdfText) []pdfText {
		var all []pdfText
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	// filler is a page's worth of words that don't matter, in full lines.
	filler := func(word string) []pdfText {
		var out []pdfText
		for i := range 20 {
			out = append(out, below(60, 120+14*float64(i), strings.TrimSpace(strings.Repeat(word+" ", 11)))...)
		}
		return append(out, below(60, 400, word+".")...)
	}
	filled := func(word string, page int) string {
		return fmt.Sprintf("paragraph 0 p%d: %s", page, strings.Repeat(word+" ", 220)+word+".")
	}
	for _, c := range []struct {
		name  string
		pages [][]pdfText
		want  []string
		warns []string
	}{
		{
			name: "two columns below a heading across both are read one after the other",
			pages: [][]pdfText{join([]pdfText{{60, 80, 20, "A heading across the columns of the page"}},
				below(60, 130, "The first column begins here and is read to", "its end before the second one is looked at,", "also where the lines of both are at the same", "height of the page, as they are here."),
				below(320, 130, "The second column comes after the first, as", "people read it, and its lines are not mixed", "with those beside them, which would make", "nonsense of all that it says."))},
			want: []string{
				"heading 1 p1: A heading across the columns of the page",
				"paragraph 0 p1: The first column begins here and is read to its end before the second one is looked at, also where the lines of both are at the same height of the page, as they are here.",
				"paragraph 0 p1: The second column comes after the first, as people read it, and its lines are not mixed with those beside them, which would make nonsense of all that it says.",
			},
		},
		{
			name: "paragraphs are told by distance, by indentation and by a last line that is short",
			pages: [][]pdfText{join(
				below(60, 100, "The first paragraph is long enough to go on over two of the lines of this page, and then it", "ends with a line that is short."),
				below(60, 150, "The second stands apart from the first, and it is as long as that one, and it goes on, too, to", "the middle of a line."),
				below(80, 178, "The third is indented, and goes on to a second line that begins where all other lines of it"),
				below(60, 192, "begin."))},
			want: []string{
				"paragraph 0 p1: The first paragraph is long enough to go on over two of the lines of this page, and then it ends with a line that is short.",
				"paragraph 0 p1: The second stands apart from the first, and it is as long as that one, and it goes on, too, to the middle of a line.",
				"paragraph 0 p1: The third is indented, and goes on to a second line that begins where all other lines of it begin.",
			},
		},
		{
			name: "a word that a line end breaks is joined, and a hyphen that is its own is kept",
			pages: [][]pdfText{below(60, 100,
				"The department keeps an old regis-", "ter of all that came by e-", "mail, and of the road that goes øst-", "vest, for the years 2024-",
				"2025 and the model 737–", "9, with its ind-", "og udgang, as Soekarno-", "Hatta has one too, and a well-known", "rule for the well-", "known ones.")},
			want: []string{"paragraph 0 p1: The department keeps an old register of all that came by e-mail, and of the road that goes øst-vest, for the years 2024-2025 and the model 737–9, with its ind- og udgang, as Soekarno-Hatta has one too, and a well-known rule for the well-known ones."},
		},
		{
			name: "the words of the text itself say how a broken one is written",
			pages: [][]pdfText{below(60, 100,
				"A micro-data set and a metadata set are here, with some meta-", "data and then again with micro-", "data, and nobody says why the two differ.")},
			want: []string{"paragraph 0 p1: A micro-data set and a metadata set are here, with some metadata and then again with micro-data, and nobody says why the two differ."},
		},
		{
			name: "running titles and page numbers are left out, and pages are kept",
			pages: [][]pdfText{
				join([]pdfText{{60, 50, 9, "Notes from the registry"}, {300, 770, 9, "7"}}, filler("first")),
				join([]pdfText{{60, 50, 9, "Notes from the registry"}, {300, 770, 9, "8"}}, filler("Second")),
				join([]pdfText{{60, 50, 9, "Notes from the registry"}, {300, 770, 9, "9"}}, filler("Third")),
			},
			want: []string{filled("first", 1), filled("Second", 2), filled("Third", 3)},
		},
		{
			name: "a paragraph goes on over the end of a page",
			pages: [][]pdfText{
				join([]pdfText{{60, 50, 9, "Page 1 of 2"}}, below(60, 700, "This is the last line of the first page, and it doesn't end the sentence that it is a part of, for")),
				join([]pdfText{{60, 50, 9, "Page 2 of 2"}}, below(60, 120, "that goes on here.")),
			},
			want: []string{"paragraph 0 p1: This is the last line of the first page, and it doesn't end the sentence that it is a part of, for that goes on here."},
		},
		{
			name: "a line of the text that recurs at the head of pages stays",
			pages: [][]pdfText{
				below(60, 60, "Dan: Yes.", "Lea: We had no list then, and so we made one of our own.", "Dan: And then?"),
				below(60, 60, "Dan: Yes.", "Lea: It was the list that they all wanted in the end.", "Dan: Thanks."),
			},
			want: []string{
				"turn 0 p1: Yes.", "turn 0 p1: We had no list then, and so we made one of our own.", "turn 0 p1: And then?",
				"turn 0 p2: Yes.", "turn 0 p2: It was the list that they all wanted in the end.", "turn 0 p2: Thanks.",
			},
		},
		{
			name: "items of a list have the depth at which they stand",
			pages: [][]pdfText{join(
				below(60, 100, "What is on the shelf:"),
				[]pdfText{{70, 118, 11, "•"}, {84, 118, 11, "cards of the old register, which were written by hand and which nobody has counted"}, {84, 132, 11, "since they came here"}},
				[]pdfText{{90, 146, 11, "•"}, {104, 146, 11, "some with a photograph"}, {70, 160, 11, "•"}, {84, 160, 11, "a folder"}})},
			want: []string{
				"paragraph 0 p1: What is on the shelf:",
				"listItem 1 p1: cards of the old register, which were written by hand and which nobody has counted since they came here",
				"listItem 2 p1: some with a photograph", "listItem 1 p1: a folder",
			},
		},
		{
			name: "the rows of a table keep their cells apart",
			pages: [][]pdfText{join(
				below(60, 100, "These are the forms that came in, with those among them that had to be sent back again."),
				[]pdfText{{60, 130, 11, "Year"}, {200, 130, 11, "Forms"}, {340, 130, 11, "Faults"}, {60, 146, 11, "2023"}, {200, 146, 11, "41"}, {340, 146, 11, "7"}})},
			want: []string{
				"paragraph 0 p1: These are the forms that came in, with those among them that had to be sent back again.",
				"tableRow 0 p1: Year\tForms\tFaults", "tableRow 0 p1: 2023\t41\t7",
			},
		},
		{
			name: "numbers of lines in the margin are left out, and that is said",
			pages: [][]pdfText{join(
				below(60, 100, "1", "2", "3", "4"),
				below(90, 100, "The lines of this page are numbered in its margin, as those of courts are, and none", "of the numbers is part of the text, so", "nobody wants to find them within it, or to see", "one in a quote."))},
			want:  []string{"paragraph 0 p1: The lines of this page are numbered in its margin, as those of courts are, and none of the numbers is part of the text, so nobody wants to find them within it, or to see one in a quote."},
			warns: []string{"margin_numbers"},
		},
		{
			name: "the text goes on behind the footnotes of a column",
			pages: [][]pdfText{
				join(below(60, 100, "The text of this page has a footnote, which stands at its foot in letters that are smaller, and it", "goes on to the next page in the middle of a sentence, as texts do, and so the footnote must not"),
					[]pdfText{{60, 740, 8, "1 The footnote has its own words, which are not part of the sentence above."}}),
				below(60, 100, "come between its parts."),
			},
			want: []string{
				"paragraph 0 p1: The text of this page has a footnote, which stands at its foot in letters that are smaller, and it goes on to the next page in the middle of a sentence, as texts do, and so the footnote must not come between its parts.",
				"paragraph 0 p1: 1 The footnote has its own words, which are not part of the sentence above.",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := readPDF(t, pdf(t, "", c.pages...))
			if diff := cmp.Diff(c.want, pdfBlocks(d)); diff != "" {
				t.Errorf("the blocks differ (-want +got):\n%s", diff)
			}
			if c.warns == nil {
				c.warns = []string{}
			}
			if diff := cmp.Diff(c.warns, pdfWarnings(d)); diff != "" {
				t.Errorf("the warnings differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPDFSaysOfItself(t *testing.T) {
	t.Parallel()
	page := below(60, 100, "Words.")
	d := readPDF(t, pdf(t, "/Title (A day & a night) /Author (Lea Winther) /CreationDate (D:20240503091200+02'00')", page))
	want := exchange.Meta{Title: "A day & a night", Author: "Lea Winther", CreatedAt: time.Date(2024, 5, 3, 7, 12, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, d.Meta); diff != "" {
		t.Errorf("it differs (-want +got):\n%s", diff)
	}
	for _, title := range []string{"Microsoft Word - minutes.doc", "minutes.docx", "untitled", strings.Repeat("long ", 50)} {
		if d := readPDF(t, pdf(t, "/Title ("+title+")", page)); d.Meta.Title != "" {
			t.Errorf("the title is %q", d.Meta.Title)
		}
	}
}

func TestPDFProblems(t *testing.T) {
	t.Parallel()
	whole := pdf(t, "", below(60, 100, "Words."))
	t.Run("without pdftotext the package is named that has it", func(t *testing.T) {
		_, err := exchange.Read("a.pdf", whole, exchange.Options{})
		if e := wantCode(t, err, models.KindInvalid, "pdf_tool_missing"); !strings.Contains(e.Sentence, "poppler-utils") {
			t.Errorf("it says %q", e.Sentence)
		}
	})
	t.Run("one that a password protects", func(t *testing.T) {
		_, err := exchange.Read("a.pdf", sampleFile(t, "libreoffice-writer-password.pdf"), pdfOptions(t))
		wantCode(t, err, models.KindInvalid, "file_protected")
	})
	for name, data := range map[string][]byte{"one that was cut off": sampleFile(t, "federal-register-2020-17221.pdf")[:30_000], "one that only begins as one": []byte("%PDF-1.7 and then other words")} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.Read("a.pdf", data, pdfOptions(t))
			wantCode(t, err, models.KindInvalid, "file_damaged")
		})
	}
	t.Run("a scan has no text, and is read as such", func(t *testing.T) {
		d := readPDF(t, sampleFile(t, "ocr_test.pdf"))
		if !d.NoText || d.Content.Text != "" || !cmp.Equal(pdfWarnings(d), []string{"scan"}) {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("fonts that don't say which letters they hold are warned of", func(t *testing.T) {
		d, err := exchange.ReadBoxes(pdfOutput("\ue001\ue002\ue003\ue004\ue005 \ufffd\ufffd and words"))
		if err != nil || !cmp.Equal(pdfWarnings(d), []string{"fonts_unmapped"}) {
			t.Errorf("got %+v, %v", d, err)
		}
	})
	t.Run("more words than a text may have are refused", func(t *testing.T) {
		_, err := exchange.ReadBoxes(pdfOutput(strings.Repeat(strings.Repeat("x", 1000)+" ", 4001)))
		wantCode(t, err, models.KindTooLarge, "text_too_long")
	})
}

// pdfOutput is what pdftotext would write of a page with words below each other.
func pdfOutput(words string) string {
	var b strings.Builder
	b.WriteString("<doc>\n<page width=\"600\" height=\"800\">\n<flow>\n<block>\n")
	for i, w := range strings.Fields(words) {
		y := float64(100 + 12*(i%50))
		fmt.Fprintf(&b, "<line>\n<word xMin=\"60\" yMin=\"%g\" xMax=\"%g\" yMax=\"%g\">%s</word>\n</line>\n", y, 60+5*float64(len(w)), y+10, w)
	}
	b.WriteString("</block>\n</flow>\n</page>\n</doc>\n")
	return b.String()
}
