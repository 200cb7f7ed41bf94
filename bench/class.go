package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"feltbog/models"
	"feltbog/teaching"
)

const (
	// autosaveEvery is how often a page saves an answer that is being written.
	autosaveEvery = 2 * time.Second
	// template is the exercise that they answer.
	template = "public-organisation"
)

// classroom is a course whose students write, and the board that is open meanwhile.
type classroom struct {
	w        *world
	exercise models.ID
	students []*student
	board    *board
}

// student is somebody who answers one prompt in one window. Raw is the same answer among the raw writes.
type student struct {
	who                *person
	submission, prompt models.ID
	writer             models.ID
	text               string // as it stands in the window
	kept               string // as the server said last that it has it
	version            int
	saves              int
	raw                *models.Answer
}

// writeInClass lets a class autosave while its board is open, in turns with as many workers who make the
// same update of the same answers by the driver.
func writeInClass(ctx context.Context, w *world) error {
	if err := w.awake(ctx); err != nil {
		return err
	}
	c := &classroom{w: w}
	defer c.close()
	if err := c.open(ctx); err != nil {
		return err
	}
	var times rounds
	failed := 0
	for range w.size.classTurns {
		for _, s := range c.students {
			if err := s.who.awake(ctx); err != nil {
				return err
			}
		}
		mine := c.paced(ctx, c.save)
		raw := c.paced(ctx, c.saveRaw)
		if raw.fault != nil {
			return fmt.Errorf("raw writes: %w", raw.fault)
		}
		if mine.fault != nil && failed == 0 {
			w.tell("%d of %d autosaves failed: %v", mine.failed, mine.failed+mine.done, mine.fault)
		}
		failed += mine.failed
		times = append(times, struct{ ours, limit samples }{mine.times, raw.times})
	}
	late, err := c.scrollBoard(ctx)
	if err != nil {
		return err
	}
	failed += late
	wrong, err := c.compare(ctx)
	if err != nil {
		return err
	}
	delays, err := c.board.caughtUp(ctx, c.students)
	if err != nil {
		return err
	}
	saves := 0
	for _, s := range c.students {
		saves += s.saves
	}
	what := fmt.Sprintf("%d students autosave every %g s for %d s with the board open", len(c.students), autosaveEvery.Seconds(), w.size.classSeconds*w.size.classTurns)
	w.report.beside(what+", p50", "ms", times.figure(0.5), "limit: the same update by the driver")
	w.report.beside(what+", p95", "ms", times.figure(0.95), "")
	w.report.below("of these, failed, lost or doubled", "", float64(failed+wrong), 0, 0, fmt.Sprintf("%d saved, the answers compared character by character", saves))
	w.report.beside("what a student has written is on the board, p95", "ms", figure{ours: milliseconds(delays.at(0.95))}, fmt.Sprintf("p50 %s; gathered for 250 ms", amount(milliseconds(delays.at(0.5)), "ms")))
	return ctx.Err()
}

// open makes the course and its exercise, lets the students in, and opens the board.
func (c *classroom) open(ctx context.Context) error {
	owner := c.w.owner
	course, err := c.w.make(ctx, "/courses", map[string]any{"name": "Class", "term": "Bench"})
	if err != nil {
		return err
	}
	var exercise models.Exercise
	if err := owner.ask(ctx, http.MethodPost, "/courses/"+string(course)+"/exercises", map[string]any{"template": template}, &exercise); err != nil {
		return err
	}
	c.exercise = exercise.ID
	if err := owner.change(ctx, http.MethodPatch, c.path(), exercise.Version, map[string]any{"open": true}, nil); err != nil {
		return err
	}
	if err := c.enrol(ctx, course, exercise.Prompts); err != nil {
		return err
	}
	if err := c.joinNext(ctx); err != nil {
		return err
	}
	c.board, err = watchBoard(ctx, owner, c.path())
	return err
}

