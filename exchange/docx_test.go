package exchange_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"feltbog/exchange"
)

// wordNames declares the namespaces that Word documents use.
const wordNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"` +
	` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"` +
	` xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex"` +
	` xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"` +
	` xmlns:v="urn:schemas-microsoft-com:vml"`

// packParts packs parts by their names into a zip file.
func packParts(tb testing.TB, parts map[string]string, first ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write := func(name string) {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			tb.Fatal(err)
		}
	}
	for _, name := range first {
		write(name)
		delete(parts, name)
	}
	for name := range parts {
		write(name)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// docx makes a Word document of the XML in its body and of other parts: each is the inside of its
// outermost element.
func docx(tb testing.TB, body string, parts map[string]string) []byte {
	tb.Helper()
	all := map[string]string{"word/document.xml": `<w:document ` + wordNames + `><w:body>` + body + `</w:body></w:document>`}
	for name, inside := range parts {
		switch name {
		case "word/styles.xml", "word/numbering.xml", "word/comments.xml", "word/footnotes.xml", "word/endnotes.xml":
			element := "w:" + strings.TrimSuffix(strings.TrimPrefix(name, "word/"), ".xml")
			inside = "<" + element + " " + wordNames + ">" + inside + "</" + element + ">"
		case "word/_rels/document.xml.rels", "word/_rels/footnotes.xml.rels":
			inside = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + inside + `</Relationships>`
		}
		all[name] = inside
	}
	return packParts(tb, all)
}

// BenchmarkDOCX reads a document of 60,000 words as Word writes them.
func BenchmarkDOCX(b *testing.B) {
	data := longDOCX(b, 60_000)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := exchange.Read("long.docx", data, exchange.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// longDOCX makes a document of many words in runs such as Word writes: a dozen words each, with the
// session in which they were typed, their language and the marks of the spelling checker.
func longDOCX(tb testing.TB, n int) []byte {
	tb.Helper()
	vocabulary := strings.Fields("Vi gik ned til havnen mens registeret over både blev åbnet for de ansatte i kommunen, " +
		"og Anna viste hvordan hun retter en fejl: “først spørger jeg”, sagde hun, “dernæst skriver jeg det på en seddel & lægger den her”.")
	var b strings.Builder
	for i := range n {
		if i%120 == 0 {
			if i > 0 {
				b.WriteString(`</w:t></w:r></w:p>`)
			}
			style := ""
			if i%2400 == 0 {
				style = `<w:pStyle w:val="Heading1"/>`
			}
			fmt.Fprintf(&b, `<w:p w14:paraId="%08X" w14:textId="77777777" w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E"><w:pPr>%s<w:spacing w:after="160" w:line="259" w:lineRule="auto"/><w:rPr><w:lang w:val="da-DK"/></w:rPr></w:pPr>`, i, style)
		}
		if i%12 == 0 {
			if i%120 != 0 {
				b.WriteString(`</w:t></w:r><w:proofErr w:type="spellStart"/>`)
			}
			bold := ""
			if i%240 == 12 {
				bold = `<w:b/><w:bCs/>`
			}
			fmt.Fprintf(&b, `<w:r w:rsidRPr="00F%05X"><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>%s<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="da-DK"/></w:rPr><w:t xml:space="preserve">`, i, bold)
		}
		b.WriteString(strings.ReplaceAll(vocabulary[i%len(vocabulary)], "&", "&amp;"))
		b.WriteByte(' ')
	}
	b.WriteString(`</w:t></w:r></w:p>`)
	return docx(tb, b.String(), map[string]string{
		"word/styles.xml": `<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>`,
	})
}
