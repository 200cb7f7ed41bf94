package coding

import (
	"context"
	"fmt"

	"feltbog/models"
)

// Release copies a note of a project into the exercise that the actor is lent as its owner: the words of
// its current version, and what places them, under pseudonyms. Nothing that the team made of the note goes
// along: no memos, attributes, files and codings, and not who observed it. A note that was released before
// is given as it was then. The actor must be an owner of the project. It returns Conflict (note_released)
// where another released it at the same moment.
func (s *Service) Release(ctx context.Context, guest models.Actor, project, note models.ID) (copied *models.Note, made bool, err error) {
	copied, err = change(ctx, s, guest, guest.Guest.SpaceID, models.ActionReleaseNotes, func(ctx context.Context, w *work) (*models.Note, error) {
		made = false
		owner := guest
		owner.Guest = nil
		if _, err := s.admit(ctx, owner, project, models.ActionReleaseNotes); err != nil {
			return nil, err
		}
		if err := s.store.GuardShared(ctx, project); err != nil { // meets whoever puts the note into the bin
			return nil, fmt.Errorf("guard %s: %w", project, err)
		}
		original, err := s.visibleNote(ctx, owner, project, note)
		if err != nil {
			return nil, err
		}
		if original.Draft {
			return nil, models.Conflict("note_draft", "This note is a draft of yours. Share it with the project before it is released.")
		}
		before, err := s.store.Notes().All(ctx, w.space, Query{Where: Where{"release.noteId": note}}, 1)
		if err != nil || len(before) > 0 {
			return first(before), err
		}
		made = true
		return s.release(ctx, w, original)
	})
	return copied, made, err
}

// first gives the first of some records, nil if there is none.
func first[R any](all []*R) *R {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// release copies a note into the space of w.
func (s *Service) release(ctx context.Context, w *work, original *models.Note) (*models.Note, error) {
	there, err := s.store.NoteIDs(ctx, w.space, Query{Where: Where{"release.noteId": Present{}}})
	if err != nil {
		return nil, err
	}
	if len(there) >= models.MaxReleases {
		return nil, models.Conflict("releases_too_many", fmt.Sprintf("%d notes can be released to one exercise.", models.MaxReleases))
	}
	from, err := s.origin(ctx, w, original)
	if err != nil {
		return nil, err
	}
	t, err := s.text(ctx, original.ID, original.TextVersion)
	if err != nil {
		return nil, err
	}
	n, err := notes.create(ctx, s, w, &models.Note{
		Title: original.Title, Kind: original.Kind, ObservedOn: original.ObservedOn, Language: original.Language, Meeting: original.Meeting,
		ParticipantIDs: []models.ID{}, AuthorID: w.actor.UserID, TextVersion: 1, Length: original.Length, Release: from,
	})
	if err != nil {
		return nil, err
	}
	words, err := newText(n, 1, models.Content{Text: t.Text.Text, Blocks: t.Blocks, Marks: t.Marks}, w.actor.UserID)
	if err != nil {
		return nil, err
	}
	return n, s.store.InsertTexts(ctx, words)
}

// origin says what a copy of a note tells of it beside its fields.
func (s *Service) origin(ctx context.Context, w *work, n *models.Note) (*models.Release, error) {
	from := &models.Release{SpaceID: n.SpaceID, NoteID: n.ID, TextVersion: n.TextVersion, By: w.actor.UserID, At: w.at, Participants: []models.Person{}}
	if n.SiteID != "" {
		site, err := s.store.Sites().Find(ctx, n.SpaceID, n.SiteID)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil {
			from.SiteName, from.SiteKind = site.Name, site.Kind
		}
	}
	if len(n.ParticipantIDs) == 0 {
		return from, nil
	}
	people, err := s.store.Participants().All(ctx, n.SpaceID, Query{Where: Where{"_id": n.ParticipantIDs}}, models.MaxParticipants)
	for _, p := range people {
		from.Participants = append(from.Participants, models.Person{ID: p.ID, Pseudonym: p.Pseudonym, ActorRole: p.ActorRole})
	}
	return from, err
}

// Releases lists the copies of a project's note in exercises, for its owners.
func (s *Service) Releases(ctx context.Context, actor models.Actor, space, note models.ID) ([]*models.Note, error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionReleaseNotes); err != nil {
		return nil, err
	}
	if _, err := s.visibleNote(ctx, actor, space, note); err != nil {
		return nil, err
	}
	return s.store.Copies(ctx, space, note, models.MaxPageSize)
}

// TakeRelease takes a released note out of the exercise that the actor is lent as its owner, for good.
func (s *Service) TakeRelease(ctx context.Context, guest models.Actor, id models.ID) error {
	space := guest.Guest.SpaceID
	var job Job
	_, err := change(ctx, s, guest, space, models.ActionReleaseNotes, func(ctx context.Context, w *work) (struct{}, error) {
		n, err := s.store.Notes().Find(ctx, space, id)
		if err == nil && n.Release == nil {
			err = models.NotFound(models.NounNote)
		}
		if err != nil {
			return struct{}{}, err
		}
		job, err = s.purgeNote(ctx, w, n)
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	return s.finish(ctx, job)
}

// RemoveOwnNote puts a note of the submission that the actor works on into the bin.
func (s *Service) RemoveOwnNote(ctx context.Context, guest models.Actor, id models.ID) error {
	_, err := change(ctx, s, guest, guest.Guest.SpaceID, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		n, err := notes.find(ctx, s, w, id, false)
		if err == nil && !w.ours(n) {
			err = models.NotFound(models.NounNote)
		}
		if err != nil {
			return nil, err
		}
		return notes.bin(ctx, s, w, id, 0)
	})
	return err
}

// RestoreOwnNote takes a note of the submission that the actor works on out of the bin. One that isn't there
// is given as it is.
func (s *Service) RestoreOwnNote(ctx context.Context, guest models.Actor, id models.ID) (*models.Note, error) {
	return change(ctx, s, guest, guest.Guest.SpaceID, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		n, err := s.store.Notes().FindAny(ctx, w.space, id)
		if err == nil && !w.ours(n) {
			err = models.NotFound(models.NounNote)
		}
		if err != nil || n.DeletedAt == nil {
			return n, err
		}
		if _, err := s.partyOf(ctx, w, 1); err != nil {
			return nil, err
		}
		return notes.restore(ctx, s, w, id, 0)
	})
}

// purgeNote purges a note in the transaction of w, also one that isn't in the bin yet. The rest is the job's.
func (s *Service) purgeNote(ctx context.Context, w *work, n *models.Note) (Job, error) {
	w.trusted = true
	if n.DeletedAt == nil {
		if _, err := notes.bin(ctx, s, w, n.ID, 0); err != nil {
			return Job{}, err
		}
	}
	return s.beginPurge(ctx, w, models.NounNote, n.ID)
}

// PurgeOwnNotes purges the notes that the people of a submission brought into an exercise. Whether that may
// be done is the caller's to ask.
func (s *Service) PurgeOwnNotes(ctx context.Context, by, space, submission models.ID) error {
	for _, bin := range []bool{false, true} {
		for p := (models.Page{Limit: models.MaxPageSize}); ; {
			page, err := s.store.Notes().List(ctx, space, Query{Where: Where{"partyId": submission}, Bin: bin}, p)
			if err != nil {
				return err
			}
			if err := s.purgeNotes(ctx, by, page.Items); err != nil {
				return err
			}
			if page.Next == "" {
				break
			}
			p.Cursor = page.Next
		}
	}
	return nil
}

// purgeNotes purges notes of whatever spaces, each for itself.
func (s *Service) purgeNotes(ctx context.Context, by models.ID, all []*models.Note) error {
	ctx = context.WithValue(ctx, keyContext{}, nil) // a key keeps one answer, which is that of the purge they follow from
	for _, n := range all {
		var job Job
		purger := models.Actor{UserID: by, Guest: &models.Guest{SpaceID: n.SpaceID, Role: models.RoleOwner, All: true}} // hears of the notes of submissions
		_, err := once(ctx, s, purger, func(ctx context.Context, w *work) (struct{}, error) {
			w.space, w.trusted, w.member = n.SpaceID, true, &models.Member{UserID: by, Role: models.RoleOwner}
			is, err := s.store.Notes().FindAny(ctx, n.SpaceID, n.ID)
			if err != nil {
				return struct{}{}, err
			}
			job, err = s.purgeNote(ctx, w, is)
			return struct{}{}, err
		})
		if isNotFound(err) {
			continue // somebody else purged it
		}
		if err != nil {
			return fmt.Errorf("purge note %s: %w", n.ID, err)
		}
		if err := s.finish(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// purgeCopies purges what was copied into exercises of what a job purges: a note, or a project's notes. They
// are in the bin, so none is released meanwhile.
func (s *Service) purgeCopies(ctx context.Context, j Job) error {
	note := j.Target
	switch j.Noun {
	case models.NounProject:
		note = ""
	case models.NounNote:
	default:
		return nil
	}
	for {
		copies, err := s.store.Copies(ctx, j.SpaceID, note, models.MaxBatch)
		if err != nil || len(copies) == 0 {
			return err
		}
		if err := s.purgeNotes(ctx, j.ActorID, copies); err != nil {
			return err
		}
	}
}

// PurgeSpace purges the space of an exercise with all that was answered there, from the bin or from where it
// is. Whether that may be done is the caller's to ask.
func (s *Service) PurgeSpace(ctx context.Context, by, space models.ID) error {
	var job Job
	_, err := once(ctx, s, models.Actor{UserID: by}, func(ctx context.Context, w *work) (struct{}, error) {
		w.space, w.trusted, w.member = space, true, &models.Member{UserID: by, Role: models.RoleOwner}
		p, err := s.store.Projects().FindAny(ctx, space, space)
		if err != nil {
			return struct{}{}, err
		}
		if p.Kind != models.SpaceExercise {
			return struct{}{}, models.NotFound(models.NounExercise)
		}
		if p.DeletedAt == nil {
			if _, err := projects.bin(ctx, s, w, space, 0); err != nil {
				return struct{}{}, err
			}
		}
		job, err = s.beginPurge(ctx, w, models.NounProject, space)
		return struct{}{}, err
	})
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("purge the space %s: %w", space, err)
	}
	return s.finish(ctx, job)
}
