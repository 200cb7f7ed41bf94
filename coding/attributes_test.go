package coding_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// attributes gives the study these attributes and tells their ids by name.
func (st *study) attributes(all ...models.Attribute) map[string]models.ID {
	st.t.Helper()
	p, err := st.service.SetAttributes(st.ctx, st.owner, st.space, 0, all)
	st.must(err)
	ids := map[string]models.ID{}
	for _, a := range p.Attributes {
		ids[a.Name] = a.ID
	}
	return ids
}

func (st *study) usual() map[string]models.ID {
	st.t.Helper()
	return st.attributes(
		models.Attribute{Name: "Source", Type: models.AttributeChoice, Choices: []string{"Register", "Memory"}},
		models.Attribute{Name: "Present", Type: models.AttributeNumber},
		models.Attribute{Name: "Recorded", Type: models.AttributeBoolean},
		models.Attribute{Name: "Approved", Type: models.AttributeDate},
		models.Attribute{Name: "Room", Type: models.AttributeText},
	)
}

// values changes values of a note.
func (st *study) values(who models.Actor, n *models.Note, v models.Attributes) (*models.Note, error) {
	return st.service.ChangeNote(st.ctx, who, st.space, n.ID, 0, coding.NoteFields{Attributes: v})
}

func (st *study) project() *models.Project {
	st.t.Helper()
	p, err := st.service.Project(st.ctx, st.owner, st.space)
	st.must(err)
	return p
}

func TestTheAttributesOfAProject(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	set := func(all ...models.Attribute) error {
		_, err := st.service.SetAttributes(st.ctx, st.owner, st.space, 0, all)
		return err
	}
	choice := func(words ...string) models.Attribute {
		return models.Attribute{Name: "Source", Type: models.AttributeChoice, Choices: words}
	}
	number := models.Attribute{Name: "Present", Type: models.AttributeNumber}
	for code, all := range map[string][]models.Attribute{
		"name_missing":           {{Name: " ", Type: models.AttributeText}},
		"attribute_type_unknown": {{Name: "Room", Type: "colour"}},
		"attribute_twice":        {number, {Name: "present", Type: models.AttributeText}},
		"choices_misplaced":      {{Name: "Room", Type: models.AttributeText, Choices: []string{"A"}}},
		"choice_twice":           {choice("Register", "register")},
		"id_malformed":           {{ID: "x", Name: "Room", Type: models.AttributeText}},
		"attributes_too_many":    make([]models.Attribute, 51),
		"choices_too_many":       {choice(strings.Split(strings.Repeat("a,", 100), ",")...)},
	} {
		st.refused(set(all...), code)
	}
	_, err := st.service.SetAttributes(st.ctx, st.owner, st.space, 7, nil)
	st.refused(err, "version_stale")
	for role, may := range map[models.Role]bool{models.RoleEditor: true, models.RoleCoder: false, models.RoleReader: false} {
		_, err := st.service.SetAttributes(st.ctx, st.member(string(role), role), st.space, 0, nil)
		if (err == nil) != may {
			t.Errorf("%s: %v", role, err)
		}
	}
	ids := st.usual()
	copied, err := st.service.CopyProject(st.ctx, st.owner, st.space, coding.NewProject{Name: "Another"})
	st.must(err)
	if len(copied.Attributes) != len(ids) || copied.Attributes[0].Name != "Source" || copied.Attributes[0].ID == ids["Source"] {
		t.Errorf("a copy has %+v", copied.Attributes)
	}
}

func TestValuesOfAttributes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	ids := st.usual()
	n := st.note(st.owner, monday)
	if n.Attributes == nil {
		t.Error("a note without values has none at all")
	}
	n, err := st.values(st.owner, n, models.Attributes{ids["Source"]: "Register", ids["Present"]: 3.5, ids["Recorded"]: false, ids["Approved"]: "2024-03-01", ids["Room"]: " The cellar "})
	st.must(err)
	n, err = st.values(st.owner, n, models.Attributes{ids["Recorded"]: nil, ids["Source"]: "Memory"})
	st.must(err)
	read, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
	st.must(err)
	want := models.Attributes{ids["Source"]: "Memory", ids["Present"]: 3.5, ids["Approved"]: "2024-03-01", ids["Room"]: "The cellar"}
	if diff := cmp.Diff(want, read.Attributes); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	for name, v := range map[string]any{
		"Source": "Rumour", "Present": "3", "Recorded": "yes", "Approved": "1.3.2024", "Room": strings.Repeat("x", 2001),
	} {
		_, err := st.values(st.owner, n, models.Attributes{ids[name]: v})
		st.refused(err, "attribute_value")
	}
	_, err = st.values(st.owner, n, models.Attributes{ids["Source"]: []any{"Register"}})
	st.refused(err, "attribute_value")
	_, err = st.values(st.owner, n, models.Attributes{models.NewID(): "x"})
	st.refused(err, "attribute_unknown")
}

