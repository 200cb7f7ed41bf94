package exchange_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, source string
		want               []string
	}{
		{
			"names and a colon", "a.txt", "Anna Holm: Hvad gør du?\n\nBo: Jeg venter.\n\nAnna Holm: På hvad?",
			[]string{"Anna Holm: Hvad gør du?", "Bo: Jeg venter.", "Anna Holm: På hvad?"},
		},
		{
			"a line for each turn", "a.txt", "Anna: Hvad gør du?\nBo: Jeg venter.\nAnna: På hvad?\nKarl: På mig.",
			[]string{"Anna: Hvad gør du?", "Bo: Jeg venter.", "Anna: På hvad?", "Karl: På mig."},
		},
		{
			"initials, and a title and date before them", "a.txt", "Interview 3\n3. maj 2024\n\nI: Hvad gør du?\n\nR: Jeg venter.\nDet gør vi alle.\n\nPå data.\n\nI:\tNå.\n\nP1: Ja.",
			[]string{"paragraph: Interview 3\n3. maj 2024", "I: Hvad gør du?", "R: Jeg venter.\nDet gør vi alle.", "R: På data.", "I: Nå.", "P1: Ja."},
		},
		{
			"the head of an interview is no turn", "a.txt",
			"Interviewer: Lea\nInformant: P3\nDate: 3 May 2024\nPlace: the office\n\nInterviewer: What do you do?\n\nInformant: I wait for the data to come out of the register.\n\nInterviewer: What for?",
			[]string{"paragraph: Interviewer: Lea\nInformant: P3\nDate: 3 May 2024\nPlace: the office", "Interviewer: What do you do?", "Informant: I wait for the data to come out of the register.", "Interviewer: What for?"},
		},
		{
			"a time in brackets after the name", "a.txt", "Anna (00:01:02): Hvad?\n\nBo (00:01:05): Det.\n\nAnna [00:01:07]: Nå.",
			[]string{"Anna @62: Hvad?", "Bo @65: Det.", "Anna @67: Nå."},
		},
		{
			"a time in brackets before the name", "a.md", "# Afsnit 3\n\n[00:01:41] **Anna:** Hvad er\ndet?\n\n[00:01:50] Det er nyt.\n\n[00:02:01] **Bo:** Det *her*.\n\n[00:02:03] **Anna:** Nå, [00:02:09] ja.",
			[]string{"heading: Afsnit 3", "Anna @101: Hvad er det?", "Anna @110: Det er nyt.", "Bo @121: Det her.", "Anna @123: Nå, [00:02:09] ja."},
		},
		{
			"marked names", "a.md", "**Anna:** Hvad?\n\n**Bo**: \\[12:34\\] Det.\n\nOg det.\n\n\\[12:40\\] Og så det.\n\n**Anna:** Note: det er nyt.",
			[]string{"Anna: Hvad?", "Bo @754: Det.", "Bo: Og det.", "Bo @760: Og så det.", "Anna: Note: det er nyt."},
		},
		{
			"marked names and a time without brackets", "a.md", "**Dr. Holm**  00:04 Hvad?\n\n**Bo Berg**   01:19Det.\n\n**Dr. Holm**   01:22\nNå.",
			[]string{"Dr. Holm @4: Hvad?", "Bo Berg @79: Det.", "Dr. Holm @82: Nå."},
		},
		{
			"a line of Markdown for each turn", "a.md", "---\ntitle: A\n---\n# Interview\n**Anna:** Hvad gør du?\n**Bo:** Jeg venter\npå *data*.\n**Anna:** Nå.\nNote: pause\n**Bo:** Ja.",
			[]string{"heading: Interview", "Anna: Hvad gør du?", "Bo: Jeg venter på data.", "Anna: Nå. Note: pause", "Bo: Ja."},
		},
		{
			"a line of Markdown for each turn, without marks", "a.md", "I: Hvad gør du?\nR: Jeg venter.\nI: Nå.\nR: Ja.",
			[]string{"I: Hvad gør du?", "R: Jeg venter.", "I: Nå.", "R: Ja."},
		},
		{
			"Otter", "a.txt", "Anna Holm  0:04  \nHvad gør du?\n\nUnknown Speaker  0:09  \nJeg venter.\nSom du ser.\n\nAnna Holm  1:02:09  \nNå.\n\nTranscribed by https://otter.ai",
			[]string{"Anna Holm @4: Hvad gør du?", "Unknown Speaker @9: Jeg venter.\nSom du ser.", "Anna Holm @3729: Nå.", "Anna Holm: Transcribed by https://otter.ai"},
		},
		{
			"Teams as text", "a.txt", "Holm, Anna   0:03\nHvad gør du?\n\nBo Berg (Konsulent)   0:05\nJeg venter.\n\nHolm, Anna   0:09\nNå.",
			[]string{"Holm, Anna @3: Hvad gør du?", "Bo Berg (Konsulent) @5: Jeg venter.", "Holm, Anna @9: Nå."},
		},
		{
			"Teams as Word", "a.txt", "0:0:0.0 --> 0:0:1.510\nSome Body\nOK. Yeah.\n\n0:0:3.270 --> 0:0:4.250\nJames Bond\nUmm.",
			[]string{"Some Body @0: OK. Yeah.", "James Bond @3.27: Umm."},
		},
		{
			"Word's own transcription", "a.txt", "Audio file\n\n00:00:01 Speaker 1\nHvad gør du?\n\n00:00:05 Speaker 2\nJeg venter.\n\n00:00:09 Speaker 1\nNå.",
			[]string{"paragraph: Audio file", "Speaker 1 @1: Hvad gør du?", "Speaker 2 @5: Jeg venter.", "Speaker 1 @9: Nå."},
		},
		{
			"Zoom", "a.txt", "00:00:01 Anna Holm: Hvad gør du?\n00:00:05 Bo: Jeg venter.\n00:00:09 Anna Holm: Nå.",
			[]string{"Anna Holm @1: Hvad gør du?", "Bo @5: Jeg venter.", "Anna Holm @9: Nå."},
		},
		{
			"a name and a time on lines of their own, then paragraphs", "a.txt", "Anna 00:00:01\n\nHvad gør du?\n\nBo 00:00:05\n\nJeg venter.\n\nDet gør jeg.\n\nAnna 00:00:09\n\nNå.",
			[]string{"Anna @1: Hvad gør du?", "Bo @5: Jeg venter.", "Bo: Det gør jeg.", "Anna @9: Nå."},
		},
		{
			"names in brackets", "a.txt", "[Anna Holm] 00:00:01\nHvad gør du?\n\n[Bo] 00:00:05\nJeg venter.\n\n[Anna Holm] 00:00:09\nNå.",
			[]string{"Anna Holm @1: Hvad gør du?", "Bo @5: Jeg venter.", "Anna Holm @9: Nå."},
		},
		{
			"names in brackets and a colon", "a.md", "[Anna]: Hvad gør du?\n\n[Bo]: Jeg venter.\n\n[laughter]\n\n[Anna]: Nå.",
			[]string{"Anna: Hvad gør du?", "Bo: Jeg venter.", "Bo: [laughter]", "Anna: Nå."},
		},
		{
			"labels of machines", "a.txt", "SPEAKER_00: Hvad gør du?\nSPEAKER_01: Jeg venter.\nSPEAKER_00: Nå.",
			[]string{"SPEAKER_00: Hvad gør du?", "SPEAKER_01: Jeg venter.", "SPEAKER_00: Nå."},
		},
		{
			"names, a time and a colon on lines of their own", "a.txt", "Anna Holm (00:01):\nHvad gør du?\n\nBo (00:05):\nJeg venter.\n\nAnna Holm (00:09):\nNå.",
			[]string{"Anna Holm @1: Hvad gør du?", "Bo @5: Jeg venter.", "Anna Holm @9: Nå."},
		},
		{
			"a time after the label", "a.txt", "Anna: [00:01] Hvad gør du?\n\nBo: [00:05] Jeg venter.\n\nAnna: [00:09] Nå.",
			[]string{"Anna @1: Hvad gør du?", "Bo @5: Jeg venter.", "Anna @9: Nå."},
		},
		{
			"times on lines of their own", "a.txt", "[00:00:01]\nAnna: Hvad gør du?\n\n[00:00:05]\nBo: Jeg venter.\n\n[00:00:09]\nAnna: Nå.",
			[]string{"Anna @1: Hvad gør du?", "Bo @5: Jeg venter.", "Anna @9: Nå."},
		},
		{
			"a heading ends a turn, lists and quotes stay", "a.md", "**Anna:** Hvad?\n\n**Bo:** Tre ting:\n\n- en\n- to\n\n**Anna:** Nå.\n\n## Bilag\n\nMere.",
			[]string{"Anna: Hvad?", "Bo: Tre ting:", "listItem: en", "listItem: to", "Anna: Nå.", "heading: Bilag", "paragraph: Mere."},
		},
		{
			"a parliament", "a.txt", "Dagsorden\n\n             Kl. 13:00\n\nMeddelelser\n\nFormanden (Søren Holm):\nMødet er åbnet.\n\nAnna Berg (A) m.fl.:\n\nForslag nr. 1.\n" +
				"             Kl. 13:03\n(Ordfører)\nAnna Berg (A):\nTak for det, formand. Jeg vil sige noget.\n             Kl. 13:05\n   Og noget mere.\n             Kl. 13:07Formanden (Søren Holm):\nTak for det.\n\nForhandlingFormanden (Søren Holm):\nMødet er hævet.",
			[]string{
				"paragraph: Dagsorden", "paragraph: Kl. 13:00", "paragraph: Meddelelser", "Formanden (Søren Holm): Mødet er åbnet.", "Formanden (Søren Holm): Anna Berg (A) m.fl.:",
				"Formanden (Søren Holm): Forslag nr. 1.", "paragraph: Kl. 13:03", "paragraph: (Ordfører)", "Anna Berg (A): Tak for det, formand. Jeg vil sige noget.",
				"paragraph: Kl. 13:05", "Anna Berg (A): Og noget mere.", "paragraph: Kl. 13:07", "Formanden (Søren Holm): Tak for det.", "paragraph: Forhandling",
				"Formanden (Søren Holm): Mødet er hævet.",
			},
		},
		{
			"words before a colon within a turn are words", "a.txt", "Anna: Hvad er der?\n\nBo: To ting.\nEn ting: data.\nObs: penge.\n\nAnna: Nå.\n\nBo: Ja, http://a.dk og kl. 10:30.",
			[]string{"Anna: Hvad er der?", "Bo: To ting.\nEn ting: data.\nObs: penge.", "Anna: Nå.", "Bo: Ja, http://a.dk og kl. 10:30."},
		},
		{
			"a label that nobody's words follow stays", "a.txt", "Anna: Hvad?\n\nBo: Det.\n\nAnna: Nå.\n\nBo:",
			[]string{"Anna: Hvad?", "Bo: Det.", "Anna: Nå.", "paragraph: Bo:"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, c.file, []byte(c.source), exchange.Options{})
			checkSpeakers(t, doc.Content)
			if diff := cmp.Diff(c.want, spoken(doc.Content)); diff != "" || !doc.Transcript {
				t.Error(doc.Transcript, diff)
			}
		})
	}
}

