package coding

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"feltbog/models"
)

// Reader reads files apart from the server, so that no file can harm it. Its errors are *models.Error
// where the fault lies in the file.
type Reader interface {
	// Recording says whether a file of this name may be as large as a recording.
	Recording(name string) bool
	// Detect tells what a file is. Of a picture or recording, head may be the beginning.
	Detect(name string, head []byte) (Detected, error)
	// Read reads a file that is a text.
	Read(ctx context.Context, name string, data []byte, o models.ReadOptions) (*Reading, error)
	// Table reads a file that is a table, and finds out what it is of, for a project with these attributes.
	Table(ctx context.Context, name string, data []byte, o models.ReadOptions, attributes []models.Attribute) (*TableReading, error)
	// Rows gives the rows of a table as a mapping has them, or says why it can't be one of that table.
	Rows(kept []byte, m models.TableMapping, attributes []models.Attribute) ([]models.TableRow, error)
	// Unpack gives the files of an archive one by one, by their paths within it.
	Unpack(ctx context.Context, data []byte, each func(path string, data []byte) error) ([]models.Warning, error)
}

// Detected is what a file is.
type Detected struct {
	Format  string
	Media   models.MediaKind // empty for what is read
	Archive bool
	Table   bool
	// MediaType is set for media; that of a text its reader tells.
	MediaType string
}

// Reading is what a reader made of a file that is a text.
type Reading struct {
	Content    models.Content   `json:"content"`
	Format     string           `json:"format"`
	MediaType  string           `json:"mediaType"`
	Encoding   string           `json:"encoding"`
	Title      string           `json:"title"`
	Author     string           `json:"author"`
	ObservedOn models.Date      `json:"observedOn"`
	Language   string           `json:"language"`
	CreatedAt  time.Time        `json:"createdAt"`
	ChangedAt  time.Time        `json:"changedAt"`
	Comments   []Comment        `json:"comments"`
	Warnings   []models.Warning `json:"warnings"`
	NoText     bool             `json:"noText"` // a scan
	Transcript bool             `json:"transcript"`
	Speakers   []models.Speaker `json:"speakers"`
}

