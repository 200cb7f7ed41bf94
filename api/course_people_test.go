package api_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/coding"
	"feltbog/mail/mailtest"
	"feltbog/models"
	"feltbog/teaching"
)

var asCSV = with("Content-Type", "text/csv")

// peopleTrials say how the routes of who is in a course are tried.
var peopleTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"GET /courses/:course/members": func(x courseTrial) (string, any, []option) { return x.path + "/members", nil, nil },
	"POST /courses/:course/roster": func(x courseTrial) (string, any, []option) {
		return x.path + "/roster", []byte("Kai,kai@example.org\n"), []option{asCSV}
	},
	"DELETE /courses/:course":       func(x courseTrial) (string, any, []option) { return x.path, nil, []option{seeing(1)} },
	"POST /courses/:course/restore": func(x courseTrial) (string, any, []option) { return x.path + "/restore", nil, nil },
	"POST /courses/:course/purge": func(x courseTrial) (string, any, []option) {
		if x.role == models.RoleInstructor || x.role == "" {
			x.delete(x.path).want(http.StatusNoContent) // from the others it hides that it is in the bin
		}
		return x.path + "/purge", nil, nil
	},
	"POST /courses/:course/copy": func(x courseTrial) (string, any, []option) {
		return x.path + "/copy", object{"term": "Spring 2028"}, nil
	},
	"POST /courses/:course/members/:member/erase": func(x courseTrial) (string, any, []option) {
		return x.path + "/members/" + x.seat(x.student) + "/erase", nil, nil
	},
	"POST /courses/:course/leave": func(x courseTrial) (string, any, []option) {
		x.Join("second", models.RoleInstructor)
		return x.path + "/leave", nil, nil
	},
	"POST /courses/:course/members": func(x courseTrial) (string, any, []option) {
		return x.path + "/members", object{"email": "kai@example.org", "name": "Kai"}, nil
	},
	"POST /courses/:course/members/claims": func(x courseTrial) (string, any, []option) {
		x.Roster("Kai,kai@example.org\n")
		return x.path + "/members/claims", nil, nil
	},
	"PATCH /courses/:course/members/:member": func(x courseTrial) (string, any, []option) {
		return x.path + "/members/" + x.seat(x.who), object{"pseudonym": "Nobody"}, []option{seeing(1)}
	},
	"DELETE /courses/:course/members/:member": func(x courseTrial) (string, any, []option) {
		return x.path + "/members/" + x.seat(x.Join("second", models.RoleStudent)), nil, nil
	},
	"POST /courses/:course/members/:member/restore": func(x courseTrial) (string, any, []option) {
		second := x.seat(x.Join("second", models.RoleStudent))
		x.delete(x.path + "/members/" + second).want(http.StatusNoContent)
		return x.path + "/members/" + second + "/restore", nil, nil
	},
	"POST /courses/:course/roster/confirm": func(x courseTrial) (string, any, []option) {
		return x.path + "/roster/confirm", object{"memberIds": array{x.seat(x.student)}}, nil
	},
	"POST /courses/:course/groups/:group/restore": func(x courseTrial) (string, any, []option) {
		group := x.Group("Registers")
		x.delete(x.path + "/groups/" + group).want(http.StatusNoContent)
		return x.path + "/groups/" + group + "/restore", nil, nil
	},
	"PUT /courses/:course/groups/places": func(x courseTrial) (string, any, []option) {
		return x.path + "/groups/places", object{"places": array{object{"memberId": x.seat(x.student), "groupId": x.Group("Registers")}}}, nil
	},
	"GET /courses/:course/join": func(x courseTrial) (string, any, []option) {
		x.Open()
		return x.path + "/join", nil, nil
	},
	"POST /courses/:course/join":   func(x courseTrial) (string, any, []option) { return x.path + "/join", nil, nil },
	"DELETE /courses/:course/join": func(x courseTrial) (string, any, []option) { return x.path + "/join", nil, nil },
	"GET /courses/:course/groups":  func(x courseTrial) (string, any, []option) { return x.path + "/groups", nil, nil },
	"POST /courses/:course/groups": func(x courseTrial) (string, any, []option) {
		return x.path + "/groups", object{"name": "Registers"}, nil
	},
	"PATCH /courses/:course/groups/:group": func(x courseTrial) (string, any, []option) {
		return x.path + "/groups/" + x.Group("Registers"), object{"name": "Silos"}, []option{seeing(1)}
	},
	"DELETE /courses/:course/groups/:group": func(x courseTrial) (string, any, []option) {
		return x.path + "/groups/" + x.Group("Registers"), nil, nil
	},
	"POST /courses/:course/groups/:group/join": func(x courseTrial) (string, any, []option) {
		x.ByChoice(0)
		return x.path + "/groups/" + x.Group("Registers") + "/join", nil, nil
	},
	"POST /courses/:course/groups/leave": func(x courseTrial) (string, any, []option) {
		x.ByChoice(0)
		return x.path + "/groups/leave", nil, nil
	},
	"POST /courses/:course/groups/draw": func(x courseTrial) (string, any, []option) {
		return x.path + "/groups/draw", object{"size": 2}, nil
	},
}

// doorway is how a class is joined.
type doorway struct{ secret, code string }

// Open makes a link and a code for the class.
func (c *class) Open() doorway {
	c.w.t.Helper()
	r := c.post(c.path+"/join", nil).want(http.StatusCreated)
	secret, ok := strings.CutPrefix(r.text("link"), "https://feltbog.example.org/courses/join/")
	if !ok || len(secret) != 43 {
		c.w.t.Fatalf("link = %s", r.raw)
	}
	return doorway{secret, r.text("code")}
}

