package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is one figure beside its limit.
type row struct {
	What  string  `json:"what"`
	Unit  string  `json:"unit"`
	Ours  float64 `json:"ours"`
	Limit float64 `json:"limit,omitempty"`
	Ratio float64 `json:"ratio,omitempty"` // of the two
	// Lowest and Highest are the ratios of the best and the worst round.
	Lowest  float64 `json:"lowest,omitempty"`
	Highest float64 `json:"highest,omitempty"`
	ToReach string  `json:"toReach,omitempty"` // empty where there is nothing to reach
	Met     *bool   `json:"met,omitempty"`
	Note    string  `json:"note,omitempty"`
}

// report is what results.json holds.
type report struct {
	Full    bool    `json:"full"`
	Cores   int     `json:"cores"`
	Data    string  `json:"data"`
	Seconds float64 `json:"seconds"` // that the whole run took
	Rows    []row   `json:"rows"`
}

func newReport(size sizes) *report {
	return &report{
		Full: size == full, Cores: runtime.NumCPU(), Rows: []row{},
		Data: fmt.Sprintf("%d notes with %d codings; beside them a project of %d codings", size.notes, size.notes*size.codingsPerNote, size.smallNotes*size.codingsPerNote),
	}
}

// atMost notes a figure that may take so many times its limit.
func (r *report) atMost(what string, f figure, times float64, note string) {
	r.compare(what, "ms", f, fmt.Sprintf("<= %g ×", times), times, note)
}

func (r *report) compare(what, unit string, f figure, toReach string, times float64, note string) {
	ratio := f.ours / f.limit
	met := ratio <= times
	line := row{What: what, Unit: unit, Ours: f.ours, Limit: f.limit, Ratio: ratio, ToReach: toReach, Met: &met, Note: note}
	line.spread(f)
	r.Rows = append(r.Rows, line)
}

// atLeast notes a throughput that has to come so near to its limit.
func (r *report) atLeast(what, unit string, f figure, times float64, failed int, note string) {
	ratio := f.ours / f.limit
	met := ratio >= times && failed == 0
	line := row{What: what, Unit: unit, Ours: f.ours, Limit: f.limit, Ratio: ratio, ToReach: fmt.Sprintf(">= %g ×, no error", times), Met: &met, Note: note}
	line.spread(f)
	r.Rows = append(r.Rows, line)
}

// below notes a figure with a bound of its own, beside what it stands on, if anything.
func (r *report) below(what, unit string, ours, limit, bound float64, note string) {
	met := ours <= bound
	line := row{What: what, Unit: unit, Ours: ours, Limit: limit, ToReach: fmt.Sprintf("<= %g %s", bound, unit), Met: &met, Note: note}
	if limit > 0 {
		line.Ratio = ours / limit
	}
	r.Rows = append(r.Rows, line)
}

// beside notes a figure that has nothing to reach.
func (r *report) beside(what, unit string, f figure, note string) {
	line := row{What: what, Unit: unit, Ours: f.ours, Limit: f.limit, Note: note}
	if f.limit > 0 {
		line.Ratio = f.ours / f.limit
	}
	line.spread(f)
	r.Rows = append(r.Rows, line)
}

func (l *row) spread(f figure) {
	if len(f.ratios) > 1 {
		l.Lowest, l.Highest = slices.Min(f.ratios), slices.Max(f.ratios)
	}
}

// print writes the figures as a table.
func (r *report) print(out io.Writer) error {
	var b strings.Builder
	b.WriteString("\nwhat\tours\tlimit\tratio\trounds\tto reach\t\t\n")
	for i := range r.Rows {
		l := &r.Rows[i]
		verdict := ""
		switch {
		case l.Met == nil:
		case *l.Met:
			verdict = "met"
		default:
			verdict = "MISSED"
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.What, amount(l.Ours, l.Unit), amount(l.Limit, l.Unit), times(l.Ratio), l.between(), l.ToReach, verdict, l.Note)
	}
	fmt.Fprintf(&b, "\n%s; %d cores; %.0f s in all. A ratio is of medians over the rounds; beside it the best and the worst round.\n", r.Data, r.Cores, r.Seconds)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := io.WriteString(table, b.String())
	return errors.Join(err, table.Flush())
}

func (l *row) between() string {
	if l.Highest == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f–%.2f", l.Lowest, l.Highest)
}

func times(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return strconv.FormatFloat(ratio, 'f', 2, 64) + " ×"
}

// amount writes a number with three digits that mean something, and its unit.
func amount(v float64, unit string) string {
	if v == 0 {
		return "–"
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strings.TrimSpace(strconv.FormatFloat(v, 'f', digits, 64) + " " + unit)
}

// save writes the figures to a file.
func (r *report) save(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	return nil
}
