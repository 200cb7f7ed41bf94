package coding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"feltbog/models"
)

// NewSavedSearch asks to keep a search under a name.
type NewSavedSearch struct {
	ID    models.ID          `json:"id"`
	Name  string             `json:"name"`
	Query models.SearchQuery `json:"query"`
}

// SavedSearchFields are the fields of a saved search that its owner changes. Nil leaves a field as it
// is; a query replaces the whole one before.
type SavedSearchFields struct {
	Name  *string             `json:"name"`
	Query *models.SearchQuery `json:"query"`
}

// SavedSearches lists what the actor saved in a project, by name.
func (s *Service) SavedSearches(ctx context.Context, actor models.Actor, space models.ID) ([]*models.SavedSearch, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	all, err := s.savedBy(ctx, actor, space)
	slices.SortFunc(all, func(a, b *models.SavedSearch) int {
		return strings.Compare(strings.ToLower(a.Name)+string(a.ID), strings.ToLower(b.Name)+string(b.ID))
	})
	return all, err
}

func (s *Service) savedBy(ctx context.Context, actor models.Actor, space models.ID) ([]*models.SavedSearch, error) {
	return s.store.SavedSearches().All(ctx, space, Query{Where: Where{"createdBy": actor.UserID}}, models.MaxSaved)
}

// CreateSavedSearch keeps a search for the actor. It returns what Search would of a request that
// makes no sense, and Invalid (saved_search_limit) when the actor has models.MaxSaved in this project.
func (s *Service) CreateSavedSearch(ctx context.Context, actor models.Actor, space models.ID, in NewSavedSearch) (*models.SavedSearch, error) {
	return change(ctx, s, actor, space, models.ActionRead, func(ctx context.Context, w *work) (*models.SavedSearch, error) {
		id, err := models.ChosenID(in.ID)
		if err != nil {
			return nil, err
		}
		r := &models.SavedSearch{
			Head: models.Head{ID: id, SpaceID: space, Version: 1, CreatedAt: w.at, UpdatedAt: w.at},
			Name: in.Name, Query: in.Query, CreatedBy: actor.UserID,
		}
		if err := checkSaved(r); err != nil {
			return nil, err
		}
		// Counting alone holds no two at once apart; searches are saved too seldom for a finer lock.
		if err := s.store.GuardExclusive(ctx, space, nil); err != nil {
			return nil, err
		}
		all, err := s.savedBy(ctx, actor, space)
		if err != nil {
			return nil, err
		}
		if len(all) >= models.MaxSaved {
			return nil, models.Invalid("saved_search_limit", fmt.Sprintf("You may save %d searches in a project. Remove one you no longer need.", models.MaxSaved))
		}
		w.subjects = subjectsOfSaved(r)
		return r, s.store.SavedSearches().Insert(ctx, r)
	})
}

// ChangeSavedSearch writes one's own saved search anew.
func (s *Service) ChangeSavedSearch(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f SavedSearchFields) (*models.SavedSearch, error) {
	return change(ctx, s, actor, space, models.ActionRead, func(ctx context.Context, w *work) (*models.SavedSearch, error) {
		r, err := s.ownSaved(ctx, actor, space, id, seen)
		if err != nil {
			return nil, err
		}
		set(&r.Name, f.Name)
		set(&r.Query, f.Query)
		if err := checkSaved(r); err != nil {
			return nil, err
		}
		was := r.Version
		r.Version, r.UpdatedAt = was+1, w.at
		w.subjects = subjectsOfSaved(r)
		return r, s.store.SavedSearches().Replace(ctx, r, was)
	})
}

