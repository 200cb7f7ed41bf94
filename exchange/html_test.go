package exchange_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestHTMLSample(t *testing.T) {
	t.Parallel()
	doc := readSource(t, "fake.html", string(readFile(t, "testdata", "documents", "fake-html-cp1252.html")))
	for _, words := range []string{"Kvinnan åt köttbullar med lingonsylt.", "45,90 €", "Die schöne Frau", "Está ótimo!"} {
		if !strings.Contains(doc.Content.Text, words) {
			t.Errorf("there is no %q", words)
		}
	}
	var kinds []models.BlockKind
	for _, b := range doc.Content.Blocks {
		kinds = append(kinds, b.Kind)
	}
	want := []models.BlockKind{models.BlockHeading, models.BlockParagraph, models.BlockParagraph, models.BlockCode}
	if diff := cmp.Diff(want, kinds); diff != "" || doc.Encoding != "windows-1252" || doc.Warnings != nil {
		t.Error(diff, doc.Encoding, doc.Warnings)
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"shows white space as a browser does", "<p>  a\n <b> b </b>\tc&nbsp; d<br> e </p>f", "paragraph \"a b c\\u00a0 d\\ne\"\n    strong \"b\"\nparagraph \"f\""},
		{"reads character references", "<p>&aring;&#230;&#x2019;&lt;b&gt;&unknown;</p>", `paragraph "åæ’<b>&unknown;"`},
		{"leaves scripts, styles and what else isn't shown out", "<head><style>p{}</style></head><script>a</script><noscript>b</noscript><template>c</template><svg><text>d</text></svg><p hidden>e</p><p style='display: none'>f</p><span aria-hidden=true>g</span><iframe>h</iframe><p>i</p><!-- j -->", `paragraph "i"`},
		{"leaves navigation and the edges of a page out", "<header>a</header><nav>b</nav><div role=navigation>c</div><p>d</p><aside>e</aside><footer>f</footer>", `paragraph "d"`},
		{"keeps the main element of a page", "<p>a</p><main><header><h1>b</h1></header><p>c</p></main><p>d</p>", "heading level 1 \"b\"\nparagraph \"c\""},
		{"keeps all when the main element has no words", "<p>a</p><main><script>b</script></main>", `paragraph "a"`},
		{"keeps the one article", "<p>a</p><article><p>bcd efg</p></article>", `paragraph "bcd efg"`},
		{"keeps the page around an article that is the least of it", "<p>" + strings.Repeat("a", 30) + "</p><article>b</article>", `paragraph "` + strings.Repeat("a", 30) + "\"\nparagraph \"b\""},
		{"leaves forms out", "<p>a</p><form><label>b</label><input value=c><select><option>d</select><p>e</p></form>", `paragraph "a"`},
		{"keeps a form around the whole text", "<form><h1>a</h1><p>b</p><button>c</button><textarea>d</textarea></form>", "heading level 1 \"a\"\nparagraph \"b\""},
		{"reads headings of six levels", "<h1><b>a</b></h1><h2>b <i>c</i></h2><h6>d<br>e</h6>", "heading level 1 \"a\"\nheading level 2 \"b c\"\n    emphasis \"c\"\nheading level 6 \"d e\""},
		{
			"reads lists within lists, with their numbers", "<ol start=3><li>a<li value=7><p>b</p><p>c</p><ul><li>d</ul><li>e</ol><ul><li>f<ol><li>g</ol></ul>",
			"listItem level 1 number 3 \"a\"\nlistItem level 1 number 7 \"b\"\nparagraph \"c\"\nlistItem level 2 \"d\"\nlistItem level 1 number 8 \"e\"\nlistItem level 1 \"f\"\nlistItem level 2 number 1 \"g\"",
		},
		{"reads tables", "<table><caption>a</caption><tr><th>b<th>c<tr><td><p>d</p><p>e</p><td></table>f", "paragraph \"a\"\ntableRow \"b\\tc\"\ntableRow \"d e\\t\"\nparagraph \"f\""},
		{"keeps the columns of a table beside wide and high cells", "<table border=1><tr><td rowspan=2>a<td colspan=2>b<td>c</tr><tr><td>d<td>e<td>f</table>", "tableRow \"a\\tb\\t\\tc\"\ntableRow \"\\td\\te\\tf\""},
		{"reads a table for layout as what is in it", "<table><tr><td><h1>a</h1><td><p>b</p></table><table><tr><td>c</table>", "heading level 1 \"a\"\nparagraph \"b\"\nparagraph \"c\""},
		{"reads the table within one for layout", "<table><tr><td>a<td><table><tr><td>b<td>c</table></table>", "paragraph \"a\"\ntableRow \"b\\tc\""},
		{"reads quotations", "<blockquote><p>a</p><blockquote>b</blockquote></blockquote><p>She said <q>c</q></p>", "quote level 1 \"a\"\nquote level 2 \"b\"\nparagraph \"She said “c”\""},
		{"keeps preformatted text as it is", "<pre>\na\n  <b>b</b>\n\n</pre>", `code "a\n  b"`},
		{
			"marks emphasis, code and links", `<p><em>a</em> <strong>b</strong> <code>c</code> <a href="https://example.org/x y">d</a> <a href="/e">e</a> <a href="javascript:f()">f</a> <a href="mailto:g@example.org">g</a></p>`,
			"paragraph \"a b c d e f g\"\n    emphasis \"a\"\n    strong \"b\"\n    code \"c\"\n    link \"d\" to https://example.org/x%20y\n    link \"g\" to mailto:g@example.org",
		},
		{"copes with marks that cross", "<p><b>a<i>b</b>c</i>d</p>", "paragraph \"abcd\"\n    strong \"ab\"\n    emphasis \"bc\""},
		{"reads terms and what they mean", "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "paragraph \"a\"\nparagraph \"b\"\nparagraph \"c\"\nparagraph \"d\""},
		{"reads rtfCaptions, and pictures by their words where these stand alone", "<figure><img alt='a map'><figcaption>b</figcaption></figure><p>c<img alt=d></p>", "paragraph \"a map\"\nparagraph \"b\"\nparagraph \"c\""},
		{"leaves deletions out", "<p>a<del>b</del><ins>c</ins><s>d</s></p>", `paragraph "acd"`},
		{
			"reads lists by Word", `<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>b)<span>&nbsp;&nbsp; </span></span><![endif]>a<o:p></o:p></p><p class=MsoListParagraphCxSpLast style='margin-left:36.0pt;text-indent:-18.0pt'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;&nbsp; </span></span>b</p><p class=MsoListParagraph>c</p>`,
			"listItem level 2 number 2 \"a\"\nlistItem level 1 \"b\"\nparagraph \"c\"",
		},
		{
			"reads footnotes by Word", `<p>a<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span>[1]</span></a> b</p><p>c</p><div style='mso-element:footnote-list'><hr><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> d</p><p>e</p></div></div>`,
			"paragraph \"a[1] b\"\nfootnote number 1 \"[1] d\\ne\"\nparagraph \"c\"",
		},
		{
			"reads footnotes of other web pages", `<p>a<a href="#fn1" id="fnref1" role="doc-noteref"><sup>1</sup></a> and<a href="#fn1">1</a></p><section role="doc-endnotes"><ol><li id="fn1"><p>b<a href="#fnref1" role="doc-backlink">↩</a></p></li></ol></section><p>c</p>`,
			"paragraph \"a[1] and[1]\"\nfootnote number 1 \"[1] b\"\nparagraph \"c\"",
		},
		{
			"reads what Google Docs writes", `<style>.c1{font-weight:700}.c2{font-style:italic}</style><p class="c0 title">a</p><p class="c0"><span class="c1">b</span> <span class="c2">c</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup></p><ol class="lst-kix_abc-0 start" start="1"><li>d</li></ol><ul class="lst-kix_abc-1 start"><li>e</li></ul><ol class="lst-kix_abc-0" start="2"><li>f</li></ol><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> g</span></p></div>`,
			"heading level 1 \"a\"\nparagraph \"b c[1]\"\n    strong \"b\"\n    emphasis \"c\"\nfootnote number 1 \"[1] g\"\nlistItem level 1 number 1 \"d\"\nlistItem level 2 \"e\"\nlistItem level 1 number 2 \"f\"",
		},
		{"takes nothing from a bold element that isn't", `<b style="font-weight:normal"><p>a</p></b>`, `paragraph "a"`},
		{"reads XHTML, where any element may end at once", `<?xml version="1.0"?><html><head><title/></head><body><p/><p>a<a id="x"/> b</p><![CDATA[c]]></body></html>`, "paragraph \"a b\"\nparagraph \"c\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readSource(t, "page.html", c.source)
			if diff := cmp.Diff(c.want, drawn(doc.Content)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHTMLEncodings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, forced, text, encoding string }{
		{"by a byte order mark", "\xef\xbb\xbf<meta charset=windows-1252><p>å", "", "å", "utf-8"},
		{"by UTF-16's mark", "\xff\xfe<\x00p\x00>\x00\xe5\x00", "", "å", "utf-16le"},
		{"by the page's word", "<meta charset='iso-8859-2'><p>\xb3\xe6", "", "łć", "iso-8859-2"},
		{"by its older word", `<META http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>` + "\xf0\xd2", "", "Пр", "koi8-r"},
		{"by a name of old for the one of Windows", "<meta charset=latin1><p>\x80 \xe5", "", "€ å", "windows-1252"},
		{"as UTF-8 whatever the page says", "<meta charset=iso-8859-1><p>å", "", "å", "utf-8"},
		{"by its letters when the word is wrong", "<meta charset=utf-8><p>Bl\xe5b\xe6r p\xe5 \xd8en", "", "Blåbær på Øen", "windows-1252"},
		{"as it is told", "<meta charset=koi8-r><p>\xe5", "iso-8859-1", "å", "iso-8859-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc, err := exchange.Read("page.htm", []byte(c.data), exchange.Options{Encoding: c.forced})
			if err != nil || doc.Content.Text != c.text || doc.Encoding != c.encoding {
				t.Errorf("got %q, %s, %v", doc.Content.Text, doc.Encoding, err)
			}
		})
	}
}

