package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"feltbog/coding"
	"feltbog/models"
)

// atHand is how many codes somebody at work has at hand.
const atHand = 8

// desk is one person who codes one note with a few codes.
type desk struct {
	w      *world
	who    *person
	space  *space
	note   *writing
	random *rand.Rand
	put    map[span]bool
	// Several desks of one person on one note keep apart: each takes its share of the places.
	lane, lanes int
}

type span struct {
	code       models.ID
	start, end int
}

// sit lets a person code a note of a space.
func (w *world) sit(who *person, sp *space, note *writing) *desk {
	seed := rand.NewPCG(uint64(len(who.id)), w.language.random.Uint64())
	return &desk{w: w, who: who, space: sp, note: note, random: rand.New(seed), put: map[span]bool{}, lanes: 1} //nolint:gosec // chance, not secrecy
}

// next chooses words that don't carry the code yet.
func (d *desk) next(code models.ID) (models.Anchor, error) {
	for {
		a, err := d.note.anchor(d.random)
		if err != nil {
			return a, err
		}
		if s := (span{code, a.Start, a.End}); a.Start%d.lanes == d.lane && !d.put[s] {
			d.put[s] = true
			return a, nil
		}
	}
}

func (d *desk) code() models.ID { return d.space.codes[d.random.IntN(atHand)] }

// request is the body of the request that puts a code on words, with an id of our choice.
func (d *desk) request(code models.ID) (body []byte, id models.ID, err error) {
	a, err := d.next(code)
	if err != nil {
		return nil, "", err
	}
	in := coding.NewCoding{ID: models.NewID(), NoteID: d.note.NoteID, CodeID: code, Anchor: models.Anchor{Start: a.Start, End: a.End, Quote: a.Quote, TextVersion: a.TextVersion}}
	body, err = json.Marshal(map[string]any{
		"id": in.ID, "noteId": in.NoteID, "codeId": in.CodeID,
		"anchor": map[string]any{"start": a.Start, "end": a.End, "quote": a.Quote, "textVersion": a.TextVersion},
	})
	return body, in.ID, err
}

func (d *desk) path() string { return "/projects/" + string(d.space.id) + "/codings" }

// settle puts each of the codes at hand once, as has happened on a note that somebody is at work on.
func (d *desk) settle(ctx context.Context) error {
	for _, code := range d.space.codes[:atHand] {
		body, _, err := d.request(code)
		if err != nil {
			return err
		}
		if err := d.who.post(ctx, d.path(), body); err != nil {
			return err
		}
	}
	return nil
}

// requests makes n requests beforehand.
func (d *desk) requests(n int) ([][]byte, error) {
	all := make([][]byte, n)
	for i := range all {
		var err error
		if all[i], _, err = d.request(d.code()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// writes are the documents that putting one coding writes.
type writes struct {
	usage  string
	coding *models.Coding
	event  *models.Event
}

// writes makes the documents of n codings beforehand.
func (d *desk) writes(n int) ([]writes, error) {
	all := make([]writes, n)
	for i := range all {
		var err error
		if all[i], err = d.write(d.code()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d *desk) write(code models.ID) (writes, error) {
	a, err := d.next(code)
	if err != nil {
		return writes{}, err
	}
	c := newCoding(d.space.id, d.note.NoteID, code, d.who.id, a, time.Now())
	return writes{newUsage(c.SpaceID, c.NoteID, c.CodeID, c.CoderID).ID, c, newEvent(c, c.CoderID)}, nil
}

// settleRaw makes the counters of the codes at hand among the raw writes.
func (d *desk) settleRaw(ctx context.Context) error {
	counters := make([]*usage, atHand)
	for i, code := range d.space.codes[:atHand] {
		counters[i] = newUsage(d.space.id, d.note.NoteID, code, d.who.id)
	}
	_, err := d.w.raw().Collection("usages").InsertMany(ctx, counters)
	return err
}

// majority are the options of every transaction of the server's.
func majority() *options.TransactionOptionsBuilder {
	return options.Transaction().SetReadConcern(readconcern.Snapshot()).SetWriteConcern(writeconcern.Majority())
}

// write puts the documents into the database in one transaction, as the driver does it.
func (w *world) write(ctx context.Context, docs writes) error {
	session, err := w.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	_, err = session.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		count := bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: 1}}}}
		if _, err := w.raw().Collection("usages").UpdateOne(ctx, byID(docs.usage), count); err != nil {
			return nil, err
		}
		if _, err := w.raw().Collection("codings").InsertOne(ctx, docs.coding); err != nil {
			return nil, err
		}
		_, err := w.raw().Collection("events").InsertOne(ctx, docs.event)
		return nil, err
	}, majority())
	return err
}

