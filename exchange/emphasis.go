package exchange

// matchDelimiters pairs the runs of * and _ from the given one on, as CommonMark's "process emphasis"
// does, and forgets them. What can't match is remembered by kind of closing run, which makes it linear.
func (r *inlineReader) matchDelimiters(from int) {
	runs := r.delims[from:]
	r.delims = r.delims[:from]
	if len(runs) < 2 {
		return
	}
	// A linked list over runs: the runs before and after each that are still in play.
	before, after := make([]int, len(runs)), make([]int, len(runs))
	for i := range runs {
		before[i], after[i] = i-1, i+1
	}
	remove := func(i int) {
		if b := before[i]; b >= 0 {
			after[b] = after[i]
		}
		if a := after[i]; a < len(runs) {
			before[a] = before[i]
		}
	}
	bottoms := map[bottomKey]int{} // the last run below which an opener was sought in vain
	for c := 0; c < len(runs); {
		closer := &r.pieces[runs[c]]
		if !closer.canClose {
			c = after[c]
			continue
		}
		key := bottomKey{closer.delim, closer.canOpen, closer.original % 3}
		bottom, searched := bottoms[key]
		if !searched {
			bottom = -1
		}
		o := before[c]
		for o > bottom && !r.pieces[runs[o]].canPair(closer) {
			o = before[o]
		}
		if o <= bottom {
			bottoms[key] = before[c]
			next := after[c]
			if !closer.canOpen {
				remove(c)
			}
			c = next
			continue
		}
		opener := &r.pieces[runs[o]]
		used := int32(1)
		if opener.count >= 2 && closer.count >= 2 {
			used = 2
		}
		opener.count -= used
		closer.count -= used
		opener.opens[used-1]++
		closer.closes[used-1]++
		// Whatever stands between the two can't match any more.
		after[o], before[c] = c, o
		if opener.count == 0 {
			remove(o)
		}
		if closer.count == 0 {
			next := after[c]
			remove(c)
			c = next
		}
	}
}

// bottomKey is what decides whether a closing run can match an opening one before it.
type bottomKey struct {
	delim   byte
	canOpen bool
	rest    int32
}

// canPair tells whether an opening run can match the closing one: the same character and, where one
// of them could do both, lengths that don't add up to a multiple of three unless both are.
func (p *piece) canPair(closer *piece) bool {
	if !p.canOpen || p.delim != closer.delim {
		return false
	}
	if (p.canClose || closer.canOpen) && (p.original+closer.original)%3 == 0 {
		return p.original%3 == 0 && closer.original%3 == 0
	}
	return true
}
