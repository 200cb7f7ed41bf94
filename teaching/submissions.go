package teaching

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// submissionPlace is where on a submission an actor stands.
type submissionPlace struct {
	exercisePlace
	submission *models.Submission
}

// enterSubmission finds an actor in the course of a submission and asks whether they may. It returns NotFound
// to strangers, to students whose work it isn't, and for one of an exercise that isn't there for them.
func (s *Service) enterSubmission(ctx context.Context, actor models.Actor, submission models.ID, action models.Action) (submissionPlace, error) {
	x, _, err := s.enterAnswer(ctx, actor, submission, "", action)
	return x, err
}

// enterAnswer is enterSubmission that gives the answer to a prompt, too, nil where nobody has written one.
func (s *Service) enterAnswer(ctx context.Context, actor models.Actor, submission, prompt models.ID, action models.Action) (submissionPlace, *models.Answer, error) {
	x := submissionPlace{}
	if actor.Token != nil {
		return x, nil, models.OutOfScope()
	}
	st, err := s.store.Standing(ctx, submission, prompt, actor.UserID)
	if isNotFound(err) {
		err = models.NotFound(models.NounSubmission)
	}
	if err != nil {
		return x, nil, err
	}
	x.actor, x.at, x.course, x.member, x.exercise, x.submission = actor, s.clock(), st.Course, st.Member, st.Exercise, st.Submission
	switch {
	case x.member == nil, x.course.DeletedAt != nil, x.course.Purging, x.exercise.DeletedAt != nil,
		x.member.Role == models.RoleStudent && (!x.exercise.Open || !owns(x.member, x.submission)):
		return x, nil, models.NotFound(models.NounSubmission)
	}
	err = x.allow(action)
	return x, st.Answer, err
}

// owns says whether a submission is a member's, or their group's.
func owns(m *models.CourseMember, s *models.Submission) bool {
	return s.MemberID == m.ID || s.GroupID != "" && s.GroupID == m.GroupID
}

// changeSubmission runs fn in one transaction as somebody who has the right to the action, again from the
// start when somebody else changed an answer of it meanwhile.
func changeSubmission[R any](ctx context.Context, s *Service, actor models.Actor, submission models.ID, action models.Action,
	fn func(ctx context.Context, x submissionPlace) (R, error),
) (R, error) {
	var out R
	err := untilStill(ctx, func() error {
		return s.store.Tx(ctx, func(ctx context.Context) error {
			x, err := s.enterSubmission(ctx, actor, submission, action)
			if err != nil {
				return err
			}
			out, err = fn(ctx, x)
			return err
		})
	})
	return out, err
}

// patience is how often something is tried that others keep changing. Ten windows that write without a pause
// need a handful of tries.
const patience = 60

// untilStill runs fn again for as long as it met somebody else's change.
func untilStill(ctx context.Context, fn func() error) error {
	for try := range patience {
		err := fn()
		if !errors.Is(err, ErrMoved) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(time.Duration(try+1) * 2 * time.Millisecond)):
		}
	}
	return models.Unavailable("store_unavailable", "So many write here at once that this couldn't be kept just now. Try again in a moment.", ErrMoved)
}

// Whose says whose a submission is.
type Whose struct {
	Name    string        `json:"name"` // of the student, or of the group
	Members []WhoseMember `json:"members"`
}

// WhoseMember is one of those whose submission it is.
type WhoseMember struct {
	MemberID models.ID `json:"memberId"`
	Name     string    `json:"name"`
	Me       bool      `json:"me"`
}

// SubmissionView is a submission with all that its authors have written.
type SubmissionView struct {
	Submission  *models.Submission `json:"submission"`
	Whose       Whose              `json:"whose"`
	Due         *time.Time         `json:"due,omitempty"` // with an extension
	MayTakeBack bool               `json:"mayTakeBack"`
	State       State              `json:"state"`
	Answers     []AnswerView       `json:"answers"` // one for each prompt, in their order
	HandIns     []Receipt          `json:"handIns"`
}

// AnswerView is an answer with how far it has come.
type AnswerView struct {
	*models.Answer
	State State `json:"state"`
	// Missing are the codes of what it lacks; see Lacking.
	Missing []string `json:"missing"`
}

func (x *submissionPlace) view(a *models.Answer) AnswerView {
	facts := StateIn(a)
	return AnswerView{Answer: a, State: StateOf(x.exercise, x.submission, facts), Missing: Lacking(x.exercise, facts)}
}

