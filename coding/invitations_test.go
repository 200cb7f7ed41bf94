package coding_test

import (
	"sync"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

func (st *study) invite(in coding.NewInvitations) coding.Invited {
	st.t.Helper()
	made, err := st.service.Invite(st.ctx, st.owner, st.space, in)
	st.must(err)
	return made[0]
}

func TestAnInvitationThatIsWithdrawnWhilePeopleJoin(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	for range 8 {
		made := st.invite(coding.NewInvitations{Role: models.RoleCoder})
		people := []models.Actor{st.user(string(models.NewID())), st.user(string(models.NewID())), st.user(string(models.NewID()))}
		errs := make([]error, len(people))
		var all sync.WaitGroup
		for i, p := range people {
			all.Go(func() { _, errs[i] = st.service.AcceptInvitation(st.ctx, p, made.Secret) })
		}
		all.Go(func() {
			st.must(st.service.WithdrawInvitation(st.ctx, st.owner, st.space, made.Invitation.ID))
		})
		all.Wait()
		joined := 0
		for i, p := range people {
			_, err := st.db.Membership(st.ctx, st.space, p.UserID)
			if (err == nil) != (errs[i] == nil) {
				t.Fatalf("told %v, and is a member: %v", errs[i], err == nil)
			}
			if errs[i] == nil {
				joined++
			} else {
				st.refused(errs[i], "invitation_gone")
			}
		}
		i, err := st.db.Invitations().Find(st.ctx, st.space, made.Invitation.ID)
		st.must(err)
		if i.Uses != joined || i.WithdrawnAt == nil {
			t.Fatalf("%d joined: %+v", joined, i)
		}
		_, err = st.service.AcceptInvitation(st.ctx, st.user(string(models.NewID())), made.Secret)
		st.refused(err, "invitation_gone")
	}
}

func TestOneWhoJoinsTwiceAtOnceIsAMemberOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	made := st.invite(coding.NewInvitations{Role: models.RoleCoder, MaxUses: 10})
	bo := st.user("Bo")
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = st.service.AcceptInvitation(st.ctx, bo, made.Secret) })
	}
	all.Wait()
	for _, err := range errs {
		st.must(err)
	}
	members, err := st.service.Members(st.ctx, st.owner, st.space)
	st.must(err)
	i, err := st.db.Invitations().Find(st.ctx, st.space, made.Invitation.ID)
	st.must(err)
	if len(members) != 2 || i.Uses != 1 {
		t.Fatalf("%d members, %d uses", len(members), i.Uses)
	}
}

func TestOnlyTheHashOfALinkIsKept(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	made := st.invite(coding.NewInvitations{Role: models.RoleCoder, MaxUses: 1, Emails: []string{"Bo@example.org"}})
	i, err := st.db.InvitationBySecret(st.ctx, models.HashSecret(made.Secret))
	st.must(err)
	if i.SecretHash == made.Secret || i.Email != "Bo@example.org" {
		t.Fatalf("%+v", i)
	}
	st.user("Bo") // who deletes the account leaves no address behind
	bo, err := st.db.UserByEmail(st.ctx, "bo@example.org")
	st.must(err)
	st.must(st.service.LeaveAll(st.ctx, models.Actor{UserID: bo.ID}))
	i, err = st.db.Invitations().Find(st.ctx, st.space, i.ID)
	st.must(err)
	if i.Email != "" || i.EmailKey != "" {
		t.Fatalf("%+v", i)
	}
}

func TestTwoOwnersCantBothLeaveOrHandOver(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleOwner)
	ida := st.member("Ida", models.RoleReader)
	back := func(who models.Actor) {
		if m, err := st.db.Membership(st.ctx, st.space, who.UserID); err == nil && m.Role == models.RoleOwner {
			return
		}
		owners, err := st.db.Members().All(st.ctx, st.space, coding.Query{Where: coding.Where{"role": models.RoleOwner}}, 5)
		st.must(err)
		by := models.Actor{UserID: owners[0].UserID}
		if _, err := st.db.Membership(st.ctx, st.space, who.UserID); err == nil {
			_, err = st.service.ChangeMember(st.ctx, by, st.space, who.UserID, 0, models.RoleOwner)
			st.must(err)
			return
		}
		u, err := st.db.User(st.ctx, who.UserID)
		st.must(err)
		_, err = st.service.AddMember(st.ctx, by, st.space, u.Email, models.RoleOwner)
		st.must(err)
	}
	leave := func(who models.Actor) error { return st.service.RemoveMember(st.ctx, who, st.space, who.UserID) }
	down := func(who models.Actor) error {
		_, err := st.service.ChangeMember(st.ctx, who, st.space, who.UserID, 0, models.RoleCoder)
		return err
	}
	over := func(who models.Actor) error {
		return st.service.HandOver(st.ctx, who, st.space, ida.UserID, "")
	}
	for _, deeds := range [][2]func(models.Actor) error{{leave, leave}, {leave, down}, {down, down}, {over, leave}, {over, over}} {
		for range 4 {
			errs := make([]error, 2)
			var both sync.WaitGroup
			for i, who := range []models.Actor{st.owner, bo} {
				both.Go(func() { errs[i] = deeds[i](who) })
			}
			both.Wait()
			owners, err := st.db.Members().All(st.ctx, st.space, coding.Query{Where: coding.Where{"role": models.RoleOwner}}, 5)
			st.must(err)
			if len(owners) == 0 {
				t.Fatalf("nobody owns the project: %v", errs)
			}
			for _, err := range errs {
				if err != nil {
					st.refused(err, "owner_needed")
				}
			}
			back(st.owner)
			back(bo)
			if m, err := st.db.Membership(st.ctx, st.space, ida.UserID); err == nil && m.Role == models.RoleOwner {
				_, err = st.service.ChangeMember(st.ctx, st.owner, st.space, ida.UserID, 0, models.RoleReader)
				st.must(err)
			}
		}
	}
}
