package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// Append adds events to the history.
func (d *DB) Append(ctx context.Context, events []models.Event) error {
	switch len(events) {
	case 0:
		return nil
	case 1:
		_, err := d.db.Collection("events").InsertOne(ctx, events[0])
		return translate(err)
	}
	_, err := d.db.Collection("events").InsertMany(ctx, events)
	return translate(err)
}

// opened are the layers of what is in the open one or in none.
var opened = bson.A{nil, "", models.LayerOpen}

// visible selects the events of a layer that the viewer of q may know of, in all layers if it names none:
// all that others did in layers that they read whole, their own in the others, and nothing that hangs in
// the open layer on a note that is veiled to them.
func visible(space models.ID, q coding.EventQuery) bson.D {
	filter := bson.D{{Key: "spaceId", Value: space}, {Key: "audience", Value: bson.D{{Key: "$in", Value: bson.A{nil, "", q.Viewer}}}}}
	told := slices.Clone(opened)
	for _, layer := range q.Whole {
		told = append(told, layer)
	}
	switch {
	case q.Layer.Open() && q.Layer != "":
		filter = append(filter, bson.E{Key: "layer", Value: bson.D{{Key: "$in", Value: opened}}})
	case q.Layer != "":
		filter = append(filter, bson.E{Key: "layer", Value: q.Layer})
	}
	all := bson.A{bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "layer", Value: bson.D{{Key: "$in", Value: told}}}}, bson.D{{Key: "actorId", Value: q.Viewer}},
	}}}}
	if len(q.Veiled) > 0 {
		on := bson.D{{Key: "$in", Value: q.Veiled}}
		all = append(all, bson.D{{Key: "$nor", Value: bson.A{
			bson.D{{Key: "layer", Value: bson.D{{Key: "$in", Value: opened}}}, {Key: "noteId", Value: on}, {Key: "noun", Value: bson.D{{Key: "$ne", Value: models.NounNote}}}},
			// A link whose notes aren't known may be on any.
			bson.D{{Key: "layer", Value: bson.D{{Key: "$in", Value: opened}}}, {Key: "noun", Value: models.NounLink}, {Key: "$or", Value: bson.A{
				bson.D{{Key: "after.link.noteIds", Value: on}}, bson.D{{Key: "after.link.noteIds.0", Value: bson.D{{Key: "$exists", Value: false}}}},
			}}},
		}}})
	}
	return append(filter, bson.E{Key: "$and", Value: all})
}

// Events lists the events that q selects, newest first.
func (d *DB) Events(ctx context.Context, space models.ID, q coding.EventQuery, p models.Page) (models.List[*models.Event], error) {
	out := models.List[*models.Event]{Items: []*models.Event{}}
	filter := visible(space, q)
	if q.Everything {
		filter = bson.D{{Key: "spaceId", Value: space}}
	}
	if bounds := between(q.Since, q.Until); len(bounds) > 0 {
		filter = append(filter, bson.E{Key: "_id", Value: bounds})
	}
	if q.ID != "" {
		filter = bson.D{{Key: "$and", Value: bson.A{filter, bson.D{{Key: "_id", Value: q.ID}}}}}
	}
	if q.Verb != "" {
		filter = append(filter, bson.E{Key: "verb", Value: q.Verb})
	}
	if len(q.RecordIDs) > 0 {
		filter = append(filter, bson.E{Key: "recordId", Value: bson.D{{Key: "$in", Value: q.RecordIDs}}})
	}
	for key, id := range map[string]models.ID{"recordId": q.RecordID, "noteId": q.NoteID, "actorId": q.ActorID, "batch": q.Batch} {
		if id != "" {
			filter = append(filter, bson.E{Key: key, Value: id})
		}
	}
	if len(q.Nouns) > 0 {
		filter = append(filter, bson.E{Key: "noun", Value: bson.D{{Key: "$in", Value: q.Nouns}}})
	}
	sort := asc("-_id")
	if q.Oldest {
		sort = asc("_id")
	}
	if p.Cursor != "" {
		after, err := openCursor(p.Cursor, sort)
		if err != nil {
			return out, err
		}
		filter = bson.D{{Key: "$and", Value: bson.A{filter, after}}}
	}
	limit := min(max(p.Limit, 1), models.MaxPageSize)
	var err error
	if out.Items, err = find[*models.Event](ctx, d.db.Collection("events"), filter, options.Find().SetSort(sort).SetLimit(int64(limit)+1)); err != nil {
		return out, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next, err = cursorAt(sort, out.Items[limit-1].ID)
	}
	return out, err
}

