package coding_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

// reader reads files as a test says, by their names.
type reader struct {
	mu       sync.Mutex
	readings map[string]*coding.Reading
	archives map[string]map[string]string
	// hold, if it is set, keeps a reading from going on.
	hold chan struct{}
	read []string
}

func (*reader) Recording(name string) bool { return strings.HasSuffix(name, ".mp3") }

func (r *reader) Detect(name string, head []byte) (coding.Detected, error) {
	switch {
	case len(head) == 0:
		return coding.Detected{}, models.Invalid("file_empty", "This file is empty.")
	case bytes.HasPrefix(head, []byte("ID3")):
		return coding.Detected{Format: "audio", Media: models.MediaAudio, MediaType: "audio/mpeg"}, nil
	case strings.HasSuffix(name, ".zip"):
		return coding.Detected{Format: "zip", Archive: true}, nil
	case strings.HasSuffix(name, ".csv"):
		return coding.Detected{Format: "csv", Table: true}, nil
	}
	return coding.Detected{Format: "text"}, nil
}

func (r *reader) Read(ctx context.Context, name string, data []byte, _ models.ReadOptions) (*coding.Reading, error) {
	r.mu.Lock()
	r.read = append(r.read, name)
	hold, given := r.hold, r.readings[name]
	r.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if given != nil {
		return given, nil
	}
	return &coding.Reading{Content: content(string(data)), Format: "text", MediaType: "text/plain", Encoding: "utf-8", Language: "en"}, nil
}

func (r *reader) Unpack(_ context.Context, data []byte, each func(path string, data []byte) error) ([]models.Warning, error) {
	for path, words := range r.archives[string(data)] {
		if err := each(path, []byte(words)); err != nil {
			return nil, err
		}
	}
	if string(data) == "damaged" {
		return nil, models.Invalid("file_damaged", "This archive is damaged.")
	}
	return []models.Warning{{Code: "nested", Sentence: "An archive within it is left out."}}, nil
}

// process is one of the processes of a server: a service with a clock and readers of its own.
type process struct {
	*coding.Service
	reader *reader
	mu     sync.Mutex
	ahead  time.Duration
	stop   func()
}

// process starts one on the database of the study.
func (st *study) process() *process {
	st.t.Helper()
	p := &process{reader: &reader{readings: map[string]*coding.Reading{}, archives: map[string]map[string]string{}}}
	p.Service = coding.New(st.db, nil, coding.Options{Reader: p.reader, Now: func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		return time.Now().Add(p.ahead)
	}})
	return p
}

// later sets the clock of a process ahead.
func (p *process) later(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ahead += d
}

// reading lets a process read uploads until the test ends or it is stopped.
func (st *study) reading(p *process) *process {
	st.t.Helper()
	ctx, cancel := context.WithCancel(st.ctx)
	var running sync.WaitGroup
	running.Go(func() { p.ReadUploads(ctx, func(err error) { st.t.Errorf("reading failed: %v", err) }) })
	p.stop = func() {
		cancel()
		running.Wait()
	}
	st.t.Cleanup(p.stop)
	return p
}

// begin makes a place for a file.
func (st *study) begin(p *process, name string, size int) models.ID {
	st.t.Helper()
	u, err := p.BeginUpload(st.ctx, st.owner, st.space, coding.NewUpload{Name: name, Size: int64(size)})
	st.must(err)
	return u.ID
}

// send sends bytes behind those that are there.
func (st *study) send(p *process, id models.ID, offset int, body io.Reader) error {
	st.t.Helper()
	_, err := p.ReceiveUpload(st.ctx, st.owner, st.space, id, int64(offset), -1, body)
	return err
}

// upload sends a whole file and waits until it has been read.
func (st *study) upload(p *process, name, words string, folder ...string) coding.UploadView {
	st.t.Helper()
	u, err := p.BeginUpload(st.ctx, st.owner, st.space, coding.NewUpload{Name: name, Path: strings.Join(folder, "/"), Size: int64(len(words))})
	st.must(err)
	st.must(st.send(p, u.ID, 0, strings.NewReader(words)))
	return st.awaited(p, u.ID)
}

