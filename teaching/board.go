package teaching

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// Board is how far the students of an exercise, or its groups, have come with each prompt.
type Board struct {
	Prompts []BoardPrompt `json:"prompts"`
	Rows    []BoardRow    `json:"rows"`
	// Counts says of each state how many rows are in it.
	Counts map[State]int `json:"counts"`
}

// BoardPrompt heads a column.
type BoardPrompt struct {
	ID     models.ID        `json:"id"`
	Title  models.Bilingual `json:"title"`
	CodeID models.ID        `json:"codeId"`
}

// BoardRow is a student or a group, also one that hasn't begun.
type BoardRow struct {
	SubmissionID models.ID `json:"submissionId,omitempty"`
	MemberID     models.ID `json:"memberId,omitempty"`
	GroupID      models.ID `json:"groupId,omitempty"`
	Name         string    `json:"name"`
	Group        string    `json:"group"`  // of a student
	People       []string  `json:"people"` // of a group

	Organisation BoardOrganisation `json:"organisation"`
	Due          *time.Time        `json:"due,omitempty"`
	State        State             `json:"state"`
	Late         bool              `json:"late"`
	Cells        []BoardCell       `json:"cells"`
	// ChangedAt is when the students last did something; who only opened the exercise hasn't.
	ChangedAt  *time.Time `json:"changedAt,omitempty"`
	ReturnedAt *time.Time `json:"returnedAt,omitempty"`
	HandIn     int        `json:"handIn"`
	Feedback   bool       `json:"feedback"` // whether something was said of it, returned or not
}

// BoardOrganisation is what a submission is about.
type BoardOrganisation struct {
	Name string                  `json:"name"`
	Kind models.OrganisationKind `json:"kind"`
}

// BoardCell is how far an answer has come.
type BoardCell struct {
	PromptID  models.ID  `json:"promptId"`
	State     State      `json:"state"`
	Words     int        `json:"words"`
	Passages  int        `json:"passages"`
	Others    int        `json:"others"` // versions written at the same time, of which nobody has chosen yet
	ChangedAt *time.Time `json:"changedAt,omitempty"`
}

// boardData is all that a board is made of: one question to the store for each.
type boardData struct {
	exercise    *models.Exercise
	people      *classPeople
	submissions []*models.Submission
	answers     map[models.ID]map[models.ID]*AnswerState // by submission and prompt
	handIns     map[models.ID]Handing                    // those that stand, by submission
	feedback    map[models.ID]bool
}

// Board gives the board of an exercise to those who see all work.
func (s *Service) Board(ctx context.Context, actor models.Actor, exercise models.ID) (*Board, error) {
	x, err := s.enterExercise(ctx, actor, exercise, models.CourseReadWork)
	if err != nil {
		return nil, err
	}
	if !x.seesAll() {
		return nil, errOwnOnly()
	}
	d, err := s.boardData(ctx, &x)
	if err != nil {
		return nil, err
	}
	return d.board(), nil
}

// errOwnOnly refuses what only those may do who see the work of all.
func errOwnOnly() error {
	return models.Forbidden("course_role_insufficient", "Your role in this course doesn't allow that. Ask an instructor.")
}

func (s *Service) boardData(ctx context.Context, x *exercisePlace) (*boardData, error) {
	d := &boardData{
		exercise: x.exercise, answers: map[models.ID]map[models.ID]*AnswerState{}, handIns: map[models.ID]Handing{}, feedback: map[models.ID]bool{},
	}
	var err error
	if d.submissions, err = s.store.Submissions().All(ctx, x.exercise.ID, coding.Query{}, models.MaxCoursePeople); err != nil {
		return nil, err
	}
	if d.people, err = s.people(ctx, x, d.submissions); err != nil {
		return nil, err
	}
	answers, err := s.store.AnswerStates(ctx, x.exercise.ID, "")
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if d.answers[a.SubmissionID] == nil {
			d.answers[a.SubmissionID] = make(map[models.ID]*AnswerState, len(x.exercise.Prompts))
		}
		d.answers[a.SubmissionID][a.PromptID] = a
	}
	handIns, err := s.store.Handings(ctx, x.exercise.ID)
	if err != nil {
		return nil, err
	}
	standing := make(map[models.ID]int, len(d.submissions))
	for _, sub := range d.submissions {
		standing[sub.ID] = sub.HandIn
	}
	for _, h := range handIns {
		if standing[h.SubmissionID] == h.Number {
			d.handIns[h.SubmissionID] = h
		}
	}
	said, err := s.store.FeedbackIDs(ctx, x.exercise.ID)
	for _, id := range said {
		d.feedback[id] = true
	}
	return d, err
}

