package api

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/coding"
	"feltbog/models"
)

// How it went with the letter of an invitation.
const (
	mailNone   = "none" // there is no address, or no mail server
	mailSent   = "sent"
	mailFailed = "failed"
)

// invited is an invitation in the one answer that has its link.
type invited struct {
	Invitation *models.Invitation `json:"invitation"`
	// Link is empty in the answer to a repeated request: it is kept nowhere.
	Link string `json:"link"`
	Mail string `json:"mail"`
	// Problem is the code of why the letter wasn't sent.
	Problem string `json:"problem,omitempty"`
}

// GET /projects/:project/invitations lists a project's invitations, the newest first.
func (s *server) listInvitations(c *gin.Context) error {
	q := parameters(c, "limit", "cursor")
	page := s.page(c, q)
	if err := q.done(); err != nil {
		return err
	}
	invitations, err := s.coding.Invitations(c.Request.Context(), actor(c), space(c), page)
	if err != nil {
		return err
	}
	return answerPage(s, c, invitations)
}

// POST /projects/:project/invitations makes a link, or one for each address, and sends those.
func (s *server) invite(c *gin.Context) error {
	in, err := decode[struct {
		Role      models.Role `json:"role"`
		MaxUses   *int        `json:"maxUses"`
		ExpiresAt time.Time   `json:"expiresAt"`
		Emails    []string    `json:"emails"`
		Message   string      `json:"message"`
	}](c)
	if err != nil {
		return err
	}
	message, err := cleanMessage(in.Message)
	if err != nil {
		return err
	}
	asked := coding.NewInvitations{Role: in.Role, MaxUses: 1, ExpiresAt: in.ExpiresAt, Emails: in.Emails}
	if in.MaxUses != nil {
		asked.MaxUses = *in.MaxUses
	}
	ctx := c.Request.Context()
	made, err := s.coding.Invite(ctx, actor(c), space(c), asked)
	if err != nil {
		return err
	}
	out := make([]invited, len(made))
	for i, m := range made {
		out[i] = invited{Invitation: m.Invitation, Mail: mailNone}
		if m.Secret != "" {
			out[i].Link = s.origin(c) + auth.InvitationPath + m.Secret
		}
	}
	if s.auth.SendsMail() && made[0].Secret != "" && len(in.Emails) > 0 {
		s.sendInvitations(c, out, message)
	}
	return answer(c, http.StatusCreated, gin.H{"items": out})
}

// sendInvitations sends the links and notes of each how it went. The invitations stand whatever happens, so
// nothing here is a failure of the request.
func (s *server) sendInvitations(c *gin.Context, out []invited, message string) {
	fail := func(i int, err error) {
		out[i].Mail, out[i].Problem = mailFailed, "mail_failed"
		if e, ok := errors.AsType[*models.Error](err); ok {
			out[i].Problem = e.Code
		}
		s.log.ErrorContext(c.Request.Context(), "an invitation could not be sent", slog.String("request_id", requestID(c)), slog.Any("error", err))
	}
	ctx := c.Request.Context()
	project, err := s.coding.Project(ctx, actor(c), space(c))
	var errs []error
	if err == nil {
		letters := make([]auth.InvitationLetter, len(out))
		for i, o := range out {
			letters[i] = auth.InvitationLetter{
				Email: o.Invitation.Email, Project: project.Name, Role: o.Invitation.Role, Link: o.Link,
				ExpiresAt: o.Invitation.ExpiresAt, Message: message,
			}
		}
		errs, err = s.auth.SendInvitations(ctx, actor(c), letters)
	}
	for i := range out {
		switch {
		case err != nil:
			fail(i, err)
		case errs[i] != nil:
			fail(i, errs[i])
		default:
			out[i].Mail = mailSent
		}
	}
}

// DELETE /projects/:project/invitations/:invitation makes an invitation useless.
func (s *server) withdrawInvitation(c *gin.Context) error {
	if err := s.coding.WithdrawInvitation(c.Request.Context(), actor(c), space(c), id(c, "invitation")); err != nil {
		return err
	}
	return answerNothing(c)
}

// secretOf reads the one field of a request that brings a link's secret.
func secretOf(c *gin.Context) (string, error) {
	in, err := decode[struct {
		Token string `json:"token"`
	}](c)
	return in.Token, err
}

// viewer is who looks at what a link leads to: somebody who is signed in, or nobody.
func (s *server) viewer(c *gin.Context) (models.Actor, error) {
	token := bearer(c)
	if token == "" {
		return models.Actor{}, nil
	}
	return s.auth.Authenticate(c.Request.Context(), token)
}

// POST /invitations/look tells whoever has a link what it is to. Who is signed in hears whether they are a
// member already.
func (s *server) lookInvitation(c *gin.Context) error {
	secret, err := secretOf(c)
	if err != nil {
		return err
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	view, err := s.look(c, viewer, secret)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, view)
}

// look counts secrets that don't exist as failed sign-ins.
func (s *server) look(c *gin.Context, viewer models.Actor, secret string) (view coding.InvitationView, err error) {
	err = s.auth.Guarded(client(c), func() error {
		view, err = s.coding.LookInvitation(c.Request.Context(), viewer, secret)
		return err
	})
	return view, err
}

// POST /invitations/accept makes who is signed in a member.
func (s *server) acceptInvitation(c *gin.Context) error {
	secret, err := secretOf(c)
	if err != nil {
		return err
	}
	var project *models.Project
	err = s.auth.Guarded(client(c), func() error {
		project, err = s.coding.AcceptInvitation(c.Request.Context(), actor(c), secret)
		return err
	})
	if err != nil {
		return err
	}
	return answerRecord(c, http.StatusOK, project)
}

// origin is where people find this server: as it was set, or as this request found it.
func (s *server) origin(c *gin.Context) string {
	if s.publicURL != "" {
		return s.publicURL
	}
	if c.Request.TLS != nil {
		return "https://" + c.Request.Host
	}
	return "http://" + c.Request.Host
}

// cleanMessage takes what is said in an invitation: text of a few lines.
func cleanMessage(message string) (string, error) {
	message = strings.TrimSpace(strings.ReplaceAll(message, "\r\n", "\n"))
	if utf8.RuneCountInString(message) > models.MaxMessage {
		return "", models.Invalid("prose_too_long", "What you say in an invitation may have 2,000 characters.", models.Field{Pointer: "/message", Problem: "too long"})
	}
	if strings.ContainsFunc(message, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", models.Invalid("prose_control_character", "This can't have control characters.", models.Field{Pointer: "/message", Problem: "control character"})
	}
	return message, nil
}