func TestAttributesThatHaveValues(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	ids := st.usual()
	n, bo := st.note(st.owner, monday), st.member("bo", models.RoleCoder)
	n, err := st.values(st.owner, n, models.Attributes{ids["Source"]: "Register", ids["Room"]: "The cellar"})
	st.must(err)
	all := st.project().Attributes
	without := func(name string) []models.Attribute {
		var out []models.Attribute
		for _, a := range all {
			if a.Name != name {
				out = append(out, a)
			}
		}
		return out
	}
	set := func(all []models.Attribute) error {
		_, err := st.service.SetAttributes(st.ctx, st.owner, st.space, 0, all)
		return err
	}
	st.refused(set(without("Room")), "attribute_in_use")
	retyped := append(without("Room"), models.Attribute{ID: ids["Room"], Name: "Room", Type: models.AttributeNumber})
	st.refused(set(retyped), "attribute_in_use")
	fewer := append(without("Source"), models.Attribute{ID: ids["Source"], Name: "Source", Type: models.AttributeChoice, Choices: []string{"Memory"}})
	err = set(fewer)
	st.refused(err, "attribute_in_use")
	if s := problemOf(err).Sentence; !strings.Contains(s, "“Source”: 1") || !strings.Contains(s, "“Register”") {
		t.Error(s)
	}

	t.Run("a new name, more choices and another order leave the values alone", func(t *testing.T) {
		st.t = t
		more := append(without("Source"), models.Attribute{ID: ids["Source"], Name: "Kilde", Type: models.AttributeChoice, Choices: []string{"Rumour", "Register"}})
		st.must(set(more))
		read, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		if read.Attributes[ids["Source"]] != "Register" {
			t.Errorf("values are %v", read.Attributes)
		}
		all = st.project().Attributes
	})
	t.Run("a note in the bin counts, and is told of", func(t *testing.T) {
		st.t = t
		err := st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0)
		st.must(err)
		err = set(without("Room"))
		st.refused(err, "attribute_in_use")
		if s := problemOf(err).Sentence; !strings.Contains(s, "1 lie in the bin") {
			t.Error(s)
		}
		_, err = st.service.Restore(st.ctx, st.owner, st.space, models.NounNote, n.ID)
		st.must(err)
	})
	t.Run("a draft of somebody else isn't told of; what no longer fits in it goes when it is shared", func(t *testing.T) {
		st.t = t
		d, err := st.service.CreateNote(st.ctx, bo, st.space, coding.NewNote{
			NoteFields: coding.NoteFields{Title: new("Bo's own"), Kind: new(models.KindFieldNote), Draft: new(true), Attributes: models.Attributes{ids["Present"]: 4.0, ids["Recorded"]: true}},
			Content:    content("Words."),
		})
		st.must(err)
		st.must(set(without("Present")))
		d, err = st.service.ChangeNote(st.ctx, bo, st.space, d.ID, 0, coding.NoteFields{Draft: new(false)})
		st.must(err)
		if diff := cmp.Diff(models.Attributes{ids["Recorded"]: true}, d.Attributes); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
		all = st.project().Attributes
	})
	t.Run("a value that is taken away frees the attribute", func(t *testing.T) {
		st.t = t
		_, err := st.values(st.owner, n, models.Attributes{ids["Room"]: nil})
		st.must(err)
		st.must(set(without("Room")))
	})
}

func TestUndoOfAttributes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	editor := st.member("eva", models.RoleEditor)
	p, err := st.service.SetAttributes(st.ctx, editor, st.space, 0, []models.Attribute{{Name: "Room", Type: models.AttributeText}})
	st.must(err)
	room := p.Attributes[0].ID
	made := st.history(coding.EventQuery{RecordID: st.space})[0]
	n, err := st.values(st.owner, st.note(st.owner, monday), models.Attributes{room: "The cellar"})
	st.must(err)
	_, err = st.service.Undo(st.ctx, editor, st.space, made.ID, false)
	st.refused(err, "attribute_in_use")
	put := st.history(coding.EventQuery{RecordID: n.ID})[0]
	if put.Before.Note.Attributes[room] != nil || put.After.Note.Attributes[room] != "The cellar" {
		t.Errorf("the event tells of %v and %v", put.Before.Note.Attributes, put.After.Note.Attributes)
	}
	n, err = st.values(st.owner, n, models.Attributes{room: nil})
	st.must(err)
	cleared := st.history(coding.EventQuery{RecordID: n.ID})[0]
	_, err = st.service.Undo(st.ctx, st.member("bo", models.RoleCoder), st.space, made.ID, false)
	st.refused(err, "role_insufficient")
	_, err = st.service.Undo(st.ctx, editor, st.space, made.ID, false)
	st.must(err)
	if all := st.project().Attributes; len(all) != 0 {
		t.Fatalf("the project still has %v", all)
	}
	_, err = st.service.Undo(st.ctx, st.owner, st.space, cleared.ID, false)
	st.must(err)
	read, err := st.service.Note(st.ctx, st.owner, st.space, n.ID)
	st.must(err)
	if len(read.Attributes) != 0 {
		t.Errorf("a value came back without its attribute: %v", read.Attributes)
	}
}

