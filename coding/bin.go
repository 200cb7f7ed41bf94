package coding

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feltbog/models"
)

// BinDays is how many days the bin keeps things before they are purged.
const BinDays = 30

// BinItem is a record in the bin, with enough to recognise it.
type BinItem struct {
	Noun      models.Noun `json:"noun"`
	ID        models.ID   `json:"id"`
	Name      string      `json:"name"`
	DeletedAt time.Time   `json:"deletedAt"`
	DeletedBy models.ID   `json:"deletedBy"`
	// PurgeAt is when it goes for good by itself.
	PurgeAt time.Time `json:"purgeAt"`
	// Codings and Memos hang on a note, and come back or go with it.
	Codings int `json:"codings"`
	Memos   int `json:"memos"`
}

// binned lists one noun's records in the bin that the actor may know of.
func binned[R models.Record](ctx context.Context, s *Service, w *work, k kind[R], title func(R) string) ([]BinItem, error) {
	q := Query{Bin: true, Where: Where{}, Order: []string{"-deletedAt"}, Viewer: w.actor.Viewer()}
	if k.author != nil && w.member.Role.May(k.action) != models.GrantAny {
		q.Where["authorId"] = w.actor.UserID // or what others binned would fill the page
	}
	page, err := k.records(s.store).List(ctx, w.space, q, models.Page{Limit: models.MaxPageSize})
	if err != nil {
		return nil, err
	}
	v, err := w.sees(ctx, s)
	if err != nil {
		return nil, err
	}
	out := make([]BinItem, 0, len(page.Items))
	for _, r := range page.Items {
		if !v.knows(r) {
			continue
		}
		h := r.Meta()
		out = append(out, BinItem{Noun: r.Noun(), ID: h.ID, Name: title(r), DeletedAt: *h.DeletedAt, DeletedBy: h.DeletedBy, PurgeAt: h.DeletedAt.AddDate(0, 0, BinDays)})
	}
	return out, nil
}

// Bin lists what lies in a project's bin and what the actor might restore, noun by noun, the newest first.
func (s *Service) Bin(ctx context.Context, actor models.Actor, space models.ID) ([]BinItem, error) {
	m, err := s.reader(ctx, actor, space)
	if err != nil {
		return nil, err
	}
	w := &work{actor: actor, member: m, space: space}
	out := []BinItem{}
	add := func(items []BinItem, err error) error {
		out = append(out, items...)
		return err
	}
	if err := models.First(
		add(binned(ctx, s, w, notes, func(n *models.Note) string { return n.Title })),
		add(binned(ctx, s, w, sites, func(r *models.Site) string { return r.Name })),
		add(binned(ctx, s, w, participants, func(r *models.Participant) string { return r.Pseudonym })),
		add(binned(ctx, s, w, codes, func(r *models.Code) string { return r.Name })),
		add(binned(ctx, s, w, rounds, func(r *models.Round) string { return r.Name })),
		add(binned(ctx, s, w, memos, func(r *models.Memo) string { return oneLine(cut(r.Text, 80)) })),
		add(s.binnedComments(ctx, w))); err != nil {
		return nil, err
	}
	return out, s.weigh(ctx, w, out)
}

// binnedComments lists comments as binned does, with names where they name people.
func (s *Service) binnedComments(ctx context.Context, w *work) ([]BinItem, error) {
	var people []models.ID
	items, err := binned(ctx, s, w, comments, func(c *models.Comment) string {
		people = append(people, c.Mentions...)
		return c.Text
	})
	if err != nil || len(items) == 0 {
		return nil, err
	}
	names, err := s.called(ctx, w.space, people)
	for i := range items {
		items[i].Name = oneLine(cut(models.NameMentions(items[i].Name, names), 80))
	}
	return items, err
}

// weigh fills in what hangs on the notes in a bin.
func (s *Service) weigh(ctx context.Context, w *work, items []BinItem) error {
	var ids []models.ID
	for _, item := range items {
		if item.Noun == models.NounNote {
			ids = append(ids, item.ID)
		}
	}
	codings, memos, err := s.store.OnNotes(ctx, w.space, w.actor.UserID, ids)
	for i := range items {
		items[i].Codings, items[i].Memos = codings[items[i].ID], memos[items[i].ID]
	}
	return err
}

