package exchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// spoken draws a text for people: each turn with its speaker and time, each other block with its kind.
func spoken(c models.Content) []string {
	points := []rune(c.Text)
	var all []string
	for _, b := range c.Blocks {
		who := string(b.Kind)
		if b.Kind == models.BlockTurn {
			who = b.Speaker
		}
		if b.Seconds != nil {
			who += fmt.Sprintf(" @%v", *b.Seconds)
		}
		all = append(all, who+": "+string(points[b.Start:b.End]))
	}
	return all
}

// read reads a file that a test names, and checks what holds for every text.
func read(t *testing.T, name string, data []byte, o exchange.Options) exchange.Document {
	t.Helper()
	doc, err := exchange.Read(name, data, o)
	if err != nil {
		t.Fatal(name, err)
	}
	checkContent(t, doc.Content)
	return doc
}

func TestReadRealCaptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file     string
		want     []string
		warnings []exchange.Warning
		language string
	}{
		{
			"webvtt_example_03.vtt",
			[]string{
				"Speaker A @4.963: OK, I think now we should be recording properly.",
				" @10.683: Good.",
				"Speaker A @13.363: Yeah.",
				"Speaker B @49.603: I was also thinking. Would be maybe good to create items, some metadata, some options that can be specific.",
				"Speaker A @70.243: Yeah, I mean I think you went even more than",
				"Speaker B @70.563: But we preserved the atoms.",
				"Speaker A @73.014: than me. I just opened the format.",
				"Speaker A @110.222: give it a try, yeah.",
				"Speaker B @112.043: Okay, talk to you later.",
				"Speaker A @114.603: See you.",
			},
			nil, "en",
		},
		{
			"testWebVTT_utf8.vtt",
			[]string{" @0.35: Well, the feedback indicates that many new hires aren't sure where to find information related to HR, benefits and other " +
				"onboarding processes or who to ask. Also, they're not always sure where they belong in the structure of the company. Because the company " +
				"is growing and changing, even tenured employees are getting confused about who does what and who reports to whom."},
			nil, "en",
		},
		{
			"missing_timeframe.vtt",
			[]string{" @0.5: Caption text #1", " @11.89: Caption text #3 Caption text #4 Caption text #5 Caption text #6 Caption text #7"},
			[]exchange.Warning{{Code: "captions_untimed", Sentence: "One caption has no time code and is left out.", Values: []string{"1"}}},
			"",
		},
		{
			"test_subrip.srt",
			[]string{
				" @74.44: ESSAI DE SOUS-TITRES \"Pour tester la reconnaissance, il faut des lignes de textes.\" On peut écrire avec des accents, " +
					"sur une ou plusieurs lignes. C'est du test pur sans prétention.",
				" @88.88: Réalisation TOTO Dans le rôle de TOTO Tutu Titi PREMIÈRE PARTIE :  VIE DE TOTO 1er épisode : IL FAUT VOIR LE FILM 2e épisode : ET LA SUITE",
			},
			nil, "",
		},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			doc := read(t, c.file, readFile(t, "testdata", "documents", c.file), exchange.Options{})
			if diff := cmp.Diff(c.want, spoken(doc.Content)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.warnings, doc.Warnings); diff != "" {
				t.Error(diff)
			}
			if !doc.Transcript || doc.Encoding != "utf-8" || doc.Language != c.language {
				t.Errorf("transcript %v, encoding %q, language %q", doc.Transcript, doc.Encoding, doc.Language)
			}
		})
	}
}

