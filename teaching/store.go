package teaching

import (
	"context"
	"errors"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Store keeps what teaching needs beside what coding keeps. Every method joins the transaction of its
// context, if there is one.
type Store interface {
	// Tx runs fn in one transaction with majority write concern, again from the start when it met
	// another. Inside a transaction it joins that one.
	Tx(ctx context.Context, fn func(ctx context.Context) error) error

	CourseStore
	ExerciseStore
	SubmissionStore
	FeedbackStore
	ClassStore
	WorkStore
}

// ExerciseStore keeps what courses answer.
type ExerciseStore interface {
	Exercises() coding.Records[*models.Exercise]
	// ExerciseByID finds an exercise of whatever course, live or in the bin.
	ExerciseByID(ctx context.Context, id models.ID) (*models.Exercise, error)
	// AnsweredPrompts gives the prompts of an exercise that somebody has written or put something to.
	AnsweredPrompts(ctx context.Context, exercise models.ID) ([]models.ID, error)
	// RestsOn says whether evidence of an answer stands on a note.
	RestsOn(ctx context.Context, note models.ID) (bool, error)
}

// CourseStore keeps courses and who is in them.
type CourseStore interface {
	Courses() coding.Records[*models.Course]
	CourseMembers() coding.Records[*models.CourseMember]
	Groups() coding.Records[*models.Group]
	// CourseMembership finds a user's live membership of a course.
	CourseMembership(ctx context.Context, course, user models.ID) (*models.CourseMember, error)
	// CourseMemberships lists all live memberships of a user.
	CourseMemberships(ctx context.Context, user models.ID) ([]*models.CourseMember, error)
	// MembershipsEver lists all memberships of a user, also those that have ended.
	MembershipsEver(ctx context.Context, user models.ID) ([]*models.CourseMember, error)
	// GuardCourse makes the transaction meet every other that asks for the same course: who is in it, and as
	// what, is counted and changed by one of them after the other.
	GuardCourse(ctx context.Context, course models.ID) error
	// GuardMember makes the transaction meet every other that asks for the same member of a course: what somebody
	// brings, and the deletion of all that they brought, go one after the other.
	GuardMember(ctx context.Context, course, member models.ID) error
	// CountCourseMembers counts the live members of a course.
	CountCourseMembers(ctx context.Context, course models.ID) (int, error)
	// LastNumber is the highest number that a member of a course ever had, 0 if there was none.
	LastNumber(ctx context.Context, course models.ID) (int, error)
	// CourseBySecret and CourseByCode find a course by how it is joined, whether or not that still can be used.
	CourseBySecret(ctx context.Context, secret string) (*models.Course, error)
	CourseByCode(ctx context.Context, code string) (*models.Course, error)
	// MemberByClaim finds the live member whose claim has this hash.
	MemberByClaim(ctx context.Context, hash string) (*models.CourseMember, error)
	// SetClaims gives members new claims, by the hashes of what their links carry.
	SetClaims(ctx context.Context, course models.ID, hashes map[models.ID]string, expires, at time.Time) error
	// SetGroups puts live members of a course into groups; an empty id takes them out.
	SetGroups(ctx context.Context, course models.ID, groups map[models.ID]models.ID, at time.Time) error
	// SubmissionsOf lists the submissions of a member of a course to whatever exercise, without those of groups.
	SubmissionsOf(ctx context.Context, course, member models.ID) ([]*models.Submission, error)
	// EraseWork takes the words out of submissions, their answers, hand-ins and feedback.
	EraseWork(ctx context.Context, submissions []models.ID) error
	// Erasures lists the members of whatever course whose erasure isn't done, and EndErasure says that one is.
	Erasures(ctx context.Context) ([]*models.CourseMember, error)
	EndErasure(ctx context.Context, member models.ID) error
	// CoursesToPurge lists courses that have lain in the bin since before a time, and those of which a purge
	// was begun.
	CoursesToPurge(ctx context.Context, before time.Time) ([]models.ID, error)
	// EraseCourse removes a course with its members, groups and exercises, whose spaces are gone, and leaves
	// its tombstone.
	EraseCourse(ctx context.Context, course, by models.ID, at time.Time) error
	// MoveExtensions gives the extensions that a member of a course was given to another member.
	MoveExtensions(ctx context.Context, course, from, to models.ID) error
	// GroupsBegun lists the groups of a course that have begun an exercise.
	GroupsBegun(ctx context.Context, course models.ID) ([]models.ID, error)
	// GroupWrote says whether a group has said, written or brought anything in an exercise of a course.
	GroupWrote(ctx context.Context, course, group models.ID) (bool, error)

	// User and UserByEmail find an account, Users those that exist.
	User(ctx context.Context, id models.ID) (*models.User, error)
	UserByEmail(ctx context.Context, email string) (*models.User, error)
	Users(ctx context.Context, ids []models.ID) (map[models.ID]*models.User, error)
}

// SubmissionStore keeps what is answered and handed in.
type SubmissionStore interface {
	Submissions() coding.Records[*models.Submission]
	// SubmissionByID finds a submission to whatever exercise.
	SubmissionByID(ctx context.Context, id models.ID) (*models.Submission, error)
	// SubmissionsBy finds the submissions of a member to any of some exercises, and those of a group if that
	// isn't empty.
	SubmissionsBy(ctx context.Context, exercises []models.ID, member, group models.ID) ([]*models.Submission, error)
	// Standing finds a submission with all that says how a user stands to it. With a prompt it also gives the
	// answer to that.
	Standing(ctx context.Context, submission, prompt, user models.ID) (*Standing, error)
	// Answers lists the answers of a submission.
	Answers(ctx context.Context, submission models.ID) ([]*models.Answer, error)
	// AnswerStates lists the answers to an exercise without their words, those of one submission if that
	// isn't empty.
	AnswerStates(ctx context.Context, exercise, submission models.ID) ([]*AnswerState, error)
	// AnswerStatesOf lists the answers of submissions without their words.
	AnswerStatesOf(ctx context.Context, submissions []models.ID) ([]*AnswerState, error)
	// SaveAnswer writes an answer whose edition in the store is still seen, 0 for one that isn't there, and
	// raises the edition. It returns ErrMoved if it is another by now.
	SaveAnswer(ctx context.Context, a *models.Answer, seen int) error

	// HandIn finds a hand-in by its number; HandIns lists those of a submission without their answers.
	HandIn(ctx context.Context, submission models.ID, number int) (*models.HandIn, error)
	HandIns(ctx context.Context, submission models.ID) ([]*models.HandIn, error)
	InsertHandIn(ctx context.Context, h *models.HandIn) error
	// TakeHandInBack marks a hand-in as taken back at a time.
	TakeHandInBack(ctx context.Context, submission models.ID, number int, at time.Time) error

	// GuardShared makes the transaction meet whoever changes what all that is written in a space stands on.
	GuardShared(ctx context.Context, space models.ID) error

	// Notes and Codings keep the notes of exercises, and what is evidence of them.
	Notes() coding.Records[*models.Note]
	Codings() coding.Records[*models.Coding]
}

// Standing is how a user stands to a submission. For strangers to the course, only Submission is there. Answer
// is nil where none was asked for or written.
type Standing struct {
	Submission *models.Submission
	Exercise   *models.Exercise
	Course     *models.Course
	Member     *models.CourseMember
	Answer     *models.Answer
}

// ErrMoved says that an answer was changed since it was read. Whoever hears it looks again.
var ErrMoved = errors.New("the answer was changed meanwhile")
