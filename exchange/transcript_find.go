package exchange

import (
	"regexp"
	"strings"
	"unicode"
)

// turnFinder decides which of the lines that look like openings are, and whether they make a transcript.
type turnFinder struct {
	runes  []rune
	lines  []line
	blocks int // paragraphs of the text

	each          bool // whether nearly each line is an opening, in the blocks that have any
	timed, marked bool // whether most openings have a time code, or a marked label
	found         []*line
	counts        map[string]int // of the labels among found
}

// classic are the labels of interviews without names, two of which are enough.
var classic = regexp.MustCompile(`^(?:[IRPQAMFSB][ .-]?\d{0,2}|IP ?\d{0,2}|(?i:interviewer|interviewee|informant|respondent|participant|deltager|speaker|taler|question|answer|spørgsmål|svar|moderator)(?:[ _-]?(?:\p{Lu}|\d{1,3}))?)$`)

// choose takes what is no opening for words again.
func (f *turnFinder) choose() {
	f.head()
	for _, l := range openings(f.lines) {
		if isHeading(l.speaker) && !l.certain {
			l.close()
		}
	}
	f.unglue()
	all := openings(f.lines)
	timed, marked, certain := 0, 0, 0
	known := map[string]bool{} // labels that have a time code or are marked, whichever is the rule
	for _, l := range all {
		timed += number(l.seconds != nil)
		marked += number(l.strong)
		certain += number(l.certain)
	}
	f.timed = timed*2 >= len(all) || certain > 0
	f.marked = !f.timed && marked*2 >= len(all)
	f.tally(all)
	f.countLines()
	for _, l := range all {
		if f.timed && l.seconds != nil || f.marked && l.strong || !f.timed && !f.marked && f.speaks(l) {
			known[l.speaker] = true
		}
	}
	f.found = f.found[:0]
	for _, l := range all {
		if known[l.speaker] {
			f.found = append(f.found, l)
		} else {
			l.close()
		}
	}
	f.tally(f.found)
	f.betweenTurns()
}

