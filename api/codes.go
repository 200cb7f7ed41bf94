package api

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
	"feltbog/exchange"
	"feltbog/models"
)

// GET /projects/:project/codes gives the whole codebook in its order.
func (s *server) listCodes(c *gin.Context) error {
	codes, err := s.coding.Codes(c.Request.Context(), actor(c), space(c))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, codes)
}

// POST /projects/:project/codes adds a code.
func (s *server) createCode(c *gin.Context) error {
	in, err := decode[struct {
		ID models.ID `json:"id"`
		coding.CodeFields
	}](c)
	if err != nil {
		return err
	}
	code, err := s.coding.CreateCode(c.Request.Context(), actor(c), space(c), in.ID, in.CodeFields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, code)
}

// inVivo is a code named by words of a note, and the coding that puts it on them.
type inVivo struct {
	Code   *models.Code   `json:"code"`
	Coding *models.Coding `json:"coding"`
}

// POST /projects/:project/codes/in-vivo makes a code named by the selected words and puts it on them.
func (s *server) createInVivoCode(c *gin.Context) error {
	in, err := decode[struct {
		coding.NewCoding
		ParentID models.ID `json:"parentId"`
	}](c)
	if err != nil {
		return err
	}
	code, put, err := s.coding.CreateInVivoCode(c.Request.Context(), actor(c), space(c), in.NewCoding, in.ParentID)
	if err != nil {
		return err
	}
	return answer(c, http.StatusCreated, inVivo{code, put})
}

// GET /projects/:project/codes/:code gives a code.
func (s *server) showCode(c *gin.Context) error {
	return showRecord(c, "code", s.coding.Code)
}

// PATCH /projects/:project/codes/:code changes a code, moves it, or archives it.
func (s *server) changeCode(c *gin.Context) error {
	return changeRecord(c, "code", s.coding.ChangeCode)
}

// DELETE /projects/:project/codes/:code puts a code that nothing uses into the bin.
func (s *server) deleteCode(c *gin.Context) error {
	return deleteRecord(c, "code", s.coding.DeleteCode)
}

// POST /projects/:project/codes/:code/merge merges a code into another, with all its codings.
func (s *server) mergeCode(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decode[struct {
		Into models.ID `json:"into"`
	}](c)
	if err != nil {
		return err
	}
	code, err := s.coding.MergeCode(c.Request.Context(), actor(c), space(c), id(c, "code"), in.Into, version)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, code)
}

// POST /projects/:project/codes/:code/merge/preview counts what a merge would move.
func (s *server) previewMerge(c *gin.Context) error {
	in, err := decode[struct {
		Into models.ID `json:"into"`
	}](c)
	if err != nil {
		return err
	}
	preview, err := s.coding.PreviewMerge(c.Request.Context(), actor(c), space(c), id(c, "code"), in.Into)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, preview)
}

// POST /projects/:project/codes/:code/split makes codes beneath a code and moves chosen codings to them.
func (s *server) splitCode(c *gin.Context) error {
	in, err := decode[struct {
		Into []coding.SplitPart `json:"into"`
	}](c)
	if err != nil {
		return err
	}
	codes, err := s.coding.SplitCode(c.Request.Context(), actor(c), space(c), id(c, "code"), in.Into)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusCreated, codes)
}

// POST /projects/:project/codes/import adds codes from a table (text/csv, or a form with one file),
// from another project or from a built-in codebook, all or none; with ?missing=true those alone that
// the codebook lacks. It answers the whole codebook.
func (s *server) importCodes(c *gin.Context) error {
	q := parameters(c, "missing")
	add := s.coding.ImportCodes
	if q.flag("missing") {
		add = s.coding.ImportMissingCodes
	}
	if err := q.done(); err != nil {
		return err
	}
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	codes, err := add(c.Request.Context(), actor(c), space(c), entries)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusCreated, codes)
}

// POST /projects/:project/codes/import/preview says what the same import would add.
func (s *server) previewImport(c *gin.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	preview, err := s.coding.PreviewImport(c.Request.Context(), actor(c), space(c), entries)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, preview)
}

// entries reads the codes that a request brings: in a table, or by naming where they are.
func (s *server) entries(c *gin.Context) ([]models.CodeEntry, error) {
	switch t, parameters := mediaType(c); t {
	case "text/csv":
		return exchange.ReadCodebookCSV(bodyOf(c))
	case "multipart/form-data":
		file, err := onlyFile(bodyOf(c), parameters["boundary"])
		if err != nil {
			return nil, err
		}
		return exchange.ReadCodebookCSV(file)
	}
	if err := checkJSONType(c); err != nil {
		return nil, err
	}
	var in struct {
		FromProjectID models.ID `json:"fromProjectId"`
		Template      string    `json:"template"`
		Language      string    `json:"language"`
	}
	if err := unmarshal(bodyOf(c), &in); err != nil {
		return nil, err
	}
	if (in.FromProjectID == "") == (in.Template == "") {
		return nil, models.Invalid("source_missing", "Name what to import from: either a fromProjectId or a template.")
	}
	if in.FromProjectID != "" {
		return s.coding.PortableCodes(c.Request.Context(), actor(c), in.FromProjectID)
	}
	t, err := exchange.FindTemplate(in.Template)
	if err != nil {
		return nil, repoint(err, map[string]string{"/codebookTemplate": "/template"})
	}
	return t.Codes(in.Language), nil
}

// onlyFile gives the one file of a small form.
func onlyFile(form []byte, boundary string) ([]byte, error) {
	parts := multipart.NewReader(bytes.NewReader(form), boundary)
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, models.Malformed("form_malformed", "The form can't be read, or it has no file in it.").Because(err)
		}
		if part.FileName() == "" {
			continue
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, models.Malformed("form_malformed", "The form broke off before its end.").Because(err)
		}
		return data, nil
	}
}

// codebook is a codebook as one of its versions had it.
type codebook struct {
	Version int            `json:"version"`
	Codes   []*models.Code `json:"codes"`
}

// GET /projects/:project/codebook gives the codebook with its version; with ?version= as an earlier
// version had it.
func (s *server) showCodebook(c *gin.Context) error {
	q := parameters(c, "version")
	version := q.number("version")
	if err := q.done(); err != nil {
		return err
	}
	ctx, who := c.Request.Context(), actor(c)
	if version == 0 {
		project, err := s.coding.Project(ctx, who, space(c))
		if err != nil {
			return err
		}
		version = project.CodebookVersion
	}
	codes, err := s.coding.CodebookAt(ctx, who, space(c), version)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, codebook{version, codes})
}

// GET /projects/:project/codebook/usage counts the codings of each code on each site, in the open layer or ?layer=.
func (s *server) showUsage(c *gin.Context) error {
	q := parameters(c, "layer")
	layer := q.layer()
	if err := q.done(); err != nil {
		return err
	}
	usage, err := s.coding.CodebookUsage(c.Request.Context(), actor(c), space(c), layer)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, usage)
}
