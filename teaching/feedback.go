package teaching

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"feltbog/coding"
	"feltbog/models"
)

// FeedbackStore keeps what instructors say of submissions.
type FeedbackStore interface {
	Feedbacks() coding.Records[*models.Feedback]
	// FeedbackIDs lists the submissions of an exercise of which something was said.
	FeedbackIDs(ctx context.Context, exercise models.ID) ([]models.ID, error)
	// ReturnSubmissions returns those submissions of an exercise that are submitted and not returned yet, or
	// of these those that are named, and says how many they were.
	ReturnSubmissions(ctx context.Context, exercise models.ID, ids []models.ID, by models.ID, at time.Time) (int, error)
}

// seesAll says whether the member may read the work of all students.
func (p *place) seesAll() bool { return p.member.May(models.CourseReadWork) == models.GrantAny }

// Feedback gives what instructors say of a submission. To its students there is none before it was returned.
func (s *Service) Feedback(ctx context.Context, actor models.Actor, submission models.ID) (*models.Feedback, error) {
	x, err := s.enterSubmission(ctx, actor, submission, models.CourseReadWork)
	if err != nil {
		return nil, err
	}
	if !x.seesAll() && x.submission.ReturnedAt == nil {
		return nil, models.NotFound(models.NounFeedback)
	}
	f, err := s.store.Feedbacks().Find(ctx, x.exercise.ID, submission)
	if err != nil {
		return nil, err
	}
	if _, err = s.ontoStanding(ctx, &x, f); err != nil {
		return nil, err
	}
	return f, s.sign(ctx, &x.place, f)
}

// sign says of feedback who wrote it, as the actor calls them. Of those whose personal data was deleted, who
// wrote isn't known any more.
func (s *Service) sign(ctx context.Context, p *place, f *models.Feedback) error {
	wrote := []models.ID{f.MarkedBy, f.CommentedBy}
	for i := range f.Remarks {
		wrote = append(wrote, f.Remarks[i].AuthorID)
	}
	wrote = slices.DeleteFunc(wrote, func(id models.ID) bool { return id == "" })
	slices.Sort(wrote)
	wrote = slices.Compact(wrote)
	if len(wrote) == 0 {
		return nil
	}
	where := coding.Where{"userId": wrote}
	gone, err := s.store.CourseMembers().All(ctx, p.course.ID, coding.Query{Where: where, Bin: true}, models.MaxCoursePeople)
	if err != nil {
		return err
	}
	here, err := s.store.CourseMembers().All(ctx, p.course.ID, coding.Query{Where: where}, models.MaxCoursePeople)
	if err != nil {
		return err
	}
	members := slices.Concat(gone, here) // whoever left and came back is called what they are now
	accounts, err := s.accounts(ctx, members...)
	if err != nil {
		return err
	}
	signatures := make(map[models.ID]*models.Signature, len(members))
	for _, m := range members {
		signatures[m.UserID] = &models.Signature{Name: p.called(m, accounts[m.UserID]), Me: m.UserID == p.actor.UserID}
	}
	f.MarkBy, f.CommentBy = signatures[f.MarkedBy], signatures[f.CommentedBy]
	for i := range f.Remarks {
		f.Remarks[i].By = signatures[f.Remarks[i].AuthorID]
	}
	return nil
}

// ontoStanding carries the remarks of feedback onto the hand-in that stands, and gives that; nil where none
// stands.
func (s *Service) ontoStanding(ctx context.Context, x *submissionPlace, f *models.Feedback) (*models.HandIn, error) {
	if !x.submission.Submitted() {
		return nil, nil //nolint:nilnil // as long as nothing stands, remarks stay where they were
	}
	h, err := s.store.HandIn(ctx, x.submission.ID, x.submission.HandIn)
	if err != nil {
		return nil, err
	}
	carryRemarks(f, h)
	return h, nil
}

// carryRemarks brings feedback from an earlier hand-in onto another. A remark stays on its words where they
// stand as they did, follows them to where they stand once, and is otherwise one on the whole answer, which
// still says what words it was about.
func carryRemarks(f *models.Feedback, h *models.HandIn) {
	if f.Number == h.Number {
		return
	}
	f.Number = h.Number
	for i := range f.Remarks {
		r := &f.Remarks[i]
		if r.Quote == "" {
			continue
		}
		at := slices.IndexFunc(h.Answers, func(a models.HandedAnswer) bool { return a.PromptID == r.PromptID })
		if at < 0 {
			r.Start, r.End = 0, 0
			continue
		}
		text := h.Answers[at].Text
		if standsAt(text, r.Start, r.End, r.Quote) {
			continue
		}
		r.Start, r.End = 0, 0
		if before, after, found := strings.Cut(text, r.Quote); found && !strings.Contains(after, r.Quote) {
			r.Start = utf8.RuneCountInString(before)
			r.End = r.Start + utf8.RuneCountInString(r.Quote)
		}
	}
}

