package local

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"sync"
)

const (
	logLimit = 20 << 20 // bytes; one older file of this size is kept
	lineMax  = 4 << 10  // bytes of a line that are remembered
	tailSize = 20       // lines
)

// logFile is a writer for what an engine says. It keeps a file of bounded size, and remembers the
// last lines that may tell why the engine ended. It never fails or blocks for want of disk: an
// engine must not stand still because its log cannot be written.
type logFile struct {
	path    string
	telling func(line string) bool

	mu      sync.Mutex
	file    *os.File
	size    int
	partial []byte
	tail    []string
	latest  string // the last line, telling or not
}

func openLogFile(path string, telling func(string) bool) (*logFile, error) {
	l := &logFile{path: path, telling: telling}
	info, err := os.Stat(path)
	if err == nil {
		l.size = int(info.Size())
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if l.size > logLimit {
		err = l.rotate()
	} else {
		err = l.open()
	}
	return l, err
}

func (l *logFile) open() error {
	var err error
	l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	return err
}

func (l *logFile) rotate() error {
	if l.file != nil {
		l.close()
	}
	l.size = 0
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		return err
	}
	return l.open()
}

// Write takes everything.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.size += len(p)
	if l.size > logLimit {
		_ = l.rotate() // See the type: without a file, lines are still remembered.
	}
	_, _ = l.file.Write(p) // See the type.
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if room := lineMax - len(l.partial); room > 0 {
			l.partial = append(l.partial, line[:min(room, len(line))]...)
		}
		if whole {
			l.remember()
		}
		rest = after
	}
	return len(p), nil
}

// remember files the finished line.
func (l *logFile) remember() {
	line := string(bytes.TrimSpace(l.partial))
	l.partial = l.partial[:0]
	if line == "" {
		return
	}
	l.latest = line
	if !l.telling(line) {
		return
	}
	l.tail = append(l.tail, line)
	if len(l.tail) > tailSize {
		l.tail = l.tail[1:]
	}
}

// last returns the last telling lines, and the last line of all.
func (l *logFile) last() (telling []string, latest string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remember()
	return l.tail, l.latest
}

// forget drops the remembered lines: a new process begins.
func (l *logFile) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.partial, l.tail, l.latest = nil, nil, ""
}

// close closes the file, if there still is one.
func (l *logFile) close() { _ = l.file.Close() }