// DeleteSavedSearch removes one's own saved search for good. Only its id stays, which never makes another.
func (s *Service) DeleteSavedSearch(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, models.ActionRead, func(ctx context.Context, w *work) (struct{}, error) {
		if _, err := s.ownSaved(ctx, actor, space, id, seen); err != nil {
			return struct{}{}, err
		}
		if err := s.store.SavedSearches().Entomb(ctx, space, []models.ID{id}, actor.UserID, w.at); err != nil {
			return struct{}{}, fmt.Errorf("remove saved search %s: %w", id, err)
		}
		return struct{}{}, s.store.Erase(ctx, space, []models.ID{id}) // kept answers that hold it
	})
	return err
}

// ownSaved gives a saved search of the actor; those of others aren't there.
func (s *Service) ownSaved(ctx context.Context, actor models.Actor, space, id models.ID, seen int) (*models.SavedSearch, error) {
	r, err := s.store.SavedSearches().Find(ctx, space, id)
	if err != nil {
		return nil, err
	}
	if r.CreatedBy != actor.UserID {
		return nil, models.NotFound(models.NounSavedSearch)
	}
	if seen != 0 && seen != r.Version {
		return nil, models.Stale(r)
	}
	return r, nil
}

// dropSaved removes all that somebody saved whose account is about to be deleted, also in projects
// that they left before.
func (s *Service) dropSaved(ctx context.Context, actor models.Actor) error {
	all, err := s.store.SavedSearchesOf(ctx, actor.UserID)
	if err != nil {
		return fmt.Errorf("find saved searches: %w", err)
	}
	bySpace := map[models.ID][]models.ID{}
	for _, r := range all {
		bySpace[r.SpaceID] = append(bySpace[r.SpaceID], r.ID)
	}
	for space, ids := range bySpace {
		if err := s.store.SavedSearches().Entomb(ctx, space, ids, actor.UserID, s.clock()); err != nil {
			return fmt.Errorf("remove saved searches: %w", err)
		}
	}
	return nil
}

// subjectsOfSaved are those with whom the kept answers about a saved search go, as no event names them.
func subjectsOfSaved(r *models.SavedSearch) []models.ID {
	return []models.ID{r.ID, r.SpaceID, r.CreatedBy}
}

// checkSaved cleans a saved search and refuses what a search would refuse.
func checkSaved(r *models.SavedSearch) error {
	if err := models.CleanName(&r.Name, "/name"); err != nil {
		return err
	}
	q := &r.Query
	for _, ids := range []*[]models.ID{&q.Site, &q.Code, &q.CodeAny, &q.CodeNone, &q.Coder, &q.Participant} {
		*ids = slices.DeleteFunc(*ids, func(id models.ID) bool { return id == "" })
	}
	for pointer, n := range map[string]int{
		"/query/type": len(q.Type), "/query/site": len(q.Site), "/query/kind": len(q.Kind), "/query/code": len(q.Code), "/query/codeAny": len(q.CodeAny),
		"/query/codeNone": len(q.CodeNone), "/query/coder": len(q.Coder), "/query/participant": len(q.Participant),
		"/query/attribute": len(q.Attribute),
	} {
		if n > models.MaxRepeated {
			return models.Invalid("filter_too_long", fmt.Sprintf("A filter may have %d values.", models.MaxRepeated), models.Field{Pointer: pointer, Problem: "too many"})
		}
	}
	asked := requestOf(*q)
	if err := asked.check(); err != nil {
		return err
	}
	q.Phase, q.Language = asked.Phase, asked.Language
	_, err := ParseQuery(asked.Q)
	return err
}

// requestOf is the search that a query asks for.
func requestOf(q models.SearchQuery) SearchRequest {
	types := make([]HitType, len(q.Type))
	for i, t := range q.Type {
		types[i] = HitType(t)
	}
	return SearchRequest{
		Q: q.Q, Types: types, Sites: q.Site, Kinds: q.Kind, AllCodes: q.Code, AnyCodes: q.CodeAny, NoCodes: q.CodeNone,
		Attributes: q.Attribute, Coders: q.Coder, Participants: q.Participant, Phase: q.Phase, Language: q.Language, From: q.From, To: q.To, Order: SearchOrder(q.Order),
	}
}
