package mongodb

import (
	"context"
	"errors"
	"fmt"
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
const chunk = coding.FileChunk

// SaveFiles keeps the bytes of files. The documents are those of GridFS, but written by ourselves: the
// driver's bucket takes 16 MB of memory and two writes for each file, however small, and reads into one
// buffer, so that two uploads at once would mix their bytes.
func (d *DB) SaveFiles(ctx context.Context, files ...coding.FileData) error {
	var chunks, heads []bson.D
	for _, f := range files {
		chunks = append(chunks, chunksOf(f.ID, 0, f.Data)...)
		heads = append(heads, headOf(f.ID, f.Name, int64(len(f.Data))))
	}
	if len(chunks) > 0 {
		if _, err := d.db.Collection("files.chunks").InsertMany(ctx, chunks); err != nil {
			return translate(err)
		}
	}
	_, err := d.db.Collection("files.files").InsertMany(ctx, heads)
	return translate(err)
}

// chunksOf divides bytes into documents, of which the first is the one with number n.
func chunksOf(id models.ID, n int64, data []byte) []bson.D {
	var chunks []bson.D
	for part := range slices.Chunk(data, chunk) {
		chunks = append(chunks, bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "files_id", Value: id}, {Key: "n", Value: n}, {Key: "data", Value: bson.Binary{Data: part}}})
		n++
	}
	return chunks
}

func headOf(id models.ID, name string, length int64) bson.D {
	return bson.D{
		{Key: "_id", Value: id},
		{Key: "length", Value: length},
		{Key: "chunkSize", Value: chunk},
		{Key: "uploadDate", Value: time.Now()},
		{Key: "filename", Value: name},
	}
}

// AppendFile adds bytes behind the first offset ones of a file. The last document so far is written
// anew if it isn't full.
func (d *DB) AppendFile(ctx context.Context, id models.ID, offset int64, data []byte) error {
	c := d.db.Collection("files.chunks")
	n, rest := offset/chunk, offset%chunk
	if rest > 0 {
		var last struct {
			Data bson.Binary `bson:"data"`
		}
		err := c.FindOneAndDelete(ctx, bson.D{{Key: "files_id", Value: id}, {Key: "n", Value: n}}).Decode(&last)
		if err != nil {
			return translate(err)
		}
		if int64(len(last.Data.Data)) != rest {
			return fmt.Errorf("file %s has %d bytes in chunk %d, not %d", id, len(last.Data.Data), n, rest)
		}
		data = append(last.Data.Data, data...)
	}
	_, err := c.InsertMany(ctx, chunksOf(id, n, data))
	return translate(err)
}

// FinishFile closes a file to which bytes were added.
func (d *DB) FinishFile(ctx context.Context, id models.ID, name string, length int64) error {
	_, err := d.db.Collection("files.files").InsertOne(ctx, headOf(id, name, length))
	return translate(err)
}

// OpenFile opens a file's bytes, to be read from any place on.
func (d *DB) OpenFile(ctx context.Context, id models.ID) (io.ReadSeekCloser, error) {
	var head struct {
		Length    int64 `bson:"length"`
		ChunkSize int64 `bson:"chunkSize"`
	}
	err := d.db.Collection("files.files").FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&head)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This file is gone."}
	}
	if err != nil {
		return nil, translate(err)
	}
	return &file{ctx: ctx, chunks: d.db.Collection("files.chunks"), id: id, length: head.Length, chunkSize: head.ChunkSize, n: -1}, nil
}

// file reads the bytes of a file chunk by chunk. The driver's own stream can't go back, as players do.
type file struct {
	ctx       context.Context //nolint:containedctx // io.Reader takes none
	chunks    *mongo.Collection
	id        models.ID
	length    int64
	chunkSize int64
	at        int64
	n         int64 // of the chunk in data
	data      []byte
}

