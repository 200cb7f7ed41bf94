package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// deeds are the kinds of things that others do while a round is blind, of which its coders, owners and
// readers notice nothing. Each does one of its kind, or says that there is nothing yet to do it with.
var deeds = map[string]func(h *hidden) bool{
	"a coding": func(h *hidden) bool { return h.put(1) },
	"many codings at once": func(h *hidden) bool {
		return h.put(3)
	},
	"a coding changed": func(h *hidden) bool {
		id, who := h.any(h.codings)
		if id == "" {
			return false
		}
		r := h.keep(who.patch(who.path+"/codings/"+id, object{"codeId": h.code()}, seeing(h.codings[id])).want(http.StatusOK))
		if r.id() != id { // it fell together with another
			delete(h.codings, id)
			id = r.id()
		}
		h.codings[id] = r.version()
		return true
	},
	"a coding removed": func(h *hidden) bool {
		id, who := h.any(h.codings)
		if id == "" || len(h.codings) < 4 {
			return false
		}
		who.delete(who.path + "/codings/" + id).want(http.StatusNoContent)
		delete(h.codings, id)
		return true
	},
	"an undo": func(h *hidden) bool {
		who := h.bo()
		events := who.get(who.path + "/events?noun=coding&limit=1&layer=" + h.round + "&actor=" + who.person.id).want(http.StatusOK)
		if len(events.items()) == 0 {
			return false
		}
		h.keep(events)
		before := len(h.codings)
		h.keep(who.post(who.path+"/events/"+events.text("items", 0, "id")+"/undo", object{"rest": true}))
		h.again()
		return before >= 0
	},
	"a memo in the round": func(h *hidden) bool { return h.memo(false) },
	"a private memo":      func(h *hidden) bool { return h.memo(true) },
	"a private memo elsewhere": func(h *hidden) bool {
		who := h.bo()
		h.keep(who.post(who.path+"/memos", object{"target": object{"noun": "note", "id": h.notes[3].id}, "private": true, "text": "To myself: the register again."}).want(http.StatusCreated))
		return true
	},
	"a memo changed": func(h *hidden) bool {
		id, who := h.any(h.memos)
		if id == "" {
			return false
		}
		h.memos[id] = h.keep(who.patch(who.path+"/memos/"+id, object{"text": fmt.Sprintf("The register, once more: %d", h.n)}, seeing(h.memos[id])).want(http.StatusOK)).version()
		return true
	},
	"a memo binned and restored": func(h *hidden) bool {
		id, who := h.any(h.memos)
		if id == "" {
			return false
		}
		who.delete(who.path + "/memos/" + id).want(http.StatusNoContent)
		h.keep(who.get(who.path + "/bin").want(http.StatusOK))
		if h.rand.IntN(2) == 0 {
			delete(h.memos, id)
			return true
		}
		h.memos[id] = h.keep(who.post(who.path+"/bin/memo/"+id+"/restore", nil).want(http.StatusOK)).version()
		return true
	},
	"a purge tried": func(h *hidden) bool {
		who := h.bo()
		id := h.keep(who.post(who.path+"/memos", object{"target": object{"noun": "note", "id": h.notes[0].id}, "text": "Away with it."}).want(http.StatusCreated)).id()
		who.delete(who.path + "/memos/" + id).want(http.StatusNoContent)
		h.otto.delete(h.otto.path+"/bin/memo/"+id).refused(http.StatusNotFound, "memo_not_found")
		return true
	},
	"a link": func(h *hidden) bool {
		who := h.bo()
		from, to := "", ""
		for _, id := range slices.Sorted(maps.Keys(h.codings)) {
			if h.owner[id] == who.person.id {
				from, to = to, id
			}
		}
		if from == "" {
			return false
		}
		r := h.keep(who.post(who.path+"/links", object{"fromId": from, "toId": to, "kind": "contrasts", "text": "The register."}).want(http.StatusCreated))
		h.links[r.id()], h.owner[r.id()] = r.version(), who.person.id
		return true
	},
	"a link changed": func(h *hidden) bool {
		id, who := h.any(h.links)
		if id == "" {
			return false
		}
		r := who.patch(who.path+"/links/"+id, object{"text": fmt.Sprintf("Because of %d.", h.n)}, seeing(h.links[id]))
		if r.status != http.StatusOK { // a coding of it was removed
			delete(h.links, id)
			return false
		}
		h.links[id] = h.keep(r).version()
		return true
	},
	"a link removed": func(h *hidden) bool {
		id, who := h.any(h.links)
		if id == "" {
			return false
		}
		if r := who.delete(who.path + "/links/" + id); r.status != http.StatusNoContent {
			return false
		}
		delete(h.links, id)
		return true
	},
	"done with a note": func(h *hidden) bool {
		who := h.who()
		who.put(who.path+"/rounds/"+h.round+"/notes/"+h.note().id+"/done", nil).want(http.StatusNoContent)
		return true
	},
	"not done after all": func(h *hidden) bool {
		who := h.who()
		who.delete(who.path + "/rounds/" + h.round + "/notes/" + h.note().id + "/done").want(http.StatusNoContent)
		return true
	},
	"a merge tried": func(h *hidden) bool {
		h.otto.post(h.otto.path+"/codes/"+h.codes[0]+"/merge", object{"into": h.codes[1]}).refused(http.StatusConflict, "round_pins_code")
		h.otto.post(h.otto.path+"/codes/"+h.codes[4]+"/merge", object{"into": h.codes[1]}).refused(http.StatusConflict, "round_pins_code")
		h.keep(h.otto.post(h.otto.path+"/codes/"+h.codes[0]+"/merge/preview", object{"into": h.codes[1]}))
		return true
	},
	"a split tried": func(h *hidden) bool {
		h.otto.post(h.otto.path+"/codes/"+h.codes[1]+"/split", object{"into": array{object{"name": "A part"}}}).refused(http.StatusConflict, "round_pins_code")
		return true
	},
	"a change of a code tried": func(h *hidden) bool {
		at := h.otto.path + "/codes/" + h.codes[2]
		h.otto.patch(at, object{"archived": true}, seeing(h.otto.get(at).version())).refused(http.StatusConflict, "round_pins_code")
		h.otto.delete(at).refused(http.StatusConflict, "round_pins_code")
		return true
	},
	"a text edit tried": func(h *hidden) bool {
		n := h.note()
		version := h.otto.get(n.at).version()
		h.otto.put(n.at+"/text", object{"text": "Other words."}, seeing(version)).refused(http.StatusConflict, "round_pins_text")
		h.keep(h.otto.post(n.at+"/text/preview", object{"text": "Other words."}, seeing(version)))
		return true
	},
	"a note binned, tried": func(h *hidden) bool {
		h.otto.delete(h.note().at).refused(http.StatusConflict, "round_pins_text")
		return true
	},
	"an in-vivo code tried": func(h *hidden) bool {
		n := h.note()
		r := h.bo().post(h.otto.path+"/codes/in-vivo", object{"noteId": n.id, "anchor": n.Paragraph(h.n)})
		if r.status == http.StatusCreated {
			h.t.Errorf("a coder of the round made a code in vivo: %s", r.raw)
		}
		return true
	},
	"an open coding tried": func(h *hidden) bool {
		n := h.note()
		h.otto.post(h.otto.path+"/codings", object{"layer": "open", "noteId": n.id, "codeId": h.code(), "anchor": n.Paragraph(h.n)}).refused(http.StatusConflict, "round_at_rest")
		return true
	},
	"an open memo tried": func(h *hidden) bool {
		h.otto.post(h.otto.path+"/memos", object{"layer": "open", "target": object{"noun": "note", "id": h.note().id}, "text": "For all to read."}).refused(http.StatusConflict, "round_at_rest")
		return true
	},
	"a comment": func(h *hidden) bool {
		id, who := h.any(h.codings)
		if id == "" {
			return false
		}
		r := h.keep(who.post(who.path+"/comments", object{"codingId": id, "text": "Is this of the register?"}).want(http.StatusCreated))
		h.comments[r.id()], h.owner[r.id()] = r.version(), who.person.id
		return true
	},
	"a comment changed": func(h *hidden) bool {
		id, who := h.any(h.comments)
		if id == "" {
			return false
		}
		r := who.patch(who.path+"/comments/"+id, object{"text": fmt.Sprintf("Is it, at %d?", h.n)}, seeing(h.comments[id]))
		if r.status != http.StatusOK { // its coding was removed
			delete(h.comments, id)
			return false
		}
		h.comments[id] = h.keep(r).version()
		return true
	},
	"a comment removed": func(h *hidden) bool {
		id, who := h.any(h.comments)
		if id == "" {
			return false
		}
		delete(h.comments, id)
		return who.delete(who.path+"/comments/"+id).status == http.StatusNoContent
	},
	"a mention tried": func(h *hidden) bool {
		id, who := h.any(h.codings)
		if id == "" {
			return false
		}
		who.post(who.path+"/comments", object{"codingId": id, "text": "@[" + h.User("lea").id + "] should see this."}).refused(http.StatusUnprocessableEntity, "mention_unknown")
		return true
	},
	"presence": func(h *hidden) bool {
		who := h.bo()
		who.put(who.path+"/presence", object{"noteId": h.note().id, "block": h.rand.IntN(5)}).want(http.StatusNoContent)
		return true
	},
	"presence ended": func(h *hidden) bool {
		who := h.bo()
		who.delete(who.path + "/presence").want(http.StatusNoContent)
		return true
	},
	"an inbox read": func(h *hidden) bool {
		h.User("bo").post("/me/inbox/read", object{"all": true, "read": true}).want(http.StatusNoContent)
		return true
	},
	"a token": func(h *hidden) bool {
		bo := h.User("bo")
		r := h.keep(bo.post("/me/tokens", object{"name": "R", "scope": "read", "projects": array{}, "expiresAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).want(http.StatusCreated))
		bo.delete("/me/tokens/" + r.text("token", "id")).want(http.StatusNoContent)
		return true
	},
	"an upload": func(h *hidden) bool {
		h.keep(h.bo().Send("a.txt", []byte(fmt.Sprintf("The register of draft %d.", h.n))))
		return true
	},
	"an upload let go": func(h *hidden) bool {
		who := h.bo()
		who.delete(who.Begin("b.txt", "", 5), speaking()).want(http.StatusNoContent)
		return true
	},
	"a draft": func(h *hidden) bool {
		who := h.bo()
		id := h.id("draft", h.n)
		h.keep(who.put(who.path+"/drafts/"+id, aDraft("The register, half a sentence")).want(http.StatusOK))
		if h.rand.IntN(2) == 0 {
			who.delete(who.path + "/drafts/" + id).want(http.StatusNoContent)
		}
		return true
	},
	"a draft of a note": func(h *hidden) bool {
		who := h.bo()
		n := who.Note(fmt.Sprintf("The register of a private note, %d.", h.n), object{"id": h.id("draft note", h.n), "draft": true, "title": "Mine"})
		h.seen = append(h.seen, n.id)
		h.keep(who.post(who.path+"/codings", object{"noteId": n.id, "codeId": h.codes[4], "anchor": n.Anchor("register")}).want(http.StatusCreated))
		h.keep(who.post(who.path+"/memos", object{"target": object{"noun": "note", "id": n.id}, "text": "Of the register."}).want(http.StatusCreated))
		if h.rand.IntN(2) == 0 {
			who.delete(n.at).want(http.StatusNoContent)
		}
		return true
	},
	"an export": func(h *hidden) bool {
		who := h.who()
		who.get(who.path + "/exports/codings?format=csv&layer=" + h.round).want(http.StatusOK)
		return true
	},
	"a saved search": func(h *hidden) bool {
		who := h.bo()
		id := h.keep(who.post(who.path+"/saved-searches", object{"name": fmt.Sprint("Registers ", h.n), "query": object{"q": "register"}}).want(http.StatusCreated)).id()
		h.keep(who.patch(who.path+"/saved-searches/"+id, object{"name": "Cards"}, seeing(1)).want(http.StatusOK))
		who.delete(who.path + "/saved-searches/" + id).want(http.StatusNoContent)
		return true
	},
	"another session": func(h *hidden) bool {
		bo := h.User("bo")
		again := h.Stranger()
		again.take(again.post("/auth/sign-in", object{"email": bo.email, "password": bo.password}).want(http.StatusOK))
		again.post("/auth/sign-out", nil).want(http.StatusNoContent)
		return true
	},
}

func (h *hidden) bo() *project { return h.otto.As("bo") }

// who is one of those whose deeds are hidden.
func (h *hidden) who() *project {
	if h.rand.IntN(3) == 0 {
		return h.otto
	}
	return h.bo()
}

func (h *hidden) note() *note  { return h.notes[h.rand.IntN(3)] }
func (h *hidden) code() string { return h.codes[h.rand.IntN(4)] }

// any is something they have in the round, and whose it is.
func (h *hidden) any(of map[string]int) (string, *project) {
	ids := slices.Sorted(maps.Keys(of))
	if len(ids) == 0 {
		return "", nil
	}
	id := ids[h.rand.IntN(len(ids))]
	if h.owner[id] == h.otto.person.id {
		return id, h.otto
	}
	return id, h.bo()
}

// put puts codings in the round.
func (h *hidden) put(n int) bool {
	who, note := h.who(), h.note()
	var items array
	for i := range n {
		items = append(items, object{"noteId": note.id, "codeId": h.code(), "anchor": note.Paragraph(h.rand.IntN(6) + i)})
	}
	if n == 1 {
		body := items[0].(object)
		body["id"] = h.id("hidden", h.n)
		r := h.keep(who.post(who.path+"/codings", body))
		h.codings[r.id()], h.owner[r.id()] = r.version(), who.person.id
		return r.status == http.StatusCreated
	}
	r := h.keep(who.post(who.path+"/codings/batch", object{"items": items}).want(http.StatusCreated))
	for _, c := range r.items() {
		id := at(h.t, c, "id").(string)
		h.codings[id], h.owner[id] = int(at(h.t, c, "version").(float64)), who.person.id
	}
	return true
}

// memo writes a memo in the round, on a note or on a coding of one's own.
func (h *hidden) memo(private bool) bool {
	id, who := h.any(h.codings)
	if id == "" {
		return false
	}
	target := object{"noun": "coding", "id": id}
	if h.rand.IntN(2) == 0 {
		target = object{"noun": "note", "id": h.note().id}
	}
	r := h.keep(who.post(who.path+"/memos", object{"id": h.id("hidden memo", h.n), "target": target, "private": private, "text": fmt.Sprintf("Nobody knows of the register, %d.", h.n)}).want(http.StatusCreated))
	if r.text("layer") != h.round {
		h.t.Errorf("a memo of the round is in the layer %q", r.text("layer"))
	}
	h.memos[r.id()], h.owner[r.id()] = r.version(), who.person.id
	return true
}

// again looks what there is after an undo.
func (h *hidden) again() {
	clear(h.codings)
	for _, who := range []*project{h.otto, h.bo()} {
		for _, c := range who.get(who.path + "/codings?limit=1000&layer=" + h.round).want(http.StatusOK).items() {
			id := at(h.t, c, "id").(string)
			h.codings[id], h.owner[id] = int(at(h.t, c, "version").(float64)), who.person.id
		}
	}
}

// act does one hidden deed, of the kind that is due or of any.
func (h *hidden) act(kind string) {
	h.t.Helper()
	h.n++
	if kind == "" {
		kinds := slices.Sorted(maps.Keys(deeds))
		kind = kinds[h.rand.IntN(len(kinds))]
	}
	if deeds[kind](h) {
		h.did(kind)
	}
}
