package coding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/models"
)

// ProjectFields are the fields of a project that its owners write. Nil leaves a field as it is.
type ProjectFields struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
	Archived    *bool   `json:"archived"`
	// DepartedCoders says how those are called who have left.
	DepartedCoders *models.DepartedCoders `json:"departedCoders"`
}

// NewProject asks for a project. Codes are its codebook to begin with, in tree order.
type NewProject struct {
	ID          models.ID
	Name        string
	Description string
	Language    string
	Demo        string
	Phases      []string
	ActorRoles  []string
	Attributes  []models.Attribute
	Codes       []models.CodeEntry
	// DepartedCoders says how those are called who have left; by name if empty.
	DepartedCoders models.DepartedCoders
}

var projects = kind[*models.Project]{
	records: Store.Projects,
	action:  models.ActionChangeProject,
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, p *models.Project) error {
		return models.First(models.CleanName(&p.Name, "/name"), models.CleanProse(&p.Description, "/description"),
			models.OneOf(p.Language, []string{"en", "da"}, "language_unknown", "/language"), s.checkDefinitions(ctx, w, before, p))
	},
	derive: func(ctx context.Context, s *Service, _ *work, verb models.Verb, before *models.Image, p *models.Project) error {
		shut := func(p *models.Project) bool { return p.ArchivedAt != nil || p.DeletedAt != nil }
		if verb == models.VerbCreated || shut(before.Project) == shut(p) {
			return nil
		}
		return s.store.GuardExclusive(ctx, p.ID, Where{})
	},
}

var members = kind[*models.Member]{
	records: Store.Members,
	action:  models.ActionChangeMembers,
	check: func(_ context.Context, _ *Service, _ *work, _ *models.Image, m *models.Member) error {
		if !m.Role.Valid() {
			return models.OneOf(m.Role, models.Roles(), "role_unknown", "/role")
		}
		return nil
	},
	derive: func(ctx context.Context, s *Service, w *work, verb models.Verb, before *models.Image, m *models.Member) error {
		if verb == models.VerbCreated {
			return nil
		}
		if err := s.store.GuardExclusive(ctx, m.SpaceID, Where{"coderId": m.UserID}); err != nil {
			return err
		}
		if err := s.stepDown(ctx, w, before.Member, m); err != nil {
			return err
		}
		return s.owned(ctx, m.SpaceID, "")
	},
}

// CreateProject makes a project with the actor as its owner.
func (s *Service) CreateProject(ctx context.Context, actor models.Actor, in NewProject) (*models.Project, error) {
	return once(ctx, s, actor, func(ctx context.Context, w *work) (*models.Project, error) {
		id, err := models.ChosenID(in.ID)
		if err != nil {
			return nil, err
		}
		w.space = id
		w.member = &models.Member{UserID: actor.UserID, Role: models.RoleOwner}
		p := &models.Project{
			Head: models.Head{ID: id}, Name: in.Name, Description: in.Description, Language: in.Language, Demo: in.Demo,
			DepartedCoders: in.DepartedCoders,
			Phases:         orEmpty(in.Phases), ActorRoles: orEmpty(in.ActorRoles),
		}
		if p.Attributes, err = withIDs(in.Attributes); err != nil {
			return nil, err
		}
		if p.Language == "" {
			p.Language = "en"
		}
		if _, err := projects.create(ctx, s, w, p); err != nil {
			return nil, err
		}
		if err := s.store.MakeGuards(ctx, id); err != nil {
			return nil, err
		}
		m := &models.Member{UserID: actor.UserID, Role: models.RoleOwner}
		if _, err := members.create(ctx, s, w, m); err != nil {
			return nil, err
		}
		if len(in.Codes) > 0 {
			if err := s.addCodes(ctx, w, in.Codes); err != nil {
				return nil, err
			}
			if p, err = s.store.Projects().Find(ctx, id, id); err != nil {
				return nil, err
			}
		}
		p.Role = models.RoleOwner
		return p, nil
	})
}

