package exchange_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// A text of ours that LibreOffice writes in each format is the same words in each, with the same structure
// wherever the format keeps it.
func TestWhatLibreOfficeWritesIsReadAlike(t *testing.T) {
	t.Parallel()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("This test needs LibreOffice (Debian: libreoffice-writer-nogui).")
	}
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("This test needs pdftotext (Debian: poppler-utils).")
	}
	dir := t.TempDir()
	source, err := filepath.Abs(filepath.Join("testdata", "roundtrip", "visit.fodt"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"heading 1: Besøg i registeret",
		"paragraph 0: Kontoret ligger på tredje sal. Der hænger et kort over Ærø på væggen, og registeret fylder en hel reol[1].",
		"footnote 0: [1] Reolen er fra 1968.",
		"heading 2: Hvad de siger",
		"paragraph 0: Uden data stod vi i en skov uden kort.",
		"listItem 1: Kirsten passer grunddata.",
		"listItem 2: Hun har gjort det længe.",
		"listItem 1: Jonas taler om fremtiden.",
		"listItem 1: Først hentes filen.",
		"listItem 1: Så rettes den i hånden.",
		"tableRow 0: År|Skemaer|Fejl",
		"tableRow 0: 2023|41|7",
		"paragraph 0: Læs mere hos registerets venner, skriver de i en e-mail fra øst-vest-kontoret 2024-2025.",
	}
	for _, format := range []string{"docx", "odt", "rtf", "html", "epub", "pdf"} {
		out, err := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", format, "--outdir", dir, source).CombinedOutput()
		if err != nil {
			t.Fatalf("LibreOffice: %v\n%s", err, out)
		}
		data, err := os.ReadFile(filepath.Join(dir, "visit."+format))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(format, func(t *testing.T) {
			doc, err := exchange.Read("visit."+format, data, exchange.Options{PDFToText: pdftotext})
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, doc.Content)
			var got []string
			for _, b := range doc.Content.Blocks {
				got = append(got, line(doc.Content, b))
			}
			if format == "pdf" || format == "epub" { // neither says what is a list, or where a footnote belongs
				if diff := cmp.Diff(letters(want), letters(got)); diff != "" {
					t.Error(diff)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			var marks []string
			for _, m := range doc.Content.Marks {
				marks = append(marks, string(m.Kind)+" "+string([]rune(doc.Content.Text)[m.Start:m.End])+" "+m.URL)
			}
			if diff := cmp.Diff([]string{"strong registeret ", "emphasis længe ", "link registerets venner https://example.org/register"}, marks); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// line is a block as a person would note it down. Quotations have a style of their own in few formats.
func line(c models.Content, b models.Block) string {
	kind := b.Kind
	if kind == models.BlockQuote {
		kind, b.Level = models.BlockParagraph, 0
	}
	words := string([]rune(c.Text)[b.Start:b.End])
	return string(kind) + " " + string(rune('0'+b.Level)) + ": " + strings.ReplaceAll(words, "\t", "|")
}

var word = regexp.MustCompile(`\p{L}[\p{L}-]*|\d{2,}`)

// letters gives the words of lines but for the kinds before them, sorted.
func letters(lines []string) []string {
	var all []string
	for _, l := range lines {
		_, words, _ := strings.Cut(l, ": ")
		all = append(all, word.FindAllString(words, -1)...)
	}
	slices.Sort(all)
	return all
}
