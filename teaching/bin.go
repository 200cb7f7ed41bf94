package teaching

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// DeleteCourse puts a course into the bin: from then on nobody but its instructors knows of it.
func (s *Service) DeleteCourse(ctx context.Context, actor models.Actor, course models.ID, seen int) error {
	_, err := change(ctx, s, actor, course, models.CourseManage, func(ctx context.Context, p place) (struct{}, error) {
		if outdated(p.course, seen) {
			return struct{}{}, models.Stale(seenBy(p.course, p.member))
		}
		p.course.DeletedAt, p.course.DeletedBy = &p.at, actor.UserID
		return struct{}{}, replace(ctx, s.store.Courses(), &p, p.course)
	})
	return err
}

// RestoreCourse takes a course out of the bin.
func (s *Service) RestoreCourse(ctx context.Context, actor models.Actor, course models.ID) (*models.Course, error) {
	var out *models.Course
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		p, err := s.manage(ctx, actor, course)
		if err != nil {
			return err
		}
		out = seenBy(p.course, p.member)
		if p.course.DeletedAt == nil {
			return nil
		}
		p.course.DeletedAt, p.course.DeletedBy = nil, ""
		return replace(ctx, s.store.Courses(), &p, p.course)
	})
	return out, err
}

// manage finds an instructor in a course that may lie in the bin. Others hear nothing of one that does.
func (s *Service) manage(ctx context.Context, actor models.Actor, course models.ID) (place, error) {
	p, err := s.stand(ctx, actor, course)
	if err != nil {
		return p, err
	}
	if err = p.allow(models.CourseManage); err != nil && p.course.DeletedAt != nil {
		err = models.NotFound(models.NounCourse)
	}
	return p, err
}

// PurgeCourse deletes a course that lies in the bin for good: its exercises with all that was answered, its
// members and groups. It returns Conflict for one that isn't in the bin (not_in_bin).
func (s *Service) PurgeCourse(ctx context.Context, actor models.Actor, course models.ID) error {
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		p, err := s.manage(ctx, actor, course)
		if err != nil {
			return err
		}
		if p.course.DeletedAt == nil {
			return models.Conflict("not_in_bin", "Only what lies in the bin can be deleted for good.")
		}
		p.course.Purging = true // whatever happens now, Tidy goes on with it
		return replace(ctx, s.store.Courses(), &p, p.course)
	})
	if err != nil {
		return err
	}
	return s.purge(ctx, course, actor.UserID)
}

// purge removes what a course has, and last the course. It may be begun again.
func (s *Service) purge(ctx context.Context, course, by models.ID) error {
	for _, bin := range []bool{false, true} {
		exercises, err := s.store.Exercises().All(ctx, course, coding.Query{Bin: bin}, models.MaxPageSize)
		if err != nil {
			return fmt.Errorf("exercises of course %s: %w", course, err)
		}
		for _, e := range exercises {
			if err := s.desk.PurgeSpace(ctx, by, e.ID); err != nil {
				return fmt.Errorf("purge exercise %s: %w", e.ID, err)
			}
		}
	}
	return s.store.EraseCourse(ctx, course, by, s.clock())
}

// Tidy purges courses that have lain in the bin for coding.BinDays, and goes on with what broke off: purges of
// courses and deletions of personal data. Call it now and then, in one process at a time.
func (s *Service) Tidy(ctx context.Context) error {
	before := s.clock().Add(-coding.BinDays * 24 * time.Hour)
	due, err := s.store.CoursesToPurge(ctx, before)
	for _, course := range due {
		err = errors.Join(err, s.purgeOld(ctx, course, before))
	}
	return errors.Join(err, s.eraseOn(ctx))
}

// purgeOld purges a course that lies in the bin since before a time. From its first moment on nobody brings the
// course back, of which half may be gone.
func (s *Service) purgeOld(ctx context.Context, course models.ID, before time.Time) error {
	due := false
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		c, err := s.store.Courses().FindAny(ctx, course, course)
		if err != nil {
			return err
		}
		if due = c.Purging || c.DeletedAt != nil && c.DeletedAt.Before(before); !due || c.Purging {
			return nil
		}
		c.Purging = true
		return replace(ctx, s.store.Courses(), &place{at: s.clock()}, c)
	})
	if isNotFound(err) || err == nil && !due {
		return nil // purged or restored meanwhile
	}
	if err != nil {
		return fmt.Errorf("course %s: %w", course, err)
	}
	return s.purge(ctx, course, "")
}
