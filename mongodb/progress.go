package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// EachSpan calls each with the place of every live coding of a layer on these notes. It walks along
// the index that lists a note's codings in the order of its words, and takes only what it needs out of each.
func (d *DB) EachSpan(ctx context.Context, layer models.Layer, notes []models.ID, each func(coding.Span)) error {
	if len(notes) == 0 {
		return nil
	}
	cursor, err := d.codings.c.Find(ctx,
		bson.D{{Key: "noteId", Value: bson.D{{Key: "$in", Value: notes}}}, {Key: "layer", Value: layer}, {Key: "deletedAt", Value: nil}},
		options.Find().SetBatchSize(100_000).SetProjection(bson.D{
			{Key: "_id", Value: 0},
			{Key: "noteId", Value: 1},
			{Key: "coderId", Value: 1},
			{Key: "anchor.start", Value: 1},
			{Key: "anchor.end", Value: 1},
			{Key: "anchor.textVersion", Value: 1},
		}))
	if err != nil {
		return translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	for cursor.Next(ctx) {
		// By hand, since a decoder would take longer than the engine (bench/, count codings per code and site).
		at := coding.Span{
			NoteID:  models.ID(cursor.Current.Lookup("noteId").StringValue()),
			CoderID: models.ID(cursor.Current.Lookup("coderId").StringValue()),
		}
		anchor := cursor.Current.Lookup("anchor").Document()
		at.Start = int(anchor.Lookup("start").AsInt64())
		at.End = int(anchor.Lookup("end").AsInt64())
		at.TextVersion = int(anchor.Lookup("textVersion").AsInt64())
		each(at)
	}
	return translate(cursor.Err())
}

// EachOutline calls each with the blocks of these versions of texts, without their words.
func (d *DB) EachOutline(ctx context.Context, texts []string, each func(id string, blocks []models.Block)) error {
	cursor, err := d.db.Collection("texts").Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: texts}}}},
		options.Find().SetProjection(bson.D{{Key: "blocks.kind", Value: 1}, {Key: "blocks.start", Value: 1}, {Key: "blocks.end", Value: 1}}))
	if err != nil {
		return translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	decode := newDecoder()
	for cursor.Next(ctx) {
		var t models.Text
		if err := decode.decode(cursor.Current, &t); err != nil {
			return translate(err)
		}
		each(t.ID, t.Blocks)
	}
	return translate(cursor.Err())
}
