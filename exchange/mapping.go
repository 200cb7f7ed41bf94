package exchange

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feltbog/models"
)

// columnNames gives, for each kind of table, the names that the columns of each field have in English and
// Danish, folded as foldHeading does. The first ones tell most of what the table is of.
var columnNames = map[models.TableKind]map[string][]string{
	models.TableNotes: {
		models.FieldTitle:        {"title", "titel", "overskrift", "heading", "headline", "subject", "emne", "notetitle", "name", "navn"},
		models.FieldKind:         {"kind", "type", "slags", "art", "notetype", "kindofnote", "notekind"},
		models.FieldSite:         {"site", "sted", "organisation", "organization", "organisationsnavn", "lokation", "lokalitet", "location", "place", "workplace", "arbejdsplads"},
		models.FieldObservedOn:   {"date", "dato", "observedon", "observeret", "observationdate", "dateofobservation", "observationsdato", "day", "dag", "when", "hvornår"},
		models.FieldStartsAt:     {"start", "startsat", "starttime", "starttid", "starttidspunkt", "starter", "begins", "begynder", "from", "fra", "time", "tidspunkt", "klokkeslæt"},
		models.FieldEndsAt:       {"end", "endsat", "endtime", "ends", "slut", "sluttid", "sluttidspunkt", "slutter", "to", "til"},
		models.FieldText:         {"text", "tekst", "note", "notes", "noter", "notat", "notater", "fieldnote", "fieldnotes", "feltnote", "feltnoter", "content", "indhold", "body", "words", "observation", "observations", "observationer", "transcript", "transskription"},
		models.FieldParticipants: {"participants", "participant", "deltagere", "deltager", "people", "personer", "present", "tilstede"},
		models.FieldLanguage:     {"language", "lang", "sprog"},
		models.FieldPhase:        {"phase", "fase", "stage"},
		models.FieldPurpose:      {"purpose", "formål", "purposeofthemeeting", "formålmedmødet"},
	},
	models.TableSites: {
		models.FieldName:        {"name", "navn", "site", "sted", "organisation", "organization", "sitename", "title", "titel", "arbejdsplads", "workplace"},
		models.FieldKind:        {"kind", "type", "slags", "art", "sitekind"},
		models.FieldParent:      {"parent", "parentsite", "within", "partof", "belongsto", "hørerunder", "underlagt", "delaf", "liggerunder", "overordnet", "overordnetsted", "moderorganisation"},
		models.FieldDescription: {"description", "beskrivelse", "about", "om", "note", "notes", "noter", "bemærkning", "bemærkninger", "comment", "comments", "kommentar"},
	},
	models.TableParticipants: {
		models.FieldPseudonym:   {"pseudonym", "pseudonyms", "alias", "name", "navn", "participant", "deltager", "person", "informant", "interviewee"},
		models.FieldActorRole:   {"role", "rolle", "actorrole", "aktørrolle", "position", "stilling", "job", "jobtitle", "jobtitel", "funktion", "function", "title", "titel"},
		models.FieldSite:        {"site", "sted", "organisation", "organization", "workplace", "arbejdsplads", "lokation", "location"},
		models.FieldDescription: {"description", "beskrivelse", "about", "om", "note", "notes", "noter", "bemærkning", "bemærkninger", "comment", "comments", "kommentar"},
	},
}

// telling gives how much a heading says for what a table is of.
var telling = map[models.TableKind]map[string]int{
	models.TableNotes: {
		"text": 4, "tekst": 4, "content": 4, "indhold": 4, "fieldnote": 4, "fieldnotes": 4, "feltnote": 4, "feltnoter": 4, "body": 4, "transcript": 4, "transskription": 4,
		"note": 2, "notes": 2, "noter": 2, "notat": 3, "notater": 3, "observation": 3, "observations": 3, "observationer": 3,
		"date": 2, "dato": 2, "observedon": 3, "participants": 2, "deltagere": 2, "phase": 2, "fase": 2, "language": 1, "sprog": 1, "title": 1, "titel": 1, "overskrift": 2,
	},
	models.TableSites: {
		"parent": 4, "parentsite": 4, "partof": 4, "hørerunder": 4, "delaf": 4, "overordnet": 4, "overordnetsted": 4, "moderorganisation": 4, "belongsto": 4,
		"name": 1, "navn": 1, "organisation": 1, "organization": 1, "kind": 1, "slags": 1, "type": 1, "description": 1, "beskrivelse": 1,
	},
	models.TableParticipants: {
		"pseudonym": 5, "pseudonyms": 5, "alias": 4, "informant": 4, "interviewee": 4, "participant": 3, "deltager": 3,
		"role": 3, "rolle": 3, "actorrole": 4, "aktørrolle": 4, "stilling": 3, "position": 2, "jobtitle": 3, "jobtitel": 3,
		"name": 1, "navn": 1, "description": 1, "beskrivelse": 1,
	},
}

// passedOver are columns of our own exports that are made anew with what comes in.
var passedOver = []string{"noteid", "id", "observer", "agenda", "words", "codings"}

