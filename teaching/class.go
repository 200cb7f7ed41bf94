package teaching

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// ClassStore gives what a class handed in.
type ClassStore interface {
	// Handings lists the hand-ins of an exercise without their words, those that were taken back too.
	Handings(ctx context.Context, exercise models.ID) ([]Handing, error)
	// HandInsTo lists the hand-ins of an exercise with their answers to one prompt alone.
	HandInsTo(ctx context.Context, exercise, prompt models.ID) ([]*models.HandIn, error)
	// Findings lists what was found in an exercise, of hand-ins that were taken back too.
	Findings(ctx context.Context, exercise models.ID) ([]Finding, error)
	// ReleasedNotes lists the live notes of an exercise that aren't of some students alone.
	ReleasedNotes(ctx context.Context, exercise models.ID) ([]models.ID, error)
}

// Handing is a hand-in without its words.
type Handing struct {
	SubmissionID models.ID `json:"submissionId"`
	Number       int       `json:"number"`
	At           time.Time `json:"at"`
	Late         bool      `json:"late"`
}

// lateFor says whether what was late when it was submitted still is by the due time of now: an extension that is
// given afterwards excuses it, and a due time that is brought forward makes nobody late.
func (h Handing) lateFor(due *time.Time) bool { return h.Late && due != nil && h.At.After(*due) }

// Finding says that a hand-in has so many passages for a code.
type Finding struct {
	SubmissionID models.ID               `json:"submissionId"`
	Number       int                     `json:"number"`
	Kind         models.OrganisationKind `json:"kind"`
	CodeID       models.ID               `json:"codeId"`
	Passages     int                     `json:"passages"`
}

// ClassAnswer is what one submission says to a prompt, as a reader of the class's answers sees it.
type ClassAnswer struct {
	// SubmissionID is the same at each prompt. Of others' work it is none that a student could ask for.
	SubmissionID models.ID         `json:"submissionId"`
	Name         string            `json:"name"` // empty where names are hidden
	Mine         bool              `json:"mine"`
	Organisation BoardOrganisation `json:"organisation"`
	Answer       ClassWords        `json:"answer"`
}

// ClassWords is an answer with the evidence that its reader may see.
type ClassWords struct {
	Text     string          `json:"text"`
	Words    int             `json:"words"`
	Evidence []ClassEvidence `json:"evidence"`
	// OwnPassages counts the evidence that was left out, since it quotes notes that aren't for the reader.
	OwnPassages int `json:"ownPassages"`
}

// ClassEvidence is a passage without who found it when.
type ClassEvidence struct {
	NoteID    models.ID         `json:"noteId,omitempty"`
	Anchor    *models.Anchor    `json:"anchor,omitempty"`
	Web       *models.WebSource `json:"web,omitempty"`
	Why       string            `json:"why"`
	Withdrawn bool              `json:"withdrawn,omitempty"`
}

// classPlace is where in a class an actor stands who may see what it handed in.
type classPlace struct {
	exercisePlace
	work map[models.ID]*models.Submission // those that are submitted
}

// enterClass finds an actor who may see what the class handed in: those who see all work, and students who
// have submitted theirs where it is shown to the class.
func (s *Service) enterClass(ctx context.Context, actor models.Actor, exercise models.ID) (classPlace, error) {
	c := classPlace{work: map[models.ID]*models.Submission{}}
	var err error
	if c.exercisePlace, err = s.enterExercise(ctx, actor, exercise, models.CourseReadWork); err != nil {
		return c, err
	}
	if !c.seesAll() && !c.exercise.ShownToClass {
		return c, models.Conflict("class_hidden", "The answers to this exercise aren't shown to the class.")
	}
	all, err := s.store.Submissions().All(ctx, exercise, coding.Query{Where: coding.Where{"handIn": coding.Bounds{From: 1}}}, models.MaxCoursePeople)
	if err != nil {
		return c, err
	}
	may := c.seesAll()
	for _, sub := range all {
		c.work[sub.ID] = sub
		may = may || owns(c.member, sub)
	}
	if !may {
		return c, models.Conflict("submit_first", "You see the answers of the others once you have submitted yours.")
	}
	return c, nil
}

// ClassAnswers lists what was handed in to a prompt.
func (s *Service) ClassAnswers(ctx context.Context, actor models.Actor, exercise, prompt models.ID) ([]ClassAnswer, error) {
	c, err := s.enterClass(ctx, actor, exercise)
	if err != nil {
		return nil, err
	}
	if c.exercise.Prompt(prompt) == nil {
		return nil, models.NotFound("prompt")
	}
	handed, err := s.store.HandInsTo(ctx, exercise, prompt)
	if err != nil {
		return nil, err
	}
	handed = slices.DeleteFunc(handed, func(h *models.HandIn) bool {
		sub := c.work[h.SubmissionID]
		return sub == nil || sub.HandIn != h.Number || len(h.Answers) == 0
	})
	people := &classPeople{}
	if c.seesAll() || c.exercise.NamesShown {
		if people, err = s.people(ctx, &c.exercisePlace, slices.Collect(maps.Values(c.work))); err != nil {
			return nil, err
		}
	}
	released, err := s.releasedNotes(ctx, &c)
	if err != nil {
		return nil, err
	}
	out := make([]ClassAnswer, len(handed))
	for i, h := range handed {
		sub := c.work[h.SubmissionID]
		mine := owns(c.member, sub)
		whole := mine || c.seesAll()
		out[i] = ClassAnswer{
			SubmissionID: sub.ID, Mine: mine, Name: people.name(sub),
			Organisation: BoardOrganisation{h.Organisation.Name, h.Organisation.Kind},
			Answer:       wordsFor(&h.Answers[0], func(note models.ID) bool { return whole || released[note] }),
		}
	}
	slices.SortFunc(out, func(a, b ClassAnswer) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(timeless(a.SubmissionID)), string(timeless(b.SubmissionID))))
	})
	for i := range out {
		if !out[i].Mine && !c.seesAll() {
			out[i].SubmissionID = timeless(out[i].SubmissionID)
		}
	}
	return out, nil
}