// awaited waits until an upload has been read.
func (st *study) awaited(p *process, id models.ID) coding.UploadView {
	st.t.Helper()
	for {
		u, err := p.Upload(st.ctx, st.owner, st.space, id)
		st.must(err)
		if u.State != models.UploadReading && u.State != models.UploadReceiving {
			return u
		}
		select {
		case <-st.ctx.Done():
			st.t.Fatalf("the upload is still %s", u.State)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// commit makes of an upload what the item says, as a field note unless it says otherwise.
func (st *study) commit(p *process, item coding.CommitItem) coding.Committed {
	st.t.Helper()
	if item.Fields.Kind == nil {
		item.Fields.Kind = new(models.KindFieldNote)
	}
	all, err := p.CommitUploads(st.ctx, st.owner, st.space, []coding.CommitItem{item})
	st.must(err)
	return all[0]
}

// raw counts the documents of a collection, however they came there.
func (st *study) raw(collection string) int64 {
	st.t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(st.t)))
	st.must(err)
	defer func() { _ = client.Disconnect(context.WithoutCancel(st.ctx)) }()
	n, err := client.Database(st.db.Name()).Collection(collection).CountDocuments(st.ctx, bson.D{})
	st.must(err)
	return n
}

// kept fails unless there are so many uploads, files and chunks.
func (st *study) kept(uploads, files, chunks int64) {
	st.t.Helper()
	for collection, want := range map[string]int64{"uploads": uploads, "files.files": files, "files.chunks": chunks} {
		if got := st.raw(collection); got != want {
			st.t.Errorf("%d %s are left, want %d", got, collection, want)
		}
	}
}

func stringReader(s string) io.Reader { return strings.NewReader(s) }

// names are the files that were read so far.
func (r *reader) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.read)
}

