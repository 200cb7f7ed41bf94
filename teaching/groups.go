package teaching

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/coding"
	"feltbog/models"
)

// ClassGroup is a group as one reader may see it: students see of other groups how many are in.
type ClassGroup struct {
	ID        models.ID   `json:"id"`
	Version   int         `json:"version"`
	Name      string      `json:"name"`
	MemberIDs []models.ID `json:"memberIds"`
	Count     int         `json:"count"` // how many are in
	Mine      bool        `json:"mine"`
	Full      bool        `json:"full"` // no student can go into it by themself
}

// Groups lists the groups of a course by name.
func (s *Service) Groups(ctx context.Context, actor models.Actor, course models.ID) ([]ClassGroup, error) {
	p, err := s.enter(ctx, actor, course, models.CourseRead)
	if err != nil {
		return nil, err
	}
	return s.groupsOf(ctx, &p)
}

// groupsOf gives the groups of a course as the actor sees them.
func (s *Service) groupsOf(ctx context.Context, p *place) ([]ClassGroup, error) {
	all, err := s.groups(ctx, p.course.ID)
	if err != nil {
		return nil, err
	}
	in, err := s.inGroups(ctx, p.course.ID)
	if err != nil {
		return nil, err
	}
	out := make([]ClassGroup, len(all))
	for i, g := range all {
		out[i] = p.groupShown(g, in[g.ID])
	}
	return out, nil
}

// groups gives the groups of a course by name, numbers in it by their size.
func (s *Service) groups(ctx context.Context, course models.ID) ([]*models.Group, error) {
	all, err := s.store.Groups().All(ctx, course, coding.Query{}, models.MaxGroups)
	byName(all)
	return all, err
}

func byName(all []*models.Group) {
	slices.SortFunc(all, func(a, b *models.Group) int {
		return strings.Compare(byNumbers(a.Name)+string(a.ID), byNumbers(b.Name)+string(b.ID))
	})
}

// byNumbers writes a name so that Group 10 sorts behind Group 9.
func byNumbers(name string) string {
	var out, digits strings.Builder
	flush := func() {
		if digits.Len() > 0 {
			fmt.Fprintf(&out, "%020s", digits.String())
			digits.Reset()
		}
	}
	for _, r := range strings.ToLower(name) {
		if r >= '0' && r <= '9' {
			digits.WriteRune(r)
			continue
		}
		flush()
		out.WriteRune(r)
	}
	flush()
	return out.String()
}

// inGroups gives the members of the groups of a course.
func (s *Service) inGroups(ctx context.Context, course models.ID) (map[models.ID][]models.ID, error) {
	all, err := s.everybody(ctx, course, nil)
	in := map[models.ID][]models.ID{}
	for _, m := range all {
		if m.GroupID != "" {
			in[m.GroupID] = append(in[m.GroupID], m.ID)
		}
	}
	return in, err
}

// groupShown gives a group as the actor sees it.
func (p *place) groupShown(g *models.Group, in []models.ID) ClassGroup {
	most := models.MaxGroup
	if p.course.GroupSize > 0 {
		most = p.course.GroupSize
	}
	out := ClassGroup{
		ID: g.ID, Version: g.Version, Name: g.Name, MemberIDs: []models.ID{}, Count: len(in),
		Mine: p.member.GroupID == g.ID, Full: len(in) >= most,
	}
	if p.member.Role != models.RoleStudent || out.Mine {
		out.MemberIDs = append(out.MemberIDs, in...)
	}
	return out
}

// showGroup gives one group as the actor sees it.
func (s *Service) showGroup(ctx context.Context, p *place, g *models.Group) (ClassGroup, error) {
	in, err := s.everybody(ctx, p.course.ID, coding.Where{"groupId": g.ID})
	ids := make([]models.ID, len(in))
	for i, m := range in {
		ids[i] = m.ID
	}
	return p.groupShown(g, ids), err
}

