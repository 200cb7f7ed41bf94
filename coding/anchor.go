package coding

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"feltbog/models"
)

// around is how many code points of the text an anchor keeps before and after its quote. Thirty-two
// tell nearly all equal quotes of one note apart (the W3C annotation model leaves the number open).
const around = 32

// AnchorAt makes the anchor of the code points [start, end) of a text. It returns Invalid where the
// span is empty, reversed, too long or outside the text.
func AnchorAt(t *Text, start, end int) (models.Anchor, error) {
	switch {
	case start < 0:
		return models.Anchor{}, spanError("anchor_out_of_text", "/anchor/start", "A coding can't begin before the text.")
	case end < start:
		return models.Anchor{}, spanError("anchor_reversed", "/anchor/end", "A coding can't end before it begins.")
	case end == start:
		return models.Anchor{}, spanError("anchor_empty", "/anchor/end", "A coding needs at least one character.")
	case end > t.Length:
		return models.Anchor{}, spanError("anchor_out_of_text", "/anchor/end", fmt.Sprintf("The text ends at %d.", t.Length))
	case end-start > models.MaxQuoteLength:
		return models.Anchor{}, spanError("anchor_too_long", "/anchor/end", fmt.Sprintf("A coding may span %d characters.", models.MaxQuoteLength))
	}
	return models.Anchor{
		Start: start, End: end, TextVersion: t.Version,
		Quote:  t.Slice(start, end),
		Prefix: t.Slice(max(0, start-around), start),
		Suffix: t.Slice(end, min(t.Length, end+around)),
	}, nil
}

func spanError(code, pointer, sentence string) error {
	return models.Invalid(code, sentence, models.Field{Pointer: pointer, Problem: sentence})
}

// CheckAnchor makes the anchor that a client asked for, and returns Invalid (quote_mismatch) when
// the words it saw aren't the words of the text there.
func CheckAnchor(t *Text, asked models.Anchor) (models.Anchor, error) {
	a, err := AnchorAt(t, asked.Start, asked.End)
	if err != nil {
		return a, err
	}
	if asked.Quote != a.Quote {
		return a, models.Invalid("quote_mismatch", "The quote isn't what stands in the text at this place. Load the note again and select the words anew.",
			models.Field{Pointer: "/anchor/quote", Problem: "differs from the text at the offsets"})
	}
	return a, nil
}

// Carrier moves anchors from one version of a text to another.
type Carrier struct {
	from, to *Text
	edits    []edit
}

// NewCarrier compares two texts once, for any number of anchors.
func NewCarrier(from, to *Text) *Carrier {
	return &Carrier{from: from, to: to, edits: diff(from.Text.Text, to.Text.Text)}
}

// Carry gives the anchor in the new text. The words decide: where the comparison leads to the same
// quote, or the quote stands exactly once more near that place, the anchor moves there. Otherwise
// review is true, and the anchor keeps its quote and lies where the old place went, so that a person
// can look at it; the span may then be empty.
func (c *Carrier) Carry(a models.Anchor) (moved models.Anchor, review bool) {
	start, end := c.place(a.Start, true), c.place(a.End, false)
	end = max(start, end)
	if at, ok := c.find(a, start); ok {
		start, end = at, at+utf8.RuneCountInString(a.Quote)
		return models.Anchor{
			Start: start, End: end, Quote: a.Quote, TextVersion: c.to.Version,
			Prefix: c.to.Slice(max(0, start-around), start), Suffix: c.to.Slice(end, min(c.to.Length, end+around)),
		}, false
	}
	a.Start, a.End, a.TextVersion = start, end, c.to.Version
	return a, true
}

// near is how far, in code points, a quote is looked for around the place the comparison leads to.
// A paragraph moved farther than ten pages is for a person to recognise.
const near = 20_000

// find looks for the quote: first just where the comparison leads, then nearby, where the copy with
// the most of its old surroundings wins, and two equal ones none.
func (c *Carrier) find(a models.Anchor, start int) (int, bool) {
	length := utf8.RuneCountInString(a.Quote)
	if start+length <= c.to.Length && c.to.Slice(start, start+length) == a.Quote {
		return start, true
	}
	from := max(0, start-near)
	window := c.to.Slice(from, min(c.to.Length, start+near+length))
	best, bestScore, ties := -1, -1, 0
	for at := 0; ; {
		i := strings.Index(window[at:], a.Quote)
		if i < 0 {
			break
		}
		at += i
		point := from + utf8.RuneCountInString(window[:at])
		score := commonEnd(c.to.Slice(max(0, point-around), point), a.Prefix) +
			commonStart(c.to.Slice(point+length, min(c.to.Length, point+length+around)), a.Suffix)
		switch {
		case score > bestScore:
			best, bestScore, ties = point, score, 0
		case score == bestScore:
			ties++
		}
		_, size := utf8.DecodeRuneInString(window[at:])
		at += size
	}
	// A lone word may stand anywhere: without any of its old surroundings it isn't the same one. Twenty
	// characters are three or four words, which two people seldom write alike by chance.
	sure := best >= 0 && ties == 0 && (bestScore >= 4 || length >= 20)
	return best, sure
}

// place moves one code point through the comparison. Inside words that were replaced it goes to the
// start of what replaced them (for an anchor's start) or to its end (for an anchor's end).
func (c *Carrier) place(point int, isStart bool) int {
	at := c.from.Byte(point)
	shift := 0
	for _, e := range c.edits {
		if e.fromStart > at || (e.fromStart == at && !isStart) {
			break
		}
		if at < e.fromEnd || (at == e.fromEnd && !isStart && e.fromStart < e.fromEnd) {
			if isStart {
				return c.to.Point(e.toStart)
			}
			return c.to.Point(e.toEnd)
		}
		shift = e.toEnd - e.fromEnd
	}
	return c.to.Point(at + shift)
}

func commonStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonEnd(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
