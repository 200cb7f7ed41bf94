package teaching

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

// How long a course can be joined: where nobody says, and at most.
const (
	JoinDays    = 120
	MaxJoinDays = 400
)

// codeLength is how many letters a join code has: 40 random bits, of which guessing finds nothing at the
// pace that failed attempts are let through.
const codeLength = 8

// codeLetters are the digits of Crockford's base 32: no I, L, O or U, which are taken for others.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newCode makes a code to join by.
func newCode() string {
	bits := make([]byte, codeLength)
	rand.Read(bits) // never fails, says its documentation
	for i, b := range bits {
		bits[i] = codeLetters[int(b)%len(codeLetters)]
	}
	return string(bits)
}

// ClaimLifetime is how long a one-time link to a place on the roster can be used.
const ClaimLifetime = 30 * 24 * time.Hour

// ReadCode reads a code as people type it: in whatever case, with hyphens and spaces, with O for 0 and I or L
// for 1. It gives the eight letters, or nothing where they can't be a code.
func ReadCode(typed string) string {
	code := strings.Map(func(r rune) rune {
		switch r {
		case 'O', 'o':
			return '0'
		case 'I', 'i', 'L', 'l':
			return '1'
		}
		if up := strings.ToUpper(string(r)); strings.Contains(codeLetters, up) {
			return rune(up[0])
		}
		if strings.ContainsRune(" -‐‑–—_.\u00a0\t", r) {
			return -1
		}
		return '?'
	}, typed)
	if len(code) != codeLength || strings.Contains(code, "?") {
		return ""
	}
	return code
}

// ShowCode writes a code as people read it: XXXX-XXXX.
func ShowCode(code string) string { return code[:codeLength/2] + "-" + code[codeLength/2:] }

// Joining gives how the course is joined. It returns NotFound (join_closed) where nobody may.
func (s *Service) Joining(ctx context.Context, actor models.Actor, course models.ID) (*models.CourseJoin, error) {
	p, err := s.enter(ctx, actor, course, models.CoursePeople)
	if err != nil {
		return nil, err
	}
	if p.course.Join == nil || !p.course.Join.ExpiresAt.After(p.at) {
		return nil, &models.Error{Kind: models.KindNotFound, Code: "join_closed", Sentence: "Nobody can join this course by a link or a code now. Make one first."}
	}
	return p.course.Join, nil
}

// OpenJoining makes a new link and code by which anybody becomes a student of the course, for so many days;
// JoinDays if days is 0. Those from before end.
func (s *Service) OpenJoining(ctx context.Context, actor models.Actor, course models.ID, days int) (*models.CourseJoin, error) {
	if days == 0 {
		days = JoinDays
	}
	if err := models.Within(days, 1, MaxJoinDays, "/days"); err != nil {
		return nil, err
	}
	join, err := s.setJoining(ctx, actor, course, days)
	if e, ok := errors.AsType[*models.Error](err); ok && e.Code == "id_taken" { // another course has the code
		join, err = s.setJoining(ctx, actor, course, days)
	}
	return join, err
}

// CloseJoining lets nobody join any more. Who has joined stays.
func (s *Service) CloseJoining(ctx context.Context, actor models.Actor, course models.ID) error {
	_, err := s.setJoining(ctx, actor, course, 0)
	return err
}

func (s *Service) setJoining(ctx context.Context, actor models.Actor, course models.ID, days int) (*models.CourseJoin, error) {
	return change(ctx, s, actor, course, models.CoursePeople, func(ctx context.Context, p place) (*models.CourseJoin, error) {
		var join *models.CourseJoin
		if days > 0 {
			join = &models.CourseJoin{Secret: models.NewSecret(), Code: newCode(), ExpiresAt: p.at.AddDate(0, 0, days), MadeAt: p.at}
		}
		p.course.Join = join
		return join, replace(ctx, s.store.Courses(), &p, p.course)
	})
}

// DoorKind is what a link or a code leads to.
type DoorKind string

// A link for all makes a student; a claim takes the place of one person on the roster.
const (
	DoorJoin  DoorKind = "join"
	DoorClaim DoorKind = "claim"
)

// DoorView is what somebody with a link or a code is told of it.
type DoorView struct {
	CourseName string            `json:"courseName"`
	Term       string            `json:"term"`
	Language   string            `json:"language"`
	Kind       DoorKind          `json:"kind"`
	Role       models.CourseRole `json:"role"`
	Name       string            `json:"name"`   // of the roster, of a claim
	Email      string            `json:"email"`  // of the roster, of a claim
	Member     bool              `json:"member"` // whether the one who looks is in the course already
}

// Look tells whoever has a link or a code what it leads to. Viewer is the zero Actor where nobody is signed in.
// It returns NotFound (join_gone) alike for whatever can't be used.
func (s *Service) Look(ctx context.Context, viewer models.Actor, key string) (DoorView, error) {
	d, err := s.door(ctx, viewer, key)
	if err != nil {
		return DoorView{}, err
	}
	view := DoorView{CourseName: d.course.Name, Term: d.course.Term, Language: d.course.Language, Kind: DoorJoin, Role: models.RoleStudent, Member: d.member != nil}
	if d.row != nil {
		view.Kind, view.Role, view.Name, view.Email = DoorClaim, d.row.Role, d.row.Name, d.row.Email
	}
	return view, nil
}

