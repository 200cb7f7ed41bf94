package coding_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

func TestAnEditKeepsWhoSpeaks(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	c := content("Interview, tirsdag\n\nHvad er data for dig?\n\nEt fundament. Uden det står vi i en skov.\n\nDet er også bøvl.\n\n[1] Bøvl er hendes ord.")
	c.Blocks[1].Kind, c.Blocks[1].Speaker, c.Blocks[1].Seconds = models.BlockTurn, "Lea", new(2.5)
	c.Blocks[2].Kind, c.Blocks[2].Speaker, c.Blocks[2].Seconds = models.BlockTurn, "Kirsten", new(7.0)
	c.Blocks[3].Kind, c.Blocks[3].Speaker = models.BlockTurn, "Kirsten"
	c.Blocks[4].Kind, c.Blocks[4].Number = models.BlockFootnote, 1
	for i := range c.Blocks {
		c.Blocks[i].Page = 1 + i/3
	}
	made := func() *models.Note {
		n, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{
			NoteFields: coding.NoteFields{Title: new("Tirsdag"), Kind: new(models.KindInterview)}, Content: c,
		})
		st.must(err)
		return n
	}
	type kept struct {
		Kind    models.BlockKind
		Speaker string
		Seconds float64
		Number  int
		Page    int
	}
	edited := func(n *models.Note, to models.Content) []kept {
		n, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, to)
		st.must(err)
		text, err := st.service.NoteText(st.ctx, st.owner, st.space, n.ID, n.TextVersion)
		st.must(err)
		var out []kept
		for _, b := range text.Blocks {
			k := kept{b.Kind, b.Speaker, -1, b.Number, b.Page}
			if b.Seconds != nil {
				k.Seconds = *b.Seconds
			}
			out = append(out, k)
		}
		return out
	}
	for _, try := range []struct {
		name, text string
		want       []kept
	}{
		{
			"a word changed", strings.Replace(c.Text, "skov", "tåge", 1),
			[]kept{{"paragraph", "", -1, 0, 1}, {"turn", "Lea", 2.5, 0, 1}, {"turn", "Kirsten", 7, 0, 1}, {"turn", "Kirsten", -1, 0, 2}, {"footnote", "", -1, 1, 2}},
		},
		{
			"a turn parted, and a paragraph before it", strings.Replace(strings.Replace(c.Text, "fundament. ", "fundament.\n\n", 1), "Hvad er", "Vi sætter os.\n\nHvad er", 1),
			[]kept{{"paragraph", "", -1, 0, 1}, {"paragraph", "", -1, 0, 1}, {"turn", "Lea", 2.5, 0, 1}, {"turn", "Kirsten", 7, 0, 1}, {"turn", "Kirsten", -1, 0, 1}, {"turn", "Kirsten", -1, 0, 2}, {"footnote", "", -1, 1, 2}},
		},
		{
			"two turns joined", strings.Replace(c.Text, "skov.\n\nDet", "skov. Det", 1),
			[]kept{{"paragraph", "", -1, 0, 1}, {"turn", "Lea", 2.5, 0, 1}, {"turn", "Kirsten", 7, 0, 1}, {"footnote", "", -1, 1, 2}},
		},
		{
			"a turn taken out", strings.Replace(c.Text, "Hvad er data for dig?\n\n", "", 1),
			[]kept{{"paragraph", "", -1, 0, 1}, {"turn", "Kirsten", 7, 0, 1}, {"turn", "Kirsten", -1, 0, 2}, {"footnote", "", -1, 1, 2}},
		},
		{"everything else", "Noget helt andet om fisk.", []kept{{"paragraph", "", -1, 0, 0}}},
	} {
		t.Run(try.name, func(t *testing.T) {
			if diff := cmp.Diff(try.want, edited(made(), content(try.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a file with turns of its own", func(t *testing.T) {
		other := content(c.Text)
		other.Blocks[3].Kind, other.Blocks[3].Speaker = models.BlockTurn, "Bo"
		got := edited(made(), other)
		if got[1].Kind != models.BlockParagraph || got[3].Speaker != "Bo" || got[4].Page != 0 {
			t.Errorf("%+v", got)
		}
	})
}
