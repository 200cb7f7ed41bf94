package exchange

// docxNumbering holds the definitions of lists and how far each was counted.
type docxNumbering struct {
	lists  map[string]*docxList // by the id that paragraphs name
	shapes map[string]*docxShape
	links  map[string]string // the list of a list style, by the style's id
}

// docxList is a list as paragraphs name it: a shape, perhaps with changes of its own. Lists of one
// shape are counted as one, but a list that gives a start of its own begins anew.
type docxList struct {
	shape   string
	starts  [listLevels]int // of its own, -1 for none
	levels  [listLevels]*docxLevel
	started bool
}

// docxShape is how the levels of lists look.
type docxShape struct {
	levels [listLevels]docxLevel
	link   string // the list style that it stands for
	counts [listLevels]int
	begun  [listLevels]bool
}

type docxLevel struct {
	start   int
	format  string // bullet, none, decimal, lowerLetter …
	text    string
	restart int // the level from 1 whose items begin this one anew, 0 for none, -1 for every higher one
	style   string
}

// readNumbering reads the definitions of lists.
func (d *docxReader) readNumbering(part string) error {
	d.numbering = docxNumbering{lists: map[string]*docxList{}, shapes: map[string]*docxShape{}, links: map[string]string{}}
	p, err := d.part(part, relations{})
	if err != nil {
		return err
	}
	n := &d.numbering
	for in := p.x.depth; p.x.more(in); {
		switch {
		case p.x.name == "w:abstractNum" && len(n.shapes) < maxStyles:
			id := p.x.attr("w:abstractNumId")
			n.shapes[id] = p.listShape()
		case p.x.name == "w:num" && len(n.lists) < maxStyles:
			id := p.x.attr("w:numId")
			n.lists[id] = p.list()
		}
	}
	for id, style := range d.styles.byID {
		if style.kind == "numbering" {
			n.links[id] = style.list.list
		}
	}
	return p.x.err
}

func (p *docxPart) listShape() *docxShape {
	shape := &docxShape{}
	for i := range shape.levels {
		shape.levels[i] = docxLevel{start: 1, restart: -1, format: "decimal"}
	}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:numStyleLink":
			shape.link = p.x.attr("w:val")
		case "w:lvl":
			if i := p.x.number("w:ilvl", -1); i >= 0 && i < listLevels {
				shape.levels[i] = p.listLevel()
			}
		}
	}
	return shape
}

func (p *docxPart) listLevel() docxLevel {
	level := docxLevel{start: 0, restart: -1, format: "decimal"}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:start":
			level.start = min(max(p.x.number("w:val", 0), 0), maxNumber)
		case "w:numFmt":
			level.format = p.x.attr("w:val")
		case "w:lvlText":
			level.text = p.x.attr("w:val")
		case "w:lvlRestart":
			level.restart = p.x.number("w:val", -1)
		case "w:pStyle":
			level.style = p.x.attr("w:val")
		case "mc:AlternateContent":
			// Formats that only newer versions know, such as 01, 02; all of them are numbers.
			level.format = "decimal"
		}
	}
	return level
}

func (p *docxPart) list() *docxList {
	list := &docxList{}
	for i := range list.starts {
		list.starts[i] = -1
	}
	for in := p.x.depth; p.x.more(in); {
		switch p.x.name {
		case "w:abstractNumId":
			list.shape = p.x.attr("w:val")
		case "w:lvlOverride":
			i := p.x.number("w:ilvl", -1)
			if i < 0 || i >= listLevels {
				continue
			}
			for in := p.x.depth; p.x.more(in); {
				switch p.x.name {
				case "w:startOverride":
					list.starts[i] = min(max(p.x.number("w:val", 1), 0), maxNumber)
				case "w:lvl":
					level := p.listLevel()
					list.levels[i] = &level
				}
			}
		}
	}
	return list
}

// find gives a list and its shape, which a list style may stand between.
func (n *docxNumbering) find(id string) (*docxList, *docxShape) {
	list, ok := n.lists[id]
	if !ok {
		return nil, nil
	}
	shape := n.shapes[list.shape]
	if shape != nil && shape.link != "" {
		if linked, ok := n.lists[n.links[shape.link]]; ok && n.shapes[linked.shape] != nil {
			shape = n.shapes[linked.shape]
		}
	}
	return list, shape
}

// level gives how the items at a level of a list look.
func (l *docxList) level(shape *docxShape, i int) docxLevel {
	if l.levels[i] != nil {
		return *l.levels[i]
	}
	return shape.levels[i]
}

// levelOf gives the level that a list has for paragraphs in a style, 0 when it has none.
func (n *docxNumbering) levelOf(id, style string) int {
	list, shape := n.find(id)
	if shape == nil || style == "" {
		return 0
	}
	for i := range listLevels {
		if list.level(shape, i).style == style {
			return i
		}
	}
	return 0
}

// count counts an item and gives its number, 0 for one in a list without numbers; item is false where
// the list draws nothing before its items.
func (n *docxNumbering) count(at docxPlace) (number int, item bool) {
	list, shape := n.find(at.list)
	if shape == nil {
		return 0, false
	}
	at.level = min(max(at.level, 0), listLevels-1)
	if !list.started {
		list.started = true
		for i, start := range list.starts {
			if start >= 0 {
				shape.begun[i] = false
			}
		}
	}
	for i := range at.level {
		if !shape.begun[i] {
			shape.begin(list, i)
		}
	}
	if shape.begun[at.level] {
		shape.counts[at.level] = min(shape.counts[at.level]+1, maxNumber)
	} else {
		shape.begin(list, at.level)
	}
	for i := at.level + 1; i < listLevels; i++ {
		if restart := list.level(shape, i).restart; restart < 0 || at.level < restart {
			shape.begun[i] = false
		}
	}
	level := list.level(shape, at.level)
	switch level.format {
	case "bullet":
		return 0, true
	case "none":
		return 0, level.text != ""
	}
	return shape.counts[at.level], true
}

// begin begins to count a level.
func (s *docxShape) begin(list *docxList, i int) {
	s.begun[i] = true
	s.counts[i] = list.level(s, i).start
	if list.starts[i] >= 0 {
		s.counts[i] = list.starts[i]
	}
}
