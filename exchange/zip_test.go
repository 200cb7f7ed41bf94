package exchange_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/exchange"
	"feltbog/models"
)

// packed is a file of an archive that a test makes.
type packed struct {
	name, data string
	flags      uint16
	extra      string
	store      bool
}

// archive makes an archive, with names as they stand.
func archive(tb testing.TB, files ...packed) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		head := &zip.FileHeader{Name: f.name, Method: zip.Deflate, NonUTF8: true, Extra: []byte(f.extra)}
		if f.store {
			head.Method = zip.Store
		}
		out, err := w.CreateHeader(head)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := out.Write([]byte(f.data)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	data := b.Bytes()
	if len(files) > 0 && files[0].flags != 0 {
		setFlags(data, files[0].flags)
	}
	return data
}

// setFlags sets flags of every entry of an archive, at its head and in the directory.
func setFlags(data []byte, flags uint16) {
	for _, at := range []struct {
		sign  string
		flags int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := 0; ; {
			n := bytes.Index(data[i:], []byte(at.sign))
			if n < 0 {
				break
			}
			i += n + at.flags
			data[i] |= byte(flags)
			data[i+1] |= byte(flags >> 8)
		}
	}
}

// unpack gives the paths of an archive and how long each file is.
func unpack(data []byte) (files []string, warnings []exchange.Warning, err error) {
	warnings, err = exchange.Unpack(data, func(path string, data []byte) error {
		files = append(files, fmt.Sprintf("%s %d", path, len(data)))
		return nil
	})
	return files, warnings, err
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	nested := string(archive(t, packed{name: "a.txt", data: "a"}))
	word := string(archive(t, packed{name: "word/document.xml", data: "<a/>"}))
	var many []packed
	for i := range 12 {
		many = append(many, packed{name: fmt.Sprintf("%02d.zip", i), data: nested})
	}
	for _, c := range []struct {
		name     string
		files    []packed
		want     []string
		warnings []exchange.Warning
	}{
		{"gives files with their folders", []packed{{name: "Havnsø/dag 1.txt", data: "abc"}, {name: "rod.md", data: ""}}, []string{"Havnsø/dag 1.txt 3", "rod.md 0"}, nil},
		{"turns backslashes", []packed{{name: `Havnsø\dag 1.txt`, data: "abc"}}, []string{"Havnsø/dag 1.txt 3"}, nil},
		{"composes the names of Macs", []packed{{name: "Havnso\u0308/a\u030a.txt", data: "abc"}}, []string{"Havnsö/å.txt 3"}, nil},
		{"keeps files of one path", []packed{{name: "a.txt", data: "a"}, {name: "a.txt", data: "bb"}}, []string{"a.txt 1", "a.txt 2"}, nil},
		{
			"passes over what nobody put there",
			[]packed{
				{name: "a/"},
				{name: "__MACOSX/._a.txt", data: "x"},
				{name: "a/.DS_Store", data: "x"},
				{name: "a/Thumbs.db", data: "x"},
				{name: ".git/config", data: "x"},
				{name: "a/~$ord.docx", data: "x"},
				{name: "a/b.txt", data: "x"},
			},
			[]string{"a/b.txt 1"},
			nil,
		},
		{
			"leaves out paths that lead out of the archive",
			[]packed{{name: "../a.txt", data: "x"}, {name: "a/../../b.txt", data: "x"}, {name: "/etc/c.txt", data: "x"}, {name: `C:\d.txt`, data: "x"}, {name: `..\e.txt`, data: "x"}, {name: "f.txt", data: "x"}},
			[]string{"f.txt 1"},
			[]exchange.Warning{{Code: "archive_path", Sentence: "Left out for a path that leads out of the archive: a.txt, a/b.txt, etc/c.txt, C:/d.txt, e.txt.", Values: []string{"a.txt, a/b.txt, etc/c.txt, C:/d.txt, e.txt"}}},
		},
		{
			"leaves out archives by name and by content, but no Word file",
			[]packed{{name: "a.zip", data: nested}, {name: "b.tar.gz", data: "x"}, {name: "c.txt", data: nested}, {name: "d.docx", data: word}, {name: "e.txt", data: "x"}},
			[]string{fmt.Sprintf("d.docx %d", len(word)), "e.txt 1"},
			[]exchange.Warning{{Code: "archive_nested", Sentence: "Archives within the archive, left out: a.zip, b.tar.gz, c.txt.", Values: []string{"a.zip, b.tar.gz, c.txt"}}},
		},
		{
			"names the first ten",
			many, nil,
			[]exchange.Warning{{Code: "archive_nested", Sentence: "Archives within the archive, left out: 00.zip, 01.zip, 02.zip, 03.zip, 04.zip, 05.zip, 06.zip, 07.zip, 08.zip, 09.zip and 2 more.", Values: []string{"00.zip, 01.zip, 02.zip, 03.zip, 04.zip, 05.zip, 06.zip, 07.zip, 08.zip, 09.zip, +2"}}},
		},
		{"reads names of DOS", []packed{{name: "R\x91vling \x9b \x86.txt", data: "x"}}, []string{"Rævling ø å.txt 1"}, nil},
		{"reads names of American DOS", []packed{{name: "caf\x82 \x81\x84.txt", data: "x"}}, []string{"café üä.txt 1"}, nil},
		{"reads names of Windows", []packed{{name: "R\xe6v \xf8l \xe5.txt", data: "x"}}, []string{"Ræv øl å.txt 1"}, nil},
		{
			"reads names from the field for Unicode",
			[]packed{{name: "R\x91v.txt", data: "x", extra: "\x75\x70\x0d\x00\x01\x00\x00\x00\x00Ræv.txt"}},
			[]string{"Ræv.txt 1"},
			nil,
		},
		{"takes control characters out of names", []packed{{name: "a\x01\u202eb/c.txt", data: "x"}}, []string{"ab/c.txt 1"}, nil},
		{"takes no name for a path through control characters", []packed{{name: ".\x01./a.txt", data: "x"}}, []string{"file/a.txt 1"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files, warnings, err := unpack(archive(t, c.files...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, files); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.warnings, warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("names what is encrypted", func(t *testing.T) {
		t.Parallel()
		data := archive(t, packed{name: "a.txt", data: "a"}, packed{name: "b.txt", data: "b"})
		setFlags(data[:10], 1)
		directory := bytes.Index(data, []byte("PK\x01\x02"))
		data[directory+8] |= 1
		files, warnings, err := unpack(data)
		want := []exchange.Warning{{Code: "archive_encrypted", Sentence: "Protected by a password, and left out: a.txt.", Values: []string{"a.txt"}}}
		if diff := cmp.Diff(want, warnings); err != nil || len(files) != 1 || diff != "" {
			t.Error(files, err, diff)
		}
	})
	t.Run("names what is damaged and goes on", func(t *testing.T) {
		t.Parallel()
		data := archive(t, packed{name: "a.txt", data: "aaaaaaaa", store: true}, packed{name: "b.txt", data: "b"})
		data[bytes.Index(data, []byte("aaaaaaaa"))] = 'b'
		files, warnings, err := unpack(data)
		if err != nil || !cmp.Equal(files, []string{"b.txt 1"}) || len(warnings) != 1 || warnings[0].Code != "archive_file_damaged" {
			t.Error(files, warnings, err)
		}
	})
	t.Run("leaves out a file too large", func(t *testing.T) {
		t.Parallel()
		noise := make([]byte, 700_000) // keeps the archive from looking like a bomb
		state := uint32(1)
		for i := range noise {
			state = state*1664525 + 1013904223
			noise[i] = byte(state >> 24)
		}
		files, warnings, err := unpack(archive(t, packed{name: "a.txt", data: strings.Repeat("a", models.MaxUploadBytes+1)}, packed{name: "b.txt", data: string(noise)}))
		if err != nil || len(files) != 1 || len(warnings) != 1 || warnings[0].Code != "archive_file_too_large" {
			t.Error(files, warnings, err)
		}
	})
	t.Run("gives back the error of who takes the files", func(t *testing.T) {
		t.Parallel()
		stop := errors.New("stop")
		_, err := exchange.Unpack(archive(t, packed{name: "a.txt", data: "a"}), func(string, []byte) error { return stop })
		if !errors.Is(err, stop) {
			t.Error(err)
		}
	})
}

// bomb makes an archive of n files of zeros of which each unpacks to that many bytes.
func bomb(tb testing.TB, n, size int) []byte {
	tb.Helper()
	zeros := make([]byte, size)
	var one, b bytes.Buffer
	deflate, err := flate.NewWriter(&one, flate.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := deflate.Write(zeros); err != nil {
		tb.Fatal(err)
	}
	if err := deflate.Close(); err != nil {
		tb.Fatal(err)
	}
	sum := crc32.ChecksumIEEE(zeros)
	w := zip.NewWriter(&b)
	for i := range n {
		out, err := w.CreateRaw(&zip.FileHeader{
			Name: fmt.Sprintf("%d.txt", i), Method: zip.Deflate, CRC32: sum,
			CompressedSize64: uint64(one.Len()), UncompressedSize64: uint64(size),
		})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := out.Write(one.Bytes()); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	files := func(n int, name string) []byte {
		var all []packed
		for i := range n {
			all = append(all, packed{name: fmt.Sprintf(name, i), store: true})
		}
		return archive(t, all...)
	}
	whole := archive(t, packed{name: "a.txt", data: strings.Repeat("abc ", 1000)}, packed{name: "b.txt", data: "b"})
	liar := bomb(t, 10, 40<<20)
	for i := 0; ; { // the directory of it says that each file is of a thousand bytes
		n := bytes.Index(liar[i:], []byte("PK\x01\x02"))
		if n < 0 {
			break
		}
		i += n + 24
		copy(liar[i:], "\xe8\x03\x00\x00")
	}
	for _, c := range []struct {
		name, code string
		data       []byte
	}{
		{"no archive", "file_damaged", []byte("PK\x03\x04 and so on")},
		{"one cut off", "file_damaged", whole[:len(whole)/2]},
		{"one without its last byte but one", "file_damaged", whole[:len(whole)-2]},
		{"more files than an upload may have", "archive_too_many", files(501, "%d.txt")},
		{"more entries than an archive may have", "archive_too_many", files(10_001, "a/.%d")},
		{"an endless directory", "archive_too_many", bytes.Repeat([]byte("PK\x01\x02"), 200_001)},
		{"a bomb", "archive_too_large", bomb(t, 12, 45<<20)},
		{"nothing", "archive_empty", archive(t)},
		{"folders and hidden files alone", "archive_empty", archive(t, packed{name: "a/"}, packed{name: "a/.b", data: "x"})},
		{"encrypted files alone", "file_protected", archive(t, packed{name: "a.txt", data: "x", flags: 1}, packed{name: "b.txt", data: "x"})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files, warnings, err := unpack(c.data)
			wantCode(t, err, models.KindInvalid, c.code)
			if len(files) > 0 || len(warnings) > 0 {
				t.Errorf("it gives %v and %v beside the error", files, warnings)
			}
		})
	}
	t.Run("doesn't believe the sizes that an archive names", func(t *testing.T) {
		t.Parallel()
		if _, _, err := unpack(liar); err != nil {
			wantCode(t, err, models.KindInvalid, "archive_too_large")
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(archive(f, packed{name: "a/b.txt", data: "abc"}, packed{name: "../c.md", data: "d"}, packed{name: "R\x91v.txt", data: "x", extra: "\x75\x70\x0d\x00\x01\x00\x00\x00\x00Ræv.txt"}))
	f.Add(archive(f, packed{name: "a.txt", data: "x", flags: 1}))
	f.Add(bomb(f, 2, 2<<20))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := exchange.Unpack(data, func(path string, _ []byte) error {
			for part := range strings.SplitSeq(path, "/") {
				if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\\x00") {
					t.Errorf("the path is %q", path)
				}
			}
			return nil
		})
		if err != nil {
			if _, ours := errors.AsType[*models.Error](err); !ours {
				t.Error(err)
			}
		}
	})
}
