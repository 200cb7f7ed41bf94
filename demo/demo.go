// Package demo loads the demo: an invented study that teaches the six codes, and a course of invented students
// who answer an exercise with it. It goes through the same use cases as everything else, as the people of both.
package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

//go:embed study/*.yaml
var files embed.FS

// template is the codebook that the study is coded with.
const template = "data-in-organisational-practice"

// study is study.yaml.
type study struct {
	Key         string `yaml:"key"`
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Language    string `yaml:"language"`
	Coders      []struct {
		Key  string      `yaml:"key"`
		Name string      `yaml:"name"`
		Role models.Role `yaml:"role"`
	} `yaml:"coders"`
	Attributes []struct {
		Key     string               `yaml:"key"`
		Name    string               `yaml:"name"`
		Type    models.AttributeType `yaml:"type"`
		Choices []string             `yaml:"choices"`
	} `yaml:"attributes"`
	Sites []struct {
		Key         string `yaml:"key"`
		Name        string `yaml:"name"`
		Kind        string `yaml:"kind"`
		Description string `yaml:"description"`
		Parent      string `yaml:"parent"`
	} `yaml:"sites"`
	Participants []struct {
		Key         string `yaml:"key"`
		Pseudonym   string `yaml:"pseudonym"`
		ActorRole   string `yaml:"actorRole"`
		Site        string `yaml:"site"`
		Description string `yaml:"description"`
	} `yaml:"participants"`
	Codes []struct {
		Key        string `yaml:"key"`
		Name       string `yaml:"name"`
		Parent     string `yaml:"parent"`
		Coder      string `yaml:"coder"`
		Definition string `yaml:"definition"`
	} `yaml:"codes"`
	Notes []string `yaml:"notes"`
	Memos []memo   `yaml:"memos"`
	Links []struct {
		From  string          `yaml:"from"`
		To    string          `yaml:"to"`
		Kind  models.LinkKind `yaml:"kind"`
		Coder string          `yaml:"coder"`
		Note  string          `yaml:"note"`
	} `yaml:"links"`
}

// memo is a memo on a note (without a target) or on project, site:KEY or code:KEY.
type memo struct {
	Coder   string `yaml:"coder"`
	Target  string `yaml:"target"`
	Private bool   `yaml:"private"`
	Text    string `yaml:"text"`
}

// note is one file of a note.
type note struct {
	Key          string          `yaml:"key"`
	Title        string          `yaml:"title"`
	Kind         models.NoteKind `yaml:"kind"`
	Site         string          `yaml:"site"`
	ObservedOn   models.Date     `yaml:"observedOn"`
	StartsAt     models.Clock    `yaml:"startsAt"`
	EndsAt       models.Clock    `yaml:"endsAt"`
	Observer     string          `yaml:"observer"`
	Language     string          `yaml:"language"`
	Phase        string          `yaml:"phase"`
	Participants []string        `yaml:"participants"`
	Attributes   map[string]any  `yaml:"attributes"`
	Meeting      *struct {
		Purpose string   `yaml:"purpose"`
		Agenda  []string `yaml:"agenda"`
	} `yaml:"meeting"`
	Text    string `yaml:"text"`
	Turns   []turn `yaml:"turns"` // instead of a text
	Codings []struct {
		ID    string `yaml:"id"`
		Coder string `yaml:"coder"`
		Code  string `yaml:"code"`
		Quote string `yaml:"quote"`
		Memo  string `yaml:"memo"`
	} `yaml:"codings"`
	Memos []memo `yaml:"memos"`
}

// Accounts makes the people of the study and of the course, who can't sign in.
type Accounts interface {
	CreatePersona(ctx context.Context, id models.ID, name, language string) (*models.User, error)
}

// loader carries what was made by its key.
type loader struct {
	service      *coding.Service
	space        models.ID
	coders       map[string]models.Actor
	sites        map[string]models.ID
	participants map[string]models.ID
	attributes   map[string]models.ID
	codes        map[string]models.ID
	codings      map[string]models.ID
	notes        map[string]text
}

// text is a note that was made, and its words.
type text struct {
	id   models.ID
	text string
}

// tidyPatience is how long it may take to remove what was half made.
const tidyPatience = 30 * time.Second

