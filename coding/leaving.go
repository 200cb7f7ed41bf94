package coding

import (
	"context"
	"slices"

	"feltbog/models"
)

// HandOver makes another member an owner of the project and gives the actor another role, or lets them
// leave if role is empty: both or neither. It returns NotFound for who is no member, and Invalid for
// oneself, for an invented person and for a role that isn't lower than owner.
func (s *Service) HandOver(ctx context.Context, actor models.Actor, space, to models.ID, role models.Role) error {
	if role != "" && !slices.Contains(models.Roles()[1:], role) {
		return models.Invalid("hand_over_then", "Say what becomes of you: editor, coder, reader or leave.", models.Field{Pointer: "/then", Problem: "not one of the known words"})
	}
	var uploads []*models.Upload
	_, err := change(ctx, s, actor, space, models.ActionChangeMembers, func(ctx context.Context, w *work) (struct{}, error) {
		w.batch = models.NewID()
		if to == actor.UserID {
			return struct{}{}, models.Invalid("hand_over_self", "Choose another member to hand the project over to.", models.Field{Pointer: "/userId", Problem: "oneself"})
		}
		next, err := s.store.Membership(ctx, space, to)
		if err != nil {
			return struct{}{}, err
		}
		if next.Role != models.RoleOwner {
			_, err = members.update(ctx, s, w, next.ID, next.Version, func(m *models.Member) error {
				m.Role = models.RoleOwner
				return nil
			})
			if err != nil {
				return struct{}{}, err
			}
		}
		if role == "" {
			uploads, err = s.takeOut(ctx, w, w.member)
			return struct{}{}, err
		}
		_, err = members.update(ctx, s, w, w.member.ID, 0, func(m *models.Member) error {
			m.Role = role
			return nil
		})
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	return s.sweepUploads(ctx, uploads)
}

// takeOut bins a membership, with what its member was writing, uploading and reading. The uploads it gives are to
// be swept once the transaction has ended.
func (s *Service) takeOut(ctx context.Context, w *work, m *models.Member) ([]*models.Upload, error) {
	if err := s.store.DropDrafts(ctx, w.space, m.UserID, ""); err != nil {
		return nil, err
	}
	uploads, err := s.cancelUploads(ctx, w.space, m.UserID)
	if err != nil {
		return nil, err
	}
	if err := s.store.DropPresence(ctx, PresenceQuery{SpaceID: w.space, UserID: m.UserID}); err != nil {
		return nil, err
	}
	_, err = members.bin(ctx, s, w, m.ID, 0)
	return uploads, err
}

// stepDown withdraws what somebody invited to who was an owner until another took that from them: they
// could come back by it.
func (s *Service) stepDown(ctx context.Context, w *work, before, now *models.Member) error {
	owner := now.DeletedAt == nil && now.Role == models.RoleOwner
	if before.Role != models.RoleOwner || owner || now.UserID == w.actor.UserID {
		return nil
	}
	return s.store.WithdrawInvitations(ctx, now.SpaceID, now.UserID, w.at)
}

// forgetInvited takes the address of an account that is about to be deleted out of the invitations it got.
func (s *Service) forgetInvited(ctx context.Context, user models.ID) error {
	account, err := s.store.User(ctx, user)
	if err != nil {
		return err
	}
	return s.store.ForgetInvited(ctx, account.Email)
}

// owned refuses to leave a project without an owner who can sign in. Except is left out of the count.
func (s *Service) owned(ctx context.Context, space, except models.ID) error {
	owners, err := s.store.Members().All(ctx, space, Query{Where: Where{"role": models.RoleOwner}}, models.MaxPageSize)
	if err != nil {
		return err
	}
	ids := make([]models.ID, 0, len(owners))
	for _, m := range owners {
		if m.UserID != except {
			ids = append(ids, m.UserID)
		}
	}
	users, err := s.store.Users(ctx, ids)
	if err != nil {
		return err
	}
	for _, u := range users {
		if !u.Persona {
			return nil
		}
	}
	return models.Conflict("owner_needed", "A project always has an owner. Make somebody else an owner first.")
}
