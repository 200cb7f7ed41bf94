package teaching

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"feltbog/coding"
	"feltbog/models"
)

// GroupPlace says in which group a member is; an empty id is none.
type GroupPlace struct {
	MemberID models.ID `json:"memberId"`
	GroupID  models.ID `json:"groupId"`
}

// PlaceInGroups puts students into groups, or out of theirs, many at once. Groups that went into the bin
// since, as after a draw that is taken back, come out of it.
func (s *Service) PlaceInGroups(ctx context.Context, actor models.Actor, course models.ID, places []GroupPlace) ([]ClassGroup, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) ([]ClassGroup, error) {
		students, err := s.everybody(ctx, course, coding.Where{"role": models.RoleStudent})
		if err != nil {
			return nil, err
		}
		in := map[models.ID]models.ID{}
		for _, m := range students {
			if m.ErasedAt == nil {
				in[m.ID] = m.GroupID
			}
		}
		to := map[models.ID]models.ID{}
		for i, put := range places {
			if _, there := in[put.MemberID]; !there {
				return nil, models.Invalid("student_unknown", "There is no such student in this course.", models.Field{Pointer: fmt.Sprintf("/places/%d/memberId", i), Problem: "unknown id"})
			}
			if err := s.wake(ctx, &p, put.GroupID, fmt.Sprintf("/places/%d/groupId", i)); err != nil {
				return nil, err
			}
			in[put.MemberID], to[put.MemberID] = put.GroupID, put.GroupID
		}
		if err := fits(in); err != nil {
			return nil, err
		}
		if err := s.store.SetGroups(ctx, course, to, p.at); err != nil {
			return nil, err
		}
		return s.groupsOf(ctx, &p)
	})
}

// wake makes sure that a group is there, out of the bin if it lies in it.
func (s *Service) wake(ctx context.Context, p *place, group models.ID, pointer string) error {
	if group == "" {
		return nil
	}
	g, err := s.store.Groups().FindAny(ctx, p.course.ID, group)
	if isNotFound(err) {
		return models.Invalid("group_unknown", "There is no such group in this course.", models.Field{Pointer: pointer, Problem: "unknown id"})
	}
	if err != nil || g.DeletedAt == nil {
		return err
	}
	if err := s.checkGroups(ctx, p.course.ID, g); err != nil {
		return err
	}
	g.DeletedAt, g.DeletedBy, g.Left = nil, "", nil
	return replace(ctx, s.store.Groups(), p, g)
}

// fits refuses groups that are too large.
func fits(in map[models.ID]models.ID) error {
	counts := map[models.ID]int{}
	for _, group := range in {
		if group == "" {
			continue
		}
		counts[group]++
		if counts[group] > models.MaxGroup {
			return models.Conflict("group_full", fmt.Sprintf("A group may have %d students.", models.MaxGroup))
		}
	}
	return nil
}

// maxSeed is how many digits a seed may have: any number of that many fits.
const maxSeed = 19

// GroupDraw asks for groups at random. Seed is in digits; one is made up if it is empty. Keep leaves those
// alone who are in a group; otherwise all students are drawn anew.
type GroupDraw struct {
	Size int    `json:"size"`
	Seed string `json:"seed"`
	Keep bool   `json:"keep"`
}

// Drawn are the groups of a course after a draw, the seed by which anybody can draw the same again, and in
// which groups those who were drawn were before.
type Drawn struct {
	Items  []ClassGroup `json:"items"`
	Seed   string       `json:"seed"`
	Before []GroupPlace `json:"before"`
}

