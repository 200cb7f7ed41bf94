package models

import "time"

// UploadState says how far a file that is being uploaded has come.
type UploadState string

// The states of an upload. A cancelled one is gone for everybody; what is kept of it goes soon.
const (
	UploadReceiving UploadState = "receiving"
	UploadReading   UploadState = "reading"
	UploadReady     UploadState = "ready"
	UploadRefused   UploadState = "refused"
	UploadCommitted UploadState = "committed"
	UploadCancelled UploadState = "cancelled"
)

// Upload is a file on its way into a project: its bytes as they come in, then what was understood of
// it, then what was made of it. It is for its author's eyes only, has no history, and goes by itself.
type Upload struct {
	ID       ID     `json:"id" bson:"_id"`
	SpaceID  ID     `json:"spaceId"`
	AuthorID ID     `json:"authorId"`
	Name     string `json:"name"`
	Path     string `json:"path"` // the folder that the file lay in, empty for none
	Size     int64  `json:"size"` // bytes
	Received int64  `json:"received"`
	// Hash is the state of SHA-256 over the bytes received, and SHA256 its sum over all of them.
	Hash      []byte      `json:"hash,omitempty"`
	SHA256    string      `json:"sha256"`
	State     UploadState `json:"state"`
	ArchiveID ID          `json:"archiveId"` // the archive it was taken out of
	CreatedAt time.Time   `json:"createdAt"`
	ExpiresAt time.Time   `json:"expiresAt"`
	// FileID holds the bytes; empty once a note has taken them over. PreviewID holds what was read.
	FileID    ID `json:"fileId"`
	PreviewID ID `json:"previewId"`
	// Lease names who writes or reads the file just now, and LeaseUntil how long without a sign of life.
	Lease      ID        `json:"lease"`
	LeaseUntil time.Time `json:"leaseUntil"`
	Attempts   int       `json:"attempts"` // at reading it

	Problem   *UploadProblem    `json:"problem,omitempty"`
	Format    string            `json:"format"`
	MediaType string            `json:"mediaType"`
	Encoding  string            `json:"encoding"`
	Options   ReadOptions       `json:"options"`
	Document  *UploadedDocument `json:"document,omitempty"`
	Table     *UploadedTable    `json:"table,omitempty"`
	Archive   *UploadedArchive  `json:"archive,omitempty"`
	Media     MediaKind         `json:"media"`
	Result    *UploadResult     `json:"result,omitempty"`
}

// UploadProblem is why a file was refused.
type UploadProblem struct {
	Kind     Kind    `json:"kind"`
	Code     string  `json:"code"`
	Sentence string  `json:"sentence"`
	Fields   []Field `json:"fields"`
}

// ReadOptions say how a file is to be read. Empty fields leave it to the reader.
type ReadOptions struct {
	Encoding   string `json:"encoding"`   // the character encoding, by its IANA name
	Sheet      string `json:"sheet"`      // of a workbook
	Transcript string `json:"transcript"` // yes or no; empty to find out
}

// MediaKind is what a file is that is played or shown and not read.
type MediaKind string

// The kinds of media.
const (
	MediaAudio  MediaKind = "audio"
	MediaVideo  MediaKind = "video"
	MediaImage  MediaKind = "image"
	MediaSlides MediaKind = "slides"
)

// Warning is what a reader had to leave out or to guess, in a sentence for people.
type Warning struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	// Values are the inserted parts of the sentence, in their order, for sentences in other languages.
	Values []string `json:"values,omitempty"`
}

// UploadedDocument is what was understood of a file that is a text, but for its words.
type UploadedDocument struct {
	Title      string            `json:"title"`
	Author     string            `json:"author"`
	CreatedAt  *time.Time        `json:"createdAt,omitempty"`
	ChangedAt  *time.Time        `json:"changedAt,omitempty"`
	ObservedOn Date              `json:"observedOn"`
	Language   string            `json:"language"` // by the file's word, or guessed
	Words      int               `json:"words"`
	Length     int               `json:"length"` // code points
	Pages      int               `json:"pages"`
	Blocks     map[BlockKind]int `json:"blocks"`
	Transcript bool              `json:"transcript"`
	Speakers   []Speaker         `json:"speakers"`
	Comments   int               `json:"comments"`
	NoText     bool              `json:"noText"` // a scan: pictures of pages without words
	Warnings   []Warning         `json:"warnings"`
	// VersionOf is the note whose file this looks like a later version of.
	VersionOf *UploadVersion `json:"versionOf,omitempty"`
}

// Speaker is somebody who speaks in a transcript, by the label in the file.
type Speaker struct {
	Name  string `json:"name"`
	Turns int    `json:"turns"`
}

// UploadVersion tells what would become of a note if a file became its new version.
type UploadVersion struct {
	NoteID  ID     `json:"noteId"`
	Title   string `json:"title"`
	Codings int    `json:"codings"`
	Kept    int    `json:"kept"`   // of the codings, on the same words
	Review  int    `json:"review"` // of the codings, whose words are gone
}

// UploadedArchive tells what came out of an archive.
type UploadedArchive struct {
	Files    int       `json:"files"`
	Folders  []string  `json:"folders"`
	Warnings []Warning `json:"warnings"`
}

// UploadResult is what became of an upload that was committed.
type UploadResult struct {
	Status       string `json:"status"`
	NoteID       ID     `json:"noteId"`
	Notes        int    `json:"notes"`
	Sites        int    `json:"sites"`
	Participants int    `json:"participants"`
	// Problem is of rows of a table that were refused.
	Problem *UploadProblem `json:"problem,omitempty"`
}

// NounUpload is of files on their way in. No event tells of one.
const NounUpload Noun = "upload"

// Bounds of uploads.
const (
	MaxRecordingBytes  = 2 << 30 // bytes of one recording
	MaxUploads         = 500     // files that one member has on their way into one project
	MaxUnpackedUploads = 1_000   // the same, with those that came out of archives
	MaxUploadedBytes   = 8 << 30 // bytes of all files that one member has on their way
	MaxUploadPath      = 1_000   // code points of the folders that a file lay in
)
