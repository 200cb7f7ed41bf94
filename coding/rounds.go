package coding

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"feltbog/models"
)

// NewRound asks for a round, in draft. What is left out can be given later.
type NewRound struct {
	ID models.ID `json:"id"`
	RoundFields
}

// RoundFields are the fields of a round that owners and editors write. Nil leaves a field as it is.
// Once a round has begun, only its name, question and due date can be written.
type RoundFields struct {
	Name          *string              `json:"name"`
	Question      *string              `json:"question"`
	NoteIDs       *[]models.ID         `json:"noteIds"`
	CodeIDs       *[]models.ID         `json:"codeIds"`
	CoderIDs      *[]models.ID         `json:"coderIds"`
	CodersPerNote *int                 `json:"codersPerNote"`
	Method        *models.RoundMethod  `json:"method"`
	Assignment    *[]models.Assignment `json:"assignment"`
	ReadAlong     *models.ReadAlong    `json:"readAlong"`
	DueOn         *models.Date         `json:"dueOn"`
}

var rounds = kind[*models.Round]{
	records: Store.Rounds,
	add:     models.ActionManageRounds,
	action:  models.ActionManageRounds,
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, r *models.Round) error {
		if err := models.First(models.CleanName(&r.Name, "/name"), models.CleanProse(&r.Question, "/question")); err != nil {
			return err
		}
		if r.State != models.RoundDraft {
			return nil // what else may change of it is the business of ChangeRound and MoveRound
		}
		was := &models.Round{}
		if before != nil {
			was = before.Round
		}
		return s.checkSetUp(ctx, w, was, r)
	},
	derive: func(ctx context.Context, s *Service, w *work, verb models.Verb, _ *models.Image, r *models.Round) error {
		switch {
		case verb == models.VerbDeleted && r.State != models.RoundDraft:
			return errRoundState("Only a draft of a round can be deleted. This one has begun.")
		case verb == models.VerbCreated || verb == models.VerbRestored:
			return s.roomForRounds(ctx, w)
		}
		return nil
	},
}

func errRoundState(sentence string) error { return models.Conflict("round_state", sentence) }

// roomForRounds refuses one round too many. Who adds one meets all others who do.
func (s *Service) roomForRounds(ctx context.Context, w *work) error {
	if err := s.store.GuardExclusive(ctx, w.space, nil); err != nil {
		return err
	}
	ids, err := s.store.RoundIDs(ctx, w.space)
	if err == nil && len(ids) > models.MaxRounds {
		err = models.Invalid("round_too_large", fmt.Sprintf("A project may have %d rounds.", models.MaxRounds))
	}
	return err
}

// checkSetUp refuses what a draft can't be set up with. It looks at what is new, since a note that went
// into the bin must not keep the rest from being saved; going blind looks at everything.
func (s *Service) checkSetUp(ctx context.Context, w *work, was, r *models.Round) error {
	for _, list := range []struct {
		ids     *[]models.ID
		most    int
		pointer string
	}{
		{&r.NoteIDs, models.MaxRoundNotes, "/noteIds"}, {&r.CodeIDs, models.MaxRoundCodes, "/codeIds"}, {&r.CoderIDs, models.MaxRoundCoders, "/coderIds"},
	} {
		*list.ids = unique(*list.ids)
		if len(*list.ids) > list.most {
			return models.Invalid("round_too_large", fmt.Sprintf("A round may have %d notes, %d codes and %d coders.", models.MaxRoundNotes, models.MaxRoundCodes, models.MaxRoundCoders),
				models.Field{Pointer: list.pointer, Problem: "too many"})
		}
	}
	if err := models.First(
		models.OneOf(r.Method, []models.RoundMethod{models.RoundByHand, models.RoundBalanced}, "kind_unknown", "/method"),
		models.OneOf(r.ReadAlong, []models.ReadAlong{models.ReadAlongNobody, models.ReadAlongOwners}, "kind_unknown", "/readAlong"),
		s.referNotes(ctx, w, was, r), s.referCodes(ctx, w, was, r)); err != nil {
		return err
	}
	for i, coder := range r.CoderIDs {
		if slices.Contains(was.CoderIDs, coder) {
			continue
		}
		if err := s.referMember(ctx, w, coder, fmt.Sprintf("/coderIds/%d", i)); err != nil {
			return err
		}
	}
	if r.CodersPerNote < 1 || r.CodersPerNote > models.MaxRoundCoders {
		return models.Invalid("round_assignment", fmt.Sprintf("Each note gets 1 to %d coders.", models.MaxRoundCoders), models.Field{Pointer: "/codersPerNote", Problem: "out of range"})
	}
	return nil
}

