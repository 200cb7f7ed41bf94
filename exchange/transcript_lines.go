package exchange

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// maxHead is how much of a line is looked at for a label and a time code, in code points.
const maxHead = 140

// lineKind is what a line does in a transcript.
type lineKind int

const (
	lineWords   lineKind = iota // words of whoever speaks
	lineOpening                 // a label, and perhaps the words after it
	lineStamp                   // a time code, and perhaps the words after it
	lineClock                   // a time of day, or what stands between it and the next label: nobody says it
	lineGone                    // a part of the opening on the line before
)

// line is one line of a block, at code points [start, end) of the text.
type line struct {
	span
	block int
	kind  lineKind
	words int // where the words after the label and the time code begin

	speaker string
	seconds *float64
	strong  bool // the label is marked
	alone   bool // the words are on the lines after it
	certain bool // a form that nothing but a transcript has
	first   bool // of its block
	glued   int  // code points of a word that a page break glued to the label
}

// Forms of lines. A time code may stand in brackets.
const bracketedTime = `(?:\[\s*` + timeCode + `\s*\]|\(\s*` + timeCode + `\s*\)|<\s*` + timeCode + `\s*>)`

// hashedTime is how f4 and easytranscript write a time code, with tenths of a second.
const hashedTime = `#` + timeCode + `(?:-\d{1,3})?#`

var (
	arrowLine      = regexp.MustCompile(`^\s*(` + timeCode + `)\s*-->\s*` + timeCode + `\s*$`)
	leadTime       = regexp.MustCompile(`^\s*(` + bracketedTime + `|` + hashedTime + `|` + timeCode + `)(?:\s*[-–—]\s*` + timeCode + `)?[ \t\x{a0}]*[-–—|]?[ \t\x{a0}]*`)
	nameTime       = regexp.MustCompile(`^\s*([^\s\d\[(<][^\n\t]{0,60}?)([\s\x{a0}]*[-–—|,•·]?[\s\x{a0}]*)(` + bracketedTime + `|` + timeCode + `)([ \t\x{a0}]*:?)[ \t\x{a0}]*`)
	nameInBrackets = regexp.MustCompile(`^\s*\[([^\[\]\n]{1,60})\](:?)[ \t]*((?:` + bracketedTime + `|` + timeCode + `)?)[ \t]*:?[ \t]*`)
	nextTime       = regexp.MustCompile(`^` + bracketedTime + `:?[ \t\x{a0}]*`)
	inTime         = regexp.MustCompile(`\d:\d`)
	anyTime        = regexp.MustCompile(timeCode)
	clockTime      = regexp.MustCompile(`^\s*Kl\. ?\d{1,2}[.:]\d{2}`)
)

// lineReader finds what the lines of a text do in a transcript.
type lineReader struct {
	points []rune
	marks  []models.Mark
	mark   int // the first that may reach into the line
}

// linesOf reads the lines of all blocks that may hold turns. Of headings those count that hold a time code.
func linesOf(c models.Content, points []rune) []line {
	r := lineReader{points: points, marks: c.Marks}
	var all []line
	for i, b := range c.Blocks {
		for r.mark < len(r.marks) && r.marks[r.mark].Start < b.Start {
			r.mark++
		}
		if b.Kind != models.BlockParagraph && b.Kind != models.BlockHeading {
			continue
		}
		w := words{points: points[b.Start:b.End]}
		for n, s := range w.lines() {
			l := line{span: span{b.Start + s.start, b.Start + s.end}, block: i, first: n == 0}
			l.words = l.start
			l.end, _ = cutEndTime(points, l.span)
			for _, part := range r.clocks(l) {
				if part.kind == lineWords {
					r.read(&part)
				}
				if b.Kind == models.BlockParagraph || part.kind == lineOpening && part.seconds != nil {
					all = append(all, part)
				}
			}
		}
	}
	joinArrows(all, points)
	joinStamps(all)
	return all
}

