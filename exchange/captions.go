package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"feltbog/models"
)

const (
	turnPause = 3.0   // seconds of silence after which a new turn begins
	turnLong  = 600   // code points after which a turn ends with a sentence
	turnMost  = 3_000 // code points after which it ends without one, for captions have no full stops now and then
)

// cue is one caption: what is said from start to end, in seconds.
type cue struct {
	start, end float64
	text       string
	said       []utterance
}

// captions are the cues of a file on their way into turns. We parse them ourselves: go-astisub (v0.34.0)
// gives no cues where the line WEBVTT is missing, drops the second voice of a cue and writes its words
// to the log, and doesn't tell of blocks that it skips.
type captions struct {
	cues     []cue
	untimed  int  // blocks of words without a time, which are left out
	rolling  bool // whether the file shows its words one by one, and each line twice
	language string
}

// readCaptions reads WebVTT captions, of Teams and Zoom, with voices or names before the words or without
// speakers, and SubRip ones, with a comma or a point in their times, numbered or not. It doesn't ask for the
// line WEBVTT, which some programs leave out. Blocks stand between blank lines.
func readCaptions(data []byte, o Options) (Document, error) {
	text, encoding, err := DecodeAs(data, o.Encoding)
	if err != nil {
		return Document{}, err
	}
	// Times and tags take room beside the words, whose own limit builder.content keeps.
	text, err = normaliseWithin(text, 4*models.MaxTextLength)
	if err != nil {
		return Document{}, err
	}
	var c captions
	c.divide(strings.Split(text, "\n"))
	slices.SortStableFunc(c.cues, func(a, b cue) int { return cmp.Compare(a.start, b.start) })
	c.readCues()
	c.name()
	content, err := c.turns()
	if err != nil {
		return Document{}, err
	}
	if len(content.Blocks) == 0 {
		return Document{}, models.Invalid("captions_empty", "There are no captions in this file. Export it again where it was made, with the words.")
	}
	doc := Document{Content: content, Encoding: encoding, Transcript: true, Speakers: Speakers(content)}
	doc.Meta.Language = c.language
	if c.untimed > 0 {
		doc.Warnings = []Warning{{Code: "captions_untimed", Sentence: untimedSentence(c.untimed), Values: []string{strconv.Itoa(c.untimed)}}}
	}
	return doc, nil
}

func untimedSentence(n int) string {
	if n == 1 {
		return "One caption has no time code and is left out."
	}
	return fmt.Sprintf("%d captions have no time code and are left out.", n)
}

// divide finds the blocks, and in them the cues.
func (c *captions) divide(lines []string) {
	for from := 0; from < len(lines); {
		if blank(lines[from]) {
			from++
			continue
		}
		end := from
		for end < len(lines) && !blank(lines[end]) {
			end++
		}
		c.readBlock(lines[from:end])
		from = end
	}
}

// readBlock reads one block: an identifier or number, a time, and the words, more than once where the
// blank line is missing between two cues.
func (c *captions) readBlock(lines []string) {
	at := nextTiming(lines, 0)
	if at < 0 {
		c.readUntimed(lines)
		return
	}
	for at >= 0 {
		next := nextTiming(lines, at+1)
		end := next
		switch {
		case next < 0:
			end = len(lines)
		case next-1 > at && isNumber(lines[next-1]):
			end-- // the number of the next cue
		}
		start, stop, _ := timing(lines[at])
		c.cues = append(c.cues, cue{start: start, end: max(start, stop), text: strings.Join(lines[at+1:end], "\n")})
		at = next
	}
}

// readUntimed reads a block without a time: a heading, a remark, the number of a cue, the words of a cue
// that a blank line parts from its time, or words that nobody knows the time of.
func (c *captions) readUntimed(lines []string) {
	first := strings.TrimSpace(lines[0])
	switch {
	case isAside(first):
		for _, line := range lines {
			key, value, _ := strings.Cut(strings.TrimPrefix(line, "NOTE "), ":")
			if value = strings.TrimSpace(value); strings.EqualFold(strings.TrimSpace(key), "language") && languageTag.MatchString(value) {
				c.language = cmp.Or(c.language, value)
			}
		}
	case len(lines) == 1 && isNumber(first):
	case len(c.cues) > 0 && blank(c.cues[len(c.cues)-1].text):
		c.cues[len(c.cues)-1].text = strings.Join(lines, "\n")
	default:
		c.untimed++
	}
}

