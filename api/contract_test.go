package api_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is openapi.yaml, ready to hold requests and answers against. kin-openapi finds the
// operation and checks parameters; bodies are checked by JSON Schema 2020-12 itself, each schema
// compiled once, and with one rule more than the document has: an answer has no fields that are not
// described.
type contract struct {
	doc     *openapi3.T
	router  routers.Router
	mu      sync.Mutex
	schemas *jsonschema.Compiler
}

var loadContract = sync.OnceValues(func() (*contract, error) {
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, err
	}
	asJSON, err := yaml.YAMLToJSON(source)
	if err != nil {
		return nil, err
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return nil, err
	}
	tighten(plain)
	schemas := jsonschema.NewCompiler()
	schemas.DefaultDraft(jsonschema.Draft2020)
	schemas.AssertFormat()
	return &contract{doc: doc, router: router, schemas: schemas}, schemas.AddResource("openapi.json", plain)
})

// tighten closes every object that lists its properties.
func tighten(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, open := node["additionalProperties"]; !open && node["properties"] != nil {
			node["additionalProperties"] = false
		}
		for _, below := range node {
			tighten(below)
		}
	case []any:
		for _, below := range node {
			tighten(below)
		}
	}
}

func theContract(tb testing.TB) *contract {
	tb.Helper()
	c, err := loadContract()
	if err != nil {
		tb.Fatalf("openapi.yaml: %v", err)
	}
	return c
}

// validate holds an answer of the API against its document: status, content type, headers and body,
// and, where the API took the request, the request as well. Every test's client calls it for every
// answer. A request's body is looked at if it can be read again (http.Request.GetBody).
func validate(tb testing.TB, req *http.Request, res *http.Response, body []byte) {
	tb.Helper()
	c := theContract(tb)
	for _, fault := range c.faults(req, res, body) {
		tb.Errorf("%s %s: %d: %v", req.Method, req.URL.Path, res.StatusCode, fault)
	}
}

func (c *contract) faults(req *http.Request, res *http.Response, body []byte) []error {
	route, values, err := c.router.FindRoute(req)
	if err != nil {
		return c.faultsOutside(req, res, body)
	}
	where := []string{"paths", route.Path, strings.ToLower(route.Method)}
	faults := c.faultsOfAnswer(where, route.Operation, res, body)
	if res.StatusCode < 300 {
		input := &openapi3filter.RequestValidationInput{Request: req, PathParams: values, Route: route, Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, ExcludeRequestBody: true, RejectWhenRequestBodyNotSpecified: true,
		}}
		if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil {
			faults = append(faults, fmt.Errorf("it takes a request that the document refuses: %w", err))
		}
		faults = append(faults, undocumentedParameters(req, route)...)
		faults = append(faults, c.faultsOfRequest(where, route.Operation, req)...)
	}
	return faults
}

// faultsOutside looks at answers of addresses and methods that the document doesn't have. Only
// problems may come from there, and pages from outside /api.
func (c *contract) faultsOutside(req *http.Request, res *http.Response, body []byte) []error {
	if !strings.HasPrefix(req.URL.Path, "/api") {
		return nil
	}
	if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed {
		return []error{errors.New("there is no such operation in the document")}
	}
	return c.against("application/problem+json", body, "components", "schemas", "Problem")
}

func (c *contract) faultsOfAnswer(where []string, op *openapi3.Operation, res *http.Response, body []byte) []error {
	status := strconv.Itoa(res.StatusCode)
	where = append(slices.Clone(where), "responses", status)
	documented := op.Responses.Value(status)
	if documented == nil {
		return []error{fmt.Errorf("this status is not documented; the body is %.300s", body)}
	}
	if documented.Ref != "" {
		where = pointer(documented.Ref)
	}
	faults := c.faultsOfHeaders(documented.Value, res.Header)
	mediaType, _, err := mime.ParseMediaType(cmp.Or(res.Header.Get("Content-Type"), "none/none"))
	switch {
	case err != nil:
		return append(faults, err)
	case len(documented.Value.Content) == 0:
		if len(body) > 0 {
			faults = append(faults, fmt.Errorf("a body of %d bytes where none is documented", len(body)))
		}
		return faults
	}
	key, content := documentedContent(documented.Value.Content, mediaType)
	if content == nil {
		return append(faults, fmt.Errorf("the content type %q is not documented", mediaType))
	}
	switch {
	case mediaType == "text/event-stream":
		return append(faults, c.faultsOfStream(body)...)
	case content.Schema == nil:
		return faults
	}
	return append(faults, c.against(mediaType, body, append(where, "content", key, "schema")...)...)
}

// pointer is where in the document a reference leads.
func pointer(ref string) []string { return strings.Split(strings.TrimPrefix(ref, "#/"), "/") }

// documentedContent finds a media type in a document's list, or the range it belongs to.
func documentedContent(all openapi3.Content, mediaType string) (string, *openapi3.MediaType) {
	family, _, _ := strings.Cut(mediaType, "/")
	for _, key := range []string{mediaType, family + "/*", "*/*"} {
		if content := all[key]; content != nil {
			return key, content
		}
	}
	return "", nil
}

