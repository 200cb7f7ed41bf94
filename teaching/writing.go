package teaching

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"feltbog/models"
)

// Writing is what a window sends of an answer that is written in it.
type Writing struct {
	Text string `json:"text"`
	// Revision is the window's name for these words, a UUIDv7: later ones sort behind it. What comes under it
	// is taken once.
	Revision models.ID `json:"revision"`
	// Writer names the window.
	Writer models.ID `json:"writer"`
	// Settles names by their revisions the other versions that somebody has read and chosen these words over.
	Settles []models.ID `json:"settles"`
}

// Kept says where the words of a Writing are kept.
type Kept string

// The three ways of keeping.
const (
	KeptOver    Kept = "over"    // they are the answer's text now
	KeptBeside  Kept = "beside"  // they are another version, since somebody else changed the text meanwhile
	KeptAlready Kept = "already" // they were kept before
)

// maxApplied is how many revisions an answer remembers. A window writes every two seconds at most, and sends
// nothing new before it has heard, so what comes twice comes within fewer.
const maxApplied = 24

// Write puts what a member has written into an answer whose text they saw at version seen, 0 for none. It
// never lets go of words that were kept before unless whoever writes has seen them: they write over the text
// that they saw, over the version of their own window, and over those that they name. What was changed
// meanwhile stays, and the new words are kept beside it. It returns Conflict (answer_others_full).
func Write(a *models.Answer, in Writing, seen int, member models.ID, at time.Time) (Kept, error) {
	if slices.Contains(a.Applied, in.Revision) {
		return KeptAlready, nil
	}
	kept := KeptBeside
	switch own := lastBy(a, in.Writer); {
	case (seen == a.Version || a.Version == 0) && (own < 0 || len(in.Settles) > 0):
		kept = KeptOver
		a.Others = slices.DeleteFunc(a.Others, func(o models.OtherVersion) bool { return slices.Contains(in.Settles, o.Revision) })
		a.Version++
		a.Text, a.Words, a.Revision, a.AuthorID = in.Text, Words(in.Text), in.Revision, member
	case in.Text == a.Text: // the same words are no other version
		kept = KeptAlready
		if own >= 0 {
			a.Others = slices.Delete(a.Others, own, own+1)
		}
	case own >= 0 && in.Revision > a.Others[own].Revision:
		o := &a.Others[own]
		o.Text, o.Revision, o.AuthorID, o.UpdatedAt = in.Text, in.Revision, member, at
	case len(a.Others) >= models.MaxOthers:
		return kept, models.Conflict("answer_others_full", "This answer was written in so many windows at once that no more versions can be kept. Choose among them first; your words stay on this device.")
	default:
		// Also what is older than its window's version: it came very late, or the clock of the device was set back.
		a.Others = append(a.Others, models.OtherVersion{Writer: in.Writer, AuthorID: member, Text: in.Text, Revision: in.Revision, UpdatedAt: at})
	}
	a.Applied = append(a.Applied, in.Revision)
	if over := len(a.Applied) - maxApplied; over > 0 {
		a.Applied = slices.Delete(a.Applied, 0, over)
	}
	a.UpdatedAt = at
	return kept, nil
}

// lastBy finds the version that a window wrote last, -1 if there is none.
func lastBy(a *models.Answer, writer models.ID) int {
	for i, o := range slices.Backward(a.Others) {
		if o.Writer == writer {
			return i
		}
	}
	return -1
}

// CleanAnswer gives the text of an answer as it is kept, without losing a letter: every kind of line break
// is a newline, and of the other control characters only the tab stays. Nothing is trimmed, since whoever
// writes it isn't done.
func CleanAnswer(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || !unicode.IsControl(r):
			return r
		case r == '\r' || r == '\v' || r == '\f' || r == '\u0085':
			return '\n'
		}
		return -1
	}, text)
}
