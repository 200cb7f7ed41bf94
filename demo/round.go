package demo

import (
	"context"
	"fmt"
	"slices"

	"feltbog/coding"
	"feltbog/models"
)

// round is round.yaml: notes that the people of the study coded blind, and what they said of it afterwards.
type round struct {
	Name     string   `yaml:"name"`
	Question string   `yaml:"question"`
	Codes    []string `yaml:"codes"`
	Coders   []string `yaml:"coders"`
	Moves    []struct {
		Coder string            `yaml:"coder"`
		To    models.RoundState `yaml:"to"`
		Why   string            `yaml:"why"`
	} `yaml:"moves"`
	Notes []struct {
		Note    string        `yaml:"note"`
		Codings []blindCoding `yaml:"codings"`
	} `yaml:"notes"`
}

// blindCoding is a code that some of the coders put on the same words. The memo is the first one's, and
// the comments stand at the first one's coding.
type blindCoding struct {
	Coders   []string `yaml:"coders"`
	Code     string   `yaml:"code"`
	Quote    string   `yaml:"quote"`
	Memo     string   `yaml:"memo"`
	Comments []struct {
		Coder string `yaml:"coder"`
		Text  string `yaml:"text"`
	} `yaml:"comments"`
}

// round sets up the study's round, codes it blind, moves it on and talks about it once it is revealed.
func (l *loader) round(ctx context.Context) error {
	var in round
	if err := read("round.yaml", &in); err != nil {
		return err
	}
	r, err := l.setUp(ctx, &in)
	if err != nil {
		return fmt.Errorf("demo round: %w", err)
	}
	for i, m := range in.Moves {
		r, err = l.service.MoveRound(ctx, l.coders[m.Coder], l.space, r.ID, r.Version, coding.RoundStep{To: m.To, Why: m.Why})
		if err != nil {
			return fmt.Errorf("demo round becomes %s: %w", m.To, err)
		}
		if i > 0 {
			continue
		}
		if err := l.codeBlind(ctx, &in, r); err != nil {
			return err
		}
	}
	return l.discuss(ctx, &in)
}

// setUp makes the round, in which everybody codes every note.
func (l *loader) setUp(ctx context.Context, in *round) (*models.Round, error) {
	var noteIDs, codeIDs, coderIDs []models.ID
	for _, key := range in.Codes {
		codeIDs = append(codeIDs, l.codes[key])
	}
	for _, key := range in.Coders {
		coderIDs = append(coderIDs, l.coders[key].UserID)
	}
	var assignment []models.Assignment
	for i := range in.Notes {
		id := l.notes[in.Notes[i].Note].id
		noteIDs = append(noteIDs, id)
		assignment = append(assignment, models.Assignment{NoteID: id, CoderIDs: coderIDs})
	}
	return l.service.CreateRound(ctx, l.coders[in.Moves[0].Coder], l.space, coding.NewRound{RoundFields: coding.RoundFields{
		Name: &in.Name, Question: &in.Question, NoteIDs: &noteIDs, CodeIDs: &codeIDs, CoderIDs: &coderIDs,
		CodersPerNote: new(len(coderIDs)), Assignment: &assignment,
	}})
}

// codeBlind lets each coder code each note, and say that they are done with it.
func (l *loader) codeBlind(ctx context.Context, in *round, r *models.Round) error {
	for i := range in.Notes {
		n := &in.Notes[i]
		for _, coder := range in.Coders {
			if err := l.codeNote(ctx, r, n.Note, coder, n.Codings); err != nil {
				return fmt.Errorf("demo round, %s by %s: %w", n.Note, coder, err)
			}
		}
	}
	return nil
}

func (l *loader) codeNote(ctx context.Context, r *models.Round, key, coder string, all []blindCoding) error {
	on := l.notes[key]
	var batch []coding.NewCoding
	var which []int
	for i, c := range all {
		if !slices.Contains(c.Coders, coder) {
			continue
		}
		anchor, err := anchorOf(on.text, c.Quote)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Code, err)
		}
		batch = append(batch, coding.NewCoding{Layer: r.Layer(), NoteID: on.id, CodeID: l.codes[c.Code], Anchor: anchor})
		which = append(which, i)
	}
	put, _, err := l.service.PutCodings(ctx, l.coders[coder], l.space, batch)
	if err != nil {
		return err
	}
	for j, i := range which {
		if all[i].Coders[0] != coder {
			continue
		}
		l.codings[roundKey(key, i)] = put[j].ID
		if all[i].Memo == "" {
			continue
		}
		if err := l.write(ctx, coder, models.Target{Noun: models.NounCoding, ID: put[j].ID}, false, all[i].Memo); err != nil {
			return err
		}
	}
	return l.service.MarkDone(ctx, l.coders[coder], l.space, r.ID, on.id, true)
}

// discuss writes the comments at the differences.
func (l *loader) discuss(ctx context.Context, in *round) error {
	for n := range in.Notes {
		for i, c := range in.Notes[n].Codings {
			on := l.codings[roundKey(in.Notes[n].Note, i)]
			for _, comment := range c.Comments {
				if _, err := l.service.CreateComment(ctx, l.coders[comment.Coder], l.space, coding.NewComment{CodingID: on, Text: comment.Text}); err != nil {
					return fmt.Errorf("demo round, comment on %s: %w", in.Notes[n].Note, err)
				}
			}
		}
	}
	return nil
}

// roundKey names a coding of the round that a memo or comments hang on.
func roundKey(note string, i int) string { return fmt.Sprintf("round/%s/%d", note, i) }