func TestTurnsOfTeamsInWord(t *testing.T) {
	t.Parallel()
	doc := read(t, "teams_chat.docx", readFile(t, "testdata", "documents", "teams_chat.docx"), exchange.Options{})
	want := []string{"Some Body @0: OK. Yeah.", "James Bond @3.27: Umm.", "tableRow: saved-by\tDennis Forsythe"}
	if diff := cmp.Diff(want, spoken(doc.Content)); diff != "" || !doc.Transcript {
		t.Error(diff)
	}
}

func TestTurnsLeavesOtherTextsAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, source string }{
		{"minutes", "a.txt", "Referat af styregruppen\n\nReferent: Lea\nTil stede: Anna, Bo\n\nBudget: vi mangler 200.000 kr.\n\nBeslutning: vi venter.\n\nPersonale: Bo er syg.\n\nBeslutning: vi finder en vikar.\n\nEventuelt: intet."},
		{"minutes with headings that come again", "a.md", "## Punkt 1\n\n**Drøftelse:** Længe.\n\n**Beslutning:** Ja.\n\n## Punkt 2\n\n**Drøftelse:** Kort.\n\n**Beslutning:** Nej.\n\n**Ansvarlig:** Bo."},
		{"a field note with one name", "a.txt", "Referent: Lea\n\nJeg kommer ind på kontoret. Der er stille.\n\nBo sidder ved skærmen og venter på data."},
		{"a field note with a short exchange", "a.txt", strings.Repeat("Jeg kommer ind på kontoret, og der er stille, og alle venter på data fra registeret.\n\n", 8) + "Anna: Hvad?\n\nBo: Det.\n\nAnna: Nå.\n\n" + strings.Repeat("Så går de igen, og jeg skriver ned, hvad de har sagt til hinanden i dag.\n\n", 4)},
		{"a field note with times of day", "a.txt", "09:15 Lea kommer.\n\n09:30 Kaffe.\n\n10:15 Møde i kantinen: alle er der.\n\n11:00 Lea går."},
		{"a programme", "a.txt", "Velkomst 09:00\nKaffe 10:15\nOplæg 10:30\nKaffe 12:00\nFrokost 12:30"},
		{"a list of notes on themes", "a.txt", "Tillid: meget.\n\nMagt: lidt.\n\nRegistre: mange."},
		{"a mail", "a.txt", "From: Lea\nTo: Bo\nSubject: data\nDate: 3 May\n\nHi Bo, here are the data.\n\nLea"},
		{"two words before colons", "a.txt", "Anna: Hvad?\n\nBo: Det."},
		{"one name again and again", "a.txt", "Lea: Hej.\n\nLea: Husk data.\n\nLea: Farvel."},
		{"departments in minutes", "a.txt", "IT: nye skærme.\n\nHR: nye folk."},
		{"a diary of the week", "a.txt", "Mandag: møde.\n\nTirsdag: kontor.\n\nMandag: møde igen.\n\nTirsdag: hjemme."},
		{"a codebook", "a.txt", "Tillid\nDefinition: at stole på data.\nInclusion: registre.\n\nMagt\nDefinition: at bestemme.\nInclusion: ledere."},
		{"a log of a machine", "a.txt", "10:32:01 INFO: begun\n10:32:05 ERROR: no data\n10:33:01 INFO: begun\n10:33:05 ERROR: no data"},
		{"a guide for interviews", "a.md", "## Tema 1: Data\n\n- Hvad gør du?\n- Hvorfor?\n\n## Tema 2: Tid\n\n1. Hvornår?\n2. Hvor længe?\n\nHusk: optag lyd."},
		{"a list of references", "a.txt", "Holm, A. (2012): Data. London: Sage.\n\nBerg, B. (2014): Tid. London: Sage.\n\nHolm, A. (2016): Rum. Oxford: OUP."},
		{"times in running text", "a.txt", "[00:01:02] Der er stille.\n\n[00:02:03] Nogen griner."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := read(t, c.file, []byte(c.source), exchange.Options{})
			want := read(t, c.file, []byte(c.source), exchange.Options{Transcript: exchange.TranscriptNo})
			if diff := cmp.Diff(want, got); diff != "" || got.Transcript {
				t.Error(got.Transcript, diff)
			}
		})
	}
}