func (c *classroom) path() string { return "/exercises/" + string(c.exercise) }

// paced lets every student do something each two seconds, evenly spread, until the turn is over.
func (c *classroom) paced(ctx context.Context, work func(ctx context.Context, s *student, more string) error) crowd {
	times := c.w.size.classSeconds * int(time.Second) / int(autosaveEvery)
	words := make([][]string, len(c.students)) // made beforehand: the language is one's alone
	for k := range words {
		for range times {
			words[k] = append(words[k], c.w.language.word()+" "+c.w.language.word())
		}
	}
	begun := time.Now()
	return crowded(len(c.students), func(k int, try func(do func() error) time.Time) {
		due := begun.Add(autosaveEvery * time.Duration(k) / time.Duration(len(c.students)))
		for _, more := range words[k] {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(due)):
			}
			due = try(func() error { return work(ctx, c.students[k], more) }).Add(autosaveEvery)
		}
	})
}

// save writes a number and two words more, and sends the whole text, as a page does.
func (c *classroom) save(ctx context.Context, s *student, more string) error {
	s.text += fmt.Sprintf("%d %s ", s.saves+1, more)
	in := teaching.Writing{Text: s.text, Revision: models.NewID(), Writer: s.writer, Settles: []models.ID{}}
	var out struct {
		Answer models.Answer `json:"answer"`
		Kept   teaching.Kept `json:"kept"`
	}
	path := "/submissions/" + string(s.submission) + "/answers/" + string(s.prompt)
	if err := s.who.change(ctx, http.MethodPut, path, s.version, in, &out); err != nil {
		return err
	}
	if out.Kept != teaching.KeptOver || out.Answer.Version != s.version+1 {
		return fmt.Errorf("an autosave at version %d was kept %s, at version %d", s.version, out.Kept, out.Answer.Version)
	}
	s.kept, s.version = in.Text, out.Answer.Version
	s.saves++
	return nil
}

// saveRaw makes the same update by the driver.
func (c *classroom) saveRaw(ctx context.Context, s *student, more string) error {
	a := s.raw
	in := teaching.Writing{Text: a.Text + fmt.Sprintf("%d %s ", a.Version+1, more), Revision: models.NewID(), Writer: s.writer, Settles: []models.ID{}}
	if _, err := teaching.Write(a, in, a.Version, s.who.id, time.Now().UTC()); err != nil {
		return err
	}
	answers, seen := c.w.raw().Collection("exerciseAnswers"), a.Edition
	a.Edition++
	if seen == 0 {
		_, err := answers.InsertOne(ctx, a)
		return err
	}
	done, err := answers.ReplaceOne(ctx, bson.D{{Key: "_id", Value: a.ID}, {Key: "edition", Value: seen}}, a)
	if err == nil && done.MatchedCount != 1 {
		err = errors.New("a raw write found no answer")
	}
	return err
}

// compare asks for what the server has of each student, and counts the answers that aren't what it said last
// that it has.
func (c *classroom) compare(ctx context.Context) (wrong int, err error) {
	for _, s := range c.students {
		var v struct {
			Answers []models.Answer `json:"answers"`
		}
		if err := s.who.ask(ctx, http.MethodGet, "/submissions/"+string(s.submission), nil, &v); err != nil {
			return wrong, err
		}
		if fault := s.differs(v.Answers); fault != "" {
			if wrong == 0 {
				c.w.tell("what %s wrote %s", s.who.email, fault)
			}
			wrong++
		}
	}
	there, err := c.w.db().Collection("exerciseAnswers").CountDocuments(ctx, bson.D{{Key: "exerciseId", Value: c.exercise}})
	if err == nil && int(there) != len(c.students) {
		c.w.tell("%d students have %d answers", len(c.students), there)
		wrong++
	}
	return wrong, err
}

