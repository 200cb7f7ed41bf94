package coding

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"feltbog/models"
)

// FileChunk is how many bytes of a file stand in one document of the store, as in every GridFS.
const FileChunk = 255 << 10

const (
	// receiveBuffer is what one upload takes of memory, and how much of it is written at once.
	receiveBuffer = 8 * FileChunk
	// receivePause is how long bytes may wait to be written, so that whoever looks sees them come.
	receivePause = 500 * time.Millisecond
	// receiveLease is how long after its last sign of life a writer that died keeps others out.
	receiveLease = 6 * time.Second
	// enoughToTell is how many bytes tell what a recording is.
	enoughToTell = 64
)

// newSum begins the sum over the bytes of a file.
func newSum() hash.Hash { return sha256.New() }

// sumState is a sum that can be written down and taken up again by another process.
func sumState(h hash.Hash) ([]byte, error) {
	return h.(encoding.BinaryMarshaler).MarshalBinary() //nolint:forcetypeassert // SHA-256 can
}

func resumeSum(state []byte) (hash.Hash, error) {
	h := newSum()
	if len(state) == 0 {
		return h, nil
	}
	return h, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state) //nolint:forcetypeassert // SHA-256 can
}

// receiver takes in bytes of one upload.
type receiver struct {
	s      *Service
	upload *models.Upload // as last written
	lease  models.ID
	sum    hash.Hash
	buffer []byte
	filled int
	wrote  time.Time
}

// ReceiveUpload adds bytes to one of the actor's uploads behind the first offset ones, and gives the
// upload as it is then. What arrived is kept even where body broke off, and said in its error. It
// returns Conflict where offset isn't how much there is (upload_offset_wrong) and where somebody else
// is sending (upload_locked), and TooLarge where length, if it is known and not -1, leads beyond the end.
func (s *Service) ReceiveUpload(ctx context.Context, actor models.Actor, space, id models.ID, offset, length int64, body io.Reader) (*models.Upload, error) {
	r, err := s.beginReceiving(ctx, actor, space, id, offset, length)
	if err != nil {
		return nil, err
	}
	if r.upload.Received == r.upload.Size {
		return r.upload, nil
	}
	// Whoever sends may go at any time, and what they sent has to be kept nevertheless.
	keeping := context.WithoutCancel(ctx)
	halt := r.stayAlive(keeping)
	broken := r.take(keeping, body)
	halt()
	if r.upload.State == models.UploadReading {
		s.wakeReaders()
		return r.upload, nil
	}
	_, err = s.editUpload(keeping, id, func(_ context.Context, u *models.Upload) error {
		if u.Lease == r.lease {
			u.Lease, u.LeaseUntil = "", time.Time{}
		}
		return nil
	})
	return r.upload, errors.Join(broken, err)
}

// beginReceiving makes the actor the one who sends.
func (s *Service) beginReceiving(ctx context.Context, actor models.Actor, space, id models.ID, offset, length int64) (*receiver, error) {
	if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
		return nil, err
	}
	lease := models.NewID()
	u, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
		switch {
		case u.SpaceID != space || u.AuthorID != actor.UserID:
			return models.NotFound(models.NounUpload)
		case offset != u.Received:
			return models.Conflict("upload_offset_wrong", fmt.Sprintf("There are %d bytes of this file here already. Send those behind them.", u.Received))
		case length > u.Size-offset:
			return models.TooLarge("upload_too_long", "There are more bytes than the length that was announced. Begin anew.")
		case u.State == models.UploadReceiving && u.Lease != "" && s.clock().Before(u.LeaseUntil):
			return models.Conflict("upload_locked", "This file is being sent already. Try again in a moment.")
		case u.State == models.UploadReceiving:
			u.Lease, u.LeaseUntil = lease, s.clock().Add(receiveLease)
		case u.Received < u.Size:
			return models.Invalid("upload_closed", "This file was refused, so nothing more of it is taken in.")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sum, err := resumeSum(u.Hash)
	if err != nil {
		return nil, fmt.Errorf("take up the sum of an upload: %w", err)
	}
	return &receiver{s: s, upload: u, lease: lease, sum: sum, wrote: time.Now(), buffer: make([]byte, min(receiveBuffer, u.Size-u.Received))}, nil
}

