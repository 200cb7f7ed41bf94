package teaching

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/coding"
	"feltbog/models"
)

// NewMember asks for one more on the roster.
type NewMember struct {
	ID      models.ID
	Name    string
	Email   string
	Role    models.CourseRole // student if empty
	GroupID models.ID
}

// AddMember puts somebody on the roster. Who was taken out of the course and has this address comes back.
// It returns Conflict for an address that is there already (member_exists).
func (s *Service) AddMember(ctx context.Context, actor models.Actor, course models.ID, in NewMember) (Member, error) {
	if in.Role == "" {
		in.Role = models.RoleStudent
	}
	row := RosterRow{Name: in.Name, Email: strings.TrimSpace(in.Email), State: RosterNew}
	if err := models.First(models.OneOf(in.Role, models.CourseRoles(), "role_unknown", "/role"), models.CleanLabel(&row.Name, "/name")); err != nil {
		return Member{}, err
	}
	if !models.ValidEmail(row.Email) {
		return Member{}, models.Invalid("email_malformed", "This isn't an e-mail address.", models.Field{Pointer: "/email", Problem: "email_malformed"})
	}
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (Member, error) {
		if err := p.mayManage(in.Role); err != nil {
			return Member{}, err
		}
		c, err := s.census(ctx, &p)
		if err != nil {
			return Member{}, err
		}
		fresh, back := c.place([]RosterRow{row})
		all := slices.Concat(fresh, back)
		if len(all) == 0 {
			return Member{}, models.Conflict("member_exists", "Somebody with this address is in the course already.", models.Field{Pointer: "/email", Problem: "taken"})
		}
		m := all[0]
		if m.Role != in.Role { // a former one goes on as what they are to be now
			m.Role, m.Rights = in.Role, []models.Action{}
		}
		if err := s.setGroup(ctx, &p, m, in.GroupID); err != nil {
			return Member{}, err
		}
		if len(fresh) > 0 {
			m.ID = in.ID
		}
		if err := s.settle(ctx, &p, c, fresh, back); err != nil {
			return Member{}, err
		}
		return s.show(ctx, &p, m)
	})
}

// mayManage asks whether the actor may decide on people in a role: who teaches is the instructors' business.
func (p *place) mayManage(role models.CourseRole) error {
	if role == models.RoleStudent {
		return p.allow(models.CoursePeople)
	}
	return p.allow(models.CourseManage)
}

// show gives one member as the actor may see them.
func (s *Service) show(ctx context.Context, p *place, m *models.CourseMember) (Member, error) {
	accounts, err := s.accounts(ctx, m)
	return p.shown(m, accounts[m.UserID]), err
}

// MemberFields are what is changed of a member. Nil leaves a field as it is.
type MemberFields struct {
	Name      *string            `json:"name"`
	Role      *models.CourseRole `json:"role"`
	Rights    *[]models.Action   `json:"rights"` // of an assistant
	GroupID   *models.ID         `json:"groupId"`
	Pseudonym *string            `json:"pseudonym"`
}

// ChangeMember writes fields of a member. Roles and rights are for instructors, the rest of a student for who
// manages people; everybody chooses a pseudonym for themself. It returns Conflict for the last instructor
// (instructor_needed) and for a pseudonym that another has (pseudonym_taken).
func (s *Service) ChangeMember(ctx context.Context, actor models.Actor, course, id models.ID, seen int, f MemberFields) (Member, error) {
	return changePeople(ctx, s, actor, course, models.CourseRead, func(ctx context.Context, p place) (Member, error) {
		m, err := s.memberOf(ctx, &p, id)
		if err != nil {
			return Member{}, err
		}
		if err := p.mayChange(m, f); err != nil {
			return Member{}, err
		}
		if m.ErasedAt != nil {
			return Member{}, models.Conflict("member_erased", "The personal data of this person was deleted. There is nothing to change.")
		}
		if outdated(m, seen) {
			shown, err := s.show(ctx, &p, m)
			return Member{}, models.First(err, models.Stale(shown))
		}
		if err := s.applyMember(ctx, &p, m, f); err != nil {
			return Member{}, err
		}
		if err := replace(ctx, s.store.CourseMembers(), &p, m); err != nil {
			return Member{}, err
		}
		if m.ID == p.member.ID {
			p.member = m
		}
		return s.show(ctx, &p, m)
	})
}

// memberOf finds a live member whom the actor may know of.
func (s *Service) memberOf(ctx context.Context, p *place, id models.ID) (*models.CourseMember, error) {
	m, err := s.store.CourseMembers().Find(ctx, p.course.ID, id)
	if err == nil && !p.mayKnow(m) {
		err = models.NotFound(models.NounCourseMember)
	}
	return m, err
}

