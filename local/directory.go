package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// How long a lock that someone holds is waited for.
const (
	lockPoll       = 5 * time.Millisecond
	serverPatience = 250 * time.Millisecond // an Attach may be looking at it
	orphanPatience = 10 * time.Second       // a killed engine gives its memory back first
)

// directory is the data directory of one server, locked for it.
type directory struct {
	path string
	lock *os.File
}

func (d directory) secrets() string        { return filepath.Join(d.path, "secrets") }
func (d directory) log(name string) string { return filepath.Join(d.path, "log", name+".log") }
func (d directory) run(name string) string { return filepath.Join(d.path, "run", name) }

// openDirectory makes the data directory where there is none, closes it to others and locks it.
func openDirectory(ctx context.Context, path string) (directory, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return directory{}, fmt.Errorf("open data directory %s: %w", path, err)
	}
	d := directory{path: path}
	for _, folder := range []string{path, d.secrets(), d.run(""), filepath.Dir(d.log("")), d.mongodb(), d.meilisearch()} {
		if err := ownFolder(folder); err != nil {
			return directory{}, explain(fmt.Errorf("open data directory: %w", err))
		}
	}
	patience, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	d.lock, err = lockFile(patience, d.run("server.lock"))
	if errors.Is(err, errLocked) {
		return directory{}, fmt.Errorf("another Feltbog server uses the data directory %s: stop it, or choose another directory for this one", path)
	}
	if err != nil {
		return directory{}, explain(fmt.Errorf("lock data directory: %w", err))
	}
	return d, nil
}

func (d directory) mongodb() string     { return filepath.Join(d.path, "mongodb") }
func (d directory) meilisearch() string { return filepath.Join(d.path, "meilisearch") }

func (d directory) close() error {
	if err := d.lock.Close(); err != nil {
		return fmt.Errorf("unlock data directory: %w", err)
	}
	return nil
}

// locked says whether a server holds the directory now.
func (d directory) locked() (bool, error) {
	f, err := os.Open(d.run("server.lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lock: %w", err)
	}
	defer f.Close() //nolint:errcheck // Read-only: closing it lets go of the lock, whatever it returns.
	// A shared lock, so that two who look do not take each other for a server.
	err = flock(f, unix.LOCK_SH)
	if errors.Is(err, errLocked) {
		return true, nil
	}
	return false, err
}

// lockEngine takes the lock of one engine's files. The engine inherits it, so it is free only when
// both the server and the engine are gone. An engine that outlived its server is killed: we hold
// the server's lock, so it belongs to nobody.
func (d directory) lockEngine(ctx context.Context, name string) (*os.File, error) {
	patience, cancel := context.WithTimeout(ctx, orphanPatience)
	defer cancel()
	path := d.run(name + ".lock")
	first, now := context.WithCancel(patience)
	now() // One try.
	f, err := lockFile(first, path)
	if !errors.Is(err, errLocked) {
		return f, err
	}
	// Whoever wrote its id there holds the lock still, so the id is not another process's by now.
	if pid := readPID(path); pid > 0 {
		if err := unix.Kill(pid, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
			return nil, fmt.Errorf("end the %s left by an earlier server (process %d): %w", name, pid, err)
		}
	}
	f, err = lockFile(patience, path)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("the %s of an earlier server still uses %s: end it and start again", name, d.path)
	}
	return f, err
}

func readPID(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}

// forgetPID clears an engine's lock file, so that it never names a process of the past.
func forgetPID(lock *os.File) error {
	if err := lock.Truncate(0); err != nil {
		return fmt.Errorf("forget the last process: %w", err)
	}
	return nil
}

// writePID notes in an engine's lock file who holds it.
func writePID(lock *os.File, pid int) error {
	if _, err := lock.WriteAt([]byte(strconv.Itoa(pid)+"\n"), 0); err != nil {
		return fmt.Errorf("note the process: %w", err)
	}
	return nil
}

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked by another process")

// lockFile opens and locks the file at path, trying until ctx ends, but at least once.
func lockFile(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	for {
		err := flock(f, unix.LOCK_EX)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, errLocked) || ctx.Err() != nil {
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
		case <-time.After(lockPoll):
		}
	}
}

// flock tries once, without waiting.
func flock(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return errLocked
		default:
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// state is what a data directory remembers of its engines' addresses.
type state struct {
	MongodPort      int  `json:"mongodPort"`
	MeilisearchPort int  `json:"meilisearchPort"`
	Ready           bool `json:"ready"`
}

// readState returns what was remembered; a file that is not there or not readable remembers nothing,
// and new ports are chosen.
func (d directory) readState() state {
	var s state
	text, err := os.ReadFile(d.run("engines.json"))
	if err != nil || json.Unmarshal(text, &s) != nil {
		return state{}
	}
	return s
}

func (d directory) writeState(s state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("remember the engines' ports: %w", err)
	}
	if err := writeFile(d.run("engines.json"), append(text, '\n')); err != nil {
		return explain(fmt.Errorf("remember the engines' ports: %w", err))
	}
	return nil
}

// writeFile writes a file so that it is there whole or not at all.
func writeFile(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // Made with mode 0600.
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// ownFolder makes a folder that only its owner can enter, or closes it to others.
func ownFolder(path string) error {
	if err := os.MkdirAll(path, dirMode); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm() == dirMode {
		return nil
	}
	return os.Chmod(path, dirMode)
}
