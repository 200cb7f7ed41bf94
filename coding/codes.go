package coding

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// CodeFields are the fields of a code that editors write. Nil leaves a field as it is.
type CodeFields struct {
	Key        *string            `json:"key"`
	Name       *string            `json:"name"`
	ParentID   *models.ID         `json:"parentId"`
	Colour     *int               `json:"colour"`
	Letter     *string            `json:"letter"`
	Shortcut   *string            `json:"shortcut"`
	Definition *string            `json:"definition"`
	WhenToUse  *string            `json:"whenToUse"`
	WhenNot    *[]models.Contrast `json:"whenNot"`
	Examples   *[]string          `json:"examples"`
	Archived   *bool              `json:"archived"`
	// Index is the place among the code's siblings, from 0; the others move over.
	Index *int `json:"index"`
}

// keyForm is what a code's key looks like.
var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

var codes = kind[*models.Code]{
	records: Store.Codes,
	add:     models.ActionChangeCodebook,
	action:  models.ActionChangeCodebook,
	check:   checkCode,
	derive: func(ctx context.Context, s *Service, w *work, verb models.Verb, before *models.Image, c *models.Code) error {
		shut := func(c *models.Code) bool { return c.Archived || c.MergedInto != "" || c.DeletedAt != nil }
		if verb == models.VerbDeleted {
			if err := s.unused(ctx, w, c); err != nil {
				return err
			}
		}
		if verb == models.VerbCreated || shut(before.Code) == shut(c) {
			return nil
		}
		return s.store.GuardExclusive(ctx, w.space, Where{"codeId": c.ID})
	},
}

// checkCode cleans a code, and counts up the codebook's version, which every change raises. The
// project's record holds that version, so two changes of one codebook always meet, and neither a
// circle nor a second version of the same number can come about.
func checkCode(ctx context.Context, s *Service, w *work, before *models.Image, c *models.Code) error {
	if err := models.First(models.CleanName(&c.Name, "/name"), models.CleanLabel(&c.Letter, "/letter"), models.CleanLabel(&c.Shortcut, "/shortcut"),
		models.CleanProse(&c.Definition, "/definition"), models.CleanProse(&c.WhenToUse, "/whenToUse"), checkProseOf(c)); err != nil {
		return err
	}
	switch {
	case !keyForm.MatchString(c.Key):
		return models.Invalid("code_key_malformed", "A key has lower-case letters, digits and underscores, and begins with a letter.", models.Field{Pointer: "/key", Problem: "malformed"})
	case c.Colour < 1 || c.Colour > models.PaletteSlots:
		return models.Invalid("colour_unknown", fmt.Sprintf("A colour is a slot of the palette, 1 to %d.", models.PaletteSlots), models.Field{Pointer: "/colour", Problem: "out of range"})
	case utf8.RuneCountInString(c.Letter) > 2:
		return models.Invalid("letter_too_long", "A code's letter is one or two characters.", models.Field{Pointer: "/letter", Problem: "too long"})
	case utf8.RuneCountInString(c.Shortcut) > 1:
		return models.Invalid("shortcut_too_long", "A shortcut is one character.", models.Field{Pointer: "/shortcut", Problem: "too long"})
	}
	all, err := s.store.Codes().All(ctx, w.space, Query{Order: []string{"position"}}, models.MaxCodes+1)
	if err != nil {
		return err
	}
	if before == nil && len(all) >= models.MaxCodes {
		return models.Invalid("codes_too_many", fmt.Sprintf("A codebook may have %d codes.", models.MaxCodes))
	}
	parents := make(map[models.ID]models.ID, len(all))
	for _, other := range all {
		parents[other.ID] = other.ParentID
		if other.ID != c.ID && other.Key == c.Key {
			return models.Conflict("code_key_taken", "Another code has this key.", models.Field{Pointer: "/key", Problem: "taken"})
		}
	}
	if _, ok := parents[c.ParentID]; c.ParentID != "" && !ok {
		return models.Invalid("code_unknown", "There is no such code in this project's codebook.", models.Field{Pointer: "/parentId", Problem: "unknown id"})
	}
	if NewTree(parents).Cyclic(c.ID, c.ParentID) {
		return models.Invalid("code_cycle", "A code can't hang beneath itself.", models.Field{Pointer: "/parentId", Problem: "cycle"})
	}
	c.CodebookVersion, err = s.raiseCodebook(ctx, w)
	return err
}

