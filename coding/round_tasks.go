package coding

import (
	"context"
	"time"

	"feltbog/models"
)

// TaskState is how far a coder has come with a note of a round.
type TaskState string

// The three states of a task.
const (
	TaskNotBegun TaskState = "notBegun"
	TaskBegun    TaskState = "begun" // there are codings
	TaskDone     TaskState = "done"  // the coder said so
)

// RoundTask is a note of a round that a coder is to code.
type RoundTask struct {
	RoundID models.ID  `json:"roundId,omitempty"`
	NoteID  models.ID  `json:"noteId"`
	CoderID models.ID  `json:"coderId,omitempty"`
	State   TaskState  `json:"state"`
	DoneAt  *time.Time `json:"doneAt,omitempty"`
}

// MarkDone says that the actor is done with a note of a round that is coded blind; with done false,
// that they aren't after all.
func (s *Service) MarkDone(ctx context.Context, actor models.Actor, space, round, note models.ID, done bool) error {
	_, err := change(ctx, s, actor, space, models.ActionCode, func(ctx context.Context, w *work) (struct{}, error) {
		r, err := s.store.Rounds().Find(ctx, space, round)
		if err != nil {
			return struct{}{}, err
		}
		if err := assigned(r, note, actor.UserID); err != nil {
			return struct{}{}, err
		}
		w.subjects = append(w.subjects, note)
		mark := models.DoneMark{SpaceID: space, RoundID: round, NoteID: note, CoderID: actor.UserID, At: w.at}
		if done {
			return struct{}{}, s.store.MarkDone(ctx, mark)
		}
		return struct{}{}, s.store.UnmarkDone(ctx, mark)
	})
	return err
}

// assigned refuses a round that isn't coded now, and a note of it that isn't the coder's.
func assigned(r *models.Round, note, coder models.ID) error {
	if r.State != models.RoundBlind {
		return errRoundState("Nothing can be coded in this round now. It is coded while it is blind.")
	}
	if !r.Assigned(note, coder) {
		return models.Forbidden("round_not_assigned", "This note isn't yours to code in this round.")
	}
	return nil
}

// Tasks lists the notes of a round that the actor codes, in the round's order; none while it is a draft.
func (s *Service) Tasks(ctx context.Context, actor models.Actor, space, round models.ID) ([]RoundTask, error) {
	r, err := s.Round(ctx, actor, space, round)
	if err != nil {
		return nil, err
	}
	if r.State == models.RoundDraft {
		return []RoundTask{}, nil
	}
	tasks, err := s.tasks(ctx, []*models.Round{r}, actor.UserID)
	for i := range tasks {
		tasks[i].RoundID, tasks[i].CoderID = "", ""
	}
	return tasks, err
}

// OpenTasks lists the notes that the actor codes in all rounds of a project that are blind now.
func (s *Service) OpenTasks(ctx context.Context, actor models.Actor, space models.ID) ([]RoundTask, error) {
	if _, err := s.reader(ctx, actor, space); err != nil {
		return nil, err
	}
	all, err := s.store.Rounds().All(ctx, space, Query{Where: Where{"state": models.RoundBlind, "coderIds": actor.UserID}, Order: []string{"-createdAt"}}, models.MaxRounds)
	if err != nil {
		return nil, err
	}
	tasks, err := s.tasks(ctx, all, actor.UserID)
	for i := range tasks {
		tasks[i].CoderID = ""
	}
	return tasks, err
}

// RoundProgress lists how far each coder of a round has come with each note. One who codes in it themself
// sees that once it is locked.
func (s *Service) RoundProgress(ctx context.Context, actor models.Actor, space, round models.ID) ([]RoundTask, error) {
	if _, _, err := s.allow(ctx, actor, space, models.ActionFollowRounds); err != nil {
		return nil, err
	}
	r, err := s.store.Rounds().Find(ctx, space, round)
	if err != nil {
		return nil, err
	}
	if r.CodedBy(actor.UserID) && (r.State == models.RoundDraft || r.State == models.RoundBlind) {
		return nil, models.Conflict("round_not_locked", "You code in this round yourself, so you see how far the others are once it is locked.")
	}
	tasks, err := s.tasks(ctx, []*models.Round{r}, "")
	for i := range tasks {
		tasks[i].RoundID = ""
	}
	return tasks, err
}

// tasks gives the tasks of one coder in rounds of one project, or of all if coder is empty.
func (s *Service) tasks(ctx context.Context, all []*models.Round, coder models.ID) ([]RoundTask, error) {
	out := []RoundTask{}
	if len(all) == 0 {
		return out, nil
	}
	states, err := s.taskStates(ctx, all, coder)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		for _, note := range r.NoteIDs {
			for _, who := range r.Coders(note) {
				if coder != "" && who != coder {
					continue
				}
				at := states[taskKey{r.ID, note, who}]
				task := RoundTask{RoundID: r.ID, NoteID: note, CoderID: who, State: TaskNotBegun, DoneAt: at.done}
				switch {
				case at.done != nil:
					task.State = TaskDone
				case at.begun:
					task.State = TaskBegun
				}
				out = append(out, task)
			}
		}
	}
	return out, nil
}

type taskKey struct{ round, note, coder models.ID }

type taskState struct {
	begun bool
	done  *time.Time
}

// taskStates asks which of the tasks were begun and are done.
func (s *Service) taskStates(ctx context.Context, all []*models.Round, coder models.ID) (map[taskKey]taskState, error) {
	ids, layers := make([]models.ID, len(all)), make([]models.Layer, len(all))
	for i, r := range all {
		ids[i], layers[i] = r.ID, r.Layer()
	}
	where := Where{"layer": layers}
	if coder != "" {
		where["coderId"] = coder
	}
	usages, err := s.store.Usages(ctx, all[0].SpaceID, where)
	if err != nil {
		return nil, err
	}
	marks, err := s.store.DoneMarks(ctx, all[0].SpaceID, ids, coder)
	if err != nil {
		return nil, err
	}
	states := make(map[taskKey]taskState, len(usages))
	for _, u := range usages {
		states[taskKey{models.ID(u.Layer), u.NoteID, u.CoderID}] = taskState{begun: true}
	}
	for i := range marks {
		m := &marks[i]
		states[taskKey{m.RoundID, m.NoteID, m.CoderID}] = taskState{begun: true, done: &m.At}
	}
	return states, nil
}
