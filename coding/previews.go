package coding

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"feltbog/models"
)

// headBytes is how much of a large file is looked at.
const headBytes = 64 << 10

// understand finds out what an upload is and reads it. It gives how the upload is changed by that, also
// where it is refused, and the file in which the text is kept.
func (s *Service) understand(ctx context.Context, u *models.Upload, lease models.ID) (func(*models.Upload), models.ID, error) {
	data, err := s.bytesOf(ctx, u)
	if err != nil {
		return nil, "", err
	}
	is, err := s.files.Detect(u.Name, data)
	known := func(u *models.Upload) { u.Format = is.Format }
	switch {
	case err != nil:
		return nil, "", err
	case is.Media != "":
		return func(u *models.Upload) { u.Format, u.MediaType, u.Media = is.Format, is.MediaType, is.Media }, "", nil
	case u.Size > models.MaxUploadBytes:
		return nil, "", fileTooLarge(models.MaxUploadBytes)
	case is.Archive:
		archive, err := s.unpack(ctx, u, lease, data)
		if err != nil {
			return known, "", err
		}
		return func(u *models.Upload) { u.Format, u.MediaType, u.Archive = is.Format, "application/zip", archive }, "", nil
	}
	if is.Table {
		edit, preview, err := s.understandTable(ctx, u, data)
		if err != nil {
			edit = known
		}
		return edit, preview, err
	}
	reading, err := s.files.Read(ctx, u.Name, data, u.Options)
	if err != nil {
		return known, "", err
	}
	document := describe(reading)
	if document.VersionOf, err = s.versionOf(ctx, u, reading.Content); err != nil {
		return nil, "", err
	}
	kept, err := json.Marshal(reading)
	if err != nil {
		return nil, "", fmt.Errorf("write down what was read: %w", err)
	}
	preview := models.NewID()
	if err := s.store.SaveFiles(ctx, FileData{preview, "preview.json", kept}); err != nil {
		return nil, "", fmt.Errorf("keep what was read: %w", err)
	}
	return func(u *models.Upload) {
		u.Format, u.MediaType, u.Encoding, u.Document = reading.Format, reading.MediaType, reading.Encoding, document
	}, preview, nil
}

// understandTable is understand for a table.
func (s *Service) understandTable(ctx context.Context, u *models.Upload, data []byte) (func(*models.Upload), models.ID, error) {
	p, err := s.store.Projects().Find(ctx, u.SpaceID, u.SpaceID)
	if err != nil {
		return nil, "", err
	}
	reading, err := s.files.Table(ctx, u.Name, data, u.Options, p.Attributes)
	if err != nil {
		return nil, "", err
	}
	preview := models.NewID()
	if err := s.store.SaveFiles(ctx, FileData{preview, "table.json", reading.Kept}); err != nil {
		return nil, "", fmt.Errorf("keep a table: %w", err)
	}
	return func(u *models.Upload) {
		u.Format, u.MediaType, u.Encoding, u.Table = reading.Format, reading.MediaType, reading.Encoding, &reading.Table
	}, preview, nil
}

// bytesOf gives the bytes of an upload: all of what may be read, and the beginning of what may only be
// a recording.
func (s *Service) bytesOf(ctx context.Context, u *models.Upload) ([]byte, error) {
	size := u.Size
	if size > models.MaxUploadBytes {
		size = headBytes
	}
	f, err := s.store.OpenFile(ctx, u.FileID)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data := make([]byte, size)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("read the bytes of an upload: %w", err)
	}
	return data, nil
}

// describe sums up what was read.
func describe(r *Reading) *models.UploadedDocument {
	d := &models.UploadedDocument{
		Title: r.Title, Author: r.Author, ObservedOn: r.ObservedOn, Language: r.Language,
		Words: len(strings.Fields(r.Content.Text)), Length: points(r.Content.Text), Blocks: map[models.BlockKind]int{},
		Comments: len(r.Comments), NoText: r.NoText, Warnings: orEmpty(r.Warnings), Transcript: r.Transcript, Speakers: orEmpty(r.Speakers),
	}
	if !r.CreatedAt.IsZero() {
		d.CreatedAt = &r.CreatedAt
	}
	if !r.ChangedAt.IsZero() {
		d.ChangedAt = &r.ChangedAt
	}
	for _, b := range r.Content.Blocks {
		d.Blocks[b.Kind]++
		d.Pages = max(d.Pages, b.Page)
	}
	return d
}

