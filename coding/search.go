package coding

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"feltbog/models"
)

// HitType says what a search found.
type HitType string

// What can be found: a piece of a note's text, a memo, a comment on a coding, or a code by its name and
// definition.
const (
	HitPassage HitType = "passage"
	HitMemo    HitType = "memo"
	HitComment HitType = "comment"
	HitCode    HitType = "code"
)

// HitTypes lists what can be found.
func HitTypes() []HitType { return []HitType{HitPassage, HitMemo, HitComment, HitCode} }

// SearchOrder is the order of hits. By date, those without one come last.
type SearchOrder string

// The orders of hits.
const (
	OrderRelevance SearchOrder = "relevance"
	OrderNewest    SearchOrder = "-observedOn"
	OrderOldest    SearchOrder = "observedOn"
)

// Limits of a page of hits, and of the values of one filter.
const (
	DefaultHits     = 20
	MaxHits         = 200
	maxFilterValues = 500
)

// SearchRequest says what to look for. Empty fields leave nothing out. A hit has to be of one of the
// types, sites, kinds, coders and participants named; a site stands for itself and all within it, a
// code for itself and its sub-codes. Where coders are named with codes, it is they who must have put
// (or, with NoCodes, not have put) the codes.
type SearchRequest struct {
	Q            string            `json:"q"` // in the language of ParseQuery
	Types        []HitType         `json:"types"`
	Sites        []models.ID       `json:"sites"`
	Kinds        []models.NoteKind `json:"kinds"`
	AllCodes     []models.ID       `json:"allCodes"` // each of them
	AnyCodes     []models.ID       `json:"anyCodes"` // at least one of them
	NoCodes      []models.ID       `json:"noCodes"`  // none of them
	Coders       []models.ID       `json:"coders"`
	Participants []models.ID       `json:"participants"`
	Attributes   []string          `json:"attributes"` // of the note: each an id, a colon and a value
	Phase        string            `json:"phase"`
	Language     string            `json:"language"`
	Layer        models.Layer      `json:"layer"` // whose codings, memos and comments are searched: the open one, or a revealed round
	From         models.Date       `json:"from"`  // of the observation, inclusively
	To           models.Date       `json:"to"`
	Order        SearchOrder       `json:"order"`
	Limit        int               `json:"limit"` // 1 to MaxHits; DefaultHits if 0
	// Cursor is the Next of the page before, of the same request.
	Cursor string `json:"-"`
	// OwnOnly leaves out what is shared, so that only what is for the viewer's audience alone is found.
	OwnOnly bool `json:"-"`
}

// Hit is something found. Of a passage, Start and End are code points in the note's text, and so are
// the Marks, [start, end) of what matched; of all else they count in Text. That of a comment has its
// mentions as they are written, and none of them matches anything.
type Hit struct {
	Type       HitType          `json:"type"`
	NoteID     models.ID        `json:"noteId,omitempty"`
	MemoID     models.ID        `json:"memoId,omitempty"`
	CommentID  models.ID        `json:"commentId,omitempty"`
	CodingID   models.ID        `json:"codingId,omitempty"` // of a comment: whose thread it is in
	AuthorID   models.ID        `json:"authorId,omitempty"` // of a comment
	CodeID     models.ID        `json:"codeId,omitempty"`
	Target     *models.Target   `json:"target,omitempty"` // of a memo: what it is about
	Start      int              `json:"start"`
	End        int              `json:"end"`
	Text       string           `json:"text"`
	Marks      [][2]int         `json:"marks"`
	Near       bool             `json:"near"`  // something asked for is there in a near spelling only
	Codes      []models.ID      `json:"codes"` // on the passage, in the layer that is searched
	Title      string           `json:"title"` // of the note, or the name of the code
	Kind       models.NoteKind  `json:"kind,omitempty"`
	SiteID     models.ID        `json:"siteId,omitempty"`
	ObservedOn models.Date      `json:"observedOn,omitempty"`
	Language   string           `json:"language,omitempty"`
	Block      int              `json:"block,omitempty"` // the block's number in the note, from 1
	BlockKind  models.BlockKind `json:"blockKind,omitempty"`
	Speaker    string           `json:"speaker,omitempty"`
}