// mayChange asks for the rights that a change takes.
func (p *place) mayChange(m *models.CourseMember, f MemberFields) error {
	switch {
	case f.Role != nil || f.Rights != nil:
		return p.allow(models.CourseManage)
	case m.ID == p.member.ID && f.Name == nil && f.GroupID == nil:
		if p.course.ArchivedAt != nil {
			return errCourseArchived()
		}
		return nil
	}
	return p.mayManage(m.Role)
}

func (s *Service) applyMember(ctx context.Context, p *place, m *models.CourseMember, f MemberFields) error {
	was := m.Role
	set(&m.Name, f.Name)
	set(&m.Role, f.Role)
	set(&m.Rights, f.Rights)
	if err := models.First(models.CleanLabel(&m.Name, "/name"), models.OneOf(m.Role, models.CourseRoles(), "role_unknown", "/role")); err != nil {
		return err
	}
	for i, a := range m.Rights {
		if err := models.OneOf(a, models.GivenRights(), "right_unknown", fmt.Sprintf("/rights/%d", i)); err != nil {
			return err
		}
	}
	slices.Sort(m.Rights)
	if m.Rights = slices.Compact(m.Rights); m.Role != models.RoleAssistant {
		m.Rights = []models.Action{}
	}
	if was == models.RoleInstructor && m.Role != was {
		if err := s.taught(ctx, p.course.ID, m.ID); err != nil {
			return err
		}
	}
	if m.Role != models.RoleStudent {
		m.GroupID = ""
	}
	if f.GroupID != nil {
		if err := s.setGroup(ctx, p, m, *f.GroupID); err != nil {
			return err
		}
	}
	if f.Pseudonym == nil {
		return nil
	}
	m.Pseudonym = *f.Pseudonym
	return s.checkPseudonym(ctx, p, m)
}

// setGroup puts a member into a group; an empty id into none.
func (s *Service) setGroup(ctx context.Context, p *place, m *models.CourseMember, group models.ID) error {
	if group == "" || group == m.GroupID {
		m.GroupID = group
		return nil
	}
	if m.Role != models.RoleStudent {
		return models.Invalid("student_unknown", "Students alone are in groups.", models.Field{Pointer: "/groupId", Problem: "not of a student"})
	}
	if _, err := s.store.Groups().Find(ctx, p.course.ID, group); isNotFound(err) {
		return models.Invalid("group_unknown", "There is no such group in this course.", models.Field{Pointer: "/groupId", Problem: "unknown id"})
	} else if err != nil {
		return err
	}
	in, err := s.everybody(ctx, p.course.ID, coding.Where{"groupId": group})
	if err != nil {
		return err
	}
	if len(in) >= models.MaxGroup {
		return models.Conflict("group_full", fmt.Sprintf("A group may have %d students.", models.MaxGroup))
	}
	m.GroupID = group
	return nil
}

// checkPseudonym cleans a pseudonym, and refuses one that somebody else has: they would be taken for each other.
func (s *Service) checkPseudonym(ctx context.Context, p *place, m *models.CourseMember) error {
	if err := models.CleanLabel(&m.Pseudonym, "/pseudonym"); err != nil || m.Pseudonym == "" {
		return err
	}
	all, err := s.everybody(ctx, p.course.ID, nil)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != m.ID && strings.EqualFold(other.Pseudonym, m.Pseudonym) {
			return models.Conflict("pseudonym_taken", "Somebody else in this course has this pseudonym.", models.Field{Pointer: "/pseudonym", Problem: "taken"})
		}
	}
	return nil
}

// taught refuses to leave a course without an instructor who has come. Except is left out of the count.
func (s *Service) taught(ctx context.Context, course, except models.ID) error {
	instructors, err := s.everybody(ctx, course, coding.Where{"role": models.RoleInstructor})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(instructors, func(m *models.CourseMember) bool { return m.ID != except && m.UserID != "" }) {
		return nil
	}
	return models.Conflict("instructor_needed", "A course always has an instructor. Make somebody else an instructor first.")
}

// RemoveMember takes somebody out of the course. Their work stays.
func (s *Service) RemoveMember(ctx context.Context, actor models.Actor, course, id models.ID) error {
	_, err := changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (struct{}, error) {
		m, err := s.memberOf(ctx, &p, id)
		if err == nil {
			err = p.mayManage(m.Role)
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.takeOut(ctx, &p, m)
	})
	return err
}

