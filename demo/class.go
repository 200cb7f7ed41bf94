package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

// class is class.yaml: a course that answers the built-in exercise with passages from the study's notes.
type class struct {
	Name        string         `yaml:"name"`
	Term        string         `yaml:"term"`
	Description string         `yaml:"description"`
	Language    string         `yaml:"language"`
	TimeZone    string         `yaml:"timeZone"`
	Begins      moment         `yaml:"begins"`
	Joins       moment         `yaml:"joins"`
	Exercise    classExercise  `yaml:"exercise"`
	Groups      []string       `yaml:"groups"`
	Students    []classStudent `yaml:"students"`
}

// classExercise is what the instructor set. Released are the keys of the notes that were released to it.
type classExercise struct {
	Template string   `yaml:"template"`
	Due      moment   `yaml:"due"`
	MinWords int      `yaml:"minWords"`
	MaxWords int      `yaml:"maxWords"`
	Released []string `yaml:"released"`
}

// classStudent is a student with what they have written so far. Submits and Returned are empty where that
// hasn't happened.
type classStudent struct {
	Name         string              `yaml:"name"`
	Pseudonym    string              `yaml:"pseudonym"`
	Language     string              `yaml:"language"`
	Group        string              `yaml:"group"`
	Extension    moment              `yaml:"extension"`
	Writes       moment              `yaml:"writes"`
	Organisation models.Organisation `yaml:"organisation"`
	Answers      []classAnswer       `yaml:"answers"`
	Submits      moment              `yaml:"submits"`
	AsIs         bool                `yaml:"asIs"`
	Returned     moment              `yaml:"returned"`
	Mark         string              `yaml:"mark"`
	Comment      string              `yaml:"comment"`
	Remarks      []struct {
		Code  string `yaml:"code"`
		Quote string `yaml:"quote"`
		Text  string `yaml:"text"`
	} `yaml:"remarks"`
}

// classAnswer is an answer to the prompt that is tied to a code.
type classAnswer struct {
	Code     string `yaml:"code"`
	Text     string `yaml:"text"`
	Evidence []struct {
		Note  string `yaml:"note"`
		URL   string `yaml:"url"`
		Title string `yaml:"title"`
		Quote string `yaml:"quote"`
		Why   string `yaml:"why"`
	} `yaml:"evidence"`
}

// moment is a local time so many days from the one on which the demo is loaded, such as "-3 21:40".
type moment string

// in gives the time that a moment is, counted from now in the time zone of now.
func (m moment) in(now time.Time) (time.Time, error) {
	var days, hour, minute int
	if _, err := fmt.Sscanf(string(m), "%d %d:%d", &days, &hour, &minute); err != nil {
		return time.Time{}, fmt.Errorf("moment %q: %w", m, err)
	}
	return time.Date(now.Year(), now.Month(), now.Day()+days, hour, minute, 0, 0, now.Location()), nil
}

// dueForm is how due times are written.
const dueForm = "2006-01-02T15:04"

// teacher puts the class into a course, at the moments at which everybody did what they did.
type teacher struct {
	*loader

	teaching *teaching.Service
	owner    models.Actor
	now      time.Time // in the time zone of the class
	in       class
	course   models.ID
	exercise *models.Exercise
	prompts  map[string]models.ID // by the keys of their codes
	released map[string]models.ID // the copies of notes, by the keys of those
}

// teach makes the course that goes with the project.
func (l *loader) teach(ctx context.Context, service *teaching.Service, accounts Accounts, owner models.Actor) error {
	t := &teacher{loader: l, teaching: service, owner: owner, prompts: map[string]models.ID{}, released: map[string]models.ID{}}
	if err := read("class.yaml", &t.in); err != nil {
		return err
	}
	zone, err := time.LoadLocation(t.in.TimeZone)
	if err != nil {
		return fmt.Errorf("demo course: %w", err)
	}
	t.now = time.Now().In(zone)
	if err := t.begin(ctx); err != nil {
		return errors.Join(fmt.Errorf("demo course: %w", err), t.dismiss(ctx))
	}
	students, err := t.enrol(ctx, accounts)
	if err != nil {
		return errors.Join(fmt.Errorf("students of the demo course: %w", err), t.dismiss(ctx))
	}
	for i := range t.in.Students {
		if err := t.work(ctx, students[i], &t.in.Students[i]); err != nil {
			return errors.Join(fmt.Errorf("demo student %s: %w", t.in.Students[i].Name, err), t.dismiss(ctx))
		}
	}
	return nil
}

// dismiss deletes a half-made course for good, also when its time was up.
func (t *teacher) dismiss(ctx context.Context) error {
	if t.course == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyPatience)
	defer cancel()
	if err := t.teaching.DeleteCourse(ctx, t.owner, t.course, 0); err != nil {
		return fmt.Errorf("delete a half-made demo course: %w", err)
	}
	if err := t.teaching.PurgeCourse(ctx, t.owner, t.course); err != nil {
		return fmt.Errorf("purge a half-made demo course: %w", err)
	}
	return nil
}

