package coding

import (
	"context"
	"io"
	"time"

	"feltbog/models"
)

// Where selects records by their fields, named as in JSON: a field equals the value, or is one of
// the values where a slice is given, or is as Bounds or Present say.
type Where map[string]any

// Bounds is a value of a Where: the field lies from From to To, inclusively, of the same type as they
// are; nil is open. With In it is also one of those.
type Bounds struct {
	From, To any
	In       []any
}

// Present is a value of a Where: the field is there.
type Present struct{}

// Query selects and orders the records of a list.
type Query struct {
	Where Where
	// Any selects records of which at least one field equals the value.
	Any Where
	// Order names fields, each with a leading minus for descending; the id is always added last. Nil means by id.
	Order []string
	// Viewer, if set, hides what is for others' eyes only: drafts of notes, private memos, and notes that the
	// people of another submission brought.
	Viewer models.Viewer
	// NotNotes hides what hangs on these notes, by the field NoteField; noteId if that is empty.
	NotNotes  []models.ID
	NoteField string
	// From and To bound the field Range names, inclusively; an empty bound is open.
	Range    string
	From, To string
	// Bin asks for what lies in the bin instead of what is live.
	Bin bool
}

// Records keeps one noun. Find and List see live records only, FindAny also what lies in the bin;
// a tombstone is never found. They return NotFound, Conflict (id_taken, or a uniqueness rule),
// Stale and Unavailable.
type Records[R models.Record] interface {
	Find(ctx context.Context, space, id models.ID) (R, error)
	FindAny(ctx context.Context, space, id models.ID) (R, error)
	// All gives every live record that q selects, at most limit; one more than limit is TooLarge's business, not the store's.
	All(ctx context.Context, space models.ID, q Query, limit int) ([]R, error)
	List(ctx context.Context, space models.ID, q Query, p models.Page) (models.List[R], error)
	Insert(ctx context.Context, records ...R) error
	// Replace writes a record whose version in the store is still seen.
	Replace(ctx context.Context, record R, seen int) error
	// Entomb leaves only tombstones of the records: id, space and who purged them when.
	Entomb(ctx context.Context, space models.ID, ids []models.ID, by models.ID, at time.Time) error
}

// Usage counts the codings of one coder with one code on one note in one layer, and remembers that
// the three were found fit to be coded: while Settled, nothing has happened to the member, the note or
// the code since, and a coding needs no further look at them.
type Usage struct {
	SpaceID     models.ID    `json:"spaceId"`
	Layer       models.Layer `json:"layer"`
	NoteID      models.ID    `json:"noteId"`
	CodeID      models.ID    `json:"codeId"`
	CoderID     models.ID    `json:"coderId"`
	Count       int          `json:"count"`
	Settled     bool         `json:"settled"`
	TextVersion int          `json:"textVersion"`
	Audience    models.ID    `json:"audience"`
}

// Answer is the first answer to a request that may be repeated, kept for 30 days. Body is nil once
// what it told of was purged.
type Answer struct {
	UserID   models.ID
	KeyID    models.ID
	Hash     string
	Body     []byte
	Subjects []models.ID
	At       time.Time
}

// Within says which codings are counted: those of a layer, outside some notes, by one coder if any is named.
type Within struct {
	Layer    models.Layer
	NotNotes []models.ID
	CoderID  models.ID
}

// EventQuery selects events of a space for a viewer, newest first.
type EventQuery struct {
	// ID, if set, selects one event.
	ID     models.ID
	Viewer models.ID
	// Veiled are the notes on which the viewer sees nothing of the open layer, Whole the other layers
	// in which they see more than their own.
	Veiled []models.ID
	Whole  []models.Layer
	// Layer, if set, selects the events of one layer; of what is in no layer, the open one tells.
	Layer    models.Layer
	Nouns    []models.Noun
	Verb     models.Verb
	RecordID models.ID
	// RecordIDs, if set, selects the events of any of these.
	RecordIDs []models.ID
	NoteID    models.ID
	ActorID   models.ID
	Batch     models.ID
	// Since and Until bound when the events were recorded, to the millisecond; Until leaves its own out.
	Since, Until time.Time
	// Everything leaves nothing out that only another user may know of. It is for the server's own
	// deeds, never for an answer.
	Everything bool
	// Oldest turns the order around.
	Oldest bool
}

