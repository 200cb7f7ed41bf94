package exchange

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"feltbog/models"
)

const (
	maxEPUBParts = 5_000   // pages of a book
	maxEPUBText  = 4 << 20 // bytes of the list of a book's parts
)

// opfNames are the short names of the namespaces in which a book says what it is.
var opfNames = map[string]string{
	"urn:oasis:names:tc:opendocument:xmlns:container": "c",
	"http://www.idpf.org/2007/opf":                    "opf",
	"http://purl.org/dc/elements/1.1/":                "dc",
	"http://www.w3.org/2001/04/xmlenc#":               "enc",
}

// book is what an e-book says of itself.
type book struct {
	meta  Meta
	pages map[string]string // names of the parts that are pages, by their identifiers
	spine []string          // identifiers in the order in which they are read
}

// readEPUB reads an e-book: its pages in the order of its spine, each as a web page is read. It returns
// an Invalid error for a book whose pages are locked (file_protected) and one that lacks its parts
// (file_damaged), and the errors of opening an archive.
func readEPUB(data []byte, _ Options) (Document, error) {
	c, err := openContainer(data)
	if err != nil {
		return Document{}, err
	}
	if locked, err := epubLocked(c); err != nil || locked {
		if err == nil {
			err = protected()
		}
		return Document{}, err
	}
	name, err := epubRoot(c)
	if err != nil {
		return Document{}, err
	}
	b, err := readBook(c, name)
	if err != nil {
		return Document{}, err
	}
	return b.read(c)
}

// read reads the pages of a book.
func (b *book) read(c *container) (Document, error) {
	s := newSurvey()
	type page struct{ name, text string }
	var pages []page
	missing := false
	for _, id := range b.spine {
		name := b.pages[id]
		if name == "" {
			continue
		}
		if !c.has(name) {
			missing = true
			continue
		}
		data, err := c.read(name)
		if err != nil {
			return Document{}, err
		}
		text, err := epubText(data)
		if err != nil {
			return Document{}, err
		}
		text = cutEmbedded(text)
		if err := s.read(name, text, true); err != nil {
			return Document{}, err
		}
		pages = append(pages, page{name, text})
	}
	if len(pages) == 0 {
		return Document{}, damaged(nil)
	}
	h := newHTMLReader(s)
	h.book = true
	for _, p := range pages {
		h.readFile(p.name, p.text, true)
	}
	if missing {
		h.warn(Warning{Code: "pages_missing", Sentence: "Pages that this book names are missing from it."})
	}
	doc, err := h.document()
	if err != nil {
		return Document{}, err
	}
	if b.meta.Language == "" {
		b.meta.Language = h.meta.Language
	}
	doc.Meta = b.meta
	return doc, nil
}

// epubText gives a page in UTF-8.
func epubText(data []byte) (string, error) {
	text, err := xmlText(data)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(text) {
		decoded, _, err := decodeHTML(data, "")
		return decoded, err
	}
	return string(text), nil
}

// epubRoot gives the name of the part that lists the others.
func epubRoot(c *container) (string, error) {
	x, err := c.xml("META-INF/container.xml", opfNames)
	if err != nil {
		return "", err
	}
	for x.next() {
		if x.kind == xmlStart && x.name == "c:rootfile" {
			if name := partName(x.attr("full-path")); c.has(name) {
				return name, nil
			}
		}
	}
	if x.err != nil {
		return "", x.err
	}
	return "", damaged(nil)
}

// epubLocked says whether pages are encrypted. Fonts that are scrambled so that they stay with their book
// don't matter.
func epubLocked(c *container) (bool, error) {
	if !c.has("META-INF/encryption.xml") {
		return c.has("META-INF/rights.xml"), nil
	}
	x, err := c.xml("META-INF/encryption.xml", opfNames)
	if err != nil {
		return false, err
	}
	for x.next() {
		if x.kind == xmlStart && x.name == "enc:CipherReference" {
			switch strings.ToLower(path.Ext(x.attr("URI"))) {
			case ".xhtml", ".html", ".htm", ".xml", ".opf":
				return true, nil
			}
		}
	}
	return false, x.err
}

// readBook reads the list of a book's parts.
func readBook(c *container, name string) (*book, error) {
	x, err := c.xml(name, opfNames)
	if err != nil {
		return nil, err
	}
	if len(x.data) > maxEPUBText {
		return nil, tooLargeInside()
	}
	b := &book{pages: map[string]string{}}
	for x.next() {
		if x.kind != xmlStart {
			continue
		}
		switch x.name {
		case "dc:title":
			if words := oneLine(x.words(), models.MaxName); b.meta.Title == "" {
				b.meta.Title = words
			}
		case "dc:creator":
			if words := oneLine(x.words(), models.MaxName); b.meta.Author == "" {
				b.meta.Author = words
			}
		case "dc:language":
			if words := languageOf(x.words()); b.meta.Language == "" {
				b.meta.Language = words
			}
		case "dc:date":
			if t := timeOf(x.words()); b.meta.CreatedAt.IsZero() {
				b.meta.CreatedAt = t
			}
		case "opf:item":
			b.item(x, name)
		case "opf:itemref":
			id := x.attr("idref")
			if len(b.spine) < maxEPUBParts && x.attr("linear") != "no" && !slices.Contains(b.spine, id) {
				b.spine = append(b.spine, id)
			}
		}
	}
	return b, x.err
}

// item takes a part of the book if it is a page of its text.
func (b *book) item(x *xmlReader, root string) {
	id, kind := x.attr("id"), x.attr("media-type")
	if kind != "application/xhtml+xml" && kind != "text/html" && kind != "application/x-dtbook+xml" {
		return
	}
	if slices.Contains(strings.Fields(x.attr("properties")), "nav") || len(b.pages) >= maxEPUBParts {
		return
	}
	b.pages[id] = siblingPart(root, x.attr("href"))
}

// siblingPart gives the name of the part that an address in a part of a book leads to.
func siblingPart(part, address string) string {
	address, _, _ = strings.Cut(address, "#")
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	return partName(path.Join(path.Dir(part), address))
}
