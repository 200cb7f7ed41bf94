package exchange_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, data, text string
		want                   exchange.Document
	}{
		{"reads plain text", "note.txt", "# a", "# a", exchange.Document{Format: exchange.FileText, Encoding: "utf-8", MediaType: "text/plain"}},
		{"reads plain text of another ending", "note.text", "a", "a", exchange.Document{Format: exchange.FileText, Encoding: "utf-8", MediaType: "text/plain"}},
		{"reads Markdown", "note.md", "# a", "a", exchange.Document{Format: exchange.FileMarkdown, Encoding: "utf-8", MediaType: "text/markdown"}},
		{"reads Markdown of another ending", "note.markdown", "# a", "a", exchange.Document{Format: exchange.FileMarkdown, Encoding: "utf-8", MediaType: "text/markdown"}},
		{"looks at the ending without regard to case", "NOTE.MD", "# a", "a", exchange.Document{Format: exchange.FileMarkdown, Encoding: "utf-8", MediaType: "text/markdown"}},
		{"looks at the last part of a path", "a.b/c.txt", "a", "a", exchange.Document{Format: exchange.FileText, Encoding: "utf-8", MediaType: "text/plain"}},
		{"decodes", "note.md", "# Bl\xe5b\xe6r", "Blåbær", exchange.Document{Format: exchange.FileMarkdown, Encoding: "windows-1252", MediaType: "text/markdown"}},
		{
			"tells what front matter says", "note.md", "---\ntitle: T\n---\na", "a",
			exchange.Document{Format: exchange.FileMarkdown, Encoding: "utf-8", MediaType: "text/markdown", Meta: exchange.Meta{Title: "T"}},
		},
		{"takes front matter in plain text for words", "note.txt", "---\ntitle: T\n---\na", "---\ntitle: T\n---\na", exchange.Document{Format: exchange.FileText, Encoding: "utf-8", MediaType: "text/plain"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := exchange.Read(c.file, []byte(c.data), exchange.Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, got.Content)
			if got.Content.Text != c.text {
				t.Errorf("the text is %q, want %q", got.Content.Text, c.text)
			}
			got.Content = models.Content{}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, data string
		kind             models.Kind
		code             string
	}{
		{"an ending it doesn't know", "note.xyz", "a", models.KindInvalid, "format_unknown"},
		{"a Word file that is none", "note.docx", "PK", models.KindInvalid, "format_mismatch"},
		{"no ending", "note", "a", models.KindInvalid, "format_unknown"},
		{"no bytes", "note.txt", "", models.KindInvalid, "file_empty"},
		{"binary posing as text", "note.txt", "\x7fELF\x02\x01\x01\x00\x00", models.KindInvalid, "file_binary"},
		{"white space alone", "note.txt", " \n\t\n", models.KindInvalid, "text_empty"},
		{"only a byte order mark", "note.txt", "\xef\xbb\xbf", models.KindInvalid, "text_empty"},
		{"Markdown without a word", "note.md", "# \n\n---\n", models.KindInvalid, "text_empty"},
		{"front matter without text", "note.md", "---\ntitle: a\n---\n", models.KindInvalid, "text_empty"},
		{"a text too long", "note.txt", strings.Repeat("a", models.MaxTextLength+1), models.KindTooLarge, "text_too_long"},
		{"a million paragraphs of one letter", "note.txt", strings.Repeat("a\n\n", 666_666), models.KindInvalid, "blocks_too_many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := exchange.Read(c.file, []byte(c.data), exchange.Options{})
			wantCode(t, err, c.kind, c.code)
			if !cmp.Equal(got, exchange.Document{}) {
				t.Errorf("it gives %+v beside the error", got)
			}
		})
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, format, source, text string }{
		{"takes text without a format for plain", "", "*a*", "*a*"},
		{"reads plain text", "plain", "*a*", "*a*"},
		{"reads Markdown", "markdown", "*a*", "a"},
		{"takes no text for an empty one", "plain", "", ""},
		{"takes empty Markdown for an empty text", "markdown", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := exchange.Typed(c.format, c.source)
			if err != nil || got.Text != c.text || got.Blocks == nil || got.Marks == nil {
				t.Errorf("got %+v, %v; want %q", got, err, c.text)
			}
		})
	}
	t.Run("refuses another format", func(t *testing.T) {
		t.Parallel()
		_, _, err := exchange.Typed("html", "a")
		wantCode(t, err, models.KindInvalid, "format_unknown")
	})
	t.Run("refuses bytes that are not UTF-8", func(t *testing.T) {
		t.Parallel()
		for _, format := range []string{"plain", "markdown"} {
			_, _, err := exchange.Typed(format, "\xed\xa0\x80")
			wantCode(t, err, models.KindInvalid, "text_not_utf8")
		}
	})
}

