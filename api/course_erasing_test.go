package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/local/enginetest"
	"feltbog/models"
)

// engine is the database behind a world, for what no use case writes or reads that way.
func (w *world) engine() *mongo.Database {
	w.t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(w.t)).
		SetBSONOptions(&options.BSONOptions{UseJSONStructTags: true, NilSliceAsEmpty: true, OmitZeroStruct: true}))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(w.t.Context())) })
	return client.Database(w.db.Name())
}

// secretWords are in everything that a student wrote.
const secretWords = "Kirsten at the counter"

// remains is what a student, or their group, made of an exercise.
type remains struct {
	submission models.ID
	answer     string
	ownNote    models.ID
	coding     models.ID
}

// Finished makes a submission with an answer, evidence, a hand-in, feedback and an own note, in all of which are
// secretWords.
func (x *exercise) Finished(member, group models.ID) remains {
	x.w.t.Helper()
	ctx, db, now := x.w.t.Context(), x.w.db, time.Now().UTC().Truncate(time.Millisecond)
	head := func(id models.ID) models.Head {
		return models.Head{ID: id, SpaceID: models.ID(x.id), Version: 1, CreatedAt: now, UpdatedAt: now}
	}
	must := func(err error) {
		x.w.t.Helper()
		if err != nil {
			x.w.t.Fatal(err)
		}
	}
	raw := x.w.engine()
	insert := func(collection string, doc any) {
		x.w.t.Helper()
		_, err := raw.Collection(collection).InsertOne(ctx, doc)
		must(err)
	}
	out := remains{submission: models.NewID(), ownNote: models.NewID(), coding: models.NewID()}
	organisation := models.Organisation{Name: secretWords, Kind: models.OrganisationHealth, Why: secretWords}
	must(db.Submissions().Insert(ctx, &models.Submission{
		Head: head(out.submission), CourseID: models.ID(x.class.id), MemberID: member, GroupID: group, Organisation: organisation, HandIn: 1, HandIns: 1,
	}))
	anchor := models.Anchor{Start: 0, End: 22, Quote: secretWords, Prefix: "", Suffix: " " + secretWords, TextVersion: 1}
	evidence := func() []models.Evidence {
		a := anchor
		return []models.Evidence{
			{ID: models.NewID(), NoteID: out.ownNote, CodingID: out.coding, Anchor: &a, Why: secretWords, AddedBy: models.NewID(), AddedAt: now},
			{ID: models.NewID(), Web: &models.WebSource{URL: "https://example.org/" + secretWords, Title: secretWords, Quote: secretWords}, Why: "", AddedBy: models.NewID(), AddedAt: now},
		}
	}
	prompt := models.NewID()
	answer := models.NewAnswer(out.submission, models.ID(x.id), prompt)
	answer.Text, answer.Words, answer.Evidence, answer.AuthorID, answer.UpdatedAt = secretWords, 4, evidence(), models.NewID(), now
	answer.Others = []models.OtherVersion{{Writer: models.NewID(), AuthorID: models.NewID(), Text: secretWords, Revision: models.NewID(), UpdatedAt: now}}
	must(db.SaveAnswer(ctx, answer, 0))
	out.answer = answer.ID
	must(db.InsertHandIn(ctx, &models.HandIn{
		SubmissionID: out.submission, ExerciseID: models.ID(x.id), Number: 1, At: now, By: models.NewID(), MemberIDs: []models.ID{member}, Hash: "abc", Organisation: organisation,
		Answers: []models.HandedAnswer{{PromptID: prompt, Text: secretWords, Words: 4, Evidence: evidence()}},
	}))
	insert("feedbacks", &models.Feedback{
		Head: head(out.submission), Mark: "10", Comment: secretWords, Number: 1,
		Remarks: []models.Remark{{ID: models.NewID(), PromptID: prompt, Quote: secretWords, Text: secretWords, AuthorID: models.NewID(), At: now}},
	})
	must(db.Notes().Insert(ctx, &models.Note{
		Head: head(out.ownNote), Title: secretWords, Kind: models.NoteKinds()[0], Language: "en", PartyID: out.submission, ParticipantIDs: []models.ID{}, TextVersion: 1, Length: 22,
	}))
	insert("texts", bson.D{{Key: "_id", Value: coding.TextID(out.ownNote, 1)}, {Key: "noteId", Value: out.ownNote}, {Key: "spaceId", Value: x.id}, {Key: "text", Value: secretWords}})
	must(db.Codings().Insert(ctx, &models.Coding{
		Head: head(out.coding), Layer: models.Layer(out.submission), NoteID: models.NewID(), CodeID: models.NewID(), CoderID: models.NewID(), Anchor: anchor,
	}))
	return out
}

