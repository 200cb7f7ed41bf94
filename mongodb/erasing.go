package mongodb

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/models"
)

// SubmissionsOf lists the submissions of a member of a course to whatever exercise, without those of groups.
func (d *DB) SubmissionsOf(ctx context.Context, course, member models.ID) ([]*models.Submission, error) {
	return find[*models.Submission](ctx, d.submissions.c, bson.D{{Key: "courseId", Value: course}, {Key: "memberId", Value: member}})
}

// Erasures lists the members of whatever course whose erasure isn't done.
func (d *DB) Erasures(ctx context.Context) ([]*models.CourseMember, error) {
	return find[*models.CourseMember](ctx, d.courseMembers.c, bson.D{{Key: "erasing", Value: true}})
}

// EndErasure says that the erasure of a member is done.
func (d *DB) EndErasure(ctx context.Context, member models.ID) error {
	_, err := d.courseMembers.c.UpdateOne(ctx, byID(member), bson.D{{Key: "$unset", Value: bson.D{{Key: "erasing", Value: ""}}}})
	return translate(err)
}

// EraseWork takes the words out of submissions, their answers, hand-ins and feedback.
func (d *DB) EraseWork(ctx context.Context, submissions []models.ID) error {
	in := bson.D{{Key: "$in", Value: submissions}}
	answers, handIns := d.db.Collection("exerciseAnswers"), d.db.Collection("handIns")
	return models.First(
		rewrite(ctx, d.submissions.c, bson.D{{Key: "_id", Value: in}}, func(s *models.Submission) any { s.Erase(); s.Version++; return s.ID }),
		rewrite(ctx, answers, bson.D{{Key: "submissionId", Value: in}}, func(a *models.Answer) any { a.Erase(); a.Edition++; return a.ID }),
		rewrite(ctx, handIns, bson.D{{Key: "submissionId", Value: in}}, func(h *models.HandIn) any { h.Erase(); return h.ID }),
		rewrite(ctx, d.feedbacks.c, bson.D{{Key: "_id", Value: in}}, func(f *models.Feedback) any { f.Erase(); f.Version++; return f.ID }),
	)
}

// rewrite changes all documents that match. Edit gives the id of what it changed.
func rewrite[T any](ctx context.Context, c *mongo.Collection, filter bson.D, edit func(*T) any) error {
	found, err := find[*T](ctx, c, filter)
	if err != nil || len(found) == 0 {
		return err
	}
	writes := make([]mongo.WriteModel, len(found))
	for i, doc := range found {
		writes[i] = mongo.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: edit(doc)}}).SetReplacement(doc)
	}
	if _, err := c.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("erase the words of %s: %w", c.Name(), translate(err))
	}
	return nil
}
