package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feltbog/models"
)

func TestAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	project := j.get(j.path).want(http.StatusOK)
	if len(project.list("attributes")) != 0 {
		t.Errorf("a new project has %s", project.raw)
	}
	set := j.put(j.path+"/attributes", object{"items": array{
		object{"name": "Data source", "type": "choice", "choices": array{"Register", "Memory"}},
		object{"name": "People present", "type": "number"},
		object{"name": "Recorded", "type": "boolean"},
		object{"name": "Title", "type": "text"},
	}}, seeing(project.version())).want(http.StatusOK)
	var ids []string
	for _, a := range set.list("attributes") {
		ids = append(ids, a.(map[string]any)["id"].(string))
	}
	source, present, recorded, title := ids[0], ids[1], ids[2], ids[3]
	j.put(j.path+"/attributes", object{"items": array{}}, seeing(project.version())).want(http.StatusPreconditionFailed)
	j.put(j.path+"/attributes", object{"items": array{}}).want(http.StatusBadRequest)

	n := j.As("bo").Note("The registers are what everything else stands on.", object{"attributes": object{source: "Register", present: 3, recorded: true, title: "=1+1"}})
	n.Coding("foundation", "registers")
	plain := j.Note("Nobody has counted.")
	if got := j.get(j.path + "/notes/" + plain.id).want(http.StatusOK); !strings.Contains(string(got.raw), `"attributes":{}`) {
		t.Errorf("a note without values is %s", got.raw)
	}
	changed := j.patch(j.path+"/notes/"+n.id, object{"attributes": object{present: nil}}, seeing(1)).want(http.StatusOK)
	if strings.Contains(string(changed.raw), present) || !strings.Contains(string(changed.raw), source+`":"Register"`) {
		t.Errorf("after a null: %s", changed.raw)
	}
	for _, c := range []struct {
		list, asked string
		want        int
	}{
		{"/notes?", source + ":Register", 1},
		{"/notes?", source + ":Memory", 0},
		{"/notes?", title + ":==1+1", 1},
		{"/notes?", string(models.NewID()) + ":Register", 0},
		{"/codings?", recorded + ":true", 1},
		{"/codings?", recorded + ":false", 0},
		{"/codings?order=place&", recorded + ":false", 0},
	} {
		if r := j.get(j.path + c.list + "attribute=" + url.QueryEscape(c.asked)).want(http.StatusOK); len(r.list("items")) != c.want {
			t.Errorf("%s%s = %s", c.list, c.asked, r.raw)
		}
	}
	j.get(j.path+"/notes?attribute=x").refused(http.StatusUnprocessableEntity, "attribute_filter_malformed")
	j.put(j.path+"/attributes", object{"items": array{}}, seeing(set.version())).refused(http.StatusConflict, "attribute_in_use")

	t.Run("a saved search keeps values", func(t *testing.T) {
		w.in(t)
		asked := source + ":Register"
		saved := j.post(j.path+"/saved-searches", object{"name": "From registers", "query": object{"attribute": array{asked}}}).want(http.StatusCreated)
		if !strings.Contains(string(saved.raw), asked) {
			t.Errorf("saved: %s", saved.raw)
		}
		j.post(j.path+"/saved-searches", object{"name": "Wrong", "query": object{"attribute": array{"x"}}}).want(http.StatusUnprocessableEntity)
	})
	t.Run("a draft keeps values, whatever they are", func(t *testing.T) {
		w.in(t)
		id := string(models.NewID())
		draft := func(values object) object {
			body := aDraft("Half a sentence")
			body["note"] = object{"attributes": values}
			return body
		}
		if got := j.put(j.path+"/drafts/"+id, draft(object{source: "Rumour", present: 2})).want(http.StatusOK); got.number("note", "attributes", present) != 2 {
			t.Errorf("kept: %s", got.raw)
		}
		j.put(j.path+"/drafts/"+string(models.NewID()), draft(object{source: array{"x"}})).refused(http.StatusUnprocessableEntity, "attribute_value")
	})
	t.Run("an export of notes has a column of each attribute", func(t *testing.T) {
		w.in(t)
		csv := string(j.get(j.path + "/exports/notes?format=csv").want(http.StatusOK).raw)
		heading, rows, _ := strings.Cut(csv, "\r\n")
		if !strings.HasSuffix(heading, ",Note id,Data source,People present,Recorded,Title (attribute)") {
			t.Errorf("columns: %s", heading)
		}
		if !strings.Contains(rows, n.id+",Register,,true,'=1+1") || !strings.Contains(rows, plain.id+",,,,") {
			t.Errorf("rows: %s", rows)
		}
		lines := string(j.get(j.path + "/exports/notes?format=jsonl").want(http.StatusOK).raw)
		if !strings.Contains(lines, `"attribute:Recorded":true`) || !strings.Contains(lines, `"attribute:People present":null`) {
			t.Errorf("lines: %s", lines)
		}
	})
	t.Run("a search filters by values and counts them", func(t *testing.T) {
		w.in(t)
		w.Indexing()
		search := func(asked string) *reply {
			return j.get(j.path + "/search?q=registers&type=passage&attribute=" + url.QueryEscape(asked)).want(http.StatusOK)
		}
		eventually(t, "the note is found by its value", func() bool { return search(source+":Register").number("total") == 1 })
		r := search(recorded + ":true")
		if r.number("facets", "attributes", source, "Register") != 1 || r.number("facets", "attributes", recorded, "true") != 1 {
			t.Errorf("counts %s", r.raw)
		}
		if search(recorded+":false").number("total") != 0 {
			t.Error("a note is found by a value that it hasn't")
		}
		j.get(j.path+"/search?attribute=x").refused(http.StatusUnprocessableEntity, "attribute_filter_malformed")
	})
}
