package api_test

import (
	"net/http"
	"strings"
	"testing"

	"feltbog/models"
)

func TestTables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	set := j.put(j.path+"/attributes", object{"items": array{object{"name": "Recorded", "type": "boolean"}}}, seeing(j.get(j.path).want(http.StatusOK).version())).want(http.StatusOK)
	recorded := set.text("attributes", 0, "id")

	t.Run("one step makes a note of each row, which answers for itself", func(t *testing.T) {
		w.in(t)
		form, header := aForm(t, object{"kind": "interview"}, text("notes.csv", "Titel;Dato;Sted;Tekst;Recorded\nOne;3.4.2024;Rådhuset;Ord;ja\nTwo;snart;;Ord;\nThree;;;Andre ord;nej\n"), text("a.txt", "Plain words."))
		r := j.post(j.path+"/imports", form, header).want(http.StatusOK)
		var got []string
		for i := range r.items() {
			got = append(got, r.text("items", i, "file")+" "+r.text("items", i, "status"))
		}
		if strings.Join(got, ", ") != "notes.csv#2 created, notes.csv#3 refused, notes.csv#4 created, a.txt created" {
			t.Errorf("answers %s", r.raw)
		}
		n := j.get(j.path + "/notes/" + r.text("items", 0, "noteId")).want(http.StatusOK)
		if n.text("observedOn") != "2024-04-03" || n.text("kind") != "interview" || n.value("attributes", recorded) != true {
			t.Errorf("a note is %s", n.raw)
		}
	})
	t.Run("one step refuses a table that leaves a question, and names it", func(t *testing.T) {
		w.in(t)
		form, header := aForm(t, object{"kind": "interview"}, text("notes.csv", "Title,Date,Text\nOne,03/04/2024,Words\n"))
		r := j.post(j.path+"/imports", form, header).want(http.StatusOK)
		if r.text("items", 0, "problem", "code") != "table_ambiguous" || !strings.Contains(r.text("items", 0, "problem", "detail"), "03/04/2024") {
			t.Errorf("answers %s", r.raw)
		}
	})
	t.Run("a table is looked at, corrected and committed", func(t *testing.T) {
		w.in(t)
		u := j.Send("people.csv", []byte("Who,Role,Since\nKaren,manager,03/04/2024\nOle,,05/06/2024\n"))
		if u.text("table", "of") != "participants" || u.text("table", "columns", 1, "field") != "actorRole" || u.number("table", "rows") != 2 || u.text("table", "columns", 0, "field") != "" {
			t.Fatalf("understood: %s", u.raw)
		}
		mapping := object{"of": "participants", "columns": array{object{"name": "Who", "field": "pseudonym"}, object{"name": "Role", "field": "actorRole"}, object{"name": "Since", "field": ""}}}
		commit := func(table object) *reply {
			return j.Commit(object{"uploadId": u.id(), "as": "table", "table": table})
		}
		if r := commit(object{"of": "participants", "columns": array{}}); r.text("items", 0, "problem", "code") != "mapping_invalid" {
			t.Errorf("committed: %s", r.raw)
		}
		if r := commit(mapping); r.text("items", 0, "status") != "created" || r.number("items", 0, "participants") != 2 || r.value("items", 0, "noteId") != nil {
			t.Errorf("committed: %s", r.raw)
		}
		if people := j.get(j.path + "/participants").want(http.StatusOK); len(people.items()) != 2 {
			t.Errorf("participants: %s", people.raw)
		}
	})
	t.Run("the preview has the rows in the order of their columns", func(t *testing.T) {
		w.in(t)
		u := j.Send("notes.csv", []byte("Title,Recorded,Text,Note id\nOne,x,Words,1\n"))
		if !strings.Contains(string(u.raw), `"preview":[{"Title":"One","Recorded":"true","Text":"Words"}]`) {
			t.Errorf("previewed: %s", u.raw)
		}
	})
}
