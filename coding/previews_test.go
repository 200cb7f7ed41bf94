package coding_test

import (
	"slices"
	"testing"
	"time"

	"feltbog/coding"
	"feltbog/models"
)

func TestReadingUploads(t *testing.T) {
	t.Parallel()
	st := openStudy(t)

	t.Run("a reading that was cut off is taken up by another process", func(t *testing.T) {
		dying, other := st.process(), st.process()
		dying.reader.hold = make(chan struct{})
		st.reading(dying)
		id := st.begin(dying, "field.txt", 5)
		st.must(st.send(dying, id, 0, stringReader("Words")))
		st.until("the file is being read", func() bool { return len(dying.reader.names()) == 1 })
		dying.stop() // without a word: the lease stays
		other.later(time.Minute)
		st.reading(other)
		if u := st.awaited(other, id); u.State != models.UploadReady || u.Document.Words != 1 {
			t.Errorf("it is %s, %+v", u.State, u.Document)
		}
	})

	t.Run("a file on which readers die again and again is refused", func(t *testing.T) {
		id := st.begin(st.process(), "deadly.txt", 5)
		st.must(st.send(st.process(), id, 0, stringReader("Words")))
		for i := range 3 {
			dying := st.process()
			dying.later(time.Duration(i) * time.Minute)
			dying.reader.hold = make(chan struct{})
			st.reading(dying)
			st.until("the file is being read", func() bool { return slices.Contains(dying.reader.names(), "deadly.txt") })
			dying.stop()
		}
		last := st.process()
		last.later(time.Hour)
		st.reading(last)
		if u := st.awaited(last, id); u.State != models.UploadRefused || u.Problem.Code != "file_unreadable" {
			t.Errorf("it is %s, %v", u.State, u.Problem)
		}
	})

	p := st.reading(st.process())

	t.Run("a file that can't be read is refused for itself, and may be read in another way", func(t *testing.T) {
		u := st.upload(p, "empty.txt", "")
		if u.State != models.UploadRefused || u.Problem.Code != "file_empty" {
			t.Errorf("it is %s, %v", u.State, u.Problem)
		}
		_, err := p.ReadAgain(st.ctx, st.owner, st.space, u.ID, models.ReadOptions{Encoding: "Windows-1252"})
		st.must(err)
		if u = st.awaited(p, u.ID); u.State != models.UploadRefused || u.Options.Encoding != "windows-1252" {
			t.Errorf("it is %s, %+v", u.State, u.Options)
		}
	})

	t.Run("other options while a file is read leave the earlier reading behind", func(t *testing.T) {
		slow := st.process()
		slow.reader.hold = make(chan struct{})
		u := st.upload(p, "field.txt", "The registers come first.")
		p.stop()
		st.reading(slow)
		_, err := slow.ReadAgain(st.ctx, st.owner, st.space, u.ID, models.ReadOptions{})
		st.must(err)
		st.until("the file is being read", func() bool { return len(slow.reader.names()) == 1 })
		_, err = slow.ReadAgain(st.ctx, st.owner, st.space, u.ID, models.ReadOptions{Transcript: "no"})
		st.must(err)
		close(slow.reader.hold)
		if u = st.awaited(slow, u.ID); u.State != models.UploadReady || u.Options.Transcript != "no" {
			t.Errorf("it is %s, %+v", u.State, u.Options)
		}
		st.until("the file was read twice", func() bool { return len(slow.reader.names()) == 2 })
		slow.stop()
		st.reading(p)
	})

	t.Run("a recording is known and not read", func(t *testing.T) {
		u := st.upload(p, "talk.mp3", "ID3 and so on")
		if u.State != models.UploadReady || u.Media != models.MediaAudio || u.Document != nil || slices.Contains(p.reader.names(), "talk.mp3") {
			t.Errorf("it is %s, %s", u.State, u.Media)
		}
		_, err := p.UploadText(st.ctx, st.owner, st.space, u.ID)
		st.refused(err, "upload_not_ready")
	})

	t.Run("each file of an archive is an upload of its own", func(t *testing.T) {
		p.reader.archives["two"] = map[string]string{"Havnsø/monday.txt": "Monday was quiet.", "tuesday.txt": "Tuesday too."}
		u := st.upload(p, "week.zip", "two", "Field")
		if u.Archive == nil || u.Archive.Files != 2 || len(u.Archive.Warnings) != 1 || len(u.Archive.Folders) != 2 {
			t.Fatalf("= %+v", u.Archive)
		}
		paths := map[string]string{}
		for _, c := range st.childrenOf(p, u.ID) {
			c = st.awaited(p, c.ID)
			paths[c.Name] = c.Path
			if c.State != models.UploadReady {
				t.Errorf("%s is %s", c.Name, c.State)
			}
		}
		if paths["monday.txt"] != "Field/Havnsø" || paths["tuesday.txt"] != "Field" {
			t.Errorf("they lay in %v", paths)
		}
		before := st.raw("uploads")
		st.must(p.CancelUpload(st.ctx, st.owner, st.space, u.ID))
		if got := st.raw("uploads"); got != before-3 {
			t.Errorf("%d of the archive's three uploads are left", got-before+3)
		}
	})

	t.Run("an archive that turns out to be damaged leaves none of its files", func(t *testing.T) {
		p.reader.archives["damaged"] = map[string]string{"monday.txt": "Monday was quiet."}
		u := st.upload(p, "week.zip", "damaged")
		if u.State != models.UploadRefused || u.Problem.Code != "file_damaged" || u.Format != "zip" || u.Archive != nil {
			t.Errorf("it is %s %s, %v", u.State, u.Format, u.Problem)
		}
		if left := st.childrenOf(p, u.ID); len(left) != 0 {
			t.Errorf("%d of its files are left", len(left))
		}
	})

	t.Run("notes of the same bytes and of the same name are told of", func(t *testing.T) {
		words := "The registers are what everything stands on. The registry is closed at noon."
		first := st.commit(p, coding.CommitItem{UploadID: st.upload(p, "week.txt", words).ID})
		n, err := p.Note(st.ctx, st.owner, st.space, first.Result.NoteID)
		st.must(err)
		st.put(st.owner, n, "foundation", "registers")
		st.put(st.owner, n, "future", "closed at noon")
		if u := st.upload(p, "copy.txt", words); u.DuplicateOf != n.ID || u.Document.VersionOf != nil {
			t.Errorf("= %s, %+v", u.DuplicateOf, u.Document.VersionOf)
		}
		u := st.upload(p, "week.txt", "Now the registers are what everything stands on. The registry is shut.")
		v := u.Document.VersionOf
		if u.DuplicateOf != "" || v == nil || v.NoteID != n.ID || v.Codings != 2 || v.Kept != 1 || v.Review != 1 {
			t.Errorf("= %s, %+v", u.DuplicateOf, v)
		}
	})
}

func TestNobodyElsesNoteIsToldOf(t *testing.T) {
	t.Parallel()
	st := openStudy(t)
	p := st.reading(st.process())
	bo := st.member("Bo", models.RoleCoder)
	secret := st.upload(p, "week.txt", "What only Lea may know.")
	st.commit(p, coding.CommitItem{UploadID: secret.ID, Fields: coding.NoteFields{Draft: new(true)}})
	send := func(words string) coding.UploadView {
		u, err := p.BeginUpload(st.ctx, bo, st.space, coding.NewUpload{Name: "week.txt", Size: int64(len(words))})
		st.must(err)
		_, err = p.ReceiveUpload(st.ctx, bo, st.space, u.ID, 0, -1, stringReader(words))
		st.must(err)
		var view coding.UploadView
		st.until("the file is read", func() bool {
			view, err = p.Upload(st.ctx, bo, st.space, u.ID)
			st.must(err)
			return view.State == models.UploadReady
		})
		return view
	}
	if u := send("What only Lea may know."); u.DuplicateOf != "" || u.Document.VersionOf != nil {
		t.Errorf("Bo is told of %s and %+v", u.DuplicateOf, u.Document.VersionOf)
	}
	if u := send("Something else."); u.DuplicateOf != "" || u.Document.VersionOf != nil {
		t.Errorf("Bo is told of %s and %+v", u.DuplicateOf, u.Document.VersionOf)
	}
}
