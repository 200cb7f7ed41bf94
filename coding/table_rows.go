package coding

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"feltbog/models"
)

// tableBatch is a transaction of an import of a table. It knows sites and participants by their names,
// those among them that it has made.
type tableBatch struct {
	*tableImport
	w         *work
	siteIDs   map[string]models.ID
	personIDs map[string]models.ID
	out       TableResult
}

func (b *tableBatch) done(row int, status UploadStatus, note models.ID) {
	b.out.Rows = append(b.out.Rows, RowResult{Row: b.table.Rows[row].Number, Status: status, NoteID: note})
}

// mostParticipants bounds the participants of a project that are looked through for names.
const mostParticipants = 100_000

// lookUpSites reads the names of the project's sites, once a transaction.
func (b *tableBatch) lookUpSites(ctx context.Context) error {
	if b.siteIDs != nil {
		return nil
	}
	all, err := b.s.store.Sites().All(ctx, b.space, Query{}, models.MaxSites)
	if err != nil {
		return err
	}
	b.siteIDs = make(map[string]models.ID, len(all))
	for _, s := range all {
		if name := Fold(s.Name); b.siteIDs[name] == "" {
			b.siteIDs[name] = s.ID
		}
	}
	return nil
}

// lookUpPeople reads the pseudonyms of the project's participants, once a transaction.
func (b *tableBatch) lookUpPeople(ctx context.Context) error {
	if b.personIDs != nil {
		return nil
	}
	all, err := b.s.store.Participants().All(ctx, b.space, Query{}, mostParticipants)
	if err != nil {
		return err
	}
	b.personIDs = make(map[string]models.ID, len(all))
	for _, p := range all {
		if name := Fold(p.Pseudonym); b.personIDs[name] == "" {
			b.personIDs[name] = p.ID
		}
	}
	return nil
}

// site finds a site by its name, or makes it where the right is there. No name is no site.
func (b *tableBatch) site(ctx context.Context, name string) (models.ID, error) {
	if name == "" {
		return "", nil
	}
	if err := b.lookUpSites(ctx); err != nil {
		return "", err
	}
	if id := b.siteIDs[Fold(name)]; id != "" {
		return id, nil
	}
	if b.w.member.Role.May(models.ActionChangeSites) == models.GrantNone {
		return "", models.Invalid("site_unknown", fmt.Sprintf("There is no site named “%s”, and your role doesn't let you make one.", name), models.Field{Pointer: "/site", Problem: "unknown"})
	}
	made, err := sites.create(ctx, b.s, b.w, &models.Site{Name: name})
	if err != nil {
		return "", err
	}
	b.siteIDs[Fold(name)] = made.ID
	b.out.Sites++
	return made.ID, nil
}

// person finds a participant by the pseudonym, or makes one.
func (b *tableBatch) person(ctx context.Context, name string) (models.ID, error) {
	if err := b.lookUpPeople(ctx); err != nil {
		return "", err
	}
	if id := b.personIDs[Fold(name)]; id != "" {
		return id, nil
	}
	made, err := participants.create(ctx, b.s, b.w, &models.Participant{Pseudonym: name, AuthorID: b.actor.UserID})
	if err != nil {
		return "", err
	}
	b.personIDs[Fold(name)] = made.ID
	b.out.Participants++
	return made.ID, nil
}

// notes makes the notes of rows.
func (b *tableBatch) notes(ctx context.Context, rows []int) error {
	known, err := b.known(ctx, rows)
	if err != nil {
		return err
	}
	var in []NewNote
	var of []int
	for _, r := range rows {
		if known[b.ids[r]] {
			b.done(r, UploadDuplicate, b.ids[r])
			continue
		}
		n, err := b.note(ctx, r)
		if err != nil {
			return err
		}
		in, of = append(in, n), append(of, r)
	}
	if len(in) == 0 {
		return nil
	}
	made, err := b.s.createNotes(ctx, b.w, in)
	if err != nil {
		return err
	}
	for k, n := range made {
		b.done(of[k], UploadCreated, n.ID)
		b.out.Notes++
	}
	return nil
}

// known gives those notes of rows that were made before, also if they lie in the bin.
func (b *tableBatch) known(ctx context.Context, rows []int) (map[models.ID]bool, error) {
	ids := make([]models.ID, len(rows))
	for k, r := range rows {
		ids[k] = b.ids[r]
	}
	out := map[models.ID]bool{}
	for _, binned := range []bool{false, true} {
		found, err := b.s.store.NoteIDs(ctx, b.space, Query{Where: Where{"_id": ids}, Bin: binned})
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			out[id] = true
		}
	}
	return out, nil
}

