package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

var _ coding.Store = (*DB)(nil)

// guards is the number of documents that share one space's guard. Two writers that each take one at
// random meet with a chance of one in guards; a writer that changes the ground takes all of them.
const guards = 128

// Membership finds a user's live membership of a space.
func (d *DB) Membership(ctx context.Context, space, user models.ID) (*models.Member, error) {
	return d.members.one(ctx, bson.D{{Key: "spaceId", Value: space}, {Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}

// Memberships lists all live memberships of a user.
func (d *DB) Memberships(ctx context.Context, user models.ID) ([]*models.Member, error) {
	return find[*models.Member](ctx, d.members.c, bson.D{{Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}

// find gives all documents that match.
func find[T any](ctx context.Context, c *mongo.Collection, filter any, o ...options.Lister[options.FindOptions]) ([]T, error) {
	cursor, err := c.Find(ctx, filter, o...)
	if err != nil {
		return nil, translate(err)
	}
	out := []T{}
	err = cursor.All(ctx, &out)
	return out, translate(err)
}

// Text finds one version of a note's text.
func (d *DB) Text(ctx context.Context, note models.ID, version int) (*models.Text, error) {
	var t models.Text
	err := d.db.Collection("texts").FindOne(ctx, bson.D{{Key: "_id", Value: coding.TextID(note, version)}}).Decode(&t)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "text_version_not_found", Sentence: "There is no such version of this text."}
	}
	return &t, translate(err)
}

// InsertTexts adds versions of texts.
func (d *DB) InsertTexts(ctx context.Context, texts ...*models.Text) error {
	_, err := d.db.Collection("texts").InsertMany(ctx, texts)
	return translate(err)
}

// TextVersions lists a note's versions, newest first, without their words.
func (d *DB) TextVersions(ctx context.Context, note models.ID) ([]*models.Text, error) {
	return find[*models.Text](ctx, d.db.Collection("texts"), bson.D{{Key: "noteId", Value: note}},
		options.Find().SetSort(asc("-textVersion")).SetProjection(bson.D{{Key: "text", Value: 0}, {Key: "blocks", Value: 0}, {Key: "marks", Value: 0}}))
}

// NoteIDs gives the ids of the live notes that q selects.
func (d *DB) NoteIDs(ctx context.Context, space models.ID, q coding.Query) ([]models.ID, error) {
	return d.ids(ctx, d.notes.c, selector(space, q))
}

// HiddenNotes gives the notes in the bin and the drafts of others.
func (d *DB) HiddenNotes(ctx context.Context, space, viewer models.ID) ([]models.ID, error) {
	binned, err := d.ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "deletedAt", Value: bson.D{{Key: "$exists", Value: true}, {Key: "$ne", Value: nil}}}, {Key: "purgedAt", Value: nil}})
	if err != nil {
		return nil, err
	}
	drafts, err := d.ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "draft", Value: true}, {Key: "authorId", Value: bson.D{{Key: "$ne", Value: viewer}}}})
	return append(binned, drafts...), err
}

