package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// cutNumber takes a footnote's own number off the beginning of its words.
func (l *leaf) cutNumber(number int) {
	l.tidy()
	own := []rune(strconv.Itoa(number))
	points := l.points
	if len(points) <= len(own) || string(points[:len(own)]) != string(own) || unicode.IsDigit(points[len(own)]) {
		return
	}
	for i := range own {
		points[i] = ' ' // and white space is trimmed off
	}
}

var (
	// noteLink is the name of the place to which the mark of a footnote leads, as Word, LibreOffice,
	// Google Docs and most writers of web pages name it.
	noteLink    = regexp.MustCompile(`^_?(?:ftnt?|edn|fn|en|sdfootnote|sdendnote|footnote|endnote|note)[-_:.]?[0-9]{1,6}(?:sym)?$`)
	commentLink = regexp.MustCompile(`^(?:cmnt\d{1,6}|_msocom_\d{1,6})$`)
	backLink    = regexp.MustCompile(`(?:ref[-_:.]?\d{1,6}|\danc|_msoanchor_\d+)$`)
	wordAuthor  = regexp.MustCompile(`mso-comment-author:\s*"?([^";]{1,200})`)
	wordTime    = regexp.MustCompile(`mso-comment-date:\s*(\d{8}T\d{4})`)
)

// beginAside knows the marks of footnotes and comments, and where their words begin. It says whether
// the element is one.
func (h *htmlReader) beginAside(e *htmlElement, t *htmlTag) bool {
	if css := t.attr("style"); strings.Contains(css, "mso-comment-author") {
		if m := wordAuthor.FindStringSubmatch(css); m != nil {
			h.author = m[1]
		}
	}
	if t.name == "a" {
		if place, fragment, ok := h.place(t.attr("href")); ok && h.beginMark(e, t, place, fragment) {
			return true
		}
	}
	for _, name := range []string{"id", "name"} {
		id := t.attr(name)
		if id == "" {
			continue
		}
		place := h.file + "#" + id
		if number, marked := h.refs[place]; marked {
			return h.beginWords(e, place, number)
		}
	}
	return false
}

// place gives the place that a link leads to within the document.
func (h *htmlReader) place(href string) (place, fragment string, ok bool) {
	file, fragment, found := strings.Cut(href, "#")
	if !found || fragment == "" || len(fragment) > 100 || strings.Contains(file, ":") {
		return "", "", false
	}
	if file == "" {
		file = h.file
	} else {
		file = siblingPart(h.file, file)
	}
	return file + "#" + fragment, fragment, true
}

// beginMark writes the mark of a footnote, or anchors a comment, instead of the words of a link.
func (h *htmlReader) beginMark(e *htmlElement, t *htmlTag, place, fragment string) bool {
	switch class := t.attr("class"); {
	case backLink.MatchString(fragment):
		if len(h.asides) == 0 {
			return false
		}
	case !h.survey.ids[place]:
		return false
	case commentLink.MatchString(fragment):
		if _, twice := h.refs[place]; !twice {
			h.refs[place] = 0
			h.spot(anchorPoint, place)
		}
		if m := wordTime.FindStringSubmatch(t.attr("style")); m != nil {
			h.times[place] = timeOf(m[1])
		}
	case noteLink.MatchString(fragment), t.role("noteref", "doc-noteref"),
		class == "footnote-ref", class == "noteref", strings.HasPrefix(class, "sdfootnoteanc"), strings.HasPrefix(class, "sdendnoteanc"):
		if len(h.asides) > 0 {
			return false
		}
		h.writeSpace()
		if number, twice := h.refs[place]; twice {
			h.putNote(&h.line, number)
		} else {
			h.refs[place] = h.note()
		}
	default:
		return false
	}
	e.adds.skip = 1
	return true
}

// beginWords begins the words of a footnote or, numbered 0, of a comment, which last to the end of the
// element, or of the block around that begins with it.
func (h *htmlReader) beginWords(e *htmlElement, place string, number int) bool {
	holder := e
	if !e.block {
		e.adds.skip = 1
		holder = nil
		for i := len(h.open) - 1; i >= 0; i-- {
			if o := &h.open[i]; o.points != h.total || o.note > 0 || o.comment != "" || o.table != tableNone {
				break
			} else if o.block && o.name != "body" && o.name != "html" {
				holder = o
				if o.name != "p" {
					break
				}
			}
		}
	}
	if holder == nil || !h.setAside() {
		return false
	}
	delete(h.refs, place)
	h.item = nil
	if number > 0 {
		holder.note, holder.labelled = number, e.block
	} else {
		holder.comment = place
	}
	return true
}
