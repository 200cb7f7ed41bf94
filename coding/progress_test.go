package coding_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// progress tells of each note what the actor is told, as "codings coders codedBlocks/blocks".
func (st *study) progress(who models.Actor, only ...models.ID) map[models.ID]string {
	st.t.Helper()
	out := map[models.ID]string{}
	for p := (models.Page{Limit: 2}); ; {
		page, err := st.service.Progress(st.ctx, who, st.space, only, p)
		st.must(err)
		for _, n := range page.Items {
			out[n.NoteID] = fmt.Sprintf("%d %d %d/%d", n.Codings, n.Coders, n.CodedBlocks, n.Blocks)
		}
		if page.Next == "" {
			return out
		}
		p.Cursor = page.Next
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	text := "Mandag\n\nRegistrene bærer os.\n\nOm to år styrer data det hele 🛰.\n\nKirsten ser ud ad vinduet."
	blocks := content(text)
	blocks.Blocks = slices.Clone(blocks.Blocks)
	blocks.Blocks[0].Kind = models.BlockHeading
	n, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{
		NoteFields: coding.NoteFields{Title: new("Mandag"), Kind: new(models.KindFieldNote)}, Content: blocks,
	})
	st.must(err)
	empty, other := st.note(st.owner, monday), st.note(st.owner, monday)
	draft, err := st.service.CreateNote(st.ctx, bo, st.space, coding.NewNote{
		NoteFields: coding.NoteFields{Title: new("Bos"), Kind: new(models.KindFieldNote), Draft: new(true)}, Content: content(monday),
	})
	st.must(err)

	t.Run("a block counts once, a heading not at all, and who coded is counted", func(t *testing.T) {
		st.put(st.owner, n, "foundation", "Mandag")
		st.put(st.owner, n, "foundation", "Registrene")
		st.put(st.owner, n, "future", "bærer os")
		st.put(bo, n, "future", "bærer os")
		want := map[models.ID]string{n.ID: "4 2 1/3", empty.ID: "0 0 0/2", other.ID: "0 0 0/2"}
		if diff := cmp.Diff(want, st.progress(st.owner)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a coding over an edge touches both blocks", func(t *testing.T) {
		c := st.put(bo, n, "agency", "hele 🛰.\n\nKirsten")
		if got := st.progress(bo, n.ID); len(got) != 1 || got[n.ID] != "5 2 3/3" {
			t.Errorf("%v", got)
		}
		st.must(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0))
		if got := st.progress(bo)[n.ID]; got != "4 2 1/3" {
			t.Errorf("after it was removed: %s", got)
		}
	})
	t.Run("a draft is told of to its author alone, and a note in the bin to nobody", func(t *testing.T) {
		st.put(bo, draft, "future", "to år")
		if got := st.progress(bo)[draft.ID]; got != "1 1 1/2" {
			t.Errorf("Bo is told %q", got)
		}
		if got, told := st.progress(st.owner, draft.ID)[draft.ID]; told {
			t.Errorf("the owner is told %q", got)
		}
		st.put(bo, other, "future", "to år")
		st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, other.ID, 0))
		if got, told := st.progress(st.owner)[other.ID]; told {
			t.Errorf("of a note in the bin: %q", got)
		}
		_, err := st.service.Progress(st.ctx, st.user("Stranger"), st.space, nil, models.Page{Limit: 10})
		st.refused(err, "project_not_found")
	})
	t.Run("an edit moves what is counted with its words", func(t *testing.T) {
		now, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, now.Version, content("Først dette.\n\n"+text))
		st.must(err)
		// The heading of before came in plain: it is a block to code now, and is coded.
		if got := st.progress(st.owner)[n.ID]; got != "4 2 2/5" {
			t.Errorf("%s", got)
		}
	})
}

func TestProgressOfMany(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it puts thousands of codings")
	}
	st := openStudy(t)
	n := st.note(st.owner, strings.Repeat("Ord.\n\n", 3_000))
	for from := 0; from < 3_000; from += models.MaxBatch {
		in := make([]coding.NewCoding, models.MaxBatch)
		for i := range in {
			start := 6 * (from + i)
			in[i] = coding.NewCoding{NoteID: n.ID, CodeID: st.codes["future"], Anchor: models.Anchor{Start: start, End: start + 4, Quote: "Ord."}}
		}
		_, _, err := st.service.PutCodings(st.ctx, st.owner, st.space, in)
		st.must(err)
	}
	if got := st.progress(st.owner)[n.ID]; got != "3000 1 3000/3000" {
		t.Errorf("%s", got)
	}
}
