package teaching

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"feltbog/coding"
	"feltbog/models"
)

// NewEvidence asks for a passage that an answer stands on: of a note, or of a source with a web address.
type NewEvidence struct {
	ID     models.ID         `json:"id"`
	NoteID models.ID         `json:"noteId"`
	Anchor *models.Anchor    `json:"anchor"`
	Web    *models.WebSource `json:"web"`
	Why    string            `json:"why"`
}

// EvidenceFields are the fields of evidence that its authors change. Nil leaves a field as it is.
type EvidenceFields struct {
	Why *string           `json:"why"`
	Web *models.WebSource `json:"web"`
	// Position is its place among the evidence of the answer, from 0.
	Position *int `json:"position"`
}

// answerPlace is where on an answer an actor stands who writes it.
type answerPlace struct {
	submissionPlace
	answer  *models.Answer
	edition int
}

// changeEvidence runs fn in one transaction on an answer that is still written, and keeps the answer.
func changeEvidence[R any](ctx context.Context, s *Service, actor models.Actor, submission, prompt models.ID, fn func(ctx context.Context, x *answerPlace) (R, error)) (R, error) {
	var out R
	err := untilStill(ctx, func() error {
		return s.store.Tx(ctx, func(ctx context.Context) error {
			place, a, err := s.enterPrompt(ctx, actor, submission, prompt)
			if err != nil {
				return err
			}
			if place.submission.Submitted() || a.Sealed > 0 {
				return errSubmitted()
			}
			x := &answerPlace{place, a, a.Edition}
			if out, err = fn(ctx, x); err != nil {
				return err
			}
			if x.edition < 0 {
				return nil
			}
			a.UpdatedAt = x.at
			return s.store.SaveAnswer(ctx, a, x.edition)
		})
	})
	return out, err
}

// unchanged says that there is nothing to keep.
func (x *answerPlace) unchanged() { x.edition = -1 }

// added is what adding evidence gives: it, and whether it is new.
type added struct {
	evidence models.Evidence
	made     bool
}

// AddEvidence adds a passage to an answer. A passage of a note is checked against the words of the note and
// coded with the prompt's code; it must be of a note of the exercise that its students may draw on. The same
// passage again gives the one that is there.
func (s *Service) AddEvidence(ctx context.Context, actor models.Actor, submission, prompt models.ID, in NewEvidence) (models.Evidence, bool, error) {
	if err := checkNewEvidence(&in); err != nil {
		return models.Evidence{}, false, err
	}
	out, err := changeEvidence(ctx, s, actor, submission, prompt, func(ctx context.Context, x *answerPlace) (added, error) {
		if i := slices.IndexFunc(x.answer.Evidence, func(e models.Evidence) bool { return e.ID == in.ID || in.is(&e) }); i >= 0 {
			x.unchanged()
			return added{x.answer.Evidence[i], false}, nil
		}
		if len(x.answer.Evidence) >= models.MaxEvidence {
			return added{}, models.Conflict("evidence_limit", fmt.Sprintf("An answer may stand on %d passages. Remove one first.", models.MaxEvidence))
		}
		e := models.Evidence{ID: in.ID, Web: in.Web, Why: in.Why, AddedBy: x.member.ID, AddedAt: x.at}
		if err := s.room(ctx, submission, &e, in.Anchor); err != nil {
			return added{}, err
		}
		var err error
		if in.Web != nil {
			if !x.exercise.Web {
				err = models.Invalid("web_not_allowed", "In this exercise, evidence can't be from the web.", models.Field{Pointer: "/web", Problem: "not allowed"})
			}
		} else {
			err = s.code(ctx, x, &e, &in)
		}
		if err != nil {
			return added{}, err
		}
		x.answer.Evidence = append(x.answer.Evidence, e)
		return added{e, true}, nil
	})
	return out.evidence, out.made, err
}

// room refuses new evidence with an id that evidence of another answer has, or for whose words there is no place.
func (s *Service) room(ctx context.Context, submission models.ID, more *models.Evidence, anchor *models.Anchor) error {
	all, err := s.store.Answers(ctx, submission)
	if err != nil {
		return err
	}
	for _, a := range all {
		if slices.ContainsFunc(a.Evidence, func(e models.Evidence) bool { return e.ID == more.ID }) {
			return models.Conflict("id_taken", "This id has been used before.", models.Field{Pointer: "/id", Problem: "taken"})
		}
	}
	asked := *more
	asked.Anchor = anchor
	return quotable(all, &asked)
}

// quotable refuses evidence with which that of a submission would be longer than a hand-in can hold. It takes the
// place of what stands there under its id.
func quotable(all []*models.Answer, evidence *models.Evidence) error {
	length := quoted(evidence)
	for _, a := range all {
		for i := range a.Evidence {
			if a.Evidence[i].ID != evidence.ID {
				length += quoted(&a.Evidence[i])
			}
		}
	}
	if length > models.MaxQuoted {
		return models.Conflict("passages_too_long", "The passages of your answers, with what you say of them, are longer together than they may be. Choose the words that matter, and leave the others out.")
	}
	return nil
}

