package exchange

import (
	"errors"
	"path"

	"feltbog/models"
)

// docxNames are the short names of the namespaces of Word documents, transitional and strict, and of
// those extensions whose alternatives this reader understands.
var docxNames = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":              "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                          "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":       "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                   "r",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":                "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                            "m",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                     "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                                 "a",
	"http://schemas.openxmlformats.org/drawingml/2006/chart":                    "c",
	"http://purl.oclc.org/ooxml/drawingml/chart":                                "c",
	"http://schemas.openxmlformats.org/drawingml/2006/diagram":                  "dgm",
	"http://purl.oclc.org/ooxml/drawingml/diagram":                              "dgm",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing":    "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":                "wp",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":               "mc",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":         "wps",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup":         "wpg",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas":        "wpc",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing":       "wp14",
	"http://schemas.microsoft.com/office/word/2010/wordml":                      "w14",
	"http://schemas.microsoft.com/office/word/2012/wordml":                      "w15",
	"http://schemas.microsoft.com/office/drawing/2010/main":                     "a14",
	"urn:schemas-microsoft-com:vml":                                             "v",
	"urn:schemas-microsoft-com:office:office":                                   "o",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties":   "cp",
	"http://purl.oclc.org/ooxml/package/relationships/metadata/core-properties": "cp",
	"http://purl.org/dc/elements/1.1/":                                          "dc",
	"http://purl.org/dc/terms/":                                                 "dcterms",
}

// docxReader reads one Word document (ECMA-376). Its parts are files of XML in an archive.
type docxReader struct {
	flow
	parts     *container
	styles    docxStyles
	numbering docxNumbering
	noteOf    map[string]int // the place of a note in the flow, by its kind and id
	title     string         // the first paragraph in the style Title
	linked    int            // bytes of the addresses that words lead to
}

// readDOCX reads a Word document. Tracked changes are read as if all were accepted. Hidden text,
// pictures, headers and footers are left out. It returns an Invalid error for an archive that is no Word
// document or is broken (file_damaged).
func readDOCX(data []byte, _ Options) (Document, error) {
	parts, err := openContainer(data)
	if err != nil {
		return Document{}, err
	}
	d := docxReader{parts: parts, noteOf: map[string]int{}}
	top, err := parts.relations("")
	if err != nil {
		return Document{}, err
	}
	main := top.one("officeDocument", "word/document.xml")
	if !parts.has(main) {
		return Document{}, noText()
	}
	if err := d.readParts(main); err != nil {
		return Document{}, err
	}
	doc, err := d.document()
	if err != nil {
		return Document{}, err
	}
	if doc.Meta, err = d.properties(top.one("core-properties", "docProps/core.xml")); err != nil {
		return Document{}, err
	}
	if doc.Meta.Title == "" {
		doc.Meta.Title = d.title
	}
	return doc, nil
}

// readParts reads the part with the text, and before it those that it refers to.
func (d *docxReader) readParts(main string) error {
	relations, err := d.parts.relations(main)
	if err != nil {
		return err
	}
	beside := func(kind string) string {
		return relations.one(kind, path.Join(path.Dir(main), kind+".xml"))
	}
	if err := d.readStyles(beside("styles")); err != nil {
		return err
	}
	if err := d.readNumbering(beside("numbering")); err != nil {
		return err
	}
	if err := d.readComments(beside("comments")); err != nil {
		return err
	}
	for _, kind := range []string{"footnote", "endnote"} {
		if err := d.readNotes(kind, beside(kind+"s")); err != nil {
			return err
		}
	}
	return d.readBody(main, relations)
}

// properties reads what the document says of itself.
func (d *docxReader) properties(part string) (Meta, error) {
	x, err := d.parts.xml(part, docxNames)
	if err != nil || !x.root() {
		return Meta{}, err
	}
	var m Meta
	for in := x.depth; x.more(in); {
		switch x.name {
		case "dc:title":
			m.Title = oneLine(x.words(), models.MaxName)
		case "dc:creator":
			m.Author = oneLine(x.words(), models.MaxName)
		case "dc:language":
			m.Language = languageOf(x.words())
		case "dcterms:created":
			m.CreatedAt = timeOf(x.words())
		case "dcterms:modified":
			m.ChangedAt = timeOf(x.words())
		}
	}
	return m, x.err
}

// readComments reads the comments, whose places the running text tells.
func (d *docxReader) readComments(part string) error {
	p, err := d.part(part, relations{})
	if err != nil {
		return err
	}
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "w:comment" {
			continue
		}
		id, author, at := p.x.attr("w:id"), p.x.attr("w:author"), p.x.attr("w:date")
		var text leaf
		p.story(p.blocks, text.joinLine)
		d.addComment(id, author, timeOf(at), text.plain())
	}
	d.total, d.looks = 0, 0 // what comments say is no part of the text
	return p.x.err
}

// readNotes reads the footnotes or endnotes.
func (d *docxReader) readNotes(kind, part string) error {
	relations, err := d.parts.relations(part)
	if err != nil {
		return err
	}
	p, err := d.part(part, relations)
	if err != nil {
		return err
	}
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "w:"+kind {
			continue
		}
		// Those of a type are the lines between the text and its notes.
		if t := p.x.attr("w:type"); t != "" && t != "normal" {
			continue
		}
		id := p.x.attr("w:id")
		i := d.addNote()
		d.noteOf[kind+id] = i
		var text leaf
		p.story(p.blocks, text.joinLine)
		d.setNote(i, text)
		if err := d.over(); err != nil {
			return err
		}
	}
	return p.x.err
}

// readBody reads the running text.
func (d *docxReader) readBody(main string, relations relations) error {
	p, err := d.part(main, relations)
	if err != nil {
		return err
	}
	if p.x.name != "w:document" {
		p.x.fail(errors.New("another document than a Word one"))
	}
	for in := p.x.depth; p.x.more(in); {
		if p.x.name == "w:body" {
			p.story(p.blocks, func(l leaf) {
				if err := d.lay(l); err != nil {
					p.x.stop(err)
				}
			})
		}
	}
	return p.x.err
}
