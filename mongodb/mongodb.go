// Package mongodb keeps the records of Feltbog in MongoDB. It implements the stores that coding and
// auth ask for; it knows nothing of HTTP. Fields are named in BSON as in JSON, ids are strings.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"feltbog/models"
)

// DB is one database with its collections and indexes in place. It is safe for concurrent use.
type DB struct {
	client *mongo.Client
	db     *mongo.Database
	files  *mongo.GridFSBucket
	nouns
}

// Open connects to MongoDB and makes the collections and indexes that are missing. It waits for the
// engine until ctx ends. The engine must be a replica set: transactions and change streams need one.
// What uri says of the pool's size and of waiting for a server stands before what is set here.
func Open(ctx context.Context, uri, database string) (*DB, error) {
	o := options.Client().SetServerSelectionTimeout(5 * time.Second).SetMaxPoolSize(200).ApplyURI(uri).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).
		SetBSONOptions(&options.BSONOptions{UseJSONStructTags: true, NilSliceAsEmpty: true, OmitZeroStruct: true})
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	d := &DB{client: client, db: client.Database(database)}
	d.files = d.db.GridFSBucket(options.GridFSBucket().SetName("files"))
	d.nouns = d.makeNouns()
	if err := d.prepareOnceThere(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare database %s: %w", database, err), client.Disconnect(context.WithoutCancel(ctx)))
	}
	return d, nil
}

// prepareOnceThere prepares the database, again and again while the engine doesn't answer.
func (d *DB) prepareOnceThere(ctx context.Context) error {
	for {
		err := d.prepare(ctx)
		if models.KindOf(err) != models.KindUnavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Close ends all connections.
func (d *DB) Close(ctx context.Context) error { return d.client.Disconnect(ctx) }

// Name is the database's name.
func (d *DB) Name() string { return d.db.Name() }

// Ping says whether the primary answers.
func (d *DB) Ping(ctx context.Context) error {
	return translate(d.db.RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err())
}

// Drop removes the whole database; tests and the benchmark clean up with it.
func (d *DB) Drop(ctx context.Context) error { return translate(d.db.Drop(ctx)) }

// Tx runs fn in one transaction, again from the start when it met another writer. Inside a
// transaction it joins that one.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if d.InTx(ctx) {
		return fn(ctx)
	}
	session, err := d.client.StartSession()
	if err != nil {
		return translate(err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	ctx, cancel := context.WithTimeout(ctx, txPatience)
	defer cancel()
	for {
		err := attempt(ctx, session, fn)
		if !labelled(err, "TransientTransactionError") || ctx.Err() != nil {
			return translate(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(rand.N(10 * time.Millisecond)):
		}
	}
}

// InTx says whether ctx is that of a transaction.
func (d *DB) InTx(ctx context.Context) bool { return mongo.SessionFromContext(ctx) != nil }

// txPatience bounds a transaction with all its repetitions where the caller doesn't.
const txPatience = 2 * time.Minute

// attempt runs fn in a transaction and commits it. The driver's own WithTransaction goes on committing
// for two minutes while the engine is away, whatever ctx says.
func attempt(ctx context.Context, session *mongo.Session, fn func(ctx context.Context) error) error {
	err := session.StartTransaction(options.Transaction().SetReadConcern(readconcern.Snapshot()).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		return err
	}
	if err = fn(mongo.NewSessionContext(ctx, session)); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		aborting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = session.AbortTransaction(aborting) // or the engine does it by itself
		return err
	}
	// Whoever asked may go away now, but a commit that never arrives would leave the transaction open, and
	// all that it wrote locked, for a minute.
	deadline, _ := ctx.Deadline()
	committing, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	for {
		err := session.CommitTransaction(committing)
		if !labelled(err, "UnknownTransactionCommitResult") || ctx.Err() != nil {
			return err
		}
	}
}

// labelled says whether the engine or the driver has put a label on an error.
func labelled(err error, label string) bool {
	var e mongo.LabeledError
	return errors.As(err, &e) && e.HasErrorLabel(label)
}

// translate turns an engine's error into one that callers can act on. Errors that ask for the
// transaction to be run again pass through unchanged while it runs, since the driver looks at them.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*models.Error](err); ok {
		return err
	}
	var server mongo.ServerError
	if errors.As(err, &server) && (server.HasErrorLabel("TransientTransactionError") || server.HasErrorLabel("UnknownTransactionCommitResult")) {
		return &busyError{err}
	}
	switch {
	case mongo.IsDuplicateKeyError(err):
		return duplicate(err)
	case mongo.IsTimeout(err), mongo.IsNetworkError(err), errors.Is(err, mongo.ErrClientDisconnected), unavailable(err):
		return models.Unavailable("store_unavailable", "The database doesn't answer just now. Nothing was lost; try again in a moment.", err)
	}
	return err
}