// seat is somebody's place in the class, or that of its instructor for who has none.
func (c *class) seat(who *person) string {
	c.w.t.Helper()
	m, err := c.w.db.CourseMembership(c.w.t.Context(), models.ID(c.id), models.ID(who.id))
	if models.KindOf(err) == models.KindNotFound {
		m, err = c.w.db.CourseMembership(c.w.t.Context(), models.ID(c.id), models.ID(c.person.id))
	}
	if err != nil {
		c.w.t.Fatal(err)
	}
	return string(m.ID)
}

// Group makes a group.
func (c *class) Group(name string) (id string) {
	c.w.t.Helper()
	return c.post(c.path+"/groups", object{"name": name}).want(http.StatusCreated).id()
}

// ByChoice lets students go into groups by themselves.
func (c *class) ByChoice(size int) {
	c.w.t.Helper()
	version := c.get(c.path).want(http.StatusOK).version()
	c.patch(c.path, object{"groupsByChoice": true, "groupSize": size}, seeing(version)).want(http.StatusOK)
}

// Roster brings a table.
func (c *class) Roster(text string) *reply {
	c.w.t.Helper()
	return c.post(c.path+"/roster", []byte(text), asCSV).want(http.StatusOK)
}

// seen gives the members that somebody sees, by name.
func (c *class) seen(who *person) map[string]object {
	c.w.t.Helper()
	all := map[string]object{}
	for _, item := range who.get(c.path + "/members").want(http.StatusOK).items() {
		m := item.(object)
		all[cmp.Or(m["name"].(string), m["id"].(string))] = m
	}
	return all
}

func (p *person) enter(key string) *reply {
	p.w.t.Helper()
	return p.post("/courses/join", object{"secret": key})
}

func TestJoiningCourses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")

	t.Run("a code is read as people type it, and brings a student into the course", func(t *testing.T) {
		w.in(t)
		door := c.Open()
		typed := strings.ToLower(strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(door.code))
		view := w.Stranger().post("/courses/look", object{"code": " " + typed}).want(http.StatusOK)
		if view.text("courseName") != "Organising with data" || view.text("kind") != "join" || view.text("role") != "student" || view.value("member") != false || view.text("email") != "" {
			t.Errorf("look = %s", view.raw)
		}
		anna := w.User("anna")
		if r := anna.post("/courses/join", object{"code": typed}).want(http.StatusOK); r.text("courseId") != c.id {
			t.Errorf("join = %s", r.raw)
		}
		anna.enter(door.secret).want(http.StatusOK)
		if r := anna.post("/courses/look", object{"code": door.code}).want(http.StatusOK); r.value("member") != true {
			t.Errorf("look = %s", r.raw)
		}
		if r := anna.get(c.path).want(http.StatusOK); r.text("role") != "student" {
			t.Errorf("course = %s", r.raw)
		}
		if all := c.seen(c.person); len(all) != 2 || all["anna"]["state"] != "joined" || all["anna"]["email"] != "anna@example.org" {
			t.Errorf("members = %v", all)
		}
	})

	t.Run("a new link ends the one before, and closing ends all", func(t *testing.T) {
		w.in(t)
		eve := w.User("eve")
		gone := func(key string) {
			t.Helper()
			unknown := eve.enter(models.NewSecret()).refused(http.StatusNotFound, "join_gone").text("detail")
			for _, r := range []*reply{eve.enter(key), eve.post("/courses/look", object{"secret": key}), w.Stranger().post("/courses/look", object{"code": key})} {
				r.refused(http.StatusNotFound, "join_gone")
				if r.text("detail") != unknown {
					t.Errorf("%s isn't what an unknown key gets", r.raw)
				}
			}
		}
		first := c.Open()
		second := c.Open()
		gone(first.secret)
		gone(first.code)
		gone("")
		gone("K7QF-M2X")
		gone("https://feltbog.example.org/courses/join/" + second.secret)
		c.delete(c.path + "/join").want(http.StatusNoContent)
		gone(second.secret)
		gone(second.code)
		c.get(c.path+"/join").refused(http.StatusNotFound, "join_closed")
		c.post(c.path+"/join", object{"days": 401}).refused(http.StatusUnprocessableEntity, "number_out_of_range")
	})

	t.Run("one signs up with a code also where nobody else may", func(t *testing.T) {
		w.in(t)
		closed := newWorld(t, closedToAll)
		c := closed.User("lea").Class("Organising with data")
		door := c.Open()
		account := object{"email": "per@example.org", "name": "Per", "password": "four words of per"}
		closed.Stranger().post("/auth/sign-up", account).refused(http.StatusForbidden, "sign_up_closed")
		account["course"] = models.NewSecret()
		closed.Stranger().post("/auth/sign-up", account).refused(http.StatusNotFound, "join_gone")
		account["course"] = door.code
		per := closed.Stranger()
		r := per.post("/auth/sign-up", account).want(http.StatusCreated)
		per.take(r)
		if r.text("courseId") != c.id {
			t.Errorf("sign-up = %s", r.raw)
		}
		per.get(c.path).want(http.StatusOK)
	})

	t.Run("many who join at once each get a place and a number", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("A full hall")
		door := c.Open()
		const many = 24
		var wait sync.WaitGroup
		for i := range many {
			who := w.User(fmt.Sprintf("hall%d", i))
			for range 2 {
				wait.Go(func() { who.enter(door.secret).want(http.StatusOK) })
			}
		}
		wait.Wait()
		var numbers []int
		for _, item := range c.get(c.path + "/members").want(http.StatusOK).items() {
			numbers = append(numbers, int(at(t, item, "number").(float64)))
		}
		slices.Sort(numbers)
		if len(numbers) != many+1 || numbers[0] != 1 || numbers[many] != many+1 || len(slices.Compact(numbers)) != many+1 {
			t.Errorf("numbers = %v", numbers)
		}
	})
}

