package paper

import (
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"feltbog/models"
)

// Source Serif 4, under the SIL Open Font License beside it.
//
//go:embed fonts/*.ttf
var fonts embed.FS

// A page in millimetres and points: A4, about 80 characters a line.
const (
	pageSide, pageTop = 25.0, 22.0
	bodySize          = 11.0
	smallSize         = 9.0
	leading           = 1.4
	point             = 25.4 / 72 // millimetres
	indent            = 6.0       // of a list and of a passage
	deepest           = 8         // levels that are indented: what is deeper stands below each other, and on the page
)

var styles = map[Kind]struct {
	size, before, after float64 // points; millimetres
	font                string
	grey                int
}{
	Heading:    {15, 7, 2, "B", 0},
	Subheading: {11.5, 4, 1, "B", 0},
	Body:       {bodySize, 0, 2, "", 0},
	Passage:    {bodySize, 2, 1, "", 0},
	Small:      {smallSize, 0, 1, "", 90},
}

// PDF writes the paper as a PDF of A4 pages with numbers. Characters beyond the basic plane, such as
// most emoji, have no sign in the font and become a box.
func (p *Paper) PDF(out io.Writer) error {
	d := fpdf.New("P", "mm", "A4", "")
	for style, name := range map[string]string{"": "Regular", "B": "SemiBold", "I": "Italic", "BI": "SemiBoldItalic"} {
		font, err := fonts.ReadFile("fonts/SourceSerif4-" + name + ".ttf")
		if err != nil {
			return fmt.Errorf("read a font: %w", err)
		}
		d.AddUTF8FontFromBytes("serif", style, font)
	}
	d.SetTitle(basic(p.Title), true)
	d.SetAuthor(basic(p.Author), true)
	d.SetCreator("Feltbog", true)
	d.SetLang(p.Language)
	d.SetCreationDate(p.Created)
	d.SetModificationDate(p.Created)
	d.SetCatalogSort(true)
	d.SetMargins(pageSide, pageTop, pageSide)
	d.SetAutoPageBreak(true, pageTop)
	d.AliasNbPages("{pages}")
	d.SetFooterFunc(func() {
		d.SetY(-15)
		d.SetFont("serif", "", smallSize)
		d.SetTextColor(90, 90, 90)
		d.CellFormat(0, 8, strconv.Itoa(d.PageNo())+" / {pages}", "", 0, "C", false, 0, "")
	})
	d.AddPage()
	w := pdf{d}
	w.font("B", 20, 0)
	d.MultiCell(0, 20*point*1.2, basic(p.Title), "", "L", false)
	if p.Author != "" {
		w.font("", bodySize, 90)
		d.MultiCell(0, bodySize*point*leading, basic(p.Author), "", "L", false)
	}
	d.Ln(3)
	for i := range p.Parts {
		w.part(&p.Parts[i])
	}
	if err := d.Output(out); err != nil {
		return fmt.Errorf("write a PDF: %w", err)
	}
	return nil
}

type pdf struct{ *fpdf.Fpdf }

func (w pdf) font(style string, size float64, grey int) {
	w.SetFont("serif", style, size)
	w.SetTextColor(grey, grey, grey)
}

func (w pdf) part(p *Part) {
	look := styles[p.Kind]
	text := []rune(p.Content.Text)
	w.Ln(look.before)
	_, height := w.GetPageSize()
	if p.Kind == Heading || p.Kind == Subheading {
		if w.GetY() > height-pageTop-3*bodySize*point*leading { // never alone at the foot of a page
			w.AddPage()
		}
	}
	for i, b := range p.Content.Blocks {
		left := pageSide
		if p.Kind == Passage {
			left += indent
		}
		before := ""
		depth := float64(min(max(b.Level, 1), deepest))
		switch b.Kind { //nolint:exhaustive // the others look as their part does
		case models.BlockListItem:
			left += indent * depth
			before = "•"
			if b.Number > 0 {
				before = strconv.Itoa(b.Number) + "."
			}
		case models.BlockQuote:
			left += indent * depth
		}
		style := look.font
		if b.Kind == models.BlockHeading {
			style = "B"
		}
		line := look.size * point * leading
		if w.GetY()+line > height-pageTop {
			w.AddPage()
		}
		top, page := w.GetY(), w.PageNo()
		if before != "" {
			w.font(style, look.size, look.grey)
			w.SetX(left - indent)
			w.CellFormat(indent, line, before, "", 0, "L", false, 0, "")
		}
		w.SetLeftMargin(left)
		w.SetX(left)
		for _, r := range p.runs(text, b) {
			w.run(r, style, look.size, look.grey, line)
		}
		w.Ln(line)
		w.SetLeftMargin(pageSide)
		if p.Kind == Passage {
			w.bar(top, page)
		}
		if next := i + 1; next < len(p.Content.Blocks) && !closeTo(b.Kind, p.Content.Blocks[next].Kind) {
			w.Ln(look.size * point * 0.5)
		}
	}
	w.Ln(look.after)
}

// closeTo says whether a block stands right under the one before: an item of a list, a row of a table.
func closeTo(before, kind models.BlockKind) bool {
	return before == kind && (kind == models.BlockListItem || kind == models.BlockTableRow)
}

// bar draws the line beside a passage, from where it began.
func (w pdf) bar(top float64, page int) {
	if w.PageNo() != page {
		top = pageTop
	}
	w.SetDrawColor(150, 150, 150)
	w.SetLineWidth(0.5)
	w.Line(pageSide+2, top, pageSide+2, w.GetY())
}

func (w pdf) run(r run, style string, size float64, grey int, line float64) {
	if r.strong && !strings.Contains(style, "B") {
		style += "B"
	}
	if r.slim {
		style += "I"
	}
	w.font(style, size, grey)
	words := basic(r.text)
	if r.link != "" {
		w.SetTextColor(20, 60, 140)
		w.WriteLinkString(line, words, r.link)
		return
	}
	w.Write(line, words)
}

// basic replaces what the fonts can't show.
func basic(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xffff:
			return '□'
		case r == '\t':
			return ' '
		}
		return r
	}, clean(s))
}
