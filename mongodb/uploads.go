package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

func (d *DB) uploads() *mongo.Collection { return d.db.Collection("uploads") }

// Upload finds an upload.
func (d *DB) Upload(ctx context.Context, id models.ID) (*models.Upload, error) {
	var u models.Upload
	err := d.uploads().FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&u)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound(models.NounUpload)
	}
	return &u, translate(err)
}

// Uploads gives the uploads that q selects, the oldest first.
func (d *DB) Uploads(ctx context.Context, q coding.UploadQuery) ([]*models.Upload, error) {
	filter := bson.D{}
	for field, id := range map[string]models.ID{"spaceId": q.SpaceID, "authorId": q.AuthorID, "archiveId": q.ArchiveID} {
		if id != "" {
			filter = append(filter, bson.E{Key: field, Value: id})
		}
	}
	if len(q.States) > 0 {
		filter = append(filter, bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: q.States}}})
	}
	if !q.Expired.IsZero() {
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: q.Expired}}}},
			bson.D{{Key: "state", Value: models.UploadCancelled}},
		}})
	}
	if !q.Unread.IsZero() {
		filter = append(filter, bson.E{Key: "state", Value: models.UploadReading}, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "lease", Value: ""}},
			bson.D{{Key: "leaseUntil", Value: bson.D{{Key: "$lt", Value: q.Unread}}}},
		}})
	}
	return find[*models.Upload](ctx, d.uploads(), filter, options.Find().SetSort(asc("createdAt", "_id")).SetLimit(int64(q.Limit)))
}

// WeighUploads counts an author's open uploads in a space, and the bytes of those in all spaces.
func (d *DB) WeighUploads(ctx context.Context, space, author models.ID) (files int, bytes int64, err error) {
	here := bson.D{{Key: "$cond", Value: bson.A{bson.D{{Key: "$eq", Value: bson.A{"$spaceId", space}}}, 1, 0}}}
	cursor, err := d.uploads().Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "authorId", Value: author}, {Key: "state", Value: bson.D{{Key: "$nin", Value: bson.A{models.UploadCommitted, models.UploadCancelled}}}}}}},
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: nil},
			{Key: "files", Value: bson.D{{Key: "$sum", Value: here}}},
			{Key: "bytes", Value: bson.D{{Key: "$sum", Value: "$size"}}},
		}}},
	})
	if err != nil {
		return 0, 0, translate(err)
	}
	sums, err := all[struct {
		Files int
		Bytes int64
	}](ctx, cursor)
	if err != nil || len(sums) == 0 {
		return 0, 0, translate(err)
	}
	return sums[0].Files, sums[0].Bytes, nil
}

// SaveUpload writes an upload.
func (d *DB) SaveUpload(ctx context.Context, u *models.Upload) error {
	_, err := d.uploads().ReplaceOne(ctx, bson.D{{Key: "_id", Value: u.ID}}, u, options.Replace().SetUpsert(true))
	return translate(err)
}

// DropUpload removes the record of an upload.
func (d *DB) DropUpload(ctx context.Context, id models.ID) error {
	_, err := d.uploads().DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return translate(err)
}

// forgetVersions takes from uploads what they say of purged notes, which is their titles.
func (d *DB) forgetVersions(ctx context.Context, notes bson.D) error {
	_, err := d.uploads().UpdateMany(ctx, bson.D{{Key: "document.versionOf.noteId", Value: notes}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "document.versionOf", Value: ""}}}})
	return translate(err)
}

// cancelUploads ends all uploads into a space, so that nothing is added to their files any more.
func (d *DB) cancelUploads(ctx context.Context, space models.ID) error {
	_, err := d.uploads().UpdateMany(ctx, bson.D{{Key: "spaceId", Value: space}}, bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: models.UploadCancelled}}}})
	return translate(err)
}
