package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"feltbog/models"
)

// Docx writes the paper as a document of Word (ECMA-376), with styles that can be changed there.
func (p *Paper) Docx(out io.Writer) error {
	d := docx{links: map[string]int{}}
	body := d.body(p)
	parts := []struct{ name, content string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", core(p)},
		{"word/styles.xml", strings.Replace(styleSheet, "LANGUAGE", escape(tag(p.Language)), 1)},
		{"word/numbering.xml", d.numbering()},
		{"word/_rels/document.xml.rels", d.relations()},
		{"word/document.xml", body},
	}
	z := zip.NewWriter(out)
	for _, part := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: p.Created.UTC()})
		if err == nil {
			_, err = io.WriteString(w, part.content)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end a document: %w", err)
	}
	return nil
}

// docx collects what the parts of a document refer to in each other.
type docx struct {
	order []string // addresses, in the order of their first use
	links map[string]int
	lists int // ordered lists, each of which counts anew
}

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	// firstRelation is the number of the first relation that is a link; styles and numbering come before.
	firstRelation = 3
	// bullets is the list of bullets; the ordered ones come after.
	bullets = 1
)

var wordStyles = map[Kind]string{Heading: "Heading1", Subheading: "Heading2", Body: "BodyText", Passage: "Quote", Small: "Small"}

func (d *docx) body(p *Paper) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document ` + wordSpace + ` xmlns:r="` + officeRels + `"><w:body>`)
	title := Line(Heading, p.Title, "")
	d.paragraph(&b, "Title", "", title.runs([]rune(title.Content.Text), title.Content.Blocks[0]))
	if p.Author != "" {
		author := Line(Small, p.Author, "")
		d.paragraph(&b, "Subtitle", "", author.runs([]rune(author.Content.Text), author.Content.Blocks[0]))
	}
	for i := range p.Parts {
		d.part(&b, &p.Parts[i])
	}
	b.WriteString(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1417" w:bottom="1247" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func (d *docx) part(b *strings.Builder, p *Part) {
	text := []rune(p.Content.Text)
	counting := false
	for _, block := range p.Content.Blocks {
		style, properties := wordStyles[p.Kind], ""
		ordered := block.Kind == models.BlockListItem && block.Number > 0
		if ordered && !counting {
			d.lists++
		}
		counting = ordered
		switch block.Kind { //nolint:exhaustive // the others look as their part does
		case models.BlockListItem:
			list := bullets
			if ordered {
				list += d.lists
			}
			style = "ListParagraph"
			properties = fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, min(max(block.Level, 1), 9)-1, list)
		case models.BlockQuote:
			style = "Quote"
		case models.BlockHeading:
			style = "Heading3"
		}
		d.paragraph(b, style, properties, p.runs(text, block))
	}
}

func (d *docx) paragraph(b *strings.Builder, style, properties string, runs []run) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + properties + `</w:pPr>`)
	for _, r := range runs {
		if r.link != "" {
			b.WriteString(`<w:hyperlink r:id="rId` + strconv.Itoa(d.link(r.link)) + `">`)
		}
		b.WriteString(`<w:r>`)
		if r.strong || r.slim || r.code || r.link != "" {
			b.WriteString(`<w:rPr>`)
			if r.link != "" {
				b.WriteString(`<w:rStyle w:val="Hyperlink"/>`)
			}
			if r.code {
				b.WriteString(`<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>`)
			}
			if r.strong {
				b.WriteString(`<w:b/>`)
			}
			if r.slim {
				b.WriteString(`<w:i/>`)
			}
			b.WriteString(`</w:rPr>`)
		}
		for i, line := range strings.Split(r.text, "\n") {
			if i > 0 {
				b.WriteString(`<w:br/>`)
			}
			b.WriteString(`<w:t xml:space="preserve">` + escape(line) + `</w:t>`)
		}
		b.WriteString(`</w:r>`)
		if r.link != "" {
			b.WriteString(`</w:hyperlink>`)
		}
	}
	b.WriteString(`</w:p>`)
}

// link gives the number of the relation that leads to an address.
func (d *docx) link(address string) int {
	if _, known := d.links[address]; !known {
		d.links[address] = firstRelation + len(d.order)
		d.order = append(d.order, address)
	}
	return d.links[address]
}

func (d *docx) relations() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	b.WriteString(`<Relationship Id="rId1" Type="` + officeRels + `/styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + officeRels + `/numbering" Target="numbering.xml"/>`)
	for i, address := range d.order {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/hyperlink" Target="%s" TargetMode="External"/>`, firstRelation+i, officeRels, escape(address))
	}
	return b.String() + `</Relationships>`
}

func (d *docx) numbering() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:numbering ` + wordSpace + `>`)
	for id, format := range []struct{ name, text string }{{"bullet", "•"}, {"decimal", "%N."}} {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>`, id)
		for level := range 9 {
			fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="340"/></w:pPr></w:lvl>`,
				level, format.name, strings.Replace(format.text, "N", strconv.Itoa(level+1), 1), 340*(level+1))
		}
		b.WriteString(`</w:abstractNum>`)
	}
	fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="0"/></w:num>`, bullets)
	for list := range d.lists {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`, bullets+1+list)
	}
	return b.String() + `</w:numbering>`
}

func core(p *Paper) string {
	at := p.Created.UTC().Format(time.RFC3339)
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(p.Title) + `</dc:title><dc:creator>` + escape(p.Author) + `</dc:creator><dc:language>` + escape(tag(p.Language)) + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

// tag is the language as Word knows it.
func tag(language string) string {
	switch language {
	case "da":
		return "da-DK"
	case "en", "":
		return "en-GB"
	}
	return language
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(clean(s))) // a buffer takes everything
	return b.String()
}

const contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + officeRels + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const styleSheet = xmlHead + `<w:styles ` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Cambria" w:hAnsi="Cambria" w:cs="Times New Roman"/><w:sz w:val="22"/><w:lang w:val="LANGUAGE"/></w:rPr></w:rPrDefault>` +
	`<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="288" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="5A5A5A"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="23"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:pPr><w:keepNext/><w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:left w:val="single" w:sz="12" w:space="10" w:color="969696"/></w:pBdr><w:ind w:left="340"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Small"><w:name w:val="Small"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="5A5A5A"/><w:sz w:val="18"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="60"/></w:pPr></w:style>` +
	`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="143C8C"/><w:u w:val="single"/></w:rPr></w:style></w:styles>`
