package coding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"feltbog/models"
)

// NewCoding asks for one code on one anchor. An anchor without a text version means the current one.
// Without a layer it is that of the round in which the coder codes the note just now, or the open one.
type NewCoding struct {
	ID     models.ID     `json:"id"`
	Layer  models.Layer  `json:"layer"`
	NoteID models.ID     `json:"noteId"`
	CodeID models.ID     `json:"codeId"`
	Anchor models.Anchor `json:"anchor"`
}

// CodingFields are the fields of a coding that its coder changes. Nil leaves a field as it is.
type CodingFields struct {
	CodeID *models.ID     `json:"codeId"`
	Anchor *models.Anchor `json:"anchor"`
}

var codings = kind[*models.Coding]{
	records: Store.Codings,
	add:     models.ActionCode,
	action:  models.ActionCode,
	author:  func(c *models.Coding) models.ID { return c.CoderID },
	check: func(ctx context.Context, s *Service, w *work, _ *models.Image, c *models.Coding) error {
		if !c.Layer.Open() {
			return s.checkInRound(ctx, w, c)
		}
		n, code, err := s.footing(ctx, w, c.NoteID, c.CodeID)
		if err != nil {
			return err
		}
		c.CodeID = code.ID
		if c.Anchor.TextVersion == n.TextVersion {
			return nil
		}
		// It comes out of the bin or the history, into a text that was edited since.
		c.Anchor, c.Review, err = s.carried(ctx, n.ID, n.TextVersion, c.Anchor)
		return err
	},
	derive: func(ctx context.Context, s *Service, _ *work, verb models.Verb, before *models.Image, c *models.Coding) error {
		switch {
		case verb == models.VerbDeleted:
			return s.store.Count(ctx, usageOf(c), -1)
		case verb == models.VerbRestored:
			return s.store.Count(ctx, usageOf(c), 1)
		case before != nil && before.Coding.CodeID != c.CodeID:
			if err := s.store.Count(ctx, usageOf(before.Coding), -1); err != nil {
				return err
			}
			return s.store.Count(ctx, usageOf(c), 1)
		}
		return nil
	},
}

func usageOf(c *models.Coding) Usage {
	return Usage{SpaceID: c.SpaceID, Layer: c.Layer, NoteID: c.NoteID, CodeID: c.CodeID, CoderID: c.CoderID}
}

// footing finds the note and the code of a coding.
func (s *Service) footing(ctx context.Context, w *work, note, code models.ID) (*models.Note, *models.Code, error) {
	n, err := s.visibleNote(ctx, w.actor, w.space, note)
	if isNotFound(err) {
		return nil, nil, models.Invalid("note_unknown", "There is no such note in this project.", models.Field{Pointer: "/noteId", Problem: "unknown id"})
	}
	if err != nil {
		return nil, nil, err
	}
	c, err := s.codeToPut(ctx, w.space, code)
	return n, c, err
}

// codeToPut finds a code that can be put; a merged one leads on to what it was merged into.
func (s *Service) codeToPut(ctx context.Context, space, code models.ID) (*models.Code, error) {
	c, err := s.live(ctx, space, code)
	switch {
	case isNotFound(err):
		return nil, models.Invalid("code_unknown", "There is no such code in this project's codebook.", models.Field{Pointer: "/codeId", Problem: "unknown id"})
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, models.Conflict("code_archived", "This code is archived. An editor can bring it back in the codebook.")
	}
	return c, nil
}

// live gives a code, or what it was merged into; archived or not.
func (s *Service) live(ctx context.Context, space, code models.ID) (*models.Code, error) {
	for range models.MaxCodes {
		c, err := s.store.Codes().Find(ctx, space, code)
		if err != nil || c.MergedInto == "" {
			return c, err
		}
		code = c.MergedInto
	}
	return nil, fmt.Errorf("code %s is merged in a circle", code)
}

