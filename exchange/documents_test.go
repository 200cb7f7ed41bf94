package exchange_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// TestReadRealDocuments holds what is right for files of others, of which testdata/README.md tells.
func TestReadRealDocuments(t *testing.T) {
	t.Parallel()
	read := func(t *testing.T, name string) exchange.Document {
		t.Helper()
		return readDocument(t, name, readFile(t, "testdata", "documents", name))
	}
	t.Run("tracked changes are accepted, hidden text is left out and told of", func(t *testing.T) {
		t.Parallel()
		got := read(t, "testWORD_features.docx")
		text := got.Content.Text
		for _, words := range []string{"Maecenas eget elit insert this fringilla, est eu, volutpat urna.", "While euismod", "ad litoraMaecenas ornare"} {
			if strings.Count(text, words) != 1 {
				t.Errorf("%q stands %d times", words, strings.Count(text, words))
			}
		}
		for _, words := range []string{"bibendum", "Donec euismod", "This is a comment", "This is another comment", "hidden text"} {
			if strings.Contains(text, words) {
				t.Errorf("it holds %q", words)
			}
		}
		if strings.Count(text, "ad litora") != 1 {
			t.Error("what is moved doesn't stand once")
		}
		if diff := cmp.Diff([]string{"deleted_left_out", "hidden_left_out"}, codes(got.Warnings)); diff != "" {
			t.Error(diff)
		}
		type comment struct{ Words, Author, At, Text string }
		var comments []comment
		points := []rune(text)
		for _, c := range got.Comments {
			comments = append(comments, comment{string(points[c.Start:c.End]), c.Author, c.At.Format("15:04:05"), c.Text})
		}
		want := []comment{
			{"apibus", "Kyle Reese", "14:17:51", "This is another comment"}, {"himenaeos.", "Unknown Author", "14:12:26", "This is a comment"},
		}
		if diff := cmp.Diff(want, comments); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("footnotes stand behind the paragraph with their marks", func(t *testing.T) {
		t.Parallel()
		want := []string{`paragraph "Ouch[1].[2]"`, `footnote number 1 "[1] A tachyon walks into a bar."`, `footnote number 2 "[2] Fin."`}
		if diff := cmp.Diff(want, outline(read(t, "footnotes.docx").Content)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a document without properties is read", func(t *testing.T) {
		t.Parallel()
		got := read(t, "test-docx2python-conversion-google_docs.docx")
		if len(got.Content.Blocks) != 5 || !strings.HasPrefix(got.Content.Text, "Pop-up lomo waistcoat, ethical plaid iceland vegan") {
			t.Errorf("%d blocks: %.60q", len(got.Content.Blocks), got.Content.Text)
		}
		if diff := cmp.Diff(exchange.Meta{}, got.Meta); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("line breaks are kept", func(t *testing.T) {
		t.Parallel()
		doc, err := exchange.Read("teams_chat.docx", readFile(t, "testdata", "documents", "teams_chat.docx"), exchange.Options{Transcript: exchange.TranscriptNo})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`paragraph "0:0:0.0 --> 0:0:1.510\nSome Body\nOK. Yeah."`, `paragraph "0:0:3.270 --> 0:0:4.250\nJames Bond\nUmm."`,
			`tableRow "saved-by\tDennis Forsythe"`,
		}
		if diff := cmp.Diff(want, outline(doc.Content)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("cells that are merged have their words once, and stand in their columns", func(t *testing.T) {
		t.Parallel()
		lines := outline(read(t, "word_tables.docx").Content)
		if got := strings.Count(strings.Join(lines, "\n"), "Merged Cell 1.1 1.2"); got != 2 {
			t.Errorf("a merged cell of two tables stands %d times", got)
		}
		for _, row := range []string{
			`heading level 1 "Test with tables"`, `tableRow "Header 0.0\tHeader 0.1\tHeader 0.2"`, `tableRow "Cell 1.0\tMerged Cell 1.1 1.2\t\tCell 1.3"`,
			`tableRow "Cell 1.0\tMerged Cell 1.1 2.1\tCell 1.2"`, `tableRow "Cell 2.0\t\tCell 2.2"`, `tableRow "\t\t\t\tCell 8.4"`, `tableRow "\tCell 1.1"`,
		} {
			if !slices.Contains(lines, row) {
				t.Errorf("there is no %s", row)
			}
		}
	})
	t.Run("soft hyphens are dropped", func(t *testing.T) {
		t.Parallel()
		if got := read(t, "testOptionalHyphen.docx").Content.Text; got != "optionalhyphen" {
			t.Errorf("the text is %q", got)
		}
	})
	t.Run("a protected document is told as such", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.Read("testWORD_protected_passtika.docx", readFile(t, "testdata", "documents", "testWORD_protected_passtika.docx"), exchange.Options{})
		wantCode(t, err, models.KindInvalid, "file_protected")
	})
	t.Run("an OpenDocument text is read with its notes, lists, comments and formulas", func(t *testing.T) {
		t.Parallel()
		got := read(t, "testODFwithOOo3.odt")
		want := []string{
			`heading level 1 "Apache Tika Test Document"`, `paragraph "This is a rather[1] difficult test document, with interesting features."`,
			`footnote number 1 "[1] This is of course a simple footnote"`, `paragraph "A rectangle"`, `paragraph "Another interesting project is [Solr]"`,
			`paragraph "Reference to the title: Apache Tika Test Document"`, `paragraph "A classic example:a²+b2=c2"`,
			`listItem level 1 number 1 "First item"`, `listItem level 1 number 2 "Second item"`, `listItem level 1 number 3 "Third item"`,
			`paragraph "Lucene website"`, `link "Lucene website" to http://lucene.apache.org/`,
			`paragraph "Bibliography"`, `paragraph "Solr: Various, Solr website, 2009, http://lucene.apache.org/solr"`,
		}
		if diff := cmp.Diff(want, outline(got.Content)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got.Meta.Title != "Apache Tika" || got.Meta.Author != "Bart Hanssens" || got.Meta.CreatedAt.Format("2006-01-02") != "2009-10-05" {
			t.Errorf("it says of itself: %+v", got.Meta)
		}
		if len(got.Comments) != 1 || got.Comments[0].Text != "Tika is part of the Lucene project." || got.Comments[0].Author != "Bart Hanssens" {
			t.Errorf("the comments are %+v", got.Comments)
		}
		if diff := cmp.Diff([]string{"deleted_left_out", "objects_left_out"}, codes(got.Warnings)); diff != "" {
			t.Error(diff)
		}
	})
}
