package main

import (
	"context"
	"log/slog"
	"time"

	"feltbog/local"
)

// startServer times the start on the data that lies there by now, in turns with the engines' own.
func startServer(ctx context.Context, w *world) error {
	var ours, limit samples
	for range w.size.starts {
		if err := w.server.stop(); err != nil {
			return err
		}
		engines, err := w.startEngines(ctx)
		if err != nil {
			return err
		}
		limit = append(limit, engines)
		took, err := w.server.start(ctx)
		if err != nil {
			return err
		}
		ours = append(ours, took)
	}
	w.report.below("serve in local mode, from start to ready", "ms", milliseconds(ours.at(0.5)), milliseconds(limit.at(0.5)), 1500,
		"slowest "+amount(milliseconds(ours.at(1)), "ms"))
	return nil
}

// startEngines starts the two engines alone, as the server starts them, and ends them again.
func (w *world) startEngines(ctx context.Context) (time.Duration, error) {
	begun := time.Now()
	engines, err := local.Start(ctx, local.Options{Dir: w.server.data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, err
	}
	return time.Since(begun), engines.Close()
}
