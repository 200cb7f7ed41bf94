package coding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/models"
)

// NoteFields are the fields of a note that members write. Nil leaves a field as it is.
type NoteFields struct {
	Title          *string          `json:"title"`
	Kind           *models.NoteKind `json:"kind"`
	SiteID         *models.ID       `json:"siteId"`
	ObservedOn     *models.Date     `json:"observedOn"`
	StartsAt       *models.Clock    `json:"startsAt"`
	EndsAt         *models.Clock    `json:"endsAt"`
	ObserverID     *models.ID       `json:"observerId"`
	ParticipantIDs *[]models.ID     `json:"participantIds"`
	Language       *string          `json:"language"`
	Phase          *string          `json:"phase"`
	Meeting        *models.Meeting  `json:"meeting"`
	// Attributes are values to put, by the ids of the project's attributes; nil takes one away, and those
	// that aren't named stay.
	Attributes models.Attributes `json:"attributes"`
	// Draft is true while the note is for its author alone; a note that was shared can't become a draft again.
	Draft *bool `json:"draft"`
	// ToTranscribe is true while the words are in the file alone.
	ToTranscribe *bool `json:"toTranscribe"`
}

// NewNote asks for a note with its first text.
type NewNote struct {
	ID models.ID
	NoteFields
	Content models.Content
	File    *models.File
}

// maxAgenda bounds the items of an agenda.
const maxAgenda = 100

var notes = kind[*models.Note]{
	records: Store.Notes,
	add:     models.ActionAddNotes,
	action:  models.ActionChangeNotes,
	author:  func(n *models.Note) models.ID { return n.AuthorID },
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, n *models.Note) error {
		if err := models.First(models.CleanName(&n.Title, "/title"), models.OneOf(n.Kind, models.NoteKinds(), "kind_unknown", "/kind"),
			models.CleanLabel(&n.Phase, "/phase"), models.CleanLabel(&n.Language, "/language"), checkMeeting(n)); err != nil {
			return err
		}
		if n.StartsAt != "" && n.EndsAt != "" && n.EndsAt < n.StartsAt {
			return models.Invalid("clock_reversed", "The observation can't end before it starts.", models.Field{Pointer: "/endsAt", Problem: "before startsAt"})
		}
		if before != nil && !before.Note.Draft && n.Draft {
			return models.Conflict("note_shared", "Others have seen this note, so it can't become a draft again.")
		}
		if err := s.referFiles(ctx, before, n); err != nil {
			return err
		}
		if before == nil || before.Note.SiteID != n.SiteID {
			if err := s.referSite(ctx, w, n.SiteID); err != nil {
				return err
			}
		}
		if before == nil || before.Note.ObserverID != n.ObserverID {
			if err := s.referMember(ctx, w, n.ObserverID, "/observerId"); err != nil {
				return err
			}
		}
		if before == nil || !slices.Equal(before.Note.ParticipantIDs, n.ParticipantIDs) {
			if err := s.referParticipants(ctx, w, n); err != nil {
				return err
			}
		}
		return s.checkAttributes(ctx, w, before, n)
	},
	derive: func(ctx context.Context, s *Service, w *work, verb models.Verb, before *models.Image, n *models.Note) error {
		shared := before != nil && before.Note.Draft && !n.Draft
		if verb == models.VerbDeleted || verb == models.VerbRestored || shared {
			return s.store.GuardExclusive(ctx, w.space, Where{"noteId": n.ID})
		}
		return nil
	},
}