func TestRaceOfAValueWithItsAttribute(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	for range 24 {
		id := st.attributes(models.Attribute{Name: "Room", Type: models.AttributeText})["Room"]
		var valued, removed error
		var wg sync.WaitGroup
		begin := make(chan struct{})
		wg.Go(func() { <-begin; _, valued = st.values(st.owner, n, models.Attributes{id: "The cellar"}) })
		wg.Go(func() {
			<-begin
			_, removed = st.service.SetAttributes(st.ctx, st.owner, st.space, 0, nil)
		})
		close(begin)
		wg.Wait()
		if (valued == nil) == (removed == nil) {
			t.Fatalf("the value: %v; the removal: %v", valued, removed)
		}
		if valued == nil {
			_, err := st.values(st.owner, n, models.Attributes{id: nil})
			st.must(err)
		}
	}
}

func TestFilteringByAttributes(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	ids := st.usual()
	for title, v := range map[string]models.Attributes{
		"a": {ids["Source"]: "Register", ids["Present"]: 3.0, ids["Recorded"]: true, ids["Approved"]: "2024-03-01"},
		"b": {ids["Source"]: "Memory", ids["Present"]: 12.5, ids["Recorded"]: false, ids["Approved"]: "2024-04-01", ids["Room"]: ">=3"},
		"c": {ids["Present"]: -1.0},
		"d": {},
	} {
		n, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{
			NoteFields: coding.NoteFields{Title: &title, Kind: new(models.KindFieldNote), Attributes: v}, Content: content("Jonas says so."),
		})
		st.must(err)
		st.put(st.owner, n, "future", "Jonas")
	}
	by := func(name, value string) string { return string(ids[name]) + ":" + value }
	for _, c := range []struct {
		asked []string
		want  string
	}{
		{[]string{by("Source", "Register")}, "a"},
		{[]string{by("Source", "Register"), by("Source", "Memory")}, "a b"},
		{[]string{by("Source", "Register"), by("Recorded", "false")}, ""},
		{[]string{by("Present", ">=3")}, "a b"},
		{[]string{by("Present", ">=-1"), by("Present", "<=3")}, "a c"},
		{[]string{by("Present", "12.5")}, "b"},
		{[]string{by("Approved", "<=2024-03-31")}, "a"},
		{[]string{by("Approved", "=2024-04-01")}, "b"},
		{[]string{by("Recorded", "true")}, "a"},
		{[]string{by("Room", "=>=3")}, "b"},
		{[]string{string(models.NewID()) + ":x"}, ""},
	} {
		page, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{Attributes: c.asked, Order: "title"}, models.Page{Limit: 10})
		st.must(err)
		var titles []string
		for _, n := range page.Items {
			titles = append(titles, n.Title)
		}
		if got := strings.Join(titles, " "); got != c.want {
			t.Errorf("%q finds %q, want %q", c.asked, got, c.want)
		}
		filter := coding.CodingFilter{Attributes: c.asked}
		excerpts, err := st.service.Excerpts(st.ctx, st.owner, st.space, filter, models.Page{Limit: 10})
		st.must(err)
		counts, err := st.service.CountCodings(st.ctx, st.owner, st.space, filter)
		st.must(err)
		if n := len(titles); len(excerpts.Items) != n || counts.Total != n {
			t.Errorf("%q finds %d notes, %d excerpts and counts %d", c.asked, n, len(excerpts.Items), counts.Total)
		}
	}
	for _, wrong := range []string{"", "x", "x:y", by("Present", "many"), by("Present", "NaN"), by("Approved", "1.3.2024"), by("Recorded", "yes"), by("Source", ""), by("Room", strings.Repeat("x", 101))} {
		_, err := st.service.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{Attributes: []string{wrong}}, models.Page{Limit: 10})
		st.refused(err, "attribute_filter_malformed")
	}
}
