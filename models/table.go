package models

// TableKind says what the rows of a table are.
type TableKind string

// What the rows of a table can be.
const (
	TableNotes        TableKind = "notes"
	TableSites        TableKind = "sites"
	TableParticipants TableKind = "participants"
)

// TableKinds lists what the rows of a table can be.
func TableKinds() []TableKind { return []TableKind{TableNotes, TableSites, TableParticipants} }

// The fields that a column of a table can be, by the names that they have in the API. A column without a
// field is left out. FieldAttribute is a new attribute of the column's name and type; one that is there
// is the same with a colon and its id behind it.
const (
	FieldTitle        = "title"
	FieldKind         = "kind"
	FieldSite         = "site"
	FieldObservedOn   = "observedOn"
	FieldStartsAt     = "startsAt"
	FieldEndsAt       = "endsAt"
	FieldText         = "text"
	FieldParticipants = "participants"
	FieldLanguage     = "language"
	FieldPhase        = "phase"
	FieldPurpose      = "purpose"
	FieldName         = "name"
	FieldParent       = "parent"
	FieldDescription  = "description"
	FieldPseudonym    = "pseudonym"
	FieldActorRole    = "actorRole"
	FieldAttribute    = "attribute"
)

// Fields lists what the columns of a table of this kind can be, attributes aside.
func (k TableKind) Fields() []string {
	switch k {
	case TableNotes:
		return []string{
			FieldTitle, FieldKind, FieldSite, FieldObservedOn, FieldStartsAt, FieldEndsAt, FieldText, FieldParticipants,
			FieldLanguage, FieldPhase, FieldPurpose,
		}
	case TableSites:
		return []string{FieldName, FieldKind, FieldParent, FieldDescription}
	case TableParticipants:
		return []string{FieldPseudonym, FieldActorRole, FieldSite, FieldDescription}
	}
	return nil
}

// TableMapping says what a table is of, what its columns are, and how its dates and numbers are written.
type TableMapping struct {
	Of        TableKind      `json:"of"`
	Columns   []MappedColumn `json:"columns"` // as they stand in the table
	DateOrder string         `json:"dateOrder"`
	Decimal   string         `json:"decimal"`
}

// MappedColumn says what a column is. Type is of a new attribute.
type MappedColumn struct {
	Name  string        `json:"name"`
	Field string        `json:"field"`
	Type  AttributeType `json:"type"`
}

// The orders of day, month and year in dates that are written in numbers.
const (
	OrderDMY = "dmy"
	OrderMDY = "mdy"
	OrderYMD = "ymd"
)

// UploadedTable is what was understood of a file that is a table.
type UploadedTable struct {
	Of        TableKind       `json:"of"`
	Columns   []TableColumn   `json:"columns"`
	Rows      int             `json:"rows"`
	Sheet     string          `json:"sheet"`
	Sheets    []string        `json:"sheets"`
	DateOrder string          `json:"dateOrder"`
	Decimal   string          `json:"decimal"`
	Questions []TableQuestion `json:"questions"`
	Problems  []TableProblem  `json:"problems"`
	Warnings  []Warning       `json:"warnings"` // of ragged rows, and of what was left out
	// Preview holds the first rows as they were understood, a value for each column; empty where the
	// column is left out.
	Preview [][]string `json:"preview"`
}

// Mapping is how the table was understood.
func (t *UploadedTable) Mapping() TableMapping {
	m := TableMapping{Of: t.Of, DateOrder: t.DateOrder, Decimal: t.Decimal, Columns: make([]MappedColumn, len(t.Columns))}
	for i, c := range t.Columns {
		m.Columns[i] = MappedColumn{Name: c.Name, Field: c.Field, Type: c.Type}
	}
	return m
}

// TableColumn is a column of a table, and what it was taken for.
type TableColumn struct {
	Name    string        `json:"name"`
	Field   string        `json:"field"`
	Type    AttributeType `json:"type"`
	Samples []string      `json:"samples"`
}

// TableQuestion is what a table doesn't say by itself. Code tells what the answer is for: date_order,
// decimal, of or text.
type TableQuestion struct {
	Column   string   `json:"column"`
	Code     string   `json:"code"`
	Sentence string   `json:"sentence"`
	Values   []string `json:"values,omitempty"` // the inserted parts of the sentence, in their order
	Choices  []string `json:"choices"`
}

// TableProblem is why a row can't be taken as it is. Column is empty where it is the row itself.
type TableProblem struct {
	Row      int      `json:"row"`
	Column   string   `json:"column"`
	Code     string   `json:"code"`
	Sentence string   `json:"sentence"`
	Values   []string `json:"values,omitempty"` // the inserted parts of the sentence, in their order
}

// TableRow is a row of a table as a mapping understands it. Fields hold texts as the API has them: dates
// as YYYY-MM-DD, times as HH:MM, kinds of notes by their names. Attributes are by the number of the
// column, from 0. A row with a problem is refused whole.
type TableRow struct {
	Number       int
	Fields       map[string]string
	Participants []string
	Attributes   map[int]any
	// Content is the text of a note.
	Content  *Content
	Problems []TableProblem
}

// Limits of a table.
const (
	MaxTableRows    = 20_000
	MaxTableColumns = 200
)