// closedToAll lets nobody sign up by themself.
func closedToAll(a *auth.Options, _ *api.Options) { a.SignUp = auth.SignUpClosed }

func TestRosters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	states := func(r *reply) string {
		var all []string
		for _, row := range r.list("rows") {
			all = append(all, at(t, row, "state").(string))
		}
		return strings.Join(all, " ")
	}

	t.Run("rows are new, known, duplicates or faulty, and nothing is lost", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Organising with data")
		c.Join("anna", models.RoleStudent)
		table := "Fornavn;Efternavn;E-mail;Hold\n" +
			"Søren;Åkjær;soren@example.org;Hold 1\n" +
			";;anna@example.org;Hold 1\n" +
			"Søren;Åkjær;SOREN@example.org ;Hold 2\n" +
			"Kai;;kai at example.org;\n" +
			"Mette;Juhl;;\n" +
			"Ida;Bro;Ida Bro <ida@example.org>;hold 1\n"
		preview := c.post(c.path+"/roster?preview=true", []byte(table), asCSV).want(http.StatusOK)
		if got := states(preview); got != "new known duplicate faulty faulty new" || preview.text("delimiter") != ";" || preview.text("encoding") != "utf-8" {
			t.Errorf("preview = %s", preview.raw)
		}
		if preview.text("rows", 3, "problem", "code") != "email_malformed" || preview.text("rows", 4, "problem", "code") != "email_missing" || preview.number("rows", 3, "line") != 5 {
			t.Errorf("faults = %s", preview.raw)
		}
		if len(c.seen(c.person)) != 2 {
			t.Error("a preview added somebody")
		}
		added := c.Roster(table)
		if !bytes.Equal(added.raw, preview.raw) || added.number("added") != 2 || added.number("faulty") != 2 {
			t.Errorf("added = %s", added.raw)
		}
		if got := states(c.Roster(table)); got != "known known duplicate faulty faulty known" {
			t.Errorf("once more = %s", got)
		}
		all := c.seen(c.person)
		soren, ida := all["Søren Åkjær"], all["Ida Bro"]
		if len(all) != 4 || soren["state"] != "listed" || soren["email"] != "soren@example.org" || soren["groupId"] == "" || soren["groupId"] != ida["groupId"] {
			t.Errorf("members = %v", all)
		}
		if r := c.get(c.path + "/groups").want(http.StatusOK); len(r.items()) != 1 || r.text("items", 0, "name") != "Hold 1" || r.number("items", 0, "count") != 2 {
			t.Errorf("groups = %s", r.raw)
		}
	})

	t.Run("tables of all makes are read", func(t *testing.T) {
		w.in(t)
		utf16 := []byte{0xff, 0xfe}
		for _, r := range "Name\tE-mail\r\nSøren\tsoren@example.org\r\n" {
			utf16 = append(utf16, byte(r), byte(r>>8))
		}
		for what, table := range map[string][]byte{
			"without names of columns": []byte("Søren,soren@example.org\n"),
			"the other way round":      []byte("soren@example.org;Søren\n"),
			"addresses alone":          []byte("soren@example.org\n"),
			"Latin 1":                  []byte("Navn;Email\nS\xf8ren;soren@example.org\n"),
			"UTF-16":                   utf16,
			"a mark and a title above": []byte("\ufeffHold A, forår 2027\n\nNavn;Mailadresse\nSøren;mailto:soren@example.org\n"),
			"a workbook":               workbook(t, [][]string{{"Navn", "E-mail"}, {"Søren", "soren@example.org"}}),
		} {
			c := w.User("lea").Class(what)
			r := c.post(c.path+"/roster", table, with("Content-Type", "application/octet-stream")).want(http.StatusOK)
			name := r.text("rows", 0, "name")
			if r.number("added") != 1 || r.text("rows", 0, "email") != "soren@example.org" || (name != "Søren" && what != "addresses alone") {
				t.Errorf("%s: %s", what, r.raw)
			}
		}
	})

	t.Run("5,000 rows in one go, and not one more", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("A whole year")
		var b strings.Builder
		b.WriteString("Name,E-mail,Group\n")
		for i := range models.MaxRoster {
			fmt.Fprintf(&b, "Student %d,s%d@example.org,Group %d\n", i, i, i/5)
		}
		more := b.String() + "One more,more@example.org,\n"
		c.post(c.path+"/roster", []byte(more), asCSV).refused(http.StatusRequestEntityTooLarge, "roster_too_long")
		began := time.Now()
		r := c.Roster(b.String()) // beside its instructor
		if took := time.Since(began); r.number("added") != models.MaxRoster {
			t.Errorf("in %s: %.300s", took, r.raw)
		} else {
			t.Logf("%d rows in %s", r.number("added"), took)
		}
		if n := len(c.get(c.path + "/members?role=student").want(http.StatusOK).items()); n != models.MaxRoster {
			t.Errorf("%d members", n)
		}
		secret := c.Open().secret
		w.User("late").enter(secret).want(http.StatusOK)
		var rest strings.Builder
		rest.WriteString("Name,E-mail\n")
		for i := range models.MaxCoursePeople - models.MaxRoster - 2 {
			fmt.Fprintf(&rest, "Student %d,r%d@example.org\n", i, i)
		}
		c.post(c.path+"/roster", []byte(rest.String()+"One more,more@example.org\n"), asCSV).refused(http.StatusConflict, "course_full")
		c.Roster(rest.String())
		w.User("later").enter(secret).refused(http.StatusConflict, "course_full")
	})

	t.Run("what is no roster is refused with a sentence", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Organising with data")
		for what, try := range map[string]struct {
			table []byte
			code  string
		}{
			"nothing":         {[]byte(" "), "table_empty"},
			"no addresses":    {[]byte("Name,Group\nSøren,1\n"), "roster_without_email"},
			"a picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "roster_not_a_table"},
			"half a workbook": {workbook(t, [][]string{{"a", "b@example.org"}})[:300], "file_damaged"},
		} {
			r := c.post(c.path+"/roster", try.table, asCSV)
			r.refused(http.StatusUnprocessableEntity, try.code)
			if r.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %s", what, r.raw)
			}
		}
	})
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	var students []*person
	for _, name := range []string{"anna", "bo", "cia", "dan", "eva"} {
		students = append(students, c.Join(name, models.RoleStudent))
	}
	anna, bo := students[0], students[1]

	t.Run("students go into groups while they may, as long as there is a place", func(t *testing.T) {
		w.in(t)
		first, second := c.Group("Registers"), c.Group("Silos")
		anna.post(c.path+"/groups/"+first+"/join", nil).refused(http.StatusConflict, "groups_closed")
		c.ByChoice(2)
		anna.post(c.path+"/groups/"+first+"/join", nil).want(http.StatusOK)
		statuses := make(chan int, 4)
		for _, who := range students[1:] {
			go func() { statuses <- who.post(c.path+"/groups/"+first+"/join", nil).status }()
		}
		in := 0
		for range 4 {
			if <-statuses == http.StatusOK {
				in++
			}
		}
		if in != 1 {
			t.Errorf("%d got the one place that was left", in)
		}
		r := anna.get(c.path + "/groups").want(http.StatusOK)
		if r.number("items", 0, "count") != 2 || len(r.list("items", 0, "memberIds")) != 2 || r.value("items", 0, "full") != true || r.value("items", 0, "mine") != true {
			t.Errorf("groups = %s", r.raw)
		}
		anna.post(c.path+"/groups/"+second+"/join", nil).want(http.StatusOK)
		r = anna.get(c.path + "/groups").want(http.StatusOK)
		if r.number("items", 0, "count") != 1 || len(r.list("items", 0, "memberIds")) != 0 || r.value("items", 1, "mine") != true {
			t.Errorf("groups = %s", r.raw)
		}
		anna.post(c.path+"/groups/leave", nil).want(http.StatusNoContent)
		if r := anna.get(c.path + "/groups").want(http.StatusOK); r.number("items", 1, "count") != 0 {
			t.Errorf("groups = %s", r.raw)
		}
		c.post(c.path+"/groups", object{"name": "silos"}).refused(http.StatusConflict, "group_exists").pointing("/name")
		c.patch(c.path+"/groups/"+second, object{"name": "registers"}, seeing(1)).refused(http.StatusConflict, "group_exists")
		c.delete(c.path + "/groups/" + first).want(http.StatusNoContent)
		c.delete(c.path+"/groups/"+first).refused(http.StatusNotFound, "group_not_found")
		for name, m := range c.seen(c.person) {
			if m["groupId"] == first {
				t.Errorf("%s is in a group that is gone", name)
			}
		}
	})

	t.Run("who is in a group that has begun an exercise doesn't go on to read that of another", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Going round")
		c.ByChoice(0)
		x := c.Exercise(object{"work": "group"})
		gro, hal := c.Join("gro", models.RoleStudent), c.Join("hal", models.RoleStudent)
		first, second := c.Group("Registers"), c.Group("Silos")
		join := func(who *person, group string) *reply { return who.post(c.path+"/groups/"+group+"/join", nil) }
		join(gro, second).want(http.StatusOK)
		join(gro, first).want(http.StatusOK) // nothing is begun
		join(hal, second).want(http.StatusOK)
		theirs := x.Answer(hal)
		for range 2 { // who only looked at the exercise has written nothing
			join(gro, second).want(http.StatusOK)
			join(gro, first).want(http.StatusOK)
		}
		theirs.Write(0, "The registers are old.")
		join(gro, second).want(http.StatusOK) // the first group of theirs that has begun
		gro.get(theirs.path).want(http.StatusOK)
		join(gro, second).want(http.StatusOK)
		join(gro, first).refused(http.StatusConflict, "group_stays")
		gro.post(c.path+"/groups/leave", nil).refused(http.StatusConflict, "group_stays")
		c.put(c.path+"/groups/places", object{"places": array{object{"memberId": c.seat(gro), "groupId": first}}}).want(http.StatusOK)
		gro.get(theirs.path).refused(http.StatusNotFound, "submission_not_found")
	})

	t.Run("a draw can be repeated, and keeps whom it is told to", func(t *testing.T) {
		w.in(t)
		r := c.post(c.path+"/groups/draw", object{"size": 2, "seed": "7"}).want(http.StatusOK)
		again := c.post(c.path+"/groups/draw", object{"size": 2, "seed": "7"}).want(http.StatusOK)
		if len(r.items()) != 3 || len(again.items()) != 3 || r.text("seed") != "7" {
			t.Errorf("draw = %s", r.raw)
		}
		sizes := 0
		for i := range 3 {
			sizes += r.number("items", i, "count")
			if !slices.Equal(r.list("items", i, "memberIds"), again.list("items", i, "memberIds")) {
				t.Errorf("%s and then %s", r.raw, again.raw)
			}
		}
		if sizes != 5 {
			t.Errorf("%d were drawn: %s", sizes, r.raw)
		}
		fay := c.Join("fay", models.RoleStudent)
		kept := c.post(c.path+"/groups/draw", object{"size": 4, "keep": true}).want(http.StatusOK)
		if len(kept.items()) != 4 || kept.text("seed") == "" {
			t.Errorf("draw = %s", kept.raw)
		}
		for _, item := range fay.get(c.path + "/groups").want(http.StatusOK).items() {
			if at(t, item, "mine") == true && at(t, item, "count") != 1.0 {
				t.Errorf("fay is in %v", item)
			}
		}
		bo.post(c.path+"/groups/draw", object{"size": 2}).refused(http.StatusForbidden, "course_role_insufficient")
		c.post(c.path+"/groups/draw", object{"size": 0}).refused(http.StatusUnprocessableEntity, "number_out_of_range").pointing("/size")
		c.post(c.path+"/groups/draw", object{"size": 2, "seed": "x"}).refused(http.StatusUnprocessableEntity, "seed_malformed")
	})
}

