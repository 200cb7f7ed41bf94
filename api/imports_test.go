package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"testing"

	"feltbog/api"
	"feltbog/auth"
	"feltbog/models"
)

// file is a file of a form.
type file struct {
	name string
	data []byte
}

// aForm is an import with its metadata first.
func aForm(t *testing.T, metadata any, files ...file) ([]byte, option) {
	t.Helper()
	return formOf(t, metadata, nil, files...)
}

// formOf is an import with metadata before the files, after them, or neither.
func formOf(t *testing.T, before, after any, files ...file) ([]byte, option) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	describe := func(metadata any) {
		if metadata == nil {
			return
		}
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", `form-data; name="metadata"`)
		h.Set("Content-Type", "application/json")
		part, err := m.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(part).Encode(metadata); err != nil {
			t.Fatal(err)
		}
	}
	describe(before)
	for _, f := range files {
		part, err := m.CreateFormFile("files", f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	describe(after)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), with("Content-Type", m.FormDataContentType())
}

func text(name, words string) file { return file{name, []byte(words)} }

// utf16 writes words in UTF-16 with a byte order mark, little end first.
func utf16(words string) []byte {
	b := []byte{0xff, 0xfe}
	for _, r := range words { // of the basic plane
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}

func TestImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleCoder)
	site := j.post(j.path+"/sites", object{"name": "Town hall"}).want(http.StatusCreated).id()
	send := func(t *testing.T, metadata any, files ...file) *reply {
		t.Helper()
		form, header := aForm(t, metadata, files...)
		return j.post(j.path+"/imports", form, header)
	}
	words := func(t *testing.T, noteID string) string {
		t.Helper()
		return j.get(j.path + "/notes/" + noteID + "/text").want(http.StatusOK).text("text")
	}

	t.Run("one bad file doesn't sink the other forty", func(t *testing.T) {
		w.in(t)
		var files []file
		for i := range 40 {
			files = append(files, text(fmt.Sprintf("good %02d.txt", i), fmt.Sprintf("Day %d in the registry.", i)))
		}
		bad := map[string]file{
			"file_empty":            text("empty.txt", ""),
			"file_binary":           {"binary.txt", []byte("\x00\x01\x02\x03binary")},
			"format_unknown":        text("letter.xyz", "PK"),
			"text_empty":            text("blank.txt", " \n\n "),
			"text_too_long":         text("long.txt", strings.Repeat("x", 2_000_001)),
			"blocks_too_many":       text("letters.txt", strings.Repeat("x\n\n", 30_000)),
			"file_encoding_unknown": {"broken.txt", utf16("half a character")[:9]},
		}
		codes := map[string]string{}
		for code, f := range bad {
			files = append(files[:len(codes)*3:len(codes)*3], append([]file{f}, files[len(codes)*3:]...)...)
			codes[f.name] = code
		}
		r := send(t, object{"siteId": site, "kind": "interview"}, files...).want(http.StatusOK)
		if len(r.items()) != len(files) {
			t.Fatalf("%d answers for %d files", len(r.items()), len(files))
		}
		created := 0
		for i, item := range r.items() {
			name := at(t, item, "file").(string)
			if name != files[i].name {
				t.Fatalf("answer %d is of %s, want %s", i, name, files[i].name)
			}
			code, isBad := codes[name]
			if !isBad {
				created++
				if at(t, item, "status") != "created" || at(t, item, "noteId") == nil || at(t, item, "problem") != nil {
					t.Errorf("%s = %v", name, item)
				}
				continue
			}
			if at(t, item, "status") != "refused" || at(t, item, "noteId") != nil || at(t, item, "problem", "code") != code {
				t.Errorf("%s = %v, want %s", name, item, code)
			}
		}
		if created != 40 {
			t.Errorf("%d were created", created)
		}
		if n := len(j.get(j.path + "/notes?limit=1000&site=" + site).want(http.StatusOK).items()); n != 40 {
			t.Errorf("the project has %d notes", n)
		}
	})

	t.Run("the same bytes are one note", func(t *testing.T) {
		w.in(t)
		r := send(t, object{"kind": "document"}, text("a.txt", "The same words."), text("b.txt", "The same words."), text("c.txt", "Other words.")).want(http.StatusOK)
		first := r.text("items", 0, "noteId")
		if r.text("items", 1, "status") != "duplicate" || r.text("items", 1, "noteId") != first || r.text("items", 2, "status") != "created" {
			t.Errorf("= %s", r.raw)
		}
		j.unchanged(func() {
			if r := send(t, object{"kind": "document"}, text("d.txt", "The same words.")).want(http.StatusOK); r.text("items", 0, "noteId") != first {
				t.Errorf("= %s", r.raw)
			}
		})
	})

	t.Run("somebody else's draft isn't given away", func(t *testing.T) {
		w.in(t)
		form, header := aForm(t, object{"kind": "fieldNote", "draft": true}, text("mine.txt", "For my eyes only."))
		j.As("bo").post(j.path+"/imports", form, header).want(http.StatusOK)
		if r := send(t, object{"kind": "fieldNote"}, text("yours.txt", "For my eyes only.")).want(http.StatusOK); r.text("items", 0, "status") != "created" {
			t.Errorf("= %s", r.raw)
		}
	})

	t.Run("encodings", func(t *testing.T) {
		w.in(t)
		const danish = "Åse så røde æbler på øen, og så gik hun hjem til sin mor i byen."
		r := send(t, object{"kind": "fieldNote"},
			text("plain.txt", "1 "+danish),
			text("bom.txt", "\ufeff2 "+danish),
			file{"utf-16.txt", utf16("3 " + danish)},
			file{"windows.txt", []byte("4 \xc5se s\xe5 r\xf8de \xe6bler p\xe5 \xf8en, og s\xe5 gik hun hjem til sin mor i byen.")},
			text("lines.txt", "5 one\r\ntwo\rthree\u00ad"),
		).want(http.StatusOK)
		for i, want := range []string{"1 " + danish, "2 " + danish, "3 " + danish, "4 " + danish, "5 one\ntwo\nthree"} {
			if got := words(t, r.text("items", i, "noteId")); got != want {
				t.Errorf("%s reads %q", r.text("items", i, "file"), got)
			}
		}
	})

	t.Run("metadata is for all files, for one, or in the file", func(t *testing.T) {
		w.in(t)
		markdown := "---\ntitle: From the file\ndate: 2024-02-03\nlanguage: da\n---\n# A heading\n\nSome *words* from the file.\n"
		files := []file{text("first.txt", "Words of the first."), text("second.md", markdown), text("third.md", strings.ReplaceAll(markdown, "file", "third"))}
		metadata := object{"kind": "interview", "siteId": site, "observedOn": "2025-01-01", "files": object{
			"second.md": object{"kind": "document", "phase": "before"},
			"third.md":  object{"title": "Given by hand"},
		}}
		for name, form := range map[string][2]any{"first": {metadata, nil}, "last": {nil, metadata}} {
			t.Run("which comes "+name, func(t *testing.T) {
				w.in(t)
				project := j.Project("For metadata " + name)
				here := project.post(project.path+"/sites", object{"name": "Here"}).want(http.StatusCreated).id()
				metadata["siteId"] = here
				body, header := formOf(t, form[0], form[1], files...)
				r := project.post(project.path+"/imports", body, header).want(http.StatusOK)
				for i, want := range []object{
					{"title": "first", "kind": "interview", "observedOn": "2025-01-01", "language": "", "phase": "", "siteId": here},
					{"title": "From the file", "kind": "document", "observedOn": "2025-01-01", "language": "da", "phase": "before", "siteId": here},
					{"title": "Given by hand", "kind": "interview", "observedOn": "2025-01-01", "language": "da", "phase": "", "siteId": here},
				} {
					note := project.get(project.path + "/notes/" + r.text("items", i, "noteId")).want(http.StatusOK)
					for field, value := range want {
						if got := note.value(field); got != value {
							t.Errorf("%s of %s = %v, want %v", field, files[i].name, got, value)
						}
					}
				}
			})
		}
	})

	t.Run("metadata that is wrong for one file refuses that file", func(t *testing.T) {
		w.in(t)
		r := send(t, object{"kind": "fieldNote", "files": object{"x.txt": object{"kind": "poem"}, "y.txt": object{"siteId": string(models.NewID())}}},
			text("x.txt", "Words x."), text("y.txt", "Words y."), text("z.txt", "Words z.")).want(http.StatusOK)
		for i, want := range []string{"kind_unknown", "site_unknown", ""} {
			if got := r.text("items", i, "problem", "code"); got != want {
				t.Errorf("file %d = %q, want %q", i, got, want)
			}
		}
	})

	t.Run("a form that is wrong as a whole changes nothing", func(t *testing.T) {
		w.in(t)
		good := text("good.txt", "Words that must not come in.")
		refused := func(status int, code string, form []byte, header option) {
			t.Helper()
			j.unchanged(func() { j.post(j.path+"/imports", form, header).refused(status, code) })
		}
		refused(http.StatusUnsupportedMediaType, "body_not_multipart", []byte(`{}`), rawJSON)
		refused(http.StatusUnsupportedMediaType, "body_not_multipart", []byte(`x`), with("Content-Type", "multipart/form-data"))
		form, header := aForm(t, object{"kind": "fieldNote"})
		refused(http.StatusUnprocessableEntity, "files_missing", form, header)
		form, header = aForm(t, object{"kind": "fieldNote"}, good)
		refused(http.StatusBadRequest, "form_malformed", form[:len(form)-20], header)
		for _, metadata := range []any{object{"sight": site}, object{"files": object{"good.txt": object{"colour": 1}}}} {
			form, header = formOf(t, nil, metadata, good)
			refused(http.StatusUnprocessableEntity, "field_unknown", form, header)
		}
		form, header = aForm(t, object{"kind": 1}, good)
		refused(http.StatusUnprocessableEntity, "field_type", form, header)
		form, header = aForm(t, object{"files": object{"god.txt": object{}}}, good)
		refused(http.StatusUnprocessableEntity, "file_unknown", form, header)
		form, header = formOf(t, object{"kind": "fieldNote"}, object{"kind": "fieldNote"}, good)
		refused(http.StatusUnprocessableEntity, "part_unknown", form, header)
		form, header = aForm(t, object{"phase": strings.Repeat("x", 1<<20)}, good)
		refused(http.StatusRequestEntityTooLarge, "metadata_too_large", form, header)
		form, header = aForm(t, nil, bytes501()...)
		refused(http.StatusUnprocessableEntity, "files_too_many", form, header)
	})

	t.Run("a name that is a path, or worse, becomes a plain one", func(t *testing.T) {
		w.in(t)
		r := send(t, object{"kind": "fieldNote"}, text(`..\..\etc/pass\wd.txt`, "Words of a path.")).want(http.StatusOK)
		if got := r.text("items", 0, "file"); got != "wd.txt" {
			t.Errorf("= %q", got)
		}
	})
}