// changePeople is change for what depends on who is in the course, and in which group: one goes after the other.
func changePeople[R any](ctx context.Context, s *Service, actor models.Actor, course models.ID, action models.Action,
	fn func(ctx context.Context, p place) (R, error),
) (R, error) {
	var out R
	err := s.turns.take(ctx, course, func(ctx context.Context) (err error) {
		out, err = change(ctx, s, actor, course, action, func(ctx context.Context, p place) (R, error) {
			if err := s.store.GuardCourse(ctx, course); err != nil {
				var none R
				return none, fmt.Errorf("guard %s: %w", course, err)
			}
			return fn(ctx, p)
		})
		return err
	})
	return out, err
}

// CreateGroup makes an empty group. It returns Conflict where another has its name (group_exists).
func (s *Service) CreateGroup(ctx context.Context, actor models.Actor, course, id models.ID, name string) (ClassGroup, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (ClassGroup, error) {
		head, err := p.head(id, course)
		if err != nil {
			return ClassGroup{}, err
		}
		g := &models.Group{Head: head, Name: name}
		if err := s.checkGroups(ctx, course, g); err != nil {
			return ClassGroup{}, err
		}
		return p.groupShown(g, nil), s.store.Groups().Insert(ctx, g)
	})
}

// RenameGroup gives a group another name.
func (s *Service) RenameGroup(ctx context.Context, actor models.Actor, course, id models.ID, seen int, name string) (ClassGroup, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (ClassGroup, error) {
		g, err := s.store.Groups().Find(ctx, course, id)
		if err != nil {
			return ClassGroup{}, err
		}
		if outdated(g, seen) {
			shown, err := s.showGroup(ctx, &p, g)
			return ClassGroup{}, models.First(err, models.Stale(shown))
		}
		g.Name = name
		if err := s.checkGroups(ctx, course, g); err != nil {
			return ClassGroup{}, err
		}
		if err := replace(ctx, s.store.Groups(), &p, g); err != nil {
			return ClassGroup{}, err
		}
		return s.showGroup(ctx, &p, g)
	})
}

// checkGroups cleans the name of a group and looks at it beside the others.
func (s *Service) checkGroups(ctx context.Context, course models.ID, g *models.Group) error {
	if err := models.CleanName(&g.Name, "/name"); err != nil {
		return err
	}
	all, err := s.groups(ctx, course)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(all, func(o *models.Group) bool { return o.ID == g.ID })
	if slices.ContainsFunc(others, func(o *models.Group) bool { return strings.EqualFold(o.Name, g.Name) }) {
		return models.Conflict("group_exists", "Another group of this course has this name.", models.Field{Pointer: "/name", Problem: "taken"})
	}
	if len(others) >= models.MaxGroups {
		return errGroupsTooMany()
	}
	return nil
}

func errGroupsTooMany() error {
	return models.Conflict("groups_too_many", fmt.Sprintf("A course may have %d groups.", models.MaxGroups))
}

// DeleteGroup removes a group; those in it are in none then. It returns Conflict for a group that has begun
// an exercise (group_begun): its work would be nobody's.
func (s *Service) DeleteGroup(ctx context.Context, actor models.Actor, course, id models.ID) error {
	_, err := changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (struct{}, error) {
		g, err := s.store.Groups().Find(ctx, course, id)
		if err != nil {
			return struct{}{}, err
		}
		begun, err := s.store.GroupsBegun(ctx, course)
		if err != nil {
			return struct{}{}, err
		}
		if slices.Contains(begun, id) {
			return struct{}{}, models.Conflict("group_begun", "This group has begun an exercise, and its work would be nobody's. Take its students out instead.")
		}
		in, err := s.everybody(ctx, course, coding.Where{"groupId": id})
		if err != nil {
			return struct{}{}, err
		}
		none := map[models.ID]models.ID{}
		for _, m := range in {
			none[m.ID], g.Left = "", append(g.Left, m.ID)
		}
		if err := s.store.SetGroups(ctx, course, none, p.at); err != nil {
			return struct{}{}, err
		}
		g.DeletedAt, g.DeletedBy = &p.at, actor.UserID
		return struct{}{}, replace(ctx, s.store.Groups(), &p, g)
	})
	return err
}