func TestReadCaptions(t *testing.T) {
	t.Parallel()
	cues := func(texts ...string) string { // two seconds each, without pauses
		var b strings.Builder
		b.WriteString("WEBVTT\n\n")
		for i, s := range texts {
			fmt.Fprintf(&b, "00:%02d.000 --> 00:%02d.000\n%s\n\n", 2*i, 2*i+2, s)
		}
		return b.String()
	}
	for _, c := range []struct {
		name, file, source string
		want               []string
	}{
		{"reads a time without hours, and one of many", "a.vtt", "WEBVTT\n\n00:01.5 --> 00:02.000\na\n\n100:00:00.000 --> 100:00:01.000\nb", []string{" @1.5: a", " @360000: b"}},
		{"does without the line WEBVTT", "a.vtt", "00:01.000 --> 00:02.000\na\n", []string{" @1: a"}},
		{"does without a blank line after it", "a.vtt", "WEBVTT\n00:01.000 --> 00:02.000\na\n", []string{" @1: a"}},
		{"takes no heading, note, style or region for words", "a.vtt", "WEBVTT - Interview\nKind: captions\n\nNOTE\na remark\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE one line\n\n00:01.000 --> 00:02.000\na\n", []string{" @1: a"}},
		{"takes what places a cue for no words", "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000 align:start position:10%\na\n", []string{" @1: a"}},
		{"divides cues without a blank line between them", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:09,000 --> 00:00:10,000\nb\n", []string{" @1: a", " @9: b"}},
		{"joins words that a blank line parts from their time", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n\na\n\n2\n\n00:00:09,000 --> 00:00:10,000\nb\n", []string{" @1: a", " @9: b"}},
		{"reads SRT with points and without numbers", "a.srt", "00:00:01.000 --> 00:00:02.000\na\n\n00:00:09.500 --> 00:00:10.000\nb\n", []string{" @1: a", " @9.5: b"}},
		{"reads lines ended as on Windows", "a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\na\r\nb\r\n\r\n", []string{" @1: a b"}},
		{"orders cues by time", "a.vtt", "WEBVTT\n\n00:09.000 --> 00:10.000\nb\n\n00:01.000 --> 00:02.000\na\n", []string{" @1: a", " @9: b"}},
		{"passes over cues without words", "a.vtt", cues("a", " ", "<i></i>", "b"), []string{" @0: a", " @6: b"}},
		{"reads references and other tags", "a.vtt", cues("<c.red>a &amp; b</c> &lt;c&gt;&nbsp;<lang da>d</lang> <00:00:01.000>e"), []string{" @0: a & b <c>\u00a0d e"}},
		{"keeps what only looks like a tag", "a.vtt", cues("<unclear> 1 < 2 <3"), []string{" @0: <unclear> 1 < 2 <3"}},
		{"drops where SRT shows a cue, and its fonts", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"red\">a</font>\n", []string{" @1: a"}},
		{"reads several voices of a cue", "a.vtt", cues("<v Anna Holm>Ja</v> <v.loud Bo &amp; Co>Nej", "<v Bo &amp; Co>Jo"), []string{"Anna Holm @0: Ja", "Bo & Co @0: Nej Jo"}},
		{"reads names before the words", "a.vtt", cues("Anna Holm: Hej", "Anna Holm: med dig.", "Bo: Hej. Kl. 12:30: frokost"), []string{"Anna Holm @0: Hej med dig.", "Bo @4: Hej. Kl. 12:30: frokost"}},
		{"reads names in brackets", "a.srt", cues("[Anna] Hej", "[music]", "[Bo] Hej.", "[Anna] Ja."), []string{"Anna @0: Hej [music]", "Bo @4: Hej.", "Anna @6: Ja."}},
		{"reads names after dashes", "a.vtt", cues("- Anna: Hej\n- Bo: Hej", ">> ANNA: Ja", "- Bo: Nej", "- Anna: Jo"), []string{"Anna @0: Hej", "Bo @0: Hej", "ANNA @2: Ja", "Bo @4: Nej", "Anna @6: Jo"}},
		{"lets a speaker go on where names are written once a turn", "a.vtt", cues("Anna: Hej", "med dig", "Bo: Hej.", "Hvad så", "Anna: Ja", "netop."), []string{"Anna @0: Hej med dig", "Bo @4: Hej. Hvad så", "Anna @8: Ja netop."}},
		{"takes words before a colon for words where they don't come again", "a.vtt", cues("Ja", "Problem one: money", "og", "Bo: hej"), []string{" @0: Ja Problem one: money og Bo: hej"}},
		{"begins a turn after a pause", "a.vtt", "00:01.000 --> 00:02.000\na\n\n00:04.900 --> 00:05.000\nb\n\n00:08.100 --> 00:09.000\nc\n", []string{" @1: a b", " @8.1: c"}},
		{"counts the pause from the longest cue", "a.vtt", "00:01.000 --> 00:20.000\na\n\n00:04.900 --> 00:05.000\nb\n\n00:22.000 --> 00:23.000\nc\n", []string{" @1: a b c"}},
		{"takes the lines of rolling captions once", "a.vtt", cues("\nso<00:00:00.500><c> we</c>", "so we\n ", "so we\ngo<00:00:04.500><c> on</c>", "go on\nnow"), []string{" @0: so we go on now"}},
		{"reads Windows-1252", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\nBl\xe5b\xe6r p\xe5 \xd8en\n", []string{" @1: Blåbær på Øen"}},
		{
			"ends a long turn with a sentence", "a.vtt",
			cues(strings.Repeat("a", 599), "b.", "c", "d."),
			[]string{" @0: " + strings.Repeat("a", 599) + " b.", " @4: c d."},
		},
		{
			"ends a very long one without", "a.vtt",
			cues(strings.Repeat("a", 3000), "b", "c"),
			[]string{" @0: " + strings.Repeat("a", 3000) + " b", " @4: c"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, c.file, []byte(c.source), exchange.Options{})
			if diff := cmp.Diff(c.want, spoken(doc.Content)); diff != "" {
				t.Error(diff)
			}
			if len(doc.Warnings) > 0 {
				t.Error(doc.Warnings)
			}
		})
	}
	t.Run("keeps emphasis", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.vtt", []byte(cues("og <i>så</i>", "<b>nu</b> <i>igen")), exchange.Options{})
		want := []models.Mark{{Kind: models.MarkEmphasis, Start: 3, End: 5}, {Kind: models.MarkStrong, Start: 6, End: 8}, {Kind: models.MarkEmphasis, Start: 9, End: 13}}
		if diff := cmp.Diff(want, doc.Content.Marks); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("tells how many captions have no time", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.vtt", []byte("WEBVTT\n\nhello\n\n00:01.000 --> 00:02.000\na\n\nb\n\nc\n"), exchange.Options{})
		want := []exchange.Warning{{Code: "captions_untimed", Sentence: "3 captions have no time code and are left out.", Values: []string{"3"}}}
		if diff := cmp.Diff(want, doc.Warnings); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("takes the language that the file names", func(t *testing.T) {
		t.Parallel()
		for _, head := range []string{"WEBVTT\nKind: captions\nLanguage: da\n\n", "WEBVTT\n\nNOTE language:da\n\n"} {
			if doc := read(t, "a.vtt", []byte(head+"00:01.000 --> 00:02.000\na\n"), exchange.Options{}); doc.Meta.Language != "da" {
				t.Errorf("%q gives %q", head, doc.Meta.Language)
			}
		}
	})
	t.Run("reads the encoding that is asked for", func(t *testing.T) {
		t.Parallel()
		doc := read(t, "a.srt", []byte("1\n00:00:01,000 --> 00:00:02,000\n\xe6\n"), exchange.Options{Encoding: "windows-1251"})
		if doc.Content.Text != "ж" || doc.Encoding != "windows-1251" {
			t.Error(doc.Content.Text, doc.Encoding)
		}
	})
	t.Run("refuses files without captions", func(t *testing.T) {
		t.Parallel()
		for _, source := range []string{"WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "Dear Lea, here are the captions.", "00:01.000 --> 00:02.000\n\n", "00:01.000 --> 00:02.000\n<i> </i>\n"} {
			for _, file := range []string{"a.vtt", "a.srt"} {
				_, err := exchange.Read(file, []byte(source), exchange.Options{})
				wantCode(t, err, models.KindInvalid, "captions_empty")
			}
		}
	})
}

func fuzzCaptions(f *testing.F, name string) {
	f.Helper()
	f.Add([]byte("WEBVTT\n\nid\n00:01.000 --> 00:02.000\n<v A&amp;B>a <i>b\n\n00:02.000 --> 00:03.000 x:y\n- C: d\n- C: e</v> f"))
	f.Add([]byte("1\n00:00:01,000 --> 00:00:02,000\n[A] {\\an8}a\n2\n00:00:09,000 --> 00:00:10,000\n[A] e\u0301\n\nc"))
	for _, s := range nasty() {
		f.Add([]byte("0:1 --> 0:2\nA: " + s + "\n\n0:9 --> 0:9\nA: " + s + "<v>" + s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := exchange.Read(name, data, exchange.Options{})
		if err != nil {
			if _, ours := errors.AsType[*models.Error](err); !ours {
				t.Error(err)
			}
			return
		}
		if doc.Transcript {
			checkContent(t, doc.Content)
			checkSpeakers(t, doc.Content)
		}
	})
}

// checkSpeakers checks what holds for the turns of every reader.
func checkSpeakers(t *testing.T, c models.Content) {
	t.Helper()
	for i, b := range c.Blocks {
		if b.Kind != models.BlockTurn && (b.Speaker != "" || b.Seconds != nil) {
			t.Errorf("block %d is a %s of somebody's", i, b.Kind)
		}
		if b.Seconds != nil && !(*b.Seconds >= 0 && *b.Seconds < 1e7) {
			t.Errorf("block %d begins at %v", i, *b.Seconds)
		}
		if normal, err := exchange.Normalise(b.Speaker); err != nil || normal != b.Speaker || length(b.Speaker) > models.MaxName || strings.TrimSpace(b.Speaker) != b.Speaker {
			t.Errorf("block %d is of %q", i, b.Speaker)
		}
	}
}

func FuzzVTT(f *testing.F) { fuzzCaptions(f, "a.vtt") }
func FuzzSRT(f *testing.F) { fuzzCaptions(f, "a.srt") }
