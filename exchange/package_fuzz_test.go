package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"feltbog/exchange"
	"feltbog/models"
)

// FuzzDOCX reads Word documents whose text, styles, lists and notes are whatever comes, and broken archives.
func FuzzDOCX(f *testing.F) {
	parts := wordParts()
	seed := func(body string) {
		data := docx(f, body, parts)
		f.Add(partOf(f, data, "word/document.xml"), partOf(f, data, "word/styles.xml"), partOf(f, data, "word/numbering.xml"), partOf(f, data, "word/footnotes.xml"))
	}
	seed(wP(wR("a")) + wStyled("Fund", "b") + wItem("1", "1", "c") + wTable(wRow(wCell(wP(wR("d"))), wCell(wP(wLook("<w:b/>", "e"))))))
	seed(wP(wEndOf("del")+`<w:commentRangeStart w:id="1"/>`+wR("a")+`<w:r><w:footnoteReference w:id="2"/></w:r><w:commentRangeEnd w:id="1"/>`) + wP(wField("begin")+wInstruction(`HYPERLINK "https://example.org"`)+wField("separate")+wR("b")+wField("end")))
	seed(wP(`<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>` + wP(wR("box")) + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice></mc:AlternateContent><w:sym w:font="Symbol" w:char="F0B7"/></w:r>`))
	for _, name := range []string{"testWORD_features.docx", "footnotes.docx", "teams_chat.docx"} {
		data := sampleFile(f, name)
		f.Add(partOf(f, data, "word/document.xml"), partOf(f, data, "word/styles.xml"), partOf(f, data, "word/numbering.xml"), partOf(f, data, "word/footnotes.xml"))
	}
	f.Fuzz(func(t *testing.T, document, styles, numbering, footnotes string) {
		fuzzed(t, "a.docx", packParts(t, map[string]string{
			"word/document.xml": document, "word/styles.xml": styles, "word/numbering.xml": numbering, "word/footnotes.xml": footnotes,
			"word/comments.xml": `<w:comments ` + wordNames + `><w:comment w:id="1">` + wP(wR("why?")) + `</w:comment></w:comments>`,
		}))
		fuzzed(t, "a.docx", []byte("PK\x03\x04"+document))
	})
}

// FuzzODT reads OpenDocument texts whose content and styles are whatever comes.
func FuzzODT(f *testing.F) {
	for _, text := range []string{
		oP("a"+oSpan("T1", "b")) + `<text:h text:outline-level="2">c</text:h>`,
		`<text:list text:style-name="L1">` + oItem(oP("a")+`<text:list>`+oItem(oP("b"))+`</text:list>`) + `</text:list>`,
		`<table:table><table:table-row table:number-rows-repeated="2">` + oCell(oP("a")) + `<table:covered-table-cell/></table:table-row></table:table>`,
		oP(`a<text:note><text:note-body>` + oP("b") + `</text:note-body></text:note><office:annotation office:name="1">` + oP("c") + `</office:annotation>d<office:annotation-end office:name="1"/><draw:frame><draw:text-box>` + oP("e") + `</draw:text-box></draw:frame>`),
	} {
		data := odt(f, text, nil)
		f.Add(partOf(f, data, "content.xml"), partOf(f, data, "styles.xml"))
	}
	whole := sampleFile(f, "testODFwithOOo3.odt")
	f.Add(partOf(f, whole, "content.xml"), partOf(f, whole, "styles.xml"))
	f.Fuzz(func(t *testing.T, content, styles string) {
		fuzzed(t, "a.odt", packParts(t, map[string]string{"mimetype": odtType, "content.xml": content, "styles.xml": styles}, "mimetype"))
	})
}

// fuzzed reads a file that may be anything, and checks what holds for all.
func fuzzed(t *testing.T, name string, data []byte) {
	t.Helper()
	got, err := exchange.Read(name, data, exchange.Options{})
	if err != nil {
		if _, ok := errors.AsType[*models.Error](err); !ok {
			t.Errorf("the error isn't one of ours: %v", err)
		}
		return
	}
	checkContent(t, got.Content)
	n := length(got.Content.Text)
	for _, c := range got.Comments {
		if c.Start < 0 || c.End <= c.Start || c.End > n || c.Text == "" {
			t.Errorf("a comment stands at [%d,%d) of %d: %q", c.Start, c.End, n, c.Text)
		}
	}
}

// partOf gives a part of an archive, nothing where there is none.
func partOf(tb testing.TB, data []byte, name string) string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		return ""
	}
	defer r.Close()
	part, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return string(part)
}

// sampleFile is a document of others.
func sampleFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "documents", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
