package coding

import (
	"cmp"
	"context"

	"feltbog/models"
)

// NewMemo asks for a memo on a record.
type NewMemo struct {
	ID models.ID `json:"id"`
	// Layer is open or a round's. Without one it is that of the coding it is about, or of the round in
	// which its author codes the note just now, or the open one.
	Layer   models.Layer  `json:"layer"`
	Target  models.Target `json:"target"`
	Private bool          `json:"private"`
	Text    string        `json:"text"`
}

// MemoFields are the fields of a memo that its author changes. Nil leaves a field as it is.
type MemoFields struct {
	Private *bool   `json:"private"`
	Text    *string `json:"text"`
}

var memos = kind[*models.Memo]{
	records: Store.Memos,
	add:     models.ActionWriteMemos,
	action:  models.ActionWriteMemos,
	author:  func(m *models.Memo) models.ID { return m.AuthorID },
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, m *models.Memo) error {
		if before != nil && !before.Memo.Private && m.Private {
			return models.Conflict("memo_shared", "Others have seen this memo, so it can't become private again.")
		}
		if err := models.CleanProse(&m.Text, "/text"); err != nil {
			return err
		}
		if m.Text == "" {
			return models.Invalid("text_empty", "A memo needs some text.", models.Field{Pointer: "/text", Problem: "empty"})
		}
		var layer models.Layer
		var err error
		m.NoteID, layer, err = s.memoTarget(ctx, w, m.Target)
		if isNotFound(err) {
			return errTargetUnknown()
		}
		if err != nil || before != nil {
			return err
		}
		m.Layer, err = s.memoLayer(ctx, w, m, layer)
		return err
	},
}

func errTargetUnknown() error {
	return models.Invalid("target_unknown", "What this memo is about isn't in the project.", models.Field{Pointer: "/target/id", Problem: "unknown id"})
}

// memoLayer gives the layer of a new memo, of which its coding, if it is about one, has the say. In a
// blind round one writes on the notes that one codes there, and on one's own codings.
func (s *Service) memoLayer(ctx context.Context, w *work, m *models.Memo, of models.Layer) (models.Layer, error) {
	if of != "" && m.Layer != "" && m.Layer != of {
		return "", models.Invalid("layer_unknown", "A memo on a coding is in the coding's layer.", models.Field{Pointer: "/layer", Problem: "another than the coding's"})
	}
	layer := cmp.Or(m.Layer, of)
	if m.NoteID == "" || layer == models.LayerOpen {
		if !layer.Open() {
			return "", models.Invalid("layer_unknown", "Only memos on notes and codings are in the layer of a round.", models.Field{Pointer: "/layer", Problem: "not open"})
		}
		return models.LayerOpen, nil
	}
	if layer != "" {
		r, err := s.layerRound(ctx, w, layer)
		if err == nil && of == "" && r.State == models.RoundBlind {
			err = assigned(r, m.NoteID, w.actor.UserID)
		}
		return layer, err
	}
	sealed, err := w.sealed(ctx, s)
	if err != nil {
		return "", err
	}
	if r := roundOf(sealed, m.NoteID); r != nil && r.CodedBy(w.actor.UserID) {
		return r.Layer(), assigned(r, m.NoteID, w.actor.UserID)
	}
	return models.LayerOpen, nil
}

