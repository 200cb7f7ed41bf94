package models

import (
	"regexp"
	"slices"
	"strings"
)

// CommentKind says what an entry of a thread is.
type CommentKind string

// The kinds of entries: words, and the two marks that settle a thread and open it again.
const (
	CommentWords    CommentKind = "comment"
	CommentResolved CommentKind = "resolved"
	CommentReopened CommentKind = "reopened"
)

// CommentKinds lists the kinds of entries.
func CommentKinds() []CommentKind {
	return []CommentKind{CommentWords, CommentResolved, CommentReopened}
}

// Comment is one entry of the thread on a coding. The thread is resolved if the last of its resolved
// and reopened entries says so.
type Comment struct {
	Head     `bson:",inline"`
	Layer    Layer       `json:"layer"`  // of the coding
	NoteID   ID          `json:"noteId"` // of the coding
	CodingID ID          `json:"codingId"`
	AuthorID ID          `json:"authorId"`
	Kind     CommentKind `json:"kind"`
	Text     string      `json:"text"`     // plain; a mention is written @[<userId>]
	Mentions []ID        `json:"mentions"` // the users named in Text, each once
}

// Noun is comment.
func (*Comment) Noun() Noun { return NounComment }

// Image keeps the whole comment.
func (c *Comment) Image() *Image { d := *c; return &Image{Comment: &d} }

// Scope is the note and the layer of the comment's coding.
func (c *Comment) Scope() Scope { return Scope{NoteID: c.NoteID, Layer: c.Layer} }

// mention is how somebody is named in a comment.
var mention = regexp.MustCompile(`@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]`)

// MentionsIn gives the users that a text names, each once, in the order of their first mention.
func MentionsIn(text string) []ID {
	ids := []ID{}
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		if id := ID(found[1]); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// BlankMentions writes spaces in the place of the mentions in a text, so that all else stays where it is.
func BlankMentions(text string) string {
	return mention.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat(" ", len(m)) })
}

// NameMentions writes names for the mentions in a text.
func NameMentions(text string, names map[ID]string) string {
	return mention.ReplaceAllStringFunc(text, func(m string) string { return "@" + names[ID(m[2:len(m)-1])] })
}
