package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feltbog/models"
)

// speaking are the headers of the tus protocol that every request of it has.
func speaking() option { return with("Tus-Resumable", "1.0.0") }

// announcing says what file is to come.
func announcing(name, folder string, size int) option {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return func(r *request) {
		speaking()(r)
		r.header.Set("Upload-Length", strconv.Itoa(size))
		r.header.Set("Upload-Metadata", "filename "+encode(name)+",path "+encode(folder))
	}
}

// bytesFrom says where in the file the bytes of the body belong.
func bytesFrom(offset int) option {
	return func(r *request) {
		speaking()(r)
		r.header.Set("Content-Type", "application/offset+octet-stream")
		r.header.Set("Upload-Offset", strconv.Itoa(offset))
	}
}

// Begin makes a place for a file, and gives its address.
func (j *project) Begin(name, folder string, size int) string {
	j.w.t.Helper()
	r := j.post(j.path+"/uploads", nil, announcing(name, folder, size)).want(http.StatusCreated)
	return r.header.Get("Location")
}

// Send sends a whole file and waits until it has been read.
func (j *project) Send(name string, data []byte, folder ...string) *reply {
	j.w.t.Helper()
	at := j.Begin(name, strings.Join(folder, "/"), len(data))
	j.patch(at, data, bytesFrom(0)).want(http.StatusNoContent)
	return j.Read(at)
}

// Read waits until an upload has been read.
func (j *project) Read(at string) *reply {
	j.w.t.Helper()
	var r *reply
	eventually(j.w.t, "the upload is read", func() bool {
		r = j.get(at).want(http.StatusOK)
		return r.text("state") != "receiving" && r.text("state") != "reading"
	})
	return r
}

// Commit makes of uploads what items say.
func (j *project) Commit(items ...any) *reply {
	j.w.t.Helper()
	return j.post(j.path+"/uploads/commit", object{"items": items}).want(http.StatusOK)
}

// offset asks how many bytes of an upload are there.
func (j *project) offset(at string) int {
	j.w.t.Helper()
	r := j.do(http.MethodHead, at, nil, speaking()).want(http.StatusOK)
	n, err := strconv.Atoi(r.header.Get("Upload-Offset"))
	if err != nil {
		j.w.t.Fatal(err)
	}
	return n
}

func TestUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)

	t.Run("a text is sent, looked at and made a note of", func(t *testing.T) {
		w.in(t)
		data := []byte("The registers are what everything else stands on.\n\nSo says Preben.")
		at := j.Begin("monday.txt", "Havnsø/Week 1", len(data))
		j.patch(at, data[:20], bytesFrom(0)).want(http.StatusNoContent)
		if got := j.offset(at); got != 20 {
			t.Fatalf("%d bytes are there", got)
		}
		j.patch(at, data[:20], bytesFrom(0)).refused(http.StatusConflict, "upload_offset_wrong")
		r := j.patch(at, data[20:], bytesFrom(20)).want(http.StatusNoContent)
		if r.header.Get("Upload-Offset") != strconv.Itoa(len(data)) {
			t.Errorf("the headers are %v", r.header)
		}
		r = j.Read(at)
		if r.text("state") != "ready" || r.text("format") != "text" || r.text("encoding") != "utf-8" || r.text("path") != "Havnsø/Week 1" ||
			r.number("document", "words") != 11 || r.number("document", "blocks", "paragraph") != 2 || r.value("problem") != nil {
			t.Fatalf("= %s", r.raw)
		}
		if got := j.get(at + "/text").want(http.StatusOK).text("text"); got != string(data) {
			t.Errorf("the text is %q", got)
		}
		if all := j.get(j.path + "/uploads").want(http.StatusOK).items(); len(all) != 1 {
			t.Errorf("%d are on their way", len(all))
		}
		item := object{"uploadId": r.id(), "fields": object{"kind": "fieldNote", "observedOn": "2025-03-04"}, "siteName": "Havnsø"}
		done := j.Commit(item)
		if done.text("items", 0, "status") != "created" || done.number("items", 0, "sites") != 1 || done.text("items", 0, "file") != "Havnsø/Week 1/monday.txt" {
			t.Fatalf("= %s", done.raw)
		}
		if again := j.Commit(item); !bytes.Equal(again.raw, done.raw) {
			t.Errorf("again = %s, then %s", again.raw, done.raw)
		}
		note := j.get(j.path + "/notes/" + done.text("items", 0, "noteId")).want(http.StatusOK)
		if note.text("title") != "monday" || note.text("file", "name") != "monday.txt" || note.number("file", "size") != len(data) || note.value("toTranscribe") != false {
			t.Errorf("the note is %s", note.raw)
		}
		signed := j.get(j.path + "/notes/" + note.id() + "/file").want(http.StatusOK)
		if got := w.Stranger().get(signed.text("url")).want(http.StatusOK); !bytes.Equal(got.raw, data) {
			t.Errorf("the original is %q", got.raw)
		}
		if all := j.get(j.path + "/uploads").want(http.StatusOK).items(); len(all) != 0 {
			t.Errorf("%d are on their way", len(all))
		}
	})
}