// BinRecord puts a note, site or participant into the bin. Codes, codings, memos, links and comments have
// verbs of their own.
func (s *Service) BinRecord(ctx context.Context, actor models.Actor, space models.ID, noun models.Noun, id models.ID, seen int) error {
	act := func(action models.Action, fn func(ctx context.Context, w *work) error) error {
		_, err := change(ctx, s, actor, space, action, func(ctx context.Context, w *work) (struct{}, error) { return struct{}{}, fn(ctx, w) })
		return err
	}
	switch noun {
	case models.NounNote:
		return act(notes.action, func(ctx context.Context, w *work) error { _, err := notes.bin(ctx, s, w, id, seen); return err })
	case models.NounSite:
		return act(sites.action, func(ctx context.Context, w *work) error { _, err := sites.bin(ctx, s, w, id, seen); return err })
	case models.NounParticipant:
		return act(participants.action, func(ctx context.Context, w *work) error {
			_, err := participants.bin(ctx, s, w, id, seen)
			return err
		})
	}
	return models.NotFound(noun)
}

// Restore takes a record out of the bin and gives it as it is then.
func (s *Service) Restore(ctx context.Context, actor models.Actor, space models.ID, noun models.Noun, id models.ID) (*models.Image, error) {
	switch noun {
	case models.NounNote:
		return restoreOne(ctx, s, actor, space, notes, id)
	case models.NounSite:
		return restoreOne(ctx, s, actor, space, sites, id)
	case models.NounParticipant:
		return restoreOne(ctx, s, actor, space, participants, id)
	case models.NounCode:
		return restoreOne(ctx, s, actor, space, codes, id)
	case models.NounMemo:
		return restoreOne(ctx, s, actor, space, memos, id)
	case models.NounComment:
		return restoreOne(ctx, s, actor, space, comments, id)
	case models.NounRound:
		return restoreOne(ctx, s, actor, space, rounds, id)
	}
	return nil, models.NotFound(noun)
}

func restoreOne[R models.Record](ctx context.Context, s *Service, actor models.Actor, space models.ID, k kind[R], id models.ID) (*models.Image, error) {
	return change(ctx, s, actor, space, k.action, func(ctx context.Context, w *work) (*models.Image, error) {
		r, err := k.restore(ctx, s, w, id, 0)
		if err != nil {
			return nil, err
		}
		return r.Image(), nil
	})
}

// Purge deletes for good what lies in the bin: only a tombstone stays, which says who and when.
func (s *Service) Purge(ctx context.Context, actor models.Actor, space models.ID, noun models.Noun, id models.ID) error {
	var job Job
	_, err := change(ctx, s, actor, space, models.ActionPurge, func(ctx context.Context, w *work) (struct{}, error) {
		var err error
		job, err = s.beginPurge(ctx, w, noun, id)
		return struct{}{}, err
	})
	if err != nil || job.ID == "" { // a repeated request leaves nothing to do
		return err
	}
	return s.finish(ctx, job)
}

// beginPurge makes sure that the record lies in the bin, entombs it, and leaves the rest to a job.
func (s *Service) beginPurge(ctx context.Context, w *work, noun models.Noun, id models.ID) (Job, error) {
	job := Job{ID: models.NewID(), SpaceID: w.space, Kind: JobPurge, Target: id, Noun: noun, ActorID: w.actor.UserID, Batch: models.NewID(), At: w.at}
	var err error
	switch noun {
	case models.NounProject:
		err = entomb(ctx, s, w, projects, id)
	case models.NounNote:
		var n *models.Note
		if n, err = s.store.Notes().FindAny(ctx, w.space, id); err != nil {
			return job, err
		}
		for _, f := range n.Files() {
			job.Files = append(job.Files, f.ID)
		}
		err = entomb(ctx, s, w, notes, id)
	case models.NounSite:
		err = entomb(ctx, s, w, sites, id)
	case models.NounParticipant:
		err = entomb(ctx, s, w, participants, id)
	case models.NounCode:
		err = entomb(ctx, s, w, codes, id)
	case models.NounCoding:
		err = entomb(ctx, s, w, codings, id)
	case models.NounMemo:
		err = entomb(ctx, s, w, memos, id)
	case models.NounLink:
		err = entomb(ctx, s, w, links, id)
	case models.NounComment:
		err = entomb(ctx, s, w, comments, id)
	case models.NounRound:
		err = entomb(ctx, s, w, rounds, id)
	default:
		err = models.NotFound(noun)
	}
	if err != nil {
		return job, err
	}
	return job, s.store.InsertJob(ctx, job)
}

func entomb[R models.Record](ctx context.Context, s *Service, w *work, k kind[R], id models.ID) error {
	r, err := k.records(s.store).FindAny(ctx, w.space, id)
	if err != nil {
		return err
	}
	if err := s.heedEyes(ctx, w, r); err != nil {
		return err
	}
	if r.Meta().DeletedAt == nil {
		return models.Conflict("not_in_bin", "Only what lies in the bin can be deleted for good.")
	}
	if err := s.heedPurge(ctx, w, r); err != nil {
		return err
	}
	if err := k.records(s.store).Entomb(ctx, w.space, []models.ID{id}, w.actor.UserID, w.at); err != nil {
		return fmt.Errorf("entomb %s %s: %w", r.Noun(), id, err)
	}
	w.record(models.VerbPurged, nil, r, "")
	return nil
}

