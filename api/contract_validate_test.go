package api_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// spy is a test that takes note of what it is told.
type spy struct {
	testing.TB
	told []string
}

func (*spy) Helper() {}

func (s *spy) Errorf(format string, values ...any) {
	s.told = append(s.told, fmt.Sprintf(format, values...))
}

// TestValidate proves that validate notices what it is there to notice.
func TestValidate(t *testing.T) {
	const (
		project = "/api/v1/projects/0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b"
		site    = `{"id":"0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b","spaceId":"0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b","version":3,` +
			`"createdAt":"2024-03-05T13:30:00Z","updatedAt":"2024-03-05T13:30:00Z","name":"Havnsø Kommune","kind":"","description":"","parentId":""}`
		one   = project + "/sites/0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b"
		event = "id: x\nevent: change\ndata: {\"events\":[]}\n\n"
	)
	tests := []struct {
		name   string
		method string
		path   string
		sent   string // the request's body, as JSON
		status int
		media  string
		etag   string
		body   string
		fault  string // a part of what is told; empty if all is well
	}{
		{name: "an answer as documented", path: one, etag: `"3"`, body: site},
		{name: "a request as documented", method: http.MethodPost, path: project + "/sites", sent: `{"name":"Havnsø Kommune"}`, status: 201, etag: `"3"`, body: site},
		{
			name: "a field that is missing", path: one, etag: `"3"`,
			body: strings.Replace(site, `"kind":"",`, "", 1), fault: "missing property 'kind'",
		},
		{
			name: "a field that is not described", path: one, etag: `"3"`,
			body: strings.Replace(site, `"kind"`, `"secret":1,"kind"`, 1), fault: "additional properties 'secret'",
		},
		{
			name: "a field of another type", path: one, etag: `"3"`,
			body: strings.Replace(site, `"kind":""`, `"kind":null`, 1), fault: "got null, want string",
		},
		{
			name: "a field in another form", path: one, etag: `"3"`,
			body: strings.Replace(site, `"parentId":""`, `"parentId":"7"`, 1), fault: "does not match pattern",
		},
		{name: "a header that is missing", path: one, body: site, fault: "the header ETag is missing"},
		{name: "a header that is not described", path: project + "/sites", etag: `"3"`, body: `{"items":[],"next":null}`, fault: "the header ETag is not documented"},
		{name: "a header in another form", path: one, etag: "3", body: site, fault: "the header ETag is"},
		{name: "a status that is not described", path: project + "/sites", status: 418, body: `{}`, fault: "this status is not documented"},
		{name: "a fault of the server", path: project + "/sites", status: 500, body: `{}`, fault: "this status is not documented"},
		{name: "a content type that is not described", path: project + "/sites", media: "text/html", body: "<p>", fault: `the content type "text/html" is not documented`},
		{name: "a body that is no JSON", path: project + "/sites", body: "[", fault: "the body is no JSON"},
		{name: "a list without next", path: project + "/sites", body: `{"items":[]}`, fault: "missing property 'next'"},
		{
			name: "a code that is not described", path: project + "/sites", status: 404, media: "application/problem+json",
			body: `{"type":"about:blank","title":"Not Found","status":404,"detail":"No.","code":"no_such_code"}`, fault: "value must be one of",
		},
		{name: "an operation that is not described", path: "/api/v1/nothing", body: `{}`, fault: "there is no such operation"},
		{name: "a body where none belongs", method: http.MethodDelete, path: project, status: 204, body: "gone", fault: "where none is documented"},
		{name: "a request that should have been refused", method: http.MethodPost, path: project + "/sites", sent: `{"name":"","colour":1}`, status: 201, etag: `"3"`, body: site, fault: "additional properties 'colour'"},
		{name: "a parameter that is not described", path: project + "/sites?sort=name", body: `{"items":[],"next":null}`, fault: `a parameter "sort"`},
		{name: "a parameter out of its range", path: project + "/sites?limit=0", body: `{"items":[],"next":null}`, fault: "takes a request that the document refuses"},
		{name: "a stream as documented", path: project + "/stream", media: "text/event-stream", body: "id: x\nevent: hello\ndata: {}\n\n:\n\nid: y\nevent: ch"},
		{name: "a stream's message of another form", path: project + "/stream", media: "text/event-stream", body: event, fault: "minItems"},
		{name: "a stream's message that is not described", path: project + "/stream", media: "text/event-stream", body: strings.Replace(event, "change", "gossip", 1), fault: `"gossip" is not documented`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := httptest.NewRequestWithContext(t.Context(), cmp.Or(test.method, http.MethodGet), test.path, http.NoBody)
			if test.sent != "" {
				var err error
				if req, err = http.NewRequestWithContext(t.Context(), test.method, test.path, strings.NewReader(test.sent)); err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/json")
			}
			res := &http.Response{StatusCode: cmp.Or(test.status, http.StatusOK), Header: http.Header{}}
			res.Header.Set("Content-Type", cmp.Or(test.media, "application/json"))
			if test.etag != "" {
				res.Header.Set("ETag", test.etag)
			}
			s := &spy{TB: t}
			validate(s, req, res, []byte(test.body))
			told := strings.Join(s.told, "\n")
			if (test.fault == "") != (told == "") || !strings.Contains(told, test.fault) {
				t.Errorf("told %q, want %q", told, test.fault)
			}
		})
	}
}
