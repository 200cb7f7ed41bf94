package coding

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"feltbog/models"
)

// swaps is how often Assign tries to make pairs of coders more even after the first deal. More than
// that changes nothing that one could see, also with 500 notes and 50 coders.
const swaps = 20_000

// Assign deals notes to coders at random, each note to perNote of them, who must be there. How many
// notes two coders have differs by at most one, and how often two coders meet on a note differs as
// little as a bounded search finds.
//
// The same seed, notes, coders and number give the same assignment on any machine and whatever the
// order of the ids is: notes and coders are sorted by id, and every choice is made with the generator
// PCG-DXSM (O'Neill 2014, as math/rand/v2 fixes it) from the seed, by the functions below.
func Assign(seed uint64, notes, coders []models.ID, perNote int) []models.Assignment {
	d := newDeal(seed, notes, coders)
	for _, note := range d.shuffled(len(d.notes)) {
		d.deal(note, perNote)
	}
	if perNote > 1 && perNote < len(coders) {
		for range swaps {
			d.swap()
		}
	}
	return d.assignment(notes, coders)
}

// deal is an assignment that is being made. Notes and coders are numbers in it.
type deal struct {
	random *rand.PCG
	notes  []models.ID
	coders []models.ID
	on     [][]int // the coders of each note
	load   []int   // how many notes each coder has
	met    [][]int // on how many notes two coders meet
}

func newDeal(seed uint64, notes, coders []models.ID) *deal {
	d := &deal{
		random: rand.NewPCG(seed, 0),
		notes:  slices.Sorted(slices.Values(notes)), coders: slices.Sorted(slices.Values(coders)),
		on: make([][]int, len(notes)), load: make([]int, len(coders)), met: make([][]int, len(coders)),
	}
	for i := range d.met {
		d.met[i] = make([]int, len(coders))
	}
	return d
}

// below draws a number from 0 to n-1, all alike (Lemire 2019). It is written out, since math/rand/v2
// promises that of its generators alone and not of what Rand makes of them.
func (d *deal) below(n int) int {
	bound := uint64(n) //nolint:gosec // a number of notes or coders
	high, low := bits.Mul64(d.random.Uint64(), bound)
	for low < -bound%bound {
		high, low = bits.Mul64(d.random.Uint64(), bound)
	}
	return int(high) //nolint:gosec // less than n
}

// shuffled gives the numbers from 0 to n-1 in a random order (Fisher and Yates).
func (d *deal) shuffled(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := d.below(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// deal gives a note to the coders who have the fewest notes, and among those to who met the others of
// the note least. So no coder ever has two notes more than another.
func (d *deal) deal(note, perNote int) {
	left := d.shuffled(len(d.coders))
	for range perNote {
		best := 0
		for i := 1; i < len(left); i++ {
			a, b := left[i], left[best]
			if d.load[a] < d.load[b] || (d.load[a] == d.load[b] && d.meetings(a, note) < d.meetings(b, note)) {
				best = i
			}
		}
		coder := left[best]
		left = slices.Delete(left, best, best+1)
		d.put(coder, note)
		d.load[coder]++
	}
}

// meetings counts how often a coder met the coders that a note has.
func (d *deal) meetings(coder, note int) int {
	sum := 0
	for _, other := range d.on[note] {
		sum += d.met[coder][other]
	}
	return sum
}

func (d *deal) put(coder, note int) {
	d.meet(coder, note, 1)
	d.on[note] = append(d.on[note], coder)
}

func (d *deal) take(coder, note int) {
	d.on[note] = slices.Delete(d.on[note], slices.Index(d.on[note], coder), slices.Index(d.on[note], coder)+1)
	d.meet(coder, note, -1)
}

func (d *deal) meet(coder, note, n int) {
	for _, other := range d.on[note] {
		d.met[coder][other] += n
		d.met[other][coder] += n
	}
}

// swap lets two coders of two random notes change places, and back again unless that made the pairs
// more even: the sum of the squares of their meetings is the measure.
func (d *deal) swap() {
	one, other := d.below(len(d.notes)), d.below(len(d.notes))
	a, b := d.on[one][d.below(len(d.on[one]))], d.on[other][d.below(len(d.on[other]))]
	if one == other || slices.Contains(d.on[one], b) || slices.Contains(d.on[other], a) {
		return
	}
	d.take(a, one)
	d.take(b, other)
	if d.meetings(b, one)+d.meetings(a, other) < d.meetings(a, one)+d.meetings(b, other) {
		a, b = b, a
	}
	d.put(a, one)
	d.put(b, other)
}

// assignment names notes and coders again, both in the order in which they were asked for.
func (d *deal) assignment(notes, coders []models.ID) []models.Assignment {
	out := make([]models.Assignment, len(notes))
	for i, note := range notes {
		at, _ := slices.BinarySearch(d.notes, note)
		out[i] = models.Assignment{NoteID: note, CoderIDs: make([]models.ID, 0, len(d.on[at]))}
		for _, coder := range coders {
			if c, _ := slices.BinarySearch(d.coders, coder); slices.Contains(d.on[at], c) {
				out[i].CoderIDs = append(out[i].CoderIDs, coder)
			}
		}
	}
	return out
}
