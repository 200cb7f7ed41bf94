package exchange

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"feltbog/models"
)

//go:embed codebooks
var codebooks embed.FS

// Words are the same words in the two languages of the built-in material.
type Words struct {
	En string `yaml:"en"`
	Da string `yaml:"da"`
}

// In gives the words in a language: Danish for da and its variants, English otherwise.
func (w Words) In(language string) string {
	if language == "da" || strings.HasPrefix(language, "da-") {
		return w.Da
	}
	return w.En
}

// Term is a named choice that a template suggests: a phase or an actor role.
type Term struct {
	Key  string `yaml:"key"`
	Name Words  `yaml:"name"`
}

// TemplateContrast tells a code of a template from the neighbour whose key is Against.
type TemplateContrast struct {
	Against string `yaml:"against"`
	Text    Words  `yaml:"text"`
	Example Words  `yaml:"example"`
}

// TemplateCode is a code of a template with the codes under it.
type TemplateCode struct {
	Key        string             `yaml:"key"`
	Name       Words              `yaml:"name"`
	Colour     int                `yaml:"colour"` // slot of the palette, 1 to models.PaletteSlots
	Letter     string             `yaml:"letter"`
	Shortcut   string             `yaml:"shortcut"`
	Definition Words              `yaml:"definition"`
	WhenToUse  Words              `yaml:"whenToUse"`
	Example    Words              `yaml:"example"`
	WhenNot    []TemplateContrast `yaml:"whenNot"`
	Codes      []TemplateCode     `yaml:"codes"`
}

// Template is a built-in codebook to begin a project with.
type Template struct {
	Key         string         `yaml:"key"`
	Name        Words          `yaml:"name"`
	Description Words          `yaml:"description"`
	Source      string         `yaml:"source"` // the work it stands on
	Phases      []Term         `yaml:"phases"`
	ActorRoles  []Term         `yaml:"actorRoles"`
	Tree        []TemplateCode `yaml:"codes"`
}

// CodeEntry is a code on its way into a codebook. Of the code, everything is set that a file can
// tell. Position counts from 1 among the codes of one parent.
type CodeEntry = models.CodeEntry

// Codes lists the template's codes in one language, each parent before its children.
func (t *Template) Codes(language string) []CodeEntry {
	return flatten(nil, t.Tree, "", language)
}

func flatten(entries []CodeEntry, codes []TemplateCode, parent, language string) []CodeEntry {
	for i := range codes {
		c := &codes[i]
		contrasts := make([]models.Contrast, 0, len(c.WhenNot))
		for _, n := range c.WhenNot {
			contrasts = append(contrasts, models.Contrast{
				Against: n.Against, Text: n.Text.In(language), Example: n.Example.In(language),
			})
		}
		examples := []string{}
		if e := c.Example.In(language); e != "" {
			examples = append(examples, e)
		}
		entries = append(entries, CodeEntry{ParentKey: parent, Code: models.Code{
			Key: c.Key, Name: c.Name.In(language), Position: float64(i + 1), Colour: c.Colour,
			Letter: c.Letter, Shortcut: c.Shortcut, Definition: c.Definition.In(language),
			WhenToUse: c.WhenToUse.In(language), WhenNot: contrasts, Examples: examples,
		}})
		entries = flatten(entries, c.Codes, c.Key, language)
	}
	return entries
}

// PhaseNames lists the names of the template's phases in one language.
func (t *Template) PhaseNames(language string) []string { return names(t.Phases, language) }

// ActorRoleNames lists the names of the template's actor roles in one language.
func (t *Template) ActorRoleNames(language string) []string { return names(t.ActorRoles, language) }

func names(terms []Term, language string) []string {
	names := make([]string, 0, len(terms))
	for _, t := range terms {
		names = append(names, t.Name.In(language))
	}
	return names
}

// ReadTemplate reads a template from YAML. A field it doesn't know is an error.
func ReadTemplate(data []byte) (Template, error) {
	var t Template
	if err := yaml.UnmarshalWithOptions(data, &t, yaml.Strict()); err != nil {
		return Template{}, fmt.Errorf("read codebook template: %w", err)
	}
	return t, nil
}

// templates reads the embedded templates once; they are part of the program and don't change.
var templates = sync.OnceValues(func() ([]Template, error) {
	files, err := fs.Glob(codebooks, "codebooks/*.yaml")
	if err != nil {
		return nil, err
	}
	list := make([]Template, 0, len(files))
	for _, file := range files {
		data, err := codebooks.ReadFile(file)
		if err != nil {
			return nil, err
		}
		t, err := ReadTemplate(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(file), err)
		}
		list = append(list, t)
	}
	// The six codes are what most projects begin with; the others follow by key.
	sort.Slice(list, func(i, j int) bool {
		if first := list[i].Key == DefaultTemplate; first != (list[j].Key == DefaultTemplate) {
			return first
		}
		return list[i].Key < list[j].Key
	})
	return list, nil
})

// DefaultTemplate is the key of the codebook of the six codes.
const DefaultTemplate = "data-in-organisational-practice"

// Templates lists the built-in codebooks, the six codes first. The list is shared: don't change it.
func Templates() ([]Template, error) { return templates() }

// FindTemplate gives the built-in codebook with the key. It returns an Invalid error
// (template_unknown) that names the keys there are.
func FindTemplate(key string) (*Template, error) {
	list, err := templates()
	if err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(list))
	for i := range list {
		if list[i].Key == key {
			return &list[i], nil
		}
		keys = append(keys, list[i].Key)
	}
	return nil, models.Invalid("template_unknown",
		"There is no such codebook template. The templates are "+strings.Join(keys, ", ")+".",
		models.Field{Pointer: "/codebookTemplate", Problem: "not a template"})
}
