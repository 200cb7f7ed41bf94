package sandbox

import (
	"cmp"
	"context"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// Reader is a pool as the use cases of uploads ask it.
type Reader struct{ pool *Pool }

var _ coding.Reader = (*Reader)(nil)

// NewReader makes a reader that reads with a pool.
func NewReader(p *Pool) *Reader { return &Reader{p} }

// Recording says whether a file of this name may be as large as a recording.
func (*Reader) Recording(name string) bool {
	format := exchange.Named(name)
	return format == exchange.FileAudio || format == exchange.FileVideo
}

// Detect tells what a file is. The errors are those of [exchange.Detect].
func (*Reader) Detect(name string, head []byte) (coding.Detected, error) {
	format, err := exchange.Detect(name, head)
	if err != nil {
		return coding.Detected{}, err
	}
	is := coding.Detected{Format: string(format), Archive: format == exchange.FileZIP}
	if format.Media() {
		is.Media, is.MediaType = models.MediaKind(format), exchange.MediaType(format, name, head)
	}
	return is, nil
}

// Read reads a file that is a text. The errors are those of [exchange.Read].
func (r *Reader) Read(ctx context.Context, name string, data []byte, o models.ReadOptions) (*coding.Reading, error) {
	d, err := r.pool.Document(ctx, name, data, exchange.Options{Encoding: o.Encoding, Sheet: o.Sheet, Transcript: o.Transcript})
	if err != nil {
		return nil, err
	}
	return ReadingOf(d), nil
}

// ReadingOf is a document as the use cases of uploads know it.
func ReadingOf(d exchange.Document) *coding.Reading {
	out := &coding.Reading{
		Content: d.Content, Format: string(d.Format), MediaType: d.MediaType, Encoding: d.Encoding, NoText: d.NoText, Transcript: d.Transcript,
		Title: d.Meta.Title, Author: d.Meta.Author, ObservedOn: d.Meta.ObservedOn, Language: cmp.Or(d.Meta.Language, d.Language),
		CreatedAt: d.Meta.CreatedAt, ChangedAt: d.Meta.ChangedAt, Warnings: warnings(d.Warnings),
	}
	for _, s := range d.Speakers {
		out.Speakers = append(out.Speakers, models.Speaker{Name: s.Name, Turns: s.Turns})
	}
	for _, c := range d.Comments {
		out.Comments = append(out.Comments, coding.Comment(c))
	}
	return out
}

// Unpack gives the files of an archive one by one. The errors are those of [exchange.Unpack], and each's own.
func (r *Reader) Unpack(ctx context.Context, data []byte, each func(path string, data []byte) error) ([]models.Warning, error) {
	all, err := r.pool.Unpack(ctx, data, each)
	return warnings(all), err
}

func warnings(all []exchange.Warning) []models.Warning {
	out := make([]models.Warning, len(all))
	for i, w := range all {
		out[i] = models.Warning(w)
	}
	return out
}
