package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

// at makes the use cases' clock stand still at a time.
func (w *world) at(clock string) {
	w.t.Helper()
	now, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		w.t.Fatal(err)
	}
	w.frozen.Store(&now)
}

// extended gives a student more time for an exercise, in its time zone.
func (x *exercise) extended(p *person, local string) {
	x.w.t.Helper()
	ctx := x.w.t.Context()
	e, err := x.w.db.ExerciseByID(ctx, models.ID(x.id))
	if err != nil {
		x.w.t.Fatal(err)
	}
	due, err := teaching.DueTime(local, e.TimeZone)
	if err != nil {
		x.w.t.Fatal(err)
	}
	e.Extensions = append(e.Extensions, models.Extension{MemberID: x.member(p).ID, DueAt: local, Due: due, At: due})
	e.Version++
	if err := x.w.db.Exercises().Replace(ctx, e, e.Version-1); err != nil {
		x.w.t.Fatal(err)
	}
}

// Submit submits what may be submitted.
func (a *answering) Submit() *reply {
	a.w.t.Helper()
	return a.post(a.path+"/submit", object{"asIs": true})
}

// TestHandingIn submits, takes back and submits again.
func TestHandingIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, bo := lea.Join("anna", models.RoleStudent), lea.Join("bo", models.RoleStudent)

	t.Run("what is submitted is frozen, with a receipt that can be computed again", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna).Complete()
		a.Quote(0, n, "the ground").want(http.StatusCreated)
		receipt := a.post(a.path+"/submit", nil).want(http.StatusCreated)
		if receipt.number("number") != 1 || receipt.value("late") != false || receipt.text("by") != string(lea.member(anna).ID) {
			t.Errorf("the receipt is %s", receipt.raw)
		}
		handed := a.get(a.path + "/hand-ins/1").want(http.StatusOK)
		if handed.text("hash") != receipt.text("hash") || handed.text("answers", 0, "text") != "Answer 0 stands on registers." ||
			handed.text("answers", 0, "evidence", 1, "anchor", "quote") != "the ground" || handed.text("organisation", "name") != "Havnsø Kommune" || handed.text("answers", 0, "title", "en") == "" {
			t.Errorf("what was submitted is %s", handed.raw)
		}
		canonical, err := teaching.Canonical(handed.raw, "hash", "takenBackAt")
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(canonical)
		if hex.EncodeToString(sum[:]) != receipt.text("hash") {
			t.Error("the hash isn't that of what was submitted")
		}
		byJQ(t, handed.raw, receipt.text("hash"))
		if got := a.get(a.path); got.text("state") != "submitted" || got.text("answers", 3, "state") != "submitted" || got.value("mayTakeBack") != true || got.text("handIns", 0, "hash") != receipt.text("hash") {
			t.Errorf("then it is %s", got.raw)
		}
		if got := lea.get(a.path); got.status != http.StatusOK || got.value("mayTakeBack") != false {
			t.Errorf("lea sees %s", got.raw)
		}
		lea.get(a.path + "/hand-ins/1").want(http.StatusOK)
		bo.get(a.path+"/hand-ins/1").refused(http.StatusNotFound, "submission_not_found")
		for _, number := range []string{"0", "2", "-1", "one", "1.0", "99999999999999999999"} {
			a.get(a.path+"/hand-ins/"+number).refused(http.StatusNotFound, "hand_in_not_found")
		}
	})

	t.Run("nothing of what is submitted changes", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		a := x.Answer(anna).Complete()
		evidence := a.get(a.path).text("answers", 0, "evidence", 0, "id")
		last := a.writing("The last words")
		a.send(0, last).want(http.StatusOK)
		a.post(a.path+"/submit", nil).want(http.StatusCreated)
		a.send(0, a.writing("More")).refused(http.StatusConflict, "submitted")
		if r := a.send(0, last); r.status != http.StatusOK || r.text("kept") != "already" {
			t.Errorf("words that had arrived are answered with %d %s", r.status, r.raw)
		}
		a.post(a.answerPath(0)+"/evidence", object{"web": object{"url": "https://a.dk", "quote": "x"}}).refused(http.StatusConflict, "submitted")
		a.patch(a.path+"/evidence/"+evidence, object{"why": "x"}).refused(http.StatusConflict, "submitted")
		a.delete(a.path+"/evidence/"+evidence).refused(http.StatusConflict, "submitted")
		a.patch(a.path, object{"organisation": object{"name": "x"}}, seeing(a.get(a.path).number("submission", "version"))).refused(http.StatusConflict, "submitted")
		lea.patch(x.path, object{"title": object{"en": "Another title"}, "minWords": 500}, seeing(x.version())).want(http.StatusOK)
		if handed := a.get(a.path + "/hand-ins/1"); handed.text("answers", 0, "text") != "The last words" {
			t.Errorf("what was submitted is %s", handed.raw)
		}
	})

	t.Run("what is missing is said, and can be submitted as it is", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"minWords": 4, "maxWords": 5, "passages": 1, "reasons": true})
		a := x.Answer(anna)
		a.Write(0, "Three words only")
		a.Cite(0, "x")
		a.Write(1, "These are far too many words for it")
		a.post(a.answerPath(2)+"/evidence", object{"web": object{"url": "https://a.dk", "quote": "x"}}).want(http.StatusCreated)
		a.Write(2, "These are four words")
		a.Write(3, "These are four words")
		a.window().Write(3, "These are four others")
		r := a.post(a.path+"/submit", object{}).refused(http.StatusConflict, "submission_incomplete")
		var got []string
		for _, e := range r.list("errors") {
			e := e.(object)
			place := strings.TrimPrefix(e["pointer"].(string), "/answers/")
			if i := slices.Index(a.prompts, place); i >= 0 {
				place = strconv.Itoa(i)
			}
			got = append(got, fmt.Sprint(place, " ", e["code"], " ", e["values"]))
		}
		want := []string{
			"/organisation organisation_missing <nil>", "0 words_few [3 4]", "1 words_many [8 5]", "1 passages_few [0 1]", "2 reasons_missing [1]",
			"3 versions_open <nil>", "3 passages_few [0 1]", "4 words_few [0 4]", "4 passages_few [0 1]", "5 words_few [0 4]", "5 passages_few [0 1]",
		}
		if !slices.Equal(got, want) {
			t.Errorf("it lacks %q, want %q", got, want)
		}
		if a.get(a.path).number("submission", "handIns") != 0 {
			t.Error("it was submitted all the same")
		}
		a.Submit().want(http.StatusCreated)
		if n := len(a.get(a.path+"/hand-ins/1").list("answers", 5, "evidence")); n != 0 {
			t.Errorf("there are %d passages", n)
		}
	})

	t.Run("submitted, taken back, submitted again: each has its receipt", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna).Complete()
		a.post(a.path+"/take-back", nil).refused(http.StatusConflict, "nothing_submitted")
		first := a.post(a.path+"/submit", nil).want(http.StatusCreated)
		if again := a.post(a.path+"/submit", nil).want(http.StatusOK); !bytes.Equal(again.raw, first.raw) {
			t.Errorf("submitted again it is %s", again.raw)
		}
		back := a.post(a.path+"/take-back", nil).want(http.StatusOK)
		if back.number("number") != 1 || back.text("takenBackAt") == "" {
			t.Errorf("taken back it is %s", back.raw)
		}
		if again := a.post(a.path+"/take-back", nil).want(http.StatusOK); !bytes.Equal(again.raw, back.raw) {
			t.Errorf("taken back again it is %s", again.raw)
		}
		if got := a.get(a.path); got.text("state") != "ready" || got.value("mayTakeBack") != false {
			t.Errorf("then it is %s", got.raw)
		}
		a.Write(0, "Better words")
		second := a.post(a.path+"/submit", nil).want(http.StatusCreated)
		if second.number("number") != 2 || second.text("hash") == first.text("hash") {
			t.Errorf("the second receipt is %s", second.raw)
		}
		for i, text := range []string{"Answer 0 stands on registers.", "Better words"} {
			handed := a.get(fmt.Sprintf("%s/hand-ins/%d", a.path, i+1)).want(http.StatusOK)
			canonical, _ := teaching.Canonical(handed.raw, "hash", "takenBackAt")
			if sum := sha256.Sum256(canonical); handed.text("answers", 0, "text") != text || hex.EncodeToString(sum[:]) != handed.text("hash") {
				t.Errorf("hand-in %d is %s", i+1, handed.raw)
			}
		}
		if got := a.get(a.path).list("handIns"); len(got) != 2 || at(t, got, 0, "takenBackAt") == nil || at(t, got, 1, "takenBackAt") != nil {
			t.Errorf("the receipts are %v", got)
		}
	})

	t.Run("two of a group who submit at once submit once", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("In groups")
		ann, ben := c.Join("ann", models.RoleStudent), c.Join("ben", models.RoleStudent)
		c.Into(c.Group("One"), ann, ben)
		x := c.Exercise(object{"work": "group"})
		var opened sync.WaitGroup
		for range 3 {
			opened.Go(func() { ann.post(x.path+"/submissions", nil) })
			opened.Go(func() { ben.post(x.path+"/submissions", nil) })
		}
		opened.Wait()
		a, b := x.Answer(ann), x.Answer(ben)
		if a.id != b.id {
			t.Fatal("six requests at once made two submissions")
		}
		receipts := make(chan *reply, 6)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() { receipts <- a.Submit() })
			wait.Go(func() { receipts <- b.Submit() })
		}
		wait.Wait()
		close(receipts)
		hashes, made := map[string]bool{}, 0
		for r := range receipts {
			hashes[r.text("hash")] = true
			if r.status == http.StatusCreated {
				made++
			}
		}
		got := b.get(a.path)
		if len(hashes) != 1 || made != 1 || len(got.list("handIns")) != 1 {
			t.Errorf("%d were made, with %d hashes: %s", made, len(hashes), got.raw)
		}
		if n := len(b.get(a.path + "/hand-ins/1").list("memberIds")); n != 2 {
			t.Errorf("it is of %d people", n)
		}
	})

	t.Run("what was returned can't be taken back", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna).Complete()
		a.post(a.path+"/submit", nil).want(http.StatusCreated)
		sub, err := w.db.SubmissionByID(t.Context(), models.ID(a.id))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now().UTC()
		sub.ReturnedAt, sub.Version = &now, sub.Version+1
		if err := w.db.Submissions().Replace(t.Context(), sub, sub.Version-1); err != nil {
			t.Fatal(err)
		}
		a.post(a.path+"/take-back", nil).refused(http.StatusConflict, "submission_returned")
		if got := a.get(a.path); got.text("state") != "returned" || got.value("mayTakeBack") != false {
			t.Errorf("it is %s", got.raw)
		}
	})

	t.Run("words of a note that is withdrawn go, also while somebody writes", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		n, a := x.Released(townHall), x.Answer(anna)
		id := a.Quote(0, n, "old 🏛 news").want(http.StatusCreated).id()
		a.Submit().want(http.StatusCreated)
		a.post(a.path+"/take-back", nil).want(http.StatusOK)
		var wait sync.WaitGroup
		wait.Go(func() {
			for i := range 20 {
				a.Write(0, fmt.Sprintf("words %d", i))
			}
		})
		lea.delete(x.path + "/releases/" + n.id).want(http.StatusNoContent)
		wait.Wait()
		for _, got := range []*reply{a.get(a.path), a.get(a.path + "/hand-ins/1"), lea.get(a.path)} {
			if e := got.value("answers", 0, "evidence", 0).(object); e["withdrawn"] != true || e["anchor"] != nil || e["id"] != id || strings.Contains(string(got.raw), "🏛") {
				t.Errorf("there is %s", got.raw)
			}
		}
		if got := a.get(a.path); !slices.Contains(got.list("answers", 0, "missing"), any("passages_few")) {
			t.Errorf("what was withdrawn counts: %s", got.raw)
		}
		a.delete(a.path + "/evidence/" + id).want(http.StatusNoContent)
	})
}

