package coding

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"feltbog/models"
)

// Upload is one file to make a note of: its bytes, and what a reader made of them. Problem is set
// instead of the rest when the reader refused it.
type Upload struct {
	Name string
	// Answer is what the file is called in the answer; its name if empty.
	Answer    string
	Data      []byte
	MediaType string
	Encoding  string
	Fields    NoteFields
	Content   models.Content
	// Comments become memos on the note.
	Comments []Comment
	Problem  *models.Error
	// Table reads the file where it is a table, for a project with these attributes; nil where it is none.
	Table func(attributes []models.Attribute) (Table, error)
	// Allow is asked in the transaction that makes the note whether it may be made, as of then; nil if nothing
	// more is to be asked than Import does.
	Allow func(ctx context.Context) error
	// kept is the file whose bytes are in the store already, and that the note takes over.
	kept *models.File
	// prepare completes the note in the transaction that makes it, and made follows it there.
	prepare func(ctx context.Context, w *work, n *NewNote) error
	made    func(ctx context.Context, w *work, n *models.Note) error
}

// sum is the SHA-256 of the file's bytes, in hex.
func (u *Upload) sum() string {
	if u.kept != nil {
		return u.kept.SHA256
	}
	sum := sha256.Sum256(u.Data)
	return hex.EncodeToString(sum[:])
}

// UploadStatus says what became of a file.
type UploadStatus string

// The three fates of a file.
const (
	UploadCreated   UploadStatus = "created"
	UploadDuplicate UploadStatus = "duplicate"
	UploadRefused   UploadStatus = "refused"
)

// UploadResult is the answer for one file.
type UploadResult struct {
	File    string        `json:"file"`
	Status  UploadStatus  `json:"status"`
	NoteID  models.ID     `json:"noteId,omitempty"` // of the new note, or of the one made from the same bytes before
	Problem *models.Error `json:"-"`
}

// Files that share a transaction: small ones save round trips, large ones would make it too heavy.
const (
	importFiles = 50
	importBytes = 4 << 20
)

// MayImport says whether the actor may import files into the project, so that nothing need be taken in of who
// may not.
func (s *Service) MayImport(ctx context.Context, actor models.Actor, space models.ID) error {
	_, _, err := s.allow(ctx, actor, space, models.ActionAddNotes)
	return err
}

