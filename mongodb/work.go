package mongodb

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/models"
	"feltbog/teaching"
)

// workChange is a change of one of the collections of teaching, without the words of answers.
type workChange struct {
	Namespace struct {
		Collection string `bson:"coll"`
	} `bson:"ns"`
	Key struct {
		ID models.ID `bson:"_id"`
	} `bson:"documentKey"`
	Answer *teaching.AnswerState `bson:"answer"`
	Full   *bson.Raw             `bson:"fullDocument"`
}

// workChanges selects what WatchWork tells of. Answers come as their states alone. Of members and courses it
// matters only that they changed, and of courses only that they went.
func workChanges() bson.A {
	of := func(collection string, operations ...string) bson.D {
		return bson.D{{Key: "ns.coll", Value: collection}, {Key: "operationType", Value: bson.D{{Key: "$in", Value: operations}}}}
	}
	inAnswers := bson.D{{Key: "$and", Value: bson.A{
		bson.D{{Key: "$eq", Value: bson.A{"$ns.coll", "exerciseAnswers"}}},
		bson.D{{Key: "$gt", Value: bson.A{"$fullDocument", nil}}}, // null where it is gone by now
	}}}
	inExercise := bson.D{{Key: "$in", Value: bson.A{"$ns.coll", bson.A{"exercises", "submissions"}}}}
	return bson.A{
		// By itself, so that the engine looks at nothing of other collections.
		bson.D{{Key: "$match", Value: bson.D{{Key: "ns.coll", Value: bson.D{{Key: "$in", Value: bson.A{"exerciseAnswers", "submissions", "exercises", "courseMembers", "courses"}}}}}}},
		bson.D{{Key: "$match", Value: bson.D{{Key: "$or", Value: bson.A{
			of("exerciseAnswers", "insert", "replace", "update"),
			of("submissions", "insert", "replace", "update"),
			of("exercises", "insert", "replace", "update"),
			of("courseMembers", "replace", "update", "delete"),
			append(of("courses", "replace", "update"), bson.E{Key: "fullDocument.deletedAt", Value: bson.D{{Key: "$ne", Value: nil}}}),
			of("courses", "delete"),
		}}}}},
		bson.D{{Key: "$project", Value: bson.D{
			{Key: "ns.coll", Value: 1},
			{Key: "documentKey", Value: 1},
			{Key: "answer", Value: bson.D{{Key: "$cond", Value: bson.A{inAnswers, answerStateAt("$fullDocument."), "$$REMOVE"}}}},
			{Key: "fullDocument", Value: bson.D{{Key: "$cond", Value: bson.A{inExercise, "$fullDocument", "$$REMOVE"}}}},
		}}},
	}
}

// WatchWork calls each with every change of the work on exercises from now on, in order, until ctx ends, the
// stream breaks or each fails. Opened is called once nothing will be missed any more.
func (d *DB) WatchWork(ctx context.Context, opened func(), each func(teaching.WorkChange) error) error {
	stream, err := d.db.Watch(ctx, workChanges(), options.ChangeStream().SetFullDocument(options.UpdateLookup))
	if err != nil {
		return fmt.Errorf("watch the work on exercises: %w", lost(err))
	}
	defer stream.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	opened()
	for stream.Next(ctx) {
		var doc workChange
		if err := stream.Decode(&doc); err != nil {
			return fmt.Errorf("decode a change of the work on exercises: %w", err)
		}
		change, known, err := doc.read()
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		if err := each(change); err != nil {
			return err
		}
	}
	return fmt.Errorf("watch the work on exercises: %w", lost(stream.Err()))
}

// read gives the change, unless what changed is gone by now.
func (c *workChange) read() (teaching.WorkChange, bool, error) {
	var into any
	var out teaching.WorkChange
	switch c.Namespace.Collection {
	case "exerciseAnswers":
		out.Answer = c.Answer
		return out, c.Answer != nil && c.Answer.SubmissionID != "", nil
	case "courseMembers":
		return teaching.WorkChange{MemberID: c.Key.ID}, true, nil
	case "courses":
		return teaching.WorkChange{CourseID: c.Key.ID}, true, nil
	case "submissions":
		out.Submission = &models.Submission{}
		into = out.Submission
	case "exercises":
		out.Exercise = &models.Exercise{}
		into = out.Exercise
	}
	if c.Full == nil || into == nil {
		return out, false, nil
	}
	if err := newDecoder().decode(*c.Full, into); err != nil {
		return out, false, fmt.Errorf("decode %s: %w", c.Namespace.Collection, err)
	}
	return out, true, nil
}
