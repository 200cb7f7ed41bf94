package models

import (
	"time"
)

// Submission is what a student, or a group, answers to an exercise. It is a layer in the exercise's space,
// named by its id; SpaceID is the exercise.
type Submission struct {
	Head     `bson:",inline"`
	CourseID ID `json:"courseId"`
	// MemberID or GroupID says whose it is. Who is in the group now works on it.
	MemberID     ID           `json:"memberId,omitempty"`
	GroupID      ID           `json:"groupId,omitempty"`
	Organisation Organisation `json:"organisation"`
	// HandIn is the number of the hand-in that stands, 0 while nothing is submitted: work that was taken
	// back isn't. HandIns counts all there have been.
	HandIn  int `json:"handIn"`
	HandIns int `json:"handIns"`
	// ReturnedAt is when it was returned with its feedback.
	ReturnedAt *time.Time `json:"returnedAt,omitempty"`
	ReturnedBy ID         `json:"returnedBy,omitempty"`
}

// Noun is submission.
func (*Submission) Noun() Noun { return NounSubmission }

// Image is empty: no event tells of a submission.
func (*Submission) Image() *Image { return &Image{} }

// Scope is the submission's layer.
func (s *Submission) Scope() Scope { return Scope{Layer: s.Layer()} }

// Layer is where the codings of its evidence are.
func (s *Submission) Layer() Layer { return Layer(s.ID) }

// Submitted says whether a hand-in stands.
func (s *Submission) Submitted() bool { return s.HandIn > 0 }

// Organisation is the public organisation that a submission is about.
type Organisation struct {
	Name string           `json:"name"`
	Kind OrganisationKind `json:"kind"`
	Why  string           `json:"why"` // why the students chose it
}

// Chosen says whether it was said which organisation it is, or of which kind.
func (o *Organisation) Chosen() bool { return o.Name != "" || o.Kind != "" }

// OrganisationKind is a kind of public organisation; empty while nobody has said.
type OrganisationKind string

// The kinds of public organisations.
const (
	OrganisationMinistry     OrganisationKind = "ministry"
	OrganisationAgency       OrganisationKind = "agency"
	OrganisationRegion       OrganisationKind = "region"
	OrganisationMunicipality OrganisationKind = "municipality"
	OrganisationHealth       OrganisationKind = "health" // hospitals, doctors, care
	OrganisationSchool       OrganisationKind = "school" // schools and day care
	OrganisationUniversity   OrganisationKind = "university"
	OrganisationCulture      OrganisationKind = "culture" // libraries, museums, broadcasting
	OrganisationJustice      OrganisationKind = "justice" // police, courts, prisons
	OrganisationWork         OrganisationKind = "work"    // job centres and benefits
	OrganisationUtility      OrganisationKind = "utility" // water, energy, waste, transport
	OrganisationOther        OrganisationKind = "other"
)

// OrganisationKinds lists the kinds.
func OrganisationKinds() []OrganisationKind {
	return []OrganisationKind{
		OrganisationMinistry, OrganisationAgency, OrganisationRegion, OrganisationMunicipality, OrganisationHealth, OrganisationSchool,
		OrganisationUniversity, OrganisationCulture, OrganisationJustice, OrganisationWork, OrganisationUtility, OrganisationOther,
	}
}

// Answer is what a submission says to one prompt. It is written over as its authors type. There is one for
// a submission and a prompt.
type Answer struct {
	ID           string `json:"-"            bson:"_id"` // AnswerID(SubmissionID, PromptID)
	SubmissionID ID     `json:"submissionId"`
	ExerciseID   ID     `json:"exerciseId"`
	PromptID     ID     `json:"promptId"`
	// Version counts how often Text was written.
	Version int    `json:"version"`
	Text    string `json:"text"` // light Markdown
	// Revision is the author's name for what they wrote last. Whoever doesn't hear the answer knows by it
	// whether their words arrived.
	Revision ID  `json:"revision"`
	AuthorID ID  `json:"authorId"`
	Words    int `json:"words"`
	// Others are versions that were written at the same time in other windows, until somebody has chosen.
	Others   []OtherVersion `json:"others"`
	Evidence []Evidence     `json:"evidence"`
	// Applied are the revisions that arrived last, the newest last: what comes twice is known by them.
	Applied []ID `json:"-" bson:"applied"`
	// Sealed is the hand-in that froze the answer, 0 while it is written.
	Sealed int `json:"-" bson:"sealed"`
	// Edition counts all changes of the record; a writer who saw another one looks again.
	Edition   int       `json:"-"                  bson:"edition"`
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
}

// NewAnswer makes an answer that nothing is written in yet. It isn't kept.
func NewAnswer(submission, exercise, prompt ID) *Answer {
	return &Answer{
		ID: AnswerID(submission, prompt), SubmissionID: submission, ExerciseID: exercise, PromptID: prompt,
		Others: []OtherVersion{}, Evidence: []Evidence{}, Applied: []ID{},
	}
}

