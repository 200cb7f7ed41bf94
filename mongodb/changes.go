package mongodb

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// wait is how long the server holds a question for changes open before it says that there are none.
const wait = 250 * time.Millisecond

// changes reads the change stream on events. A position is the _data of a resume token: hexadecimal
// digits that begin with the cluster time, and sort by it.
type changes struct {
	stream *mongo.ChangeStream
	// begin is where it was opened by a time, for as long as the stream itself has no position.
	begin coding.Position
	doc   *decoder
}

// Watch opens the stream of events after a position; where that is empty, from a time on, or from now
// where that is zero. It returns coding.ErrPositionLost when the engine has forgotten the position.
func (d *DB) Watch(ctx context.Context, after coding.Position, from time.Time) (coding.Changes, error) {
	o := options.ChangeStream().SetMaxAwaitTime(wait)
	begin := after
	switch {
	case after != "":
		if _, err := hex.DecodeString(string(after)); err != nil {
			return nil, fmt.Errorf("%w: %q is no position", coding.ErrPositionLost, after)
		}
		o.SetResumeAfter(bson.D{{Key: "_data", Value: string(after)}})
	case !from.IsZero():
		t := bson.Timestamp{T: uint32(min(max(from.Unix(), 0), math.MaxUint32))} //nolint:gosec // bounded just here
		o.SetStartAtOperationTime(&t)
		begin = positionAt(t)
	}
	inserts := bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "operationType", Value: "insert"}}}}}
	stream, err := d.db.Collection("events").Watch(ctx, inserts, o)
	if err != nil {
		return nil, fmt.Errorf("watch events: %w", lost(err))
	}
	return &changes{stream: stream, begin: begin, doc: newDecoder()}, nil
}

// WatchUploads calls each with every change of an upload from now on, until ctx ends or the stream breaks.
func (d *DB) WatchUploads(ctx context.Context, each func(coding.UploadChange)) error {
	written := bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "operationType", Value: bson.D{{Key: "$in", Value: bson.A{"insert", "replace"}}}}}}},
		bson.D{{Key: "$project", Value: bson.D{{Key: "fullDocument._id", Value: 1}, {Key: "fullDocument.spaceId", Value: 1}, {Key: "fullDocument.authorId", Value: 1}, {Key: "fullDocument.state", Value: 1}, {Key: "fullDocument.received", Value: 1}}}},
	}
	stream, err := d.uploads().Watch(ctx, written)
	if err != nil {
		return fmt.Errorf("watch uploads: %w", lost(err))
	}
	defer stream.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	for stream.Next(ctx) {
		var doc struct {
			Upload coding.UploadChange `bson:"fullDocument"`
		}
		if err := stream.Decode(&doc); err != nil {
			return fmt.Errorf("decode a change of an upload: %w", err)
		}
		each(doc.Upload)
	}
	return fmt.Errorf("watch uploads: %w", lost(stream.Err()))
}

// Next waits for an event and gives all that are there at once.
func (c *changes) Next(ctx context.Context) ([]coding.Change, error) {
	for {
		if all, err := c.Poll(ctx); err != nil || len(all) > 0 {
			return all, err
		}
	}
}

// Poll gives the events that are there, or that come within a moment.
func (c *changes) Poll(ctx context.Context) ([]coding.Change, error) {
	var all []coding.Change
	for c.stream.TryNext(ctx) {
		var doc struct {
			Token struct {
				Data coding.Position `bson:"_data"`
			} `bson:"_id"`
			Event models.Event `bson:"fullDocument"`
		}
		if err := c.doc.decode(c.stream.Current, &doc); err != nil {
			return nil, fmt.Errorf("decode change: %w", err)
		}
		all = append(all, coding.Change{Position: doc.Token.Data, Event: doc.Event})
		if c.stream.RemainingBatchLength() == 0 {
			return all, nil
		}
	}
	if err := c.stream.Err(); err != nil {
		return nil, fmt.Errorf("next change: %w", lost(err))
	}
	if c.stream.ID() == 0 {
		return nil, fmt.Errorf("next change: %w: the stream has ended", coding.ErrPositionLost)
	}
	return all, nil
}

// Position is where the stream stands.
func (c *changes) Position() coding.Position {
	data, ok := c.stream.ResumeToken().Lookup("_data").StringValueOK()
	if !ok {
		return c.begin
	}
	return coding.Position(data)
}

// Close ends the stream.
func (c *changes) Close(ctx context.Context) error {
	return translate(c.stream.Close(context.WithoutCancel(ctx)))
}

// Now gives the present as a position to compare with: a stream that stands there or later has given
// every event acknowledged before. No stream can be opened at it.
func (d *DB) Now(ctx context.Context) (coding.Position, error) {
	session, err := d.client.StartSession()
	if err != nil {
		return "", translate(err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	if err := d.db.RunCommand(mongo.NewSessionContext(ctx, session), bson.D{{Key: "ping", Value: 1}}).Err(); err != nil {
		return "", translate(err)
	}
	t := session.OperationTime()
	if t == nil {
		return "", errors.New("the engine tells no operation time: it is not a replica set")
	}
	return positionAt(*t), nil
}

// positionAt is the position to compare with for a cluster time. 82 marks a timestamp at the front of
// a resume token (src/mongo/db/storage/key_string.cpp).
func positionAt(t bson.Timestamp) coding.Position {
	return coding.Position(strings.ToUpper(fmt.Sprintf("82%08x%08x", t.T, t.I)))
}

// lost knows the server's ways to say that a position is none, or too old.
func lost(err error) error {
	codes := []int{ // src/mongo/base/error_codes.yml
		286,   // ChangeStreamHistoryLost
		280,   // ChangeStreamFatalError: the position is not in the history
		260,   // InvalidResumeToken
		9,     // FailedToParse
		15,    // Overflow: the position is cut short
		50811, // the position is not of the engine's making
	}
	if server, ok := errors.AsType[mongo.ServerError](err); ok && slices.ContainsFunc(codes, server.HasErrorCode) {
		return fmt.Errorf("%w: %w", coding.ErrPositionLost, err)
	}
	return translate(err)
}
