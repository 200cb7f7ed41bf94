package coding

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"feltbog/models"
)

// How long an upload is kept: after it was last touched, and after it was committed.
const (
	uploadLife    = 48 * time.Hour
	committedLife = 24 * time.Hour
)

// openStates are the states in which an upload is still somebody's business.
var openStates = []models.UploadState{models.UploadReceiving, models.UploadReading, models.UploadReady, models.UploadRefused}

// UploadQuery selects uploads; empty fields select all.
type UploadQuery struct {
	SpaceID   models.ID
	AuthorID  models.ID
	ArchiveID models.ID
	States    []models.UploadState
	// Expired selects those whose time is over, and those that were cancelled.
	Expired time.Time
	// Unread selects those that wait to be read, and that nobody reads.
	Unread time.Time
	// Limit is 0 for all.
	Limit int
}

// NewUpload asks for a place to send a file's bytes to.
type NewUpload struct {
	Name string
	Path string
	Size int64
}

// BeginUpload makes a place for a file of the actor's. It returns a TooLarge error for a file that is
// too large (file_too_large), and Invalid ones for one file too many (uploads_too_many) and for too
// many bytes on their way at once (uploads_too_large).
func (s *Service) BeginUpload(ctx context.Context, actor models.Actor, space models.ID, in NewUpload) (*models.Upload, error) {
	if err := s.checkSize(in); err != nil {
		return nil, err
	}
	if err := checkFolder(&in.Path); err != nil {
		return nil, err
	}
	var u *models.Upload
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
			return err
		}
		if err := s.store.GuardShared(ctx, space); err != nil {
			return fmt.Errorf("guard %s: %w", space, err)
		}
		if err := s.checkRoom(ctx, actor, space, in.Size); err != nil {
			return err
		}
		now := s.clock()
		u = &models.Upload{
			ID: models.NewID(), SpaceID: space, AuthorID: actor.UserID, Name: in.Name, Path: in.Path, Size: in.Size,
			State: models.UploadReceiving, CreatedAt: now, ExpiresAt: now.Add(uploadLife), FileID: models.NewID(),
		}
		if in.Size == 0 {
			if err := s.complete(ctx, u, newSum()); err != nil {
				return err
			}
		}
		return s.store.SaveUpload(ctx, u)
	})
	if err == nil && in.Size == 0 {
		s.wakeReaders()
	}
	return u, err
}

func (s *Service) checkSize(in NewUpload) error {
	most := int64(models.MaxUploadBytes)
	if s.files.Recording(in.Name) {
		most = models.MaxRecordingBytes
	}
	if in.Size > most {
		return fileTooLarge(most)
	}
	return nil
}

func fileTooLarge(most int64) *models.Error {
	return models.TooLarge("file_too_large", fmt.Sprintf("A file of this kind may have %d MB. Divide this one.", most>>20))
}

