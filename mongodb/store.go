package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

var _ coding.Store = (*DB)(nil)

// Membership finds a user's live membership of a space.
func (d *DB) Membership(ctx context.Context, space, user models.ID) (*models.Member, error) {
	return d.members.one(ctx, bson.D{{Key: "spaceId", Value: space}, {Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}

// Memberships lists all live memberships of a user.
func (d *DB) Memberships(ctx context.Context, user models.ID) ([]*models.Member, error) {
	return find[*models.Member](ctx, d.members.c, bson.D{{Key: "userId", Value: user}, {Key: "deletedAt", Value: nil}})
}

// RoundLayers gives the rounds that went blind, without what doesn't say who sees what.
func (d *DB) RoundLayers(ctx context.Context, space models.ID) ([]*models.Round, error) {
	sealed := bson.D{{Key: "$in", Value: bson.A{"$state", bson.A{models.RoundBlind, models.RoundLocked}}}}
	return find[*models.Round](ctx, d.rounds.c,
		bson.D{{Key: "spaceId", Value: space}, {Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{models.RoundBlind, models.RoundLocked, models.RoundRevealed}}}}, {Key: "deletedAt", Value: nil}},
		options.Find().SetProjection(bson.D{
			{Key: "state", Value: 1},
			{Key: "coderIds", Value: 1},
			{Key: "readAlong", Value: 1},
			{Key: "noteIds", Value: bson.D{{Key: "$cond", Value: bson.A{sealed, "$noteIds", bson.A{}}}}},
		}))
}

// SavedSearchesOf lists what a user saved, in whatever space.
func (d *DB) SavedSearchesOf(ctx context.Context, user models.ID) ([]*models.SavedSearch, error) {
	return find[*models.SavedSearch](ctx, d.searches.c, bson.D{{Key: "createdBy", Value: user}})
}

// find gives all documents that match.
func find[T any](ctx context.Context, c *mongo.Collection, filter any, o ...options.Lister[options.FindOptions]) ([]T, error) {
	cursor, err := c.Find(ctx, filter, o...)
	if err != nil {
		return nil, translate(err)
	}
	out, err := all[T](ctx, cursor)
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

// HiddenNotes gives the notes in the bin and the drafts of others; for a guest also the notes of other
// submissions, of which there are none where there are members.
func (d *DB) HiddenNotes(ctx context.Context, space models.ID, viewer models.Viewer) ([]models.ID, error) {
	binned, err := d.ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "deletedAt", Value: bson.D{{Key: "$exists", Value: true}, {Key: "$ne", Value: nil}}}, {Key: "purgedAt", Value: nil}})
	if err != nil {
		return nil, err
	}
	drafts, err := d.ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "draft", Value: true}, {Key: "authorId", Value: bson.D{{Key: "$ne", Value: viewer.UserID}}}})
	if err != nil || viewer.Guest == nil || viewer.Guest.All {
		return append(binned, drafts...), err
	}
	others, err := d.ids(ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "partyId", Value: bson.D{{Key: "$exists", Value: true}, {Key: "$ne", Value: viewer.Guest.Party}}}})
	return slices.Concat(binned, drafts, others), err
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

// NotesByHash gives the live notes made from files with these bytes.
func (d *DB) NotesByHash(ctx context.Context, space models.ID, sha256 []string) ([]*models.Note, error) {
	return find[*models.Note](ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "file.sha256", Value: bson.D{{Key: "$in", Value: sha256}}}, {Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}, {Key: "deletedAt", Value: nil}})
}

// NotesByFile gives the live notes made from files of this name.
func (d *DB) NotesByFile(ctx context.Context, space models.ID, name string) ([]*models.Note, error) {
	return find[*models.Note](ctx, d.notes.c, bson.D{{Key: "spaceId", Value: space}, {Key: "file.name", Value: name}, {Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}, {Key: "deletedAt", Value: nil}})
}

