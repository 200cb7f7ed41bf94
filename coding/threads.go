package coding

import (
	"context"
	"fmt"
	"slices"

	"feltbog/models"
)

// NewComment asks for an entry in the thread of a coding. Kind is comment if empty.
type NewComment struct {
	ID       models.ID          `json:"id"`
	CodingID models.ID          `json:"codingId"`
	Kind     models.CommentKind `json:"kind"`
	Text     string             `json:"text"`
}

// CommentFields are the fields of a comment that its author changes. Nil leaves a field as it is.
type CommentFields struct {
	Text *string `json:"text"`
}

var comments = kind[*models.Comment]{
	records: Store.Comments,
	add:     models.ActionWriteComments,
	action:  models.ActionWriteComments,
	author:  func(c *models.Comment) models.ID { return c.AuthorID },
	check: func(ctx context.Context, s *Service, w *work, before *models.Image, c *models.Comment) error {
		if err := models.First(models.OneOf(c.Kind, models.CommentKinds(), "kind_unknown", "/kind"), checkComment(c)); err != nil {
			return err
		}
		on, n, err := s.commentable(ctx, w, c.CodingID)
		if err != nil {
			return err
		}
		c.NoteID, c.Layer, c.Mentions = on.NoteID, on.Layer, models.MentionsIn(c.Text)
		return s.checkMentions(ctx, before, n, on, c)
	},
}

// checkComment cleans the words of an entry: a comment has some, a mark has none.
func checkComment(c *models.Comment) error {
	if err := models.CleanText(&c.Text, models.MaxComment, "/text"); err != nil {
		return err
	}
	switch {
	case c.Kind != models.CommentWords && c.Text != "":
		return models.Invalid("text_misplaced", "A thread is resolved or opened again without words. Write a comment beside it.", models.Field{Pointer: "/text", Problem: "not a comment"})
	case c.Kind == models.CommentWords && c.Text == "":
		return models.Invalid("text_empty", "A comment needs some text.", models.Field{Pointer: "/text", Problem: "empty"})
	}
	return nil
}

// commentable finds a coding that the actor may comment on, with its note.
func (s *Service) commentable(ctx context.Context, w *work, id models.ID) (*models.Coding, *models.Note, error) {
	c, err := s.writableCoding(ctx, w, id)
	var n *models.Note
	if err == nil {
		n, err = s.visibleNote(ctx, w.actor, w.space, c.NoteID)
	}
	if isNotFound(err) {
		return nil, nil, models.Invalid("coding_unknown", "There is no such coding in this project.", models.Field{Pointer: "/codingId", Problem: "unknown id"})
	}
	return c, n, err
}

// checkMentions refuses to name somebody who can't read the comment. Whoever was named in it before may
// have left since.
func (s *Service) checkMentions(ctx context.Context, before *models.Image, n *models.Note, on *models.Coding, c *models.Comment) error {
	if len(c.Mentions) > models.MaxMentions {
		return models.Invalid("mentions_too_many", fmt.Sprintf("A comment may name %d people.", models.MaxMentions), models.Field{Pointer: "/text", Problem: "too many mentions"})
	}
	fresh := c.Mentions
	if before != nil {
		fresh = without(fresh, before.Comment.Mentions)
	}
	readers, err := s.readersOf(ctx, n, on, fresh)
	if err != nil {
		return err
	}
	if len(readers) < len(fresh) {
		return models.Invalid("mention_unknown", "Somebody named here isn't a member of the project, or can't read this coding.", models.Field{Pointer: "/text", Problem: "unknown member"})
	}
	return nil
}

