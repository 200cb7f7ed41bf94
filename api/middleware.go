package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
)

// saneID is what a request id from outside must look like to be taken over.
var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// identify gives each request an id, which its answer, its problem and its log line carry.
func identify(c *gin.Context) {
	given := c.GetHeader("X-Request-Id")
	if !saneID.MatchString(given) {
		given = string(models.NewID())
	}
	c.Set(requestIDKey, given)
	c.Header("X-Request-Id", given)
}

// watch writes the one log line of a request and counts it. It tells the route's pattern, never the
// address, which holds what people look for; of errors it tells the code, and the cause only where
// the fault is ours.
func (s *server) watch(c *gin.Context) {
	began := time.Now()
	defer func() { s.tell(c, time.Since(began)) }() // also when the connection is broken off by a panic
	c.Next()
}

// tell writes the line.
func (s *server) tell(c *gin.Context, took time.Duration) {
	status := c.Writer.Status()
	s.metrics.observe(c.FullPath(), method(c), status, took)
	attributes := []slog.Attr{
		slog.String("request_id", requestID(c)),
		slog.String("method", method(c)),
		slog.String("route", c.FullPath()),
		slog.Int("status", status),
		slog.Duration("took", took),
		slog.Int("bytes", max(c.Writer.Size(), 0)),
	}
	if a := actor(c); a.UserID != "" {
		attributes = append(attributes, slog.String("user_id", string(a.UserID)))
	}
	if a := actor(c); a.Token != nil {
		attributes = append(attributes, slog.String("token_id", string(a.Token.ID)))
	}
	if code := c.GetString(codeKey); code != "" {
		attributes = append(attributes, slog.String("code", code))
	}
	level := slog.LevelInfo
	if route := c.FullPath(); route == healthRoute || route == readyRoute {
		level = slog.LevelDebug // asked every few seconds
	}
	if cause, failed := c.Get(causeKey); failed {
		level = slog.LevelError
		attributes = append(attributes, slog.Any("cause", cause))
	}
	s.log.LogAttrs(c.Request.Context(), level, "request", attributes...)
}

// method gives the method if it is a known one: a client may send any word.
func method(c *gin.Context) string {
	switch m := c.Request.Method; m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// catch answers for whatever panics outside the routes.
func catch(c *gin.Context) {
	defer recovered(c)
	c.Next()
}

// recovered turns a panic into an answer. What a panic says may hold a note's words, so that only the
// runtime's own are told in the log; the stack says where it was.
func recovered(c *gin.Context) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // the server's own way to break a connection off
	}
	what := fmt.Sprintf("a %T", p)
	if fault, ok := p.(runtime.Error); ok {
		what = fault.Error()
	}
	fail(c, fmt.Errorf("panic: %s\n%s", what, debug.Stack()))
}

// guard sets the headers that keep browsers from doing what nobody asked for. Pages loosen the policy
// of contents as far as they need.
func guard(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if strings.HasPrefix(c.Request.URL.Path, v1+"/") {
		h.Set("Cache-Control", "no-store")
	}
}

// handle makes Gin's handler of a route: who asks, what they sent, what is done, one place to fail.
func (s *server) handle(r Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		if r.takes.slow {
			out := http.NewResponseController(c.Writer)
			_, _ = out.SetReadDeadline(time.Time{}), out.SetWriteDeadline(time.Time{}) // where there are any
		} else {
			ctx, cancel := context.WithTimeout(c.Request.Context(), s.patience)
			defer cancel()
			c.Request = c.Request.WithContext(ctx)
		}
		defer recovered(c) // before the request's context ends: a panic is no client that went away
		if err := s.serve(c, r); err != nil {
			fail(c, err)
		}
	}
}

func (s *server) serve(c *gin.Context, r Route) error {
	if err := s.admit(c, r); err != nil {
		return err
	}
	if err := checkPath(c); err != nil {
		return err
	}
	if r.takes.limit > 0 && !r.takes.slow {
		if err := readBody(c, r.takes.limit); err != nil {
			return err
		}
		if !r.takes.any {
			if err := checkJSONType(c); err != nil {
				return err
			}
		}
	}
	if r.Method != http.MethodGet && !r.takes.slow {
		if err := withKey(c); err != nil {
			return err
		}
	}
	return r.handle(s, c)
}

// admit finds out who asks and refuses those whom the route is not for. The rights of members are
// the business of the use cases, which know the project.
func (s *server) admit(c *gin.Context, r Route) error {
	if strings.HasPrefix(r.Path, "/api/v1/auth/") {
		if err := s.origins.Check(c.Request); err != nil {
			return models.Forbidden("origin_foreign", "This request comes from a page of another site.")
		}
	}
	if r.Who == Anybody {
		return nil
	}
	token := bearer(c)
	if token == "" {
		return models.Unauthenticated("token_missing", "Sign in first, and send the access token in the header Authorization: Bearer.")
	}
	authenticate := s.auth.Authenticate
	if auth.IsPersonal(token) {
		authenticate = s.auth.AuthenticateToken
	}
	a, err := authenticate(c.Request.Context(), token)
	if err != nil {
		return err
	}
	c.Set(actorKey, a)
	if a.Token != nil && !r.TokenUse().allows(a.Token) {
		return models.OutOfScope()
	}
	if r.Who == Administrator && !a.Admin {
		return models.Forbidden("administrator_only", "Only an administrator can do that.")
	}
	return nil
}

// bearer gives the access token of a request (RFC 6750); empty if there is none.
func bearer(c *gin.Context) string {
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
