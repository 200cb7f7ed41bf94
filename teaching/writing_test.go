package teaching_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

// fresh is an answer to write in.
func fresh() *models.Answer { return models.NewAnswer("submission", "exercise", "prompt") }

// write sends words from a window, choosing them over the other versions that have these texts.
func write(t *testing.T, a *models.Answer, writer, text string, seen int, over ...string) teaching.Kept {
	t.Helper()
	in := teaching.Writing{Text: text, Revision: models.NewID(), Writer: models.ID(writer)}
	for _, o := range a.Others {
		if slices.Contains(over, o.Text) {
			in.Settles = append(in.Settles, o.Revision)
		}
	}
	return send(t, a, in, seen)
}

func send(t *testing.T, a *models.Answer, in teaching.Writing, seen int) teaching.Kept {
	t.Helper()
	kept, err := teaching.Write(a, in, seen, "anna", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// others gives the other versions of an answer by their writers.
func others(a *models.Answer) map[string]string {
	out := map[string]string{}
	for _, o := range a.Others {
		out[string(o.Writer)] = o.Text
	}
	return out
}

func TestWrite(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, a *models.Answer, version int, text string, beside map[string]string) {
		t.Helper()
		if a.Version != version || a.Text != text || !maps.Equal(others(a), beside) {
			t.Errorf("version %d is %q beside %q, want %d, %q beside %q", a.Version, a.Text, others(a), version, text, beside)
		}
		if a.Words != teaching.Words(a.Text) {
			t.Errorf("%q is said to have %d words", a.Text, a.Words)
		}
	}
	keep := func(t *testing.T, got, want teaching.Kept) {
		t.Helper()
		if got != want {
			t.Errorf("kept %s, want %s", got, want)
		}
	}
	t.Run("one window writes over what it wrote", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		keep(t, write(t, a, "one", "D", 0), teaching.KeptOver)
		keep(t, write(t, a, "one", "Data", 1), teaching.KeptOver)
		check(t, a, 2, "Data", nil)
	})
	t.Run("what was sent twice is kept once", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		first := teaching.Writing{Text: "D", Revision: models.NewID(), Writer: "one"}
		keep(t, send(t, a, first, 0), teaching.KeptOver)
		keep(t, send(t, a, first, 0), teaching.KeptAlready)
		write(t, a, "one", "Data", 1)
		keep(t, send(t, a, first, 0), teaching.KeptAlready)
		check(t, a, 2, "Data", nil)
	})
	t.Run("what comes long after it was sent again takes nothing away", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		late := teaching.Writing{Text: "text", Revision: models.NewID(), Writer: "two"}
		send(t, a, late, 0)
		for i := range 50 {
			write(t, a, "two", fmt.Sprint("text ", i), 0)
		}
		keep(t, send(t, a, late, 0), teaching.KeptBeside)
		if len(a.Others) != 2 || a.Others[0].Text != "text 49" {
			t.Errorf("there are %v", a.Others)
		}
		write(t, a, "two", "text 50", 0)
		if len(a.Others) != 2 || a.Others[0].Text != "text 49" || a.Others[1].Text != "text 50" {
			t.Errorf("then there are %v", a.Others)
		}
	})
	t.Run("who didn't see the last words is kept beside them, again and again", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		keep(t, write(t, a, "two", "Re", 0), teaching.KeptBeside)
		keep(t, write(t, a, "two", "Registers", 0), teaching.KeptBeside)
		keep(t, write(t, a, "one", "Data is", 1), teaching.KeptOver)
		check(t, a, 2, "Data is", map[string]string{"two": "Registers"})
		keep(t, write(t, a, "two", "Registers are", 2), teaching.KeptBeside)
		check(t, a, 2, "Data is", map[string]string{"two": "Registers are"})
	})
	t.Run("the same words are no other version", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		keep(t, write(t, a, "two", "Data", 0), teaching.KeptAlready)
		check(t, a, 1, "Data", nil)
		write(t, a, "two", "Data is", 0)
		keep(t, write(t, a, "two", "Data", 0), teaching.KeptAlready)
		check(t, a, 1, "Data", nil)
	})
	t.Run("somebody chooses among the versions", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		write(t, a, "two", "Registers", 0)
		keep(t, write(t, a, "three", "Data and registers", 1, "Registers"), teaching.KeptOver)
		check(t, a, 2, "Data and registers", nil)
	})
	t.Run("one chooses among one's own and another's", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		write(t, a, "two", "Registers", 0)
		keep(t, write(t, a, "two", "Both", 1, "Registers"), teaching.KeptOver)
		check(t, a, 2, "Both", nil)
		keep(t, write(t, a, "two", "Both of them", 2), teaching.KeptOver)
		check(t, a, 3, "Both of them", nil)
	})
	t.Run("a version that went on meanwhile stays", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		write(t, a, "two", "Registers", 0)
		seen := a.Others[0].Revision
		write(t, a, "two", "Registers since 1968", 0)
		keep(t, send(t, a, teaching.Writing{Text: "Data and registers", Revision: models.NewID(), Writer: "one", Settles: []models.ID{seen}}, 1), teaching.KeptOver)
		check(t, a, 2, "Data and registers", map[string]string{"two": "Registers since 1968"})
	})
	t.Run("a choice that didn't see the last words settles nothing", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		write(t, a, "two", "Registers", 0)
		write(t, a, "one", "Data is", 1)
		keep(t, write(t, a, "three", "Both", 1, "Registers"), teaching.KeptBeside)
		check(t, a, 2, "Data is", map[string]string{"two": "Registers", "three": "Both"})
	})
	t.Run("more versions than can be kept are refused", func(t *testing.T) {
		t.Parallel()
		a := fresh()
		write(t, a, "one", "Data", 0)
		for i := range models.MaxOthers {
			write(t, a, fmt.Sprint("window ", i), fmt.Sprint("text ", i), 0)
		}
		_, err := teaching.Write(a, teaching.Writing{Text: "more", Revision: "r", Writer: "late"}, 0, "anna", time.Now())
		if codeOf(err) != "answer_others_full" {
			t.Error(err)
		}
		keep(t, write(t, a, "window 3", "goes on", 0), teaching.KeptBeside)
		keep(t, write(t, a, "one", "Data is", 1), teaching.KeptOver)
	})
}

