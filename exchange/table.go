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
	var row words
	for i, source := range cells {
		cell := readInline(source, d.refs, true)
		cell.flatten()
		cell.trim()
		if i > 0 {
			row.points = append(row.points, '\t')
		}
		for _, m := range cell.marks {
			m.Start += len(row.points)
			m.End += len(row.points)
			row.marks = append(row.marks, m)
		}
		row.points = append(row.points, cell.points...)
	}
	return d.add(models.Block{Kind: models.BlockTableRow}, row)
}

// unescapePipes halves the backslashes before each pipe, of which the last one escapes it.
func unescapePipes(s string) string {
	if !strings.Contains(s, `\|`) {
		return s
	}
	var b strings.Builder
	for {
		n := strings.IndexByte(s, '|')
		if n < 0 {
			b.WriteString(s)
			return b.String()
		}
		before := strings.TrimRight(s[:n], `\`)
		b.WriteString(before)
		b.WriteString(s[len(before) : len(before)+(n-len(before))/2])
		b.WriteByte('|')
		s = s[n+1:]
	}
}

// escapePipes is the reverse of unescapePipes.
func escapePipes(s string) string {
	var b strings.Builder
	backslashes := 0
	for _, r := range s {
		switch r {
		case '\\':
			backslashes++
		case '|':
			b.WriteString(strings.Repeat(`\`, backslashes+1))
			backslashes = 0
		default:
			backslashes = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}
