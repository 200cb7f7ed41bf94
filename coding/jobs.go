package coding

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"feltbog/models"
)

// finish does what is left of a job, in transactions of at most models.MaxBatch records, and forgets
// it with the last. Two processes may do so at once: each step finds only what is still left.
func (s *Service) finish(ctx context.Context, j Job) error {
	if j.Kind == JobPurge && len(j.Files) > 0 {
		if err := s.store.DropFiles(ctx, j.Files...); err != nil {
			return fmt.Errorf("purge files: %w", err)
		}
	}
	if j.Kind == JobPurge {
		if err := s.purgeCopies(ctx, j); err != nil {
			return fmt.Errorf("purge copies: %w", err)
		}
	}
	if j.Kind == JobPurge && j.Noun == models.NounProject {
		if err := s.store.EraseSpace(ctx, j.SpaceID); err != nil {
			return fmt.Errorf("purge project: %w", err)
		}
		return s.store.DropJob(ctx, j.ID)
	}
	for left := true; left; {
		err := s.store.Tx(ctx, func(ctx context.Context) error {
			w := &work{
				actor: models.Actor{UserID: j.ActorID}, member: &models.Member{UserID: j.ActorID, Role: models.RoleOwner},
				space: j.SpaceID, at: s.clock(), batch: j.Batch, undoes: j.Undoes, trusted: true,
			}
			var err error
			if left, err = s.step(ctx, w, j); err != nil {
				return err
			}
			if !left {
				if err := s.store.DropJob(ctx, j.ID); err != nil {
					return err
				}
			}
			return s.conclude(ctx, w)
		})
		if err != nil {
			return fmt.Errorf("%s %s: %w", j.Kind, j.Target, err)
		}
	}
	return nil
}

// step does one transaction's worth of a job and says whether more is left.
func (s *Service) step(ctx context.Context, w *work, j Job) (bool, error) {
	switch j.Kind {
	case JobCarry:
		n, err := s.store.Notes().FindAny(ctx, w.space, j.Target)
		if isNotFound(err) {
			return false, nil // purged meanwhile
		}
		if err != nil {
			return false, err
		}
		t, err := s.text(ctx, n.ID, n.TextVersion)
		if err != nil {
			return false, err
		}
		return s.carry(ctx, w, n, t)
	case JobMerge:
		return s.recode(ctx, w, j.Target, j.Into)
	case JobPurge:
		if j.Noun == models.NounParticipant {
			if err := s.store.ForgetPerson(ctx, j.Target); err != nil {
				return false, err
			}
		}
		if j.Noun == models.NounNote {
			if err := s.store.WithdrawEvidence(ctx, j.Target); err != nil {
				return false, err
			}
			left, err := s.purgeOnNote(ctx, w, j.Target)
			if err != nil || left {
				return left, err
			}
			return false, s.store.DropUsages(ctx, w.space, j.Target)
		}
		if j.Noun == models.NounCoding {
			if err := s.purgeLinks(ctx, w, []models.ID{j.Target}); err != nil {
				return false, err
			}
			thread, left, err := purgeHanging(ctx, s.store.Comments(), w, Where{"codingId": j.Target})
			if err != nil {
				return false, err
			}
			if err := s.store.Erase(ctx, w.space, thread); err != nil || left {
				return left, err
			}
		}
		return false, s.store.Erase(ctx, w.space, []models.ID{j.Target})
	}
	return false, fmt.Errorf("unknown job %q", j.Kind)
}

// Tidy finishes jobs that another process left behind, purges what has lain in the bin for BinDays,
// and removes uploads that nobody goes on with and files that nothing names. Call it now and then, in one process at a time.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.clock()
	jobs, err := s.store.Jobs(ctx, now.Add(-time.Minute))
	if err != nil {
		return fmt.Errorf("find jobs: %w", err)
	}
	for _, j := range jobs {
		err = errors.Join(err, s.finish(ctx, j))
	}
	old, findErr := s.store.Binned(ctx, now.AddDate(0, 0, -BinDays), models.MaxBatch)
	err = errors.Join(err, findErr)
	for _, b := range old {
		err = errors.Join(err, s.purgeOld(ctx, b))
	}
	err = errors.Join(err, s.tidyUploads(ctx))
	_, sweepErr := s.store.SweepFiles(ctx, now.AddDate(0, 0, -1))
	return errors.Join(err, sweepErr)
}

func (s *Service) purgeOld(ctx context.Context, b BinnedRecord) error {
	var job Job
	_, err := once(ctx, s, models.Actor{}, func(ctx context.Context, w *work) (struct{}, error) {
		w.space = b.SpaceID
		var err error
		job, err = s.beginPurge(ctx, w, b.Noun, b.ID)
		return struct{}{}, err
	})
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("purge old %s %s: %w", b.Noun, b.ID, err)
	}
	return s.finish(ctx, job)
}

// oneLine joins the lines of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