// GuessTable finds out what a table is of and what its columns are, with the attributes that the project
// has. What the table doesn't say is left to questions, which a mapping answers: what it is of (of), which
// column holds the text of notes (text), how dates and numbers are written (date_order, decimal).
func GuessTable(s *Sheet, attributes []models.Attribute) models.UploadedTable {
	table := models.UploadedTable{Rows: len(s.Rows), Sheet: s.Name, Sheets: []string{}, Questions: []models.TableQuestion{}, Warnings: []models.Warning{}}
	for _, w := range s.Warnings {
		table.Warnings = append(table.Warnings, models.Warning(w))
	}
	if s.Name != "" {
		table.Sheets = append([]string{s.Name}, s.Others...)
	}
	var of []models.TableKind
	table.Of, of = kindOf(s)
	if len(of) > 1 {
		table.Questions = append(table.Questions, models.TableQuestion{
			Code: "of", Choices: kindNames(of), Sentence: "The columns don't tell whether this is a table of notes, of sites or of participants.",
		})
	}
	fields := fieldsOf(s, table.Of, attributes)
	table.Columns = make([]models.TableColumn, len(s.Columns))
	for j, name := range s.Columns {
		c := models.TableColumn{Name: name, Field: fields[j], Samples: samples(s, j)}
		if c.Field == models.FieldAttribute {
			c.Type = typeOf(s, j)
		}
		table.Columns[j] = c
	}
	if len(of) == 1 && table.Of == models.TableNotes && !slices.Contains(fields, models.FieldText) {
		table.Questions = append(table.Questions, models.TableQuestion{Code: "text", Choices: s.Columns, Sentence: "No column is named as one that holds the text of the notes."})
	}
	m := table.Mapping()
	decimal, order, questions := writing(s, m, attributes)
	m.Decimal, m.DateOrder, table.Questions = decimal, order, append(table.Questions, questions...)
	table.Decimal, table.DateOrder = m.Decimal, m.DateOrder
	rows := Understand(s, m, attributes)
	table.Problems, table.Preview = looks(s, m, rows, attributes)
	return table
}

// kindOf finds what a table is of, and all that it may be of where its columns don't tell.
func kindOf(s *Sheet) (models.TableKind, []models.TableKind) {
	scores := map[models.TableKind]int{}
	best := 0
	for _, kind := range models.TableKinds() {
		for _, name := range s.Columns {
			scores[kind] += telling[kind][foldHeading(name)]
		}
		best = max(best, scores[kind])
	}
	var all []models.TableKind
	for _, kind := range models.TableKinds() {
		if scores[kind] == best {
			all = append(all, kind)
		}
	}
	return all[0], all
}

func kindNames(all []models.TableKind) []string {
	out := make([]string, len(all))
	for i, kind := range all {
		out[i] = string(kind)
	}
	return out
}

// fieldsOf gives the field of each column. Of two columns that may be the same, that whose name stands
// earlier among the names is.
func fieldsOf(s *Sheet, of models.TableKind, attributes []models.Attribute) []string {
	out := make([]string, len(s.Columns))
	for field, names := range columnNames[of] {
		best, rank := -1, len(names)
		for j, name := range s.Columns {
			if r := slices.Index(names, foldHeading(name)); r >= 0 && r < rank {
				best, rank = j, r
			}
		}
		if best >= 0 {
			out[best] = field
		}
	}
	if of != models.TableNotes {
		return out
	}
	for j, name := range s.Columns {
		i := slices.IndexFunc(attributes, func(a models.Attribute) bool {
			return strings.EqualFold(a.Name, name) || strings.EqualFold(a.Name+" (attribute)", name)
		})
		switch {
		case i >= 0 && (out[j] == "" || strings.EqualFold(attributes[i].Name+" (attribute)", name)):
			out[j] = models.FieldAttribute + ":" + string(attributes[i].ID)
		case out[j] == "" && !slices.Contains(passedOver, foldHeading(name)) && len(samples(s, j)) > 0:
			out[j] = models.FieldAttribute
		}
	}
	return out
}

// samples gives the first few different values of a column.
func samples(s *Sheet, column int) []string {
	const most, length = 3, 100
	out := []string{}
	for _, r := range s.Rows {
		v := r.Values[column]
		if points := []rune(v[:min(len(v), 4*length)]); len(points) > length {
			v = string(points[:length]) + "…"
		}
		if v != "" && !slices.Contains(out, v) {
			if out = append(out, v); len(out) == most {
				break
			}
		}
	}
	return out
}

// typeOf finds the type of a new attribute by its values: a choice where few words come again and again.
func typeOf(s *Sheet, column int) models.AttributeType {
	const mostWords, longestWord, timesEach = 20, 60, 3
	all, truths, days, amounts := 0, 0, 0, 0
	words := map[string]bool{}
	short := true
	for _, r := range s.Rows {
		v := r.Values[column]
		if v == "" {
			continue
		}
		all++
		if _, ok := truth(v); ok {
			truths++
		}
		if len(dates(v)) > 0 {
			days++
		}
		if len(numbers(v, s.Separator)) > 0 {
			amounts++
		}
		if len(words) <= mostWords {
			words[strings.ToLower(v)] = true
		}
		short = short && utf8.RuneCountInString(v) <= longestWord && !strings.Contains(v, "\n")
	}
	switch all {
	case amounts:
		return models.AttributeNumber
	case truths:
		return models.AttributeBoolean
	case days:
		return models.AttributeDate
	}
	if short && len(words) <= mostWords && all >= timesEach*len(words) {
		return models.AttributeChoice
	}
	return models.AttributeText
}

