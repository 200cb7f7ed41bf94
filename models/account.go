package models

import "time"

// User is an account. A persona has no password and can't sign in.
type User struct {
	ID           ID        `json:"id"        bson:"_id"`
	Email        string    `json:"email"` // as its owner writes it; unique without regard to case
	EmailKey     string    `json:"-"         bson:"emailKey"`
	Name         string    `json:"name"`
	Language     string    `json:"language"` // en or da
	Admin        bool      `json:"admin"`
	Persona      bool      `json:"persona"`
	PasswordHash string    `json:"-"         bson:"passwordHash"`
	Version      int       `json:"version"`
	CreatedAt    time.Time `json:"createdAt"`
	UpdatedAt    time.Time `json:"updatedAt"`
}

// Session is one sign-in on one device. It lives as long as its refresh tokens are used.
type Session struct {
	ID        ID        `json:"id"        bson:"_id"`
	UserID    ID        `json:"userId"`
	Device    string    `json:"device"` // the browser's own description, shortened
	CreatedAt time.Time `json:"createdAt"`
	UsedAt    time.Time `json:"usedAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	// RefreshHash is the hash of the token that is valid now; PreviousHash of the one before, which
	// is taken for a few seconds more so that two tabs may refresh at once.
	RefreshHash  string    `json:"-" bson:"refreshHash"`
	PreviousHash string    `json:"-" bson:"previousHash"`
	RotatedAt    time.Time `json:"-" bson:"rotatedAt"`
}

// Actor is who does something: a user in a session, or a script with one of the user's tokens.
type Actor struct {
	UserID ID
	// SessionID is the id of the session or of the token: when that ends, so does what it opened.
	SessionID ID
	Admin     bool
	// Token is what a script came with; nil in a session.
	Token *Token
}
