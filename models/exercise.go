package models

import "time"

// Exercise is a set of prompts that a course answers with evidence. It is a space of its own, of which
// its ID is the name: notes that were released to it, its codebook and what students code lie there. Its
// SpaceID is that of the course.
type Exercise struct {
	Head         `bson:",inline"`
	Template     string    `json:"template"` // of the built-in exercise it was made from, or empty
	Title        Bilingual `json:"title"`
	Instructions Bilingual `json:"instructions"`
	// Open says that students see the exercise. Until then it is being set up.
	Open    bool     `json:"open"`
	Prompts []Prompt `json:"prompts"`
	Work    Work     `json:"work"`
	// DueAt is a local time, YYYY-MM-DDTHH:MM, in TimeZone, a name of the IANA database; empty for no due
	// time. Due is the moment that the two mean.
	DueAt    string     `json:"dueAt"`
	TimeZone string     `json:"timeZone"`
	Due      *time.Time `json:"due,omitempty"`
	// LateAllowed lets work be submitted after it was due; it is marked as late then.
	LateAllowed bool        `json:"lateAllowed"`
	Extensions  []Extension `json:"extensions"` // for readers who see all work; a student sees their own due time alone
	MinWords    int         `json:"minWords"`   // of each answer; 0 for none
	MaxWords    int         `json:"maxWords"`   // 0 for none
	// Passages is how much evidence each answer needs, and Reasons whether each says why it matters.
	Passages int  `json:"passages"`
	Reasons  bool `json:"reasons"`
	// Released, OwnNotes and Web say where evidence may be from: notes that were released to the exercise,
	// those of the students themselves, and sources with a web address.
	Released bool `json:"released"`
	OwnNotes bool `json:"ownNotes"`
	Web      bool `json:"web"`
	// ShownToClass shows the answers that were submitted to those who have submitted theirs, NamesShown by
	// name.
	ShownToClass bool `json:"shownToClass"`
	NamesShown   bool `json:"namesShown"`
	// Mine says how far a student has come with it. It is filled in for each reader and not kept.
	Mine *MyWork `json:"mine,omitempty" bson:"-"`
}

// MyWork is how far a student, or their group, has come with an exercise.
type MyWork struct {
	SubmissionID ID         `json:"submissionId,omitempty"`
	State        WorkState  `json:"state"`
	Due          *time.Time `json:"due,omitempty"` // with their extension
	// Ready counts the answers that lack nothing, also once they are submitted.
	Ready int `json:"ready"`
}

// WorkState is how far a submission has come.
type WorkState string

// The states of a submission.
const (
	WorkNotBegun  WorkState = "notBegun"
	WorkWriting   WorkState = "writing"
	WorkSubmitted WorkState = "submitted"
	WorkReturned  WorkState = "returned"
)

// Noun is exercise.
func (*Exercise) Noun() Noun { return NounExercise }

// Image is empty: no event tells of an exercise; of what lies in its space they do.
func (*Exercise) Image() *Image { return &Image{} }

// Scope is the course alone.
func (*Exercise) Scope() Scope { return Scope{} }

// Bilingual is a text in English and in Danish. At least one of them is there, and stands in for the other.
type Bilingual struct {
	En string `json:"en"`
	Da string `json:"da"`
}

// In gives the text in a language, en or da, or in the other where it is missing.
func (b Bilingual) In(language string) string {
	if language == "da" && b.Da != "" || b.En == "" {
		return b.Da
	}
	return b.En
}

// Prompt is one question of an exercise, tied to a code of its codebook: evidence for its answer is coded
// with that.
type Prompt struct {
	ID       ID        `json:"id"`
	Title    Bilingual `json:"title"`
	Question Bilingual `json:"question"`
	CodeID   ID        `json:"codeId"`
}

// Work says who answers an exercise.
type Work string

// The two ways of working.
const (
	WorkIndividual Work = "individual"
	WorkGroup      Work = "group" // the groups of the course
)

// Extension gives one student more time, and with them their group.
type Extension struct {
	MemberID ID        `json:"memberId"`
	DueAt    string    `json:"dueAt"` // as of the exercise, in its time zone
	Due      time.Time `json:"due"`
	By       ID        `json:"by"`
	At       time.Time `json:"at"`
}

// Prompt gives the prompt of an id, nil if the exercise has none of it.
func (e *Exercise) Prompt(id ID) *Prompt {
	for i := range e.Prompts {
		if e.Prompts[i].ID == id {
			return &e.Prompts[i]
		}
	}
	return nil
}

// Guest is how somebody who is no member of a space stands in it: a member of a course in the space of one
// of its exercises. The use cases of teaching lend it, after they looked at the role.
type Guest struct {
	SpaceID ID
	// Role is what the guest may do of what the use cases of teaching ask for.
	Role Role
	// Party is the submission that the guest works on: its codings are theirs, and so are its own notes.
	// Empty for those who have none.
	Party ID
	// All is set for those who see the work of every submission.
	All bool
}
