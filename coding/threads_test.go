package coding_test

import (
	"slices"
	"strings"
	"testing"

	"feltbog/coding"
	"feltbog/models"
)

func (st *study) comment(author models.Actor, c *models.Coding, text string) *models.Comment {
	st.t.Helper()
	made, err := st.service.CreateComment(st.ctx, author, st.space, coding.NewComment{CodingID: c.ID, Text: text})
	st.must(err)
	return made
}

// thread gives the entries on a coding as a member reads them.
func (st *study) thread(who models.Actor, c *models.Coding) []*models.Comment {
	st.t.Helper()
	page, err := st.service.Comments(st.ctx, who, st.space, models.LayerOpen, "", c.ID, models.Page{Limit: 1000})
	st.must(err)
	return page.Items
}

func (st *study) reads(who models.Actor, c *models.Coding, want ...string) {
	st.t.Helper()
	var got []string
	for _, entry := range st.thread(who, c) {
		got = append(got, strings.TrimSpace(string(entry.Kind)+" "+entry.Text))
	}
	if !slices.Equal(got, want) {
		st.t.Errorf("the thread reads %q, want %q", got, want)
	}
}

// inbox gives the items of somebody's inbox in short: what each tells, and of whom.
func (st *study) inbox(who models.Actor, want ...string) []coding.InboxItem {
	st.t.Helper()
	page, err := st.service.Inbox(st.ctx, who, false, models.Page{Limit: 100})
	st.must(err)
	var got []string
	for _, item := range page.Items {
		got = append(got, string(item.Kind)+" "+item.ActorName)
	}
	if !slices.Equal(got, want) {
		st.t.Errorf("the inbox tells %q, want %q", got, want)
	}
	return page.Items
}

func mention(a models.Actor) string { return "@[" + string(a.UserID) + "]" }

func (st *study) mark(who models.Actor, c *models.Coding, kind models.CommentKind) error {
	st.t.Helper()
	_, err := st.service.CreateComment(st.ctx, who, st.space, coding.NewComment{CodingID: c.ID, Kind: kind})
	return err
}

func TestAThreadIsWrittenResolvedAndOpenedAgain(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleReader)
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Om to år")

	st.refused(st.mark(bo, c, models.CommentResolved), "thread_state")
	st.refused(st.mark(bo, c, models.CommentReopened), "thread_state")
	first := st.comment(st.owner, c, "  Er det  fremtid?\r\n ")
	st.must(st.mark(bo, c, models.CommentResolved))
	st.refused(st.mark(st.owner, c, models.CommentResolved), "thread_state")
	st.must(st.mark(st.owner, c, models.CommentReopened))
	st.refused(st.mark(st.owner, c, models.CommentReopened), "thread_state")
	st.comment(bo, c, "Det er det.")
	st.reads(ida, c, "comment Er det  fremtid?", "resolved", "reopened", "comment Det er det.")
	if first.NoteID != n.ID || first.Layer != c.Layer || first.Kind != models.CommentWords {
		t.Errorf("a comment is %+v", first)
	}

	change := func(who models.Actor, c *models.Comment, text string) error {
		_, err := st.service.ChangeComment(st.ctx, who, st.space, c.ID, 0, coding.CommentFields{Text: &text})
		return err
	}
	mark := st.thread(bo, c)[1]
	st.refused(change(bo, first, "Nej."), "not_yours")
	st.refused(change(st.owner, first, " "), "text_empty")
	st.refused(change(st.owner, first, strings.Repeat("å", 5001)), "prose_too_long")
	st.refused(change(bo, mark, "Ord."), "comment_mark")
	st.refused(st.service.DeleteComment(st.ctx, bo, st.space, mark.ID, 0), "comment_mark")
	st.refused(st.service.DeleteComment(st.ctx, bo, st.space, first.ID, 0), "not_yours")
	st.must(change(st.owner, first, strings.Repeat("å", 5000)))
	_, err := st.service.CreateComment(st.ctx, ida, st.space, coding.NewComment{CodingID: c.ID, Text: "Hm."})
	st.refused(err, "role_insufficient")
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: models.NewID(), Text: "Hm."})
	st.refused(err, "coding_unknown")
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: c.ID, Kind: models.CommentResolved, Text: "Hm."})
	st.refused(err, "text_misplaced")
	_, err = st.service.CreateComment(st.ctx, st.user("Eve"), st.space, coding.NewComment{CodingID: c.ID, Text: "Hm."})
	st.refused(err, "project_not_found")
}

