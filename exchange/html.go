package exchange

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"feltbog/models"
)

// readHTML reads a web page, one that a browser saved or that Word, LibreOffice or Google Docs wrote.
// Its main text is kept: what its main element holds, else its one article when that is a third of the
// page at least, else all but navigation, page headers and footers, forms and what can't be seen. Scripts
// are never run and nothing is fetched. The encoding is that of the options, of a byte order mark, of the
// page's own word, or the one that [Decode] finds.
func readHTML(data []byte, o Options) (Document, error) {
	text, encoding, err := decodeHTML(data, o.Encoding)
	if err != nil {
		return Document{}, err
	}
	doc, err := htmlDocument(text)
	if err != nil {
		return Document{}, err
	}
	doc.Encoding = encoding
	return doc, nil
}

// htmlDocument reads a page in UTF-8.
func htmlDocument(text string) (Document, error) {
	text = cutEmbedded(text)
	xml := strings.HasPrefix(text, "<?xml")
	s := newSurvey()
	if err := s.read("", text, xml); err != nil {
		return Document{}, err
	}
	if s.mains > 0 {
		main, err := htmlPart(text, xml, s, "main")
		if err != nil || main.Content.Text != "" {
			return main, err
		}
	}
	whole, err := htmlPart(text, xml, s, "")
	if err != nil {
		return Document{}, err
	}
	if s.mains == 0 && s.articles == 1 {
		article, err := htmlPart(text, xml, s, "article")
		if err == nil && 3*len(article.Content.Text) >= len(whole.Content.Text) {
			return article, nil
		}
	}
	return whole, nil
}

// htmlPart reads what stands in elements of that name, or all of a page.
func htmlPart(text string, xml bool, s *survey, root string) (Document, error) {
	h := newHTMLReader(s)
	h.root = root
	h.readFile("", text, xml)
	doc, err := h.document()
	doc.Meta = h.meta
	return doc, err
}

var (
	charsetMeta    = regexp.MustCompile(`(?i)<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})`)
	charsetXML     = regexp.MustCompile(`(?i)^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([a-z0-9_:.-]{2,40})`)
	embedded       = []byte("data:")
	maxEmbedded    = 1_000 // bytes of what is written into an address
	charsetHead    = 4_096 // bytes in which a page says its encoding
	byteOrderMarks = []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"}
)

// decodeHTML gives a page's text and the name of its encoding.
func decodeHTML(data []byte, forced string) (text, encoding string, err error) {
	if forced != "" {
		return DecodeAs(data, forced)
	}
	for _, mark := range byteOrderMarks {
		if bytes.HasPrefix(data, []byte(mark)) {
			return Decode(data)
		}
	}
	if utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 {
		return string(data), "utf-8", nil
	}
	head := data[:min(len(data), charsetHead)]
	m := charsetXML.FindSubmatch(head)
	if m == nil {
		m = charsetMeta.FindSubmatch(head)
	}
	if m == nil {
		return Decode(data)
	}
	e, err := htmlindex.Get(string(m[1]))
	if err != nil {
		return Decode(data)
	}
	name, err := htmlindex.Name(e)
	if err != nil || strings.HasPrefix(name, "utf-") || name == "replacement" {
		return Decode(data)
	}
	decoded, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return Decode(data)
	}
	return string(decoded), name, nil
}

// cutEmbedded cuts out pictures that are written into the page itself, for they can be long.
func cutEmbedded(text string) string {
	if len(text) < maxEmbedded || !strings.Contains(text, string(embedded)) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for {
		i := strings.Index(text, string(embedded))
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(embedded)
		for end < len(text) && strings.IndexByte("\"'<> \t\r\n)", text[end]) < 0 {
			end++
		}
		if end-i < maxEmbedded {
			b.WriteString(text[:end])
		} else {
			b.WriteString(text[:i])
		}
		text = text[end:]
	}
}

// htmlMeta takes what a meta element says.
func (h *htmlReader) htmlMeta(t *htmlTag) {
	name := strings.ToLower(t.attr("name") + t.attr("property"))
	content := t.attr("content")
	switch name {
	case "author", "dc.creator", "dcterms.creator", "article:author":
		if h.meta.Author == "" && !strings.Contains(content, "://") {
			h.meta.Author = oneLine(content, models.MaxName)
		}
	case "date", "created", "dc.date", "dcterms.created", "article:published_time":
		if h.meta.CreatedAt.IsZero() {
			h.meta.CreatedAt = timeOf(content)
		}
	case "changed", "dcterms.modified", "article:modified_time", "last-modified":
		if h.meta.ChangedAt.IsZero() {
			h.meta.ChangedAt = timeOf(content)
		}
	}
}
