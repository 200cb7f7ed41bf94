package exchange

import (
	"slices"

	"feltbog/models"
)

// What Options.Transcript may say.
const (
	TranscriptYes = "yes"
	TranscriptNo  = "no"
)

// withTurns are the formats in which transcripts are looked for without being asked to.
var withTurns = []Format{FileText, FileMarkdown, FileDOCX, FileODT, FileRTF, FilePDF}

// withTranscript divides a document into turns as the options say.
func withTranscript(doc Document, want string) Document {
	if doc.Transcript || doc.NoText || want == TranscriptNo {
		return doc
	}
	if divided, ok := rowTurns(doc); ok {
		return divided
	}
	switch {
	case want == TranscriptYes:
		divided, ok := divide(doc, true)
		if !ok {
			doc.Warnings = append(doc.Warnings, Warning{Code: "transcript_none", Sentence: "No names of speakers were found in this text."})
			return doc
		}
		return divided
	case slices.Contains(withTurns, doc.Format):
		divided, _ := Turns(doc)
		return divided
	}
	return doc
}

// Turns finds the turns of a transcript in a document of paragraphs, and gives the document with turns
// for blocks, or false and the document as it is when it is no transcript.
//
// A turn begins with a label, and perhaps a time code, in any of these forms: "Name: text", "Name (00:01:02):
// text", "[00:01:41] Name: text", "Name  00:04 text", "Name  0:04" or "00:01:02 Name" on a line of its own,
// and "0:0:0.0 --> 0:0:1.5", name and text on three lines. Labels and time codes are cut out of the text.
// A time code at the beginning of a paragraph sets its time, one between # at its end that of the words after it; one within a sentence stays, since cutting it
// out would say that nothing stood there. The paragraphs that follow a turn are its speaker's until the next
// label or a heading. What stands before the first turn, lists, tables and quotes stay as they are, and so
// does a time of day on a line of its own ("Kl. 13:03"), which is no place in a recording.
//
// A document is a transcript when its labels recur and few are distinct, and most words stand in turns.
func Turns(doc Document) (Document, bool) { return divide(doc, false) }

// divide finds turns. When it must, it doesn't ask whether it is a transcript, so long as there is a label.
func divide(doc Document, must bool) (Document, bool) {
	points := []rune(doc.Content.Text)
	f := turnFinder{runes: points, lines: linesOf(doc.Content, points)}
	if len(openings(f.lines)) == 0 {
		return doc, false
	}
	for _, b := range doc.Content.Blocks {
		f.blocks += number(b.Kind == models.BlockParagraph)
	}
	f.choose()
	if len(f.found) == 0 || !must && !f.isTranscript() {
		return doc, false
	}
	t := turner{source: doc.Content, runes: points, labels: map[string]int{}}
	if err := t.build(f.lines); err != nil {
		return doc, false // it has too many blocks when it is divided
	}
	plain := !f.timed && !f.marked
	if !must && (t.inTurns*2 < t.all || plain && !t.alone(f.found) && t.labelled*5 < t.all) {
		return doc, false
	}
	content, err := t.content()
	if err != nil || len(content.Blocks) == 0 {
		return doc, false
	}
	return t.document(doc, content), true
}

// turner builds the content of a transcript out of slices of the document's text.
type turner struct {
	builder
	source models.Content
	runes  []rune
	mark   int // the first of the source that stands in the current block
	moves  []move

	speaker string // who speaks, and whether anybody is known to
	speaks  bool
	pending *line // an opening whose words haven't come yet
	seconds *float64

	labels                 map[string]int // turns by label
	all, inTurns, labelled int            // words: of the text, in turns, and in the paragraphs that begin with a label
}

// move tells where code points [from, end) of the source have gone.
type move struct{ from, end, to int }

// build goes through the blocks with the lines that were found in them.
func (t *turner) build(lines []line) error {
	at := 0
	for i, b := range t.source.Blocks {
		for t.mark < len(t.source.Marks) && t.source.Marks[t.mark].Start < b.Start {
			t.mark++
		}
		from := at
		for at < len(lines) && lines[at].block == i {
			at++
		}
		if err := t.block(b, lines[from:at]); err != nil {
			return err
		}
	}
	return t.flush()
}

