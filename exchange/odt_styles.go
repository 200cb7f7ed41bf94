package exchange

// odtStyles are the styles of an OpenDocument text: those that people name, and the automatic ones that
// stand for what was formatted by hand.
type odtStyles struct {
	byName   map[odtStyleName]*odtStyle
	lists    map[string]*odtListStyle
	resolved map[odtStyleName]odtStyle
}

type odtStyleName struct{ family, name string }

type odtStyle struct {
	parent string
	list   string
	role   styleRole

	own    toggles // by hand
	common toggles // of the style that people name
}

// odtListStyle tells of each level of a list whether it is numbered, and from which number on.
type odtListStyle struct {
	levels [odtLevels]odtLevel
}

const odtLevels = 10

type odtLevel struct {
	kind  odtLevelKind
	start int
}

type odtLevelKind uint8

const (
	odtBullet odtLevelKind = iota
	odtNumber
	odtBare // nothing stands before the items
)

// readStyles reads the styles that people name.
func (d *odtReader) readStyles() error {
	d.styles = odtStyles{
		byName: map[odtStyleName]*odtStyle{}, lists: map[string]*odtListStyle{}, resolved: map[odtStyleName]odtStyle{},
	}
	x, err := d.parts.xml("styles.xml", odtNames)
	if err != nil {
		return err
	}
	x.root()
	for in := x.depth; x.more(in); {
		// The automatic styles in this part are those of headers and footers.
		if x.name == "office:styles" {
			d.styles.read(x, false)
		}
	}
	return x.err
}

// read reads the styles in an element.
func (s *odtStyles) read(x *xmlReader, byHand bool) {
	for in := x.depth; x.more(in); {
		if len(s.byName)+len(s.lists) >= maxStyles {
			continue
		}
		switch x.name {
		case "style:style":
			name := odtStyleName{x.attr("style:family"), x.attr("style:name")}
			s.byName[name] = readODTStyle(x, byHand)
		case "text:list-style":
			name := x.attr("style:name")
			s.lists[name] = readODTListStyle(x)
		}
	}
}

func readODTStyle(x *xmlReader, byHand bool) *odtStyle {
	style := &odtStyle{parent: x.attr("style:parent-style-name"), list: x.attr("style:list-style-name")}
	if !byHand {
		if style.role = roleOf(x.attr("style:display-name")); style.role.kind == "" {
			style.role = roleOf(x.attr("style:name"))
		}
	}
	for in := x.depth; x.more(in); {
		if x.name == "style:text-properties" {
			style.own = toggles{bold: boldOf(x.attr("fo:font-weight")), italic: italicOf(x.attr("fo:font-style")), hidden: hiddenOf(x.attr("text:display"))}
		}
	}
	if !byHand {
		style.own, style.common = toggles{}, style.own
	}
	return style
}

func boldOf(weight string) toggle {
	switch weight {
	case "":
		return 0
	case "bold", "600", "700", "800", "900":
		return toggleOn
	}
	return toggleOff
}

func italicOf(style string) toggle {
	switch style {
	case "":
		return 0
	case "italic", "oblique":
		return toggleOn
	}
	return toggleOff
}

func hiddenOf(display string) toggle {
	switch display {
	case "none":
		return toggleOn
	case "true":
		return toggleOff
	}
	return 0
}

func readODTListStyle(x *xmlReader) *odtListStyle {
	style := &odtListStyle{}
	for in := x.depth; x.more(in); {
		i := x.number("text:level", 0) - 1
		if i < 0 || i >= odtLevels {
			continue
		}
		level := &style.levels[i]
		switch x.name {
		case "text:list-level-style-number":
			level.kind, level.start = odtNumber, min(max(x.number("text:start-value", 1), 0), maxNumber)
			if x.attr("style:num-format") == "" {
				level.kind = odtBare
				if x.attr("style:num-prefix")+x.attr("style:num-suffix") != "" {
					level.kind = odtBullet
				}
			}
		case "text:list-level-style-bullet", "text:list-level-style-image":
			level.kind = odtBullet
		}
	}
	return style
}

// get gives a style with what it takes over.
func (s *odtStyles) get(family, name string) odtStyle {
	key := odtStyleName{family, name}
	if style, ok := s.resolved[key]; ok {
		return style
	}
	found, ok := s.byName[key]
	if !ok {
		return odtStyle{role: roleOf(name)}
	}
	whole := *found
	parent := whole.parent
	for range maxStyleChain {
		base, ok := s.byName[odtStyleName{family, parent}]
		if !ok {
			break
		}
		if whole.role.kind == "" {
			whole.role = base.role
		}
		if whole.list == "" {
			whole.list = base.list
		}
		whole.own, whole.common = whole.own.or(base.own), whole.common.or(base.common)
		parent = base.parent
	}
	s.resolved[key] = whole
	return whole
}

// odtLists are the lists that were met.
type odtLists struct {
	byID   map[string]*odtList
	latest map[string]*odtList // of each style
}

// odtItem is a place in lists.
type odtItem struct {
	list    *odtList // around it
	depth   int
	untaken bool // the paragraph that comes is the first of an item
	start   int  // the number that the item names, -1 for none
}

// odtList is how far a list was counted.
type odtList struct {
	style  string
	counts [odtLevels]int
	begun  [odtLevels]bool
}

// count counts an item and gives its number, 0 where there is none; item is false where nothing stands
// before the items.
func (l *odtList) count(style *odtListStyle, depth, start int) (number int, item bool) {
	i := min(max(depth, 1), odtLevels) - 1
	level := odtLevel{}
	if style != nil {
		level = style.levels[i]
	}
	switch {
	case start >= 0:
		l.counts[i] = start
	case l.begun[i]:
		l.counts[i] = min(l.counts[i]+1, maxNumber)
	default:
		l.counts[i] = level.start
	}
	l.begun[i] = true
	for j := i + 1; j < odtLevels; j++ {
		l.begun[j] = false
	}
	switch level.kind {
	case odtNumber:
		return l.counts[i], true
	case odtBare:
		return 0, false
	case odtBullet:
	}
	return 0, true
}
