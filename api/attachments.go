package api

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/exchange"
	"feltbog/models"
)

// POST /projects/:project/notes/:note/attachments keeps files beside a note: recordings, pictures, slides
// and whatever else can be uploaded. Larger ones go through uploads.
func (s *server) attach(c *gin.Context) error {
	spool, drop, err := newSpool(s.tempDir)
	if err != nil {
		return err
	}
	defer drop()
	form, err := receive(c, spool, attachments.limit)
	if err != nil {
		return err
	}
	if len(form.files) > 1 {
		return models.Invalid("files_too_many", "One file is attached at a time.")
	}
	f := &form.files[0]
	if f.problem != nil {
		return f.problem
	}
	data := make([]byte, f.size)
	if _, err := io.ReadFull(io.NewSectionReader(spool, f.from, f.size), data); err != nil {
		return diskFault(err)
	}
	format, err := exchange.Detect(f.name, data)
	if err != nil {
		return err
	}
	n, err := s.coding.Attach(c.Request.Context(), actor(c), space(c), id(c, "note"), f.name, exchange.MediaType(format, f.name, data), data)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, n)
}

// signedFile is an address that a browser can fetch a file from without headers.
type signedFile struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// GET /projects/:project/notes/:note/file gives an address for the original a note was read from.
func (s *server) signFile(c *gin.Context) error {
	n, err := s.coding.Note(c.Request.Context(), actor(c), space(c), id(c, "note"))
	if err != nil {
		return err
	}
	if n.File == nil {
		return errNoFile()
	}
	return s.sign(c, string(space(c)), n.ID, n.File.ID)
}

// GET /projects/:project/notes/:note/attachments/:file gives an address for a file attached to a note, or
// for the original of an earlier version.
func (s *server) signAttachment(c *gin.Context) error {
	n, err := s.coding.Note(c.Request.Context(), actor(c), space(c), id(c, "note"))
	if err != nil {
		return err
	}
	file := id(c, "file")
	if !slices.ContainsFunc(n.Files(), func(f models.File) bool { return f.ID == file }) {
		return errNoFile()
	}
	return s.sign(c, string(space(c)), n.ID, file)
}

// DELETE /projects/:project/notes/:note/attachments/:file takes an attached file from a note.
func (s *server) detach(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	n, err := s.coding.Detach(c.Request.Context(), actor(c), space(c), id(c, "note"), id(c, "file"), version)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, n)
}

// sign answers an address for one file of a note in a space. It is for this user, and as long as this session
// lasts.
func (s *server) sign(c *gin.Context, space string, note, file models.ID) error {
	ctx, who := c.Request.Context(), actor(c)
	expiresAt, err := s.auth.Lives(ctx, who)
	if err != nil {
		return err
	}
	token, err := s.auth.SignFile(who, note, file)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, signedFile{v1 + "/files/" + space + "." + token, expiresAt})
}

func errNoFile() error {
	return &models.Error{Kind: models.KindNotFound, Code: "file_not_found", Sentence: "This note has no such file."}
}

// GET /files/:token sends a file of a note, byte for byte or the range that is asked for, to whoever has
// its address. The session and the right to the note are asked again each time.
func (s *server) sendFile(c *gin.Context) error {
	space, token, _ := strings.Cut(c.Param("token"), ".")
	grant, err := s.auth.OpenFile(c.Request.Context(), token)
	if err != nil {
		return err
	}
	c.Set(actorKey, grant.Actor)
	open := s.coding.NoteFile
	if exercise, ok := strings.CutPrefix(space, inExercise); ok {
		open, space = s.teaching.OpenOwnFile, exercise
	}
	file, content, err := open(c.Request.Context(), grant.Actor, models.ID(space), grant.NoteID, grant.FileID)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // nothing was written
	h := c.Writer.Header()
	h.Set("Content-Type", contentType(file))
	h.Set("Content-Disposition", disposition(file))
	h.Set("ETag", `"`+file.SHA256+`"`)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, content)
	return nil
}

// shown are the types that a browser may play or show by itself: no other can do anything to a page.
var shown = []string{
	"audio/mpeg", "audio/mp4", "audio/wav", "audio/webm", "video/mp4", "video/webm",
	"image/png", "image/jpeg", "image/gif", "image/webp",
}

// disposition lets the browser show what is safe to show, and save all else.
func disposition(f *models.File) string {
	saved := attachment(f.Name)
	if slices.Contains(shown, f.MediaType) {
		return "inline" + strings.TrimPrefix(saved, "attachment")
	}
	return saved
}

func contentType(f *models.File) string {
	if strings.HasPrefix(f.MediaType, "text/") && f.Encoding != "" {
		return f.MediaType + "; charset=" + f.Encoding
	}
	return f.MediaType
}

// attachment writes a Content-Disposition (RFC 6266): the name in ASCII for old clients, and whole
// in UTF-8 (RFC 8187) for all others.
func attachment(name string) string {
	var plain, encoded strings.Builder
	for _, r := range name {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			r = '_'
		}
		plain.WriteRune(r)
	}
	const hex = "0123456789ABCDEF"
	for i := range len(name) {
		switch b := name[i]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', strings.IndexByte("!#$&+-.^_`|~", b) >= 0:
			encoded.WriteByte(b)
		default:
			encoded.Write([]byte{'%', hex[b>>4], hex[b&15]})
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + encoded.String()
}
