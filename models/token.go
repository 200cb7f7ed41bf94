package models

import (
	"slices"
	"time"
)

// TokenScope says whether a personal token is for reading alone.
type TokenScope string

// The two scopes.
const (
	ScopeRead  TokenScope = "read"
	ScopeWrite TokenScope = "write"
)

// TokenScopes lists the scopes.
func TokenScopes() []TokenScope { return []TokenScope{ScopeRead, ScopeWrite} }

// The bounds of personal tokens.
const (
	MaxTokens        = 50                   // that live, of one account
	MaxTokenProjects = 100                  // that one token is limited to
	MaxTokenLifetime = 366 * 24 * time.Hour // from when it is made
)

// Token is a personal token: what a script of somebody's shows instead of a session. It never does more
// than its owner may, and ends with their account.
type Token struct {
	ID     ID         `json:"id"        bson:"_id"`
	UserID ID         `json:"-"         bson:"userId"`
	Name   string     `json:"name"`
	Scope  TokenScope `json:"scope"`
	// Projects are those it is limited to; none means all of its owner's, also those that come.
	Projects  []ID       `json:"projects"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	UsedAt    *time.Time `json:"usedAt,omitempty"` // to the minute
	Hint      string     `json:"hint"`             // the last four characters of the secret
	Hash      string     `json:"-"         bson:"hash"`
}

// beyondTokens are the actions that take somebody who is signed in: who is in a project, and what can't be undone.
var beyondTokens = map[Action]bool{ActionChangeMembers: true, ActionPurge: true}

// Tokenable says whether a personal token may ever be good for an action.
func (a Action) Tokenable() bool { return !beyondTokens[a] }

// Reaches says whether an actor may come to a space at all: a token that is limited to projects reaches
// no others. The membership is another matter.
func (a Actor) Reaches(space ID) bool {
	return a.Token == nil || len(a.Token.Projects) == 0 || slices.Contains(a.Token.Projects, space)
}

// OutOfScope says that a personal token isn't good for what was asked.
func OutOfScope() *Error {
	return Forbidden("token_scope", "This personal token isn't good for that: it may be for reading only, or for other projects, or this takes somebody who is signed in.")
}
