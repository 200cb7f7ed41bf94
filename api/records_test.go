package api_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"feltbog/models"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestProjects(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleEditor)

	t.Run("everybody sees their own, with their role", func(t *testing.T) {
		w.in(t)
		if r := j.As("bo").get("/projects").want(http.StatusOK); len(r.items()) != 1 || r.text("items", 0, "role") != "editor" || r.value("next") != nil {
			t.Errorf("= %s", r.raw)
		}
		if r := w.User("ida").get("/projects").want(http.StatusOK); len(r.items()) != 0 {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("an administrator is a stranger to projects of others", func(t *testing.T) {
		w.in(t)
		other := w.User("bo").Project("Bo's")
		j.get(other.path).refused(http.StatusNotFound, "project_not_found")
	})

	t.Run("an archived project can be read, and opened again", func(t *testing.T) {
		w.in(t)
		r := j.patch(j.path, object{"archived": true}, seeing(j.get(j.path).version())).want(http.StatusOK)
		if r.text("archivedAt") == "" {
			t.Errorf("= %s", r.raw)
		}
		j.post(j.path+"/sites", object{"name": "x"}).refused(http.StatusConflict, "project_archived")
		j.get(j.path + "/codes").want(http.StatusOK)
		if r = j.patch(j.path, object{"archived": false, "name": "Havnsø again"}, seeing(r.version())).want(http.StatusOK); r.value("archivedAt") != nil {
			t.Errorf("= %s", r.raw)
		}
		j.post(j.path+"/sites", object{"name": "x"}).want(http.StatusCreated)
	})

	t.Run("members", func(t *testing.T) {
		w.in(t)
		members := j.get(j.path + "/members").want(http.StatusOK)
		if members.text("items", 0, "role") != "owner" || members.text("items", 1, "name") != "bo" || members.text("items", 1, "email") != "bo@example.org" {
			t.Errorf("= %s", members.raw)
		}
		if seen := j.As("bo").get(j.path + "/members").want(http.StatusOK); strings.Contains(string(seen.raw), "lea@example.org") {
			t.Errorf("an editor sees addresses: %s", seen.raw)
		}
		bo := j.path + "/members/" + w.User("bo").id
		if r := j.patch(bo, object{"role": "reader"}, seeing(1)).want(http.StatusOK); r.text("role") != "reader" || r.version() != 2 {
			t.Errorf("= %s", r.raw)
		}
		j.As("bo").post(j.path+"/sites", object{"name": "y"}).refused(http.StatusForbidden, "role_insufficient")
		j.patch(bo, object{"role": "king"}, seeing(2)).refused(http.StatusUnprocessableEntity, "role_unknown").pointing("/role")
		j.patch(j.path+"/members/"+j.person.id, object{"role": "reader"}, seeing(1)).refused(http.StatusConflict, "owner_needed")
		j.delete(j.path+"/members/"+j.person.id).refused(http.StatusConflict, "owner_needed")
		j.As("bo").delete(bo).want(http.StatusNoContent)
		j.As("bo").get(j.path).refused(http.StatusNotFound, "project_not_found")
		j.delete(bo).refused(http.StatusNotFound, "member_not_found")
	})
}

func TestSitesAndParticipants(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	outer := j.post(j.path+"/sites", object{"name": "Kommunen", "kind": "municipality", "description": "On the coast."}).want(http.StatusCreated)
	inner := j.post(j.path+"/sites", object{"name": "Jobcentret", "parentId": outer.id()}).want(http.StatusCreated)
	if inner.text("parentId") != outer.id() || outer.text("parentId") != "" || outer.text("description") != "On the coast." {
		t.Errorf("sites = %s %s", outer.raw, inner.raw)
	}
	j.delete(j.path+"/sites/"+outer.id()).refused(http.StatusConflict, "site_in_use")
	j.patch(j.path+"/sites/"+outer.id(), object{"parentId": inner.id()}, seeing(1)).refused(http.StatusUnprocessableEntity, "site_cycle")
	if r := j.patch(j.path+"/sites/"+inner.id(), object{"parentId": ""}, seeing(1)).want(http.StatusOK); r.text("parentId") != "" {
		t.Errorf("moved = %s", r.raw)
	}

	karen := j.post(j.path+"/participants", object{"pseudonym": "Karen", "actorRole": "caseworker", "siteId": inner.id()}).want(http.StatusCreated)
	j.post(j.path+"/participants", object{"pseudonym": "Anders"}).want(http.StatusCreated)
	all := j.get(j.path + "/participants").want(http.StatusOK)
	if all.text("items", 0, "pseudonym") != "Anders" || all.text("items", 1, "actorRole") != "caseworker" {
		t.Errorf("participants = %s", all.raw)
	}
	if some := j.get(j.path + "/participants?site=" + inner.id()).want(http.StatusOK); len(some.items()) != 1 {
		t.Errorf("of one site = %s", some.raw)
	}
	if r := j.patch(j.path+"/participants/"+karen.id(), object{"description": "Twenty years here."}, seeing(1)).want(http.StatusOK); r.text("pseudonym") != "Karen" {
		t.Errorf("changed = %s", r.raw)
	}
	j.delete(j.path + "/participants/" + karen.id()).want(http.StatusNoContent)
	j.get(j.path+"/participants/"+karen.id()).refused(http.StatusNotFound, "participant_not_found")
}

func TestNotes(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)

	t.Run("Markdown becomes text, blocks and marks, and its front matter fills what is missing", func(t *testing.T) {
		w.in(t)
		r := j.post(j.path+"/notes", object{
			"kind": "fieldNote", "format": "markdown", "language": "en",
			"text": "---\ntitle: Tuesday\ndate: 2025-03-04\nlanguage: da\n---\n# The *registry*\n\nShe said **no**.\n",
		}).want(http.StatusCreated)
		if r.text("title") != "Tuesday" || r.text("observedOn") != "2025-03-04" || r.text("language") != "en" {
			t.Errorf("= %s", r.raw)
		}
		text := j.get(j.path + "/notes/" + r.id() + "/text").want(http.StatusOK)
		if strings.ContainsAny(text.text("text"), "*#-") || text.text("blocks", 0, "kind") != "heading" || len(text.list("marks")) != 2 {
			t.Errorf("= %s", text.raw)
		}
	})

	t.Run("a meeting has a purpose and an agenda", func(t *testing.T) {
		w.in(t)
		meeting := object{"purpose": "To agree on the registers.", "agenda": array{"Registers", "Any other business"}}
		r := j.post(j.path+"/notes", object{"title": "Board", "kind": "meetingObservation", "startsAt": "09:00", "endsAt": "10:30", "meeting": meeting, "text": "Karen began."}).want(http.StatusCreated)
		if r.text("meeting", "agenda", 1) != "Any other business" || r.text("endsAt") != "10:30" {
			t.Errorf("= %s", r.raw)
		}
		j.post(j.path+"/notes", object{"title": "x", "kind": "document", "meeting": meeting, "text": "y"}).refused(http.StatusUnprocessableEntity, "meeting_misplaced")
		j.patch(j.path+"/notes/"+r.id(), object{"endsAt": "08:00"}, seeing(1)).refused(http.StatusUnprocessableEntity, "clock_reversed")
	})

	t.Run("a draft is its author's until it is shared", func(t *testing.T) {
		w.in(t)
		n := j.As("bo").Note("Not yet.", object{"draft": true})
		j.get(n.at).refused(http.StatusNotFound, "note_not_found")
		j.get(n.at+"/text").refused(http.StatusNotFound, "note_not_found")
		j.get(n.at+"/codings").refused(http.StatusNotFound, "note_not_found")
		n.patch(n.at, object{"draft": false}, seeing(1)).want(http.StatusOK)
		j.get(n.at).want(http.StatusOK)
		n.patch(n.at, object{"draft": true}, seeing(2)).refused(http.StatusConflict, "note_shared")
	})

	t.Run("only its author and editors change a note", func(t *testing.T) {
		w.in(t)
		n := j.Note("Lea's.")
		j.As("bo").patch(n.at, object{"title": "Bo's"}, seeing(1)).refused(http.StatusForbidden, "not_yours")
		j.As("bo").put(n.at+"/text", object{"text": "Bo's."}, seeing(1)).refused(http.StatusForbidden, "not_yours")
		j.As("bo").delete(n.at).refused(http.StatusForbidden, "not_yours")
	})

	t.Run("an edit takes the codings along, and lists those whose words are gone", func(t *testing.T) {
		w.in(t)
		n := j.Note("The registers come first. Then the meeting began.").Coding("foundation", "registers")
		moves := n.coding
		goes := n.Coding("problem", "Then the meeting began").coding
		j.put(n.at+"/text", object{"text": "x"}, seeing(2)).refused(http.StatusPreconditionFailed, "version_stale")
		r := j.put(n.at+"/text", object{"text": "To begin with: the registers come first. Nothing more."}, seeing(1)).want(http.StatusOK)
		if r.number("textVersion") != 2 || r.version() != 2 || r.header.Get("ETag") != `"2"` {
			t.Errorf("= %s", r.raw)
		}
		if c := j.get(j.path + "/codings/" + moves).want(http.StatusOK); c.number("anchor", "start") != 19 || c.number("anchor", "textVersion") != 2 || c.value("review") != false {
			t.Errorf("moved = %s", c.raw)
		}
		review := j.get(j.path + "/codings?review=true&note=" + n.id).want(http.StatusOK)
		if len(review.items()) != 1 || review.text("items", 0, "id") != goes || review.text("items", 0, "anchor", "quote") != "Then the meeting began" {
			t.Errorf("review = %s", review.raw)
		}
		versions := j.get(n.at + "/versions").want(http.StatusOK)
		if len(versions.items()) != 2 || versions.number("items", 0, "textVersion") != 2 || strings.Contains(string(versions.raw), "registers") {
			t.Errorf("versions = %s", versions.raw)
		}
		if old := j.get(n.at + "/text?version=1").want(http.StatusOK); old.text("text") != n.text {
			t.Errorf("the first version = %s", old.raw)
		}
		if versions.number("items", 0, "words") != 9 {
			t.Errorf("versions = %s", versions.raw)
		}
		compared := j.get(n.at + "/compare?from=1&to=2").want(http.StatusOK)
		if compared.number("from") != 1 || compared.number("to") != 2 || len(compared.list("changes")) == 0 || strings.Contains(string(compared.raw), "registers") {
			t.Errorf("compared = %s", compared.raw)
		}
		j.get(n.at+"/compare?from=1").refused(http.StatusUnprocessableEntity, "parameter_malformed")
		j.get(n.at+"/compare?from=1&to=7").refused(http.StatusNotFound, "text_version_not_found")
		behind := n.Anchor("come first")
		behind["textVersion"] = 1
		late := j.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("future"), "anchor": behind}).want(http.StatusCreated)
		if late.number("anchor", "start") != 29 || late.number("anchor", "textVersion") != 2 {
			t.Errorf("a coding of the old version = %s", late.raw)
		}
		gone := n.Anchor("the meeting")
		gone["textVersion"] = 1
		j.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("future"), "anchor": gone}).refused(http.StatusConflict, "text_changed")
	})
}

