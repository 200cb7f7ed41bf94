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

// GET /projects/:project/search finds passages, memos and codes by their words and by what they carry.
// A filter that stands several times takes hits of any of its values, but ?code= of all of them.
func (s *server) search(c *gin.Context) error {
	q := parameters(c, "q", "type", "site", "kind", "code", "codeAny", "codeNone", "coder", "participant",
		"phase", "language", "from", "to", "order", "limit", "cursor")
	asked := coding.SearchRequest{
		Q: q.one("q"), Types: wordsOf[coding.HitType](q, "type"), Sites: q.ids("site"), Kinds: wordsOf[models.NoteKind](q, "kind"),
		AllCodes: q.ids("code"), AnyCodes: q.ids("codeAny"), NoCodes: q.ids("codeNone"),
		Coders: q.ids("coder"), Participants: q.ids("participant"), Phase: q.one("phase"), Language: q.one("language"),
		From: q.date("from"), To: q.date("to"), Order: coding.SearchOrder(q.one("order")),
	}
	page := s.pageOf(c, q, coding.DefaultHits, coding.MaxHits)
	asked.Limit, asked.Cursor = page.Limit, page.Cursor
	if err := q.done(); err != nil {
		return err
	}
	hits, err := s.coding.Search(c.Request.Context(), actor(c), space(c), asked)
	if err != nil {
		return repoint(err, map[string]string{"/types": "/type", "/sites": "/site", "/kinds": "/kind", "/codes": "/code", "/coders": "/coder", "/participants": "/participant"})
	}
	next, err := s.sealCursor(c, hits.Next)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, found{hits.Items, hits.Total, counted(hits.Facets), next})
}

// counted writes a facet without values as one with none.
func counted(f coding.Facets) coding.Facets {
	for _, counts := range []*map[string]int{&f.Type, &f.Site, &f.Kind, &f.Code, &f.Coder, &f.Participant, &f.Phase, &f.Language} {
		if *counts == nil {
			*counts = map[string]int{}
		}
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