// betweenTurns takes up to three short lines between a time of day and a label for nobody's words, such as
// "(Ordfører)" and "Forhandling" in the minutes of a parliament.
func (f *turnFinder) betweenTurns() {
	const most, short = 3, 60
	for i := range f.lines {
		if f.lines[i].kind != lineClock {
			continue
		}
		next := i + 1
		for ; next < len(f.lines) && next <= i+most; next++ {
			l := &f.lines[next]
			w := wordsOf(f.runes)
			s := w.inner(l.span)
			if l.kind != lineWords || s.end-s.start > short || endsSentence(f.runes[s.start:s.end]) {
				break
			}
		}
		if next < len(f.lines) && f.lines[next].kind == lineOpening {
			for between := i + 1; between < next; between++ {
				f.lines[between].kind = lineClock
			}
		}
	}
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// close makes words of an opening.
func (l *line) close() {
	*l = line{span: l.span, block: l.block, words: l.start, first: l.first}
}

func (f *turnFinder) tally(found []*line) {
	f.counts = map[string]int{}
	for _, l := range found {
		f.counts[l.speaker]++
	}
}

// speaks tells whether a label without time code or mark is somebody's: it comes again, is plainly a
// person's, or is one word at the beginning of a paragraph (of a line, where each is a turn).
func (f *turnFinder) speaks(l *line) bool {
	return f.counts[l.speaker] > 1 || isPerson(l.speaker) ||
		(l.first || f.each) && beginsUpper(l.speaker) && !strings.Contains(l.speaker, " ")
}

// countLines finds out whether each line is a turn.
func (f *turnFinder) countLines() {
	all, opening := 0, 0
	for from := 0; from < len(f.lines); {
		end, here := from, 0
		for end < len(f.lines) && f.lines[end].block == f.lines[from].block {
			here += number(f.lines[end].kind == lineOpening)
			end++
		}
		if here > 0 {
			all += end - from
			opening += here
		}
		from = end
	}
	f.each = opening*4 >= all*3
}

// head takes the lines above the words for words: "Interviewer: Lea", "Date: 3 May", when they follow one
// another and a third of them at least have a heading for a label.
func (f *turnFinder) head() {
	const most, few = 20, 10
	begun, all, last, heads := false, 0, -1, 0
	for i := 0; i < len(f.lines) && all < most; i++ {
		l := &f.lines[i]
		if l.kind != lineOpening || l.seconds != nil || f.countWords(l.words, l.end) > few {
			if begun && !wordsBlank(f.runes, l.span) {
				break
			}
			continue
		}
		begun = true
		all++
		if isHeading(l.speaker) {
			heads++
			if heads*3 >= all {
				last = i
			}
		}
	}
	for i := range last + 1 {
		if f.lines[i].kind == lineOpening {
			f.lines[i].close()
		}
	}
}

func wordsBlank(points []rune, s span) bool {
	w := wordsOf(points)
	return w.blank(s)
}

func (f *turnFinder) countWords(start, end int) int {
	return countWords(f.runes[start:end])
}

// unglue parts a label from the word that a page break glued to it, where the label itself comes again:
// "ForhandlingFormanden (Søren Gade):".
func (f *turnFinder) unglue() {
	all := openings(f.lines)
	f.tally(all)
	for _, l := range all {
		if f.counts[l.speaker] > 1 || !isPerson(l.speaker) {
			continue
		}
		label := []rune(l.speaker)
		for at := 1; at < len(label); at++ {
			if unicode.IsUpper(label[at]) && unicode.IsLower(label[at-1]) && f.counts[string(label[at:])] > 1 {
				l.speaker, l.glued = string(label[at:]), at
				break
			}
		}
	}
}

// isTranscript decides by the labels. The words are weighed when the turns are built.
func (f *turnFinder) isTranscript() bool {
	turns, distinct := len(f.found), len(f.counts)
	persons, classics, alone, certain := 0, 0, 0, 0
	for _, l := range f.found {
		persons += number(isPerson(l.speaker))
		classics += number(classic.MatchString(l.speaker) && !isHeading(l.speaker))
		alone += number(l.alone)
		certain += number(l.certain)
	}
	switch {
	case turns < 2:
		return false
	case certain > 0:
		return true
	case f.timed:
		return f.timesRun() && (recur(f.counts) && distinct*4 <= turns*3 || persons == turns)
	case f.marked:
		return recur(f.counts) && distinct*4 <= turns*3 && (distinct > 1 || persons == turns) || classics == turns && distinct > 1
	case distinct == 1 && (persons < turns || alone < turns && turns < 3):
		return false
	case classics == turns && distinct > 1 && turns*4 >= f.blocks:
		return true
	case !recur(f.counts) || distinct*4 > turns*3:
		return false
	case persons*2 > turns:
		return alone*2 > turns || turns*10 >= f.blocks
	default:
		return turns*3 >= f.blocks
	}
}

// timesRun tells whether the time codes go on as a recording does. Names and times on lines of their own
// may also be a programme of the day, which doesn't begin near zero.
func (f *turnFinder) timesRun() bool {
	const late = 240.0
	bare, forward, steps, last := 0, 0, 0, -1.0
	for _, l := range f.found {
		if l.seconds == nil {
			continue
		}
		if last < 0 {
			if *l.seconds > late && *l.seconds < 3600 && l.alone && !l.strong {
				bare++
			}
		} else {
			steps++
			forward += number(*l.seconds >= last)
		}
		last = *l.seconds
	}
	return bare == 0 && forward*5 >= steps*4
}

// countWords counts the runs without white space.
func countWords(points []rune) int {
	n, in := 0, false
	for _, r := range points {
		space := unicode.IsSpace(r)
		n += number(!space && !in)
		in = !space
	}
	return n
}
