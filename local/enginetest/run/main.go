// Command run starts one mongod and one meilisearch, runs a command that finds them in its
// environment, and ends them again. Its exit code is the command's.
//
//	go run ./local/enginetest/run -- go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"feltbog/local"
	"feltbog/local/enginetest"
)

const patience = time.Minute

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(command []string) (code int, err error) {
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return 2, errors.New("usage: run -- COMMAND [ARGUMENT]…")
	}
	options, err := enginetest.Options()
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(options.Dir)) }()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	engines, err := local.Start(ctx, options)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, engines.Close()) }()
	return runWith(engines.Connection, command)
}

// runWith runs the command. Signals are the command's to act on: this process waits for it, and ends
// the engines after it.
func runWith(c local.Connection, command []string) (int, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)

	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // It ends by itself or by a signal.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		enginetest.MongoURIVariable+"="+c.MongoURI,
		enginetest.MeilisearchURLVariable+"="+c.MeilisearchURL,
		enginetest.MeilisearchKeyVariable+"="+c.MeilisearchKey,
	)
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("run %s: %w", command[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			if s != os.Interrupt { // A terminal sends an interrupt to the command as well.
				_ = cmd.Process.Signal(s) // It may have ended.
			}
		case err := <-done:
			if end, ok := errors.AsType[*exec.ExitError](err); ok {
				return max(end.ExitCode(), 1), nil
			}
			return 0, err
		}
	}
}
