package demo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/auth"
	"feltbog/coding"
	"feltbog/demo"
	"feltbog/local/enginetest"
	"feltbog/models"
	"feltbog/mongodb"
	"feltbog/teaching"
)

// noteCount is how many notes the study has.
const noteCount = 24

// coderCount is how many people coded them, studentCount how many are in the course.
const (
	coderCount   = 3
	studentCount = 10
)

// world is a database with the use cases over it. Nothing is searched, so it has no index.
type world struct {
	t        *testing.T
	service  *coding.Service
	teaching *teaching.Service
	accounts *auth.Service
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := mongodb.Open(t.Context(), enginetest.Mongo(t), enginetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.WithoutCancel(t.Context())) })
	accounts, err := auth.New(db, auth.Options{Secret: bytes.Repeat([]byte("feltbog "), 4)})
	if err != nil {
		t.Fatal(err)
	}
	desk := coding.New(db, nil, coding.Options{})
	return &world{t: t, service: desk, teaching: teaching.New(db, desk, nil), accounts: accounts}
}

// copied is a copy of the demo, read back whole.
type copied struct {
	project  *models.Project
	owner    models.ID
	members  map[models.ID]models.Role
	sites    map[models.ID]*models.Site
	people   []*models.Participant
	codes    map[models.ID]*models.Code
	notes    []*models.Note
	texts    map[models.ID]*models.Text
	codings  []*models.Coding
	memos    []*models.Memo
	links    []*models.Link
	personas []*models.User
	rounds   []*models.Round
	blind    []*models.Coding
	said     []*models.Memo
	threads  []*models.Comment
	class    *taught
}

