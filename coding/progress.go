package coding

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"feltbog/models"
)

// NoteProgress tells how far a note is coded in the open layer. Blocks are those of its text that can
// be coded, which are all but its headings; CodedBlocks are those that at least one coding touches, so
// that a note is done when nothing is left for the key that goes to the next uncoded block. Code points
// would never come to the end: nobody codes every word.
type NoteProgress struct {
	NoteID      models.ID `json:"noteId"`
	Codings     int       `json:"codings"`
	Coders      int       `json:"coders"`
	Blocks      int       `json:"blocks"`
	CodedBlocks int       `json:"codedBlocks"`
}

// Span is where a coding lies and who put it there: code points [Start, End) of one version of a note's text.
type Span struct {
	NoteID      models.ID
	CoderID     models.ID
	Start, End  int
	TextVersion int
}

// span32 is a block as progress needs it, as small as it can be kept.
type span32 struct{ start, end int32 }

// Progress tells of a page of the notes that the actor may see, by their ids, how far they are coded;
// of these notes alone if any are named.
func (s *Service) Progress(ctx context.Context, actor models.Actor, space models.ID, only []models.ID, p models.Page) (models.List[NoteProgress], error) {
	var none models.List[NoteProgress]
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return none, err
	}
	q := Query{Where: Where{}, Viewer: actor.Viewer()}
	if len(only) > 0 {
		q.Where["_id"] = only
	}
	page, err := s.store.Notes().List(ctx, space, q, p)
	if err != nil {
		return none, err
	}
	outlines, err := s.outlines(ctx, page.Items)
	if err != nil {
		return none, err
	}
	ids := make([]models.ID, len(page.Items))
	counts := make(map[models.ID]*progress, len(page.Items))
	for i, n := range page.Items {
		ids[i] = n.ID
		counts[n.ID] = &progress{textVersion: n.TextVersion, blocks: outlines[i], coded: make([]bool, len(outlines[i])), coders: map[models.ID]bool{}}
	}
	seen := slices.DeleteFunc(slices.Clone(ids), func(id models.ID) bool { return slices.Contains(v.veiled, id) })
	if err := s.store.EachSpan(ctx, models.LayerOpen, seen, func(at Span) { counts[at.NoteID].add(at) }); err != nil {
		return none, fmt.Errorf("spans of %d notes: %w", len(ids), err)
	}
	out := models.List[NoteProgress]{Items: make([]NoteProgress, len(ids)), Next: page.Next}
	for i, id := range ids {
		c := counts[id]
		out.Items[i] = NoteProgress{NoteID: id, Codings: c.codings, Coders: len(c.coders), Blocks: len(c.blocks), CodedBlocks: c.codedBlocks}
	}
	return out, nil
}

// progress counts the codings of one note.
type progress struct {
	textVersion          int
	blocks               []span32 // in order, not overlapping
	coded                []bool
	coders               map[models.ID]bool
	codings, codedBlocks int
}

// add counts a coding. One that was not yet carried to the current text lies nowhere in it.
func (p *progress) add(at Span) {
	p.codings++
	p.coders[at.CoderID] = true
	if at.TextVersion != p.textVersion {
		return
	}
	first := sort.Search(len(p.blocks), func(i int) bool { return int(p.blocks[i].end) > at.Start })
	for i := first; i < len(p.blocks) && int(p.blocks[i].start) < at.End; i++ {
		if !p.coded[i] {
			p.coded[i] = true
			p.codedBlocks++
		}
	}
}

// outlines gives the blocks to code of each note's current text. A version of a text never changes, so
// what was read once is kept in memory.
func (s *Service) outlines(ctx context.Context, notes []*models.Note) ([][]span32, error) {
	out := make([][]span32, len(notes))
	missing := map[string]int{}
	var ids []string
	for i, n := range notes {
		id := TextID(n.ID, n.TextVersion)
		blocks, ok := s.blocks.GetIfPresent(id)
		if !ok {
			missing[id] = i
			ids = append(ids, id)
			continue
		}
		out[i] = blocks
	}
	if len(ids) == 0 {
		return out, nil
	}
	err := s.store.EachOutline(ctx, ids, func(id string, blocks []models.Block) {
		small := make([]span32, 0, len(blocks))
		for _, b := range blocks {
			if b.Kind != models.BlockHeading && b.End > b.Start {
				small = append(small, span32{int32(b.Start), int32(b.End)}) //nolint:gosec // within models.MaxTextLength
			}
		}
		s.blocks.Set(id, small)
		out[missing[id]] = small
	})
	if err != nil {
		return nil, fmt.Errorf("outlines of %d texts: %w", len(ids), err)
	}
	return out, nil
}
