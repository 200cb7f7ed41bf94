package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"feltbog/coding"
	"feltbog/models"
)

// The fields that a facet counts, and how a hit is read.
var (
	facetFields = []string{"type", "siteId", "kind", "participantIds", "phase", "language"}
	hitFields   = []string{"type", "noteId", "memoId", "commentId", "codeId", "version", "start", "end", "block", "blockKind", "speaker", "text", "day"}
)

// hit is a document as a search gives it.
type hit struct {
	document
	Matches struct {
		Fold []struct {
			Start  int `json:"start"`
			Length int `json:"length"`
		} `json:"fold"`
	} `json:"_matchesPosition"` //nolint:tagliatelle // the engine's own name
	Score float64 `json:"_rankingScore"` //nolint:tagliatelle // the engine's own name
}

// Find gives one page of hits. Where the viewer has an index of their own, both are asked for as many
// hits as the page holds, and the better ones are taken: the engine's own way to search several
// indexes at once only estimates how many hits there are.
func (x *Index) Find(ctx context.Context, q coding.IndexQuery) (coding.IndexPage, error) {
	limited, cancel := context.WithTimeout(ctx, searchDeadline)
	defer cancel()
	shared, own, hasOwn := x.uid(target{space: q.SpaceID}), "", false
	if q.OwnOnly {
		shared = ""
	}
	if q.Audience != "" {
		var err error
		own = x.uid(target{q.SpaceID, q.Audience})
		if hasOwn, err = x.hasOwn(limited, own); err != nil {
			return coding.IndexPage{}, unavailable(ctx, err)
		}
	}
	page, err := x.find(limited, q, shared, own, hasOwn)
	if unsettled(err) {
		x.forget(own)
		page, err = x.findWhatIsMade(limited, q, shared, own)
	}
	if err != nil {
		return page, unavailable(ctx, err)
	}
	return page, nil
}

// unsettled says whether a search failed because an index isn't there (yet, or no more), or is there
// without its settings: it gets them after it was made.
func unsettled(err error) bool {
	switch codeOf(err) {
	case notFound, "invalid_search_filter", "invalid_search_facets", "invalid_search_sort":
		return true
	}
	return false
}