// window is one that somebody writes in: it adds words, and sends all of them. It keeps to what the document
// says of autosave: one request at a time, repeated unchanged until it is answered.
type window struct {
	name   string
	text   string
	seen   int
	answer models.Answer // as it last heard of it
	sent   *teaching.Writing
	at     int // the version under which it was sent
	serial int
	heard  map[string]bool // words that it was told are kept
}

func (w *window) typeWord() {
	w.serial++
	w.text += fmt.Sprintf(" %s%d", w.name, w.serial)
}

// take begins anew from the answer as it is now.
func (w *window) take(a *models.Answer) {
	w.seen, w.text, w.sent = a.Version, a.Text, nil
	w.learn(a)
}

func (w *window) learn(a *models.Answer) {
	w.answer = *a
	w.answer.Others = slices.Clone(a.Others)
}

// send makes the request: the one that wasn't answered, or one with all words that it has now. Now and then
// it makes one text of all versions that it knows.
func (w *window) send(random *rand.Rand) (teaching.Writing, int) {
	if w.sent == nil {
		in := teaching.Writing{Writer: models.ID(w.name)}
		w.at = w.seen
		if len(w.answer.Others) > 0 && random.IntN(3) == 0 {
			w.at = w.answer.Version
			for _, o := range w.answer.Others {
				in.Settles = append(in.Settles, o.Revision)
				w.text = union(w.text, o.Text)
			}
			w.text = union(w.text, w.answer.Text)
		}
		in.Text = w.text
		w.serial++
		in.Revision = models.ID(fmt.Sprintf("%s/%05d", w.name, w.serial))
		w.sent = &in
	}
	return *w.sent, w.at
}

// hear takes an answer to the request that is under way.
func (w *window) hear(kept teaching.Kept, a *models.Answer) {
	for word := range strings.FieldsSeq(w.sent.Text) {
		w.heard[word] = true
	}
	if kept == teaching.KeptOver || a.Revision == w.sent.Revision || a.Text == w.sent.Text {
		w.seen = a.Version
	}
	w.sent = nil
	w.learn(a)
}

