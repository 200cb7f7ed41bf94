package coding

import (
	"context"
	"slices"
	"time"

	"feltbog/models"
)

// notify tells readers of what w does; about says what it is. Nobody is told of their own deeds, and
// nobody twice of one cause and note: the first notice of a transaction wins.
func (w *work) notify(about models.Notice, readers ...models.ID) {
	for _, reader := range readers {
		told := slices.ContainsFunc(w.notices, func(n models.Notice) bool {
			return n.UserID == reader && n.Cause == about.Cause && n.NoteID == about.NoteID
		})
		if told || reader == "" || reader == w.actor.UserID {
			continue
		}
		n := about
		n.ID, n.UserID, n.SpaceID, n.ActorID, n.At = models.NewID(), reader, w.space, w.actor.UserID, w.at
		n.ExpiresAt = w.at.Add(models.NoticeUnreadFor)
		w.notices = append(w.notices, n)
	}
}

// InboxItem is a notice as its reader sees it, with the names of what it is about.
type InboxItem struct {
	ID          models.ID         `json:"id"`
	SpaceID     models.ID         `json:"spaceId"`
	ProjectName string            `json:"projectName"`
	Kind        models.NoticeKind `json:"kind"`
	At          time.Time         `json:"at"`
	Read        bool              `json:"read"`
	ActorID     models.ID         `json:"actorId"`
	ActorName   string            `json:"actorName"` // as they are called in the project
	NoteID      models.ID         `json:"noteId,omitempty"`
	NoteTitle   string            `json:"noteTitle,omitempty"`
	CodingID    models.ID         `json:"codingId,omitempty"`
	CommentID   models.ID         `json:"commentId,omitempty"`
	RoundID     models.ID         `json:"roundId,omitempty"`
	RoundName   string            `json:"roundName,omitempty"`
	Count       int               `json:"count,omitempty"`
}

// MaxUnread is how far the unread items of an inbox are counted.
const MaxUnread = 100

// inboxSweep is how many notices are looked at together where it isn't known how many of them may be seen.
const inboxSweep = 200

// Inbox lists what concerns the actor in all their projects, the newest first, as far as they may see
// it now. A page may have fewer items than asked for, and others follow all the same.
func (s *Service) Inbox(ctx context.Context, actor models.Actor, unread bool, p models.Page) (models.List[InboxItem], error) {
	out := models.List[InboxItem]{Items: []InboxItem{}}
	for {
		page, err := s.store.Notices(ctx, actor.UserID, unread, p)
		if err != nil {
			return out, err
		}
		items, err := s.seenOf(ctx, actor, page.Items)
		if err != nil {
			return out, err
		}
		if len(items) > 0 || page.Next == "" {
			return models.List[InboxItem]{Items: items, Next: page.Next}, nil
		}
		p.Cursor = page.Next
	}
}

// CountUnread counts the unread items that Inbox lists, up to MaxUnread.
func (s *Service) CountUnread(ctx context.Context, actor models.Actor) (int, error) {
	n := 0
	for p := (models.Page{Limit: inboxSweep}); ; {
		page, err := s.store.Notices(ctx, actor.UserID, true, p)
		if err != nil {
			return 0, err
		}
		items, err := s.seenOf(ctx, actor, page.Items)
		if err != nil {
			return 0, err
		}
		n += len(items)
		if n >= MaxUnread || page.Next == "" {
			return min(n, MaxUnread), nil
		}
		p.Cursor = page.Next
	}
}

// InboxReading says which items were read, or are to be unread again.
type InboxReading struct {
	IDs  []models.ID `json:"ids"`
	All  bool        `json:"all"`
	Read bool        `json:"read"`
}

// ReadInbox marks items of the actor's inbox. It returns Invalid where it isn't said which.
func (s *Service) ReadInbox(ctx context.Context, actor models.Actor, in InboxReading) error {
	if in.All == (len(in.IDs) > 0) || len(in.IDs) > models.MaxBatch {
		return models.Invalid("inbox_choice", "Name 1 to 1,000 items, or say that all are meant.", models.Field{Pointer: "/ids", Problem: "size"})
	}
	return s.store.MarkNotices(ctx, actor.UserID, in.IDs, in.Read, s.clock())
}

// seenOf gives those notices that their reader may see now, in their order. It is the one place that
// decides so: notices are kept, and what they are about comes and goes.
func (s *Service) seenOf(ctx context.Context, actor models.Actor, all []*models.Notice) ([]InboxItem, error) {
	bySpace := map[models.ID][]*models.Notice{}
	for _, n := range all {
		bySpace[n.SpaceID] = append(bySpace[n.SpaceID], n)
	}
	seen := map[models.ID]InboxItem{}
	for space, notices := range bySpace {
		view, err := s.inboxView(ctx, actor, space, notices)
		if err != nil {
			return nil, err
		}
		for _, n := range notices {
			if item, ok := view.item(n); ok {
				seen[n.ID] = item
			}
		}
	}
	out := make([]InboxItem, 0, len(seen))
	for _, n := range all {
		if item, ok := seen[n.ID]; ok {
			out = append(out, item)
		}
	}
	return out, nil
}

