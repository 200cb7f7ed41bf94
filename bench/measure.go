package main

import (
	"context"
	"math"
	"slices"
	"time"
)

// samples are the times that one thing took.
type samples []time.Duration

// at gives the time that a share q of the samples doesn't exceed.
func (s samples) at(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}

// median gives the middle of numbers, or the mean of the two in the middle.
func median(all []float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(all))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// step is one thing to time; i counts through all rounds.
type step func(ctx context.Context, i int) error

// rounds are the samples of two things taken in turns, one pair of samples a round.
type rounds []struct{ ours, limit samples }

// inTurns times two things alternately, n times each in every round. Which of them goes first alternates
// too, so that neither is always the one that follows the other.
func inTurns(ctx context.Context, count, n int, ours, limit step) (rounds, error) {
	all := make(rounds, count)
	for r := range all {
		for k := range n {
			i := r*n + k
			first, second := ours, limit
			a, b := &all[r].ours, &all[r].limit
			if i%2 == 1 {
				first, second, a, b = second, first, b, a
			}
			if err := timed(ctx, i, first, a); err != nil {
				return nil, err
			}
			if err := timed(ctx, i, second, b); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func timed(ctx context.Context, i int, what step, into *samples) error {
	begun := time.Now()
	err := what(ctx, i)
	*into = append(*into, time.Since(begun))
	return err
}

// figure is one number for each side: the median over the rounds of what q picks in each, in
// milliseconds, with the ratios of the single rounds.
type figure struct {
	ours, limit float64
	ratios      []float64
}

func (all rounds) figure(q float64) figure {
	var f figure
	var ours, limit []float64
	for _, r := range all {
		a, b := milliseconds(r.ours.at(q)), milliseconds(r.limit.at(q))
		ours, limit, f.ratios = append(ours, a), append(limit, b), append(f.ratios, a/b)
	}
	f.ours, f.limit = median(ours), median(limit)
	return f
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
