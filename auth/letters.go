package auth

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"feltbog/models"
)

// letterPatience is how long all letters of one request may take to be handed to the mail server. It is
// shorter than a request may take.
const letterPatience = 20 * time.Second

// InvitationLetter is what the letter with an invitation is made of.
type InvitationLetter struct {
	Email     string
	Project   string
	Role      models.Role
	Link      string
	ExpiresAt time.Time
	// Message is what the sender says besides; it may be empty.
	Message string
}

// EntryOptions say how one signs in and up, for those who aren't signed in.
type EntryOptions struct {
	SignUp    bool `json:"signUp"`    // anybody may sign up
	Mail      bool `json:"mail"`      // the server sends mail
	SetupCode bool `json:"setupCode"` // the first account is still to be made, and needs the code
}

// Entry says how one gets in here.
func (s *Service) Entry(ctx context.Context) (EntryOptions, error) {
	exists, err := s.store.FirstAccountExists(ctx)
	return EntryOptions{
		SignUp: !exists || s.rule == SignUpOpen, Mail: s.post != nil, SetupCode: !exists && s.setupCode != "",
	}, err
}

// SendsMail says whether there is a mail server.
func (s *Service) SendsMail() bool { return s.post != nil }

// SendInvitations sends letters in the actor's name, each in the language of the receiver's account, or the
// actor's where there is none. It gives an error for each: TooMany (mails_too_many) beyond what one account
// may send, and Unavailable (mail_failed) where the mail server didn't take it.
func (s *Service) SendInvitations(ctx context.Context, actor models.Actor, in []InvitationLetter) ([]error, error) {
	sender, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	return s.sendEach(ctx, actor, s.invited, len(in), func(i int) (string, func(language string) models.Letter) {
		return in[i].Email, func(language string) models.Letter {
			return invitationLetter(cmp.Or(language, sender.Language), sender.Name, in[i])
		}
	})
}

// sendEach sends n letters of an account: each to an address, and written in the language of the account that
// has it, empty where there is none. Limit is how many one account may send.
func (s *Service) sendEach(ctx context.Context, actor models.Actor, limit *limiter, n int, letter func(i int) (to string, write func(language string) models.Letter)) ([]error, error) {
	errs := make([]error, n)
	var letters []models.Letter
	var which []int
	for i := range n {
		if wait := limit.take(string(actor.UserID), s.clock()); wait > 0 {
			errs[i] = models.TooMany("mails_too_many", "You sent many invitations lately. Hand this link on yourself, or wait a little.", int(wait/time.Second)+1)
			continue
		}
		to, write := letter(i)
		language := ""
		receiver, err := s.store.UserByEmail(ctx, to)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil {
			language = receiver.Language
		}
		letters, which = append(letters, write(language)), append(which, i)
	}
	if len(letters) == 0 {
		return errs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, letterPatience)
	defer cancel()
	for n, err := range s.post.Send(ctx, letters...) {
		if err != nil {
			errs[which[n]] = models.Unavailable("mail_failed", "The mail server didn't take this letter. Hand the link on yourself.", err)
		}
	}
	return errs, nil
}

var roleNames = map[string]map[models.Role]string{
	"en": {models.RoleOwner: "an owner", models.RoleEditor: "an editor", models.RoleCoder: "a coder", models.RoleReader: "a reader"},
	"da": {models.RoleOwner: "ejer", models.RoleEditor: "redaktør", models.RoleCoder: "koder", models.RoleReader: "læser"},
}

// invitationLetter writes an invitation.
func invitationLetter(language, sender string, in InvitationLetter) models.Letter {
	role := roleNames[language][in.Role]
	if language == "da" {
		return models.Letter{
			To: in.Email, Subject: fmt.Sprintf("%s inviterer dig til “%s” i Feltbog", sender, in.Project),
			Text: paragraphs(
				fmt.Sprintf("%s inviterer dig til projektet “%s” i Feltbog som %s.", sender, in.Project, role),
				quoted(sender+" skriver:", in.Message),
				"Følg linket for at være med:\n"+in.Link,
				fmt.Sprintf("Linket er kun til dig og kan bruges én gang, til og med %s.", danishDate(in.ExpiresAt)),
				"Kender du ikke afsenderen, kan du se bort fra denne mail. Så sker der ikke noget.",
			),
		}
	}
	return models.Letter{
		To: in.Email, Subject: fmt.Sprintf("%s invites you to “%s” in Feltbog", sender, in.Project),
		Text: paragraphs(
			fmt.Sprintf("%s invites you to the project “%s” in Feltbog as %s.", sender, in.Project, role),
			quoted(sender+" writes:", in.Message),
			"Follow this link to join:\n"+in.Link,
			fmt.Sprintf("The link is for you alone and works once, until %s.", in.ExpiresAt.Format("2 January 2006")),
			"If you don't know the sender, you can ignore this mail. Then nothing happens.",
		),
	}
}

// resetLetter writes to somebody who forgot their password.
func resetLetter(to *models.User, link string) models.Letter {
	if to.Language == "da" {
		return models.Letter{
			To: to.Email, Subject: "Vælg en ny adgangskode til Feltbog",
			Text: paragraphs(
				"Hej "+to.Name,
				"Du, eller en anden, har bedt om en ny adgangskode til din konto i Feltbog. Følg linket for at vælge den:\n"+link,
				"Linket kan bruges én gang inden for 24 timer. Når du har valgt en ny adgangskode, bliver du logget ud alle steder.",
				"Har du ikke bedt om det, kan du se bort fra denne mail. Så gælder din adgangskode stadig.",
			),
		}
	}
	return models.Letter{
		To: to.Email, Subject: "Choose a new password for Feltbog",
		Text: paragraphs(
			fmt.Sprintf("Hello %s,", to.Name),
			"You, or somebody else, asked for a new password for your account in Feltbog. Follow this link to choose it:\n"+link,
			"The link works once, within 24 hours. When you have chosen a new password, you are signed out everywhere.",
			"If you didn't ask for it, you can ignore this mail. Then your password stays as it is.",
		),
	}
}

// paragraphs joins what isn't empty.
func paragraphs(all ...string) string {
	var text strings.Builder
	for _, p := range all {
		if p != "" {
			text.WriteString(p + "\n\n")
		}
	}
	return strings.TrimSpace(text.String()) + "\n"
}

// quoted marks what somebody wrote as theirs, so that it isn't taken for the server's.
func quoted(who, message string) string {
	if message == "" {
		return ""
	}
	return who + "\n> " + strings.ReplaceAll(message, "\n", "\n> ")
}

func danishDate(at time.Time) string {
	months := []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}
	return fmt.Sprintf("%d. %s %d", at.Day(), months[at.Month()-1], at.Year())
}