// CopyProject makes a project with the settings and the codebook of another that the actor can
// read, without its notes, members and codings.
func (s *Service) CopyProject(ctx context.Context, actor models.Actor, space models.ID, in NewProject) (*models.Project, error) {
	_, from, err := s.allow(ctx, actor, space, models.ActionRead)
	if err != nil {
		return nil, err
	}
	codes, err := s.store.Codes().All(ctx, space, Query{Order: []string{"position"}}, models.MaxCodes)
	if err != nil {
		return nil, err
	}
	in.Language, in.Phases, in.ActorRoles = from.Language, from.Phases, from.ActorRoles
	if in.Description == "" {
		in.Description = from.Description
	}
	in.Codes, in.DepartedCoders = portable(codes), from.DepartedCoders
	in.Attributes = slices.Clone(from.Attributes)
	for i := range in.Attributes {
		in.Attributes[i].ID = "" // it gets one of its own
	}
	return s.CreateProject(ctx, actor, in)
}

// Project gives one project as the actor sees it.
func (s *Service) Project(ctx context.Context, actor models.Actor, space models.ID) (*models.Project, error) {
	m, p, err := s.allow(ctx, actor, space, models.ActionRead)
	if err != nil {
		return nil, err
	}
	p.Role = m.Role
	return p, nil
}

// Projects lists the actor's projects by name; with bin, those of which the actor is an owner and
// which lie in the bin.
func (s *Service) Projects(ctx context.Context, actor models.Actor, bin bool) ([]*models.Project, error) {
	memberships, err := s.store.Memberships(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	out := []*models.Project{}
	for _, m := range memberships {
		if !actor.Reaches(m.SpaceID) {
			continue
		}
		p, err := s.store.Projects().FindAny(ctx, m.SpaceID, m.SpaceID)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if (p.DeletedAt != nil) != bin || (bin && m.Role != models.RoleOwner) {
			continue
		}
		p.Role = m.Role
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *models.Project) int {
		return strings.Compare(strings.ToLower(a.Name)+string(a.ID), strings.ToLower(b.Name)+string(b.ID))
	})
	return out, nil
}

