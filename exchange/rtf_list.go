package exchange

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"feltbog/models"
)

const (
	bulletFormat   = 23
	noNumberFormat = 255
)

// rtfLevel is a level of a list: how its items are numbered, and from which number.
type rtfLevel struct{ format, start int }

// rtfList is a list of the list table, and the numbers that its items have reached.
type rtfList struct {
	levels []rtfLevel
	counts [listLevels]int
	begun  [listLevels]bool
}

// rtfOverride is what paragraphs name: a list, perhaps with other first numbers.
type rtfOverride struct {
	list   int
	starts map[int]int
}

// rtfStyle is a style of paragraphs.
type rtfStyle struct {
	name    string
	outline int // 0 for body text, else the level of a heading
}

// role tells what paragraphs in the style are. Programs may write other names of a style behind a comma.
func (s rtfStyle) role() styleRole {
	name, _, _ := strings.Cut(s.name, ",")
	return roleOf(name)
}

// next gives the number of the next item of a list at a level counted from 0, 0 for one of a list with
// bullets. Items of deeper levels begin anew after it.
func (l *rtfList) next(level int, o rtfOverride) int {
	def := rtfLevel{format: bulletFormat}
	if level < len(l.levels) {
		def = l.levels[level]
	}
	for i := level + 1; i < listLevels; i++ {
		l.begun[i] = false
	}
	if l.begun[level] {
		l.counts[level] = min(l.counts[level]+1, maxNumber)
	} else {
		l.counts[level] = def.start
		if start, ok := o.starts[level]; ok {
			l.counts[level] = start
		}
		l.begun[level] = true
	}
	if def.format == bulletFormat || def.format == noNumberFormat {
		return 0
	}
	return max(l.counts[level], 0)
}

// rtfPara is what a paragraph says of itself.
type rtfPara struct {
	style   int
	outline int // as in rtfStyle
	list    int // that is named by its number in the table of overrides, 0 for none
	level   int // in the list, from 0
	inTable bool
}

// block gives the kind of block that the paragraph makes which ends here.
func (r *rtfReader) block() models.Block {
	p := r.state.para
	style := r.styles[p.style]
	role := style.role()
	level := min(cmp.Or(style.outline, p.outline), 6)
	if role.kind == models.BlockHeading {
		level = role.level
	}
	o, listed := r.overrides[p.list]
	list := r.lists[o.list]
	switch {
	case level > 0:
		if listed && list != nil {
			list.next(p.level, o)
		}
		return models.Block{Kind: models.BlockHeading, Level: level}
	case p.list > 0 && listed && list != nil:
		return models.Block{Kind: models.BlockListItem, Level: p.level + 1, Number: list.next(p.level, o)}
	case p.list > 0:
		return models.Block{Kind: models.BlockListItem, Level: p.level + 1, Number: labelNumber(r.label)}
	case r.label != "":
		return models.Block{Kind: models.BlockListItem, Level: r.oldLevel + 1, Number: labelNumber(r.label)}
	case role.kind == models.BlockQuote:
		return models.Block{Kind: models.BlockQuote, Level: 1}
	}
	return models.Block{Kind: models.BlockParagraph}
}

var numberLabel = regexp.MustCompile(`^\(?(?:\d{1,3}\.)*(\d{1,8}|[a-zA-Z])[.)]?$`)

// labelNumber gives the number that a list item's label shows, 0 for a bullet.
func labelNumber(label string) int {
	m := numberLabel.FindStringSubmatch(strings.TrimSpace(label))
	if m == nil {
		return 0
	}
	if n, err := strconv.Atoi(m[1]); err == nil {
		return n
	}
	return int(m[1][0]|0x20) - 'a' + 1
}

// listWord reads a control word of the table of lists.
func (r *rtfReader) listWord(word string, n int) {
	last := len(r.list.levels) - 1
	switch word {
	case "list":
		r.list = &rtfList{}
	case "listlevel":
		if len(r.list.levels) < listLevels {
			r.list.levels = append(r.list.levels, rtfLevel{start: 1})
		}
	case "levelnfc", "levelnfcn":
		if last >= 0 {
			r.list.levels[last].format = n
		}
	case "levelstartat":
		if last >= 0 {
			r.list.levels[last].start = min(max(n, 0), maxNumber)
		}
	case "listid":
		if len(r.lists) < maxStyles {
			r.lists[n] = r.list
		}
	}
}

// overrideWord reads a control word of the table by which paragraphs name lists.
func (r *rtfReader) overrideWord(word string, n int) {
	switch word {
	case "listoverride":
		r.override = rtfOverride{starts: map[int]int{}}
		r.overrideLevel = -1
	case "listid":
		r.override.list = n
	case "lfolevel":
		r.overrideLevel++
	case "levelstartat":
		if r.overrideLevel >= 0 && r.overrideLevel < listLevels {
			r.override.starts[r.overrideLevel] = min(max(n, 0), maxNumber)
		}
	case "ls":
		if len(r.overrides) < maxStyles {
			r.overrides[n] = r.override
		}
	}
}
