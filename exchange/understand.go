package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"feltbog/models"
)

// CheckMapping refuses a mapping that isn't one of this table: of other columns, with a field that there
// isn't or that stands twice, with an attribute that the project hasn't, or without what a record needs
// (mapping_invalid), or that leaves a question open (table_ambiguous).
func CheckMapping(s *Sheet, m models.TableMapping, attributes []models.Attribute) error {
	invalid := func(pointer, sentence string) error {
		return models.Invalid("mapping_invalid", sentence, models.Field{Pointer: "/table" + pointer, Problem: sentence})
	}
	if !slices.Contains(models.TableKinds(), m.Of) {
		return invalid("/of", "A table is of notes, sites or participants.")
	}
	if len(m.Columns) != len(s.Columns) {
		return invalid("/columns", fmt.Sprintf("The table has %d columns. Say what each of them is.", len(s.Columns)))
	}
	if !slices.Contains([]string{"", models.OrderDMY, models.OrderMDY, models.OrderYMD}, m.DateOrder) {
		return invalid("/dateOrder", "The order of dates is dmy, mdy or ymd.")
	}
	if !slices.Contains([]string{"", decimalComma, decimalPoint}, m.Decimal) {
		return invalid("/decimal", "Decimals stand behind a comma or a point.")
	}
	seen := map[string]bool{}
	for j, c := range m.Columns {
		at := fmt.Sprintf("/columns/%d", j)
		if c.Name != s.Columns[j] {
			return invalid(at+"/name", fmt.Sprintf("Column %d of the table is named “%s”.", j+1, s.Columns[j]))
		}
		_, standing := attributeOf(c, attributes)
		switch {
		case c.Field == "":
			continue
		case c.Field == models.FieldAttribute && m.Of == models.TableNotes:
			if !slices.Contains(models.AttributeTypes(), c.Type) {
				return invalid(at+"/type", "Say of which type the new attribute is: text, number, date, boolean or choice.")
			}
			continue
		case standing && m.Of == models.TableNotes, slices.Contains(m.Of.Fields(), c.Field):
		default:
			return invalid(at+"/field", fmt.Sprintf("“%s” can't be that in a table of %s.", c.Name, m.Of))
		}
		if seen[c.Field] {
			return invalid(at+"/field", fmt.Sprintf("“%s” is the same as a column before it. Leave one of them out.", c.Name))
		}
		seen[c.Field] = true
	}
	for kind, field := range map[models.TableKind]string{models.TableNotes: models.FieldText, models.TableSites: models.FieldName, models.TableParticipants: models.FieldPseudonym} {
		if m.Of == kind && !seen[field] {
			return invalid("/columns", fmt.Sprintf("A table of %s needs a column for the %s.", kind, field))
		}
	}
	_, _, questions := writing(s, m, attributes)
	for _, q := range questions {
		if (q.Code == "date_order" && m.DateOrder == "") || (q.Code == "decimal" && m.Decimal == "") {
			return models.Invalid("table_ambiguous", q.Sentence, models.Field{Pointer: "/table/" + q.Code, Problem: q.Sentence})
		}
	}
	return nil
}

// Understand reads the rows of a table as a mapping has them.
func Understand(s *Sheet, m models.TableMapping, attributes []models.Attribute) []models.TableRow {
	decimal, order, _ := writing(s, m, attributes)
	if m.Decimal != "" {
		decimal = m.Decimal
	}
	if m.DateOrder != "" {
		order = m.DateOrder
	}
	u := understanding{sheet: s, mapping: m, attributes: attributes, decimal: decimal, order: order}
	rows := make([]models.TableRow, len(s.Rows))
	for i := range s.Rows {
		rows[i] = u.row(&s.Rows[i])
	}
	return rows
}