// standsAt says whether a quote stands at the code points [start, end) of a text.
func standsAt(text string, start, end int, quote string) bool {
	runes := []rune(text)
	return start >= 0 && start < end && end <= len(runes) && string(runes[start:end]) == quote
}

// changeFeedback writes the feedback of a submission, which is made when there is none. It is seen at a
// version; 0 is whatever it has.
func (s *Service) changeFeedback(ctx context.Context, actor models.Actor, submission models.ID, seen int,
	edit func(x *submissionPlace, f *models.Feedback, h *models.HandIn) error,
) (*models.Feedback, error) {
	var out *models.Feedback
	var at place
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterSubmission(ctx, actor, submission, models.CourseFeedback)
		if err != nil {
			return err
		}
		at = x.place
		all := s.store.Feedbacks()
		f, err := all.Find(ctx, x.exercise.ID, submission)
		fresh := models.KindOf(err) == models.KindNotFound && seen == 0
		if fresh {
			f = &models.Feedback{
				Head:    models.Head{ID: submission, SpaceID: x.exercise.ID, Version: 1, CreatedAt: x.at, UpdatedAt: x.at},
				Remarks: []models.Remark{},
			}
		} else if err != nil {
			return err
		}
		out = f
		h, err := s.ontoStanding(ctx, &x, f)
		if err != nil {
			return err
		}
		if outdated(f, seen) {
			return models.Stale(f)
		}
		if err := edit(&x, f, h); err != nil {
			return err
		}
		if fresh {
			return all.Insert(ctx, f)
		}
		return replace(ctx, all, &x.place, f)
	})
	if err == nil || models.KindOf(err) == models.KindStale { // who is refused hears of it as it is kept, too
		err = cmp.Or(s.sign(ctx, &at, out), err)
	}
	return out, err
}

// FeedbackWords are what is said of a submission as a whole.
type FeedbackWords struct {
	Mark    string `json:"mark"`
	Comment string `json:"comment"`
}

// SaveFeedback writes the mark and the comment of a submission over those that were seen at a version; 0
// where there was no feedback yet.
func (s *Service) SaveFeedback(ctx context.Context, actor models.Actor, submission models.ID, seen int, in FeedbackWords) (*models.Feedback, error) {
	if err := models.First(models.CleanLabel(&in.Mark, "/mark"), models.CleanProse(&in.Comment, "/comment")); err != nil {
		return nil, err
	}
	return s.changeFeedback(ctx, actor, submission, seen, func(_ *submissionPlace, f *models.Feedback, _ *models.HandIn) error {
		written := f.Mark != "" || f.Comment != ""
		if seen == 0 && written && (f.Mark != in.Mark || f.Comment != in.Comment) {
			return models.Stale(f)
		}
		f.MarkedBy, f.CommentedBy = writer(f.Mark, in.Mark, f.MarkedBy, actor.UserID), writer(f.Comment, in.Comment, f.CommentedBy, actor.UserID)
		f.Mark, f.Comment = in.Mark, in.Comment
		return nil
	})
}

// writer gives who wrote words that were others before: who writes now, unless they left them as they were.
func writer(was, is string, before, now models.ID) models.ID {
	switch is {
	case "":
		return ""
	case was:
		return before
	}
	return now
}