// until waits for a fact.
func (st *study) until(fact string, holds func() bool) {
	st.t.Helper()
	for !holds() {
		select {
		case <-st.ctx.Done():
			st.t.Fatalf("it never came to be that %s", fact)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// childrenOf gives the uploads that were taken out of an archive.
func (st *study) childrenOf(p *process, archive models.ID) []coding.UploadView {
	st.t.Helper()
	all, err := p.Uploads(st.ctx, st.owner, st.space)
	st.must(err)
	return slices.DeleteFunc(all, func(u coding.UploadView) bool { return u.ArchiveID != archive })
}

// some gives bytes that differ from each other.
func some(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte('a' + (i*7+i/255)%26)
	}
	return data
}

// broken gives some bytes and then fails.
func broken(data []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(data), iotestError{})
}

type iotestError struct{}

func (iotestError) Read([]byte) (int, error) { return 0, errors.New("the connection was reset") }

func TestReceiving(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	one, other := st.process(), st.process()
	data := some(3*coding.FileChunk + 12345)

	t.Run("a file arrives in pieces of any size at any process, and is what it was", func(t *testing.T) {
		id := st.begin(one, "field.txt", len(data))
		for at, turn := 0, 0; at < len(data); turn++ {
			end := min(len(data), at+[]int{1, coding.FileChunk - 1, 100, 2 * coding.FileChunk}[turn%4])
			st.must(st.send([]*process{one, other}[turn%2], id, at, bytes.NewReader(data[at:end])))
			at = end
		}
		u, err := one.Upload(st.ctx, st.owner, st.space, id)
		st.must(err)
		sum := sha256.Sum256(data)
		if u.State != models.UploadReading || u.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("it is %s with the sum %s", u.State, u.SHA256)
		}
		f, err := st.db.OpenFile(st.ctx, u.FileID)
		st.must(err)
		if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes are there, %v", len(got), err)
		}
		st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		st.kept(0, 0, 0)
	})

	t.Run("what arrived before the connection broke is kept", func(t *testing.T) {
		id := st.begin(one, "field.txt", len(data))
		cut := 2*coding.FileChunk + 77
		st.refused(st.send(one, id, 0, broken(data[:cut])), "body_malformed")
		u, err := other.Upload(st.ctx, st.owner, st.space, id)
		st.must(err)
		if u.Received != int64(cut) {
			t.Errorf("%d bytes are there, want %d", u.Received, cut)
		}
		st.refused(st.send(other, id, 0, bytes.NewReader(data)), "upload_offset_wrong")
		st.must(st.send(other, id, cut, bytes.NewReader(data[cut:])))
		st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		st.kept(0, 0, 0)
	})

	t.Run("one sends at a time, and whoever died keeps nobody out for long", func(t *testing.T) {
		id := st.begin(one, "field.txt", len(data))
		body, sender := io.Pipe()
		sent := make(chan error, 1)
		go func() { sent <- st.send(one, id, 0, body) }()
		_, err := sender.Write(data[:coding.FileChunk]) // and then nothing, with the lease in hand
		st.must(err)
		st.refused(st.send(other, id, 0, bytes.NewReader(data)), "upload_locked")
		other.later(time.Minute) // nobody renewed the lease for that long
		st.must(st.send(other, id, 0, bytes.NewReader(data)))
		_, _ = sender.Write(data[coding.FileChunk:])
		_ = sender.Close()
		if err := <-sent; codeOf(err) != "upload_locked" {
			t.Errorf("the first was told %v", err)
		}
		u, err := one.Upload(st.ctx, st.owner, st.space, id)
		st.must(err)
		sum := sha256.Sum256(data)
		if u.Received != int64(len(data)) || u.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes are there with the sum %s", u.Received, u.SHA256)
		}
		st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		st.kept(0, 0, 0)
	})

	t.Run("what is cancelled while it is sent leaves nothing", func(t *testing.T) {
		id := st.begin(one, "field.txt", len(data))
		body, sender := io.Pipe()
		sent := make(chan error, 1)
		go func() { sent <- st.send(one, id, 0, body) }()
		_, err := sender.Write(data[:coding.FileChunk])
		st.must(err)
		st.must(other.CancelUpload(st.ctx, st.owner, st.space, id))
		_, _ = sender.Write(data[coding.FileChunk:])
		_ = sender.Close()
		if err := <-sent; err == nil {
			t.Error("the sender isn't told")
		}
		st.kept(0, 0, 0)
	})

	t.Run("what is as large as a recording has to begin like one", func(t *testing.T) {
		id := st.begin(one, "talk.mp3", models.MaxUploadBytes+1)
		st.refused(st.send(one, id, 0, broken(data)), "file_too_large")
		u, err := one.Upload(st.ctx, st.owner, st.space, id)
		st.must(err)
		if u.State != models.UploadRefused || u.Problem.Code != "file_too_large" {
			t.Errorf("it is %s, %v", u.State, u.Problem)
		}
		st.refused(st.send(one, id, 0, bytes.NewReader(data)), "upload_closed")
		st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		id = st.begin(one, "talk.mp3", models.MaxUploadBytes+1)
		st.refused(st.send(one, id, 0, broken(append([]byte("ID3"), data...))), "body_malformed")
		st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		st.kept(0, 0, 0)
	})

	t.Run("a member may have so many files on their way and no more", func(t *testing.T) {
		var ids []models.ID
		for range 4 {
			u, err := one.BeginUpload(st.ctx, st.owner, st.space, coding.NewUpload{Name: "talk.mp3", Size: models.MaxRecordingBytes})
			st.must(err)
			ids = append(ids, u.ID)
		}
		_, err := one.BeginUpload(st.ctx, st.owner, st.space, coding.NewUpload{Name: "talk.mp3", Size: 1})
		st.refused(err, "uploads_too_large")
		for _, id := range ids {
			st.must(one.CancelUpload(st.ctx, st.owner, st.space, id))
		}
		for range models.MaxUploads {
			st.begin(one, "a.txt", 1)
		}
		_, err = other.BeginUpload(st.ctx, st.owner, st.space, coding.NewUpload{Name: "a.txt", Size: 1})
		st.refused(err, "uploads_too_many")
		st.must(one.RemoveMember(st.ctx, st.owner, st.space, st.member("Bo", models.RoleCoder).UserID)) // others' go on
		if all, err := one.Uploads(st.ctx, st.owner, st.space); err != nil || len(all) != models.MaxUploads {
			t.Errorf("%d are on their way, %v", len(all), err)
		}
	})
}