// RestoreGroup takes a group out of the bin, with those who were in it and are in no other now.
func (s *Service) RestoreGroup(ctx context.Context, actor models.Actor, course, id models.ID) (ClassGroup, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (ClassGroup, error) {
		g, err := s.store.Groups().FindAny(ctx, course, id)
		if err != nil {
			return ClassGroup{}, err
		}
		if g.DeletedAt != nil {
			if err := s.checkGroups(ctx, course, g); err != nil {
				return ClassGroup{}, err
			}
			back, err := s.everybody(ctx, course, coding.Where{"_id": g.Left, "groupId": "", "role": models.RoleStudent})
			if err != nil {
				return ClassGroup{}, err
			}
			to := map[models.ID]models.ID{}
			for _, m := range back {
				to[m.ID] = id
			}
			if err := s.store.SetGroups(ctx, course, to, p.at); err != nil {
				return ClassGroup{}, err
			}
			g.DeletedAt, g.DeletedBy, g.Left = nil, "", nil
			if err := replace(ctx, s.store.Groups(), &p, g); err != nil {
				return ClassGroup{}, err
			}
		}
		return s.showGroup(ctx, &p, g)
	})
}

// JoinGroup puts the actor, a student, into a group while students choose theirs. It returns Conflict
// where they don't (groups_closed), for a group without a place (group_full), and to who is in one that has
// begun to answer an exercise (group_stays).
func (s *Service) JoinGroup(ctx context.Context, actor models.Actor, course, id models.ID) (ClassGroup, error) {
	return changePeople(ctx, s, actor, course, models.CourseAnswer, func(ctx context.Context, p place) (ClassGroup, error) {
		if err := p.mayChoose(); err != nil {
			return ClassGroup{}, err
		}
		g, err := s.store.Groups().Find(ctx, course, id)
		if err != nil {
			return ClassGroup{}, err
		}
		if p.member.GroupID != id {
			if err := s.mayGo(ctx, &p); err != nil {
				return ClassGroup{}, err
			}
			shown, err := s.showGroup(ctx, &p, g)
			if err != nil {
				return ClassGroup{}, err
			}
			if shown.Full {
				return ClassGroup{}, models.Conflict("group_full", "This group has no place left. Choose another.")
			}
			p.member.GroupID = id
			if err := replace(ctx, s.store.CourseMembers(), &p, p.member); err != nil {
				return ClassGroup{}, err
			}
		}
		return s.showGroup(ctx, &p, g)
	})
}

// LeaveGroup takes the actor, a student, out of their group while students choose theirs. It returns Conflict
// for a group that has begun to answer an exercise (group_stays).
func (s *Service) LeaveGroup(ctx context.Context, actor models.Actor, course models.ID) error {
	_, err := changePeople(ctx, s, actor, course, models.CourseAnswer, func(ctx context.Context, p place) (struct{}, error) {
		if err := p.mayChoose(); err != nil || p.member.GroupID == "" {
			return struct{}{}, err
		}
		if err := s.mayGo(ctx, &p); err != nil {
			return struct{}{}, err
		}
		p.member.GroupID = ""
		return struct{}{}, replace(ctx, s.store.CourseMembers(), &p, p.member)
	})
	return err
}

func (p *place) mayChoose() error {
	if p.course.GroupsByChoice {
		return nil
	}
	return models.Conflict("groups_closed", "The groups of this course are made by its instructors. Ask one of them.")
}

// mayGo refuses a student to go out of a group that has written something: who could go from group to group would
// read the work of all of them. Who only looked at an exercise with their group still may.
func (s *Service) mayGo(ctx context.Context, p *place) error {
	if p.member.GroupID == "" {
		return nil
	}
	wrote, err := s.store.GroupWrote(ctx, p.course.ID, p.member.GroupID)
	if err == nil && wrote {
		err = models.Conflict("group_stays", "Your group has begun to answer an exercise, and its work is yours too. Ask an instructor if you are to be in another.")
	}
	return err
}
