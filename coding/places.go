package coding

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"feltbog/models"
)

// CodingCounts says how many codings a filter selects, in all and by what tells them apart, most first.
type CodingCounts struct {
	Total  int           `json:"total"`
	Notes  int           `json:"notes"` // that have any
	Sites  []CountedID   `json:"sites"` // the empty id is for notes without a site
	Coders []CountedID   `json:"coders"`
	Codes  []CountedID   `json:"codes"`
	Kinds  []CountedKind `json:"kinds"`
}

// CountedID is a record with the number of its codings.
type CountedID struct {
	ID    models.ID `json:"id"`
	Count int       `json:"count"`
}

// CountedKind is a kind of note with the number of codings on such notes.
type CountedKind struct {
	Kind  models.NoteKind `json:"kind"`
	Count int             `json:"count"`
}

// CountCodings counts the codings that a filter selects and the actor may see. It counts usages rather
// than codings, which know nothing of reviews: f.Review is not looked at.
func (s *Service) CountCodings(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter) (CodingCounts, error) {
	var out CodingCounts
	v, err := s.lookAt(ctx, actor, space)
	if err != nil {
		return out, err
	}
	usages, notes, err := s.used(ctx, v, space, f)
	if err != nil {
		return out, err
	}
	sites, coders, codes := map[models.ID]int{}, map[models.ID]int{}, map[models.ID]int{}
	kinds, seen := map[models.NoteKind]int{}, map[models.ID]bool{}
	for _, u := range usages {
		n := notes[u.NoteID]
		out.Total += u.Count
		sites[n.SiteID] += u.Count
		coders[u.CoderID] += u.Count
		codes[u.CodeID] += u.Count
		kinds[n.Kind] += u.Count
		seen[u.NoteID] = true
	}
	out.Notes = len(seen)
	out.Sites, out.Coders, out.Codes = counted(sites), counted(coders), counted(codes)
	out.Kinds = []CountedKind{}
	for _, kind := range models.NoteKinds() {
		if kinds[kind] > 0 {
			out.Kinds = append(out.Kinds, CountedKind{kind, kinds[kind]})
		}
	}
	return out, nil
}

