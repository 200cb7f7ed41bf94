package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"feltbog/auth"
	"feltbog/coding"
	"feltbog/config"
	"feltbog/local"
	"feltbog/mail"
	"feltbog/meili"
	"feltbog/mongodb"
	"feltbog/sandbox"
	"feltbog/teaching"
)

// startPatience is how long the engines may take to come up before a command gives up.
const startPatience = 90 * time.Second

// app is the use cases over open engines. close undoes all of it, the last opened first.
type app struct {
	db       *mongodb.DB
	index    *meili.Index
	service  *coding.Service
	teaching *teaching.Service
	auth     *auth.Service
	files    *sandbox.Pool
	secret   []byte
	origin   string         // where people find the server
	engines  *local.Engines // nil where they are elsewhere, or another process's
	close    func() error
}

// open connects to the engines: those of the settings, or in local mode its own. With attach, those
// of the server that runs on the data directory are used if there is one.
func open(ctx context.Context, c config.Config, log *slog.Logger, attach bool) (opened *app, err error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	a := &app{origin: c.Origin()}
	var undo []func() error
	a.close = func() error {
		var errs []error
		for _, fn := range slices.Backward(undo) {
			errs = append(errs, fn())
		}
		undo = nil
		return errors.Join(errs...)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.files, err = readers(ctx, c, log); err != nil {
		return nil, err
	}
	undo = append(undo, a.files.Close)
	at := local.Connection{MongoURI: c.MongoURI, MeilisearchURL: c.MeiliURL, MeilisearchKey: c.MeiliKey}
	if c.Local() {
		if at, err = a.local(ctx, c, log, attach); err != nil {
			return nil, err
		}
		if a.engines != nil {
			undo = append(undo, a.engines.Close)
		}
	}
	if a.db, err = mongodb.Open(ctx, at.MongoURI, c.MongoDatabase); err != nil {
		return nil, err
	}
	undo = append(undo, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return a.db.Close(ctx)
	})
	a.index = meili.New(at.MeilisearchURL, at.MeilisearchKey, c.MeiliPrefix, a.db)
	a.service = coding.New(a.db, a.index, coding.Options{Reader: sandbox.NewReader(a.files)})
	a.teaching = teaching.New(a.db, a.service, nil)
	if a.secret, err = a.db.ServerSecret(ctx); err != nil {
		return nil, fmt.Errorf("read the server's secret: %w", err)
	}
	options := auth.Options{SignUp: auth.SignUpRule(c.SignUp), Secret: a.secret, PublicURL: c.Origin(), Log: log}
	if c.SMTP.Addr != "" {
		if options.Post, err = mail.New(mail.Config{Addr: c.SMTP.Addr, User: c.SMTP.User, Password: c.SMTP.Password, From: c.SMTP.From, TLS: c.SMTP.TLS}); err != nil {
			return nil, err
		}
	}
	if !config.Loopback(c.Addr) {
		options.SetupCode = auth.SetupCode(a.secret)
	}
	if a.auth, err = auth.New(a.db, options); err != nil {
		return nil, err
	}
	undo = append(undo, a.auth.Close)
	return a, nil
}

// local starts the engines, or finds those of the server that runs already.
func (a *app) local(ctx context.Context, c config.Config, log *slog.Logger, attach bool) (local.Connection, error) {
	if attach {
		at, err := local.Attach(ctx, c.Data)
		if err == nil || !errors.Is(err, local.ErrNotRunning) {
			return at, err
		}
	}
	var err error
	a.engines, err = local.Start(ctx, local.Options{Dir: c.Data, Mongod: c.Mongod, Meilisearch: c.Meilisearch, Log: log})
	if err != nil {
		return local.Connection{}, err
	}
	return a.engines.Connection, nil
}
