package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"feltbog/models"
)

// picture is the smallest PNG.
var picture = file{"board.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x04\x00\x09\xfb\x03\xfd\xfb^k+\x00\x00\x00\x00IEND\xaeB`\x82")}

// attached is the id of a picture that the owner attaches to a note.
func (x trial) attached(n *note) string {
	form, header := aForm(x.owner.w.t, nil, picture)
	return x.owner.post(n.at+"/attachments", form, header).want(http.StatusCreated).text("attachments", 0, "id")
}

// recording is bytes that begin as an MP3 does and tell one place from another.
func recording(size int) file {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	copy(data, "ID3\x04\x00")
	return file{"Samtale på Ærø.mp3", data}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder).Member("ida", models.RoleReader)
	n := j.Note("Kirsten viser registeret frem.")
	sound := recording(700_000) // three chunks of the store
	send := func(as *project, n *note, files ...file) *reply {
		form, header := aForm(t, nil, files...)
		return as.post(n.at+"/attachments", form, header)
	}

	t.Run("a recording is kept with its note and played from any place", func(t *testing.T) {
		w.in(t)
		r := send(j, n, sound).want(http.StatusCreated)
		if r.text("attachments", 0, "mediaType") != "audio/mpeg" || r.text("attachments", 0, "name") != sound.name {
			t.Errorf("= %s", r.raw)
		}
		at := n.at + "/attachments/" + r.text("attachments", 0, "id")
		url := j.As("ida").get(at).want(http.StatusOK).text("url")
		whole := w.Stranger().get(url).want(http.StatusOK)
		if !bytes.Equal(whole.raw, sound.data) || !strings.HasPrefix(whole.header.Get("Content-Disposition"), "inline; ") ||
			whole.header.Get("Accept-Ranges") != "bytes" || whole.header.Get("Content-Type") != "audio/mpeg" {
			t.Errorf("%d bytes, %v", len(whole.raw), whole.header)
		}
		for _, c := range []struct{ from, to int }{{0, 9}, {261_110, 261_130}, {522_000, 699_999}, {0, 699_999}} {
			part := w.Stranger().get(url, with("Range", fmt.Sprintf("bytes=%d-%d", c.from, c.to))).want(http.StatusPartialContent)
			if !bytes.Equal(part.raw, sound.data[c.from:c.to+1]) {
				t.Errorf("bytes %d to %d differ", c.from, c.to)
			}
		}
		w.Stranger().get(url, with("Range", "bytes=700000-")).want(http.StatusRequestedRangeNotSatisfiable)
		w.Stranger().get(url, with("If-None-Match", whole.header.Get("ETag"))).want(http.StatusNotModified)
	})

	t.Run("the same bytes are attached once, however often they are sent", func(t *testing.T) {
		w.in(t)
		n := j.Note("En anden dag.")
		first := send(j, n, picture).want(http.StatusCreated)
		again := send(j, n, file{"again.png", picture.data}).want(http.StatusCreated)
		if len(again.list("attachments")) != 1 || again.version() != first.version() {
			t.Errorf("= %s", again.raw)
		}
	})

	t.Run("a page that is attached is saved, not shown", func(t *testing.T) {
		w.in(t)
		n := j.Note("En tredje dag.")
		page := send(j, n, text("page.html", "<script>alert(1)</script>")).want(http.StatusCreated).text("attachments", 0, "id")
		r := w.Stranger().get(j.get(n.at + "/attachments/" + page).want(http.StatusOK).text("url")).want(http.StatusOK)
		if !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment; ") || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", r.header)
		}
	})

	t.Run("a file that is taken away comes back by undo", func(t *testing.T) {
		w.in(t)
		n := j.Note("En fjerde dag.")
		id := send(j, n, picture).want(http.StatusCreated).text("attachments", 0, "id")
		url := j.get(n.at + "/attachments/" + id).want(http.StatusOK).text("url")
		j.delete(n.at+"/attachments/"+id, seeing(1)).refused(http.StatusPreconditionFailed, "version_stale")
		gone := j.delete(n.at+"/attachments/"+id, seeing(2)).want(http.StatusOK)
		if strings.Contains(string(gone.raw), "board.png") {
			t.Errorf("= %s", gone.raw)
		}
		j.get(n.at+"/attachments/"+id).refused(http.StatusNotFound, "file_not_found")
		w.Stranger().get(url).refused(http.StatusNotFound, "file_not_found")
		j.post(j.path+"/events/"+j.last()+"/undo", nil).want(http.StatusCreated)
		w.Stranger().get(url).want(http.StatusOK)
	})

	t.Run("purging a note removes its attachments", func(t *testing.T) {
		w.in(t)
		n := j.Note("En femte dag.")
		id := send(j, n, picture).want(http.StatusCreated).text("attachments", 0, "id")
		url := j.get(n.at + "/attachments/" + id).want(http.StatusOK).text("url")
		j.delete(n.at).want(http.StatusNoContent)
		w.Stranger().get(url).refused(http.StatusNotFound, "note_not_found")
		j.delete(j.path + "/bin/note/" + n.id).want(http.StatusNoContent)
		if _, err := w.db.OpenFile(t.Context(), models.ID(id)); models.KindOf(err) != models.KindNotFound {
			t.Errorf("the bytes are still there: %v", err)
		}
	})

	t.Run("what is refused", func(t *testing.T) {
		w.in(t)
		send(j, n).refused(http.StatusUnprocessableEntity, "files_missing")
		send(j, n, picture, text("a.txt", "a")).refused(http.StatusUnprocessableEntity, "files_too_many")
		send(j, n, text("a.exe", "MZ")).refused(http.StatusUnprocessableEntity, "format_unknown")
		send(j.As("bo"), n, picture).refused(http.StatusForbidden, "not_yours")
		send(j.As("ida"), n, picture).refused(http.StatusForbidden, "role_insufficient")
		full := j.Note("Mange billeder.")
		for i := range models.MaxAttachments {
			send(j, full, file{"board.png", append(bytes.Clone(picture.data), byte(i))}).want(http.StatusCreated)
		}
		send(j, full, picture).refused(http.StatusUnprocessableEntity, "attachments_too_many")
	})
}
