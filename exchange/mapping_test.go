package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// fields writes what the columns of a table were taken for.
func fields(t models.UploadedTable) string {
	out := []string{string(t.Of)}
	for _, c := range t.Columns {
		f := c.Field
		if c.Type != "" {
			f += ":" + string(c.Type)
		}
		out = append(out, f)
	}
	return strings.Join(out, "|")
}

func asked(all []models.TableQuestion) string {
	var out []string
	for _, q := range all {
		out = append(out, q.Code+" "+strings.Join(q.Choices, ","))
	}
	return strings.Join(out, "; ")
}

func TestWhatATableIsOf(t *testing.T) {
	source := models.Attribute{ID: models.NewID(), Name: "Data source", Type: models.AttributeChoice, Choices: []string{"Register"}}
	title := models.Attribute{ID: models.NewID(), Name: "Title", Type: models.AttributeText}
	for _, c := range []struct {
		heads, values, want, doubts string
	}{
		{"Title,Date,Site,Kind,Text,Participants,Language,Phase", "A,2024-01-01,B,interview,C,D,da,early", "notes|title|observedOn|site|kind|text|participants|language|phase", ""},
		{"Titel;Dato;Sted;Slags;Tekst;Deltagere;Sprog;Fase;Starttidspunkt;Slut", "A;1.2.2024;B;møde;C;D;da;tidlig;9.00;10", "notes|title|observedOn|site|kind|text|participants|language|phase|startsAt|endsAt", ""},
		{"Overskrift,Noter,Antal til stede,Optaget,Rum,Godkendt", "A,B,12,ja,Kælderen,3. april 2024", "notes|title|text|attribute:number|attribute:boolean|attribute:text|attribute:date", ""},
		{"Title,Text,data SOURCE", "A,B,Register", "notes|title|text|attribute:" + string(source.ID), ""},
		{"Title,Kind,Site,Observed on,Starts at,Ends at,Observer,Participants,Language,Phase,Purpose,Agenda,Words,Text,Note id,Data source,Title (attribute)", "A,fieldNote,B,2024-01-01,,,C,,da,,,x,1,D,x,Register,F", "notes|title|kind|site|observedOn|startsAt|endsAt||participants|language|phase|purpose|||text||attribute:" + string(source.ID) + "|attribute:" + string(title.ID), ""},
		{"Name,Kind,Parent,Description", "A,agency,B,C", "sites|name|kind|parent|description", ""},
		{"Navn;Type;Hører under;Beskrivelse", "A;styrelse;B;C", "sites|name|kind|parent|description", ""},
		{"Pseudonym,Role,Site,Description", "A,manager,B,C", "participants|pseudonym|actorRole|site|description", ""},
		{"Navn;Stilling;Organisation;Noter", "A;leder;B;C", "participants|pseudonym|actorRole|site|description", ""},
		{"Team,Location,Stanley Cups", "A,B,1", "notes|attribute:text|site|attribute:number", "of notes,sites,participants"},
		{"Dato,Titel", "1.1.2024,A", "notes|observedOn|title", "text Dato,Titel"},
	} {
		s := sheetOf(t, "a.csv", c.heads+"\n"+c.values+"\n")
		table := exchange.GuessTable(&s, []models.Attribute{source, title})
		if got := fields(table); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.heads, got, c.want)
		}
		if got := asked(table.Questions); got != c.doubts {
			t.Errorf("%s leaves the questions %q, want %q", c.heads, got, c.doubts)
		}
	}
}

// column reads a column of notes' dates or of an attribute, and writes its values, or what is asked.
func column(t *testing.T, file, separator, head string, values ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Text" + separator + head + "\n")
	for _, v := range values {
		b.WriteString("x" + separator + `"` + v + `"` + "\n")
	}
	s := sheetOf(t, file, b.String())
	table := exchange.GuessTable(&s, nil)
	if len(table.Questions) > 0 {
		return "? " + asked(table.Questions)
	}
	var out []string
	for _, row := range exchange.Understand(&s, table.Mapping(), nil) {
		v := row.Fields[models.FieldObservedOn]
		if a, ok := row.Attributes[1]; ok {
			v = fmt.Sprint(a)
		}
		if len(row.Problems) > 0 {
			v = "!"
		}
		out = append(out, v)
	}
	return strings.Join(out, " ")
}

