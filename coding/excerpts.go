package coding

import (
	"context"
	"slices"

	"feltbog/models"
)

// CodingFilter selects codings of a list; empty fields select all. A code stands for itself and its
// sub-codes, a site for itself and all within it.
type CodingFilter struct {
	CodeID   models.ID
	CoderID  models.ID
	SiteID   models.ID
	NoteID   models.ID
	From, To models.Date // of the note's observation
	Review   bool
}

// Excerpt is a coding with what a reader needs to understand it away from its note.
type Excerpt struct {
	*models.Coding
	Note    NoteHeading `json:"note"`
	Context Context     `json:"context"`
}

// NoteHeading is where and when a note was observed.
type NoteHeading struct {
	Title      string          `json:"title"`
	Kind       models.NoteKind `json:"kind"`
	SiteID     models.ID       `json:"siteId"`
	ObservedOn models.Date     `json:"observedOn"`
}

// Context is the words around a coding: up to 200 code points on each side, within its block.
type Context struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// contextLength is how many code points of context an excerpt has on each side.
const contextLength = 200

// Excerpts lists codings of the whole project with their context, the newest first: the page every analysis begins with.
func (s *Service) Excerpts(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter, p models.Page) (models.List[Excerpt], error) {
	var none models.List[Excerpt]
	if _, err := s.reader(ctx, actor, space); err != nil {
		return none, err
	}
	q, err := s.codingQuery(ctx, actor, space, f)
	if err != nil {
		return none, err
	}
	page, err := s.store.Codings().List(ctx, space, q, p)
	if err != nil {
		return none, err
	}
	out := models.List[Excerpt]{Items: make([]Excerpt, 0, len(page.Items)), Next: page.Next}
	headings, err := s.headings(ctx, space, page.Items)
	if err != nil {
		return none, err
	}
	for _, c := range page.Items {
		n := headings[c.NoteID]
		if n == nil {
			continue // purged between the two reads
		}
		t, err := s.text(ctx, c.NoteID, c.Anchor.TextVersion)
		if err != nil {
			return none, err
		}
		out.Items = append(out.Items, Excerpt{
			Coding: c, Context: contextOf(t, c.Anchor.Start, c.Anchor.End),
			Note: NoteHeading{n.Title, n.Kind, n.SiteID, n.ObservedOn},
		})
	}
	return out, nil
}

func (s *Service) codingQuery(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter) (Query, error) {
	q := Query{Where: Where{"layer": models.LayerOpen}, Order: []string{"-createdAt"}}
	var err error
	if q.NotNotes, err = s.store.HiddenNotes(ctx, space, actor.UserID); err != nil {
		return q, err
	}
	if f.CodeID != "" {
		if q.Where["codeId"], err = s.codesWithin(ctx, space, f.CodeID); err != nil {
			return q, err
		}
	}
	if f.CoderID != "" {
		q.Where["coderId"] = f.CoderID
	}
	if f.Review {
		q.Where["review"] = true
	}
	if f.NoteID != "" {
		q.Where["noteId"] = f.NoteID
	}
	if f.SiteID == "" && f.From == "" && f.To == "" {
		return q, nil
	}
	in := Query{Where: Where{}, Viewer: actor.UserID, Range: "observedOn", From: string(f.From), To: string(f.To)}
	if f.SiteID != "" {
		if in.Where["siteId"], err = s.sitesWithin(ctx, space, f.SiteID); err != nil {
			return q, err
		}
	}
	if f.NoteID != "" {
		in.Where["_id"] = f.NoteID
	}
	chosen, err := s.store.NoteIDs(ctx, space, in)
	q.Where["noteId"] = chosen
	return q, err
}

func (s *Service) headings(ctx context.Context, space models.ID, codings []*models.Coding) (map[models.ID]*models.Note, error) {
	var ids []models.ID
	for _, c := range codings {
		if !slices.Contains(ids, c.NoteID) {
			ids = append(ids, c.NoteID)
		}
	}
	found, err := s.store.Notes().All(ctx, space, Query{Where: Where{"_id": ids}}, len(ids))
	out := make(map[models.ID]*models.Note, len(found))
	for _, n := range found {
		out[n.ID] = n
	}
	return out, err
}

// contextOf gives the words before and after a span, as far as its block reaches.
func contextOf(t *Text, start, end int) Context {
	from, to := max(0, start-contextLength), min(t.Length, end+contextLength)
	for _, b := range t.Blocks {
		if b.Start <= start && start < b.End {
			from = max(from, b.Start)
		}
		if b.Start < end && end <= b.End {
			to = min(to, b.End)
		}
	}
	end = min(end, t.Length)
	return Context{Before: t.Slice(from, max(from, start)), After: t.Slice(end, max(end, to))}
}
