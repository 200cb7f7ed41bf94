package api

import (
	"cmp"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"feltbog/models"
	"feltbog/teaching"
)

// joinPath is where the pages take what the link of a course carries.
const joinPath = "/courses/join/"

// joining is how a course is joined, as people hand it on.
type joining struct {
	Code      string    `json:"code"`
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func (s *server) answerJoining(c *gin.Context, status int, j *models.CourseJoin) error {
	return answer(c, status, joining{teaching.ShowCode(j.Code), s.origin(c) + joinPath + j.Secret, j.ExpiresAt})
}

// GET /courses/:course/join gives the link and the code by which a course is joined.
func (s *server) showJoining(c *gin.Context) error {
	j, err := s.teaching.Joining(c.Request.Context(), actor(c), course(c))
	if err != nil {
		return err
	}
	return s.answerJoining(c, http.StatusOK, j)
}

// POST /courses/:course/join makes a new link and code.
func (s *server) openJoining(c *gin.Context) error {
	in, err := decodeIfAny[struct {
		Days int `json:"days"`
	}](c)
	if err != nil {
		return err
	}
	j, err := s.teaching.OpenJoining(c.Request.Context(), actor(c), course(c), in.Days)
	if err != nil {
		return err
	}
	return s.answerJoining(c, http.StatusCreated, j)
}

// DELETE /courses/:course/join lets nobody join any more.
func (s *server) closeJoining(c *gin.Context) error {
	if err := s.teaching.CloseJoining(c.Request.Context(), actor(c), course(c)); err != nil {
		return err
	}
	return answerNothing(c)
}

// courseKey reads the link's secret or the code of a request.
func courseKey(c *gin.Context) (string, error) {
	in, err := decode[struct {
		Secret string `json:"secret"`
		Code   string `json:"code"`
	}](c)
	return cmp.Or(in.Secret, in.Code), err
}

// POST /courses/look tells whoever has a link or a code what it leads to.
func (s *server) lookCourse(c *gin.Context) error {
	key, err := courseKey(c)
	if err != nil {
		return err
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	view, err := s.lookAt(c, viewer, key)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, view)
}

// lookAt counts keys that don't exist as failed sign-ins.
func (s *server) lookAt(c *gin.Context, viewer models.Actor, key string) (view teaching.DoorView, err error) {
	err = s.auth.Guarded(client(c), func() error {
		view, err = s.teaching.Look(c.Request.Context(), viewer, key)
		return err
	})
	return view, err
}

// POST /courses/join brings who is signed in into a course.
func (s *server) joinCourse(c *gin.Context) error {
	key, err := courseKey(c)
	if err != nil {
		return err
	}
	var joined models.ID
	err = s.auth.Guarded(client(c), func() error {
		joined, err = s.teaching.Join(c.Request.Context(), actor(c), key)
		return err
	})
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, gin.H{"courseId": joined})
}
