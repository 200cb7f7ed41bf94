package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/config"
	"feltbog/demo"
	"feltbog/frontend"
	"feltbog/live"
	"feltbog/meili"
	"feltbog/models"
)

// drainPatience is how long requests under way may take after the server was told to stop.
const drainPatience = 10 * time.Second

// tidyEvery is how often left-over jobs are finished and the bin is emptied.
const tidyEvery = 5 * time.Minute

// firstEmail is the address of the administrator that --demo makes.
const firstEmail = "admin@feltbog.localhost"

type serveCommand struct {
	shared
	Addr     string `help:"Address to listen on (FELTBOG_ADDR; 127.0.0.1:8080 by default)." placeholder:"HOST:PORT"`
	Insecure bool   `help:"Listen beyond this machine without https."`
	Demo     bool   `help:"On an empty database, make an administrator and load the demo project."`
}

// Run runs the server until it is told to stop.
func (cmd *serveCommand) Run(w *world) error {
	begun := time.Now()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // beside two engines on one machine, memory is scarcer than time
	}
	c, err := w.config(config.Overrides{Addr: cmd.Addr, Data: cmd.Data, Insecure: cmd.Insecure})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(w.ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Addr, err)
	}
	defer listener.Close() //nolint:errcheck // the server closes it
	if strings.HasSuffix(c.Addr, ":0") {
		c.Addr = listener.Addr().String() // links name the port that the system chose
	}
	a, err := open(w.ctx, c, w.log, false)
	if err != nil {
		return err
	}
	s := &server{app: a, config: c, world: w, hub: live.New(a.db.Watch, auth.NewSealer(a.secret, "stream positions"), w.log)}
	err = s.run(listener, begun, cmd.Demo)
	return errors.Join(err, a.close())
}

// server is a running server.
type server struct {
	*app
	config  config.Config
	world   *world
	hub     *live.Hub
	indexer *meili.Indexer
}

func (s *server) run(listener net.Listener, begun time.Time, withDemo bool) error {
	log := s.world.log
	ctx, stop := context.WithCancel(context.WithoutCancel(s.world.ctx))
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	s.indexer = meili.NewIndexer(s.index, s.db, meili.Options{Log: log})
	background.Go(func() { s.hub.Run(ctx) })
	background.Go(func() { s.hub.FollowUploads(ctx, s.db.WatchUploads) })
	background.Go(func() { s.hub.FollowTalk(ctx, s.db.WatchTalk) })
	background.Go(func() { s.hub.FollowWork(ctx, s.teaching.WatchWork) })
	background.Go(func() { s.indexer.Run(ctx) })
	background.Go(func() { s.tidy(ctx) })
	background.Go(func() { s.readUploads(ctx) })

	registry := prometheus.NewRegistry()
	handler, err := s.handler(registry)
	if err != nil {
		return err
	}
	main := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 2)
	background.Go(func() { failed <- main.Serve(listener) })
	if s.config.OpsAddr != "" {
		ops := &http.Server{Addr: s.config.OpsAddr, Handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), ReadHeaderTimeout: 10 * time.Second}
		background.Go(func() { failed <- ops.ListenAndServe() })
		defer ops.Close() //nolint:errcheck // nothing is lost
	}
	if err := s.greet(listener.Addr().String(), begun, withDemo); err != nil {
		return errors.Join(err, main.Close())
	}
	select {
	case <-s.world.ctx.Done():
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	}
	log.InfoContext(ctx, "stopping: requests under way are answered first")
	s.hub.Stop()
	drain, cancel := context.WithTimeout(ctx, drainPatience)
	defer cancel()
	err = main.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		return main.Close() // whoever is slow or silent has to come back
	}
	return err
}

