package teaching

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"feltbog/models"
)

//go:embed templates
var templateFiles embed.FS

// Template is a built-in exercise. It names the built-in codebook that its prompts are tied to.
type Template struct {
	Key          string           `yaml:"key"          json:"key"`
	Title        models.Bilingual `yaml:"title"        json:"title"`
	Instructions models.Bilingual `yaml:"instructions" json:"instructions"`
	Prompts      []TemplatePrompt `yaml:"prompts"      json:"prompts"`
	Codebook     string           `yaml:"codebook"     json:"codebookTemplate"`
}

// TemplatePrompt is a prompt of a built-in exercise. Code is the key of a code in its codebook.
type TemplatePrompt struct {
	Code     string           `yaml:"code"     json:"code"`
	Title    models.Bilingual `yaml:"title"    json:"title"`
	Question models.Bilingual `yaml:"question" json:"question"`
}

// templates reads the embedded exercises once; they are part of the program and don't change.
var templates = sync.OnceValues(func() ([]Template, error) {
	files, err := fs.Glob(templateFiles, "templates/*.yaml")
	if err != nil {
		return nil, err
	}
	list := make([]Template, len(files))
	for i, file := range files {
		data, err := templateFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := yaml.UnmarshalWithOptions(data, &list[i], yaml.Strict()); err != nil {
			return nil, fmt.Errorf("read exercise %s: %w", path.Base(file), err)
		}
	}
	return list, nil
})

// Templates lists the built-in exercises by key. The list is shared: don't change it.
func Templates() ([]Template, error) { return templates() }

// FindTemplate gives the built-in exercise with the key. It returns an Invalid error (template_unknown)
// that names the keys there are.
func FindTemplate(key string) (*Template, error) {
	list, err := templates()
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(list))
	for i := range list {
		if list[i].Key == key {
			return &list[i], nil
		}
		keys[i] = list[i].Key
	}
	return nil, models.Invalid("template_unknown", "There is no such built-in exercise. There are: "+strings.Join(keys, ", ")+".",
		models.Field{Pointer: "/template", Problem: "not a template"})
}