// stored gives all that the store keeps of courses and exercises, as it stands there.
func (x *exercise) stored() string {
	x.w.t.Helper()
	raw := x.w.engine()
	var all strings.Builder
	for _, name := range []string{"submissions", "exerciseAnswers", "handIns", "feedbacks", "notes", "texts", "codings", "events", "courseMembers"} {
		cursor, err := raw.Collection(name).Find(x.w.t.Context(), bson.D{})
		if err != nil {
			x.w.t.Fatal(err)
		}
		for cursor.Next(x.w.t.Context()) {
			all.WriteString(name + " " + cursor.Current.String() + "\n")
		}
		if err := cursor.Err(); err != nil {
			x.w.t.Fatal(err)
		}
	}
	return all.String()
}

func TestErasingPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	x := c.Exercise()
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)

	t.Run("who they are goes with the words of their own work, and the figures stand", func(t *testing.T) {
		w.in(t)
		id := c.seat(anna)
		c.patch(c.path+"/members/"+id, object{"name": "Anna Bergsdottir", "pseudonym": "Fjordlark"}, seeing(1)).want(http.StatusOK)
		mine := x.Finished(models.ID(id), "")
		if n := strings.Count(x.stored(), secretWords); n < 20 {
			t.Fatalf("the words stand in %d places", n)
		}
		r := c.post(c.path+"/members/"+id+"/erase", nil).want(http.StatusOK)
		if r.text("state") != "erased" || r.text("name") != "Student 2" || r.value("email") != nil || r.text("pseudonym") != "" {
			t.Errorf("erased = %s", r.raw)
		}
		kept := x.stored()
		for _, word := range []string{secretWords, "Bergsdottir", "Fjordlark", "anna@example.org", anna.id} {
			if i := strings.Index(kept, word); i >= 0 {
				t.Errorf("%q is left: …%s", word, kept[max(0, i-300):min(len(kept), i+100)])
			}
		}
		answers, err := w.db.Answers(t.Context(), mine.submission)
		at := slices.IndexFunc(answers, func(a *models.Answer) bool { return a.ID == mine.answer }) // beside those that were never begun
		if err != nil || at < 0 {
			t.Fatalf("%d answers, %v", len(answers), err)
		}
		if a := answers[at]; a.Words != 4 || len(a.Evidence) != 2 || a.Text != models.Erased || a.Evidence[0].Why != models.Erased || a.Evidence[1].Why != "" {
			t.Errorf("answer = %+v", a)
		}
		h, err := w.db.HandIn(t.Context(), mine.submission, 1)
		if err != nil || h.Hash != "abc" || h.Answers[0].Words != 4 || h.Organisation.Kind != models.OrganisationHealth {
			t.Errorf("hand-in = %+v, %v", h, err)
		}
		if !strings.Contains(kept, `"mark": "10"`) && !strings.Contains(kept, `"mark":"10"`) {
			t.Error("the mark is gone")
		}
		anna.get(c.path).refused(http.StatusNotFound, "course_not_found")
		c.post(c.path+"/members/"+id+"/erase", nil).want(http.StatusOK) // again
		c.patch(c.path+"/members/"+id, object{"name": "Anna"}, seeing(int(c.find(c, id)["version"].(float64)))).refused(http.StatusConflict, "member_erased")
	})

	t.Run("what a group wrote stays the group's", func(t *testing.T) {
		w.in(t)
		id := c.seat(bo)
		theirs := x.Finished("", models.ID(c.Group("Registers")))
		c.post(c.path+"/members/"+id+"/erase", nil).want(http.StatusOK)
		answers, err := w.db.Answers(t.Context(), theirs.submission)
		if err != nil || len(answers) != 1 || answers[0].Text != secretWords {
			t.Errorf("answers = %+v, %v", answers, err)
		}
	})

	t.Run("the last instructor isn't erased, nor a course left without one by the deletion of an account", func(t *testing.T) {
		w.in(t)
		c.post(c.path+"/members/"+c.seat(c.person)+"/erase", nil).refused(http.StatusConflict, "instructor_needed")
		w.User("first") // the administrator is another
		mia := w.User("mia")
		hers := mia.Class("Silos")
		r := mia.do(http.MethodDelete, "/me", object{"password": mia.password}).refused(http.StatusConflict, "instructor_needed")
		if !strings.Contains(r.text("detail"), "“Silos”") {
			t.Errorf("it doesn't say which: %s", r.raw)
		}
		mia.get(hers.path).want(http.StatusOK)
	})

	t.Run("who deletes their account is erased from all courses, those too that they left", func(t *testing.T) {
		w.in(t)
		kim := c.Join("kim", models.RoleStudent)
		other := w.User("lea").Class("Left")
		other.Join("kim", models.RoleStudent)
		seat, left := c.seat(kim), other.seat(kim)
		hers, before := x.Finished(models.ID(seat), ""), other.Exercise().Finished(models.ID(left), "")
		kim.post(other.path+"/leave", nil).want(http.StatusNoContent)
		kim.do(http.MethodDelete, "/me", object{"password": kim.password}).want(http.StatusNoContent)
		kept := x.stored()
		for _, word := range []string{string(hers.submission), string(before.submission)} {
			for line := range strings.SplitSeq(kept, "\n") {
				if strings.Contains(line, word) && strings.Contains(line, secretWords) {
					t.Errorf("the words are left: %s", line)
				}
			}
		}
		for line := range strings.SplitSeq(kept, "\n") {
			if strings.HasPrefix(line, "courseMembers") && strings.Contains(line, kim.id) {
				t.Errorf("a course tells of the account: %s", line)
			}
		}
		if m := c.find(c, seat); m["state"] != "erased" {
			t.Errorf("kim = %v", m)
		}
	})
}