// NoticeQuery selects notices by reader and space, and with About those about any of these records or
// caused by them. What is empty selects all, but nothing at all selects none.
type NoticeQuery struct {
	UserID, SpaceID models.ID
	About           []models.ID
}

// PresenceQuery selects where members read, by space, user and note; empty fields select all. One of
// space and user is set.
type PresenceQuery struct {
	SpaceID, UserID models.ID
	NoteIDs         []models.ID
}

// BinnedRecord names a record in the bin.
type BinnedRecord struct {
	SpaceID models.ID
	Noun    models.Noun
	ID      models.ID
}

// Job is a deed too large for one transaction: it is written with the deed's first transaction and
// removed with its last, so that another process can finish it after a crash.
type Job struct {
	ID      models.ID `json:"id" bson:"_id"`
	SpaceID models.ID `json:"spaceId"`
	Kind    JobKind   `json:"kind"`
	// Target is the note to carry, the code that was merged away, or the record to purge.
	Target  models.ID   `json:"target"`
	Into    models.ID   `json:"into"` // the code merged into
	Noun    models.Noun `json:"noun"`
	Files   []models.ID `json:"files"` // to remove with a purged note
	ActorID models.ID   `json:"actorId"`
	Batch   models.ID   `json:"batch"`
	Undoes  models.ID   `json:"undoes"` // the batch of the edit that is taken back
	At      time.Time   `json:"at"`
}

// JobKind names the deeds that may need more than one transaction.
type JobKind string

// The kinds of jobs.
const (
	JobCarry JobKind = "carry"
	JobMerge JobKind = "merge"
	JobPurge JobKind = "purge"
)

// FileData is a file with its bytes.
type FileData struct {
	ID   models.ID
	Name string
	Data []byte
}

