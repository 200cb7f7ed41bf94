package coding

import (
	"context"
	"fmt"

	"feltbog/models"
)

// PurgeLayer purges the codings of a submission, with the words they are on: only who purged them when is kept.
// What was counted of them stays. Whether that may be done is the caller's to ask.
func (s *Service) PurgeLayer(ctx context.Context, by, space models.ID, layer models.Layer) error {
	for left := true; left; {
		_, err := once(ctx, s, models.Actor{UserID: by}, func(ctx context.Context, w *work) (struct{}, error) {
			w.space, w.trusted, w.member = space, true, &models.Member{UserID: by, Role: models.RoleOwner}
			ids := []models.ID{}
			left = false
			for _, bin := range []bool{false, true} {
				page, err := s.store.Codings().List(ctx, space, Query{Where: Where{"layer": layer}, Bin: bin}, models.Page{Limit: models.MaxBatch / 2})
				if err != nil {
					return struct{}{}, err
				}
				for _, c := range page.Items {
					ids = append(ids, c.ID)
					w.record(models.VerbPurged, nil, c, "")
				}
				left = left || page.Next != ""
			}
			if err := s.store.Codings().Entomb(ctx, space, ids, by, w.at); err != nil {
				return struct{}{}, fmt.Errorf("entomb codings: %w", err)
			}
			return struct{}{}, s.store.Erase(ctx, space, ids)
		})
		if err != nil {
			return fmt.Errorf("purge the layer %s: %w", layer, err)
		}
	}
	return nil
}
