package local

import (
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"syscall"
)

// exit is how an engine ended, with the lines of its log that tell why.
type exit struct {
	name  string
	how   string
	code  int // negative if it was killed by a signal
	lines []string
	log   string // path of the whole log
}

// Error is a sentence or two, the last of them about what to do.
func (e exit) Error() string {
	text := e.name + " ended with " + e.how
	if line := e.lastLine(); line != "" {
		text += ": " + strings.TrimRight(line, ".")
	}
	return text + ". " + e.advice()
}

func (e exit) attrs() []any {
	return []any{slog.String("exit", e.how), slog.String("last_line", e.lastLine()), slog.String("advice", e.advice())}
}

// lastLine is the line that the advice stands on, otherwise the last that may tell.
func (e exit) lastLine() string {
	for _, line := range slices.Backward(e.lines) {
		if adviceFor(line) != "" {
			return line
		}
	}
	if len(e.lines) == 0 {
		return ""
	}
	return e.lines[len(e.lines)-1]
}

func (e exit) advice() string {
	if advice := adviceFor(e.lastLine()); advice != "" {
		return advice
	}
	return "The whole log is in " + e.log + "."
}

// remedies say what to do about a line in an engine's log.
var remedies = []struct{ sign, advice string }{
	{"no space left on device", "The disk is full: free some space, and the engine starts again."},
	{"quota exceeded", "The disk quota is used up: free some space, and the engine starts again."},
	{"permission denied", "Give the data directory and all in it to the user that runs Feltbog."},
	{"read-only file system", "The data directory must be on a file system that can be written to."},
	{"libcurl.so.4", "A library is missing: apt-get install libcurl4."},
	{"error while loading shared libraries", "Install the library that is named here."},
	{"address already in use", "Another program uses the engine's port: end it, or start Feltbog again, which chooses another port."},
	{"too many open files", "Raise the limit on open files (ulimit -n) to 64000."},
	{"cannot allocate memory", "The machine is out of memory: end other programs, or give it more."},
	{"incompatible with your current engine version", "The search index was made by another version of Meilisearch: install that one, or move the folder meilisearch out of the data directory, start again and run `feltbog reindex`."},
	{"featurecompatibilityversion", "The database was made by another version of MongoDB: run it with that version, or the next one."},
	{"unsupported wiredtiger file version", "The database was made by a newer version of MongoDB: run it with that version."},
	{"detected unclean shutdown - this version", "The database was made by another version of MongoDB: run it with that version."},
}

func adviceFor(line string) string {
	line = strings.ToLower(line)
	for _, remedy := range remedies {
		if strings.Contains(line, remedy.sign) {
			return remedy.advice
		}
	}
	return ""
}

// explainedError carries what to do about an error of the system.
type explainedError struct {
	error
	advice string
}

func (e explainedError) Error() string { return e.error.Error() + ". " + e.advice }
func (e explainedError) Unwrap() error { return e.error }

// explain adds what to do to an error of the system.
func explain(err error) error {
	if _, done := errors.AsType[explainedError](err); err == nil || done {
		return err
	}
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ENOSPC):
		text = syscall.ENOSPC.Error()
	case errors.Is(err, fs.ErrPermission):
		text = syscall.EACCES.Error()
	}
	if advice := adviceFor(text); advice != "" {
		return explainedError{error: err, advice: advice}
	}
	return err
}
