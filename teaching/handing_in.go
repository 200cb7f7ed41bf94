package teaching

import (
	"context"
	"fmt"
	"time"

	"feltbog/models"
)

// Receipt tells of a hand-in.
type Receipt struct {
	Number      int        `json:"number"`
	At          time.Time  `json:"at"`
	By          models.ID  `json:"by"`
	Late        bool       `json:"late"`
	Hash        string     `json:"hash"`
	TakenBackAt *time.Time `json:"takenBackAt,omitempty"`
}

func receipt(h *models.HandIn) Receipt {
	return Receipt{Number: h.Number, At: h.At, By: h.By, Late: h.Late, Hash: h.Hash, TakenBackAt: h.TakenBackAt}
}

// handed is what submitting gives: the receipt, and whether it is new.
type handed struct {
	receipt Receipt
	made    bool
}

// Submit freezes a submission as it is and gives the receipt. What was submitted before and stands gives its
// receipt again. Work that lacks something is a Conflict (submission_incomplete) that tells what, unless asIs
// says that it is to be submitted as it is; after the due time it is one (past_due), unless late work is
// allowed.
func (s *Service) Submit(ctx context.Context, actor models.Actor, submission models.ID, asIs bool) (r Receipt, made bool, err error) {
	arrived := s.clock() // nobody is late because the store was busy
	h, err := changeSubmission(ctx, s, actor, submission, models.CourseAnswer, func(ctx context.Context, x submissionPlace) (handed, error) {
		x.at = arrived
		if x.submission.Submitted() {
			h, err := s.store.HandIn(ctx, submission, x.submission.HandIn)
			if err != nil {
				return handed{}, err
			}
			return handed{receipt(h), false}, nil
		}
		return s.submit(ctx, &x, asIs)
	})
	return h.receipt, h.made, err
}

func (s *Service) submit(ctx context.Context, x *submissionPlace, asIs bool) (handed, error) {
	members, err := s.authors(ctx, x)
	if err != nil {
		return handed{}, err
	}
	due := DueOf(x.exercise, ids(members)...)
	late := due != nil && x.at.After(*due)
	if late && !x.exercise.LateAllowed {
		return handed{}, errPastDue("The due time has passed, so this can't be submitted any more. Your words are kept; ask your instructor for more time.")
	}
	answers, err := s.answers(ctx, x.exercise, x.submission.ID)
	if err != nil {
		return handed{}, err
	}
	if fields := lackFields(x, answers); len(fields) > 0 && !asIs {
		return handed{}, models.Conflict("submission_incomplete", "Something is still missing. Complete it, or submit it as it is.", fields...)
	}
	h, err := x.frozen(members, answers, late)
	if err != nil {
		return handed{}, err
	}
	x.submission.HandIn, x.submission.HandIns = h.Number, h.Number
	if err := s.seal(ctx, answers, h.Number); err != nil {
		return handed{}, err
	}
	if err := replace(ctx, s.store.Submissions(), &x.place, x.submission); err != nil {
		return handed{}, err
	}
	return handed{receipt(h), true}, s.store.InsertHandIn(ctx, h)
}

// lackFields says what a submission lacks, for people and for programs.
func lackFields(x *submissionPlace, answers map[models.ID]*models.Answer) []models.Field {
	var fields []models.Field
	if o := &x.submission.Organisation; o.Name == "" || o.Kind == "" {
		fields = append(fields, models.Field{Pointer: "/organisation", Problem: "Say which organisation this is about, and of what kind it is.", Code: LackOrganisation})
	}
	for i := range x.exercise.Prompts {
		id := x.exercise.Prompts[i].ID
		a := StateIn(answers[id])
		for _, code := range Lacking(x.exercise, a) {
			problem, values := lackSentence(x.exercise, a, code)
			fields = append(fields, models.Field{Pointer: "/answers/" + string(id), Problem: problem, Code: code, Values: values})
		}
	}
	return fields
}

