package exchange_test

import (
	"bufio"
	"bytes"
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestPDFSamples(t *testing.T) {
	t.Parallel()
	t.Run("three columns are read one after the other", func(t *testing.T) {
		t.Parallel()
		d := readPDF(t, sampleFile(t, "federal-register-2020-17221.pdf"))
		wantInOrder(t, d.Content.Text, "AGENCY: Federal Aviation Administration (FAA), DOT.", "Model 737–8 and 737–9 (737 MAX) airplanes",
			"11.43 and 11.45, by any of the following methods:", "\nFax: 202–493–2251.", "SUPPLEMENTARY INFORMATION:", "a specific portion of the proposal, explain the reason",
			"Lion Air Flight 610) was involved in an accident after takeoff from Soekarno-Hatta International Airport in Jakarta", "airspeed disagree alert, and altitude disagree alert")
		for _, out := range []string{"VerDate", "Jkt 250001", "47699", "jbell", "/ Proposed Rules"} {
			if strings.Contains(d.Content.Text, out) {
				t.Errorf("there is %q in the text", out)
			}
		}
		pages := map[int]bool{}
		for _, b := range d.Content.Blocks {
			pages[b.Page] = true
		}
		if len(pages) != 14 || pages[0] || pages[8] || pages[16] || !cmp.Equal(pdfWarnings(d), []string{"pages_without_text"}) {
			t.Errorf("there are blocks of the pages %v and warnings %v", pages, d.Warnings)
		}
	})
	t.Run("a page of a court with numbered lines", func(t *testing.T) {
		t.Parallel()
		d := readPDF(t, sampleFile(t, "scotus-transcript-p1.pdf"))
		wantInOrder(t, d.Content.Text, "MICHAEL A. KNOWLES", "Tuesday, January 13, 2009", "The above-entitled matter came on for oral argument before the Supreme Court of the United States at 1:01 p.m.")
		golden(t, "documents/scotus-transcript-p1.content", show(d.Content))
	})
	t.Run("a printed diary as a scan's hidden text has it", func(t *testing.T) {
		t.Parallel()
		d := readPDF(t, sampleFile(t, "siege-of-vicksburg.pdf"))
		wantInOrder(t, d.Content.Text, "conspicuous and dangerous for use", "heard that Eichmond had fallen", "we must improve our quarters", "the inhabitants are now living", "a Confederate flag waving from it")
		if broken := regexp.MustCompile(`\pL+- \pL+`).FindAllString(d.Content.Text, -1); broken != nil {
			t.Errorf("broken words are left: %q", broken)
		}
		golden(t, "documents/siege-of-vicksburg.content", show(d.Content))
	})
	t.Run("ligatures stay as the file has them", func(t *testing.T) {
		t.Parallel()
		if d := readPDF(t, sampleFile(t, "copy_paste_ligatures.pdf")); d.Content.Text != "abcdef\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06ghijklmno" {
			t.Errorf("got %q", d.Content.Text)
		}
	})
	for name, want := range map[string][3]int{"P1": {95, 47, 47}, "P2": {166, 81, 84}, "P3": {122, 61, 60}, "P4": {110, 54, 55}} {
		t.Run("an interview with numbered paragraphs, "+name, func(t *testing.T) {
			t.Parallel()
			d := readPDF(t, sampleFile(t, "pdpilot-"+name+".pdf"))
			turns := map[string]int{}
			for _, b := range d.Content.Blocks {
				turns[b.Speaker]++
			}
			speaks := map[string]int{}
			for _, s := range d.Speakers {
				speaks[s.Name] = s.Turns
			}
			if diff := cmp.Diff(map[string]int{"Dan": want[1], "Participant": want[2]}, speaks); diff != "" {
				t.Error(diff)
			}
			if got := [3]int{len(d.Content.Blocks), turns["Dan"], turns["Participant"]}; got != want || pdfBlocks(d)[0] != "heading 1 p1: Interview" {
				t.Errorf("there are %v paragraphs and turns, want %v; the first is %q", got, want, pdfBlocks(d)[0])
			}
			if name == "P1" {
				wantInOrder(t, d.Content.Text, "So my first question is if you currently use ICE plots in your work?", "but in our initial data explorations, we tend to use ICE plots.")
			}
		})
	}
}

// wantInOrder checks that the text holds the parts, one after the other.
func wantInOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		_, rest, found := strings.Cut(text, part)
		if !found {
			t.Errorf("%q isn't in the text, or not at its place", part)
			continue
		}
		text = rest
	}
}

// FuzzPDF reads what pdftotext might write, were it made to write anything.
func FuzzPDF(f *testing.F) {
	for _, name := range []string{"scotus-transcript-p1.pdf", "siege-of-vicksburg.pdf", "copy_paste_ligatures.pdf", "ocr_test.pdf"} {
		cmd := exec.CommandContext(f.Context(), pdfOptions(f).PDFToText, "-bbox-layout", "-", "-")
		cmd.Stdin = bytes.NewReader(sampleFile(f, name))
		out, err := cmd.Output()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(out[:min(len(out), 3_000)]))
	}
	f.Add(pdfOutput("1 one 2 two 3 three • four e- mail\u00ad 2024- 2025"))
	f.Fuzz(func(t *testing.T, output string) {
		d, err := exchange.ReadBoxes(output)
		if err != nil {
			if _, ok := errors.AsType[*models.Error](err); !ok && !errors.Is(err, bufio.ErrTooLong) {
				t.Errorf("the error isn't one of ours: %v", err)
			}
			return
		}
		checkContent(t, d.Content)
	})
}

func BenchmarkPDF(b *testing.B) {
	var page []pdfText
	for column := range 2 {
		for i := range 48 {
			page = append(page, below(60+250*float64(column), 80+14*float64(i), "some words of a report that is long and has")...)
		}
	}
	pages := make([][]pdfText, 200)
	for i := range pages {
		pages[i] = append([]pdfText{{300, 780, 9, strconv.Itoa(i + 1)}}, page...)
	}
	data, o := pdf(b, "", pages...), pdfOptions(b)
	for b.Loop() {
		if _, err := exchange.Read("a.pdf", data, o); err != nil {
			b.Fatal(err)
		}
	}
}