func TestCommentsGoToTheBinAndComeBack(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Om to år")
	entry := st.comment(st.owner, c, "Ser "+mention(bo)+" det?")
	st.comment(bo, c, "Ja.")

	st.must(st.service.DeleteComment(st.ctx, st.owner, st.space, entry.ID, 1))
	st.reads(bo, c, "comment Ja.")
	items, err := st.service.Bin(st.ctx, st.owner, st.space)
	st.must(err)
	if len(items) != 1 || items[0].Noun != models.NounComment || items[0].Name != "Ser @Bo det?" {
		t.Errorf("the bin has %+v", items)
	}
	if others, err := st.service.Bin(st.ctx, bo, st.space); err != nil || len(others) != 0 {
		t.Errorf("the bin of another has %+v, %v", others, err)
	}
	_, err = st.service.Restore(st.ctx, st.owner, st.space, models.NounComment, entry.ID)
	st.must(err)
	st.reads(bo, c, "comment "+entry.Text, "comment Ja.")
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: entry.ID}))
	st.reads(bo, c, "comment Ja.")
	st.refused(st.undo(bo, coding.EventQuery{RecordID: entry.ID}), "not_yours")
}

func TestAThreadGoesAndComesWithItsCoding(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Om to år")
	st.comment(st.owner, c, "Er det?")
	st.must(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0))
	st.reads(st.owner, c)
	st.inbox(bo)
	st.must(st.undo(bo, coding.EventQuery{RecordID: c.ID}))
	st.reads(st.owner, c, "comment Er det?")
	st.inbox(bo, "reply Lea")

	st.must(st.service.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
	st.reads(st.owner, c)
	st.inbox(bo)
	st.must(st.service.Purge(st.ctx, st.owner, st.space, models.NounNote, n.ID))
	left, err := st.db.Notices(st.ctx, bo.UserID, false, models.Page{Limit: 10})
	st.must(err)
	if len(left.Items) != 0 {
		t.Errorf("a purged note is still told of: %+v", left.Items)
	}
	for _, bin := range []bool{false, true} {
		all, err := st.db.Comments().All(st.ctx, st.space, coding.Query{Bin: bin}, 10)
		if err != nil || len(all) != 0 {
			t.Errorf("comments are left: %+v, %v", all, err)
		}
	}
	for _, e := range st.history(coding.EventQuery{Nouns: []models.Noun{models.NounComment}}) {
		if e.Before != nil || e.After != nil {
			t.Errorf("the history still holds words: %+v", e)
		}
	}
}

func TestThreadsOfTwinsBecomeOneAndPartAgain(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday+"\n\nKirsten nikker til Jonas. Og Kirsten nikker til Jonas.")
	first := st.put(bo, n, "future", "Kirsten nikker til Jonas")
	second, _, err := st.service.PutCoding(st.ctx, bo, st.space, st.onLast(n, "future", "Kirsten nikker til Jonas"))
	st.must(err)
	st.comment(st.owner, first, "Et.")
	entry := st.comment(st.owner, second, "To.")
	st.must(st.service.DeleteComment(st.ctx, st.owner, st.space, st.comment(st.owner, second, "Tre.").ID, 0))

	// Bo gives the second the place of the first: the two are one, and so are their threads.
	_, err = st.service.ChangeCoding(st.ctx, bo, st.space, second.ID, 0, coding.CodingFields{Anchor: &first.Anchor})
	st.must(err)
	st.reads(st.owner, second)
	st.reads(st.owner, first, "comment Et.", "comment To.")
	if items := st.inbox(bo, "reply Lea", "reply Lea"); len(items) == 2 && items[0].CodingID != first.ID {
		t.Errorf("the item leads to %+v", items[0])
	}
	st.must(st.undo(bo, coding.EventQuery{RecordID: second.ID}))
	st.reads(st.owner, first, "comment Et.")
	st.reads(st.owner, second, "comment To.")
	if entry.ID != st.thread(st.owner, second)[0].ID {
		t.Error("another comment came back")
	}
}

