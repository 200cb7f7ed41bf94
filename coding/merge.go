package coding

import (
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// MergeCode merges one code into another: its codings, whoever put them, and its sub-codes go over,
// and whatever is put with it from now on too. The merged code stays in the history.
func (s *Service) MergeCode(ctx context.Context, actor models.Actor, space, id, into models.ID, seen int) (*models.Code, error) {
	var job Job
	c, err := change(ctx, s, actor, space, codes.action, func(ctx context.Context, w *work) (*models.Code, error) {
		job = Job{}
		w.batch, w.trusted = models.NewID(), true
		all, err := s.mergeable(ctx, space, id, into)
		if err != nil {
			return nil, err
		}
		if err := models.First(s.heedCode(ctx, w, into), s.heedCode(ctx, w, id), s.heedRecoding(ctx, w, id)); err != nil {
			return nil, err
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

// mergeable refuses to merge a code where it can't go, and gives the codebook.
func (s *Service) mergeable(ctx context.Context, space, id, into models.ID) ([]*models.Code, error) {
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
	return all, nil
}

// MergePreview counts what a merge would move, as far as one may see it.
type MergePreview struct {
	Codings int `json:"codings"` // that get the other code
	Notes   int `json:"notes"`   // they are on
	Coders  int `json:"coders"`  // who put them
	// Together is how many of the codings fall together with one that their coder put on the same words.
	Together int `json:"together"`
	SubCodes int `json:"subCodes"` // that move along
	Memos    int `json:"memos"`    // on the code, which stay with it
}

// PreviewMerge says what merging one code into another would do. It changes nothing.
func (s *Service) PreviewMerge(ctx context.Context, actor models.Actor, space, id, into models.ID) (MergePreview, error) {
	var out MergePreview
	if _, err := s.admit(ctx, actor, space, codes.action); err != nil {
		return out, err
	}
	c, err := s.store.Codes().Find(ctx, space, id)
	if err != nil {
		return out, err
	}
	if c.MergedInto != "" {
		return out, models.Conflict("code_merged", "This code was merged already.")
	}
	all, err := s.mergeable(ctx, space, id, into)
	if err != nil {
		return out, err
	}
	for _, o := range all {
		if o.ParentID == id {
			out.SubCodes++
		}
	}
	counts, err := s.CountCodings(ctx, actor, space, CodingFilter{CodeID: id, Alone: true})
	if err != nil {
		return out, err
	}
	out.Codings, out.Notes, out.Coders = counts.Total, counts.Notes, len(counts.Coders)
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return out, err
	}
	if out.Together, err = s.store.FallTogether(ctx, space, id, into, v.within(models.LayerOpen)); err != nil {
		return out, err
	}
	memos, err := s.store.Memos().All(ctx, space, Query{Where: Where{"target.id": id}, Viewer: actor.Viewer()}, models.MaxPageSize)
	out.Memos = len(memos)
	return out, err
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
		if err := models.First(s.store.Count(ctx, usageOf(c), -1), s.store.Count(ctx, usageOf(&moved), 1)); err != nil {
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
		if err := s.heedCode(ctx, w, id); err != nil {
			return nil, err
		}
		v, err := s.sight(ctx, w.member)
		if err != nil {
			return nil, err
		}
		q := v.in(models.LayerOpen, "coderId", Query{Where: Where{"_id": orEmpty(ids), "codeId": id}})
		found, err := s.store.Codings().All(ctx, space, q, models.MaxBatch)
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
