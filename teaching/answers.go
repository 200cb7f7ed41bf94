package teaching

import (
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"feltbog/models"
)

// SaveAnswer keeps what a student writes to a prompt, of which they saw version seen, 0 for none; Write says
// how. It happens every two seconds of everybody who writes, so it is a few finds by key and one write, in no
// transaction: an answer is written only if it is still as it was read, and submitting changes it too.
func (s *Service) SaveAnswer(ctx context.Context, actor models.Actor, submission, prompt models.ID, seen int, in Writing) (AnswerView, Kept, error) {
	var out AnswerView
	var kept Kept
	if err := checkWriting(&in); err != nil {
		return out, kept, err
	}
	err := untilStill(ctx, func() error {
		x, a, err := s.enterPrompt(ctx, actor, submission, prompt)
		if err != nil {
			return err
		}
		if slices.Contains(a.Applied, in.Revision) { // whatever has happened since, it arrived
			out, kept = x.view(a), KeptAlready
			return nil
		}
		if x.submission.Submitted() || a.Sealed > 0 {
			return errSubmitted()
		}
		edition := a.Edition
		if kept, err = Write(a, in, seen, x.member.ID, x.at); err != nil {
			return err
		}
		out = x.view(a)
		return s.store.SaveAnswer(ctx, a, edition)
	})
	return out, kept, err
}

// enterPrompt finds an actor who answers, and the answer to a prompt, an empty one where nobody has begun.
func (s *Service) enterPrompt(ctx context.Context, actor models.Actor, submission, prompt models.ID) (submissionPlace, *models.Answer, error) {
	x, a, err := s.enterAnswer(ctx, actor, submission, prompt, models.CourseAnswer)
	if err != nil {
		return x, nil, err
	}
	if x.exercise.Prompt(prompt) == nil {
		return x, nil, models.NotFound("prompt")
	}
	if a == nil {
		a = models.NewAnswer(submission, x.exercise.ID, prompt)
	}
	return x, a, nil
}

// checkWriting cleans and bounds what is written.
func checkWriting(in *Writing) error {
	in.Text = CleanAnswer(in.Text)
	switch {
	case in.Revision == "":
		return models.Invalid("revision_missing", "Name what you wrote with a revision, a UUIDv7 made anew for each change.", models.Field{Pointer: "/revision", Problem: "missing"})
	case in.Writer == "":
		return models.Invalid("writer_missing", "Name the window that this was written in, with a UUID.", models.Field{Pointer: "/writer", Problem: "missing"})
	case len(in.Settles) > models.MaxOthers:
		return models.Invalid("settles_too_many", "No answer has so many other versions.", models.Field{Pointer: "/settles", Problem: "too many"})
	case utf8.RuneCountInString(in.Text) > models.MaxAnswer:
		return models.Invalid("answer_too_long", "This answer is longer than an answer may be. Shorten it; until then it is kept on this device alone.", models.Field{Pointer: "/text", Problem: "too long", Values: numbers(models.MaxAnswer)})
	}
	return nil
}

func numbers(all ...int) []string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = strconv.Itoa(n)
	}
	return out
}