// readersOf gives those of some users who may read what is said of a coding on a note.
func (s *Service) readersOf(ctx context.Context, n *models.Note, on *models.Coding, users []models.ID) ([]models.ID, error) {
	if len(users) == 0 {
		return nil, nil
	}
	found, err := s.store.Members().All(ctx, n.SpaceID, Query{Where: Where{"userId": users}}, len(users))
	if err != nil {
		return nil, err
	}
	rounds, err := s.store.RoundLayers(ctx, n.SpaceID)
	readers := make([]models.ID, 0, len(found))
	for _, m := range found {
		if m.Viewer().Hears(n.Scope().Audience) && sightOf(m, rounds).knows(on) {
			readers = append(readers, m.UserID)
		}
	}
	return readers, err
}

// CreateComment writes in the thread of a coding, resolves it or opens it again. Whom it names, who
// wrote in the thread and who made the coding find it in their inbox.
func (s *Service) CreateComment(ctx context.Context, actor models.Actor, space models.ID, in NewComment) (*models.Comment, error) {
	if in.Kind == "" {
		in.Kind = models.CommentWords
	}
	return change(ctx, s, actor, space, comments.add, func(ctx context.Context, w *work) (*models.Comment, error) {
		c, err := comments.create(ctx, s, w, &models.Comment{Head: models.Head{ID: in.ID}, CodingID: in.CodingID, AuthorID: actor.UserID, Kind: in.Kind, Text: in.Text})
		if err != nil {
			return nil, err
		}
		thread, err := s.store.Comments().All(ctx, space, Query{Where: Where{"codingId": c.CodingID, "layer": c.Layer}, Order: []string{"createdAt"}}, models.MaxThread+1)
		if err != nil {
			return nil, err
		}
		thread = slices.DeleteFunc(thread, func(o *models.Comment) bool { return o.ID == c.ID })
		if err := fitsThread(thread, c); err != nil {
			return nil, err
		}
		return c, s.announce(ctx, w, c, thread)
	})
}

// fitsThread refuses one entry too many, and a mark that says what the thread says already.
func fitsThread(thread []*models.Comment, c *models.Comment) error {
	if len(thread) >= models.MaxThread {
		return models.Conflict("thread_full", fmt.Sprintf("A thread may have %d comments.", models.MaxThread))
	}
	resolved := false
	for _, o := range thread {
		if o.Kind != models.CommentWords {
			resolved = o.Kind == models.CommentResolved
		}
	}
	switch {
	case c.Kind == models.CommentResolved && (resolved || len(thread) == 0):
		return models.Conflict("thread_state", "There is nothing to resolve here: the thread is resolved already, or nobody has written in it.")
	case c.Kind == models.CommentReopened && !resolved:
		return models.Conflict("thread_state", "This thread is open already.")
	}
	return nil
}

// announce tells those of a new comment whom it concerns. A mark concerns nobody so much.
func (s *Service) announce(ctx context.Context, w *work, c *models.Comment, thread []*models.Comment) error {
	if c.Kind != models.CommentWords {
		return nil
	}
	on, n, err := s.commentable(ctx, w, c.CodingID)
	if err != nil {
		return err
	}
	w.notify(aboutComment(models.NoticeMention, c), c.Mentions...)
	concerned := []models.ID{on.CoderID}
	for _, o := range thread {
		concerned = append(concerned, o.AuthorID)
	}
	readers, err := s.readersOf(ctx, n, on, distinct(concerned))
	w.notify(aboutComment(models.NoticeReply, c), readers...)
	return err
}

func aboutComment(kind models.NoticeKind, c *models.Comment) models.Notice {
	return models.Notice{Kind: kind, Cause: c.ID, NoteID: c.NoteID, CodingID: c.CodingID, CommentID: c.ID}
}

// ChangeComment writes one's own comment anew. Who is named in it for the first time finds it in their inbox.
func (s *Service) ChangeComment(ctx context.Context, actor models.Actor, space, id models.ID, seen int, f CommentFields) (*models.Comment, error) {
	return change(ctx, s, actor, space, comments.action, func(ctx context.Context, w *work) (*models.Comment, error) {
		var named []models.ID
		c, err := comments.update(ctx, s, w, id, seen, func(c *models.Comment) error {
			named = c.Mentions
			set(&c.Text, f.Text)
			return onlyWords(c)
		})
		if err != nil {
			return nil, err
		}
		w.notify(aboutComment(models.NoticeMention, c), without(c.Mentions, named)...)
		return c, nil
	})
}

