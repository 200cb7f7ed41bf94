package exchange

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// utterance is what one voice says in a cue.
type utterance struct {
	speaker string
	words   words
}

// cueTag finds the tags that captions may have, among them the times of single words. What else stands
// between angle brackets, such as <unclear>, was written by somebody and stays.
var cueTag = regexp.MustCompile(`(?i)<(/?)(?:(v|i|b|u|s|c|font|lang|ruby|rt)((?:\.[^<>\s.]+)*)(?:\s+([^<>]*))?|(` + timeCode + `))\s*/?>`)

// placement is where an SRT cue is shown, as some programs write it: {\an8}.
var placement = regexp.MustCompile(`\{\\[^{}]*\}`)

// cueReader makes utterances of the text of a cue.
type cueReader struct {
	said    []utterance
	current utterance
	open    map[models.MarkKind]int // where a mark that isn't closed yet begins
}

// readCue reads the text of a cue, with its lines still divided.
func readCue(text string) []utterance {
	text = placement.ReplaceAllString(text, "")
	r := cueReader{open: map[models.MarkKind]int{}}
	for text != "" {
		at := cueTag.FindStringSubmatchIndex(text)
		if at == nil {
			r.write(text)
			break
		}
		r.write(text[:at[0]])
		group := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return text[at[2*n]:at[2*n+1]]
		}
		r.tag(strings.ToLower(group(2)), group(1) != "", group(4))
		text = text[at[1]:]
	}
	r.finish()
	return r.said
}

func (r *cueReader) write(text string) {
	r.current.words.points = append(r.current.words.points, []rune(clean(html.UnescapeString(text)))...)
}

func (r *cueReader) tag(name string, closes bool, annotation string) {
	switch name {
	case "v":
		r.finish()
		if !closes {
			r.current.speaker = speakerName(html.UnescapeString(annotation))
		}
	case "i":
		r.mark(models.MarkEmphasis, closes)
	case "b":
		r.mark(models.MarkStrong, closes)
	}
}

// mark begins or ends emphasis.
func (r *cueReader) mark(kind models.MarkKind, closes bool) {
	start, isOpen := r.open[kind]
	switch {
	case closes && isOpen:
		r.current.words.marks = append(r.current.words.marks, models.Mark{Kind: kind, Start: start, End: len(r.current.words.points)})
		delete(r.open, kind)
	case !closes && !isOpen:
		r.open[kind] = len(r.current.words.points)
	}
}

// finish ends an utterance, and with it the marks in it.
func (r *cueReader) finish() {
	for _, kind := range []models.MarkKind{models.MarkEmphasis, models.MarkStrong} {
		r.mark(kind, true)
	}
	if !r.current.words.blank(span{0, len(r.current.words.points)}) {
		r.said = append(r.said, r.current)
	}
	r.current = utterance{}
}

// speakerName brings a name into the form in which labels are kept and compared: one line, composed,
// without white space at its ends, no longer than a name may be.
func speakerName(s string) string {
	s = norm.NFC.String(strings.Join(strings.Fields(clean(s)), " "))
	if points := []rune(s); len(points) > models.MaxName {
		s = strings.TrimSpace(string(points[:models.MaxName]))
	}
	return s
}

// lines gives the spans of the lines of w.
func (w *words) lines() []span {
	var all []span
	for from := 0; from <= len(w.points); {
		end := slices.Index(w.points[from:], '\n')
		if end < 0 {
			return append(all, span{from, len(w.points)})
		}
		all = append(all, span{from, from + end})
		from += end + 1
	}
	return all
}

// cut gives a part of w, with what marks there are on it.
func (w *words) cut(s span) words {
	part := words{points: slices.Clone(w.points[s.start:s.end])}
	for _, m := range w.marks {
		m.Start, m.End = max(m.Start, s.start)-s.start, min(m.End, s.end)-s.start
		if m.Start < m.End {
			part.marks = append(part.marks, m)
		}
	}
	return part
}
