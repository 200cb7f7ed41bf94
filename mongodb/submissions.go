package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
	"feltbog/teaching"
)

func (d *DB) exerciseAnswers() *mongo.Collection { return d.db.Collection("exerciseAnswers") }

func (d *DB) handIns() *mongo.Collection { return d.db.Collection("handIns") }

// Submissions keeps what is answered to exercises, without the words.
func (d *DB) Submissions() coding.Records[*models.Submission] { return d.submissions }

// SubmissionByID finds a submission to whatever exercise.
func (d *DB) SubmissionByID(ctx context.Context, id models.ID) (*models.Submission, error) {
	return d.submissions.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "purgedAt", Value: nil}})
}

// SubmissionsBy finds the submissions of a member to any of some exercises, and those of a group.
func (d *DB) SubmissionsBy(ctx context.Context, exercises []models.ID, member, group models.ID) ([]*models.Submission, error) {
	to := bson.E{Key: "spaceId", Value: bson.D{{Key: "$in", Value: exercises}}}
	whose := bson.A{bson.D{to, {Key: "memberId", Value: member}}}
	if group != "" {
		whose = append(whose, bson.D{to, {Key: "groupId", Value: group}})
	}
	return find[*models.Submission](ctx, d.submissions.c, bson.D{{Key: "$or", Value: whose}, {Key: "deletedAt", Value: nil}})
}

// Standing finds a submission with all that says how a user stands to it. One aggregation that looks the
// others up takes the engine a fifth longer than to be asked for each by its key, and asking for them at once
// is no quicker when many write.
func (d *DB) Standing(ctx context.Context, submission, prompt, user models.ID) (*teaching.Standing, error) {
	out := &teaching.Standing{}
	var err error
	if out.Submission, err = d.SubmissionByID(ctx, submission); err != nil {
		return nil, err
	}
	course := out.Submission.CourseID
	if out.Member, err = d.CourseMembership(ctx, course, user); err != nil {
		return out, absent(err) // nothing else matters to a stranger
	}
	if out.Course, err = d.courses.FindAny(ctx, course, course); err != nil {
		return nil, err
	}
	if out.Exercise, err = d.ExerciseByID(ctx, out.Submission.SpaceID); err != nil {
		return nil, err
	}
	if prompt != "" {
		out.Answer, err = d.exerciseAnswer(ctx, submission, prompt)
	}
	return out, absent(err)
}

// absent takes what isn't there for no error.
func absent(err error) error {
	if models.KindOf(err) == models.KindNotFound {
		return nil
	}
	return err
}

func (d *DB) exerciseAnswer(ctx context.Context, submission, prompt models.ID) (*models.Answer, error) {
	var a *models.Answer
	err := d.exerciseAnswers().FindOne(ctx, bson.D{{Key: "_id", Value: models.AnswerID(submission, prompt)}}).Decode(&a)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound(models.NounAnswer)
	}
	return a, translate(err)
}

// Answers lists the answers of a submission.
func (d *DB) Answers(ctx context.Context, submission models.ID) ([]*models.Answer, error) {
	return find[*models.Answer](ctx, d.exerciseAnswers(), bson.D{{Key: "submissionId", Value: submission}})
}

// AnswerStates lists the answers to an exercise without their words; the engine counts what is in them.
func (d *DB) AnswerStates(ctx context.Context, exercise, submission models.ID) ([]*teaching.AnswerState, error) {
	match := bson.D{{Key: "exerciseId", Value: exercise}}
	if submission != "" {
		match = bson.D{{Key: "submissionId", Value: submission}, {Key: "exerciseId", Value: exercise}}
	}
	return d.answerStates(ctx, match)
}

// AnswerStatesOf lists the answers of submissions without their words.
func (d *DB) AnswerStatesOf(ctx context.Context, submissions []models.ID) ([]*teaching.AnswerState, error) {
	return d.answerStates(ctx, bson.D{{Key: "submissionId", Value: bson.D{{Key: "$in", Value: submissions}}}})
}

