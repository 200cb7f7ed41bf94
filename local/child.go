package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	readyPoll = 5 * time.Millisecond
	longStart = 10 * time.Second

	// An engine that ends is started again after a pause that doubles from the first to the last,
	// and begins anew with the first after a life of the length settled.
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 10 * time.Second
	settled      = 30 * time.Second

	// A port is free when it is chosen, so a second attempt at one is rare already.
	portAttempts = 5
)

// engine is what differs between mongod and meilisearch.
type engine interface {
	name() string
	// folder is the engine's working directory.
	folder() string
	args(port int) []string
	env() []string
	// ready returns nil once the engine serves on the port. A permanentError ends the waiting.
	ready(ctx context.Context, port int) error
	// portTaken recognises, from the end of an engine, that another process has its port.
	portTaken(end exit) bool
	// telling says whether a line of the engine's log may explain why it ended.
	telling(line string) bool
	// readable turns a line of the engine's log into words.
	readable(line string) string
}

// permanentError is an answer of an engine that waiting does not change.
type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// child keeps one engine running.
type child struct {
	engine engine
	binary string
	port   int
	dir    directory
	log    *slog.Logger

	lock     *os.File // the engine's files are ours while this is open here or in the engine
	out      *logFile
	stopping context.Context // until stop is called
	cancel   context.CancelFunc
	watching sync.WaitGroup

	mu      sync.Mutex
	running *process
}

// newChild prepares an engine that ran on port at its last start, or never did if it is zero.
func newChild(e engine, binary string, port int, dir directory, log *slog.Logger) *child {
	c := &child{engine: e, binary: binary, port: port, dir: dir, log: log.With(slog.String("engine", e.name()))}
	c.stopping, c.cancel = context.WithCancel(context.Background())
	return c
}

// start starts the engine, waits until it is ready and begins to watch it.
func (c *child) start(ctx context.Context) error {
	var err error
	if c.lock, err = c.dir.lockEngine(ctx, c.engine.name()); err != nil {
		return explain(fmt.Errorf("start %s: %w", c.engine.name(), err))
	}
	if c.out, err = openLogFile(c.dir.log(c.engine.name()), c.engine.telling); err != nil {
		return explain(fmt.Errorf("start %s: %w", c.engine.name(), err))
	}
	for attempt := 1; ; attempt++ {
		if c.port, err = freePort(c.port); err != nil {
			return fmt.Errorf("start %s: %w", c.engine.name(), err)
		}
		p, err := c.spawn()
		if err != nil {
			return explain(fmt.Errorf("start %s: %w", c.engine.name(), err))
		}
		err = c.await(ctx, p)
		if err == nil {
			c.watching.Go(func() { c.watch(p) })
			return nil
		}
		if end, ok := errors.AsType[exit](err); !ok || !c.engine.portTaken(end) || attempt == portAttempts {
			return fmt.Errorf("start %s: %w", c.engine.name(), err)
		}
		c.port = 0
	}
}

// await waits until the engine is ready, it ends, or ctx does.
func (c *child) await(ctx context.Context, p *process) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go c.attend(ctx, p, cancel)
	poll := time.NewTicker(readyPoll)
	defer poll.Stop()
	for {
		err := c.engine.ready(ctx, c.port)
		if err == nil {
			return nil
		}
		if _, ok := errors.AsType[permanentError](err); ok && !p.ended() {
			return err
		}
		select {
		case <-p.done:
			return p.end
		case <-ctx.Done():
			if p.ended() {
				return p.end
			}
			return fmt.Errorf("%w while waiting for it: %w", context.Cause(ctx), err)
		case <-poll.C:
		}
	}
}

// attend ends the waiting for an engine when it has ended, and tells of a wait that is long: a large
// database takes its time after a crash.
func (c *child) attend(ctx context.Context, p *process, giveUp context.CancelFunc) {
	long := time.NewTicker(longStart)
	defer long.Stop()
	for {
		select {
		case <-p.done:
			giveUp()
			return
		case <-ctx.Done():
			return
		case <-long.C:
			c.log.WarnContext(ctx, "An engine is still starting.", slog.Duration("after", time.Since(p.started)))
		}
	}
}