// stayAlive renews the lease while bytes come slowly, until it is halted.
func (r *receiver) stayAlive(ctx context.Context) (halt func()) {
	ctx, cancel := context.WithCancel(ctx)
	var alive sync.WaitGroup
	alive.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(receiveLease / 3):
			}
			_, _ = r.s.editUpload(ctx, r.upload.ID, func(_ context.Context, u *models.Upload) error {
				if u.Lease != r.lease {
					return models.NotFound(models.NounUpload)
				}
				u.LeaseUntil = r.s.clock().Add(receiveLease)
				return nil
			}) // who lost the lease hears of it with the next bytes
		}
	})
	return func() {
		cancel()
		alive.Wait()
	}
}

// take reads body to its end, or as far as the file goes, and writes what comes.
func (r *receiver) take(ctx context.Context, body io.Reader) error {
	body = io.LimitReader(body, r.upload.Size-r.upload.Received)
	for {
		n, broken := body.Read(r.buffer[r.filled:])
		r.filled += n
		if r.filled == len(r.buffer) || broken != nil || (r.filled >= enoughToTell && time.Since(r.wrote) > receivePause) {
			if err := r.write(ctx); err != nil {
				return err
			}
		}
		switch {
		case r.upload.State != models.UploadReceiving, errors.Is(broken, io.EOF):
			return nil
		case problemOf(broken) != nil:
			return broken // the server's own reason
		case broken != nil:
			return models.Malformed("body_malformed", "The body broke off before its end.").Because(broken)
		}
	}
}

// write keeps the bytes of the buffer.
func (r *receiver) write(ctx context.Context) error {
	data := r.buffer[:r.filled]
	if len(data) == 0 {
		return nil
	}
	if err := r.s.tooLargeToBe(r.upload, data); err != nil {
		return r.refuse(ctx, err)
	}
	r.sum.Write(data)
	state, err := sumState(r.sum)
	if err != nil {
		return fmt.Errorf("write down the sum of an upload: %w", err)
	}
	u, err := r.s.editUpload(ctx, r.upload.ID, func(ctx context.Context, u *models.Upload) error {
		if u.Lease != r.lease || u.State != models.UploadReceiving {
			return models.Conflict("upload_locked", "This file is being sent already. Try again in a moment.")
		}
		if err := r.s.store.AppendFile(ctx, u.FileID, u.Received, data); err != nil {
			return fmt.Errorf("keep bytes of an upload: %w", err)
		}
		u.Received += int64(len(data))
		u.Hash = state
		u.LeaseUntil = r.s.clock().Add(receiveLease)
		r.s.touch(u)
		if u.Received == u.Size {
			return r.s.complete(ctx, u, r.sum)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.upload, r.filled, r.wrote = u, 0, time.Now()
	return nil
}

// tooLargeToBe refuses what is too large for anything but a recording and doesn't begin like one.
func (s *Service) tooLargeToBe(u *models.Upload, head []byte) error {
	if u.Received > 0 || u.Size <= models.MaxUploadBytes || len(head) < enoughToTell {
		return nil
	}
	is, err := s.files.Detect(u.Name, head)
	if err != nil {
		return err
	}
	if is.Media != models.MediaAudio && is.Media != models.MediaVideo {
		return fileTooLarge(models.MaxUploadBytes)
	}
	return nil
}

func (r *receiver) refuse(ctx context.Context, why error) error {
	if problemOf(why) == nil {
		return why
	}
	_, err := r.s.editUpload(ctx, r.upload.ID, func(_ context.Context, u *models.Upload) error {
		u.State, u.Lease, u.Problem = models.UploadRefused, "", keptProblem(why)
		return nil
	})
	return errors.Join(why, err)
}

// complete closes a file that is there as a whole, and leaves it to be read.
func (s *Service) complete(ctx context.Context, u *models.Upload, sum hash.Hash) error {
	if err := s.store.FinishFile(ctx, u.FileID, u.Name, u.Size); err != nil {
		return fmt.Errorf("finish the file of an upload: %w", err)
	}
	u.SHA256, u.Hash = hex.EncodeToString(sum.Sum(nil)), nil
	u.State, u.Lease, u.LeaseUntil = models.UploadReading, "", time.Time{}
	return nil
}

// keptProblem is a problem as an upload keeps it.
func keptProblem(err error) *models.UploadProblem {
	e := problemOf(err)
	return &models.UploadProblem{Kind: e.Kind, Code: e.Code, Sentence: e.Sentence, Fields: e.Fields}
}