func TestFileName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ø", 300)
	for _, c := range []struct{ name, file, want string }{
		{"keeps an ordinary name", "Møde d. 3. maj.txt", "Møde d. 3. maj.txt"},
		{"takes the last part of a path", "/etc/../notes/a.txt", "a.txt"},
		{"takes the last part of a Windows path", `C:\notes\a.txt`, "a.txt"},
		{"drops control characters and those that turn the direction of writing", "a\n\x00b\u202etxt.md", "abtxt.md"},
		{"drops bytes that are not UTF-8", "a\xff.txt", "a.txt"},
		{"cuts a long name but keeps the ending", long + ".txt", strings.Repeat("ø", 196) + ".txt"},
		{"cuts a long name without a usable ending", "a." + long, "a." + strings.Repeat("ø", 198)},
		{"gives a name where there is none", "..", "file"},
		{"gives a name for a folder", "/", "file"},
		{"gives a name for nothing", " ", "file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := exchange.FileName(c.file); got != c.want {
				t.Errorf("FileName(%q) = %q, want %q", c.file, got, c.want)
			}
		})
	}
}

// TestReadRealTranscripts holds what offsets in a project depend on: these files are read the same way
// for ever.
func TestReadRealTranscripts(t *testing.T) {
	t.Parallel()
	type facts struct {
		SHA256     string             `json:"sha256"` // of the text
		Length     int                `json:"length"` // in code points
		Blocks     map[string]int     `json:"blocks"` // of each kind
		Marks      map[string]int     `json:"marks"`  // of each kind
		Speakers   []exchange.Speaker `json:"speakers"`
		Timed      int                `json:"timed"` // blocks with a time code
		FirstWords string             `json:"firstWords"`
		LastWords  string             `json:"lastWords"`
		Meta       exchange.Meta      `json:"meta"`
	}
	all := map[string]facts{}
	labels := map[string]int{} // marked as strong, where they aren't read as a transcript
	contents := map[string]models.Content{}
	for _, file := range []string{
		"changelog/practical-ai-12.md", "se-unlocked/EP_51_MAStorey_Productivity.md",
		"se-unlocked/EP_53_Mauricio_Aniche.md", "se-unlocked/EP_60_Yehonathan_Sharvit.md",
	} {
		doc, err := exchange.Read(file, readFile(t, "..", "testdata", "transcripts", filepath.FromSlash(file)), exchange.Options{})
		if err != nil {
			t.Fatal(file, err)
		}
		if doc.Encoding != "utf-8" || !doc.Transcript || doc.Language != "en" {
			t.Errorf("%s is read as %s, transcript %v, language %q", file, doc.Encoding, doc.Transcript, doc.Language)
		}
		checkContent(t, doc.Content)
		checkSpeakers(t, doc.Content)
		paragraphs := read(t, file, readFile(t, "..", "testdata", "transcripts", filepath.FromSlash(file)), exchange.Options{Transcript: exchange.TranscriptNo})
		checkRoundTrip(t, file, paragraphs.Content)
		for _, m := range paragraphs.Content.Marks {
			if m.Kind == models.MarkStrong {
				labels[filepath.Base(file)]++
			}
		}
		points := []rune(doc.Content.Text)
		f := facts{
			SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(doc.Content.Text))), Length: len(points), Meta: doc.Meta,
			Blocks: map[string]int{}, Marks: map[string]int{}, Speakers: doc.Speakers,
			FirstWords: string(points[:80]), LastWords: string(points[len(points)-80:]),
		}
		for _, b := range doc.Content.Blocks {
			f.Blocks[string(b.Kind)]++
			if b.Seconds != nil {
				f.Timed++
			}
		}
		for _, m := range doc.Content.Marks {
			f.Marks[string(m.Kind)]++
		}
		all[filepath.Base(file)] = f
		contents[filepath.Base(file)] = doc.Content
	}
	data, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "transcripts.json", string(data)+"\n")

	t.Run("front matter is not interview text", func(t *testing.T) {
		t.Parallel()
		if got := all["EP_51_MAStorey_Productivity.md"].Meta.Other["permalink"]; got != "/measure-developer-productivity-space" {
			t.Errorf("the permalink is %q", got)
		}
		for name, c := range contents {
			if strings.Contains(c.Text, "permalink") {
				t.Errorf("%s has front matter in its text", name)
			}
		}
	})
	t.Run("words that were wrapped are found as they are said", func(t *testing.T) {
		t.Parallel()
		for name, words := range map[string]string{
			"EP_51_MAStorey_Productivity.md": "Welcome to the Software Engineering Unlocked podcast. I'm your host",
			"EP_60_Yehonathan_Sharvit.md":    "complex and cumbersome it is to create quality test! It’s a never-ending chore",
			"practical-ai-12.md":             "Hey, Chris. How's it going this week?",
		} {
			if !strings.Contains(strings.ToLower(contents[name].Text), strings.ToLower(words)) {
				t.Errorf("%s doesn't hold %q", name, words)
			}
		}
	})
	t.Run("every label is a strong mark where they aren't read as transcripts", func(t *testing.T) {
		t.Parallel()
		for name, want := range map[string]int{"practical-ai-12.md": 34, "EP_51_MAStorey_Productivity.md": 27, "EP_53_Mauricio_Aniche.md": 32, "EP_60_Yehonathan_Sharvit.md": 57} {
			if got := labels[name]; got != want {
				t.Errorf("%s has %d, want %d", name, got, want)
			}
		}
	})
	t.Run("every label is a turn", func(t *testing.T) {
		t.Parallel()
		for name, want := range map[string]int{"practical-ai-12.md": 34, "EP_51_MAStorey_Productivity.md": 27, "EP_53_Mauricio_Aniche.md": 32, "EP_60_Yehonathan_Sharvit.md": 57} {
			turns := 0
			for _, s := range all[name].Speakers {
				turns += s.Turns
			}
			if turns != want || len(all[name].Speakers) != 2 {
				t.Errorf("%s has %d turns of %v, want %d", name, turns, all[name].Speakers, want)
			}
		}
	})
	t.Run("no label and no time code stands before the words", func(t *testing.T) {
		t.Parallel()
		begins := regexp.MustCompile(`^(?:\[?\d+:\d+|Dr\.? [A-Z]\w+:|Michaela:|Mauricio:|Chris Benson|Daniel Whitenack|Yehonathan Sharvit\b)`)
		for name, c := range contents {
			points := []rune(c.Text)
			for _, b := range c.Blocks {
				if words := string(points[b.Start:b.End]); b.Kind == models.BlockTurn && begins.MatchString(words) {
					t.Errorf("%s: %q", name, words)
				}
			}
		}
	})
	t.Run("the first turn is as it is in the file", func(t *testing.T) {
		t.Parallel()
		for name, want := range map[string]string{
			"practical-ai-12.md":             "Daniel Whitenack: Hey, Chris.",
			"EP_51_MAStorey_Productivity.md": "Dr. Michaela Greiler @0: ( intro music ) Hello",
			"EP_53_Mauricio_Aniche.md":       "Michaela @0: Hello, and welcome",
			"EP_60_Yehonathan_Sharvit.md":    "Dr. McKayla @4: Hello and welcome",
		} {
			if got := spoken(contents[name])[0]; !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}
