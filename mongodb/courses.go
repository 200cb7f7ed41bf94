package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

var _ teaching.Store = (*DB)(nil)

// Courses keeps the courses.
func (d *DB) Courses() coding.Records[*models.Course] { return d.courses }

// CourseMembers keeps who is in courses.
func (d *DB) CourseMembers() coding.Records[*models.CourseMember] { return d.courseMembers }

// Groups keeps the groups of courses.
func (d *DB) Groups() coding.Records[*models.Group] { return d.groups }

// CourseMembership finds a user's live membership of a course.
func (d *DB) CourseMembership(ctx context.Context, course, user models.ID) (*models.CourseMember, error) {
	return d.courseMembers.one(ctx, bson.D{{Key: "spaceId", Value: course}, {Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}

// CourseMemberships lists all live memberships of a user.
func (d *DB) CourseMemberships(ctx context.Context, user models.ID) ([]*models.CourseMember, error) {
	return find[*models.CourseMember](ctx, d.courseMembers.c, bson.D{{Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}
