package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feltbog/models"
)

// Into puts students into a group, or out of theirs.
func (c *class) Into(group string, who ...*person) {
	c.w.t.Helper()
	into := map[models.ID]models.ID{}
	for _, p := range who {
		into[c.member(p).ID] = models.ID(group)
	}
	if err := c.w.db.SetGroups(c.w.t.Context(), models.ID(c.id), into, time.Now()); err != nil {
		c.w.t.Fatal(err)
	}
}

// member is somebody in the course, as the store has them.
func (c *class) member(p *person) *models.CourseMember {
	c.w.t.Helper()
	m, err := c.w.db.CourseMembership(c.w.t.Context(), models.ID(c.id), models.ID(p.id))
	if err != nil {
		c.w.t.Fatal(err)
	}
	return m
}

// window is another window of the same person on the same submission.
func (a *answering) window() *answering {
	b := *a
	b.writer, b.heard = string(models.NewID()), map[string]int{}
	return &b
}

// answer gives an answer as the server has it.
func (a *answering) answer(prompt int) (text string, others map[string]string, answer object) {
	a.w.t.Helper()
	answer = a.get(a.path).want(http.StatusOK).value("answers", prompt).(object)
	others = map[string]string{}
	for _, o := range answer["others"].(array) {
		others[o.(object)["writer"].(string)] = o.(object)["text"].(string)
	}
	return answer["text"].(string), others, answer
}