func checkMeeting(n *models.Note) error {
	if n.Meeting == nil {
		return nil
	}
	if n.Kind != models.KindMeetingObservation && n.Kind != models.KindWorkshop {
		return models.Invalid("meeting_misplaced", "Only a meeting observation or a workshop has a purpose and an agenda.",
			models.Field{Pointer: "/meeting", Problem: "not a meeting"})
	}
	if len(n.Meeting.Agenda) > maxAgenda {
		return models.Invalid("agenda_too_long", fmt.Sprintf("An agenda may have %d items.", maxAgenda), models.Field{Pointer: "/meeting/agenda", Problem: "too many"})
	}
	m := &models.Meeting{Purpose: n.Meeting.Purpose, Agenda: append([]string{}, n.Meeting.Agenda...)}
	if err := models.CleanProse(&m.Purpose, "/meeting/purpose"); err != nil {
		return err
	}
	for i := range m.Agenda {
		if err := models.CleanName(&m.Agenda[i], fmt.Sprintf("/meeting/agenda/%d", i)); err != nil {
			return err
		}
	}
	n.Meeting = m
	return nil
}

// referSite refuses a site that isn't there; for many notes of one site it looks once.
func (s *Service) referSite(ctx context.Context, w *work, site models.ID) error {
	if w.sites[site] {
		return nil
	}
	if err := refer(ctx, s.store.Sites(), w.space, site, "/siteId"); err != nil {
		return err
	}
	if w.sites == nil {
		w.sites = map[models.ID]bool{}
	}
	w.sites[site] = true
	return nil
}

func (s *Service) referMember(ctx context.Context, w *work, user models.ID, pointer string) error {
	if user == "" || user == w.actor.UserID {
		return nil
	}
	_, err := s.store.Membership(ctx, w.space, user)
	if isNotFound(err) {
		return models.Invalid("member_unknown", "This person isn't a member of the project.", models.Field{Pointer: pointer, Problem: "not a member"})
	}
	return err
}

func (s *Service) referParticipants(ctx context.Context, w *work, n *models.Note) error {
	n.ParticipantIDs = orEmpty(n.ParticipantIDs)
	if len(n.ParticipantIDs) == 0 {
		return nil
	}
	if len(n.ParticipantIDs) > models.MaxParticipants {
		return models.Invalid("participants_too_many", fmt.Sprintf("A note may name %d participants.", models.MaxParticipants),
			models.Field{Pointer: "/participantIds", Problem: "too many"})
	}
	found, err := s.store.Participants().All(ctx, w.space, Query{Where: Where{"_id": n.ParticipantIDs}}, models.MaxParticipants)
	if err != nil {
		return err
	}
	known := map[models.ID]bool{}
	for _, p := range found {
		known[p.ID] = true
	}
	for i, id := range n.ParticipantIDs {
		if !known[id] {
			return models.Invalid("participant_unknown", "There is no such participant in this project.",
				models.Field{Pointer: fmt.Sprintf("/participantIds/%d", i), Problem: "unknown or named twice"})
		}
		delete(known, id)
	}
	return nil
}

func (f NoteFields) apply(n *models.Note) error {
	set(&n.Title, f.Title)
	set(&n.Kind, f.Kind)
	set(&n.SiteID, f.SiteID)
	set(&n.ObservedOn, f.ObservedOn)
	set(&n.StartsAt, f.StartsAt)
	set(&n.EndsAt, f.EndsAt)
	set(&n.ObserverID, f.ObserverID)
	set(&n.ParticipantIDs, f.ParticipantIDs)
	set(&n.Language, f.Language)
	set(&n.Phase, f.Phase)
	set(&n.Draft, f.Draft)
	set(&n.ToTranscribe, f.ToTranscribe)
	n.Attributes = n.Attributes.With(f.Attributes)
	if f.Meeting != nil {
		n.Meeting = f.Meeting
	}
	return nil
}

// CreateNote adds a note with its first text. The actor's draft with its id has come to its end with that.
func (s *Service) CreateNote(ctx context.Context, actor models.Actor, space models.ID, in NewNote) (*models.Note, error) {
	return change(ctx, s, actor, space, notes.add, func(ctx context.Context, w *work) (*models.Note, error) {
		made, err := s.createNotes(ctx, w, []NewNote{in})
		if err != nil {
			return nil, err
		}
		return made[0], s.store.DropDrafts(ctx, space, actor.UserID, made[0].ID)
	})
}

