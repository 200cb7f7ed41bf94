package coding_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feltbog/coding"
	"feltbog/models"
)

// talk is a transcript with a comment on its second word.
func talk() *coding.Reading {
	c := models.Content{Text: "Where are the cards?\n\nIn the basement.\n\nStill?", Marks: []models.Mark{}, Blocks: []models.Block{
		{Kind: models.BlockTurn, Start: 0, End: 20, Speaker: "I"},
		{Kind: models.BlockTurn, Start: 22, End: 38, Speaker: "R1"},
		{Kind: models.BlockTurn, Start: 40, End: 46, Speaker: "I"},
	}}
	return &coding.Reading{
		Content: c, Format: "docx", MediaType: "application/x-docx", Title: "Talk with R1", ObservedOn: "2024-05-02", Language: "en",
		Transcript: true, Speakers: []models.Speaker{{Name: "I", Turns: 2}, {Name: "R1", Turns: 1}},
		Comments: []coding.Comment{{Start: 14, End: 19, Author: "Lea", At: time.Date(2024, 5, 3, 9, 0, 0, 0, time.UTC), Text: "Which\x00 ones?"}, {Text: "No name on this one."}},
	}
}

func (st *study) memos(p *process, note models.ID) []string {
	st.t.Helper()
	page, err := p.Memos(st.ctx, st.owner, st.space, note, "", models.LayerOpen, models.Page{Limit: 100})
	st.must(err)
	texts := make([]string, len(page.Items))
	for i, m := range page.Items {
		texts[i] = m.Text
	}
	return texts
}