// DrawGroups draws students into groups at random (see Draw). Who is in a group that has begun an exercise stays
// there, since its work is theirs. Groups that are left empty go.
func (s *Service) DrawGroups(ctx context.Context, actor models.Actor, course models.ID, in GroupDraw) (Drawn, error) {
	if err := models.Within(in.Size, 1, models.MaxGroup, "/size"); err != nil {
		return Drawn{}, err
	}
	if in.Seed == "" {
		in.Seed = strconv.FormatUint(1+rand.Uint64N(999_999_999), 10) //nolint:gosec // chance, not secrecy; short enough to be read out
	}
	seed, err := strconv.ParseUint(in.Seed, 10, 64)
	if err != nil || len(in.Seed) > maxSeed {
		return Drawn{}, models.Invalid("seed_malformed", "A seed is a number of up to 19 digits.", models.Field{Pointer: "/seed", Problem: "malformed"})
	}
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (Drawn, error) {
		students, err := s.everybody(ctx, course, coding.Where{"role": models.RoleStudent})
		if err != nil {
			return Drawn{}, err
		}
		begun, err := s.store.GroupsBegun(ctx, course)
		if err != nil {
			return Drawn{}, err
		}
		var ids []models.ID
		before := []GroupPlace{}
		for _, m := range students {
			stays := m.GroupID != "" && (in.Keep || slices.Contains(begun, m.GroupID))
			if m.ErasedAt == nil && !stays {
				ids, before = append(ids, m.ID), append(before, GroupPlace{m.ID, m.GroupID})
			}
		}
		if err := s.deal(ctx, &p, begun, Draw(seed, ids, in.Size)); err != nil {
			return Drawn{}, err
		}
		items, err := s.groupsOf(ctx, &p)
		return Drawn{items, in.Seed, before}, err
	})
}

// deal puts students who were drawn into groups: first those that stand empty then, by name, and as many
// new ones as are needed.
func (s *Service) deal(ctx context.Context, p *place, begun []models.ID, drawn [][]models.ID) error {
	all, err := s.groups(ctx, p.course.ID)
	if err != nil {
		return err
	}
	in, err := s.inGroups(ctx, p.course.ID)
	if err != nil {
		return err
	}
	moved := map[models.ID]bool{}
	for _, group := range drawn {
		for _, id := range group {
			moved[id] = true
		}
	}
	var empty []*models.Group
	for _, g := range all {
		if !slices.ContainsFunc(in[g.ID], func(id models.ID) bool { return !moved[id] }) && !slices.Contains(begun, g.ID) {
			empty = append(empty, g)
		}
	}
	used := min(len(empty), len(drawn))
	fresh, err := s.freshGroups(p, all, len(drawn)-used)
	if err != nil {
		return err
	}
	if len(all)+len(fresh) > models.MaxGroups {
		return errGroupsTooMany()
	}
	if len(fresh) > 0 {
		if err := s.store.Groups().Insert(ctx, fresh...); err != nil {
			return err
		}
	}
	to := map[models.ID]models.ID{}
	chosen := slices.Concat(empty[:used], fresh)
	byName(chosen) // so that the same draw gives the same names again
	for i, g := range chosen {
		for _, id := range drawn[i] {
			to[id] = g.ID
		}
	}
	for _, g := range empty[used:] {
		g.DeletedAt, g.DeletedBy = &p.at, p.actor.UserID
		if err := replace(ctx, s.store.Groups(), p, g); err != nil {
			return err
		}
	}
	return s.store.SetGroups(ctx, p.course.ID, to, p.at)
}

// freshGroups makes groups with the next free numbers as names, in the language of the course.
func (s *Service) freshGroups(p *place, there []*models.Group, n int) ([]*models.Group, error) {
	word := "Group"
	if p.course.Language == "da" {
		word = "Gruppe"
	}
	taken := map[string]bool{}
	for _, g := range there {
		taken[strings.ToLower(g.Name)] = true
	}
	var out []*models.Group
	for i := 1; len(out) < n; i++ {
		name := fmt.Sprintf("%s %d", word, i)
		if taken[strings.ToLower(name)] {
			continue
		}
		head, err := p.head("", p.course.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, &models.Group{Head: head, Name: name})
	}
	return out, nil
}
