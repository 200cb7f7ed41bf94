package coding

import (
	"context"
	"sort"
	"strings"
	"unicode"

	"feltbog/models"
)

// TextChange says that the code points [FromStart, FromEnd) of one text became [ToStart, ToEnd) of another.
type TextChange struct {
	FromStart int `json:"fromStart"`
	FromEnd   int `json:"fromEnd"`
	ToStart   int `json:"toStart"`
	ToEnd     int `json:"toEnd"`
}

// Comparison tells how one version of a text differs from another, word by word, in the order of the text.
type Comparison struct {
	From    int          `json:"from"`
	To      int          `json:"to"`
	Changes []TextChange `json:"changes"`
}

const (
	// maxCompared bounds the work of a comparison, in steps of the search for shared words: well under
	// a second. What is left when it is used up counts as replaced.
	maxCompared = 100_000_000
	// maxChanges bounds what a comparison tells: beyond it nobody reads on, and the texts are two texts.
	maxChanges = 10_000
)

// CompareText tells how one version of a note's text differs from another.
func (s *Service) CompareText(ctx context.Context, actor models.Actor, space, note models.ID, from, to int) (Comparison, error) {
	out := Comparison{From: from, To: to}
	if _, err := s.Note(ctx, actor, space, note); err != nil {
		return out, err
	}
	a, err := s.text(ctx, note, from)
	if err != nil {
		return out, err
	}
	b, err := s.text(ctx, note, to)
	if err != nil {
		return out, err
	}
	out.Changes = compare(a, b)
	return out, nil
}

// compare gives the changes that lead from one text to another, in code points.
func compare(from, to *Text) []TextChange {
	a, b := words(from.Text.Text), words(to.Text.Text)
	left := maxCompared
	var edits []edit
	fromAt, toAt := 0, 0
	for _, s := range align(a, b, &left) {
		fromEnd, toEnd := fromAt+bytesOf(a[s.a0:s.a1]), toAt+bytesOf(b[s.b0:s.b1])
		if !s.same {
			edits = append(edits, edit{fromAt, fromEnd, toAt, toEnd})
		}
		fromAt, toAt = fromEnd, toEnd
	}
	edits = readable(from.Text.Text, edits)
	if n := len(edits); n > maxChanges {
		edits = []edit{{edits[0].fromStart, edits[n-1].fromEnd, edits[0].toStart, edits[n-1].toEnd}}
	}
	out := make([]TextChange, len(edits))
	for i, e := range edits {
		out[i] = TextChange{from.Point(e.fromStart), from.Point(e.fromEnd), to.Point(e.toStart), to.Point(e.toEnd)}
	}
	return out
}

func bytesOf(words []string) int {
	n := 0
	for _, w := range words {
		n += len(w)
	}
	return n
}

// align gives the runs that lead from a to b. Where script gives up, since there are too many edits, the
// words that stand once in each hold the two together, and what lies between is aligned piece by piece
// (B. Cohen's "patience diff", 2006): so a long text with many small changes is told word by word.
func align(a, b []string, left *int) []step {
	most := min(len(a)+len(b), maxEdits)
	*left -= most*most + len(a) + len(b)
	if *left < 0 {
		return []step{{0, len(a), 0, len(b), false}}
	}
	steps := script(a, b)
	if len(steps) != 1 || steps[0].same || most < maxEdits {
		return steps
	}
	anchors := shared(a, b)
	if len(anchors) == 0 {
		return steps
	}
	steps = nil
	a0, b0 := 0, 0
	for _, p := range append(anchors, [2]int{len(a), len(b)}) {
		if p[0] > a0 || p[1] > b0 {
			for _, s := range align(a[a0:p[0]], b[b0:p[1]], left) {
				steps = append(steps, step{s.a0 + a0, s.a1 + a0, s.b0 + b0, s.b1 + b0, s.same})
			}
		}
		if p[0] < len(a) {
			steps = append(steps, step{p[0], p[0] + 1, p[1], p[1] + 1, true})
		}
		a0, b0 = p[0]+1, p[1]+1
	}
	return steps
}

// shared gives the places of words that stand exactly once in a and once in b, as many of them as
// stand in the same order in both.
func shared(a, b []string) [][2]int {
	count := map[string][2]int{}
	in := map[string]int{}
	for _, w := range a {
		n := count[w]
		count[w] = [2]int{n[0] + 1, n[1]}
	}
	for i, w := range b {
		n := count[w]
		count[w] = [2]int{n[0], n[1] + 1}
		in[w] = i
	}
	var pairs [][2]int
	for i, w := range a {
		if count[w] == [2]int{1, 1} {
			pairs = append(pairs, [2]int{i, in[w]})
		}
	}
	// The longest run of rising places in b: piles of patience, the last card of each.
	var piles []int
	before := make([]int, len(pairs))
	for i, p := range pairs {
		at := sort.Search(len(piles), func(k int) bool { return pairs[piles[k]][1] >= p[1] })
		before[i] = -1
		if at > 0 {
			before[i] = piles[at-1]
		}
		if at == len(piles) {
			piles = append(piles, i)
		} else {
			piles[at] = i
		}
	}
	if len(piles) == 0 {
		return nil
	}
	out := make([][2]int, len(piles))
	for i, k := piles[len(piles)-1], len(piles)-1; k >= 0; i, k = before[i], k-1 {
		out[k] = pairs[i]
	}
	return out
}

// readable joins edits that only a space or a sign stands between: "red cars" for "blue bikes" is
// one change to a reader, not two.
func readable(from string, edits []edit) []edit {
	var out []edit
	for _, e := range edits {
		if n := len(out) - 1; n >= 0 && negligible(from[out[n].fromEnd:e.fromStart]) {
			out[n].fromEnd, out[n].toEnd = e.fromEnd, e.toEnd
			continue
		}
		out = append(out, e)
	}
	return out
}

func negligible(between string) bool {
	return len(between) <= 3 && !strings.ContainsFunc(between, func(r rune) bool {
		return r == '\n' || unicode.IsLetter(r) || unicode.IsDigit(r)
	})
}

// NoteContent gives an earlier version of a note's text as it would be written again.
func (s *Service) NoteContent(ctx context.Context, actor models.Actor, space, note models.ID, version int) (models.Content, error) {
	t, err := s.NoteText(ctx, actor, space, note, version)
	if err != nil {
		return models.Content{}, err
	}
	return models.Content{Text: t.Text, Blocks: t.Blocks, Marks: t.Marks}, nil
}
