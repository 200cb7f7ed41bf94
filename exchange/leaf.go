package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feltbog/models"
)

// A text of the greatest length with all its blocks and marks must fit a document of the store (16 MB).
const (
	maxMarks    = 20_000
	maxURL      = 2_000     // bytes of one link
	maxURLBytes = 2_000_000 // bytes of all links of a text
)

// builder lays leaf blocks one after another into content.
type builder struct {
	text     strings.Builder
	points   int // in text so far
	blocks   []models.Block
	marks    []models.Mark
	urlBytes int
}

// joint is what stands between two blocks: a line end between items of a list and rows of a table, a
// blank line between any others.
func joint(before, after models.BlockKind) string {
	if before == after && (after == models.BlockListItem || after == models.BlockTableRow) {
		return "\n"
	}
	return "\n\n"
}

// add appends one leaf. Text without a visible character is left out.
func (b *builder) add(kind models.BlockKind, level, number int, words styled) error {
	words.compose()
	if kind != models.BlockParagraph && kind != models.BlockCode && kind != models.BlockTableRow {
		words.trim()
	}
	if !slices.ContainsFunc(words.points, func(r rune) bool { return !unicode.IsSpace(r) }) {
		return nil
	}
	if n := len(b.blocks); n > 0 {
		s := joint(b.blocks[n-1].Kind, kind)
		b.text.WriteString(s)
		b.points += len(s)
	}
	for _, r := range words.points {
		b.text.WriteRune(r)
	}
	start := b.points
	b.points += len(words.points)
	ranges := []span{{0, len(words.points)}}
	if kind == models.BlockParagraph {
		ranges = paragraphsIn(words.points)
	}
	for _, s := range ranges {
		if len(b.blocks) == models.MaxBlocks {
			return tooManyBlocks()
		}
		b.blocks = append(b.blocks, models.Block{
			Kind: kind, Start: start + s.start, End: start + s.end, Level: level, Number: number,
		})
		if err := b.mark(words, s, start); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) mark(words styled, s span, offset int) error {
	marks := marksOf(words, s)
	if len(b.marks)+len(marks) > maxMarks {
		return tooManyMarks()
	}
	for _, m := range marks {
		m.Start += offset
		m.End += offset
		b.urlBytes += len(m.URL)
		b.marks = append(b.marks, m)
	}
	if b.urlBytes > maxURLBytes {
		return tooManyMarks()
	}
	return nil
}

func tooManyMarks() error {
	return models.Invalid("marks_too_many", fmt.Sprintf(
		"A text may have %d places of emphasis, links and code, and this one has more. Divide it into several notes, or send it as plain text.", maxMarks))
}

// content gives what was built. It returns a TooLarge error when the text came out too long.
func (b *builder) content() (models.Content, error) {
	if b.points > models.MaxTextLength {
		return models.Content{}, tooLong(b.points)
	}
	c := models.Content{Text: b.text.String(), Blocks: b.blocks, Marks: b.marks}
	if c.Blocks == nil {
		c.Blocks = []models.Block{}
	}
	if c.Marks == nil {
		c.Marks = []models.Mark{}
	}
	return c, nil
}

type span struct{ start, end int }

// paragraphsIn finds the runs of lines without a blank one between them, as paragraphs does in a text.
func paragraphsIn(points []rune) []span {
	var spans []span
	open := false
	for at := 0; at <= len(points); {
		end := at
		for end < len(points) && points[end] != '\n' {
			end++
		}
		switch {
		case !slices.ContainsFunc(points[at:end], func(r rune) bool { return !unicode.IsSpace(r) }):
			open = false
		case open:
			spans[len(spans)-1].end = end
		default:
			open = true
			spans = append(spans, span{at, end})
		}
		at = end + 1
	}
	return spans
}

// compose brings the characters into NFC. Markup may have stood between a letter and its accent;
// together they take the letter's style.
func (w *styled) compose() {
	s := string(w.points)
	if norm.NFC.IsNormalString(s) {
		return
	}
	points := make([]rune, 0, len(w.points))
	styles := make([]style, 0, len(w.points))
	var it norm.Iter
	it.InitString(norm.NFC, s)
	for at := 0; !it.Done(); { // at counts characters of w
		from := it.Pos()
		segment := it.Next()
		source := s[from:it.Pos()]
		n := utf8.RuneCountInString(source)
		if string(segment) == source {
			points = append(points, w.points[at:at+n]...)
			styles = append(styles, w.styles[at:at+n]...)
		} else {
			for _, r := range string(segment) {
				points = append(points, r)
				styles = append(styles, w.styles[at])
			}
		}
		at += n
	}
	w.points, w.styles = points, styles
}

// trim cuts off white space at both ends.
func (w *styled) trim() {
	start, end := 0, len(w.points)
	for start < end && unicode.IsSpace(w.points[start]) {
		start++
	}
	for end > start && unicode.IsSpace(w.points[end-1]) {
		end--
	}
	w.points, w.styles = w.points[start:end], w.styles[start:end]
}

// marksOf gathers the styles of a span into marks: each as long as it goes, without the white space at
// its ends, in order of their starts, longer ones and links before others.
func marksOf(w styled, within span) []models.Mark {
	var marks []models.Mark
	gather := func(kind models.MarkKind, of func(style) int32) {
		for i := within.start; i < within.end; {
			value := of(w.styles[i])
			end := i + 1
			for end < within.end && of(w.styles[end]) == value {
				end++
			}
			if value != 0 {
				s := span{i, end}
				for s.start < s.end && unicode.IsSpace(w.points[s.start]) {
					s.start++
				}
				for s.end > s.start && unicode.IsSpace(w.points[s.end-1]) {
					s.end--
				}
				if s.start < s.end {
					m := models.Mark{Kind: kind, Start: s.start, End: s.end}
					if kind == models.MarkLink {
						m.URL = w.urls.list[value-1]
					}
					marks = append(marks, m)
				}
			}
			i = end
		}
	}
	flag := func(f styleFlags) func(style) int32 {
		return func(s style) int32 { return int32(s.flags & f) }
	}
	plain := true
	for _, s := range w.styles[within.start:within.end] {
		plain = plain && s == style{}
	}
	if plain {
		return nil
	}
	gather(models.MarkLink, func(s style) int32 { return s.link })
	gather(models.MarkStrong, flag(styleStrong))
	gather(models.MarkEmphasis, flag(styleEmphasis))
	gather(models.MarkCode, flag(styleCode))
	slices.SortStableFunc(marks, func(a, b models.Mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	return marks
}

// cleanURL gives a link as it is kept, empty when it isn't: web and mail addresses only, without
// control characters, and with white space and the characters that no address may hold encoded.
func cleanURL(url string) string {
	url = strings.TrimSpace(url)
	scheme, _, _ := strings.Cut(url, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto":
	default:
		return ""
	}
	url = norm.NFC.String(clean(url))
	var b strings.Builder
	for _, r := range url {
		if unicode.IsSpace(r) || r < unicode.MaxASCII && strings.ContainsRune("\"<>\\^`{|}", r) {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() > maxURL {
		return ""
	}
	return b.String()
}
