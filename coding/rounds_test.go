package coding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// round sets up a round by hand, in which each of the coders codes each of the notes.
func (st *study) round(coders []models.Actor, codes []string, notes ...*models.Note) *models.Round {
	st.t.Helper()
	var noteIDs, codeIDs, coderIDs []models.ID
	for _, c := range coders {
		coderIDs = append(coderIDs, c.UserID)
	}
	for _, key := range codes {
		codeIDs = append(codeIDs, st.codes[key])
	}
	var assignment []models.Assignment
	for _, n := range notes {
		noteIDs = append(noteIDs, n.ID)
		assignment = append(assignment, models.Assignment{NoteID: n.ID, CoderIDs: coderIDs})
	}
	r, err := st.service.CreateRound(st.ctx, st.owner, st.space, coding.NewRound{RoundFields: coding.RoundFields{
		Name: new("Første runde"), NoteIDs: &noteIDs, CodeIDs: &codeIDs, CoderIDs: &coderIDs, Assignment: &assignment,
	}})
	st.must(err)
	return r
}

func (st *study) move(r *models.Round, to models.RoundState) *models.Round {
	st.t.Helper()
	moved, err := st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, 0, coding.RoundStep{To: to, Why: "Fordi."})
	st.must(err)
	return moved
}

// in says that a coding is to be put in the layer of a round.
func in(r *models.Round, c coding.NewCoding) coding.NewCoding {
	c.Layer = r.Layer()
	return c
}

func (st *study) putIn(r *models.Round, coder models.Actor, n *models.Note, key, quote string) *models.Coding {
	st.t.Helper()
	c, _, err := st.service.PutCoding(st.ctx, coder, st.space, in(r, st.on(n, key, quote)))
	st.must(err)
	return c
}

// inLayer gives what lies in the layer of a round, whoever may see it.
func (st *study) inLayer(r *models.Round) []*models.Coding {
	st.t.Helper()
	all, err := st.db.Codings().All(st.ctx, st.space, coding.Query{Where: coding.Where{"layer": r.Layer()}}, 10_000)
	st.must(err)
	return all
}

