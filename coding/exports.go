package coding

import (
	"context"
	"slices"
	"strings"

	"feltbog/models"
)

// ExportedCoding is a coding with everything of it that a file holds, in words rather than ids.
type ExportedCoding struct {
	*models.Coding
	Note         *models.Note
	Site         string
	Participants []string // pseudonyms
	Coder        string
	CodePath     string
	Memos        []string // on the coding: shared ones, and the exporter's own
	Comments     []string // in the thread on the coding, each with its author's name
}

// ExportedNote is a note with its words.
type ExportedNote struct {
	*models.Note
	Site         string
	Observer     string
	Participants []string // pseudonyms
	Text         string
}

// ExportedCode is a code with its place in the codebook.
type ExportedCode struct {
	*models.Code
	Path      string
	ParentKey string
	Codings   int // with this code itself, on notes that the exporter may see
}

// exportPage is how many records an export holds at once.
const exportPage = 500

// pathSeparator stands between the names of a code and those above it.
const pathSeparator = " / "

// ExportCodings gives every coding that the filter selects and the actor may read to each, the newest
// first, a page at a time. Rights are asked for every page, and what is made meanwhile is left out.
// An error of each ends it and is returned.
func (s *Service) ExportCodings(ctx context.Context, actor models.Actor, space models.ID, f CodingFilter, each func(ExportedCoding) error) error {
	var v sight
	list := func(m *models.Member, p models.Page) (models.List[*models.Coding], error) {
		var err error
		if v, err = s.sight(ctx, m); err != nil { // anew for every page, as a round may go blind meanwhile
			return models.List[*models.Coding]{}, err
		}
		q, err := s.codingQuery(ctx, v, space, f)
		if err != nil {
			return models.List[*models.Coding]{}, err
		}
		return s.store.Codings().List(ctx, space, q, p)
	}
	return eachPage(ctx, s, actor, space, list, func(page []*models.Coding) error {
		rows, err := s.exportCodings(ctx, v, space, f.Layer, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExportNotes gives every note that the actor may read to each, in the order they were made: of
// drafts only the actor's own.
func (s *Service) ExportNotes(ctx context.Context, actor models.Actor, space models.ID, each func(ExportedNote) error) error {
	q := Query{Where: Where{}, Viewer: actor.Viewer()}
	list := func(_ *models.Member, p models.Page) (models.List[*models.Note], error) {
		return s.store.Notes().List(ctx, space, q, p)
	}
	return eachPage(ctx, s, actor, space, list, func(page []*models.Note) error {
		known, err := s.surroundings(ctx, space, page, nil)
		if err != nil {
			return err
		}
		for _, n := range page {
			// Past the cache: an export would drive out of it what people are reading.
			t, err := s.store.Text(ctx, n.ID, n.TextVersion)
			if isNotFound(err) {
				continue // purged meanwhile
			}
			if err != nil {
				return err
			}
			row := ExportedNote{Note: n, Site: known.sites[n.SiteID], Observer: known.users[n.ObserverID], Participants: known.pseudonyms(n), Text: t.Text}
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExportCodebook gives the codes to each, every code before those beneath it. Codes that were merged
// into others are left out.
func (s *Service) ExportCodebook(ctx context.Context, actor models.Actor, space models.ID, each func(ExportedCode) error) error {
	all, err := s.Codes(ctx, actor, space)
	if err != nil {
		return err
	}
	usage, err := s.CodebookUsage(ctx, actor, space, models.LayerOpen)
	if err != nil {
		return err
	}
	counts := map[models.ID]int{}
	for _, u := range usage {
		counts[u.CodeID] += u.Count
	}
	paths, byID := codePaths(all), map[models.ID]*models.Code{}
	beneath := map[models.ID][]*models.Code{}
	for _, c := range all {
		byID[c.ID] = c
	}
	for _, c := range all {
		above := c.ParentID
		if byID[above] == nil {
			above = ""
		}
		beneath[above] = append(beneath[above], c)
	}
	var walk func(above models.ID, key string) error
	walk = func(above models.ID, key string) error {
		for _, c := range beneath[above] {
			if c.MergedInto == "" {
				if err := each(ExportedCode{Code: c, Path: paths[c.ID], ParentKey: key, Codings: counts[c.ID]}); err != nil {
					return err
				}
			}
			if err := walk(c.ID, c.Key); err != nil {
				return err
			}
		}
		return nil
	}
	return walk("", "")
}

// eachPage goes through a list page by page, for as long as the actor may read the project.
func eachPage[R models.Record](ctx context.Context, s *Service, actor models.Actor, space models.ID,
	list func(*models.Member, models.Page) (models.List[R], error), each func([]R) error,
) error {
	for p := (models.Page{Limit: exportPage}); ; {
		m, err := s.reader(ctx, actor, space)
		if err != nil {
			return err
		}
		page, err := list(m, p)
		if err != nil {
			return err
		}
		if err := each(page.Items); err != nil {
			return err
		}
		if page.Next == "" {
			return nil
		}
		p.Cursor = page.Next
	}
}

func (s *Service) exportCodings(ctx context.Context, v sight, space models.ID, layer models.Layer, page []*models.Coding) ([]ExportedCoding, error) {
	notes, err := s.headings(ctx, space, page)
	if err != nil {
		return nil, err
	}
	page = slices.DeleteFunc(page, func(c *models.Coding) bool {
		n := notes[c.NoteID]
		return n == nil || !v.hears(n.Scope().Audience) // put into the bin meanwhile
	})
	coders := make([]models.ID, len(page))
	about := make([]*models.Note, len(page))
	for i, c := range page {
		coders[i], about[i] = c.CoderID, notes[c.NoteID]
	}
	known, err := s.surroundings(ctx, space, about, coders)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Codes().All(ctx, space, Query{}, models.MaxCodes)
	if err != nil {
		return nil, err
	}
	paths := codePaths(all)
	memos, err := s.codingMemos(ctx, v, space, layer, page)
	if err != nil {
		return nil, err
	}
	threads, err := s.codingComments(ctx, v, space, layer, page)
	if err != nil {
		return nil, err
	}
	rows := make([]ExportedCoding, len(page))
	for i, c := range page {
		n := notes[c.NoteID]
		rows[i] = ExportedCoding{
			Coding: c, Note: n, Site: known.sites[n.SiteID], Participants: known.pseudonyms(n),
			Coder: known.users[c.CoderID], CodePath: paths[c.CodeID], Memos: memos[c.ID], Comments: threads[c.ID],
		}
	}
	return rows, nil
}

// codingMemos gives the memos on codings of a layer that the viewer may read, the oldest first.
func (s *Service) codingMemos(ctx context.Context, v sight, space models.ID, layer models.Layer, codings []*models.Coding) (map[models.ID][]string, error) {
	out := map[models.ID][]string{}
	if len(codings) == 0 {
		return out, nil
	}
	ids := make([]models.ID, len(codings))
	for i, c := range codings {
		ids[i] = c.ID
	}
	q := v.older(layer, Query{Where: Where{"target.id": ids}, Viewer: v.who(), Order: []string{"target.id"}}) // as its index goes
	for p := (models.Page{Limit: models.MaxPageSize}); ; {
		found, err := s.store.Memos().List(ctx, space, q, p)
		if err != nil {
			return nil, err
		}
		for _, m := range found.Items {
			out[m.Target.ID] = append(out[m.Target.ID], m.Text)
		}
		if found.Next == "" {
			return out, nil
		}
		p.Cursor = found.Next
	}
}

// surroundings are the names of what notes and codings refer to by id.
type surroundings struct {
	sites        map[models.ID]string
	participants map[models.ID]string
	users        map[models.ID]string
}

func (s *Service) surroundings(ctx context.Context, space models.ID, notes []*models.Note, users []models.ID) (surroundings, error) {
	known := surroundings{sites: map[models.ID]string{}, participants: map[models.ID]string{}}
	var people []models.ID
	for _, n := range notes {
		people, users = append(people, n.ParticipantIDs...), append(users, n.ObserverID)
	}
	sites, err := s.store.Sites().All(ctx, space, Query{}, models.MaxSites)
	if err != nil {
		return known, err
	}
	for _, site := range sites {
		known.sites[site.ID] = site.Name
	}
	if people = distinct(people); len(people) > 0 {
		found, err := s.store.Participants().All(ctx, space, Query{Where: Where{"_id": people}}, len(people))
		if err != nil {
			return known, err
		}
		for _, p := range found {
			known.participants[p.ID] = p.Pseudonym
		}
	}
	known.users, err = s.called(ctx, space, users)
	return known, err
}

func distinct(ids []models.ID) []models.ID {
	ids = append([]models.ID{}, ids...)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// pseudonyms gives the participants of a note that are still there.
func (k surroundings) pseudonyms(n *models.Note) []string {
	var out []string
	for _, id := range n.ParticipantIDs {
		if p, ok := k.participants[id]; ok {
			out = append(out, p)
		}
	}
	return out
}

// codePaths gives for each code its name behind the names of those above it.
func codePaths(all []*models.Code) map[models.ID]string {
	byID := make(map[models.ID]*models.Code, len(all))
	for _, c := range all {
		byID[c.ID] = c
	}
	paths := make(map[models.ID]string, len(all))
	for _, c := range all {
		var steps []string
		for at := c; at != nil && len(steps) <= len(all); at = byID[at.ParentID] {
			steps = append(steps, at.Name)
		}
		slices.Reverse(steps)
		paths[c.ID] = strings.Join(steps, pathSeparator)
	}
	return paths
}