func TestHTMLMeta(t *testing.T) {
	t.Parallel()
	doc := readSource(t, "page.html", `<html lang="da"><head><title> Mødet på
		rådhuset </title><meta name="author" content="Lea"><meta property="article:published_time" content="2024-04-03T09:15:00+02:00"><meta name=changed content="2024-04-05"></head><p>a`)
	want := exchange.Meta{
		Title: "Mødet på rådhuset", Language: "da", Author: "Lea",
		CreatedAt: time.Date(2024, 4, 3, 7, 15, 0, 0, time.UTC), ChangedAt: time.Date(2024, 4, 5, 0, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, doc.Meta, cmp.Transformer("utc", func(at time.Time) string { return at.UTC().String() })); diff != "" {
		t.Error(diff)
	}
}

func TestHTMLComments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		want         exchange.Comment
	}{
		{
			"by Google Docs", `<p>one</p><p>two<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>why?</span></p></div>`,
			exchange.Comment{Start: 5, End: 8, Text: "why?"},
		},
		{
			"by Word", `<p>one</p><p>two<span class=MsoCommentReference><a style='mso-comment-reference:LM_1;mso-comment-date:20240403T0915' href="#_msocom_1" name="_msoanchor_1">[LM1]</a></span></p><div style='mso-element:comment-list'><div style='mso-element:comment'><div id="_com_1"><span style='mso-comment-author:"Lea Møller"'><a name="_msocom_1"></a></span><p><a href="#_msoanchor_1">[LM1]</a>why?</p></div></div></div>`,
			exchange.Comment{Start: 5, End: 8, Author: "Lea Møller", At: time.Date(2024, 4, 3, 9, 15, 0, 0, time.UTC), Text: "why?"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := readSource(t, "page.html", c.source)
			if diff := cmp.Diff([]exchange.Comment{c.want}, doc.Comments); diff != "" || doc.Content.Text != "one\n\ntwo" {
				t.Errorf("%q %s", doc.Content.Text, diff)
			}
		})
	}
}

func TestHTMLRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, data, code string
		kind             models.Kind
	}{
		{"no words", "<html><script>a</script><img></html>", "text_empty", models.KindInvalid},
		{"a tag without end", "<p>a<" + strings.Repeat("b", 5<<20), "file_damaged", models.KindInvalid},
		{"too many paragraphs", strings.Repeat("<p>a", models.MaxBlocks+1), "blocks_too_many", models.KindInvalid},
		{"tags without end", strings.Repeat("<b>", 1_000_001), "tags_too_many", models.KindTooLarge},
		{"cells without end", "<table border=1>" + strings.Repeat("<tr><td colspan=200 rowspan=1000>a", 25_000), "text_too_long", models.KindTooLarge},
		{"pictures of no kind that is known", "\x01\x00\x02\x00\xff\x7f\x00", "file_binary", models.KindInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Read("page.html", []byte(c.data), exchange.Options{})
			wantCode(t, err, c.kind, c.code)
		})
	}
	t.Run("but no picture that is written into the page", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "page.html", `<p>a<img src="data:image/png;base64,`+strings.Repeat("A", 6<<20)+`">b`)
		if doc.Content.Text != "ab" {
			t.Errorf("%.100q", doc.Content.Text)
		}
	})
	t.Run("and no depth", func(t *testing.T) {
		t.Parallel()
		doc := readSource(t, "page.html", strings.Repeat("<div><b>", 100_000)+"a")
		if doc.Content.Text != "a" {
			t.Errorf("%.100q", doc.Content.Text)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"<p>a<b>b<i>c</b>d</i><br>e&nbsp;f</p><h1>g</h1><pre>\n h</pre>",
		"<main><ol start=3><li>a<ul><li>b</ul><li value=9>c</ol><dl><dt>d<dd>e</dl></main>",
		"<table border=1><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<table><tr><td>d</table></table>",
		`<p>a<a href="#fn1">1</a><a href="#cmnt1">2</a></p><div id=fn1>b<a href="#fn1">1</a></div><div><p><a id=cmnt1>c</a>d</div>`,
		`<?xml version="1.0"?><p/><a id="x"/><![CDATA[a]]><q>b</q><form><p>c<p>d<p>e</form>`,
		`<p class=MsoListParagraph style='margin-left:36pt'>1.  a</p><p style='mso-list:l0 level1'><span style='mso-list:Ignore'>2.</span>b</p>`,
		"<table border=1><tr><td><p>a<a href='#fn2'>1</a><tr id=fn2><td>b</table>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, "page.html", data) })
}
