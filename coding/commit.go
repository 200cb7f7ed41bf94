package coding

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"feltbog/models"
)

// What a file becomes.
const (
	AsNote       = "note"
	AsVersion    = "version"
	AsAttachment = "attachment"
	AsTable      = "table"
)

// The fates of a file that became a new version of a note, or was attached to one.
const (
	UploadVersioned UploadStatus = "versioned"
	UploadAttached  UploadStatus = "attached"
)

// What becomes of the comments in a file.
const (
	commentsAsMemos = "memos"
	commentsNone    = "none"
)

// CommitItem says what is to be made of one upload.
type CommitItem struct {
	UploadID models.ID  `json:"uploadId"`
	As       string     `json:"as"` // note if empty
	Fields   NoteFields `json:"fields"`
	// SiteName is of a site that is found, or made where there is none.
	SiteName string `json:"siteName"`
	// NoteID is the note that becomes a new version, or that the file is attached to.
	NoteID models.ID `json:"noteId"`
	// AttachTo is the upload whose note the file is attached to, in this commit or an earlier one.
	AttachTo models.ID `json:"attachTo"`
	// Speakers says by their labels who speaks.
	Speakers map[string]SpeakerChoice `json:"speakers"`
	Comments string                   `json:"comments"` // memos if empty
	// Table says what a table is of; as it was understood if nil.
	Table *models.TableMapping `json:"table"`
}

// SpeakerChoice is a participant, or the pseudonym of one; neither leaves the label as it is.
type SpeakerChoice struct {
	ParticipantID models.ID `json:"participantId"`
	Pseudonym     string    `json:"pseudonym"`
}

// Committed is the answer for one upload.
type Committed struct {
	UploadID models.ID
	File     string
	Result   models.UploadResult
	Problem  *models.Error
}

// CommitUploads makes of uploads what was asked for. Each answers for itself, and one that was
// committed before answers as it did then. It refuses a batch that is too large or names one twice.
func (s *Service) CommitUploads(ctx context.Context, actor models.Actor, space models.ID, items []CommitItem) ([]Committed, error) {
	if len(items) == 0 || len(items) > models.MaxUploadFiles {
		return nil, models.Invalid("batch_size", fmt.Sprintf("One commit takes 1 to %d uploads.", models.MaxUploadFiles), models.Field{Pointer: "/items", Problem: "none, or too many"})
	}
	named := map[models.ID]bool{}
	for i, item := range items {
		if named[item.UploadID] {
			return nil, models.Invalid("upload_twice", "Each upload can be committed once.", models.Field{Pointer: fmt.Sprintf("/items/%d/uploadId", i), Problem: "named twice"})
		}
		named[item.UploadID] = true
	}
	if _, err := s.admit(ctx, actor, space, models.ActionAddNotes); err != nil {
		return nil, err
	}
	c := &commit{s: s, actor: actor, space: space, out: make([]Committed, len(items))}
	for i := range items {
		if err := c.add(ctx, i, &items[i]); err != nil {
			return nil, err
		}
	}
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	for i := range c.beside {
		if err := c.refuse(c.beside[i].at, c.attach(ctx, &c.beside[i])); err != nil {
			return nil, err
		}
	}
	return c.out, nil
}

// commit is one commit under way. Small files that become notes wait to share a transaction.
type commit struct {
	s     *Service
	actor models.Actor
	space models.ID
	out   []Committed
	group []committing
	size  int
	// beside are the files that wait until the notes are made that they are attached to.
	beside []committing
	// placed are the sites found or made by their names in the transaction of work.
	placed map[string]models.ID
	work   *work
}

// committing is one upload with what was read of it and what is to become of it.
type committing struct {
	at      int // in the answer
	item    *CommitItem
	upload  *models.Upload
	reading *Reading
	result  models.UploadResult
}

