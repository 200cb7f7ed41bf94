package coding

import "unicode"

// Match is a stretch of words in a text that a search matched, at the code points [Start, End). Near
// says that not all of them are spelt as they were asked for.
type Match struct {
	Start, End int
	Marks      [][2]int
	Near       bool
}

// Matches makes stretches of whole words of the marks [start, end) of code points in a text, which must
// stand in order: the search engine marks of a word only as much as was asked for, and each word by
// itself. Words that follow each other become one stretch; a phrase may go on after a full stop. Near
// are those of the marks that aren't spelt as asked.
func Matches(text string, marks, near [][2]int, phrase bool) []Match {
	points := []rune(text)
	var out []Match
	for _, mark := range marks {
		start, end := wholeWord(points, mark)
		m := Match{Start: start, End: end, Marks: [][2]int{mark}}
		for _, n := range near {
			m.Near = m.Near || (n[0] < mark[1] && mark[0] < n[1])
		}
		if len(out) > 0 && goesOn(points, out[len(out)-1].End, start, phrase) {
			last := &out[len(out)-1]
			last.End, last.Near = max(last.End, end), last.Near || m.Near
			last.Marks = append(last.Marks, mark)
			continue
		}
		out = append(out, m)
	}
	return out
}

// wholeWord widens a mark to the ends of the words that it begins and ends in. Scripts without spaces
// don't say where those are.
func wholeWord(points []rune, mark [2]int) (start, end int) {
	start, end = mark[0], mark[1]
	for start > 0 && letter(points[start]) && letter(points[start-1]) {
		start--
	}
	for end < len(points) && letter(points[end-1]) && letter(points[end]) {
		end++
	}
	return start, end
}

// letter says whether r is within a word that is written together.
func letter(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || r == '\u00ad') && !spaceless(r)
}

// goesOn says whether nothing but what may stand between two words of one expression lies between end
// and start. Only a phrase may go over the end of a sentence, and nothing over that of a line.
func goesOn(points []rune, end, start int, phrase bool) bool {
	for i := end; i < start; i++ {
		switch r := points[i]; {
		case r == '\n', letter(r), spaceless(r):
			return false
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '/', r == '\'', r == '’', widthless(r):
		case !phrase:
			return false
		}
	}
	return true
}