// ChangeProject writes a project's fields.
func (s *Service) ChangeProject(ctx context.Context, actor models.Actor, space models.ID, seen int, f ProjectFields) (*models.Project, error) {
	return change(ctx, s, actor, space, models.ActionChangeProject, func(ctx context.Context, w *work) (*models.Project, error) {
		p, err := projects.update(ctx, s, w, space, seen, func(p *models.Project) error {
			set(&p.Name, f.Name)
			set(&p.Description, f.Description)
			if f.DepartedCoders != nil {
				p.DepartedCoders = *f.DepartedCoders
				if err := models.OneOf(p.DepartedCoders, []models.DepartedCoders{models.DepartedByName, models.DepartedByPseudonym}, "departed_coders_unknown", "/departedCoders"); err != nil {
					return err
				}
			}
			if f.Archived != nil && *f.Archived != (p.ArchivedAt != nil) {
				p.ArchivedAt = nil
				if *f.Archived {
					p.ArchivedAt = &w.at
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		p.Role = w.member.Role
		return p, nil
	})
}

// DeleteProject puts a project into the bin: from then on nobody but its owners knows of it.
func (s *Service) DeleteProject(ctx context.Context, actor models.Actor, space models.ID) error {
	_, err := change(ctx, s, actor, space, models.ActionDeleteProject, func(ctx context.Context, w *work) (*models.Project, error) {
		return projects.bin(ctx, s, w, space, 0)
	})
	return err
}

// RestoreProject takes a project out of the bin.
func (s *Service) RestoreProject(ctx context.Context, actor models.Actor, space models.ID) (*models.Project, error) {
	return change(ctx, s, actor, space, models.ActionDeleteProject, func(ctx context.Context, w *work) (*models.Project, error) {
		p, err := projects.restore(ctx, s, w, space, 0)
		if err != nil {
			return nil, err
		}
		p.Role = w.member.Role
		return p, nil
	})
}

// Members lists who is in a project, owners first, with names.
func (s *Service) Members(ctx context.Context, actor models.Actor, space models.ID) ([]*models.Member, error) {
	me, err := s.reader(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Members().All(ctx, space, Query{}, models.MaxPageSize)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b *models.Member) int {
		return slices.Index(models.Roles(), a.Role) - slices.Index(models.Roles(), b.Role)
	})
	return all, s.named(ctx, me, all)
}

// named fills in the names of members, and their addresses for owners.
func (s *Service) named(ctx context.Context, me *models.Member, all []*models.Member) error {
	p, err := s.people(ctx, me.SpaceID)
	if err != nil {
		return err
	}
	users, err := s.accounts(ctx, all)
	if err != nil {
		return err
	}
	for _, m := range all {
		u := users[m.UserID]
		m.Name = p.name(m.UserID, u)
		if u != nil && (me.Role == models.RoleOwner || m.UserID == me.UserID) {
			m.Email = u.Email
		}
	}
	return nil
}

// AddMember brings the account with this address into a project. It returns Invalid
// (member_unknown) when there is no such account and Conflict when it is a member already.
func (s *Service) AddMember(ctx context.Context, actor models.Actor, space models.ID, email string, role models.Role) (*models.Member, error) {
	return change(ctx, s, actor, space, models.ActionChangeMembers, func(ctx context.Context, w *work) (*models.Member, error) {
		u, err := s.store.UserByEmail(ctx, email)
		if isNotFound(err) {
			return nil, models.Invalid("member_unknown", "Nobody has an account with this e-mail yet. Ask the administrator to make one.",
				models.Field{Pointer: "/email", Problem: "no account"})
		}
		if err != nil {
			return nil, err
		}
		if _, err := s.store.Membership(ctx, space, u.ID); !isNotFound(err) {
			if err != nil {
				return nil, err
			}
			return nil, models.Conflict("member_exists", "This person is a member already.")
		}
		m, err := members.create(ctx, s, w, &models.Member{UserID: u.ID, Role: role})
		if err != nil {
			return nil, err
		}
		m.Name, m.Email = u.Name, u.Email
		return m, nil
	})
}

// ChangeMember gives a member another role.
func (s *Service) ChangeMember(ctx context.Context, actor models.Actor, space, user models.ID, seen int, role models.Role) (*models.Member, error) {
	return change(ctx, s, actor, space, models.ActionChangeMembers, func(ctx context.Context, w *work) (*models.Member, error) {
		m, err := s.store.Membership(ctx, space, user)
		if err != nil {
			return nil, err
		}
		m, err = members.update(ctx, s, w, m.ID, seen, func(m *models.Member) error {
			m.Role = role
			return nil
		})
		if err != nil {
			return nil, err
		}
		return m, s.named(ctx, w.member, []*models.Member{m})
	})
}

// RemoveMember takes a member out of a project; members may take themselves out. What they were writing
// and uploading goes with them.
func (s *Service) RemoveMember(ctx context.Context, actor models.Actor, space, user models.ID) error {
	action := models.ActionChangeMembers
	if user == actor.UserID {
		action = models.ActionRead
	}
	var uploads []*models.Upload
	_, err := change(ctx, s, actor, space, action, func(ctx context.Context, w *work) (*models.Member, error) {
		m, err := s.store.Membership(ctx, space, user)
		if err != nil {
			return nil, err
		}
		uploads, err = s.takeOut(ctx, w, m)
		return m, err
	})
	if err != nil {
		return err
	}
	return s.sweepUploads(ctx, uploads)
}

// LeaveAll takes an account that is about to be deleted out of all its projects, and purges what it
// kept to itself: drafts, private memos and saved searches. It returns Conflict while it is the only owner of one.
func (s *Service) LeaveAll(ctx context.Context, actor models.Actor) error {
	memberships, err := s.store.Memberships(ctx, actor.UserID)
	if err != nil {
		return err
	}
	for _, m := range memberships {
		if m.Role != models.RoleOwner {
			continue
		}
		err := s.owned(ctx, m.SpaceID, actor.UserID)
		if models.KindOf(err) == models.KindConflict {
			err = models.Conflict("owner_needed", "You are the only owner of a project. Make somebody else an owner, or delete the project for good, first.")
		}
		if err != nil {
			return err
		}
	}
	for _, m := range memberships {
		if err := s.purgePrivate(ctx, actor, m.SpaceID); err != nil {
			return fmt.Errorf("purge private things: %w", err)
		}
		if err := s.RemoveMember(ctx, actor, m.SpaceID, actor.UserID); err != nil && !isNotFound(err) {
			return err
		}
	}
	if err := s.dropSaved(ctx, actor); err != nil {
		return err
	}
	if err := s.store.DropDrafts(ctx, "", actor.UserID, ""); err != nil { // also in projects that lie in the bin
		return err
	}
	if err := s.dropUploadsOf(ctx, actor.UserID); err != nil {
		return err
	}
	if err := s.forgetInvited(ctx, actor.UserID); err != nil {
		return err
	}
	if err := s.dropInbox(ctx, actor.UserID); err != nil {
		return err
	}
	return s.store.Erase(ctx, "", []models.ID{actor.UserID}) // kept answers that name the person
}

func orEmpty[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
