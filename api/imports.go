package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"syscall"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/sandbox"
)

// importMetadata is the part "metadata" of an import: the fields of all its files, and those of
// single ones by their names.
type importMetadata struct {
	coding.NoteFields
	Files map[string]coding.NoteFields `json:"files"`
}

// imported is the answer for one file.
type imported struct {
	File    string              `json:"file"`
	Status  coding.UploadStatus `json:"status"`
	NoteID  *models.ID          `json:"noteId"`
	Problem *problem            `json:"problem"`
}

// POST /projects/:project/imports makes notes of files, each of which answers for itself. The form
// is taken in whole before the first note is made, so that a broken one changes nothing; the files
// wait on disk, and few of them are in memory at a time. There is no need of an Idempotency-Key: a file that
// came before is found by its bytes.
func (s *server) importNotes(c *gin.Context) error {
	if err := s.coding.MayImport(c.Request.Context(), actor(c), space(c)); err != nil {
		return err
	}
	spool, drop, err := newSpool(s.tempDir)
	if err != nil {
		return err
	}
	defer drop()
	form, err := receive(c, spool, uploads.limit)
	if err != nil {
		return err
	}
	items := make([]imported, 0, len(form.files))
	next, stop := iter.Pull(form.uploads(c.Request.Context(), s.files, s.tempDir, spool))
	defer stop()
	err = s.coding.Import(c.Request.Context(), actor(c), space(c), next, func(r coding.UploadResult) {
		items = append(items, answerOf(r))
	})
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, items)
}

// newSpool makes a file in which what came in waits, and a function that takes it away.
func newSpool(dir string) (spool *os.File, drop func(), err error) {
	spool, err = os.CreateTemp(dir, "feltbog-spool-*")
	if err != nil {
		return nil, nil, diskFault(err)
	}
	return spool, func() {
		_ = spool.Close() // it was read to its end
		_ = os.Remove(spool.Name())
	}, nil
}

// importForm is the form of an import as it was received.
type importForm struct {
	metadata importMetadata
	files    []spooled
}

// spooled is a file that waits on disk, or the reason why it was not kept.
type spooled struct {
	name       string
	from, size int64
	problem    *models.Error
}

// receive takes in a form: the files go to the spool one after the other, the metadata is read.
func receive(c *gin.Context, spool *os.File, limit int64) (*importForm, error) {
	if t, _ := mediaType(c); t != "multipart/form-data" {
		return nil, errNotForm
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return nil, errNotForm
	}
	form := &importForm{}
	described := false
	for at := int64(0); ; {
		part, err := parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			err := form.check()
			return form, err
		case err != nil:
			return nil, formFault(err)
		case part.FormName() == "metadata" && !described: // with a file name or without: FormData gives it one
			described = true
			if err := form.describe(part); err != nil {
				return nil, err
			}
		case part.FileName() != "" && (part.FormName() == "files" || part.FormName() == "files[]"):
			if len(form.files) == models.MaxUploadFiles {
				return nil, models.Invalid("files_too_many", fmt.Sprintf("One import takes %d files. Send the others in a second one.", models.MaxUploadFiles))
			}
			f, err := keep(part, spool, at)
			if err != nil {
				return nil, err
			}
			at += f.size
			form.files = append(form.files, f)
		default:
			return nil, models.Invalid("part_unknown", "An import has one part named metadata, and parts named files that each hold a file.",
				models.Field{Pointer: "/" + part.FormName(), Problem: "not a part of an import"})
		}
	}
}

// keep writes a file to the end of the spool. One that is too large is not kept, and refused alone.
func keep(part *multipart.Part, spool *os.File, at int64) (spooled, error) {
	f := spooled{name: exchange.FileName(part.FileName()), from: at}
	var err error
	f.size, err = io.Copy(io.NewOffsetWriter(spool, at), io.LimitReader(part, models.MaxUploadBytes+1))
	if err == nil && f.size > models.MaxUploadBytes {
		f.size = 0
		f.problem = models.TooLarge("file_too_large", fmt.Sprintf("A file may have %d MB. Divide this one.", models.MaxUploadBytes>>20))
	}
	if err != nil {
		return f, formFault(err)
	}
	return f, nil
}

