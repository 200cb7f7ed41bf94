package coding

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// While a round is blind or locked, what is under it and around it keeps still: the texts of its notes
// and its codes are pinned, the open layer of its notes is at rest, and in its own layer its coders
// write while it is blind. Every record that is written passes here, however it comes about; codings
// that are put pass in settle, where what was found is remembered.

// sealed gives the rounds of the space that are blind or locked.
func (w *work) sealed(ctx context.Context, s *Service) ([]*models.Round, error) {
	if w.rounds == nil {
		found, err := s.store.Rounds().All(ctx, w.space, Query{Where: Where{"state": []models.RoundState{models.RoundBlind, models.RoundLocked}}}, models.MaxRounds)
		if err != nil {
			return nil, fmt.Errorf("rounds of %s: %w", w.space, err)
		}
		w.rounds = &found
	}
	return *w.rounds, nil
}

// roundOf gives the one of these rounds that a note is in, nil if there is none.
func roundOf(sealed []*models.Round, note models.ID) *models.Round {
	i := slices.IndexFunc(sealed, func(r *models.Round) bool { return slices.Contains(r.NoteIDs, note) })
	if i < 0 {
		return nil
	}
	return sealed[i]
}

func errLayerUnknown() error {
	return models.Invalid("layer_unknown", "A layer is open, or the id of a round of this project.", models.Field{Pointer: "/layer", Problem: "unknown"})
}

func errPinsText(r *models.Round) error {
	return models.Conflict("round_pins_text", fmt.Sprintf("This note is coded in the round %q, so its text stays as it is until the round is revealed.", r.Name))
}

func errPinsCode(r *models.Round) error {
	return models.Conflict("round_pins_code", fmt.Sprintf("This code is used in the round %q, so it stays as it is until the round is revealed. New codes can be made beside it.", r.Name))
}

func errAtRest(r *models.Round) error {
	return models.Conflict("round_at_rest", fmt.Sprintf("This note is coded blind in the round %q. Its open codings, and what is said of them, rest until the round is revealed.", r.Name))
}

// heedRounds refuses what a round that isn't revealed doesn't let be written.
func (s *Service) heedRounds(ctx context.Context, w *work, verb models.Verb, before *models.Image, record models.Record) error {
	switch r := record.(type) {
	case *models.Note:
		if verb == models.VerbUpdated && before.Note.TextVersion == r.TextVersion && before.Note.Draft == r.Draft || verb == models.VerbCreated {
			return nil
		}
		return s.heedText(ctx, w, r.ID)
	case *models.Code:
		if verb == models.VerbCreated {
			return nil
		}
		return s.heedCode(ctx, w, r.ID)
	case *models.Coding:
		return s.heedLayer(ctx, w, r.NoteID, r.Layer)
	case *models.Memo:
		return s.heedMemo(ctx, w, verb, before, r)
	case *models.Comment:
		return s.heedTalk(ctx, w, verb, r)
	case *models.Link:
		return s.heedLink(ctx, w, r)
	}
	return nil
}

// heedText refuses to touch the text of a note that a round pins.
func (s *Service) heedText(ctx context.Context, w *work, note models.ID) error {
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	if r := roundOf(sealed, note); r != nil {
		return errPinsText(r)
	}
	return nil
}

// heedCode refuses to touch a code that a round pins.
func (s *Service) heedCode(ctx context.Context, w *work, code models.ID) error {
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	for _, r := range sealed {
		if slices.Contains(r.CodeIDs, code) {
			return errPinsCode(r)
		}
	}
	return nil
}

// heedRecoding refuses to move the codings of a code while some are on notes at rest. It looks before
// the first is moved, since many take more than one transaction.
func (s *Service) heedRecoding(ctx context.Context, w *work, code models.ID) error {
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	for _, r := range sealed {
		resting, err := s.store.Usages(ctx, w.space, Where{"layer": models.LayerOpen, "codeId": code, "noteId": r.NoteIDs})
		if err != nil {
			return err
		}
		if len(resting) > 0 {
			return errAtRest(r)
		}
	}
	return nil
}

// heedLayer refuses to write in the open layer of a note that is at rest, and in that of a round that
// isn't blind. A guest writes in the layer of their submission alone.
func (s *Service) heedLayer(ctx context.Context, w *work, note models.ID, layer models.Layer) error {
	if w.guest() != nil {
		return w.guestLayer(layer)
	}
	if !layer.Open() {
		r, err := s.layerRound(ctx, w, layer)
		if err == nil && r.State != models.RoundBlind {
			err = errRoundState(fmt.Sprintf("The round %q isn't coded now, so nothing in it changes.", r.Name))
		}
		return err
	}
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	if r := roundOf(sealed, note); r != nil {
		return errAtRest(r)
	}
	return nil
}

// layerRound gives the round of a layer, and remembers if it is revealed.
func (s *Service) layerRound(ctx context.Context, w *work, layer models.Layer) (*models.Round, error) {
	if w.rounds != nil {
		if i := slices.IndexFunc(*w.rounds, func(r *models.Round) bool { return r.Layer() == layer }); i >= 0 {
			return (*w.rounds)[i], nil
		}
	}
	r, err := s.store.Rounds().Find(ctx, w.space, models.ID(layer))
	if isNotFound(err) {
		return nil, errLayerUnknown()
	}
	if err == nil && r.State == models.RoundRevealed {
		w.revealed = append(w.revealed, layer)
	}
	return r, err
}