func TestTurnsAsAsked(t *testing.T) {
	t.Parallel()
	t.Run("finds turns that wouldn't be found when it is asked to", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.txt", []byte("Anna: Hvad?\n\nBo: Det."), exchange.Options{Transcript: exchange.TranscriptYes})
		if diff := cmp.Diff([]string{"Anna: Hvad?", "Bo: Det."}, spoken(doc.Content)); diff != "" || !doc.Transcript {
			t.Error(diff)
		}
	})
	t.Run("finds none when it is asked not to", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.txt", []byte("Anna: Hvad?\n\nBo: Det.\n\nAnna: Nå."), exchange.Options{Transcript: exchange.TranscriptNo})
		if doc.Transcript || doc.Content.Text != "Anna: Hvad?\n\nBo: Det.\n\nAnna: Nå." {
			t.Error(doc)
		}
	})
	t.Run("says so when there are none", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.txt", []byte("Der er stille."), exchange.Options{Transcript: exchange.TranscriptYes})
		want := []exchange.Warning{{Code: "transcript_none", Sentence: "No names of speakers were found in this text."}}
		if diff := cmp.Diff(want, doc.Warnings); diff != "" || doc.Transcript {
			t.Error(diff)
		}
	})
}

func TestTurnsMoveWhatStandsOnTheText(t *testing.T) {
	t.Parallel()
	text := "Titel\n\nAnna: Hvad er det?\n\nBo: Det her.\n\nAnna: Nå."
	content, err := exchange.Plain(text)
	if err != nil {
		t.Fatal(err)
	}
	at := func(words string) (start, end int) {
		before, _, _ := strings.Cut(text, words)
		start = length(before)
		return start, start + length(words)
	}
	doc := exchange.Document{Content: content}
	for _, words := range []string{"Titel", "er", "Anna: Hvad", "Det her"} {
		start, end := at(words)
		doc.Comments = append(doc.Comments, exchange.Comment{Start: start, End: end, Text: words})
	}
	start, end := at("her")
	doc.Content.Marks = []models.Mark{{Kind: models.MarkEmphasis, Start: start, End: end}}
	got, ok := exchange.Turns(doc)
	if !ok {
		t.Fatal("it is no transcript")
	}
	checkContent(t, got.Content)
	points := []rune(got.Content.Text)
	var on []string
	for _, c := range got.Comments {
		on = append(on, string(points[c.Start:c.End]))
	}
	if diff := cmp.Diff([]string{"Titel", "er", "Hvad", "Det her"}, on); diff != "" {
		t.Error(diff)
	}
	if m := got.Content.Marks; len(m) != 1 || string(points[m[0].Start:m[0].End]) != "her" {
		t.Error(m)
	}
	if doc.Comments[1].Start == got.Comments[1].Start {
		t.Error("the document that was given is changed, or nothing has moved")
	}
}

