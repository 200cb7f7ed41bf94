package coding

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"feltbog/models"
)

// Table is a table to import: what its columns are, and its rows as they were understood.
type Table struct {
	Mapping models.TableMapping
	Rows    []models.TableRow
	// Fields are of all its notes, where a row says nothing else; without a kind they are field notes.
	Fields NoteFields
	// SiteName is of the site of those whose row names none; it is found, or made where there is none.
	SiteName string
}

// RowResult is the answer for one row of a table.
type RowResult struct {
	Row     int
	Status  UploadStatus
	NoteID  models.ID // of a table of notes
	Problem *models.Error
}

// TableResult is what became of a table: an answer for each of its rows, and what was made.
type TableResult struct {
	Rows                       []RowResult
	Notes, Sites, Participants int
}

// What of a table goes into one transaction.
const (
	tableRows  = 200
	tableBytes = 4 << 20 // of texts
)

// rightsOfTables are what members need to import a table.
var rightsOfTables = map[models.TableKind]models.Action{
	models.TableNotes: models.ActionAddNotes, models.TableSites: models.ActionChangeSites, models.TableParticipants: models.ActionAddParticipants,
}

// ImportTable makes notes, sites or participants of the rows of a table. Each row answers for itself. A row
// that was imported before is a duplicate: of sites and participants one with the same name, of notes one
// with the same words by the same actor.
func (s *Service) ImportTable(ctx context.Context, actor models.Actor, space models.ID, t Table) (TableResult, error) {
	return s.importTable(ctx, actor, space, t, tableOrigin{batch: models.NewID()})
}

// tableOrigin is where a table comes from. The rows of an upload make the same notes whenever it is
// committed; other rows are known by their words.
type tableOrigin struct {
	upload models.ID
	at     time.Time
	batch  models.ID
}

func (s *Service) importTable(ctx context.Context, actor models.Actor, space models.ID, t Table, from tableOrigin) (TableResult, error) {
	if _, err := s.admit(ctx, actor, space, rightsOfTables[t.Mapping.Of]); err != nil {
		return TableResult{}, err
	}
	ctx = context.WithValue(ctx, keyContext{}, nil) // a key keeps one answer, and here are several transactions
	i := &tableImport{s: s, actor: actor, space: space, table: t, from: from, columns: map[int]models.ID{}}
	if err := i.defineAttributes(ctx); err != nil {
		return TableResult{}, err
	}
	i.number()
	order := i.order()
	for len(order) > 0 {
		n := i.chunk(order)
		if err := i.take(ctx, order[:n]); err != nil {
			return i.out, err
		}
		order = order[n:]
	}
	slices.SortFunc(i.out.Rows, func(a, b RowResult) int { return a.Row - b.Row })
	return i.out, nil
}

// tableImport is one import under way.
type tableImport struct {
	s       *Service
	actor   models.Actor
	space   models.ID
	table   Table
	from    tableOrigin
	columns map[int]models.ID // the attributes of columns
	ids     []models.ID       // of the notes of rows
	out     TableResult
}

// field gives a value of a row.
func (i *tableImport) field(row int, name string) string { return i.table.Rows[row].Fields[name] }

