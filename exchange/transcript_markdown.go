package exchange

import (
	"regexp"
	"strings"

	"feltbog/models"
)

// markup is what may stand around a label in Markdown.
var markup = strings.NewReplacer("*", "", "_", "", `\`, "")

// lineTime is a time code in brackets before a label.
var lineTime = regexp.MustCompile(`^` + bracketedTime + `\s*`)

// turnsInLines reads a Markdown transcript in which each turn is a line, without the blank lines that Markdown
// wants between paragraphs, as programs for notes have it. The lines that begin with a label that comes again become
// paragraphs; what is no transcript then, stays as it was.
func turnsInLines(text string, doc Document) (Document, bool) {
	source, err := normaliseWithin(text, 4*models.MaxTextLength)
	if err != nil {
		return doc, false
	}
	parted, ok := partTurns(source)
	if !ok {
		return doc, false
	}
	content, _, err := Markdown(parted)
	if err != nil {
		return doc, false
	}
	divided := doc
	divided.Content = content
	if divided, ok = Turns(divided); !ok {
		return doc, false
	}
	return divided, true
}

// partTurns puts a blank line before each line that begins with a label that comes again, and tells
// whether there was one without.
func partTurns(source string) (parted string, changed bool) {
	_, body := cutFrontMatter(source)
	lines := strings.Split(body, "\n")
	counts := map[string]int{}
	for _, line := range lines {
		if label := lineLabel(line); label != "" {
			counts[label]++
		}
	}
	out := make([]string, 0, len(lines))
	for i, line := range lines {
		if label := lineLabel(line); i > 0 && !blank(lines[i-1]) && label != "" && counts[label] > 1 {
			out = append(out, "")
		}
		out = append(out, line)
	}
	if len(out) == len(lines) {
		return source, false
	}
	return source[:len(source)-len(body)] + strings.Join(out, "\n"), true
}

// lineLabel gives the label that a line of Markdown begins with, empty for none and for lines of code.
func lineLabel(line string) string {
	if strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t") {
		return ""
	}
	begins := markup.Replace(head(line, maxHead))
	begins = begins[len(lineTime.FindString(begins)):]
	label, _, ok := colonLabel([]rune(begins))
	if !ok || isHeading(label) || !beginsUpper(label) {
		return ""
	}
	return label
}
