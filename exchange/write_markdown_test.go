package exchange_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// nasty lists pieces of text that Markdown takes for something else, or that are hard to write in it.
func nasty() []string {
	return []string{
		"#", "# ", "## a", "a #", "-", "- ", "--", "---", "- - -", "+ ", "+", "* ", "*", "**", "***", "_", "__", "___", "> ", ">",
		"1. ", "2) ", "10.", "0. ", "999999999. ", "1986", ".", ")", "=", "===", "~~~", "`", "``", "```", "[", "]", "(", ")", "![",
		"](http://a.dk)", "[a](http://x.dk/y_z)", "[b](mailto:x@y.dk)", "[*a* b](http://x.dk)", "<http://q.dk>", "<a@b.dk>",
		"<", "<b>", "|", "| a | b |", "\n|---|---|\n", "|:-", ":", "]:", "[a]: ", "[a]: http://u.dk\n", "https://", "&", "&amp;", "&#32;",
		"&#10;", "&#9;", "&nbsp;", "&#x301;", "&#824;", "#32;", ";", "\\", "\\\n", "\n", "\n\n", "\n\n\n", "  \n", "\n  ", "\n    ", "\n\t",
		" ", "  ", "    ", "\t", "\u00a0", "\u2003", "\u200b", "\r\n", "a", "b", "ab", "word", "Æ", "é", "e\u0301", "\u0301", "\u0338", "😀", "’",
		"snake_case", "1", "{", "!", "*em*", "_em_", "**st**", "***both***", "`x`", "`` ` ``", "x*y*z", "\n- ", "\n1. ", "\n  - ", "\n> ", "\n## ",
		"a\n===", "a\n---", "=\n",
	}
}

// invent puts nasty pieces together.
func invent(r *rand.Rand) string {
	pieces := nasty()
	var b strings.Builder
	for range 1 + r.IntN(24) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestWriteMarkdown(t *testing.T) {
	t.Parallel()
	const rounds = 3_000
	t.Run("gives Markdown that reads as the same content, whatever Markdown the content came from", func(t *testing.T) {
		t.Parallel()
		r := rand.New(rand.NewPCG(1, 2))
		for range rounds {
			source := invent(r)
			content, _, err := exchange.Markdown(source)
			if err != nil {
				t.Fatal(err)
			}
			checkContent(t, content)
			checkRoundTrip(t, source, content)
		}
	})
	t.Run("gives Markdown that reads as the same content, whatever the plain text", func(t *testing.T) {
		t.Parallel()
		r := rand.New(rand.NewPCG(3, 4))
		for range rounds {
			source := invent(r)
			content, err := exchange.Plain(source)
			if err != nil {
				t.Fatal(err)
			}
			if len(content.Blocks) > 0 { // white space alone is written as nothing
				checkRoundTrip(t, source, content)
			}
		}
	})
	t.Run("gives Markdown that reads as the same content, whatever marks cross on the words", func(t *testing.T) {
		t.Parallel()
		r := rand.New(rand.NewPCG(5, 6))
		for range rounds {
			content := markAtRandom(t, r)
			written := exchange.WriteMarkdown(content)
			once, _, err := exchange.Markdown(written)
			if err != nil {
				t.Fatal(err)
			}
			if once.Text != content.Text {
				t.Fatalf("%q was written as %q, which reads %q", content.Text, written, once.Text)
			}
			if diff := cmp.Diff(marked(content), marked(once)); diff != "" {
				t.Fatalf("%q was written as %q, which has other marks (-before +after):\n%s", content.Text, written, diff)
			}
			checkRoundTrip(t, written, once)
		}
	})
}

func checkRoundTrip(t *testing.T, source string, content models.Content) {
	t.Helper()
	written := exchange.WriteMarkdown(content)
	again, _, err := exchange.Markdown(written)
	if err != nil {
		t.Fatalf("%q was written as %q, and reading that fails: %v", source, written, err)
	}
	if diff := cmp.Diff(content, again); diff != "" {
		t.Fatalf("%q was written as %q, which reads differently (-before +after):\n%s", source, written, diff)
	}
}

// markAtRandom lays marks of every kind over a line of plain text, at places that have nothing to do
// with its words or with each other.
func markAtRandom(t *testing.T, r *rand.Rand) models.Content {
	t.Helper()
	line := strings.NewReplacer("\n", "", "\r", "").Replace(invent(r)) + "x"
	content, err := exchange.Plain(line)
	if err != nil {
		t.Fatal(err)
	}
	n := length(content.Text)
	for range r.IntN(6) {
		start := r.IntN(n)
		m := models.Mark{Start: start, End: start + 1 + r.IntN(n-start)}
		m.Kind = []models.MarkKind{models.MarkEmphasis, models.MarkStrong, models.MarkCode, models.MarkLink}[r.IntN(4)]
		if m.Kind == models.MarkLink {
			m.URL = "https://example.org/a_(b)?c=d&amp;e*f"
		}
		content.Marks = append(content.Marks, m)
	}
	return content
}

// marked tells for each visible character which marks are on it.
func marked(c models.Content) []string {
	points := []rune(c.Text)
	marks := make([]string, len(points))
	for i, p := range points {
		marks[i] = string(p)
		for _, kind := range []models.MarkKind{models.MarkEmphasis, models.MarkStrong, models.MarkCode, models.MarkLink} {
			for _, m := range c.Marks {
				if m.Kind == kind && m.Start <= i && i < m.End && strings.TrimSpace(string(p)) != "" {
					marks[i] += " " + string(kind) + m.URL
					break
				}
			}
		}
	}
	return marks
}

func TestWriteMarkdownIsLight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"leaves ordinary words as they are", "Hun sagde: “Vi har 12 registre” – og smilede (lidt)!", ""},
		{"leaves time codes and speakers in brackets", "[00:12:34] [Anna]: Ja, R&D er snake_case, 2 * 3 < 7 | c, <b>fed</b>.", ""},
		{"leaves numbers and years", "3.5 pct. i 1986. Og 12:30", ""},
		{"writes emphasis and strong with stars", "*a* **b**", ""},
		{"writes both as far apart as can be", "**a *b***", "**a _b_**"},
		{"writes strong within a word", "regi**strene**", ""},
		{"writes lists in lists", "- a\n  - b\n    1. c\n    2. d\n- e", "- a\n  - b\n\n    1. c\n    2. d\n- e"},
		{"writes numbers that go astray as another list", "1. a\n2. b\n5) c", "1. a\n2. b\n\n5) c"},
		{"writes tables", "|a|b|\n|-|-|\n|c|d|", "| a | b |\n| --- | --- |\n| c | d |"},
		{"writes hard breaks", "a  \nb", "a\\\nb"},
		{"writes code", "```go\na\n```", "```\na\n```"},
		{"writes code that holds code", "````\n```\n````", ""},
		{"writes blank lines beyond the one between paragraphs", "a&#10;\n\n&#10;b", "a\n\n\\\n\\\nb"},
		{"escapes what begins a block", "\\# a\n\n\\- b\n\n1\\. c\n\n\\> d", ""},
		{"escapes a bracket that code would make a definition of", "\\[a`]: http://x.dk`", ""},
		{"leaves what is no address for its white space", "<https://x.dk\u2003**b**>", ""},
		{"encodes what an escape can't help", "*(a)*&#98;", "*(a)*&#98;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, _, err := exchange.Markdown(c.source)
			if err != nil {
				t.Fatal(err)
			}
			want := c.want
			if want == "" {
				want = c.source
			}
			if got := exchange.WriteMarkdown(content); got != want {
				t.Errorf("%q is written as %q, want %q", c.source, got, want)
			}
		})
	}
}