func checkProseOf(c *models.Code) error {
	const most = 50
	if len(c.WhenNot) > most || len(c.Examples) > most {
		return models.Invalid("prose_too_long", fmt.Sprintf("A code may have %d examples and contrasts.", most), models.Field{Pointer: "/examples", Problem: "too many"})
	}
	c.WhenNot, c.Examples = slices.Clone(orEmpty(c.WhenNot)), slices.Clone(orEmpty(c.Examples))
	for i := range c.WhenNot {
		p := fmt.Sprintf("/whenNot/%d", i)
		if err := models.First(models.CleanLabel(&c.WhenNot[i].Against, p+"/against"), models.CleanProse(&c.WhenNot[i].Text, p+"/text"), models.CleanProse(&c.WhenNot[i].Example, p+"/example")); err != nil {
			return err
		}
	}
	for i := range c.Examples {
		if err := models.CleanProse(&c.Examples[i], fmt.Sprintf("/examples/%d", i)); err != nil {
			return err
		}
	}
	return nil
}

// raiseCodebook counts up the codebook's version, once a transaction.
func (s *Service) raiseCodebook(ctx context.Context, w *work) (int, error) {
	if w.codebook != 0 {
		return w.codebook, nil
	}
	p, err := s.store.Projects().Find(ctx, w.space, w.space)
	if err != nil {
		return 0, err
	}
	p.CodebookVersion++
	if err := s.store.Projects().Replace(ctx, p, p.Version); err != nil {
		return 0, fmt.Errorf("raise codebook: %w", err)
	}
	w.codebook = p.CodebookVersion
	return w.codebook, nil
}

// unused refuses to bin a code that has codings or sub-codes.
func (s *Service) unused(ctx context.Context, w *work, c *models.Code) error {
	below, err := s.store.Codes().All(ctx, w.space, Query{Where: Where{"parentId": c.ID}}, 1)
	if err != nil {
		return err
	}
	put, err := s.store.Codings().All(ctx, w.space, Query{Where: Where{"codeId": c.ID}}, 1)
	if err != nil {
		return err
	}
	if len(below)+len(put) > 0 {
		return models.Conflict("code_in_use", "This code has codings or sub-codes. Merge it into another, or archive it.")
	}
	if c.CodebookVersion, err = s.raiseCodebook(ctx, w); err != nil {
		return err
	}
	return s.store.Codes().Replace(ctx, c, c.Version)
}

func (f CodeFields) apply(c *models.Code) {
	set(&c.Key, f.Key)
	set(&c.Name, f.Name)
	set(&c.ParentID, f.ParentID)
	set(&c.Colour, f.Colour)
	set(&c.Letter, f.Letter)
	set(&c.Shortcut, f.Shortcut)
	set(&c.Definition, f.Definition)
	set(&c.WhenToUse, f.WhenToUse)
	set(&c.WhenNot, f.WhenNot)
	set(&c.Examples, f.Examples)
	set(&c.Archived, f.Archived)
}

// position gives the place of a code among its siblings, between its neighbours' positions.
func (s *Service) position(ctx context.Context, w *work, c *models.Code, at *int) error {
	siblings, err := s.store.Codes().All(ctx, w.space, Query{Where: Where{"parentId": c.ParentID}, Order: []string{"position"}}, models.MaxCodes)
	if err != nil {
		return err
	}
	siblings = slices.DeleteFunc(siblings, func(o *models.Code) bool { return o.ID == c.ID })
	i := len(siblings)
	if at != nil {
		i = min(max(*at, 0), i)
	}
	switch {
	case len(siblings) == 0:
		c.Position = 1
	case i == 0:
		c.Position = siblings[0].Position - 1
	case i == len(siblings):
		c.Position = siblings[i-1].Position + 1
	default:
		c.Position = (siblings[i-1].Position + siblings[i].Position) / 2
	}
	return nil
}

// CreateCode adds a code to the codebook. Without a key one is made from the name, without a colour
// the parent's or the next is taken.
func (s *Service) CreateCode(ctx context.Context, actor models.Actor, space, id models.ID, f CodeFields) (*models.Code, error) {
	return change(ctx, s, actor, space, codes.add, func(ctx context.Context, w *work) (*models.Code, error) {
		c := &models.Code{Head: models.Head{ID: id}, AuthorID: actor.UserID}
		f.apply(c)
		if err := s.position(ctx, w, c, f.Index); err != nil {
			return nil, err
		}
		if err := s.dress(ctx, w, c); err != nil {
			return nil, err
		}
		return codes.create(ctx, s, w, c)
	})
}