func TestCommit(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	p := st.reading(st.process())
	karen, err := p.CreateParticipant(st.ctx, st.owner, st.space, "", coding.ParticipantFields{Pseudonym: new("Karen")})
	st.must(err)

	t.Run("speakers become participants, comments memos, a folder a site", func(t *testing.T) {
		p.reader.readings["talk.docx"] = talk()
		u := st.upload(p, "talk.docx", "one talk")
		item := coding.CommitItem{UploadID: u.ID, SiteName: "Havnsø", Speakers: map[string]coding.SpeakerChoice{"R1": {ParticipantID: karen.ID}, "I": {Pseudonym: "Lea"}}}
		done := st.commit(p, item)
		want := models.UploadResult{Status: "created", NoteID: done.Result.NoteID, Notes: 1, Sites: 1, Participants: 1}
		if diff := cmp.Diff(want, done.Result); diff != "" {
			t.Fatal(diff, done.Problem)
		}
		n, err := p.Note(st.ctx, st.owner, st.space, done.Result.NoteID)
		st.must(err)
		if n.Title != "Talk with R1" || n.ObservedOn != "2024-05-02" || n.Language != "en" || n.SiteID == "" || len(n.ParticipantIDs) != 2 || n.File.Name != "talk.docx" {
			t.Errorf("the note is %+v", n)
		}
		text, err := p.NoteText(st.ctx, st.owner, st.space, n.ID, 0)
		st.must(err)
		if text.Blocks[0].Speaker != "Lea" || text.Blocks[1].Speaker != "Karen" || text.Blocks[2].Speaker != "Lea" {
			t.Errorf("the turns are %+v", text.Blocks)
		}
		memos := []string{"Lea, 3 May 2024, on “cards”: Which ones?", "No name on this one."}
		if diff := cmp.Diff(memos, st.memos(p, n.ID)); diff != "" {
			t.Error(diff)
		}
		if again := st.commit(p, item); cmp.Diff(again, done) != "" {
			t.Errorf("again = %+v", again)
		}
		// The site and the participant are found the next time.
		p.reader.readings["talk2.docx"] = talk()
		item.UploadID, item.Comments = st.upload(p, "talk2.docx", "another talk").ID, "none"
		next := st.commit(p, item)
		if next.Result.Sites+next.Result.Participants != 0 || len(st.memos(p, next.Result.NoteID)) != 0 {
			t.Errorf("= %+v", next)
		}
	})

	t.Run("one that is refused doesn't keep the others out", func(t *testing.T) {
		good, other := st.upload(p, "good.txt", "Good words."), st.upload(p, "other.txt", "Other words.")
		empty := st.upload(p, "empty.txt", "")
		open := st.begin(p, "open.txt", 5)
		kind := coding.NoteFields{Kind: new(models.KindDocument)}
		all, err := p.CommitUploads(st.ctx, st.owner, st.space, []coding.CommitItem{
			{UploadID: good.ID, Fields: kind},
			{UploadID: empty.ID, Fields: kind},
			{UploadID: open, Fields: kind},
			{UploadID: models.NewID(), Fields: kind},
			{UploadID: other.ID, Fields: coding.NoteFields{Kind: new(models.KindDocument), ParticipantIDs: new([]models.ID{models.NewID()})}},
		})
		st.must(err)
		var got []string
		for _, r := range all {
			code := ""
			if r.Problem != nil {
				code = r.Problem.Code
			}
			got = append(got, strings.TrimSpace(r.Result.Status+" "+code))
		}
		want := []string{"created", "refused file_empty", "refused upload_not_ready", "refused upload_not_found", "refused participant_unknown"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if done := st.commit(p, coding.CommitItem{UploadID: other.ID}); done.Result.Status != "created" {
			t.Errorf("in a second try it is %+v", done)
		}
	})

	t.Run("a site is made by those who may", func(t *testing.T) {
		bo := st.member("Bo", models.RoleCoder)
		words := "What Bo saw."
		u, err := p.BeginUpload(st.ctx, bo, st.space, coding.NewUpload{Name: "bo.txt", Size: int64(len(words))})
		st.must(err)
		_, err = p.ReceiveUpload(st.ctx, bo, st.space, u.ID, 0, -1, strings.NewReader(words))
		st.must(err)
		st.until("it is read", func() bool { v, _ := p.Upload(st.ctx, bo, st.space, u.ID); return v.State == models.UploadReady })
		item := coding.CommitItem{UploadID: u.ID, SiteName: "Library", Fields: coding.NoteFields{Kind: new(models.KindDocument)}}
		commit := func() coding.Committed {
			all, err := p.CommitUploads(st.ctx, bo, st.space, []coding.CommitItem{item})
			st.must(err)
			return all[0]
		}
		if r := commit(); r.Problem == nil || r.Problem.Code != "site_unknown" {
			t.Errorf("= %+v", r)
		}
		if item.SiteName = "HAVNSØ"; commit().Result.Status != "created" {
			t.Error("the site that is there isn't found")
		}
	})

	t.Run("what can't be read as words is to be transcribed", func(t *testing.T) {
		p.reader.readings["scan.pdf"] = &coding.Reading{NoText: true, Format: "pdf", MediaType: "application/pdf", Content: models.Content{Blocks: []models.Block{}}}
		for _, u := range []coding.UploadView{st.upload(p, "scan.pdf", "pictures"), st.upload(p, "talk.mp3", "ID3 a talk")} {
			n, err := p.Note(st.ctx, st.owner, st.space, st.commit(p, coding.CommitItem{UploadID: u.ID}).Result.NoteID)
			st.must(err)
			if !n.ToTranscribe || n.Length != 0 || n.File.Name != u.Name {
				t.Errorf("the note is %+v", n)
			}
		}
		page, err := p.Notes(st.ctx, st.owner, st.space, coding.NoteFilter{ToTranscribe: true}, models.Page{Limit: 10})
		st.must(err)
		if len(page.Items) != 2 {
			t.Errorf("%d are to be transcribed", len(page.Items))
		}
		_, err = p.ChangeNote(st.ctx, st.owner, st.space, page.Items[0].ID, 0, coding.NoteFields{ToTranscribe: new(false)})
		st.must(err)
	})

	t.Run("a recording lies beside the note of its transcript", func(t *testing.T) {
		words, sound := st.upload(p, "monday.txt", "What was said on Monday."), st.upload(p, "monday.mp3", "ID3 Monday")
		lost := st.upload(p, "lost.mp3", "ID3 lost")
		all, err := p.CommitUploads(st.ctx, st.owner, st.space, []coding.CommitItem{
			{UploadID: sound.ID, As: coding.AsAttachment, AttachTo: words.ID},
			{UploadID: lost.ID, As: coding.AsAttachment, AttachTo: st.begin(p, "open.txt", 5)},
			{UploadID: words.ID, Fields: coding.NoteFields{Kind: new(models.KindInterview)}},
		})
		st.must(err)
		n, err := p.Note(st.ctx, st.owner, st.space, all[2].Result.NoteID)
		st.must(err)
		if all[0].Result.Status != "attached" || all[0].Result.NoteID != n.ID || len(n.Attachments) != 1 || n.Attachments[0].Name != "monday.mp3" || n.ToTranscribe {
			t.Errorf("= %+v, %+v", all[0], n)
		}
		if all[1].Problem == nil || all[1].Problem.Code != "attach_to_unknown" {
			t.Errorf("= %+v", all[1])
		}
	})

	t.Run("the same bytes are one note, however they come", func(t *testing.T) {
		one, other := st.upload(p, "same.txt", "The same words."), st.upload(p, "copy.txt", "The same words.")
		var together sync.WaitGroup
		results := make([]coding.Committed, 8)
		for i := range results {
			id := []models.ID{one.ID, other.ID}[i%2]
			together.Go(func() {
				all, err := p.CommitUploads(st.ctx, st.owner, st.space, []coding.CommitItem{{UploadID: id, Fields: coding.NoteFields{Kind: new(models.KindDocument)}}})
				if err != nil {
					t.Error(err)
					return
				}
				results[i] = all[0]
			})
		}
		together.Wait()
		status := map[string]int{}
		for i, r := range results {
			status[r.Result.Status]++
			if r.Result.NoteID != results[0].Result.NoteID || r.Result.Status != results[i%2].Result.Status {
				t.Errorf("%d = %+v", i, r)
			}
		}
		if status["created"] != 4 || status["duplicate"] != 4 {
			t.Errorf("= %v", status)
		}
	})
}

func TestCommitAsVersion(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	p := st.reading(st.process())
	p.reader.readings["first.docx"] = talk()
	first := st.upload(p, "first.docx", "first bytes")
	n, err := p.Note(st.ctx, st.owner, st.space, st.commit(p, coding.CommitItem{UploadID: first.ID}).Result.NoteID)
	st.must(err)
	st.put(st.owner, n, "foundation", "the cards")
	old := *n.File

	changed := talk()
	changed.Content.Text = strings.Replace(changed.Content.Text, "Still?", "Alas.!", 1)
	changed.Comments = append(changed.Comments, coding.Comment{Text: "A new one."})
	p.reader.readings["second.docx"] = changed
	second := st.upload(p, "second.docx", "second bytes")
	done := st.commit(p, coding.CommitItem{UploadID: second.ID, As: coding.AsVersion, NoteID: n.ID})
	if done.Result.Status != "versioned" || done.Result.NoteID != n.ID {
		t.Fatalf("= %+v", done)
	}
	n, err = p.Note(st.ctx, st.owner, st.space, n.ID)
	st.must(err)
	if n.TextVersion != 2 || n.File.Name != "second.docx" || len(n.EarlierFiles) != 1 || n.EarlierFiles[0] != old {
		t.Errorf("the note is %+v", n)
	}
	if c := st.codings(n)[0]; c.Anchor.TextVersion != 2 || c.Review {
		t.Errorf("the coding is %+v", c)
	}
	if got := len(st.memos(p, n.ID)); got != 3 {
		t.Errorf("there are %d memos", got)
	}
	read := func(id models.ID) string {
		_, f, err := p.NoteFile(st.ctx, st.owner, st.space, n.ID, id)
		st.must(err)
		b, err := io.ReadAll(f)
		st.must(err)
		return string(b)
	}
	if read(n.File.ID) != "second bytes" || read(old.ID) != "first bytes" {
		t.Error("the files aren't what they were")
	}

	t.Run("an undo brings the earlier original back as well", func(t *testing.T) {
		var edit *models.Event
		for _, e := range st.history(coding.EventQuery{RecordID: n.ID}) {
			if e.Verb == models.VerbUpdated && edit == nil {
				edit = e
			}
		}
		_, err := p.Undo(st.ctx, st.owner, st.space, edit.ID, false)
		st.must(err)
		n, err := p.Note(st.ctx, st.owner, st.space, n.ID)
		st.must(err)
		if n.File.ID != old.ID || len(n.EarlierFiles) != 1 || n.EarlierFiles[0].Name != "second.docx" {
			t.Errorf("the note is %+v", n)
		}
	})

	t.Run("a member without the right to the note is refused", func(t *testing.T) {
		bo := st.member("Bo", models.RoleCoder)
		u, err := p.BeginUpload(st.ctx, bo, st.space, coding.NewUpload{Name: "x.txt", Size: 5})
		st.must(err)
		_, err = p.ReceiveUpload(st.ctx, bo, st.space, u.ID, 0, -1, strings.NewReader("Words"))
		st.must(err)
		st.until("it is read", func() bool { v, _ := p.Upload(st.ctx, bo, st.space, u.ID); return v.State == models.UploadReady })
		for as, item := range map[string]coding.CommitItem{"version": {}, "attachment": {}} {
			item.UploadID, item.As, item.NoteID = u.ID, as, n.ID
			all, err := p.CommitUploads(st.ctx, bo, st.space, []coding.CommitItem{item})
			st.must(err)
			if all[0].Problem == nil || all[0].Problem.Code != "not_yours" {
				t.Errorf("%s = %+v", as, all[0])
			}
		}
	})
}

func TestUploadsGo(t *testing.T) {
	t.Parallel()
	sent := func(st *study, p *process) {
		st.upload(p, "read.txt", "Words that were read.")
		half := st.begin(p, "half.txt", 100)
		st.refused(st.send(p, half, 0, broken([]byte("half of it"))), "body_malformed")
		p.reader.archives["two"] = map[string]string{"a.txt": "One.", "b.txt": "Two."}
		for _, c := range st.childrenOf(p, st.upload(p, "week.zip", "two").ID) {
			st.awaited(p, c.ID)
		}
	}
	t.Run("when their time is over, and not before", func(t *testing.T) {
		st := openStudy(t)
		p := st.reading(st.process())
		done := st.commit(p, coding.CommitItem{UploadID: st.upload(p, "note.txt", "What stays.").ID})
		sent(st, p)
		p.stop()
		p.later(23 * time.Hour)
		st.must(p.Tidy(st.ctx))
		st.kept(6, 1+1+2+1+4, 1+1+2+1+1+4)
		p.later(2 * time.Hour) // a committed one goes after a day
		st.must(p.Tidy(st.ctx))
		st.kept(5, 1+2+1+4, 1+2+1+1+4)
		p.later(24 * time.Hour)
		st.must(p.Tidy(st.ctx))
		st.kept(0, 1, 1) // the note's own
		n, err := p.Note(st.ctx, st.owner, st.space, done.Result.NoteID)
		st.must(err)
		if _, _, err := p.NoteFile(st.ctx, st.owner, st.space, n.ID, n.File.ID); err != nil {
			t.Error(err)
		}
	})
	t.Run("with a note goes what an upload says of it", func(t *testing.T) {
		st := openStudy(t)
		p := st.reading(st.process())
		n, err := p.Note(st.ctx, st.owner, st.space, st.commit(p, coding.CommitItem{UploadID: st.upload(p, "week.txt", "What was said.").ID}).Result.NoteID)
		st.must(err)
		u := st.upload(p, "week.txt", "What was said, and done.")
		if u.Document.VersionOf == nil {
			t.Fatal("it isn't told to be a version")
		}
		st.must(p.BinRecord(st.ctx, st.owner, st.space, models.NounNote, n.ID, 0))
		st.must(p.Purge(st.ctx, st.owner, st.space, models.NounNote, n.ID))
		u, err = p.Upload(st.ctx, st.owner, st.space, u.ID)
		st.must(err)
		if u.Document.VersionOf != nil {
			t.Errorf("it tells of %+v", u.Document.VersionOf)
		}
	})
	t.Run("with the membership", func(t *testing.T) {
		st := openStudy(t)
		p := st.reading(st.process())
		sent(st, p)
		ole := st.member("Ole", models.RoleOwner)
		st.must(p.RemoveMember(st.ctx, ole, st.space, st.owner.UserID))
		st.kept(0, 0, 0)
	})
	t.Run("with the account", func(t *testing.T) {
		st := openStudy(t)
		p := st.reading(st.process())
		sent(st, p)
		st.member("Ole", models.RoleOwner)
		st.must(p.LeaveAll(st.ctx, st.owner))
		st.kept(0, 0, 0)
	})
	t.Run("with the project", func(t *testing.T) {
		st := openStudy(t)
		p := st.reading(st.process())
		sent(st, p)
		body, sender := io.Pipe()
		told := make(chan error, 1)
		id := st.begin(p, "under way.txt", 3*coding.FileChunk)
		ctx, cancel := context.WithCancel(st.ctx)
		defer cancel()
		go func() {
			_, err := p.ReceiveUpload(ctx, st.owner, st.space, id, 0, -1, body)
			told <- err
		}()
		_, err := sender.Write(some(coding.FileChunk))
		st.must(err)
		st.must(p.DeleteProject(st.ctx, st.owner, st.space))
		st.must(p.Purge(st.ctx, st.owner, st.space, models.NounProject, st.space))
		_, _ = sender.Write(some(2 * coding.FileChunk))
		_ = sender.Close()
		if err := <-told; err == nil {
			t.Error("the sender isn't told")
		}
		st.kept(0, 0, 0)
	})
}