// TableRows reads the rows of a table as a mapping has them, with the texts of notes. The errors are those
// of [CheckMapping].
func TableRows(s *Sheet, m models.TableMapping, attributes []models.Attribute) ([]models.TableRow, error) {
	if err := CheckMapping(s, m, attributes); err != nil {
		return nil, err
	}
	rows := Understand(s, m, attributes)
	for i := range rows {
		text := rows[i].Fields[models.FieldText]
		if text == "" {
			continue
		}
		content, err := Plain(text)
		if problem, ok := errors.AsType[*models.Error](err); ok {
			rows[i].Problems = append(rows[i].Problems, models.TableProblem{Row: rows[i].Number, Code: problem.Code, Sentence: problem.Sentence})
			continue
		}
		if err != nil {
			return nil, err
		}
		rows[i].Content = &content
	}
	return rows, nil
}

type understanding struct {
	sheet          *Sheet
	mapping        models.TableMapping
	attributes     []models.Attribute
	decimal, order string
}

func (u *understanding) row(r *Row) models.TableRow {
	out := models.TableRow{Number: r.Number, Fields: map[string]string{}}
	for j, c := range u.mapping.Columns {
		if j >= len(r.Values) || r.Values[j] == "" || c.Field == "" {
			continue
		}
		if problem := u.take(&out, j, c, r.Values[j]); problem != nil {
			problem.Row, problem.Column = r.Number, c.Name
			out.Problems = append(out.Problems, *problem)
		}
	}
	needed := map[models.TableKind]string{models.TableNotes: models.FieldText, models.TableSites: models.FieldName, models.TableParticipants: models.FieldPseudonym}[u.mapping.Of]
	at := slices.IndexFunc(u.mapping.Columns, func(c models.MappedColumn) bool { return c.Field == needed })
	if at >= 0 && out.Fields[needed] == "" && len(out.Problems) == 0 {
		out.Problems = append(out.Problems, models.TableProblem{Row: r.Number, Column: u.mapping.Columns[at].Name, Code: "value_missing", Sentence: "This is empty, and without it there is nothing to import."})
	}
	return out
}

// cellProblem says why a value can't be taken; the places of its format are for the values.
func cellProblem(code, format string, values ...string) *models.TableProblem {
	inserted := make([]any, len(values))
	for i, v := range values {
		inserted[i] = v
	}
	return &models.TableProblem{Code: code, Sentence: fmt.Sprintf(format, inserted...), Values: values}
}

// take reads one value, and says if it can't be read.
func (u *understanding) take(out *models.TableRow, column int, c models.MappedColumn, v string) *models.TableProblem {
	shown := v
	if points := []rune(v[:min(len(v), 200)]); len(points) > 40 {
		shown = string(points[:40]) + "…"
	}
	switch c.Field {
	case models.FieldKind:
		if u.mapping.Of == models.TableNotes {
			kind := noteKind(v)
			if kind == "" {
				return cellProblem("kind_unreadable", "“%s” is no kind of note. These are: field note, meeting observation, interview, document, workshop.", shown)
			}
			v = string(kind)
		}
	case models.FieldObservedOn:
		day := dateIn(v, u.order)
		if day == "" {
			return cellProblem("date_unreadable", "“%s” can't be read as a date.", shown)
		}
		v = string(day)
	case models.FieldStartsAt, models.FieldEndsAt:
		at := clockOf(v)
		if at == "" {
			return cellProblem("clock_unreadable", "“%s” can't be read as a time of day.", shown)
		}
		v = string(at)
	case models.FieldParticipants:
		out.Participants = people(v)
		return nil
	case models.FieldText, models.FieldDescription, models.FieldPurpose:
	case models.FieldLanguage:
		v = languageNamed(v)
	default:
		if c.Field == models.FieldAttribute || strings.HasPrefix(c.Field, models.FieldAttribute+":") {
			return u.takeAttribute(out, column, c, v, shown)
		}
		v = strings.Join(strings.Fields(v), " ")
		if utf8.RuneCountInString(v) > models.MaxName && c.Field != models.FieldTitle {
			return cellProblem("value_too_long", "“%s” is longer than %s characters.", shown, strconv.Itoa(models.MaxName))
		}
	}
	out.Fields[c.Field] = v
	return nil
}