// timeless gives an id without the time it begins with, to the millisecond: whoever saw a classmate begin would
// know by it whose answers these are.
func timeless(id models.ID) models.ID { return "00000000-0000-7000" + id[18:] }

// releasedNotes gives the notes that everybody in the class may read.
func (s *Service) releasedNotes(ctx context.Context, c *classPlace) (map[models.ID]bool, error) {
	released := map[models.ID]bool{}
	if c.seesAll() {
		return released, nil
	}
	ids, err := s.store.ReleasedNotes(ctx, c.exercise.ID)
	for _, id := range ids {
		released[id] = true
	}
	return released, err
}

// wordsFor gives an answer without who found its evidence, and without that of notes that the reader may not
// read.
func wordsFor(a *models.HandedAnswer, mayRead func(note models.ID) bool) ClassWords {
	out := ClassWords{Text: a.Text, Words: a.Words, Evidence: []ClassEvidence{}}
	for _, e := range a.Evidence {
		switch {
		case e.Withdrawn:
			out.Evidence = append(out.Evidence, ClassEvidence{Withdrawn: true})
		case e.Web != nil:
			out.Evidence = append(out.Evidence, ClassEvidence{Web: e.Web, Why: e.Why})
		case mayRead(e.NoteID):
			out.Evidence = append(out.Evidence, ClassEvidence{NoteID: e.NoteID, Anchor: e.Anchor, Why: e.Why})
		default:
			out.OwnPassages++
		}
	}
	return out
}

// ClassMap says in which kinds of organisations a class found each code.
type ClassMap struct {
	Kinds []MapKind `json:"kinds"`
	Codes []MapCode `json:"codes"`
	Cells []MapCell `json:"cells"` // those in which something was found
}

// MapKind is a kind of organisation with how many submissions are about one; empty where nobody said.
type MapKind struct {
	Kind        models.OrganisationKind `json:"kind"`
	Submissions int                     `json:"submissions"`
}

// MapCode is a code that evidence was asked for.
type MapCode struct {
	CodeID models.ID `json:"codeId"`
	Name   string    `json:"name"`
	Letter string    `json:"letter"`
	Colour int       `json:"colour"`
}

// MapCell counts what was found of a code in a kind of organisation.
type MapCell struct {
	Kind        models.OrganisationKind `json:"kind"`
	CodeID      models.ID               `json:"codeId"`
	Submissions int                     `json:"submissions"`
	Passages    int                     `json:"passages"`
}

// ClassMap counts what the class found.
func (s *Service) ClassMap(ctx context.Context, actor models.Actor, exercise models.ID) (*ClassMap, error) {
	c, err := s.enterClass(ctx, actor, exercise)
	if err != nil {
		return nil, err
	}
	found, err := s.store.Findings(ctx, exercise)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(f Finding) bool {
		sub := c.work[f.SubmissionID]
		return sub == nil || sub.HandIn != f.Number
	})
	codes, err := s.desk.Codes(ctx, c.guest(""), exercise)
	if err != nil {
		return nil, err
	}
	asked := map[models.ID]bool{}
	for _, p := range c.exercise.Prompts {
		asked[p.CodeID] = true
	}
	return mapOf(found, codes, asked), nil
}

// mapOf counts findings by kind and code. Shown are the codes that were asked for, and others that something
// was found of when they were.
func mapOf(found []Finding, codes []*models.Code, asked map[models.ID]bool) *ClassMap {
	type place struct {
		kind models.OrganisationKind
		code models.ID
	}
	type finder struct {
		place
		submission models.ID
	}
	passages, submissions := map[place]int{}, map[place]int{}
	counted := map[finder]bool{}
	about := map[models.OrganisationKind]map[models.ID]bool{}
	for _, f := range found {
		if about[f.Kind] == nil {
			about[f.Kind] = map[models.ID]bool{}
		}
		about[f.Kind][f.SubmissionID] = true
		if f.Passages == 0 {
			continue
		}
		at := place{f.Kind, f.CodeID}
		passages[at] += f.Passages
		asked[f.CodeID] = true
		if who := (finder{at, f.SubmissionID}); !counted[who] {
			counted[who] = true
			submissions[at]++
		}
	}
	m := &ClassMap{Kinds: []MapKind{}, Codes: []MapCode{}, Cells: []MapCell{}}
	for _, code := range codes {
		if asked[code.ID] {
			m.Codes = append(m.Codes, MapCode{code.ID, code.Name, code.Letter, code.Colour})
		}
	}
	for _, kind := range append(models.OrganisationKinds(), "") {
		if len(about[kind]) == 0 {
			continue
		}
		m.Kinds = append(m.Kinds, MapKind{kind, len(about[kind])})
		for _, code := range m.Codes {
			if at := (place{kind, code.CodeID}); submissions[at] > 0 {
				m.Cells = append(m.Cells, MapCell{kind, code.CodeID, submissions[at], passages[at]})
			}
		}
	}
	return m
}
