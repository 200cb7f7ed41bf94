package exchange

// Bounds on the definitions that are kept; Word has a few hundred of each at most.
const (
	maxStyles     = 10_000
	maxStyleChain = 50
	listLevels    = 9 // of lists of Word
)

// toggle is a property of characters that is on, off, or left to the style.
type toggle int8

const (
	toggleOn  toggle = 1
	toggleOff toggle = -1
)

// or gives the toggle, or another where it says nothing.
func (t toggle) or(other toggle) toggle {
	if t == 0 {
		return other
	}
	return t
}

// toggles are the properties of characters that matter here.
type toggles struct{ bold, italic, hidden toggle }

func (t toggles) or(other toggles) toggles {
	return toggles{t.bold.or(other.bold), t.italic.or(other.italic), t.hidden.or(other.hidden)}
}

// docxStyle is a style with all that it takes over from those that it is based on.
type docxStyle struct {
	kind, name, base string

	role    styleRole
	outline int // the level of a heading from 1, -1 for none, 0 where it doesn't say
	list    docxPlace
	toggles toggles
}

// docxPlace is a place in a list: the list, empty for one that isn't said, and the level from 0, -1 for one
// that isn't said.
type docxPlace struct {
	list  string
	level int
}

// docxStyles are the styles of a document by their ids.
type docxStyles struct {
	byID      map[string]*docxStyle
	paragraph *docxStyle // of paragraphs that name none
}

// paragraphOf gives the style of a paragraph.
func (s *docxStyles) paragraphOf(id string) *docxStyle {
	if id == "" {
		return s.paragraph
	}
	if style, ok := s.byID[id]; ok {
		return style
	}
	return &docxStyle{role: roleOf(id), list: docxPlace{level: -1}}
}

// readStyles reads the styles.
func (d *docxReader) readStyles(part string) error {
	d.styles = docxStyles{byID: map[string]*docxStyle{}, paragraph: &docxStyle{list: docxPlace{level: -1}}}
	p, err := d.part(part, relations{})
	if err != nil {
		return err
	}
	normal := ""
	for in := p.x.depth; p.x.more(in); {
		if p.x.name != "w:style" || len(d.styles.byID) >= maxStyles {
			continue
		}
		id, standard := p.x.attr("w:styleId"), p.x.attr("w:default")
		style := p.style(id)
		d.styles.byID[id] = style
		if style.kind == "paragraph" && (standard == "1" || standard == "true" || standard == "on") {
			normal = id
		}
	}
	whole := make(map[string]*docxStyle, len(d.styles.byID))
	for id := range d.styles.byID {
		whole[id] = d.styles.resolve(id)
	}
	d.styles.byID = whole
	if style, ok := whole[normal]; ok {
		d.styles.paragraph = style
	}
	return p.x.err
}

// style reads one style as it is written.
func (p *docxPart) style(id string) *docxStyle {
	style := &docxStyle{kind: p.x.attr("w:type"), name: id, list: docxPlace{level: -1}}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:name":
			style.name = p.x.attr("w:val")
		case "w:basedOn":
			style.base = p.x.attr("w:val")
		case "w:pPr":
			properties := p.paragraphProperties()
			style.list, style.outline = properties.list, properties.outline
		case "w:rPr":
			style.toggles = p.runProperties().toggles
		}
	}
	style.role = roleOf(style.name)
	if style.role.kind == "" {
		style.role = roleOf(id)
	}
	return style
}

// resolve gives a style with what it takes over. What a name says and what an outline level says are of
// one rank: the nearest style that says either decides.
func (s *docxStyles) resolve(id string) *docxStyle {
	own := s.byID[id]
	whole := *own
	at := own
	for range maxStyleChain {
		base, ok := s.byID[at.base]
		if !ok || base == own || base.kind != own.kind {
			break
		}
		at = base
		if whole.role.kind == "" && whole.outline == 0 {
			whole.role, whole.outline = base.role, base.outline
		}
		if whole.list.list == "" {
			whole.list.list = base.list.list
		}
		if whole.list.level < 0 {
			whole.list.level = base.list.level
		}
		whole.toggles = whole.toggles.or(base.toggles)
	}
	return &whole
}