func (d *DB) ids(ctx context.Context, c *mongo.Collection, filter any) ([]models.ID, error) {
	found, err := find[struct {
		ID models.ID `bson:"_id"`
	}](ctx, c, filter, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	out := make([]models.ID, len(found))
	for i, f := range found {
		out[i] = f.ID
	}
	return out, err
}

// NoteByHash finds a live note made from a file with these bytes.
func (d *DB) NoteByHash(ctx context.Context, space models.ID, sha256 string) (*models.Note, error) {
	return d.notes.one(ctx, bson.D{{Key: "spaceId", Value: space}, {Key: "file.sha256", Value: sha256}, {Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}, {Key: "deletedAt", Value: nil}})
}

// SaveFile keeps a file's bytes.
func (d *DB) SaveFile(ctx context.Context, id models.ID, name string, r io.Reader) error {
	return translate(d.files.UploadFromStreamWithID(ctx, id, name, r))
}

// OpenFile opens a file's bytes.
func (d *DB) OpenFile(ctx context.Context, id models.ID) (io.ReadCloser, error) {
	s, err := d.files.OpenDownloadStream(ctx, id)
	if errors.Is(err, mongo.ErrFileNotFound) {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This file is gone."}
	}
	return s, translate(err)
}

// GuardShared takes one of the space's guards at random.
func (d *DB) GuardShared(ctx context.Context, space models.ID) error {
	id := fmt.Sprintf("%s/%d", space, rand.IntN(guards)) //nolint:gosec // chance, not secrecy
	_, err := d.db.Collection("guards").UpdateOne(ctx, bson.D{{Key: "_id", Value: id}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}, {Key: "$setOnInsert", Value: bson.D{{Key: "spaceId", Value: space}}}}, options.UpdateOne().SetUpsert(true))
	return translate(err)
}

// MakeGuards makes the guards of a new space, so that no two writers meet making the same one.
func (d *DB) MakeGuards(ctx context.Context, space models.ID) error {
	docs := make([]bson.D, guards)
	for i := range docs {
		docs[i] = bson.D{{Key: "_id", Value: fmt.Sprintf("%s/%d", space, i)}, {Key: "spaceId", Value: space}, {Key: "n", Value: 0}}
	}
	_, err := d.db.Collection("guards").InsertMany(ctx, docs)
	return translate(err)
}

// GuardExclusive takes all of the space's guards and unsettles the usages that where selects; nil selects none.
func (d *DB) GuardExclusive(ctx context.Context, space models.ID, where coding.Where) error {
	_, err := d.db.Collection("guards").UpdateMany(ctx, bson.D{{Key: "spaceId", Value: space}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}})
	if err != nil || where == nil {
		return translate(err)
	}
	filter := bson.D{{Key: "spaceId", Value: space}}
	for field, v := range where {
		filter = append(filter, bson.E{Key: field, Value: v})
	}
	// Settled or not, each is written, so that a coding under way meets this change.
	_, err = d.db.Collection("usages").UpdateMany(ctx, filter,
		bson.D{{Key: "$set", Value: bson.D{{Key: "settled", Value: false}}}, {Key: "$inc", Value: bson.D{{Key: "unsettled", Value: 1}}}})
	return translate(err)
}

// usageID names the counter of a layer, a note, a code and a coder.
func usageID(u coding.Usage) string {
	return string(u.Layer) + "/" + string(u.NoteID) + "/" + string(u.CodeID) + "/" + string(u.CoderID)
}

// CountSettled adds n to a settled usage and gives it; NotFound if it isn't settled.
func (d *DB) CountSettled(ctx context.Context, u coding.Usage, n int) (coding.Usage, error) {
	err := d.db.Collection("usages").FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: usageID(u)}, {Key: "settled", Value: true}, {Key: "spaceId", Value: u.SpaceID}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: n}}}}).Decode(&u)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return u, models.NotFound("usage")
	}
	return u, translate(err)
}

// Count adds n to a usage, and settles it with u.Settled.
func (d *DB) Count(ctx context.Context, u coding.Usage, n int) error {
	key := bson.D{{Key: "spaceId", Value: u.SpaceID}, {Key: "layer", Value: u.Layer}, {Key: "noteId", Value: u.NoteID}, {Key: "codeId", Value: u.CodeID}, {Key: "coderId", Value: u.CoderID}}
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: n}}}, {Key: "$setOnInsert", Value: key}}
	if u.Settled {
		update = append(update, bson.E{Key: "$set", Value: bson.D{{Key: "settled", Value: true}, {Key: "textVersion", Value: u.TextVersion}, {Key: "audience", Value: u.Audience}}})
	}
	_, err := d.db.Collection("usages").UpdateOne(ctx, bson.D{{Key: "_id", Value: usageID(u)}}, update, options.UpdateOne().SetUpsert(true))
	return translate(err)
}

