package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/local/enginetest"
	"feltbog/models"
)

// commands gives what the database is asked while do runs, each as its operation and its collection, without
// what follows its changes.
func (w *world) commands(do func()) []string {
	w.t.Helper()
	ctx := w.t.Context()
	client, err := mongo.Connect(options.Client().ApplyURI(enginetest.Mongo(w.t)))
	if err != nil {
		w.t.Fatal(err)
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	db := client.Database(w.db.Name())
	profile := func(level int) {
		w.t.Helper()
		if err := db.RunCommand(ctx, bson.D{{Key: "profile", Value: level}}).Err(); err != nil {
			w.t.Fatal(err)
		}
	}
	profile(2)
	do()
	profile(0)
	var asked []struct {
		Op        string `bson:"op"`
		Namespace string `bson:"ns"`
		Command   bson.D `bson:"command"`
	}
	cursor, err := db.Collection("system.profile").Find(ctx, bson.D{{Key: "op", Value: bson.D{{Key: "$ne", Value: "getmore"}}}}, options.Find().SetSort(bson.D{{Key: "$natural", Value: 1}}))
	if err == nil {
		err = cursor.All(ctx, &asked)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if err := db.Collection("system.profile").Drop(ctx); err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, a := range asked {
		collection := a.Namespace[len(w.db.Name())+1:]
		if a.Op != "command" || len(a.Command) > 0 && a.Command[0].Key != "profile" {
			out = append(out, a.Op+" "+collection)
		}
	}
	return out
}

// TestASaveAsksLittle counts what the database is asked for each time that a window saves.
func TestASaveAsksLittle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	a := lea.Exercise().Answer(lea.Join("anna", models.RoleStudent))
	a.Write(0, "Data")
	reads := []string{"query sessions", "query submissions", "query courseMembers", "query courses", "query exercises", "query exerciseAnswers"}
	if got := w.commands(func() { a.Write(0, "Data is") }); !slices.Equal(got, append(slices.Clone(reads), "update exerciseAnswers")) {
		t.Errorf("a save asks for %q", got)
	}
	if got := w.commands(func() { a.Write(1, "Registers") }); !slices.Equal(got, append(slices.Clone(reads), "insert exerciseAnswers")) {
		t.Errorf("the first save of an answer asks for %q", got)
	}
}

// TestAListOfExercisesAsksOnce counts what a student's list of exercises asks for, of which some are answered
// alone and some in groups: as much for many as for few.
func TestAListOfExercisesAsksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lea := w.User("lea").Class("Organising with data")
	anna, bo := lea.Join("anna", models.RoleStudent), lea.Join("bo", models.RoleStudent)
	lea.Grouped("Registers", anna, bo)
	for i := range 3 {
		alone := lea.Exercise(object{"title": object{"en": fmt.Sprint("Alone ", i)}, "minWords": 2})
		together := lea.Exercise(object{"title": object{"en": fmt.Sprint("Together ", i)}, "work": "group", "passages": 0, "reasons": false})
		alone.Answer(bo).Complete()
		if i > 0 {
			a := together.Answer(bo)
			a.Write(0, "Data")
			a.Write(1, "Registers")
		}
		if i > 1 {
			alone.Answer(anna).Complete().Submit().want(http.StatusCreated)
		}
	}
	var list *reply
	want := []string{
		"query sessions", "query courseMembers", "query courses", "query exercises", // who asks, and what there is
		"query submissions", "command exerciseAnswers", "query courseMembers", // what they did, and with whom
	}
	if got := w.commands(func() { list = anna.get(lea.path + "/exercises").want(http.StatusOK) }); !slices.Equal(got, want) {
		t.Errorf("the list asks for %q", got)
	}
	for i, mine := range []string{"notBegun 0", "notBegun 0", "notBegun 0", "writing 2", "submitted 6", "writing 2"} {
		item := list.value("items", i).(object)
		if got := fmt.Sprint(at(t, item, "mine", "state"), " ", at(t, item, "mine", "ready")); got != mine {
			t.Errorf("%s is %s, and should be %s", at(t, item, "title", "en"), got, mine)
		}
		if one := anna.get("/exercises/" + item["id"].(string)); fmt.Sprint(one.value("mine")) != fmt.Sprint(item["mine"]) {
			t.Errorf("by itself it is %v, in the list %v", one.value("mine"), item["mine"])
		}
	}
}
