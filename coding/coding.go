// Package coding holds the verbs of Feltbog: the use cases of coding notes together, the pure rules
// they stand on (texts, anchors, trees, queries, passages) and the ports they need. It imports
// models, the standard library and a cache; it knows nothing of HTTP, MongoDB or Meilisearch.
//
// An exported method of Service is policy and transaction; the unexported function beneath it is
// the work inside. Every write goes through change, which asks the role table, guards against
// races and writes the records with their events.
package coding

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"feltbog/models"
)

// Service offers the use cases of projects. It is safe for concurrent use.
type Service struct {
	store Store
	index Index
	// files reads uploads; wake tells that there is one to read.
	files Reader
	wake  chan struct{}
	texts *otter.Cache[string, *Text]
	// blocks are the outlines of texts, for the progress of notes.
	blocks *otter.Cache[string, []span32]
	now    func() time.Time
}

// Options are what a Service may be given beside its ports.
type Options struct {
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Reader reads files that are uploaded. Without one, none can be.
	Reader Reader
	// TextCacheBytes bounds the texts kept in memory; 32 MiB if zero.
	TextCacheBytes uint64
}

// outlineBytes bounds the outlines of texts kept in memory: those of some 10,000 notes of 200 blocks.
const outlineBytes = 16 << 20

// New makes a Service over a store and an index.
func New(store Store, index Index, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TextCacheBytes == 0 {
		o.TextCacheBytes = 32 << 20
	}
	texts := otter.Must(&otter.Options[string, *Text]{
		MaximumWeight: o.TextCacheBytes,
		Weigher: func(_ string, t *Text) uint32 {
			return uint32(min(t.weight(), 1<<31)) //nolint:gosec // bounded just here
		},
	})
	blocks := otter.Must(&otter.Options[string, []span32]{
		MaximumWeight: outlineBytes,
		Weigher: func(_ string, b []span32) uint32 {
			return uint32(8*len(b) + 128) //nolint:gosec // a text has at most models.MaxBlocks
		},
	})
	return &Service{store: store, index: index, files: o.Reader, wake: make(chan struct{}, readersAtOnce), texts: texts, blocks: blocks, now: o.Now}
}

// clock gives the time as it is stored: UTC, to the millisecond.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Key names a request that may be repeated: the first answer is kept and given again.
type Key struct {
	ID models.ID
	// Hash is of everything that makes the request what it is; the same key with another hash is refused.
	Hash string
}

type keyContext struct{}

// WithKey lets the next write of ctx be repeated safely.
func WithKey(ctx context.Context, k Key) context.Context {
	return context.WithValue(ctx, keyContext{}, k)
}

// work is what a write carries through its transaction.
type work struct {
	actor  models.Actor
	member *models.Member
	space  models.ID
	at     time.Time
	// batch joins the events of one deed; undoes names what it takes back. Either may be empty.
	batch  models.ID
	undoes models.ID
	// trusted is set while a codebook change or a text edit moves the codings of everybody.
	trusted bool
	// codebook is the version that this transaction raised the codebook to, once it has.
	codebook int
	events   []models.Event
	// notices tell those whom this concerns.
	notices []models.Notice
	// subjects are what the answer tells of beside the events: when one of them goes, so do its words.
	subjects []models.ID
	// sites are those found live in this transaction.
	sites map[models.ID]bool
	// rounds are those of the space that aren't revealed but have begun, once they were asked for.
	rounds *[]*models.Round
	// revealed are the layers found to be of revealed rounds. What is done in others is done blind.
	revealed []models.Layer
	// attributes are the project's, once they were asked for.
	attributes models.Definitions
	// sight is what the member may see, once that was asked for.
	sight *sight
}

// change runs fn in one transaction as a member who has the right to action in space, and appends
// the events it leaves in w. It returns NotFound to strangers, Forbidden to members without the
// right, and the first answer to a repeated request.
func change[R any](ctx context.Context, s *Service, actor models.Actor, space models.ID, action models.Action,
	fn func(ctx context.Context, w *work) (R, error),
) (R, error) {
	if !actor.Reaches(space) { // before a kept answer is looked for
		var none R
		return none, models.NotFound(models.NounProject)
	}
	return once(ctx, s, actor, func(ctx context.Context, w *work) (R, error) {
		var none R
		m, err := s.admit(ctx, actor, space, action)
		if err != nil {
			return none, err
		}
		if err := s.store.GuardShared(ctx, space); err != nil {
			return none, fmt.Errorf("guard %s: %w", space, err)
		}
		w.member, w.space = m, space
		return fn(ctx, w)
	})
}

