package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"feltbog/exchange"
)

// Readers are what a child reads files with.
type Readers struct {
	Document func(name string, data []byte, o exchange.Options) (exchange.Document, error)
	Sheet    func(name string, data []byte, o exchange.Options) (exchange.Sheet, error)
	Unpack   func(data []byte, each func(path string, data []byte) error) ([]exchange.Warning, error)
}

// Exchange reads files with the readers of package exchange.
func Exchange() Readers {
	return Readers{Document: exchange.Read, Sheet: exchange.ReadSheet, Unpack: exchange.Unpack}
}

// Serve is what a child does: it reads the files that come, one after the other, until no more come.
// It sets bounds to the whole process. A reader that panics takes the process with it, on purpose:
// what it left behind is not to touch the next file.
func Serve(in io.Reader, out io.Writer, readers Readers) error {
	confine()
	from, to := bufio.NewReaderSize(in, 64<<10), bufio.NewWriterSize(out, 64<<10)
	for {
		j, data, err := receive(from)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("receive a file: %w", err)
		}
		extend()
		if err := writeFrame(to, frameBegun, nil); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if err := to.Flush(); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		a := readers.read(j, data, to)
		if a.Document != nil {
			text := []byte(a.Document.Content.Text)
			a.Document.Content.Text = ""
			if err := writeFrame(to, frameText, text); err != nil {
				return fmt.Errorf("answer: %w", err)
			}
		}
		if err := writeJSON(to, frameAnswer, a); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if err := to.Flush(); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
}

func receive(r io.Reader) (job, []byte, error) {
	var j job
	_, description, err := readFrame(r, map[byte]int64{frameJob: maxJob})
	if err != nil {
		return j, nil, err
	}
	if err := json.Unmarshal(description, &j); err != nil {
		return j, nil, err
	}
	_, data, err := readFrame(r, map[byte]int64{frameData: maxData})
	return j, data, err
}

// read reads one file. The files of an archive are written as they come.
func (r Readers) read(j job, data []byte, out *bufio.Writer) answer {
	var a answer
	var err error
	switch j.Operation {
	case opDocument:
		var document exchange.Document
		document, err = r.Document(j.Name, data, j.Options)
		a.Document = &document
	case opSheet:
		var sheet exchange.Sheet
		sheet, err = r.Sheet(j.Name, data, j.Options)
		a.Sheet = &sheet
	case opUnpack:
		a.Warnings, err = r.Unpack(data, func(path string, data []byte) error {
			if err := writeFrame(out, framePath, []byte(path)); err != nil {
				return err
			}
			if err := writeFrame(out, frameData, data); err != nil {
				return err
			}
			return out.Flush()
		})
	default:
		err = fmt.Errorf("there is no operation %q", j.Operation)
	}
	if err != nil {
		return answer{Problem: problemOf(err)}
	}
	return a
}