// CodingsBehind gives codings of a note whose anchors lie in an older text than version, all of them if limit is 0.
func (d *DB) CodingsBehind(ctx context.Context, space, note models.ID, version, limit int) ([]*models.Coding, error) {
	return find[*models.Coding](ctx, d.codings.c, bson.D{
		{Key: "noteId", Value: note},
		{Key: "layer", Value: models.LayerOpen},
		{Key: "spaceId", Value: space},
		{Key: "deletedAt", Value: nil},
		{Key: "anchor.textVersion", Value: bson.D{{Key: "$lt", Value: version}}},
	}, options.Find().SetSort(asc("anchor.start", "anchor.end", "_id")).SetLimit(int64(limit)))
}

// Erase removes the words of records for good: texts of notes and drafts of edits among them, images in
// events, kept answers, and notices about them.
func (d *DB) Erase(ctx context.Context, space models.ID, ids []models.ID) error {
	in := bson.D{{Key: "$in", Value: ids}}
	if _, err := d.db.Collection("texts").DeleteMany(ctx, bson.D{{Key: "noteId", Value: in}, {Key: "spaceId", Value: space}}); err != nil {
		return translate(err)
	}
	if _, err := d.db.Collection("drafts").DeleteMany(ctx, bson.D{{Key: "noteId", Value: in}, {Key: "spaceId", Value: space}}); err != nil {
		return translate(err)
	}
	if _, err := d.db.Collection("roundMarks").DeleteMany(ctx, bson.D{{Key: "noteId", Value: in}, {Key: "spaceId", Value: space}}); err != nil {
		return translate(err)
	}
	if err := d.forgetVersions(ctx, in); err != nil {
		return err
	}
	gone := bson.D{{Key: "$unset", Value: bson.D{{Key: "before", Value: ""}, {Key: "after", Value: ""}}}}
	if _, err := d.db.Collection("events").UpdateMany(ctx, bson.D{{Key: "recordId", Value: in}, {Key: "spaceId", Value: space}}, gone); err != nil {
		return translate(err)
	}
	if len(ids) > 0 {
		if err := d.DropNotices(ctx, coding.NoticeQuery{SpaceID: space, About: ids}); err != nil {
			return err
		}
	}
	_, err := d.db.Collection("answers").UpdateMany(ctx, bson.D{{Key: "subjects", Value: in}}, bson.D{{Key: "$unset", Value: bson.D{{Key: "body", Value: ""}}}})
	return translate(err)
}

// EraseSpace removes everything of a space but its project's tombstone and its history without images.
func (d *DB) EraseSpace(ctx context.Context, space models.ID) error {
	if err := d.cancelUploads(ctx, space); err != nil {
		return err
	}
	files, err := d.FilesOf(ctx, space)
	if err != nil {
		return err
	}
	if err := d.DropFiles(ctx, files...); err != nil {
		return err
	}
	filter := bson.D{{Key: "spaceId", Value: space}}
	for _, name := range []string{
		"members", "sites", "participants", "notes", "texts", "codes", "codings", "memos", "links", "comments", "inbox", "presence", "rounds", "roundMarks",
		"savedSearches", "invitations", "drafts", "uploads", "usages", "guards",
	} {
		if _, err := d.db.Collection(name).DeleteMany(ctx, filter); err != nil {
			return fmt.Errorf("erase %s: %w", name, translate(err))
		}
	}
	_, err = d.db.Collection("events").UpdateMany(ctx, filter, bson.D{{Key: "$unset", Value: bson.D{{Key: "before", Value: ""}, {Key: "after", Value: ""}}}})
	if err != nil {
		return translate(err)
	}
	if _, err = d.db.Collection("answers").DeleteMany(ctx, bson.D{{Key: "subjects", Value: space}}); err != nil {
		return translate(err)
	}
	return d.eraseExercise(ctx, space)
}

// Binned gives records that have lain in the bin since before at.
func (d *DB) Binned(ctx context.Context, at time.Time, limit int) ([]coding.BinnedRecord, error) {
	var out []coding.BinnedRecord
	for noun, c := range map[models.Noun]*mongo.Collection{
		models.NounProject: d.projects.c, models.NounNote: d.notes.c, models.NounSite: d.sites.c,
		models.NounParticipant: d.participants.c, models.NounCode: d.codes.c, models.NounMemo: d.memos.c,
		models.NounCoding: d.codings.c, models.NounLink: d.links.c, models.NounComment: d.comments.c,
		models.NounRound: d.rounds.c,
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