// admit finds the membership of an actor who may do this in the project as it is: open, or archived
// where the action goes on then.
func (s *Service) admit(ctx context.Context, actor models.Actor, space models.ID, action models.Action) (*models.Member, error) {
	m, project, err := s.allow(ctx, actor, space, action)
	if err == nil && project.ArchivedAt != nil && !staysOpen[action] {
		err = errArchived()
	}
	return m, err
}

// staysOpen names what can still be done in an archived project.
var staysOpen = map[models.Action]bool{
	models.ActionRead: true, models.ActionChangeProject: true, models.ActionChangeMembers: true,
	models.ActionDeleteProject: true, models.ActionPurge: true,
}

func errArchived() error {
	return models.Conflict("project_archived", "This project is archived. An owner can open it again in its settings.")
}

// once runs fn in one transaction with its events, or gives the first answer of a repeated request
// back. It asks for no right; callers other than change must do so themselves.
func once[R any](ctx context.Context, s *Service, actor models.Actor,
	fn func(ctx context.Context, w *work) (R, error),
) (R, error) {
	key, repeatable := ctx.Value(keyContext{}).(Key)
	var out R
	err := s.store.Tx(ctx, func(ctx context.Context) error {
		var fresh R
		out = fresh
		if repeatable {
			found, err := s.firstAnswer(ctx, actor, key, &out)
			if err != nil || found {
				return err
			}
		}
		w := &work{actor: actor, at: s.clock()}
		r, err := fn(ctx, w)
		if err != nil {
			return err
		}
		if err := s.conclude(ctx, w); err != nil {
			return err
		}
		out = r
		if !repeatable {
			return nil
		}
		return s.keepAnswer(ctx, key, r, w)
	})
	return out, err
}

// conclude writes what a transaction leaves beside its records: the events, and the notices to those
// whom it concerns.
func (s *Service) conclude(ctx context.Context, w *work) error {
	if err := s.store.Append(ctx, w.events); err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	if err := s.store.Notify(ctx, w.notices...); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// firstAnswer reads the kept answer of a repeated request into out.
func (s *Service) firstAnswer(ctx context.Context, actor models.Actor, key Key, out any) (bool, error) {
	answer, err := s.store.Answer(ctx, actor.UserID, key.ID)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up idempotency key: %w", err)
	case answer.Hash != key.Hash:
		return false, models.Invalid("idempotency_key_reused", "This Idempotency-Key was used for another request. Make a new key for a new request.")
	case answer.Body == nil:
		return false, models.Conflict("answer_purged", "What this request made has been deleted for good.")
	}
	return true, json.Unmarshal(answer.Body, out)
}

func (s *Service) keepAnswer(ctx context.Context, key Key, result any, w *work) error {
	body, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	subjects := slices.Clone(w.subjects)
	seen := map[models.ID]bool{"": true}
	if w.space != "" {
		seen[w.space] = true
		subjects = append(subjects, w.space) // when the project goes, all that was answered about it goes
	}
	for i := range w.events {
		ids := []models.ID{w.events[i].RecordID, w.events[i].NoteID}
		if m := w.events[i].After; m != nil && m.Member != nil {
			ids = append(ids, m.Member.UserID) // the answer holds a name and an address
		}
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				subjects = append(subjects, id)
			}
		}
	}
	return s.store.KeepAnswer(ctx, Answer{
		UserID: w.actor.UserID, KeyID: key.ID, Hash: key.Hash, Body: body, Subjects: subjects, At: s.clock(),
	})
}

// allow finds the actor's membership and the project. It returns NotFound to strangers and for a
// project in the bin, and Forbidden when the role lacks the action.
func (s *Service) allow(ctx context.Context, actor models.Actor, space models.ID, action models.Action) (*models.Member, *models.Project, error) {
	m, err := s.membership(ctx, actor, space)
	if err != nil {
		return nil, nil, hide(err)
	}
	project, err := s.store.Projects().FindAny(ctx, space, space)
	if err != nil {
		return nil, nil, hide(err)
	}
	return m, project, judge(actor, m, project, action)
}

