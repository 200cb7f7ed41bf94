package teaching_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"feltbog/teaching"
)

func TestWords(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../testdata/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Texts []struct {
			Name  string `json:"name"`
			Text  string `json:"text"`
			Words int    `json:"words"`
		} `json:"texts"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Texts) < 30 {
		t.Fatalf("only %d vectors", len(vectors.Texts))
	}
	for _, v := range vectors.Texts {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			if got := teaching.Words(v.Text); got != v.Words {
				t.Errorf("%q has %d words, want %d", v.Text, got, v.Words)
			}
		})
	}
}

func FuzzWords(f *testing.F) {
	f.Add("1. [a](b) https://c d-e")
	f.Fuzz(func(t *testing.T, text string) {
		n := teaching.Words(text)
		if n < 0 || n > len(text) {
			t.Fatalf("%d words of %d bytes", n, len(text))
		}
		if again := teaching.Words(text + "\n"); again != n {
			t.Errorf("%q: %d words, with a line break behind it %d", text, n, again)
		}
	})
}

func BenchmarkWords(b *testing.B) {
	text := strings.Repeat("The municipality’s data-driven plan, *so they say*, [rests](https://example.org) on registers.\n", 30)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		teaching.Words(text)
	}
}
