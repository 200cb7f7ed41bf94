package exchange_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// packedBook makes an archive of names and their contents, in that order.
func packedBook(tb testing.TB, entries ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: entries[i], Method: zip.Deflate})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(entries[i+1])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const (
	bookContainer = `<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`
	bookList      = `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Feltbog &amp; co</dc:title><dc:creator>Lea</dc:creator><dc:language>da</dc:language><dc:date>2024-04-03</dc:date></metadata>` +
		`<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="two" href="text/2%20b.xhtml" media-type="application/xhtml+xml"/><item id="one" href="text/1.xhtml" media-type="application/xhtml+xml"/><item id="notes" href="text/notes.xhtml" media-type="application/xhtml+xml"/><item id="side" href="side.xhtml" media-type="application/xhtml+xml"/><item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/><item id="css" href="a.css" media-type="text/css"/></manifest>` +
		`<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="side" linear="no"/><itemref idref="css"/><itemref idref="notes"/>GONE</spine></package>`
	bookOne   = `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body><section><header><h1>Et</h1></header><p>Mødet<a epub:type="noteref" href="#n1">1</a> og<a epub:type="noteref" href="notes.xhtml#n2">2</a>.</p><aside epub:type="footnote" id="n1"><p>1 Her.</p></aside></section></body></html>`
	bookTwo   = `<html><body><h2>To</h2><ul><li>a</li></ul></body></html>`
	bookNotes = `<html><body><ol><li id="n2">Der.</li></ol></body></html>`
)

func bookOf(tb testing.TB, list string, more ...string) []byte {
	tb.Helper()
	return packedBook(tb, append([]string{
		"mimetype", "application/epub+zip", "META-INF/container.xml", bookContainer, "OEBPS/book.opf", list, "OEBPS/nav.xhtml", "<p>Contents</p>",
		"OEBPS/text/2 b.xhtml", bookTwo, "OEBPS/text/1.xhtml", bookOne, "OEBPS/text/notes.xhtml", bookNotes, "OEBPS/side.xhtml", "<p>aside</p>",
	}, more...)...)
}

func TestEPUB(t *testing.T) {
	t.Parallel()
	t.Run("reads the pages of a book in the order of its spine", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "book.epub", string(bookOf(t, strings.Replace(bookList, "GONE", "", 1))))
		want := "heading level 1 \"Et\"\nparagraph \"Mødet[1] og[2].\"\nfootnote number 1 \"[1] Her.\"\nfootnote number 2 \"[2] Der.\"\nheading level 2 \"To\"\nlistItem level 1 \"a\""
		if diff := cmp.Diff(want, drawn(doc.Content)); diff != "" || doc.Warnings != nil {
			t.Error(diff, doc.Warnings)
		}
		meta := exchange.Meta{Title: "Feltbog & co", Author: "Lea", Language: "da", CreatedAt: time.Date(2024, 4, 3, 0, 0, 0, 0, time.UTC)}
		if diff := cmp.Diff(meta, doc.Meta); diff != "" || doc.Format != exchange.FileEPUB {
			t.Error(diff, doc.Format)
		}
	})
	t.Run("says that pages are missing", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "book.epub", string(bookOf(t, strings.Replace(bookList, "GONE", `<itemref idref="gone"/>`, 1))))
		if diff := cmp.Diff([]string{"pages_missing"}, codes(doc.Warnings)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("doesn't mind scrambled fonts", func(t *testing.T) {
		t.Parallel()
		readSource(t, "book.epub", string(bookOf(t, bookList, "META-INF/encryption.xml", `<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference URI="OEBPS/a.otf"/></encryption>`)))
	})
	bomb := bookOf(t, strings.Replace(bookList, "GONE", `<itemref idref="gone"/>`, 1), "OEBPS/gone.xhtml", strings.Repeat("<p> </p>", 9<<20))
	for _, c := range []struct {
		name, code string
		data       []byte
		kind       models.Kind
	}{
		{"refuses a locked book", "file_protected", bookOf(t, bookList, "META-INF/encryption.xml", `<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference URI="OEBPS/text/1.xhtml"/></encryption>`), models.KindInvalid},
		{"refuses a book without a list of its parts", "file_damaged", packedBook(t, "mimetype", "application/epub+zip", "a.xhtml", "<p>a"), models.KindInvalid},
		{"refuses a book without pages", "file_damaged", packedBook(t, "mimetype", "application/epub+zip", "META-INF/container.xml", bookContainer, "OEBPS/book.opf", "<package/>"), models.KindInvalid},
		{"refuses a book that is cut off", "file_damaged", bookOf(t, bookList)[:900], models.KindInvalid},
		{"refuses entities of its own", "file_damaged", bookOf(t, `<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>&a;</dc:title></package>`), models.KindInvalid},
		{"refuses a bomb", "file_too_large_inside", bomb, models.KindTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Read("book.epub", c.data, exchange.Options{})
			wantCode(t, err, c.kind, c.code)
		})
	}
}

func FuzzEPUB(f *testing.F) {
	f.Add([]byte(bookList), []byte(bookOne))
	f.Add([]byte(strings.Replace(bookList, "GONE", `<itemref idref="gone"/>`, 1)), []byte(`<p>a</p><![CDATA[b]]><table border="1"><tr><td>c`))
	f.Fuzz(func(t *testing.T, list, page []byte) {
		data := packedBook(t, "mimetype", "application/epub+zip", "META-INF/container.xml", bookContainer,
			"OEBPS/book.opf", string(list), "OEBPS/text/1.xhtml", string(page), "OEBPS/text/notes.xhtml", bookNotes)
		checkRead(t, "book.epub", data)
	})
}