// NewRemark asks for a remark on an answer, or on words of it at the code points [Start, End).
type NewRemark struct {
	ID       models.ID `json:"id"`
	PromptID models.ID `json:"promptId"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
	Quote    string    `json:"quote"`
	Text     string    `json:"text"`
}

// CreateRemark remarks on the hand-in that stands. A remark that is sent again is there once.
func (s *Service) CreateRemark(ctx context.Context, actor models.Actor, submission models.ID, in NewRemark) (*models.Feedback, error) {
	id, err := models.ChosenID(in.ID)
	if err != nil {
		return nil, err
	}
	if err := cleanRemark(&in.Text); err != nil {
		return nil, err
	}
	return s.changeFeedback(ctx, actor, submission, 0, func(x *submissionPlace, f *models.Feedback, h *models.HandIn) error {
		r := models.Remark{ID: id, PromptID: in.PromptID, Start: in.Start, End: in.End, Quote: in.Quote, Text: in.Text, AuthorID: x.actor.UserID, At: x.at}
		if h == nil {
			return errNothingSubmitted()
		}
		if err := checkRemark(r, h); err != nil {
			return err
		}
		if i := remarkAt(f, id); i >= 0 {
			r.At = f.Remarks[i].At
			if r != f.Remarks[i] {
				return models.Conflict("id_taken", "This id has been used before.", models.Field{Pointer: "/id", Problem: "taken"})
			}
			return nil
		}
		if len(f.Remarks) >= models.MaxRemarks {
			return models.Conflict("remarks_too_many", "There are as many remarks on this submission as there may be. Delete one that isn't needed.")
		}
		f.Remarks = append(f.Remarks, r)
		return nil
	})
}

func errNothingSubmitted() error {
	return models.Conflict("nothing_submitted", "Nothing is submitted just now. Wait until it is, or look again: it may have been taken back.")
}

// cleanRemark cleans the words of a remark and refuses one without any.
func cleanRemark(text *string) error {
	if err := models.CleanText(text, models.MaxComment, "/text"); err != nil {
		return err
	}
	if *text == "" {
		return models.Invalid("remark_empty", "Write something in the remark.", models.Field{Pointer: "/text", Problem: "missing"})
	}
	return nil
}

// checkRemark refuses a remark on an answer that the hand-in hasn't, or on words that don't stand there.
func checkRemark(r models.Remark, h *models.HandIn) error {
	at := slices.IndexFunc(h.Answers, func(a models.HandedAnswer) bool { return a.PromptID == r.PromptID })
	if at < 0 {
		return models.NotFound("prompt")
	}
	if r.Start == 0 && r.End == 0 && r.Quote == "" {
		return nil
	}
	if !standsAt(h.Answers[at].Text, r.Start, r.End, r.Quote) {
		return models.Invalid("quote_mismatch", "These words aren't what stands in the answer at this place. Load it again and select them anew.",
			models.Field{Pointer: "/quote", Problem: "doesn't stand there"})
	}
	return nil
}

// remarkAt gives the index of a remark, -1 if there is none.
func remarkAt(f *models.Feedback, id models.ID) int {
	return slices.IndexFunc(f.Remarks, func(r models.Remark) bool { return r.ID == id })
}

// ChangeRemark writes the words of a remark anew.
func (s *Service) ChangeRemark(ctx context.Context, actor models.Actor, submission, remark models.ID, text string) (*models.Feedback, error) {
	if err := cleanRemark(&text); err != nil {
		return nil, err
	}
	return s.editRemark(ctx, actor, submission, remark, func(f *models.Feedback, i int) {
		r := &f.Remarks[i]
		r.Text, r.AuthorID = text, writer(r.Text, text, r.AuthorID, actor.UserID)
	})
}

// DeleteRemark takes a remark away.
func (s *Service) DeleteRemark(ctx context.Context, actor models.Actor, submission, remark models.ID) (*models.Feedback, error) {
	return s.editRemark(ctx, actor, submission, remark, func(f *models.Feedback, i int) { f.Remarks = slices.Delete(f.Remarks, i, i+1) })
}

func (s *Service) editRemark(ctx context.Context, actor models.Actor, submission, remark models.ID, edit func(f *models.Feedback, i int)) (*models.Feedback, error) {
	return s.changeFeedback(ctx, actor, submission, 0, func(_ *submissionPlace, f *models.Feedback, _ *models.HandIn) error {
		i := remarkAt(f, remark)
		if i < 0 {
			return models.NotFound(models.NounRemark)
		}
		edit(f, i)
		return nil
	})
}

// ReturnSubmission returns a submission with its feedback. One that was returned stays as it is.
func (s *Service) ReturnSubmission(ctx context.Context, actor models.Actor, submission models.ID) (*models.Submission, error) {
	var out *models.Submission
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterSubmission(ctx, actor, submission, models.CourseReturn)
		if err != nil {
			return err
		}
		out = x.submission
		switch {
		case out.ReturnedAt != nil:
			return nil
		case !out.Submitted():
			return errNothingSubmitted()
		}
		out.ReturnedAt, out.ReturnedBy = &x.at, x.actor.UserID
		return replace(ctx, s.store.Submissions(), &x.place, out)
	})
	return out, err
}

// ReturnSubmissions returns all submissions of an exercise that are submitted and not returned yet, or of
// those that are named, and says how many they were. Nil stands for all: an empty list names none.
func (s *Service) ReturnSubmissions(ctx context.Context, actor models.Actor, exercise models.ID, ids []models.ID) (int, error) {
	if len(ids) > models.MaxCoursePeople {
		return 0, models.Invalid("submissions_too_many", fmt.Sprintf("Name at most %d submissions at once.", models.MaxCoursePeople), models.Field{Pointer: "/submissionIds", Problem: "too many"})
	}
	n := 0
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterExercise(ctx, actor, exercise, models.CourseReturn)
		if err != nil || ids != nil && len(ids) == 0 {
			return err
		}
		n, err = s.store.ReturnSubmissions(ctx, exercise, ids, x.actor.UserID, x.at)
		return err
	})
	return n, err
}
