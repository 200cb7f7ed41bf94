package mongodb

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
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

// GuardExclusive unsettles the usages that where selects, nil selects none, and takes all of the space's
// guards. The usages come first: they are what a busy coder writes again and again, and whoever has
// written one is not kept waiting by those who come after.
func (d *DB) GuardExclusive(ctx context.Context, space models.ID, where coding.Where) error {
	if where != nil {
		filter := bson.D{{Key: "spaceId", Value: space}}
		for field, v := range where {
			filter = append(filter, bson.E{Key: field, Value: condition(v)})
		}
		// Settled or not, each is written, so that a coding under way meets this change.
		_, err := d.db.Collection("usages").UpdateMany(ctx, filter,
			bson.D{{Key: "$set", Value: bson.D{{Key: "settled", Value: false}}}, {Key: "$inc", Value: bson.D{{Key: "unsettled", Value: 1}}}})
		if err != nil {
			return translate(err)
		}
	}
	_, err := d.db.Collection("guards").UpdateMany(ctx, bson.D{{Key: "spaceId", Value: space}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}})
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

// usagesWithin selects usages by layer and coder.
func usagesWithin(space models.ID, in coding.Within) bson.D {
	filter := bson.D{{Key: "spaceId", Value: space}, {Key: "layer", Value: in.Layer}}
	if in.CoderID != "" {
		filter = append(filter, bson.E{Key: "coderId", Value: in.CoderID})
	}
	return filter
}

// CountCodings sums the usages.
func (d *DB) CountCodings(ctx context.Context, space models.ID, in coding.Within) (int, error) {
	filter := usagesWithin(space, in)
	if len(in.NotNotes) > 0 {
		filter = append(filter, bson.E{Key: "noteId", Value: bson.D{{Key: "$nin", Value: in.NotNotes}}})
	}
	sums, err := aggregate[struct {
		Count int `json:"count"`
	}](ctx, d.db.Collection("usages"), bson.A{
		bson.D{{Key: "$match", Value: filter}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: nil}, {Key: "count", Value: bson.D{{Key: "$sum", Value: "$count"}}}}}},
	})
	if err != nil || len(sums) == 0 {
		return 0, err
	}
	return sums[0].Count, nil
}

// OnNotes counts what hangs on each of these notes: codings of the open layer, and the memos that the viewer may read.
func (d *DB) OnNotes(ctx context.Context, space, viewer models.ID, notes []models.ID) (codings, memos map[models.ID]int, err error) {
	codings, memos = map[models.ID]int{}, map[models.ID]int{}
	if len(notes) == 0 {
		return codings, memos, nil
	}
	of := coding.Where{"noteId": notes}
	for _, count := range []struct {
		into map[models.ID]int
		c    *mongo.Collection
		in   coding.Query
		sum  any
	}{
		{codings, d.db.Collection("usages"), coding.Query{Where: coding.Where{"noteId": notes, "layer": models.LayerOpen}}, "$count"},
		{memos, d.memos.c, coding.Query{Where: of, Viewer: models.Viewer{UserID: viewer}}, 1},
	} {
		rows, err := aggregate[struct {
			ID    models.ID `bson:"_id"`
			Count int       `json:"count"`
		}](ctx, count.c, bson.A{
			bson.D{{Key: "$match", Value: selector(space, count.in)}},
			bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$noteId"}, {Key: "count", Value: bson.D{{Key: "$sum", Value: count.sum}}}}}},
		})
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			count.into[row.ID] = row.Count
		}
	}
	return codings, memos, nil
}

// DropUsages forgets the usages of a purged note.
func (d *DB) DropUsages(ctx context.Context, space, note models.ID) error {
	_, err := d.db.Collection("usages").DeleteMany(ctx, bson.D{{Key: "noteId", Value: note}, {Key: "spaceId", Value: space}})
	return translate(err)
}

// Usages gives the usages that where selects and that count anything.
func (d *DB) Usages(ctx context.Context, space models.ID, where coding.Where) ([]coding.Usage, error) {
	filter := bson.D{{Key: "spaceId", Value: space}, {Key: "count", Value: bson.D{{Key: "$gt", Value: 0}}}}
	for field, v := range where {
		filter = append(filter, bson.E{Key: field, Value: condition(v)})
	}
	return find[coding.Usage](ctx, d.db.Collection("usages"), filter, options.Find().SetBatchSize(100_000))
}

// FallTogether counts the places where one coder put both of two codes.
func (d *DB) FallTogether(ctx context.Context, space, one, other models.ID, in coding.Within) (int, error) {
	place := bson.D{{Key: "note", Value: "$noteId"}, {Key: "coder", Value: "$coderId"}, {Key: "start", Value: "$anchor.start"}, {Key: "end", Value: "$anchor.end"}, {Key: "text", Value: "$anchor.textVersion"}}
	q := coding.Query{Where: coding.Where{"layer": in.Layer, "review": false, "codeId": []models.ID{one, other}}, NotNotes: in.NotNotes}
	if in.CoderID != "" {
		q.Where["coderId"] = in.CoderID
	}
	match := selector(space, q)
	cursor, err := d.codings.c.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: match}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: place}, {Key: "codes", Value: bson.D{{Key: "$addToSet", Value: "$codeId"}}}}}},
		{{Key: "$match", Value: bson.D{{Key: "codes", Value: bson.D{{Key: "$size", Value: 2}}}}}},
		{{Key: "$count", Value: "places"}},
	})
	if err != nil {
		return 0, translate(err)
	}
	var found []struct {
		Places int `json:"places"`
	}
	if err := cursor.All(ctx, &found); err != nil || len(found) == 0 {
		return 0, translate(err)
	}
	return found[0].Places, nil
}

// UsageBySite sums the usages per code and site of the note.
func (d *DB) UsageBySite(ctx context.Context, space models.ID, in coding.Within) ([]coding.CodeUsage, error) {
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
	for _, id := range in.NotNotes {
		delete(siteOf, string(id))
	}
	cursor, err := d.db.Collection("usages").Find(ctx, usagesWithin(space, in),
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "noteId", Value: 1}, {Key: "codeId", Value: 1}, {Key: "count", Value: 1}}).SetBatchSize(100_000))
	if err != nil {
		return nil, translate(err)
	}
	defer cursor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing can be done about it
	type place struct{ code, site models.ID }
	type onNote struct{ code, note string }
	sums := map[place]coding.CodeUsage{}
	seen := map[onNote]bool{} // a note has a usage for each of its coders
	for cursor.Next(ctx) {
		here := onNote{cursor.Current.Lookup("codeId").StringValue(), cursor.Current.Lookup("noteId").StringValue()}
		site, live := siteOf[here.note]
		n := cursor.Current.Lookup("count").AsInt64()
		if !live || n <= 0 {
			continue
		}
		p := place{models.ID(here.code), site}
		sum := sums[p]
		sum.CodeID, sum.SiteID = p.code, p.site
		sum.Count += int(n)
		if !seen[here] {
			seen[here] = true
			sum.Notes++
		}
		sums[p] = sum
	}
	out := slices.Collect(maps.Values(sums))
	if out == nil {
		out = []coding.CodeUsage{}
	}
	slices.SortFunc(out, func(a, b coding.CodeUsage) int {
		return strings.Compare(string(a.CodeID+a.SiteID), string(b.CodeID+b.SiteID))
	})
	return out, translate(cursor.Err())
}
