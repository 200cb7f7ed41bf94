package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// GET /projects/:project/notes lists notes, the newest observation first unless asked otherwise.
func (s *server) listNotes(c *gin.Context) error {
	q := parameters(c, "site", "kind", "participant", "phase", "language", "from", "to", "attribute", "drafts", "toTranscribe", "order", "limit", "cursor")
	filter := coding.NoteFilter{
		SiteID: q.id("site"), Kind: models.NoteKind(q.one("kind")), ParticipantID: q.id("participant"), Phase: q.one("phase"),
		Language: q.one("language"), From: q.date("from"), To: q.date("to"), Attributes: q.some("attribute"), Drafts: q.flag("drafts"), ToTranscribe: q.flag("toTranscribe"), Order: q.one("order"),
	}
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	notes, err := s.coding.Notes(c.Request.Context(), actor(c), space(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, notes)
}

// GET /projects/:project/notes/progress tells how far each note is coded, by their ids.
func (s *server) listProgress(c *gin.Context) error {
	q := parameters(c, "note", "limit", "cursor")
	only := q.ids("note")
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	progress, err := s.coding.Progress(c.Request.Context(), actor(c), space(c), only, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, progress)
}

// POST /projects/:project/notes adds a note with its text, plain or in Markdown.
func (s *server) createNote(c *gin.Context) error {
	in, err := decode[struct {
		ID models.ID `json:"id"`
		coding.NoteFields
		Text   string `json:"text"`
		Format string `json:"format"`
	}](c)
	if err != nil {
		return err
	}
	content, meta, err := exchange.Typed(in.Format, in.Text)
	if err != nil {
		return err
	}
	fill(&in.NoteFields, meta)
	note, err := s.coding.CreateNote(c.Request.Context(), actor(c), space(c), coding.NewNote{ID: in.ID, NoteFields: in.NoteFields, Content: content})
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, note)
}

// fill takes from what a text says of itself the fields that were not given.
func fill(f *coding.NoteFields, m exchange.Meta) {
	if f.Title == nil && m.Title != "" {
		f.Title = &m.Title
	}
	if f.ObservedOn == nil && m.ObservedOn != "" {
		f.ObservedOn = &m.ObservedOn
	}
	if f.Language == nil && m.Language != "" {
		f.Language = &m.Language
	}
}

// GET /projects/:project/notes/:note gives a note without its text.
func (s *server) showNote(c *gin.Context) error {
	return showRecord(c, "note", s.coding.Note)
}

// PATCH /projects/:project/notes/:note changes a note's fields.
func (s *server) changeNote(c *gin.Context) error {
	return changeRecord(c, "note", s.coding.ChangeNote)
}

// DELETE /projects/:project/notes/:note puts a note into the bin.
func (s *server) deleteNote(c *gin.Context) error {
	return deleteRecord(c, "note", s.bin(models.NounNote))
}

// GET /projects/:project/notes/:note/text gives a note's words, blocks and marks; with ?version= as
// an earlier version had them.
func (s *server) showText(c *gin.Context) error {
	q := parameters(c, "version")
	version := q.number("version")
	if err := q.done(); err != nil {
		return err
	}
	text, err := s.coding.NoteText(c.Request.Context(), actor(c), space(c), id(c, "note"), version)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, text)
}

// GET /projects/:project/notes/:note/text/source gives a note's text as it is written for an edit.
func (s *server) showSource(c *gin.Context) error {
	text, err := s.coding.NoteText(c.Request.Context(), actor(c), space(c), id(c, "note"), 0)
	if err != nil {
		return err
	}
	content := models.Content{Text: text.Text, Blocks: text.Blocks, Marks: text.Marks}
	out := textSource{TextVersion: text.Version, Format: exchange.FormatOf(content), Text: text.Text}
	if out.Format == exchange.FormatMarkdown {
		out.Text = exchange.WriteMarkdown(content)
	}
	return answer(c, http.StatusOK, out)
}

// textSource is a text with its structure written into it.
type textSource struct {
	TextVersion int    `json:"textVersion"`
	Format      string `json:"format"`
	Text        string `json:"text"`
}

