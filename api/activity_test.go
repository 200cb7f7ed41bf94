package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/demo"
	"feltbog/models"
)

// weeks gives the counts of an activity.
func (r *reply) weeks() []int {
	r.t.Helper()
	var out []int
	for _, n := range r.list("weeks") {
		out = append(out, int(n.(float64)))
	}
	return out
}

func TestActivity(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	activity := func(who string) *reply { return j.As(who).get(j.path + "/activity").want(http.StatusOK) }
	before := activity("ida").weeks()
	if len(before) != 26 || before[25] == 0 || slices.Max(before[:25]) != 0 {
		t.Fatalf("a new project has %v", before)
	}

	n := j.As("bo").Note("The registers are what everything else stands on.").Coding("foundation", "registers").Coding("future", "stands")
	r := activity("ida")
	if r.number("notes") != 1 || r.number("codings") != 2 || r.number("members") != 3 || r.text("people", 0, "name") != "lea" || len(r.list("people")) != 3 {
		t.Errorf("= %s", r.raw)
	}
	if r.text("last", "userId") != w.User("bo").id || r.text("last", "name") != "bo" || r.text("last", "at") == "" {
		t.Errorf("last = %s", r.raw)
	}
	shared := r.weeks()
	if shared[25] != before[25]+3 {
		t.Errorf("the last week has %d changes after a note and two codings, and had %d", shared[25], before[25])
	}

	t.Run("what is private shows to nobody else, and in no week", func(t *testing.T) {
		w.in(t)
		draft := j.Note("Not yet of the registers.", object{"draft": true}).Coding("foundation", "registers")
		j.post(j.path+"/memos", object{"target": object{"noun": "note", "id": draft.id}, "text": "Mine.", "private": true}).want(http.StatusCreated)
		if r := activity("bo"); r.number("notes") != 1 || r.number("codings") != 2 || r.text("last", "name") != "bo" || !slices.Equal(r.weeks(), shared) {
			t.Errorf("bo sees %s", r.raw)
		}
		if r := activity("lea"); r.number("notes") != 2 || r.number("codings") != 3 || r.text("last", "name") != "lea" || !slices.Equal(r.weeks(), shared) {
			t.Errorf("lea sees %s", r.raw)
		}
	})

	t.Run("what lies in the bin doesn't count", func(t *testing.T) {
		w.in(t)
		n.delete(n.at).want(http.StatusNoContent)
		if r := activity("ida"); r.number("notes") != 0 || r.number("codings") != 0 {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("each week has its own", func(t *testing.T) {
		w.in(t)
		var events []models.Event
		for age, audience := range map[time.Duration]models.ID{
			3 * 24 * time.Hour: models.ID(j.id), 9 * 24 * time.Hour: "", 10 * 24 * time.Hour: "", 26*7*24*time.Hour - time.Hour: "", 26*7*24*time.Hour + time.Hour: "",
		} {
			at := time.Now().Add(-age)
			ms := at.UnixMilli()
			fresh := models.NewID()
			events = append(events, models.Event{
				ID: models.ID(fmt.Sprintf("%08x-%04x%s", ms>>16, ms&0xffff, fresh[13:])), SpaceID: models.ID(j.id), Type: "site.updated",
				Noun: models.NounSite, Verb: models.VerbUpdated, ActorID: models.ID(j.person.id), At: at, RecordID: models.NewID(), Audience: audience,
			})
		}
		was := activity("ida").weeks()
		if err := w.db.Append(t.Context(), events); err != nil {
			t.Fatal(err)
		}
		got := activity("ida").weeks()
		if got[24] != 2 || got[0] != 1 || got[25] != was[25] || slices.Max(got[1:24]) != 0 {
			t.Errorf("= %v, was %v", got, was)
		}
	})
}

func TestDemo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.Demo = nil })
	lea := w.User("lea")
	lea.post("/me/demo", nil).refused(http.StatusNotFound, "demo_not_found")

	o := w.options
	begun, goOn := make(chan struct{}), make(chan struct{})
	o.Demo = func(ctx context.Context, owner models.Actor) (*models.Project, error) {
		select {
		case begun <- struct{}{}:
			<-goOn
		default:
		}
		return demo.Load(ctx, o.Service, o.Teaching, o.Auth, owner)
	}
	w.serve(o)

	t.Run("one copy at a time", func(t *testing.T) {
		w.in(t)
		first := make(chan *reply)
		go func() { first <- lea.post("/me/demo", nil) }()
		<-begun
		lea.post("/me/demo", nil).refused(http.StatusTooManyRequests, "demo_under_way")
		close(goOn)
		r := (<-first).want(http.StatusCreated)
		if r.text("role") != "owner" || r.text("demo") == "" {
			t.Errorf("= %s", r.raw)
		}
		path := "/projects/" + r.id()
		if notes := lea.get(path + "/notes").want(http.StatusOK).items(); len(notes) < 14 {
			t.Errorf("it has %d notes", len(notes))
		}
		lea.post("/me/demo", nil).refused(http.StatusConflict, "demo_exists")
		lea.delete(path).want(http.StatusNoContent)
	})

	t.Run("one that fails leaves nothing", func(t *testing.T) {
		w.in(t)
		o := o
		o.Demo = func(ctx context.Context, owner models.Actor) (*models.Project, error) {
			return demo.Load(ctx, o.Service, o.Teaching, nobody{}, owner)
		}
		w.serve(o)
		bo := w.User("bo")
		bo.post("/me/demo", nil).refused(http.StatusServiceUnavailable, "busy")
		for _, bin := range []string{"", "?bin=true"} {
			if left := bo.get("/projects" + bin).want(http.StatusOK).items(); len(left) != 0 {
				t.Errorf("%s: %v is left", bin, left)
			}
		}
	})

	t.Run("not without end", func(t *testing.T) {
		w.in(t)
		ida := w.User("ida")
		o := w.options
		o.Demo = func(context.Context, models.Actor) (*models.Project, error) {
			return nil, models.Unavailable("busy", "Nobody is there.", nil)
		}
		w.serve(o)
		for range 5 {
			ida.post("/me/demo", nil).refused(http.StatusServiceUnavailable, "busy")
		}
		if r := ida.post("/me/demo", nil).refused(http.StatusTooManyRequests, "demos_too_many"); r.header.Get("Retry-After") == "" {
			t.Error("it doesn't say when")
		}
	})
}

// nobody makes no personas.
type nobody struct{}

func (nobody) CreatePersona(context.Context, models.ID, string, string) (*models.User, error) {
	return nil, models.Unavailable("busy", "Nobody is there.", nil)
}