func bytes501() []file {
	files := make([]file, 501)
	for i := range files {
		files[i] = text(fmt.Sprintf("%d.txt", i), strconv.Itoa(i))
	}
	return files
}

// letters is a file of many letters that is nowhere whole.
type letters struct{ left int64 }

func (l *letters) Read(b []byte) (int, error) {
	if l.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), l.left)
	for i := range b[:n] {
		b[i] = 'x'
	}
	l.left -= n
	return int(n), nil
}

func TestAFileOverTheLimitIsRefusedAlone(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	w := newWorld(t, func(_ *auth.Options, o *api.Options) { o.TempDir = temp })
	j := w.User("lea").Project("Havnsø")
	out, in := io.Pipe()
	m := multipart.NewWriter(in)
	go func() {
		part, err := m.CreateFormFile("files", "huge.txt")
		if err == nil {
			_, err = io.Copy(part, &letters{models.MaxUploadBytes + 1})
		}
		if err == nil {
			part, err = m.CreateFormFile("files", "small.txt")
		}
		if err == nil {
			_, err = part.Write([]byte("A few words."))
		}
		if err == nil {
			part, err = m.CreateFormField("metadata")
		}
		if err == nil {
			_, err = part.Write([]byte(`{"kind":"fieldNote"}`))
		}
		if err == nil {
			err = m.Close()
		}
		in.CloseWithError(err)
	}()
	r := j.post(j.path+"/imports", out, with("Content-Type", m.FormDataContentType())).want(http.StatusOK)
	if r.text("items", 0, "problem", "code") != "file_too_large" || r.number("items", 0, "problem", "status") != http.StatusRequestEntityTooLarge ||
		r.text("items", 1, "status") != "created" {
		t.Errorf("= %s", r.raw)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("the upload left %v behind", left)
	}
}

