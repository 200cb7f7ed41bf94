package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"strings"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/sandbox"
)

// ReadFile reads a file and gives what is to be imported of it: the file itself, or those in it if it
// is an archive. Their notes are as fields say, and where these say nothing as the file says of itself.
// A file that can't be read is refused for itself. What waits, waits in tempDir.
func ReadFile(ctx context.Context, files *sandbox.Pool, tempDir, name string, data []byte, fields coding.NoteFields) iter.Seq[coding.Upload] {
	format, err := exchange.Detect(name, data)
	switch {
	case err != nil:
		return refusedFile(name, faultOf(err))
	case format == exchange.FileZIP:
		return readArchive(ctx, files, tempDir, name, data, fields)
	}
	u := readFile(ctx, files, format, name, data, fields)
	return func(yield func(coding.Upload) bool) { yield(u) }
}

// refusedFile is a file of which nothing is imported.
func refusedFile(name string, why *models.Error) iter.Seq[coding.Upload] {
	return func(yield func(coding.Upload) bool) { yield(coding.Upload{Name: name, Problem: why}) }
}

// faultOf gives what is wrong with a file; anything else is a fault of the moment.
func faultOf(err error) *models.Error {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return e
	}
	return models.Unavailable("file_unread", "This file could not be read just now. Send it again.", err)
}

// readArchive reads the files of an archive one by one. They wait on disk until the archive is
// unpacked, since both take a place among the readers. What is left out of the archive is told as a
// refusal of the archive itself.
func readArchive(ctx context.Context, files *sandbox.Pool, tempDir, name string, data []byte, fields coding.NoteFields) iter.Seq[coding.Upload] {
	return func(yield func(coding.Upload) bool) {
		spool, drop, err := newSpool(tempDir)
		if err != nil {
			yield(coding.Upload{Name: name, Problem: faultOf(err)})
			return
		}
		defer drop()
		entries, left, err := unpack(ctx, files, data, spool)
		if err != nil {
			yield(coding.Upload{Name: name, Problem: faultOf(err)})
			return
		}
		for _, e := range entries {
			u := readEntry(ctx, files, e, spool, fields)
			u.Answer = name + "/" + e.name
			if !yield(u) {
				return
			}
		}
		if len(left) > 0 {
			sentences := make([]string, len(left))
			for i, w := range left {
				sentences[i] = w.Sentence
			}
			yield(coding.Upload{Name: name, Problem: models.Invalid("archive_partly_read", strings.Join(sentences, " "))})
		}
	}
}

// unpack writes the files of an archive to the spool, under their paths.
func unpack(ctx context.Context, files *sandbox.Pool, data []byte, spool *os.File) ([]spooled, []exchange.Warning, error) {
	var entries []spooled
	var end int64
	left, err := files.Unpack(ctx, data, func(at string, data []byte) error {
		if _, err := spool.WriteAt(data, end); err != nil {
			return diskFault(err)
		}
		entries = append(entries, spooled{name: at, from: end, size: int64(len(data))})
		end += int64(len(data))
		return nil
	})
	return entries, left, err
}

// readEntry reads one file of an archive.
func readEntry(ctx context.Context, files *sandbox.Pool, e spooled, spool io.ReaderAt, fields coding.NoteFields) coding.Upload {
	name, data := exchange.FileName(e.name), make([]byte, e.size)
	if _, err := io.ReadFull(io.NewSectionReader(spool, e.from, e.size), data); err != nil {
		return coding.Upload{Name: name, Problem: faultOf(err)}
	}
	format, err := exchange.Detect(name, data)
	if err != nil {
		return coding.Upload{Name: name, Problem: faultOf(err)}
	}
	return readFile(ctx, files, format, name, data, fields)
}

// readFile reads one file that is no archive.
func readFile(ctx context.Context, files *sandbox.Pool, format exchange.Format, name string, data []byte, fields coding.NoteFields) coding.Upload {
	u := coding.Upload{Name: name, Data: data, Fields: fields}
	if format.Media() {
		u.Problem = models.Invalid("format_is_media", "This is a recording, a picture or slides, and has no text to make a note of. Upload it in the app, or attach it to a note.")
		return u
	}
	if format.Table() {
		readTable(ctx, files, &u)
		return u
	}
	document, err := files.Document(ctx, name, data, exchange.Options{})
	if err == nil && document.NoText {
		err = models.Invalid("scan_without_text", "This file holds pictures of pages and no text: a scan. Have its words recognised, or upload it in the app as a note to be transcribed.")
	}
	if err != nil {
		u.Problem = faultOf(err)
		return u
	}
	read := sandbox.ReadingOf(document)
	u.MediaType, u.Encoding, u.Content, u.Comments = read.MediaType, read.Encoding, read.Content, read.Comments
	read.Fill(&u.Fields, name)
	return u
}
