package mongodb

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// records keeps one noun in one collection.
type records[R models.Record] struct {
	c    *mongo.Collection
	noun models.Noun
}

// nouns are the collections of the nouns of a space.
type nouns struct {
	projects     records[*models.Project]
	members      records[*models.Member]
	sites        records[*models.Site]
	participants records[*models.Participant]
	notes        records[*models.Note]
	codes        records[*models.Code]
	codings      records[*models.Coding]
	memos        records[*models.Memo]
	links        records[*models.Link]
	rounds       records[*models.Round]
	comments     records[*models.Comment]
	searches     records[*models.SavedSearch]
	invitations  records[*models.Invitation]

	courses       records[*models.Course]
	courseMembers records[*models.CourseMember]
	groups        records[*models.Group]
	exercises     records[*models.Exercise]
	submissions   records[*models.Submission]
	feedbacks     records[*models.Feedback]
}

func (d *DB) makeNouns() nouns {
	return nouns{
		projects:     records[*models.Project]{d.db.Collection("projects"), models.NounProject},
		members:      records[*models.Member]{d.db.Collection("members"), models.NounMember},
		sites:        records[*models.Site]{d.db.Collection("sites"), models.NounSite},
		participants: records[*models.Participant]{d.db.Collection("participants"), models.NounParticipant},
		notes:        records[*models.Note]{d.db.Collection("notes"), models.NounNote},
		codes:        records[*models.Code]{d.db.Collection("codes"), models.NounCode},
		codings:      records[*models.Coding]{d.db.Collection("codings"), models.NounCoding},
		memos:        records[*models.Memo]{d.db.Collection("memos"), models.NounMemo},
		links:        records[*models.Link]{d.db.Collection("links"), models.NounLink},
		rounds:       records[*models.Round]{d.db.Collection("rounds"), models.NounRound},
		comments:     records[*models.Comment]{d.db.Collection("comments"), models.NounComment},
		searches:     records[*models.SavedSearch]{d.db.Collection("savedSearches"), models.NounSavedSearch},
		invitations:  records[*models.Invitation]{d.db.Collection("invitations"), models.NounInvitation},

		courses:       records[*models.Course]{d.db.Collection("courses"), models.NounCourse},
		courseMembers: records[*models.CourseMember]{d.db.Collection("courseMembers"), models.NounCourseMember},
		groups:        records[*models.Group]{d.db.Collection("groups"), models.NounGroup},
		exercises:     records[*models.Exercise]{d.db.Collection("exercises"), models.NounExercise},
		submissions:   records[*models.Submission]{d.db.Collection("submissions"), models.NounSubmission},
		feedbacks:     records[*models.Feedback]{d.db.Collection("feedbacks"), models.NounFeedback},
	}
}

// Projects keeps the projects.
func (d *DB) Projects() coding.Records[*models.Project] { return d.projects }

// Members keeps the memberships.
func (d *DB) Members() coding.Records[*models.Member] { return d.members }

// Sites keeps the sites.
func (d *DB) Sites() coding.Records[*models.Site] { return d.sites }

// Participants keeps the participants.
func (d *DB) Participants() coding.Records[*models.Participant] { return d.participants }

// Notes keeps the notes, without their words.
func (d *DB) Notes() coding.Records[*models.Note] { return d.notes }

// Codes keeps the codes.
func (d *DB) Codes() coding.Records[*models.Code] { return d.codes }

// Codings keeps the codings.
func (d *DB) Codings() coding.Records[*models.Coding] { return d.codings }

// Memos keeps the memos.
func (d *DB) Memos() coding.Records[*models.Memo] { return d.memos }

// Links keeps the links.
func (d *DB) Links() coding.Records[*models.Link] { return d.links }

// Rounds keeps the rounds.
func (d *DB) Rounds() coding.Records[*models.Round] { return d.rounds }

// Comments keeps the threads on codings.
func (d *DB) Comments() coding.Records[*models.Comment] { return d.comments }

// SavedSearches keeps the searches that members saved.
func (d *DB) SavedSearches() coding.Records[*models.SavedSearch] { return d.searches }

// Invitations keeps the links that make members.
func (d *DB) Invitations() coding.Records[*models.Invitation] { return d.invitations }

// Find gives a live record.
func (r records[R]) Find(ctx context.Context, space, id models.ID) (R, error) {
	return r.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: space}, {Key: "deletedAt", Value: nil}})
}

// FindAny gives a record that is live or in the bin.
func (r records[R]) FindAny(ctx context.Context, space, id models.ID) (R, error) {
	return r.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: space}, {Key: "purgedAt", Value: nil}})
}