func TestARoundIsSetUp(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleEditor)
	n, other := st.note(st.owner, monday), st.note(st.owner, "Kortene ligger i kælderen.")
	create := func(f coding.RoundFields) (*models.Round, error) {
		f.Name = new("Runde")
		return st.service.CreateRound(st.ctx, st.owner, st.space, coding.NewRound{RoundFields: f})
	}
	t.Run("with a name alone, and the rest later", func(t *testing.T) {
		r, err := create(coding.RoundFields{})
		st.must(err)
		if r.State != models.RoundDraft || r.Method != models.RoundBalanced || r.ReadAlong != models.ReadAlongNobody || r.CodersPerNote != 2 {
			t.Errorf("%+v", r)
		}
		_, err = st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundStep{To: models.RoundBlind})
		st.refused(err, "round_incomplete")
		if got := problemOf(err).Fields; len(got) != 3 {
			t.Errorf("it lacks %+v", got)
		}
	})
	t.Run("its draw keeps its seed, and follows its notes and coders", func(t *testing.T) {
		r, err := create(coding.RoundFields{NoteIDs: &[]models.ID{n.ID}, CoderIDs: &[]models.ID{bo.UserID, ida.UserID}, CodersPerNote: new(1)})
		st.must(err)
		r, err = st.service.DrawRound(st.ctx, st.owner, st.space, r.ID, r.Version, "007")
		st.must(err)
		if r.Seed != "7" || len(r.Assignment) != 1 || r.Method != models.RoundBalanced {
			t.Fatalf("%+v", r)
		}
		r, err = st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{NoteIDs: &[]models.ID{n.ID, other.ID}})
		st.must(err)
		if diff := cmp.Diff(coding.Assign(7, r.NoteIDs, r.CoderIDs, 1), r.Assignment); diff != "" {
			t.Error(diff)
		}
		r, err = st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{CoderIDs: &[]models.ID{}})
		st.must(err)
		if len(r.Assignment) != 0 {
			t.Errorf("nobody codes, and still %+v", r.Assignment)
		}
		_, err = st.service.DrawRound(st.ctx, st.owner, st.space, r.ID, r.Version, "")
		st.refused(err, "round_incomplete")
		_, err = st.service.DrawRound(st.ctx, st.owner, st.space, r.ID, r.Version, "x")
		st.refused(err, "seed_malformed")
	})
	t.Run("by hand, with its own notes and coders", func(t *testing.T) {
		r := st.round([]models.Actor{bo, ida}, []string{"future"}, n, other)
		if r.Method != models.RoundByHand || len(r.Assignment) != 2 {
			t.Fatalf("%+v", r)
		}
		r, err := st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{CoderIDs: &[]models.ID{ida.UserID}, NoteIDs: &[]models.ID{n.ID}})
		st.must(err)
		if diff := cmp.Diff([]models.Assignment{{NoteID: n.ID, CoderIDs: []models.ID{ida.UserID}}}, r.Assignment); diff != "" {
			t.Error(diff)
		}
		_, err = st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{Assignment: &[]models.Assignment{{NoteID: n.ID, CoderIDs: []models.ID{bo.UserID}}}})
		st.refused(err, "round_assignment")
	})
	t.Run("with what is there", func(t *testing.T) {
		unknown := []models.ID{models.NewID()}
		draft, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{
			NoteFields: coding.NoteFields{Title: new("Kladde"), Kind: new(models.KindFieldNote), Draft: new(true)}, Content: content(monday),
		})
		st.must(err)
		for code, f := range map[string]coding.RoundFields{
			"note_draft": {NoteIDs: &[]models.ID{draft.ID}}, "note_unknown": {NoteIDs: &unknown}, "code_unknown": {CodeIDs: &unknown}, "member_unknown": {CoderIDs: &unknown},
			"round_assignment": {CodersPerNote: new(0)}, "kind_unknown": {Method: new(models.RoundMethod("dice"))},
		} {
			_, err := create(f)
			st.refused(err, code)
		}
	})
	t.Run("by owners and editors", func(t *testing.T) {
		_, err := st.service.CreateRound(st.ctx, bo, st.space, coding.NewRound{RoundFields: coding.RoundFields{Name: new("Min")}})
		st.refused(err, "role_insufficient")
	})
	t.Run("and goes into the bin and comes back while it is a draft", func(t *testing.T) {
		r := st.round([]models.Actor{bo}, []string{"future"}, n)
		st.must(st.service.DeleteRound(st.ctx, ida, st.space, r.ID, r.Version))
		_, err := st.service.Restore(st.ctx, ida, st.space, models.NounRound, r.ID)
		st.must(err)
		st.must(st.service.DeleteRound(st.ctx, ida, st.space, r.ID, 0))
		event := st.history(coding.EventQuery{RecordID: r.ID})[0]
		_, err = st.service.Undo(st.ctx, ida, st.space, event.ID, false)
		st.must(err)
		st.must(st.service.DeleteRound(st.ctx, ida, st.space, r.ID, 0))
		st.must(st.service.Purge(st.ctx, st.owner, st.space, models.NounRound, r.ID))
		_, err = st.service.Round(st.ctx, st.owner, st.space, r.ID)
		st.refused(err, "round_not_found")
	})
}

