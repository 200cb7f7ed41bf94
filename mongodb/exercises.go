package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/coding"
	"feltbog/models"
)

// Exercises keeps the exercises of courses.
func (d *DB) Exercises() coding.Records[*models.Exercise] { return d.exercises }

// ExerciseByID finds an exercise of whatever course, live or in the bin.
func (d *DB) ExerciseByID(ctx context.Context, id models.ID) (*models.Exercise, error) {
	return d.exercises.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "purgedAt", Value: nil}})
}