func TestCopyingCourses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	c.ByChoice(4)
	c.Join("anna", models.RoleStudent)
	c.Open()
	x := c.Exercise(object{"open": true, "dueAt": "2027-03-01T12:00", "timeZone": "Europe/Copenhagen", "minWords": 40})
	x.Finished(models.ID(c.seat(w.User("anna"))), "")

	r := c.post(c.path+"/copy", object{"name": "Organising again", "term": "Spring 2028"}).want(http.StatusCreated)
	if r.text("name") != "Organising again" || r.text("term") != "Spring 2028" || r.text("copiedFrom") != c.id || r.number("groupSize") != 4 || r.text("role") != "instructor" {
		t.Errorf("copy = %s", r.raw)
	}
	path := "/courses/" + r.id()
	if all := c.get(path + "/members").want(http.StatusOK); len(all.items()) != 1 || all.text("items", 0, "name") != "lea" {
		t.Errorf("members = %s", all.raw)
	}
	c.get(path+"/join").refused(http.StatusNotFound, "join_closed")
	all := c.get(path + "/exercises").want(http.StatusOK)
	if len(all.items()) != 1 {
		t.Fatalf("exercises = %s", all.raw)
	}
	e, of := all.items()[0], c.get(x.path).want(http.StatusOK)
	if at(t, e, "open") != false || at(t, e, "dueAt") != "" || at(t, e, "due") != nil || at(t, e, "minWords") != 40.0 || at(t, e, "id") == x.id {
		t.Errorf("exercise = %v", e)
	}
	codes := map[any]any{}
	for _, code := range c.get("/exercises/" + at(t, e, "id").(string) + "/codes").want(http.StatusOK).items() {
		codes[at(t, code, "id")] = at(t, code, "key")
	}
	prompts, before := at(t, e, "prompts").(array), of.list("prompts")
	if len(prompts) != 6 || len(codes) != 8 {
		t.Fatalf("%d prompts, %d codes", len(prompts), len(codes))
	}
	keys := map[any]any{}
	for _, code := range c.get(x.path + "/codes").want(http.StatusOK).items() {
		keys[at(t, code, "id")] = at(t, code, "key")
	}
	for i, p := range prompts {
		if at(t, p, "id") == at(t, before[i], "id") || at(t, p, "title", "en") != at(t, before[i], "title", "en") || codes[at(t, p, "codeId")] == nil || codes[at(t, p, "codeId")] != keys[at(t, before[i], "codeId")] {
			t.Errorf("prompt %d = %v, and was %v", i, p, before[i])
		}
	}
	if notes := c.get("/exercises/" + at(t, e, "id").(string) + "/notes").want(http.StatusOK); len(notes.items()) != 0 {
		t.Errorf("notes = %s", notes.raw)
	}
	w.User("anna").post(c.path+"/copy", object{}).refused(http.StatusForbidden, "course_role_insufficient")
}
