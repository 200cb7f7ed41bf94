package exchange_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

func TestReadCodebookCSV(t *testing.T) {
	t.Parallel()
	// Each entry as parent/key=name.
	for _, c := range []struct{ name, table, want string }{
		{"reads names alone", "name\nRegisters\nGDPR\n", "/registers=Registers /gdpr=GDPR"},
		{"reads semicolons, as Danish spreadsheets write them", "navn;overkode\nRegistre;\nHuller;Registre\n", "/registre=Registre registre/huller=Huller"},
		{"reads tabs", "name\tparent\na\t\nb\ta\n", "/a=a a/b=b"},
		{"takes a spreadsheet's word for the separator", "sep=;\nname;definition\na;b, c\n", "/a=a"},
		{"reads columns in any order, of any case, and passes over others", "References,PARENT,Name\n12,,a\n3,a,b\n", "/a=a a/b=b"},
		{"finds a parent by key", "key,name,parent\nx,A,\ny,B,x\n", "/x=A x/y=B"},
		{"finds a parent by name, without regard to case", "name,parent\nData as  future,\nHype,data as future\n", "/data_as_future=Data as future data_as_future/hype=Hype"},
		{"finds a parent by its path", "name,parent\na,\nb,\nx,a\nx,b\ny,b > x\n", "/a=a a/x=x /b=b b/x_2=x x_2/y=y"},
		{"finds a parent whose own parent is a path", "name,parent\na,\nb,a\nc,a > b\nd,a > b > c\n", "/a=a a/b=b b/c=c c/d=d"},
		{"finds a parent further down", "name,parent\nb,a\na,\n", "/a=a a/b=b"},
		{"gives equal names other keys", "name,key\na,\na,\na,a\n", "/a_2=a /a_3=a /a=a"},
		{"passes over empty lines", "name,parent\n\na,\n,\n\nb,\n", "/a=a /b=b"},
		{"reads UTF-8 with its mark", "\xef\xbb\xbfname\nÅ\n", "/aa=Å"},
		{"reads Windows-1252", "navn;farve\nBl\xe5b\xe6r;3\n", "/blaabaer=Blåbær"},
		{"reads UTF-16", "\xff\xfe" + utf16Bytes("navn\tfarve\nBlåbær\t3\n", binary.LittleEndian), "/blaabaer=Blåbær"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			entries, err := exchange.ReadCodebookCSV([]byte(c.table))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.ParentKey+"/"+e.Key+"="+e.Name)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("reads every column", func(t *testing.T) {
		t.Parallel()
		entries, err := exchange.ReadCodebookCSV([]byte("key,name,parent,colour,letter,shortcut,definition,when to use,when not,examples\n" +
			"future,Future,,4,F,3,\"Data as\na way\",Use it,\"agency: It acts\nOld News: a shrug: ha\nNobody: says\",\"one\n\ntwo\"\n" +
			"agency,Agency,,,,,,,,\nold_news,Old news,future,,,,,,,\n"))
		if err != nil {
			t.Fatal(err)
		}
		want := []exchange.CodeEntry{
			{Code: models.Code{
				Key: "future", Name: "Future", Position: 1, Colour: 4, Letter: "F", Shortcut: "3", Definition: "Data as\na way", WhenToUse: "Use it",
				WhenNot:  []models.Contrast{{Against: "agency", Text: "It acts"}, {Against: "old_news", Text: "a shrug: ha"}, {Text: "Nobody: says"}},
				Examples: []string{"one", "two"},
			}},
			{ParentKey: "future", Code: models.Code{Key: "old_news", Name: "Old news", Position: 1, WhenNot: []models.Contrast{}, Examples: []string{}}},
			{Code: models.Code{Key: "agency", Name: "Agency", Position: 2, WhenNot: []models.Contrast{}, Examples: []string{}}},
		}
		if diff := cmp.Diff(want, entries); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReadCodebookCSVRefuses(t *testing.T) {
	t.Parallel()
	// The problems, as they name their lines.
	for _, c := range []struct{ name, table, want string }{
		{"a table without names", "key;farve\na;1\n", "Line 1: there is no column called name. The first line must name the columns."},
		{"a table with two columns of a name", "name,navn\na,b\n", "Line 1: two columns are called navn."},
		{"a table without codes", "name\n\n", "Line 1: there is no code under the names of the columns."},
		{"a name of nothing", "name,key\n,a\n", "Line 2: a name has 1 to 200 characters."},
		{"a line that ends before the name", "key,name\na\n", "Line 2: a name has 1 to 200 characters."},
		{"a name that is too long", "name\n" + strings.Repeat("å", 201) + "\n", "Line 2: a name has 1 to 200 characters."},
		{"a definition that is too long", "name,definition\na," + strings.Repeat("å", 20_001) + "\n", "Line 2: a cell has at most 20000 characters."},
		{"a key that is none", "name,key\na,Data-1\n", "Line 2: a key is written in lower-case letters and digits with underscores between words."},
		{"a key that stands twice", "name,key\na,x\nb,x\n", "Line 3: the key x stands on line 2 too."},
		{"a colour beyond the palette", "name,colour\na,13\nb,red\n", "Line 2: a colour is a number from 1 to 12. Line 3: a colour is a number from 1 to 12."},
		{"a letter of two", "name,letter\na,AB\n", "Line 2: a letter is one character."},
		{"more cells than columns", "name,key\na,b,c\n", "Line 2: there are more cells than columns."},
		{"a parent there isn't", "name,parent\na,z\n", `Line 2: there is no code "z" to put this one under.`},
		{"a path there isn't", "name,parent\na,\nb,\nc,b > a\n", `Line 4: there is no code "b > a" to put this one under.`},
		{"a parent that may be either of two", "name,parent\na,\na,\nb,a\n", `Line 4: more than one code is called "a". Name the parent by its key or its path.`},
		{"a code under itself", "name,parent\na,a\n", "Line 2: this code stands under itself."},
		{"a ring of codes", "name,parent\na,c\nb,a\nc,b\nd,\n", "Line 2: this code stands under itself. Line 3: this code stands under itself. Line 4: this code stands under itself."},
		{"a ring of paths", "name,parent\na,c > b\nb,a > c\nc,b > a\n", "Line 2: this code stands under itself. Line 3: this code stands under itself. Line 4: this code stands under itself."},
		{"a quotation mark too many", "name\na\n\"b\n", "Line 3: a quotation mark is missing or stands where none may."},
		{"every faulty line at once, counting quoted line ends", "name,definition,colour\na,\"x\ny\",0\nb,,99\n", "Line 2: a colour is a number from 1 to 12. Line 4: a colour is a number from 1 to 12."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.ReadCodebookCSV([]byte(c.table))
			e := wantCode(t, err, models.KindInvalid, "codebook_invalid")
			var got []string
			for _, f := range e.Fields {
				got = append(got, f.Problem)
				if line, _, _ := strings.Cut(strings.TrimPrefix(f.Problem, "Line "), ":"); f.Pointer != "/lines/"+line {
					t.Errorf("%q points at %s", f.Problem, f.Pointer)
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("too many codes", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		b.WriteString("name\n")
		for i := range models.MaxCodes + 1 {
			fmt.Fprintf(&b, "code %d\n", i)
		}
		_, err := exchange.ReadCodebookCSV([]byte(b.String()))
		wantCode(t, err, models.KindInvalid, "codes_too_many")
	})
	t.Run("a workbook", func(t *testing.T) {
		t.Parallel()
		_, err := exchange.ReadCodebookCSV([]byte("PK\x03\x04"))
		wantCode(t, err, models.KindInvalid, "file_binary")
	})
}

func FuzzReadCodebookCSV(f *testing.F) {
	for _, s := range []string{
		"name,parent\na,\nb,a\n", "navn;overkode\na;b > a\nb;a\n", "sep=;\nname\na", "name,when not\na,\"b: c\nd\"\nb,", "key\tname\n\ta\n\ta\n", "name\n\"a\n",
		"name,parent\na,a > a > a\na,a\n", "name,colour\na,1\n", "\xef\xbb\xbfname\na", "name,name\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := exchange.ReadCodebookCSV(data)
		if err != nil {
			return
		}
		seen := map[string]bool{"": true}
		for _, e := range entries {
			if !seen[e.ParentKey] {
				t.Errorf("%s comes before its parent %s", e.Key, e.ParentKey)
			}
			if e.Key == "" || seen[e.Key] {
				t.Errorf("the key %q is missing or stands twice", e.Key)
			}
			seen[e.Key] = true
			if e.Name == "" || utf8.RuneCountInString(e.Name) > models.MaxName || e.Colour < 0 || e.Colour > models.PaletteSlots {
				t.Errorf("%+v", e)
			}
			for _, n := range e.WhenNot {
				if n.Text == "" && n.Against == "" {
					t.Errorf("%s has an empty contrast", e.Key)
				}
			}
		}
	})
}
