package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"feltbog/models"
)

// list is how every list is answered. Next is the cursor of the following page, null on the last.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// answer sends a value as JSON.
func answer(c *gin.Context, status int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	c.Data(status, "application/json", b.Bytes())
	return nil
}

// answerRecord sends a record with its version as ETag, for the next If-Match.
func answerRecord(c *gin.Context, status int, r models.Record) error {
	tag(c, r.Meta().Version)
	return answer(c, status, r)
}

// tag sets the ETag of a version.
func tag(c *gin.Context, version int) {
	c.Header("ETag", strconv.Quote(strconv.Itoa(version)))
}

// answerAll sends a list that is always whole.
func answerAll[T any](c *gin.Context, status int, items []T) error {
	if items == nil {
		items = []T{}
	}
	return answer(c, status, list[T]{Items: items})
}

// answerPage sends one page of a list, with the next page's cursor sealed for this user and this query.
func answerPage[T any](s *server, c *gin.Context, page models.List[T]) error {
	next, err := s.sealCursor(c, page.Next)
	if err != nil {
		return err
	}
	out := list[T]{Items: page.Items, Next: next}
	if out.Items == nil {
		out.Items = []T{}
	}
	return answer(c, http.StatusOK, out)
}

// answerNothing sends 204, after what leaves nothing to tell.
func answerNothing(c *gin.Context) error {
	c.Status(http.StatusNoContent)
	return nil
}
