package mongodb

import (
	"context"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// decoder reads documents one after the other. The driver's own Decode and All make a reader with a
// buffer of 4 kB for each document, which takes four times as long as the reading (bench/, open a note).
type decoder struct {
	rest []byte
	bson *bson.Decoder
}

func newDecoder() *decoder {
	d := &decoder{}
	d.bson = bson.NewDecoder(bson.NewDocumentReader(d))
	d.bson.UseJSONStructTags()
	return d
}

// Read hands the document at hand to the BSON reader, which asks for no more than that.
func (d *decoder) Read(p []byte) (int, error) {
	if len(d.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// decode reads one document. After an error the decoder is of no use any more.
func (d *decoder) decode(doc bson.Raw, into any) error {
	d.rest = doc
	return d.bson.Decode(into)
}

// all reads what is left of a cursor and closes it.
func all[T any](ctx context.Context, cursor *mongo.Cursor) ([]T, error) {
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	d := newDecoder()
	out := make([]T, 0, cursor.RemainingBatchLength())
	for cursor.Next(ctx) {
		var v T
		if err := d.decode(cursor.Current, &v); err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, cursor.Err()
}
