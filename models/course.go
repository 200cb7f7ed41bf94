package models

import (
	"slices"
	"time"
)

// NounCourse, NounCourseMember, NounGroup, NounExercise, NounSubmission, NounAnswer, NounEvidence,
// NounHandIn and NounFeedback are the records of teaching. No event tells of them: each keeps itself who did what when.
const (
	NounCourse       Noun = "course"
	NounCourseMember Noun = "course_member"
	NounGroup        Noun = "group"
	NounExercise     Noun = "exercise"
	NounSubmission   Noun = "submission"
	NounAnswer       Noun = "answer"
	NounEvidence     Noun = "evidence"
	NounHandIn       Noun = "hand_in"
	NounFeedback     Noun = "feedback"
	NounRemark       Noun = "remark"
)

// Course is a class that answers exercises. Its ID and SpaceID are the same; its members, groups and
// exercises name it as their space.
type Course struct {
	Head        `bson:",inline"`
	Name        string     `json:"name"`
	Term        string     `json:"term"` // such as Spring 2027, in the instructor's words
	Description string     `json:"description"`
	Language    string     `json:"language"` // en or da
	ArchivedAt  *time.Time `json:"archivedAt,omitempty"`
	// GroupsByChoice lets students go into groups by themselves, GroupSize of them at most; 0 is any number.
	GroupsByChoice bool `json:"groupsByChoice"`
	GroupSize      int  `json:"groupSize"`
	// Join is how one becomes a student without being on the roster; nil where nobody may.
	Join *CourseJoin `json:"-" bson:"join,omitempty"`
	// CopiedFrom is the course that this one was copied from.
	CopiedFrom ID `json:"copiedFrom,omitempty"`
	// DemoOf is the copy of the demo project that this invented course was made with.
	DemoOf ID `json:"-" bson:"demoOf,omitempty"`
	// Purging says that it is being deleted for good. Nobody is in it any more.
	Purging bool `json:"-" bson:"purging,omitempty"`
	// Role and Rights are the reader's own. They are filled in for each reader and not kept.
	Role   CourseRole `json:"role,omitempty" bson:"-"`
	Rights []Action   `json:"rights"         bson:"-"`
}

// CourseJoin is how a course is joined: by a link with a secret, or by a code that is short enough to be
// typed from a slide. Instructors show them again and again, so both are kept.
type CourseJoin struct {
	Secret    string    `json:"secret"`
	Code      string    `json:"code"` // eight characters, without a hyphen
	ExpiresAt time.Time `json:"expiresAt"`
	// MadeAt is when it was made: who was taken out of the course since doesn't come back by it.
	MadeAt time.Time `json:"madeAt"`
}

// Noun is course.
func (*Course) Noun() Noun { return NounCourse }

// Image is empty: no event tells of a course.
func (*Course) Image() *Image { return &Image{} }

// Scope is the course alone.
func (*Course) Scope() Scope { return Scope{} }

// CourseMember is somebody in a course. Who is on the roster but hasn't come yet has no UserID; whose
// personal data was deleted has neither that nor a name.
type CourseMember struct {
	Head   `bson:",inline"`
	UserID ID         `json:"userId"`
	Role   CourseRole `json:"role"`
	// Name and Email are the roster's; of who has come, those of their account stand in for what is empty.
	Name     string `json:"name"`
	Email    string `json:"email"`
	EmailKey string `json:"-"       bson:"emailKey"`
	GroupID  ID     `json:"groupId"`
	// Number counts the members of the course in the order they came to it, from 1. It is what a member is
	// called by whose name isn't told: Student 12.
	Number int `json:"number"`
	// Pseudonym is what the member is called by everybody but the instructors, if it isn't empty.
	Pseudonym string `json:"pseudonym"`
	// Rights are what the instructors let an assistant do.
	Rights []Action `json:"rights"`
	// Claim is the hash of what the one-time link carries by which the member takes their place, and when
	// it ends.
	Claim        string     `json:"-"                      bson:"claim,omitempty"`
	ClaimExpires *time.Time `json:"claimExpires,omitempty"`
	// MatchID is the member of the roster with the same address as the account of this one, who joined by
	// the link for all. An instructor confirms that they are the same.
	MatchID  ID         `json:"matchId,omitempty"`
	JoinedAt *time.Time `json:"joinedAt,omitempty"`
	ErasedAt *time.Time `json:"erasedAt,omitempty"`
	// Erasing says that something of what they made may still be left to delete.
	Erasing bool `json:"-" bson:"erasing,omitempty"`
}

