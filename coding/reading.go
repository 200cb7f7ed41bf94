package coding

import (
	"context"
	"errors"
	"fmt"
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
		edit = refusal(edit, keptProblem(err))
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

// refusal is how an upload is changed that was refused, after what was understood of it.
func refusal(understood func(*models.Upload), problem *models.UploadProblem) func(*models.Upload) {
	return func(u *models.Upload) {
		if understood != nil {
			understood(u)
		}
		u.State, u.Problem = models.UploadRefused, problem
	}
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
