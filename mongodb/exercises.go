package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// Exercises keeps the exercises of courses.
func (d *DB) Exercises() coding.Records[*models.Exercise] { return d.exercises }

// ExerciseByID finds an exercise of whatever course, live or in the bin.
func (d *DB) ExerciseByID(ctx context.Context, id models.ID) (*models.Exercise, error) {
	return d.exercises.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "purgedAt", Value: nil}})
}

// Copies gives notes of exercises that were copied from a note of a project, or from any of its notes.
func (d *DB) Copies(ctx context.Context, space, note models.ID, limit int) ([]*models.Note, error) {
	of := bson.E{Key: "release.noteId", Value: bson.D{{Key: "$exists", Value: true}}}
	if note != "" {
		of.Value = note
	}
	filter := bson.D{{Key: "release.spaceId", Value: space}, of, {Key: "purgedAt", Value: nil}}
	return find[*models.Note](ctx, d.notes.c, filter, options.Find().SetSort(asc("_id")).SetLimit(int64(limit)))
}

// WithdrawEvidence takes the words of a note out of all answers and hand-ins that rest on it. What was said
// of them stays.
func (d *DB) WithdrawEvidence(ctx context.Context, note models.ID) error {
	for _, at := range []struct{ collection, evidence, each string }{
		{"exerciseAnswers", "evidence", "evidence.$[e]"},
		{"handIns", "answers.evidence", "answers.$[].evidence.$[e]"},
	} {
		_, err := d.db.Collection(at.collection).UpdateMany(ctx, bson.D{{Key: at.evidence + ".noteId", Value: note}},
			bson.D{
				{Key: "$set", Value: bson.D{{Key: at.each + ".withdrawn", Value: true}}},
				{Key: "$unset", Value: bson.D{{Key: at.each + ".anchor", Value: ""}, {Key: at.each + ".codingId", Value: ""}}},
				// Whoever saves an answer that they read before looks again, and doesn't bring the words back.
				{Key: "$inc", Value: bson.D{{Key: "edition", Value: 1}}},
			},
			options.UpdateMany().SetArrayFilters([]any{bson.D{{Key: "e.noteId", Value: note}}}))
		if err != nil {
			return fmt.Errorf("withdraw evidence in %s: %w", at.collection, translate(err))
		}
	}
	return nil
}

// ForgetPerson takes a participant out of all copies of notes, and out of what events tell of those.
func (d *DB) ForgetPerson(ctx context.Context, participant models.ID) error {
	named := bson.D{{Key: "release.participants.id", Value: participant}, {Key: "release.noteId", Value: bson.D{{Key: "$exists", Value: true}}}}
	copies, err := d.ids(ctx, d.notes.c, named)
	if err != nil || len(copies) == 0 {
		return err
	}
	person := bson.D{{Key: "id", Value: participant}}
	if _, err := d.notes.c.UpdateMany(ctx, named, bson.D{{Key: "$pull", Value: bson.D{{Key: "release.participants", Value: person}}}}); err != nil {
		return translate(err)
	}
	_, err = d.db.Collection("events").UpdateMany(ctx, bson.D{{Key: "recordId", Value: bson.D{{Key: "$in", Value: copies}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "before.note.release", Value: ""}, {Key: "after.note.release", Value: ""}}}})
	return translate(err)
}

// RestsOn says whether evidence of an answer stands on a note.
func (d *DB) RestsOn(ctx context.Context, note models.ID) (bool, error) {
	n, err := d.db.Collection("exerciseAnswers").CountDocuments(ctx, bson.D{{Key: "evidence.noteId", Value: note}}, options.Count().SetLimit(1))
	return n > 0, translate(err)
}

// eraseExercise removes what was answered to an exercise, and leaves its tombstone.
func (d *DB) eraseExercise(ctx context.Context, exercise models.ID) error {
	for name, field := range map[string]string{"submissions": "spaceId", "feedbacks": "spaceId", "exerciseAnswers": "exerciseId", "handIns": "exerciseId"} {
		if _, err := d.db.Collection(name).DeleteMany(ctx, bson.D{{Key: field, Value: exercise}}); err != nil {
			return fmt.Errorf("erase %s: %w", name, translate(err))
		}
	}
	e, err := d.ExerciseByID(ctx, exercise)
	if models.KindOf(err) == models.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return d.exercises.Entomb(ctx, e.SpaceID, []models.ID{exercise}, e.DeletedBy, time.Now().UTC())
}

// AnsweredPrompts gives the prompts of an exercise that somebody has written or put something to.
func (d *DB) AnsweredPrompts(ctx context.Context, exercise models.ID) ([]models.ID, error) {
	var prompts []models.ID
	err := d.db.Collection("exerciseAnswers").Distinct(ctx, "promptId", bson.D{{Key: "exerciseId", Value: exercise}, begun()}).Decode(&prompts)
	return prompts, translate(err)
}

// begun selects answers that somebody has written or put something to.
func begun() bson.E {
	return bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "text", Value: bson.D{{Key: "$gt", Value: ""}}}},
		bson.D{{Key: "evidence.0", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "others.0", Value: bson.D{{Key: "$exists", Value: true}}}},
	}}
}