// writing finds out how the dates and numbers of a table are written, and asks where that can't be known.
func writing(s *Sheet, m models.TableMapping, attributes []models.Attribute) (decimal, order string, questions []models.TableQuestion) {
	questions = []models.TableQuestion{}
	days, dayColumn := s.valuesOf(m, attributes, models.AttributeDate)
	order, open := orderOf(days)
	if len(open) > 0 {
		example := firstOpen(days, func(v string) bool { return dates(v)[""] == "" && len(dates(v)) > 1 })
		questions = append(questions, models.TableQuestion{
			Column: dayColumn, Code: "date_order", Choices: open,
			Sentence: fmt.Sprintf("Which number is the day and which the month in “%s”, such as %s? No row tells.", dayColumn, example),
			Values:   []string{dayColumn, example},
		})
	}
	amounts, amountColumn := s.valuesOf(m, attributes, models.AttributeNumber)
	decimal, isOpen := decimalOf(amounts, s.Separator)
	if isOpen {
		example := firstOpen(amounts, func(v string) bool { return len(numbers(v, s.Separator)) > 1 })
		questions = append(questions, models.TableQuestion{
			Column: amountColumn, Code: "decimal", Choices: []string{decimalComma, decimalPoint},
			Sentence: fmt.Sprintf("Are there decimals behind the sign in “%s”, such as %s, or thousands? No row tells.", amountColumn, example),
			Values:   []string{amountColumn, example},
		})
	}
	return decimal, order, questions
}

func firstOpen(values []string, open func(string) bool) string {
	if i := slices.IndexFunc(values, open); i >= 0 {
		return values[i]
	}
	return values[0]
}

// valuesOf gives the values of all columns of a type, and the name of the first of these in which something
// stands.
func (s *Sheet) valuesOf(m models.TableMapping, attributes []models.Attribute, t models.AttributeType) (values []string, column string) {
	for j, c := range m.Columns {
		if columnType(c, attributes) != t || j >= len(s.Columns) {
			continue
		}
		for _, r := range s.Rows {
			if v := r.Values[j]; v != "" {
				values = append(values, v)
				if column == "" {
					column = s.Columns[j]
				}
			}
		}
	}
	return values, column
}

// columnType gives the type of the values of a column; empty where it is left out or has words of its own.
func columnType(c models.MappedColumn, attributes []models.Attribute) models.AttributeType {
	if c.Field == models.FieldObservedOn {
		return models.AttributeDate
	}
	if c.Field == models.FieldAttribute {
		return c.Type
	}
	if a, ok := attributeOf(c, attributes); ok {
		return a.Type
	}
	return ""
}

// attributeOf gives the attribute of the project that a column is.
func attributeOf(c models.MappedColumn, attributes []models.Attribute) (models.Attribute, bool) {
	id, ok := strings.CutPrefix(c.Field, models.FieldAttribute+":")
	if !ok {
		return models.Attribute{}, false
	}
	return models.Definitions(attributes).Find(models.ID(id))
}

// truths are the words for yes and no in English and Danish.
var truths = map[string]bool{
	"yes": true, "y": true, "true": true, "ja": true, "j": true, "sand": true, "sandt": true, "x": true, "✓": true, "✔": true, "1": true,
	"no": false, "n": false, "false": false, "nej": false, "falsk": false, "0": false, "–": false, "-": false,
}

func truth(v string) (is, ok bool) {
	is, ok = truths[strings.ToLower(strings.TrimSpace(v))]
	return is, ok
}

// noteKinds gives the kind of a note by its names in English and Danish.
var noteKinds = map[string]models.NoteKind{
	"fieldnote": models.KindFieldNote, "fieldnotes": models.KindFieldNote, "feltnote": models.KindFieldNote, "feltnoter": models.KindFieldNote, "feltnotat": models.KindFieldNote,
	"meetingobservation": models.KindMeetingObservation, "meeting": models.KindMeetingObservation, "møde": models.KindMeetingObservation,
	"mødeobservation": models.KindMeetingObservation, "observationafmøde": models.KindMeetingObservation, "mødenotat": models.KindMeetingObservation,
	"interview": models.KindInterview, "interviews": models.KindInterview, "document": models.KindDocument, "dokument": models.KindDocument,
	"workshop": models.KindWorkshop, "værksted": models.KindWorkshop,
}

// noteKind reads a kind of notes; empty if it is none.
func noteKind(v string) models.NoteKind {
	return noteKinds[strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' {
			return -1
		}
		return r
	}, v))]
}
