package exchange

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feltbog/models"
)

// Bounds on a page. It is read tag by tag and not as a tree, for a tree takes many times the memory
// that the page has.
const (
	maxHTMLTag   = 4 << 20   // bytes of a tag
	maxHTMLValue = 4_000     // bytes of an attribute's value that are looked at
	maxHTMLTags  = 1_000_000 // tags of a page, or of all of a book's
	maxHTMLIDs   = 100_000
	maxHTMLRules = 5_000 // classes of a style sheet
)

// htmlTag is a tag with the attributes that say something about its words.
type htmlTag struct {
	name  string
	attrs []htmlAttr
	empty bool // it ends at once
}

type htmlAttr struct{ name, value string }

// wanted are the attributes that are looked at.
var wanted = map[string]bool{
	"id": true, "name": true, "href": true, "class": true, "style": true, "hidden": true, "aria-hidden": true, "role": true,
	"epub:type": true, "start": true, "value": true, "colspan": true, "rowspan": true, "alt": true, "content": true,
	"property": true, "lang": true, "xml:lang": true, "border": true,
}

func (t *htmlTag) find(name string) (value string, ok bool) {
	for _, a := range t.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

func (t *htmlTag) attr(name string) string {
	value, _ := t.find(name)
	return value
}

// number gives an attribute that is a number within bounds.
func (t *htmlTag) number(name string, least, most, otherwise int) int {
	n, err := strconv.Atoi(strings.TrimSpace(t.attr(name)))
	if err != nil {
		return otherwise
	}
	return min(max(n, least), most)
}

// role gives what the element is for, by its own word.
func (t *htmlTag) role(roles ...string) bool {
	for said := range strings.FieldsSeq(t.attr("role") + " " + t.attr("epub:type")) {
		if slices.Contains(roles, said) {
			return true
		}
	}
	return false
}

// htmlPage walks through the tags and texts of a page.
type htmlPage struct {
	z    *html.Tokenizer
	xml  bool
	tag  htmlTag
	text []byte
}

func newHTMLPage(text string, xml bool) *htmlPage {
	p := &htmlPage{z: html.NewTokenizer(strings.NewReader(text)), xml: xml}
	p.z.SetMaxBuf(maxHTMLTag)
	p.z.AllowCDATA(xml)
	return p
}

// next goes on to the next tag or text, and says at the end that there is none.
func (p *htmlPage) next() (html.TokenType, error) {
	for {
		kind := p.z.Next()
		switch kind {
		case html.ErrorToken:
			if err := p.z.Err(); !errors.Is(err, io.EOF) {
				return kind, models.Invalid("file_damaged",
					"This page holds something far too long to be a part of a text. Save the page as text, and upload that.").Because(err)
			}
			return kind, nil
		case html.TextToken:
			p.text = p.z.Text()
			return kind, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			p.readTag()
			if kind == html.SelfClosingTagToken && p.xml {
				p.z.NextIsNotRawText()
				p.tag.empty = true
			}
			return html.StartTagToken, nil
		case html.EndTagToken:
			name, _ := p.z.TagName()
			p.tag = htmlTag{name: atom.String(name), attrs: p.tag.attrs[:0]}
			return kind, nil
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

func (p *htmlPage) readTag() {
	name, more := p.z.TagName()
	p.tag = htmlTag{name: atom.String(name), attrs: p.tag.attrs[:0]}
	for more {
		var key, value []byte
		key, value, more = p.z.TagAttr()
		if wanted[string(key)] && len(p.tag.attrs) < len(wanted) {
			p.tag.attrs = append(p.tag.attrs, htmlAttr{atom.String(key), string(value[:min(len(value), maxHTMLValue)])})
		}
	}
}

// voids are the elements without an end.
var voids = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true,
	"meta": true, "param": true, "source": true, "track": true, "wbr": true, "frame": true, "keygen": true, "basefont": true,
}

// survey is what has to be known of a page before it is read.
type survey struct {
	tags            int
	mains, articles int
	ids             map[string]bool // by file and fragment
	tables          []bool          // in order: whether they are tables of data, not of layout
	forms           []bool          // in order: whether they are wrapped around the text
	classes         map[string]appearance
	styles          map[string]appearance // what was found of the styles of elements
}

func newSurvey() *survey {
	return &survey{ids: map[string]bool{}, classes: map[string]appearance{}, styles: map[string]appearance{}}
}

// surveyed is a table or a form while it is looked through.
type surveyed struct {
	index        int
	cells, most  int
	said, layout bool
	paragraphs   int
}

// read appearance through a file.
func (s *survey) read(file, text string, xml bool) error {
	p := newHTMLPage(text, xml)
	var tables, forms []surveyed
	styles := false
	for {
		kind, err := p.next()
		if err != nil {
			return err
		}
		if kind != html.TextToken {
			s.tags++
		}
		if s.tags > maxHTMLTags {
			return models.TooLarge("tags_too_many",
				"This page has more than a million tags, which no text needs. Copy its text into a new file.")
		}
		switch kind {
		case html.ErrorToken:
			for len(tables) > 0 {
				tables = s.endTable(tables)
			}
			for len(forms) > 0 {
				forms = s.endForm(forms)
			}
			return nil
		case html.TextToken:
			if styles {
				s.rules(string(p.text[:min(len(p.text), 1<<20)]))
			}
		case html.EndTagToken:
			switch {
			case p.tag.name == "table" && len(tables) > 0:
				tables = s.endTable(tables)
			case p.tag.name == "form" && len(forms) > 0:
				forms = s.endForm(forms)
			}
			styles = false
		case html.StartTagToken:
			s.tag(file, &p.tag)
			styles = p.tag.name == "style" && !p.tag.empty
			tables, forms = s.inside(&p.tag, tables, forms)
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

// tag counts an element.
func (s *survey) tag(file string, t *htmlTag) {
	switch {
	case t.name == "main", t.role("main"):
		s.mains++
	case t.name == "article":
		s.articles++
	}
	for _, name := range []string{"id", "name"} {
		if id := t.attr(name); id != "" && len(id) < 200 && len(s.ids) < maxHTMLIDs {
			s.ids[file+"#"+id] = true
		}
	}
}

// inside appearance at an element for what is around it.
func (s *survey) inside(t *htmlTag, tables, forms []surveyed) (newTables, newForms []surveyed) {
	last := len(tables) - 1
	switch t.name {
	case "table":
		if last >= 0 {
			tables[last].layout = true
		}
		s.tables = append(s.tables, false)
		if len(tables) < maxHTMLDepth {
			border := t.attr("border")
			tables = append(tables, surveyed{
				index: len(s.tables) - 1, layout: t.role("presentation", "none"),
				said: border != "" && border != "0" || strings.Contains(t.attr("class"), "MsoTableGrid"),
			})
		}
	case "caption", "th", "thead":
		if last >= 0 {
			tables[last].said = true
		}
	case "tr":
		if last >= 0 {
			tables[last].cells = 0
		}
	case "h1", "h2", "h3", "p", "main", "article":
		if last >= 0 && t.name != "p" {
			tables[last].layout = true
		}
		for i := range forms {
			forms[i].paragraphs++
			if t.name != "p" {
				forms[i].paragraphs += 3
			}
		}
	case "form":
		s.forms = append(s.forms, false)
		if len(forms) < maxHTMLDepth {
			forms = append(forms, surveyed{index: len(s.forms) - 1})
		}
	}
	if last >= 0 && (t.name == "td" || t.name == "th") {
		tables[last].cells++
		tables[last].most = max(tables[last].most, tables[last].cells)
	}
	return tables, forms
}

// endTable says of a table what it is for: data, when it has several columns, and neither tables nor
// headings in it or a word of its own for it.
func (s *survey) endTable(tables []surveyed) []surveyed {
	t := tables[len(tables)-1]
	s.tables[t.index] = t.said || t.most > 1 && !t.layout
	return tables[:len(tables)-1]
}

func (s *survey) endForm(forms []surveyed) []surveyed {
	f := forms[len(forms)-1]
	s.forms[f.index] = f.paragraphs >= 3
	return forms[:len(forms)-1]
}

// appearance is what a style says of words.
type appearance struct {
	bold, plain, italic, hidden bool
}

var (
	classRule = regexp.MustCompile(`\.([A-Za-z0-9_-]{1,60})\s*\{([^{}]{1,999})\}`)
	bold      = regexp.MustCompile(`(?i)font-weight\s*:\s*(?:bold|bolder|[6-9]00)`)
	plain     = regexp.MustCompile(`(?i)font-weight\s*:\s*(?:normal|lighter|[1-5]00)`)
	italic    = regexp.MustCompile(`(?i)font-style\s*:\s*(?:italic|oblique)`)
	invisible = regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)`)
)

func appearanceOf(css string) appearance {
	if !strings.Contains(css, ":") {
		return appearance{}
	}
	return appearance{
		bold: bold.MatchString(css), plain: plain.MatchString(css), italic: italic.MatchString(css), hidden: invisible.MatchString(css),
	}
}

// rules reads the rules of a style sheet that are about a class alone, which is how Google Docs says
// what is bold.
func (s *survey) rules(css string) {
	for _, m := range classRule.FindAllStringSubmatch(css, maxHTMLRules) {
		if l := appearanceOf(m[2]); l != (appearance{}) && len(s.classes) < maxHTMLRules {
			s.classes[m[1]] = l
		}
	}
}

// appearance gives what styles and classes say of an element. That a class isn't shown may be so on paper or a
// small screen alone, so it isn't believed.
func (s *survey) appearance(t *htmlTag) appearance {
	css := t.attr("style")
	l, known := s.styles[css]
	if !known && css != "" {
		l = appearanceOf(css)
		if len(css) < 300 && len(s.styles) < maxHTMLRules { // most are those of the elements before
			s.styles[css] = l
		}
	}
	if len(s.classes) == 0 {
		return l
	}
	for class := range strings.FieldsSeq(t.attr("class")) {
		c := s.classes[class]
		l.bold, l.plain, l.italic = l.bold || c.bold, l.plain || c.plain, l.italic || c.italic
	}
	return l
}
