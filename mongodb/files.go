package mongodb

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// chunk is how many bytes of a file stand in one document, as in every GridFS.
const chunk = 255 << 10

// SaveFiles keeps the bytes of files. The documents are those of GridFS, but written by ourselves: the
// driver's bucket takes 16 MB of memory and two writes for each file, however small, and reads into one
// buffer, so that two uploads at once would mix their bytes.
func (d *DB) SaveFiles(ctx context.Context, files ...coding.FileData) error {
	var chunks, heads []bson.D
	for _, f := range files {
		n := 0
		for part := range slices.Chunk(f.Data, chunk) {
			chunks = append(chunks, bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "files_id", Value: f.ID}, {Key: "n", Value: n}, {Key: "data", Value: bson.Binary{Data: part}}})
			n++
		}
		heads = append(heads, bson.D{
			{Key: "_id", Value: f.ID},
			{Key: "length", Value: int64(len(f.Data))},
			{Key: "chunkSize", Value: chunk},
			{Key: "uploadDate", Value: time.Now()},
			{Key: "filename", Value: f.Name},
		})
	}
	if len(chunks) > 0 {
		if _, err := d.db.Collection("files.chunks").InsertMany(ctx, chunks); err != nil {
			return translate(err)
		}
	}
	_, err := d.db.Collection("files.files").InsertMany(ctx, heads)
	return translate(err)
}

// OpenFile opens a file's bytes.
func (d *DB) OpenFile(ctx context.Context, id models.ID) (io.ReadCloser, error) {
	s, err := d.files.OpenDownloadStream(ctx, id)
	if errors.Is(err, mongo.ErrFileNotFound) {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This file is gone."}
	}
	return s, translate(err)
}

// DropFiles removes files for good; those that are gone already don't matter.
func (d *DB) DropFiles(ctx context.Context, ids ...models.ID) error {
	for _, id := range ids {
		if err := d.files.Delete(ctx, id); err != nil && !errors.Is(err, mongo.ErrFileNotFound) {
			return translate(err)
		}
	}
	return nil
}

// FilesOf gives the files that the notes of a space name, in the bin too.
func (d *DB) FilesOf(ctx context.Context, space models.ID) ([]models.ID, error) {
	rows, err := find[struct {
		File models.File `json:"file"`
	}](ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}},
		options.Find().SetProjection(bson.D{{Key: "file.id", Value: 1}}))
	ids := make([]models.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.File.ID)
	}
	return ids, err
}

// SweepFiles removes files kept before at that no note names: what an import left when it was cut off.
func (d *DB) SweepFiles(ctx context.Context, before time.Time) (int, error) {
	cursor, err := d.files.Find(ctx, bson.D{{Key: "uploadDate", Value: bson.D{{Key: "$lt", Value: before}}}})
	if err != nil {
		return 0, translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	swept := 0
	for cursor.Next(ctx) {
		id := models.ID(cursor.Current.Lookup("_id").StringValue())
		named, err := d.notes.c.CountDocuments(ctx, bson.D{{Key: "file.id", Value: id}}, options.Count().SetLimit(1))
		if err != nil {
			return swept, translate(err)
		}
		if named == 0 {
			if err := d.DropFiles(ctx, id); err != nil {
				return swept, err
			}
			swept++
		}
	}
	return swept, translate(cursor.Err())
}