// createNotes adds notes and their texts in the transaction of w.
func (s *Service) createNotes(ctx context.Context, w *work, in []NewNote) ([]*models.Note, error) {
	made := make([]*models.Note, len(in))
	texts := make([]*models.Text, len(in))
	party, err := s.partyOf(ctx, w, len(in))
	if err != nil {
		return nil, err
	}
	for i := range in {
		n := &models.Note{Head: models.Head{ID: in[i].ID}, AuthorID: w.actor.UserID, ObserverID: w.actor.UserID, TextVersion: 1, File: in[i].File, ParticipantIDs: []models.ID{}, PartyID: party}
		_ = in[i].apply(n)
		n.Length = points(in[i].Content.Text)
		made[i] = n
	}
	if err := notes.createAll(ctx, s, w, made...); err != nil {
		return nil, err
	}
	for i, n := range made {
		if texts[i], err = newText(n, 1, in[i].Content, w.actor.UserID); err != nil {
			return nil, err
		}
	}
	if err := s.store.InsertTexts(ctx, texts...); err != nil {
		return nil, fmt.Errorf("insert texts: %w", err)
	}
	return made, nil
}

// ChangeNote writes a note's fields. Its text is EditText's business.
func (s *Service) ChangeNote(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f NoteFields) (*models.Note, error) {
	return change(ctx, s, actor, space, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		return notes.update(ctx, s, w, id, seen, f.apply)
	})
}

// NoteFilter selects notes of a list; empty fields select all. A site stands for itself and all within it.
type NoteFilter struct {
	SiteID        models.ID
	Kind          models.NoteKind
	ParticipantID models.ID
	Phase         string
	Language      string
	From, To      models.Date
	Attributes    []string // each an id, a colon and a value
	Drafts        bool
	ToTranscribe  bool
	// Order is "observedOn", "-observedOn", "title", "createdAt" or "-createdAt"; by default the newest observation first.
	Order string
}

// Notes lists the notes of a project that the actor may see.
func (s *Service) Notes(ctx context.Context, actor models.Actor, space models.ID, f NoteFilter, p models.Page) (models.List[*models.Note], error) {
	var none models.List[*models.Note]
	if _, err := s.reader(ctx, actor, space); err != nil {
		return none, err
	}
	q := Query{Where: Where{}, Order: []string{"-observedOn"}, Viewer: actor.Viewer()}
	if f.Order != "" {
		if err := models.OneOf(f.Order, []string{"observedOn", "-observedOn", "title", "createdAt", "-createdAt"}, "order_unknown", "/order"); err != nil {
			return none, err
		}
		q.Order = []string{f.Order}
	}
	if f.SiteID != "" {
		within, err := s.sitesWithin(ctx, space, f.SiteID)
		if err != nil {
			return none, err
		}
		q.Where["siteId"] = within
	}
	for field, v := range map[string]string{"kind": string(f.Kind), "participantIds": string(f.ParticipantID), "phase": f.Phase, "language": f.Language} {
		if v != "" {
			q.Where[field] = v
		}
	}
	if err := s.filterAttributes(ctx, space, q.Where, f.Attributes); err != nil {
		return none, err
	}
	if f.Drafts {
		q.Where["draft"] = true
	}
	if f.ToTranscribe {
		q.Where["toTranscribe"] = true
	}
	if f.From != "" || f.To != "" {
		q.Range, q.From, q.To = "observedOn", string(f.From), string(f.To)
	}
	return s.store.Notes().List(ctx, space, q, p)
}

// filterAttributes adds to where what filters by attributes ask.
func (s *Service) filterAttributes(ctx context.Context, space models.ID, where Where, asked []string) error {
	if len(asked) == 0 {
		return nil
	}
	p, err := s.store.Projects().Find(ctx, space, space)
	if err != nil {
		return err
	}
	filters, err := attributeFilters(p.Attributes, asked)
	whereAttributes(where, filters)
	return err
}

// sitesWithin gives the sites and all that lie within them.
func (s *Service) sitesWithin(ctx context.Context, space models.ID, ids ...models.ID) ([]models.ID, error) {
	all, err := s.store.Sites().All(ctx, space, Query{}, models.MaxSites)
	if err != nil {
		return nil, err
	}
	return siteTree(all).Within(ids...), nil
}

