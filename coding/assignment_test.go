package coding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

func ids(kind string, n int) []models.ID {
	out := make([]models.ID, n)
	for i := range out {
		out[i] = models.ID(fmt.Sprintf("%s%03d", kind, i))
	}
	return out
}

// uneven gives by how much the coders' numbers of notes differ, and by how much the meetings of pairs do.
func uneven(t *testing.T, all []models.Assignment, coders []models.ID, perNote int) (loads, pairs int) {
	t.Helper()
	load, met := map[models.ID]int{}, map[[2]models.ID]int{}
	for _, a := range all {
		if len(a.CoderIDs) != perNote {
			t.Fatalf("%s has %d coders, not %d", a.NoteID, len(a.CoderIDs), perNote)
		}
		for i, coder := range a.CoderIDs {
			load[coder]++
			for _, other := range a.CoderIDs[:i] {
				if coder == other {
					t.Fatalf("%s has %s twice", a.NoteID, coder)
				}
				met[[2]models.ID{min(coder, other), max(coder, other)}]++
			}
		}
	}
	var byCoder, byPair []int
	for i, coder := range coders {
		byCoder = append(byCoder, load[coder])
		for _, other := range coders[:i] {
			byPair = append(byPair, met[[2]models.ID{min(coder, other), max(coder, other)}])
		}
	}
	if len(byPair) == 0 {
		byPair = []int{0}
	}
	return slices.Max(byCoder) - slices.Min(byCoder), slices.Max(byPair) - slices.Min(byPair)
}

func TestABalancedAssignment(t *testing.T) {
	t.Run("gives each note its coders, and no coder two notes more than another", func(t *testing.T) {
		random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test's chance
		for range 300 {
			notes, coders := ids("n", 1+random.IntN(60)), ids("c", 1+random.IntN(12))
			perNote := 1 + random.IntN(len(coders))
			all := coding.Assign(random.Uint64(), notes, coders, perNote)
			for i, a := range all {
				if a.NoteID != notes[i] {
					t.Fatal("the notes are in another order")
				}
			}
			loads, pairs := uneven(t, all, coders, perNote)
			if loads > 1 {
				t.Fatalf("%d notes, %d coders, %d each: loads differ by %d", len(notes), len(coders), perNote, loads)
			}
			if pairs > 3 {
				t.Fatalf("%d notes, %d coders, %d each: pairs differ by %d", len(notes), len(coders), perNote, pairs)
			}
		}
	})
	t.Run("lets pairs meet evenly where that goes", func(t *testing.T) {
		for _, c := range []struct{ notes, coders, perNote, most int }{{6, 3, 2, 0}, {12, 4, 2, 0}, {20, 5, 2, 0}, {30, 6, 2, 0}, {60, 4, 3, 0}, {100, 7, 3, 1}, {500, 50, 3, 2}} {
			notes, coders := ids("n", c.notes), ids("c", c.coders)
			for seed := range uint64(10) {
				if _, pairs := uneven(t, coding.Assign(seed, notes, coders, c.perNote), coders, c.perNote); pairs > c.most {
					t.Errorf("%+v, seed %d: pairs differ by %d", c, seed, pairs)
				}
			}
		}
	})
	t.Run("is the same for the same seed, in whatever order it is asked, and another for another", func(t *testing.T) {
		notes, coders := ids("n", 20), ids("c", 5)
		first := coding.Assign(42, notes, coders, 2)
		turned := func(of []models.ID) []models.ID { of = slices.Clone(of); slices.Reverse(of); return of }
		again := coding.Assign(42, turned(notes), turned(coders), 2)
		slices.Reverse(again)
		for i := range again {
			slices.Sort(again[i].CoderIDs)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Error(diff)
		}
		if cmp.Equal(first, coding.Assign(43, notes, coders, 2)) {
			t.Error("two seeds drew the same")
		}
	})
	t.Run("is this very one, on any machine", func(t *testing.T) {
		var got []string
		for _, a := range coding.Assign(20240305, ids("n", 6), ids("c", 3), 2) {
			got = append(got, fmt.Sprint(a.NoteID, a.CoderIDs))
		}
		want := []string{"n000[c001 c002]", "n001[c000 c001]", "n002[c000 c002]", "n003[c000 c001]", "n004[c000 c002]", "n005[c001 c002]"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