// TestAutosave saves answers as windows do.
func TestAutosave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, bo := lea.Join("anna", models.RoleStudent), lea.Join("bo", models.RoleStudent)

	t.Run("an answer is written over as its author goes on", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise(object{"minWords": 3}).Answer(anna)
		first := a.Write(0, "Data")
		if first.text("kept") != "over" || first.number("answer", "version") != 1 || first.header.Get("ETag") != `"1"` || first.text("answer", "state") != "writing" {
			t.Errorf("the first words are kept as %s", first.raw)
		}
		second := a.Write(0, "  Data-driven *decisions* everywhere \n")
		if second.text("answer", "text") != "  Data-driven *decisions* everywhere \n" || second.number("answer", "words") != 3 || second.text("answer", "state") != "evidenceMissing" {
			t.Errorf("they go on as %s", second.raw)
		}
		a.Cite(0, "everywhere")
		got := a.get(a.path)
		if got.text("answers", 0, "state") != "ready" || len(got.list("answers", 0, "missing")) != 0 || got.text("state") != "writing" {
			t.Errorf("with evidence it is %s", got.raw)
		}
	})

	t.Run("who doesn't hear the answer sends the same again, and it is kept once", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna)
		body := a.writing("Data")
		a.put(a.answerPath(0), body).want(http.StatusOK)
		again := a.put(a.answerPath(0), body).want(http.StatusOK)
		if again.text("kept") != "already" || again.number("answer", "version") != 1 {
			t.Errorf("again it is %s", again.raw)
		}
		a.heard[a.prompts[0]] = 1
		a.Write(0, "Data is")
		if late := a.put(a.answerPath(0), body).want(http.StatusOK); late.text("kept") != "already" || late.text("answer", "text") != "Data is" {
			t.Errorf("late it is %s", late.raw)
		}
	})

	t.Run("two tabs keep both versions, until somebody chooses", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		one := x.Answer(anna)
		two := one.window()
		one.Write(0, "Data is old")
		if r := two.Write(0, "Registers"); r.text("kept") != "beside" {
			t.Errorf("the other tab's words are kept as %s", r.raw)
		}
		two.Write(0, "Registers since 1968")
		one.Write(0, "Data is old news")
		text, others, answer := one.answer(0)
		if text != "Data is old news" || len(others) != 1 || others[two.writer] != "Registers since 1968" || answer["state"] != "writing" || !slices.Contains(answer["missing"].(array), any("versions_open")) {
			t.Errorf("there is %q beside %q, %v", text, others, answer)
		}
		seen := answer["others"].(array)[0].(object)["revision"]
		two.Write(0, "Registers since 1968, they say")
		r := one.send(0, one.writing("Data is old news: registers since 1968", seen)).want(http.StatusOK)
		if r.text("kept") != "over" || r.text("answer", "others", 0, "text") != "Registers since 1968, they say" {
			t.Errorf("a version that went on isn't settled: %s", r.raw)
		}
		r = one.send(0, one.writing("Data is old news: registers since 1968, they say", r.text("answer", "others", 0, "revision"))).want(http.StatusOK)
		if r.text("kept") != "over" || len(r.list("answer", "others")) != 0 {
			t.Errorf("then it is: %s", r.raw)
		}
	})

	t.Run("two of a group keep both versions, and say whose they are", func(t *testing.T) {
		w.in(t)
		group := lea.Group("Registers")
		lea.Into(group, anna, bo)
		x := lea.Exercise(object{"work": "group"})
		a, b := x.Answer(anna), x.Answer(bo)
		if a.id != b.id {
			t.Fatal("the group has two submissions")
		}
		a.Write(0, "Data, says Anna")
		b.Write(0, "Data, says Bo")
		text, others, answer := a.answer(0)
		got := a.get(a.path)
		names := map[any]any{}
		for _, m := range got.list("whose", "members") {
			names[m.(object)["memberId"]] = m.(object)["name"]
		}
		if text != "Data, says Anna" || others[b.writer] != "Data, says Bo" || got.text("whose", "name") != "Registers" ||
			names[answer["authorId"]] != "anna" || names[at(t, answer, "others", 0, "authorId")] != "bo" {
			t.Errorf("the group sees %s", got.raw)
		}
		lea.Into("", anna, bo)
	})

	t.Run("whatever is pasted is kept as text, letter by letter", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna)
		word := `<p class="MsoNormal" style='mso-fareast-language:DA'><b>Data</b><o:p>&nbsp;</o:p></p><!--[if gte mso 9]><xml><w:WordDocument></xml><![endif]-->`
		for in, want := range map[string]string{
			word:                    word,
			"a\r\nb\rc\vd\fe":       "a\nb\nc\nd\ne",
			"x\u0000y\u0007z\u009b": "xyz",
			"🧑🏽‍🌾 å a\u030a \u200d\ufeff\u00ad end": "🧑🏽‍🌾 å a\u030a \u200d\ufeff\u00ad end",
			strings.Repeat("ordet 🌾 ", 6250):        strings.Repeat("ordet 🌾 ", 6250), // 50,000 code points
			"\t \n":                                 "\t \n",
		} {
			r := a.Write(0, in)
			if got := r.text("answer", "text"); got != want || r.text("kept") != "over" {
				t.Errorf("%.80q is kept as %.80q", in, got)
			}
			if got, _, _ := a.answer(0); got != want {
				t.Errorf("%.80q is read as %.80q", in, got)
			}
		}
	})

	t.Run("what is too large is refused, and what was there stays", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna)
		a.Write(0, "What was there")
		a.send(0, a.writing(strings.Repeat("x", 1<<20))).refused(http.StatusRequestEntityTooLarge, "body_too_large")
		a.send(0, a.writing(strings.Repeat("x", 1<<20-500))).refused(http.StatusUnprocessableEntity, "answer_too_long")
		a.send(0, a.writing(strings.Repeat("ø", 50_001))).refused(http.StatusUnprocessableEntity, "answer_too_long")
		if text, others, _ := a.answer(0); text != "What was there" || len(others) != 0 {
			t.Errorf("there is %.80q beside %v", text, others)
		}
		a.Write(0, strings.Repeat("ø", 50_000))
	})

	t.Run("what can't be kept is refused with a reason", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		a := x.Answer(anna)
		for code, body := range map[string]object{
			"revision_missing": {"text": "x", "revision": "", "writer": a.writer},
			"writer_missing":   {"text": "x", "revision": string(models.NewID()), "writer": ""},
		} {
			a.put(a.answerPath(0), body).refused(http.StatusUnprocessableEntity, code)
		}
		a.put(a.answerPath(0), []byte(`{"text":"\ud800","revision":"`+string(models.NewID())+`","writer":"`+a.writer+`"}`), with("Content-Type", "application/json")).refused(http.StatusBadRequest, "json_surrogate")
		a.put(a.path+"/answers/"+string(models.NewID()), a.writing("x")).refused(http.StatusNotFound, "prompt_not_found")
		a.put("/submissions/"+string(models.NewID())+"/answers/"+a.prompts[0], a.writing("x")).refused(http.StatusNotFound, "submission_not_found")
		bo.put(a.answerPath(0), a.writing("x")).refused(http.StatusNotFound, "submission_not_found")
		lea.put(a.answerPath(0), a.writing("x")).refused(http.StatusForbidden, "course_role_insufficient")
		a.Write(0, "Data")
		for range models.MaxOthers {
			a.window().Write(0, "Other words "+string(models.NewID()))
		}
		late := a.window()
		late.send(0, late.writing("More")).refused(http.StatusConflict, "answer_others_full")
		a.Write(0, "Data is")
		lea.patch(x.path, object{"open": false}, seeing(x.version())).want(http.StatusOK)
		a.send(0, a.writing("x")).refused(http.StatusNotFound, "submission_not_found")
	})

	t.Run("a student who was taken out, and one in an archived course, write no more", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Another class")
		per := c.Join("per", models.RoleStudent)
		a := c.Exercise().Answer(per)
		a.Write(0, "Data")
		c.patch(c.path, object{"archived": true}, seeing(c.get(c.path).version())).want(http.StatusOK)
		a.send(0, a.writing("Data is")).refused(http.StatusConflict, "course_archived")
		c.patch(c.path, object{"archived": false}, seeing(c.get(c.path).version())).want(http.StatusOK)
		a.Write(0, "Data is")
		out, now := c.member(per), time.Now().UTC()
		out.DeletedAt = &now
		if err := w.db.CourseMembers().Replace(t.Context(), out, out.Version); err != nil {
			t.Fatal(err)
		}
		a.send(0, a.writing("Data is old")).refused(http.StatusNotFound, "submission_not_found")
		per.get(a.path).refused(http.StatusNotFound, "submission_not_found")
		if got := c.get(a.path).want(http.StatusOK); got.text("answers", 0, "text") != "Data is" || got.text("whose", "name") != "per" {
			t.Errorf("the work of one who left is %s", got.raw)
		}
	})

	t.Run("who changes groups writes with the new one, and leaves their words with the old", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Groups that change")
		ann, ben := c.Join("ann", models.RoleStudent), c.Join("ben", models.RoleStudent)
		one, two := c.Group("One"), c.Group("Two")
		c.Into(one, ann, ben)
		x := c.Exercise(object{"work": "group"})
		before := x.Answer(ann)
		before.Write(0, "Written in group one")
		c.Into(two, ann)
		before.send(0, before.writing("More")).refused(http.StatusNotFound, "submission_not_found")
		after := x.Answer(ann)
		if after.id == before.id {
			t.Fatal("the new group has the old one's submission")
		}
		after.Write(0, "Written in group two")
		if text, _, _ := x.Answer(ben).answer(0); text != "Written in group one" {
			t.Errorf("the old group has %q", text)
		}
		if n := len(ann.get(x.path + "/submissions").want(http.StatusOK).items()); n != 1 {
			t.Errorf("ann sees %d submissions", n)
		}
		if names := lea.get(x.path + "/submissions").want(http.StatusOK).names(); !slices.Equal(names, []string{"One", "Two"}) {
			t.Errorf("lea sees %q", names)
		}
		c.Into("", ann)
		ann.post(x.path+"/submissions", nil).refused(http.StatusConflict, "group_needed")
	})

	t.Run("nothing that students write is in the log", func(t *testing.T) {
		w.in(t)
		a := lea.Exercise().Answer(anna)
		a.Write(0, "Kvælstofkvitteringen")
		a.Cite(0, "Kvælstofkvitteringen")
		if strings.Contains(w.log.String(), "Kvælstof") {
			t.Error("the log holds words of an answer")
		}
	})
}