func TestARoundMoves(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	r := st.round([]models.Actor{bo}, []string{"future"}, n)
	step := func(to models.RoundState, why string) error {
		moved, err := st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundStep{To: to, Why: why})
		if err == nil {
			r = moved
		}
		return err
	}
	st.refused(step(models.RoundLocked, ""), "round_state")
	st.refused(step(models.RoundDraft, ""), "kind_unknown")
	st.must(step(models.RoundBlind, ""))
	if r.CodebookVersion == 0 || len(r.Texts) != 1 || r.TextVersion(n.ID) != n.TextVersion {
		t.Errorf("nothing is pinned: %+v", r)
	}
	st.refused(step(models.RoundRevealed, ""), "round_state")
	st.refused(st.service.DeleteRound(st.ctx, st.owner, st.space, r.ID, 0), "round_state")
	_, err := st.service.DrawRound(st.ctx, st.owner, st.space, r.ID, 0, "")
	st.refused(err, "round_state")
	_, err = st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{CoderIDs: &[]models.ID{}})
	st.refused(err, "round_state")
	r, err = st.service.ChangeRound(st.ctx, st.owner, st.space, r.ID, r.Version, coding.RoundFields{Name: new("Anden"), DueOn: new(models.Date("2024-05-01"))})
	st.must(err)
	st.must(step(models.RoundLocked, "Alle er færdige."))
	event := st.history(coding.EventQuery{RecordID: r.ID})[0]
	_, err = st.service.Undo(st.ctx, st.owner, st.space, event.ID, false)
	st.refused(err, "undo_impossible")
	st.refused(step(models.RoundBlind, " "), "why_missing")
	st.must(step(models.RoundBlind, "Bo mangler en note."))
	st.must(step(models.RoundLocked, ""))
	st.must(step(models.RoundRevealed, ""))
	st.refused(step(models.RoundBlind, "Endnu en."), "round_state")
	var why []string
	for _, m := range r.Moves {
		why = append(why, string(m.To)+": "+m.Why)
		if m.By != st.owner.UserID || m.At.IsZero() {
			t.Errorf("%+v", m)
		}
	}
	want := []string{"blind: ", "locked: Alle er færdige.", "blind: Bo mangler en note.", "locked: ", "revealed: "}
	if diff := cmp.Diff(want, why); diff != "" {
		t.Error(diff)
	}
	if e := st.history(coding.EventQuery{RecordID: r.ID})[0]; e.After.Round.Moves[4].To != models.RoundRevealed {
		t.Errorf("the event doesn't tell: %+v", e.After.Round.Moves)
	}
	stale := r.Version - 1
	_, err = st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, stale, coding.RoundStep{To: models.RoundBlind})
	st.refused(err, "version_stale")
}

func TestWhatKeepsARoundFromBeginning(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n, other := st.note(st.owner, monday), st.note(st.owner, "Kortene ligger i kælderen.")
	r := st.round([]models.Actor{bo}, []string{"future"}, n, other)
	begin := func() error {
		_, err := st.service.MoveRound(st.ctx, st.owner, st.space, r.ID, 0, coding.RoundStep{To: models.RoundBlind})
		return err
	}
	role := func(role models.Role) {
		_, err := st.service.ChangeMember(st.ctx, st.owner, st.space, bo.UserID, 0, role)
		st.must(err)
	}
	role(models.RoleReader)
	st.refused(begin(), "round_reader")
	role(models.RoleCoder)
	archive := func(yes bool) {
		_, err := st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes["future"], 0, coding.CodeFields{Archived: &yes})
		st.must(err)
	}
	archive(true)
	st.refused(begin(), "round_incomplete")
	archive(false)
	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	st.refused(begin(), "round_incomplete")
	_, err := st.service.Restore(st.ctx, st.owner, st.space, models.NounNote, n.ID)
	st.must(err)
	st.move(st.round([]models.Actor{bo}, []string{"agency"}, other), models.RoundBlind)
	st.refused(begin(), "note_in_round")
	st.must(st.db.InsertJob(st.ctx, coding.Job{ID: models.NewID(), SpaceID: st.space, Kind: coding.JobCarry, Target: n.ID, At: r.CreatedAt}))
	st.refused(begin(), "round_busy")
}

