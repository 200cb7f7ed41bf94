package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"feltbog/models"
)

func (d *DB) resets() *mongo.Collection { return d.db.Collection("resets") }

// InsertReset keeps a link for a new password.
func (d *DB) InsertReset(ctx context.Context, r *models.Reset) error {
	_, err := d.resets().InsertOne(ctx, r)
	return translate(err)
}

// Reset finds a link that can be used at a time.
func (d *DB) Reset(ctx context.Context, hash string, at time.Time) (*models.Reset, error) {
	return decoded[models.Reset](d.resets().FindOne(ctx, append(byID(hash), bson.E{Key: "expiresAt", Value: bson.D{{Key: "$gt", Value: at}}})), "reset")
}

// DropResets forgets all links of an account.
func (d *DB) DropResets(ctx context.Context, user models.ID) error {
	_, err := d.resets().DeleteMany(ctx, bson.D{{Key: "userId", Value: user}})
	return translate(err)
}
