package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// A worker is replaced after so many files, or so many bytes of them: what a reader may leak, and
// memory that a large file needed, goes with it.
const (
	workerFiles = 500
	workerBytes = 64 << 20
)

// worker is a child process that reads files.
type worker struct {
	cmd  *exec.Cmd
	dir  string // its own, and its working directory
	in   *os.File
	out  *os.File
	from *bufio.Reader
	errs crashReport
	done chan struct{} // closed when it has ended

	mu    sync.Mutex
	ended bool

	files, bytes int
	idle         *time.Timer // ends it when it has had nothing to do for long
}

// start starts a child. The system ends it when the thread that started it ends, so that thread is
// kept for it, doing nothing but wait.
func start(command []string) (w *worker, err error) {
	w = &worker{done: make(chan struct{})}
	if w.dir, err = os.MkdirTemp("", "feltbog-read-"); err != nil {
		return nil, err
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, os.Remove(w.dir))
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirIn.Close(), in.Close(), os.Remove(w.dir))
	}
	w.in, w.out, w.from = in, out, bufio.NewReaderSize(out, 64<<10)
	w.cmd = exec.Command(command[0], command[1:]...) //nolint:noctx // it outlives the file that it is started for
	w.cmd.Dir = w.dir
	w.cmd.Env = []string{"TMPDIR=" + w.dir, "GOTRACEBACK=single", "GOMAXPROCS=2"}
	w.cmd.Stdin, w.cmd.Stdout, w.cmd.Stderr = theirIn, theirOut, &w.errs
	w.cmd.SysProcAttr = attributes()
	w.cmd.WaitDelay = time.Second
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread goes with the goroutine
		err := w.cmd.Start()
		started <- err
		if err == nil {
			_ = w.cmd.Wait() // how it ended is in its state
			w.bury()
		}
	}()
	err = <-started
	_, _ = theirIn.Close(), theirOut.Close()
	if err != nil {
		return nil, errors.Join(err, in.Close(), out.Close(), os.Remove(w.dir))
	}
	return w, nil
}

// bury clears away what a child that has ended leaves behind.
func (w *worker) bury() {
	w.mu.Lock()
	_ = syscall.Kill(-w.cmd.Process.Pid, syscall.SIGKILL) // what it started and didn't wait for
	w.ended = true
	w.mu.Unlock()
	_ = w.in.Close()
	_ = os.RemoveAll(w.dir) //nolint:gosec // the directory is ours
	close(w.done)
}

// kill ends the child and all that it started.
func (w *worker) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		_ = syscall.Kill(-w.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// end kills the child and waits until it is gone. Nobody may read from it any more.
func (w *worker) end() {
	w.kill()
	<-w.done
	_ = w.out.Close()
}

func (w *worker) gone() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// spent says whether the worker is to be replaced.
func (w *worker) spent() bool { return w.files >= workerFiles || w.bytes >= workerBytes }

// do has the child read one file. The files of an archive go to each, whose time isn't counted. An
// error that is no answer of the child's says that the child is of no more use.
func (w *worker) do(j job, data []byte, each func(path string, data []byte) error, c *clock) (*answer, error) {
	w.files++
	w.bytes += len(data)
	if err := w.send(j, data); err != nil {
		return nil, errors.Join(errNotBegun, err)
	}
	if _, _, err := readFrame(w.from, map[byte]int64{frameBegun: 0}); err != nil {
		return nil, errors.Join(errNotBegun, err)
	}
	limits := map[byte]int64{frameAnswer: maxAnswer}
	switch j.Operation {
	case opUnpack:
		limits[framePath] = maxPath
	case opDocument:
		limits[frameText] = maxText
	case opSheet:
	}
	text := ""
	for files, total := 0, 0; ; files++ {
		kind, payload, err := readFrame(w.from, limits)
		if err != nil {
			return nil, err
		}
		if kind == frameText {
			text = string(payload)
			continue
		}
		if kind == frameAnswer {
			a := &answer{}
			if err := json.Unmarshal(payload, a); err != nil {
				return nil, fmt.Errorf("the answer is malformed: %w", err)
			}
			if a.Document != nil {
				a.Document.Content.Text = text
			}
			return a, nil
		}
		_, unpacked, err := readFrame(w.from, map[byte]int64{frameData: maxData})
		if err != nil {
			return nil, err
		}
		if total += len(unpacked); total > maxUnpackedBytes || files == maxUnpackedFiles {
			return nil, errFlood
		}
		c.pause()
		err = each(string(payload), unpacked)
		c.resume()
		if err != nil {
			return nil, callerError{err}
		}
	}
}

func (w *worker) send(j job, data []byte) error {
	to := bufio.NewWriterSize(w.in, 64<<10)
	if err := writeJSON(to, frameJob, j); err != nil {
		return err
	}
	if err := writeFrame(to, frameData, data); err != nil {
		return err
	}
	return to.Flush()
}

// callerError is an error of whoever takes the files of an archive.
type callerError struct{ error }

func (e callerError) Unwrap() error { return e.error }

// crashReport keeps the beginning of what a child says of its own end.
type crashReport struct {
	mu   sync.Mutex
	text []byte
}

const maxCrashReport = 64 << 10

// Write keeps what there is room for.
func (r *crashReport) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, b[:min(len(b), maxCrashReport-len(r.text))]...)
	return len(b), nil
}

var (
	stackBegins = regexp.MustCompile(`(?m)^goroutine \d+ .*\[`)
	stackPlace  = regexp.MustCompile(`(?m)^\t/?(?:[\w.@+-]+/)*([\w-]+\.go:\d+)(?: \+0x[0-9a-f]+)?$`)
	outOfMemory = []byte("fatal error: runtime: ")
)

// places gives the lines of code where the child ended, and nothing of what else it said: a panic may
// quote the file that is read.
func (r *crashReport) places() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	begin := stackBegins.FindIndex(r.text)
	if begin == nil {
		return nil
	}
	var places []string
	for _, found := range stackPlace.FindAllSubmatch(r.text[begin[0]:], 8) {
		places = append(places, string(found[1]))
	}
	return places
}

// starved says that the child ended because it got no more memory.
func (r *crashReport) starved() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, rest, found := bytes.Cut(r.text, outOfMemory)
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return found && (bytes.Contains(line, []byte("out of memory")) || bytes.Contains(line, []byte("cannot allocate memory")))
}

// report logs how a child ended that should not have, without a word of the file.
func (w *worker) report(ctx context.Context, log *slog.Logger, j job, size int) {
	log.WarnContext(ctx, "reading a file ended the process that read it",
		slog.String("operation", string(j.Operation)), slog.Int("bytes", size),
		slog.String("exit", w.cmd.ProcessState.String()), slog.Any("places", w.errs.places()))
}