// differs says how the answers of a submission aren't what was saved; empty if they are.
func (s *student) differs(answers []models.Answer) string {
	found := false
	for _, a := range answers {
		switch {
		case a.PromptID != s.prompt:
			if a.Text != "" || len(a.Others) > 0 {
				return "is at another prompt, too"
			}
			continue
		case len(a.Others) > 0:
			return fmt.Sprintf("has %d other versions", len(a.Others))
		case a.Version != s.saves:
			return fmt.Sprintf("was written %d times for %d saves", a.Version, s.saves)
		case a.Text != s.kept:
			return "differs from character " + strconv.Itoa(firstDifference([]rune(a.Text), []rune(s.kept)))
		}
		found = true
	}
	if !found {
		return "isn't there"
	}
	return ""
}

func firstDifference(a, b []rune) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// close ends the board and the connections.
func (c *classroom) close() {
	if c.board != nil {
		c.board.end()
	}
	for _, s := range c.students {
		if s != nil {
			s.who.client.CloseIdleConnections()
		}
	}
}

// board is an instructor's page that shows how far everybody has come.
type board struct {
	end   func()
	ended chan struct{}

	mu     sync.Mutex
	words  map[models.ID]int // of the answer, by submission
	delays samples           // from the save of an answer to the message that tells of it
	fault  error
}

// watchBoard fetches the board and follows it.
func watchBoard(ctx context.Context, who *person, path string) (*board, error) {
	ctx, cancel := context.WithCancel(ctx)
	window := *who
	window.client = newClient()
	b := &board{ended: make(chan struct{}), words: map[models.ID]int{}}
	b.end = func() {
		cancel()
		<-b.ended
		window.client.CloseIdleConnections()
	}
	hello := make(chan struct{})
	stream, err := window.send(ctx, http.MethodGet, path+"/stream", "", nil)
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(b.ended)
		defer stream.Close() //nolint:errcheck // it was only read
		err := b.follow(bufio.NewReader(stream), hello)
		b.mu.Lock()
		b.fault = err
		b.mu.Unlock()
	}()
	select {
	case <-hello:
	case <-b.ended:
		cancel()
		return nil, fmt.Errorf("the board's stream ended: %w", b.fault)
	case <-time.After(patience):
		b.end()
		return nil, errors.New("the board's stream doesn't open")
	}
	if err := window.read(ctx, path+"/board"); err != nil {
		b.end()
		return nil, err
	}
	return b, nil
}

// follow reads the stream until it ends.
func (b *board) follow(lines *bufio.Reader, hello chan<- struct{}) error {
	event := ""
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimSpace(line)
		if name, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
			if event = string(name); event == "hello" {
				close(hello)
			}
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok || event != "cells" {
			continue
		}
		var news struct {
			Items []teaching.CellNews `json:"items"`
		}
		if err := json.Unmarshal(data, &news); err != nil {
			return fmt.Errorf("cells of the board: %w", err)
		}
		b.hear(news.Items)
	}
}

func (b *board) hear(cells []teaching.CellNews) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range cells {
		b.words[cells[i].SubmissionID] = cells[i].Words
		if at := cells[i].ChangedAt; at != nil {
			b.delays = append(b.delays, time.Since(*at))
		}
	}
}

// caughtUp waits until the board shows what everybody wrote last, and gives how long it took to hear of each
// save.
func (b *board) caughtUp(ctx context.Context, students []*student) (samples, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		b.mu.Lock()
		behind, fault, delays := 0, b.fault, b.delays
		for _, s := range students {
			if b.words[s.submission] != teaching.Words(s.kept) {
				behind++
			}
		}
		b.mu.Unlock()
		switch {
		case behind == 0 && fault == nil:
			return delays, nil
		case fault != nil:
			return nil, fmt.Errorf("the board's stream broke off: %w", fault)
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case time.Now().After(deadline):
			return nil, fmt.Errorf("the board never heard what %d of %d students wrote last", behind, len(students))
		}
	}
}
