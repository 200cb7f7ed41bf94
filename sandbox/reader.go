package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

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
	is := coding.Detected{Format: string(format), Archive: format == exchange.FileZIP, Table: format.Table()}
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

// Table reads a file that is a table, and finds out what it is of. The errors are those of [exchange.ReadSheet].
func (r *Reader) Table(ctx context.Context, name string, data []byte, o models.ReadOptions, attributes []models.Attribute) (*coding.TableReading, error) {
	sheet, err := r.pool.Sheet(ctx, name, data, exchange.Options{Encoding: o.Encoding, Sheet: o.Sheet})
	if err != nil {
		return nil, err
	}
	table := exchange.GuessTable(&sheet, attributes)
	kept, err := json.Marshal(sheet)
	if err != nil {
		return nil, fmt.Errorf("write down a table: %w", err)
	}
	return &coding.TableReading{
		Table: table, Format: string(sheet.Format), MediaType: exchange.MediaType(sheet.Format, "", nil), Encoding: sheet.Encoding, Kept: kept,
	}, nil
}

// Rows gives the rows of a table that Table kept. The errors are those of [exchange.CheckMapping].
func (*Reader) Rows(kept []byte, m models.TableMapping, attributes []models.Attribute) ([]models.TableRow, error) {
	var sheet exchange.Sheet
	if err := json.Unmarshal(kept, &sheet); err != nil {
		return nil, fmt.Errorf("open a table: %w", err)
	}
	return exchange.TableRows(&sheet, m, attributes)
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