// memoTarget finds what a memo is about and gives the note it hangs on, if any, and the layer of the coding.
func (s *Service) memoTarget(ctx context.Context, w *work, t models.Target) (models.ID, models.Layer, error) {
	switch t.Noun {
	case models.NounProject:
		if t.ID != w.space {
			return "", "", models.NotFound(models.NounProject)
		}
		return "", "", nil
	case models.NounSite:
		_, err := s.store.Sites().Find(ctx, w.space, t.ID)
		return "", "", err
	case models.NounCode:
		_, err := s.store.Codes().Find(ctx, w.space, t.ID)
		return "", "", err
	case models.NounNote:
		_, err := s.visibleNote(ctx, w.actor, w.space, t.ID)
		return t.ID, "", err
	case models.NounCoding:
		c, err := s.writableCoding(ctx, w, t.ID)
		if err != nil {
			return "", "", err
		}
		_, err = s.visibleNote(ctx, w.actor, w.space, c.NoteID)
		return c.NoteID, c.Layer, err
	}
	return "", "", models.Invalid("target_unknown", "A memo is about the project, a site, a note, a code or a coding.", models.Field{Pointer: "/target/noun", Problem: "unknown"})
}

// writableCoding finds a coding that one may know of and write about. Of a round that isn't revealed those
// are one's own, also for those who read along.
func (s *Service) writableCoding(ctx context.Context, w *work, id models.ID) (*models.Coding, error) {
	c, err := s.store.Codings().Find(ctx, w.space, id)
	if err != nil {
		return c, err
	}
	v, err := w.sees(ctx, s)
	if err != nil {
		return c, err
	}
	if !v.knows(c) {
		return c, models.NotFound(models.NounCoding)
	}
	if c.Layer.Open() || c.CoderID == w.actor.UserID {
		return c, nil
	}
	r, err := s.layerRound(ctx, w, c.Layer)
	if err == nil && r.State != models.RoundRevealed {
		err = models.NotFound(models.NounCoding)
	}
	return c, err
}

// CreateMemo writes a memo on a project, site, note, code or coding.
func (s *Service) CreateMemo(ctx context.Context, actor models.Actor, space models.ID, in NewMemo) (*models.Memo, error) {
	return change(ctx, s, actor, space, memos.add, func(ctx context.Context, w *work) (*models.Memo, error) {
		return memos.create(ctx, s, w, &models.Memo{Head: models.Head{ID: in.ID}, Target: in.Target, Layer: in.Layer, AuthorID: actor.UserID, Private: in.Private, Text: in.Text})
	})
}

// ChangeMemo writes one's own memo anew, or shares it.
func (s *Service) ChangeMemo(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f MemoFields) (*models.Memo, error) {
	return change(ctx, s, actor, space, memos.action, func(ctx context.Context, w *work) (*models.Memo, error) {
		return memos.update(ctx, s, w, id, seen, func(m *models.Memo) error {
			set(&m.Private, f.Private)
			set(&m.Text, f.Text)
			return nil
		})
	})
}

// DeleteMemo puts one's own memo into the bin.
func (s *Service) DeleteMemo(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, memos.action, func(ctx context.Context, w *work) (*models.Memo, error) {
		return memos.bin(ctx, s, w, id, seen)
	})
	return err
}

// Memos lists the memos of a layer the actor may see: those on one record if target is set, those on or
// in one note if note is set, all otherwise. What is on no note is in the open layer.
func (s *Service) Memos(ctx context.Context, actor models.Actor, space, target, note models.ID, layer models.Layer, p models.Page) (models.List[*models.Memo], error) {
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return models.List[*models.Memo]{}, err
	}
	q := v.older(layer, Query{Where: Where{}, Viewer: actor.Viewer()})
	if target != "" {
		q.Where["target.id"] = target
	}
	if note != "" {
		q.Where["noteId"] = note
	}
	return s.store.Memos().List(ctx, space, q, p)
}

// Memo gives one memo the actor may see.
func (s *Service) Memo(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Memo, error) {
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	m, err := s.store.Memos().Find(ctx, space, id)
	if err != nil {
		return nil, err
	}
	if (m.Private && m.AuthorID != actor.UserID) || !v.knows(m) {
		return nil, models.NotFound(models.NounMemo)
	}
	if m.NoteID != "" {
		if _, err := s.visibleNote(ctx, actor, space, m.NoteID); err != nil {
			return nil, models.NotFound(models.NounMemo)
		}
	}
	return m, nil
}
