package api

import (
	"iter"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
	"feltbog/teaching"
)

// exercise is the exercise of the address.
func exercise(c *gin.Context) models.ID { return id(c, "exercise") }

// GET /exercises/:exercise/notes lists the notes that an exercise offers and one may know of; with ?submission=
// the own notes of one, with ?all=true also those that it no longer offers, with ?bin=true those that were removed.
func (s *server) listExerciseNotes(c *gin.Context) error {
	q := parameters(c, "submission", "all", "bin", "limit", "cursor")
	filter := teaching.NoteFilter{Submission: q.id("submission"), All: q.flag("all"), Bin: q.flag("bin")}
	page := s.pageOf(c, q, models.MaxPageSize, models.MaxPageSize)
	if err := q.done(); err != nil {
		return err
	}
	notes, err := s.teaching.Notes(c.Request.Context(), actor(c), exercise(c), filter, page)
	if err != nil {
		return err
	}
	return answerPage(s, c, notes)
}

// GET /exercises/:exercise/notes/:note/text gives a note's words, blocks and marks.
func (s *server) showExerciseText(c *gin.Context) error {
	text, err := s.teaching.NoteText(c.Request.Context(), actor(c), exercise(c), id(c, "note"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, text)
}

// inExercise begins what a signed address names the space of an exercise by, and not a project.
const inExercise = "x-"

// GET /exercises/:exercise/notes/:note/file gives an address for the file that an own note was read from.
func (s *server) signExerciseFile(c *gin.Context) error {
	file, err := s.teaching.OwnFile(c.Request.Context(), actor(c), exercise(c), id(c, "note"))
	if err != nil {
		return err
	}
	return s.sign(c, inExercise+string(exercise(c)), id(c, "note"), file)
}

// POST /exercises/:exercise/releases copies a note of a project into an exercise.
func (s *server) releaseNote(c *gin.Context) error {
	in, err := decode[struct {
		ProjectID models.ID `json:"projectId"`
		NoteID    models.ID `json:"noteId"`
	}](c)
	if err != nil {
		return err
	}
	note, made, err := s.teaching.Release(c.Request.Context(), actor(c), exercise(c), in.ProjectID, in.NoteID)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	return answer(c, status, note)
}

// DELETE /exercises/:exercise/releases/:note takes a released note out of an exercise for good.
func (s *server) takeRelease(c *gin.Context) error {
	if err := s.teaching.TakeRelease(c.Request.Context(), actor(c), exercise(c), id(c, "note")); err != nil {
		return err
	}
	return answerNothing(c)
}

// GET /projects/:project/notes/:note/releases lists the exercises that a note was released to.
func (s *server) listReleases(c *gin.Context) error {
	all, err := s.teaching.Releases(c.Request.Context(), actor(c), space(c), id(c, "note"))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// POST /exercises/:exercise/own-notes adds a note of one's own, plain or in Markdown.
func (s *server) bringNote(c *gin.Context) error {
	in, err := decode[struct {
		ID     models.ID `json:"id"`
		Title  *string   `json:"title"`
		Text   string    `json:"text"`
		Format string    `json:"format"`
	}](c)
	if err != nil {
		return err
	}
	content, meta, err := exchange.Typed(in.Format, in.Text)
	if err != nil {
		return err
	}
	kind := models.KindFieldNote
	fields := coding.NoteFields{Title: in.Title, Kind: &kind}
	fill(&fields, meta)
	note, err := s.teaching.BringNote(c.Request.Context(), actor(c), exercise(c), coding.NewNote{ID: in.ID, NoteFields: fields, Content: content})
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, note)
}

// POST /exercises/:exercise/own-notes/import makes own notes of files, each of which answers for itself, as
// the import of a project does. Who may not is told before the files are taken in.
func (s *server) importOwnNotes(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := s.teaching.MayBring(ctx, actor(c), exercise(c)); err != nil {
		return err
	}
	spool, drop, err := newSpool(s.tempDir)
	if err != nil {
		return err
	}
	defer drop()
	form, err := receive(c, spool, uploads.limit)
	if err != nil {
		return err
	}
	items := make([]imported, 0, len(form.files))
	next, stop := iter.Pull(form.uploads(ctx, s.files, s.tempDir, spool))
	defer stop()
	err = s.teaching.ImportNotes(ctx, actor(c), exercise(c), next, func(r coding.UploadResult) { items = append(items, answerOf(r)) })
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, items)
}