func TestSpeakers(t *testing.T) {
	t.Parallel()
	doc := read(t, "a.md", []byte("**Anna:** Hvad er det?\n\n**Bo:** Det.\n\nOg det her.\n\n**Anna:** Nå.\n\n**Karl:** Ja ja."), exchange.Options{})
	want := []exchange.Speaker{{Name: "Anna", Turns: 2, Words: 4}, {Name: "Bo", Turns: 1, Words: 4}, {Name: "Karl", Turns: 1, Words: 2}}
	if diff := cmp.Diff(want, exchange.Speakers(doc.Content)); diff != "" {
		t.Error(diff)
	}
	twice := read(t, "a.txt", []byte("Anna: Hvad er det?\n\nAnna: Og det?\n\nBo: Det.\n\nAnna: Nå."), exchange.Options{})
	if diff := cmp.Diff([]exchange.Speaker{{Name: "Anna", Turns: 3, Words: 6}, {Name: "Bo", Turns: 1, Words: 1}}, twice.Speakers); diff != "" {
		t.Error(diff)
	}
	if got := exchange.Speakers(twice.Content)[0].Turns; got != 2 {
		t.Errorf("Anna speaks %d times without another between", got)
	}
	renamed := exchange.Rename(doc.Content, map[string]string{"Anna": "Mette", "Karl": " Bo\n", "": "x"})
	want = []exchange.Speaker{{Name: "Mette", Turns: 2, Words: 4}, {Name: "Bo", Turns: 2, Words: 6}}
	if diff := cmp.Diff(want, exchange.Speakers(renamed)); diff != "" {
		t.Error(diff)
	}
	if exchange.Speakers(doc.Content)[0].Name != "Anna" || renamed.Text != doc.Content.Text {
		t.Error("the content that was given is changed, or the words are")
	}
	if got := exchange.Speakers(models.Content{}); got == nil || len(got) > 0 {
		t.Error(got)
	}
}

