package models

import (
	"slices"
	"time"
)

// RoundState is how far a round has come.
type RoundState string

// The states of a round, in their order. The one way back is from locked to blind.
const (
	RoundDraft    RoundState = "draft"    // being set up; nothing is coded
	RoundBlind    RoundState = "blind"    // its coders code, each seeing only their own
	RoundLocked   RoundState = "locked"   // nobody codes any more; still each sees only their own
	RoundRevealed RoundState = "revealed" // all see all; nothing of it changes any more
)

// RoundStates lists the states in their order.
func RoundStates() []RoundState {
	return []RoundState{RoundDraft, RoundBlind, RoundLocked, RoundRevealed}
}

// RoundMethod says how notes came to their coders.
type RoundMethod string

// The two methods.
const (
	RoundByHand   RoundMethod = "byHand"
	RoundBalanced RoundMethod = "balanced" // drawn at random from a seed that is kept
)

// ReadAlong says who may read others' codings before a round is revealed, which all its coders can see.
type ReadAlong string

// Who may read along. An owner who codes in the round reads along only once it is locked.
const (
	ReadAlongNobody ReadAlong = "nobody"
	ReadAlongOwners ReadAlong = "owners"
)

// Assignment names the coders of one note of a round.
type Assignment struct {
	NoteID   ID   `json:"noteId"`
	CoderIDs []ID `json:"coderIds"`
}

// PinnedText names the version of a note's text that a round is coded in.
type PinnedText struct {
	NoteID      ID  `json:"noteId"`
	TextVersion int `json:"textVersion"`
}

// RoundMove is one change of a round's state: who made it, when and why.
type RoundMove struct {
	To  RoundState `json:"to"`
	At  time.Time  `json:"at"`
	By  ID         `json:"by"`
	Why string     `json:"why"`
}

// DoneMark says that a coder is done with a note of a round. It isn't part of the round's record,
// whose version would count how far others have come.
type DoneMark struct {
	SpaceID ID        `json:"spaceId"`
	RoundID ID        `json:"roundId"`
	NoteID  ID        `json:"noteId"`
	CoderID ID        `json:"coderId"`
	At      time.Time `json:"at"`
}

// Round is a set of notes, codes and coders to code independently. It is a layer, named by its id.
type Round struct {
	Head          `bson:",inline"`
	Name          string       `json:"name"`
	Question      string       `json:"question"` // what its coders are to look for
	NoteIDs       []ID         `json:"noteIds"`
	CodeIDs       []ID         `json:"codeIds"`
	CoderIDs      []ID         `json:"coderIds"`
	CodersPerNote int          `json:"codersPerNote"`
	Method        RoundMethod  `json:"method"`
	Seed          string       `json:"seed"` // of the draw, in digits; empty by hand
	Assignment    []Assignment `json:"assignment"`
	ReadAlong     ReadAlong    `json:"readAlong"`
	DueOn         Date         `json:"dueOn"`
	State         RoundState   `json:"state"`
	// CodebookVersion and Texts are what the round is coded with, from blind on.
	CodebookVersion int          `json:"codebookVersion"`
	Texts           []PinnedText `json:"texts"`
	Moves           []RoundMove  `json:"moves"`
	CreatedBy       ID           `json:"createdBy"`
}

// Noun is round.
func (*Round) Noun() Noun { return NounRound }

// Image keeps the whole round.
func (r *Round) Image() *Image { c := *r; return &Image{Round: &c} }

// Scope is the space alone: all members know what rounds there are.
func (*Round) Scope() Scope { return Scope{} }

// Layer is where the round's codings are.
func (r *Round) Layer() Layer { return Layer(r.ID) }

// Sealed says whether each coder of the round sees only their own.
func (r *Round) Sealed() bool { return r.State == RoundBlind || r.State == RoundLocked }

// CodedBy says whether a user is one of the round's coders.
func (r *Round) CodedBy(user ID) bool { return slices.Contains(r.CoderIDs, user) }

// Coders gives who codes a note of the round.
func (r *Round) Coders(note ID) []ID {
	for _, a := range r.Assignment {
		if a.NoteID == note {
			return a.CoderIDs
		}
	}
	return nil
}

// Assigned says whether a note of the round is a coder's to code.
func (r *Round) Assigned(note, coder ID) bool {
	return slices.Contains(r.Coders(note), coder)
}

// TextVersion gives the version of a note's text that the round is coded in, 0 if it isn't the round's.
func (r *Round) TextVersion(note ID) int {
	for _, t := range r.Texts {
		if t.NoteID == note {
			return t.TextVersion
		}
	}
	return 0
}

// ReadBy says whether a member may read all of the round's layer: it is revealed, or drafted so that
// owners read along, which one who codes in it does only once it is locked.
func (r *Round) ReadBy(user ID, role Role) bool {
	switch r.State {
	case RoundRevealed:
		return true
	case RoundBlind, RoundLocked:
		return r.ReadAlong == ReadAlongOwners && role == RoleOwner && (r.State == RoundLocked || !r.CodedBy(user))
	case RoundDraft:
	}
	return false
}