// inboxView is what a reader may see now of what notices of one project are about.
type inboxView struct {
	reader   models.ID
	project  *models.Project // nil if it lies in the bin
	member   bool
	sight    sight // of a member
	names    map[models.ID]string
	notes    map[models.ID]*models.Note
	comments map[models.ID]*models.Comment
	codings  map[models.ID]*models.Coding
	rounds   map[models.ID]*models.Round
	// invited are the invitations that can be used, while the reader is no member.
	invited map[models.ID]bool
	// review says of notes whether codings of the reader's there still need a review.
	review map[models.ID]bool
}

func (s *Service) inboxView(ctx context.Context, actor models.Actor, space models.ID, notices []*models.Notice) (inboxView, error) {
	v := inboxView{reader: actor.UserID, review: map[models.ID]bool{}}
	var err error
	if v.project, err = s.store.Projects().Find(ctx, space, space); isNotFound(err) {
		return v, nil
	} else if err != nil {
		return v, err
	}
	actors := make([]models.ID, len(notices))
	for i, n := range notices {
		actors[i] = n.ActorID
	}
	if v.names, err = s.called(ctx, space, actors); err != nil {
		return v, err
	}
	member, err := s.store.Membership(ctx, space, actor.UserID)
	if isNotFound(err) {
		v.invited, err = s.openOf(ctx, space, notices)
		return v, err
	} else if err != nil {
		return v, err
	}
	v.member = true
	if v.sight, err = s.glance(ctx, member); err != nil {
		return v, err
	}
	var noteIDs, commentIDs, codingIDs, roundIDs, reviewed []models.ID
	for _, n := range notices {
		noteIDs, commentIDs, codingIDs = append(noteIDs, n.NoteID), append(commentIDs, n.CommentID), append(codingIDs, n.CodingID)
		roundIDs = append(roundIDs, n.RoundID)
		if n.Kind == models.NoticeReview {
			reviewed = append(reviewed, n.NoteID)
		}
	}
	if v.notes, err = liveByID(ctx, s.store.Notes(), actor, space, noteIDs); err != nil {
		return v, err
	}
	if v.comments, err = liveByID(ctx, s.store.Comments(), actor, space, commentIDs); err != nil {
		return v, err
	}
	for _, c := range v.comments {
		codingIDs = append(codingIDs, c.CodingID) // it may have gone over to a twin
	}
	if v.codings, err = liveByID(ctx, s.store.Codings(), actor, space, codingIDs); err != nil {
		return v, err
	}
	if v.rounds, err = liveByID(ctx, s.store.Rounds(), actor, space, roundIDs); err != nil {
		return v, err
	}
	if len(reviewed) == 0 {
		return v, nil
	}
	lost, err := s.store.Codings().All(ctx, space, Query{Where: Where{
		"noteId": distinct(reviewed), "layer": models.LayerOpen, "coderId": actor.UserID, "review": true,
	}}, 100*models.MaxBatch)
	for _, c := range lost {
		v.review[c.NoteID] = true
	}
	return v, err
}

// liveByID gives those records that are live and not for another's eyes only.
func liveByID[R models.Record](ctx context.Context, records Records[R], actor models.Actor, space models.ID, ids []models.ID) (map[models.ID]R, error) {
	ids = slices.DeleteFunc(distinct(ids), func(id models.ID) bool { return id == "" })
	out := make(map[models.ID]R, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	found, err := records.All(ctx, space, Query{Where: Where{"_id": ids}, Viewer: actor.Viewer()}, len(ids))
	for _, r := range found {
		out[r.Meta().ID] = r
	}
	return out, err
}

// item gives a notice with its names, if its reader may see it.
func (v *inboxView) item(n *models.Notice) (InboxItem, bool) {
	item := InboxItem{
		ID: n.ID, SpaceID: n.SpaceID, Kind: n.Kind, At: n.At, Read: n.ReadAt != nil, ActorID: n.ActorID,
		NoteID: n.NoteID, CodingID: n.CodingID, CommentID: n.CommentID, RoundID: n.RoundID, Count: n.Count,
	}
	invitation := n.Kind == models.NoticeInvitation
	if v.project == nil || v.member == invitation || (invitation && !v.invited[n.Cause]) {
		return item, false
	}
	item.ProjectName, item.ActorName = v.project.Name, v.names[n.ActorID]
	if n.CommentID != "" {
		c := v.comments[n.CommentID]
		if c == nil || !v.sight.knows(c) || (n.Kind == models.NoticeMention && !slices.Contains(c.Mentions, v.reader)) {
			return item, false
		}
		item.CodingID = c.CodingID
	}
	if item.CodingID != "" {
		if c := v.codings[item.CodingID]; c == nil || !v.sight.knows(c) {
			return item, false
		}
	}
	if n.NoteID != "" {
		note := v.notes[n.NoteID]
		if note == nil || (n.Kind == models.NoticeReview && !v.toReview(n.NoteID)) {
			return item, false
		}
		item.NoteTitle = note.Title
	}
	if n.RoundID != "" {
		r := v.rounds[n.RoundID]
		if r == nil {
			return item, false
		}
		item.RoundName = r.Name
	}
	return item, true
}

// toReview says whether the reader may see codings of their own on a note that need a review.
func (v *inboxView) toReview(note models.ID) bool {
	return v.review[note] && v.sight.sees(models.LayerOpen, v.reader, note)
}

// dropInbox removes what an account that is about to be deleted was told.
func (s *Service) dropInbox(ctx context.Context, user models.ID) error {
	return s.store.DropNotices(ctx, NoticeQuery{UserID: user})
}
