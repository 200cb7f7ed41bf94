package api_test

import (
	"net/http"
	"sync"
	"testing"

	"feltbog/models"
)

func TestLeavingAndHandingOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	lea, bo := w.User("lea"), w.User("bo")
	role := func(who *person) string {
		w.t.Helper()
		return who.get(j.path).want(http.StatusOK).text("role")
	}

	t.Run("the last owner can't leave", func(t *testing.T) {
		w.in(t)
		lea.post(j.path+"/leave", nil).refused(http.StatusConflict, "owner_needed")
		lea.delete(j.path+"/members/"+lea.id).refused(http.StatusConflict, "owner_needed")
		w.User("eve").post(j.path+"/leave", nil).refused(http.StatusNotFound, "project_not_found")
	})

	t.Run("what can't be handed over", func(t *testing.T) {
		w.in(t)
		for code, body := range map[string]object{
			"hand_over_self": {"userId": lea.id, "then": "coder"},
			"hand_over_then": {"userId": bo.id, "then": "owner"},
		} {
			lea.post(j.path+"/hand-over", body).refused(http.StatusUnprocessableEntity, code)
		}
		lea.post(j.path+"/hand-over", object{"userId": bo.id, "then": ""}).refused(http.StatusUnprocessableEntity, "hand_over_then")
		lea.post(j.path+"/hand-over", object{"userId": w.User("eve").id, "then": "coder"}).refused(http.StatusNotFound, "member_not_found")
		persona, err := w.options.Auth.CreatePersona(t.Context(), models.NewID(), "Per", "da")
		if err != nil {
			t.Fatal(err)
		}
		lea.post(j.path+"/members", object{"email": persona.Email, "role": "coder"}).want(http.StatusCreated)
		lea.post(j.path+"/hand-over", object{"userId": string(persona.ID), "then": "leave"}).refused(http.StatusConflict, "owner_needed")
		if role(lea) != "owner" || role(bo) != "coder" {
			t.Error("half of it happened")
		}
	})

	t.Run("another is the owner, and one becomes what was said", func(t *testing.T) {
		w.in(t)
		stream, _ := j.As("ida").Listen()
		k := key()
		lea.post(j.path+"/hand-over", object{"userId": bo.id, "then": "reader"}, k).want(http.StatusNoContent)
		lea.post(j.path+"/hand-over", object{"userId": bo.id, "then": "reader"}, k).want(http.StatusNoContent)
		if role(lea) != "reader" || role(bo) != "owner" {
			t.Errorf("lea is %s, bo is %s", role(lea), role(bo))
		}
		if m := stream.next(); m.records(t) == "" {
			t.Errorf("the stream = %v", m)
		}
		leaving := j.As("lea")
		leaving.post(j.path+"/hand-over", object{"userId": lea.id, "then": "reader"}).refused(http.StatusForbidden, "role_insufficient")
	})

	t.Run("or leaves", func(t *testing.T) {
		w.in(t)
		bo.post(j.path+"/hand-over", object{"userId": lea.id, "then": "leave"}).want(http.StatusNoContent)
		bo.get(j.path).refused(http.StatusNotFound, "project_not_found")
		if role(lea) != "owner" {
			t.Errorf("lea is %s", role(lea))
		}
	})

	t.Run("two owners who leave at once leave one behind", func(t *testing.T) {
		w.in(t)
		for range 5 {
			other := lea.Project("Between two").Member("ida", models.RoleOwner)
			statuses := make([]int, 2)
			var both sync.WaitGroup
			for i, who := range []*person{lea, w.User("ida")} {
				both.Go(func() { statuses[i] = who.post(other.path+"/leave", nil).status })
			}
			both.Wait()
			if statuses[0]+statuses[1] != http.StatusNoContent+http.StatusConflict {
				t.Errorf("they are told %v", statuses)
			}
		}
	})
}

func TestRolesChangeAtOnceInOpenStreamsToo(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleCoder)
	n := j.Note("The registers are what everything else stands on.")
	bo := j.As("bo")
	asked := object{"noteId": n.id, "codeId": j.Code("foundation"), "anchor": n.Anchor("registers")}

	t.Run("who becomes a reader hears of it, reads on, and writes no more", func(t *testing.T) {
		w.in(t)
		stream, _ := bo.Listen()
		bo.post(j.path+"/codings", asked).want(http.StatusCreated)
		stream.next()
		m := j.patch(j.path+"/members/"+bo.person.id, object{"role": "reader"}, seeing(1)).want(http.StatusOK)
		if told := stream.next(); told.records(t) != "member.updated "+m.id() {
			t.Errorf("told = %v", told)
		}
		asked["anchor"] = n.Anchor("stands")
		bo.post(j.path+"/codings", asked).refused(http.StatusForbidden, "role_insufficient")
		n.Coding("future", "everything")
		if told := stream.next(); told.records(t) != "coding.created "+n.coding {
			t.Errorf("a reader reads on = %v", told)
		}
		j.patch(j.path+"/members/"+bo.person.id, object{"role": "coder"}, seeing(2)).want(http.StatusOK)
		bo.post(j.path+"/codings", asked).want(http.StatusCreated)
	})

	t.Run("who is removed, or leaves, or is out by an undo, hears nothing any more", func(t *testing.T) {
		w.in(t)
		for _, out := range []func(){
			func() { j.delete(j.path + "/members/" + bo.person.id).want(http.StatusNoContent) },
			func() { bo.post(j.path+"/leave", nil).want(http.StatusNoContent) },
			func() { j.post(j.path+"/events/"+j.last()+"/undo", nil).want(http.StatusCreated) }, // that they joined
		} {
			stream, _ := bo.Listen()
			out()
			stream.ended()
			bo.get(j.path+"/stream").refused(http.StatusNotFound, "project_not_found")
			j.Member("bo", models.RoleCoder)
		}
	})
}