func TestFiles(t *testing.T) {
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("bo", models.RoleReader)
	original := []byte("\xc5se s\xe5 r\xf8de \xe6bler p\xe5 \xf8en,\r\nog s\xe5 gik hun hjem til sin mor i byen.\r\n")
	form, header := aForm(t, object{"kind": "fieldNote"}, file{`Æbler "røde".txt`, original})
	note := j.post(j.path+"/imports", form, header).want(http.StatusOK).text("items", 0, "noteId")
	at := j.path + "/notes/" + note
	fetch := func(p *person, url string) *reply { return p.get(url) }

	t.Run("an original comes back byte for byte, as an attachment", func(t *testing.T) {
		w.in(t)
		signed := j.As("bo").get(at + "/file").want(http.StatusOK)
		if signed.text("expiresAt") == "" {
			t.Errorf("= %s", signed.raw)
		}
		r := fetch(w.Stranger(), signed.text("url")).want(http.StatusOK)
		if !bytes.Equal(r.raw, original) {
			t.Errorf("= %q", r.raw)
		}
		for name, want := range map[string]string{
			"Content-Disposition":    `attachment; filename="_bler _r_de_.txt"; filename*=UTF-8''%C3%86bler%20%22r%C3%B8de%22.txt`,
			"Content-Type":           "text/plain; charset=windows-1252",
			"X-Content-Type-Options": "nosniff",
			"Cache-Control":          "no-store",
			"Content-Length":         strconv.Itoa(len(original)),
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s = %s, want %s", name, got, want)
			}
		}
	})

	t.Run("a typed note has no original", func(t *testing.T) {
		w.in(t)
		j.get(j.Note("Typed.").at+"/file").refused(http.StatusNotFound, "file_not_found")
	})

	t.Run("an address is for its file, its user and its session alone", func(t *testing.T) {
		w.in(t)
		url := j.As("bo").get(at + "/file").want(http.StatusOK).text("url")
		stranger := w.Stranger()
		fetch(stranger, url+"x").refused(http.StatusUnauthorized, "file_token_invalid")
		fetch(stranger, "/api/v1/files/x").refused(http.StatusUnauthorized, "file_token_invalid")
		elsewhere := strings.Replace(url, j.id, string(models.NewID()), 1)
		fetch(stranger, elsewhere).refused(http.StatusNotFound, "project_not_found")

		fetch(stranger, url).want(http.StatusOK)
		j.As("bo").post("/auth/sign-out", nil).want(http.StatusNoContent)
		fetch(stranger, url).refused(http.StatusUnauthorized, "session_ended")
	})

	t.Run("an address closes with the membership and with the note", func(t *testing.T) {
		w.in(t)
		ida := j.Member("ida", models.RoleCoder).As("ida")
		url := ida.get(at + "/file").want(http.StatusOK).text("url")
		mine := j.get(at + "/file").want(http.StatusOK).text("url")
		j.delete(j.path + "/members/" + ida.person.id).want(http.StatusNoContent)
		fetch(w.Stranger(), url).refused(http.StatusNotFound, "project_not_found")
		j.delete(at).want(http.StatusNoContent)
		fetch(w.Stranger(), mine).refused(http.StatusNotFound, "note_not_found")
		j.delete(j.path + "/bin/note/" + note).want(http.StatusNoContent)
		fetch(w.Stranger(), mine).refused(http.StatusNotFound, "note_not_found")
	})
}

// TestNothingIsTakenInOfWhoMayNot sends no form at all: who may not import hears of that first, since nothing
// they send is read.
func TestNothingIsTakenInOfWhoMayNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.User("lea").Project("Havnsø").Member("per", models.RoleReader)
	path := j.path + "/imports"
	noForm := with("Content-Type", "multipart/form-data; boundary=x")
	j.As("per").post(path, []byte("no form"), noForm).refused(http.StatusForbidden, "role_insufficient")
	w.User("mia").post(path, []byte("no form"), noForm).refused(http.StatusNotFound, "project_not_found")
	j.post(path, []byte("no form"), noForm).refused(http.StatusUnprocessableEntity, "files_missing")
}