// DropUsages forgets the usages of a purged note.
func (d *DB) DropUsages(ctx context.Context, space, note models.ID) error {
	_, err := d.db.Collection("usages").DeleteMany(ctx, bson.D{{Key: "noteId", Value: note}, {Key: "spaceId", Value: space}})
	return translate(err)
}

// CodingsBehind gives codings of a note whose anchors lie in an older text than version.
func (d *DB) CodingsBehind(ctx context.Context, space, note models.ID, version, limit int) ([]*models.Coding, error) {
	return find[*models.Coding](ctx, d.codings.c, bson.D{
		{Key: "noteId", Value: note},
		{Key: "layer", Value: models.LayerOpen},
		{Key: "spaceId", Value: space},
		{Key: "deletedAt", Value: nil},
		{Key: "anchor.textVersion", Value: bson.D{{Key: "$lt", Value: version}}},
	}, options.Find().SetSort(asc("anchor.start", "anchor.end", "_id")).SetLimit(int64(limit)))
}

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

// visible selects the events that a viewer may know of.
func visible(space, viewer models.ID) bson.D {
	return bson.D{{Key: "spaceId", Value: space}, {Key: "audience", Value: bson.D{{Key: "$in", Value: bson.A{nil, "", viewer}}}}}
}

// Event finds one event; whether the viewer may know of it is the caller's to ask.
func (d *DB) Event(ctx context.Context, space, id models.ID) (*models.Event, error) {
	var e models.Event
	err := d.db.Collection("events").FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "spaceId", Value: space}}).Decode(&e)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, models.NotFound("event")
	}
	return &e, translate(err)
}

// Events lists the events that q selects, newest first.
func (d *DB) Events(ctx context.Context, space models.ID, q coding.EventQuery, p models.Page) (models.List[*models.Event], error) {
	out := models.List[*models.Event]{Items: []*models.Event{}}
	filter := visible(space, q.Viewer)
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
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{after}})
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
	out := []T{}
	err = cursor.All(ctx, &out)
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

// Erase removes the words of records for good: texts of notes among them, images in events, kept answers.
func (d *DB) Erase(ctx context.Context, space models.ID, ids []models.ID) error {
	in := bson.D{{Key: "$in", Value: ids}}
	if _, err := d.db.Collection("texts").DeleteMany(ctx, bson.D{{Key: "noteId", Value: in}, {Key: "spaceId", Value: space}}); err != nil {
		return translate(err)
	}
	gone := bson.D{{Key: "$unset", Value: bson.D{{Key: "before", Value: ""}, {Key: "after", Value: ""}}}}
	if _, err := d.db.Collection("events").UpdateMany(ctx, bson.D{{Key: "recordId", Value: in}, {Key: "spaceId", Value: space}}, gone); err != nil {
		return translate(err)
	}
	_, err := d.db.Collection("answers").UpdateMany(ctx, bson.D{{Key: "subjects", Value: in}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "body", Value: ""}}}})
	return translate(err)
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

// EraseSpace removes everything of a space but its project's tombstone and its history without images.
func (d *DB) EraseSpace(ctx context.Context, space models.ID) error {
	files, err := d.FilesOf(ctx, space)
	if err != nil {
		return err
	}
	if err := d.DropFiles(ctx, files...); err != nil {
		return err
	}
	filter := bson.D{{Key: "spaceId", Value: space}}
	for _, name := range []string{"members", "sites", "participants", "notes", "texts", "codes", "codings", "memos", "links", "usages", "guards"} {
		if _, err := d.db.Collection(name).DeleteMany(ctx, filter); err != nil {
			return fmt.Errorf("erase %s: %w", name, translate(err))
		}
	}
	_, err = d.db.Collection("events").UpdateMany(ctx, filter, bson.D{{Key: "$unset", Value: bson.D{{Key: "before", Value: ""}, {Key: "after", Value: ""}}}})
	if err != nil {
		return translate(err)
	}
	_, err = d.db.Collection("answers").DeleteMany(ctx, bson.D{{Key: "subjects", Value: space}})
	return translate(err)
}