// byJQ computes the hash as the document tells people to, where jq is there.
func byJQ(t *testing.T, handIn []byte, hash string) {
	t.Helper()
	jq, err := exec.LookPath("jq")
	if err != nil {
		return
	}
	cmd := exec.CommandContext(t.Context(), jq, "-jcS", "del(.hash, .takenBackAt)")
	cmd.Stdin = strings.NewReader(string(handIn))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(out); hex.EncodeToString(sum[:]) != hash {
		t.Errorf("jq and sha256sum give %x, the receipt says %s", sum, hash)
	}
}

// TestDue submits around the due time.
func TestDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, bo := lea.Join("anna", models.RoleStudent), lea.Join("bo", models.RoleStudent)

	for name, c := range map[string]struct{ local, due string }{
		"on a day like others":                     {"2027-02-01T23:59", "2027-02-01T22:59:00Z"},
		"in the hour that summer time skips":       {"2027-03-28T02:30", "2027-03-28T01:00:00Z"},
		"after summer time began that night":       {"2027-03-28T23:59", "2027-03-28T21:59:00Z"},
		"in the hour that comes twice, the second": {"2027-10-31T02:30", "2027-10-31T01:30:00Z"},
		"after summer time ended that night":       {"2027-10-31T23:59", "2027-10-31T22:59:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			w.in(t)
			defer w.frozen.Store(nil)
			x := lea.Exercise(object{"dueAt": c.local, "timeZone": "Europe/Copenhagen"})
			due, err := time.Parse(time.RFC3339, c.due)
			if err != nil {
				t.Fatal(err)
			}
			a, b := x.Answer(anna), x.Answer(bo)
			if got := a.get(a.path); got.text("due") != c.due {
				t.Errorf("it is due %s", got.text("due"))
			}
			w.at(c.due)
			if r := a.Submit().want(http.StatusCreated); r.value("late") != false {
				t.Errorf("at its due time it is late: %s", r.raw)
			}
			if a.get(a.path).value("mayTakeBack") != true {
				t.Error("it can't be taken back at its due time")
			}
			w.at(due.Add(time.Second).Format(time.RFC3339))
			b.Submit().refused(http.StatusConflict, "past_due")
			a.post(a.path+"/take-back", nil).refused(http.StatusConflict, "past_due")
			if a.get(a.path).value("mayTakeBack") != false {
				t.Error("it can still be taken back")
			}
			a.Submit().want(http.StatusOK) // which only gives the receipt
			b.Write(0, "Words are kept after the due time, too")
		})
	}

	t.Run("late work is marked, where it is allowed", func(t *testing.T) {
		w.in(t)
		defer w.frozen.Store(nil)
		x := lea.Exercise(object{"dueAt": "2027-02-01T12:00", "timeZone": "UTC", "lateAllowed": true})
		a := x.Answer(anna)
		w.at("2027-02-01T12:00:01Z")
		if r := a.Submit().want(http.StatusCreated); r.value("late") != true {
			t.Errorf("it isn't late: %s", r.raw)
		}
		a.post(a.path+"/take-back", nil).refused(http.StatusConflict, "past_due")
	})

	t.Run("an extension gives one student more time, and no other", func(t *testing.T) {
		w.in(t)
		defer w.frozen.Store(nil)
		x := lea.Exercise(object{"dueAt": "2027-03-27T23:59", "timeZone": "Europe/Copenhagen"})
		x.extended(anna, "2027-03-28T12:00") // after summer time began: 10:00 UTC
		a, b := x.Answer(anna), x.Answer(bo)
		if due := a.get(a.path).text("due"); due != "2027-03-28T10:00:00Z" {
			t.Errorf("anna's is due %s", due)
		}
		w.at("2027-03-28T10:00:00Z")
		b.Submit().refused(http.StatusConflict, "past_due")
		if r := a.Submit().want(http.StatusCreated); r.value("late") != false {
			t.Errorf("with the extension it is late: %s", r.raw)
		}
		a.post(a.path+"/take-back", nil).want(http.StatusOK)
		w.at("2027-03-28T10:00:01Z")
		a.Submit().refused(http.StatusConflict, "past_due")
	})

	t.Run("a group has the latest extension of its members", func(t *testing.T) {
		w.in(t)
		defer w.frozen.Store(nil)
		c := w.User("lea").Class("In groups")
		ann, ben := c.Join("ann", models.RoleStudent), c.Join("ben", models.RoleStudent)
		c.Into(c.Group("One"), ann, ben)
		x := c.Exercise(object{"work": "group", "dueAt": "2027-02-01T12:00", "timeZone": "UTC"})
		x.extended(ben, "2027-02-03T12:00")
		a := x.Answer(ann)
		w.at("2027-02-03T12:00:00Z")
		if a.get(a.path).text("due") != "2027-02-03T12:00:00Z" {
			t.Error("the group has no more time")
		}
		a.Submit().want(http.StatusCreated)
	})
}
