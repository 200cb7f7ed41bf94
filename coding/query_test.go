package coding_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"feltbog/coding"
)

func TestQueryLanguage(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		// words
		{``, ``},
		{`   `, ``},
		{`register`, `register`},
		{`Registre  OG grunddata`, `registre og grunddata`},
		{`blåbær på Ærø`, `blaabaer paa aeroe`},
		{"data\tsom\nfundament", `data som fundament`},
		{"data\x00som\x1bfundament", `data som fundament`},
		{"data\xffsom", `data som`},
		{"data\u00a0som", `data som`},
		{"soft\u00adhyphen", `softhyphen`},
		{`pris & kvalitet`, `pris kvalitet`},
		{`data → handling`, `data handling`},
		{`(data), "`, `data`},
		{`hvad? ja!`, `hvad ja`},
		{`e-mail`, `e mail`},
		{`og/eller snake_case c++`, `og eller snake case c`},
		{`don't l’état`, `don t l état`},
		{`20 °C 5€`, `20 °c 5€`},
		{`😀 ✔️ 👍🏽`, `😀 ✔ 👍🏽`},
		{`...`, ``},
		// numbers hang together
		{`3.14`, `"3.14"`},
		{`2024-05-01 kl. 12:30`, `"2024-05-01" kl "12:30"`},
		{`1.000,50 kr.`, `"1.000,50" kr`},
		{`v2.1`, `v2 1`},
		// scripts without spaces
		{`数据治理很重要`, `"数据治理很重要"`},
		{`ภาษาไทย data`, `"ภาษาไทย" data`},
		// phrases
		{`"data som fundament"`, `"data som fundament"`},
		{`“data som fundament”`, `"data som fundament"`},
		{`”data som fundament”`, `"data som fundament"`},
		{`„Daten als Grundlage“`, `"daten als grundlage"`},
		{`»data som fundament«`, `"data som fundament"`},
		{`«données»`, `"données"`},
		{`før "grund data" efter`, `foer "grund data" efter`},
		{`"ét ord"og "to"`, `"ét ord" og "to"`},
		{`"det er. Men"`, `"det er. men"`}, // the engine ends a phrase at a full stop, in field and query
		{`"e-mail til os"`, `"e-mail til os"`},
		{`"a -b"`, `"a -b"`},
		{`" data "`, `"data"`},
		{`""`, ``},
		{`"" data`, `data`},
		{`"..." data`, `data`},
		// exclusions
		{`-data`, `-"data"`},
		{`register -data`, `-"data" register`},
		{`-data register`, `-"data" register`},
		{`-"grund data" register`, `-"grund data" register`},
		{`-“grund data”`, `-"grund data"`},
		{`-e-mail`, `-"e-mail"`},
		{`-Ærø -på`, `-"aeroe" -"paa"`},
		{`-3.14`, `-"3.14"`},
		// stray signs
		{`- data`, `data`},
		{`data -`, `data`},
		{`a - b`, `a b`},
		{`--data`, `data`},
		{`-- -`, ``},
		{`---`, ``},
		{`-`, ``},
		{`–data — data`, `data data`},
		{`(-data`, `data`},
		{`data-`, `data`},
		{`"data`, `data`},
		{`data"`, `data`},
		{`"data som`, `data som`},
		{`da"ta" som`, `da ta som`},
		{`5" 3"`, `5 3`},
		{`-"data som`, `-"data" som`},
		{`"a" "b`, `"a" b`},
		{`-""`, ``},
		{`-" " data`, `data`},
		{`"-data"`, `"data"`},
		// at most ten words
		{`1a 2a 3a 4a 5a 6a 7a 8a 9a 10a`, `1a 2a 3a 4a 5a 6a 7a 8a 9a 10a`},
		{`1a 2a 3a 4a 5a 6a 7a 8a 9a 10a -11a`, `-"11a" 1a 2a 3a 4a 5a 6a 7a 8a 9a 10a`},
		{`"1a 2a 3a 4a 5a 6a 7a 8a 9a 10a 11a" 12a`, `"1a 2a 3a 4a 5a 6a 7a 8a 9a 10a 11a" 12a`},
		{`1a 2a 3a 4a 5a 6a 7a 8a 9a 10a 11a`, `query_too_long`},
		{`1a-2a-3a-4a-5a-6a-7a-8a-9a-10a-11a`, `query_too_long`},
		{`"1a" "2a" "3a" "4a" "5a" "6a" "7a" "8a" "9a" "10a" "11a"`, `query_too_long`},
		{strings.Repeat("ø", 500), strings.Repeat("oe", 500)},
		{strings.Repeat("ø", 501), `query_too_long`},
	} {
		terms, err := coding.ParseQuery(c.query)
		got := coding.RenderQuery(terms)
		if err != nil {
			got = codeOf(err)
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, q := range []string{`"a b" -c`, `-"a`, `»å« 3.14 -x-y`, `-"-" "-`, "\x00\"", `“„«`, `数 "`} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		terms, err := coding.ParseQuery(q)
		if err != nil {
			if codeOf(err) != "query_too_long" {
				t.Fatalf("%q: %v", q, err)
			}
			return
		}
		for _, term := range terms {
			if term.Text == "" || strings.Trim(term.Text, " ") != term.Text || strings.ContainsAny(term.Text, "\"\x00\n") || !utf8.ValidString(term.Text) {
				t.Fatalf("%q has the term %q", q, term.Text)
			}
			if !term.Phrase && strings.ContainsAny(term.Text, " -\"") {
				t.Fatalf("%q has the word %q", q, term.Text)
			}
			if term.Not && !strings.Contains(q, "-") {
				t.Fatalf("%q excludes %q", q, term.Text)
			}
		}
		again, err := coding.ParseQuery(coding.RenderQuery(terms))
		if err == nil && coding.RenderQuery(again) != coding.RenderQuery(terms) {
			t.Fatalf("%q is rendered as %q and that as %q", q, coding.RenderQuery(terms), coding.RenderQuery(again))
		}
	})
}