func TestWriteMarkdownOfOtherContent(t *testing.T) {
	t.Parallel()
	t.Run("writes turns as paragraphs", func(t *testing.T) {
		t.Parallel()
		got := exchange.WriteMarkdown(models.Content{Text: "Ja.\nNej.", Blocks: []models.Block{
			{Kind: models.BlockTurn, Start: 0, End: 3, Speaker: "Åse"}, {Kind: models.BlockTurn, Start: 4, End: 8, Speaker: "Bo"},
		}})
		if want := "Ja.\\\nNej."; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("divides a mark that goes over two blocks", func(t *testing.T) {
		t.Parallel()
		content, err := exchange.Plain("ab\n\ncd")
		if err != nil {
			t.Fatal(err)
		}
		content.Marks = []models.Mark{{Kind: models.MarkStrong, Start: 1, End: 5}}
		if got, want := exchange.WriteMarkdown(content), "a**b**\n\n**c**d"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("writes nothing of nothing", func(t *testing.T) {
		t.Parallel()
		if got := exchange.WriteMarkdown(models.Content{}); got != "" {
			t.Errorf("got %q", got)
		}
	})
}

func TestFormatOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, format, source, want string }{
		{"plain text is best edited as such", "plain", "  indented\n\n\nmore\n", "plain"},
		{"paragraphs of Markdown are plain text too", "markdown", "a\n\nb", "plain"},
		{"emphasis needs Markdown", "markdown", "*a*", "markdown"},
		{"so do headings", "markdown", "# a", "markdown"},
		{"so do lists", "markdown", "- a\n- b", "markdown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, _, err := exchange.Typed(c.format, c.source)
			if err != nil {
				t.Fatal(err)
			}
			if got := exchange.FormatOf(content); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
