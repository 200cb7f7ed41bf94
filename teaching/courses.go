package teaching

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/models"
)

// NewCourse asks for a course.
type NewCourse struct {
	ID          models.ID
	Name        string
	Term        string
	Description string
	Language    string // en if empty
	DemoOf      models.ID
}

// CreateCourse makes a course with the actor as its instructor.
func (s *Service) CreateCourse(ctx context.Context, actor models.Actor, in NewCourse) (*models.Course, error) {
	if actor.Token != nil {
		return nil, models.OutOfScope()
	}
	p := place{actor: actor, at: s.clock()}
	head, err := p.head(in.ID, "")
	if err != nil {
		return nil, err
	}
	head.SpaceID = head.ID
	c := &models.Course{Head: head, Name: in.Name, Term: in.Term, Description: in.Description, Language: in.Language, DemoOf: in.DemoOf}
	if c.Language == "" {
		c.Language = "en"
	}
	if err := checkCourse(c); err != nil {
		return nil, err
	}
	m := &models.CourseMember{
		Head:   models.Head{ID: models.NewID(), SpaceID: c.ID, Version: 1, CreatedAt: p.at, UpdatedAt: p.at},
		UserID: actor.UserID, Role: models.RoleInstructor, Number: 1, JoinedAt: &p.at, Rights: []models.Action{},
	}
	err = s.store.Tx(ctx, func(ctx context.Context) error {
		if err := s.coursesLeft(ctx, actor); err != nil {
			return err
		}
		if err := s.store.Courses().Insert(ctx, c); err != nil {
			return err
		}
		return s.store.CourseMembers().Insert(ctx, m)
	})
	return seenBy(c, m), err
}

// coursesLeft refuses to make more courses than one may be an instructor of.
func (s *Service) coursesLeft(ctx context.Context, actor models.Actor) error {
	mine, err := s.store.CourseMemberships(ctx, actor.UserID)
	if err != nil {
		return err
	}
	teaches := 0
	for _, m := range mine {
		if m.Role == models.RoleInstructor {
			teaches++
		}
	}
	if teaches >= models.MaxCourses {
		return models.Conflict("courses_too_many", fmt.Sprintf("You are an instructor of %d courses, which is as many as one may be. Delete one for good first, or leave it.", models.MaxCourses))
	}
	return nil
}

// checkCourse cleans the words of a course and refuses what may not be.
func checkCourse(c *models.Course) error {
	return models.First(
		models.CleanName(&c.Name, "/name"), models.CleanLabel(&c.Term, "/term"), models.CleanProse(&c.Description, "/description"),
		models.Within(c.GroupSize, 0, models.MaxGroup, "/groupSize"),
		models.OneOf(c.Language, []string{"en", "da"}, "language_unknown", "/language"),
	)
}

// seenBy fills in what a course says of its reader.
func seenBy(c *models.Course, m *models.CourseMember) *models.Course {
	c.Role, c.Rights = m.Role, []models.Action{}
	for _, a := range models.CourseActions() {
		if m.May(a) != models.GrantNone {
			c.Rights = append(c.Rights, a)
		}
	}
	return c
}

// Course gives a course as the actor sees it.
func (s *Service) Course(ctx context.Context, actor models.Actor, course models.ID) (*models.Course, error) {
	p, err := s.enter(ctx, actor, course, models.CourseRead)
	if err != nil {
		return nil, err
	}
	return seenBy(p.course, p.member), nil
}

// Courses lists the actor's courses by name; with bin, those of which the actor is an instructor and which lie in
// the bin.
func (s *Service) Courses(ctx context.Context, actor models.Actor, bin bool) ([]*models.Course, error) {
	if actor.Token != nil {
		return nil, models.OutOfScope()
	}
	memberships, err := s.store.CourseMemberships(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	out := []*models.Course{}
	for _, m := range memberships {
		c, err := s.store.Courses().FindAny(ctx, m.SpaceID, m.SpaceID)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("course %s: %w", m.SpaceID, err)
		}
		if c.Purging || (c.DeletedAt != nil) != bin || (bin && m.May(models.CourseManage) == models.GrantNone) {
			continue
		}
		out = append(out, seenBy(c, m))
	}
	slices.SortFunc(out, func(a, b *models.Course) int {
		return strings.Compare(strings.ToLower(a.Name)+string(a.ID), strings.ToLower(b.Name)+string(b.ID))
	})
	return out, nil
}

// CourseFields are the fields of a course that its instructors write. Nil leaves a field as it is.
type CourseFields struct {
	Name           *string `json:"name"`
	Term           *string `json:"term"`
	Description    *string `json:"description"`
	Archived       *bool   `json:"archived"`
	GroupsByChoice *bool   `json:"groupsByChoice"`
	GroupSize      *int    `json:"groupSize"`
}

// ChangeCourse writes a course's fields.
func (s *Service) ChangeCourse(ctx context.Context, actor models.Actor, course models.ID, seen int, f CourseFields) (*models.Course, error) {
	return change(ctx, s, actor, course, models.CourseManage, func(ctx context.Context, p place) (*models.Course, error) {
		c := seenBy(p.course, p.member)
		if outdated(c, seen) {
			return nil, models.Stale(c)
		}
		set(&c.Name, f.Name)
		set(&c.Term, f.Term)
		set(&c.Description, f.Description)
		set(&c.GroupsByChoice, f.GroupsByChoice)
		set(&c.GroupSize, f.GroupSize)
		if f.Archived != nil && *f.Archived != (c.ArchivedAt != nil) {
			c.ArchivedAt = nil
			if *f.Archived {
				c.ArchivedAt = &p.at
			}
		}
		if err := checkCourse(c); err != nil {
			return nil, err
		}
		return c, replace(ctx, s.store.Courses(), &p, c)
	})
}