func TestCodingInARound(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	n, free := st.note(st.owner, monday), st.note(st.owner, monday+"\n\nIkke med.")
	before := st.put(bo, n, "future", "to år")
	r := st.move(st.round([]models.Actor{bo}, []string{"future", "agency"}, n), models.RoundBlind)
	put := func(who models.Actor, c coding.NewCoding) error {
		_, _, err := st.service.PutCoding(st.ctx, who, st.space, c)
		return err
	}

	t.Run("goes where its coder codes the note, said or not", func(t *testing.T) {
		c := st.putIn(r, bo, n, "future", "Jonas")
		again, made, err := st.service.PutCoding(st.ctx, bo, st.space, st.on(n, "future", "Jonas"))
		st.must(err)
		if made || again.ID != c.ID || c.Layer != r.Layer() {
			t.Errorf("it was put beside itself: %+v", again)
		}
		if open := st.codings(n); len(open) != 1 || open[0].ID != before.ID {
			t.Errorf("the open layer has %d codings", len(open))
		}
		for range 2 { // the first settles, the second finds it settled
			st.refused(put(bo, in(r, st.on(n, "foundation", "Jonas"))), "round_code")
			st.refused(put(ida, in(r, st.on(n, "future", "Jonas"))), "round_not_assigned")
			st.refused(put(bo, in(r, st.on(free, "future", "Jonas"))), "round_not_assigned")
			st.refused(put(ida, st.on(n, "future", "Jonas")), "round_at_rest")
		}
		open := st.on(n, "future", "Jonas")
		open.Layer = models.LayerOpen
		st.refused(put(bo, open), "round_at_rest")
		open.Layer = "elsewhere"
		st.refused(put(bo, open), "layer_unknown")
		st.must(put(bo, st.on(free, "future", "Jonas")))
	})
	t.Run("can be changed and taken back by its coder", func(t *testing.T) {
		c := st.putIn(r, bo, n, "future", "to år")
		c, err := st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, c.Version, coding.CodingFields{CodeID: new(st.codes["agency"])})
		st.must(err)
		_, err = st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, c.Version, coding.CodingFields{CodeID: new(st.codes["foundation"])})
		st.refused(err, "round_code")
		moved := c.Anchor
		moved.TextVersion = 9
		_, err = st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, c.Version, coding.CodingFields{Anchor: &moved})
		st.refused(err, "text_changed")
		st.must(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, c.Version))
		events, err := st.db.Events(st.ctx, st.space, coding.EventQuery{RecordID: c.ID, Everything: true}, models.Page{Limit: 10})
		st.must(err)
		for _, e := range events.Items {
			if !e.Blind || e.Layer != r.Layer() {
				t.Errorf("the event isn't blind: %+v", e)
			}
		}
		_, err = st.service.Undo(st.ctx, bo, st.space, events.Items[0].ID, false)
		st.must(err)
	})
	t.Run("makes no in-vivo codes", func(t *testing.T) {
		words := st.on(n, "future", "skov")
		words.CodeID = ""
		_, _, err := st.service.CreateInVivoCode(st.ctx, bo, st.space, words, "")
		st.refused(err, "round_code")
		_, _, err = st.service.CreateInVivoCode(st.ctx, ida, st.space, words, "")
		st.refused(err, "round_at_rest")
	})
	t.Run("is counted by layer", func(t *testing.T) {
		usages, err := st.db.Usages(st.ctx, st.space, coding.Where{"layer": r.Layer()})
		st.must(err)
		sum := 0
		for _, u := range usages {
			sum += u.Count
		}
		if sum != len(st.inLayer(r)) {
			t.Errorf("%d are counted, %d are there", sum, len(st.inLayer(r)))
		}
	})
	t.Run("ends when it is locked, goes on when it is opened again, and stays once it is revealed", func(t *testing.T) {
		c := st.inLayer(r)[0]
		locked := func(code string) {
			t.Helper()
			st.refused(put(bo, in(r, st.on(n, "future", "Jonas"))), code)
			_, err := st.service.ChangeCoding(st.ctx, bo, st.space, c.ID, 0, coding.CodingFields{CodeID: new(st.codes["agency"])})
			st.refused(err, code)
			st.refused(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0), code)
		}
		st.move(r, models.RoundLocked)
		locked("round_state")
		st.refused(put(bo, st.on(n, "agency", "Jonas")), "round_state")
		st.move(r, models.RoundBlind)
		st.putIn(r, bo, n, "agency", "Jonas")
		st.move(r, models.RoundLocked)
		st.move(r, models.RoundRevealed)
		locked("round_state")
		had := len(st.inLayer(r))
		st.put(bo, n, "agency", "Jonas")
		if len(st.codings(n)) != 2 || len(st.inLayer(r)) != had {
			t.Error("the open layer didn't wake up")
		}
	})
	t.Run("stays with its pinned text once the note is edited later", func(t *testing.T) {
		n, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content("Først dette.\n\n"+monday))
		st.must(err)
		_, err = st.service.MergeCode(st.ctx, st.owner, st.space, st.codes["future"], st.codes["foundation"], 0)
		st.must(err)
		for _, c := range st.inLayer(r) {
			if c.Anchor.TextVersion != 1 || c.CodeID == st.codes["foundation"] {
				t.Errorf("a round's coding was carried or redirected: %+v", c)
			}
		}
	})
}

