package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// request is one request on its way.
type request struct {
	method, path string
	body         any // JSON, or bytes as they are
	header       http.Header
}

// option changes a request.
type option func(*request)

// seeing sends the version that was seen.
func seeing(version int) option { return with("If-Match", fmt.Sprintf(`"%d"`, version)) }

// with sends a header.
func with(name, value string) option { return func(r *request) { r.header.Set(name, value) } }

// do sends a request. Every request of every test comes through here, and every answer is held
// against the API's document.
func (p *person) do(method, path string, body any, options ...option) *reply {
	p.w.t.Helper()
	r := request{method: method, path: path, body: body, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	req := p.request(r)
	res, err := p.client.Do(req)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	sent := req.Clone(req.Context())
	sent.Body = http.NoBody // it was read; GetBody gives it again
	validate(p.w.t, sent, res, raw)
	return &reply{t: p.w.t, what: method + " " + path, status: res.StatusCode, header: res.Header, raw: raw}
}

func (p *person) request(r request) *http.Request {
	p.w.t.Helper()
	var reader io.Reader = http.NoBody
	switch b := r.body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(b)
	case io.Reader:
		reader = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			p.w.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
		if r.header.Get("Content-Type") == "" {
			r.header.Set("Content-Type", "application/json")
		}
	}
	if !strings.HasPrefix(r.path, "/api/") && r.path != "/readyz" {
		r.path = "/api/v1" + r.path
	}
	req, err := http.NewRequestWithContext(p.w.t.Context(), r.method, p.w.url+r.path, reader)
	if err != nil {
		p.w.t.Fatal(err)
	}
	req.Header = r.header
	if p.token != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	return req
}

func (p *person) get(path string, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodGet, path, nil, o...)
}

func (p *person) post(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPost, path, body, o...)
}

func (p *person) put(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPut, path, body, o...)
}

func (p *person) patch(path string, body any, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodPatch, path, body, o...)
}

func (p *person) delete(path string, o ...option) *reply {
	p.w.t.Helper()
	return p.do(http.MethodDelete, path, nil, o...)
}

// reply is an answer as it came.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	raw    []byte
	parsed any
}

// want ends the test if the answer has another status.
func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s = %d, want %d\n%.1000s", r.what, r.status, status, r.raw)
	}
	return r
}

// refused says that the answer is a problem with this status and code, and a sentence.
func (r *reply) refused(status int, code string) *reply {
	r.t.Helper()
	if r.status != status || r.header.Get("Content-Type") != "application/problem+json" {
		r.t.Errorf("%s = %d %s, want the problem %d %s\n%.1000s", r.what, r.status, r.header.Get("Content-Type"), status, code, r.raw)
		return r
	}
	if got := r.text("code"); got != code {
		r.t.Errorf("%s has the code %s, want %s: %s", r.what, got, code, r.text("detail"))
	}
	if sentence := r.text("detail"); !strings.HasSuffix(sentence, ".") || !strings.ContainsRune(sentence, ' ') {
		r.t.Errorf("%s: %q is no sentence", r.what, sentence)
	}
	if r.text("requestId") == "" || r.number("status") != status {
		r.t.Errorf("%s lacks its request id or its status: %s", r.what, r.raw)
	}
	return r
}

// pointing says that the problem points at these places.
func (r *reply) pointing(pointers ...string) *reply {
	r.t.Helper()
	var got []string
	for _, e := range r.list("errors") {
		got = append(got, at(r.t, e, "pointer").(string))
	}
	if !slices.Equal(got, pointers) {
		r.t.Errorf("%s points at %q, want %q", r.what, got, pointers)
	}
	return r
}

// value gives what lies in the answer behind names and indexes; nil if there is nothing.
func (r *reply) value(path ...any) any {
	r.t.Helper()
	if r.parsed == nil {
		if err := json.Unmarshal(r.raw, &r.parsed); err != nil {
			r.t.Fatalf("%s: %v\n%.1000s", r.what, err, r.raw)
		}
	}
	return at(r.t, r.parsed, path...)
}

func at(tb testing.TB, v any, path ...any) any {
	tb.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, ok := v.(object)
			if !ok {
				return nil
			}
			v = o[step]
		case int:
			a, ok := v.(array)
			if !ok || step >= len(a) {
				tb.Fatalf("there is no item %d of %v", step, v)
			}
			v = a[step]
		}
	}
	return v
}

func (r *reply) text(path ...any) string {
	r.t.Helper()
	s, _ := r.value(path...).(string)
	return s
}

func (r *reply) number(path ...any) int {
	r.t.Helper()
	n, _ := r.value(path...).(float64)
	return int(n)
}

func (r *reply) list(path ...any) []any {
	r.t.Helper()
	a, _ := r.value(path...).(array)
	return a
}

// id, version and items are what most answers have.
func (r *reply) id() string   { r.t.Helper(); return r.text("id") }
func (r *reply) version() int { r.t.Helper(); return r.number("version") }
func (r *reply) items() []any { r.t.Helper(); return r.list("items") }
func (r *reply) next() string { r.t.Helper(); return r.text("next") }
func (r *reply) names() []string {
	r.t.Helper()
	var names []string
	for _, item := range r.items() {
		names = append(names, at(r.t, item, "name").(string))
	}
	return names
}
