package teaching

import (
	"context"
	"io"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// NoteOrigin says how a note came into an exercise.
type NoteOrigin string

// The two ways.
const (
	OriginReleased NoteOrigin = "released" // an instructor released it
	OriginOwn      NoteOrigin = "own"      // who answers brought it
)

// Note is a note of an exercise, as everybody sees it who may: nothing in it leads to the project that it
// was released from.
type Note struct {
	ID           models.ID       `json:"id"`
	Title        string          `json:"title"`
	Kind         models.NoteKind `json:"kind"`
	ObservedOn   models.Date     `json:"observedOn"`
	Language     string          `json:"language"`
	SiteName     string          `json:"siteName"`
	SiteKind     string          `json:"siteKind"`
	Participants []Person        `json:"participants"`
	Length       int             `json:"length"` // code points
	Meeting      *models.Meeting `json:"meeting,omitempty"`
	Origin       NoteOrigin      `json:"origin"`
	// SubmissionID and AuthorID, a member of the course, are of an own note.
	SubmissionID models.ID `json:"submissionId,omitempty"`
	AuthorID     models.ID `json:"authorId,omitempty"`
	HasFile      bool      `json:"hasFile"`
	CreatedAt    time.Time `json:"createdAt"`
	// ReleasedFrom is for those who may release notes.
	ReleasedFrom *ReleasedFrom `json:"releasedFrom,omitempty"`
}

// Person is somebody observed, by pseudonym.
type Person struct {
	Pseudonym string `json:"pseudonym"`
	ActorRole string `json:"actorRole"`
}

// ReleasedFrom is the note of a project that one of an exercise was copied from.
type ReleasedFrom struct {
	SpaceID     models.ID `json:"spaceId"`
	NoteID      models.ID `json:"noteId"`
	TextVersion int       `json:"textVersion"`
}

// noteOf gives a note as the actor sees it.
func (x *exercisePlace) noteOf(n *models.Note, authors map[models.ID]models.ID) *Note {
	out := &Note{
		ID: n.ID, Title: n.Title, Kind: n.Kind, ObservedOn: n.ObservedOn, Language: n.Language, Participants: []Person{}, Length: n.Length, Meeting: n.Meeting,
		Origin: OriginOwn, SubmissionID: n.PartyID, AuthorID: authors[n.AuthorID], HasFile: n.File != nil, CreatedAt: n.CreatedAt,
	}
	from := n.Release
	if from == nil {
		return out
	}
	out.Origin, out.SiteName, out.SiteKind, out.AuthorID, out.HasFile = OriginReleased, from.SiteName, from.SiteKind, "", false
	for _, p := range from.Participants {
		out.Participants = append(out.Participants, Person{p.Pseudonym, p.ActorRole})
	}
	if x.member.May(models.CourseExercises) == models.GrantAny {
		out.ReleasedFrom = &ReleasedFrom{from.SpaceID, from.NoteID, from.TextVersion}
	}
	return out
}

// bringers gives the members of the course who brought own notes, by their accounts.
func (s *Service) bringers(ctx context.Context, x *exercisePlace, notes []*models.Note) (map[models.ID]models.ID, error) {
	var accounts []models.ID
	for _, n := range notes {
		if n.PartyID != "" {
			accounts = append(accounts, n.AuthorID)
		}
	}
	if len(accounts) == 0 {
		return map[models.ID]models.ID{}, nil
	}
	members, err := s.store.CourseMembers().All(ctx, x.course.ID, coding.Query{Where: coding.Where{"userId": accounts}}, models.MaxCoursePeople)
	out := make(map[models.ID]models.ID, len(members))
	for _, m := range members {
		out[m.UserID] = m.ID
	}
	return out, err
}

// noteSeen is noteOf for one note.
func (s *Service) noteSeen(ctx context.Context, x *exercisePlace, n *models.Note) (*Note, error) {
	authors, err := s.bringers(ctx, x, []*models.Note{n})
	return x.noteOf(n, authors), err
}

// reads finds an actor in an exercise, to whom it lends its space for reading: with the submission that they,
// or their group, work on.
func (s *Service) reads(ctx context.Context, actor models.Actor, exercise models.ID, action models.Action) (exercisePlace, models.Actor, error) {
	x, err := s.enterExercise(ctx, actor, exercise, action)
	if err != nil {
		return x, actor, err
	}
	mine, err := s.mine(ctx, &x)
	if err != nil {
		return x, actor, err
	}
	guest := x.guest(mine)
	return x, guest, nil
}

// mine gives the submission that the actor, or their group, works on; empty if there is none.
func (s *Service) mine(ctx context.Context, x *exercisePlace) (models.ID, error) {
	work, err := s.workOf(ctx, x)
	if err != nil || work == nil {
		return "", err
	}
	return work.ID, nil
}

// workOf is mine with the whole submission, nil if there is none.
func (s *Service) workOf(ctx context.Context, x *exercisePlace) (*models.Submission, error) {
	where := coding.Where{"memberId": x.member.ID}
	if x.exercise.Work == models.WorkGroup {
		where = coding.Where{"groupId": x.member.GroupID}
	}
	if x.member.Role != models.RoleStudent || where["groupId"] == models.ID("") {
		return nil, nil //nolint:nilnil // no submission is an answer
	}
	found, err := s.store.Submissions().All(ctx, x.exercise.ID, coding.Query{Where: where}, 1)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// NoteFilter selects notes of an exercise; empty, those that the exercise offers.
type NoteFilter struct {
	// Submission, if set, is the one whose own notes alone are selected.
	Submission models.ID
	// All selects also what the exercise doesn't offer as evidence any more, since a release gives the right to
	// read, and what stands on a note tells of it.
	All bool
	// Bin selects what the actor, or their group, removed instead.
	Bin bool
}

// Notes lists notes of an exercise that the actor may know of: what was released, and the own notes of their
// submission. Who sees all work sees those of all.
func (s *Service) Notes(ctx context.Context, actor models.Actor, exercise models.ID, f NoteFilter, p models.Page) (models.List[*Note], error) {
	var out models.List[*Note]
	action := models.CourseRead
	if f.Bin {
		action = models.CourseAnswer
	}
	x, guest, err := s.reads(ctx, actor, exercise, action)
	if err != nil {
		return out, err
	}
	asked := coding.GuestFilter{Released: f.All || x.exercise.Released, Own: f.All || x.exercise.OwnNotes, Submission: f.Submission}
	if f.Bin {
		if guest.Guest.Party == "" {
			return out, nil
		}
		asked = coding.GuestFilter{Own: true, Submission: guest.Guest.Party, Bin: true}
	}
	found, err := s.desk.GuestNotes(ctx, guest, asked, p)
	if err != nil {
		return out, err
	}
	authors, err := s.bringers(ctx, &x, found.Items)
	for _, n := range found.Items {
		out.Items = append(out.Items, x.noteOf(n, authors))
	}
	out.Next = found.Next
	return out, err
}

// NoteText gives the words of a note of an exercise that the actor may know of.
func (s *Service) NoteText(ctx context.Context, actor models.Actor, exercise, note models.ID) (*models.Text, error) {
	_, guest, err := s.reads(ctx, actor, exercise, models.CourseRead)
	if err != nil {
		return nil, err
	}
	return s.desk.NoteText(ctx, guest, exercise, note, 0)
}

// OwnFile gives the id of the file that an own note was read from.
func (s *Service) OwnFile(ctx context.Context, actor models.Actor, exercise, note models.ID) (models.ID, error) {
	_, guest, err := s.reads(ctx, actor, exercise, models.CourseReadWork)
	if err != nil {
		return "", err
	}
	n, err := s.desk.Note(ctx, guest, exercise, note)
	if err == nil && n.File == nil {
		err = &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This note has no such file."}
	}
	if err != nil {
		return "", err
	}
	return n.File.ID, nil
}

// OpenOwnFile opens the file that an own note was read from. The caller closes it.
func (s *Service) OpenOwnFile(ctx context.Context, actor models.Actor, exercise, note, file models.ID) (*models.File, io.ReadSeekCloser, error) {
	_, guest, err := s.reads(ctx, actor, exercise, models.CourseReadWork)
	if err != nil {
		return nil, nil, err
	}
	return s.desk.NoteFile(ctx, guest, exercise, note, file)
}

// Search finds passages in the notes that the exercise offers and the actor may know of.
func (s *Service) Search(ctx context.Context, actor models.Actor, exercise models.ID, r coding.SearchRequest) (coding.SearchPage, error) {
	x, guest, err := s.reads(ctx, actor, exercise, models.CourseRead)
	if err != nil {
		return coding.SearchPage{}, err
	}
	r.Types, r.OwnOnly = []coding.HitType{coding.HitPassage}, !x.exercise.Released
	if !x.exercise.OwnNotes {
		guest = x.guest("") // of no submission, and so without notes of its own
	}
	return s.desk.Search(ctx, guest, exercise, r)
}
