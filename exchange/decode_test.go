package exchange_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"feltbog/exchange"
	"feltbog/models"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, text, encoding string }{
		{"reads UTF-8", "Blåbær", "Blåbær", "utf-8"},
		{"reads ASCII as the UTF-8 it is", "field note", "field note", "utf-8"},
		{"reads UTF-8 with a byte order mark", "\xef\xbb\xbfBlåbær", "Blåbær", "utf-8"},
		{"reads UTF-16, little end first", "\xff\xfe" + utf16Bytes("På 🏛", binary.LittleEndian), "På 🏛", "utf-16le"},
		{"reads UTF-16, big end first", "\xfe\xff" + utf16Bytes("På 🏛", binary.BigEndian), "På 🏛", "utf-16be"},
		{"reads UTF-16 without its mark, little end first", utf16Bytes("Mødet begyndte", binary.LittleEndian), "Mødet begyndte", "utf-16le"},
		{"reads UTF-16 without its mark, big end first", utf16Bytes("Mødet begyndte\r\nkl. 9", binary.BigEndian), "Mødet begyndte\r\nkl. 9", "utf-16be"},
		{"reads Russian in UTF-16 without its mark", utf16Bytes("Привет, как дела?", binary.LittleEndian), "Привет, как дела?", "utf-16le"},
		{"reads the typographic marks of Windows-1252", "\x93Ja\x94, sagde hun \x96 \x85 45 \x80", "“Ja”, sagde hun – … 45 €", "windows-1252"},
		{"keeps a few control characters for Normalise", "side 1\fside 2 og resten af teksten\x1a", "side 1\fside 2 og resten af teksten\x1a", "utf-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text, encoding, err := exchange.Decode([]byte(c.data))
			if err != nil || text != c.text || encoding != c.encoding {
				t.Errorf("got %q, %s, %v; want %q, %s", text, encoding, err, c.text, c.encoding)
			}
		})
	}
}