func TestAnInboxTellsWhatConcernsItsReader(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida, eve := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleReader), st.user("Eve")
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Om to år")

	st.comment(bo, c, "Min egen.")
	st.inbox(bo)
	named := st.comment(st.owner, c, mention(ida)+" og "+mention(bo)+" og "+mention(bo)+" og "+mention(st.owner))
	items := st.inbox(bo, "mention Lea") // and no reply beside it
	st.inbox(ida, "mention Lea")
	st.inbox(st.owner)
	if got := items[0]; got.NoteTitle != n.Title || got.ProjectName != "Havnsø" || got.CodingID != c.ID || got.CommentID != named.ID || got.Read {
		t.Errorf("an item is %+v", got)
	}
	st.comment(bo, c, "Tak.")
	st.inbox(st.owner, "reply Bo")
	st.must(st.mark(bo, c, models.CommentResolved))
	st.inbox(st.owner, "reply Bo")

	change := func(text string) error {
		_, err := st.service.ChangeComment(st.ctx, st.owner, st.space, named.ID, 0, coding.CommentFields{Text: &text})
		return err
	}
	st.must(change("Kun " + mention(bo)))
	st.inbox(ida) // she isn't named any more
	st.must(change(mention(bo) + " og " + mention(ida)))
	st.inbox(ida, "mention Lea")
	st.refused(change(mention(eve)), "mention_unknown")

	// What was read is read for its reader alone, and Ida's id is nobody else's to mark.
	st.must(st.service.ReadInbox(st.ctx, bo, coding.InboxReading{IDs: []models.ID{items[0].ID, st.inbox(ida, "mention Lea")[0].ID}, Read: true}))
	if got := st.inbox(bo, "mention Lea"); !got[0].Read {
		t.Error("it isn't read")
	}
	for who, want := range map[models.Actor]int{bo: 0, ida: 1, st.owner: 1, eve: 0} {
		if got, err := st.service.CountUnread(st.ctx, who); err != nil || got != want {
			t.Errorf("%d are unread, %v; want %d", got, err, want)
		}
	}
	st.must(st.service.ReadInbox(st.ctx, bo, coding.InboxReading{All: true}))
	if got := st.inbox(bo, "mention Lea"); got[0].Read {
		t.Error("it is still read")
	}
	st.refused(st.service.ReadInbox(st.ctx, bo, coding.InboxReading{Read: true}), "inbox_choice")

	// Who leaves sees nothing of it any more, and may still have been named.
	st.must(st.service.RemoveMember(st.ctx, st.owner, st.space, ida.UserID))
	st.inbox(ida)
	st.must(change("Stadig " + mention(ida) + " og " + mention(bo)))
	st.must(st.service.LeaveAll(st.ctx, bo))
	left, err := st.db.Notices(st.ctx, bo.UserID, false, models.Page{Limit: 10})
	if err != nil || len(left.Items) != 0 {
		t.Errorf("an account that goes leaves %+v, %v", left.Items, err)
	}
}

func TestNobodyIsToldOfADraft(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n, err := st.service.CreateNote(st.ctx, st.owner, st.space, coding.NewNote{
		NoteFields: coding.NoteFields{Title: new("Kladde"), Kind: new(models.KindFieldNote), Draft: new(true)}, Content: content(monday),
	})
	st.must(err)
	c := st.put(st.owner, n, "future", "Om to år")
	st.comment(st.owner, c, "For mig selv.")
	_, err = st.service.CreateComment(st.ctx, st.owner, st.space, coding.NewComment{CodingID: c.ID, Text: mention(bo)})
	st.refused(err, "mention_unknown")
	st.reads(bo, c)
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: c.ID, Text: "Hov."})
	st.refused(err, "coding_unknown")
	st.must(st.service.Appear(st.ctx, st.owner, st.space, coding.Place{NoteID: n.ID}))
	if all, err := st.service.Presences(st.ctx, st.owner, st.space); err != nil || len(all) != 0 {
		t.Errorf("a draft is read by %+v, %v", all, err)
	}
}

