package coding

import (
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// addCodes adds the codes of a template, a file or another codebook, in tree order; their ParentKey
// names a parent among themselves or in the codebook as it is.
func (s *Service) addCodes(ctx context.Context, w *work, in []models.CodeEntry) error {
	existing, err := s.store.Codes().All(ctx, w.space, Query{Order: []string{"position"}}, models.MaxCodes)
	if err != nil {
		return err
	}
	if len(in)+len(existing) > models.MaxCodes {
		return models.Invalid("codes_too_many", fmt.Sprintf("A codebook may have %d codes.", models.MaxCodes))
	}
	ids, last := map[string]models.ID{}, 0.0
	for _, c := range existing {
		ids[c.Key] = c.ID
		last = max(last, c.Position)
	}
	version, err := s.raiseCodebook(ctx, w)
	if err != nil {
		return err
	}
	dresser := newWardrobe(existing)
	fresh := make([]*models.Code, len(in))
	for i := range in {
		c := in[i].Code
		parent, ok := ids[in[i].ParentKey]
		if in[i].ParentKey != "" && !ok {
			return models.Invalid("code_unknown", fmt.Sprintf("The code %q names a parent that isn't there.", c.Name), models.Field{Pointer: fmt.Sprintf("/codes/%d", i), Problem: "unknown parent"})
		}
		if ids[c.Key] != "" {
			return models.Conflict("code_key_taken", fmt.Sprintf("The codebook has a code with the key %q already.", c.Key), models.Field{Pointer: fmt.Sprintf("/codes/%d", i), Problem: "taken"})
		}
		last++
		c.Head = models.Head{ID: models.NewID(), SpaceID: w.space, Version: 1, CreatedAt: w.at, UpdatedAt: w.at}
		c.ParentID, c.Position, c.AuthorID, c.CodebookVersion = parent, last, w.actor.UserID, version
		dresser.dress(&c)
		if err := first(name(&c.Name, "/name"), prose(&c.Definition, "/definition"), prose(&c.WhenToUse, "/whenToUse"), checkProseOf(&c)); err != nil {
			return err
		}
		if !keyForm.MatchString(c.Key) || c.Colour < 1 || c.Colour > models.PaletteSlots {
			return models.Invalid("codebook_invalid", fmt.Sprintf("The code %q has a key or a colour that can't be used.", c.Name))
		}
		ids[c.Key] = c.ID
		fresh[i] = &c
		w.record(models.VerbCreated, nil, &c, "")
	}
	return s.store.Codes().Insert(ctx, fresh...)
}

// portable gives codes as addCodes takes them, parents first and named by key.
func portable(all []*models.Code) []models.CodeEntry {
	key := map[models.ID]string{}
	parents := map[models.ID]models.ID{}
	for _, c := range all {
		key[c.ID], parents[c.ID] = c.Key, c.ParentID
	}
	tree := NewTree(parents)
	out := make([]models.CodeEntry, 0, len(all))
	for _, c := range all {
		if c.MergedInto == "" {
			out = append(out, models.CodeEntry{Code: *c, ParentKey: key[c.ParentID]})
		}
	}
	slices.SortStableFunc(out, func(a, b models.CodeEntry) int { return tree.Depth(a.ID) - tree.Depth(b.ID) })
	return out
}

// ImportCodes adds the codes of a file or a template to the codebook, all or none.
func (s *Service) ImportCodes(ctx context.Context, actor models.Actor, space models.ID, in []models.CodeEntry) ([]*models.Code, error) {
	return change(ctx, s, actor, space, codes.add, func(ctx context.Context, w *work) ([]*models.Code, error) {
		w.batch = models.NewID()
		if err := s.addCodes(ctx, w, in); err != nil {
			return nil, err
		}
		return s.store.Codes().All(ctx, space, Query{Order: []string{"position"}}, models.MaxCodes)
	})
}

// ImportProjectCodes adds the codes of another project that the actor can read.
func (s *Service) ImportProjectCodes(ctx context.Context, actor models.Actor, space, from models.ID) ([]*models.Code, error) {
	all, err := s.Codes(ctx, actor, from)
	if err != nil {
		return nil, err
	}
	return s.ImportCodes(ctx, actor, space, portable(all))
}

// Codes gives the whole codebook in order of position.
func (s *Service) Codes(ctx context.Context, actor models.Actor, space models.ID) ([]*models.Code, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Codes().All(ctx, space, Query{Order: []string{"position"}}, models.MaxCodes)
}

// CodebookAt gives the codebook as one of its versions had it.
func (s *Service) CodebookAt(ctx context.Context, actor models.Actor, space models.ID, version int) ([]*models.Code, error) {
	p, err := s.Project(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	if version < 1 || version > p.CodebookVersion {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "codebook_version_not_found", Sentence: "There is no such version of this codebook."}
	}
	return s.store.CodesAt(ctx, space, version)
}

// CodeUsage is how often a code was put on notes of a site; SiteID is empty for notes without one.
type CodeUsage struct {
	CodeID models.ID `json:"codeId"`
	SiteID models.ID `json:"siteId"`
	Count  int       `json:"count"`
}

// CodebookUsage counts the codings per code and site that the actor may see.
func (s *Service) CodebookUsage(ctx context.Context, actor models.Actor, space models.ID) ([]CodeUsage, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	hidden, err := s.store.HiddenNotes(ctx, space, actor.UserID)
	if err != nil {
		return nil, err
	}
	return s.store.UsageBySite(ctx, space, models.LayerOpen, hidden)
}

// MergeCode merges one code into another: its codings, whoever put them, and its sub-codes go over,
// and whatever is put with it from now on too. The merged code stays in the history.
func (s *Service) MergeCode(ctx context.Context, actor models.Actor, space, id, into models.ID, seen int) (*models.Code, error) {
	var job Job
	c, err := change(ctx, s, actor, space, codes.action, func(ctx context.Context, w *work) (*models.Code, error) {
		job = Job{}
		w.batch, w.trusted = models.NewID(), true
		target, err := s.store.Codes().Find(ctx, space, into)
		if isNotFound(err) || id == into || (err == nil && target.MergedInto != "") {
			return nil, models.Invalid("merge_target_unknown", "There is no such code to merge into.", models.Field{Pointer: "/into", Problem: "not another live code"})
		}
		if err != nil {
			return nil, err
		}
		all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
		if err != nil {
			return nil, err
		}
		parents := make(map[models.ID]models.ID, len(all))
		for _, o := range all {
			parents[o.ID] = o.ParentID
		}
		if slices.Contains(NewTree(parents).Within(id), into) {
			return nil, models.Conflict("merge_into_descendant", "A code can't be merged into one beneath it. Merge the sub-code into its parent instead.")
		}
		for _, o := range all {
			if o.ParentID != id {
				continue
			}
			if _, err := codes.update(ctx, s, w, o.ID, 0, func(o *models.Code) error { o.ParentID = into; return nil }); err != nil {
				return nil, err
			}
		}
		c, err := codes.update(ctx, s, w, id, seen, func(c *models.Code) error {
			if c.MergedInto != "" {
				return models.Conflict("code_merged", "This code was merged already.")
			}
			c.MergedInto, c.Archived = into, true
			return nil
		})
		if err != nil {
			return nil, err
		}
		left, err := s.recode(ctx, w, id, into)
		if err != nil || !left {
			return c, err
		}
		job = Job{ID: models.NewID(), SpaceID: space, Kind: JobMerge, Target: id, Into: into, ActorID: actor.UserID, Batch: w.batch, At: w.at}
		return c, s.store.InsertJob(ctx, job)
	})
	if err != nil {
		return nil, err
	}
	if job.ID != "" {
		return c, s.finish(ctx, job)
	}
	return c, nil
}

// recode moves up to models.MaxBatch codings from one code to another and says whether more are left.
func (s *Service) recode(ctx context.Context, w *work, from, into models.ID) (bool, error) {
	moving, err := s.store.Codings().All(ctx, w.space, Query{Where: Where{"codeId": from, "layer": models.LayerOpen}}, models.MaxBatch)
	if err != nil {
		return false, err
	}
	return len(moving) == models.MaxBatch, s.moveCodings(ctx, w, moving, into)
}

// moveCodings gives codings another code. Where their coder had put that code on the same words
// already, the two fall together.
func (s *Service) moveCodings(ctx context.Context, w *work, moving []*models.Coding, into models.ID) error {
	for _, c := range moving {
		n, err := s.store.Notes().FindAny(ctx, w.space, c.NoteID)
		if err != nil {
			return err
		}
		moved := *c
		moved.CodeID = into
		twin, err := s.twin(ctx, w.space, &moved)
		if err != nil {
			return err
		}
		if twin != nil {
			if err := s.join(ctx, w, c, twin); err != nil {
				return err
			}
			continue
		}
		if err := first(s.store.Count(ctx, usageOf(c), -1), s.store.Count(ctx, usageOf(&moved), 1)); err != nil {
			return err
		}
		if err := rewrite(ctx, s, w, codings, c, &moved, models.VerbUpdated, n.Scope().Audience); err != nil {
			return err
		}
	}
	return nil
}

// SplitPart is one of the codes that a code is split into, with the codings that go to it.
type SplitPart struct {
	Name       string      `json:"name"`
	Definition string      `json:"definition"`
	CodingIDs  []models.ID `json:"codingIds"`
}

// SplitCode makes new codes beneath a code and moves chosen codings of it, whoever put them, to
// them; the others stay. At most models.MaxBatch codings move at once.
func (s *Service) SplitCode(ctx context.Context, actor models.Actor, space, id models.ID, parts []SplitPart) ([]*models.Code, error) {
	var ids []models.ID
	for _, p := range parts {
		ids = append(ids, p.CodingIDs...)
	}
	if len(parts) == 0 || len(parts) > 50 || len(ids) > models.MaxBatch {
		return nil, models.Invalid("batch_size", fmt.Sprintf("A code is split into 1 to 50 codes, with at most %d codings.", models.MaxBatch), models.Field{Pointer: "/into", Problem: "size"})
	}
	return change(ctx, s, actor, space, codes.action, func(ctx context.Context, w *work) ([]*models.Code, error) {
		w.batch, w.trusted = models.NewID(), true
		parent, err := s.store.Codes().Find(ctx, space, id)
		if err != nil {
			return nil, err
		}
		hidden, err := s.store.HiddenNotes(ctx, space, actor.UserID)
		if err != nil {
			return nil, err
		}
		found, err := s.store.Codings().All(ctx, space, Query{Where: Where{"_id": orEmpty(ids), "codeId": id, "layer": models.LayerOpen}, NotNotes: hidden}, models.MaxBatch)
		if err != nil {
			return nil, err
		}
		byID := make(map[models.ID]*models.Coding, len(found))
		for _, c := range found {
			byID[c.ID] = c
		}
		made := make([]*models.Code, len(parts))
		for i, p := range parts {
			c := &models.Code{Name: p.Name, Definition: p.Definition, ParentID: parent.ID, Colour: parent.Colour, Letter: parent.Letter, AuthorID: actor.UserID}
			if err := s.position(ctx, w, c, nil); err != nil {
				return nil, err
			}
			if err := s.dress(ctx, w, c); err != nil {
				return nil, err
			}
			if made[i], err = codes.create(ctx, s, w, c); err != nil {
				return nil, err
			}
			moving := make([]*models.Coding, len(p.CodingIDs))
			for j, id := range p.CodingIDs {
				if moving[j] = byID[id]; moving[j] == nil {
					return nil, models.Invalid("coding_unknown", "There is no such coding of this code, or it is named twice.",
						models.Field{Pointer: fmt.Sprintf("/into/%d/codingIds/%d", i, j), Problem: "unknown"})
				}
				delete(byID, id)
			}
			if err := s.moveCodings(ctx, w, moving, made[i].ID); err != nil {
				return nil, err
			}
		}
		return made, nil
	})
}

// codesWithin gives the codes and all their sub-codes.
func (s *Service) codesWithin(ctx context.Context, space models.ID, ids ...models.ID) ([]models.ID, error) {
	all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
	if err != nil {
		return nil, err
	}
	parents := make(map[models.ID]models.ID, len(all))
	for _, c := range all {
		parents[c.ID] = c.ParentID
	}
	return NewTree(parents).Within(ids...), nil
}
