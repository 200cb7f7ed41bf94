package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// GET /projects/:project/events lists what happened, the newest first: in all, or to one ?record=,
// on one ?note=, by one ?actor=, in one ?batch=, to records of one or more ?noun=, from ?since= to before ?until=.
func (s *server) listEvents(c *gin.Context) error {
	q := parameters(c, "layer", "noun", "record", "note", "actor", "batch", "since", "until", "limit", "cursor")
	filter := coding.EventQuery{
		Layer: q.layer(), RecordID: q.id("record"), NoteID: q.id("note"), ActorID: q.id("actor"), Batch: q.id("batch"), Since: q.time("since"), Until: q.time("until"),
	}
	for _, word := range q.all("noun") {
		noun := models.Noun(word)
		if !slices.Contains(eventNouns, noun) {
			q.fault("noun_unknown", "noun", "Events are of projects, members, sites, participants, notes, codes, codings, memos, links, comments and rounds, each named in the singular.")
		}
		filter.Nouns = append(filter.Nouns, noun)
	}
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	events, err := s.coding.History(c.Request.Context(), actor(c), space(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, events)
}

// eventNouns are the nouns that a project's history tells of.
var eventNouns = []models.Noun{
	models.NounProject, models.NounMember, models.NounSite, models.NounParticipant, models.NounNote,
	models.NounCode, models.NounCoding, models.NounMemo, models.NounLink, models.NounComment, models.NounRound,
}

// POST /projects/:project/events/:event/undo takes back a change, or the whole batch it belongs to;
// with "rest" without those records that moved on since.
func (s *server) undo(c *gin.Context) error {
	in, err := decodeIfAny[struct {
		Rest bool `json:"rest"`
	}](c)
	if err != nil {
		return err
	}
	undone, err := s.coding.Undo(c.Request.Context(), actor(c), space(c), id(c, "event"), in.Rest)
	if err != nil {
		return err
	}
	if undone.MovedOn == nil {
		undone.MovedOn = []models.ID{}
	}
	return answer(c, http.StatusCreated, undone)
}
