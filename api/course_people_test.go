package api_test

import (
	"bytes"
	"cmp"
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
	"feltbog/models"
)

var asCSV = with("Content-Type", "text/csv")

// peopleTrials say how the routes of who is in a course are tried.
var peopleTrials = map[string]func(x courseTrial) (path string, body any, o []option){
	"GET /courses/:course/members": func(x courseTrial) (string, any, []option) { return x.path + "/members", nil, nil },
	"POST /courses/:course/roster": func(x courseTrial) (string, any, []option) {
		return x.path + "/roster", []byte("Kai,kai@example.org\n"), []option{asCSV}
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
		for i := range models.MaxCoursePeople {
			fmt.Fprintf(&b, "Student %d,s%d@example.org,Group %d\n", i, i, i/5)
		}
		more := b.String() + "One more,more@example.org,\n"
		c.post(c.path+"/roster", []byte(more), asCSV).refused(http.StatusRequestEntityTooLarge, "roster_too_long")
		c.post(c.path+"/roster", []byte(b.String()), asCSV).refused(http.StatusConflict, "course_full") // beside its instructor
		fits := strings.TrimSuffix(b.String(), fmt.Sprintf("Student %d,s%d@example.org,Group %d\n", models.MaxCoursePeople-1, models.MaxCoursePeople-1, (models.MaxCoursePeople-1)/5))
		began := time.Now()
		r := c.Roster(fits)
		if took := time.Since(began); r.number("added") != models.MaxCoursePeople-1 {
			t.Errorf("in %s: %.300s", took, r.raw)
		} else {
			t.Logf("%d rows in %s", r.number("added"), took)
		}
		if n := len(c.get(c.path + "/members?role=student").want(http.StatusOK).items()); n != models.MaxCoursePeople-1 {
			t.Errorf("%d members", n)
		}
		w.User("late").enter(c.Open().secret).refused(http.StatusConflict, "course_full")
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
			"a picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "format_unknown"},
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
