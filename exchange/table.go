package exchange

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"feltbog/models"
)

// Tables are those of GitHub's Markdown, read leniently: a row keeps all its cells, where goldmark's
// own extension drops the words of those beyond the heading's number.

// delimiterRow is the second line of a table, with at least one pipe.
var delimiterRow = regexp.MustCompile(`^[ \t]*(?:\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?|:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?|:?-+:?[ \t]*\|)[ \t]*\n?$`)

// findTable finds the line of a paragraph in which a table begins, -1 when there is none.
func (d *document) findTable(n ast.Node) int {
	for i := 1; i < n.Lines().Len(); i++ {
		line := d.line(n, i)
		if line != "" && strings.IndexByte("|:- \t", line[0]) >= 0 && delimiterRow.MatchString(line) &&
			len(splitRow(line)) == len(splitRow(d.line(n, i-1))) {
			return i - 1
		}
	}
	return -1
}

// splitRow divides a row at its pipes but for escaped ones; the outermost two are optional.
func splitRow(line string) []string {
	line = strings.TrimPrefix(strings.Trim(line, " \t\n"), "|")
	var cells []string
	from := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, strings.Trim(line[from:i], " \t"))
			from = i + 1
		}
	}
	if from < len(line) || len(cells) == 0 {
		cells = append(cells, strings.Trim(line[from:], " \t"))
	}
	return cells
}

// readRow adds a row of a table, its cells joined by tabs.
func (d *document) readRow(cells []string) error {
	var row styled
	for i, source := range cells {
		cell := readInline(source, d.refs, true)
		cell.flatten()
		cell.trim()
		if i > 0 {
			row.points = append(row.points, '\t')
			row.styles = append(row.styles, style{})
		}
		for j := range cell.styles {
			if link := &cell.styles[j].link; *link != 0 {
				*link = row.urls.link(cell.urls.list[*link-1])
			}
		}
		row.points = append(row.points, cell.points...)
		row.styles = append(row.styles, cell.styles...)
	}
	return d.add(models.BlockTableRow, 0, 0, row)
}