func TestAnEarlierTextIsWrittenAgain(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("ida", models.RoleEditor)
	n := j.Note("First the registers.").Coding("foundation", "registers")
	j.put(n.at+"/text", object{"text": "Then the cards."}, seeing(1)).want(http.StatusOK)
	w.in(t)
	for code, body := range map[string]object{
		"text_missing": {}, "text_twice": {"text": "Both.", "textVersion": 1}, "text_version_unknown": {"textVersion": -1},
	} {
		j.put(n.at+"/text", body, seeing(2)).refused(http.StatusUnprocessableEntity, code)
		j.post(n.at+"/text/preview", body, seeing(2)).refused(http.StatusUnprocessableEntity, code)
	}
	j.put(n.at+"/text", object{"textVersion": 9}, seeing(2)).refused(http.StatusNotFound, "text_version_not_found")
	preview := j.As("ida").post(n.at+"/text/preview", object{"textVersion": 1}, seeing(2)).want(http.StatusOK)
	if preview.number("codings", "review") != 0 || preview.number("length") != 20 {
		t.Errorf("preview = %s", preview.raw)
	}
	if r := j.put(n.at+"/text", object{"textVersion": 1}, seeing(2)).want(http.StatusOK); r.number("textVersion") != 3 {
		t.Errorf("= %s", r.raw)
	}
	if again := j.get(n.at + "/text").want(http.StatusOK); again.text("text") != "First the registers." {
		t.Errorf("the text = %s", again.raw)
	}
	if c := j.get(j.path + "/codings/" + n.coding).want(http.StatusOK); c.value("review") != false {
		t.Errorf("the coding = %s", c.raw)
	}
	since := url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339))
	if none := j.get(j.path + "/events?since=" + since).want(http.StatusOK); len(none.items()) != 0 {
		t.Errorf("events = %s", none.raw)
	}
	if all := j.get(j.path + "/events?until=" + since + "&record=" + n.id).want(http.StatusOK); len(all.items()) != 3 {
		t.Errorf("events = %s", all.raw)
	}
	j.get(j.path+"/events?since=monday").refused(http.StatusUnprocessableEntity, "parameter_malformed")
}