func TestWhatARoundPins(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	ida := st.member("Ida", models.RoleEditor)
	n, other := st.note(st.owner, monday), st.note(st.owner, monday+"\n\nIkke med.")
	child, err := st.service.CreateCode(st.ctx, st.owner, st.space, "", coding.CodeFields{Name: new("Rygte"), ParentID: new(st.codes["foundation"])})
	st.must(err)
	onNote, onOther := st.put(ida, n, "foundation", "to år"), st.put(ida, other, "foundation", "to år")
	second := st.put(ida, n, "foundation", "Jonas")
	memo, err := st.service.CreateMemo(st.ctx, ida, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Text: "Se her."})
	st.must(err)
	link, err := st.service.CreateLink(st.ctx, ida, st.space, coding.NewLink{FromID: onOther.ID, ToID: onNote.ID, Kind: models.LinkExplains})
	st.must(err)
	n, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, n.Version, content(monday+"\n\nMere."))
	st.must(err)
	edit := st.history(coding.EventQuery{RecordID: n.ID})[0]
	st.must(st.service.RemoveCoding(st.ctx, ida, st.space, second.ID, 0))
	removal := st.history(coding.EventQuery{RecordID: second.ID})[0]
	_, err = st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes["future"], 0, coding.CodeFields{Definition: new("Ny.")})
	st.must(err)
	change := st.history(coding.EventQuery{RecordID: st.codes["future"]})[0]

	r := st.move(st.round([]models.Actor{bo}, []string{"future", "foundation_ground"}, n), models.RoundBlind)
	code := func(key string, f coding.CodeFields) error {
		_, err := st.service.ChangeCode(st.ctx, st.owner, st.space, st.codes[key], 0, f)
		return err
	}
	merge := func(from, into models.ID) error {
		_, err := st.service.MergeCode(st.ctx, st.owner, st.space, from, into, 0)
		return err
	}
	undo := func(e *models.Event) error {
		_, err := st.service.Undo(st.ctx, st.owner, st.space, e.ID, false)
		return err
	}
	still := func(what, problem string, err error) {
		t.Helper()
		if got := codeOf(err); got != problem {
			t.Errorf("%s: got %v, want %s", what, err, problem)
		}
	}
	pinned := func() {
		t.Helper()
		_, err := st.service.EditText(st.ctx, st.owner, st.space, n.ID, 0, content("Andet."))
		still("an edit", "round_pins_text", err)
		_, err = st.service.PreviewText(st.ctx, st.owner, st.space, n.ID, 0, content("Andet."))
		still("the preview of an edit", "round_pins_text", err)
		still("the bin", "round_pins_text", st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
		still("an edit taken back", "round_pins_text", undo(edit))
		still("a code's name", "round_pins_code", code("future", coding.CodeFields{Name: new("Fremtid")}))
		still("an archived code", "round_pins_code", code("future", coding.CodeFields{Archived: new(true)}))
		still("a code that moves", "round_pins_code", code("future", coding.CodeFields{ParentID: new(st.codes["agency"])}))
		still("a code that goes", "round_pins_code", st.service.DeleteCode(st.ctx, st.owner, st.space, st.codes["future"], 0))
		still("a merge of a code", "round_pins_code", merge(st.codes["future"], st.codes["agency"]))
		still("a merge into a code", "round_pins_code", merge(st.codes["agency"], st.codes["future"]))
		still("a merge with codings at rest", "round_at_rest", merge(st.codes["foundation"], st.codes["agency"]))
		_, err = st.service.SplitCode(st.ctx, st.owner, st.space, st.codes["future"], []coding.SplitPart{{Name: "Del"}})
		still("a split", "round_pins_code", err)
		_, err = st.service.SplitCode(st.ctx, st.owner, st.space, st.codes["foundation"], []coding.SplitPart{{Name: "Del", CodingIDs: []models.ID{onNote.ID}}})
		still("a split with codings at rest", "round_at_rest", err)
		still("a change taken back", "round_pins_code", undo(change))
		// the open layer
		_, err = st.service.ChangeCoding(st.ctx, ida, st.space, onNote.ID, 0, coding.CodingFields{CodeID: new(st.codes["agency"])})
		still("an open coding changed", "round_at_rest", err)
		still("an open coding removed", "round_at_rest", st.service.RemoveCoding(st.ctx, ida, st.space, onNote.ID, 0))
		_, err = st.service.Undo(st.ctx, ida, st.space, removal.ID, false)
		still("an open coding brought back", "round_at_rest", err)
		_, err = st.service.ChangeMemo(st.ctx, ida, st.space, memo.ID, 0, coding.MemoFields{Text: new("Andet.")})
		still("a shared memo changed", "round_at_rest", err)
		_, err = st.service.CreateMemo(st.ctx, ida, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounCoding, ID: onNote.ID}, Text: "Her."})
		still("a shared memo", "round_at_rest", err)
		still("a link removed", "round_at_rest", st.service.DeleteLink(st.ctx, ida, st.space, link.ID, 0))
		still("an open coding purged", "coding_not_found", st.service.Purge(st.ctx, st.owner, st.space, models.NounCoding, second.ID))
	}
	pinned()
	// What is beside it stays free.
	_, err = st.service.CreateMemo(st.ctx, ida, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Private: true, Text: "Kun for mig."})
	st.must(err)
	_, err = st.service.ChangeNote(st.ctx, st.owner, st.space, n.ID, 0, coding.NoteFields{Title: new("En anden titel")})
	st.must(err)
	_, err = st.service.CreateCode(st.ctx, st.owner, st.space, "", coding.CodeFields{Name: new("Ny"), ParentID: new(st.codes["future"])})
	st.must(err)
	_, err = st.service.ChangeCode(st.ctx, st.owner, st.space, child.ID, 0, coding.CodeFields{Name: new("Sladder")})
	st.must(err)
	st.put(ida, other, "future", "Jonas")
	st.move(r, models.RoundLocked)
	pinned()
	st.move(r, models.RoundRevealed)
	_, err = st.service.EditText(st.ctx, st.owner, st.space, n.ID, 0, content(monday))
	st.must(err)
	st.must(merge(st.codes["future"], st.codes["agency"]))
	st.must(st.service.RemoveCoding(st.ctx, ida, st.space, onNote.ID, 0))
}

