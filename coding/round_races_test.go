package coding_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// both does two deeds at once.
func both(one, other func() error) (oneErr, otherErr error) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	wg.Go(func() { <-begin; oneErr = one() })
	wg.Go(func() { <-begin; otherErr = other() })
	close(begin)
	wg.Wait()
	return oneErr, otherErr
}

// races is how often each race is run. Odd ones begin with a usage that is settled.
const races = 20

// blindNote gives a note in a fresh round that is coded blind, and a coding to put in it.
func (st *study) blindNote(coder models.Actor, round int) (*models.Round, coding.NewCoding) {
	st.t.Helper()
	n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d.", monday, round))
	r := st.move(st.round([]models.Actor{coder}, []string{"future"}, n), models.RoundBlind)
	if round%2 == 1 {
		st.putIn(r, coder, n, "future", "Jonas")
	}
	return r, in(r, st.on(n, "future", "to år"))
}

func (st *study) putting(who models.Actor, c coding.NewCoding, put **models.Coding) func() error {
	return func() (err error) {
		*put, _, err = st.service.PutCoding(st.ctx, who, st.space, c)
		return err
	}
}

func (st *study) moving(r *models.Round, to ...models.RoundState) func() error {
	return func() error {
		for _, state := range to {
			if _, err := st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, 0, coding.RoundStep{To: state, Why: "Fordi."}); err != nil {
				return err
			}
		}
		return nil
	}
}

// stays fails if a coding that was acknowledged isn't there.
func (st *study) stays(c *models.Coding) {
	st.t.Helper()
	_, err := st.db.Codings().Find(st.ctx, st.space, c.ID)
	st.must(err)
}

// onlyWhileBlind fails if a coding came about in a round's layer while the round wasn't blind, or on the
// open layer of its notes while it was sealed.
func (st *study) onlyWhileBlind(from time.Time) {
	st.t.Helper()
	state := map[models.Layer]models.RoundState{}
	rounds := map[models.ID]*models.Round{}
	for _, e := range st.inOrder(from) {
		switch {
		case e.Noun == models.NounRound:
			state[e.After.Round.Layer()] = e.After.Round.State
			for _, note := range e.After.Round.NoteIDs {
				rounds[note] = e.After.Round
			}
		case e.Noun == models.NounCoding && e.Layer != models.LayerOpen:
			if state[e.Layer] != models.RoundBlind {
				st.t.Fatalf("a coding landed in a round that is %s", state[e.Layer])
			}
			if !e.Blind {
				st.t.Fatal("a coding of a blind round is told to everybody")
			}
		case e.Noun == models.NounCoding && rounds[e.NoteID] != nil && rounds[e.NoteID].Sealed():
			st.t.Fatalf("an open coding landed on a note that is %s", rounds[e.NoteID].State)
		}
	}
}

func TestACodingAndALockAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	acknowledged, refused := 0, 0
	for round := range races {
		r, in := st.blindNote(bo, round)
		var put []*models.Coding
		words := []rune(monday)
		putErr, moveErr := both(func() error {
			for at := range 40 { // so that some come before, some during and some after the lock
				in.Anchor = models.Anchor{Start: at, End: at + 1, Quote: string(words[at])}
				c, _, err := st.service.PutCoding(st.ctx, bo, st.space, in)
				if err != nil {
					return err
				}
				put = append(put, c)
			}
			return nil
		}, st.moving(r, models.RoundLocked))
		st.must(moveErr)
		if putErr != nil {
			refused++
			st.refused(putErr, "round_state")
		}
		for _, c := range put {
			st.stays(c)
		}
		acknowledged += len(put)
	}
	t.Logf("%d codings came before a lock; %d times the next one came after it", acknowledged, refused)
	if refused == 0 {
		t.Error("no coding came after a lock, so nothing was raced")
	}
	st.onlyWhileBlind(begun)
}

func TestACodingAndARevealAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	for round := range races {
		r, in := st.blindNote(bo, round)
		var put *models.Coding
		putErr, moveErr := both(st.putting(bo, in, &put), st.moving(r, models.RoundLocked, models.RoundRevealed))
		st.must(moveErr)
		if putErr == nil {
			st.stays(put)
		} else {
			st.refused(putErr, "round_state")
		}
		// And one that comes while the round is opened again, locked and revealed.
		r, in = st.blindNote(bo, round+races)
		st.move(r, models.RoundLocked)
		putErr, moveErr = both(st.putting(bo, in, &put), st.moving(r, models.RoundBlind, models.RoundLocked, models.RoundRevealed))
		st.must(moveErr)
		if putErr == nil {
			st.stays(put)
		} else {
			st.refused(putErr, "round_state")
		}
	}
	st.onlyWhileBlind(begun)
}

func TestAChangeAndARemovalOfACodingAndALockAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	for round := range races {
		r, in := st.blindNote(bo, round)
		c, _, err := st.service.PutCoding(st.ctx, bo, st.space, in)
		st.must(err)
		removeErr, moveErr := both(func() error {
			if round%2 == 0 {
				return st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0)
			}
			moved := c.Anchor
			moved.End, moved.Quote = moved.Start+2, "to"
			_, err := st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, 0, coding.CodingFields{Anchor: &moved})
			return err
		}, st.moving(r, models.RoundLocked))
		st.must(moveErr)
		if removeErr != nil {
			st.refused(removeErr, "round_state")
		}
		mark := func() error { return st.service.MarkDone(st.ctx, bo, st.space, r.ID, in.NoteID, true) }
		st.move(r, models.RoundBlind)
		markErr, moveErr := both(mark, st.moving(r, models.RoundLocked))
		st.must(moveErr)
		marks, err := st.db.DoneMarks(st.ctx, st.space, []models.ID{r.ID}, bo.UserID)
		st.must(err)
		if (markErr == nil) != (len(marks) == 1) {
			t.Fatalf("told %v, and %d marks are there", markErr, len(marks))
		}
		if markErr != nil {
			st.refused(markErr, "round_state")
		}
	}
	st.onlyWhileBlind(begun)
}

func TestAnOpenCodingAndABeginningAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	begun := time.Now()
	for round := range races {
		n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d.", monday, round))
		if round%2 == 1 {
			st.put(ida, n, "future", "Jonas")
		}
		r := st.round([]models.Actor{bo}, []string{"future"}, n)
		var put *models.Coding
		putErr, moveErr := both(st.putting(ida, st.on(n, "future", "to år"), &put), st.moving(r, models.RoundBlind))
		st.must(moveErr)
		if putErr == nil {
			st.stays(put)
		} else {
			st.refused(putErr, "round_at_rest")
		}
	}
	st.onlyWhileBlind(begun)
}

func TestATextEditAndABeginningAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	for round := range races {
		n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d.", monday, round))
		r := st.round([]models.Actor{bo}, []string{"future"}, n)
		editErr, moveErr := both(func() error {
			_, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content(fmt.Sprintf("Først dette.\n\n%s %d", monday, round)))
			return err
		}, st.moving(r, models.RoundBlind))
		st.must(moveErr)
		if editErr != nil {
			st.refused(editErr, "round_pins_text")
		}
		n, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		r, err = st.service.Round(st.ctx, st.owner, st.space, r.ID)
		st.must(err)
		if r.TextVersion(n.ID) != n.TextVersion {
			t.Fatalf("version %d is pinned, and the text is %d", r.TextVersion(n.ID), n.TextVersion)
		}
	}
}

func TestAMergeAndABeginningAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	for round := range races {
		n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d.", monday, round))
		for _, name := range []string{"Ene", "Anden"} {
			c, err := st.service.CreateCode(st.ctx, st.owner, st.space, "", coding.CodeFields{Name: new(fmt.Sprint(name, round))})
			st.must(err)
			st.codes[name] = c.ID
		}
		r := st.round([]models.Actor{bo}, []string{"Ene"}, n)
		mergeErr, moveErr := both(func() error {
			_, err := st.service.MergeCode(st.ctx, st.owner, st.space, st.codes["Ene"], st.codes["Anden"], 0)
			return err
		}, st.moving(r, models.RoundBlind))
		switch {
		case (mergeErr == nil) == (moveErr == nil):
			t.Fatalf("exactly one of the two should pass: %v, %v", mergeErr, moveErr)
		case mergeErr == nil:
			st.refused(moveErr, "round_incomplete")
		default:
			st.refused(mergeErr, "round_pins_code")
		}
	}
}

func TestACodersRemovalAndACodingInARoundAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	begun := time.Now()
	role := func(r models.Role) error {
		_, err := st.service.ChangeMember(st.ctx, st.owner, st.space, bo.UserID, 0, r)
		return err
	}
	for round := range races {
		_, in := st.blindNote(bo, round)
		var put *models.Coding
		demote := func() error { return role(models.RoleReader) }
		remove := func() error { return st.service.RemoveMember(st.ctx, st.owner, st.space, bo.UserID) }
		deed, problem := demote, "role_insufficient"
		if round%4 > 1 {
			deed, problem = remove, "project_not_found"
		}
		putErr, deedErr := both(st.putting(bo, in, &put), deed)
		st.must(deedErr)
		if putErr == nil {
			st.stays(put)
		} else {
			st.refused(putErr, problem)
		}
		if round%4 > 1 {
			_, err := st.service.AddMember(st.ctx, st.owner, st.space, "Bo@example.org", models.RoleCoder)
			st.must(err)
		} else {
			st.must(role(models.RoleCoder))
		}
	}
	may := true
	for _, e := range st.inOrder(begun) {
		switch {
		case e.Noun == models.NounMember && e.After.Member.UserID == bo.UserID:
			may = e.Verb != models.VerbDeleted && e.After.Member.Role == models.RoleCoder
		case e.Noun == models.NounCoding && e.ActorID == bo.UserID && !may:
			t.Fatal("somebody who may not code put a coding")
		}
	}
	st.onlyWhileBlind(begun)
}

func TestTwoMovesAtOnce(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	one := func(a, b error, problem string) {
		t.Helper()
		if (a == nil) == (b == nil) {
			t.Fatalf("exactly one should pass: %v, %v", a, b)
		}
		st.refused(first(a, b), problem)
	}
	for round := range races {
		r, _ := st.blindNote(bo, round)
		a, b := both(st.moving(r, models.RoundLocked), st.moving(r, models.RoundLocked))
		one(a, b, "round_state")
		a, b = both(st.moving(r, models.RoundRevealed), st.moving(r, models.RoundBlind))
		one(a, b, "round_state")

		n := st.note(st.owner, fmt.Sprintf("%s\n\nRunde %d af to.", monday, round))
		x, y := st.round([]models.Actor{bo}, []string{"future"}, n), st.round([]models.Actor{bo}, []string{"agency"}, n)
		a, b = both(st.moving(x, models.RoundBlind), st.moving(y, models.RoundBlind))
		one(a, b, "note_in_round")
	}
}
