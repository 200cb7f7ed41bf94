package coding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"

	"feltbog/models"
)

// unpack makes an upload of each file of an archive. What an earlier reader left half done goes first,
// and what came out of one that is refused in the end goes with it.
func (s *Service) unpack(ctx context.Context, archive *models.Upload, lease models.ID, data []byte) (*models.UploadedArchive, error) {
	left, err := s.store.Uploads(ctx, UploadQuery{ArchiveID: archive.ID})
	if err != nil {
		return nil, err
	}
	if err := s.dropAll(ctx, left); err != nil {
		return nil, err
	}
	out := &models.UploadedArchive{Folders: []string{}}
	var made []*models.Upload
	out.Warnings, err = s.files.Unpack(ctx, data, func(at string, data []byte) error {
		u, err := s.unpackOne(ctx, archive, lease, at, data)
		if err != nil {
			return err
		}
		made = append(made, u)
		if u.Path != "" && !slices.Contains(out.Folders, u.Path) {
			out.Folders = append(out.Folders, u.Path)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, s.dropAll(context.WithoutCancel(ctx), made))
	}
	out.Files, out.Warnings = len(made), orEmpty(out.Warnings)
	return out, nil
}

func (s *Service) dropAll(ctx context.Context, all []*models.Upload) error {
	for _, u := range all {
		if err := s.dropUpload(ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) unpackOne(ctx context.Context, archive *models.Upload, lease models.ID, at string, data []byte) (*models.Upload, error) {
	now := s.clock()
	u := &models.Upload{
		ID: models.NewID(), SpaceID: archive.SpaceID, AuthorID: archive.AuthorID, Name: path.Base(at), Path: path.Join(archive.Path, path.Dir(at)),
		Size: int64(len(data)), Received: int64(len(data)), State: models.UploadReading, ArchiveID: archive.ID,
		CreatedAt: now, ExpiresAt: now.Add(uploadLife), FileID: models.NewID(),
	}
	if u.Path == "." {
		u.Path = ""
	}
	sum := sha256.Sum256(data)
	u.SHA256 = hex.EncodeToString(sum[:])
	if err := s.store.SaveFiles(ctx, FileData{u.FileID, u.Name, data}); err != nil {
		return nil, fmt.Errorf("keep a file of an archive: %w", err)
	}
	_, err := s.editUpload(ctx, archive.ID, func(ctx context.Context, a *models.Upload) error {
		if a.Lease != lease {
			return models.NotFound(models.NounUpload)
		}
		a.LeaseUntil = s.clock().Add(readLease) // and meets whoever cancels the archive
		files, _, err := s.store.WeighUploads(ctx, u.SpaceID, u.AuthorID)
		if err != nil {
			return err
		}
		if files >= models.MaxUnpackedUploads {
			return models.Invalid("uploads_too_many", fmt.Sprintf("You may have %d files on their way into a project, those in archives among them. Import or cancel some first.", models.MaxUnpackedUploads))
		}
		return s.store.SaveUpload(ctx, u)
	})
	if err != nil {
		err = errors.Join(err, s.store.DropFiles(context.WithoutCancel(ctx), u.FileID))
	}
	return u, err
}