// busyError is a passing fault of a transaction: the driver sees the engine's own error in it and
// tries again; if it gives up, callers see that the store was unavailable.
type busyError struct{ error }

func (e *busyError) Unwrap() error { return e.error }

// As lets callers see the fault as models.Unavailable.
func (e *busyError) As(target any) bool {
	if t, ok := target.(**models.Error); ok {
		*t = models.Unavailable("store_unavailable", "The database is busy just now. Nothing was lost; try again in a moment.", e.error)
		return true
	}
	return false
}

// unavailable knows the server's codes for "not now": shutting down, no primary, out of disk space.
func unavailable(err error) bool {
	var server mongo.ServerError
	if !errors.As(err, &server) {
		// The driver's own errors about connections have no common type that can be asked for.
		return slices.ContainsFunc([]string{"server selection error", "connection pool", "connection("}, func(part string) bool {
			return strings.Contains(err.Error(), part)
		})
	}
	return slices.ContainsFunc([]int{ // src/mongo/base/error_codes.yml
		91,    // ShutdownInProgress
		189,   // PrimarySteppedDown
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11602, // InterruptedDueToReplStateChange
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
		14031, // OutOfDiskSpace
		64,    // WriteConcernFailed
		50,    // MaxTimeMSExpired
		24,    // LockTimeout
	}, server.HasErrorCode)
}

// duplicate names the rule that a write broke, by the index it met.
func duplicate(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "index: coding_once_on_words"):
		return models.Conflict("coding_exists", "This code is on these words already.").Because(err)
	case strings.Contains(text, "index: code_key"):
		return models.Conflict("code_key_taken", "Another code has this key.", models.Field{Pointer: "/key", Problem: "taken"}).Because(err)
	case strings.Contains(text, "index: note_released"):
		return models.Conflict("note_released", "This note was released to the exercise at the same moment.").Because(err)
	case strings.Contains(text, "index: member_once"):
		return models.Conflict("member_exists", "This person is a member already.").Because(err)
	case strings.Contains(text, "index: course_member_once"):
		return models.Conflict("member_exists", "This person is a member already.").Because(err)
	case strings.Contains(text, "index: user_email"):
		return models.Conflict("email_taken", "There is an account with this e-mail already.", models.Field{Pointer: "/email", Problem: "taken"}).Because(err)
	}
	return models.Conflict("id_taken", "This id has been used before.", models.Field{Pointer: "/id", Problem: "taken"}).Because(err)
}

// index describes one index of a collection.
type index struct {
	collection string
	name       string
	keys       bson.D
	unique     bool
	partial    bson.D
	ttl        time.Duration
}

func asc(fields ...string) bson.D {
	d := make(bson.D, len(fields))
	for i, f := range fields {
		order := 1
		if strings.HasPrefix(f, "-") {
			f, order = f[1:], -1
		}
		d[i] = bson.E{Key: f, Value: order}
	}
	return d
}

// live selects what isn't in the bin; a partial index over it leaves the bin out of uniqueness.
var live = bson.D{{Key: "deletedAt", Value: nil}}

// onWords selects the live codings that aren't up for review.
var onWords = append(bson.D{{Key: "review", Value: false}}, live...)

