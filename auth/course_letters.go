package auth

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"feltbog/models"
)

// ClaimLetter is what the letter with a place in a course is made of.
type ClaimLetter struct {
	Email     string
	Course    string
	Term      string
	Language  string // of the course: what the letter is written in where the address has no account
	Role      models.CourseRole
	Link      string
	ExpiresAt time.Time
	// Message is what the sender says besides; it may be empty.
	Message string
}

// SendClaims sends letters with places in a course in the actor's name. It gives an error for each, as
// SendInvitations does; one account may send more of these, for a whole class at once.
func (s *Service) SendClaims(ctx context.Context, actor models.Actor, in []ClaimLetter) ([]error, error) {
	sender, err := s.store.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	return s.sendEach(ctx, actor, s.claimed, len(in), func(i int) (string, func(language string) models.Letter) {
		return in[i].Email, func(language string) models.Letter {
			return claimLetter(cmp.Or(language, in[i].Language), sender.Name, in[i])
		}
	})
}

var courseRoleNames = map[string]map[models.CourseRole]string{
	"en": {models.RoleInstructor: "an instructor", models.RoleAssistant: "an assistant", models.RoleStudent: "a student"},
	"da": {models.RoleInstructor: "underviser", models.RoleAssistant: "assistent", models.RoleStudent: "studerende"},
}

// claimLetter writes to somebody who has a place in a course.
func claimLetter(language, sender string, in ClaimLetter) models.Letter {
	course, role := "“"+in.Course+"”", courseRoleNames[language][in.Role]
	if in.Term != "" {
		course += " (" + in.Term + ")"
	}
	if language == "da" {
		return models.Letter{
			To: in.Email, Subject: fmt.Sprintf("Din plads på holdet “%s” i Feltbog", in.Course),
			Text: paragraphs(
				fmt.Sprintf("%s har sat dig på holdet %s i Feltbog som %s.", sender, course, role),
				quoted(sender+" skriver:", in.Message),
				"Følg linket for at tage din plads. Du kan lave en konto eller logge ind med den, du har:\n"+in.Link,
				fmt.Sprintf("Linket er kun til dig og kan bruges én gang, til og med %s.", danishDate(in.ExpiresAt)),
				"Kender du ikke afsenderen, kan du se bort fra denne mail. Så sker der ikke noget.",
			),
		}
	}
	return models.Letter{
		To: in.Email, Subject: fmt.Sprintf("Your place in the course “%s” in Feltbog", in.Course),
		Text: paragraphs(
			fmt.Sprintf("%s has put you on the list of the course %s in Feltbog as %s.", sender, course, role),
			quoted(sender+" writes:", in.Message),
			"Follow this link to take your place. You can make an account, or sign in with the one you have:\n"+in.Link,
			fmt.Sprintf("The link is for you alone and works once, until %s.", in.ExpiresAt.Format("2 January 2006")),
			"If you don't know the sender, you can ignore this mail. Then nothing happens.",
		),
	}
}
