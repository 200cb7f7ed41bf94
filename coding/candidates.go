package coding

import (
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// Extent says how much of a hit a code is to be put on.
type Extent string

// A code goes on the whole passage that was found, or on the words in it that matched.
const (
	ExtentPassage Extent = "passage"
	ExtentWords   Extent = "words"
)

// maxCandidateHits bounds how many hits are looked through for candidates, so that a search all of whose
// hits have the code already comes to an end.
const maxCandidateHits = 5_000

// CandidateRequest asks where a code could be put by a search. Types, Limit and Cursor of the search
// mean nothing here.
type CandidateRequest struct {
	SearchRequest
	CodeID models.ID `json:"codeId"`
	Extent Extent    `json:"extent"`
}

// Candidate is a place that a search found for a code. Anchor is of the note's text as it is now, and
// so are the Marks, the words [start, end) in it that matched. Near says that they aren't spelt as they
// were asked for.
type Candidate struct {
	NoteID     models.ID       `json:"noteId"`
	Title      string          `json:"title"`
	Kind       models.NoteKind `json:"kind"`
	SiteID     models.ID       `json:"siteId,omitempty"`
	ObservedOn models.Date     `json:"observedOn,omitempty"`
	Language   string          `json:"language,omitempty"`
	Block      int             `json:"block,omitempty"`
	Anchor     models.Anchor   `json:"anchor"`
	Marks      [][2]int        `json:"marks"`
	Near       bool            `json:"near"`
}

// Candidates are the places for a code that a search found, at most models.MaxBatch, and what was left
// out: Already counts places that carry the coder's own coding with this code, Changed hits in texts
// that were edited since they were indexed. More says that there are others.
type Candidates struct {
	CodeID  models.ID   `json:"codeId"` // the code itself, or what it was merged into
	Items   []Candidate `json:"items"`
	Already int         `json:"already"`
	Changed int         `json:"changed"`
	More    bool        `json:"more"`
}

// Candidates finds the places where the actor could put a code by a search, to be put with PutCodings.
// Every place is compared with the text in the store. It returns what Search does, and what PutCodings
// would of the code.
func (s *Service) Candidates(ctx context.Context, actor models.Actor, space models.ID, r CandidateRequest) (Candidates, error) {
	if _, err := s.admit(ctx, actor, space, models.ActionCode); err != nil {
		return Candidates{}, err
	}
	if err := models.OneOf(r.Extent, []Extent{ExtentPassage, ExtentWords}, "extent_unknown", "/extent"); err != nil {
		return Candidates{}, err
	}
	code, err := s.codeToPut(ctx, space, r.CodeID)
	if err != nil {
		return Candidates{}, err
	}
	terms, err := ParseQuery(r.Q)
	if err != nil {
		return Candidates{}, err
	}
	g := &gathering{
		s: s, actor: actor, space: space, extent: r.Extent, phrase: hasPhrase(terms),
		mine: map[models.ID][]*models.Coding{}, seen: map[span]bool{}, out: Candidates{CodeID: code.ID, Items: []Candidate{}},
	}
	asked := r.SearchRequest
	asked.Types, asked.Limit, asked.Cursor = []HitType{HitPassage}, MaxHits, ""
	for looked := 0; looked < maxCandidateHits; looked += MaxHits {
		v, found, next, err := s.find(ctx, actor, space, asked)
		if err != nil {
			return Candidates{}, err
		}
		// Nobody codes the open layer of a note that is coded blind.
		found.Hits = slices.DeleteFunc(found.Hits, func(h IndexHit) bool { return slices.Contains(v.resting, h.NoteID) })
		if err := g.take(ctx, found.Hits); err != nil || g.out.More {
			return g.out, err
		}
		if asked.Cursor = next; next == "" {
			return g.out, nil
		}
	}
	g.out.More = true
	return g.out, nil
}

func hasPhrase(terms []Term) bool {
	for _, t := range terms {
		if t.Phrase && !t.Not {
			return true
		}
	}
	return false
}

// gathering makes candidates of hits.
type gathering struct {
	s      *Service
	actor  models.Actor
	space  models.ID
	extent Extent
	phrase bool
	mine   map[models.ID][]*models.Coding // the actor's codings with the code, by note, once looked up
	seen   map[span]bool
	out    Candidates
}

// take adds the candidates of a page of hits, until there are models.MaxBatch.
func (g *gathering) take(ctx context.Context, found []IndexHit) error {
	ids := make([]models.ID, len(found))
	for i := range found {
		ids[i] = found[i].NoteID
	}
	notes, err := liveByID(ctx, g.s.store.Notes(), g.actor, g.space, ids)
	if err != nil {
		return err
	}
	if err := g.lookUpMine(ctx, notes); err != nil {
		return err
	}
	for i := range found {
		n := notes[found[i].NoteID]
		if n == nil {
			continue
		}
		if err := g.takeHit(ctx, &found[i], n); err != nil || g.out.More {
			return err
		}
	}
	return nil
}

// lookUpMine finds what the actor coded with the code already, in notes that weren't met before.
func (g *gathering) lookUpMine(ctx context.Context, notes map[models.ID]*models.Note) error {
	var fresh []models.ID
	for id := range notes {
		if _, known := g.mine[id]; !known {
			g.mine[id] = nil
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	// The bound is for safety only, as in alreadyPut.
	mine, err := g.s.store.Codings().All(ctx, g.space, Query{Where: Where{
		"layer": models.LayerOpen, "noteId": fresh, "coderId": g.actor.UserID, "codeId": g.out.CodeID,
	}}, 100*models.MaxBatch)
	for _, c := range mine {
		g.mine[c.NoteID] = append(g.mine[c.NoteID], c)
	}
	return err
}

// takeHit adds the candidates of one hit, if the text still has its words.
func (g *gathering) takeHit(ctx context.Context, h *IndexHit, n *models.Note) error {
	if n.TextVersion != h.Version {
		g.out.Changed++
		return nil
	}
	t, err := g.s.text(ctx, n.ID, n.TextVersion)
	if err != nil {
		return fmt.Errorf("candidates in %s: %w", n.ID, err)
	}
	if h.Start < 0 || h.End > t.Length || h.Start >= h.End || t.Slice(h.Start, h.End) != h.Text {
		g.out.Changed++
		return nil
	}
	for _, m := range g.placesIn(h) {
		place := span{models.LayerOpen, n.ID, g.out.CodeID, m.Start, m.End}
		if g.seen[place] || m.End-m.Start > models.MaxQuoteLength {
			continue // the index was changed between two pages, or a line of a machine's goes on for pages
		}
		g.seen[place] = true
		if g.coded(place, n.TextVersion) {
			g.out.Already++
			continue
		}
		if len(g.out.Items) == models.MaxBatch {
			g.out.More = true
			return nil
		}
		a, err := AnchorAt(t, m.Start, m.End)
		if err != nil {
			return fmt.Errorf("candidates in %s: %w", n.ID, err)
		}
		g.out.Items = append(g.out.Items, Candidate{
			NoteID: n.ID, Title: n.Title, Kind: n.Kind, SiteID: n.SiteID, ObservedOn: n.ObservedOn, Language: n.Language,
			Block: h.Block, Anchor: a, Marks: m.Marks, Near: m.Near,
		})
	}
	return nil
}

// placesIn gives where the code could go in a passage, in code points of the note.
func (g *gathering) placesIn(h *IndexHit) []Match {
	marks, near := Unfold(h.Text, h.Spans), Unfold(h.Text, h.NearSpans)
	places := []Match{{Start: 0, End: h.End - h.Start, Marks: marks, Near: h.Near}}
	if g.extent == ExtentWords {
		places = Matches(h.Text, marks, near, g.phrase)
	}
	for i := range places {
		p := &places[i]
		p.Start, p.End = p.Start+h.Start, p.End+h.Start
		for j := range p.Marks {
			p.Marks[j][0] += h.Start
			p.Marks[j][1] += h.Start
		}
	}
	return places
}

// coded says whether all of a place lies in one coding of the actor's with the code. One that was not
// yet carried lies in an older text, where the same numbers may be other words.
func (g *gathering) coded(place span, version int) bool {
	for _, c := range g.mine[place.note] {
		if c.Anchor.TextVersion == version && c.Anchor.Start <= place.start && place.end <= c.Anchor.End {
			return true
		}
	}
	return false
}
