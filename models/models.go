// Package models holds the nouns of Feltbog: data, their invariants, the errors and the role table.
// It imports the standard library and google/uuid only, and knows nothing of storage or HTTP.
package models

import (
	"crypto/sha256"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// ID names a record. It is a UUID in its canonical lower-case form; the ids we make are UUIDv7, so
// they sort by the time they were made.
type ID string

// NewID makes a fresh UUIDv7.
func NewID() ID {
	return ID(uuid.Must(uuid.NewV7()).String())
}

// IDOf makes a UUIDv7 of a time and of what it is to stand for: the same words give the same id.
func IDOf(at time.Time, words ...string) ID {
	h := sha256.New()
	for _, w := range words {
		h.Write([]byte(strconv.Itoa(len(w)) + ":" + w)) // with its length, so that no two run together
	}
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	ms := max(at.UnixMilli(), 0)
	for b := range 6 {
		u[b] = byte(ms >> (40 - 8*b)) //nolint:gosec // one byte after the other
	}
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return ID(u.String())
}

// ParseID reads a UUID in canonical form. It returns an Invalid error otherwise.
func ParseID(s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil || u.String() != s {
		return "", Invalid("id_malformed", "This id is not a UUID in lower case.")
	}
	return ID(s), nil
}

// UnmarshalText reads an id from JSON and refuses anything but a canonical UUID or the empty string.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = ""
		return nil
	}
	parsed, err := ParseID(string(b))
	if err != nil {
		return errors.New("an id is a UUID in lower case")
	}
	*id = parsed
	return nil
}

// ChosenID gives the id a client chose for what it creates, or a fresh one when it chose none.
// A chosen id must be a UUIDv7.
func ChosenID(id ID) (ID, error) {
	if id == "" {
		return NewID(), nil
	}
	u, err := uuid.Parse(string(id))
	if err != nil || u.Version() != 7 {
		return "", Invalid("id_malformed", "A chosen id must be a UUIDv7.", Field{Pointer: "/id", Problem: "not a UUIDv7"})
	}
	return id, nil
}

// Noun names a kind of record, in events, memos and the bin.
type Noun string

// The nouns that events tell of.
const (
	NounProject     Noun = "project"
	NounMember      Noun = "member"
	NounSite        Noun = "site"
	NounParticipant Noun = "participant"
	NounNote        Noun = "note"
	NounCode        Noun = "code"
	NounCoding      Noun = "coding"
	NounMemo        Noun = "memo"
	NounLink        Noun = "link"
	NounRound       Noun = "round"
	NounComment     Noun = "comment"
	NounAccount     Noun = "account"
)

// NounSavedSearch is of searches that members keep for themselves. No event tells of one.
const NounSavedSearch Noun = "saved_search"

// NounInvitation is of links that make members. No event tells of one.
const NounInvitation Noun = "invitation"

// NounDraft is of what members are writing. No event tells of one.
const NounDraft Noun = "draft"

// Head is what every record begins with. Version rises by one with each change; DeletedAt is set
// while the record lies in the bin, PurgedAt when only its tombstone is left.
type Head struct {
	ID        ID         `json:"id"                  bson:"_id"`
	SpaceID   ID         `json:"spaceId"`
	Version   int        `json:"version"`
	CreatedAt time.Time  `json:"createdAt"`
	UpdatedAt time.Time  `json:"updatedAt"`
	DeletedAt *time.Time `json:"deletedAt,omitempty"`
	DeletedBy ID         `json:"deletedBy,omitempty"`
	PurgedAt  *time.Time `json:"purgedAt,omitempty"`
}

// Meta gives the record's head, so that one piece of code can serve every noun.
func (h *Head) Meta() *Head { return h }

// Record is what every noun kept in a space offers.
type Record interface {
	Meta() *Head
	// Noun is the record's kind.
	Noun() Noun
	// Image is the record as an event keeps it: never a note's text, and a long quote only as a
	// hash and its ends.
	Image() *Image
	// Scope says which note the record hangs on, in which layer it lives and who alone may know
	// of it. Each may be empty.
	Scope() Scope
}

// Scope places a record: the note it hangs on, its layer, and its only reader if it is private.
type Scope struct {
	NoteID   ID
	Layer    Layer
	Audience ID
}

// Page asks for one page of a list: at most Limit records after Cursor. An empty cursor asks for the first.
type Page struct {
	Limit  int
	Cursor string
}

// List is one page of records. Next is the cursor of the following page, empty on the last.
type List[T any] struct {
	Items []T
	Next  string
}

// Limits of what one write may carry; docs/architecture.md repeats them for people.
const (
	MaxTextLength   = 2_000_000 // code points of one text
	MaxBlocks       = 20_000    // blocks of one text
	MaxBatch        = 1_000     // records of one batch and of one transaction
	MaxName         = 200       // code points of a name or title
	MaxProse        = 20_000    // code points of a memo, definition or description
	MaxQuoteLength  = 100_000   // code points one coding may span
	MaxCodes        = 2_000     // codes of one codebook
	MaxUploadBytes  = 50 << 20  // bytes of one uploaded file
	MaxUploadFiles  = 500       // files of one upload
	MaxParticipants = 200       // participants of one note
	MaxAttachments  = 50        // files attached to one note
	MaxSites        = 5_000     // sites of one project
	MaxPageSize     = 1_000     // records of one page of a list
	MaxRepeated     = 200       // values of one filter of a request
	MaxAttributes   = 50        // attributes of one project
	MaxChoices      = 100       // words of one attribute that is a choice
	MaxAttribute    = 2_000     // code points of an attribute's value
	MaxSaved        = 200       // searches that one member saves in one project
	MaxRounds       = 500       // rounds of one project
	MaxRoundNotes   = 500       // notes of one round
	MaxRoundCodes   = 200       // codes of one round
	MaxRoundCoders  = 50        // coders of one round
	MaxDrafts       = 200       // drafts that one member keeps in one project
	MaxInvitations  = 200       // open invitations of one project
	MaxInvited      = 50        // addresses of one request for invitations
	MaxInvitedBy    = 1_000     // people who may join by one invitation that is for several
	MaxMessage      = 2_000     // code points of what is said in an invitation
	MaxComment      = 5_000     // code points of a comment
	MaxThread       = 500       // comments of one thread
	MaxMentions     = 50        // people named in one comment
	MaxCourses      = 200       // courses that one person is an instructor of
	MaxRoster       = 5_000     // rows of one roster
	MaxCoursePeople = 5_100     // members of one course: a full roster, and who teaches it
	MaxGroups       = 1_000     // groups of one course
	MaxGroup        = 50        // students of one group
	MaxExercises    = 100       // exercises of one course
	MaxPrompts      = 30        // prompts of one exercise
	MaxReleases     = 500       // notes released to one exercise
	MaxOwnNotes     = 100       // notes that one submission brings itself
	MaxAnswer       = 50_000    // code points of one answer
	MaxEvidence     = 50        // passages of one answer
	MaxQuoted       = 1_000_000 // code points of the evidence of a submission, so that a hand-in is one document
	MaxOthers       = 10        // versions of one answer written at the same time
	MaxRemarks      = 200       // remarks on one hand-in
	MaxAddress      = 2_000     // characters of a web address
)
