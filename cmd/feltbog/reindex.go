package main

import (
	"context"
	"errors"
	"fmt"

	"feltbog/meili"
)

type reindexCommand struct{ shared }

// Run builds the indexes of all projects anew, one after the other. Where a server keeps the index,
// it does the work; otherwise this process does.
func (cmd *reindexCommand) Run(w *world) error {
	return cmd.with(w, func(a *app) error {
		ctx, stop := context.WithCancel(w.ctx)
		defer stop()
		indexer := meili.NewIndexer(a.index, a.db, meili.Options{Log: w.log})
		done := make(chan struct{})
		go func() {
			defer close(done)
			indexer.Run(ctx)
		}()
		err := rebuild(ctx, w, a, indexer)
		stop()
		<-done
		return err
	})
}

func rebuild(ctx context.Context, w *world, a *app, indexer *meili.Indexer) error {
	spaces, err := a.db.Spaces(ctx)
	if err != nil {
		return fmt.Errorf("list the projects: %w", err)
	}
	for i, space := range spaces {
		if err := indexer.Rebuild(ctx, space); err != nil {
			if ctx.Err() != nil {
				return errors.New("interrupted; what was not built anew is still asked for, and a server goes on with it")
			}
			return err
		}
		w.printf("%d of %d projects and exercises indexed\n", i+1, len(spaces))
	}
	if err := indexer.Wait(ctx); err != nil {
		return err
	}
	w.printf("The search index is complete.\n")
	return nil
}
