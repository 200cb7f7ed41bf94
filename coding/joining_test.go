package coding_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feltbog/coding"
)

// TestUseCasesJoinATransaction does what another use case does in the transaction that it has open.
func TestUseCasesJoinATransaction(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	first := st.put(st.owner, n, "future", "Jonas")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	again, fresh := st.on(n, "future", "Jonas"), st.on(n, "future", "to år")
	err := st.db.Tx(ctx, func(ctx context.Context) error {
		got, made, err := st.service.PutCoding(ctx, st.owner, st.space, again)
		if err != nil || made || got.ID != first.ID {
			t.Errorf("what was put is %v, made %t, %v", got, made, err)
		}
		if _, made, err = st.service.PutCoding(ctx, st.owner, st.space, fresh); err != nil || !made {
			t.Errorf("what is new is made %t, %v", made, err)
		}
		if _, err := st.service.Note(ctx, st.owner, st.space, n.ID); err != nil {
			t.Error(err)
		}
		_, err = st.service.CodebookUsage(ctx, st.owner, st.space, "open")
		return err
	})
	st.must(err)
	if got := st.codings(n); len(got) != 2 {
		t.Errorf("there are %d codings", len(got))
	}
	st.counted()
}

// TestTransactionsPutTheSameCoding lets many transactions put one coding: one makes it, and the others find it.
func TestTransactionsPutTheSameCoding(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range 5 {
		n := st.note(st.owner, monday)
		in := st.on(n, "future", "Jonas")
		var made atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				var isNew bool
				err := st.db.Tx(ctx, func(ctx context.Context) error {
					var err error
					_, isNew, err = st.service.PutCodings(ctx, st.owner, st.space, []coding.NewCoding{in})
					return err
				})
				if err != nil {
					t.Error(err)
				}
				if isNew {
					made.Add(1)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 || len(st.codings(n)) != 1 {
			t.Errorf("it was made %d times, and is there %d times", made.Load(), len(st.codings(n)))
		}
	}
	st.counted()
}