func (r records[R]) one(ctx context.Context, filter bson.D) (R, error) {
	var out R
	err := r.c.FindOne(ctx, filter).Decode(&out)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return out, models.NotFound(r.noun)
	}
	return out, translate(err)
}

// All gives at most limit live records that q selects.
func (r records[R]) All(ctx context.Context, space models.ID, q coding.Query, limit int) ([]R, error) {
	cursor, err := r.c.Find(ctx, selector(space, q), options.Find().SetSort(order(q)).SetLimit(int64(limit)).SetBatchSize(int32(min(limit, 5000)))) //nolint:gosec // bounded
	if err != nil {
		return nil, translate(err)
	}
	out, err := all[R](ctx, cursor)
	return out, translate(err)
}

// Insert adds records, all or none where it runs in a transaction.
func (r records[R]) Insert(ctx context.Context, all ...R) error {
	if len(all) == 1 {
		_, err := r.c.InsertOne(ctx, all[0])
		return translate(err)
	}
	_, err := r.c.InsertMany(ctx, all)
	return translate(err)
}

// Replace writes a record whose version in the store is still seen.
func (r records[R]) Replace(ctx context.Context, record R, seen int) error {
	head := record.Meta()
	result, err := r.c.ReplaceOne(ctx, bson.D{{Key: "_id", Value: head.ID}, {Key: "spaceId", Value: head.SpaceID}, {Key: "version", Value: seen}}, record)
	if err != nil {
		return translate(err)
	}
	if result.MatchedCount == 1 {
		return nil
	}
	current, err := r.FindAny(ctx, head.SpaceID, head.ID)
	if err != nil {
		return err
	}
	return models.Stale(current)
}

// Entomb leaves only tombstones: id, space, and who purged the record when.
func (r records[R]) Entomb(ctx context.Context, space models.ID, ids []models.ID, by models.ID, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	writes := make([]mongo.WriteModel, len(ids))
	for i, id := range ids {
		writes[i] = mongo.NewReplaceOneModel().
			SetFilter(bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: space}}).
			SetReplacement(bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: space}, {Key: "version", Value: 0}, {Key: "deletedAt", Value: at}, {Key: "purgedAt", Value: at}, {Key: "deletedBy", Value: by}})
	}
	_, err := r.c.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
	return translate(err)
}

// List gives one page, by keyset: the cursor holds the ordering fields of the last record.
func (r records[R]) List(ctx context.Context, space models.ID, q coding.Query, p models.Page) (models.List[R], error) {
	out := models.List[R]{Items: []R{}}
	sort := order(q)
	filter := selector(space, q)
	if p.Cursor != "" {
		after, err := openCursor(p.Cursor, sort)
		if err != nil {
			return out, err
		}
		filter = bson.D{{Key: "$and", Value: bson.A{filter, after}}}
	}
	limit := min(max(p.Limit, 1), models.MaxPageSize)
	cursor, err := r.c.Find(ctx, filter, options.Find().SetSort(sort).SetLimit(int64(limit)+1).SetBatchSize(int32(limit)+1)) //nolint:gosec // bounded just above
	if err != nil {
		return out, translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	var last bson.Raw
	d := newDecoder()
	for cursor.Next(ctx) {
		if len(out.Items) == limit {
			out.Next = sealCursor(last, sort)
			break
		}
		var record R
		if err := d.decode(cursor.Current, &record); err != nil {
			return out, fmt.Errorf("decode %s: %w", r.noun, err)
		}
		out.Items = append(out.Items, record)
		if len(out.Items) == limit {
			last = slices.Clone(cursor.Current)
		}
	}
	return out, translate(cursor.Err())
}

// selector turns a query into a filter.
func selector(space models.ID, q coding.Query) bson.D {
	filter := bson.D{{Key: "spaceId", Value: space}}
	var and bson.A
	for field, v := range q.Where {
		filter = append(filter, bson.E{Key: field, Value: condition(v)})
	}
	if q.Range != "" && q.From+q.To != "" {
		bounds := bson.D{}
		if q.From != "" {
			bounds = append(bounds, bson.E{Key: "$gte", Value: q.From})
		} else {
			bounds = append(bounds, bson.E{Key: "$gt", Value: ""}) // an unknown date lies in no range
		}
		if q.To != "" {
			bounds = append(bounds, bson.E{Key: "$lte", Value: q.To})
		}
		filter = append(filter, bson.E{Key: q.Range, Value: bounds})
	}
	if q.Bin {
		filter = append(filter, bson.E{Key: "deletedAt", Value: bson.D{{Key: "$ne", Value: nil}}}, bson.E{Key: "purgedAt", Value: nil})
	} else {
		filter = append(filter, bson.E{Key: "deletedAt", Value: nil})
	}
	if v := q.Viewer; v.UserID != "" {
		and = append(and, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "draft", Value: bson.D{{Key: "$ne", Value: true}}}, {Key: "private", Value: bson.D{{Key: "$ne", Value: true}}}},
			bson.D{{Key: "authorId", Value: v.UserID}},
		}}})
		if v.Guest == nil || !v.Guest.All {
			and = append(and, bson.D{{Key: "partyId", Value: bson.D{{Key: "$in", Value: bson.A{nil, v.Audience()}}}}})
		}
	}
	if len(q.Any) > 0 {
		var or bson.A
		for field, v := range q.Any {
			or = append(or, bson.D{{Key: field, Value: v}})
		}
		and = append(and, bson.D{{Key: "$or", Value: or}})
	}
	if len(q.NotNotes) > 0 {
		and = append(and, bson.D{{Key: cmp.Or(q.NoteField, "noteId"), Value: bson.D{{Key: "$nin", Value: q.NotNotes}}}})
	}
	if and != nil {
		filter = append(filter, bson.E{Key: "$and", Value: and})
	}
	return filter
}

