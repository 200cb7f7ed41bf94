package api_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

// work is a submission of a student's, or of their group's.
type work struct {
	*exercise
	who     *person
	id      string
	path    string // /submissions/ID
	prompts []string
	kind    models.OrganisationKind
	group   models.ID
	evident []models.Evidence
	handIns int
}

// Membership gives somebody's membership of the course.
func (c *class) Membership(who *person) *models.CourseMember {
	c.w.t.Helper()
	m, err := c.w.db.CourseMembership(c.w.t.Context(), models.ID(c.id), models.ID(who.id))
	if err != nil {
		c.w.t.Fatal(err)
	}
	return m
}

// Prompts gives the prompts of the exercise.
func (x *exercise) Prompts() []string {
	x.w.t.Helper()
	var ids []string
	for _, p := range x.get(x.path).want(http.StatusOK).list("prompts") {
		ids = append(ids, at(x.w.t, p, "id").(string))
	}
	return ids
}

// Writes begins a student's submission and writes the same text to every prompt, on evidence.
func (x *exercise) Writes(who *person, text string, change ...func(*work)) *work {
	x.w.t.Helper()
	ctx := x.w.t.Context()
	now := time.Now().UTC().Truncate(time.Millisecond)
	k := &work{exercise: x, who: who, id: string(models.NewID()), prompts: x.Prompts(), kind: models.OrganisationMunicipality}
	k.evident = []models.Evidence{{ID: models.NewID(), Web: &models.WebSource{URL: "https://example.org", Title: "A report", Quote: "Data is used.", SeenOn: "2027-02-01"}, Why: "It says so.", AddedBy: models.ID(who.id), AddedAt: now}}
	for _, c := range change {
		c(k)
	}
	k.path = "/submissions/" + k.id
	sub := &models.Submission{
		Head:     models.Head{ID: models.ID(k.id), SpaceID: models.ID(x.id), Version: 1, CreatedAt: now, UpdatedAt: now},
		CourseID: models.ID(x.class.id), GroupID: k.group, Organisation: models.Organisation{Name: "Havnsø", Kind: k.kind, Why: "It is near."},
	}
	if k.group == "" {
		sub.MemberID = x.Membership(who).ID
	}
	if err := x.w.db.Submissions().Insert(ctx, sub); err != nil {
		x.w.t.Fatal(err)
	}
	for i := range k.prompts {
		k.Write(i, text)
	}
	return k
}

// Write writes one answer of a submission over.
func (k *work) Write(prompt int, text string) {
	k.w.t.Helper()
	ctx := k.w.t.Context()
	a := models.NewAnswer(models.ID(k.id), models.ID(k.exercise.id), models.ID(k.prompts[prompt]))
	all, err := k.w.db.Answers(ctx, models.ID(k.id))
	if err != nil {
		k.w.t.Fatal(err)
	}
	for _, kept := range all {
		if kept.PromptID == a.PromptID {
			a = kept
		}
	}
	a.Text, a.Words, a.Evidence, a.UpdatedAt = text, teaching.Words(text), k.evident, time.Now().UTC().Truncate(time.Millisecond)
	a.Version++
	if err := k.w.db.SaveAnswer(ctx, a, a.Edition); err != nil {
		k.w.t.Fatal(err)
	}
}

// Submits hands in what is written.
func (k *work) Submits() *work {
	k.w.t.Helper()
	k.handIns++
	if _, _, err := k.w.options.Teaching.Submit(k.w.t.Context(), models.Actor{UserID: models.ID(k.who.id)}, models.ID(k.id), true); err != nil {
		k.w.t.Fatal(err)
	}
	return k
}

// TakesBack takes back what was handed in.
func (k *work) TakesBack() error {
	_, err := k.w.options.Teaching.TakeBack(k.w.t.Context(), models.Actor{UserID: models.ID(k.who.id)}, models.ID(k.id))
	return err
}

// handedIn is the work of the trial's student, which was submitted. Whoever else tries as a student has
// submitted theirs, too, since the class is seen by those who have.
func handedIn(x courseTrial) *work {
	e := x.Exercise(object{"shownToClass": true, "passages": 0})
	k := e.Writes(x.student, "Data came late, and was doubted.").Submits()
	if x.role == models.RoleStudent && x.who != x.student {
		e.Writes(x.who, "We looked elsewhere.").Submits()
	}
	return k
}

func (k *work) Remark(prompt, start, end int, quote, text string) *reply {
	k.w.t.Helper()
	return k.post(k.path+"/feedback/remarks", object{"promptId": k.prompts[prompt], "start": start, "end": end, "quote": quote, "text": text})
}

var feedbackTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"GET /exercises/:exercise/board": func(x courseTrial) (string, any, []option) { return handedIn(x).exercise.path + "/board", nil, nil },
	"POST /exercises/:exercise/return": func(x courseTrial) (string, any, []option) {
		return handedIn(x).exercise.path + "/return", object{}, nil
	},
	"GET /exercises/:exercise/class": func(x courseTrial) (string, any, []option) {
		k := handedIn(x)
		return k.exercise.path + "/class?prompt=" + k.prompts[0], nil, nil
	},
	"GET /exercises/:exercise/map": func(x courseTrial) (string, any, []option) { return handedIn(x).exercise.path + "/map", nil, nil },
	"GET /submissions/:submission/feedback": func(x courseTrial) (string, any, []option) {
		k := handedIn(x)
		k.put(k.path+"/feedback", object{"mark": "10"}).want(http.StatusOK)
		k.post(k.path+"/return", nil).want(http.StatusOK)
		return k.path + "/feedback", nil, nil
	},
	"PUT /submissions/:submission/feedback": func(x courseTrial) (string, any, []option) {
		return handedIn(x).path + "/feedback", object{"mark": "10", "comment": "Well seen."}, nil
	},
	"POST /submissions/:submission/feedback/remarks": func(x courseTrial) (string, any, []option) {
		k := handedIn(x)
		return k.path + "/feedback/remarks", object{"promptId": k.prompts[0], "text": "How late?"}, nil
	},
	"PATCH /submissions/:submission/feedback/remarks/:remark": func(x courseTrial) (string, any, []option) {
		k := handedIn(x)
		id := k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated).text("remarks", 0, "id")
		return k.path + "/feedback/remarks/" + id, object{"text": "Which data?"}, nil
	},
	"DELETE /submissions/:submission/feedback/remarks/:remark": func(x courseTrial) (string, any, []option) {
		k := handedIn(x)
		id := k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated).text("remarks", 0, "id")
		return k.path + "/feedback/remarks/" + id, nil, nil
	},
	"POST /submissions/:submission/return": func(x courseTrial) (string, any, []option) { return handedIn(x).path + "/return", nil, nil },
}