// purgeOnNote entombs up to models.MaxBatch records that hang on a purged note, and says whether more are left.
func (s *Service) purgeOnNote(ctx context.Context, w *work, note models.ID) (bool, error) {
	left := false
	var ids []models.ID
	for _, bin := range []bool{false, true} {
		page, err := s.store.Codings().List(ctx, w.space, Query{Where: Where{"noteId": note}, Bin: bin}, models.Page{Limit: models.MaxBatch})
		if err != nil {
			return false, err
		}
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		left = left || page.Next != ""
	}
	if err := s.purgeLinks(ctx, w, ids); err != nil {
		return false, err
	}
	if err := s.store.Codings().Entomb(ctx, w.space, ids, w.actor.UserID, w.at); err != nil {
		return false, err
	}
	memoIDs, more, err := purgeHanging(ctx, s.store.Memos(), w, Where{"noteId": note})
	if err != nil {
		return false, err
	}
	left = left || more
	commentIDs, more, err := purgeHanging(ctx, s.store.Comments(), w, Where{"noteId": note})
	if err != nil {
		return false, err
	}
	return left || more, s.store.Erase(ctx, w.space, slices.Concat(ids, memoIDs, commentIDs, []models.ID{note}))
}

// purgeHanging entombs up to models.MaxBatch live records that where selects and as many in the bin,
// gives them, and says whether more are left.
func purgeHanging[R models.Record](ctx context.Context, records Records[R], w *work, where Where) (ids []models.ID, left bool, err error) {
	for _, bin := range []bool{false, true} {
		page, err := records.List(ctx, w.space, Query{Where: where, Bin: bin}, models.Page{Limit: models.MaxBatch})
		if err != nil {
			return nil, false, err
		}
		for _, r := range page.Items {
			ids = append(ids, r.Meta().ID)
		}
		left = left || page.Next != ""
	}
	return ids, left, records.Entomb(ctx, w.space, ids, w.actor.UserID, w.at)
}

func (s *Service) purgeLinks(ctx context.Context, w *work, codingIDs []models.ID) error {
	if len(codingIDs) == 0 {
		return nil
	}
	var ids []models.ID
	for _, end := range []string{"fromId", "toId"} {
		for _, bin := range []bool{false, true} {
			page, err := s.store.Links().List(ctx, w.space, Query{Where: Where{end: codingIDs}, Bin: bin}, models.Page{Limit: models.MaxBatch})
			if err != nil {
				return err
			}
			for _, l := range page.Items {
				ids = append(ids, l.ID)
			}
		}
	}
	if err := s.store.Links().Entomb(ctx, w.space, ids, w.actor.UserID, w.at); err != nil {
		return err
	}
	return s.store.Erase(ctx, w.space, ids)
}

// purgePrivate purges what a leaving user kept to themself in a space: drafts and private memos.
func (s *Service) purgePrivate(ctx context.Context, actor models.Actor, space models.ID) error {
	var purge []Job
	begin := func(ctx context.Context, w *work, noun models.Noun, id models.ID) error {
		job, err := s.beginPurge(ctx, w, noun, id)
		purge = append(purge, job)
		return err
	}
	_, err := once(ctx, s, actor, func(ctx context.Context, w *work) (struct{}, error) {
		purge = nil
		w.space, w.trusted = space, true
		w.member = &models.Member{UserID: actor.UserID, Role: models.RoleOwner}
		drafts, err := s.store.Notes().All(ctx, space, Query{Where: Where{"draft": true, "authorId": actor.UserID}}, models.MaxBatch)
		if err != nil {
			return struct{}{}, err
		}
		for _, n := range drafts {
			if _, err := notes.bin(ctx, s, w, n.ID, 0); err != nil {
				return struct{}{}, err
			}
			if err := begin(ctx, w, models.NounNote, n.ID); err != nil {
				return struct{}{}, err
			}
		}
		private, err := s.store.Memos().All(ctx, space, Query{Where: Where{"private": true, "authorId": actor.UserID}}, models.MaxBatch)
		if err != nil {
			return struct{}{}, err
		}
		for _, m := range private {
			if _, err := memos.bin(ctx, s, w, m.ID, 0); err != nil {
				return struct{}{}, err
			}
			if err := begin(ctx, w, models.NounMemo, m.ID); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		return err
	}
	for _, job := range purge {
		if err := s.finish(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