// unique gives ids in their order, each once, in a list of its own.
func unique(ids []models.ID) []models.ID {
	seen := make(map[models.ID]bool, len(ids))
	out := make([]models.ID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// referNotes refuses notes that a round didn't have before and that aren't there for everybody.
func (s *Service) referNotes(ctx context.Context, w *work, was, r *models.Round) error {
	fresh := without(r.NoteIDs, was.NoteIDs)
	if len(fresh) == 0 {
		return nil
	}
	found, err := s.store.Notes().All(ctx, w.space, Query{Where: Where{"_id": fresh}, Viewer: w.actor.Viewer()}, len(fresh))
	if err != nil {
		return err
	}
	there := make(map[models.ID]*models.Note, len(found))
	for _, n := range found {
		there[n.ID] = n
	}
	for _, id := range fresh {
		field := models.Field{Pointer: fmt.Sprintf("/noteIds/%d", slices.Index(r.NoteIDs, id)), Problem: "unknown id"}
		switch n := there[id]; {
		case n == nil:
			return models.Invalid("note_unknown", "There is no such note in this project.", field)
		case n.Draft:
			field.Problem = "a draft"
			return models.Conflict("note_draft", "This note is a draft. Share it before it is coded in a round.", field)
		}
	}
	return nil
}

// referCodes refuses codes that a round didn't have before and that aren't in the codebook.
func (s *Service) referCodes(ctx context.Context, w *work, was, r *models.Round) error {
	fresh := without(r.CodeIDs, was.CodeIDs)
	if len(fresh) == 0 {
		return nil
	}
	found, err := s.store.Codes().All(ctx, w.space, Query{Where: Where{"_id": fresh}}, len(fresh))
	if err != nil {
		return err
	}
	for _, id := range fresh {
		if !slices.ContainsFunc(found, func(c *models.Code) bool { return c.ID == id }) {
			return models.Invalid("code_unknown", "There is no such code in this project's codebook.",
				models.Field{Pointer: fmt.Sprintf("/codeIds/%d", slices.Index(r.CodeIDs, id)), Problem: "unknown id"})
		}
	}
	return nil
}

// without gives what isn't in the second list.
func without(ids, known []models.ID) []models.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id models.ID) bool { return slices.Contains(known, id) })
}

// apply writes what is asked for into a draft, and keeps its assignment in step.
func (f RoundFields) apply(r *models.Round) error {
	set(&r.Name, f.Name)
	set(&r.Question, f.Question)
	set(&r.NoteIDs, f.NoteIDs)
	set(&r.CodeIDs, f.CodeIDs)
	set(&r.CoderIDs, f.CoderIDs)
	set(&r.CodersPerNote, f.CodersPerNote)
	set(&r.Method, f.Method)
	set(&r.ReadAlong, f.ReadAlong)
	set(&r.DueOn, f.DueOn)
	if f.Assignment == nil {
		assign(r)
		return nil
	}
	if f.Method == nil {
		r.Method = models.RoundByHand
	}
	if r.Method == models.RoundBalanced {
		return models.Invalid("round_assignment", "A balanced assignment is drawn. Choose to assign by hand, or draw it.", models.Field{Pointer: "/assignment", Problem: "drawn"})
	}
	if err := checkAssignment(r, *f.Assignment); err != nil {
		return err
	}
	r.Assignment = slices.Clone(*f.Assignment)
	assign(r)
	return nil
}

// checkAssignment refuses notes and coders that aren't the round's, or are named twice.
func checkAssignment(r *models.Round, all []models.Assignment) error {
	notes := map[models.ID]bool{}
	for i, a := range all {
		pointer := fmt.Sprintf("/assignment/%d", i)
		if !slices.Contains(r.NoteIDs, a.NoteID) || notes[a.NoteID] {
			return models.Invalid("round_assignment", "Only notes of the round can be assigned, each once.", models.Field{Pointer: pointer + "/noteId", Problem: "unknown or named twice"})
		}
		notes[a.NoteID] = true
		if len(unique(a.CoderIDs)) != len(a.CoderIDs) || len(without(a.CoderIDs, r.CoderIDs)) > 0 {
			return models.Invalid("round_assignment", "A note can be assigned to coders of the round, each once.", models.Field{Pointer: pointer + "/coderIds", Problem: "unknown or named twice"})
		}
	}
	return nil
}