// indexes are all indexes beside those by id. Each begins with the space (or the note), which is
// also the shard key in docs/scale.md.
var indexes = []index{
	{collection: "users", name: "user_email", keys: asc("emailKey"), unique: true},
	{collection: "sessions", name: "session_user", keys: asc("userId")},
	{collection: "sessions", name: "session_expiry", keys: asc("expiresAt"), ttl: time.Second},
	{collection: "tokens", name: "token_hash", keys: asc("hash"), unique: true},
	{collection: "tokens", name: "token_user", keys: asc("userId", "-createdAt", "-_id")},
	{collection: "tokens", name: "token_expiry", keys: asc("expiresAt"), ttl: 30 * 24 * time.Hour}, // until then the list says that it expired
	{collection: "members", name: "member_once", keys: asc("spaceId", "userId"), unique: true, partial: live},
	{collection: "members", name: "member_joined", keys: asc("spaceId", "createdAt", "_id")},
	{collection: "members", name: "member_user", keys: asc("userId")},
	{collection: "sites", name: "site_space", keys: asc("spaceId", "_id")},
	{collection: "participants", name: "participant_space", keys: asc("spaceId", "pseudonym", "_id")},
	{collection: "notes", name: "note_observed", keys: asc("spaceId", "observedOn", "_id")},
	{collection: "notes", name: "note_site", keys: asc("spaceId", "siteId", "observedOn", "_id")},
	{collection: "notes", name: "note_original", keys: asc("file.id"), partial: bson.D{{Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_attachments", keys: asc("attachments.id"), partial: bson.D{{Key: "attachments", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_file", keys: asc("spaceId", "file.sha256"), partial: bson.D{{Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_file_name", keys: asc("spaceId", "file.name"), partial: bson.D{{Key: "file", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_earlier_file", keys: asc("earlierFiles.id"), partial: bson.D{{Key: "earlierFiles", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_hidden", keys: asc("spaceId", "authorId"), partial: bson.D{{Key: "draft", Value: true}}},
	{collection: "notes", name: "note_bin", keys: asc("spaceId", "deletedAt"), partial: bson.D{{Key: "deletedAt", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "texts", name: "text_note", keys: asc("noteId", "-textVersion")},
	{collection: "codes", name: "code_key", keys: asc("spaceId", "key"), unique: true, partial: live},
	{collection: "codes", name: "code_order", keys: asc("spaceId", "position", "_id")},
	// Places are compared within one version of the text: in another, the same numbers may be other words.
	// A coding whose words are gone lies beside others that lost theirs in the same edit.
	{collection: "codings", name: "coding_once_on_words", keys: asc("noteId", "layer", "anchor.start", "anchor.end", "codeId", "coderId", "anchor.textVersion"), unique: true, partial: onWords},
	{collection: "codings", name: "coding_note", keys: asc("noteId", "layer", "anchor.start", "anchor.end", "codeId", "coderId", "_id"), partial: live},
	{collection: "codings", name: "coding_recent", keys: asc("spaceId", "layer", "-createdAt", "-_id")},
	{collection: "codings", name: "coding_code", keys: asc("spaceId", "codeId", "-createdAt", "-_id")},
	{collection: "memos", name: "memo_space", keys: asc("spaceId", "_id")},
	{collection: "memos", name: "memo_target", keys: asc("target.id")},
	{collection: "memos", name: "memo_note", keys: asc("noteId")},
	{collection: "links", name: "link_from", keys: asc("spaceId", "fromId")},
	{collection: "links", name: "link_to", keys: asc("spaceId", "toId")},
	{collection: "rounds", name: "round_space", keys: asc("spaceId", "state")},
	{collection: "rounds", name: "round_notes", keys: asc("noteIds")},
	{collection: "comments", name: "comment_space", keys: asc("spaceId", "layer", "createdAt", "_id")},
	{collection: "comments", name: "comment_coding", keys: asc("codingId", "createdAt", "_id")},
	{collection: "comments", name: "comment_note", keys: asc("noteId", "createdAt", "_id")},
	{collection: "inbox", name: "notice_once", keys: asc("userId", "cause", "noteId"), unique: true},
	{collection: "inbox", name: "notice_user", keys: asc("userId", "-_id")},
	{collection: "inbox", name: "notice_space", keys: asc("spaceId", "_id")},
	{collection: "inbox", name: "notice_note", keys: asc("noteId")},
	{collection: "inbox", name: "notice_coding", keys: asc("codingId")},
	{collection: "inbox", name: "notice_comment", keys: asc("commentId")},
	{collection: "inbox", name: "notice_round", keys: asc("roundId")},
	{collection: "inbox", name: "notice_cause", keys: asc("cause")},
	{collection: "inbox", name: "notice_expiry", keys: asc("expiresAt"), ttl: time.Second},
	{collection: "presence", name: "presence_space", keys: asc("spaceId", "at")},
	{collection: "presence", name: "presence_user", keys: asc("userId")},
	{collection: "presence", name: "presence_age", keys: asc("at"), ttl: models.PresenceFor},
	{collection: "rounds", name: "round_recent", keys: asc("spaceId", "-createdAt", "-_id")},
	{collection: "roundMarks", name: "round_mark_round", keys: asc("spaceId", "roundId", "coderId")},
	{collection: "roundMarks", name: "round_mark_note", keys: asc("noteId")},
	{collection: "savedSearches", name: "saved_search_space", keys: asc("spaceId", "createdBy")},
	{collection: "savedSearches", name: "saved_search_user", keys: asc("createdBy")},
	{collection: "invitations", name: "invitation_secret", keys: asc("secretHash"), unique: true},
	{collection: "invitations", name: "invitation_space", keys: asc("spaceId", "-createdAt", "-_id")},
	{collection: "invitations", name: "invitation_email", keys: asc("emailKey")},
	// Long enough to look up who was invited; then the addresses go.
	{collection: "invitations", name: "invitation_expiry", keys: asc("expiresAt"), ttl: 180 * 24 * time.Hour},
	{collection: "resets", name: "reset_user", keys: asc("userId")},
	{collection: "resets", name: "reset_expiry", keys: asc("expiresAt"), ttl: time.Second},
	{collection: "events", name: "event_known", keys: asc("spaceId", "_id", "audience", "blind")},
	// Rounds name their layers by ids, all of which sort before the open one.
	{collection: "events", name: "event_round", keys: asc("spaceId", "layer", "_id"), partial: bson.D{{Key: "layer", Value: bson.D{{Key: "$lt", Value: models.LayerOpen}}}}},
	{collection: "drafts", name: "draft_space", keys: asc("spaceId", "authorId")},
	{collection: "drafts", name: "draft_author", keys: asc("authorId")},
	{collection: "drafts", name: "draft_note", keys: asc("noteId")},
	{collection: "uploads", name: "upload_space", keys: asc("spaceId", "authorId", "createdAt", "_id")},
	{collection: "uploads", name: "upload_author", keys: asc("authorId")},
	{collection: "uploads", name: "upload_archive", keys: asc("archiveId")},
	{collection: "uploads", name: "upload_version", keys: asc("document.versionOf.noteId"), partial: bson.D{{Key: "document.versionOf.noteId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "uploads", name: "upload_state", keys: asc("state", "createdAt", "_id")},
	{collection: "uploads", name: "upload_expiry", keys: asc("expiresAt")},
	{collection: "uploads", name: "upload_file", keys: asc("fileId")},
	{collection: "uploads", name: "upload_preview", keys: asc("previewId")},
	{collection: "events", name: "event_record", keys: asc("recordId", "_id")},
	{collection: "events", name: "event_note", keys: asc("noteId", "_id")},
	{collection: "events", name: "event_batch", keys: asc("batch", "_id")},
	{collection: "usages", name: "usage_space", keys: asc("spaceId", "layer", "codeId")},
	{collection: "usages", name: "usage_note", keys: asc("noteId")},
	{collection: "usages", name: "usage_coder", keys: asc("spaceId", "coderId")},
	{collection: "files.files", name: "filename_1_uploadDate_1", keys: asc("filename", "uploadDate")},
	{collection: "files.chunks", name: "files_id_1_n_1", keys: asc("files_id", "n"), unique: true},
	{collection: "guards", name: "guard_space", keys: asc("spaceId")},
	{collection: "answers", name: "answer_age", keys: asc("at"), ttl: 30 * 24 * time.Hour},
	{collection: "answers", name: "answer_subject", keys: asc("subjects")},
	{collection: "jobs", name: "job_age", keys: asc("at")},
	{collection: "courseMembers", name: "course_member_once", keys: asc("spaceId", "userId"), unique: true, partial: append(bson.D{{Key: "userId", Value: bson.D{{Key: "$gt", Value: ""}}}}, live...)},
	{collection: "courseMembers", name: "course_member_number", keys: asc("spaceId", "number"), unique: true},
	{collection: "courseMembers", name: "course_member_user", keys: asc("userId")},
	{collection: "courseMembers", name: "course_member_email", keys: asc("spaceId", "emailKey")},
	{collection: "courseMembers", name: "course_member_claim", keys: asc("claim"), partial: bson.D{{Key: "claim", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "courseMembers", name: "course_member_erasing", keys: asc("erasing"), partial: bson.D{{Key: "erasing", Value: true}}},
	{collection: "courses", name: "course_secret", keys: asc("join.secret"), unique: true, partial: bson.D{{Key: "join.secret", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "courses", name: "course_code", keys: asc("join.code"), unique: true, partial: bson.D{{Key: "join.code", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "groups", name: "group_course", keys: asc("spaceId", "_id")},
	{collection: "notes", name: "note_party", keys: asc("spaceId", "partyId", "_id"), partial: bson.D{{Key: "partyId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_released", keys: asc("spaceId", "release.noteId"), unique: true, partial: append(bson.D{{Key: "release.noteId", Value: bson.D{{Key: "$exists", Value: true}}}}, live...)},
	{collection: "notes", name: "note_copies", keys: asc("release.spaceId", "release.noteId"), partial: bson.D{{Key: "release.noteId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "notes", name: "note_people", keys: asc("release.participants.id"), partial: bson.D{{Key: "release.noteId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "exercises", name: "exercise_course", keys: asc("spaceId", "_id")},
	{collection: "submissions", name: "submission_member", keys: asc("spaceId", "memberId"), unique: true, partial: bson.D{{Key: "memberId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "submissions", name: "submission_group", keys: asc("spaceId", "groupId"), unique: true, partial: bson.D{{Key: "groupId", Value: bson.D{{Key: "$exists", Value: true}}}}},
	{collection: "submissions", name: "submission_course", keys: asc("courseId")},
	{collection: "exerciseAnswers", name: "answer_submission", keys: asc("submissionId")},
	{collection: "exerciseAnswers", name: "answer_exercise", keys: asc("exerciseId", "updatedAt")},
	{collection: "exerciseAnswers", name: "answer_note", keys: asc("evidence.noteId")},
	{collection: "handIns", name: "hand_in_submission", keys: asc("submissionId", "number"), unique: true},
	{collection: "handIns", name: "hand_in_exercise", keys: asc("exerciseId", "submissionId", "number", "at", "late")},
	{collection: "handIns", name: "hand_in_note", keys: asc("answers.evidence.noteId")},
	{collection: "feedbacks", name: "feedback_exercise", keys: asc("spaceId")},
}

// retired are the indexes of earlier versions that would be in the way.
var retired = []index{
	{collection: "codings", name: "coding_once"},
	{collection: "codings", name: "coding_once_in_text"},
	{collection: "events", name: "event_space"},
	{collection: "events", name: "event_seen"},
}

// prepare makes what is missing. Making an index that exists is a look-up, so all of it is asked for
// at each start, in one command a collection.
func (d *DB) prepare(ctx context.Context) error {
	byCollection := map[string]bson.A{}
	var order []string
	for _, ix := range indexes {
		spec := bson.D{{Key: "key", Value: ix.keys}, {Key: "name", Value: ix.name}}
		if ix.unique {
			spec = append(spec, bson.E{Key: "unique", Value: true})
		}
		if ix.partial != nil {
			spec = append(spec, bson.E{Key: "partialFilterExpression", Value: ix.partial})
		}
		if ix.ttl != 0 {
			spec = append(spec, bson.E{Key: "expireAfterSeconds", Value: int(ix.ttl.Seconds())})
		}
		if byCollection[ix.collection] == nil {
			order = append(order, ix.collection)
		}
		byCollection[ix.collection] = append(byCollection[ix.collection], spec)
	}
	for _, name := range order {
		err := d.db.RunCommand(ctx, bson.D{{Key: "createIndexes", Value: name}, {Key: "indexes", Value: byCollection[name]}}).Err()
		if err != nil {
			return fmt.Errorf("indexes of %s: %w", name, translate(err))
		}
	}
	const notThere = 27
	for _, ix := range retired {
		err := d.db.RunCommand(ctx, bson.D{{Key: "dropIndexes", Value: ix.collection}, {Key: "index", Value: ix.name}}).Err()
		if e, ok := errors.AsType[mongo.CommandError](err); err != nil && (!ok || e.Code != notThere) {
			return fmt.Errorf("index %s: %w", ix.name, translate(err))
		}
	}
	return d.showPresence(ctx)
}

// showPresence says of accounts from before people could choose that others see where they read.
func (d *DB) showPresence(ctx context.Context) error {
	_, err := d.users().UpdateMany(ctx, bson.D{{Key: "showPresence", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "showPresence", Value: true}}}})
	return translate(err)
}
