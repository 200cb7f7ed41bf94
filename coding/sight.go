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
	// hidden are the notes in the bin and the drafts of others: nothing that hangs on them is seen, in any layer.
	hidden []models.ID
	// veiled are the notes of the rounds that the viewer codes blind: nothing that hangs on them in the
	// open layer is seen.
	veiled []models.ID
	// whole are the rounds that the viewer may read whole. Of all others, and of whatever isn't a
	// round, they see only what they made themselves.
	whole []models.Layer
}

// sight looks up what a member may see.
func (s *Service) sight(ctx context.Context, m *models.Member) (sight, error) {
	v := sight{viewer: m.UserID}
	var err error
	if v.hidden, err = s.store.HiddenNotes(ctx, m.SpaceID, m.UserID); err != nil {
		return v, fmt.Errorf("hidden notes of %s: %w", m.SpaceID, err)
	}
	rounds, err := s.store.Rounds().All(ctx, m.SpaceID, Query{Where: Where{"state": []models.RoundState{
		models.RoundBlind, models.RoundLocked, models.RoundRevealed,
	}}}, models.MaxRounds)
	if err != nil {
		return v, fmt.Errorf("rounds of %s: %w", m.SpaceID, err)
	}
	for _, r := range rounds {
		if r.ReadBy(m.UserID, m.Role) {
			v.whole = append(v.whole, r.Layer())
		}
		if r.Sealed() && r.CodedBy(m.UserID) {
			v.veiled = append(v.veiled, r.NoteIDs...)
		}
	}
	return v, nil
}

// wholly says whether the viewer sees what everybody made in a layer, and not just their own.
func (v sight) wholly(layer models.Layer) bool {
	return layer == models.LayerOpen || slices.Contains(v.whole, layer)
}

// notOn gives the notes on which the viewer sees nothing in a layer.
func (v sight) notOn(layer models.Layer) []models.ID {
	if layer != models.LayerOpen {
		return v.hidden
	}
	return slices.Concat(v.hidden, v.veiled)
}

// sees says whether the viewer may know of what an author made on a note in a layer.
func (v sight) sees(layer models.Layer, note, author models.ID) bool {
	return !slices.Contains(v.notOn(layer), note) && (author == v.viewer || v.wholly(layer))
}

// sealedRound gives the blind or locked round of a note, nil if there is none. There is at most one.
func (s *Service) sealedRound(ctx context.Context, space, note models.ID) (*models.Round, error) {
	found, err := s.store.Rounds().All(ctx, space, Query{Where: Where{
		"noteIds": note, "state": []models.RoundState{models.RoundBlind, models.RoundLocked},
	}}, 1)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