// anchor checks an asked anchor in the text version it names, and carries it forward to the current one.
func (s *Service) anchor(ctx context.Context, note models.ID, current int, asked models.Anchor) (models.Anchor, error) {
	version := asked.TextVersion
	if version == 0 {
		version = current
	}
	if version < 0 || version > current {
		return asked, models.Invalid("text_version_unknown", "There is no such version of this text.", models.Field{Pointer: "/anchor/textVersion", Problem: "unknown"})
	}
	t, err := s.text(ctx, note, version)
	if err != nil {
		return asked, err
	}
	a, err := CheckAnchor(t, asked)
	if err != nil || version == current {
		return a, err
	}
	moved, review, err := s.carried(ctx, note, current, a)
	if review {
		return a, models.Conflict("text_changed", "The text was changed since you opened it, and these words are gone. Load it again.")
	}
	return moved, err
}

// carried moves an anchor of an older text to the current one; review is as in Carrier.Carry.
func (s *Service) carried(ctx context.Context, note models.ID, current int, a models.Anchor) (moved models.Anchor, review bool, err error) {
	from, err := s.text(ctx, note, a.TextVersion)
	if err != nil {
		return a, false, err
	}
	to, err := s.text(ctx, note, current)
	if err != nil {
		return a, false, err
	}
	moved, review = NewCarrier(from, to).Carry(a)
	return moved, review, nil
}

// PutCoding puts one code on one anchor. Made is false when the actor had put it there already; then
// that coding is returned.
func (s *Service) PutCoding(ctx context.Context, actor models.Actor, space models.ID, in NewCoding) (c *models.Coding, made bool, err error) {
	all, made, err := s.PutCodings(ctx, actor, space, []NewCoding{in})
	if err != nil {
		return nil, false, err
	}
	return all[0], made, nil
}

// put is the answer of PutCodings as it is kept for repeated requests.
type put struct {
	Codings []*models.Coding `json:"codings"`
	Made    bool             `json:"made"`
}

// PutCodings puts up to models.MaxBatch codings, all or none, in the order asked. Those that the
// actor had put before are returned as they are; made says whether any is new.
func (s *Service) PutCodings(ctx context.Context, actor models.Actor, space models.ID, in []NewCoding) (all []*models.Coding, made bool, err error) {
	if len(in) == 0 || len(in) > models.MaxBatch {
		return nil, false, models.Invalid("batch_size", fmt.Sprintf("A batch has 1 to %d codings.", models.MaxBatch), models.Field{Pointer: "/items", Problem: "size"})
	}
	try := func(look bool) (put, error) {
		return once(ctx, s, actor, func(ctx context.Context, w *work) (put, error) {
			w.space = space
			if len(in) > 1 {
				w.batch = models.NewID()
			}
			return s.putCodings(ctx, w, in, look)
		})
	}
	joined := s.store.InTx(ctx) // which what is there already would end: it is looked for first
	p, err := try(len(in) > 1 || joined)
	if e, ok := errors.AsType[*models.Error](err); ok && !joined && (e.Code == "coding_exists" || e.Code == "id_taken") {
		p, err = try(true) // put before, by this request's twin or in another window: look for it
	}
	return p.Codings, p.Made, err
}

// ground is what the codings of one layer, one note and one code stand on.
type ground struct {
	layer      models.Layer
	note, code models.ID
}

func (c *NewCoding) ground() ground { return ground{c.Layer, c.NoteID, c.CodeID} }

// span is what makes a coder's codings of one note different from each other.
type span struct {
	layer      models.Layer
	note, code models.ID
	start, end int
}

func spanOf(c *models.Coding) span {
	return span{c.Layer, c.NoteID, c.CodeID, c.Anchor.Start, c.Anchor.End}
}