// Facets count all hits of a search, not just those of the page, by what they carry: by id, or by the
// word itself.
type Facets struct {
	Type        map[string]int `json:"type"`
	Site        map[string]int `json:"site"`
	Kind        map[string]int `json:"kind"`
	Code        map[string]int `json:"code"`
	Coder       map[string]int `json:"coder"`
	Participant map[string]int `json:"participant"`
	Phase       map[string]int `json:"phase"`
	Language    map[string]int `json:"language"`
	// Attributes count the values of each attribute that is a text, a choice or true or false, by its id.
	Attributes map[string]map[string]int `json:"attributes"`
}

// SearchPage is one page of hits. Total and Facets count all of them; the index runs up to a second
// behind the store, so they may count a hit that is gone already, which Items leave out.
type SearchPage struct {
	Items  []Hit  `json:"items"`
	Total  int    `json:"total"`
	Facets Facets `json:"facets"`
	Next   string `json:"next"` // empty on the last page
}

// Index finds passages, memos, comments and codes. It runs behind the store by up to a second, and holds copies
// of what it finds, so its hits have to be compared with the store. An index that doesn't answer is
// models.KindUnavailable.
type Index interface {
	Find(ctx context.Context, q IndexQuery) (IndexPage, error)
}

// IndexQuery asks for one page of what a viewer may find in a space: what is shared, and what is for their
// audience alone: a member's own drafts and private memos, or the notes of a guest's submission.
type IndexQuery struct {
	SpaceID  models.ID
	Audience models.ID // empty for what is shared alone
	OwnOnly  bool      // leaves out what is shared
	// Layer is the one whose codings, memos and comments are found, filtered by and counted; what hangs on
	// the notes Veiled isn't.
	Layer  models.Layer
	Veiled []models.ID
	Terms  []Term
	Filter IndexFilter
	// Counted are the attributes whose values are to be counted.
	Counted []models.ID
	Order   SearchOrder
	Limit   int
	After   IndexPlace
}

// IndexFilter selects hits; empty fields leave nothing out. AllCodes asks for at least one code of each
// group.
type IndexFilter struct {
	Types        []HitType
	Sites        []models.ID
	Kinds        []models.NoteKind
	AllCodes     [][]models.ID
	NoCodes      []models.ID
	Coders       []models.ID
	Participants []models.ID
	Attributes   []AttributeFilter
	Phase        string
	Language     string
	From, To     models.Date
}

// IndexPlace is a place in a list of hits: how many of the shared and how many of the viewer's own come
// before it.
type IndexPlace struct {
	Shared int `json:"s"`
	Own    int `json:"o"`
}

// IndexPage is a page of hits. More says that others come after Next.
type IndexPage struct {
	Hits   []IndexHit
	Total  int
	Facets Facets
	Next   IndexPlace
	More   bool
}

// IndexHit is a hit as the index remembers it. Version is that of the note's text, or of the memo,
// comment or code; Spans are bytes [start, end) in Fold(Text), and NearSpans those among them whose words aren't
// spelt as they were asked for. Near says that something asked for is among NearSpans alone.
type IndexHit struct {
	Type       HitType
	NoteID     models.ID
	MemoID     models.ID
	CommentID  models.ID
	CodeID     models.ID
	Version    int
	Start, End int
	Text       string
	Spans      [][2]int
	NearSpans  [][2]int
	Near       bool
	Codes      []models.ID
	Block      int
	BlockKind  models.BlockKind
	Speaker    string
}