func TestAnEditTellsCodersWhatToReview(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	st.put(bo, n, "future", "Om to år")
	st.put(bo, n, "agency", "styrer data det hele")
	st.put(st.owner, n, "agency", "Jonas")
	st.edit(n, "Noget helt andet.")
	items := st.inbox(bo, "review Lea")
	if len(items) == 1 && (items[0].Count != 2 || items[0].NoteID != n.ID) {
		t.Errorf("an item is %+v", items[0])
	}
	st.inbox(st.owner) // her own edit
	n = st.edit(n, "Noget tredje.")
	st.inbox(bo, "review Lea") // they had lost their words before
	st.must(st.undo(st.owner, coding.EventQuery{RecordID: n.ID}))
	st.inbox(bo, "review Lea")
	for _, c := range st.codings(n) {
		if c.CoderID == bo.UserID {
			st.must(st.service.RemoveCoding(st.ctx, bo, st.space, c.ID, 0))
		}
	}
	st.inbox(bo) // nothing needs a review any more
}

func TestAThreadIsBounded(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	n := st.note(st.owner, monday)
	c := st.put(st.owner, n, "future", "Om to år")
	many := make([]*models.Comment, models.MaxThread)
	for i := range many {
		many[i] = &models.Comment{
			Head:  models.Head{ID: models.NewID(), SpaceID: st.space, Version: 1, CreatedAt: c.CreatedAt, UpdatedAt: c.CreatedAt},
			Layer: c.Layer, NoteID: n.ID, CodingID: c.ID, AuthorID: st.owner.UserID, Kind: models.CommentWords, Text: "Endnu en.",
		}
	}
	st.must(st.db.Comments().Insert(st.ctx, many...))
	_, err := st.service.CreateComment(st.ctx, st.owner, st.space, coding.NewComment{CodingID: c.ID, Text: "Og en til."})
	st.refused(err, "thread_full")
}

func TestUnreadItemsAreCountedToAHundred(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleCoder)
	n := st.note(st.owner, monday)
	c := st.put(bo, n, "future", "Om to år")
	entry := st.comment(st.owner, c, "Er det?")
	about := models.Notice{UserID: bo.UserID, SpaceID: st.space, Kind: models.NoticeReply, At: c.CreatedAt, ExpiresAt: soon(), ActorID: st.owner.UserID}
	hidden := make([]models.Notice, 250)
	for i := range hidden {
		hidden[i] = about
		hidden[i].ID, hidden[i].Cause, hidden[i].CommentID = models.NewID(), models.NewID(), models.NewID()
	}
	st.must(st.db.Notify(st.ctx, hidden...)) // of comments that aren't there
	count := func(want int) {
		t.Helper()
		if got, err := st.service.CountUnread(st.ctx, bo); err != nil || got != want {
			t.Errorf("%d are unread, %v; want %d", got, err, want)
		}
	}
	count(1)
	first, err := st.service.Inbox(st.ctx, bo, true, models.Page{Limit: 20})
	st.must(err)
	if len(first.Items) != 1 || first.Items[0].CommentID != entry.ID {
		t.Errorf("the first page has %+v", first.Items)
	}
	more := make([]models.Notice, 120)
	for i := range more {
		more[i] = about
		more[i].ID, more[i].Cause = models.NewID(), models.NewID()
	}
	st.must(st.db.Notify(st.ctx, more[:98]...))
	st.must(st.db.Notify(st.ctx, more[:98]...)) // the same causes are the same notices
	count(99)
	st.must(st.db.Notify(st.ctx, more[98:]...))
	count(coding.MaxUnread)
}