// TestAutosaveAtOnce lets two students of a group write one answer in five windows at once, as fast as they
// can and as a browser does: one request at a time, now and then one whose answer is lost and that is sent
// again, now and then a choice among all versions. Every word that a window was told is kept must be there
// in the end, and every text must be, character by character, one that was sent.
func TestAutosaveAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)
	c.Into(c.Group("Registers"), anna, bo)
	x := c.Exercise(object{"work": "group"})
	windows := []*answering{x.Answer(anna), x.Answer(bo)}
	windows = append(windows, windows[0].window(), windows[1].window(), windows[0].window())
	var mu sync.Mutex
	sent, kept := map[string]bool{}, map[string]bool{}
	var wait sync.WaitGroup
	for i, a := range windows {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(11, uint64(i))) //nolint:gosec // repeatable on purpose
			text, version, known := "", 0, object{}
			for step := range 30 {
				text += fmt.Sprintf(" word%d-%d", i, step)
				body := a.writing("")
				if others, ok := known["others"].(array); ok && len(others) > 0 && random.IntN(4) == 0 {
					version = int(known["version"].(float64))
					text = merged(text, known["text"].(string))
					var settles array
					for _, o := range others {
						text = merged(text, o.(object)["text"].(string))
						settles = append(settles, o.(object)["revision"])
					}
					body["settles"] = settles
				}
				body["text"] = text
				mu.Lock()
				sent[text] = true
				mu.Unlock()
				var o []option
				if version > 0 {
					o = append(o, seeing(version))
				}
				r := a.put(a.answerPath(0), body, o...)
				if random.IntN(4) == 0 { // the answer was lost: the same again
					r = a.put(a.answerPath(0), body, o...)
				}
				if r.status != http.StatusOK {
					t.Errorf("window %d is told %d %s", i, r.status, r.raw)
					return
				}
				known = r.value("answer").(object)
				if r.text("kept") == "over" || known["text"] == text {
					version = r.number("answer", "version")
				}
				mu.Lock()
				for word := range strings.FieldsSeq(text) {
					kept[word] = true
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	text, others, _ := windows[0].answer(0)
	all := []string{"", text}
	for _, o := range others {
		all = append(all, o)
		if !sent[o] {
			t.Errorf("nobody sent the version %q", o)
		}
	}
	if !sent[text] {
		t.Errorf("nobody sent %q", text)
	}
	there := strings.Join(append(all, ""), " ")
	if len(kept) != 150 {
		t.Errorf("%d words were kept", len(kept))
	}
	for word := range kept {
		if !strings.Contains(there, " "+word+" ") {
			t.Errorf("%s was kept, and is gone", word)
		}
	}
}

// merged gives the words of two texts.
func merged(a, b string) string {
	words := strings.Fields(a)
	for word := range strings.FieldsSeq(b) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// TestAutosaveAgainstSubmit lets one of a group write while another submits. Words that were acknowledged are
// in what was submitted, or in the answer after it was taken back; and none are acknowledged in between.
func TestAutosaveAgainstSubmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)
	c.Into(c.Group("Registers"), anna, bo)
	x := c.Exercise(object{"work": "group"})
	for round := range 12 {
		a, b := x.Answer(anna), x.Answer(bo)
		prompt := round % len(a.prompts) // also such as nobody has begun
		_, _, before := a.answer(prompt)
		a.heard[a.prompts[prompt]] = int(before["version"].(float64))
		begun := make(chan struct{})
		var acknowledged string
		var wait sync.WaitGroup
		wait.Go(func() {
			for i := 0; ; i++ {
				if i == round%4 {
					close(begun)
				}
				text := fmt.Sprintf("round %d, words %d", round, i)
				r := a.send(prompt, a.writing(text))
				if r.status != http.StatusOK {
					r.refused(http.StatusConflict, "submitted")
					return
				}
				acknowledged = text
			}
		})
		<-begun
		r := b.post(b.path+"/submit", object{"asIs": true}).want(http.StatusCreated)
		wait.Wait()
		handed := b.get(fmt.Sprintf("%s/hand-ins/%d", b.path, r.number("number"))).want(http.StatusOK).text("answers", prompt, "text")
		if acknowledged != "" && handed != acknowledged {
			t.Errorf("round %d: %q was acknowledged, and %q submitted", round, acknowledged, handed)
		}
		b.post(b.path+"/take-back", nil).want(http.StatusOK)
		if text, others, _ := b.answer(prompt); text != handed || len(others) != 0 {
			t.Errorf("round %d: taken back, it is %q beside %q", round, text, others)
		}
		a.heard = map[string]int{}
	}
}