func TestDatesOfTables(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   string
	}{
		{[]string{"2024-04-03", "2024/4/3", "2024.04.03", "2024-04-03 14:00", "2024-04-03T14:00:00Z"}, "2024-04-03 2024-04-03 2024-04-03 2024-04-03 2024-04-03"},
		{[]string{"3.4.2024", "03.04.2024", "3.4.24", "31.12.99"}, "2024-04-03 2024-04-03 2024-04-03 1999-12-31"},
		{[]string{"3. april 2024", "3 apr 24", "d. 3. apr. 2024", "onsdag den 3. april 2024 kl. 14.00", "April 3, 2024", "3rd of April 2024", "3. maj 2024", "3-okt-2024"}, "2024-04-03 2024-04-03 2024-04-03 2024-04-03 2024-04-03 2024-04-03 2024-05-03 2024-10-03"},
		{[]string{"03/04/2024", "25/04/2024"}, "2024-04-03 2024-04-25"},
		{[]string{"03/04/2024", "04/25/2024"}, "2024-03-04 2024-04-25"},
		{[]string{"03-04-2024", "25-04-2024"}, "2024-04-03 2024-04-25"},
		{[]string{"03/04/2024", "05/06/2024"}, "? date_order dmy,mdy"},
		{[]string{"03/04/24", "05/06/24"}, "? date_order dmy,mdy,ymd"},
		{[]string{"03/03/2024", "05/05/2024"}, "2024-03-03 2024-05-05"},
		{[]string{"25/04/2024", "04/25/2024", "26/04/2024"}, "2024-04-25 ! 2024-04-26"},
		{[]string{"30.2.2024", "2024-13-01", "3. april", "yesterday", "1.2.3.2024", "45385"}, "! ! ! ! ! !"},
	} {
		if got := column(t, "a.csv", ";", "Date", c.values...); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.values, got, c.want)
		}
	}
}

func TestNumbersOfTables(t *testing.T) {
	for _, c := range []struct {
		separator string
		values    []string
		want      string
	}{
		{";", []string{"1,5", "1.234", "12"}, "1.5 1234 12"},
		{";", []string{"1.5", "1,234", "-3"}, "1.5 1234 -3"},
		{";", []string{"1.234.567,89", "1.234"}, "1.23456789e+06 1234"},
		{";", []string{"1 234,5", "0,125"}, "1234.5 0.125"},
		{";", []string{"1.234", "5.678"}, "? decimal ,,."},
		{";", []string{"1.234", "0.125"}, "1.234 0.125"},
		{";", []string{"1", "20000"}, "1 20000"},
		{",", []string{"1.234", "5"}, "1.234 5"},
		{",", []string{"1,234", "5,678"}, "? decimal ,,."},
		{",", []string{"1,5", "2,25"}, "1.5 2.25"},
	} {
		if got := column(t, "a.csv", c.separator, "Number", c.values...); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.values, got, c.want)
		}
	}
}

func TestUnderstandingRows(t *testing.T) {
	recorded := models.Attribute{ID: models.NewID(), Name: "Recorded", Type: models.AttributeBoolean}
	source := models.Attribute{ID: models.NewID(), Name: "Source", Type: models.AttributeChoice, Choices: []string{"Register", "Memory"}}
	s := sheetOf(t, "a.csv", strings.Join([]string{
		"Title;Kind;Date;Start;Participants;Language;Text;Recorded;Source",
		"One;Feltnote;3.4.2024;9.00;Karen og Ole, Mette;dansk;\"Words\nand more\";ja;register",
		"Two;Mødeobservation;3. april 2024;kl. 14.30;Bo og Lis;en;Words;x;Memory",
		"Three;essay;soon;25:00;;;Words;perhaps;Rumour",
		"Four;;;;;;;nej;",
		"Five;Interview;2024-04-03;2 pm;\"Karen; Ole\";;Words;FALSE;",
	}, "\n"))
	all := []models.Attribute{recorded, source}
	table := exchange.GuessTable(&s, all)
	rows := exchange.Understand(&s, table.Mapping(), all)
	one := models.TableRow{
		Number:       2,
		Fields:       map[string]string{"title": "One", "kind": "fieldNote", "observedOn": "2024-04-03", "startsAt": "09:00", "language": "da", "text": "Words\nand more"},
		Participants: []string{"Karen", "Ole", "Mette"}, Attributes: map[int]any{7: true, 8: "Register"},
	}
	if diff := cmp.Diff(one, rows[0]); diff != "" {
		t.Errorf("row 2 (-want +got):\n%s", diff)
	}
	if got := rows[4]; got.Fields["startsAt"] != "14:00" || got.Attributes[7] != false || strings.Join(got.Participants, "+") != "Karen+Ole" || len(got.Problems) != 0 {
		t.Errorf("row 7: %+v", got)
	}
	var problems []string
	for _, p := range table.Problems {
		problems = append(problems, fmt.Sprintf("%d %s", p.Row, p.Column))
	}
	want := "5 Kind, 5 Date, 5 Start, 5 Recorded, 5 Source, 6 Text"
	if got := strings.Join(problems, ", "); got != want {
		t.Errorf("problems: %s", got)
	}
	if len(table.Preview) != 5 || table.Preview[0][4] != "Karen; Ole; Mette" || table.Preview[0][2] != "2024-04-03" {
		t.Errorf("preview: %q", table.Preview)
	}
}

