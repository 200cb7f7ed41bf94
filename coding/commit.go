package coding

import (
	"context"
	"fmt"
	"path"

	"feltbog/models"
)

// What a file becomes.
const (
	AsNote       = "note"
	AsVersion    = "version"
	AsAttachment = "attachment"
	AsTable      = "table"
)

// The fates of a file that became a new version of a note, or was attached to one.
const (
	UploadVersioned UploadStatus = "versioned"
	UploadAttached  UploadStatus = "attached"
)

// What becomes of the comments in a file.
const (
	commentsAsMemos = "memos"
	commentsNone    = "none"
)

// CommitItem says what is to be made of one upload.
type CommitItem struct {
	UploadID models.ID  `json:"uploadId"`
	As       string     `json:"as"` // note if empty
	Fields   NoteFields `json:"fields"`
	// SiteName is of a site that is found, or made where there is none.
	SiteName string `json:"siteName"`
	// NoteID is the note that becomes a new version, or that the file is attached to.
	NoteID models.ID `json:"noteId"`
	// AttachTo is the upload whose note the file is attached to, in this commit or an earlier one.
	AttachTo models.ID `json:"attachTo"`
	// Speakers says by their labels who speaks.
	Speakers map[string]SpeakerChoice `json:"speakers"`
	Comments string                   `json:"comments"` // memos if empty
	// Table says what a table is of; as it was understood if nil.
	Table *models.TableMapping `json:"table"`
}

// Committed is the answer for one upload.
type Committed struct {
	UploadID models.ID
	File     string
	Result   models.UploadResult
	Problem  *models.Error
}

// CommitUploads makes of uploads what was asked for. Each answers for itself, and one that was
// committed before answers as it did then. It refuses a batch that is too large or names one twice.
func (s *Service) CommitUploads(ctx context.Context, actor models.Actor, space models.ID, items []CommitItem) ([]Committed, error) {
	if len(items) == 0 || len(items) > models.MaxUploadFiles {
		return nil, models.Invalid("batch_size", fmt.Sprintf("One commit takes 1 to %d uploads.", models.MaxUploadFiles), models.Field{Pointer: "/items", Problem: "none, or too many"})
	}
	named := map[models.ID]bool{}
	for i, item := range items {
		if named[item.UploadID] {
			return nil, models.Invalid("upload_twice", "Each upload can be committed once.", models.Field{Pointer: fmt.Sprintf("/items/%d/uploadId", i), Problem: "named twice"})
		}
		named[item.UploadID] = true
	}
	if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
		return nil, err
	}
	c := &commit{s: s, actor: actor, space: space, out: make([]Committed, len(items))}
	for i := range items {
		if err := c.add(ctx, i, &items[i]); err != nil {
			return nil, err
		}
	}
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	for i := range c.beside {
		if err := c.refuse(c.beside[i].at, c.attach(ctx, &c.beside[i])); err != nil {
			return nil, err
		}
	}
	return c.out, nil
}

// commit is one commit under way. Small files that become notes wait to share a transaction.
type commit struct {
	s     *Service
	actor models.Actor
	space models.ID
	out   []Committed
	group []committing
	size  int
	// beside are the files that wait until the notes are made that they are attached to.
	beside []committing
	// placed are the sites found or made by their names in the transaction of work.
	placed map[string]models.ID
	work   *work
}

// committing is one upload with what was read of it and what is to become of it.
type committing struct {
	at      int // in the answer
	item    *CommitItem
	upload  *models.Upload
	reading *Reading
	result  models.UploadResult
}

// add looks at one upload, and makes what can't wait.
func (c *commit) add(ctx context.Context, at int, item *CommitItem) error {
	one, err := c.open(ctx, at, item)
	if err == nil && one != nil {
		as := item.As
		if as == "" && one.upload.Table != nil {
			as = AsTable
		}
		switch as {
		case AsTable:
			err = c.table(ctx, one)
		case "", AsNote:
			if one.upload.Table != nil {
				err = models.Invalid("as_unknown", "This file is a table: it becomes notes, sites or participants, one of each row.", models.Field{Pointer: "/as", Problem: "a table"})
				break
			}
			c.group = append(c.group, *one)
			c.size += len(one.reading.Content.Text)
			if len(c.group) == importFiles || c.size >= importBytes {
				return c.flush(ctx)
			}
		case AsVersion:
			err = c.version(ctx, one)
		case AsAttachment:
			c.beside = append(c.beside, *one)
		default:
			err = models.Invalid("as_unknown", "An upload becomes a note, a new version of one, or a file beside one.", models.Field{Pointer: "/as", Problem: "unknown"})
		}
	}
	return c.refuse(at, err)
}

// refuse answers an upload whose own fault err is.
func (c *commit) refuse(at int, err error) error {
	e := problemOf(err)
	if err == nil || e == nil || e.Kind == models.KindInternal || e.Kind == models.KindUnavailable {
		return err
	}
	c.out[at].Result = models.UploadResult{Status: string(UploadRefused)}
	c.out[at].Problem = e
	return nil
}

