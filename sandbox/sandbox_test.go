package sandbox_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"feltbog/exchange"
	"feltbog/models"
	"feltbog/sandbox"
)

// The test binary is the child, too, by its first argument.
const (
	asChild  = "read-files"
	asHog    = "hold-memory"
	asServer = "serve-until-killed"
)

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == asChild:
		out := os.Stdout
		if err := sandbox.Serve(os.Stdin, out, sandbox.Readers{Document: document, Sheet: sheet, Unpack: unpack}); err != nil {
			os.Exit(1)
		}
	case len(os.Args) == 2 && os.Args[1] == asHog:
		holdMemory()
	case len(os.Args) == 2 && os.Args[1] == asServer:
		serveUntilKilled()
	default:
		os.Exit(m.Run())
	}
}

// whole is a document with something in each of its fields.
func whole() exchange.Document {
	seconds := 62.5
	at := time.Date(2025, 3, 4, 10, 20, 30, 0, time.UTC)
	return exchange.Document{
		Content: models.Content{
			Text: "<Røde & blå>\n\nLea: 🗂 ja",
			Blocks: []models.Block{
				{Kind: models.BlockHeading, Start: 0, End: 12, Level: 1, Page: 1},
				{Kind: models.BlockTurn, Start: 14, End: 23, Speaker: "Lea", Seconds: &seconds, Page: 2},
			},
			Marks: []models.Mark{{Kind: models.MarkLink, Start: 1, End: 5, URL: "https://example.org/?a=1&b=2"}},
		},
		Format: exchange.FilePDF, Encoding: "utf-8", MediaType: "application/pdf",
		Meta: exchange.Meta{
			Title: "En dag", ObservedOn: "2025-03-04", Language: "da", Author: "Lea", CreatedAt: at, ChangedAt: at,
			Other: map[string]string{"key": "value"},
		},
		Comments: []exchange.Comment{{Start: 1, End: 5, Author: "Lea", At: at, Text: "See here"}},
		Warnings: []exchange.Warning{{Code: "scan", Sentence: "There are pictures on page 2.", Values: []string{"2"}}},
		NoText:   true,
	}
}

// document behaves and misbehaves as the name of the file says.
func document(name string, data []byte, o exchange.Options) (exchange.Document, error) {
	switch name {
	case "whole.txt":
		return whole(), nil
	case "memory.txt":
		holdMemory()
	case "memory-below.txt":
		_ = exec.Command("/proc/self/exe", asHog).Run()
	case "loop.txt":
		for i := 0; ; i++ {
			_ = i
		}
	case "panic.txt":
		panic(string(data))
	case "exit.txt":
		os.Exit(0)
	case "flood.txt":
		_, _ = os.Stdout.Write(append([]byte{'a'}, binary.BigEndian.AppendUint32(nil, 1<<31)...))
		for {
			if _, err := os.Stdout.Write(make([]byte, 1<<20)); err != nil {
				os.Exit(1)
			}
		}
	case "noise.txt":
		_, _ = os.Stdout.WriteString("hello from a library\n")
		select {}
	case "fault.txt":
		return exchange.Document{}, errors.New(string(data))
	case "surroundings.txt":
		dir, _ := os.Getwd()
		entries, _ := os.ReadDir(".")
		temporary, _ := os.CreateTemp("", "left-behind-")
		return exchange.Document{Meta: exchange.Meta{Other: map[string]string{
			"environment": strings.Join(os.Environ(), "\n"), "folder": dir, "entries": strconv.Itoa(len(entries)),
			"temporary": temporary.Name(), "pid": strconv.Itoa(os.Getpid()), "pdftotext": o.PDFToText,
			"files": strings.Join(openFiles(), "\n"),
		}}}, nil
	}
	return exchange.Read(name, data, o)
}

func sheet(string, []byte, exchange.Options) (exchange.Sheet, error) {
	return exchange.Sheet{Name: "One", Columns: []string{"title"}, Rows: []exchange.Row{{Number: 2, Values: []string{"<a>"}}}}, nil
}

// unpack gives a file that tells the child's id, and then does as the bytes of the archive say.
func unpack(data []byte, each func(path string, data []byte) error) ([]exchange.Warning, error) {
	if err := each("child/id.txt", []byte(strconv.Itoa(os.Getpid()))); err != nil {
		return nil, err
	}
	switch string(data) {
	case "wait":
		select {}
	case "endless":
		for {
			if err := each("again.txt", []byte("again")); err != nil {
				return nil, err
			}
		}
	case "refuse":
		return nil, models.Invalid("zip_nested", "There is an archive in this archive.")
	}
	return []exchange.Warning{{Code: "left_out", Sentence: "One was left out."}}, nil
}