// Import makes notes of files. Each file answers for itself: one that is refused or was imported
// before doesn't keep the others out. Uploads are read one by one from next, which says false after
// the last, so that they need not all be in memory; report is called with each result in order.
func (s *Service) Import(ctx context.Context, actor models.Actor, space models.ID, next func() (Upload, bool), report func(UploadResult)) error {
	if err := s.MayImport(ctx, actor, space); err != nil {
		return err
	}
	var group []Upload
	size := 0
	flush := func() error {
		if len(group) == 0 {
			return nil
		}
		results, err := s.importGroup(ctx, actor, space, group)
		for _, r := range results {
			report(r)
		}
		group, size = nil, 0
		return err
	}
	for u, ok := next(); ok; u, ok = next() {
		if u.Table != nil {
			if err := flush(); err != nil {
				return err
			}
			if err := s.importRows(ctx, actor, space, &u, report); err != nil {
				return err
			}
			continue
		}
		group = append(group, u)
		size += len(u.Data)
		if len(group) == importFiles || size >= importBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// importRows imports a table, and answers for each of its rows.
func (s *Service) importRows(ctx context.Context, actor models.Actor, space models.ID, u *Upload, report func(UploadResult)) error {
	p, err := s.Project(ctx, actor, space)
	if err != nil {
		return err
	}
	var out TableResult
	t, err := u.Table(p.Attributes)
	if err == nil {
		out, err = s.ImportTable(ctx, actor, space, t)
	}
	for _, r := range out.Rows {
		report(UploadResult{File: fmt.Sprintf("%s#%d", cmp.Or(u.Answer, u.Name), r.Row), Status: r.Status, NoteID: r.NoteID, Problem: r.Problem})
	}
	if err != nil && len(out.Rows) == 0 && (refusable(err) || models.KindOf(err) == models.KindForbidden) {
		report(UploadResult{File: cmp.Or(u.Answer, u.Name), Status: UploadRefused, Problem: problemOf(err)})
		return nil
	}
	return err
}

// importGroup makes notes of a few files in one transaction; if one of them is refused there, each
// gets a transaction of its own, so that the others pass.
func (s *Service) importGroup(ctx context.Context, actor models.Actor, space models.ID, group []Upload) ([]UploadResult, error) {
	results := make([]UploadResult, len(group))
	var fresh []int
	hashes := make([]string, len(group))
	inGroup := map[string]int{}
	for i := range group {
		hashes[i] = group[i].sum()
	}
	known, err := s.known(ctx, actor, space, hashes)
	if err != nil {
		return nil, err
	}
	for i, u := range group {
		results[i] = UploadResult{File: cmp.Or(u.Answer, u.Name)}
		if u.Problem != nil {
			results[i].Status, results[i].Problem = UploadRefused, u.Problem
			continue
		}
		if old := known[hashes[i]]; old != "" {
			results[i].Status, results[i].NoteID = UploadDuplicate, old
			continue
		}
		if _, twice := inGroup[hashes[i]]; twice {
			results[i].Status = UploadDuplicate
			continue
		}
		inGroup[hashes[i]] = i
		fresh = append(fresh, i)
	}
	if err := s.importFresh(ctx, actor, space, group, hashes, fresh, results); err != nil {
		if !refusable(err) {
			return nil, err
		}
		for _, i := range fresh {
			if err := s.importFresh(ctx, actor, space, group, hashes, []int{i}, results); err != nil {
				if !refusable(err) {
					return nil, err
				}
				results[i].Status, results[i].Problem = UploadRefused, problemOf(err)
			}
		}
	}
	for i := range results {
		if results[i].Status == UploadDuplicate && results[i].NoteID == "" {
			results[i].NoteID = results[inGroup[hashes[i]]].NoteID
		}
	}
	return results, nil
}

// known gives the notes made from the same bytes before, by their hashes, as far as the actor may see
// them. A draft of somebody else's must not be found out by uploading its file.
func (s *Service) known(ctx context.Context, actor models.Actor, space models.ID, hashes []string) (map[string]models.ID, error) {
	notes, err := s.store.NotesByHash(ctx, space, hashes)
	out := make(map[string]models.ID, len(notes))
	for _, n := range notes {
		if actor.Hears(n.Scope().Audience) {
			out[n.File.SHA256] = n.ID
		}
	}
	return out, err
}

func (s *Service) importFresh(ctx context.Context, actor models.Actor, space models.ID, group []Upload, hashes []string, which []int, results []UploadResult) error {
	if len(which) == 0 {
		return nil
	}
	files, fresh, err := s.saveNew(ctx, group, hashes, which)
	if err != nil {
		return err
	}
	var made, known map[string]models.ID
	_, err = change(ctx, s, actor, space, notes.add, func(ctx context.Context, w *work) (struct{}, error) {
		w.batch = models.NewID()
		// The same files may come twice at once, when an upload that seems to hang is sent again: one of
		// the two looks after the other is done. Other files, and people who code, are not in each other's way.
		err := s.store.GuardFiles(ctx, space, hashes)
		if err != nil {
			return struct{}{}, err
		}
		if known, err = s.known(ctx, actor, space, hashes); err != nil {
			return struct{}{}, err
		}
		made, err = s.importNew(ctx, w, group, files, known)
		return struct{}{}, err
	})
	var unused []models.ID
	for _, i := range which {
		sum := hashes[i]
		if err == nil && made[sum] != "" {
			results[i].Status, results[i].NoteID = UploadCreated, made[sum]
			continue
		}
		if err == nil {
			results[i].Status, results[i].NoteID = UploadDuplicate, known[sum]
		}
		if id := files[i].ID; fresh[id] {
			unused = append(unused, id)
		}
	}
	if len(unused) > 0 {
		_ = s.store.DropFiles(context.WithoutCancel(ctx), unused...) // Tidy sweeps what is left
	}
	return err
}

// saveNew keeps the bytes of files that aren't in the store yet, and gives the file of each upload and
// which of them it has just made.
func (s *Service) saveNew(ctx context.Context, group []Upload, hashes []string, which []int) (files map[int]*models.File, fresh map[models.ID]bool, err error) {
	files, fresh = map[int]*models.File{}, map[models.ID]bool{}
	var data []FileData
	for _, i := range which {
		u := &group[i]
		if u.kept != nil {
			files[i] = u.kept
			continue
		}
		f := &models.File{ID: models.NewID(), Name: u.Name, MediaType: u.MediaType, Encoding: u.Encoding, Size: int64(len(u.Data)), SHA256: hashes[i]}
		files[i], fresh[f.ID] = f, true
		data = append(data, FileData{f.ID, u.Name, u.Data})
	}
	if len(data) == 0 {
		return files, fresh, nil
	}
	if err := s.store.SaveFiles(ctx, data...); err != nil {
		return nil, nil, fmt.Errorf("save files: %w", err)
	}
	return files, fresh, nil
}

// importNew makes the notes of files that aren't known, and gives them by the sums of their files.
func (s *Service) importNew(ctx context.Context, w *work, group []Upload, files map[int]*models.File, known map[string]models.ID) (map[string]models.ID, error) {
	var in []NewNote
	var of []*Upload
	for i := range group {
		f := files[i]
		if f == nil || known[f.SHA256] != "" {
			continue
		}
		if group[i].Allow != nil {
			if err := group[i].Allow(ctx); err != nil {
				return nil, err
			}
		}
		n := NewNote{NoteFields: group[i].Fields, Content: group[i].Content, File: f}
		if group[i].prepare != nil {
			if err := group[i].prepare(ctx, w, &n); err != nil {
				return nil, err
			}
		}
		in, of = append(in, n), append(of, &group[i])
	}
	made := map[string]models.ID{}
	if len(in) == 0 {
		return made, nil
	}
	all, err := s.createNotes(ctx, w, in)
	if err != nil {
		return nil, err
	}
	for i, n := range all {
		made[n.File.SHA256] = n.ID
		if err := s.noteComments(ctx, w, n, in[i].Content, of[i].Comments); err != nil {
			return nil, err
		}
		if of[i].made != nil {
			if err := of[i].made(ctx, w, n); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// refusable says whether an error is one file's own fault.
func refusable(err error) bool {
	switch models.KindOf(err) {
	case models.KindInvalid, models.KindTooLarge, models.KindMalformed:
		return true
	case models.KindInternal, models.KindUnauthenticated, models.KindForbidden, models.KindNotFound,
		models.KindConflict, models.KindStale, models.KindTooMany, models.KindUnavailable:
	}
	return false
}