// putOne times one coder who puts one coding after the other.
func putOne(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	d := w.sit(w.team[0], w.large, w.large.notes[1])
	if err := d.settle(ctx); err != nil {
		return err
	}
	if err := d.settleRaw(ctx); err != nil {
		return err
	}
	const warmUp = 100
	n := w.size.rounds * w.size.puts
	requests, err := d.requests(n + warmUp)
	if err != nil {
		return err
	}
	docs, err := d.writes(n + warmUp)
	if err != nil {
		return err
	}
	ours := func(ctx context.Context, i int) error { return d.who.post(ctx, d.path(), requests[i]) }
	limit := func(ctx context.Context, i int) error { return w.write(ctx, docs[i]) }
	if _, err := inTurns(ctx, 1, warmUp, func(ctx context.Context, i int) error { return ours(ctx, n+i) }, func(ctx context.Context, i int) error { return limit(ctx, n+i) }); err != nil {
		return err
	}
	all, err := inTurns(ctx, w.size.rounds, w.size.puts, ours, limit)
	if err != nil {
		return err
	}
	w.report.atMost("put one coding, p50", all.figure(0.5), 1.25, "")
	w.report.atMost("put one coding, p95", all.figure(0.95), 1.25, "")
	return w.putFirst(ctx)
}

// putFirst times the first coding of a person with a code on a note, which finds out that all three
// are fit for it.
func (w *world) putFirst(ctx context.Context) error {
	const notes = 4
	var ours, limit []step
	for k := range notes {
		d := w.sit(w.team[0], w.large, w.large.notes[2+k*teamSize])
		for _, code := range w.large.codes {
			body, _, err := d.request(code)
			if err != nil {
				return err
			}
			docs, err := d.write(code)
			if err != nil {
				return err
			}
			ours = append(ours, func(ctx context.Context, _ int) error { return d.who.post(ctx, d.path(), body) })
			limit = append(limit, func(ctx context.Context, _ int) error { return w.write(ctx, docs) })
		}
	}
	all, err := inTurns(ctx, notes, len(ours)/notes,
		func(ctx context.Context, i int) error { return ours[i](ctx, i) }, func(ctx context.Context, i int) error { return limit[i](ctx, i) })
	if err != nil {
		return err
	}
	w.report.beside("the first with a code on a note, p50", "ms", all.figure(0.5), "")
	return nil
}

// crowd is what sixteen workers did in one turn.
type crowd struct {
	done   int
	failed int
	fault  error // the first
	took   time.Duration
	times  samples // of what was done
}

// crowded lets workers do things at once, each of which they time by try; that gives when it was begun.
func crowded(workers int, work func(worker int, try func(do func() error) time.Time)) crowd {
	var all crowd
	var mu sync.Mutex
	try := func(do func() error) time.Time {
		started := time.Now()
		err := do()
		took := time.Since(started)
		mu.Lock()
		defer mu.Unlock()
		all.note(took, err)
		return started
	}
	var busy sync.WaitGroup
	begun := time.Now()
	for k := range workers {
		busy.Go(func() { work(k, try) })
	}
	busy.Wait()
	all.took = time.Since(begun)
	return all
}

// together lets workers do something again and again for so many seconds.
func together(ctx context.Context, workers, seconds int, work func(ctx context.Context, worker int) error) crowd {
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	return crowded(workers, func(k int, try func(do func() error) time.Time) {
		for time.Now().Before(end) && ctx.Err() == nil {
			try(func() error { return work(ctx, k) })
		}
	})
}