// findWhatIsMade searches those of the two indexes that the store says were made with their settings. A
// space without one has nothing to find yet. One that was made and doesn't answer was lost, unless it
// was removed or replaced just then, which a second look tells.
func (x *Index) findWhatIsMade(ctx context.Context, q coding.IndexQuery, shared, own string) (coding.IndexPage, error) {
	const looks, pause = 3, 50 * time.Millisecond
	for look := 1; ; look++ {
		entries, err := x.store.IndexEntries(ctx, q.SpaceID)
		if err != nil {
			return coding.IndexPage{}, fmt.Errorf("find the indexes of %s: %w", q.SpaceID, err)
		}
		made := map[string]bool{}
		for _, e := range entries {
			made[e.UID] = true
		}
		if !made[shared] && !made[own] {
			return coding.IndexPage{Facets: noFacets()}, nil
		}
		uid := shared
		if !made[shared] {
			uid = ""
		}
		page, err := x.find(ctx, q, uid, own, made[own])
		if err == nil || !unsettled(err) || look == looks {
			return page, err
		}
		select {
		case <-ctx.Done():
			return page, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// hasOwn says whether an author's index exists.
func (x *Index) hasOwn(ctx context.Context, uid string) (bool, error) {
	const belief = 250 * time.Millisecond // less than it takes to make an index
	x.mu.Lock()
	known, ok := x.own[uid]
	x.mu.Unlock()
	if ok && (known.exists || time.Since(known.at) < belief) {
		return known.exists, nil
	}
	exists, err := x.exists(ctx, uid)
	if err != nil {
		return false, err
	}
	x.learn(uid, exists)
	return exists, nil
}

// learn remembers whether an author's index exists.
func (x *Index) learn(uid string, exists bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.own) > 10_000 {
		clear(x.own)
	}
	x.own[uid] = existence{exists, time.Now()}
}

func (x *Index) forget(uid string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.own, uid)
}

// source is a list of hits in one index, from a place on.
type source struct {
	uid   string
	after int
	pages []int64
	hits  []hit
	total int
}

// find searches one or two indexes with one request.
func (x *Index) find(ctx context.Context, q coding.IndexQuery, shared, own string, hasOwn bool) (coding.IndexPage, error) {
	var sources []*source
	if shared != "" {
		sources = append(sources, &source{uid: shared, after: q.After.Shared})
	}
	if hasOwn {
		sources = append(sources, &source{uid: own, after: q.After.Own})
	}
	if len(sources) == 0 {
		return coding.IndexPage{Facets: noFacets()}, nil
	}
	base := request(q, len(sources) > 1)
	var all meilisearch.MultiSearchRequest
	for _, s := range sources {
		// Totals are exact only where pages are asked for, and a place needn't be where a page begins.
		s.pages = []int64{int64(s.after/q.Limit) + 1}
		if s.after%q.Limit != 0 {
			s.pages = append(s.pages, s.pages[0]+1)
		}
		for i, page := range s.pages {
			r := *base
			r.IndexUID, r.Page = s.uid, page
			if i > 0 {
				r.Facets = nil
			}
			all.Queries = append(all.Queries, &r)
		}
		if len(q.Veiled) > 0 {
			r := unveiled(q, base)
			r.IndexUID, r.Page = s.uid, 1
			all.Queries = append(all.Queries, r)
		}
	}
	response, err := x.engine.MultiSearchWithContext(ctx, &all)
	if err != nil {
		return coding.IndexPage{}, failed("search", err)
	}
	page := coding.IndexPage{Facets: noFacets()}
	answers := response.Results
	for _, s := range sources {
		n := len(s.pages)
		if len(q.Veiled) > 0 {
			n++
		}
		if len(answers) < n {
			return page, &engineError{doing: "search", cause: fmt.Errorf("%d answers too few", n-len(answers))}
		}
		if err := s.read(answers[:len(s.pages)], q, &page.Facets); err != nil {
			return page, err
		}
		if n > len(s.pages) {
			if err := count(&page.Facets, q.Layer, answers[n-1].FacetDistribution); err != nil {
				return page, err
			}
		}
		page.Total += s.total
		answers = answers[n:]
	}
	page.Next = q.After
	asked := spellingOf(q.Terms)
	for len(page.Hits) < q.Limit {
		s := better(sources, q.Order)
		if s == nil {
			break
		}
		page.Hits = append(page.Hits, s.hits[0].indexHit(asked, q.Layer))
		s.hits = s.hits[1:]
		s.after++
		if s.uid == shared {
			page.Next.Shared = s.after
		} else {
			page.Next.Own = s.after
		}
	}
	for _, s := range sources {
		page.More = page.More || (s.after < s.total && len(page.Hits) > 0)
	}
	return page, nil
}

// read takes in the answers to a source's pages.
func (s *source) read(answers []meilisearch.SearchResponse, q coding.IndexQuery, facets *coding.Facets) error {
	s.total = int(answers[0].TotalHits)
	for i := range answers {
		for _, raw := range answers[i].Hits {
			var h hit
			if err := decode(raw, &h); err != nil {
				return err
			}
			s.hits = append(s.hits, h)
		}
	}
	s.hits = s.hits[min(s.after%q.Limit, len(s.hits)):]
	return count(facets, q.Layer, answers[0].FacetDistribution)
}

// decode reads a hit.
func decode(raw meilisearch.Hit, h *hit) error {
	if err := raw.DecodeInto(h); err != nil {
		return &engineError{doing: "read a hit", cause: err}
	}
	return nil
}

// better gives the source whose next hit comes first, or nil when there are none left.
func better(sources []*source, order coding.SearchOrder) *source {
	var best *source
	for _, s := range sources {
		if len(s.hits) == 0 {
			continue
		}
		if best == nil || before(&s.hits[0], &best.hits[0], order) {
			best = s
		}
	}
	return best
}

// before compares two hits as the engine does.
func before(a, b *hit, order coding.SearchOrder) bool {
	if order != coding.OrderRelevance && dayOf(a) != dayOf(b) {
		switch {
		case dayOf(a) == 0 || dayOf(b) == 0:
			return dayOf(b) == 0
		case order == coding.OrderNewest:
			return dayOf(a) > dayOf(b)
		}
		return dayOf(a) < dayOf(b)
	}
	return a.Score > b.Score
}

func dayOf(h *hit) int {
	if h.Day == nil {
		return 0
	}
	return *h.Day
}

func (h *hit) indexHit(asked spelling, layer models.Layer) coding.IndexHit {
	out := coding.IndexHit{
		Type: h.Type, NoteID: h.NoteID, MemoID: h.MemoID, CommentID: h.CommentID, CodeID: h.CodeID, Version: h.Version, Start: h.Start, End: h.End,
		Text: h.Text, Codes: codesIn(h.Codings[string(layer)]), Block: h.Block, BlockKind: h.BlockKind, Speaker: h.Speaker,
	}
	for _, m := range h.Matches.Fold {
		out.Spans = append(out.Spans, [2]int{m.Start, m.Start + m.Length})
	}
	slices.SortFunc(out.Spans, func(a, b [2]int) int { return a[0] - b[0] })
	out.NearSpans, out.Near = asked.near(fold(h.Type, h.Text), out.Spans)
	return out
}

// request makes the part of a search that is the same for all indexes and pages.
func request(q coding.IndexQuery, scores bool) *meilisearch.SearchRequest {
	limit := int64(q.Limit)
	r := &meilisearch.SearchRequest{
		Query: coding.RenderQuery(q.Terms), HitsPerPage: &limit, MatchingStrategy: meilisearch.All,
		ShowMatchesPosition: true, ShowRankingScore: scores, Facets: slices.Clone(facetFields),
		AttributesToRetrieve: append(slices.Clone(hitFields), codingsIn(q.Layer)),
	}
	if len(q.Veiled) == 0 {
		r.Facets = append(r.Facets, codingsIn(q.Layer))
	}
	for _, id := range q.Counted {
		r.Facets = append(r.Facets, attributeField(id))
	}
	switch q.Order {
	case coding.OrderNewest:
		r.Sort = []string{"day:desc"}
	case coding.OrderOldest:
		r.Sort = []string{"day:asc"}
	case coding.OrderRelevance:
	}
	r.Filter = filter(q)
	return r
}

// unveiled makes the part of a search that counts codes and coders where some notes are veiled: over the
// same hits, but for those on these notes.
func unveiled(q coding.IndexQuery, base *meilisearch.SearchRequest) *meilisearch.SearchRequest {
	none := int64(0)
	r := *base
	r.HitsPerPage, r.Facets = &none, []string{codingsIn(q.Layer)}
	r.Filter = append(filter(q), home("NOT IN", q.Veiled))
	return &r
}

// home is a condition on the notes that documents are of.
func home(operator string, notes []models.ID) string {
	return "home " + operator + " [" + strings.Join(quoted(notes), ", ") + "]"
}

// filter writes what is asked for as conditions that must all hold.
func filter(q coding.IndexQuery) []string {
	f := q.Filter
	all := []string{saidIn(q.Layer, q.Veiled)}
	add := func(field string, values []string) {
		if len(values) > 0 {
			all = append(all, field+" IN ["+strings.Join(values, ", ")+"]")
		}
	}
	add("type", quoted(f.Types))
	add("siteId", quoted(f.Sites))
	add("kind", quoted(f.Kinds))
	add("participantIds", quoted(f.Participants))
	if f.Phase != "" {
		add("phase", quoted([]string{f.Phase}))
	}
	if f.Language != "" {
		add("language", quoted([]string{f.Language}))
	}
	if f.From != "" {
		all = append(all, fmt.Sprintf("day >= %d", day(f.From)))
	}
	if f.To != "" {
		all = append(all, fmt.Sprintf("day <= %d", day(f.To)))
	}
	for _, a := range f.Attributes {
		add(attributeField(a.ID), literals(a.Values...))
		for operator, bound := range map[string]any{">=": a.AtLeast, "<=": a.AtMost} {
			if bound != nil {
				all = append(all, attributeField(a.ID)+" "+operator+" "+literals(bound)[0])
			}
		}
	}
	return append(all, codedAs(q)...)
}

// saidIn leaves out memos and comments of other layers, and those on veiled notes.
func saidIn(layer models.Layer, veiled []models.ID) string {
	said := "layer = " + quoted([]models.Layer{layer})[0]
	if len(veiled) > 0 {
		said = "(" + said + " AND " + home("NOT IN", veiled) + ")"
	}
	return "type NOT IN [" + strings.Join(quoted([]coding.HitType{coding.HitMemo, coding.HitComment}), ", ") + "] OR " + said
}

// codedAs are the conditions on the codings of a layer. Veiled notes have none.
func codedAs(q coding.IndexQuery) []string {
	f, field := q.Filter, codingsIn(q.Layer)
	var all []string
	for _, group := range f.AllCodes {
		if values := by(f.Coders, group); len(values) > 0 {
			all = append(all, field+" IN ["+strings.Join(quoted(values), ", ")+"]")
		}
	}
	if len(f.AllCodes) == 0 && len(f.Coders) > 0 {
		coders := make([]string, len(f.Coders))
		for i, c := range f.Coders {
			coders[i] = coderValue(c)
		}
		all = append(all, field+" IN ["+strings.Join(quoted(coders), ", ")+"]")
	}
	if len(all) > 0 && len(q.Veiled) > 0 {
		all = append(all, home("NOT IN", q.Veiled))
	}
	if len(f.NoCodes) > 0 {
		without := field + " NOT IN [" + strings.Join(quoted(by(f.Coders, f.NoCodes)), ", ") + "]"
		if len(q.Veiled) > 0 {
			without += " OR " + home("IN", q.Veiled)
		}
		all = append(all, without)
	}
	return all
}

// by gives the values of codes, put by one of the coders if any are named.
func by(coders, codes []models.ID) []string {
	var values []string
	for _, code := range codes {
		if len(coders) == 0 {
			values = append(values, codeValue(code))
		}
		for _, coder := range coders {
			values = append(values, pairValue(coder, code))
		}
	}
	return values
}

// attributeField is the field that holds the values of an attribute.
func attributeField(id models.ID) string { return attributes + "." + string(id) }

// literals writes values of attributes as a filter has them.
func literals(values ...any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			out[i] = quoted([]string{strconv.FormatFloat(v, 'f', -1, 64)})[0]
		case bool:
			out[i] = strconv.FormatBool(v)
		default:
			out[i] = quoted([]string{fmt.Sprint(v)})[0]
		}
	}
	return out
}

