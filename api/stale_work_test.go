package api_test

import (
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"feltbog/api"
	"feltbog/models"
)

// unconditional are the changes of teaching that need not say which version they saw: they are of one thing of
// a record, or, as the saving of an answer, keep both.
var unconditional = map[string]bool{
	"PUT /courses/:course/groups/places":                      true,
	"PUT /exercises/:exercise/extensions/:member":             true,
	"PUT /submissions/:submission/answers/:prompt":            true,
	"PATCH /submissions/:submission/evidence/:evidence":       true,
	"PATCH /submissions/:submission/feedback/remarks/:remark": true,
}

// another gives a body with other words and numbers in it.
func another(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for k, of := range v {
			out[k] = another(of)
		}
		return out
	case string:
		return v + " too late"
	case int:
		return v + 7
	}
	return v
}

// TestWhoIsRefusedHearsOfWhatIsKept sends every change of teaching that says which version it saw with an old
// one: it is answered with the record as it is kept, and not as it was to become.
func TestWhoIsRefusedHearsOfWhatIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	trials := map[string]func(x courseTrial) (string, any, []option){}
	for _, some := range courseTrials {
		maps.Copy(trials, some)
	}
	for _, r := range api.Routes() {
		name := courseRouteName(r)
		if name == "" || r.Method != http.MethodPatch && r.Method != http.MethodPut || unconditional[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w.in(t)
			c := w.User("lea").Class("Organising with data")
			x := courseTrial{class: c, student: c.Join("anna", models.RoleStudent), who: c.person, role: models.RoleInstructor}
			if (&models.CourseMember{Role: models.RoleInstructor}).May(r.Who) == models.GrantNone {
				x.who, x.role = x.student, models.RoleStudent
			}
			path, body, o := trials[name](x)
			kept := x.who.do(r.Method, path, body, o...).want(http.StatusOK)
			late := another(body).(object)
			if reflect.DeepEqual(late, body) {
				t.Fatalf("nothing of %v can be changed", body)
			}
			refused := x.who.do(r.Method, path, late, seeing(999)).refused(http.StatusPreconditionFailed, "version_stale")
			if strings.Contains(string(refused.raw), "too late") {
				t.Errorf("it hears of its own words: %s", refused.raw)
			}
			for field := range late {
				if got, want := refused.value("current", field), kept.value(field); !reflect.DeepEqual(got, want) {
					t.Errorf("%s is said to be %v, and is %v", field, got, want)
				}
			}
			if got, want := refused.number("current", "version"), kept.number("version"); got != want {
				t.Errorf("it hears of version %d, not %d", got, want)
			}
		})
	}
}
