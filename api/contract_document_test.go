package api_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/live"
	"feltbog/models"
	"feltbog/teaching"
)

// engine is the API without anything behind it: enough to ask for its routes and its document.
func engine(t *testing.T) http.Handler {
	t.Helper()
	accounts, err := auth.New(nil, auth.Options{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := api.New(api.Options{
		Service: coding.New(nil, nil, coding.Options{}), Teaching: teaching.New(nil, nil, nil), Auth: accounts, Secret: secret,
		Hub: live.New(nil, nil, nil), Files: readers(t, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// texts gives words of a type as strings.
func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = string(word)
	}
	return out
}

// isOpen says whether the document lets an operation be used without a token.
func isOpen(op *openapi3.Operation) bool {
	if op.Security == nil {
		return false
	}
	none := func(r openapi3.SecurityRequirement) bool { return len(r) == 0 }
	return len(*op.Security) == 0 || slices.ContainsFunc(*op.Security, none)
}

// parameter is how Gin writes a parameter of a path.
var parameter = regexp.MustCompile(`:(\w+)`)

func TestContract(t *testing.T) {
	c := theContract(t)

	t.Run("the document is valid, examples and all", func(t *testing.T) {
		if err := c.doc.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
			t.Error(err)
		}
	})

	t.Run("every route has an operation, and every operation a route", func(t *testing.T) {
		routes, ok := engine(t).(interface{ Routes() gin.RoutesInfo })
		if !ok {
			t.Fatal("the API no longer tells its routes")
		}
		wanted, have := map[string]bool{}, map[string]bool{}
		for _, r := range routes.Routes() {
			wanted[r.Method+" "+parameter.ReplaceAllString(r.Path, "{$1}")] = true
		}
		for path, item := range c.doc.Paths.Map() {
			for method := range item.Operations() {
				have[method+" "+path] = true
			}
		}
		for _, route := range slices.Sorted(maps.Keys(wanted)) {
			if !have[route] {
				t.Errorf("%s is not in the document", route)
			}
		}
		for _, operation := range slices.Sorted(maps.Keys(have)) {
			if !wanted[operation] {
				t.Errorf("%s is in the document only", operation)
			}
		}
	})

	t.Run("the document asks for a token where the API does", func(t *testing.T) {
		for _, r := range api.Routes() {
			item := c.doc.Paths.Value(parameter.ReplaceAllString(r.Path, "{$1}"))
			if item == nil || item.GetOperation(r.Method) == nil {
				continue // told above
			}
			op := item.GetOperation(r.Method)
			open := isOpen(op)
			if open != (r.Who == api.Anybody) {
				t.Errorf("%s %s is for %q, but the document says open: %v", r.Method, r.Path, r.Who, open)
			}
			if !open && op.Responses.Value("401") == nil {
				t.Errorf("%s %s needs a token and has no 401", r.Method, r.Path)
			}
		}
	})

	t.Run("every operation says what it is", func(t *testing.T) {
		tags := map[string]bool{}
		for _, tag := range c.doc.Tags {
			tags[tag.Name] = true
		}
		ids := map[string]bool{}
		for path, item := range c.doc.Paths.Map() {
			for method, op := range item.Operations() {
				switch {
				case op.OperationID == "" || op.Summary == "" || op.Description == "":
					t.Errorf("%s %s lacks a name, a summary or a description", method, path)
				case ids[op.OperationID]:
					t.Errorf("%s %s shares the name %s", method, path, op.OperationID)
				case len(op.Tags) != 1 || !tags[op.Tags[0]]:
					t.Errorf("%s %s has tags %v", method, path, op.Tags)
				}
				ids[op.OperationID] = true
			}
		}
	})

	t.Run("requests take no fields that are not described", func(t *testing.T) {
		for path, item := range c.doc.Paths.Map() {
			for method, op := range item.Operations() {
				if op.RequestBody == nil {
					continue
				}
				for mediaType, content := range op.RequestBody.Value.Content {
					if s := content.Schema.Value; s.Type.Is("object") && (s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has) {
						t.Errorf("the %s of %s %s is open", mediaType, method, path)
					}
				}
			}
		}
	})

	t.Run("nothing is described that nothing uses", func(t *testing.T) {
		source, err := os.ReadFile("openapi.yaml")
		if err != nil {
			t.Fatal(err)
		}
		used := func(kind, name string) {
			if !bytes.Contains(source, []byte("'#/components/"+kind+"/"+name+"'")) {
				t.Errorf("components/%s/%s is used by nothing", kind, name)
			}
		}
		for name := range c.doc.Components.Schemas {
			if !strings.HasPrefix(name, "Stream") {
				used("schemas", name)
			}
		}
		for name := range c.doc.Components.Responses {
			used("responses", name)
		}
		for name := range c.doc.Components.Parameters {
			used("parameters", name)
		}
	})

	t.Run("limits are those of the models", func(t *testing.T) {
		schemas := c.doc.Components.Schemas
		field := func(schema, name string) *openapi3.Schema { return schemas[schema].Value.Properties[name].Value }
		for name, limit := range map[string]struct {
			documented *uint64
			model      int
		}{
			"a name":                {schemas["Name"].Value.MaxLength, models.MaxName},
			"prose":                 {schemas["Prose"].Value.MaxLength, models.MaxProse},
			"a new note's text":     {field("NewNote", "text").MaxLength, models.MaxTextLength},
			"an edited text":        {field("TextEdit", "text").MaxLength, models.MaxTextLength},
			"a quote":               {field("NewAnchor", "quote").MaxLength, models.MaxQuoteLength},
			"a batch":               {field("CodingBatch", "items").MaxItems, models.MaxBatch},
			"files of an import":    {field("Upload", "files").MaxItems, models.MaxUploadFiles},
			"participants of notes": {field("NewNote", "participantIds").MaxItems, models.MaxParticipants},
			"values of a filter":    {field("SearchQuery", "site").MaxItems, models.MaxRepeated},
		} {
			if limit.documented == nil || *limit.documented != uint64(limit.model) {
				t.Errorf("%s may be %d, and not as documented", name, limit.model)
			}
		}
		if most := c.doc.Components.Parameters["limit"].Value.Schema.Value.Max; most == nil || *most != models.MaxPageSize {
			t.Errorf("a page may have %d items, and not as documented", models.MaxPageSize)
		}
		if most := field("Code", "colour").Max; most == nil || *most != models.PaletteSlots {
			t.Errorf("there are %d colours, and others in the document", models.PaletteSlots)
		}
	})

	t.Run("words are those of the models", func(t *testing.T) {
		for name, words := range map[string][]string{
			"Role": texts(models.Roles()), "NoteKind": texts(models.NoteKinds()), "LinkKind": texts(models.LinkKinds()), "HitType": texts(coding.HitTypes()),
		} {
			var documented []string
			for _, word := range c.doc.Components.Schemas[name].Value.Enum {
				documented = append(documented, word.(string))
			}
			if diff := cmp.Diff(words, documented); diff != "" {
				t.Errorf("%s: (-models +document)\n%s", name, diff)
			}
		}
	})

	t.Run("the document that is served is the document", func(t *testing.T) {
		w := httptest.NewRecorder()
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/openapi.yaml", http.NoBody)
		engine(t).ServeHTTP(w, req)
		source, err := os.ReadFile("openapi.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(w.Body.Bytes(), source) {
			t.Errorf("= %d, %d bytes", w.Code, w.Body.Len())
		}
		validate(t, req, w.Result(), w.Body.Bytes())
	})
}
