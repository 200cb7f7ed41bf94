package coding

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"feltbog/models"
)

// stride is the distance, in code points, between two remembered places of a text. Walking half of
// it costs less than a microsecond, and a text of 2,000,000 code points needs 16 kB of places.
const stride = 1024

// Text is one version of a note's words that can be cut at code points quickly. It is immutable and
// safe for concurrent use.
type Text struct {
	*models.Text
	// bytes[i] is the byte at which code point i*stride begins. It is nil for ASCII, where the two are the same.
	bytes []int
}

// NewText measures a text and remembers where every 1024th code point begins.
func NewText(t *models.Text) *Text {
	length := utf8.RuneCountInString(t.Text)
	if length == len(t.Text) {
		return &Text{Text: t}
	}
	places := make([]int, 0, length/stride+1)
	point := 0
	for at := range t.Text {
		if point%stride == 0 {
			places = append(places, at)
		}
		point++
	}
	return &Text{Text: t, bytes: places}
}

// weight is roughly what the text takes in memory, in bytes.
func (t *Text) weight() int {
	return len(t.Text.Text) + 8*len(t.bytes) + 80*len(t.Blocks) + 64*len(t.Marks) + 512
}

// Byte gives the byte at which the code point begins; point must lie in [0, Length].
func (t *Text) Byte(point int) int {
	if t.bytes == nil {
		return point
	}
	if point >= t.Length {
		return len(t.Text.Text)
	}
	at := t.bytes[point/stride]
	for range point % stride {
		_, size := utf8.DecodeRuneInString(t.Text.Text[at:])
		at += size
	}
	return at
}

// Point gives the code point that begins at the byte, or that the byte is part of.
func (t *Text) Point(at int) int {
	if t.bytes == nil {
		return min(at, len(t.Text.Text))
	}
	if at >= len(t.Text.Text) {
		return t.Length
	}
	i := sort.SearchInts(t.bytes, at+1) - 1
	point, b := i*stride, t.bytes[i]
	for {
		_, size := utf8.DecodeRuneInString(t.Text.Text[b:])
		if b+size > at {
			return point
		}
		b += size
		point++
	}
}

// Slice gives the words at the code points [start, end), which must lie in the text.
func (t *Text) Slice(start, end int) string {
	from := t.Byte(start)
	if t.bytes == nil {
		return t.Text.Text[from:end]
	}
	to := from
	if end-start > stride {
		to = t.Byte(end)
	} else {
		for range end - start {
			_, size := utf8.DecodeRuneInString(t.Text.Text[to:])
			to += size
		}
	}
	return t.Text.Text[from:to]
}

// UTF16 gives how many UTF-16 units stand before the code point, as browsers count.
func UTF16(text string, point int) int {
	units := 0
	for _, r := range text {
		if point == 0 {
			break
		}
		point--
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units
}

// FromUTF16 gives the code point that begins at the UTF-16 unit, or that the unit is part of.
func FromUTF16(text string, unit int) int {
	point := 0
	for _, r := range text {
		if unit <= 0 || (r > 0xFFFF && unit == 1) {
			break
		}
		unit--
		if r > 0xFFFF {
			unit--
		}
		point++
	}
	return point
}

// text gives one version of a note's text, from memory if it was read before.
func (s *Service) text(ctx context.Context, note models.ID, version int) (*Text, error) {
	id := TextID(note, version)
	if t, ok := s.texts.GetIfPresent(id); ok {
		return t, nil
	}
	stored, err := s.store.Text(ctx, note, version)
	if err != nil {
		return nil, fmt.Errorf("text %s: %w", id, err)
	}
	t := NewText(stored)
	s.texts.Set(id, t)
	return t, nil
}

// TextID names one version of a note's text.
func TextID(note models.ID, version int) string { return fmt.Sprintf("%s/%d", note, version) }

// newText makes a version of a note's text from what a reader made of it, and checks the reader.
func newText(note *models.Note, version int, c models.Content, author models.ID) (*models.Text, error) {
	length := utf8.RuneCountInString(c.Text)
	if err := checkWords(c.Text); err != nil {
		return nil, err
	}
	if len(c.Blocks) > models.MaxBlocks {
		return nil, models.Invalid("blocks_too_many", fmt.Sprintf("A text may have %d paragraphs; this one has %d.", models.MaxBlocks, len(c.Blocks)),
			models.Field{Pointer: "/text", Problem: "too many paragraphs"})
	}
	t := &models.Text{
		ID: TextID(note.ID, version), SpaceID: note.SpaceID, NoteID: note.ID, Version: version, Text: c.Text,
		Blocks: c.Blocks, Marks: c.Marks, Length: length, Words: len(strings.Fields(c.Text)), AuthorID: author, CreatedAt: note.UpdatedAt,
	}
	if t.Blocks == nil {
		t.Blocks = []models.Block{}
	}
	if t.Marks == nil {
		t.Marks = []models.Mark{}
	}
	at := 0
	for _, b := range t.Blocks {
		if b.Start < at || b.End < b.Start || b.End > length {
			return nil, fmt.Errorf("block [%d, %d) of a text of %d code points is out of place", b.Start, b.End, length)
		}
		at = b.End
	}
	for _, m := range t.Marks {
		if m.Start < 0 || m.End < m.Start || m.End > length {
			return nil, fmt.Errorf("mark [%d, %d) of a text of %d code points is out of place", m.Start, m.End, length)
		}
	}
	return t, nil
}

// checkWords refuses what couldn't become a text, however it is written.
func checkWords(text string) error {
	switch length := points(text); {
	case !utf8.ValidString(text):
		return models.Invalid("text_not_utf8", "This text has bytes that are not UTF-8.", models.Field{Pointer: "/text", Problem: "not UTF-8"})
	case strings.ContainsRune(text, 0):
		return models.Invalid("text_binary", "This text has NUL characters, as binary files have. Save it as text first.", models.Field{Pointer: "/text", Problem: "NUL"})
	case length > models.MaxTextLength:
		return models.TooLarge("text_too_long", fmt.Sprintf("A text may have %d characters; this one has %d. Split it into several notes.", models.MaxTextLength, length),
			models.Field{Pointer: "/text", Problem: "too long"})
	}
	return nil
}

// points counts code points; it reads better in formulas than the library's name.
func points(s string) int { return utf8.RuneCountInString(s) }
