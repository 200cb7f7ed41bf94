package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// RoundIDs gives the ids of the live rounds of a space.
func (d *DB) RoundIDs(ctx context.Context, space models.ID) ([]models.ID, error) {
	return d.ids(ctx, d.rounds.c, selector(space, coding.Query{}))
}

// markID names the mark of a round, a note and a coder.
func markID(m models.DoneMark) string {
	return string(m.RoundID) + "/" + string(m.NoteID) + "/" + string(m.CoderID)
}

// MarkDone keeps that a coder is done with a note, as it was first said.
func (d *DB) MarkDone(ctx context.Context, m models.DoneMark) error {
	_, err := d.db.Collection("roundMarks").UpdateOne(ctx, bson.D{{Key: "_id", Value: markID(m)}},
		bson.D{{Key: "$setOnInsert", Value: m}}, options.UpdateOne().SetUpsert(true))
	return translate(err)
}

// UnmarkDone forgets that a coder is done with a note.
func (d *DB) UnmarkDone(ctx context.Context, m models.DoneMark) error {
	_, err := d.db.Collection("roundMarks").DeleteOne(ctx, bson.D{{Key: "_id", Value: markID(m)}, {Key: "spaceId", Value: m.SpaceID}})
	return translate(err)
}

// DoneMarks gives the marks of rounds, of one coder unless coder is empty.
func (d *DB) DoneMarks(ctx context.Context, space models.ID, rounds []models.ID, coder models.ID) ([]models.DoneMark, error) {
	filter := bson.D{{Key: "spaceId", Value: space}, {Key: "roundId", Value: bson.D{{Key: "$in", Value: rounds}}}}
	if coder != "" {
		filter = append(filter, bson.E{Key: "coderId", Value: coder})
	}
	return find[models.DoneMark](ctx, d.db.Collection("roundMarks"), filter, options.Find().SetBatchSize(30_000))
}
