package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"feltbog/coding"
	"feltbog/models"
)

// Shapes of the data: a note of 20 paragraphs is read in seven minutes; two people code it, each with
// half of the codes.
const (
	paragraphsPerNote = 20
	codersPerNote     = 2
	codesPerCoder     = 15
	bigWords          = 60_000
	bigCodings        = 2_000
)

// space is a project with what was put into it.
type space struct {
	id           models.ID
	sites, codes []models.ID
	coders       []models.ID
	notes        []*writing
	big          *writing // the note of 60,000 words
}

// usage is the counter of a layer, a note, a code and a coder as the server keeps it.
type usage struct {
	ID           string `bson:"_id"`
	coding.Usage `bson:",inline"`
}

func newUsage(space, note, code, coder models.ID) *usage {
	u := coding.Usage{SpaceID: space, Layer: models.LayerOpen, NoteID: note, CodeID: code, CoderID: coder, Settled: true, TextVersion: 1}
	return &usage{fmt.Sprintf("%s/%s/%s/%s", u.Layer, u.NoteID, u.CodeID, u.CoderID), u}
}

// newEvent is the event of a record that was made.
func newEvent(r models.Record, actor models.ID) *models.Event {
	head, scope := r.Meta(), r.Scope()
	return &models.Event{
		ID: models.NewID(), SpaceID: head.SpaceID, Layer: scope.Layer, Type: models.TypeOf(r.Noun(), models.VerbCreated), Noun: r.Noun(), Verb: models.VerbCreated,
		ActorID: actor, At: head.UpdatedAt, RecordID: head.ID, NoteID: scope.NoteID, After: r.Image(),
	}
}

func newHead(space models.ID, at time.Time) models.Head {
	at = at.UTC().Truncate(time.Millisecond)
	return models.Head{ID: models.NewID(), SpaceID: space, Version: 1, CreatedAt: at, UpdatedAt: at}
}

func newCoding(space, note, code, coder models.ID, a models.Anchor, at time.Time) *models.Coding {
	return &models.Coding{Head: newHead(space, at), Layer: models.LayerOpen, NoteID: note, CodeID: code, CoderID: coder, Anchor: a}
}

// seeder writes data in bulk, as it would lie there after the server had taken it in.
type seeder struct {
	db       *mongo.Database
	language *language
	random   *rand.Rand
	waiting  map[string][]any
	err      error
}

// seed fills the projects.
func (w *world) seed(ctx context.Context, db *mongo.Database) error {
	s := w.seeder(db)
	for i := range w.size.smallNotes {
		s.note(ctx, w.small, i, w.size.codingsPerNote)
	}
	for i := range w.size.notes {
		s.note(ctx, w.large, i, w.size.codingsPerNote)
	}
	w.large.big = s.write(ctx, w.large, 0, s.language.ofWords(bigWords))
	s.code(ctx, w.large, w.large.big, w.large.coders[:codersPerNote], bigCodings)
	return s.finish(ctx)
}

func (w *world) seeder(db *mongo.Database) *seeder {
	return &seeder{db: db, language: w.language, random: w.language.random, waiting: map[string][]any{}}
}

// finish writes what still waits.
func (s *seeder) finish(ctx context.Context) error {
	for collection := range s.waiting {
		s.flush(ctx, collection)
	}
	return s.err
}

// note adds one note of the usual length, coded by two people.
func (s *seeder) note(ctx context.Context, sp *space, i, codings int) {
	t := s.write(ctx, sp, i, s.language.paragraphs(paragraphsPerNote))
	if t == nil {
		return
	}
	sp.notes = append(sp.notes, t)
	coders := make([]models.ID, codersPerNote)
	for k := range coders {
		coders[k] = sp.coders[(i+k)%len(sp.coders)]
	}
	s.code(ctx, sp, t, coders, codings)
}

// firstDay is when the study of these notes begins; it goes on for six years.
var firstDay = time.Date(2019, time.January, 7, 9, 0, 0, 0, time.UTC)

func (s *seeder) write(ctx context.Context, sp *space, i int, text string) *writing {
	kinds := models.NoteKinds()
	day := firstDay.AddDate(0, 0, i*6*365/5000%(6*365))
	n := &models.Note{
		Head: newHead(sp.id, day), Title: fmt.Sprintf("Observation %d", i+1), Kind: kinds[i%len(kinds)], SiteID: sp.sites[i%len(sp.sites)],
		ObservedOn: models.Date(day.Format(time.DateOnly)), ObserverID: sp.coders[0], AuthorID: sp.coders[0], ParticipantIDs: []models.ID{},
		Language: "da", TextVersion: 1,
	}
	t, err := write(n, text)
	if err != nil {
		s.err = err
		return nil
	}
	n.Length = t.Length
	s.add(ctx, "notes", n)
	s.add(ctx, "texts", t.Text.Text)
	s.add(ctx, "events", newEvent(n, n.AuthorID))
	return t
}

// code puts codings on a note, some codes much more often than others.
func (s *seeder) code(ctx context.Context, sp *space, t *writing, coders []models.ID, n int) {
	if t == nil {
		return
	}
	usages := map[string]*usage{}
	put := map[string]bool{}
	favourites := rand.NewZipf(s.random, 1.3, 3, codesPerCoder-1)
	for k := 0; k < n && s.err == nil; {
		which := k % len(coders)
		code := sp.codes[(which*7+int(favourites.Uint64()))%len(sp.codes)] //nolint:gosec // fewer than 15
		a, err := t.anchor(s.random)
		if err != nil {
			s.err = err
			return
		}
		place := fmt.Sprintf("%d %d %s %d", a.Start, a.End, code, which)
		if put[place] {
			continue
		}
		put[place] = true
		k++
		c := newCoding(sp.id, t.NoteID, code, coders[which], a, t.CreatedAt.Add(time.Duration(k)*time.Minute))
		s.add(ctx, "codings", c)
		s.add(ctx, "events", newEvent(c, c.CoderID))
		u := newUsage(sp.id, t.NoteID, code, coders[which])
		if usages[u.ID] == nil {
			usages[u.ID] = u
		}
		usages[u.ID].Count++
	}
	for _, u := range usages {
		s.add(ctx, "usages", u)
	}
}

// add writes a document once a thousand wait.
func (s *seeder) add(ctx context.Context, collection string, doc any) {
	s.waiting[collection] = append(s.waiting[collection], doc)
	if len(s.waiting[collection]) == 1000 {
		s.flush(ctx, collection)
	}
}

func (s *seeder) flush(ctx context.Context, collection string) {
	docs := s.waiting[collection]
	s.waiting[collection] = nil
	if s.err != nil || len(docs) == 0 {
		return
	}
	hasty := options.Collection().SetWriteConcern(writeconcern.W1())
	if _, err := s.db.Collection(collection, hasty).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false)); err != nil {
		s.err = fmt.Errorf("seed %s: %w", collection, err)
	}
}

// asServer are the names and shapes that the server gives documents.
var asServer = &options.BSONOptions{UseJSONStructTags: true, NilSliceAsEmpty: true, OmitZeroStruct: true}

func byID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }
