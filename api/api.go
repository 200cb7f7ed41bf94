// Package api is HTTP and nothing else: it reads requests, asks the use cases of coding and auth, and
// writes answers. routes.go shows the whole of it on one screen. It may import everything but the
// adapters of engines.
//
// A handler reads top to bottom: parse, check, ask, answer. It returns its error, and fail answers it.
package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/coding"
	"feltbog/live"
	"feltbog/models"
	"feltbog/sandbox"
	"feltbog/teaching"
)

// Options are what the API is made of. Service, Teaching, Auth, Hub, Files and Secret are needed.
type Options struct {
	Service *coding.Service
	// Teaching are the use cases of courses.
	Teaching *teaching.Service
	Auth     *auth.Service
	Hub      *live.Hub
	// Files reads what people upload.
	Files *sandbox.Pool
	// Demo makes a copy of the demo project with owner as its owner; there is none to be had if nil.
	Demo func(ctx context.Context, owner models.Actor) (*models.Project, error)
	// Secret is the server's secret, at least 32 bytes, the same for all processes.
	Secret []byte
	Log    *slog.Logger
	// PublicURL is where people reach the server, such as https://feltbog.example.org; the address of
	// the request if empty.
	PublicURL string
	// Secure lets the refresh cookie travel over HTTPS only.
	Secure bool
	// TrustedProxies are the addresses and networks whose X-Forwarded-For is believed; none if empty.
	TrustedProxies []string
	// Ready says of each engine whether it answers.
	Ready func(ctx context.Context) map[string]bool
	// Metrics counts requests; nothing is counted if nil.
	Metrics *Metrics
	// Frontend serves whatever is not the API.
	Frontend http.Handler
	// Patience is how long an ordinary request may take before it is told to come back later; 30 seconds
	// if zero.
	Patience time.Duration
	// Heartbeat is how often a stream says that it is alive, and Recheck how often it is asked whether
	// its reader still may read; 15 and 30 seconds if zero.
	Heartbeat, Recheck time.Duration
	// TempDir is where uploads wait while they come in; the system's own if empty.
	TempDir string
}

// server is the API with what it asks.
type server struct {
	coding   *coding.Service
	teaching *teaching.Service
	auth     *auth.Service
	hub      *live.Hub
	files    *sandbox.Pool
	demo     func(ctx context.Context, owner models.Actor) (*models.Project, error)
	desk     *demoDesk
	cursors  *auth.Sealer
	origins  *http.CrossOriginProtection
	log      *slog.Logger
	secure   bool
	// publicURL has no slash at its end; it is empty where only this machine gets here.
	publicURL string
	ready     func(ctx context.Context) map[string]bool
	metrics   *Metrics
	tempDir   string
	exports   turns
	// places bounds how often somebody says where they read.
	places *auth.Limiter

	patience, heartbeat, recheck time.Duration
}

// New makes the handler of the whole server: the API, its document, the checks of health, and the
// pages. It refuses options that can't work.
func New(o Options) (*gin.Engine, error) {
	if o.Service == nil || o.Teaching == nil || o.Auth == nil || o.Hub == nil || o.Files == nil || len(o.Secret) < 32 {
		return nil, errors.New("the API needs its use cases, its hub, its reader of files and a secret of 32 bytes")
	}
	s := &server{
		coding: o.Service, teaching: o.Teaching, auth: o.Auth, hub: o.Hub, files: o.Files, demo: o.Demo, cursors: auth.NewSealer(o.Secret, "list cursors"),
		publicURL: strings.TrimRight(o.PublicURL, "/"),
		places:    auth.NewLimiter(50, 100*time.Millisecond),
		desk:      &demoDesk{making: map[models.ID]bool{}, made: map[models.ID][]time.Time{}},
		origins:   http.NewCrossOriginProtection(), log: o.Log, secure: o.Secure,
		ready: o.Ready, metrics: o.Metrics, tempDir: cmp.Or(o.TempDir, os.TempDir()),
		patience: cmp.Or(o.Patience, 30*time.Second), heartbeat: cmp.Or(o.Heartbeat, 15*time.Second), recheck: cmp.Or(o.Recheck, 30*time.Second),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.ready == nil {
		s.ready = func(context.Context) map[string]bool { return map[string]bool{} }
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%q is no address of a server", o.PublicURL)
		}
		if err := s.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("trust our own origin: %w", err)
		}
	}
	return s.engine(o)
}

// engine makes Gin's engine: plain, without its redirects, its logger and its recovery.
func (s *server) engine(o Options) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	if err := e.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	e.Use(identify, s.watch, guard, catch)
	for _, r := range Routes() {
		e.Handle(r.Method, r.Path, s.handle(r))
	}
	mountDocs(e)
	e.GET(healthRoute, func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	e.GET(readyRoute, s.showReadiness)
	e.NoMethod(func(c *gin.Context) { fail(c, errNotAllowed) })
	e.NoRoute(func(c *gin.Context) {
		if path := c.Request.URL.Path; o.Frontend == nil || path == "/api" || strings.HasPrefix(path, "/api/") {
			fail(c, &models.Error{Kind: models.KindNotFound, Code: "route_not_found", Sentence: "There is nothing at this address. /api/docs tells what there is."})
			return
		}
		c.Status(http.StatusOK) // Gin set 404 before it asked
		o.Frontend.ServeHTTP(c.Writer, c.Request)
	})
	return e, nil
}

// The routes by which others watch the server.
const (
	healthRoute = "/healthz"
	readyRoute  = "/readyz"
)

// showReadiness tells of each engine whether it answers, for whoever sends requests here.
func (s *server) showReadiness(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 5*time.Second)
	defer cancel()
	engines := s.ready(ctx)
	status := http.StatusOK
	for _, up := range engines {
		if !up {
			status = http.StatusServiceUnavailable
		}
	}
	if err := answer(c, status, engines); err != nil {
		fail(c, err)
	}
}