// Load makes a copy of the demo project with owner as its owner, and its course with them as the instructor.
// Each copy has coders and students of its own. The courses of former copies of theirs whose project was
// deleted go into the bin. A copy that can't be finished is deleted again.
func Load(ctx context.Context, service *coding.Service, classes *teaching.Service, accounts Accounts, owner models.Actor) (*models.Project, error) {
	var st study
	if err := read("study.yaml", &st); err != nil {
		return nil, err
	}
	t, err := exchange.FindTemplate(template)
	if err != nil {
		return nil, fmt.Errorf("demo's codebook: %w", err)
	}
	attributes, ids := st.attributes()
	p, err := service.CreateProject(ctx, owner, coding.NewProject{
		Name: st.Name, Description: st.Description, Language: st.Language, Demo: st.Key,
		Phases: t.PhaseNames(st.Language), ActorRoles: t.ActorRoleNames(st.Language), Codes: t.Codes(st.Language),
		Attributes: attributes,
	})
	if err != nil {
		return nil, fmt.Errorf("demo project: %w", err)
	}
	l := &loader{
		service: service, space: p.ID, coders: map[string]models.Actor{}, sites: map[string]models.ID{},
		participants: map[string]models.ID{}, attributes: ids, codes: map[string]models.ID{}, codings: map[string]models.ID{}, notes: map[string]text{},
	}
	err = l.fill(ctx, accounts, owner, &st)
	if err == nil {
		err = l.teach(ctx, classes, accounts, owner)
	}
	if err != nil {
		return nil, errors.Join(err, l.drop(ctx, owner))
	}
	if err := sweep(ctx, service, classes, owner); err != nil {
		return nil, err
	}
	return service.Project(ctx, owner, p.ID)
}

// fill puts everything into the project.
func (l *loader) fill(ctx context.Context, accounts Accounts, owner models.Actor, st *study) error {
	for _, c := range st.Coders {
		u, err := accounts.CreatePersona(ctx, "", c.Name, st.Language)
		if err != nil {
			return fmt.Errorf("persona %s: %w", c.Key, err)
		}
		if _, err := l.service.AddMember(ctx, owner, l.space, u.Email, c.Role); err != nil {
			return fmt.Errorf("member %s: %w", c.Key, err)
		}
		l.coders[c.Key] = models.Actor{UserID: u.ID}
	}
	lead := l.coders[st.Coders[0].Key]
	if err := errors.Join(l.people(ctx, lead, st), l.codebook(ctx, lead, st)); err != nil {
		return err
	}
	for _, name := range st.Notes {
		if err := l.note(ctx, name); err != nil {
			return fmt.Errorf("demo note %s: %w", name, err)
		}
	}
	for _, m := range st.Memos {
		if err := l.memo(ctx, m, ""); err != nil {
			return err
		}
	}
	for _, k := range st.Links {
		_, err := l.service.CreateLink(ctx, l.coders[k.Coder], l.space, coding.NewLink{FromID: l.codings[k.From], ToID: l.codings[k.To], Kind: k.Kind, Text: k.Note})
		if err != nil {
			return fmt.Errorf("demo link from %s to %s: %w", k.From, k.To, err)
		}
	}
	return l.round(ctx)
}

// anchorOf gives the place of a quote that stands in a text exactly once.
func anchorOf(text, quote string) (models.Anchor, error) {
	before, _, ok := strings.Cut(text, quote)
	if !ok || strings.Count(text, quote) != 1 {
		return models.Anchor{}, errors.New("its quote is not in the text exactly once")
	}
	start := utf8.RuneCountInString(before)
	return models.Anchor{Start: start, End: start + utf8.RuneCountInString(quote), Quote: quote}, nil
}

// drop deletes a half-made copy for good, also when its time was up.
func (l *loader) drop(ctx context.Context, owner models.Actor) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyPatience)
	defer cancel()
	if err := l.service.DeleteProject(ctx, owner, l.space); err != nil {
		return fmt.Errorf("delete a half-made demo: %w", err)
	}
	if err := l.service.Purge(ctx, owner, l.space, models.NounProject, l.space); err != nil {
		return fmt.Errorf("purge a half-made demo: %w", err)
	}
	return nil
}

func read(name string, into any) error {
	b, err := files.ReadFile(path.Join("study", name))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		return fmt.Errorf("demo %s: %w", name, err)
	}
	return nil
}

// attributes gives the attributes of the study, and their ids by key.
func (st *study) attributes() ([]models.Attribute, map[string]models.ID) {
	all, ids := make([]models.Attribute, len(st.Attributes)), map[string]models.ID{}
	for i, a := range st.Attributes {
		all[i] = models.Attribute{ID: models.NewID(), Name: a.Name, Type: a.Type, Choices: a.Choices}
		ids[a.Key] = all[i].ID
	}
	return all, ids
}

// values gives the values of a note by the ids of the attributes.
func (l *loader) values(n *note) models.Attributes {
	out := models.Attributes{}
	for key, v := range n.Attributes {
		if whole, ok := v.(uint64); ok {
			v = float64(whole)
		}
		out[l.attributes[key]] = v
	}
	return out
}

// people makes the sites and participants.
func (l *loader) people(ctx context.Context, lead models.Actor, st *study) error {
	for i := range st.Sites {
		s := &st.Sites[i]
		parent := l.sites[s.Parent]
		made, err := l.service.CreateSite(ctx, lead, l.space, "", coding.SiteFields{Name: &s.Name, Kind: &s.Kind, Description: &s.Description, ParentID: &parent})
		if err != nil {
			return fmt.Errorf("demo site %s: %w", s.Key, err)
		}
		l.sites[s.Key] = made.ID
	}
	for i := range st.Participants {
		p := &st.Participants[i]
		site := l.sites[p.Site]
		made, err := l.service.CreateParticipant(ctx, lead, l.space, "", coding.ParticipantFields{Pseudonym: &p.Pseudonym, ActorRole: &p.ActorRole, SiteID: &site, Description: &p.Description})
		if err != nil {
			return fmt.Errorf("demo participant %s: %w", p.Key, err)
		}
		l.participants[p.Key] = made.ID
	}
	return nil
}

