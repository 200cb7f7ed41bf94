package models

import "time"

// Invitation is a link that makes members. Like a saved search it has no history of its own: the
// members it made tell who invited them.
type Invitation struct {
	Head `bson:",inline"`
	Role Role `json:"role"`
	// MaxUses is how many may join by it; 0 is any number.
	MaxUses int `json:"maxUses"`
	Uses    int `json:"uses"`
	// Email is the address it was made for; empty where the link is handed on by the owner.
	Email       string     `json:"email"`
	EmailKey    string     `json:"-" bson:"emailKey"`
	CreatedBy   ID         `json:"createdBy"`
	ExpiresAt   time.Time  `json:"expiresAt"`
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty"`
	// State is filled in for readers.
	State InvitationState `json:"state" bson:"-"`
	// SecretHash is the hash of what the link carries.
	SecretHash string `json:"-" bson:"secretHash"`
}

// InvitationState says whether an invitation can still be used, and if not, why.
type InvitationState string

// The states of an invitation.
const (
	InvitationOpen      InvitationState = "open"
	InvitationUsed      InvitationState = "used"
	InvitationExpired   InvitationState = "expired"
	InvitationWithdrawn InvitationState = "withdrawn"
)

// StateAt gives the state of an invitation at a time.
func (i *Invitation) StateAt(now time.Time) InvitationState {
	switch {
	case i.WithdrawnAt != nil:
		return InvitationWithdrawn
	case i.MaxUses > 0 && i.Uses >= i.MaxUses:
		return InvitationUsed
	case !i.ExpiresAt.After(now):
		return InvitationExpired
	}
	return InvitationOpen
}

// Noun is invitation.
func (*Invitation) Noun() Noun { return NounInvitation }

// Image is empty: no event tells of an invitation.
func (*Invitation) Image() *Image { return &Image{} }

// Scope is the project alone.
func (*Invitation) Scope() Scope { return Scope{} }
