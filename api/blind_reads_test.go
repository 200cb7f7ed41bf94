package api_test

import (
	"net/http"
	"slices"
	"strings"
)

// reads are the operations that give something, each with the addresses it is asked at: behind that of
// the project where it begins with a dash, and as they are otherwise. All answers are compared.
var reads = map[string]func(b *blind) []string{
	"GET /me":                             func(*blind) []string { return []string{"/me"} },
	"GET /me/inbox":                       func(*blind) []string { return []string{"/me/inbox", "/me/inbox?unread=true", "/me/inbox?limit=1"} },
	"GET /me/tokens":                      func(*blind) []string { return []string{"/me/tokens"} },
	"GET /auth/options":                   func(*blind) []string { return []string{"/auth/options"} },
	"GET /projects/{project}/invitations": of("/invitations"),
	"GET /projects/{project}/presence":    of("/presence"),
	"GET /projects/{project}/comments": func(b *blind) []string {
		all := append(under("-/comments?coding=", b.open[:2]), probing("/comments?coding=")(b)...)
		return b.layered(append(all, "-/comments", "-/comments?limit=1", "-/comments?note="+b.notes[0].id)...)
	},
	"GET /me/sessions":              func(*blind) []string { return []string{"/me/sessions"} },
	"GET /users":                    func(*blind) []string { return []string{"/users"} },
	"GET /codebook-templates":       func(*blind) []string { return []string{"/codebook-templates"} },
	"GET /codebook-templates/{key}": func(*blind) []string { return []string{"/codebook-templates/data-in-organisational-practice"} },
	"GET /projects":                 func(*blind) []string { return []string{"/projects", "/projects?bin=true"} },

	"GET /projects/{project}":                            of(""),
	"GET /projects/{project}/activity":                   of("/activity"),
	"GET /projects/{project}/members":                    of("/members", "/members?former=true"),
	"GET /projects/{project}/sites":                      of("/sites"),
	"GET /projects/{project}/sites/{site}":               func(b *blind) []string { return []string{"-/sites/" + b.site} },
	"GET /projects/{project}/participants":               of("/participants"),
	"GET /projects/{project}/participants/{participant}": func(b *blind) []string { return []string{"-/participants/" + b.id("nobody")} },

	"GET /projects/{project}/notes": func(b *blind) []string {
		return []string{"-/notes", "-/notes?order=createdAt", "-/notes?order=title&limit=2", "-/notes?site=" + b.site, "-/notes?drafts=true", "-/notes?kind=fieldNote&limit=4"}
	},
	"GET /projects/{project}/notes/progress": func(b *blind) []string {
		return []string{"-/notes/progress", "-/notes/progress?limit=2", "-/notes/progress?note=" + b.notes[0].id}
	},
	"GET /projects/{project}/notes/{note}":             onNotes(""),
	"GET /projects/{project}/notes/{note}/text":        onNotes("/text"),
	"GET /projects/{project}/notes/{note}/text/source": onNotes("/text/source"),
	"GET /projects/{project}/notes/{note}/versions":    onNotes("/versions"),
	"GET /projects/{project}/notes/{note}/releases":    onNotes("/releases"),
	"GET /projects/{project}/notes/{note}/compare":     onNotes("/compare?from=1&to=1"),
	"GET /projects/{project}/notes/{note}/file":        func(b *blind) []string { return []string{"-/notes/" + b.filed + "/file"} },
	"GET /projects/{project}/notes/{note}/attachments/{file}": func(b *blind) []string {
		return []string{"-/notes/" + b.notes[3].id + "/attachments/" + b.file}
	},
	"GET /projects/{project}/notes/{note}/codings": func(b *blind) []string {
		return b.layered(append(onNotes("/codings")(b), "-/notes/"+b.notes[0].id+"/codings?limit=1")...)
	},

	"GET /projects/{project}/uploads":               of("/uploads"),
	"GET /projects/{project}/uploads/{upload}":      probing("/uploads/"),
	"GET /projects/{project}/uploads/{upload}/text": func(b *blind) []string { return []string{"-/uploads/" + b.id("nothing") + "/text"} },
	"GET /projects/{project}/drafts":                of("/drafts"),
	"GET /projects/{project}/drafts/{draft}":        probing("/drafts/"),

	"GET /projects/{project}/codes": of("/codes"),
	"GET /projects/{project}/codes/{code}": func(b *blind) []string {
		return []string{"-/codes/" + b.codes[0], "-/codes/" + b.codes[4]}
	},
	"GET /projects/{project}/codebook":       of("/codebook", "/codebook?version=1"),
	"GET /projects/{project}/codebook/usage": func(b *blind) []string { return b.layered("-/codebook/usage") },
	"GET /projects/{project}/codings": func(b *blind) []string {
		return b.layered(b.filtered("-/codings", "order=place", "order=place&limit=2", "limit=1", "review=true")...)
	},
	"GET /projects/{project}/codings/counts": func(b *blind) []string { return b.layered(b.filtered("-/codings/counts")...) },
	"GET /projects/{project}/codings/{coding}": func(b *blind) []string {
		return append(probing("/codings/")(b), under("-/codings/", append(b.open, b.mine...))...)
	},
	"GET /projects/{project}/memos": func(b *blind) []string {
		return b.layered("-/memos", "-/memos?limit=2", "-/memos?note="+b.notes[0].id, "-/memos?target="+b.notes[0].id, "-/memos?target="+b.open[1], "-/memos?target="+b.site, "-/memos?note="+b.notes[3].id)
	},
	"GET /projects/{project}/memos/{memo}": func(b *blind) []string {
		return append(probing("/memos/")(b), under("-/memos/", b.memos)...)
	},
	"GET /projects/{project}/links": func(b *blind) []string {
		return b.layered("-/links", "-/links?limit=1", "-/links?coding="+b.open[0], "-/links?coding="+b.open[3])
	},

	"GET /projects/{project}/rounds":                  of("/rounds"),
	"GET /projects/{project}/rounds/tasks":            of("/rounds/tasks"),
	"GET /projects/{project}/rounds/{round}":          func(b *blind) []string { return []string{"-/rounds/" + b.round} },
	"GET /projects/{project}/rounds/{round}/progress": func(b *blind) []string { return []string{"-/rounds/" + b.round + "/progress"} },
	"GET /projects/{project}/rounds/{round}/tasks":    func(b *blind) []string { return []string{"-/rounds/" + b.round + "/tasks"} },

	"GET /projects/{project}/exports/codings": func(b *blind) []string {
		return b.layered("-/exports/codings?format=csv", "-/exports/codings?format=jsonl", "-/exports/codings?format=csv&coder="+b.User("bo").id)
	},
	"GET /projects/{project}/exports/notes":    of("/exports/notes?format=csv", "/exports/notes?format=jsonl"),
	"GET /projects/{project}/exports/codebook": of("/exports/codebook?format=csv", "/exports/codebook?format=jsonl"),

	"GET /projects/{project}/search": func(b *blind) []string {
		code, bo := b.codes[1], b.User("bo").id
		return b.layered(
			"-/search", "-/search?q=register", "-/search?q=regster&limit=1", "-/search?type=memo", "-/search?type=memo&q=nobody", "-/search?type=comment", "-/search?type=comment&q=register&limit=1", "-/search?type=comment&q=said",
			"-/search?type=passage&limit=2&order=observedOn",
			"-/search?code="+code, "-/search?codeAny="+code+"&codeAny="+b.codes[2], "-/search?codeNone="+code, "-/search?coder="+bo, "-/search?coder="+bo+"&codeNone="+code,
			"-/search?coder="+bo+"&code="+code, "-/search?site="+b.site+"&order=-observedOn",
		)
	},
	"GET /projects/{project}/search/candidates": func(b *blind) []string {
		return []string{"-/search/candidates?q=register&put=" + b.codes[0], "-/search/candidates?extent=words&q=meeting&put=" + b.codes[3] + "&coder=" + b.User("bo").id}
	},
	"GET /projects/{project}/saved-searches": of("/saved-searches"),
	"GET /projects/{project}/events": func(b *blind) []string {
		all := []string{"-/events", "-/events?limit=2", "-/events?noun=coding&noun=memo&noun=link", "-/events?note=" + b.notes[0].id, "-/events?actor=" + b.User("bo").id, "-/events?noun=round"}
		return b.layered(append(all, probing("/events?record=")(b)...)...)
	},
	"GET /projects/{project}/bin": of("/bin"),

	"POST /projects/{project}/codes/{code}/merge/preview": nil, // see previews
	"POST /projects/{project}/notes/{note}/text/preview":  nil,
	"POST /projects/{project}/codes/import/preview":       nil,
}