func TestMemosAndLinksInARound(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida, per := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder), st.member("Per", models.RoleCoder)
	n := st.note(st.owner, monday)
	r := st.move(st.round([]models.Actor{bo, ida}, []string{"future"}, n), models.RoundBlind)
	mine, also := st.putIn(r, bo, n, "future", "Jonas"), st.putIn(r, bo, n, "future", "to år")
	theirs := st.putIn(r, ida, n, "future", "Jonas")
	write := func(who models.Actor, noun models.Noun, id models.ID, private bool) (*models.Memo, error) {
		return st.service.CreateMemo(st.ctx, who, st.space, coding.NewMemo{Target: models.Target{Noun: noun, ID: id}, Private: private, Text: "Hvorfor?"})
	}
	on := func(who models.Actor, noun models.Noun, id models.ID) *models.Memo {
		t.Helper()
		m, err := write(who, noun, id, false)
		st.must(err)
		if m.Layer != r.Layer() {
			t.Errorf("the memo is in %s", m.Layer)
		}
		return m
	}
	memo := on(bo, models.NounCoding, mine.ID)
	on(bo, models.NounNote, n.ID)
	_, err := write(bo, models.NounCoding, theirs.ID, true)
	st.refused(err, "target_unknown")
	_, err = write(per, models.NounNote, n.ID, false)
	st.refused(err, "round_at_rest")
	if m, err := write(per, models.NounNote, n.ID, true); err != nil || m.Layer != models.LayerOpen {
		t.Errorf("a private memo of somebody who doesn't code: %+v, %v", m, err)
	}
	link, err := st.service.CreateLink(st.ctx, bo, st.space, coding.NewLink{FromID: mine.ID, ToID: also.ID, Kind: models.LinkExplains})
	st.must(err)
	if link.Layer != r.Layer() {
		t.Errorf("the link is in %s", link.Layer)
	}
	_, err = st.service.CreateLink(st.ctx, bo, st.space, coding.NewLink{FromID: mine.ID, ToID: theirs.ID, Kind: models.LinkExplains})
	st.refused(err, "coding_unknown")
	st.move(r, models.RoundLocked)
	_, err = write(bo, models.NounCoding, mine.ID, false)
	st.refused(err, "round_state")
	_, err = st.service.ChangeMemo(st.ctx, bo, st.space, memo.ID, 0, coding.MemoFields{Text: new("Derfor.")})
	st.refused(err, "round_state")
	st.move(r, models.RoundRevealed)
	said := on(per, models.NounCoding, theirs.ID)
	_, err = st.service.ChangeMemo(st.ctx, per, st.space, said.ID, 0, coding.MemoFields{Text: new("Derfor.")})
	st.must(err)
	if e := st.history(coding.EventQuery{RecordID: said.ID, Layer: r.Layer()})[0]; e.Blind {
		t.Error("what is said of a revealed round is blind")
	}
	_, err = st.service.ChangeMemo(st.ctx, bo, st.space, memo.ID, 0, coding.MemoFields{Text: new("Derfor.")})
	st.refused(err, "round_state")
	st.refused(st.service.DeleteLink(st.ctx, bo, st.space, link.ID, 0), "round_state")
}