// DeleteComment puts one's own comment into the bin.
func (s *Service) DeleteComment(ctx context.Context, actor models.Actor, space, id models.ID, seen int) error {
	_, err := change(ctx, s, actor, space, comments.action, func(ctx context.Context, w *work) (*models.Comment, error) {
		c, err := comments.changeable(ctx, s, w, id, seen, false)
		if err != nil {
			return nil, err
		}
		if err := onlyWords(c); err != nil {
			return nil, err
		}
		return comments.bin(ctx, s, w, id, seen)
	})
	return err
}

// onlyWords refuses to change or delete a mark: what was settled stays told.
func onlyWords(c *models.Comment) error {
	if c.Kind == models.CommentWords {
		return nil
	}
	return models.Conflict("comment_mark", "That a thread was resolved or opened again can't be changed. Resolve it or open it again.")
}

// Comments lists the comments of a layer that the actor may see, the oldest first: those on one coding
// if coding is set, those on one note if note is set. The thread of a coding in the bin lies there with
// it, so that a page may have fewer comments than asked for.
func (s *Service) Comments(ctx context.Context, actor models.Actor, space models.ID, layer models.Layer, note, coding models.ID, p models.Page) (models.List[*models.Comment], error) {
	var none models.List[*models.Comment]
	seen, err := s.look(ctx, actor, space)
	if err != nil {
		return none, err
	}
	q := seen.in(layer, "authorId", Query{Where: Where{}, Order: []string{"createdAt"}})
	if coding != "" {
		q.Where["codingId"] = coding
	}
	if note != "" {
		q.Where["noteId"] = note
	}
	page, err := s.store.Comments().List(ctx, space, q, p)
	if err != nil {
		return none, err
	}
	page.Items, err = s.onLiveCodings(ctx, actor, space, page.Items)
	return page, err
}

// onLiveCodings leaves out the comments whose codings lie in the bin.
func (s *Service) onLiveCodings(ctx context.Context, actor models.Actor, space models.ID, all []*models.Comment) ([]*models.Comment, error) {
	ids := make([]models.ID, len(all))
	for i, c := range all {
		ids[i] = c.CodingID
	}
	live, err := liveByID(ctx, s.store.Codings(), actor, space, ids)
	return slices.DeleteFunc(all, func(c *models.Comment) bool { return live[c.CodingID] == nil }), err
}

// codingComments gives the words of the threads on codings of a layer that are live, as an export has
// them: each with its author's name, the oldest first.
func (s *Service) codingComments(ctx context.Context, v sight, space models.ID, layer models.Layer, codings []*models.Coding) (map[models.ID][]string, error) {
	out := map[models.ID][]string{}
	if len(codings) == 0 {
		return out, nil
	}
	ids := make([]models.ID, len(codings))
	for i, c := range codings {
		ids[i] = c.ID
	}
	q := v.in(layer, "authorId", Query{Where: Where{"codingId": ids, "kind": models.CommentWords}, Order: []string{"codingId", "createdAt"}})
	for p := (models.Page{Limit: models.MaxPageSize}); ; {
		found, err := s.store.Comments().List(ctx, space, q, p)
		if err != nil {
			return nil, err
		}
		if len(found.Items) == 0 {
			return out, nil
		}
		var people []models.ID
		for _, c := range found.Items {
			people = append(append(people, c.AuthorID), c.Mentions...)
		}
		names, err := s.called(ctx, space, people)
		if err != nil {
			return nil, err
		}
		for _, c := range found.Items {
			out[c.CodingID] = append(out[c.CodingID], names[c.AuthorID]+": "+models.NameMentions(c.Text, names))
		}
		if found.Next == "" {
			return out, nil
		}
		p.Cursor = found.Next
	}
}
