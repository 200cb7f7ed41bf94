package exchange_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// readSource reads a file and checks what holds for every document.
func readSource(t *testing.T, name, data string) exchange.Document {
	t.Helper()
	doc, err := exchange.Read(name, []byte(data), exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, doc)
	return doc
}

func checkDocument(t *testing.T, doc exchange.Document) {
	t.Helper()
	checkContent(t, doc.Content)
	points := len([]rune(doc.Content.Text))
	for _, c := range doc.Comments {
		if c.Start < 0 || c.End <= c.Start || c.End > points || c.Text == "" {
			t.Errorf("a comment stands at [%d,%d) of %d: %q", c.Start, c.End, points, c.Text)
		}
	}
	for _, w := range doc.Warnings {
		if w.Code == "" || !strings.HasSuffix(w.Sentence, ".") {
			t.Errorf("a warning says nothing: %+v", w)
		}
	}
}

// drawn gives the blocks of a text, a line of each: its kind and numbers, then its words with its marks.
func drawn(c models.Content) string {
	var b strings.Builder
	for line := range strings.SplitSeq(show(c), "\n") {
		at := strings.Index(line, " [")
		end := strings.Index(line, ") ")
		if at >= 0 && end > at {
			line = line[:at] + line[end+1:]
		}
		b.WriteString(line + "\n")
	}
	return strings.TrimSpace(b.String())
}

func codes(warnings []exchange.Warning) []string {
	var all []string
	for _, w := range warnings {
		all = append(all, w.Code)
	}
	return all
}

func TestRTFSamples(t *testing.T) {
	t.Parallel()
	t.Run("Czech by Word 2010", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "czech.rtf", string(readFile(t, "testdata", "documents", "testRTFWord2010CzechCharacters.rtf")))
		text := doc.Content.Text
		if !strings.HasPrefix(text, "Článek týdne\n\nČást svitku s textem Knihy Izajáš\n\nSvitky od Mrtvého moře") || len(doc.Content.Blocks) != 3 {
			t.Errorf("it begins %q, with %d blocks", text[:80], len(doc.Content.Blocks))
		}
		if !strings.Contains(text, "židovské náboženské texty") {
			t.Error(text)
		}
		if want := time.Date(2010, 10, 13, 2, 55, 0, 0, time.UTC); !doc.Meta.CreatedAt.Equal(want) || doc.Meta.Title != "" {
			t.Errorf("%+v", doc.Meta)
		}
		if doc.Warnings != nil || doc.Comments != nil {
			t.Errorf("%v, %v", doc.Warnings, doc.Comments)
		}
	})
	t.Run("three lines by Google Docs", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "lines.rtf", string(readFile(t, "testdata", "documents", "test_line_breaks_google_docs.rtf")))
		want := `paragraph "Asdf"` + "\n" + `paragraph "Asdf"` + "\n" + `paragraph "Asdf"`
		if diff := cmp.Diff(want, drawn(doc.Content)); diff != "" || doc.Warnings != nil {
			t.Error(diff, doc.Warnings)
		}
	})
}

const rtfLists = `{\*\listtable{\list{\listlevel\levelnfc0\levelnfcn0\levelstartat3{\leveltext\'02\'00.;}{\levelnumbers\'01;}}{\listlevel\levelnfc23\levelstartat1{\leveltext\'01\u8226 ?;}}\listid7}` +
	`{\list{\listlevel\levelnfc23\levelstartat1}\listid8}}{\*\listoverridetable{\listoverride\listid7\listoverridecount0\ls1}{\listoverride\listid8\ls2}{\listoverride\listid7\listoverridecount1{\lfolevel\listoverridestartat\levelstartat9}\ls3}}`