// TestTus holds the server against the tus protocol 1.0.0.
func TestTus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleOwner).Member("ida", models.RoleReader)
	words := []byte("The registers are what everything else stands on.")

	t.Run("another version of the protocol is refused with the one that is spoken", func(t *testing.T) {
		w.in(t)
		at := j.Begin("a.txt", "", len(words))
		for _, r := range []*reply{
			j.post(j.path+"/uploads", nil, announcing("a.txt", "", 5), with("Tus-Resumable", "0.2.2")),
			j.patch(at, words, bytesFrom(0), with("Tus-Resumable", "0.2.2")),
			j.delete(at, with("Tus-Resumable", "0.2.2")),
		} {
			r.refused(http.StatusPreconditionFailed, "tus_version_unknown")
			if r.header.Get("Tus-Version") != "1.0.0" {
				t.Errorf("the headers are %v", r.header)
			}
		}
		if r := j.do(http.MethodHead, at, nil); r.status != http.StatusPreconditionFailed {
			t.Errorf("HEAD = %d", r.status)
		}
	})

	t.Run("what is announced wrongly is refused", func(t *testing.T) {
		w.in(t)
		begin := func(o ...option) *reply {
			return j.post(j.path+"/uploads", nil, append([]option{announcing("a.txt", "", 5)}, o...)...)
		}
		begin(with("Upload-Length", "")).refused(http.StatusBadRequest, "upload_length_malformed")
		begin(with("Upload-Length", "-1")).refused(http.StatusBadRequest, "upload_length_malformed")
		begin(with("Upload-Metadata", "")).refused(http.StatusBadRequest, "upload_metadata_malformed")
		begin(with("Upload-Metadata", "filename !")).refused(http.StatusBadRequest, "upload_metadata_malformed")
		begin(with("Upload-Length", strconv.Itoa(50<<20+1))).refused(http.StatusRequestEntityTooLarge, "file_too_large")
		j.post(j.path+"/uploads", nil, announcing("talk.mp3", "", 2<<30)).want(http.StatusCreated)
		j.post(j.path+"/uploads", nil, announcing("talk.mp3", "", 2<<30+1)).refused(http.StatusRequestEntityTooLarge, "file_too_large")
		begin(with("Content-Type", "text/plain")).want(http.StatusCreated) // there is no body
	})

	t.Run("a small file comes with its announcement", func(t *testing.T) {
		w.in(t)
		r := j.post(j.path+"/uploads", words, announcing("a.txt", "", len(words)), with("Content-Type", "application/offset+octet-stream")).want(http.StatusCreated)
		if r.header.Get("Upload-Offset") != strconv.Itoa(len(words)) {
			t.Errorf("the headers are %v", r.header)
		}
		if got := j.Read(r.header.Get("Location")); got.text("state") != "ready" {
			t.Errorf("= %s", got.raw)
		}
	})

	t.Run("bytes are taken in their order and form alone", func(t *testing.T) {
		w.in(t)
		at := j.Begin("a.txt", "", len(words))
		j.patch(at, words, bytesFrom(7)).refused(http.StatusConflict, "upload_offset_wrong")
		j.patch(at, words, bytesFrom(0), with("Content-Type", "text/plain")).refused(http.StatusUnsupportedMediaType, "body_not_bytes")
		j.patch(at, words, bytesFrom(0), with("Upload-Offset", "x")).refused(http.StatusBadRequest, "upload_offset_malformed")
		j.patch(at, append(words, '!'), bytesFrom(0)).refused(http.StatusRequestEntityTooLarge, "upload_too_long")
		for i := range words {
			j.patch(at, words[i:i+1], bytesFrom(i)).want(http.StatusNoContent)
		}
		j.patch(at, []byte{}, bytesFrom(len(words))).want(http.StatusNoContent)
		if r := j.Read(at); r.text("state") != "ready" || j.get(at+"/text").text("text") != string(words) {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("uploads are their author's alone", func(t *testing.T) {
		w.in(t)
		at := j.Send("a.txt", words).id()
		at = "/api/v1" + j.path + "/uploads/" + at
		bo, ida, stranger := j.As("bo"), j.As("ida"), j.As("eva")
		for _, r := range []*reply{
			bo.get(at), bo.get(at + "/text"), bo.delete(at), bo.put(at+"/options", object{}), bo.patch(at, words, bytesFrom(0)),
		} {
			r.refused(http.StatusNotFound, "upload_not_found")
		}
		if r := bo.Commit(object{"uploadId": at[len(at)-36:], "fields": object{"kind": "document"}}); r.text("items", 0, "problem", "code") != "upload_not_found" || r.text("items", 0, "file") != "" {
			t.Errorf("= %s", r.raw)
		}
		if all := bo.get(j.path + "/uploads").want(http.StatusOK).items(); len(all) != 0 {
			t.Errorf("bo sees %v", all)
		}
		for who, status := range map[*project]int{j: http.StatusOK, bo: http.StatusNotFound, ida: http.StatusForbidden, stranger: http.StatusNotFound} {
			if r := who.do(http.MethodHead, at, nil, speaking()); r.status != status {
				t.Errorf("%s asks and is told %d", who.name, r.status)
			}
		}
	})

	t.Run("what is cancelled is gone", func(t *testing.T) {
		w.in(t)
		at := j.Begin("a.txt", "", len(words))
		j.patch(at, words[:9], bytesFrom(0)).want(http.StatusNoContent)
		j.delete(at, speaking()).want(http.StatusNoContent)
		j.patch(at, words[9:], bytesFrom(9)).refused(http.StatusNotFound, "upload_not_found")
		j.get(at).refused(http.StatusNotFound, "upload_not_found")
		read := "/api/v1" + j.path + "/uploads/" + j.Send("b.txt", words).id()
		j.delete(read).want(http.StatusNoContent)
		j.delete(read).refused(http.StatusNotFound, "upload_not_found")
	})
}

// TestUploadStream follows one's own uploads on the stream of the project.
func TestUploadStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleOwner)
	mine, _ := j.Listen()
	theirs, _ := j.As("bo").Listen()
	eventually(t, "the feed of uploads is open", func() bool {
		j.Begin("warm.txt", "", 1)
		select {
		case <-mine.messages:
			return true
		default:
			return false
		}
	})
	id := j.Send("a.txt", []byte("The registers.")).id()
	states := map[string]bool{}
	for !states["ready"] {
		m := mine.next()
		var told struct{ ID, State string }
		if err := json.Unmarshal([]byte(m.data), &told); err != nil || m.event != "upload" || m.id != "" {
			t.Fatalf("= %+v, %v", m, err)
		}
		if told.ID == id {
			states[told.State] = true
		}
	}
	if !states["receiving"] || !states["reading"] {
		t.Errorf("told of %v", states)
	}
	j.Commit(object{"uploadId": id, "fields": object{"kind": "document"}})
	if m := theirs.next(); m.event != "change" { // and nothing before
		t.Errorf("bo is told %+v", m)
	}
}

