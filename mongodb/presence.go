package mongodb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

func (d *DB) presence() *mongo.Collection { return d.db.Collection("presence") }

// storedPresence is where a member reads under the key that makes it one for a space and a user. Since
// what is told of a document that goes is its key alone, that says whose it was.
type storedPresence struct {
	Key             string `bson:"_id"`
	models.Presence `bson:",inline"`
}

func presenceKey(space, user models.ID) string { return string(space) + "/" + string(user) }

// Presences gives where members of a space read who said so after a time.
func (d *DB) Presences(ctx context.Context, space models.ID, after time.Time) ([]*models.Presence, error) {
	return find[*models.Presence](ctx, d.presence(), bson.D{{Key: "spaceId", Value: space}, {Key: "at", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(asc("userId")).SetLimit(models.MaxPageSize))
}

// SavePresence writes where a member reads, over where they read before.
func (d *DB) SavePresence(ctx context.Context, p *models.Presence) error {
	key := presenceKey(p.SpaceID, p.UserID)
	_, err := d.presence().ReplaceOne(ctx, byID(key), storedPresence{key, *p}, options.Replace().SetUpsert(true))
	if mongo.IsDuplicateKeyError(err) {
		return nil // two windows appeared at the same moment, and one of them is there
	}
	return translate(err)
}

// DropPresence forgets where members read, as q selects them.
func (d *DB) DropPresence(ctx context.Context, q coding.PresenceQuery) error {
	filter := bson.D{}
	switch {
	case q.SpaceID != "" && q.UserID != "":
		filter = byID(presenceKey(q.SpaceID, q.UserID))
	case q.UserID != "":
		filter = append(filter, bson.E{Key: "userId", Value: q.UserID})
	default:
		filter = append(filter, bson.E{Key: "spaceId", Value: q.SpaceID})
	}
	if len(q.NoteIDs) > 0 {
		filter = append(filter, bson.E{Key: "noteId", Value: bson.D{{Key: "$in", Value: q.NoteIDs}}})
	}
	_, err := d.presence().DeleteMany(ctx, filter)
	return translate(err)
}

// WatchTalk calls told with whom a new notice is for, and moved with where somebody reads whenever that
// is said anew, from now on until ctx ends or the stream breaks.
func (d *DB) WatchTalk(ctx context.Context, told func(user models.ID), moved func(coding.PresenceChange)) error {
	written := bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "ns.coll", Value: "inbox"}, {Key: "operationType", Value: "insert"}},
			bson.D{{Key: "ns.coll", Value: "presence"}, {Key: "operationType", Value: bson.D{{Key: "$in", Value: bson.A{"insert", "replace", "delete"}}}}},
		}}}}},
		bson.D{{Key: "$project", Value: bson.D{
			{Key: "ns.coll", Value: 1},
			{Key: "documentKey", Value: 1},
			{Key: "fullDocument.userId", Value: 1},
			{Key: "fullDocument.noteId", Value: 1},
			{Key: "fullDocument.block", Value: 1},
		}}},
	}
	stream, err := d.db.Watch(ctx, written)
	if err != nil {
		return fmt.Errorf("watch inboxes and presence: %w", lost(err))
	}
	defer stream.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	for stream.Next(ctx) {
		var doc struct {
			Namespace struct {
				Collection string `bson:"coll"`
			} `bson:"ns"`
			Key struct {
				ID string `bson:"_id"`
			} `bson:"documentKey"`
			Full coding.PresenceChange `bson:"fullDocument"` // empty for one that went
		}
		if err := stream.Decode(&doc); err != nil {
			return fmt.Errorf("decode a change of an inbox or a presence: %w", err)
		}
		if doc.Namespace.Collection == "inbox" {
			told(doc.Full.UserID)
			continue
		}
		space, user, _ := strings.Cut(doc.Key.ID, "/")
		moved(coding.PresenceChange{SpaceID: models.ID(space), UserID: models.ID(user), NoteID: doc.Full.NoteID, Block: doc.Full.Block})
	}
	return fmt.Errorf("watch inboxes and presence: %w", lost(stream.Err()))
}