// layered asks for each address in the open layer, in the round's and in one that isn't there.
func (b *blind) layered(addresses ...string) []string {
	var all []string
	for _, address := range addresses {
		mark := "?"
		if strings.Contains(address, "?") {
			mark = "&"
		}
		all = append(all, address, address+mark+"layer="+b.round, address+mark+"layer="+b.id("nowhere"))
	}
	return all
}

// filtered asks with each filter of codings.
func (b *blind) filtered(address string, more ...string) []string {
	all := []string{address}
	for _, filter := range append(more, "code="+b.codes[0], "code="+b.codes[1]+"&alone=true", "coder="+b.User("bo").id, "coder="+b.User("lea").id,
		"site="+b.site, "note="+b.notes[0].id, "kind=fieldNote", "from=2025-03-04&to=2025-03-05") {
		all = append(all, address+"?"+filter)
	}
	return all
}

func of(addresses ...string) func(*blind) []string {
	return func(*blind) []string { return under("-", addresses) }
}

func onNotes(rest string) func(*blind) []string {
	return func(b *blind) []string {
		var all []string
		for _, n := range b.notes {
			all = append(all, "-/notes/"+n.id+rest)
		}
		return all
	}
}

// probing asks for what was made hidden in the busy world, by its id. In the quiet world nothing has it.
func probing(address string) func(*blind) []string {
	return func(b *blind) []string { return under("-"+address, b.sample(5)) }
}

