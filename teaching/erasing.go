package teaching

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"feltbog/models"
)

// EraseMember deletes the personal data of somebody in the course for good: who they are, and the words of
// their own work, with the notes they brought. States, numbers of words and passages, the kind of
// organisation and marks stay, so that the figures of the class stand. What they wrote with a group stays the
// group's. It returns Conflict for the last instructor (instructor_needed).
func (s *Service) EraseMember(ctx context.Context, actor models.Actor, course, id models.ID) (Member, error) {
	var work []*models.Submission
	var shown Member
	err := untilStill(ctx, func() error {
		var err error
		shown, err = changePeople(ctx, s, actor, course, models.CourseErase, func(ctx context.Context, p place) (Member, error) {
			m, err := s.store.CourseMembers().FindAny(ctx, course, id) // who has left, too
			if err != nil {
				return Member{}, err
			}
			if work, err = s.erase(ctx, &p, m); err != nil {
				return Member{}, err
			}
			return p.shown(m, nil), nil
		})
		return err
	})
	if err != nil {
		return Member{}, err
	}
	return shown, s.purgeWork(ctx, actor.UserID, id, work)
}

// erase takes from a member who they are, and from their own work its words. It gives that work, of which
// purgeWork removes the rest once the transaction has ended.
func (s *Service) erase(ctx context.Context, p *place, m *models.CourseMember) ([]*models.Submission, error) {
	if err := s.guardMember(ctx, m); err != nil {
		return nil, err
	}
	if m.Role == models.RoleInstructor && m.DeletedAt == nil {
		if err := s.taught(ctx, p.course.ID, m.ID); err != nil {
			return nil, err
		}
	}
	work, err := s.store.SubmissionsOf(ctx, p.course.ID, m.ID)
	if err != nil {
		return nil, err
	}
	if err := s.unmatch(ctx, p, m.ID); err != nil {
		return nil, err
	}
	if m.DeletedBy == m.UserID { // who left by themself
		m.DeletedBy = ""
	}
	forget(m)
	if m.ErasedAt == nil {
		m.ErasedAt = &p.at
	}
	m.Erasing = true
	if err := replace(ctx, s.store.CourseMembers(), p, m); err != nil {
		return nil, err
	}
	return work, s.eraseWords(ctx, work)
}

// guardMember makes the transaction meet every other that brings something of a member's, or erases them: what
// came before they were erased goes with them, and what comes after is refused.
func (s *Service) guardMember(ctx context.Context, m *models.CourseMember) error {
	if err := s.store.GuardMember(ctx, m.SpaceID, m.ID); err != nil {
		return fmt.Errorf("guard member %s: %w", m.ID, err)
	}
	return nil
}

// eraseWords takes the words out of work. It writes all its answers, also those that nobody has begun, so that
// whoever saves one that they read before meets it, and brings no words back.
func (s *Service) eraseWords(ctx context.Context, work []*models.Submission) error {
	if err := s.store.EraseWork(ctx, ids(work)); err != nil {
		return err
	}
	for _, w := range work {
		e, err := s.store.ExerciseByID(ctx, w.SpaceID)
		if isNotFound(err) {
			continue // purged, with all that was answered
		}
		if err != nil {
			return err
		}
		answers, err := s.answers(ctx, e, w.ID)
		if err != nil {
			return err
		}
		for _, a := range answers {
			if a.Edition > 0 {
				continue
			}
			if err := s.store.SaveAnswer(ctx, a, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// purgeWork removes what hangs on the submissions of an erased member in the spaces of exercises: notes that were
// brought, and the codings of evidence. It may be begun again.
func (s *Service) purgeWork(ctx context.Context, by, member models.ID, work []*models.Submission) error {
	for _, w := range work {
		if err := s.desk.PurgeOwnNotes(ctx, by, w.SpaceID, w.ID); err != nil {
			return fmt.Errorf("purge the notes of submission %s: %w", w.ID, err)
		}
		if err := s.desk.PurgeLayer(ctx, by, w.SpaceID, w.Layer()); err != nil {
			return err
		}
	}
	// Once more: what was under way when they were erased has ended. In a transaction, so that nothing which
	// others say of the work meanwhile is written over.
	return s.store.Tx(ctx, func(ctx context.Context) error {
		return models.First(s.store.EraseWork(ctx, ids(work)), s.store.EndErasure(ctx, member))
	})
}

// eraseOn goes on with deletions of personal data that broke off. Who deleted their account can't begin again.
func (s *Service) eraseOn(ctx context.Context) error {
	left, err := s.store.Erasures(ctx)
	for _, m := range left {
		work, findErr := s.store.SubmissionsOf(ctx, m.SpaceID, m.ID)
		if findErr == nil {
			findErr = s.purgeWork(ctx, "", m.ID, work)
		}
		err = errors.Join(err, findErr)
	}
	return err
}

// MayLeaveAll refuses the deletion of an account while it is the only instructor of a course. It returns
// Conflict (instructor_needed), which names the courses.
func (s *Service) MayLeaveAll(ctx context.Context, actor models.Actor) error {
	mine, err := s.store.CourseMemberships(ctx, actor.UserID)
	if err != nil {
		return err
	}
	var alone []string
	for _, m := range mine {
		if m.Role != models.RoleInstructor {
			continue
		}
		err := s.taught(ctx, m.SpaceID, m.ID)
		if err == nil {
			continue
		}
		if models.KindOf(err) != models.KindConflict {
			return err
		}
		course, err := s.store.Courses().FindAny(ctx, m.SpaceID, m.SpaceID)
		if err != nil {
			return err
		}
		alone = append(alone, "“"+course.Name+"”")
	}
	if alone == nil {
		return nil
	}
	slices.Sort(alone)
	return models.Conflict("instructor_needed", fmt.Sprintf("You are the only instructor of %s. Make somebody else an instructor, or delete it for good, first.", strings.Join(alone, ", ")))
}

// LeaveAll takes an account that is about to be deleted out of all courses, those too that it left before, and
// deletes its personal data there as EraseMember does.
func (s *Service) LeaveAll(ctx context.Context, actor models.Actor) error {
	ever, err := s.store.MembershipsEver(ctx, actor.UserID)
	if err != nil {
		return err
	}
	var errs error
	for _, m := range ever {
		errs = errors.Join(errs, s.leaveErased(ctx, actor, m.SpaceID, m.ID))
	}
	return errs
}

// leaveErased erases one membership of an account that is about to be deleted.
func (s *Service) leaveErased(ctx context.Context, actor models.Actor, course, member models.ID) error {
	var work []*models.Submission
	err := untilStill(ctx, func() error {
		return s.store.Tx(ctx, func(ctx context.Context) error {
			if err := s.store.GuardCourse(ctx, course); err != nil {
				return fmt.Errorf("guard %s: %w", course, err)
			}
			p := place{actor: actor, at: s.clock()}
			var err error
			if p.course, err = s.store.Courses().FindAny(ctx, course, course); err != nil {
				return err
			}
			m, err := s.store.CourseMembers().FindAny(ctx, course, member)
			if err != nil {
				return err
			}
			work, err = s.erase(ctx, &p, m)
			return err
		})
	})
	if isNotFound(err) {
		return nil // purged meanwhile
	}
	if err != nil {
		return err
	}
	return s.purgeWork(ctx, actor.UserID, member, work)
}
