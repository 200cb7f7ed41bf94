package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"feltbog/models"
)

// TestClassAnswers shows the class what it found.
func TestClassAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, per := lea.Join("anna", models.RoleStudent), lea.Join("per", models.RoleStudent)
	mia := lea.Join("mia", models.RoleStudent)
	lea.ChangeMembership(per, func(m *models.CourseMember) { m.Pseudonym = "Heron" })

	// passage is evidence from a note of the exercise: released to all, or of one submission alone.
	passage := func(x *exercise, quote, party string) models.Evidence {
		n := &models.Note{Head: models.Head{ID: models.NewID(), SpaceID: models.ID(x.id), Version: 1, CreatedAt: time.Now(), UpdatedAt: time.Now()}, Title: "A note", PartyID: models.ID(party)}
		if err := w.db.Notes().Insert(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		return models.Evidence{ID: models.NewID(), NoteID: n.ID, CodingID: models.NewID(), Anchor: &models.Anchor{End: len(quote), Quote: quote, TextVersion: 1}, Why: "Since " + quote, AddedBy: models.NewID(), AddedAt: time.Now()}
	}

	t.Run("the class sees what it submitted once it has, where that is shown", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"passages": 0})
		k := x.Writes(anna, "Data came late.")
		at := x.path + "/class?prompt=" + k.prompts[0]
		anna.get(at).refused(http.StatusConflict, "class_hidden")
		anna.get(x.path+"/map").refused(http.StatusConflict, "class_hidden")
		x.patch(x.path, object{"shownToClass": true}, seeing(x.version())).want(http.StatusOK)
		anna.get(at).refused(http.StatusConflict, "submit_first")
		anna.get(x.path+"/map").refused(http.StatusConflict, "submit_first")
		k.Submits()
		other := x.Writes(per, "A draft of per's.")
		if got := anna.get(at).want(http.StatusOK); len(got.items()) != 1 || strings.Contains(string(got.raw), "draft") {
			t.Errorf("anna sees %s", got.raw)
		}
		mia.get(at).refused(http.StatusConflict, "submit_first")
		other.Submits()
		if got := anna.get(at).want(http.StatusOK); len(got.items()) != 2 {
			t.Errorf("anna sees %s", got.raw)
		}
		if err := other.TakesBack(); err != nil {
			t.Fatal(err)
		}
		if got := anna.get(at).want(http.StatusOK); len(got.items()) != 1 {
			t.Errorf("anna sees what was taken back: %s", got.raw)
		}
		per.get(at).refused(http.StatusConflict, "submit_first")
		anna.get(x.path+"/class").refused(http.StatusUnprocessableEntity, "prompt_missing")
		anna.get(x.path+"/class?prompt="+k.id).refused(http.StatusNotFound, "prompt_not_found")
	})

	t.Run("names are hidden unless they are shown", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"passages": 0, "shownToClass": true})
		k := x.Writes(anna, "Data came late.").Submits()
		theirs := x.Writes(per, "Data came early.").Submits()
		at := x.path + "/class?prompt=" + k.prompts[0]
		names := func(who *person) string {
			var all []string
			for i := range 2 {
				all = append(all, who.get(at).want(http.StatusOK).text("items", i, "name"))
			}
			return strings.Join(all, ",")
		}
		hidden := anna.get(at).want(http.StatusOK)
		for _, secret := range []string{"Heron", `"per"`, per.id, theirs.id, theirs.id[:18], string(lea.Membership(per).ID), "addedBy", "codingId"} {
			if strings.Contains(string(hidden.raw), secret) {
				t.Errorf("anna learns %s: %s", secret, hidden.raw)
			}
		}
		if names(lea.person) != "anna,per" {
			t.Errorf("lea sees %s", names(lea.person))
		}
		x.patch(x.path, object{"namesShown": true}, seeing(x.version())).want(http.StatusOK)
		if names(anna) != "anna,Heron" {
			t.Errorf("anna sees %s", names(anna))
		}
	})

	t.Run("what a student's own notes say is left out for others", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"passages": 0, "shownToClass": true})
		k := x.Writes(anna, "Data came late.", func(k *work) {
			gone := passage(x, "withdrawn words", "")
			gone.Withdrawn, gone.Anchor.Quote = true, ""
			k.evident = []models.Evidence{passage(x, "released words", ""), passage(x, "own words", k.id), gone}
		}).Submits()
		x.Writes(per, "Data came early.").Submits()
		at := x.path + "/class?prompt=" + k.prompts[0]
		told := string(per.get(at).want(http.StatusOK).raw)
		if !strings.Contains(told, "Since released words") || strings.Contains(told, "own words") || strings.Contains(told, "withdrawn words") || !strings.Contains(told, `"ownPassages":1`) || !strings.Contains(told, `"withdrawn":true`) {
			t.Errorf("per sees %s", told)
		}
		for _, who := range []*person{anna, lea.person} {
			if told := string(who.get(at).want(http.StatusOK).raw); !strings.Contains(told, "Since own words") || strings.Contains(told, `"ownPassages":1`) {
				t.Errorf("%s sees %s", who.name, told)
			}
		}
	})

	t.Run("the map counts submissions and passages by kind and code", func(t *testing.T) {
		w.in(t)
		x := lea.Exercise(object{"passages": 0, "shownToClass": true})
		x.Writes(anna, "Data came late.", func(k *work) { k.kind = models.OrganisationAgency }).Submits()
		x.Writes(per, "Data came early.", func(k *work) {
			k.kind = models.OrganisationAgency
			k.evident = append(k.evident, k.evident[0])
		}).Submits()
		x.Writes(mia, "Nothing was found.", func(k *work) { k.kind, k.evident = "", []models.Evidence{} }).Submits()
		for _, who := range []*person{anna, lea.person} {
			got := who.get(x.path + "/map").want(http.StatusOK)
			if len(got.list("kinds")) != 2 || got.text("kinds", 0, "kind") != "agency" || got.number("kinds", 0, "submissions") != 2 || got.number("kinds", 1, "submissions") != 1 {
				t.Errorf("kinds = %s", got.raw)
			}
			if len(got.list("codes")) != 6 || len(got.list("cells")) != 6 || got.number("cells", 0, "submissions") != 2 || got.number("cells", 0, "passages") != 3 {
				t.Errorf("cells = %s", got.raw)
			}
		}
	})
}
