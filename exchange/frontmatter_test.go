package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
)

func TestFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, text string
		want               exchange.Meta
	}{
		{
			"names the title, the date and the language", "---\ntitle: \"Mødet: første\"\ndate: 2024-05-03\nlanguage: da\n---\nText",
			"Text",
			exchange.Meta{Title: "Mødet: første", ObservedOn: "2024-05-03", Language: "da"},
		},
		{
			"may be in Danish", "---\nTitel: Mødet\ndato: 2024-05-03\nsprog: da-DK\n...\n\nText",
			"Text",
			exchange.Meta{Title: "Mødet", ObservedOn: "2024-05-03", Language: "da-DK"},
		},
		{
			"may name a field as the API does", "---\nobservedOn: 2024-05-03T09:30:00+02:00\n---\nText",
			"Text",
			exchange.Meta{ObservedOn: "2024-05-03"},
		},
		{
			"keeps everything else as words", "---\nepisode: 51\ntags: [data, \"old news\"]\npublic: true\nnone:\nguest:\n  name: Bo\n---\nText", "Text",
			exchange.Meta{Other: map[string]string{"episode": "51", "tags": "data, old news", "public": "true", "none": "", "guest": "name: Bo"}},
		},
		{
			"keeps values that aren't valid as words", "---\ndate: in May\nlanguage: Danish or so\ntitle: \"\"\n---\nText", "Text",
			exchange.Meta{Other: map[string]string{"date": "in May", "language": "Danish or so", "title": ""}},
		},
		{
			"keeps a title that is too long as words", "---\ntitle: " + strings.Repeat("a", 201) + "\n---\nText", "Text",
			exchange.Meta{Other: map[string]string{"title": strings.Repeat("a", 201)}},
		},
		{
			"folds a title into one line", "---\ntitle: |\n  The first\n  meeting\n---\nText", "Text",
			exchange.Meta{Title: "The first meeting"},
		},
		{
			"drops what no text keeps", "---\ntitle: \"A\\u00ad\\u030arhus\\a\"\n---\nText", "Text",
			exchange.Meta{Title: "Århus"},
		},
		{"may be all there is", "---\ntitle: a\n---", "", exchange.Meta{Title: "a"}},
		{"is text when it has no end", "---\ntitle: a\n\nText", "title: a\n\nText", exchange.Meta{}},
		{"is text when it is no mapping", "---\nJust words.\n\n---\nText", "Just words.\n\nText", exchange.Meta{}},
		{"is text when it is broken", "---\ntitle: [a\n\n---\nText", "title: [a\n\nText", exchange.Meta{}},
		{"is text when it is empty", "---\n---\nText", "Text", exchange.Meta{}},
		{"is text when it doesn't begin the file", "\n---\ntitle: a\n\n---\nText", "title: a\n\nText", exchange.Meta{}},
		{"is text when it is very long", "---\n" + strings.Repeat("a: b c\n", 2_000) + "\n---\nText", strings.TrimSpace(strings.Repeat("a: b c ", 2_000)) + "\n\nText", exchange.Meta{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, meta, err := exchange.Markdown(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if content.Text != c.text {
				t.Errorf("the text is %q, want %q", content.Text, c.text)
			}
			if diff := cmp.Diff(c.want, meta); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{
		"title: a", "a: [b, c]", "a: &x b\nc: *x", "a: |\n  b\n  c", "? a\n: b", "a: {b: c}", "- a\n- b", "\"a\": 'b'", "a: !!binary b", "<<: *a",
		"a: 2024-05-03", "%YAML 1.2", "a: >-\n b", "#a", "a:\n- b\n-\n", "\t", "a: \"\\x00\"", "!!map", "[a]: b", "a: b\na: c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, block string) {
		content, meta, err := exchange.Markdown("---\n" + block + "\n---\nText")
		if err != nil {
			return
		}
		checkContent(t, content)
		if !strings.HasSuffix(content.Text, "Text") && !strings.Contains(block, "---") && !strings.Contains(block, "```") && !strings.Contains(block, "~~~") {
			t.Errorf("the text after front matter %q came to %q", block, content.Text)
		}
		for key, value := range meta.Other {
			if k, err := exchange.Normalise(key); err != nil || k != key {
				t.Errorf("the key %q is not normalised", key)
			}
			if v, err := exchange.Normalise(value); err != nil || v != value {
				t.Errorf("the value %q is not normalised", value)
			}
		}
	})
}