// open finds an upload and what was read of it; nil if it was committed before, which is answered.
func (c *commit) open(ctx context.Context, at int, item *CommitItem) (*committing, error) {
	c.out[at].UploadID = item.UploadID
	u, err := c.s.ownUpload(ctx, c.actor, c.space, item.UploadID)
	if err != nil {
		return nil, err
	}
	c.out[at].File = path.Join(u.Path, u.Name)
	if u.State == models.UploadCommitted {
		c.out[at].Result = *u.Result
		if p := u.Result.Problem; p != nil {
			c.out[at].Problem = &models.Error{Kind: p.Kind, Code: p.Code, Sentence: p.Sentence, Fields: p.Fields}
		}
		return nil, nil //nolint:nilnil // it has its answer
	}
	if err := models.First(ready(u), models.OneOf(item.Comments, []string{"", commentsAsMemos, commentsNone}, "comments_unknown", "/comments")); err != nil {
		return nil, err
	}
	one := &committing{at: at, item: item, upload: u, reading: &Reading{MediaType: u.MediaType}}
	if u.Document != nil {
		one.reading, err = c.s.readingOf(ctx, u)
	}
	return one, err
}

// ready refuses what can't be committed as a text or a file to transcribe.
func ready(u *models.Upload) error {
	switch {
	case u.State == models.UploadRefused:
		return &models.Error{Kind: u.Problem.Kind, Code: u.Problem.Code, Sentence: u.Problem.Sentence, Fields: u.Problem.Fields}
	case u.State != models.UploadReady || (u.Document == nil && u.Table == nil && u.Media == ""):
		return models.Conflict("upload_not_ready", "Nothing has been read from this file that could be made a note of.")
	}
	return nil
}

// flush makes notes of the uploads that wait, in one transaction if it can be.
func (c *commit) flush(ctx context.Context) error {
	group := make([]Upload, len(c.group))
	for i := range c.group {
		group[i] = c.note(&c.group[i])
	}
	results, err := c.s.importGroup(ctx, c.actor, c.space, group)
	if err != nil {
		return err
	}
	for i, r := range results {
		one := &c.group[i]
		switch r.Status {
		case UploadRefused:
			err = c.refuse(one.at, r.Problem)
		case UploadDuplicate:
			c.out[one.at].Result, err = c.s.markDuplicate(ctx, one.upload.ID, r.NoteID)
			err = c.refuse(one.at, err)
		case UploadCreated, UploadVersioned, UploadAttached:
			c.out[one.at].Result = one.result
		}
		if err != nil {
			return err
		}
	}
	c.group, c.size = nil, 0
	return nil
}

// version makes an upload the new text and the new file of a note.
func (c *commit) version(ctx context.Context, one *committing) error {
	if one.upload.Document == nil || one.reading.NoText {
		return models.Invalid("text_empty", "There are no words in this file, so it can't be a new version of a note.")
	}
	var job Job
	_, err := change(ctx, c.s, c.actor, c.space, notes.action, func(ctx context.Context, w *work) (struct{}, error) {
		one.result = models.UploadResult{}
		if err := c.s.stillReady(ctx, one.upload.ID); err != nil {
			return struct{}{}, err
		}
		people, content, err := c.people(ctx, w, one)
		if err != nil {
			return struct{}{}, err
		}
		var n *models.Note
		n, job, err = c.s.editText(ctx, w, one.item.NoteID, 0, content, func(n *models.Note) {
			n.ReplaceFile(one.file())
			n.ToTranscribe = false
			n.ParticipantIDs = joined(n.ParticipantIDs, people)
		})
		if err != nil {
			return struct{}{}, err
		}
		if one.item.Comments != commentsNone {
			if err := c.s.noteComments(ctx, w, n, content, one.reading.Comments); err != nil {
				return struct{}{}, err
			}
		}
		one.result.Status, one.result.NoteID = string(UploadVersioned), n.ID
		return struct{}{}, c.s.markCommitted(ctx, one.upload.ID, one.result)
	})
	if err != nil {
		return err
	}
	c.out[one.at].Result = one.result
	if job.ID != "" {
		return c.s.finish(ctx, job)
	}
	return nil
}

// attach keeps an upload beside a note.
func (c *commit) attach(ctx context.Context, one *committing) error {
	note, err := c.noteOf(ctx, one.item)
	if err != nil {
		return err
	}
	_, err = change(ctx, c.s, c.actor, c.space, notes.action, func(ctx context.Context, w *work) (struct{}, error) {
		if err := c.s.stillReady(ctx, one.upload.ID); err != nil {
			return struct{}{}, err
		}
		n, err := c.s.attach(ctx, w, note, *one.file())
		if err != nil {
			return struct{}{}, err
		}
		one.result = models.UploadResult{Status: string(UploadAttached), NoteID: n.ID}
		return struct{}{}, c.s.markCommitted(ctx, one.upload.ID, one.result)
	})
	if err == nil {
		c.out[one.at].Result = one.result
	}
	return err
}

// noteOf gives the note that a file is to lie beside.
func (c *commit) noteOf(ctx context.Context, item *CommitItem) (models.ID, error) {
	if item.AttachTo == "" {
		return item.NoteID, nil
	}
	u, err := c.s.ownUpload(ctx, c.actor, c.space, item.AttachTo)
	if err != nil {
		return "", err
	}
	if u.State != models.UploadCommitted || u.Result.NoteID == "" {
		return "", models.Invalid("attach_to_unknown", "The file that this one belongs to has not become a note.", models.Field{Pointer: "/attachTo", Problem: "no note"})
	}
	return u.Result.NoteID, nil
}