// BenchmarkTurns looks for turns in 60,000 words, in an interview and in a note that is none.
func BenchmarkTurns(b *testing.B) {
	words := strings.Repeat("og så venter vi på data fra registeret ", 10)
	for name, paragraph := range map[string]string{"interview": "Anna: " + words + "\n\nBo: " + words + "\n\n", "note": words + "\n\n" + words + "\n\n"} {
		b.Run(name, func(b *testing.B) {
			content, err := exchange.Plain(strings.Repeat(paragraph, 375))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, ok := exchange.Turns(exchange.Document{Content: content}); ok != (name == "interview") {
					b.Fatal("it is taken for the other")
				}
			}
		})
	}
}

func FuzzTurns(f *testing.F) {
	for _, s := range []string{
		"Anna: a\n\nBo: b\n\nAnna: c", "[00:01] **Anna:** a *b*\n\n[00:02] c\n\n[00:03] **Anna:** d", "0:0:0.0 --> 0:0:1.510\nSome Body\nOK. Yeah.",
		"Kl. 13:07Formanden (S):\na\n\nKl. 13:08\nb\nFormanden (S):\nc\n\nxFormanden (S):\nd", "Anna  0:04\na\n\nBo  0:05\n\nAnna 0:06", "# Anna 00:01\n\na\n\n# Bo 00:02\n\nb",
		"I: a\nR: e\u0301\nI: 👩‍💻\nR:", "**A:**\n\n- b\n\n> c\n\n**A:** d\n\n| e |\n|---|\n\n**B:** f",
	} {
		f.Add(s)
	}
	for _, s := range nasty() {
		f.Add("A: " + s + "\n\nB: " + s + "\n\n[0:1] A: x" + s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, name := range []string{"a.md", "a.txt"} {
			for _, want := range []string{"", exchange.TranscriptYes} {
				doc, err := exchange.Read(name, []byte(source), exchange.Options{Transcript: want})
				if err != nil {
					if _, ours := errors.AsType[*models.Error](err); !ours {
						t.Error(err)
					}
					return
				}
				checkContent(t, doc.Content)
				checkSpeakers(t, doc.Content)
			}
		}
	})
}