// What is inserted in a sentence is told beside it, for sentences in other languages.
func TestValuesOfSentences(t *testing.T) {
	s := sheetOf(t, "a.csv", "Text;Date;Amount;Start\nA;03/04/2024;1.234;soon\nB;;;\n")
	table := exchange.GuessTable(&s, nil)
	mapping := table.Mapping()
	mapping.Columns[3].Field = models.FieldStartsAt
	var got []string
	for _, q := range table.Questions {
		got = append(got, q.Code+": "+strings.Join(q.Values, " | "))
	}
	for _, r := range exchange.Understand(&s, mapping, nil) {
		for _, p := range r.Problems {
			got = append(got, fmt.Sprintf("%d %s %s: %s", p.Row, p.Column, p.Code, strings.Join(p.Values, " | ")))
		}
	}
	want := []string{
		"date_order: Date | 03/04/2024",
		"decimal: Amount | 1.234",
		"2 Date date_unreadable: 03/04/2024",
		"2 Amount number_unreadable: 1.234",
		"2 Start clock_unreadable: soon",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMappingsThatAreRefused(t *testing.T) {
	s := sheetOf(t, "a.csv", "Title,Date,Text\nA,03/04/2024,B\n")
	table := exchange.GuessTable(&s, nil)
	right := table.Mapping()
	right.DateOrder = models.OrderDMY
	if err := exchange.CheckMapping(&s, right, nil); err != nil {
		t.Fatal(err)
	}
	if got := exchange.Understand(&s, right, nil)[0].Fields["observedOn"]; got != "2024-04-03" {
		t.Errorf("the answer gives %q", got)
	}
	for name, change := range map[string]func(m *models.TableMapping){
		"mapping_invalid of":          func(m *models.TableMapping) { m.Of = "codes" },
		"mapping_invalid columns":     func(m *models.TableMapping) { m.Columns = m.Columns[:2] },
		"mapping_invalid name":        func(m *models.TableMapping) { m.Columns[0].Name = "Titel" },
		"mapping_invalid field":       func(m *models.TableMapping) { m.Columns[0].Field = "pseudonym" },
		"mapping_invalid twice":       func(m *models.TableMapping) { m.Columns[0].Field = "text" },
		"mapping_invalid no text":     func(m *models.TableMapping) { m.Columns[2].Field = "" },
		"mapping_invalid attribute":   func(m *models.TableMapping) { m.Columns[0].Field = "attribute:" + string(models.NewID()) },
		"mapping_invalid type":        func(m *models.TableMapping) { m.Columns[0].Field = "attribute" },
		"mapping_invalid order":       func(m *models.TableMapping) { m.DateOrder = "ydm" },
		"mapping_invalid decimal":     func(m *models.TableMapping) { m.Decimal = ";" },
		"table_ambiguous no order":    func(m *models.TableMapping) { m.DateOrder = "" },
		"mapping_invalid of the rest": func(m *models.TableMapping) { m.Of = models.TableSites },
	} {
		m := right
		m.Columns = append([]models.MappedColumn{}, right.Columns...)
		change(&m)
		code, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) { checkProblem(t, exchange.CheckMapping(&s, m, nil), code) })
	}
}
