package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// feedbackRoutes are the operations by which instructors follow and judge work, and by which a class sees
// what it found.
func feedbackRoutes() []Route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

		x = v1 + "/exercises/:exercise"
		w = v1 + "/submissions/:submission"
	)
	type s = server
	return []Route{
		{get, x + "/board", models.CourseReadWork, (*s).showBoard, nothing},
		{get, classStreamRoute, models.CourseRead, (*s).followClass, endless},
		{get, courseStreamRoute, models.CourseRead, (*s).followCourse, endless},
		{post, x + "/return", models.CourseReturn, (*s).returnAll, record},
		{get, x + "/class", models.CourseReadWork, (*s).listClassAnswers, nothing},
		{get, x + "/map", models.CourseReadWork, (*s).showClassMap, nothing},
		{get, w + "/feedback", models.CourseReadWork, (*s).showFeedback, nothing},
		{put, w + "/feedback", models.CourseFeedback, (*s).saveFeedback, record},
		{post, w + "/feedback/remarks", models.CourseFeedback, (*s).createRemark, record},
		{patch, w + "/feedback/remarks/:remark", models.CourseFeedback, (*s).changeRemark, record},
		{del, w + "/feedback/remarks/:remark", models.CourseFeedback, (*s).deleteRemark, nothing},
		{post, w + "/return", models.CourseReturn, (*s).returnSubmission, nothing},
	}
}

// GET /submissions/:submission/feedback gives what instructors say of a submission.
func (s *server) showFeedback(c *gin.Context) error {
	f, err := s.teaching.Feedback(c.Request.Context(), actor(c), id(c, "submission"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, f)
}

// PUT /submissions/:submission/feedback writes the mark and the comment.
func (s *server) saveFeedback(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	in, err := decode[teaching.FeedbackWords](c)
	if err != nil {
		return err
	}
	f, err := s.teaching.SaveFeedback(c.Request.Context(), actor(c), id(c, "submission"), version, in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, f)
}

// POST /submissions/:submission/feedback/remarks remarks on an answer, or on words of it.
func (s *server) createRemark(c *gin.Context) error {
	in, err := decode[teaching.NewRemark](c)
	if err != nil {
		return err
	}
	f, err := s.teaching.CreateRemark(c.Request.Context(), actor(c), id(c, "submission"), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, f)
}

// PATCH /submissions/:submission/feedback/remarks/:remark writes a remark anew.
func (s *server) changeRemark(c *gin.Context) error {
	in, err := decode[struct {
		Text string `json:"text"`
	}](c)
	if err != nil {
		return err
	}
	f, err := s.teaching.ChangeRemark(c.Request.Context(), actor(c), id(c, "submission"), id(c, "remark"), in.Text)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, f)
}

// DELETE /submissions/:submission/feedback/remarks/:remark takes a remark away.
func (s *server) deleteRemark(c *gin.Context) error {
	f, err := s.teaching.DeleteRemark(c.Request.Context(), actor(c), id(c, "submission"), id(c, "remark"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, f)
}

// POST /submissions/:submission/return returns a submission with its feedback.
func (s *server) returnSubmission(c *gin.Context) error {
	returned, err := s.teaching.ReturnSubmission(c.Request.Context(), actor(c), id(c, "submission"))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, returned)
}

// POST /exercises/:exercise/return returns all that is submitted, or what is named of it.
func (s *server) returnAll(c *gin.Context) error {
	in, err := decode[struct {
		SubmissionIDs []models.ID `json:"submissionIds"`
	}](c)
	if err != nil {
		return err
	}
	n, err := s.teaching.ReturnSubmissions(c.Request.Context(), actor(c), id(c, "exercise"), in.SubmissionIDs)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, struct {
		Returned int `json:"returned"`
	}{n})
}
