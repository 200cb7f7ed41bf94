package teaching

import (
	"context"

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
}

// ExerciseStore keeps what courses answer.
type ExerciseStore interface {
	Exercises() coding.Records[*models.Exercise]
	// ExerciseByID finds an exercise of whatever course, live or in the bin.
	ExerciseByID(ctx context.Context, id models.ID) (*models.Exercise, error)
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
	// User finds an account.
	User(ctx context.Context, id models.ID) (*models.User, error)
}