// defineAttributes finds the attributes that columns are, and makes those that are new. One of the same
// name and type is taken for the same, and gets the choices that it lacks.
func (i *tableImport) defineAttributes(ctx context.Context) error {
	var fresh []int
	for j, c := range i.table.Mapping.Columns {
		if id, ok := strings.CutPrefix(c.Field, models.FieldAttribute+":"); ok {
			i.columns[j] = models.ID(id)
		}
		if c.Field == models.FieldAttribute {
			fresh = append(fresh, j)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	p, err := i.s.Project(ctx, i.actor, i.space)
	if err != nil {
		return err
	}
	if _, changed, err := i.define(p.Attributes, fresh); err != nil || !changed {
		return err
	}
	_, err = change(ctx, i.s, i.actor, i.space, models.ActionChangeAttributes, func(ctx context.Context, w *work) (*models.Project, error) {
		// Not in the batch of the rows: undoing that takes the notes back, which still have values in the bin.
		return projects.update(ctx, i.s, w, i.space, 0, func(p *models.Project) error {
			all, _, err := i.define(p.Attributes, fresh)
			p.Attributes = all
			return err
		})
	})
	if models.KindOf(err) == models.KindForbidden {
		return models.Forbidden("role_insufficient", "This table has columns that are no attributes of the project yet, and your role doesn't let you add any. Leave these columns out, or ask an editor.")
	}
	return err
}

// define gives the attributes of the project with those of the table, and says whether they differ.
func (i *tableImport) define(standing models.Definitions, fresh []int) (all models.Definitions, changed bool, err error) {
	all = slices.Clone(standing)
	for _, j := range fresh {
		c := i.table.Mapping.Columns[j]
		at := slices.IndexFunc(all, func(a models.Attribute) bool { return strings.EqualFold(a.Name, strings.TrimSpace(c.Name)) })
		if at >= 0 && all[at].Type != c.Type {
			return nil, false, models.Invalid("attribute_twice", fmt.Sprintf("The project has an attribute “%s” of another type. Choose it for the column, or leave the column out.", all[at].Name),
				models.Field{Pointer: fmt.Sprintf("/table/columns/%d", j), Problem: "there is one of this name"})
		}
		if at < 0 {
			at, changed = len(all), true
			all = append(all, models.Attribute{ID: models.NewID(), Name: c.Name, Type: c.Type, Choices: []string{}})
		}
		i.columns[j] = all[at].ID
		if c.Type != models.AttributeChoice {
			continue
		}
		all[at].Choices = slices.Clone(all[at].Choices)
		for r := range i.table.Rows {
			word, ok := i.table.Rows[r].Attributes[j].(string)
			if !ok {
				continue
			}
			k := slices.IndexFunc(all[at].Choices, func(c string) bool { return strings.EqualFold(c, word) })
			if k < 0 {
				k, changed = len(all[at].Choices), true
				all[at].Choices = append(all[at].Choices, word)
			}
			i.table.Rows[r].Attributes[j] = all[at].Choices[k]
		}
	}
	return all, changed, nil
}

// number gives the notes of rows their ids, so that a row makes one note however often it comes.
func (i *tableImport) number() {
	if i.table.Mapping.Of != models.TableNotes {
		return
	}
	i.ids = make([]models.ID, len(i.table.Rows))
	seen := map[string]int{}
	for r := range i.table.Rows {
		row := &i.table.Rows[r]
		if i.from.upload != "" {
			i.ids[r] = models.IDOf(i.from.at, string(i.from.upload), strconv.Itoa(row.Number))
			continue
		}
		words, err := json.Marshal([]any{i.space, i.actor.UserID, row.Fields, row.Participants, row.Attributes})
		if err != nil {
			panic(fmt.Sprintf("a row: %v", err)) // texts, numbers and truths always marshal
		}
		seen[string(words)]++ // rows that are the same are as many notes
		i.ids[r] = models.IDOf(time.Unix(0, 0), string(words), strconv.Itoa(seen[string(words)]))
	}
}

// order gives the rows in the order in which they are made: sites after those that they lie within. Rows
// that can't be made are answered here.
func (i *tableImport) order() []int {
	var order []int
	for r := range i.table.Rows {
		if all := i.table.Rows[r].Problems; len(all) > 0 {
			i.refuse(r, problemOfRow(all))
			continue
		}
		order = append(order, r)
	}
	if i.table.Mapping.Of != models.TableSites {
		return order
	}
	byName := map[string]int{}
	for _, r := range order {
		if name := Fold(i.field(r, models.FieldName)); !mapHas(byName, name) {
			byName[name] = r
		}
	}
	depths := map[int]int{}
	var depth func(r, steps int) int
	depth = func(r, steps int) int {
		above, ok := byName[Fold(i.field(r, models.FieldParent))]
		if !ok || steps > len(order) {
			return steps
		}
		return depth(above, steps+1)
	}
	out := order[:0:0]
	for _, r := range order {
		// A second row of the same name is told that the first one made it.
		if depths[r] = depth(byName[Fold(i.field(r, models.FieldName))], 0); depths[r] > len(order) {
			i.refuse(r, models.Invalid("site_cycle", "A site can't lie within itself, as the rows of this table say."))
			continue
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b int) int { return depths[a] - depths[b] })
	return out
}

func mapHas[K comparable, V any](m map[K]V, k K) bool {
	_, ok := m[k]
	return ok
}

func problemOfRow(all []models.TableProblem) *models.Error {
	fields := make([]models.Field, len(all))
	for i, p := range all {
		fields[i] = models.Field{Pointer: "/" + p.Column, Problem: p.Sentence, Code: p.Code, Values: p.Values}
	}
	sentence := all[0].Sentence
	if all[0].Column != "" {
		sentence = all[0].Column + ": " + sentence
	}
	return models.Invalid("row_invalid", sentence, fields...)
}

func (i *tableImport) refuse(row int, problem *models.Error) {
	i.out.Rows = append(i.out.Rows, RowResult{Row: i.table.Rows[row].Number, Status: UploadRefused, Problem: problem})
}

// chunk says how many of the next rows go into one transaction: no more records than may.
func (i *tableImport) chunk(order []int) int {
	records, bytes := 0, 0
	for n, r := range order {
		row := &i.table.Rows[r]
		records += 2 + len(row.Participants) // itself, its site and those who take part
		if row.Content != nil {
			bytes += len(row.Content.Text)
		}
		if n > 0 && (n == tableRows || records > models.MaxBatch || bytes > tableBytes) {
			return n
		}
	}
	return len(order)
}

// take makes the records of rows in one transaction. If one of them is refused there, each gets a
// transaction of its own, so that the others pass.
func (i *tableImport) take(ctx context.Context, rows []int) error {
	made, err := i.make(ctx, rows)
	switch {
	case err == nil:
		i.out.Rows = append(i.out.Rows, made.Rows...)
		i.out.Notes, i.out.Sites, i.out.Participants = i.out.Notes+made.Notes, i.out.Sites+made.Sites, i.out.Participants+made.Participants
		return nil
	case len(rows) > 1 && ofRow(err):
		for _, r := range rows {
			if err := i.take(ctx, []int{r}); err != nil {
				return err
			}
		}
		return nil
	case ofRow(err) && problemOf(err).Code == "id_taken":
		// It was imported before, and deleted for good since.
		i.out.Rows = append(i.out.Rows, RowResult{Row: i.table.Rows[rows[0]].Number, Status: UploadDuplicate})
		return nil
	case ofRow(err):
		i.refuse(rows[0], problemOf(err))
		return nil
	}
	return err
}

// ofRow says whether an error is one row's own fault.
func ofRow(err error) bool {
	e := problemOf(err)
	return refusable(err) || (e != nil && e.Code == "id_taken")
}

// make makes the records of rows in one transaction.
func (i *tableImport) make(ctx context.Context, rows []int) (TableResult, error) {
	return change(ctx, i.s, i.actor, i.space, rightsOfTables[i.table.Mapping.Of], func(ctx context.Context, w *work) (TableResult, error) {
		w.batch = i.from.batch
		b := &tableBatch{tableImport: i, w: w, out: TableResult{}}
		var err error
		switch i.table.Mapping.Of {
		case models.TableNotes:
			err = b.notes(ctx, rows)
		case models.TableSites:
			err = b.sites(ctx, rows)
		case models.TableParticipants:
			err = b.participants(ctx, rows)
		}
		return b.out, err
	})
}