// clocks parts a time of day from what a page break glued to it: "Kl. 13:07Formanden (Søren Gade):".
func (r *lineReader) clocks(l line) []line {
	begin := r.points[l.start:min(l.end, l.start+maxHead)]
	if at := slices.IndexFunc(begin, func(p rune) bool { return !unicode.IsSpace(p) }); at < 0 || begin[at] != 'K' {
		return []line{l}
	}
	head := string(begin)
	if !strings.HasPrefix(strings.TrimSpace(head), "Kl.") {
		return []line{l}
	}
	m := clockTime.FindString(head)
	if m == "" {
		return []line{l}
	}
	end := l.start + utf8.RuneCountInString(m)
	w := words{points: r.points}
	if w.blank(span{end, l.end}) {
		l.kind = lineClock
		return []line{l}
	}
	if !unicode.IsUpper(r.points[end]) {
		return []line{l} // Kl. 10.15 kommer Lea ind.
	}
	clock, rest := l, l
	clock.end, clock.kind = end, lineClock
	rest.start, rest.words, rest.first = end, end, false
	return []line{clock, rest}
}

// read finds the label and the time code at the beginning of a line.
func (r *lineReader) read(l *line) {
	// Most lines hold neither label nor time, and expressions are slow.
	begin := r.points[l.start:min(l.end, l.start+maxHead)]
	if !slices.Contains(begin, ':') && !slices.Contains(begin, '[') {
		return
	}
	head := string(begin)
	if inTime.MatchString(head) && r.readTimed(l, head) {
		return
	}
	if name, words, ok := colonLabel([]rune(head)); ok {
		r.open(l, name, l.start, l.start+words)
		r.timeAfterLabel(l)
		return
	}
	r.bracketedName(l, head)
}

// bracketedName reads "[Name] 00:01:02", as Zoom has it, and "[Name]: text".
func (r *lineReader) bracketedName(l *line, head string) {
	m := nameInBrackets.FindStringSubmatch(head)
	if len(m) == 0 || m[2] == "" && m[3] == "" || !isLabel(m[1], true) || sounds[strings.ToLower(m[1])] {
		return
	}
	r.open(l, speakerName(m[1]), l.start, l.start+utf8.RuneCountInString(m[0]))
	if m[3] != "" {
		l.setTime(m[3])
	}
}

// readTimed reads a line in one of the forms with a time code.
func (r *lineReader) readTimed(l *line, head string) bool {
	if m := arrowLine.FindStringSubmatch(head); m != nil {
		l.kind, l.certain, l.alone, l.words = lineOpening, true, true, l.end
		l.setTime(m[1])
		return true
	}
	if m := leadTime.FindStringSubmatch(head); len(m) > 0 && r.afterTime(l, m[0], m[1]) {
		return true
	}
	m := nameTime.FindStringSubmatch(head)
	return len(m) > 0 && r.nameAndTime(l, m)
}

// afterTime reads what follows a time code: "[00:01:41] Name: text", "00:01:02 Name" on a line of its
// own, a time alone, or a time and words.
func (r *lineReader) afterTime(l *line, lead, code string) bool {
	at := l.start + utf8.RuneCountInString(lead)
	rest := string(r.points[at:min(l.end, at+maxHead)])
	bracketed := !unicode.IsDigit(rune(code[0]))
	name := strings.TrimSpace(rest)
	switch label, words, ok := colonLabel([]rune(rest)); {
	case ok:
		r.open(l, label, at, at+words)
	case name == "" && (bracketed || strings.Count(code, ":") == 2):
		l.kind, l.words = lineStamp, l.end
	case isLabel(name, true) && beginsUpper(name):
		r.open(l, speakerName(name), at, l.end)
		l.alone = true
	case bracketed || strings.Count(code, ":") == 2:
		l.kind, l.words = lineStamp, at
	default:
		return false
	}
	l.setTime(code)
	return true
}

func beginsUpper(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(first)
}