// archive is a zip with these files.
func archive(t *testing.T, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const talk = "I: Where are the cards?\n\nR1: In the basement, where they have always been.\n\nI: Still?\n\nR1: Still."

// TestFormats sends real files through both ways in.
func TestFormats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø")
	commented, err := os.ReadFile("../exchange/testdata/documents/testWORD_features.docx")
	if err != nil {
		t.Fatal(err)
	}
	week := archive(t, text("Havnsø/monday.txt", "Monday was quiet."), text("tuesday.md", "# Tuesday\n\nToo."), text("photo.png", "\x89PNG\r\n\x1a\n"), file{"inner.zip", archive(t, text("a.txt", "Hidden."))})

	t.Run("a transcript tells who speaks", func(t *testing.T) {
		w.in(t)
		r := j.Send("talk.txt", []byte(talk))
		if r.value("document", "transcript") != true || len(r.list("document", "speakers")) != 2 || r.text("document", "language") != "" && r.text("document", "language") != "en" {
			t.Fatalf("= %s", r.raw)
		}
		at := "/api/v1" + j.path + "/uploads/" + r.id()
		j.put(at+"/options", object{"transcript": "no"}).want(http.StatusOK)
		if r = j.Read(at); r.value("document", "transcript") != false || r.text("options", "transcript") != "no" {
			t.Errorf("= %s", r.raw)
		}
		j.put(at+"/options", object{"transcript": "perhaps"}).refused(http.StatusUnprocessableEntity, "transcript_unknown")
		j.put(at+"/options", object{}).want(http.StatusOK)
		r = j.Read(at)
		done := j.Commit(object{"uploadId": r.id(), "fields": object{"kind": "interview"}, "speakers": object{"R1": object{"pseudonym": "Preben"}}})
		if done.number("items", 0, "participants") != 1 {
			t.Fatalf("= %s", done.raw)
		}
		got := j.get(j.path + "/notes/" + done.text("items", 0, "noteId") + "/text").want(http.StatusOK)
		if got.text("blocks", 1, "speaker") != "Preben" || got.text("blocks", 0, "speaker") != "I" {
			t.Errorf("= %s", got.raw)
		}
	})

	t.Run("a wrong encoding is put right", func(t *testing.T) {
		w.in(t)
		r := j.Send("by.txt", []byte("Bl\xe5b\xe6rgr\xf8d p\xe5 r\xe5dhuset."))
		at := "/api/v1" + j.path + "/uploads/" + r.id()
		j.put(at+"/options", object{"encoding": "iso-8859-2"}).want(http.StatusOK)
		if r = j.Read(at); r.text("encoding") != "iso-8859-2" {
			t.Errorf("= %s", r.raw)
		}
		j.put(at+"/options", object{"encoding": "klingon"}).want(http.StatusOK)
		if r = j.Read(at); r.text("state") != "refused" || r.text("problem", "code") != "encoding_unknown" {
			t.Errorf("= %s", r.raw)
		}
		j.put(at+"/options", object{"encoding": "Windows-1252"}).want(http.StatusOK)
		j.Read(at)
		if got := j.get(at + "/text").text("text"); got != "Blåbærgrød på rådhuset." {
			t.Errorf("the text is %q", got)
		}
	})

	t.Run("an archive becomes its files", func(t *testing.T) {
		w.in(t)
		r := j.Send("week.zip", week)
		if r.text("state") != "ready" || r.number("archive", "files") != 3 || len(r.list("archive", "warnings")) != 1 {
			t.Fatalf("= %s", r.raw)
		}
		of := map[string]object{}
		for _, item := range j.get(j.path + "/uploads").want(http.StatusOK).items() {
			if at(t, item, "archiveId") == r.id() {
				u := j.Read("/api/v1" + j.path + "/uploads/" + at(t, item, "id").(string))
				of[u.text("name")] = u.value().(object)
			}
		}
		if at(t, of["monday.txt"], "path") != "Havnsø" || at(t, of["photo.png"], "media", "kind") != "image" || at(t, of["tuesday.md"], "document", "blocks", "heading") == nil {
			t.Errorf("= %v", of)
		}
	})

	t.Run("comments in a document become memos", func(t *testing.T) {
		w.in(t)
		r := j.Send("commented.docx", commented)
		if r.number("document", "comments") == 0 {
			t.Fatalf("= %s", r.raw)
		}
		done := j.Commit(object{"uploadId": r.id(), "fields": object{"kind": "document"}})
		memos := j.get(j.path + "/memos?target=" + done.text("items", 0, "noteId")).want(http.StatusOK).items()
		if len(memos) != r.number("document", "comments") {
			t.Errorf("%d comments became %d memos", r.number("document", "comments"), len(memos))
		}
	})

	t.Run("one step takes archives and refuses what needs a look", func(t *testing.T) {
		w.in(t)
		other := j.Project("One step")
		form, header := aForm(t, object{"kind": "document"}, file{"week.zip", week}, text("photo.png", "\x89PNG\r\n\x1a\n"), text("broken.zip", "PK\x03\x04"), text("talk.txt", talk))
		r := other.post(other.path+"/imports", form, header).want(http.StatusOK)
		got := map[string]string{}
		for _, item := range r.items() {
			code, _ := at(t, item, "problem", "code").(string)
			got[at(t, item, "file").(string)] = strings.TrimSpace(at(t, item, "status").(string) + " " + code)
		}
		want := map[string]string{
			"week.zip/Havnsø/monday.txt": "created", "week.zip/tuesday.md": "created", "week.zip/photo.png": "refused format_is_media",
			"week.zip": "refused archive_partly_read", "photo.png": "refused format_is_media", "broken.zip": "refused file_damaged", "talk.txt": "created",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if people := other.get(other.path + "/participants").want(http.StatusOK).items(); len(people) != 0 {
			t.Errorf("one step made participants: %v", people)
		}
	})
}