// between bounds ids by the times they were made at, which they begin with (RFC 9562, UUIDv7): so the
// index by id finds a time.
func between(since, until time.Time) bson.D {
	var out bson.D
	add := func(operator string, at time.Time) {
		if !at.IsZero() {
			hex := fmt.Sprintf("%012x", max(0, at.UnixMilli()))
			out = append(out, bson.E{Key: operator, Value: models.ID(hex[:8] + "-" + hex[8:])})
		}
	}
	add("$gte", since)
	add("$lt", until)
	return out
}

// slot is how much of an event's id tells the time to a quarter of an hour: hexadecimal digits of its milliseconds, and the bits left out.
const slot, slotRest = 7, 20

// EventsBetween counts the events that aren't blind and without an audience between each bound and the next, to a quarter of
// an hour. Ids begin with the time, so that one index has all it takes; the audience is looked at last,
// since a look for what isn't there would fetch every event.
func (d *DB) EventsBetween(ctx context.Context, space models.ID, bounds []time.Time) ([]int, error) {
	private := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "$gt", Value: bson.A{"$audience", ""}}}, bson.D{{Key: "$eq", Value: bson.A{"$blind", true}}},
	}}}
	rows, err := aggregate[struct {
		Slot  string `bson:"_id"`
		Count int    `json:"count"`
	}](ctx, d.db.Collection("events"), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "spaceId", Value: space}, {Key: "_id", Value: between(bounds[0], bounds[len(bounds)-1])}}}},
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "$substrBytes", Value: bson.A{"$_id", 0, slot}}}},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$cond", Value: bson.A{private, 0, 1}}}}}},
		}}},
	})
	counts := make([]int, len(bounds)-1)
	for _, row := range rows {
		began, err := strconv.ParseInt(row.Slot, 16, 64)
		if err != nil {
			return nil, fmt.Errorf("the time of event %s: %w", row.Slot, err)
		}
		after := slices.IndexFunc(bounds, func(bound time.Time) bool { return bound.UnixMilli() > began<<slotRest })
		counts[max(after-1, 0)] += row.Count
	}
	return counts, err
}

// CodesAt gives the codes as a version of the codebook had them, from the events.
func (d *DB) CodesAt(ctx context.Context, space models.ID, version int) ([]*models.Code, error) {
	rows, err := aggregate[struct {
		Event models.Event `json:"event"`
	}](ctx, d.db.Collection("events"), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "spaceId", Value: space}, {Key: "noun", Value: models.NounCode}, {Key: "after.code.codebookVersion", Value: bson.D{{Key: "$lte", Value: version}}}}}},
		bson.D{{Key: "$sort", Value: asc("after.code.codebookVersion", "_id")}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$recordId"}, {Key: "event", Value: bson.D{{Key: "$last", Value: "$$ROOT"}}}}}},
		bson.D{{Key: "$match", Value: bson.D{{Key: "event.verb", Value: bson.D{{Key: "$ne", Value: models.VerbDeleted}}}}}},
		bson.D{{Key: "$sort", Value: asc("event.after.code.position", "_id")}},
	})
	codes := make([]*models.Code, 0, len(rows))
	for i := range rows {
		codes = append(codes, rows[i].Event.After.Code)
	}
	return codes, err
}

func aggregate[T any](ctx context.Context, c *mongo.Collection, pipeline bson.A) ([]T, error) {
	cursor, err := c.Aggregate(ctx, pipeline)
	if err != nil {
		return nil, translate(err)
	}
	out, err := all[T](ctx, cursor)
	return out, translate(err)
}

// answer is a kept answer as it lies in the database.
type answer struct {
	ID       string      `json:"id"       bson:"_id"`
	Hash     string      `json:"hash"`
	Body     []byte      `json:"body"`
	Subjects []models.ID `json:"subjects"`
	At       time.Time   `json:"at"`
}

// Answer finds the first answer to a request.
func (d *DB) Answer(ctx context.Context, user, key models.ID) (coding.Answer, error) {
	var a answer
	err := d.db.Collection("answers").FindOne(ctx, bson.D{{Key: "_id", Value: string(user) + "/" + string(key)}}).Decode(&a)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return coding.Answer{}, models.NotFound("answer")
	}
	return coding.Answer{UserID: user, KeyID: key, Hash: a.Hash, Body: a.Body, Subjects: a.Subjects, At: a.At}, translate(err)
}

// KeepAnswer keeps the first answer to a request.
func (d *DB) KeepAnswer(ctx context.Context, a coding.Answer) error {
	_, err := d.db.Collection("answers").InsertOne(ctx, answer{string(a.UserID) + "/" + string(a.KeyID), a.Hash, a.Body, a.Subjects, a.At})
	if mongo.IsDuplicateKeyError(err) {
		return models.Conflict("request_under_way", "The same request is being answered just now. Try again in a moment.").Because(err)
	}
	return translate(err)
}