func TestPreviewOfAnEdit(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleEditor)
	n := j.Note("First the registers 🙂.\n\nThen the cards in the basement.").Coding("foundation", "registers").Coding("future", "cards in the basement")
	gone := n.coding
	n.Coding("agency", "First")
	path := n.at + "/text/preview"
	edit := object{"text": "# First the **registers**, says Preben.\n\nThen the cards are burnt.", "format": "markdown"}

	t.Run("it tells what the edit then does", func(t *testing.T) {
		w.in(t)
		var preview *reply
		j.unchanged(func() { preview = j.As("ida").post(path, edit, seeing(1)).want(http.StatusOK) })
		if preview.number("textVersion") != 1 || len(preview.list("review")) != 1 || preview.text("review", 0, "id") != gone {
			t.Fatalf("= %s", preview.raw)
		}
		edited := j.put(n.at+"/text", edit, seeing(1)).want(http.StatusOK)
		if preview.number("length") != edited.number("length") {
			t.Errorf("length %d, then %d", preview.number("length"), edited.number("length"))
		}
		review := 0
		all := j.get(n.at + "/codings").want(http.StatusOK)
		for _, c := range all.items() {
			if at(t, c, "review") != true {
				continue
			}
			review++
			named := preview.value("review", 0)
			for field, got := range map[string]any{
				"id": at(t, c, "id"), "codeId": at(t, c, "codeId"), "coderId": at(t, c, "coderId"), "quote": at(t, c, "anchor", "quote"),
				"start": at(t, c, "anchor", "start"), "end": at(t, c, "anchor", "end"),
			} {
				if at(t, named, field) != got {
					t.Errorf("%s was to be %v and is %v", field, at(t, named, field), got)
				}
			}
		}
		counted := preview.number("codings", "kept") + preview.number("codings", "moved")
		if review != preview.number("codings", "review") || len(all.items()) != counted+review {
			t.Errorf("%s, then %s", preview.raw, all.raw)
		}
	})

	t.Run("it refuses what the edit refuses", func(t *testing.T) {
		w.in(t)
		j.post(path, edit, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		j.post(path, edit).refused(http.StatusBadRequest, "if_match_missing")
		j.As("bo").post(path, edit, seeing(2)).refused(http.StatusForbidden, "not_yours")
		j.post(path, object{"text": "a", "format": "html"}, seeing(2)).refused(http.StatusUnprocessableEntity, "format_unknown")
		j.post(path, object{"text": "a\u0000b"}, seeing(2)).refused(http.StatusUnprocessableEntity, "text_binary")
		draft := j.As("bo").Note("Not for anybody yet.", object{"draft": true})
		j.post(draft.at+"/text/preview", edit, seeing(1)).refused(http.StatusNotFound, "note_not_found")
	})
}

