package coding

import (
	"context"

	"feltbog/models"
)

// ParticipantFields are the fields of a participant that members write. Nil leaves a field as it is.
type ParticipantFields struct {
	Pseudonym   *string    `json:"pseudonym"`
	ActorRole   *string    `json:"actorRole"`
	SiteID      *models.ID `json:"siteId"`
	Description *string    `json:"description"`
}

var participants = kind[*models.Participant]{
	records: Store.Participants,
	add:     models.ActionAddParticipants,
	action:  models.ActionChangeParticipant,
	check: func(ctx context.Context, s *Service, w *work, _ *models.Image, p *models.Participant) error {
		return models.First(models.CleanName(&p.Pseudonym, "/pseudonym"), models.CleanLabel(&p.ActorRole, "/actorRole"), models.CleanProse(&p.Description, "/description"),
			refer(ctx, s.store.Sites(), w.space, p.SiteID, "/siteId"))
	},
}

func (f ParticipantFields) apply(p *models.Participant) error {
	set(&p.Pseudonym, f.Pseudonym)
	set(&p.ActorRole, f.ActorRole)
	set(&p.SiteID, f.SiteID)
	set(&p.Description, f.Description)
	return nil
}

// CreateParticipant adds a participant to a project.
func (s *Service) CreateParticipant(ctx context.Context, actor models.Actor, space, id models.ID, f ParticipantFields) (*models.Participant, error) {
	return change(ctx, s, actor, space, participants.add, func(ctx context.Context, w *work) (*models.Participant, error) {
		p := &models.Participant{Head: models.Head{ID: id}, AuthorID: actor.UserID}
		_ = f.apply(p)
		return participants.create(ctx, s, w, p)
	})
}

// ChangeParticipant writes a participant's fields.
func (s *Service) ChangeParticipant(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f ParticipantFields) (*models.Participant, error) {
	return change(ctx, s, actor, space, participants.action, func(ctx context.Context, w *work) (*models.Participant, error) {
		return participants.update(ctx, s, w, id, seen, f.apply)
	})
}

// Participants lists a project's participants, of one site if site is set.
func (s *Service) Participants(ctx context.Context, actor models.Actor, space, site models.ID, p models.Page) (models.List[*models.Participant], error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return models.List[*models.Participant]{}, err
	}
	q := Query{Order: []string{"pseudonym"}}
	if site != "" {
		q.Where = Where{"siteId": site}
	}
	return s.store.Participants().List(ctx, space, q, p)
}

// Participant gives one participant.
func (s *Service) Participant(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Participant, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Participants().Find(ctx, space, id)
}
