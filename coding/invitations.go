package coding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"feltbog/models"
)

// How long an invitation can be used: where nobody says, and at most.
const (
	InvitationLifetime    = 14 * 24 * time.Hour
	MaxInvitationLifetime = 180 * 24 * time.Hour
)

// NewInvitations asks for a link, or for one to each of the addresses.
type NewInvitations struct {
	Role models.Role
	// MaxUses is how many may join by the link, 0 for any number. It is 1 where there are addresses.
	MaxUses int
	// ExpiresAt is in InvitationLifetime from now if it is zero.
	ExpiresAt time.Time
	Emails    []string
}

// Invited is an invitation that was just made. Secret is what its link carries; it is kept nowhere, so it
// is empty in the answer to a repeated request.
type Invited struct {
	Invitation *models.Invitation `json:"invitation"`
	Secret     string             `json:"-"`
}

// InvitationView is what somebody with a link is told of it.
type InvitationView struct {
	ProjectName string      `json:"projectName"`
	Role        models.Role `json:"role"`
	InvitedBy   string      `json:"invitedBy"` // the name that the project lets be told
	ExpiresAt   time.Time   `json:"expiresAt"`
	Member      bool        `json:"member"` // whether the one who looks is a member already
	Email       string      `json:"email"`
}

// Invite makes invitations to a project. It returns Invalid for what can't be asked for, and Conflict
// (invitation_limit) when the project would have more than models.MaxInvitations open.
func (s *Service) Invite(ctx context.Context, actor models.Actor, space models.ID, in NewInvitations) ([]Invited, error) {
	return change(ctx, s, actor, space, models.ActionChangeMembers, func(ctx context.Context, w *work) ([]Invited, error) {
		if err := checkInvitations(&in, w.at); err != nil {
			return nil, err
		}
		to := in.Emails
		if len(to) == 0 {
			to = []string{""}
		}
		// Counting alone holds no two at once apart; people are invited too seldom for a finer lock.
		if err := s.store.GuardExclusive(ctx, space, nil); err != nil {
			return nil, err
		}
		open, err := s.store.OpenInvitations(ctx, space, w.at)
		if err != nil {
			return nil, err
		}
		if open+len(to) > models.MaxInvitations {
			return nil, models.Conflict("invitation_limit", fmt.Sprintf("A project may have %d open invitations. Withdraw some that are no longer needed.", models.MaxInvitations))
		}
		out := make([]Invited, len(to))
		all := make([]*models.Invitation, len(to))
		for i, email := range to {
			secret := models.NewSecret()
			all[i] = &models.Invitation{
				Head: models.Head{ID: models.NewID(), SpaceID: space, Version: 1, CreatedAt: w.at, UpdatedAt: w.at},
				Role: in.Role, MaxUses: in.MaxUses, Email: email, EmailKey: models.EmailKey(email), CreatedBy: actor.UserID, ExpiresAt: in.ExpiresAt,
				State: models.InvitationOpen, SecretHash: models.HashSecret(secret),
			}
			out[i] = Invited{all[i], secret}
			w.subjects = append(w.subjects, all[i].ID)
		}
		if err := s.store.Invitations().Insert(ctx, all...); err != nil {
			return nil, err
		}
		return out, s.tellInvited(ctx, w, all)
	})
}

// tellInvited puts the invitation into the inbox of those who have an account with its address. It doesn't
// let them in: who has the link has shown that the address is theirs.
func (s *Service) tellInvited(ctx context.Context, w *work, all []*models.Invitation) error {
	for _, i := range all {
		if i.Email == "" {
			continue
		}
		user, err := s.store.UserByEmail(ctx, i.Email)
		if isNotFound(err) || (err == nil && user.Persona) {
			continue
		}
		if err != nil {
			return err
		}
		w.notify(models.Notice{Kind: models.NoticeInvitation, Cause: i.ID}, user.ID)
	}
	return nil
}

// openOf says which of the invitations that notices tell of can be used.
func (s *Service) openOf(ctx context.Context, space models.ID, notices []*models.Notice) (map[models.ID]bool, error) {
	var ids []models.ID
	for _, n := range notices {
		if n.Kind == models.NoticeInvitation {
			ids = append(ids, n.Cause)
		}
	}
	if len(ids) == 0 {
		return map[models.ID]bool{}, nil
	}
	all, err := s.store.Invitations().All(ctx, space, Query{Where: Where{"_id": distinct(ids)}}, len(ids))
	open := make(map[models.ID]bool, len(all))
	for _, i := range all {
		open[i.ID] = i.StateAt(s.clock()) == models.InvitationOpen
	}
	return open, err
}

