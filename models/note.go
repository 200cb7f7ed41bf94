package models

import (
	"errors"
	"time"
)

// NoteKind is one of the five kinds of notes.
type NoteKind string

// The five kinds.
const (
	KindFieldNote          NoteKind = "fieldNote"
	KindMeetingObservation NoteKind = "meetingObservation"
	KindInterview          NoteKind = "interview"
	KindDocument           NoteKind = "document"
	KindWorkshop           NoteKind = "workshop"
)

// NoteKinds lists the five kinds.
func NoteKinds() []NoteKind {
	return []NoteKind{KindFieldNote, KindMeetingObservation, KindInterview, KindDocument, KindWorkshop}
}

// Date is a plain date, YYYY-MM-DD, without a time zone. The zero value means unknown.
type Date string

// UnmarshalText reads a date and refuses what is not one.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) > 0 {
		if _, err := time.Parse(time.DateOnly, string(b)); err != nil {
			return errors.New("a date is written YYYY-MM-DD")
		}
	}
	*d = Date(b)
	return nil
}

// Clock is a time of day, HH:MM. The zero value means unknown.
type Clock string

// UnmarshalText reads a time of day and refuses what is not one.
func (c *Clock) UnmarshalText(b []byte) error {
	if len(b) > 0 {
		if _, err := time.Parse("15:04", string(b)); err != nil || len(b) != len("15:04") {
			return errors.New("a time of day is written HH:MM")
		}
	}
	*c = Clock(b)
	return nil
}

// Meeting is what a meeting observation says of the meeting itself.
type Meeting struct {
	Purpose string   `json:"purpose"`
	Agenda  []string `json:"agenda"`
}

