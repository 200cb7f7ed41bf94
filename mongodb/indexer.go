package mongodb

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// The indexer's lease and how far it has come are one document, so that who lost the lease can't
// write its progress. The server's clock decides when a lease has run out.
const indexerLease = "indexer"

// lease is the indexer's lease as it lies in the database.
type lease struct {
	Holder    string            `json:"holder"`
	ExpiresAt time.Time         `json:"expiresAt"`
	State     coding.IndexState `json:"state"`
}

// until is a server-side expression for the end of a lease.
func until(ttl time.Duration) bson.D {
	return bson.D{{Key: "$add", Value: bson.A{"$$NOW", ttl.Milliseconds()}}}
}

// TakeLease makes holder the only indexer for a time, and gives how far the one before came. It returns
// Conflict (lease_taken) while another holds the lease.
func (d *DB) TakeLease(ctx context.Context, holder string, ttl time.Duration) (coding.IndexState, error) {
	leases := d.db.Collection("leases")
	free := bson.D{{Key: "_id", Value: indexerLease}, {Key: "$or", Value: bson.A{
		bson.D{{Key: "holder", Value: holder}},
		bson.D{{Key: "$expr", Value: bson.D{{Key: "$lt", Value: bson.A{"$expiresAt", "$$NOW"}}}}},
	}}}
	take := bson.A{bson.D{{Key: "$set", Value: bson.D{{Key: "holder", Value: holder}, {Key: "expiresAt", Value: until(ttl)}}}}}
	var l lease
	err := leases.FindOneAndUpdate(ctx, free, take).Decode(&l)
	if !errors.Is(err, mongo.ErrNoDocuments) {
		return l.State, translate(err)
	}
	// An upsert can't compare with the server's clock, so the first lease is an insert.
	_, err = leases.InsertOne(ctx, bson.D{{Key: "_id", Value: indexerLease}, {Key: "holder", Value: ""}, {Key: "expiresAt", Value: time.Unix(0, 0)}})
	if mongo.IsDuplicateKeyError(err) {
		return l.State, models.Conflict("lease_taken", "Another process keeps the search index.").Because(err)
	}
	if err != nil {
		return l.State, translate(err)
	}
	return d.TakeLease(ctx, holder, ttl)
}

// KeepLease holds the lease for longer and writes how far its holder has come. It returns Conflict
// (lease_lost) when another has taken it.
func (d *DB) KeepLease(ctx context.Context, holder string, ttl time.Duration, s coding.IndexState) error {
	result, err := d.db.Collection("leases").UpdateOne(ctx, bson.D{{Key: "_id", Value: indexerLease}, {Key: "holder", Value: holder}},
		bson.A{bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: bson.D{{Key: "$literal", Value: s}}}, {Key: "expiresAt", Value: until(ttl)}}}}})
	if err == nil && result.MatchedCount == 0 {
		return models.Conflict("lease_lost", "Another process keeps the search index now.")
	}
	return translate(err)
}

// LeaveLease lets another process take the lease at once.
func (d *DB) LeaveLease(ctx context.Context, holder string) error {
	_, err := d.db.Collection("leases").UpdateOne(ctx, bson.D{{Key: "_id", Value: indexerLease}, {Key: "holder", Value: holder}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "holder", Value: ""}, {Key: "expiresAt", Value: time.Unix(0, 0)}}}})
	return translate(err)
}

// IndexState gives how far the index has followed the events, whoever keeps it.
func (d *DB) IndexState(ctx context.Context) (coding.IndexState, error) {
	var l lease
	err := d.db.Collection("leases").FindOne(ctx, bson.D{{Key: "_id", Value: indexerLease}}).Decode(&l)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return l.State, nil
	}
	return l.State, translate(err)
}

// EventsAfter counts up to limit events with a later id, and gives the time of the first of them.
func (d *DB) EventsAfter(ctx context.Context, id models.ID, limit int) (int, time.Time, error) {
	found, err := find[struct {
		At time.Time `json:"at"`
	}](ctx, d.db.Collection("events"), bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: id}}}},
		options.Find().SetSort(asc("_id")).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "at", Value: 1}}))
	if err != nil || len(found) == 0 {
		return 0, time.Time{}, err
	}
	return len(found), found[0].At, nil
}

// Spaces gives every space there is, also those in the bin.
func (d *DB) Spaces(ctx context.Context) ([]models.ID, error) {
	return d.ids(ctx, d.projects.c, bson.D{{Key: "purgedAt", Value: nil}})
}

// IndexEntries gives the indexes that were made: those of a space, or all where that is empty.
func (d *DB) IndexEntries(ctx context.Context, space models.ID) ([]coding.IndexEntry, error) {
	filter := bson.D{}
	if space != "" {
		filter = bson.D{{Key: "spaceId", Value: space}}
	}
	return find[coding.IndexEntry](ctx, d.db.Collection("indexes"), filter)
}

// KeepIndexEntry remembers an index.
func (d *DB) KeepIndexEntry(ctx context.Context, e coding.IndexEntry) error {
	_, err := d.db.Collection("indexes").ReplaceOne(ctx, bson.D{{Key: "_id", Value: e.UID}}, e, options.Replace().SetUpsert(true))
	return translate(err)
}

// DropIndexEntry forgets an index.
func (d *DB) DropIndexEntry(ctx context.Context, uid string) error {
	_, err := d.db.Collection("indexes").DeleteOne(ctx, bson.D{{Key: "_id", Value: uid}})
	return translate(err)
}

// AskRebuild asks whoever keeps the index to build that of a space anew.
func (d *DB) AskRebuild(ctx context.Context, space models.ID) error {
	_, err := d.db.Collection("rebuilds").UpdateOne(ctx, bson.D{{Key: "_id", Value: space}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "ask", Value: models.NewID()}}}}, options.UpdateOne().SetUpsert(true))
	return translate(err)
}

// Rebuilds gives the spaces whose index is to be built anew, each with what identifies the last ask.
func (d *DB) Rebuilds(ctx context.Context) (map[models.ID]models.ID, error) {
	found, err := find[struct {
		ID  models.ID `bson:"_id"`
		Ask models.ID `json:"ask"`
	}](ctx, d.db.Collection("rebuilds"), bson.D{})
	out := make(map[models.ID]models.ID, len(found))
	for _, f := range found {
		out[f.ID] = f.Ask
	}
	return out, err
}

// DropRebuild says that an ask was met; one that came later stays.
func (d *DB) DropRebuild(ctx context.Context, space, ask models.ID) error {
	_, err := d.db.Collection("rebuilds").DeleteOne(ctx, bson.D{{Key: "_id", Value: space}, {Key: "ask", Value: ask}})
	return translate(err)
}