// add looks at one upload, and makes what can't wait.
func (c *commit) add(ctx context.Context, at int, item *CommitItem) error {
	one, err := c.open(ctx, at, item)
	if err == nil && one != nil {
		as := item.As
		if as == "" && one.upload.Table != nil {
			as = AsTable
		}
		switch as {
		case AsTable:
			err = c.table(ctx, one)
		case "", AsNote:
			if one.upload.Table != nil {
				err = models.Invalid("as_unknown", "This file is a table: it becomes notes, sites or participants, one of each row.", models.Field{Pointer: "/as", Problem: "a table"})
				break
			}
			c.group = append(c.group, *one)
			c.size += len(one.reading.Content.Text)
			if len(c.group) == importFiles || c.size >= importBytes {
				return c.flush(ctx)
			}
		case AsVersion:
			err = c.version(ctx, one)
		case AsAttachment:
			c.beside = append(c.beside, *one)
		default:
			err = models.Invalid("as_unknown", "An upload becomes a note, a new version of one, or a file beside one.", models.Field{Pointer: "/as", Problem: "unknown"})
		}
	}
	return c.refuse(at, err)
}

// refuse answers an upload whose own fault err is.
func (c *commit) refuse(at int, err error) error {
	e := problemOf(err)
	if err == nil || e == nil || e.Kind == models.KindInternal || e.Kind == models.KindUnavailable {
		return err
	}
	c.out[at].Result = models.UploadResult{Status: string(UploadRefused)}
	c.out[at].Problem = e
	return nil
}

// open finds an upload and what was read of it; nil if it was committed before, which is answered.
func (c *commit) open(ctx context.Context, at int, item *CommitItem) (*committing, error) {
	c.out[at].UploadID = item.UploadID
	u, err := c.s.ownUpload(ctx, c.actor, c.space, item.UploadID)
	if err != nil {
		return nil, err
	}
	c.out[at].File = path.Join(u.Path, u.Name)
	if u.State == models.UploadCommitted {
		c.out[at].Result = *u.Result
		if p := u.Result.Problem; p != nil {
			c.out[at].Problem = &models.Error{Kind: p.Kind, Code: p.Code, Sentence: p.Sentence, Fields: p.Fields}
		}
		return nil, nil //nolint:nilnil // it has its answer
	}
	if err := first(ready(u), oneOf(item.Comments, []string{"", commentsAsMemos, commentsNone}, "comments_unknown", "/comments")); err != nil {
		return nil, err
	}
	one := &committing{at: at, item: item, upload: u, reading: &Reading{MediaType: u.MediaType}}
	if u.Document != nil {
		one.reading, err = c.s.readingOf(ctx, u)
	}
	return one, err
}

// ready refuses what can't be committed as a text or a file to transcribe.
func ready(u *models.Upload) error {
	switch {
	case u.State == models.UploadRefused:
		return &models.Error{Kind: u.Problem.Kind, Code: u.Problem.Code, Sentence: u.Problem.Sentence, Fields: u.Problem.Fields}
	case u.State != models.UploadReady || (u.Document == nil && u.Table == nil && u.Media == ""):
		return models.Conflict("upload_not_ready", "Nothing has been read from this file that could be made a note of.")
	}
	return nil
}

// flush makes notes of the uploads that wait, in one transaction if it can be.
func (c *commit) flush(ctx context.Context) error {
	group := make([]Upload, len(c.group))
	for i := range c.group {
		group[i] = c.note(&c.group[i])
	}
	results, err := c.s.importGroup(ctx, c.actor, c.space, group)
	if err != nil {
		return err
	}
	for i, r := range results {
		one := &c.group[i]
		switch r.Status {
		case UploadRefused:
			err = c.refuse(one.at, r.Problem)
		case UploadDuplicate:
			c.out[one.at].Result, err = c.s.markDuplicate(ctx, one.upload.ID, r.NoteID)
			err = c.refuse(one.at, err)
		case UploadCreated, UploadVersioned, UploadAttached:
			c.out[one.at].Result = one.result
		}
		if err != nil {
			return err
		}
	}
	c.group, c.size = nil, 0
	return nil
}

