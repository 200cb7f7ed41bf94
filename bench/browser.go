package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"feltbog/models"
)

// What the browser reads, and how much of it.
const (
	browserNotes  = 24
	notesCodings  = 40
	fullCodings   = 10_000
	browserVisits = 300 // of notes: an hour's worth
	slowFrame     = 25  // milliseconds; at 60 frames a second there are 16.7 between two
)

// What is timed in the browser.
const (
	rowCold   = "browser: from click to painted, 60,000 words with 2,000 codings, first visit"
	rowCached = "browser: the same note again"
	rowFrame  = "browser: scrolling through it, time between frames"
	rowSlow   = "browser: scrolling through it, frames over 25 ms"
	rowPut    = "browser: put a coding among 10,000, from key to card painted"
	rowHeap   = "browser: heap after 300 visits of notes"
)

// errNoBrowser tells that this machine can't show the app.
var errNoBrowser = errors.New("not measured")

// drive is what the script in frontend/bench is told.
type drive struct {
	Chromium string    `json:"chromium"`
	Parts    []string  `json:"parts"`
	Address  string    `json:"address"`
	Email    string    `json:"email"`
	Password string    `json:"password"`
	Project  models.ID `json:"project"`
	Notes    []page    `json:"notes"`
	Long     page      `json:"long"`
	Full     page      `json:"full"` // with the most codings
	Windows  int       `json:"windows"`
	Board    string    `json:"board"` // the path of one
	Rows     int       `json:"rows"`  // of the board
	Frames   int       `json:"frames"`
	Puts     int       `json:"puts"`
	Visits   int       `json:"visits"`
}

// page is a note as it is known on the screen: by the words that it begins with.
type page struct {
	ID      models.ID `json:"id"`
	Opening string    `json:"opening"`
}

func newPage(t *writing) page {
	return page{t.NoteID, string([]rune(t.Text.Text.Text)[:t.ends[9]])}
}

// seen is what the script answers, in milliseconds and bytes.
type seen struct {
	Opening struct {
		Cold   []taken `json:"cold"`
		Cached []taken `json:"cached"`
	} `json:"opening"`
	Scrolling []float64 `json:"scrolling"`
	Board     struct {
		Between []float64 `json:"between"`
		Work    float64   `json:"work"` // in a second
	} `json:"board"`
	Putting   []taken `json:"putting"`
	Wandering struct {
		Before float64 `json:"before"`
		After  float64 `json:"after"`
	} `json:"wandering"`
}

// taken is how long something took on the clock, and how long the page's main thread worked for it.
type taken struct {
	Wall float64 `json:"wall"`
	Work float64 `json:"work"`
}

// readInBrowser times the app in Chromium. Without one the rows say so.
func readInBrowser(ctx context.Context, w *world) error {
	chromium, err := findBrowser()
	if err != nil {
		for _, what := range []string{rowCold, rowCached, rowFrame, rowSlow, rowPut, rowHeap} {
			w.report.Rows = append(w.report.Rows, row{What: what, Note: err.Error()})
		}
		return nil
	}
	job, err := w.study(ctx)
	if err != nil {
		return err
	}
	job.Chromium = chromium
	s, err := w.drive(ctx, job)
	if err != nil {
		return err
	}
	w.report.within(rowCold, s.Opening.Cold, 1000)
	w.report.within(rowCached, s.Opening.Cached, 300)
	w.report.frames(rowFrame, rowSlow, s.Scrolling, "")
	w.report.within(rowPut, s.Putting, 100)
	const mega = 1 << 20
	w.report.compare(rowHeap, "MB", figure{ours: s.Wandering.After / mega, limit: s.Wandering.Before / mega}, "<= 1.1 ×", 1.1, "beside the heap after two visits of each")
	return nil
}

// frames notes the times between frames while something is scrolled.
func (r *report) frames(what, slowOnes string, all []float64, note string) {
	r.below(what, "ms", median(all), 0, 17, between(all))
	slow := slices.DeleteFunc(slices.Clone(all), func(ms float64) bool { return ms <= slowFrame })
	r.below(slowOnes, "%", 100*float64(len(slow))/float64(len(all)), 0, 5, note)
}

// within notes what was timed in the browser, beside what its page worked, which other work on the machine
// doesn't lengthen.
func (r *report) within(what string, all []taken, bound float64) {
	wall, work := make([]float64, len(all)), make([]float64, len(all))
	for i, t := range all {
		wall[i], work[i] = t.Wall, t.Work
	}
	r.below(what, "ms", median(wall), 0, bound, fmt.Sprintf("%s; of it %s of work in the page", between(wall), amount(median(work), "ms")))
}

// between says how far apart samples lie.
func between(all []float64) string {
	return fmt.Sprintf("median of %d, %s to %s", len(all), amount(slices.Min(all), "ms"), amount(slices.Max(all), "ms"))
}

// findBrowser finds Chromium and what drives it.
func findBrowser() (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("%w: there is no Node on this machine", errNoBrowser)
	}
	if _, err := os.Stat(filepath.Join("frontend", "node_modules", "playwright-core")); err != nil {
		return "", fmt.Errorf("%w: the packages of the app aren't installed", errNoBrowser)
	}
	chosen := os.Getenv("CHROMIUM")
	if chosen == "" {
		chosen = "chromium"
	}
	chromium, err := exec.LookPath(chosen)
	if err != nil {
		return "", fmt.Errorf("%w: there is no Chromium on this machine", errNoBrowser)
	}
	return chromium, nil
}

// study makes a project as one is in its first year, with one long note and one with very many codings.
func (w *world) study(ctx context.Context) (*drive, error) {
	sp := &space{}
	if err := w.project(ctx, sp, "In the browser"); err != nil {
		return nil, err
	}
	s := w.seeder(w.db())
	for i := range browserNotes {
		s.note(ctx, sp, i, notesCodings)
	}
	long := s.write(ctx, sp, browserNotes, w.language.ofWords(bigWords))
	s.code(ctx, sp, long, sp.coders[:codersPerNote], bigCodings)
	full := s.write(ctx, sp, browserNotes+1, w.language.ofWords(bigWords))
	s.code(ctx, sp, full, sp.coders[:codersPerNote], fullCodings)
	if err := s.finish(ctx); err != nil {
		return nil, err
	}
	if err := w.settled(ctx); err != nil {
		return nil, err
	}
	job := &drive{
		Parts:   []string{"opening", "scrolling", "putting", "wandering"},
		Address: w.server.url(), Email: w.owner.email, Password: w.owner.password, Project: sp.id,
		Long: newPage(long), Full: newPage(full), Windows: 5, Frames: 600, Puts: 10, Visits: browserVisits,
	}
	for _, t := range sp.notes {
		job.Notes = append(job.Notes, newPage(t))
	}
	return job, nil
}

// drive runs the script.
func (w *world) drive(ctx context.Context, job *drive) (*seen, error) {
	in, err := json.Marshal(job)
	if err != nil {
		return nil, fmt.Errorf("drive the browser: %w", err)
	}
	command := exec.CommandContext(ctx, "node", "bench/browser.mjs")
	command.Dir, command.Stdin = "frontend", bytes.NewReader(in)
	command.Stderr = w.out
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("drive the browser: %w", err)
	}
	s := &seen{}
	if err := json.Unmarshal(out, s); err != nil {
		return nil, fmt.Errorf("drive the browser: %w", err)
	}
	return s, nil
}
