package coding

import (
	"context"
	"fmt"
	"unicode/utf8"

	"feltbog/models"
)

// DraftFields are what an author has written of a note. They replace all that was written before.
type DraftFields struct {
	NoteID      models.ID          `json:"noteId"`
	NoteVersion int                `json:"noteVersion"`
	Revision    models.ID          `json:"revision"`
	Note        models.DraftedNote `json:"note"`
	Format      string             `json:"format"`
	Text        string             `json:"text"`
}

// Drafts lists what the actor is writing in a project, without the words, the last written first.
func (s *Service) Drafts(ctx context.Context, actor models.Actor, space models.ID) ([]*models.DraftHead, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Drafts(ctx, space, actor.UserID)
}

// Draft gives one of the actor's drafts; those of others aren't there.
func (s *Service) Draft(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Draft, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Draft(ctx, space, actor.UserID, id)
}

// SaveDraft overwrites the actor's draft that they saw at version seen, or begins one if seen is 0. It
// returns Stale with the current draft to whoever saw another, unless that holds the same revision: then
// they only missed the answer. A draft of a note that was saved meanwhile is a Conflict (draft_saved).
//
// No answer is kept under an Idempotency-Key: the revision does its work, and the words lie in one place.
func (s *Service) SaveDraft(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f DraftFields) (*models.DraftHead, error) {
	if _, err := models.ChosenID(id); err != nil {
		return nil, err
	}
	d := &models.Draft{
		DraftHead: models.DraftHead{
			ID: id, SpaceID: space, AuthorID: actor.UserID, Revision: f.Revision,
			NoteID: f.NoteID, NoteVersion: f.NoteVersion, Note: f.Note, Format: f.Format, Length: points(f.Text),
		},
		Text: f.Text,
	}
	if err := checkDraft(d); err != nil {
		return nil, err
	}
	var out *models.DraftHead
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
			return err
		}
		if err := s.store.GuardShared(ctx, space); err != nil {
			return fmt.Errorf("guard %s: %w", space, err)
		}
		var err error
		out, err = s.saveDraft(ctx, d, seen)
		return err
	})
	return out, err
}

func (s *Service) saveDraft(ctx context.Context, d *models.Draft, seen int) (*models.DraftHead, error) {
	current, err := s.store.Draft(ctx, d.SpaceID, d.AuthorID, d.ID)
	switch {
	case isNotFound(err):
		if err := s.beginDraft(ctx, d); err != nil {
			return nil, err
		}
		if seen != 0 {
			return nil, models.NotFound(models.NounDraft)
		}
		d.Version, d.CreatedAt = 1, s.clock()
	case err != nil:
		return nil, err
	case current.Revision == d.Revision:
		return &current.DraftHead, nil
	case current.Version != seen:
		return nil, models.Stale(current)
	default:
		d.Version, d.CreatedAt = seen+1, current.CreatedAt
	}
	d.UpdatedAt = s.clock()
	return &d.DraftHead, s.store.SaveDraft(ctx, d, seen)
}

// beginDraft refuses a draft of what is a note by now, of what the author can't see, and one too many.
func (s *Service) beginDraft(ctx context.Context, d *models.Draft) error {
	if d.NoteID != "" {
		if _, err := s.visibleNote(ctx, models.Actor{UserID: d.AuthorID}, d.SpaceID, d.NoteID); err != nil {
			return err
		}
	} else if _, err := s.store.Notes().FindAny(ctx, d.SpaceID, d.ID); !isNotFound(err) {
		if err != nil {
			return err
		}
		return models.Conflict("draft_saved", "This has been saved as a note. Open the note to change it.")
	}
	all, err := s.store.Drafts(ctx, d.SpaceID, d.AuthorID)
	if err != nil {
		return err
	}
	if len(all) >= models.MaxDrafts {
		return models.Invalid("draft_limit", fmt.Sprintf("You may keep %d drafts in a project. Save or remove one first.", models.MaxDrafts))
	}
	return nil
}

// DeleteDraft removes one's own draft for good.
func (s *Service) DeleteDraft(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	return s.store.Tx(ctx, func(ctx context.Context) error {
		if _, _, err := s.allow(ctx, actor, space, models.ActionRead); err != nil {
			return err
		}
		d, err := s.store.Draft(ctx, space, actor.UserID, id)
		if err != nil {
			return err
		}
		if seen != 0 && seen != d.Version {
			return models.Stale(d)
		}
		return s.store.DropDrafts(ctx, space, actor.UserID, id)
	})
}

// checkDrafted bounds the values of attributes. Whether the project has these attributes isn't looked up.
func checkDrafted(n *models.DraftedNote) error {
	if len(n.Attributes) > models.MaxAttributes {
		return models.Invalid("attributes_too_many", fmt.Sprintf("A project may have %d attributes.", models.MaxAttributes), models.Field{Pointer: "/note/attributes", Problem: "too many"})
	}
	n.Attributes = n.Attributes.With(nil)
	for id, v := range n.Attributes {
		switch v := v.(type) {
		case float64, bool:
			continue
		case string:
			if utf8.RuneCountInString(v) <= models.MaxAttribute {
				continue
			}
		}
		return models.Invalid("attribute_value", "The value of an attribute is a text, a number, or true or false.", models.Field{Pointer: "/note/attributes/" + string(id), Problem: "not a value"})
	}
	return nil
}

// checkDraft bounds what is written. What a note would have to be it may still become.
func checkDraft(d *models.Draft) error {
	n := &d.Note
	if d.Revision == "" {
		return models.Invalid("revision_missing", "Name what you wrote with a revision, a UUIDv7 made anew for each change.", models.Field{Pointer: "/revision", Problem: "missing"})
	}
	if d.NoteVersion < 0 {
		d.NoteVersion = 0
	}
	if n.Kind == "" {
		n.Kind = models.KindFieldNote
	}
	if d.Format == "" {
		d.Format = "plain"
	}
	if err := models.First(
		models.CleanLabel(&n.Title, "/note/title"), models.OneOf(n.Kind, models.NoteKinds(), "kind_unknown", "/note/kind"),
		models.CleanLabel(&n.Phase, "/note/phase"), models.CleanLabel(&n.Language, "/note/language"), models.CleanProse(&n.Meeting.Purpose, "/note/meeting/purpose"),
		models.OneOf(d.Format, []string{"plain", "markdown"}, "format_unknown", "/format")); err != nil {
		return err
	}
	if n.ParticipantIDs = orEmpty(n.ParticipantIDs); len(n.ParticipantIDs) > models.MaxParticipants {
		return models.Invalid("participants_too_many", fmt.Sprintf("A note may name %d participants.", models.MaxParticipants),
			models.Field{Pointer: "/note/participantIds", Problem: "too many"})
	}
	if n.Meeting.Agenda = orEmpty(n.Meeting.Agenda); len(n.Meeting.Agenda) > maxAgenda {
		return models.Invalid("agenda_too_long", fmt.Sprintf("An agenda may have %d items.", maxAgenda), models.Field{Pointer: "/note/meeting/agenda", Problem: "too many"})
	}
	for i := range n.Meeting.Agenda {
		if err := models.CleanLabel(&n.Meeting.Agenda[i], fmt.Sprintf("/note/meeting/agenda/%d", i)); err != nil {
			return err
		}
	}
	if err := checkDrafted(n); err != nil {
		return err
	}
	return checkWords(d.Text)
}
