package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// problem is the body of every answer that is not a success (RFC 9457). Its type stays about:blank;
// Code is what programs look at, Detail what people read.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"`
	Errors    []problemField `json:"errors,omitempty"`
	RequestID string         `json:"requestId,omitempty"`
	// Current is the record as it stands, with 412.
	Current any `json:"current,omitempty"`
	// retryAfter is in seconds, and goes into a header.
	retryAfter int
}

// problemField is one faulty place of a request, by JSON pointer (RFC 6901).
type problemField struct {
	Pointer string   `json:"pointer"`
	Detail  string   `json:"detail"`
	Code    string   `json:"code,omitempty"`
	Values  []string `json:"values,omitempty"`
}

// statusOf is the one table from kinds of errors to statuses.
func statusOf(k models.Kind) int {
	switch k {
	case models.KindMalformed:
		return http.StatusBadRequest
	case models.KindInvalid:
		return http.StatusUnprocessableEntity
	case models.KindUnauthenticated:
		return http.StatusUnauthorized
	case models.KindForbidden:
		return http.StatusForbidden
	case models.KindNotFound:
		return http.StatusNotFound
	case models.KindConflict:
		return http.StatusConflict
	case models.KindStale:
		return http.StatusPreconditionFailed
	case models.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case models.KindTooMany:
		return http.StatusTooManyRequests
	case models.KindUnavailable:
		return http.StatusServiceUnavailable
	case models.KindInternal:
	}
	return http.StatusInternalServerError
}

// The few errors that are of HTTP alone, with statuses that no kind stands for.
var (
	errNotAllowed = &httpError{http.StatusMethodNotAllowed, "method_not_allowed", "This address doesn't take that method; the Allow header names those it takes."}
	errNotJSON    = &httpError{http.StatusUnsupportedMediaType, "body_not_json", "Send JSON in UTF-8, with the header Content-Type: application/json."}
	errEncoded    = &httpError{http.StatusUnsupportedMediaType, "body_encoded", "Send the body as it is, without a Content-Encoding."}
	errNotForm    = &httpError{http.StatusUnsupportedMediaType, "body_not_multipart", "Send the files as multipart/form-data."}
)

// httpError is an error that has a status of its own.
type httpError struct {
	status         int
	code, sentence string
}

func (e *httpError) Error() string { return e.code + ": " + e.sentence }

// problemOf turns any error into what its receiver may know of it.
func problemOf(err error) problem {
	if e, ok := errors.AsType[*httpError](err); ok {
		return problem{Type: "about:blank", Title: http.StatusText(e.status), Status: e.status, Detail: e.sentence, Code: e.code}
	}
	e, ok := errors.AsType[*models.Error](err)
	switch {
	case ok && e.Kind != models.KindInternal:
	case errors.Is(err, context.DeadlineExceeded):
		e = models.Unavailable("timeout", "This took too long just now. Nothing was lost; try again in a moment.", err)
	default:
		e = &models.Error{Code: "internal", Sentence: "Something went wrong here, and it isn't your fault. If it happens again, tell the administrator the request id."}
	}
	status := statusOf(e.Kind)
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: e.Sentence, Code: e.Code, retryAfter: e.RetryAfter}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, problemField{f.Pointer, f.Problem, f.Code, f.Values})
	}
	if e.Kind == models.KindStale {
		p.Current = e.Current
	}
	return p
}

// statusClientGone is what the log says of a request whose client didn't wait; nginx named it.
const statusClientGone = 499

// fail answers with a problem. It is the only place that does; the cause of one that is our fault
// goes into the log line of the request, and nowhere else.
func fail(c *gin.Context, err error) {
	if errors.Is(c.Request.Context().Err(), context.Canceled) {
		c.Set(codeKey, "client_gone") // nobody is there to read an answer
		c.Status(statusClientGone)
		c.Abort()
		return
	}
	p := problemOf(err)
	p.RequestID = requestID(c)
	c.Set(codeKey, p.Code)
	if p.Status >= http.StatusInternalServerError {
		c.Set(causeKey, err)
	}
	if c.Writer.Written() {
		return // a stream or a file that broke off
	}
	h := c.Writer.Header()
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	h.Del("Etag")
	h.Set("Cache-Control", "no-store")
	body, err := json.Marshal(p)
	if err != nil {
		c.Set(causeKey, err)
		p.Current = nil
		body, _ = json.Marshal(p) //nolint:errchkjson // strings and numbers alone are left
	}
	c.Data(p.Status, "application/problem+json", body)
	c.Abort()
}
