package coding

import (
	"context"
	"slices"

	"feltbog/models"
)

// hitRecords are the records of a page of hits that the viewer may see, by id.
type hitRecords struct {
	notes    map[models.ID]*models.Note
	memos    map[models.ID]*models.Memo
	comments map[models.ID]*models.Comment
	codings  map[models.ID]*models.Coding // of the comments
	codes    map[models.ID]*models.Code
}

// hitRecords looks up what hits were made of.
func (s *Service) hitRecords(ctx context.Context, who models.Actor, space models.ID, found []IndexHit) (r hitRecords, err error) {
	var notes, memos, comments, codes []models.ID
	for i := range found {
		h := &found[i]
		notes, memos, comments, codes = append(notes, h.NoteID), append(memos, h.MemoID), append(comments, h.CommentID), append(codes, h.CodeID)
	}
	if r.notes, err = liveByID(ctx, s.store.Notes(), who, space, notes); err != nil {
		return r, err
	}
	if r.memos, err = liveByID(ctx, s.store.Memos(), who, space, memos); err != nil {
		return r, err
	}
	if r.comments, err = liveByID(ctx, s.store.Comments(), who, space, comments); err != nil {
		return r, err
	}
	codings := make([]models.ID, 0, len(r.comments))
	for _, c := range r.comments {
		codings = append(codings, c.CodingID)
	}
	if r.codings, err = liveByID(ctx, s.store.Codings(), who, space, codings); err != nil {
		return r, err
	}
	r.codes, err = liveByID(ctx, s.store.Codes(), who, space, codes)
	return r, err
}

// verify compares hits with the store, and leaves out those of which the viewer may no longer see what
// the index remembers: notes, memos, comments and codes that were changed, binned or purged since.
func (s *Service) verify(ctx context.Context, v sight, space models.ID, layer models.Layer, found []IndexHit) ([]Hit, error) {
	r, err := s.hitRecords(ctx, models.Actor{UserID: v.viewer, Guest: v.guest}, space, found)
	if err != nil {
		return nil, err
	}
	items := make([]Hit, 0, len(found))
	for i := range found {
		if hit, ok := r.hit(v, layer, &found[i]); ok {
			items = append(items, hit)
		}
	}
	return items, nil
}

// hit is a hit as the store has it now, if the viewer may see it and it is what the index remembers.
func (r *hitRecords) hit(v sight, layer models.Layer, h *IndexHit) (hit Hit, fresh bool) {
	hit = Hit{
		Type: h.Type, NoteID: h.NoteID, MemoID: h.MemoID, CommentID: h.CommentID, CodeID: h.CodeID, Start: h.Start, End: h.End, Text: h.Text,
		Marks: Unfold(h.Text, h.Spans), Near: h.Near, Codes: orEmpty(h.Codes), Block: h.Block, BlockKind: h.BlockKind, Speaker: h.Speaker,
	}
	n := r.notes[h.NoteID]
	if n != nil {
		hit.Title, hit.Kind, hit.SiteID, hit.ObservedOn, hit.Language = n.Title, n.Kind, n.SiteID, n.ObservedOn, n.Language
	}
	switch h.Type {
	case HitPassage:
		if slices.Contains(v.notOn(layer), h.NoteID) {
			hit.Codes = []models.ID{}
		}
		for j := range hit.Marks {
			hit.Marks[j][0] += h.Start
			hit.Marks[j][1] += h.Start
		}
		fresh = n != nil && n.TextVersion == h.Version
	case HitMemo:
		m := r.memos[h.MemoID]
		if fresh = m != nil && m.Version == h.Version && (h.NoteID == "" || n != nil) && v.knows(m); fresh {
			hit.Target = &m.Target
		}
	case HitComment:
		c := r.comments[h.CommentID]
		if fresh = c != nil && c.Version == h.Version && n != nil && v.knows(c) && r.codings[c.CodingID] != nil; fresh {
			hit.CodingID, hit.AuthorID = c.CodingID, c.AuthorID
		}
	case HitCode:
		c := r.codes[h.CodeID]
		if fresh = c != nil && c.Version == h.Version && c.MergedInto == ""; fresh {
			hit.Title = c.Name
		}
	}
	return hit, fresh
}