// checkInvitations cleans what is asked for and refuses what may not be.
func checkInvitations(in *NewInvitations, now time.Time) error {
	if !in.Role.Valid() {
		return models.OneOf(in.Role, models.Roles(), "role_unknown", "/role")
	}
	if in.ExpiresAt.IsZero() {
		in.ExpiresAt = now.Add(InvitationLifetime)
	}
	in.ExpiresAt = in.ExpiresAt.UTC().Truncate(time.Millisecond)
	if !in.ExpiresAt.After(now) || in.ExpiresAt.Sub(now) > MaxInvitationLifetime {
		return models.Invalid("invitation_expiry", fmt.Sprintf("An invitation ends in the future, at most %d days from now.", int(MaxInvitationLifetime.Hours()/24)),
			models.Field{Pointer: "/expiresAt", Problem: "out of range"})
	}
	if in.MaxUses < 0 || in.MaxUses > models.MaxInvitedBy {
		return models.Invalid("invitation_uses", fmt.Sprintf("An invitation is for 1 to %d people, or 0 for any number.", models.MaxInvitedBy),
			models.Field{Pointer: "/maxUses", Problem: "out of range"})
	}
	if in.Role == models.RoleOwner && in.MaxUses != 1 {
		return models.Invalid("invitation_owner_once", "A link that makes an owner is for one person.", models.Field{Pointer: "/maxUses", Problem: "not 1"})
	}
	return checkInvited(in)
}

// checkInvited looks at the addresses, each of which gets a link of its own.
func checkInvited(in *NewInvitations) error {
	if len(in.Emails) > models.MaxInvited {
		return models.Invalid("invitation_emails_limit", fmt.Sprintf("Invite at most %d people at once.", models.MaxInvited), models.Field{Pointer: "/emails", Problem: "too many"})
	}
	if len(in.Emails) > 0 && in.MaxUses != 1 {
		return models.Invalid("invitation_email_once", "An invitation to an address is for one person.", models.Field{Pointer: "/maxUses", Problem: "not 1"})
	}
	seen := map[string]bool{}
	var faults []models.Field
	for i, email := range in.Emails {
		in.Emails[i] = strings.TrimSpace(email)
		if !models.ValidEmail(in.Emails[i]) {
			faults = append(faults, models.Field{Pointer: fmt.Sprintf("/emails/%d", i), Problem: "email_malformed"})
		}
	}
	if faults != nil {
		return models.Invalid("email_malformed", "This isn't an e-mail address.", faults...)
	}
	in.Emails = slices.DeleteFunc(in.Emails, func(email string) bool {
		key := models.EmailKey(email)
		twice := seen[key]
		seen[key] = true
		return twice
	})
	return nil
}

// Invitations lists a project's invitations for its owners, the newest first.
func (s *Service) Invitations(ctx context.Context, actor models.Actor, space models.ID, p models.Page) (models.List[*models.Invitation], error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionChangeMembers); err != nil {
		return models.List[*models.Invitation]{}, err
	}
	page, err := s.store.Invitations().List(ctx, space, Query{Order: []string{"-createdAt"}}, p)
	for _, i := range page.Items {
		i.State = i.StateAt(s.clock())
	}
	return page, err
}

// WithdrawInvitation makes an invitation useless from now on. Who joined by it stays.
func (s *Service) WithdrawInvitation(ctx context.Context, actor models.Actor, space, id models.ID) error {
	_, err := change(ctx, s, actor, space, models.ActionChangeMembers, func(ctx context.Context, w *work) (struct{}, error) {
		i, err := s.store.Invitations().Find(ctx, space, id)
		if err != nil || i.WithdrawnAt != nil {
			return struct{}{}, err
		}
		was := i.Version
		i.WithdrawnAt, i.Version, i.UpdatedAt = &w.at, was+1, w.at
		return struct{}{}, s.store.Invitations().Replace(ctx, i, was)
	})
	return err
}

// LookInvitation tells whoever has a link what it is to. Viewer is the zero Actor where nobody is signed in.
// It returns NotFound (invitation_gone) alike for every link that can't be used.
func (s *Service) LookInvitation(ctx context.Context, viewer models.Actor, secret string) (InvitationView, error) {
	found, err := s.findInvitation(ctx, viewer, secret)
	if err != nil {
		return InvitationView{}, err
	}
	i := found.invitation
	names, err := s.called(ctx, i.SpaceID, []models.ID{i.CreatedBy})
	if err != nil {
		return InvitationView{}, err
	}
	return InvitationView{
		ProjectName: found.project.Name, Role: i.Role, InvitedBy: names[i.CreatedBy], ExpiresAt: i.ExpiresAt,
		Member: found.member != nil, Email: i.Email,
	}, nil
}