// Noun is course_member.
func (*CourseMember) Noun() Noun { return NounCourseMember }

// Image is empty: no event tells of a course.
func (*CourseMember) Image() *Image { return &Image{} }

// Scope is the course alone.
func (*CourseMember) Scope() Scope { return Scope{} }

// May says how far the member's right to the action reaches.
func (m *CourseMember) May(a Action) Grant {
	g := courseRights[a][m.Role]
	if g == grantGiven {
		if !slices.Contains(m.Rights, a) {
			return GrantNone
		}
		return GrantAny
	}
	return g
}

// Group is some of the students of a course who answer exercises together.
type Group struct {
	Head `bson:",inline"`
	Name string `json:"name"`
	// Left are the members who were in it when it went into the bin.
	Left []ID `json:"-" bson:"left,omitempty"`
}

// Noun is group.
func (*Group) Noun() Noun { return NounGroup }

// Image is empty: no event tells of a course.
func (*Group) Image() *Image { return &Image{} }

// Scope is the course alone.
func (*Group) Scope() Scope { return Scope{} }

// CourseRole is what somebody is in a course.
type CourseRole string

// The three roles of a course.
const (
	RoleInstructor CourseRole = "instructor"
	RoleAssistant  CourseRole = "assistant"
	RoleStudent    CourseRole = "student"
)

// CourseRoles lists the three roles.
func CourseRoles() []CourseRole { return []CourseRole{RoleInstructor, RoleAssistant, RoleStudent} }

// The actions of a course. Every operation on courses, exercises and submissions asks for exactly one.
const (
	CourseRead      Action = "readCourse"      // see the course, its exercises that have begun and what was released to them
	CourseManage    Action = "manageCourse"    // name, term, archive, copy, delete, instructors and assistants
	CoursePeople    Action = "managePeople"    // roster, joining, groups
	CourseExercises Action = "manageExercises" // make, change, open and delete exercises, release notes to them
	CourseReadWork  Action = "readWork"        // read submissions, the board, the class's answers; students their own
	CourseAnswer    Action = "answer"          // write and submit
	CourseFeedback  Action = "giveFeedback"    // comment and mark, unseen by students
	CourseReturn    Action = "returnWork"      // return submissions with their feedback
	CourseExport    Action = "exportWork"      // take marks and answers out; students their own
	CourseErase     Action = "erasePeople"     // delete a student's personal data
)

// grantGiven is a right that an assistant has where the instructors gave it.
const grantGiven Grant = -1

// courseRights is the one table of role × action of courses. What a student may do reaches to their own
// work, and to that of their group.
var courseRights = map[Action]map[CourseRole]Grant{
	CourseRead:      {RoleInstructor: GrantAny, RoleAssistant: GrantAny, RoleStudent: GrantAny},
	CourseManage:    {RoleInstructor: GrantAny},
	CoursePeople:    {RoleInstructor: GrantAny, RoleAssistant: grantGiven},
	CourseExercises: {RoleInstructor: GrantAny, RoleAssistant: grantGiven},
	CourseReadWork:  {RoleInstructor: GrantAny, RoleAssistant: grantGiven, RoleStudent: GrantOwn},
	CourseAnswer:    {RoleStudent: GrantOwn},
	CourseFeedback:  {RoleInstructor: GrantAny, RoleAssistant: grantGiven},
	CourseReturn:    {RoleInstructor: GrantAny, RoleAssistant: grantGiven},
	CourseExport:    {RoleInstructor: GrantAny, RoleAssistant: grantGiven, RoleStudent: GrantOwn},
	CourseErase:     {RoleInstructor: GrantAny},
}

// CourseActions lists the actions of a course, from reading on.
func CourseActions() []Action {
	return []Action{
		CourseRead, CourseManage, CoursePeople, CourseExercises, CourseReadWork, CourseAnswer, CourseFeedback, CourseReturn, CourseExport, CourseErase,
	}
}

// GivenRights lists what instructors may let an assistant do.
func GivenRights() []Action {
	var given []Action
	for _, a := range CourseActions() {
		if courseRights[a][RoleAssistant] == grantGiven {
			given = append(given, a)
		}
	}
	return given
}
