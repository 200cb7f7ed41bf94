package teaching

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"feltbog/coding"
	"feltbog/models"
)

// RosterTable is a table of students as it was read: all its lines, names of columns among them if it has any.
type RosterTable struct {
	Encoding  string
	Delimiter string // empty for a workbook
	Lines     []RosterLine
}

// RosterLine is one line of a table with its number in the file, from 1.
type RosterLine struct {
	Number int
	Values []string
}

// RosterState says what becomes of a row of a roster.
type RosterState string

// The states of a row.
const (
	RosterNew       RosterState = "new"
	RosterKnown     RosterState = "known"     // somebody with this address is in the course already
	RosterDuplicate RosterState = "duplicate" // a row above has the same address
	RosterFaulty    RosterState = "faulty"
)

// RosterRow is a row of a roster as it was understood.
type RosterRow struct {
	Line    int
	Name    string
	Email   string
	Group   string
	State   RosterState
	Problem *models.Error // of a faulty row
}

// Roster tells what is in a table of students, row by row, and what becomes of it.
type Roster struct {
	Rows                             []RosterRow
	Added, Known, Duplicates, Faulty int
	Encoding, Delimiter              string
}

// Enrol adds the students of a table to a course, and the groups it names. Who is there already stays as they
// are, and faulty rows come back with what is wrong. With preview nothing is added, and the answer is the same.
// Read reads the table, once it is certain that the actor may bring one. Beside the errors of that it returns
// TooLarge for more than models.MaxRoster rows (roster_too_long), Invalid where no column holds
// addresses (roster_without_email), and Conflict where the course would be too large (course_full).
func (s *Service) Enrol(ctx context.Context, actor models.Actor, course models.ID, preview bool, read func(ctx context.Context) (RosterTable, error)) (Roster, error) {
	if _, err := s.enter(ctx, actor, course, models.CoursePeople); err != nil {
		return Roster{}, err
	}
	table, err := read(ctx)
	if err != nil {
		return Roster{}, err
	}
	rows, err := ReadRoster(table.Lines)
	if err != nil {
		return Roster{}, err
	}
	within := changePeople[Roster]
	if preview {
		within = change[Roster]
	}
	return within(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (Roster, error) {
		out := Roster{Rows: slices.Clone(rows), Encoding: table.Encoding, Delimiter: table.Delimiter}
		c, err := s.census(ctx, &p)
		if err != nil {
			return out, err
		}
		fresh, back := c.place(out.Rows)
		out.count()
		if c.people+out.Added > models.MaxCoursePeople {
			return out, errCourseFull()
		}
		if len(c.groups) > models.MaxGroups {
			return out, errGroupsTooMany()
		}
		if preview {
			return out, nil
		}
		for _, m := range back {
			m.Role, m.Rights = models.RoleStudent, []models.Action{} // whatever they were before: a roster is of students
		}
		return out, s.settle(ctx, &p, c, fresh, back)
	})
}

// settle writes what a roster brings: groups, new members, and those who come back.
func (s *Service) settle(ctx context.Context, p *place, c *census, fresh, back []*models.CourseMember) error {
	if len(c.made) > 0 {
		if err := s.store.Groups().Insert(ctx, c.made...); err != nil {
			return err
		}
	}
	for _, m := range back {
		m.DeletedAt, m.DeletedBy = nil, ""
		if err := replace(ctx, s.store.CourseMembers(), p, m); err != nil {
			return err
		}
	}
	return s.enrol(ctx, p, fresh...)
}

func (r *Roster) count() {
	for i := range r.Rows {
		switch r.Rows[i].State {
		case RosterNew:
			r.Added++
		case RosterKnown:
			r.Known++
		case RosterDuplicate:
			r.Duplicates++
		case RosterFaulty:
			r.Faulty++
		}
	}
}

// census is who is in a course and in which group, while more are added.
type census struct {
	p      *place
	people int
	known  map[string]bool                 // by the key of the address
	former map[string]*models.CourseMember // who is not in the course any more
	groups map[string]*models.Group        // by the name in lower case
	made   []*models.Group
	in     map[models.ID]int // how many are in a group
}