// assign keeps a draft's assignment in step with its notes and coders. A drawn one is always what its
// seed draws of them, and none while they are too few; one by hand loses those who are gone.
func assign(r *models.Round) {
	if r.Method == models.RoundBalanced {
		r.Assignment = []models.Assignment{}
		seed, err := strconv.ParseUint(r.Seed, 10, 64)
		coders := unique(r.CoderIDs)
		if err == nil && len(r.NoteIDs) > 0 && len(r.NoteIDs) <= models.MaxRoundNotes && r.CodersPerNote > 0 && r.CodersPerNote <= len(coders) && len(coders) <= models.MaxRoundCoders {
			r.Assignment = Assign(seed, unique(r.NoteIDs), coders, r.CodersPerNote)
		}
		return
	}
	r.Seed = ""
	kept := make([]models.Assignment, 0, len(r.Assignment))
	for _, a := range r.Assignment {
		coders := slices.DeleteFunc(slices.Clone(a.CoderIDs), func(id models.ID) bool { return !slices.Contains(r.CoderIDs, id) })
		if slices.Contains(r.NoteIDs, a.NoteID) && len(coders) > 0 {
			kept = append(kept, models.Assignment{NoteID: a.NoteID, CoderIDs: coders})
		}
	}
	r.Assignment = kept
}

// CreateRound sets up a round in draft. Unless told otherwise its assignment is to be drawn, two coders a note.
func (s *Service) CreateRound(ctx context.Context, actor models.Actor, space models.ID, in NewRound) (*models.Round, error) {
	return change(ctx, s, actor, space, rounds.add, func(ctx context.Context, w *work) (*models.Round, error) {
		r := &models.Round{
			Head: models.Head{ID: in.ID}, State: models.RoundDraft, Method: models.RoundBalanced, ReadAlong: models.ReadAlongNobody, CodersPerNote: 2,
			NoteIDs: []models.ID{}, CodeIDs: []models.ID{}, CoderIDs: []models.ID{}, Assignment: []models.Assignment{},
			Texts: []models.PinnedText{}, Moves: []models.RoundMove{}, CreatedBy: actor.UserID,
		}
		if err := in.apply(r); err != nil {
			return nil, err
		}
		return rounds.create(ctx, s, w, r)
	})
}

// ChangeRound writes a round anew: all of a draft, and its name, question and due date later.
func (s *Service) ChangeRound(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f RoundFields) (*models.Round, error) {
	return change(ctx, s, actor, space, rounds.action, func(ctx context.Context, w *work) (*models.Round, error) {
		return rounds.update(ctx, s, w, id, seen, func(r *models.Round) error {
			later := RoundFields{Name: f.Name, Question: f.Question, DueOn: f.DueOn}
			if r.State != models.RoundDraft && f != later {
				return errRoundState("This round has begun. Only its name, its question and its due date can be changed now.")
			}
			if r.State != models.RoundDraft {
				set(&r.Name, f.Name)
				set(&r.Question, f.Question)
				set(&r.DueOn, f.DueOn)
				return nil
			}
			return f.apply(r)
		})
	})
}

// DeleteRound puts a draft of a round into the bin.
func (s *Service) DeleteRound(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, rounds.action, func(ctx context.Context, w *work) (*models.Round, error) {
		return rounds.bin(ctx, s, w, id, seen)
	})
	return err
}

// maxSeed is how many digits a seed may have: any number of that many fits.
const maxSeed = 19

// DrawRound assigns a draft's notes to its coders, balanced and at random, with a seed in digits; an
// empty one is made up. The round keeps the seed, so that anybody can draw the same again (see Assign).
func (s *Service) DrawRound(ctx context.Context, actor models.Actor, space, id models.ID, seen int, seed string) (*models.Round, error) {
	if seed == "" {
		seed = strconv.FormatUint(1+rand.Uint64N(999_999_999), 10) //nolint:gosec // chance, not secrecy; short enough to be read out
	}
	number, err := strconv.ParseUint(seed, 10, 64)
	if err != nil || len(seed) > maxSeed {
		return nil, models.Invalid("seed_malformed", "A seed is a number of up to 19 digits.", models.Field{Pointer: "/seed", Problem: "malformed"})
	}
	return change(ctx, s, actor, space, rounds.action, func(ctx context.Context, w *work) (*models.Round, error) {
		return rounds.update(ctx, s, w, id, seen, func(r *models.Round) error {
			if r.State != models.RoundDraft {
				return errRoundState("This round has begun, so its notes stay with their coders.")
			}
			if len(r.NoteIDs) == 0 || r.CodersPerNote > len(r.CoderIDs) {
				return models.Conflict("round_incomplete", "Choose notes, and at least as many coders as each note gets, before you draw.",
					models.Field{Pointer: "/coderIds", Problem: "too few"})
			}
			r.Method, r.Seed = models.RoundBalanced, strconv.FormatUint(number, 10)
			assign(r)
			return nil
		})
	})
}

// Round gives one round. All members know what rounds there are and how they are set up.
func (s *Service) Round(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Round, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Rounds().Find(ctx, space, id)
}

// Rounds lists the rounds of a project, the newest first.
func (s *Service) Rounds(ctx context.Context, actor models.Actor, space models.ID, p models.Page) (models.List[*models.Round], error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return models.List[*models.Round]{}, err
	}
	return s.store.Rounds().List(ctx, space, Query{Order: []string{"-createdAt"}}, p)
}