// File is the original a note was read from, kept byte for byte.
type File struct {
	ID        ID     `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Encoding  string `json:"encoding"` // the character encoding it was read as
	Size      int64  `json:"size"`     // bytes
	SHA256    string `json:"sha256"`   // of the bytes, in hex
}

// Note is a text to code, with where, when and by whom it was observed. The words themselves are in
// the Text of its TextVersion. A draft is for its author's eyes only.
type Note struct {
	Head           `bson:",inline"`
	Title          string   `json:"title"`
	Kind           NoteKind `json:"kind"`
	SiteID         ID       `json:"siteId"`
	ObservedOn     Date     `json:"observedOn"`
	StartsAt       Clock    `json:"startsAt"`
	EndsAt         Clock    `json:"endsAt"`
	ObserverID     ID       `json:"observerId"`
	ParticipantIDs []ID     `json:"participantIds"`
	Language       string   `json:"language"`
	Phase          string   `json:"phase"`
	Meeting        *Meeting `json:"meeting,omitempty"`
	Draft          bool     `json:"draft"`
	AuthorID       ID       `json:"authorId"`
	TextVersion    int      `json:"textVersion"`
	Length         int      `json:"length"` // of the text, in code points
	File           *File    `json:"file,omitempty"`
	Attachments    []File   `json:"attachments,omitempty"` // recordings, pictures and slides that belong to the note
	// EarlierFiles are the originals of earlier versions of the text, the oldest first.
	EarlierFiles []File `json:"earlierFiles,omitempty"`
	// ToTranscribe says that the words are still in the file alone: a recording, or a scan.
	ToTranscribe bool `json:"toTranscribe"`
	// Attributes are values of what the project says that its notes tell of themselves.
	Attributes Attributes `json:"attributes"`
	// PartyID is the submission whose people brought the note into an exercise, and who alone may know of
	// it beside those who see all work.
	PartyID ID `json:"-" bson:"partyId,omitempty"`
	// Release says what a note of an exercise was copied from, if it was released to it.
	Release *Release `json:"-" bson:"release,omitempty"`
}

// Release is where the copy of a note comes from, with what is told of that note beside its fields. Only
// the last is for students.
type Release struct {
	SpaceID     ID        `json:"spaceId"`
	NoteID      ID        `json:"noteId"`
	TextVersion int       `json:"textVersion"`
	By          ID        `json:"by"`
	At          time.Time `json:"at"`

	SiteName     string   `json:"siteName"`
	SiteKind     string   `json:"siteKind"`
	Participants []Person `json:"participants"`
}

// Person is a participant of a note that was released, by pseudonym. ID is of the participant there.
type Person struct {
	ID        ID     `json:"id"`
	Pseudonym string `json:"pseudonym"`
	ActorRole string `json:"actorRole"`
}

// Files are the files of the note: the original it was read from, its attachments, and the originals
// of earlier versions.
func (n *Note) Files() []File {
	files := make([]File, 0, 1+len(n.Attachments)+len(n.EarlierFiles))
	if n.File != nil {
		files = append(files, *n.File)
	}
	files = append(files, n.Attachments...)
	return append(files, n.EarlierFiles...)
}

// ReplaceFile makes another file the original of the current text, and keeps the one before.
func (n *Note) ReplaceFile(f *File) {
	if n.File == nil && f == nil || n.File != nil && f != nil && n.File.ID == f.ID {
		return
	}
	earlier := make([]File, 0, len(n.EarlierFiles)+1) // images in events hold the old slice
	for _, e := range n.EarlierFiles {
		if f == nil || e.ID != f.ID {
			earlier = append(earlier, e)
		}
	}
	if n.File != nil {
		earlier = append(earlier, *n.File)
	}
	n.File, n.EarlierFiles = f, earlier
}

// Noun is note.
func (*Note) Noun() Noun { return NounNote }

// Image keeps the note's fields; the text stays in its version.
func (n *Note) Image() *Image { c := *n; return &Image{Note: &c} }

// Scope is the note itself, and its author alone while it is a draft, or the submission that it is of.
func (n *Note) Scope() Scope {
	if n.Draft {
		return Scope{NoteID: n.ID, Audience: n.AuthorID}
	}
	return Scope{NoteID: n.ID, Audience: n.PartyID}
}

// BlockKind is one of the kinds of blocks.
type BlockKind string

// The kinds of blocks.
const (
	BlockParagraph BlockKind = "paragraph"
	BlockHeading   BlockKind = "heading"
	BlockListItem  BlockKind = "listItem"
	BlockQuote     BlockKind = "quote"
	BlockTableRow  BlockKind = "tableRow"
	BlockTurn      BlockKind = "turn"
	BlockCode      BlockKind = "code"
	BlockFootnote  BlockKind = "footnote"
)

// Block is a piece of a text's structure, stand-off, at code points [Start, End). Blocks don't
// overlap and stand in order.
type Block struct {
	Kind    BlockKind `json:"kind"`
	Start   int       `json:"start"`
	End     int       `json:"end"`
	Level   int       `json:"level,omitempty"`   // of a heading 1 to 6; of a list item or quote its depth from 1
	Number  int       `json:"number,omitempty"`  // of an item of an ordered list, or a footnote
	Page    int       `json:"page,omitempty"`    // of the file that the block begins on, from 1
	Speaker string    `json:"speaker,omitempty"` // of a turn
	Seconds *float64  `json:"seconds,omitempty"` // time code of a turn, from the start of the recording
}

// MarkKind is one of the kinds of marks.
type MarkKind string

// The kinds of marks.
const (
	MarkEmphasis MarkKind = "emphasis"
	MarkStrong   MarkKind = "strong"
	MarkLink     MarkKind = "link"
	MarkCode     MarkKind = "code"
)

// Mark is emphasis, strong, a link or code on the code points [Start, End) of a text.
type Mark struct {
	Kind  MarkKind `json:"kind"`
	Start int      `json:"start"`
	End   int      `json:"end"`
	URL   string   `json:"url,omitempty"` // of a link
}

// Content is what a reader makes of a file or of typed text: the words without markup, and their
// structure by code points.
type Content struct {
	Text   string
	Blocks []Block
	Marks  []Mark
}

// Text is one immutable version of a note's words.
type Text struct {
	ID        string    `json:"-"           bson:"_id"` // TextID(NoteID, Version)
	SpaceID   ID        `json:"-"           bson:"spaceId"`
	NoteID    ID        `json:"noteId"`
	Version   int       `json:"textVersion"`
	Text      string    `json:"text"`
	Blocks    []Block   `json:"blocks"`
	Marks     []Mark    `json:"marks"`
	Length    int       `json:"length"` // code points
	Words     int       `json:"-"           bson:"words"`
	AuthorID  ID        `json:"authorId"`
	CreatedAt time.Time `json:"createdAt"`
}
