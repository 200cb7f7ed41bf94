package models

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxEmail is the longest address that mail can be sent to, in bytes (RFC 3696, erratum 1690).
const MaxEmail = 254

// PersonaDomain is where the addresses of personas are. No mail reaches it (RFC 2606).
const PersonaDomain = "@persona.invalid"

// EmailKey is what makes an e-mail address unique: case and outer spaces don't.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// ValidEmail says whether this is a bare address as RFC 5322 has it, that mail can be sent to.
func ValidEmail(email string) bool {
	address, err := mail.ParseAddress(email)
	return err == nil && address.Address == email && len(email) <= MaxEmail && !strings.HasSuffix(EmailKey(email), PersonaDomain) &&
		utf8.ValidString(email) && !strings.ContainsFunc(email, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
}

// User is an account. A persona has no password and can't sign in.
type User struct {
	ID           ID        `json:"id"        bson:"_id"`
	Email        string    `json:"email"` // as its owner writes it; unique without regard to case
	EmailKey     string    `json:"-"         bson:"emailKey"`
	Name         string    `json:"name"`
	Language     string    `json:"language"` // en or da
	Admin        bool      `json:"admin"`
	Persona      bool      `json:"persona"`
	ShowPresence bool      `json:"showPresence"` // others see where this person reads
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

// Reset is a link by which an account gets a new password, once.
type Reset struct {
	SecretHash string `json:"-" bson:"_id"`
	UserID     ID     `json:"userId"`
	// PasswordHash is of the password when the link was made: once there is another, the link is of no use.
	PasswordHash string    `json:"-" bson:"passwordHash"`
	ExpiresAt    time.Time `json:"expiresAt"`
}

// Actor is who does something: a user in a session, or a script with one of the user's tokens.
type Actor struct {
	UserID ID
	// SessionID is the id of the session or of the token: when that ends, so does what it opened.
	SessionID ID
	Admin     bool
	// Token is what a script came with; nil in a session.
	Token *Token
	// Guest is how the actor stands in a space that they are no member of; nil for everybody who isn't lent that.
	Guest *Guest
}

// Viewer is the actor as who looks on.
func (a Actor) Viewer() Viewer { return Viewer{a.UserID, a.Guest} }

// Hears says whether the actor may know of what is for an audience alone.
func (a Actor) Hears(audience ID) bool { return a.Viewer().Hears(audience) }

// Viewer is who looks on: a user, in a space that they are a member of or lent as a guest.
type Viewer struct {
	UserID ID
	Guest  *Guest
}

// Hears says whether the viewer may know of what is for an audience alone: a user, or the people of a
// submission. Everybody may know of what has none.
func (v Viewer) Hears(audience ID) bool {
	if audience == "" || audience == v.UserID {
		return true
	}
	return v.Guest != nil && (v.Guest.All || audience == v.Guest.Party)
}

// Audience is the one that the viewer is, or is one of: what is kept for it alone is kept in one place.
// Empty for a guest who is of no submission.
func (v Viewer) Audience() ID {
	if v.Guest != nil {
		return v.Guest.Party
	}
	return v.UserID
}
