package teaching

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Work is a submission as it is taken out: what was submitted and stands, or else what is written so far.
type Work struct {
	Exercise *models.Exercise
	Name     string   // of the student, or of the group
	People   []Member // whose it is
	// HandIn is what was submitted and stands; nil while nothing does.
	HandIn       *models.HandIn
	Organisation models.Organisation
	Answers      []models.HandedAnswer // one for each prompt, in their order
	Codes        map[models.ID]string  // names of the codes that prompts are tied to
	Sources      map[models.ID]Source  // the notes that evidence is from, by their ids
	Late         bool                  // by the due time of now
	ReturnedAt   *time.Time
	// Feedback is nil where there is none, or none that the reader may know of.
	Feedback *models.Feedback
	// At is when the work was taken out.
	At time.Time
}

// Source says of a note what is said of it beside a passage.
type Source struct {
	Title      string
	ObservedOn models.Date
}

// Work gives one submission to take out: to its students their own, with their feedback once it was returned; to
// others with feedback that wasn't, if drafts says so.
func (s *Service) Work(ctx context.Context, actor models.Actor, submission models.ID, drafts bool) (*Work, error) {
	x, err := s.enterSubmission(ctx, actor, submission, models.CourseExport)
	if err != nil {
		return nil, err
	}
	codes, err := s.codeNames(ctx, &x.exercisePlace)
	if err != nil {
		return nil, err
	}
	return s.work(ctx, &x, codes, drafts && x.member.May(models.CourseExport) == models.GrantAny)
}

// EachWork calls each with every submission to an exercise, with its feedback whether or not that was returned. It
// is for those who may take out the work of all.
func (s *Service) EachWork(ctx context.Context, actor models.Actor, exercise models.ID, each func(*Work) error) error {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseExport)
	if err != nil {
		return err
	}
	if x.member.May(models.CourseExport) != models.GrantAny {
		return errOwnOnly()
	}
	all, err := s.store.Submissions().All(ctx, exercise, coding.Query{}, models.MaxCoursePeople)
	if err != nil {
		return fmt.Errorf("submissions to %s: %w", exercise, err)
	}
	codes, err := s.codeNames(ctx, &x)
	if err != nil {
		return err
	}
	for _, sub := range all {
		w, err := s.work(ctx, &submissionPlace{x, sub}, codes, true)
		if err != nil {
			return fmt.Errorf("work of %s: %w", sub.ID, err)
		}
		if err := each(w); err != nil {
			return err
		}
	}
	return nil
}

// codeNames gives the names of an exercise's codes.
func (s *Service) codeNames(ctx context.Context, x *exercisePlace) (map[models.ID]string, error) {
	codes, err := s.desk.Codes(ctx, x.guest(""), x.exercise.ID)
	names := make(map[models.ID]string, len(codes))
	for _, c := range codes {
		names[c.ID] = c.Name
	}
	return names, err
}

// sources gives what is said of notes beside the passages of them that answers stand on.
func (s *Service) sources(ctx context.Context, exercise models.ID, answers []models.HandedAnswer) (map[models.ID]Source, error) {
	sources := map[models.ID]Source{}
	var named []models.ID
	for i := range answers {
		for _, e := range answers[i].Evidence {
			if e.NoteID != "" && !e.Withdrawn {
				named = append(named, e.NoteID)
			}
		}
	}
	if len(named) == 0 {
		return sources, nil
	}
	notes, err := s.store.Notes().All(ctx, exercise, coding.Query{Where: coding.Where{"_id": named}}, len(named))
	for _, n := range notes {
		sources[n.ID] = Source{n.Title, n.ObservedOn}
	}
	return sources, err
}

func (s *Service) work(ctx context.Context, x *submissionPlace, codes map[models.ID]string, drafts bool) (*Work, error) {
	w := &Work{Exercise: x.exercise, Organisation: x.submission.Organisation, Codes: codes, ReturnedAt: x.submission.ReturnedAt, At: x.at, People: []Member{}}
	who, due, err := s.whose(ctx, x)
	if err != nil {
		return nil, err
	}
	w.Name = who.Name
	if err := s.writtenInto(ctx, x, w); err != nil {
		return nil, err
	}
	if h := w.HandIn; h != nil {
		w.Late = Handing{At: h.At, Late: h.Late}.lateFor(due)
	}
	if w.Sources, err = s.sources(ctx, x.exercise.ID, w.Answers); err != nil {
		return nil, fmt.Errorf("notes of %s: %w", x.exercise.ID, err)
	}
	members, err := s.handedInBy(ctx, x, w.HandIn)
	if err != nil {
		return nil, err
	}
	accounts, err := s.accounts(ctx, members...)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		w.People = append(w.People, x.place.shown(m, accounts[m.UserID]))
	}
	if !drafts && x.submission.ReturnedAt == nil {
		return w, nil
	}
	f, err := s.store.Feedbacks().Find(ctx, x.exercise.ID, x.submission.ID)
	if models.KindOf(err) == models.KindNotFound {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	w.Feedback = f
	return w, s.sign(ctx, &x.place, f)
}

// handedInBy gives those whose work it was when it was submitted, also who has left the group or the course since:
// the mark is theirs. While nothing stands it is that of its authors.
func (s *Service) handedInBy(ctx context.Context, x *submissionPlace, h *models.HandIn) ([]*models.CourseMember, error) {
	if h == nil || x.submission.GroupID == "" {
		return s.authors(ctx, x)
	}
	var out []*models.CourseMember
	for _, bin := range []bool{false, true} {
		found, err := s.store.CourseMembers().All(ctx, x.course.ID, coding.Query{Where: coding.Where{"_id": h.MemberIDs}, Order: []string{"number"}, Bin: bin}, models.MaxGroup)
		if err != nil {
			return nil, fmt.Errorf("members of hand-in %s: %w", h.ID, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// writtenInto fills in the words: those of the hand-in that stands, or else those that are written.
func (s *Service) writtenInto(ctx context.Context, x *submissionPlace, w *Work) error {
	if x.submission.Submitted() {
		h, err := s.store.HandIn(ctx, x.submission.ID, x.submission.HandIn)
		if err != nil {
			return err
		}
		w.HandIn, w.Organisation, w.Answers = h, h.Organisation, slices.Clone(h.Answers)
		return nil
	}
	answers, err := s.answers(ctx, x.exercise, x.submission.ID)
	if err != nil {
		return err
	}
	for _, p := range x.exercise.Prompts {
		a := answers[p.ID]
		w.Answers = append(w.Answers, models.HandedAnswer{
			PromptID: p.ID, Title: p.Title, Question: p.Question, CodeID: p.CodeID, Text: a.Text, Words: a.Words, Evidence: a.Evidence,
		})
	}
	return nil
}
