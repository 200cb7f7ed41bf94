package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

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

// MembershipsEver lists all memberships of a user, also those that have ended.
func (d *DB) MembershipsEver(ctx context.Context, user models.ID) ([]*models.CourseMember, error) {
	return find[*models.CourseMember](ctx, d.courseMembers.c, bson.D{{Key: "userId", Value: user}})
}

// GuardCourse makes the transaction meet every other that asks for the same course.
func (d *DB) GuardCourse(ctx context.Context, course models.ID) error {
	_, err := d.courses.c.UpdateOne(ctx, byID(course), bson.D{{Key: "$inc", Value: bson.D{{Key: "guard", Value: 1}}}})
	return translate(err)
}

// GuardMember makes the transaction meet every other that asks for the same member. It isn't the member that is
// written: whoever follows an exercise would be let go for that.
func (d *DB) GuardMember(ctx context.Context, course, member models.ID) error {
	_, err := d.db.Collection("guards").UpdateOne(ctx, byID(string(course)+"/"+string(member)),
		bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}, {Key: "$setOnInsert", Value: bson.D{{Key: "spaceId", Value: course}}}}, options.UpdateOne().SetUpsert(true))
	return translate(err)
}

// CountCourseMembers counts the live members of a course.
func (d *DB) CountCourseMembers(ctx context.Context, course models.ID) (int, error) {
	n, err := d.courseMembers.c.CountDocuments(ctx, bson.D{{Key: "spaceId", Value: course}, {Key: "deletedAt", Value: nil}})
	return int(n), translate(err)
}

// LastNumber is the highest number that a member of a course ever had.
func (d *DB) LastNumber(ctx context.Context, course models.ID) (int, error) {
	last, err := find[*models.CourseMember](ctx, d.courseMembers.c, bson.D{{Key: "spaceId", Value: course}}, options.Find().SetSort(asc("-number")).SetLimit(1))
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].Number, nil
}

// CourseBySecret finds a course by what its link carries.
func (d *DB) CourseBySecret(ctx context.Context, secret string) (*models.Course, error) {
	return d.courses.one(ctx, bson.D{{Key: "join.secret", Value: secret}})
}

// CourseByCode finds a course by the code on a slide.
func (d *DB) CourseByCode(ctx context.Context, code string) (*models.Course, error) {
	return d.courses.one(ctx, bson.D{{Key: "join.code", Value: code}})
}

// MemberByClaim finds the live member whose claim has this hash.
func (d *DB) MemberByClaim(ctx context.Context, hash string) (*models.CourseMember, error) {
	return d.courseMembers.one(ctx, bson.D{{Key: "claim", Value: hash}, {Key: "deletedAt", Value: nil}})
}

// SetClaims gives members new claims.
func (d *DB) SetClaims(ctx context.Context, course models.ID, hashes map[models.ID]string, expires, at time.Time) error {
	set := make(map[models.ID]bson.D, len(hashes))
	for id, hash := range hashes {
		set[id] = bson.D{{Key: "claim", Value: hash}, {Key: "claimExpires", Value: expires}}
	}
	return d.setMembers(ctx, course, set, at)
}

// SetGroups puts live members of a course into groups.
func (d *DB) SetGroups(ctx context.Context, course models.ID, groups map[models.ID]models.ID, at time.Time) error {
	set := make(map[models.ID]bson.D, len(groups))
	for id, group := range groups {
		set[id] = bson.D{{Key: "groupId", Value: group}}
	}
	return d.setMembers(ctx, course, set, at)
}

// setMembers writes fields of many live members at once.
func (d *DB) setMembers(ctx context.Context, course models.ID, set map[models.ID]bson.D, at time.Time) error {
	if len(set) == 0 {
		return nil
	}
	writes := make([]mongo.WriteModel, 0, len(set))
	for id, fields := range set {
		writes = append(writes, mongo.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: course}, {Key: "deletedAt", Value: nil}}).
			SetUpdate(bson.D{
				{Key: "$set", Value: append(fields, bson.E{Key: "updatedAt", Value: at})},
				{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
			}))
	}
	_, err := d.courseMembers.c.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	return translate(err)
}

// GroupsBegun lists the groups of a course that have begun an exercise.
func (d *DB) GroupsBegun(ctx context.Context, course models.ID) ([]models.ID, error) {
	begun, err := find[*models.Submission](ctx, d.submissions.c, bson.D{{Key: "courseId", Value: course}, {Key: "groupId", Value: bson.D{{Key: "$exists", Value: true}}}},
		options.Find().SetProjection(bson.D{{Key: "groupId", Value: 1}}))
	ids := make([]models.ID, len(begun))
	for i, b := range begun {
		ids[i] = b.GroupID
	}
	return ids, err
}

// GroupWrote says whether a group has said, written or brought anything in an exercise of a course.
func (d *DB) GroupWrote(ctx context.Context, course, group models.ID) (bool, error) {
	work, err := find[*models.Submission](ctx, d.submissions.c, bson.D{{Key: "courseId", Value: course}, {Key: "groupId", Value: group}})
	if err != nil || len(work) == 0 {
		return false, err
	}
	var answers, notes bson.A
	for _, w := range work {
		if w.HandIns > 0 || w.Organisation != (models.Organisation{}) {
			return true, nil
		}
		answers = append(answers, w.ID)
		notes = append(notes, bson.D{{Key: "spaceId", Value: w.SpaceID}, {Key: "partyId", Value: w.ID}})
	}
	n, err := d.exerciseAnswers().CountDocuments(ctx, bson.D{{Key: "submissionId", Value: bson.D{{Key: "$in", Value: answers}}}, begun()}, options.Count().SetLimit(1))
	if err == nil && n == 0 {
		n, err = d.notes.c.CountDocuments(ctx, bson.D{{Key: "$or", Value: notes}}, options.Count().SetLimit(1))
	}
	return n > 0, translate(err)
}

// MoveExtensions gives the extensions of a member to another.
func (d *DB) MoveExtensions(ctx context.Context, course, from, to models.ID) error {
	_, err := d.exercises.c.UpdateMany(ctx,
		bson.D{{Key: "spaceId", Value: course}, {Key: "extensions.memberId", Value: from}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "extensions.$[e].memberId", Value: to}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}},
		options.UpdateMany().SetArrayFilters([]any{bson.D{{Key: "e.memberId", Value: from}}}))
	return translate(err)
}

// CoursesToPurge lists courses that have lain in the bin since before a time, and those of which a purge was begun.
func (d *DB) CoursesToPurge(ctx context.Context, before time.Time) ([]models.ID, error) {
	return d.ids(ctx, d.courses.c, bson.D{{Key: "purgedAt", Value: nil}, {Key: "$or", Value: bson.A{
		bson.D{{Key: "purging", Value: true}},
		bson.D{{Key: "deletedAt", Value: bson.D{{Key: "$lt", Value: before}}}},
	}}})
}

// EraseCourse removes a course with its members, groups and exercises, and leaves its tombstone.
func (d *DB) EraseCourse(ctx context.Context, course, by models.ID, at time.Time) error {
	for _, c := range []*mongo.Collection{d.exercises.c, d.groups.c, d.courseMembers.c, d.db.Collection("guards")} {
		if _, err := c.DeleteMany(ctx, bson.D{{Key: "spaceId", Value: course}}); err != nil {
			return fmt.Errorf("erase %s: %w", c.Name(), translate(err))
		}
	}
	return d.courses.Entomb(ctx, course, []models.ID{course}, by, at)
}