// census counts a course.
func (s *Service) census(ctx context.Context, p *place) (*census, error) {
	all, err := s.everybody(ctx, p.course.ID, nil)
	if err != nil {
		return nil, err
	}
	ended, err := s.store.CourseMembers().All(ctx, p.course.ID, coding.Query{Bin: true}, models.MaxCoursePeople)
	if err != nil {
		return nil, err
	}
	accounts, err := s.accounts(ctx, slices.Concat(all, ended)...)
	if err != nil {
		return nil, err
	}
	groups, err := s.groups(ctx, p.course.ID)
	if err != nil {
		return nil, err
	}
	c := &census{p: p, people: len(all), known: map[string]bool{}, former: map[string]*models.CourseMember{}, groups: map[string]*models.Group{}, in: map[models.ID]int{}}
	keys := func(m *models.CourseMember, note func(key string)) {
		if m.EmailKey != "" {
			note(m.EmailKey)
		}
		if u := accounts[m.UserID]; u != nil {
			note(u.EmailKey)
		}
	}
	for _, m := range ended {
		keys(m, func(key string) { c.former[key] = m })
	}
	for _, m := range all {
		keys(m, func(key string) { c.known[key] = true })
		c.in[m.GroupID]++
	}
	for _, g := range groups {
		c.groups[strings.ToLower(g.Name)] = g
	}
	return c, nil
}

// place says of each row what becomes of it, and makes members of the new ones.
func (c *census) place(rows []RosterRow) (fresh, back []*models.CourseMember) {
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		key := models.EmailKey(r.Email)
		switch {
		case r.State == RosterFaulty:
			continue
		case seen[key]:
			r.State = RosterDuplicate
			continue
		case c.known[key]:
			r.State = RosterKnown
			seen[key] = true
			continue
		}
		group, err := c.group(r.Group)
		if err != nil {
			r.State, r.Problem = RosterFaulty, err
			continue
		}
		r.State, seen[key] = RosterNew, true
		m := c.former[key]
		if m == nil {
			m = &models.CourseMember{Role: models.RoleStudent}
			fresh = append(fresh, m)
		} else {
			back = append(back, m)
		}
		m.Email, m.EmailKey, m.GroupID = r.Email, key, group
		if r.Name != "" {
			m.Name = r.Name
		}
	}
	return fresh, back
}

// group finds or makes the group of a row, with a place in it.
func (c *census) group(name string) (models.ID, *models.Error) {
	if name == "" {
		return "", nil
	}
	g := c.groups[strings.ToLower(name)]
	if g == nil {
		head, _ := c.p.head("", c.p.course.ID) // fails for a chosen id alone
		g = &models.Group{Head: head, Name: name}
		c.groups[strings.ToLower(name)], c.made = g, append(c.made, g)
	}
	if c.in[g.ID] >= models.MaxGroup {
		return "", models.Conflict("group_full", fmt.Sprintf("A group may have %d students, and “%s” would have more.", models.MaxGroup, g.Name))
	}
	c.in[g.ID]++
	return g.ID, nil
}

func errCourseFull() error {
	return models.Conflict("course_full", fmt.Sprintf("A course may have %d people, and this one would have more.", models.MaxCoursePeople))
}

// rosterHeads are the names that columns of a roster have in English and Danish, folded.
var rosterHeads = map[string][]string{
	"email": {"email", "emailaddress", "mail", "mailadresse", "emailadresse", "epost"},
	"name":  {"name", "navn", "fullname", "fuldenavn", "student", "studerende", "elev", "deltager", "studentname"},
	"first": {"firstname", "fornavn", "givenname", "fornavne", "firstnames"},
	"last":  {"lastname", "efternavn", "surname", "familyname", "efternavne"},
	"group": {"group", "gruppe", "hold", "team", "holdnavn", "gruppenavn", "groupname"},
}

// headLines is how many lines may stand above the names of columns.
const headLines = 10

// ReadRoster understands the lines of a table of students: with names of columns, in English or Danish, or
// without any. It knows nothing of who is in the course: rows are new or faulty.
func ReadRoster(lines []RosterLine) ([]RosterRow, error) {
	columns, first := rosterColumns(lines)
	if columns["email"] < 0 {
		return nil, models.Invalid("roster_without_email", "No column of this table holds e-mail addresses. A roster has names and e-mail addresses, and groups if you like.")
	}
	if n := len(lines) - first; n > models.MaxRoster {
		return nil, models.TooLarge("roster_too_long", fmt.Sprintf("A roster may have %d rows, and this one has %d. Divide it.", models.MaxRoster, n))
	}
	rows := make([]RosterRow, 0, len(lines)-first)
	for _, l := range lines[first:] {
		rows = append(rows, rosterRow(l, columns))
	}
	return rows, nil
}