func holdMemory() {
	for held := []byte{1}; ; {
		held = append(held, bytes.Repeat([]byte{1}, 1<<20)...)
		time.Sleep(time.Millisecond)
	}
}

func openFiles() []string {
	entries, _ := os.ReadDir("/proc/self/fd")
	var targets []string
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			targets = append(targets, target)
		}
	}
	return targets
}

// journal collects what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func executable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func newPool(t *testing.T, change ...func(*sandbox.Config)) *sandbox.Pool {
	t.Helper()
	c := sandbox.Config{Command: []string{executable(t), asChild}, Memory: 1 << 30} // the race detector needs several times as much
	for _, fn := range change {
		fn(&c)
	}
	p := sandbox.New(c)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// wantNext checks that the pool reads the next file as if nothing had been.
func wantNext(t *testing.T, p *sandbox.Pool) {
	t.Helper()
	d, err := p.Document(t.Context(), "next.txt", []byte("The next file."), exchange.Options{})
	if err != nil || d.Content.Text != "The next file." {
		t.Errorf("the next file gives %q and %v", d.Content.Text, err)
	}
}

func wantCode(t *testing.T, err error, code, in string) {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Code != code || e.Kind != models.KindInvalid || !strings.Contains(e.Sentence, in) {
		t.Errorf("got error %v, want %s with %q", err, code, in)
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	t.Run("all that a document says comes back as it was", func(t *testing.T) {
		got, err := p.Document(t.Context(), "whole.txt", nil, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole(), got); diff != "" {
			t.Errorf("the document differs (-want +got):\n%s", diff)
		}
	})
	t.Run("empty lists stay lists", func(t *testing.T) {
		data := []byte("One paragraph.")
		want, err := exchange.Read("a.txt", data, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Document(t.Context(), "a.txt", data, exchange.Options{})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("the document differs (-want +got): %v\n%s", err, diff)
		}
	})
	t.Run("the reader's refusal comes back", func(t *testing.T) {
		_, err := p.Document(t.Context(), "a.txt", nil, exchange.Options{})
		wantCode(t, err, "file_empty", "zero bytes")
	})
	t.Run("a fault that the reader didn't name is told without its words", func(t *testing.T) {
		_, err := p.Document(t.Context(), "fault.txt", []byte("Lea said no"), exchange.Options{})
		wantCode(t, err, "file_unreadable", "can't be read")
		if strings.Contains(err.Error(), "Lea") {
			t.Errorf("the error quotes the file: %v", err)
		}
	})
	t.Run("a large file arrives whole", func(t *testing.T) {
		data := bytes.Repeat([]byte("Nineteen characters\n"), 90_000)
		got, err := p.Document(t.Context(), "large.txt", data, exchange.Options{})
		if err != nil || got.Content.Text != string(data) {
			t.Errorf("%d bytes came back of %d: %v", len(got.Content.Text), len(data), err)
		}
	})
	t.Run("a file over the limit isn't sent", func(t *testing.T) {
		_, err := p.Document(t.Context(), "larger.txt", make([]byte, models.MaxUploadBytes+1), exchange.Options{})
		if models.KindOf(err) != models.KindTooLarge {
			t.Errorf("got %v, want an error for its size", err)
		}
	})
}

func TestSheet(t *testing.T) {
	t.Parallel()
	got, err := newPool(t).Sheet(t.Context(), "a.csv", []byte("title\n<a>\n"), exchange.Options{})
	want := exchange.Sheet{Name: "One", Columns: []string{"title"}, Rows: []exchange.Row{{Number: 2, Values: []string{"<a>"}}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(exchange.Row{})); err != nil || diff != "" {
		t.Errorf("the sheet differs (-want +got): %v\n%s", err, diff)
	}
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	discard := func(string, []byte) error { return nil }
	t.Run("gives the files and then the warnings", func(t *testing.T) {
		var paths []string
		warnings, err := p.Unpack(t.Context(), nil, func(path string, data []byte) error {
			paths = append(paths, path)
			if len(data) == 0 {
				t.Error("the file is empty")
			}
			return nil
		})
		if diff := cmp.Diff([]string{"child/id.txt"}, paths); err != nil || diff != "" {
			t.Errorf("the paths differ (-want +got): %v\n%s", err, diff)
		}
		if len(warnings) != 1 || warnings[0].Code != "left_out" {
			t.Errorf("got warnings %v", warnings)
		}
	})
	t.Run("the reader's refusal comes after what was read", func(t *testing.T) {
		_, err := p.Unpack(t.Context(), []byte("refuse"), discard)
		wantCode(t, err, "zip_nested", "archive")
	})
	t.Run("an error of whoever takes the files ends it and is theirs", func(t *testing.T) {
		full := errors.New("the disk is full")
		if _, err := p.Unpack(t.Context(), []byte("endless"), func(string, []byte) error { return full }); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
		wantNext(t, p)
	})
	t.Run("files without end are refused", func(t *testing.T) {
		_, err := p.Unpack(t.Context(), []byte("endless"), discard)
		wantCode(t, err, "file_too_heavy", "memory")
		wantNext(t, p)
	})
	t.Run("time that we take ourselves isn't counted", func(t *testing.T) {
		p := newPool(t, func(c *sandbox.Config) { c.Time = 3 * time.Second })
		wantNext(t, p) // its child has started
		_, err := p.Unpack(t.Context(), nil, func(string, []byte) error {
			time.Sleep(3500 * time.Millisecond) // which is what is tested
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestHarm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, code, in string
		linux                bool
	}{
		{name: "an endless loop", file: "loop.txt", code: "file_too_heavy", in: "time"},
		{name: "a reader that takes ever more memory", file: "memory.txt", code: "file_too_heavy", in: "memory", linux: true},
		{name: "a program below the reader that takes ever more memory", file: "memory-below.txt", code: "file_too_heavy", in: "memory", linux: true},
		{name: "a panic", file: "panic.txt", code: "file_unreadable", in: "can't be read"},
		{name: "a child that ends", file: "exit.txt", code: "file_unreadable", in: "can't be read"},
		{name: "an answer without end", file: "flood.txt", code: "file_too_heavy", in: "memory"},
		{name: "words that are no answer", file: "noise.txt", code: "file_unreadable", in: "can't be read"},
	} {
		t.Run(c.name+" costs its own file alone", func(t *testing.T) {
			t.Parallel()
			if c.linux && memoryUnseen {
				t.Skip("only Linux tells the memory of another process cheaply")
			}
			log := &journal{}
			p := newPool(t, func(config *sandbox.Config) {
				config.Workers, config.Memory = 1, sandbox.DefaultMemory
				config.Log = slog.New(slog.NewJSONHandler(log, nil))
				if c.in == "time" {
					config.Time = 3 * time.Second // which the next file has as well, in a process that starts anew
				}
			})
			wantNext(t, p)
			_, err := p.Document(t.Context(), c.file, []byte("Lea said no"), exchange.Options{})
			wantCode(t, err, c.code, c.in)
			wantNext(t, p)
			if said := log.String(); strings.Contains(said, "Lea") || strings.Contains(said, c.file) {
				t.Errorf("the log tells of the file: %s", said)
			}
			if c.file == "panic.txt" && !strings.Contains(log.String(), "sandbox_test.go:") {
				t.Errorf("the log doesn't tell where it was: %s", log.String())
			}
		})
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	t.Run("a child that is killed at work costs its own file alone", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Workers = 1 })
		_, err := p.Unpack(t.Context(), []byte("wait"), func(_ string, data []byte) error {
			return syscall.Kill(number(t, data), syscall.SIGKILL)
		})
		wantCode(t, err, "file_unreadable", "can't be read")
		wantNext(t, p)
	})
	t.Run("a child that is killed while it is idle costs nothing", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Workers = 1 })
		pid := childOf(t, p)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		wantNext(t, p)
	})
	t.Run("one child reads many files, and another after some hundred", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Workers = 1 })
		first := childOf(t, p)
		if again := childOf(t, p); again != first {
			t.Errorf("the second file was read by %d, the first by %d", again, first)
		}
		for range 500 {
			wantNext(t, p)
		}
		if last := childOf(t, p); last == first {
			t.Error("one child reads on for ever")
		}
	})
	t.Run("a cancelled reading ends at once and frees its place", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Workers = 1 })
		ctx, cancel := context.WithCancel(t.Context())
		pid := 0
		_, err := p.Unpack(ctx, []byte("wait"), func(_ string, data []byte) error {
			pid = number(t, data)
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) || models.KindOf(err) != models.KindInternal {
			t.Errorf("got %v", err)
		}
		gone(t, pid)
		wantNext(t, p)
	})
	t.Run("a file that waits for its turn can be given up", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Workers = 1 })
		_, err := p.Unpack(t.Context(), nil, func(string, []byte) error {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			_, err := p.Document(ctx, "a.txt", []byte("a"), exchange.Options{})
			return err
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("closing ends what is at work and what is idle, and leaves no folders", func(t *testing.T) {
		t.Parallel()
		p := newPool(t)
		around, err := p.Document(t.Context(), "surroundings.txt", nil, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began, ended := make(chan int, 2), make(chan error)
		for range 2 {
			go func() {
				_, err := p.Unpack(t.Context(), []byte("wait"), func(_ string, data []byte) error {
					began <- number(t, data)
					return nil
				})
				ended <- err
			}()
		}
		pids := []int{<-began, <-began}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		for _, pid := range pids {
			gone(t, pid)
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		if _, err := os.Stat(around.Meta.Other["folder"]); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the child's folder is still there: %v", err)
		}
		if _, err := p.Document(t.Context(), "a.txt", []byte("a"), exchange.Options{}); err == nil {
			t.Error("a closed pool reads")
		}
	})
	t.Run("a program that isn't there is no fault of the file's", func(t *testing.T) {
		t.Parallel()
		p := newPool(t, func(c *sandbox.Config) { c.Command = []string{"/nowhere/feltbog"} })
		if _, err := p.Document(t.Context(), "a.txt", []byte("a"), exchange.Options{}); err == nil || models.KindOf(err) != models.KindInternal {
			t.Errorf("got %v", err)
		}
	})
}

func TestSurroundings(t *testing.T) {
	t.Setenv("FELTBOG_TEST_SECRET", "a secret")
	secret, err := os.Create(t.TempDir() + "/secret")
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	p := newPool(t, func(c *sandbox.Config) { c.PDFToText = "/usr/bin/of-the-server" })
	d, err := p.Document(t.Context(), "surroundings.txt", nil, exchange.Options{PDFToText: "/tmp/of-the-client"})
	if err != nil {
		t.Fatal(err)
	}
	around := d.Meta.Other
	if strings.Contains(around["environment"], "SECRET") || strings.Contains(around["environment"], "PATH=") {
		t.Errorf("the child has this environment: %s", around["environment"])
	}
	if here, _ := os.Getwd(); around["folder"] == here || around["entries"] != "0" {
		t.Errorf("the child works in %s with %s entries", around["folder"], around["entries"])
	}
	if !strings.HasPrefix(around["temporary"], around["folder"]) {
		t.Errorf("the child keeps temporary files in %s", around["temporary"])
	}
	if strings.Contains(around["files"], secret.Name()) || strings.Contains(around["files"], "socket:") {
		t.Errorf("the child has these files open: %s", around["files"])
	}
	if around["pdftotext"] != "/usr/bin/of-the-server" {
		t.Errorf("the child would run %s", around["pdftotext"])
	}
}

// childOf gives the id of the child that reads a file.
func childOf(t *testing.T, p *sandbox.Pool) int {
	t.Helper()
	pid := 0
	if _, err := p.Unpack(t.Context(), nil, func(_ string, data []byte) error {
		pid = number(t, data)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return pid
}

func number(t *testing.T, data []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(data))
	if err != nil {
		t.Error(err)
	}
	return n
}

// gone waits until there is no process of that id.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) || dead(pid) {
			return
		}
	}
	t.Errorf("the process %d is still there", pid)
}

// serveUntilKilled is a server that reads a file for ever, and tells the id of the child.
func serveUntilKilled() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	p := sandbox.New(sandbox.Config{Command: []string{self, asChild}, Time: time.Hour})
	_, err = p.Unpack(context.Background(), []byte("wait"), func(_ string, data []byte) error {
		_, err := os.Stdout.Write(append(data, '\n'))
		return err
	})
	panic(err)
}

func BenchmarkDocument(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	data := bytes.Repeat([]byte("Some words of a transcript that somebody said in a meeting.\n\n"), 700)
	p := sandbox.New(sandbox.Config{Command: []string{self, asChild}})
	defer p.Close()
	b.Run("in a child", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Document(b.Context(), "a.txt", data, exchange.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("here", func(b *testing.B) {
		for b.Loop() {
			if _, err := exchange.Read("a.txt", data, exchange.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