// AcceptInvitation makes the actor a member, and gives the project as they see it. Who is a member already
// stays one. It returns NotFound (invitation_gone) alike for every link that can't be used. It joins the
// transaction of ctx, so that an account can be made with it.
func (s *Service) AcceptInvitation(ctx context.Context, actor models.Actor, secret string) (*models.Project, error) {
	return once(ctx, s, actor, func(ctx context.Context, w *work) (*models.Project, error) {
		found, err := s.findInvitation(ctx, actor, secret)
		if err != nil {
			return nil, err
		}
		w.space = found.project.ID
		if err := s.store.GuardShared(ctx, w.space); err != nil {
			return nil, fmt.Errorf("guard %s: %w", w.space, err)
		}
		m, err := s.admitBy(ctx, w, found)
		if err != nil {
			return nil, err
		}
		found.project.Role = m.Role
		return found.project, nil
	})
}

// foundInvitation is an invitation that can be used, with what it leads to. Member is nil for strangers.
type foundInvitation struct {
	invitation *models.Invitation
	project    *models.Project
	member     *models.Member
}

// findInvitation finds the invitation of a link if the viewer can use it.
func (s *Service) findInvitation(ctx context.Context, viewer models.Actor, secret string) (foundInvitation, error) {
	var found foundInvitation
	i, err := s.store.InvitationBySecret(ctx, models.HashSecret(secret))
	if err != nil {
		return found, gone(err)
	}
	project, err := s.store.Projects().FindAny(ctx, i.SpaceID, i.SpaceID)
	if err != nil {
		return found, gone(err)
	}
	found.invitation, found.project = i, project
	if viewer.UserID != "" {
		if found.member, err = s.store.Membership(ctx, i.SpaceID, viewer.UserID); err != nil && !isNotFound(err) {
			return found, err
		}
		if err != nil {
			found.member = nil
		}
	}
	state := i.StateAt(s.clock())
	// Whoever joined by it may follow a used link again: their answer may have been lost.
	again := state == models.InvitationUsed && found.member != nil && found.member.InvitationID == i.ID
	if (state != models.InvitationOpen && !again) || project.DeletedAt != nil {
		return found, errInvitationGone()
	}
	if found.member == nil && viewer.UserID != "" {
		return found, s.notRemovedSince(ctx, viewer.UserID, i)
	}
	return found, nil
}

// notRemovedSince keeps those out who were taken out of the project after the invitation was made: what an
// owner decided last holds.
func (s *Service) notRemovedSince(ctx context.Context, user models.ID, i *models.Invitation) error {
	former, err := s.store.Members().List(ctx, i.SpaceID, Query{Where: Where{"userId": user}, Bin: true, Order: []string{"-deletedAt"}}, models.Page{Limit: 1})
	if err != nil {
		return err
	}
	for _, m := range former.Items {
		if m.DeletedBy != user && !m.DeletedAt.Before(i.CreatedAt) {
			return errInvitationGone()
		}
	}
	return nil
}

// admitBy makes a member of the actor, or gives the membership there is. Its role rises where the invitation
// is to a higher one and was made after an owner last decided on the role.
func (s *Service) admitBy(ctx context.Context, w *work, found foundInvitation) (*models.Member, error) {
	i, m := found.invitation, found.member
	var err error
	switch {
	case m == nil:
		m, err = members.create(ctx, s, w, &models.Member{UserID: w.actor.UserID, Role: i.Role, InvitedBy: i.CreatedBy, InvitationID: i.ID})
	case rank(i.Role) < rank(m.Role) && i.CreatedAt.After(m.UpdatedAt):
		m, err = members.update(ctx, s, w, m.ID, m.Version, func(m *models.Member) error {
			m.Role, m.InvitedBy, m.InvitationID = i.Role, i.CreatedBy, i.ID
			return nil
		})
	default:
		return m, nil
	}
	if err != nil {
		return nil, err
	}
	was := i.Version
	i.Uses, i.Version, i.UpdatedAt = i.Uses+1, was+1, w.at
	return m, s.store.Invitations().Replace(ctx, i, was)
}

// rank orders roles, from 0 for the one with most rights.
func rank(r models.Role) int { return slices.Index(models.Roles(), r) }

// gone makes one answer of every reason why a link can't be used.
func gone(err error) error {
	if isNotFound(err) {
		return errInvitationGone()
	}
	return err
}

func errInvitationGone() error {
	return &models.Error{
		Kind: models.KindNotFound, Code: "invitation_gone",
		Sentence: "This invitation can't be used: it has expired, was used or withdrawn, or the link isn't whole. Ask for a new one.",
	}
}