// lackSentence says for people what an answer lacks, and gives the numbers in it.
func lackSentence(e *models.Exercise, a *AnswerState, code string) (string, []string) {
	switch code {
	case LackWords:
		return fmt.Sprintf("It has %d words and needs %d.", a.Words, leastWords(e)), numbers(a.Words, leastWords(e))
	case LackBrevity:
		return fmt.Sprintf("It has %d words and may have %d.", a.Words, e.MaxWords), numbers(a.Words, e.MaxWords)
	case LackChoice:
		return "There is another version, written at the same time. Choose one, or make one of both.", nil
	case LackPassages:
		return fmt.Sprintf("It has %d passages and needs %d.", a.Passages, e.Passages), numbers(a.Passages, e.Passages)
	default:
		return fmt.Sprintf("Of its passages, %d don't say why they matter.", a.Passages-a.Reasoned), numbers(a.Passages - a.Reasoned)
	}
}

// frozen makes the hand-in of a submission.
func (x *submissionPlace) frozen(members []*models.CourseMember, answers map[models.ID]*models.Answer, late bool) (*models.HandIn, error) {
	h := &models.HandIn{
		SubmissionID: x.submission.ID, ExerciseID: x.exercise.ID, Number: x.submission.HandIns + 1, At: x.at, By: x.member.ID,
		MemberIDs: ids(members), Late: late, Organisation: x.submission.Organisation, Answers: make([]models.HandedAnswer, len(x.exercise.Prompts)),
	}
	for i, p := range x.exercise.Prompts {
		a := answers[p.ID]
		h.Answers[i] = models.HandedAnswer{
			PromptID: p.ID, Title: p.Title, Question: p.Question, CodeID: p.CodeID, Text: a.Text, Words: a.Words,
			Evidence: append([]models.Evidence{}, a.Evidence...),
		}
	}
	var err error
	h.Hash, err = HashOf(h)
	return h, err
}

// seal marks the answers as frozen by a hand-in, 0 as written again. It touches all of them, also those that
// nobody has begun, so that whoever writes one meanwhile meets it.
func (s *Service) seal(ctx context.Context, answers map[models.ID]*models.Answer, number int) error {
	for _, a := range answers {
		a.Sealed = number
		if err := s.store.SaveAnswer(ctx, a, a.Edition); err != nil {
			return err
		}
	}
	return nil
}

// TakeBack makes a submission one to be written again. Its hand-in stays, as one that was taken back. It
// can be taken back until its due time, while it isn't returned; one that was taken back gives its receipt.
func (s *Service) TakeBack(ctx context.Context, actor models.Actor, submission models.ID) (Receipt, error) {
	return changeSubmission(ctx, s, actor, submission, models.CourseAnswer, func(ctx context.Context, x submissionPlace) (Receipt, error) {
		if x.submission.HandIns == 0 {
			return Receipt{}, models.Conflict("nothing_submitted", "Nothing has been submitted yet.")
		}
		h, err := s.store.HandIn(ctx, submission, x.submission.HandIns)
		if err != nil {
			return Receipt{}, err
		}
		if !x.submission.Submitted() {
			return receipt(h), nil
		}
		members, err := s.authors(ctx, &x)
		if err != nil {
			return Receipt{}, err
		}
		if err := x.mayTakeBack(DueOf(x.exercise, ids(members)...)); err != nil {
			return Receipt{}, err
		}
		written, err := s.answers(ctx, x.exercise, x.submission.ID)
		if err != nil {
			return Receipt{}, err
		}
		if err := s.seal(ctx, written, 0); err != nil {
			return Receipt{}, err
		}
		h.TakenBackAt, x.submission.HandIn = &x.at, 0
		if err := replace(ctx, s.store.Submissions(), &x.place, x.submission); err != nil {
			return Receipt{}, err
		}
		return receipt(h), s.store.TakeHandInBack(ctx, submission, h.Number, x.at)
	})
}

// mayTakeBack refuses to take back what was returned, or was due.
func (x *submissionPlace) mayTakeBack(due *time.Time) error {
	switch {
	case x.submission.ReturnedAt != nil:
		return models.Conflict("submission_returned", "This has been returned with feedback, so it can't be taken back.")
	case due != nil && x.at.After(*due):
		return errPastDue("The due time has passed, so this can't be taken back any more.")
	}
	return nil
}

func errPastDue(sentence string) error { return models.Conflict("past_due", sentence) }

// HandIn gives a hand-in of a submission, as it was submitted.
func (s *Service) HandIn(ctx context.Context, actor models.Actor, submission models.ID, number int) (*models.HandIn, error) {
	if _, err := s.enterSubmission(ctx, actor, submission, models.CourseReadWork); err != nil {
		return nil, err
	}
	return s.store.HandIn(ctx, submission, number)
}
