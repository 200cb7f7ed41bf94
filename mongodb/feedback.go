package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

// Feedbacks keeps what instructors say of submissions.
func (d *DB) Feedbacks() coding.Records[*models.Feedback] { return d.feedbacks }

// FeedbackIDs lists the submissions of an exercise of which something was said.
func (d *DB) FeedbackIDs(ctx context.Context, exercise models.ID) ([]models.ID, error) {
	return ids(ctx, d.feedbacks.c, bson.D{{Key: "spaceId", Value: exercise}, {Key: "deletedAt", Value: nil}})
}

// ids gives the ids of all documents that match.
func ids(ctx context.Context, c *mongo.Collection, filter bson.D) ([]models.ID, error) {
	found, err := find[struct {
		ID models.ID `bson:"_id"`
	}](ctx, c, filter, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	out := make([]models.ID, len(found))
	for i, f := range found {
		out[i] = f.ID
	}
	return out, err
}

// ReturnSubmissions returns those submissions of an exercise that are submitted and not returned yet, or of
// these those that are named, and says how many they were. Whoever takes work back at the same moment comes
// before or after it, never in between.
func (d *DB) ReturnSubmissions(ctx context.Context, exercise models.ID, named []models.ID, by models.ID, at time.Time) (int, error) {
	filter := bson.D{
		{Key: "spaceId", Value: exercise},
		{Key: "deletedAt", Value: nil},
		{Key: "handIn", Value: bson.D{{Key: "$gt", Value: 0}}},
		{Key: "returnedAt", Value: nil},
	}
	if len(named) > 0 {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: named}}})
	}
	result, err := d.submissions.c.UpdateMany(ctx, filter, bson.D{
		{Key: "$set", Value: bson.D{{Key: "returnedAt", Value: at}, {Key: "returnedBy", Value: by}, {Key: "updatedAt", Value: at}}},
		{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}},
	})
	if err != nil {
		return 0, translate(err)
	}
	return int(result.ModifiedCount), nil
}

// Handings lists the hand-ins of an exercise without their words, by the index alone.
func (d *DB) Handings(ctx context.Context, exercise models.ID) ([]teaching.Handing, error) {
	return find[teaching.Handing](ctx, d.handIns(), bson.D{{Key: "exerciseId", Value: exercise}}, options.Find().SetHint("hand_in_exercise").SetProjection(bson.D{
		{Key: "_id", Value: 0},
		{Key: "submissionId", Value: 1},
		{Key: "number", Value: 1},
		{Key: "at", Value: 1},
		{Key: "late", Value: 1},
	}))
}

// HandInsTo lists the hand-ins of an exercise with their answers to one prompt alone.
func (d *DB) HandInsTo(ctx context.Context, exercise, prompt models.ID) ([]*models.HandIn, error) {
	return find[*models.HandIn](ctx, d.handIns(), bson.D{{Key: "exerciseId", Value: exercise}, {Key: "takenBackAt", Value: nil}}, options.Find().SetProjection(bson.D{
		{Key: "submissionId", Value: 1},
		{Key: "number", Value: 1},
		{Key: "organisation", Value: 1},
		{Key: "answers", Value: bson.D{{Key: "$filter", Value: bson.D{{Key: "input", Value: "$answers"}, {Key: "cond", Value: bson.D{{Key: "$eq", Value: bson.A{"$$this.promptId", prompt}}}}}}}},
	}))
}

// Findings counts the evidence of the hand-ins of an exercise by their codes.
func (d *DB) Findings(ctx context.Context, exercise models.ID) ([]teaching.Finding, error) {
	cursor, err := d.handIns().Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "exerciseId", Value: exercise}, {Key: "takenBackAt", Value: nil}}}},
		bson.D{{Key: "$unwind", Value: "$answers"}},
		bson.D{{Key: "$project", Value: bson.D{
			{Key: "_id", Value: 0},
			{Key: "submissionId", Value: 1},
			{Key: "number", Value: 1},
			{Key: "kind", Value: "$organisation.kind"},
			{Key: "codeId", Value: "$answers.codeId"},
			{Key: "passages", Value: bson.D{{Key: "$size", Value: "$answers.evidence"}}},
		}}},
	})
	if err != nil {
		return nil, translate(err)
	}
	out, err := all[teaching.Finding](ctx, cursor)
	return out, translate(err)
}

// ReleasedNotes lists the live notes of an exercise that aren't of some students alone.
func (d *DB) ReleasedNotes(ctx context.Context, exercise models.ID) ([]models.ID, error) {
	return ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: exercise}, {Key: "partyId", Value: nil}, {Key: "deletedAt", Value: nil}})
}