func TestPresenceIsKeptAndForgotten(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo := st.member("Bo", models.RoleReader)
	n := st.note(st.owner, monday)
	sees := func(want int) {
		t.Helper()
		all, err := st.service.Presences(st.ctx, st.owner, st.space)
		st.must(err)
		if len(all) != want || want == 1 && (all[0].UserID != bo.UserID || all[0].NoteID != n.ID || all[0].Block != 2) {
			t.Errorf("there are %+v, want %d", all, want)
		}
	}
	st.must(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: n.ID, Block: 2}))
	sees(0) // accounts of these tests don't show where they read
	_, err := st.db.User(st.ctx, bo.UserID)
	st.must(err)
	shown := &models.User{ID: bo.UserID, Name: "Bo", Email: "Bo@example.org", EmailKey: "bo@example.org", Version: 2, ShowPresence: true}
	st.must(st.db.UpdateUser(st.ctx, shown, 1))
	st.must(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: n.ID, Block: 2}))
	sees(1)
	st.refused(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: models.NewID()}), "note_not_found")
	st.refused(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: n.ID, Block: -1}), "block_unknown")
	r := st.move(st.round([]models.Actor{st.owner}, []string{"future"}, n), models.RoundBlind)
	sees(0) // nobody knows who reads what is coded blind
	st.must(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: n.ID, Block: 2}))
	sees(0)
	st.move(st.move(r, models.RoundLocked), models.RoundRevealed)
	sees(0) // nothing was kept
	st.must(st.service.Appear(st.ctx, bo, st.space, coding.Place{NoteID: n.ID, Block: 2}))
	sees(1)
	st.must(st.service.RemoveMember(st.ctx, st.owner, st.space, bo.UserID))
	sees(0)
}

func TestThreadsOfARoundAreBlindUntilItIsRevealed(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	bo, ida := st.member("Bo", models.RoleCoder), st.member("Ida", models.RoleCoder)
	n := st.note(st.owner, monday)
	before := st.put(ida, n, "future", "Om to år")
	st.comment(ida, before, "Før "+mention(bo))
	st.inbox(bo, "mention Ida")
	r := st.move(st.round([]models.Actor{bo, ida}, []string{"future", "agency"}, n), models.RoundBlind)

	// The open layer rests, and its coders see nothing of it.
	st.inbox(bo, "assignment Lea") // and not what was said on the open layer
	st.reads(bo, before)
	st.reads(st.owner, before, "comment Før "+mention(bo))
	_, err := st.service.CreateComment(st.ctx, st.owner, st.space, coding.NewComment{CodingID: before.ID, Text: "Nu?"})
	st.refused(err, "round_at_rest")
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: before.ID, Text: "Nu?"})
	st.refused(err, "coding_unknown")

	// In the round each writes for themself.
	c := st.putIn(r, bo, n, "future", "Om to år")
	own := st.comment(bo, c, "Mon ikke.")
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: c.ID, Text: mention(ida)})
	st.refused(err, "mention_unknown")
	for _, other := range []models.Actor{ida, st.owner} {
		_, err = st.service.CreateComment(st.ctx, other, st.space, coding.NewComment{CodingID: c.ID, Text: "Set."})
		st.refused(err, "coding_unknown")
		all, err := st.service.Comments(st.ctx, other, st.space, r.Layer(), "", "", models.Page{Limit: 10})
		if err != nil || len(all.Items) != 0 {
			t.Errorf("another reads %+v, %v", all.Items, err)
		}
	}
	all, err := st.service.Comments(st.ctx, bo, st.space, r.Layer(), "", c.ID, models.Page{Limit: 10})
	if err != nil || len(all.Items) != 1 || all.Items[0].ID != own.ID || all.Items[0].Layer != r.Layer() {
		t.Errorf("one's own are %+v, %v", all.Items, err)
	}
	r = st.move(r, models.RoundLocked)
	_, err = st.service.CreateComment(st.ctx, bo, st.space, coding.NewComment{CodingID: c.ID, Text: "Og?"})
	st.refused(err, "round_state")

	// Once it is revealed all talk about it, and what was said before stays as it is.
	st.move(r, models.RoundRevealed)
	st.comment(ida, c, "Enig, "+mention(bo)+".")
	st.must(st.service.ReadInbox(st.ctx, bo, coding.InboxReading{All: true, Read: true}))
	if items, err := st.service.Inbox(st.ctx, bo, false, models.Page{Limit: 10}); err != nil || items.Items[0].Kind != models.NoticeMention || items.Items[0].CodingID != c.ID {
		t.Errorf("the inbox tells %+v, %v", items.Items, err)
	}
	_, err = st.service.ChangeComment(st.ctx, bo, st.space, own.ID, 0, coding.CommentFields{Text: new("Jo.")})
	st.refused(err, "round_state")
}