func union(a, b string) string {
	words := strings.Fields(a)
	for word := range strings.FieldsSeq(b) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// TestWriteLosesNothing lets windows write into one answer in random order, with requests that never arrive,
// answers that are never heard, requests that arrive a second time much later, and windows that are closed.
// Whatever a window was told is kept must be somewhere at every moment, and every text that is kept must be,
// character by character, one that was sent.
func TestWriteLosesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // repeatable on purpose
		a := fresh()
		windows := make([]*window, 2+random.IntN(4))
		for i := range windows {
			windows[i] = &window{name: string(rune('a' + i)), heard: map[string]bool{}}
		}
		sent := map[string]bool{"": true}
		type late struct {
			in   teaching.Writing
			seen int
		}
		var wandering []late
		deliver := func(in teaching.Writing, seen int) (teaching.Kept, error) {
			sent[in.Text] = true
			return teaching.Write(a, in, seen, "anna", time.Now())
		}
		for step := range 300 {
			w := windows[random.IntN(len(windows))]
			switch random.IntN(12) {
			case 0: // it is closed, and opened again; the device still has its words
				kept := w.text
				heard := w.heard
				*w = window{name: w.name + "'", serial: w.serial, heard: heard}
				w.take(a)
				w.text = union(w.text, kept)
			case 1: // it looks at what the server has
				w.learn(a)
			case 2: // a request of before arrives again
				if len(wandering) > 0 {
					i := random.IntN(len(wandering))
					_, _ = deliver(wandering[i].in, wandering[i].seen)
					wandering = slices.Delete(wandering, i, i+1)
				}
			case 3, 4, 5:
				w.typeWord()
			default:
				in, seen := w.send(random)
				switch random.IntN(6) {
				case 0: // lost on its way
					continue
				case 1: // it lingers somewhere, and is sent again meanwhile
					wandering = append(wandering, late{in, seen})
					if len(wandering) > 3 {
						wandering = wandering[1:]
					}
					continue
				}
				kept, err := deliver(in, seen)
				if err != nil {
					continue // refused: the window keeps its words
				}
				if random.IntN(5) == 0 {
					continue // the answer is lost
				}
				w.hear(kept, a)
			}
			kept := []string{"", a.Text}
			for _, o := range a.Others {
				kept = append(kept, o.Text)
				if !sent[o.Text] {
					t.Fatalf("seed %d, step %d: nobody sent the version %q", seed, step, o.Text)
				}
			}
			if !sent[a.Text] {
				t.Fatalf("seed %d, step %d: nobody sent %q", seed, step, a.Text)
			}
			there := strings.Join(append(kept, ""), " ")
			for _, w := range windows {
				for word := range w.heard {
					if !strings.Contains(there, " "+word+" ") {
						t.Fatalf("seed %d, step %d: %s was told that %s is kept, and it isn't in %q beside %q", seed, step, w.name, word, a.Text, others(a))
					}
				}
			}
		}
	}
}

func TestCleanAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"nothing":                      {"", ""},
		"words as they are":            {" Data is\n\t– “so to speak” – \n", " Data is\n\t– “so to speak” – \n"},
		"line breaks of Windows":       {"a\r\nb\r\n\r\nc", "a\nb\n\nc"},
		"line breaks of old Macs":      {"a\rb", "a\nb"},
		"line breaks of Word":          {"a\vb\fc\u0085d", "a\nb\nc\nd"},
		"signs that aren't characters": {"a\x00b\x07c\x1b[0md\x7fe\u009bf", "abc[0mdef"},
		"markup stays words":           {`<p class="MsoNormal"><b>Data</b><o:p></o:p></p>` + "\r\n<!--[if gte mso 9]><xml>", `<p class="MsoNormal"><b>Data</b><o:p></o:p></p>` + "\n<!--[if gte mso 9]><xml>"},
		"signs without width stay":     {"a\u200db\ufeffc\u00add\u2028e", "a\u200db\ufeffc\u00add\u2028e"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := teaching.CleanAnswer(c.in); got != c.want {
				t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
			}
			if again := teaching.CleanAnswer(c.want); again != c.want {
				t.Errorf("cleaned twice it is %q", again)
			}
		})
	}
}
