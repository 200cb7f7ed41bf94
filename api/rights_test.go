package api_test

import (
	"net/http"
	"strings"
	"testing"

	"feltbog/api"
	"feltbog/models"
)

// trial is one route tried by one person.
type trial struct {
	// owner is the project as its owner sees it, and made as the one who tries sees it where their
	// role may make what is tried, and as the owner does otherwise.
	owner, who *project
	role       models.Role
}

// maker is who makes what is tried: the one who tries where they may, since many rights reach only to
// one's own.
func (x trial) maker(action models.Action) *project {
	if x.role != "" && x.role.May(action) != models.GrantNone {
		return x.who
	}
	return x.owner
}

func (x trial) note() *note {
	return x.maker(models.ActionAddNotes).Note("The registers are what everything else stands on.")
}

func (x trial) coding() (*note, string) {
	n := *x.owner.Note("The registers are what everything else stands on.")
	n.project = x.maker(models.ActionCode)
	n.Coding("foundation", "registers")
	return &n, n.coding
}

func (x trial) site() string {
	return x.owner.post(x.owner.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
}

func (x trial) participant() string {
	return x.owner.post(x.owner.path+"/participants", object{"pseudonym": "Karen"}).want(http.StatusCreated).id()
}

func (x trial) code() string {
	return x.owner.post(x.owner.path+"/codes", object{"name": "Rumour"}).want(http.StatusCreated).id()
}

func (x trial) memo() string {
	j := x.maker(models.ActionWriteMemos)
	return j.post(j.path+"/memos", object{"target": object{"noun": "project", "id": j.id}, "text": "Look."}).want(http.StatusCreated).id()
}

func (x trial) comment() string {
	n, id := x.coding()
	n.project = x.maker(models.ActionWriteComments)
	return n.post(n.path+"/comments", object{"codingId": id, "text": "Is it?"}).want(http.StatusCreated).id()
}

func (x trial) twoCodings() (from, to string) {
	n, from := x.coding()
	return from, n.Coding("future", "stands").coding
}

func (x trial) link() string {
	from, to := x.twoCodings()
	j := x.maker(models.ActionLink)
	return j.post(j.path+"/links", object{"fromId": from, "toId": to, "kind": "explains"}).want(http.StatusCreated).id()
}

func (x trial) savedSearch() string {
	j := x.maker(models.ActionRead)
	return j.post(j.path+"/saved-searches", object{"name": "Registers", "query": object{"q": "registers"}}).want(http.StatusCreated).id()
}

// round is a draft that can go blind, and the one note in it. Who tries codes in it where their role may.
func (x trial) round() (note, id string) {
	coder := x.who
	if x.role == "" || x.role == models.RoleReader {
		coder = x.owner.As("editor")
	}
	n := x.owner.Note("The registers are what everything else stands on.")
	return n.id, x.owner.post(x.owner.path+"/rounds", object{
		"name": "First round", "noteIds": array{n.id}, "codeIds": array{x.code()}, "coderIds": array{coder.person.id}, "codersPerNote": 1,
		"assignment": array{object{"noteId": n.id, "coderIds": array{coder.person.id}}},
	}).want(http.StatusCreated).id()
}

func (x trial) blindRound() (note, id string) {
	note, id = x.round()
	x.owner.post(x.owner.path+"/rounds/"+id+"/move", object{"to": "blind"}, seeing(1)).want(http.StatusOK)
	return note, id
}

// upload is the rest of the address of an upload: a place for a file, or a text that has been read.
func (x trial) upload(read bool) string {
	j := x.maker(models.ActionAddNotes)
	words := []byte("Words " + string(models.NewID()))
	if !read {
		return strings.TrimPrefix(j.Begin("a.txt", "", 5), "/api/v1"+j.path)
	}
	return "/uploads/" + j.Send("a.txt", words).id()
}

// fresh is a project that may be destroyed, with the same people.
func (x trial) fresh() *project {
	j := x.owner.Project("To be destroyed")
	if x.role != "" && x.role != models.RoleOwner {
		j.Member(x.who.name, x.role)
	} else if x.role == models.RoleOwner && x.who.person != x.owner.person {
		j.Member(x.who.name, models.RoleOwner)
	}
	return j
}

// trials say for each route of a project how it is tried: the rest of its address, and what is sent.
// A new route must be added here.
var trials = map[string]func(x trial) (path string, body any, o []option){
	"GET ":       func(trial) (string, any, []option) { return "", nil, nil },
	"PATCH ":     func(x trial) (string, any, []option) { return sees("", x, object{"description": "More."}) },
	"POST /copy": func(trial) (string, any, []option) { return "/copy", object{"name": "A copy"}, nil },

	"PUT /attributes": func(x trial) (string, any, []option) {
		return "/attributes", object{"items": array{object{"name": "Recorded", "type": "boolean"}}}, []option{seeing(x.owner.get(x.owner.path).version())}
	},
	"GET /activity": plain("/activity"),
	"GET /members":  plain("/members"),
	"POST /members": func(x trial) (string, any, []option) {
		return "/members", object{"email": x.owner.w.User(string(models.NewID())).email, "role": "reader"}, nil
	},
	"PATCH /members/:user": func(x trial) (string, any, []option) {
		somebody := x.owner.w.User(string(models.NewID()))
		x.owner.Member(somebody.name, models.RoleReader)
		return "/members/" + somebody.id, object{"role": "coder"}, []option{seeing(1)}
	},
	"DELETE /members/:user": func(x trial) (string, any, []option) {
		somebody := x.owner.w.User(string(models.NewID()))
		x.owner.Member(somebody.name, models.RoleReader)
		return "/members/" + somebody.id, nil, nil
	},

	"GET /invitations":  plain("/invitations"),
	"POST /invitations": func(trial) (string, any, []option) { return "/invitations", object{"role": "coder"}, nil },
	"DELETE /invitations/:invitation": func(x trial) (string, any, []option) {
		r := x.owner.post(x.owner.path+"/invitations", object{"role": "coder"}).want(http.StatusCreated)
		return "/invitations/" + r.text("items", 0, "invitation", "id"), nil, nil
	},

	"GET /sites":          plain("/sites"),
	"POST /sites":         func(trial) (string, any, []option) { return "/sites", object{"name": "Library"}, nil },
	"GET /sites/:site":    func(x trial) (string, any, []option) { return "/sites/" + x.site(), nil, nil },
	"PATCH /sites/:site":  func(x trial) (string, any, []option) { return sees("/sites/"+x.site(), x, object{"name": "Library"}) },
	"DELETE /sites/:site": func(x trial) (string, any, []option) { return "/sites/" + x.site(), nil, nil },

	"GET /participants":  plain("/participants"),
	"POST /participants": func(trial) (string, any, []option) { return "/participants", object{"pseudonym": "Ole"}, nil },
	"GET /participants/:participant": func(x trial) (string, any, []option) {
		return "/participants/" + x.participant(), nil, nil
	},
	"PATCH /participants/:participant": func(x trial) (string, any, []option) {
		return sees("/participants/"+x.participant(), x, object{"actorRole": "manager"})
	},
	"DELETE /participants/:participant": func(x trial) (string, any, []option) {
		return "/participants/" + x.participant(), nil, nil
	},

	"GET /notes": plain("/notes"),
	"POST /notes": func(trial) (string, any, []option) {
		return "/notes", object{"title": "A note", "kind": "fieldNote", "text": "Words."}, nil
	},
	"POST /imports": func(x trial) (string, any, []option) {
		form, header := aForm(x.owner.w.t, object{"kind": "document"}, text("a.txt", "Words "+string(models.NewID())))
		return "/imports", form, []option{header}
	},
	"GET /notes/progress": plain("/notes/progress"),
	"GET /notes/:note":    func(x trial) (string, any, []option) { return "/notes/" + x.note().id, nil, nil },
	"PATCH /notes/:note": func(x trial) (string, any, []option) {
		return sees("/notes/"+x.note().id, x, object{"phase": "before"})
	},
	"DELETE /notes/:note":   func(x trial) (string, any, []option) { return "/notes/" + x.note().id, nil, nil },
	"GET /notes/:note/text": func(x trial) (string, any, []option) { return "/notes/" + x.note().id + "/text", nil, nil },
	"PUT /notes/:note/text": func(x trial) (string, any, []option) {
		return "/notes/" + x.note().id + "/text", object{"text": "Other words."}, []option{seeing(1)}
	},
	"POST /notes/:note/text/preview": func(x trial) (string, any, []option) {
		return "/notes/" + x.note().id + "/text/preview", object{"text": "Other words."}, []option{seeing(1)}
	},
	"GET /notes/:note/compare": func(x trial) (string, any, []option) {
		return "/notes/" + x.note().id + "/compare?from=1&to=1", nil, nil
	},
	"GET /notes/:note/releases": func(x trial) (string, any, []option) {
		return "/notes/" + x.owner.Note("The registers.").id + "/releases", nil, nil
	},
	"GET /notes/:note/versions": func(x trial) (string, any, []option) { return "/notes/" + x.note().id + "/versions", nil, nil },
	"GET /notes/:note/file": func(x trial) (string, any, []option) {
		form, header := aForm(x.owner.w.t, object{"kind": "document"}, text("a.txt", "Words "+string(models.NewID())))
		r := x.owner.post(x.owner.path+"/imports", form, header).want(http.StatusOK)
		return "/notes/" + r.text("items", 0, "noteId") + "/file", nil, nil
	},
	"POST /notes/:note/attachments": func(x trial) (string, any, []option) {
		form, header := aForm(x.owner.w.t, nil, picture)
		return "/notes/" + x.note().id + "/attachments", form, []option{header}
	},
	"GET /notes/:note/attachments/:file": func(x trial) (string, any, []option) {
		n := x.note()
		return "/notes/" + n.id + "/attachments/" + x.attached(n), nil, nil
	},
	"DELETE /notes/:note/attachments/:file": func(x trial) (string, any, []option) {
		n := x.note()
		return "/notes/" + n.id + "/attachments/" + x.attached(n), nil, nil
	},
	"GET /notes/:note/codings": func(x trial) (string, any, []option) { return "/notes/" + x.note().id + "/codings", nil, nil },

	"GET /notes/:note/text/source": func(x trial) (string, any, []option) {
		return "/notes/" + x.note().id + "/text/source", nil, nil
	},

	"GET /uploads": plain("/uploads"),
	"POST /uploads": func(trial) (string, any, []option) {
		return "/uploads", nil, []option{announcing("a.txt", "", 5)}
	},
	"GET /uploads/:upload": func(x trial) (string, any, []option) { return x.upload(false), nil, nil },
	"PATCH /uploads/:upload": func(x trial) (string, any, []option) {
		return x.upload(false), []byte("Words"), []option{bytesFrom(0)}
	},
	"DELETE /uploads/:upload":   func(x trial) (string, any, []option) { return x.upload(false), nil, nil },
	"GET /uploads/:upload/text": func(x trial) (string, any, []option) { return x.upload(true) + "/text", nil, nil },
	"PUT /uploads/:upload/options": func(x trial) (string, any, []option) {
		return x.upload(true) + "/options", object{"encoding": "windows-1252"}, nil
	},
	"POST /uploads/commit": func(x trial) (string, any, []option) {
		at := x.upload(true)
		return "/uploads/commit", object{"items": array{object{"uploadId": at[len(at)-36:], "fields": object{"kind": "document"}}}}, nil
	},

	"GET /drafts": plain("/drafts"),
	"PUT /drafts/:draft": func(trial) (string, any, []option) {
		return "/drafts/" + string(models.NewID()), aDraft("Half a sentence"), nil
	},

	"GET /codes":  plain("/codes"),
	"POST /codes": func(trial) (string, any, []option) { return "/codes", object{"name": "Hearsay"}, nil },
	"POST /codes/in-vivo": func(x trial) (string, any, []option) {
		n := x.note()
		return "/codes/in-vivo", object{"noteId": n.id, "anchor": n.Anchor("everything else")}, nil
	},
	"POST /codes/import": func(trial) (string, any, []option) {
		return "/codes/import", []byte("key,name\nx" + string(models.NewID())[24:] + ",From a table\n"), []option{with("Content-Type", "text/csv")}
	},
	"POST /codes/import/preview": func(trial) (string, any, []option) {
		return "/codes/import/preview", []byte("name\nFrom a table\n"), []option{with("Content-Type", "text/csv")}
	},
	"GET /codes/:code":    func(x trial) (string, any, []option) { return "/codes/" + x.code(), nil, nil },
	"PATCH /codes/:code":  func(x trial) (string, any, []option) { return sees("/codes/"+x.code(), x, object{"name": "Gossip"}) },
	"DELETE /codes/:code": func(x trial) (string, any, []option) { return "/codes/" + x.code(), nil, nil },
	"POST /codes/:code/merge": func(x trial) (string, any, []option) {
		return "/codes/" + x.code() + "/merge", object{"into": x.code()}, nil
	},
	"POST /codes/:code/merge/preview": func(x trial) (string, any, []option) {
		return "/codes/" + x.code() + "/merge/preview", object{"into": x.code()}, nil
	},
	"POST /codes/:code/split": func(x trial) (string, any, []option) {
		return "/codes/" + x.code() + "/split", object{"into": array{object{"name": "A part"}}}, nil
	},
	"GET /codebook":       plain("/codebook"),
	"GET /codebook/usage": plain("/codebook/usage"),

	"GET /exports/codings":  plain("/exports/codings"),
	"GET /exports/notes":    plain("/exports/notes?format=jsonl"),
	"GET /exports/codebook": plain("/exports/codebook?format=xlsx"),

	"GET /codings":        plain("/codings"),
	"GET /codings/counts": plain("/codings/counts"),
	"POST /codings": func(x trial) (string, any, []option) {
		n := x.owner.Note("The registers are what everything else stands on.")
		return "/codings", object{"noteId": n.id, "codeId": n.Code("foundation"), "anchor": n.Anchor("registers")}, nil
	},
	"POST /codings/batch": func(x trial) (string, any, []option) {
		n := x.owner.Note("The registers are what everything else stands on.")
		return "/codings/batch", object{"items": array{object{"noteId": n.id, "codeId": n.Code("foundation"), "anchor": n.Anchor("registers")}}}, nil
	},
	"GET /codings/:coding": func(x trial) (string, any, []option) {
		_, id := x.coding()
		return "/codings/" + id, nil, nil
	},
	"PATCH /codings/:coding": func(x trial) (string, any, []option) {
		n, id := x.coding()
		return sees("/codings/"+id, x, object{"codeId": n.Code("future")})
	},
	"DELETE /codings/:coding": func(x trial) (string, any, []option) {
		_, id := x.coding()
		return "/codings/" + id, nil, nil
	},

	"GET /memos": plain("/memos"),
	"POST /memos": func(x trial) (string, any, []option) {
		return "/memos", object{"target": object{"noun": "project", "id": x.owner.id}, "text": "Look."}, nil
	},
	"GET /memos/:memo": func(x trial) (string, any, []option) { return "/memos/" + x.memo(), nil, nil },
	"PATCH /memos/:memo": func(x trial) (string, any, []option) {
		return sees("/memos/"+x.memo(), x, object{"text": "Look again."})
	},
	"DELETE /memos/:memo": func(x trial) (string, any, []option) { return "/memos/" + x.memo(), nil, nil },

	"GET /comments": plain("/comments"),
	"POST /comments": func(x trial) (string, any, []option) {
		_, id := x.coding()
		return "/comments", object{"codingId": id, "text": "Is it?"}, nil
	},
	"PATCH /comments/:comment": func(x trial) (string, any, []option) {
		return "/comments/" + x.comment(), object{"text": "It is."}, []option{seeing(1)}
	},
	"DELETE /comments/:comment": func(x trial) (string, any, []option) { return "/comments/" + x.comment(), nil, nil },

	"GET /presence": plain("/presence"),
	"PUT /presence": func(x trial) (string, any, []option) {
		return "/presence", object{"noteId": x.note().id, "block": 0}, nil
	},
	"DELETE /presence": plain("/presence"),

	"GET /links": plain("/links"),
	"POST /links": func(x trial) (string, any, []option) {
		from, to := x.twoCodings()
		return "/links", object{"fromId": from, "toId": to, "kind": "repeats"}, nil
	},
	"PATCH /links/:link": func(x trial) (string, any, []option) {
		return "/links/" + x.link(), object{"text": "Because."}, []option{seeing(1)}
	},
	"DELETE /links/:link": func(x trial) (string, any, []option) { return "/links/" + x.link(), nil, nil },

	"GET /rounds":       plain("/rounds"),
	"GET /rounds/tasks": plain("/rounds/tasks"),
	"POST /rounds": func(trial) (string, any, []option) {
		return "/rounds", object{"name": "First round"}, nil
	},
	"GET /rounds/:round": func(x trial) (string, any, []option) { _, id := x.round(); return "/rounds/" + id, nil, nil },
	"PATCH /rounds/:round": func(x trial) (string, any, []option) {
		_, id := x.round()
		return "/rounds/" + id, object{"question": "Where?"}, []option{seeing(1)}
	},
	"DELETE /rounds/:round":    func(x trial) (string, any, []option) { _, id := x.round(); return "/rounds/" + id, nil, nil },
	"POST /rounds/:round/draw": func(x trial) (string, any, []option) { _, id := x.round(); return "/rounds/" + id + "/draw", nil, nil },
	"POST /rounds/:round/move": func(x trial) (string, any, []option) {
		_, id := x.round()
		return "/rounds/" + id + "/move", object{"to": "blind"}, []option{seeing(1)}
	},
	"GET /rounds/:round/progress": func(x trial) (string, any, []option) {
		x.who = x.owner.As("editor") // who codes in it sees no progress before it is locked
		_, id := x.blindRound()
		return "/rounds/" + id + "/progress", nil, nil
	},
	"GET /rounds/:round/tasks": func(x trial) (string, any, []option) {
		_, id := x.blindRound()
		return "/rounds/" + id + "/tasks", nil, nil
	},
	"PUT /rounds/:round/notes/:note/done": func(x trial) (string, any, []option) {
		note, id := x.blindRound()
		return "/rounds/" + id + "/notes/" + note + "/done", nil, nil
	},
	"DELETE /rounds/:round/notes/:note/done": func(x trial) (string, any, []option) {
		note, id := x.blindRound()
		return "/rounds/" + id + "/notes/" + note + "/done", nil, nil
	},

	"GET /search": plain("/search?q=registers"),
	"GET /search/candidates": func(x trial) (string, any, []option) {
		return "/search/candidates?q=registers&put=" + x.owner.Code("foundation"), nil, nil
	},
	"GET /events": plain("/events"),
	"GET /bin":    plain("/bin"),

	"GET /saved-searches":  plain("/saved-searches"),
	"POST /saved-searches": func(trial) (string, any, []option) { return "/saved-searches", object{"name": "Registers"}, nil },
	"PATCH /saved-searches/:savedSearch": func(x trial) (string, any, []option) {
		return "/saved-searches/" + x.savedSearch(), object{"name": "Cards"}, []option{seeing(1)}
	},
	"DELETE /saved-searches/:savedSearch": func(x trial) (string, any, []option) {
		return "/saved-searches/" + x.savedSearch(), nil, nil
	},
	"DELETE /bin/:noun/:record": func(x trial) (string, any, []option) {
		site := x.site()
		x.owner.delete(x.owner.path + "/sites/" + site).want(http.StatusNoContent)
		return "/bin/site/" + site, nil, nil
	},
}

// destroying are the routes after which there is no project to try anything on.
var destroying = map[string]func(j *project) (path string, body any){
	"DELETE ":       func(*project) (string, any) { return "", nil },
	"POST /restore": func(j *project) (string, any) { j.delete(j.path).want(http.StatusNoContent); return "/restore", nil },
	"POST /purge":   func(j *project) (string, any) { j.delete(j.path).want(http.StatusNoContent); return "/purge", nil },
	"POST /leave":   func(j *project) (string, any) { j.heir(); return "/leave", nil },
	"POST /hand-over": func(j *project) (string, any) {
		return "/hand-over", object{"userId": j.heir(), "then": "reader"}
	},
}

// heir is another owner.
func (j *project) heir() string {
	somebody := j.w.User(string(models.NewID()))
	j.Member(somebody.name, models.RoleOwner)
	return somebody.id
}

// elsewhere are the routes of projects that other tests try with every role: TestUndo, TestBin, TestStream.
// Drafts are their author's alone, so that no role may read those of another: TestDrafts. An answer to
// HEAD has no problem in it: TestTus.
var elsewhere = map[string]bool{"HEAD /uploads/:upload": true, "GET /drafts/:draft": true, "DELETE /drafts/:draft": true, "POST /events/:event/undo": true, "POST /bin/:noun/:record/restore": true, "GET /stream": true}

func plain(path string) func(trial) (string, any, []option) {
	return func(trial) (string, any, []option) { return path, nil, nil }
}

func sees(path string, x trial, body object) (string, any, []option) {
	return path, body, []option{seeing(x.owner.get(x.owner.path + path).version())}
}

// TestRights walks every route with every role, a stranger and somebody who is not signed in, and with
// personal tokens of every role and both scopes, and compares what happens with the tables of roles and of tokens.
func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("owner").Project("Havnsø")
	for _, role := range models.Roles()[1:] {
		j.Member(string(role), role)
	}
	w.User("stranger")
	tokens := map[models.Role]map[models.TokenScope]option{}
	for _, role := range models.Roles() {
		tokens[role] = map[models.TokenScope]option{}
		for _, scope := range models.TokenScopes() {
			tokens[role][scope] = j.As(string(role)).Token(scope).sent()
		}
	}
	elsewhereAlone := j.As("owner").Token(models.ScopeWrite, w.User("owner").Project("Elsewhere").id).sent()

	for _, r := range api.Routes() {
		const prefix = "/api/v1/projects/:project"
		if len(r.Path) < len(prefix) || r.Path[:len(prefix)] != prefix {
			continue
		}
		name := r.Method + " " + r.Path[len(prefix):]
		if elsewhere[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w.in(t)
			try, destroy := trials[name], destroying[name]
			if try == nil && destroy == nil {
				t.Fatal("nobody said how this route is tried")
			}
			send := func(who *project, role models.Role, o ...option) *reply {
				x := trial{owner: j, who: who, role: role}
				if destroy != nil {
					target := x.fresh()
					path, body := destroy(target)
					return who.do(r.Method, target.path+path, body, o...)
				}
				path, body, options := try(x)
				return who.do(r.Method, j.path+path, body, append(options, o...)...)
			}
			judge := func(role models.Role, got *reply) {
				if role.May(r.Who) == models.GrantNone {
					got.refused(http.StatusForbidden, "role_insufficient")
				} else if got.status >= 300 {
					t.Errorf("an %s is told %d %s", role, got.status, got.raw)
				}
			}
			for _, role := range models.Roles() {
				judge(role, send(j.As(string(role)), role))
				for scope, token := range tokens[role] {
					got := send(j.As(string(role)), role, token)
					if use := r.TokenUse(); use == api.TokenReads || (use != api.TokenNever && scope == models.ScopeWrite) {
						judge(role, got)
					} else {
						got.refused(http.StatusForbidden, "token_scope")
					}
				}
			}
			switch got := send(j.As("owner"), models.RoleOwner, elsewhereAlone); r.TokenUse() {
			case api.TokenNever, api.TokenMakes:
				got.refused(http.StatusForbidden, "token_scope")
			case api.TokenReads, api.TokenWrites:
				got.refused(http.StatusNotFound, "project_not_found")
			}
			send(j.As("stranger"), "").refused(http.StatusNotFound, "project_not_found")
			nobody := *j
			nobody.person = w.Stranger()
			send(&nobody, "").refused(http.StatusUnauthorized, "token_missing")
		})
	}
}

