package exchange_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestReadTemplate(t *testing.T) {
	t.Parallel()
	template, err := exchange.ReadTemplate(readFile(t, "testdata", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("gives codes in the order of the tree, in Danish", func(t *testing.T) {
		t.Parallel()
		want := []exchange.CodeEntry{
			{Code: models.Code{
				Key: "ground", Name: "Grund", Position: 1, Colour: 1, Letter: "G", Shortcut: "1",
				Definition: "Det, som ting står på.", WhenToUse: "Når noget hviler på det.", Examples: []string{"»Registeret er alt.«"},
				WhenNot: []models.Contrast{{Against: "bridge", Text: "Ikke når det flytter sig.", Example: "»De sender det over.«"}},
			}},
			{ParentKey: "ground", Code: models.Code{
				Key: "hole", Name: "Hul", Position: 1, Colour: 2, Letter: "H",
				Definition: "Hvor det giver efter.", WhenToUse: "Når det ikke kan bære.", Examples: []string{"»Halvdelen mangler.«"},
				WhenNot: []models.Contrast{},
			}},
			{Code: models.Code{
				Key: "bridge", Name: "Bro", Position: 2, Colour: 3, Letter: "B", Shortcut: "2",
				Definition: "Det, der fører over.", WhenToUse: "Når to forbindes.", Examples: []string{"»Begge ser det samme.«"},
				WhenNot: []models.Contrast{},
			}},
		}
		if diff := cmp.Diff(want, template.Codes("da")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("gives English for every language but Danish", func(t *testing.T) {
		t.Parallel()
		for language, want := range map[string]string{"en": "Ground", "sv": "Ground", "": "Ground", "da-DK": "Grund"} {
			if got := template.Codes(language)[0].Name; got != want {
				t.Errorf("%q gives %s, want %s", language, got, want)
			}
		}
	})
	t.Run("gives the names of phases and roles", func(t *testing.T) {
		t.Parallel()
		if diff := cmp.Diff([]string{"Før", "Efter"}, template.PhaseNames("da")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"Clerk"}, template.ActorRoleNames("en")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("refuses a field it doesn't know", func(t *testing.T) {
		t.Parallel()
		if _, err := exchange.ReadTemplate([]byte("key: a\ncolor: 1\n")); err == nil {
			t.Error("it took one")
		}
	})
}

func TestFindTemplate(t *testing.T) {
	t.Parallel()
	_, err := exchange.FindTemplate("nothing")
	e := wantCode(t, err, models.KindInvalid, "template_unknown")
	templates, err := exchange.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, template := range templates {
		found, err := exchange.FindTemplate(template.Key)
		if err != nil || found.Key != template.Key {
			t.Errorf("%s is not found: %v", template.Key, err)
		}
		if !strings.Contains(e.Sentence, template.Key) {
			t.Errorf("the sentence doesn't name %s: %s", template.Key, e.Sentence)
		}
	}
}

// TestTemplates holds what every built-in codebook must keep.
func TestTemplates(t *testing.T) {
	t.Parallel()
	templates, err := exchange.Templates()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, template := range templates {
		keys = append(keys, template.Key)
	}
	if diff := cmp.Diff([]string{
		exchange.DefaultTemplate, "buying-digital-systems-over-time", "following-up-on-benefits", "how-a-problem-is-framed", "workshop-themes",
	}, keys); diff != "" {
		t.Error(diff)
	}
	texts := map[string]string{} // where each text stands
	for _, template := range templates {
		t.Run(template.Key, func(t *testing.T) {
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(template.Key) {
				t.Errorf("the key is %q", template.Key)
			}
			if template.Source == "" {
				t.Error("it names no source")
			}
			checkWords(t, texts, template.Key+" name", template.Name)
			checkWords(t, texts, template.Key+" description", template.Description)
			checkTerms(t, template.Phases)
			checkTerms(t, template.ActorRoles)
			checkCodes(t, texts, template)
		})
	}
}

// checkWords checks that words are there in both languages, and nowhere else in any template.
func checkWords(t *testing.T, texts map[string]string, place string, words exchange.Words) {
	t.Helper()
	for language, text := range map[string]string{"en": words.En, "da": words.Da} {
		place := place + " " + language
		if text == "" || strings.TrimSpace(text) != text {
			t.Errorf("%s is %q", place, text)
		}
		if normal, err := exchange.Normalise(text); err != nil || normal != text {
			t.Errorf("%s is not normalised: %q", place, text)
		}
		// A name is often the same in both languages, or in two codebooks; a sentence never is.
		if strings.Contains(place, "name") {
			continue
		}
		if other, found := texts[text]; found {
			t.Errorf("%s says the same as %s", place, other)
		}
		texts[text] = place
	}
}

func checkTerms(t *testing.T, terms []exchange.Term) {
	t.Helper()
	var keys []string
	for _, term := range terms {
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(term.Key) || slices.Contains(keys, term.Key) {
			t.Errorf("the key %q is malformed or stands twice", term.Key)
		}
		keys = append(keys, term.Key)
		if term.Name.En == "" || term.Name.Da == "" {
			t.Errorf("%s is not named in both languages", term.Key)
		}
	}
}

func checkCodes(t *testing.T, texts map[string]string, template exchange.Template) {
	t.Helper()
	keys, letters, shortcuts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var all []exchange.TemplateCode
	var gather func(codes []exchange.TemplateCode)
	gather = func(codes []exchange.TemplateCode) {
		for _, c := range codes {
			all = append(all, c)
			gather(c.Codes)
		}
	}
	gather(template.Tree)
	once := func(what, key string, seen map[string]bool, value string) {
		t.Helper()
		if seen[value] {
			t.Errorf("the %s %q of %s is another code's too", what, value, key)
		}
		seen[value] = true
	}
	for _, c := range all {
		place := template.Key + " " + c.Key
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(c.Key) {
			t.Errorf("the key %q is malformed", c.Key)
		}
		once("key", c.Key, keys, c.Key)
		once("letter", c.Key, letters, c.Letter)
		if c.Shortcut != "" {
			once("shortcut", c.Key, shortcuts, c.Shortcut)
		}
		if utf8.RuneCountInString(c.Letter) != 1 {
			t.Errorf("the letter of %s is %q", place, c.Letter)
		}
		if c.Colour < 1 || c.Colour > models.PaletteSlots {
			t.Errorf("the colour of %s is %d", place, c.Colour)
		}
		checkWords(t, texts, place+" name", c.Name)
		checkWords(t, texts, place+" definition", c.Definition)
		checkWords(t, texts, place+" when to use", c.WhenToUse)
		checkWords(t, texts, place+" example", c.Example)
	}
	for _, c := range all {
		for _, n := range c.WhenNot {
			place := template.Key + " " + c.Key + " against " + n.Against
			if !keys[n.Against] || n.Against == c.Key {
				t.Errorf("%s is no other code", place)
			}
			checkWords(t, texts, place+" text", n.Text)
			checkWords(t, texts, place+" example", n.Example)
		}
	}
}

// TestSixCodes holds the six codes to the table of the design.
func TestSixCodes(t *testing.T) {
	t.Parallel()
	template, err := exchange.FindTemplate(exchange.DefaultTemplate)
	if err != nil {
		t.Fatal(err)
	}
	type code struct{ Key, Name, Dansk, Shortcut string }
	var got []code
	for _, c := range template.Tree {
		got = append(got, code{c.Key, c.Name.En, c.Name.Da, c.Shortcut})
	}
	want := []code{
		{"foundation", "Data as foundation", "Data som fundament", "1"},
		{"connector", "Data as connector", "Data som forbinder", "2"},
		{"future", "Data as future", "Data som fremtid", "3"},
		{"problem", "Data as practical problem", "Data som praktisk problem", "4"},
		{"old_news", "Data as old news", "Data som gammelt nyt", "5"},
		{"agency", "Data as having agency", "Data som handlende", "6"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var sub []string
	for _, c := range template.Tree[0].Codes {
		sub = append(sub, c.Key)
	}
	if diff := cmp.Diff([]string{"foundation_ground", "foundation_barrier"}, sub); diff != "" {
		t.Error(diff)
	}
	for _, c := range template.Tree {
		if len(c.WhenNot) == 0 {
			t.Errorf("%s is told from no neighbour", c.Key)
		}
	}
}