// TestFeedback writes, changes and returns feedback.
func TestFeedback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna := lea.Join("anna", models.RoleStudent)
	per := lea.Join("per", models.RoleStudent)

	t.Run("a mark and a comment are written, and not written over unseen", func(t *testing.T) {
		w.in(t)
		k := lea.Exercise().Writes(anna, "Data came late.")
		k.get(k.path+"/feedback").refused(http.StatusNotFound, "feedback_not_found")
		k.put(k.path+"/feedback", object{"mark": "7"}, seeing(1)).refused(http.StatusNotFound, "feedback_not_found")
		first := k.put(k.path+"/feedback", object{"mark": "7", "comment": "Say more."}).want(http.StatusOK)
		if first.number("version") != 1 {
			t.Errorf("= %s", first.raw)
		}
		k.put(k.path+"/feedback", object{"mark": "7", "comment": "Say more."}).want(http.StatusOK) // sent again
		stale := k.put(k.path+"/feedback", object{"mark": "12"}).refused(http.StatusPreconditionFailed, "version_stale")
		if stale.text("current", "mark") != "7" {
			t.Errorf("current = %s", stale.raw)
		}
		k.put(k.path+"/feedback", object{"mark": "12"}, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		if got := k.put(k.path+"/feedback", object{"mark": "12"}, seeing(2)).want(http.StatusOK); got.text("comment") != "" || got.text("mark") != "12" {
			t.Errorf("= %s", got.raw)
		}
	})

	t.Run("a remark is on words that stand in what was submitted", func(t *testing.T) {
		w.in(t)
		k := lea.Exercise().Writes(anna, "Så kom data, sent.")
		k.Remark(0, 3, 6, "kom", "When?").refused(http.StatusConflict, "nothing_submitted")
		k.Submits()
		k.Remark(0, 3, 6, "kam", "When?").refused(http.StatusUnprocessableEntity, "quote_mismatch").pointing("/quote")
		k.Remark(0, 3, 600, "kom", "When?").refused(http.StatusUnprocessableEntity, "quote_mismatch")
		k.Remark(0, 6, 3, "kom", "When?").refused(http.StatusUnprocessableEntity, "quote_mismatch")
		k.Remark(0, 3, 6, "kom", "  ").refused(http.StatusUnprocessableEntity, "remark_empty").pointing("/text")
		k.post(k.path+"/feedback/remarks", object{"promptId": string(models.NewID()), "text": "Hm."}).refused(http.StatusNotFound, "prompt_not_found")
		id := string(models.NewID())
		one := object{"id": id, "promptId": k.prompts[0], "start": 3, "end": 6, "quote": "kom", "text": "When?"}
		k.post(k.path+"/feedback/remarks", one).want(http.StatusCreated)
		if got := k.post(k.path+"/feedback/remarks", one).want(http.StatusCreated); len(got.list("remarks")) != 1 {
			t.Errorf("sent twice = %s", got.raw)
		}
		one["text"] = "Where?"
		k.post(k.path+"/feedback/remarks", one).refused(http.StatusConflict, "id_taken")
		if got := k.patch(k.path+"/feedback/remarks/"+id, object{"text": "When exactly?"}).want(http.StatusOK); got.text("remarks", 0, "text") != "When exactly?" {
			t.Errorf("= %s", got.raw)
		}
		k.delete(k.path + "/feedback/remarks/" + id).want(http.StatusOK)
		k.delete(k.path+"/feedback/remarks/"+id).refused(http.StatusNotFound, "remark_not_found")
	})

	t.Run("remarks follow their words into what is submitted next", func(t *testing.T) {
		w.in(t)
		k := lea.Exercise().Writes(anna, "Data came late. Nobody asked.").Submits()
		k.Remark(0, 0, 4, "Data", "stays").want(http.StatusCreated)
		k.Remark(0, 16, 22, "Nobody", "moves").want(http.StatusCreated)
		k.Remark(0, 10, 14, "late", "is lost").want(http.StatusCreated)
		k.Remark(0, 0, 0, "", "on all").want(http.StatusCreated)
		if err := k.TakesBack(); err != nil {
			t.Fatal(err)
		}
		k.Remark(0, 0, 0, "", "not now").refused(http.StatusConflict, "nothing_submitted")
		k.Write(0, "Data came. Nobody asked.")
		k.Submits()
		got := k.get(k.path + "/feedback").want(http.StatusOK)
		if got.number("number") != 2 {
			t.Errorf("they are on hand-in %d", got.number("number"))
		}
		for i, want := range [][2]int{{0, 4}, {11, 17}, {0, 0}, {0, 0}} {
			if start, end := got.number("remarks", i, "start"), got.number("remarks", i, "end"); start != want[0] || end != want[1] {
				t.Errorf("%s: %d to %d", got.text("remarks", i, "text"), start, end)
			}
		}
		if got.text("remarks", 2, "quote") != "late" {
			t.Errorf("= %s", got.raw)
		}
	})

	t.Run("students see it once it is returned, and not before", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		k, other := x.Writes(anna, "Data came late.").Submits(), x.Writes(per, "Data came early.")
		k.put(k.path+"/feedback", object{"mark": "12"}).want(http.StatusOK)
		anna.get(k.path+"/feedback").refused(http.StatusNotFound, "feedback_not_found")
		lea.post(other.path+"/return", nil).refused(http.StatusConflict, "nothing_submitted")
		if got := lea.post(x.path+"/return", object{"submissionIds": array{}}).want(http.StatusOK); got.number("returned") != 0 {
			t.Errorf("of none that were named are returned %s", got.raw)
		}
		if got := lea.post(x.path+"/return", object{}).want(http.StatusOK); got.number("returned") != 1 {
			t.Errorf("= %s", got.raw)
		}
		if got := lea.post(x.path+"/return", object{}).want(http.StatusOK); got.number("returned") != 0 {
			t.Errorf("again = %s", got.raw)
		}
		if got := anna.get(k.path + "/feedback").want(http.StatusOK); got.text("mark") != "12" {
			t.Errorf("anna sees %s", got.raw)
		}
		per.get(k.path+"/feedback").refused(http.StatusNotFound, "submission_not_found")
		if err := k.TakesBack(); models.KindOf(err) != models.KindConflict {
			t.Errorf("what was returned is taken back: %v", err)
		}
		other.Submits()
		if got := lea.post(x.path+"/return", object{"submissionIds": array{k.id}}).want(http.StatusOK); got.number("returned") != 0 {
			t.Errorf("= %s", got.raw)
		}
		if at := lea.post(other.path+"/return", nil).want(http.StatusOK).text("returnedAt"); at == "" || lea.post(other.path+"/return", nil).want(http.StatusOK).text("returnedAt") != at {
			t.Error("a second return returns anew")
		}
	})

	t.Run("it says who wrote what, as each reader calls them", func(t *testing.T) {
		w.in(t)
		bo := lea.Join("bo", models.RoleAssistant, models.CourseReadWork, models.CourseFeedback)
		lea.ChangeMembership(bo, func(m *models.CourseMember) { m.Pseudonym = "Heron" })
		k := lea.Exercise().Writes(anna, "Data came late.").Submits()
		signed := func(r *reply, keys ...any) string {
			t.Helper()
			by, _ := r.want(http.StatusOK).value(keys...).(object)
			return fmt.Sprint(by["name"], " ", by["me"])
		}
		says := func(who *person, want ...string) {
			t.Helper()
			r := who.get(k.path + "/feedback")
			for i, keys := range [][]any{{"commentBy"}, {"markBy"}, {"remarks", 0, "by"}, {"remarks", 1, "by"}} {
				if got := signed(r, keys...); got != want[i] {
					t.Errorf("%s hears that %v was %s, want %s", who.name, keys, got, want[i])
				}
			}
		}
		k.put(k.path+"/feedback", object{"comment": "Say more.", "mark": ""}).want(http.StatusOK)
		bo.put(k.path+"/feedback", object{"comment": "Say more.", "mark": "7"}, seeing(1)).want(http.StatusOK)
		stale := k.put(k.path+"/feedback", object{"mark": "12"}).refused(http.StatusPreconditionFailed, "version_stale")
		if by := stale.text("current", "markBy", "name"); by != "bo" {
			t.Errorf("lea is refused for what %s wrote", by)
		}
		id := k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated).text("remarks", 0, "id")
		bo.post(k.path+"/feedback/remarks", object{"promptId": k.prompts[0], "text": "Hm."}).want(http.StatusCreated)
		anna.get(k.path+"/feedback").refused(http.StatusNotFound, "feedback_not_found")
		says(lea.person, "lea true", "bo false", "lea true", "bo false")
		says(bo, "lea false", "bo true", "lea false", "bo true")
		bo.patch(k.path+"/feedback/remarks/"+id, object{"text": "Which data?"}).want(http.StatusOK)
		k.post(k.path+"/return", nil).want(http.StatusOK)
		says(anna, "lea false", "Heron false", "Heron false", "Heron false")

		// Who has left is still named; whose personal data was deleted isn't, nor is who wrote what is gone.
		seat := string(lea.Membership(bo).ID)
		lea.delete(lea.path + "/members/" + seat).want(http.StatusNoContent)
		says(lea.person, "lea true", "bo false", "bo false", "bo false")
		k.put(k.path+"/feedback", object{"comment": "", "mark": "7"}, seeing(lea.get(k.path+"/feedback").number("version"))).want(http.StatusOK)
		says(lea.person, "<nil> <nil>", "bo false", "bo false", "bo false")
	})

	t.Run("what is said at the same moment is all kept", func(t *testing.T) {
		w.in(t)
		k := lea.Exercise().Writes(anna, "Data came late.").Submits()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { k.Remark(0, 0, 4, "Data", "Which?").want(http.StatusCreated) })
		}
		all.Wait()
		if got := k.get(k.path + "/feedback").want(http.StatusOK); len(got.list("remarks")) != 8 {
			t.Errorf("%d are left", len(got.list("remarks")))
		}
	})

	t.Run("a submission is returned or taken back, never both", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise()
		returned, taken := 0, 0
		for i := range 16 {
			who := anna
			if i > 0 {
				who = lea.Join("student"+string(rune('a'+i)), models.RoleStudent)
			}
			k := x.Writes(who, "Data came late.").Submits()
			var both sync.WaitGroup
			var back error
			both.Go(func() { back = k.TakesBack() })
			both.Go(func() {
				if i%2 == 0 {
					k.post(k.path+"/return", nil)
				} else {
					k.post(x.path+"/return", object{"submissionIds": array{k.id}})
				}
			})
			both.Wait()
			sub, err := w.db.SubmissionByID(t.Context(), models.ID(k.id))
			if err != nil {
				t.Fatal(err)
			}
			switch isBack, isReturned := back == nil, sub.ReturnedAt != nil; {
			case isBack == isReturned, isReturned != sub.Submitted():
				t.Errorf("taken back: %v, returned: %v, hand-in %d", back, isReturned, sub.HandIn)
			case isBack:
				taken++
			default:
				returned++
			}
		}
		t.Logf("%d were returned, %d taken back", returned, taken)
	})
}