func TestCodings(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
	n := j.Note("It was said: the registers are what everything else stands on.\n\nNobody asked.", object{"siteId": site, "observedOn": "2024-05-06"}).
		Coding("foundation_ground", "registers").Coding("agency", "registers are")
	other := j.As("bo").Note("Elsewhere, the future came up.", object{"observedOn": "2025-05-06"}).Coding("future", "future")

	t.Run("the list of excerpts", func(t *testing.T) {
		w.in(t)
		for query, want := range map[string]string{
			"":                                  "future, registers are, registers",
			"code=" + j.Code("foundation"):      "registers",
			"coder=" + w.User("bo").id:          "future",
			"site=" + site:                      "registers are, registers",
			"note=" + other.id:                  "future",
			"from=2025-01-01":                   "future",
			"to=2025-01-01":                     "registers are, registers",
			"review=true":                       "",
			"site=" + site + "&from=2025-01-01": "",
		} {
			var quotes []string
			for _, c := range j.get(j.path + "/codings?" + query).want(http.StatusOK).items() {
				quotes = append(quotes, at(t, c, "anchor", "quote").(string))
			}
			if got := strings.Join(quotes, ", "); got != want {
				t.Errorf("?%s = %q, want %q", query, got, want)
			}
		}
		r := j.get(j.path + "/codings?code=" + j.Code("foundation_ground")).want(http.StatusOK)
		if r.text("items", 0, "context", "before") != "It was said: the " || r.text("items", 0, "context", "after") != " are what everything else stands on." ||
			r.text("items", 0, "note", "title") == "" || r.text("items", 0, "note", "observedOn") != "2024-05-06" {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("its coder gives a coding another code or other edges", func(t *testing.T) {
		w.in(t)
		at := j.path + "/codings/" + n.coding
		r := j.patch(at, object{"codeId": j.Code("problem"), "anchor": n.Anchor("the registers are")}, seeing(1)).want(http.StatusOK)
		if r.text("anchor", "quote") != "the registers are" || r.text("codeId") != j.Code("problem") || r.version() != 2 {
			t.Errorf("= %s", r.raw)
		}
		if r = j.patch(at, object{"codeId": j.Code("agency")}, seeing(2)).want(http.StatusOK); r.text("anchor", "quote") != "the registers are" {
			t.Errorf("= %s", r.raw)
		}
		j.As("bo").patch(at, object{"codeId": j.Code("future")}, seeing(3)).refused(http.StatusForbidden, "not_yours")
		j.As("bo").delete(at).refused(http.StatusForbidden, "not_yours")
		other.patch(j.path+"/codings/"+other.coding, object{"anchor": object{"start": 0, "end": 9, "quote": "Elsewhere"}}, seeing(1)).want(http.StatusOK)
	})

	t.Run("memos are private or for all", func(t *testing.T) {
		w.in(t)
		target := object{"noun": "coding", "id": n.coding}
		private := j.post(j.path+"/memos", object{"target": target, "text": "Really?", "private": true}).want(http.StatusCreated)
		if private.text("noteId") != n.id {
			t.Errorf("= %s", private.raw)
		}
		j.As("bo").get(j.path+"/memos/"+private.id()).refused(http.StatusNotFound, "memo_not_found")
		j.As("bo").patch(j.path+"/memos/"+private.id(), object{"text": "x"}, seeing(1)).refused(http.StatusNotFound, "memo_not_found")
		if list := j.As("bo").get(j.path + "/memos?note=" + n.id).want(http.StatusOK); len(list.items()) != 0 {
			t.Errorf("bo sees %s", list.raw)
		}
		j.patch(j.path+"/memos/"+private.id(), object{"private": false}, seeing(1)).want(http.StatusOK)
		if list := j.As("bo").get(j.path + "/memos?target=" + n.coding).want(http.StatusOK); len(list.items()) != 1 {
			t.Errorf("bo sees %s", list.raw)
		}
		j.As("bo").patch(j.path+"/memos/"+private.id(), object{"text": "x"}, seeing(2)).refused(http.StatusForbidden, "not_yours")
		j.patch(j.path+"/memos/"+private.id(), object{"private": true}, seeing(2)).refused(http.StatusConflict, "memo_shared")
		for _, target := range []object{{"noun": "project", "id": j.id}, {"noun": "site", "id": site}, {"noun": "note", "id": n.id}, {"noun": "code", "id": j.Code("future")}} {
			j.post(j.path+"/memos", object{"target": target, "text": "Look."}).want(http.StatusCreated)
		}
		j.delete(j.path + "/memos/" + private.id()).want(http.StatusNoContent)
	})

	t.Run("links between codings", func(t *testing.T) {
		w.in(t)
		link := j.post(j.path+"/links", object{"fromId": n.coding, "toId": other.coding, "kind": "leadsTo", "text": "In time."}).want(http.StatusCreated)
		for _, end := range []string{n.coding, other.coding} {
			if list := j.get(j.path + "/links?coding=" + end).want(http.StatusOK); len(list.items()) != 1 {
				t.Errorf("= %s", list.raw)
			}
		}
		if r := j.patch(j.path+"/links/"+link.id(), object{"kind": "contrasts"}, seeing(1)).want(http.StatusOK); r.text("kind") != "contrasts" || r.text("text") != "In time." {
			t.Errorf("= %s", r.raw)
		}
		j.As("bo").delete(j.path+"/links/"+link.id()).refused(http.StatusForbidden, "not_yours")
		j.delete(j.path + "/links/" + link.id()).want(http.StatusNoContent)
		if list := j.get(j.path + "/links").want(http.StatusOK); len(list.items()) != 0 {
			t.Errorf("= %s", list.raw)
		}
	})
}
