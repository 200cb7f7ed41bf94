package coding

import "unicode"

// edit says that the bytes [fromStart, fromEnd) of the old text became [toStart, toEnd) of the new.
type edit struct{ fromStart, fromEnd, toStart, toEnd int }

// maxEdits bounds the work of a comparison: it grows with the square of the number of edits. Beyond
// it the middle of the text counts as replaced, and quotes are looked for there one by one.
const maxEdits = 1500

// diff compares two texts word by word (E. W. Myers, "An O(ND) difference algorithm and its
// variations", Algorithmica 1, 1986), after taking off the words they begin and end with alike.
// Edits stand in order, don't touch each other, and fall between words.
func diff(from, to string) []edit {
	a, b := words(from), words(to)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	start := 0
	for _, w := range a[:head] {
		start += len(w)
	}
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	var edits []edit
	fromAt, toAt := start, start
	for _, step := range script(a, b) {
		fromEnd, toEnd := fromAt, toAt
		for _, w := range a[step.a0:step.a1] {
			fromEnd += len(w)
		}
		for _, w := range b[step.b0:step.b1] {
			toEnd += len(w)
		}
		if !step.same {
			edits = append(edits, edit{fromAt, fromEnd, toAt, toEnd})
		}
		fromAt, toAt = fromEnd, toEnd
	}
	return edits
}

// words cuts a text into words, runs of spaces and single other characters; joined they are the text.
func words(s string) []string {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r) && r != '\n':
			return 2
		}
		return 0
	}
	out := make([]string, 0, len(s)/4)
	start, last := 0, 0
	for i, r := range s {
		c := class(r)
		if i > start && (c == 0 || c != last) {
			out = append(out, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// step is a run of words that is the same in both texts, or differs.
type step struct {
	a0, a1, b0, b1 int
	same           bool
}

// script gives the runs that lead from a to b. It is one replacement where more than maxEdits edits would be needed.
func script(a, b []string) []step {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	replaced := []step{{0, len(a), 0, len(b), false}}
	if len(a) == 0 || len(b) == 0 {
		return replaced
	}
	most := min(len(a)+len(b), maxEdits)
	// furthest[k] is how far along a the path on diagonal k reached; trace keeps it for each number of edits.
	furthest := make([]int, 2*most+2)
	var trace [][]int
	for d := 0; d <= most; d++ {
		for k := -d; k <= d; k += 2 {
			i := k + most
			var x int
			if k == -d || (k != d && furthest[i-1] < furthest[i+1]) {
				x = furthest[i+1]
			} else {
				x = furthest[i-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			furthest[i] = x
			if x >= len(a) && y >= len(b) {
				return backtrack(trace, d, k, len(a), len(b))
			}
		}
		trace = append(trace, append([]int(nil), furthest[most-d:most+d+1]...))
	}
	return replaced
}

// backtrack walks the kept diagonals from the end to the start and gives the runs in order.
func backtrack(trace [][]int, d, k, x, y int) []step {
	var steps []step
	add := func(a0, a1, b0, b1 int, same bool) {
		if a0 == a1 && b0 == b1 {
			return
		}
		if n := len(steps) - 1; n >= 0 && steps[n].same == same {
			steps[n].a0, steps[n].b0 = a0, b0
			return
		}
		steps = append(steps, step{a0, a1, b0, b1, same})
	}
	for ; d > 0; d-- {
		last := trace[d-1] // diagonals -(d-1) … d-1
		at := func(k int) int {
			if i := k + d - 1; i >= 0 && i < len(last) {
				return last[i]
			}
			return -1
		}
		prev := k - 1
		if k == -d || (k != d && at(k-1) < at(k+1)) {
			prev = k + 1
		}
		px := at(prev)
		py := px - prev
		mx := px // where the diagonal begins after the one edit
		if prev == k-1 {
			mx++
		}
		add(mx, x, mx-k, y, true)
		add(px, mx, py, mx-k, false)
		x, y, k = px, py, prev
	}
	add(0, x, 0, y, true)
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}