func (d *DB) answerStates(ctx context.Context, match bson.D) ([]*teaching.AnswerState, error) {
	cursor, err := d.exerciseAnswers().Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: match}},
		bson.D{{Key: "$project", Value: append(bson.D{{Key: "_id", Value: 0}}, answerStateAt("$")...)}},
	})
	if err != nil {
		return nil, translate(err)
	}
	out, err := all[*teaching.AnswerState](ctx, cursor)
	return out, translate(err)
}

// answerStateAt computes what the state of an answer depends on, where the names of its fields begin with prefix.
func answerStateAt(prefix string) bson.D {
	of := func(field string) string { return prefix + field }
	counted := func(condition bson.D) bson.D {
		return bson.D{{Key: "$size", Value: bson.D{{Key: "$filter", Value: bson.D{{Key: "input", Value: of("evidence")}, {Key: "cond", Value: condition}}}}}}
	}
	standing := bson.D{{Key: "$ne", Value: bson.A{"$$this.withdrawn", true}}}
	reasoned := bson.D{{Key: "$and", Value: bson.A{standing, bson.D{{Key: "$ne", Value: bson.A{"$$this.why", ""}}}}}}
	return bson.D{
		{Key: "submissionId", Value: of("submissionId")},
		{Key: "exerciseId", Value: of("exerciseId")},
		{Key: "promptId", Value: of("promptId")},
		{Key: "written", Value: bson.D{{Key: "$ne", Value: bson.A{bson.D{{Key: "$trim", Value: bson.D{{Key: "input", Value: of("text")}}}}, ""}}}},
		{Key: "words", Value: of("words")},
		{Key: "passages", Value: counted(standing)},
		{Key: "reasoned", Value: counted(reasoned)},
		{Key: "others", Value: bson.D{{Key: "$size", Value: of("others")}}},
		{Key: "sealed", Value: of("sealed")},
		{Key: "updatedAt", Value: of("updatedAt")},
	}
}

// SaveAnswer writes an answer whose edition in the store is still seen.
func (d *DB) SaveAnswer(ctx context.Context, a *models.Answer, seen int) error {
	a.Edition = seen + 1
	if seen == 0 {
		_, err := d.exerciseAnswers().InsertOne(ctx, a)
		if mongo.IsDuplicateKeyError(err) {
			return teaching.ErrMoved
		}
		return translate(err)
	}
	result, err := d.exerciseAnswers().ReplaceOne(ctx, bson.D{{Key: "_id", Value: a.ID}, {Key: "edition", Value: seen}}, a)
	if err == nil && result.MatchedCount == 0 {
		return teaching.ErrMoved
	}
	return translate(err)
}

func handInID(submission models.ID, number int) string {
	return fmt.Sprintf("%s %d", submission, number)
}

// HandIn finds a hand-in by its number.
func (d *DB) HandIn(ctx context.Context, submission models.ID, number int) (*models.HandIn, error) {
	var h models.HandIn
	err := d.handIns().FindOne(ctx, bson.D{{Key: "_id", Value: handInID(submission, number)}}).Decode(&h)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound(models.NounHandIn)
	}
	return &h, translate(err)
}

// HandIns lists the hand-ins of a submission without their answers, the first one first.
func (d *DB) HandIns(ctx context.Context, submission models.ID) ([]*models.HandIn, error) {
	return find[*models.HandIn](ctx, d.handIns(), bson.D{{Key: "submissionId", Value: submission}},
		options.Find().SetSort(asc("number")).SetProjection(bson.D{{Key: "answers", Value: 0}}))
}

// InsertHandIn adds a hand-in.
func (d *DB) InsertHandIn(ctx context.Context, h *models.HandIn) error {
	h.ID = handInID(h.SubmissionID, h.Number)
	_, err := d.handIns().InsertOne(ctx, h)
	return translate(err)
}

// TakeHandInBack marks a hand-in as taken back at a time.
func (d *DB) TakeHandInBack(ctx context.Context, submission models.ID, number int, at time.Time) error {
	_, err := d.handIns().UpdateOne(ctx, bson.D{{Key: "_id", Value: handInID(submission, number)}}, bson.D{{Key: "$set", Value: bson.D{{Key: "takenBackAt", Value: at}}}})
	return translate(err)
}
