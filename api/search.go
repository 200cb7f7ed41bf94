package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/models"
)

// found is one page of what a search found.
type found struct {
	Items []coding.Hit `json:"items"`
	// Total and Facets count all hits, not just those of the page.
	Total  int           `json:"total"`
	Facets coding.Facets `json:"facets"`
	Next   *string       `json:"next"`
}

// GET /projects/:project/search finds passages, memos, comments and codes by their words and by what they carry.
// A filter that stands several times takes hits of any of its values, but ?code= of all of them.
func (s *server) search(c *gin.Context) error {
	q := parameters(c, append([]string{"type", "layer", "limit", "cursor"}, searchNames...)...)
	asked := searchOf(q)
	asked.Layer = q.layer()
	asked.Types = wordsOf[coding.HitType](q, "type")
	page := s.pageOf(c, q, coding.DefaultHits, coding.MaxHits)
	asked.Limit, asked.Cursor = page.Limit, page.Cursor
	if err := q.done(); err != nil {
		return err
	}
	hits, err := s.coding.Search(c.Request.Context(), actor(c), space(c), asked)
	if err != nil {
		return repoint(err, searchPointers)
	}
	next, err := s.sealCursor(c, hits.Next)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, found{hits.Items, hits.Total, counted(hits.Facets), next})
}

// GET /projects/:project/search/candidates finds where a code could be put by a search: on whole
// passages, or on the words that matched. What is chosen of it is put with POST …/codings/batch.
func (s *server) listCandidates(c *gin.Context) error {
	q := parameters(c, append([]string{"put", "extent"}, searchNames...)...)
	asked := coding.CandidateRequest{SearchRequest: searchOf(q), CodeID: q.id("put"), Extent: coding.Extent(q.one("extent"))}
	if asked.Extent == "" {
		asked.Extent = coding.ExtentPassage
	}
	if err := q.done(); err != nil {
		return err
	}
	candidates, err := s.coding.Candidates(c.Request.Context(), actor(c), space(c), asked)
	if err != nil {
		return repoint(err, searchPointers)
	}
	return answer(c, http.StatusOK, candidates)
}

// searchNames are the parameters that say what to look for, but for the type of it.
var searchNames = []string{
	"q", "site", "kind", "code", "codeAny", "codeNone", "coder", "participant", "attribute", "phase", "language", "from", "to", "order",
}

// searchPointers name the fields of a search as its parameters.
var searchPointers = map[string]string{
	"/types": "/type", "/sites": "/site", "/kinds": "/kind", "/codes": "/code", "/coders": "/coder", "/participants": "/participant",
	"/attributes": "/attribute", "/codeId": "/put",
}

// searchOf reads what to look for.
func searchOf(q *query) coding.SearchRequest {
	return coding.SearchRequest{
		Q: q.one("q"), Sites: q.ids("site"), Kinds: wordsOf[models.NoteKind](q, "kind"),
		AllCodes: q.ids("code"), AnyCodes: q.ids("codeAny"), NoCodes: q.ids("codeNone"),
		Coders: q.ids("coder"), Participants: q.ids("participant"), Attributes: q.all("attribute"), Phase: q.one("phase"), Language: q.one("language"),
		From: q.date("from"), To: q.date("to"), Order: coding.SearchOrder(q.one("order")),
	}
}

// counted writes a facet without values as one with none.
func counted(f coding.Facets) coding.Facets {
	for _, counts := range []*map[string]int{&f.Type, &f.Site, &f.Kind, &f.Code, &f.Coder, &f.Participant, &f.Phase, &f.Language} {
		if *counts == nil {
			*counts = map[string]int{}
		}
	}
	if f.Attributes == nil {
		f.Attributes = map[string]map[string]int{}
	}
	return f
}

// wordsOf reads a parameter that may be repeated, as words of a type.
func wordsOf[T ~string](q *query, name string) []T {
	var all []T
	for _, v := range q.all(name) {
		all = append(all, T(v))
	}
	return all
}