// Leave takes the actor out of the course. Their work stays.
func (s *Service) Leave(ctx context.Context, actor models.Actor, course models.ID) error {
	_, err := changePeople(ctx, s, actor, course, models.CourseRead, func(ctx context.Context, p place) (struct{}, error) {
		return struct{}{}, s.takeOut(ctx, &p, p.member)
	})
	return err
}

// takeOut ends a membership.
func (s *Service) takeOut(ctx context.Context, p *place, m *models.CourseMember) error {
	if m.Role == models.RoleInstructor {
		if err := s.taught(ctx, p.course.ID, m.ID); err != nil {
			return err
		}
	}
	if err := s.unmatch(ctx, p, m.ID); err != nil {
		return err
	}
	m.DeletedAt, m.DeletedBy = &p.at, p.actor.UserID
	return replace(ctx, s.store.CourseMembers(), p, m)
}

// unmatch makes nobody the match of a row that goes.
func (s *Service) unmatch(ctx context.Context, p *place, row models.ID) error {
	matched, err := s.everybody(ctx, p.course.ID, coding.Where{"matchId": row})
	for _, m := range matched {
		m.MatchID = ""
		if err := replace(ctx, s.store.CourseMembers(), p, m); err != nil {
			return err
		}
	}
	return err
}

// RestoreMember brings somebody back who was taken out of the course, or left it.
func (s *Service) RestoreMember(ctx context.Context, actor models.Actor, course, id models.ID) (Member, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (Member, error) {
		m, err := s.store.CourseMembers().FindAny(ctx, course, id)
		if err == nil && m.DeletedAt != nil && m.UserID == "" && m.EmailKey == "" {
			err = models.NotFound(models.NounCourseMember) // who came has taken what it said
		}
		if err == nil {
			err = p.mayManage(m.Role)
		}
		if err != nil {
			return Member{}, err
		}
		if m.DeletedAt != nil {
			if err := s.bringBack(ctx, &p, m); err != nil {
				return Member{}, err
			}
		}
		return s.show(ctx, &p, m)
	})
}

func (s *Service) bringBack(ctx context.Context, p *place, m *models.CourseMember) error {
	there, err := s.store.CountCourseMembers(ctx, p.course.ID)
	if err != nil {
		return err
	}
	if there >= models.MaxCoursePeople {
		return errCourseFull()
	}
	if err := s.keepGroup(ctx, p, m); err != nil {
		return err
	}
	m.DeletedAt, m.DeletedBy = nil, ""
	return replace(ctx, s.store.CourseMembers(), p, m)
}

// keepGroup takes who comes back out of the group that they were in where that is gone, or is full by now.
func (s *Service) keepGroup(ctx context.Context, p *place, m *models.CourseMember) error {
	group := m.GroupID
	m.GroupID = ""
	if group == "" || m.Role != models.RoleStudent {
		return nil
	}
	if _, err := s.store.Groups().Find(ctx, p.course.ID, group); err != nil {
		if isNotFound(err) {
			return nil
		}
		return err
	}
	in, err := s.everybody(ctx, p.course.ID, coding.Where{"groupId": group})
	if err == nil && len(in) < models.MaxGroup {
		m.GroupID = group
	}
	return err
}

// Confirm says that members who came by the link for all are the students of the roster with their address.
// Each takes the place there; the row goes. It gives those who stay.
func (s *Service) Confirm(ctx context.Context, actor models.Actor, course models.ID, ids []models.ID) ([]Member, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) ([]Member, error) {
		out := make([]Member, 0, len(ids))
		for _, id := range ids {
			m, err := s.memberOf(ctx, &p, id)
			if err != nil {
				return nil, err
			}
			if m.MatchID != "" {
				if err := s.confirm(ctx, &p, m); err != nil {
					return nil, err
				}
			}
			shown, err := s.show(ctx, &p, m)
			if err != nil {
				return nil, err
			}
			out = append(out, shown)
		}
		return out, nil
	})
}

// confirm merges a member with their match, if that still waits for somebody.
func (s *Service) confirm(ctx context.Context, p *place, m *models.CourseMember) error {
	row, err := s.store.CourseMembers().Find(ctx, p.course.ID, m.MatchID)
	if isNotFound(err) || (err == nil && (row.UserID != "" || row.Role != models.RoleStudent)) {
		m.MatchID = ""
		return replace(ctx, s.store.CourseMembers(), p, m)
	}
	if err != nil {
		return err
	}
	return s.merge(ctx, p, m, row)
}
