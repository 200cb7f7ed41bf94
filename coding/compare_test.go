package coding_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
)

// marked writes a comparison as text: what went between [- and -], what came between {+ and +}.
func marked(from, to string, c coding.Comparison) string {
	a, b := []rune(from), []rune(to)
	var out strings.Builder
	at := 0
	for _, e := range c.Changes {
		out.WriteString(string(a[at:e.FromStart]))
		if e.FromEnd > e.FromStart {
			out.WriteString("[-" + string(a[e.FromStart:e.FromEnd]) + "-]")
		}
		if e.ToEnd > e.ToStart {
			out.WriteString("{+" + string(b[e.ToStart:e.ToEnd]) + "+}")
		}
		at = e.FromEnd
	}
	return out.String() + string(a[at:])
}

func TestTwoVersionsOfATextAreCompared(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, "x")
	for _, try := range []struct{ from, to, want string }{
		{"Ens.", "Ens.", "Ens."},
		{"Den røde bil kører.", "Den blå cykel kører.", "Den [-røde bil-]{+blå cykel+} kører."},
		{"Æbler 🛰 og pærer.", "Æbler 🛰 og gode pærer.", "Æbler 🛰 og {+gode +}pærer."},
		{"Et.\n\nTo.\n\nTre.", "Et.\n\nTre.", "Et.\n\n[-To.\n\n-]Tre."},
		{"Et.\n\nTo.", "Et.\n\nHalvanden.\n\nTo.", "Et.\n\n{+Halvanden.\n\n+}To."},
	} {
		first := st.edit(n, try.from).TextVersion
		second := st.edit(n, try.to).TextVersion
		got, err := st.service.CompareText(st.ctx, st.owner, st.space, n.ID, first, second)
		st.must(err)
		if diff := cmp.Diff(try.want, marked(try.from, try.to, got)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	_, err := st.service.CompareText(st.ctx, st.owner, st.space, n.ID, 1, 99)
	st.refused(err, "text_version_not_found")
	_, err = st.service.CompareText(st.ctx, st.user("Ida"), st.space, n.ID, 1, 2)
	st.refused(err, "project_not_found")
}

func TestALongTextIsComparedWordByWordAndSoon(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	dice := rand.New(rand.NewPCG(1, 2))
	paragraphs := make([]string, 1200)
	for i := range paragraphs {
		words := make([]string, 50)
		for j := range words {
			words[j] = fmt.Sprintf("ord%d", dice.IntN(500))
		}
		words[25] = fmt.Sprintf("kun%d", i) // as in any long text, some words stand once
		paragraphs[i] = strings.Join(words, " ") + "."
	}
	from := strings.Join(paragraphs, "\n\n")
	changed := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		changed[i] = strings.Replace(p, " ", " nyt ", 1+i%2)
	}
	shuffled := strings.Fields(from)
	dice.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })

	n := st.note(st.owner, from)
	small := st.edit(n, strings.Join(changed, "\n\n")).TextVersion
	whole := st.edit(n, strings.Join(shuffled, " ")).TextVersion
	for version, text := range map[int]string{small: strings.Join(changed, "\n\n"), whole: strings.Join(shuffled, " ")} {
		begun := time.Now()
		got, err := st.service.CompareText(st.ctx, st.owner, st.space, n.ID, 1, version)
		st.must(err)
		t.Logf("%d changes in %v", len(got.Changes), time.Since(begun))
		if version == small && len(got.Changes) < len(paragraphs) {
			t.Errorf("%d changes of %d paragraphs", len(got.Changes), len(paragraphs))
		}
		back := marked(from, text, got)
		for _, gone := range got.Changes { // what is told adds up to the other text
			if gone.FromStart > gone.FromEnd || gone.ToStart > gone.ToEnd {
				t.Fatalf("%+v", gone)
			}
		}
		if len(back) < len(text) {
			t.Errorf("words are missing")
		}
	}
}

func TestAnEarlierVersionIsWrittenAgainWithItsStructure(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	c := st.put(st.owner, n, "future", "Om to år")
	before := st.lie(n)
	n = st.edit(n, "Noget andet.")
	content, err := st.service.NoteContent(st.ctx, st.owner, st.space, n.ID, 1)
	st.must(err)
	n, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content)
	st.must(err)
	same(t, before, st.lie(n))
	if _, there := st.lie(n)[c.ID]; !there {
		t.Error("the coding is gone")
	}
	versions, err := st.service.NoteVersions(st.ctx, st.owner, st.space, n.ID)
	st.must(err)
	words := make([]int, len(versions))
	for i, v := range versions {
		words[i] = v.Words
	}
	if diff := cmp.Diff([]int{len(strings.Fields(monday)), 2, len(strings.Fields(monday))}, words); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	first, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 1)
	st.must(err)
	last, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
	st.must(err)
	if diff := cmp.Diff(first.Blocks, last.Blocks); diff != "" {
		t.Errorf("the blocks differ:\n%s", diff)
	}
}

func TestTheHistoryIsReadBetweenTwoTimes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	st.note(st.owner, monday)
	time.Sleep(3 * time.Millisecond) // ids count milliseconds
	middle := time.Now()
	later := st.note(st.owner, monday)
	all, after, before := st.history(coding.EventQuery{}), st.history(coding.EventQuery{Since: middle}), st.history(coding.EventQuery{Until: middle})
	if len(after) != 1 || after[0].RecordID != later.ID || len(before) != len(all)-1 {
		t.Fatalf("%d after and %d before, of %d", len(after), len(before), len(all))
	}
}