// nameAndTime reads "Name (00:01:02): text", "Name  0:04" on a line of its own, and the same with words
// after it where the name is marked or a gap stands before the time.
func (r *lineReader) nameAndTime(l *line, m []string) bool {
	name := strings.TrimSpace(strings.TrimRight(m[1], " \t:"))
	after := l.start + utf8.RuneCountInString(m[0])
	w := words{points: r.points}
	alone := w.blank(span{after, l.end})
	gap := utf8.RuneCountInString(m[2]) > 1 || strings.Contains(m[2], "\t")
	colon := strings.HasSuffix(m[4], ":") || strings.HasSuffix(strings.TrimSpace(m[1]), ":")
	bracketed := !unicode.IsDigit(rune(m[3][0]))
	strong := r.strongAt(l.start, l.start+utf8.RuneCountInString(strings.TrimRight(m[1], " \t:")))
	long := strings.Count(m[3], ":") == 2
	if !isLabel(name, true) || m[2] == "" && !bracketed && !strong || !alone && !colon && !strong && !gap && !long {
		return false
	}
	if !alone && !bracketed && colon && !strong && !gap && !strings.HasSuffix(m[4], ":") {
		return false // Mødet: 10:30 hos Lea
	}
	r.open(l, speakerName(name), l.start, after)
	l.strong, l.alone = strong, alone
	l.setTime(m[3])
	return true
}

// open makes an opening of the line.
func (r *lineReader) open(l *line, name string, label, words int) {
	l.kind, l.speaker, l.words = lineOpening, name, words
	end := label
	for end < words && r.points[end] != ':' {
		end++
	}
	l.strong = r.strongAt(label, end)
	w := wordsOf(r.points)
	l.alone = w.blank(span{words, l.end})
}

func wordsOf(points []rune) words { return words{points: points} }

// timeAfterLabel takes the time code of "Name: [12:34] text".
func (r *lineReader) timeAfterLabel(l *line) {
	rest := string(r.points[l.words:min(l.end, l.words+maxHead)])
	if m := nextTime.FindString(rest); m != "" {
		l.words += utf8.RuneCountInString(m)
		l.setTime(m)
	}
}

// strongAt tells whether a mark covers the label at [start, end), but for white space at its ends.
func (r *lineReader) strongAt(start, end int) bool {
	w := wordsOf(r.points)
	s := w.inner(span{start, end})
	if s.start == s.end {
		return false
	}
	for _, m := range r.marks[r.mark:] {
		if m.Start > s.start {
			return false
		}
		if m.End >= s.end && (m.Kind == models.MarkStrong || m.Kind == models.MarkEmphasis) {
			return true
		}
	}
	return false
}

// setTime takes the time code that is somewhere in s.
func (l *line) setTime(s string) {
	if at, ok := seconds(anyTime.FindString(s)); ok {
		l.seconds = &at
	}
}

// joinArrows gives each line "0:0:0.0 --> 0:0:1.510" the name on the line after it.
func joinArrows(all []line, points []rune) {
	for i := range all {
		if !all[i].certain || i+1 == len(all) {
			continue
		}
		l, next := &all[i], &all[i+1]
		if next.certain || next.kind == lineClock || next.kind == lineStamp {
			continue
		}
		if next.kind == lineOpening {
			l.speaker, l.words, l.alone = next.speaker, next.words, next.alone
			next.kind = lineGone
			continue
		}
		name := strings.TrimSpace(string(points[next.start:min(next.end, next.start+maxHead)]))
		hasWords := i+2 < len(all) && all[i+2].kind == lineWords
		if hasWords && isLabel(name, true) {
			l.speaker, l.words = speakerName(name), next.end
			next.kind = lineGone
		}
	}
}

// joinStamps gives a label the time code on the line before it.
func joinStamps(all []line) {
	for i := 1; i < len(all); i++ {
		stamp, l := &all[i-1], &all[i]
		if stamp.kind == lineStamp && stamp.words == stamp.end && l.kind == lineOpening && l.seconds == nil {
			l.seconds, stamp.kind = stamp.seconds, lineGone
		}
	}
}

// openings gives the lines that begin with a label.
func openings(all []line) []*line {
	var found []*line
	for i := range all {
		if all[i].kind == lineOpening {
			found = append(found, &all[i])
		}
	}
	return slices.Clip(found)
}
