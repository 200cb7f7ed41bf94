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
	shortcuts := map[string]bool{}
	for _, c := range existing {
		ids[c.Key] = c.ID
		last = max(last, c.Position)
		shortcuts[c.Shortcut] = shortcuts[c.Shortcut] || c.MergedInto == ""
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
		if shortcuts[c.Shortcut] {
			c.Shortcut = "" // a key puts one code alone
		}
		if err := models.First(models.CleanName(&c.Name, "/name"), models.CleanProse(&c.Definition, "/definition"), models.CleanProse(&c.WhenToUse, "/whenToUse"), checkProseOf(&c)); err != nil {
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

// ImportMissingCodes is ImportCodes without the codes whose keys the codebook has already. What hangs
// beneath one of those hangs beneath the code that is there.
func (s *Service) ImportMissingCodes(ctx context.Context, actor models.Actor, space models.ID, in []models.CodeEntry) ([]*models.Code, error) {
	return change(ctx, s, actor, space, codes.add, func(ctx context.Context, w *work) ([]*models.Code, error) {
		w.batch = models.NewID()
		all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
		if err != nil {
			return nil, err
		}
		there := byKey(all)
		missing := slices.DeleteFunc(slices.Clone(in), func(e models.CodeEntry) bool { return there[e.Key] != nil })
		if len(missing) > 0 {
			if err := s.addCodes(ctx, w, missing); err != nil {
				return nil, err
			}
		}
		return s.store.Codes().All(ctx, space, Query{Order: []string{"position"}}, models.MaxCodes)
	})
}

// ImportedCode is a code as an import would add it.
type ImportedCode struct {
	Key        string `json:"key"`
	ParentKey  string `json:"parentKey"`
	Name       string `json:"name"`
	Definition string `json:"definition"`
	// ThereAs is the code of the codebook that has the key already, if there is one.
	ThereAs models.ID `json:"thereAs"`
}

// PreviewImport says what an import would add, and what is there already. It changes nothing.
func (s *Service) PreviewImport(ctx context.Context, actor models.Actor, space models.ID, in []models.CodeEntry) ([]ImportedCode, error) {
	if _, err := s.admit(ctx, actor, space, codes.add); err != nil {
		return nil, err
	}
	all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
	if err != nil {
		return nil, err
	}
	there := byKey(all)
	out := make([]ImportedCode, len(in))
	for i, e := range in {
		out[i] = ImportedCode{Key: e.Key, ParentKey: e.ParentKey, Name: e.Name, Definition: e.Definition}
		if c := there[e.Key]; c != nil {
			out[i].ThereAs = c.ID
		}
	}
	return out, nil
}

func byKey(all []*models.Code) map[string]*models.Code {
	out := make(map[string]*models.Code, len(all))
	for _, c := range all {
		out[c.Key] = c
	}
	return out
}

// PortableCodes gives the codes of a project that the actor can read as another takes them.
func (s *Service) PortableCodes(ctx context.Context, actor models.Actor, space models.ID) ([]models.CodeEntry, error) {
	all, err := s.Codes(ctx, actor, space)
	return portable(all), err
}

// Codes gives the whole codebook in order of position.
func (s *Service) Codes(ctx context.Context, actor models.Actor, space models.ID) ([]*models.Code, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Codes().All(ctx, space, Query{Order: []string{"position"}}, models.MaxCodes)
}

// CodeEntries gives the codes of a space as another may begin with them, parents first.
func (s *Service) CodeEntries(ctx context.Context, actor models.Actor, space models.ID) ([]models.CodeEntry, error) {
	all, err := s.Codes(ctx, actor, space)
	return portable(all), err
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
	Notes  int       `json:"notes"` // how many notes these codings are on
}

// CodebookUsage counts the codings of a layer per code and site that the actor may see.
func (s *Service) CodebookUsage(ctx context.Context, actor models.Actor, space models.ID, layer models.Layer) ([]CodeUsage, error) {
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	return s.store.UsageBySite(ctx, space, v.within(layer))
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