func utf16Bytes(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestDecodeLegacy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, encoding string
		charmap              *charmap.Charmap
	}{
		{"one letter", "æ", "windows-1252", charmap.Windows1252},
		{"only letters beyond ASCII", "æøå", "windows-1252", charmap.Windows1252},
		{"capitals only", "ÅØÆ", "windows-1252", charmap.Windows1252},
		{"a name", "Ærø", "windows-1252", charmap.Windows1252},
		{"a sentence", "Vi mødtes på rådhuset.", "windows-1252", charmap.Windows1252},
		{"a sentence in quotation marks", "Hun sagde: »Vi ved det godt«", "windows-1252", charmap.Windows1252},
		{"signs and no letters", "§ 3, stk. 2: ½ time ved 20 °C", "windows-1252", charmap.Windows1252},
		{"French with apostrophes", "l’été à l’école", "windows-1252", charmap.Windows1252},
		{"minutes of a meeting", "Til stede: Åse, Søren og Bjørn\r\nÅse: Vi har kendt de her data i årevis.\r\n", "windows-1252", charmap.Windows1252},
		{"an old Mac", "Vi mødtes på rådhuset. Åse og Søren var der – “ja” sagde hun.", "macintosh", charmap.Macintosh},
		{"Russian", "Привет, как дела? Мы говорили о данных.", "windows-1251", charmap.Windows1251},
		{"Russian in KOI8", "Привет, как дела? Мы говорили о данных.", "koi8-r", charmap.KOI8R},
		{"Polish", "Było to bardzo ciekawe, że wszyscy się zgadzali.", "windows-1250", charmap.Windows1250},
		{"Polish of other systems", "Było to bardzo ciekawe, że są wszyscy, i się zgadzali świetnie.", "iso-8859-2", charmap.ISO8859_2},
		{"Czech", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "windows-1250", charmap.Windows1250},
		{"Czech of other systems", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "iso-8859-2", charmap.ISO8859_2},
		{"Hungarian", "Az önkormányzat működése és a jövő évi költségvetés", "windows-1250", charmap.Windows1250},
		{"Croatian", "Sastali smo se u općini; čekali su nas već u šest sati, među ljudima.", "windows-1250", charmap.Windows1250},
		{"Romanian", "Ne-am întâlnit la primărie şi am vorbit despre toţi oamenii.", "windows-1250", charmap.Windows1250},
		{"Turkish", "Dün belediyede buluştuk ve veriler hakkında konuştuk, çok iyiydi değil mi?", "windows-1254", charmap.Windows1254},
		{"Lithuanian", "Vakar susitikome savivaldybėje ir kalbėjomės apie žmonių duomenis, šįkart ilgai.", "windows-1257", charmap.Windows1257},
		{"Latvian", "Vakar mēs tikāmies pašvaldībā un runājām par cilvēku datiem.", "windows-1257", charmap.Windows1257},
		{"Icelandic", "Við hittumst í ráðhúsinu í gær og töluðum um gögnin þeirra.", "windows-1252", charmap.Windows1252},
		{"Swedish", "Kvinnan åt köttbullar med lingonsylt.", "windows-1252", charmap.Windows1252},
		{"Portuguese", "O João comprou um café. Está ótimo, não é?", "windows-1252", charmap.Windows1252},
		{"French with a euro of ISO-8859-15", "Le cœur a coûté 15 € à l'État.", "iso-8859-15", charmap.ISO8859_15},
		{"ISO-8859-1, of which Windows-1252 is more", "Vi mødtes på rådhuset, ½ time før.", "windows-1252", charmap.ISO8859_1},
		{"a text of DOS", "Vi mødtes på rådhuset. Åse og Søren var der.", "ibm850", charmap.CodePage850},
		{"Greek", "Γειά σου, τι κάνεις; Συναντηθήκαμε χθες στο δημαρχείο.", "iso-8859-7", charmap.ISO8859_7},
	} {
		t.Run("reads "+c.name, func(t *testing.T) {
			t.Parallel()
			data, err := c.charmap.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			text, encoding, err := exchange.Decode([]byte(data))
			if err != nil || text != c.text || encoding != c.encoding {
				t.Errorf("got %q, %s, %v; want %q, %s", text, encoding, err, c.text, c.encoding)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, code string }{
		{"no bytes", "", "file_empty"},
		{"a PDF", "%PDF-1.7\n%Âåí", "file_binary"},
		{"a Word file", "PK\x03\x04\x14", "file_binary"},
		{"a picture", "\x89PNG\r\n\x1a\n", "file_binary"},
		{"NUL in UTF-8", "field\x00note", "file_binary"},
		{"NUL in UTF-16", "\xff\xfea\x00\x00\x00", "file_binary"},
		{"pictures of no kind that is known", "\x01\x00\x02\x00\x00\x00\xff\x7f\x00\x00", "file_binary"},
		{"chance", "\x8f\x02\xd1\x9d\x11\x03\x81\x07\xfe\x1b\x90", "file_binary"},
		{"half a character of UTF-16", "\xff\xfea\x00b", "file_encoding_unknown"},
		{"half a surrogate pair", "\xff\xfe" + "\x3d\xd8" + "a\x00", "file_encoding_unknown"},
		{"half a surrogate pair at the end", "\xff\xfea\x00" + "\x3d\xd8", "file_encoding_unknown"},
		{"the second half of a surrogate pair first", "\xff\xfe" + "\x00\xdc" + "\x3d\xd8", "file_encoding_unknown"},
		{"broken UTF-8 after a byte order mark", "\xef\xbb\xbfBl\xe5b\xe6r", "file_encoding_unknown"},
		{"UTF-8 cut off", "Værk på r\xc3", "file_encoding_unknown"},
		{"bytes that no encoding has", "\x80\x81\x82\x83\x84", "file_encoding_unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := exchange.Decode([]byte(c.data))
			wantCode(t, err, models.KindInvalid, c.code)
		})
	}
	t.Run("and names the line where UTF-8 is broken", func(t *testing.T) {
		t.Parallel()
		_, _, err := exchange.Decode([]byte("Værk\npå\nr\xc3d"))
		if e := wantCode(t, err, models.KindInvalid, "file_encoding_unknown"); !strings.Contains(e.Sentence, "line 3") {
			t.Error(e.Sentence)
		}
	})
}

func TestDecodeAs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, data, encoding, text, code string }{
		{"reads what was chosen, not what is likely", "Bl\xe5b\xe6r", "iso-8859-5", "Blхbцr", ""},
		{"reads a name in capitals", "Bl\xe5b\xe6r", "ISO-8859-1", "Blåbær", ""},
		{"reads UTF-16 by its name", "\x00a\x00\xe5", "utf-16be", "aå", ""},
		{"leaves a byte order mark out", "\xef\xbb\xbfa", "utf-8", "a", ""},
		{"finds the encoding when none is chosen", "Bl\xe5b\xe6r", "", "Blåbær", ""},
		{"refuses a name that isn't one", "a", "latin-99", "", "encoding_unknown"},
		{"refuses bytes that aren't UTF-8", "Bl\xe5b\xe6r", "utf-8", "", "file_encoding_unknown"},
		{"refuses bytes that a code page doesn't have", "\xe5\xff", "iso-8859-6", "", "file_encoding_unknown"},
		{"refuses NUL", "a\x00b", "windows-1252", "", "file_binary"},
		{"refuses half a character", "abc", "utf-16le", "", "file_encoding_unknown"},
		{"refuses a PDF", "%PDF-1.7", "utf-8", "", "file_binary"},
		{"refuses nothing", "", "utf-8", "", "file_empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text, encoding, err := exchange.DecodeAs([]byte(c.data), c.encoding)
			if c.code != "" {
				wantCode(t, err, models.KindInvalid, c.code)
				return
			}
			if err != nil || text != c.text || c.encoding != "" && !strings.EqualFold(encoding, c.encoding) {
				t.Errorf("got %q, %s, %v", text, encoding, err)
			}
		})
	}
	t.Run("every encoding that can be chosen reads ASCII, each by its own way", func(t *testing.T) {
		t.Parallel()
		for _, name := range exchange.Encodings() {
			data := "field note"
			switch name {
			case "utf-16le":
				data = utf16Bytes(data, binary.LittleEndian)
			case "utf-16be":
				data = utf16Bytes(data, binary.BigEndian)
			}
			if text, encoding, err := exchange.DecodeAs([]byte(data), name); err != nil || text != "field note" || encoding != name {
				t.Errorf("%s: %q, %s, %v", name, text, encoding, err)
			}
		}
	})
	t.Run("is what a file is read with", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"note.txt", "note.md"} {
			doc, err := exchange.Read(name, []byte("Bl\xe5b\xe6r"), exchange.Options{Encoding: "iso-8859-5"})
			if err != nil || doc.Content.Text != "Blхbцr" || doc.Encoding != "iso-8859-5" {
				t.Errorf("%s: %q, %s, %v", name, doc.Content.Text, doc.Encoding, err)
			}
		}
	})
}