// workbook makes a workbook with one sheet.
func workbook(t *testing.T, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCourseMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna, bo := c.Join("anna", models.RoleStudent), c.Join("bo", models.RoleStudent)
	ida := c.Join("ida", models.RoleAssistant)
	ole := c.Join("ole", models.RoleAssistant, models.CoursePeople)
	version := func(who *person) int {
		return int(who.find(c, c.seat(who))["version"].(float64))
	}
	patch := func(by, who *person, body object) *reply {
		return by.patch(c.path+"/members/"+c.seat(who), body, seeing(version(who)))
	}

	t.Run("everybody but instructors sees pseudonyms, and who manages people sees addresses", func(t *testing.T) {
		w.in(t)
		patch(anna, anna, object{"pseudonym": "Fjordlark"}).want(http.StatusOK)
		patch(bo, bo, object{"pseudonym": "fjordlark"}).refused(http.StatusConflict, "pseudonym_taken").pointing("/pseudonym")
		group := c.Group("Registers")
		for _, who := range []*person{anna, bo} {
			patch(ole, who, object{"groupId": group}).want(http.StatusOK)
		}
		for _, see := range []struct {
			who         *person
			name, email string
			accounts    bool
			people      int
		}{
			{c.person, "anna", "anna@example.org", true, 5},
			{ole, "Fjordlark", "anna@example.org", true, 5},
			{ida, "Fjordlark", "", false, 5},
			{bo, "Fjordlark", "", false, 5},
			{anna, "anna", "anna@example.org", true, 5},
			{c.Join("eva", models.RoleStudent), "", "", false, 4},
		} {
			all := see.who.get(c.path + "/members").want(http.StatusOK)
			if see.who.name != "eva" && len(all.items()) != see.people && len(all.items()) != see.people+1 {
				t.Errorf("%s sees %s", see.who.name, all.raw)
			}
			m := see.who.find(c, c.seat(anna))
			if see.name == "" {
				if m != nil || len(all.items()) != see.people || strings.Contains(string(all.raw), "@example.org\",\"groupId\":\"\",\"number\":2") {
					t.Errorf("%s sees %s", see.who.name, all.raw)
				}
				continue
			}
			email, _ := m["email"].(string)
			if m["name"] != see.name || email != see.email || (m["userId"] != nil) != see.accounts || m["pseudonym"] != "Fjordlark" {
				t.Errorf("%s sees %v", see.who.name, m)
			}
		}
	})

	t.Run("students change nothing but what they are called, assistants nobody who teaches", func(t *testing.T) {
		w.in(t)
		for _, body := range []object{{"name": "Anna"}, {"role": "instructor"}, {"rights": array{"readWork"}}, {"groupId": ""}, {"name": "Anna", "pseudonym": "x"}} {
			patch(anna, anna, body).refused(http.StatusForbidden, "course_role_insufficient")
		}
		patch(anna, bo, object{"pseudonym": "x"}).refused(http.StatusForbidden, "course_role_insufficient")
		patch(ida, anna, object{"pseudonym": "x"}).refused(http.StatusForbidden, "course_role_insufficient")
		patch(ole, anna, object{"name": "Anna Berg"}).want(http.StatusOK)
		patch(ole, ida, object{"name": "x"}).refused(http.StatusForbidden, "course_role_insufficient")
		patch(ole, ole, object{"rights": array{"readWork"}}).refused(http.StatusForbidden, "course_role_insufficient")
		ole.delete(c.path+"/members/"+c.seat(ida)).refused(http.StatusForbidden, "course_role_insufficient")
		ole.post(c.path+"/members", object{"email": "new@example.org", "role": "assistant"}).refused(http.StatusForbidden, "course_role_insufficient")
		if r := patch(c.person, ida, object{"rights": array{"readWork", "giveFeedback", "readWork"}}).want(http.StatusOK); len(r.list("rights")) != 2 {
			t.Errorf("rights = %s", r.raw)
		}
		patch(c.person, ida, object{"rights": array{"manageCourse"}}).refused(http.StatusUnprocessableEntity, "right_unknown").pointing("/rights/0")
		patch(c.person, anna, object{"groupId": string(models.NewID())}).refused(http.StatusUnprocessableEntity, "group_unknown")
		patch(c.person, ida, object{"groupId": c.Group("Silos")}).refused(http.StatusUnprocessableEntity, "student_unknown")
		c.patch(c.path+"/members/"+c.seat(anna), object{"name": "x"}, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
	})

	t.Run("a course keeps its last instructor, also when two leave at once", func(t *testing.T) {
		w.in(t)
		lea := c.person
		lea.post(c.path+"/leave", nil).refused(http.StatusConflict, "instructor_needed")
		lea.delete(c.path+"/members/"+c.seat(lea)).refused(http.StatusConflict, "instructor_needed")
		patch(lea, lea, object{"role": "student"}).refused(http.StatusConflict, "instructor_needed")
		c.post(c.path+"/members", object{"email": "invited@example.org", "role": "instructor"}).want(http.StatusCreated)
		lea.post(c.path+"/leave", nil).refused(http.StatusConflict, "instructor_needed") // who was invited hasn't come
		for range 5 {
			c := w.User("lea").Class("Two who teach")
			second := c.Join("second", models.RoleInstructor)
			statuses := make(chan int, 2)
			for _, who := range []*person{c.person, second} {
				go func() { statuses <- who.post(c.path+"/leave", nil).status }()
			}
			if one, other := <-statuses, <-statuses; one+other != http.StatusNoContent+http.StatusConflict {
				t.Errorf("%d and %d", one, other)
			}
		}
	})

	t.Run("who is taken out is a stranger, can't come back by what was made before, and is brought back with their place", func(t *testing.T) {
		w.in(t)
		door := c.Open()
		id := c.seat(bo)
		ole.delete(c.path + "/members/" + id).want(http.StatusNoContent)
		bo.get(c.path).refused(http.StatusNotFound, "course_not_found")
		bo.enter(door.secret).refused(http.StatusNotFound, "join_gone")
		bo.enter(c.Open().secret).want(http.StatusOK)
		if got := c.seat(bo); got != id {
			t.Errorf("bo is %s, and was %s", got, id)
		}
		bo.post(c.path+"/leave", nil).want(http.StatusNoContent)
		if r := c.post(c.path+"/members/"+id+"/restore", nil).want(http.StatusOK); r.id() != id || r.text("state") != "joined" || r.text("groupId") == "" {
			t.Errorf("restored = %s", r.raw)
		}
		bo.get(c.path).want(http.StatusOK)
	})

	t.Run("who taught and was taken out comes back as a student alone", func(t *testing.T) {
		w.in(t)
		ways := map[string]func(who *person){
			"code": func(who *person) { who.enter(c.Open().code).want(http.StatusOK) },
			"roster": func(who *person) {
				ole.post(c.path+"/roster", []byte("Nils,"+who.email+"\n"), asCSV).want(http.StatusOK)
			},
			"claim": func(who *person) {
				row := c.post(c.path+"/members", object{"email": "at-work-" + who.email}).want(http.StatusCreated).id()
				who.enter(c.Claim(object{"memberIds": array{row}})["at-work-"+who.email]).want(http.StatusOK)
			},
		}
		for way, comesBack := range ways {
			for _, role := range []models.CourseRole{models.RoleInstructor, models.RoleAssistant} {
				who := c.Join(string(role)+way, role, models.CoursePeople, models.CourseReadWork)
				c.delete(c.path + "/members/" + c.seat(who)).want(http.StatusNoContent)
				comesBack(who)
				if m := c.find(c, c.seat(who)); m["role"] != "student" || len(m["rights"].(array)) != 0 {
					t.Errorf("an %s comes back by %s as %v", role, way, m)
				}
			}
		}
	})

	t.Run("who comes back by the link isn't in a group that is gone", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Silos")
		uma, group := c.Join("uma", models.RoleStudent), c.Group("Registers")
		c.ChangeMembership(uma, func(m *models.CourseMember) { m.GroupID = models.ID(group) })
		uma.post(c.path+"/leave", nil).want(http.StatusNoContent)
		c.delete(c.path + "/groups/" + group).want(http.StatusNoContent)
		uma.enter(c.Open().secret).want(http.StatusOK)
		if m := uma.find(c, c.seat(uma)); m["groupId"] != "" {
			t.Errorf("uma = %v", m)
		}
	})

	t.Run("somebody is added once", func(t *testing.T) {
		w.in(t)
		r := c.post(c.path+"/members", object{"email": "kai@example.org", "name": " Kai"}).want(http.StatusCreated)
		if r.text("state") != "listed" || r.text("email") != "kai@example.org" || r.text("role") != "student" {
			t.Errorf("= %s", r.raw)
		}
		for _, email := range []string{"Kai@example.org", "anna@example.org"} {
			c.post(c.path+"/members", object{"email": email}).refused(http.StatusConflict, "member_exists")
		}
		c.post(c.path+"/members", object{"email": "kai"}).refused(http.StatusUnprocessableEntity, "email_malformed").pointing("/email")
		c.delete(c.path + "/members/" + r.id()).want(http.StatusNoContent)
		if again := c.post(c.path+"/members", object{"email": "kai@example.org"}).want(http.StatusCreated); again.id() != r.id() || again.text("name") != "Kai" {
			t.Errorf("again = %s", again.raw)
		}
	})
}