// codebook adds the codes that the study found in the words of the field.
func (l *loader) codebook(ctx context.Context, lead models.Actor, st *study) error {
	standing, err := l.service.Codes(ctx, lead, l.space)
	if err != nil {
		return fmt.Errorf("demo codebook: %w", err)
	}
	dress := map[string]*models.Code{}
	for _, c := range standing {
		dress[c.Key] = c
	}
	var found []models.CodeEntry
	for _, c := range st.Codes {
		code := models.CodeEntry{Code: models.Code{Key: c.Key, Name: c.Name, Definition: c.Definition, InVivo: true, Colour: 1}, ParentKey: c.Parent}
		if parent := dress[c.Parent]; parent != nil {
			code.Colour = parent.Colour
		}
		first, _ := utf8.DecodeRuneInString(strings.ToUpper(c.Name))
		code.Letter = string(first)
		found = append(found, code)
	}
	all, err := l.service.ImportCodes(ctx, lead, l.space, found)
	if err != nil {
		return fmt.Errorf("demo codes: %w", err)
	}
	for _, c := range all {
		l.codes[c.Key] = c.ID
	}
	return nil
}

// note makes a note with its codings and memos.
func (l *loader) note(ctx context.Context, file string) error {
	var n note
	if err := read(file, &n); err != nil {
		return err
	}
	content, err := n.content()
	if err != nil {
		return err
	}
	site, participants := l.sites[n.Site], make([]models.ID, len(n.Participants))
	for i, key := range n.Participants {
		participants[i] = l.participants[key]
	}
	fields := coding.NoteFields{
		Title: &n.Title, Kind: &n.Kind, SiteID: &site, ObservedOn: &n.ObservedOn, StartsAt: &n.StartsAt, EndsAt: &n.EndsAt,
		ParticipantIDs: &participants, Language: &n.Language, Phase: &n.Phase, Attributes: l.values(&n),
	}
	if n.Meeting != nil {
		fields.Meeting = &models.Meeting{Purpose: n.Meeting.Purpose, Agenda: n.Meeting.Agenda}
	}
	made, err := l.service.CreateNote(ctx, l.coders[n.Observer], l.space, coding.NewNote{NoteFields: fields, Content: content})
	if err != nil {
		return err
	}
	l.notes[n.Key] = text{made.ID, content.Text}
	batches := map[string][]coding.NewCoding{}
	keys := map[string][]int{}
	for i, c := range n.Codings {
		anchor, err := anchorOf(content.Text, c.Quote)
		if err != nil {
			return fmt.Errorf("coding %s: %w", c.ID, err)
		}
		batches[c.Coder] = append(batches[c.Coder], coding.NewCoding{NoteID: made.ID, CodeID: l.codes[c.Code], Anchor: anchor})
		keys[c.Coder] = append(keys[c.Coder], i)
	}
	for coder := range maps.Keys(batches) {
		put, _, err := l.service.PutCodings(ctx, l.coders[coder], l.space, batches[coder])
		if err != nil {
			return fmt.Errorf("codings of %s: %w", coder, err)
		}
		for j, i := range keys[coder] {
			c := n.Codings[i]
			l.codings[n.Key+"/"+c.ID] = put[j].ID
			if c.Memo == "" {
				continue
			}
			if err := l.write(ctx, coder, models.Target{Noun: models.NounCoding, ID: put[j].ID}, false, c.Memo); err != nil {
				return fmt.Errorf("memo on %s: %w", c.ID, err)
			}
		}
	}
	for _, m := range n.Memos {
		if err := l.memo(ctx, m, made.ID); err != nil {
			return err
		}
	}
	return nil
}

// memo writes a memo on the note, or where it has no note on what its target names.
func (l *loader) memo(ctx context.Context, m memo, note models.ID) error {
	target := models.Target{Noun: models.NounNote, ID: note}
	if note == "" {
		kind, key, _ := strings.Cut(m.Target, ":")
		switch kind {
		case "site":
			target = models.Target{Noun: models.NounSite, ID: l.sites[key]}
		case "code":
			target = models.Target{Noun: models.NounCode, ID: l.codes[key]}
		default:
			target = models.Target{Noun: models.NounProject, ID: l.space}
		}
	}
	if err := l.write(ctx, m.Coder, target, m.Private, m.Text); err != nil {
		return fmt.Errorf("memo on %s%s: %w", m.Target, note, err)
	}
	return nil
}

func (l *loader) write(ctx context.Context, coder string, target models.Target, private bool, text string) error {
	_, err := l.service.CreateMemo(ctx, l.coders[coder], l.space, coding.NewMemo{Target: target, Private: private, Text: text})
	return err
}
