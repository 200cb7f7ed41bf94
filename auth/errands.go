package auth

import (
	"context"
	"sync"
)

// What is done after the answer, so that the answer doesn't tell by its time what there was to do.
const (
	errandsAtOnce  = 100
	errandPatience = letterPatience // a server that stops waits for them
)

// errands are a bounded number of deeds that nobody waits for but Close.
type errands struct {
	places  chan struct{}
	running sync.WaitGroup
}

func newErrands() *errands { return &errands{places: make(chan struct{}, errandsAtOnce)} }

// begin does something beside the caller. It returns Unavailable (busy) where too much is under way.
func (e *errands) begin(ctx context.Context, fn func(ctx context.Context)) error {
	select {
	case e.places <- struct{}{}:
	default:
		return errBusy(nil)
	}
	e.running.Go(func() {
		defer func() { <-e.places }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), errandPatience)
		defer cancel()
		fn(ctx)
	})
	return nil
}

// Close waits for what was begun after answers: letters that are being sent.
func (s *Service) Close() error {
	s.errands.running.Wait()
	return nil
}