// isAside tells the first line of a block that is no caption.
func isAside(line string) bool {
	word, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
	return slices.Contains([]string{"WEBVTT", "NOTE", "STYLE", "REGION"}, word)
}

func nextTiming(lines []string, from int) int {
	for i := from; i < len(lines); i++ {
		if _, _, ok := timing(lines[i]); ok {
			return i
		}
	}
	return -1
}

// timing reads a line such as "00:00:04.963 --> 00:00:08.571 align:start".
func timing(line string) (start, end float64, ok bool) {
	before, after, found := strings.Cut(line, "-->")
	if !found {
		return 0, 0, false
	}
	start, first := seconds(strings.TrimSpace(before))
	fields := strings.Fields(after)
	if !first || len(fields) == 0 {
		return 0, 0, false
	}
	end, last := seconds(fields[0])
	return start, end, last
}

func isNumber(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && len(line) <= 9 && strings.Trim(line, "0123456789") == ""
}

// readCues reads the words of all cues. Captions that were made as somebody spoke show the line before
// once more over the new one; it is taken once.
func (c *captions) readCues() {
	c.rolling = slices.ContainsFunc(c.cues, func(q cue) bool {
		at := cueTag.FindStringSubmatch(q.text)
		return len(at) > 0 && at[5] != ""
	})
	last := ""
	for i := range c.cues {
		text := c.cues[i].text
		if c.rolling {
			lines := strings.Split(text, "\n")
			shown := strings.TrimSpace(cueTag.ReplaceAllString(lines[0], ""))
			if shown == last {
				lines = lines[1:]
			}
			for _, line := range lines {
				if !blank(line) {
					last = strings.TrimSpace(cueTag.ReplaceAllString(line, ""))
				}
			}
			text = strings.Join(lines, "\n")
		}
		c.cues[i].said = readCue(text)
		c.cues[i].text = ""
	}
}

// turns joins what one speaker says without a pause into turns.
func (c *captions) turns() (models.Content, error) {
	var b builder
	var turn cue // the words of the turn so far are its only utterance
	write := func() error {
		if len(turn.said) == 0 {
			return nil
		}
		u := turn.said[0]
		u.words.flatten()
		start := turn.start
		return b.add(models.Block{Kind: models.BlockTurn, Speaker: u.speaker, Seconds: &start}, u.words)
	}
	for _, q := range c.cues {
		for _, u := range q.said {
			u.words.trim()
			if len(turn.said) > 0 && !turn.ends(q.start, u.speaker) {
				turn.said[0].words.join(u.words)
				turn.end = max(turn.end, q.end)
				continue
			}
			if err := write(); err != nil {
				return models.Content{}, err
			}
			turn = cue{start: q.start, end: q.end, said: []utterance{u}}
		}
	}
	if err := write(); err != nil {
		return models.Content{}, err
	}
	return b.content()
}

// ends tells whether the turn is over when a speaker begins at that second.
func (turn *cue) ends(start float64, speaker string) bool {
	said := turn.said[0]
	n := len(said.words.points)
	return said.speaker != speaker || start-turn.end > turnPause ||
		n > turnMost || n > turnLong && endsSentence(said.words.points)
}

// endsSentence tells whether the last character but quotes and brackets is one that ends a sentence.
func endsSentence(points []rune) bool {
	for _, r := range slices.Backward(points) {
		switch {
		case strings.ContainsRune(".?!…。？！", r):
			return true
		case !strings.ContainsRune(`"'”’»«)]`, r):
			return false
		}
	}
	return false
}

// join appends other words after a space.
func (w *words) join(other words) {
	w.points = append(w.points, ' ')
	for _, m := range other.marks {
		m.Start += len(w.points)
		m.End += len(w.points)
		w.marks = append(w.marks, m)
	}
	w.points = append(w.points, other.points...)
}