// note notes one thing that was done, or that failed.
func (c *crowd) note(took time.Duration, err error) {
	if err == nil {
		c.done++
		c.times = append(c.times, took)
		return
	}
	c.failed++
	if c.fault == nil {
		c.fault = err
	}
}

func (c crowd) perSecond() float64 { return float64(c.done) / c.took.Seconds() }

// putTogether lets sixteen clients put codings at once: a team, of which everybody codes a note of their
// own, the same team at one note, and then sixteen windows of one person, four on each of four notes.
// Each round has fresh notes.
func putTogether(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	rest := w.large.notes[200:]
	take := func() *writing {
		note := rest[0]
		rest = rest[1:]
		return note
	}
	team := func() []*desk {
		desks := make([]*desk, teamSize)
		for k, who := range w.team {
			desks[k] = w.sit(who, w.large, take())
		}
		return desks
	}
	table := func() []*desk {
		desks, note := make([]*desk, teamSize), take()
		for k, who := range w.team {
			desks[k] = w.sit(who, w.large, note)
		}
		return desks
	}
	windows := func() []*desk {
		desks := make([]*desk, teamSize)
		const lanes = 4
		for k := range desks {
			window := *w.team[0]
			window.client = newClient()
			note := take
			if k%lanes > 0 {
				note = func() *writing { return desks[k-1].note }
			}
			desks[k] = w.sit(&window, w.large, note())
			desks[k].lane, desks[k].lanes = k%lanes, lanes
		}
		return desks
	}
	all, err := w.compete(ctx, team)
	if err != nil {
		return err
	}
	w.report.atLeast("put codings, 16 clients of 16 people", "/s", all.perSecond, 0.8, all.failed, fmt.Sprintf("%d errors", all.failed))
	if all, err = w.compete(ctx, table); err != nil {
		return err
	}
	w.report.atLeast("put codings, 16 people at one note", "/s", all.perSecond, 0.8, all.failed, fmt.Sprintf("%d refused", all.failed))
	w.report.beside("put a coding, 16 people at one note, p95", "ms", all.p95, "")
	if all, err = w.compete(ctx, windows); err != nil {
		return err
	}
	w.report.beside("put codings, 16 clients of one person", "/s", all.perSecond, fmt.Sprintf("%d errors", all.failed))
	return w.settled(ctx)
}

// contest is what desks did beside raw workers.
type contest struct {
	perSecond figure
	p95       figure // in milliseconds
	failed    int
}

// compete lets desks and raw workers take turns.
func (w *world) compete(ctx context.Context, sit func() []*desk) (contest, error) {
	var c contest
	var desks []*desk
	ours := func(ctx context.Context, k int) error {
		d := desks[k]
		body, _, err := d.request(d.code())
		if err != nil {
			return err
		}
		return d.who.post(ctx, d.path(), body)
	}
	limit := func(ctx context.Context, k int) error {
		d := desks[k]
		docs, err := d.write(d.code())
		if err != nil {
			return err
		}
		return w.write(ctx, docs)
	}
	var a, b []float64
	var times rounds
	for range w.size.rounds {
		desks = sit()
		for _, d := range desks {
			if d.lane > 0 {
				continue // the first of these windows does it for all
			}
			if err := errors.Join(d.settle(ctx), d.settleRaw(ctx)); err != nil {
				return c, err
			}
		}
		mine, raw := together(ctx, len(desks), w.size.teamSeconds, ours), together(ctx, len(desks), w.size.teamSeconds, limit)
		if raw.fault != nil {
			return c, fmt.Errorf("raw writes: %w", raw.fault)
		}
		if mine.fault != nil && c.failed == 0 {
			w.tell("%d of %d requests failed: %v", mine.failed, mine.failed+mine.done, mine.fault)
		}
		c.failed += mine.failed
		times = append(times, struct{ ours, limit samples }{mine.times, raw.times})
		a, b = append(a, mine.perSecond()), append(b, raw.perSecond())
		c.perSecond.ratios = append(c.perSecond.ratios, mine.perSecond()/raw.perSecond())
	}
	c.perSecond.ours, c.perSecond.limit, c.p95 = median(a), median(b), times.figure(0.95)
	return c, ctx.Err()
}