// membership finds an actor in a project. A token that isn't for the project is a stranger there. A guest
// is in the space that they are lent, and in no other; it is the one place where somebody gets into a space
// without being a member.
func (s *Service) membership(ctx context.Context, actor models.Actor, space models.ID) (*models.Member, error) {
	switch g := actor.Guest; {
	case !actor.Reaches(space) || g != nil && g.SpaceID != space:
		return nil, models.NotFound(models.NounMember)
	case g != nil:
		return &models.Member{Head: models.Head{SpaceID: space}, UserID: actor.UserID, Role: g.Role, Guest: g}, nil
	}
	return s.store.Membership(ctx, space, actor.UserID)
}

// reader is allow for reading, which asks for both at once.
func (s *Service) reader(ctx context.Context, actor models.Actor, space models.ID) (*models.Member, error) {
	var m *models.Member
	var project *models.Project
	var err, missing error
	s.together(ctx,
		func() { project, missing = s.store.Projects().FindAny(ctx, space, space) },
		func() { m, err = s.membership(ctx, actor, space) })
	if err := models.First(err, missing); err != nil {
		return nil, hide(err)
	}
	return m, judge(actor, m, project, models.ActionRead)
}

// together asks two questions at once; in a transaction, one after the other.
func (s *Service) together(ctx context.Context, one, other func()) {
	if s.store.InTx(ctx) {
		one()
		other()
		return
	}
	var asked sync.WaitGroup
	asked.Go(one)
	other()
	asked.Wait()
}

func judge(actor models.Actor, m *models.Member, project *models.Project, action models.Action) error {
	if project.DeletedAt != nil && action != models.ActionDeleteProject && action != models.ActionPurge {
		return models.NotFound(models.NounProject)
	}
	if m.Role.May(action) == models.GrantNone {
		return models.Forbidden("role_insufficient", "Your role in this project doesn't allow that. Ask an owner.")
	}
	if actor.Token != nil && !action.Tokenable() {
		return models.OutOfScope()
	}
	return nil
}

// hide turns "no such member" into "no such project": a stranger learns nothing.
func hide(err error) error {
	if models.KindOf(err) == models.KindNotFound {
		return models.NotFound(models.NounProject)
	}
	return err
}

// mine refuses a member whose right reaches only to what is their own.
func (w *work) mine(action models.Action, author models.ID) error {
	if w.member.Role.May(action) == models.GrantAny || author == w.actor.UserID {
		return nil
	}
	return models.Forbidden("not_yours", "Only the person who made this can change it.")
}

// guest is how the actor stands in a space that they are lent; nil for members and the server itself.
func (w *work) guest() *models.Guest {
	if w.member == nil {
		return nil
	}
	return w.member.Guest
}

// ours says whether a record is of the submission that the actor works on as a guest: what one of its people
// made of their evidence and their own notes, the others may change.
func (w *work) ours(r models.Record) bool {
	g, scope := w.guest(), r.Scope()
	return g != nil && g.Party != "" && (scope.Layer == models.Layer(g.Party) || scope.Audience == g.Party)
}

// record notes one change of a record for the history. Before is nil for what is new; audience is
// set where the record hangs on a draft.
func (w *work) record(verb models.Verb, before *models.Image, r models.Record, audience models.ID) {
	head, scope := r.Meta(), r.Scope()
	if scope.Audience == "" {
		scope.Audience = audience
	}
	e := models.Event{
		ID: models.NewID(), SpaceID: head.SpaceID, Layer: scope.Layer, Type: models.TypeOf(r.Noun(), verb),
		Noun: r.Noun(), Verb: verb, ActorID: w.actor.UserID, At: w.at, RecordID: head.ID, NoteID: scope.NoteID,
		Batch: w.batch, Undoes: w.undoes, Audience: scope.Audience, Before: before,
		Blind: !scope.Layer.Open() && !slices.Contains(w.revealed, scope.Layer),
	}
	if verb != models.VerbPurged {
		e.After = r.Image()
	}
	w.events = append(w.events, e)
}

// isNotFound says whether err means that there is no such record.
func isNotFound(err error) bool {
	e, ok := errors.AsType[*models.Error](err)
	return ok && e.Kind == models.KindNotFound
}