// sweep puts the courses of former copies of the demo into the bin, of which the project was deleted.
func sweep(ctx context.Context, service *coding.Service, classes *teaching.Service, owner models.Actor) error {
	courses, err := classes.Courses(ctx, owner, false)
	if err != nil {
		return fmt.Errorf("courses of former demos: %w", err)
	}
	projects, err := service.Projects(ctx, owner, false)
	if err != nil {
		return fmt.Errorf("former demos: %w", err)
	}
	there := map[models.ID]bool{}
	for _, p := range projects {
		there[p.ID] = true
	}
	for _, c := range courses {
		if c.DemoOf == "" || there[c.DemoOf] || c.Role != models.RoleInstructor {
			continue
		}
		if err := classes.DeleteCourse(ctx, owner, c.ID, 0); err != nil {
			return fmt.Errorf("delete the course of a former demo: %w", err)
		}
	}
	return nil
}

// at gives the use cases at a moment of the class, and when that was.
func (t *teacher) at(m moment) (*teaching.Service, time.Time, error) {
	when, err := m.in(t.now)
	return t.teaching.At(func() time.Time { return when }), when, err
}

// begin makes the course and its exercise, and releases notes to it.
func (t *teacher) begin(ctx context.Context) error {
	service, _, err := t.at(t.in.Begins)
	if err != nil {
		return err
	}
	c, err := service.CreateCourse(ctx, t.owner, teaching.NewCourse{
		Name: t.in.Name, Term: t.in.Term, Description: t.in.Description, Language: t.in.Language, DemoOf: t.space,
	})
	if err != nil {
		return err
	}
	t.course = c.ID
	asked, err := teaching.FindTemplate(t.in.Exercise.Template)
	if err != nil {
		return err
	}
	codebook, err := exchange.FindTemplate(asked.Codebook)
	if err != nil {
		return err
	}
	t.exercise, err = service.CreateExercise(ctx, t.owner, t.course, teaching.NewExercise{Template: asked, Codes: codebook.Codes})
	if err != nil {
		return err
	}
	for i, p := range asked.Prompts {
		t.prompts[p.Code] = t.exercise.Prompts[i].ID
	}
	for _, key := range t.in.Exercise.Released {
		n, _, err := service.Release(ctx, t.owner, t.exercise.ID, t.space, t.notes[key].id)
		if err != nil {
			return fmt.Errorf("release %s: %w", key, err)
		}
		t.released[key] = n.ID
	}
	due, err := t.in.Exercise.Due.in(t.now)
	if err != nil {
		return err
	}
	local := due.Format(dueForm)
	t.exercise, err = service.ChangeExercise(ctx, t.owner, t.exercise.ID, t.exercise.Version, teaching.ExerciseFields{
		Open: new(true), DueAt: &local, TimeZone: &t.in.TimeZone, LateAllowed: new(true), ShownToClass: new(true),
		MinWords: &t.in.Exercise.MinWords, MaxWords: &t.in.Exercise.MaxWords,
	})
	return err
}

// enrol makes the students, who join by the course's code, and puts them into their groups. It gives them in
// their order.
func (t *teacher) enrol(ctx context.Context, accounts Accounts) ([]models.Actor, error) {
	service, _, err := t.at(t.in.Joins)
	if err != nil {
		return nil, err
	}
	join, err := service.OpenJoining(ctx, t.owner, t.course, 0)
	if err != nil {
		return nil, err
	}
	students := make([]models.Actor, len(t.in.Students))
	for i, s := range t.in.Students {
		u, err := accounts.CreatePersona(ctx, "", s.Name, s.Language)
		if err != nil {
			return nil, fmt.Errorf("persona %s: %w", s.Name, err)
		}
		students[i] = models.Actor{UserID: u.ID}
		if _, err := service.Join(ctx, students[i], join.Code); err != nil {
			return nil, fmt.Errorf("%s joins: %w", s.Name, err)
		}
	}
	if err := service.CloseJoining(ctx, t.owner, t.course); err != nil {
		return nil, err
	}
	return students, t.seat(ctx, service, students)
}