// Join brings the actor into the course that a link or a code leads to, and gives its id. Who is in it
// already stays what they are. It returns NotFound (join_gone) alike for whatever can't be used. It joins the
// transaction of ctx, so that an account can be made with it; that is made InTurn.
func (s *Service) Join(ctx context.Context, actor models.Actor, key string) (models.ID, error) {
	if actor.Token != nil {
		return "", models.OutOfScope()
	}
	var course models.ID
	err := s.inTurn(ctx, actor, key, func(ctx context.Context) error {
		return s.store.Tx(ctx, func(ctx context.Context) error {
			d, err := s.door(ctx, actor, key)
			if err != nil {
				return err
			}
			course = d.course.ID
			if d.in() {
				return nil
			}
			if err := s.store.GuardCourse(ctx, course); err != nil {
				return fmt.Errorf("guard %s: %w", course, err)
			}
			return s.admit(ctx, actor, d)
		})
	})
	return course, err
}

// InTurn runs fn, a transaction in which a new account joins the course that a link or a code leads to, after
// those who came before. What leads nowhere waits for nobody.
func (s *Service) InTurn(ctx context.Context, key string, fn func(ctx context.Context) error) error {
	return s.inTurn(ctx, models.Actor{}, key, fn)
}

func (s *Service) inTurn(ctx context.Context, actor models.Actor, key string, fn func(ctx context.Context) error) error {
	if ctx.Value(turnKey{}) != nil {
		return fn(ctx)
	}
	course, _, err := s.unlock(ctx, actor, key, &door{at: s.clock()})
	if isNotFound(err) {
		return fn(ctx)
	}
	if err != nil {
		return err
	}
	return s.turns.take(ctx, course, fn)
}

// door is what a link or a code leads to.
type door struct {
	course *models.Course
	// row is the place on the roster that a claim is for; nil for a link or code for all.
	row *models.CourseMember
	// member is the one who looks, former their membership that has ended; nil where there is none.
	member, former *models.CourseMember
	at             time.Time
}

// in says whether whoever looks is in the course already, and on their own place.
func (d *door) in() bool { return d.member != nil && (d.row == nil || d.row.ID == d.member.ID) }

// door finds what a link or a code leads to, if the viewer can use it.
func (s *Service) door(ctx context.Context, viewer models.Actor, key string) (door, error) {
	d := door{at: s.clock()}
	course, madeAt, err := s.unlock(ctx, viewer, key, &d)
	if err != nil {
		return d, gone(err)
	}
	if d.course, err = s.store.Courses().Find(ctx, course, course); err != nil {
		return d, gone(err)
	}
	if d.course.ArchivedAt != nil || d.course.Purging {
		return d, errJoinGone()
	}
	if viewer.UserID == "" {
		return d, nil
	}
	d.member, err = s.store.CourseMembership(ctx, course, viewer.UserID)
	if !isNotFound(err) {
		return d, err
	}
	d.member = nil
	former, err := s.store.CourseMembers().List(ctx, course, coding.Query{Where: coding.Where{"userId": viewer.UserID}, Bin: true, Order: []string{"-deletedAt"}}, models.Page{Limit: 1})
	if err != nil || len(former.Items) == 0 {
		return d, err
	}
	d.former = former.Items[0]
	if d.former.DeletedBy != viewer.UserID && !d.former.DeletedAt.Before(madeAt) {
		return d, errJoinGone() // what an instructor decided last holds
	}
	return d, nil
}

// secretLength is how many letters a secret has.
const secretLength = 43

// unlock finds the course of a key, and when that was made. Of a claim it fills in the row.
func (s *Service) unlock(ctx context.Context, viewer models.Actor, key string, d *door) (course models.ID, madeAt time.Time, err error) {
	key = strings.TrimSpace(key)
	var found *models.Course
	if len(key) != secretLength {
		code := ReadCode(key)
		if code == "" {
			return "", madeAt, errJoinGone()
		}
		found, err = s.store.CourseByCode(ctx, code)
	} else if found, err = s.store.CourseBySecret(ctx, key); isNotFound(err) {
		return s.claimed(ctx, viewer, key, d)
	}
	if err != nil {
		return "", madeAt, err
	}
	if !found.Join.ExpiresAt.After(d.at) {
		return "", madeAt, errJoinGone()
	}
	return found.ID, found.Join.MadeAt, nil
}