// Search finds passages, memos, comments and codes that the actor may see. It returns Invalid for a request that
// makes no sense, Malformed (cursor_malformed) for a cursor of another request, and Unavailable
// (search_unavailable) while the index doesn't answer.
func (s *Service) Search(ctx context.Context, actor models.Actor, space models.ID, r SearchRequest) (SearchPage, error) {
	// The index is asked while the store is asked whether it may be: together they take no longer than one.
	var v sight
	var found IndexPage
	var next string
	var err, refused error
	s.together(ctx,
		func() { _, refused = s.reader(ctx, actor, space) },
		func() { v, found, next, err = s.find(ctx, actor, space, r) })
	if err := models.First(refused, err); err != nil {
		return SearchPage{}, err
	}
	page := SearchPage{Total: found.Total, Facets: found.Facets, Next: next}
	page.Items, err = s.verify(ctx, v, space, r.Layer, found.Hits)
	return page, err
}

// find asks the index, and gives the cursor of the next page. What the viewer sees is as of a member
// without a role, which is enough for a search: nobody's role lets them find more.
func (s *Service) find(ctx context.Context, actor models.Actor, space models.ID, r SearchRequest) (v sight, found IndexPage, next string, err error) {
	if err := r.check(); err != nil {
		return v, found, "", err
	}
	q := IndexQuery{SpaceID: space, Audience: actor.Viewer().Audience(), OwnOnly: r.OwnOnly, Layer: r.Layer.OrOpen(), Order: r.Order, Limit: r.Limit}
	bound := r.bound(space, actor.Viewer().Audience())
	if q.Terms, err = ParseQuery(r.Q); err != nil {
		return v, found, "", err
	}
	if q.After, err = openPlace(r.Cursor, bound); err != nil {
		return v, found, "", err
	}
	var failed error
	s.together(ctx, func() {
		v, failed = s.glance(ctx, &models.Member{Head: models.Head{SpaceID: space}, UserID: actor.UserID, Guest: actor.Guest})
	}, func() {
		if q.Filter, err = s.indexFilter(ctx, space, r); err == nil {
			q.Filter.Attributes, q.Counted, err = s.indexAttributes(ctx, space, r)
		}
	})
	if err := models.First(err, failed); err != nil {
		return v, found, "", err
	}
	if q.Layer.Open() {
		q.Veiled = v.veiled
	} else if !slices.Contains(v.revealed, q.Layer) {
		return v, found, "", models.Conflict("round_not_revealed", "The codings of a round can be searched once it is revealed.")
	}
	if found, err = s.index.Find(ctx, q); err != nil {
		return v, found, "", fmt.Errorf("search %s: %w", space, err)
	}
	if found.More {
		next = sealPlace(found.Next, bound)
	}
	return v, found, next, nil
}

// check refuses what makes no sense and fills in what was left out.
func (r *SearchRequest) check() error {
	for pointer, n := range map[string]int{
		"/types": len(r.Types), "/sites": len(r.Sites), "/kinds": len(r.Kinds), "/coders": len(r.Coders), "/participants": len(r.Participants),
		"/attributes": len(r.Attributes),
		"/codes":      len(r.AllCodes) + len(r.AnyCodes) + len(r.NoCodes),
	} {
		if n > maxFilterValues {
			return models.Invalid("filter_too_long", fmt.Sprintf("A filter may have %d values.", maxFilterValues), models.Field{Pointer: pointer, Problem: "too many"})
		}
	}
	if r.Limit == 0 {
		r.Limit = DefaultHits
	}
	if r.Limit < 1 || r.Limit > MaxHits {
		return models.Invalid("limit_out_of_range", fmt.Sprintf("A page has 1 to %d hits.", MaxHits), models.Field{Pointer: "/limit", Problem: "out of range"})
	}
	if r.Order == "" {
		r.Order = OrderRelevance
	}
	for _, kind := range r.Kinds {
		if err := models.OneOf(kind, models.NoteKinds(), "kind_unknown", "/kinds"); err != nil {
			return err
		}
	}
	for _, t := range r.Types {
		if err := models.OneOf(t, HitTypes(), "type_unknown", "/types"); err != nil {
			return err
		}
	}
	return models.First(models.CleanLabel(&r.Phase, "/phase"), models.CleanLabel(&r.Language, "/language"), checkAttributeFilters(r.Attributes),
		models.OneOf(r.Order, []SearchOrder{OrderRelevance, OrderNewest, OrderOldest}, "order_unknown", "/order"))
}