// Read reads up to the end of a chunk.
func (f *file) Read(p []byte) (int, error) {
	if f.at >= f.length {
		return 0, io.EOF
	}
	if n := f.at / f.chunkSize; n != f.n {
		var doc struct {
			Data bson.Binary `bson:"data"`
		}
		if err := f.chunks.FindOne(f.ctx, bson.D{{Key: "files_id", Value: f.id}, {Key: "n", Value: n}}).Decode(&doc); err != nil {
			return 0, fmt.Errorf("read chunk %d: %w", n, translate(err))
		}
		f.n, f.data = n, doc.Data.Data
	}
	within := f.at - f.n*f.chunkSize
	if within >= int64(len(f.data)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, f.data[within:])
	f.at += int64(n)
	return n, nil
}

// Seek goes to a place, as io.Seeker has it.
func (f *file) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.length
	}
	if offset < 0 {
		return f.at, errors.New("a place before the beginning of the file")
	}
	f.at = offset
	return f.at, nil
}

// Close lets go of the file.
func (f *file) Close() error { f.data = nil; return nil }

// DropFiles removes files for good; those that are gone already don't matter.
func (d *DB) DropFiles(ctx context.Context, ids ...models.ID) error {
	for _, id := range ids {
		if err := d.files.Delete(ctx, id); err != nil && !errors.Is(err, mongo.ErrFileNotFound) {
			return translate(err)
		}
	}
	return nil
}

// FilesOf gives the files that the notes of a space name, in the bin too, and those of uploads into it.
func (d *DB) FilesOf(ctx context.Context, space models.ID) ([]models.ID, error) {
	notes, err := find[models.Note](ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}},
		options.Find().SetProjection(bson.D{{Key: "file", Value: 1}, {Key: "attachments", Value: 1}, {Key: "earlierFiles", Value: 1}}))
	if err != nil {
		return nil, err
	}
	ids := make([]models.ID, 0, len(notes))
	for i := range notes {
		for _, f := range notes[i].Files() {
			ids = append(ids, f.ID)
		}
	}
	uploads, err := d.Uploads(ctx, coding.UploadQuery{SpaceID: space})
	for _, u := range uploads {
		for _, id := range []models.ID{u.FileID, u.PreviewID} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids, err
}

// SweepFiles removes files kept before at that neither a note nor an upload names: what an import left
// when it was cut off.
func (d *DB) SweepFiles(ctx context.Context, before time.Time) (int, error) {
	cursor, err := d.files.Find(ctx, bson.D{{Key: "uploadDate", Value: bson.D{{Key: "$lt", Value: before}}}})
	if err != nil {
		return 0, translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	swept := 0
	for cursor.Next(ctx) {
		id := models.ID(cursor.Current.Lookup("_id").StringValue())
		named, err := d.named(ctx, id)
		if err != nil {
			return swept, err
		}
		if !named {
			if err := d.DropFiles(ctx, id); err != nil {
				return swept, err
			}
			swept++
		}
	}
	return swept, translate(cursor.Err())
}

// named says whether something names a file. Uploads are asked first, since a file goes from one of
// them to a note, and never back.
func (d *DB) named(ctx context.Context, file models.ID) (bool, error) {
	exists := bson.D{{Key: "$exists", Value: true}} // or its index, which is of these alone, doesn't serve
	for _, by := range []struct {
		c      *mongo.Collection
		filter bson.D
	}{
		{d.uploads(), bson.D{{Key: "fileId", Value: file}}},
		{d.uploads(), bson.D{{Key: "previewId", Value: file}}},
		{d.notes.c, bson.D{{Key: "file.id", Value: file}, {Key: "file", Value: exists}}},
		{d.notes.c, bson.D{{Key: "attachments.id", Value: file}, {Key: "attachments", Value: exists}}},
		{d.notes.c, bson.D{{Key: "earlierFiles.id", Value: file}, {Key: "earlierFiles", Value: exists}}},
	} {
		n, err := by.c.CountDocuments(ctx, by.filter, options.Count().SetLimit(1))
		if err != nil {
			return false, translate(err)
		}
		if n > 0 {
			return true, nil
		}
	}
	return false, nil
}