// OpenSubmission gives the actor's own submission to an exercise, or that of their group, and makes it where
// there is none. It returns Conflict (group_needed) to a student without a group where groups answer.
func (s *Service) OpenSubmission(ctx context.Context, actor models.Actor, exercise models.ID) (sub *models.Submission, made bool, err error) {
	for range 2 { // the second time for one that another window or another of the group made meanwhile
		sub, made, err = s.openSubmission(ctx, actor, exercise)
		if e, ok := errors.AsType[*models.Error](err); !ok || e.Code != "id_taken" {
			break
		}
	}
	return sub, made, err
}

func (s *Service) openSubmission(ctx context.Context, actor models.Actor, exercise models.ID) (*models.Submission, bool, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseAnswer)
	if err != nil {
		return nil, false, err
	}
	head, err := x.head("", exercise)
	if err != nil {
		return nil, false, err
	}
	sub := &models.Submission{Head: head, CourseID: x.course.ID}
	mine := coding.Where{}
	if x.exercise.Work == models.WorkGroup {
		if x.member.GroupID == "" {
			return nil, false, models.Conflict("group_needed", "This exercise is answered in groups, and you aren't in one yet. Join a group of the course, or ask your instructor.")
		}
		sub.GroupID, mine["groupId"] = x.member.GroupID, x.member.GroupID
	} else {
		sub.MemberID, mine["memberId"] = x.member.ID, x.member.ID
	}
	found, err := s.store.Submissions().All(ctx, exercise, coding.Query{Where: mine}, 1)
	if err != nil || len(found) == 1 {
		return first(found), false, err
	}
	err = s.store.Tx(ctx, func(ctx context.Context) error {
		x, err := s.enterExercise(ctx, actor, exercise, models.CourseAnswer)
		if err == nil {
			err = s.guardMember(ctx, x.member) // who is erased just now begins nothing
		}
		if err != nil {
			return err
		}
		return s.store.Submissions().Insert(ctx, sub)
	})
	return sub, true, err
}

