package teaching

import (
	"context"
	"fmt"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// usualTimeZone is where an exercise is due that nobody said anything else of.
const usualTimeZone = "Europe/Copenhagen"

// maxWords bounds how many words an answer may be asked for.
const maxWords = 10_000

// checkExercise cleans an exercise and refuses what may not be.
func (s *Service) checkExercise(ctx context.Context, x *exercisePlace, before *models.Exercise) error {
	e := x.exercise
	if err := models.First(
		cleanWords(e), cleanPrompts(e),
		models.OneOf(e.Work, []models.Work{models.WorkIndividual, models.WorkGroup}, "work_unknown", "/work"),
		models.Within(e.MinWords, 0, maxWords, "/minWords"), models.Within(e.MaxWords, 0, maxWords, "/maxWords"),
		models.Within(e.Passages, 0, models.MaxEvidence, "/passages"),
	); err != nil {
		return err
	}
	switch {
	case e.MaxWords != 0 && e.MaxWords < e.MinWords:
		return models.Invalid("words_reversed", "An answer can't have fewer words at most than at least.", models.Field{Pointer: "/maxWords", Problem: "below minWords"})
	case e.Passages > 0 && !e.Released && !e.OwnNotes && !e.Web:
		return models.Invalid("evidence_from_nowhere", "Answers need evidence, so say where it may be from.", models.Field{Pointer: "/passages", Problem: "no source allowed"})
	case e.Open && len(e.Prompts) == 0:
		return models.Conflict("exercise_empty", "An exercise needs a prompt before students can see it.")
	}
	return models.First(s.tieable(ctx, x, before), s.keepsWork(ctx, x, before), settleDue(e))
}

// keepsWork refuses to take away prompts that were answered, and to change who answers once somebody does.
func (s *Service) keepsWork(ctx context.Context, x *exercisePlace, before *models.Exercise) error {
	e := x.exercise
	if e.Work != before.Work {
		begun, err := s.store.Submissions().All(ctx, e.ID, coding.Query{}, 1)
		if err != nil {
			return err
		}
		if len(begun) > 0 {
			return models.Conflict("exercise_begun", "Somebody has begun to answer, so it stays as it is who answers: each student or each group.")
		}
	}
	if !slices.ContainsFunc(before.Prompts, func(p models.Prompt) bool { return e.Prompt(p.ID) == nil }) {
		return nil
	}
	answered, err := s.store.AnsweredPrompts(ctx, e.ID)
	if err != nil {
		return err
	}
	for _, p := range before.Prompts {
		if e.Prompt(p.ID) == nil && slices.Contains(answered, p.ID) {
			return models.Conflict("prompt_answered", "Somebody has answered one of these prompts, so it stays. Its words can be changed.",
				models.Field{Pointer: "/prompts", Problem: "answered: " + string(p.ID)})
		}
	}
	return nil
}

// cleanWords cleans what an exercise says of itself.
func cleanWords(e *models.Exercise) error {
	return models.First(cleanTitle(&e.Title, "/title"),
		models.CleanProse(&e.Instructions.En, "/instructions/en"), models.CleanProse(&e.Instructions.Da, "/instructions/da"))
}

// cleanTitle cleans a title that is needed in one of the languages.
func cleanTitle(t *models.Bilingual, pointer string) error {
	if err := models.First(models.CleanLabel(&t.En, pointer+"/en"), models.CleanLabel(&t.Da, pointer+"/da")); err != nil {
		return err
	}
	if *t == (models.Bilingual{}) {
		return models.Invalid("name_missing", "A title is needed, in English or in Danish.", models.Field{Pointer: pointer, Problem: "missing"})
	}
	return nil
}

// cleanPrompts cleans the prompts, and gives new ones their ids.
func cleanPrompts(e *models.Exercise) error {
	if len(e.Prompts) > models.MaxPrompts {
		return models.Invalid("prompts_too_many", fmt.Sprintf("An exercise may have %d prompts.", models.MaxPrompts), models.Field{Pointer: "/prompts", Problem: "too many"})
	}
	e.Prompts = slices.Clone(e.Prompts)
	known := map[models.ID]bool{}
	for i := range e.Prompts {
		p, at := &e.Prompts[i], fmt.Sprintf("/prompts/%d", i)
		if err := models.First(cleanTitle(&p.Title, at+"/title"), models.CleanProse(&p.Question.En, at+"/question/en"), models.CleanProse(&p.Question.Da, at+"/question/da")); err != nil {
			return err
		}
		var err error
		if p.ID, err = models.ChosenID(p.ID); err != nil {
			return err
		}
		if known[p.ID] {
			return models.Invalid("prompt_twice", "Two prompts have the same id.", models.Field{Pointer: at + "/id", Problem: "twice"})
		}
		known[p.ID] = true
	}
	return nil
}

// tieable refuses prompts that are tied to what isn't a code of the exercise's codebook. What was tied
// before stays, also if the code was archived since.
func (s *Service) tieable(ctx context.Context, x *exercisePlace, before *models.Exercise) error {
	codes, err := s.desk.Codes(ctx, x.guest(""), x.exercise.ID)
	if err != nil {
		return err
	}
	open := map[models.ID]bool{}
	for _, c := range codes {
		open[c.ID] = !c.Archived && c.MergedInto == ""
	}
	for i, p := range x.exercise.Prompts {
		if was := before.Prompt(p.ID); !open[p.CodeID] && (was == nil || was.CodeID != p.CodeID) {
			return models.Invalid("code_unknown", "There is no such code in this exercise's codebook.", models.Field{Pointer: fmt.Sprintf("/prompts/%d/codeId", i), Problem: "unknown id"})
		}
	}
	return nil
}
