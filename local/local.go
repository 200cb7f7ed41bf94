// Package local runs the two engines, MongoDB and Meilisearch, as children of this process: what
// Feltbog does when it is not told of engines elsewhere.
//
// A data directory belongs to one server at a time. It holds, readable by its owner only:
//
//	mongodb/      what people wrote: the truth
//	meilisearch/  the search index, which can be rebuilt from it
//	secrets/      the engines' passwords, made once, at random
//	log/          what the engines say, at most 40 MB each
//	run/          locks, and the ports in use
//
// Both engines listen on loopback only, ask for a password, and end when this process ends, however
// it ends. One that dies is started again on the same port, so that clients find it back.
//
// It may import the standard library, the MongoDB driver and golang.org/x; nothing of Feltbog.
package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// stopPatience is how long an engine may take to end by itself before it is killed. Killing loses
// nothing that was acknowledged; ending in order only makes the next start quicker.
const stopPatience = 10 * time.Second

// Options say where the engines keep their data and which binaries to run.
type Options struct {
	// Dir is the data directory; it is made, with its parents, if it is not there.
	Dir string
	// Mongod and Meilisearch are paths of binaries. One left empty is looked for on PATH, then in
	// the engine caches: Cache, and .cache/engines in the working directory and beside the folder
	// of the executable.
	Mongod, Meilisearch string
	// Cache is one more folder in which to look for binaries, laid out as engines/fetch.py does.
	Cache string
	// CacheSizeGB is the most memory mongod may use to cache data, in gigabytes; zero means 1.
	CacheSizeGB float64
	// Log hears of engines that die and come back; nil means slog.Default().
	Log *slog.Logger
}

// Connection is how clients reach a pair of engines. Its fields hold secrets.
type Connection struct {
	// MongoURI names the server and its user, and asks for majority writes.
	MongoURI string
	// MeilisearchURL is an http address without a path.
	MeilisearchURL string
	// MeilisearchKey is the master key.
	MeilisearchKey string
}

// LogValue keeps the secrets out of logs.
func (c Connection) LogValue() slog.Value {
	return slog.GroupValue(slog.String("meilisearch_url", c.MeilisearchURL))
}

// Process is an engine's running process.
type Process struct {
	// Name is mongod or meilisearch.
	Name string
	// PID is the process's id.
	PID int
}

// Engines are a running mongod and meilisearch, watched until Close.
type Engines struct {
	Connection

	dir      directory
	children []*child
	close    func() error
}

// Start starts both engines on the data directory and returns when both can be used. The context
// bounds the start only; the engines run until Close, or until this process ends.
//
// An error is a sentence for the person who started the server: another server uses the directory, a
// binary is missing, the disk is full.
func Start(ctx context.Context, o Options) (*Engines, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.CacheSizeGB == 0 {
		o.CacheSizeGB = 1
	}
	binaries, err := findBinaries(o)
	if err != nil {
		return nil, err
	}
	dir, err := openDirectory(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	e, err := startIn(ctx, dir, binaries, o)
	if err != nil {
		return nil, errors.Join(err, dir.close())
	}
	return e, nil
}

// startIn starts the engines in a directory that is locked already.
func startIn(ctx context.Context, dir directory, binaries binaries, o Options) (*Engines, error) {
	keys, err := openSecrets(dir.secrets())
	if err != nil {
		return nil, err
	}
	if err := inheritFileLimit(); err != nil {
		return nil, err
	}
	ports := dir.readState()
	if err := dir.writeState(state{MongodPort: ports.MongodPort, MeilisearchPort: ports.MeilisearchPort}); err != nil {
		return nil, err
	}
	m := &mongod{dir: dir, keys: keys, cacheSizeGB: o.CacheSizeGB}
	s := &meilisearch{dir: dir, keys: keys}
	e := &Engines{dir: dir, children: []*child{
		newChild(m, binaries.mongod, ports.MongodPort, dir, o.Log),
		newChild(s, binaries.meilisearch, ports.MeilisearchPort, dir, o.Log),
	}}
	e.close = sync.OnceValue(e.stop)

	starting, ctx := errgroup.WithContext(ctx)
	for _, c := range e.children {
		starting.Go(func() error { return c.start(ctx) })
	}
	if err := starting.Wait(); err != nil {
		return nil, errors.Join(err, e.stopChildren())
	}
	e.Connection = connection(keys, e.children[0].port, e.children[1].port)
	err = dir.writeState(state{MongodPort: e.children[0].port, MeilisearchPort: e.children[1].port, Ready: true})
	if err != nil {
		return nil, errors.Join(err, e.stopChildren())
	}
	return e, nil
}

// Processes returns the processes that run now. One that died and is not back yet is left out.
func (e *Engines) Processes() []Process {
	var running []Process
	for _, c := range e.children {
		if pid, ok := c.pid(); ok {
			running = append(running, Process{Name: c.engine.name(), PID: pid})
		}
	}
	return running
}

// Close ends both engines, in order if they manage it within ten seconds, and lets go of the data
// directory. Close the clients first. Further calls return what the first one did.
func (e *Engines) Close() error {
	return e.close()
}

func (e *Engines) stop() error {
	ports := state{MongodPort: e.children[0].port, MeilisearchPort: e.children[1].port}
	return errors.Join(e.dir.writeState(ports), e.stopChildren(), e.dir.close())
}

// stopChildren ends both engines at once: neither knows of the other.
func (e *Engines) stopChildren() error {
	var stopping errgroup.Group
	for _, c := range e.children {
		stopping.Go(func() error { return c.stop(stopPatience) })
	}
	return stopping.Wait()
}

// ErrNotRunning says that no server runs on a data directory.
var ErrNotRunning = errors.New("no server runs on this data directory")

// Attach returns the connection to the engines of the server that runs on the data directory dir
// now. It waits for one that is starting, as long as ctx lets it; without any it returns
// ErrNotRunning.
func Attach(ctx context.Context, dir string) (Connection, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return Connection{}, fmt.Errorf("attach to %s: %w", dir, err)
	}
	d := directory{path: path}
	for {
		locked, err := d.locked()
		if err != nil {
			return Connection{}, fmt.Errorf("attach to %s: %w", dir, err)
		}
		if !locked {
			return Connection{}, fmt.Errorf("attach to %s: %w", dir, ErrNotRunning)
		}
		if ports := d.readState(); ports.Ready {
			keys, err := openSecrets(d.secrets())
			if err != nil {
				return Connection{}, err
			}
			return connection(keys, ports.MongodPort, ports.MeilisearchPort), nil
		}
		select {
		case <-ctx.Done():
			return Connection{}, fmt.Errorf("attach to %s, whose server is still starting: %w", dir, ctx.Err())
		case <-time.After(lockPoll):
		}
	}
}

func connection(keys secrets, mongodPort, meilisearchPort int) Connection {
	return Connection{
		MongoURI:       mongoURI(mongodPort, keys.user),
		MeilisearchURL: meilisearchURL(meilisearchPort),
		MeilisearchKey: keys.meilisearch,
	}
}

// inheritFileLimit lets the engines open as many files as this process may. Go raises its own limit
// and hands children the old one, often 1,024, which mongod outgrows; a limit set by the program
// itself is handed on.
func inheritFileLimit() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit on open files: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("hand on the limit on open files: %w", err)
	}
	return nil
}

// owner-only modes of everything under the data directory.
const (
	dirMode  os.FileMode = 0o700
	fileMode os.FileMode = 0o600
)
