package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// interviewRows are the rows of an interview that is laid out as a table.
var interviewRows = [][]string{
	{"Time", "Speaker", "Text"},
	{"00:00:04", "Interviewer", "How do you keep the register of the pipes?"},
	{"00:00:09", "Lea", "We write it down on paper, and then somebody types it."},
	{"", "", "Mostly it is me."},
	{"00:00:21", "Interviewer", "And who looks at what you typed?"},
	{"00:00:25", "Lea", "Nobody does, as far as I know."},
}

func rows(all [][]string, from int, row, cell func(string) string) string {
	var b strings.Builder
	for _, cells := range all {
		var inner strings.Builder
		for _, words := range cells[from:] {
			inner.WriteString(cell(words))
		}
		b.WriteString(row(inner.String()))
	}
	return b.String()
}

// said gives the blocks of a transcript, a line of each: its kind, who speaks and when, and the words.
func said(c models.Content) string {
	points := []rune(c.Text)
	var lines []string
	for _, b := range c.Blocks {
		line := string(b.Kind)
		if b.Speaker != "" {
			line += fmt.Sprintf(" speaker %q", b.Speaker)
		}
		if b.Seconds != nil {
			line += fmt.Sprintf(" at %g", *b.Seconds)
		}
		lines = append(lines, line+fmt.Sprintf(" %q", string(points[b.Start:b.End])))
	}
	return strings.Join(lines, "\n")
}

func TestTurnsInTables(t *testing.T) {
	t.Parallel()
	around := func(begin, end string) func(string) string {
		return func(s string) string { return begin + s + end }
	}
	word := func(all [][]string, from int) string {
		return string(docx(t, wP(wR("An interview"))+wTable(rows(all, from, func(s string) string { return wRow(s) }, func(s string) string { return wCell(wP(wR(s))) })), wordParts()))
	}
	open := string(odt(t, oP("An interview")+`<table:table>`+rows(interviewRows, 0, around("<table:table-row>", "</table:table-row>"), func(s string) string {
		return "<table:table-cell>" + oP(s) + "</table:table-cell>"
	})+`</table:table>`, nil))
	page := `<p>An interview</p><table border="1">` + rows(interviewRows, 0, around("<tr>", "</tr>"), around("<td>", "</td>")) + `</table>`
	timed := []string{
		`paragraph "An interview"`, `tableRow "Time\tSpeaker\tText"`,
		`turn speaker "Interviewer" at 4 "How do you keep the register of the pipes?"`, `turn speaker "Lea" at 9 "We write it down on paper, and then somebody types it."`,
		`turn speaker "Lea" "Mostly it is me."`, `turn speaker "Interviewer" at 21 "And who looks at what you typed?"`, `turn speaker "Lea" at 25 "Nobody does, as far as I know."`,
	}
	for _, c := range []struct {
		name, file, source string
		want               []string
	}{
		{"in Word", "note.docx", word(interviewRows, 0), timed},
		{"in OpenDocument", "note.odt", open, timed},
		{"in a web page", "page.html", page, timed},
		{"without times", "note.docx", word(interviewRows, 1), []string{
			timed[0], `tableRow "Speaker\tText"`, strings.Replace(timed[2], " at 4", "", 1), strings.Replace(timed[3], " at 9", "", 1), timed[4],
			strings.Replace(timed[5], " at 21", "", 1), strings.Replace(timed[6], " at 25", "", 1),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readSource(t, c.file, c.source)
			if diff := cmp.Diff(strings.Join(c.want, "\n"), said(doc.Content)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			speakers := []exchange.Speaker{{Name: "Interviewer", Turns: 2, Words: 16}, {Name: "Lea", Turns: 2, Words: 22}}
			if diff := cmp.Diff(speakers, doc.Speakers); diff != "" || !doc.Transcript {
				t.Error(diff, doc.Transcript)
			}
		})
	}
	for name, all := range map[string][][]string{
		"what was seen in a day": {{"Tid", "Hvem", "Hvad"}, {"10:15", "Lea", "Hun åbner regnearket igen"}, {"10:20", "Mette", "Hun ringer til driften"}, {"10:40", "Lea", "Hun lukker regnearket igen"}, {"11:05", "Mette", "Hun henter kaffe til alle"}},
		"a list of people":       {{"Name", "Place"}, {"Lea Holm", "the town hall in the middle"}, {"Bo Dam", "the works at the harbour"}, {"Ida Ø", "the works at the harbour"}, {"Per Å", "the school by the church"}},
		"what has more columns":  {{"Speaker", "Text", "Note"}, {"Lea", "I say a few words", "laughs"}, {"Bo", "I say a few words", ""}, {"Lea", "I say a few words", ""}, {"Bo", "I say a few words", "leaves"}},
	} {
		t.Run("but not "+name, func(t *testing.T) {
			t.Parallel()
			if doc := readSource(t, "note.docx", word(all, 0)); doc.Transcript {
				t.Errorf("it is taken for a transcript:\n%s", said(doc.Content))
			}
		})
	}
	t.Run("but not when nobody wants them", func(t *testing.T) {
		t.Parallel()
		doc, err := exchange.Read("note.docx", []byte(word(interviewRows, 0)), exchange.Options{Transcript: exchange.TranscriptNo})
		if err != nil || doc.Transcript {
			t.Error(err, doc.Transcript)
		}
	})
}

func TestTimesBehindTurns(t *testing.T) {
	t.Parallel()
	doc := readSource(t, "interview.txt", "I: How do you keep it? #00:00:04-5#\n\nB: On paper. #00:00:09#\n\nMostly it is me. #00:00:21-0#\n\nI: And who looks? #00:00:25-1#\n\nB: Nobody does in issue #7#\n")
	want := strings.Join([]string{
		`turn speaker "I" "How do you keep it?"`, `turn speaker "B" at 4.5 "On paper."`, `turn speaker "B" at 9 "Mostly it is me."`,
		`turn speaker "I" at 21 "And who looks?"`, `turn speaker "B" at 25.1 "Nobody does in issue #7#"`,
	}, "\n")
	if diff := cmp.Diff(want, said(doc.Content)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