func (s *server) handler(registry *prometheus.Registry) (http.Handler, error) {
	metrics, err := s.meters(registry)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	public := ""
	if s.config.PublicURL != nil {
		public = s.config.PublicURL.String()
	}
	proxies := make([]string, len(s.config.TrustedProxies))
	for i, p := range s.config.TrustedProxies {
		proxies[i] = p.String()
	}
	return api.New(api.Options{
		Service: s.service, Teaching: s.teaching, Auth: s.auth, Hub: s.hub, Files: s.files, Secret: s.secret, Log: s.world.log,
		Demo: func(ctx context.Context, owner models.Actor) (*models.Project, error) {
			return demo.Load(ctx, s.service, s.teaching, s.auth, owner)
		},
		PublicURL: public, Secure: s.config.PublicURL != nil && s.config.PublicURL.Scheme == "https",
		TrustedProxies: proxies, Ready: s.ready, Metrics: metrics, Frontend: frontend.Handler(),
	})
}

// ready asks each engine whether it answers.
func (s *server) ready(ctx context.Context) map[string]bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var mongo, search bool
	var asked sync.WaitGroup
	asked.Go(func() { mongo = s.db.Ping(ctx) == nil })
	asked.Go(func() { search = s.index.Ping(ctx) == nil })
	asked.Wait()
	return map[string]bool{"mongodb": mongo, "meilisearch": search}
}

// meters registers what Prometheus may read.
func (s *server) meters(registry *prometheus.Registry) (*api.Metrics, error) {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	for _, c := range []prometheus.Collector{
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("feltbog_index_lag_seconds", "Age of the oldest change that is not in the search index yet; -1 if that can't be told.", s.lag),
	} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return api.NewMetrics(registry)
}

func (s *server) lag() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	lag, err := s.indexer.Lag(ctx)
	if err != nil {
		return -1
	}
	return lag.For
}

// tidy finishes what other processes left behind and empties the bin, now and then.
func (s *server) tidy(ctx context.Context) {
	for {
		if err := errors.Join(s.service.Tidy(ctx), s.teaching.Tidy(ctx)); err != nil && ctx.Err() == nil {
			s.world.log.WarnContext(ctx, "tidying up failed; it is tried again", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(tidyEvery):
		}
	}
}

// readUploads reads what people upload.
func (s *server) readUploads(ctx context.Context) {
	s.service.ReadUploads(ctx, func(err error) {
		s.world.log.WarnContext(ctx, "an upload could not be read; it is tried again", slog.Any("error", err))
	})
}

// greet tells people on the terminal where the server is and how to get in.
func (s *server) greet(addr string, begun time.Time, withDemo bool) error {
	ctx, w := s.world.ctx, s.world
	select {
	case <-s.hub.Ready():
	case <-ctx.Done():
		return nil
	case <-time.After(startPatience):
		return errors.New("the live stream could not be opened; see the log")
	}
	where := "http://" + addr
	if s.config.PublicURL != nil {
		where = s.config.PublicURL.String()
	}
	w.log.InfoContext(ctx, "ready", slog.String("address", where), slog.Int64("milliseconds", time.Since(begun).Milliseconds()))
	first, err := s.db.FirstAccountExists(ctx)
	if err != nil {
		return fmt.Errorf("look for accounts: %w", err)
	}
	switch {
	case first:
	case withDemo:
		return s.firstDemo(where)
	case !config.Loopback(s.config.Addr):
		w.printf("The first account becomes the administrator. Its sign-up needs this setup code: %s\n", auth.SetupCode(s.secret))
	default:
		w.printf("There are no accounts yet: the first one becomes the administrator.\n")
	}
	w.printf("Feltbog is ready at %s\n", where)
	return nil
}

// firstDemo makes the administrator and the demo project of a first start. The password is printed
// once and kept nowhere.
func (s *server) firstDemo(where string) error {
	ctx, w := s.world.ctx, s.world
	user, password, err := s.auth.CreateUser(ctx, auth.Operator(), auth.NewAccount{Email: firstEmail, Name: "Administrator", Admin: true})
	if err != nil {
		return fmt.Errorf("make the administrator: %w", err)
	}
	if _, err := demo.Load(ctx, s.service, s.teaching, s.auth, models.Actor{UserID: user.ID, Admin: true}); err != nil {
		return fmt.Errorf("load the demo project: %w", err)
	}
	w.printf("Feltbog is ready at %s\n\nSign in as  %s\nPassword    %s\n\nThe password is shown this once. `feltbog user reset-password %s` makes a new one.\n", where, firstEmail, password, firstEmail)
	return nil
}