// condition turns a value of a Where into what a field must be.
func condition(v any) any {
	switch v := v.(type) {
	case coding.Present:
		return bson.D{{Key: "$exists", Value: true}, {Key: "$ne", Value: nil}}
	case coding.Bounds:
		var must bson.D
		for _, c := range []bson.E{{Key: "$gte", Value: v.From}, {Key: "$lte", Value: v.To}} {
			if c.Value != nil {
				must = append(must, c)
			}
		}
		if v.In != nil {
			must = append(must, bson.E{Key: "$in", Value: v.In})
		}
		return must
	}
	if reflect.ValueOf(v).Kind() == reflect.Slice {
		return bson.D{{Key: "$in", Value: v}}
	}
	return v
}

// order gives the sort of a query; the id comes last and leaves no two records equal.
func order(q coding.Query) bson.D {
	sort := asc(q.Order...)
	last := bson.E{Key: "_id", Value: 1}
	if len(sort) > 0 {
		last.Value = sort[len(sort)-1].Value
	}
	return append(sort, last)
}

// sealCursor writes the ordering fields of a record as an opaque cursor.
func sealCursor(last bson.Raw, sort bson.D) string {
	values := make([]any, len(sort))
	for i, e := range sort {
		v, err := last.LookupErr(strings.Split(e.Key, ".")...)
		if err != nil {
			continue
		}
		if at, ok := v.DateTimeOK(); ok {
			values[i] = map[string]int64{"at": at}
		} else if text, ok := v.StringValueOK(); ok {
			values[i] = text
		} else if number, ok := v.AsFloat64OK(); ok {
			values[i] = number
		}
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("cursor of %v: %v", values, err)) // strings and numbers always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// cursorAt is the cursor behind the record with this id, in a list ordered by id.
func cursorAt(sort bson.D, id models.ID) (string, error) {
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: id}})
	return sealCursor(raw, sort), err
}

var errCursor = models.Malformed("cursor_malformed", "This cursor isn't one we gave for this list. Begin again without it.", models.Field{Pointer: "cursor", Problem: "malformed"})

// openCursor gives the filter of everything after a cursor.
func openCursor(cursor string, sort bson.D) (bson.D, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, errCursor
	}
	var values []any
	if err := json.Unmarshal(b, &values); err != nil || len(values) != len(sort) {
		return nil, errCursor
	}
	for i, v := range values {
		switch v := v.(type) {
		case string, float64:
		case map[string]any:
			at, ok := v["at"].(float64)
			if !ok || len(v) != 1 {
				return nil, errCursor
			}
			values[i] = time.UnixMilli(int64(at))
		default:
			return nil, errCursor
		}
	}
	var or bson.A
	for i, e := range sort {
		operator := "$gt"
		if e.Value == -1 {
			operator = "$lt"
		}
		step := bson.D{}
		for j := range i {
			step = append(step, bson.E{Key: sort[j].Key, Value: values[j]})
		}
		or = append(or, append(step, bson.E{Key: e.Key, Value: bson.D{{Key: operator, Value: values[i]}}}))
	}
	return bson.D{{Key: "$or", Value: or}}, nil
}
