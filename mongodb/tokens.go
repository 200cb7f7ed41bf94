package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/models"
)

// nounToken is how a personal token is named where there is none.
const nounToken models.Noun = "token"

func (d *DB) tokens() *mongo.Collection { return d.db.Collection("tokens") }

// InsertToken keeps a token of an account that exists. The count makes it a write of the account, so that
// it meets the account's deletion, a change of the password, and another token that is made.
func (d *DB) InsertToken(ctx context.Context, t *models.Token) error {
	result, err := d.users().UpdateOne(ctx, byID(t.UserID), bson.D{{Key: "$inc", Value: bson.D{{Key: "tokensMade", Value: 1}}}})
	if err != nil {
		return translate(err)
	}
	if result.MatchedCount == 0 {
		return models.NotFound(models.NounAccount)
	}
	_, err = d.tokens().InsertOne(ctx, t)
	return translate(err)
}

// Token finds a token by its id.
func (d *DB) Token(ctx context.Context, id models.ID) (*models.Token, error) {
	return d.token(ctx, byID(id))
}

// TokenByHash finds a token by the hash of its secret.
func (d *DB) TokenByHash(ctx context.Context, hash string) (*models.Token, error) {
	return d.token(ctx, bson.D{{Key: "hash", Value: hash}})
}

// token finds a token whose account exists.
func (d *DB) token(ctx context.Context, filter bson.D) (*models.Token, error) {
	t, err := decoded[models.Token](d.tokens().FindOne(ctx, filter), nounToken)
	if err != nil {
		return nil, err
	}
	n, err := d.users().CountDocuments(ctx, byID(t.UserID), options.Count().SetLimit(1))
	if err == nil && n == 0 {
		return nil, models.NotFound(nounToken)
	}
	return t, translate(err)
}

// Tokens lists an account's tokens, the newest first.
func (d *DB) Tokens(ctx context.Context, user models.ID) ([]*models.Token, error) {
	return find[*models.Token](ctx, d.tokens(), bson.D{{Key: "userId", Value: user}}, options.Find().SetSort(asc("-createdAt", "-_id")))
}

// TouchToken notes that a token was used, unless another request noted it after before.
func (d *DB) TouchToken(ctx context.Context, id models.ID, at, before time.Time) error {
	_, err := d.tokens().UpdateOne(ctx, append(byID(id), bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "usedAt", Value: nil}},
		bson.D{{Key: "usedAt", Value: bson.D{{Key: "$lte", Value: before}}}},
	}}), bson.D{{Key: "$set", Value: bson.D{{Key: "usedAt", Value: at}}}})
	return translate(err)
}

// DeleteTokens forgets tokens of an account, all of them if ids is nil, and gives those that were there.
func (d *DB) DeleteTokens(ctx context.Context, user models.ID, ids []models.ID) ([]models.ID, error) {
	return d.forget(ctx, d.tokens(), user, ids)
}
