package coding

import (
	"context"
	"errors"
	"fmt"

	"feltbog/models"
)

// kind is what one noun adds to the ways every record is made, changed, binned, restored and undone.
type kind[R models.Record] struct {
	records func(Store) Records[R]
	// action is the right to change or bin one; add is the right to make one.
	add, action models.Action
	// author gives who made it, for rights that reach only to one's own; nil where nobody owns it.
	author func(R) models.ID
	// check cleans the record and refuses what may not be; before is nil for a new one.
	check func(ctx context.Context, s *Service, w *work, before *models.Image, r R) error
	// derive keeps what depends on the record in step; it runs in the same transaction.
	derive func(ctx context.Context, s *Service, w *work, verb models.Verb, before *models.Image, r R) error
}

// create stores a new record with its event.
func (k kind[R]) create(ctx context.Context, s *Service, w *work, r R) (R, error) {
	return r, k.createAll(ctx, s, w, r)
}

// createAll stores new records with their events.
func (k kind[R]) createAll(ctx context.Context, s *Service, w *work, all ...R) error {
	for _, r := range all {
		id, err := models.ChosenID(r.Meta().ID)
		if err != nil {
			return err
		}
		*r.Meta() = models.Head{ID: id, SpaceID: w.space, Version: 1, CreatedAt: w.at, UpdatedAt: w.at}
		if err := k.check(ctx, s, w, nil, r); err != nil {
			return err
		}
	}
	if err := k.records(s.store).Insert(ctx, all...); err != nil {
		return fmt.Errorf("insert %s: %w", all[0].Noun(), err)
	}
	for _, r := range all {
		if err := k.after(ctx, s, w, models.VerbCreated, nil, r); err != nil {
			return err
		}
	}
	return nil
}

// update changes a live record that the caller saw at version seen (0: whatever it is now).
func (k kind[R]) update(ctx context.Context, s *Service, w *work, id models.ID, seen int, edit func(R) error) (R, error) {
	return k.save(ctx, s, w, models.VerbUpdated, id, seen, edit)
}

// bin puts a live record into the bin.
func (k kind[R]) bin(ctx context.Context, s *Service, w *work, id models.ID, seen int) (R, error) {
	return k.save(ctx, s, w, models.VerbDeleted, id, seen, func(r R) error {
		r.Meta().DeletedAt, r.Meta().DeletedBy = &w.at, w.actor.UserID
		return nil
	})
}

// restore takes a record out of the bin.
func (k kind[R]) restore(ctx context.Context, s *Service, w *work, id models.ID, seen int) (R, error) {
	return k.save(ctx, s, w, models.VerbRestored, id, seen, func(r R) error {
		r.Meta().DeletedAt, r.Meta().DeletedBy = nil, ""
		return nil
	})
}

func (k kind[R]) save(ctx context.Context, s *Service, w *work, verb models.Verb, id models.ID, seen int, edit func(R) error) (R, error) {
	var none R
	r, err := k.changeable(ctx, s, w, id, seen, verb == models.VerbRestored)
	if err != nil {
		return none, err
	}
	head := r.Meta()
	before, was := r.Image(), head.Version
	if err := edit(r); err != nil {
		return none, err
	}
	head.Version, head.UpdatedAt = was+1, w.at
	if verb != models.VerbDeleted {
		if err := k.check(ctx, s, w, before, r); err != nil {
			return none, err
		}
	}
	if err := k.records(s.store).Replace(ctx, r, was); err != nil {
		return none, fmt.Errorf("replace %s %s: %w", r.Noun(), id, err)
	}
	return r, k.after(ctx, s, w, verb, before, r)
}

// changeable gives a record that the actor may change and saw as it is.
func (k kind[R]) changeable(ctx context.Context, s *Service, w *work, id models.ID, seen int, binned bool) (R, error) {
	var none R
	r, err := k.find(ctx, s, w, id, binned)
	if err != nil {
		return none, err
	}
	if seen != 0 && seen != r.Meta().Version {
		return none, models.Stale(r)
	}
	if k.author != nil && !w.trusted && !w.ours(r) {
		return r, w.mine(k.action, k.author(r))
	}
	return r, nil
}

// find gives a record that the actor may know of, from the bin if binned.
func (k kind[R]) find(ctx context.Context, s *Service, w *work, id models.ID, binned bool) (R, error) {
	var none R
	r, err := k.records(s.store).FindAny(ctx, w.space, id)
	if err != nil {
		return none, err
	}
	audience := r.Scope().Audience
	if (r.Meta().DeletedAt != nil) != binned || !w.actor.Hears(audience) {
		return none, models.NotFound(r.Noun())
	}
	if err := s.heedEyes(ctx, w, r); err != nil {
		return none, err
	}
	return r, nil
}

func (k kind[R]) after(ctx context.Context, s *Service, w *work, verb models.Verb, before *models.Image, r R) error {
	if err := s.heedRounds(ctx, w, verb, before, r); err != nil {
		return err
	}
	if k.derive != nil {
		if err := k.derive(ctx, s, w, verb, before, r); err != nil {
			return err
		}
	}
	var audience models.ID
	if scope := r.Scope(); scope.NoteID != "" && scope.NoteID != r.Meta().ID {
		n, err := s.store.Notes().FindAny(ctx, w.space, scope.NoteID)
		if err != nil {
			return err
		}
		audience = n.Scope().Audience
	}
	w.record(verb, before, r, audience)
	return nil
}

// refer refuses a reference to a record that isn't live in the space. An empty id refers to nothing.
func refer[R models.Record](ctx context.Context, records Records[R], space, id models.ID, pointer string) error {
	if id == "" {
		return nil
	}
	r, err := records.Find(ctx, space, id)
	if isNotFound(err) {
		return models.Invalid(string(r.Noun())+"_unknown", fmt.Sprintf("There is no such %s in this project.", r.Noun()),
			models.Field{Pointer: pointer, Problem: "unknown id"})
	}
	return err
}

// set writes a patch's value where it has one.
func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// problemOf gives the error that callers can act on, out of a chain that has one.
func problemOf(err error) *models.Error {
	e, _ := errors.AsType[*models.Error](err)
	return e
}
