package coding

import (
	"context"

	"feltbog/models"
)

// SiteFields are the fields of a site that members write. Nil leaves a field as it is.
type SiteFields struct {
	Name        *string    `json:"name"`
	Kind        *string    `json:"kind"`
	Description *string    `json:"description"`
	ParentID    *models.ID `json:"parentId"`
}

var sites = kind[*models.Site]{
	records: Store.Sites,
	add:     models.ActionChangeSites,
	action:  models.ActionChangeSites,
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, site *models.Site) error {
		if err := models.First(models.CleanName(&site.Name, "/name"), models.CleanLabel(&site.Kind, "/kind"), models.CleanProse(&site.Description, "/description")); err != nil {
			return err
		}
		if before == nil || before.Site.ParentID != site.ParentID {
			// Two moves at once could close a circle that neither sees, so moves meet each other.
			if err := s.store.GuardExclusive(ctx, w.space, nil); err != nil {
				return err
			}
		}
		all, err := s.store.Sites().All(ctx, w.space, Query{}, models.MaxSites+1)
		if err != nil {
			return err
		}
		if len(all) > models.MaxSites {
			return models.Invalid("sites_too_many", "A project may have 5,000 sites.")
		}
		tree := siteTree(all)
		if err := refer(ctx, s.store.Sites(), w.space, site.ParentID, "/parentId"); err != nil {
			return err
		}
		if tree.Cyclic(site.ID, site.ParentID) {
			return models.Invalid("site_cycle", "A site can't lie within itself.", models.Field{Pointer: "/parentId", Problem: "cycle"})
		}
		return nil
	},
	derive: func(ctx context.Context, s *Service, w *work, verb models.Verb, _ *models.Image, site *models.Site) error {
		if verb != models.VerbDeleted {
			return nil
		}
		below, err := s.store.Sites().All(ctx, w.space, Query{Where: Where{"parentId": site.ID}}, 1)
		if err != nil {
			return err
		}
		notes, err := s.store.Notes().All(ctx, w.space, Query{Where: Where{"siteId": site.ID}}, 1)
		if err != nil {
			return err
		}
		if len(below)+len(notes) > 0 {
			return models.Conflict("site_in_use", "This site has notes or other sites within it. Move them first.")
		}
		return s.store.GuardExclusive(ctx, w.space, nil)
	},
}

func siteTree(all []*models.Site) Tree {
	parents := make(map[models.ID]models.ID, len(all))
	for _, s := range all {
		parents[s.ID] = s.ParentID
	}
	return NewTree(parents)
}

func (f SiteFields) apply(site *models.Site) error {
	set(&site.Name, f.Name)
	set(&site.Kind, f.Kind)
	set(&site.Description, f.Description)
	set(&site.ParentID, f.ParentID)
	return nil
}

// CreateSite adds a site to a project.
func (s *Service) CreateSite(ctx context.Context, actor models.Actor, space, id models.ID, f SiteFields) (*models.Site, error) {
	return change(ctx, s, actor, space, sites.add, func(ctx context.Context, w *work) (*models.Site, error) {
		site := &models.Site{Head: models.Head{ID: id}}
		_ = f.apply(site)
		return sites.create(ctx, s, w, site)
	})
}

// ChangeSite writes a site's fields.
func (s *Service) ChangeSite(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f SiteFields) (*models.Site, error) {
	return change(ctx, s, actor, space, sites.action, func(ctx context.Context, w *work) (*models.Site, error) {
		return sites.update(ctx, s, w, id, seen, f.apply)
	})
}

// Sites lists a project's sites.
func (s *Service) Sites(ctx context.Context, actor models.Actor, space models.ID, p models.Page) (models.List[*models.Site], error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return models.List[*models.Site]{}, err
	}
	return s.store.Sites().List(ctx, space, Query{}, p)
}

// Site gives one site.
func (s *Service) Site(ctx context.Context, actor models.Actor, space, id models.ID) (*models.Site, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	return s.store.Sites().Find(ctx, space, id)
}