// note is an upload that becomes a note.
func (c *commit) note(one *committing) Upload {
	u, r := one.upload, one.reading
	in := Upload{
		Name: u.Name, MediaType: u.MediaType, Encoding: u.Encoding, Fields: one.item.Fields, Content: r.Content, kept: one.file(),
	}
	if one.item.Comments != commentsNone {
		in.Comments = r.Comments
	}
	r.Fill(&in.Fields, u.Name)
	if r.NoText || u.Media != "" {
		in.Fields.ToTranscribe = new(true)
	}
	in.prepare = func(ctx context.Context, w *work, n *NewNote) error {
		one.result = models.UploadResult{}
		if err := c.s.stillReady(ctx, one.upload.ID); err != nil {
			return err
		}
		if err := c.place(ctx, w, one, &n.NoteFields); err != nil {
			return err
		}
		people, content, err := c.people(ctx, w, one)
		n.Content = content
		var named []models.ID
		if n.ParticipantIDs != nil {
			named = *n.ParticipantIDs
		}
		n.ParticipantIDs = new(joined(named, people))
		return err
	}
	in.made = func(ctx context.Context, _ *work, n *models.Note) error {
		one.result.Status, one.result.NoteID, one.result.Notes = string(UploadCreated), n.ID, 1
		return c.s.markCommitted(ctx, one.upload.ID, one.result)
	}
	return in
}

// file is the original that a note takes over.
func (one *committing) file() *models.File {
	u := one.upload
	return &models.File{ID: u.FileID, Name: u.Name, MediaType: u.MediaType, Encoding: u.Encoding, Size: u.Size, SHA256: u.SHA256}
}

// Fill takes from what a file says of itself the fields that were not given. The name is the file's.
func (r *Reading) Fill(f *NoteFields, name string) {
	if f.Title == nil {
		title := r.Title
		if title == "" {
			title = strings.TrimSuffix(name, path.Ext(name))
		}
		f.Title = &title
	}
	if f.ObservedOn == nil && r.ObservedOn != "" {
		f.ObservedOn = &r.ObservedOn
	}
	if f.Language == nil && r.Language != "" {
		f.Language = &r.Language
	}
}

// stillReady looks in the transaction whether the upload hasn't gone another way meanwhile.
func (s *Service) stillReady(ctx context.Context, id models.ID) error {
	u, err := s.store.Upload(ctx, id)
	if err != nil && !isNotFound(err) {
		return err
	}
	if err != nil || u.State != models.UploadReady {
		return models.Invalid("upload_changed", "This file isn't what it was a moment ago. Look at it again.")
	}
	return nil
}

// place finds the site of a note by its name, or makes it.
func (c *commit) place(ctx context.Context, w *work, one *committing, f *NoteFields) error {
	name := strings.TrimSpace(one.item.SiteName)
	if name == "" {
		return nil
	}
	if c.work != w {
		c.work, c.placed = w, map[string]models.ID{}
	}
	if id := c.placed[name]; id != "" {
		f.SiteID = &id
		return nil
	}
	site, err := c.s.siteNamed(ctx, c.space, name)
	if err != nil {
		return err
	}
	if site == nil {
		if w.member.Role.May(models.ActionChangeSites) == models.GrantNone {
			return models.Invalid("site_unknown", "There is no site of this name, and your role doesn't let you make one.", models.Field{Pointer: "/siteName", Problem: "unknown"})
		}
		if site, err = sites.create(ctx, c.s, w, &models.Site{Name: name}); err != nil {
			return err
		}
		one.result.Sites++
	}
	c.placed[name] = site.ID
	f.SiteID = &site.ID
	return nil
}

