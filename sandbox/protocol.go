package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"feltbog/exchange"
	"feltbog/models"
)

// What goes between the server and a child is frames: a letter for what it is, four bytes of its
// length, and so many bytes. A job is two frames, its description and the file. What comes back is a
// word that it was received, then of an archive two frames for each of its files, a path and the bytes,
// of a document its text, which would cost more in JSON than its reading, and then an answer.
const (
	frameJob    = 'j'
	frameData   = 'd'
	frameBegun  = 'b'
	framePath   = 'p'
	frameText   = 't'
	frameAnswer = 'a'
)

// The greatest frames of each sort. An answer holds a text of the greatest length with all its blocks
// and marks, in JSON, and a table likewise.
const (
	maxJob    = 64 << 10
	maxPath   = 16 << 10
	maxData   = models.MaxUploadBytes
	maxText   = 4 * models.MaxTextLength
	maxAnswer = 64 << 20
)

// What all the files of one archive may come to.
const (
	maxUnpackedFiles = 10_000
	maxUnpackedBytes = 1 << 30
)

// operation is what a child is asked to do with a file.
type operation string

const (
	opDocument operation = "document"
	opSheet    operation = "sheet"
	opUnpack   operation = "unpack"
)

// job describes a file that is to be read.
type job struct {
	Operation operation        `json:"operation"`
	Name      string           `json:"name"`
	Options   exchange.Options `json:"options"`
}

// answer is what became of a file.
type answer struct {
	Problem  *problem           `json:"problem,omitempty"`
	Document *exchange.Document `json:"document,omitempty"` // without its text
	Sheet    *exchange.Sheet    `json:"sheet,omitempty"`
	Warnings []exchange.Warning `json:"warnings,omitempty"` // of an archive
}

// problem is a *models.Error on its way; its cause stays behind, for it may quote the file.
type problem struct {
	Kind     models.Kind    `json:"kind"`
	Code     string         `json:"code"`
	Sentence string         `json:"sentence"`
	Fields   []models.Field `json:"fields,omitempty"`
}

func (p *problem) err() *models.Error {
	return &models.Error{Kind: p.Kind, Code: p.Code, Sentence: p.Sentence, Fields: p.Fields}
}

func problemOf(err error) *problem {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		e = unreadable()
	}
	return &problem{Kind: e.Kind, Code: e.Code, Sentence: e.Sentence, Fields: e.Fields}
}

// errNotBegun says that a child was gone before it had the file.
var errNotBegun = errors.New("the process had ended before it got the file")

// errFlood says that a frame is longer than any may be.
var errFlood = errors.New("more came back than a file can hold")

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload))) //nolint:gosec // frames are at most 64 MB
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// readFrame reads a frame of one of the kinds, whose limits stand beside them.
func readFrame(r io.Reader, limits map[byte]int64) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	limit, ok := limits[head[0]]
	if !ok {
		return 0, nil, fmt.Errorf("a frame of kind %d came where none may", head[0])
	}
	size := int64(binary.BigEndian.Uint32(head[1:]))
	if size > limit {
		return 0, nil, errFlood
	}
	payload = make([]byte, size)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, fmt.Errorf("a frame broke off: %w", err)
	}
	return head[0], payload, nil
}

func writeJSON(w io.Writer, kind byte, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return writeFrame(w, kind, b.Bytes())
}
