package models

import "time"

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	NoticeMention    NoticeKind = "mention"    // somebody named the reader in a comment
	NoticeReply      NoticeKind = "reply"      // somebody wrote in a thread of the reader's
	NoticeReview     NoticeKind = "review"     // codings of the reader's lost their words by an edit
	NoticeInvitation NoticeKind = "invitation" // the reader was invited to a project
	NoticeAssignment NoticeKind = "assignment" // notes of a round were given to the reader
	NoticeLocked     NoticeKind = "locked"     // a round of the reader's was locked
	NoticeRevealed   NoticeKind = "revealed"   // a round of the reader's was revealed
	NoticeReopened   NoticeKind = "reopened"   // a round of the reader's was opened again
)

// NoticeKinds lists the kinds of notices.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		NoticeMention, NoticeReply, NoticeReview, NoticeInvitation, NoticeAssignment, NoticeLocked, NoticeRevealed, NoticeReopened,
	}
}

// How long a notice is kept: a year while it is unread, and then half a year from when it was read.
const (
	NoticeUnreadFor = 365 * 24 * time.Hour
	NoticeReadFor   = 180 * 24 * time.Hour
)

// Notice tells one user of one thing that concerns them. It holds no words: what it is about is looked
// up when it is read, as far as its reader may see it then. It is no record of the research: it has no
// history and goes with what it is about.
type Notice struct {
	ID      ID         `json:"id"      bson:"_id"` // UUIDv7; the store orders by it
	UserID  ID         `json:"userId"`             // the reader
	SpaceID ID         `json:"spaceId"`
	Kind    NoticeKind `json:"kind"`
	// Cause is what happened, such as the comment, the batch of an edit or the event of a move: of one
	// cause and one note a reader has one notice.
	Cause     ID         `json:"cause"`
	At        time.Time  `json:"at"`
	ReadAt    *time.Time `json:"readAt,omitempty"`
	ExpiresAt time.Time  `json:"expiresAt"`
	ActorID   ID         `json:"actorId"`
	NoteID    ID         `json:"noteId"`
	CodingID  ID         `json:"codingId"`
	CommentID ID         `json:"commentId"`
	RoundID   ID         `json:"roundId"`
	// Count is of the codings to review. It grows where one cause needs several transactions.
	Count int `json:"count"`
}

// Presence says where a member reads: in which block of which note, and when they last said so.
type Presence struct {
	SpaceID ID        `json:"-"      bson:"spaceId"`
	UserID  ID        `json:"userId"`
	NoteID  ID        `json:"noteId"`
	Block   int       `json:"block"` // from 0
	At      time.Time `json:"at"`
}

// PresenceFor is how long a reader is thought to be there who says nothing more.
const PresenceFor = time.Minute
