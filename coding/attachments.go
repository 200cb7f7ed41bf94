package coding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"feltbog/models"
)

// Attach keeps a file beside a note.
func (s *Service) Attach(ctx context.Context, actor models.Actor, space, note models.ID, name, mediaType string, data []byte) (*models.Note, error) {
	if _, _, err := s.allow(ctx, actor, space, notes.action); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	f := models.File{ID: models.NewID(), Name: name, MediaType: mediaType, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	is, err := s.Note(ctx, actor, space, note)
	if err != nil || slices.ContainsFunc(is.Attachments, func(old models.File) bool { return old.SHA256 == f.SHA256 }) {
		return is, err // the same file sent twice
	}
	if err := s.store.SaveFiles(ctx, FileData{f.ID, f.Name, data}); err != nil {
		return nil, fmt.Errorf("save file: %w", err)
	}
	n, err := change(ctx, s, actor, space, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		return s.attach(ctx, w, note, f)
	})
	if err != nil {
		_ = s.store.DropFiles(context.WithoutCancel(ctx), f.ID) // Tidy sweeps what is left
	}
	return n, err
}

// attach keeps a file beside a note. Its bytes are there already.
func (s *Service) attach(ctx context.Context, w *work, note models.ID, f models.File) (*models.Note, error) {
	return notes.update(ctx, s, w, note, 0, func(n *models.Note) error {
		if len(n.Attachments) == models.MaxAttachments {
			return models.Invalid("attachments_too_many", fmt.Sprintf("A note may have %d attached files.", models.MaxAttachments))
		}
		n.Attachments = append(slices.Clone(n.Attachments), f)
		return nil
	})
}

// Detach takes an attached file from a note. Its bytes go a day later, so that it can be undone until then.
func (s *Service) Detach(ctx context.Context, actor models.Actor, space, note, file models.ID, seen int) (*models.Note, error) {
	return change(ctx, s, actor, space, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		return notes.update(ctx, s, w, note, seen, func(n *models.Note) error {
			i := slices.IndexFunc(n.Attachments, func(f models.File) bool { return f.ID == file })
			if i < 0 {
				return errNoFile()
			}
			n.Attachments = slices.Delete(slices.Clone(n.Attachments), i, i+1)
			return nil
		})
	})
}

// NoteFile opens a file of a note: the original it was read from, or an attachment. The caller closes it.
func (s *Service) NoteFile(ctx context.Context, actor models.Actor, space, note, file models.ID) (*models.File, io.ReadSeekCloser, error) {
	n, err := s.Note(ctx, actor, space, note)
	if err != nil {
		return nil, nil, err
	}
	files := n.Files()
	i := slices.IndexFunc(files, func(f models.File) bool { return f.ID == file })
	if i < 0 {
		return nil, nil, errNoFile()
	}
	r, err := s.store.OpenFile(ctx, file)
	return &files[i], r, err
}

// referFiles refuses attachments whose bytes are gone: an undo that comes too late.
func (s *Service) referFiles(ctx context.Context, before *models.Image, n *models.Note) error {
	for _, f := range n.Attachments {
		if before != nil && slices.ContainsFunc(before.Note.Attachments, func(old models.File) bool { return old.ID == f.ID }) {
			continue
		}
		r, err := s.store.OpenFile(ctx, f.ID)
		if isNotFound(err) {
			return models.Conflict("file_gone", "The attached file was removed more than a day ago, and is gone for good. Upload it again.")
		}
		if err != nil {
			return err
		}
		_ = r.Close() // nothing was written
	}
	return nil
}

func errNoFile() error {
	return &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This note has no such file."}
}