// describe reads the part that describes the files.
func (form *importForm) describe(part io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(part, record.limit+1))
	if err != nil {
		return formFault(err)
	}
	if int64(len(raw)) > record.limit {
		return models.TooLarge("metadata_too_large", fmt.Sprintf("The metadata of an import may have %d MB.", record.limit>>20))
	}
	return within(unmarshal(raw, &form.metadata), "/metadata")
}

// check refuses an import without files, and metadata of a file that isn't there: its name is misspelt.
func (form *importForm) check() error {
	if len(form.files) == 0 {
		return models.Invalid("files_missing", "There is no file in this import.")
	}
	names := map[string]bool{}
	for _, f := range form.files {
		names[f.name] = true
	}
	for name := range form.metadata.Files {
		if !names[exchange.FileName(name)] {
			return models.Invalid("file_unknown", "The metadata names a file that isn't in this import. Look at its spelling.",
				models.Field{Pointer: string(appendStep([]byte("/metadata/files"), name)), Problem: "no such file here"})
		}
	}
	return nil
}

// aheadBytes is how much of the files of an import is read before what came earlier is stored: enough
// that neither the readers nor the store wait for the other.
const aheadBytes = 8 << 20

// uploads takes the files from the spool, and gives what is to be imported of each in their order. The next
// ones are read meanwhile.
func (form *importForm) uploads(ctx context.Context, files *sandbox.Pool, tempDir string, spool io.ReaderAt) iter.Seq[coding.Upload] {
	return func(yield func(coding.Upload) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		var under []chan iter.Seq[coding.Upload] // way, the first of them at the front
		next, ahead := 0, int64(0)
		for at := range form.files {
			for next < len(form.files) && (next == at || ahead+form.files[next].size <= aheadBytes) {
				f, done := form.files[next], make(chan iter.Seq[coding.Upload], 1)
				under, ahead, next = append(under, done), ahead+f.size, next+1
				go func() { done <- form.uploadsOf(ctx, files, tempDir, f, spool) }()
			}
			for u := range <-under[0] {
				if !yield(u) {
					return
				}
			}
			under, ahead = under[1:], ahead-form.files[at].size
		}
	}
}

func (form *importForm) uploadsOf(ctx context.Context, files *sandbox.Pool, tempDir string, f spooled, spool io.ReaderAt) iter.Seq[coding.Upload] {
	if f.problem != nil {
		return refusedFile(f.name, f.problem)
	}
	data := make([]byte, f.size)
	if _, err := io.ReadFull(io.NewSectionReader(spool, f.from, f.size), data); err != nil {
		return refusedFile(f.name, models.Unavailable("file_lost", "This file was lost on its way. Send it again.", err))
	}
	return ReadFile(ctx, files, tempDir, f.name, data, form.fieldsOf(f.name))
}

// fieldsOf gives what is known of a file: what is said of it alone, and for the rest what is said of all.
func (form *importForm) fieldsOf(name string) coding.NoteFields {
	fields := form.metadata.NoteFields
	own, ok := form.metadata.Files[name]
	if !ok {
		return fields
	}
	all, one := reflect.ValueOf(&fields).Elem(), reflect.ValueOf(own)
	for i := range one.NumField() {
		if !one.Field(i).IsNil() {
			all.Field(i).Set(one.Field(i))
		}
	}
	return fields
}

func answerOf(r coding.UploadResult) imported {
	item := imported{File: r.File, Status: r.Status}
	if r.NoteID != "" {
		item.NoteID = &r.NoteID
	}
	if r.Problem != nil {
		p := problemOf(r.Problem)
		item.Problem = &p
	}
	return item
}

// formFault says why a form could not be taken in.
func formFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(uploads.limit)
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return diskFault(err)
	}
	return models.Malformed("form_malformed", "The form can't be read, or it broke off before its end.").Because(err)
}

// diskFault says that uploads find no room.
func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return models.Unavailable("disk_full", "The server's disk is full, so it can't take files just now. Nothing was changed; tell the administrator.", err)
	}
	return fmt.Errorf("spool an upload: %w", err)
}

// within puts the pointers of an error beneath another.
func within(err error, pointer string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err
	}
	located := *e
	located.Fields = make([]models.Field, len(e.Fields))
	for i, f := range e.Fields {
		located.Fields[i] = models.Field{Pointer: pointer + f.Pointer, Problem: f.Problem}
	}
	return &located
}
