package api_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"

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
