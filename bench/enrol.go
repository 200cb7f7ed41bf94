package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/models"
)

// enrolling is how many students sign up at once: a class that sees a code on a slide.
const enrolling = 64

// enrol lets the students sign up with the course's code, each with a session of their own, and begin.
func (c *classroom) enrol(ctx context.Context, course models.ID, prompts []models.Prompt) error {
	code, err := c.door(ctx, course)
	if err != nil {
		return err
	}
	c.students = make([]*student, c.w.size.students)
	for i := range c.students {
		who := newPerson(c.w.server, fmt.Sprintf("student-%d", i+1))
		c.students[i] = &student{who: who, prompt: prompts[i%len(prompts)].ID, writer: models.NewID()}
	}
	signed := c.each(ctx, enrolling, func(ctx context.Context, s *student) error {
		account := map[string]any{"email": s.who.email, "name": s.who.email, "password": s.who.password, "course": code}
		return s.who.signIn(ctx, "/auth/sign-up", account)
	})
	what := fmt.Sprintf("%d students sign up with a course's code, %d at once", len(c.students), enrolling)
	if err := c.joined(ctx, course, what, signed); err != nil {
		return err
	}
	return c.each(ctx, enrolling, c.begin).fault
}

// joinNext lets all students, who have accounts by now, join another course by its code, all at once.
func (c *classroom) joinNext(ctx context.Context) error {
	course, err := c.w.make(ctx, "/courses", map[string]any{"name": "Next class", "term": "Bench"})
	if err != nil {
		return err
	}
	code, err := c.door(ctx, course)
	if err != nil {
		return err
	}
	in := c.each(ctx, len(c.students), func(ctx context.Context, s *student) error {
		return s.who.ask(ctx, http.MethodPost, "/courses/join", map[string]any{"code": code}, nil)
	})
	return c.joined(ctx, course, fmt.Sprintf("%d students join a course by its code, all at once", len(c.students)), in)
}

// door makes a code by which a course is joined.
func (c *classroom) door(ctx context.Context, course models.ID) (code string, err error) {
	var join struct {
		Code string `json:"code"`
	}
	err = c.w.owner.ask(ctx, http.MethodPost, "/courses/"+string(course)+"/join", map[string]any{}, &join)
	return join.Code, err
}

// joined notes how a course was joined, and looks whether everybody is in it, each once.
func (c *classroom) joined(ctx context.Context, course models.ID, what string, all crowd) error {
	if all.fault != nil {
		c.w.tell("%d of %d who join failed: %v", all.failed, all.failed+all.done, all.fault)
	}
	members := c.w.db().Collection("courseMembers")
	there, err := members.CountDocuments(ctx, bson.D{{Key: "spaceId", Value: course}, {Key: "deletedAt", Value: nil}})
	if err != nil {
		return err
	}
	var numbers []int
	if err := members.Distinct(ctx, "number", bson.D{{Key: "spaceId", Value: course}}).Decode(&numbers); err != nil {
		return err
	}
	wrong := max(len(c.students)+1-int(there), int(there)-len(numbers), 0)
	c.w.report.beside(what+", until all are in", "s", figure{ours: all.took.Seconds()}, "")
	c.w.report.beside("one of these, p95", "ms", figure{ours: milliseconds(all.times.at(0.95))}, "p50 "+amount(milliseconds(all.times.at(0.5)), "ms"))
	c.w.report.below("of these, refused, left out or doubled", "", float64(all.failed+wrong), 0, 0, "")
	return all.fault
}

// begin opens a student's submission.
func (c *classroom) begin(ctx context.Context, s *student) error {
	var sub models.Submission
	if err := s.who.ask(ctx, http.MethodPost, c.path()+"/submissions", map[string]any{}, &sub); err != nil {
		return err
	}
	s.submission, s.raw = sub.ID, models.NewAnswer(sub.ID, c.exercise, s.prompt)
	return nil
}

// each does something for every student once, for so many at once.
func (c *classroom) each(ctx context.Context, atOnce int, work func(ctx context.Context, s *student) error) crowd {
	next := make(chan *student, len(c.students))
	for _, s := range c.students {
		next <- s
	}
	close(next)
	return crowded(min(atOnce, len(c.students)), func(_ int, try func(do func() error) time.Time) {
		for s := range next {
			try(func() error { return work(ctx, s) })
		}
	})
}