// putCodings stores codings; with look it leaves out those that the actor has put already. The usage
// counter of a note, a code and a coder remembers that the three were found fit (see Usage): where it
// does, nothing else need be read, and the counter's update meets whatever would have changed that.
// This makes the common coding as cheap as its writes.
func (s *Service) putCodings(ctx context.Context, w *work, in []NewCoding, look bool) (put, error) {
	counts := map[ground]int{}
	for i := range in {
		counts[in[i].ground()]++
	}
	settled := make(map[ground]Usage, len(counts))
	for i := range in { // in order, so that the first faulty one is the one named
		g := in[i].ground()
		if _, ok := settled[g]; ok {
			continue
		}
		u, err := s.settle(ctx, w, g, counts[g])
		if err != nil {
			return put{}, within(err, i, len(in))
		}
		settled[g] = u
	}
	out := put{Codings: make([]*models.Coding, len(in))}
	for i := range in {
		c, err := s.newCoding(ctx, w, settled[in[i].ground()], in[i])
		if err != nil {
			return put{}, within(err, i, len(in))
		}
		out.Codings[i] = c
	}
	known := map[span]*models.Coding{}
	if look {
		var err error
		if known, err = s.alreadyPut(ctx, w, out.Codings); err != nil {
			return put{}, err
		}
	}
	fresh := make([]*models.Coding, 0, len(in))
	for i, c := range out.Codings {
		u := settled[in[i].ground()]
		if old := known[spanOf(c)]; old != nil {
			out.Codings[i] = old
			w.subjects = append(w.subjects, old.ID, old.NoteID) // no event names them, and the answer holds their words
			if err := s.store.Count(ctx, u, -1); err != nil {
				return put{}, err
			}
			continue
		}
		known[spanOf(c)] = c
		fresh = append(fresh, c)
		w.record(models.VerbCreated, nil, c, u.Audience)
	}
	out.Made = len(fresh) > 0
	if !out.Made {
		return out, nil
	}
	return out, s.store.Codings().Insert(ctx, fresh...)
}

// settle adds n to the usage of a ground, after finding it fit to be coded if that isn't known.
func (s *Service) settle(ctx context.Context, w *work, g ground, n int) (Usage, error) {
	u := Usage{SpaceID: w.space, Layer: cmp.Or(g.layer, models.LayerOpen), NoteID: g.note, CodeID: g.code, CoderID: w.actor.UserID}
	known, err := s.store.CountSettled(ctx, u, n)
	if err == nil || !isNotFound(err) {
		return known, err
	}
	if w.member == nil {
		m, project, err := s.allow(ctx, w.actor, w.space, models.ActionCode)
		if err != nil {
			return u, err
		}
		if project.ArchivedAt != nil {
			return u, errArchived()
		}
		if err := s.store.GuardShared(ctx, w.space); err != nil {
			return u, err
		}
		w.member = m
	}
	note, code, err := s.footing(ctx, w, g.note, g.code)
	if err != nil {
		return u, err
	}
	if u.Layer, err = s.layerToPut(ctx, w, g); err != nil {
		return u, err
	}
	u.CodeID, u.TextVersion, u.Audience = code.ID, note.TextVersion, note.Scope().Audience
	u.Settled = w.member.Guest == nil // a guest is looked at each time, since nothing unsettles what they may do
	return u, s.store.Count(ctx, u, n)
}

func (s *Service) newCoding(ctx context.Context, w *work, u Usage, in NewCoding) (*models.Coding, error) {
	id, err := models.ChosenID(in.ID)
	if err != nil {
		return nil, err
	}
	if err := inText(u.Layer, in.Anchor.TextVersion, u.TextVersion); err != nil {
		return nil, err
	}
	a, err := s.anchor(ctx, u.NoteID, u.TextVersion, in.Anchor)
	if err != nil {
		return nil, err
	}
	return &models.Coding{
		Head:  models.Head{ID: id, SpaceID: w.space, Version: 1, CreatedAt: w.at, UpdatedAt: w.at},
		Layer: u.Layer, NoteID: u.NoteID, CodeID: u.CodeID, CoderID: u.CoderID, Anchor: a,
	}, nil
}

// alreadyPut finds the actor's live codings that begin where the asked ones do.
func (s *Service) alreadyPut(ctx context.Context, w *work, asked []*models.Coding) (map[span]*models.Coding, error) {
	var inNotes []models.ID
	var layers []models.Layer
	var starts []int
	texts := map[models.ID]int{}
	for _, c := range asked {
		texts[c.NoteID] = c.Anchor.TextVersion
		if !slices.Contains(inNotes, c.NoteID) {
			inNotes = append(inNotes, c.NoteID)
		}
		if !slices.Contains(layers, c.Layer) {
			layers = append(layers, c.Layer)
		}
		starts = append(starts, c.Anchor.Start)
	}
	known := map[span]*models.Coding{}
	// A start carries at most as many codings as there are codes and ends; the bound is for safety only.
	found, err := s.store.Codings().All(ctx, w.space, Query{Where: Where{
		"layer": layers, "noteId": inNotes, "coderId": w.actor.UserID, "anchor.start": starts, "review": false,
	}}, 100*models.MaxBatch)
	for _, c := range found {
		// One that was not yet carried lies in an older text, where the same numbers may be other words.
		if c.Anchor.TextVersion == texts[c.NoteID] {
			known[spanOf(c)] = c
		}
	}
	return known, err
}

