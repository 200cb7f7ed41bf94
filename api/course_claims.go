package api

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"feltbog/auth"
	"feltbog/models"
	"feltbog/teaching"
)

// claim is a one-time link in the one answer that has it.
type claim struct {
	MemberID models.ID `json:"memberId"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Link     string    `json:"link"`
	Mail     string    `json:"mail"`
	// Problem is the code of why the letter wasn't sent.
	Problem string `json:"problem,omitempty"`
}

// POST /courses/:course/members/claims makes one-time links to places on the roster, and sends them.
func (s *server) makeClaims(c *gin.Context) error {
	in, err := decodeIfAny[struct {
		MemberIDs []models.ID `json:"memberIds"`
		Send      bool        `json:"send"`
		Message   string      `json:"message"`
	}](c)
	if err != nil {
		return err
	}
	message, err := cleanMessage(in.Message)
	if err != nil {
		return err
	}
	made, err := s.teaching.MakeClaims(c.Request.Context(), actor(c), course(c), in.MemberIDs)
	if err != nil {
		return err
	}
	out := make([]claim, len(made.Items))
	for i, m := range made.Items {
		out[i] = claim{MemberID: m.MemberID, Name: m.Name, Email: m.Email, Link: s.origin(c) + joinPath + m.Secret, Mail: mailNone}
	}
	if in.Send && s.auth.SendsMail() {
		s.sendClaims(c, made, out, message)
	}
	return answerAll(c, http.StatusCreated, out)
}

// sendClaims sends the links and notes of each how it went. The links stand whatever happens, so nothing here
// is a failure of the request.
func (s *server) sendClaims(c *gin.Context, made teaching.Claims, out []claim, message string) {
	letters := make([]auth.ClaimLetter, len(out))
	for i, o := range out {
		letters[i] = auth.ClaimLetter{
			Email: o.Email, Course: made.Course.Name, Term: made.Course.Term, Language: made.Course.Language, Role: made.Items[i].Role,
			Link: o.Link, ExpiresAt: made.ExpiresAt, Message: message,
		}
	}
	errs, err := s.auth.SendClaims(c.Request.Context(), actor(c), letters)
	for i := range out {
		out[i].Mail = mailSent
		problem := err
		if err == nil {
			problem = errs[i]
		}
		if problem == nil {
			continue
		}
		out[i].Mail, out[i].Problem = mailFailed, "mail_failed"
		if e, ok := errors.AsType[*models.Error](problem); ok {
			out[i].Problem = e.Code
		}
		s.log.ErrorContext(c.Request.Context(), "a link to a course could not be sent", slog.String("request_id", requestID(c)), slog.Any("error", problem))
	}
}