// quoted is how many code points evidence quotes, and says of them.
func quoted(e *models.Evidence) int {
	length := utf8.RuneCountInString(e.Why)
	if e.Anchor != nil {
		length += utf8.RuneCountInString(e.Anchor.Quote)
	}
	if e.Web != nil {
		length += utf8.RuneCountInString(e.Web.Quote)
	}
	return length
}

// is says whether e is the passage that is asked for.
func (in *NewEvidence) is(e *models.Evidence) bool {
	switch {
	case e.Withdrawn:
		return false
	case in.Web != nil:
		return e.Web != nil && e.Web.URL == in.Web.URL && e.Web.Quote == in.Web.Quote
	}
	return e.NoteID == in.NoteID && e.Anchor != nil && e.Anchor.Start == in.Anchor.Start && e.Anchor.End == in.Anchor.End && e.Anchor.Quote == in.Anchor.Quote
}

// code puts the prompt's code on the passage, in the layer of the submission.
func (s *Service) code(ctx context.Context, x *answerPlace, e *models.Evidence, in *NewEvidence) error {
	unknown := models.Invalid("note_unknown", "This note isn't in the exercise, or not any more. Choose a passage of another one.", models.Field{Pointer: "/noteId", Problem: "unknown id"})
	guest := x.guest(x.submission.ID)
	note, err := s.store.Notes().Find(ctx, x.exercise.ID, in.NoteID)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return unknown
	case err != nil:
		return err
	case !guest.Hears(note.Scope().Audience):
		return unknown
	case !offers(x.exercise, note):
		return models.Invalid("note_not_offered", "This exercise no longer takes evidence from this note. What stands on it already stays.", models.Field{Pointer: "/noteId", Problem: "not offered"})
	}
	c, err := s.coded(ctx, x, in)
	if err == nil && c != nil {
		err = s.store.GuardShared(ctx, x.exercise.ID) // meets whoever takes the note away, as a new coding does
	}
	if err == nil && c == nil {
		c, _, err = s.desk.PutCoding(ctx, guest, x.exercise.ID, coding.NewCoding{
			Layer: x.submission.Layer(), NoteID: in.NoteID, CodeID: x.exercise.Prompt(x.answer.PromptID).CodeID, Anchor: *in.Anchor,
		})
	}
	if err != nil {
		return err
	}
	e.NoteID, e.CodingID, e.Anchor = c.NoteID, c.ID, &c.Anchor
	return nil
}

// offers says whether new evidence may be from a note of the exercise. Who may read it reads it in any case.
func offers(e *models.Exercise, n *models.Note) bool {
	if n.Release != nil {
		return e.Released
	}
	return e.OwnNotes
}

// coded finds a coding of the passage with the prompt's code that is evidence of another prompt, nil if there
// is none: whoever of the group put it, it is put once.
func (s *Service) coded(ctx context.Context, x *answerPlace, in *NewEvidence) (*models.Coding, error) {
	found, err := s.store.Codings().All(ctx, x.exercise.ID, coding.Query{Where: coding.Where{
		"layer": x.submission.Layer(), "noteId": in.NoteID, "codeId": x.exercise.Prompt(x.answer.PromptID).CodeID,
		"anchor.start": in.Anchor.Start, "anchor.end": in.Anchor.End, "review": false,
	}}, 1)
	if err != nil || len(found) == 0 || found[0].Anchor.Quote != in.Anchor.Quote {
		return nil, err
	}
	return found[0], nil
}

// ChangeEvidence changes why a passage matters, a web source, or the place of evidence among the others.
func (s *Service) ChangeEvidence(ctx context.Context, actor models.Actor, submission, evidence models.ID, f EvidenceFields) (models.Evidence, error) {
	if err := checkEvidenceFields(&f); err != nil {
		return models.Evidence{}, err
	}
	return onEvidence(ctx, s, actor, submission, evidence, func(ctx context.Context, x *answerPlace, at int) (models.Evidence, error) {
		e := x.answer.Evidence[at]
		set(&e.Why, f.Why)
		if f.Web != nil {
			if e.Web == nil {
				return e, models.Invalid("evidence_of_note", "This evidence is from a note. Its words stay those of the note.", models.Field{Pointer: "/web", Problem: "of a note"})
			}
			e.Web = f.Web
		}
		if f.Why != nil || f.Web != nil {
			all, err := s.store.Answers(ctx, submission)
			if err := models.First(err, quotable(all, &e)); err != nil {
				return e, err
			}
		}
		x.answer.Evidence = slices.Delete(x.answer.Evidence, at, at+1)
		if f.Position != nil {
			at = min(*f.Position, len(x.answer.Evidence))
		}
		x.answer.Evidence = slices.Insert(x.answer.Evidence, at, e)
		return e, nil
	})
}

