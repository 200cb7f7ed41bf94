package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"time"

	"feltbog/models"
)

const (
	wordsOfDocument = 60_000
	pagesOfPDF      = 200
	wordsPerPage    = 400
	documentsRead   = 7 // of each kind
)

// readDocuments times how long a large document takes from its upload to its note.
func readDocuments(ctx context.Context, w *world) error {
	for _, kind := range []struct {
		what, name string
		make       func(words string) ([]byte, error)
		words      int
		bound      float64 // ms
	}{
		{fmt.Sprintf("a .docx of %d words, from upload to note", wordsOfDocument), "document.docx", wordDocument, wordsOfDocument, 100},
		{fmt.Sprintf("a PDF of %d pages, from upload to note", pagesOfPDF), "report.pdf", pdfDocument, pagesOfPDF * wordsPerPage, 2000},
	} {
		var took samples
		for i := range documentsRead + 1 {
			data, err := kind.make(w.language.ofWords(kind.words))
			if err != nil {
				return err
			}
			f, err := w.upload(fmt.Sprintf("%d %s", i, kind.name), data)
			if err != nil {
				return err
			}
			begun := time.Now()
			if err := w.importOne(ctx, f); err != nil {
				return err
			}
			if i > 0 { // the first starts the process that reads
				took = append(took, time.Since(begun))
			}
		}
		w.report.below(kind.what, "ms", milliseconds(took.at(0.5)), 0, kind.bound, "slowest "+amount(milliseconds(took.at(1)), "ms"))
	}
	return w.settled(ctx)
}

// importOne sends a form with one file, which has to become a note.
func (w *world) importOne(ctx context.Context, f form) error {
	answer, err := w.owner.send(ctx, "POST", "/projects/"+string(w.large.id)+"/imports", f.contentType, f.body)
	if err != nil {
		return err
	}
	defer answer.Close() //nolint:errcheck // it was read to its end
	var out struct {
		Items []struct {
			Status  string
			Problem struct{ Code, Detail string }
		}
	}
	if err := json.NewDecoder(answer).Decode(&out); err != nil {
		return err
	}
	if len(out.Items) != 1 || out.Items[0].Status != "created" {
		return fmt.Errorf("the file became no note: %+v", out.Items)
	}
	return nil
}

// upload is a form with one file.
func (w *world) upload(name string, data []byte) (form, error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	metadata, err := json.Marshal(map[string]any{"siteId": w.large.sites[0], "kind": models.KindDocument})
	if err != nil {
		return form{}, err
	}
	if err := m.WriteField("metadata", string(metadata)); err != nil {
		return form{}, err
	}
	part, err := m.CreateFormFile("files", name)
	if err != nil {
		return form{}, err
	}
	if _, err := part.Write(data); err != nil {
		return form{}, err
	}
	if err := m.Close(); err != nil {
		return form{}, err
	}
	return form{m.FormDataContentType(), b.Bytes()}, nil
}

// wordDocument writes paragraphs as Word does: runs with their language, some of them bold, and a heading
// now and then.
func wordDocument(words string) ([]byte, error) {
	var body strings.Builder
	body.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for i, paragraph := range strings.Split(words, "\n\n") {
		style := ""
		if i%20 == 0 {
			style = `<w:pStyle w:val="Heading1"/>`
		}
		fmt.Fprintf(&body, `<w:p w:rsidR="00A1%04X" w:rsidRDefault="00A1%04X"><w:pPr>%s<w:rPr><w:lang w:val="da-DK"/></w:rPr></w:pPr>`, i%0xffff, i%0xffff, style)
		for j, sentence := range strings.SplitAfter(paragraph, ". ") {
			bold := ""
			if j%4 == 3 {
				bold = "<w:b/>"
			}
			fmt.Fprintf(&body, `<w:r w:rsidRPr="00B2%04X"><w:rPr>%s<w:lang w:val="da-DK"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`, j, bold, sentence)
		}
		body.WriteString("</w:p>")
	}
	body.WriteString(`<w:sectPr/></w:body></w:document>`)
	return archive(map[string]string{
		"[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   body.String(),
	})
}

func archive(files map[string]string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		f, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(f, files[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// pdfDocument writes pages of lines with a running head, as plainly as the format allows.
func pdfDocument(words string) ([]byte, error) {
	var b bytes.Buffer
	var places []int
	object := func(format string, values ...any) {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(places))
		fmt.Fprintf(&b, format, values...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := make([]string, pagesOfPDF)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
	}
	object("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), pagesOfPDF)
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
	all := strings.Fields(words)
	per := len(all) / pagesOfPDF
	for page := range pagesOfPDF {
		var text strings.Builder
		fmt.Fprintf(&text, "BT /F1 9 Tf 72 800 Td (Annual report) Tj ET BT /F1 9 Tf 520 40 Td (%d) Tj ET BT /F1 11 Tf 14 TL 72 770 Td ", page+1)
		line := all[page*per : (page+1)*per]
		for len(line) > 0 {
			n := min(11, len(line))
			fmt.Fprintf(&text, "(%s) Tj T* ", latin(strings.Join(line[:n], " ")))
			line = line[n:]
		}
		text.WriteString("ET")
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*page)
		object("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String())
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, start)
	return b.Bytes(), nil
}

// latin writes a string of a PDF: letters in WinAnsi, brackets escaped.
func latin(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(r))
		case r < 256:
			b.WriteByte(byte(r))
		default:
			b.WriteByte('-')
		}
	}
	return b.String()
}
