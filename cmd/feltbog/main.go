// Command feltbog is the server and its tools: flags, signals and wiring. It is the only package
// that imports all others.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"feltbog/config"
	"feltbog/models"
)

// commands are all commands with their flags.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Import  importCommand  `cmd:"" help:"Make notes of files."`
	Export  exportCommand  `cmd:"" help:"Write codings, notes or the codebook to a file."`
	Reindex reindexCommand `cmd:"" help:"Build the search index anew from the database, while it is in use."`
	Demo    demoCommand    `cmd:"" help:"Load a copy of the demo project for somebody."`
	User    userCommands   `cmd:"" help:"Make and list accounts, and reset passwords."`

	ReadFiles readFilesCommand `cmd:"" hidden:""`
}

// shared are the flags of every command.
type shared struct {
	Data string `help:"Data directory of local mode (FELTBOG_DATA; ./data by default)." placeholder:"DIR"`
}

// world is what a command runs in.
type world struct {
	ctx  context.Context //nolint:containedctx // a command's life, handed to kong's Run methods
	out  io.Writer
	errs io.Writer
	log  *slog.Logger
	env  []string
}

func (w *world) config(o config.Overrides) (config.Config, error) {
	c, err := config.Load(w.env, o)
	if err != nil {
		return c, fmt.Errorf("the settings can't be used:\n%w", err)
	}
	return c, nil
}

// printf writes to standard output. A pipe that was closed at the other end harms nothing here.
func (w *world) printf(format string, args ...any) { _, _ = fmt.Fprintf(w.out, format, args...) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	w := &world{ctx: ctx, out: os.Stdout, errs: os.Stderr, log: newLog(os.Stderr), env: os.Environ()}
	slog.SetDefault(w.log)
	err := run(w, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "feltbog: "+sentence(err))
		os.Exit(1)
	}
}

func run(w *world, args []string) error {
	var c commands
	parser, err := kong.New(&c, kong.Name("feltbog"), kong.Writers(w.out, w.errs),
		kong.Description("A server for ethnography of how organisations work with data.\n\nSettings come from environment variables that begin with FELTBOG_; the README lists them."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return parsed.Run(w)
}

// newLog writes for people on a terminal, and JSON lines otherwise.
func newLog(f *os.File) *slog.Logger {
	if term.IsTerminal(int(f.Fd())) { //nolint:gosec // file descriptors are small
		return slog.New(slog.NewTextHandler(f, nil))
	}
	return slog.New(slog.NewJSONHandler(f, nil))
}

// sentence gives what a person at the command line should read of an error.
func sentence(err error) string {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err.Error()
	}
	lines := []string{e.Sentence}
	for _, f := range e.Fields {
		if f.Problem != e.Sentence {
			lines = append(lines, "  "+strings.TrimPrefix(f.Pointer, "/")+": "+f.Problem)
		}
	}
	return strings.Join(lines, "\n")
}