// block writes a block: a paragraph, or a heading that opens a turn, by its lines, any other as it is.
func (t *turner) block(b models.Block, lines []line) error {
	if len(lines) == 0 {
		if err := t.flush(); err != nil {
			return err
		}
		if b.Kind == models.BlockHeading {
			t.end()
		}
		return t.write(b, span{b.Start, b.End})
	}
	b.Kind, b.Level, b.Number = models.BlockParagraph, 0, 0
	from := b.Start
	upTo := func(end int) error {
		if from >= end {
			return nil
		}
		return t.say(b, span{from, end})
	}
	for i := range lines {
		l := &lines[i]
		if l.kind == lineWords {
			continue
		}
		if err := upTo(l.start); err != nil {
			return err
		}
		from = l.words
		if err := t.turn(b, l); err != nil {
			return err
		}
		if l.kind == lineClock || l.kind == lineGone {
			from = l.end
		}
	}
	return upTo(b.End)
}

// turn lets a line begin or end a turn.
func (t *turner) turn(b models.Block, l *line) error {
	switch l.kind {
	case lineOpening:
		if err := t.flush(); err != nil {
			return err
		}
		if l.glued > 0 {
			t.end()
			if err := t.write(b, span{l.start, l.start + l.glued}); err != nil {
				return err
			}
		}
		if l.seconds != nil {
			t.seconds = l.seconds
		}
		t.speaker, t.speaks, t.pending = l.speaker, true, l
	case lineStamp:
		t.seconds = l.seconds
	case lineWords, lineGone:
	case lineClock:
		if err := t.flush(); err != nil {
			return err
		}
		return t.write(b, l.span)
	}
	return nil
}

func (t *turner) end() { t.speaker, t.speaks, t.seconds = "", false, nil }

// flush writes a label that nobody's words came after, as words.
func (t *turner) flush() error {
	l := t.pending
	t.pending = nil
	if l == nil || !t.speaks {
		return nil
	}
	b := t.source.Blocks[l.block]
	return t.write(models.Block{Kind: models.BlockParagraph, Page: b.Page}, span{l.start + l.glued, l.words})
}

// say writes words of whoever speaks.
func (t *turner) say(b models.Block, s span) error {
	w := wordsOf(t.runes)
	if s = w.inner(s); s.start == s.end {
		return nil
	}
	var ended *float64
	if t.speaks {
		s.end, ended = cutEndTime(t.runes, s)
		s = w.inner(s)
	}
	n := countWords(t.runes[s.start:s.end])
	if t.speaks {
		b.Kind, b.Speaker, b.Seconds = models.BlockTurn, t.speaker, t.seconds
		t.seconds = ended
		t.inTurns += n
		if t.pending != nil {
			t.labelled += n
			t.labels[t.speaker]++
		}
	}
	t.pending = nil
	return t.write(b, s)
}

// write adds the words of a span, without white space at the ends, as one block.
func (t *turner) write(b models.Block, s span) error {
	w := wordsOf(t.runes)
	if b.Kind == models.BlockParagraph || b.Kind == models.BlockTurn {
		if s = w.inner(s); s.start == s.end {
			return nil
		}
	}
	t.all += countWords(t.runes[s.start:s.end])
	part := words{points: slices.Clone(t.runes[s.start:s.end])}
	for _, m := range t.source.Marks[t.mark:] {
		if m.Start >= s.end {
			break
		}
		m.Start, m.End = max(m.Start, s.start)-s.start, min(m.End, s.end)-s.start
		if m.Start < m.End {
			part.marks = append(part.marks, m)
		}
	}
	before := len(t.blocks)
	if err := t.add(b, part); err != nil {
		return err
	}
	if len(t.blocks) > before {
		t.moves = append(t.moves, move{s.start, s.end, t.blocks[before].Start})
	}
	return nil
}

// moved gives the place in the new text of one in the source; one that was cut out is where the words
// after it are.
func (t *turner) moved(at int) int {
	i, _ := slices.BinarySearchFunc(t.moves, at, func(m move, at int) int {
		if m.end < at {
			return -1
		}
		return 1
	})
	if i == len(t.moves) {
		return t.points
	}
	m := t.moves[i]
	return m.to + max(at-m.from, 0)
}

// document gives the document with the content that was built.
func (t *turner) document(doc Document, content models.Content) Document {
	doc.Content, doc.Transcript, doc.Speakers = content, true, Speakers(content)
	for i := range doc.Speakers {
		doc.Speakers[i].Turns = t.labels[doc.Speakers[i].Name]
	}
	doc.Comments = slices.Clone(doc.Comments)
	for i := range doc.Comments {
		c := &doc.Comments[i]
		c.Start, c.End = t.moved(c.Start), t.moved(c.End)
		if c.Start >= c.End { // it was on a label
			s := blockAt(content.Blocks, c.Start)
			c.Start, c.End = s.start, s.end
		}
	}
	return doc
}

// alone tells whether most labels stand on lines of their own.
func (t *turner) alone(found []*line) bool {
	n := 0
	for _, l := range found {
		n += number(l.alone)
	}
	return n*2 > len(found)
}
