// Package sandbox reads files that people upload apart from the server, so that no file can harm it:
// in child processes of our own binary, with limits on time and memory. A file that passes them is
// refused for itself, and the next one is read by a fresh child. It may import exchange, coding and models.
package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"feltbog/exchange"
	"feltbog/models"
)

// What one file may take.
const (
	DefaultTime   = 30 * time.Second
	DefaultMemory = 200 << 20 // bytes, of a child and of what it starts
)

// idleTime is how long a child without work is kept for the next file.
const idleTime = 10 * time.Second

// Config says how files are read. Command is needed.
type Config struct {
	// Command starts a child: a program that calls [Serve] with its standard input and output.
	Command []string
	// PDFToText is the path of the program pdftotext. PDFs are refused where it is empty.
	PDFToText string
	// Workers is how many files are read at once; 2 if zero.
	Workers int
	// Time and Memory are what one file may take; DefaultTime and DefaultMemory if zero. Memory is
	// watched on Linux alone.
	Time   time.Duration
	Memory int64
	Log    *slog.Logger
}

// Pool reads files. It is safe for concurrent use. Children are started when they are needed.
type Pool struct {
	config Config
	places chan struct{} // holds one for each file that is being read
	life   context.Context
	die    context.CancelFunc

	mu      sync.Mutex
	closed  bool
	idle    []*worker
	working sync.WaitGroup
}

// New makes a pool. Close it.
func New(c Config) *Pool {
	c.Workers = cmp.Or(c.Workers, 2)
	c.Time = cmp.Or(c.Time, DefaultTime)
	c.Memory = cmp.Or(c.Memory, DefaultMemory)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Pool{config: c, places: make(chan struct{}, c.Workers)}
	p.life, p.die = context.WithCancel(context.Background())
	return p
}

// Document reads a file that is a text. The errors are those of [exchange.Read], and Invalid ones for a
// file that takes too much (file_too_heavy) or that its reader fails at (file_unreadable). An error
// that is no *models.Error says nothing of the file: ctx has ended, or no child could be started.
func (p *Pool) Document(ctx context.Context, name string, data []byte, o exchange.Options) (exchange.Document, error) {
	a, err := p.read(ctx, job{Operation: opDocument, Name: name, Options: o}, data, nil)
	if err != nil {
		return exchange.Document{}, err
	}
	if a.Document == nil {
		return exchange.Document{}, unreadable()
	}
	return *a.Document, nil
}

// Sheet reads a file that is a table. The errors are those of [exchange.ReadSheet], and the others of Document.
func (p *Pool) Sheet(ctx context.Context, name string, data []byte, o exchange.Options) (exchange.Sheet, error) {
	a, err := p.read(ctx, job{Operation: opSheet, Name: name, Options: o}, data, nil)
	if err != nil {
		return exchange.Sheet{}, err
	}
	if a.Sheet == nil {
		return exchange.Sheet{}, unreadable()
	}
	return *a.Sheet, nil
}

// Unpack gives the files of an archive one by one. The errors are those of [exchange.Unpack], the
// others of Document, and each's own, which end it.
func (p *Pool) Unpack(ctx context.Context, data []byte, each func(path string, data []byte) error) ([]exchange.Warning, error) {
	a, err := p.read(ctx, job{Operation: opUnpack}, data, each)
	if err != nil {
		return nil, err
	}
	return a.Warnings, nil
}

// Close ends all children; files that are being read are given up.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	p.die()
	for _, w := range idle {
		w.idle.Stop()
		w.end()
	}
	p.working.Wait()
	return nil
}

// read has a child read one file.
func (p *Pool) read(ctx context.Context, j job, data []byte, each func(path string, data []byte) error) (*answer, error) {
	if len(data) > maxData {
		return nil, models.TooLarge("file_too_large", fmt.Sprintf("A file may have %d MB. Divide this one.", models.MaxUploadBytes>>20))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)() //nolint:contextcheck // the pool's own life, which ends the reading as well
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to read a file: %w", ctx.Err())
	}
	defer func() { <-p.places }()
	j.Options.PDFToText = p.config.PDFToText
	a, err := p.attempt(ctx, j, data, each)
	if errors.Is(err, errNotBegun) { // the child had ended while it was idle
		a, err = p.attempt(ctx, j, data, each)
	}
	if err != nil {
		return nil, err
	}
	if a.Problem != nil {
		return nil, a.Problem.err()
	}
	return a, nil
}

// attempt has one child read one file.
func (p *Pool) attempt(ctx context.Context, j job, data []byte, each func(path string, data []byte) error) (*answer, error) {
	w, err := p.take()
	if err != nil {
		return nil, fmt.Errorf("start a process to read files: %w", err)
	}
	defer p.working.Done()
	c := newClock()
	v := p.watch(ctx, w, c)
	a, err := w.do(j, data, each, c)
	killed := v.stop()
	if err == nil && killed == nil && !w.spent() {
		p.keep(w)
		return a, nil
	}
	w.end()
	if err != nil {
		return nil, p.fault(ctx, w, j, len(data), err, killed)
	}
	return a, nil
}

// fault says what a file is refused for whose child came to an end over it.
func (p *Pool) fault(ctx context.Context, w *worker, j job, size int, err, killed error) error {
	if own, ok := errors.AsType[callerError](err); ok {
		return own.error
	}
	switch {
	case killed != nil && models.KindOf(killed) == models.KindInternal:
		return fmt.Errorf("read a file: %w", killed)
	case killed != nil:
		return killed
	case errors.Is(err, errFlood), w.errs.starved():
		return tooLarge()
	case errors.Is(err, errNotBegun):
		return fmt.Errorf("read a file: %w", err)
	}
	w.report(ctx, p.config.Log, j, size)
	return unreadable()
}

// take gives a child that has nothing to do, or a new one.
func (p *Pool) take() (*worker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errors.New("the pool is closed")
	}
	for n := len(p.idle); n > 0; n = len(p.idle) {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		w.idle.Stop()
		if !w.gone() {
			p.working.Add(1)
			return w, nil
		}
		w.end()
	}
	w, err := start(p.config.Command)
	if err == nil {
		p.working.Add(1)
	}
	return w, err
}

// keep has a child wait for the next file, for a while.
func (p *Pool) keep(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		w.end()
		return
	}
	p.idle = append(p.idle, w)
	w.idle = time.AfterFunc(idleTime, func() { p.dismiss(w) })
}

// dismiss ends a child that still has nothing to do.
func (p *Pool) dismiss(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := slices.Index(p.idle, w); at >= 0 {
		p.idle = slices.Delete(p.idle, at, at+1)
		w.end()
	}
}

func tooSlow() *models.Error {
	return models.Invalid("file_too_heavy", "This file needs too much time to read. Divide it, or save it again in another format.")
}

func tooLarge() *models.Error {
	return models.Invalid("file_too_heavy", "This file needs too much memory to read. Divide it, or save it again in another format.")
}

func unreadable() *models.Error {
	return models.Invalid("file_unreadable", "This file can't be read. Open it where it was made, and save it again, if need be in another format.")
}
