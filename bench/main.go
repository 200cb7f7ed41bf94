// Command bench measures how fast Feltbog is, each figure beside what the engines alone can do, in the
// same run. docs/performance.md tells how and what came out of it.
//
// It builds the server, runs it as people do, in local mode with a data directory of its own, and talks
// to it over HTTP. What stands beside a figure is asked of the very same engines without the server
// between, in turns with it, so that a noisy machine slows both. Data in bulk is written straight into
// the database in the shapes that the server keeps it in.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// sizes are the amounts of data and the lengths of measurements.
type sizes struct {
	notes          int // of the large project, with the passages of search
	codingsPerNote int
	smallNotes     int // of the small project, so that it has 1,000 codings
	files          int // to import
	rounds         int
	puts           int // codings put in one round, each way
	opens          int // notes opened in one round, each way
	fresh          int // codings whose way into search and into other browsers is timed
	teamSeconds    int // of one turn of sixteen clients
	starts         int
	students       int // who write at once
	classSeconds   int // of one turn of theirs
	classTurns     int
}

var (
	quick = sizes{notes: 1_000, codingsPerNote: 50, smallNotes: 20, files: 200, rounds: 5, puts: 200, opens: 12, fresh: 25, teamSeconds: 3, starts: 3, students: 100, classSeconds: 10, classTurns: 2}
	full  = sizes{notes: 5_000, codingsPerNote: 200, smallNotes: 5, files: 1_000, rounds: 9, puts: 400, opens: 20, fresh: 60, teamSeconds: 6, starts: 7, students: 500, classSeconds: 60, classTurns: 2}
)

// part is one group of figures. Bare ones ask nothing of the projects.
type part struct {
	name    string
	measure func(ctx context.Context, w *world) error
	bare    bool
}

// parts are all groups, in the order in which they are measured: those that leave much behind come last.
var parts = []part{
	{name: "note", measure: openNote},
	{name: "usage", measure: countUsage},
	{name: "put", measure: putOne},
	{name: "size", measure: compareSizes},
	{name: "search", measure: searchPassages},
	{name: "live", measure: followLive},
	{name: "team", measure: putTogether},
	{name: "class", measure: writeInClass, bare: true},
	{name: "import", measure: importFiles},
	{name: "documents", measure: readDocuments},
	{name: "browser", measure: readInBrowser},
	{name: "start", measure: startServer},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	large := flags.Bool("full", false, "measure with the large amounts: 100,000 passages, 1,000,000 codings, 1,000 files, 500 students")
	only := flags.String("only", "", "measure only these groups, with commas between: "+strings.Join(partNames(), ", "))
	binary := flags.String("binary", "", "measure this server instead of building one")
	results := flags.String("results", "bench/results.json", "file for the figures")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(*only)
	if err != nil {
		return err
	}
	size := quick
	if *large {
		size = full
	}
	if !slices.ContainsFunc(chosen, func(p part) bool { return !p.bare }) { // nothing of theirs would be read
		size.notes, size.codingsPerNote = quick.smallNotes, 1
	}
	begun := time.Now()
	w, err := newWorld(ctx, size, *binary, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close(ctx)) }()
	for _, p := range chosen {
		w.tell("measuring %s", p.name)
		if err := p.measure(ctx, w); err != nil {
			return errors.Join(fmt.Errorf("measure %s: %w%s", p.name, err, w.server.lastWords()), w.report.print(out))
		}
	}
	w.report.Seconds = time.Since(begun).Round(time.Second).Seconds()
	return errors.Join(w.report.print(out), w.report.save(*results))
}

func partNames() []string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return names
}

func choose(only string) ([]part, error) {
	if only == "" {
		return parts, nil
	}
	names := strings.Split(only, ",")
	for _, name := range names {
		if !slices.Contains(partNames(), name) {
			return nil, fmt.Errorf("there is no group %q; there are %s", name, strings.Join(partNames(), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !slices.Contains(names, p.name) }), nil
}