func first[T any](all []*T) *T {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// Submission gives a submission with its answers to those who may read it.
func (s *Service) Submission(ctx context.Context, actor models.Actor, submission models.ID) (*SubmissionView, error) {
	x, err := s.enterSubmission(ctx, actor, submission, models.CourseReadWork)
	if err != nil {
		return nil, err
	}
	whose, due, err := s.whose(ctx, &x)
	if err != nil {
		return nil, err
	}
	answers, err := s.answers(ctx, x.exercise, x.submission.ID)
	if err != nil {
		return nil, err
	}
	handIns, err := s.store.HandIns(ctx, submission)
	if err != nil {
		return nil, err
	}
	v := &SubmissionView{
		Submission: x.submission, Whose: whose, Due: due, Answers: make([]AnswerView, len(x.exercise.Prompts)), HandIns: make([]Receipt, len(handIns)),
		MayTakeBack: x.allow(models.CourseAnswer) == nil && x.mayTakeBack(due) == nil && x.submission.Submitted(),
	}
	states := make([]State, len(v.Answers))
	for i := range x.exercise.Prompts {
		v.Answers[i] = x.view(answers[x.exercise.Prompts[i].ID])
		states[i] = v.Answers[i].State
	}
	v.State = WholeState(x.submission, states)
	for i, h := range handIns {
		v.HandIns[i] = receipt(h)
	}
	return v, nil
}

// answers gives the answers of a submission by their prompts, an empty one where nobody has begun.
func (s *Service) answers(ctx context.Context, e *models.Exercise, submission models.ID) (map[models.ID]*models.Answer, error) {
	written, err := s.store.Answers(ctx, submission)
	if err != nil {
		return nil, fmt.Errorf("answers of %s: %w", submission, err)
	}
	out := make(map[models.ID]*models.Answer, len(e.Prompts))
	for i := range e.Prompts {
		id := e.Prompts[i].ID
		out[id] = models.NewAnswer(submission, e.ID, id)
	}
	for _, a := range written {
		out[a.PromptID] = a
	}
	return out, nil
}

// whose says whose a submission is, and when it is due for them.
func (s *Service) whose(ctx context.Context, x *submissionPlace) (Whose, *time.Time, error) {
	who := Whose{Members: []WhoseMember{}}
	members, err := s.authors(ctx, x)
	if err != nil {
		return who, nil, err
	}
	users, err := s.accounts(ctx, members...)
	if err != nil {
		return who, nil, err
	}
	for _, m := range members {
		who.Members = append(who.Members, WhoseMember{MemberID: m.ID, Name: x.called(m, users[m.UserID]), Me: m.ID == x.member.ID})
	}
	switch {
	case x.submission.GroupID != "":
		g, err := s.store.Groups().FindAny(ctx, x.course.ID, x.submission.GroupID)
		if err != nil && models.KindOf(err) != models.KindNotFound { // a group that is gone leaves its work
			return who, nil, err
		}
		if g != nil {
			who.Name = g.Name
		}
	case len(who.Members) == 1:
		who.Name = who.Members[0].Name
	}
	return who, DueOf(x.exercise, ids(members)...), nil
}

// authors gives the members whose submission it is now: its student, also one who has left, or who is in its
// group.
func (s *Service) authors(ctx context.Context, x *submissionPlace) ([]*models.CourseMember, error) {
	if x.submission.GroupID != "" {
		members, err := s.store.CourseMembers().All(ctx, x.course.ID, coding.Query{Where: coding.Where{"groupId": x.submission.GroupID}, Order: []string{"number"}}, models.MaxGroup)
		if err != nil {
			return nil, fmt.Errorf("members of group %s: %w", x.submission.GroupID, err)
		}
		return members, nil
	}
	if x.submission.MemberID == x.member.ID {
		return []*models.CourseMember{x.member}, nil
	}
	m, err := s.store.CourseMembers().FindAny(ctx, x.course.ID, x.submission.MemberID)
	if models.KindOf(err) == models.KindNotFound {
		return nil, nil
	}
	return []*models.CourseMember{m}, err
}

func ids[R models.Record](all []R) []models.ID {
	out := make([]models.ID, len(all))
	for i, r := range all {
		out[i] = r.Meta().ID
	}
	return out
}

// SubmissionHead is a submission in a list, without its words.
type SubmissionHead struct {
	ID           models.ID           `json:"id"`
	MemberID     models.ID           `json:"memberId,omitempty"`
	GroupID      models.ID           `json:"groupId,omitempty"`
	Name         string              `json:"name"`
	Organisation models.Organisation `json:"organisation"`
	State        State               `json:"state"`
	HandIn       int                 `json:"handIn"`
	HandIns      int                 `json:"handIns"`
	ReturnedAt   *time.Time          `json:"returnedAt,omitempty"`
	Due          *time.Time          `json:"due,omitempty"`
	ChangedAt    time.Time           `json:"changedAt"` // when anything of it was written, submitted or returned last
}

// Submissions lists the submissions to an exercise by name: all, or for students their own.
func (s *Service) Submissions(ctx context.Context, actor models.Actor, exercise models.ID) ([]SubmissionHead, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseReadWork)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Submissions().All(ctx, exercise, coding.Query{}, models.MaxCoursePeople)
	if err != nil {
		return nil, err
	}
	one := models.ID("")
	if x.member.May(models.CourseReadWork) != models.GrantAny {
		all = slices.DeleteFunc(all, func(sub *models.Submission) bool { return !owns(x.member, sub) })
		if len(all) == 0 {
			return []SubmissionHead{}, nil
		}
		if len(all) == 1 {
			one = all[0].ID
		}
	}
	people, err := s.people(ctx, &x, all)
	if err != nil {
		return nil, err
	}
	answers, err := s.store.AnswerStates(ctx, exercise, one)
	if err != nil {
		return nil, err
	}
	by := make(map[models.ID]map[models.ID]*AnswerState, len(all))
	for _, a := range answers {
		if by[a.SubmissionID] == nil {
			by[a.SubmissionID] = make(map[models.ID]*AnswerState, len(x.exercise.Prompts))
		}
		by[a.SubmissionID][a.PromptID] = a
	}
	out := make([]SubmissionHead, len(all))
	for i, sub := range all {
		out[i] = headOf(x.exercise, sub, by[sub.ID])
		out[i].Name, out[i].Due = people.name(sub), DueOf(x.exercise, people.of(sub)...)
	}
	slices.SortFunc(out, func(a, b SubmissionHead) int {
		return strings.Compare(strings.ToLower(a.Name)+string(a.ID), strings.ToLower(b.Name)+string(b.ID))
	})
	return out, nil
}

func headOf(e *models.Exercise, sub *models.Submission, answers map[models.ID]*AnswerState) SubmissionHead {
	h := SubmissionHead{
		ID: sub.ID, MemberID: sub.MemberID, GroupID: sub.GroupID, Organisation: sub.Organisation,
		HandIn: sub.HandIn, HandIns: sub.HandIns, ReturnedAt: sub.ReturnedAt, ChangedAt: sub.UpdatedAt,
	}
	states := make([]State, len(e.Prompts))
	for i := range e.Prompts {
		a := answers[e.Prompts[i].ID]
		states[i] = StateOf(e, sub, a)
		if a != nil && a.UpdatedAt.After(h.ChangedAt) {
			h.ChangedAt = a.UpdatedAt
		}
	}
	h.State = WholeState(sub, states)
	return h
}