// find gives a member of a class as somebody sees them, nil if they don't.
func (p *person) find(c *class, id string) object {
	p.w.t.Helper()
	for _, item := range p.get(c.path + "/members").want(http.StatusOK).items() {
		if m := item.(object); m["id"] == id {
			return m
		}
	}
	return nil
}

// Claim makes one-time links, and gives what they carry by the address they are for.
func (c *class) Claim(body object) map[string]string {
	c.w.t.Helper()
	secrets := map[string]string{}
	for _, item := range c.post(c.path+"/members/claims", body).want(http.StatusCreated).items() {
		m := item.(object)
		_, secrets[m["email"].(string)], _ = strings.Cut(m["link"].(string), "/courses/join/")
	}
	return secrets
}

func TestClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	c.Roster("Kai Holm;kai@example.org;Hold 1\nMie Friis;mie@example.org;Hold 1\nNis Ravn;nis@example.org;\nPia Vind;pia@example.org;\n")

	t.Run("a link takes one place, once", func(t *testing.T) {
		w.in(t)
		first := c.Claim(object{})
		if len(first) != 4 {
			t.Fatalf("%d links", len(first))
		}
		all := c.seen(c.person)
		if m := all["Kai Holm"]; m["state"] != "invited" || m["claimExpires"] == nil {
			t.Errorf("kai = %v", m)
		}
		secret := c.Claim(object{"memberIds": array{all["Kai Holm"]["id"]}})["kai@example.org"]
		kai := w.User("kai")
		kai.enter(first["kai@example.org"]).refused(http.StatusNotFound, "join_gone") // another was made
		if r := w.Stranger().post("/courses/look", object{"secret": secret}).want(http.StatusOK); r.text("kind") != "claim" || r.text("name") != "Kai Holm" || r.text("email") != "kai@example.org" {
			t.Errorf("look = %s", r.raw)
		}
		kai.enter(secret).want(http.StatusOK)
		kai.enter(secret).want(http.StatusOK)
		w.User("eve").enter(secret).refused(http.StatusNotFound, "join_gone")
		w.Stranger().post("/courses/look", object{"secret": secret}).refused(http.StatusNotFound, "join_gone")
		if m := c.seen(c.person)["Kai Holm"]; m["state"] != "joined" || m["groupId"] == "" || m["id"] != all["Kai Holm"]["id"] || m["claimExpires"] != nil {
			t.Errorf("kai = %v", m)
		}
		if left := c.Claim(object{}); len(left) != 3 {
			t.Errorf("%d links for who hasn't come", len(left))
		}
	})

	t.Run("of many who claim a place at once one gets it", func(t *testing.T) {
		w.in(t)
		secret := c.Claim(object{})["mie@example.org"]
		var all []*person
		for i := range 6 {
			all = append(all, w.User(fmt.Sprintf("m%d", i)))
		}
		statuses := make(chan int, len(all))
		for _, who := range all {
			go func() { statuses <- who.enter(secret).status }()
		}
		in := 0
		for range all {
			if <-statuses == http.StatusOK {
				in++
			}
		}
		if in != 1 {
			t.Errorf("%d got one place", in)
		}
	})

	t.Run("who came by the link for all is matched, and takes the place when it is confirmed or claimed", func(t *testing.T) {
		w.in(t)
		door := c.Open()
		nis, pia := w.User("nis"), w.User("pia")
		for _, who := range []*person{nis, pia} {
			who.enter(door.secret).want(http.StatusOK)
		}
		mine := c.seat(nis)
		m := c.find(c, mine)
		if row := c.find(c, m["matchId"].(string)); row["email"] != "nis@example.org" || row["state"] != "invited" {
			t.Errorf("match = %v", row)
		}
		if own := nis.find(c, mine); own["matchId"] != nil {
			t.Errorf("nis learns that the address is on the roster: %v", own)
		}
		before := len(c.seen(c.person))
		if r := c.post(c.path+"/roster/confirm", object{"memberIds": array{mine}}).want(http.StatusOK); r.text("items", 0, "id") != mine || r.text("items", 0, "name") != "Nis Ravn" || r.value("items", 0, "matchId") != nil {
			t.Errorf("confirmed = %s", r.raw)
		}
		pias := c.seat(pia)
		pia.enter(c.Claim(object{})["pia@example.org"]).want(http.StatusOK)
		if got := c.find(c, c.seat(pia)); got["id"] != pias || got["name"] != "Pia Vind" || got["matchId"] != nil {
			t.Errorf("pia = %v", got)
		}
		if after := len(c.seen(c.person)); after != before-2 {
			t.Errorf("%d members, and %d before", after, before)
		}
	})

	t.Run("links for who teaches are made by instructors alone", func(t *testing.T) {
		w.in(t)
		ole := c.Join("ole", models.RoleAssistant, models.CoursePeople)
		teacher := c.post(c.path+"/members", object{"email": "prof@example.org", "role": "instructor"}).want(http.StatusCreated).id()
		ole.post(c.path+"/members/claims", object{"memberIds": array{teacher}}).refused(http.StatusForbidden, "course_role_insufficient")
		for _, item := range ole.post(c.path+"/members/claims", nil).want(http.StatusCreated).items() {
			if at(t, item, "memberId") == teacher {
				t.Error("an assistant got the link of an instructor")
			}
		}
		c.post(c.path+"/members/claims", object{"memberIds": array{string(models.NewID())}}).refused(http.StatusNotFound, "course_member_not_found")
		prof := w.User("prof")
		prof.enter(c.Claim(object{})["prof@example.org"]).want(http.StatusOK)
		if r := prof.get(c.path).want(http.StatusOK); r.text("role") != "instructor" {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("guessing is slowed down", func(t *testing.T) {
		w.in(t)
		w := newWorld(t)
		guesser := w.Stranger()
		eventually(t, "guessing is refused", func() bool {
			return guesser.post("/courses/look", object{"code": "0000-0000"}).status == http.StatusTooManyRequests
		})
		guesser.post("/courses/look", object{"code": "0000-0000"}).refused(http.StatusTooManyRequests, "attempts_too_many")
	})
}

func TestClaimsByMail(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	w := newWorld(t, posting(t, server))
	c := w.User("lea").Class("Organisering med data")
	kai := w.User("kai")
	kai.patch("/me", object{"language": "da"}, seeing(1)).want(http.StatusOK)
	c.Roster("Kai;kai@example.org\nMie;mie@example.org\n")
	r := c.post(c.path+"/members/claims", object{"send": true, "message": "We begin on Monday."}).want(http.StatusCreated)
	for i := range 2 {
		if r.text("items", i, "mail") != "sent" {
			t.Errorf("claims = %s", r.raw)
		}
	}
	letters := server.Wait(t, 2)
	for i, want := range []string{"Følg linket", "Follow this link"} {
		letter := letters[i]
		if !strings.Contains(letter.Text, want) || !strings.Contains(letter.Text, r.text("items", i, "link")) || !strings.Contains(letter.Text, "> We begin on Monday.") {
			t.Errorf("letter = %v", letter)
		}
	}
	if text := w.log.String(); strings.Contains(text, "mie@example.org") || strings.Contains(text, "We begin") {
		t.Error("the log tells of the letters")
	}
}

func TestCourseBin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.User("lea").Class("Organising with data")
	anna := c.Join("anna", models.RoleStudent)
	door := c.Open()
	names := func(who *person, query string) string {
		return strings.Join(who.get("/courses"+query).want(http.StatusOK).names(), " ")
	}

	t.Run("a course in the bin is there for its instructors alone", func(t *testing.T) {
		w.in(t)
		c.post(c.path+"/purge", nil).refused(http.StatusConflict, "not_in_bin")
		c.delete(c.path, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		c.delete(c.path).want(http.StatusNoContent)
		for _, who := range []*person{c.person, anna} {
			who.get(c.path).refused(http.StatusNotFound, "course_not_found")
			who.get(c.path+"/members").refused(http.StatusNotFound, "course_not_found")
		}
		anna.post(c.path+"/restore", nil).refused(http.StatusNotFound, "course_not_found")
		anna.post(c.path+"/purge", nil).refused(http.StatusNotFound, "course_not_found")
		w.User("eve").enter(door.secret).refused(http.StatusNotFound, "join_gone")
		if names(c.person, "") != "" || names(c.person, "?bin=true") != "Organising with data" || names(anna, "?bin=true") != "" {
			t.Error("the lists tell another thing")
		}
		c.post(c.path+"/restore", nil).want(http.StatusOK)
		anna.get(c.path).want(http.StatusOK)
	})

	t.Run("an archived course is read, and nobody joins it", func(t *testing.T) {
		w.in(t)
		archived := func(v bool) {
			c.patch(c.path, object{"archived": v}, seeing(c.get(c.path).want(http.StatusOK).version())).want(http.StatusOK)
		}
		archived(true)
		c.get(c.path + "/members").want(http.StatusOK)
		c.post(c.path+"/groups", object{"name": "x"}).refused(http.StatusConflict, "course_archived")
		anna.patch(c.path+"/members/"+c.seat(anna), object{"pseudonym": "x"}, seeing(1)).refused(http.StatusConflict, "course_archived")
		w.User("eve").enter(door.secret).refused(http.StatusNotFound, "join_gone")
		archived(false)
		w.User("eve").enter(door.secret).want(http.StatusOK)
	})

	t.Run("purging leaves nothing", func(t *testing.T) {
		w.in(t)
		e := c.Exercise()
		c.delete(c.path).want(http.StatusNoContent)
		c.post(c.path+"/purge", nil).want(http.StatusNoContent)
		c.post(c.path+"/restore", nil).refused(http.StatusNotFound, "course_not_found")
		c.get(e.path).refused(http.StatusNotFound, "exercise_not_found")
		left, err := w.db.CountCourseMembers(t.Context(), models.ID(c.id))
		codes, codesErr := w.db.Codes().All(t.Context(), models.ID(e.id), coding.Query{}, 1)
		if err != nil || codesErr != nil || left > 0 || len(codes) > 0 {
			t.Errorf("%d members and %d codes are left (%v, %v)", left, len(codes), err, codesErr)
		}
	})

	t.Run("after 30 days in the bin it goes by itself, and so does what broke off", func(t *testing.T) {
		w.in(t)
		old, half, young := w.User("lea").Class("Old"), w.User("lea").Class("Half"), w.User("lea").Class("Young")
		now := time.Now().UTC().Truncate(time.Millisecond)
		for course, change := range map[*class]func(c *models.Course){
			old:   func(c *models.Course) { at := now.AddDate(0, 0, -31); c.DeletedAt = &at },
			half:  func(c *models.Course) { c.DeletedAt, c.Purging = &now, true },
			young: func(c *models.Course) { at := now.AddDate(0, 0, -29); c.DeletedAt = &at },
		} {
			record, err := w.db.Courses().Find(t.Context(), models.ID(course.id), models.ID(course.id))
			if err != nil {
				t.Fatal(err)
			}
			change(record)
			if err := w.db.Courses().Replace(t.Context(), record, record.Version); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.options.Teaching.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := names(w.User("lea"), "?bin=true"); got != "Young" {
			t.Errorf("in the bin lie %s", got)
		}
		young.post(young.path+"/restore", nil).want(http.StatusOK)
		old.post(old.path+"/restore", nil).refused(http.StatusNotFound, "course_not_found")
	})

	t.Run("a course of which a part has gone by itself isn't brought back", func(t *testing.T) {
		w.in(t)
		c := w.User("lea").Class("Half gone")
		c.Exercise()
		c.delete(c.path).want(http.StatusNoContent)
		later := teaching.New(&unerased{w.db}, w.options.Service, func() time.Time { return time.Now().AddDate(0, 0, 31) })
		if err := later.Tidy(t.Context()); !errors.Is(err, errUnerased) {
			t.Fatalf("it ended with %v", err)
		}
		c.post(c.path+"/restore", nil).refused(http.StatusNotFound, "course_not_found")
		if err := w.options.Teaching.Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

var errUnerased = errors.New("the engine is gone")

// unerased is a store that breaks off when the last of a course is to go.
type unerased struct{ teaching.Store }

func (*unerased) EraseCourse(context.Context, models.ID, models.ID, time.Time) error {
	return errUnerased
}