func (d *boardData) board() *Board {
	b := &Board{Prompts: make([]BoardPrompt, len(d.exercise.Prompts)), Rows: []BoardRow{}, Counts: map[State]int{}}
	for i, p := range d.exercise.Prompts {
		b.Prompts[i] = BoardPrompt{p.ID, p.Title, p.CodeID}
	}
	for _, state := range States() {
		b.Counts[state] = 0
	}
	for _, row := range d.rows() {
		b.Counts[row.State]++
		b.Rows = append(b.Rows, row)
	}
	return b
}

// rows are all students, or all groups and the students who are in none, and whose work there is beside.
func (d *boardData) rows() []BoardRow {
	begun := make(map[models.ID]*models.Submission, len(d.submissions)) // by member or group
	for _, s := range d.submissions {
		begun[cmp.Or(s.MemberID, s.GroupID)] = s
	}
	var rows []BoardRow
	take := func(row BoardRow) {
		whose := cmp.Or(row.MemberID, row.GroupID)
		row.Name = d.people.names[whose]
		rows = append(rows, d.filled(row, begun[whose]))
		delete(begun, whose)
	}
	inGroups := d.exercise.Work == models.WorkGroup
	if inGroups {
		for _, g := range d.people.all {
			if len(d.people.groups[g.ID]) > 0 || begun[g.ID] != nil { // nobody is behind in a group that nobody is in
				take(d.groupRow(g.ID))
			}
		}
	}
	for _, m := range d.people.members {
		if left := m.ErasedAt != nil && begun[m.ID] == nil; m.Role == models.RoleStudent && !left && (!inGroups || d.people.names[m.GroupID] == "") {
			take(BoardRow{MemberID: m.ID, Group: d.people.names[m.GroupID], People: []string{}})
		}
	}
	for _, s := range d.submissions {
		switch {
		case begun[cmp.Or(s.MemberID, s.GroupID)] == nil: // it has its row
		case s.GroupID != "":
			take(d.groupRow(s.GroupID))
		default:
			take(BoardRow{MemberID: s.MemberID, People: []string{}})
		}
	}
	slices.SortStableFunc(rows, func(a, b BoardRow) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return rows
}

func (d *boardData) groupRow(id models.ID) BoardRow {
	row := BoardRow{GroupID: id, People: []string{}}
	for _, m := range d.people.groups[id] {
		row.People = append(row.People, d.people.names[m])
	}
	return row
}

// filled says of a row how far it has come; the submission is nil for one that hasn't begun.
func (d *boardData) filled(row BoardRow, s *models.Submission) BoardRow {
	row.Due = DueOf(d.exercise, append(slices.Clone(d.people.groups[row.GroupID]), row.MemberID)...)
	row.Cells = make([]BoardCell, len(d.exercise.Prompts))
	states := make([]State, len(row.Cells))
	if s != nil {
		row.SubmissionID, row.HandIn, row.ReturnedAt = s.ID, s.HandIn, s.ReturnedAt
		row.Organisation = BoardOrganisation{s.Organisation.Name, s.Organisation.Kind}
		row.Late, row.Feedback = d.handIns[s.ID].lateFor(row.Due), d.feedback[s.ID]
		row.ChangedAt = &s.UpdatedAt // when the organisation was chosen, or work taken back
		if s.Submitted() {           // and not when it was returned
			at := d.handIns[s.ID].At
			row.ChangedAt = &at
		}
	}
	for i := range d.exercise.Prompts {
		id := d.exercise.Prompts[i].ID
		a := d.answers[row.SubmissionID][id]
		row.Cells[i] = cellOf(d.exercise, s, id, a)
		states[i] = row.Cells[i].State
		if a != nil && (row.ChangedAt == nil || a.UpdatedAt.After(*row.ChangedAt)) {
			row.ChangedAt = &a.UpdatedAt
		}
	}
	if row.State = WholeState(s, states); row.State == StateNotBegun {
		row.ChangedAt = nil
	}
	return row
}

// cellOf says how far an answer has come; nil stands for one that isn't there, and for a submission that isn't.
func cellOf(e *models.Exercise, s *models.Submission, prompt models.ID, a *AnswerState) BoardCell {
	cell := BoardCell{PromptID: prompt, State: StateOf(e, s, a)}
	if a != nil {
		cell.Words, cell.Passages, cell.Others, cell.ChangedAt = a.Words, a.Passages, a.Others, &a.UpdatedAt
	}
	return cell
}
