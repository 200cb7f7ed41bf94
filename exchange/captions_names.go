package exchange

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// named is where somebody's words begin in an utterance.
type named struct {
	line    span // which begins with the label
	words   int  // where the words after the label begin
	speaker string
}

var (
	bracketLabel = regexp.MustCompile(`^\[([^\[\]\n]{1,60})\]:?[ \t]*`)
	lineLead     = regexp.MustCompile(`^[ \t]*(?:-|–|>>|&gt;&gt;)?[ \t]*`)
)

// namedIn finds the labels at the beginnings of lines: "Name: ", "[Name] ", "- Name: ", ">> NAME: ".
func namedIn(w words) []named {
	var all []named
	for _, line := range w.lines() {
		head := string(w.points[line.start:min(line.end, line.start+maxLabel+20)])
		lead := utf8.RuneCountInString(lineLead.FindString(head))
		rest := string([]rune(head)[lead:])
		at := line.start + lead
		if m := bracketLabel.FindStringSubmatch(rest); m != nil {
			if name := speakerName(m[1]); isLabel(name, true) && !sounds[strings.ToLower(name)] {
				all = append(all, named{line: line, words: at + utf8.RuneCountInString(m[0]), speaker: name})
			}
			continue
		}
		if name, n, ok := colonLabel([]rune(rest)); ok && !isHeading(name) {
			all = append(all, named{line: line, words: at + n, speaker: name})
		}
	}
	return all
}

// name finds the speakers of captions without voices by the labels that recur, and takes these out of the words.
// Where nearly every caption has a label, one without is nobody's; else it belongs to who spoke before.
func (c *captions) name() {
	counts := map[string]int{}
	labelled, all := 0, 0
	for _, q := range c.cues {
		for _, u := range q.said {
			all++
			if u.speaker != "" {
				return
			}
			for i, n := range namedIn(u.words) {
				counts[n.speaker]++
				if i == 0 {
					labelled++
				}
			}
		}
	}
	if !recur(counts) || labelled*4 < all {
		return
	}
	last, goesOn := "", labelled*5 < all*4
	for i := range c.cues {
		var said []utterance
		for _, u := range c.cues[i].said {
			if !goesOn {
				last = ""
			}
			var parts []utterance
			parts, last = divideByNames(u.words, last)
			said = append(said, parts...)
		}
		c.cues[i].said = said
	}
}

// recur tells whether labels are those of people in conversation: some come again, and there are fewer
// of them than there are turns.
func recur(counts map[string]int) bool {
	turns, again := 0, 0
	for _, n := range counts {
		turns += n
		if n > 1 {
			again += n
		}
	}
	return again >= 2 && again*2 >= turns && len(counts) < turns
}

// divideByNames makes an utterance of each label's words, and gives who spoke last.
func divideByNames(w words, last string) ([]utterance, string) {
	names := namedIn(w)
	var parts []utterance
	add := func(from, to int) {
		if part := w.cut(span{from, to}); !part.blank(span{0, len(part.points)}) {
			parts = append(parts, utterance{speaker: last, words: part})
		}
	}
	from := 0
	for _, n := range names {
		add(from, n.line.start)
		from, last = n.words, n.speaker
	}
	add(from, len(w.points))
	return slices.Clip(parts), last
}
