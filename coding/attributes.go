package coding

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"feltbog/models"
)

// SetAttributes says which attributes the notes of a project have, in order: those with the id of a
// standing one change it, those without are new, and what isn't named is removed. It returns Conflict
// (attribute_in_use) where a type changes, or an attribute or a choice goes, that notes have values of.
func (s *Service) SetAttributes(ctx context.Context, actor models.Actor, space models.ID, seen int, all []models.Attribute) (*models.Project, error) {
	return change(ctx, s, actor, space, models.ActionChangeAttributes, func(ctx context.Context, w *work) (*models.Project, error) {
		p, err := projects.update(ctx, s, w, space, seen, func(p *models.Project) error {
			var err error
			p.Attributes, err = withIDs(all)
			return err
		})
		if err != nil {
			return nil, err
		}
		p.Role = w.member.Role
		return p, nil
	})
}

// withIDs gives a copy of attributes in which each has an id.
func withIDs(all []models.Attribute) (models.Definitions, error) {
	out := slices.Clone(all)
	for i := range out {
		var err error
		if out[i].ID, err = models.ChosenID(out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkDefinitions cleans the attributes of a project and refuses what may not be, and what values of
// notes stand against. Before is nil for a new project.
func (s *Service) checkDefinitions(ctx context.Context, w *work, before *models.Image, p *models.Project) error {
	p.Attributes = orEmpty(p.Attributes)
	if len(p.Attributes) > models.MaxAttributes {
		return models.Invalid("attributes_too_many", fmt.Sprintf("A project may have %d attributes.", models.MaxAttributes), models.Field{Pointer: "/items", Problem: "too many"})
	}
	names, ids := map[string]bool{}, map[models.ID]bool{}
	for i := range p.Attributes {
		a := &p.Attributes[i]
		at := fmt.Sprintf("/items/%d", i)
		if err := models.First(models.CleanName(&a.Name, at+"/name"), models.OneOf(a.Type, models.AttributeTypes(), "attribute_type_unknown", at+"/type"), checkChoices(a, at)); err != nil {
			return err
		}
		folded := strings.ToLower(a.Name)
		if names[folded] || ids[a.ID] {
			return models.Invalid("attribute_twice", fmt.Sprintf("There are two attributes named “%s”. Give each a name of its own.", a.Name), models.Field{Pointer: at + "/name", Problem: "taken"})
		}
		names[folded], ids[a.ID] = true, true
	}
	if before == nil || slices.EqualFunc(before.Project.Attributes, p.Attributes, sameAttribute) {
		return nil
	}
	// A note that gets a value just now must meet this, or the value would stand without its attribute.
	if err := s.store.GuardExclusive(ctx, p.ID, nil); err != nil {
		return err
	}
	for _, old := range before.Project.Attributes {
		if err := s.checkStanding(ctx, w, old, p.Attributes); err != nil {
			return err
		}
	}
	return nil
}

func sameAttribute(a, b models.Attribute) bool {
	return a.ID == b.ID && a.Name == b.Name && a.Type == b.Type && slices.Equal(a.Choices, b.Choices)
}

func checkChoices(a *models.Attribute, at string) error {
	a.Choices = slices.Clone(orEmpty(a.Choices))
	switch {
	case a.Type != models.AttributeChoice && len(a.Choices) > 0:
		return models.Invalid("choices_misplaced", "Only an attribute of the type choice has choices.", models.Field{Pointer: at + "/choices", Problem: "not a choice"})
	case len(a.Choices) > models.MaxChoices:
		return models.Invalid("choices_too_many", fmt.Sprintf("An attribute may have %d choices.", models.MaxChoices), models.Field{Pointer: at + "/choices", Problem: "too many"})
	}
	seen := map[string]bool{}
	for i := range a.Choices {
		pointer := fmt.Sprintf("%s/choices/%d", at, i)
		if err := models.CleanName(&a.Choices[i], pointer); err != nil {
			return err
		}
		folded := strings.ToLower(a.Choices[i])
		if seen[folded] {
			return models.Invalid("choice_twice", fmt.Sprintf("The choice “%s” is there twice.", a.Choices[i]), models.Field{Pointer: pointer, Problem: "twice"})
		}
		seen[folded] = true
	}
	return nil
}

// checkStanding refuses a change of an attribute that values stand against. Drafts of others don't count,
// since nobody may learn of them: a value there that no longer fits goes with their next change.
func (s *Service) checkStanding(ctx context.Context, w *work, old models.Attribute, now []models.Attribute) error {
	field := "attributes." + string(old.ID)
	i := slices.IndexFunc(now, func(a models.Attribute) bool { return a.ID == old.ID })
	switch {
	case i < 0:
		return s.refuseStanding(ctx, w, old, Where{field: Present{}}, "it can't be removed")
	case now[i].Type != old.Type:
		return s.refuseStanding(ctx, w, old, Where{field: Present{}}, "its type can't be changed")
	}
	gone := slices.DeleteFunc(slices.Clone(old.Choices), func(c string) bool { return slices.Contains(now[i].Choices, c) })
	if len(gone) == 0 {
		return nil
	}
	return s.refuseStanding(ctx, w, old, Where{field: gone}, "the choice “"+strings.Join(gone, "”, “")+"” can't be removed")
}

func (s *Service) refuseStanding(ctx context.Context, w *work, a models.Attribute, where Where, consequence string) error {
	q := Query{Where: where, Viewer: w.actor.Viewer()}
	live, err := s.store.NoteIDs(ctx, w.space, q)
	if err != nil {
		return err
	}
	q.Bin = true
	binned, err := s.store.NoteIDs(ctx, w.space, q)
	if err != nil || len(live)+len(binned) == 0 {
		return err
	}
	sentence := fmt.Sprintf("Notes that have a value for “%s”: %d. As long as there are any, %s. Clear the values first.", a.Name, len(live)+len(binned), consequence)
	if len(binned) > 0 {
		sentence += fmt.Sprintf(" Of these notes, %d lie in the bin.", len(binned))
	}
	return models.Conflict("attribute_in_use", sentence, models.Field{Pointer: "/attributes/" + string(a.ID), Problem: fmt.Sprintf("%d notes", len(live)+len(binned))})
}

// definitions gives the attributes of the project, once a transaction.
func (s *Service) definitions(ctx context.Context, w *work) (models.Definitions, error) {
	if w.attributes != nil {
		return w.attributes, nil
	}
	p, err := s.store.Projects().Find(ctx, w.space, w.space)
	if err != nil {
		return nil, err
	}
	w.attributes = orEmpty(p.Attributes)
	return w.attributes, nil
}

// checkAttributes holds new values of a note to the project's attributes. A value that stood there before
// and no longer fits is left out.
func (s *Service) checkAttributes(ctx context.Context, w *work, before *models.Image, n *models.Note) error {
	if len(n.Attributes) == 0 {
		n.Attributes = models.Attributes{}
		return nil
	}
	all, err := s.definitions(ctx, w)
	if err != nil {
		return err
	}
	var was models.Attributes
	if before != nil {
		was = before.Note.Attributes
	}
	kept := make(models.Attributes, len(n.Attributes))
	for id, v := range n.Attributes {
		if v == nil {
			continue
		}
		fits, err := attributeValue(all, id, v)
		switch {
		case err == nil:
			kept[id] = fits
		case was[id] != v:
			return err
		}
	}
	n.Attributes = kept
	return nil
}

// fitting gives those of earlier values that fit the attributes as they are now.
func (s *Service) fitting(ctx context.Context, w *work, values models.Attributes) (models.Attributes, error) {
	all, err := s.definitions(ctx, w)
	if err != nil {
		return nil, err
	}
	kept := models.Attributes{}
	for id, v := range values {
		if fits, err := attributeValue(all, id, v); err == nil {
			kept[id] = fits
		}
	}
	return kept, nil
}

// attributeValue cleans a value of an attribute, or says why it can't be one.
func attributeValue(all models.Definitions, id models.ID, v any) (any, error) {
	pointer := "/attributes/" + string(id)
	a, ok := all.Find(id)
	if !ok {
		return nil, models.Invalid("attribute_unknown", "This project has no such attribute.", models.Field{Pointer: pointer, Problem: "unknown"})
	}
	wrong := func(wanted string) error {
		return models.Invalid("attribute_value", fmt.Sprintf("A value for “%s” is %s.", a.Name, wanted), models.Field{Pointer: pointer, Problem: "Here should be " + wanted + "."})
	}
	text, isText := v.(string)
	switch a.Type {
	case models.AttributeNumber:
		if n, ok := v.(float64); ok && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n, nil
		}
		return nil, wrong("a number")
	case models.AttributeBoolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, wrong("true or false")
	case models.AttributeDate:
		if _, err := time.Parse(time.DateOnly, text); !isText || err != nil {
			return nil, wrong("a date, written YYYY-MM-DD")
		}
		return text, nil
	case models.AttributeChoice:
		if !isText || !slices.Contains(a.Choices, text) {
			return nil, wrong("one of its choices")
		}
		return text, nil
	case models.AttributeText:
		if err := models.CleanProse(&text, pointer); !isText || err != nil || text == "" || utf8.RuneCountInString(text) > models.MaxAttribute {
			return nil, wrong(fmt.Sprintf("a text of 1 to %d characters", models.MaxAttribute))
		}
		return text, nil
	}
	return nil, wrong("of a type that is known")
}
