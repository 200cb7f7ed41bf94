package teaching_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"feltbog/models"
	"feltbog/teaching"
)

// TestDraw draws many classes of all sizes, and looks at what must hold of each.
func TestDraw(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(20270201, 7)) //nolint:gosec // the same classes each time
	for range 2_000 {
		students := make([]models.ID, random.IntN(120))
		for i := range students {
			students[i] = models.NewID()
		}
		size, seed := 1+random.IntN(models.MaxGroup), random.Uint64()
		groups := teaching.Draw(seed, students, size)
		var drawn []models.ID
		least, most := size, 0
		for _, g := range groups {
			drawn, least, most = append(drawn, g...), min(least, len(g)), max(most, len(g))
		}
		slices.Sort(drawn)
		if sorted := slices.Sorted(slices.Values(students)); !slices.Equal(drawn, sorted) {
			t.Fatalf("%d students in groups of %d: not each of them once", len(students), size)
		}
		if want := (len(students) + size - 1) / size; len(groups) != want {
			t.Fatalf("%d students in groups of %d: %d groups, want %d", len(students), size, len(groups), want)
		}
		if len(groups) > 0 && (most > size || most-least > 1) {
			t.Fatalf("%d students in groups of %d: from %d to %d in a group", len(students), size, least, most)
		}
		shuffled := slices.Clone(students)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := teaching.Draw(seed, shuffled, size); !slices.EqualFunc(groups, again, slices.Equal) {
			t.Fatalf("the same seed drew other groups of %d students", len(students))
		}
	}
}

// TestDrawIsFair counts where each of six students comes: all places alike.
func TestDrawIsFair(t *testing.T) {
	t.Parallel()
	students := make([]models.ID, 6)
	for i := range students {
		students[i] = models.NewID()
	}
	const draws = 6_000
	together := 0
	for seed := range uint64(draws) {
		for _, g := range teaching.Draw(seed, students, 2) {
			if slices.Contains(g, students[0]) && slices.Contains(g, students[1]) {
				together++
			}
		}
	}
	if together < draws/5*8/10 || together > draws/5*12/10 { // one in five
		t.Errorf("two of six met in %d of %d draws of pairs", together, draws)
	}
}