// checkFolder cleans the folder that a file lay in: no way out of it, one slash between its names.
func checkFolder(folder *string) error {
	cleaned := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(*folder, `\`, "/")), "/")
	if len([]rune(cleaned)) > models.MaxUploadPath {
		return models.Invalid("path_too_long", fmt.Sprintf("The path of a folder may have %d characters.", models.MaxUploadPath))
	}
	*folder = cleaned
	return nil
}

// checkRoom refuses one upload too many. Two that begin at once meet each other.
func (s *Service) checkRoom(ctx context.Context, actor models.Actor, space models.ID, size int64) error {
	if err := s.store.GuardFiles(ctx, actor.UserID, []string{"uploads"}); err != nil {
		return err
	}
	files, bytes, err := s.store.WeighUploads(ctx, space, actor.UserID)
	switch {
	case err != nil:
		return err
	case files >= models.MaxUploads:
		return models.Invalid("uploads_too_many", fmt.Sprintf("You may have %d files on their way into a project. Import or cancel some first.", models.MaxUploads))
	case bytes+size > models.MaxUploadedBytes:
		return models.Invalid("uploads_too_large", fmt.Sprintf("You may have %d GB of files on their way. Import or cancel some first.", models.MaxUploadedBytes>>30))
	}
	return nil
}

// UploadView is an upload as its author sees it now, with what the project says to it.
type UploadView struct {
	*models.Upload
	DuplicateOf models.ID
	// Participants are those whose pseudonyms are labels of speakers.
	Participants map[string]models.ID
}

// Uploads lists the actor's files on their way into a project, the oldest first.
func (s *Service) Uploads(ctx context.Context, actor models.Actor, space models.ID) ([]UploadView, error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionAddNotes); err != nil {
		return nil, err
	}
	all, err := s.store.Uploads(ctx, UploadQuery{SpaceID: space, AuthorID: actor.UserID, States: openStates})
	if err != nil {
		return nil, err
	}
	return s.viewUploads(ctx, actor, space, all)
}

// Upload gives one of the actor's uploads; those of others aren't there.
func (s *Service) Upload(ctx context.Context, actor models.Actor, space, id models.ID) (UploadView, error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionAddNotes); err != nil {
		return UploadView{}, err
	}
	u, err := s.ownUpload(ctx, actor, space, id)
	if err != nil {
		return UploadView{}, err
	}
	views, err := s.viewUploads(ctx, actor, space, []*models.Upload{u})
	if err != nil {
		return UploadView{}, err
	}
	return views[0], nil
}

func (s *Service) ownUpload(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Upload, error) {
	u, err := s.store.Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.SpaceID != space || u.AuthorID != actor.UserID || u.State == models.UploadCancelled {
		return nil, models.NotFound(models.NounUpload)
	}
	return u, nil
}

// viewUploads looks up what the project knows of the files: notes of the same bytes, participants by
// their pseudonyms. Both may have come since a file was read.
func (s *Service) viewUploads(ctx context.Context, actor models.Actor, space models.ID, all []*models.Upload) ([]UploadView, error) {
	var hashes, labels []string
	for _, u := range all {
		if u.Document == nil {
			continue
		}
		hashes = append(hashes, u.SHA256)
		for _, speaker := range u.Document.Speakers {
			labels = append(labels, speaker.Name)
		}
	}
	known, people := map[string]models.ID{}, map[string]models.ID{}
	if len(hashes) > 0 {
		var err error
		if known, err = s.known(ctx, actor, space, hashes); err != nil {
			return nil, err
		}
	}
	if len(labels) > 0 {
		slices.Sort(labels)
		found, err := s.store.Participants().All(ctx, space, Query{Where: Where{"pseudonym": slices.Compact(labels)}}, models.MaxBatch)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			people[p.Pseudonym] = p.ID
		}
	}
	views := make([]UploadView, len(all))
	for i, u := range all {
		views[i] = UploadView{Upload: u, DuplicateOf: known[u.SHA256], Participants: people}
	}
	return views, nil
}

// editUpload changes an upload in one transaction that meets every other change of it.
func (s *Service) editUpload(ctx context.Context, id models.ID, edit func(ctx context.Context, u *models.Upload) error) (*models.Upload, error) {
	var u *models.Upload
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		var err error
		if u, err = s.store.Upload(ctx, id); err != nil {
			return err
		}
		if u.State == models.UploadCancelled {
			return models.NotFound(models.NounUpload)
		}
		if err := edit(ctx, u); err != nil {
			return err
		}
		return s.store.SaveUpload(ctx, u)
	})
	return u, err
}

// touch puts off the end of an upload.
func (s *Service) touch(u *models.Upload) { u.ExpiresAt = s.clock().Add(uploadLife) }

// ReadAgain has an upload read once more, in another way.
func (s *Service) ReadAgain(ctx context.Context, actor models.Actor, space, id models.ID, o models.ReadOptions) (UploadView, error) {
	o.Encoding = strings.ToLower(o.Encoding)
	if err := models.First(models.CleanLabel(&o.Encoding, "/encoding"), models.CleanLabel(&o.Sheet, "/sheet"),
		models.OneOf(o.Transcript, []string{"", "yes", "no"}, "transcript_unknown", "/transcript")); err != nil {
		return UploadView{}, err
	}
	if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
		return UploadView{}, err
	}
	var stale models.ID
	_, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
		if u.SpaceID != space || u.AuthorID != actor.UserID {
			return models.NotFound(models.NounUpload)
		}
		if u.State == models.UploadReceiving || u.State == models.UploadCommitted || u.Archive != nil {
			return models.Conflict("upload_not_ready", "This file can't be read again now.")
		}
		stale = u.PreviewID
		u.State, u.Options, u.Lease, u.Attempts = models.UploadReading, o, "", 0
		u.PreviewID, u.Problem, u.Document, u.Table = "", nil, nil, nil
		s.touch(u)
		return nil
	})
	if err != nil {
		return UploadView{}, err
	}
	s.wakeReaders()
	if stale != "" {
		_ = s.store.DropFiles(context.WithoutCancel(ctx), stale) // Tidy sweeps what is left
	}
	return s.Upload(ctx, actor, space, id)
}

// CancelUpload removes an upload with all that came of it but notes: its bytes, what was read of it,
// and the files that were taken out of it.
func (s *Service) CancelUpload(ctx context.Context, actor models.Actor, space, id models.ID) error {
	if _, _, err := s.allow(ctx, actor, space, models.ActionAddNotes); err != nil {
		return err
	}
	if _, err := s.ownUpload(ctx, actor, space, id); err != nil {
		return err
	}
	return s.dropUpload(ctx, id)
}

// dropUpload cancels an upload, which ends whoever writes or reads it, and then removes it. A crash in
// between leaves the rest to Tidy.
func (s *Service) dropUpload(ctx context.Context, id models.ID) error {
	var gone []*models.Upload
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		u, err := s.store.Upload(ctx, id)
		if err != nil {
			return err
		}
		below, err := s.store.Uploads(ctx, UploadQuery{ArchiveID: id})
		if err != nil {
			return err
		}
		gone = slices.Concat(below, []*models.Upload{u})
		return s.cancel(ctx, gone)
	})
	if isNotFound(err) {
		return nil // somebody else was faster
	}
	if err != nil {
		return err
	}
	return s.sweepUploads(ctx, gone)
}

func (s *Service) cancel(ctx context.Context, all []*models.Upload) error {
	for _, u := range all {
		u.State = models.UploadCancelled
		if err := s.store.SaveUpload(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// cancelUploads cancels all of an author's uploads in a space, or in every space if that is empty. It
// joins a transaction; what is left is to be swept after it.
func (s *Service) cancelUploads(ctx context.Context, space, author models.ID) ([]*models.Upload, error) {
	all, err := s.store.Uploads(ctx, UploadQuery{SpaceID: space, AuthorID: author})
	if err != nil {
		return nil, err
	}
	return all, s.cancel(ctx, all)
}

// dropUploadsOf removes all uploads of an author whose account is deleted.
func (s *Service) dropUploadsOf(ctx context.Context, author models.ID) error {
	var all []*models.Upload
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		var err error
		all, err = s.cancelUploads(ctx, "", author)
		return err
	})
	if err != nil {
		return err
	}
	return s.sweepUploads(ctx, all)
}

// sweepUploads removes cancelled uploads: first their files, so that none is left without a name.
func (s *Service) sweepUploads(ctx context.Context, all []*models.Upload) error {
	for _, u := range all {
		files := slices.DeleteFunc([]models.ID{u.FileID, u.PreviewID}, func(id models.ID) bool { return id == "" })
		if err := s.store.DropFiles(ctx, files...); err != nil {
			return fmt.Errorf("remove the files of an upload: %w", err)
		}
		if err := s.store.DropUpload(ctx, u.ID); err != nil {
			return fmt.Errorf("remove an upload: %w", err)
		}
	}
	return nil
}

// tidyUploads removes the uploads whose time is over.
func (s *Service) tidyUploads(ctx context.Context) error {
	old, err := s.store.Uploads(ctx, UploadQuery{Expired: s.clock(), Limit: models.MaxBatch})
	if err != nil {
		return fmt.Errorf("find uploads that expired: %w", err)
	}
	return s.dropAll(ctx, old)
}
