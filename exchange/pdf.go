package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"feltbog/models"
)

// pdfTime is how long pdftotext may take.
const pdfTime = 30 * time.Second

// readPDF reads a PDF by the words that pdftotext finds and where they stand on their pages; what is a
// column, a paragraph or a page's number is told from that. Ligatures stay as the file has them.
func readPDF(data []byte, o Options) (Document, error) {
	if o.PDFToText == "" {
		return Document{}, models.Invalid("pdf_tool_missing",
			"PDFs can't be read here, because the program pdftotext is missing. Ask the administrator to install the package poppler-utils, or upload the text in another format.")
	}
	pages, err := runPDFToText(o.PDFToText, data)
	if err != nil {
		return Document{}, err
	}
	return pages.document()
}

// runPDFToText has pdftotext read a PDF from its standard input, so that no copy of it is on a disk.
func runPDFToText(program string, data []byte) (*pdfPages, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pdfTime)
	defer cancel()
	runtime.LockOSThread() // with which the program ends
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, program, "-bbox-layout", "-enc", "UTF-8", "-", "-")
	cmd.Env = []string{}
	cmd.SysProcAttr = tiedToUs()
	cmd.WaitDelay = time.Second
	cmd.Stdin = bytes.NewReader(data)
	said := &firstBytes{left: 16 << 10}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	pages, err := parseBoxes(out)
	if err != nil {
		cancel() // nobody reads on
	}
	_, _ = io.Copy(io.Discard, out)
	ended := cmd.Wait()
	switch {
	case err != nil && models.KindOf(err) != models.KindInternal:
		return nil, err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, models.Invalid("file_too_heavy", "This PDF needs too much time to read. Divide it, or upload its text in another format.")
	case bytes.Contains(said.bytes, []byte("Incorrect password")):
		return nil, protected()
	case ended != nil, err != nil, len(pages.pages) == 0:
		return nil, models.Invalid("file_damaged", "This PDF is damaged or was cut off. Open it where it was made, and save it again.")
	}
	return pages, nil
}

// firstBytes keeps the beginning of what is written to it.
type firstBytes struct {
	bytes []byte
	left  int
}

func (f *firstBytes) Write(b []byte) (int, error) {
	n := min(len(b), f.left)
	f.bytes = append(f.bytes, b[:n]...)
	f.left -= n
	return len(b), nil
}

// document makes a document of what stands on the pages.
func (p *pdfPages) document() (Document, error) {
	doc := Document{Meta: p.meta()}
	if p.points == 0 {
		doc.NoText = true
		doc.Content = models.Content{Blocks: []models.Block{}, Marks: []models.Mark{}}
		doc.Warnings = []Warning{{Code: "scan", Sentence: "This PDF holds pictures of pages and no text: it was scanned. Its words have to be transcribed."}}
		return doc, nil
	}
	layout := p.layout()
	var b builder
	for _, x := range layout.paragraphs {
		text, err := normaliseWithin(string(x.text), models.MaxTextLength)
		if err != nil {
			return Document{}, err
		}
		block := models.Block{Kind: x.kind, Level: x.level, Page: x.page}
		if err := b.add(block, words{points: []rune(strings.TrimSpace(text))}); err != nil {
			return Document{}, err
		}
	}
	var err error
	if doc.Content, err = b.content(); err != nil {
		return Document{}, err
	}
	if p.unmapped*10 > p.points {
		doc.Warnings = append(doc.Warnings, Warning{Code: "fonts_unmapped", Sentence: "Some fonts of this PDF don't say which letters they hold, so parts of the text may be wrong. Compare it with the file."})
	}
	if layout.numbered {
		doc.Warnings = append(doc.Warnings, Warning{Code: "margin_numbers", Sentence: "The numbers in the margin were left out."})
	}
	if len(layout.empty) > 0 {
		doc.Warnings = append(doc.Warnings, withoutText(layout.empty))
	}
	return doc, nil
}

// withoutText names pages that have nothing to read, such as pictures of pages among others.
func withoutText(pages []int) Warning {
	const named = 10
	names := make([]string, min(len(pages), named))
	for i := range names {
		names[i] = strconv.Itoa(pages[i])
	}
	sentence := "There is no text on page " + names[0] + ": it may be a picture."
	switch {
	case len(pages) > named:
		sentence = fmt.Sprintf("There is no text on %d pages, of which the first are %s: they may be pictures.", len(pages), strings.Join(names, ", "))
	case len(pages) > 1:
		sentence = "There is no text on the pages " + strings.Join(names, ", ") + ": they may be pictures."
	}
	return Warning{Code: "pages_without_text", Sentence: sentence, Values: inserted(names, len(pages)-named)}
}
