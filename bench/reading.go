package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"feltbog/coding"
	"feltbog/models"
)

// reading is what a browser fetches to open a note, one after the other.
type reading struct {
	who   *person
	paths []string
}

// opening finds out how many pages the codings of a note have.
func (w *world) opening(ctx context.Context, who *person, sp *space, note models.ID) (*reading, error) {
	project := "/projects/" + string(sp.id)
	at := project + "/notes/" + string(note)
	r := &reading{who: who, paths: []string{at + "/text"}}
	codings := 0
	for cursor := ""; ; {
		path := fmt.Sprintf("%s/codings?limit=%d", at, models.MaxPageSize)
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		r.paths = append(r.paths, path)
		var page struct {
			Items []models.Coding `json:"items"`
			Next  *string         `json:"next"`
		}
		if err := who.ask(ctx, http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		codings += len(page.Items)
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	if codings == 0 {
		return nil, fmt.Errorf("note %s has no codings", note)
	}
	r.paths = append(r.paths, project+"/codes")
	return r, nil
}

// open fetches all of it.
func (r *reading) open(ctx context.Context, _ int) error {
	for _, path := range r.paths {
		if err := r.who.read(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// openNote times the opening of a note of 60,000 words with 2,000 codings.
func openNote(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	note := w.large.big.NoteID
	r, err := w.opening(ctx, w.team[0], w.large, note)
	if err != nil {
		return err
	}
	limit := func(ctx context.Context, _ int) error { return w.find(ctx, w.large.id, note) }
	if _, err := inTurns(ctx, 1, 3, r.open, limit); err != nil {
		return err
	}
	all, err := inTurns(ctx, w.size.rounds, w.size.opens, r.open, limit)
	if err != nil {
		return err
	}
	w.report.atMost("open a note of 60,000 words with 2,000 codings", all.figure(0.5), 1.5, fmt.Sprintf("%d requests", len(r.paths)))
	w.report.beside("the same, p95", "ms", all.figure(0.95), "")
	return nil
}

// find reads the same documents into the same structs, straight from the database.
func (w *world) find(ctx context.Context, sp, note models.ID) error {
	var text models.Text
	if err := w.db().Collection("texts").FindOne(ctx, byID(coding.TextID(note, 1))).Decode(&text); err != nil {
		return err
	}
	var codings []*models.Coding
	cursor, err := w.db().Collection("codings").Find(ctx,
		bson.D{{Key: "noteId", Value: note}, {Key: "layer", Value: models.LayerOpen}, {Key: "deletedAt", Value: nil}},
		options.Find().SetSort(bson.D{{Key: "anchor.start", Value: 1}, {Key: "anchor.end", Value: 1}}).SetBatchSize(bigCodings+1))
	if err != nil {
		return err
	}
	if err := cursor.All(ctx, &codings); err != nil {
		return err
	}
	var codes []*models.Code
	if cursor, err = w.db().Collection("codes").Find(ctx, bson.D{{Key: "spaceId", Value: sp}, {Key: "deletedAt", Value: nil}}); err != nil {
		return err
	}
	if err := cursor.All(ctx, &codes); err != nil {
		return err
	}
	if len(codings) == 0 || len(codes) == 0 {
		return fmt.Errorf("note %s isn't there", note)
	}
	return nil
}

// countUsage times the codebook with how often each code was put on each site.
func countUsage(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	var times samples
	path := "/projects/" + string(w.large.id) + "/codebook"
	for i := range 4 * w.size.rounds {
		err := timed(ctx, i, func(ctx context.Context, _ int) error {
			if err := w.team[0].read(ctx, path); err != nil {
				return err
			}
			return w.team[0].read(ctx, path+"/usage")
		}, &times)
		if err != nil {
			return err
		}
	}
	counters, err := w.db().Collection("usages").EstimatedDocumentCount(ctx)
	if err != nil {
		return err
	}
	w.report.below(fmt.Sprintf("codebook with usage per code and site, %d codings, p95", w.size.notes*w.size.codingsPerNote), "ms",
		milliseconds(times.at(0.95)), 0, 300, fmt.Sprintf("%d counters", counters))
	return nil
}

// compareSizes times the same things in a small and in a large project.
func compareSizes(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	who := w.team[0]
	large, small := w.sit(who, w.large, w.large.notes[1+teamSize]), w.sit(who, w.small, w.small.notes[1])
	var requests [2][][]byte
	for k, d := range []*desk{large, small} {
		if err := d.settle(ctx); err != nil {
			return err
		}
		var err error
		if requests[k], err = d.requests(w.size.rounds * w.size.puts); err != nil {
			return err
		}
	}
	all, err := inTurns(ctx, w.size.rounds, w.size.puts,
		func(ctx context.Context, i int) error { return who.post(ctx, large.path(), requests[0][i]) },
		func(ctx context.Context, i int) error { return who.post(ctx, small.path(), requests[1][i]) })
	if err != nil {
		return err
	}
	sizes := fmt.Sprintf("%d and %d codings", w.size.notes*w.size.codingsPerNote, w.size.smallNotes*w.size.codingsPerNote)
	w.report.atMost("put a coding among "+sizes, all.figure(0.5), 1.2, "")
	// Notes that nothing was put on here, so that both have as many codings.
	inLarge, err := w.opening(ctx, who, w.large, w.large.notes[0].NoteID)
	if err != nil {
		return err
	}
	inSmall, err := w.opening(ctx, who, w.small, w.small.notes[0].NoteID)
	if err != nil {
		return err
	}
	if all, err = inTurns(ctx, w.size.rounds, 5*w.size.opens, inLarge.open, inSmall.open); err != nil {
		return err
	}
	w.report.atMost("open a note among "+sizes, all.figure(0.5), 1.2, "")
	return nil
}
