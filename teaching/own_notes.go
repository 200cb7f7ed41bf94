package teaching

import (
	"context"

	"feltbog/coding"
	"feltbog/models"
)

// brings finds a student in an exercise that takes notes of their own, and lends them its space.
func (s *Service) brings(ctx context.Context, x *exercisePlace) (models.Actor, error) {
	if !x.exercise.OwnNotes {
		return x.actor, models.Conflict("own_notes_off", "This exercise doesn't take notes of your own.")
	}
	mine, err := s.mine(ctx, x)
	if err == nil && mine == "" {
		err = models.Conflict("submission_needed", "Begin your answers to the exercise first.")
	}
	return x.guest(mine), err
}

// bringing is brings for a transaction that makes a note, which meets the erasure of who brings it.
func (s *Service) bringing(ctx context.Context, x *exercisePlace) (models.Actor, error) {
	guest, err := s.brings(ctx, x)
	if err != nil {
		return guest, err
	}
	return guest, s.guardMember(ctx, x.member)
}

// BringNote adds a note of the actor's own to the submission that they, or their group, work on.
func (s *Service) BringNote(ctx context.Context, actor models.Actor, exercise models.ID, in coding.NewNote) (*Note, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseAnswer, func(ctx context.Context, x exercisePlace) (*Note, error) {
		guest, err := s.bringing(ctx, &x)
		if err != nil {
			return nil, err
		}
		n, err := s.desk.CreateNote(ctx, guest, exercise, in)
		if err != nil {
			return nil, err
		}
		return s.noteSeen(ctx, &x, n)
	})
}

// ownFields are what a file may say of an own note.
func ownFields(f coding.NoteFields) coding.NoteFields {
	kind := models.KindDocument
	if f.Kind != nil {
		kind = *f.Kind
	}
	return coding.NoteFields{Title: f.Title, Kind: &kind, ObservedOn: f.ObservedOn, Language: f.Language}
}

// MayBring says whether the actor may bring notes of their own into an exercise.
func (s *Service) MayBring(ctx context.Context, actor models.Actor, exercise models.ID) error {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseAnswer)
	if err != nil {
		return err
	}
	_, err = s.brings(ctx, &x)
	return err
}

// ImportNotes makes own notes of files, each of which answers for itself. Next and report are as of
// coding.Import. A table is refused, and what is said in the margin of a file stays in it.
func (s *Service) ImportNotes(ctx context.Context, actor models.Actor, exercise models.ID, next func() (coding.Upload, bool), report func(coding.UploadResult)) error {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseAnswer)
	if err != nil {
		return err
	}
	guest, err := s.brings(ctx, &x)
	if err != nil {
		return err
	}
	// While a file was read, whoever brings it may have been erased, or put into another group.
	allow := func(ctx context.Context) error {
		x, err := s.enterExercise(ctx, actor, exercise, models.CourseAnswer)
		if err != nil {
			return err
		}
		now, err := s.bringing(ctx, &x)
		if err == nil && now.Guest.Party != guest.Guest.Party {
			err = models.NotFound(models.NounExercise) // they are of another group by now
		}
		return err
	}
	var failed error
	err = s.desk.Import(ctx, guest, exercise, func() (coding.Upload, bool) {
		u, ok := next()
		if err := s.MayBring(ctx, actor, exercise); ok && err != nil { // taken out of the course while the files are read
			failed = err
			return coding.Upload{}, false
		}
		if u.Table != nil {
			u.Table, u.Problem = nil, models.Invalid("format_is_table", "A table can't be a note here. Copy the rows that matter into a note of your own.")
		}
		u.Comments, u.Fields, u.Allow = nil, ownFields(u.Fields), allow
		return u, ok
	}, report)
	if isNotFound(err) {
		err = models.NotFound(models.NounExercise) // it was deleted, or they were, while the files were read
	}
	return models.First(failed, err)
}

// RemoveOwnNote puts a note of the actor's submission into the bin. It returns Conflict (note_in_use) while
// evidence stands on it.
func (s *Service) RemoveOwnNote(ctx context.Context, actor models.Actor, exercise, note models.ID) error {
	_, err := changeExercise(ctx, s, actor, exercise, models.CourseAnswer, func(ctx context.Context, x exercisePlace) (struct{}, error) {
		mine, err := s.mine(ctx, &x)
		if err == nil && mine == "" {
			err = models.NotFound(models.NounNote)
		}
		if err != nil {
			return struct{}{}, err
		}
		// First, so that it meets whoever puts evidence on the note meanwhile.
		if err := s.desk.RemoveOwnNote(ctx, x.guest(mine), note); err != nil {
			return struct{}{}, err
		}
		used, err := s.store.RestsOn(ctx, note)
		if err == nil && used {
			err = models.Conflict("note_in_use", "Evidence of your answers stands on this note. Take that away first.")
		}
		return struct{}{}, err
	})
	return err
}

// RestoreOwnNote takes a note of the actor's submission out of the bin, and gives it.
func (s *Service) RestoreOwnNote(ctx context.Context, actor models.Actor, exercise, note models.ID) (*Note, error) {
	return changeExercise(ctx, s, actor, exercise, models.CourseAnswer, func(ctx context.Context, x exercisePlace) (*Note, error) {
		mine, err := s.mine(ctx, &x)
		if err == nil && mine == "" {
			err = models.NotFound(models.NounNote)
		}
		if err == nil {
			err = s.guardMember(ctx, x.member)
		}
		if err != nil {
			return nil, err
		}
		n, err := s.desk.RestoreOwnNote(ctx, x.guest(mine), note)
		if err != nil {
			return nil, err
		}
		return s.noteSeen(ctx, &x, n)
	})
}
