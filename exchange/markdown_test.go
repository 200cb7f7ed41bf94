package exchange_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestMarkdownDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/markdown/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no documents", err)
	}
	for _, file := range files {
		t.Run("reads "+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			content, _, err := exchange.Markdown(string(source))
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, content)
			written := exchange.WriteMarkdown(content)
			name := strings.TrimSuffix(filepath.Base(file), ".md")
			golden(t, "markdown/"+name+".content", show(content))
			golden(t, "markdown/"+name+".written", written)
			again, _, err := exchange.Markdown(written)
			if diff := cmp.Diff(content, again); diff != "" || err != nil {
				t.Errorf("what was written is read as something else, %v:\n%s", err, diff)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, text string }{
		{"joins blocks by a blank line", "# a\nb\n> c\n", "a\n\nb\n\nc"},
		{"joins items of lists by a line end, of whatever list", "- a\n- b\n\n* c\n1. d", "a\nb\nc\nd"},
		{"joins cells by tabs and rows by line ends", "|a|b|\n|-|-|\n|c||\n||d|", "a\tb\nc\t\n\td"},
		{"keeps the cells of long rows", "a|b\n-|-\nc|d|e", "a\tb\nc\td\te"},
		{"makes spaces of soft line breaks", "a\nb \n  c", "a b c"},
		{"makes line ends of hard line breaks", "a  \nb\\\n  c", "a\nb\nc"},
		{"drops thematic breaks", "a\n\n---\n\nb", "a\n\nb"},
		{"drops empty blocks", "#\n\n-\n-  \n\n>\n\n```\n\n```\n\na", "a"},
		{"keeps HTML as text", "<p>a</p>\n\n<!-- b -->", "<p>a</p>\n\n<!-- b -->"},
		{"keeps tildes, for which there is no mark", "~~a~~", "~~a~~"},
		{"keeps task boxes", "- [x] a", "[x] a"},
		{"composes across markup", "A*\u030arhus* e**\u0301**", "Århus é"},
		{"drops what no text keeps, even as a reference", "a&shy;b&#7;c&#xfeff;", "abc"},
		{"makes a replacement character of the reference to NUL", "a&#0;b", "a\ufffdb"},
		{"divides a paragraph at a blank line in it", "a&#10;&#10;&#10;b", "a\n\n\nb"},
		{"keeps blank lines at the ends of paragraphs", "\\\na&#10;", "\na\n"},
		{"drops white space at the ends of other blocks", "- &#10;a&#32;\n\n# &#32;b", "a\n\nb"},
		{"keeps white space in code", "```\n\n  a\t\n\n```", "\n  a\t\n"},
		{"keeps a time in parentheses", "[laughs](00:12)", "[laughs](00:12)"},
		{"keeps a speaker in brackets", "[Anna]: Yes", "[Anna]: Yes"},
		{"takes definitions of addresses only", "[a]: https://example.org\n[Anna]: Yes", "[Anna]: Yes"},
		{"reads the empty source", "", ""},
		{"reads white space", " \n\n\t\n", ""},
		{"gives a tab only between cells", "|a&#9;b|c|\n|-|-|", "a b\tc"},
		{"gives headings one line", "a\\\nb\n===", "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := exchange.Markdown(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.text {
				t.Errorf("%q is read as %q, want %q", c.source, got.Text, c.text)
			}
			checkContent(t, got)
		})
	}
}

func TestMarkdownMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{
			"joins emphasis that meets", "*a*_b_",
			"emphasis [0,2) \"ab\"",
		},
		{
			"joins links to one address that meet", "[a](http://x.dk)[b](http://x.dk)[c](http://y.dk)",
			"link [0,2) \"ab\" to http://x.dk\nlink [2,3) \"c\" to http://y.dk",
		},
		{
			"leaves white space at the ends of a mark out", "**&#32;a&#32;**",
			"strong [1,2) \"a\"",
		},
		{
			"divides a mark at a blank line", "*a&#10;&#10;b*",
			"emphasis [0,1) \"a\"\nemphasis [3,4) \"b\"",
		},
		{
			"counts in code points", "👩‍💻 *é*",
			"emphasis [4,5) \"é\"",
		},
		{
			"gives an accent the marks of its letter", "**e**\u0301*\u0323f*",
			"strong [0,2) \"ẹ́\"\nemphasis [2,3) \"f\"",
		},
		{
			"encodes what no address may hold", "[a](<https://x.dk/b c|\"æ>)",
			"link [0,1) \"a\" to https://x.dk/b%20c%7C%22æ",
		},
		{
			"drops addresses of other kinds", "[a](javascript:x) [b](data:,x) [c](file.md) <ftp://x.dk>",
			"",
		},
		{
			"drops an address that is too long", "[a](https://x.dk/" + strings.Repeat("b", 2_000) + ")",
			"",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _, err := exchange.Markdown(c.source)
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, got)
			var marks []string
			for line := range strings.Lines(show(got)) {
				if mark, ok := strings.CutPrefix(line, "    "); ok {
					marks = append(marks, strings.TrimSpace(mark))
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(marks, "\n")); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.source, diff)
			}
		})
	}
}

func TestMarkdownRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		kind         models.Kind
		code         string
	}{
		{"bytes that are not UTF-8", "a\xff", models.KindInvalid, "text_not_utf8"},
		{"NUL", "a\x00", models.KindInvalid, "text_binary"},
		{"a text too long", strings.Repeat("a", models.MaxTextLength+1), models.KindTooLarge, "text_too_long"},
		{"a million paragraphs of one letter", strings.Repeat("a\n\n", 1_000_000), models.KindInvalid, "blocks_too_many"},
		{"one block too many", strings.Repeat("- a\n", models.MaxBlocks+1), models.KindInvalid, "blocks_too_many"},
		{"one row too many", "|a|\n|-|\n" + strings.Repeat("|a|\n", models.MaxBlocks), models.KindInvalid, "blocks_too_many"},
		{"too many blocks within one paragraph", strings.Repeat("a&#10;&#10;", models.MaxBlocks+1), models.KindInvalid, "blocks_too_many"},
		{"too many marks", strings.Repeat("*a* ", 20_001), models.KindInvalid, "marks_too_many"},
		{"too much of links", strings.Repeat("[a](https://x.dk/"+strings.Repeat("b", 1_900)+") ", 1_100), models.KindInvalid, "marks_too_many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := exchange.Markdown(c.source)
			wantCode(t, err, c.kind, c.code)
		})
	}
	t.Run("but not the greatest text there may be", func(t *testing.T) {
		t.Parallel()
		content, _, err := exchange.Markdown(strings.Repeat("a", models.MaxTextLength-2) + "**b**" + strings.Repeat("c", 1))
		if err != nil || length(content.Text) != models.MaxTextLength {
			t.Errorf("got %d code points, %v", length(content.Text), err)
		}
	})
}

// TestMarkdownBombs reads sources on which readers of Markdown are known to take time in the square of
// their length, or a stack as deep. One that did would make these tests run for minutes.
func TestMarkdownBombs(t *testing.T) {
	t.Parallel()
	const n = 300_000
	for _, c := range []struct{ name, source string }{
		{"quotes in quotes", strings.Repeat(">", n) + "a\n" + strings.Repeat("a\n", n/2)},
		{"lists in lists", strings.Repeat("- ", n/2) + "a\n" + strings.Repeat("a\n", n/2)},
		{"opening brackets", strings.Repeat("[", n)},
		{"brackets in brackets", strings.Repeat("[", n/2) + strings.Repeat("]", n/2)},
		{"brackets and stars", strings.Repeat("[*", n/4) + strings.Repeat("]*", n/4)},
		{"links with emphasis", strings.Repeat("[*a*](b) ", n/9)},
		{"links without an end", strings.Repeat("[a](b \"", n/7)},
		{"links in angle brackets without an end", strings.Repeat("[a](<b", n/6)},
		{"links in links", strings.Repeat("[a](", n/4)},
		{"references", "[q]: https://x.dk\n\n" + strings.Repeat("[a][", n/4)},
		{"definitions", strings.Repeat("[a]:\n", n/5)},
		{"emphasis of two kinds", strings.Repeat("_a ", n/6) + strings.Repeat("b* ", n/6)},
		{"emphasis that doesn't match", strings.Repeat("*a **b* c** ", n/12)},
		{"stars", strings.Repeat("*", n) + "a" + strings.Repeat("*", n)},
		{"rows of ticks", ticks(n)},
		{"addresses", strings.Repeat("<http://", n/8)},
		{"delimiter rows", strings.Repeat("a|b|c\n|-|-|-|-\n", n/17)},
		{"pipes", "|a|\n|-|\n" + strings.Repeat("|a", n/2)},
		{"accents", "a" + strings.Repeat("*\u0301", n/3)},
		{"front matter in itself", "---\n" + strings.Repeat("[", n) + "\n---\n"},
		{"front matter of aliases", "---\na: &a [x]\n" + strings.Repeat("b: &b [*a, *a]\n", 500) + "---\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, _, err := exchange.Markdown(c.source)
			if err != nil {
				wantCode(t, err, models.KindInvalid, "marks_too_many")
				return
			}
			checkContent(t, content)
			again, _, err := exchange.Markdown(exchange.WriteMarkdown(content))
			if err != nil || !cmp.Equal(content, again) {
				t.Errorf("what was written is read as something else, %v", err)
			}
		})
	}
}

// ticks gives runs of backticks of every length, none of which has an end.
func ticks(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		b.WriteString(strings.Repeat("`", i) + "a")
	}
	return b.String()
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range append(nasty(), "---\ntitle: a\n---\nb", "a&#10;&#10;b", "|a|b|\n|-|-|\n|`\\|`|", "0. a\n1. b\n999999999. c") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		content, _, err := exchange.Markdown(source)
		if err != nil {
			return
		}
		checkContent(t, content)
		written := exchange.WriteMarkdown(content)
		again, meta, err := exchange.Markdown(written)
		if err != nil {
			t.Fatalf("%q was written as %q, and reading that fails: %v", source, written, err)
		}
		if diff := cmp.Diff(content, again); diff != "" {
			t.Errorf("%q was written as %q, which reads differently (-before +after):\n%s", source, written, diff)
		}
		if !cmp.Equal(meta, exchange.Meta{}) {
			t.Errorf("%q was written as %q, which begins with front matter", source, written)
		}
	})
}
