package exchange_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// styles of the documents below.
const wordStyles = `
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Fund"><w:name w:val="Fund"/><w:basedOn w:val="Mellem"/></w:style>
<w:style w:type="paragraph" w:styleId="Mellem"><w:name w:val="Mellem"/><w:basedOn w:val="Overskrift3"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift3"><w:name w:val="Overskrift 3"/></w:style>
<w:style w:type="paragraph" w:styleId="TOCHeading"><w:name w:val="TOC Heading"/><w:basedOn w:val="Overskrift1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Outlined"><w:name w:val="Outlined"/><w:pPr><w:outlineLvl w:val="7"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Citat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My quote"/><w:basedOn w:val="Citat"/></w:style>
<w:style w:type="paragraph" w:styleId="Circle"><w:name w:val="Circle"/><w:basedOn w:val="Circle2"/></w:style>
<w:style w:type="paragraph" w:styleId="Circle2"><w:name w:val="Circle2"/><w:basedOn w:val="Circle"/></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Level2"><w:name w:val="Level 2"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Whisper"><w:name w:val="Whisper"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Shout"><w:name w:val="Shout"/><w:basedOn w:val="Strong"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="numbering" w:styleId="MyList"><w:name w:val="MyList"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>`

// wordLists are the lists of the documents below: 1 is numbered (and from 3 on at its third level), 2 has
// bullets, 3 is list 1 from 7 on, 4 is a list style and 5 refers to it, 6 is numbered without starting anew.
const wordLists = `
<w:abstractNum w:abstractNumId="10">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%3)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="20"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="40"><w:styleLink w:val="MyList"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="4"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Level2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="50"><w:numStyleLink w:val="MyList"/></w:abstractNum>
<w:abstractNum w:abstractNumId="60"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/></w:lvl>
 <w:lvl w:ilvl="2"><w:numFmt w:val="none"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="10"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="20"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="10"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="40"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="50"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="60"/></w:num>`