func (u *understanding) takeAttribute(out *models.TableRow, column int, c models.MappedColumn, v, shown string) *models.TableProblem {
	value := any(v)
	a, _ := attributeOf(c, u.attributes)
	switch columnType(c, u.attributes) {
	case models.AttributeNumber:
		n, ok := numberIn(v, u.decimal, u.sheet.Separator)
		if !ok {
			return cellProblem("number_unreadable", "“%s” can't be read as a number.", shown)
		}
		value = n
	case models.AttributeBoolean:
		is, ok := truth(v)
		if !ok {
			return cellProblem("boolean_unreadable", "“%s” can't be read as yes or no.", shown)
		}
		value = is
	case models.AttributeDate:
		day := dateIn(v, u.order)
		if day == "" {
			return cellProblem("date_unreadable", "“%s” can't be read as a date.", shown)
		}
		value = string(day)
	case models.AttributeChoice:
		v = strings.Join(strings.Fields(v), " ")
		value = v
		if utf8.RuneCountInString(v) > models.MaxName {
			return cellProblem("value_too_long", "“%s” is longer than %s characters.", shown, strconv.Itoa(models.MaxName))
		}
		if c.Field != models.FieldAttribute {
			i := slices.IndexFunc(a.Choices, func(choice string) bool { return strings.EqualFold(choice, v) })
			if i < 0 {
				return cellProblem("choice_unknown", "“%s” is none of the choices of “%s”.", shown, a.Name)
			}
			value = a.Choices[i]
		}
	case models.AttributeText:
		if utf8.RuneCountInString(v) > models.MaxAttribute {
			return cellProblem("value_too_long", "“%s” is longer than %s characters.", shown, strconv.Itoa(models.MaxAttribute))
		}
	}
	if out.Attributes == nil {
		out.Attributes = map[int]any{}
	}
	out.Attributes[column] = value
	return nil
}

// people divides the names of participants: at semicolons and line ends, or else at commas and "and".
func people(v string) []string {
	parts := strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == '\n' || r == '|' })
	if len(parts) == 1 {
		for _, word := range []string{" and ", " og ", " & "} {
			v = strings.ReplaceAll(v, word, ",")
		}
		parts = strings.Split(v, ",")
	}
	var out []string
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// languageNames gives the tags of languages that have names.
var languageNames = map[string]string{
	"danish": "da", "dansk": "da", "english": "en", "engelsk": "en", "swedish": "sv", "svensk": "sv", "norwegian": "nb", "norsk": "nb", "german": "de", "tysk": "de",
}

func languageNamed(v string) string {
	if tag := languageNames[strings.ToLower(v)]; tag != "" {
		return tag
	}
	return strings.TrimSpace(v)
}

// Of what was understood, how much is shown.
const (
	shownRows     = 20
	shownProblems = 100
	shownValue    = 200 // code points
)

// looks gives the problems of rows, and the first rows as they were understood.
func looks(s *Sheet, m models.TableMapping, rows []models.TableRow, attributes []models.Attribute) ([]models.TableProblem, [][]string) {
	problems, preview := []models.TableProblem{}, [][]string{}
	for i := range rows {
		problems = append(problems, rows[i].Problems...)
		if i < shownRows {
			preview = append(preview, shownRow(s, m, &rows[i], attributes))
		}
	}
	return problems[:min(len(problems), shownProblems)], preview
}

func shownRow(s *Sheet, m models.TableMapping, r *models.TableRow, attributes []models.Attribute) []string {
	out := make([]string, len(s.Columns))
	for j, c := range m.Columns {
		if j >= len(out) {
			break
		}
		v := r.Fields[c.Field]
		if a, ok := r.Attributes[j]; ok {
			v = attributeWords(a)
		}
		if c.Field == models.FieldParticipants {
			v = strings.Join(r.Participants, "; ")
		}
		if columnType(c, attributes) != "" || c.Field != "" {
			out[j] = shownWords(v)
		}
	}
	return out
}

func shownWords(v string) string {
	if utf8.RuneCountInString(v) <= shownValue {
		return v
	}
	return string([]rune(v)[:shownValue]) + "…"
}

func attributeWords(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