// Store keeps the records. Every method joins the transaction of its context, if there is one.
// An engine that doesn't answer is models.KindUnavailable.
type Store interface {
	// Tx runs fn in one transaction with majority write concern, again from the start when it met
	// another. Inside a transaction it joins that one.
	Tx(ctx context.Context, fn func(ctx context.Context) error) error
	// InTx says whether ctx is that of a transaction: it takes one question at a time, and ends with the first
	// write that is refused.
	InTx(ctx context.Context) bool

	Projects() Records[*models.Project]
	Members() Records[*models.Member]
	Sites() Records[*models.Site]
	Participants() Records[*models.Participant]
	Notes() Records[*models.Note]
	Codes() Records[*models.Code]
	Codings() Records[*models.Coding]
	Memos() Records[*models.Memo]
	Links() Records[*models.Link]
	Rounds() Records[*models.Round]
	Comments() Records[*models.Comment]
	// RoundLayers gives the rounds of a space that went blind with what says who sees what: state, coders,
	// who reads along, and the notes of those that aren't revealed.
	RoundLayers(ctx context.Context, space models.ID) ([]*models.Round, error)
	SavedSearches() Records[*models.SavedSearch]
	Invitations() Records[*models.Invitation]

	// InvitationBySecret finds an invitation, in whatever state, by the hash of what its link carries.
	InvitationBySecret(ctx context.Context, hash string) (*models.Invitation, error)
	// OpenInvitations counts the invitations of a space that can be used at a time.
	OpenInvitations(ctx context.Context, space models.ID, at time.Time) (int, error)
	// WithdrawInvitations withdraws what somebody invited to in a space.
	WithdrawInvitations(ctx context.Context, space, by models.ID, at time.Time) error
	// ForgetInvited takes an address out of all invitations.
	ForgetInvited(ctx context.Context, email string) error

	// Membership finds a user's live membership of a space.
	Membership(ctx context.Context, space, user models.ID) (*models.Member, error)
	// Memberships lists all live memberships of a user.
	Memberships(ctx context.Context, user models.ID) ([]*models.Member, error)
	// SavedSearchesOf lists what a user saved, in whatever space.
	SavedSearchesOf(ctx context.Context, user models.ID) ([]*models.SavedSearch, error)

	// RoundIDs gives the ids of the live rounds of a space.
	RoundIDs(ctx context.Context, space models.ID) ([]models.ID, error)
	// MarkDone keeps that a coder is done with a note, as it was first said; UnmarkDone forgets it.
	MarkDone(ctx context.Context, m models.DoneMark) error
	UnmarkDone(ctx context.Context, m models.DoneMark) error
	// DoneMarks gives the marks of rounds, of one coder unless coder is empty.
	DoneMarks(ctx context.Context, space models.ID, rounds []models.ID, coder models.ID) ([]models.DoneMark, error)

	// Draft finds an author's draft; Drafts lists them without their words, the last written first.
	Draft(ctx context.Context, space, author, id models.ID) (*models.Draft, error)
	Drafts(ctx context.Context, space, author models.ID) ([]*models.DraftHead, error)
	// SaveDraft adds a draft if seen is 0, and writes over the one of that version otherwise.
	SaveDraft(ctx context.Context, d *models.Draft, seen int) error
	// DropDrafts removes an author's drafts for good: the one with this id, all of a space if id is
	// empty, and those of all spaces if space is empty too.
	DropDrafts(ctx context.Context, space, author, id models.ID) error

	// Notify keeps notices. One with the same reader, cause and note as another adds its count to that.
	Notify(ctx context.Context, notices ...models.Notice) error
	// Notices lists what a user was told, the newest first; with unread only what they haven't read.
	Notices(ctx context.Context, user models.ID, unread bool, p models.Page) (models.List[*models.Notice], error)
	// MarkNotices marks notices of a user as read at a time, or as unread again: those named, or all if ids is empty.
	MarkNotices(ctx context.Context, user models.ID, ids []models.ID, read bool, at time.Time) error
	DropNotices(ctx context.Context, q NoticeQuery) error

	// Presences gives where members of a space read who said so after a time.
	Presences(ctx context.Context, space models.ID, after time.Time) ([]*models.Presence, error)
	// SavePresence writes where a member reads, over where they read before.
	SavePresence(ctx context.Context, p *models.Presence) error
	DropPresence(ctx context.Context, q PresenceQuery) error

	// Upload finds an upload, Uploads those that q selects, the oldest first.
	Upload(ctx context.Context, id models.ID) (*models.Upload, error)
	Uploads(ctx context.Context, q UploadQuery) ([]*models.Upload, error)
	// WeighUploads counts the open uploads of an author in a space, and the bytes of those in all spaces.
	WeighUploads(ctx context.Context, space, author models.ID) (files int, bytes int64, err error)
	// SaveUpload writes an upload, DropUpload removes its record.
	SaveUpload(ctx context.Context, u *models.Upload) error
	DropUpload(ctx context.Context, id models.ID) error

	// User and UserByEmail find accounts; users gives those that exist.
	User(ctx context.Context, id models.ID) (*models.User, error)
	UserByEmail(ctx context.Context, email string) (*models.User, error)
	Users(ctx context.Context, ids []models.ID) (map[models.ID]*models.User, error)

	// Text finds one version of a note's text; InsertTexts adds versions.
	Text(ctx context.Context, note models.ID, version int) (*models.Text, error)
	InsertTexts(ctx context.Context, texts ...*models.Text) error
	// TextVersions lists a note's versions, newest first, without their words.
	TextVersions(ctx context.Context, note models.ID) ([]*models.Text, error)
	// HiddenNotes gives the notes of a space whose codings and memos the viewer can't see: those in
	// the bin, drafts of others, and for guests the notes of other submissions.
	HiddenNotes(ctx context.Context, space models.ID, viewer models.Viewer) ([]models.ID, error)
	// NoteIDs gives the ids of the live notes that q selects.
	NoteIDs(ctx context.Context, space models.ID, q Query) ([]models.ID, error)
	// OnNotes counts what hangs on each of these notes: codings of the open layer, and the memos that the viewer may read.
	OnNotes(ctx context.Context, space, viewer models.ID, notes []models.ID) (codings, memos map[models.ID]int, err error)
	// NotesByHash gives the live notes made from files with these bytes, NotesByFile those made from
	// files of this name.
	NotesByHash(ctx context.Context, space models.ID, sha256 []string) ([]*models.Note, error)
	NotesByFile(ctx context.Context, space models.ID, name string) ([]*models.Note, error)

	// Copies gives up to limit notes of exercises, live or in the bin, that were copied from a note of a
	// project, or from any of its notes if note is empty.
	Copies(ctx context.Context, space, note models.ID, limit int) ([]*models.Note, error)
	// WithdrawEvidence takes the words of a note out of all answers and hand-ins that rest on it.
	WithdrawEvidence(ctx context.Context, note models.ID) error
	// ForgetPerson takes a participant out of all copies of notes.
	ForgetPerson(ctx context.Context, participant models.ID) error

	// SaveFiles keeps the bytes of files; OpenFile reads them again. Files aren't part of transactions:
	// save before, and SweepFiles removes what no note names.
	SaveFiles(ctx context.Context, files ...FileData) error
	OpenFile(ctx context.Context, id models.ID) (io.ReadSeekCloser, error)
	DropFiles(ctx context.Context, ids ...models.ID) error
	// AppendFile adds bytes to a file that has offset bytes so far, and FinishFile closes it, so that
	// OpenFile finds it. Unlike the others they join a transaction.
	AppendFile(ctx context.Context, id models.ID, offset int64, data []byte) error
	FinishFile(ctx context.Context, id models.ID, name string, length int64) error
	SweepFiles(ctx context.Context, before time.Time) (int, error)

	// MakeGuards prepares a new space for the next two.
	MakeGuards(ctx context.Context, space models.ID) error
	// GuardShared makes the transaction meet every GuardExclusive of the same space, and few others.
	GuardShared(ctx context.Context, space models.ID) error
	// GuardExclusive makes the transaction meet every other writer of the space whose footing it
	// changes: it unsettles the usages that where selects.
	GuardExclusive(ctx context.Context, space models.ID, where Where) error
	// CountSettled adds n to a settled usage of a coder and gives it; NotFound if it isn't settled.
	CountSettled(ctx context.Context, u Usage, n int) (Usage, error)
	// Count adds n to a usage. With u.Settled it also settles it.
	Count(ctx context.Context, u Usage, n int) error
	// Usages gives the usages of a space that where selects and that count anything.
	Usages(ctx context.Context, space models.ID, where Where) ([]Usage, error)
	// FallTogether counts the places where one coder put both of two codes, so that the codings are twins
	// once the codes are one.
	FallTogether(ctx context.Context, space, one, other models.ID, in Within) (int, error)
	// UsageBySite sums the usages per code and site of the note.
	UsageBySite(ctx context.Context, space models.ID, in Within) ([]CodeUsage, error)
	// GuardFiles makes the transaction meet every other that brings files with one of these hashes into the space.
	GuardFiles(ctx context.Context, space models.ID, sha256 []string) error
	// EachSpan calls each with the place of every live coding of a layer on these notes, note by note.
	EachSpan(ctx context.Context, layer models.Layer, notes []models.ID, each func(Span)) error
	// EachOutline calls each with the blocks of these versions of texts (TextID), without their words.
	EachOutline(ctx context.Context, texts []string, each func(id string, blocks []models.Block)) error
	// CountCodings sums the usages.
	CountCodings(ctx context.Context, space models.ID, in Within) (int, error)
	// DropUsages forgets the usages of a purged note.
	DropUsages(ctx context.Context, space, note models.ID) error
	// CodingsBehind gives up to limit codings of a note (0: all of them), open layer, whose anchors lie in an older text than version.
	CodingsBehind(ctx context.Context, space, note models.ID, version, limit int) ([]*models.Coding, error)

	Append(ctx context.Context, events []models.Event) error
	Events(ctx context.Context, space models.ID, q EventQuery, p models.Page) (models.List[*models.Event], error)
	// EventsBetween counts the events that every member may know of, between each bound and the next. What
	// was done in a blind round isn't among them, also after it was revealed.
	EventsBetween(ctx context.Context, space models.ID, bounds []time.Time) ([]int, error)
	// CodesAt gives the codes as the codebook's version had them, from the events.
	CodesAt(ctx context.Context, space models.ID, version int) ([]*models.Code, error)

	Answer(ctx context.Context, user, key models.ID) (Answer, error)
	KeepAnswer(ctx context.Context, a Answer) error

	// Erase removes the words of records for good: texts of the notes among them, drafts of their edits,
	// images in events, and kept answers. Notices about them go too.
	Erase(ctx context.Context, space models.ID, ids []models.ID) error

	// EraseSpace removes everything of a purged project but its tombstone and its history without images.
	EraseSpace(ctx context.Context, space models.ID) error
	// Binned gives up to limit records that have lain in the bin since before at, of any space.
	Binned(ctx context.Context, at time.Time, limit int) ([]BinnedRecord, error)

	InsertJob(ctx context.Context, j Job) error
	DropJob(ctx context.Context, id models.ID) error
	// Jobs gives jobs older than at.
	Jobs(ctx context.Context, at time.Time) ([]Job, error)
}