// Short forms of the XML of paragraphs.
func wP(inside string) string { return `<w:p>` + inside + `</w:p>` }
func wR(text string) string   { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
func wLook(properties, text string) string {
	return `<w:r><w:rPr>` + properties + `</w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`
}

func wStyled(style, text string) string {
	return wP(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + wR(text))
}

func wItem(list, level, text string) string {
	return wP(`<w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr>` + wR(text))
}
func wCell(inside string) string  { return `<w:tc>` + inside + `</w:tc>` }
func wRow(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }
func wTable(rows ...string) string {
	return `<w:tbl><w:tblPr/>` + strings.Join(rows, "") + `</w:tbl>`
}
func wField(mark string) string { return `<w:r><w:fldChar w:fldCharType="` + mark + `"/></w:r>` }
func wInstruction(words string) string {
	return `<w:r><w:instrText xml:space="preserve">` + words + `</w:instrText></w:r>`
}

func wEndOf(change string) string {
	return `<w:pPr><w:rPr><w:` + change + ` w:id="1" w:author="A"/></w:rPr></w:pPr>`
}

func TestReadDOCX(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       []string // the lines of show, without places
	}{
		{"reads paragraphs", wP(wR("One")) + wP("") + wP(wR("Two ")+wR("words")), []string{`paragraph "One"`, `paragraph "Two words"`}},
		{
			"reads headings by name, by what their styles are based on, and by outline level",
			wStyled("Overskrift1", "A") + wStyled("Fund", "B") + wStyled("TOCHeading", "C") + wStyled("Outlined", "D") + wStyled("Circle", "E") +
				wP(`<w:pPr><w:outlineLvl w:val="1"/></w:pPr>`+wR("F")) + wStyled("Heading2", "G"),
			[]string{`heading level 1 "A"`, `heading level 3 "B"`, `paragraph "C"`, `heading level 6 "D"`, `paragraph "E"`, `heading level 2 "F"`, `heading level 2 "G"`},
		},
		{"reads quotes", wStyled("Citat", "A") + wStyled("Mine", "B"), []string{`quote level 1 "A"`, `quote level 1 "B"`}},
		{
			"counts lists", wItem("1", "0", "a") + wItem("1", "1", "b") + wItem("1", "1", "c") + wItem("1", "2", "d") + wItem("1", "0", "e") + wItem("1", "1", "f") + wItem("2", "0", "g") + wItem("2", "1", "h") + wItem("1", "0", "i"),
			[]string{
				`listItem level 1 number 1 "a"`, `listItem level 2 number 1 "b"`, `listItem level 2 number 2 "c"`, `listItem level 3 number 3 "d"`, `listItem level 1 number 2 "e"`,
				`listItem level 2 number 1 "f"`, `listItem level 1 "g"`, `listItem level 2 "h"`, `listItem level 1 number 3 "i"`,
			},
		},
		{
			"starts a list anew where it says so", wItem("1", "0", "a") + wItem("3", "0", "b") + wItem("3", "0", "c"),
			[]string{`listItem level 1 number 1 "a"`, `listItem level 1 number 7 "b"`, `listItem level 1 number 8 "c"`},
		},
		{
			"goes on counting a level that doesn't start anew", wItem("6", "0", "a") + wItem("6", "1", "b") + wItem("6", "0", "c") + wItem("6", "1", "d") + wItem("6", "2", "e"),
			[]string{`listItem level 1 number 1 "a"`, `listItem level 2 number 1 "b"`, `listItem level 1 number 2 "c"`, `listItem level 2 number 2 "d"`, `paragraph "e"`},
		},
		{
			"reads lists of styles", wStyled("ListBullet", "a") + wStyled("Level2", "b") + wItem("5", "0", "c") + wP(`<w:pPr><w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>`+wR("d")),
			[]string{`listItem level 1 "a"`, `listItem level 2 number 4 "b"`, `listItem level 1 number 2 "c"`, `paragraph "d"`},
		},
		{
			"reads tables row by row", wTable(wRow(wCell(wP(wR("a"))+wP(wR("b"))), wCell(wP("")), wCell(wP(`<w:r><w:t>c</w:t><w:br/><w:t>d</w:t></w:r>`))), wRow(wCell(wP(wR("e\tf"))))),
			[]string{`tableRow "a b\t\tc d"`, `tableRow "e f"`},
		},
		{
			"reads merged cells once, in their columns",
			wTable(
				wRow(wCell(`<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>`+wP(wR("a"))), wCell(wP(wR("b")))),
				wRow(wCell(`<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>`+wP(wR("c"))), wCell(wP(wR("d"))), wCell(wP(wR("e")))),
				wRow(wCell(`<w:tcPr><w:vMerge/></w:tcPr>`+wP("")), wCell(wP(wR("f"))), wCell(wP(wR("g")))),
				wRow(`<w:trPr><w:gridBefore w:val="1"/></w:trPr>`, wCell(wP(wR("h")))),
			),
			[]string{`tableRow "a\t\tb"`, `tableRow "c\td\te"`, `tableRow "\tf\tg"`, `tableRow "\th"`},
		},
		{
			"keeps the words of tables in tables", wTable(wRow(wCell(wP(wR("a"))+wTable(wRow(wCell(wP(wR("b"))), wCell(wP(wR("c")))), wRow(wCell(wP(wR("d")))))+wP(wR("e"))), wCell(wP(wR("f"))))),
			[]string{`tableRow "a b c d e\tf"`},
		},
		{
			"leaves out deleted rows and cells", wTable(wRow(`<w:trPr><w:del w:id="1"/></w:trPr>`, wCell(wP(wR("a")))), wRow(wCell(`<w:tcPr><w:cellDel w:id="1"/></w:tcPr>`+wP(wR("b"))), wCell(wP(wR("c"))), wCell(wP(wR("d"))))),
			[]string{`tableRow "c\td"`},
		},
		{
			"marks emphasis, also of character styles, and not where it is switched off",
			wP(wLook(`<w:b/>`, "a") + wLook(`<w:b w:val="0"/>`, "b") + wLook(`<w:i w:val="true"/>`, "c") + wLook(`<w:rStyle w:val="Shout"/>`, "d") + wLook(`<w:rStyle w:val="Shout"/><w:i w:val="false"/>`, "e") + wR(" ") + wLook(`<w:b/>`, "f ") + wLook(`<w:b/>`, "g")),
			[]string{`paragraph "abcde f g"`, `strong "a"`, `emphasis "cd"`, `strong "de"`, `strong "f g"`},
		},
		{
			"doesn't mark what a paragraph's style does to all its words",
			wStyled("Loud", "a") + wP(`<w:pPr><w:pStyle w:val="Overskrift1"/></w:pPr>`+wR("b ")+wLook(`<w:i/>`, "c")) + wP(`<w:pPr><w:pStyle w:val="Loud"/></w:pPr>`+wLook(`<w:b/>`, "d")),
			[]string{`paragraph "a"`, `heading level 1 "b c"`, `emphasis "c"`, `paragraph "d"`},
		},
		{
			"reads breaks, tabs, hyphens and symbols",
			wP(`<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e` + "\u00ad" + `f</w:t><w:cr/><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="Symbol" w:char="F0B7"/><w:sym w:font="Symbol" w:char="F0F2"/><w:sym w:font="Calibri" w:char="00E6"/></w:r>` +
				wLook(`<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>`, "\uf061")),
			[]string{`paragraph "a\nb\tc` + "\u2011" + `def\n☺•∫æα"`},
		},
		{
			"reads the words of white space as Word does", wP("<w:r><w:t>\n  a\n  b\n</w:t></w:r>"+wR(" c ")) + "<w:p>\n<w:r>\n<w:t>d</w:t>\n</w:r>\n</w:p>",
			[]string{`paragraph "a   b c"`, `paragraph "d"`},
		},
		{
			"reads references, and marked sections as they are", wP(`<w:r><w:t>&lt;&amp;&#230;&#xE6;&gt;<![CDATA[&lt;<b>]]><!-- c --></w:t></w:r>`),
			[]string{`paragraph "<&ææ>&lt;<b>"`},
		},
		{
			"reads the results of fields, not their instructions",
			wP(wField("begin") + wInstruction(" PAGE ") + wField("separate") + wR("7") + wField("end") + wField("begin") + wInstruction("XE \"index\"") + wField("end") +
				`<w:fldSimple w:instr=" DATE "><w:r><w:t>today</w:t></w:r></w:fldSimple>`),
			[]string{`paragraph "7today"`},
		},
		{
			"reads fields in fields, in their instructions, and over paragraphs",
			wP(wR("a")+wField("begin")+wInstruction(" IF ")+wField("begin")+wInstruction("REF x")+wField("separate")+wR("lost")+wField("end")+wInstruction("= 1 ")+wField("separate")+wR("b")+wField("begin")+wInstruction("REF y")+wField("separate")+wR("c")+wField("end")+wField("end")) +
				wP(wField("begin")+wInstruction("TOC")+wField("separate")+wR("d")) + wP(wR("e")) + wP(wField("end")+wR("f")),
			[]string{`paragraph "abc"`, `paragraph "d"`, `paragraph "e"`, `paragraph "f"`},
		},
		{
			"links words, by relation and by field",
			wP(`<w:hyperlink r:id="web"><w:r><w:t>a</w:t></w:r></w:hyperlink>` + `<w:hyperlink r:id="file"><w:r><w:t>b</w:t></w:r></w:hyperlink>` + `<w:hyperlink w:anchor="part"><w:r><w:t>c</w:t></w:r></w:hyperlink>` +
				wField("begin") + wInstruction(` HYPERLINK "https://example.org/`) + wInstruction(`x" \l "y" \o "z" `) + wField("separate") + wR("d") + wField("end") +
				`<w:fldSimple w:instr="HYPERLINK mailto:a@example.org"><w:r><w:t>e</w:t></w:r></w:fldSimple>`),
			[]string{`paragraph "abcde"`, `link "a" to https://example.org/a`, `link "d" to https://example.org/x#y`, `link "e" to mailto:a@example.org`},
		},
		{
			"reads old forms",
			wP(`<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="no"/><w:listEntry w:val="yes"/></w:ddList></w:ffData></w:fldChar></w:r>` + wInstruction("FORMDROPDOWN") + wField("end") +
				`<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>` + wInstruction("FORMCHECKBOX") + wField("end")),
			[]string{`paragraph "yes☒"`},
		},
		{
			"reads content controls around words, paragraphs, rows and cells",
			`<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>` + wP(wR("a")+`<w:sdt><w:sdtContent><w:r><w:t>b</w:t></w:r></w:sdtContent></w:sdt>`) + `</w:sdtContent></w:sdt>` +
				wTable(`<w:sdt><w:sdtContent>`+wRow(`<w:sdt><w:sdtContent>`+wCell(wP(wR("c")))+`</w:sdtContent></w:sdt>`, wCell(wP(wR("d"))))+`</w:sdtContent></w:sdt>`),
			[]string{`paragraph "ab"`, `tableRow "c\td"`},
		},
		{
			"reads text boxes once, behind their paragraph",
			wP(wR("a")+`<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><a:graphic><wps:wsp><wps:txbx><w:txbxContent>`+wP(wR("box"))+wStyled("Overskrift1", "head")+`</w:txbxContent></wps:txbx></wps:wsp></a:graphic></w:drawing></mc:Choice>`+
				`<mc:Fallback><w:pict><v:textbox><w:txbxContent>`+wP(wR("box"))+`</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`+wR("b")) +
				wP(`<w:r><w:pict><v:shape><v:textbox><w:txbxContent>`+wP(wR("old"))+`</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`),
			[]string{`paragraph "ab"`, `paragraph "box"`, `heading level 1 "head"`, `paragraph "old"`},
		},
		{
			"reads the fallback of what it doesn't know",
			wP(`<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="1F60A"/></mc:Choice><mc:Fallback><w:t>😊</w:t></mc:Fallback></mc:AlternateContent></w:r>`),
			[]string{`paragraph "😊"`},
		},
		{
			"takes tracked changes as accepted",
			wP(wR("a ") + `<w:ins w:id="1"><w:r><w:t>b</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>c</w:delText></w:r><w:r><w:t>c</w:t></w:r></w:del><w:moveFrom w:id="3"><w:r><w:t>d</w:t></w:r></w:moveFrom><w:moveTo w:id="4"><w:r><w:t>e</w:t></w:r></w:moveTo>` +
				`<w:r><w:rPr><w:rPrChange w:id="5"><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr><w:t>f</w:t></w:r>`),
			[]string{`paragraph "a bef"`},
		},
		{
			"joins paragraphs whose ends are deleted, as what the last of them is",
			wP(wEndOf("del")+wR("a")) + wP(wEndOf("moveFrom")+wR("b")) + wStyled("Citat", "c") + wP(wEndOf("ins")+wR("d")) + wP(wEndOf("del")+wR("e")) + wTable(wRow(wCell(wP(wEndOf("del")+wR("f"))+wP(wR("g"))))) + wP(wEndOf("del")+wR("h")),
			[]string{`quote level 1 "abc"`, `paragraph "d"`, `paragraph "e"`, `tableRow "fg"`, `paragraph "h"`},
		},
		{
			"reads equations", wP(wR("x: ") + `<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:r><m:t>+y</m:t></m:r></m:oMath>`),
			[]string{`paragraph "x: 1/2+y"`},
		},
		{
			"composes accents, and marks and notes stay where they stand", wP(wLook(`<w:b/>`, "e") + wR("\u0301") + wLook(`<w:i/>`, "o\u0308") + `<w:r><w:footnoteReference w:id="2"/></w:r>` + wR("!")),
			[]string{`paragraph "éö[1]!"`, `strong "é"`, `emphasis "ö"`, `footnote number 1 "[1] First."`},
		},
		{
			"puts notes behind the block with their marks, in the order of these",
			wP(wR("a")+`<w:r><w:footnoteReference w:id="3"/></w:r>`+wR(" b")+`<w:r><w:endnoteReference w:id="2"/></w:r>`+wR(".")+`<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:footnoteReference w:id="99"/></w:r>`) +
				wTable(wRow(wCell(wP(wR("c")+`<w:r><w:footnoteReference w:id="2"/></w:r>`)), wCell(wP(wR("d"))))) + wItem("2", "0", "e"),
			[]string{
				`paragraph "a[1] b[2].[1]"`, `footnote number 1 "[1] Second\nin two."`, `emphasis "Second"`, `link "two" to https://example.org/note`,
				`footnote number 2 "[2] End."`, `tableRow "c[3]\td"`, `footnote number 3 "[3] First."`, `listItem level 1 "e"`,
			},
		},
		{
			"keeps the space behind the mark of a note in a cell",
			wTable(wRow(wCell(wP(`<w:r><w:footnoteReference w:id="2"/></w:r>` + wR(" a"))))),
			[]string{`tableRow "[1] a"`, `footnote number 1 "[1] First."`},
		},
		{
			"divides a paragraph at a blank line", wP(`<w:r><w:t>a</w:t><w:br/><w:br/><w:t>b</w:t></w:r>`), []string{`paragraph "a"`, `paragraph "b"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := readDocument(t, "note.docx", docx(t, c.body, wordParts()))
			if diff := cmp.Diff(c.want, outline(got.Content)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var want []string
			if strings.Contains(c.name, "deleted rows") || strings.Contains(c.name, "tracked") {
				want = []string{"deleted_left_out"}
			}
			if diff := cmp.Diff(want, codes(got.Warnings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// wordParts are the parts of the documents above beside their bodies.
func wordParts() map[string]string {
	note := func(id, inside string) string { return `<w:footnote w:id="` + id + `">` + inside + `</w:footnote>` }
	return map[string]string{
		"word/styles.xml": wordStyles, "word/numbering.xml": wordLists,
		"word/footnotes.xml": `<w:footnote w:type="separator" w:id="-1">` + wP(`<w:r><w:separator/></w:r>`) + `</w:footnote>` +
			note("2", wP(`<w:r><w:footnoteRef/></w:r>`+wR(" First."))) +
			note("3", wP(`<w:r><w:footnoteRef/></w:r>`+wR(" ")+wLook("<w:i/>", "Second"))+wP(wR("in ")+`<w:hyperlink r:id="web"><w:r><w:t>two</w:t></w:r></w:hyperlink>`+wR("."))),
		"word/endnotes.xml": `<w:endnote w:id="2">` + wP(wR("End.")) + `</w:endnote>`,
		"word/_rels/document.xml.rels": `<Relationship Id="web" Type="http://x/hyperlink" Target="https://example.org/a" TargetMode="External"/>` +
			`<Relationship Id="file" Type="http://x/hyperlink" Target="file:///etc/passwd" TargetMode="External"/>`,
		"word/_rels/footnotes.xml.rels": `<Relationship Id="web" Type="http://x/hyperlink" Target="https://example.org/note" TargetMode="External"/>`,
	}
}

// readDocument reads a file that must be right.
func readDocument(t *testing.T, name string, data []byte) exchange.Document {
	t.Helper()
	got, err := exchange.Read(name, data, exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkContent(t, got.Content)
	return got
}

// outline draws content as show does, a line for each block and mark, without the places.
func outline(c models.Content) []string {
	var lines []string
	for line := range strings.Lines(show(c)) {
		head, rest, _ := strings.Cut(strings.TrimSpace(line), "[")
		_, words, _ := strings.Cut(rest, ") ")
		lines = append(lines, head+words)
	}
	return lines
}

func TestReadDOCXWarns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, code string }{
		{"of hidden text", wP(wR("a") + wLook(`<w:vanish/>`, "b")), "hidden_left_out"},
		{"of text that a character style hides", wP(wR("a") + wLook(`<w:rStyle w:val="Whisper"/>`, "b")), "hidden_left_out"},
		{"of text that a paragraph style hides", wP(wR("a")) + wStyled("Secret", "b"), "hidden_left_out"},
		{"of deleted text", wP(wR("a") + `<w:del><w:r><w:delText>b</w:delText></w:r></w:del>`), "deleted_left_out"},
		{"of symbols that it can't tell", wP(wR("a") + `<w:r><w:sym w:font="Wingdings" w:char="F03A"/></w:r>`), "symbols_left_out"},
		{"of pictures", wP(wR("a") + `<w:r><w:drawing><a:graphic><a:blip r:embed="x"/></a:graphic></w:drawing></w:r>`), "objects_left_out"},
		{"of files that are taken in", wP(wR("a")) + `<w:altChunk r:id="x"/>`, "parts_left_out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := readDocument(t, "note.docx", docx(t, c.body, wordParts()))
			if got.Content.Text != "a" {
				t.Errorf("the text is %q", got.Content.Text)
			}
			if len(got.Warnings) != 1 || got.Warnings[0].Code != c.code || !strings.HasSuffix(got.Warnings[0].Sentence, ".") {
				t.Errorf("it warns: %+v", got.Warnings)
			}
		})
	}
	t.Run("not of text that is moved, nor of space that is deleted", func(t *testing.T) {
		t.Parallel()
		body := wP(`<w:moveFrom>`+wR("b")+`</w:moveFrom>`+wR("a")+`<w:moveTo>`+wR("b")+`</w:moveTo>`) + wP(`<w:del><w:r><w:delText> </w:delText></w:r></w:del>`)
		got := readDocument(t, "note.docx", docx(t, body, wordParts()))
		if got.Content.Text != "ab" || got.Warnings != nil {
			t.Errorf("got %q, %+v", got.Content.Text, got.Warnings)
		}
	})
	t.Run("not of hidden text that is shown again", func(t *testing.T) {
		t.Parallel()
		body := wP(`<w:pPr><w:pStyle w:val="Secret"/></w:pPr>` + wLook(`<w:vanish w:val="0"/>`, "a") + wLook(`<w:rStyle w:val="Whisper"/>`, "b"))
		got := readDocument(t, "note.docx", docx(t, body, wordParts()))
		if got.Content.Text != "ab" || got.Warnings != nil {
			t.Errorf("got %q, %+v", got.Content.Text, got.Warnings)
		}
	})
}

func TestReadDOCXComments(t *testing.T) {
	t.Parallel()
	start := func(id string) string { return `<w:commentRangeStart w:id="` + id + `"/>` }
	end := func(id string) string {
		return `<w:commentRangeEnd w:id="` + id + `"/><w:r><w:commentReference w:id="` + id + `"/></w:r>`
	}
	body := start("7") + wP(wR("One ")+start("1")+wR("two")+end("1")+wR(" three")) + wP(`<w:del w:id="9">`+start("2")+`<w:r><w:delText>gone</w:delText></w:r>`+end("2")+`</w:del>`+wR("four")) +
		wTable(wRow(wCell(wP(wR("five"))), wCell(wP(start("3")+wR("six")+`<w:r><w:footnoteReference w:id="2"/></w:r>`+end("3"))))) + `<w:commentRangeEnd w:id="7"/>` +
		wP(wR("seven")+`<w:r><w:commentReference w:id="4"/></w:r>`)
	comment := func(id, inside string) string {
		return `<w:comment w:id="` + id + `" w:author="Lea  Holm" w:date="2025-03-04T10:20:30Z">` + inside + `</w:comment>`
	}
	parts := wordParts()
	parts["word/comments.xml"] = comment("1", wP(`<w:r><w:annotationRef/></w:r>`+wR("why?"))+wP(wR("because"))) + comment("2", wP(wR("on what is gone"))) +
		comment("3", wP(wR("in a cell"))) + comment("4", wP(wR("at a point"))) + comment("5", wP(wR("nowhere"))) + comment("6", wP("")) + comment("7", wP(wR("over all")))
	got := readDocument(t, "note.docx", docx(t, body, parts))
	at := time.Date(2025, 3, 4, 10, 20, 30, 0, time.UTC)
	points := []rune(got.Content.Text)
	type placed struct{ Words, Text string }
	var places []placed
	for _, c := range got.Comments {
		if c.Author != "Lea Holm" || !c.At.Equal(at) {
			t.Errorf("a comment is by %q at %s", c.Author, c.At)
		}
		places = append(places, placed{string(points[c.Start:c.End]), c.Text})
	}
	want := []placed{
		{"One two three\n\nfour\n\nfive\tsix[1]\n\n[1] First.", "over all"}, {"two", "why?\nbecause"}, {"four", "on what is gone"}, {"six[1]", "in a cell"}, {"seven", "at a point"},
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadDOCXMeta(t *testing.T) {
	t.Parallel()
	const core = `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">` +
		`<dc:title> Møde i  havnen </dc:title><dc:creator>Lea Holm</dc:creator><dc:language>da-DK</dc:language><dcterms:created>2025-03-04T10:20:30Z</dcterms:created><dcterms:modified>2025-03-05T00:00:00+02:00</dcterms:modified></cp:coreProperties>`
	t.Run("is that of the core properties", func(t *testing.T) {
		t.Parallel()
		got := readDocument(t, "note.docx", docx(t, wStyled("Titel", "Other")+wP(wR("a")), map[string]string{"docProps/core.xml": core}))
		want := exchange.Meta{
			Title: "Møde i havnen", Author: "Lea Holm", Language: "da-DK",
			CreatedAt: time.Date(2025, 3, 4, 10, 20, 30, 0, time.UTC), ChangedAt: time.Date(2025, 3, 4, 22, 0, 0, 0, time.UTC),
		}
		if diff := cmp.Diff(want, got.Meta); diff != "" {
			t.Error(diff)
		}
		if got.MediaType != "application/vnd.openxmlformats-officedocument.wordprocessingml.document" || got.Format != exchange.FileDOCX || got.Encoding != "" {
			t.Errorf("it is %s %s in %q", got.Format, got.MediaType, got.Encoding)
		}
	})
	t.Run("has the title that stands in the style for it", func(t *testing.T) {
		t.Parallel()
		got := readDocument(t, "note.docx", docx(t, wStyled("Titel", "My day")+wP(wR("a")), wordParts()))
		if diff := cmp.Diff(exchange.Meta{Title: "My day"}, got.Meta); diff != "" || got.Content.Blocks[0].Kind != models.BlockHeading || got.Content.Blocks[0].Level != 1 {
			t.Error(diff, got.Content.Blocks)
		}
	})
}