// seat puts the students into their groups, lets them choose a pseudonym, and gives those more time who asked
// for it.
func (t *teacher) seat(ctx context.Context, service *teaching.Service, students []models.Actor) error {
	groups := map[string]models.ID{}
	for _, name := range t.in.Groups {
		g, err := service.CreateGroup(ctx, t.owner, t.course, "", name)
		if err != nil {
			return fmt.Errorf("group %s: %w", name, err)
		}
		groups[name] = g.ID
	}
	members, err := service.Members(ctx, t.owner, t.course, teaching.MemberFilter{Role: models.RoleStudent})
	if err != nil {
		return err
	}
	of := map[models.ID]teaching.Member{}
	for _, m := range members {
		of[m.UserID] = m
	}
	places := make([]teaching.GroupPlace, len(students))
	for i, s := range t.in.Students {
		m := of[students[i].UserID]
		places[i] = teaching.GroupPlace{MemberID: m.ID, GroupID: groups[s.Group]}
		if s.Pseudonym != "" {
			if _, err := service.ChangeMember(ctx, students[i], t.course, m.ID, m.Version, teaching.MemberFields{Pseudonym: &s.Pseudonym}); err != nil {
				return fmt.Errorf("pseudonym of %s: %w", s.Name, err)
			}
		}
		if s.Extension == "" {
			continue
		}
		until, err := s.Extension.in(t.now)
		if err != nil {
			return err
		}
		if _, err := service.Extend(ctx, t.owner, t.exercise.ID, m.ID, until.Format(dueForm)); err != nil {
			return fmt.Errorf("extension of %s: %w", s.Name, err)
		}
	}
	_, err = service.PlaceInGroups(ctx, t.owner, t.course, places)
	return err
}

// work writes what a student has written, submits it and returns it, as far as they have come.
func (t *teacher) work(ctx context.Context, student models.Actor, s *classStudent) error {
	if s.Writes == "" {
		return nil
	}
	service, when, err := t.at(s.Writes)
	if err != nil {
		return err
	}
	sub, _, err := service.OpenSubmission(ctx, student, t.exercise.ID)
	if err != nil {
		return err
	}
	o := &s.Organisation
	if _, err := service.ChangeSubmission(ctx, student, sub.ID, sub.Version, teaching.SubmissionFields{
		Organisation: &teaching.OrganisationFields{Name: &o.Name, Kind: &o.Kind, Why: &o.Why},
	}); err != nil {
		return fmt.Errorf("organisation: %w", err)
	}
	for i := range s.Answers {
		if err := t.answer(ctx, service, student, sub.ID, &s.Answers[i], models.Date(when.Format(time.DateOnly))); err != nil {
			return fmt.Errorf("answer to %s: %w", s.Answers[i].Code, err)
		}
	}
	if s.Submits == "" {
		return nil
	}
	if service, _, err = t.at(s.Submits); err != nil {
		return err
	}
	if _, _, err := service.Submit(ctx, student, sub.ID, s.AsIs); err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	return t.giveBack(ctx, s, sub.ID)
}

// answer writes one answer and puts its evidence to it.
func (t *teacher) answer(ctx context.Context, service *teaching.Service, student models.Actor, submission models.ID, a *classAnswer, seen models.Date) error {
	prompt, there := t.prompts[a.Code]
	if !there {
		return errors.New("there is no such prompt")
	}
	writing := teaching.Writing{Text: a.Text, Revision: models.NewID(), Writer: models.NewID()}
	if _, _, err := service.SaveAnswer(ctx, student, submission, prompt, 0, writing); err != nil {
		return err
	}
	for _, e := range a.Evidence {
		in := teaching.NewEvidence{Why: e.Why}
		if e.Note == "" {
			in.Web = &models.WebSource{URL: e.URL, Title: e.Title, Quote: e.Quote, SeenOn: seen}
		} else {
			anchor, err := anchorOf(t.notes[e.Note].text, e.Quote)
			if err != nil {
				return fmt.Errorf("evidence from %s: %w", e.Note, err)
			}
			in.NoteID, in.Anchor = t.released[e.Note], &anchor
		}
		if _, _, err := service.AddEvidence(ctx, student, submission, prompt, in); err != nil {
			return fmt.Errorf("evidence from %s%s: %w", e.Note, e.URL, err)
		}
	}
	return nil
}

// giveBack says what the instructor has to say of a submission, and returns it.
func (t *teacher) giveBack(ctx context.Context, s *classStudent, submission models.ID) error {
	if s.Returned == "" {
		return nil
	}
	service, _, err := t.at(s.Returned)
	if err != nil {
		return err
	}
	if _, err := service.SaveFeedback(ctx, t.owner, submission, 0, teaching.FeedbackWords{Mark: s.Mark, Comment: s.Comment}); err != nil {
		return fmt.Errorf("feedback: %w", err)
	}
	for _, r := range s.Remarks {
		anchor, err := anchorOf(s.answerTo(r.Code), r.Quote)
		if err != nil {
			return fmt.Errorf("remark on %s: %w", r.Code, err)
		}
		if _, err := service.CreateRemark(ctx, t.owner, submission, teaching.NewRemark{
			PromptID: t.prompts[r.Code], Start: anchor.Start, End: anchor.End, Quote: anchor.Quote, Text: r.Text,
		}); err != nil {
			return fmt.Errorf("remark on %s: %w", r.Code, err)
		}
	}
	if _, err := service.ReturnSubmission(ctx, t.owner, submission); err != nil {
		return fmt.Errorf("return: %w", err)
	}
	return nil
}

func (s *classStudent) answerTo(code string) string {
	for i := range s.Answers {
		if s.Answers[i].Code == code {
			return s.Answers[i].Text
		}
	}
	return ""
}