// Note gives one note that the actor may see.
func (s *Service) Note(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Note, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.visibleNote(ctx, actor, space, id)
}

func (s *Service) visibleNote(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Note, error) {
	n, err := s.store.Notes().Find(ctx, space, id)
	if err != nil {
		return nil, err
	}
	if !actor.Hears(n.Scope().Audience) {
		return nil, models.NotFound(models.NounNote)
	}
	return n, nil
}

// NoteText gives a note's text: the current version, or the one asked for.
func (s *Service) NoteText(ctx context.Context, actor models.Actor, space, id models.ID, version int) (*models.Text, error) {
	n, err := s.Note(ctx, actor, space, id)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		version = n.TextVersion
	}
	t, err := s.text(ctx, id, version)
	if err != nil {
		return nil, err
	}
	return t.Text, nil
}

// NoteVersions lists the versions of a note's text, newest first, without their words.
func (s *Service) NoteVersions(ctx context.Context, actor models.Actor, space, id models.ID) ([]*models.Text, error) {
	if _, err := s.Note(ctx, actor, space, id); err != nil {
		return nil, err
	}
	all, err := s.store.TextVersions(ctx, id)
	for _, t := range all {
		if t.Words > 0 || t.Length == 0 {
			continue
		}
		// It was written before words were counted.
		whole, err := s.text(ctx, id, t.Version)
		if err != nil {
			return nil, err
		}
		t.Words = len(strings.Fields(whole.Text.Text))
	}
	return all, err
}

// EditText makes a new version of a note's text and moves its codings to it. Codings whose words are
// gone stay, marked for review. Seen is the version of the note (not of the text).
func (s *Service) EditText(ctx context.Context, actor models.Actor, space, id models.ID, seen int, c models.Content) (*models.Note, error) {
	var job Job
	n, err := change(ctx, s, actor, space, notes.action, func(ctx context.Context, w *work) (*models.Note, error) {
		var err error
		var n *models.Note
		n, job, err = s.editText(ctx, w, id, seen, c, nil)
		return n, err
	})
	if err != nil {
		return nil, err
	}
	if job.ID != "" {
		return n, s.finish(ctx, job)
	}
	return n, nil
}

// editText writes the new version and carries up to models.MaxBatch codings; the job that is left
// over, if any, has to be finished in transactions of its own. Also, if it isn't nil, changes what
// else of the note goes with its text.
func (s *Service) editText(ctx context.Context, w *work, id models.ID, seen int, c models.Content, also func(*models.Note)) (*models.Note, Job, error) {
	if w.batch == "" {
		w.batch = models.NewID()
	}
	n, err := notes.update(ctx, s, w, id, seen, func(n *models.Note) error {
		n.TextVersion++
		n.Length = points(c.Text)
		if also != nil {
			also(n)
		}
		return nil
	})
	if err != nil {
		return nil, Job{}, err
	}
	t, err := newText(n, n.TextVersion, c, w.actor.UserID)
	if err != nil {
		return nil, Job{}, err
	}
	before, err := s.text(ctx, id, n.TextVersion-1)
	if err != nil {
		return nil, Job{}, err
	}
	inherit(before, NewText(t))
	if err := s.store.InsertTexts(ctx, t); err != nil {
		return nil, Job{}, fmt.Errorf("insert text: %w", err)
	}
	if err := s.store.GuardExclusive(ctx, w.space, Where{"noteId": id}); err != nil {
		return nil, Job{}, err
	}
	left, err := s.carry(ctx, w, n, NewText(t))
	if err != nil || !left {
		return n, Job{}, err
	}
	job := Job{ID: models.NewID(), SpaceID: w.space, Kind: JobCarry, Target: id, ActorID: w.actor.UserID, Batch: w.batch, Undoes: w.undoes, At: w.at}
	return n, job, s.store.InsertJob(ctx, job)
}