func counted(sums map[models.ID]int) []CountedID {
	out := make([]CountedID, 0, len(sums))
	for id, n := range sums {
		out = append(out, CountedID{id, n})
	}
	slices.SortFunc(out, func(a, b CountedID) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

// used gives the usages that a filter selects, and the notes they are on that the viewer may see.
func (s *Service) used(ctx context.Context, v sight, space models.ID, f CodingFilter) ([]Usage, map[models.ID]*models.Note, error) {
	where := Where{}
	if f.CoderID != "" {
		where["coderId"] = f.CoderID
	}
	q := v.in(f.Layer, "coderId", Query{Where: where})
	unseen := q.NotNotes
	var err error
	if f.CodeID != "" {
		if where["codeId"], err = s.codesOf(ctx, space, f); err != nil {
			return nil, nil, err
		}
	}
	if f.NoteID != "" {
		where["noteId"] = f.NoteID
	}
	usages, err := s.store.Usages(ctx, space, where)
	if err != nil {
		return nil, nil, err
	}
	usages = slices.DeleteFunc(usages, func(u Usage) bool { return slices.Contains(unseen, u.NoteID) })
	if q, err = s.noteQuery(ctx, v.who(), space, f); err != nil {
		return nil, nil, err
	}
	ids := make([]models.ID, len(usages))
	for i, u := range usages {
		ids[i] = u.NoteID
	}
	if f.NoteID == "" {
		q.Where["_id"] = distinct(ids)
	}
	found, err := s.store.Notes().All(ctx, space, q, len(ids))
	notes := make(map[models.ID]*models.Note, len(found))
	for _, n := range found {
		notes[n.ID] = n
	}
	return slices.DeleteFunc(usages, func(u Usage) bool { return notes[u.NoteID] == nil }), notes, err
}

// spot is where a note stands in the order of places: its site among the sites by name, those without
// one last, the day of its observation, an unknown one last, and its id.
type spot struct {
	Site models.ID   `json:"s"`
	Day  models.Date `json:"d"`
	Note models.ID   `json:"n"`
	// Inner is the store's cursor within the note, empty at its end.
	Inner string `json:"i"`
}

var errPlaceCursor = models.Malformed("cursor_malformed", "This cursor isn't one we gave for this list. Begin again without it.", models.Field{Pointer: "/cursor", Problem: "malformed"})

// ExcerptsByPlace lists codings as one reads a study: site by site, note by note in the order of their
// days, and within a note as they stand there.
func (s *Service) ExcerptsByPlace(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter, p models.Page) (models.List[Excerpt], error) {
	var none models.List[Excerpt]
	v, err := s.look(ctx, actor, space)
	if err != nil {
		return none, err
	}
	from, err := openSpot(p.Cursor)
	if err != nil {
		return none, err
	}
	_, notes, err := s.used(ctx, v, space, f)
	if err != nil {
		return none, err
	}
	compare, err := s.placeOrder(ctx, space)
	if err != nil {
		return none, err
	}
	spots := make([]spot, 0, len(notes))
	for _, n := range notes {
		if here := (spot{Site: n.SiteID, Day: n.ObservedOn, Note: n.ID}); from == nil || compare(here, *from) >= 0 {
			spots = append(spots, here)
		}
	}
	slices.SortFunc(spots, compare)
	if from != nil && len(spots) > 0 && compare(spots[0], *from) == 0 {
		if spots[0].Inner = from.Inner; from.Inner == "" {
			spots = spots[1:]
		}
	}
	q, err := s.codingQuery(ctx, v, space, f)
	if err != nil {
		return none, err
	}
	page, err := s.walk(ctx, space, q, spots, p.Limit)
	if err != nil {
		return none, err
	}
	items, err := s.excerpts(ctx, v, space, f.Layer, page.Items)
	return models.List[Excerpt]{Items: items, Next: page.Next}, err
}

// walk goes from note to note until it has limit codings.
func (s *Service) walk(ctx context.Context, space models.ID, q Query, spots []spot, limit int) (models.List[*models.Coding], error) {
	var out models.List[*models.Coding]
	q.Order = []string{"anchor.start", "anchor.end"}
	for i, at := range spots {
		q.Where["noteId"] = at.Note
		page, err := s.store.Codings().List(ctx, space, q, models.Page{Limit: limit - len(out.Items), Cursor: at.Inner})
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, page.Items...)
		if at.Inner = page.Next; len(out.Items) == limit && (at.Inner != "" || i+1 < len(spots)) {
			out.Next, err = at.seal()
			return out, err
		}
	}
	return out, nil
}

// placeOrder compares spots of a project.
func (s *Service) placeOrder(ctx context.Context, space models.ID) (func(a, b spot) int, error) {
	sites, err := s.store.Sites().All(ctx, space, Query{}, models.MaxSites)
	slices.SortFunc(sites, func(a, b *models.Site) int {
		return cmp.Or(strings.Compare(Fold(a.Name), Fold(b.Name)), strings.Compare(string(a.ID), string(b.ID)))
	})
	rank := make(map[models.ID]int, len(sites))
	for i, site := range sites {
		rank[site.ID] = i - len(sites)
	}
	return func(a, b spot) int {
		return cmp.Or(
			cmp.Compare(rank[a.Site], rank[b.Site]),
			cmp.Compare(dayOrLast(a.Day), dayOrLast(b.Day)),
			strings.Compare(string(a.Note), string(b.Note)),
		)
	}, err
}

func dayOrLast(d models.Date) models.Date { return cmp.Or(d, "~") }

func (at spot) seal() (string, error) {
	b, err := json.Marshal(at)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// openSpot reads a cursor; nil if there is none.
func openSpot(cursor string) (*spot, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // a list begins without one
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, errPlaceCursor.Because(err)
	}
	var at spot
	if err := json.Unmarshal(b, &at); err != nil || at.Note == "" {
		return nil, errPlaceCursor
	}
	return &at, nil
}