// AnswerID names the answer of a submission to a prompt.
func AnswerID(submission, prompt ID) string { return string(submission) + " " + string(prompt) }

// OtherVersion is what somebody wrote of an answer that another had changed meanwhile.
type OtherVersion struct {
	// Writer names the window it was written in, which goes on writing it.
	Writer    ID        `json:"writer"`
	AuthorID  ID        `json:"authorId"`
	Text      string    `json:"text"`
	Revision  ID        `json:"revision"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Evidence is a passage that an answer stands on: words of a note in the exercise's space, or of a source
// with a web address.
type Evidence struct {
	ID ID `json:"id"`
	// NoteID, CodingID and Anchor are set for a passage of a note. The coding is in the layer of the
	// submission.
	NoteID   ID      `json:"noteId,omitempty"`
	CodingID ID      `json:"codingId,omitempty"`
	Anchor   *Anchor `json:"anchor,omitempty"`
	// Web is set for a source with an address.
	Web *WebSource `json:"web,omitempty"`
	Why string     `json:"why"` // why the passage matters
	// Withdrawn is set once the note was purged, or withdrawn: then the words are gone.
	Withdrawn bool      `json:"withdrawn,omitempty"`
	AddedBy   ID        `json:"addedBy"`
	AddedAt   time.Time `json:"addedAt"`
}

// WebSource is a source with a web address, and the words that are quoted from it. Nobody looks whether they
// stand there.
type WebSource struct {
	URL    string `json:"url"`
	Title  string `json:"title"`
	Quote  string `json:"quote"`
	SeenOn Date   `json:"seenOn"`
}

// HandIn is a submission as it was submitted, frozen. Only the words of what was withdrawn or deleted for
// good ever leave it.
type HandIn struct {
	ID           string    `json:"-"            bson:"_id"` // the submission and the number
	SubmissionID ID        `json:"submissionId"`
	ExerciseID   ID        `json:"exerciseId"`
	Number       int       `json:"number"`
	At           time.Time `json:"at"`
	By           ID        `json:"by"`
	MemberIDs    []ID      `json:"memberIds"` // who was in it then
	Late         bool      `json:"late"`
	// Hash is SHA-256, in hexadecimal, of what was submitted: teaching.HashOf says of which bytes.
	Hash         string         `json:"hash"`
	TakenBackAt  *time.Time     `json:"takenBackAt,omitempty"`
	Organisation Organisation   `json:"organisation"`
	Answers      []HandedAnswer `json:"answers"`
}

// HandedAnswer is an answer of a hand-in with the prompt as it stood.
type HandedAnswer struct {
	PromptID ID         `json:"promptId"`
	Title    Bilingual  `json:"title"`
	Question Bilingual  `json:"question"`
	CodeID   ID         `json:"codeId"`
	Text     string     `json:"text"`
	Words    int        `json:"words"`
	Evidence []Evidence `json:"evidence"`
}

// Feedback is what instructors say of a hand-in. Nobody else knows of it before the submission is returned.
// There is one for a submission; SpaceID is the exercise and ID that of the submission.
type Feedback struct {
	Head    `bson:",inline"`
	Mark    string `json:"mark"` // such as 10 or B, in the instructor's scale
	Comment string `json:"comment"`
	// MarkedBy and CommentedBy are the accounts of who wrote them last, empty while there are none.
	MarkedBy    ID `json:"-" bson:"markedBy"`
	CommentedBy ID `json:"-" bson:"commentedBy"`
	// MarkBy and CommentBy say the same to each reader. They are filled in and not kept.
	MarkBy    *Signature `json:"markBy,omitempty"    bson:"-"`
	CommentBy *Signature `json:"commentBy,omitempty" bson:"-"`
	// Number is the hand-in that the remarks are on.
	Number  int      `json:"number"`
	Remarks []Remark `json:"remarks"`
}

// Noun is feedback.
func (*Feedback) Noun() Noun { return NounFeedback }

// Image is empty: no event tells of feedback.
func (*Feedback) Image() *Image { return &Image{} }

// Scope is the exercise alone.
func (*Feedback) Scope() Scope { return Scope{} }

// Remark is a comment on an answer, or on words of it at the code points [Start, End) of its text.
type Remark struct {
	ID       ID        `json:"id"`
	PromptID ID        `json:"promptId"`
	Start    int       `json:"start"`
	End      int       `json:"end"` // 0 for a remark on the whole answer
	Quote    string    `json:"quote"`
	Text     string    `json:"text"`
	AuthorID ID        `json:"authorId"` // who wrote Text last
	At       time.Time `json:"at"`
	// By is what the author is called to each reader. It is filled in and not kept.
	By *Signature `json:"by,omitempty" bson:"-"`
}

// Signature is who wrote feedback, as its reader knows them.
type Signature struct {
	Name string `json:"name"`
	Me   bool   `json:"me"`
}