// quoted writes values so that nothing in them is read as part of a filter.
func quoted[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(string(v)) + `"`
	}
	return out
}

func noFacets() coding.Facets {
	return coding.Facets{
		Type: map[string]int{}, Site: map[string]int{}, Kind: map[string]int{}, Code: map[string]int{}, Coder: map[string]int{},
		Participant: map[string]int{}, Phase: map[string]int{}, Language: map[string]int{},
		Attributes: map[string]map[string]int{},
	}
}

// count adds what the engine counted to facets.
func count(f *coding.Facets, layer models.Layer, distribution json.RawMessage) error {
	var counted map[string]map[string]int
	if err := json.Unmarshal(distribution, &counted); err != nil {
		return &engineError{doing: "read facets", cause: err}
	}
	into := map[string]map[string]int{
		"type": f.Type, "siteId": f.Site, "kind": f.Kind, "participantIds": f.Participant, "phase": f.Phase, "language": f.Language,
	}
	for field, counts := range into {
		for value, n := range counted[field] {
			counts[value] += n
		}
	}
	for field, counts := range counted {
		id, ok := strings.CutPrefix(field, attributes+".")
		if !ok {
			continue
		}
		if f.Attributes[id] == nil {
			f.Attributes[id] = map[string]int{}
		}
		for value, n := range counts {
			f.Attributes[id][value] += n
		}
	}
	for value, n := range counted[codingsIn(layer)] {
		if code, ok := strings.CutPrefix(value, codeMark); ok {
			f.Code[code] += n
		} else if coder, ok := strings.CutPrefix(value, coderMark); ok {
			f.Coder[coder] += n
		}
	}
	return nil
}
