package models

import (
	"cmp"
	"encoding/json"
	"time"
)

// Project is a study: a space with members, a codebook and a search of its own. Its ID and SpaceID are the same.
type Project struct {
	Head        `bson:",inline"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Language    string     `json:"language"` // the language its codebook template was taken in: en or da
	ArchivedAt  *time.Time `json:"archivedAt,omitempty"`
	// CodebookVersion rises with every change of the project's codes.
	CodebookVersion int `json:"codebookVersion"`
	// Demo names the demo study this project was loaded from.
	Demo string `json:"demo,omitempty"`
	// Phases and ActorRoles come from the codebook template, as suggestions for notes and participants.
	Phases     []string `json:"phases"`
	ActorRoles []string `json:"actorRoles"`
	// Attributes are what its notes may tell of themselves beside their fields, in order.
	Attributes Definitions `json:"attributes"`
	// DepartedCoders says how those are called who have left.
	DepartedCoders DepartedCoders `json:"departedCoders"`
	// Kind is SpaceExercise for the space of an exercise, and CourseID the course of that. Such a space has
	// no members: only guests come into it.
	Kind     SpaceKind `json:"-" bson:"kind,omitempty"`
	CourseID ID        `json:"-" bson:"courseId,omitempty"`
	// Role is the reader's own role. It is filled in for each reader and not kept.
	Role Role `json:"role,omitempty" bson:"-"`
}

// SpaceKind is what a space is for. Empty for a project.
type SpaceKind string

// SpaceExercise is of spaces that a course answers an exercise in.
const SpaceExercise SpaceKind = "exercise"

// DepartedCoders says how those are called who have left a project. The zero value is DepartedByName, as
// in projects from before there was a choice.
type DepartedCoders string

// The two ways.
const (
	DepartedByName      DepartedCoders = "name"
	DepartedByPseudonym DepartedCoders = "pseudonym" // Coder 3, for the third who joined
)

// MarshalJSON writes the zero value as what it means.
func (d DepartedCoders) MarshalJSON() ([]byte, error) {
	return json.Marshal(string(cmp.Or(d, DepartedByName)))
}

// Noun is project.
func (*Project) Noun() Noun { return NounProject }

// Image keeps the whole project.
func (p *Project) Image() *Image { c := *p; c.Role = ""; return &Image{Project: &c} }

// Scope is the project alone.
func (*Project) Scope() Scope { return Scope{} }

// Member is a user in a project with a role.
type Member struct {
	Head   `bson:",inline"`
	UserID ID   `json:"userId"`
	Role   Role `json:"role"`
	// InvitedBy is who made the invitation that the role comes from; empty where an owner gave it.
	InvitedBy ID `json:"invitedBy,omitempty"`
	// InvitationID is that invitation. It is for the server alone.
	InvitationID ID `json:"-" bson:"invitationId,omitempty"`
	// Guest is set of who is lent the space. It is not kept.
	Guest *Guest `json:"-" bson:"-"`

	Name  string `json:"name"            bson:"-"` // from the account, filled in for readers
	Email string `json:"email,omitempty" bson:"-"` // from the account, filled in for readers
	Left  bool   `json:"left,omitempty"  bson:"-"` // they have left; then Name is what the project lets be told
}

// Viewer is the member as who looks on.
func (m *Member) Viewer() Viewer { return Viewer{m.UserID, m.Guest} }

// Noun is member.
func (*Member) Noun() Noun { return NounMember }

// Image keeps the membership without the account's name and address.
func (m *Member) Image() *Image {
	c := *m
	c.Name, c.Email, c.Left = "", "", false
	return &Image{Member: &c}
}

// Scope is the project alone.
func (*Member) Scope() Scope { return Scope{} }

// Site is an organisation or place under study. Sites nest.
type Site struct {
	Head        `bson:",inline"`
	Name        string `json:"name"`
	Kind        string `json:"kind"` // a word of the team's, such as agency or municipality
	Description string `json:"description"`
	ParentID    ID     `json:"parentId"`
}

// Noun is site.
func (*Site) Noun() Noun { return NounSite }

// Image keeps the whole site.
func (s *Site) Image() *Image { c := *s; return &Image{Site: &c} }

// Scope is the project alone.
func (*Site) Scope() Scope { return Scope{} }

// Participant is a person observed, by pseudonym.
type Participant struct {
	Head        `bson:",inline"`
	Pseudonym   string `json:"pseudonym"`
	ActorRole   string `json:"actorRole"` // such as manager, data analyst, caseworker
	SiteID      ID     `json:"siteId"`
	Description string `json:"description"`
	AuthorID    ID     `json:"authorId"`
}

// Noun is participant.
func (*Participant) Noun() Noun { return NounParticipant }

// Image keeps the whole participant.
func (p *Participant) Image() *Image { c := *p; return &Image{Participant: &c} }

// Scope is the project alone.
func (*Participant) Scope() Scope { return Scope{} }
