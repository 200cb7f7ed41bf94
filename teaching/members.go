package teaching

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// MemberState says how far somebody has come into a course.
type MemberState string

// The states of a member.
const (
	MemberListed  MemberState = "listed"  // on the roster, without a link that can be used
	MemberInvited MemberState = "invited" // with a link that can be used
	MemberJoined  MemberState = "joined"
	MemberErased  MemberState = "erased" // their personal data was deleted, their place stays
)

// Member is a member of a course as one reader may see them. Name is what the reader calls them; what the
// reader may not see is empty.
type Member struct {
	ID           models.ID         `json:"id"`
	Version      int               `json:"version"`
	UserID       models.ID         `json:"userId,omitempty"`
	Role         models.CourseRole `json:"role"`
	Name         string            `json:"name"`
	Email        string            `json:"email,omitempty"`
	GroupID      models.ID         `json:"groupId"`
	Number       int               `json:"number"`
	Pseudonym    string            `json:"pseudonym"`
	Rights       []models.Action   `json:"rights"`
	JoinedAt     *time.Time        `json:"joinedAt,omitempty"`
	ClaimExpires *time.Time        `json:"claimExpires,omitempty"`
	MatchID      models.ID         `json:"matchId,omitempty"`
	ErasedAt     *time.Time        `json:"erasedAt,omitempty"`
	Me           bool              `json:"me"`
	State        MemberState       `json:"state"`
}

// MemberFilter selects members; what is empty selects all.
type MemberFilter struct {
	Role    models.CourseRole
	GroupID models.ID
}

// called gives what a member is called to the actor; account is theirs, nil if they have none. This is the
// one place that decides it. Instructors see the name of the roster, or else of the account; others see the
// pseudonym where there is one. Whose personal data was deleted has a number.
func (p *place) called(m *models.CourseMember, account *models.User) string {
	switch {
	case m.ErasedAt != nil:
		return numbered(m)
	case m.Pseudonym != "" && p.member.Role != models.RoleInstructor && m.ID != p.member.ID:
		return m.Pseudonym
	case m.Name != "":
		return m.Name
	case account != nil:
		return account.Name
	}
	return numbered(m)
}

// numbered calls somebody by their number.
func numbered(m *models.CourseMember) string {
	what := map[models.CourseRole]string{models.RoleInstructor: "Instructor", models.RoleAssistant: "Assistant", models.RoleStudent: "Student"}[m.Role]
	return fmt.Sprintf("%s %d", what, m.Number)
}

// mayKnow says whether the actor may know of a member at all: students know who teaches, and their own group.
func (p *place) mayKnow(m *models.CourseMember) bool {
	return p.member.Role != models.RoleStudent || m.Role != models.RoleStudent || m.ID == p.member.ID || (m.GroupID != "" && m.GroupID == p.member.GroupID)
}

// shown gives a member as the actor may see them. Whoever manages people sees how to reach them, everybody
// sees that of themselves.
func (p *place) shown(m *models.CourseMember, account *models.User) Member {
	me := m.ID == p.member.ID
	out := Member{
		ID: m.ID, Version: m.Version, Role: m.Role, Name: p.called(m, account), GroupID: m.GroupID, Number: m.Number, Pseudonym: m.Pseudonym,
		Rights: []models.Action{}, JoinedAt: m.JoinedAt, ErasedAt: m.ErasedAt, Me: me, State: stateOf(m, p.at),
	}
	managed := p.member.May(models.CoursePeople) != models.GrantNone
	if !me && !managed {
		return out
	}
	out.UserID, out.Email, out.Rights = m.UserID, m.Email, append(out.Rights, m.Rights...)
	if managed { // others would learn who is on the roster, by an account with somebody's address
		out.MatchID = m.MatchID
	}
	if account != nil {
		out.Email = cmp.Or(m.Email, account.Email)
	}
	if out.State == MemberInvited {
		out.ClaimExpires = m.ClaimExpires
	}
	return out
}

func stateOf(m *models.CourseMember, at time.Time) MemberState {
	switch {
	case m.ErasedAt != nil:
		return MemberErased
	case m.UserID != "":
		return MemberJoined
	case m.ClaimExpires != nil && m.ClaimExpires.After(at):
		return MemberInvited
	}
	return MemberListed
}

// accounts gives the accounts of members, as far as there are any.
func (s *Service) accounts(ctx context.Context, all ...*models.CourseMember) (map[models.ID]*models.User, error) {
	ids := make([]models.ID, 0, len(all))
	for _, m := range all {
		if m.UserID != "" {
			ids = append(ids, m.UserID)
		}
	}
	return s.store.Users(ctx, ids)
}

// everybody gives the members of a course that where selects, in the order they came.
func (s *Service) everybody(ctx context.Context, course models.ID, where coding.Where) ([]*models.CourseMember, error) {
	return s.store.CourseMembers().All(ctx, course, coding.Query{Where: where, Order: []string{"number"}}, models.MaxCoursePeople)
}

// Members lists who is in a course, or on its roster: instructors, then assistants, then students, each in the
// order they came. Students see who teaches, and their own group.
func (s *Service) Members(ctx context.Context, actor models.Actor, course models.ID, f MemberFilter) ([]Member, error) {
	p, err := s.enter(ctx, actor, course, models.CourseRead)
	if err != nil {
		return nil, err
	}
	where := coding.Where{}
	if f.Role != "" {
		if err := models.OneOf(f.Role, models.CourseRoles(), "role_unknown", "role"); err != nil {
			return nil, err
		}
		where["role"] = f.Role
	}
	if f.GroupID != "" {
		where["groupId"] = f.GroupID
	}
	all, err := s.everybody(ctx, course, where)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m *models.CourseMember) bool { return !p.mayKnow(m) })
	slices.SortStableFunc(all, func(a, b *models.CourseMember) int {
		return slices.Index(models.CourseRoles(), a.Role) - slices.Index(models.CourseRoles(), b.Role)
	})
	accounts, err := s.accounts(ctx, all...)
	if err != nil {
		return nil, err
	}
	out := make([]Member, len(all))
	for i, m := range all {
		out[i] = p.shown(m, accounts[m.UserID])
	}
	return out, nil
}
