package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/coding"
)

// inboxPage is a page of an inbox, with how many items in all of it are unread.
type inboxPage struct {
	list[coding.InboxItem]
	Unread int `json:"unread"`
}

// GET /me/inbox lists what concerns one in all projects, the newest first; with ?unread=true only what
// one hasn't read.
func (s *server) showInbox(c *gin.Context) error {
	q := parameters(c, "unread", "limit", "cursor")
	unread, page := q.flag("unread"), s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	ctx := c.Request.Context()
	items, err := s.coding.Inbox(ctx, actor(c), unread, page)
	if err != nil {
		return err
	}
	next, err := s.sealCursor(c, items.Next)
	if err != nil {
		return err
	}
	out := inboxPage{list: list[coding.InboxItem]{Items: items.Items, Next: next}}
	if out.Unread, err = s.coding.CountUnread(ctx, actor(c)); err != nil {
		return err
	}
	return answer(c, http.StatusOK, out)
}

// POST /me/inbox/read marks items of one's inbox as read, or as unread again.
func (s *server) readInbox(c *gin.Context) error {
	in, err := decode[coding.InboxReading](c)
	if err != nil {
		return err
	}
	if err := s.coding.ReadInbox(c.Request.Context(), actor(c), in); err != nil {
		return err
	}
	return answerNothing(c)
}