// dress gives a code the key, colour and letter it was not given: made of its name, its parent's or
// the least used, and the first of its name.
func (s *Service) dress(ctx context.Context, w *work, c *models.Code) error {
	all, err := s.store.Codes().All(ctx, w.space, Query{}, models.MaxCodes)
	if err != nil {
		return err
	}
	newWardrobe(all).dress(c)
	return nil
}

// wardrobe knows what the codes of a codebook wear.
type wardrobe struct {
	keys    map[string]bool
	colours map[models.ID]int
	// used counts the codes without a parent that wear each colour.
	used [models.PaletteSlots + 1]int
}

func newWardrobe(all []*models.Code) *wardrobe {
	w := &wardrobe{keys: map[string]bool{}, colours: map[models.ID]int{}}
	for _, c := range all {
		w.add(c)
	}
	return w
}

func (w *wardrobe) add(c *models.Code) {
	w.keys[c.Key] = true
	w.colours[c.ID] = c.Colour
	if c.ParentID == "" && c.Colour > 0 && c.Colour < len(w.used) {
		w.used[c.Colour]++
	}
}

func (w *wardrobe) dress(c *models.Code) {
	if c.Colour == 0 {
		c.Colour = w.colours[c.ParentID]
	}
	if c.Colour == 0 {
		c.Colour = 1
		for slot := 2; slot < len(w.used); slot++ {
			if w.used[slot] < w.used[c.Colour] {
				c.Colour = slot
			}
		}
	}
	if c.Key == "" {
		c.Key = models.KeyFrom(c.Name, func(k string) bool { return w.keys[k] })
	}
	if c.Letter == "" && c.Name != "" {
		first, _ := utf8.DecodeRuneInString(c.Name)
		c.Letter = string(unicode.ToUpper(first))
	}
	w.add(c)
}

// Code gives one code.
func (s *Service) Code(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Code, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Codes().Find(ctx, space, id)
}

// ChangeCode writes a code's fields and its place in the codebook.
func (s *Service) ChangeCode(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f CodeFields) (*models.Code, error) {
	return change(ctx, s, actor, space, codes.action, func(ctx context.Context, w *work) (*models.Code, error) {
		return codes.update(ctx, s, w, id, seen, func(c *models.Code) error {
			if c.MergedInto != "" {
				return models.Conflict("code_merged", "This code was merged into another. Undo the merge to change it.")
			}
			from := c.ParentID
			f.apply(c)
			if f.Index == nil && from == c.ParentID {
				return nil
			}
			return s.position(ctx, w, c, f.Index)
		})
	})
}

// DeleteCode puts a code without codings and sub-codes into the bin.
func (s *Service) DeleteCode(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, codes.action, func(ctx context.Context, w *work) (*models.Code, error) {
		return codes.bin(ctx, s, w, id, seen)
	})
	return err
}

// CreateInVivoCode makes a code named by the selected words and puts it on them.
func (s *Service) CreateInVivoCode(ctx context.Context, actor models.Actor, space models.ID, in NewCoding, parent models.ID) (*models.Code, *models.Coding, error) {
	type made struct {
		Code   *models.Code   `json:"code"`
		Coding *models.Coding `json:"coding"`
	}
	m, err := change(ctx, s, actor, space, models.ActionAddInVivoCode, func(ctx context.Context, w *work) (made, error) {
		w.batch = models.NewID()
		words := []rune(in.Anchor.Quote)
		if len(words) > models.MaxName {
			words = append(words[:models.MaxName-1], '…')
		}
		c := &models.Code{Head: models.Head{ID: in.CodeID}, Name: oneLine(string(words)), ParentID: parent, InVivo: true, AuthorID: actor.UserID}
		if err := s.position(ctx, w, c, nil); err != nil {
			return made{}, err
		}
		if err := s.dress(ctx, w, c); err != nil {
			return made{}, err
		}
		c, err := codes.create(ctx, s, w, c)
		if err != nil {
			return made{}, err
		}
		in.CodeID = c.ID
		p, err := s.putCodings(ctx, w, []NewCoding{in}, false)
		if err != nil {
			return made{}, err
		}
		return made{c, p.Codings[0]}, nil
	})
	return m.Code, m.Coding, err
}
