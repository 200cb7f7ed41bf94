package mongodb

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// guards is the number of documents that share one space's guard. Two writers that each take one at
// random meet with a chance of one in guards; a writer that changes the ground takes all of them.
const guards = 128

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

// GuardFiles takes the guards that stand for these hashes, in one order, so that no two wait for each
// other. The same bytes always have the same guard: of two transactions that bring them, one comes again
// from its start, and finds what the other made.
func (d *DB) GuardFiles(ctx context.Context, space models.ID, sha256 []string) error {
	which := make([]string, len(sha256))
	for i, sum := range sha256 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(sum)) // a hash takes whatever is written
		which[i] = fmt.Sprintf("%s/%d", space, h.Sum32()%guards)
	}
	slices.Sort(which)
	for _, id := range slices.Compact(which) {
		_, err := d.db.Collection("guards").UpdateOne(ctx, bson.D{{Key: "_id", Value: id}},
			bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}, {Key: "$setOnInsert", Value: bson.D{{Key: "spaceId", Value: space}}}}, options.UpdateOne().SetUpsert(true))
		if err != nil {
			return translate(err)
		}
	}
	return nil
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

// CountSettled adds n to a settled usage and gives it; NotFound if it isn't settled. It asks by the id
// alone, which the engine answers without planning, and takes n back from one that turns out unfit.
func (d *DB) CountSettled(ctx context.Context, u coding.Usage, n int) (coding.Usage, error) {
	usages, id, space := d.db.Collection("usages"), byID(usageID(u)), u.SpaceID
	add := func(n int) bson.D { return bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: n}}}} }
	err := usages.FindOneAndUpdate(ctx, id, add(n)).Decode(&u)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return u, models.NotFound("usage")
	case err != nil:
		return u, translate(err)
	case u.Settled && u.SpaceID == space:
		return u, nil
	}
	if _, err := usages.UpdateOne(ctx, id, add(-n)); err != nil {
		return u, translate(err)
	}
	return u, models.NotFound("usage")
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