// Demo loads a copy for somebody new.
func (w *world) Demo(email string) *copied {
	w.t.Helper()
	ctx := w.t.Context()
	user, _, err := w.accounts.CreateUser(ctx, auth.Operator(), auth.NewAccount{Email: email, Name: "Owner"})
	w.must(err)
	owner := models.Actor{UserID: user.ID}
	made := personas{Service: w.accounts}
	p, err := demo.Load(ctx, w.service, w.teaching, &made, owner)
	w.must(err)

	c := &copied{
		project: p, owner: user.ID, personas: made.users, members: map[models.ID]models.Role{},
		sites: map[models.ID]*models.Site{}, codes: map[models.ID]*models.Code{}, texts: map[models.ID]*models.Text{},
	}
	members, err := w.service.Members(ctx, owner, p.ID)
	w.must(err)
	for _, m := range members {
		c.members[m.UserID] = m.Role
	}
	whole := models.Page{Limit: models.MaxPageSize}
	sites, err := w.service.Sites(ctx, owner, p.ID, whole)
	w.must(err)
	for _, s := range sites.Items {
		c.sites[s.ID] = s
	}
	codes, err := w.service.Codes(ctx, owner, p.ID)
	w.must(err)
	for _, code := range codes {
		c.codes[code.ID] = code
	}
	people, err := w.service.Participants(ctx, owner, p.ID, "", whole)
	w.must(err)
	notes, err := w.service.Notes(ctx, owner, p.ID, coding.NoteFilter{}, whole)
	w.must(err)
	memos, err := w.service.Memos(ctx, owner, p.ID, "", "", models.LayerOpen, whole)
	w.must(err)
	links, err := w.service.Links(ctx, owner, p.ID, "", models.LayerOpen, whole)
	w.must(err)
	c.people, c.notes, c.memos, c.links = people.Items, notes.Items, memos.Items, links.Items
	for _, n := range c.notes {
		c.texts[n.ID], err = w.service.NoteText(ctx, owner, p.ID, n.ID, 0)
		w.must(err)
		codings, err := w.service.NoteCodings(ctx, owner, p.ID, n.ID, models.LayerOpen, whole)
		w.must(err)
		c.codings = append(c.codings, codings.Items...)
	}
	rounds, err := w.service.Rounds(ctx, owner, p.ID, whole)
	w.must(err)
	c.rounds = rounds.Items
	for _, r := range c.rounds {
		said, err := w.service.Memos(ctx, owner, p.ID, "", "", r.Layer(), whole)
		w.must(err)
		c.said = append(c.said, said.Items...)
		threads, err := w.service.Comments(ctx, owner, p.ID, r.Layer(), "", "", whole)
		w.must(err)
		c.threads = append(c.threads, threads.Items...)
		for _, id := range r.NoteIDs {
			codings, err := w.service.NoteCodings(ctx, owner, p.ID, id, r.Layer(), whole)
			w.must(err)
			c.blind = append(c.blind, codings.Items...)
		}
	}
	c.class = w.class(owner)
	return c
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// personas remembers who was made.
type personas struct {
	*auth.Service

	users []*models.User
	most  int // how many can be made, if it isn't 0
}

// CreatePersona makes a persona.
func (p *personas) CreatePersona(ctx context.Context, id models.ID, name, language string) (*models.User, error) {
	if p.most > 0 && len(p.users) == p.most {
		return nil, errors.New("nobody can be made any more")
	}
	u, err := p.Service.CreatePersona(ctx, id, name, language)
	p.users = append(p.users, u)
	return u, err
}

// organisation is the site that a site lies in and that lies in no other.
func (c *copied) organisation(site models.ID) string {
	for c.sites[site].ParentID != "" {
		site = c.sites[site].ParentID
	}
	return c.sites[site].Name
}

// topKey is the key of the code that a code lies beneath and that lies beneath no other.
func (c *copied) topKey(code models.ID) string {
	for c.codes[code].ParentID != "" {
		code = c.codes[code].ParentID
	}
	return c.codes[code].Key
}

// prose is everything that somebody wrote for the study, by where it stands. The six codes are the
// template's.
func (c *copied) prose() map[string]string {
	all := map[string]string{"project": c.project.Description}
	for _, s := range c.sites {
		all["site "+s.Name] = s.Description
	}
	for _, p := range c.people {
		all["participant "+p.Pseudonym] = p.Description
	}
	for _, code := range c.codes {
		if code.InVivo {
			all["code "+code.Key] = code.Definition
		}
	}
	for _, n := range c.notes {
		all["note "+n.Title] = c.texts[n.ID].Text
		if n.Meeting != nil {
			all["meeting "+n.Title] = n.Meeting.Purpose + "\n" + strings.Join(n.Meeting.Agenda, "\n")
		}
	}
	for _, r := range c.rounds {
		all["round "+string(r.ID)] = r.Question
		for i, m := range r.Moves {
			all[fmt.Sprintf("round %s, move %d", r.ID, i)] = m.Why
		}
	}
	for _, said := range c.threads {
		all["comment "+string(said.ID)] = said.Text
	}
	for _, m := range slices.Concat(c.memos, c.said) {
		all["memo "+string(m.ID)] = m.Text
	}
	for _, k := range c.links {
		all["link "+string(k.ID)] = k.Text
	}
	c.class.prose(all)
	return all
}

// set collects what differs, in order.
func set[T any](items []T, what func(T) string) []string {
	seen := map[string]bool{}
	for _, item := range items {
		seen[what(item)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestLoad(t *testing.T) {
	w := newWorld(t)
	c := w.Demo("first@example.org")

	same := func(t *testing.T, what string, got, want any) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}

	t.Run("it says that it is invented", func(t *testing.T) {
		if c.project.Demo == "" || !strings.Contains(c.project.Name, "invented") || !strings.Contains(c.project.Description, "This study is invented.") {
			t.Errorf("The project is %+v.", c.project)
		}
	})

	t.Run("notes of every kind, from three organisations, three years and two languages", func(t *testing.T) {
		same(t, "number of notes", len(c.notes), noteCount)
		kinds := make([]string, len(models.NoteKinds()))
		for i, k := range models.NoteKinds() {
			kinds[i] = string(k)
		}
		slices.Sort(kinds)
		same(t, "kinds", set(c.notes, func(n *models.Note) string { return string(n.Kind) }), kinds)
		same(t, "organisations", len(set(c.notes, func(n *models.Note) string { return c.organisation(n.SiteID) })), 3)
		same(t, "organisations with a site", len(set(slices.Collect(maps.Values(c.sites)), func(s *models.Site) string { return c.organisation(s.ID) })), 3)
		same(t, "years", len(set(c.notes, func(n *models.Note) string { return string(n.ObservedOn[:4]) })), 3)
		same(t, "languages", set(c.notes, func(n *models.Note) string { return n.Language }), []string{"da", "en"})
		for _, n := range c.notes {
			if words := len(strings.Fields(c.texts[n.ID].Text)); words < 400 || words > 1500 {
				t.Errorf("%s has %d words.", n.Title, words)
			}
			if n.Draft || n.Phase == "" || len(n.ParticipantIDs) == 0 || c.members[n.AuthorID] == "" {
				t.Errorf("%s lacks something: %+v", n.Title, n)
			}
			if (n.Kind == models.KindMeetingObservation) != (n.Meeting != nil && n.Meeting.Purpose != "" && len(n.Meeting.Agenda) > 0) {
				t.Errorf("%s has the meeting %+v.", n.Title, n.Meeting)
			}
		}
	})

	t.Run("notes tell what their data came from, who was there, and whether they were recorded", func(t *testing.T) {
		p, err := w.service.Project(t.Context(), models.Actor{UserID: c.owner}, c.project.ID)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]map[any]int{}
		for _, n := range c.notes {
			for _, a := range p.Attributes {
				if v, ok := n.Attributes[a.ID]; ok {
					if values[a.Name] == nil {
						values[a.Name] = map[any]int{}
					}
					values[a.Name][v]++
				}
			}
		}
		same(t, "attributes", len(p.Attributes), 3)
		same(t, "sources", len(values["Data source"]), 4)
		same(t, "numbers of people", len(values["People present"]) > 5, true)
		same(t, "recorded or not", len(values["Recorded"]), 2)
	})

	t.Run("what was recorded stands in turns, with who speaks at which second", func(t *testing.T) {
		recorded := 0
		for _, n := range c.notes {
			last := -1.0
			for _, b := range c.texts[n.ID].Blocks {
				if b.Kind != models.BlockTurn {
					continue
				}
				if b.Speaker == "" || b.Seconds == nil || *b.Seconds <= last {
					t.Fatalf("A turn in %s, after one at %g s, is %+v.", n.Title, last, b)
				}
				last = *b.Seconds
			}
			if last > 0 {
				recorded++
			}
		}
		same(t, "notes with turns", recorded, 2)
	})

	t.Run("two coders, who can't sign in, put each of the six codes on what they quote", func(t *testing.T) {
		same(t, "personas", len(c.personas), coderCount+studentCount)
		same(t, "members", len(c.members), 4)
		same(t, "role of the owner", c.members[c.owner], models.RoleOwner)
		coders := set(c.personas[:2], func(u *models.User) string { return string(u.ID) })
		for _, u := range c.personas[:coderCount] {
			if !u.Persona || c.members[u.ID] == "" {
				t.Errorf("The coder %+v is no persona, or no member.", u)
			}
		}
		same(t, "who has coded", set(c.codings, func(k *models.Coding) string { return string(k.CoderID) }), coders)
		for _, coder := range coders {
			same(t, "codes of "+coder, set(c.codings, func(k *models.Coding) string {
				if string(k.CoderID) != coder {
					return "agency"
				}
				return c.topKey(k.CodeID)
			}), []string{"agency", "connector", "foundation", "future", "old_news", "problem"})
			same(t, "notes coded by "+coder, len(set(slices.DeleteFunc(slices.Clone(c.codings), func(k *models.Coding) bool { return string(k.CoderID) != coder }),
				func(k *models.Coding) string { return string(k.NoteID) })), noteCount)
		}
		used := set(c.codings, func(k *models.Coding) string { return c.codes[k.CodeID].Key })
		for _, key := range []string{"foundation_ground", "foundation_barrier"} {
			if !slices.Contains(used, key) {
				t.Errorf("Nobody uses %s.", key)
			}
		}
		for _, k := range c.codings {
			text := []rune(c.texts[k.NoteID].Text)
			if got := string(text[k.Anchor.Start:k.Anchor.End]); got != k.Anchor.Quote || got == "" || k.Review {
				t.Errorf("A coding is on %q, and quotes %q.", got, k.Anchor.Quote)
			}
		}
	})

	t.Run("three coders coded six notes blind, and differ in ways worth talking about", func(t *testing.T) {
		same(t, "rounds", len(c.rounds), 1)
		r := c.rounds[0]
		same(t, "state", r.State, models.RoundRevealed)
		same(t, "notes", len(r.NoteIDs), 6)
		same(t, "moves", len(r.Moves), 5)
		for _, m := range r.Moves {
			if m.Why == "" {
				t.Errorf("Nobody says why it became %s.", m.To)
			}
		}
		same(t, "languages of its notes", len(set(slices.DeleteFunc(slices.Clone(c.notes), func(n *models.Note) bool { return !slices.Contains(r.NoteIDs, n.ID) }),
			func(n *models.Note) string { return n.Language })), 2)
		alike, apart := 0, 0
		type place struct {
			note, code models.ID
			start, end int
		}
		coders := map[place]int{}
		onNote := map[[2]models.ID]bool{}
		for _, k := range c.blind {
			coders[place{k.NoteID, k.CodeID, k.Anchor.Start, k.Anchor.End}]++
			onNote[[2]models.ID{k.NoteID, k.CoderID}] = true
		}
		for _, n := range coders {
			if n == len(r.CoderIDs) {
				alike++
			} else {
				apart++
			}
		}
		same(t, "notes with coders", len(onNote), 18)
		if alike < 12 || apart < 25 {
			t.Errorf("All three agree %d times and differ %d times.", alike, apart)
		}
		same(t, "authors of memos", len(set(c.said, func(m *models.Memo) string { return string(m.AuthorID) })), 3)
		same(t, "authors of comments", len(set(c.threads, func(m *models.Comment) string { return string(m.AuthorID) })), 3)
		progress, err := w.service.RoundProgress(t.Context(), models.Actor{UserID: c.owner}, c.project.ID, r.ID)
		w.must(err)
		for _, task := range progress {
			if task.State != coding.TaskDone {
				t.Errorf("Somebody isn't done: %+v", task)
			}
		}
	})

	t.Run("memos hang on everything that can have one, and links join notes", func(t *testing.T) {
		same(t, "targets of memos", set(c.memos, func(m *models.Memo) string { return string(m.Target.Noun) }), []string{"code", "coding", "note", "project", "site"})
		same(t, "authors of memos", len(set(c.memos, func(m *models.Memo) string { return string(m.AuthorID) })), 2)
		same(t, "authors of links", len(set(c.links, func(k *models.Link) string { return string(k.AuthorID) })), 2)
		same(t, "kinds of links", set(c.links, func(k *models.Link) string { return string(k.Kind) }), []string{"contrasts", "explains", "leadsTo", "repeats"})
		for _, k := range c.links {
			if k.Text == "" {
				t.Errorf("The link %s gives no reason.", k.ID)
			}
		}
	})

	t.Run("no sentence is there twice", func(t *testing.T) {
		ends, words := regexp.MustCompile(`[.!?…\n]+`), regexp.MustCompile(`[\p{L}\p{N}]+`)
		first := map[string]string{}
		prose := c.prose()
		for _, place := range slices.Sorted(maps.Keys(prose)) {
			for _, sentence := range ends.Split(prose[place], -1) {
				found := words.FindAllString(strings.ToLower(sentence), -1)
				if len(found) <= 5 {
					continue
				}
				key := strings.Join(found, " ")
				if before, twice := first[key]; twice {
					t.Errorf("%q is in %s and in %s.", strings.TrimSpace(sentence), before, place)
				}
				first[key] = place
			}
		}
		if len(first) < 400 {
			t.Errorf("There are %d sentences in all.", len(first))
		}
	})

	t.Run("another copy is alike and has people of its own", func(t *testing.T) {
		second := w.Demo("second@example.org")
		count := func(c *copied) []int {
			return []int{len(c.members), len(c.sites), len(c.people), len(c.codes), len(c.notes), len(c.codings), len(c.memos), len(c.links)}
		}
		same(t, "members, sites, participants, codes, notes, codings, memos, links", count(second), count(c))
		if second.project.ID == c.project.ID {
			t.Error("It is the same project.")
		}
		for _, u := range second.personas {
			if c.members[u.ID] != "" {
				t.Errorf("%s is in both.", u.Name)
			}
		}
		for _, u := range c.personas {
			if second.members[u.ID] != "" {
				t.Errorf("%s of the first copy is in the second.", u.Name)
			}
		}
	})
}
