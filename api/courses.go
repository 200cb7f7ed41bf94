package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// courseRoutes are the operations on courses and who is in them.
func courseRoutes() []Route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

		c = v1 + "/courses/:course"

		read, manage, people = models.CourseRead, models.CourseManage, models.CoursePeople
	)
	type s = server
	return []Route{
		{get, v1 + "/courses", SignedIn, (*s).listCourses, nothing},
		{post, v1 + "/courses", SignedIn, (*s).createCourse, record},
		{post, v1 + "/courses/look", Anybody, (*s).lookCourse, record},
		{post, v1 + "/courses/join", SignedIn, (*s).joinCourse, record},
		{get, c, read, (*s).showCourse, nothing},
		{patch, c, manage, (*s).changeCourse, record},
		{del, c, manage, (*s).deleteCourse, nothing},
		{post, c + "/restore", manage, (*s).restoreCourse, nothing},
		{post, c + "/purge", manage, (*s).purgeCourse, nothing},
		{post, c + "/copy", manage, (*s).copyCourse, record},
		{post, c + "/leave", read, (*s).leaveCourse, nothing},
		{get, c + "/members", read, (*s).listCourseMembers, nothing},
		{post, c + "/members", people, (*s).addCourseMember, record},
		{post, c + "/members/claims", people, (*s).makeClaims, record},
		{patch, c + "/members/:member", read, (*s).changeCourseMember, record},
		{del, c + "/members/:member", people, (*s).removeCourseMember, nothing},
		{post, c + "/members/:member/erase", models.CourseErase, (*s).eraseCourseMember, nothing},
		{post, c + "/members/:member/restore", people, (*s).restoreCourseMember, nothing},
		{post, c + "/roster", people, (*s).enrol, table},
		{post, c + "/roster/confirm", people, (*s).confirmMembers, record},
		{get, c + "/join", people, (*s).showJoining, nothing},
		{post, c + "/join", people, (*s).openJoining, record},
		{del, c + "/join", people, (*s).closeJoining, nothing},
		{get, c + "/groups", read, (*s).listGroups, nothing},
		{post, c + "/groups", people, (*s).createGroup, record},
		{patch, c + "/groups/:group", people, (*s).renameGroup, record},
		{del, c + "/groups/:group", people, (*s).deleteGroup, nothing},
		{post, c + "/groups/:group/restore", people, (*s).restoreGroup, nothing},
		{put, c + "/groups/places", people, (*s).placeInGroups, record},
		{post, c + "/groups/:group/join", models.CourseAnswer, (*s).joinGroup, nothing},
		{post, c + "/groups/leave", models.CourseAnswer, (*s).leaveGroup, nothing},
		{post, c + "/groups/draw", people, (*s).drawGroups, record},
	}
}

// course is the course of the address.
func course(c *gin.Context) models.ID { return id(c, "course") }

// GET /courses lists one's courses.
func (s *server) listCourses(c *gin.Context) error {
	q := parameters(c, "bin")
	bin := q.flag("bin")
	if err := q.done(); err != nil {
		return err
	}
	courses, err := s.teaching.Courses(c.Request.Context(), actor(c), bin)
	if err != nil {
		return err
	}
	return answerAll(c, http.StatusOK, courses)
}

// POST /courses makes a course.
func (s *server) createCourse(c *gin.Context) error {
	in, err := decode[struct {
		ID          models.ID `json:"id"`
		Name        string    `json:"name"`
		Term        string    `json:"term"`
		Description string    `json:"description"`
		Language    string    `json:"language"`
	}](c)
	if err != nil {
		return err
	}
	made, err := s.teaching.CreateCourse(c.Request.Context(), actor(c), teaching.NewCourse{
		ID: in.ID, Name: in.Name, Term: in.Term, Description: in.Description, Language: in.Language,
	})
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, made)
}

// GET /courses/:course gives a course.
func (s *server) showCourse(c *gin.Context) error {
	found, err := s.teaching.Course(c.Request.Context(), actor(c), course(c))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, found)
}

// PATCH /courses/:course changes a course.
func (s *server) changeCourse(c *gin.Context) error {
	version, err := mustSee(c)
	if err != nil {
		return err
	}
	fields, err := decode[teaching.CourseFields](c)
	if err != nil {
		return err
	}
	changed, err := s.teaching.ChangeCourse(c.Request.Context(), actor(c), course(c), version, fields)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, changed)
}

// DELETE /courses/:course puts a course into the bin.
func (s *server) deleteCourse(c *gin.Context) error {
	version, err := seen(c)
	if err != nil {
		return err
	}
	if err := s.teaching.DeleteCourse(c.Request.Context(), actor(c), course(c), version); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/restore takes a course out of the bin.
func (s *server) restoreCourse(c *gin.Context) error {
	restored, err := s.teaching.RestoreCourse(c.Request.Context(), actor(c), course(c))
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, restored)
}

// POST /courses/:course/purge deletes a course in the bin for good.
func (s *server) purgeCourse(c *gin.Context) error {
	if err := s.teaching.PurgeCourse(c.Request.Context(), actor(c), course(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/leave takes oneself out of a course.
func (s *server) leaveCourse(c *gin.Context) error {
	if err := s.teaching.Leave(c.Request.Context(), actor(c), course(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// POST /courses/:course/copy makes a course with the exercises of another.
func (s *server) copyCourse(c *gin.Context) error {
	in, err := decode[teaching.CourseCopy](c)
	if err != nil {
		return err
	}
	made, err := s.teaching.CopyCourse(c.Request.Context(), actor(c), course(c), in)
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusCreated, made)
}