// note is what a row asks for.
func (b *tableBatch) note(ctx context.Context, r int) (NewNote, error) {
	row := &b.table.Rows[r]
	n := NewNote{ID: b.ids[r], NoteFields: b.table.Fields}
	if row.Content != nil {
		n.Content = *row.Content
	}
	title := row.Fields[models.FieldTitle]
	if title == "" || points(title) > models.MaxName {
		title = firstWords(n.Content.Text)
		if given := row.Fields[models.FieldTitle]; given != "" {
			title = cut(given, models.MaxName-1)
		}
	}
	n.Title = &title
	if n.Kind == nil {
		n.Kind = new(models.KindFieldNote)
	}
	given(row, models.FieldKind, &n.Kind)
	given(row, models.FieldObservedOn, &n.ObservedOn)
	given(row, models.FieldStartsAt, &n.StartsAt)
	given(row, models.FieldEndsAt, &n.EndsAt)
	given(row, models.FieldLanguage, &n.Language)
	given(row, models.FieldPhase, &n.Phase)
	if purpose := row.Fields[models.FieldPurpose]; purpose != "" {
		n.Meeting = &models.Meeting{Purpose: purpose}
	}
	if name := cmp.Or(row.Fields[models.FieldSite], b.table.SiteName); name != "" {
		site, err := b.site(ctx, name)
		if err != nil {
			return n, err
		}
		n.SiteID = &site
	}
	if len(row.Participants) > 0 {
		if len(row.Participants) > models.MaxParticipants {
			return n, models.Invalid("participants_too_many", fmt.Sprintf("A note may name %d participants.", models.MaxParticipants))
		}
		var ids []models.ID
		for _, name := range row.Participants {
			id, err := b.person(ctx, name)
			if err != nil {
				return n, err
			}
			ids = joined(ids, []models.ID{id})
		}
		n.ParticipantIDs = &ids
	}
	n.Attributes = n.Attributes.With(nil)
	for j, v := range row.Attributes {
		if id := b.columns[j]; id != "" {
			n.Attributes[id] = v
		}
	}
	return n, nil
}

// given writes what a row says of a field.
func given[T ~string](row *models.TableRow, field string, to **T) {
	if v := row.Fields[field]; v != "" {
		*to = new(T(v))
	}
}

// firstWords are a title for a text that has none.
func firstWords(text string) string {
	const most = 60
	line, _, _ := strings.Cut(text, "\n")
	words := []rune(oneLine(line))
	if len(words) <= most {
		return string(words)
	}
	short := string(words[:most-1])
	if end := strings.LastIndexByte(short, ' '); end > 0 {
		short = short[:end]
	}
	return short + "…"
}

// sites makes the sites of rows, which stand after those that they lie within.
func (b *tableBatch) sites(ctx context.Context, rows []int) error {
	if err := b.lookUpSites(ctx); err != nil {
		return err
	}
	for _, r := range rows {
		name := b.field(r, models.FieldName)
		if b.siteIDs[Fold(name)] != "" {
			b.done(r, UploadDuplicate, "")
			continue
		}
		site := &models.Site{Name: name, Kind: b.field(r, models.FieldKind), Description: b.field(r, models.FieldDescription)}
		if parent := b.field(r, models.FieldParent); parent != "" {
			if site.ParentID = b.siteIDs[Fold(parent)]; site.ParentID == "" {
				return models.Invalid("site_unknown", fmt.Sprintf("There is no site named “%s” for it to lie within, in the project or in this table.", parent))
			}
		}
		made, err := sites.create(ctx, b.s, b.w, site)
		if err != nil {
			return err
		}
		b.siteIDs[Fold(name)] = made.ID
		b.out.Sites++
		b.done(r, UploadCreated, "")
	}
	return nil
}

// participants makes the participants of rows.
func (b *tableBatch) participants(ctx context.Context, rows []int) error {
	if err := b.lookUpPeople(ctx); err != nil {
		return err
	}
	for _, r := range rows {
		name := b.field(r, models.FieldPseudonym)
		if b.personIDs[Fold(name)] != "" {
			b.done(r, UploadDuplicate, "")
			continue
		}
		site, err := b.site(ctx, b.field(r, models.FieldSite))
		if err != nil {
			return err
		}
		made, err := participants.create(ctx, b.s, b.w, &models.Participant{
			Pseudonym: name, ActorRole: b.field(r, models.FieldActorRole), SiteID: site, Description: b.field(r, models.FieldDescription), AuthorID: b.actor.UserID,
		})
		if err != nil {
			return err
		}
		b.personIDs[Fold(name)] = made.ID
		b.out.Participants++
		b.done(r, UploadCreated, "")
	}
	return nil
}