func TestCommentsInARound(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	n := st.note(st.owner, monday)
	open := st.put(ida, n, "future", "to år")
	say := func(who models.Actor, on *models.Coding) (*models.Comment, error) {
		return st.service.CreateComment(st.ctx, who, st.space, coding.NewComment{CodingID: on.ID, Text: "Er det?"})
	}
	early, err := say(ida, open)
	st.must(err)
	r := st.move(st.round([]models.Actor{bo}, []string{"future"}, n), models.RoundBlind)
	_, err = say(ida, open)
	st.refused(err, "round_at_rest")
	_, err = st.service.ChangeComment(st.ctx, ida, st.space, early.ID, 0, coding.CommentFields{Text: new("Nej.")})
	st.refused(err, "round_at_rest")
	mine := st.putIn(r, bo, n, "future", "Jonas")
	blind, err := say(bo, mine)
	st.must(err)
	st.move(r, models.RoundLocked)
	_, err = say(bo, mine)
	st.refused(err, "round_state")
	st.move(r, models.RoundRevealed)
	later, err := say(ida, mine)
	st.must(err)
	_, err = st.service.ChangeComment(st.ctx, ida, st.space, later.ID, 0, coding.CommentFields{Text: new("Jo.")})
	st.must(err)
	_, err = st.service.ChangeComment(st.ctx, bo, st.space, blind.ID, 0, coding.CommentFields{Text: new("Jo.")})
	st.refused(err, "round_state")
}

