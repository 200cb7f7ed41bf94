package models

import "time"

// Verb says what happened to a record.
type Verb string

// The verbs of events.
const (
	VerbCreated  Verb = "created"
	VerbUpdated  Verb = "updated"
	VerbDeleted  Verb = "deleted"  // into the bin; of a coding, removed
	VerbRestored Verb = "restored" // out of the bin
	VerbPurged   Verb = "purged"
	VerbEnded    Verb = "ended" // of an account: a session ended
)

// EventType is a noun and a verb, such as coding.created.
type EventType string

// TypeOf joins a noun and a verb.
func TypeOf(n Noun, v Verb) EventType { return EventType(string(n) + "." + string(v)) }

// Image is a record as an event keeps it: exactly one field is set.
type Image struct {
	Project     *Project     `json:"project,omitempty"`
	Member      *Member      `json:"member,omitempty"`
	Site        *Site        `json:"site,omitempty"`
	Participant *Participant `json:"participant,omitempty"`
	Note        *Note        `json:"note,omitempty"`
	Code        *Code        `json:"code,omitempty"`
	Coding      *Coding      `json:"coding,omitempty"`
	Memo        *Memo        `json:"memo,omitempty"`
	Link        *Link        `json:"link,omitempty"`
	Round       *Round       `json:"round,omitempty"`
	Comment     *Comment     `json:"comment,omitempty"`
}

// Record gives the one record the image holds, or nil.
func (i *Image) Record() Record {
	switch {
	case i == nil:
		return nil
	case i.Project != nil:
		return i.Project
	case i.Member != nil:
		return i.Member
	case i.Site != nil:
		return i.Site
	case i.Participant != nil:
		return i.Participant
	case i.Note != nil:
		return i.Note
	case i.Code != nil:
		return i.Code
	case i.Coding != nil:
		return i.Coding
	case i.Memo != nil:
		return i.Memo
	case i.Link != nil:
		return i.Link
	case i.Round != nil:
		return i.Round
	case i.Comment != nil:
		return i.Comment
	}
	return nil
}

// Event is one change that happened, written in the transaction that made it. It is the audit
// trail, the history, the undo, the live update and the search outbox. Before is missing for what
// was created, After for what was purged; both go when their record is purged.
type Event struct {
	ID       ID        `json:"id"                 bson:"_id"`
	SpaceID  ID        `json:"spaceId"`
	Layer    Layer     `json:"layer,omitempty"`
	Type     EventType `json:"type"`
	Noun     Noun      `json:"noun"`
	Verb     Verb      `json:"verb"`
	ActorID  ID        `json:"actorId"`
	At       time.Time `json:"at"`
	RecordID ID        `json:"recordId"`
	NoteID   ID        `json:"noteId,omitempty"`
	Batch    ID        `json:"batch,omitempty"`
	// Undoes is the event, or the batch, that this change took back.
	Undoes ID `json:"undoes,omitempty"`
	// Audience is the only user who may know of the event; empty means every member.
	Audience ID `json:"audience,omitempty"`
	// Blind is true of what was done in a round before it was revealed: until then its actor alone may
	// know of it, and open browsers of others are never told of it.
	Blind  bool   `json:"blind,omitempty"`
	Before *Image `json:"before,omitempty"`
	After  *Image `json:"after,omitempty"`
}
