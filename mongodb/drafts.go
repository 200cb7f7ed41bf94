package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/models"
)

// storedDraft is a draft under the key that makes it one for an author and an id.
type storedDraft struct {
	Key          string `bson:"_id"`
	models.Draft `bson:",inline"`
}

func draftKey(author, id models.ID) string { return string(author) + "/" + string(id) }

func (d *DB) drafts() *mongo.Collection { return d.db.Collection("drafts") }

// Draft finds an author's draft.
func (d *DB) Draft(ctx context.Context, space, author, id models.ID) (*models.Draft, error) {
	var found storedDraft
	err := d.drafts().FindOne(ctx, bson.D{{Key: "_id", Value: draftKey(author, id)}, {Key: "spaceId", Value: space}}).Decode(&found)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound(models.NounDraft)
	}
	return &found.Draft, translate(err)
}

// Drafts lists an author's drafts without their words, the last written first.
func (d *DB) Drafts(ctx context.Context, space, author models.ID) ([]*models.DraftHead, error) {
	return find[*models.DraftHead](ctx, d.drafts(), bson.D{{Key: "spaceId", Value: space}, {Key: "authorId", Value: author}},
		options.Find().SetSort(asc("-updatedAt", "id")).SetProjection(bson.D{{Key: "text", Value: 0}}))
}

// SaveDraft adds a draft if seen is 0, and writes over the one of that version otherwise.
func (d *DB) SaveDraft(ctx context.Context, draft *models.Draft, seen int) error {
	stored := storedDraft{Key: draftKey(draft.AuthorID, draft.ID), Draft: *draft}
	if seen == 0 {
		_, err := d.drafts().InsertOne(ctx, stored)
		return translate(err)
	}
	result, err := d.drafts().ReplaceOne(ctx, bson.D{{Key: "_id", Value: stored.Key}, {Key: "spaceId", Value: draft.SpaceID}, {Key: "version", Value: seen}}, stored)
	if err == nil && result.MatchedCount == 0 {
		return models.NotFound(models.NounDraft)
	}
	return translate(err)
}

// DropDrafts removes an author's drafts: one, all of a space if id is empty, all if space is empty too.
func (d *DB) DropDrafts(ctx context.Context, space, author, id models.ID) error {
	filter := bson.D{{Key: "authorId", Value: author}}
	if space != "" {
		filter = append(filter, bson.E{Key: "spaceId", Value: space})
	}
	if id != "" {
		filter = append(filter, bson.E{Key: "_id", Value: draftKey(author, id)})
	}
	_, err := d.drafts().DeleteMany(ctx, filter)
	return translate(err)
}