// indexAttributes reads the filters by attributes, and says which attributes are worth counting.
func (s *Service) indexAttributes(ctx context.Context, space models.ID, r SearchRequest) (filters []AttributeFilter, counted []models.ID, err error) {
	p, err := s.store.Projects().Find(ctx, space, space)
	if isNotFound(err) {
		return nil, nil, hide(err)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, a := range p.Attributes {
		if a.Type != models.AttributeNumber && a.Type != models.AttributeDate {
			counted = append(counted, a.ID)
		}
	}
	filters, err = attributeFilters(p.Attributes, r.Attributes)
	return filters, counted, err
}

// indexFilter puts sub-sites beside their sites and sub-codes beside their codes. A code that was merged
// away stands for the one it was merged into.
func (s *Service) indexFilter(ctx context.Context, space models.ID, r SearchRequest) (IndexFilter, error) {
	f := IndexFilter{
		Types: r.Types, Kinds: r.Kinds, Coders: r.Coders, Participants: r.Participants,
		Phase: r.Phase, Language: r.Language, From: r.From, To: r.To,
	}
	var err error
	if len(r.Sites) > 0 {
		if f.Sites, err = s.sitesWithin(ctx, space, r.Sites...); err != nil {
			return f, err
		}
	}
	if len(r.AllCodes)+len(r.AnyCodes)+len(r.NoCodes) == 0 {
		return f, nil
	}
	all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
	if err != nil {
		return f, err
	}
	parents, merged := make(map[models.ID]models.ID, len(all)), map[models.ID]models.ID{}
	for _, c := range all {
		parents[c.ID] = c.ParentID
		if c.MergedInto != "" {
			merged[c.ID] = c.MergedInto
		}
	}
	tree := NewTree(parents)
	within := func(ids []models.ID) []models.ID {
		var out []models.ID
		for _, id := range ids {
			for range len(merged) {
				if into, ok := merged[id]; ok {
					id = into
				}
			}
			out = append(out, id)
		}
		return tree.Within(out...)
	}
	for _, id := range r.AllCodes {
		f.AllCodes = append(f.AllCodes, within([]models.ID{id}))
	}
	if len(r.AnyCodes) > 0 {
		f.AllCodes = append(f.AllCodes, within(r.AnyCodes))
	}
	if len(r.NoCodes) > 0 {
		f.NoCodes = within(r.NoCodes)
	}
	return f, nil
}

// bound is what ties a cursor to a request.
func (r *SearchRequest) bound(space, audience models.ID) string {
	b, err := json.Marshal(struct {
		SearchRequest
		Space, Audience models.ID
	}{*r, space, audience})
	if err != nil {
		panic(fmt.Sprintf("search request: %v", err)) // strings and numbers always marshal
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// placeCursor is a cursor before it is made opaque.
type placeCursor struct {
	IndexPlace
	Bound string `json:"b"`
}

func sealPlace(p IndexPlace, bound string) string {
	b, err := json.Marshal(placeCursor{p, bound})
	if err != nil {
		panic(fmt.Sprintf("cursor: %v", err)) // strings and numbers always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func openPlace(cursor, bound string) (IndexPlace, error) {
	if cursor == "" {
		return IndexPlace{}, nil
	}
	var p placeCursor
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	const most = 1 << 30
	if err != nil || p.Bound != bound || p.Shared < 0 || p.Own < 0 || p.Shared > most || p.Own > most {
		return IndexPlace{}, models.Malformed("cursor_malformed", "This cursor isn't one we gave for this search. Begin again without it.", models.Field{Pointer: "/cursor", Problem: "malformed"}).Because(err)
	}
	return p.IndexPlace, nil
}