// PUT /projects/:project/notes/:note/text makes a new version of a note's text. Its codings move with
// their words. If-Match is the version of the note.
func (s *server) editText(c *gin.Context) error {
	version, content, err := s.textEdit(c)
	if err != nil {
		return err
	}
	note, err := s.coding.EditText(c.Request.Context(), actor(c), space(c), id(c, "note"), version, content)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, note)
}

// POST /projects/:project/notes/:note/text/preview tells what an edit would do to the codings, and
// writes nothing.
func (s *server) previewText(c *gin.Context) error {
	version, content, err := s.textEdit(c)
	if err != nil {
		return err
	}
	preview, err := s.coding.PreviewText(c.Request.Context(), actor(c), space(c), id(c, "note"), version, content)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, preview)
}

// textEdit reads an edit of a text, or which earlier version is to be written again, and which version
// of the note was seen.
func (s *server) textEdit(c *gin.Context) (int, models.Content, error) {
	version, err := mustSee(c)
	if err != nil {
		return 0, models.Content{}, err
	}
	in, err := decode[struct {
		Text        *string `json:"text"`
		Format      string  `json:"format"`
		TextVersion int     `json:"textVersion"`
	}](c)
	switch {
	case err != nil:
		return 0, models.Content{}, err
	case in.TextVersion != 0 && (in.Text != nil || in.Format != ""):
		return 0, models.Content{}, models.Invalid("text_twice", "Send a text, or the version of an earlier one, but not both.", models.Field{Pointer: "/textVersion", Problem: "beside a text"})
	case in.TextVersion < 0:
		return 0, models.Content{}, models.Invalid("text_version_unknown", "There is no such version of this text.", models.Field{Pointer: "/textVersion", Problem: "unknown"})
	case in.TextVersion > 0:
		content, err := s.coding.NoteContent(c.Request.Context(), actor(c), space(c), id(c, "note"), in.TextVersion)
		return version, content, err
	}
	if in.Text == nil {
		return 0, models.Content{}, models.Invalid("text_missing", "Send a text, or the version of an earlier one.", models.Field{Pointer: "/text", Problem: "missing"})
	}
	content, _, err := exchange.Typed(in.Format, *in.Text)
	return version, content, err
}

// textVersion is one version of a text in the list of all.
type textVersion struct {
	TextVersion int       `json:"textVersion"`
	Length      int       `json:"length"`
	Words       int       `json:"words"`
	AuthorID    models.ID `json:"authorId"`
	CreatedAt   time.Time `json:"createdAt"`
}

// GET /projects/:project/notes/:note/versions lists the versions of a note's text, newest first.
func (s *server) listVersions(c *gin.Context) error {
	texts, err := s.coding.NoteVersions(c.Request.Context(), actor(c), space(c), id(c, "note"))
	if err != nil {
		return err
	}
	versions := make([]textVersion, len(texts))
	for i, t := range texts {
		versions[i] = textVersion{t.Version, t.Length, t.Words, t.AuthorID, t.CreatedAt}
	}
	return answerAll(c, http.StatusOK, versions)
}

// GET /projects/:project/notes/:note/compare tells how the text ?to= differs from the text ?from=, word by word.
func (s *server) compareText(c *gin.Context) error {
	q := parameters(c, "from", "to")
	from, to := q.number("from"), q.number("to")
	if from == 0 || to == 0 {
		q.fault("parameter_malformed", "from", "Say which two versions of the text are to be compared.")
	}
	if err := q.done(); err != nil {
		return err
	}
	compared, err := s.coding.CompareText(c.Request.Context(), actor(c), space(c), id(c, "note"), from, to)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, compared)
}

// GET /projects/:project/notes/:note/codings lists the codings of a note in the order of its words.
func (s *server) listNoteCodings(c *gin.Context) error {
	q := parameters(c, "layer", "limit", "cursor")
	layer, page := q.layer(), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	codings, err := s.coding.NoteCodings(c.Request.Context(), actor(c), space(c), id(c, "note"), layer, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, codings)
}
