package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/paper"
)

func example() *paper.Paper {
	return &paper.Paper{
		Title: "Data i en offentlig organisation & <mere>", Author: "Æsa Ødegård", Language: "da", Created: time.Date(2027, 5, 3, 14, 0, 0, 0, time.UTC),
		Parts: []paper.Part{
			paper.Line(paper.Heading, "1. På tværs\naf grænser", ""),
			paper.Written(paper.Body, "Siden januar kan en bog *lånes* **overalt**.\n\n1. først\n2. så\n\n- og\n- til sidst\n\nSe [kilden](https://example.org/a?b=1&c=2) og [den](javascript:alert(1))."),
			paper.Written(paper.Passage, "»Før ringede vi rundt 🙂 til de andre.«"),
			paper.Line(paper.Small, "Bibliotekernes hjemmeside", "https://example.org/bibliotek"),
			paper.Written(paper.Body, "1. forfra igen\n\n<b>ikke fed</b> =1+1\x00\x07"),
		},
	}
}

// read reads what was written as somebody would who gets the file.
func read(t *testing.T, name string, write func(*bytes.Buffer) error) exchange.Document {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	options := exchange.Options{}
	options.PDFToText, _ = exec.LookPath("pdftotext")
	d, err := exchange.Read(name, out.Bytes(), options)
	if err != nil {
		t.Fatalf("%s can't be read: %v", name, err)
	}
	if d.Meta.Title != "" && d.Meta.Title != example().Title && d.Meta.Title != "Deep" {
		t.Errorf("the title of %s is %q", name, d.Meta.Title)
	}
	return d
}

func TestDocxIsReadAgain(t *testing.T) {
	d := read(t, "a.docx", func(out *bytes.Buffer) error { return example().Docx(out) })
	for _, want := range []string{
		"Data i en offentlig organisation & <mere>", "Æsa Ødegård", "1. På tværs af grænser", "Siden januar kan en bog lånes overalt.", "»Før ringede vi rundt 🙂 til de andre.«", "<b>ikke fed</b> =1+1",
	} {
		if !strings.Contains(d.Content.Text, want) {
			t.Errorf("%q isn't in %q", want, d.Content.Text)
		}
	}
	var numbers []int
	links := map[string]bool{}
	for _, b := range d.Content.Blocks {
		if b.Kind == models.BlockListItem {
			numbers = append(numbers, b.Number)
		}
	}
	for _, m := range d.Content.Marks {
		if m.Kind == models.MarkLink {
			links[m.URL] = true
		}
	}
	if len(numbers) != 5 || numbers[0] != 1 || numbers[1] != 2 || numbers[4] != 1 {
		t.Errorf("the items are numbered %v", numbers)
	}
	if len(links) != 2 || !links["https://example.org/a?b=1&c=2"] || !links["https://example.org/bibliotek"] {
		t.Errorf("links = %v", links)
	}
}

func TestPDFIsReadAgain(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Fatal("pdftotext is needed: make test installs it")
	}
	d := read(t, "a.pdf", func(out *bytes.Buffer) error { return example().PDF(out) })
	text := strings.Join(strings.Fields(d.Content.Text), " ")
	for _, want := range []string{"offentlig organisation & <mere>", "Æsa Ødegård", "1. På tværs af grænser", "Siden januar kan en bog lånes overalt.", "»Før ringede vi rundt □ til de andre.«", "<b>ikke fed</b> =1+1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q isn't in %q", want, text)
		}
	}
}

// TestLongPaper breaks pages, and holds a word that is longer than a line.
func TestLongPaper(t *testing.T) {
	p := example()
	for range 60 {
		p.Parts = append(p.Parts, paper.Line(paper.Subheading, "Et spørgsmål", ""), paper.Written(paper.Body, strings.Repeat("ord og flere ord ", 60)), paper.Verbatim(paper.Passage, strings.Repeat("lang", 100)))
	}
	var pdf, docx bytes.Buffer
	if err := p.PDF(&pdf); err != nil {
		t.Fatal(err)
	}
	if err := p.Docx(&docx); err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(pdf.Bytes(), []byte("/Type /Page\n")); pages < 15 {
		t.Errorf("there are %d pages", pages)
	}
	if folder := os.Getenv("FELTBOG_KEEP_PAPER"); folder != "" { // to look at
		for name, b := range map[string][]byte{"a.pdf": pdf.Bytes(), "a.docx": docx.Bytes()} {
			if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestDeepPaper prints lists and quotes that are deeper than a page is wide.
func TestDeepPaper(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Fatal("pdftotext is needed: make test installs it")
	}
	for _, deep := range []string{strings.Repeat("- ", 40), strings.Repeat("> ", 40)} {
		p := &paper.Paper{Title: "Deep", Language: "en", Parts: []paper.Part{paper.Written(paper.Body, deep+"the registers are what everything else stands on")}}
		d := read(t, "a.pdf", func(out *bytes.Buffer) error { return p.PDF(out) })
		if text := strings.Join(strings.Fields(d.Content.Text), " "); !strings.Contains(text, "registers are what everything else") {
			t.Errorf("%q is printed as %q", deep, text)
		}
	}
}

func FuzzWritten(f *testing.F) {
	for _, s := range []string{"", "*a*", "- a\n  1. b\n", "> q\n\n# h\n\n[x](http://e.org)", "\x00\xff\U0001F600\uFFFF", "|a|b|\n|-|-|\n|1|2|", "a\tb", "<w:p>", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 5000 {
			t.Skip("long enough elsewhere")
		}
		p := &paper.Paper{Title: s, Author: s, Language: "en", Parts: []paper.Part{paper.Line(paper.Heading, s, s), paper.Written(paper.Body, s), paper.Verbatim(paper.Passage, s)}}
		var pdf, docx bytes.Buffer
		if err := p.PDF(&pdf); err != nil {
			t.Errorf("PDF: %v", err)
		}
		if err := p.Docx(&docx); err != nil {
			t.Errorf("docx: %v", err)
		} else if _, err := exchange.Read("a.docx", docx.Bytes(), exchange.Options{}); models.KindOf(err) == models.KindInternal && err != nil {
			t.Errorf("docx can't be read: %v", err)
		}
	})
}