// telling are headers that mean something to a client, so that each has to be documented where it is sent.
var telling = []string{"ETag", "Retry-After", "Location", "Set-Cookie", "WWW-Authenticate", "Content-Disposition"}

func (c *contract) faultsOfHeaders(documented *openapi3.Response, sent http.Header) []error {
	var faults []error
	for _, name := range telling {
		if _, ok := documented.Headers[name]; !ok && sent.Get(name) != "" {
			faults = append(faults, fmt.Errorf("the header %s is not documented", name))
		}
	}
	for name, header := range documented.Headers {
		value, schema := sent.Get(name), header.Value.Schema.Value
		if value == "" {
			if header.Value.Required {
				faults = append(faults, fmt.Errorf("the header %s is missing", name))
			}
			continue
		}
		var decoded any = value
		if schema.Type.Is("integer") {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				faults = append(faults, fmt.Errorf("the header %s is %q, and no number", name, value))
				continue
			}
			decoded = n
		}
		if err := schema.VisitJSON(decoded); err != nil {
			faults = append(faults, fmt.Errorf("the header %s is %q: %w", name, value, err))
		}
	}
	return faults
}

// against holds a body against the schema at a place of the document.
func (c *contract) against(mediaType string, body []byte, where ...string) []error {
	if strings.HasPrefix(mediaType, "text/") || !strings.Contains(mediaType, "json") {
		return nil
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	for i := range where {
		where[i] = escape.Replace(where[i])
	}
	c.mu.Lock()
	schema, err := c.schemas.Compile("openapi.json#/" + strings.Join(where, "/"))
	c.mu.Unlock()
	if err != nil {
		return []error{fmt.Errorf("the schema doesn't compile: %w", err)}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []error{fmt.Errorf("the body is no JSON: %w", err)}
	}
	if err := schema.Validate(value); err != nil {
		return []error{fmt.Errorf("the body is not as documented: %w\n%.2000s", err, body)}
	}
	return nil
}

// faultsOfStream looks at each whole message of a stream: its name is a word that the document
// knows, and its data is as the schema of that name says.
func (c *contract) faultsOfStream(body []byte) []error {
	var faults []error
	end := bytes.LastIndex(body, []byte("\n\n"))
	for message := range strings.SplitSeq(string(body[:max(end, 0)]), "\n\n") {
		var event, data string
		for line := range strings.SplitSeq(message, "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok && name == "event" {
				event = strings.TrimSpace(value)
			} else if ok && name == "data" {
				data += strings.TrimPrefix(value, " ")
			}
		}
		if event == "" {
			continue // a comment, to keep the connection open
		}
		schema := "Stream" + strings.ToUpper(event[:1]) + event[1:]
		if c.doc.Components.Schemas[schema] == nil {
			faults = append(faults, fmt.Errorf("the stream's message %q is not documented", event))
			continue
		}
		faults = append(faults, c.against("application/json", []byte(data), "components", "schemas", schema)...)
	}
	return faults
}

// undocumentedParameters finds parameters in the query that the operation doesn't have.
func undocumentedParameters(req *http.Request, route *routers.Route) []error {
	var faults []error
	for name := range req.URL.Query() {
		if route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil &&
			route.PathItem.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			faults = append(faults, fmt.Errorf("the API took a parameter %q that is not documented", name))
		}
	}
	return faults
}

// faultsOfRequest looks at the body of a request that was taken.
func (c *contract) faultsOfRequest(where []string, op *openapi3.Operation, req *http.Request) []error {
	if req.GetBody == nil {
		return nil
	}
	r, err := req.GetBody()
	if err != nil {
		return []error{err}
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	switch {
	case err != nil:
		return []error{err}
	case len(body) == 0:
		return nil
	case op.RequestBody == nil:
		return []error{errors.New("the API took a body, and none is documented")}
	}
	mediaType, parameters, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil {
		return []error{fmt.Errorf("the API took a body without a content type: %w", err)}
	}
	key, content := documentedContent(op.RequestBody.Value.Content, mediaType)
	if content == nil {
		return []error{fmt.Errorf("the API took a body of type %q, which is not documented", mediaType)}
	}
	where = append(slices.Clone(where), "requestBody", "content", key, "schema")
	if mediaType == "multipart/form-data" {
		return c.faultsOfForm(content.Schema.Value, multipart.NewReader(bytes.NewReader(body), parameters["boundary"]))
	}
	return c.against(mediaType, body, where...)
}

// faultsOfForm looks at the parts of a form: each is a property of the schema, and those that are
// JSON are as that property says, which is a reference to a component. Files are not looked into.
func (c *contract) faultsOfForm(schema *openapi3.Schema, form *multipart.Reader) []error {
	var faults []error
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return faults
		}
		if err != nil {
			return append(faults, err)
		}
		name := part.FormName()
		property := schema.Properties[name]
		switch {
		case property == nil && part.FileName() == "":
			faults = append(faults, fmt.Errorf("the API took a part %q, which is not documented", name))
			continue
		case property == nil || !property.Value.Type.Is("object"):
			continue // a file, whatever its part is called
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return append(faults, err)
		}
		faults = append(faults, c.against("application/json", body, pointer(property.Ref)...)...)
	}
}