// people finds or makes the participants that speak, and puts their pseudonyms into the text.
func (c *commit) people(ctx context.Context, w *work, one *committing) ([]models.ID, models.Content, error) {
	content := one.reading.Content
	var ids []models.ID
	names := map[string]string{}
	for _, label := range slices.Sorted(maps.Keys(one.item.Speakers)) {
		p, err := c.participant(ctx, w, one, label, one.item.Speakers[label])
		if err != nil {
			return nil, content, err
		}
		if p != nil {
			ids = append(ids, p.ID)
			names[label] = p.Pseudonym
		}
	}
	if len(names) == 0 {
		return nil, content, nil
	}
	content.Blocks = slices.Clone(content.Blocks) // the transaction may come again
	for i := range content.Blocks {
		if name := names[content.Blocks[i].Speaker]; name != "" {
			content.Blocks[i].Speaker = name
		}
	}
	return ids, content, nil
}

// participant gives who a speaker is; nil for a label that stays as it is.
func (c *commit) participant(ctx context.Context, w *work, one *committing, label string, choice SpeakerChoice) (*models.Participant, error) {
	pointer := "/speakers/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(label)
	if choice.ParticipantID != "" {
		p, err := c.s.store.Participants().Find(ctx, c.space, choice.ParticipantID)
		if isNotFound(err) {
			err = models.Invalid("participant_unknown", "There is no such participant in this project.", models.Field{Pointer: pointer, Problem: "unknown id"})
		}
		return p, err
	}
	pseudonym := strings.TrimSpace(choice.Pseudonym)
	if pseudonym == "" {
		return nil, nil //nolint:nilnil // nobody, as was asked
	}
	found, err := c.s.store.Participants().All(ctx, c.space, Query{Where: Where{"pseudonym": pseudonym}}, 1)
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	one.result.Participants++
	return participants.create(ctx, c.s, w, &models.Participant{Pseudonym: pseudonym, AuthorID: c.actor.UserID})
}

// joined adds ids to others, each once.
func joined(ids, more []models.ID) []models.ID {
	out := slices.Clone(orEmpty(ids))
	for _, id := range more {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// version makes an upload the new text and the new file of a note.
func (c *commit) version(ctx context.Context, one *committing) error {
	if one.upload.Document == nil || one.reading.NoText {
		return models.Invalid("text_empty", "There are no words in this file, so it can't be a new version of a note.")
	}
	var job Job
	_, err := change(ctx, c.s, c.actor, c.space, notes.action, func(ctx context.Context, w *work) (struct{}, error) {
		one.result = models.UploadResult{}
		if err := c.s.stillReady(ctx, one.upload.ID); err != nil {
			return struct{}{}, err
		}
		people, content, err := c.people(ctx, w, one)
		if err != nil {
			return struct{}{}, err
		}
		var n *models.Note
		n, job, err = c.s.editText(ctx, w, one.item.NoteID, 0, content, func(n *models.Note) {
			n.ReplaceFile(one.file())
			n.ToTranscribe = false
			n.ParticipantIDs = joined(n.ParticipantIDs, people)
		})
		if err != nil {
			return struct{}{}, err
		}
		if one.item.Comments != commentsNone {
			if err := c.s.noteComments(ctx, w, n, content, one.reading.Comments); err != nil {
				return struct{}{}, err
			}
		}
		one.result.Status, one.result.NoteID = string(UploadVersioned), n.ID
		return struct{}{}, c.s.markCommitted(ctx, one.upload.ID, one.result)
	})
	if err != nil {
		return err
	}
	c.out[one.at].Result = one.result
	if job.ID != "" {
		return c.s.finish(ctx, job)
	}
	return nil
}

// attach keeps an upload beside a note.
func (c *commit) attach(ctx context.Context, one *committing) error {
	note, err := c.noteOf(ctx, one.item)
	if err != nil {
		return err
	}
	_, err = change(ctx, c.s, c.actor, c.space, notes.action, func(ctx context.Context, w *work) (struct{}, error) {
		if err := c.s.stillReady(ctx, one.upload.ID); err != nil {
			return struct{}{}, err
		}
		n, err := c.s.attach(ctx, w, note, *one.file())
		if err != nil {
			return struct{}{}, err
		}
		one.result = models.UploadResult{Status: string(UploadAttached), NoteID: n.ID}
		return struct{}{}, c.s.markCommitted(ctx, one.upload.ID, one.result)
	})
	if err == nil {
		c.out[one.at].Result = one.result
	}
	return err
}

// noteOf gives the note that a file is to lie beside.
func (c *commit) noteOf(ctx context.Context, item *CommitItem) (models.ID, error) {
	if item.AttachTo == "" {
		return item.NoteID, nil
	}
	u, err := c.s.ownUpload(ctx, c.actor, c.space, item.AttachTo)
	if err != nil {
		return "", err
	}
	if u.State != models.UploadCommitted || u.Result.NoteID == "" {
		return "", models.Invalid("attach_to_unknown", "The file that this one belongs to has not become a note.", models.Field{Pointer: "/attachTo", Problem: "no note"})
	}
	return u.Result.NoteID, nil
}

// markCommitted notes in the transaction of the deed what became of an upload. Its file is the note's now.
func (s *Service) markCommitted(ctx context.Context, id models.ID, result models.UploadResult) error {
	_, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
		u.State, u.Result, u.FileID = models.UploadCommitted, &result, ""
		u.ExpiresAt = s.clock().Add(committedLife)
		return nil
	})
	return err
}