// sample gives some of the hidden ids: the same in both worlds, and others for each that asks.
func (b *blind) sample(n int) []string {
	var some []string
	every := max(1, len(b.hidden.seen)/n)
	for i := b.step % every; i < len(b.hidden.seen); i += every {
		some = append(some, b.hidden.seen[i])
	}
	return some
}

func under(address string, rest []string) []string {
	all := make([]string, len(rest))
	for i, r := range rest {
		all[i] = address + r
	}
	return all
}

// previews are asked like reads, and probes are writes on what one must not know of: all are refused, as
// if it weren't there. A request that one's role doesn't allow is refused for that.
func (b *blind) probe(who string) {
	b.t.Helper()
	p := b.otto.path
	for i, code := range b.codes {
		b.ask(who, http.MethodPost, p+"/codes/"+code+"/merge/preview", object{"into": b.codes[(i+1)%5]})
	}
	for _, n := range b.notes {
		b.ask(who, http.MethodPost, n.at+"/text/preview", object{"text": "Other words."}, seeing(1))
	}
	b.ask(who, http.MethodPost, p+"/codes/import/preview", []byte("name\nFrom a table\n"), with("Content-Type", "text/csv"))
	for _, code := range b.codes[:2] {
		b.ask(who, http.MethodDelete, p+"/codes/"+code, nil)
		b.ask(who, http.MethodPost, p+"/codes/"+code+"/merge", object{"into": b.codes[2]})
	}
	for _, id := range b.sample(8) {
		b.ask(who, http.MethodPatch, p+"/codings/"+id, object{"codeId": b.codes[0]}, seeing(1))
		b.ask(who, http.MethodDelete, p+"/codings/"+id, nil)
		b.ask(who, http.MethodPatch, p+"/memos/"+id, object{"text": "Mine now."}, seeing(1))
		b.ask(who, http.MethodDelete, p+"/memos/"+id, nil)
		b.ask(who, http.MethodPatch, p+"/links/"+id, object{"text": "Mine now."}, seeing(1))
		b.ask(who, http.MethodDelete, p+"/links/"+id, nil)
		b.ask(who, http.MethodPost, p+"/memos", object{"target": object{"noun": "coding", "id": id}, "text": "On what isn't there."})
		b.ask(who, http.MethodPost, p+"/links", object{"fromId": id, "toId": b.open[0], "kind": "repeats"})
		b.ask(who, http.MethodPost, p+"/comments", object{"codingId": id, "text": "On what isn't there."})
		b.ask(who, http.MethodPatch, p+"/comments/"+id, object{"text": "Mine now."}, seeing(1))
		b.ask(who, http.MethodDelete, p+"/comments/"+id, nil)
		b.ask(who, http.MethodPost, p+"/events/"+id+"/undo", nil)
		b.ask(who, http.MethodPost, p+"/codes/"+b.codes[4]+"/split", object{"into": array{object{"name": "A part", "codingIds": array{id}}}})
		for _, noun := range []string{"memo", "coding", "note"} {
			b.ask(who, http.MethodPost, p+"/bin/"+noun+"/"+id+"/restore", nil)
			b.ask(who, http.MethodDelete, p+"/bin/"+noun+"/"+id, nil)
		}
	}
}

// readAll asks for everything that somebody can read, page by page.
func (b *blind) readAll(who string, but ...string) {
	b.t.Helper()
	for _, operation := range operationsOf(b.t) {
		addresses := reads[operation]
		if addresses == nil || slices.Contains(but, operation) {
			continue
		}
		for _, address := range addresses(b) {
			if rest, ok := strings.CutPrefix(address, "-"); ok {
				address = b.otto.path + rest
			}
			b.readPages(who, address)
		}
	}
}

func (b *blind) readPages(who, address string) {
	b.t.Helper()
	r := b.ask(who, http.MethodGet, address, nil)
	if !strings.Contains(r.header.Get("Content-Type"), "json") || strings.Contains(address, "/exports/") || r.status != http.StatusOK {
		return
	}
	if url := r.text("url"); url != "" { // a signed file, which is fetched as well
		b.ask(who, http.MethodGet, url, nil)
		return
	}
	for range 50 {
		next := r.next()
		if next == "" {
			return
		}
		mark := "?"
		if strings.Contains(address, "?") {
			mark = "&"
		}
		r = b.ask(who, http.MethodGet, address+mark+"cursor="+next, nil)
	}
	b.t.Fatalf("%s has no end", address)
}