// claimed finds the row of the roster that a claim is for. Whoever took it may follow the link again: their
// answer may have been lost.
func (s *Service) claimed(ctx context.Context, viewer models.Actor, secret string, d *door) (course models.ID, madeAt time.Time, err error) {
	row, err := s.store.MemberByClaim(ctx, models.HashSecret(secret))
	if err != nil {
		return "", madeAt, err
	}
	d.row = row
	if row.UserID != "" && row.UserID == viewer.UserID {
		return row.SpaceID, madeAt, nil
	}
	if stateOf(row, d.at) != MemberInvited {
		return "", madeAt, errJoinGone()
	}
	return row.SpaceID, row.ClaimExpires.Add(-ClaimLifetime), nil
}

// admit makes a member of the actor. A membership that has ended goes on, so that the work of who comes back
// is theirs again; what they were before isn't.
func (s *Service) admit(ctx context.Context, actor models.Actor, d door) error {
	p := place{actor: actor, course: d.course, at: d.at}
	mine := d.member
	if mine == nil {
		mine = d.former
	}
	switch {
	case d.row != nil && mine != nil:
		return s.merge(ctx, &p, mine, d.row)
	case d.row != nil:
		d.row.UserID, d.row.JoinedAt, d.row.ClaimExpires = actor.UserID, &d.at, nil
		return replace(ctx, s.store.CourseMembers(), &p, d.row)
	case mine != nil:
		mine.Role, mine.Rights = models.RoleStudent, []models.Action{} // what the link makes of everybody
		return s.bringBack(ctx, &p, mine)
	}
	m := &models.CourseMember{UserID: actor.UserID, Role: models.RoleStudent, JoinedAt: &d.at}
	var err error
	if m.MatchID, err = s.matching(ctx, d.course.ID, actor.UserID); err != nil {
		return err
	}
	return s.enrol(ctx, &p, m)
}

// matching finds the student of the roster with the address of an account, who hasn't come yet.
func (s *Service) matching(ctx context.Context, course, user models.ID) (models.ID, error) {
	account, err := s.store.User(ctx, user)
	if err != nil {
		return "", err
	}
	rows, err := s.everybody(ctx, course, coding.Where{"emailKey": account.EmailKey, "userId": "", "role": models.RoleStudent})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].ID, nil
}

// merge gives somebody who is in the course their place on the roster: what it says of them goes to their
// membership, to which their work belongs, and the row goes.
func (s *Service) merge(ctx context.Context, p *place, m, row *models.CourseMember) error {
	for _, f := range []struct{ to, from *string }{{&m.Name, &row.Name}, {&m.Email, &row.Email}, {&m.EmailKey, &row.EmailKey}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	if m.Pseudonym == "" {
		m.Pseudonym = row.Pseudonym
	}
	if m.DeletedAt != nil { // who comes back is what the roster says they are now
		m.Role, m.Rights = row.Role, row.Rights
		if err := s.keepGroup(ctx, p, m); err != nil {
			return err
		}
	}
	if m.GroupID == "" {
		m.GroupID = row.GroupID
	}
	if slices.Index(models.CourseRoles(), row.Role) < slices.Index(models.CourseRoles(), m.Role) {
		m.Role, m.Rights = row.Role, row.Rights
	}
	m.MatchID, m.Claim, m.DeletedAt, m.DeletedBy = "", row.Claim, nil, ""
	forget(row)
	row.DeletedAt, row.DeletedBy = &p.at, p.actor.UserID
	if err := replace(ctx, s.store.CourseMembers(), p, row); err != nil {
		return err
	}
	if err := s.store.MoveExtensions(ctx, p.course.ID, row.ID, m.ID); err != nil {
		return err
	}
	return replace(ctx, s.store.CourseMembers(), p, m)
}

// forget takes from a member whatever says who they are.
func forget(m *models.CourseMember) {
	m.UserID, m.Name, m.Email, m.EmailKey, m.Pseudonym, m.MatchID, m.Claim, m.ClaimExpires = "", "", "", "", "", "", "", nil
}

// enrol adds members to a course, with the next numbers. The transaction guards the course.
func (s *Service) enrol(ctx context.Context, p *place, all ...*models.CourseMember) error {
	if len(all) == 0 {
		return nil
	}
	last, err := s.store.LastNumber(ctx, p.course.ID)
	if err != nil {
		return err
	}
	if last+len(all) > models.MaxCoursePeople { // else there are fewer, however many have left
		there, err := s.store.CountCourseMembers(ctx, p.course.ID)
		if err != nil {
			return err
		}
		if there+len(all) > models.MaxCoursePeople {
			return errCourseFull()
		}
	}
	for i, m := range all {
		id := m.ID
		if m.Head, err = p.head(id, p.course.ID); err != nil {
			return err
		}
		m.Number = last + 1 + i
		if m.Rights == nil {
			m.Rights = []models.Action{}
		}
	}
	return s.store.CourseMembers().Insert(ctx, all...)
}

// gone makes one answer of every reason why a link or a code can't be used.
func gone(err error) error {
	if isNotFound(err) {
		return errJoinGone()
	}
	return err
}

func errJoinGone() error {
	return &models.Error{
		Kind: models.KindNotFound, Code: "join_gone",
		Sentence: "This link or code can't be used: it has expired, was used or closed, or isn't whole. Ask your instructor for a new one.",
	}
}
