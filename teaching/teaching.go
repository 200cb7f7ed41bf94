// Package teaching holds the verbs of courses: the use cases of exercises that students answer with
// evidence, the pure rules they stand on, and the ports they need. It has the form of coding, which does
// what is done in the space of an exercise, and knows nothing of HTTP or MongoDB either.
//
// Every operation begins in read or change, which find the actor in the course and ask the role table.
package teaching

import (
	"context"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Service offers the use cases of teaching. It is safe for concurrent use.
type Service struct {
	store Store
	// desk is where notes, codes and codings of exercises are kept.
	desk  *coding.Service
	now   func() time.Time
	turns *turns
}

// New makes a Service over a store and the use cases of spaces. Now is the clock; time.Now if nil.
func New(store Store, desk *coding.Service, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: store, desk: desk, now: now, turns: &turns{lines: map[models.ID]*line{}}}
}

// At gives the same use cases at another time, such as that at which something was done that is told of later.
func (s *Service) At(now func() time.Time) *Service {
	at := *s
	at.now = now
	return &at
}

// clock gives the time as it is stored: UTC, to the millisecond.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// place is where in a course an actor stands.
type place struct {
	actor  models.Actor
	course *models.Course
	member *models.CourseMember
	at     time.Time
}

// staysOpen names what can still be done in an archived course.
var staysOpen = map[models.Action]bool{
	models.CourseRead: true, models.CourseManage: true, models.CourseReadWork: true, models.CourseExport: true, models.CourseErase: true,
}

// enter finds an actor in a course and asks whether they may. It returns NotFound to strangers and while
// the course lies in the bin, and Forbidden to members without the right. Personal tokens are for projects,
// not for courses.
func (s *Service) enter(ctx context.Context, actor models.Actor, course models.ID, action models.Action) (place, error) {
	p, err := s.stand(ctx, actor, course)
	if err == nil && p.course.DeletedAt != nil {
		err = models.NotFound(models.NounCourse)
	}
	if err != nil {
		return p, err
	}
	err = p.allow(action)
	return p, err
}

// stand finds an actor in a course, also in one that lies in the bin.
func (s *Service) stand(ctx context.Context, actor models.Actor, course models.ID) (place, error) {
	p := place{actor: actor, at: s.clock()}
	if actor.Token != nil {
		return p, models.OutOfScope()
	}
	var err error
	if p.member, err = s.store.CourseMembership(ctx, course, actor.UserID); err != nil {
		return p, hide(err)
	}
	if p.course, err = s.store.Courses().FindAny(ctx, course, course); err != nil {
		return p, hide(err)
	}
	if p.course.Purging {
		return p, models.NotFound(models.NounCourse)
	}
	return p, nil
}

// allow asks whether the actor may do something in the course as it is.
func (p *place) allow(action models.Action) error {
	switch {
	case p.member.May(action) == models.GrantNone:
		return models.Forbidden("course_role_insufficient", "Your role in this course doesn't allow that. Ask an instructor.")
	case p.course.ArchivedAt != nil && !staysOpen[action]:
		return errCourseArchived()
	}
	return nil
}

func errCourseArchived() error {
	return models.Conflict("course_archived", "This course is archived. An instructor can open it again in its settings.")
}

// change runs fn in one transaction as a member of the course who has the right to the action.
func change[R any](ctx context.Context, s *Service, actor models.Actor, course models.ID, action models.Action,
	fn func(ctx context.Context, p place) (R, error),
) (R, error) {
	var out R
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		p, err := s.enter(ctx, actor, course, action)
		if err != nil {
			return err
		}
		out, err = fn(ctx, p)
		return err
	})
	return out, err
}

// isNotFound says whether err means that there is no such record.
func isNotFound(err error) bool { return models.KindOf(err) == models.KindNotFound }

// hide turns "no such member" into "no such course": a stranger learns nothing.
func hide(err error) error {
	if isNotFound(err) {
		return models.NotFound(models.NounCourse)
	}
	return err
}

// head begins a record. An id that the client chose is used; it must be a UUIDv7.
func (p *place) head(chosen, space models.ID) (models.Head, error) {
	id, err := models.ChosenID(chosen)
	return models.Head{ID: id, SpaceID: space, Version: 1, CreatedAt: p.at, UpdatedAt: p.at}, err
}

// outdated says whether somebody saw another version of a record than the one that stands; 0 is whatever
// version it has. It is asked before anything of the record is written, so that who is refused hears of the
// record as it is kept.
func outdated(r models.Record, seen int) bool { return seen != 0 && seen != r.Meta().Version }

// replace writes a record over the one it was read from, and raises its version.
func replace[R models.Record](ctx context.Context, records coding.Records[R], p *place, r R) error {
	head := r.Meta()
	was := head.Version
	head.Version, head.UpdatedAt = was+1, p.at
	return records.Replace(ctx, r, was)
}

// set writes a patch's value where it has one.
func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
