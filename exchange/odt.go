package exchange

import "feltbog/models"

// odtNames are the short names of the namespaces of OpenDocument.
var odtNames = map[string]string{
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0":            "office",
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0":             "style",
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0":              "text",
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0":             "table",
	"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0":           "draw",
	"urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0":              "dr3d",
	"urn:oasis:names:tc:opendocument:xmlns:form:1.0":              "form",
	"urn:oasis:names:tc:opendocument:xmlns:meta:1.0":              "meta",
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0":          "manifest",
	"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
	"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0":    "svg",
	"http://www.w3.org/1999/xlink":                                "xlink",
	"http://www.w3.org/1998/Math/MathML":                          "math",
	"http://purl.org/dc/elements/1.1/":                            "dc",
}

// odtReader reads one OpenDocument text (OASIS OpenDocument 1.3, ISO/IEC 26300).
type odtReader struct {
	flow
	parts  *container
	styles odtStyles
	math   map[string][]rune // the formulas that were read, by their parts
	title  string            // the first paragraph in the style Title

	x *xmlReader
	odtStory
	lists odtLists
	cells int // table cells around this place
}

// readODT reads an OpenDocument text. Tracked changes are read as if all were accepted. Hidden text,
// pictures, headers and footers are left out. It returns an Invalid error for an archive that is no such
// text or is broken (file_damaged), and for an encrypted one (file_protected).
func readODT(data []byte, _ Options) (Document, error) {
	parts, err := openContainer(data)
	if err != nil {
		return Document{}, err
	}
	d := odtReader{parts: parts, math: map[string][]rune{}}
	if err := d.checkLock(); err != nil {
		return Document{}, err
	}
	if !parts.has("content.xml") {
		return Document{}, noText()
	}
	if err := d.readStyles(); err != nil {
		return Document{}, err
	}
	if err := d.readContent(); err != nil {
		return Document{}, err
	}
	doc, err := d.document()
	if err != nil {
		return Document{}, err
	}
	if doc.Meta, err = d.properties(); err != nil {
		return Document{}, err
	}
	if doc.Meta.Title == "" {
		doc.Meta.Title = d.title
	}
	return doc, nil
}

// checkLock returns the error for a document whose parts are encrypted.
func (d *odtReader) checkLock() error {
	x, err := d.parts.xml("META-INF/manifest.xml", odtNames)
	if err != nil {
		return err
	}
	for x.next() {
		if x.kind == xmlStart && x.name == "manifest:encryption-data" {
			return protected()
		}
	}
	return x.err
}

// readContent reads the running text, and before it the styles that stand with it.
func (d *odtReader) readContent() error {
	x, err := d.parts.xml("content.xml", odtNames)
	if err != nil {
		return err
	}
	d.x = x
	d.lists = odtLists{byID: map[string]*odtList{}, latest: map[string]*odtList{}}
	found := false
	x.root()
	for in := x.depth; x.more(in); {
		switch x.name {
		case "office:automatic-styles":
			d.styles.read(x, true)
		case "office:body":
			for in := x.depth; x.more(in); {
				if x.name == "office:text" {
					found = true
					d.story(d.blocks, d.place)
				}
			}
		}
	}
	if x.err == nil && !found {
		return noText()
	}
	return x.err
}

// place gives a leaf of the running text its place.
func (d *odtReader) place(l leaf) {
	if err := d.lay(l); err != nil {
		d.x.stop(err)
	}
}

// properties reads what the document says of itself.
func (d *odtReader) properties() (Meta, error) {
	x, err := d.parts.xml("meta.xml", odtNames)
	if err != nil || !x.root() {
		return Meta{}, err
	}
	var m Meta
	changer := ""
	for in := x.depth; x.more(in); {
		if x.name != "office:meta" {
			continue
		}
		for in := x.depth; x.more(in); {
			switch x.name {
			case "dc:title":
				m.Title = oneLine(x.words(), models.MaxName)
			case "meta:initial-creator":
				m.Author = oneLine(x.words(), models.MaxName)
			case "dc:creator":
				changer = oneLine(x.words(), models.MaxName)
			case "dc:language":
				m.Language = languageOf(x.words())
			case "meta:creation-date":
				m.CreatedAt = timeOf(x.words())
			case "dc:date":
				m.ChangedAt = timeOf(x.words())
			}
		}
	}
	if m.Author == "" {
		m.Author = changer
	}
	return m, x.err
}
