package teaching

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"feltbog/models"
)

// Draw divides students into as few groups as have at most size of them, at random. How many two groups
// have differs by at most one.
//
// The same seed, students and size give the same groups on any machine and whatever the order of the ids is:
// they are sorted, then shuffled with the generator PCG-DXSM (O'Neill 2014, as math/rand/v2 fixes it).
func Draw(seed uint64, students []models.ID, size int) [][]models.ID {
	ids := slices.Sorted(slices.Values(students))
	random := rand.NewPCG(seed, 0)
	for i := len(ids) - 1; i > 0; i-- { // Fisher and Yates
		j := below(random, i+1)
		ids[i], ids[j] = ids[j], ids[i]
	}
	groups := make([][]models.ID, (len(ids)+size-1)/size)
	for i, id := range ids {
		groups[i%len(groups)] = append(groups[i%len(groups)], id)
	}
	return groups
}

// below draws a number from 0 to n-1, all alike (Lemire 2019). It is written out, since math/rand/v2
// promises that of its generators alone and not of what Rand makes of them.
func below(random *rand.PCG, n int) int {
	bound := uint64(n) //nolint:gosec // a number of students
	high, low := bits.Mul64(random.Uint64(), bound)
	for low < -bound%bound {
		high, low = bits.Mul64(random.Uint64(), bound)
	}
	return int(high) //nolint:gosec // less than n
}
