package main

import (
	"context"
	"fmt"
	"sync"
)

// boardFrames is how many frames of the board are timed: about ten seconds.
const boardFrames = 600

// scrollBoard times the frames of the board in Chromium while the class writes once more, and gives how many
// autosaves failed. Without Chromium the rows say so.
func (c *classroom) scrollBoard(ctx context.Context) (failed int, err error) {
	what := fmt.Sprintf("browser: scrolling a board of %d students who write", len(c.students))
	frame, slow := what+", time between frames", what+", frames over 25 ms"
	chromium, err := findBrowser()
	if err != nil {
		for _, name := range []string{frame, slow} {
			c.w.report.Rows = append(c.w.report.Rows, row{What: name, Note: err.Error()})
		}
		return 0, nil
	}
	var class crowd
	var busy sync.WaitGroup
	busy.Go(func() { class = c.paced(ctx, c.save) })
	s, err := c.w.drive(ctx, &drive{
		Chromium: chromium, Parts: []string{"board"}, Address: c.w.server.url(), Email: c.w.owner.email, Password: c.w.owner.password,
		Board: c.path() + "/board", Rows: len(c.students), Frames: boardFrames,
	})
	busy.Wait() // also where the browser failed: what is written is compared
	if err != nil {
		return class.failed, err
	}
	c.w.report.frames(frame, slow, s.Board.Between, fmt.Sprintf("the page works %s in a second", amount(s.Board.Work, "ms")))
	return class.failed, nil
}
