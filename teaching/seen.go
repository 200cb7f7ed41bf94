package teaching

import (
	"context"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// seen gives an exercise as its reader may see it; a student sees how far they, or their group, have come, and
// when it is due for them.
func (s *Service) seen(ctx context.Context, x *exercisePlace) (*models.Exercise, error) {
	all, err := s.seenAll(ctx, &x.place, []*models.Exercise{x.exercise})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// seenAll is seen for exercises of one course. However many they are, the store is asked as often as for one.
func (s *Service) seenAll(ctx context.Context, p *place, all []*models.Exercise) ([]*models.Exercise, error) {
	out := make([]*models.Exercise, len(all))
	for i, e := range all {
		x := exercisePlace{*p, e}
		out[i] = x.shown()
	}
	if p.member.Role != models.RoleStudent || len(all) == 0 {
		return out, nil
	}
	work, err := s.workOn(ctx, p, all)
	if err != nil {
		return nil, err
	}
	answers, err := s.statesOf(ctx, work)
	if err != nil {
		return nil, err
	}
	alone, together := []models.ID{p.member.ID}, []models.ID{p.member.ID}
	if p.member.GroupID != "" && slices.ContainsFunc(all, func(e *models.Exercise) bool { return e.Work == models.WorkGroup }) {
		members, err := s.store.CourseMembers().All(ctx, p.course.ID, coding.Query{Where: coding.Where{"groupId": p.member.GroupID}}, models.MaxCoursePeople)
		if err != nil {
			return nil, err
		}
		together = append(together, ids(members)...)
	}
	for i, e := range all { // whose extensions weren't taken out for the reader
		who := alone
		if e.Work == models.WorkGroup {
			who = together
		}
		out[i].Due = DueOf(e, who...)
		out[i].Mine = myWork(e, work[e.ID], answers[e.ID])
		out[i].Mine.Due = out[i].Due
	}
	return out, nil
}

// workOn gives the submissions that the actor, or their group, works on, by their exercises.
func (s *Service) workOn(ctx context.Context, p *place, all []*models.Exercise) (map[models.ID]*models.Submission, error) {
	found, err := s.store.SubmissionsBy(ctx, ids(all), p.member.ID, p.member.GroupID)
	if err != nil {
		return nil, err
	}
	work := make(map[models.ID]*models.Submission, len(found))
	for _, e := range all {
		for _, sub := range found {
			if sub.SpaceID == e.ID && (sub.GroupID != "") == (e.Work == models.WorkGroup) {
				work[e.ID] = sub
			}
		}
	}
	return work, nil
}

// statesOf gives how far the answers of submissions have come, by their exercises.
func (s *Service) statesOf(ctx context.Context, work map[models.ID]*models.Submission) (map[models.ID][]*AnswerState, error) {
	out := make(map[models.ID][]*AnswerState, len(work))
	if len(work) == 0 {
		return out, nil
	}
	begun := make([]models.ID, 0, len(work))
	for _, sub := range work {
		begun = append(begun, sub.ID)
	}
	found, err := s.store.AnswerStatesOf(ctx, begun)
	for _, a := range found {
		out[a.ExerciseID] = append(out[a.ExerciseID], a)
	}
	return out, err
}

// myWork says how far a submission has come; nil stands for one that isn't there.
func myWork(e *models.Exercise, work *models.Submission, answers []*AnswerState) *models.MyWork {
	if work == nil {
		return &models.MyWork{State: models.WorkNotBegun}
	}
	return &models.MyWork{SubmissionID: work.ID, State: workState(work, answers), Ready: ready(e, work, answers)}
}

// workState gives how far a submission with these answers has come, for its students.
func workState(work *models.Submission, answers []*AnswerState) models.WorkState {
	switch {
	case work.ReturnedAt != nil:
		return models.WorkReturned
	case work.Submitted():
		return models.WorkSubmitted
	case work.Organisation.Chosen(), slices.ContainsFunc(answers, (*AnswerState).Begun):
		return models.WorkWriting
	}
	return models.WorkNotBegun
}

// ready counts the answers of a submission that lack nothing, or are submitted.
func ready(e *models.Exercise, work *models.Submission, answers []*AnswerState) int {
	n := 0
	for _, a := range answers {
		if slices.Contains([]State{StateReady, StateSubmitted, StateReturned}, StateOf(e, work, a)) {
			n++
		}
	}
	return n
}