// rosterColumns finds which column is what, -1 for none, and the first line that is a row.
func rosterColumns(lines []RosterLine) (columns map[string]int, first int) {
	none := map[string]int{"email": -1, "name": -1, "first": -1, "last": -1, "group": -1}
	for i, l := range lines[:min(len(lines), headLines)] {
		if slices.ContainsFunc(l.Values, func(v string) bool { return strings.Contains(v, "@") }) {
			break // a row already
		}
		columns, found := maps.Clone(none), 0
		for at, v := range l.Values {
			for what, names := range rosterHeads {
				if columns[what] < 0 && slices.Contains(names, foldHead(v)) {
					columns[what], found = at, found+1
				}
			}
		}
		if columns["email"] >= 0 || found > 1 {
			if columns["email"] < 0 {
				columns["email"] = mostlyAddresses(lines[i+1:])
			}
			return columns, i + 1
		}
	}
	columns = none
	if columns["email"] = mostlyAddresses(lines); columns["email"] < 0 {
		return columns, 0
	}
	rest := []string{"name", "group"}
	for at := range lines[0].Values {
		if at != columns["email"] && len(rest) > 0 {
			columns[rest[0]], rest = at, rest[1:]
		}
	}
	return columns, 0
}

// foldHead writes the name of a column without what differs between rosters.
func foldHead(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_./:()\"\u00a0", r) {
			return -1
		}
		return r
	}, s))
}

// mostlyAddresses finds the column that holds the most addresses, -1 if none holds any.
func mostlyAddresses(lines []RosterLine) int {
	counts := map[int]int{}
	best := -1
	for _, l := range lines {
		for at, v := range l.Values {
			if strings.Contains(v, "@") {
				counts[at]++
			}
		}
	}
	for _, at := range slices.Sorted(maps.Keys(counts)) {
		if best < 0 || counts[at] > counts[best] {
			best = at
		}
	}
	return best
}

// rosterRow understands one line.
func rosterRow(l RosterLine, columns map[string]int) RosterRow {
	value := func(what string) string {
		if at := columns[what]; at >= 0 && at < len(l.Values) {
			return strings.Join(strings.Fields(l.Values[at]), " ")
		}
		return ""
	}
	r := RosterRow{Line: l.Number, Name: value("name"), Email: value("email"), Group: value("group"), State: RosterNew}
	if r.Name == "" {
		r.Name = strings.TrimSpace(value("first") + " " + value("last"))
	}
	r.Email = strings.TrimPrefix(strings.TrimPrefix(r.Email, "mailto:"), "MAILTO:")
	if before, inside, found := strings.Cut(r.Email, "<"); found && strings.HasSuffix(inside, ">") { // Anna Berg <anna@example.org>
		r.Email = strings.TrimSuffix(inside, ">")
		if r.Name == "" {
			r.Name = strings.Trim(before, " \"")
		}
	}
	if err := r.check(); err != nil {
		r.State, r.Problem = RosterFaulty, err
	}
	return r
}

// check says what is wrong with a row, nil if nothing is. What is too long to be shown is cut.
func (r *RosterRow) check() *models.Error {
	for _, v := range []*string{&r.Name, &r.Email, &r.Group} {
		if !strings.ContainsRune(*v, utf8.RuneError) {
			continue
		}
		return models.Invalid("roster_unreadable", "This row has characters that couldn't be read. Save the file again as UTF-8, or name its encoding.")
	}
	whole := r.Email
	for _, v := range []*string{&r.Name, &r.Group, &r.Email} {
		if points := []rune(*v); len(points) > models.MaxName {
			*v = string(points[:models.MaxName-1]) + "…"
			if v != &r.Email {
				return models.Invalid("name_too_long", fmt.Sprintf("A name may have %d characters.", models.MaxName))
			}
		}
	}
	switch {
	case r.Email == "":
		return models.Invalid("email_missing", "This row has no e-mail address.")
	case !models.ValidEmail(whole):
		return models.Invalid("email_malformed", "This isn't an e-mail address.")
	}
	r.Email = whole
	if err := models.First(models.CleanLabel(&r.Name, "/name"), models.CleanLabel(&r.Group, "/group")); err != nil {
		return models.Invalid("name_control_character", "A name can't have line breaks or control characters.").Because(err)
	}
	return nil
}
