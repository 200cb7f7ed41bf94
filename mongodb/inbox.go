package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

func (d *DB) inbox() *mongo.Collection { return d.db.Collection("inbox") }

// Notify keeps notices. One with the same reader, cause and note as another adds its count to that: two
// transactions that bring them meet in the one document.
func (d *DB) Notify(ctx context.Context, notices ...models.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	writes := make([]mongo.WriteModel, len(notices))
	for i, n := range notices {
		writes[i] = mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "userId", Value: n.UserID}, {Key: "cause", Value: n.Cause}, {Key: "noteId", Value: n.NoteID}}).
			SetUpdate(bson.D{
				{Key: "$setOnInsert", Value: bson.D{
					{Key: "_id", Value: n.ID},
					{Key: "spaceId", Value: n.SpaceID},
					{Key: "kind", Value: n.Kind},
					{Key: "at", Value: n.At},
					{Key: "expiresAt", Value: n.ExpiresAt},
					{Key: "actorId", Value: n.ActorID},
					{Key: "codingId", Value: n.CodingID},
					{Key: "commentId", Value: n.CommentID},
					{Key: "roundId", Value: n.RoundID},
				}},
				{Key: "$inc", Value: bson.D{{Key: "count", Value: n.Count}}},
			})
	}
	_, err := d.inbox().BulkWrite(ctx, writes)
	return translate(err)
}

// Notices lists what a user was told, the newest first.
func (d *DB) Notices(ctx context.Context, user models.ID, unread bool, p models.Page) (models.List[*models.Notice], error) {
	out := models.List[*models.Notice]{Items: []*models.Notice{}}
	filter := bson.D{{Key: "userId", Value: user}}
	if unread {
		filter = append(filter, bson.E{Key: "readAt", Value: nil})
	}
	sort := asc("-_id")
	if p.Cursor != "" {
		after, err := openCursor(p.Cursor, sort)
		if err != nil {
			return out, err
		}
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{after}})
	}
	limit := min(max(p.Limit, 1), models.MaxPageSize)
	var err error
	if out.Items, err = find[*models.Notice](ctx, d.inbox(), filter, options.Find().SetSort(sort).SetLimit(int64(limit)+1)); err != nil {
		return out, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next, err = cursorAt(sort, out.Items[limit-1].ID)
	}
	return out, err
}

// MarkNotices marks a user's notices as read, or as unread again: those named, or all if ids is empty.
// How long they are kept goes by that.
func (d *DB) MarkNotices(ctx context.Context, user models.ID, ids []models.ID, read bool, at time.Time) error {
	filter := bson.D{{Key: "userId", Value: user}}
	if len(ids) > 0 {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}})
	}
	var update any = bson.D{{Key: "$set", Value: bson.D{{Key: "readAt", Value: at}, {Key: "expiresAt", Value: at.Add(models.NoticeReadFor)}}}}
	if read {
		filter = append(filter, bson.E{Key: "readAt", Value: nil}) // or the time it is kept would begin again
	} else {
		filter = append(filter, bson.E{Key: "readAt", Value: bson.D{{Key: "$ne", Value: nil}}})
		update = bson.A{
			bson.D{{Key: "$unset", Value: "readAt"}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$add", Value: bson.A{"$at", models.NoticeUnreadFor.Milliseconds()}}}}}}},
		}
	}
	_, err := d.inbox().UpdateMany(ctx, filter, update)
	return translate(err)
}

// DropNotices removes the notices that q selects.
func (d *DB) DropNotices(ctx context.Context, q coding.NoticeQuery) error {
	filter := bson.D{}
	for field, id := range map[string]models.ID{"userId": q.UserID, "spaceId": q.SpaceID} {
		if id != "" {
			filter = append(filter, bson.E{Key: field, Value: id})
		}
	}
	if len(q.About) > 0 {
		var or bson.A
		for _, field := range []string{"noteId", "codingId", "commentId", "roundId", "cause"} {
			or = append(or, bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: q.About}}}})
		}
		filter = append(filter, bson.E{Key: "$or", Value: or})
	}
	if len(filter) == 0 {
		return nil // of nothing and nobody
	}
	_, err := d.inbox().DeleteMany(ctx, filter)
	return translate(err)
}