// classPeople are a course's members and groups, and what their reader calls them.
type classPeople struct {
	members []*models.CourseMember // those who are in it
	all     []*models.Group
	names   map[models.ID]string // of members and of groups
	groups  map[models.ID][]models.ID
}

func (p *classPeople) name(sub *models.Submission) string {
	if sub.GroupID != "" {
		return p.names[sub.GroupID]
	}
	return p.names[sub.MemberID]
}

func (p *classPeople) of(sub *models.Submission) []models.ID {
	if sub.GroupID != "" {
		return p.groups[sub.GroupID]
	}
	return []models.ID{sub.MemberID}
}

// people asks for the members and the groups of a course, and for those who left it and whose work stays.
func (s *Service) people(ctx context.Context, x *exercisePlace, work []*models.Submission) (*classPeople, error) {
	members, err := s.store.CourseMembers().All(ctx, x.course.ID, coding.Query{}, models.MaxCoursePeople)
	if err != nil {
		return nil, err
	}
	known := make(map[models.ID]bool, len(members))
	for _, m := range members {
		known[m.ID] = true
	}
	var left []models.ID
	for _, sub := range work {
		if sub.MemberID != "" && !known[sub.MemberID] {
			left = append(left, sub.MemberID)
		}
	}
	if len(left) > 0 {
		gone, err := s.store.CourseMembers().All(ctx, x.course.ID, coding.Query{Where: coding.Where{"_id": left}, Bin: true}, len(left))
		if err != nil {
			return nil, err
		}
		members = append(members, gone...)
	}
	users, err := s.accounts(ctx, members...)
	if err != nil {
		return nil, err
	}
	groups, err := s.store.Groups().All(ctx, x.course.ID, coding.Query{}, models.MaxGroups)
	p := &classPeople{members: members[:len(known)], all: groups, names: make(map[models.ID]string, len(members)+len(groups)), groups: map[models.ID][]models.ID{}}
	for _, m := range members {
		p.names[m.ID] = x.called(m, users[m.UserID])
		if m.GroupID != "" && m.DeletedAt == nil {
			p.groups[m.GroupID] = append(p.groups[m.GroupID], m.ID)
		}
	}
	for _, g := range groups {
		p.names[g.ID] = g.Name
	}
	return p, err
}

// SubmissionFields are the fields of a submission that its authors write. Nil leaves a field as it is.
type SubmissionFields struct {
	Organisation *OrganisationFields `json:"organisation"`
}

// OrganisationFields are what the authors say of their organisation. Nil leaves a field as it is.
type OrganisationFields struct {
	Name *string                  `json:"name"`
	Kind *models.OrganisationKind `json:"kind"`
	Why  *string                  `json:"why"`
}

// ChangeSubmission says which organisation a submission is about.
func (s *Service) ChangeSubmission(ctx context.Context, actor models.Actor, submission models.ID, seen int, f SubmissionFields) (*models.Submission, error) {
	return changeSubmission(ctx, s, actor, submission, models.CourseAnswer, func(ctx context.Context, x submissionPlace) (*models.Submission, error) {
		if x.submission.Submitted() {
			return nil, errSubmitted()
		}
		if outdated(x.submission, seen) {
			return nil, models.Stale(x.submission)
		}
		if o := f.Organisation; o != nil {
			set(&x.submission.Organisation.Name, o.Name)
			set(&x.submission.Organisation.Kind, o.Kind)
			set(&x.submission.Organisation.Why, o.Why)
		}
		if err := checkOrganisation(&x.submission.Organisation); err != nil {
			return nil, err
		}
		return x.submission, replace(ctx, s.store.Submissions(), &x.place, x.submission)
	})
}

func checkOrganisation(o *models.Organisation) error {
	if o.Kind != "" {
		if err := models.OneOf(o.Kind, models.OrganisationKinds(), "organisation_kind_unknown", "/organisation/kind"); err != nil {
			return err
		}
	}
	return models.First(models.CleanLabel(&o.Name, "/organisation/name"), models.CleanProse(&o.Why, "/organisation/why"))
}

func errSubmitted() error {
	return models.Conflict("submitted", "This has been submitted, so it stays as it is. Take it back to go on writing.")
}