// Binned gives records that have lain in the bin since before at.
func (d *DB) Binned(ctx context.Context, at time.Time, limit int) ([]coding.BinnedRecord, error) {
	var out []coding.BinnedRecord
	for noun, c := range map[models.Noun]*mongo.Collection{
		models.NounProject: d.projects.c, models.NounNote: d.notes.c, models.NounSite: d.sites.c,
		models.NounParticipant: d.participants.c, models.NounCode: d.codes.c, models.NounMemo: d.memos.c,
		models.NounCoding: d.codings.c, models.NounLink: d.links.c,
	} {
		rows, err := find[models.Head](ctx, c, bson.D{{Key: "deletedAt", Value: bson.D{{Key: "$lt", Value: at}}}, {Key: "purgedAt", Value: nil}}, options.Find().SetLimit(int64(limit)))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out = append(out, coding.BinnedRecord{SpaceID: r.SpaceID, Noun: noun, ID: r.ID})
		}
	}
	return out, nil
}

// InsertJob keeps a job until DropJob.
func (d *DB) InsertJob(ctx context.Context, j coding.Job) error {
	_, err := d.db.Collection("jobs").InsertOne(ctx, j)
	return translate(err)
}

// DropJob forgets a finished job.
func (d *DB) DropJob(ctx context.Context, id models.ID) error {
	_, err := d.db.Collection("jobs").DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	return translate(err)
}

// Jobs gives the jobs begun before at.
func (d *DB) Jobs(ctx context.Context, at time.Time) ([]coding.Job, error) {
	return find[coding.Job](ctx, d.db.Collection("jobs"), bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: at}}}})
}

// UsageBySite sums the usages of a layer per code and site of the note.
func (d *DB) UsageBySite(ctx context.Context, space models.ID, layer models.Layer, notNotes []models.ID) ([]coding.CodeUsage, error) {
	sites, err := find[struct {
		ID     models.ID `bson:"_id"`
		SiteID models.ID `json:"siteId"`
	}](ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "deletedAt", Value: nil}}, options.Find().SetProjection(bson.D{{Key: "siteId", Value: 1}}).SetBatchSize(100_000))
	if err != nil {
		return nil, err
	}
	siteOf := make(map[string]models.ID, len(sites))
	for _, n := range sites {
		siteOf[string(n.ID)] = n.SiteID
	}
	for _, id := range notNotes {
		delete(siteOf, string(id))
	}
	cursor, err := d.db.Collection("usages").Find(ctx, bson.D{{Key: "spaceId", Value: space}, {Key: "layer", Value: layer}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "noteId", Value: 1}, {Key: "codeId", Value: 1}, {Key: "count", Value: 1}}).SetBatchSize(100_000))
	if err != nil {
		return nil, translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	type place struct{ code, site models.ID }
	sums := map[place]int{}
	for cursor.Next(ctx) {
		site, live := siteOf[cursor.Current.Lookup("noteId").StringValue()]
		if n := cursor.Current.Lookup("count").AsInt64(); live && n > 0 {
			sums[place{models.ID(cursor.Current.Lookup("codeId").StringValue()), site}] += int(n)
		}
	}
	out := make([]coding.CodeUsage, 0, len(sums))
	for p, n := range sums {
		out = append(out, coding.CodeUsage{CodeID: p.code, SiteID: p.site, Count: n})
	}
	slices.SortFunc(out, func(a, b coding.CodeUsage) int {
		return strings.Compare(string(a.CodeID+a.SiteID), string(b.CodeID+b.SiteID))
	})
	return out, translate(cursor.Err())
}
