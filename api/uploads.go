package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// upload is a file on its way in, as its author sees it.
type upload struct {
	ID        models.ID               `json:"id"`
	Name      string                  `json:"name"`
	Path      string                  `json:"path"`
	Size      int64                   `json:"size"`
	Received  int64                   `json:"received"`
	State     models.UploadState      `json:"state"`
	ArchiveID *models.ID              `json:"archiveId"`
	CreatedAt time.Time               `json:"createdAt"`
	ExpiresAt time.Time               `json:"expiresAt"`
	Problem   *problem                `json:"problem"`
	Format    string                  `json:"format"`
	MediaType string                  `json:"mediaType"`
	Encoding  string                  `json:"encoding"`
	Options   models.ReadOptions      `json:"options"`
	Document  *uploadedDocument       `json:"document"`
	Table     *uploadedTable          `json:"table"`
	Archive   *models.UploadedArchive `json:"archive"`
	Media     *uploadedMedia          `json:"media"`
}

// uploadedDocument is what was understood of a text.
type uploadedDocument struct {
	Title       string                   `json:"title"`
	Author      string                   `json:"author"`
	CreatedAt   *time.Time               `json:"createdAt"`
	ChangedAt   *time.Time               `json:"changedAt"`
	ObservedOn  models.Date              `json:"observedOn"`
	Language    string                   `json:"language"`
	Words       int                      `json:"words"`
	Length      int                      `json:"length"`
	Pages       int                      `json:"pages"`
	Blocks      map[models.BlockKind]int `json:"blocks"`
	Transcript  bool                     `json:"transcript"`
	Speakers    []speaker                `json:"speakers"`
	Comments    int                      `json:"comments"`
	NoText      bool                     `json:"noText"`
	Warnings    []models.Warning         `json:"warnings"`
	DuplicateOf *models.ID               `json:"duplicateOf"`
	VersionOf   *models.UploadVersion    `json:"versionOf"`
}

type speaker struct {
	models.Speaker
	ParticipantID *models.ID `json:"participantId"`
}

type uploadedMedia struct {
	Kind models.MediaKind `json:"kind"`
}

// orNull gives null for no id.
func orNull(id models.ID) *models.ID {
	if id == "" {
		return nil
	}
	return &id
}

func uploadOf(v coding.UploadView) upload {
	u := upload{
		ID: v.ID, Name: v.Name, Path: v.Path, Size: v.Size, Received: v.Received, State: v.State, ArchiveID: orNull(v.ArchiveID),
		CreatedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt, Format: v.Format, MediaType: v.MediaType, Encoding: v.Encoding,
		Options: v.Options, Archive: v.Archive,
	}
	if p := v.Problem; p != nil {
		told := problemOf(&models.Error{Kind: p.Kind, Code: p.Code, Sentence: p.Sentence, Fields: p.Fields})
		u.Problem = &told
	}
	if v.Table != nil {
		u.Table = tableOf(v.Table)
	}
	if v.Media != "" {
		u.Media = &uploadedMedia{v.Media}
	}
	if d := v.Document; d != nil {
		u.Document = &uploadedDocument{
			Title: d.Title, Author: d.Author, CreatedAt: d.CreatedAt, ChangedAt: d.ChangedAt, ObservedOn: d.ObservedOn,
			Language: d.Language, Words: d.Words, Length: d.Length, Pages: d.Pages, Blocks: d.Blocks, Transcript: d.Transcript,
			Speakers: make([]speaker, len(d.Speakers)), Comments: d.Comments, NoText: d.NoText, Warnings: d.Warnings,
			DuplicateOf: orNull(v.DuplicateOf), VersionOf: d.VersionOf,
		}
		for i, s := range d.Speakers {
			u.Document.Speakers[i] = speaker{s, orNull(v.Participants[s.Name])}
		}
	}
	return u
}

// GET /projects/:project/uploads lists one's own files on their way in, the oldest first.
func (s *server) listUploads(c *gin.Context) error {
	all, err := s.coding.Uploads(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	items := make([]upload, len(all))
	for i, v := range all {
		items[i] = uploadOf(v)
	}
	return answerAll(c, http.StatusOK, items)
}

// GET /projects/:project/uploads/:upload gives one's own upload with what was understood of it.
func (s *server) showUpload(c *gin.Context) error {
	v, err := s.coding.Upload(c.Request.Context(), actor(c), space(c), id(c, "upload"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, uploadOf(v))
}

// uploadText is the text that was read from a file.
type uploadText struct {
	Text   string         `json:"text"`
	Blocks []models.Block `json:"blocks"`
	Marks  []models.Mark  `json:"marks"`
}

// GET /projects/:project/uploads/:upload/text gives the words that were read from a file.
func (s *server) showUploadText(c *gin.Context) error {
	t, err := s.coding.UploadText(c.Request.Context(), actor(c), space(c), id(c, "upload"))
	if err != nil {
		return err
	}
	out := uploadText{t.Text, t.Blocks, t.Marks}
	if out.Blocks == nil {
		out.Blocks = []models.Block{}
	}
	if out.Marks == nil {
		out.Marks = []models.Mark{}
	}
	return answer(c, http.StatusOK, out)
}

// PUT /projects/:project/uploads/:upload/options has a file read again in another way.
func (s *server) readUploadAgain(c *gin.Context) error {
	in, err := decode[models.ReadOptions](c)
	if err != nil {
		return err
	}
	v, err := s.coding.ReadAgain(c.Request.Context(), actor(c), space(c), id(c, "upload"), in)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, uploadOf(v))
}

// DELETE /projects/:project/uploads/:upload removes one's own upload with all that came of it but notes.
func (s *server) cancelUpload(c *gin.Context) error {
	if c.GetHeader("Tus-Resumable") != "" { // for anybody else it is a record like others
		if err := checkTus(c); err != nil {
			return err
		}
	}
	if err := s.coding.CancelUpload(c.Request.Context(), actor(c), space(c), id(c, "upload")); err != nil {
		return err
	}
	return answerNothing(c)
}

// committed is the answer for one upload.
type committed struct {
	UploadID     models.ID  `json:"uploadId"`
	File         string     `json:"file"`
	Status       string     `json:"status"`
	NoteID       *models.ID `json:"noteId"`
	Notes        int        `json:"notes"`
	Sites        int        `json:"sites"`
	Participants int        `json:"participants"`
	Problem      *problem   `json:"problem"`
}

// POST /projects/:project/uploads/commit makes of uploads what was asked for. Each answers for itself.
func (s *server) commitUploads(c *gin.Context) error {
	if err := readBody(c, batch.limit); err != nil {
		return err
	}
	if err := checkJSONType(c); err != nil {
		return err
	}
	in, err := decode[struct {
		Items []coding.CommitItem `json:"items"`
	}](c)
	if err != nil {
		return err
	}
	all, err := s.coding.CommitUploads(c.Request.Context(), actor(c), space(c), in.Items)
	if err != nil {
		return err
	}
	items := make([]committed, len(all))
	for i, r := range all {
		items[i] = committed{
			UploadID: r.UploadID, File: r.File, Status: r.Result.Status, NoteID: orNull(r.Result.NoteID),
			Notes: r.Result.Notes, Sites: r.Result.Sites, Participants: r.Result.Participants,
		}
		if r.Problem != nil {
			p := problemOf(r.Problem)
			items[i].Problem = &p
		}
	}
	return answerAll(c, http.StatusOK, items)
}
