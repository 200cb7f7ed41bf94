package exchange_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"feltbog/exchange"
	"feltbog/models"
)

func TestReadRefusesArchives(t *testing.T) {
	t.Parallel()
	whole := docx(t, wP(wR("a")), nil)
	document := func(xml string) []byte {
		return packParts(t, map[string]string{"word/document.xml": xml})
	}
	inBody := func(xml string) []byte { return docx(t, xml, nil) }
	for _, c := range []struct {
		name, file string
		data       []byte
		kind       models.Kind
		code       string
	}{
		{"a Word file that is cut off", "a.docx", whole[:len(whole)/2], models.KindInvalid, "file_damaged"},
		{"a Word file without its text", "a.docx", packParts(t, map[string]string{"word/styles.xml": "<a/>"}), models.KindInvalid, "file_damaged"},
		{"a Word file that holds another document", "a.docx", document(`<a/>`), models.KindInvalid, "file_damaged"},
		{"a Word file with an empty part", "a.docx", document(``), models.KindInvalid, "file_damaged"},
		{"XML that ends too early", "a.docx", document(`<w:document ` + wordNames + `><w:body><w:p>`), models.KindInvalid, "file_damaged"},
		{"XML with an end of another element", "a.docx", inBody(`<w:p></w:r>`), models.KindInvalid, "file_damaged"},
		{"XML with a broken tag", "a.docx", inBody(`<w:p a></w:p>`), models.KindInvalid, "file_damaged"},
		{"XML with a broken reference", "a.docx", inBody(`<w:p><w:r><w:t>&amp</w:t></w:r></w:p>`), models.KindInvalid, "file_damaged"},
		{"XML that isn't UTF-8", "a.docx", inBody("<w:p><w:r><w:t>\xff</w:t></w:r></w:p>"), models.KindInvalid, "file_damaged"},
		{
			"entities", "a.docx",
			document(`<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y SYSTEM "file:///etc/passwd">]><w:document ` + wordNames + `><w:body><w:p><w:r><w:t>&x;&y;</w:t></w:r></w:p></w:body></w:document>`),
			models.KindInvalid, "file_damaged",
		},
		{"elements without end within each other", "a.docx", inBody(strings.Repeat("<w:sdt>", 100_000) + strings.Repeat("</w:sdt>", 100_000)), models.KindInvalid, "file_damaged"},
		{"a bomb", "a.docx", inBody(strings.Repeat("          ", 7<<20)), models.KindTooLarge, "file_too_large_inside"},
		{"too many files", "a.docx", manyFiles(t, 10_001), models.KindInvalid, "file_too_many_inside"},
		{"a text too long", "a.docx", inBody(wP(wR(strings.Repeat("a ", 1<<20)))), models.KindTooLarge, "text_too_long"},
		{"too many paragraphs", "a.docx", inBody(strings.Repeat(wP(wR("a")), models.MaxBlocks+1)), models.KindInvalid, "blocks_too_many"},
		{"too many marks", "a.docx", inBody(wP(strings.Repeat(wR("a")+wLook("<w:b/>", "b"), 50_000))), models.KindInvalid, "marks_too_many"},
		{"a Word file without words", "a.docx", inBody(wP("")), models.KindInvalid, "text_empty"},
		{"an OpenDocument text without its text", "a.odt", odt(t, "", map[string]string{"content.xml": "<a/>"}), models.KindInvalid, "file_damaged"},
		{"an OpenDocument text without content", "a.odt", packParts(t, map[string]string{"mimetype": odtType}, "mimetype"), models.KindInvalid, "file_damaged"},
		{
			"an encrypted OpenDocument text", "a.odt",
			odt(t, "", map[string]string{"META-INF/manifest.xml": `<!DOCTYPE manifest:manifest PUBLIC "-//X//DTD Manifest 1.0//EN" "Manifest.dtd">` +
				`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`}),
			models.KindInvalid, "file_protected",
		},
		{"a row that is repeated a million times", "a.odt", odt(t, `<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row></table:table>`, nil), models.KindInvalid, "blocks_too_many"},
		{"a million spaces, twice", "a.odt", odt(t, `<text:p>a`+strings.Repeat(`<text:s text:c="999999"/>`, 3)+`b</text:p>`, nil), models.KindTooLarge, "text_too_long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Read(c.file, c.data, exchange.Options{})
			wantCode(t, err, c.kind, c.code)
		})
	}
}

// manyFiles packs many empty files beside a document.
func manyFiles(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		if _, err := z.Create(fmt.Sprintf("word/%d.xml", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadPackagesOfOthers(t *testing.T) {
	t.Parallel()
	const body = `<w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>æ</w:t></w:r></w:p></w:body>`
	for _, c := range []struct {
		name  string
		parts map[string]string
	}{
		{"in the strict namespaces", map[string]string{"word/document.xml": `<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main">` + body + `</w:document>`}},
		{"with another prefix, and none", map[string]string{"word/document.xml": strings.NewReplacer("w:val", "x:val", "w:", "").Replace(`<w:document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main">` + body + `</w:document>`)}},
		{"in UTF-16", map[string]string{"word/document.xml": utf16Text(`<?xml version="1.0" encoding="UTF-16"?><w:document ` + wordNames + `>` + body + `</w:document>`)}},
		{"in another encoding that they name", map[string]string{"word/document.xml": strings.ReplaceAll(`<?xml version="1.0" encoding="iso-8859-1"?><w:document `+wordNames+`>`+body+`</w:document>`, "æ", "\xe6")}},
		{"with a byte order mark, comments and instructions", map[string]string{"word/document.xml": "\xef\xbb\xbf<?xml version='1.0'?><!-- a --><?b c?><w:document " + wordNames + ">" + body + "</w:document >\n"}},
		{"with parts of other names", map[string]string{
			"_rels/.rels":   `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/Word/Text.xml"/></Relationships>`,
			`word\text.xml`: `<w:document ` + wordNames + `>` + body + `</w:document>`, "word/styles.xml": "<a/>",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := readDocument(t, "a.docx", packParts(t, c.parts))
			if lines := outline(got.Content); len(lines) != 1 || lines[0] != `heading level 1 "æ"` {
				t.Errorf("it reads %q", lines)
			}
		})
	}
}

func TestReadLongStretches(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("æ&\u00e5😊\r\n", 60_000)
	want := strings.TrimSpace(strings.Repeat("æ&\u00e5😊 ", 60_000))
	source := strings.ReplaceAll(words, "&", "&amp;")
	for name, data := range map[string][]byte{"a.docx": docx(t, wP(wR(source)), nil), "a.odt": odt(t, oP(source), nil)} {
		if got := readDocument(t, name, data).Content.Text; got != want {
			t.Errorf("%s has other words: %.40q", name, got)
		}
	}
}

// utf16Text is a text in UTF-16, little end first, with its mark.
func utf16Text(s string) string {
	b := []byte{0xff, 0xfe}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}
