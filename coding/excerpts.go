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
	Alone    bool // leaves the sub-codes of CodeID out
	CoderID  models.ID
	SiteID   models.ID
	NoteID   models.ID
	Layer    models.Layer // the open one if empty
	Kind     models.NoteKind
	From, To models.Date // of the note's observation
	// Attributes are values of the note's, each an id, a colon and a value.
	Attributes []string
	Review     bool
}

// Check refuses a kind of note that there isn't.
func (f CodingFilter) Check() error {
	if f.Kind == "" {
		return nil
	}
	return models.OneOf(f.Kind, models.NoteKinds(), "kind_unknown", "/kind")
}

// Excerpt is a coding with what a reader needs to understand it away from its note.
type Excerpt struct {
	*models.Coding
	Note    NoteHeading `json:"note"`
	Context Context     `json:"context"`
	// Memos are those on the coding that one may read, the oldest first; at most models.MaxPageSize on
	// a page of excerpts.
	Memos []*models.Memo `json:"memos"`
}

// NoteHeading is where and when a note was observed.
type NoteHeading struct {
	Title      string          `json:"title"`
	Kind       models.NoteKind `json:"kind"`
	SiteID     models.ID       `json:"siteId"`
	ObservedOn models.Date     `json:"observedOn"`
	Language   string          `json:"language"`
}

// Context is the words around a coding: up to 200 code points on each side, within its block.
type Context struct {
	Before string `json:"before"`
	After  string `json:"after"`
	// Block counts the blocks of the note up to the one that the coding begins in, from 1; 0 between blocks.
	Block   int      `json:"block"`
	Speaker string   `json:"speaker"` // of that block, where it is a turn of somebody's
	Seconds *float64 `json:"seconds"` // of that block in the recording, if known
}

// contextLength is how many code points of context an excerpt has on each side.
const contextLength = 200

// Excerpts lists codings of the whole project with their context, the newest first: the page every analysis begins with.
func (s *Service) Excerpts(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter, p models.Page) (models.List[Excerpt], error) {
	var none models.List[Excerpt]
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return none, err
	}
	q, err := s.codingQuery(ctx, v, space, f)
	if err != nil {
		return none, err
	}
	page, err := s.store.Codings().List(ctx, space, q, p)
	if err != nil {
		return none, err
	}
	items, err := s.excerpts(ctx, v, space, f.Layer, page.Items)
	return models.List[Excerpt]{Items: items, Next: page.Next}, err
}

// excerpts gives codings with what surrounds them, in their order.
func (s *Service) excerpts(ctx context.Context, v sight, space models.ID, layer models.Layer, codings []*models.Coding) ([]Excerpt, error) {
	out := make([]Excerpt, 0, len(codings))
	headings, err := s.headings(ctx, space, codings)
	if err != nil {
		return nil, err
	}
	memos, err := s.memosOn(ctx, v, space, layer, codings)
	if err != nil {
		return nil, err
	}
	for _, c := range codings {
		n := headings[c.NoteID]
		if n == nil {
			continue // purged between the two reads
		}
		t, err := s.text(ctx, c.NoteID, c.Anchor.TextVersion)
		if err != nil {
			return nil, err
		}
		out = append(out, Excerpt{
			Coding: c, Context: contextOf(t, c.Anchor.Start, c.Anchor.End),
			Note:  NoteHeading{n.Title, n.Kind, n.SiteID, n.ObservedOn, n.Language},
			Memos: orEmpty(memos[c.ID]),
		})
	}
	return out, nil
}

// memosOn gives the memos on codings of a layer that the viewer may read.
func (s *Service) memosOn(ctx context.Context, v sight, space models.ID, layer models.Layer, codings []*models.Coding) (map[models.ID][]*models.Memo, error) {
	if len(codings) == 0 {
		return nil, nil //nolint:nilnil // no codings have no memos
	}
	ids := make([]models.ID, len(codings))
	for i, c := range codings {
		ids[i] = c.ID
	}
	q := v.older(layer, Query{Where: Where{"target.id": ids}, Viewer: v.who()})
	found, err := s.store.Memos().All(ctx, space, q, models.MaxPageSize)
	out := make(map[models.ID][]*models.Memo, len(found))
	for _, m := range found {
		out[m.Target.ID] = append(out[m.Target.ID], m)
	}
	return out, err
}

// codingQuery selects the codings that a filter asks for and the viewer may see.
func (s *Service) codingQuery(ctx context.Context, v sight, space models.ID, f CodingFilter) (Query, error) {
	q := Query{Where: Where{}, Order: []string{"-createdAt"}}
	if f.CoderID != "" {
		q.Where["coderId"] = f.CoderID
	}
	q = v.in(f.Layer, "coderId", q)
	var err error
	if f.CodeID != "" {
		if q.Where["codeId"], err = s.codesOf(ctx, space, f); err != nil {
			return q, err
		}
	}
	if f.Review {
		q.Where["review"] = true
	}
	if f.NoteID != "" {
		q.Where["noteId"] = f.NoteID
	}
	if f.SiteID == "" && f.Kind == "" && f.From == "" && f.To == "" && len(f.Attributes) == 0 {
		return q, nil
	}
	in, err := s.noteQuery(ctx, v.who(), space, f)
	if err != nil {
		return q, err
	}
	chosen, err := s.store.NoteIDs(ctx, space, in)
	q.Where["noteId"] = chosen
	return q, err
}

// codesOf gives the code of a filter, with those beneath it unless it stands alone.
func (s *Service) codesOf(ctx context.Context, space models.ID, f CodingFilter) ([]models.ID, error) {
	if f.Alone {
		return []models.ID{f.CodeID}, nil
	}
	return s.codesWithin(ctx, space, f.CodeID)
}

// noteQuery selects the notes that a filter asks for and the viewer may see.
func (s *Service) noteQuery(ctx context.Context, viewer models.Viewer, space models.ID, f CodingFilter) (Query, error) {
	q := Query{Where: Where{}, Viewer: viewer, Range: "observedOn", From: string(f.From), To: string(f.To)}
	if f.NoteID != "" {
		q.Where["_id"] = f.NoteID
	}
	if f.Kind != "" {
		q.Where["kind"] = f.Kind
	}
	var err error
	if f.SiteID != "" {
		if q.Where["siteId"], err = s.sitesWithin(ctx, space, f.SiteID); err != nil {
			return q, err
		}
	}
	return q, s.filterAttributes(ctx, space, q.Where, f.Attributes)
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
	var c Context
	from, to := max(0, start-contextLength), min(t.Length, end+contextLength)
	for i, b := range t.Blocks {
		if b.Start <= start && start < b.End {
			from = max(from, b.Start)
			c.Block, c.Speaker, c.Seconds = i+1, b.Speaker, b.Seconds
		}
		if b.Start < end && end <= b.End {
			to = min(to, b.End)
		}
	}
	end = min(end, t.Length)
	c.Before, c.After = t.Slice(from, max(from, start)), t.Slice(end, max(end, to))
	return c
}
