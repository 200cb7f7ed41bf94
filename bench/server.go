package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// readyPoll is the pause between two questions whether the server is ready.
const readyPoll = 2 * time.Millisecond

// server is the built server, run as people run it.
type server struct {
	binary string
	data   string // its data directory
	logs   string // file that its log goes to
	addr   string
	ops    string // address of its metrics
	env    []string

	process *exec.Cmd
}

// build builds the server into a folder.
func build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "feltbog")
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/feltbog")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return binary, nil
}

// freeAddr gives an address of this machine that nothing listens on.
func freeAddr(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

func (s *server) url() string { return "http://" + s.addr }

// start starts the server and gives the time until it said that it is ready.
func (s *server) start(ctx context.Context) (time.Duration, error) {
	log, err := os.OpenFile(s.logs, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, fmt.Errorf("start the server: %w", err)
	}
	defer log.Close() //nolint:errcheck // the server has a copy of its own
	s.process = exec.CommandContext(ctx, s.binary, "serve", "--addr", s.addr, "--data", s.data)
	s.process.Stdout, s.process.Stderr = log, log
	s.process.Env = append(os.Environ(), append(s.env, "FELTBOG_OPS_ADDR="+s.ops)...)
	s.process.Cancel = func() error { return s.process.Process.Signal(syscall.SIGTERM) }
	s.process.WaitDelay = 20 * time.Second
	begun := time.Now()
	if err := s.process.Start(); err != nil {
		return 0, fmt.Errorf("start the server: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = s.process.Wait() // its log tells more
		close(ended)
	}()
	for {
		if s.ready(ctx) {
			return time.Since(begun), nil
		}
		select {
		case <-ended:
			return 0, errors.New("the server ended while it started" + s.lastWords())
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(readyPoll):
			if time.Since(begun) > 2*time.Minute {
				return 0, errors.New("the server isn't ready after two minutes" + s.lastWords())
			}
		}
	}
}

// ready asks once whether the server and both its engines answer.
func (s *server) ready(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url()+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close()) == nil && response.StatusCode == http.StatusOK
}

// stop ends the server in order.
func (s *server) stop() error {
	if s.process == nil || s.process.Process == nil {
		return nil
	}
	defer func() { s.process = nil }()
	_ = s.process.Process.Signal(syscall.SIGTERM) // or it has ended already
	deadline := time.Now().Add(30 * time.Second)
	for s.process.Process.Signal(syscall.Signal(0)) == nil {
		if time.Now().After(deadline) {
			return errors.Join(errors.New("the server doesn't end"), s.process.Process.Kill())
		}
		time.Sleep(readyPoll)
	}
	return nil
}

// indexLag gives how many seconds the search index is behind, as the server's metrics tell it.
func (s *server) indexLag(ctx context.Context) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.ops+"/metrics", http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("lag of the index: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, fmt.Errorf("lag of the index: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, fmt.Errorf("lag of the index: %w", err)
	}
	for line := range strings.Lines(string(metrics)) {
		if value, ok := strings.CutPrefix(line, "feltbog_index_lag_seconds "); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, errors.New("the server's metrics don't tell the lag of the index")
}

// worked gives the time that the server's process has spent on a core so far; zero where the system
// doesn't tell it.
func (s *server) worked() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	const user, system, tick = 11, 12, 10 * time.Millisecond // counted behind the name, which may hold blanks
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var sum time.Duration
	for _, i := range []int{user, system} {
		if i < len(fields) {
			if ticks, err := strconv.Atoi(fields[i]); err == nil {
				sum += time.Duration(ticks) * tick
			}
		}
	}
	return sum
}

// memory gives the resident memory of the server's process, without its engines', in megabytes.
func (s *server) memory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the server's memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kB / 1024, err
		}
	}
	return 0, errors.New("the system doesn't tell the server's memory")
}

// lastWords gives the end of the server's log, to stand behind an error.
func (s *server) lastWords() string {
	text, err := os.ReadFile(s.logs)
	if err != nil || len(text) == 0 {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return "\nThe server's log ends with:\n" + string(bytes.Join(lines[max(0, len(lines)-5):], []byte("\n")))
}