func TestDecodeRealFiles(t *testing.T) {
	t.Parallel()
	t.Run("the Declaration of Human Rights in Danish", func(t *testing.T) {
		t.Parallel()
		text, encoding, err := exchange.Decode(readFile(t, "testdata", "udhr-danish-latin1.txt"))
		if err != nil || encoding != "windows-1252" || length(text) != 9_999 {
			t.Fatalf("got %d characters of %s, %v", length(text), encoding, err)
		}
		if !strings.HasPrefix(text, "VERDENSERKLÆRINGEN OM MENNESKERETTIGHEDERNE") {
			t.Errorf("it begins %q", text[:60])
		}
		for letter, want := range map[string]int{"æ": 77, "ø": 54, "å": 65} {
			if got := strings.Count(text, letter); got != want {
				t.Errorf("%d %s, want %d", got, letter, want)
			}
		}
	})
	t.Run("a file in UTF-16", func(t *testing.T) {
		t.Parallel()
		text, encoding, err := exchange.Decode(readFile(t, "testdata", "fake-text-utf-16.txt"))
		if err != nil || encoding != "utf-16le" || length(text) != 188 {
			t.Fatalf("got %d characters of %s, %v", length(text), encoding, err)
		}
		if !strings.HasPrefix(text, "This is a test document to use for unit tests.") {
			t.Errorf("it begins %q", text[:60])
		}
	})
}

func readFile(tb testing.TB, path ...string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "a", "\xff\xfea\x00", "\xfe\xff\x00a", "\xef\xbb\xbfa", "Bl\xe5b\xe6r", "\x93a\x94", "\xcf\xf0\xe8\xe2\xe5\xf2", "\xff\xfe=\xd8", "r\xc3"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, encoding, err := exchange.Decode(data)
		if err != nil {
			return
		}
		if encoding == "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Errorf("%q is read as %q, %s", data, text, encoding)
		}
		if _, err := exchange.Normalise(text); err != nil {
			wantCode(t, err, models.KindTooLarge, "text_too_long")
		}
	})
}
