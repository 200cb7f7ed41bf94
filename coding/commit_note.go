package coding

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"feltbog/models"
)

// SpeakerChoice is a participant, or the pseudonym of one; neither leaves the label as it is.
type SpeakerChoice struct {
	ParticipantID models.ID `json:"participantId"`
	Pseudonym     string    `json:"pseudonym"`
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
