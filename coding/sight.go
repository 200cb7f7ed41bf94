package coding

import (
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// sight is what a member may see of the coding in a space. It is the one place that keeps a blind round
// blind: every read of codings, and of memos, links, comments, events and counts that hang on notes,
// asks it.
type sight struct {
	viewer models.ID
	// guest is how the viewer stands in a space that they are lent; nil for members.
	guest *models.Guest
	// hidden are the notes in the bin and the drafts of others: nothing that hangs on them is seen, in any layer.
	hidden []models.ID
	// veiled are the notes of the rounds that the viewer codes blind: nothing that hangs on them in the
	// open layer is seen.
	veiled []models.ID
	// resting are the notes of all blind and locked rounds, whose open layer nobody changes.
	resting []models.ID
	// whole are the rounds that the viewer may read whole. Of all others, and of whatever isn't a
	// round, they see only what they made themselves.
	whole []models.Layer
	// revealed are the rounds that everybody may read whole.
	revealed []models.Layer
}

// sight looks up what a member may see.
func (s *Service) sight(ctx context.Context, m *models.Member) (sight, error) {
	hidden, err := s.store.HiddenNotes(ctx, m.SpaceID, m.Viewer())
	if err != nil {
		return sight{}, fmt.Errorf("hidden notes of %s: %w", m.SpaceID, err)
	}
	v, err := s.glance(ctx, m)
	v.hidden = hidden
	return v, err
}

// glance is sight without the hidden notes: for what hangs on a note that was found to be visible.
func (s *Service) glance(ctx context.Context, m *models.Member) (sight, error) {
	rounds, err := s.store.RoundLayers(ctx, m.SpaceID)
	if err != nil {
		return sight{}, fmt.Errorf("rounds of %s: %w", m.SpaceID, err)
	}
	return sightOf(m, rounds), nil
}

// look is reader for all that hangs on notes: it gives what the member may see, and asks
// everything at once.
func (s *Service) look(ctx context.Context, actor models.Actor, space models.ID) (sight, error) {
	var hidden []models.ID
	var failed error
	var v sight
	var err error
	s.together(ctx,
		func() { hidden, failed = s.store.HiddenNotes(ctx, space, actor.Viewer()) },
		func() { v, err = s.lookAt(ctx, actor, space) })
	v.hidden = hidden
	return v, models.First(err, failed)
}

// lookAt is look without the hidden notes, as glance is sight.
func (s *Service) lookAt(ctx context.Context, actor models.Actor, space models.ID) (sight, error) {
	var rounds []*models.Round
	var failed error
	var m *models.Member
	var err error
	s.together(ctx,
		func() { rounds, failed = s.store.RoundLayers(ctx, space) },
		func() { m, err = s.reader(ctx, actor, space) })
	if err := models.First(err, failed); err != nil {
		return sight{}, err
	}
	return sightOf(m, rounds), nil
}

// sees gives what the member of a write may see, once a transaction.
func (w *work) sees(ctx context.Context, s *Service) (sight, error) {
	if w.sight != nil {
		return *w.sight, nil
	}
	v, err := s.glance(ctx, w.member)
	if err == nil {
		w.sight = &v
	}
	return v, err
}

// sightOf gives what a member may see while these are the rounds that went blind.
func sightOf(m *models.Member, rounds []*models.Round) sight {
	v := sight{viewer: m.UserID, guest: m.Guest}
	for _, r := range rounds {
		if r.ReadBy(m.UserID, m.Role) {
			v.whole = append(v.whole, r.Layer())
		}
		if r.State == models.RoundRevealed {
			v.revealed = append(v.revealed, r.Layer())
		}
		if !r.Sealed() {
			continue
		}
		v.resting = append(v.resting, r.NoteIDs...)
		if r.CodedBy(m.UserID) {
			v.veiled = append(v.veiled, r.NoteIDs...)
		}
	}
	return v
}

// who is the viewer.
func (v sight) who() models.Viewer { return models.Viewer{UserID: v.viewer, Guest: v.guest} }

// hears says whether the viewer may know of what is for an audience alone.
func (v sight) hears(audience models.ID) bool { return v.who().Hears(audience) }

// wholly says whether the viewer sees what everybody made in a layer, and not just their own. The layers of
// an exercise are named by its submissions.
func (v sight) wholly(layer models.Layer) bool {
	return layer.Open() || slices.Contains(v.whole, layer) || v.guest != nil && v.hears(models.ID(layer))
}

// notOn gives the notes on which the viewer sees nothing in a layer.
func (v sight) notOn(layer models.Layer) []models.ID {
	if !layer.Open() {
		return v.hidden
	}
	return slices.Concat(v.hidden, v.veiled)
}

// sees says whether the viewer may know of what an author made on notes in a layer.
func (v sight) sees(layer models.Layer, author models.ID, notes ...models.ID) bool {
	unseen := v.notOn(layer)
	for _, note := range notes {
		if slices.Contains(unseen, note) {
			return false
		}
	}
	return author == v.viewer || v.wholly(layer)
}

// knows says whether the viewer may know of a record, so far as it hangs on notes.
func (v sight) knows(r models.Record) bool {
	switch r := r.(type) {
	case *models.Coding:
		return v.sees(r.Layer, r.CoderID, r.NoteID)
	case *models.Memo:
		return v.sees(r.Layer, r.AuthorID, r.NoteID)
	case *models.Comment:
		return v.sees(r.Layer, r.AuthorID, r.NoteID)
	case *models.Link:
		// One made before there were rounds doesn't say where it is.
		return v.sees(r.Layer, r.AuthorID, r.NoteIDs...) && (len(r.NoteIDs) > 0 || len(v.veiled) == 0)
	}
	return true
}

// hangs says whether records of a noun hang on notes, so that sight decides who knows of them.
func hangs(noun models.Noun) bool {
	switch noun {
	case models.NounCoding, models.NounMemo, models.NounLink, models.NounComment:
		return true
	}
	return false
}

// heedEyes refuses what the actor may not know of, as if it weren't there: what is for another's eyes only,
// by itself or by its note, and what others made in a round that isn't revealed. The server's own deeds
// know of everything.
func (s *Service) heedEyes(ctx context.Context, w *work, r models.Record) error {
	scope := r.Scope()
	if w.member == nil || w.trusted || (!hangs(r.Noun()) && scope.Audience == "") {
		return nil
	}
	if scope.Audience == "" && scope.NoteID != "" {
		n, err := s.store.Notes().FindAny(ctx, w.space, scope.NoteID)
		if err != nil {
			return err
		}
		scope.Audience = n.Scope().Audience
	}
	if !w.actor.Hears(scope.Audience) {
		return models.NotFound(r.Noun())
	}
	v, err := w.sees(ctx, s)
	if err == nil && !v.knows(r) {
		err = models.NotFound(r.Noun())
	}
	return err
}

// within says whose codings of a layer are counted for the viewer.
func (v sight) within(layer models.Layer) Within {
	in := Within{Layer: layer.OrOpen(), NotNotes: v.notOn(layer)}
	if !v.wholly(layer) {
		in.CoderID = v.viewer
	}
	return in
}

// in narrows a query to what the viewer sees in a layer. Author is the field that tells who made a
// record; what the query asks of it already still holds.
func (v sight) in(layer models.Layer, author string, q Query) Query {
	q.Where["layer"] = layer.OrOpen()
	q.NotNotes = v.notOn(layer)
	if v.wholly(layer) {
		return q
	}
	if asked, ok := q.Where[author]; ok && asked != v.viewer {
		q.Where[author] = []models.ID{}
	} else {
		q.Where[author] = v.viewer
	}
	return q
}

// older is in for memos and links, which were there before layers: what says nothing of its layer is in the open one.
func (v sight) older(layer models.Layer, q Query) Query {
	q = v.in(layer, "authorId", q)
	if layer.Open() {
		q.Where["layer"] = []any{models.LayerOpen, nil}
	}
	return q
}

// events narrows a query to the events that the viewer may know of. Without a layer it selects them in all.
func (v sight) events(q EventQuery) EventQuery {
	q.Viewer, q.Veiled, q.Whole = v.viewer, v.veiled, v.whole
	return q
}
