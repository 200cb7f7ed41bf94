package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// GET /projects/:project/rounds lists the rounds, the newest first.
func (s *server) listRounds(c *gin.Context) error {
	q := parameters(c, "limit", "cursor")
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	rounds, err := s.coding.Rounds(c.Request.Context(), actor(c), space(c), page)
	if err != nil {
		return err
	}
	return answerPage(s, c, rounds)
}

// POST /projects/:project/rounds sets up a round in draft.
func (s *server) createRound(c *gin.Context) error {
	in, err := decode[coding.NewRound](c)
	if err != nil {
		return err
	}
	round, err := s.coding.CreateRound(c.Request.Context(), actor(c), space(c), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, round)
}

// GET /projects/:project/rounds/:round gives a round.
func (s *server) showRound(c *gin.Context) error {
	return showRecord(c, "round", s.coding.Round)
}

// PATCH /projects/:project/rounds/:round writes a round anew: all of a draft, little of it later.
func (s *server) changeRound(c *gin.Context) error {
	return changeRecord(c, "round", s.coding.ChangeRound)
}

// DELETE /projects/:project/rounds/:round puts a draft of a round into the bin.
func (s *server) deleteRound(c *gin.Context) error {
	return deleteRecord(c, "round", s.coding.DeleteRound)
}

// POST /projects/:project/rounds/:round/draw assigns the notes of a draft, balanced and at random.
func (s *server) drawRound(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decodeIfAny[struct {
		Seed string `json:"seed"`
	}](c)
	if err != nil {
		return err
	}
	round, err := s.coding.DrawRound(c.Request.Context(), actor(c), space(c), id(c, "round"), version, in.Seed)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, round)
}

// POST /projects/:project/rounds/:round/move moves a round to another state.
func (s *server) moveRound(c *gin.Context) error {
	return changeRecord(c, "round", s.coding.MoveRound)
}

// GET /projects/:project/rounds/:round/progress says how far each coder has come.
func (s *server) listRoundProgress(c *gin.Context) error {
	tasks, err := s.coding.RoundProgress(c.Request.Context(), actor(c), space(c), id(c, "round"))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, tasks)
}

// GET /projects/:project/rounds/:round/tasks lists the notes of a round that one codes oneself.
func (s *server) listRoundTasks(c *gin.Context) error {
	tasks, err := s.coding.Tasks(c.Request.Context(), actor(c), space(c), id(c, "round"))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, tasks)
}

// GET /projects/:project/rounds/tasks lists the notes that one codes in all rounds that are blind now.
func (s *server) listOpenTasks(c *gin.Context) error {
	tasks, err := s.coding.OpenTasks(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, tasks)
}

// PUT /projects/:project/rounds/:round/notes/:note/done says that one is done with a note.
func (s *server) markDone(c *gin.Context) error { return s.setDone(c, true) }

// DELETE /projects/:project/rounds/:round/notes/:note/done says that one isn't done with a note after all.
func (s *server) unmarkDone(c *gin.Context) error { return s.setDone(c, false) }

func (s *server) setDone(c *gin.Context, done bool) error {
	if err := s.coding.MarkDone(c.Request.Context(), actor(c), space(c), id(c, "round"), id(c, "note"), done); err != nil {
		return err
	}
	return answerNothing(c)
}