// watch starts the engine again, on the same port, whenever it ends, until stop is called.
func (c *child) watch(p *process) {
	backoff := firstBackoff
	for {
		select {
		case <-p.done:
		case <-c.stopping.Done():
			return
		}
		if time.Since(p.started) > settled {
			backoff = firstBackoff
		}
		c.log.ErrorContext(c.stopping, "An engine ended; it is started again.", append(p.end.attrs(), slog.Duration("wait", backoff))...)
		next, err := c.respawn(backoff)
		for err != nil {
			if c.stopping.Err() != nil {
				return
			}
			backoff = min(2*backoff, lastBackoff)
			c.log.ErrorContext(c.stopping, "An engine cannot be started; it is tried again.", slog.Any("error", explain(err)), slog.Duration("wait", backoff))
			next, err = c.respawn(backoff)
		}
		backoff = min(2*backoff, lastBackoff)
		p = next
		if err := c.await(c.stopping, p); err == nil {
			c.log.InfoContext(c.stopping, "An engine is back.", slog.Duration("after", time.Since(p.started)))
		} else if !p.ended() && c.stopping.Err() == nil {
			c.log.ErrorContext(c.stopping, "An engine runs but does not serve; it is ended.", slog.Any("error", err))
			p.kill()
		}
	}
}

// respawn starts the engine after a pause.
func (c *child) respawn(pause time.Duration) (*process, error) {
	select {
	case <-time.After(pause):
		return c.spawn()
	case <-c.stopping.Done():
		return nil, c.stopping.Err()
	}
}

// stop ends the engine and the watch over it. It is killed if it is not gone after patience.
func (c *child) stop(patience time.Duration) error {
	c.cancel()
	c.watching.Wait()
	if p := c.current(); p != nil {
		p.terminate()
		select {
		case <-p.done:
		case <-time.After(patience):
			c.log.Warn("An engine did not end in time; it is killed, which loses nothing.")
			p.kill()
			<-p.done
		}
	}
	if c.out != nil {
		c.out.close()
	}
	if c.lock == nil {
		return nil
	}
	if err := c.lock.Close(); err != nil {
		return fmt.Errorf("unlock %s: %w", c.engine.name(), err)
	}
	return nil
}

func (c *child) current() *process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running
}

func (c *child) pid() (int, bool) {
	p := c.current()
	if p == nil || p.ended() {
		return 0, false
	}
	return p.cmd.Process.Pid, true
}

// process is one life of an engine.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	done    chan struct{} // closed when it has ended
	end     exit          // how it ended, once done is closed
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// spawn starts the engine's process. The system ends it when the thread that started it ends, so that
// thread is kept for it, doing nothing but wait.
func (c *child) spawn() (*process, error) {
	c.out.forget()
	if err := forgetPID(c.lock); err != nil {
		return nil, err
	}
	cmd := exec.Command(c.binary, c.engine.args(c.port)...) //nolint:noctx // Its life is not a call's.
	cmd.Dir = c.engine.folder()
	cmd.Env = append(inherited(), c.engine.env()...)
	cmd.Stdout, cmd.Stderr = c.out, c.out
	cmd.ExtraFiles = []*os.File{c.lock}
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = time.Second

	p := &process{cmd: cmd, started: time.Now(), done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // Never unlocked: the thread goes with the goroutine.
		err := cmd.Start()
		started <- err
		if err == nil {
			err = cmd.Wait()
			p.end = c.exit(cmd.ProcessState, err)
		}
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.running = p
	c.mu.Unlock()
	if err := writePID(c.lock, cmd.Process.Pid); err != nil {
		c.log.Warn("The engine's process could not be noted.", slog.Any("error", err))
	}
	return p, nil
}

// exit tells how the engine's process ended.
func (c *child) exit(state *os.ProcessState, err error) exit {
	end := exit{name: c.engine.name(), how: describe(state, err), code: state.ExitCode(), log: c.out.path}
	lines, latest := c.out.last()
	if len(lines) == 0 && end.code >= 0 && latest != "" { // What one that was killed said last tells nothing.
		lines = []string{latest}
	}
	for _, line := range lines {
		end.lines = append(end.lines, c.engine.readable(line))
	}
	return end
}

// inherited is this process's environment without what is meant for Feltbog itself, secrets among
// it, and without settings that would turn the engine from what its arguments say.
func inherited() []string {
	var kept []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "FELTBOG_") && !strings.HasPrefix(entry, "MEILI_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// terminate and kill leave a process alone that has ended already.
func (p *process) terminate() { _ = p.cmd.Process.Signal(syscall.SIGTERM) }
func (p *process) kill()      { _ = p.cmd.Process.Kill() }

// describe says in words how a process ended.
func describe(end *os.ProcessState, err error) string {
	if status, ok := end.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return fmt.Sprintf("signal %d (%s)", status.Signal(), status.Signal())
	}
	if end.ExitCode() >= 0 {
		return fmt.Sprintf("exit code %d", end.ExitCode())
	}
	return fmt.Sprint(err)
}
