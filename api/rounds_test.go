package api_test

import (
	"net/http"
	"testing"

	"feltbog/models"
)

// Round sets up a round in which each of the people codes the note with the code foundation.
func (n *note) Round(people ...string) *round {
	n.w.t.Helper()
	coders := array{}
	for _, name := range people {
		coders = append(coders, n.w.User(name).id)
	}
	r := n.post(n.path+"/rounds", object{
		"name": "First round", "question": "Where does data carry?", "noteIds": array{n.id}, "codeIds": array{n.Code("foundation"), n.Code("future")},
		"coderIds": coders, "codersPerNote": len(people), "dueOn": "2025-04-01", "assignment": array{object{"noteId": n.id, "coderIds": coders}},
	}).want(http.StatusCreated)
	return &round{note: n, id: r.id(), at: n.path + "/rounds/" + r.id()}
}

// round is a round of a project, in which one note is coded.
type round struct {
	*note
	id string
	at string // its path
}

// Move moves the round on, as it is now.
func (r *round) Move(to string) *reply {
	r.w.t.Helper()
	return r.post(r.at+"/move", object{"to": to, "why": "Because."}, seeing(r.get(r.at).version()))
}

func TestRounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleCoder)
	bo := j.As("bo")
	n := j.Note("The registers are what everything else stands on.")
	put := func(who *project, quote string) *reply {
		return who.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("foundation"), "anchor": n.Anchor(quote)})
	}

	t.Run("are set up, drawn, listed and thrown away", func(t *testing.T) {
		w.in(t)
		r := j.post(j.path+"/rounds", object{
			"name": "Drawn", "noteIds": array{n.id}, "codeIds": array{j.Code("foundation")},
			"coderIds": array{w.User("bo").id, w.User("ida").id}, "codersPerNote": 1,
		}).want(http.StatusCreated)
		at := j.path + "/rounds/" + r.id()
		drawn := j.post(at+"/draw", object{"seed": "12"}, seeing(1)).want(http.StatusOK)
		if drawn.text("seed") != "12" || len(drawn.list("assignment")) != 1 || drawn.version() != 2 {
			t.Errorf("%s", drawn.raw)
		}
		if again := j.post(at+"/draw", nil).want(http.StatusOK); again.text("seed") == "" {
			t.Errorf("%s", again.raw)
		}
		j.post(at+"/draw", object{"seed": "dice"}).refused(http.StatusUnprocessableEntity, "seed_malformed")
		j.post(at+"/draw", nil, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		j.patch(at, object{"assignment": array{object{"noteId": n.id, "coderIds": array{w.User("lea").id}}}}, seeing(3)).refused(http.StatusUnprocessableEntity, "round_assignment")
		if list := bo.get(j.path + "/rounds").want(http.StatusOK); len(list.items()) != 1 {
			t.Errorf("%s", list.raw)
		}
		j.delete(at).want(http.StatusNoContent)
		if bin := j.get(j.path + "/bin").want(http.StatusOK); len(bin.items()) != 1 {
			t.Errorf("%s", bin.raw)
		}
		j.post(j.path+"/bin/round/"+r.id()+"/restore", nil).want(http.StatusOK)
		j.delete(at).want(http.StatusNoContent)
		j.delete(j.path + "/bin/round/" + r.id()).want(http.StatusNoContent)
		j.get(at).refused(http.StatusNotFound, "round_not_found")
	})
	t.Run("go from draft to revealed, and their notes rest on the way", func(t *testing.T) {
		w.in(t)
		early := put(j, "everything").want(http.StatusCreated)
		upload := j.Send("registers.txt", []byte("The registers are what everything else leans on."))
		r := n.Round("bo")
		r.Move("locked").refused(http.StatusConflict, "round_state")
		begun := r.Move("blind").want(http.StatusOK)
		if len(begun.list("texts")) != 1 || len(begun.list("moves")) != 1 {
			t.Errorf("%s", begun.raw)
		}
		coding := put(bo, "registers").want(http.StatusCreated)
		if coding.text("layer") != r.id {
			t.Errorf("%s", coding.raw)
		}
		put(j, "registers").refused(http.StatusConflict, "round_at_rest")
		j.delete(j.path+"/codings/"+early.id()).refused(http.StatusConflict, "round_at_rest")
		j.put(n.at+"/text", object{"text": "Other words."}, seeing(1)).refused(http.StatusConflict, "round_pins_text")
		done := j.Commit(object{"uploadId": upload.id(), "as": "version", "noteId": n.id}).items()[0]
		if code := at(t, done, "problem", "code"); code != "round_pins_text" {
			t.Errorf("a new version from a file: %v", done)
		}
		j.patch(j.path+"/codes/"+j.Code("foundation"), object{"name": "Ground"}, seeing(1)).refused(http.StatusConflict, "round_pins_code")
		j.post(j.path+"/codes/"+j.Code("foundation")+"/merge", object{"into": j.Code("agency")}, seeing(1)).refused(http.StatusConflict, "round_pins_code")
		bo.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("agency"), "anchor": n.Anchor("stands")}).refused(http.StatusUnprocessableEntity, "round_code").pointing("/codeId")
		bo.post(j.path+"/codings", object{"noteId": n.id, "codeId": j.Code("foundation"), "layer": string(models.NewID()), "anchor": n.Anchor("stands")}).refused(http.StatusUnprocessableEntity, "layer_unknown")
		j.As("ida").put(r.at+"/notes/"+n.id+"/done", nil).refused(http.StatusForbidden, "round_not_assigned")
		bo.put(r.at+"/notes/"+n.id+"/done", nil).want(http.StatusNoContent)
		for who, path := range map[*project]string{bo: "/rounds/tasks", j: "/rounds/" + r.id + "/progress"} {
			if tasks := who.get(j.path + path).want(http.StatusOK).items(); len(tasks) != 1 || at(t, tasks[0], "state") != "done" {
				t.Errorf("%s: %v", path, tasks)
			}
		}
		bo.delete(r.at + "/notes/" + n.id + "/done").want(http.StatusNoContent)
		if tasks := bo.get(r.at + "/tasks").want(http.StatusOK).items(); at(t, tasks[0], "state") != "begun" {
			t.Errorf("%v", tasks)
		}
		r.Move("locked").want(http.StatusOK)
		put(bo, "stands").refused(http.StatusConflict, "round_state")
		bo.put(r.at+"/notes/"+n.id+"/done", nil).refused(http.StatusConflict, "round_state")
		j.post(r.at+"/move", object{"to": "blind"}, seeing(r.get(r.at).version())).refused(http.StatusUnprocessableEntity, "why_missing")
		r.Move("revealed").want(http.StatusOK)
		if events := bo.get(j.path + "/events?noun=round&record=" + r.id).want(http.StatusOK).items(); len(events) != 4 {
			t.Errorf("%d events", len(events))
		}
		put(j, "registers").want(http.StatusCreated)
		j.post(j.path+"/events/"+at(t, j.get(j.path + "/events?noun=round").items()[0], "id").(string)+"/undo", nil).refused(http.StatusConflict, "undo_impossible")
	})
	t.Run("are refused what doesn't fit", func(t *testing.T) {
		w.in(t)
		unknown := string(models.NewID())
		for name, c := range map[string]struct {
			body    object
			code    string
			pointer string
		}{
			"a note":          {object{"noteIds": array{unknown}}, "note_unknown", "/noteIds/0"},
			"a code":          {object{"codeIds": array{unknown}}, "code_unknown", "/codeIds/0"},
			"a coder":         {object{"coderIds": array{unknown}}, "member_unknown", "/coderIds/0"},
			"nobody a note":   {object{"codersPerNote": 0}, "round_assignment", "/codersPerNote"},
			"another method":  {object{"method": "dice"}, "kind_unknown", "/method"},
			"another reader":  {object{"readAlong": "everybody"}, "kind_unknown", "/readAlong"},
			"both ways":       {object{"method": "balanced", "assignment": array{}}, "round_assignment", "/assignment"},
			"another's note":  {object{"assignment": array{object{"noteId": unknown, "coderIds": array{}}}}, "round_assignment", "/assignment/0/noteId"},
			"too many coders": {object{"coderIds": many(51)}, "round_too_large", "/coderIds"},
		} {
			c.body["name"] = name
			j.post(j.path+"/rounds", c.body).refused(http.StatusUnprocessableEntity, c.code).pointing(c.pointer)
		}
		j.post(j.path+"/rounds", object{"name": ""}).refused(http.StatusUnprocessableEntity, "name_missing")
	})
}

func many(n int) array {
	out := make(array, n)
	for i := range out {
		out[i] = string(models.NewID())
	}
	return out
}
