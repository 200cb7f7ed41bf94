package exchange_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

// show draws content for people: each block with its words, and under it the marks on them.
func show(c models.Content) string {
	points := []rune(c.Text)
	var b strings.Builder
	marks := c.Marks
	for _, block := range c.Blocks {
		fmt.Fprintf(&b, "%s", block.Kind)
		if block.Level > 0 {
			fmt.Fprintf(&b, " level %d", block.Level)
		}
		if block.Number > 0 {
			fmt.Fprintf(&b, " number %d", block.Number)
		}
		fmt.Fprintf(&b, " [%d,%d) %q\n", block.Start, block.End, string(points[block.Start:block.End]))
		for len(marks) > 0 && marks[0].Start < block.End {
			m := marks[0]
			marks = marks[1:]
			fmt.Fprintf(&b, "    %s [%d,%d) %q", m.Kind, m.Start, m.End, string(points[m.Start:m.End]))
			if m.URL != "" {
				fmt.Fprintf(&b, " to %s", m.URL)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// checkContent checks what holds for the content of every reader.
func checkContent(t *testing.T, c models.Content) {
	t.Helper()
	if normal, err := exchange.Normalise(c.Text); err != nil || normal != c.Text {
		t.Errorf("the text is not normalised: %q, %v", c.Text, err)
	}
	points := []rune(c.Text)
	if len(points) > models.MaxTextLength || len(c.Blocks) > models.MaxBlocks {
		t.Errorf("%d code points and %d blocks are over the limits", len(points), len(c.Blocks))
	}
	visible := func(r rune) bool { return !unicode.IsSpace(r) }
	end, mark := 0, 0
	for i, b := range c.Blocks {
		if b.Start < end || b.End <= b.Start || b.End > len(points) {
			t.Fatalf("block %d stands at [%d,%d) after %d in a text of %d", i, b.Start, b.End, end, len(points))
		}
		if strings.ContainsFunc(string(points[end:b.Start]), visible) {
			t.Errorf("there are words before block %d that no block has: %q", i, string(points[end:b.Start]))
		}
		if !strings.ContainsFunc(string(points[b.Start:b.End]), visible) {
			t.Errorf("block %d has no words", i)
		}
		end = b.End
		for ; mark < len(c.Marks) && c.Marks[mark].Start < b.End; mark++ {
			m := c.Marks[mark]
			if m.Start < b.Start || m.End <= m.Start || m.End > b.End {
				t.Fatalf("mark %d stands at [%d,%d), outside its block [%d,%d)", mark, m.Start, m.End, b.Start, b.End)
			}
			if unicode.IsSpace(points[m.Start]) || unicode.IsSpace(points[m.End-1]) {
				t.Errorf("mark %d has white space at its ends: %q", mark, string(points[m.Start:m.End]))
			}
			if (m.Kind == models.MarkLink) != (m.URL != "") {
				t.Errorf("mark %d of kind %s leads to %q", mark, m.Kind, m.URL)
			}
		}
	}
	if mark != len(c.Marks) {
		t.Errorf("%d marks stand in no block", len(c.Marks)-mark)
	}
	if strings.ContainsFunc(string(points[end:]), visible) {
		t.Errorf("there are words after the last block: %q", string(points[end:]))
	}
}

// wantCode checks that err is one of ours with the code, and that it says something to people.
func wantCode(t *testing.T, err error, kind models.Kind, code string) *models.Error {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Code != code || e.Kind != kind {
		t.Fatalf("got error %v, want %s", err, code)
	}
	if first, _ := utf8.DecodeRuneInString(e.Sentence); !unicode.IsUpper(first) || !strings.HasSuffix(e.Sentence, ".") {
		t.Errorf("the sentence is none: %q", e.Sentence)
	}
	return e
}

// golden compares got with the file of that name in testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func length(s string) int { return utf8.RuneCountInString(s) }
