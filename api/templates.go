package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/exchange"
	"feltbog/models"
)

// templateHeading is a built-in codebook in the list of all, in one language.
type templateHeading struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Source is the work it stands on.
	Source string `json:"source"`
	// CodeCount is how many codes it has.
	CodeCount int `json:"codeCount"`
}

// wholeTemplate is a built-in codebook with what a project takes over from it.
type wholeTemplate struct {
	templateHeading
	Phases     []string       `json:"phases"`
	ActorRoles []string       `json:"actorRoles"`
	Codes      []templateCode `json:"codes"`
}

// templateCode is a code of a built-in codebook. ParentKey is the key of an earlier code, or empty.
type templateCode struct {
	Key        string            `json:"key"`
	ParentKey  string            `json:"parentKey"`
	Name       string            `json:"name"`
	Colour     int               `json:"colour"`
	Letter     string            `json:"letter"`
	Shortcut   string            `json:"shortcut"`
	Definition string            `json:"definition"`
	WhenToUse  string            `json:"whenToUse"`
	WhenNot    []models.Contrast `json:"whenNot"`
	Examples   []string          `json:"examples"`
}

// GET /codebook-templates lists the built-in codebooks, in English or in ?language=da.
func (s *server) listTemplates(c *gin.Context) error {
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	all, err := exchange.Templates()
	if err != nil {
		return err
	}
	headings := make([]templateHeading, len(all))
	for i := range all {
		headings[i] = headingOf(&all[i], language)
	}
	return answerAll(c, http.StatusOK, headings)
}

// GET /codebook-templates/:key gives a built-in codebook whole, in English or in ?language=da.
func (s *server) showTemplate(c *gin.Context) error {
	language, err := languageOf(c)
	if err != nil {
		return err
	}
	t, err := exchange.FindTemplate(c.Param("key"))
	if models.KindOf(err) == models.KindInvalid {
		return models.NotFound("template")
	}
	if err != nil {
		return err
	}
	whole := wholeTemplate{
		templateHeading: headingOf(t, language),
		Phases:          t.PhaseNames(language), ActorRoles: t.ActorRoleNames(language), Codes: []templateCode{},
	}
	for _, code := range t.Codes(language) {
		whole.Codes = append(whole.Codes, templateCode{
			code.Key, code.ParentKey, code.Name, code.Colour, code.Letter, code.Shortcut,
			code.Definition, code.WhenToUse, code.WhenNot, code.Examples,
		})
	}
	return answer(c, http.StatusOK, whole)
}

func headingOf(t *exchange.Template, language string) templateHeading {
	return templateHeading{t.Key, t.Name.In(language), t.Description.In(language), t.Source, len(t.Codes(language))}
}

// languageOf reads the language of the built-in material that is asked for.
func languageOf(c *gin.Context) (string, error) {
	q := parameters(c, "language")
	language := q.one("language")
	if language != "" && language != "en" && language != "da" {
		q.fault("language_unknown", "language", "The language is en or da.")
	}
	return language, q.done()
}
