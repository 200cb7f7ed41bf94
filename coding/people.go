package coding

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// maxMemberships bounds the memberships of a project that are looked at, of those there and of those ended.
const maxMemberships = 20_000

// people are those who are in a project or were once, as far as how they may be called goes.
type people struct {
	pseudonyms bool
	// place is in which place somebody joined first, from 1. It stays whoever leaves or comes, since ended
	// memberships are kept as long as their project.
	place map[models.ID]int
	// here are those who are members; left holds the last membership of those who aren't any more, in the order of joining.
	here map[models.ID]*models.Member
	left []*models.Member
}

// people finds who is in a project and who was.
func (s *Service) people(ctx context.Context, space models.ID) (people, error) {
	p := people{place: map[models.ID]int{}, here: map[models.ID]*models.Member{}}
	project, err := s.store.Projects().FindAny(ctx, space, space)
	if err != nil {
		return p, err
	}
	p.pseudonyms = project.DepartedCoders == models.DepartedByPseudonym
	here, err := s.store.Members().All(ctx, space, Query{}, maxMemberships)
	if err != nil {
		return p, err
	}
	ended, err := s.store.Members().All(ctx, space, Query{Bin: true}, maxMemberships)
	if err != nil {
		return p, err
	}
	all := slices.Concat(here, ended)
	slices.SortFunc(all, func(a, b *models.Member) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, m := range here {
		p.here[m.UserID] = m
	}
	last := map[models.ID]*models.Member{}
	var order []models.ID
	for _, m := range all {
		if p.place[m.UserID] == 0 {
			p.place[m.UserID] = len(p.place) + 1
			order = append(order, m.UserID)
		}
		last[m.UserID] = m
	}
	for _, user := range order {
		if p.here[user] == nil {
			p.left = append(p.left, last[user])
		}
	}
	return p, nil
}

// name gives what somebody is called; account is theirs, nil if it is no more. This is the one place that
// decides it: members are called as their accounts are. So are those who left, unless the project
// wants pseudonyms for them. Somebody without an account has nothing but a pseudonym, and who never was in
// the project not even that.
func (p people) name(user models.ID, account *models.User) string {
	place := p.place[user]
	if account == nil || (p.pseudonyms && p.here[user] == nil && place > 0) {
		if place == 0 {
			return ""
		}
		return fmt.Sprintf("Coder %d", place)
	}
	return account.Name
}

// called gives what users are called in a project.
func (s *Service) called(ctx context.Context, space models.ID, users []models.ID) (map[models.ID]string, error) {
	users = distinct(users)
	p, err := s.people(ctx, space)
	if err != nil {
		return nil, fmt.Errorf("find who is who: %w", err)
	}
	accounts, err := s.store.Users(ctx, users)
	if err != nil {
		return nil, err
	}
	names := make(map[models.ID]string, len(users))
	for _, user := range users {
		names[user] = p.name(user, accounts[user])
	}
	return names, nil
}

// FormerMembers lists who has left a project, in the order of joining, by the names that may be told.
func (s *Service) FormerMembers(ctx context.Context, actor models.Actor, space models.ID) ([]*models.Member, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	p, err := s.people(ctx, space)
	if err != nil {
		return nil, err
	}
	accounts, err := s.accounts(ctx, p.left)
	if err != nil {
		return nil, err
	}
	for _, m := range p.left {
		m.Left, m.Name = true, p.name(m.UserID, accounts[m.UserID])
	}
	return p.left, nil
}

// accounts gives the accounts of members, as far as there are any.
func (s *Service) accounts(ctx context.Context, all []*models.Member) (map[models.ID]*models.User, error) {
	ids := make([]models.ID, len(all))
	for i, m := range all {
		ids[i] = m.UserID
	}
	return s.store.Users(ctx, ids)
}
