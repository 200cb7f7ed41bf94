package coding

import (
	"context"

	"feltbog/models"
)

// carriage moves the codings of one note to a text of it, in memory. An edit and its preview both ask
// it, so that they can't disagree.
type carriage struct {
	s    *Service
	note models.ID
	to   *Text
	// carriers compare the older texts, by version, with the new one.
	carriers map[int]*Carrier
}

// move writes where the coding goes.
func (m *carriage) move(ctx context.Context, c *models.Coding) error {
	carrier := m.carriers[c.Anchor.TextVersion]
	if carrier == nil {
		from, err := m.s.text(ctx, m.note, c.Anchor.TextVersion)
		if err != nil {
			return err
		}
		carrier = NewCarrier(from, m.to)
		m.carriers[c.Anchor.TextVersion] = carrier
	}
	c.Anchor, c.Review = carrier.Carry(c.Anchor)
	return nil
}

// carry moves up to models.MaxBatch codings of a note that lie in older texts to its current one, and
// says whether more are left. Where w undoes an edit, they go back to where they lay before it.
func (s *Service) carry(ctx context.Context, w *work, n *models.Note, to *Text) (bool, error) {
	behind, err := s.store.CodingsBehind(ctx, w.space, n.ID, n.TextVersion, models.MaxBatch)
	if err != nil {
		return false, err
	}
	was, err := s.earlierOf(ctx, w, behind)
	if err != nil {
		return false, err
	}
	m := &carriage{s: s, note: n.ID, to: to, carriers: map[int]*Carrier{}}
	lost := map[models.ID]int{} // codings that lose their words, by coder
	for _, c := range behind {
		next := *c
		if !was.lead(&next, to.Version) {
			if err := m.move(ctx, &next); err != nil {
				return false, err
			}
		}
		if err := s.carryOne(ctx, w, c, &next, n.Scope().Audience); err != nil {
			return false, err
		}
		if next.Review && !c.Review {
			lost[c.CoderID]++
		}
	}
	for coder, count := range lost {
		w.notify(models.Notice{Kind: models.NoticeReview, Cause: w.batch, NoteID: n.ID, Count: count}, coder)
	}
	if len(behind) == models.MaxBatch {
		return true, nil
	}
	return s.bringBack(ctx, w, n, to, was)
}

// carryOne writes a coding where it goes. One that lands on its twin falls together with it.
func (s *Service) carryOne(ctx context.Context, w *work, is, next *models.Coding, audience models.ID) error {
	twin, err := s.twin(ctx, w.space, next)
	if err != nil {
		return err
	}
	if twin != nil {
		return s.join(ctx, w, is, twin)
	}
	return rewrite(ctx, s, w, codings, is, next, models.VerbUpdated, audience)
}

// TextPreview tells what an edit of a note's text would do to its codings.
type TextPreview struct {
	TextVersion int           `json:"textVersion"` // of the text as it is
	Length      int           `json:"length"`      // of the text as it would be, in code points
	Codings     CarriedCounts `json:"codings"`
	// Review holds the first of those to be reviewed, at most maxPreviewed, in the order of the text.
	Review []ReviewedCoding `json:"review"`
}

// CarriedCounts counts the codings that a note would have after an edit: those at the same offsets as
// before, those at others, and those whose words would be gone.
type CarriedCounts struct {
	Kept   int `json:"kept"`
	Moved  int `json:"moved"`
	Review int `json:"review"`
}

// ReviewedCoding is a coding whose words would be gone. Start and End are code points of the new text,
// where its old place went.
type ReviewedCoding struct {
	ID      models.ID `json:"id"`
	CodeID  models.ID `json:"codeId"`
	CoderID models.ID `json:"coderId"`
	Quote   string    `json:"quote"`
	Start   int       `json:"start"`
	End     int       `json:"end"`
}

// maxPreviewed is how many codings a preview names. Beyond that their number says enough.
const maxPreviewed = 100

// PreviewText tells what EditText would do, and writes nothing. It asks for the same right and returns
// the same errors.
func (s *Service) PreviewText(ctx context.Context, actor models.Actor, space, id models.ID, seen int, c models.Content) (TextPreview, error) {
	var out TextPreview
	err := s.store.Tx(ctx, func(ctx context.Context) error { // for one look at everything
		m, err := s.admit(ctx, actor, space, notes.action)
		if err != nil {
			return err
		}
		w := &work{actor: actor, member: m, space: space, at: s.clock()}
		n, err := notes.changeable(ctx, s, w, id, seen, false)
		if err != nil {
			return err
		}
		if err := s.heedText(ctx, w, n.ID); err != nil {
			return err
		}
		t, err := newText(n, n.TextVersion+1, c, actor.UserID)
		if err != nil {
			return err
		}
		out, err = s.previewCarry(ctx, w, n, NewText(t))
		return err
	})
	return out, err
}

// place is what no two live codings of one text share, unless they are up for review.
type place struct {
	code, coder models.ID
	start, end  int
}

func placeOf(c *models.Coding) place {
	return place{c.CodeID, c.CoderID, c.Anchor.Start, c.Anchor.End}
}

// previewCarry moves all codings of a note in memory, in the order in which carry does.
func (s *Service) previewCarry(ctx context.Context, w *work, n *models.Note, to *Text) (TextPreview, error) {
	out := TextPreview{TextVersion: n.TextVersion, Length: to.Length, Review: []ReviewedCoding{}}
	behind, err := s.store.CodingsBehind(ctx, w.space, n.ID, to.Version, 0)
	if err != nil {
		return out, err
	}
	lies := make(map[place]bool, len(behind))
	m := &carriage{s: s, note: n.ID, to: to, carriers: map[int]*Carrier{}}
	for _, c := range behind {
		was := placeOf(c)
		if err := m.move(ctx, c); err != nil {
			return out, err
		}
		if !c.Review {
			if lies[placeOf(c)] {
				continue // it falls together with its twin
			}
			lies[placeOf(c)] = true
		}
		out.count(c, was)
	}
	return out, nil
}

// count adds a coding that was moved from a place.
func (p *TextPreview) count(c *models.Coding, was place) {
	switch {
	case !c.Review && placeOf(c) == was:
		p.Codings.Kept++
	case !c.Review:
		p.Codings.Moved++
	default:
		p.Codings.Review++
		if len(p.Review) < maxPreviewed {
			p.Review = append(p.Review, ReviewedCoding{c.ID, c.CodeID, c.CoderID, c.Anchor.Quote, c.Anchor.Start, c.Anchor.End})
		}
	}
}
