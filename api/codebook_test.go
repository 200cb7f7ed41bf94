package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"feltbog/models"
)

// tree writes a codebook as keys, each beneath its parent.
func tree(t *testing.T, codes []any) string {
	t.Helper()
	keys := map[string]string{"": ""}
	var lines []string
	for _, c := range codes {
		id, _ := at(t, c, "id").(string)
		parent, _ := at(t, c, "parentId").(string)
		keys[id] = strings.TrimPrefix(keys[parent]+"/"+at(t, c, "key").(string), "/")
		lines = append(lines, keys[id])
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

const sixCodes = "agency connector foundation foundation/foundation_barrier foundation/foundation_ground future old_news problem"

func TestCodebook(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	n := j.Note("The registers are what everything else stands on, says Karen.")
	codes := func() string { return tree(t, j.get(j.path+"/codes").want(http.StatusOK).items()) }
	version := func() int { return j.get(j.path + "/codebook").want(http.StatusOK).version() }

	t.Run("a project begins with the codes of its template, in its language", func(t *testing.T) {
		w.in(t)
		if got := codes(); got != sixCodes {
			t.Errorf("= %s", got)
		}
		danish := j.post("/projects", object{"name": "På dansk", "language": "da", "codebookTemplate": "data-in-organisational-practice"}).want(http.StatusCreated)
		template := j.get("/codebook-templates/data-in-organisational-practice?language=da").want(http.StatusOK)
		first := j.get("/projects/" + danish.id() + "/codes").want(http.StatusOK)
		if got, want := first.text("items", 0, "definition"), template.text("codes", 0, "definition"); got != want || got == "" {
			t.Errorf("= %q, want %q", got, want)
		}
		if len(danish.list("phases")) != len(template.list("phases")) || len(danish.list("actorRoles")) != len(template.list("actorRoles")) {
			t.Errorf("phases and actor roles weren't taken over: %s", danish.raw)
		}
		j.post("/projects", object{"name": "x", "codebookTemplate": "nothing"}).refused(http.StatusUnprocessableEntity, "template_unknown").pointing("/codebookTemplate")
		j.post("/projects", object{"name": "x", "language": "fr"}).refused(http.StatusUnprocessableEntity, "language_unknown").pointing("/language")
	})

	t.Run("templates can be looked at", func(t *testing.T) {
		w.in(t)
		all := j.get("/codebook-templates").want(http.StatusOK)
		if all.text("items", 0, "key") != "data-in-organisational-practice" || all.number("items", 0, "codeCount") != 8 {
			t.Errorf("= %s", all.raw)
		}
		j.get("/codebook-templates/nothing").refused(http.StatusNotFound, "template_not_found")
		j.get("/codebook-templates?language=fr").refused(http.StatusUnprocessableEntity, "language_unknown")
	})

	t.Run("each change is a new version, and every version can be read whole", func(t *testing.T) {
		w.in(t)
		was := version()
		r := j.post(j.path+"/codes", object{"name": "Rygter på gangen", "definition": "What is said in the corridor."}).want(http.StatusCreated)
		if r.text("key") != "rygter_paa_gangen" || r.number("colour") == 0 || version() != was+1 {
			t.Errorf("= %s", r.raw)
		}
		moved := j.patch(j.path+"/codes/"+r.id(), object{"parentId": j.Code("old_news"), "name": "Rumour", "index": 0}, seeing(1)).want(http.StatusOK)
		if moved.text("parentId") != j.Code("old_news") || version() != was+2 {
			t.Errorf("= %s", moved.raw)
		}
		j.patch(j.path+"/codes/"+r.id(), object{"archived": true}, seeing(2)).want(http.StatusOK)
		j.post(j.path+"/codings", object{"noteId": n.id, "codeId": r.id(), "anchor": n.Anchor("Karen")}).refused(http.StatusConflict, "code_archived")
		j.delete(j.path+"/codes/"+r.id(), seeing(3)).want(http.StatusNoContent)
		old := j.get(j.path + "/codebook?version=" + itoa(was)).want(http.StatusOK)
		if got := tree(t, old.list("codes")); got != sixCodes || old.version() != was {
			t.Errorf("version %d = %s", was, got)
		}
		between := j.get(j.path + "/codebook?version=" + itoa(was+1)).want(http.StatusOK)
		if !strings.Contains(string(between.raw), "Rygter på gangen") || strings.Contains(string(between.raw), "Rumour") {
			t.Errorf("version %d = %s", was+1, between.raw)
		}
	})

	t.Run("a code named by the words themselves", func(t *testing.T) {
		w.in(t)
		chosen := string(models.NewID())
		r := j.As("bo").post(j.path+"/codes/in-vivo", object{"id": chosen, "noteId": n.id, "anchor": n.Anchor("what everything else stands on"), "parentId": j.Code("foundation")}).want(http.StatusCreated)
		if r.text("code", "name") != "what everything else stands on" || r.value("code", "inVivo") != true || r.text("coding", "id") != chosen ||
			r.text("coding", "codeId") != r.text("code", "id") || r.text("code", "parentId") != j.Code("foundation") {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("merging takes all codings along, and later ones too", func(t *testing.T) {
		w.in(t)
		j.As("bo").Note("Bo was here.")
		n := *n
		n.project = j.As("bo")
		n.Coding("old_news", "registers")
		before := j.get(j.path + "/codes/" + j.Code("old_news")).want(http.StatusOK)
		j.post(j.path+"/codes/"+j.Code("old_news")+"/merge", object{"into": j.Code("future")}, seeing(99)).refused(http.StatusPreconditionFailed, "version_stale")
		r := j.post(j.path+"/codes/"+j.Code("old_news")+"/merge", object{"into": j.Code("future")}, seeing(before.version())).want(http.StatusOK)
		if r.text("mergedInto") != j.Code("future") || r.value("archived") != true {
			t.Errorf("= %s", r.raw)
		}
		if got := j.get(j.path + "/codings/" + n.coding).want(http.StatusOK).text("codeId"); got != j.Code("future") {
			t.Errorf("the coding has code %s", got)
		}
		late := j.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("old_news"), "anchor": n.Anchor("Karen")}).want(http.StatusCreated)
		if late.text("codeId") != j.Code("future") {
			t.Errorf("a late coding = %s", late.raw)
		}
		j.post(j.path+"/codes/"+j.Code("foundation")+"/merge", object{"into": j.Code("foundation_ground")}).refused(http.StatusConflict, "merge_into_descendant")
	})

	t.Run("splitting moves the chosen codings", func(t *testing.T) {
		w.in(t)
		first := n.Coding("agency", "everything").coding
		second := n.Coding("agency", "stands").coding
		r := j.post(j.path+"/codes/"+j.Code("agency")+"/split", object{"into": array{
			object{"name": "Deciding", "definition": "Data decides.", "codingIds": array{first}}, object{"name": "Asking"},
		}}).want(http.StatusCreated)
		if len(r.items()) != 2 || r.text("items", 0, "parentId") != j.Code("agency") || r.text("items", 0, "definition") != "Data decides." {
			t.Errorf("= %s", r.raw)
		}
		if got := j.get(j.path + "/codings/" + first).text("codeId"); got != r.text("items", 0, "id") {
			t.Errorf("the first coding has code %s", got)
		}
		if got := j.get(j.path + "/codings/" + second).text("codeId"); got != j.Code("agency") {
			t.Errorf("the second coding has code %s", got)
		}
		j.post(j.path+"/codes/"+j.Code("agency")+"/split", object{"into": array{object{"name": "x", "codingIds": array{first}}}}).
			refused(http.StatusUnprocessableEntity, "coding_unknown").pointing("/into/0/codingIds/0")
	})

	t.Run("a code with codings stays", func(t *testing.T) {
		w.in(t)
		j.delete(j.path+"/codes/"+j.Code("agency")).refused(http.StatusConflict, "code_in_use")
	})

	t.Run("usage counts per code and site", func(t *testing.T) {
		w.in(t)
		j := j.Project("Counting")
		site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
		j.Note("One two three.", object{"siteId": site}).Coding("future", "One").Coding("future", "two").Coding("agency", "three")
		j.Note("One two three.").Coding("future", "One")
		got, notes := map[string]int{}, map[string]int{}
		for _, u := range j.get(j.path + "/codebook/usage").want(http.StatusOK).items() {
			key := at(t, u, "codeId").(string) + at(t, u, "siteId").(string)
			got[key], notes[key] = int(at(t, u, "count").(float64)), int(at(t, u, "notes").(float64))
		}
		if notes[j.Code("future")+site] != 1 || notes[j.Code("future")] != 1 {
			t.Errorf("the notes = %v", notes)
		}
		if len(got) != 3 || got[j.Code("future")+site] != 2 || got[j.Code("agency")+site] != 1 || got[j.Code("future")] != 1 {
			t.Errorf("= %v", got)
		}
	})
}

func TestImportOfCodes(t *testing.T) {
	w := newWorld(t)
	lea := w.User("lea")
	empty := func() *project {
		r := lea.post("/projects", object{"name": "Empty"}).want(http.StatusCreated)
		return &project{person: lea, id: r.id(), path: "/projects/" + r.id()}
	}
	const csv = "key;name;parent;definition\nrumour;Rumour;;What is said\nhearsay;Hearsay;rumour;\n"
	from := lea.Project("From")

	t.Run("from a table", func(t *testing.T) {
		w.in(t)
		j := empty()
		r := j.post(j.path+"/codes/import", []byte(csv), with("Content-Type", "text/csv; charset=utf-8")).want(http.StatusCreated)
		if got := tree(t, r.items()); got != "rumour rumour/hearsay" {
			t.Errorf("= %s", got)
		}
		j.unchanged(func() {
			j.post(j.path+"/codes/import", []byte(csv), with("Content-Type", "text/csv")).refused(http.StatusConflict, "code_key_taken")
		})
	})

	t.Run("from a table in a form", func(t *testing.T) {
		w.in(t)
		j := empty()
		form, header := aForm(t, nil, text("codes.csv", csv))
		if got := tree(t, j.post(j.path+"/codes/import", form, header).want(http.StatusCreated).items()); got != "rumour rumour/hearsay" {
			t.Errorf("= %s", got)
		}
		form, header = aForm(t, nil)
		j.post(j.path+"/codes/import", form, header).refused(http.StatusBadRequest, "form_malformed")
	})

	t.Run("from a table that is none", func(t *testing.T) {
		w.in(t)
		j := empty()
		for _, bad := range []string{"", "key,definition\na,b\n", "name,parent\na,b\n"} {
			j.unchanged(func() {
				if r := j.post(j.path+"/codes/import", []byte(bad), with("Content-Type", "text/csv")); r.status < 400 || r.status >= 500 {
					t.Errorf("%q = %d %s", bad, r.status, r.raw)
				}
			})
		}
		j.post(j.path+"/codes/import", []byte("x"), with("Content-Type", "application/pdf")).refused(http.StatusUnsupportedMediaType, "body_not_json")
	})

	t.Run("from another project", func(t *testing.T) {
		w.in(t)
		j := empty()
		if got := tree(t, j.post(j.path+"/codes/import", object{"fromProjectId": from.id}).want(http.StatusCreated).items()); got != sixCodes {
			t.Errorf("= %s", got)
		}
	})

	t.Run("from a template", func(t *testing.T) {
		w.in(t)
		j := empty()
		body := object{"template": "data-in-organisational-practice", "language": "da"}
		if got := tree(t, j.post(j.path+"/codes/import", body).want(http.StatusCreated).items()); got != sixCodes {
			t.Errorf("= %s", got)
		}
		j.post(j.path+"/codes/import", object{"template": "x", "fromProjectId": from.id}).refused(http.StatusUnprocessableEntity, "source_missing")
	})

	t.Run("is looked at first, and then brings what is missing", func(t *testing.T) {
		w.in(t)
		j := empty()
		rumour := j.post(j.path+"/codes", object{"name": "Rumour", "shortcut": "1"}).want(http.StatusCreated).id()
		table := []byte("key;name;parent;shortcut\nrumour;Rumour;;\nhearsay;Hearsay;rumour;1\n")
		j.unchanged(func() {
			r := j.post(j.path+"/codes/import/preview", table, with("Content-Type", "text/csv")).want(http.StatusOK)
			if len(r.items()) != 2 || r.text("items", 0, "thereAs") != rumour || r.text("items", 1, "thereAs") != "" || r.text("items", 1, "parentKey") != "rumour" {
				t.Errorf("= %s", r.raw)
			}
			j.post(j.path+"/codes/import/preview", []byte("name,parent\na,b\n"), with("Content-Type", "text/csv")).
				refused(http.StatusUnprocessableEntity, "codebook_invalid").pointing("/lines/2")
			j.post(j.path+"/codes/import?missing=yes", table, with("Content-Type", "text/csv")).refused(http.StatusUnprocessableEntity, "parameter_malformed")
		})
		r := j.post(j.path+"/codes/import?missing=true", table, with("Content-Type", "text/csv")).want(http.StatusCreated)
		if got := tree(t, r.items()); got != "rumour rumour/hearsay" || r.text("items", 1, "parentId") != rumour {
			t.Errorf("= %s", r.raw)
		}
		if r.text("items", 0, "shortcut") != "1" || r.text("items", 1, "shortcut") != "" {
			t.Errorf("one key puts two codes: %s", r.raw)
		}
		j.post(j.path+"/events/"+j.last()+"/undo", nil).want(http.StatusCreated)
		if got := tree(t, j.get(j.path+"/codes").want(http.StatusOK).items()); got != "rumour" {
			t.Errorf("after the undo = %s", got)
		}
		j.post(j.path+"/codes/import?missing=true", []byte("key,name\nrumour,Rumour\n"), with("Content-Type", "text/csv")).want(http.StatusCreated)
	})

	t.Run("with the whole project's settings", func(t *testing.T) {
		w.in(t)
		r := from.post(from.path+"/copy", object{"name": "A copy"}).want(http.StatusCreated)
		if got := tree(t, from.get("/projects/"+r.id()+"/codes").want(http.StatusOK).items()); got != sixCodes || r.text("name") != "A copy" {
			t.Errorf("= %s", got)
		}
	})
}

func TestPreviewOfMerge(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	n := j.Note("The registers are what everything else stands on, says Karen.")
	own := *n
	own.project = j.As("bo")
	n.Coding("foundation", "registers").Coding("future", "registers").Coding("foundation", "Karen")
	own.Coding("foundation", "registers")
	j.As("bo").Note("Nobody else sees this yet.", object{"draft": true}).Coding("foundation", "Nobody")
	j.post(j.path+"/memos", object{"target": object{"noun": "code", "id": j.Code("foundation")}, "text": "Two meanings."}).want(http.StatusCreated)
	preview := func(from, into string) *reply {
		return j.post(j.path+"/codes/"+j.Code(from)+"/merge/preview", object{"into": j.Code(into)})
	}

	j.unchanged(func() {
		r := preview("foundation", "future").want(http.StatusOK)
		for field, want := range map[string]int{"codings": 3, "notes": 1, "coders": 2, "together": 1, "subCodes": 2, "memos": 1} {
			if got := r.number(field); got != want {
				t.Errorf("%s = %v, want %d", field, got, want)
			}
		}
		if r := preview("agency", "future").want(http.StatusOK); r.number("codings") != 0 || r.number("together") != 0 {
			t.Errorf("= %s", r.raw)
		}
		preview("foundation", "foundation_ground").refused(http.StatusConflict, "merge_into_descendant")
		preview("foundation", "foundation").refused(http.StatusUnprocessableEntity, "merge_target_unknown").pointing("/into")
	})
	j.post(j.path+"/codes/"+j.Code("foundation")+"/merge", object{"into": j.Code("future")}).want(http.StatusOK)
	preview("foundation", "agency").refused(http.StatusConflict, "code_merged")
	counts := j.get(j.path + "/codings/counts?code=" + j.Code("future") + "&alone=true").want(http.StatusOK)
	if counts.number("total") != 3 {
		t.Errorf("3 and 1 codings less 1 that fell together = %s", counts.raw)
	}
}
