package exchange_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
)

const odtType = "application/vnd.oasis.opendocument.text"

const openNames = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
	` xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
	` xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"` +
	` xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"` +
	` xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" xmlns:math="http://www.w3.org/1998/Math/MathML"`

// odt makes an OpenDocument text of the XML in it and of other parts.
func odt(tb testing.TB, text string, parts map[string]string) []byte {
	tb.Helper()
	all := map[string]string{
		"mimetype":    odtType,
		"content.xml": `<office:document-content ` + openNames + `><office:automatic-styles>` + byHand + `</office:automatic-styles><office:body><office:text>` + text + `</office:text></office:body></office:document-content>`,
		"styles.xml":  `<office:document-styles ` + openNames + `><office:styles>` + openStyles + `</office:styles><office:automatic-styles><style:style style:name="P1" style:family="paragraph"><style:text-properties text:display="none"/></style:style></office:automatic-styles></office:document-styles>`,
	}
	maps.Copy(all, parts)
	return packParts(tb, all, "mimetype")
}

const byHand = `<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T2" style:family="text" style:parent-style-name="Emphasis"/>
<style:style style:name="T3" style:family="text"><style:text-properties fo:font-weight="normal" fo:font-style="normal"/></style:style>
<style:style style:name="T4" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations"/>
<style:style style:name="P2" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="P3" style:family="paragraph" style:parent-style-name="Heading_20_1"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="P4" style:family="paragraph" style:list-style-name="L1"/>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" text:start-value="3"/><text:list-level-style-number text:level="3" style:num-format=""/></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/><text:list-level-style-bullet text:level="2" text:bullet-char="◦"/></text:list-style>`

const openStyles = `<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="Quotations" style:family="paragraph"/>
<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="Secret" style:family="paragraph"><style:text-properties text:display="none"/></style:style>`

func oP(inside string) string { return `<text:p>` + inside + `</text:p>` }
func oStyled(style, inside string) string {
	return `<text:p text:style-name="` + style + `">` + inside + `</text:p>`
}

func oSpan(style, inside string) string {
	return `<text:span text:style-name="` + style + `">` + inside + `</text:span>`
}
func oItem(inside string) string { return `<text:list-item>` + inside + `</text:list-item>` }
func oCell(inside string) string { return `<table:table-cell>` + inside + `</table:table-cell>` }