// RemoveEvidence takes a passage off an answer, and its coding away unless it is evidence elsewhere.
func (s *Service) RemoveEvidence(ctx context.Context, actor models.Actor, submission, evidence models.ID) error {
	_, err := onEvidence(ctx, s, actor, submission, evidence, func(ctx context.Context, x *answerPlace, at int) (struct{}, error) {
		e := x.answer.Evidence[at]
		x.answer.Evidence = slices.Delete(x.answer.Evidence, at, at+1)
		if e.CodingID == "" || e.Withdrawn {
			return struct{}{}, nil
		}
		all, err := s.store.Answers(ctx, submission)
		if err != nil {
			return struct{}{}, err
		}
		for _, a := range all {
			if slices.ContainsFunc(a.Evidence, func(other models.Evidence) bool { return other.CodingID == e.CodingID && other.ID != e.ID }) {
				return struct{}{}, nil
			}
		}
		err = s.desk.RemoveCoding(ctx, x.guest(submission), x.exercise.ID, e.CodingID, 0)
		if models.KindOf(err) == models.KindNotFound {
			err = nil // it went with its note
		}
		return struct{}{}, err
	})
	return err
}

// onEvidence is changeEvidence for evidence whose answer isn't named.
func onEvidence[R any](ctx context.Context, s *Service, actor models.Actor, submission, evidence models.ID, fn func(ctx context.Context, x *answerPlace, at int) (R, error)) (R, error) {
	var none R
	if _, err := s.enterSubmission(ctx, actor, submission, models.CourseAnswer); err != nil {
		return none, err
	}
	all, err := s.store.Answers(ctx, submission)
	if err != nil {
		return none, err
	}
	has := func(e models.Evidence) bool { return e.ID == evidence }
	for _, a := range all {
		if !slices.ContainsFunc(a.Evidence, has) {
			continue
		}
		return changeEvidence(ctx, s, actor, submission, a.PromptID, func(ctx context.Context, x *answerPlace) (R, error) {
			at := slices.IndexFunc(x.answer.Evidence, has)
			if at < 0 {
				return none, models.NotFound(models.NounEvidence)
			}
			return fn(ctx, x, at)
		})
	}
	return none, models.NotFound(models.NounEvidence)
}

// checkNewEvidence cleans and bounds evidence, and gives it its id.
func checkNewEvidence(in *NewEvidence) error {
	var err error
	if in.ID, err = models.ChosenID(in.ID); err != nil {
		return err
	}
	if err := models.CleanProse(&in.Why, "/why"); err != nil {
		return err
	}
	if note := in.NoteID != "" || in.Anchor != nil; note == (in.Web != nil) {
		return models.Invalid("evidence_of_one", "Evidence is either a passage of a note, with noteId and anchor, or of a source with a web address.", models.Field{Pointer: "", Problem: "neither or both"})
	}
	if in.Web != nil {
		return checkWeb(in.Web)
	}
	if in.NoteID == "" {
		return models.Invalid("note_unknown", "There is no such note in this exercise.", models.Field{Pointer: "/noteId", Problem: "missing"})
	}
	if in.Anchor == nil {
		return models.Invalid("anchor_empty", "Select the words that are the evidence.", models.Field{Pointer: "/anchor", Problem: "missing"})
	}
	return nil
}

func checkEvidenceFields(f *EvidenceFields) error {
	if f.Why != nil {
		if err := models.CleanProse(f.Why, "/why"); err != nil {
			return err
		}
	}
	if f.Position != nil {
		if err := models.Within(*f.Position, 0, models.MaxEvidence, "/position"); err != nil {
			return err
		}
	}
	if f.Web != nil {
		return checkWeb(f.Web)
	}
	return nil
}

// checkWeb cleans and bounds a source. Its words needn't stand there, but its address must be one that a
// browser opens without doing anything else.
func checkWeb(w *models.WebSource) error {
	w.URL = strings.TrimSpace(w.URL)
	if utf8.RuneCountInString(w.URL) > models.MaxAddress {
		return models.Invalid("address_too_long", fmt.Sprintf("A web address may have %d characters.", models.MaxAddress), models.Field{Pointer: "/web/url", Problem: "too long"})
	}
	u, err := url.Parse(w.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(w.URL, " <>\"\\^`{|}") {
		return models.Invalid("address_malformed", "A web address begins with http:// or https://, as in https://example.org/page.", models.Field{Pointer: "/web/url", Problem: "malformed"})
	}
	w.Quote = CleanAnswer(w.Quote)
	if err := models.First(models.CleanLabel(&w.Title, "/web/title"), models.CleanProse(&w.Quote, "/web/quote")); err != nil {
		return err
	}
	if w.Quote == "" {
		return models.Invalid("quote_missing", "Quote the words of the source that are the evidence.", models.Field{Pointer: "/web/quote", Problem: "missing"})
	}
	return nil
}