// Comment is what somebody wrote in the margin of a file, at the code points [Start, End) of its text.
type Comment struct {
	Start  int       `json:"start"`
	End    int       `json:"end"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
}

// TableReading is what a reader made of a file that is a table. Kept is the table itself, for Rows.
type TableReading struct {
	Table     models.UploadedTable
	Format    string
	MediaType string
	Encoding  string
	Kept      []byte
}

const (
	// readersAtOnce is how many files one process reads at once.
	readersAtOnce = 2
	// readLease is how long after its last sign of life a reader that died keeps others out.
	readLease = 20 * time.Second
	// readAttempts is how often a file is tried on which readers die.
	readAttempts = 3
	// lookEvery is how often a process looks for files that others left unread.
	lookEvery = 2 * time.Second
)

// wakeReaders tells the readers of this process that there is something to read.
func (s *Service) wakeReaders() {
	for range readersAtOnce {
		select {
		case s.wake <- struct{}{}:
		default: // they are awake
		}
	}
}

// ReadUploads reads uploads until ctx ends: those that came in here, and those that other processes
// left behind. Failed hears of what stands in the way; it is tried again.
func (s *Service) ReadUploads(ctx context.Context, failed func(error)) {
	var readers sync.WaitGroup
	for range readersAtOnce {
		readers.Go(func() {
			for ctx.Err() == nil {
				found, err := s.readNext(ctx)
				if err != nil && ctx.Err() == nil {
					failed(err)
				}
				if found && err == nil {
					continue
				}
				select {
				case <-ctx.Done():
				case <-s.wake:
				case <-time.After(lookEvery):
				}
			}
		})
	}
	readers.Wait()
}

// readNext reads the upload that has waited longest, if there is one.
func (s *Service) readNext(ctx context.Context) (bool, error) {
	waiting, err := s.store.Uploads(ctx, UploadQuery{Unread: s.clock(), Limit: readersAtOnce})
	if err != nil {
		return false, fmt.Errorf("find uploads to read: %w", err)
	}
	for _, u := range waiting {
		lease, u, err := s.claim(ctx, u.ID)
		if isNotFound(err) {
			continue // somebody else was faster
		}
		if err != nil {
			return false, fmt.Errorf("claim an upload: %w", err)
		}
		return true, s.read(ctx, u, lease)
	}
	return false, nil
}

// claim makes this process the reader of an upload.
func (s *Service) claim(ctx context.Context, id models.ID) (models.ID, *models.Upload, error) {
	lease := models.NewID()
	u, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
		if u.State != models.UploadReading || (u.Lease != "" && s.clock().Before(u.LeaseUntil)) {
			return models.NotFound(models.NounUpload)
		}
		u.Lease, u.LeaseUntil = lease, s.clock().Add(readLease)
		u.Attempts++
		return nil
	})
	return lease, u, err
}

// read reads an upload and keeps what came of it. Where the reader has lost the upload meanwhile, to a
// cancel or to other options, nothing is kept.
func (s *Service) read(ctx context.Context, u *models.Upload, lease models.ID) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var alive sync.WaitGroup
	defer alive.Wait()
	alive.Go(func() { s.holdReading(ctx, stop, u.ID, lease) })
	defer stop()
	var edit func(*models.Upload)
	var preview models.ID
	var err error
	if u.Attempts > readAttempts {
		err = models.Invalid("file_unreadable", "This file can't be read.")
	} else {
		edit, preview, err = s.understand(ctx, u, lease)
	}
	switch {
	case ctx.Err() != nil:
		return nil // another takes it up
	case err != nil && (problemOf(err) == nil || models.KindOf(err) == models.KindUnavailable):
		return fmt.Errorf("read upload %s: %w", u.ID, err)
	case err != nil:
		problem := keptProblem(err)
		edit = func(u *models.Upload) { u.State, u.Problem = models.UploadRefused, problem }
	}
	_, err = s.editUpload(ctx, u.ID, func(_ context.Context, u *models.Upload) error {
		if u.Lease != lease {
			return models.NotFound(models.NounUpload)
		}
		u.State, u.Lease, u.LeaseUntil = models.UploadReady, "", time.Time{}
		u.PreviewID, u.Attempts = preview, 0
		edit(u)
		s.touch(u)
		return nil
	})
	if err != nil && preview != "" {
		err = errors.Join(err, s.store.DropFiles(context.WithoutCancel(ctx), preview))
	}
	if isNotFound(err) {
		return nil
	}
	return err
}

// holdReading renews the lease of a reading, and stops the reading when it is lost.
func (s *Service) holdReading(ctx context.Context, stop func(), id, lease models.ID) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(readLease / 4):
		}
		_, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
			if u.Lease != lease {
				return models.NotFound(models.NounUpload)
			}
			u.LeaseUntil = s.clock().Add(readLease)
			return nil
		})
		if isNotFound(err) {
			stop()
			return
		}
	}
}

// headBytes is how much of a large file is looked at.
const headBytes = 64 << 10

// understand finds out what an upload is and reads it. It gives how the upload is changed by that,
// and the file in which the text is kept.
func (s *Service) understand(ctx context.Context, u *models.Upload, lease models.ID) (func(*models.Upload), models.ID, error) {
	data, err := s.bytesOf(ctx, u)
	if err != nil {
		return nil, "", err
	}
	is, err := s.files.Detect(u.Name, data)
	switch {
	case err != nil:
		return nil, "", err
	case is.Media != "":
		return func(u *models.Upload) { u.Format, u.MediaType, u.Media = is.Format, is.MediaType, is.Media }, "", nil
	case u.Size > models.MaxUploadBytes:
		return nil, "", fileTooLarge(models.MaxUploadBytes)
	case is.Archive:
		archive, err := s.unpack(ctx, u, lease, data)
		return func(u *models.Upload) { u.Format, u.MediaType, u.Archive = is.Format, "application/zip", archive }, "", err
	}
	if is.Table {
		return s.understandTable(ctx, u, data)
	}
	reading, err := s.files.Read(ctx, u.Name, data, u.Options)
	if err != nil {
		return nil, "", err
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

// unpack makes an upload of each file of an archive. What an earlier reader left half done goes first.
func (s *Service) unpack(ctx context.Context, archive *models.Upload, lease models.ID, data []byte) (*models.UploadedArchive, error) {
	left, err := s.store.Uploads(ctx, UploadQuery{ArchiveID: archive.ID})
	if err != nil {
		return nil, err
	}
	for _, u := range left {
		if err := s.dropUpload(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	out := &models.UploadedArchive{Folders: []string{}}
	folders := map[string]bool{}
	out.Warnings, err = s.files.Unpack(ctx, data, func(at string, data []byte) error {
		u, err := s.unpackOne(ctx, archive, lease, at, data)
		if err != nil {
			return err
		}
		out.Files++
		if u.Path != "" && !folders[u.Path] {
			folders[u.Path] = true
			out.Folders = append(out.Folders, u.Path)
		}
		return nil
	})
	out.Warnings = orEmpty(out.Warnings)
	return out, err
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
