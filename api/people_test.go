package api_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"feltbog/models"
)

// former gives the names of those who left, by their ids.
func (j *project) former() map[string]string {
	j.w.t.Helper()
	names := map[string]string{}
	for _, m := range j.get(j.path + "/members?former=true").want(http.StatusOK).items() {
		if at(j.w.t, m, "left") != true {
			j.w.t.Errorf("%v hasn't left", m)
		}
		if m.(object)["email"] != nil {
			j.w.t.Errorf("%v has an address", m)
		}
		names[at(j.w.t, m, "userId").(string)] = at(j.w.t, m, "name").(string)
	}
	return names
}

// exported gives the values of one column of an export, each once.
func (j *project) exported(what, column string) []string {
	j.w.t.Helper()
	r := j.get(j.path + "/exports/" + what + "?format=csv").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.raw), "\ufeff"))).ReadAll()
	if err != nil {
		j.w.t.Fatal(err)
	}
	at := slices.Index(rows[0], column)
	var values []string
	for _, row := range rows[1:] {
		values = append(values, row[at])
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// departed says how those who left are to be called.
func (j *project) departed(how string) {
	j.w.t.Helper()
	j.patch(j.path, object{"departedCoders": how}, seeing(j.get(j.path).version())).want(http.StatusOK)
}

func TestPeopleWhoLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.User("admin")
	lea := w.User("lea")
	j := lea.Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleCoder).Member("ole", models.RoleEditor)
	bo, ida := w.User("bo"), w.User("ida")
	n := j.As("ida").Note("The registers are what everything else stands on.", object{"observerId": ida.id})
	for _, name := range []string{"bo", "ida"} {
		theirs := *n
		theirs.project = j.As(name)
		theirs.Coding("foundation", "registers")
	}
	leaves := func(p *person) { j.delete(j.path + "/members/" + p.id).want(http.StatusNoContent) }

	t.Run("they are called by name unless the project says otherwise", func(t *testing.T) {
		w.in(t)
		if got := j.get(j.path).want(http.StatusOK).text("departedCoders"); got != "name" {
			t.Errorf("departedCoders = %s", got)
		}
		if len(j.former()) != 0 {
			t.Errorf("left: %v", j.former())
		}
		leaves(ida)
		if got := j.former(); len(got) != 1 || got[ida.id] != "ida" {
			t.Errorf("left: %v", got)
		}
		if got := j.exported("codings", "Coder"); !slices.Equal(got, []string{"bo", "ida"}) {
			t.Errorf("coders = %v", got)
		}
	})

	t.Run("pseudonyms count by the order of joining, and stay whoever else leaves", func(t *testing.T) {
		w.in(t)
		j.departed("pseudonym")
		if got := j.former(); got[ida.id] != "Coder 3" {
			t.Errorf("left: %v", got)
		}
		leaves(bo)
		if got := j.former(); len(got) != 2 || got[bo.id] != "Coder 2" || got[ida.id] != "Coder 3" {
			t.Errorf("left: %v", got)
		}
		if got := j.exported("codings", "Coder"); !slices.Equal(got, []string{"Coder 2", "Coder 3"}) {
			t.Errorf("coders = %v", got)
		}
		if got := j.exported("notes", "Observer"); !slices.Equal(got, []string{"Coder 3"}) {
			t.Errorf("observers = %v", got)
		}
		for _, path := range []string{"", "/members", "/members?former=true", "/activity", "/events", "/codings", n.at[len(j.path):], "/memos", "/bin", "/codebook", "/exports/notes", "/exports/codings", "/exports/codebook"} {
			if r := j.As("ole").get(j.path + path).want(http.StatusOK); strings.Contains(string(r.raw), `"ida"`) || strings.Contains(string(r.raw), ",ida,") {
				t.Errorf("%s tells her name: %s", path, r.raw)
			}
		}
	})

	t.Run("who comes back has their name, and in the end the pseudonym of before", func(t *testing.T) {
		w.in(t)
		j.Member("ida", models.RoleReader)
		if got := j.former(); len(got) != 1 || got[bo.id] != "Coder 2" {
			t.Errorf("left: %v", got)
		}
		if got := j.exported("codings", "Coder"); !slices.Equal(got, []string{"Coder 2", "ida"}) {
			t.Errorf("coders = %v", got)
		}
		leaves(ida)
		if got := j.former(); len(got) != 2 || got[ida.id] != "Coder 3" {
			t.Errorf("left: %v", got)
		}
	})

	t.Run("owners choose it, and can undo that; an editor can't", func(t *testing.T) {
		w.in(t)
		j.patch(j.path, object{"departedCoders": "initials"}, seeing(j.get(j.path).version())).
			refused(http.StatusUnprocessableEntity, "departed_coders_unknown").pointing("/departedCoders")
		j.As("ole").patch(j.path, object{"departedCoders": "name"}, seeing(j.get(j.path).version())).refused(http.StatusForbidden, "role_insufficient")
		event := j.get(j.path+"/events?noun=project&limit=1").want(http.StatusOK).text("items", 0, "id")
		j.As("ole").post(j.path+"/events/"+event+"/undo", nil).refused(http.StatusForbidden, "role_insufficient")
		j.post(j.path+"/events/"+event+"/undo", nil).want(http.StatusCreated)
		if got := j.former(); got[ida.id] != "ida" {
			t.Errorf("left: %v", got)
		}
	})

	t.Run("an account that is gone has nothing but a pseudonym", func(t *testing.T) {
		w.in(t)
		bo.do(http.MethodDelete, "/me", object{"password": bo.password}).want(http.StatusNoContent)
		if got := j.former(); got[bo.id] != "Coder 2" || got[ida.id] != "ida" {
			t.Errorf("left: %v", got)
		}
		if got := j.exported("codings", "Coder"); !slices.Equal(got, []string{"Coder 2", "ida"}) {
			t.Errorf("coders = %v", got)
		}
	})

	t.Run("a copy keeps the choice", func(t *testing.T) {
		w.in(t)
		j.departed("pseudonym")
		if got := j.post(j.path+"/copy", object{"name": "Again"}).want(http.StatusCreated).text("departedCoders"); got != "pseudonym" {
			t.Errorf("departedCoders = %s", got)
		}
	})
}