// TestStrangersOfTheRest tries the routes outside projects without being signed in.
func TestStrangersOfTheRest(t *testing.T) {
	w := newWorld(t)
	admin := w.User("lea")
	bo := w.User("bo")
	token, administrators := bo.Token(models.ScopeWrite).sent(), admin.Token(models.ScopeWrite).sent()
	for _, r := range api.Routes() {
		path := map[string]string{
			"/api/v1/me/sessions/:session":    "/api/v1/me/sessions/" + string(models.NewID()),
			"/api/v1/codebook-templates/:key": "/api/v1/codebook-templates/x",
			"/api/v1/projects":                "/api/v1/projects",
			"/api/v1/me":                      "/api/v1/me",
			"/api/v1/me/password":             "/api/v1/me/password",
			"/api/v1/me/email":                "/api/v1/me/email",
			"/api/v1/me/sessions":             "/api/v1/me/sessions",
			"/api/v1/me/tokens":               "/api/v1/me/tokens",
			"/api/v1/me/tokens/:token":        "/api/v1/me/tokens/" + string(models.NewID()),
			"/api/v1/me/inbox":                "/api/v1/me/inbox",
			"/api/v1/me/inbox/read":           "/api/v1/me/inbox/read",
			"/api/v1/me/demo":                 "/api/v1/me/demo",
			"/api/v1/users":                   "/api/v1/users",
			"/api/v1/codebook-templates":      "/api/v1/codebook-templates",
			"/api/v1/invitations/accept":      "/api/v1/invitations/accept",
			"/api/v1/courses":                 "/api/v1/courses",
			"/api/v1/exercise-templates":      "/api/v1/exercise-templates",
			"/api/v1/courses/join":            "/api/v1/courses/join",
			"/api/v1/users/:user/reset-link":  "/api/v1/users/" + string(models.NewID()) + "/reset-link",
		}[r.Path]
		switch {
		case r.Who == api.SignedIn && path != "", r.Who == api.Administrator && path != "":
			w.Stranger().do(r.Method, path, nil).refused(http.StatusUnauthorized, "token_missing")
			if r.TokenUse() == api.TokenNever {
				bo.do(r.Method, path, nil, token).refused(http.StatusForbidden, "token_scope")
				admin.do(r.Method, path, nil, administrators).refused(http.StatusForbidden, "token_scope")
			}
			if r.Who == api.Administrator {
				bo.do(r.Method, path, nil).refused(http.StatusForbidden, "administrator_only")
			}
		case r.Who == api.SignedIn || r.Who == api.Administrator:
			t.Errorf("nobody said how %s %s is tried", r.Method, r.Path)
		}
	}
}
