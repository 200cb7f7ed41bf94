package models

import "time"

// Draft is what somebody is writing and hasn't saved: a note to be, or an edit of one. It is for its
// author's eyes only, is overwritten as they type, and is no record of the research: it has no history,
// isn't found by a search and doesn't lie in the bin. There is one for an author and an id.
type Draft struct {
	DraftHead `bson:",inline"`
	Text      string `json:"text"`
}

// DraftHead is a draft without its words.
type DraftHead struct {
	// ID is the one that the note will have, or has; of a second draft of the same, one of its own.
	ID        ID        `json:"id"`
	SpaceID   ID        `json:"spaceId"`
	AuthorID  ID        `json:"authorId"`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	// Revision is the author's name for what they wrote last. Whoever doesn't hear the answer knows by it
	// whether their words arrived.
	Revision ID `json:"revision"`
	// NoteID is the note that is edited, and NoteVersion how that was seen; empty and 0 for a new note.
	NoteID      ID          `json:"noteId"`
	NoteVersion int         `json:"noteVersion"`
	Note        DraftedNote `json:"note"`
	Format      string      `json:"format"` // of the text: plain or markdown
	Length      int         `json:"length"` // of the text, in code points
}

// DraftedNote holds the fields of a note as far as they are written. What they refer to isn't looked up.
type DraftedNote struct {
	Title          string     `json:"title"`
	Kind           NoteKind   `json:"kind"`
	SiteID         ID         `json:"siteId"`
	ObservedOn     Date       `json:"observedOn"`
	StartsAt       Clock      `json:"startsAt"`
	EndsAt         Clock      `json:"endsAt"`
	ParticipantIDs []ID       `json:"participantIds"`
	Language       string     `json:"language"`
	Phase          string     `json:"phase"`
	Meeting        Meeting    `json:"meeting"`
	Attributes     Attributes `json:"attributes"`
	Draft          bool       `json:"draft"`
}