// within says which item of a batch a fault is in.
func within(err error, i, n int) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || n == 1 {
		return err
	}
	located := *e
	located.Fields = nil
	for _, f := range e.Fields {
		located.Fields = append(located.Fields, models.Field{Pointer: fmt.Sprintf("/items/%d%s", i, f.Pointer), Problem: f.Problem})
	}
	return &located
}

// ChangeCoding gives one's own coding another code or other edges. Where that makes it the same as
// another of one's own, the two fall together, and the other is returned.
func (s *Service) ChangeCoding(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f CodingFields) (*models.Coding, error) {
	return change(ctx, s, actor, space, codings.action, func(ctx context.Context, w *work) (*models.Coding, error) {
		edit := func(c *models.Coding) error {
			set(&c.CodeID, f.CodeID)
			if f.Anchor == nil {
				return nil
			}
			n, err := s.visibleNote(ctx, w.actor, space, c.NoteID)
			if err != nil {
				return err
			}
			if err := inText(c.Layer, f.Anchor.TextVersion, n.TextVersion); err != nil {
				return err
			}
			c.Anchor, err = s.anchor(ctx, n.ID, n.TextVersion, *f.Anchor)
			c.Review = false
			return err
		}
		is, twin, err := s.led(ctx, w, id, seen, edit)
		if err != nil {
			return nil, err
		}
		if twin != nil {
			w.subjects = append(w.subjects, twin.ID)
			return twin, s.join(ctx, w, is, twin)
		}
		return codings.update(ctx, s, w, id, seen, edit)
	})
}

// led gives one's own coding as it is, and the twin to whose place an edit would lead it, if any.
func (s *Service) led(ctx context.Context, w *work, id models.ID, seen int, edit func(*models.Coding) error) (is, twin *models.Coding, err error) {
	if is, err = codings.changeable(ctx, s, w, id, seen, false); err != nil {
		return nil, nil, err
	}
	next := *is
	if err := edit(&next); err != nil {
		return nil, nil, err
	}
	if err := codings.check(ctx, s, w, is.Image(), &next); err != nil {
		return nil, nil, err
	}
	twin, err = s.twin(ctx, w.space, &next)
	return is, twin, err
}

// RemoveCoding takes one's own coding away; history and undo can bring it back.
func (s *Service) RemoveCoding(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, codings.action, func(ctx context.Context, w *work) (*models.Coding, error) {
		return codings.bin(ctx, s, w, id, seen)
	})
	return err
}

// Coding gives one coding on a note the actor may see.
func (s *Service) Coding(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Coding, error) {
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	c, err := s.store.Codings().Find(ctx, space, id)
	if err != nil {
		return nil, err
	}
	if !v.knows(c) {
		return nil, models.NotFound(models.NounCoding)
	}
	if _, err := s.visibleNote(ctx, actor, space, c.NoteID); err != nil {
		return nil, models.NotFound(models.NounCoding)
	}
	return c, nil
}

// NoteCodings lists the codings of one note in a layer, in the order of its words.
func (s *Service) NoteCodings(ctx context.Context, actor models.Actor, space, note models.ID, layer models.Layer, p models.Page) (models.List[*models.Coding], error) {
	var none models.List[*models.Coding]
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return none, err
	}
	if _, err := s.visibleNote(ctx, actor, space, note); err != nil {
		return none, err
	}
	return s.store.Codings().List(ctx, space, v.in(layer, "coderId", Query{
		Where: Where{"noteId": note}, Order: []string{"anchor.start", "anchor.end", "codeId", "coderId"},
	}), p)
}