func TestWhoIsToldOfAMove(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida, per := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleEditor), st.member("Per", models.RoleCoder)
	n := st.note(st.owner, monday)
	r := st.round([]models.Actor{bo, ida}, []string{"future"}, n)
	step := func(to models.RoundState) {
		t.Helper()
		_, err := st.service.MoveRound(st.ctx, ida, st.space, r.ID, 0, coding.RoundStep{To: to, Why: "Fordi."})
		st.must(err)
	}
	for _, to := range []models.RoundState{models.RoundBlind, models.RoundLocked, models.RoundBlind, models.RoundLocked, models.RoundRevealed} {
		step(to)
	}
	told := func(who models.Actor) []string {
		t.Helper()
		page, err := st.service.Inbox(st.ctx, who, false, models.Page{Limit: 50})
		st.must(err)
		out := []string{}
		for _, item := range page.Items {
			if item.RoundName != "Første runde" || item.ActorID != ida.UserID {
				t.Errorf("%+v", item)
			}
			out = append(out, string(item.Kind))
		}
		return out
	}
	for _, c := range []struct {
		who  models.Actor
		want []string
	}{
		{bo, []string{"revealed", "locked", "reopened", "locked", "assignment"}},
		{ida, []string{}}, // her own deeds
		{st.owner, []string{"revealed", "locked", "reopened", "locked"}},
		{per, []string{}},
	} {
		if diff := cmp.Diff(c.want, told(c.who)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTasksOfARound(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	n, other := st.note(st.owner, monday), st.note(st.owner, monday+"\n\nOgså med.")
	r := st.round([]models.Actor{bo, ida}, []string{"future"}, n, other)
	tasks := func(who models.Actor) []string {
		t.Helper()
		all, err := st.service.Tasks(st.ctx, who, st.space, r.ID)
		st.must(err)
		out := []string{}
		for _, task := range all {
			out = append(out, string(task.State))
		}
		return out
	}
	same := func(want, got []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	same([]string{}, tasks(bo))
	st.refused(st.service.MarkDone(st.ctx, bo, st.space, r.ID, n.ID, true), "round_state")
	st.move(r, models.RoundBlind)
	st.putIn(r, bo, n, "future", "Jonas")
	st.must(st.service.MarkDone(st.ctx, bo, st.space, r.ID, other.ID, true))
	st.must(st.service.MarkDone(st.ctx, bo, st.space, r.ID, other.ID, true))
	same([]string{"begun", "done"}, tasks(bo))
	same([]string{"notBegun", "notBegun"}, tasks(ida))
	same([]string{}, tasks(st.owner))
	open, err := st.service.OpenTasks(st.ctx, bo, st.space)
	st.must(err)
	if len(open) != 2 || open[0].RoundID != r.ID {
		t.Errorf("%+v", open)
	}
	st.refused(st.service.MarkDone(st.ctx, st.owner, st.space, r.ID, n.ID, true), "round_not_assigned")
	progress, err := st.service.RoundProgress(st.ctx, st.owner, st.space, r.ID)
	st.must(err)
	seen := []string{}
	for _, p := range progress {
		seen = append(seen, string(p.State))
	}
	same([]string{"begun", "notBegun", "done", "notBegun"}, seen)
	_, err = st.service.RoundProgress(st.ctx, bo, st.space, r.ID)
	st.refused(err, "role_insufficient")
	st.must(st.service.MarkDone(st.ctx, bo, st.space, r.ID, other.ID, false))
	same([]string{"begun", "notBegun"}, tasks(bo))
	version, err := st.service.Round(st.ctx, ida, st.space, r.ID)
	st.must(err)
	if version.Version != 2 {
		t.Errorf("the round's version counts how far others are: %d", version.Version)
	}
	st.move(r, models.RoundLocked)
	st.refused(st.service.MarkDone(st.ctx, bo, st.space, r.ID, n.ID, true), "round_state")

	third := st.note(st.owner, "Kortene ligger i kælderen.")
	own := st.move(st.round([]models.Actor{st.owner}, []string{"future"}, third), models.RoundBlind)
	_, err = st.service.RoundProgress(st.ctx, st.owner, st.space, own.ID)
	st.refused(err, "round_not_locked")
	st.move(own, models.RoundLocked)
	_, err = st.service.RoundProgress(st.ctx, st.owner, st.space, own.ID)
	st.must(err)
}

func TestWhoLeavesARound(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	n := st.note(st.owner, monday)
	r := st.move(st.round([]models.Actor{bo, ida}, []string{"future"}, n), models.RoundBlind)
	st.putIn(r, bo, n, "future", "Jonas")
	st.putIn(r, ida, n, "future", "Jonas")
	private, err := st.service.CreateMemo(st.ctx, ida, st.space, coding.NewMemo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, Private: true, Text: "Kun for mig."})
	st.must(err)
	_, err = st.service.ChangeMember(st.ctx, st.owner, st.space, bo.UserID, 0, models.RoleReader)
	st.must(err)
	_, _, err = st.service.PutCoding(st.ctx, bo, st.space, in(r, st.on(n, "future", "to år")))
	st.refused(err, "role_insufficient")
	st.refused(st.service.MarkDone(st.ctx, bo, st.space, r.ID, n.ID, true), "role_insufficient")
	st.must(st.service.RemoveMember(st.ctx, st.owner, st.space, bo.UserID))
	_, _, err = st.service.PutCoding(st.ctx, bo, st.space, in(r, st.on(n, "future", "to år")))
	st.refused(err, "project_not_found")
	if len(st.inLayer(r)) != 2 {
		t.Error("what somebody coded didn't stay")
	}
	st.move(r, models.RoundLocked)
	st.must(st.service.LeaveAll(st.ctx, ida))
	_, err = st.db.Memos().FindAny(st.ctx, st.space, private.ID)
	st.refused(err, "memo_not_found")
	if len(st.inLayer(r)) != 2 {
		t.Error("what somebody coded didn't stay")
	}
	st.move(r, models.RoundRevealed)
	copied, err := st.service.CopyProject(st.ctx, st.owner, st.space, coding.NewProject{Name: "Kopi"})
	st.must(err)
	if page, err := st.service.Rounds(st.ctx, st.owner, copied.ID, models.Page{Limit: 10}); err != nil || len(page.Items) != 0 {
		t.Errorf("the copy has rounds: %v", err)
	}
	st.must(st.service.DeleteProject(st.ctx, st.owner, st.space))
	st.must(st.service.Purge(st.ctx, st.owner, st.space, models.NounProject, st.space))
	if ids, err := st.db.RoundIDs(st.ctx, st.space); err != nil || len(ids) != 0 {
		t.Errorf("rounds are left: %v %v", ids, err)
	}
}
