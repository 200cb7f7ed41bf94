package coding

import (
	"context"

	"feltbog/models"
)

// NewLink asks for a relation from one coding to another.
type NewLink struct {
	ID     models.ID       `json:"id"`
	FromID models.ID       `json:"fromId"`
	ToID   models.ID       `json:"toId"`
	Kind   models.LinkKind `json:"kind"`
	Text   string          `json:"text"`
}

// LinkFields are the fields of a link that its author changes. Nil leaves a field as it is.
type LinkFields struct {
	Kind *models.LinkKind `json:"kind"`
	Text *string          `json:"text"`
}

var links = kind[*models.Link]{
	records: Store.Links,
	add:     models.ActionLink,
	action:  models.ActionLink,
	author:  func(l *models.Link) models.ID { return l.AuthorID },
	check: func(ctx context.Context, s *Service, w *work, _ *models.Image, l *models.Link) error {
		if err := models.First(models.OneOf(l.Kind, models.LinkKinds(), "kind_unknown", "/kind"), models.CleanProse(&l.Text, "/text")); err != nil {
			return err
		}
		if l.FromID == l.ToID {
			return models.Invalid("link_to_itself", "A link leads from one coding to another.", models.Field{Pointer: "/toId", Problem: "same as fromId"})
		}
		from, err := s.linkable(ctx, w, l.FromID, "/fromId")
		if err != nil {
			return err
		}
		to, err := s.linkable(ctx, w, l.ToID, "/toId")
		if err == nil && to.Layer != from.Layer {
			err = models.Invalid("layer_unknown", "A link leads from one coding to another of the same layer.", models.Field{Pointer: "/toId", Problem: "in another layer"})
		}
		if err != nil {
			return err
		}
		l.Layer, l.NoteIDs = from.Layer, []models.ID{from.NoteID, to.NoteID}
		return nil
	},
}

// linkable refuses a link to a coding that isn't there, or whose note not everybody may see.
func (s *Service) linkable(ctx context.Context, w *work, id models.ID, pointer string) (*models.Coding, error) {
	unknown := models.Invalid("coding_unknown", "There is no such coding in this project.", models.Field{Pointer: pointer, Problem: "unknown id"})
	c, err := s.writableCoding(ctx, w, id)
	if isNotFound(err) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	n, err := s.visibleNote(ctx, w.actor, w.space, c.NoteID)
	if isNotFound(err) {
		return nil, unknown
	}
	if err == nil && n.Draft {
		err = models.Conflict("note_draft", "This coding is on a draft. Share the note before you link its codings.")
	}
	return c, err
}

// CreateLink relates two codings.
func (s *Service) CreateLink(ctx context.Context, actor models.Actor, space models.ID, in NewLink) (*models.Link, error) {
	return change(ctx, s, actor, space, links.add, func(ctx context.Context, w *work) (*models.Link, error) {
		return links.create(ctx, s, w, &models.Link{Head: models.Head{ID: in.ID}, FromID: in.FromID, ToID: in.ToID, Kind: in.Kind, Text: in.Text, AuthorID: actor.UserID})
	})
}

// ChangeLink writes one's own link anew.
func (s *Service) ChangeLink(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f LinkFields) (*models.Link, error) {
	return change(ctx, s, actor, space, links.action, func(ctx context.Context, w *work) (*models.Link, error) {
		return links.update(ctx, s, w, id, seen, func(l *models.Link) error {
			set(&l.Kind, f.Kind)
			set(&l.Text, f.Text)
			return nil
		})
	})
}

// DeleteLink puts one's own link into the bin.
func (s *Service) DeleteLink(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, links.action, func(ctx context.Context, w *work) (*models.Link, error) {
		return links.bin(ctx, s, w, id, seen)
	})
	return err
}

// Links lists the links of a layer of a project, or those from or to one coding.
func (s *Service) Links(ctx context.Context, actor models.Actor, space, codingID models.ID, layer models.Layer, p models.Page) (models.List[*models.Link], error) {
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return models.List[*models.Link]{}, err
	}
	q := v.older(layer, Query{Where: Where{}, NoteField: "noteIds"})
	if len(v.veiled) > 0 {
		q.Where["noteIds"] = Present{} // one made before there were rounds doesn't say where it is
	}
	if codingID != "" {
		q.Any = Where{"fromId": codingID, "toId": codingID}
	}
	return s.store.Links().List(ctx, space, q, p)
}