// versionOf finds the note that a file looks like a later version of: the only one whose original had
// the same name, or the only one of these at the site that the file's folder is named after. A note
// that the author of the upload may not change isn't told of.
func (s *Service) versionOf(ctx context.Context, u *models.Upload, c models.Content) (*models.UploadVersion, error) {
	found, err := s.store.NotesByFile(ctx, u.SpaceID, u.Name)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(n *models.Note) bool {
		return n.File.SHA256 == u.SHA256 || (n.Draft && n.AuthorID != u.AuthorID)
	})
	if len(found) > 1 && u.Path != "" {
		if found, err = s.atSiteNamed(ctx, u.SpaceID, path.Base(u.Path), found); err != nil {
			return nil, err
		}
	}
	if len(found) != 1 || c.Text == "" {
		return nil, nil //nolint:nilnil // null is how an upload says that it is no new version
	}
	n := found[0]
	p, err := s.PreviewText(ctx, models.Actor{UserID: u.AuthorID}, u.SpaceID, n.ID, 0, c)
	if err != nil {
		if problemOf(err) == nil || models.KindOf(err) == models.KindUnavailable {
			return nil, err
		}
		return nil, nil //nolint:nilnil // it isn't theirs to change
	}
	all := p.Codings.Kept + p.Codings.Moved + p.Codings.Review
	return &models.UploadVersion{NoteID: n.ID, Title: n.Title, Codings: all, Kept: all - p.Codings.Review, Review: p.Codings.Review}, nil
}

func (s *Service) atSiteNamed(ctx context.Context, space models.ID, name string, all []*models.Note) ([]*models.Note, error) {
	site, err := s.siteNamed(ctx, space, name)
	if err != nil || site == nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(n *models.Note) bool { return n.SiteID != site.ID }), nil
}

// siteNamed finds a site by its name; nil if there is none.
func (s *Service) siteNamed(ctx context.Context, space models.ID, name string) (*models.Site, error) {
	all, err := s.store.Sites().All(ctx, space, Query{}, models.MaxSites)
	if err != nil {
		return nil, err
	}
	for _, site := range all {
		if strings.EqualFold(site.Name, strings.TrimSpace(name)) {
			return site, nil
		}
	}
	return nil, nil //nolint:nilnil // the caller decides what a missing site means
}

// UploadText gives the text that was read from one of the actor's uploads.
func (s *Service) UploadText(ctx context.Context, actor models.Actor, space, id models.ID) (models.Content, error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionAddNotes); err != nil {
		return models.Content{}, err
	}
	u, err := s.ownUpload(ctx, actor, space, id)
	if err != nil {
		return models.Content{}, err
	}
	if u.Table != nil {
		return models.Content{}, models.Conflict("upload_not_ready", "This file is a table and has no text of its own.")
	}
	r, err := s.readingOf(ctx, u)
	if err != nil {
		return models.Content{}, err
	}
	return r.Content, nil
}

// readingOf gives what was read from an upload.
func (s *Service) readingOf(ctx context.Context, u *models.Upload) (*Reading, error) {
	kept, err := s.keptOf(ctx, u)
	if err != nil {
		return nil, err
	}
	r := &Reading{}
	return r, json.Unmarshal(kept, r)
}

// keptOf gives what was kept of an upload when it was read.
func (s *Service) keptOf(ctx context.Context, u *models.Upload) ([]byte, error) {
	if u.State != models.UploadReady || u.PreviewID == "" {
		return nil, models.Conflict("upload_not_ready", "Nothing has been read from this file that could be shown.")
	}
	f, err := s.store.OpenFile(ctx, u.PreviewID)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		return nil, fmt.Errorf("open what was read: %w", err)
	}
	return b.Bytes(), nil
}