func TestRTF(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, want string
		warnings           []string
	}{
		{"reads the code page of the document", `\ansicpg1250 P\'f8\'edli\'9a`, `paragraph "Příliš"`, nil},
		{"reads the code page of a font", `{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset238 C;}}\f1\'cf\'f0 \f2\'9a \f0\'e6`, `paragraph "Пр š æ"`, nil},
		{"reads code pages of two bytes", `{\fonttbl{\f0\fcharset128 A;}{\f1\fcharset134 B;}}\f0\'93\'fa\'96{}\'7b \f1\'c4\'e3`, `paragraph "日` + "\ufffd" + `{ 你"`, nil},
		{"takes a letter for the second half of a character", `\ansicpg932 \'83A\'83\'5c`, `paragraph "アソ"`, nil},
		{"reads text of old Macs", `\mac R\'bfd`, `paragraph "Rød"`, nil},
		{"reads bytes that aren't escaped", "R\xf8d", `paragraph "Rød"`, nil},
		{"reads Unicode and skips what stands for it", `\uc1 R\u248 od \u8211\'96 \u-3913? \uc2 \u230 aeble {\uc0 \u229 l}`, `paragraph "Rød – • æble ål"`, nil},
		{"joins the halves of a pair", `\u-10179?\u-8692?`, `paragraph "😌"`, nil},
		{"replaces half a pair", `a\u-8692?b`, `paragraph "a` + "\ufffd" + `b"`, nil},
		{"reads the signs that have words", `\ldblquote a\rdblquote\emdash b\~c\_d e\-f\tab\lquote\endash\bullet`, "paragraph \"“a”—b\\u00a0c\u2011d ef\\t‘–•\"", nil},
		{"reads paragraphs and lines", `a\par b\line c\par\par d`, "paragraph \"a\"\nparagraph \"b\\nc\"\nparagraph \"d\"", nil},
		{"takes a backslash at the end of a line for a paragraph", "a\\\nb", "paragraph \"a\"\nparagraph \"b\"", nil},
		{"leaves lines of the file out", "a\r\nb", `paragraph "ab"`, nil},
		{"marks bold and italic", `a {\b bo{\i th}} {\i it} \b0 b \plain c`, "paragraph \"a both it b c\"\n    strong \"both\"\n    emphasis \"th\"\n    emphasis \"it\"", nil},
		{
			"finds headings by their styles", `{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Overskrift 2;}{\s3\outlinelevel2 My own;}{\s9 Quote;}{\*\cs5 Char;}}\pard\s1{\b One}\par\pard\s2\i Two\i0\par\pard\s3 Three\par\pard\s0 text\par\pard\outlinelevel3 four\par\pard\s9 said`,
			"heading level 1 \"One\"\nheading level 2 \"Two\"\nheading level 3 \"Three\"\nparagraph \"text\"\nheading level 4 \"four\"\nquote level 1 \"said\"", nil,
		},
		{
			"numbers lists by their tables", rtfLists + `\pard\ls1{\listtext 3.\tab}a\par\pard\ls1\ilvl1{\listtext\'b7\tab}b\par\pard\ls1\ilvl0 c\par\pard\ls2 d\par\pard e\par\pard\ls1 f`,
			"listItem level 1 number 3 \"a\"\nlistItem level 2 \"b\"\nlistItem level 1 number 4 \"c\"\nlistItem level 1 \"d\"\nparagraph \"e\"\nlistItem level 1 number 5 \"f\"", nil,
		},
		{"begins a list with the number that overrides its first", rtfLists + `\pard\ls3 a`, "listItem level 1 number 9 \"a\"", nil},
		{
			"reads lists of old", `\pard{\pntext\f1\'B7\tab}{\*\pn\pnlvlblt\pnf1\pnindent0{\pntxtb\'B7}}a\par{\pntext\f1\'B7\tab}b\par\pard{\pntext 1.\tab}{\*\pn\pnlvlbody\pnstart1\pndec{\pntxta.}}c\par{\pntext 2.\tab}d\par\pard e`,
			"listItem level 1 \"a\"\nlistItem level 1 \"b\"\nlistItem level 1 number 1 \"c\"\nlistItem level 1 number 2 \"d\"\nparagraph \"e\"", nil,
		},
		{
			"reads tables", `a\par\trowd\cellx1\cellx2\pard\intbl b\par c\cell{\b d}\cell\row\trowd\pard\intbl\cell e\cell\row\pard f`,
			"paragraph \"a\"\ntableRow \"b c\\td\"\n    strong \"d\"\ntableRow \"\\te\"\nparagraph \"f\"", nil,
		},
		{
			"makes tables within tables a part of their cell", `\trowd\pard\intbl a\par\pard\intbl\itap2 b\nestcell c\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl d\cell e\cell\row`,
			`tableRow "a b c d\te"`, nil,
		},
		{
			"puts footnotes behind the block of their marks", `a{\super\chftn{\footnote\pard{\super\chftn} on \b a\par more}} b{\footnote\ftnalt c}\par d`,
			"paragraph \"a[1] b[2]\"\nfootnote number 1 \"[1] on a\\nmore\"\n    strong \"a\"\n    strong \"more\"\nfootnote number 2 \"[2] c\"\nparagraph \"d\"", nil,
		},
		{
			"puts footnotes of a row behind it", `\trowd\pard\intbl a{\footnote b}\cell c\cell\row\pard d`,
			"tableRow \"a[1]\\tc\"\nfootnote number 1 \"[1] b\"\nparagraph \"d\"", nil,
		},
		{
			"links to web addresses", `{\field{\*\fldinst{HYPERLINK "https://example.org/a" }}{\fldrslt{\ul here}}} and {\field{\*\fldinst HYPERLINK \\l "b"}{\fldrslt there}} {\field{\*\fldinst HYPERLINK "file:///etc/passwd"}{\fldrslt x}}{\field{\*\fldinst PAGE}{\fldrslt 7}}`,
			"paragraph \"here and there x7\"\n    link \"here\" to https://example.org/a", nil,
		},
		{"leaves deleted text out", `a{\deleted b}{\revised c}`, `paragraph "ac"`, []string{"deleted_left_out"}},
		{"leaves hidden text out", `a{\v b}\v c\v0 d`, `paragraph "ad"`, []string{"hidden_left_out"}},
		{"leaves moved text out where it stood", `a{\mvf b}c{\mvt b}`, `paragraph "acb"`, nil},
		{
			"reads the characters of fonts of symbols", `{\fonttbl{\f0 A;}{\f1\fcharset2 Symbol;}{\f2\fcharset2{\*\falt Symbol}Wingdings;}{\f3\fcharset2 Own;}}\f1\'b3\u-3916? \f2\'fc\'e0 \f3\'b7`,
			`paragraph "≥× ✓→ •"`, nil,
		},
		{"leaves out symbols that it can't tell", `{\fonttbl{\f1\fcharset2 Wingdings;}}\f1 a\'80b`, `paragraph "ab"`, []string{"symbols_left_out"}},
		{
			"knows titles and quotes in other languages", `{\stylesheet{\s1 Titel;}{\s2 heading 2,h2;}{\s3 St\'e6rkt citat;}{\s4 Subtitle;}}\s1 a\par\s2 b\par\s3 c\par\s4 d`,
			"heading level 1 \"a\"\nheading level 2 \"b\"\nquote level 1 \"c\"\nparagraph \"d\"", nil,
		},
		{
			"leaves out what is no text", `{\colortbl;\red0;}{\info{\title T}}{\header h}{\footerr f}{\*\themedata 00ff}{\*\unknown u{\b v}}{\pict\pngblip 0102}{\*\bkmkstart m}a`,
			`paragraph "a"`,
			[]string{"objects_left_out"},
		},
		{"counts bytes that may hold braces", `{\pict\bin6 }}}}{{}a`, `paragraph "a"`, []string{"objects_left_out"}},
		{"keeps what is shown of an object", `{\object\objemb{\*\objdata 00}{\result{\pard b}}}a`, `paragraph "ba"`, nil},
		{"keeps the better of two writings", `{\upr{a?}{\*\ud{a\u230 ?}}}`, `paragraph "aæ"`, nil},
		{
			"puts a text box behind its paragraph, once", `a{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard box\par}}{\shprslt{\*\do\dptxbx{\dptxbxtext box}}}} b\par c`,
			"paragraph \"a b\"\nparagraph \"box\"\nparagraph \"c\"", nil,
		},
		{"leaves out the boxes of headers", `{\header{\shp{\*\shpinst{\shptxt h}}}{\object{\result h}}}a`, `paragraph "a"`, nil},
		{"says that a file is cut off", `a\par{\b b`, "paragraph \"a\"\nparagraph \"b\"\n    strong \"b\"", []string{"file_cut_short"}},
		{"keeps what stands before a footnote that is cut off", `a{\footnote b`, "paragraph \"a[1]\"\nfootnote number 1 \"[1] b\"", []string{"file_cut_short"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			source := `{\rtf1\ansi\deff0 ` + c.source
			if !strings.Contains(c.name, "cut off") {
				source += "}"
			}
			doc := readSource(t, "note.rtf", source)
			if diff := cmp.Diff(c.want, drawn(doc.Content)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.warnings, codes(doc.Warnings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRTFMeta(t *testing.T) {
	t.Parallel()
	doc := readSource(t, "note.rtf", `{\rtf1\ansi\ansicpg1252{\info{\title R\'e5dhuset {\i i dag}}{\author Lea \u248 ?}{\creatim\yr2024\mo4\dy3\hr9\min15}{\revtim\yr2024\mo13\dy3}}a`+"}")
	want := exchange.Meta{Title: "Rådhuset i dag", Author: "Lea ø", CreatedAt: time.Date(2024, 4, 3, 9, 15, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, doc.Meta); diff != "" {
		t.Error(diff)
	}
}

func TestRTFComments(t *testing.T) {
	t.Parallel()
	doc := readSource(t, "note.rtf", `{\rtf1\ansi one {\*\atrfstart 1}two{\*\atrfend 1}{\*\atnid LM}{\*\atnauthor Lea}\chatn{\*\annotation{\*\atnref 1}{\*\atndate 130292303}\pard{\chatn}why?\par really}`+
		` three\par four{\*\atnauthor Bo}{\*\annotation here}}`)
	want := []exchange.Comment{
		{Start: 4, End: 7, Author: "Lea", At: time.Date(2024, 4, 3, 9, 15, 0, 0, time.UTC), Text: "why?\nreally"},
		{Start: 15, End: 19, Author: "Bo", Text: "here"},
	}
	if diff := cmp.Diff(want, doc.Comments); diff != "" || doc.Content.Text != "one two three\n\nfour" {
		t.Errorf("%q %s", doc.Content.Text, diff)
	}
}

func TestRTFRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data, code string
		kind             models.Kind
	}{
		{"no words", `{\rtf1\ansi{\info{\title T}}\par}`, "text_empty", models.KindInvalid},
		{"groups without end", `{\rtf1 ` + strings.Repeat("{", 2_000), "file_damaged", models.KindInvalid},
		{"too many paragraphs", `{\rtf1 ` + strings.Repeat(`a\par `, models.MaxBlocks+1), "blocks_too_many", models.KindInvalid},
		{"too many marks", `{\rtf1 ` + strings.Repeat(`\b a\b0 b`, 20_001), "marks_too_many", models.KindInvalid},
		{"too long a text", `{\rtf1 ` + strings.Repeat(`a`, models.MaxTextLength+1), "text_too_long", models.KindTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Read("note.rtf", []byte(c.data), exchange.Options{})
			wantCode(t, err, c.kind, c.code)
		})
	}
}

// checkRead checks what holds for every reader, whatever it is given.
func checkRead(t *testing.T, name string, data []byte) {
	t.Helper()
	doc, err := exchange.Read(name, data, exchange.Options{})
	if err != nil {
		if e, ok := errors.AsType[*models.Error](err); !ok || e.Code == "" || e.Sentence == "" {
			t.Errorf("the error says nothing to people: %v", err)
		}
		return
	}
	checkDocument(t, doc)
}

func FuzzRTF(f *testing.F) {
	for _, s := range []string{
		`{\rtf1\ansi{\fonttbl{\f0\fcharset128 A;}}\f0\'93\'fa a\u8211\'96\par b\line{\b c}\tab}`,
		`{\rtf1` + rtfLists + `\pard\ls1 a\par\pard\ls3\ilvl4 b\par{\pntext 1.\tab}c}`,
		`{\rtf1\trowd\pard\intbl a{\footnote b{\footnote c}}\cell{\*\annotation d}\cell\row\pard e}`,
		`{\rtf1{\stylesheet{\s1 heading 1;}}\pard\s1 a{\*\atrfstart 1}b\par c{\*\atrfend 1}{\*\annotation{\*\atnref 1}{\*\atndate 130292303}d}}`,
		`{\rtf1{\field{\*\fldinst HYPERLINK "https://a.b"}{\fldrslt x}}{\shp{\*\shpinst{\shptxt y\cell}}}{\pict\bin3 }}}`,
	} {
		f.Add([]byte(s))
	}
	f.Add(readFile(f, "testdata", "documents", "test_line_breaks_google_docs.rtf"))
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, "note.rtf", data) })
}