// heedMemo lets private memos be written in the open layer at any time, since nobody is told of them.
// In a round's layer memos are written while it is blind, and new ones once it is revealed.
func (s *Service) heedMemo(ctx context.Context, w *work, verb models.Verb, before *models.Image, m *models.Memo) error {
	private := m.Private && (before == nil || before.Memo.Private)
	if m.NoteID == "" || (private && (m.Layer.Open() || w.trusted)) {
		return nil
	}
	if m.Target.Noun != models.NounCoding {
		return s.heedLayer(ctx, w, m.NoteID, m.Layer)
	}
	return s.heedTalk(ctx, w, verb, m)
}

// heedTalk lets what is said of a coding be written in a round's layer while it is blind, and once it is
// revealed; what was said while it was blind stays as it is then.
func (s *Service) heedTalk(ctx context.Context, w *work, verb models.Verb, said models.Record) error {
	scope := said.Scope()
	if scope.Layer.Open() {
		return s.heedLayer(ctx, w, scope.NoteID, scope.Layer)
	}
	r, err := s.layerRound(ctx, w, scope.Layer)
	if err != nil || r.State == models.RoundBlind {
		return err
	}
	since := verb == models.VerbCreated || !said.Meta().CreatedAt.Before(r.Moves[len(r.Moves)-1].At)
	if r.State == models.RoundRevealed && since {
		return nil
	}
	return errRoundState(fmt.Sprintf("The round %q isn't coded now, so nothing in it changes.", r.Name))
}

// heedLink heeds both notes of a link.
func (s *Service) heedLink(ctx context.Context, w *work, l *models.Link) error {
	for _, id := range []models.ID{l.FromID, l.ToID} {
		c, err := s.store.Codings().FindAny(ctx, w.space, id)
		if isNotFound(err) {
			continue // purged
		}
		if err := models.First(err); err != nil {
			return err
		}
		if err := s.heedLayer(ctx, w, c.NoteID, c.Layer); err != nil {
			return err
		}
	}
	return nil
}

// heedPurge refuses to delete for good what lies in the bin of a round's layer or of a layer at rest,
// and doesn't tell that it is there.
func (s *Service) heedPurge(ctx context.Context, w *work, record models.Record) error {
	scope := record.Scope()
	if scope.NoteID == record.Meta().ID || w.trusted {
		return nil
	}
	if !scope.Layer.Open() {
		return s.heedRoundPurge(ctx, w, record)
	}
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return err
	}
	if roundOf(sealed, scope.NoteID) != nil {
		return models.NotFound(record.Noun())
	}
	return nil
}

// heedRoundPurge is heedPurge for what isn't in the open layer. The layers of an exercise are of no rounds.
func (s *Service) heedRoundPurge(ctx context.Context, w *work, record models.Record) error {
	p, err := s.store.Projects().FindAny(ctx, w.space, w.space)
	if err != nil || p.Kind == models.SpaceExercise {
		return err
	}
	r, err := s.layerRound(ctx, w, record.Scope().Layer)
	if err == nil && r.State != models.RoundRevealed {
		err = models.NotFound(record.Noun())
	}
	return err
}

// layerToPut gives the layer in which a coding is put. Without one it is that of the round that the actor
// codes the note in, where there is one, and of a guest that of their submission.
func (s *Service) layerToPut(ctx context.Context, w *work, g ground) (models.Layer, error) {
	if guest := w.guest(); guest != nil {
		layer := cmp.Or(g.layer, models.Layer(guest.Party))
		return layer, w.guestLayer(layer)
	}
	if g.layer != "" && !g.layer.Open() {
		r, err := s.layerRound(ctx, w, g.layer)
		if err == nil {
			err = codable(r, g, w.actor.UserID)
		}
		return g.layer, err
	}
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return "", err
	}
	r := roundOf(sealed, g.note)
	switch {
	case r == nil:
		return models.LayerOpen, nil
	case g.layer == models.LayerOpen || !r.CodedBy(w.actor.UserID):
		return "", errAtRest(r)
	}
	return r.Layer(), codable(r, g, w.actor.UserID)
}

// guestLayer refuses a guest any layer but that of the submission they work on.
func (w *work) guestLayer(layer models.Layer) error {
	if party := w.guest().Party; party == "" || layer != models.Layer(party) {
		return errLayerUnknown()
	}
	return nil
}

// codable refuses what isn't a coder's to code in a round.
func codable(r *models.Round, g ground, coder models.ID) error {
	if err := assigned(r, g.note, coder); err != nil {
		return err
	}
	if !slices.Contains(r.CodeIDs, g.code) {
		return models.Invalid("round_code", fmt.Sprintf("This code isn't one of the round %q. A round is coded with the codes that it began with.", r.Name),
			models.Field{Pointer: "/codeId", Problem: "not a code of the round"})
	}
	return nil
}

// checkInRound refuses a coding of a round that doesn't stand where it was put: in the text that the
// round pins, with one of its codes. Such a coding is never carried, and its code never redirected.
func (s *Service) checkInRound(ctx context.Context, w *work, c *models.Coding) error {
	if w.guest() != nil {
		return w.guestLayer(c.Layer)
	}
	r, err := s.layerRound(ctx, w, c.Layer)
	if err != nil {
		return err
	}
	if err := codable(r, ground{c.Layer, c.NoteID, c.CodeID}, c.CoderID); err != nil {
		return err
	}
	return inText(c.Layer, c.Anchor.TextVersion, r.TextVersion(c.NoteID))
}

// inText refuses an anchor of a round's layer in another version of the text than the one pinned; 0 means that one.
func inText(layer models.Layer, version, pinned int) error {
	if layer.Open() || version == 0 || version == pinned {
		return nil
	}
	return models.Conflict("text_changed", "The text was changed since you opened it, and the round is coded in its present version. Load it again.")
}
