package api

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// submissionRoutes are the operations on what students write and submit.
func submissionRoutes() []Route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

		x = v1 + "/exercises/:exercise/submissions"
		u = v1 + "/submissions/:submission"

		read, write = models.CourseReadWork, models.CourseAnswer
	)
	type s = server
	return []Route{
		{post, x, write, (*s).openSubmission, nothing},
		{get, x, read, (*s).listSubmissions, nothing},
		{get, u, read, (*s).showSubmission, nothing},
		{patch, u, write, (*s).changeSubmission, record},
		{put, u + "/answers/:prompt", write, (*s).saveAnswer, record},
		{post, u + "/answers/:prompt/evidence", write, (*s).addEvidence, record},
		{patch, u + "/evidence/:evidence", write, (*s).changeEvidence, record},
		{del, u + "/evidence/:evidence", write, (*s).removeEvidence, nothing},
		{post, u + "/submit", write, (*s).submit, record},
		{post, u + "/take-back", write, (*s).takeBack, nothing},
		{get, u + "/hand-ins/:number", read, (*s).showHandIn, nothing},
	}
}

// submission is the submission of the address.
func submission(c *gin.Context) models.ID { return id(c, "submission") }

// made is the status of what may have been there already.
func made(isNew bool) int {
	if isNew {
		return http.StatusCreated
	}
	return http.StatusOK
}

// POST /exercises/:exercise/submissions gives one's own submission or that of one's group, and makes it where there is none.
func (s *server) openSubmission(c *gin.Context) error {
	sub, isNew, err := s.teaching.OpenSubmission(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answerRecord(c, made(isNew), sub)
}

// GET /exercises/:exercise/submissions lists the submissions that one may read.
func (s *server) listSubmissions(c *gin.Context) error {
	all, err := s.teaching.Submissions(c.Request.Context(), actor(c), id(c, "exercise"))
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, all)
}

// GET /submissions/:submission gives a submission with its answers.
func (s *server) showSubmission(c *gin.Context) error {
	view, err := s.teaching.Submission(c.Request.Context(), actor(c), submission(c))
	if err != nil {
		return err
	}
	tag(c, view.Submission.Version)
	return answer(c, http.StatusOK, view)
}

// PATCH /submissions/:submission says which organisation a submission is about.
func (s *server) changeSubmission(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[teaching.SubmissionFields](c)
	if err != nil {
		return err
	}
	changed, err := s.teaching.ChangeSubmission(c.Request.Context(), actor(c), submission(c), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}

// PUT /submissions/:submission/answers/:prompt keeps what is written to a prompt.
func (s *server) saveAnswer(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decode[teaching.Writing](c)
	if err != nil {
		return err
	}
	saved, kept, err := s.teaching.SaveAnswer(c.Request.Context(), actor(c), submission(c), id(c, "prompt"), version, in)
	if err != nil {
		return err
	}
	tag(c, saved.Version)
	return answer(c, http.StatusOK, struct {
		Answer teaching.AnswerView `json:"answer"`
		Kept   teaching.Kept       `json:"kept"`
	}{saved, kept})
}

// POST /submissions/:submission/answers/:prompt/evidence adds a passage to an answer.
func (s *server) addEvidence(c *gin.Context) error {
	in, err := decode[teaching.NewEvidence](c)
	if err != nil {
		return err
	}
	evidence, isNew, err := s.teaching.AddEvidence(c.Request.Context(), actor(c), submission(c), id(c, "prompt"), in)
	if err != nil {
		return err
	}
	return answer(c, made(isNew), evidence)
}

// PATCH /submissions/:submission/evidence/:evidence changes what is said of a passage.
func (s *server) changeEvidence(c *gin.Context) error {
	fields, err := decode[teaching.EvidenceFields](c)
	if err != nil {
		return err
	}
	changed, err := s.teaching.ChangeEvidence(c.Request.Context(), actor(c), submission(c), id(c, "evidence"), fields)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, changed)
}

// DELETE /submissions/:submission/evidence/:evidence takes a passage off an answer.
func (s *server) removeEvidence(c *gin.Context) error {
	if err := s.teaching.RemoveEvidence(c.Request.Context(), actor(c), submission(c), id(c, "evidence")); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /submissions/:submission/submit freezes a submission and gives the receipt.
func (s *server) submit(c *gin.Context) error {
	in, err := decodeIfAny[struct {
		AsIs bool `json:"asIs"`
	}](c)
	if err != nil {
		return err
	}
	receipt, isNew, err := s.teaching.Submit(c.Request.Context(), actor(c), submission(c), in.AsIs)
	if err != nil {
		return err
	}
	return answer(c, made(isNew), receipt)
}

// POST /submissions/:submission/take-back makes a submission one to be written again.
func (s *server) takeBack(c *gin.Context) error {
	receipt, err := s.teaching.TakeBack(c.Request.Context(), actor(c), submission(c))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, receipt)
}

// GET /submissions/:submission/hand-ins/:number gives what was submitted.
func (s *server) showHandIn(c *gin.Context) error {
	number, err := strconv.ParseUint(c.Param("number"), 10, 31)
	if err != nil {
		return models.NotFound(models.NounHandIn)
	}
	handIn, err := s.teaching.HandIn(c.Request.Context(), actor(c), submission(c), int(number))
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, handIn)
}
