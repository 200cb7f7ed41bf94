package teaching

import (
	"context"
	"maps"
	"slices"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Claim is a new one-time link to somebody's place on the roster.
type Claim struct {
	MemberID models.ID
	Name     string
	Email    string
	Role     models.CourseRole
	Secret   string // what the link carries; only its hash is kept
}

// Claims are new one-time links to places on the roster of a course.
type Claims struct {
	Course    *models.Course
	ExpiresAt time.Time
	Items     []Claim
}

// MakeClaims makes one-time links for members who haven't come: for those named, or for all if ids is nil. Links
// from before end. Who has come meanwhile gets none. Links for who teaches are made by instructors alone.
func (s *Service) MakeClaims(ctx context.Context, actor models.Actor, course models.ID, ids []models.ID) (Claims, error) {
	return changePeople(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (Claims, error) {
		out := Claims{Course: p.course, ExpiresAt: p.at.Add(ClaimLifetime), Items: []Claim{}}
		all, err := s.everybody(ctx, course, coding.Where{"userId": ""})
		if err != nil {
			return out, err
		}
		named := map[models.ID]bool{}
		for _, id := range ids {
			named[id] = true
		}
		if err := s.mayInvite(ctx, &p, named); err != nil {
			return out, err
		}
		hashes := map[models.ID]string{}
		for _, m := range all {
			wanted := ids == nil || named[m.ID]
			if !wanted || m.ErasedAt != nil || p.mayManage(m.Role) != nil {
				continue
			}
			secret := models.NewSecret()
			hashes[m.ID] = models.HashSecret(secret)
			out.Items = append(out.Items, Claim{MemberID: m.ID, Name: p.called(m, nil), Email: m.Email, Role: m.Role, Secret: secret})
		}
		return out, s.store.SetClaims(ctx, course, hashes, out.ExpiresAt, p.at)
	})
}

// mayInvite looks for members who are named, and asks whether the actor may invite each.
func (s *Service) mayInvite(ctx context.Context, p *place, named map[models.ID]bool) error {
	if len(named) == 0 {
		return nil
	}
	found, err := s.everybody(ctx, p.course.ID, coding.Where{"_id": slices.Collect(maps.Keys(named))})
	if err != nil {
		return err
	}
	if len(found) < len(named) {
		return models.NotFound(models.NounCourseMember)
	}
	for _, m := range found {
		if err := p.mayManage(m.Role); err != nil {
			return err
		}
	}
	return nil
}