// markDuplicate notes that an upload is what a note was made of before, and gives its answer: where
// that note was made of this very upload, the answer of then.
func (s *Service) markDuplicate(ctx context.Context, id, note models.ID) (models.UploadResult, error) {
	u, err := s.editUpload(ctx, id, func(_ context.Context, u *models.Upload) error {
		if u.State == models.UploadCommitted {
			return nil
		}
		u.State, u.Result = models.UploadCommitted, &models.UploadResult{Status: string(UploadDuplicate), NoteID: note}
		u.ExpiresAt = s.clock().Add(committedLife)
		return nil
	})
	if err != nil {
		return models.UploadResult{}, err
	}
	return *u.Result, nil
}

// maxQuoted is how many code points of the words it is on a memo made of a comment repeats.
const maxQuoted = 200

// noteComments makes shared memos on a note of the comments that stood in its file.
func (s *Service) noteComments(ctx context.Context, w *work, n *models.Note, c models.Content, comments []Comment) error {
	if len(comments) == 0 {
		return nil
	}
	text := NewText(&models.Text{Text: c.Text, Length: points(c.Text)})
	written := map[string]bool{}
	if n.TextVersion > 1 { // an earlier version had some of them
		old, err := s.store.Memos().All(ctx, w.space, Query{Where: Where{"target.id": n.ID}, Viewer: w.actor.UserID}, models.MaxBatch)
		if err != nil {
			return err
		}
		for _, m := range old {
			written[m.Text] = true
		}
	}
	var all []*models.Memo
	for _, comment := range comments {
		words := comment.memo(text)
		if written[words] {
			continue
		}
		written[words] = true
		all = append(all, &models.Memo{Target: models.Target{Noun: models.NounNote, ID: n.ID}, AuthorID: w.actor.UserID, Text: words})
	}
	if len(all) == 0 {
		return nil
	}
	return memos.createAll(ctx, s, w, all...)
}

// memo is a comment as a memo says it: who, when, on which words, and what.
func (c *Comment) memo(t *Text) string {
	var head []string
	if c.Author != "" {
		head = append(head, oneLine(c.Author))
	}
	if !c.At.IsZero() {
		head = append(head, c.At.UTC().Format("2 January 2006"))
	}
	if start, end := max(c.Start, 0), min(c.End, t.Length); start < end {
		head = append(head, "on “"+cut(oneLine(t.Slice(start, end)), maxQuoted)+"”")
	}
	text := strings.TrimSpace(c.Text)
	if len(head) > 0 {
		text = strings.Join(head, ", ") + ": " + text
	}
	return cut(printable(text), models.MaxProse)
}

// printable leaves out the control characters that a memo can't have.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
