package teaching

import (
	"slices"
	"strings"
	"time"

	"feltbog/models"
)

// State is how far an answer has come, or a whole submission.
type State string

// The states of an answer, from the first to the last.
const (
	StateNotBegun        State = "notBegun"        // neither words nor evidence
	StateWriting         State = "writing"         // too few words or too many, or versions to choose from
	StateEvidenceMissing State = "evidenceMissing" // too little evidence, or some without the reason it needs
	StateReady           State = "ready"
	StateSubmitted       State = "submitted"
	StateReturned        State = "returned"
)

// States lists the states from the first to the last.
func States() []State {
	return []State{StateNotBegun, StateWriting, StateEvidenceMissing, StateReady, StateSubmitted, StateReturned}
}

// AnswerState is what an answer's state depends on, and no word of it.
type AnswerState struct {
	SubmissionID models.ID `json:"submissionId"`
	ExerciseID   models.ID `json:"exerciseId"`
	PromptID     models.ID `json:"promptId"`
	// Written says that there is text, be it without words.
	Written  bool `json:"written"`
	Words    int  `json:"words"`
	Passages int  `json:"passages"` // evidence that wasn't withdrawn
	Reasoned int  `json:"reasoned"` // passages that say why they matter
	Others   int  `json:"others"`
	Sealed   int  `json:"sealed"`
	// UpdatedAt is the time of the last change.
	UpdatedAt time.Time `json:"updatedAt"`
}

// Begun says whether the answer has text or evidence.
func (a *AnswerState) Begun() bool {
	return a != nil && (a.Written || a.Passages > 0 || a.Others > 0)
}

// StateIn gives what the state of an answer depends on.
func StateIn(a *models.Answer) *AnswerState {
	out := &AnswerState{
		SubmissionID: a.SubmissionID, ExerciseID: a.ExerciseID, PromptID: a.PromptID,
		Written: strings.TrimSpace(a.Text) != "", Words: a.Words, Others: len(a.Others), Sealed: a.Sealed, UpdatedAt: a.UpdatedAt,
	}
	for i := range a.Evidence {
		if a.Evidence[i].Withdrawn {
			continue
		}
		out.Passages++
		if a.Evidence[i].Why != "" {
			out.Reasoned++
		}
	}
	return out
}

// The codes of what an answer may lack, and the submission.
const (
	LackWords        = "words_few"
	LackBrevity      = "words_many"
	LackChoice       = "versions_open"
	LackPassages     = "passages_few"
	LackReasons      = "reasons_missing"
	LackOrganisation = "organisation_missing"
)

// Lacking gives the codes of what an answer lacks of what the exercise asks for, an empty list for one that
// is ready. It needs a word at least, whatever the exercise says; nil stands for one that nobody has begun.
func Lacking(e *models.Exercise, a *AnswerState) []string {
	if a == nil {
		a = &AnswerState{}
	}
	codes := []string{}
	lack := func(is bool, code string) {
		if is {
			codes = append(codes, code)
		}
	}
	lack(a.Words < leastWords(e), LackWords)
	lack(e.MaxWords > 0 && a.Words > e.MaxWords, LackBrevity)
	lack(a.Others > 0, LackChoice)
	lack(a.Passages < e.Passages, LackPassages)
	lack(e.Reasons && a.Reasoned < a.Passages, LackReasons)
	return codes
}

func leastWords(e *models.Exercise) int { return max(e.MinWords, 1) }

// StateOf gives how far an answer of a submission has come; nil stands for an answer that isn't there, and
// for a submission that isn't.
func StateOf(e *models.Exercise, s *models.Submission, a *AnswerState) State {
	switch {
	case s != nil && s.ReturnedAt != nil:
		return StateReturned
	case s != nil && s.Submitted():
		return StateSubmitted
	case !a.Begun():
		return StateNotBegun
	}
	codes := Lacking(e, a)
	for _, words := range []string{LackWords, LackBrevity, LackChoice} {
		if slices.Contains(codes, words) {
			return StateWriting
		}
	}
	if len(codes) > 0 {
		return StateEvidenceMissing
	}
	return StateReady
}

// WholeState gives how far a submission has come whose answers, one for each prompt, are in these states: as
// far as the one that is furthest behind, and writing once any is begun or an organisation is chosen. Who only
// opened the exercise hasn't begun.
func WholeState(s *models.Submission, answers []State) State {
	switch {
	case s == nil:
		return StateNotBegun
	case s.ReturnedAt != nil:
		return StateReturned
	case s.Submitted():
		return StateSubmitted
	}
	least, begun := StateReady, s.Organisation.Chosen()
	for _, a := range answers {
		begun = begun || a != StateNotBegun
		if slices.Index(States(), a) < slices.Index(States(), least) {
			least = a
		}
	}
	switch {
	case !begun:
		return StateNotBegun
	case least == StateNotBegun, len(answers) == 0:
		return StateWriting
	}
	return least
}
