package teaching_test

import (
	"slices"
	"testing"
	"time"

	"feltbog/models"
	"feltbog/teaching"
)

func TestState(t *testing.T) {
	t.Parallel()
	strict := &models.Exercise{MinWords: 10, MaxWords: 20, Passages: 2, Reasons: true}
	loose := &models.Exercise{}
	open, at := &models.Submission{}, time.Now()
	submitted, returned := &models.Submission{HandIn: 2}, &models.Submission{HandIn: 2, ReturnedAt: &at}
	for name, c := range map[string]struct {
		e       *models.Exercise
		s       *models.Submission
		a       *teaching.AnswerState
		want    teaching.State
		lacking []string
	}{
		"no answer":                               {strict, open, nil, teaching.StateNotBegun, []string{"words_few", "passages_few"}},
		"no submission":                           {strict, nil, nil, teaching.StateNotBegun, []string{"words_few", "passages_few"}},
		"an empty answer":                         {strict, open, &teaching.AnswerState{}, teaching.StateNotBegun, []string{"words_few", "passages_few"}},
		"signs without a word":                    {strict, open, &teaching.AnswerState{Written: true}, teaching.StateWriting, []string{"words_few", "passages_few"}},
		"evidence without a word":                 {strict, open, &teaching.AnswerState{Passages: 2, Reasoned: 2}, teaching.StateWriting, []string{"words_few"}},
		"one word too few":                        {strict, open, &teaching.AnswerState{Written: true, Words: 9, Passages: 2, Reasoned: 2}, teaching.StateWriting, []string{"words_few"}},
		"just enough":                             {strict, open, &teaching.AnswerState{Written: true, Words: 10, Passages: 2, Reasoned: 2}, teaching.StateReady, nil},
		"as many as may be":                       {strict, open, &teaching.AnswerState{Written: true, Words: 20, Passages: 2, Reasoned: 2}, teaching.StateReady, nil},
		"one word too many":                       {strict, open, &teaching.AnswerState{Written: true, Words: 21, Passages: 2, Reasoned: 2}, teaching.StateWriting, []string{"words_many"}},
		"a passage too few":                       {strict, open, &teaching.AnswerState{Written: true, Words: 15, Passages: 1, Reasoned: 1}, teaching.StateEvidenceMissing, []string{"passages_few"}},
		"a passage without its reason":            {strict, open, &teaching.AnswerState{Written: true, Words: 15, Passages: 3, Reasoned: 2}, teaching.StateEvidenceMissing, []string{"reasons_missing"}},
		"more evidence than needed":               {strict, open, &teaching.AnswerState{Written: true, Words: 15, Passages: 5, Reasoned: 5}, teaching.StateReady, nil},
		"a version to choose from":                {strict, open, &teaching.AnswerState{Written: true, Words: 15, Passages: 2, Reasoned: 2, Others: 1}, teaching.StateWriting, []string{"versions_open"}},
		"only another version":                    {loose, open, &teaching.AnswerState{Others: 1}, teaching.StateWriting, []string{"words_few", "versions_open"}},
		"nothing is asked for but a word":         {loose, open, &teaching.AnswerState{Written: true, Words: 1}, teaching.StateReady, nil},
		"nothing is asked for, and nothing there": {loose, open, &teaching.AnswerState{}, teaching.StateNotBegun, []string{"words_few"}},
		"no reasons are asked for":                {&models.Exercise{Passages: 1}, open, &teaching.AnswerState{Written: true, Words: 1, Passages: 1}, teaching.StateReady, nil},
		"submitted, whatever it lacks":            {strict, submitted, nil, teaching.StateSubmitted, []string{"words_few", "passages_few"}},
		"returned":                                {strict, returned, nil, teaching.StateReturned, []string{"words_few", "passages_few"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := teaching.StateOf(c.e, c.s, c.a); got != c.want {
				t.Errorf("it is %s, want %s", got, c.want)
			}
			if got := teaching.Lacking(c.e, c.a); !slices.Equal(got, c.lacking) || got == nil {
				t.Errorf("it lacks %v, want %v", got, c.lacking)
			}
		})
	}
}

func TestStateIn(t *testing.T) {
	t.Parallel()
	a := models.NewAnswer("s", "e", "p")
	a.Text, a.Words = " \n", 0
	if got := teaching.StateIn(a); got.Written || got.Begun() {
		t.Errorf("white space is %+v", got)
	}
	a.Evidence = []models.Evidence{{Why: "so"}, {}, {Why: "gone", Withdrawn: true}}
	if got := teaching.StateIn(a); got.Passages != 2 || got.Reasoned != 1 || !got.Begun() {
		t.Errorf("the evidence is %+v", got)
	}
}

func TestWholeState(t *testing.T) {
	t.Parallel()
	const (
		none, writing, missing, ready = teaching.StateNotBegun, teaching.StateWriting, teaching.StateEvidenceMissing, teaching.StateReady
	)
	at := time.Now()
	chosen := &models.Submission{Organisation: models.Organisation{Kind: models.OrganisationSchool}}
	for _, c := range []struct {
		s       *models.Submission
		answers []teaching.State
		want    teaching.State
	}{
		{nil, nil, none},
		{&models.Submission{}, []teaching.State{none, none}, none},
		{chosen, []teaching.State{none, none}, writing},
		{chosen, []teaching.State{ready, ready}, ready},
		{chosen, nil, writing},
		{&models.Submission{}, nil, none},
		{&models.Submission{}, []teaching.State{none, ready}, writing},
		{&models.Submission{}, []teaching.State{writing, ready}, writing},
		{&models.Submission{}, []teaching.State{missing, ready}, missing},
		{&models.Submission{}, []teaching.State{missing, none}, writing},
		{&models.Submission{}, []teaching.State{ready, ready}, ready},
		{&models.Submission{HandIn: 1}, []teaching.State{none, none}, teaching.StateSubmitted},
		{&models.Submission{HandIn: 1, ReturnedAt: &at}, []teaching.State{none}, teaching.StateReturned},
	} {
		if got := teaching.WholeState(c.s, c.answers); got != c.want {
			t.Errorf("%v of %+v is %s, want %s", c.answers, c.s, got, c.want)
		}
	}
}