func TestReadODT(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{
			"reads paragraphs, headings and quotes",
			oP("One") + oP("") + `<text:h text:outline-level="2">Two</text:h><text:h>Three</text:h><text:h text:outline-level="9">Nine</text:h>` + oStyled("Heading_20_1", "Four") + oStyled("Title", "Title") + oStyled("P1", "Five"),
			[]string{`paragraph "One"`, `heading level 2 "Two"`, `heading level 1 "Three"`, `heading level 6 "Nine"`, `heading level 1 "Four"`, `heading level 1 "Title"`, `quote level 1 "Five"`},
		},
		{
			"reads white space as OpenDocument has it",
			oP("\n  a  \n b<text:s text:c=\"2\"/>c<text:tab/> d<text:line-break/>e<text:soft-page-break/>f" + oSpan("T3", " g ") + " h "),
			[]string{`paragraph "a b  c\t d\nef g h"`},
		},
		{
			"counts lists, and goes on with them",
			`<text:list text:style-name="L1" xml:id="x">` + oItem(oP("a")+oP("more")+`<text:list>`+oItem(oP("b"))+oItem(oP("c")+`<text:list>`+oItem(oP("bare"))+`</text:list>`)+`</text:list>`) + `<text:list-header>` + oP("head") + `</text:list-header>` + oItem(oP("d")) + `</text:list>` +
				`<text:list text:style-name="L2">` + oItem(oP("e")+`<text:list>`+oItem(oP("f"))+`</text:list>`) + `</text:list>` +
				`<text:list text:style-name="L1" text:continue-numbering="true">` + oItem(oP("g")) + `</text:list>` +
				`<text:list text:style-name="L1">` + oItem(oP("h")) + `<text:list-item text:start-value="5">` + oP("i") + `</text:list-item></text:list>` +
				`<text:list text:continue-list="x">` + oItem(oP("j")) + `</text:list>` + `<text:list>` + oItem(oStyled("P4", "k")) + `</text:list>`,
			[]string{
				`listItem level 1 number 1 "a"`, `paragraph "more"`, `listItem level 2 number 3 "b"`, `listItem level 2 number 4 "c"`, `paragraph "bare"`, `paragraph "head"`, `listItem level 1 number 2 "d"`,
				`listItem level 1 "e"`, `listItem level 2 "f"`, `listItem level 1 number 3 "g"`, `listItem level 1 number 1 "h"`, `listItem level 1 number 5 "i"`, `listItem level 1 number 4 "j"`, `listItem level 1 number 1 "k"`,
			},
		},
		{
			"reads tables with merged and repeated cells, heads and tables in cells",
			`<table:table><table:table-column/><table:table-header-rows><table:table-row>` + oCell(oP("a")+oP("b")) + oCell(oP("c<text:tab/>d")) + `</table:table-row></table:table-header-rows>` +
				`<table:table-row><table:table-cell table:number-columns-spanned="2">` + oP("e") + `</table:table-cell><table:covered-table-cell/>` + oCell(oP("f")) + `</table:table-row>` +
				`<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2">` + oP("g") + `</table:table-cell></table:table-row>` +
				`<table:table-row>` + oCell(`<text:list>`+oItem(oP("h"))+`</text:list><table:table><table:table-row>`+oCell(oP("i"))+oCell(oP("j"))+`</table:table-row></table:table>`) + oCell(oP("k")) + `</table:table-row></table:table>`,
			[]string{`tableRow "a b\tc d"`, `tableRow "e\t\tf"`, `tableRow "g\tg"`, `tableRow "g\tg"`, `tableRow "h i j\tk"`},
		},
		{
			"marks emphasis and links",
			oP(oSpan("T1", "a"+oSpan("T2", "b")+oSpan("T3", "c"))+`<text:a xlink:href="https://example.org/">d</text:a><text:a xlink:href="#part">e</text:a>`) + oStyled("P2", "f") + oStyled("P3", "g") + `<text:h text:style-name="Heading_20_1" text:outline-level="1">h</text:h>`,
			[]string{`paragraph "abcde"`, `strong "ab"`, `emphasis "b"`, `link "d" to https://example.org/`, `paragraph "f"`, `strong "f"`, `heading level 1 "g"`, `heading level 1 "h"`},
		},
		{
			"keeps the text of fields and of what it doesn't know",
			oP(`<text:date text:date-value="2025-01-01">today</text:date> <text:bibliography-mark>[B]</text:bibliography-mark> <loext:content-control>c</loext:content-control> <text:hidden-text text:is-hidden="false">d</text:hidden-text><text:ruby><text:ruby-base>e</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby>`),
			[]string{`paragraph "today [B] c de"`},
		},
		{
			"leaves out what was deleted",
			`<text:tracked-changes><text:changed-region><text:deletion>` + oP("gone") + `</text:deletion></text:changed-region></text:tracked-changes>` + oP(`a<text:change text:change-id="1"/><text:change-start/>b<text:change-end/>`),
			[]string{`paragraph "ab"`},
		},
		{
			"puts notes behind the block with their marks",
			oP(`a<text:note text:note-class="footnote"><text:note-citation>9</text:note-citation><text:note-body>`+oP("one "+oSpan("T1", "two"))+oP("three")+`</text:note-body></text:note>.<text:note text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body>`+oP("end")+`</text:note-body></text:note>`) + oP("b"),
			[]string{`paragraph "a[1].[2]"`, `footnote number 1 "[1] one two\nthree"`, `strong "two"`, `footnote number 2 "[2] end"`, `paragraph "b"`},
		},
		{
			"reads text boxes behind their paragraph, and shapes on a page",
			`<draw:frame><draw:text-box>` + oP("on the page") + `</draw:text-box></draw:frame>` + oP(`a<draw:frame><draw:text-box>`+oP("b")+`<text:list text:style-name="L2">`+oItem(oP("c"))+`</text:list></draw:text-box></draw:frame>d<draw:g><draw:rect>`+oP("e")+`</draw:rect></draw:g>`),
			[]string{`paragraph "on the page"`, `paragraph "ad"`, `paragraph "b"`, `listItem level 1 "c"`, `paragraph "e"`},
		},
		{
			"reads sections, indexes and formulas",
			`<text:section text:name="x">` + oP("a") + `</text:section><text:table-of-content><text:table-of-content-source><text:index-title-template>no</text:index-title-template></text:table-of-content-source><text:index-body><text:index-title>` + oP("Contents") + `</text:index-title>` + oP("b") + `</text:index-body></text:table-of-content>` +
				oP(`x: <draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>`),
			[]string{`paragraph "a"`, `paragraph "Contents"`, `paragraph "b"`, `paragraph "x: a+2"`},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := readDocument(t, "note.odt", odt(t, c.text, map[string]string{
				"Object 1/content.xml": `<math:math ` + openNames + `><math:semantics><math:mi>a</math:mi> <math:mo>+</math:mo><math:mn>2</math:mn><math:annotation>a + 2</math:annotation></math:semantics></math:math>`,
			}))
			if diff := cmp.Diff(c.want, outline(got.Content)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var want []string
			if strings.Contains(c.text, "text:deletion") {
				want = []string{"deleted_left_out"}
			}
			if diff := cmp.Diff(want, codes(got.Warnings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadODTWarns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, code string }{
		{"of hidden words", oP("a" + oSpan("T4", "b")), "hidden_left_out"},
		{"of a hidden paragraph", oP("a") + oStyled("Secret", "b"), "hidden_left_out"},
		{"of a paragraph that a field hides", oP("a") + oP(`b<text:hidden-paragraph text:is-hidden="true"/>`), "hidden_left_out"},
		{"of a field that is hidden", oP(`a<text:hidden-text text:is-hidden="true">b</text:hidden-text>`), "hidden_left_out"},
		{"of a hidden section", oP("a") + `<text:section text:display="none">` + oP("b") + `</text:section>`, "hidden_left_out"},
		{"of pictures", oP(`a<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>`), "objects_left_out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := readDocument(t, "note.odt", odt(t, c.text, nil))
			if got.Content.Text != "a" || len(got.Warnings) != 1 || got.Warnings[0].Code != c.code {
				t.Errorf("got %q, %+v", got.Content.Text, got.Warnings)
			}
		})
	}
}

func TestReadODTComments(t *testing.T) {
	t.Parallel()
	comment := func(name, text string) string {
		return `<office:annotation office:name="` + name + `"><dc:creator>Lea</dc:creator><dc:date>2025-03-04T10:20:30.123</dc:date>` + oP(text) + oP("more") + `</office:annotation>`
	}
	got := readDocument(t, "note.odt", odt(t, oP("One "+comment("1", "why?")+"two")+oP("three<office:annotation-end office:name=\"1\"/> four")+oP("five"+comment("", "at a point")), nil))
	points := []rune(got.Content.Text)
	at := time.Date(2025, 3, 4, 10, 20, 30, 123_000_000, time.UTC)
	want := []exchange.Comment{{Author: "Lea", At: at, Text: "why?\nmore"}, {Author: "Lea", At: at, Text: "at a point\nmore"}}
	words := []string{"two\n\nthree", "five"}
	for i, c := range got.Comments {
		if i < len(words) && string(points[c.Start:c.End]) != words[i] {
			t.Errorf("comment %d stands on %q", i, string(points[c.Start:c.End]))
		}
		got.Comments[i].Start, got.Comments[i].End = 0, 0
	}
	if diff := cmp.Diff(want, got.Comments); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadODTMeta(t *testing.T) {
	t.Parallel()
	t.Run("is that of its part", func(t *testing.T) {
		t.Parallel()
		got := readDocument(t, "note.odt", odt(t, oP("a"), map[string]string{"meta.xml": `<office:document-meta ` + openNames + `><office:meta><dc:title>T</dc:title><meta:initial-creator>A</meta:initial-creator><dc:creator>B</dc:creator>` +
			`<meta:creation-date>2025-03-04T10:20:30</meta:creation-date><dc:date>2025-03-05T10:20:30</dc:date><dc:language>da_DK</dc:language></office:meta></office:document-meta>`}))
		want := exchange.Meta{
			Title: "T", Author: "A", Language: "da-DK",
			CreatedAt: time.Date(2025, 3, 4, 10, 20, 30, 0, time.UTC), ChangedAt: time.Date(2025, 3, 5, 10, 20, 30, 0, time.UTC),
		}
		if diff := cmp.Diff(want, got.Meta); diff != "" || got.MediaType != odtType || got.Format != exchange.FileODT {
			t.Error(diff, got.MediaType, got.Format)
		}
	})
	t.Run("has the title that stands in the style for it", func(t *testing.T) {
		t.Parallel()
		got := readDocument(t, "note.odt", odt(t, oStyled("Title", "My day")+oP("a"), nil))
		if diff := cmp.Diff(exchange.Meta{Title: "My day"}, got.Meta); diff != "" {
			t.Error(diff)
		}
	})
}