// DELETE /exercises/:exercise/own-notes/:note puts a note of one's own into the bin.
func (s *server) removeOwnNote(c *gin.Context) error {
	if err := s.teaching.RemoveOwnNote(c.Request.Context(), actor(c), exercise(c), id(c, "note")); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /exercises/:exercise/own-notes/:note/restore takes a note of one's own out of the bin.
func (s *server) restoreOwnNote(c *gin.Context) error {
	note, err := s.teaching.RestoreOwnNote(c.Request.Context(), actor(c), exercise(c), id(c, "note"))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, note)
}

// GET /exercises/:exercise/search finds passages in the notes of an exercise.
func (s *server) searchExercise(c *gin.Context) error {
	q := parameters(c, "q", "limit", "cursor")
	page := s.pageOf(c, q, coding.DefaultHits, coding.MaxHits)
	asked := coding.SearchRequest{Q: q.one("q"), Limit: page.Limit, Cursor: page.Cursor}
	if err := q.done(); err != nil {
		return err
	}
	hits, err := s.teaching.Search(c.Request.Context(), actor(c), exercise(c), asked)
	if err != nil {
		return err
	}
	next, err := s.sealCursor(c, hits.Next)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, found{hits.Items, hits.Total, counted(hits.Facets), next})
}

// GET /exercises/:exercise/codes gives the codebook of an exercise in its order.
func (s *server) listExerciseCodes(c *gin.Context) error {
	codes, err := s.teaching.Codes(c.Request.Context(), actor(c), exercise(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, codes)
}

// POST /exercises/:exercise/codes adds a code.
func (s *server) createExerciseCode(c *gin.Context) error {
	in, err := decode[struct {
		ID models.ID `json:"id"`
		coding.CodeFields
	}](c)
	if err != nil {
		return err
	}
	code, err := s.teaching.CreateCode(c.Request.Context(), actor(c), exercise(c), in.ID, in.CodeFields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, code)
}

// PATCH /exercises/:exercise/codes/:code changes a code, moves it, or archives it.
func (s *server) changeExerciseCode(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[coding.CodeFields](c)
	if err != nil {
		return err
	}
	code, err := s.teaching.ChangeCode(c.Request.Context(), actor(c), exercise(c), id(c, "code"), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, code)
}

// DELETE /exercises/:exercise/codes/:code puts a code into the bin that nothing is tied to.
func (s *server) deleteExerciseCode(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	if err := s.teaching.DeleteCode(c.Request.Context(), actor(c), exercise(c), id(c, "code"), version); err != nil {
		return err
	}
	return answerNothing(c)
}

// exerciseNoteRoutes are the operations on what lies in the space of an exercise.
func exerciseNoteRoutes() []Route {
	const (
		get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete

		x            = v1 + "/exercises/:exercise"
		read, manage = models.CourseRead, models.CourseExercises
	)
	type s = server
	return []Route{
		{get, x + "/codes", read, (*s).listExerciseCodes, nothing},
		{post, x + "/codes", manage, (*s).createExerciseCode, record},
		{patch, x + "/codes/:code", manage, (*s).changeExerciseCode, record},
		{del, x + "/codes/:code", manage, (*s).deleteExerciseCode, nothing},
		{get, x + "/notes", read, (*s).listExerciseNotes, nothing},
		{get, x + "/notes/:note/text", read, (*s).showExerciseText, nothing},
		{get, x + "/notes/:note/file", models.CourseReadWork, (*s).signExerciseFile, nothing},
		{post, x + "/releases", manage, (*s).releaseNote, record},
		{del, x + "/releases/:note", manage, (*s).takeRelease, nothing},
		{post, x + "/own-notes", models.CourseAnswer, (*s).bringNote, words},
		{post, x + "/own-notes/import", models.CourseAnswer, (*s).importOwnNotes, uploads},
		{del, x + "/own-notes/:note", models.CourseAnswer, (*s).removeOwnNote, nothing},
		{post, x + "/own-notes/:note/restore", models.CourseAnswer, (*s).restoreOwnNote, nothing},
		{get, x + "/search", read, (*s).searchExercise, nothing},
	}
}
